use proptest::prelude::*;

use super::*;

#[track_caller]
fn check_order(texts: &[&str]) {
    let versions: Vec<Version> = texts.iter().map(|text| text.parse().unwrap()).collect();
    for pair in versions.windows(2) {
        assert_eq!(pair[0].cmp_precedence(&pair[1]), Ordering::Less, "{} {}", pair[0], pair[1]);
        assert!(pair[0] < pair[1]);
    }
}

#[track_caller]
fn check_refused(text: &str, offset: Option<usize>, reason: &str) {
    let error = text.parse::<Version>().unwrap_err();
    let message = error.to_string();
    assert!(message.contains(reason), "{message}");
    assert_eq!(error.offset(), offset, "{message}");
}

/// What a requirement takes and what not, each separated by spaces.
#[track_caller]
fn check_matches(requirement: &str, canonical: &str, takes: &str, refuses: &str) {
    let parsed: VersionReq = requirement.parse().unwrap();
    assert_eq!(parsed.to_string(), canonical);
    assert_eq!(parsed.as_written(), requirement.trim());
    assert_eq!(canonical.parse::<VersionReq>().unwrap(), parsed);
    for text in takes.split_whitespace() {
        assert!(parsed.matches(&text.parse().unwrap()), "{requirement} {text}");
    }
    for text in refuses.split_whitespace() {
        assert!(!parsed.matches(&text.parse().unwrap()), "{requirement} {text}");
    }
}

#[track_caller]
fn check_req_refused(text: &str, offset: Option<usize>, reason: &str) {
    let error = text.parse::<VersionReq>().unwrap_err();
    let message = error.to_string();
    assert!(message.contains(reason), "{message}");
    assert_eq!(error.offset(), offset, "{message}");
}

#[test]
fn order_is_the_one_of_the_specification() {
    check_order(&[
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0",
        "1.0.1",
        "1.1.0",
        "2.0.0",
    ]);
}

#[test]
fn what_cargo_refuses_is_refused() {
    check_refused("", None, "must not be empty");
    check_refused("1", Some(1), "the text ends after the major number");
    check_refused("1.0", Some(3), "the text ends after the minor number");
    check_refused("v1.0.0", Some(0), "there is 'v'");
    check_refused("=1.0.0", Some(0), "there is '='");
    check_refused(" 1.0.0", Some(0), "there is ' '");
    check_refused("1.2.3 abc", Some(5), "' ' cannot follow the patch number");
    check_refused("1.0.0.0", Some(5), "'.' cannot follow the patch number");
    check_refused("01.0.0", Some(0), "the major number starts with a zero");
    check_refused("1.0.0-rc.01", Some(9), "a number in the pre-release part starts with a zero");
    check_refused("1.0.0-", Some(6), "is empty");
    check_refused("1.2.3++", Some(6), "an identifier of the build metadata is empty");
    check_refused("8\0", Some(1), "'\\0' cannot follow the major number");
    check_refused("111111111111111111111.0.0", Some(0), "the major number exceeds 18446744073709551615");
    check_refused("1.18446744073709551616.0", Some(2), "the minor number exceeds");
    check_refused("1.0.18446744073709551616-rc", Some(4), "the patch number exceeds");
    check_refused(&format!("1.0.0-{}", "a".repeat(300)), None, "at most 256 bytes");
}

#[test]
fn parts_are_readable_and_the_text_survives_json() {
    let version: Version = "1.2.3-rc.1+build.5".parse().unwrap();
    assert_eq!((version.major(), version.minor(), version.patch()), (1, 2, 3));
    assert_eq!((version.pre(), version.build()), ("rc.1", "build.5"));
    assert!(version.is_prerelease());
    let json = serde_json::to_string(&version).unwrap();
    assert_eq!(json, "\"1.2.3-rc.1+build.5\"");
    assert_eq!(serde_json::from_str::<Version>(&json).unwrap(), version);
}

