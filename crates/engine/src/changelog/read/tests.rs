use super::super::{Author, Change, Kind, Level, Origin, PullRequestFacts, Reading, Reverts};
use super::rules::fits;
use super::{Rules, commit, pull_request};

const ID: &str = "1f0c33aa1f0c33aa1f0c33aa1f0c33aa1f0c33aa";

fn ada() -> Author {
    Author { name: "Ada".into(), email: Some("ada@example.org".into()), login: None }
}

fn read(message: &str) -> Reading {
    commit(message, ID, &ada(), &Rules::default())
}

fn only(reading: &Reading) -> &Change {
    assert_eq!(reading.changes.len(), 1, "{reading:?}");
    &reading.changes[0]
}

fn other(word: &str) -> Kind {
    Kind::Other(word.into())
}

#[test]
fn the_headers_of_the_specification_and_what_people_make_of_them() {
    // Message, kind, level, scope, text, whether something breaks, whether there is a warning.
    let rows: &[(&str, Kind, Level, &str, &str, bool, bool)] = &[
        // As the specification has it.
        (
            "feat: let configuration extend others",
            Kind::Added,
            Level::Minor,
            "",
            "let configuration extend others",
            false,
            false,
        ),
        ("fix: empty input", Kind::Fixed, Level::Patch, "", "empty input", false, false),
        ("feat(lang): add Polish", Kind::Added, Level::Minor, "lang", "add Polish", false, false),
        (
            "feat!: send a mail when shipped",
            Kind::Added,
            Level::Major,
            "",
            "send a mail when shipped",
            true,
            false,
        ),
        ("feat(api)!: send a mail", Kind::Added, Level::Major, "api", "send a mail", true, false),
        (
            "chore!: drop old interpreters",
            other("chore"),
            Level::Major,
            "",
            "drop old interpreters",
            true,
            false,
        ),
        ("docs: mend spelling", Kind::Documentation, Level::None, "", "mend spelling", false, false),
        ("perf: read once", Kind::Performance, Level::Patch, "", "read once", false, false),
        ("parser: mend it", other("parser"), Level::None, "", "mend it", false, false),
        ("parser!: mend it", other("parser"), Level::Major, "", "mend it", true, false),
        ("FEAT: x y", Kind::Added, Level::Minor, "", "x y", false, false),
        ("Fix: x y", Kind::Fixed, Level::Patch, "", "x y", false, false),
        ("chore(deps): bump a", Kind::Dependencies, Level::None, "deps", "bump a", false, false),
        ("fix(deps): bump a", Kind::Dependencies, Level::Patch, "deps", "bump a", false, false),
        ("feat(deps): choose", Kind::Added, Level::Minor, "deps", "choose", false, false),
        ("feat(a, b/c d): x", Kind::Added, Level::Minor, "a, b/c d", "x", false, false),
        ("feat(a(b)): x", Kind::Added, Level::Minor, "a(b)", "x", false, false),
        ("✨ feat: x", Kind::Added, Level::Minor, "", "x", false, false),
        (":sparkles: feat: x", Kind::Added, Level::Minor, "", "x", false, false),
        ("🐛 fix(a)!: x", Kind::Fixed, Level::Major, "a", "x", true, false),
        // Understood, with a warning.
        ("feat:x", Kind::Added, Level::Minor, "", "x", false, true),
        ("feat : x", Kind::Added, Level::Minor, "", "x", false, true),
        ("feat (a): x", Kind::Added, Level::Minor, "a", "x", false, true),
        ("feat[a]: x", Kind::Added, Level::Minor, "a", "x", false, true),
        ("[a] feat: x", Kind::Added, Level::Minor, "a", "x", false, true),
        ("[fix] x", Kind::Fixed, Level::Patch, "", "x", false, true),
        ("feat!(a): x", Kind::Added, Level::Major, "a", "x", true, true),
        ("feat!!: x", Kind::Added, Level::Major, "", "x", true, true),
        ("feat(): x", Kind::Added, Level::Minor, "", "x", false, true),
        ("feat：x", Kind::Added, Level::Minor, "", "x", false, true),
        ("feat:\n\nread faster", Kind::Added, Level::Minor, "", "read faster", false, true),
        // Attempts.
        ("feta: x", Kind::Unknown, Level::None, "", "feta: x", false, true),
        ("feta!: x", Kind::Unknown, Level::Major, "", "feta!: x", true, true),
        ("fixes: x", Kind::Unknown, Level::None, "", "fixes: x", false, true),
        ("fxi: x", Kind::Unknown, Level::None, "", "fxi: x", false, true),
        ("feat x", Kind::Unknown, Level::None, "", "feat x", false, true),
        ("feat(: x", Kind::Unknown, Level::None, "", "feat(: x", false, true),
        ("fix(a) x", Kind::Unknown, Level::None, "", "fix(a) x", false, true),
        // Ordinary words.
        ("Fix the parser", Kind::Unknown, Level::None, "", "Fix the parser", false, false),
        ("Note: nothing", Kind::Unknown, Level::None, "", "Note: nothing", false, false),
        ("core::mem is used", Kind::Unknown, Level::None, "", "core::mem is used", false, false),
        (
            "https://example.org is gone",
            Kind::Unknown,
            Level::None,
            "",
            "https://example.org is gone",
            false,
            false,
        ),
        ("12: x", Kind::Unknown, Level::None, "", "12: x", false, false),
        ("Update things", Kind::Unknown, Level::None, "", "Update things", false, false),
        ("core: x", other("core"), Level::None, "", "x", false, false),
        ("cli: x", other("cli"), Level::None, "", "x", false, false),
    ];
    for (message, kind, level, scope, text, breaking, warned) in rows {
        let reading = read(message);
        let change = only(&reading);
        assert_eq!((&change.kind, change.level), (kind, *level), "{message}");
        assert_eq!(
            (change.scope.as_deref().unwrap_or(""), change.text.as_str()),
            (*scope, *text),
            "{message}"
        );
        assert_eq!(
            (change.breaking.is_some(), !reading.warnings.is_empty()),
            (*breaking, *warned),
            "{message}: {reading:?}"
        );
        assert!(!reading.how.is_empty());
        assert!(reading.warnings.iter().all(|warning| warning.origin == Origin::Commit(ID.into())));
    }
}

