//! Which changes of one branch are missing on another.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::History;
use super::patch_id::{PatchId, PatchIdKind, Patches, pair};
use crate::names::CommitId;
use crate::repository::{Commit, RepositoryError, gix_id};

/// How a change is recorded in the message of a pick.
const PICKED: &str = "(cherry picked from commit ";
/// How a change is recorded in the message of its revert.
const REVERTS: &str = "This reverts commit ";
/// Shorter numbers mean too much.
const SHORTEST_ID: usize = 7;
/// How many picks of picks are followed.
const LONGEST_CHAIN: usize = 64;

/// What belongs into a ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerOptions {
    /// Leaves out what this commit (a tag, for instance) contains.
    pub since: Option<CommitId>,
    /// Follows only the first parents of the source branch: a merge stands for all that it brought. Otherwise all commits
    /// count and merges are passed over, as in `git cherry`.
    pub first_parent: bool,
}

/// One change of the source branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerEntry {
    /// The commit.
    pub commit: Commit,
    /// What became of it on the target branch.
    pub state: LedgerState,
    /// The commit of the target branch with an equal patch, whatever else is known: `git cherry` shows `-` where there is
    /// one, and `+` where there is none.
    pub same_patch: Option<CommitId>,
    /// For a missing change: a commit of the target branch with the same subject, author and author's date. It may be the
    /// same change after a conflict was resolved; somebody has to look.
    pub hint: Option<CommitId>,
}

/// What became of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LedgerState {
    /// It is on the target branch.
    Landed {
        /// As this commit.
        by: CommitId,
        /// How that is known.
        how: Landing,
    },
    /// It is not on the target branch.
    Missing,
    /// It was taken back.
    Reverted {
        /// The other half: the revert, or for a revert that has nothing to take back on the target branch, what it reverts.
        with: CommitId,
        /// On which branch.
        on: Side,
    },
    /// It changes nothing.
    Empty,
}

/// How a change is known to have landed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Landing {
    /// A commit of the target branch makes the same change.
    Patch,
    /// The message of one of the two names the other, or both name the same third commit, maybe over several picks.
    Trailer,
}

/// One of the two branches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The branch whose changes are listed.
    Source,
    /// The branch on which they may be missing.
    Target,
}

impl History {
    /// The changes that are on `source` and not in the history of `target`, oldest first, and what became of each.
    ///
    /// A change has landed if a commit that only `target` has makes the same patch, or if their messages name each other in
    /// `(cherry picked from commit …)`. It has not if that commit was reverted afterwards (`This reverts commit …`), unless the
    /// revert was reverted in turn.
    ///
    /// ```
    /// # use tminus_vcs::{CommitId, History, LedgerOptions, LedgerState, RepositoryError};
    /// # fn demo(history: &History, main: &CommitId, line: &CommitId) -> Result<(), RepositoryError> {
    /// let ledger = history.ledger(main, line, &LedgerOptions::default())?;
    /// let missing = ledger.iter().filter(|entry| entry.state == LedgerState::Missing);
    /// for entry in missing {
    ///     assert!(entry.same_patch.is_none());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`History::merge_bases`] and [`History::patch_ids`].
    pub fn ledger(
        &self,
        source: &CommitId,
        target: &CommitId,
        options: &LedgerOptions,
    ) -> Result<Vec<LedgerEntry>, RepositoryError> {
        // In a shallow clone nobody knows what is on one branch only: this says so.
        self.merge_bases(source, std::slice::from_ref(target))?;
        let mut hidden = vec![target.clone()];
        hidden.extend(options.since.clone());
        let tips = std::slice::from_ref(source);
        let mut ours = self.repository.log(tips, &hidden, options.first_parent, usize::MAX)?;
        if !options.first_parent {
            ours.retain(|commit| commit.parents.len() < 2);
        }
        let theirs = self.repository.log(std::slice::from_ref(target), tips, false, usize::MAX)?;
        let repository = self.local();
        let mut book = Book { repository: &repository, commits: HashMap::new(), ids: BTreeSet::new() };
        for commit in ours.iter().chain(&theirs) {
            book.ids.insert(commit.id.as_str().to_owned());
            book.commits.insert(commit.id.clone(), Some(commit.message.clone()));
        }
        let patches = patches(&repository, &ours, &theirs, options.first_parent)?;
        let ours = Branch::read(&mut book, ours);
        let theirs = Branch::read(&mut book, theirs);
        Ok(entries(&ours, &theirs, &patches))
    }
}

/// What is known of the patches of both branches.
struct SamePatch {
    /// Commits that change nothing.
    empty: HashSet<CommitId>,
    /// For commits of the source, those of the target with the same patch, newest first.
    same: HashMap<CommitId, Vec<CommitId>>,
}

