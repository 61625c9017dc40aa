//! Checks, the release on the forge, milestones.

use std::time::Duration;

use serde_json::Value;
use tminus_forge::{
    Check, CheckState, IssueQuery, NewRelease, Publish, Release, ReleaseChange, State, StateFilter, notes,
};
use tminus_vcs::TagName;

use super::{Probe, Run, StepError};
use crate::config::CheckNames;
use crate::plan::{Action, Input, StepId};

/// How many answers in a row must be green.
const GREEN_ANSWERS: u32 = 2;

/// How a commit's checks stand.
enum Standing {
    Green,
    Red(Vec<String>),
    Waiting(Vec<String>),
}

fn standing(checks: &[Check], names: &CheckNames) -> Standing {
    let wanted: Vec<(&str, Option<&Check>)> = match names {
        CheckNames::All => checks.iter().map(|check| (check.name.as_str(), Some(check))).collect(),
        CheckNames::Named(names) => {
            let find = |name: &String| checks.iter().find(|check| check.name == *name);
            names.iter().map(|name| (name.as_str(), find(name))).collect()
        }
    };
    if wanted.is_empty() {
        return Standing::Waiting(vec!["the first check".to_owned()]);
    }
    let mut red = Vec::new();
    let mut waiting = Vec::new();
    for (name, check) in wanted {
        match check.map(|check| &check.state) {
            Some(CheckState::Success | CheckState::Neutral | CheckState::Skipped) => {}
            Some(CheckState::Failure(how)) => {
                let url = check.and_then(|check| check.html_url.as_deref()).unwrap_or_default();
                red.push(format!("the check `{name}` ended with {how} {url}").trim_end().to_owned());
            }
            Some(CheckState::Pending) | None => waiting.push(name.to_owned()),
        }
    }
    match (red.is_empty(), waiting.is_empty()) {
        (false, _) => Standing::Red(red),
        (true, false) => Standing::Waiting(waiting),
        (true, true) => Standing::Green,
    }
}

