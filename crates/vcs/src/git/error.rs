//! What can go wrong with git.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::call::Call;
use super::{GitOptions, GitVersion};
use crate::names::{BranchName, ObjectId, RefName, TagName};
use crate::process::Output;

/// Why git did not do what it was asked to.
///
/// Texts that git wrote are kept for people, with credentials in URLs removed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GitError {
    /// There is no such program.
    #[error("cannot find `{}`; install git or put it on PATH", program.display())]
    NotFound {
        /// The executable that was asked for.
        program: PathBuf,
    },
    /// The program is older than what is needed.
    #[error("git {found} is too old; {minimum} or newer is needed")]
    TooOld {
        /// What is installed.
        found: GitVersion,
        /// What is needed.
        minimum: GitVersion,
    },
    /// The call ended with an exit code that means failure.
    #[error("`{command}` {}{}", ended(*code), appended(stderr))]
    Failed {
        /// The words of the call.
        command: String,
        /// The exit code; `None` if a signal ended it.
        code: Option<i32>,
        /// What git wrote to standard error.
        stderr: String,
    },
    /// The remote did not answer within the time limit and the call was ended.
    #[error("`{command}` did not end within {} s", timeout.as_secs_f32())]
    TimedOut {
        /// The words of the call.
        command: String,
        /// The limit.
        timeout: Duration,
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
    /// The tag that should be made exists.
    #[error("tag {name} exists already, as {object}")]
    TagExists {
        /// The tag.
        name: TagName,
        /// What it holds.
        object: ObjectId,
    },
    /// A reference is not what the caller believed; nothing was changed.
    #[error("{name} is {}, not {}", shown(found.as_ref()), shown(expected.as_ref()))]
    RefMoved {
        /// The reference.
        name: RefName,
        /// What the caller believed; `None` for "does not exist".
        expected: Option<ObjectId>,
        /// What it is; `None` if it does not exist.
        found: Option<ObjectId>,
    },
    /// A branch that would be moved or removed is checked out.
    #[error("branch {branch} is checked out in {}", dir.display())]
    CheckedOut {
        /// The branch.
        branch: BranchName,
        /// The work tree it is checked out in.
        dir: PathBuf,
    },
    /// A refspec that no reference could match, or that git could take for an option.
    #[error("`{refspec}` is not a valid refspec: {why}")]
    InvalidRefspec {
        /// The text, with control characters escaped.
        refspec: String,
        /// The rule it breaks.
        why: &'static str,
    },
    /// A path that cannot be that of a file in a commit.
    #[error("`{path}` cannot be the path of a file in a commit: {why}")]
    InvalidPath {
        /// The text, with control characters escaped.
        path: String,
        /// The rule it breaks.
        why: &'static str,
    },
    /// A commit or tag could not be signed; it was not made.
    #[error("cannot sign with {format}: {advice}{}", appended(stderr))]
    Signing {
        /// `gpg.format` of the user's configuration: `openpgp`, `ssh` or `x509`.
        format: String,
        /// What to set up.
        advice: &'static str,
        /// What git and its signing program wrote.
        stderr: String,
    },
    /// The files to commit are as they are in HEAD.
    #[error("nothing to commit in {}", dir.display())]
    NothingToCommit {
        /// The work tree.
        dir: PathBuf,
    },
    /// A directory that would have to be removed was not made by this crate.
    #[error("{} exists and was not made here; move it away", dir.display())]
    InTheWay {
        /// The directory.
        dir: PathBuf,
    },
    /// A file operation around git failed.
    #[error("cannot {action} {}", path.display())]
    File {
        /// What was attempted.
        action: &'static str,
        /// With what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// git could not be run.
    #[error("cannot run `{command}`")]
    Io {
        /// The words of the call.
        command: String,
        /// What the system said.
        source: io::Error,
    },
    /// git wrote something that cannot be understood.
    #[error("cannot understand the answer of `{command}`: {reason}")]
    Malformed {
        /// The words of the call.
        command: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl GitError {
    pub(super) fn failed(call: &Call, output: &Output) -> Self {
        Self::Failed { command: call.shown(), code: output.status, stderr: stderr(output) }
    }

    /// For calls that talk to a remote; see [`trouble`] for how the kinds are told apart.
    pub(super) fn remote_failed(call: &Call, output: &Output) -> Self {
        let (command, stderr) = (call.shown(), stderr(output));
        match trouble(output) {
            Trouble::Authentication => Self::AuthenticationFailed { command, stderr },
            Trouble::Unreachable => Self::Unreachable { command, stderr },
            Trouble::Other => Self::Failed { command, code: output.status, stderr },
        }
    }

    pub(super) fn malformed(call: &Call, reason: impl Into<String>) -> Self {
        Self::Malformed { command: call.shown(), reason: crate::redacted(&reason.into()).into_owned() }
    }

    pub(super) fn file(action: &'static str, path: &std::path::Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File { action, path: path.to_owned(), source }
    }

    pub(super) fn from_io(options: &GitOptions, call: &Call, source: io::Error) -> Self {
        match (source.kind(), options.network_timeout) {
            (io::ErrorKind::NotFound, _) => Self::NotFound { program: options.program.clone() },
            (io::ErrorKind::TimedOut, Some(timeout)) => Self::TimedOut { command: call.shown(), timeout },
            _ => Self::Io { command: call.shown(), source },
        }
    }
}

/// What git wrote for people, without credentials.
pub(super) fn stderr(output: &Output) -> String {
    crate::redacted(String::from_utf8_lossy(&output.stderr).trim()).into_owned()
}

/// Why a call to a remote failed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    Authentication,
    Unreachable,
    Other,
}

/// A guess: git's exit code only says "fatal" (128), so the words of git, curl and ssh have to tell the rest. They are stable
/// because the locale is fixed to C. The guess changes what is advised to the user, never what is done next.
pub(super) fn trouble(output: &Output) -> Trouble {
    const AUTHENTICATION: [&str; 9] = [
        "Authentication failed",
        "could not read Username",
        "could not read Password",
        "terminal prompts disabled",
        "Permission denied (",
        "Host key verification failed",
        "The requested URL returned error: 401",
        "The requested URL returned error: 403",
        "HTTP Basic: Access denied",
    ];
    const UNREACHABLE: [&str; 6] = [
        "Could not read from remote repository",
        "does not appear to be a git repository",
        "unable to access '",
        "unable to connect to ",
        "unable to look up ",
        "' not found",
    ];
    if output.status != Some(128) {
        return Trouble::Other;
    }
    let text = String::from_utf8_lossy(&output.stderr);
    if AUTHENTICATION.iter().any(|words| text.contains(words)) {
        Trouble::Authentication
    } else if UNREACHABLE.iter().any(|words| text.contains(words)) {
        Trouble::Unreachable
    } else {
        Trouble::Other
    }
}

fn ended(code: Option<i32>) -> String {
    match code {
        Some(code) => format!("ended with code {code}"),
        None => "was ended by a signal".to_owned(),
    }
}

pub(super) fn appended(stderr: &str) -> String {
    if stderr.is_empty() { String::new() } else { format!(": {stderr}") }
}

fn shown(object: Option<&ObjectId>) -> &str {
    object.map_or("absent", ObjectId::short)
}
