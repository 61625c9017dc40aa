//! Tags of releases: their names and the pattern that joins them to versions.

mod name;
mod pattern;

pub use name::{TagName, TagNameError};
pub use pattern::{FormatTagError, TagPattern, TagPatternError, TagVariables};
