use super::*;
use crate::constraint::satisfies;

#[track_caller]
fn check(ecosystem: Ecosystem, text: &str, admitted: &[&str], others: &[&str]) {
    for version in admitted {
        assert!(satisfies(ecosystem, text, version).unwrap(), "{text:?} refused {version}");
    }
    for version in others {
        assert!(!satisfies(ecosystem, text, version).unwrap(), "{text:?} admitted {version}");
    }
}

#[test]
fn python() {
    use Ecosystem::Python;
    check(
        Python,
        ">=0.12,<0.13",
        &["0.12", "0.12.44", "0.12.44+cu118"],
        &["0.11.9", "0.13", "0.13rc1", "0.12.5rc1"],
    );
    check(Python, ">=0.13rc1,<0.14", &["0.13rc1", "0.13", "0.13.5rc2"], &["0.13b1", "0.14rc1"]);
    check(Python, "~=1.4,!=1.4.5", &["1.4", "1.6"], &["1.4.5", "2.0"]);
    check(Python, "==1.1.*", &["1.1", "1.1.5.post1"], &["1.1rc1", "1.2"]);
    check(Python, "===1.0", &["1.0"], &["1.0.0"]);
    check(Python, "", &["1.0"], &["1.0rc1"]);
    check(Python, "!=1.0rc1", &["1.0"], &["1.1rc1"]);
}

#[test]
fn poetry() {
    use Ecosystem::Poetry;
    check(Poetry, "^1.2", &["1.2", "1.9.1"], &["1.1.9", "2.0", "2.0rc1", "1.5rc1"]);
    check(Poetry, "^0.2.3", &["0.2.3", "0.2.9"], &["0.3", "0.2.2"]);
    check(Poetry, "^0.0.3", &["0.0.3"], &["0.0.4"]);
    check(Poetry, "^0", &["0.9"], &["1.0"]);
    check(Poetry, "^0.0", &["0.0.9"], &["0.1"]);
    check(Poetry, "~1.2.3", &["1.2.9"], &["1.3"]);
    check(Poetry, "~1", &["1.9"], &["2"]);
    check(Poetry, "~=1.2", &["1.9"], &["2"]);
    check(Poetry, "1.2", &["1.2.0", "1.2+local"], &["1.2.1"]);
    check(Poetry, "1.*", &["1.9"], &["2.0", "0.9"]);
    check(Poetry, "1.*.*", &["1.9"], &["2.0", "0.9"]);
    check(Poetry, "!=1.*", &["2.0", "0.9"], &["1.9"]);
    check(Poetry, "^1 || ^3", &["1.5", "3.5"], &["2.5"]);
    check(Poetry, "^1|^3", &["1.5", "3.5"], &["2.5"]);
    check(Poetry, ">1.0", &["1.0.1"], &["1.0", "1.0.post1", "1.0+local"]);
    check(Poetry, ">=1.0.post1 <2", &["1.0.post2"], &["1.0", "2.dev1"]);
    check(Poetry, "*", &["1.0"], &["1.0rc1"]);
    check(Poetry, "^18446744073709551615.0", &["18446744073709551615.7"], &["1.0"]);
}

#[test]
fn npm() {
    use Ecosystem::Npm;
    check(Npm, "^1.2.3", &["1.2.3", "1.9.0"], &["1.2.2", "2.0.0", "2.0.0-rc.1", "1.5.0-rc.1"]);
    check(Npm, "^1.0.0-rc.1", &["1.0.0-rc.1", "1.0.0-rc.2", "1.0.0"], &["1.0.0-beta.1", "1.1.0-rc.1"]);
    check(Npm, "^1 || ^3", &["1.5.0", "3.5.0"], &["2.5.0"]);
    check(Npm, "1.2.3 - 2", &["1.2.3", "2.9.9"], &["3.0.0"]);
    check(Npm, "npm:@scope/demo@~1.2.3", &["1.2.9"], &["1.3.0"]);
    check(Npm, "workspace:1.x", &["1.2.9"], &["2.0.0"]);
}

#[test]
fn cargo() {
    use Ecosystem::Cargo;
    check(Cargo, "1.2", &["1.2.0", "1.9.0"], &["1.1.9", "2.0.0", "1.5.0-rc.1"]);
    check(Cargo, ">=1.2, <1.5", &["1.2.0", "1.4.9"], &["1.5.0"]);
    check(Cargo, "=1.2", &["1.2.9"], &["1.3.0"]);
    check(Cargo, "*", &["1.2.9"], &["1.3.0-rc.1"]);
}

#[test]
fn go() {
    use Ecosystem::Go;
    check(Go, "v1.2.3", &["v1.2.3", "v1.9.0", "v2.0.0+incompatible"], &["v1.2.2", "v1.2.3-rc.1", "v2.0.0"]);
    check(Go, "v0.5.0", &["v0.6.0", "v1.0.0"], &["v0.4.0"]);
    check(Go, "v2.1.0", &["v2.1.0"], &["v3.0.0", "v2.2.0+incompatible"]);
    check(Go, " v1.2.3 ", &["v1.2.3"], &[]);
}

#[test]
fn what_is_no_range_is_an_error() {
    assert!(matches!(
        satisfies(Ecosystem::Npm, "workspace:^", "1.0.0"),
        Err(SatisfiesError::Reference { reference: Reference::Workspace, .. })
    ));
    let error = satisfies(Ecosystem::Npm, "latest", "1.0.0").unwrap_err();
    assert_eq!(
        error.to_string(),
        "\"latest\" holds no range of versions: it refers to a tag of the registry"
    );
    assert!(matches!(satisfies(Ecosystem::Python, "^1", "1.0.0"), Err(SatisfiesError::Constraint(_))));
    assert!(matches!(satisfies(Ecosystem::Cargo, "1", "1.0"), Err(SatisfiesError::Version(_))));
    assert!(matches!(satisfies(Ecosystem::Go, "v1.0.0", "v1.0.0+build"), Err(SatisfiesError::Version(_))));
}
