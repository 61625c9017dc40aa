//! Questions about a whole range.

use std::cmp::Ordering;

use super::comparator::{Comparator, Operator, satisfies};
use super::scan::javascript_length;
use super::{MAX_NUMBER, Options, Range, Version};
use crate::MAX_VERSION_BYTES;

/// A side of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// Above everything in the range.
    Above,
    /// Below everything in the range.
    Below,
}

/// The canonical text of a range, `*` where every version is meant, `None` where the text is no range.
///
/// ```
/// use tminus_versioning::npm::{Options, valid_range};
///
/// assert_eq!(valid_range("^1.2", Options::default()).as_deref(), Some(">=1.2.0 <2.0.0-0"));
/// assert_eq!(valid_range("", Options::default()).as_deref(), Some("*"));
/// assert_eq!(valid_range("latest", Options::default()), None);
/// ```
pub fn valid_range(text: &str, options: Options) -> Option<String> {
    let range = Range::parse(text, options).ok()?;
    Some(if range.is_any() { String::from("*") } else { range.to_string() })
}

impl Range {
    /// The highest version in the range, the first one of several that are equally high.
    pub fn max_satisfying<'v>(&self, versions: impl IntoIterator<Item = &'v Version>) -> Option<&'v Version> {
        self.first_satisfying(versions, Ordering::Greater)
    }

    /// The lowest version in the range, the first one of several that are equally low.
    pub fn min_satisfying<'v>(&self, versions: impl IntoIterator<Item = &'v Version>) -> Option<&'v Version> {
        self.first_satisfying(versions, Ordering::Less)
    }

    fn first_satisfying<'v>(
        &self,
        versions: impl IntoIterator<Item = &'v Version>,
        better: Ordering,
    ) -> Option<&'v Version> {
        versions
            .into_iter()
            .filter(|version| self.satisfies(version))
            .reduce(|best, version| if version.cmp_precedence(best) == better { version } else { best })
    }

    /// The lowest version that the range can mean, `None` where it means none.
    ///
    /// ```
    /// use tminus_versioning::npm::Range;
    ///
    /// let range: Range = ">1.2.3 || >=2".parse()?;
    /// assert_eq!(range.min_version().unwrap().to_string(), "1.2.4");
    /// # Ok::<(), tminus_versioning::npm::ParseRangeError>(())
    /// ```
    pub fn min_version(&self) -> Option<Version> {
        for lowest in [Version::compose([0; 3], "", ""), Version::compose([0; 3], "0", "")] {
            if self.satisfies(&lowest) {
                return Some(lowest);
            }
        }
        let mut lowest: Option<Version> = None;
        for alternative in self.alternatives() {
            let mut bound: Option<Version> = None;
            for comparator in alternative {
                let Some(candidate) = lowest_of(comparator) else { continue };
                if bound.as_ref().is_none_or(|bound| candidate.cmp_precedence(bound) == Ordering::Greater) {
                    bound = Some(candidate);
                }
            }
            if let Some(bound) = bound
                && lowest.as_ref().is_none_or(|lowest| lowest.cmp_precedence(&bound) == Ordering::Greater)
            {
                lowest = Some(bound);
            }
        }
        lowest.filter(|lowest| self.satisfies(lowest))
    }

    /// Whether two ranges have a version in common.
    ///
    /// Pre-releases count where both ranges include them. As in node-semver, the answer of `1.2.3-rc.1` and `*` hangs
    /// on which of them is asked, as `*` alone does not mean a pre-release.
    pub fn intersects(&self, other: &Self) -> bool {
        let include = self.options().include_prerelease && other.options().include_prerelease;
        // Asked for once, not for every pair: it takes time with the square of the comparators.
        let theirs: Vec<&[Comparator]> =
            other.alternatives().filter(|theirs| is_satisfiable(theirs, include)).collect();
        self.alternatives().any(|mine| {
            is_satisfiable(mine, include)
                && theirs.iter().any(|theirs| {
                    mine.iter().all(|one| {
                        let is_in_any =
                            || one.operator() != Operator::Equal || satisfies(&[], &one.version(), include);
                        (!theirs.is_empty() || is_in_any())
                            && theirs.iter().all(|other| one.intersects(other, include))
                    })
                })
        })
    }

    /// Whether a version is on one side of everything that the range means.
    pub fn is_outside(&self, version: &Version, side: Side) -> bool {
        !self.satisfies(version)
            && self.alternatives().all(|alternative| is_beyond(alternative, version, side))
    }

    /// Whether a version is above everything in the range, as node-semver's `gtr`.
    pub fn is_below(&self, version: &Version) -> bool {
        self.is_outside(version, Side::Above)
    }

    /// Whether a version is below everything in the range, as node-semver's `ltr`.
    pub fn is_above(&self, version: &Version) -> bool {
        self.is_outside(version, Side::Below)
    }

    /// A shorter range that the same ones of the given versions satisfy, the text of this one if there is none.
    ///
    /// ```
    /// use tminus_versioning::npm::{Range, Version};
    ///
    /// let versions: Vec<Version> =
    ///     ["1.0.0", "1.0.1", "1.0.2", "1.1.0"].iter().map(|text| text.parse()).collect::<Result<_, _>>()?;
    /// let range: Range = "1.0.0 || 1.0.1 || 1.0.2".parse()?;
    /// assert_eq!(range.simplify(&versions), "<=1.0.2");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn simplify(&self, versions: &[Version]) -> String {
        let mut sorted: Vec<&Version> = versions.iter().collect();
        sorted.sort_by(|one, other| one.cmp_precedence(other));
        let Some(lowest) = sorted.first().map(|version| version.as_written()) else {
            return self.as_written().to_owned();
        };
        let mut parts: Vec<String> = Vec::new();
        let runs = sorted.chunk_by(|one, other| self.satisfies(one) == self.satisfies(other));
        let mut behind = sorted.len();
        for run in runs {
            behind -= run.len();
            let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
            if !self.satisfies(first) {
                continue;
            }
            let (first, last) = (first.as_written(), last.as_written());
            parts.push(match (first == lowest, behind == 0) {
                (true, true) => String::from("*"),
                (false, true) => format!(">={first}"),
                _ if first == last => first.to_owned(),
                (true, false) => format!("<={last}"),
                (false, false) => format!("{first} - {last}"),
            });
        }
        let simplified = parts.join(" || ");
        if simplified.is_empty() || javascript_length(&simplified) >= javascript_length(self.as_written()) {
            self.as_written().to_owned()
        } else {
            simplified
        }
    }
}