#[test]
fn comparators_without_operator_are_carets() {
    check_matches("1.0.0", "^1.0.0", "1.0.0 1.1.0 1.0.1", "0.9.9 0.10.0 0.1.0 1.0.0-pre 1.0.1-pre 2.0.0");
    check_matches(
        "^1",
        "^1",
        "1.1.2 1.1.0 1.2.1 1.0.1",
        "0.9.1 2.9.0 0.1.4 1.0.0-beta1 0.1.0-alpha 1.0.1-pre",
    );
    check_matches("^1.1", "^1.1", "1.1.2 1.1.0 1.2.1", "0.9.1 2.9.0 1.0.1 0.1.4");
    check_matches(
        "^1.1.2",
        "^1.1.2",
        "1.1.2 1.1.4 1.2.1",
        "0.9.1 2.9.0 1.1.1 0.0.1 1.1.2-alpha1 1.1.3-alpha1",
    );
    check_matches(
        "^0.1.2",
        "^0.1.2",
        "0.1.2 0.1.4",
        "0.9.1 2.9.0 1.1.1 0.0.1 0.1.2-beta 0.1.3-alpha 0.2.0-pre",
    );
    check_matches(
        "^0.5.1-alpha3",
        "^0.5.1-alpha3",
        "0.5.1-alpha3 0.5.1-alpha4 0.5.1-beta 0.5.1 0.5.5",
        "0.5.1-alpha1 0.5.2-alpha3 0.5.5-pre 0.5.0-pre 0.6.0",
    );
    check_matches("^0.0.2", "^0.0.2", "0.0.2", "0.9.1 2.9.0 1.1.1 0.0.1 0.1.4");
    check_matches("^0.0", "^0.0", "0.0.2 0.0.0", "0.9.1 2.9.0 1.1.1 0.1.4");
    check_matches("^0", "^0", "0.9.1 0.0.2 0.0.0", "2.9.0 1.1.1");
    check_matches(
        "^1.4.2-beta.5",
        "^1.4.2-beta.5",
        "1.4.2 1.4.3 1.4.2-beta.5 1.4.2-beta.6 1.4.2-c",
        "0.9.9 2.0.0 1.4.2-alpha 1.4.2-beta.4 1.4.3-beta.5",
    );
}

#[test]
fn an_equals_sign_takes_what_starts_so() {
    check_matches("=1.0.0", "=1.0.0", "1.0.0 1.0.0+any", "1.0.1 0.9.9 0.10.0 0.1.0 1.0.0-pre");
    check_matches("=0.9.0", "=0.9.0", "0.9.0", "0.9.1 1.9.0 0.0.9 0.9.0-pre");
    check_matches(
        "=0.1.0-beta2.a",
        "=0.1.0-beta2.a",
        "0.1.0-beta2.a",
        "0.9.1 0.1.0 0.1.1-beta2.a 0.1.0-beta2",
    );
    check_matches("=0.1.0+meta", "=0.1.0", "0.1.0 0.1.0+meta 0.1.0+any", "0.1.1");
    check_matches("=1.2", "=1.2", "1.2.0 1.2.9", "1.3.0 1.2.0-rc.1");
    check_matches("=2.1.1-really.0", "=2.1.1-really.0", "2.1.1-really.0", "2.1.1");
}

#[test]
fn bounds_take_what_is_inside() {
    check_matches(">= 1.0.0", ">=1.0.0", "1.0.0 2.0.0", "0.1.0 0.0.1 1.0.0-pre 2.0.0-pre");
    check_matches(
        " >= 2.1.0-alpha2 ",
        ">=2.1.0-alpha2",
        "2.1.0-alpha2 2.1.0-alpha3 2.1.0 3.0.0",
        "2.0.0 2.1.0-alpha1 2.0.0-alpha2 3.0.0-alpha2",
    );
    check_matches("< 1.0.0", "<1.0.0", "0.1.0 0.0.1", "1.0.0 1.0.0-beta 1.0.1 0.9.9-alpha");
    check_matches(
        "<= 2.1.0-alpha2",
        "<=2.1.0-alpha2",
        "2.1.0-alpha2 2.1.0-alpha1 2.0.0 1.0.0",
        "2.1.0 2.2.0-alpha1 2.0.0-alpha2 1.0.0-alpha2",
    );
    check_matches("> 0.0.9, <= 2.5.3", ">0.0.9, <=2.5.3", "0.0.10 1.0.0 2.5.3", "0.0.8 2.5.4");
    check_matches("0.3.0, 0.4.0", "^0.3.0, ^0.4.0", "", "0.0.8 0.3.0 0.4.0");
    check_matches("<= 0.2.0, >= 0.5.0", "<=0.2.0, >=0.5.0", "", "0.0.8 0.3.0 0.5.1");
    check_matches("0.1.0, 0.1.4, 0.1.6", "^0.1.0, ^0.1.4, ^0.1.6", "0.1.6 0.1.9", "0.1.0 0.1.4 0.2.0");
    check_matches(
        ">=0.5.1-alpha3, <0.6",
        ">=0.5.1-alpha3, <0.6",
        "0.5.1-alpha3 0.5.1-alpha4 0.5.1-beta 0.5.1 0.5.5",
        "0.5.1-alpha1 0.5.2-alpha3 0.5.5-pre 0.5.0-pre 0.6.0 0.6.0-pre",
    );
}

