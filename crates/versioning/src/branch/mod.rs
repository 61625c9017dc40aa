//! Branches of release lines: their names and the pattern that joins them to versions.

mod line;
mod name;
mod pattern;
#[cfg(test)]
mod tests;

pub use line::{ParseLineError, ReleaseLine};
pub use name::{BranchName, BranchNameError};
pub use pattern::{BranchMatch, BranchPattern, BranchPatternError, FormatBranchError};
