use std::fmt;

use super::{Beyond, ParseReleaseError, Phase, ReleaseVersion};
use crate::pep440;

pub(super) fn read(text: &str) -> Result<ReleaseVersion, ParseReleaseError> {
    let version: pep440::Version = text.parse()?;
    neutral(&version).map_err(|part| ParseReleaseError::beyond(text, part))
}

pub(super) fn neutral(version: &pep440::Version) -> Result<ReleaseVersion, Beyond> {
    let phase = match (version.dev(), version.pre(), version.post()) {
        (None, None, None) => Phase::Final,
        (Some(number), None, None) => Phase::Dev(number),
        (None, Some((kind, number)), None) => match kind {
            pep440::PreKind::Alpha => Phase::Alpha(number),
            pep440::PreKind::Beta => Phase::Beta(number),
            pep440::PreKind::Rc => Phase::Rc(number),
        },
        (None, None, Some(number)) => Phase::Post(number),
        _ => return Err(Beyond::SeveralPhases),
    };
    // Any other local part of PEP 440 is one here.
    let local = version.local().map(|local| local.parse()).transpose().map_err(|_| Beyond::Length)?;
    ReleaseVersion::bounded(version.epoch(), version.release().to_vec(), phase, local)
}

/// The version without what stands on top of its first phase.
pub(super) fn nearest(version: &pep440::Version) -> Option<ReleaseVersion> {
    let phase = match (version.pre(), version.post(), version.dev()) {
        (Some((pep440::PreKind::Alpha, number)), _, _) => Phase::Alpha(number),
        (Some((pep440::PreKind::Beta, number)), _, _) => Phase::Beta(number),
        (Some((pep440::PreKind::Rc, number)), _, _) => Phase::Rc(number),
        (None, Some(number), _) => Phase::Post(number),
        (None, None, Some(number)) => Phase::Dev(number),
        (None, None, None) => Phase::Final,
    };
    ReleaseVersion::bounded(version.epoch(), version.release().to_vec(), phase, None).ok()
}

/// Writes the canonical form of PEP 440.
pub(in super::super) fn write(version: &ReleaseVersion, out: &mut dyn fmt::Write) -> fmt::Result {
    if version.epoch != 0 {
        write!(out, "{}!", version.epoch)?;
    }
    for (index, number) in version.release.iter().enumerate() {
        if index > 0 {
            out.write_char('.')?;
        }
        write!(out, "{number}")?;
    }
    match version.phase {
        Phase::Dev(number) => write!(out, ".dev{number}")?,
        Phase::Alpha(number) => write!(out, "a{number}")?,
        Phase::Beta(number) => write!(out, "b{number}")?,
        Phase::Rc(number) => write!(out, "rc{number}")?,
        Phase::Final => {}
        Phase::Post(number) => write!(out, ".post{number}")?,
    }
    match &version.local {
        Some(local) => write!(out, "+{local}"),
        None => Ok(()),
    }
}
