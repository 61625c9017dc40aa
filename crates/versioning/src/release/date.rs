use std::fmt;
use std::str::FromStr;

use crate::serde_text::serde_as_text;

/// A day, by which nightly versions are numbered: `2026-02-02` gives `0.4.5.dev20260202`.
///
/// ```
/// use tminus_versioning::Date;
///
/// let date = Date::new(2026, 2, 2)?;
/// assert_eq!(date.number(), 20_260_202);
/// assert_eq!("2026-02-02".parse(), Ok(date));
/// assert!(Date::new(2026, 2, 29).is_err());
/// # Ok::<(), tminus_versioning::DateError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// A day of the Gregorian calendar.
    ///
    /// # Errors
    ///
    /// - a year before 1000 or after 9999, which would not have four digits
    /// - a day that the month does not have: `2026-02-29`, `2026-13-01`
    pub fn new(year: u16, month: u8, day: u8) -> Result<Self, DateError> {
        let exists = (1000..=9999).contains(&year) && (1..=days_in(year, month)).contains(&day);
        if exists {
            Ok(Self { year, month, day })
        } else {
            Err(DateError(format!("{year:04}-{month:02}-{day:02}")))
        }
    }

    /// The year, of four digits.
    pub fn year(self) -> u16 {
        self.year
    }

    /// The month, from 1.
    pub fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    pub fn day(self) -> u8 {
        self.day
    }

    /// The eight digits of the day as a number: `20260202`.
    pub fn number(self) -> u64 {
        (u64::from(self.year) * 100 + u64::from(self.month)) * 100 + u64::from(self.day)
    }

    /// The day that such a number stands for, if it stands for one.
    pub fn from_number(number: u64) -> Option<Self> {
        let part = |number: u64| u8::try_from(number % 100).ok();
        Self::new(u16::try_from(number / 10_000).ok()?, part(number / 100)?, part(number)?).ok()
    }
}

fn days_in(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Date {
    type Err = DateError;

    /// Reads a day, as `2026-02-02` or `20260202`.
    ///
    /// # Errors
    ///
    /// Any other text, and days that do not exist.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // A long text is copied at most as far as it could still be a day.
        let bytes = text.as_bytes();
        let digits = match bytes.get(..11).unwrap_or(bytes) {
            [year @ .., b'-', m1, m2, b'-', d1, d2] => [year, &[*m1, *m2], &[*d1, *d2]].concat(),
            plain => plain.to_vec(),
        };
        Some(digits)
            .filter(|digits| digits.len() == 8 && digits.iter().all(u8::is_ascii_digit))
            .map(|digits| digits.iter().fold(0, |number, digit| number * 10 + u64::from(digit - b'0')))
            .and_then(Self::from_number)
            .ok_or_else(|| DateError(text.chars().take(40).collect()))
    }
}

serde_as_text!(Date, "a day, such as `2026-02-02`", ToString::to_string);

/// There is no such day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no day: write year, month and day as in `2026-02-28`")]
pub struct DateError(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        for text in ["2024-02-29", "2000-02-29", "2026-12-31", "1000-01-01", "9999-12-31", "20260202"] {
            let date: Date = text.parse().unwrap();
            assert_eq!(date.to_string().replace('-', ""), text.replace('-', ""));
            assert_eq!(Date::from_number(date.number()), Some(date));
        }
        let refused = "2026-02-29 1900-02-29 2026-00-01 2026-13-01 2026-04-31 2026-01-00 0999-01-01 2026-1-1 \
                       2026/01/01 202-601-01 2026-0101 -2026-01-01 +2026101 2026-01-01T 2026é01é1";
        for text in refused.split_whitespace().chain([""]) {
            assert!(text.parse::<Date>().is_err(), "{text:?}");
        }
        assert!(Date::from_number(u64::MAX).is_none() && Date::from_number(3).is_none());
        let date = Date::new(2026, 2, 2).unwrap();
        assert_eq!((date.year(), date.month(), date.day()), (2026, 2, 2));
        assert_eq!(
            Date::new(2026, 2, 29).unwrap_err().to_string(),
            "\"2026-02-29\" is no day: write year, month and day as in `2026-02-28`"
        );
    }
}
