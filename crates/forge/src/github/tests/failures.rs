use super::*;
use crate::{Forge, Milestones as _, Releases as _, RepositoryFacts as _};

#[track_caller]
fn fail(credential: bool, answers: Vec<Answered>) -> ForgeError {
    let (forge, script) = forge(API, credential, answers);
    let error = wait(forge.create_milestone("1.2.0", None, "")).unwrap_err();
    assert_eq!(script.asked.lock().unwrap().len(), 1, "a refusal is not argued with");
    assert!(!format!("{error} {error:?} {forge:?}").contains("s3cret"), "{error:?}");
    error
}

#[track_caller]
fn check(credential: bool, status: u16, headers: &[(&str, &str)], body: &Value, expected: &str) {
    let error = fail(credential, vec![answer(status, headers, body)]);
    assert_eq!(error.to_string(), format!("milestone 1.2.0 of acme/demo: {expected}"));
}

#[test]
fn refusals_say_what_to_do() {
    let body = json!({"message": "Bad credentials: s3cret-token", "documentation_url": "https://x.example"});
    let wrong = "refused with 401: Bad credentials: ***; \
                 the token for https://api.forge.example is wrong or has expired; make a new one";
    check(true, 401, &[], &body, wrong);
    let body = json!({"message": "Requires authentication"});
    let none = "refused with 401: Requires authentication; give a token for https://api.forge.example";
    check(false, 401, &[], &body, none);
    let body = json!({"message": "Resource not accessible by personal access token"});
    let weak = "refused with 403: Resource not accessible by personal access token; \
                the token needs the permission \"Issues: write\" on acme/demo";
    check(true, 403, &[("x-ratelimit-remaining", "4711")], &body, weak);
    check(true, 404, &[], &json!({"message": "Not Found"}), "not found, or hidden from this token");
    check(true, 410, &[], &json!({"message": "disabled"}), "not found, or hidden from this token");
}

#[test]
fn rate_limits_are_told_apart_from_refusals() {
    let body = json!({"message": "You have exceeded a secondary rate limit"});
    let date = ("date", "Fri, 20 Nov 2026 10:00:00 GMT");
    let wait = |seconds: u32| format!("the forge's rate limit is reached; try again in {seconds} s");
    check(true, 403, &[("retry-after", "61")], &body, &wait(61));
    check(true, 403, &[date, ("retry-after", "Fri, 20 Nov 2026 10:01:30 GMT")], &body, &wait(90));
    let spent = ("x-ratelimit-remaining", "0");
    check(true, 403, &[date, spent, ("x-ratelimit-reset", "1795168860")], &body, &wait(60));
    check(true, 403, &[date, spent, ("x-ratelimit-reset", "1795168700")], &body, &wait(0));
    let later = "the forge's rate limit is reached; try again later";
    check(true, 403, &[spent], &body, later);
    check(true, 403, &[spent, ("x-ratelimit-reset", "1795168860")], &body, later);
    check(true, 403, &[("retry-after", "soon")], &body, later);
    assert!(fail(true, vec![answer(403, &[spent], &body)]).is_passing());

    let busy = || answer(429, &[], &body);
    let (result, requests) = run(vec![busy(), busy(), busy(), busy(), busy()], async |forge| {
        forge.create_milestone("1.2.0", None, "").await
    });
    assert!(matches!(result.unwrap_err(), ForgeError::RateLimited { .. }));
    assert_eq!(requests.len(), 5, "the client waited as often as it may");
}

#[test]
fn what_exists_is_told_by_its_code_not_by_its_words() {
    let body = |code: &str| {
        let error = json!({"resource": "Milestone", "code": code, "field": "title"});
        json!({"message": "Validation Failed", "errors": [error]})
    };
    let there = fail(true, vec![answer(422, &[], &body("already_exists"))]);
    assert!(there.is_already_there());
    assert_eq!(
        there.to_string(),
        "milestone 1.2.0 of acme/demo: not accepted: Validation Failed (title already_exists)"
    );
    assert!(!fail(true, vec![answer(422, &[], &body("invalid"))]).is_already_there());

    let custom = json!({"message": "Validation Failed", "errors": [
        {"resource": "Release", "code": "custom", "message": "already_exists, says the text"}, "a word",
    ]});
    let words = "not accepted: Validation Failed (already_exists, says the text, a word)";
    check(true, 422, &[], &custom, words);
    assert!(!fail(true, vec![answer(422, &[], &custom)]).is_already_there());
    check(true, 422, &[], &json!({"message": "No commit found"}), "not accepted: No commit found");
    check(true, 422, &[], &json!("odd"), "not accepted: \"odd\"");
}

#[test]
fn a_long_answer_still_says_that_the_thing_exists() {
    let mut errors = vec![json!({"field": "x", "code": "y".repeat(700)})];
    errors.push(json!({"field": "title", "code": "already_exists"}));
    let long = json!({"message": "Validation Failed", "errors": errors});
    assert!(fail(true, vec![answer(422, &[], &long)]).is_already_there());
}

#[test]
fn other_failures_keep_their_kind() {
    let error = fail(true, vec![answer(503, &[], &json!({"message": "busy"}))]);
    assert!(error.is_passing() && matches!(error, ForgeError::Http(_)));
    let error = fail(true, vec![Err(TransportError::Stopped)]);
    assert!(!error.is_passing() && matches!(error, ForgeError::Http(_)));
    let error = fail(true, vec![answer(409, &[], &json!({"message": "conflict"}))]);
    assert!(matches!(error, ForgeError::Http(http) if http.status() == Some(409)));
    let missing = "unexpected answer: missing field `number` at line 1 column 13";
    check(true, 201, &[], &json!({"title": "x"}), missing);
    let odd = json!({"number": 1, "title": "x", "state": "ajar", "html_url": ""});
    check(true, 201, &[], &odd, "unexpected answer: \"ajar\" is neither open nor closed");
    let odd = json!({"number": 1, "title": "x", "state": "open", "html_url": "", "due_on": "soon"});
    check(true, 201, &[], &odd, "unexpected answer: \"soon\" is not a date");
}

#[test]
fn pages_end_and_stay_on_their_host() {
    let endless = || (0..MAX_PAGES).map(|_| page(&json!([]), "/again")).collect();
    let (result, _) = run(endless(), async |forge| forge.releases().await);
    assert_eq!(result.unwrap_err().to_string(), "the releases of acme/demo: more than 100 pages");

    let away = vec![page(&json!([]), "https://elsewhere.example/x?token=1")];
    let (result, _) = run(away, async |forge| forge.releases().await);
    assert_eq!(
        result.unwrap_err().to_string(),
        "the releases of acme/demo: unexpected answer: the next page is at https://elsewhere.example"
    );
}

#[test]
fn a_forge_is_usable_behind_dyn_and_shows_no_password() {
    let answers = vec![answer(404, &[], &json!({})), ok(&json!([]))];
    let (github, _) = forge("https://user:s3cret@api.forge.example", true, answers);
    assert!(!format!("{github:?}").contains("s3cret"));
    let forge: Box<dyn Forge> = Box::new(github);
    assert_eq!(forge.id().to_string(), "acme/demo");
    assert_eq!(wait(forge.find_release("v1")).unwrap(), None);
}

#[test]
fn a_url_that_cannot_be_asked_is_an_error() {
    let (github, script) = forge("mailto:x@forge.example", true, Vec::new());
    assert!(matches!(wait(github.repository()).unwrap_err(), ForgeError::Http(_)));
    assert!(script.asked.lock().unwrap().is_empty());
}
