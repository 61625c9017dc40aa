use super::super::super::{Author, Kind, Level, Origin, PullRequestFacts, Reading};
use super::super::files::{ChangeFile, changesets, towncrier};
use super::super::{Overrides, Rules, commit, pull_request};
use super::{Combined, Policy, Source, combine};

fn id(at: u64) -> String {
    format!("{at:040x}")
}

fn message(at: u64, text: &str) -> Reading {
    let author = Author { name: "Ada".into(), email: Some("ada@example.org".into()), login: None };
    commit(text, &id(at), &author, &Rules::default())
}

fn request(number: u64, title: &str, body: &str) -> Reading {
    let facts = PullRequestFacts {
        number,
        title: title.into(),
        body: body.into(),
        author: "ada".into(),
        ..PullRequestFacts::default()
    };
    pull_request(&facts, &Rules::default())
}

fn changeset(text: &str) -> Reading {
    let file = ChangeFile { path: ".changeset/a.md", bytes: text.as_bytes() };
    changesets::read(&[file], &[]).readings.remove(0)
}

fn fragment(name: &str, text: &str) -> Reading {
    let settings = towncrier::Settings::parse("towncrier.toml", "", None).unwrap().unwrap();
    let path = format!("newsfragments/{name}");
    let file = ChangeFile { path: &path, bytes: text.as_bytes() };
    towncrier::read(&settings, &[file], None, &Rules::default()).readings.remove(0)
}

fn all(readings: Vec<Reading>) -> Combined {
    combine(readings, &Policy::default())
}

fn told(combined: &Combined) -> Vec<(&str, Level)> {
    combined.changes.iter().map(|change| (change.text.as_str(), change.level)).collect()
}

#[test]
fn one_change_is_told_by_its_best_source() {
    let squash = || message(1, "feat: commit (#12)");
    let title = || request(12, "fix!: title", "");
    let note = || request(12, "fix!: title", "```release-note\nnote\n```");
    let file = || changeset("---\na: patch\n---\npr: #12\nfile");
    assert_eq!(told(&all(vec![squash()])), [("commit", Level::Minor)]);
    assert_eq!(told(&all(vec![squash(), title()])), [("title", Level::Major)]);
    assert_eq!(told(&all(vec![squash(), note()])), [("note", Level::Major)]);
    let best = all(vec![squash(), note(), file()]);
    assert_eq!(told(&best), [("file", Level::Major)]);
    let change = &best.changes[0];
    assert_eq!((change.commits.clone(), change.pull_request), (vec![id(1)], Some(12)));
    assert_eq!(change.authors.len(), 1, "{:?}", change.authors);
    assert_eq!((change.authors[0].name.as_str(), change.authors[0].login.as_deref()), ("Ada", Some("ada")));
    assert_eq!(best.how.len(), 3);
    assert!(best.how[0].text.contains("told by another source"));
}

#[test]
fn the_order_of_sources_is_a_matter_of_policy() {
    let readings =
        || vec![message(1, "feat: commit (#12)"), request(12, "title", ""), message(2, "fix: other")];
    let with = |sources: &[Source]| Policy { sources: sources.to_vec(), ..Policy::default() };
    let commits = combine(readings(), &with(&[Source::Commit, Source::PullRequest]));
    assert_eq!(told(&commits), [("commit", Level::Minor), ("other", Level::Patch)]);
    let titles = combine(readings(), &with(&[Source::PullRequest]));
    assert_eq!(told(&titles), [("title", Level::None)]);
    assert!(titles.how.iter().any(|line| line.text.starts_with("not told: this sort")));
}

#[test]
fn plain_titles_do_not_hide_commits_that_say_more() {
    let policy = Policy { members: [(12, vec![id(1), id(2)])].into(), ..Policy::default() };
    let merge = || message(3, "Merge pull request #12 from a/b\n\nSeveral things");
    let readings =
        vec![message(1, "feat: a"), message(2, "Mend words"), merge(), request(12, "Several things", "")];
    let combined = combine(readings, &policy);
    assert_eq!(told(&combined), [("a", Level::Minor), ("Mend words", Level::None)]);
    assert!(combined.changes.iter().all(|change| change.pull_request == Some(12)));
    let conventional = vec![message(1, "feat: a"), message(2, "fix: b"), request(12, "feat: all", "")];
    let combined = combine(conventional, &policy);
    assert_eq!(told(&combined), [("all", Level::Minor)]);
    assert_eq!(combined.changes[0].commits.len(), 2);
}

