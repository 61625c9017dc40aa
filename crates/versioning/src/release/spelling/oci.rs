//! Tags of container images.

use super::{Beyond, Inexpressible, ParseReleaseError, ReleaseVersion, pep440, semver};
use crate::{Scheme, cargo, pep440 as grammar};

/// The length that the distribution specification allows for a tag.
pub(super) const MAX_TAG_BYTES: usize = 128;

pub(super) fn read(text: &str) -> Result<ReleaseVersion, ParseReleaseError> {
    let invalid = |reason| ParseReleaseError::invalid(text, Scheme::Oci, reason);
    if text.len() > MAX_TAG_BYTES {
        return Err(invalid("it is longer than 128 bytes"));
    }
    let plain = text.strip_prefix('v').unwrap_or(text);
    if !plain.starts_with(|first: char| first.is_ascii_digit()) {
        return Err(invalid("it must start with a number, perhaps after a `v`"));
    }
    if !plain.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte)) {
        return Err(invalid("a tag holds only letters, digits, `.`, `_` and `-`"));
    }
    let beyond = |part| ParseReleaseError::beyond(text, part);
    // What SemVer reads is SemVer: `1.0.0-1` is no post-release here.
    if let Ok(version) = plain.parse::<cargo::Version>() {
        return semver::neutral(&version).map_err(beyond);
    }
    let version: grammar::Version = plain.parse().map_err(|_| invalid("it is neither SemVer nor PEP 440"))?;
    if version.release().len() < 3 {
        return Err(beyond(Beyond::MovingTag));
    }
    // Two tags that PEP 440 normalises to the same text are still two tags.
    if version.to_string() != plain {
        return Err(invalid("it is not in the canonical form of PEP 440"));
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
