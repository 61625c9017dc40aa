use proptest::prelude::*;

use super::*;
use crate::{CannotExpress, Inexpressible};

fn version(text: &str) -> ReleaseVersion {
    text.parse().unwrap()
}

fn existing(texts: &str) -> ExistingVersions {
    texts.split_whitespace().map(version).collect()
}

fn day(number: u64) -> Date {
    Date::from_number(number).unwrap()
}

fn next(current: &str, among: &str, step: NextStep) -> Result<ReleaseVersion, NextVersionError> {
    existing(among).next(&version(current), step, Scheme::Pep440)
}

#[track_caller]
fn check(current: &str, among: &str, step: NextStep, expected: &str) {
    let actual = next(current, among, step).map(|version| version.to_string());
    assert_eq!(actual.as_deref(), Ok(expected), "{current} among {among}: {step:?}");
}

#[track_caller]
fn check_refused(current: &str, among: &str, step: NextStep, message: &str) {
    assert_eq!(next(current, among, step).unwrap_err().to_string(), message);
}

const PATCH: Option<Level> = Some(Level::Patch);
const MINOR: Option<Level> = Some(Level::Minor);
const MAJOR: Option<Level> = Some(Level::Major);

#[test]
fn releases_count_on_from_their_line() {
    check("0.4.5", "", NextStep::Release(Level::Patch), "0.4.6");
    check("0.4.5", "0.4.6rc1 0.4.6.dev0", NextStep::Release(Level::Patch), "0.4.6");
    check("0.4.5", "0.4.6 0.4.7 0.4.8rc1 0.5.0", NextStep::Release(Level::Patch), "0.4.8");
    check("0.4.5", "0.4.6.post2", NextStep::Release(Level::Patch), "0.4.7");
    check("0.4.5", "0.5.0 0.5.3 1.0.0", NextStep::Release(Level::Minor), "0.6.0");
    check("0.4.5", "0.5.0rc1", NextStep::Release(Level::Minor), "0.5.0");
    check("0.4.5", "1.0.0 2.3.4 3.0.0a1 5!1.0", NextStep::Release(Level::Major), "3.0.0");
    check("0.4.0rc1", "0.4.0rc1", NextStep::Release(Level::Patch), "0.4.0");
    check("0.4.0rc1", "0.4.0 0.4.1", NextStep::Release(Level::Patch), "0.4.2");
    check("0.4.5+cu118", "0.4.6+cu118", NextStep::Release(Level::Patch), "0.4.7");
    check("1.2", "1.2.1", NextStep::Release(Level::Patch), "1.2.2");
    check("0.1.5.1", "0.1.6", NextStep::Release(Level::Patch), "0.1.7");
    check("2!1.0.0", "1!2.0.0 3.0.0", NextStep::Release(Level::Major), "2!2.0.0");
}

#[test]
fn candidates_count_on_from_what_exists() {
    check("0.3.9", "0.3.9", NextStep::Candidate(MINOR), "0.4.0rc1");
    check("0.3.9", "0.4.0rc1 0.4.0rc2", NextStep::Candidate(MINOR), "0.4.0rc3");
    check("0.4.0rc1", "0.4.0rc1 0.4.0rc2", NextStep::Candidate(None), "0.4.0rc3");
    check("0.4.0rc4", "0.4.0rc1", NextStep::Candidate(None), "0.4.0rc5");
    check("0.3.9", "0.4.0rc1 0.4.0", NextStep::Candidate(MINOR), "0.5.0rc1");
    check("0.3.2-dev", "0.3.1", NextStep::Candidate(MINOR), "0.4.0rc1");
    check("0.4.1.dev0", "0.4.0", NextStep::Candidate(None), "0.4.1rc1");
    check("0.9.9", "", NextStep::Candidate(MAJOR), "1.0.0rc1");
    check("0.4.0.dev3", "0.4.0a1", NextStep::Alpha(None), "0.4.0a2");
    check("0.4.0a2", "0.4.0a1 0.4.0a2", NextStep::Beta(None), "0.4.0b1");
    check("0.3.0", "", NextStep::Beta(MINOR), "0.4.0b1");
    // A stray candidate of another release blocks nothing: tag lists have them.
    check("0.1.1", "0.1.19rc8 0.1.2rc1", NextStep::Candidate(PATCH), "0.1.2rc2");
    check("0.1.5.1rc1", "0.1.5.1rc1 0.1.6", NextStep::Candidate(None), "0.1.5.1rc2");
    check_refused(
        "0.4.0",
        "",
        NextStep::Candidate(None),
        "0.4.0 is a finished release: say first whether a major, minor or patch release comes next",
    );
    check_refused(
        "0.4.0rc1",
        "0.4.0",
        NextStep::Candidate(None),
        "0.4.0 cannot come any more, 0.4.0 is released: start a new major, minor or patch release",
    );
    check_refused(
        "0.4.0rc1",
        "0.4.1",
        NextStep::Candidate(None),
        "0.4.0 cannot come any more, 0.4.1 is released: start a new major, minor or patch release",
    );
    check_refused(
        "0.4.0.dev0",
        "0.4.0rc1",
        NextStep::Beta(None),
        "0.4.0b1 would not come after 0.4.0rc1: go on from 0.4.0rc1, or start a new release",
    );
    check_refused(
        "0.4.0rc1",
        "",
        NextStep::Alpha(None),
        "0.4.0a1 would not come after 0.4.0rc1: go on from 0.4.0rc1, or start a new release",
    );
}

