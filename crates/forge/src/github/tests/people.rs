//! Milestones, issues, the repository and its discussions.

use jiff::civil::{Date, date};

use super::*;
use crate::{
    DiscussionCategory, Issue, IssueQuery, Issues as _, Milestone, Milestones as _, Repository,
    RepositoryFacts as _, State, StateFilter,
};

fn wire_milestone(number: u64, title: &str, due_on: Option<&str>) -> Value {
    json!({
        "number": number, "title": title, "state": "open", "open_issues": 2, "closed_issues": 5,
        "due_on": due_on, "description": null, "html_url": "https://forge.example/m", "creator": null,
    })
}

fn milestone(number: u64, title: &str, due_on: Option<Date>) -> Milestone {
    Milestone {
        number,
        title: title.into(),
        state: State::Open,
        open_issues: 2,
        closed_issues: 5,
        due_on,
        description: String::new(),
        html_url: "https://forge.example/m".into(),
    }
}

#[test]
fn milestones_are_found_by_their_exact_title() {
    let pages = || {
        vec![
            page(&json!([wire_milestone(1, "1.2", Some("2026-07-01T07:00:00Z"))]), "/m?page=2"),
            ok(&json!([
                wire_milestone(2, "1.2.0", Some("2026-12-01T08:00:00Z")),
                wire_milestone(3, "1.20", None)
            ])),
        ]
    };
    let (result, requests) = run(pages(), async |forge| forge.milestone_by_title("1.2.0").await);
    assert_eq!(result.unwrap(), Some(milestone(2, "1.2.0", Some(date(2026, 12, 1)))));
    assert_eq!(requests, [got("/repos/acme/demo/milestones?state=all&per_page=100"), got("/m?page=2")]);
    let (result, _) = run(pages(), async |forge| forge.milestone_by_title("1.2.").await);
    assert_eq!(result.unwrap(), None);

    let (result, requests) =
        run(vec![ok(&json!([]))], async |forge| forge.milestones(StateFilter::Closed).await);
    assert_eq!(result.unwrap(), []);
    assert_eq!(requests, [got("/repos/acme/demo/milestones?state=closed&per_page=100")]);
}

#[test]
fn milestones_are_made_closed_and_given() {
    let made = wire_milestone(4, "1.3.0", Some("2026-07-01T07:00:00Z"));
    let (result, requests) = run(vec![answer(201, &[], &made)], async |forge| {
        forge.create_milestone("1.3.0", Some(date(2026, 7, 1)), "").await
    });
    assert_eq!(result.unwrap(), milestone(4, "1.3.0", Some(date(2026, 7, 1))), "the day survives the way");
    let body = json!({"title": "1.3.0", "due_on": "2026-07-01T08:00:00Z"});
    assert_eq!(requests, [asked("POST", "/repos/acme/demo/milestones", body)]);

    let mut closed = wire_milestone(4, "1.3.0", None);
    closed["state"] = json!("closed");
    let (result, requests) = run(vec![ok(&closed)], async |forge| forge.close_milestone(4).await);
    assert_eq!(result.unwrap().state, State::Closed);
    assert_eq!(requests, [asked("PATCH", "/repos/acme/demo/milestones/4", json!({"state": "closed"}))]);

    let given = ok(&json!({"number": 12, "milestone": wire_milestone(4, "1.3.0", None)}));
    let (result, requests) = run(vec![given], async |forge| forge.set_milestone(12, Some(4)).await);
    assert!(result.is_ok());
    assert_eq!(requests, [asked("PATCH", "/repos/acme/demo/issues/12", json!({"milestone": 4}))]);

    let taken = ok(&json!({"number": 12, "milestone": null}));
    let (result, requests) = run(vec![taken], async |forge| forge.set_milestone(12, None).await);
    assert!(result.is_ok());
    assert_eq!(requests[0].2, json!({"milestone": null}));
}

#[test]
fn a_milestone_that_was_dropped_without_a_word_is_noticed() {
    let unchanged = ok(&json!({"number": 12, "milestone": wire_milestone(1, "1.2", None)}));
    let (result, _) = run(vec![unchanged], async |forge| forge.set_milestone(12, Some(4)).await);
    assert_eq!(
        result.unwrap_err().to_string(),
        "the milestone of issue #12 of acme/demo: refused with 200: the forge left it as it was; \
         the token needs the permission \"Issues: write\" on acme/demo"
    );
}

