//! The version that [setuptools-scm](https://setuptools-scm.readthedocs.io/) computes from what git knows.
//!
//! Measured on setuptools-scm 10.3.4 with vcs-versioning 2.6.0, which does the work since version 10. Nothing here
//! runs git, reads a file, the environment or the clock: [facts](Facts), [settings](Settings) and the time come in,
//! the [text that is printed](Derived) comes out.
//!
//! ```
//! use tminus_versioning::DateTime;
//! use tminus_versioning::scm::{self, Describe, Facts, LocalScheme, Settings};
//!
//! let described = Describe::parse("v0.4.5-dev-3-g4060507deadbeef4060507deadbeef4060507de")?;
//! let facts = Facts { branch: Some("main".to_owned()), ..Facts::described(described) };
//! let now = DateTime::from_unix_seconds(1_709_210_096).unwrap();
//!
//! let version = scm::derive(&facts, &Settings::default(), now)?;
//! assert_eq!(version.as_str(), "0.4.5.dev3+g4060507de");
//!
//! let settings = Settings { local_schemes: vec![LocalScheme::NoLocalVersion], ..Settings::default() };
//! let version = scm::derive(&facts, &settings, now)?;
//! assert_eq!(version.version(), Some("0.4.5.dev3".parse()?));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # How a version comes about
//!
//! 1. A version in the [environment](Environment::pretended_version) wins and is printed as it is written.
//! 2. In a repository, [the describe command](Settings::describe_command) is run. It [finds a tag](Facts::described),
//!    or there [is none](Facts::untagged), and the fallback version stands for one, else `0.0`. A tag that is found
//!    and cannot be read is an error; the fallback version does not help there.
//! 3. Without a repository, the name of the directory and the fallback version
//!    [are printed as they are](ScmVersion::without_repository).
//! 4. [Metadata of the environment](MetadataOverrides) replace single facts.
//! 5. The version scheme makes the public part, the local scheme the local part. A local part of the tag itself comes
//!    before that of the scheme; no segment appears twice.
//!
//! [`derive()`] is 2 and 5; [`ScmVersion`] has each step of its own.
//!
//! # Version schemes
//!
//! On the tag itself without uncommitted changes, the version is that of the tag with every scheme. Otherwise, three
//! commits after the tag:
//!
//! | scheme                          | `1.2.0`          | `1.2rc1`        | `1.3.dev0`        | `1.2.post1`         |
//! |---------------------------------|------------------|-----------------|-------------------|---------------------|
//! | `guess-next-dev`                | `1.2.1.dev3`     | `1.2rc2.dev3`   | `1.3.dev3`        | `1.2.post2.dev3`    |
//! | `no-guess-dev`                  | `1.2.0.post1.dev3` | `1.2rc1.post1.dev3` | `1.3.dev3` | error             |
//! | `only-version`                  | `1.2.0`          | `1.2rc1`        | `1.3.dev0`        | `1.2.post1`         |
//! | `post-release`                  | `1.2.0.post3`    | `1.2rc1.post3`  | `1.3.dev0.post3`* | `1.2.post1.post3`*  |
//! | `semver-pep440`                 | `1.2.1.dev3`     | `1.2.1.dev3`    | `1.3.0.dev3`      | `1.2.1.dev3`        |
//! | … on a branch with `feature`    | `1.3.0.dev3`     | `1.3.0.dev3`    | `1.3.0.dev3`      | `1.3.0.dev3`        |
//! | `semver-pep440-release-branch`  | `1.3.0.dev3`     | `1.3.0.dev3`    | `1.3.0.dev3`      | `1.3.0.dev3`        |
//! | … on a branch `release/1.2`     | `1.2.1.dev3`     | `1.3.0.dev3`    | `1.3.0.dev3`      | `1.2.post2.dev3`    |
//! | `calver-by-date` on 2024-02-29  | `24.2.29.0.dev3` | `24.2.29.0.dev3` | `24.2.29.0.dev3` | `24.2.29.0.dev3`    |
//!
//! \* printed all the same, though it is no version.
//!
//! - `semver-pep440` and `semver-pep440-release-branch` were named `python-simplified-semver` and
//!   `release-branch-semver` before; the old names are still read.
//! - `calver-by-date` goes on from tags that are dates: `2024.2.29` on the same day becomes `2024.2.29.1.dev3`, of an
//!   earlier day `2024.2.29.0.dev3`. The branch `release-24.02.01` makes it `24.02.01`, without a distance.
//! - `towncrier-fragments` raises the major, minor or patch number by the [changelog fragments](Fragments) that wait,
//!   and is `guess-next-dev` without any. `towncrier-fragments-zerover` raises the minor number for breaking changes
//!   of `0.x`.
//! - A tag that ends in `.devN` with another N than 0 is an error with `guess-next-dev` and `no-guess-dev`.
//!
//! # Local schemes
//!
//! | scheme                        | commits after the tag | and changes            | changes on the tag |
//! |-------------------------------|-----------------------|------------------------|--------------------|
//! | `node-and-date`               | `+g406050700`         | `+g406050700.d20240229` | `+d20240229`      |
//! | `node-and-timestamp`          | `+g406050700`         | `+g406050700.d20240229123456` | `+d20240229123456` |
//! | `dirty-tag`                   |                       | `+dirty`               | `+dirty`           |
//! | `no-local-version`            |                       |                        |                    |
//! | `no-local-version-strict`     |                       | error                  | error              |
//! | `fail-on-uncommitted-changes` | the next scheme's, else `+unknown` | error     | error              |
//!
//! # Deviations
//!
//! - What only Python can run is not run: schemes of the project's own, a `version_cls`, a `parse` function. Of a list
//!   of version schemes the first answers, so that a setting of one is enough. Tag expressions are run by a
//!   [`TagReader`] of the caller.
//! - Numbers in the public part of a version stop at 2⁶⁴ − 1, its text at 256 bytes; other texts stop at 4096 bytes.
//!   Beyond that is an error. It is never a version other than setuptools-scm's.
//! - `\d` of the default tag expression, of describe and of `calver-by-date` means the digits of ASCII. `\w` means
//!   [`char::is_alphanumeric`] and `_`; the two differ over a few characters beyond ASCII, such as combining vowels.
//! - A distance is never negative.

