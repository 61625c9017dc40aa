use serde_json::{Value, json};

use super::{
    client::{api, get, send},
    with_repository,
};
use crate::{
    Checks, IssueSeed, IssueState, MilestoneSeed, Options, PullRequestSeed, ReleaseSeed, RepositorySeed,
    Sandbox, User,
};

const REPO: &str = "/repos/octo/demo";

fn list<'a>(value: &'a Value, field: &str) -> Vec<&'a str> {
    value.as_array().unwrap().iter().map(|item| item[field].as_str().unwrap()).collect()
}

#[track_caller]
fn check_error(answer: &Value, field: &str, code: &str) {
    assert_eq!((&answer["message"], &answer["status"]), (&json!("Validation Failed"), &json!("422")));
    assert_eq!((&answer["errors"][0]["field"], &answer["errors"][0]["code"]), (&json!(field), &json!(code)));
}

#[test]
fn who_may_read_and_write() {
    let sandbox = with_repository();
    let public = RepositorySeed { private: false, push: false, ..RepositorySeed::new("octo", "public") };
    sandbox.add_repository(public).unwrap();
    sandbox
        .add_release(
            "octo/public",
            ReleaseSeed { tag_name: "v1".into(), draft: true, ..ReleaseSeed::default() },
        )
        .unwrap();
    let wrong = [("Authorization", "token nonsense")];
    let bad = get(&sandbox, "/api/v3/repos/octo/demo", &wrong).expect(401);
    assert_eq!(bad["message"], "Bad credentials");
    assert_eq!(get(&sandbox, "/api/v3/repos/octo/demo", &[]).expect(404)["message"], "Not Found");
    api(&sandbox, "GET", "/repos/octo/none", &Value::Null).expect(404);
    assert_eq!(get(&sandbox, "/api/v3/user", &[]).expect(401)["message"], "Requires authentication");
    assert_eq!(get(&sandbox, "/api/v3/repos/octo/public", &[]).expect(200)["permissions"]["push"], false);
    assert_eq!(get(&sandbox, "/api/v3/repos/octo/public/releases", &[]).expect(200), json!([]));
    send(&sandbox, "POST", "/api/v3/repos/octo/public/issues", &[], b"{}").expect(401);
    api(&sandbox, "POST", "/repos/octo/public/issues", &json!({ "title": "x" })).expect(403);
    assert_eq!(api(&sandbox, "GET", "/repos/octo/public/releases", &Value::Null).expect(200), json!([]));
    let seen = api(&sandbox, "GET", "/repos/Octo/DEMO", &Value::Null).expect(200);
    assert_eq!((&seen["full_name"], &seen["permissions"]["push"]), (&json!("octo/demo"), &json!(true)));
    sandbox.add_user(User { login: "sandbox".into(), name: Some("Sand Box".into()), email: None }).unwrap();
    let user = api(&sandbox, "GET", "/user", &Value::Null).expect(200);
    assert_eq!((&user["login"], &user["name"]), (&json!("sandbox"), &json!("Sand Box")));
    api(&sandbox, "PUT", REPO, &Value::Null).expect(404);
}

#[test]
fn repositories_register_themselves_if_allowed() {
    let sandbox = Sandbox::start(Options { auto_repositories: true, ..Options::default() }).unwrap();
    get(&sandbox, "/api/v3/repos/any/thing", &[]).expect(404);
    assert_eq!(sandbox.repositories(), Vec::<String>::new());
    assert_eq!(api(&sandbox, "GET", "/repos/any/thing", &Value::Null).expect(200)["has_discussions"], true);
    assert_eq!(sandbox.repositories(), ["any/thing"]);
}

#[test]
fn bodies_that_are_no_objects() {
    let sandbox = with_repository();
    let authorization = format!("Bearer {}", sandbox.token());
    let post = |body: &[u8]| {
        send(
            &sandbox,
            "POST",
            "/api/v3/repos/octo/demo/milestones",
            &[("Authorization", &authorization)],
            body,
        )
    };
    assert_eq!(post(b"{").expect(400)["message"], "Problems parsing JSON");
    assert_eq!(post(b"[]").expect(400)["message"], "Body should be a JSON object");
    check_error(&post(b"").expect(422), "title", "missing_field");
    assert!(post(b"{\"title\": 1}").expect(422)["message"].as_str().unwrap().contains("is not a string"));
}

