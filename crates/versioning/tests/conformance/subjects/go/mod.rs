//! Versions of Go modules against `golang.org/x/mod`.
//!
//! `baseline.tsv` holds answers of that package as Go 1.19 carries it: the answer, the question, and its arguments.

use std::cmp::Ordering;

use tminus_versioning::go::{PseudoVersion, Version, check_path_major, split_path_version};

use super::random::Random;
use super::semver::{spoil, version as semver_version};
use super::{Reference, Subject};

const UNSTABLE: &str = "a path that ends with `.v-unstable` names no major version";

pub(crate) const SUBJECT: Subject = Subject {
    name: "go",
    reference: Reference::Go { script: include_str!("reference.go") },
    case,
    answer,
    deviation,
    reasons: &[(UNSTABLE, 5)],
};

fn case(random: &mut Random) -> Vec<String> {
    match random.below(9) {
        0 => vec!["canonical".to_owned(), anything(random)],
        1 => vec!["parse".to_owned(), anything(random)],
        2 | 3 => vec!["compare".to_owned(), canonical(random), canonical(random)],
        4 => {
            let mut list: Vec<String> = (0..random.below(5) + 2).map(|_| canonical(random)).collect();
            list.insert(0, "sort".to_owned());
            list
        }
        5 | 6 => {
            let mut text = pseudo(random);
            while random.chance(1, 6) {
                text = spoil(random, &text);
            }
            vec!["pseudo".to_owned(), text]
        }
        7 => vec!["split".to_owned(), path(random)],
        _ => vec!["check".to_owned(), canonical(random), path(random)],
    }
}

fn answer(question: &[String]) -> String {
    let text = &question[1];
    match question[0].as_str() {
        "canonical" => match Version::canonical(text) {
            Ok(version) => {
                let plain = version.as_str().strip_suffix("+incompatible").unwrap_or(version.as_str());
                format!("{version} {plain}")
            }
            Err(_) => " ".to_owned(),
        },
        "parse" => match text.parse::<Version>() {
            Ok(version) => {
                let dash = if version.is_prerelease() { "-" } else { "" };
                format!(
                    "{} {dash}{} {} {}",
                    version.major_text(),
                    version.pre(),
                    version.is_incompatible(),
                    version.is_pseudo()
                )
            }
            Err(_) => "invalid".to_owned(),
        },
        "compare" => compare(text, &question[2]),
        "sort" => {
            let mut list: Vec<Version> = question[1..].iter().map(|text| text.parse().unwrap()).collect();
            list.sort();
            list.iter().map(Version::as_str).collect::<Vec<_>>().join(" ")
        }
        "pseudo" => match text.parse::<PseudoVersion>() {
            Ok(pseudo) => {
                let base = pseudo.base().map_or("", Version::as_str);
                if let Some(base) = pseudo.base() {
                    assert_eq!(PseudoVersion::after(base, pseudo.time(), pseudo.revision()).unwrap(), pseudo);
                }
                format!("{base} {} {}", pseudo.time().compact(), pseudo.revision())
            }
            Err(_) => "invalid".to_owned(),
        },
        "split" => match split_path_version(text) {
            Ok((prefix, suffix)) => format!("{prefix} {suffix}"),
            Err(_) => "invalid".to_owned(),
        },
        "check" => match split_path_version(&question[2]) {
            Ok((_, suffix)) => check_path_major(&text.parse().unwrap(), suffix).is_ok().to_string(),
            Err(_) => "invalid".to_owned(),
        },
        _ => "unknown question".to_owned(),
    }
}

/// Go splits off the major version that is none, and finds no version of it.
fn deviation(question: &[String], ours: &str, theirs: &str) -> Option<&'static str> {
    let foretold = match question[0].as_str() {
        "split" => {
            let front = question[1].strip_suffix(".v-unstable")?;
            front.starts_with("gopkg.in/").then(|| format!("{front} .v-unstable"))?
        }
        "check" => {
            let front = question[2].strip_suffix(".v-unstable")?;
            front.starts_with("gopkg.in/").then(|| "false".to_owned())?
        }
        _ => return None,
    };
    (ours == "invalid" && theirs == foretold).then_some(UNSTABLE)
}

fn compare(left: &str, right: &str) -> String {
    let (left, right): (Version, Version) = (left.parse().unwrap(), right.parse().unwrap());
    match left.cmp_precedence(&right) {
        Ordering::Less => "-1",
        Ordering::Equal => "0",
        Ordering::Greater => "1",
    }
    .to_owned()
}

