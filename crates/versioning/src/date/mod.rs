//! Days and times as plain values: what the calendar says, and no clock.

mod day;
mod time;

pub use day::{Date, DateError};
pub(crate) use day::{days_in_month, weeks_in_year};
pub use time::DateTime;