#[test]
fn milestones() {
    let sandbox = with_repository();
    let url = format!("{REPO}/milestones");
    let made =
        api(&sandbox, "POST", &url, &json!({ "title": "1.0", "due_on": "2026-03-01T00:00:00Z" })).expect(201);
    assert_eq!(
        (&made["number"], &made["state"], &made["open_issues"]),
        (&json!(1), &json!("open"), &json!(0))
    );
    api(&sandbox, "POST", &url, &json!({ "title": "0.9", "due_on": "2026-02-01T00:00:00Z" })).expect(201);
    api(&sandbox, "POST", &url, &json!({ "title": "later" })).expect(201);
    check_error(
        &api(&sandbox, "POST", &url, &json!({ "title": "1.0" })).expect(422),
        "title",
        "already_exists",
    );
    check_error(
        &api(&sandbox, "POST", &url, &json!({ "title": "x", "due_on": "soon" })).expect(422),
        "due_on",
        "invalid",
    );
    let titles = |query: &str| {
        let page = api(&sandbox, "GET", &format!("{url}{query}"), &Value::Null).expect(200);
        list(&page, "title").join(" ")
    };
    assert_eq!(titles(""), "0.9 1.0 later");
    assert_eq!(titles("?direction=desc"), "later 1.0 0.9");
    for (number, state) in [(1, "open"), (1, "closed")] {
        let seed = IssueSeed {
            title: format!("{number} {state}"),
            milestone: Some("1.0".into()),
            state: if state == "open" { IssueState::Open } else { IssueState::Closed },
            ..IssueSeed::default()
        };
        sandbox.add_issue("octo/demo", seed).unwrap();
    }
    let one = api(&sandbox, "GET", &format!("{url}/1"), &Value::Null).expect(200);
    assert_eq!((&one["open_issues"], &one["closed_issues"]), (&json!(1), &json!(1)));
    assert_eq!(titles("?sort=completeness&direction=desc").split(' ').next(), Some("1.0"));
    let change = json!({ "state": "closed", "description": "done", "due_on": null });
    let closed = api(&sandbox, "PATCH", &format!("{url}/1"), &change).expect(200);
    assert_eq!((&closed["state"], &closed["due_on"]), (&json!("closed"), &Value::Null));
    assert_eq!(closed["closed_at"], "2026-01-01T00:00:00Z");
    assert_eq!(titles(""), "0.9 later");
    assert_eq!(titles("?state=all").split(' ').count(), 3);
    check_error(
        &api(&sandbox, "PATCH", &format!("{url}/2"), &json!({ "title": "1.0" })).expect(422),
        "title",
        "already_exists",
    );
    check_error(
        &api(&sandbox, "PATCH", &format!("{url}/2"), &json!({ "state": "shut" })).expect(422),
        "state",
        "invalid",
    );
    assert_eq!(api(&sandbox, "DELETE", &format!("{url}/1"), &Value::Null).status, 204);
    api(&sandbox, "GET", &format!("{url}/1"), &Value::Null).expect(404);
    assert!(sandbox.issues("octo/demo").iter().all(|issue| issue.milestone.is_none()));
    api(&sandbox, "GET", &format!("{url}/x"), &Value::Null).expect(404);
}

