use proptest::prelude::*;

use super::*;

/// The valid versions that semver.org publishes with its regular expression.
const VALID: &[&str] = &[
    "0.0.4",
    "1.2.3",
    "10.20.30",
    "1.1.2-prerelease+meta",
    "1.1.2+meta",
    "1.1.2+meta-valid",
    "1.0.0-alpha",
    "1.0.0-beta",
    "1.0.0-alpha.beta",
    "1.0.0-alpha.beta.1",
    "1.0.0-alpha.1",
    "1.0.0-alpha0.valid",
    "1.0.0-alpha.0valid",
    "1.0.0-alpha-a.b-c-somethinglong+build.1-aef.1-its-okay",
    "1.0.0-rc.1+build.1",
    "2.0.0-rc.1+build.123",
    "1.2.3-beta",
    "10.2.3-DEV-SNAPSHOT",
    "1.2.3-SNAPSHOT-123",
    "1.0.0",
    "2.0.0",
    "1.1.7",
    "2.0.0+build.1848",
    "2.0.1-alpha.1227",
    "1.0.0-alpha+beta",
    "1.2.3----RC-SNAPSHOT.12.9.1--.12+788",
    "1.2.3----R-S.12.9.1--.12+meta",
    "1.2.3----RC-SNAPSHOT.12.9.1--.12",
    "1.0.0+0.build.1-rc.10000aaa-kk-0.1",
    "99999999999999999999999.999999999999999999.99999999999999999",
    "1.0.0-0A.is.legal",
];

/// The invalid ones, each with the place where it stops to make sense.
const INVALID: &[(&str, usize)] = &[
    ("1", 1),
    ("1.2", 3),
    ("1.2.3-0123", 6),
    ("1.2.3-0123.0123", 6),
    ("1.1.2+.123", 6),
    ("+invalid", 0),
    ("-invalid", 0),
    ("-invalid+invalid", 0),
    ("-invalid.01", 0),
    ("alpha", 0),
    ("alpha.beta", 0),
    ("alpha.beta.1", 0),
    ("alpha.1", 0),
    ("alpha+beta", 0),
    ("alpha_beta", 0),
    ("alpha.", 0),
    ("alpha..", 0),
    ("beta", 0),
    ("1.0.0-alpha_beta", 11),
    ("-alpha.", 0),
    ("1.0.0-alpha..", 12),
    ("1.0.0-alpha..1", 12),
    ("1.0.0-alpha...1", 12),
    ("1.0.0-alpha....1", 12),
    ("1.0.0-alpha.....1", 12),
    ("1.0.0-alpha......1", 12),
    ("1.0.0-alpha.......1", 12),
    ("01.1.1", 0),
    ("1.01.1", 2),
    ("1.1.01", 4),
    ("1.2.3.DEV", 5),
    ("1.2-SNAPSHOT", 3),
    ("1.2.31.2.3----RC-SNAPSHOT.12.09.1--..12+788", 6),
    ("1.2-RC-SNAPSHOT", 3),
    ("-1.0.3-gamma+b7718", 0),
    ("+justmeta", 0),
    ("9.8.7+meta+meta", 10),
    ("9.8.7-whatever+meta+meta", 19),
    (
        "99999999999999999999999.999999999999999999.99999999999999999----RC-SNAPSHOT.12.09.1--------------------------------..12",
        79,
    ),
];

#[track_caller]
fn check_error(text: &str, offset: Option<usize>, reason: &str) {
    let error = text.parse::<Version>().unwrap_err();
    let message = error.to_string();
    assert!(message.contains(reason), "{message}");
    assert_eq!(error.offset(), offset, "{message}");
}

#[track_caller]
fn check_order(texts: &[&str]) {
    let versions: Vec<Version> = texts.iter().map(|text| text.parse().unwrap()).collect();
    for (index, left) in versions.iter().enumerate() {
        for (other, right) in versions.iter().enumerate() {
            assert_eq!(left.cmp_precedence(right), index.cmp(&other), "{left} {right}");
            assert_eq!(left.cmp(right), index.cmp(&other), "{left} {right}");
        }
    }
}

