use proptest::prelude::*;

use super::*;
use crate::constraint::{How, Outcome, Reference, RewriteError, Shape};

#[track_caller]
fn check(text: &str, name: &str, extras: &[&str], specifiers: &str, url: Option<&str>, marker: Option<&str>) {
    let requirement: Requirement = text.parse().unwrap();
    assert_eq!(requirement.as_str(), text);
    assert_eq!(requirement.name(), name);
    assert_eq!(requirement.extras().collect::<Vec<_>>(), extras);
    assert_eq!(requirement.specifiers(), specifiers);
    assert_eq!(requirement.url(), url);
    assert_eq!(requirement.marker(), marker);
    assert_eq!(text.get(requirement.name_span()), Some(name));
    assert_eq!(text.get(requirement.specifiers_span()), Some(specifiers));
    assert_eq!(requirement.url_span().and_then(|span| text.get(span)), url);
    assert_eq!(requirement.marker_span().and_then(|span| text.get(span)), marker);
    let spans: Vec<_> =
        requirement.extra_spans().iter().map(|span| text.get(span.clone()).unwrap()).collect();
    assert_eq!(spans, extras);
}

#[track_caller]
fn check_refused(text: &str, problem: &str, column: usize) {
    let error = text.parse::<Requirement>().unwrap_err();
    assert_eq!(error.to_string(), format!("{text:?} is not a requirement: {problem} at character {column}"));
    assert_eq!(error.column(), Some(column));
    let offset = text.char_indices().nth(column - 1).map_or(text.len(), |(offset, _)| offset);
    assert_eq!(error.offset(), Some(offset));
}

#[test]
fn the_parts_are_found() {
    check("demo", "demo", &[], "", None, None);
    check(" demo\t", "demo", &[], "", None, None);
    check("demo>=1.2,<2", "demo", &[], ">=1.2,<2", None, None);
    check("demo (>=1.2, <2)", "demo", &[], ">=1.2, <2", None, None);
    check("demo()", "demo", &[], "", None, None);
    check("demo>=1.2, ", "demo", &[], ">=1.2,", None, None);
    check("demo[a, b_c]==1.*", "demo", &["a", "b_c"], "==1.*", None, None);
    check("demo[ ]", "demo", &[], "", None, None);
    check("demo===1.0,>=2 ; x", "demo", &[], "===1.0,>=2", None, Some("x"));
    check("demo===foo.bar;x", "demo", &[], "===foo.bar", None, Some("x"));
    check("Demo.X_y ~= 1.4 ; os_name == 'nt' ", "Demo.X_y", &[], "~= 1.4", None, Some("os_name == 'nt'"));
    check("demo;python_version<'3'", "demo", &[], "", None, Some("python_version<'3'"));
    check("demo @ ../demo", "demo", &[], "", Some("../demo"), None);
    check(
        "demo[a]@https://files.example/d.whl;x",
        "demo",
        &["a"],
        "",
        Some("https://files.example/d.whl;x"),
        None,
    );
    check(
        "demo @ https://files.example/d.whl ; x",
        "demo",
        &[],
        "",
        Some("https://files.example/d.whl"),
        Some("x"),
    );
    check("demo_ >1", "demo_", &[], ">1", None, None);
}

#[test]
fn errors_point_at_the_character() {
    check_refused("", "expected the name of a package", 1);
    check_refused(" -demo", "expected the name of a package", 2);
    check_refused("é", "expected the name of a package", 1);
    check_refused("demo- >1", "expected an operator such as `>=`, `@` or `;`", 5);
    check_refused("demo 1.0", "expected an operator such as `>=`, `@` or `;`", 6);
    check_refused("demo [a,]", "expected the name of an extra", 9);
    check_refused("demo [,a]", "expected the name of an extra", 7);
    check_refused("demo [a b]", "expected `,` or `]`", 9);
    check_refused("demo [a.]", "expected `,` or `]`", 8);
    check_refused("demo (>=1", "expected `,` or `)`", 10);
    check_refused("demo >=1)", "expected `,` or `;`", 9);
    check_refused("demo >=1,,<2", "expected `,` or `;`", 10);
    check_refused("demo >=1.*", "expected no wildcard after this operator", 9);
    check_refused("demo ~=1", "expected a second number after `~=`", 9);
    check_refused("demo >=1.0+l", "expected no local part after this operator", 11);
    check_refused("demo ==1.0a1.*", "expected nothing but numbers before the wildcard", 11);
    check_refused("demo >=1.x", "expected a version", 9);
    check_refused("demo >=", "expected a version after the operator", 8);
    check_refused("demo === ; m", "expected a version after the operator", 9);
    check_refused("demo ;", "expected a marker after `;`", 7);
}