#[test]
fn issues_and_their_filters() {
    let sandbox = with_repository();
    sandbox
        .add_milestone("octo/demo", MilestoneSeed { title: "1.0".into(), ..MilestoneSeed::default() })
        .unwrap();
    let url = format!("{REPO}/issues");
    let fields = json!({ "title": "one", "labels": ["bug", "ui"], "milestone": 1, "assignees": ["ann"] });
    let one = api(&sandbox, "POST", &url, &fields).expect(201);
    assert_eq!((&one["number"], &one["milestone"]["title"]), (&json!(1), &json!("1.0")));
    assert_eq!((list(&one["labels"], "name"), &one["assignee"]["login"]), (vec!["bug", "ui"], &json!("ann")));
    api(&sandbox, "POST", &url, &json!({ "title": "two", "labels": ["bug"] })).expect(201);
    let pull =
        PullRequestSeed { title: "three".into(), labels: vec!["ui".into()], ..PullRequestSeed::default() };
    sandbox.add_pull_request("octo/demo", pull).unwrap();
    let titles = |query: &str| {
        let page = api(&sandbox, "GET", &format!("{url}{query}"), &Value::Null).expect(200);
        list(&page, "title").join(" ")
    };
    for (query, expected) in [
        ("", "three two one"),
        ("?direction=asc", "one two three"),
        ("?milestone=1", "one"),
        ("?milestone=*", "one"),
        ("?milestone=none", "three two"),
        ("?labels=bug", "two one"),
        ("?labels=bug,UI", "one"),
        ("?state=closed", ""),
        ("?creator=sandbox&sort=updated", "three two one"),
        ("?since=2026-01-01T00:00:00Z", "three two one"),
        ("?since=2026-01-01T00:00:01Z", ""),
    ] {
        assert_eq!(titles(query), expected, "{query}");
    }
    check_error(
        &api(&sandbox, "GET", &format!("{url}?milestone=9"), &Value::Null).expect(422),
        "milestone",
        "invalid",
    );
    let all = api(&sandbox, "GET", &url, &Value::Null).json();
    assert!(all[0]["pull_request"]["url"].as_str().unwrap().ends_with("/pulls/3"));
    assert!(all[1].get("pull_request").is_none());
    let closed =
        api(&sandbox, "PATCH", &format!("{url}/1"), &json!({ "state": "closed", "milestone": null }))
            .expect(200);
    assert_eq!((&closed["state_reason"], &closed["milestone"]), (&json!("completed"), &Value::Null));
    assert_eq!(titles(""), "three two");
    check_error(
        &api(&sandbox, "PATCH", &format!("{url}/2"), &json!({ "milestone": 9 })).expect(422),
        "milestone",
        "invalid",
    );
    check_error(&api(&sandbox, "POST", &url, &json!({ "title": " " })).expect(422), "title", "missing_field");
    let labels =
        api(&sandbox, "POST", &format!("{url}/2/labels"), &json!({ "labels": ["new", "BUG"] })).expect(200);
    assert_eq!(list(&labels, "name"), ["bug", "new"]);
    let known = api(&sandbox, "GET", &format!("{REPO}/labels"), &Value::Null).expect(200);
    assert_eq!(list(&known, "name"), ["bug", "ui", "new"]);
    check_error(
        &api(&sandbox, "POST", &format!("{REPO}/labels"), &json!({ "name": "UI" })).expect(422),
        "name",
        "already_exists",
    );
    api(&sandbox, "POST", &format!("{url}/2/comments"), &json!({ "body": "hello" })).expect(201);
    let comments = api(&sandbox, "GET", &format!("{url}/2/comments"), &Value::Null).expect(200);
    assert_eq!(list(&comments, "body"), ["hello"]);
    api(&sandbox, "GET", &format!("{url}/9"), &Value::Null).expect(404);
}

