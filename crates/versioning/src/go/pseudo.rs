use std::fmt;
use std::str::FromStr;

use super::{INCOMPATIBLE, ParsePseudoVersionError, Version};
use crate::DateTime;
use crate::semver::grammar::Part;
use crate::serde_text::serde_as_text;

/// A version of Go that names a commit without a tag, by the time and the name of the commit.
///
/// | the version before the commit | form |
/// |---|---|
/// | none | `vX.0.0-yyyymmddhhmmss-abcdefabcdef` |
/// | a release `vX.Y.Z` | `vX.Y.(Z+1)-0.yyyymmddhhmmss-abcdefabcdef` |
/// | a pre-release `vX.Y.Z-pre` | `vX.Y.Z-pre.0.yyyymmddhhmmss-abcdefabcdef` |
///
/// The order is that of the [`Version`].
///
/// ```
/// use tminus_versioning::go::{PseudoVersion, Version};
///
/// let pseudo: PseudoVersion = "v1.4.1-0.20240131120000-abcdefabcdef".parse()?;
/// assert_eq!(pseudo.base().map(Version::as_str), Some("v1.4.0"));
/// assert_eq!(pseudo.time().to_string(), "2024-01-31T12:00:00Z");
/// assert_eq!(pseudo.revision(), "abcdefabcdef");
///
/// let again = PseudoVersion::after(&"v1.4.0".parse()?, pseudo.time(), "abcdefabcdef")?;
/// assert_eq!(again, pseudo);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PseudoVersion {
    version: Version,
    base: Option<Version>,
    time: DateTime,
    revision: Box<str>,
}

impl PseudoVersion {
    /// The pseudo-version of a commit that comes after a tagged version.
    ///
    /// # Errors
    ///
    /// - a revision that is empty or holds anything else than ASCII letters and digits
    /// - a result that is too long for a version
    pub fn after(base: &Version, time: DateTime, revision: &str) -> Result<Self, ParsePseudoVersionError> {
        check_revision(revision)?;
        let time = time.compact();
        let build = if base.is_incompatible() { INCOMPATIBLE } else { "" };
        let text = if base.is_prerelease() {
            format!("v{}.0.{time}-{revision}{build}", base.without_v())
        } else {
            let patch = increment(base.number_text(Part::Patch));
            let (major, minor) = (base.number_text(Part::Major), base.number_text(Part::Minor));
            format!("v{major}.{minor}.{patch}-0.{time}-{revision}{build}")
        };
        text.parse()
    }

    /// The pseudo-version of a commit before which no version of this major number is tagged.
    ///
    /// # Errors
    ///
    /// - a revision that is empty or holds anything else than ASCII letters and digits
    /// - a result that is too long for a version
    pub fn without_base(major: u64, time: DateTime, revision: &str) -> Result<Self, ParsePseudoVersionError> {
        check_revision(revision)?;
        let time = time.compact();
        format!("v{major}.0.0-{time}-{revision}").parse()
    }

    /// The whole version.
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// The tagged version before the commit.
    pub fn base(&self) -> Option<&Version> {
        self.base.as_ref()
    }

    /// The time of the commit.
    pub fn time(&self) -> DateTime {
        self.time
    }

    /// The name of the commit, usually its first 12 digits.
    pub fn revision(&self) -> &str {
        &self.revision
    }
}

fn check_revision(revision: &str) -> Result<(), ParsePseudoVersionError> {
    if revision.is_empty() || !revision.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(ParsePseudoVersionError::revision(revision));
    }
    Ok(())
}

/// The parts of a version that has the form of a pseudo-version, as texts.
struct Form<'a> {
    /// The pre-release part in front of the time, without its last dot: `0`, `pre.0`, or nothing in the first form.
    before: Option<&'a str>,
    time: &'a str,
    revision: &'a str,
}

