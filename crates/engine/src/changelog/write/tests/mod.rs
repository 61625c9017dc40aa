mod folding;
mod people;
mod settings;
mod templates;
mod texts;

use std::collections::BTreeSet;

use jiff::civil::Date;
use proptest::prelude::*;
use tminus_manifests::PackageId;

use super::*;
use crate::changelog::{
    Author, Change, Document, Issue, Kind, Level, Origin, PackageChanges, PullRequestFacts, Release,
};

/// Texts as people write them, and as nobody should.
pub(super) fn texts() -> impl Strategy<Value = String> {
    let pieces = [
        "Fix",
        " a ",
        "crash",
        "`code`",
        "`",
        "``",
        "<!-- tminus:notes -->",
        "-->",
        "<b>",
        "<https://a.example>",
        "# ",
        "\n",
        "\r\n",
        "- ",
        "1. ",
        "[x]",
        "(y)",
        "*",
        "_",
        "\\",
        "ü",
        "\u{202e}",
        "```",
        "~~~",
        "---",
        "{{ x }}",
        "#12",
        "  ",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..7).prop_map(|parts| parts.concat())
}

fn kinds() -> impl Strategy<Value = Kind> {
    let all = [
        Kind::Added,
        Kind::Changed,
        Kind::Deprecated,
        Kind::Removed,
        Kind::Fixed,
        Kind::Security,
        Kind::Performance,
        Kind::Documentation,
        Kind::Dependencies,
        Kind::Other("chore".to_owned()),
        Kind::Unknown,
    ];
    prop::sample::select(all.to_vec())
}

pub(super) const NAMES: [&str; 4] = ["demo", "demo-core", "demo-zip", "other"];

fn changes() -> impl Strategy<Value = Change> {
    let words = (texts(), prop::option::of("[a-z*]{1,6}"), texts(), prop::option::of(texts()));
    let links = (prop::option::of(1..9_u64), prop::sample::subsequence(NAMES.to_vec(), 0..3), 0..1_000_u32);
    let issue = prop::sample::select(vec![
        "#3",
        "owner/name#4",
        "https://forge.example/demo/issues/5",
        "PROJ-7",
        "#",
    ]);
    let level = prop::sample::select(vec![Level::None, Level::Patch, Level::Minor, Level::Major]);
    (kinds(), level, words, links, prop::collection::vec(issue, 0..3)).prop_map(
        |(kind, level, (text, scope, body, breaking), (number, packages, id), issues)| {
            let id = format!("{id:040x}");
            let issues = issues.into_iter().map(|text| Issue { reference: text.to_owned(), closes: true });
            Change {
                kind,
                level,
                scope,
                text,
                body,
                breaking,
                packages: packages.into_iter().map(PackageId::pypi).collect::<BTreeSet<_>>(),
                pull_request: number,
                commits: vec![id.clone()],
                authors: Vec::new(),
                issues: issues.collect(),
                origin: number.map_or(Origin::Commit(id), Origin::PullRequest),
            }
        },
    )
}

type Fact = (u64, (String, &'static str, Vec<&'static str>, Option<i64>));

fn facts() -> impl Strategy<Value = Vec<PullRequestFacts>> {
    let label = prop::sample::subsequence(vec!["bug", "Feature", "skip"], 0..3);
    let author = prop::sample::select(vec!["ada", "eve", "dependabot[bot]", ""]);
    let one = (texts(), author, label, prop::option::of(0..5_i64));
    prop::collection::btree_map(1..9_u64, one, 0..6).prop_map(|all| {
        let fact = |(number, (title, author, labels, merged)): Fact| PullRequestFacts {
            number,
            title,
            url: format!("https://forge.example/demo/pull/{number}"),
            author: author.to_owned(),
            labels: labels.into_iter().map(str::to_owned).collect(),
            merged_at_seconds: merged,
            ..PullRequestFacts::default()
        };
        all.into_iter().map(fact).collect()
    })
}

/// Whole documents.
pub(super) fn documents() -> impl Strategy<Value = Document> {
    let text = |text: &str| prop::option::of(Just(text.to_owned()));
    let release =
        (text("1.2.0"), text("v1.2.0"), text("v1.1.0"), text("https://forge.example/demo"), 1..29_i8);
    let versions = prop::collection::vec(prop::option::of(Just("0.3.1".to_owned())), NAMES.len());
    let newcomers =
        prop::collection::vec((prop::option::of(Just("ada".to_owned())), prop::option::of(1..9_u64)), 0..3);
    (release, prop::collection::vec(changes(), 0..6), facts(), versions, newcomers).prop_map(
        |((version, tag, previous_tag, repository_url, day), changes, pull_requests, versions, newcomers)| {
            let date = Date::new(2026, 11, day).unwrap();
            let release = Release {
                package: None,
                version,
                tag,
                previous_tag,
                date,
                compare_url: None,
                repository_url,
            };
            let author = |login| Author { name: "Ada".to_owned(), email: None, login };
            let newcomers = newcomers.into_iter().map(|(login, number)| (author(login), number)).collect();
            document(release, changes, pull_requests, &versions, newcomers)
        },
    )
}

fn document(
    release: Release,
    changes: Vec<Change>,
    pull_requests: Vec<PullRequestFacts>,
    versions: &[Option<String>],
    newcomers: Vec<(Author, Option<u64>)>,
) -> Document {
    let places = |wanted: &dyn Fn(&Change) -> bool| -> Vec<usize> {
        changes.iter().enumerate().filter(|(_, change)| wanted(change)).map(|(at, _)| at).collect()
    };
    let package = |(name, version): (&&str, &Option<String>)| {
        let id = PackageId::pypi(name);
        let changes = places(&|change| change.packages.contains(&id));
        (!changes.is_empty()).then(|| PackageChanges { id, version: version.clone(), changes })
    };
    let packages = NAMES.iter().zip(versions).filter_map(package).collect();
    let elsewhere = places(&|change| change.packages.is_empty());
    Document { release, changes, packages, elsewhere, pull_requests, newcomers }
}
