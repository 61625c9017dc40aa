//! What holds for every text that is read as a requirement or as a constraint.

use tminus_versioning::constraint::pep508::Requirement;
use tminus_versioning::constraint::{
    Ecosystem, How, Outcome, RewriteError, Rewritten, Shape, When, rewrite, satisfies,
};

/// A requirement in the first line, specifiers for it in the second.
pub(crate) fn requirement_parse(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (text, specifiers) = text.split_once('\n').unwrap_or((text, "==7"));
    let requirement: Requirement = match text.parse() {
        Ok(requirement) => requirement,
        Err(error) => {
            assert!(error.offset().is_none_or(|offset| text.is_char_boundary(offset)), "{error}");
            assert_eq!(error.offset().is_some(), error.column().is_some());
            return;
        }
    };
    assert_eq!(requirement.as_str(), text);
    assert_eq!(text.get(requirement.name_span()), Some(requirement.name()));
    assert_eq!(text.get(requirement.specifiers_span()), Some(requirement.specifiers()));
    assert_eq!(requirement.url_span().and_then(|span| text.get(span)), requirement.url());
    assert_eq!(requirement.marker_span().and_then(|span| text.get(span)), requirement.marker());
    assert!(requirement.extras().all(|extra| !extra.is_empty()));

    for shape in SHAPES {
        for to in ["7", "1.4.1rc1"] {
            let how = How { shape, allow_lowering: true, when: When::Raise };
            requirement_rewritten(&requirement, to, how);
        }
    }
    let Ok(changed) = requirement.with_specifiers(specifiers) else { return };
    assert_eq!(changed.normalized_name(), requirement.normalized_name());
    assert!(changed.extras().eq(requirement.extras()));
    assert_eq!(changed.marker(), requirement.marker());
    let back = changed.with_specifiers(requirement.specifiers()).unwrap();
    assert_eq!(back.specifiers(), requirement.specifiers());
    if !requirement.specifiers().is_empty() && !changed.specifiers().is_empty() {
        assert_eq!(back.as_str(), text);
    }
}

fn requirement_rewritten(requirement: &Requirement, to: &str, how: How) {
    let text = requirement.as_str();
    let result = match requirement.rewritten(to, how) {
        Ok(result) => result,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    assert_eq!(edited(text, &result), result.text());
    let changed: Requirement = result.text().parse().unwrap();
    assert_eq!(changed.name(), requirement.name());
    assert!(changed.extras().eq(requirement.extras()));
    assert_eq!(changed.url(), requirement.url());
    assert_eq!(changed.marker(), requirement.marker());
    if requirement.url().is_none() {
        let specifiers = rewrite(Ecosystem::Python, requirement.specifiers(), to, how).unwrap();
        assert_eq!(changed.specifiers(), specifiers.text());
    }
}

/// The text with the edits made.
fn edited(text: &str, result: &Rewritten) -> String {
    let mut copy = String::new();
    let mut at = 0;
    for edit in result.edits() {
        assert_eq!(text.get(edit.span.clone()), Some(edit.old.as_str()));
        copy.push_str(text.get(at..edit.span.start).unwrap());
        copy.push_str(&edit.new);
        at = edit.span.end;
    }
    copy.push_str(text.get(at..).unwrap());
    copy
}

const SHAPES: [Shape; 9] = [
    Shape::Keep,
    Shape::Exact,
    Shape::Compatible,
    Shape::Caret,
    Shape::Minimum,
    Shape::NextMinor,
    Shape::NextMajor,
    Shape::Drop,
    Shape::Loosen,
];

/// A version in the first line, constraints in the others.
pub(crate) fn constraint_rewrite(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (version, constraints) = text.split_once('\n').unwrap_or(("1.0.0", text));
    for constraint in constraints.split('\n').take(4) {
        for ecosystem in Ecosystem::ALL {
            for shape in SHAPES {
                rewritten(ecosystem, constraint, version, How { shape, ..How::default() });
                rewritten(
                    ecosystem,
                    constraint,
                    version,
                    How { shape, allow_lowering: true, when: When::Raise },
                );
            }
        }
    }
}

fn rewritten(ecosystem: Ecosystem, text: &str, to: &str, how: How) {
    let result = match rewrite(ecosystem, text, to, how) {
        Ok(result) => result,
        Err(RewriteError::Constraint(error)) => {
            assert!(error.offset().is_none_or(|offset| text.is_char_boundary(offset)), "{error}");
            return;
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    assert_eq!(edited(text, &result), result.text());
    assert_eq!(result.outcome() == Outcome::Changed, result.text() != text);

    if result.admits() == Some(true) {
        // What is dropped is held to the rule of an installer that is told to take a pre-release.
        let is_told = how.shape == Shape::Drop && matches!(ecosystem, Ecosystem::Python | Ecosystem::Poetry);
        assert!(is_told || satisfies(ecosystem, result.text(), to).unwrap());
        let again = rewrite(ecosystem, result.text(), to, how).unwrap();
        assert_eq!(again.text(), result.text());
        let needed = How { when: When::OnlyIfNeeded, ..how };
        assert_eq!(rewrite(ecosystem, result.text(), to, needed).unwrap().outcome(), Outcome::Unchanged);
    } else {
        assert_eq!(result.text(), text);
        assert!(satisfies(ecosystem, text, to).is_err());
    }
}
