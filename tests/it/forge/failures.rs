//! What goes wrong on the way: one number must not keep the others back.

use serde_json::{Value, json};
use tminus_forge::{ForgeError, Lookup};
use tminus_sandbox::{Fault, FaultAction};

use super::bed::{Bed, REST};

fn graphql(action: FaultAction) -> Fault {
    Fault::new("POST", "/api/graphql", action)
}

fn told(body: &Value) -> FaultAction {
    FaultAction::Status { code: 200, headers: Vec::new(), body: body.to_string() }
}

fn passing(lookup: &Lookup) -> bool {
    matches!(lookup, Lookup::Refused { passing: true, .. })
}

#[test]
fn a_batch_that_fails_is_asked_for_in_halves() {
    let timeout = json!({"errors": [{"message": "Something went wrong while executing your query."}]});
    let limit =
        json!({"data": null, "errors": [{"type": "RESOURCE_LIMITS_EXCEEDED", "message": "too much"}]});
    for action in [
        FaultAction::status(502),
        FaultAction::ResetBefore,
        FaultAction::Truncate,
        told(&timeout),
        told(&limit),
    ] {
        let bed = Bed::new(true, None);
        let numbers = bed.add_merged(60);
        bed.sandbox.add_fault(graphql(action.clone()));
        let found = bed.look_up(&numbers, false);
        assert!(found.values().all(|lookup| lookup.found().is_some()), "{action:?}");
        // The first fifty, twice twenty-five, the last ten.
        assert_eq!(bed.requests().len(), 4, "{action:?}");
    }
}

#[test]
fn a_half_that_fails_again_leaves_the_others_alone() {
    let bed = Bed::new(true, None);
    let numbers = bed.add_merged(60);
    let limit =
        json!({"errors": [{"type": "RESOURCE_LIMITS_EXCEEDED", "message": "too much sandbox-token"}]});
    bed.sandbox.add_fault(graphql(told(&limit)).times(2));
    let found = bed.look_up(&numbers, false);
    for number in 1..=25 {
        let expected = "pull requests #1, #2, #3 and 22 more of octo/demo: not accepted: too much ***";
        assert_eq!(found[&number].problem().as_deref(), Some(expected));
    }
    assert!((26..=60).all(|number| found[&number].found().is_some()));
}

#[test]
fn an_error_of_one_number_is_that_numbers_own() {
    let bed = Bed::new(true, None);
    bed.add_merged(3);
    let good = |number: u64| {
        json!({
            "__typename": "PullRequest", "number": number, "title": "t", "body": "", "url": "u",
            "createdAt": "2026-01-01T00:00:00Z", "merged": false, "mergedAt": null, "baseRefName": "main",
            "headRefName": "topic", "author": null, "labels": null, "milestone": null, "mergeCommit": null,
        })
    };
    let mut damaged = good(5);
    damaged["createdAt"] = json!("soon");
    let error = |path: Value, kind: &str| json!({"type": kind, "path": path, "message": format!("{kind} of sandbox-token")});
    let body = json!({
        "data": {"repository": {"p1": good(1), "p2": null, "p3": null, "p4": good(4), "p5": damaged}},
        "errors": [
            error(json!(["repository", "p2"]), "FORBIDDEN"),
            error(json!(["repository", "p3"]), "RESOURCE_LIMITS_EXCEEDED"),
            error(json!(["repository", "p4", "author"]), "FORBIDDEN"),
        ],
    });
    bed.sandbox.add_fault(graphql(told(&body)));
    let found = bed.look_up(&[1, 2, 3, 4, 5], false);
    assert_eq!(found[&1].found().unwrap().author, "ghost");
    for number in [2, 4] {
        let refused = Lookup::Refused { reason: "FORBIDDEN of ***".into(), passing: false };
        assert_eq!(found[&number], refused, "a part that is hidden makes the whole unknown");
    }
    assert_eq!(found[&3].found().unwrap().title, "Change 3", "asked for once more");
    let malformed = found[&5].problem().unwrap();
    assert!(malformed.ends_with("unexpected answer: \"soon\" is not a date"), "{malformed}");
    assert_eq!(bed.requests().len(), 2);
}

