//! Which packages commits belong to.

use super::cache::Cache;
use std::sync::Arc;

use super::changes::{BATCH, Changes, Merges, TreePath, compare};
use super::commits::decode;
use super::objects::Objects;
use super::path_map::{Below, PathMap, Place};
use super::trees::{Trees, Visit};
use super::walk::{Step, Walk, Wanted};
use super::{History, Range, pool};
use crate::names::CommitId;
use crate::repository::{Commit, RepositoryError};

/// A commit with the owners of what it changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    /// The commit.
    pub commit: CommitId,
    /// The owners of the paths that it changed, in ascending order.
    pub owners: Vec<u32>,
    /// Whether it also changed paths that are nobody's.
    pub others: bool,
}

impl History {
    /// Whose paths each commit of a range changed, for all owners in one walk.
    ///
    /// The answer is that of [`History::changes`] and [`PathMap::owners`], but directories that are wholly one owner's are
    /// not looked into. So a directory counts as changed if its tree is another; only damaged or hand-made trees could be
    /// another and yet hold the same files.
    ///
    /// ```no_run
    /// # use tminus_vcs::{Merges, PathMap, Range, Repository};
    /// let repository = Repository::discover(std::path::Path::new("."))?;
    /// let Some(tip) = repository.resolve("HEAD")? else { return Ok(()) };
    /// let mut map = PathMap::new();
    /// for (number, package) in ["packages/a", "packages/b"].into_iter().enumerate() {
    ///     map.insert(package, u32::try_from(number)?)?;
    /// }
    /// let split = repository.history()?.split(&Range::all(tip), &map, Merges::Nothing)?;
    /// let of_a: Vec<_> = split.iter().filter(|commit| commit.owners.contains(&0)).collect();
    /// assert!(of_a.len() <= split.len());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`History::changes`].
    pub fn split(
        &self,
        range: &Range,
        map: &PathMap,
        merges: Merges,
    ) -> Result<Vec<Touched>, RepositoryError> {
        // A replaced tree can have another id and still be the same.
        let exact = !self.rules()?.ids_tell_all();
        let cache = self.cache.as_ref().filter(|_| !exact).and_then(|dir| Cache::open(dir, map, merges));
        let cache = cache.as_ref();
        let touched = self.compared(range, &|| {
            Box::new(move |trees, step| {
                if let Some(known) = cache.and_then(|cache| cache.get(&step.id)) {
                    return Ok(known);
                }
                let mut owners = Owners { map, found: Vec::new(), others: false, last: None, exact };
                compare(trees, step, merges, map.top(), &mut owners)?;
                Ok(owners.touched(CommitId::from_gix(&step.id)))
            })
        })?;
        if let Some(cache) = cache {
            cache.keep(&touched);
        }
        Ok(touched)
    }

    /// The commits of a range that changed paths of an owner, with these paths: why [`History::split`] says so.
    ///
    /// ```no_run
    /// # use tminus_vcs::{Merges, PathMap, Range, Repository};
    /// let repository = Repository::discover(std::path::Path::new("."))?;
    /// let Some(tip) = repository.resolve("HEAD")? else { return Ok(()) };
    /// let mut map = PathMap::new();
    /// map.insert("packages/a", 0)?;
    /// for commit in repository.history()?.touching(&Range::all(tip), &map, 0, Merges::Nothing)? {
    ///     assert!(commit.paths.iter().all(|path| path.bytes().starts_with(b"packages/a")));
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`History::changes`].
    pub fn touching(
        &self,
        range: &Range,
        map: &PathMap,
        owner: u32,
        merges: Merges,
    ) -> Result<Vec<Changes>, RepositoryError> {
        let leads = map.leading_to(owner);
        let leads = leads.as_slice();
        let found = self.compared(range, &|| {
            Box::new(move |trees, step| {
                let mut paths = PathsOf { map, owner, leads, found: Vec::new() };
                compare(trees, step, merges, map.top(), &mut paths)?;
                let commit = || CommitId::from_gix(&step.id);
                Ok((!paths.found.is_empty()).then(|| Changes { commit: commit(), paths: paths.found }))
            })
        })?;
        Ok(found.into_iter().flatten().collect())
    }
}

