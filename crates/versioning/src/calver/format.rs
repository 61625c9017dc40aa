use std::fmt;
use std::str::FromStr;

use super::error::{Fault, FormatProblem, What};
use crate::Date;
use crate::date::{days_in_month, weeks_in_year};

use super::{DatedVersion, Modifier, ParseFormatError, ParseVersionError};
use crate::MAX_VERSION_BYTES;
use crate::semver::grammar::char_at;
use crate::serde_text::serde_as_text;

/// The format of a project's calendar versions: `YYYY.0M.MICRO-MODIFIER`.
///
/// `PATCH` is another word for `MICRO`, which `Display` writes. The [module](super) lists the tokens.
///
/// ```
/// use tminus_versioning::Date;
/// use tminus_versioning::calver::Format;
///
/// let format: Format = "YYYY.0M.MICRO-MODIFIER".parse()?;
/// let version = format.parse("2024.02.10-rc.1")?;
/// assert_eq!((version.year(), version.month(), version.micro()), (2024, Some(2), Some(10)));
/// assert!(format.parse("2024.2.10").is_err());
///
/// let today = Date::new(2024, 2, 29)?;
/// let released = [format.parse("2024.01.0")?, format.parse("2024.02.0")?];
/// assert_eq!(format.next(today, &released)?.to_string(), "2024.02.1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Format {
    items: Vec<Item>,
}

/// A token and the separator in front of it, which the first one does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Item {
    pub(super) separator: Option<char>,
    pub(super) token: Token,
}

/// A part of a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Token {
    /// `YYYY`
    FullYear,
    /// `YY`
    ShortYear,
    /// `0Y`
    PaddedYear,
    /// `MM`
    Month,
    /// `0M`
    PaddedMonth,
    /// `WW`
    Week,
    /// `0W`
    PaddedWeek,
    /// `DD`
    Day,
    /// `0D`
    PaddedDay,
    /// `MAJOR`
    Major,
    /// `MINOR`
    Minor,
    /// `MICRO`, also written `PATCH`.
    Micro,
    /// `MODIFIER`
    Modifier,
}

/// What a token stands for, however it is written; calendar and counters each in the order that a format must keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    Year,
    Month,
    Week,
    Day,
    Major,
    Minor,
    Micro,
    Modifier,
}

/// The numbers of a version that are the project's own; those that its format does not have are ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Counters {
    /// The number for `MAJOR`.
    pub major: u64,
    /// The number for `MINOR`.
    pub minor: u64,
    /// The number for `MICRO`.
    pub micro: u64,
}

/// A format cannot express a version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// The token for the year does not reach that far.
    #[error("`{token}` cannot express the year {year}: it reaches from {low} to {high}")]
    Year {
        /// The token for the year.
        token: Token,
        /// The year of the date, or of its week.
        year: i32,
        /// The first year that the token can express.
        low: u16,
        /// The last one.
        high: u16,
    },
    /// There is a modifier, and no place for it.
    #[error("the format {format} has no MODIFIER for {modifier}")]
    NoModifier {
        /// The format.
        format: Format,
        /// The modifier.
        modifier: Modifier,
    },
}

impl Token {
    const ALL: [Self; 13] = [
        Self::FullYear,
        Self::ShortYear,
        Self::PaddedYear,
        Self::Month,
        Self::PaddedMonth,
        Self::Week,
        Self::PaddedWeek,
        Self::Day,
        Self::PaddedDay,
        Self::Major,
        Self::Minor,
        Self::Micro,
        Self::Modifier,
    ];

    /// The token as it is written in a format.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FullYear => "YYYY",
            Self::ShortYear => "YY",
            Self::PaddedYear => "0Y",
            Self::Month => "MM",
            Self::PaddedMonth => "0M",
            Self::Week => "WW",
            Self::PaddedWeek => "0W",
            Self::Day => "DD",
            Self::PaddedDay => "0D",
            Self::Major => "MAJOR",
            Self::Minor => "MINOR",
            Self::Micro => "MICRO",
            Self::Modifier => "MODIFIER",
        }
    }

    fn read(text: &str) -> Option<Self> {
        let text = if text == "PATCH" { "MICRO" } else { text };
        Self::ALL.into_iter().find(|token| token.as_str() == text)
    }

    pub(super) fn field(self) -> Field {
        match self {
            Self::FullYear | Self::ShortYear | Self::PaddedYear => Field::Year,
            Self::Month | Self::PaddedMonth => Field::Month,
            Self::Week | Self::PaddedWeek => Field::Week,
            Self::Day | Self::PaddedDay => Field::Day,
            Self::Major => Field::Major,
            Self::Minor => Field::Minor,
            Self::Micro => Field::Micro,
            Self::Modifier => Field::Modifier,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self.field() {
            Field::Year => "year",
            Field::Month => "month",
            Field::Week => "week",
            Field::Day => "day",
            Field::Major => "major number",
            Field::Minor => "minor number",
            Field::Micro => "micro number",
            Field::Modifier => "modifier",
        }
    }

    fn is_padded(self) -> bool {
        matches!(self, Self::PaddedYear | Self::PaddedMonth | Self::PaddedWeek | Self::PaddedDay)
    }

    /// The years that a token for years can express.
    fn years(self) -> (u16, u16) {
        if self == Self::FullYear { (1970, 9999) } else { (2000, 2999) }
    }
}

