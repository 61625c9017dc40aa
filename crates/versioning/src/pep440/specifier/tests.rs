use std::collections::hash_map::DefaultHasher;

use proptest::prelude::*;

use super::super::tests::any_version;
use super::*;

fn version(text: &str) -> Version {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

fn set(text: &str) -> SpecifierSet {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

fn hash<T: Hash>(value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[track_caller]
fn check_refused(text: &str, message: &str, offset: Option<usize>) {
    let error = text.parse::<SpecifierSet>().unwrap_err();
    assert_eq!(error.to_string(), message);
    assert_eq!(error.offset(), offset);
}

#[track_caller]
fn check_contains(text: &str, wanted: &[&str], unwanted: &[&str]) {
    let set = set(text);
    for (versions, expected) in [(wanted, true), (unwanted, false)] {
        for text in versions {
            assert_eq!(set.contains(&version(text), Prereleases::Default), expected, "{set:?} {text}");
            assert_eq!(set.contains_text(text, Prereleases::Allow), Ok(expected), "{set:?} {text}");
        }
    }
}

#[test]
fn errors_point_at_the_character() {
    let clause = |clause: &str, reason: &str| format!("{clause:?} is not a version specifier: {reason}");
    check_refused("1.0", &clause("1.0", "it must start with one of ~= == != <= >= < > ==="), Some(0));
    check_refused(">=1, =2", &clause("=2", "it must start with one of ~= == != <= >= < > ==="), Some(5));
    check_refused(">= ", &clause(">=", "there is no version after the operator"), Some(2));
    check_refused("==.*", &clause("==.*", "there is no version after the operator"), Some(2));
    check_refused("é", &clause("é", "it must start with one of ~= == != <= >= < > ==="), Some(0));
    check_refused(">=1, < 2.x", &clause("< 2.x", "unexpected '.' at character 4"), Some(8));
    check_refused(">v", &clause(">v", "it ends too early"), Some(2));
    check_refused("==1é", &clause("==1é", "unexpected 'é' at character 4"), Some(3));
    check_refused("===a b", &clause("===a b", "unexpected ' ' at character 5"), Some(4));
    check_refused(
        ">=1.0+cpu",
        &clause(">=1.0+cpu", "unexpected '+' at character 6; only == and != take a local part"),
        Some(5),
    );
    check_refused(
        ">=1.*",
        &clause(">=1.*", "unexpected '.' at character 4; only == and != take `.*`"),
        Some(3),
    );
    check_refused(
        "==1a1.*",
        &clause("==1a1.*", "unexpected '.' at character 6; `.*` follows nothing but release numbers"),
        Some(5),
    );
    check_refused("~=1", &clause("~=1", "~= needs at least two numbers, such as `~=1.0`"), Some(2));
    for operator in ["<", "==="] {
        let text = format!("{operator}18446744073709551616");
        check_refused(
            &text,
            &clause(&text, "a number in it exceeds 18446744073709551615"),
            Some(operator.len() + 19),
        );
    }
    let text = format!("==1.{}", "0".repeat(255));
    check_refused(&text, &clause(&text, "a version is at most 256 bytes long, this one has 257"), Some(2));
    let text = format!(">=1{}", " ".repeat(4096));
    check_refused(&text, "version specifiers are at most 4096 bytes long, this text has 4099", None);
}

#[test]
fn clauses_keep_their_places() {
    let text = "\u{a0}>= 1.0 ,, ===a,~=2.0 ,";
    let set = set(text);
    let clauses: Vec<_> = set.clauses().collect();
    let operators: Vec<&str> = clauses.iter().map(|clause| &text[clause.operator_span()]).collect();
    let versions: Vec<&str> = clauses.iter().map(|clause| &text[clause.version_span()]).collect();
    assert_eq!((operators, versions), (vec![">=", "===", "~="], vec!["1.0", "a", "2.0"]));
    assert_eq!(set.as_written(), text);
    assert_eq!(set.to_string(), "===a,>=1.0,~=2.0");
    assert_eq!(clauses[0].base(), Some(version("1")));
    assert_eq!(clauses[1].base(), None);
    assert!(Specifier::parse(" ==1.4.*").unwrap().is_wildcard());
    assert_eq!(Specifier::parse("==1.4.*").unwrap().base(), Some(version("1.4")));
    assert_eq!(serde_json::to_string(&set).unwrap(), format!("{text:?}").replace("\\u{a0}", "\u{a0}"));
    assert_eq!(serde_json::from_str::<SpecifierSet>("\"<2\"").unwrap(), self::set("<2.0"));
    assert!(serde_json::from_str::<SpecifierSet>("\"2\"").is_err());
}

#[test]
fn operators_follow_the_specification() {
    check_contains("~=2.2", &["2.2", "2.9", "2.2.post1"], &["2.2rc1", "3.0", "3.dev0", "1!2.3"]);
    check_contains("~=1.4.5a4", &["1.4.5a4", "1.4.9"], &["1.4.5a3", "1.5"]);
    check_contains("==1.1", &["1.1", "1.1.0", "1.1+local"], &["1.1.post1", "1.1a1"]);
    check_contains("==1.1+a", &["1.1+A", "1.1.0+a"], &["1.1", "1.1+b", "1.1+a.1"]);
    check_contains("!=1.1+a", &["1.1", "1.1+b"], &["1.1+A"]);
    check_contains("==1.0.*", &["1", "1.0.dev1", "1.0.9.post1+a"], &["1.1", "0.9"]);
    check_contains("!=1.1.*", &["1", "1.2.dev0"], &["1.1.0.0.5", "1.1a1"]);
    check_contains("<2", &["1.9", "1.9rc1", "0!0"], &["2.dev0", "2rc1", "2", "1!0"]);
    check_contains("<2.post1", &["2.dev0", "2", "2.post0"], &["2.post1.dev0", "2.post1"]);
    check_contains(
        ">1.7",
        &["1.7.1", "1.7.0.0.0.1", "1.8.dev0"],
        &["1.7.post1", "1.7+a", "1.7.post99999999999"],
    );
    check_contains(">1.7a1", &["1.7a2.dev0", "1.7"], &["1.7a1.post1", "1.7a1+b", "1.7a1.post9999.dev1"]);
    check_contains(">1.7.post2", &["1.7.post3", "1.7.post3.dev0"], &["1.7.post2+a", "1.7.post2"]);
    check_contains("<=1.0", &["1.0+a", "1.0rc1"], &["1.0.post0.dev0"]);
    check_contains("<0.dev0", &[], &["0.dev0", "0", "1"]);
    check_contains("===1.0", &["1.0"], &["1.0.0", "1"]);
}

#[test]
fn text_beyond_the_limits_is_no_answer() {
    let set = set(">=1");
    assert!(set.contains_text("99999999999999999999", Prereleases::Default).is_err());
    assert_eq!(set.contains_text("99999999999999999999x", Prereleases::Default), Ok(false));
    assert_eq!(set.contains_text("1.x", Prereleases::Default), Ok(false));
    assert_eq!(self::set("===1.X").contains_text("1.x", Prereleases::Exclude), Ok(true));
    assert!(set.filter_text(["2", "99999999999999999999"], Prereleases::Default).is_err());
    assert!(
        Specifier::parse(">=1").unwrap().contains_text("99999999999999999999", Prereleases::Allow).is_err()
    );
}

#[test]
fn equal_clauses_are_one() {
    assert_eq!(set(">1.0.0,>1.0"), set(">1.0"));
    assert_eq!(hash(&set(">1.0.0,>1.0")), hash(&set(">1.0")));
    assert_eq!(set("<2,>1"), set(" > 1, <2"));
    assert_ne!(set("~=1.18.0"), set("~=1.18"));
    assert_ne!(set("===1.0"), set("===1"));
    assert_ne!(set("==1.*"), set("==1.0.*"));
    assert_eq!(set("").to_string(), "");
    assert!(set(", ,").is_empty());
}

#[test]
fn a_million_clauses_cannot_be_sent() {
    assert!(">1,".repeat(1_000_000).parse::<SpecifierSet>().is_err());
    assert_eq!(set(&">1,".repeat(1365)).to_string(), ">1");
}

/// What PEP 440 says, read once more and as plainly as possible.
fn model(clause: &Specifier<'_>, candidate: &Version) -> bool {
    let bound = clause.base().unwrap();
    let public = |version: &Version| self::version(version.to_string().split('+').next().unwrap());
    let without = |version: &Version, pre: bool, post: bool| {
        let number = |keep: bool, word: &str, number: Option<u64>| match number {
            Some(number) if keep => format!("{word}{number}"),
            _ => String::new(),
        };
        let release: Vec<String> = version.release().iter().map(ToString::to_string).collect();
        let kept = match version.pre() {
            Some((kind, number)) if pre => format!("{}{number}", ["a", "b", "rc"][kind as usize]),
            _ => String::new(),
        };
        let text = format!(
            "{}!{}{kept}{}",
            version.epoch(),
            release.join("."),
            number(post, ".post", version.post())
        );
        self::version(&text)
    };
    let starts_with = |prefix: &[u64]| {
        let mut release = candidate.release().to_vec();
        release.resize(release.len().max(prefix.len()), 0);
        candidate.epoch() == bound.epoch() && release.starts_with(prefix)
    };
    match clause.operator() {
        Operator::Equal if clause.is_wildcard() => starts_with(&bound.release()),
        Operator::NotEqual if clause.is_wildcard() => !starts_with(&bound.release()),
        Operator::Equal if bound.local().is_some() => *candidate == bound,
        Operator::NotEqual if bound.local().is_some() => *candidate != bound,
        Operator::Equal => public(candidate) == bound,
        Operator::NotEqual => public(candidate) != bound,
        Operator::AtLeast => public(candidate) >= bound,
        Operator::AtMost => public(candidate) <= bound,
        Operator::Compatible => {
            let (_, series) =
                bound.release().split_last().map(|(last, series)| (*last, series.to_vec())).unwrap();
            public(candidate) >= bound && starts_with(&series)
        }
        // "must not allow a pre-release of the specified version unless it is itself a pre-release"
        Operator::Less => {
            let released = without(candidate, false, candidate.pre().is_none());
            let is_its_prerelease = candidate.is_prerelease() && released == bound;
            *candidate < bound && (bound.is_prerelease() || !is_its_prerelease)
        }
        // "must not allow a post-release of the given version unless it is itself a post-release"
        Operator::Greater => {
            let is_its_post = candidate.post().is_some() && without(candidate, true, false) == bound;
            public(candidate) > bound && (bound.post().is_some() || !is_its_post)
        }
        Operator::Arbitrary => candidate.to_string() == clause.version(),
    }
}

/// A clause whose version is near the ones of `any_version`.
fn any_clause() -> impl Strategy<Value = String> {
    let operator = prop::sample::select(vec!["~=", "==", "!=", "<=", ">=", "<", ">", "==="]);
    (operator, any_version(), any::<bool>()).prop_map(|(operator, version, wildcard)| {
        let public = version.split('+').next().unwrap();
        let end = version.find(|byte: char| !"0123456789.!".contains(byte)).unwrap_or(version.len());
        let plain = version[..end].trim_end_matches('.');
        match operator {
            "==" | "!=" if wildcard => format!("{operator}{plain}.*"),
            "==" | "!=" | "===" => format!("{operator}{version}"),
            "~=" if !plain.contains('.') => format!(">={public}"),
            _ => format!("{operator}{public}"),
        }
    })
}

proptest! {
    #[test]
    fn clauses_match_as_the_model_does(clause in any_clause(), candidate in any_version()) {
        let clause = Specifier::parse(&clause).unwrap();
        let candidate = version(&candidate);
        prop_assert_eq!(clause.contains(&candidate, Prereleases::Allow), model(&clause, &candidate));
    }

    #[test]
    fn what_matches_proves_a_set_satisfiable(
        clauses in prop::collection::vec(any_clause(), 0..4),
        candidates in prop::collection::vec(any_version(), 1..6),
    ) {
        let set = set(&clauses.join(", "));
        for candidate in candidates {
            let candidate = version(&candidate);
            for prereleases in [Prereleases::Default, Prereleases::Allow, Prereleases::Exclude] {
                let wanted = set.contains(&candidate, prereleases);
                let each = set.clauses().all(|clause| clause.contains(&candidate, prereleases));
                prop_assert_eq!(wanted, each && !(prereleases == Prereleases::Exclude && candidate.is_prerelease()));
                // `===` takes the text of a version, not the version.
                let text = set.clauses().any(|clause| clause.operator() == Operator::Arbitrary);
                prop_assert!(text || !wanted || !set.is_unsatisfiable(prereleases));
            }
        }
    }

    #[test]
    fn both_texts_mean_the_same(clauses in prop::collection::vec(any_clause(), 0..5)) {
        let set = set(&clauses.join(" ,"));
        let again: SpecifierSet = set.to_string().parse().unwrap();
        prop_assert_eq!(&again, &set);
        prop_assert_eq!(hash(&again), hash(&set));
        prop_assert_eq!(again.to_string(), set.to_string());
        let joined: Vec<String> = set.clauses().map(|clause| clause.to_string()).collect();
        prop_assert_eq!(joined, clauses);
    }

    #[test]
    fn what_is_filtered_is_contained(clause in any_clause(), candidates in prop::collection::vec(any_version(), 0..6)) {
        let set = set(&clause);
        let versions: Vec<Version> = candidates.iter().map(|text| version(text)).collect();
        let all = set.filter(&versions, Prereleases::Allow);
        let finals = set.filter(&versions, Prereleases::Exclude);
        let chosen = set.filter(&versions, Prereleases::Default);
        let contained: Vec<&Version> =
            versions.iter().filter(|version| set.contains(version, Prereleases::Allow)).collect();
        prop_assert_eq!(&all, &contained);
        prop_assert!(finals.iter().all(|version| !version.is_prerelease()));
        let expected = if finals.is_empty() || set.names_prerelease() { &all } else { &finals };
        prop_assert_eq!(&chosen, expected);
    }

    #[test]
    fn no_text_panics_and_every_place_is_inside(text in "\\PC{0,20}|[0-9a-z.+!*<>=~, -]{0,30}|([<>=~!]{1,3}[0-9a.*+ ]{0,6},?){0,4}") {
        if let Err(error) = text.parse::<SpecifierSet>() {
            prop_assert!(error.offset().is_none_or(|offset| text.is_char_boundary(offset)));
        }
        if let Err(error) = Specifier::parse(&text) {
            prop_assert!(error.offset().is_none_or(|offset| text.is_char_boundary(offset)));
        }
    }
}
