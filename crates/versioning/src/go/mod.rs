//! Versions of Go modules, as [the reference](https://go.dev/ref/mod#versions) and `golang.org/x/mod` define them.
//!
//! [`Version`] is what may stand in a `go.mod`: the canonical form. [`Version::canonical`] makes it out of the
//! shorthands that commands take, [`PseudoVersion`] names a commit without a tag, and [`split_path_version`] with
//! [`check_path_major`] says which module path goes with which major version.
//!
//! # Deviations
//!
//! - Text beyond [`MAX_VERSION_BYTES`] is refused.
//! - A path that ends with `.v-unstable` at gopkg.in names no major version and is refused; `module.SplitPathVersion`
//!   splits it.
//! - A pseudo-version whose date or whose base cannot be is refused as such. `module.IsPseudoVersion` looks at its form
//!   alone, as [`Version::is_pseudo`] does, and leaves the rest to `PseudoVersionTime` and `PseudoVersionBase`.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use crate::MAX_VERSION_BYTES;
use crate::semver::grammar::{self, Layout, Part, Shorthand};
use crate::serde_text::serde_as_text;
use crate::text::WideText;

mod error;
mod path;
mod pseudo;
#[cfg(test)]
mod tests;

pub use error::{ParsePseudoVersionError, ParseVersionError};
pub use path::{MajorMismatch, MajorSuffix, PathVersionError, check_path_major, split_path_version};
pub use pseudo::PseudoVersion;

/// The build metadata of a version with a major number of 2 or more, of a module without a `go.mod`.
const INCOMPATIBLE: &str = "+incompatible";

/// A version of a Go module in canonical form: `vMAJOR.MINOR.PATCH`, perhaps a pre-release part, perhaps `+incompatible`.
///
/// That is every text that `module.CanonicalVersion` returns unchanged. The order is total and agrees with equality:
/// precedence first, as `semver.Compare` has it, then the text, as `semver.Sort` has it.
///
/// ```
/// use tminus_versioning::go::Version;
///
/// let version: Version = "v1.4.0-rc.2".parse()?;
/// assert!(version < "v1.4.0".parse()?);
/// assert!("v1.4".parse::<Version>().is_err());
/// assert_eq!(Version::canonical("v1.4")?.as_str(), "v1.4.0");
/// # Ok::<(), tminus_versioning::go::ParseVersionError>(())
/// ```
#[derive(Clone)]
pub struct Version {
    text: WideText,
    /// The places in the text behind the `v`.
    layout: Layout,
}

impl Version {
    /// Makes the canonical version of anything that Go takes for one.
    ///
    /// `v1` and `v1.2` are completed with zeros and build metadata is dropped, except `+incompatible`. This is
    /// `module.CanonicalVersion`; `semver.Canonical` drops `+incompatible` too.
    ///
    /// # Errors
    ///
    /// Everything that `semver.IsValid` refuses: a text without `v`, `v1-rc.1`, `v01.0.0`, `v1.0.0.0`.
    pub fn canonical(text: &str) -> Result<Self, ParseVersionError> {
        let layout = scan(text, Shorthand::Allowed)?;
        let semver = behind_v(text);
        let build = if layout.part(semver, Part::Build) == "incompatible" { INCOMPATIBLE } else { "" };
        let number = |part| match layout.part(semver, part) {
            "" => "0",
            digits => digits,
        };
        let dash = if layout.has_pre() { "-" } else { "" };
        let text = format!(
            "v{}.{}.{}{dash}{}{build}",
            number(Part::Major),
            number(Part::Minor),
            number(Part::Patch),
            layout.part(semver, Part::Pre),
        );
        text.parse()
    }

    /// The version as text.
    pub fn as_str(&self) -> &str {
        self.text.as_str()
    }

    /// The version without its `v` and without `+incompatible`, which is a SemVer version.
    pub fn without_v(&self) -> &str {
        self.semver().strip_suffix(INCOMPATIBLE).unwrap_or(self.semver())
    }

