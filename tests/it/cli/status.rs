//! `status` before, during and after a release, for people and for programs.

use serde_json::Value;

use super::bed::Bed;

/// Asks in both forms, and asserts that asking changes nothing.
#[track_caller]
fn ask(bed: &Bed, essentials: &[&str]) -> Value {
    let before = bed.picture();
    bed.run(&["status"]).exits(0).says(essentials);
    let json = bed.run(&["status", "--json"]);
    let document = json.exits(0).json();
    assert_eq!(bed.picture(), before);
    document
}

/// Whether `text` is a string value anywhere in a document.
fn holds(document: &Value, text: &str) -> bool {
    match document {
        Value::String(found) => found == text,
        Value::Array(items) => items.iter().any(|item| holds(item, text)),
        Value::Object(fields) => fields.values().any(|field| holds(field, text)),
        _ => false,
    }
}

#[test]
fn before_during_and_after() {
    let bed = Bed::demo();
    let before = ask(&bed, &["countdown-demo", "main", "0.1.1-dev", "0.1.0"]);
    assert!(holds(&before, "0.1.1-dev") && holds(&before, "0.1.0"), "{before:#}");
    assert!(!holds(&before, "0.2.0"), "nothing is on its way: {before:#}");
    assert!(!bed.notes().exists(), "asking leaves no notes");

    bed.run(&["release", "minor", "--yes"]).exits(5);
    let during = ask(&bed, &["0.2.0", "highlights", "announce", "open", "tminus resume"]);
    assert!(holds(&during, "0.2.0") && holds(&during, "highlights"), "{during:#}");

    bed.run(&["gate", "pass", "highlights"]).exits(0);
    bed.run(&["status"]).exits(0).says(&["highlights", "passed", "mary", "2026-11-20"]);
    bed.run(&["resume"]).exits(5);
    bed.run(&["gate", "pass", "announce"]).exits(0);
    let passed = bed.run(&["status"]);
    passed.exits(0).says(&["announce"]);
    assert!(!passed.out.contains("announce: open"), "the gate that was passed is passed: {passed}");
    assert!(!passed.out.contains("announce: sent"), "nothing was sent yet: {passed}");

    bed.run(&["resume"]).exits(0);
    let after = ask(&bed, &["0.2.1-dev", "0.2.0"]);
    assert!(holds(&after, "0.2.1-dev"), "{after:#}");
    let text = bed.run(&["status"]);
    assert!(!text.out.contains("tminus resume"), "nothing is on its way: {text}");
}

/// What is wrong with the files is a finding, with its place; everything else is still shown.
#[test]
fn a_location_that_is_missing() {
    let bed = Bed::demo();
    bed.replace("setup.cfg", "version = \"0.1.1-dev\"\n", "");
    bed.commit_and_push("Read the version from the attribute");
    let text = bed.run(&["status"]);
    assert!([0, 1].contains(&text.code), "{text}");
    text.says(&["setup.cfg", "0.1.1-dev", "0.1.0"]);
}

/// Status asks no network: it says the same when there is none.
#[test]
fn without_network() {
    let mut bed = Bed::demo();
    let with = bed.run(&["status"]);
    for name in ["TMINUS_PYPI_INDEX_URL", "TMINUS_PYPI_UPLOAD_URL", "GITHUB_API_URL"] {
        bed.set(name, "http://127.0.0.1:9/");
    }
    let without = bed.run(&["status"]);
    without.exits(0);
    assert_eq!(without.out, with.out);
    assert!(bed.sandbox.events().is_empty(), "{:#?}", bed.sandbox.events());
}
