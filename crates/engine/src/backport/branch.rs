//! One line: what is there, what is missing, the branch that brings it.

use serde::Serialize;
use tminus_vcs::{
    BranchName, CommitId, Conflict, Expected, Git, History, LedgerOptions, LedgerState, ObjectId, Picks,
    PushMode, RefName, RefUpdate, Repository, Source,
};

use super::{BackportError, BackportForge, BackportRequest, NewPullRequest, Resolved};

/// What became of one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Backport {
    /// The line.
    pub to: String,
    /// The branch of the backport.
    pub branch: String,
    /// What happened.
    #[serde(flatten)]
    pub outcome: BackportOutcome,
    /// Commits that the line has already, with the commit there where it is known.
    pub already: Vec<Pair>,
    /// What became of the push, where one was asked for.
    pub pushed: Option<Pushed>,
}

/// A commit and what it became.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pair {
    /// The commit of the main branch.
    pub commit: String,
    /// The commit on the line or the branch, where there is one and it is known.
    pub by: Option<String>,
}

/// A file that cannot be merged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InConflict {
    /// Its path.
    pub path: String,
    /// git's word for the conflict.
    pub kind: String,
}

/// What happened to the branch of a backport.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum BackportOutcome {
    /// The line has everything already.
    AlreadyThere,
    /// The branch was made, or would be.
    Created {
        /// Each picked commit, and the new one unless nothing was written.
        commits: Vec<Pair>,
    },
    /// The branch was made anew on the line's present tip, or would be.
    Renewed {
        /// As for a new one.
        commits: Vec<Pair>,
    },
    /// The branch is as it should be.
    Unchanged,
    /// The branch holds picks that somebody has finished or changed by hand; it was left alone.
    Kept,
    /// A commit cannot be picked; nothing was written.
    Conflict {
        /// The commit.
        commit: String,
        /// The files.
        files: Vec<InConflict>,
        /// How to go on by hand.
        commands: Vec<String>,
    },
}

/// What became of a push.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pushed {
    /// Whether the remote has changed.
    pub changed: bool,
    /// The page of the pull request, where the forge made or has one.
    pub pull_request: Option<String>,
    /// The title that a pull request should have.
    pub title: String,
}

/// What all lines have in common.
pub(super) struct Work<'a> {
    pub(super) repository: &'a Repository,
    pub(super) history: &'a History,
    pub(super) git: &'a Git,
    pub(super) forge: Option<&'a dyn BackportForge>,
    pub(super) request: &'a BackportRequest,
    pub(super) resolved: &'a [Resolved],
}

