use serde::Deserialize;
use serde::de::IgnoredAny;

use super::wire::{Account, Label, MilestoneOf, filter, login, names, state};
use super::{Call, GitHub, PER_PAGE, malformed};
use crate::{Answer, ForgeError, Issue, IssueQuery, Issues};

#[derive(Deserialize)]
struct WireIssue {
    number: u64,
    title: String,
    state: String,
    #[serde(default)]
    user: Option<Account>,
    #[serde(default)]
    labels: Vec<Label>,
    #[serde(default)]
    milestone: Option<MilestoneOf>,
    #[serde(default)]
    assignees: Option<Vec<Account>>,
    /// Only pull requests have it.
    #[serde(default)]
    pull_request: Option<IgnoredAny>,
    html_url: String,
}

impl WireIssue {
    fn read(self, call: &Call) -> Result<Issue, ForgeError> {
        Ok(Issue {
            number: self.number,
            title: self.title,
            state: state(&self.state).map_err(|text| malformed(call, text))?,
            author: login(self.user),
            labels: names(self.labels),
            milestone: self.milestone.map(|milestone| milestone.title),
            assignees: self.assignees.unwrap_or_default().into_iter().map(|who| login(Some(who))).collect(),
            is_pull_request: self.pull_request.is_some(),
            html_url: self.html_url,
        })
    }
}

impl Issues for GitHub {
    fn issues<'a>(&'a self, query: &'a IssueQuery) -> Answer<'a, Vec<Issue>> {
        Box::pin(async move {
            let mut url = self.url(&["issues"]);
            // The wire separates labels by commas, so one that holds a comma can only be looked for here.
            let (with_comma, plain): (Vec<&str>, Vec<&str>) =
                query.labels.iter().map(String::as_str).partition(|label| label.contains(','));
            {
                let mut pairs = url.query_pairs_mut();
                pairs.append_pair("state", filter(query.state));
                if let Some(milestone) = query.milestone {
                    pairs.append_pair("milestone", &milestone.to_string());
                }
                if !plain.is_empty() {
                    pairs.append_pair("labels", &plain.join(","));
                }
                pairs.append_pair("per_page", PER_PAGE);
            }
            let call = self.call("the issues", "Issues: read");
            let found = self.list(url, &call, |page: Vec<WireIssue>| page).await?;
            let mut issues = found.into_iter().map(|wire| wire.read(&call)).collect::<Result<Vec<_>, _>>()?;
            issues.retain(|issue| {
                with_comma
                    .iter()
                    .all(|wanted| issue.labels.iter().any(|name| name.eq_ignore_ascii_case(wanted)))
            });
            Ok(issues)
        })
    }
}
