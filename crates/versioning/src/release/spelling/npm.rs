//! SemVer as npm reads it, strictly and loosely.

use super::semver::{self, digits};
use super::{Beyond, Inexpressible, ParseReleaseError, Phase, ReleaseVersion};
use crate::npm::{Mode, Version};

/// The largest integer of JavaScript, and so the largest release number of npm.
const MAX_NUMBER: u64 = (1 << 53) - 1;
/// The largest number of a pre-release part; from the next one on npm compares it as text.
pub(super) const MAX_PRE_NUMBER: u64 = MAX_NUMBER - 1;

pub(super) fn read(text: &str) -> Result<ReleaseVersion, ParseReleaseError> {
    let version = Version::parse(text, Mode::Strict)?;
    neutral(&version).map_err(|part| ParseReleaseError::beyond(text, part))
}

pub(super) fn read_loose(text: &str) -> Result<ReleaseVersion, ParseReleaseError> {
    let version = Version::parse(text, Mode::Loose)?;
    neutral_loose(&version).map_err(|part| ParseReleaseError::beyond(text, part))
}

pub(super) fn neutral(version: &Version) -> Result<ReleaseVersion, Beyond> {
    with_phase(version, semver::phase)
}

pub(super) fn neutral_loose(version: &Version) -> Result<ReleaseVersion, Beyond> {
    with_phase(version, loose_phase)
}

fn with_phase(
    version: &Version,
    phase: impl FnOnce(&str) -> Result<Phase, Beyond>,
) -> Result<ReleaseVersion, Beyond> {
    let phase = if version.is_prerelease() { phase(version.pre())? } else { Phase::Final };
    if number_of(phase).is_some_and(|number| number > MAX_PRE_NUMBER) {
        return Err(Beyond::LargeNumber);
    }
    let release = vec![version.major(), version.minor(), version.patch()];
    ReleaseVersion::bounded(0, release, phase, semver::local(version.build())?)
}

pub(super) fn write(version: &ReleaseVersion) -> Result<String, Inexpressible> {
    let text = semver::write(version, MAX_NUMBER)?;
    match number_of(version.phase) {
        Some(number) if number > MAX_PRE_NUMBER => Err(Inexpressible::LargeNumber),
        _ => Ok(text),
    }
}

fn number_of(phase: Phase) -> Option<u64> {
    match phase {
        Phase::Dev(number) | Phase::Alpha(number) | Phase::Beta(number) | Phase::Rc(number) => Some(number),
        Phase::Final | Phase::Post(_) => None,
    }
}

/// A phase as people write it: `rc.1`, `rc1`, `RC1`, `a1`, `beta`.
fn loose_phase(pre: &str) -> Result<Phase, Beyond> {
    let end = pre.find(|character: char| !character.is_ascii_alphabetic()).unwrap_or(pre.len());
    let (word, number) = pre.split_at_checked(end).ok_or(Beyond::OtherPreRelease)?;
    let phase: fn(u64) -> Phase = match word.to_ascii_lowercase().as_str() {
        "alpha" | "a" => Phase::Alpha,
        "beta" | "b" => Phase::Beta,
        "rc" => Phase::Rc,
        "dev" => Phase::Dev,
        _ => return Err(Beyond::OtherPreRelease),
    };
    if number.is_empty() {
        return Ok(phase(0));
    }
    digits(number.strip_prefix('.').unwrap_or(number)).map(phase)
}
