//! Tags of container images.

use super::{Beyond, Inexpressible, ParseReleaseError, ReleaseVersion, pep440, semver};
use crate::oci::Tag;
use crate::{pep440 as python, semver as strict};

/// The length that the distribution specification allows for a tag.
pub(super) const MAX_TAG_BYTES: usize = crate::oci::MAX_BYTES;

pub(super) fn read(text: &str) -> Result<ReleaseVersion, ParseReleaseError> {
    let tag: Tag = text.parse()?;
    let plain = tag.as_str().strip_prefix('v').unwrap_or(tag.as_str());
    let prefix = text.len() - plain.len();
    let no_version = |reason, offset: usize| ParseReleaseError::NoVersionTag {
        text: text.to_owned(),
        reason,
        offset: prefix + offset,
    };
    if !plain.starts_with(|first: char| first.is_ascii_digit()) {
        return Err(no_version("it must start with a number, perhaps after a `v`", 0));
    }
    let beyond = |part| ParseReleaseError::beyond(text, part);
    // What SemVer reads is SemVer: `1.0.0-1` is no post-release here.
    let semver_stop = match plain.parse::<strict::Version>() {
        Ok(version) => return semver::neutral(&version).map_err(beyond),
        Err(error) => error.offset().unwrap_or_default(),
    };
    let version: python::Version = match plain.parse() {
        Ok(version) => version,
        Err(error) => {
            let stop = error.offset().unwrap_or_default();
            return Err(no_version("it is neither SemVer nor PEP 440", stop.max(semver_stop)));
        }
    };
    if version.release().len() < 3 {
        return Err(beyond(Beyond::MovingTag));
    }
    // Two tags that PEP 440 normalises to the same text are still two tags.
    let canonical = version.to_string();
    if canonical != plain {
        let same = plain.bytes().zip(canonical.bytes()).take_while(|(left, right)| left == right).count();
        return Err(no_version("it is not in the canonical form of PEP 440", same));
    }
    pep440::neutral(&version).map_err(beyond)
}

/// SemVer where it can say the version, PEP 440 where it cannot.
pub(super) fn write(version: &ReleaseVersion) -> Result<String, Inexpressible> {
    if version.local.is_some() {
        return Err(Inexpressible::LocalPart);
    }
    match semver::write(version, super::NO_LIMIT) {
        Err(Inexpressible::PostRelease | Inexpressible::FourthNumber) => {
            let mut full = version.clone();
            full.release.resize(full.release.len().max(3), 0);
            Ok(full.to_string())
        }
        other => other,
    }
}
