//! Spans of the calendar: how often, how long.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

/// The largest number in a span.
const LARGEST: u16 = 9999;

/// A whole number of days, weeks, months or years; never zero.
///
/// A calendar span, not a number of seconds: a month after 31 January is the last day of February. Two spans are equal
/// when they are written alike, so `1 week` and `7 days` differ.
///
/// ```
/// use tminus_policy::Span;
///
/// let span: Span = "3 months".parse()?;
/// assert_eq!(span.after("2026-11-30".parse()?).to_string(), "2027-02-28");
/// assert_eq!(span.to_string(), "3 months");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    amount: u16,
    unit: Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Unit {
    Day,
    Week,
    Month,
    Year,
}

impl Unit {
    const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Year];

    fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

/// Reads a span; the same as [`Span::from_str`].
pub fn parse_span(text: &str) -> Result<Span, SpanError> {
    text.parse()
}

impl Span {
    /// The date that lies this span after `date`.
    ///
    /// A day that the month does not have becomes its last day; the calendar ends with the year 9999 and stops there.
    pub fn after(self, date: Date) -> Date {
        let amount = i64::from(self.amount);
        let span = match self.unit {
            Unit::Day => jiff::Span::new().try_days(amount),
            Unit::Week => jiff::Span::new().try_weeks(amount),
            Unit::Month => jiff::Span::new().try_months(amount),
            Unit::Year => jiff::Span::new().try_years(amount),
        };
        span.and_then(|span| date.checked_add(span)).unwrap_or(Date::MAX)
    }
}

impl FromStr for Span {
    type Err = SpanError;

    /// Reads `3 months`, `2 weeks`, `10 days`, `1 year`; singular and plural mean the same.
    ///
    /// # Errors
    /// Anything else: no number, a fraction or sign, zero, more than 9999, another unit, two units.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = |problem| SpanError { text: text.chars().take(60).collect(), problem };
        let trimmed = text.trim();
        let end = trimmed.find(|c: char| !c.is_ascii_digit()).unwrap_or(trimmed.len());
        let (digits, unit) = trimmed.split_at(end);
        if digits.is_empty() {
            return Err(refused("it does not begin with a whole number"));
        }
        let amount = digits.parse().ok().filter(|amount| *amount <= LARGEST);
        let amount = amount.ok_or_else(|| refused("the number is larger than 9999"))?;
        if amount == 0 {
            return Err(refused("a span is at least 1 day"));
        }
        let word = unit.trim_start();
        let word = word.strip_suffix('s').unwrap_or(word);
        let unit = Unit::ALL.into_iter().find(|unit| unit.name() == word);
        let unit = unit.ok_or_else(|| refused("the unit is one of days, weeks, months, years"))?;
        Ok(Self { amount, unit })
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.amount == 1 { "" } else { "s" };
        write!(f, "{} {}{plural}", self.amount, self.unit.name())
    }
}

/// A text that is not a span.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a span such as \"3 months\", \"2 weeks\" or \"10 days\": {problem}")]
pub struct SpanError {
    text: String,
    problem: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, from: Date, expected: Date) {
        assert_eq!(parse_span(text).unwrap().after(from), expected, "{text} after {from}");
    }

    #[test]
    fn spans_follow_the_calendar() {
        check("10 days", date(2026, 12, 25), date(2027, 1, 4));
        check("2 weeks", date(2028, 2, 20), date(2028, 3, 5));
        check("1 month", date(2027, 1, 31), date(2027, 2, 28));
        check("1 month", date(2028, 1, 31), date(2028, 2, 29));
        check("3 months", date(2026, 11, 30), date(2027, 2, 28));
        check("1 year", date(2028, 2, 29), date(2029, 2, 28));
        check("  1 month ", date(2026, 5, 31), date(2026, 6, 30));
        check("6weeks", date(2026, 1, 1), date(2026, 2, 12));
        check("9999 years", date(2026, 1, 1), Date::MAX);
    }

    #[test]
    fn what_is_not_a_span_is_named() {
        for (text, problem) in [
            ("", "it does not begin with a whole number"),
            ("months", "it does not begin with a whole number"),
            ("-1 month", "it does not begin with a whole number"),
            ("1.5 months", "the unit is one of days, weeks, months, years"),
            ("3", "the unit is one of days, weeks, months, years"),
            ("3 M", "the unit is one of days, weeks, months, years"),
            ("3 Months", "the unit is one of days, weeks, months, years"),
            ("3 monthss", "the unit is one of days, weeks, months, years"),
            ("1 month 2 days", "the unit is one of days, weeks, months, years"),
            ("5 hours", "the unit is one of days, weeks, months, years"),
            ("0 days", "a span is at least 1 day"),
            ("10000 days", "the number is larger than 9999"),
            ("99999999999999999999 days", "the number is larger than 9999"),
        ] {
            let told = parse_span(text).unwrap_err().to_string();
            let start = format!("{text:?} is not a span such as \"3 months\", \"2 weeks\" or \"10 days\": ");
            assert_eq!(told, format!("{start}{problem}"));
        }
    }

    fn spans() -> impl Strategy<Value = Span> {
        (1..=LARGEST, prop::sample::select(Unit::ALL.to_vec()))
            .prop_map(|(amount, unit)| Span { amount, unit })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(span in spans()) {
            prop_assert_eq!(parse_span(&span.to_string()).unwrap(), span);
        }

        #[test]
        fn time_goes_forward_and_keeps_order(
            span in spans(), (year, month, day) in (1900..2200_i16, 1..=12_i8, 1..=28_i8), days in 0..400_i64,
        ) {
            let from = date(year, month, day);
            let later = from.saturating_add(jiff::Span::new().days(days));
            prop_assert!(span.after(from) > from);
            prop_assert!(span.after(from) <= span.after(later));
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".{0,40}") {
            if let Ok(span) = parse_span(&text) {
                prop_assert_eq!(parse_span(&span.to_string()).unwrap(), span);
            }
        }
    }
}
