use std::collections::BTreeMap;

use tminus_manifests::changelog::{ChangelogError, Outcome, insert_after, outline};

use super::*;

#[test]
fn lines_from_outside_change_nothing_around_them() {
    for (text, expected) in [
        ("", ""),
        ("plain", "plain"),
        ("two\r\nlines\tand  more ", "two lines and more"),
        ("# heading", "\\# heading"),
        ("#12 is fixed", "\\#12 is fixed"),
        ("> quoted", "\\> quoted"),
        ("- item", "\\- item"),
        ("1. first", "1\\. first"),
        ("2026 is a year", "2026 is a year"),
        ("[1.0.0]: https://a.example", "\\[1.0.0]: https://a.example"),
        ("[core] fix: it", "[core] fix: it"),
        ("---", "\\---"),
        ("***", "\\***"),
        ("~~~ sh", "\\~~~ sh"),
        ("```sh", "\\`\\`\\`sh"),
        ("a <!-- b --> c", "a &lt;!-- b --&gt; c"),
        ("`<!--`", "`&lt;!--`"),
        ("Vec<u8> and `Vec<u8>`", "Vec&lt;u8> and `Vec<u8>`"),
        ("</details> <https://a.example> 1 < 2", "&lt;/details> <https://a.example> 1 < 2"),
        ("`` ` `` and `", "`` ` `` and \\`"),
        ("\\` and `x`", "\\` and `x`"),
        ("ends with \\", "ends with \\\\"),
        ("ab\u{202e}c\u{7}d", "abc d"),
    ] {
        assert_eq!(inert::line(text), expected, "{text:?}");
    }
}

#[test]
fn blocks_keep_their_code_and_close_it() {
    for (text, expected) in [
        ("one\n\ntwo", "  one\n\n  two"),
        ("# one\n====\n---", "  \\# one\n  \\====\n  \\---"),
        ("```sh\n# two", "  ```sh\n  # two\n  ```"),
        ("~~~~\n~~~\n```\n~~~~\n# x", "  ~~~~\n  ~~~\n  ```\n  ~~~~\n  \\# x"),
        ("see [x][1]\n\n  [1]: https://a.example", "  see [x][1]\n\n    \\[1]: https://a.example"),
        ("```\n[1]: x\n```", "  ```\n  [1]: x\n  ```"),
        ("<!-- tminus:notes -->", "  &lt;!-- tminus:notes --&gt;"),
    ] {
        assert_eq!(inert::block(text, "  "), expected, "{text:?}");
    }
}

#[test]
fn the_list_by_package_knows_its_corners() {
    let mut document = examples::document();
    document.packages[1].version = None;
    document.pull_requests[0].title = "[x] `a`\nb ([#1](y))".to_owned();
    document.changes.push(document.changes[0].clone());
    document.packages[0].changes.push(2);
    let list = ByPackage {
        names: [(PackageId::pypi("demo"), "zz".to_owned())].into(),
        spacing: Spacing::Formatted,
        ..ByPackage::default()
    };
    let expected = "## [2026-11-20]\n\n### demo-core\n\n\
        - fix(core): a crash ([#9](https://forge.example/demo/pull/9))\n\n### zz [1.2.0]\n\n\
        - [x] `a`\nb ([#1](y)) ([#7](https://forge.example/demo/pull/7))\n\
        - fix(core): a crash ([#9](https://forge.example/demo/pull/9))";
    assert_eq!(list.write(&document), expected);
    let left_out = ByPackage { left_out: [PackageId::pypi("demo")].into(), ..ByPackage::default() };
    assert!(!left_out.write(&document).contains("### demo ["));
    document.pull_requests.clear();
    assert_eq!(list.write(&document), "## [2026-11-20]");
}

#[test]
fn the_list_by_package_goes_below_its_placeholder_as_the_script_puts_it() {
    let old = "# ChangeLog\n\n<!--- generated changelog --->\n\n## [2026-10-01]\n";
    let entry = ByPackage::default().write(&examples::document());
    let mark = "<!--- generated changelog --->";
    let Ok(Outcome::Changed(new)) = insert_after(old, mark, &entry) else { panic!() };
    assert_eq!(new, old.replace(mark, &format!("{mark}\n\n{entry}")));
}

#[test]
fn layouts_of_several_packages() {
    let document = examples::document();
    let layout = |layout| Keep { layout, links: false, ..Keep::default() }.body(&document);
    assert_eq!(
        layout(Layout::PackagesInSections),
        "### Added\n\n- demo\n  - Add a door\n\n### Fixed\n\n- demo\n  - **core:** A crash\n- demo-core\n  - **core:** A crash"
    );
    assert_eq!(
        layout(Layout::SectionsInPackages),
        "### demo [1.2.0]\n\n#### Added\n\n- Add a door\n\n#### Fixed\n\n- **core:** A crash\n\n\
         ### demo-core [0.4.0]\n\n#### Fixed\n\n- **core:** A crash"
    );
}

