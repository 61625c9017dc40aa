//! What `tminus changelog` prints and writes.

use super::super::bed::TODAY;
use super::{Past, releases, told};

/// A feature, a fix and words for nobody since 1.0.0.
fn grown() -> Past {
    let mut past = Past::new();
    past.commit("feat: count in weeks");
    past.commit("fix(cli): count from zero (#7)");
    past.commit("ci: run on more machines");
    past
}

#[test]
fn what_is_unreleased_stands_under_that_heading() {
    let past = grown();
    let answer = past.only_reads(&["changelog"]);
    assert_eq!(releases(&answer.out), ["[Unreleased]"], "{answer}");
    let text = told(&answer.out);
    assert!(text.contains(&"Added: count in weeks".to_owned()), "{answer}");
    assert!(text.contains(&"Fixed: **cli:** count from zero (#7)".to_owned()), "{answer}");
    // Without a word on standard error, which a script may keep.
    assert_eq!(answer.err, "", "{answer}");
}

/// A number of a pull request is what everybody searches for, so it stands there as it is.
#[test]
fn numbers_are_not_escaped() {
    let answer = grown().only_reads(&["changelog"]);
    assert!(answer.out.contains("(#7)") || answer.out.contains("[#7]("), "{answer}");
}

#[test]
fn work_that_is_for_nobody_is_not_told() {
    for message in ["ci: run on more machines", "chore: tidy", "test: more", "style: shorter", "build: newer"]
    {
        let mut past = Past::new();
        past.commit("feat: count in weeks");
        past.commit(message);
        assert_eq!(past.told(&["changelog"]), ["Added: count in weeks"], "after {message}");
    }
}

#[test]
fn since_takes_tags_branches_and_commits() {
    let mut past = grown();
    past.branch("side", "HEAD");
    past.switch("main");
    let commit = past.head();
    past.commit("feat: and months");
    for since in ["side", &commit, &commit[..10], "HEAD~1"] {
        assert_eq!(past.told(&["changelog", "--since", since]), ["Added: and months"], "--since {since}");
    }
    let all = past.told(&["changelog", "--since", "v1.0.0"]);
    assert_eq!(all, past.told(&["changelog"]));
    assert!(all.len() > 2);
}

#[test]
fn to_is_where_it_ends() {
    let mut past = grown();
    let before = past.told(&["changelog"]);
    let commit = past.head();
    past.commit("feat: and months");
    assert_eq!(past.told(&["changelog", "--to", &commit]), before);
    assert_eq!(past.told(&["changelog", "--since", "v1.0.0", "--to", "HEAD~1"]), before);
}

#[test]
fn all_is_each_release_by_itself() {
    let mut past = grown();
    past.tag("v1.1.0");
    past.commit("feat: and months");
    past.tag("v1.2.0");
    past.commit("fix: and years");
    let answer = past.only_reads(&["changelog", "--all"]);
    let headings = releases(&answer.out);
    assert_eq!(headings.len(), 4, "{answer}");
    for (heading, version) in headings.iter().zip(["[Unreleased]", "[1.2.0]", "[1.1.0]", "[1.0.0]"]) {
        assert!(heading.starts_with(version), "{version}: {answer}");
    }
    // The dates are those of the tags.
    assert!(headings[1].ends_with(" - 2025-10-09"), "{answer}");
    assert_eq!(answer.out.matches("and months").count(), 1, "{answer}");
    assert_eq!(answer.out.matches("count in weeks").count(), 1, "{answer}");
}

#[test]
fn candidates_are_folded_into_the_final_in_the_whole_history() {
    let mut past = Past::new();
    past.commit("feat: one");
    past.tag("v1.1.0rc1");
    past.commit("fix: two");
    past.tag("v1.1.0");
    let answer = past.only_reads(&["changelog", "--all"]);
    let headings = releases(&answer.out);
    assert!(!answer.out.contains("rc1"), "{answer}");
    assert_eq!(headings.len(), 2, "{answer}");
    let first = answer.out.split("## [1.0.0]").next().unwrap();
    assert_eq!(told(first), ["Added: one", "Fixed: two"], "{answer}");
}

#[test]
fn release_is_the_heading_with_its_day() {
    let past = grown();
    let answer = past.only_reads(&["changelog", "--release", "1.1.0"]);
    assert_eq!(releases(&answer.out), [format!("[1.1.0] - {TODAY}")], "{answer}");
}