#[test]
fn a_release_graduates_once() {
    check("0.4.0rc2", "0.4.0rc1 0.4.0rc2 0.3.9", NextStep::Final, "0.4.0");
    check("0.2.1-dev", "0.2.0", NextStep::Final, "0.2.1");
    check("0.4.0rc1+cu118", "", NextStep::Final, "0.4.0");
    for among in ["0.4.0", "0.4.0.post1", "0.4.2"] {
        let error = next("0.4.0rc1", among, NextStep::Final).unwrap_err();
        assert!(matches!(error, NextVersionError::AlreadyReleased { .. }), "{error}");
    }
    assert!(matches!(next("0.4.0", "", NextStep::Final), Err(NextVersionError::NothingUnderWay { .. })));
}

#[test]
fn posts_count_up_and_only_where_they_can_be_said() {
    check("0.4.5", "0.4.5", NextStep::Post, "0.4.5.post1");
    check("0.4.5", "0.4.5 0.4.5.post1", NextStep::Post, "0.4.5.post2");
    check("0.4.5.post3", "0.4.5.post1", NextStep::Post, "0.4.5.post4");
    check("0.4.5", "0.4.6 0.5.0.post7", NextStep::Post, "0.4.5.post1");
    check_refused(
        "0.4.5rc1",
        "",
        NextStep::Post,
        "0.4.5rc1 is not released yet: finish it first, or start from the release to mend",
    );
    let current = version("0.4.5");
    for scheme in [Scheme::Semver, Scheme::Npm, Scheme::NpmLoose, Scheme::Cargo, Scheme::Go] {
        match ExistingVersions::default().next(&current, NextStep::Post, scheme) {
            Err(NextVersionError::CannotExpress(error)) => {
                assert_eq!((error.part(), error.scheme()), (Inexpressible::PostRelease, scheme));
                assert!(error.to_string().ends_with("use the next patch version"), "{error}");
            }
            other => panic!("{other:?}"),
        }
    }
    let of: fn(CannotExpress) -> NextVersionError = NextVersionError::from;
    let error = version("0.1.5.1").render(Scheme::Npm).unwrap_err();
    assert_eq!(existing("").next(&version("0.1.5.1rc1"), NextStep::Final, Scheme::Npm), Err(of(error)));
}

#[test]
fn development_counts_up_or_goes_by_date() {
    let nightly = |number, level| NextStep::Nightly(day(number), level);
    check("0.4.5", "0.4.5", NextStep::Dev(PATCH), "0.4.6.dev0");
    check("0.4.6.dev0", "0.4.6.dev0", NextStep::Dev(None), "0.4.6.dev1");
    check("0.4.5", "0.4.6.dev0 0.4.6.dev1", NextStep::Dev(PATCH), "0.4.6.dev2");
    check("0.4.4", "0.4.4", nightly(20_260_202, PATCH), "0.4.5.dev20260202");
    check("0.4.5.dev0", "0.4.4 0.4.5.dev0", nightly(20_260_202, None), "0.4.5.dev20260202");
    check("0.4.4", "0.4.5.dev20260201 0.4.5rc1", nightly(20_260_202, PATCH), "0.4.5.dev20260202");
    check_refused(
        "0.4.4",
        "0.4.5.dev20260202",
        nightly(20_260_202, PATCH),
        "the nightly 0.4.5.dev20260202 exists already: there is one a day, wait for the next one",
    );
    check_refused(
        "0.4.4",
        "0.4.5.dev20260202 0.4.5.dev20260203",
        nightly(20_260_202, PATCH),
        "the nightly 0.4.5.dev20260202 exists already: there is one a day, wait for the next one",
    );
    check_refused(
        "0.4.4",
        "0.4.5.dev20260203",
        nightly(20_260_202, PATCH),
        "0.4.5.dev20260202 would not come after 0.4.5.dev20260203: go on from 0.4.5.dev20260203, or start a new release",
    );
    check_refused(
        "0.4.5.dev20260202",
        "",
        nightly(20_260_202, None),
        "the nightly 0.4.5.dev20260202 exists already: there is one a day, wait for the next one",
    );
    check_refused(
        "0.4.4",
        "0.4.5.dev20260202",
        NextStep::Dev(PATCH),
        "0.4.5.dev20260202 is numbered by its date: ask for a nightly, with today's date",
    );
    check_refused(
        "0.4.5rc1",
        "",
        NextStep::Dev(None),
        "0.4.5.dev0 would not come after 0.4.5rc1: go on from 0.4.5rc1, or start a new release",
    );
    assert!(matches!(
        next("0.4.4", "", nightly(20_260_202, None)),
        Err(NextVersionError::NothingUnderWay { .. })
    ));
}