#[test]
fn a_near_miss_names_the_remedy() {
    for (message, remedy) in [
        ("feta: x", "write `feat`"),
        ("feat x", "write `feat: …`"),
        ("feat(: x", "write `feat(scope): …`"),
        ("feat(a) x", "no colon"),
        ("feat : x", "it is read as `feat: …`"),
        ("fix: x\n\nBreaking change: y", "`BREAKING CHANGE: ` in capitals"),
        ("fix: x\n\nBREAKING CHANGE\t\n\ny", "`BREAKING CHANGE: ` in capitals"),
        ("fixup! feat: x", "git rebase --autosquash"),
        ("fix: x\n\nChangelog: fxied", "names no kind"),
    ] {
        let warnings = read(message).warnings;
        assert!(warnings[0].text.contains(remedy), "{message}: {warnings:?}");
    }
}

#[test]
fn what_breaks_is_found_in_every_form() {
    for (message, text) in [
        (
            "feat: x\n\nBREAKING CHANGE: the key `extends` is used otherwise",
            "the key `extends` is used otherwise",
        ),
        ("feat: x\n\nbody\n\nBREAKING-CHANGE: gone", "gone"),
        ("feat: x\n\nBREAKING CHANGE #12 gone", "#12 gone"),
        ("feat: x\n\nBREAKING CHANGE: one\ntwo\n\nthree\n\nReviewed-by: Z\nRefs: #133", "one\ntwo\n\nthree"),
        ("feat: x\n\nBREAKING CHANGE:\n\n  below\n", "below"),
        ("feat: x\r\n\r\nBREAKING CHANGE: a\r\n\r\nb\r\n", "a\n\nb"),
        ("feat: x\nBREAKING CHANGE: no empty line", "no empty line"),
        ("feat: x\n\n**BREAKING CHANGE**: bold", "bold"),
        ("feat: x\n\nBREAKING CHANGES: several", "several"),
        ("feat: x\n\nBREAKING CHANGE: a\nBREAKING CHANGE: b", "a\n\nb"),
        ("feat!: x\n\nCloses: #1", "x"),
        ("Plain words\n\nBREAKING CHANGE: still", "still"),
        ("feat: x\n\n```\nan unclosed block\n\nBREAKING CHANGE: seen", "seen"),
    ] {
        let reading = read(message);
        let change = only(&reading);
        assert_eq!((change.breaking.as_deref(), change.level), (Some(text), Level::Major), "{message}");
    }
    for message in [
        "feat: x\n\n> BREAKING CHANGE: quoted",
        "feat: x\n\n```\nBREAKING CHANGE: in a block\n```",
        "feat: x\n\n-BREAKING CHANGE: a line of a diff",
        "feat: x\n\nthis is no BREAKING CHANGE: really",
    ] {
        assert_eq!(only(&read(message)).breaking, None, "{message}");
    }
}

