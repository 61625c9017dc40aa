use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use super::error::{Fault, What};
use super::format::scan_number;
use super::{Modifier, ParseVersionError, modifier};
use crate::MAX_VERSION_BYTES;
use crate::semver::grammar::char_at;
use crate::serde_text::serde_as_text;

/// A calendar version whose format is not known: `2024.02.1`, `24.04`, `2024.1.0-rc.1`.
///
/// # What is accepted
///
/// Two to four numbers with dots between them, then perhaps a modifier, and nothing else.
///
/// - The first number is the year: four digits from `1970` to `9999`, or one to three digits for the years since 2000,
///   as `6`, `06`, `24` or `106`. Three and four digits do not start with a zero.
/// - The others are free, for not every format has a month there. They are written without zeros in front, or with two
///   digits, from `01`.
/// - A modifier is a [`Label`](super::Label) in upper or lower case, in front of which `.`, `-` or `_` may stand, and
///   perhaps a number, in front of which the same may stand: `-alpha.1`, `rc1`, `.dev3`, `_post`.
///
/// # Equality and order
///
/// `Display` gives the canonical form: the numbers as they are written and the modifier as `-rc.1`.
/// [`as_written`](Self::as_written) is the text as it was given. Equality, order and hash look at the meaning alone, from
/// left to right: `24.1`, `2024.1` and `2024.01` are equal. A version comes after its pre-releases, before its `post`
/// versions, and both before one with a number more:
///
/// `2024.1-dev < 2024.1-rc.1 < 2024.1 < 2024.1-post.1 < 2024.1.0 < 2024.2 < 2025.1`
///
/// ```
/// use tminus_versioning::calver::Version;
///
/// let version: Version = "2024.02.1rc3".parse()?;
/// assert_eq!((version.year(), version.numbers()), (2024, [2024, 2, 1].as_slice()));
/// assert_eq!(version.to_string(), "2024.02.1-rc.3");
/// assert!(version < "2024.02.1".parse()? && version > "2024.01.10".parse()?);
/// # Ok::<(), tminus_versioning::calver::ParseVersionError>(())
/// ```
#[derive(Clone)]
pub struct Version {
    written: Box<str>,
    /// Where the numbers end in the text.
    end: usize,
    numbers: Vec<u64>,
    modifier: Option<Modifier>,
}

impl Version {
    /// The text as it was given.
    pub fn as_written(&self) -> &str {
        &self.written
    }

    /// The full year, also when a short one is written.
    pub fn year(&self) -> u16 {
        self.numbers.first().and_then(|&year| u16::try_from(year).ok()).unwrap_or_default()
    }

    /// The numbers, the first of which is the full year.
    pub fn numbers(&self) -> &[u64] {
        &self.numbers
    }

    /// The modifier.
    pub fn modifier(&self) -> Option<Modifier> {
        self.modifier
    }

    /// Whether the version has a modifier that comes before the final version.
    pub fn is_prerelease(&self) -> bool {
        self.modifier.is_some_and(Modifier::is_prerelease)
    }
}

impl FromStr for Version {
    type Err = ParseVersionError;

    /// Reads a calendar version; the type says what is accepted.
    ///
    /// # Errors
    ///
    /// - one number, or more than four: `2024`, `2024.1.2.3.4`
    /// - a first number that is no year: `1969.1`, `007.1`, `12345.1`
    /// - other zeros in front: `2024.001`, `2024.00`
    /// - any other modifier: `2024.1-final`, `2024.1-1`, `2024.1+build`
    /// - anything in front: `v2024.1`, white space
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > MAX_VERSION_BYTES {
            return Err(ParseVersionError::too_long(text.len()));
        }
        read(text).map_err(|fault| ParseVersionError::version(text, &fault))
    }
}

fn read(text: &str) -> Result<Version, Fault> {
    let year = scan_number(text, 0, "year")?;
    let value = match year.digits {
        1 | 2 => year.value + 2000,
        3 if year.is_plain() => year.value + 2000,
        4 if (1970..=9999).contains(&year.value) => year.value,
        _ => return Err(Fault { what: What::Year, offset: 0 }),
    };
    let mut numbers = vec![value];
    let mut end = year.end;
    while let Some(number) = next_number(text, end)? {
        if numbers.len() == 4 {
            return Err(Fault { what: What::FiveParts, offset: end + 1 });
        }
        numbers.push(number.value);
        end = number.end;
    }
    if numbers.len() == 1 {
        return Err(Fault { what: What::OnePart, offset: end });
    }
    let modifier = match char_at(text, end) {
        None => None,
        Some('.' | '-' | '_') => Some(Modifier::read(text, end + 1)?),
        Some(found) if found.is_ascii_alphabetic() => Some(Modifier::read(text, end)?),
        Some(found) => return Err(Fault { what: What::Unexpected { found }, offset: end }),
    };
    Ok(Version { written: text.into(), end, numbers, modifier })
}

/// Reads a dot and a number, when a dot and a digit are there.
fn next_number(text: &str, dot: usize) -> Result<Option<super::format::Number>, Fault> {
    let follows = |digits: &str| digits.starts_with(|digit: char| digit.is_ascii_digit());
    if !text.get(dot..).and_then(|rest| rest.strip_prefix('.')).is_some_and(follows) {
        return Ok(None);
    }
    let number = scan_number(text, dot + 1, "number")?;
    let padded = number.digits == 2 && number.value > 0;
    if !number.is_plain() && !padded {
        return Err(Fault { what: What::LeadingZero { name: "number" }, offset: dot + 1 });
    }
    Ok(Some(number))
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.written.get(..self.end).unwrap_or_default())?;
        match self.modifier {
            Some(modifier) => write!(formatter, "-{modifier}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Version({:?})", self.written)
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.numbers == other.numbers && self.modifier == other.modifier
    }
}

impl Eq for Version {}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| modifier::compare(self.modifier, other.modifier))
    }
}

impl Hash for Version {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.numbers.hash(state);
        self.modifier.hash(state);
    }
}

serde_as_text!(Version, "a calendar version, such as `2024.02.1`", |version| version.written.to_string());
