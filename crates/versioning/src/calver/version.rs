use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use super::error::{Fault, What};
use super::format::{Number, scan_number};
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
/// - The first number is the year: four digits from `1970` to `9999`, or the last two or three digits of one since 2000,
///   as `06`, `24` or `106`. Three and four digits do not start with a zero. One digit is no year: `1.2.3` and `6.10`
///   are no calendar versions.
/// - The others are free, for not every format has a month there. They are written without zeros in front, or with two
///   digits, from `01`.
/// - A modifier is a [`Label`](super::Label) in upper or lower case, in front of which `.`, `-` or `_` may stand, and
///   perhaps a number, in front of which the same may stand: `-alpha.1`, `rc1`, `.dev3`, `_post`.
///
/// # Canonical form
///
/// `Display` gives the canonical form, which is also the one that [`ReleaseVersion`](crate::ReleaseVersion) writes in the
/// scheme `calver`: the numbers without zero padding, the year alone with two digits at least, and the modifier behind
/// a hyphen, with its number: `2024.02.1rc3` is `2024.2.1-rc.3`, `24.04_dev` is `24.4-dev.0`.
/// [`as_written`](Self::as_written) is the text as it was given. A project that pads its numbers has a
/// [`Format`](super::Format), which writes them so.
///
/// # Equality and order
///
/// Equality, order and hash look at the numbers as they are written, then at the modifier, exactly as
/// `ReleaseVersion` does: padding, and zeros at the end, do not count. `2024.1`, `2024.01` and `2024.1.0` are equal, and
/// the canonical forms of equal versions differ in zeros at the end of their numbers alone. A version comes after its
/// pre-releases and before its `post` versions:
///
/// `2024.1-dev.0 < 2024.1-rc.1 < 2024.1 = 2024.1.0 < 2024.1-post.1 < 2024.1.1 < 2024.2 < 2025.1`
///
/// A short year is not made a full one, for nothing tells the century: `24.1 < 2023.12`. One project does not mix short
/// and full years. A `Format` knows the year that its token stands for, and so does [`DatedVersion`](super::DatedVersion).
///
/// ```
/// use tminus_versioning::calver::Version;
///
/// let version: Version = "2024.02.1rc3".parse()?;
/// assert_eq!((version.year(), version.numbers()), (2024, [2024, 2, 1].as_slice()));
/// assert_eq!(version.to_string(), "2024.2.1-rc.3");
/// assert_eq!(version.as_written(), "2024.02.1rc3");
/// assert!(version < "2024.02.1".parse()? && version > "2024.01.10".parse()?);
/// # Ok::<(), tminus_versioning::calver::ParseVersionError>(())
/// ```
#[derive(Clone)]
pub struct Version {
    written: Box<str>,
    numbers: Vec<u64>,
    modifier: Option<Modifier>,
}

/// The most numbers that a version has.
pub(crate) const MAX_NUMBERS: usize = 4;

/// The least that it has.
pub(crate) const MIN_NUMBERS: usize = 2;

/// Whether a first number is a year when it is written without padding.
pub(crate) fn is_year(number: u64) -> bool {
    matches!(number, 10..=999 | 1970..=9999)
}

impl Version {
    /// The text as it was given.
    pub fn as_written(&self) -> &str {
        &self.written
    }

    /// The year as it is written: 24 in `24.04`, 2024 in `2024.04`.
    pub fn year(&self) -> u16 {
        self.numbers.first().and_then(|&year| u16::try_from(year).ok()).unwrap_or_default()
    }

    /// The numbers as they are written, the year first.
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

    /// The numbers without the zeros at the end, which do not count in comparisons.
    fn significant(&self) -> &[u64] {
        let length = self.numbers.iter().rposition(|&number| number != 0).map_or(0, |last| last + 1);
        self.numbers.get(..length).unwrap_or_default()
    }
}

impl FromStr for Version {
    type Err = ParseVersionError;

    /// Reads a calendar version; the type says what is accepted.
    ///
    /// # Errors
    ///
    /// - one number, or more than four: `2024`, `2024.1.2.3.4`
    /// - a first number that is no year: `1.2.3`, `1969.1`, `007.1`, `12345.1`
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
    // Two digits may start with a zero: `06.04` says so that a year is meant.
    if !(year.digits == 2 || year.is_plain() && is_year(year.value)) {
        return Err(Fault { what: What::Year, offset: 0 });
    }
    let mut numbers = vec![year.value];
    let mut end = year.end;
    while let Some(number) = next_number(text, end)? {
        if numbers.len() == MAX_NUMBERS {
            return Err(Fault { what: What::FiveParts, offset: end + 1 });
        }
        numbers.push(number.value);
        end = number.end;
    }
    if numbers.len() < MIN_NUMBERS {
        return Err(Fault { what: What::OnePart, offset: end });
    }
    let modifier = match char_at(text, end) {
        None => None,
        Some('.' | '-' | '_') => Some(Modifier::read(text, end + 1)?),
        Some(found) if found.is_ascii_alphabetic() => Some(Modifier::read(text, end)?),
        Some(found) => return Err(Fault { what: What::Unexpected { found }, offset: end }),
    };
    Ok(Version { written: text.into(), numbers, modifier })
}

/// Reads a dot and a number, when a dot and a digit are there.
fn next_number(text: &str, dot: usize) -> Result<Option<Number>, Fault> {
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
        write(&self.numbers, self.modifier, formatter)
    }
}

/// Writes the canonical form.
pub(crate) fn write(numbers: &[u64], modifier: Option<Modifier>, out: &mut dyn fmt::Write) -> fmt::Result {
    for (index, number) in numbers.iter().enumerate() {
        match index {
            // A year of one digit would not be read back.
            0 => write!(out, "{number:02}")?,
            _ => write!(out, ".{number}")?,
        }
    }
    match modifier {
        Some(modifier) => write!(out, "-{modifier}"),
        None => Ok(()),
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Version({:?})", self.written)
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.significant() == other.significant() && self.modifier == other.modifier
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
        // Without the zeros at their end the numbers compare as slices.
        self.significant()
            .cmp(other.significant())
            .then_with(|| modifier::compare(self.modifier, other.modifier))
    }
}

impl Hash for Version {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.significant().hash(state);
        self.modifier.hash(state);
    }
}

serde_as_text!(Version, "a calendar version, such as `2024.02.1`", |version| version.written.to_string());
