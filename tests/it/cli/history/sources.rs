//! Where changes are read: messages of commits, change files, overrides.

use super::{Past, told};

/// What one commit with this message is told as.
#[track_caller]
fn read(message: &str) -> Vec<String> {
    let mut past = Past::new();
    past.commit("fix: beside it");
    past.commit(message);
    let mut all = past.told(&["changelog"]);
    let beside = all.iter().position(|line| line == "Fixed: beside it");
    all.remove(beside.unwrap_or_else(|| panic!("{all:?}")));
    all
}

#[test]
fn headers_as_the_convention_has_them() {
    for (message, expected) in [
        ("feat: x", "Added: x"),
        ("fix: x", "Fixed: x"),
        ("feat(api): x", "Added: **api:** x"),
        ("feat(api,cli): x", "Added: **api,cli:** x"),
        ("feat!: x", "Added: **Breaking:** x"),
        ("feat(api)!: x", "Added: **Breaking:** **api:** x"),
        ("FEAT: x", "Added: x"),
        ("Fix: x", "Fixed: x"),
        ("fix: x (#12)", "Fixed: x (#12)"),
        ("fix: x: y", "Fixed: x: y"),
        ("feat: ünïcode 日本", "Added: ünïcode 日本"),
    ] {
        assert_eq!(read(message), [expected], "{message}");
    }
}

/// Headers that only just miss the convention say what they mean, and lose nothing.
#[test]
fn headers_that_nearly_are() {
    for (message, expected) in [
        ("feat (api): x", "Added: **api:** x"),
        ("feat:x", "Added: x"),
        ("feat :x", "Added: x"),
        ("feat():  x", "Added: x"),
        ("feature: x", "Added: x"),
        ("bugfix: x", "Fixed: x"),
        (" feat: x", "Added: x"),
    ] {
        assert_eq!(read(message), [expected], "`{message}`");
    }
}

#[test]
fn bad_headers_are_warnings_with_their_commit() {
    for header in ["feat(api: x", "feat) x", "feat(: x", "fix!(api): x", "feat:", "fix(api):"] {
        let mut past = Past::new();
        past.commit("fix: beside it");
        let commit = past.commit(header);
        let answer = past.run(&["changelog"]);
        answer.exits(0);
        assert!(answer.err.contains("warning: "), "`{header}`: {answer}");
        assert!(answer.err.contains(&commit[..7]), "`{header}`: {answer}");
        assert!(told(&answer.out).contains(&"Fixed: beside it".to_owned()), "{answer}");
        let json = past.run(&["changelog", "--json"]).json();
        assert!(json["releases"][0]["warnings"].to_string().contains(&commit[..7]), "`{header}`: {json}");
    }
}

/// A body never hides what the header says.
#[test]
fn strange_bodies() {
    for body in [
        "no blank line before\nthis",
        "\n\n\nmany\n\n\n",
        "\nBREAKING-CHANGE:\n",
        "\nSee: #1\nfeat: not me\nRefs #1, #2\n\n\nmore: x",
        "\n* bullet\n  - nested\n\n```\ncode: fence\n",
        "\nfooter-without-value:\n: value\n#",
        "\n```release-note\nunclosed",
        "\n\u{feff}\u{200b}\n\r\n\ttab",
        "\nCo-authored-by: nobody\nCo-authored-by:\nCo-authored-by: <>\n",
        "\n-----BEGIN PGP SIGNATURE-----\n\n",
        "\n<!-- open\n### Fixed\n- fake",
    ] {
        let all = read(&format!("feat: the feature\n{body}"));
        let first = all.iter().find(|line| line.contains("the feature"));
        assert!(first.is_some_and(|line| line.starts_with("Added: ")), "{body:?}: {all:?}");
        assert!(!all.iter().any(|line| line.starts_with("Fixed: fake")), "{body:?}: {all:?}");
    }
}

#[test]
fn very_long_messages() {
    let past = Past::new();
    past.bed.write("../message", &format!("feat: {}\n\n{}", "x".repeat(70_000), "line\n".repeat(100_000)));
    past.bed.write("src/long.py", "x\n");
    past.bed.git(&["add", "--all"]);
    past.bed.git(&["commit", "--quiet", "--file", "../message"]);
    let all = past.told(&["changelog"]);
    assert!(all.len() == 1 && all[0].starts_with("Added: xxx"), "{}", all.len());
}