impl Work<'_> {
    pub(super) fn line(&self, line: &BranchName, tip: &CommitId) -> Result<Backport, BackportError> {
        let branch = self.branch(line)?;
        let (sources, mut already) = self.lacking(tip)?;
        let mut backport = Backport {
            to: line.to_string(),
            branch: branch.to_string(),
            outcome: BackportOutcome::AlreadyThere,
            already: Vec::new(),
            pushed: None,
        };
        let existing = self.repository.branch(&branch)?;
        let picks = self.history.pick_all(self.git, &sources, tip)?;
        already.extend(picks.empty().iter().map(|commit| Pair { commit: commit.to_string(), by: None }));
        backport.already = already;
        backport.outcome = match (picks.conflict(), &existing) {
            (None, _) if picks.tree().is_none() => BackportOutcome::AlreadyThere,
            (_, Some(existing)) => self.renewed(&branch, tip, existing, &sources, &picks)?,
            (Some((commit, files)), None) => self.conflict(line, &branch, commit, files, &sources),
            (None, None) => {
                BackportOutcome::Created { commits: self.written(&branch, &picks, &Expected::Absent)? }
            }
        };
        let there =
            !matches!(backport.outcome, BackportOutcome::AlreadyThere | BackportOutcome::Conflict { .. });
        if self.request.push && !self.request.dry_run && there {
            backport.pushed = Some(self.push(line, &branch, existing.as_ref())?);
        }
        Ok(backport)
    }

    fn branch(&self, line: &BranchName) -> Result<BranchName, BackportError> {
        let labels: Vec<_> = self.resolved.iter().map(|resolved| resolved.label.as_str()).collect();
        let name = format!("backport/{}/to/{line}", labels.join("-"));
        name.parse().map_err(|_| BackportError::NoSuchCommit(name))
    }

    /// What the line does not have yet, and what it has.
    fn lacking(&self, tip: &CommitId) -> Result<(Vec<Source>, Vec<Pair>), BackportError> {
        let (mut lacking, mut there) = (Vec::new(), Vec::new());
        for source in self.resolved.iter().flat_map(|resolved| &resolved.sources) {
            let id = source.commit.to_string();
            if self.history.is_ancestor(&source.commit, tip)? {
                there.push(Pair { by: Some(id.clone()), commit: id });
                continue;
            }
            let commit = self.repository.log(std::slice::from_ref(&source.commit), &[], true, 1)?;
            let since = commit.first().and_then(|commit| commit.parents.first().cloned());
            let options = LedgerOptions { since, first_parent: true };
            let ledger = self.history.ledger(&source.commit, tip, &options)?;
            let entry = ledger.into_iter().find(|entry| entry.commit.id == source.commit);
            match entry.map(|entry| entry.state) {
                Some(LedgerState::Landed { by, .. }) => {
                    there.push(Pair { commit: id, by: Some(by.to_string()) });
                }
                Some(LedgerState::Empty) => there.push(Pair { commit: id, by: None }),
                _ => lacking.push(source.clone()),
            }
        }
        Ok((lacking, there))
    }

    fn written(
        &self,
        branch: &BranchName,
        picks: &Picks,
        expected: &Expected,
    ) -> Result<Vec<Pair>, BackportError> {
        if self.request.dry_run {
            return Ok(picks.picked().map(|commit| Pair { commit: commit.to_string(), by: None }).collect());
        }
        let written = picks.write(self.git, branch, expected)?;
        let pair =
            |(old, new): &(CommitId, CommitId)| Pair { commit: old.to_string(), by: Some(new.to_string()) };
        Ok(written.commits.iter().map(pair).collect())
    }

    /// A branch that is there is made anew only where nobody has changed it.
    fn renewed(
        &self,
        branch: &BranchName,
        tip: &CommitId,
        existing: &CommitId,
        sources: &[Source],
        picks: &Picks,
    ) -> Result<BackportOutcome, BackportError> {
        let options = std::slice::from_ref(tip);
        let ours = self.repository.log(std::slice::from_ref(existing), options, false, usize::MAX)?;
        let traces = |source: &Source| {
            let trailer = format!("(cherry picked from commit {})", source.commit);
            ours.iter().any(|commit| commit.message.contains(&trailer))
        };
        if ours.is_empty() || !sources.iter().all(traces) {
            return Err(BackportError::InTheWay { branch: branch.clone() });
        }
        let base = self.history.merge_base(tip, existing)?;
        let tree = ours.first().map(|commit| commit.tree.clone());
        let same_tree = |picks: &Picks| picks.tree().map(ObjectId::as_str) == tree.as_deref();
        if base.as_ref() == Some(tip) {
            let same = picks.conflict().is_none() && same_tree(picks) && ours.len() == picks.picked().count();
            return Ok(if same { BackportOutcome::Unchanged } else { BackportOutcome::Kept });
        }
        let Some(base) = base else { return Ok(BackportOutcome::Kept) };
        let as_made = self.history.pick_all(self.git, sources, &base)?;
        let untouched = as_made.conflict().is_none() && same_tree(&as_made);
        if !untouched || picks.conflict().is_some() || ours.len() != as_made.picked().count() {
            return Ok(BackportOutcome::Kept);
        }
        let expected = Expected::At(ObjectId::from(existing));
        Ok(BackportOutcome::Renewed { commits: self.written(branch, picks, &expected)? })
    }

    fn conflict(
        &self,
        line: &BranchName,
        branch: &BranchName,
        commit: &CommitId,
        files: &[Conflict],
        sources: &[Source],
    ) -> BackportOutcome {
        let remote = &self.request.remote;
        let tracked = format!("refs/remotes/{remote}/{line}").parse::<RefName>();
        let tracked = tracked.ok().and_then(|name| self.repository.reference(&name).ok().flatten());
        let start = if tracked.is_some() { format!("{remote}/{line}") } else { line.to_string() };
        let mut commands = vec![format!("git switch --no-track -c {branch} {start}")];
        commands.extend(sources.iter().map(|source| match source.mainline {
            Some(number) => format!("git cherry-pick -x -m {number} {}", source.commit),
            None => format!("git cherry-pick -x {}", source.commit),
        }));
        let files = files
            .iter()
            .map(|file| InConflict { path: file.path.clone(), kind: file.kind.clone() })
            .collect();
        BackportOutcome::Conflict { commit: commit.to_string(), files, commands }
    }

    /// Pushes the branch: moved backwards only under a lease on what this repository has made or fetched.
    fn push(
        &self,
        line: &BranchName,
        branch: &BranchName,
        before: Option<&CommitId>,
    ) -> Result<Pushed, BackportError> {
        let remote = &self.request.remote;
        let name = RefName::from(branch);
        let local =
            self.repository.branch(branch)?.ok_or_else(|| BackportError::NoSuchCommit(branch.to_string()))?;
        let theirs = self.git.ls_remote(remote)?.get(&name);
        let changed = theirs.as_ref() != Some(&ObjectId::from(&local));
        if changed {
            let expect = match theirs {
                None => Expected::Absent,
                Some(theirs) if before.is_some_and(|before| ObjectId::from(before) == theirs) => {
                    Expected::At(theirs)
                }
                // Somebody has pushed to it: only a move forward is ours to make.
                Some(theirs) => {
                    let known = theirs.as_str().parse::<CommitId>().ok();
                    let known = known.filter(|id| self.repository.contains(id).unwrap_or(false));
                    match known {
                        Some(id) if self.history.is_ancestor(&id, &local)? => Expected::At(theirs),
                        _ => return Err(BackportError::InTheWay { branch: branch.clone() }),
                    }
                }
            };
            let update = RefUpdate { local: ObjectId::from(&local), remote_ref: name, expect: Some(expect) };
            self.git.push(remote, &[update], PushMode::default())?;
        }
        let new = self.pull_request(line);
        let title = new.title.clone();
        let page = self.forge.map(|forge| forge.pull_request(branch, &new, changed)).transpose();
        Ok(Pushed { changed, pull_request: page.map_err(BackportError::Forge)?.flatten(), title })
    }

    fn pull_request(&self, line: &BranchName) -> NewPullRequest {
        let subject = self.resolved.first().map(|resolved| resolved.subject.as_str()).unwrap_or_default();
        let names: Vec<_> = self.resolved.iter().map(|resolved| resolved.name.as_str()).collect();
        let sources = self.resolved.iter().flat_map(|resolved| &resolved.sources);
        let picked: String = sources.map(|source| format!("- {}\n", source.commit)).collect();
        NewPullRequest {
            base: line.clone(),
            title: format!("[{line}] {subject}"),
            body: format!("Backport of {} to {line}.\n\nCommits:\n\n{picked}", names.join(", ")),
            labels: self.request.labels.clone(),
        }
    }
}
