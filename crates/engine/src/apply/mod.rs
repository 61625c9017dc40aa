//! Carrying a plan out: each step is probed, performed where the probe says so, and probed again.
//!
//! The world decides, never the journal. Everything that a step learns is bound into the record, on disk, before it
//! is used; everything it does to others happens through calls that a test can cut.

mod build;
mod error;
mod forge;
mod git;
mod next;
pub(crate) mod people;
mod publish;

pub use build::{RecordedArtifact, artifacts_of};
pub use error::StepError;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;
use tminus_forge::Forge;
use tminus_vcs::{CommitId, Git, Repository};

use crate::config::Config;
use crate::context::Context;
use crate::events::{Event, StepOutcome};
use crate::fuse::At;
use crate::journal::{Entry, Journal};
use crate::plan::{Action, Input, Plan, Step, StepId};
use crate::record::{FileRecords, Record, RecordStore as _, Revision, Verdict};
use crate::store::Store;

/// What a probe says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Probe {
    /// It is done; what there is to say about it.
    Done(String),
    /// It is to do.
    ToDo,
    /// It waits for a person.
    Waiting(String),
}

impl Probe {
    pub(crate) fn done() -> Self {
        Self::Done(String::new())
    }

    pub(crate) fn done_if(done: bool) -> Self {
        if done { Self::done() } else { Self::ToDo }
    }
}

/// How one step stands at the end of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepReport {
    /// The step.
    pub id: StepId,
    /// How it stands.
    pub outcome: StepOutcome,
    /// What there is to say about it.
    pub detail: String,
}

/// A run over a plan.
pub(crate) struct Run<'a> {
    pub(crate) context: &'a Context,
    pub(crate) config: &'a Config,
    pub(crate) plan: &'a Plan,
    pub(crate) repository: Repository,
    pub(crate) git: Git,
    pub(crate) state: PathBuf,
    pub(crate) records: FileRecords,
    pub(crate) record: Record,
    pub(crate) revision: Option<Revision>,
    pub(crate) journal: Journal,
    pub(crate) store: Store,
    pub(crate) forge: Option<Arc<dyn Forge>>,
    /// The step that is carried out, for events.
    pub(crate) current: Option<StepId>,
}