/// A version that may stand in a `go.mod`.
fn canonical(random: &mut Random) -> String {
    if random.chance(1, 4) {
        let text = pseudo(random);
        if text.parse::<Version>().is_ok() {
            return text;
        }
    }
    let text = semver_version(random);
    let text = text.split_once('+').map_or(text.as_str(), |(front, _)| front);
    let build = if random.chance(1, 4) { "+incompatible" } else { "" };
    format!("v{text}{build}")
}

/// What may be a version, complete or not.
fn anything(random: &mut Random) -> String {
    let mut text = match random.below(4) {
        0 => canonical(random),
        1 => pseudo(random),
        _ => format!("v{}", semver_version(random)),
    };
    if random.chance(1, 4) {
        let dots = usize::try_from(random.below(2)).unwrap();
        text = text.split('.').take(dots + 1).collect::<Vec<_>>().join(".");
    }
    if random.chance(1, 6) {
        text.push_str(random.pick(&["+incompatible", "+meta", "-", "+", ".0", "+incompatible.1", "-0"]));
    }
    while random.chance(1, 4) {
        text = spoil(random, &text);
    }
    text
}

fn pseudo(random: &mut Random) -> String {
    let major = random.below(4);
    let number = |random: &mut Random| match random.below(6) {
        0 => "100000000000000000000000".to_owned(),
        1 => (random.below(20) * 10).to_string(),
        _ => random.below(3).to_string(),
    };
    let (minor, patch) = (number(random), number(random));
    let time = match random.below(8) {
        0 => "00010101000000".to_owned(),
        1 => format!("{:014}", random.below(100_000_000_000_000)),
        2 => format!("{}0229{:02}3000", 1896 + random.below(210), random.below(26)),
        3 => "2024013112000".to_owned() + random.pick(&["", "0", "00"]),
        4 => format!(
            "{:04}{:02}{:02}{:02}{:02}{:02}",
            random.below(3000),
            random.below(14),
            random.below(33),
            random.below(25),
            random.below(61),
            random.below(61)
        ),
        _ => format!("20{:02}{:02}{:02}120000", random.below(40), random.below(12) + 1, random.below(28) + 1),
    };
    let revision = random.pick(&[
        "abcdefabcdef",
        "000000000000",
        "hash",
        "1",
        "ABC",
        "012345678901",
        "0a1b2c",
        "",
        "a-b",
        "a.b",
    ]);
    let front = match random.below(6) {
        0 => format!("v{major}.0.0-"),
        1 => format!("v{major}.{minor}.{patch}-"),
        2 | 3 => format!("v{major}.{minor}.{patch}-0."),
        4 => format!("v{major}.{minor}.{patch}-{}.0.", random.pick(&["pre", "rc.1", "-", "0", "0.0", "x-y"])),
        _ => format!("v{major}.{minor}.{patch}-{}.", random.pick(&["pre", "rc.1", "x0", "1", "-0", "00"])),
    };
    let build = random.pick(&["", "", "", "+incompatible", "+meta"]);
    format!("{front}{time}-{revision}{build}")
}

fn path(random: &mut Random) -> String {
    let front = random.pick(&[
        "host.example/tool",
        "host.example",
        "gopkg.in/yaml",
        "gopkg.in/",
        "",
        "a/v",
        "gopkg.in",
    ]);
    let joint = random.pick(&["/v", ".v", "/v", ".v", "v", "/", ".", "/V"]);
    let digits = random.pick(&[
        "",
        "0",
        "1",
        "2",
        "3",
        "02",
        "10",
        "2.0",
        "2.",
        ".",
        "1.2",
        "2x",
        "18446744073709551616",
        "00",
    ]);
    let mut text = format!("{front}{joint}{digits}");
    if random.chance(1, 4) {
        text.push_str("-unstable");
    }
    if random.chance(1, 5) {
        text = spoil(random, &text);
    }
    text
}

#[test]
fn the_answers_of_go_are_ours() {
    let mut count = 0;
    for line in include_str!("baseline.tsv").lines() {
        let mut fields = line.split('\t').map(str::to_owned);
        let expected = fields.next().unwrap();
        let question: Vec<String> = fields.collect();
        assert_eq!(answer(&question), expected, "{question:?}");
        count += 1;
    }
    assert!(count > 600, "{count}");
}