impl fmt::Display for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Format {
    /// The tokens in their order.
    pub fn tokens(&self) -> impl ExactSizeIterator<Item = Token> {
        self.items.iter().map(|item| item.token)
    }

    /// Reads a version of this format.
    ///
    /// # Errors
    ///
    /// - other separators, fewer or more parts; the modifier alone may be absent
    /// - other zero padding than the token asks for: `2024.1` for `YYYY.0M`, `2024.01` for `YYYY.MM`
    /// - a month, week or day that does not exist: `2023.02.29` for `YYYY.0M.0D`
    pub fn parse(&self, text: &str) -> Result<DatedVersion, ParseVersionError> {
        if text.len() > MAX_VERSION_BYTES {
            return Err(ParseVersionError::too_long(text.len()));
        }
        self.read(text).map_err(|fault| ParseVersionError::format(text, &self.to_string(), &fault))
    }

    fn read(&self, text: &str) -> Result<DatedVersion, Fault> {
        let mut at = 0;
        let mut numbers = Vec::with_capacity(self.items.len());
        let mut modifier = None;
        let mut read = Read::default();
        for item in &self.items {
            if item.token == Token::Modifier && at == text.len() && !numbers.is_empty() {
                break;
            }
            if let Some(expected) = item.separator {
                match char_at(text, at) {
                    Some(found) if found == expected => at += 1,
                    found => return Err(Fault { what: What::NoSeparator { expected, found }, offset: at }),
                }
            }
            if item.token == Token::Modifier {
                modifier = Some(Modifier::read(text, at)?);
                at = text.len();
                break;
            }
            let number = scan_number(text, at, item.token.name())?;
            numbers.push(read.check(item.token, &number, at)?);
            at = number.end;
        }
        match char_at(text, at) {
            None => Ok(DatedVersion::new(&self.items, numbers, modifier)),
            Some(found) => Err(Fault { what: What::Unexpected { found }, offset: at }),
        }
    }

    /// The version of a day.
    ///
    /// # Errors
    ///
    /// A year that the token for it cannot express, or a modifier for which the format has no token.
    pub fn format(
        &self,
        date: Date,
        counters: Counters,
        modifier: Option<Modifier>,
    ) -> Result<DatedVersion, FormatError> {
        let mut numbers = Vec::with_capacity(self.items.len());
        for token in self.tokens() {
            numbers.push(match token.field() {
                Field::Major => counters.major,
                Field::Minor => counters.minor,
                Field::Micro => counters.micro,
                Field::Modifier => break,
                _ => self.calendar(token, date)?,
            });
        }
        match modifier {
            Some(modifier) if self.tokens().all(|token| token != Token::Modifier) => {
                Err(FormatError::NoModifier { format: self.clone(), modifier })
            }
            _ => Ok(DatedVersion::new(&self.items, numbers, modifier)),
        }
    }

    /// The number of a day for a token of the calendar.
    pub(super) fn calendar(&self, token: Token, date: Date) -> Result<u64, FormatError> {
        let (week_year, week) = date.iso_week();
        let by_week = self.tokens().any(|token| token.field() == Field::Week);
        Ok(match token.field() {
            Field::Month => u64::from(date.month()),
            Field::Week => u64::from(week),
            Field::Day => u64::from(date.day()),
            _ => {
                let year = if by_week { week_year } else { i32::from(date.year()) };
                let (low, high) = token.years();
                match u16::try_from(year) {
                    Ok(fits) if (low..=high).contains(&fits) => u64::from(fits),
                    _ => return Err(FormatError::Year { token, year, low, high }),
                }
            }
        })
    }

    pub(super) fn items(&self) -> &[Item] {
        &self.items
    }
}

/// The parts of the date that were read so far, for the range of the next one.
#[derive(Default)]
struct Read {
    year: u16,
    month: u8,
}

