//! Who descends from whom, and what was committed.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeSet, BinaryHeap, HashSet};

use gix::bstr::ByteSlice;

use super::objects::{commit_object, gix_id};
use super::settings::{identity, likely_remote};
use super::{Identity, Repository, RepositoryError, reading, trailers};
use crate::names::{CommitId, ObjectId};

/// A commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its id.
    pub id: CommitId,
    /// Its parents, the branch that was merged into first; also those that a shallow clone left out.
    pub parents: Vec<CommitId>,
    /// The id of its tree.
    pub tree: String,
    /// The first paragraph of the message on one line.
    pub subject: String,
    /// The whole message as written; bytes that are not UTF-8 appear as `\u{fffd}`.
    pub message: String,
    /// Who wrote the change.
    pub author: Identity,
    /// When the author wrote it, in seconds since 1970.
    pub author_time_seconds: i64,
    /// When it was committed, in seconds since 1970.
    pub time_seconds: i64,
    /// The trailers (`Key: value`) at the end of the message, in order; see [`trailers`](crate::trailers).
    pub trailers: Vec<(String, String)>,
}

impl Repository {
    /// Whether `descendant` is `ancestor` or comes after it.
    ///
    /// # Errors
    ///
    /// [`RepositoryError::MissingObject`] if one of them has not been fetched, [`RepositoryError::MissingHistory`] if a
    /// shallow clone ends before the answer is sure. Both name the command that helps.
    pub fn is_ancestor(&self, ancestor: &CommitId, descendant: &CommitId) -> Result<bool, RepositoryError> {
        let repository = self.fresh()?;
        commit_object(&repository, ancestor)?;
        commit_object(&repository, descendant)?;
        let (one, two) = (gix_id(&ancestor.into()), gix_id(&descendant.into()));
        let base = repository.merge_base(one, two).map_err(reading("compare", ancestor.short()))?;
        // What gix finds is always a common ancestor, but where committers' clocks ran backwards not always the best one
        // (0.90). So only these two answers are sure, and any other is checked commit by commit.
        match base.map(gix::Id::detach) {
            Some(base) if base == one => return Ok(true),
            Some(base) if base == two => return Ok(false),
            _ => {}
        }
        let found = walk_to(&repository, two, HashSet::from([one]))?;
        // In a complete history that is the answer.
        if !found.is_empty() || !repository.is_shallow().map_err(reading("read", "the shallow file"))? {
            return Ok(!found.is_empty());
        }
        Err(RepositoryError::MissingHistory { id: ancestor.into(), remote: likely_remote(&repository) })
    }

    /// Those of the candidates that `descendant` is or comes after: [`Repository::is_ancestor`] for many at the price of one.
    ///
    /// # Errors
    ///
    /// As for [`Repository::is_ancestor`], except that candidates which have not been fetched are left out.
    pub fn ancestors_among(
        &self,
        candidates: &[CommitId],
        descendant: &CommitId,
    ) -> Result<BTreeSet<CommitId>, RepositoryError> {
        let repository = self.fresh()?;
        commit_object(&repository, descendant)?;
        let ids: HashSet<_> =
            candidates.iter().map(|id| gix_id(&id.into())).filter(|id| repository.has_object(id)).collect();
        let found = walk_to(&repository, gix_id(&descendant.into()), ids.clone())?;
        let lacking = ids.iter().find(|id| !found.contains(*id));
        if let (Some(id), true) =
            (lacking, repository.is_shallow().map_err(reading("read", "the shallow file"))?)
        {
            return Err(RepositoryError::MissingHistory {
                id: ObjectId::from_gix(id),
                remote: likely_remote(&repository),
            });
        }
        Ok(found.iter().map(|id| CommitId::from_gix(id)).collect())
    }

