use super::*;

#[track_caller]
fn check(ecosystem: Ecosystem, shape: Shape, to: &str, expected: &str) {
    let text = if ecosystem == Ecosystem::Python { "" } else { "*" };
    let how = How { shape, ..How::default() };
    assert_eq!(outcome(ecosystem, text, to, how), expected);
}

#[test]
fn every_shape_is_written_as_its_ecosystem_writes_it() {
    use Ecosystem::{Cargo, Npm, Poetry, Python};
    use Shape::{Caret, Compatible, Exact, Minimum, NextMajor, NextMinor};

    check(Python, Exact, "0.13.2", "==0.13.2");
    check(Python, Exact, "0.13.2+cu118", "==0.13.2+cu118");
    check(Python, Compatible, "0.13.2", "~=0.13.2");
    check(Python, Compatible, "1.6", "~=1.6.0");
    check(Python, Compatible, "1.6.2.4", ">=1.6.2.4,<1.7");
    check(Python, Caret, "0.13.2", ">=0.13.2,<0.14");
    check(Python, Caret, "1.6.2", ">=1.6.2,<2");
    check(Python, Caret, "0.0.3", ">=0.0.3,<0.0.4");
    check(Python, Minimum, "0.13.2", ">=0.13.2");
    check(Python, Minimum, "0.13.2+cu118", ">=0.13.2");
    check(Python, NextMinor, "0.13.2", ">=0.13.2,<0.14");
    check(Python, NextMinor, "0.13.0rc1", ">=0.13.0rc1,<0.14");
    check(Python, NextMajor, "0.13.2", ">=0.13.2,<1");
    check(Python, NextMajor, "1!0.13.2", ">=1!0.13.2,<1!1");

    check(Poetry, Exact, "0.13.2", "==0.13.2");
    check(Poetry, Compatible, "0.13.2", "~0.13.2");
    check(Poetry, Compatible, "1", "~1.0.0");
    check(Poetry, Caret, "0.13.2", "^0.13.2");
    check(Poetry, Caret, "0.13.0rc1", "^0.13.0rc1");
    check(Poetry, NextMinor, "0.13.2", ">=0.13.2,<0.14");

    check(Npm, Exact, "0.13.2", "0.13.2");
    check(Npm, Compatible, "0.13.2", "~0.13.2");
    check(Npm, Caret, "1.0.0-rc.1", "^1.0.0-rc.1");
    check(Npm, Minimum, "0.13.2", ">=0.13.2");
    check(Npm, NextMinor, "0.13.2", ">=0.13.2 <0.14.0");
    check(Npm, NextMajor, "1.3.2", ">=1.3.2 <2.0.0");

    check(Cargo, Exact, "0.13.2", "=0.13.2");
    check(Cargo, Compatible, "0.13.2", "~0.13.2");
    check(Cargo, Caret, "0.13.2+build", "0.13.2");
    check(Cargo, Minimum, "0.13.2", ">=0.13.2");
    check(Cargo, NextMinor, "0.13.2", ">=0.13.2, <0.14");
    check(Cargo, NextMajor, "1.3.2", ">=1.3.2, <2");
}

#[track_caller]
fn check_from(ecosystem: Ecosystem, shape: Shape, text: &str, to: &str, expected: &str) {
    let how = How { shape, ..How::default() };
    assert_eq!(outcome(ecosystem, text, to, how), expected);
}

#[test]
fn a_shape_replaces_the_range_and_nothing_around_it() {
    check_from(Ecosystem::Npm, Shape::Exact, "workspace:^1.2.3", "2.0.0", "workspace:2.0.0");
    check_from(Ecosystem::Npm, Shape::Caret, "npm:@scope/demo@1.x", "2.0.0", "npm:@scope/demo@^2.0.0");
    check_from(Ecosystem::Npm, Shape::Caret, "workspace:^", "2.0.0", "= workspace");
    check_from(Ecosystem::Npm, Shape::Exact, "^1 || ^2", "1.5.0", "1.5.0");
    check_from(Ecosystem::Npm, Shape::Exact, "^1 || ^2", "0.5.0", "! would lower");
    check_from(Ecosystem::Python, Shape::Exact, " ~=0.13.2 ", "0.13.2", " ==0.13.2 ");
    check_from(Ecosystem::Cargo, Shape::Exact, " 1.2 ", "1.3.0", " =1.3.0 ");
    check_from(Ecosystem::Python, Shape::Exact, "==0.13.2", "0.13.2", "=");
    check_from(Ecosystem::Python, Shape::Exact, ">=0.13", "0.12", "! would lower");
    check_from(Ecosystem::Python, Shape::Exact, "nonsense", "0.12", "! constraint");
}