#[test]
fn breaking_changes_by_their_footer() {
    for footer in [
        "BREAKING CHANGE: the tap is gone",
        "BREAKING-CHANGE: the tap is gone",
        "BREAKING CHANGE #the tap is gone",
    ] {
        let mut past = Past::new();
        past.commit(&format!("fix: stop the leak\n\nA body.\n\nReviewed-by: Z\n{footer}\nRefs: #1\n"));
        let answer = past.run(&["changelog"]);
        answer.exits(0).says(&["**Breaking:** stop the leak", "the tap is gone"]);
        past.run(&["explain", "demo"]).exits(0).says(&["pypi:demo: major"]);
    }
    // Words in a sentence are no footer.
    let mut past = Past::new();
    past.commit("fix: stop it\n\nThis is no breaking change: it only looks so.\n");
    past.run(&["explain", "demo"]).exits(0).says(&["pypi:demo: patch"]);
}

#[test]
fn what_was_taken_back_before_a_release_is_not_told() {
    let mut past = Past::new();
    past.commit("fix: stay");
    past.commit("feat: come and go");
    past.tick();
    past.bed.git(&["revert", "--no-edit", "HEAD"]);
    assert_eq!(past.told(&["changelog"]), ["Fixed: stay"]);
    // Taken back twice, it is there.
    past.tick();
    past.bed.git(&["revert", "--no-edit", "HEAD"]);
    let all = past.told(&["changelog"]);
    assert_eq!(all, ["Added: come and go", "Fixed: stay"]);
}

#[test]
fn what_was_released_and_is_taken_back_is_told() {
    let mut past = Past::new();
    past.commit("feat: come and go");
    past.tag("v1.1.0");
    past.tick();
    past.bed.git(&["revert", "--no-edit", "HEAD"]);
    let all = past.told(&["changelog"]);
    assert!(all.len() == 1 && all[0].contains("come and go"), "{all:?}");
    assert!(!all[0].starts_with("Added"), "{all:?}");
}

#[test]
fn conventional_reverts() {
    let mut past = Past::new();
    past.commit("fix: stay");
    let commit = past.commit("feat: come and go");
    past.commit(&format!("revert: feat: come and go\n\nRefs: {}\n", &commit[..10]));
    let all = past.told(&["changelog"]);
    assert_eq!(all, ["Fixed: stay"]);
}

/// A squash lists what it is made of: in GitHub's form, and as merges of whole messages.
#[test]
fn squashes() {
    let all = read("Improve everything (#30)\n\n* feat: one\n\n* fix(cli): two\n\n* wip\n");
    assert!(all.iter().any(|line| line.starts_with("Added: one")), "{all:?}");
    assert!(all.iter().any(|line| line.starts_with("Fixed: **cli:** two")), "{all:?}");
    // A conventional header stands for the whole, and nothing below it is lost or told as another thing.
    let all = read("feat: all of it (#30)\n\n* feat: one\n* fix: two\n");
    assert!(all.contains(&"Added: all of it (#30)".to_owned()), "{all:?}");
}

#[test]
fn co_authors() {
    let mut past = Past::new();
    past.commit(
        "feat: together\n\nCo-authored-by: Ada L <ada@example.org>\nco-authored-by: Bob <bob@example.org>\n",
    );
    let json = past.run(&["changelog", "--json"]).json();
    let authors = json["releases"][0]["document"]["changes"][0]["authors"].to_string();
    for name in ["Mary Maintainer", "Ada L", "ada@example.org", "Bob"] {
        assert!(authors.contains(name), "{name} in {authors}");
    }
}

/// Merges that git makes, and GitHub's, are no changes of their own.
#[test]
fn merges_are_not_told() {
    for message in ["Merge branch 'topic'", "Merge remote-tracking branch 'origin/topic'"] {
        let mut past = Past::new();
        past.branch("topic", "HEAD");
        past.commit("feat: on a branch");
        past.switch("main");
        past.commit("fix: on main");
        past.tick();
        past.bed.git(&["merge", "--quiet", "--no-ff", "-m", message, "topic"]);
        assert_eq!(past.told(&["changelog"]), ["Added: on a branch", "Fixed: on main"]);
    }
}