#[test]
fn bodies_footers_issues_and_people() {
    let message = "fix(io): close files (#45)\n\nA body: with a colon.\n\nNote: not the end.\n\nMore.\n\n\
        Reviewed-by: Z <z@example.org>\nCloses #1, #2\nFixes: owner/name#3\nRefs: PROJ-7\n\
        Co-Authored-By: Grace <12+grace@users.noreply.github.com>\nSigned-off-by: ADA <Ada@example.org>\n";
    let reading = read(message);
    let change = only(&reading);
    assert_eq!(change.pull_request, Some(45));
    assert_eq!(change.body, "A body: with a colon.\n\nNote: not the end.\n\nMore.");
    let issues: Vec<(&str, bool)> =
        change.issues.iter().map(|issue| (issue.reference.as_str(), issue.closes)).collect();
    assert_eq!(issues, [("#1", true), ("#2", true), ("owner/name#3", true), ("PROJ-7", false)]);
    assert_eq!(change.authors.len(), 2);
    assert_eq!(change.authors[1].login.as_deref(), Some("grace"));

    let text = "fix: x\n\nThis resolves https://example.org/a/b/issues/9 and GH-4, but not #5.";
    let found: Vec<String> = only(&read(text)).issues.iter().map(|issue| issue.reference.clone()).collect();
    assert_eq!(found, ["https://example.org/a/b/issues/9", "GH-4"]);
    let twice = read("fix: x (#12) (#34)");
    assert_eq!((only(&twice).pull_request, only(&twice).issues[0].reference.as_str()), (Some(34), "#12"));
    assert_eq!(only(&twice).text, "x");
}

#[test]
fn strange_bodies_are_bodies() {
    for body in [
        "# Conflicts:\n#\tsrc/main.rs\n",
        "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-feat: old\n+fix: new\n",
        "\0\0\0",
        "\u{fffd}\u{fffd}: \u{fffd}",
        "Key: value\nkey: [1, 2]\n",
        "# Heading: with a colon\n\n| a: | b: |\n",
        "```\nfix: in a block\n",
    ] {
        let reading = read(&format!("feat(a): x\n\n{body}"));
        let change = &reading.changes[0];
        assert_eq!(
            (&change.kind, change.text.as_str(), reading.changes.len()),
            (&Kind::Added, "x", 1),
            "{body}"
        );
    }
    assert_eq!(only(&read("feat: x\n\nbody\n\n# Conflicts:\n#\tsrc/main.rs\n")).body, "body");
    let huge = format!("feat: x\n\n{}", "word: ".repeat(200_000));
    assert!(only(&read(&huge)).body.len() <= 64 * 1024);
}

