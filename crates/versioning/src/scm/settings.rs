use std::fmt;
use std::str::FromStr;

use super::describe::DescribeCommand;
use super::error::ParseSchemeError;
use super::reader::{DefaultTagReader, TagReader};
use super::{Fragments, ScmError, ScmWarning};

/// What a project says, foremost in its `[tool.setuptools_scm]` table, as far as it bears upon the version.
///
/// The default is what an empty table and no changelog fragments mean.
#[derive(Clone)]
pub struct Settings<'r> {
    /// `version_scheme`.
    pub version_scheme: VersionScheme,
    /// `local_scheme`, one or several; the first that has an answer gives it.
    pub local_schemes: Vec<LocalScheme>,
    /// `tag.regex`, formerly `tag_regex`.
    pub tag_reader: &'r dyn TagReader,
    /// `tag.prefix`, which is cut off before the tag is read.
    pub tag_prefix: String,
    /// `tag.strict`: describe looks at tags with a dot between digits only. Unset means `false` for now.
    pub tag_strict: Option<bool>,
    /// `scm.git.describe_command`, formerly `git_describe_command`.
    pub describe_command: Option<DescribeCommand>,
    /// `fallback_version`.
    pub fallback_version: Option<String>,
    /// `parentdir_prefix_version`.
    pub parent_directory_prefix: Option<String>,
    /// `normalize`; where it is off, the spelling of the tag is kept.
    pub normalize: bool,
    /// `scm.git.pre_parse`.
    pub on_shallow: ShallowPolicy,
    /// The changelog fragments in the project, for the `towncrier-` schemes.
    pub fragments: Fragments,
}

impl Settings<'_> {
    /// The command that finds the tag: the configured one, else the default one for the tag settings.
    ///
    /// ```
    /// use tminus_versioning::scm::Settings;
    ///
    /// let settings = Settings { tag_prefix: "demo-".to_owned(), ..Settings::default() };
    /// let command = settings.describe_command();
    /// assert_eq!(command.arguments().last().unwrap(), "demo-*[0-9]*");
    /// ```
    pub fn describe_command(&self) -> DescribeCommand {
        match &self.describe_command {
            Some(command) => command.clone(),
            None => DescribeCommand::with_match(&self.match_pattern()),
        }
    }

    /// The pattern for tags that the default command hands to git.
    pub fn match_pattern(&self) -> String {
        let version = if self.tag_strict == Some(true) { "*[0-9]*.*[0-9]*" } else { "*[0-9]*" };
        format!("{}{version}", self.tag_prefix)
    }
}

impl Default for Settings<'_> {
    fn default() -> Self {
        Self {
            version_scheme: VersionScheme::GuessNextDev,
            local_schemes: vec![LocalScheme::NodeAndDate],
            tag_reader: &DefaultTagReader,
            tag_prefix: String::new(),
            tag_strict: None,
            describe_command: None,
            fallback_version: None,
            parent_directory_prefix: None,
            normalize: true,
            on_shallow: ShallowPolicy::Warn,
            fragments: Fragments::default(),
        }
    }
}

impl fmt::Debug for Settings<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Settings")
            .field("version_scheme", &self.version_scheme)
            .field("local_schemes", &self.local_schemes)
            .field("tag_prefix", &self.tag_prefix)
            .field("tag_strict", &self.tag_strict)
            .field("describe_command", &self.describe_command)
            .field("fallback_version", &self.fallback_version)
            .field("parent_directory_prefix", &self.parent_directory_prefix)
            .field("normalize", &self.normalize)
            .field("on_shallow", &self.on_shallow)
            .field("fragments", &self.fragments)
            .finish_non_exhaustive()
    }
}

/// How the public part of the version follows from the tag; the [module](super) shows each with an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum VersionScheme {
    /// `guess-next-dev`, the default.
    GuessNextDev,
    /// `no-guess-dev`.
    NoGuessDev,
    /// `only-version`.
    OnlyVersion,
    /// `post-release`.
    PostRelease,
    /// `semver-pep440`, formerly `python-simplified-semver`.
    Semver,
    /// `semver-pep440-release-branch`, formerly `release-branch-semver`.
    SemverReleaseBranch,
    /// `calver-by-date`.
    CalverByDate,
    /// `towncrier-fragments`.
    TowncrierFragments,
    /// `towncrier-fragments-zerover`.
    TowncrierFragmentsZerover,
}

impl VersionScheme {
    /// Every scheme.
    pub const ALL: [Self; 9] = [
        Self::GuessNextDev,
        Self::NoGuessDev,
        Self::OnlyVersion,
        Self::PostRelease,
        Self::Semver,
        Self::SemverReleaseBranch,
        Self::CalverByDate,
        Self::TowncrierFragments,
        Self::TowncrierFragmentsZerover,
    ];

