//! Many questions about the history of one repository, answered from one snapshot.

mod ancestors;
mod cache;
mod changes;
mod commits;
mod decode;
mod hidden;
mod objects;
mod order;
mod packages;
mod paint;
mod path_map;
mod pool;
mod rules;
mod trees;
mod walk;
mod way;

use std::path::PathBuf;
mod describe;
mod file;
mod ledger;
mod merge_base;
mod nodes;
mod patch_id;
mod pick;
mod tags;
mod tree_changes;
mod tree_pick;

use gix::ThreadSafeRepository;

use crate::names::CommitId;
use crate::repository::{Repository, RepositoryError};

pub use changes::{Changes, Merges, TreePath};
pub use describe::{DescribeOptions, Described, Describer};
pub use file::FileAt;
pub use ledger::{Landing, LedgerEntry, LedgerOptions, LedgerState, Side};
pub use packages::Touched;
pub use patch_id::{PatchId, PatchIdKind};
pub use path_map::{InvalidPath, PathMap};
pub use pick::{Conflict, Pick, PickError, Picks, Source, Written};
pub(crate) use tags::{Broken, collect, shown};
pub use tags::{TagTarget, Tags};
pub use way::Way;

/// A repository opened once, for many questions about its history.
///
/// [`Repository`] opens anew for each question; this keeps packs, caches and the commit-graph open between them, and can be
/// shared between threads. It sees references and objects as they are when they are asked for; what other processes do to
/// the *settings* of the repository in the meantime is not seen.
///
/// Nothing is ever written, except by the cache where a caller asks for one.
#[derive(Clone)]
pub struct History {
    repository: Repository,
    shared: ThreadSafeRepository,
    cache: Option<PathBuf>,
}

/// Which commits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// From where history is walked.
    pub tips: Vec<CommitId>,
    /// Commits that are left out together with all that they descend from.
    pub hidden: Vec<CommitId>,
    /// Whether only the first parent of a merge is followed from the tips.
    pub first_parent: bool,
    /// At most so many commits.
    pub limit: Option<usize>,
}

impl Range {
    /// Everything that leads to `tip`.
    pub fn all(tip: CommitId) -> Self {
        Self { tips: vec![tip], ..Self::default() }
    }

    /// What `git log BASE..TIP` lists.
    pub fn since(base: CommitId, tip: CommitId) -> Self {
        Self { tips: vec![tip], hidden: vec![base], ..Self::default() }
    }
}

impl Repository {
    /// Opens the repository for many questions about its history.
    ///
    /// # Errors
    ///
    /// The repository cannot be opened any more.
    pub fn history(&self) -> Result<History, RepositoryError> {
        Ok(History { repository: self.clone(), shared: self.fresh()?.into_sync(), cache: None })
    }
}

impl History {
    /// The repository that is asked.
    pub fn repository(&self) -> &Repository {
        &self.repository
    }

    /// A handle for one thread, with caches of its own.
    fn local(&self) -> gix::Repository {
        let mut local = self.shared.to_thread_local();
        local.object_cache_size_if_unset(16 << 20);
        local
    }

    /// Keeps answers of [`History::split`] in a directory of their own, such as `tminus/history` in
    /// [`Repository::common_dir`], and takes them from there.
    ///
    /// It is made on demand and holds at most eight files of 64 MiB. Whatever happens to it costs no more than time: files
    /// that were damaged, cut off or made by something else are computed anew, and so is everything where nothing can be
    /// written. Where replacements are in force it is not used, nor in a repository with
    /// SHA-256 objects.
    #[must_use]
    pub fn with_cache(self, dir: impl Into<PathBuf>) -> Self {
        // Its files have room for short ids only.
        let usable = self.shared.to_thread_local().object_hash() == gix::hash::Kind::Sha1;
        Self { cache: usable.then(|| dir.into()), ..self }
    }
}

impl std::fmt::Debug for History {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("History").field("repository", &self.repository).finish_non_exhaustive()
    }
}
