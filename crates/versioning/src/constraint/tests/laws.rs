use proptest::prelude::*;

use super::*;
use crate::constraint::satisfies;
use crate::constraint::scan::{Operator, Scanned};

const PYTHON: &str = "(0|1)\\.(0|1|2|12)(\\.(0|1|3))?(a1|rc1|\\.post1|\\.dev0)?";
const FINAL: &str = "(0|1)\\.(0|1|2|12)(\\.(0|1|3))?(\\.post1)?";
const FINAL_SEMVER: &str = "(0|1|2)\\.(0|1|3)\\.(0|1|4)";
const SEMVER: &str = "(0|1|2)\\.(0|1|3)\\.(0|1|4)(-rc\\.1|-0)?";

const PYTHON_CLAUSE: &str = "(>=|<|<=|>|==|!=|~=) ?(1!)?(0|1|2)\\.(0|1|2|12)(\\.(0|1|3)){0,2}(rc1|\\.post1|\\.dev0)?|==(0|1)(\\.1)?\\.\\*";
const POETRY_CLAUSE: &str =
    "(>=|<|\\^|~|~=|)(0|1|2)\\.(0|1|2)(\\.(0|1|3)){0,2}(rc1)?|\\^?1|(0|1|2)\\.\\*|\\*";
const NPM_CLAUSE: &str = "(>=|<|<=|>|\\^|~|~>|=|) ?v?(0|1|2)(\\.(0|1|3|x)(\\.(0|1|4)(-rc\\.1|-0)?)?)?";
const CARGO_CLAUSE: &str =
    "(>=|<|<=|>|\\^|~|=|) ?(0|1|2)(\\.(0|1|3)(\\.(0|1|4)(-rc\\.1|-0)?)?)?|(0|1|2)\\.(\\*|x)";

/// Texts that a regular expression describes.
fn matching(expression: &str) -> impl Strategy<Value = String> + use<> {
    proptest::string::string_regex(expression).unwrap()
}

/// A constraint of an ecosystem and a version, from so few numbers that they often meet.
pub(super) fn case() -> impl Strategy<Value = (Ecosystem, String, String)> {
    let of = |ecosystem, text: &str, version: &str| (Just(ecosystem), matching(text), matching(version));
    let poetry = format!("({POETRY_CLAUSE})( ?, ?({POETRY_CLAUSE}))?");
    let npm = format!("({NPM_CLAUSE})( ({NPM_CLAUSE}))?|1\\.(0|1) - (1|2)(\\.0)?");
    prop_oneof![
        4 => of(Ecosystem::Python, &format!("({PYTHON_CLAUSE})( ?, ?({PYTHON_CLAUSE})){{0,2}},?"), PYTHON),
        3 => of(Ecosystem::Poetry, &format!("({poetry})( ?\\|{{1,2}} ?({poetry})){{0,2}}"), PYTHON),
        4 => of(Ecosystem::Npm, &format!("(workspace:|npm:a@)?({npm})( ?\\|\\| ?({npm})){{0,2}}"), SEMVER),
        3 => of(Ecosystem::Cargo, &format!("({CARGO_CLAUSE})(, ?({CARGO_CLAUSE})){{0,2}}"), SEMVER),
        1 => of(Ecosystem::Go, &format!("v{SEMVER}"), &format!("v{SEMVER}")),
    ]
}

fn shape() -> impl Strategy<Value = Shape> {
    prop_oneof![
        5 => Just(Shape::Keep),
        1 => Just(Shape::Exact),
        1 => Just(Shape::Compatible),
        1 => Just(Shape::Caret),
        1 => Just(Shape::Minimum),
        1 => Just(Shape::NextMinor),
        1 => Just(Shape::NextMajor),
        1 => Just(Shape::Drop),
        2 => Just(Shape::Loosen),
    ]
}