/// Compares which files are touched first, as git does: only where that is equal, contents have to be read.
fn patches(
    repository: &gix::Repository,
    ours: &[Commit],
    theirs: &[Commit],
    merges: bool,
) -> Result<SamePatch, RepositoryError> {
    let mut patches = Patches::open(repository, PatchIdKind::Cherry)?;
    let mut empty = HashSet::new();
    let mut headers = |commits: &[Commit]| -> Result<Vec<(CommitId, PatchId)>, RepositoryError> {
        let mut found = Vec::new();
        for commit in commits {
            let Some((old, new)) = trees(repository, commit, merges)? else { continue };
            match patches.header(old, new)? {
                Some(header) => found.push((commit.id.clone(), header)),
                None => _ = empty.insert(commit.id.clone()),
            }
        }
        Ok(found)
    };
    let (ours_by_header, theirs_by_header) = (headers(ours)?, headers(theirs)?);
    let shared: HashSet<_> = {
        let ours: HashSet<_> = ours_by_header.iter().map(|(_, header)| header.clone()).collect();
        theirs_by_header
            .iter()
            .map(|(_, header)| header.clone())
            .filter(|header| ours.contains(header))
            .collect()
    };
    let is_shared = |entry: &&(CommitId, PatchId)| shared.contains(&entry.1);
    let mut full = |id: &CommitId| -> Result<Option<PatchId>, RepositoryError> {
        match pair(repository, id, None)?
            .map_or_else(|| pair(repository, id, Some(1)), |pair| Ok(Some(pair)))?
        {
            Some((old, new)) => patches.id(old, new),
            None => Ok(None),
        }
    };
    let mut by_id: HashMap<PatchId, Vec<CommitId>> = HashMap::new();
    for (commit, _) in theirs_by_header.iter().filter(is_shared) {
        if let Some(id) = full(commit)? {
            by_id.entry(id).or_default().push(commit.clone());
        }
    }
    let mut same = HashMap::new();
    for (commit, _) in ours_by_header.iter().filter(is_shared) {
        if let Some(found) = full(commit)?.and_then(|id| by_id.get(&id)) {
            same.insert(commit.clone(), found.clone());
        }
    }
    // For git all commits that change nothing are equal.
    let hollow = |commits: &[Commit]| -> Vec<CommitId> {
        commits.iter().map(|commit| &commit.id).filter(|id| empty.contains(*id)).cloned().collect()
    };
    let hollow_theirs = hollow(theirs);
    if !hollow_theirs.is_empty() {
        same.extend(hollow(ours).into_iter().map(|id| (id, hollow_theirs.clone())));
    }
    Ok(SamePatch { empty, same })
}

fn trees(
    repository: &gix::Repository,
    commit: &Commit,
    merges: bool,
) -> Result<Option<(gix::ObjectId, gix::ObjectId)>, RepositoryError> {
    match commit.parents.len() {
        0 | 1 => pair(repository, &commit.id, None),
        _ if merges => pair(repository, &commit.id, Some(1)),
        _ => Ok(None),
    }
}

/// Messages of commits, also of those that are on neither branch.
struct Book<'r> {
    repository: &'r gix::Repository,
    commits: HashMap<CommitId, Option<String>>,
    /// The ids of both branches, for abbreviations.
    ids: BTreeSet<String>,
}

impl Book<'_> {
    fn message(&mut self, id: &CommitId) -> Option<String> {
        let repository = self.repository;
        let read = || {
            let id = gix_id(&id.into());
            // A pick may name a commit of a branch that was deleted: no reason to fail.
            let object = repository.try_find_object(id).ok().flatten()?;
            super::decode::commit(id, &object.data).ok()
        };
        self.commits.entry(id.clone()).or_insert_with(|| read().map(|commit| commit.message)).clone()
    }

    /// The commit that an id in a message means.
    fn named(&self, text: &str) -> Option<CommitId> {
        let end = text.find(|letter: char| !letter.is_ascii_hexdigit()).unwrap_or(text.len());
        let text = text.get(..end)?.to_ascii_lowercase();
        if let Ok(id) = text.parse() {
            return Some(id);
        }
        if text.len() < SHORTEST_ID {
            return None;
        }
        let mut found = self.ids.range(text.clone()..).take_while(|id| id.starts_with(&text));
        let only = found.next()?;
        if found.next().is_some() { None } else { only.parse().ok() }
    }

    /// The commits after a phrase wherever it begins in a message.
    fn after(&self, message: &str, phrase: &str) -> Vec<CommitId> {
        message.split(phrase).skip(1).filter_map(|rest| self.named(rest.trim_start())).collect()
    }

    /// A commit and all that it was picked from.
    fn origins(&mut self, id: &CommitId) -> HashSet<CommitId> {
        let mut found = HashSet::from([id.clone()]);
        let mut next = vec![id.clone()];
        while let Some(id) = next.pop() {
            let Some(message) = self.message(&id) else { continue };
            for origin in self.after(&message, PICKED) {
                if found.len() < LONGEST_CHAIN && found.insert(origin.clone()) {
                    next.push(origin);
                }
            }
        }
        found
    }
}

