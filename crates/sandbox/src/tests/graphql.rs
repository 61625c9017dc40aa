//! Queries as GitHub reads them.

use serde_json::{Value, json};

use super::{
    client::{Answer, send},
    with_repository,
};
use crate::{
    Fault, FaultAction, IssueSeed, MilestoneSeed, Options, PullRequestSeed, RepositorySeed, Sandbox, User,
};

fn ask_with(sandbox: &Sandbox, body: &Value) -> Answer {
    let authorization = format!("Bearer {}", sandbox.token());
    let headers = [("Authorization", authorization.as_str())];
    send(sandbox, "POST", "/api/graphql", &headers, body.to_string().as_bytes())
}

#[track_caller]
fn ask(sandbox: &Sandbox, query: &str) -> Value {
    ask_with(sandbox, &json!({ "query": query })).expect(200)
}

/// The data below `octo/demo`, of a query without errors.
#[track_caller]
fn demo(sandbox: &Sandbox, fields: &str) -> Value {
    let answer = ask(sandbox, &format!("{{ repository(owner: \"octo\", name: \"Demo\") {{ {fields} }} }}"));
    assert_eq!(answer.get("errors"), None, "{answer}");
    answer["data"]["repository"].clone()
}

fn seeded() -> Sandbox {
    let sandbox = with_repository();
    sandbox
        .add_milestone("octo/demo", MilestoneSeed { title: "1.0".into(), ..MilestoneSeed::default() })
        .unwrap();
    let one = PullRequestSeed {
        title: "Ünïcode \"1\"".into(),
        body: Some("text".into()),
        author: Some("renovate[bot]".into()),
        labels: vec!["bug".into(), "ui".into()],
        milestone: Some("1.0".into()),
        merge_commit_sha: Some("a".repeat(40)),
        merged_at: Some("2026-02-01T12:00:00Z".into()),
        created_at: Some("2026-01-31T00:00:00Z".into()),
        files: vec!["a.rs".into(), "b.rs".into(), "c.rs".into()],
        commits: vec!["b".repeat(40), "c".repeat(40)],
        ..PullRequestSeed::default()
    };
    sandbox.add_pull_request("octo/demo", one).unwrap();
    sandbox.add_issue("octo/demo", IssueSeed { title: "two".into(), ..IssueSeed::default() }).unwrap();
    let three = PullRequestSeed { author: Some(String::new()), ..PullRequestSeed::default() };
    sandbox.add_pull_request("octo/demo", three).unwrap();
    sandbox
}

#[test]
fn fields_of_a_pull_request() {
    let sandbox = seeded();
    let found = demo(
        &sandbox,
        "pullRequest(number: 1) { __typename number title body state merged mergedAt createdAt isDraft baseRefName \
         headRefName changedFiles author { __typename login ... on Bot { url } ... on User { id: login } } \
         milestone { number title } mergeCommit { oid abbreviatedOid } \
         labels(first: 1) { totalCount nodes { name } pageInfo { hasNextPage } } \
         commits(last: 1) { nodes { commit { oid } } } }",
    );
    let url = format!("{}renovate", sandbox.base_url());
    assert_eq!(
        found["pullRequest"],
        json!({
            "__typename": "PullRequest", "number": 1, "title": "Ünïcode \"1\"", "body": "text", "state": "MERGED",
            "merged": true, "mergedAt": "2026-02-01T12:00:00Z", "createdAt": "2026-01-31T00:00:00Z", "isDraft": false,
            "baseRefName": "main", "headRefName": "topic", "changedFiles": 3,
            "author": { "__typename": "Bot", "login": "renovate", "url": url },
            "milestone": { "number": 1, "title": "1.0" },
            "mergeCommit": { "oid": "a".repeat(40), "abbreviatedOid": "aaaaaaa" },
            "labels": { "totalCount": 2, "nodes": [{ "name": "bug" }], "pageInfo": { "hasNextPage": true } },
            "commits": { "nodes": [{ "commit": { "oid": "c".repeat(40) } }] },
        })
    );
    let gone =
        demo(&sandbox, "pullRequest(number: 3) { author { login } mergedAt state body mergeCommit { oid } }");
    let open = json!({ "author": null, "mergedAt": null, "state": "OPEN", "body": "", "mergeCommit": null });
    assert_eq!(gone["pullRequest"], open);
}

