use std::time::Duration;

use super::{
    client::{api, basic, form, get, send, try_send, upload},
    start, with_repository,
};
use crate::{Fault, FaultAction, Options, Sandbox};

const FIELDS: &[(&str, &str)] = &[("name", "demo"), ("version", "1.0")];
const FILE: &str = "demo-1.0.tar.gz";

fn try_upload(sandbox: &Sandbox) -> std::io::Result<u16> {
    let authorization = basic(sandbox.token());
    let headers =
        [("Authorization", authorization.as_str()), ("Content-Type", "multipart/form-data; boundary=edge")];
    try_send(sandbox, "POST", "/legacy/", &headers, &form(FIELDS, FILE, b"x")).map(|answer| answer.status)
}

#[test]
fn reset_before_does_nothing_and_reset_after_did_it() {
    for (action, files) in [(FaultAction::ResetBefore, 0), (FaultAction::ResetAfter, 1)] {
        let sandbox = start();
        let name = action.name();
        sandbox.add_fault(Fault::new("POST", "/legacy/", action));
        assert!(try_upload(&sandbox).is_err(), "{name}");
        assert_eq!(sandbox.files("demo").len(), files, "{name}");
        assert_eq!(try_upload(&sandbox).unwrap(), 200, "{name}");
        assert_eq!(sandbox.files("demo").len(), 1, "{name}");
        assert_eq!(sandbox.events()[0].fault, Some(name));
        assert_eq!(sandbox.events()[0].status, if files == 0 { 0 } else { 200 });
    }
}

#[test]
fn status_answers_instead() {
    let sandbox = with_repository();
    sandbox.add_fault(Fault::new(
        "POST",
        "/api/v3/repos/octo/demo/releases",
        FaultAction::secondary_rate_limit(7),
    ));
    let refused =
        api(&sandbox, "POST", "/repos/octo/demo/releases", &serde_json::json!({ "tag_name": "v1" }));
    assert_eq!((refused.status, refused.header("retry-after")), (403, Some("7")));
    assert!(refused.json()["message"].as_str().unwrap().contains("secondary rate limit"));
    assert_eq!(sandbox.releases("octo/demo"), []);
    api(&sandbox, "POST", "/repos/octo/demo/releases", &serde_json::json!({ "tag_name": "v1" })).expect(201);
}

#[test]
fn truncated_answers_announce_the_whole() {
    let sandbox = start();
    upload(&sandbox, FIELDS, FILE, b"x");
    sandbox.add_fault(Fault::new("GET", "/simple/demo/", FaultAction::Truncate));
    let answer = get(&sandbox, "/simple/demo/", &[]);
    assert_eq!(answer.status, 200);
    assert!(answer.cut_short() && !answer.body.is_empty());
    assert!(!get(&sandbox, "/simple/demo/", &[]).cut_short());
    // An answer without a body is cut short as well: the client waits for a byte that never comes.
    sandbox.add_fault(Fault::new("POST", "/legacy/", FaultAction::Truncate));
    assert!(upload(&sandbox, FIELDS, FILE, b"x").cut_short());
}

#[test]
fn a_delayed_request_is_answered_in_the_end() {
    let sandbox = start();
    sandbox.add_fault(Fault::new("GET", "/simple/", FaultAction::Delay(Duration::from_millis(30))));
    assert_eq!(get(&sandbox, "/simple/", &[]).status, 200);
    assert_eq!(sandbox.events()[0].fault, Some("delay"));
}

#[test]
fn lagging_files_are_missing_from_listings_only() {
    let sandbox = start();
    sandbox.add_fault(Fault::index_lag(2));
    assert_eq!(upload(&sandbox, FIELDS, FILE, b"x").status, 200);
    assert!(!get(&sandbox, "/simple/", &[]).text().contains("demo"));
    assert_eq!(get(&sandbox, &format!("/files/demo/{FILE}"), &[]).status, 200);
    let statuses: Vec<u16> = (0..3).map(|_| get(&sandbox, "/simple/demo/", &[]).status).collect();
    assert_eq!(statuses, [404, 404, 200]);
    assert_eq!(get(&sandbox, "/pypi/demo/json", &[]).status, 200);
}

#[test]
fn cleared_faults_do_not_strike() {
    let sandbox = start();
    sandbox.add_fault(Fault::new("GET", "/", FaultAction::status(503)).times(u32::MAX));
    assert_eq!(get(&sandbox, "/simple/", &[]).status, 503);
    sandbox.clear_faults();
    assert_eq!(get(&sandbox, "/simple/", &[]).status, 200);
}

#[test]
fn the_token_is_nowhere_in_the_log() {
    let sandbox = Sandbox::start(Options { token: "sesame".into(), ..Options::default() }).unwrap();
    get(&sandbox, "/simple/sesame/?key=sesame&x=1", &[("Authorization", "Bearer sesame")]);
    let event = &sandbox.events()[0];
    assert_eq!((event.seq, event.authorised, event.query.as_str()), (1, true, "key=***&x=1"));
    assert!(!format!("{:?} {sandbox:?}", sandbox.events()).contains("sesame"));
    sandbox.clear_events();
    get(&sandbox, "/", &[]);
    assert_eq!(sandbox.events()[0].seq, 2);
}

#[test]
fn bodies_have_a_limit() {
    let sandbox = Sandbox::start(Options { max_body_bytes: 100, ..Options::default() }).unwrap();
    assert_eq!(send(&sandbox, "POST", "/hooks/a", &[], &[b'x'; 100]).status, 204);
    assert_eq!(try_send(&sandbox, "POST", "/hooks/a", &[], &[b'x'; 101]).unwrap().status, 413);
    assert_eq!(sandbox.webhooks("a").len(), 1);
}
