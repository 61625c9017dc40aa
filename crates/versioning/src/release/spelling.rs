use std::fmt;

use super::{Phase, ReleaseVersion};
use crate::{Scheme, cargo, pep440};

impl ReleaseVersion {
    /// Reads a version in the spelling of a scheme.
    ///
    /// PEP 440 is read in every spelling that it normalises (`1.2-dev` is `1.2.dev0`). In SemVer the pre-release part
    /// must be `alpha`, `beta`, `rc` or `dev`, alone or with a number after a dot; alone means number 0.
    ///
    /// # Errors
    ///
    /// - text that the scheme itself does not accept
    /// - a local part or build metadata: `1.0+cu118`
    /// - phases on top of each other: `1.0rc1.dev2`, `1.0rc1.post1`
    /// - pre-release words with no counterpart in the other scheme: `1.0.0-next.1`, `1.0.0-RC1`
    pub fn parse(scheme: Scheme, text: &str) -> Result<Self, ParseReleaseError> {
        let parsed = match scheme {
            Scheme::Pep440 => from_pep440(&text.parse()?),
            Scheme::Semver => from_semver(&text.parse()?),
        };
        parsed.map_err(|part| ParseReleaseError::NotNeutral { text: text.to_owned(), part })
    }

    /// The canonical spelling of the version in a scheme.
    ///
    /// ```
    /// use tminus_versioning::{Inexpressible, ReleaseVersion, Scheme};
    ///
    /// let version: ReleaseVersion = "0.4.5.dev20260202".parse()?;
    /// assert_eq!(version.render(Scheme::Semver)?, "0.4.5-dev.20260202");
    ///
    /// let repeated: ReleaseVersion = "0.4.5.post1".parse()?;
    /// assert_eq!(repeated.render(Scheme::Semver).unwrap_err().part(), Inexpressible::PostRelease);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// SemVer cannot say an epoch, a post-release, or a fourth number that is not zero.
    pub fn render(&self, scheme: Scheme) -> Result<String, CannotExpress> {
        match scheme {
            Scheme::Pep440 => Ok(self.to_string()),
            Scheme::Semver => to_semver(self).map_err(|part| CannotExpress {
                version: self.to_string(),
                scheme: Scheme::Semver,
                part,
            }),
        }
    }
}

/// Writes the canonical form of PEP 440.
pub(super) fn write_pep440(version: &ReleaseVersion, out: &mut dyn fmt::Write) -> fmt::Result {
    if version.epoch != 0 {
        write!(out, "{}!", version.epoch)?;
    }
    for (index, number) in version.release.iter().enumerate() {
        if index > 0 {
            out.write_char('.')?;
        }
        write!(out, "{number}")?;
    }
    match version.phase {
        Phase::Dev(number) => write!(out, ".dev{number}"),
        Phase::Alpha(number) => write!(out, "a{number}"),
        Phase::Beta(number) => write!(out, "b{number}"),
        Phase::Rc(number) => write!(out, "rc{number}"),
        Phase::Final => Ok(()),
        Phase::Post(number) => write!(out, ".post{number}"),
    }
}

fn from_pep440(version: &pep440::Version) -> Result<ReleaseVersion, Beyond> {
    if version.local().is_some() {
        return Err(Beyond::LocalPart);
    }
    let phase = match (version.dev(), version.pre(), version.post()) {
        (None, None, None) => Phase::Final,
        (Some(number), None, None) => Phase::Dev(number),
        (None, Some((kind, number)), None) => match kind {
            pep440::PreKind::Alpha => Phase::Alpha(number),
            pep440::PreKind::Beta => Phase::Beta(number),
            pep440::PreKind::Rc => Phase::Rc(number),
        },
        (None, None, Some(number)) => Phase::Post(number),
        _ => return Err(Beyond::SeveralPhases),
    };
    Ok(ReleaseVersion { epoch: version.epoch(), release: version.release().to_vec(), phase })
}

fn from_semver(version: &cargo::Version) -> Result<ReleaseVersion, Beyond> {
    if !version.build().is_empty() {
        return Err(Beyond::BuildMetadata);
    }
    let phase = if version.is_prerelease() { semver_phase(version.pre())? } else { Phase::Final };
    Ok(ReleaseVersion { epoch: 0, release: vec![version.major(), version.minor(), version.patch()], phase })
}

fn semver_phase(pre: &str) -> Result<Phase, Beyond> {
    let (word, number) = match pre.split_once('.') {
        // The grammar has already refused leading zeros, so that only dots and overflow are left to fail here.
        Some((word, number)) => (word, number.parse().map_err(|_| Beyond::OtherPreRelease)?),
        None => (pre, 0),
    };
    match word {
        "alpha" => Ok(Phase::Alpha(number)),
        "beta" => Ok(Phase::Beta(number)),
        "rc" => Ok(Phase::Rc(number)),
        "dev" => Ok(Phase::Dev(number)),
        _ => Err(Beyond::OtherPreRelease),
    }
}

fn to_semver(version: &ReleaseVersion) -> Result<String, Inexpressible> {
    if version.epoch != 0 {
        return Err(Inexpressible::Epoch);
    }
    if version.significant().len() > 3 {
        return Err(Inexpressible::FourthNumber);
    }
    let numbers = format!("{}.{}.{}", version.major(), version.minor(), version.patch());
    match version.phase {
        Phase::Dev(number) => Ok(format!("{numbers}-dev.{number}")),
        Phase::Alpha(number) => Ok(format!("{numbers}-alpha.{number}")),
        Phase::Beta(number) => Ok(format!("{numbers}-beta.{number}")),
        Phase::Rc(number) => Ok(format!("{numbers}-rc.{number}")),
        Phase::Final => Ok(numbers),
        Phase::Post(_) => Err(Inexpressible::PostRelease),
    }
}

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
    /// The text is a version, but not one that a release can have here.
    #[error("{text:?} is a version, but {part}")]
    NotNeutral {
        /// The text as given.
        text: String,
        /// What a release version has no place for.
        part: Beyond,
    },
}

/// What a version may have that a [`ReleaseVersion`] has no place for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Beyond {
    /// `1.0+cu118` in PEP 440.
    LocalPart,
    /// `1.0.0+build` in SemVer.
    BuildMetadata,
    /// `1.0rc1.dev2` in PEP 440.
    SeveralPhases,
    /// `1.0.0-next.1` in SemVer.
    OtherPreRelease,
}

impl fmt::Display for Beyond {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::LocalPart => "a release has no local part (`+`)",
            Self::BuildMetadata => "a release has no build metadata (`+`)",
            Self::SeveralPhases => "a release is in one phase only, not several on top of each other",
            Self::OtherPreRelease => {
                "its pre-release part is not one of `alpha.N`, `beta.N`, `rc.N`, `dev.N`"
            }
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
}

impl fmt::Display for Inexpressible {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Epoch => "it has no epoch",
            Self::PostRelease => "it has no post-releases, use the next patch version",
            Self::FourthNumber => "it has three numbers",
        })
    }
}
