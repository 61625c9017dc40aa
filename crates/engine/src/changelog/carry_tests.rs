use proptest::prelude::*;
use tminus_manifests::changelog::{Outcome, PartKind, outline};

use super::carry::{CarryError, CarryOptions, carry_back};

const KEEP: CarryOptions = CarryOptions { clear_unreleased: false };
const CLEAR: CarryOptions = CarryOptions { clear_unreleased: true };

#[track_caller]
fn carried(main: &str, branch: &str, name: &str, options: CarryOptions) -> String {
    let Ok(Outcome::Changed(new)) = carry_back(main, branch, name, options) else {
        panic!("{:?}", carry_back(main, branch, name, options))
    };
    assert_eq!(carry_back(&new, branch, name, options), Ok(Outcome::AlreadyThere), "{new}");
    new
}

#[test]
fn sections_go_to_their_place() {
    let branch = "## [1.0.1] - 2026-03-03\n\n### Fixed\n\n- A crash\n";
    let section = "## [1.0.1] - 2026-03-03\n\n### Fixed\n\n- A crash\n";
    for (main, new) in [
        ("# C\n\n## 1.1.0\n\n- x\n\n## 1.0.0\n", "# C\n\n## 1.1.0\n\n- x\n\n@\n## 1.0.0\n"),
        ("# C\n\n## 1.1.0\n\n- x\n", "# C\n\n## 1.1.0\n\n- x\n\n@"),
        ("# C\n\n## 1.1.0\n\n- x", "# C\n\n## 1.1.0\n\n- x\n\n@^"),
        ("# C\n\n## v1.0.0\n", "# C\n\n@\n## v1.0.0\n"),
        ("# C\n\n## Unreleased\n\n- y\n\n## 1.0.0\n", "# C\n\n## Unreleased\n\n- y\n\n@\n## 1.0.0\n"),
        ("# C\n\n## Unreleased\n\n- y\n", "# C\n\n## Unreleased\n\n- y\n\n@"),
        ("# C\n\n## 0.9.0\n\n- x\n\n## 1.1.0\n\n- z\n", "# C\n\n## 0.9.0\n\n- x\n\n@\n## 1.1.0\n\n- z\n"),
        ("# C\n", "# C\n\n@"),
        ("# C\n\n## 1.1.0\n\n## 1.0.1rc1\n", "# C\n\n## 1.1.0\n\n@\n## 1.0.1rc1\n"),
        ("# C\n\n## 1.1.0\n\n## 1.0.1-rc.1\n", "# C\n\n## 1.1.0\n\n@\n## 1.0.1-rc.1\n"),
        ("# C\n\n## 1.1.0\n\n```\n## 1.0.0\n```\n", "# C\n\n## 1.1.0\n\n```\n## 1.0.0\n```\n\n@"),
    ] {
        let expected = new.replace("@^", section.trim_end()).replace('@', section);
        assert_eq!(carried(main, branch, "v1.0.1", KEEP), expected, "{main}");
    }
    let crlf = carried("# C\r\n\r\n## 1.0.0\r\n", branch, "1.0.1", KEEP);
    assert_eq!(crlf, format!("# C\r\n\r\n{}\r\n## 1.0.0\r\n", section.replace('\n', "\r\n")));
}

#[test]
fn what_people_wrote_stays() {
    let branch = "## 1.0.1\n\n- A crash\n";
    let edited = "## Unreleased\n\n## 1.0.1\n\n- Said better\n\n## 1.0.0\n";
    assert_eq!(carry_back(edited, branch, "1.0.1", KEEP), Ok(Outcome::AlreadyThere));
}

#[test]
fn days_are_told_apart_by_their_packages() {
    let mark = "<!--- generated changelog --->";
    let branch = "## [2026-11-20]\n\n### core [0.13.5]\n- A ([#1](u))\n\n## [2026-11-02]\n";
    let main = format!(
        "# C\n\n{mark}\n\n## [2026-11-20]\n\n### core [0.14.1]\n- B ([#2](u))\n\n## [2026-10-01]\n\n### x [1]\n- C\n"
    );
    let new = carried(&main, branch, "2026-11-20", KEEP);
    let added = "## [2026-11-20]\n\n### core [0.13.5]\n- A ([#1](u))\n\n";
    assert_eq!(new, main.replace("## [2026-10-01]", &format!("{added}## [2026-10-01]")));
    let edited = new.replace("- A ([#1](u))", "- A, said better ([#1](u))");
    assert_eq!(carry_back(&edited, branch, "2026-11-20", KEEP), Ok(Outcome::AlreadyThere));
    let newest = carried(&format!("{mark}\n\n## [2026-10-01]\n"), branch, "2026-11-20", KEEP);
    assert_eq!(newest, format!("{mark}\n\n{added}## [2026-10-01]\n"));
}