impl<'a> Form<'a> {
    fn of(version: &'a Version) -> Option<Self> {
        let (front, revision) = version.pre().rsplit_once('-')?;
        if revision.is_empty() || !revision.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        let is_time = |time: &str| time.len() == 14 && time.bytes().all(|byte| byte.is_ascii_digit());
        if let Some((before, time)) = front.rsplit_once('.') {
            let zero = before == "0" || before.ends_with(".0");
            return (zero && is_time(time)).then_some(Self { before: Some(before), time, revision });
        }
        let bottom = version.number_text(Part::Minor) == "0" && version.number_text(Part::Patch) == "0";
        (bottom && is_time(front)).then_some(Self { before: None, time: front, revision })
    }
}

pub(super) fn has_form(version: &Version) -> bool {
    Form::of(version).is_some()
}

impl TryFrom<Version> for PseudoVersion {
    type Error = ParsePseudoVersionError;

    /// Takes a version apart.
    ///
    /// # Errors
    ///
    /// - a version of another form
    /// - a time that does not exist: `v0.0.0-20241301000000-abcdefabcdef`
    /// - a base with a negative patch number: `v1.4.0-0.20240131120000-abcdefabcdef`
    /// - `+incompatible` without a base: `v2.0.0-20240131120000-abcdefabcdef+incompatible`
    fn try_from(version: Version) -> Result<Self, Self::Error> {
        let text = version.as_str();
        let Some(Form { before, time: digits, revision }) = Form::of(&version) else {
            return Err(ParsePseudoVersionError::form(text));
        };
        let time_offset = version.without_v().len() - digits.len() - revision.len();
        let Some(time) = DateTime::from_compact(digits) else {
            return Err(ParsePseudoVersionError::time(text, digits, time_offset));
        };
        let (major, minor) = (version.number_text(Part::Major), version.number_text(Part::Minor));
        let patch = version.number_text(Part::Patch);
        let build = if version.is_incompatible() { INCOMPATIBLE } else { "" };
        let base = match before {
            None if version.is_incompatible() => {
                let offset = text.len() - INCOMPATIBLE.len();
                return Err(ParsePseudoVersionError::incompatible_without_base(text, offset));
            }
            None => None,
            Some("0") => match decrement(patch) {
                Some(patch) => Some(format!("v{major}.{minor}.{patch}{build}")),
                None => {
                    let offset = 1 + major.len() + 1 + minor.len() + 1;
                    return Err(ParsePseudoVersionError::negative_patch(text, offset));
                }
            },
            Some(before) => {
                let pre = before.strip_suffix(".0").unwrap_or(before);
                Some(format!("v{major}.{minor}.{patch}-{pre}{build}"))
            }
        };
        let base = base.map(|base| base.parse()).transpose()?;
        let revision = revision.into();
        Ok(Self { version, base, time, revision })
    }
}

impl FromStr for PseudoVersion {
    type Err = ParsePseudoVersionError;

    /// Reads a pseudo-version.
    ///
    /// # Errors
    ///
    /// What is no [`Version`], and what the conversion from one refuses.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(text.parse::<Version>()?)
    }
}

impl fmt::Display for PseudoVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.version.fmt(formatter)
    }
}

serde_as_text!(
    PseudoVersion,
    "a pseudo-version of Go, such as `v0.0.0-20240131120000-abcdefabcdef`",
    ToString::to_string
);

/// Adds one to digits of any length.
fn increment(digits: &str) -> String {
    let kept = digits.trim_end_matches('9');
    let zeros = "0".repeat(digits.len() - kept.len());
    match kept.char_indices().next_back() {
        Some((at, last)) => {
            let head = kept.get(..at).unwrap_or_default();
            let last = char::from_digit(last.to_digit(10).unwrap_or_default() + 1, 10).unwrap_or('0');
            format!("{head}{last}{zeros}")
        }
        None => format!("1{zeros}"),
    }
}

/// Takes one from digits of any length that have no leading zero; nothing is below 0.
fn decrement(digits: &str) -> Option<String> {
    let kept = digits.trim_end_matches('0');
    let nines = "9".repeat(digits.len() - kept.len());
    let (at, last) = kept.char_indices().next_back()?;
    let head = kept.get(..at).unwrap_or_default();
    let last = last.to_digit(10)?.checked_sub(1)?;
    if last == 0 && head.is_empty() && !nines.is_empty() {
        return Some(nines);
    }
    Some(format!("{head}{last}{nines}"))
}
