//! The spellings of a release version, one module per family of schemes.

use super::{LocalPart, Phase, ReleaseVersion};
use crate::{MAX_VERSION_BYTES, Scheme};

mod calver;
mod convert;
mod error;
#[cfg(test)]
mod laws;
mod neutral;
mod npm;
mod oci;
mod pep440;
mod semver;
#[cfg(test)]
mod tests;

pub use convert::convert;
pub use error::{Beyond, CannotExpress, ConvertError, Inexpressible, ParseReleaseError};
pub(super) use pep440::write as write_pep440;

/// The largest number that a scheme can say where it sets no limit itself.
const NO_LIMIT: u64 = u64::MAX;

impl ReleaseVersion {
    /// Reads a version in the spelling of a scheme.
    ///
    /// What is read keeps its meaning or is refused: the number of a phase, every release number, the local part.
    /// The whole text is the version; a version inside a longer text is never found.
    ///
    /// | scheme | what is read |
    /// |---|---|
    /// | `pep440` | every spelling that PEP 440 normalises: `1.2-dev` is `1.2.dev0` |
    /// | `semver`, `cargo` | SemVer 2.0.0; the pre-release part is `alpha`, `beta`, `rc` or `dev` and a number after a dot |
    /// | `npm` | as `semver`, after white space and one `v` in front, with npm's limits of numbers |
    /// | `npm-loose` | also `=`, several `v`, leading zeros, and a phase in any case, short or without a dot: `1.2.3RC1`, `1.2.3a1` |
    /// | `go` | as `semver`, after exactly one `v`, without build metadata |
    /// | `oci` | as `semver` or in the canonical form of PEP 440, three numbers at least, perhaps after a `v` |
    /// | `calver` | what [`calver::Version`](crate::calver::Version) reads: two to four numbers, a year first, and a modifier |
    ///
    /// Each scheme is read by its own module, whose type converts with `TryFrom` too.
    ///
    /// # What is spelling, and lost
    ///
    /// - `-rc` alone in SemVer and calver is number 0 and becomes `-rc.0`; the same for the other phases.
    /// - `v` and `=` in front (npm, npm-loose, oci): a tag pattern owns the `v` of tags.
    /// - Zero padding in calver, and the spelling of its modifier: `2026.04.1rc3` is `2026.4.1-rc.3`.
    ///
    /// # What is refused although its meaning can be guessed
    ///
    /// `1.0.0-rc1`, `1.0.0-RC.1` and `1.0.0-a.1` are other versions than `1.0.0-rc.1` and `1.0.0-alpha.1` in SemVer:
    /// a registry holds them side by side, and `rc10` comes before `rc2`. Only `npm-loose` and, for the tags of old
    /// releases, `pep440` read them.
    ///
    /// # Errors
    ///
    /// - text that the scheme itself does not accept; [`ParseReleaseError::offset`] says where it stops to make sense
    /// - phases on top of each other: `1.0rc1.dev2`, `1.0rc1.post1`
    /// - other pre-release parts: `1.0.0-next.1`, `1.0.0-RC1`, the pseudo-versions of Go
    /// - build metadata that is no local part of PEP 440 in its normal form: `1.0.0+CU118`, `1.0.0+a-b`, `1.0.0+007`
    /// - in `oci`, tags that move or name a commit: `latest`, `0.4`, `4`, `1234567`
    /// - in `calver`, a year that is none without its zero: `06.04`
    /// - numbers beyond 2⁶⁴ − 1, also where SemVer and Go set no limit
    /// - release numbers of more than 112 bytes together, a local part beyond 96 bytes
    pub fn parse(scheme: Scheme, text: &str) -> Result<Self, ParseReleaseError> {
        match scheme {
            Scheme::Pep440 => pep440::read(text),
            Scheme::Semver => semver::read(text),
            Scheme::Cargo => semver::read_cargo(text),
            Scheme::Go => semver::read_go(text),
            Scheme::Npm => npm::read(text),
            Scheme::NpmLoose => npm::read_loose(text),
            Scheme::Oci => oci::read(text),
            Scheme::Calver => calver::read(text),
        }
    }

