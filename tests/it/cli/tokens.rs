//! Tokens that are wrong or missing: no-go, asked once, never shown.

use super::bed::{Answer, Bed, TOKEN};

const WRONG: &str = "pypi-WRONG-0f3c9a";

/// Asserts that a release stops with exit 1 before anything is written, and that the token stays hidden.
#[track_caller]
fn check(bed: &Bed, path: &str, essentials: &[&str]) -> Answer {
    let before = bed.picture();
    let answer = bed.run(&["release", "minor", "--yes"]);
    answer.exits(1).says(essentials);
    bed.no_token_anywhere(&answer, WRONG);
    bed.no_token_anywhere(&answer, TOKEN);
    assert_eq!(bed.picture(), before, "changed by {answer}");
    let refused: Vec<_> = bed
        .sandbox
        .events()
        .into_iter()
        .filter(|event| event.path.starts_with(path) && matches!(event.status, 401 | 403))
        .map(|event| (event.method, event.path, event.query))
        .collect();
    let mut once = refused.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), refused.len(), "a refused token is not tried again: {refused:#?}");
    answer
}

#[test]
fn wrong_index_token() {
    let mut bed = Bed::demo();
    bed.set("TMINUS_PYPI_TOKEN", WRONG);
    check(&bed, "/legacy", &["pypi"]).says_one_of(&["token", "credential", "403"]);
    bed.run(&["resume"]).exits(1).says(&["no release is on its way"]);
}

#[test]
fn no_index_token() {
    let mut bed = Bed::demo();
    bed.unset("TMINUS_PYPI_TOKEN");
    // The message says where to put one.
    check(&bed, "/legacy", &["pypi"]).says_one_of(&[
        "TMINUS_PYPI_TOKEN",
        "UV_PUBLISH_TOKEN",
        "TWINE_PASSWORD",
    ]);
    bed.run(&["resume"]).exits(1).says(&["no release is on its way"]);
}

#[test]
fn wrong_forge_token() {
    let mut bed = Bed::demo();
    bed.set("GH_TOKEN", WRONG);
    check(&bed, "/api", &["demo/countdown"]).says_one_of(&["token", "credential", "401", "404"]);
    bed.run(&["resume"]).exits(1).says(&["no release is on its way"]);
}

#[test]
fn no_forge_token() {
    let mut bed = Bed::demo();
    bed.unset("GH_TOKEN");
    check(&bed, "/api", &["token"]);
}

/// A token that stops being good in the middle of a release: the upload is refused once, and the release waits.
#[test]
fn a_token_that_goes_bad_on_the_way() {
    let mut bed = Bed::demo();
    bed.run(&["release", "minor", "--yes", "--skip", "publish:pypi:countdown-demo"]);
    assert!(bed.on_index().is_empty());
    bed.set("TMINUS_PYPI_TOKEN", WRONG);
    let answer = bed.run(&["resume"]);
    answer.exits(1).says(&["pypi"]);
    bed.no_token_anywhere(&answer, WRONG);
    assert!(bed.on_index().is_empty());
    let refusals = bed.sandbox.events().iter().filter(|event| event.status == 403).count();
    assert!(refusals <= 1, "a refused token is not tried again");
    bed.set("TMINUS_PYPI_TOKEN", TOKEN);
    bed.run(&["resume"]).exits(5).says(&["highlights"]);
    assert_eq!(bed.on_index().len(), 2);
}

/// A release that goes through does not leave its tokens behind either.
#[test]
fn tokens_of_a_release_that_goes_through() {
    let bed = Bed::demo();
    for words in
        [&["release", "minor", "--yes", "--verbose"][..], &["status", "--json"], &["resume", "--json"]]
    {
        let answer = bed.run(words);
        bed.no_token_anywhere(&answer, TOKEN);
    }
    assert_eq!(bed.on_index().len(), 2);
    let webhook = bed.sandbox.webhook_url("team");
    bed.no_token_anywhere(&bed.run(&["plan", "minor", "--json"]), webhook.as_str());
}