#[test]
fn write_makes_the_file_and_again_changes_nothing() {
    let past = grown();
    past.run(&["changelog", "--write"]).exits(0);
    let first = past.bed.read("CHANGELOG.md");
    assert!(first.starts_with("# Changelog\n"), "{first}");
    assert!(told(&first).contains(&"Added: count in weeks".to_owned()), "{first}");
    assert!(first.ends_with('\n') && !first.ends_with("\n\n"), "{first:?}");
    past.only_reads(&["changelog", "--write"]);
    assert_eq!(past.bed.read("CHANGELOG.md"), first);
}

#[test]
fn write_of_a_release_twice_is_as_once() {
    let past = grown();
    past.run(&["changelog", "--write", "--release", "1.1.0"]).exits(0);
    let first = past.bed.read("CHANGELOG.md");
    past.only_reads(&["changelog", "--write", "--release", "1.1.0"]);
    assert_eq!(first.matches("## [1.1.0]").count(), 1, "{first}");
}

/// What was written as unreleased comes out with the release, and stands there once.
#[test]
fn unreleased_becomes_the_release() {
    let past = grown();
    past.run(&["changelog", "--write"]).exits(0);
    past.run(&["changelog", "--write", "--release", "1.1.0"]).exits(0);
    let text = past.bed.read("CHANGELOG.md");
    assert_eq!(text.matches("count in weeks").count(), 1, "{text}");
    assert!(text.contains(&format!("## [1.1.0] - {TODAY}")), "{text}");
}

/// What is unreleased grows with the history, release by release.
#[test]
fn a_changelog_over_two_releases() {
    let mut past = grown();
    for (message, version) in [("feat: and months", "1.1.0"), ("fix: and years", "1.1.1")] {
        past.commit(message);
        past.run(&["changelog", "--write"]).exits(0);
        past.commit("docs: write it down");
        past.run(&["changelog", "--write", "--release", version]).exits(0);
        past.commit("docs: release it");
        past.tag(&format!("v{version}"));
    }
    let text = past.bed.read("CHANGELOG.md");
    let expected = ["[Unreleased]".to_owned(), format!("[1.1.1] - {TODAY}"), format!("[1.1.0] - {TODAY}")];
    assert_eq!(releases(&text), expected, "{text}");
    for word in ["count in weeks", "and months", "and years"] {
        assert_eq!(text.matches(word).count(), 1, "{word}: {text}");
    }
    past.refuses(&["changelog", "--write"], 1, &["nothing"]);
}

#[test]
fn write_keeps_every_other_byte() {
    let old = "# History of demo\n\nOur own words: <b>kept</b>.  \n\n## [Unreleased]\n\n## [1.0.0] - 2025-01-02\n\n### Added\n\n* by hand,   with *stars*\n\n[1.0.0]: https://example.org/1.0.0\n";
    let past = grown();
    past.bed.write("CHANGELOG.md", old);
    past.run(&["changelog", "--write"]).exits(0);
    let new = past.bed.read("CHANGELOG.md");
    let (head, tail) = old.split_once("## [Unreleased]\n").unwrap();
    assert!(new.starts_with(head) && new.ends_with(tail.trim_start()), "{new}");
    assert!(told(&new).contains(&"Added: count in weeks".to_owned()), "{new}");
    past.only_reads(&["changelog", "--write"]);
}

#[test]
fn line_ends_stay_as_they_are() {
    let past = grown();
    past.bed.write(
        "CHANGELOG.md",
        "# Changelog\r\n\r\n## [Unreleased]\r\n\r\n## [1.0.0] - 2025-01-02\r\n\r\n### Added\r\n\r\n- it\r\n",
    );
    past.run(&["changelog", "--write"]).exits(0);
    let new = past.bed.read("CHANGELOG.md");
    assert_eq!(new.matches('\n').count(), new.matches("\r\n").count(), "{new:?}");
    assert!(new.contains("count in weeks"), "{new:?}");
    past.only_reads(&["changelog", "--write"]);
}

/// Words that people wrote below "Unreleased" are theirs.
#[test]
fn words_written_by_hand_stay() {
    let past = grown();
    past.bed.write(
        "CHANGELOG.md",
        "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- a thing that no commit told\n",
    );
    past.run(&["changelog", "--write"]).exits(0);
    let new = past.bed.read("CHANGELOG.md");
    assert!(new.contains("- a thing that no commit told"), "{new}");
    assert!(new.contains("count in weeks"), "{new}");
    past.only_reads(&["changelog", "--write"]);
}

#[test]
fn dry_run_shows_a_diff_that_git_applies() {
    let past = grown();
    past.bed.write("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n\n## [1.0.0] - 2025-01-02\n");
    let answer = past.only_reads(&["changelog", "--write", "--dry-run"]);
    past.bed.write("../change.diff", &answer.out);
    past.bed.git(&["apply", "../change.diff"]);
    let applied = past.bed.read("CHANGELOG.md");
    assert!(applied.contains("count in weeks"), "{applied}");
    past.only_reads(&["changelog", "--write"]);
}