    /// Reads any version of a scheme as the nearest one that a release can have.
    ///
    /// To count on from what exists, a version need not be one of a release here: `1.3.0-next.1` has begun 1.3.0 whatever
    /// its word means, and after `1.3.0rc2.dev1` the number 2 is taken. The result is of the same release, and:
    ///
    /// | text | nearest |
    /// |---|---|
    /// | what [`parse`](Self::parse) reads | the same |
    /// | another pre-release part: `1.3.0-next.1`, a pseudo-version of Go | the alpha 0 |
    /// | phases on top of each other: `1.3.0rc2.dev1`, `1.3.0.post1.dev3` | the one before the `dev`: `1.3.0rc2`, `1.3.0.post1` |
    ///
    /// Build metadata and local parts that have no normal form are left out.
    ///
    /// ```
    /// use tminus_versioning::{ReleaseVersion, Scheme};
    ///
    /// let nearest = ReleaseVersion::parse_nearest(Scheme::Npm, "1.3.0-next.1")?;
    /// assert_eq!(nearest.to_string(), "1.3.0a0");
    /// # Ok::<(), tminus_versioning::ParseReleaseError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse), but for the parts in the table.
    pub fn parse_nearest(scheme: Scheme, text: &str) -> Result<Self, ParseReleaseError> {
        let error = match Self::parse(scheme, text) {
            Err(error) if error.part().is_some() => error,
            other => return other,
        };
        let nearest = match scheme {
            Scheme::Pep440 => text.parse().ok().and_then(|version| pep440::nearest(&version)),
            Scheme::Calver => None,
            _ => convert::as_semver(scheme, text)?.and_then(|text| semver::nearest(&text)),
        };
        nearest.ok_or(error)
    }

    /// Reads a version that may be published: as [`parse`](Self::parse), but without a local part.
    ///
    /// Public indexes refuse local parts, and registries treat versions that differ in build metadata as one.
    ///
    /// ```
    /// use tminus_versioning::{ReleaseVersion, Scheme};
    ///
    /// assert!(ReleaseVersion::parse(Scheme::Pep440, "2.1.0+cu118").is_ok());
    /// let error = ReleaseVersion::parse_public(Scheme::Pep440, "2.1.0+cu118").unwrap_err();
    /// assert_eq!(error.to_string(), "\"2.1.0+cu118\" is a version, but a release has no local part (`+`)");
    /// ```
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse), and any local part or build metadata.
    pub fn parse_public(scheme: Scheme, text: &str) -> Result<Self, ParseReleaseError> {
        let part = match scheme {
            Scheme::Pep440 | Scheme::Calver => Beyond::LocalPart,
            _ => Beyond::BuildMetadata,
        };
        match Self::parse(scheme, text) {
            Ok(version) if version.local().is_some() => Err(ParseReleaseError::beyond(text, part)),
            Err(ParseReleaseError::NotNeutral { text, part: Beyond::OtherBuildMetadata }) => {
                Err(ParseReleaseError::NotNeutral { text, part: Beyond::BuildMetadata })
            }
            other => other,
        }
    }

    /// The canonical spelling of the version in a scheme; [`parse`](Self::parse) reads it back to an equal version.
    ///
    /// ```
    /// use tminus_versioning::{Inexpressible, ReleaseVersion, Scheme};
    ///
    /// let version: ReleaseVersion = "0.4.5.dev20260202".parse()?;
    /// assert_eq!(version.render(Scheme::Semver)?, "0.4.5-dev.20260202");
    /// assert_eq!(version.render(Scheme::Go)?, "v0.4.5-dev.20260202");
    ///
    /// let repeated: ReleaseVersion = "0.4.5.post1".parse()?;
    /// assert_eq!(repeated.render(Scheme::Oci)?, "0.4.5.post1");
    /// assert_eq!(repeated.render(Scheme::Semver).unwrap_err().part(), Inexpressible::PostRelease);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// | scheme | what it cannot say |
    /// |---|---|
    /// | `semver`, `cargo` | an epoch, a post-release, a fourth number that is not zero |
    /// | `npm`, `npm-loose` | the same, and numbers beyond 2⁵³ − 1 |
    /// | `go` | the same as `semver`, and a local part |
    /// | `oci` | an epoch, a local part, more than 128 bytes |
    /// | `calver` | an epoch, a local part, a first number that is no year, a fifth number that is not zero |
    ///
    /// `pep440` can say every version.
    pub fn render(&self, scheme: Scheme) -> Result<String, CannotExpress> {
        let (text, limit) = match scheme {
            Scheme::Pep440 => (Ok(self.to_string()), MAX_VERSION_BYTES),
            Scheme::Semver | Scheme::Cargo => (semver::write(self, NO_LIMIT), MAX_VERSION_BYTES),
            Scheme::Go => (semver::write_go(self), MAX_VERSION_BYTES),
            Scheme::Npm | Scheme::NpmLoose => (npm::write(self), MAX_VERSION_BYTES),
            Scheme::Oci => (oci::write(self), oci::MAX_TAG_BYTES),
            Scheme::Calver => (calver::write(self), MAX_VERSION_BYTES),
        };
        text.and_then(|text| if text.len() > limit { Err(Inexpressible::Length) } else { Ok(text) })
            .map_err(|part| CannotExpress::new(self, scheme, part))
    }
}
