//! The next development version: computed at the branch's tip, and again when the push loses a race.

use serde_json::Value;
use tminus_vcs::{BranchName, CommitId, PushError, PushMode, RefName, RefUpdate};
use tminus_versioning::Scheme;

use super::{Probe, Run, StepError};
use crate::edits::{self, LIMIT_BYTES, Rule};
use crate::plan::{PlannedEdit, StepId};

/// How often a lost race is run again.
const ATTEMPTS: u32 = 5;

impl Run<'_> {
    /// Done where the branch states the version or a higher one.
    pub(super) fn probe_next(
        &mut self,
        branch: &BranchName,
        version: &str,
        edits: &[PlannedEdit],
    ) -> Result<Probe, StepError> {
        let tip = self.tip(branch)?;
        for edit in edits {
            let bytes = self.repository.read_file(&tip, &edit.path, LIMIT_BYTES)?;
            let bytes = bytes.ok_or_else(|| {
                StepError::Edit(format!("{}: the file is not on {branch} any more", edit.path))
            })?;
            let found = edits::read_site(&edit.path, &edit.find, &bytes).map_err(StepError::Edit)?;
            if edits::is_below(self.scheme(), found.text(), version) {
                return Ok(Probe::ToDo);
            }
        }
        let step = StepId::new("next");
        if self.record.text(step.as_str(), "commit").is_none() {
            // Pushed by a run that was killed before it could say so.
            if let Some(ours) = self.ours_since_base(&tip, "next")? {
                self.bind(&step, "commit", Value::String(ours.to_string()))?;
            }
        }
        Ok(Probe::done())
    }

    pub(super) fn perform_next(
        &mut self,
        step: &StepId,
        branch: &BranchName,
        version: &str,
        edits: &[PlannedEdit],
        message: &str,
    ) -> Result<(), StepError> {
        for _ in 0..ATTEMPTS {
            let tip = self.tip(branch)?;
            let rule = Rule::Raise(self.scheme());
            let Some(id) = self.commit_on(&tip, edits, rule, message)? else { return Ok(()) };
            self.check_commit(&id, edits, rule)?;
            let update = RefUpdate { local: (&id).into(), remote_ref: RefName::from(branch), expect: None };
            let mode = PushMode { atomic: false, dry_run: false, verify_hooks: true };
            match self.git.push(&self.plan.remote, &[update], mode) {
                Ok(_) => return self.bind(step, "commit", Value::String(id.to_string())),
                Err(PushError::NotFastForward { .. } | PushError::LeaseLost { .. }) => {
                    self.progress(format!("{branch} moved meanwhile; computing {version} anew at its tip"));
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(StepError::NotYet {
            what: format!("{branch} moved {ATTEMPTS} times while {version} was being pushed"),
        })
    }

    fn tip(&self, branch: &BranchName) -> Result<CommitId, StepError> {
        let refs = self.remote_refs()?;
        let tip = refs.branches.get(branch).cloned();
        let tip = tip.ok_or_else(|| StepError::NoGo {
            reasons: vec![format!("{} has no branch {branch} any more", self.plan.remote)],
            remedy: "push it again, then `tminus resume`".to_owned(),
        })?;
        self.fetch(branch, &tip)?;
        Ok(tip)
    }

    pub(super) fn scheme(&self) -> Scheme {
        self.config.trains.get(&self.plan.train).map_or(Scheme::Pep440, |train| train.scheme)
    }
}
