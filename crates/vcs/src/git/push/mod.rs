//! Pushing, with an answer for each reference.

mod error;
mod porcelain;
#[cfg(test)]
mod tests;

use super::call::Call;
use super::error::stderr;
use super::{Expected, Git, GitError};
use crate::names::{ObjectId, RefName, RemoteName};
pub use error::PushError;

/// One reference to move on a remote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefUpdate {
    /// What it shall hold.
    pub local: ObjectId,
    /// Its name on the remote.
    pub remote_ref: RefName,
    /// What it must hold now (a lease); `None` for an ordinary push, which only moves forward and never moves a tag.
    ///
    /// With a lease the push is refused if the remote has something else, and goes through even if it is not a move forward.
    pub expect: Option<Expected>,
}

/// How to push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PushMode {
    /// All references or none.
    pub atomic: bool,
    /// Ask the remote but change nothing there. Hooks on the server are not run, so a later push may still be refused.
    pub dry_run: bool,
    /// Run the user's `pre-push` hook.
    pub verify_hooks: bool,
}

impl Default for PushMode {
    /// All or nothing, for real, with the user's hook.
    fn default() -> Self {
        Self { atomic: true, dry_run: false, verify_hooks: true }
    }
}

/// What became of each reference.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PushReport {
    /// In the order in which git reported them.
    pub refs: Vec<RefReport>,
    /// What the server said for people, line by line.
    pub messages: Vec<String>,
}

/// What became of one reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefReport {
    /// Its name on the remote.
    pub remote_ref: RefName,
    /// What happened.
    pub outcome: RefOutcome,
}

/// What a push did to a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefOutcome {
    /// It did not exist and does now.
    Created,
    /// It moved forward.
    FastForward,
    /// It moved otherwise, under a lease.
    Forced,
    /// It was removed.
    Deleted,
    /// It was so already.
    UpToDate,
    /// It stays as it was.
    Refused(Refusal),
}

/// Why a reference was not moved.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The remote has commits that ours does not descend from.
    NotFastForward,
    /// It is a tag and exists with another content.
    AlreadyExists,
    /// The remote does not hold what the lease says, or changed while the push ran.
    LeaseLost,
    /// The server refused: a hook, a protected branch, a lock. The words are its own.
    ByRemote(String),
    /// Only because another reference of an atomic push was refused.
    WithOthers,
    /// Something else, in git's words.
    Other(String),
}

impl Git {
    /// Pushes objects to references of a remote.
    ///
    /// The configuration cannot add to it: neither tags that follow commits nor other refspecs are pushed along.
    ///
    /// # Errors
    ///
    /// Any reference was refused (the report in the error tells what became of the others), the `pre-push` hook refused,
    /// or the remote could not be asked.
    pub fn push(
        &self,
        remote: &RemoteName,
        updates: &[RefUpdate],
        mode: PushMode,
    ) -> Result<PushReport, PushError> {
        let leases: Vec<_> =
            updates.iter().filter_map(|update| Some((&update.remote_ref, update.expect.as_ref()?))).collect();
        let refspecs: Vec<_> =
            updates.iter().map(|update| format!("{}:{}", update.local, update.remote_ref)).collect();
        self.push_refspecs(remote, &leases, &refspecs, mode)
    }

    /// Removes a reference from a remote, if it holds what the caller believes.
    ///
    /// # Errors
    ///
    /// As for [`Git::push`]; [`PushError::LeaseLost`] if it holds something else or does not exist.
    pub fn delete_remote_ref(
        &self,
        remote: &RemoteName,
        name: &RefName,
        expected: &ObjectId,
        mode: PushMode,
    ) -> Result<PushReport, PushError> {
        let expected = Expected::At(expected.clone());
        self.push_refspecs(remote, &[(name, &expected)], &[format!(":{name}")], mode)
    }

    fn push_refspecs(
        &self,
        remote: &RemoteName,
        leases: &[(&RefName, &Expected)],
        refspecs: &[String],
        mode: PushMode,
    ) -> Result<PushReport, PushError> {
        if refspecs.is_empty() {
            // git would fall back to its configuration and push what nobody named.
            return Ok(PushReport::default());
        }
        let call = Call::new(["push", "--porcelain", "--no-follow-tags", "--recurse-submodules=no"])
            .args(mode.atomic.then_some("--atomic"))
            .args(mode.dry_run.then_some("--dry-run"))
            .args((!mode.verify_hooks).then_some("--no-verify"))
            .args(
                leases
                    .iter()
                    .map(|(name, expected)| format!("--force-with-lease={name}:{}", expected.old_value())),
            )
            .arg("--end-of-options")
            .arg(remote)
            .args(refspecs)
            .network();
        let output = self.output(&call)?;
        let report = PushReport {
            refs: porcelain::parse(&String::from_utf8_lossy(&output.stdout))
                .map_err(|line| GitError::malformed(&call, format!("unexpected line `{line}`")))?,
            messages: porcelain::messages(&stderr(&output)),
        };
        // A remote with several push URLs reports each reference once for each.
        if output.success() && report.refs.len() >= refspecs.len() {
            return Ok(report);
        }
        if output.success() {
            return Err(GitError::malformed(&call, "it did not report every reference").into());
        }
        if report.refs.is_empty() {
            if mode.atomic && stderr(&output).contains("does not support --atomic push") {
                return Err(PushError::AtomicUnsupported);
            }
            // git gives 1, not 128, when it has reached the remote: nothing but the hook can then have stopped it.
            if output.status == Some(1) && mode.verify_hooks && self.has_hook("pre-push")? {
                return Err(PushError::HookRefused { stderr: stderr(&output) });
            }
            return Err(GitError::remote_failed(&call, &output).into());
        }
        Err(PushError::from_report(report, || GitError::failed(&call, &output)))
    }
}