#[test]
fn definitions_of_links_come_along() {
    let branch = "## [1.0.1]\n\n- A\n\n[1.0.1]: https://f.example/compare/v1.0.0...v1.0.1\n[1.0.0]: https://f.example/v1.0.0\n";
    let main = "## [1.1.0]\n\n## [1.0.0]\n\n[1.1.0]: https://f.example/compare/v1.0.0...v1.1.0\n[1.0.0]: https://f.example/v1.0.0\n";
    let new = carried(main, branch, "1.0.1", KEEP);
    let line = "[1.0.1]: https://f.example/compare/v1.0.0...v1.0.1\n";
    let expected = main
        .replace("## [1.0.0]", "## [1.0.1]\n\n- A\n\n## [1.0.0]")
        .replace("[1.0.0]:", &format!("{line}[1.0.0]:"));
    assert_eq!(new, expected);
    let without = carried("## [1.0.0]\n", branch, "1.0.1", KEEP);
    assert!(!without.contains(line));
}

#[test]
fn entries_that_were_carried_leave_what_is_unreleased_where_that_is_asked_for() {
    let branch = "## 1.0.1\n\n### Fixed\n\n- A crash\n  in two lines\n- Another\n\n  with more\n";
    let main = "## Unreleased\n\n### Added\n\n- New\n\n### Fixed\n\n- A crash\n  in two lines\n\n### Security\n\n- Another\n\n  with more\n- Another\n\n## 1.0.0\n";
    let kept = carried(main, branch, "1.0.1", KEEP);
    assert!(kept.starts_with(main.strip_suffix("## 1.0.0\n").unwrap()));
    let cleared = carried(main, branch, "1.0.1", CLEAR);
    let section = branch.trim_end();
    let expected = format!(
        "## Unreleased\n\n### Added\n\n- New\n\n### Security\n\n- Another\n\n{section}\n\n## 1.0.0\n"
    );
    assert_eq!(cleared, expected);
}

#[test]
fn mistakes_are_told() {
    let error = carry_back("", "## 1.0.0\n\n## 0.9.0\n", "1.0.1", KEEP).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the changelog of the branch has no section \"1.0.1\": write it there first, or name one of 1.0.0, 0.9.0"
    );
    let open = carry_back("## 1.0.0\n", "## 1.0.1\n\n```\n", "1.0.1", KEEP);
    assert_eq!(open, Err(CarryError::Swallows { name: "1.0.1".to_owned() }));
}

/// Versions of a changelog, newest first, each with an entry.
fn releases() -> impl Strategy<Value = Vec<(u8, u8)>> {
    prop::collection::btree_set((0..3_u8, 0..5_u8), 1..6).prop_map(|all| all.into_iter().rev().collect())
}

fn text(releases: &[(u8, u8)], dated: bool, end: &str) -> String {
    let section = |(minor, patch): &(u8, u8)| {
        if dated {
            format!("## [2026-0{}-1{patch}]\n\n### demo [{minor}.{patch}]\n- Entry {minor}\n\n", minor + 1)
        } else {
            format!("## [0.{minor}.{patch}] - 2026-01-01\n\n### Fixed\n\n- Entry {minor}\n\n")
        }
    };
    let all: String = releases.iter().map(section).collect();
    format!("# C\n\n## [Unreleased]\n\n- Entry 1\n\n{}\n", all.trim_end()).replace('\n', end)
}

proptest! {
    #[test]
    fn a_section_is_put_in_once_and_in_order(main in releases(), own in (0..3_u8, 0..5_u8), dated: bool, crlf: bool) {
        let end = if crlf { "\r\n" } else { "\n" };
        let old = text(&main, dated, end);
        let branch = text(&[own], dated, "\n");
        let name = if dated { format!("2026-0{}-1{}", own.0 + 1, own.1) } else { format!("0.{}.{}", own.0, own.1) };
        let new = match carry_back(&old, &branch, &name, KEEP).unwrap() {
            Outcome::Changed(new) => new,
            Outcome::AlreadyThere => { prop_assert!(main.contains(&own)); old.clone() }
        };
        prop_assert_eq!(carry_back(&new, &branch, &name, KEEP).unwrap(), Outcome::AlreadyThere);
        let mut all: Vec<(u8, u8)> = main.iter().copied().chain([own]).collect();
        all.sort_unstable();
        all.dedup();
        all.reverse();
        prop_assert_eq!(&new, &text(&all, dated, end), "the same as if it had been written there");
        let unreleased = |text: &str| outline(text).parts.iter().find(|p| p.kind == PartKind::Unreleased).map(|p| text[p.span.clone()].to_owned());
        prop_assert_eq!(unreleased(&new), unreleased(&old));
    }

    #[test]
    fn no_text_breaks_it(main in "([#a \n`<-]|## |1\\.0\\.[0-3]|\n- |\r\n){0,40}", clear: bool) {
        let branch = "## 1.0.2\n\n- a\n";
        let options = CarryOptions { clear_unreleased: clear };
        if let Ok(Outcome::Changed(new)) = carry_back(&main, branch, "1.0.2", options) {
            prop_assert_eq!(carry_back(&new, branch, "1.0.2", options), Ok(Outcome::AlreadyThere));
            prop_assert!(new.len() > main.len() || clear);
        }
    }
}
