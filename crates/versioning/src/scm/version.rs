use super::error::{ScmError, ScmWarning};
use super::scheme::{self, Base};
use super::tag::{TagVersion, check_length, read_tag};
use super::{Describe, Settings, local};
use crate::pep440::Version;
use crate::pep440::is_python_space;
use crate::{Date, DateTime};

/// What is known of the commit that is built.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Facts {
    /// The tag that describe found.
    pub tag: Option<String>,
    /// How many commits follow the tag; without one, how many there are.
    pub distance: u64,
    /// The name of the commit, with git's `g` before it. Ten characters of it are printed.
    pub node: Option<String>,
    /// Whether tracked files have uncommitted changes.
    pub dirty: bool,
    /// The name of the branch. Git calls a detached head `HEAD`.
    pub branch: Option<String>,
    /// The day of the commit, in UTC. Without one, today stands for it.
    pub node_date: Option<Date>,
}

impl Facts {
    /// Describe found a tag.
    pub fn described(described: Describe) -> Self {
        let Describe { tag, distance, node, dirty } = described;
        Self { distance, node, dirty, tag: Some(tag), ..Self::unborn() }
    }

    /// Describe found no tag: the whole history is counted.
    ///
    /// `commit` is the hexadecimal name of the commit, `commits` the number of all that lead to it.
    pub fn untagged(commit: &str, commits: u64, dirty: bool) -> Self {
        Self { distance: commits, node: Some(format!("g{commit}")), dirty, ..Self::unborn() }
    }

    /// There is no commit yet, which counts as uncommitted changes.
    pub fn unborn() -> Self {
        Self { tag: None, distance: 0, node: None, dirty: true, branch: None, node_date: None }
    }
}

/// A version as it is read, before the schemes are applied.
///
/// [`derive`](super::derive()) does all in one; the step between is for
/// [metadata from the environment](Self::override_with).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScmVersion {
    tag: Tag,
    preformatted: bool,
    distance: u64,
    node: Option<String>,
    dirty: bool,
    branch: Option<String>,
    node_date: Option<Date>,
    time: DateTime,
    warnings: Vec<ScmWarning>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Tag {
    Version(TagVersion),
    /// Put in by the environment, never read.
    Text(String),
}

/// Replacements for what was read, from `SETUPTOOLS_SCM_PRETEND_METADATA`; see
/// [`Environment::pretended_metadata`](super::Environment::pretended_metadata).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MetadataOverrides {
    /// `tag`. It is never read as a version and therefore useless without `preformatted`.
    pub tag: Option<String>,
    /// `distance`.
    pub distance: Option<u64>,
    /// `node`, which has a `g` before it where it is git's.
    pub node: Option<String>,
    /// `dirty`.
    pub dirty: Option<bool>,
    /// `preformatted`.
    pub preformatted: Option<bool>,
    /// `branch`.
    pub branch: Option<String>,
    /// `node_date`.
    pub node_date: Option<Date>,
    /// `time`, without regard to its offset.
    pub time: Option<DateTime>,
}

/// The version that setuptools-scm prints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    text: String,
    warnings: Vec<ScmWarning>,
}

impl ScmVersion {
    /// Reads the version of a commit. `time` is `SOURCE_DATE_EPOCH` where that is set, else now.
    ///
    /// # Errors
    ///
    /// - a tag without a readable version: [`ScmError::UnreadableTag`], [`ScmError::EmptyVersion`]
    /// - no tag and a fallback version that is none: [`ScmError::Fallback`]
    pub fn from_facts(facts: &Facts, settings: &Settings<'_>, time: DateTime) -> Result<Self, ScmError> {
        let mut warnings = Vec::new();
        for (what, text) in [("the node", &facts.node), ("the branch name", &facts.branch)] {
            check_length(what, text.as_deref().unwrap_or_default())?;
        }
        let tag = if let Some(tag) = &facts.tag {
            read_tag(tag, settings, &mut warnings)?
                .map_err(|problem| ScmError::UnreadableTag { tag: tag.clone(), problem })?
        } else {
            let text = settings.fallback_version.as_deref().filter(|text| !text.is_empty()).unwrap_or("0.0");
            check_length("the fallback version", text)?;
            TagVersion::read(text, settings.normalize)
                .map_err(|source| ScmError::Fallback { text: text.to_owned(), source })?
        };
        Ok(Self {
            tag: Tag::Version(tag),
            preformatted: false,
            distance: facts.distance,
            node: facts.node.clone(),
            dirty: facts.dirty,
            branch: facts.branch.clone(),
            node_date: facts.node_date,
            time,
            warnings,
        })
    }

    /// The version of a directory that is no repository: from its name, else the fallback version.
    ///
    /// `directory` is the last part of the project's path. Nothing when the settings name neither; setuptools-scm
    /// then fails.
    ///
    /// # Errors
    ///
    /// - a fallback version that is none: [`ScmError::Fallback`]
    pub fn without_repository(
        directory: &str,
        settings: &Settings<'_>,
        time: DateTime,
    ) -> Result<Option<Self>, ScmError> {
        let mut warnings = Vec::new();
        let prefix = settings.parent_directory_prefix.as_deref();
        if let Some(rest) = prefix.and_then(|prefix| directory.strip_prefix(prefix)) {
            match read_tag(rest, settings, &mut warnings)? {
                Ok(version) => {
                    return Ok(Some(Self { warnings, ..Self::preformatted(version, time) }));
                }
                Err(problem) => {
                    let directory = rest.to_owned();
                    warnings.push(ScmWarning::UnreadableDirectory { directory, problem });
                }
            }
        }
        let Some(text) = settings.fallback_version.as_deref() else {
            return Ok(None);
        };
        check_length("the fallback version", text)?;
        let version = TagVersion::read(text, false)
            .map_err(|source| ScmError::Fallback { text: text.to_owned(), source })?;
        Ok(Some(Self { warnings, ..Self::preformatted(version, time) }))
    }