#[test]
fn a_constraint_is_dropped() {
    check_from(Ecosystem::Python, Shape::Drop, ">=0.13,<0.14", "0.12", "");
    check_from(Ecosystem::Python, Shape::Drop, ">=0.13,<0.14", "0.13rc1", "");
    check_from(Ecosystem::Python, Shape::Drop, "", "0.13rc1", "=");
    check_from(Ecosystem::Poetry, Shape::Drop, "^0.13", "0.13rc1", "*");
    check_from(Ecosystem::Npm, Shape::Drop, "^0.13.0", "0.13.0-rc.1", "! not admitted");
    check_from(Ecosystem::Cargo, Shape::Drop, "0.13", "0.13.0-rc.1", "! not admitted");
    check_from(Ecosystem::Poetry, Shape::Drop, "^0.13", "0.12", "*");
    check_from(Ecosystem::Npm, Shape::Drop, "workspace:^1.2.3", "2.0.0", "workspace:>=0.0.0");
    check_from(Ecosystem::Cargo, Shape::Drop, "1.2", "2.0.0", "*");
    check_from(Ecosystem::Go, Shape::Drop, "v1.2.3", "v1.2.4", "! inexpressible");
}

#[test]
fn loosening_keeps_what_was_admitted() {
    use Ecosystem::{Cargo, Go, Npm, Poetry, Python};
    for (ecosystem, text, to, expected) in [
        (Python, "==0.12.44", "0.13.2", ">=0.12.44"),
        (Python, "==0.12.44+cu118", "0.13.2", ">=0.12.44"),
        (Python, "==0.12.44", "0.12.44", "="),
        (Python, "==0.12.*", "0.13.2", ">=0.12"),
        (Python, "~=0.12.4", "0.13.2", ">=0.12.4"),
        (Python, "~=0.12.4", "0.12.9", "="),
        (Python, ">=0.12.44,<0.13", "0.13.2", ">=0.12.44,<0.14"),
        (Python, ">=0.12.44,<0.13", "0.12.50", "="),
        (Python, "~=0.12.4,!=0.12.6", "0.13.2", ">=0.12.4,!=0.12.6"),
        (Python, "==0.12.44", "0.13.0rc1", "! not admitted"),
        (Python, ">=0.12,<0.13rc1", "0.13b1", "="),
        (Python, ">=0.13b1,<0.13rc1", "0.13", ">=0.13b1,<0.14"),
        (Python, "==0.12.44", "0.12.43", "! would lower"),
        (Poetry, "^1.2", "2.1", ">=1.2"),
        (Poetry, "1.2", "2.1", ">=1.2"),
        (Npm, "^1.2.3", "2.1.0", ">=1.2.3"),
        (Npm, "1.x", "2.1.0", ">=1"),
        (Npm, "workspace:1.2.3", "2.1.0", "workspace:>=1.2.3"),
        (Npm, "1.2.3 - 2.0.0", "2.3.4", "1.2.3 - 3.0.0"),
        (Npm, "^1 || ^2", "3.1.0", "^1 || ^2 || ^3"),
        (Cargo, "1.2", "2.1.0", ">=1.2"),
        (Cargo, ">=1.2, <1.5", "2.1.0", ">=1.2, <2.2"),
        (Cargo, "=1.2.3", "2.1.0", ">=1.2.3"),
        (Go, "v1.2.3", "v1.3.0", "="),
    ] {
        check_from(ecosystem, Shape::Loosen, text, to, expected);
    }
}

