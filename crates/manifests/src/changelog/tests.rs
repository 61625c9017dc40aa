use proptest::prelude::*;

use super::*;

const HERE: &str = "<!--- generated changelog --->";

#[track_caller]
fn changed(outcome: Result<Outcome, ChangelogError>) -> String {
    match outcome {
        Ok(Outcome::Changed(text)) => text,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn check_insert(old: &str, entry: &str, new: &str) {
    assert_eq!(changed(insert_after(old, HERE, entry)), new);
    assert_eq!(insert_after(new, HERE, entry), Ok(Outcome::AlreadyThere));
}

#[test]
fn entries_go_below_the_placeholder() {
    for (old, new) in [
        ("# N\n@\n\n## 1\n", "# N\n@\n\n- x\n- y\n\n## 1\n"),
        ("# N\n@\n## 1\n", "# N\n@\n\n- x\n- y\n\n## 1\n"),
        ("# N\n@\n", "# N\n@\n\n- x\n- y\n"),
        ("# N\n@", "# N\n@\n\n- x\n- y"),
        ("\u{feff}@\r\n\r\n## 1\r\n", "\u{feff}@\r\n\r\n- x\r\n- y\r\n\r\n## 1\r\n"),
        ("# N\r\n@", "# N\r\n@\r\n\r\n- x\r\n- y"),
        ("# N\n@\n\n\n\n## 1", "# N\n@\n\n- x\n- y\n\n\n\n## 1"),
        ("```\n@\n```\n@\n", "```\n@\n```\n@\n\n- x\n- y\n"),
    ] {
        let [old, new] = [old, new].map(|text| text.replace('@', HERE));
        for entry in ["- x\n- y", "\n\n- x\r\n- y\r\n\r\n"] {
            check_insert(&old, entry, &new);
        }
    }
    // An entry that only begins like the one that is there is another one.
    let old = format!("{HERE}\n\n- x\n- y\n- z\n");
    assert_eq!(
        changed(insert_after(&old, HERE, "- x\n- y")),
        format!("{HERE}\n\n- x\n- y\n\n- x\n- y\n- z\n")
    );
}

#[test]
fn placeholders_that_cannot_be_used_are_named() {
    for (old, error) in [
        ("# N\n", "no line of the changelog is \"@\": add it where new entries belong"),
        ("@ \n @\n@@\n", "no line of the changelog is \"@\": add it where new entries belong"),
        ("@\n\n@\n", "lines 1 and 3 of the changelog are both \"@\": remove one of them"),
        (
            "~~~~\n~~~\n@\n~~~~\n",
            "line 3 of the changelog is \"@\", but within a code block or a comment: put it outside",
        ),
        (
            "<!-- a\n@\n-->\n",
            "line 2 of the changelog is \"@\", but within a code block or a comment: put it outside",
        ),
    ] {
        assert_eq!(insert_after(old, "@", "x").unwrap_err().to_string(), error);
    }
    let error = |placeholder, entry| insert_after("@\n", placeholder, entry).unwrap_err();
    assert_eq!(error("@", " \n\t\r\n"), ChangelogError::EmptyEntry);
    assert_eq!(error("@", "x\n@\n"), ChangelogError::EntryHoldsPlaceholder { line: 2 });
    for placeholder in ["", " ", "@\n", "a\rb"] {
        assert!(matches!(error(placeholder, "x"), ChangelogError::BadPlaceholder { .. }));
    }
    assert_eq!(insert_after(&"a".repeat(crate::MAX_FILE_BYTES + 1), "@", "x"), Err(ChangelogError::TooLarge));
}

#[test]
fn an_entry_cannot_swallow_what_follows() {
    for entry in ["```\nx", "~~~", "<!-- x", "x\n\n````\n```\n"] {
        let error = insert_after("@\n\n## 1\n", "@", entry).unwrap_err();
        assert_eq!(error, ChangelogError::Swallows { line: 2 }, "{entry}");
        let error = insert_under_unreleased("## Unreleased\n\n## 1.0\n", &[(ChangeKind::Added, entry)]);
        assert_eq!(error, Err(ChangelogError::Swallows { line: 2 }), "{entry}");
    }
    changed(insert_after("@\n\n## 1\n", "@", "```\nx\n```"));
    let error = insert_under_unreleased("## Unreleased\n```\n", &[(ChangeKind::Added, "- x")]);
    assert_eq!(error, Err(ChangelogError::Unclosed { line: 2 }));
}

#[test]
fn sections_are_found_in_every_style() {
    for heading in [
        "## [1.2.0] - 2026-01-01",
        "## 1.2.0 (2026-01-01)",
        "## v1.2.0",
        "# 1.2.0",
        "### [v1.2.0](https://forge.example/x) (2026-01-01)",
        "1.2.0\n-----",
        "v1.2.0 (2026-01-01)\n====",
        "  ## 1.2.0 ##",
        "## \\[1.2.0\\] - 2026-01-01",
        "## [1.2.0] - 2026-01-01 [YANKED]",
        "##\t1.2.0",
        "## 1.2.0 - The big one",
    ] {
        let text = format!(
            "# Changelog\n\n## 1.2.0-rc.1\n\n## 11.2.0\n\n## 1.2.0.1\n\n{heading}\n\n### Added\n\n- x\n\n## 1.1.0\n\n- y\n"
        );
        for version in ["1.2.0", "v1.2.0"] {
            let section = extract(&text, version).unwrap_or_else(|| panic!("{heading}"));
            assert_eq!((section.body.as_str(), section.line), ("### Added\n\n- x", 9), "{heading}");
        }
    }
    let text = "## [2026-11-20]\n\n- x\n\n## Second edition\n\n- y\n";
    assert_eq!(extract(text, "2026-11-20").unwrap().body, "- x");
    assert_eq!(extract(text, "Second edition").unwrap().body, "- y");
}

#[test]
fn what_is_no_section_is_not_found() {
    for text in [
        "## 1.2.0-rc.1\n",
        "## 11.2.0\n",
        "## 1.2.0.1\n",
        "## 1.2\n",
        "## [1.2.0-rc.1] - 1.2.0\n",
        "```\n## 1.2.0\n```\n",
        "~~~md\n# 1.2.0\n```\n# 1.2.0\n",
        "<!--\n## 1.2.0\n-->\n",
        "    ## 1.2.0\n",
        "##1.2.0\n",
        "####### 1.2.0\n",
        "1.2.0\n",
        "1.2.0\n\n-----\n",
        "- 1.2.0\n-----\n",
        "see\n1.2.0\n-----\n",
        "1.2.0\n- x\n",
    ] {
        assert_eq!(extract(text, "1.2.0"), None, "{text}");
    }
    assert_eq!(extract("## \n\n## []\n", ""), None);
}

#[test]
fn sections_end_where_the_next_one_begins() {
    for (text, body) in [
        ("## 1.0.0\n- x", "- x"),
        ("## 1.0.0", ""),
        ("## 1.0.0\n\n\n## 0.9.0\n- y\n", ""),
        ("## 1.0.0\r\n\r\n- x\r\n- y\r\n\r\n## 0.9.0\r\n", "- x\r\n- y"),
        ("## 1.0.0\n- x\n\n[1.0.0]: https://forge.example/1\n[0.9.0]: <a b>\n", "- x"),
        ("## 1.0.0\n[a]: b\n\n- x\n\n[c]: d\n", "[a]: b\n\n- x"),
        ("## 1.0.0\n```\n## 0.9.0\n```\n## 0.9.0\n", "```\n## 0.9.0\n```"),
        ("## 1.0.0\n```\n[a]: b\n```\n", "```\n[a]: b\n```"),
        // Releases of patches below those of features, as some generators write them.
        ("# [1.0.0](u) (2026-01-01)\n- x\n## [0.9.1](u) (2025-01-01)\n- y\n", "- x"),
        ("## 1.0.0\n### 3.14 support\n- x\n", "### 3.14 support\n- x"),
        ("## 1.0.0\n\n- x\n\n0.9.0\n=====\n- y\n", "- x"),
        ("## 1.0.0\n    code\n", "    code"),
    ] {
        assert_eq!(extract(text, "1.0.0").unwrap().body, body, "{text:?}");
    }
}

const KEEP: &str = "\
# Changelog

## [Unreleased]

### Added

- a

### Security

- s
  more

## [1.1.0] - 2026-01-09

### Added

- old

[unreleased]: https://forge.example/x/compare/v1.1.0...HEAD
[1.1.0]: https://forge.example/x/compare/v1.0.0...v1.1.0
";

#[test]
fn changes_go_below_their_headings() {
    use ChangeKind::{Added, Changed, Fixed, Removed, Security};
    let entries =
        [(Security, "- s2"), (Fixed, "- f"), (Added, "- b\n- c\n"), (Removed, "- r"), (Fixed, "- f")];
    let new = KEEP
        .replace("- a\n", "- a\n- b\n- c\n\n### Removed\n\n- r\n\n### Fixed\n\n- f\n")
        .replace("  more\n", "  more\n- s2\n");
    assert_eq!(changed(insert_under_unreleased(KEEP, &entries)), new);
    assert_eq!(insert_under_unreleased(&new, &entries), Ok(Outcome::AlreadyThere));
    assert_eq!(insert_under_unreleased(KEEP, &[]), Ok(Outcome::AlreadyThere));
    let crlf = |text: &str| text.replace('\n', "\r\n");
    assert_eq!(changed(insert_under_unreleased(&crlf(KEEP), &entries)), crlf(&new));

    for (old, new) in [
        ("## Unreleased", "## Unreleased\n\n### Changed\n\n- x"),
        ("## Unreleased\n", "## Unreleased\n\n### Changed\n\n- x\n"),
        ("## Unreleased\n## 1.0\n", "## Unreleased\n\n### Changed\n\n- x\n\n## 1.0\n"),
        ("## Unreleased\n\n## 1.0\n", "## Unreleased\n\n### Changed\n\n- x\n\n## 1.0\n"),
        ("## unreleased\n### CHANGED\n", "## unreleased\n### CHANGED\n\n- x\n"),
        ("# [Unreleased]\n\n[unreleased]: u\n", "# [Unreleased]\n\n## Changed\n\n- x\n\n[unreleased]: u\n"),
        ("Unreleased\n---\n\nText\n", "Unreleased\n---\n\nText\n\n### Changed\n\n- x\n"),
        ("## Unreleased\n### Fixed\n- f\n", "## Unreleased\n\n### Changed\n\n- x\n\n### Fixed\n- f\n"),
    ] {
        assert_eq!(changed(insert_under_unreleased(old, &[(Changed, "- x")])), new);
    }
    assert_eq!(insert_under_unreleased(KEEP, &[(Added, "\n")]), Err(ChangelogError::EmptyEntry));
}

#[test]
fn unreleased_becomes_a_release() {
    let this = Release { version: "1.2.0", date: "2026-11-20", tag: "v1.2.0" };
    let new = KEEP.replace("## [Unreleased]\n", "## [Unreleased]\n\n## [1.2.0] - 2026-11-20\n").replace(
        "[unreleased]: https://forge.example/x/compare/v1.1.0...HEAD\n",
        "[unreleased]: https://forge.example/x/compare/v1.2.0...HEAD\n[1.2.0]: https://forge.example/x/compare/v1.1.0...v1.2.0\n",
    );
    assert_eq!(changed(release(KEEP, this)), new);
    assert_eq!(release(&new, this), Ok(Outcome::AlreadyThere));
    assert_eq!(extract(&new, "1.2.0").unwrap().body, "### Added\n\n- a\n\n### Security\n\n- s\n  more");
    let crlf = |text: &str| text.replace('\n', "\r\n");
    assert_eq!(changed(release(&crlf(KEEP), this)), crlf(&new));

    for (old, new) in [
        ("## Unreleased\n- x", "## Unreleased\n\n## 1.2.0 - 2026-11-20\n\n- x"),
        ("## Unreleased", "## Unreleased\n\n## 1.2.0 - 2026-11-20"),
        ("Unreleased\n---\n\n- x\n", "Unreleased\n---\n\n1.2.0 - 2026-11-20\n------------------\n\n- x\n"),
        (
            "## [Unreleased]\n\n## [v1.1.0] - 2026-01-01\n",
            "## [Unreleased]\n\n## [v1.2.0] - 2026-11-20\n\n## [v1.1.0] - 2026-01-01\n",
        ),
        // Addresses of other kinds stay.
        ("## Unreleased\n\n[unreleased]: u\n", "## Unreleased\n\n## 1.2.0 - 2026-11-20\n\n[unreleased]: u\n"),
        (
            "## Unreleased\n\n [Unreleased]:  h/-/compare/x%2F1...main \"t\"\n[1.2.0]: mine",
            "## Unreleased\n\n## 1.2.0 - 2026-11-20\n\n [Unreleased]:  h/-/compare/v1.2.0...main \"t\"\n[1.2.0]: mine",
        ),
        (
            "## Unreleased\n\n[unreleased]: h/compare/a...HEAD",
            "## Unreleased\n\n## 1.2.0 - 2026-11-20\n\n[unreleased]: h/compare/v1.2.0...HEAD\n[1.2.0]: h/compare/a...v1.2.0",
        ),
        (
            "[unreleased]: h/compare/a...HEAD\n\n## Unreleased\n",
            "[unreleased]: h/compare/v1.2.0...HEAD\n[1.2.0]: h/compare/a...v1.2.0\n\n## Unreleased\n\n## 1.2.0 - 2026-11-20\n",
        ),
    ] {
        assert_eq!(changed(release(old, this)), new);
    }
}

#[test]
fn what_cannot_be_released_is_named() {
    let this = Release { version: "1.1.0", date: "2026-11-20", tag: "v1.1.0" };
    let error = release(KEEP, this).unwrap_err();
    assert_eq!(error, ChangelogError::VersionExists { version: "1.1.0".to_owned(), line: 14 });
    assert_eq!(release("# N\n", this), Err(ChangelogError::NoUnreleased));
    assert_eq!(release("```\n## Unreleased\n```\n", this), Err(ChangelogError::NoUnreleased));
    let twice = "## Unreleased\n\n## [unreleased]\n";
    assert_eq!(release(twice, this), Err(ChangelogError::UnreleasedTwice { first: 1, second: 3 }));
    for date in
        ["", "2026-1-01", "2026-13-01", "2026-02-29", "2026-01-00", "20.11.2026", "2026-11-20x", "+026-11-20"]
    {
        let error = release(KEEP, Release { date, ..this }).unwrap_err();
        assert!(matches!(error, ChangelogError::BadDate { .. }), "{date}");
    }
    for version in ["", "1 0", "[1]", "1\n0", "1.0)"] {
        let error = release(KEEP, Release { version, ..this }).unwrap_err();
        assert!(matches!(error, ChangelogError::BadVersion { .. }), "{version}");
        let error = release(KEEP, Release { tag: version, ..this }).unwrap_err();
        assert!(matches!(error, ChangelogError::BadVersion { .. }), "{version}");
    }
    changed(release(KEEP, Release { version: "2.0.0", date: "2028-02-29", tag: "x/v2" }));
}

/// Whether all of one text stands in another, in its order.
fn holds_in_order(text: &str, part: &str) -> bool {
    let mut rest = text.bytes();
    part.bytes().all(|byte| rest.any(|other| other == byte))
}

/// Lines of all kinds in any order.
fn document() -> impl Strategy<Value = String> {
    let line = prop::sample::select(vec![
        "",
        "",
        "- x",
        "text",
        "```",
        "~~~~",
        "````md",
        "<!-- c -->",
        "<!--",
        "-->",
        "---",
        "===",
        "## 1.0.0",
        "# [0.9.0] - 2025-01-01",
        "### Fixed",
        "### Added",
        "    code",
        "[a]: b",
        "> q",
        "\u{e9}",
        "[unreleased]: h/compare/a...b",
        "## Unreleased",
    ]);
    (prop::collection::vec(line, 0..16), prop::sample::select(vec!["\n", "\r\n"]), any::<bool>()).prop_map(
        |(lines, end, ended)| {
            let text = lines.join(end);
            if ended { text + end } else { text }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn insertion_keeps_every_byte(before in document(), after in document(), entry in "(- [ab]{1,4}\n){1,3}") {
        let end = if before.contains("\r\n") || after.contains("\r\n") { "\r\n" } else { "\n" };
        let old = format!("{before}{end}{HERE}{end}{after}");
        if let Ok(Outcome::Changed(new)) = insert_after(&old, HERE, &entry) {
            let place = old.find(HERE).unwrap() + HERE.len() + end.len();
            prop_assert_eq!(&new[..place], &old[..place]);
            prop_assert!(new.ends_with(&old[place..]));
            prop_assert!(new[place..new.len() - (old.len() - place)].contains(&entry.trim_end().replace('\n', end)));
            prop_assert_eq!(insert_after(&new, HERE, &entry), Ok(Outcome::AlreadyThere));
        }
    }

    #[test]
    fn what_was_inserted_is_extracted(before in document(), after in document(), body in "(- [ab]{1,4}\n){1,3}") {
        let version = "7.7.7";
        let old = format!("{before}\n{HERE}\n\n## 6.0.0\n{after}");
        if let Ok(Outcome::Changed(new)) = insert_after(&old, HERE, &format!("## {version}\n\n{body}")) {
            let found = extract(&new, version).unwrap();
            prop_assert_eq!(found.body.replace("\r\n", "\n"), body.trim_end());
        }
    }

    #[test]
    fn changes_keep_every_byte(before in document(), after in document(), text in "- [ab]{9}") {
        let old = format!("{before}\n## Unreleased\n{after}");
        let entries = [(ChangeKind::Fixed, text.as_str()), (ChangeKind::Changed, text.as_str())];
        if let Ok(Outcome::Changed(new)) = insert_under_unreleased(&old, &entries) {
            prop_assert!(holds_in_order(&new, &old));
            prop_assert_eq!(new.matches(&text).count(), 2);
            prop_assert_eq!(new.ends_with('\n'), old.ends_with('\n'));
            prop_assert_eq!(insert_under_unreleased(&new, &entries), Ok(Outcome::AlreadyThere));
        }
    }

    #[test]
    fn a_release_takes_what_was_unreleased(before in document(), after in document()) {
        let old = format!("{before}\n\n## Unreleased\n{after}");
        let this = Release { version: "7.7.7", date: "2026-11-20", tag: "v7.7.7" };
        let unreleased = extract(&old, "Unreleased").map(|section| section.body);
        if let Ok(Outcome::Changed(new)) = release(&old, this) {
            // Only the definition of the link changes.
            let other = |text: &str| {
                let is_link = |line: &&str| line.starts_with("[unreleased]:") || line.starts_with("[7.7.7]:");
                text.lines().filter(|line| !is_link(line)).collect::<Vec<_>>().join("\n").trim().to_owned()
            };
            prop_assert!(holds_in_order(&other(&new), &other(&old)), "{:?}", new);
            let taken = extract(&new, "7.7.7").unwrap().body;
            prop_assert_eq!(other(&taken), other(&unreleased.unwrap()));
            prop_assert_eq!(extract(&new, "Unreleased").unwrap().body, "");
            prop_assert_eq!(release(&new, this), Ok(Outcome::AlreadyThere));
            prop_assert_eq!(new.ends_with('\n'), old.ends_with('\n'));
        }
    }
}
