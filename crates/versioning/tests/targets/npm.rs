//! Laws of npm versions and ranges, for any bytes.

use std::cmp::Ordering;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use tminus_versioning::npm::{IdentifierBase, Increment, Mode, Options, Range, Version};

const MODES: [Mode; 2] = [Mode::Strict, Mode::Loose];

/// Each line is a version: what is read is written alike, ordered, and counted up.
pub(crate) fn npm_version(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for mode in MODES {
        let mut versions = Vec::new();
        for line in text.split('\n').take(6) {
            match Version::parse(line, mode) {
                Ok(version) => versions.push(version),
                Err(error) => {
                    assert!(error.offset().is_none_or(|offset| line.is_char_boundary(offset)), "{line:?}");
                }
            }
        }
        for version in &versions {
            round_trip(version);
            count_up(version);
        }
        for one in &versions {
            for two in &versions {
                assert_eq!(one.cmp(two), two.cmp(one).reverse(), "{one:?} {two:?}");
                assert_eq!(one == two, one.cmp(two) == Ordering::Equal, "{one:?} {two:?}");
                assert!(one != two || hash(one) == hash(two), "{one:?} {two:?}");
                assert_eq!(one.difference(two).is_none(), one.cmp_precedence(two) == Ordering::Equal);
                for three in &versions {
                    if one <= two && two <= three {
                        assert!(one <= three, "{one:?} {two:?} {three:?}");
                        assert!(one.cmp_precedence(three) != Ordering::Greater, "{one:?} {two:?} {three:?}");
                    }
                }
            }
        }
    }
}

fn hash(version: &Version) -> u64 {
    let mut hasher = DefaultHasher::new();
    version.hash(&mut hasher);
    hasher.finish()
}

fn round_trip(version: &Version) {
    let canonical = version.to_string();
    // Large numbers keep their leading zeros, which strict mode refuses.
    let again = canonical.parse().or_else(|_| Version::parse(&canonical, Mode::Loose));
    let is_same =
        |again: Version| again.to_string() == canonical && again.cmp_precedence(version) == Ordering::Equal;
    assert!(again.is_ok_and(is_same), "{version:?}");
}

fn count_up(version: &Version) {
    let kinds =
        [Increment::Major, Increment::Minor, Increment::Patch, Increment::Premajor, Increment::Release];
    for kind in kinds {
        if let Ok(next) = version.increment(kind, Some("rc"), IdentifierBase::One) {
            assert_eq!(next.cmp_precedence(version), Ordering::Greater, "{version:?} {kind:?}");
            assert_eq!(next.build(), version.build());
        }
    }
}

/// The first line is a range, the second another one, the others versions.
pub(crate) fn npm_range(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut lines = text.split('\n');
    let (first, second) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let versions: Vec<Version> =
        lines.take(6).filter_map(|line| Version::parse(line, Mode::Loose).ok()).collect();
    for mode in MODES {
        for include_prerelease in [false, true] {
            let options = Options { mode, include_prerelease };
            let one = read(first, options);
            let other = read(second, options);
            let Some(one) = one else { continue };
            ask(&one, &versions);
            if let Some(other) = other {
                ask_both(&one, &other, &versions);
                ask_both(&other, &one, &versions);
            }
        }
    }
}

fn read(text: &str, options: Options) -> Option<Range> {
    match Range::parse(text, options) {
        Ok(range) => Some(range),
        Err(error) => {
            assert!(error.offset().is_none_or(|offset| text.is_char_boundary(offset)), "{text:?}");
            None
        }
    }
}

fn ask_both(one: &Range, other: &Range, versions: &[Version]) {
    let Options { mode, include_prerelease } = one.options();
    let (is_subset, intersects) = (one.is_subset(other), one.intersects(other));
    // A pre-release that is named meets the range for every version from one side alone.
    if include_prerelease || one.is_any() == other.is_any() {
        assert_eq!(intersects, other.intersects(one), "{one:?} {other:?}");
    }
    for version in versions {
        let (is_in, is_in_other) = (one.satisfies(version), other.satisfies(version));
        // As in node-semver, `1.2.3-rc >=1` counts as nothing to a subset, and two spellings of a padded number as two.
        if !version.is_prerelease() || include_prerelease {
            assert!(!is_subset || !is_in || is_in_other, "{one:?} {other:?} {version:?}");
        }
        if !version.is_prerelease() || include_prerelease && mode == Mode::Strict {
            assert!(intersects || !is_in || !is_in_other, "{one:?} {other:?} {version:?}");
        }
    }
}

fn ask(range: &Range, versions: &[Version]) {
    let include_prerelease = range.options().include_prerelease;
    for version in versions {
        let by_hand = range.alternatives().any(|comparators| {
            let core = |version: &Version| (version.major(), version.minor(), version.patch());
            let names_it = || {
                let mut bounds = comparators.iter().map(tminus_versioning::npm::Comparator::version);
                bounds.any(|bound| bound.is_prerelease() && core(&bound) == core(version))
            };
            comparators.iter().all(|comparator| comparator.matches(version))
                && (include_prerelease || !version.is_prerelease() || names_it())
        });
        assert_eq!(range.satisfies(version), by_hand, "{range:?} {version:?}");
        assert!(!by_hand || !range.is_above(version) && !range.is_below(version), "{range:?} {version:?}");
    }
    if let Some(smallest) = range.min_version() {
        assert!(range.satisfies(&smallest), "{range:?} {smallest:?}");
    }
    let best = range.max_satisfying(versions);
    assert_eq!(best.is_some(), versions.iter().any(|version| range.satisfies(version)), "{range:?}");
    assert!(best.is_none_or(|best| range.satisfies(best)), "{range:?}");
    let _ = range.simplify(versions);
    assert!(range.is_subset(range), "{range:?}");
}
