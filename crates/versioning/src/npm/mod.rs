//! Versions and ranges of npm packages, as [node-semver](https://github.com/npm/node-semver) 7.8 reads them.
//!
//! [`Version`] reads and orders versions, finds the difference of two and the next one. [`Range`] reads what a
//! `package.json` writes behind the name of a dependency and answers which versions it means.
//!
//! Nothing here finds a version inside a longer text, as node-semver's `coerce` does: a release tool must not guess.
//!
//! # Deviations
//!
//! - Numeric identifiers of a pre-release part compare by value, however long they are. node-semver rounds those from
//!   2⁵³ − 1 on, takes what is equal then for equal versions, and looks at no identifier behind them. The same holds
//!   for build metadata, where it also takes `01` for `1`. Its order is no order then: `+1.2` equals `+01.5`, which
//!   equals `+1.5`.
//! - There is no version behind a number of 2⁵³ − 1, where node-semver counts on to one that it does not read itself.
//!   The smallest version of such a range carries into the next number.
//! - A range with a number from 10²¹ on is refused in loose mode too. node-semver counts on from there in a notation
//!   with an exponent, which it leaves out or reads as something else.
//! - A version that loose mode reads without its hyphen has one more character in canonical form. node-semver reads the
//!   longest ones of these, but compares them with nothing.
//! - A number of 2⁵³ − 1 and more keeps the leading zeros that loose mode allows in a pre-release part, here and there.
//!   node-semver's `outside`, `minVersion` and `subset` read that form again in strict mode and fail over it.
//! - An identifier for [`Version::increment`] is one of strict mode, without leading zeros in its numbers, after a loose
//!   version too.
//! - A range beyond [`MAX_RANGE_BYTES`] is refused.
//! - A range that none of the given versions satisfies stays as it is in [`Range::simplify`], where node-semver answers
//!   with the empty range, which every version satisfies.

mod change;
mod comparator;
mod desugar;
mod error;
mod normalize;
mod order;
mod query;
mod range;
mod scan;
mod subset;
#[cfg(test)]
mod tests;
mod version;

pub use change::{Difference, IdentifierBase, Increment, IncrementError};
pub use comparator::{Comparator, Operator};
pub use error::{ParseRangeError, ParseVersionError};
pub use query::{Side, valid_range};
pub use range::{Alternatives, Range};
pub use version::Version;

/// The longest text of a range that is read, in bytes.
pub const MAX_RANGE_BYTES: usize = 4096;

/// The largest number that JavaScript holds exactly.
const MAX_NUMBER: u64 = 9_007_199_254_740_991;

/// How much is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    /// What the specification of SemVer allows, and a leading `v`.
    #[default]
    Strict,
    /// Also `=1.2.3`, `01.02.03` and `1.2.3beta`; words of a range that make no sense are left out.
    Loose,
}

/// How a range is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Options {
    /// How much is read.
    pub mode: Mode,
    /// Whether a pre-release satisfies a range as any other version does.
    ///
    /// Otherwise it satisfies one alone that names a pre-release of the same three numbers.
    pub include_prerelease: bool,
}