#[test]
fn lowering_and_needless_raising_are_asked_for() {
    let lower = How { allow_lowering: true, ..How::default() };
    for (ecosystem, text, to, expected) in [
        (Ecosystem::Python, ">=0.12.44,<0.13", "0.11.3", ">=0.11.3,<0.13"),
        (Ecosystem::Python, "==0.13.2", "0.13.1", "==0.13.1"),
        (Ecosystem::Python, "==0.13.*", "0.12.1", "==0.12.*"),
        (Ecosystem::Python, "~=1.4", "1.3.2", "~=1.3"),
        (Ecosystem::Python, ">=0.13", "0.13.0rc1", ">=0.13rc1"),
        (Ecosystem::Python, ">1.5", "1.5", "! inexpressible"),
        (Ecosystem::Python, "~=1.4", "1.3.1rc1", ">=1.3.1rc1,<2"),
        (Ecosystem::Python, "~=1.4", "1.4rc1", "~=1.4rc1"),
        (Ecosystem::Python, ">=1!1.0,<1!2", "2.0", ">=2.0,<1!2"),
        (Ecosystem::Npm, "^1.2", "0.0.3-rc.1", ">=0.0.3-rc.1 <0.1"),
        (Ecosystem::Npm, "^1.2 || ^2.5", "2.3.0-rc.1", "^1.2 || ^2.3.0-rc.1"),
        (Ecosystem::Npm, ">1", "1.5.0", "! inexpressible"),
        (Ecosystem::Npm, "^1.2.3", "1.0.0", "^1.0.0"),
        (Ecosystem::Npm, "^1.2 || ^2.5", "2.3.0", "^1.2 || ^2.3"),
        (Ecosystem::Cargo, "1.2", "1.1.0", "1.1"),
        (Ecosystem::Go, "v1.2.3", "v1.2.2", "v1.2.2"),
    ] {
        assert_eq!(outcome(ecosystem, text, to, lower), expected);
    }
    let needed = How { when: When::OnlyIfNeeded, ..How::default() };
    for (ecosystem, text, to, expected) in [
        (Ecosystem::Python, ">=0.12.44,<0.13", "0.12.50", "="),
        (Ecosystem::Python, ">=0.12.44,<0.13", "0.13.2", ">=0.13.2,<0.14"),
        (Ecosystem::Npm, "^1.2.3", "1.5.0", "="),
        (Ecosystem::Npm, "^1.2.3", "1.5.0-rc.1", "^1.5.0-rc.1"),
        (Ecosystem::Cargo, "1.2", "1.5.0", "="),
        (Ecosystem::Go, "v1.2.3", "v1.5.0", "="),
    ] {
        assert_eq!(outcome(ecosystem, text, to, needed), expected);
    }
}

#[test]
fn edits_say_what_changed() {
    let rewritten = rewrite(Ecosystem::Npm, "workspace:>=1.2.3 <2.0.0", "2.4.0", How::default()).unwrap();
    let edits: Vec<_> = rewritten
        .edits()
        .iter()
        .map(|edit| (edit.span.clone(), edit.old.as_str(), edit.new.as_str()))
        .collect();
    assert_eq!(edits, [(12..17, "1.2.3", "2.4.0"), (19..24, "2.0.0", "3.0.0")]);
    assert_eq!(rewritten.admits(), Some(true));
    let added = rewrite(Ecosystem::Npm, "^1 || ^2", "3.0.0", How::default()).unwrap();
    assert_eq!(added.edits(), [Edit { span: 8..8, old: String::new(), new: " || ^3".to_owned() }]);
}

#[test]
fn refusals_name_the_text() {
    let message = |ecosystem, text, to| rewrite(ecosystem, text, to, How::default()).unwrap_err().to_string();
    assert_eq!(
        message(Ecosystem::Python, ">=2.0b1,<2.0rc1", "2.0"),
        "Python has no way to write the end of a range within the pre-releases of one version for another version",
    );
    assert_eq!(
        message(Ecosystem::Python, ">=0.13.2,<0.14", "0.12.0"),
        "version 0.12.0 is below the bound `>=0.13.2`: lowering it has to be allowed",
    );
    assert_eq!(
        message(Ecosystem::Python, "<0.13", "0.13.0rc1"),
        "`<0.13`, rewritten as `<0.14`, would not admit version 0.13.0rc1: choose another shape",
    );
    assert_eq!(
        message(Ecosystem::Go, "v1.2.3", "v2.0.0"),
        "v1.2.3 and v2.0.0 belong to different Go modules: the path of the module has to change as well",
    );
    assert_eq!(message(Ecosystem::Npm, "^1", "2"), "\"2\" is not a version of npm");
    assert_eq!(
        message(Ecosystem::Cargo, "é^1", "2.0.0"),
        "\"é^1\" is not a Cargo version requirement: expected a version at character 1",
    );
    assert_eq!(
        message(Ecosystem::Npm, ">=1 || ^é", "2.0.0"),
        "\">=1 || ^é\" is not an npm range: expected a version at character 9",
    );
    assert_eq!(
        message(Ecosystem::Python, &">=1,".repeat(2000), "2.0"),
        "a constraint is at most 4096 bytes long, this text has 8000",
    );
}