    /// The version that somebody states instead of all that could be read.
    ///
    /// # Errors
    ///
    /// - a text that is no version: [`ScmError::Pretended`]
    pub fn pretended(text: &str, time: DateTime) -> Result<Self, ScmError> {
        check_length("the pretended version", text)?;
        let version = TagVersion::read(text, false)
            .map_err(|source| ScmError::Pretended { text: text.to_owned(), source })?;
        Ok(Self::preformatted(version, time))
    }

    fn preformatted(version: TagVersion, time: DateTime) -> Self {
        Self {
            tag: Tag::Version(version),
            preformatted: true,
            distance: 0,
            node: None,
            dirty: false,
            branch: None,
            node_date: None,
            time,
            warnings: Vec::new(),
        }
    }

    pub(super) fn with_warnings(mut self, warnings: impl IntoIterator<Item = ScmWarning>) -> Self {
        self.warnings.extend(warnings);
        self
    }

    /// Puts metadata of the environment in the place of what was read.
    ///
    /// # Errors
    ///
    /// - a text of more than 4096 bytes: [`ScmError::BeyondLimits`]
    pub fn override_with(&mut self, overrides: &MetadataOverrides) -> Result<(), ScmError> {
        let MetadataOverrides { tag, distance, node, dirty, preformatted, branch, node_date, time } =
            overrides;
        for (what, text) in
            [("the pretended tag", tag), ("the pretended node", node), ("the pretended branch", branch)]
        {
            check_length(what, text.as_deref().unwrap_or_default())?;
        }
        if let Some(tag) = tag {
            self.tag = Tag::Text(tag.clone());
        }
        self.distance = distance.unwrap_or(self.distance);
        self.dirty = dirty.unwrap_or(self.dirty);
        self.preformatted = preformatted.unwrap_or(self.preformatted);
        self.node = node.clone().or(self.node.take());
        self.branch = branch.clone().or(self.branch.take());
        self.node_date = node_date.or(self.node_date);
        self.time = time.unwrap_or(self.time);
        Ok(())
    }

    /// Applies the schemes.
    ///
    /// # Errors
    ///
    /// See [`derive`](super::derive()).
    pub fn format(&self, settings: &Settings<'_>) -> Result<Derived, ScmError> {
        let mut warnings = self.warnings.clone();
        let tag = match &self.tag {
            Tag::Version(version) if self.preformatted => {
                return Ok(Derived { text: version.text(), warnings });
            }
            Tag::Text(text) if self.preformatted => return Ok(Derived { text: text.clone(), warnings }),
            Tag::Text(text) => return Err(ScmError::PretendedTag { tag: text.clone() }),
            Tag::Version(version) => version,
        };
        let text = if settings.normalize { tag.public().to_string() } else { tag.public_text() };
        let base = Base {
            text,
            version: tag.public(),
            distance: self.distance,
            exact: self.is_exact(),
            branch: self.branch.as_deref(),
            head_date: self.node_date.unwrap_or(self.time.date()),
            fragments: settings.fragments,
        };
        let main = scheme::apply(&base, settings, &mut warnings)?;
        let local = local::apply(self, settings)?;
        let text = with_local(&main, &[tag.local().unwrap_or_default(), &local]);
        Ok(Derived { text, warnings })
    }

    /// Whether the tag itself is built.
    pub(super) fn is_exact(&self) -> bool {
        self.distance == 0 && !self.dirty
    }

    pub(super) fn is_dirty(&self) -> bool {
        self.dirty
    }

    pub(super) fn node(&self) -> Option<&str> {
        self.node.as_deref()
    }

    pub(super) fn time(&self) -> DateTime {
        self.time
    }
}

/// Adds local parts to a version, each segment once.
fn with_local(version: &str, parts: &[&str]) -> String {
    let (public, mut segments) = match version.split_once('+') {
        Some((public, local)) => (public, local.split('.').collect()),
        None => (version, Vec::new()),
    };
    for part in parts.iter().filter(|part| !part.trim_matches(is_python_space).is_empty()) {
        for segment in part.trim_matches('+').split('.') {
            if !segment.is_empty() && !segments.contains(&segment) {
                segments.push(segment);
            }
        }
    }
    if segments.is_empty() { public.to_owned() } else { format!("{public}+{}", segments.join(".")) }
}

impl Derived {
    /// The text that setuptools-scm prints; it need not be a version.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The version, where the text is one.
    ///
    /// Schemes only join texts. `post-release` makes `1.0.post1.post3` of a post-release, which is none.
    pub fn version(&self) -> Option<Version> {
        self.text.parse().ok()
    }

    /// What setuptools-scm warns about.
    pub fn warnings(&self) -> &[ScmWarning] {
        &self.warnings
    }
}

impl std::fmt::Display for Derived {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.text)
    }
}
