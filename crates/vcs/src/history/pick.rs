//! Cherry-picks without a work tree.
//!
//! What a pick gives is what `git cherry-pick` gives. Where the files that a commit touches are as they were before it, the
//! result is put together in this process (see `tree_pick`). Whatever needs a merge of contents, or in which a rename may
//! play a part, is merged by the user's git (`git merge-tree`, 2.40 or newer), which also knows the merge drivers that
//! `.gitattributes` and the configuration name, and reads `.gitattributes` from the tree that is picked onto (2.41 or newer).
//!
//! The merge of gix 0.90 is not asked: it is more cautious than git in some cases and knows no directory renames, and a
//! second merge that is right nearly always is of no use where the first has to be asked to be sure.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use gix::bstr::ByteSlice as _;
use gix::objs::Write as _;
use gix::odb::loose::Store;
use gix::odb::memory::Storage;

use super::History;
use super::patch_id::pair;
use super::tree_pick::{Trees, pick_apart};
use crate::git::{Expected, Git, GitError, Merge};
use crate::names::{BranchName, CommitId, ObjectId, RefName};
use crate::repository::{RepositoryError, commit_object, gix_id, has_trailers, reading};

/// A commit to pick.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Which.
    pub commit: CommitId,
    /// For a merge: the parent, counted from 1, that stands for the branch that was merged into. `git cherry-pick -m`.
    pub mainline: Option<usize>,
}

impl Source {
    /// An ordinary commit.
    pub fn new(commit: CommitId) -> Self {
        Self { commit, mainline: None }
    }
}

/// What a pick would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pick {
    /// It gives this tree.
    Clean {
        /// The id of the tree. It is in the repository only once it has been written.
        tree: ObjectId,
    },
    /// It changes nothing: what the commit does is there already.
    Empty,
    /// People have to decide.
    Conflict {
        /// Where and why, in the order of the paths.
        files: Vec<Conflict>,
    },
}

/// A file that cannot be merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The path from the top.
    pub path: String,
    /// git's word for it: `contents`, `add/add`, `modify/delete`, `rename/delete`, `file location`, `binary`, …
    pub kind: String,
}

/// Why a pick could not be tried.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PickError {
    /// The repository cannot be read.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
    /// git failed.
    #[error(transparent)]
    Git(#[from] GitError),
    /// A merge can be picked only as seen from one of its parents.
    #[error("commit {} is a merge; name the parent to pick it against, usually 1", commit.short())]
    NoMainline {
        /// The merge.
        commit: CommitId,
    },
    /// There is no such parent.
    #[error("commit {} has no parent number {mainline}", commit.short())]
    NoSuchParent {
        /// The commit.
        commit: CommitId,
        /// The number that was given.
        mainline: usize,
    },
    /// Objects could not be stored.
    #[error("cannot store objects in {}", dir.display())]
    Store {
        /// The object store.
        dir: PathBuf,
        /// What the system said.
        reason: String,
    },
}

/// A series of picks, one on the other; nothing of it is in the repository yet.
#[derive(Debug)]
pub struct Picks {
    onto: CommitId,
    /// Those that change something, with the tree after each.
    steps: Vec<(CommitId, ObjectId)>,
    empty: Vec<CommitId>,
    stopped: Option<(CommitId, Vec<Conflict>)>,
    objects: Storage,
}

/// What [`Picks::write`] made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The tip of the branch.
    pub tip: CommitId,
    /// Each picked commit with the new one.
    pub commits: Vec<(CommitId, CommitId)>,
}

impl History {
    /// Tries to pick one commit onto another, as `git cherry-pick` would on a branch that ends there. Nothing is changed.
    ///
    /// # Errors
    ///
    /// - [`PickError::NoMainline`] for a merge without `mainline`, [`PickError::NoSuchParent`] for a wrong one.
    /// - A commit that has not been fetched, or whose parent a shallow clone left out.
    /// - A git older than 2.40 where git has to decide.
    pub fn pick(&self, git: &Git, source: &Source, onto: &CommitId) -> Result<Pick, PickError> {
        let picks = self.pick_all(git, std::slice::from_ref(source), onto)?;
        Ok(match (picks.stopped, picks.steps.into_iter().next()) {
            (Some((_, files)), _) => Pick::Conflict { files },
            (None, Some((_, tree))) => Pick::Clean { tree },
            (None, None) => Pick::Empty,
        })
    }

