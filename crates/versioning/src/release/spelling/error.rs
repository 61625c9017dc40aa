use std::fmt;

use super::ReleaseVersion;
use crate::{Scheme, calver, cargo, go, npm, oci, pep440, semver};

/// The text cannot be read as the version of a release.
///
/// ```
/// use tminus_versioning::{Beyond, ReleaseVersion, Scheme};
///
/// let error = ReleaseVersion::parse(Scheme::Go, "v1.02.0").unwrap_err();
/// assert_eq!((error.offset(), error.part()), (Some(3), None));
/// let error = ReleaseVersion::parse(Scheme::Go, "v1.2.0-next.1").unwrap_err();
/// assert_eq!((error.offset(), error.part()), (None, Some(Beyond::OtherPreRelease)));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseReleaseError {
    /// The text is no version by PEP 440.
    #[error(transparent)]
    Pep440(#[from] pep440::ParseVersionError),
    /// The text is no version by SemVer.
    #[error(transparent)]
    Semver(#[from] semver::ParseVersionError),
    /// The text is no version that Cargo reads.
    #[error(transparent)]
    Cargo(#[from] cargo::ParseVersionError),
    /// The text is no version that npm reads.
    #[error(transparent)]
    Npm(#[from] npm::ParseVersionError),
    /// The text is no version of a Go module.
    #[error(transparent)]
    Go(#[from] go::ParseVersionError),
    /// The text is no calendar version.
    #[error(transparent)]
    Calver(#[from] calver::ParseVersionError),
    /// The text is no tag of an image.
    #[error(transparent)]
    Oci(#[from] oci::ParseTagError),
    /// The text is the tag of an image, but states no version.
    #[error("{text:?} is not a version in the scheme `oci`: {reason}, at character {}", offset + 1)]
    NoVersionTag {
        /// The text as given.
        text: String,
        /// The rule that is broken.
        reason: &'static str,
        /// Where it is broken, as a byte offset from 0; a tag is ASCII.
        offset: usize,
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
            _ => None,
        }
    }

    /// The place in the given text where the version stops to make sense, as a byte offset from 0.
    ///
    /// There is none where the text is empty or too long, and where it is a version, but none for a release.
    pub fn offset(&self) -> Option<usize> {
        match self {
            Self::Pep440(error) => error.offset(),
            Self::Semver(error) => error.offset(),
            Self::Cargo(error) => error.offset(),
            Self::Npm(error) => error.offset(),
            Self::Go(error) => error.offset(),
            Self::Calver(error) => error.offset(),
            Self::Oci(error) => error.offset(),
            Self::NoVersionTag { offset, .. } => Some(*offset),
            Self::NotNeutral { .. } => None,
        }
    }

    pub(super) fn beyond(text: &str, part: Beyond) -> Self {
        Self::NotNeutral { text: text.to_owned(), part }
    }
}

/// What a version may have that a [`ReleaseVersion`] has no place for.
///
/// Its text says so without naming the version, as the `TryFrom` of the version's own type returns it.
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
    /// A number beyond 2⁶⁴ − 1, or one of the pre-release part that npm compares as text.
    LargeNumber,
    /// `0.4` as the tag of a container image.
    MovingTag,
    /// `06.04` as a calendar version.
    PaddedYear,
    /// Release numbers of more than 112 bytes, or a local part of more than 96.
    Length,
}

impl std::error::Error for Beyond {}

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
            Self::LargeNumber => "a number in it is too large",
            Self::MovingTag => "a tag with fewer than three numbers moves from release to release",
            Self::PaddedYear => "without the zero in front its first number is no year: write the full one",
            Self::Length => {
                "a release has at most 112 bytes of release numbers and 96 bytes of local part or build metadata"
            }
        })
    }
}

/// A scheme has no spelling for a version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("version {version} cannot be written in the scheme {scheme}, which {part}")]
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
        Self::of_text(&version.to_string(), scheme, part)
    }

    /// Names the version as it was given, in whatever scheme that was.
    pub(super) fn of_text(text: &str, scheme: Scheme, part: Inexpressible) -> Self {
        Self { version: text.to_owned(), scheme, part }
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
            Self::Epoch => "has no epochs",
            Self::PostRelease => "has no post-releases: use the next patch version",
            Self::FourthNumber => "has three numbers",
            Self::FifthNumber => "has four numbers at most",
            Self::LocalPart => "has no local parts: leave out what stands after `+`",
            Self::LargeNumber => "holds no number as large as the one there",
            Self::Year => "begins with a year: 10 to 999, or 1970 to 9999",
            Self::Length => "has no room for so long a text",
        })
    }
}

/// A version of one scheme has no counterpart in another one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConvertError {
    /// The text cannot be read in the scheme that it comes from.
    #[error(transparent)]
    CannotRead(#[from] ParseReleaseError),
    /// The scheme that it goes to cannot say it.
    #[error(transparent)]
    CannotExpress(#[from] CannotExpress),
    /// It would come back as another version.
    #[error("{text:?} would be {written} in {scheme}, and that is {back} on the way back: convert that one")]
    Lossy {
        /// The text as given.
        text: String,
        /// The scheme that was asked for.
        scheme: Scheme,
        /// What would be written there.
        written: String,
        /// What that is in the scheme that it came from.
        back: String,
    },
}
