//! What the lines lack.

use serde::Serialize;
use tminus_vcs::{BranchName, LedgerEntry, LedgerOptions, LedgerState, RemoteName, Repository, Side};

use super::{BackportError, BackportRequest, lines, tips};

/// What became of the changes of the main branch on one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// The line.
    pub line: String,
    /// The changes, oldest first.
    pub changes: Vec<Change>,
}

/// One change of the main branch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The commit.
    pub commit: String,
    /// Its subject.
    pub subject: String,
    /// `landed`, `missing`, `reverted` or `empty`.
    pub state: &'static str,
    /// The commit that it landed as, or the other half of a revert.
    pub by: Option<String>,
    /// For a missing change: a commit of the line with the same subject, author and date.
    pub hint: Option<String>,
}

/// Compares the main branch with each line.
///
/// # Errors
///
/// As for [`super::backport`].
pub fn missing(
    repository: &Repository,
    remote: &RemoteName,
    main: &BranchName,
    to: &[BranchName],
) -> Result<Vec<Missing>, BackportError> {
    let request = BackportRequest {
        wanted: Vec::new(),
        to: to.to_vec(),
        remote: remote.clone(),
        main: main.clone(),
        dry_run: true,
        push: false,
        labels: Vec::new(),
    };
    let history = repository.history()?;
    let source = tips(repository, remote, main)?.into_iter().next();
    let source =
        source.ok_or_else(|| BackportError::NoSuchLine { line: main.clone(), remote: remote.clone() })?;
    let options = LedgerOptions { since: None, first_parent: true };
    lines(repository, &request)?
        .into_iter()
        .map(|(line, tip)| {
            let ledger = history.ledger(&source, &tip, &options)?;
            Ok(Missing { line: line.to_string(), changes: ledger.iter().map(change).collect() })
        })
        .collect()
}

fn change(entry: &LedgerEntry) -> Change {
    let (state, by) = match &entry.state {
        LedgerState::Landed { by, .. } => ("landed", Some(by)),
        LedgerState::Missing => ("missing", None),
        LedgerState::Reverted { with, on: Side::Source | Side::Target } => ("reverted", Some(with)),
        LedgerState::Empty => ("empty", None),
    };
    Change {
        commit: entry.commit.id.to_string(),
        subject: entry.commit.subject.clone(),
        state,
        by: by.map(ToString::to_string),
        hint: entry.hint.as_ref().map(ToString::to_string),
    }
}