#[test]
fn pull_requests() {
    let sandbox = with_repository();
    let merged = |title: &str, sha: &str| PullRequestSeed {
        title: title.into(),
        merge_commit_sha: Some(sha.into()),
        merged_at: Some("2026-01-02T00:00:00Z".into()),
        ..PullRequestSeed::default()
    };
    sandbox
        .add_pull_request("octo/demo", PullRequestSeed { commits: vec!["c1".into()], ..merged("one", "m1") })
        .unwrap();
    let open = PullRequestSeed {
        title: "two".into(),
        base: Some("1.x".into()),
        head: Some("fix".into()),
        ..PullRequestSeed::default()
    };
    sandbox.add_pull_request("octo/demo", open).unwrap();
    let titles = |query: &str| {
        let page = api(&sandbox, "GET", &format!("{REPO}{query}"), &Value::Null).expect(200);
        list(&page, "title").join(" ")
    };
    for (query, expected) in [
        ("/pulls", "two"),
        ("/pulls?state=all", "two one"),
        ("/pulls?state=all&sort=updated", "one two"),
        ("/pulls?state=all&base=main", "one"),
        ("/pulls?state=all&head=octo:fix", "two"),
        ("/commits/m1/pulls", "one"),
        ("/commits/c1/pulls", "one"),
        ("/commits/other/pulls", ""),
    ] {
        assert_eq!(titles(query), expected, "{query}");
    }
    let one = api(&sandbox, "GET", &format!("{REPO}/pulls/1"), &Value::Null).expect(200);
    assert_eq!((&one["merged"], &one["state"]), (&json!(true), &json!("closed")));
    assert_eq!((&one["base"]["ref"], &one["user"]["login"]), (&json!("main"), &json!("sandbox")));
    sandbox.add_issue("octo/demo", IssueSeed { title: "three".into(), ..IssueSeed::default() }).unwrap();
    api(&sandbox, "GET", &format!("{REPO}/pulls/3"), &Value::Null).expect(404);
    assert_eq!(sandbox.pull_requests("octo/demo").len(), 2);
}

#[test]
fn checks_that_come_by_themselves() {
    let checks = Checks::Auto { names: vec!["build".into(), "lint".into()], pending_polls: 2 };
    let sandbox = Sandbox::start(Options { checks, ..Options::default() }).unwrap();
    sandbox.add_repository(RepositorySeed::new("octo", "demo")).unwrap();
    let poll = |reference: &str| {
        let page =
            api(&sandbox, "GET", &format!("{REPO}/commits/{reference}/check-runs"), &Value::Null).expect(200);
        assert_eq!(page["total_count"], 2);
        (page["check_runs"][0]["status"].clone(), page["check_runs"][0]["conclusion"].clone())
    };
    for reference in ["abc", "feature/slash"] {
        assert_eq!(poll(reference), (json!("in_progress"), Value::Null));
        assert_eq!(poll(reference), (json!("in_progress"), Value::Null));
        assert_eq!(poll(reference), (json!("completed"), json!("success")));
    }
    sandbox.set_check("octo/demo", "abc", "build", "completed", Some("failure")).unwrap();
    let page = api(&sandbox, "GET", &format!("{REPO}/commits/abc/check-runs?check_name=build"), &Value::Null)
        .expect(200);
    assert_eq!((&page["total_count"], &page["check_runs"][0]["conclusion"]), (&json!(1), &json!("failure")));
    let fields = json!({ "name": "build", "head_sha": "abc", "conclusion": "success" });
    assert_eq!(
        api(&sandbox, "POST", &format!("{REPO}/check-runs"), &fields).expect(201)["status"],
        "completed"
    );
    let page = api(&sandbox, "GET", &format!("{REPO}/commits/abc/check-runs"), &Value::Null).expect(200);
    assert_eq!((&page["total_count"], &page["check_runs"][0]["conclusion"]), (&json!(1), &json!("success")));
    check_error(
        &api(&sandbox, "POST", &format!("{REPO}/check-runs"), &json!({ "name": "x" })).expect(422),
        "head_sha",
        "missing_field",
    );
}

#[test]
fn combined_status() {
    let sandbox = with_repository();
    let state = || {
        api(&sandbox, "GET", &format!("{REPO}/commits/abc/status"), &Value::Null).expect(200)["state"].clone()
    };
    assert_eq!(state(), "pending");
    sandbox.set_status("octo/demo", "abc", "ci/build", "success").unwrap();
    assert_eq!(state(), "success");
    sandbox.set_status("octo/demo", "abc", "ci/lint", "pending").unwrap();
    assert_eq!(state(), "pending");
    sandbox.set_status("octo/demo", "abc", "ci/lint", "error").unwrap();
    assert_eq!(state(), "failure");
    let page = api(&sandbox, "GET", &format!("{REPO}/commits/abc/check-runs"), &Value::Null).expect(200);
    assert_eq!(page, json!({ "total_count": 0, "check_runs": [] }));
}

