//! SemVer as npm reads it, strictly and loosely.

use super::{Beyond, Inexpressible, ParseReleaseError, Phase, ReleaseVersion, decimal, semver};
use crate::{MAX_VERSION_BYTES, Scheme, cargo};

/// The largest integer of JavaScript, and so the largest release number of npm.
const MAX_NUMBER: u64 = (1 << 53) - 1;
/// The largest number of a pre-release part; from the next one on npm compares it as text.
const MAX_PRE_NUMBER: u64 = MAX_NUMBER - 1;

const TOO_LONG: &str = "it is longer than 256 bytes";
const TOO_LARGE: &str = "a number in it exceeds 2^53 - 1";
const NOT_SEMVER: &str = "it must be SemVer with three numbers, perhaps after one `v`";
const NOT_LOOSE: &str = "it must have three numbers, perhaps after `v` or `=`";

pub(super) fn read(text: &str) -> Result<ReleaseVersion, ParseReleaseError> {
    let invalid = |reason| ParseReleaseError::invalid(text, Scheme::Npm, reason);
    if text.len() > MAX_VERSION_BYTES {
        return Err(invalid(TOO_LONG));
    }
    let trimmed = text.trim_matches(is_javascript_space);
    let plain = trimmed.strip_prefix('v').unwrap_or(trimmed);
    let version: cargo::Version = plain.parse().map_err(|_| invalid(NOT_SEMVER))?;
    if [version.major(), version.minor(), version.patch()].iter().any(|&number| number > MAX_NUMBER) {
        return Err(invalid(TOO_LARGE));
    }
    semver::neutral(&version).and_then(within_limits).map_err(|part| ParseReleaseError::beyond(text, part))
}

pub(super) fn read_loose(text: &str) -> Result<ReleaseVersion, ParseReleaseError> {
    let invalid = |reason| ParseReleaseError::invalid(text, Scheme::NpmLoose, reason);
    if text.len() > MAX_VERSION_BYTES {
        return Err(invalid(TOO_LONG));
    }
    let trimmed = text.trim_matches(is_javascript_space);
    let plain = trimmed.trim_start_matches(|first| matches!(first, 'v' | '=') || is_javascript_space(first));
    let (numbers, rest) = three_numbers(plain).ok_or_else(|| invalid(NOT_LOOSE))?;
    let (pre, build) = match rest.split_once('+') {
        Some((pre, build)) => (pre, Some(build)),
        None => (rest, None),
    };
    if pre == "-"
        || !pre.is_empty() && !has_identifiers(pre)
        || build.is_some_and(|build| !has_identifiers(build))
    {
        return Err(invalid(NOT_LOOSE));
    }
    let release = numbers
        .iter()
        .map(|number| decimal(number).filter(|&number| number <= MAX_NUMBER))
        .collect::<Option<_>>()
        .ok_or_else(|| invalid(TOO_LARGE))?;
    let neutral = || {
        let phase =
            if pre.is_empty() { Phase::Final } else { loose_phase(pre.strip_prefix('-').unwrap_or(pre))? };
        let local = build.map(semver::local).transpose()?;
        within_limits(ReleaseVersion { epoch: 0, release, phase, local })
    };
    neutral().map_err(|part| ParseReleaseError::beyond(text, part))
}

pub(super) fn write(version: &ReleaseVersion) -> Result<String, Inexpressible> {
    let text = semver::write(version, MAX_NUMBER)?;
    match number_of(version.phase) {
        Some(number) if number > MAX_PRE_NUMBER => Err(Inexpressible::LargeNumber),
        _ => Ok(text),
    }
}

fn within_limits(version: ReleaseVersion) -> Result<ReleaseVersion, Beyond> {
    match number_of(version.phase) {
        Some(number) if number > MAX_PRE_NUMBER => Err(Beyond::LargeNumber),
        _ => Ok(version),
    }
}

fn number_of(phase: Phase) -> Option<u64> {
    match phase {
        Phase::Dev(number) | Phase::Alpha(number) | Phase::Beta(number) | Phase::Rc(number) => Some(number),
        Phase::Final | Phase::Post(_) => None,
    }
}

/// The digits of the first three numbers, and what stands after them.
fn three_numbers(text: &str) -> Option<([&str; 3], &str)> {
    let number = |text| {
        let (digits, rest) = digits(text);
        (!digits.is_empty()).then_some((digits, rest))
    };
    let (major, rest) = number(text)?;
    let (minor, rest) = number(rest.strip_prefix('.')?)?;
    let (patch, rest) = number(rest.strip_prefix('.')?)?;
    Some(([major, minor, patch], rest))
}

fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn has_identifiers(text: &str) -> bool {
    text.split('.').all(|identifier| {
        !identifier.is_empty() && identifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
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
    let number = number.strip_prefix('.').unwrap_or(number);
    match decimal(number) {
        Some(number) => Ok(phase(number)),
        None if number.bytes().all(|byte| byte.is_ascii_digit()) => Err(Beyond::LargeNumber),
        None => Err(Beyond::OtherPreRelease),
    }
}

/// What `String.prototype.trim` takes away: white space of Unicode with the byte order mark and without U+0085.
fn is_javascript_space(character: char) -> bool {
    character.is_whitespace() && character != '\u{85}' || character == '\u{feff}'
}