#[test]
fn lists_of_squash_commits_stay_beside_a_title() {
    let squash = message(1, "feat: whole (#12)\n\n* feat: whole\n\n* fix: a hole");
    let combined = all(vec![squash.clone(), request(12, "feat: the whole", "")]);
    assert_eq!(told(&combined), [("a hole", Level::Patch), ("the whole", Level::Minor)]);
    let noted = all(vec![squash, request(12, "feat: the whole", "```release-note\nall\n```")]);
    assert_eq!(told(&noted), [("all", Level::Minor)]);
}

#[test]
fn silence_covers_what_stands_below_it() {
    let squash = || message(1, "feat: commit (#12)");
    let said = "```release-note\nNONE\n```";
    assert!(told(&all(vec![squash(), request(12, "feat: x", said)])).is_empty());
    // A template that nobody filled in silences nothing.
    let unfilled = "```release-note\n\n```";
    assert_eq!(told(&all(vec![squash(), request(12, "feat: x", unfilled)])).len(), 1);
    let file = changeset("---\na: patch\n---\npr: 12\nfile");
    let none = request(12, "feat: x", "```release-note\nNONE\n```");
    assert_eq!(told(&all(vec![squash(), none, file])), [("file", Level::Patch)]);
    let silent = message(1, "feat: commit (#12)\n\nChangelog: none");
    assert!(told(&all(vec![silent.clone(), request(12, "feat: x", "")])).is_empty());
    let policy = Policy { members: [(12, vec![id(2), id(3)])].into(), ..Policy::default() };
    let readings =
        vec![message(2, "fix: b\n\nChangelog: none"), message(3, "fix: c"), request(12, "Both", "")];
    assert_eq!(told(&combine(readings, &policy)), [("c", Level::Patch)]);
}

#[test]
fn fragments_belong_to_the_pull_request_of_their_issue() {
    let by_number = all(vec![message(1, "feat: x (#12)"), fragment("12.bugfix", "Words.")]);
    assert_eq!(told(&by_number), [("Words.", Level::Minor)]);
    let by_issue = all(vec![message(1, "fix: x (#12)\n\nCloses #7"), fragment("7.bugfix", "Words.")]);
    assert_eq!(told(&by_issue), [("Words.", Level::Patch)]);
    assert_eq!(by_issue.changes[0].pull_request, Some(12));
    let apart = Policy { by_issue: false, ..Policy::default() };
    let readings = vec![message(1, "fix: x (#12)"), fragment("12.bugfix", "Words.")];
    assert_eq!(combine(readings, &apart).changes.len(), 2);
    assert_eq!(all(vec![message(1, "fix: x"), fragment("+a.bugfix", "Words.")]).changes.len(), 2);
}

#[test]
fn what_was_taken_back_is_not_told() {
    let x = || message(1, "feat: x (#12)");
    let back = |at, of| message(at, &format!("Revert \"y\"\n\nThis reverts commit {}.", id(of)));
    let both = all(vec![x(), back(2, 1)]);
    assert!(told(&both).is_empty());
    assert!(both.how[0].text.contains("took it back") && both.how[1].text.contains("#12"));
    assert_eq!(told(&all(vec![x(), back(2, 1), back(3, 2)])), [("x", Level::Minor)]);
    assert!(told(&all(vec![x(), back(2, 1), back(3, 2), back(4, 3)])).is_empty());
    let released = all(vec![back(2, 1)]);
    assert_eq!((&released.changes[0].kind, released.changes[0].level), (&Kind::Reverted, Level::Patch));
    assert!(told(&all(vec![back(3, 2), back(2, 1)])).is_empty());

    // Pull requests, in the order of a log too.
    let requests = vec![
        message(2, "Revert \"feat: x (#12)\" (#13)\n\nReverts owner/name#12"),
        request(13, "Revert \"feat: x\"", "Reverts owner/name#12"),
        x(),
        request(12, "feat: x", "```release-note\nx\n```"),
    ];
    assert!(told(&all(requests)).is_empty());
    assert!(
        told(&all(vec![message(1, "feat: same words"), message(2, "Revert \"feat: same words\"")]))
            .is_empty()
    );
    let partly = message(3, &format!("revert: both\n\nRefs: {}, {}", id(1), id(77)));
    assert_eq!(told(&all(vec![x(), partly])), [("both", Level::Patch)]);
}

#[test]
fn a_commit_of_a_pull_request_is_taken_back_alone() {
    let policy = Policy { members: [(12, vec![id(1), id(2)])].into(), ..Policy::default() };
    let back = |at, of| message(at, &format!("Revert \"y\"\n\nThis reverts commit {}.", id(of)));
    let commits = || vec![message(1, "feat: a"), message(2, "fix: b"), request(12, "Both", "")];
    let one = commits().into_iter().chain([back(3, 1)]).collect();
    assert_eq!(told(&combine(one, &policy)), [("b", Level::Patch)]);
    let none = commits().into_iter().chain([back(3, 1), back(4, 2)]).collect();
    assert!(told(&combine(none, &policy)).is_empty());
}