#[test]
fn the_valid_list_of_the_specification_is_accepted() {
    for text in VALID {
        let version: Version = text.parse().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(version.to_string(), *text);
    }
}

#[test]
fn the_invalid_list_of_the_specification_is_refused_with_the_place() {
    for &(text, offset) in INVALID {
        let error = text.parse::<Version>().unwrap_err();
        assert_eq!(error.offset(), Some(offset), "{error}");
    }
}

#[test]
fn errors_say_what_is_wrong() {
    check_error("", None, "a version must not be empty");
    check_error(&"1".repeat(257), None, "at most 256 bytes long, this text has 257");
    check_error("1.2", Some(3), "the text ends after the minor number, at character 4");
    check_error("1.2.", Some(4), "the patch number is missing, at character 5");
    check_error("1..3", Some(2), "the minor number is missing, there is '.', at character 3");
    check_error("v1.2.3", Some(0), "the major number is missing, there is 'v', at character 1");
    check_error(" 1.2.3", Some(0), "the major number is missing, there is ' '");
    check_error("1.02.3", Some(2), "the minor number starts with a zero, at character 3");
    check_error(
        "1.2.3-rc.01",
        Some(9),
        "a number in the pre-release part starts with a zero, at character 10",
    );
    check_error("1.2.3-", Some(6), "an identifier of the pre-release part is empty");
    check_error("1.2.3-+b", Some(6), "an identifier of the pre-release part is empty");
    check_error("1.2.3+", Some(6), "an identifier of the build metadata is empty");
    check_error("1.2.3-rc_1", Some(8), "'_' cannot be in the pre-release part");
    check_error("1.2.3-_1", Some(6), "'_' cannot be in the pre-release part");
    check_error("1.2.3+a+b", Some(7), "'+' cannot be in the build metadata");
    check_error("1.2.3 ", Some(5), "' ' cannot follow the patch number");
    check_error("1.2.3-é.ü", Some(6), "'é' cannot be in the pre-release part, at character 7");
    check_error("é", Some(0), "there is 'é', at character 1");
}

#[test]
fn precedence_is_the_one_of_the_specification() {
    check_order(&[
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0",
        "2.0.0",
        "2.1.0",
        "2.1.1",
        "18446744073709551614.0.0",
        "18446744073709551615.0.0-9",
        "18446744073709551615.0.0-18446744073709551616",
        "18446744073709551615.0.0--",
        "18446744073709551615.0.0",
        "18446744073709551615.0.18446744073709551616",
        "18446744073709551615.18446744073709551616.0",
        "18446744073709551616.0.0",
        "18446744073709551616.0.1",
        "18446744073709551617.0.0",
        "100000000000000000000.0.0",
    ]);
}

#[test]
fn build_metadata_decides_last_and_only_in_the_total_order() {
    let texts = [
        "1.0.0",
        "1.0.0+0",
        "1.0.0+00",
        "1.0.0+1",
        "1.0.0+01",
        "1.0.0+2",
        "1.0.0+10",
        "1.0.0+a",
        "1.0.0+a.1",
    ];
    let versions: Vec<Version> = texts.iter().map(|text| text.parse().unwrap()).collect();
    for pair in versions.windows(2) {
        assert_eq!(pair[0].cmp_precedence(&pair[1]), Ordering::Equal);
        assert!(pair[0] < pair[1], "{} {}", pair[0], pair[1]);
    }
}

#[test]
fn parts_are_readable_and_the_text_survives_json() {
    let version: Version = "1.20.18446744073709551616-rc.1+build.5".parse().unwrap();
    assert_eq!((version.major(), version.minor(), version.patch()), (Some(1), Some(20), None));
    assert_eq!((version.major_text(), version.minor_text()), ("1", "20"));
    assert_eq!(version.patch_text(), "18446744073709551616");
    assert_eq!((version.pre(), version.build()), ("rc.1", "build.5"));
    assert!(version.is_prerelease());
    let json = serde_json::to_string(&version).unwrap();
    assert_eq!(serde_json::from_str::<Version>(&json).unwrap(), version);

    let largest: Version = "18446744073709551615.0.0+b".parse().unwrap();
    assert_eq!((largest.major(), largest.pre(), largest.build()), (Some(u64::MAX), "", "b"));
    assert!(!largest.is_prerelease());
}

