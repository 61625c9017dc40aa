//! SemVer 2.0.0, and the versions of Go modules, which are SemVer after a `v`.

use super::{Beyond, Inexpressible, LocalPart, NO_LIMIT, ParseReleaseError, Phase, ReleaseVersion, decimal};
use crate::{Scheme, cargo};

pub(super) fn read(text: &str) -> Result<ReleaseVersion, ParseReleaseError> {
    let version: cargo::Version = text.parse()?;
    neutral(&version).map_err(|part| ParseReleaseError::beyond(text, part))
}

pub(super) fn read_go(text: &str) -> Result<ReleaseVersion, ParseReleaseError> {
    let invalid = |reason| ParseReleaseError::invalid(text, Scheme::Go, reason);
    let plain = text.strip_prefix('v').ok_or_else(|| invalid("it must start with `v`"))?;
    let version: cargo::Version =
        plain.parse().map_err(|_| invalid("after its `v` it must be SemVer with three numbers"))?;
    if !version.build().is_empty() {
        return Err(ParseReleaseError::beyond(text, Beyond::BuildMetadata));
    }
    neutral(&version).map_err(|part| ParseReleaseError::beyond(text, part))
}

pub(super) fn neutral(version: &cargo::Version) -> Result<ReleaseVersion, Beyond> {
    let phase = if version.is_prerelease() { phase(version.pre())? } else { Phase::Final };
    let local = if version.build().is_empty() { None } else { Some(local(version.build())?) };
    Ok(ReleaseVersion {
        epoch: 0,
        release: vec![version.major(), version.minor(), version.patch()],
        phase,
        local,
    })
}

/// The local part that build metadata is; spelled otherwise than PEP 440 writes it, the spelling would be lost.
pub(super) fn local(build: &str) -> Result<LocalPart, Beyond> {
    let local: LocalPart = build.parse().map_err(|_| Beyond::OtherBuildMetadata)?;
    if local.to_string() == build { Ok(local) } else { Err(Beyond::OtherBuildMetadata) }
}

fn phase(pre: &str) -> Result<Phase, Beyond> {
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
    // The grammar has already refused leading zeros and an empty number.
    match decimal(number) {
        Some(number) => Ok(phase(number)),
        None if number.bytes().all(|byte| byte.is_ascii_digit()) => Err(Beyond::LargeNumber),
        None => Err(Beyond::OtherPreRelease),
    }
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