#[test]
fn aliases_variables_and_fragments() {
    let sandbox = seeded();
    let query = "# a comment, and commas that mean nothing\n\
        query Two($owner: String!, $name: String = \"demo\", $n: Int!, $unasked: [Int!] = [1, -2]) {\n\
        repository(owner: $owner, name: $name) {\n\
        p1: issueOrPullRequest(number: $n) { ...both, ... { __typename } }\n\
        p2: issueOrPullRequest(number: 2) { ...both }\n\
        pullRequests(first: 5, states: [OPEN]) { nodes { number } } } }\n\
        fragment both on IssueOrPullRequest { ...pull ... on Issue { issue: number } }\n\
        fragment pull on PullRequest { number labels(first: 9) { nodes { name } } labels(first: 9) { totalCount } }";
    let used = query.replace(", $unasked: [Int!] = [1, -2]", "");
    let body = |query: &str, variables: Value| json!({ "query": query, "operationName": "Two", "variables": variables });
    let answer = ask_with(&sandbox, &body(&used, json!({ "owner": "octo", "n": 1 }))).expect(200);
    assert_eq!(
        answer,
        json!({ "data": { "repository": {
            "p1": {
                "__typename": "PullRequest", "number": 1,
                "labels": { "totalCount": 2, "nodes": [{ "name": "bug" }, { "name": "ui" }] },
            },
            "p2": { "issue": 2 },
            "pullRequests": { "nodes": [{ "number": 3 }] },
        } } })
    );
    for (query, variables, expected) in [
        (query, json!({ "owner": "octo", "n": 1 }), "Variable $unasked is declared by Two but not used"),
        (&used, json!({ "owner": "octo" }), "Variable $n of type Int! was provided invalid value"),
        (&used, json!({ "owner": "octo", "n": "1" }), "Variable $n of type Int! was provided invalid value"),
        (
            &used,
            json!({ "owner": null, "n": 1 }),
            "Variable $owner of type String! was provided invalid value",
        ),
    ] {
        let answer = ask_with(&sandbox, &body(query, variables)).expect(200);
        assert_eq!(answer["errors"][0]["message"], expected);
    }
    let other =
        ask_with(&sandbox, &json!({ "query": "query A { viewer { login } } query B { viewer { login } }" }));
    assert_eq!(other.expect(200)["errors"][0]["message"], "An operation name is required");
}

#[track_caller]
fn refused(sandbox: &Sandbox, query: &str, code: &str, message: &str) -> Value {
    let answer = ask(sandbox, query);
    assert_eq!(answer.get("data"), None, "{query}: {answer}");
    let error = &answer["errors"][0];
    let found = error["extensions"]["code"].as_str().or(error["type"].as_str()).unwrap_or_default();
    assert_eq!((found, error["message"].as_str().unwrap()), (code, message), "{query}");
    error.clone()
}