#[test]
fn the_file_that_is_there_is_the_file() {
    for name in ["CHANGELOG.md", "CHANGES.md", "HISTORY.md", "NEWS.md"] {
        let past = grown();
        past.bed.write(name, "# News\n\n## [Unreleased]\n");
        past.run(&["changelog", "--write"]).exits(0);
        assert!(past.bed.read(name).contains("count in weeks"), "{name}");
        let written: Vec<_> = past.picture().0.into_keys().filter(|name| !name.contains('/')).collect();
        assert_eq!(written.len(), 2, "{written:?}");
    }
    let mut past = Past::configured("[changelog]\nfile = \"docs/log.md\"\n");
    past.commit("feat: count in weeks");
    past.run(&["changelog", "--write"]).exits(0);
    assert!(past.bed.read("docs/log.md").contains("count in weeks"));
}

#[test]
fn nothing_to_tell_is_an_exit_code_of_its_own() {
    let past = Past::new();
    for args in [
        &["changelog"][..],
        &["changelog", "--write"],
        &["changelog", "--since", "HEAD"],
        &["changelog", "--format", "github"],
        &["changelog", "--format", "by-package"],
        &["changelog", "--release", "1.1.0", "--write"],
    ] {
        past.refuses(args, 1, &["nothing"]);
    }
}

/// Without a tag everything is new.
#[test]
fn a_project_without_a_release() {
    let mut past = Past::empty();
    past.bed.write("pyproject.toml", &super::python("demo", "0.1.0"));
    past.commit("feat: begin");
    past.commit("fix: go on");
    assert_eq!(past.told(&["changelog"]), ["Added: begin", "Fixed: go on"]);
    assert_eq!(past.told(&["notes", "0.1.0"]), ["Added: begin", "Fixed: go on"]);
}

#[test]
fn json_is_one_document_of_the_same_changes() {
    let past = grown();
    let json = past.only_reads(&["changelog", "--json"]).json();
    let text = json.to_string();
    assert!(text.contains("count in weeks") && text.contains("count from zero"), "{text}");
    let changes = json["releases"][0]["document"]["changes"].as_array().unwrap();
    let of = |word: &str| changes.iter().find(|change| change["text"] == word).unwrap();
    assert_eq!(of("count in weeks")["level"], "minor");
    assert_eq!(of("count from zero")["scope"], "cli");
    assert_eq!(of("count from zero")["pull_request"], 7);
    assert_eq!(of("count from zero")["commits"][0], past.bed.git(&["rev-parse", "HEAD~1"]));
}

#[test]
fn a_printed_template_prints_what_its_form_prints() {
    let past = grown();
    for form in ["keep-a-changelog", "by-package", "github"] {
        let (code, template, err) = past.feed(&["changelog", "--print-template", form], "");
        assert_eq!(code, 0, "{err}");
        past.bed.write("../form.j2", &template);
        let by_form = past.only_reads(&["changelog", "--format", form]);
        let by_template = past.only_reads(&["changelog", "--template", "../form.j2"]);
        assert_eq!(by_template.out, by_form.out, "{form}");
    }
}

#[test]
fn templates_that_are_wrong_are_named_with_their_line() {
    let past = grown();
    for (text, line) in [
        ("one\ntwo {% for %}\n", ":2"),
        ("{{ release.title | nosuch }}\n", ":1"),
        ("a\nb\n{{ 1 + }}\n", ":3"),
    ] {
        past.bed.write("own.j2", text);
        past.refuses(&["changelog", "--template", "own.j2"], 2, &["own.j2", line]);
        past.refuses(&["changelog", "--template", "own.j2", "--write"], 2, &[]);
    }
    past.bed.write(
        "endless.j2",
        "{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}",
    );
    past.refuses(&["changelog", "--template", "endless.j2"], 2, &["endless.j2"]);
}

#[test]
fn a_template_of_ones_own() {
    let mut past = Past::configured("[changelog]\nformat = { template = \"own.j2\" }\n");
    past.bed.write("own.j2", "{% for s in sections %}{{ s.title }}:{% for c in s.changes %} {{ c.text }};{% endfor %}\n{% endfor %}");
    past.commit("feat: count in weeks");
    past.commit("fix: from zero");
    assert_eq!(past.only_reads(&["changelog"]).out.trim(), "Added: count in weeks;\nFixed: from zero;");
}

