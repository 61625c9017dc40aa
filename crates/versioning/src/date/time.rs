use std::fmt;
use std::str::FromStr;

use super::{Date, DateError};
use crate::serde_text::serde_as_text;

/// A day and a time of day in UTC, to the second.
///
/// ```
/// use tminus_versioning::{Date, DateTime};
///
/// let time = DateTime::new(Date::new(2024, 2, 29)?, 12, 34, 56)?;
/// assert_eq!(time.to_string(), "2024-02-29T12:34:56Z");
/// assert_eq!("2024-02-29T12:34:56Z".parse(), Ok(time));
/// assert_eq!(time.compact(), "20240229123456");
/// # Ok::<(), tminus_versioning::DateError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime {
    date: Date,
    hour: u8,
    minute: u8,
    second: u8,
}

const SECONDS_A_DAY: i64 = 86_400;

impl DateTime {
    /// A time by its numbers.
    ///
    /// # Errors
    ///
    /// An hour above 23, a minute or a second above 59: leap seconds are not counted.
    pub fn new(date: Date, hour: u8, minute: u8, second: u8) -> Result<Self, DateError> {
        if hour < 24 && minute < 60 && second < 60 {
            Ok(Self { date, hour, minute, second })
        } else {
            Err(DateError::time(&format!("{date}T{hour:02}:{minute:02}:{second:02}Z")))
        }
    }

    /// The time that `SOURCE_DATE_EPOCH` or a commit states: seconds since 1970-01-01 in UTC.
    ///
    /// Nothing before the year 1 or after 9999.
    ///
    /// ```
    /// use tminus_versioning::DateTime;
    ///
    /// let time = DateTime::from_unix_seconds(1_709_210_096).unwrap();
    /// assert_eq!(time.date().to_string(), "2024-02-29");
    /// ```
    pub fn from_unix_seconds(seconds: i64) -> Option<Self> {
        let days = seconds.div_euclid(SECONDS_A_DAY);
        let rest = seconds.rem_euclid(SECONDS_A_DAY);
        // Years that start in March have their leap day at the end, and the lengths of their months follow a line;
        // 719 468 days lie between 0000-03-01 and 1970-01-01, 146 097 in four hundred years.
        let shifted = days.checked_add(719_468)?;
        let cycle = shifted.div_euclid(146_097);
        let day_of_cycle = shifted.rem_euclid(146_097);
        let year_of_cycle =
            (day_of_cycle - day_of_cycle / 1_460 + day_of_cycle / 36_524 - day_of_cycle / 146_096) / 365;
        let day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = cycle * 400 + year_of_cycle + i64::from(month <= 2);
        if year < 1 {
            return None;
        }
        let date =
            Date::new(u16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?).ok()?;
        let part = |value: i64| u8::try_from(value).ok();
        Self::new(date, part(rest / 3_600)?, part(rest / 60 % 60)?, part(rest % 60)?).ok()
    }

    /// The day.
    pub fn date(self) -> Date {
        self.date
    }

    /// The hour, 0 to 23.
    pub fn hour(self) -> u8 {
        self.hour
    }

    /// The minute, 0 to 59.
    pub fn minute(self) -> u8 {
        self.minute
    }

    /// The second, 0 to 59.
    pub fn second(self) -> u8 {
        self.second
    }

    /// The time in fourteen digits, `yyyymmddhhmmss`.
    pub fn compact(self) -> String {
        let (year, month, day) = (self.date.year(), self.date.month(), self.date.day());
        let Self { hour, minute, second, .. } = self;
        format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}")
    }

    /// Reads the fourteen digits that [`compact`](Self::compact) writes.
    pub fn from_compact(digits: &str) -> Option<Self> {
        if digits.len() != 14 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let number = |from: usize| digits.get(from..from + 2)?.parse::<u8>().ok();
        let date = Date::new(digits.get(..4)?.parse().ok()?, number(4)?, number(6)?).ok()?;
        Self::new(date, number(8)?, number(10)?, number(12)?).ok()
    }
}

