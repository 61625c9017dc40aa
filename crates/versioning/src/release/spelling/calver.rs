//! Versions that start with a year.

use super::{Beyond, Inexpressible, ParseReleaseError, Phase, ReleaseVersion};
use crate::calver::{Label, MAX_NUMBERS, MIN_NUMBERS, Modifier, Version, is_year};

pub(super) fn read(text: &str) -> Result<ReleaseVersion, ParseReleaseError> {
    let version: Version = text.parse()?;
    neutral(&version).map_err(|part| ParseReleaseError::beyond(text, part))
}

pub(super) fn neutral(version: &Version) -> Result<ReleaseVersion, Beyond> {
    // Without its zero the year of `06.04` would be any number, and could not be written as a year again.
    if version.numbers().first().is_none_or(|&year| !is_year(year)) {
        return Err(Beyond::PaddedYear);
    }
    let phase = version.modifier().map_or(Phase::Final, |modifier| {
        let number = modifier.number();
        match modifier.label() {
            Label::Dev => Phase::Dev(number),
            Label::Alpha => Phase::Alpha(number),
            Label::Beta => Phase::Beta(number),
            Label::Rc => Phase::Rc(number),
            Label::Post => Phase::Post(number),
        }
    });
    ReleaseVersion::bounded(0, version.numbers().to_vec(), phase, None)
}

pub(super) fn write(version: &ReleaseVersion) -> Result<String, Inexpressible> {
    if version.epoch != 0 {
        return Err(Inexpressible::Epoch);
    }
    if !is_year(version.major()) {
        return Err(Inexpressible::Year);
    }
    if version.significant().len() > MAX_NUMBERS {
        return Err(Inexpressible::FifthNumber);
    }
    if version.local.is_some() {
        return Err(Inexpressible::LocalPart);
    }
    let mut numbers = version.release.clone();
    numbers.resize(numbers.len().clamp(MIN_NUMBERS, MAX_NUMBERS), 0);
    let modifier = match version.phase {
        Phase::Dev(number) => Some(Modifier::new(Label::Dev, number)),
        Phase::Alpha(number) => Some(Modifier::new(Label::Alpha, number)),
        Phase::Beta(number) => Some(Modifier::new(Label::Beta, number)),
        Phase::Rc(number) => Some(Modifier::new(Label::Rc, number)),
        Phase::Final => None,
        Phase::Post(number) => Some(Modifier::new(Label::Post, number)),
    };
    let mut text = String::new();
    match crate::calver::write(&numbers, modifier, &mut text) {
        Ok(()) => Ok(text),
        Err(_) => Err(Inexpressible::Length),
    }
}
