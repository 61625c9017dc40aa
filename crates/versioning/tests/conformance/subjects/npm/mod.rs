//! Versions and ranges of npm packages, beside node-semver.
//!
//! Every case is `[question, flags, …]`; the flags are `l` for loose and `p` for pre-releases included.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a case that this cannot answer has to stop the comparison"
)]

mod deviation;
mod generate;

use tminus_versioning::npm::{
    IdentifierBase, Increment, IncrementError, Mode, Options, Range, Side, Version, valid_range,
};

#[cfg(test)]
use super::Tally;
use super::{Reference, Subject};

pub(crate) const SUBJECT: Subject = Subject {
    name: "npm",
    reference: Reference::Node { packages: &["semver"], script: include_str!("reference.js") },
    case: generate::case,
    answer,
    deviation: deviation::deviation,
    reasons: deviation::REASONS,
};

fn answer(case: &[String]) -> String {
    let case: Vec<&str> = case.iter().map(String::as_str).collect();
    let [question, flags, rest @ ..] = &case[..] else { panic!("{case:?}") };
    let options = options(flags);
    let read = |text: &str| Version::parse(text, options.mode).ok();
    let answer = match (*question, rest) {
        ("version", [text]) => read(text).map(|version| parts(&version)),
        ("compare", [one, other]) => compare(read(one), read(other), false),
        ("compareBuild", [one, other]) => compare(read(one), read(other), true),
        ("diff", [one, other]) => difference(one, other),
        ("inc", [text, kind, identifier, base]) => {
            read(text).map(|version| increment(&version, kind, identifier, base))
        }
        ("truncate", [text, kind]) => {
            let truncated =
                read(text).zip(self::kind(kind)).and_then(|(version, kind)| version.truncate(kind));
            Some(truncated.map_or_else(|| String::from("null"), |version| version.to_string()))
        }
        ("range", [text]) => {
            Some(ALL.map(|flags| valid_range(text, self::options(flags)).unwrap_or_default()).join("\n"))
        }
        ("satisfies", [version, range]) => Some(ALL.map(|flags| satisfies(version, range, flags)).join(" ")),
        ("intersects", [one, other]) => {
            both(one, other, options).map(|(one, other)| one.intersects(&other).to_string())
        }
        // Two equal texts are equal there before they are read.
        ("subset", [one, other]) if one == other => Some(String::from("true")),
        ("subset", [one, other]) => {
            both(one, other, options).map(|(one, other)| one.is_subset(&other).to_string())
        }
        ("minVersion", [range]) => Range::parse(range, options).ok().map(|range| min_version(&range)),
        ("maxSatisfying", [range, versions @ ..]) => {
            Some(pick(range, versions, options, |range, versions| {
                range.max_satisfying(versions).map(|version| version.as_written().to_owned())
            }))
        }
        ("minSatisfying", [range, versions @ ..]) => {
            Some(pick(range, versions, options, |range, versions| {
                range.min_satisfying(versions).map(|version| version.as_written().to_owned())
            }))
        }
        ("simplify", [range, versions @ ..]) => simplify(range, versions, options),
        ("outside", [version, range, side]) => {
            let side = if *side == ">" { Side::Above } else { Side::Below };
            let range = Range::parse(range, options).ok();
            read(version).zip(range).map(|(version, range)| range.is_outside(&version, side).to_string())
        }
        _ => panic!("{case:?}"),
    };
    answer.unwrap_or_else(|| String::from("invalid"))
}

const ALL: [&str; 4] = ["", "l", "p", "lp"];

fn options(flags: &str) -> Options {
    let mode = if flags.contains('l') { Mode::Loose } else { Mode::Strict };
    Options { mode, include_prerelease: flags.contains('p') }
}

fn parts(version: &Version) -> String {
    [
        version.to_string(),
        version.as_written().to_owned(),
        version.major().to_string(),
        version.minor().to_string(),
        version.patch().to_string(),
        version.pre().to_owned(),
        version.build().to_owned(),
    ]
    .join("\n")
}