pub(super) fn read(ecosystem: Ecosystem, text: &str) -> Scanned<'_> {
    let Content::Range(inner) = reference::content(ecosystem, text).unwrap() else { panic!("{text}") };
    Scanned::read(ecosystem, text, inner).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn the_result_admits_the_version_and_stays_as_it_is(
        (ecosystem, text, to) in case(), shape in shape(), allow_lowering: bool,
    ) {
        let how = How { shape, allow_lowering, ..How::default() };
        if let Ok(rewritten) = rewrite(ecosystem, &text, &to, how) {
            // What is dropped is held to the rule of an installer that is told to take a pre-release.
            let is_told = shape == Shape::Drop && ecosystem.is_python();
            prop_assert!(is_told || satisfies(ecosystem, rewritten.text(), &to).unwrap(), "{}", rewritten.text());
            let again = rewrite(ecosystem, rewritten.text(), &to, how).unwrap();
            prop_assert_eq!(again.text(), rewritten.text());
            prop_assert_eq!(again.outcome(), Outcome::Unchanged);
        }
    }

    #[test]
    fn nothing_but_the_edits_differs((ecosystem, text, to) in case(), shape in shape()) {
        if let Ok(rewritten) = rewrite(ecosystem, &text, &to, How { shape, ..How::default() }) {
            let (mut old, mut new) = (text.as_str(), rewritten.text());
            let mut at = 0;
            for edit in rewritten.edits() {
                let (gap, rest) = old.split_at(edit.span.start - at);
                old = rest.strip_prefix(edit.old.as_str()).unwrap();
                new = new.strip_prefix(gap).unwrap().strip_prefix(edit.new.as_str()).unwrap();
                prop_assert_eq!(edit.span.len(), edit.old.len());
                prop_assert_ne!(&edit.old, &edit.new);
                at = edit.span.end;
            }
            prop_assert_eq!(old, new);
        }
    }

    #[test]
    fn keeping_the_style_keeps_operators_and_precision((ecosystem, text, to) in case()) {
        if let Ok(rewritten) = rewrite(ecosystem, &text, &to, How::default()) {
            let (old, new) = (read(ecosystem, &text), read(ecosystem, rewritten.text()));
            let is_prerelease = Target::parse(ecosystem, &to).unwrap().is_prerelease();
            prop_assert!(new.alternatives.len() - old.alternatives.len() <= 1);
            for (old, new) in old.alternatives.iter().zip(&new.alternatives) {
                let mut new = new.clauses.iter();
                for old in &old.clauses {
                    let new_clause = new.next().unwrap();
                    if new_clause.operator != old.operator {
                        // A pair of bounds for a pre-release.
                        let bounds_both_sides = matches!(
                            old.operator,
                            Operator::Compatible | Operator::Tilde | Operator::Caret | Operator::Exact
                        );
                        prop_assert!(is_prerelease && bounds_both_sides);
                        prop_assert_eq!(new_clause.operator, Operator::Minimum);
                        prop_assert_eq!(new.next().unwrap().operator, Operator::Below);
                        continue;
                    }
                    let (old_numbers, numbers) = (old.version.numbers.len(), new_clause.version.numbers.len());
                    let names_version = !old.is_prefix(ecosystem)
                        && matches!(old.operator, Operator::Exact | Operator::Maximum);
                    let counts_posts = old.version.rest.contains("post") && old.operator == Operator::Below;
                    if is_prerelease || names_version || counts_posts {
                        prop_assert!(numbers >= old_numbers);
                    } else {
                        prop_assert_eq!(numbers, old_numbers);
                        prop_assert_eq!(new_clause.version.wildcard, old.version.wildcard);
                    }
                }
                prop_assert!(new.next().is_none());
            }
        }
    }

    #[test]
    fn what_satisfies_needs_nothing((ecosystem, text, to) in case(), shape in shape()) {
        if let Ok(true) = satisfies(ecosystem, &text, &to) {
            let how = How { shape, when: When::OnlyIfNeeded, ..How::default() };
            prop_assert_eq!(rewrite(ecosystem, &text, &to, how).unwrap().outcome(), Outcome::Unchanged);
        }
    }

    #[test]
    fn lowering_changes_nothing_where_it_is_not_needed((ecosystem, text, to) in case(), shape in shape()) {
        if let Ok(rewritten) = rewrite(ecosystem, &text, &to, How { shape, ..How::default() }) {
            let how = How { shape, allow_lowering: true, ..How::default() };
            prop_assert_eq!(rewrite(ecosystem, &text, &to, how).unwrap(), rewritten);
        }
    }

    #[test]
    fn loosening_refuses_no_final_version_that_was_admitted((ecosystem, text, to) in case(), other in FINAL, third in FINAL_SEMVER) {
        // Final ones, because the bound that moves may be the one that asked for pre-releases.
        let other = if ecosystem.is_python() { other } else { third };
        let how = How { shape: Shape::Loosen, ..How::default() };
        if let (Ok(rewritten), Ok(true)) =
            (rewrite(ecosystem, &text, &to, how), satisfies(ecosystem, &text, &other))
        {
            prop_assert!(satisfies(ecosystem, rewritten.text(), &other).unwrap(), "{}", rewritten.text());
        }
    }

    #[test]
    fn any_text_is_an_answer(text in "[-<>=~^!|,. *xv0-9a-f@:/\u{e9}\u{a0}]{0,24}|\\PC{0,24}", to in "v?1\\.[0-9]\\.0") {
        for ecosystem in Ecosystem::ALL {
            for shape in [Shape::Keep, Shape::Loosen, Shape::NextMinor] {
                if let Err(RewriteError::Constraint(error)) =
                    rewrite(ecosystem, &text, &to, How { shape, ..How::default() })
                {
                    prop_assert!(error.offset().is_none_or(|offset| text.is_char_boundary(offset)));
                }
            }
        }
    }
}
