//! The answers of other implementations, as far as they are committed; `cargo xtask conformance` asks them anew.
#![expect(clippy::unwrap_used, clippy::panic, reason = "what is not as it should be fails the test")]

mod subjects;

use std::fmt::Write as _;
use std::path::Path;

use self::subjects::random::Random;
use self::subjects::{Reference, SUBJECTS, Subject, Tally};

/// The least cases that a sample may have: an empty file agrees with everything.
const LEAST: usize = 1000;

/// Compares our answers with the committed ones, and the committed cases with the generator.
fn check(subject: &Subject) {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/conformance/samples/{}.tsv", subject.name));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (header, rows) = text.split_once('\n').unwrap();
    let seed = header.split_once("seed ").and_then(|(_, rest)| rest.split_once(',')).unwrap().0;
    let (packages, script) = match &subject.reference {
        Reference::Python { packages, script } | Reference::Node { packages, script } => (*packages, *script),
        Reference::Go { script } => (&["x/mod"][..], *script),
    };
    assert!(
        packages.iter().all(|package| header.contains(package)) && script.lines().count() > 10,
        "{header}"
    );
    let mut random = Random::new(seed.parse().unwrap());
    let mut wrong = String::new();
    let mut tally = Tally::default();
    for (number, row) in rows.lines().enumerate() {
        let (case, theirs) = row.split_once('\t').unwrap();
        let case: Vec<String> = serde_json::from_str(case).unwrap();
        assert_eq!(
            (subject.case)(&mut random),
            case,
            "{}, row {number}: the generator gives other cases",
            subject.name
        );
        let theirs: String = serde_json::from_str(theirs).unwrap();
        if let Some(ours) = tally.judge(subject, &case, &theirs) {
            writeln!(wrong, "{case:?}: {theirs:?}, ours {ours:?}").unwrap();
        }
    }
    assert!(rows.lines().count() >= LEAST, "{}: {} rows", subject.name, rows.lines().count());
    assert!(wrong.is_empty(), "{}:\n{wrong}", subject.name);
    assert_eq!(tally.excess(subject), [""; 0], "{}", subject.name);
}

#[test]
fn the_references_agree() {
    assert!(!SUBJECTS.is_empty());
    for subject in SUBJECTS {
        check(subject);
    }
}
