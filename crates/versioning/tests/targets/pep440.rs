//! What holds for every text that is read as a version or as a specifier by PEP 440.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use tminus_versioning::pep440::{Operator, Prereleases, Specifier, SpecifierSet, Version};

/// Lines that may be versions: what they mean survives being written, and their order is one.
pub(crate) fn pep440_version(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut versions: Vec<Version> = Vec::new();
    for line in text.split('\n').take(6) {
        match line.parse::<Version>() {
            Ok(version) => versions.push(version),
            Err(error) => {
                assert!(
                    error.offset().is_none_or(|offset| offset < line.len() && line.is_char_boundary(offset))
                );
                assert!(!error.to_string().is_empty());
            }
        }
    }
    for version in &versions {
        let canonical = version.to_string();
        let again: Version = canonical.parse().expect("a canonical form is a version");
        assert_eq!(&again, version);
        assert_eq!(hash(&again), hash(version));
        assert_eq!(again.to_string(), canonical);
        assert_eq!(again.is_prerelease(), version.is_prerelease());
        assert_eq!(version.is_prerelease(), version.pre().is_some() || version.dev().is_some());
        assert_eq!(parts(&again), parts(version));
        let written: Version = version.as_written().parse().expect("the written text is a version");
        assert_eq!(&written, version);
    }
    for left in &versions {
        for right in &versions {
            assert_eq!(left.cmp(right), right.cmp(left).reverse());
            assert_eq!(left == right, left.cmp(right).is_eq());
            assert!(left != right || hash(left) == hash(right));
        }
    }
    versions.sort();
    for (index, older) in versions.iter().enumerate() {
        assert!(versions.iter().skip(index).all(|newer| older <= newer));
    }
}

/// A set of specifiers in the first line, and in the others what is asked of it.
pub(crate) fn pep440_specifier(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let set: SpecifierSet = match first.parse() {
        Ok(set) => set,
        Err(error) => {
            assert!(error.offset().is_none_or(|offset| first.is_char_boundary(offset)));
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    assert_eq!(set.as_written(), first);
    let again: SpecifierSet = set.to_string().parse().expect("the canonical text is a set");
    assert_eq!(again, set);
    assert_eq!(hash(&again), hash(&set));
    assert_eq!(again.to_string(), set.to_string());
    for clause in set.clauses() {
        assert_eq!(first.get(clause.operator_span()), Some(clause.operator().as_str()));
        assert_eq!(first.get(clause.version_span()), Some(clause.version()));
        let text = clause.to_string();
        assert_eq!(Specifier::parse(&text), Ok(clause));
        assert!(clause.operator() == Operator::Arbitrary || clause.base().is_some());
    }

    let versions: Vec<Version> = rest.split('\n').take(6).filter_map(|line| line.parse().ok()).collect();
    for version in &versions {
        check_contains(&set, &again, version);
    }
    let finals = set.filter(&versions, Prereleases::Exclude);
    let all = set.filter(&versions, Prereleases::Allow);
    let usual = set.filter(&versions, Prereleases::Default);
    assert!(finals.iter().all(|version| !version.is_prerelease()));
    assert_eq!(usual, if finals.is_empty() || set.names_prerelease() { all } else { finals });
}

fn check_contains(set: &SpecifierSet, again: &SpecifierSet, version: &Version) {
    for prereleases in [Prereleases::Default, Prereleases::Allow, Prereleases::Exclude] {
        let wanted = set.contains(version, prereleases);
        assert_eq!(wanted, again.contains(version, prereleases));
        assert_eq!(
            wanted,
            set.clauses().all(|clause| clause.contains(version, prereleases)) && {
                prereleases != Prereleases::Exclude || !version.is_prerelease()
            }
        );
        let canonical = version.to_string();
        assert_eq!(set.contains_text(&canonical, prereleases), Ok(wanted));
        let has_text = set.clauses().any(|clause| clause.operator() == Operator::Arbitrary);
        assert!(has_text || !wanted || !set.is_unsatisfiable(prereleases));
    }
    // What the plain order says of the operators that follow it.
    let public: Version =
        version.to_string().split('+').next().unwrap_or_default().parse().expect("a version");
    for clause in set.clauses().filter(|clause| !clause.is_wildcard()) {
        let Some(bound) = clause.base() else { continue };
        let matches = clause.contains(version, Prereleases::Allow);
        match clause.operator() {
            Operator::AtLeast => assert_eq!(matches, public >= bound),
            Operator::AtMost => assert_eq!(matches, public <= bound),
            Operator::Compatible => assert!(!matches || public >= bound),
            Operator::Less => assert!(!matches || *version < bound),
            Operator::Greater => assert!(!matches || public > bound),
            Operator::Equal => assert!(!matches || public == bound || *version == bound),
            Operator::NotEqual => assert!(matches || public == bound || *version == bound),
            Operator::Arbitrary => {
                assert_eq!(matches, version.to_string().to_lowercase() == clause.version().to_lowercase());
            }
        }
    }
}

/// Everything that can be asked of a version.
fn parts(version: &Version) -> impl PartialEq + std::fmt::Debug {
    let release = version.release().to_vec();
    (
        version.epoch(),
        release,
        version.pre(),
        version.post(),
        version.dev(),
        version.local(),
        version.is_final(),
    )
}

fn hash<T: Hash>(value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
