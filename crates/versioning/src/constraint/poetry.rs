//! Whether a constraint of Poetry admits a version.
//!
//! Written after what the library of Poetry does: each clause is an interval, and an upper bound on a final version
//! also excludes the pre-releases of that version.

use super::scan::{Clause, Operator, Scanned, spell};
use crate::pep440::Version;

/// Whether one alternative admits the version. Pre-releases are compared like any other version.
pub(super) fn contains(scanned: &Scanned<'_>, version: &Version) -> bool {
    let public = public(version);
    scanned.alternatives.iter().any(|alternative| {
        alternative
            .clauses
            .iter()
            .all(|clause| admits(clause, scanned, version, &public).is_some_and(|admits| admits))
    })
}

/// Nothing for a bound that is no version, which the scanner has excluded.
fn admits(clause: &Clause, scanned: &Scanned<'_>, version: &Version, public: &Version) -> Option<bool> {
    if clause.operator == Operator::Any {
        return Some(true);
    }
    let bound: Version = clause.version.lowest(scanned.ecosystem).parse().ok()?;
    // A bound without a local part takes no notice of that of the version.
    let other = if bound.local().is_none() { public } else { version };
    let numbers = bound.release();
    Some(match clause.operator {
        Operator::Any => true,
        Operator::Minimum => *other >= bound,
        Operator::Maximum => *other <= bound,
        Operator::Above => match (bound.post(), other.post()) {
            (None, Some(_)) => without_post(other)? > bound,
            _ => *other > bound,
        },
        Operator::Below => below(other, &bound)?,
        Operator::Exact if clause.version.wildcard => prefix(other, &bound)?,
        Operator::Not if clause.version.wildcard => !prefix(other, &bound)?,
        Operator::Exact | Operator::Identical => *other == bound,
        Operator::Not => *other != bound,
        Operator::Compatible => {
            *other >= bound && below_next(other, &bound, numbers.len().saturating_sub(2))?
        }
        Operator::Tilde => *other >= bound && below_next(other, &bound, usize::from(numbers.len() > 1))?,
        Operator::Caret => {
            let place = numbers.iter().take(3).position(|&number| number != 0);
            let place = place.unwrap_or(2).min(numbers.len().saturating_sub(1));
            *other >= bound && below_next(other, &bound, place)?
        }
    })
}

fn below(version: &Version, bound: &Version) -> Option<bool> {
    if bound.is_prerelease() {
        return Some(version < bound);
    }
    let text = bound.to_string();
    let (public, local) = text.split_once('+').map_or((text.as_str(), ""), |(public, local)| (public, local));
    let lowest = if local.is_empty() { format!("{public}.dev0") } else { format!("{public}.dev0+{local}") };
    Some(*version < lowest.parse().ok()?)
}

/// Whether a version lies below the lowest one whose number in place `place` is one more than that of the bound.
fn below_next(version: &Version, bound: &Version, place: usize) -> Option<bool> {
    let mut numbers: Vec<u64> = bound.release().iter().copied().take(place + 1).collect();
    let last = numbers.last_mut()?;
    let Some(next) = last.checked_add(1) else {
        // No version can have a larger number.
        return Some(true);
    };
    *last = next;
    Some(*version < spell(Some(bound.epoch()), &numbers, ".dev0").parse().ok()?)
}

/// Whether a version starts with the numbers of a bound.
fn prefix(version: &Version, bound: &Version) -> Option<bool> {
    let lowest: Version = spell(Some(bound.epoch()), &bound.release(), ".dev0").parse().ok()?;
    Some(*version >= lowest && below_next(version, bound, bound.release().len().saturating_sub(1))?)
}

fn public(version: &Version) -> Version {
    let text = version.to_string();
    let public = text.split_once('+').and_then(|(public, _)| public.parse().ok());
    public.unwrap_or_else(|| version.clone())
}

fn without_post(version: &Version) -> Option<Version> {
    let text = version.to_string();
    let (before, behind) = text.split_once(".post")?;
    let local = behind.split_once('+').map(|(_, local)| format!("+{local}")).unwrap_or_default();
    format!("{before}{local}").parse().ok()
}
