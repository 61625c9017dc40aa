//! From the types of the schemes to the version of a release.

use super::{Beyond, ReleaseVersion, calver, npm, pep440, semver};
use crate::{calver as calendar, cargo, go, npm as node, pep440 as python, semver as strict};

impl ReleaseVersion {
    /// The release version of an npm version that was read with [`Mode::Loose`](node::Mode::Loose).
    ///
    /// Beside what `TryFrom` takes, it takes a phase in any case, short or without a dot: `RC1`, `a1`. This is how
    /// [`parse`](Self::parse) reads the scheme `npm-loose`.
    ///
    /// ```
    /// use tminus_versioning::ReleaseVersion;
    /// use tminus_versioning::npm::{Mode, Version};
    ///
    /// let version = Version::parse("=1.2.3rc1", Mode::Loose)?;
    /// assert_eq!(ReleaseVersion::from_npm_loose(&version)?.to_string(), "1.2.3rc1");
    /// assert!(ReleaseVersion::try_from(&version).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// What a release version has no place for: another pre-release part, as in `1.2.3-next.1` and `1.2.3-5`.
    pub fn from_npm_loose(version: &node::Version) -> Result<Self, Beyond> {
        npm::neutral_loose(version)
    }
}

/// Takes a type of a scheme, as [`ReleaseVersion::parse`] does in that scheme.
macro_rules! neutral_from {
    ($($version:ty => $neutral:path),* $(,)?) => {$(
        impl TryFrom<&$version> for ReleaseVersion {
            type Error = Beyond;

            /// The version of a release as [`ReleaseVersion::parse`] takes it from this scheme.
            ///
            /// # Errors
            ///
            /// What a release version has no place for.
            fn try_from(version: &$version) -> Result<Self, Beyond> {
                $neutral(version)
            }
        }
    )*};
}

neutral_from! {
    python::Version => pep440::neutral,
    node::Version => npm::neutral,
    strict::Version => semver::neutral,
    cargo::Version => semver::neutral_cargo,
    go::Version => semver::neutral_go,
    calendar::Version => calver::neutral,
}
