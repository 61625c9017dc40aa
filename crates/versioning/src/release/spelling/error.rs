use std::fmt;

use super::ReleaseVersion;
use crate::{MAX_VERSION_BYTES, Scheme, cargo, pep440};

/// The text cannot be read as the version of a release.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParseReleaseError {
    /// The text is no version by PEP 440.
    #[error(transparent)]
    Pep440(#[from] pep440::ParseVersionError),
    /// The text is no version by SemVer.
    #[error(transparent)]
    Semver(#[from] cargo::ParseVersionError),
    /// The text is no version by the rules of another scheme.
    #[error("{text:?} is not a version in the scheme `{scheme}`: {reason}")]
    Invalid {
        /// The text as given.
        text: String,
        /// The scheme in which it was read.
        scheme: Scheme,
        /// The rule that is broken.
        reason: &'static str,
    },
    /// The text is a version, but not one that a release can have here.
    #[error("{text:?} is a version, but {part}")]
    NotNeutral {
        /// The text as given.
        text: String,
        /// What a release version has no place for.
        part: Beyond,
    },
}

impl ParseReleaseError {
    /// What a release version has no place for, where the text is a version at all.
    pub fn part(&self) -> Option<Beyond> {
        match self {
            Self::NotNeutral { part, .. } => Some(*part),
            Self::Pep440(_) | Self::Semver(_) | Self::Invalid { .. } => None,
        }
    }

    pub(super) fn beyond(text: &str, part: Beyond) -> Self {
        Self::NotNeutral { text: text.to_owned(), part }
    }

    pub(super) fn invalid(text: &str, scheme: Scheme, reason: &'static str) -> Self {
        Self::Invalid { text: text.chars().take(MAX_VERSION_BYTES).collect(), scheme, reason }
    }
}

/// What a version may have that a [`ReleaseVersion`] has no place for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Beyond {
    /// `1.0+cu118` in PEP 440, where only public versions are wanted.
    LocalPart,
    /// `1.0.0+build` in SemVer where only public versions are wanted, `v2.0.0+incompatible` in Go.
    BuildMetadata,
    /// `1.0.0+CU118` in SemVer: PEP 440 would write it otherwise.
    OtherBuildMetadata,
    /// `1.0rc1.dev2` in PEP 440.
    SeveralPhases,
    /// `1.0.0-next.1` in SemVer.
    OtherPreRelease,
    /// A number of the pre-release part that is too large for its scheme.
    LargeNumber,
    /// `0.4` as the tag of a container image.
    MovingTag,
}

impl fmt::Display for Beyond {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::LocalPart => "a release has no local part (`+`)",
            Self::BuildMetadata => "a release has no build metadata (`+`)",
            Self::OtherBuildMetadata => {
                "its build metadata is no local part in normal form: lower case, dots, no leading zeros"
            }
            Self::SeveralPhases => "a release is in one phase only, not several on top of each other",
            Self::OtherPreRelease => {
                "its pre-release part is not one of `alpha.N`, `beta.N`, `rc.N`, `dev.N`"
            }
            Self::LargeNumber => "the number of its pre-release part is too large",
            Self::MovingTag => "a tag with fewer than three numbers moves from release to release",
        })
    }
}

/// A scheme has no spelling for a version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("version {version} cannot be written as {scheme}: {part}")]
pub struct CannotExpress {
    version: String,
    scheme: Scheme,
    part: Inexpressible,
}

impl CannotExpress {
    /// The scheme that was asked for.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// What the scheme cannot say.
    pub fn part(&self) -> Inexpressible {
        self.part
    }

    pub(super) fn new(version: &ReleaseVersion, scheme: Scheme, part: Inexpressible) -> Self {
        Self { version: version.to_string(), scheme, part }
    }
}

/// What a scheme may be unable to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Inexpressible {
    /// The `1!` of `1!2.0`.
    Epoch,
    /// The `.post1` of `2.0.post1`.
    PostRelease,
    /// The last number of `0.1.5.1`.
    FourthNumber,
    /// The last number of `2026.4.1.2.3`.
    FifthNumber,
    /// The `cu118` of `2.1.0+cu118`.
    LocalPart,
    /// A number beyond what the scheme can hold.
    LargeNumber,
    /// A first number that is no year.
    Year,
    /// A text that would be longer than the scheme allows.
    Length,
}

impl fmt::Display for Inexpressible {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Epoch => "it has no epoch",
            Self::PostRelease => "it has no post-releases, use the next patch version",
            Self::FourthNumber => "it has three numbers",
            Self::FifthNumber => "it has four numbers at most",
            Self::LocalPart => "it has no local part, leave out what stands after `+`",
            Self::LargeNumber => "it holds no number as large as the one there",
            Self::Year => "its first number is a year, of two digits or more",
            Self::Length => "the text would be too long",
        })
    }
}

/// A version of one scheme has no counterpart in another one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConvertError {
    /// The text cannot be read in the scheme that it comes from.
    #[error(transparent)]
    CannotRead(#[from] ParseReleaseError),
    /// The scheme that it goes to cannot say it.
    #[error(transparent)]
    CannotExpress(#[from] CannotExpress),
}
