//! What holds for every version and every text.

use std::cell::Cell;
use std::cmp::Ordering;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::super::tests::any_version;
use super::*;
use crate::{calver as calendar, cargo, go, npm as node, pep440 as python, semver as strict};

/// Whether SemVer sorts the two otherwise: it compares `dev` with `alpha` and `beta` as words.
fn is_the_exception(left: &ReleaseVersion, right: &ReleaseVersion) -> bool {
    let dev = |version: &ReleaseVersion| matches!(version.phase(), Phase::Dev(_));
    let early = |version: &ReleaseVersion| matches!(version.phase(), Phase::Alpha(_) | Phase::Beta(_));
    left.is_same_release(right) && (dev(left) && early(right) || early(left) && dev(right))
}

proptest! {
    /// The order is that of the scheme's own module, which knows nothing of release versions.
    #[test]
    fn conversion_keeps_the_order((left, right) in two_versions()) {
        for scheme in Scheme::ALL {
            if let (Ok(one), Ok(other)) = (left.render(scheme), right.render(scheme)) {
                let neutral = left.clone().with_local(None).cmp(&right.clone().with_local(None));
                let semver = if is_the_exception(&left, &right) { neutral.reverse() } else { neutral };
                let (order, expected) = match scheme {
                    // Every tag that is written is also a version of PEP 440, and the module of tags orders them as text.
                    Scheme::Pep440 | Scheme::Oci => {
                        let read = |text: &str| text.parse::<python::Version>().unwrap();
                        (read(&one).cmp(&read(&other)), left.cmp(&right))
                    }
                    Scheme::Npm | Scheme::NpmLoose => {
                        let read = |text: &str| text.parse::<node::Version>().unwrap();
                        (read(&one).cmp_precedence(&read(&other)), semver)
                    }
                    Scheme::Semver => {
                        let read = |text: &str| text.parse::<strict::Version>().unwrap();
                        (read(&one).cmp_precedence(&read(&other)), semver)
                    }
                    Scheme::Cargo => {
                        let read = |text: &str| text.parse::<cargo::Version>().unwrap();
                        (read(&one).cmp_precedence(&read(&other)), semver)
                    }
                    Scheme::Go => {
                        let read = |text: &str| text.parse::<go::Version>().unwrap();
                        (read(&one).cmp_precedence(&read(&other)), semver)
                    }
                    Scheme::Calver => {
                        let read = |text: &str| text.parse::<calendar::Version>().unwrap();
                        (read(&one).cmp(&read(&other)), left.cmp(&right))
                    }
                };
                prop_assert_eq!(order, expected, "{}: {} {}", scheme, one, other);
            }
        }
    }

    #[test]
    fn every_pair_of_schemes_converts_back(version in any_version()) {
        for from in Scheme::ALL {
            let Ok(text) = version.render(from) else { continue };
            for to in Scheme::ALL {
                if let Ok(there) = convert(from, to, &text) {
                    prop_assert_eq!(ReleaseVersion::parse(to, &there).unwrap(), version.clone());
                    // The count of numbers may differ, where one side writes three at least.
                    prop_assert_eq!(ReleaseVersion::parse(from, &convert(to, from, &there).unwrap()).unwrap(), version.clone());
                }
            }
        }
    }

    #[test]
    fn strict_reading_loses_nothing(
        text in "v?(0|1|10)\\.(0|2)\\.(0|34)(-(alpha|beta|rc|RC|dev|a|next|5)(\\.?(0|1|27|x))?)?(\\+[a-bA0-1.-]{1,4})?",
    ) {
        let alone = [ "-alpha", "-beta", "-rc", "-dev"].iter().any(|word| {
            text.ends_with(word) || text.contains(&format!("{word}+"))
        });
        for scheme in [Scheme::Semver, Scheme::Cargo, Scheme::Go] {
            if let Ok(version) = ReleaseVersion::parse(scheme, &text) {
                let canonical = version.render(scheme).unwrap();
                if alone {
                    prop_assert_ne!(canonical, text.as_str());
                } else {
                    prop_assert_eq!(canonical, text.as_str());
                }
            }
        }
    }

    #[test]
    fn the_local_part_is_ordered_as_pep440_orders_it(left in any_version(), right in any_version()) {
        let left = left.with_phase(Phase::Final);
        let right = left.clone().with_local(right.local().cloned());
        prop_assert_eq!(left.cmp(&right), left.to_pep440().unwrap().cmp(&right.to_pep440().unwrap()));
        let plain = left.clone().with_local(None);
        prop_assert_eq!(left.cmp(&plain) == Ordering::Greater, left.local().is_some());
    }
}