#[test]
fn what_the_schema_does_not_have() {
    let sandbox = seeded();
    let demo = |fields: &str| format!("{{ repository(owner: \"octo\", name: \"demo\") {{ {fields} }} }}");
    let error = refused(
        &sandbox,
        "query Find {\n  repository(owner: \"octo\", name: \"demo\") {\n    p: pullRequest(number: 1) { ... on PullRequest { merge_commit } }\n  }\n}",
        "undefinedField",
        "Field 'merge_commit' doesn't exist on type 'PullRequest'",
    );
    let path = json!(["query Find", "repository", "p", "... on PullRequest", "merge_commit"]);
    let extensions =
        json!({ "code": "undefinedField", "typeName": "PullRequest", "fieldName": "merge_commit" });
    let place = json!([{ "line": 3, "column": 54 }]);
    assert_eq!((&error["path"], &error["extensions"], &error["locations"]), (&path, &extensions, &place));
    for (fields, code, message) in [
        (
            "issueOrPullRequest(number: 1) { number }",
            "undefinedField",
            "Field 'number' doesn't exist on type 'IssueOrPullRequest'",
        ),
        ("issue(number: 2) { merged }", "undefinedField", "Field 'merged' doesn't exist on type 'Issue'"),
        (
            "issue(number: 2) { ... on Isue { title } }",
            "undefinedType",
            "No such type Isue, so it can't be a fragment condition",
        ),
        ("issue(number: 2) { ...title }", "useAndDefineFragment", "Fragment title was used, but not defined"),
        (
            "issue { title }",
            "missingRequiredArguments",
            "Field 'issue' is missing required arguments: number",
        ),
        (
            "issue(id: 2, number: 2) { title }",
            "argumentNotAccepted",
            "Field 'issue' doesn't accept argument 'id'",
        ),
        (
            "issue(number: \"2\") { title }",
            "argumentLiteralsIncompatible",
            "Argument 'number' on Field 'issue' has an invalid value. Expected type 'Int!'.",
        ),
        (
            "issue(number: 2147483648) { title }",
            "argumentLiteralsIncompatible",
            "Argument 'number' on Field 'issue' has an invalid value. Expected type 'Int!'.",
        ),
        (
            "pullRequests(first: 1, states: [\"OPEN\"]) { nodes { id } }",
            "argumentLiteralsIncompatible",
            "Argument 'states' on Field 'pullRequests' has an invalid value. Expected type '[PullRequestState!]'.",
        ),
        (
            "object(oid: \"abc\") { oid }",
            "argumentLiteralsIncompatible",
            "Argument 'oid' on Field 'object' has an invalid value. Expected type 'GitObjectID'.",
        ),
        (
            "issue(number: $n) { title }",
            "variableNotDefined",
            "Variable $n is used by anonymous query but not declared",
        ),
        (
            "issue(number: 2) { title { text } }",
            "selectionMismatch",
            "Selections can't be made on scalars (field 'title' returns String)",
        ),
        (
            "issue(number: 2)",
            "selectionMismatch",
            "Field must have selections (field 'issue' returns Issue but has no selections. Did you mean 'issue { ... }'?)",
        ),
        (
            "pullRequests { nodes { id } }",
            "MISSING_PAGINATION_BOUNDARIES",
            "You must provide a `first` or `last` value to properly paginate the `pullRequests` connection.",
        ),
        (
            "pullRequests(first: 101) { nodes { id } }",
            "EXCESSIVE_PAGINATION",
            "Requesting 101 records on the `pullRequests` connection exceeds the `first` limit of 100 records.",
        ),
        (
            "pullRequests(first: 0) { nodes { id } }",
            "INVALID_PAGINATION_BOUNDARIES",
            "`first` on the `pullRequests` connection cannot be less than 1.",
        ),
    ] {
        refused(&sandbox, &demo(fields), code, message);
    }
    let looped = "{ viewer { ...a } } fragment a on User { ...b } fragment b on User { ...a }";
    refused(&sandbox, looped, "infiniteLoop", "Fragment a contains an infinite loop");
    for query in [
        "",
        "{",
        "{ viewer { login }",
        "{ viewer(: 1) { login } }",
        "\u{0}",
        "{ a(b: \"x) }",
        "type A { b: C }",
        "subscription { a }",
        "{ a(b: 1e999) }",
    ] {
        let answer = ask(&sandbox, query);
        assert!(
            answer.get("data").is_none() && answer["errors"][0]["message"].is_string(),
            "{query}: {answer}"
        );
    }
    let deep = format!("{{ {} }}", "viewer { ".repeat(5_000));
    assert_eq!(ask(&sandbox, &deep)["errors"][0]["message"], "the document is nested too deeply");
    let mutation = ask(&sandbox, "mutation { addLabels { id } }");
    assert_eq!(mutation["errors"][0]["message"], "this sandbox answers no mutations");
}

#[test]
fn a_query_has_a_size() {
    let sandbox = seeded();
    let pages = |outer: u32, middle: u32, inner: u32| {
        let commits = format!("commits(first: {inner}) {{ nodes {{ commit {{ oid }} }} }}");
        let associated = format!("associatedPullRequests(first: {middle}) {{ nodes {{ {commits} }} }}");
        let commits = format!("commits(first: 1) {{ nodes {{ commit {{ {associated} }} }} }}");
        format!(
            "{{ rateLimit {{ cost nodeCount limit }} repository(owner: \"octo\", name: \"demo\") {{ \
             pullRequests(first: {outer}) {{ nodes {{ {commits} }} }} }} }}"
        )
    };
    // 50 + 50 + 50 * 10 + 50 * 10 * 5 nodes; 1 + 50 + 50 + 500 lists to read.
    let small = ask(&sandbox, &pages(50, 10, 5));
    assert_eq!(small["data"]["rateLimit"], json!({ "cost": 6, "nodeCount": 3100, "limit": 5000 }));
    refused(
        &sandbox,
        &pages(100, 100, 100),
        "MAX_NODE_LIMIT_EXCEEDED",
        "This query requests up to 1,010,200 possible nodes which exceeds the maximum limit of 500,000.",
    );
}

