//! Versions that say when they were made, by [calendar versioning](https://calver.org).
//!
//! Calendar versioning is a family of formats, so there are two types. [`Version`] reads any common one without being
//! told the format, to compare what a project has released; it is also what
//! [`ReleaseVersion`](crate::ReleaseVersion) reads and writes in the scheme `calver`. [`Format`] is the format of one
//! project: it reads its versions strictly, as [`DatedVersion`], keeps their padding, knows which year a short one is,
//! and makes the next version of a day.
//!
//! # The tokens of a format
//!
//! | token | stands for | written |
//! |---|---|---|
//! | `YYYY` | the year, 1970 to 9999 | `2006`, `2106` |
//! | `YY` | the year without its 2000, to 2999 | `6`, `16`, `106` |
//! | `0Y` | the same with two digits at least | `06`, `16`, `106` |
//! | `MM`, `0M` | the month | `1` to `12`, `01` to `12` |
//! | `DD`, `0D` | the day of the month | `1` to `31`, `01` to `31` |
//! | `WW`, `0W` | the week by ISO 8601 | `1` to `53`, `01` to `53` |
//! | `MAJOR`, `MINOR`, `MICRO` or `PATCH` | a number of the project's own | `0`, `10` |
//! | `MODIFIER` | what marks a version that is not final; may be absent | `rc.1`, `dev` |
//!
//! They are joined by `.`, `-` or `_`. A format has one year, and the parts of the date stand in the order year, month,
//! day, or year, week, so that versions sort as their dates do. In a format with weeks the year is the one that the week
//! belongs to, which around New Year is not always that of the day: 30 December 2024 is in week 1 of 2025.
//!
//! # Deviations
//!
//! calver.org counts weeks from the start of the year without a definition; these are the weeks of ISO 8601. It lets
//! a modifier be any text; here it is one of [`Label`], so that it has an order. Text beyond
//! [`MAX_VERSION_BYTES`](crate::MAX_VERSION_BYTES) and numbers beyond 2⁶⁴ − 1 are refused.

mod dated;
mod error;
mod format;
mod modifier;
mod next;
#[cfg(test)]
mod tests;
mod version;

pub use dated::DatedVersion;
pub use error::{ParseFormatError, ParseVersionError};
pub use format::{Counters, Format, FormatError, Token};
pub use modifier::{Label, Modifier};
pub use next::NextVersionError;
pub use version::Version;
pub(crate) use version::{MAX_NUMBERS, MIN_NUMBERS, is_year, write};