impl Read {
    /// Checks the padding and the range of a number, and returns its value: for a year always the full one.
    fn check(&mut self, token: Token, number: &Number, offset: usize) -> Result<u64, Fault> {
        let name = token.name();
        if token.is_padded() && !number.is_padded() {
            return Err(Fault { what: What::TwoDigits { name }, offset });
        }
        if !token.is_padded() && !number.is_plain() {
            return Err(Fault { what: What::LeadingZero { name }, offset });
        }
        let range = |low, high| {
            if (low..=high).contains(&number.value) {
                Ok(number.value)
            } else {
                Err(Fault { what: What::Range { name, low, high }, offset })
            }
        };
        match token {
            Token::FullYear => {
                let year = range(1970, 9999)?;
                self.year = u16::try_from(year).unwrap_or_default();
                Ok(year)
            }
            Token::ShortYear | Token::PaddedYear => {
                let year = range(0, 999)? + 2000;
                self.year = u16::try_from(year).unwrap_or_default();
                Ok(year)
            }
            Token::Month | Token::PaddedMonth => {
                let month = range(1, 12)?;
                self.month = u8::try_from(month).unwrap_or_default();
                Ok(month)
            }
            Token::Week | Token::PaddedWeek => range(1, u64::from(weeks_in_year(i32::from(self.year)))),
            Token::Day | Token::PaddedDay => range(1, u64::from(days_in_month(self.year, self.month))),
            Token::Major | Token::Minor | Token::Micro | Token::Modifier => Ok(number.value),
        }
    }
}

/// Digits and what they mean.
pub(super) struct Number {
    pub(super) value: u64,
    pub(super) end: usize,
    pub(super) digits: usize,
    leading_zero: bool,
}

impl Number {
    /// Written without zeros in front.
    pub(super) fn is_plain(&self) -> bool {
        !self.leading_zero
    }

    /// Written with two digits at least, and a zero in front only of one other.
    pub(super) fn is_padded(&self) -> bool {
        self.digits == 2 || self.digits > 2 && !self.leading_zero
    }
}

pub(super) fn scan_number(text: &str, start: usize, name: &'static str) -> Result<Number, Fault> {
    let rest = text.get(start..).unwrap_or_default();
    let digits = rest.len() - rest.trim_start_matches(|character: char| character.is_ascii_digit()).len();
    if digits == 0 {
        return Err(Fault { what: What::NoNumber { name, found: char_at(text, start) }, offset: start });
    }
    match rest.get(..digits).unwrap_or_default().parse() {
        Ok(value) => Ok(Number {
            value,
            end: start + digits,
            digits,
            leading_zero: digits > 1 && rest.starts_with('0'),
        }),
        Err(_) => Err(Fault { what: What::TooLarge { name }, offset: start }),
    }
}

impl FromStr for Format {
    type Err = ParseFormatError;

    /// Reads a format.
    ///
    /// # Errors
    ///
    /// - anything else than the tokens and the separators: `YYYY0M`, `YYYY.mm`, `v`
    /// - no year, or a part twice: `MAJOR.MINOR`, `YYYY.YY`
    /// - a date that would not sort: `MM.YYYY`, `YYYY.DD.MM`, `YYYY.DD`, `YYYY.MM.WW`
    /// - numbers in another order than `MAJOR`, `MINOR`, `MICRO`
    /// - anything behind `MODIFIER`
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            return Err(ParseFormatError::empty());
        }
        if text.len() > MAX_VERSION_BYTES {
            return Err(ParseFormatError::too_long(text.len()));
        }
        let mut items: Vec<Item> = Vec::new();
        let mut at = 0;
        for part in text.split_inclusive(['.', '-', '_']).chain(text.ends_with(['.', '-', '_']).then_some(""))
        {
            let word = part.trim_end_matches(['.', '-', '_']);
            let separator = text.get(..at).and_then(|before| before.chars().next_back());
            let problem = match Token::read(word) {
                None => Some(FormatProblem::Unknown { token: word.to_owned() }),
                Some(token) => {
                    let problem = objection(&items, token);
                    items.push(Item { separator, token });
                    problem
                }
            };
            if let Some(problem) = problem {
                return Err(ParseFormatError::invalid(text, problem, Some(at)));
            }
            at += part.len();
        }
        if items.iter().all(|item| item.token.field() != Field::Year) {
            return Err(ParseFormatError::invalid(text, FormatProblem::NoYear, None));
        }
        Ok(Self { items })
    }
}

/// Why a token cannot follow those before it.
fn objection(before: &[Item], token: Token) -> Option<FormatProblem> {
    let field = token.field();
    let is_counter = |field: Field| matches!(field, Field::Major | Field::Minor | Field::Micro);
    for other in before.iter().map(|item| item.token) {
        let other_field = other.field();
        if other_field == field {
            return Some(FormatProblem::Repeated { token });
        }
        if other_field == Field::Modifier
            || is_counter(field) == is_counter(other_field) && other_field > field
        {
            return Some(FormatProblem::Order { token, before: other });
        }
        if other_field == Field::Month && field == Field::Week
            || other_field == Field::Week && field == Field::Day
        {
            return Some(FormatProblem::Mixed { token, other });
        }
    }
    let has = |field| before.iter().any(|item| item.token.field() == field);
    match field {
        Field::Day if !has(Field::Month) => Some(FormatProblem::DayWithoutMonth { token }),
        _ => None,
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for item in &self.items {
            if let Some(separator) = item.separator {
                write!(formatter, "{separator}")?;
            }
            formatter.write_str(item.token.as_str())?;
        }
        Ok(())
    }
}

serde_as_text!(Format, "a format of calendar versions, such as `YYYY.0M.MICRO`", ToString::to_string);
