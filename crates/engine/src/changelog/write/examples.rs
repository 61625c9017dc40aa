//! A small release, for examples and for looking at a template.

use std::collections::BTreeSet;

use jiff::civil::Date;
use tminus_manifests::PackageId;

use crate::changelog::{
    Author, Change, Document, Issue, Kind, Level, Origin, PackageChanges, PullRequestFacts, Release,
};

/// A release of two packages with a feature, a fix in both of them, and a newcomer.
///
/// ```
/// let document = tminus_engine::changelog::write::examples::document();
/// assert_eq!((document.changes.len(), document.packages.len()), (2, 2));
/// ```
pub fn document() -> Document {
    let (demo, core) = (PackageId::pypi("demo"), PackageId::pypi("demo-core"));
    let url = "https://forge.example/demo".to_owned();
    let ada = Author { name: "Ada".to_owned(), email: None, login: Some("ada".to_owned()) };
    let door = change(Kind::Added, None, "Add a door", 7, &[&demo]);
    let mut crash = change(Kind::Fixed, Some("core"), "A crash", 9, &[&demo, &core]);
    crash.issues = vec![Issue { reference: "#8".to_owned(), closes: true }];
    let package =
        |id, version: &str, changes| PackageChanges { id, version: Some(version.to_owned()), changes };
    Document {
        release: Release {
            package: None,
            version: Some("1.2.0".to_owned()),
            tag: Some("v1.2.0".to_owned()),
            previous_tag: Some("v1.1.0".to_owned()),
            date: Date::constant(2026, 11, 20),
            compare_url: Some(format!("{url}/compare/v1.1.0...v1.2.0")),
            repository_url: Some(url.clone()),
        },
        changes: vec![door, crash],
        packages: vec![package(demo, "1.2.0", vec![0, 1]), package(core, "0.4.0", vec![1])],
        elsewhere: Vec::new(),
        pull_requests: vec![
            facts(&url, 7, "feat: add a door", "ada", &["enhancement"]),
            facts(&url, 9, "fix(core): a crash", "dependabot[bot]", &["bug"]),
        ],
        newcomers: vec![(ada, Some(7))],
    }
}

fn change(kind: Kind, scope: Option<&str>, text: &str, number: u64, packages: &[&PackageId]) -> Change {
    Change {
        level: if kind == Kind::Added { Level::Minor } else { Level::Patch },
        kind,
        scope: scope.map(str::to_owned),
        text: text.to_owned(),
        body: String::new(),
        breaking: None,
        packages: packages.iter().map(|id| (*id).clone()).collect::<BTreeSet<_>>(),
        pull_request: Some(number),
        commits: vec![format!("{number:040x}")],
        authors: Vec::new(),
        issues: Vec::new(),
        origin: Origin::PullRequest(number),
    }
}

fn facts(url: &str, number: u64, title: &str, author: &str, labels: &[&str]) -> PullRequestFacts {
    PullRequestFacts {
        number,
        title: title.to_owned(),
        url: format!("{url}/pull/{number}"),
        author: author.to_owned(),
        is_bot: author.ends_with("[bot]"),
        labels: labels.iter().map(|label| (*label).to_owned()).collect(),
        merged_at_seconds: i64::try_from(number).ok(),
        ..PullRequestFacts::default()
    }
}
