//! Whether a range is a part of another one.

use std::cmp::Ordering;

use super::comparator::{Comparator, Operator, satisfies};
use super::{Range, Version, normalize};

impl Range {
    /// Whether every version of this range is one of `other`, as far as node-semver's `subset` sees it.
    ///
    /// An alternative has to be a part of a single alternative of `other`. Pre-releases count where both ranges
    /// include them. What no version satisfies is a part of everything, unless it stands behind something else.
    ///
    /// ```
    /// use tminus_versioning::npm::Range;
    ///
    /// let narrow: Range = "^1.2.3".parse()?;
    /// assert!(narrow.is_subset(&"1.x || 2.x".parse()?));
    /// assert!(!narrow.is_subset(&">1.2.3".parse()?));
    /// # Ok::<(), tminus_versioning::npm::ParseRangeError>(())
    /// ```
    pub fn is_subset(&self, other: &Self) -> bool {
        if self.as_written() == other.as_written() && self.options() == other.options() {
            return true;
        }
        let include = self.options().include_prerelease && other.options().include_prerelease;
        let (mut mine, mut theirs) = (Texts::of(self), Texts::of(other));
        let mut saw_some = false;
        for part in self.alternatives() {
            let mut is_part = false;
            for whole in other.alternatives() {
                let is_one = is_same(part, whole)
                    && !part.iter().any(Comparator::is_null)
                    && mine.text(part) == theirs.text(whole);
                let answer = if is_one { Some(true) } else { is_part_of(part, whole, include) };
                saw_some |= answer.is_some();
                if answer == Some(true) {
                    is_part = true;
                    break;
                }
            }
            if !is_part && saw_some {
                return false;
            }
        }
        true
    }
}

/// The texts of the alternatives of a range, split when the first one is asked for: they would be split for each pair.
struct Texts<'r> {
    written: &'r str,
    texts: Vec<Option<String>>,
}

impl<'r> Texts<'r> {
    fn of(range: &'r Range) -> Self {
        Self { written: range.as_written(), texts: Vec::new() }
    }

    fn text(&mut self, alternative: &[Comparator]) -> Option<&str> {
        if self.texts.is_empty() {
            self.texts = self.written.split("||").map(|text| normalize::remembered(text, 0)).collect();
        }
        let number = alternative.first()?.alternative;
        self.texts.get(usize::from(number))?.as_deref()
    }
}

/// The bounds of an alternative, each the narrowest one.
#[derive(Default)]
struct Bounds<'r> {
    low: Option<&'r Comparator>,
    high: Option<&'r Comparator>,
    exact: Option<Version>,
}

/// Whether `part` is a subset of `whole`; `None` where it means no version.
fn is_part_of(part: &[Comparator], whole: &[Comparator], include: bool) -> Option<bool> {
    if part.is_empty() && whole.is_empty() {
        return Some(true);
    }
    if whole.is_empty() && include {
        return Some(true);
    }
    let everything = [Comparator::plain(Operator::GreaterOrEqual, [0; 3], include, 0)];
    let part = if part.is_empty() { &everything } else { part };
    let whole = if whole.is_empty() { &everything } else { whole };

    let mut bounds = Bounds::default();
    for comparator in part {
        if comparator.operator().is_upward() {
            bounds.low = Some(bounds.low.map_or(comparator, |low| higher(low, comparator)));
        } else if comparator.operator().is_downward() {
            bounds.high = Some(bounds.high.map_or(comparator, |high| lower(high, comparator)));
        } else if bounds.exact.replace(comparator.version()).is_some() {
            return None;
        }
    }
    let mut is_one_version = false;
    if let (Some(low), Some(high)) = (bounds.low, bounds.high) {
        match low.version().cmp_precedence(&high.version()) {
            Ordering::Greater => return None,
            Ordering::Equal => {
                if low.operator() != Operator::GreaterOrEqual || high.operator() != Operator::LessOrEqual {
                    return None;
                }
                is_one_version = true;
            }
            Ordering::Less => {}
        }
    }
    let allows = |comparator: &Comparator, version: &Version| {
        satisfies(std::slice::from_ref(comparator), version, include)
    };
    if let Some(exact) = &bounds.exact {
        if [bounds.low, bounds.high].into_iter().flatten().any(|bound| !allows(bound, exact)) {
            return None;
        }
        return Some(whole.iter().all(|comparator| allows(comparator, exact)));
    }
    Some(contains_bounds(&bounds, whole, include, is_one_version))
}

fn contains_bounds(bounds: &Bounds<'_>, whole: &[Comparator], include: bool, is_one_version: bool) -> bool {
    for comparator in whole {
        if let Some(low) = bounds.low {
            if comparator.operator().is_upward() {
                if !std::ptr::eq(higher(low, comparator), low) {
                    return false;
                }
            } else if low.operator() == Operator::GreaterOrEqual && !comparator.matches(&low.version()) {
                return false;
            }
        }
        if let Some(high) = bounds.high {
            if comparator.operator().is_downward() {
                if !std::ptr::eq(lower(high, comparator), high) {
                    return false;
                }
            } else if high.operator() == Operator::LessOrEqual && !comparator.matches(&high.version()) {
                return false;
            }
        }
        if comparator.operator() == Operator::Equal
            && (bounds.low.is_some() || bounds.high.is_some())
            && !is_one_version
        {
            return false;
        }
    }
    // One bound alone leaves the other side open.
    let is_bounded = |is_bound: fn(Operator) -> bool| whole.iter().any(|other| is_bound(other.operator()));
    match (bounds.low, bounds.high) {
        (Some(_), None) if is_bounded(Operator::is_downward) => return false,
        (None, Some(_)) if is_bounded(Operator::is_upward) => return false,
        _ => {}
    }
    let finds_pre_release = |bound: &Comparator| {
        include
            || !bound.version().is_prerelease()
            || whole.iter().any(|comparator| {
                comparator.version().is_prerelease()
                    && comparator.version().has_same_numbers(&bound.version())
            })
    };
    // `<1.2.3-0` means what `<1.2.3` does.
    let is_plain = |high: &Comparator| high.operator() == Operator::Less && high.version().pre() == "0";
    bounds.low.is_none_or(finds_pre_release)
        && bounds.high.is_none_or(|high| is_plain(high) || finds_pre_release(high))
}

fn is_same(part: &[Comparator], whole: &[Comparator]) -> bool {
    part.len() == whole.len() && part.iter().zip(whole).all(|(one, other)| one.is_same(other))
}

fn higher<'c>(one: &'c Comparator, other: &'c Comparator) -> &'c Comparator {
    match one.version().cmp_precedence(&other.version()) {
        Ordering::Less => other,
        Ordering::Equal
            if other.operator() == Operator::Greater && one.operator() == Operator::GreaterOrEqual =>
        {
            other
        }
        Ordering::Equal | Ordering::Greater => one,
    }
}

fn lower<'c>(one: &'c Comparator, other: &'c Comparator) -> &'c Comparator {
    match one.version().cmp_precedence(&other.version()) {
        Ordering::Greater => other,
        Ordering::Equal if other.operator() == Operator::Less && one.operator() == Operator::LessOrEqual => {
            other
        }
        Ordering::Equal | Ordering::Less => one,
    }
}