/// GitHub's merge commit: number in the subject, title in the body.
#[test]
fn merges_of_pull_requests() {
    let mut past = Past::new();
    past.branch("topic", "HEAD");
    past.commit("wip");
    past.switch("main");
    past.tick();
    past.bed.git(&[
        "merge",
        "--quiet",
        "--no-ff",
        "-m",
        "Merge pull request #31 from octo/topic\n\nfeat: the whole",
        "topic",
    ]);
    let all = past.told(&["changelog"]);
    assert!(all.contains(&"Added: the whole (#31)".to_owned()), "{all:?}");
}

const CHANGESET: &str = "---\n\"demo\": minor\n---\n\nAdd the thing\n\nWith more to say.\n";

#[test]
fn change_files_of_changesets() {
    let mut past = Past::new();
    past.bed.write(".changeset/config.json", "{}\n");
    past.bed.write(".changeset/README.md", "# Changesets\n\nfeat: not me\n");
    past.bed.write(".changeset/happy-cats.md", CHANGESET);
    past.bed.write(".changeset/sad-dogs.md", "---\n'demo': patch\n---\nMend it\n");
    past.commit("docs: add change files");
    let answer = past.run(&["changelog"]);
    let all = told(&answer.out);
    assert_eq!(all, ["Added: Add the thing", "Fixed: Mend it"], "{answer}");
    past.run(&["explain", "demo"]).exits(0).says(&["pypi:demo: minor", ".changeset/happy-cats.md"]);
}

/// The summary of a changeset is all of it, as changesets writes it into the changelog.
#[test]

fn change_files_with_more_than_a_line() {
    let mut past = Past::new();
    past.bed.write(".changeset/happy-cats.md", CHANGESET);
    past.commit("docs: add a change file");
    past.only_reads(&["changelog"]).says(&["- Add the thing", "With more to say."]);
}

/// A change is told once, by the source that says most.
#[test]

fn the_commit_that_brought_a_change_file_is_told_by_it() {
    let mut past = Past::new();
    past.bed.write(".changeset/happy-cats.md", CHANGESET);
    past.commit("feat: the thing, as a developer says it");
    assert_eq!(past.told(&["changelog"]), ["Added: Add the thing"]);
}

#[test]
fn change_files_of_towncrier() {
    let mut past = Past::empty();
    let table = "[tool.towncrier]\ndirectory = \"changes\"\nfilename = \"NEWS.md\"\n";
    past.bed.write("pyproject.toml", &format!("{}{table}", super::python("demo", "1.0.0")));
    past.bed.write("changes/.gitignore", "!.gitignore\n");
    past.commit("Start");
    past.tag("v1.0.0");
    past.bed.write("changes/12.feature.md", "Count in weeks.\n");
    past.bed.write("changes/13.bugfix.1.md", "Count from zero.\n");
    past.bed.write("changes/+orphan.removal.md", "No more minutes.\n");
    past.bed.write("changes/14.doc.md", "Say how to count.\n");
    past.commit("feat: as a developer says it (#12)");
    let all = past.told(&["changelog"]);
    for text in ["Added: Count in weeks. (#12)", "Fixed: Count from zero. (#13)", "Removed: No more minutes."]
    {
        assert!(all.contains(&text.to_owned()), "{text} in {all:?}");
    }
    assert!(!all.iter().any(|line| line.contains("developer") || line.contains("gitignore")), "{all:?}");
}

/// Towncrier names only the number of what interests nobody.
#[test]
fn the_number_of_a_misc_file_stands_there_once() {
    let mut past = Past::empty();
    past.bed.write("pyproject.toml", &format!("{}[tool.towncrier]\n", super::python("demo", "1.0.0")));
    past.bed.write("newsfragments/README", "x\n");
    past.commit("Start");
    past.tag("v1.0.0");
    past.bed.write("newsfragments/12.feature", "Count in weeks.\n");
    past.bed.write("newsfragments/13.misc", "who cares\n");
    past.commit("chore: news");
    let answer = past.run(&["changelog"]);
    assert!(answer.out.replace('\\', "").matches("#13").count() <= 1, "{answer}");
}