#[test]
fn merges_and_commits_to_be_folded() {
    let reading = read("Merge pull request #12 from ada/branch\n\nfeat: answer");
    assert_eq!((only(&reading).pull_request, &only(&reading).kind), (Some(12), &Kind::Added));
    let gitlab = read("Merge branch 'a' into 'main'\n\nfix: b\n\nSee merge request group/name!7");
    assert_eq!((only(&gitlab).pull_request, only(&gitlab).text.as_str()), (Some(7), "b"));
    let azure = read("Merged PR 9: fix: c");
    assert_eq!((only(&azure).pull_request, only(&azure).text.as_str()), (Some(9), "c"));
    for nothing in [
        "Merge branch 'a' into b",
        "Merge remote-tracking branch 'origin/main'",
        "Merge main into feature",
        "Merge pull request #12 from a/b",
        "fixup! feat: x",
        "squash! feat: x",
        "",
        "\n \n",
    ] {
        assert!(read(nothing).changes.is_empty(), "{nothing}");
    }
    assert_eq!(only(&read("Merge the two readers")).text, "Merge the two readers");
}

#[test]
fn nothing_is_told_where_the_message_says_so() {
    for message in ["feat: x\n\nChangelog: none", "feat: x [skip changelog]", "feat: x\n\n[no changelog]"] {
        let reading = read(message);
        assert!(reading.changes.is_empty() && reading.silent == Some(Origin::Commit(ID.into())), "{message}");
    }
    assert_eq!(read("feat!: x\n\nChangelog: none").warnings.len(), 1);
    let reading = read("Close files\n\nChangelog: fixed");
    assert_eq!((&only(&reading).kind, only(&reading).level), (&Kind::Fixed, Level::Patch));
}

#[test]
fn reverts_name_what_they_take_back() {
    let commit = |id: &str| Reverts::Commit(id.into());
    let subject = |text: &str| Reverts::Subject(text.into());
    for (message, text, kind, reverts) in [
        (
            "Revert \"feat: x\"\n\nThis reverts commit 676104e1234.",
            "x",
            Kind::Reverted,
            vec![commit("676104e1234")],
        ),
        (
            "Revert \"feat: x (#12)\" (#13)\n\nReverts owner/name#12",
            "x",
            Kind::Reverted,
            vec![Reverts::PullRequest(12)],
        ),
        ("Revert \"feat: x (#12)\" (#13)", "x", Kind::Reverted, vec![Reverts::PullRequest(12)]),
        ("Revert \"plain\"", "plain", Kind::Reverted, vec![subject("plain")]),
        (
            "Revert \"Revert \"feat: x\"\"\n\nThis reverts commit abcdef1.",
            "x",
            Kind::Added,
            vec![commit("abcdef1")],
        ),
        ("Reapply \"feat: x\"\n\nThis reverts commit abcdef1.", "x", Kind::Added, vec![commit("abcdef1")]),
        (
            "revert: speak no more of noodles\n\nRefs: 676104e, a215868",
            "speak no more of noodles",
            Kind::Reverted,
            vec![commit("676104e"), commit("a215868")],
        ),
        ("revert: feat(a): x\n\nThis reverts commit\nabcdef1.", "x", Kind::Reverted, vec![commit("abcdef1")]),
        (
            "Revert \"x\"\n\nThis reverts commit abcdef1, reversing\nchanges made to 1234567.",
            "x",
            Kind::Reverted,
            vec![commit("abcdef1")],
        ),
    ] {
        let reading = read(message);
        assert_eq!((only(&reading).text.as_str(), &only(&reading).kind), (text, &kind), "{message}");
        assert_eq!(reading.reverts, reverts, "{message}");
    }
    assert!(read("feat: x\n\nThis reverts commit abcdef1.").reverts.is_empty());
}