/// Keys of `[changelog]` that there are not, and values that they do not take.
#[test]
fn tables_that_are_wrong_name_file_and_line() {
    for (table, word) in [
        ("[changelog]\nfiel = \"x\"\n", "fiel"),
        ("[changelog]\nformat = \"keepachangelog\"\n", "keep-a-changelog"),
        ("[changelog]\nformat = { tmplate = \"x\" }\n", "tmplate"),
        ("[changelog]\nsources = [\"commit\"]\n", "commits"),
        ("[changelog]\nfirst_parent = \"yes\"\n", "boolean"),
        ("[changelog]\ntypes = { wip = 3 }\n", "a kind such as"),
        ("[changelog]\ntypes = { wip = { kind = \"fixed\", level = \"huge\" } }\n", "huge"),
    ] {
        let mut past = Past::configured(table);
        past.commit("feat: count in weeks");
        for args in [&["changelog", "--write"][..], &["explain", "demo"]] {
            past.refuses(args, 2, &["tminus.toml:2", word]);
        }
    }
}

/// The file lies in the project.
#[test]
fn files_that_lie_elsewhere() {
    for file in ["../outside.md", "/tmp/outside.md", ".git/config"] {
        let mut past = Past::configured(&format!("[changelog]\nfile = \"{file}\"\n"));
        past.commit("feat: count in weeks");
        past.refuses(&["changelog", "--write"], 2, &["[changelog] file", file]);
    }
}

#[test]
fn types_and_tags_are_what_the_table_says() {
    let mut past = Past::configured(
        "[changelog]\ntags = \"release-*\"\ntypes = { docs = { kind = \"documentation\", level = \"patch\" }, wip = \"none\", sec = \"security\" }\n",
    );
    past.commit("feat: before");
    past.tag("release-1.5.0");
    past.commit("feat: count in weeks");
    past.commit("sec: close the door");
    past.tag("v7.0.0");
    past.commit("docs: explain it");
    let all = past.told(&["changelog"]);
    assert!(all.contains(&"Added: count in weeks".to_owned()), "{all:?}");
    assert!(all.contains(&"Security: close the door".to_owned()), "{all:?}");
    assert!(all.iter().any(|line| line.contains("explain it")), "{all:?}");
    assert!(!all.iter().any(|line| line.contains("before")), "{all:?}");
}

#[test]
fn types_that_are_for_nobody() {
    let mut past = Past::configured("[changelog]\ntypes = { wip = \"none\", perf = \"none\" }\n");
    past.commit("feat: count in weeks");
    past.commit("wip: half a thing");
    past.commit("perf: faster");
    assert_eq!(past.told(&["changelog"]), ["Added: count in weeks"]);
}

/// Where every change is one merge, what was done on its branch is not told beside it.
#[test]
fn first_parents_only() {
    for (table, expected) in [
        ("[changelog]\nfirst_parent = true\n", &["Added: the whole (#5)"][..]),
        ("", &["Added: half", "Added: the whole (#5)", "Fixed: other half"]),
    ] {
        let mut past = Past::configured(table);
        past.branch("topic", "HEAD");
        past.commit("feat: half");
        past.commit("fix: other half");
        past.switch("main");
        past.tick();
        past.bed.git(&["merge", "--quiet", "--no-ff", "-m", "feat: the whole (#5)", "topic"]);
        assert_eq!(past.told(&["changelog"]), expected, "{table}");
    }
}

#[test]
fn patch_releases_are_carried_back() {
    let mut past = grown();
    past.bed.write(
        "CHANGELOG.md",
        "# Changelog\n\n## [Unreleased]\n\n## [1.0.0] - 2025-01-02\n\n### Added\n\n- it\n",
    );
    past.commit("docs: begin a changelog");
    past.branch("release-1.0.x", "HEAD");
    past.bed.write(
        "CHANGELOG.md",
        "# Changelog\n\n## [Unreleased]\n\n## [1.0.1] - 2025-02-03\n\n### Fixed\n\n- on the line\n\n## [1.0.0] - 2025-01-02\n\n### Added\n\n- it\n",
    );
    past.commit("docs: 1.0.1");
    past.switch("main");
    past.run(&["changelog", "--carry-from", "release-1.0.x", "--write"]).exits(0);
    let text = past.bed.read("CHANGELOG.md");
    let headings = releases(&text);
    assert_eq!(headings, ["[Unreleased]", "[1.0.1] - 2025-02-03", "[1.0.0] - 2025-01-02"], "{text}");
    assert_eq!(text.matches("- on the line").count(), 1, "{text}");
    let again = past.run(&["changelog", "--carry-from", "release-1.0.x", "--write"]);
    assert_eq!(past.bed.read("CHANGELOG.md"), text, "{again}");
}