#[test]
fn a_pre_release_of_an_upper_bound_gets_in_as_with_cargo() {
    check_matches(">1.0.0-alpha, <1.0.0", ">1.0.0-alpha, <1.0.0", "1.0.0-beta", "1.0.0");
    check_matches(">1.0.0-alpha, <1.0", ">1.0.0-alpha, <1.0", "", "1.0.0-beta");
    check_matches(">1.0.0-alpha, <1", ">1.0.0-alpha, <1", "", "1.0.0-beta");
}

#[test]
fn a_tilde_lets_the_last_number_grow() {
    check_matches("~1", "~1", "1.0.0 1.0.1 1.1.1", "0.9.1 2.9.0 0.0.9");
    check_matches("~1.2", "~1.2", "1.2.0 1.2.1", "1.1.1 1.3.0 0.0.9");
    check_matches("~1.2.2", "~1.2.2", "1.2.2 1.2.4", "1.2.1 1.9.0 1.0.9 2.0.1 0.1.3");
    check_matches(
        "~1.2.3-beta.2",
        "~1.2.3-beta.2",
        "1.2.3 1.2.4 1.2.3-beta.2 1.2.3-beta.4",
        "1.3.3 1.1.4 1.2.3-beta.1 1.2.4-beta.2",
    );
}

#[test]
fn wildcards_take_anything_final() {
    for text in ["*", "x", "X", " * "] {
        check_matches(text, "*", "0.9.1 2.9.0 0.0.9 1.0.1 1.1.1 0.0.1", "1.0.0-pre");
    }
    for text in ["1.*", "1.x", "1.X", "1.*.*"] {
        check_matches(text, "1.*", "1.2.0 1.2.1 1.1.1 1.3.0", "0.0.9 1.2.0-pre");
    }
    for text in ["1.2.*", "1.2.x", "1.2.X"] {
        check_matches(text, "1.2.*", "1.2.0 1.2.2 1.2.4", "1.9.0 1.0.9 2.0.1 0.1.3 1.2.2-pre");
    }
    check_matches("0.*.*", "0.*", "0.5.0", "1.0.0");
    check_matches("0.0.*", "0.0.*", "0.0.5", "0.1.0");
}

#[test]
fn identifiers_may_start_with_digits_behind_every_operator() {
    for operator in ["=", ">", ">=", "<", "<=", "~", "^", ""] {
        for tail in ["-1a", "+1a", "-01a", "+01", "-1+1", "-1-1+1-1-1", "-1a+1a", "-1a-1a+1a-1a-1a"] {
            let text = format!("{operator} 1.2.3{tail}");
            assert!(text.parse::<VersionReq>().is_ok(), "{text}");
        }
    }
}

#[test]
fn what_is_no_requirement_is_refused_with_the_place() {
    check_req_refused("", None, "must not be empty");
    check_req_refused("  ", None, "must not be empty");
    check_req_refused(&" ".repeat(4097), None, "at most 4096 bytes long, this text has 4097");
    check_req_refused("> 0.1.0,", Some(8), "the major number is missing");
    check_req_refused("> 0.3.0, ,", Some(9), "the major number is missing, there is ','");
    check_req_refused("1.2.3 - 2.3.4", Some(6), "write a comma between comparators, not '-'");
    check_req_refused("> 0.0.9 <= 2.5.3", Some(8), "write a comma between comparators, not '<'");
    check_req_refused("=1.2.3 || =2.3.4", Some(7), "not '|'");
    check_req_refused("1.1 || =1.2.3", Some(4), "not '|'");
    check_req_refused("6.* || 8.* || >= 10.*", Some(4), "not '|'");
    check_req_refused("\0", Some(0), "the major number is missing, there is '\\0'");
    check_req_refused(">= >= 0.0.2", Some(3), "there is '>'");
    check_req_refused(">== 0.0.2", Some(2), "there is '='");
    check_req_refused("a.0.0", Some(0), "there is 'a'");
    check_req_refused("1.0.0-", Some(6), "an identifier of the pre-release part is empty");
    check_req_refused("1.2.3-01", Some(6), "a number in the pre-release part starts with a zero");
    check_req_refused("1.2.3+4.", Some(8), "an identifier of the build metadata is empty");
    check_req_refused("1.2.3+4ÿ", Some(7), "not 'ÿ'");
    check_req_refused(">=", Some(2), "the major number is missing");
    check_req_refused("1.", Some(2), "the minor number is missing");
    check_req_refused("1.01", Some(2), "the minor number starts with a zero");
    check_req_refused(">1, 18446744073709551616", Some(4), "the major number exceeds");
    check_req_refused("*.1", Some(1), "no number can follow a wildcard");
    check_req_refused("1.*.", Some(4), "no number can follow a wildcard");
    check_req_refused("1.*.1", Some(4), "no number can follow a wildcard");
    check_req_refused(">=1.*.1", Some(6), "no number can follow a wildcard");
    check_req_refused("*, 0.20.0-any", Some(0), "must stand alone");
    check_req_refused("0.20.0-any, *", Some(12), "must stand alone");
    check_req_refused("0.20.0-any, *, 1.0", Some(12), "must stand alone");
    let many: Vec<String> = (1..=33).map(|number| format!(">{number}")).collect();
    check_req_refused(&many.join(","), Some(119), "more than 32 comparators");
    assert!(many[..32].join(",").parse::<VersionReq>().is_ok());
}