#[test]
fn an_address_is_not_told() {
    let error = "demo @ https://user:secret@files.example x".parse::<Requirement>().unwrap_err();
    assert_eq!(error.to_string(), "\"demo @…\" is not a requirement: expected `;` at character 42");
    let error = "demo @".parse::<Requirement>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "\"demo @…\" is not a requirement: expected an address after `@` at character 7"
    );
    let requirement: Requirement = "demo @ https://user:secret@files.example".parse().unwrap();
    let error = requirement.with_specifiers(">=1").unwrap_err();
    assert_eq!(error.to_string(), "requirement \"demo\" has an address: it takes no version specifiers");
    assert_eq!((error.offset(), error.column()), (None, None));
}

#[track_caller]
fn check_with(text: &str, specifiers: &str, expected: &str) {
    let requirement: Requirement = text.parse().unwrap();
    let changed = requirement.with_specifiers(specifiers).unwrap();
    assert_eq!(changed.as_str(), expected);
    assert_eq!(changed.specifiers(), specifiers.trim());
}

#[test]
fn specifiers_are_replaced_added_and_removed() {
    check_with("demo[a] >= 1.2 ; m", ">=2", "demo[a] >=2 ; m");
    check_with("demo (>=1.2)", ">=2", "demo (>=2)");
    check_with("demo (>=1.2) ; m", "", "demo ; m");
    check_with("demo >=1.2; m", "", "demo; m");
    check_with("demo[a]>=1.2", "", "demo[a]");
    check_with("demo", ">=2", "demo>=2");
    check_with("demo[a] ; m", " >=2 ", "demo[a]>=2 ; m");
    check_with("demo ( )", ">=2", "demo ( >=2)");
    check_with("demo; m", "===2", "demo===2; m");
    check_with("demo", "", "demo");
}

#[track_caller]
fn check_rewritten(text: &str, to: &str, shape: Shape, expected: &str) {
    let requirement: Requirement = text.parse().unwrap();
    let rewritten = requirement.rewritten(to, How { shape, ..How::default() }).unwrap();
    assert_eq!(rewritten.text(), expected);
    let changed: Requirement = rewritten.text().parse().unwrap();
    assert_eq!((changed.name(), changed.marker()), (requirement.name(), requirement.marker()));
    assert!(changed.extras().eq(requirement.extras()));
    let mut edited = text.to_owned();
    for edit in rewritten.edits().iter().rev() {
        assert_eq!(text.get(edit.span.clone()), Some(edit.old.as_str()));
        edited.replace_range(edit.span.clone(), &edit.new);
    }
    assert_eq!(edited, expected);
    let outcome = if text == expected { Outcome::Unchanged } else { Outcome::Changed };
    assert_eq!(rewritten.outcome(), outcome);
}

#[test]
fn a_requirement_is_rewritten_in_place() {
    let marked = "demo[extra] >=1,<2 ; python_version > \"3.8\"";
    check_rewritten(marked, "2.3", Shape::Keep, "demo[extra] >=2,<3 ; python_version > \"3.8\"");
    check_rewritten(marked, "2.3", Shape::Exact, "demo[extra] ==2.3 ; python_version > \"3.8\"");
    check_rewritten(marked, "2.3rc1", Shape::Drop, "demo[extra] ; python_version > \"3.8\"");
    check_rewritten(" demo\t( >= 1.2 , <2, )\t;m ", "2.3", Shape::Keep, " demo\t( >= 2.3 , <3, )\t;m ");
    check_rewritten("demo (>=1.2);m", "2.3", Shape::Drop, "demo;m");
    check_rewritten("demo(==1.4.*)", "1.4.1rc1", Shape::Keep, "demo(>=1.4.1rc1,<1.5)");
    check_rewritten("demo", "2.3", Shape::Keep, "demo");
    check_rewritten("demo", "2.3", Shape::Drop, "demo");
    check_rewritten("demo ; m", "2.3", Shape::Caret, "demo>=2.3,<3 ; m");
    check_rewritten("demo ( ) ; m", "2.3", Shape::Exact, "demo ( ==2.3) ; m");
    check_rewritten("demo===1.0;m", "1.1", Shape::Keep, "demo===1.1;m");
    check_rewritten("demo>=1,<2", "1.0", Shape::NextMajor, "demo>=1.0,<2");
    check_rewritten("demo>=1,<2", "1.0", Shape::Keep, "demo>=1,<2");
}

