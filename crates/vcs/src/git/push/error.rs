//! Why a push failed.

use super::super::GitError;
use super::super::error::appended;
use super::{PushReport, RefOutcome, Refusal};

/// Why a push did not do all it was asked to.
///
/// Except with an atomic push, the report may hold references that were moved.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PushError {
    /// The remote has new commits: fetch, compute again at its tip, push again.
    #[error("the remote has commits that are not in what was pushed: {}", refused(report))]
    NotFastForward {
        /// What became of each reference.
        report: PushReport,
    },
    /// The remote does not hold what the caller believed, or somebody else was faster.
    #[error("the remote is not as it was believed to be: {}", refused(report))]
    LeaseLost {
        /// What became of each reference.
        report: PushReport,
    },
    /// The server said no, or a tag exists with another content.
    #[error("the remote refused: {}{}", refused(report), said(report))]
    Rejected {
        /// What became of each reference.
        report: PushReport,
    },
    /// The server cannot move several references at once; nothing was pushed. Its owner can set `receive.advertiseAtomic`;
    /// the caller can push one reference after another, most important last.
    #[error(
        "the remote cannot take several references in one step (no `atomic` capability), so nothing was pushed; push without `atomic`"
    )]
    AtomicUnsupported,
    /// The user's `pre-push` hook said no; the remote was not changed.
    #[error("the pre-push hook refused{}", appended(stderr))]
    HookRefused {
        /// What the hook wrote.
        stderr: String,
    },
    /// The remote cannot be reached, or there is no repository at its URL.
    #[error("cannot reach the remote with `{command}`{}", appended(stderr))]
    Unreachable {
        /// The words of the call.
        command: String,
        /// What git wrote to standard error.
        stderr: String,
    },
    /// The remote does not accept the user's credentials, or there are none.
    #[error(
        "`{command}` was not allowed in by the remote; check the credentials git uses for it{}",
        appended(stderr)
    )]
    AuthenticationFailed {
        /// The words of the call.
        command: String,
        /// What git wrote to standard error.
        stderr: String,
    },
    /// Something else is wrong with git or the call.
    #[error(transparent)]
    Git(GitError),
}

impl From<GitError> for PushError {
    fn from(error: GitError) -> Self {
        match error {
            GitError::Unreachable { command, stderr } => Self::Unreachable { command, stderr },
            GitError::AuthenticationFailed { command, stderr } => {
                Self::AuthenticationFailed { command, stderr }
            }
            other => Self::Git(other),
        }
    }
}

impl PushError {
    /// The error for a failed push with a report. A definite no of the server outweighs what trying again could cure.
    pub(super) fn from_report(report: PushReport, otherwise: impl FnOnce() -> GitError) -> Self {
        let refusals: Vec<_> = report
            .refs
            .iter()
            .filter_map(|one| match &one.outcome {
                RefOutcome::Refused(refusal) => Some(refusal),
                _ => None,
            })
            .collect();
        let any = |wanted: fn(&Refusal) -> bool| refusals.iter().any(|refusal| wanted(refusal));
        if any(|refusal| matches!(refusal, Refusal::ByRemote(_) | Refusal::AlreadyExists | Refusal::Other(_)))
        {
            Self::Rejected { report }
        } else if any(|refusal| matches!(refusal, Refusal::LeaseLost)) {
            Self::LeaseLost { report }
        } else if any(|refusal| matches!(refusal, Refusal::NotFastForward)) {
            Self::NotFastForward { report }
        } else if refusals.is_empty() {
            Self::Git(otherwise())
        } else {
            Self::Rejected { report }
        }
    }

    /// What became of each reference, if git came that far.
    pub fn report(&self) -> Option<&PushReport> {
        match self {
            Self::NotFastForward { report } | Self::LeaseLost { report } | Self::Rejected { report } => {
                Some(report)
            }
            _ => None,
        }
    }
}

fn refused(report: &PushReport) -> String {
    let refused = report.refs.iter().filter_map(|one| match &one.outcome {
        RefOutcome::Refused(Refusal::ByRemote(words) | Refusal::Other(words)) => {
            Some(format!("{} ({})", one.remote_ref, crate::redacted(words)))
        }
        RefOutcome::Refused(Refusal::AlreadyExists) => Some(format!("{} (already exists)", one.remote_ref)),
        RefOutcome::Refused(Refusal::WithOthers) => None,
        RefOutcome::Refused(_) => Some(one.remote_ref.to_string()),
        _ => None,
    });
    refused.collect::<Vec<_>>().join(", ")
}

fn said(report: &PushReport) -> String {
    appended(&report.messages.join("\n"))
}