fn compare(one: Option<Version>, other: Option<Version>, build: bool) -> Option<String> {
    let (one, other) = (one?, other?);
    let order = if build { one.cmp(&other) } else { one.cmp_precedence(&other) };
    Some((order as i8).to_string())
}

fn difference(one: &str, other: &str) -> Option<String> {
    let (one, other) = (one.parse::<Version>().ok()?, other.parse::<Version>().ok()?);
    Some(one.difference(&other).map_or_else(|| String::from("null"), |difference| difference.to_string()))
}

fn kind(name: &str) -> Option<Increment> {
    Some(match name {
        "major" => Increment::Major,
        "minor" => Increment::Minor,
        "patch" => Increment::Patch,
        "premajor" => Increment::Premajor,
        "preminor" => Increment::Preminor,
        "prepatch" => Increment::Prepatch,
        "prerelease" => Increment::Prerelease,
        "pre" => Increment::Pre,
        "release" => Increment::Release,
        _ => return None,
    })
}

fn increment(version: &Version, kind: &str, identifier: &str, base: &str) -> String {
    let base = match base {
        "false" => IdentifierBase::None,
        "1" => IdentifierBase::One,
        _ => IdentifierBase::Zero,
    };
    match version.increment(self::kind(kind).unwrap(), Some(identifier), base) {
        Ok(next) => format!("{next}\n{}", next.as_written()),
        Err(IncrementError::IdentifierEmpty) => String::from("empty"),
        Err(IncrementError::IdentifierExists { .. }) => String::from("exists"),
        Err(IncrementError::InvalidIdentifier { .. }) => String::from("invalid identifier"),
        Err(IncrementError::NotPrerelease { .. }) => String::from("not a prerelease"),
        Err(IncrementError::TooLarge { .. }) => String::from("too large"),
        Err(error) => panic!("{error}"),
    }
}

fn satisfies(version: &str, range: &str, flags: &str) -> &'static str {
    let options = options(flags);
    let is_in = Version::parse(version, options.mode)
        .is_ok_and(|version| Range::parse(range, options).is_ok_and(|range| range.satisfies(&version)));
    if is_in { "true" } else { "false" }
}

fn both(one: &str, other: &str, options: Options) -> Option<(Range, Range)> {
    Range::parse(one, options).ok().zip(Range::parse(other, options).ok())
}

fn min_version(range: &Range) -> String {
    range.min_version().map_or_else(|| String::from("null"), |version| version.to_string())
}

fn pick(
    range: &str,
    versions: &[&str],
    options: Options,
    best: fn(&Range, &[Version]) -> Option<String>,
) -> String {
    let versions: Vec<Version> =
        versions.iter().filter_map(|version| Version::parse(version, options.mode).ok()).collect();
    let range = Range::parse(range, options).ok();
    range.and_then(|range| best(&range, &versions)).unwrap_or_else(|| String::from("null"))
}

fn simplify(range: &str, versions: &[&str], options: Options) -> Option<String> {
    let range = Range::parse(range, options).ok()?;
    let versions: Vec<Version> = versions
        .iter()
        .map(|version| Version::parse(version, options.mode))
        .collect::<Result<_, _>>()
        .ok()?;
    Some(range.simplify(&versions))
}

/// The inputs of node-semver's own tests in all modes, with the answers of its release 7.8.6.
#[test]
fn the_facts_of_its_own_tests_hold() {
    let mut compared = 0;
    let mut tally = Tally::default();
    for line in include_str!("facts.tsv").lines() {
        let (case, theirs) = line.split_once('\t').unwrap();
        let case: Vec<String> = serde_json::from_str(case).unwrap();
        let theirs: String = serde_json::from_str(theirs).unwrap();
        let ours = tally.judge(&SUBJECT, &case, &theirs);
        assert_eq!(ours, None, "{case:?}: {theirs:?}");
        compared += 1;
    }
    assert!(compared > 5000, "{compared}");
}