prop_compose! {
    /// Two versions, in half of the pairs of one release, and often with a year in front.
    fn two_versions()(
        left in any_version(),
        right in any_version(),
        year in prop_oneof![Just(None), prop::sample::select(vec![24_u64, 106, 2024]).prop_map(Some)],
        is_same in any::<bool>(),
        zeros in 0..2_usize,
    ) -> (ReleaseVersion, ReleaseVersion) {
        let (mut left, mut right) = (left, right);
        if let Some(year) = year {
            (left.epoch, right.epoch) = (0, 0);
            (left.release[0], right.release[0]) = (year, year);
        }
        if is_same {
            right.epoch = left.epoch;
            right.release.clone_from(&left.release);
            let length = right.release.len();
            right.release.resize(length + zeros, 0);
        }
        (left, right)
    }
}

/// Text that is nearly always a version of some scheme, or one sign away from one.
fn version_like() -> impl Strategy<Value = String> {
    let front =
        prop_oneof![4 => Just(""), 3 => Just("v"), 1 => prop::sample::select(vec!["=", " ", "1!", "=v"])];
    let numbers = prop_oneof![
        4 => "(0|1|10)\\.(0|2)\\.(0|34)",
        2 => "(24|2024|06)\\.0?[1-9](\\.[0-9]){0,2}",
        1 => "[0-9]{1,2}(\\.[0-9]{1,2}){0,5}",
        1 => "(0|18446744073709551615|18446744073709551616|9007199254740992)\\.0\\.[01]",
    ];
    let phase = prop_oneof![
        2 => Just(String::new()),
        3 => "[-._]?(alpha|beta|rc|dev|a|b|RC|post|next|c)([-._]?[0-9]{1,2})?",
        1 => "-[a-z0-9]{0,3}(\\.[a-z0-9]{1,3})?",
    ];
    let local = prop_oneof![4 => Just(String::new()), 1 => "\\+[a-zA-B0-9.-]{0,5}"];
    let mutation = prop::option::weighted(
        0.3,
        (any::<prop::sample::Index>(), prop_oneof!["[0-9a-zA-Z.+!_ -]", "\\PC"], any::<bool>()),
    );
    (front, numbers, phase, local, mutation).prop_map(|(front, numbers, phase, local, mutation)| {
        let mut characters: Vec<char> = format!("{front}{numbers}{phase}{local}").chars().collect();
        if let Some((place, character, replaces)) = mutation {
            let at = place.index(characters.len());
            characters.splice(at..at + usize::from(replaces), character.chars());
        }
        characters.into_iter().collect()
    })
}

#[test]
fn no_text_does_harm() {
    let read = Scheme::ALL.map(|_| Cell::new(0_u32));
    let refused = Cell::new(0_u32);
    // The same texts every time, as their number below is counted.
    let config = Config { cases: 512, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
        .run(&version_like(), |text| {
            for (scheme, read) in Scheme::ALL.into_iter().zip(&read) {
                match ReleaseVersion::parse(scheme, &text) {
                    Ok(version) => {
                        read.set(read.get() + 1);
                        let canonical = version.render(scheme).unwrap();
                        prop_assert!(
                            ReleaseVersion::parse(scheme, &canonical) == Ok(version.clone()),
                            "{}",
                            canonical
                        );
                        prop_assert!(version.to_string().parse() == Ok(version.clone()), "{}", version);
                    }
                    Err(error) => {
                        refused.set(refused.get() + 1);
                        prop_assert!(!error.to_string().is_empty());
                        prop_assert!(error.offset().is_none_or(|offset| text.is_char_boundary(offset)));
                    }
                }
            }
            prop_assert_eq!(
                ReleaseVersion::parse(Scheme::Pep440, &text).ok(),
                of(text.parse::<python::Version>())
            );
            prop_assert_eq!(
                ReleaseVersion::parse(Scheme::Npm, &text).ok(),
                of(text.parse::<node::Version>())
            );
            prop_assert_eq!(
                ReleaseVersion::parse(Scheme::Semver, &text).ok(),
                of(text.parse::<strict::Version>())
            );
            prop_assert_eq!(
                ReleaseVersion::parse(Scheme::Cargo, &text).ok(),
                of(text.parse::<cargo::Version>())
            );
            prop_assert_eq!(ReleaseVersion::parse(Scheme::Go, &text).ok(), of(text.parse::<go::Version>()));
            prop_assert_eq!(
                ReleaseVersion::parse(Scheme::Calver, &text).ok(),
                of(text.parse::<calendar::Version>())
            );
            Ok(())
        })
        .unwrap();
    // Of the 512 texts each scheme reads a part: a strategy that makes no versions would show nothing.
    for (scheme, read) in Scheme::ALL.into_iter().zip(read) {
        assert!(read.get() >= 20, "{scheme} read {}", read.get());
    }
    assert!(refused.get() >= 100);
}

/// The release version of what a module of a scheme has read.
fn of<V, E>(version: Result<V, E>) -> Option<ReleaseVersion>
where
    for<'v> ReleaseVersion: TryFrom<&'v V>,
{
    ReleaseVersion::try_from(&version.ok()?).ok()
}