impl fmt::Display for DateTime {
    /// The time by ISO 8601: `2024-02-29T12:34:56Z`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}T{:02}:{:02}:{:02}Z", self.date, self.hour, self.minute, self.second)
    }
}

impl FromStr for DateTime {
    type Err = DateError;

    /// Reads a time as it is displayed: `2026-02-02T12:34:56Z`.
    ///
    /// # Errors
    ///
    /// Any other text, also with an offset or a fraction of a second, and times that do not exist.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // Every other form of a text of this length lacks one of these signs, or has something else than a digit.
        let signs = [(4, '-'), (7, '-'), (10, 'T'), (13, ':'), (16, ':'), (19, 'Z')];
        let has_form = text.len() == 20
            && signs
                .into_iter()
                .all(|(place, sign)| text.get(place..).is_some_and(|rest| rest.starts_with(sign)));
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        has_form.then(|| Self::from_compact(&digits)).flatten().ok_or_else(|| DateError::time(text))
    }
}

serde_as_text!(DateTime, "a time in UTC, such as `2026-02-02T12:34:56Z`", ToString::to_string);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(seconds: i64, expected: Option<&str>) {
        assert_eq!(DateTime::from_unix_seconds(seconds).map(|time| time.to_string()).as_deref(), expected);
    }

    #[test]
    fn seconds_become_dates() {
        check(0, Some("1970-01-01T00:00:00Z"));
        check(-1, Some("1969-12-31T23:59:59Z"));
        check(951_782_400, Some("2000-02-29T00:00:00Z"));
        check(4_107_542_400, Some("2100-03-01T00:00:00Z"));
        check(-62_135_596_800, Some("0001-01-01T00:00:00Z"));
        check(-62_135_596_801, None);
        check(253_402_300_799, Some("9999-12-31T23:59:59Z"));
        check(253_402_300_800, None);
        check(i64::MIN, None);
        check(i64::MAX, None);
    }

    #[test]
    fn impossible_times_are_refused() {
        let day = Date::new(2024, 1, 1).unwrap();
        for (hour, minute, second) in [(24, 0, 0), (0, 60, 0), (23, 59, 60), (255, 255, 255)] {
            assert!(DateTime::new(day, hour, minute, second).is_err());
        }
        assert_eq!(
            DateTime::new(day, 24, 0, 0).unwrap_err().to_string(),
            "\"2024-01-01T24:00:00Z\" is no time: write the day and the time in UTC as in `2026-02-28T12:34:56Z`"
        );
        for text in [
            "",
            "2024-02-29",
            "2024-02-29T12:34:56",
            "2024-02-29 12:34:56Z",
            "2024-02-29t12:34:56z",
            "2024-02-29T12:34:56.0Z",
            "2024-02-29T12:34:5é",
            "2024-02-29T12:34:56+00:00",
            "2024-02-30T12:34:56Z",
            "2024-02-29T24:00:00Z",
            "2024-2-029T12:34:56Z",
            "+024-02-29T12:34:56Z",
        ] {
            assert!(text.parse::<DateTime>().is_err(), "{text}");
        }
        assert!("9".repeat(5000).parse::<DateTime>().unwrap_err().to_string().len() < 200);
        for text in
            ["", "2024022912345", "20240230000000", "2024022912345é", "+0240229123456", "20240229126056"]
        {
            assert_eq!(DateTime::from_compact(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_later_second_is_a_later_time(seconds in -62_135_596_800_i64..253_402_300_799) {
            let time = DateTime::from_unix_seconds(seconds).unwrap();
            let next = DateTime::from_unix_seconds(seconds + 1).unwrap();
            prop_assert!(time < next);
            prop_assert_eq!(DateTime::from_compact(&time.compact()), Some(time));
            prop_assert_eq!(time.to_string().parse(), Ok(time));
            let json = serde_json::to_string(&time).unwrap();
            prop_assert_eq!(serde_json::from_str::<DateTime>(&json).unwrap(), time);
            let a_day_on = DateTime::from_unix_seconds(seconds + SECONDS_A_DAY);
            prop_assert!(a_day_on.is_none_or(|later| later.date() > time.date()));
        }
    }
}