#[test]
fn a_hotfix_takes_the_next_patch_that_nobody_has_begun() {
    check("0.4.5", "0.4.5 0.5.0", NextStep::Hotfix, "0.4.6");
    check("0.4.3", "0.4.3 0.4.4 0.4.5 0.5.0", NextStep::Hotfix, "0.4.6");
    check("0.4.5", "0.4.6rc1 0.4.7a1", NextStep::Hotfix, "0.4.8");
    check("0.4.5", "0.4.6.dev0 0.4.6.dev20260202", NextStep::Hotfix, "0.4.6");
    check("0.4.5.post1", "0.4.5.post1", NextStep::Hotfix, "0.4.6");
    check("1.2", "", NextStep::Hotfix, "1.2.1");
    check_refused(
        "0.4.6rc1",
        "",
        NextStep::Hotfix,
        "0.4.6rc1 is not released yet: finish it first, or start from the release to mend",
    );
}

#[test]
fn numbers_that_cannot_grow_are_refused() {
    let max = u64::MAX;
    for (current, step) in [
        (format!("0.4.{max}"), NextStep::Hotfix),
        (format!("0.4.{max}"), NextStep::Release(Level::Patch)),
        (format!("0.4.0rc{max}"), NextStep::Candidate(None)),
        (format!("0.4.0.post{max}"), NextStep::Post),
        (format!("0.4.0.dev{max}"), NextStep::Dev(None)),
        (format!("{max}.4.0"), NextStep::Dev(MAJOR)),
    ] {
        assert!(matches!(next(&current, "", step), Err(NextVersionError::TooLarge { .. })), "{current}");
    }
}

#[test]
fn local_builds_count_as_their_version() {
    let mut versions = existing("0.4.5+cu118 0.4.5+cpu");
    assert_eq!(versions.iter().count(), 1);
    assert!(versions.contains(&version("0.4.5")) && versions.contains(&version("0.4.5.0+x")));
    versions.insert(&version("0.4.6+cpu"));
    versions.extend([version("0.4.7")]);
    assert_eq!(versions.iter().next_back(), Some(&version("0.4.7")));
    let of_references: ExistingVersions = versions.iter().collect();
    assert_eq!(of_references, versions);
}

prop_compose! {
    /// Few numbers, so that versions meet.
    fn small_version()(
        epoch in prop_oneof![9 => Just(0_u64), 1 => Just(1_u64)],
        release in prop::collection::vec(0..3_u64, 1..5),
        number in prop_oneof![4 => 0..4_u64, 1 => 20_260_201..20_260_204_u64],
        phase in 0..7,
        local in prop_oneof![6 => Just(None), 1 => Just(Some("cpu"))],
    ) -> ReleaseVersion {
        let phase = match phase {
            0 => Phase::Dev(number),
            1 => Phase::Alpha(number),
            2 => Phase::Beta(number),
            3 => Phase::Rc(number),
            4 => Phase::Post(number),
            _ => Phase::Final,
        };
        let local = local.map(|local| local.parse().unwrap());
        ReleaseVersion { epoch, release, phase, local }
    }
}

fn any_step() -> impl Strategy<Value = NextStep> {
    let level = || prop::option::of(prop_oneof![Just(Level::Patch), Just(Level::Minor), Just(Level::Major)]);
    prop_oneof![
        level().prop_map(|level| NextStep::Release(level.unwrap_or(Level::Patch))),
        level().prop_map(NextStep::Alpha),
        level().prop_map(NextStep::Beta),
        level().prop_map(NextStep::Candidate),
        Just(NextStep::Final),
        Just(NextStep::Post),
        level().prop_map(NextStep::Dev),
        (20_260_201..20_260_204_u64, level()).prop_map(|(date, level)| NextStep::Nightly(day(date), level)),
        Just(NextStep::Hotfix),
    ]
}