#[test]
fn breaking_changes_come_first_and_say_what_breaks() {
    let mut document = examples::document();
    let mut second = document.changes[1].clone();
    second.breaking = Some("Write `close()` in place of `shut()`.".to_owned());
    second.body = "More.\n\nAnd more.".to_owned();
    second.scope = None;
    document.changes.push(second);
    let keep = Keep { links: false, bodies: true, bullet: '*', ..Keep::default() };
    assert_eq!(
        keep.body(&document),
        "### Added\n\n* Add a door\n\n### Fixed\n\n* **Breaking:** A crash\n\n  Write `close()` in place of `shut()`.\n\n  \
         More.\n\n  And more.\n* **core:** A crash"
    );
}

#[test]
fn sections_beyond_the_standard_are_asked_for() {
    let change = |kind, level| Change { kind, level, ..examples::document().changes[0].clone() };
    let more = Keep { more: [Section::Documentation, Section::Performance].into(), ..Keep::default() };
    let plain = Keep::default();
    for (kind, level, usual, asked) in [
        (Kind::Performance, Level::None, Some(Section::Changed), Some(Section::Performance)),
        (Kind::Documentation, Level::None, None, Some(Section::Documentation)),
        (Kind::Dependencies, Level::None, None, None),
        (Kind::Dependencies, Level::Patch, Some(Section::Changed), Some(Section::Changed)),
        (Kind::Reverted, Level::None, Some(Section::Changed), Some(Section::Changed)),
        (Kind::Other("chore".to_owned()), Level::None, None, None),
        (Kind::Other("chore".to_owned()), Level::Patch, Some(Section::Changed), Some(Section::Changed)),
    ] {
        let change = change(kind, level);
        assert_eq!((plain.section_of(&change), more.section_of(&change)), (usual, asked), "{change:?}");
    }
}

#[test]
fn a_file_is_updated_in_its_own_style() {
    let keep = Keep { links: false, ..Keep::default() };
    let document = examples::document();
    let mut next = document.clone();
    next.release.version = None;
    for (old, new) in [
        (
            "# C\r\n\r\n## [Unreleased]\r\n",
            "# C\r\n\r\n## [Unreleased]\r\n\r\n## [1.2.0] - 2026-11-20\r\n\r\n### Added\r\n\r\n- Add a door\r\n\r\n### Fixed\r\n\r\n- **core:** A crash\r\n",
        ),
        (
            "# C\n\n## [1.1.0] - 2026-01-01\n\n+ x\n",
            "# C\n\n## [1.2.0] - 2026-11-20\n\n### Added\n\n+ Add a door\n\n### Fixed\n\n+ **core:** A crash\n\n## [1.1.0] - 2026-01-01\n\n+ x\n",
        ),
        (
            "## [Unreleased]\n\n[unreleased]: https://f.example/compare/v1.1.0...HEAD\n",
            "## [Unreleased]\n\n## [1.2.0] - 2026-11-20\n\n### Added\n\n- Add a door\n\n### Fixed\n\n- **core:** A crash\n\n[unreleased]: https://f.example/compare/v1.2.0...HEAD\n[1.2.0]: https://f.example/compare/v1.1.0...v1.2.0\n",
        ),
    ] {
        assert_eq!(keep.update(old, &document), Ok(Outcome::Changed(new.to_owned())));
        assert_eq!(keep.update(new, &document), Ok(Outcome::AlreadyThere), "{new}");
    }
    assert_eq!(keep.update("# C\n", &next), Err(ChangelogError::NoUnreleased));
    let nested = Keep { layout: Layout::SectionsInPackages, ..keep.clone() };
    let Ok(Outcome::Changed(new)) = nested.update("## Unreleased\n\n- By hand\n\n## 1.1.0\n", &next) else {
        panic!()
    };
    let body = nested.body(&next);
    assert_eq!(new, format!("## Unreleased\n\n- By hand\n\n{body}\n\n## 1.1.0\n"));
    assert_eq!(nested.update(&new, &next), Ok(Outcome::AlreadyThere));
}

#[test]
fn issues_get_the_address_that_they_have() {
    let document = examples::document();
    for (reference, expected) in [
        ("#3", "[#3](https://forge.example/demo/issues/3)"),
        ("owner/name#4", "[owner/name#4](https://forge.example/owner/name/issues/4)"),
        ("https://forge.example/demo/issues/5", "[#5](https://forge.example/demo/issues/5)"),
        ("https://forge.example/a/b/pull/6#note", "[a/b#6](https://forge.example/a/b/pull/6#note)"),
        ("PROJ-7", "PROJ-7"),
        ("#x", "#x"),
        ("a b)#1", "a b)#1"),
    ] {
        let issue = Issue { reference: reference.to_owned(), closes: false };
        assert_eq!(links::issue(&document, &issue), expected);
    }
    assert_eq!(links::link("a]b", Some("https://x.example/a b)")), "[a\\]b](https://x.example/a%20b%29)");
}

