//! A pre-release leaves as much room above it as its release would.

use proptest::prelude::*;

use super::laws::{case, read};
use super::*;
use crate::constraint::satisfies;
use crate::constraint::scan::{Clause, Operator, spell};
use crate::constraint::target::Point;

/// Every final version of numbers as small as those of the generators, and of the ones behind them.
fn versions(ecosystem: Ecosystem) -> Vec<String> {
    let v = if ecosystem == Ecosystem::Go { "v" } else { "" };
    let mut versions = Vec::new();
    for major in [0, 1, 2, 3] {
        for minor in [0, 1, 2, 3, 13] {
            for patch in [0, 1, 3, 5] {
                versions.push(format!("{v}{major}.{minor}.{patch}"));
            }
            if ecosystem.is_python() {
                versions.push(format!("{major}.{minor}.1.1"));
                versions.push(format!("{major}.{minor}.post1"));
            }
        }
    }
    versions
}

fn is_at_least(ecosystem: Ecosystem, version: &str, other: &Target) -> bool {
    Target::parse(ecosystem, version).unwrap().point().compare(other.point()).is_ge()
}

/// Whether a clause names one version or bounds the pre-releases of `release`: what then is left has no width to keep.
fn has_no_width(ecosystem: Ecosystem, clause: &Clause, release: &Target) -> bool {
    let version = &clause.version;
    let is_prerelease = Point::read(ecosystem, &version.lowest(ecosystem))
        .is_some_and(|point| point.is_prerelease() && !point.is_lowest());
    let mut numbers = version.numbers.clone();
    numbers.resize(4, 0);
    match clause.operator {
        Operator::Exact | Operator::Identical => !clause.is_prefix(ecosystem),
        Operator::Below | Operator::Maximum => is_prerelease && numbers == release.numbers(4),
        _ => false,
    }
}

/// A pre-release of the numbers that the cases have.
fn prerelease(ecosystem: Ecosystem) -> BoxedStrategy<String> {
    let text = match ecosystem {
        Ecosystem::Python | Ecosystem::Poetry => {
            "(0|1|2)(\\.(0|1|2|12)(\\.(0|1|3)(\\.(0|1))?)?)?(a1|rc1|\\.dev0|b2\\.dev1)"
        }
        Ecosystem::Npm | Ecosystem::Cargo => "(0|1|2)\\.(0|1|3)\\.(0|1|4)(-rc\\.1|-0)",
        Ecosystem::Go => "v(0|1|2)\\.(0|1|3)\\.(0|1|4)-rc\\.1",
    };
    proptest::string::string_regex(text).unwrap().boxed()
}

/// A clause that bounds on both sides or below, as its operator, its numbers and its wildcards.
fn clause() -> impl Strategy<Value = (Ecosystem, String, Vec<u64>, String)> {
    let of = |ecosystem: Ecosystem,
              operators: &'static [&'static str],
              wildcards: &'static [&'static str]| {
        let numbers = prop::collection::vec(0_u64..3, 1..=if ecosystem == Ecosystem::Python { 4 } else { 3 });
        (Just(ecosystem), prop::sample::select(operators), numbers, prop::sample::select(wildcards))
            .prop_filter_map(
                "complete versions have no wildcard, and PEP 440 has rules of its own",
                |(ecosystem, operator, numbers, wildcard)| {
                    let is_python = ecosystem.is_python();
                    let fits = match operator {
                        "==" | "" if is_python => !wildcard.is_empty(),
                        "~=" if ecosystem == Ecosystem::Python => wildcard.is_empty() && numbers.len() > 1,
                        _ if is_python => wildcard.is_empty(),
                        _ => wildcard.is_empty() || numbers.len() < 3,
                    };
                    let is_pin = numbers.len() == 3 && !is_python && matches!(operator, "=" | "");
                    let is_pin = is_pin && !(ecosystem == Ecosystem::Cargo && operator.is_empty());
                    (fits && !is_pin).then(|| (ecosystem, operator.to_owned(), numbers, wildcard.to_owned()))
                },
            )
    };
    prop_oneof![
        of(Ecosystem::Python, &["~=", "==", ">="], &["", ".*"]),
        of(Ecosystem::Poetry, &["~=", "==", "", ">=", "^", "~"], &["", ".*"]),
        of(Ecosystem::Npm, &["^", "~", "~>", "", "=", ">="], &["", ".x", ".*"]),
        of(Ecosystem::Cargo, &["^", "~", "", "=", ">="], &["", ".*"]),
    ]
}

fn clause_and_prerelease() -> impl Strategy<Value = ((Ecosystem, String, Vec<u64>, String), String)> {
    clause().prop_flat_map(|clause| {
        let to = prerelease(clause.0);
        (Just(clause), to)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// What is admitted from the release on is what the same clause with the numbers of the release admits.
    #[test]
    fn a_clause_keeps_its_width(((ecosystem, operator, numbers, wildcard), to) in clause_and_prerelease()) {
        let text = format!("{operator}{}", spell(None, &numbers, &wildcard));
        let how = How { allow_lowering: true, ..How::default() };
        let rewritten = rewrite(ecosystem, &text, &to, how).unwrap();
        let target = Target::parse(ecosystem, &to).unwrap();
        let release = target.release(ecosystem).unwrap();
        let same = format!("{operator}{}", spell(None, &release.numbers(numbers.len()), &wildcard));
        prop_assert!(satisfies(ecosystem, rewritten.text(), &to).unwrap());
        for version in versions(ecosystem) {
            let admits = satisfies(ecosystem, rewritten.text(), &version).unwrap();
            let expected = is_at_least(ecosystem, &version, &target)
                && satisfies(ecosystem, &same, &version).unwrap();
            prop_assert_eq!(admits, expected, "{} to {}: {} and {}", text, to, rewritten.text(), version);
        }
        // The pre-releases of what ends the range are no more than those within it.
        for version in versions(ecosystem).iter().filter(|version| !version.contains("post")) {
            let candidate = format!("{version}{}", if ecosystem.is_python() { "rc1" } else { "-rc.1" });
            if satisfies(ecosystem, rewritten.text(), &candidate).unwrap() {
                prop_assert!(satisfies(ecosystem, rewritten.text(), version).unwrap(), "{} {}", text, candidate);
            }
        }
    }

    /// The same for all constraints that can be rewritten for both.
    #[test]
    fn a_constraint_keeps_its_width(
        ((ecosystem, text, _), to) in case().prop_flat_map(|case| {
            let to = prerelease(case.0);
            (Just(case), to)
        }),
        allow_lowering: bool,
    ) {
        let how = How { allow_lowering, ..How::default() };
        let target = Target::parse(ecosystem, &to).unwrap();
        let release = target.release(ecosystem).unwrap();
        let (Ok(new), Ok(of_release)) =
            (rewrite(ecosystem, &text, &to, how), rewrite(ecosystem, &text, release.text(), how))
        else {
            return Ok(());
        };
        let has_width =
            !read(ecosystem, &text).clauses().any(|clause| has_no_width(ecosystem, clause, &release));
        for version in versions(ecosystem) {
            let admits = satisfies(ecosystem, new.text(), &version).unwrap();
            let expected = satisfies(ecosystem, of_release.text(), &version).unwrap();
            let is_above = is_at_least(ecosystem, &version, &target);
            let told = format!("{text} to {to}: {} or {}, and {version}", new.text(), of_release.text());
            if has_width && is_above {
                prop_assert_eq!(admits, expected, "{}", told);
            } else if admits {
                prop_assert!(expected || satisfies(ecosystem, &text, &version).unwrap(), "{}", told);
            }
        }
    }
}
