//! SemVer 2.0.0 and Cargo's reading of it, and the versions of Go modules, which are SemVer after a `v`.

use super::{Beyond, Inexpressible, LocalPart, NO_LIMIT, ParseReleaseError, Phase, ReleaseVersion};
use crate::semver::Version;
use crate::{cargo, go};

pub(super) fn read(text: &str) -> Result<ReleaseVersion, ParseReleaseError> {
    let version: Version = text.parse()?;
    neutral(&version).map_err(|part| ParseReleaseError::beyond(text, part))
}

pub(super) fn read_cargo(text: &str) -> Result<ReleaseVersion, ParseReleaseError> {
    let version: cargo::Version = text.parse()?;
    neutral_cargo(&version).map_err(|part| ParseReleaseError::beyond(text, part))
}

pub(super) fn read_go(text: &str) -> Result<ReleaseVersion, ParseReleaseError> {
    let version: go::Version = text.parse()?;
    neutral_go(&version).map_err(|part| ParseReleaseError::beyond(text, part))
}

pub(super) fn neutral(version: &Version) -> Result<ReleaseVersion, Beyond> {
    of_parts([version.major(), version.minor(), version.patch()], version.pre(), version.build())
}

pub(super) fn neutral_cargo(version: &cargo::Version) -> Result<ReleaseVersion, Beyond> {
    let numbers = [version.major(), version.minor(), version.patch()];
    of_parts(numbers.map(Some), version.pre(), version.build())
}

pub(super) fn neutral_go(version: &go::Version) -> Result<ReleaseVersion, Beyond> {
    if version.is_incompatible() {
        return Err(Beyond::BuildMetadata);
    }
    of_parts([version.major(), version.minor(), version.patch()], version.pre(), "")
}

fn of_parts(numbers: [Option<u64>; 3], pre: &str, build: &str) -> Result<ReleaseVersion, Beyond> {
    let release = numbers.into_iter().collect::<Option<Vec<u64>>>().ok_or(Beyond::LargeNumber)?;
    let phase = if pre.is_empty() { Phase::Final } else { phase(pre)? };
    ReleaseVersion::bounded(0, release, phase, local(build)?)
}

/// The release of a version in a phase that is below every one that has a number.
pub(super) fn nearest(text: &str) -> Option<ReleaseVersion> {
    let version: Version = text.parse().ok()?;
    let release = [version.major()?, version.minor()?, version.patch()?];
    let phase = match version.pre() {
        "" => Phase::Final,
        pre => phase(pre).unwrap_or(Phase::Alpha(0)),
    };
    ReleaseVersion::bounded(0, release.to_vec(), phase, None).ok()
}

/// The local part that build metadata is, which may be empty; spelled otherwise than PEP 440 writes it, the spelling
/// would be lost.
pub(super) fn local(build: &str) -> Result<Option<LocalPart>, Beyond> {
    if build.is_empty() {
        return Ok(None);
    }
    if build.len() > LocalPart::MAX_BYTES {
        return Err(Beyond::Length);
    }
    let local: LocalPart = build.parse().map_err(|_| Beyond::OtherBuildMetadata)?;
    if local.to_string() == build { Ok(Some(local)) } else { Err(Beyond::OtherBuildMetadata) }
}

/// The phase that a pre-release part is.
pub(super) fn phase(pre: &str) -> Result<Phase, Beyond> {
    let (word, number) = match pre.split_once('.') {
        Some((word, number)) => (word, number),
        None => (pre, "0"),
    };
    let phase: fn(u64) -> Phase = match word {
        "alpha" => Phase::Alpha,
        "beta" => Phase::Beta,
        "rc" => Phase::Rc,
        "dev" => Phase::Dev,
        _ => return Err(Beyond::OtherPreRelease),
    };
    digits(number).map(phase)
}

/// The number of a phase; the grammar has refused an empty one.
pub(super) fn digits(text: &str) -> Result<u64, Beyond> {
    // `u64::from_str` also reads a sign.
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Beyond::OtherPreRelease);
    }
    text.parse().map_err(|_| Beyond::LargeNumber)
}

/// Writes SemVer whose numbers stay within a limit.
pub(super) fn write(version: &ReleaseVersion, limit: u64) -> Result<String, Inexpressible> {
    if version.epoch != 0 {
        return Err(Inexpressible::Epoch);
    }
    if version.significant().len() > 3 {
        return Err(Inexpressible::FourthNumber);
    }
    let numbers = [version.major(), version.minor(), version.patch()];
    if numbers.iter().any(|&number| number > limit) {
        return Err(Inexpressible::LargeNumber);
    }
    let [major, minor, patch] = numbers;
    let mut text = format!("{major}.{minor}.{patch}");
    match version.phase {
        Phase::Dev(number) => text.push_str(&format!("-dev.{number}")),
        Phase::Alpha(number) => text.push_str(&format!("-alpha.{number}")),
        Phase::Beta(number) => text.push_str(&format!("-beta.{number}")),
        Phase::Rc(number) => text.push_str(&format!("-rc.{number}")),
        Phase::Final => {}
        Phase::Post(_) => return Err(Inexpressible::PostRelease),
    }
    if let Some(local) = &version.local {
        text.push_str(&format!("+{local}"));
    }
    Ok(text)
}

pub(super) fn write_go(version: &ReleaseVersion) -> Result<String, Inexpressible> {
    let text = write(version, NO_LIMIT)?;
    if version.local.is_some() {
        return Err(Inexpressible::LocalPart);
    }
    Ok(format!("v{text}"))
}
