//! Where upper bounds go.

use std::cmp::Ordering;

use super::keep::{cmp_numbers, epoch};
use super::scan::{Alternative, Clause, Operator, Written, spell};
use super::target::{Point, Target};
use super::{Ecosystem, RewriteError};

/// The bound that replaces an upper one, if that excludes the version or its release.
///
/// `rises` says whether the lower bounds of the alternative move to the version.
pub(super) fn bound(
    ecosystem: Ecosystem,
    alternative: &Alternative,
    clause: &Clause,
    target: &Target,
    rises: bool,
) -> Result<Option<String>, RewriteError> {
    let written = &clause.version;
    let bound = Point::read(ecosystem, &written.lowest(ecosystem));
    let is_lowest = bound.as_ref().is_some_and(Point::is_lowest);
    let by_version = bound.as_ref().map_or(Ordering::Greater, |bound| target.point().compare(bound));
    let inclusive = clause.operator == Operator::Maximum;
    let is_window = rises && is_window(ecosystem, alternative, clause);

    let excluded = if inclusive {
        // What npm and Cargo leave out behind `<=` is a wildcard.
        if clause.is_prefix(ecosystem) { cmp_numbers(target, written).is_gt() } else { by_version.is_gt() }
    } else if !is_window && (written.rest.is_empty() || written.wildcard || is_lowest) {
        // A pre-release of the bound is below it and yet not what the bound admits.
        cmp_numbers(target, written).is_ge()
    } else {
        by_version.is_ge()
            || (!is_window && rises && leaves_prereleases(ecosystem, alternative, clause, target))
    };
    if !excluded {
        return Ok(None);
    }
    if is_window && !inclusive {
        let what = "the end of a range within the pre-releases of one version for another version";
        return Err(RewriteError::Inexpressible { ecosystem, what });
    }

    let count = written.numbers.len();
    let epoch = epoch(written, target);
    let overflow = || RewriteError::Overflow { version: target.text().to_owned() };
    let named = target.numbers(count.max(target.significant()));
    let place = written.numbers.iter().rposition(|&number| number != 0);
    let counts_steps = place.is_some_and(|place| place + 1 < count)
        && written.rest.is_empty()
        // A post-release of the bound is no step.
        && target.numbers(count.max(target.count())) != padded(written, count.max(target.count()));
    if inclusive && !counts_steps {
        if clause.is_prefix(ecosystem) {
            return Ok(Some(spell(epoch, &target.numbers(count), &written.rest)));
        }
        let tail = if is_window { target.tail().to_owned() } else { target.release_tail() };
        return Ok(Some(spell(epoch, &named, &tail)));
    }
    if bound.is_some_and(|bound| bound.is_postrelease()) {
        let next = target.post().unwrap_or(0).checked_add(1).ok_or_else(overflow)?;
        return Ok(Some(spell(epoch, &named, &format!(".post{next}"))));
    }
    let rest = if written.wildcard || is_lowest { written.rest.as_str() } else { "" };
    let mut numbers = target.next(place.unwrap_or(0)).ok_or_else(overflow)?;
    numbers.resize(count.max(numbers.len()), 0);
    Ok(Some(spell(epoch, &numbers, rest)))
}

/// Whether a bound ends a range that lies within the pre-releases of one version: `>=2.0b1,<2.0rc1`.
fn is_window(ecosystem: Ecosystem, alternative: &Alternative, bound: &Clause) -> bool {
    alternative.clauses.iter().any(|clause| {
        let is_prerelease = || {
            let point = Point::read(ecosystem, &clause.version.lowest(ecosystem));
            point.is_some_and(|point| point.is_prerelease())
        };
        let count = clause.version.numbers.len().max(bound.version.numbers.len());
        (sets_lower_bound(ecosystem, clause) || clause.operator == Operator::Above)
            && !clause.version.rest.is_empty()
            && padded(&clause.version, count) == padded(&bound.version, count)
            && clause.version.epoch.unwrap_or(0) == bound.version.epoch.unwrap_or(0)
            && is_prerelease()
    })
}

/// Whether nothing but pre-releases would be left below a bound that stays: `>=1.0,<2.0rc1` for 2.0b1.
fn leaves_prereleases(
    ecosystem: Ecosystem,
    alternative: &Alternative,
    bound: &Clause,
    target: &Target,
) -> bool {
    let written = &bound.version;
    let count = written.numbers.len().max(target.count());
    target.is_prerelease()
        && target.epoch() == written.epoch.unwrap_or(0)
        && target.numbers(count) == padded(written, count)
        && Point::read(ecosystem, &written.lowest(ecosystem)).is_some_and(|point| point.is_prerelease())
        && alternative
            .clauses
            .iter()
            .any(|clause| sets_lower_bound(ecosystem, clause) && cmp_numbers(target, &clause.version).is_gt())
}

/// Whether a clause has a lower bound that moves to the new version.
fn sets_lower_bound(ecosystem: Ecosystem, clause: &Clause) -> bool {
    match clause.operator {
        Operator::Minimum | Operator::Compatible | Operator::Tilde | Operator::Caret => true,
        Operator::Exact => clause.is_prefix(ecosystem),
        Operator::Above
        | Operator::Maximum
        | Operator::Below
        | Operator::Identical
        | Operator::Not
        | Operator::Any => false,
    }
}

/// The numbers that are written, with zeros behind them.
fn padded(written: &Written, count: usize) -> Vec<u64> {
    let mut numbers = written.numbers.clone();
    numbers.resize(count, 0);
    numbers
}
