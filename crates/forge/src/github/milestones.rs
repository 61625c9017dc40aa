use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tminus_http::Safety;

use super::wire::{MilestoneOf, filter, state};
use super::{Call, GitHub, PER_PAGE, decode, malformed};
use crate::{Answer, ForgeError, Milestone, Milestones, StateFilter};

const READ: &str = "Issues: read";
const WRITE: &str = "Issues: write";

#[derive(Deserialize)]
struct WireMilestone {
    number: u64,
    title: String,
    state: String,
    #[serde(default)]
    open_issues: u64,
    #[serde(default)]
    closed_issues: u64,
    #[serde(default)]
    due_on: Option<String>,
    #[serde(default)]
    description: Option<String>,
    html_url: String,
}

impl WireMilestone {
    fn read(self, call: &Call) -> Result<Milestone, ForgeError> {
        let due_on =
            self.due_on.as_deref().map(read_due).transpose().map_err(|text| malformed(call, text))?;
        Ok(Milestone {
            number: self.number,
            title: self.title,
            state: state(&self.state).map_err(|text| malformed(call, text))?,
            open_issues: self.open_issues,
            closed_issues: self.closed_issues,
            due_on,
            description: self.description.unwrap_or_default(),
            html_url: self.html_url,
        })
    }
}

#[derive(Serialize)]
struct WireNewMilestone<'a> {
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_on: Option<String>,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
}

#[derive(Serialize)]
struct WireClose {
    state: &'static str,
}

#[derive(Serialize)]
struct WireAssignment {
    /// `null` takes the issue out.
    milestone: Option<u64>,
}

#[derive(Deserialize)]
struct WireAssigned {
    #[serde(default)]
    milestone: Option<MilestoneOf>,
}

/// A due date as GitHub wants it.
///
/// GitHub keeps midnight of the day in Pacific time, whatever time is sent: 07:00 UTC in summer, 08:00 in winter.
/// 08:00 UTC is on the same day there all the year round.
fn write_due(date: Date) -> String {
    format!("{date}T08:00:00Z")
}

/// The day of a due date: its date part, as both hours above lie on the same day in UTC.
fn read_due(text: &str) -> Result<Date, String> {
    let day = text.get(..10).and_then(|day| day.parse().ok());
    day.ok_or_else(|| format!("{:?} is not a date", text.chars().take(40).collect::<String>()))
}

impl GitHub {
    async fn list_milestones(&self, state: StateFilter) -> Result<Vec<Milestone>, ForgeError> {
        let mut url = self.url(&["milestones"]);
        url.query_pairs_mut().append_pair("state", filter(state)).append_pair("per_page", PER_PAGE);
        let call = self.call("the milestones", READ);
        let found = self.list(url, &call, |page: Vec<WireMilestone>| page).await?;
        found.into_iter().map(|wire| wire.read(&call)).collect()
    }
}

impl Milestones for GitHub {
    fn milestones(&self, state: StateFilter) -> Answer<'_, Vec<Milestone>> {
        Box::pin(self.list_milestones(state))
    }

    fn milestone_by_title<'a>(&'a self, title: &'a str) -> Answer<'a, Option<Milestone>> {
        Box::pin(async move {
            let all = self.list_milestones(StateFilter::All).await?;
            Ok(all.into_iter().find(|milestone| milestone.title == title))
        })
    }

    fn create_milestone<'a>(
        &'a self,
        title: &'a str,
        due_on: Option<Date>,
        description: &'a str,
    ) -> Answer<'a, Milestone> {
        Box::pin(async move {
            let body = WireNewMilestone { title, due_on: due_on.map(write_due), description };
            let call = self.call(&format!("milestone {title}"), WRITE);
            let url = self.url(&["milestones"]);
            let made = self.post(&url, &body, Safety::Once, &call).await?;
            decode::<WireMilestone>(&made, &call)?.read(&call)
        })
    }

    fn close_milestone(&self, number: u64) -> Answer<'_, Milestone> {
        Box::pin(async move {
            let url = self.url(&["milestones", &number.to_string()]);
            let call = self.call(&format!("milestone number {number}"), WRITE);
            let body = WireClose { state: "closed" };
            let closed = self.patch(&url, &body, Safety::Safe, &call).await?;
            decode::<WireMilestone>(&closed, &call)?.read(&call)
        })
    }

    fn set_milestone(&self, issue: u64, milestone: Option<u64>) -> Answer<'_, ()> {
        Box::pin(async move {
            let url = self.url(&["issues", &issue.to_string()]);
            let call = self.call(&format!("the milestone of issue #{issue}"), WRITE);
            let body = WireAssignment { milestone };
            let after = self.patch(&url, &body, Safety::Safe, &call).await?;
            let after: WireAssigned = decode(&after, &call)?;
            // Without the permission GitHub answers 200, drops the milestone and keeps the old one.
            if after.milestone.map(|milestone| milestone.number) == milestone {
                return Ok(());
            }
            Err(ForgeError::Refused {
                what: call.what.clone(),
                status: 200,
                words: "the forge left it as it was".to_owned(),
                remedy: super::refusal::remedy(self, 403, &call),
            })
        })
    }
}