mod calver;
mod describe;
mod environment;
mod error;
mod fragments;
mod local;
mod reader;
mod scheme;
mod settings;
mod tag;
#[cfg(test)]
mod tests;
mod version;

pub use describe::{Describe, DescribeCommand, ParseCommandError};
pub use environment::{Environment, Variable};
pub use error::{ParseSchemeError, ScmError, ScmWarning, TagProblem};
pub use fragments::Fragments;
pub use reader::{DefaultTagReader, TagMatch, TagReader};
pub use settings::{LocalScheme, Settings, ShallowPolicy, VersionScheme};
pub use version::{Derived, Facts, MetadataOverrides, ScmVersion};

use crate::DateTime;

/// The version of a commit: what `python -m setuptools_scm` prints there.
///
/// `now` is `SOURCE_DATE_EPOCH` where that is set.
///
/// # Errors
///
/// - a tag or a fallback version that cannot be read, see [`ScmVersion::from_facts`]
/// - a tag that the version scheme cannot go on from: [`ScmError::CustomDevNumber`], [`ScmError::AlreadyPost`],
///   [`ScmError::NoNumberToRaise`], [`ScmError::NoSuchDay`], [`ScmError::NoMajorNumber`]
/// - changes that the local scheme forbids, or no local scheme: [`ScmError::UncommittedChanges`],
///   [`ScmError::NoLocalScheme`]
/// - a branch name that the tag reader matches without a version: [`ScmError::EmptyVersion`]
/// - anything beyond the limits of this module: [`ScmError::BeyondLimits`]
pub fn derive(facts: &Facts, settings: &Settings<'_>, now: DateTime) -> Result<Derived, ScmError> {
    ScmVersion::from_facts(facts, settings, now)?.format(settings)
}