#[test]
fn a_release_from_draft_to_published() {
    let sandbox = with_repository();
    let url = format!("{REPO}/releases");
    let draft = json!({ "tag_name": "v1.0", "name": "One", "body": "text", "draft": true, "discussion_category_name": "General" });
    let made = api(&sandbox, "POST", &url, &draft).expect(201);
    assert_eq!(
        (&made["draft"], &made["published_at"], made.get("discussion_url")),
        (&json!(true), &Value::Null, None)
    );
    assert!(made["html_url"].as_str().unwrap().contains("/releases/tag/untagged-"));
    api(&sandbox, "GET", &format!("{url}/tags/v1.0"), &Value::Null).expect(404);
    api(&sandbox, "GET", &format!("{url}/latest"), &Value::Null).expect(404);
    // A second draft of the same tag is no conflict, a second published release is.
    let second = api(&sandbox, "POST", &url, &json!({ "tag_name": "v1.0", "draft": true })).expect(201);
    let one = format!("{url}/{}", made["id"]);
    api(&sandbox, "PATCH", &one, &json!({ "draft": false, "discussion_category_name": "None" })).expect(404);
    let change = json!({ "draft": false, "discussion_category_name": "Announcements" });
    let published = api(&sandbox, "PATCH", &one, &change).expect(200);
    assert!(published["discussion_url"].as_str().unwrap().ends_with("/octo/demo/discussions/1"));
    assert!(published["html_url"].as_str().unwrap().ends_with("/octo/demo/releases/tag/v1.0"));
    assert_eq!((&published["name"], &published["body"]), (&json!("One"), &json!("text")));
    api(&sandbox, "PATCH", &one, &change).expect(200);
    let discussions = sandbox.discussions("octo/demo");
    assert_eq!((discussions.len(), discussions[0].title.as_str()), (1, "One"));
    assert_eq!(discussions[0].release_tag.as_deref(), Some("v1.0"));
    check_error(
        &api(&sandbox, "POST", &url, &json!({ "tag_name": "v1.0" })).expect(422),
        "tag_name",
        "already_exists",
    );
    let other = format!("{url}/{}", second["id"]);
    check_error(
        &api(&sandbox, "PATCH", &other, &json!({ "draft": false })).expect(422),
        "tag_name",
        "already_exists",
    );
    assert_eq!(api(&sandbox, "DELETE", &other, &Value::Null).status, 204);
    api(&sandbox, "GET", &other, &Value::Null).expect(404);
    api(&sandbox, "GET", &format!("{url}/tags/v1.0"), &Value::Null).expect(200);
    let edited = api(&sandbox, "PATCH", &one, &json!({ "body": "new", "prerelease": true })).expect(200);
    assert_eq!((&edited["body"], &edited["name"]), (&json!("new"), &json!("One")));
    api(&sandbox, "GET", &format!("{url}/latest"), &Value::Null).expect(404);
}

#[test]
fn releases_are_checked() {
    let sandbox = with_repository();
    let url = format!("{REPO}/releases");
    let post = |body: Value| api(&sandbox, "POST", &url, &body);
    check_error(&post(json!({})).expect(422), "tag_name", "missing_field");
    check_error(&post(json!({ "tag_name": "" })).expect(422), "tag_name", "missing_field");
    check_error(&post(json!({ "tag_name": "a b" })).expect(422), "tag_name", "custom");
    check_error(
        &post(json!({ "tag_name": "v1", "make_latest": "maybe" })).expect(422),
        "make_latest",
        "invalid",
    );
    check_error(
        &post(json!({ "tag_name": "v1", "body": "x".repeat(125_001) })).expect(422),
        "body",
        "custom",
    );
    assert!(
        post(json!({ "tag_name": "v1", "draft": "yes" })).expect(422)["message"]
            .as_str()
            .unwrap()
            .contains("boolean")
    );
    post(json!({ "tag_name": "v1", "discussion_category_name": "None" })).expect(404);
    assert_eq!(sandbox.releases("octo/demo"), []);
    let strict = Sandbox::start(Options { strict_tags: true, ..Options::default() }).unwrap();
    strict.add_repository(RepositorySeed::new("octo", "demo")).unwrap();
    check_error(&api(&strict, "POST", &url, &json!({ "tag_name": "v1" })).expect(422), "tag_name", "custom");
    api(&strict, "POST", &url, &json!({ "tag_name": "v1", "draft": true })).expect(201);
}

