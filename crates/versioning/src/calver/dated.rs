use std::cmp::Ordering;
use std::fmt;

use super::format::{Field, Item};
use super::{Counters, Modifier, Token, modifier};

/// A version that follows a [`Format`](super::Format).
///
/// `Display` gives its canonical form: the numbers as the format pads them, which is as they were read, and the modifier
/// as its label, a dot and its number, with the separator of the format in front. Versions of one format are ordered by their parts from left to right, a year always as the full one, and by the modifier last.
/// The order between formats has no meaning.
///
/// ```
/// use tminus_versioning::calver::Format;
///
/// let format: Format = "YY.MM_MODIFIER".parse()?;
/// let candidate = format.parse("24.2_rc1")?;
/// assert_eq!((candidate.year(), candidate.to_string().as_str()), (2024, "24.2_rc.1"));
/// assert!(candidate < format.parse("24.2")? && candidate > format.parse("24.1")?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DatedVersion {
    /// The items of the format, and the numbers for those that are no modifier.
    items: Vec<Item>,
    numbers: Vec<u64>,
    modifier: Option<Modifier>,
}

impl DatedVersion {
    pub(super) fn new(items: &[Item], numbers: Vec<u64>, modifier: Option<Modifier>) -> Self {
        Self { items: items.to_vec(), numbers, modifier }
    }

    /// The full year, also when the format writes a short one.
    ///
    /// In a format with weeks it is the year to which the week belongs.
    pub fn year(&self) -> u16 {
        self.number(Field::Year).and_then(|year| u16::try_from(year).ok()).unwrap_or_default()
    }

    /// The month, when the format has one.
    pub fn month(&self) -> Option<u8> {
        self.number(Field::Month).and_then(|month| u8::try_from(month).ok())
    }

    /// The week by ISO 8601, when the format has one.
    pub fn week(&self) -> Option<u8> {
        self.number(Field::Week).and_then(|week| u8::try_from(week).ok())
    }

    /// The day of the month, when the format has one.
    pub fn day(&self) -> Option<u8> {
        self.number(Field::Day).and_then(|day| u8::try_from(day).ok())
    }

    /// The major number, when the format has one.
    pub fn major(&self) -> Option<u64> {
        self.number(Field::Major)
    }

    /// The minor number, when the format has one.
    pub fn minor(&self) -> Option<u64> {
        self.number(Field::Minor)
    }

    /// The micro number, when the format has one.
    pub fn micro(&self) -> Option<u64> {
        self.number(Field::Micro)
    }

    /// The numbers that are the project's own, 0 for those that the format does not have.
    pub fn counters(&self) -> Counters {
        Counters {
            major: self.major().unwrap_or_default(),
            minor: self.minor().unwrap_or_default(),
            micro: self.micro().unwrap_or_default(),
        }
    }

    /// The modifier.
    pub fn modifier(&self) -> Option<Modifier> {
        self.modifier
    }

    /// Whether the version has a modifier that comes before the final version.
    pub fn is_prerelease(&self) -> bool {
        self.modifier.is_some_and(Modifier::is_prerelease)
    }

    fn number(&self, field: Field) -> Option<u64> {
        self.numbered().find(|(item, _)| item.token.field() == field).map(|(_, number)| number)
    }

    pub(super) fn items(&self) -> &[Item] {
        &self.items
    }

    pub(super) fn numbered(&self) -> impl Iterator<Item = (&Item, u64)> {
        self.items.iter().zip(self.numbers.iter().copied())
    }
}

impl fmt::Display for DatedVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (item, number) in self.numbered() {
            if let Some(separator) = item.separator {
                write!(formatter, "{separator}")?;
            }
            match item.token {
                Token::ShortYear => write!(formatter, "{}", number.saturating_sub(2000))?,
                Token::PaddedYear => write!(formatter, "{:02}", number.saturating_sub(2000))?,
                Token::PaddedMonth | Token::PaddedWeek | Token::PaddedDay => {
                    write!(formatter, "{number:02}")?;
                }
                _ => write!(formatter, "{number}")?,
            }
        }
        match (self.modifier, self.items.last()) {
            (Some(modifier), Some(Item { separator: Some(separator), .. })) => {
                write!(formatter, "{separator}{modifier}")
            }
            _ => Ok(()),
        }
    }
}

impl PartialOrd for DatedVersion {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for DatedVersion {
    fn cmp(&self, other: &Self) -> Ordering {
        self.numbers
            .cmp(&other.numbers)
            .then_with(|| modifier::compare(self.modifier, other.modifier))
            .then_with(|| self.items.cmp(&other.items))
    }
}
