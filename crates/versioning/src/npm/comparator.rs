use std::cmp::Ordering;
use std::fmt;

use super::{Version, order};
use crate::semver::key::Key;

/// How a comparator relates to its version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `1.2.3` or `=1.2.3`.
    Equal,
    /// `>1.2.3`.
    Greater,
    /// `>=1.2.3`.
    GreaterOrEqual,
    /// `<1.2.3`.
    Less,
    /// `<=1.2.3`.
    LessOrEqual,
}

impl Operator {
    pub(super) fn is_upward(self) -> bool {
        matches!(self, Self::Greater | Self::GreaterOrEqual)
    }

    pub(super) fn is_downward(self) -> bool {
        matches!(self, Self::Less | Self::LessOrEqual)
    }

    fn is_inclusive(self) -> bool {
        matches!(self, Self::GreaterOrEqual | Self::LessOrEqual)
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Equal => "",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
        })
    }
}

/// An operator and a version: what every range comes down to.
#[derive(Debug, Clone)]
pub struct Comparator {
    /// The numbers and whether there is no pre-release part.
    key: Key,
    /// The version where the key does not say all: where it has a pre-release part other than `0` or large numbers.
    exact: Option<Box<Version>>,
    operator: Operator,
    /// The number of the written alternative, which keeps the comparators of a range in one list.
    pub(super) alternative: u16,
}

impl Comparator {
    /// A comparator of a version without build metadata.
    pub(super) fn new(operator: Operator, version: Version, alternative: u16) -> Self {
        let key = version.key();
        let says_all = !key.is_saturated() && matches!(version.pre_bytes(), b"" | b"0");
        Self { key, exact: (!says_all).then(|| Box::new(version)), operator, alternative }
    }

    /// A comparator of the numbers as they are, or with the pre-release part `0`.
    #[inline]
    pub(super) fn plain(operator: Operator, numbers: [u64; 3], has_zero: bool, alternative: u16) -> Self {
        let key = Key::new(numbers, !has_zero);
        if key.is_saturated() {
            let version = Version::compose(numbers, if has_zero { "0" } else { "" }, "");
            return Self::new(operator, version, alternative);
        }
        Self { key, exact: None, operator, alternative }
    }

    /// The operator.
    pub fn operator(&self) -> Operator {
        self.operator
    }

    /// The version; it has no build metadata.
    pub fn version(&self) -> Version {
        match &self.exact {
            Some(version) => (**version).clone(),
            None => Version::compose(self.key.numbers(), if self.key.is_release() { "" } else { "0" }, ""),
        }
    }

    /// Whether a version is on the right side; the rule about pre-releases is one of whole ranges.
    #[inline]
    pub fn matches(&self, version: &Version) -> bool {
        let order = match version.key().cmp(&self.key) {
            Ordering::Equal => self.cmp_same_key(version),
            different => different,
        };
        match self.operator {
            Operator::Equal => order == Ordering::Equal,
            Operator::Greater => order == Ordering::Greater,
            Operator::GreaterOrEqual => order != Ordering::Less,
            Operator::Less => order == Ordering::Less,
            Operator::LessOrEqual => order != Ordering::Greater,
        }
    }

    fn cmp_same_key(&self, version: &Version) -> Ordering {
        match &self.exact {
            Some(exact) => version.cmp_precedence(exact),
            None if self.key.is_release() => Ordering::Equal,
            None => order::pre_releases(version.pre_bytes(), b"0"),
        }
    }

    /// Whether this names a pre-release of the same three numbers.
    fn names_prerelease_of(&self, version: &Version) -> bool {
        match &self.exact {
            Some(exact) => exact.is_prerelease() && exact.has_same_numbers(version),
            None => !self.key.is_release() && version.key() == self.key,
        }
    }

    /// Whether this is `<0.0.0-0`, which nothing satisfies.
    #[inline]
    pub(super) fn is_null(&self) -> bool {
        self.operator == Operator::Less && self.exact.is_none() && self.key.is_zero()
    }

    /// Whether both have the same text.
    #[inline]
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.operator == other.operator
            && self.key == other.key
            && match (&self.exact, &other.exact) {
                (Some(one), Some(other)) => one.is_same(other),
                (None, None) => true,
                _ => false,
            }
    }

    /// As node-semver's method of this name.
    pub(super) fn intersects(&self, other: &Self, include_prerelease: bool) -> bool {
        if self.operator == Operator::Equal {
            return satisfies(std::slice::from_ref(other), &self.version(), include_prerelease);
        }
        if other.operator == Operator::Equal {
            return satisfies(std::slice::from_ref(self), &other.version(), include_prerelease);
        }
        let is_below_everything = |comparator: &Self| {
            if include_prerelease {
                comparator.is_null()
            } else {
                comparator.operator == Operator::Less && comparator.version().numbers() == [0; 3]
            }
        };
        if is_below_everything(self) || is_below_everything(other) {
            return false;
        }
        let (version, other_version) = (self.version(), other.version());
        if (self.operator.is_upward() && other.operator.is_upward())
            || (self.operator.is_downward() && other.operator.is_downward())
            || (version.is_same(&other_version)
                && self.operator.is_inclusive()
                && other.operator.is_inclusive())
        {
            return true;
        }
        match version.cmp_precedence(&other_version) {
            Ordering::Less => self.operator.is_upward(),
            Ordering::Greater => self.operator.is_downward(),
            Ordering::Equal => false,
        }
    }
}

impl fmt::Display for Comparator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.operator, self.version())
    }
}

/// Whether all comparators hold, and one of them asks for a pre-release of the same three numbers if this is one.
#[inline]
pub(super) fn satisfies(comparators: &[Comparator], version: &Version, include_prerelease: bool) -> bool {
    comparators.iter().all(|comparator| comparator.matches(version))
        && (include_prerelease
            || !version.is_prerelease()
            || comparators.iter().any(|comparator| comparator.names_prerelease_of(version)))
}

impl PartialEq for Comparator {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other)
    }
}

impl Eq for Comparator {}

/// The comparators of a range in one list; the usual ranges have one or two.
#[derive(Debug, Clone, Default)]
pub(super) enum Comparators {
    #[default]
    None,
    One([Comparator; 1]),
    Two([Comparator; 2]),
    Many(Vec<Comparator>),
}

impl Comparators {
    pub(super) fn as_slice(&self) -> &[Comparator] {
        match self {
            Self::None => &[],
            Self::One(one) => one,
            Self::Two(two) => two,
            Self::Many(many) => many,
        }
    }

    #[inline]
    pub(super) fn push(&mut self, comparator: Comparator) {
        match self {
            Self::None => *self = Self::One([comparator]),
            Self::One(_) => {
                if let Self::One([first]) = std::mem::take(self) {
                    *self = Self::Two([first, comparator]);
                }
            }
            Self::Two(_) => {
                if let Self::Two([first, second]) = std::mem::take(self) {
                    let mut many = Vec::with_capacity(8);
                    many.extend([first, second, comparator]);
                    *self = Self::Many(many);
                }
            }
            Self::Many(many) => many.push(comparator),
        }
    }

    /// Takes off everything behind the first `length`.
    pub(super) fn truncate(&mut self, length: usize) {
        let kept = self.as_slice().get(..length).unwrap_or_default().to_vec();
        *self = Self::None;
        for comparator in kept {
            self.push(comparator);
        }
    }
}