#[test]
fn change_files_that_are_wrong_name_themselves() {
    for (text, word) in [
        ("---\n\"demo\": huge\n---\nText\n", "huge"),
        ("---\n\"nobody\": minor\n---\nText\n", "nobody"),
        ("---\n\"demo\": minor\n\nText\n", "happy-cats"),
    ] {
        let mut past = Past::new();
        past.bed.write(".changeset/happy-cats.md", text);
        past.commit("fix: beside it");
        let answer = past.run(&["changelog"]);
        answer.says(&["happy-cats.md", word]);
        assert!(answer.err.contains("happy-cats.md"), "{answer}");
        assert!(matches!(answer.code, 0 | 2), "{answer}");
    }
}

/// Used-up change files are those that are gone.
#[test]
fn change_files_that_are_gone() {
    let mut past = Past::new();
    past.bed.write(".changeset/happy-cats.md", CHANGESET);
    past.commit("chore: one");
    past.bed.git(&["rm", "-q", ".changeset/happy-cats.md"]);
    past.bed.write("CHANGELOG.md", "# Changelog\n");
    past.commit("chore: release");
    past.tag("v1.1.0");
    past.commit("feat: new");
    assert_eq!(past.told(&["changelog"]), ["Added: new"]);
}

#[test]
fn overrides_after_the_fact() {
    let mut past = Past::new();
    let one = past.commit("feat: spelt rwong (#12)");
    let two = past.commit("fix: the hole");
    past.bed.write(
        "changelog-overrides.toml",
        &format!(
            "[[override]]\npull_request = 12\ntext = \"spelt right\"\n\n[[override]]\ncommit = \"{two}\"\ntext = \"the hole, at last\"\nkind = \"security\"\n"
        ),
    );
    past.commit("chore: say it better");
    let all = past.told(&["changelog"]);
    assert!(all.contains(&"Added: spelt right (#12)".to_owned()), "{all:?}");
    assert!(all.contains(&"Security: the hole, at last".to_owned()), "{all:?}");
    assert!(!all.iter().any(|line| line.contains("rwong")), "{all:?}");
    past.run(&["explain", "demo"]).exits(0).says(&[&one[..7], "override"]);
}

/// Who has just written an override looks what it does, before it is committed.
#[test]

fn overrides_that_are_not_committed_yet() {
    let mut past = Past::new();
    past.commit("feat: spelt rwong (#12)");
    past.bed.write("changelog-overrides.toml", "[[override]]\npull_request = 12\ntext = \"spelt right\"\n");
    assert_eq!(past.told(&["changelog"]), ["Added: spelt right (#12)"]);
}

#[test]
fn overrides_that_are_wrong() {
    for (text, words) in [
        ("[[override]]\npull_request = 12\nbad = 1\n", &["changelog-overrides.toml:3", "bad"][..]),
        ("[[override]]\ntext = \"x\"\n", &["changelog-overrides.toml:1"]),
        ("[[override]\n", &["changelog-overrides.toml:1"]),
        ("[[override]]\npull_request = \"twelve\"\ntext = \"x\"\n", &["changelog-overrides.toml:2"]),
        ("[[overide]]\npull_request = 12\ntext = \"x\"\n", &["changelog-overrides.toml:1", "overide"]),
    ] {
        let mut past = Past::new();
        past.bed.write("changelog-overrides.toml", text);
        past.commit("feat: one (#12)");
        past.refuses(&["changelog"], 2, words);
        past.refuses(&["changelog", "--write"], 2, words);
    }
    // One that fits nothing is no error, and is said.
    let mut past = Past::new();
    past.bed.write("changelog-overrides.toml", "[[override]]\ncommit = \"0000000\"\ntext = \"x\"\n");
    past.commit("feat: one");
    let answer = past.run(&["changelog"]);
    answer.exits(0);
    assert!(answer.err.contains("0000000"), "{answer}");
}

#[test]
fn sources_that_are_chosen() {
    for (sources, expected) in [
        ("[\"commits\"]", &["Added: as a developer says it"][..]),
        ("[\"files\"]", &["Added: Add the thing"]),
    ] {
        let mut past = Past::configured(&format!("[changelog]\nsources = {sources}\n"));
        past.bed.write(".changeset/happy-cats.md", CHANGESET);
        past.commit("feat: as a developer says it");
        assert_eq!(past.told(&["changelog"]), expected, "{sources}");
    }
}
