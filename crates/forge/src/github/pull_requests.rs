use std::collections::BTreeMap;

use serde::Deserialize;

use super::wire::{Account, Label, MilestoneOf, login, names};
use super::{GitHub, PER_PAGE};
use crate::{Answer, PullRequest, PullRequests};

#[derive(Deserialize)]
struct WirePullRequest {
    number: u64,
    title: String,
    #[serde(default)]
    user: Option<Account>,
    #[serde(default)]
    labels: Vec<Label>,
    #[serde(default)]
    merged_at: Option<String>,
    #[serde(default)]
    merge_commit_sha: Option<String>,
    base: Base,
    html_url: String,
    #[serde(default)]
    milestone: Option<MilestoneOf>,
}

#[derive(Deserialize)]
struct Base {
    #[serde(rename = "ref")]
    branch: String,
}

impl From<WirePullRequest> for PullRequest {
    fn from(wire: WirePullRequest) -> Self {
        Self {
            number: wire.number,
            title: wire.title,
            author: login(wire.user),
            labels: names(wire.labels),
            // In lists there is no `merged`; the time says it.
            merged: wire.merged_at.is_some(),
            merge_commit_sha: wire.merge_commit_sha,
            base: wire.base.branch,
            html_url: wire.html_url,
            milestone: wire.milestone.map(|milestone| milestone.title),
        }
    }
}

impl PullRequests for GitHub {
    fn pull_requests_of<'a>(&'a self, commits: &'a [String]) -> Answer<'a, Vec<PullRequest>> {
        Box::pin(async move {
            let mut found: BTreeMap<u64, PullRequest> = BTreeMap::new();
            for commit in commits {
                let mut url = self.url(&["commits", commit, "pulls"]);
                url.query_pairs_mut().append_pair("per_page", PER_PAGE);
                let call =
                    self.call(&format!("the pull requests with commit {commit}"), "Pull requests: read");
                for wire in self.list(url, &call, |page: Vec<WirePullRequest>| page).await? {
                    found.entry(wire.number).or_insert_with(|| wire.into());
                }
            }
            Ok(found.into_values().collect())
        })
    }
}