impl History {
    /// The commits of a range, each with whose paths it changed, in one walk: what `each` makes of them, in the order of
    /// [`History::commits`].
    ///
    /// `each` is called from several threads, so that what a caller does not keep of a message need not be kept at all.
    ///
    /// # Errors
    ///
    /// As for [`History::changes`].
    pub fn read<T: Send>(
        &self,
        range: &Range,
        map: &PathMap,
        merges: Merges,
        each: &(dyn Fn(Commit, Touched) -> T + Sync),
    ) -> Result<Vec<T>, RepositoryError> {
        let rules = self.rules()?;
        let wanted = Wanted { trees: true, contents: true, as_far_as_it_goes: false };
        let walk = Walk::new(Objects::new(self, Arc::clone(&rules)), wanted);
        let exact = !rules.ids_tell_all();
        let cache = self.cache.as_ref().filter(|_| !exact).and_then(|dir| Cache::open(dir, map, merges));
        let cache = cache.as_ref();
        let read: Vec<(T, Option<Touched>)> = pool::spread(BATCH, |give| walk.run(range, give), &|| {
            let objects = Objects::new(self, Arc::clone(&rules));
            let mut trees = Trees::new(Objects::new(self, Arc::clone(&rules)));
            let mut buffer = Vec::new();
            Box::new(move |steps: Vec<Step>| {
                let read = |step: Step| {
                    let touched = if let Some(known) = cache.and_then(|cache| cache.get(&step.id)) {
                        known
                    } else {
                        let mut owners = Owners { map, found: Vec::new(), others: false, last: None, exact };
                        compare(&mut trees, &step, merges, map.top(), &mut owners)?;
                        owners.touched(CommitId::from_gix(&step.id))
                    };
                    let kept = cache.map(|_| touched.clone());
                    Ok((each(decode(&objects, &step, &mut buffer)?, touched), kept))
                };
                steps.into_iter().map(read).collect()
            })
        })?;
        let (read, touched): (Vec<T>, Vec<Option<Touched>>) = read.into_iter().unzip();
        if let Some(cache) = cache {
            cache.keep(&touched.into_iter().flatten().collect::<Vec<_>>());
        }
        Ok(read)
    }
}

/// Notes owners, and looks into a directory only where they are several.
struct Owners<'m> {
    map: &'m PathMap,
    found: Vec<u32>,
    others: bool,
    /// Mostly it is the same place again.
    last: Option<Place>,
    /// Whether to look into every directory that differs.
    exact: bool,
}

impl Owners<'_> {
    fn note(&mut self, place: Place) {
        if self.last.replace(place) == Some(place) {
            return;
        }
        let owners = self.map.owners_at(place);
        self.others |= owners.is_empty();
        self.found.extend_from_slice(owners);
    }

    fn touched(mut self, commit: CommitId) -> Touched {
        self.found.sort_unstable();
        self.found.dedup();
        Touched { commit, owners: self.found, others: self.others }
    }
}

impl Visit for Owners<'_> {
    type Place = Place;

    fn directory(&mut self, parent: Place, name: &[u8]) -> Option<Place> {
        let place = match self.map.below(parent, name) {
            Below::Same => parent,
            Below::Leaf(place) => place,
            Below::Inside(place) => return Some(place),
        };
        if self.exact {
            return Some(place.undivided());
        }
        self.note(place);
        None
    }

    fn file(&mut self, parent: Place, name: &[u8], _: &[u8]) {
        match self.map.below(parent, name) {
            Below::Same => self.note(parent),
            Below::Leaf(place) | Below::Inside(place) => self.note(place),
        }
    }
}

/// Notes the paths of one owner.
struct PathsOf<'m> {
    map: &'m PathMap,
    owner: u32,
    leads: &'m [bool],
    found: Vec<TreePath>,
}

impl PathsOf<'_> {
    fn owns(&self, place: Place) -> bool {
        self.map.owners_at(place).binary_search(&self.owner).is_ok()
    }
}

impl Visit for PathsOf<'_> {
    type Place = Place;

    fn directory(&mut self, parent: Place, name: &[u8]) -> Option<Place> {
        match self.map.below(parent, name) {
            Below::Same => self.owns(parent).then(|| parent.undivided()),
            Below::Leaf(place) => self.owns(place).then(|| place.undivided()),
            Below::Inside(place) => (self.owns(place) || place.is_among(self.leads)).then_some(place),
        }
    }

    fn file(&mut self, parent: Place, name: &[u8], path: &[u8]) {
        let place = match self.map.below(parent, name) {
            Below::Same => parent,
            Below::Leaf(place) | Below::Inside(place) => place,
        };
        if self.owns(place) {
            self.found.push(path.into());
        }
    }
}