#[test]
fn what_is_missing_is_null_with_an_error_beside_it() {
    let sandbox = seeded();
    let query = "{ repository(owner: \"octo\", name: \"demo\") {\n\
                 p9: pullRequest(number: 9) { id } p2: pullRequest(number: 2) { id } i1: issue(number: 1) { id }\n\
                 any: issueOrPullRequest(number: 9) { __typename } p1: pullRequest(number: 1) { number } } }";
    let answer = ask(&sandbox, query);
    let data = json!({ "p9": null, "p2": null, "i1": null, "any": null, "p1": { "number": 1 } });
    assert_eq!(answer["data"]["repository"], data);
    let errors: Vec<String> = answer["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| format!("{} {} {}", error["type"], error["path"][1], error["message"]))
        .collect();
    assert_eq!(
        errors,
        [
            r#""NOT_FOUND" "p9" "Could not resolve to a PullRequest with the number of 9.""#,
            r#""NOT_FOUND" "p2" "Could not resolve to a PullRequest with the number of 2.""#,
            r#""NOT_FOUND" "i1" "Could not resolve to an Issue with the number of 1.""#,
            r#""NOT_FOUND" "any" "Could not resolve to an issue or pull request with the number of 9.""#,
        ]
    );
    assert_eq!(answer["errors"][0]["locations"], json!([{ "line": 2, "column": 1 }]));
    let missing = ask(&sandbox, "{ repository(owner: \"octo\", name: \"none\") { id } viewer { login } }");
    assert_eq!(missing["data"], json!({ "repository": null, "viewer": { "login": "sandbox" } }));
    assert_eq!(
        missing["errors"][0]["message"],
        "Could not resolve to a Repository with the name 'octo/none'."
    );
    send(&sandbox, "POST", "/api/graphql", &[], b"{\"query\": \"{ viewer { login } }\"}").expect(401);
    send(&sandbox, "POST", "/api/graphql", &[("Authorization", "Bearer no")], b"{}").expect(401);
}

#[test]
fn repositories_are_registered_by_the_first_question() {
    let options = Options { auto_repositories: true, ..Options::default() };
    let sandbox = Sandbox::start(options).unwrap();
    let query = "query($n: String!) { repository(owner: \"octo\", name: $n) { nameWithOwner } }";
    let body = json!({ "query": query, "variables": { "n": "fresh" } });
    let answer = ask_with(&sandbox, &body).expect(200);
    assert_eq!(answer, json!({ "data": { "repository": { "nameWithOwner": "octo/fresh" } } }));
    assert_eq!(sandbox.repositories(), ["octo/fresh"]);
}

#[test]
fn connections_are_read_page_by_page() {
    let sandbox = seeded();
    let mut after = String::new();
    let mut paths = Vec::new();
    loop {
        let fields = format!(
            "pullRequest(number: 1) {{ files(first: 2{after}) {{ totalCount nodes {{ path changeType }} \
             pageInfo {{ hasNextPage hasPreviousPage endCursor startCursor }} }} }}"
        );
        let page = demo(&sandbox, &fields)["pullRequest"]["files"].clone();
        assert_eq!(page["totalCount"], 3);
        for node in page["nodes"].as_array().unwrap() {
            assert_eq!(node["changeType"], "MODIFIED");
            paths.push(node["path"].as_str().unwrap().to_owned());
        }
        assert_eq!(page["pageInfo"]["hasPreviousPage"], !after.is_empty());
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = format!(", after: {}", page["pageInfo"]["endCursor"]);
    }
    assert_eq!(paths, ["a.rs", "b.rs", "c.rs"]);
    let labels = demo(
        &sandbox,
        "pullRequest(number: 3) { labels(first: 5) { nodes { name } pageInfo { endCursor hasNextPage } } }",
    );
    assert_eq!(
        labels["pullRequest"]["labels"],
        json!({ "nodes": [], "pageInfo": { "endCursor": null, "hasNextPage": false } })
    );
}

#[test]
fn pull_requests_of_a_commit() {
    let sandbox = seeded();
    let of = |oid: &str| {
        let pulls = "... on Commit { oid associatedPullRequests(first: 5) { nodes { number } } }";
        demo(&sandbox, &format!("object(oid: \"{oid}\") {{ __typename {pulls} }}"))["object"].clone()
    };
    for oid in ["a".repeat(40), "b".repeat(40)] {
        let nodes = json!({ "nodes": [{ "number": 1 }] });
        assert_eq!(of(&oid), json!({ "__typename": "Commit", "oid": oid, "associatedPullRequests": nodes }));
    }
    assert_eq!(of(&"d".repeat(40))["associatedPullRequests"], json!({ "nodes": [] }));
    let dir = tempfile::tempdir().unwrap();
    let empty = RepositorySeed { git_dir: Some(dir.path().into()), ..RepositorySeed::new("octo", "demo") };
    sandbox.add_repository(empty).unwrap();
    assert_eq!(of(&"a".repeat(40)), Value::Null, "a commit that the repository does not have");
}

#[test]
fn searches_are_counted() {
    let sandbox = seeded();
    sandbox.add_user(User { login: "ada".into(), ..User::default() }).unwrap();
    sandbox.add_repository(RepositorySeed::new("octo", "other")).unwrap();
    sandbox.add_issue("octo/other", IssueSeed { title: "two".into(), ..IssueSeed::default() }).unwrap();
    for (terms, expected) in [
        ("repo:octo/demo is:pr is:merged author:app/renovate", 1),
        ("repo:OCTO/demo author:renovate[bot]", 1),
        ("repo:octo/demo author:renovate", 0),
        ("repo:octo/demo is:merged merged:<2026-02-01", 0),
        ("repo:octo/demo is:merged merged:<=2026-02-01", 1),
        ("repo:octo/demo is:merged merged:<2026-02-01T12:00:00Z", 0),
        ("repo:octo/demo is:merged merged:<2026-02-01T12:00:01Z", 1),
        ("repo:octo/demo is:merged merged:>2026-01-31", 1),
        ("repo:octo/demo is:merged merged:2026-02-01", 1),
        ("repo:octo/demo is:merged merged:2026-01-01..2026-01-31", 0),
        ("repo:octo/demo is:merged merged:*..2026-02-02", 1),
        ("repo:octo/demo is:merged merged:soon", 0),
        ("repo:octo/demo", 3),
        ("repo:octo/demo is:issue", 1),
        ("repo:octo/demo type:pr is:open", 1),
        ("repo:octo/demo label:BUG base:main head:topic", 1),
        ("two", 2),
        ("repo:octo/none", 0),
        ("repo:octo/none repo:octo/other", 1),
    ] {
        let terms = json!(terms);
        let query = format!("{{ a0: search(type: ISSUE, query: {terms}, first: 1) {{ issueCount }} }}");
        assert_eq!(ask(&sandbox, &query), json!({ "data": { "a0": { "issueCount": expected } } }), "{terms}");
    }
    let found = ask(
        &sandbox,
        "{ search(type: ISSUE, query: \"two\", first: 9) { nodes { ... on Issue { title } } } }",
    );
    assert_eq!(found["data"]["search"]["nodes"], json!([{ "title": "two" }, { "title": "two" }]));
    let total = "{ search(type: ISSUE, query: \"two\", first: 9) { totalCount } }";
    let message = "Field 'totalCount' doesn't exist on type 'SearchResultItemConnection'";
    refused(&sandbox, total, "undefinedField", message);
}

#[test]
fn faults_strike_queries() {
    let sandbox = seeded();
    sandbox.add_fault(Fault::new("POST", "/api/graphql", FaultAction::secondary_rate_limit(7)));
    let struck = ask_with(&sandbox, &json!({ "query": "{ viewer { login } }" }));
    assert_eq!((struck.status, struck.header("retry-after")), (403, Some("7")));
    assert_eq!(ask(&sandbox, "{ viewer { login } }")["data"]["viewer"]["login"], "sandbox");
}
