use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde::Deserialize;

use super::{GitHub, PER_PAGE};
use crate::{Answer, Check, CheckState, Checks, ForgeError};

#[derive(Deserialize)]
struct RunPage {
    check_runs: Vec<WireRun>,
}

#[derive(Deserialize)]
struct WireRun {
    id: u64,
    name: String,
    status: String,
    #[serde(default)]
    conclusion: Option<String>,
    #[serde(default)]
    html_url: Option<String>,
    #[serde(default)]
    app: Option<App>,
}

#[derive(Deserialize)]
struct App {
    #[serde(default)]
    slug: Option<String>,
}

#[derive(Deserialize)]
struct StatusPage {
    statuses: Vec<WireStatus>,
}

#[derive(Deserialize)]
struct WireStatus {
    id: u64,
    context: String,
    state: String,
    #[serde(default)]
    target_url: Option<String>,
}

/// By name, then by who reported it; the latest has the largest id.
#[derive(Default)]
struct Latest(BTreeMap<(String, String), (u64, Check)>);

impl Latest {
    fn add(&mut self, reporter: String, id: u64, check: Check) {
        match self.0.entry((check.name.clone(), reporter)) {
            Entry::Occupied(mut entry) if entry.get().0 < id => {
                entry.insert((id, check));
            }
            Entry::Occupied(_) => {}
            Entry::Vacant(entry) => {
                entry.insert((id, check));
            }
        }
    }
}

fn run_state(status: &str, conclusion: Option<&str>) -> CheckState {
    match (status, conclusion) {
        ("completed", Some("success")) => CheckState::Success,
        ("completed", Some("neutral")) => CheckState::Neutral,
        ("completed", Some("skipped")) => CheckState::Skipped,
        ("completed", Some(other)) => CheckState::Failure(other.to_owned()),
        _ => CheckState::Pending,
    }
}

fn status_state(state: &str) -> CheckState {
    match state {
        "success" => CheckState::Success,
        "pending" => CheckState::Pending,
        other => CheckState::Failure(other.to_owned()),
    }
}

impl GitHub {
    async fn runs(&self, commit: &str, latest: &mut Latest) -> Result<(), ForgeError> {
        let mut url = self.url(&["commits", commit, "check-runs"]);
        url.query_pairs_mut().append_pair("filter", "latest").append_pair("per_page", PER_PAGE);
        let call = self.call(&format!("the check runs of commit {commit}"), "Checks: read");
        for run in self.list(url, &call, |page: RunPage| page.check_runs).await? {
            let state = run_state(&run.status, run.conclusion.as_deref());
            let app = run.app.and_then(|app| app.slug).unwrap_or_default();
            latest.add(format!("app {app}"), run.id, Check { name: run.name, state, html_url: run.html_url });
        }
        Ok(())
    }

    async fn statuses(&self, commit: &str, latest: &mut Latest) -> Result<(), ForgeError> {
        let mut url = self.url(&["commits", commit, "status"]);
        url.query_pairs_mut().append_pair("per_page", PER_PAGE);
        let call = self.call(&format!("the statuses of commit {commit}"), "Commit statuses: read");
        for status in self.list(url, &call, |page: StatusPage| page.statuses).await? {
            let state = status_state(&status.state);
            let check = Check { name: status.context, state, html_url: status.target_url };
            latest.add("status".to_owned(), status.id, check);
        }
        Ok(())
    }
}

impl Checks for GitHub {
    fn checks<'a>(&'a self, commit: &'a str) -> Answer<'a, Vec<Check>> {
        Box::pin(async move {
            let mut latest = Latest::default();
            self.runs(commit, &mut latest).await?;
            self.statuses(commit, &mut latest).await?;
            Ok(latest.0.into_values().map(|(_, check)| check).collect())
        })
    }
}