impl Run<'_> {
    /// Carries out the chosen steps. Steps that wait hold back only what depends on them.
    ///
    /// # Errors
    /// The first step that fails, after reports of those before it.
    pub(crate) async fn steps(
        &mut self,
        chosen: &BTreeSet<StepId>,
        reports: &mut Vec<StepReport>,
    ) -> Result<(), (StepId, StepError)> {
        let mut done: BTreeSet<StepId> = BTreeSet::new();
        let plan = self.plan;
        // Preconditions are told together: mending one must not bring up the next.
        let mut unmet: Option<(StepId, Vec<String>, Vec<String>)> = None;
        for step in &plan.steps {
            self.context.fuse.enter(step.id.as_str());
            self.current = Some(step.id.clone());
            let (outcome, detail) = match step.needs.iter().find(|need| !done.contains(need)) {
                Some(need) => (StepOutcome::Blocked, format!("after {need}")),
                None => match self.step(step, chosen.contains(&step.id)).await {
                    Ok(ended) => ended,
                    Err(StepError::NoGo { reasons, remedy })
                        if matches!(step.action, Action::Require { .. }) =>
                    {
                        self.finish(step, StepOutcome::Failed, reasons.join("\n"), reports);
                        let (_, all, remedies) =
                            unmet.get_or_insert_with(|| (step.id.clone(), Vec::new(), Vec::new()));
                        all.extend(reasons);
                        remedies.push(remedy);
                        continue;
                    }
                    Err(error) => {
                        self.finish(step, StepOutcome::Failed, error.to_string(), reports);
                        return Err((step.id.clone(), error));
                    }
                },
            };
            if matches!(outcome, StepOutcome::Done | StepOutcome::AlreadyDone) {
                done.insert(step.id.clone());
            }
            self.finish(step, outcome, detail, reports);
        }
        self.current = None;
        self.context.fuse.enter("");
        match unmet {
            Some((step, reasons, remedies)) => {
                Err((step, StepError::NoGo { reasons, remedy: remedies.join("; ") }))
            }
            None => Ok(()),
        }
    }

    fn finish(&self, step: &Step, outcome: StepOutcome, detail: String, reports: &mut Vec<StepReport>) {
        self.context.reporter.report(&Event::Finished {
            step: step.id.clone(),
            what: step.action.summary(),
            outcome,
            detail: detail.clone(),
        });
        reports.push(StepReport { id: step.id.clone(), outcome, detail });
    }

    async fn step(&mut self, step: &Step, chosen: bool) -> Result<(StepOutcome, String), StepError> {
        if let Some(decision) =
            self.record.gates.get(step.id.as_str()).filter(|one| one.verdict == Verdict::Waived)
        {
            return Ok((StepOutcome::AlreadyDone, people::describe(decision)));
        }
        let probed = match self.probe(step).await {
            // What is left out may be broken; only what is chosen ends a run.
            Err(error) if !chosen && !matches!(error, StepError::Stopped(_)) => {
                return Ok((StepOutcome::LeftOut, error.to_string()));
            }
            probed => probed?,
        };
        match probed {
            Probe::Done(detail) => return Ok((StepOutcome::AlreadyDone, detail)),
            Probe::Waiting(_) | Probe::ToDo if !chosen => return Ok((StepOutcome::LeftOut, String::new())),
            Probe::Waiting(detail) => return Ok((StepOutcome::Waiting, detail)),
            Probe::ToDo => {}
        }
        self.context.fuse.reach(At::Before)?;
        self.journal(&Entry::Begin { step: step.id.clone() })?;
        self.context
            .reporter
            .report(&Event::Performing { step: step.id.clone(), what: step.action.summary() });
        if step.irreversible {
            self.fence()?;
            if self.record.begun.insert(step.id.clone()) || !self.record.departed {
                self.record.departed = true;
                self.save()?;
            }
        }
        self.context.fuse.reach(At::Begun)?;
        let performed = self.perform(step).await;
        if let Err(error) = performed {
            if !self.context.fuse.blown() {
                // How it ended, not in which words: a program's output may hold what no log should.
                self.journal(&Entry::End {
                    step: step.id.clone(),
                    outcome: format!("failed: {}", error.exit()),
                })?;
            }
            return Err(error);
        }
        self.context.fuse.reach(At::Performed)?;
        let detail = match self.probe(step).await? {
            Probe::Done(detail) => detail,
            Probe::Waiting(detail) => return Ok((StepOutcome::Waiting, detail)),
            Probe::ToDo => {
                return Err(StepError::NotDone(format!(
                    "{} was carried out, and the world does not show it",
                    step.id
                )));
            }
        };
        self.journal(&Entry::End { step: step.id.clone(), outcome: "done".to_owned() })?;
        self.context.fuse.reach(At::After)?;
        Ok((StepOutcome::Done, detail))
    }

    async fn probe(&mut self, step: &Step) -> Result<Probe, StepError> {
        match &step.action {
            Action::Require { requirement } => self.probe_requirement(requirement).await,
            Action::Commit { edits, .. } => self.probe_commit(&step.id, edits),
            Action::Build { package, .. } => self.probe_build(&step.id, package).await,
            Action::Tag { name, commit, .. } => self.probe_tag(&step.id, name, commit),
            Action::Push { branch, commit, tag, .. } => self.probe_push(branch, commit, tag),
            Action::AwaitChecks { commit, names, .. } => self.probe_checks(commit, names).await,
            Action::Publish { package, destination, artifacts } => {
                self.probe_publish(package, destination, artifacts).await
            }
            Action::AwaitVisible { package, destination, artifacts, .. } => {
                self.probe_visible(package, destination, artifacts.as_ref()).await
            }
            Action::DraftRelease { tag, .. } => self.probe_draft(&step.id, tag).await,
            Action::Gate { name, .. } => self.probe_gate(name),
            Action::PublishRelease { tag, discussion, .. } => {
                self.probe_release(&step.id, tag, discussion.as_deref()).await
            }
            Action::Announce { .. } => Ok(self.probe_once(&step.id)),
            Action::NextVersion { branch, version, edits, .. } => self.probe_next(branch, version, edits),
            Action::CreateMilestone { title, .. } => self.probe_milestone(title).await,
            Action::DeferIssues { from, .. } => self.probe_defer(from).await,
            Action::CloseMilestone { title } => self.probe_closed(title).await,
            Action::SyncLocal { branch } => self.probe_local(&step.id, branch),
        }
    }

    async fn perform(&mut self, step: &Step) -> Result<(), StepError> {
        match &step.action {
            Action::Require { .. } => Ok(()),
            Action::Commit { edits, message, .. } => self.perform_commit(&step.id, edits, message),
            Action::Build { .. } => self.perform_build(&step.id, &step.action),
            Action::Tag { name, commit, message } => self.perform_tag(&step.id, name, commit, message),
            Action::Push { branch, commit, tag, object } => self.perform_push(branch, commit, tag, object),
            Action::AwaitChecks { commit, names, timeout_minutes } => {
                self.perform_checks(commit, names, *timeout_minutes).await
            }
            Action::Publish { package, destination, artifacts } => {
                self.perform_publish(package, destination, artifacts).await
            }
            Action::AwaitVisible { package, destination, artifacts, timeout_minutes } => {
                self.perform_visible(&step.id, package, destination, artifacts.as_ref(), *timeout_minutes)
                    .await
            }
            Action::DraftRelease { .. } => self.perform_draft(&step.id, &step.action).await,
            Action::Gate { name, .. } => self.perform_gate(name),
            Action::PublishRelease { tag, discussion, latest } => {
                self.perform_release(tag, discussion.as_deref(), *latest).await
            }
            Action::Announce { webhook, text } => self.perform_announce(&step.id, webhook, text).await,
            Action::NextVersion { branch, version, edits, message } => {
                self.perform_next(&step.id, branch, version, edits, message)
            }
            Action::CreateMilestone { title, due } => self.perform_milestone(title, due.as_deref()).await,
            Action::DeferIssues { from, to } => self.perform_defer(from, to).await,
            Action::CloseMilestone { title } => self.perform_close(title).await,
            Action::SyncLocal { branch } => self.perform_local(&step.id, branch),
        }
    }

    /// Binds an output: on disk before it is used.
    pub(crate) fn bind(&mut self, step: &StepId, name: &str, value: Value) -> Result<(), StepError> {
        let key = format!("{step}.{name}");
        if self.record.bindings.get(&key) == Some(&value) {
            return Ok(());
        }
        self.record.bindings.insert(key.clone(), value);
        self.save()?;
        self.journal(&Entry::Bind { name: key })
    }

    /// What an input stands for; its step has run, because this one needs it.
    pub(crate) fn input(&self, input: &Input) -> Result<Value, StepError> {
        self.record
            .resolve(input)
            .ok_or_else(|| StepError::NotDone(format!("{} is not known yet", input.as_str())))
    }

    pub(crate) fn commit_input(&self, input: &Input) -> Result<CommitId, StepError> {
        let value = self.input(input)?;
        let text = value.as_str().unwrap_or_default();
        text.parse().map_err(|_| StepError::NotDone(format!("{} is no commit: {text}", input.as_str())))
    }

    pub(crate) fn save(&mut self) -> Result<(), StepError> {
        self.context.fuse.reach(At::Save)?;
        self.revision = Some(self.records.save(&self.record, self.revision.as_ref())?);
        self.context.fuse.reach(At::Saved)?;
        Ok(())
    }

    pub(crate) fn journal(&mut self, entry: &Entry) -> Result<(), StepError> {
        self.journal.append(entry).map_err(StepError::io("the journal cannot be written"))
    }

    /// Whether the lease is still ours, asked before each irreversible step.
    fn fence(&self) -> Result<(), StepError> {
        let stored = self.records.load(&self.record.train, &self.record.version)?;
        let theirs = stored.map_or(0, |(record, _)| record.lease.counter);
        if theirs == self.record.lease.counter {
            return Ok(());
        }
        Err(StepError::Fenced { ours: self.record.lease.counter, theirs })
    }

    pub(crate) fn progress(&self, text: impl Into<String>) {
        if let Some(step) = &self.current {
            self.context.reporter.report(&Event::Progress { step: step.clone(), text: text.into() });
        }
    }

    pub(crate) fn forge(&self) -> Result<Arc<dyn Forge>, StepError> {
        self.forge.clone().ok_or_else(|| StepError::NoGo {
            reasons: vec!["the plan has steps on a forge, and none can be reached here".to_owned()],
            remedy: "set GH_TOKEN, then `tminus resume`".to_owned(),
        })
    }

    /// Reads the remote's refs.
    pub(crate) fn remote_refs(&self) -> Result<tminus_vcs::RemoteRefs, StepError> {
        Ok(self.git.ls_remote(&self.plan.remote)?)
    }

    /// Makes sure that a commit of the remote is here.
    pub(crate) fn fetch(&self, branch: &tminus_vcs::BranchName, commit: &CommitId) -> Result<(), StepError> {
        if !self.repository.contains(commit)? {
            let spec = format!("+refs/heads/{branch}:refs/remotes/{}/{branch}", self.plan.remote);
            self.git.fetch(&self.plan.remote, &[spec.as_str()])?;
        }
        Ok(())
    }

    /// A directory of our own below the git directory.
    pub(crate) fn scratch(&self, name: &str) -> PathBuf {
        self.state.join("work").join(crate::files::file_name(name))
    }
}