/// The lowest version that a lower bound allows.
fn lowest_of(comparator: &Comparator) -> Option<Version> {
    let version = comparator.version();
    match comparator.operator() {
        Operator::Equal | Operator::GreaterOrEqual => Some(version),
        Operator::Greater => Some(next_above(&version)),
        Operator::Less | Operator::LessOrEqual => None,
    }
}

fn next_above(version: &Version) -> Version {
    let [major, minor, patch] = version.numbers();
    if version.is_prerelease() {
        let pre = format!("{}.0", version.pre());
        let next = Version::compose([major, minor, patch], &pre, "");
        // Where no text is left for another identifier, the release is the next version that there is.
        if next.as_written().len() <= MAX_VERSION_BYTES {
            return next;
        }
        return Version::compose([major, minor, patch], "", "");
    }
    let numbers = if patch < MAX_NUMBER {
        [major, minor, patch + 1]
    } else if minor < MAX_NUMBER {
        [major, minor + 1, 0]
    } else {
        [major.saturating_add(1).min(MAX_NUMBER), 0, 0]
    };
    Version::compose(numbers, "", "")
}

/// Whether each two comparators of an alternative have a version in common.
fn is_satisfiable(comparators: &[Comparator], include_prerelease: bool) -> bool {
    let pairs = comparators.iter().enumerate();
    pairs.rev().all(|(index, later)| {
        let earlier = comparators.iter().take(index);
        earlier.into_iter().all(|earlier| later.intersects(earlier, include_prerelease))
    })
}

fn is_beyond(alternative: &[Comparator], version: &Version, side: Side) -> bool {
    let outwards = |order: Ordering| if side == Side::Above { order } else { order.reverse() };
    let [first, rest @ ..] = alternative else {
        // Every version: node-semver takes it for `>=0.0.0` here.
        return side == Side::Below;
    };
    let (mut far, mut near) = (first, first);
    for comparator in rest {
        if outwards(comparator.version().cmp_precedence(&far.version())) == Ordering::Greater {
            far = comparator;
        } else if outwards(comparator.version().cmp_precedence(&near.version())) == Ordering::Less {
            near = comparator;
        }
    }
    let (open, closed) = match side {
        Side::Above => (Operator::Greater, Operator::GreaterOrEqual),
        Side::Below => (Operator::Less, Operator::LessOrEqual),
    };
    if far.operator() == open || far.operator() == closed {
        return false;
    }
    let order = outwards(version.cmp_precedence(&near.version()));
    let is_open = near.operator() == Operator::Equal || near.operator() == open;
    !(is_open && order != Ordering::Greater || near.operator() == closed && order == Ordering::Less)
}