    /// The first number, `None` beyond 2⁶⁴ − 1.
    pub fn major(&self) -> Option<u64> {
        self.layout.number(self.semver(), Part::Major)
    }

    /// The second number, `None` beyond 2⁶⁴ − 1.
    pub fn minor(&self) -> Option<u64> {
        self.layout.number(self.semver(), Part::Minor)
    }

    /// The third number, `None` beyond 2⁶⁴ − 1.
    pub fn patch(&self) -> Option<u64> {
        self.layout.number(self.semver(), Part::Patch)
    }

    /// The major version with its `v`, as `semver.Major` returns it: `v2`.
    pub fn major_text(&self) -> &str {
        let digits = self.layout.part(self.semver(), Part::Major);
        self.as_str().get(..=digits.len()).unwrap_or_default()
    }

    /// The pre-release part without its `-`, empty when there is none.
    pub fn pre(&self) -> &str {
        self.layout.part(self.semver(), Part::Pre)
    }

    /// Whether the version has a pre-release part; every pseudo-version has one.
    pub fn is_prerelease(&self) -> bool {
        self.layout.has_pre()
    }

    /// Whether the version ends with `+incompatible`.
    pub fn is_incompatible(&self) -> bool {
        self.layout.build_start() < self.semver().len()
    }

    /// Whether the version has the form of a pseudo-version, as `module.IsPseudoVersion` tells it.
    pub fn is_pseudo(&self) -> bool {
        pseudo::has_form(self)
    }

    /// Compares by precedence, as `semver.Compare` does: without `+incompatible`.
    pub fn cmp_precedence(&self, other: &Self) -> Ordering {
        grammar::compare_precedence(
            (self.semver_bytes(), &self.layout),
            (other.semver_bytes(), &other.layout),
        )
    }

    fn semver_bytes(&self) -> &[u8] {
        self.text.as_bytes().get(1..).unwrap_or_default()
    }

    fn semver(&self) -> &str {
        behind_v(self.as_str())
    }

    fn number_text(&self, part: Part) -> &str {
        self.layout.part(self.semver(), part)
    }
}

fn behind_v(text: &str) -> &str {
    text.get(1..).unwrap_or_default()
}

/// Reads what `semver.IsValid` accepts; the places are those behind the `v`.
fn scan(text: &str, shorthand: Shorthand) -> Result<Layout, ParseVersionError> {
    if text.len() > MAX_VERSION_BYTES {
        return Err(ParseVersionError::too_long(text.len()));
    }
    match text.strip_prefix('v') {
        Some(semver) => {
            grammar::scan(semver, shorthand).map_err(|fault| ParseVersionError::invalid(text, fault))
        }
        None => Err(ParseVersionError::no_v(text)),
    }
}

impl FromStr for Version {
    type Err = ParseVersionError;

    /// Reads a version in canonical form.
    ///
    /// # Errors
    ///
    /// - a text without `v`: `1.0.0`
    /// - a shorthand, which [`canonical`](Version::canonical) takes: `v1`, `v1.2`
    /// - build metadata other than `+incompatible`: `v1.0.0+linux`
    /// - what SemVer refuses: `v01.0.0`, `v1.0.0-`
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let layout = scan(text, Shorthand::Refused)?;
        let version = Self { text: WideText::new(text), layout };
        match version.number_text(Part::Build) {
            "" | "incompatible" => Ok(version),
            _ => Err(ParseVersionError::metadata(text, 1 + layout.build_start())),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Version({:?})", self.text)
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Version {}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.cmp_precedence(other).then_with(|| self.text.as_bytes().cmp(other.text.as_bytes()))
    }
}

impl Hash for Version {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

serde_as_text!(Version, "a version of a Go module, such as `v0.4.0-rc.1`", |version| version
    .as_str()
    .to_owned());