/// Whether an existing version is of the kind and line of the next one, by the words of the documentation.
fn is_of_kind_and_line(version: &ReleaseVersion, next: &ReleaseVersion, step: NextStep) -> bool {
    let same_phase = std::mem::discriminant(&version.phase()) == std::mem::discriminant(&next.phase());
    match step {
        NextStep::Release(level) => {
            let fixed = match level {
                Level::Patch => 2,
                Level::Minor => 1,
                Level::Major => 0,
            };
            version.epoch() == next.epoch()
                && !version.is_prerelease()
                && (0..fixed).all(|index| version.number(index) == next.number(index))
        }
        NextStep::Hotfix => is_of_kind_and_line(version, next, NextStep::Release(Level::Patch)),
        NextStep::Final => version.is_same_release(next) && !version.is_prerelease(),
        _ => version.is_same_release(next) && same_phase,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_next_version_is_new_and_above(
        current in small_version(),
        versions in prop::collection::vec(small_version(), 0..12),
        step in any_step(),
        scheme in 0..8_usize,
    ) {
        let existing: ExistingVersions = versions.iter().collect();
        let scheme = Scheme::ALL[scheme];
        match existing.next(&current, step, scheme) {
            Ok(next) => {
                prop_assert!(next > current, "{} -> {}", current, next);
                prop_assert!(next.local().is_none());
                prop_assert!(next.render(scheme).is_ok());
                for version in &versions {
                    prop_assert!(*version != next);
                    let public = version.clone().with_local(None);
                    prop_assert!(public != next, "{} exists", next);
                    prop_assert!(!is_of_kind_and_line(version, &next, step) || public < next, "{} {}", version, next);
                }
                // What was given is not given again.
                let mut more = existing.clone();
                more.insert(&next);
                prop_assert_ne!(more.next(&current, step, scheme).ok(), Some(next));
            }
            Err(NextVersionError::TooLarge { .. }) => prop_assert!(false, "the numbers are small"),
            Err(error) => {
                let refusable = !matches!(step, NextStep::Release(_))
                    || matches!(error, NextVersionError::CannotExpress(_));
                prop_assert!(refusable, "{}: {}", current, error);
            }
        }
    }

    #[test]
    fn without_other_versions_a_release_is_the_plain_next_one(current in small_version()) {
        for (level, bump) in [(Level::Major, Bump::Major), (Level::Minor, Bump::Minor), (Level::Patch, Bump::Patch)] {
            let next = ExistingVersions::default().next(&current, NextStep::Release(level), Scheme::Pep440);
            prop_assert_eq!(next, current.next(bump));
        }
    }
}

#[test]
fn development_does_not_go_on_below_what_is_tested() {
    let message = "0.4.6.dev0 would not come after 0.4.6rc1: go on from 0.4.6rc1, or start a new release";
    check_refused("0.4.5", "0.4.6rc1", NextStep::Dev(PATCH), message);
    check("0.4.5", "0.4.6a1", NextStep::Nightly(day(20_260_202), PATCH), "0.4.6.dev20260202");
    check("0.4.5", "0.4.6rc1", NextStep::Dev(MINOR), "0.5.0.dev0");
}

#[test]
fn a_scheme_orders_by_itself_and_is_spoken_to_in_its_own_spelling() {
    let next = |current: &str, step| ExistingVersions::default().next(&version(current), step, Scheme::Npm);
    assert_eq!(
        next("1.2.3.dev4", NextStep::Alpha(None)).unwrap_err().to_string(),
        "1.2.3-alpha.1 would not come after 1.2.3-dev.4: go on from 1.2.3-dev.4, or start a new release"
    );
    assert_eq!(next("1.2.3.dev4", NextStep::Candidate(None)).unwrap().to_string(), "1.2.3rc1");
    assert_eq!(
        next("0.4.0rc1", NextStep::Post).unwrap_err().to_string(),
        "0.4.0-rc.1 is not released yet: finish it first, or start from the release to mend"
    );
}

#[test]
fn what_is_no_version_of_a_release_is_counted_too() {
    let nearest = |scheme, text: &str| ReleaseVersion::parse_nearest(scheme, text).unwrap().to_string();
    assert_eq!(nearest(Scheme::Npm, "1.2.4-next.1+x.Y"), "1.2.4a0");
    assert_eq!(nearest(Scheme::Npm, "1.2.4-rc.3"), "1.2.4rc3");
    assert_eq!(nearest(Scheme::Go, "v1.2.4-0.20240101000000-abcdefabcdef"), "1.2.4a0");
    assert_eq!(nearest(Scheme::Pep440, "1.2.4rc3.dev1"), "1.2.4rc3");
    assert_eq!(nearest(Scheme::Pep440, "1.2.4.post3.dev1+g12"), "1.2.4.post3");
    assert!(ReleaseVersion::parse_nearest(Scheme::Npm, "x").is_err());
    assert!(ReleaseVersion::parse_nearest(Scheme::Semver, "99999999999999999999.0.0-x").is_err());
}
