//! What GraphQL queries look like on the wire.

use super::*;
use crate::{Contributor, Lookup, NewPullRequest, PullRequests as _, Want};

const FIELDS: &str = "number title body url createdAt merged mergedAt baseRefName headRefName \
                      author { __typename login } labels(first: 100) { nodes { name } } milestone { title } \
                      mergeCommit { oid }";

fn nothing() -> Answered {
    ok(&json!({"data": {"repository": {}}}))
}

#[track_caller]
fn check(requests: &[Asked], query: &str) {
    assert_eq!((requests[0].0.as_str(), requests[0].1.as_str()), ("POST", "/graphql"));
    assert_eq!(requests[0].2["query"], query);
}

#[test]
fn numbers_are_aliases_of_one_query() {
    let (result, requests) =
        run(vec![nothing()], async |forge| forge.pull_requests(&[12, 7], Want::default()).await);
    assert!(result.unwrap().values().all(|lookup| *lookup == Lookup::Missing));
    let query = format!(
        "query($owner: String!, $name: String!) {{ repository(owner: $owner, name: $name) {{ \
         p7: issueOrPullRequest(number: 7) {{ __typename ...pull }} \
         p12: issueOrPullRequest(number: 12) {{ __typename ...pull }} }} }} \
         fragment pull on PullRequest {{ {FIELDS} }}"
    );
    check(&requests, &query);
    assert_eq!(requests[0].2["variables"], json!({"owner": "acme", "name": "demo"}));

    let (_, requests) =
        run(vec![nothing()], async |forge| forge.pull_requests(&[7], Want { files: true }).await);
    let files = "changedFiles files(first: 100) { nodes { path } pageInfo { hasNextPage endCursor } }";
    let query = requests[0].2["query"].as_str().unwrap();
    assert!(query.ends_with(&format!("fragment pull on PullRequest {{ {FIELDS} {files} }}")), "{query}");
}

#[test]
fn a_cursor_is_quoted() {
    let pull = |files: Value| json!({"data": {"repository": {"p7": files}}});
    let first = json!({
        "__typename": "PullRequest", "number": 7, "title": "t", "url": "u", "createdAt": "2026-11-19T10:00:00Z",
        "merged": false, "baseRefName": "main", "headRefName": "topic", "changedFiles": 3,
        "files": {"nodes": [{"path": "a"}, null], "pageInfo": {"hasNextPage": true, "endCursor": "x\"\\"}},
    });
    let second = json!({"files": {"nodes": [{"path": "b"}], "pageInfo": {"hasNextPage": false}}});
    let answers = vec![ok(&pull(first)), ok(&pull(second))];
    let (result, requests) =
        run(answers, async |forge| forge.pull_requests(&[7], Want { files: true }).await);
    let found = result.unwrap();
    let files = found[&7].found().unwrap().files.clone().unwrap();
    assert_eq!((files.paths.join(" "), files.complete), ("a b".to_owned(), false), "one of three was hidden");
    let expected = "{ p7: pullRequest(number: 7) { files(first: 100, after: \"x\\\"\\\\\") { nodes { path } \
                    pageInfo { hasNextPage endCursor } } } }";
    let query = requests[1].2["query"].as_str().unwrap();
    assert!(query.contains(expected), "{query}");
}

#[test]
fn searches_are_aliases_too() {
    let counts = ok(&json!({"data": {"a0": {"issueCount": 0}, "a1": {"issueCount": 3}}}));
    let one = |login: &str| Contributor { login: login.into(), before: 1_795_168_800 };
    let people = [one("renovate[bot]"), one("ada")];
    let (result, requests) = run(vec![counts], async |forge| forge.have_contributed(&people).await);
    let told: Vec<(String, bool)> = result.unwrap().into_iter().collect();
    assert_eq!(told, [("ada".to_owned(), false), ("renovate[bot]".to_owned(), true)]);
    let search = |at: u32, author: &str| {
        format!(
            "a{at}: search(type: ISSUE, query: \"repo:acme/demo is:pr is:merged author:{author} \
             merged:<2026-11-20T10:00:00Z\", first: 1) {{ issueCount }}"
        )
    };
    check(&requests, &format!("query {{ {} {} }}", search(0, "ada"), search(1, "app/renovate")));
}

#[test]
fn a_pull_request_is_looked_for_before_it_is_opened() {
    let made = json!({
        "number": 8, "state": "open", "title": "Fix", "body": "b", "user": null, "created_at": "2026-11-20T10:00:00Z",
        "base": {"ref": "1.x"}, "head": {"ref": "topic"}, "html_url": "https://forge.example/p/8",
    });
    let new = NewPullRequest {
        title: "Fix".into(),
        body: "b".into(),
        head: "topic".into(),
        base: "1.x".into(),
        draft: true,
        labels: vec!["backport".into()],
    };
    let mut elsewhere = made.clone();
    elsewhere["base"]["ref"] = json!("main");
    let answers = vec![ok(&json!([elsewhere])), answer(201, &[], &made), ok(&json!([]))];
    let (result, requests) = run(answers, async |forge| forge.create_pull_request(&new).await);
    assert_eq!(result.unwrap().pull_request().number, 8);
    let find = "/repos/acme/demo/pulls?state=open&head=acme%3Atopic&base=1.x&per_page=100";
    let body = json!({"title": "Fix", "body": "b", "head": "topic", "base": "1.x", "draft": true});
    let post = asked("POST", "/repos/acme/demo/pulls", body);
    let label = asked("POST", "/repos/acme/demo/issues/8/labels", json!({"labels": ["backport"]}));
    assert_eq!(requests, [got(find), post, label]);
}

#[test]
fn a_token_that_may_not_open_is_told_what_it_needs() {
    let new = NewPullRequest { head: "topic".into(), base: "1.x".into(), ..NewPullRequest::default() };
    let no = answer(403, &[], &json!({"message": "Resource not accessible by integration"}));
    let (result, requests) =
        run(vec![ok(&json!([])), no], async |forge| forge.create_pull_request(&new).await);
    assert_eq!(
        result.unwrap_err().to_string(),
        "a pull request from topic to 1.x of acme/demo: refused with 403: Resource not accessible by integration; \
         the token needs the permission \"Pull requests: write\" on acme/demo"
    );
    assert_eq!(requests.len(), 2, "a refusal is certain: nothing to look for");
}