#[test]
fn lists_of_squash_commits() {
    let github = "feat: whole (#12)\n\n* feat: whole\n\n* fix: a hole\n\nits body\n\n* wip\n\n* feat(b)!: more\n\n\
        BREAKING CHANGE: less\n\n---------\n\nCo-authored-by: Grace <grace@example.org>\n";
    let reading = read(github);
    let texts: Vec<(&str, Level)> =
        reading.changes.iter().map(|change| (change.text.as_str(), change.level)).collect();
    assert_eq!(texts, [("whole", Level::Minor), ("a hole", Level::Patch), ("more", Level::Major)]);
    assert_eq!(reading.changes[0].body.trim(), "* wip");
    assert_eq!(reading.changes[1].body, "its body");
    assert_eq!(reading.changes[2].breaking.as_deref(), Some("less"));
    assert!(
        reading.changes.iter().all(|change| change.pull_request == Some(12) && change.authors.len() == 2)
    );

    let gitlab = "Whole\n\n* feat: a\n\n  its body\n\n* fix: b\n\nSee merge request group/name!3";
    let texts: Vec<String> = read(gitlab).changes.iter().map(|change| change.text.clone()).collect();
    assert_eq!(texts, ["Whole", "a", "b"]);
    let nested = "feat: a\n\n* feat: b\n  * fix: c\n  * no header\n- * perf: d\n";
    let texts: Vec<String> = read(nested).changes.iter().map(|change| change.text.clone()).collect();
    assert_eq!(texts, ["a", "b", "c", "d"]);
    let tight = "feat: a\n\n- fix: b\n- fix: c\n\nBREAKING CHANGE: of the whole";
    let reading = read(tight);
    assert_eq!((reading.changes[0].level, reading.changes[2].level), (Level::Major, Level::Patch));
    let git = format!(
        "Squashed commit of the following:\n\ncommit {ID}\nAuthor: A <a@example.org>\n\
        Date:   Mon Jan 1 00:00:00 2024 +0000\n\n    feat: a\n    \n    its body\n\ncommit {ID}\n\
        Author: A <a@example.org>\n\n    words\n"
    );
    let reading = read(&git);
    assert_eq!((reading.changes.len(), reading.changes[1].body.as_str()), (2, "its body"));
}

fn facts(title: &str, labels: &[&str], body: &str) -> PullRequestFacts {
    PullRequestFacts {
        number: 12,
        title: title.into(),
        labels: labels.iter().map(|label| (*label).to_owned()).collect(),
        body: body.into(),
        author: "ada".into(),
        ..PullRequestFacts::default()
    }
}

fn request(title: &str, labels: &[&str], body: &str) -> Reading {
    pull_request(&facts(title, labels, body), &Rules::default())
}

/// Title, labels, kind, level, scope, text.
type TitleRow<'a> = (&'a str, &'a [&'a str], Kind, Level, &'a str, &'a str);

/// Body, and the notes in it.
type NoteRow<'a> = (&'a str, &'a [(Kind, Level, &'a str)]);

