//! The nearest tag of a commit, exactly as `git describe` finds it.
//!
//! Measured on git 2.47. The order of everything that git leaves to the order of its own data is kept: the walk takes the
//! newest commit first and of equally new ones the one that was found first; a commit that is met a second time hands on
//! what it knew when it was met the first time, which is what makes clocks that ran backwards visible in the distance.

mod names;
mod walk;

use gix::bstr::ByteSlice as _;
use gix::prelude::ObjectIdExt as _;

use super::History;
use super::nodes::Nodes;
use crate::names::{CommitId, ObjectId, TagName};
use crate::repository::{RepositoryError, gix_id, reading};
use names::Names;
pub(super) use names::seconds;

/// The most candidates that git compares, whatever it is asked for.
const MOST_CANDIDATES: usize = 27;

/// How a tag is looked for: the options of `git describe`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DescribeOptions {
    /// `--tags`: light tags count, too.
    pub light: bool,
    /// `--match`: only tags that match one of these patterns, if there is any. In them `*` means any text, also with `/`.
    pub matching: Vec<String>,
    /// `--exclude`: no tag that matches one of these.
    pub excluding: Vec<String>,
    /// `--first-parent`: only the first parent of a merge is followed.
    pub first_parent: bool,
    /// `--candidates`: how many tags are compared; 0 is `--exact-match`. git never compares more than 27.
    pub candidates: usize,
}

impl Default for DescribeOptions {
    fn default() -> Self {
        Self {
            light: false,
            matching: Vec::new(),
            excluding: Vec::new(),
            first_parent: false,
            candidates: 10,
        }
    }
}

/// The tag that describes a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// Its name as git prints it, which is the one that the tag object states; bytes that are not UTF-8 appear as
    /// `\u{fffd}`.
    pub text: String,
    /// The name of the reference; `None` where [`TagName`] refuses it.
    pub name: Option<TagName>,
    /// Whether the tag object states another name than that of the reference: git warns of it, and prints the long form.
    pub misnamed: bool,
    /// Whether there is a tag object.
    pub annotated: bool,
    /// How many commits the described one has that the tag has not.
    pub distance: u64,
    /// Whether the commit itself has the tag.
    pub exact: bool,
    /// What git prints after `-g`: the commit, but for an exact tag of a tag, where it is the inner tag object.
    pub object: ObjectId,
}

impl Described {
    /// What `git describe` prints with this abbreviation of [`object`](Self::object), none for `--abbrev=0`; `long` is
    /// `--long`.
    ///
    /// ```
    /// # use tminus_vcs::Described;
    /// let described = Described {
    ///     text: "v1.0".to_owned(),
    ///     name: "v1.0".parse().ok(),
    ///     misnamed: false,
    ///     annotated: true,
    ///     distance: 3,
    ///     exact: false,
    ///     object: "72e6c59f0f9e1d8a8c6c3d6c4d2b1a0f9e8d7c6b".parse()?,
    /// };
    /// assert_eq!(described.print(Some("72e6c59"), false), "v1.0-3-g72e6c59");
    /// assert_eq!(described.print(None, false), "v1.0");
    /// # Ok::<(), tminus_vcs::InvalidName>(())
    /// ```
    pub fn print(&self, abbreviated: Option<&str>, long: bool) -> String {
        let whole = self.misnamed || if self.exact { long } else { abbreviated.is_some() };
        match (whole, abbreviated) {
            (false, _) => self.text.clone(),
            (true, id) => {
                format!("{}-{}-g{}", self.text, self.distance, id.unwrap_or(self.object.as_str()))
            }
        }
    }
}

/// Describes one commit after the other: what was read for one is there for the next.
///
/// Tags are read once, when it is made; commits when they are first needed.
pub struct Describer {
    repository: gix::Repository,
    nodes: Nodes,
    names: Names,
    options: DescribeOptions,
}

