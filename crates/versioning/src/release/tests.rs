use std::cmp::Ordering;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use proptest::prelude::*;

use super::*;

fn version(text: &str) -> ReleaseVersion {
    text.parse().unwrap()
}

#[track_caller]
fn check_same(pep440: &str, semver: &str) {
    let read = ReleaseVersion::parse(Scheme::Pep440, pep440).unwrap();
    assert_eq!(read.render(Scheme::Pep440).unwrap(), pep440);
    assert_eq!(read.render(Scheme::Semver).unwrap(), semver);
    let back = ReleaseVersion::parse(Scheme::Semver, semver).unwrap();
    assert_eq!(back, read);
    assert_eq!(back.render(Scheme::Semver).unwrap(), semver);
}

#[track_caller]
fn check_reads(scheme: Scheme, text: &str, canonical: &str) {
    assert_eq!(ReleaseVersion::parse(scheme, text).unwrap().to_string(), canonical);
}

#[track_caller]
fn check_beyond(scheme: Scheme, text: &str, expected: Beyond) {
    match ReleaseVersion::parse(scheme, text) {
        Err(ParseReleaseError::NotNeutral { part, .. }) => assert_eq!(part, expected, "{text}"),
        other => panic!("{text}: {other:?}"),
    }
}

#[track_caller]
fn check_inexpressible(text: &str, expected: Inexpressible) {
    let error = version(text).render(Scheme::Semver).unwrap_err();
    assert_eq!((error.part(), error.scheme()), (expected, Scheme::Semver));
}

/// The next major, minor, patch, candidate and final version, in this order; `-` where it is refused.
#[track_caller]
fn check_next(from: &str, expected: [&str; 5]) {
    let bumps = [Bump::Major, Bump::Minor, Bump::Patch, Bump::Candidate, Bump::Final];
    let actual = bumps.map(|bump| version(from).next(bump).map_or("-".to_owned(), |next| next.to_string()));
    assert_eq!(actual, expected, "{from}");
}

#[test]
fn both_schemes_say_the_same() {
    check_same("0.4.0", "0.4.0");
    check_same("0.4.0rc1", "0.4.0-rc.1");
    check_same("0.4.0a0", "0.4.0-alpha.0");
    check_same("0.4.0b12", "0.4.0-beta.12");
    check_same("0.4.5.dev20260202", "0.4.5-dev.20260202");
    check_same("1.2", "1.2.0");
    check_same("1", "1.0.0");
    check_same("0.1.5.0", "0.1.5");
}

#[test]
fn other_spellings_are_read() {
    check_reads(Scheme::Pep440, "1.2-dev", "1.2.dev0");
    check_reads(Scheme::Pep440, " v0.2.1-dev\n", "0.2.1.dev0");
    check_reads(Scheme::Pep440, "0.4.0-rc.1", "0.4.0rc1");
    check_reads(Scheme::Pep440, "1.0-1", "1.0.post1");
    check_reads(Scheme::Pep440, "1!1.0", "1!1.0");
    check_reads(Scheme::Semver, "1.2.3-dev", "1.2.3.dev0");
    check_reads(Scheme::Semver, "1.2.3-rc", "1.2.3rc0");
}

#[test]
fn what_has_no_counterpart_is_refused() {
    check_beyond(Scheme::Pep440, "1.0rc1.dev2", Beyond::SeveralPhases);
    check_beyond(Scheme::Pep440, "1.0rc1.post1", Beyond::SeveralPhases);
    check_beyond(Scheme::Pep440, "1.0.post1.dev2", Beyond::SeveralPhases);
    for text in ["1.0.0-next.1", "1.0.0-RC1", "1.0.0-rc1", "1.0.0-rc.1.2", "1.0.0-rc.x", "1.0.0-5"] {
        check_beyond(Scheme::Semver, text, Beyond::OtherPreRelease);
    }
    check_inexpressible("1!1.0", Inexpressible::Epoch);
    check_inexpressible("1.0.post1", Inexpressible::PostRelease);
    check_inexpressible("0.1.5.1", Inexpressible::FourthNumber);
    let error = version("1.0.post1").render(Scheme::Semver).unwrap_err();
    assert_eq!(
        error.to_string(),
        "version 1.0.post1 cannot be written in the scheme semver, which has no post-releases: use the next patch version"
    );
    assert!(matches!(ReleaseVersion::parse(Scheme::Semver, "1.0"), Err(ParseReleaseError::Semver(_))));
    assert!(matches!(ReleaseVersion::parse(Scheme::Pep440, "x"), Err(ParseReleaseError::Pep440(_))));
}