    /// Tries to pick commits in the order given, each onto the result of the one before, and stops at the first conflict.
    /// Nothing is changed until the result is written.
    ///
    /// ```
    /// # use tminus_vcs::{BranchName, CommitId, Expected, Git, History, PickError, Source};
    /// # fn demo(history: &History, git: &Git, fix: CommitId, line: &CommitId) -> Result<(), PickError> {
    /// let picks = history.pick_all(git, &[Source::new(fix)], line)?;
    /// if picks.conflict().is_none() {
    ///     let branch: BranchName = "backport/fix/to/1.x".parse().unwrap();
    ///     let written = picks.write(git, &branch, &Expected::Absent)?;
    ///     assert_eq!(written.commits.len(), 1);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`History::pick`].
    pub fn pick_all(&self, git: &Git, sources: &[Source], onto: &CommitId) -> Result<Picks, PickError> {
        let repository = self.local().with_object_memory();
        let head = commit_object(&repository, onto)?;
        let mut tree = head.tree_id().map_err(reading("read commit", onto.short()))?.detach();
        let mut picks = Picks {
            onto: onto.clone(),
            steps: Vec::new(),
            empty: Vec::new(),
            stopped: None,
            objects: Storage::default(),
        };
        for source in sources {
            let (base, theirs) = sides(&repository, source)?;
            let trees = Trees { base, ours: tree, theirs };
            match merged(&repository, git, trees, &source.commit)? {
                Ok(result) if result == tree => picks.empty.push(source.commit.clone()),
                Ok(result) => {
                    tree = result;
                    picks.steps.push((source.commit.clone(), ObjectId::from_gix(&tree)));
                }
                Err(files) => {
                    picks.stopped = Some((source.commit.clone(), files));
                    break;
                }
            }
        }
        picks.objects = repository.objects.reset_object_memory().unwrap_or_default();
        Ok(picks)
    }
}

impl Picks {
    /// The commits that change something, in their order.
    pub fn picked(&self) -> impl Iterator<Item = &CommitId> {
        self.steps.iter().map(|(commit, _)| commit)
    }

    /// The commits whose changes were there already.
    pub fn empty(&self) -> &[CommitId] {
        &self.empty
    }

    /// The commit that could not be picked, with its files.
    pub fn conflict(&self) -> Option<(&CommitId, &[Conflict])> {
        self.stopped.as_ref().map(|(commit, files)| (commit, files.as_slice()))
    }

    /// The tree after the last pick; `None` if nothing changes.
    pub fn tree(&self) -> Option<&ObjectId> {
        self.steps.last().map(|(_, tree)| tree)
    }

    /// Makes the commits and sets the branch, if it holds what is expected: all of it or nothing.
    ///
    /// Each commit keeps its author, and its message is followed by `(cherry picked from commit …)` as `git cherry-pick -x`
    /// writes it. The committer is the user, and commits are signed where `commit.gpgSign` says so. Hooks are not run; no work
    /// tree and no index is touched, so the branch must not be checked out.
    ///
    /// # Errors
    ///
    /// - [`GitError::RefMoved`]: the branch holds something else.
    /// - [`GitError::Failed`]: no identity is set up, or a signature fails.
    /// - [`PickError::Store`]: objects cannot be written; or the series stopped at a conflict, which can never be written.
    pub fn write(&self, git: &Git, branch: &BranchName, expected: &Expected) -> Result<Written, PickError> {
        let dir = git.objects_dir()?;
        if let Some((commit, _)) = &self.stopped {
            let reason = format!("commit {} is in conflict", commit.short());
            return Err(PickError::Store { dir, reason });
        }
        store(&self.objects, &dir, gix_id(&(&self.onto).into()).kind())?;
        let mut written = Written { tip: self.onto.clone(), commits: Vec::new() };
        for (commit, tree) in &self.steps {
            let mut authored = git.authored(commit)?;
            authored.message = with_origin(authored.message, commit);
            written.tip = git.commit_as(tree, &written.tip, &authored)?;
            written.commits.push((commit.clone(), written.tip.clone()));
        }
        git.update_ref(&RefName::from(branch), &ObjectId::from(&written.tip), Some(expected))?;
        Ok(written)
    }
}

/// The message of a pick: the origin stands in the block of trailers, or in a paragraph of its own.
fn with_origin(mut message: Vec<u8>, commit: &CommitId) -> Vec<u8> {
    if message.last().is_some_and(|byte| *byte != b'\n') {
        message.push(b'\n');
    }
    if !has_trailers(&String::from_utf8_lossy(&message)) {
        message.push(b'\n');
    }
    message.extend_from_slice(format!("(cherry picked from commit {commit})\n").as_bytes());
    message
}

/// The trees before and after the commit.
fn sides(repository: &gix::Repository, source: &Source) -> Result<(gix::ObjectId, gix::ObjectId), PickError> {
    let commit = source.commit.clone();
    pair(repository, &source.commit, source.mainline)?.ok_or(match source.mainline {
        Some(mainline) => PickError::NoSuchParent { commit, mainline },
        None => PickError::NoMainline { commit },
    })
}