#[test]
fn comparators_are_readable_and_the_text_survives_json() {
    let requirement: VersionReq = " >=1.2.3-rc.1 ,<2, 1.*".parse().unwrap();
    let seen: Vec<_> = requirement
        .comparators()
        .map(|comparator| {
            let numbers = (comparator.major(), comparator.minor(), comparator.patch());
            (comparator.operator(), numbers, comparator.pre().to_owned(), comparator.to_string())
        })
        .collect();
    assert_eq!(
        seen,
        [
            (Operator::GreaterEq, (1, Some(2), Some(3)), "rc.1".to_owned(), ">=1.2.3-rc.1".to_owned()),
            (Operator::Less, (2, None, None), String::new(), "<2".to_owned()),
            (Operator::Wildcard, (1, None, None), String::new(), "1.*".to_owned()),
        ]
    );
    for (text, operator) in [
        ("=1", Operator::Exact),
        (">1", Operator::Greater),
        ("<=1", Operator::LessEq),
        ("~1", Operator::Tilde),
    ] {
        assert_eq!(text.parse::<VersionReq>().unwrap().comparators().next().unwrap().operator(), operator);
    }
    assert_eq!("1".parse::<VersionReq>().unwrap().comparators().next().unwrap().operator(), Operator::Caret);
    assert_eq!("*".parse::<VersionReq>().unwrap().comparators().len(), 0);
    let json = serde_json::to_string(&requirement).unwrap();
    assert_eq!(json, "\">=1.2.3-rc.1 ,<2, 1.*\"");
    assert_eq!(serde_json::from_str::<VersionReq>(&json).unwrap(), requirement);
}

/// Texts that are requirements, or nearly.
fn requirements() -> impl Strategy<Value = String> {
    let number = prop_oneof![6 => "[0-3]", 1 => "[*xX]", 1 => "", 1 => "01", 1 => "1844674407370955161[56]"];
    let comparator = (
        "(|=|>|>=|<|<=|~|\\^|v) ?",
        prop::collection::vec(number, 1..5),
        "(|-[ab01.]{0,3})(|\\+[ab01.]{0,3}) ?",
    )
        .prop_map(|(operator, numbers, tail)| format!("{operator}{}{tail}", numbers.join(".")));
    prop_oneof![
        8 => prop::collection::vec(comparator, 1..4).prop_map(|comparators| comparators.join(",")),
        1 => "[0-2x*.,<>=^~a+ é-]{0,9}",
    ]
}

fn versions() -> impl Strategy<Value = String> {
    "[0-3]\\.[0-3]\\.[0-3](|-[ab01](\\.[ab01])?)(|\\+a)"
}

proptest! {
    #[test]
    fn the_semver_crate_agrees(text in requirements(), version in versions()) {
        match (text.parse::<VersionReq>(), ::semver::VersionReq::parse(&text)) {
            (Ok(ours), Ok(theirs)) => {
                prop_assert_eq!(ours.to_string(), theirs.to_string());
                prop_assert_eq!(&ours.to_string().parse::<VersionReq>().unwrap(), &ours);
                prop_assert_eq!(&ours.as_written().parse::<VersionReq>().unwrap(), &ours);
                let matches = theirs.matches(&::semver::Version::parse(&version).unwrap());
                prop_assert_eq!(ours.matches(&version.parse().unwrap()), matches);
            }
            (Err(error), Err(_)) => {
                prop_assert!(error.is_located(), "{}", error);
                prop_assert!(error.offset().is_none_or(|offset| text.is_char_boundary(offset)));
            }
            (ours, theirs) => prop_assert!(false, "{:?} {:?}", ours, theirs),
        }
    }

    #[test]
    fn every_error_of_a_version_has_its_place(text in "[0-2a.+é-]{1,9}|[0-9]{19,21}\\.[0-9]{19,21}\\.[0-9]{19,21}") {
        match (text.parse::<Version>(), ::semver::Version::parse(&text)) {
            (Ok(ours), Ok(theirs)) => prop_assert_eq!(ours.to_string(), theirs.to_string()),
            (Err(error), Err(_)) => {
                prop_assert!(text.is_char_boundary(error.offset().unwrap()));
            }
            (ours, theirs) => prop_assert!(false, "{:?} {:?}", ours, theirs),
        }
    }
}
