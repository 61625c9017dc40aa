use proptest::prelude::*;

use super::*;
use crate::{Date, DateTime};

#[track_caller]
fn check_canonical(text: &str, canonical: &str) {
    assert_eq!(Version::canonical(text).unwrap().as_str(), canonical, "{text}");
    assert_eq!(text.parse::<Version>().is_ok(), text == canonical, "{text}");
}

#[track_caller]
fn check_refused(text: &str, offset: Option<usize>, reason: &str) {
    let error = text.parse::<Version>().unwrap_err();
    let message = error.to_string();
    assert!(message.contains(reason), "{message}");
    assert_eq!(error.offset(), offset, "{message}");
}

/// The version before a pseudo-version, whose time and revision are the same everywhere.
#[track_caller]
fn check_pseudo(version: &str, base: Option<&str>) {
    let pseudo: PseudoVersion = version.parse().unwrap();
    assert_eq!(pseudo.base().map(Version::as_str), base, "{version}");
    assert_eq!((pseudo.time(), pseudo.revision()), (time(), "hash"));
    assert!(pseudo.version().is_pseudo());
    let again = match pseudo.base() {
        Some(base) => PseudoVersion::after(base, time(), "hash"),
        None => PseudoVersion::without_base(pseudo.version().major().unwrap(), time(), "hash"),
    };
    assert_eq!(again.unwrap(), pseudo);
    if let Some(base) = pseudo.base() {
        assert!(base < pseudo.version(), "{version}");
    }
}

#[track_caller]
fn check_no_pseudo(text: &str, has_form: bool, offset: Option<usize>, reason: &str) {
    let version: Version = text.parse().unwrap();
    assert_eq!(version.is_pseudo(), has_form, "{text}");
    let error = text.parse::<PseudoVersion>().unwrap_err();
    let message = error.to_string();
    assert!(message.contains(reason), "{message}");
    assert_eq!(error.offset(), offset, "{message}");
}

#[track_caller]
fn check_split(path: &str, prefix: &str, suffix: &str) {
    let (ours, major) = split_path_version(path).unwrap();
    assert_eq!((ours, major.as_str()), (prefix, suffix), "{path}");
}

#[track_caller]
fn check_fits(path: &str, version: &str, fits: bool) {
    let (_, suffix) = split_path_version(path).unwrap();
    assert_eq!(check_path_major(&version.parse().unwrap(), suffix).is_ok(), fits, "{path} {version}");
}

fn time() -> DateTime {
    DateTime::new(Date::new(2006, 1, 2).unwrap(), 15, 4, 5).unwrap()
}

#[test]
fn shorthands_and_metadata_have_a_canonical_form() {
    check_canonical("v1", "v1.0.0");
    check_canonical("v1.2", "v1.2.0");
    check_canonical("v0", "v0.0.0");
    check_canonical("v1.2.3", "v1.2.3");
    check_canonical("v1.2.3-pre.1", "v1.2.3-pre.1");
    check_canonical("v1.2.3-pre+meta", "v1.2.3-pre");
    check_canonical("v1.2.3+meta", "v1.2.3");
    check_canonical("v2.0.0+incompatible", "v2.0.0+incompatible");
    check_canonical("v2.0.0-pre+incompatible", "v2.0.0-pre+incompatible");
    check_canonical("v2.0.0+incompatible.1", "v2.0.0");
    check_canonical("v18446744073709551616.0.0", "v18446744073709551616.0.0");
}

#[test]
fn what_go_refuses_is_refused() {
    check_refused("", None, "must not be empty");
    check_refused(&format!("v1.0.0-{}", "a".repeat(250)), None, "at most 256 bytes");
    check_refused("1.0.0", Some(0), "it must start with `v`");
    check_refused("V1.0.0", Some(0), "it must start with `v`");
    check_refused("v", Some(1), "the major number is missing");
    check_refused("v1.2", Some(4), "the text ends after the minor number, at character 5");
    check_refused("v01.0.0", Some(1), "the major number starts with a zero");
    check_refused("v1.0.0-", Some(7), "is empty");
    check_refused("v1.0.0.0", Some(6), "'.' cannot follow the patch number");
    check_refused("v1.0.0+meta", Some(6), "the only build metadata is `+incompatible`");
    for text in ["v1-pre", "v1+meta", "v1.2-pre", "v1.2+meta", "v1.", "v1.2.", "v1.2.3.4", "vv1", "v1.2.03"] {
        assert!(Version::canonical(text).is_err(), "{text}");
    }
}