    /// The commits that can be reached from `tips` and not from `hidden`, newest first, at most `limit` of them: what
    /// `git log TIPS --not HIDDEN` lists. With `first_parent`, only the first parent of each merge is followed from the tips.
    ///
    /// # Errors
    ///
    /// A tip or hidden commit has not been fetched, or a commit is unreadable.
    pub fn log(
        &self,
        tips: &[CommitId],
        hidden: &[CommitId],
        first_parent: bool,
        limit: usize,
    ) -> Result<Vec<Commit>, RepositoryError> {
        let repository = self.fresh()?;
        for id in tips.iter().chain(hidden) {
            commit_object(&repository, id)?;
        }
        // The walks of gix 0.90 that hide commits or follow first parents err where committers' clocks ran backwards; its
        // plain walk does not. So what is hidden is collected first, and the rest is walked here.
        let failed = || reading("walk", "the history");
        let mut seen = HashSet::new();
        for info in repository.rev_walk(hidden.iter().map(|id| gix_id(&id.into()))).all().map_err(failed())? {
            seen.insert(info.map_err(failed())?.id);
        }
        let shallow = repository.shallow_commits().map_err(reading("read", "the shallow file"))?;
        let is_cut = |id: &gix::ObjectId| shallow.as_ref().is_some_and(|cut| cut.contains(id));
        let mut queue = BinaryHeap::new();
        let mut order = 0_u64;
        let mut commits = Vec::new();
        let mut next: Vec<_> = tips.iter().map(|id| gix_id(&id.into())).collect();
        while commits.len() < limit {
            for id in next.drain(..).filter(|id| seen.insert(*id)) {
                let (commit, parents) = commit(&repository, id)?;
                let parents = if is_cut(&id) { Vec::new() } else { parents };
                order += 1;
                queue.push(Queued { time: commit.time_seconds, order: Reverse(order), commit, parents });
            }
            let Some(Queued { commit, parents, .. }) = queue.pop() else { break };
            next.extend(parents.into_iter().take(if first_parent { 1 } else { usize::MAX }));
            commits.push(commit);
        }
        Ok(commits)
    }

    /// The commit that a revision such as `HEAD~3`, `v1.0` or an abbreviated id means; `None` if it means nothing, several
    /// things, or something that is not a commit.
    ///
    /// # Errors
    ///
    /// The repository cannot be opened any more.
    pub fn resolve(&self, revision: &str) -> Result<Option<CommitId>, RepositoryError> {
        let repository = self.fresh()?;
        let Ok(id) = repository.rev_parse_single(revision) else { return Ok(None) };
        let commit = id.object().ok().and_then(|object| object.peel_to_kind(gix::objs::Kind::Commit).ok());
        Ok(commit.map(|commit| CommitId::from_gix(&commit.id)))
    }
}

/// Those of the wanted commits that can be reached from `tip`.
fn walk_to(
    repository: &gix::Repository,
    tip: gix::ObjectId,
    mut wanted: HashSet<gix::ObjectId>,
) -> Result<HashSet<gix::ObjectId>, RepositoryError> {
    let failed = || reading("walk", "the history");
    let mut found = HashSet::new();
    for info in repository.rev_walk([tip]).all().map_err(failed())? {
        if wanted.is_empty() {
            break;
        }
        found.extend(wanted.take(&info.map_err(failed())?.id));
    }
    Ok(found)
}

/// A commit whose turn has not come: the newest goes first, of equally new ones the one found first, as in git.
struct Queued {
    time: i64,
    order: Reverse<u64>,
    commit: Commit,
    parents: Vec<gix::ObjectId>,
}

impl Ord for Queued {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.time, self.order).cmp(&(other.time, other.order))
    }
}

impl PartialOrd for Queued {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Queued {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Queued {}

fn commit(
    repository: &gix::Repository,
    id: gix::ObjectId,
) -> Result<(Commit, Vec<gix::ObjectId>), RepositoryError> {
    let failed = || reading("read commit", id);
    let object = repository.find_commit(id).map_err(failed())?;
    let content = object.decode().map_err(failed())?;
    let author = content.author().map_err(failed())?;
    let committer = content.committer().map_err(failed())?;
    let message = content.message.to_str_lossy().into_owned();
    let parents: Vec<_> = content.parents().collect();
    let commit = Commit {
        id: CommitId::from_gix(&id),
        parents: parents.iter().map(|parent| CommitId::from_gix(parent)).collect(),
        tree: ObjectId::from_gix(&content.tree()).into(),
        subject: subject(&message),
        author: identity(author.name, author.email),
        author_time_seconds: author.seconds(),
        time_seconds: committer.seconds(),
        trailers: trailers(&message),
        message,
    };
    Ok((commit, parents))
}

/// As `git log --format=%s`: the lines up to the first blank one, joined by spaces.
fn subject(message: &str) -> String {
    let lines = message.lines().skip_while(|line| line.trim().is_empty());
    let lines: Vec<_> = lines.take_while(|line| !line.trim().is_empty()).map(str::trim_end).collect();
    lines.join(" ")
}