#[test]
fn issues_are_listed_with_what_rules_ask_for() {
    let wire = json!([
        {
            "number": 12, "title": "Crash", "state": "open", "user": {"login": "ada", "id": 1},
            "labels": [{"name": "bug"}, "a, b", {"id": 3}], "assignees": [{"login": "bob"}],
            "milestone": {"number": 2, "title": "1.2.0"}, "html_url": "https://forge.example/i/12",
        },
        {
            "number": 13, "title": "Add", "state": "closed", "user": null, "labels": [{"name": "A, B"}],
            "milestone": null, "html_url": "https://forge.example/p/13", "pull_request": {"url": "x"},
        },
        {"number": 14, "title": "Other", "state": "open", "html_url": "https://forge.example/i/14"},
    ]);
    let query = IssueQuery {
        milestone: Some(2),
        labels: vec!["bug".into(), "good first".into(), "a, b".into()],
        state: StateFilter::All,
    };
    let (result, requests) = run(vec![ok(&wire)], async |forge| forge.issues(&query).await);
    let crash = Issue {
        number: 12,
        title: "Crash".into(),
        state: State::Open,
        author: "ada".into(),
        labels: vec!["bug".into(), "a, b".into()],
        milestone: Some("1.2.0".into()),
        assignees: vec!["bob".into()],
        is_pull_request: false,
        html_url: "https://forge.example/i/12".into(),
    };
    let add = Issue {
        number: 13,
        title: "Add".into(),
        state: State::Closed,
        author: "ghost".into(),
        labels: vec!["A, B".into()],
        milestone: None,
        assignees: Vec::new(),
        is_pull_request: true,
        html_url: "https://forge.example/p/13".into(),
    };
    assert_eq!(result.unwrap(), [crash, add]);
    let path = "/repos/acme/demo/issues?state=all&milestone=2&labels=bug%2Cgood+first&per_page=100";
    assert_eq!(requests, [got(path)]);

    let all = IssueQuery::default();
    let (_, requests) = run(vec![ok(&json!([]))], async |forge| forge.issues(&all).await);
    assert_eq!(requests, [got("/repos/acme/demo/issues?state=open&per_page=100")]);
}

fn wire_repository(push: Option<bool>) -> Value {
    let mut wire = json!({
        "default_branch": "main", "has_discussions": true, "archived": false,
        "html_url": "https://forge.example/acme/demo",
    });
    if let Some(push) = push {
        wire["permissions"] = json!({"admin": false, "push": push, "pull": true});
    }
    wire
}

#[track_caller]
fn check_push(credential: bool, told: Option<bool>, installation: Option<u16>, expected: Option<bool>) {
    let mut answers = vec![ok(&wire_repository(told))];
    answers.extend(installation.map(|status| answer(status, &[], &json!({"message": "no"}))));
    let (forge, script) = forge(API, credential, answers);
    let found = wait(forge.repository()).unwrap();
    let repository = Repository {
        default_branch: "main".into(),
        has_discussions: true,
        can_push: expected,
        archived: false,
        html_url: "https://forge.example/acme/demo".into(),
    };
    assert_eq!(found, repository);
    assert!(script.answers.lock().unwrap().is_empty());
    let requests = script.asked.lock().unwrap().clone();
    assert_eq!(requests[0], got("/repos/acme/demo"));
    let more = installation.map(|_| got("/installation/repositories?per_page=1"));
    assert_eq!(requests.get(1), more.as_ref());
}

#[test]
fn whether_the_token_may_push() {
    check_push(true, Some(true), None, Some(true));
    check_push(true, Some(false), Some(403), Some(false));
    check_push(true, Some(false), Some(404), Some(false));
    check_push(true, Some(false), Some(200), None);
    check_push(true, None, None, None);
    check_push(false, None, None, Some(false));
    check_push(false, Some(false), None, Some(false));
}

#[test]
fn discussion_categories_come_from_the_other_api() {
    let data = json!({"data": {"repository": {"discussionCategories": {"nodes": [
        {"name": "Announcements", "slug": "announcements"}, {"name": "Q&A", "slug": "q-a"},
    ]}}}});
    let answers = vec![Err(TransportError::Broken("reset".into())), ok(&data)];
    let (result, requests) = run(answers, async |forge| forge.discussion_categories().await);
    let category = |name: &str, slug: &str| DiscussionCategory { name: name.into(), slug: slug.into() };
    assert_eq!(result.unwrap(), [category("Announcements", "announcements"), category("Q&A", "q-a")]);
    assert_eq!((requests.len(), requests[1].1.as_str()), (2, "/graphql"));
    assert_eq!(requests[1].2["variables"], json!({"owner": "acme", "name": "demo"}));
    assert!(requests[1].2["query"].as_str().unwrap().starts_with("query("));

    for (api, expected) in [
        ("https://forge.example/api/v3", "https://forge.example/api/graphql"),
        ("https://forge.example/api/v3/", "https://forge.example/api/graphql"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000/graphql"),
    ] {
        assert_eq!(forge(api, true, Vec::new()).0.graphql().as_str(), expected);
    }
}

#[track_caller]
fn check_categories(body: &Value, expected: &str) {
    let (result, _) = run(vec![ok(body)], async |forge| forge.discussion_categories().await);
    assert_eq!(
        result.unwrap_err().to_string(),
        format!("the discussion categories of acme/demo: {expected}")
    );
}

#[test]
fn the_other_api_says_no_with_200() {
    let error = |kind: &str| json!({"data": null, "errors": [{"type": kind, "message": "no s3cret-token"}]});
    check_categories(&error("NOT_FOUND"), "not found, or hidden from this token");
    check_categories(&json!({"data": {"repository": null}}), "not found, or hidden from this token");
    check_categories(
        &error("FORBIDDEN"),
        "refused with 200: no ***; the token needs the permission \"Discussions: read\" on acme/demo",
    );
    check_categories(&error("RATE_LIMITED"), "the forge's rate limit is reached; try again later");
    check_categories(&error("OTHER"), "not accepted: no ***");
    check_categories(&json!({"errors": [{"message": "bad query"}]}), "not accepted: bad query");
}
