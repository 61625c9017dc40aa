use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

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
    check_refused("1.0+99999999999999999999", &format!("\"1.0+99999999999999999999\" {large}"), Some(23));
    check_refused(
        "1.0+a.x-",
        "\"1.0+a.x-\" is not a PEP 440 version: unexpected '-' at character 8",
        Some(7),
    );
    check_refused(
        "1.0a1rc1",
        "\"1.0a1rc1\" is not a PEP 440 version: unexpected 'c' at character 7",
        Some(6),
    );
    check_refused("1.0-1-2", "\"1.0-1-2\" is not a PEP 440 version: unexpected '-' at character 6", Some(5));
    // A text that is no version anyway is refused for that.
    check_refused(
        "99999999999999999999x",
        "\"99999999999999999999x\" is not a PEP 440 version: unexpected 'x' at character 21",
        Some(20),
    );
    check_refused(&"1".repeat(300), "a version is at most 256 bytes long, this text has 300", None);
}

#[test]
fn parts_are_readable() {
    let version: Version = "2!1.2.3rc4.post5.dev6+cu.118".parse().unwrap();
    assert_eq!((version.epoch(), &*version.release()), (2, &[1, 2, 3][..]));
    assert_eq!((version.pre(), version.post(), version.dev()), (Some((PreKind::Rc, 4)), Some(5), Some(6)));
    assert_eq!(version.local().as_deref(), Some("cu.118"));
    assert!(version.is_prerelease() && !version.is_final());
    let long: Version = "1.2.3.4.5.0".parse().unwrap();
    assert_eq!(long.release(), [1, 2, 3, 4, 5, 0]);
    assert_eq!(long.release(), long.clone().release());
    assert_eq!(format!("{:?}", long.release()), "[1, 2, 3, 4, 5, 0]");
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
fn a_version_is_four_words() {
    assert_eq!(size_of::<Version>(), 32);
}

#[test]
fn versions_cross_threads() {
    fn assert_send_sync<T: Send + Sync + 'static>() {}
    assert_send_sync::<Version>();
    assert_send_sync::<ParseVersionError>();
}

/// Numbers at the edges of what the key holds, and small ones that meet often.
fn any_number() -> impl Strategy<Value = u64> {
    let edge = (prop::sample::select(vec![3, 9, 13, 18, 20, 25, 45, 64]), 0..4u64)
        .prop_map(|(bits, below): (u32, u64)| (u64::MAX >> (64 - bits)).saturating_add(2) - below);
    prop_oneof![6 => 0..3u64, 1 => edge, 1 => any::<u64>()]
}

/// Versions in canonical and other spellings, close enough to each other to compare all their parts.
pub(super) fn any_version() -> impl Strategy<Value = String> {
    let release = prop_oneof![
        9 => prop::collection::vec(any_number(), 1..4),
        1 => prop::collection::vec(any_number(), 4..9),
    ];
    let part = |words: &'static [&'static str]| {
        let word =
            (prop::sample::select(words), any_number()).prop_map(|(word, number)| format!("{word}{number}"));
        prop_oneof![2 => Just(String::new()), 1 => word]
    };
    let local =
        prop::sample::select(vec!["", "", "", "+a", "+A", "+a.1", "+a-01", "+1", "+2", "+0a", "+1.a"]);
    let epoch = prop_oneof![8 => Just(0), 1 => any_number()];
    (
        epoch,
        release,
        part(&["a", "b", "rc", "-C.", "_alpha"]),
        part(&[".post", "-", "rev"]),
        part(&[".dev", "-DEV"]),
        local,
    )
        .prop_map(|(epoch, release, pre, post, dev, local)| {
            let release: Vec<String> = release.iter().map(ToString::to_string).collect();
            format!("{epoch}!{}{pre}{post}{dev}{local}", release.join("."))
        })
}

fn of(text: &str) -> Version {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

proptest! {
    #[test]
    fn the_order_is_the_one_of_another_implementation(left in any_version(), right in any_version()) {
        let order = of(&left).cmp(&of(&right));
        let (other_left, other_right): (pep440_rs::Version, pep440_rs::Version) =
            (left.parse().unwrap(), right.parse().unwrap());
        prop_assert_eq!(order, other_left.cmp(&other_right));
        prop_assert_eq!(of(&left).to_string(), other_left.to_string());
    }

    #[test]
    fn the_key_orders_as_the_parts_do(left in any_version(), right in any_version()) {
        let (left, right) = (of(&left), of(&right));
        prop_assert_eq!(left.cmp(&right), left.parts().cmp_all(&right.parts()));
        prop_assert_eq!(left.is_prerelease(), left.parts().is_prerelease());
    }

    #[test]
    fn the_order_is_total(texts in prop::array::uniform3(any_version())) {
        let mut versions = texts.map(|text| of(&text));
        versions.sort();
        let [first, second, third] = &versions;
        prop_assert!(first <= second && second <= third && first <= third);
        for (left, right) in [(first, second), (second, third), (first, third)] {
            prop_assert_eq!(left.cmp(right), right.cmp(left).reverse());
            prop_assert_eq!(left == right, left.cmp(right).is_eq());
            prop_assert!(left != right || hash(left) == hash(right));
        }
    }

    #[test]
    fn the_canonical_form_means_the_same(text in any_version()) {
        let version = of(&text);
        let again = of(&version.to_string());
        prop_assert_eq!(&again, &version);
        prop_assert_eq!(hash(&again), hash(&version));
        prop_assert_eq!(again.to_string(), version.to_string());
        prop_assert_eq!(version.as_written(), text);
    }

    #[test]
    fn no_text_panics_and_every_place_is_inside(text in "\\PC{0,20}|[0-9a-z.+!* -]{0,20}") {
        match text.parse::<Version>() {
            Ok(version) => prop_assert!(!version.release().is_empty()),
            Err(error) => prop_assert!(error.offset().is_none_or(|offset| text.is_char_boundary(offset))),
        }
        prop_assert_eq!(text.parse::<Version>().is_ok(), pep440_rs::Version::from_str(trim(&text)).is_ok());
    }
}
