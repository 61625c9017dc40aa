//! Versions that start with a year; after their numbers they have the phases of PEP 440.

use super::{Inexpressible, ParseReleaseError, ReleaseVersion, pep440};
use crate::{Scheme, pep440 as grammar};

/// The smallest year of two digits. Of what is written `06.04` nothing would tell a year from any other number.
const MIN_YEAR: u64 = 10;
const MIN_NUMBERS: usize = 2;
const MAX_NUMBERS: usize = 4;

pub(super) fn read(text: &str) -> Result<ReleaseVersion, ParseReleaseError> {
    let invalid = |reason| ParseReleaseError::invalid(text, Scheme::Calver, reason);
    let after = text.trim_start_matches(|character: char| character.is_ascii_digit() || character == '.');
    if after.len() == text.len() || !text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'!') {
        return Err(invalid("it must start with a year and hold no epoch and no white space"));
    }
    // PEP 440 reads `2026.4-1` as a post-release, a reader of calendar versions as one more number.
    if after.strip_prefix('-').is_some_and(|after| after.starts_with(|first: char| first.is_ascii_digit())) {
        return Err(invalid("a number after `-` has no clear meaning, write a dot or `.post`"));
    }
    let version: grammar::Version = text.parse().map_err(|_| invalid("it is not a version by PEP 440"))?;
    if !(MIN_NUMBERS..=MAX_NUMBERS).contains(&version.release().len()) {
        return Err(invalid("it must have two to four numbers"));
    }
    if version.release().first().is_none_or(|&year| year < MIN_YEAR) {
        return Err(invalid("its first number must be a year, of two digits or more"));
    }
    pep440::neutral(&version).map_err(|part| ParseReleaseError::beyond(text, part))
}

pub(super) fn write(version: &ReleaseVersion) -> Result<String, Inexpressible> {
    if version.epoch != 0 {
        return Err(Inexpressible::Epoch);
    }
    if version.major() < MIN_YEAR {
        return Err(Inexpressible::Year);
    }
    if version.significant().len() > MAX_NUMBERS {
        return Err(Inexpressible::FifthNumber);
    }
    let mut fitted = version.clone();
    fitted.release.resize(fitted.release.len().clamp(MIN_NUMBERS, MAX_NUMBERS), 0);
    Ok(fitted.to_string())
}