#[test]
fn short_limits_are_waited_for() {
    let bed = Bed::new(true, None);
    let numbers = bed.add_merged(60);
    bed.sandbox.add_fault(graphql(FaultAction::secondary_rate_limit(30)).skip(1));
    let found = bed.look_up(&numbers, false);
    assert!(found.values().all(|lookup| lookup.found().is_some()));
    assert_eq!((bed.waited(), bed.requests().len()), (vec![30], 3));
}

#[test]
fn long_limits_end_the_questions() {
    let body = json!({"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]});
    let spent = FaultAction::Status {
        code: 200,
        headers: vec![
            ("X-RateLimit-Remaining".into(), "0".into()),
            ("Date".into(), "Fri, 20 Nov 2026 10:00:00 GMT".into()),
            ("X-RateLimit-Reset".into(), "1795169100".into()),
        ],
        body: body.to_string(),
    };
    let wordy = json!({"errors": [{"message": "You have exceeded a secondary rate limit."}]});
    for (action, delay) in
        [(FaultAction::secondary_rate_limit(600), "in 600 s"), (spent, "in 300 s"), (told(&wordy), "later")]
    {
        let bed = Bed::new(true, None);
        let numbers = bed.add_merged(130);
        bed.sandbox.add_fault(graphql(action).skip(1));
        let found = bed.look_up(&numbers, false);
        assert!((1..=50).all(|number| found[&number].found().is_some()));
        assert!((51..=130).all(|number| passing(&found[&number])));
        let problem = found[&51].problem().unwrap();
        assert!(
            problem.ends_with(&format!("the forge's rate limit is reached; try again {delay}")),
            "{problem}"
        );
        assert_eq!((bed.waited(), bed.requests().len()), (vec![], 2));
    }
}

#[test]
fn a_limit_without_a_token_ends_the_questions_too() {
    let bed = Bed::new(false, None);
    let numbers = bed.add_merged(40);
    bed.sandbox.add_fault(Fault::new("GET", REST, FaultAction::secondary_rate_limit(600)).times(u32::MAX));
    let found = bed.look_up(&numbers, false);
    assert!(found.len() == 40 && found.values().all(passing));
    assert!(bed.requests().len() < 40, "those under way were answered, the others not asked");
}

#[test]
fn one_that_fails_without_a_token_is_one() {
    let bed = Bed::new(false, None);
    let numbers = bed.add_merged(20);
    let path = format!("{REST}/pulls/13");
    bed.sandbox.add_fault(Fault::new("GET", &path, FaultAction::status(500)).times(5));
    let found = bed.look_up(&numbers, true);
    let failed: Vec<u64> =
        found.iter().filter(|(_, lookup)| passing(lookup)).map(|(number, _)| *number).collect();
    assert_eq!(failed, [13]);
    assert_eq!(found.values().filter(|lookup| lookup.found().is_some()).count(), 19);
}

#[test]
fn a_list_of_files_that_breaks_off_is_no_list() {
    let bed = Bed::new(true, None);
    let files = (0..150).map(|at| format!("{at}.txt")).collect();
    bed.add(tminus_sandbox::PullRequestSeed { files, ..super::bed::merged(1) });
    bed.add(super::bed::merged(2));
    bed.sandbox.add_fault(graphql(told(&json!({"data": {"repository": {"p1": null}}}))).skip(1));
    let found = bed.look_up(&[1, 2], true);
    assert!(passing(&found[&1]) && found[&2].found().is_some());
}

#[test]
fn a_wrong_token_is_told_at_once() {
    let bed = Bed::new(true, None);
    let numbers = bed.add_merged(60);
    let body = json!({"message": "Bad credentials"}).to_string();
    let action = FaultAction::Status { code: 401, headers: Vec::new(), body };
    bed.sandbox.add_fault(graphql(action).times(u32::MAX));
    let error = bed.try_look_up(&numbers, false).unwrap_err();
    assert!(matches!(error, ForgeError::Refused { status: 401, .. }));
    assert_eq!(bed.requests().len(), 1);
}
