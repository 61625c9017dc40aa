//! Preconditions, gates, and what is said once.

use tminus_forge::{Forge, IssueQuery, StateFilter};
use tminus_http::{Problem, Safety, Url};
use tminus_policy::{
    BugRule, Exclusions, IssueFacts, MilestoneFacts, MilestoneItem, OpenIssues, Outcome, PullRequestFacts,
    bugs_decided, milestone_ready, pull_requests_labelled,
};

use tminus_vcs::{CommitId, Repository};

use super::{Probe, Run, StepError};
use crate::context::GatePolicy;
use crate::plan::{Requirement, StepId};
use crate::record::{Decision, Once, Record, Verdict};

impl Run<'_> {
    /// Go, waived, or an error with every reason. Asked only as long as nothing has left this machine.
    pub(super) async fn probe_requirement(&mut self, requirement: &Requirement) -> Result<Probe, StepError> {
        if self.record.departed {
            return Ok(Probe::Done("held when the release left".to_owned()));
        }
        if is_waived(&self.record, requirement) {
            let decision = self.record.gates.get(requirement.name());
            return Ok(Probe::Done(decision.map(describe).unwrap_or_default()));
        }
        self.progress("asking the forge");
        let forge = self.forge()?;
        let verdict = verdict(forge.as_ref(), &self.repository, requirement).await?;
        let notes = verdict.notes.join("; ");
        match verdict.outcome {
            Outcome::Go | Outcome::Waived { .. } => {
                Ok(Probe::Done(if notes.is_empty() { "GO".to_owned() } else { format!("GO: {notes}") }))
            }
            Outcome::NoGo { reasons } => Err(StepError::NoGo {
                reasons: reasons.iter().map(ToString::to_string).collect(),
                remedy: waive(requirement),
            }),
            Outcome::Unknown { why } => {
                Err(StepError::NoGo { reasons: vec![why], remedy: waive(requirement) })
            }
        }
    }

    pub(super) fn probe_gate(&mut self, name: &str) -> Result<Probe, StepError> {
        if let Some(decision) = self.record.gates.get(name) {
            return Ok(Probe::Done(describe(decision)));
        }
        if self.context.gates == GatePolicy::Rehearsal {
            return Ok(Probe::ToDo);
        }
        if self.record.asked.insert(name.to_owned()) {
            self.save()?;
        }
        let draft = self.record.text("draft", "url").filter(|_| name == "highlights");
        let place = draft.or_else(|| self.record.text("release", "url"));
        Ok(Probe::Waiting(place.unwrap_or_default().to_owned()))
    }

    /// Only a rehearsal gets here: people pass gates with `tminus gate`.
    pub(super) fn perform_gate(&mut self, name: &str) -> Result<(), StepError> {
        let decision = Decision {
            verdict: Verdict::Passed,
            by: "the rehearsal".to_owned(),
            on: self.context.today.to_string(),
            why: None,
        };
        self.record.gates.insert(name.to_owned(), decision);
        self.save()
    }

    pub(super) fn probe_once(&self, step: &StepId) -> Probe {
        match self.record.once.get(step) {
            None => Probe::ToDo,
            Some(Once::Ended) => Probe::Done("sent".to_owned()),
            Some(Once::Begun) => Probe::Waiting(format!(
                "it began and is not known to have ended: look whether it was sent, then `tminus gate pass {step}` (it was) or `tminus gate retry {step}` (it was not)"
            )),
        }
    }

    /// Sends the announcement. Begun is on disk before, ended after; in between nobody knows.
    pub(super) async fn perform_announce(
        &mut self,
        step: &StepId,
        webhook: &str,
        text: &str,
    ) -> Result<(), StepError> {
        let missing = |what: String| StepError::NoGo {
            reasons: vec![what],
            remedy: format!("set {webhook} to the webhook's URL, then `tminus resume`"),
        };
        let url = self
            .context
            .environment
            .get(webhook)
            .ok_or_else(|| missing(format!("the variable {webhook} is not set")))?;
        let url = Url::parse(url.trim())
            .map_err(|error| missing(format!("the variable {webhook} holds no URL: {error}")))?;
        let field = if url.path().contains("/api/webhooks/") { "content" } else { "text" };
        let body = serde_json::json!({ field: text }).to_string();
        let request = http::Request::post(url.as_str())
            .header(http::header::CONTENT_TYPE, "application/json")
            .body(bytes::Bytes::from(body))
            .map_err(|error| missing(format!("the variable {webhook} holds no usable URL: {error}")))?;
        self.record.once.insert(step.clone(), Once::Begun);
        self.save()?;
        // The URL is the secret, so errors name the variable and never the URL.
        let failed = |problem: &Problem| missing(format!("the webhook in {webhook} failed: {problem}"));
        match self.context.client().send(request, None, Safety::Once).await {
            Ok(response) if response.status.is_success() => {
                self.record.once.insert(step.clone(), Once::Ended);
                self.save()
            }
            Ok(response) => {
                // Refused: it did not happen, and may be tried again.
                self.record.once.remove(step);
                self.save()?;
                Err(failed(&response.refusal().problem))
            }
            // Never sent: it may be tried again.
            Err(error) if matches!(error.problem, Problem::Insecure | Problem::Unsendable(_)) => {
                self.record.once.remove(step);
                self.save()?;
                Err(failed(&error.problem))
            }
            // Whether it arrived is not known: the probe says so, and nobody sends it again by himself.
            Err(error) => {
                self.progress(format!("the webhook in {webhook} failed: {}", error.problem));
                Ok(())
            }
        }
    }
}