    /// The name in the configuration, of two the newer one.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GuessNextDev => "guess-next-dev",
            Self::NoGuessDev => "no-guess-dev",
            Self::OnlyVersion => "only-version",
            Self::PostRelease => "post-release",
            Self::Semver => "semver-pep440",
            Self::SemverReleaseBranch => "semver-pep440-release-branch",
            Self::CalverByDate => "calver-by-date",
            Self::TowncrierFragments => "towncrier-fragments",
            Self::TowncrierFragmentsZerover => "towncrier-fragments-zerover",
        }
    }
}

impl FromStr for VersionScheme {
    type Err = ParseSchemeError;

    /// Reads the name of a scheme, the old names of renamed ones included.
    ///
    /// # Errors
    ///
    /// - a name that setuptools-scm does not bring along: `my_package:scheme`
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "python-simplified-semver" => Ok(Self::Semver),
            "release-branch-semver" => Ok(Self::SemverReleaseBranch),
            _ => Self::ALL
                .into_iter()
                .find(|scheme| scheme.as_str() == name)
                .ok_or_else(|| ParseSchemeError::version_scheme(name)),
        }
    }
}

impl fmt::Display for VersionScheme {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// How the local part of the version follows from the commit; the [module](super) shows each with an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LocalScheme {
    /// `node-and-date`, the default.
    NodeAndDate,
    /// `node-and-timestamp`.
    NodeAndTimestamp,
    /// `dirty-tag`.
    DirtyTag,
    /// `no-local-version`.
    NoLocalVersion,
    /// `no-local-version-strict`.
    NoLocalVersionStrict,
    /// `fail-on-uncommitted-changes`, which leaves the answer to the next scheme.
    FailOnUncommittedChanges,
}

impl LocalScheme {
    /// Every scheme.
    pub const ALL: [Self; 6] = [
        Self::NodeAndDate,
        Self::NodeAndTimestamp,
        Self::DirtyTag,
        Self::NoLocalVersion,
        Self::NoLocalVersionStrict,
        Self::FailOnUncommittedChanges,
    ];

    /// The name in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NodeAndDate => "node-and-date",
            Self::NodeAndTimestamp => "node-and-timestamp",
            Self::DirtyTag => "dirty-tag",
            Self::NoLocalVersion => "no-local-version",
            Self::NoLocalVersionStrict => "no-local-version-strict",
            Self::FailOnUncommittedChanges => "fail-on-uncommitted-changes",
        }
    }
}

impl FromStr for LocalScheme {
    type Err = ParseSchemeError;

    /// Reads the name of a scheme.
    ///
    /// # Errors
    ///
    /// - a name that setuptools-scm does not bring along: `my_package:scheme`
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|scheme| scheme.as_str() == name)
            .ok_or_else(|| ParseSchemeError::local_scheme(name))
    }
}

impl fmt::Display for LocalScheme {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What happens before describe runs, foremost in a shallow clone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ShallowPolicy {
    /// `warn_on_shallow`, the default.
    Warn,
    /// `fail_on_shallow`.
    Fail,
    /// `fetch_on_shallow`: the whole history is fetched first. Nothing here does that; the caller has to.
    Fetch,
    /// `fail_on_missing_submodules`, which says nothing about shallow clones.
    FailOnMissingSubmodules,
}

impl ShallowPolicy {
    pub(super) const ALL: [Self; 4] = [Self::Warn, Self::Fail, Self::Fetch, Self::FailOnMissingSubmodules];

    /// The name in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Warn => "warn_on_shallow",
            Self::Fail => "fail_on_shallow",
            Self::Fetch => "fetch_on_shallow",
            Self::FailOnMissingSubmodules => "fail_on_missing_submodules",
        }
    }

    /// What to make of a shallow clone. One whose `HEAD` is a tag is as good as a whole one.
    ///
    /// # Errors
    ///
    /// - [`ScmError::Shallow`] where the policy is [`Fail`](Self::Fail)
    pub fn check(self, is_shallow: bool, head_is_tag: bool) -> Result<Option<ScmWarning>, ScmError> {
        if !is_shallow || head_is_tag {
            return Ok(None);
        }
        match self {
            Self::Fail => Err(ScmError::Shallow),
            Self::Warn | Self::Fetch => Ok(Some(ScmWarning::Shallow)),
            Self::FailOnMissingSubmodules => Ok(None),
        }
    }
}

impl FromStr for ShallowPolicy {
    type Err = ParseSchemeError;

    /// Reads the value of `scm.git.pre_parse`.
    ///
    /// # Errors
    ///
    /// - any other name
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|policy| policy.as_str() == name)
            .ok_or_else(|| ParseSchemeError::shallow_policy(name))
    }
}

impl fmt::Display for ShallowPolicy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