fn overridden(text: &str, readings: Vec<Reading>) -> (Combined, Vec<String>) {
    let (readings, warnings) = Overrides::parse("o.toml", text).unwrap().apply(readings);
    (all(readings), warnings.into_iter().map(|warning| warning.text).collect())
}

#[test]
fn overrides_win_over_everything() {
    let readings = || {
        vec![
            message(0xabc, "feat: commit (#12)"),
            request(12, "fix!: title", "```release-note\nnote\n```"),
            changeset("---\na: patch\n---\npr: 12\nfile"),
        ]
    };
    let (combined, warnings) = overridden(
        "[[override]]\npull_request = 12\ntext = 'said'\nlevel = 'patch'\nkind = 'security'\n\
         packages = ['npm:b']\nauthors = ['@grace']\nbreaking = false\n",
        readings(),
    );
    assert_eq!(told(&combined), [("said", Level::Patch)]);
    let change = &combined.changes[0];
    assert_eq!((&change.kind, change.packages.len(), change.breaking.is_some()), (&Kind::Security, 1, false));
    assert_eq!(change.origin, Origin::Override("o.toml:1".into()));
    assert!(warnings.is_empty());
    let by_commit = format!("[[override]]\ncommit = '{}'\ntext = 'said'\n", id(0xabc).to_uppercase());
    assert_eq!(told(&overridden(&by_commit, readings()).0), [("said", Level::Major)]);
    assert!(told(&overridden("[[override]]\npull_request = 12\nskip = true\n", readings()).0).is_empty());
    let (combined, _) =
        overridden("[[override]]\npull_request = 9\nbreaking = 'all'\n", vec![message(1, "fix: x (#9)")]);
    assert_eq!(
        (told(&combined), combined.changes[0].breaking.as_deref()),
        (vec![("x", Level::Major)], Some("all"))
    );
    // What says nothing by itself can be told after the fact.
    let silent = message(1, "feat: x (#9)\n\nChangelog: none");
    let (combined, _) =
        overridden("[[override]]\npull_request = 9\ntext = 'yes'\nkind = 'fixed'\n", vec![silent]);
    assert_eq!(told(&combined), [("yes", Level::Patch)]);
}

#[test]
fn overrides_that_fit_nothing_or_too_much_are_warnings() {
    let readings = || vec![message(1, "fix: a"), message(2, "fix: b")];
    let warn = |text: &str| {
        let (combined, warnings) = overridden(text, readings());
        assert_eq!(told(&combined), [("a", Level::Patch), ("b", Level::Patch)]);
        warnings[0].clone()
    };
    assert!(warn("[[override]]\ncommit = 'abcd'\nskip = true").contains("no commit"));
    assert!(warn("[[override]]\ncommit = '0000'\nskip = true").contains("2 commits begin with 0000"));
    assert!(warn("[[override]]\npull_request = 5\nskip = true").contains("no pull request"));
}

#[test]
fn errors_of_overrides_have_their_place() {
    for (text, error) in [
        ("[[override]\n", "o.toml:1:"),
        ("[override]\n", "o.toml:1:1: overrides are written `[[override]]`"),
        ("a = 1\n", "o.toml:1:1: unknown key `a`"),
        ("[[override]]\ntext = 'x'\n", "o.toml:1:1: an override names"),
        ("[[override]]\ncommit = 'abcd'\npull_request = 1\n", "o.toml:1:1: an override has"),
        ("[[override]]\ncommit = 'v1'\n", "o.toml:2:10: `commit` must be"),
        ("[[override]]\npull_request = 0\n", "o.toml:2:16: `pull_request` must be"),
        ("[[override]]\npull_request = 1\nlevel = 'huge'\n", "o.toml:3:9: `level` must be"),
        ("[[override]]\npull_request = 1\npackages = ['demo']\n", "o.toml:3:13: "),
        ("[[override]]\npull_request = 1\nskip = 'no'\n", "o.toml:3:8: `skip` must be"),
        ("[[override]]\npull_request = 1\ntext = ' '\n", "o.toml:3:8: `text` must be"),
        ("[[override]]\npull_request = 1\n[[override]]\npull_request = 1\n", "o.toml:3:1: line 1 overrides"),
    ] {
        let told = Overrides::parse("o.toml", text).unwrap_err().to_string();
        assert!(told.starts_with(error), "{told}");
    }
}