#[test]
fn which_release_is_the_latest() {
    let sandbox = with_repository();
    let url = format!("{REPO}/releases");
    let latest =
        || api(&sandbox, "GET", &format!("{url}/latest"), &Value::Null).expect(200)["tag_name"].clone();
    for (tag, more, expected) in [
        ("v1.0", json!({}), "v1.0"),
        ("v2.0", json!({}), "v2.0"),
        ("v1.1", json!({ "make_latest": "false" }), "v2.0"),
        ("v3.0rc1", json!({ "prerelease": true }), "v2.0"),
        ("v0.9", json!({ "make_latest": "true" }), "v0.9"),
    ] {
        let mut fields = more;
        fields["tag_name"] = json!(tag);
        api(&sandbox, "POST", &url, &fields).expect(201);
        assert_eq!(latest(), expected, "{tag}");
    }
    let first = &sandbox.releases("octo/demo")[0];
    let edited =
        api(&sandbox, "PATCH", &format!("{url}/{}", first.id), &json!({ "body": "edited" })).expect(200);
    assert_eq!((&edited["tag_name"], latest()), (&json!("v1.0"), json!("v0.9")));
    api(&sandbox, "PATCH", &format!("{url}/{}", first.id), &json!({ "make_latest": "true" })).expect(200);
    assert_eq!(latest(), "v1.0");
    let all = api(&sandbox, "GET", &url, &Value::Null).expect(200);
    assert_eq!(list(&all, "tag_name"), ["v0.9", "v3.0rc1", "v1.1", "v2.0", "v1.0"]);
    api(&sandbox, "GET", &format!("{url}/tags/v3.0rc1"), &Value::Null).expect(200);
}

#[test]
fn assets() {
    let sandbox = with_repository();
    let release =
        api(&sandbox, "POST", &format!("{REPO}/releases"), &json!({ "tag_name": "pkg/v1" })).expect(201);
    let template = release["upload_url"].as_str().unwrap();
    let path =
        template.strip_prefix(sandbox.base_url().as_str()).unwrap().strip_suffix("{?name,label}").unwrap();
    let authorization = format!("token {}", sandbox.token());
    let headers = [("Authorization", authorization.as_str()), ("Content-Type", "application/zip")];
    let upload =
        |query: &str, body: &[u8]| send(&sandbox, "POST", &format!("/{path}{query}"), &headers, body);
    let made = upload("?name=a%20b.zip&label=The+file", b"bytes").expect(201);
    assert_eq!(
        (&made["name"], &made["label"], &made["state"]),
        (&json!("a b.zip"), &json!("The file"), &json!("uploaded"))
    );
    assert_eq!(made["digest"], format!("sha256:{}", crate::digest::sha256(b"bytes")));
    check_error(&upload("?name=a%20b.zip", b"bytes").expect(422), "name", "already_exists");
    check_error(&upload("", b"bytes").expect(422), "name", "missing_field");
    upload("?name=empty", b"").expect(400);
    let listed =
        api(&sandbox, "GET", &format!("{REPO}/releases/{}/assets", release["id"]), &Value::Null).expect(200);
    assert_eq!(listed, json!([made]));
    let url = made["browser_download_url"].as_str().unwrap();
    let target = format!("/{}", url.strip_prefix(sandbox.base_url().as_str()).unwrap());
    let file = get(&sandbox, &target, &headers[..1]);
    assert_eq!(
        (file.status, file.header("content-type"), file.body.as_slice()),
        (200, Some("application/zip"), b"bytes".as_slice())
    );
    get(&sandbox, &target, &[]).expect(404);
    let one = format!("/api/v3{REPO}/releases/assets/{}", made["id"]);
    let raw = get(&sandbox, &one, &[headers[0], ("Accept", "application/octet-stream")]);
    assert_eq!(raw.body, b"bytes");
    assert_eq!(get(&sandbox, &one, &headers[..1]).expect(200), made);
    assert_eq!(send(&sandbox, "DELETE", &one, &headers[..1], b"").status, 204);
    get(&sandbox, &one, &headers[..1]).expect(404);
}