#[test]
fn what_cannot_be_rewritten_is_said() {
    let url: Requirement = "demo @ https://user:secret@files.example/d.whl ; m".parse().unwrap();
    let rewritten = url.rewritten("2.0", How::default()).unwrap();
    assert_eq!(rewritten.outcome(), Outcome::Reference(Reference::Url));
    assert_eq!((rewritten.text(), rewritten.admits()), (url.as_str(), None));
    assert!(matches!(url.rewritten("x", How::default()), Err(RewriteError::Version(_))));
    let plain: Requirement = "demo ~=1.4; m".parse().unwrap();
    let error = plain.rewritten("1.3", How::default()).unwrap_err();
    assert_eq!(error.to_string(), "version 1.3 is below the bound `~=1.4`: lowering it has to be allowed");
    let excluded: Requirement = "demo>=1.0,!=1.5; m".parse().unwrap();
    let error = excluded.rewritten("1.5", How::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`demo>=1.0,!=1.5; m`, rewritten as `demo>=1.5,!=1.5; m`, would not admit version 1.5: choose another shape",
    );
    let long: Requirement = format!("demo>=1;{}", "m".repeat(4088)).parse().unwrap();
    let error = long.rewritten("12", How::default()).unwrap_err();
    assert_eq!(error.to_string(), "a constraint is at most 4096 bytes long, this text has 4097");
}

#[test]
fn what_is_no_specifier_is_not_put_in() {
    let requirement: Requirement = "demo>=1".parse().unwrap();
    for text in ["1.0", ">=1 ; m", "@ x", "[a]", ">=1)", "^1"] {
        assert!(requirement.with_specifiers(text).is_err(), "{text:?}");
    }
    let plain: Requirement = "demo".parse().unwrap();
    for text in ["1.0", "x", "[a]", "(>=1)", ";m", "@x", ", >=1"] {
        assert!(plain.with_specifiers(text).is_err(), "{text:?}");
    }
}

#[test]
fn names_are_normalized() {
    for name in ["Demo.X", "demo-x", "DEMO__x", "demo-._x"] {
        assert_eq!(normalize_name(name), "demo-x");
    }
    assert_eq!(normalize_name("a_"), "a-");
}

#[test]
fn requirements_survive_json() {
    let requirement: Requirement = serde_json::from_str("\"demo>=1.2\"").unwrap();
    assert_eq!(serde_json::to_string(&requirement).unwrap(), "\"demo>=1.2\"");
    assert!(serde_json::from_str::<Requirement>("\"demo 1.2\"").is_err());
    assert!("a".repeat(5000).parse::<Requirement>().is_err());
}

proptest! {
    #[test]
    fn any_text_is_an_answer(text in "[-a_. ]{0,3}[\\[\\](),;@ a]{0,6}[-<>=~!.*+ 0-9a\u{e9}\u{a0}]{0,12}|\\PC{0,24}") {
        match text.parse::<Requirement>() {
            Ok(requirement) => {
                let spans = [Some(requirement.name_span()), Some(requirement.specifiers_span()), requirement.url_span()];
                for span in spans.into_iter().flatten() {
                    prop_assert!(text.get(span).is_some());
                }
                if requirement.url().is_none() {
                    let changed = requirement.with_specifiers("==7").unwrap();
                    prop_assert_eq!(changed.specifiers(), "==7");
                    prop_assert_eq!(changed.name(), requirement.name());
                    prop_assert_eq!(changed.marker(), requirement.marker());
                    let back = changed.with_specifiers(requirement.specifiers()).unwrap();
                    prop_assert_eq!(back.specifiers(), requirement.specifiers());
                    if !requirement.specifiers().is_empty() {
                        prop_assert_eq!(back.as_str(), text);
                    }
                }
            }
            Err(error) => prop_assert!(error.offset().is_none_or(|offset| text.is_char_boundary(offset))),
        }
    }
}
