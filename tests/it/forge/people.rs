//! Who had work merged before.

use std::collections::BTreeMap;

use tminus_forge::{Contributor, ForgeError, PullRequests as _};
use tminus_sandbox::{Fault, FaultAction, PullRequestSeed};

use super::bed::{Bed, MERGED_SECONDS, merged};

fn ask(bed: &Bed, people: &[(&str, i64)]) -> Result<BTreeMap<String, bool>, ForgeError> {
    let people: Vec<Contributor> = people
        .iter()
        .map(|(login, before)| Contributor { login: (*login).to_owned(), before: *before })
        .collect();
    bed.wait(bed.forge.have_contributed(&people))
}

#[test]
fn only_what_was_merged_before_counts() {
    for token in [true, false] {
        let bed = Bed::new(token, None);
        bed.add(merged(1));
        bed.add(PullRequestSeed { author: Some("renovate[bot]".into()), ..merged(2) });
        let open = PullRequestSeed { author: Some("eve".into()), ..PullRequestSeed::default() };
        bed.add(open);
        for (login, before, expected) in [
            ("ada", MERGED_SECONDS, Some(false)),
            ("ada", MERGED_SECONDS + 1, Some(true)),
            ("ADA", MERGED_SECONDS + 1, Some(true)),
            ("renovate[bot]", MERGED_SECONDS + 1, Some(true)),
            ("renovate", MERGED_SECONDS + 1, Some(false)),
            ("eve", MERGED_SECONDS + 1, Some(false)),
            ("ghost", MERGED_SECONDS + 1, None),
            ("", MERGED_SECONDS, None),
            ("ada repo:other/secret", MERGED_SECONDS, None),
            ("ada", i64::MAX, None),
        ] {
            let told = ask(&bed, &[(login, before)]).unwrap();
            assert_eq!(told.get(login).copied(), expected, "{login} before {before}, token: {token}");
        }
        let twice = ask(&bed, &[("ada", MERGED_SECONDS + 1), ("ada", MERGED_SECONDS)]).unwrap();
        assert!(!twice["ada"], "the earliest moment counts");
    }
}

#[test]
fn many_people_are_asked_about_at_once() {
    let bed = Bed::new(true, None);
    let names: Vec<String> = (0..60).map(|at| format!("person-{at}")).collect();
    bed.add(PullRequestSeed { author: Some("person-42".into()), ..merged(1) });
    let people: Vec<(&str, i64)> = names.iter().map(|name| (name.as_str(), i64::from(i32::MAX))).collect();
    let told = ask(&bed, &people).unwrap();
    let known: Vec<&str> = told.iter().filter(|(_, had)| **had).map(|(name, _)| name.as_str()).collect();
    assert_eq!((told.len(), known), (60, vec!["person-42"]));
    assert_eq!(bed.requests().len(), 3);
}

#[test]
fn a_search_that_fails_says_so() {
    let bed = Bed::new(true, None);
    let body = serde_json::json!({
        "data": {"a0": null},
        "errors": [{"type": "FORBIDDEN", "path": ["a0"], "message": "no"}],
    });
    let action = FaultAction::Status { code: 200, headers: Vec::new(), body: body.to_string() };
    bed.sandbox.add_fault(Fault::new("POST", "/api/graphql", action));
    let error = ask(&bed, &[("ada", 0)]).unwrap_err().to_string();
    assert_eq!(error, "the earlier pull requests of its contributors of octo/demo: not accepted: no");
}