/// What a precondition comes to now.
pub(crate) async fn verdict(
    forge: &dyn Forge,
    repository: &Repository,
    requirement: &Requirement,
) -> Result<tminus_policy::Verdict, StepError> {
    Ok(match requirement {
        Requirement::Milestone { title, defer } => {
            let rule = if *defer { OpenIssues::Deferred } else { OpenIssues::MustBeClosed };
            let facts = match forge.milestone_by_title(title).await? {
                None => None,
                Some(milestone) => {
                    let query = IssueQuery {
                        milestone: Some(milestone.number),
                        state: StateFilter::Open,
                        ..IssueQuery::default()
                    };
                    let open = forge.issues(&query).await?;
                    let open = open.into_iter().map(|issue| MilestoneItem {
                        number: issue.number,
                        title: issue.title,
                        is_pull_request: issue.is_pull_request,
                    });
                    let closed = milestone.state == tminus_forge::State::Closed;
                    Some(MilestoneFacts { title: milestone.title, closed, open: open.collect() })
                }
            };
            milestone_ready(facts.as_ref(), title, rule)
        }
        Requirement::Labels { accepted, since, until } => {
            let hidden: Vec<_> = since.iter().filter_map(|since| since.parse().ok()).collect();
            let tips: Vec<CommitId> = until.iter().filter_map(|until| until.parse().ok()).collect();
            let commits =
                if tips.is_empty() { Vec::new() } else { repository.log(&tips, &hidden, false, 5_000)? };
            let ids: Vec<String> = commits.iter().map(|commit| commit.id.to_string()).collect();
            let pulls = forge.pull_requests_of(&ids).await?;
            let facts: Vec<_> = pulls
                .into_iter()
                .map(|pull| PullRequestFacts {
                    number: pull.number,
                    title: pull.title,
                    author: pull.author,
                    labels: pull.labels,
                    merged: pull.merged,
                })
                .collect();
            let accepted = (!accepted.is_empty()).then_some(accepted.as_slice());
            pull_requests_labelled(&facts, accepted, &Exclusions::default())
        }
        Requirement::Bugs { label, decided, milestone } => {
            let query =
                IssueQuery { labels: vec![label.clone()], state: StateFilter::Open, ..IssueQuery::default() };
            let open = forge.issues(&query).await?;
            let facts: Vec<_> = open
                .into_iter()
                .map(|issue| IssueFacts {
                    number: issue.number,
                    title: issue.title,
                    labels: issue.labels,
                    milestone: issue.milestone,
                    is_pull_request: issue.is_pull_request,
                })
                .collect();
            let rule = BugRule { bug_label: label.clone(), decided_labels: decided.clone() };
            bugs_decided(&facts, &rule, milestone.as_deref())
        }
    })
}

/// Whether somebody has waived a precondition: then nobody needs to ask.
pub(crate) fn is_waived(record: &Record, requirement: &Requirement) -> bool {
    record.gates.get(requirement.name()).is_some_and(|decision| decision.verdict == Verdict::Waived)
}

pub(crate) fn waive(requirement: &Requirement) -> String {
    format!(
        "mend it and release again, or decide otherwise: `tminus gate waive {} --why \"…\"`",
        requirement.name()
    )
}

pub(super) fn describe(decision: &Decision) -> String {
    let word = match decision.verdict {
        Verdict::Passed => "passed",
        Verdict::Waived => "waived",
    };
    let why = decision.why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
    format!("{word} by {} on {}{why}", decision.by, decision.on)
}