/// One side, newest first.
struct Branch {
    commits: Vec<Known>,
    /// What each commit reverts, by position, with the position of the revert. A revert stands before what it reverts.
    reverts: HashMap<CommitId, Vec<usize>>,
}

struct Known {
    commit: Commit,
    origins: HashSet<CommitId>,
    reverts: Vec<CommitId>,
}

impl Branch {
    fn read(book: &mut Book<'_>, commits: Vec<Commit>) -> Self {
        let mut branch = Self { commits: Vec::new(), reverts: HashMap::new() };
        for (position, commit) in commits.into_iter().enumerate() {
            let origins = book.origins(&commit.id);
            let reverts = book.after(&commit.message, REVERTS);
            for target in &reverts {
                branch.reverts.entry(target.clone()).or_default().push(position);
            }
            branch.commits.push(Known { commit, origins, reverts });
        }
        branch
    }

    /// The commit that took this one back and is still in force.
    fn undone(&self, position: usize) -> Option<&Known> {
        let known = self.commits.get(position)?;
        let mut reverts: Vec<_> =
            known.origins.iter().filter_map(|id| self.reverts.get(id)).flatten().copied().collect();
        reverts.sort_unstable();
        // Only what is newer can take back; so the positions fall, and this ends.
        reverts
            .into_iter()
            .filter(|revert| *revert < position)
            .find(|revert| self.undone(*revert).is_none())
            .and_then(|revert| self.commits.get(revert))
    }

    fn positions(&self) -> HashMap<&CommitId, usize> {
        self.commits.iter().enumerate().map(|(position, known)| (&known.commit.id, position)).collect()
    }
}

/// Puts together what is known, oldest first.
fn entries(ours: &Branch, theirs: &Branch, patches: &SamePatch) -> Vec<LedgerEntry> {
    let theirs_at = theirs.positions();
    let mut by_origin: HashMap<&CommitId, Vec<usize>> = HashMap::new();
    for (position, known) in theirs.commits.iter().enumerate() {
        for origin in &known.origins {
            by_origin.entry(origin).or_default().push(position);
        }
    }
    let mut by_name: HashMap<_, &CommitId> = HashMap::new();
    for known in &theirs.commits {
        by_name.entry(name(&known.commit)).or_insert(&known.commit.id);
    }
    let landed = |known: &Known| -> Vec<(usize, Landing)> {
        let same = patches.same.get(&known.commit.id).into_iter().flatten();
        let by_patch = same.filter_map(|id| Some((*theirs_at.get(id)?, Landing::Patch)));
        let by_trailer = known.origins.iter().filter_map(|id| by_origin.get(id)).flatten();
        let by_trailer = by_trailer.map(|position| (*position, Landing::Trailer));
        let mut found: Vec<_> = by_patch.chain(by_trailer).collect();
        found.sort_by_key(|(position, how)| (*position, *how != Landing::Patch));
        found
    };
    // Whether the target has a change in force, by the id on the source.
    let in_force: HashSet<CommitId> = ours
        .commits
        .iter()
        .filter(|known| landed(known).iter().any(|(position, _)| theirs.undone(*position).is_none()))
        .map(|known| known.commit.id.clone())
        .collect();
    let ours_at = ours.positions();
    let mut found = Vec::new();
    for (position, known) in ours.commits.iter().enumerate().rev() {
        let landings = landed(known);
        let alive = landings.iter().find(|(position, _)| theirs.undone(*position).is_none());
        let reverted_there = landings.iter().find_map(|(position, _)| theirs.undone(*position));
        let moot = || {
            let target = known.reverts.iter().find(|target| ours_at.contains_key(target))?;
            (ours.undone(position).is_none() && !in_force.contains(target)).then_some(target)
        };
        let state = if patches.empty.contains(&known.commit.id) {
            LedgerState::Empty
        } else if let Some((position, how)) = alive {
            let by = theirs.commits.get(*position).map(|known| known.commit.id.clone());
            by.map_or(LedgerState::Missing, |by| LedgerState::Landed { by, how: *how })
        } else if let Some(revert) = reverted_there {
            LedgerState::Reverted { with: revert.commit.id.clone(), on: Side::Target }
        } else if let Some(revert) = ours.undone(position) {
            LedgerState::Reverted { with: revert.commit.id.clone(), on: Side::Source }
        } else if let Some(target) = moot() {
            LedgerState::Reverted { with: target.clone(), on: Side::Source }
        } else {
            LedgerState::Missing
        };
        let hint =
            (state == LedgerState::Missing).then(|| by_name.get(&name(&known.commit)).copied().cloned());
        found.push(LedgerEntry {
            same_patch: patches.same.get(&known.commit.id).and_then(|same| same.first().cloned()),
            hint: hint.flatten(),
            commit: known.commit.clone(),
            state,
        });
    }
    found
}

/// What two versions of a change have in common although their patches differ.
fn name(commit: &Commit) -> (&str, &str, &str, i64) {
    (&commit.subject, &commit.author.name, &commit.author.email, commit.author_time_seconds)
}