#[test]
fn titles_and_labels() {
    let rows: &[TitleRow<'_>] = &[
        ("feat(a): x", &[], Kind::Added, Level::Minor, "a", "x"),
        ("Answer", &["bug"], Kind::Fixed, Level::Patch, "", "Answer"),
        ("Answer", &["Enhancement"], Kind::Added, Level::Minor, "", "Answer"),
        ("Answer", &["kind/bug"], Kind::Fixed, Level::Patch, "", "Answer"),
        ("Answer", &["type: bug"], Kind::Fixed, Level::Patch, "", "Answer"),
        ("Answer", &["breaking change"], Kind::Unknown, Level::Major, "", "Answer"),
        ("WIP: [parser] Answer", &["feature"], Kind::Added, Level::Minor, "parser", "Answer"),
        ("[WIP] fix: x", &[], Kind::Fixed, Level::Patch, "", "x"),
        ("[Draft]: x", &[], Kind::Unknown, Level::None, "", "x"),
        ("fix: x", &["security"], Kind::Security, Level::Patch, "", "x"),
        ("chore: x", &["enhancement"], other("chore"), Level::Minor, "", "x"),
        ("feat: x", &["semver:patch"], Kind::Added, Level::Patch, "", "x"),
        ("Wipe files", &[], Kind::Unknown, Level::None, "", "Wipe files"),
        ("Bump a", &["dependencies"], Kind::Dependencies, Level::None, "", "Bump a"),
    ];
    for (title, labels, kind, level, scope, text) in rows {
        let reading = request(title, labels, "");
        let change = only(&reading);
        assert_eq!((&change.kind, change.level), (kind, *level), "{title} {labels:?}");
        assert_eq!((change.scope.as_deref().unwrap_or(""), change.text.as_str()), (*scope, *text), "{title}");
        assert_eq!(change.origin, Origin::PullRequest(12));
    }
    for label in ["skip-changelog", "ignore-for-release", "no-changelog", "Skip Changelog"] {
        let reading = request("feat: x", &[label], "");
        assert!(reading.changes.is_empty() && reading.silent.is_some() && reading.how.contains(label));
    }
    let breaking = request("feat: x", &[], "Text\n\nBREAKING CHANGE: y\n\nCloses #4\n");
    assert_eq!(only(&breaking).breaking.as_deref(), Some("y"));
    assert_eq!(only(&breaking).issues[0].reference, "#4");
    assert_eq!(
        request("feat: x", &[], "<!-- BREAKING CHANGE: y\nBREAKING CHANGE: y -->").changes[0].breaking,
        None
    );
    assert_eq!(request("Revert \"feat: x\"", &[], "Reverts owner/name#4").reverts, [Reverts::PullRequest(4)]);
    let bot = PullRequestFacts { is_bot: true, author: "renovate".into(), ..facts("fix: x", &[], "") };
    let reading = pull_request(&bot, &Rules::default());
    assert_eq!(only(&reading).authors[0].login.as_deref(), Some("renovate[bot]"));
}

#[test]
fn a_project_has_rules_of_its_own() {
    let mut rules = Rules::default();
    rules.types.insert("wip".into(), super::Asks::new(Kind::Changed, Level::Minor));
    rules.unknown = super::Unknown::Plain;
    rules.labels.push(("area/*".into(), super::LabelRule::Nothing));
    rules.breaking = Level::Minor;
    let read = |message: &str| commit(message, ID, &ada(), &rules).changes[0].clone();
    assert_eq!((read("wip: x").kind, read("parser: x").kind), (Kind::Changed, Kind::Unknown));
    assert_eq!(read("feat!: x").level, Level::Minor);
    assert!(pull_request(&facts("x", &["area/io"], ""), &rules).silent.is_some());
}

#[test]
fn release_notes_in_bodies() {
    let rows: &[NoteRow<'_>] = &[
        ("a\n```release-note\nOne.\n```\nb", &[(Kind::Added, Level::Minor, "One.")]),
        ("```release-note\r\nOne.\r\n```\r\n", &[(Kind::Added, Level::Minor, "One.")]),
        ("~~~release-note\nOne.\n~~~", &[(Kind::Added, Level::Minor, "One.")]),
        ("- item\n\n    ```release-note\n    One.\n    ```", &[(Kind::Added, Level::Minor, "One.")]),
        ("``` release-note\n<!-- say it -->\nOne.\n```", &[(Kind::Added, Level::Minor, "One.")]),
        (
            "```release-note:bug\nresource/a: One\n```\n\n```release-note:deprecation\nTwo\n```",
            &[(Kind::Fixed, Level::Patch, "resource/a: One"), (Kind::Deprecated, Level::Minor, "Two")],
        ),
        ("```release-note:breaking-change\nOne\n```", &[(Kind::Changed, Level::Major, "One")]),
        ("```release-note:odd\nOne\n```", &[(Kind::Other("odd".into()), Level::Patch, "One")]),
        ("```release-note\nACTION REQUIRED: move files\n```", &[(Kind::Added, Level::Major, "move files")]),
        (
            "```release-note\n- One\n- [action required] Two\n```",
            &[(Kind::Added, Level::Minor, "One"), (Kind::Added, Level::Major, "Two")],
        ),
        ("```release-note\nOne\n", &[(Kind::Added, Level::Minor, "One")]),
        (
            "```release-note\nOne\n```release-note:bug\nTwo\n```",
            &[(Kind::Added, Level::Minor, "One"), (Kind::Fixed, Level::Patch, "Two")],
        ),
        ("<!-- release-notes -->\nOne\n<!-- /release-notes -->\nmore", &[(Kind::Added, Level::Minor, "One")]),
        (
            "````markdown\n```release-note\nNo.\n```\n````\n\n```release-note\nOne\n```",
            &[(Kind::Added, Level::Minor, "One")],
        ),
    ];
    for (body, notes) in rows {
        let reading = request("feat: title", &[], body);
        let found: Vec<(Kind, Level, &str)> =
            reading.changes.iter().map(|c| (c.kind.clone(), c.level, c.text.as_str())).collect();
        assert_eq!(found, *notes, "{body}");
        assert!(reading.changes.iter().all(|change| change.origin == Origin::ReleaseNote(12)));
    }
    let nested = request("feat: t", &[], "```release-note\nOne\n```go\nf()\n```\nend\n```\nrest");
    assert_eq!(only(&nested).body, "```go\nf()\n```\nend");
}