#[test]
fn pages_and_links() {
    let sandbox = with_repository();
    for number in 0..5 {
        sandbox
            .add_issue("octo/demo", IssueSeed { title: format!("{number}"), ..IssueSeed::default() })
            .unwrap();
    }
    let first = api(&sandbox, "GET", &format!("{REPO}/issues?per_page=2&state=all"), &Value::Null);
    let base = format!("{}api/v3{REPO}/issues?per_page=2&state=all", sandbox.base_url());
    assert_eq!(
        first.header("link"),
        Some(format!("<{base}&page=2>; rel=\"next\", <{base}&page=3>; rel=\"last\"").as_str())
    );
    assert_eq!(list(&first.json(), "title"), ["4", "3"]);
    let last = api(&sandbox, "GET", &format!("{REPO}/issues?per_page=2&state=all&page=3"), &Value::Null);
    assert_eq!(
        last.header("link"),
        Some(format!("<{base}&page=2>; rel=\"prev\", <{base}&page=1>; rel=\"first\"").as_str())
    );
    assert_eq!(list(&last.json(), "title"), ["0"]);
    let beyond = api(&sandbox, "GET", &format!("{REPO}/issues?page=18446744073709551615"), &Value::Null);
    assert_eq!((beyond.status, beyond.json()), (200, json!([])));
    let all = api(&sandbox, "GET", &format!("{REPO}/issues?per_page=1000"), &Value::Null);
    assert_eq!((all.header("link"), all.json().as_array().unwrap().len()), (None, 5));
}

#[test]
fn etags_and_rate_limits() {
    let sandbox = with_repository();
    let first = api(&sandbox, "GET", REPO, &Value::Null);
    let tag = first.header("etag").unwrap();
    assert!(tag.starts_with("W/\""));
    let authorization = format!("Bearer {}", sandbox.token());
    let again = |tag: &str| {
        get(&sandbox, &format!("/api/v3{REPO}"), &[("Authorization", &authorization), ("If-None-Match", tag)])
    };
    let unchanged = again(tag);
    assert_eq!((unchanged.status, unchanged.body.len(), unchanged.header("etag")), (304, 0, Some(tag)));
    assert_eq!(again("W/\"other\"").status, 200);
    assert_eq!(first.header("x-ratelimit-limit"), Some("5000"));
    assert_eq!(first.header("x-ratelimit-remaining"), Some("4999"));
    assert_eq!(unchanged.header("x-ratelimit-remaining"), Some("4998"));
    // One hour after the sandbox's clock, which stands at the start of 2026.
    assert_eq!(first.header("x-ratelimit-reset"), Some("1767229200"));
    let rate = api(&sandbox, "GET", "/rate_limit", &Value::Null).expect(200);
    assert_eq!(rate["rate"]["remaining"], 4997);
}

#[test]
fn discussion_categories() {
    let sandbox = with_repository();
    let query = "query($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { discussionCategories(first: 25) { nodes { id name slug } } } }";
    let ask = |target: &str, name: &str| {
        let body = json!({ "query": query, "variables": { "owner": "octo", "name": name } }).to_string();
        let authorization = format!("bearer {}", sandbox.token());
        send(&sandbox, "POST", target, &[("Authorization", &authorization)], body.as_bytes()).expect(200)
    };
    let answer = ask(sandbox.graphql_url().path(), "demo");
    let nodes = &answer["data"]["repository"]["discussionCategories"]["nodes"];
    assert_eq!(list(nodes, "slug"), ["announcements", "general"]);
    assert_eq!(
        list(nodes, "id"),
        sandbox.discussion_categories("octo/demo").iter().map(|known| known.id.as_str()).collect::<Vec<_>>()
    );
    assert_eq!(ask("/api/v3/graphql", "none")["errors"][0]["type"], "NOT_FOUND");
    send(&sandbox, "POST", "/api/graphql", &[], b"{}").expect(401);
}