impl Run<'_> {
    async fn standing(&self, commit: &Input, names: &CheckNames) -> Result<Standing, StepError> {
        let commit = self.commit_input(commit)?;
        Ok(standing(&self.forge()?.checks(commit.as_str()).await?, names))
    }

    pub(super) async fn probe_checks(
        &mut self,
        commit: &Input,
        names: &CheckNames,
    ) -> Result<Probe, StepError> {
        match self.standing(commit, names).await? {
            // One look may come before the last check is registered: green is seen twice.
            Standing::Green if self.record.output("checks", "green").is_some() => {
                Ok(Probe::Done("green".to_owned()))
            }
            Standing::Green | Standing::Waiting(_) => Ok(Probe::ToDo),
            Standing::Red(reasons) => Err(red(reasons)),
        }
    }

    pub(super) async fn perform_checks(
        &mut self,
        commit: &Input,
        names: &CheckNames,
        timeout_minutes: u32,
    ) -> Result<(), StepError> {
        let deadline = Duration::from_secs(u64::from(timeout_minutes) * 60);
        let mut pause = Duration::from_secs(self.context.pace.checks_seconds).max(Duration::from_millis(20));
        let mut waited = Duration::ZERO;
        let mut seen = 1;
        loop {
            match self.standing(commit, names).await? {
                Standing::Green if seen == GREEN_ANSWERS => {
                    return self.bind(&StepId::new("checks"), "green", Value::Bool(true));
                }
                Standing::Green => {
                    seen += 1;
                    self.context.timer.sleep(pause).await;
                    waited += pause;
                }
                Standing::Red(reasons) => return Err(red(reasons)),
                Standing::Waiting(names) if waited >= deadline => {
                    return Err(StepError::NotYet {
                        what: format!("checks that have not ended: {}", names.join(", ")),
                    });
                }
                Standing::Waiting(names) => {
                    seen = 1;
                    self.progress(format!("waiting for {} ({} s)", names.join(", "), waited.as_secs()));
                    self.context.timer.sleep(pause).await;
                    waited += pause;
                    pause = (pause * 3 / 2).min(Duration::from_secs(60));
                }
            }
        }
    }

    /// Done where the release is published, or a draft of it holds our notes.
    pub(super) async fn probe_draft(&mut self, step: &StepId, tag: &TagName) -> Result<Probe, StepError> {
        let Some(release) = self.forge()?.find_release(tag.as_str()).await? else { return Ok(Probe::ToDo) };
        // What we drafted is ours, however people have rewritten it since.
        let drafted = self.record.output(step.as_str(), "id").and_then(Value::as_u64) == Some(release.id);
        let ours = !release.draft || drafted || notes::generated_in(&release.body).is_some();
        if ours {
            self.bind_release(step, &release)?;
        }
        Ok(Probe::done_if(ours))
    }

    fn bind_release(&mut self, step: &StepId, release: &Release) -> Result<(), StepError> {
        self.bind(step, "id", Value::from(release.id))?;
        self.bind(step, "url", Value::String(release.html_url.clone()))
    }

    pub(super) async fn perform_draft(&mut self, step: &StepId, action: &Action) -> Result<(), StepError> {
        let Action::DraftRelease { tag, commit, previous, title, prerelease } = action else { return Ok(()) };
        let forge = self.forge()?;
        let commit = self.commit_input(commit)?;
        let generated = match self.record.text(step.as_str(), "notes") {
            Some(bound) => bound.to_owned(),
            None => {
                let previous = previous.as_ref().map(TagName::as_str);
                let generated = forge.generate_notes(tag.as_str(), commit.as_str(), previous).await?;
                self.bind(step, "notes", Value::String(generated.body.clone()))?;
                generated.body
            }
        };
        let release = match forge.find_release(tag.as_str()).await? {
            // Somebody began it by hand: their words stay, ours are added.
            Some(existing) => {
                let body = notes::with_generated(&existing.body, &generated);
                let change =
                    ReleaseChange { tag: tag.to_string(), body: Some(body), ..ReleaseChange::default() };
                forge.update_release(existing.id, &change).await?
            }
            None => {
                let new = NewRelease {
                    tag: tag.to_string(),
                    target: commit.to_string(),
                    name: title.clone(),
                    body: notes::compose("", &generated),
                    prerelease: *prerelease,
                };
                // The draft that people had seen is gone, and with it what they had decided about it.
                if self.record.output(step.as_str(), "id").is_some()
                    && self.record.gates.remove("highlights").is_some()
                {
                    self.save()?;
                }
                forge.create_draft(&new).await?
            }
        };
        self.bind_release(step, &release)
    }

    /// Done where the release is published, with its discussion where one is wanted.
    pub(super) async fn probe_release(
        &mut self,
        step: &StepId,
        tag: &TagName,
        discussion: Option<&str>,
    ) -> Result<Probe, StepError> {
        let Some(release) = self.forge()?.release_by_tag(tag.as_str()).await? else { return Ok(Probe::ToDo) };
        if release.draft || (discussion.is_some() && release.discussion_url.is_none()) {
            return Ok(Probe::ToDo);
        }
        let url = release.discussion_url.unwrap_or(release.html_url);
        self.bind(step, "url", Value::String(url.clone()))?;
        Ok(Probe::Done(url))
    }

    pub(super) async fn perform_release(
        &mut self,
        tag: &TagName,
        discussion: Option<&str>,
        latest: bool,
    ) -> Result<(), StepError> {
        let forge = self.forge()?;
        let release = forge.find_release(tag.as_str()).await?.ok_or_else(|| StepError::NoGo {
            reasons: vec![format!("the draft of {tag} is gone from the forge")],
            remedy: "`tminus resume` drafts it again".to_owned(),
        })?;
        let publish = Publish {
            tag: tag.to_string(),
            discussion_category: discussion.map(str::to_owned),
            latest,
            prerelease: release.prerelease,
        };
        // Several drafts of one tag may be there: ours is the one that people were asked to look at.
        let bound = self.record.output("draft", "id").and_then(Value::as_u64);
        let id = match bound {
            Some(bound) if forge.releases().await?.iter().any(|release| release.id == bound) => bound,
            _ => release.id,
        };
        forge.publish_release(id, &publish).await?;
        Ok(())
    }

    pub(super) async fn probe_milestone(&mut self, title: &str) -> Result<Probe, StepError> {
        Ok(Probe::done_if(self.forge()?.milestone_by_title(title).await?.is_some()))
    }

    pub(super) async fn perform_milestone(
        &mut self,
        title: &str,
        due: Option<&str>,
    ) -> Result<(), StepError> {
        let due = due
            .map(str::parse)
            .transpose()
            .map_err(|error| StepError::NotDone(format!("milestone {title}: {error}")))?;
        match self.forge()?.create_milestone(title, due, "").await {
            Err(error) if error.is_already_there() => Ok(()),
            other => other.map(drop).map_err(Into::into),
        }
    }

    pub(super) async fn probe_defer(&mut self, from: &str) -> Result<Probe, StepError> {
        Ok(Probe::done_if(self.open_issues(from).await?.is_empty()))
    }

    async fn open_issues(&self, title: &str) -> Result<Vec<u64>, StepError> {
        let forge = self.forge()?;
        let Some(milestone) = forge.milestone_by_title(title).await? else { return Ok(Vec::new()) };
        let query = IssueQuery {
            milestone: Some(milestone.number),
            state: StateFilter::Open,
            ..IssueQuery::default()
        };
        Ok(forge.issues(&query).await?.into_iter().map(|issue| issue.number).collect())
    }

    pub(super) async fn perform_defer(&mut self, from: &str, to: &str) -> Result<(), StepError> {
        let forge = self.forge()?;
        let target = forge.milestone_by_title(to).await?.ok_or_else(|| StepError::NoGo {
            reasons: vec![format!("milestone {to} is gone from the forge")],
            remedy: "`tminus resume` creates it again".to_owned(),
        })?;
        for issue in self.open_issues(from).await? {
            self.progress(format!("issue #{issue} moves to {to}"));
            forge.set_milestone(issue, Some(target.number)).await?;
        }
        Ok(())
    }

    pub(super) async fn probe_closed(&mut self, title: &str) -> Result<Probe, StepError> {
        let milestone = self.forge()?.milestone_by_title(title).await?;
        Ok(match milestone {
            None => Probe::Done(format!("there is no milestone {title}")),
            Some(milestone) => Probe::done_if(milestone.state == State::Closed),
        })
    }

    pub(super) async fn perform_close(&mut self, title: &str) -> Result<(), StepError> {
        let forge = self.forge()?;
        if let Some(milestone) = forge.milestone_by_title(title).await? {
            forge.close_milestone(milestone.number).await?;
        }
        Ok(())
    }
}

fn red(reasons: Vec<String>) -> StepError {
    StepError::NoGo { reasons, remedy: "mend and re-run the checks, then `tminus resume`".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, state: CheckState) -> Check {
        Check { name: name.to_owned(), state, html_url: None }
    }

    #[test]
    fn green_needs_every_named_check_and_at_least_one() {
        let checks = [check("tests", CheckState::Success), check("docs", CheckState::Pending)];
        assert!(matches!(standing(&checks, &CheckNames::Named(vec!["tests".into()])), Standing::Green));
        assert!(matches!(standing(&checks, &CheckNames::All), Standing::Waiting(names) if names == ["docs"]));
        assert!(matches!(standing(&[], &CheckNames::All), Standing::Waiting(_)), "no check is not green");
        let absent = CheckNames::Named(vec!["images".into()]);
        assert!(matches!(standing(&checks, &absent), Standing::Waiting(names) if names == ["images"]));
        let red =
            [check("tests", CheckState::Failure("timed_out".into())), check("docs", CheckState::Pending)];
        assert!(
            matches!(standing(&red, &CheckNames::All), Standing::Red(reasons) if reasons == ["the check `tests` ended with timed_out"])
        );
    }
}
