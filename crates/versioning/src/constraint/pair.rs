//! Clauses that bound on both sides, as a pair of bounds.

use super::keep::{epoch, prerelease_numbers};
use super::scan::{Alternative, Clause, Operator, Scanned, spell};
use super::target::Target;
use super::{Ecosystem, RewriteError};

/// The pair `>=X,<Y` for a clause with which a pre-release could not be written without another width.
///
/// A short version counts in another place than a complete one: `~=1.4` ends at 2, `~=1.4.1rc1` at 1.5. A wildcard has no
/// place for a pre-release at all.
pub(super) fn needed(
    scanned: &Scanned<'_>,
    alternative: &Alternative,
    clause: &Clause,
    target: &Target,
) -> Result<Option<String>, RewriteError> {
    let ecosystem = scanned.ecosystem;
    let written = &clause.version;
    if !target.is_prerelease() {
        return Ok(None);
    }
    let numbers = prerelease_numbers(ecosystem, written, target);
    let short = target.numbers(written.numbers.len());
    let Some(place) = place(ecosystem, clause, &short) else { return Ok(None) };
    let is_complete = !clause.is_prefix(ecosystem) || clause.operator != Operator::Exact;
    if is_complete && self::place(ecosystem, clause, &numbers) == Some(place) {
        return Ok(None);
    }
    let overflow = || RewriteError::Overflow { version: target.text().to_owned() };
    let next = target.next(place).ok_or_else(overflow)?;
    let epoch = epoch(written, target);
    // What stands between the operator and the numbers: white space, a `v`.
    let gap: String = scanned
        .slice(clause.span.start..written.span.start)
        .chars()
        .filter(|character| !matches!(character, '<' | '>' | '=' | '~' | '^'))
        .collect();
    let separator = separator(scanned, alternative);
    let lower = spell(epoch, &numbers, target.tail());
    Ok(Some(format!(">={gap}{lower}{separator}<{gap}{}", spell(epoch, &next, ""))))
}

/// The place in which a clause counts the first version behind those that it admits.
fn place(ecosystem: Ecosystem, clause: &Clause, numbers: &[u64]) -> Option<usize> {
    let last = numbers.len().checked_sub(1)?;
    match clause.operator {
        Operator::Compatible => Some(last.saturating_sub(1)),
        Operator::Tilde => Some(last.min(1)),
        Operator::Caret => {
            let place = numbers.iter().take(3).position(|&number| number != 0);
            Some(place.unwrap_or(2).min(last))
        }
        Operator::Exact if clause.is_prefix(ecosystem) => Some(last),
        _ => None,
    }
}

/// What stands between two clauses, or what is usual there.
fn separator<'t>(scanned: &Scanned<'t>, alternative: &Alternative) -> &'t str {
    let usual = match scanned.ecosystem {
        Ecosystem::Npm => " ",
        Ecosystem::Cargo => ", ",
        Ecosystem::Python | Ecosystem::Poetry | Ecosystem::Go => ",",
    };
    match alternative.clauses.as_slice() {
        // Python has room for several commas.
        [first, second, ..] => Some(scanned.slice(first.span.end..second.span.start))
            .filter(|gap| !gap.is_empty() && gap.matches(',').count() < 2)
            .unwrap_or(usual),
        _ => usual,
    }
}
