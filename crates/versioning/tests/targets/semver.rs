//! What holds for every text that is read as a SemVer version or as a requirement of Cargo.

use std::cmp::Ordering;

use tminus_versioning::cargo::{self, VersionReq};
use tminus_versioning::semver::Version;

/// Versions, one a line.
pub(crate) fn semver_version(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut versions: Vec<Version> = Vec::new();
    for line in text.split('\n').take(8) {
        let cargo = line.parse::<cargo::Version>();
        match line.parse::<Version>() {
            Ok(version) => {
                assert_eq!(version.to_string(), line);
                let fits = [version.major(), version.minor(), version.patch()].iter().all(Option::is_some);
                assert_eq!(cargo.is_ok(), fits, "{line}");
                versions.push(version);
            }
            Err(error) => {
                assert!(cargo.is_err(), "{line}");
                assert!(error.offset().is_none_or(|offset| line.is_char_boundary(offset)), "{error}");
            }
        }
        if let Err(error) = cargo {
            assert!(error.offset().is_none_or(|offset| line.is_char_boundary(offset)), "{error}");
        }
    }
    for a in &versions {
        for b in &versions {
            assert_eq!(a.cmp(b), b.cmp(a).reverse());
            assert_eq!(a.cmp(b) == Ordering::Equal, a == b);
            let numbers = |version: &Version| version.to_string().split('+').next().map(str::to_owned);
            assert_eq!(a.cmp_precedence(b) == Ordering::Equal, numbers(a) == numbers(b));
            if let (Ok(left), Ok(right)) = (a.as_str().parse::<cargo::Version>(), b.as_str().parse()) {
                assert_eq!(a.cmp(b), left.cmp(&right), "{a} {b}");
            }
            assert!(versions.iter().all(|c| a > b || b > c || a <= c));
        }
    }
}

/// A requirement in the first line, versions in the others.
pub(crate) fn cargo_req(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let requirement: VersionReq = match first.parse() {
        Ok(requirement) => requirement,
        Err(error) => {
            assert!(error.offset().is_none_or(|offset| first.is_char_boundary(offset)), "{error}");
            return;
        }
    };
    assert_eq!(requirement.to_string().parse::<VersionReq>().as_ref(), Ok(&requirement));
    assert_eq!(requirement.as_written().parse::<VersionReq>().as_ref(), Ok(&requirement));
    let parts: Vec<VersionReq> =
        requirement.comparators().map(|comparator| comparator.to_string().parse().unwrap()).collect();
    for version in rest.split('\n').take(8).filter_map(|line| line.parse::<cargo::Version>().ok()) {
        if version.is_prerelease() {
            // One comparator has to name the very numbers, with a pre-release part.
            let named = requirement.comparators().any(|comparator| {
                let numbers = (comparator.major(), comparator.minor(), comparator.patch());
                let same = numbers == (version.major(), Some(version.minor()), Some(version.patch()));
                same && !comparator.pre().is_empty()
            });
            assert!(named || !requirement.matches(&version), "{requirement} {version}");
        } else {
            let all = parts.iter().all(|part| part.matches(&version));
            assert_eq!(requirement.matches(&version), all, "{requirement} {version}");
        }
    }
}