#[test]
fn parts_are_readable_and_the_text_survives_json() {
    let version: Version = "v2.1.18446744073709551616-rc.1+incompatible".parse().unwrap();
    assert_eq!((version.major(), version.minor(), version.patch()), (Some(2), Some(1), None));
    assert_eq!((version.major_text(), version.pre()), ("v2", "rc.1"));
    assert_eq!(version.without_v(), "2.1.18446744073709551616-rc.1");
    assert!(version.is_prerelease() && version.is_incompatible() && !version.is_pseudo());
    let json = serde_json::to_string(&version).unwrap();
    assert_eq!(serde_json::from_str::<Version>(&json).unwrap(), version);
    let pseudo: PseudoVersion = "v0.0.0-20060102150405-hash".parse().unwrap();
    let json = serde_json::to_string(&pseudo).unwrap();
    assert_eq!(serde_json::from_str::<PseudoVersion>(&json).unwrap(), pseudo);
}

#[test]
fn incompatible_decides_in_the_total_order_alone() {
    let (plain, incompatible): (Version, Version) =
        ("v2.0.0".parse().unwrap(), "v2.0.0+incompatible".parse().unwrap());
    assert_eq!(plain.cmp_precedence(&incompatible), Ordering::Equal);
    assert!(plain < incompatible);
    assert!("v2.0.0-0.20060102150405-hash".parse::<Version>().unwrap() < plain);
}

#[test]
fn pseudo_versions_name_their_base() {
    check_pseudo("v0.0.0-20060102150405-hash", None);
    check_pseudo("v2.0.0-20060102150405-hash", None);
    check_pseudo("v0.0.1-0.20060102150405-hash", Some("v0.0.0"));
    check_pseudo("v1.2.4-0.20060102150405-hash", Some("v1.2.3"));
    check_pseudo("v1.2.100000000000000000-0.20060102150405-hash", Some("v1.2.99999999999999999"));
    check_pseudo("v1.2.110-0.20060102150405-hash", Some("v1.2.109"));
    check_pseudo("v1.2.3-pre.0.20060102150405-hash", Some("v1.2.3-pre"));
    check_pseudo("v0.0.0--.0.20060102150405-hash", Some("v0.0.0--"));
    check_pseudo("v2.0.1-0.20060102150405-hash+incompatible", Some("v2.0.0+incompatible"));
    check_pseudo("v2.3.0-pre.0.20060102150405-hash+incompatible", Some("v2.3.0-pre+incompatible"));
}

#[test]
fn what_is_no_pseudo_version_is_refused() {
    check_no_pseudo("v0.0.0", false, None, "it must end like");
    check_no_pseudo("v1.2.0-20060102150405-hash", false, None, "it must end like");
    check_no_pseudo("v1.2.3-1.20060102150405-hash", false, None, "it must end like");
    check_no_pseudo("v0.0.0-2006010215040-hash", false, None, "it must end like");
    check_no_pseudo("v0.0.0-20060230150405-hash", true, Some(7), "there is no such time as 20060230150405");
    check_no_pseudo("v0.0.1-0.20060102240000-hash", true, Some(9), "there is no such time as 20060102240000");
    check_no_pseudo("v0.1.0-0.20060102150405-hash", true, Some(5), "no version comes before patch number 0");
    check_no_pseudo(
        "v0.0.0-20060102150405-hash+incompatible",
        true,
        Some(26),
        "without a version before it, it cannot be `+incompatible`",
    );
    assert!(
        "v0.0.0-20060102150405-hash+meta".parse::<PseudoVersion>().unwrap_err().to_string().contains("build")
    );
    for revision in ["", "a-b", "é", "a.b"] {
        assert!(PseudoVersion::without_base(1, time(), revision).is_err(), "{revision:?}");
    }
    assert!(PseudoVersion::without_base(1, time(), &"a".repeat(256)).is_err());
    assert!(DateTime::new(Date::new(2024, 1, 1).unwrap(), 0, 60, 0).is_err());
}

