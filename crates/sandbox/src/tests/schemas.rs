//! The properties that GitHub's published OpenAPI description requires of what we answer.

use serde_json::{Value, json};

use super::{
    client::{api, send},
    with_repository,
};
use crate::{IssueSeed, MilestoneSeed, PullRequestSeed};

const REPOSITORY: &str = "archive_url assignees_url blobs_url branches_url collaborators_url comments_url commits_url compare_url contents_url contributors_url deployments_url description downloads_url events_url fork forks_url full_name git_commits_url git_refs_url git_tags_url hooks_url html_url id node_id issue_comment_url issue_events_url issues_url keys_url labels_url languages_url merges_url milestones_url name notifications_url owner private pulls_url releases_url stargazers_url statuses_url subscribers_url subscription_url tags_url teams_url trees_url url";
const FULL_REPOSITORY: &str = "clone_url default_branch forks forks_count git_url has_issues has_projects has_wiki has_pages has_discussions homepage language archived disabled mirror_url open_issues open_issues_count license pushed_at size ssh_url stargazers_count svn_url watchers watchers_count created_at updated_at network_count subscribers_count";
const USER: &str = "avatar_url events_url followers_url following_url gists_url gravatar_id html_url id node_id login organizations_url received_events_url repos_url site_admin starred_url subscriptions_url type url";
const PRIVATE_USER: &str = "bio blog company email followers following hireable location name public_gists public_repos created_at updated_at collaborators disk_usage owned_private_repos private_gists total_private_repos two_factor_authentication";
const MILESTONE: &str = "closed_issues creator description due_on closed_at id node_id labels_url html_url number open_issues state title url created_at updated_at";
const LABEL: &str = "id node_id url name description color default";
const ISSUE: &str = "assignee closed_at comments comments_url events_url html_url id node_id labels labels_url milestone number repository_url state locked title url user created_at updated_at";
const COMMENT: &str = "id node_id html_url issue_url user url created_at updated_at";
const PULL: &str = "_links assignee labels base body closed_at comments_url commits_url created_at diff_url head html_url id node_id issue_url merge_commit_sha merged_at milestone number patch_url review_comment_url review_comments_url statuses_url state locked title updated_at url user author_association auto_merge";
const FULL_PULL: &str = "additions changed_files comments commits deletions mergeable mergeable_state merged maintainer_can_modify merged_by review_comments";
const SIDE: &str = "label ref repo sha user";
const LINKS: &str = "comments commits statuses html issue review_comments review_comment self";
const RELEASE: &str = "assets_url upload_url tarball_url zipball_url created_at published_at draft id node_id author html_url name prerelease tag_name target_commitish assets url";
const ASSET: &str = "id name content_type size digest state url node_id download_count label uploader browser_download_url created_at updated_at";
const CHECK_RUN: &str = "id node_id head_sha name url html_url details_url status conclusion started_at completed_at external_id check_suite output app pull_requests";
const OUTPUT: &str = "title summary text annotations_count annotations_url";
const COMBINED_STATUS: &str = "state sha total_count statuses repository commit_url url";
const STATUS: &str = "description id node_id state context target_url avatar_url url created_at updated_at";

#[track_caller]
fn check(value: &Value, required: &[&str]) {
    let object = value.as_object().unwrap();
    let missing: Vec<&str> = required
        .iter()
        .flat_map(|names| names.split(' '))
        .filter(|name| !object.contains_key(*name))
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn required_properties() {
    let sandbox = with_repository();
    let repo = "octo/demo";
    sandbox.add_milestone(repo, MilestoneSeed { title: "1.0".into(), ..MilestoneSeed::default() }).unwrap();
    let issue = IssueSeed {
        title: "i".into(),
        labels: vec!["bug".into()],
        milestone: Some("1.0".into()),
        ..IssueSeed::default()
    };
    sandbox.add_issue(repo, issue).unwrap();
    sandbox
        .add_pull_request(repo, PullRequestSeed { title: "p".into(), ..PullRequestSeed::default() })
        .unwrap();
    sandbox.set_check(repo, "abc", "build", "completed", Some("success")).unwrap();
    sandbox.set_status(repo, "abc", "ci", "success").unwrap();
    let get = |path: &str| api(&sandbox, "GET", &format!("/repos/{repo}{path}"), &Value::Null).expect(200);

    let repository = get("");
    check(&repository, &[REPOSITORY, FULL_REPOSITORY]);
    check(&repository["owner"], &[USER]);
    check(&api(&sandbox, "GET", "/user", &Value::Null).expect(200), &[USER, PRIVATE_USER]);
    check(&get("/milestones/1"), &[MILESTONE]);
    check(&get("/labels")[0], &[LABEL]);
    check(&get("/issues/1"), &[ISSUE]);
    check(&get("/issues/1")["milestone"], &[MILESTONE]);
    check(&get("/issues/2"), &[ISSUE, "pull_request"]);
    let comment = api(&sandbox, "POST", &format!("/repos/{repo}/issues/1/comments"), &json!({ "body": "b" }))
        .expect(201);
    check(&comment, &[COMMENT]);
    check(&get("/pulls")[0], &[PULL]);
    let pull = get("/pulls/2");
    check(&pull, &[PULL, FULL_PULL]);
    check(&pull["base"], &[SIDE]);
    check(&pull["head"]["repo"], &[REPOSITORY, FULL_REPOSITORY, "has_downloads"]);
    check(&pull["_links"], &[LINKS]);
    let run = &get("/commits/abc/check-runs")["check_runs"][0];
    check(run, &[CHECK_RUN]);
    check(&run["output"], &[OUTPUT]);
    let combined = get("/commits/abc/status");
    check(&combined, &[COMBINED_STATUS]);
    check(&combined["statuses"][0], &[STATUS]);
    check(&combined["repository"], &[REPOSITORY]);
    let release =
        api(&sandbox, "POST", &format!("/repos/{repo}/releases"), &json!({ "tag_name": "v1" })).expect(201);
    check(&release, &[RELEASE]);
    let authorization = format!("Bearer {}", sandbox.token());
    let target = format!("/api/uploads/repos/{repo}/releases/{}/assets?name=a", release["id"]);
    let asset = send(&sandbox, "POST", &target, &[("Authorization", &authorization)], b"x").expect(201);
    check(&asset, &[ASSET]);
}