/// The tree that a merge gives, or what stands against it.
fn merged(
    repository: &gix::Repository,
    git: &Git,
    trees: Trees,
    picked: &CommitId,
) -> Result<Result<gix::ObjectId, Vec<Conflict>>, PickError> {
    if let Some(tree) = pick_apart(repository, trees)? {
        return Ok(Ok(tree));
    }
    let quarantine = Quarantine::open(repository)?;
    quarantine.fill(repository)?;
    let merge = Merge {
        base: quarantine.commit(trees.base)?,
        ours: quarantine.commit(trees.ours)?,
        theirs: quarantine.commit(trees.theirs)?,
        store: quarantine.store.path(),
        objects: repository.objects.store_ref().path(),
        attributes: ObjectId::from_gix(&trees.ours),
    };
    match git.merge_into(&merge)? {
        Ok(tree) => {
            quarantine.take(repository)?;
            Ok(Ok(gix_id(&tree)))
        }
        Err(files) => {
            // A file that is set aside is named after its side, which here is a stand-in.
            let aside = [(&merge.ours, "HEAD".to_owned()), (&merge.theirs, label(repository, picked)?)];
            let named = |path: String| {
                let replace = |path: String, (id, label): &(&ObjectId, String)| {
                    path.replace(&format!("~{id}"), &format!("~{label}"))
                };
                aside.iter().fold(path, replace)
            };
            let mut files: Vec<_> =
                files.into_iter().map(|file| Conflict { path: named(file.path), kind: file.kind }).collect();
            files.sort_by(|one, other| (&one.path, &one.kind).cmp(&(&other.path, &other.kind)));
            Ok(Err(files))
        }
    }
}

/// What `git cherry-pick` calls the side of the commit in names of files: its short id and the first line of its message.
fn label(repository: &gix::Repository, commit: &CommitId) -> Result<String, PickError> {
    let found = commit_object(repository, commit)?;
    let short = found.id().shorten().map_err(reading("abbreviate", commit.short()))?;
    let message = found.message_raw().map_err(reading("read commit", commit.short()))?;
    let subject = message.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    Ok(format!("{short} ({})", subject.to_str_lossy()).replace('/', "_"))
}

/// An object store for one merge, removed with everything in it. Its name is one that `git prune` removes as well, should this
/// process be killed.
struct Quarantine {
    store: Store,
}

impl Quarantine {
    fn open(repository: &gix::Repository) -> Result<Self, PickError> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let dir = repository
            .objects
            .store_ref()
            .path()
            .join(format!("tmp_objdir-pick-{}-{number}", std::process::id()));
        // What a killed process with the same number left behind.
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir(&dir).map_err(|error| storing(&dir)(&error))?;
        Ok(Self { store: Store::at(dir, repository.object_hash()) })
    }

    /// Copies what is in memory, so that git sees it.
    fn fill(&self, repository: &gix::Repository) -> Result<(), PickError> {
        let objects = repository.objects.reset_object_memory().unwrap_or_default();
        for (kind, data) in objects.values() {
            self.put(*kind, data)?;
            repository.write_buf(*kind, data).map_err(|error| storing(self.store.path())(&error))?;
        }
        Ok(())
    }

    /// Brings what git has made into memory.
    fn take(&self, repository: &gix::Repository) -> Result<(), PickError> {
        let failed = storing(self.store.path());
        let mut buffer = Vec::new();
        for id in self.store.iter() {
            let id = id.map_err(|error| failed(&error))?;
            if let Some(object) = self.store.try_find(&id, &mut buffer).map_err(|error| failed(&error))?
                && object.kind != gix::objs::Kind::Commit
            {
                repository.write_buf(object.kind, object.data).map_err(|error| failed(&error))?;
            }
        }
        Ok(())
    }

    /// A commit of a tree: older gits merge nothing else.
    fn commit(&self, tree: gix::ObjectId) -> Result<ObjectId, PickError> {
        let who = "pick <pick> 0 +0000";
        let text = format!("tree {tree}\nauthor {who}\ncommitter {who}\n\npick\n");
        self.put(gix::objs::Kind::Commit, text.as_bytes())
    }

    fn put(&self, kind: gix::objs::Kind, data: &[u8]) -> Result<ObjectId, PickError> {
        let id = self.store.write_buf(kind, data).map_err(|error| storing(self.store.path())(&error))?;
        Ok(ObjectId::from_gix(&id))
    }
}

impl Drop for Quarantine {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(self.store.path());
    }
}

/// Writes objects so that they survive a loss of power, before a reference leads to them.
fn store(objects: &Storage, dir: &Path, hash: gix::hash::Kind) -> Result<(), PickError> {
    let failed = storing(dir);
    let store = Store::at(dir, hash);
    for (kind, data) in objects.values() {
        let id = store.write_buf(*kind, data).map_err(|error| failed(&error))?;
        let file = File::open(store.object_path(&id)).map_err(|error| failed(&error))?;
        file.sync_all().map_err(|error| failed(&error))?;
    }
    Ok(())
}

fn storing(dir: &Path) -> impl Fn(&dyn std::fmt::Display) -> PickError + use<> {
    let dir = dir.to_owned();
    move |error| PickError::Store { dir: dir.clone(), reason: error.to_string() }
}
