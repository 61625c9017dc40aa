use super::*;
use crate::{GeneratedNotes, NewRelease, Publish, Release, ReleaseChange, Releases as _};

fn wire(id: u64, tag: &str, draft: bool) -> Value {
    json!({
        "id": id, "tag_name": tag, "target_commitish": "main", "name": null, "draft": draft,
        "prerelease": false, "html_url": "https://forge.example/r", "assets": [], "new_field": {"x": 1},
    })
}

fn release(id: u64, tag: &str, draft: bool) -> Release {
    Release {
        id,
        tag: tag.into(),
        target: "main".into(),
        name: String::new(),
        body: String::new(),
        draft,
        prerelease: false,
        immutable: false,
        html_url: "https://forge.example/r".into(),
        discussion_url: None,
    }
}

#[test]
fn lists_follow_their_pages() {
    let answers = vec![
        page(&json!([wire(3, "v3", true)]), "https://api.forge.example/repositories/7/releases?page=2"),
        ok(&json!([wire(2, "v2", false)])),
    ];
    let (result, requests) = run(answers, async |forge| forge.releases().await);
    assert_eq!(result.unwrap(), [release(3, "v3", true), release(2, "v2", false)]);
    assert_eq!(
        requests,
        [got("/repos/acme/demo/releases?per_page=30"), got("/repositories/7/releases?page=2")]
    );
}

#[test]
fn a_published_release_is_found_by_its_tag() {
    let (result, requests) =
        run(vec![ok(&wire(2, "demo/v2 %", false))], async |forge| forge.find_release("demo/v2 %").await);
    assert_eq!(result.unwrap(), Some(release(2, "demo/v2 %", false)));
    assert_eq!(requests, [got("/repos/acme/demo/releases/tags/demo%2Fv2%20%25")]);
}

#[test]
fn of_several_drafts_the_oldest_counts() {
    let missing = || answer(404, &[], &json!({"message": "Not Found"}));
    let all = json!([wire(9, "v2", true), wire(8, "v1", true), wire(4, "v2", true), wire(5, "v2", true)]);
    let (result, _) = run(vec![missing(), ok(&all)], async |forge| forge.find_release("v2").await);
    assert_eq!(result.unwrap(), Some(release(4, "v2", true)));

    let raced = json!([wire(4, "v2", true), wire(5, "v2", false)]);
    let (result, _) = run(vec![missing(), ok(&raced)], async |forge| forge.find_release("v2").await);
    assert_eq!(result.unwrap(), Some(release(5, "v2", false)), "published wins");

    let (result, _) = run(vec![missing(), ok(&all)], async |forge| forge.find_release("v3").await);
    assert_eq!(result.unwrap(), None);

    let (result, _) = run(vec![missing()], async |forge| forge.release_by_tag("v2").await);
    assert_eq!(result.unwrap(), None);
    let (result, _) = run(vec![ok(&wire(4, "v2", true))], async |forge| forge.release_by_tag("v2").await);
    assert_eq!(result.unwrap(), None, "a draft is not published, whatever the server thinks");
}

#[test]
fn drafts_are_made_changed_and_published() {
    let draft = NewRelease {
        tag: "v2".into(),
        target: "abc".into(),
        name: "Two".into(),
        body: "Text".into(),
        prerelease: true,
    };
    let (result, requests) =
        run(vec![answer(201, &[], &wire(4, "v2", true))], async |forge| forge.create_draft(&draft).await);
    assert_eq!(result.unwrap(), release(4, "v2", true));
    let body = json!({
        "tag_name": "v2", "target_commitish": "abc", "name": "Two", "body": "Text", "draft": true,
        "prerelease": true,
    });
    assert_eq!(requests, [asked("POST", "/repos/acme/demo/releases", body)]);

    let change = ReleaseChange { tag: "v2".into(), body: Some("New".into()), ..ReleaseChange::default() };
    let (result, requests) =
        run(vec![ok(&wire(4, "v2", true))], async |forge| forge.update_release(4, &change).await);
    assert!(result.is_ok());
    let body = json!({"tag_name": "v2", "body": "New"});
    assert_eq!(requests, [asked("PATCH", "/repos/acme/demo/releases/4", body)]);
}

#[track_caller]
fn check_publish(publish: &Publish, expected: &Value) {
    let mut found = wire(4, "v2", false);
    found["discussion_url"] = json!("https://forge.example/d");
    let (result, requests) = run(vec![ok(&found)], async |forge| forge.publish_release(4, publish).await);
    assert_eq!(result.unwrap().discussion_url.as_deref(), Some("https://forge.example/d"));
    assert_eq!(requests, [asked("PATCH", "/repos/acme/demo/releases/4", expected.clone())]);
}

#[test]
fn publishing_says_what_is_latest() {
    let publish = Publish { tag: "v2".into(), latest: true, ..Publish::default() };
    check_publish(
        &publish,
        &json!({"tag_name": "v2", "draft": false, "prerelease": false, "make_latest": "true"}),
    );
    let candidate =
        Publish { prerelease: true, discussion_category: Some("Announcements".into()), ..publish };
    check_publish(
        &candidate,
        &json!({
            "tag_name": "v2", "draft": false, "prerelease": true, "make_latest": "false",
            "discussion_category_name": "Announcements",
        }),
    );
}

#[test]
fn notes_are_asked_for_and_may_be_asked_for_again() {
    let notes = json!({"name": "v2", "body": "## What's Changed"});
    let answers = vec![Err(TransportError::Broken("reset".into())), ok(&notes)];
    let (result, requests) = run(answers, async |forge| forge.generate_notes("v2", "main", Some("v1")).await);
    assert_eq!(result.unwrap(), GeneratedNotes { name: "v2".into(), body: "## What's Changed".into() });
    let body = json!({"tag_name": "v2", "target_commitish": "main", "previous_tag_name": "v1"});
    assert_eq!(requests[1], asked("POST", "/repos/acme/demo/releases/generate-notes", body));

    let (_, requests) = run(vec![ok(&notes)], async |forge| forge.generate_notes("v2", "main", None).await);
    assert_eq!(requests[0].2, json!({"tag_name": "v2", "target_commitish": "main"}));
}

#[test]
fn what_may_have_happened_is_not_sent_again() {
    let draft = NewRelease { tag: "v2".into(), ..NewRelease::default() };
    let broken = || vec![Err(TransportError::Broken("reset".into()))];
    let (result, _) = run(broken(), async |forge| forge.create_draft(&draft).await);
    assert!(result.unwrap_err().is_passing());
    let publish = Publish { tag: "v2".into(), ..Publish::default() };
    let (result, _) = run(broken(), async |forge| forge.publish_release(4, &publish).await);
    assert!(result.unwrap_err().is_passing());

    let change = ReleaseChange { tag: "v2".into(), ..ReleaseChange::default() };
    let mut answers = broken();
    answers.push(ok(&wire(4, "v2", true)));
    let (result, requests) = run(answers, async |forge| forge.update_release(4, &change).await);
    assert_eq!((result.is_ok(), requests.len()), (true, 2), "setting a text twice is setting it once");
}