#[test]
fn paths_are_split_before_their_major_version() {
    check_split("x.y/z", "x.y/z", "");
    check_split("x.y/z/v2", "x.y/z", "/v2");
    check_split("x.y/z/v10", "x.y/z", "/v10");
    check_split("x.y/v", "x.y/v", "");
    check_split("x.y/zv2", "x.y/zv2", "");
    check_split("x.y/z.v2", "x.y/z.v2", "");
    check_split("", "", "");
    check_split("gopkg.in/yaml.v0", "gopkg.in/yaml", ".v0");
    check_split("gopkg.in/yaml.v3", "gopkg.in/yaml", ".v3");
    check_split("gopkg.in/yaml.v3-unstable", "gopkg.in/yaml", ".v3-unstable");
    for (path, offset) in [
        ("x.y/z/v0", 5),
        ("x.y/z/v1", 5),
        ("x.y/z/v02", 5),
        ("x.y/z/v2.0", 5),
        ("gopkg.in/yaml", 13),
        ("gopkg.in/yaml/v2", 15),
        ("gopkg.in/yaml.v02", 15),
        ("gopkg.in/yaml.v0-unstable", 15),
        ("gopkg.in/yaml.v-unstable", 15),
    ] {
        let error = split_path_version(path).unwrap_err();
        assert_eq!(error.offset(), offset, "{error}");
    }
}

#[test]
fn versions_fit_the_path_as_go_has_it() {
    for (path, fitting, other) in [
        ("host.example/yaml", "v0.8.0 v1.0.0 v17.0.0+incompatible", "v2.0.0 v2.1.5 v3.0.0"),
        ("host.example/yaml/v2", "v2.0.0 v2.1.5", "v1.0.0 v3.0.0 v20.0.0"),
        ("gopkg.in/yaml.v0", "v0.8.0", "v1.0.0 v2.0.0"),
        ("gopkg.in/yaml.v1", "v1.0.0 v0.0.0-20160102150405-abcdef123456", "v0.8.0 v0.0.0 v2.0.0"),
        ("gopkg.in/yaml.v2", "v2.0.0 v2.1.5", "v1.0.0 v3.0.0 v0.0.0-20160102150405-abcdef123456"),
        ("gopkg.in/yaml.v2-unstable", "v2.0.0", "v1.0.0"),
    ] {
        for version in fitting.split(' ') {
            check_fits(path, version, true);
        }
        for version in other.split(' ') {
            check_fits(path, version, false);
        }
    }
}

fn versions() -> impl Strategy<Value = String> {
    "v[0-2]\\.[0-2]\\.(0|9|10|1844674407370955161[56])(|-[a0-]|-rc\\.[0-9]|-a\\.0)(|\\+incompatible)"
}

proptest! {
    #[test]
    fn the_order_is_total(texts in prop::collection::vec(versions(), 3)) {
        let versions: Vec<Version> = texts.iter().map(|text| text.parse().unwrap()).collect();
        let (a, b, c) = (&versions[0], &versions[1], &versions[2]);
        prop_assert_eq!(a.to_string(), texts[0].as_str());
        prop_assert_eq!(a.cmp(b), b.cmp(a).reverse());
        prop_assert_eq!(a.cmp(b) == Ordering::Equal, a == b);
        prop_assert!(!(a <= b && b <= c) || a <= c);
    }

    #[test]
    fn a_pseudo_version_lies_right_after_its_base(base in versions(), later in versions(), revision in "[a-z0-9]{1,12}") {
        let (base, later): (Version, Version) = (base.parse().unwrap(), later.parse().unwrap());
        let pseudo = PseudoVersion::after(&base, time(), &revision).unwrap();
        prop_assert_eq!(pseudo.base(), Some(&base));
        prop_assert_eq!(pseudo.revision(), revision);
        prop_assert!(base.cmp_precedence(pseudo.version()) == Ordering::Less);
        // No release lies between the two.
        prop_assert!(later.is_prerelease() || later.cmp_precedence(&base) != Ordering::Greater || &later > pseudo.version());
    }

    #[test]
    fn the_offset_is_inside(text in "v?[0-2]{0,2}[.v0-2é+-]{0,9}(|\\+incompatible)|v0.0.[01]-(0.)?[0-9]{14}-[a-c]{0,2}") {
        if let Err(error) = text.parse::<Version>() && let Some(offset) = error.offset() {
            prop_assert!(text.is_char_boundary(offset));
        }
        if let Err(error) = text.parse::<PseudoVersion>() && let Some(offset) = error.offset() {
            prop_assert!(text.is_char_boundary(offset));
        }
        if let Ok(version) = Version::canonical(&text) {
            prop_assert_eq!(Version::canonical(version.as_str()).unwrap(), version);
        }
    }
}