impl History {
    /// The tag that describes a commit, as `git describe` finds it; `None` if there is none.
    ///
    /// # Errors
    ///
    /// - a commit that has not been fetched
    ///
    /// ```no_run
    /// use tminus_vcs::DescribeOptions;
    ///
    /// # fn main() -> Result<(), tminus_vcs::RepositoryError> {
    /// let repository = tminus_vcs::Repository::open(".".as_ref())?;
    /// if let Some(commit) = repository.head()?.commit {
    ///     let options = DescribeOptions { light: true, ..DescribeOptions::default() };
    ///     let described = repository.history()?.describe(&commit, &options)?;
    ///     assert!(described.is_none_or(|described| described.exact == (described.distance == 0)));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn describe(
        &self,
        commit: &CommitId,
        options: &DescribeOptions,
    ) -> Result<Option<Described>, RepositoryError> {
        self.describer(options)?.describe(commit)
    }

    /// Describes many commits with the same options.
    ///
    /// # Errors
    ///
    /// - `packed-refs`, the commit-graph or the shallow file cannot be read
    ///
    /// ```no_run
    /// use tminus_vcs::DescribeOptions;
    ///
    /// # fn main() -> Result<(), tminus_vcs::RepositoryError> {
    /// let repository = tminus_vcs::Repository::open(".".as_ref())?;
    /// let mut describer = repository.history()?.describer(&DescribeOptions::default())?;
    /// for (_, tip) in repository.branches()? {
    ///     let described = describer.describe(&tip)?;
    ///     assert!(described.is_none_or(|described| described.annotated));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn describer(&self, options: &DescribeOptions) -> Result<Describer, RepositoryError> {
        let mut repository = self.local();
        // No commit is read twice: a cache of objects would only copy them.
        repository.object_cache_size(None);
        let names = Names::read(&repository, options)?;
        let nodes = Nodes::new(&repository)?;
        Ok(Describer { repository, nodes, names, options: options.clone() })
    }
}

