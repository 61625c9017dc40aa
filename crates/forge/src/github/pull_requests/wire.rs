//! A pull request as REST gives it.

use jiff::Timestamp;
use serde::Deserialize;

use super::super::wire::{Account, Label, MilestoneOf, is_bot, login, names};
use super::super::{Call, malformed};
use crate::{ForgeError, PullRequest};

#[derive(Deserialize)]
pub(super) struct WirePullRequest {
    pub(super) number: u64,
    title: String,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    user: Option<Account>,
    #[serde(default)]
    labels: Vec<Label>,
    created_at: String,
    #[serde(default)]
    merged_at: Option<String>,
    #[serde(default)]
    merge_commit_sha: Option<String>,
    base: Side,
    head: Side,
    html_url: String,
    #[serde(default)]
    milestone: Option<MilestoneOf>,
    /// Only where one is asked for alone.
    #[serde(default)]
    pub(super) changed_files: Option<u64>,
}

#[derive(Deserialize)]
struct Side {
    #[serde(rename = "ref")]
    branch: String,
}

impl WirePullRequest {
    pub(super) fn read(self, call: &Call) -> Result<PullRequest, ForgeError> {
        let merged_at = self.merged_at.as_deref().map(|text| seconds(text, call)).transpose()?;
        Ok(PullRequest {
            number: self.number,
            title: self.title,
            body: self.body.unwrap_or_default(),
            is_bot: is_bot(self.user.as_ref()),
            author: login(self.user),
            labels: names(self.labels),
            // In lists there is no `merged`; the time says it.
            merged: merged_at.is_some(),
            merge_commit_sha: self.merge_commit_sha.filter(|_| merged_at.is_some()),
            merged_at,
            created_at: seconds(&self.created_at, call)?,
            base: self.base.branch,
            head: self.head.branch,
            html_url: self.html_url,
            milestone: self.milestone.map(|milestone| milestone.title),
            files: None,
        })
    }
}

/// A moment in seconds since 1970.
pub(super) fn seconds(text: &str, call: &Call) -> Result<i64, ForgeError> {
    let moment = text.parse::<Timestamp>();
    moment.map(Timestamp::as_second).map_err(|_| malformed(call, format!("{text:?} is not a date")))
}