#[test]
fn next_versions() {
    check_next("0.1.9", ["1.0.0", "0.2.0", "0.1.10", "-", "-"]);
    check_next("0.1.9.dev0", ["1.0.0", "0.2.0", "0.1.9", "0.1.9rc1", "0.1.9"]);
    check_next("0.2.1-dev", ["1.0.0", "0.3.0", "0.2.1", "0.2.1rc1", "0.2.1"]);
    check_next("0.2.0", ["1.0.0", "0.3.0", "0.2.1", "-", "-"]);
    check_next("0.3.0-dev", ["1.0.0", "0.3.0", "0.3.0", "0.3.0rc1", "0.3.0"]);
    check_next("0.4.0rc1", ["1.0.0", "0.4.0", "0.4.0", "0.4.0rc2", "0.4.0"]);
    check_next("1.0.0a2", ["1.0.0", "1.0.0", "1.0.0", "1.0.0rc1", "1.0.0"]);
    check_next("2.0.0b1", ["2.0.0", "2.0.0", "2.0.0", "2.0.0rc1", "2.0.0"]);
    check_next("0.4.5.post2", ["1.0.0", "0.5.0", "0.4.6", "-", "-"]);
    check_next("1", ["2", "1.1", "1.0.1", "-", "-"]);
    check_next("1.2", ["2.0", "1.3", "1.2.1", "-", "-"]);
    check_next("1.2.dev0", ["2.0", "1.2", "1.2", "1.2rc1", "1.2"]);
    check_next("0.1.5.1", ["1.0.0.0", "0.2.0.0", "0.1.6.0", "-", "-"]);
    check_next("0.1.5.1rc1", ["1.0.0.0", "0.2.0.0", "0.1.6.0", "0.1.5.1rc2", "0.1.5.1"]);
    check_next("3!1.2.3", ["3!2.0.0", "3!1.3.0", "3!1.2.4", "-", "-"]);
    check_next("1.18446744073709551615.0", ["2.0.0", "-", "1.18446744073709551615.1", "-", "-"]);
}

#[test]
fn a_refused_next_version_says_why() {
    assert_eq!(
        version("0.2.0").next(Bump::Candidate).unwrap_err().to_string(),
        "0.2.0 is a finished release: say first whether a major, minor or patch release comes next"
    );
    assert!(matches!(
        version("18446744073709551615").next(Bump::Major),
        Err(NextVersionError::TooLarge { .. })
    ));
}

#[test]
fn parts_are_readable() {
    let read = version("1!2.3rc4");
    assert_eq!((read.epoch(), read.major(), read.minor(), read.patch()), (1, 2, 3, 0));
    assert_eq!((read.release(), read.phase()), (&[2, 3][..], Phase::Rc(4)));
    assert!(read.is_prerelease() && !read.is_final());
    assert!(read.is_same_release(&version("1!2.3.0.post1")));
    assert!(!read.is_same_release(&version("2.3")));
    let json = serde_json::to_string(&read).unwrap();
    assert_eq!(json, "\"1!2.3rc4\"");
    assert_eq!(serde_json::from_str::<ReleaseVersion>(&json).unwrap(), read);
}

#[test]
fn the_largest_versions_read_back() {
    let mut written = [0; 8];
    for epoch in [0, u64::MAX] {
        for number in [1, (1 << 53) - 2, u64::MAX] {
            for count in 1..=5 {
                for local in [None, Some("a".repeat(LocalPart::MAX_BYTES))] {
                    for phase in
                        [Phase::Dev, Phase::Alpha, Phase::Beta, Phase::Rc, |_| Phase::Final, Phase::Post]
                    {
                        let mut release = vec![number; count];
                        if number == 1 {
                            release[0] = 9999;
                        }
                        let local = local.as_ref().map(|local| local.parse().unwrap());
                        let version = ReleaseVersion { epoch, release, phase: phase(number), local };
                        let json = serde_json::to_string(&version).unwrap();
                        assert_eq!(serde_json::from_str::<ReleaseVersion>(&json).unwrap(), version);
                        assert!(version.to_pep440().is_ok());
                        for (place, scheme) in Scheme::ALL.into_iter().enumerate() {
                            if let Ok(text) = version.render(scheme) {
                                assert_eq!(ReleaseVersion::parse(scheme, &text).as_ref(), Ok(&version));
                                written[place] += 1;
                            }
                        }
                    }
                }
            }
        }
    }
    assert!(written.into_iter().all(|written| written > 0), "{written:?}");
    assert_eq!(text_length(&[0, 9, 10, 99, 100, u64::MAX]), "0.9.10.99.100.18446744073709551615".len());
}

