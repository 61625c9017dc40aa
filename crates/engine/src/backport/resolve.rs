//! From the number of a pull request, or a revision, to commits.

use std::fmt;
use std::str::FromStr;

use tminus_vcs::{BranchName, Commit, CommitId, Repository, Source};

use super::{BackportError, BackportForge};

/// What somebody wants to have elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// A pull request by its number.
    PullRequest(u64),
    /// A commit: an id, a short id, a tag.
    Commit(String),
}

impl FromStr for Wanted {
    type Err = String;

    /// `#12` is a pull request. So is `12`, which is too short for the id of a commit.
    ///
    /// ```
    /// use tminus_engine::backport::Wanted;
    ///
    /// assert_eq!("#12".parse(), Ok(Wanted::PullRequest(12)));
    /// assert_eq!("12".parse(), Ok(Wanted::PullRequest(12)));
    /// assert_eq!("1234567".parse(), Ok(Wanted::Commit("1234567".to_owned())));
    /// assert!("#x".parse::<Wanted>().is_err());
    /// ```
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // git shows no id with fewer digits than seven by itself.
        const SHORT_ID: usize = 7;
        let number = |digits: &str| digits.parse::<u64>().ok().filter(|number| *number > 0);
        match text.strip_prefix('#') {
            Some(digits) => number(digits)
                .map(Self::PullRequest)
                .ok_or_else(|| format!("`{text}` is not the number of a pull request, such as #12")),
            None if text.len() < SHORT_ID && text.bytes().all(|byte| byte.is_ascii_digit()) => number(text)
                .map(Self::PullRequest)
                .ok_or_else(|| format!("`{text}` is not the number of a pull request, such as #12")),
            None if text.is_empty() || text.starts_with('-') => Err(format!("`{text}` is no commit")),
            None => Ok(Self::Commit(text.to_owned())),
        }
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PullRequest(number) => write!(f, "#{number}"),
            Self::Commit(revision) => f.write_str(revision),
        }
    }
}

/// The commits of what is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// How a branch is named after it: the number, or a short id.
    pub label: String,
    /// How people call it: `#12` or a short id.
    pub name: String,
    /// What its first commit is called.
    pub subject: String,
    /// What to pick, oldest first.
    pub sources: Vec<Source>,
}

pub(super) fn resolve(
    repository: &Repository,
    forge: Option<&dyn BackportForge>,
    mains: &[CommitId],
    main: &BranchName,
    wanted: &Wanted,
) -> Result<Resolved, BackportError> {
    let commits = match wanted {
        Wanted::Commit(revision) => {
            let id = repository.resolve(revision)?;
            vec![id.ok_or_else(|| BackportError::NoSuchCommit(revision.clone()))?]
        }
        Wanted::PullRequest(number) => {
            // The forge knows how it was merged; of a rebase no message says so.
            let asked = forge.map(|forge| forge.commits_of(*number)).transpose().map(Option::flatten);
            let told = asked.as_ref().ok().cloned().flatten().unwrap_or_default();
            let found = if told.is_empty() { of_pull_request(repository, mains, *number)? } else { told };
            match asked {
                Err(why) if found.is_empty() => return Err(BackportError::Forge(why)),
                _ if found.is_empty() => {
                    return Err(BackportError::NoSuchPullRequest { number: *number, main: main.clone() });
                }
                _ => found,
            }
        }
    };
    let mut sources = Vec::new();
    let mut subject = String::new();
    for id in &commits {
        let commit = repository.log(std::slice::from_ref(id), &[], true, 1)?.into_iter().next();
        let commit = commit.ok_or_else(|| BackportError::NoSuchCommit(id.to_string()))?;
        if subject.is_empty() {
            subject = title(&commit);
        }
        sources.push(source(&commit));
    }
    let first = commits.first().map(|id| id.short().to_owned()).unwrap_or_default();
    let (label, name) = match wanted {
        Wanted::PullRequest(number) => (number.to_string(), format!("#{number}")),
        Wanted::Commit(_) => (first.clone(), first),
    };
    Ok(Resolved { label, name, subject, sources })
}

/// What the change is called: the forge writes the title of a pull request below the subject of its merge.
fn title(commit: &Commit) -> String {
    let below = commit.message.lines().skip(1).find(|line| !line.trim().is_empty());
    match below {
        Some(title) if commit.subject.starts_with("Merge pull request #") => title.trim().to_owned(),
        _ => commit.subject.clone(),
    }
}

/// A merge stands for what it brought to its first parent.
fn source(commit: &Commit) -> Source {
    Source { commit: commit.id.clone(), mainline: (commit.parents.len() > 1).then_some(1) }
}

/// The commits by which a pull request arrived, oldest first.
fn of_pull_request(
    repository: &Repository,
    mains: &[CommitId],
    number: u64,
) -> Result<Vec<CommitId>, BackportError> {
    // A merged pull request is on the first parents; a branch that was pulled in with it may name others.
    for first_parent in [true, false] {
        let commits = repository.log(mains, &[], first_parent, usize::MAX)?;
        let found: Vec<_> = commits.iter().rev().filter(|commit| names(commit, number)).collect();
        if let Some(merge) = found.iter().find(|commit| commit.parents.len() > 1) {
            return Ok(vec![merge.id.clone()]);
        }
        if !found.is_empty() {
            return Ok(found.into_iter().map(|commit| commit.id.clone()).collect());
        }
    }
    Ok(Vec::new())
}

/// `Title (#12)` of a squash or rebase, `Merge pull request #12 from …` of a merge.
fn names(commit: &Commit, number: u64) -> bool {
    let merged = commit.subject.strip_prefix("Merge pull request #").is_some_and(|rest| {
        let digits = rest.split(' ').next().unwrap_or_default();
        digits.parse() == Ok(number)
    });
    commit.subject.trim_end().ends_with(&format!("(#{number})")) || (merged && commit.parents.len() > 1)
}