fn texts() -> impl Strategy<Value = String> {
    let number = prop_oneof![4 => "[0-9]", 1 => "[1-9][0-9]{0,18}", 1 => "0[0-9]", 1 => "[1-9][0-9]{18,24}"];
    let identifiers = "[0-9a-cA-]{0,3}(\\.[0-9a-cA-]{0,3}){0,2}";
    (number.clone(), number.clone(), number, prop::option::of(identifiers), prop::option::of(identifiers))
        .prop_map(|(major, minor, patch, pre, build)| {
            let pre = pre.map(|pre| format!("-{pre}")).unwrap_or_default();
            let build = build.map(|build| format!("+{build}")).unwrap_or_default();
            format!("{major}.{minor}.{patch}{pre}{build}")
        })
}

/// Whether a text holds a number that the `semver` crate cannot hold.
fn is_large(text: &str) -> bool {
    text.split(['-', '+'])
        .next()
        .is_some_and(|numbers| numbers.split('.').any(|number| number.parse::<u64>().is_err()))
}

proptest! {
    #[test]
    fn the_semver_crate_agrees_where_numbers_fit(left in texts(), right in texts()) {
        for text in [&left, &right] {
            let ours = text.parse::<Version>();
            match ::semver::Version::parse(text) {
                Ok(theirs) => {
                    let ours = ours.unwrap();
                    prop_assert_eq!(ours.major(), Some(theirs.major));
                    prop_assert_eq!(ours.pre(), theirs.pre.as_str());
                    prop_assert_eq!(ours.build(), theirs.build.as_str());
                }
                Err(_) => prop_assert!(ours.is_err() || is_large(text), "{}", text),
            }
        }
        if let (Ok(ours), Ok(other)) = (left.parse::<Version>(), right.parse::<Version>())
            && let (Ok(theirs), Ok(their_other)) = (::semver::Version::parse(&left), ::semver::Version::parse(&right))
        {
            prop_assert_eq!(ours.cmp_precedence(&other), theirs.cmp_precedence(&their_other));
            prop_assert_eq!(ours.cmp(&other), theirs.cmp(&their_other));
        }
    }

    #[test]
    fn the_order_is_total(texts in prop::collection::vec(texts(), 3)) {
        let versions: Vec<Version> = texts.iter().filter_map(|text| text.parse().ok()).collect();
        if let [a, b, c] = versions.as_slice() {
            prop_assert_eq!(a.cmp(b), b.cmp(a).reverse());
            prop_assert_eq!(a.cmp(b) == Ordering::Equal, a == b);
            prop_assert!(!(a <= b && b <= c) || a <= c);
        }
    }

    #[test]
    fn the_quick_reader_agrees_with_the_general_one(text in texts(), length in 0..40_usize, filler in "[0.+x-]?") {
        let text = text.get(..text.len().min(length)).unwrap_or_default().to_owned() + &filler;
        for shorthand in [Shorthand::Refused, Shorthand::Allowed] {
            let both = [grammar::scan(&text, shorthand), grammar::scan_unusual(&text, shorthand)];
            let [quick, general] = both.map(|read| {
                read.map(|layout| {
                    let parts = [Part::Major, Part::Minor, Part::Patch, Part::Pre, Part::Build];
                    (parts.map(|part| layout.part(&text, part)), format!("{layout:?}"))
                })
            });
            prop_assert_eq!(quick, general);
        }
    }

    #[test]
    fn the_offset_is_inside(text in "[0-9a.+é-]{0,12}") {
        if let Err(error) = text.parse::<Version>() && let Some(offset) = error.offset() {
            prop_assert!(text.is_char_boundary(offset), "{} {}", text, offset);
        }
    }
}