#[test]
fn a_version_at_the_limit_counts_on_within_it() {
    let nines = format!("9{}", vec!["9"; 56].join("."));
    assert_eq!(nines.len(), MAX_RELEASE_BYTES);
    let limit = version(&nines);
    assert!(matches!(limit.next(Bump::Patch), Err(NextVersionError::TooLarge { .. })));
    let below = version(&vec!["8"; 56].join("."));
    assert_eq!(below.next(Bump::Minor).unwrap().major(), 8);
}

fn hash(version: &ReleaseVersion) -> u64 {
    let mut hasher = DefaultHasher::new();
    version.hash(&mut hasher);
    hasher.finish()
}

prop_compose! {
    pub(super) fn any_version()(
        epoch in prop_oneof![9 => Just(0_u64), 1 => 0..3_u64],
        release in prop::collection::vec(prop_oneof![0..4_u64, any::<u64>()], 1..5),
        number in prop_oneof![0..4_u64, any::<u64>()],
        phase in 0..6,
        local in prop_oneof![4 => Just(String::new()), 1 => "[a-z0-9]{1,4}(\\.[a-z0-9]{1,4}){0,2}"],
    ) -> ReleaseVersion {
        let phase = match phase {
            0 => Phase::Dev(number),
            1 => Phase::Alpha(number),
            2 => Phase::Beta(number),
            3 => Phase::Rc(number),
            4 => Phase::Final,
            _ => Phase::Post(number),
        };
        ReleaseVersion { epoch, release, phase, local: local.parse().ok() }
    }
}

proptest! {
    #[test]
    fn every_rendering_reads_back(version in any_version()) {
        for scheme in Scheme::ALL {
            if let Ok(text) = version.render(scheme) {
                let back = ReleaseVersion::parse(scheme, &text).unwrap();
                prop_assert_eq!(&back, &version);
                prop_assert_eq!(back.render(scheme).unwrap(), text);
            }
        }
        prop_assert_eq!(version.to_string().parse::<ReleaseVersion>().unwrap(), version);
    }

    #[test]
    fn the_order_is_the_one_of_pep440(left in any_version(), right in any_version()) {
        let expected = left.to_pep440().unwrap().cmp(&right.to_pep440().unwrap());
        prop_assert_eq!(left.cmp(&right), expected);
        prop_assert_eq!(left == right, expected == Ordering::Equal);
        if left == right {
            prop_assert_eq!(hash(&left), hash(&right));
        }
    }

    #[test]
    fn zeros_at_the_end_do_not_count(version in any_version(), zeros in 0..3_usize) {
        let mut longer = version.clone();
        longer.release.resize(version.release.len() + zeros, 0);
        prop_assert_eq!(hash(&longer), hash(&version));
        prop_assert_eq!(longer, version);
    }

    #[test]
    fn the_next_version_is_above_and_keeps_its_shape(version in any_version()) {
        for bump in [Bump::Major, Bump::Minor, Bump::Patch, Bump::Candidate, Bump::Final] {
            if let Ok(next) = version.next(bump) {
                prop_assert!(next > version, "{} -> {}", version, next);
                prop_assert_eq!(next.epoch, version.epoch);
                prop_assert!(next.release.len() >= version.release.len());
                prop_assert_eq!(next.is_final(), bump != Bump::Candidate);
            }
        }
    }

    #[test]
    fn larger_kinds_never_come_first(version in any_version()) {
        if let (Ok(major), Ok(minor), Ok(patch)) =
            (version.next(Bump::Major), version.next(Bump::Minor), version.next(Bump::Patch))
        {
            prop_assert!(patch <= minor && minor <= major);
        }
    }
}
