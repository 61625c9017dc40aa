use std::collections::hash_map::DefaultHasher;

use proptest::prelude::*;

use super::*;

/// Made with the reference implementation, so that the tests need no Python.
const BASELINE: &str = include_str!("baseline.tsv");

#[track_caller]
fn check(text: &str, canonical: &str) {
    let version: Version = text.parse().unwrap();
    assert_eq!(version.to_string(), canonical);
    assert_eq!(
        version.as_written(),
        text.trim_matches(|space: char| space.is_whitespace() || space == '\u{1c}')
    );
}

#[track_caller]
fn check_refused(text: &str, message: &str, offset: Option<usize>) {
    let error = text.parse::<Version>().unwrap_err();
    assert_eq!(error.to_string(), message);
    assert_eq!(error.offset(), offset);
}

fn hash(version: &Version) -> u64 {
    let mut hasher = DefaultHasher::new();
    version.hash(&mut hasher);
    hasher.finish()
}

#[test]
fn the_reference_implementation_agrees() {
    let mut ranked: Vec<(u32, Version)> = Vec::new();
    let mut refused = 0;
    for line in BASELINE.lines().filter(|line| !line.starts_with('#')) {
        let [rank, text, canonical]: [&str; 3] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let parsed = text.parse::<Version>();
        if rank == "-" {
            assert!(parsed.is_err(), "{text:?} was accepted as {parsed:?}");
            refused += 1;
        } else {
            let version = parsed.unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(version.to_string(), canonical, "{text:?}");
            ranked.push((rank.parse().unwrap(), version));
        }
    }
    assert!(ranked.len() > 600 && refused > 100, "{} {refused}", ranked.len());
    for (rank, version) in &ranked {
        for (other_rank, other) in &ranked {
            assert_eq!(version.cmp(other), rank.cmp(other_rank), "{version:?} {other:?}");
        }
    }
}

#[test]
fn spellings_are_normalised_and_kept() {
    check("1.2-dev", "1.2.dev0");
    check("0.2.1-dev", "0.2.1.dev0");
    check("v1.0.0-RC.1", "1.0.0rc1");
    check("1.0-1", "1.0.post1");
    check(" \u{1c}1.0\u{a0}\n", "1.0");
    check("1.0+Ubuntu-01", "1.0+ubuntu.1");
}

#[test]
fn errors_point_at_the_character() {
    check_refused("", "a version must not be empty", None);
    check_refused(" \n", "a version must not be empty", None);
    check_refused(
        "x1",
        "\"x1\" is not a PEP 440 version: it must start with a number, not with 'x'",
        Some(0),
    );
    check_refused(
        "  v.1",
        "\"v.1\" is not a PEP 440 version: it must start with a number, not with '.'",
        Some(3),
    );
    check_refused("v", "\"v\" is not a PEP 440 version: it must start with a number, not with 'v'", Some(0));
    check_refused("1.2.x", "\"1.2.x\" is not a PEP 440 version: unexpected '.' at character 4", Some(3));
    check_refused("1.0+", "\"1.0+\" is not a PEP 440 version: unexpected '+' at character 4", Some(3));
    check_refused(" 1.0é", "\"1.0é\" is not a PEP 440 version: unexpected 'é' at character 4", Some(4));
    check_refused("1.*", "\"1.*\" is not a PEP 440 version: unexpected '.' at character 2", Some(1));
    check_refused("1!", "\"1!\" is not a PEP 440 version: unexpected '!' at character 2", Some(1));
    let large = "is not a PEP 440 version: a number in it exceeds 18446744073709551615";
    check_refused("18446744073709551616", &format!("\"18446744073709551616\" {large}"), Some(19));
    check_refused("1.0+99999999999999999999", &format!("\"1.0+99999999999999999999\" {large}"), Some(3));
    check_refused(&"1".repeat(300), "a version is at most 256 bytes long, this text has 300", None);
}

#[test]
fn parts_are_readable() {
    let version: Version = "2!1.2.3rc4.post5.dev6+cu.118".parse().unwrap();
    assert_eq!((version.epoch(), version.release()), (2, &[1, 2, 3][..]));
    assert_eq!((version.pre(), version.post(), version.dev()), (Some((PreKind::Rc, 4)), Some(5), Some(6)));
    assert_eq!(version.local().as_deref(), Some("cu.118"));
    assert!(version.is_prerelease() && !version.is_final());
    let plain: Version = "1!1.0".parse().unwrap();
    assert!(plain.is_final() && !plain.is_prerelease() && plain.local().is_none());
    let post: Version = "1.0.post1".parse().unwrap();
    assert!(!post.is_final() && !post.is_prerelease());
}

#[test]
fn json_holds_the_written_text() {
    let version: Version = serde_json::from_str("\"1.2-dev\"").unwrap();
    assert_eq!(serde_json::to_string(&version).unwrap(), "\"1.2-dev\"");
    assert!(serde_json::from_str::<Version>("\"x\"").is_err());
}

#[test]
fn versions_cross_threads() {
    fn assert_send_sync<T: Send + Sync + 'static>() {}
    assert_send_sync::<Version>();
    assert_send_sync::<ParseVersionError>();
}

proptest! {
    #[test]
    fn the_canonical_form_means_the_same(text in "v?([0-9]!)?[0-9]{1,3}(\\.[0-9]{1,3}){0,3}([-._]?(a|b|rc|dev|post)[0-9]?){0,3}(\\+[a-z0-9]{1,4})?") {
        if let Ok(version) = text.parse::<Version>() {
            let canonical = version.to_string();
            let again: Version = canonical.parse().unwrap();
            prop_assert_eq!(&again, &version);
            prop_assert_eq!(hash(&again), hash(&version));
            prop_assert_eq!(again.to_string(), canonical);
        }
    }

    #[test]
    fn no_text_panics_and_every_place_is_inside(text in "\\PC{0,20}|[0-9a-z.+!* -]{0,20}") {
        match text.parse::<Version>() {
            Ok(version) => prop_assert!(!version.release().is_empty()),
            Err(error) => prop_assert!(error.offset().is_none_or(|offset| text.is_char_boundary(offset))),
        }
    }
}