#[test]
fn a_long_text_is_cut_at_an_entry() {
    let lines: Vec<String> =
        (0..50).map(|n| format!("- Entry {n}\n\n  ```\n  code\n  ```\n  more")).collect();
    let text = format!("## News\n\n### Added\n\n{}\n\n### Fixed\n\n- Last", lines.join("\n"));
    for limit in 100..text.len() {
        let short = fit(&text, limit, "https://f.example");
        assert!(short.chars().count() <= limit);
        let (kept, last) = short.rsplit_once('\n').unwrap_or(("", &short));
        let kept = kept.trim_end();
        assert!(text.starts_with(kept));
        assert!(kept.is_empty() || kept.ends_with("more") || kept.ends_with("- Last"), "{kept}");
        let shown = kept.matches("- ").count();
        let number: usize = last.split(' ').nth(5).unwrap().parse().unwrap();
        assert_eq!(shown + number, 51);
    }
}

proptest! {
    #[test]
    fn a_line_is_one_line_and_stays_as_it_is(text in texts()) {
        let line = inert::line(&text);
        prop_assert!(!line.contains(['\n', '\r']) && !line.contains("<!--") && !line.contains("-->"));
        prop_assert_eq!(inert::line(&line), line.clone());
        prop_assert!(!line.starts_with('#'));
    }

    #[test]
    fn a_document_is_one_release_whatever_its_texts_are(document in documents(), bodies: bool) {
        let keep = Keep { bodies, ..Keep::default() };
        let text = format!("{}\n\n## [1.0.0] - 2026-01-01\n", keep.write(&document));
        let found = outline(&text);
        let names: Vec<&str> = found.parts.iter().map(|part| part.name.as_str()).collect();
        let own = document.release.version.as_deref().unwrap_or("Unreleased");
        prop_assert_eq!(names, [own, "1.0.0"]);
        prop_assert!(!text.contains("<!--"));
    }

    #[test]
    fn every_change_that_is_shown_stands_once_in_a_flat_list(document in documents()) {
        let keep = Keep::default();
        let shown = document.changes.iter().filter(|change| keep.section_of(change).is_some()).count();
        let body = keep.body(&document);
        prop_assert_eq!(body.lines().filter(|line| line.starts_with("- ")).count(), shown);
    }

    #[test]
    fn a_file_is_updated_once(document in documents(), crlf: bool) {
        let old = "# C\n\n## [Unreleased]\n\n### Fixed\n\n- By hand\n\n## [1.1.0] - 2026-01-01\n\n- x\n";
        let old = if crlf { old.replace('\n', "\r\n") } else { old.to_owned() };
        let keep = Keep { bodies: true, ..Keep::default() };
        let new = match keep.update(&old, &document).unwrap() {
            Outcome::Changed(new) => new,
            Outcome::AlreadyThere => old.clone(),
        };
        prop_assert_eq!(keep.update(&new, &document).unwrap(), Outcome::AlreadyThere);
        prop_assert!(new.contains("- By hand") && new.contains("## [1.1.0] - 2026-01-01"));
        prop_assert_eq!(new.matches("\r\n").count() == new.matches('\n').count(), crlf);
    }

    /// A second way to the same text, from the numbers and names alone.
    #[test]
    fn the_list_by_package_is_what_the_description_says(document in documents()) {
        let mut expected = format!("## [{}]", document.release.date);
        let mut by_name: BTreeMap<&str, Vec<&PullRequestFacts>> = BTreeMap::new();
        for facts in &document.pull_requests {
            let touched = document.changes.iter().filter(|change| change.pull_request == Some(facts.number));
            for id in touched.flat_map(|change| &change.packages).collect::<BTreeSet<_>>() {
                by_name.entry(id.name()).or_default().push(facts);
            }
        }
        for (name, mut all) in by_name {
            let package = document.packages.iter().find(|package| package.id.name() == name).unwrap();
            let version = package.version.as_ref().map_or(String::new(), |version| format!(" [{version}]"));
            expected += &format!("\n\n### {name}{version}");
            all.sort_by_key(|facts| facts.number);
            for facts in all {
                expected += &format!("\n- {} ([#{}]({}))", facts.title, facts.number, facts.url);
            }
        }
        prop_assert_eq!(ByPackage::default().write(&document), expected);
    }
}
