use std::fmt;
use std::str::FromStr;

use crate::serde_text::serde_as_text;

/// A day of the Gregorian calendar, in the years 0 to 9999.
///
/// ```
/// use tminus_versioning::Date;
///
/// let date = Date::new(2024, 12, 30)?;
/// assert_eq!(date.number(), 20_241_230);
/// assert_eq!(date.iso_week(), (2025, 1));
/// assert_eq!("2024-12-30".parse(), Ok(date));
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
    /// A day by its numbers.
    ///
    /// # Errors
    ///
    /// - a year after 9999, which would not have four digits
    /// - a day that the month does not have: `2026-02-29`, `2026-13-01`
    pub fn new(year: u16, month: u8, day: u8) -> Result<Self, DateError> {
        if year <= 9999 && (1..=days_in_month(year, month)).contains(&day) {
            Ok(Self { year, month, day })
        } else {
            Err(DateError::day(&format!("{year:04}-{month:02}-{day:02}")))
        }
    }

    /// The year, 0 to 9999.
    pub fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> u8 {
        self.day
    }

    /// The digits of the day as a number, eight of them from the year 1000 on: `20260202`.
    pub fn number(self) -> u64 {
        (u64::from(self.year) * 100 + u64::from(self.month)) * 100 + u64::from(self.day)
    }

    /// The eight digits of the day as text: `20260202`.
    pub fn compact(self) -> String {
        format!("{:04}{:02}{:02}", self.year, self.month, self.day)
    }

    /// The day that a number of eight digits stands for, if it stands for one; so none before the year 1000.
    pub fn from_number(number: u64) -> Option<Self> {
        let part = |number: u64| u8::try_from(number % 100).ok();
        let year = u16::try_from(number / 10_000).ok().filter(|year| *year >= 1000)?;
        Self::new(year, part(number / 100)?, part(number)?).ok()
    }

    /// The week by ISO 8601, 1 to 53, and the year to which it belongs, which comes first.
    ///
    /// A week belongs to the year in which its Thursday is.
    pub fn iso_week(self) -> (i32, u8) {
        let year = i32::from(self.year);
        let ordinal = i32::from(self.day)
            + (1..self.month).map(|month| i32::from(days_in_month(self.year, month))).sum::<i32>();
        // 1 January of the year 1 was a Monday.
        let monday_based = (days_before(year) + ordinal - 1).rem_euclid(7);
        let week = (ordinal - monday_based + 9) / 7;
        if week < 1 {
            return (year - 1, weeks_in_year(year - 1));
        }
        match u8::try_from(week) {
            Ok(week) if week <= weeks_in_year(year) => (year, week),
            _ => (year + 1, 1),
        }
    }
}

/// The days from 1 January of the year 1 to that of another year.
fn days_before(year: i32) -> i32 {
    let past = year - 1;
    past * 365 + past.div_euclid(4) - past.div_euclid(100) + past.div_euclid(400)
}

/// The weeks of a year by ISO 8601: 53 when it starts or ends with a Thursday.
pub(crate) fn weeks_in_year(year: i32) -> u8 {
    let first = days_before(year).rem_euclid(7);
    let last = (days_before(year + 1) - 1).rem_euclid(7);
    if first == 3 || last == 3 { 53 } else { 52 }
}

/// The days of a month, none where there is no such month.
pub(crate) fn days_in_month(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

impl fmt::Display for Date {
    /// Writes the day by ISO 8601: `2026-02-02`.
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
        let digits = match text.as_bytes() {
            [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] | [y1, y2, y3, y4, m1, m2, d1, d2] => {
                [*y1, *y2, *y3, *y4, *m1, *m2, *d1, *d2]
            }
            _ => [0; 8],
        };
        let number = |digits: &[u8]| {
            digits.iter().try_fold(0_u16, |number, digit| {
                digit.is_ascii_digit().then(|| number * 10 + u16::from(digit - b'0'))
            })
        };
        let [y1, y2, y3, y4, m1, m2, d1, d2] = digits;
        let part = |digits: &[u8]| u8::try_from(number(digits)?).ok();
        number(&[y1, y2, y3, y4])
            .zip(part(&[m1, m2]).zip(part(&[d1, d2])))
            .and_then(|(year, (month, day))| Self::new(year, month, day).ok())
            .ok_or_else(|| DateError::day(text))
    }
}

serde_as_text!(Date, "a day, such as `2026-02-02`", ToString::to_string);

/// There is no such day, or no such time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct DateError {
    kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Kind {
    #[error("{0:?} is no day: write year, month and day as in `2026-02-28`")]
    Day(String),
    #[error("{0:?} is no time: write the day and the time in UTC as in `2026-02-28T12:34:56Z`")]
    Time(String),
}

impl DateError {
    fn day(text: &str) -> Self {
        Self { kind: Kind::Day(cut(text)) }
    }

    pub(super) fn time(text: &str) -> Self {
        Self { kind: Kind::Time(cut(text)) }
    }
}

/// What an error repeats of a text.
fn cut(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_reads_back() {
        for (year, month, day) in
            [(0, 1, 1), (0, 2, 29), (9, 12, 31), (999, 1, 1), (1000, 1, 1), (9999, 12, 31)]
        {
            let date = Date::new(year, month, day).unwrap();
            assert_eq!(date.to_string().parse(), Ok(date));
            assert_eq!(date.compact().parse(), Ok(date));
            let json = serde_json::to_string(&date).unwrap();
            assert_eq!(serde_json::from_str::<Date>(&json).unwrap(), date);
        }
        assert_eq!(Date::new(999, 1, 1).unwrap().to_string(), "0999-01-01");
        assert!(
            Date::new(0, 0, 0).is_err()
                && "0000-00-00".parse::<Date>().is_err()
                && "x".parse::<Date>().is_err()
        );
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        for text in ["2024-02-29", "2000-02-29", "2026-12-31", "1000-01-01", "9999-12-31", "20260202"] {
            let date: Date = text.parse().unwrap();
            assert_eq!(date.to_string().replace('-', ""), text.replace('-', ""));
            assert_eq!(Date::from_number(date.number()), Some(date));
        }
        let refused = "2026-02-29 1900-02-29 2026-00-01 2026-13-01 2026-04-31 2026-01-00 2026-1-1 \
                       2026/01/01 202-601-01 2026-0101 -2026-01-01 +2026101 2026-01-01T 2026é01é1";
        for text in refused.split_whitespace().chain([""]) {
            assert!(text.parse::<Date>().is_err(), "{text:?}");
        }
        assert!(Date::from_number(u64::MAX).is_none() && Date::from_number(3).is_none());
        assert!(Date::from_number(9_990_101).is_none());
        let date = Date::new(2026, 2, 2).unwrap();
        assert_eq!((date.year(), date.month(), date.day()), (2026, 2, 2));
        assert_eq!(
            Date::new(2026, 2, 29).unwrap_err().to_string(),
            "\"2026-02-29\" is no day: write year, month and day as in `2026-02-28`"
        );
    }
}