#[test]
fn notes_that_say_nothing_and_texts_that_are_no_notes() {
    for word in ["NONE", "none", "N/A", "\"none\"", "None."] {
        let reading = request("feat: x", &[], &format!("```release-note\n{word}\n```"));
        assert!(reading.changes.is_empty(), "{word}");
        assert_eq!(reading.silent, Some(Origin::ReleaseNote(12)), "{word}");
        assert!(reading.how.contains("nothing to tell"));
    }
    for body in [
        "```release-note\n\n```",
        "```release-note\r\n<!-- write here -->\r\n```",
        "<!--\n```release-note\nNo\n```\n-->",
        "> ```release-note\n> No\n> ```",
        "````\n```release-note\nNo\n```\n````",
        "text\n\n    ```release-note\n    No\n    ```",
        "`release-note` blocks",
        "## Release notes\n\nNo",
        "```release-notes-of-others\nNo\n```",
    ] {
        assert_eq!(only(&request("feat: x", &[], body)).text, "x", "{body}");
    }
    let mut rules = Rules::default();
    rules.notes.headings = vec!["release notes".into()];
    let body = "# A\n\n## Release notes\n\n- One\n- Two\n\n### Sub\n\n## Next\n\nmore";
    let reading = pull_request(&facts("x", &[], "## Release notes\n\n- One\n- Two\n\n## Next\n"), &rules);
    assert_eq!(reading.changes.len(), 2);
    assert_eq!(pull_request(&facts("x", &[], body), &rules).changes.len(), 1);
    let lost = request("feat!: x", &[], "```release-note\nOne\n```");
    assert_eq!((only(&lost).level, only(&lost).breaking.is_some()), (Level::Major, true));
    assert_eq!(request("feat!: x", &[], "```release-note\nNONE\n```").warnings.len(), 1);
    assert_eq!(request("x", &[], "```release-note\nOne").warnings.len(), 1);
}

#[test]
fn patterns() {
    for (pattern, text, fit) in [
        ("a*c", "abbc", true),
        ("*", "", true),
        ("a?c", "abc", true),
        ("[ab]x", "bx", true),
        ("[!ab]x", "bx", false),
        ("[a-c]", "b", true),
        ("[", "[", true),
        ("*.md", "a.md", true),
        ("*.md", "a.mdx", false),
        ("a*b*c", "aXbYbZ", false),
    ] {
        assert_eq!(fits(pattern, text), fit, "{pattern} {text}");
    }
}

#[test]
fn levels_in_words() {
    for level in [Level::None, Level::Patch, Level::Minor, Level::Major] {
        assert_eq!(super::level_of(&level.to_string()).unwrap(), level);
    }
}