impl Describer {
    /// The tag that describes a commit; `None` if there is none.
    ///
    /// # Errors
    ///
    /// - a commit that has not been fetched
    ///
    /// ```no_run
    /// # fn main() -> Result<(), tminus_vcs::RepositoryError> {
    /// # let repository = tminus_vcs::Repository::open(".".as_ref())?;
    /// # let mut describer = repository.history()?.describer(&Default::default())?;
    /// # let Some(commit) = repository.head()?.commit else { return Ok(()) };
    /// assert_eq!(describer.describe(&commit)?, describer.describe(&commit)?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn describe(&mut self, commit: &CommitId) -> Result<Option<Described>, RepositoryError> {
        let id = gix_id(&commit.into());
        let start = self.nodes.find(&self.repository, &id)?;
        if let Some(name) = self.names.of(&id).filter(|name| self.options.light || name.is_annotated()) {
            return self.finish(&name, 0, None).map(Some);
        }
        if self.options.candidates == 0 || !self.names.has_any(self.options.light) {
            return Ok(None);
        }
        let walk = walk::Walk {
            repository: &self.repository,
            nodes: &mut self.nodes,
            names: &self.names,
            light: self.options.light,
            first_parent: self.options.first_parent,
            candidates: self.options.candidates.min(MOST_CANDIDATES),
        };
        match walk.run(start)? {
            Some((name, depth)) => {
                let name = self.names.at(name);
                name.map(|name| self.finish(&name, depth, Some(id))).transpose()
            }
            None => Ok(None),
        }
    }

    /// When a commit was committed, in seconds since 1970.
    ///
    /// # Errors
    ///
    /// - a commit that has not been fetched
    ///
    /// ```no_run
    /// # fn main() -> Result<(), tminus_vcs::RepositoryError> {
    /// # let repository = tminus_vcs::Repository::open(".".as_ref())?;
    /// # let mut describer = repository.history()?.describer(&Default::default())?;
    /// # let Some(commit) = repository.head()?.commit else { return Ok(()) };
    /// assert!(describer.time_seconds(&commit)? > 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn time_seconds(&mut self, commit: &CommitId) -> Result<i64, RepositoryError> {
        let node = self.nodes.find(&self.repository, &gix_id(&commit.into()))?;
        Ok(i64::try_from(self.nodes.time(node)).unwrap_or(i64::MAX))
    }

    /// How many commits lead to this one, itself included: `git rev-list --count`.
    ///
    /// # Errors
    ///
    /// - a commit that has not been fetched
    ///
    /// ```no_run
    /// # fn main() -> Result<(), tminus_vcs::RepositoryError> {
    /// # let repository = tminus_vcs::Repository::open(".".as_ref())?;
    /// # let mut describer = repository.history()?.describer(&Default::default())?;
    /// # let Some(commit) = repository.head()?.commit else { return Ok(()) };
    /// assert!(describer.count(&commit)? >= 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn count(&mut self, commit: &CommitId) -> Result<u64, RepositoryError> {
        let start = self.nodes.find(&self.repository, &gix_id(&commit.into()))?;
        self.nodes.count(&self.repository, start)
    }

    fn finish(
        &self,
        name: &names::Name,
        distance: u64,
        commit: Option<gix::ObjectId>,
    ) -> Result<Described, RepositoryError> {
        let named =
            name.is_annotated().then(|| names::named_by(&self.repository, name.object)).transpose()?;
        let (printed, object) = match (named, commit) {
            (Some((_, inner)), Some(commit)) => (inner, commit),
            // One step and no more: git prints what the tag object names.
            (Some((object, inner)), None) => (inner, object),
            (None, commit) => (name.short.clone(), commit.unwrap_or(name.object)),
        };
        Ok(Described {
            text: printed.to_str_lossy().into_owned(),
            misnamed: printed != name.short,
            name: name.short.to_str().ok().and_then(|name| name.parse().ok()),
            annotated: name.is_annotated(),
            distance,
            exact: commit.is_none(),
            object: ObjectId::from_gix(&object),
        })
    }
}

impl History {
    /// The shortest unambiguous beginning of an object's id with at least `length` digits; without a length, as many as
    /// `core.abbrev` or the size of the repository asks for. What `git rev-parse --short` prints.
    ///
    /// # Errors
    ///
    /// - an object that has not been fetched
    ///
    /// ```no_run
    /// # fn main() -> Result<(), tminus_vcs::RepositoryError> {
    /// # let repository = tminus_vcs::Repository::open(".".as_ref())?;
    /// # let Some(commit) = repository.head()?.commit else { return Ok(()) };
    /// let short = repository.history()?.abbreviated(&commit.clone().into(), Some(4))?;
    /// assert!(commit.as_str().starts_with(&short));
    /// # Ok(())
    /// # }
    /// ```
    pub fn abbreviated(&self, id: &ObjectId, length: Option<usize>) -> Result<String, RepositoryError> {
        const SHORTEST: usize = 4;
        let full = id.as_str();
        if length.is_some_and(|length| length >= full.len()) {
            return Ok(full.to_owned());
        }
        let failed = || reading("abbreviate", id.short());
        let repository = self.local();
        let prefix = match length {
            None => gix::Id::shorten(&gix_id(id).attach(&repository)).map(Some),
            Some(length) => {
                let candidate =
                    gix::odb::store::prefix::disambiguate::Candidate::new(gix_id(id), length.max(SHORTEST))
                        .map_err(failed())?;
                repository.objects.disambiguate_prefix(candidate)
            }
        };
        Ok(prefix.map_err(failed())?.map_or_else(|| full.to_owned(), |prefix| prefix.to_string()))
    }
}

impl std::fmt::Debug for Describer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Describer").field("options", &self.options).finish_non_exhaustive()
    }
}
