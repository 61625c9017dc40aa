//! Tags of releases: their names, the patterns that join them to versions, and the reading of a whole list of them.

mod index;
mod name;
mod pattern;
mod rules;
#[cfg(test)]
mod tests;

pub use index::{TagEntry, TagIndex};
pub(crate) use name::objection;
pub use name::{TagName, TagNameError};
pub(crate) use pattern::could_be_version;
pub use pattern::{FormatTagError, TagPattern, TagPatternError, TagVariables};
pub(crate) use rules::plain;
pub use rules::{ReadTag, TagKind, TagOfVersionError, TagPatterns, TagRule, UnreadReason, UnreadTag};
