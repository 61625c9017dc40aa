//! What commits changed.

use std::borrow::Cow;
use std::sync::Arc;

use super::objects::Objects;
use super::order::Way;
use super::trees::{Trees, Visit};
use super::walk::{Step, Walk, Wanted};
use super::{History, Range, pool};
use crate::names::CommitId;
use crate::repository::RepositoryError;

/// So many commits are compared in one go, for the sake of the trees that neighbours share.
pub(super) const BATCH: usize = 512;

/// What a merge changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Merges {
    /// Nothing, as in `git log`.
    #[default]
    Nothing,
    /// What it brought to its first parent, as in `git log --diff-merges=first-parent`.
    FirstParent,
}

/// A path in a repository: `/`-separated bytes, nearly always UTF-8.
///
/// ```
/// use tminus_vcs::TreePath;
///
/// let path = TreePath::from(&b"caf\xe9/menu"[..]);
/// assert_eq!(path.bytes(), b"caf\xe9/menu");
/// assert_eq!(path.text(), "caf\u{fffd}/menu");
/// assert!(path.is_lossy());
/// assert!(!TreePath::from(&b"menu"[..]).is_lossy());
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TreePath(Box<[u8]>);

impl TreePath {
    /// The path as git stores it.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The path as text; bytes that are not UTF-8 appear as `\u{fffd}`.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }

    /// Whether [`TreePath::text`] is not the path itself.
    pub fn is_lossy(&self) -> bool {
        std::str::from_utf8(&self.0).is_err()
    }
}

impl From<&[u8]> for TreePath {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }
}

impl std::fmt::Display for TreePath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text())
    }
}

impl std::fmt::Debug for TreePath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.text())
    }
}

/// A commit with the paths that it changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// The commit.
    pub commit: CommitId,
    /// Files, links and submodules that it added, changed or removed, in the order of git; a rename is two of them.
    pub paths: Vec<TreePath>,
}

impl History {
    /// What each commit of a range changed: `git log --name-only --no-renames --format=%H`.
    ///
    /// A commit without parents added all its files. Settings that make git show less (`diff.ignoreSubmodules` and the
    /// like) do not count.
    ///
    /// ```no_run
    /// # use tminus_vcs::{Merges, Range, Repository};
    /// let repository = Repository::discover(std::path::Path::new("."))?;
    /// let Some(tip) = repository.resolve("HEAD")? else { return Ok(()) };
    /// for change in repository.history()?.changes(&Range::all(tip), Merges::Nothing)? {
    ///     assert!(change.paths.iter().all(|path| !path.bytes().is_empty()));
    /// }
    /// # Ok::<(), tminus_vcs::RepositoryError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - as for [`History::commits`];
    /// - a tree was not fetched (a partial clone with `--filter=tree:0`), is damaged, or is nested more than 2048 deep.
    pub fn changes(&self, range: &Range, merges: Merges) -> Result<Vec<Changes>, RepositoryError> {
        self.compared(range, &|| {
            Box::new(move |trees, step| {
                let mut paths = Paths::default();
                compare(trees, step, merges, (), &mut paths)?;
                Ok(Changes { commit: CommitId::from_gix(&step.id), paths: paths.0 })
            })
        })
    }

    /// What one commit changed; see [`History::changes`].
    ///
    /// # Errors
    ///
    /// As for [`History::changes`].
    pub fn paths_of(&self, commit: &CommitId, merges: Merges) -> Result<Vec<TreePath>, RepositoryError> {
        let range = Range { limit: Some(1), ..Range::all(commit.clone()) };
        Ok(self.changes(&range, merges)?.into_iter().flat_map(|changes| changes.paths).collect())
    }

    /// One result for each commit of a range.
    pub(super) fn compared<'w, R: Send>(
        &'w self,
        range: &Range,
        worker: &'w (dyn Fn() -> Compare<'w, R> + Sync),
    ) -> Result<Vec<R>, RepositoryError> {
        let rules = self.rules()?;
        let wanted = Wanted { trees: true, contents: false, as_far_as_it_goes: false };
        let walk = Walk::new(Objects::new(self, Arc::clone(&rules)), wanted);
        pool::spread(BATCH, |give| walk.run(range, give), &|| {
            let mut trees = Trees::new(Objects::new(self, Arc::clone(&rules)));
            let mut worker = worker();
            let mut way = Way::default();
            Box::new(move |mut steps: Vec<Step>| {
                if way.is_backwards() {
                    steps.reverse();
                }
                let results: Result<Vec<_>, _> = steps.iter().map(|step| worker(&mut trees, step)).collect();
                let mut results = results?;
                if way.is_backwards() {
                    results.reverse();
                }
                way.learn(trees.cost());
                Ok(results)
            })
        })
    }
}

/// Gives the result for one commit.
pub(super) type Compare<'w, R> = Box<dyn FnMut(&mut Trees, &Step) -> Result<R, RepositoryError> + 'w>;

/// Compares a commit with its first parent.
pub(super) fn compare<V: Visit>(
    trees: &mut Trees,
    step: &Step,
    merges: Merges,
    place: V::Place,
    visit: &mut V,
) -> Result<(), RepositoryError> {
    if step.merge && merges == Merges::Nothing {
        return Ok(());
    }
    trees.compare(step.before, Some(step.tree), place, visit)
}

/// Notes every path.
#[derive(Default)]
struct Paths(Vec<TreePath>);

impl Visit for Paths {
    type Place = ();

    fn directory(&mut self, (): (), _: &[u8]) -> Option<()> {
        Some(())
    }

    fn file(&mut self, (): (), _: &[u8], path: &[u8]) {
        self.0.push(path.into());
    }
}
