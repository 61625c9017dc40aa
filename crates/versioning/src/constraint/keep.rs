//! Rewriting that keeps the style, and the loosening of it.

use std::cmp::Ordering;
use std::ops::Range;

use super::scan::{Alternative, Clause, Operator, Scanned, Written, spell};
use super::target::{Point, Target};
use super::{Ecosystem, Edit, How, RewriteError, Shape, admission, pair, upper};

/// The places to replace so that the constraint admits the version in its own style.
pub(super) fn edits(scanned: &Scanned<'_>, target: &Target, how: How) -> Result<Vec<Edit>, RewriteError> {
    admission::check_module(scanned, target)?;
    let chosen = match scanned.alternatives.as_slice() {
        [only] => Chosen::Existing(only),
        several => choose(scanned, several, target, how)?,
    };
    match chosen {
        Chosen::Existing(alternative) => {
            if !how.allow_lowering {
                check_bounds(scanned, &alternative.clauses, target)?;
            }
            alternative_edits(scanned, alternative, target, how)
        }
        Chosen::Nothing => Ok(Vec::new()),
        Chosen::Added(last) => added(scanned, last, target).map(|edit| vec![edit]),
    }
}

/// Refuses a version below a lower bound.
pub(super) fn check_bounds<'c>(
    scanned: &Scanned<'_>,
    clauses: impl IntoIterator<Item = &'c Clause>,
    target: &Target,
) -> Result<(), RewriteError> {
    for clause in clauses {
        if is_below(scanned.ecosystem, clause, target) {
            return Err(RewriteError::WouldLower {
                bound: scanned.slice(clause.span.clone()).to_owned(),
                version: target.text().to_owned(),
            });
        }
    }
    Ok(())
}

/// Whether a version lies below the lower bound that a clause sets, if it sets one.
fn is_below(ecosystem: Ecosystem, clause: &Clause, target: &Target) -> bool {
    let written = match clause.operator {
        Operator::Maximum | Operator::Below | Operator::Not | Operator::Any => return false,
        Operator::Identical => clause.version.rest.clone(),
        _ => clause.version.lowest(ecosystem),
    };
    let Some(bound) = Point::read(ecosystem, &written) else { return false };
    match clause.operator {
        // A pre-release of `1.2.0` is one of `1.2.*`.
        Operator::Exact if clause.is_prefix(ecosystem) => cmp_numbers(target, &clause.version).is_lt(),
        // npm and Cargo go on behind everything that starts with these numbers.
        Operator::Above if clause.is_prefix(ecosystem) => cmp_numbers(target, &clause.version).is_le(),
        Operator::Above => target.point().compare(&bound).is_le(),
        _ => target.point().compare(&bound).is_lt(),
    }
}

/// Compares the numbers of a version with those that are written, as many as there are.
pub(super) fn cmp_numbers(target: &Target, written: &Written) -> Ordering {
    let epoch = target.epoch().cmp(&written.epoch.unwrap_or(0));
    epoch.then_with(|| target.numbers(written.numbers.len()).cmp(&written.numbers))
}

enum Chosen<'s> {
    Existing(&'s Alternative),
    /// The version is admitted by one that does not lead to its release.
    Nothing,
    /// One more in the style of this one.
    Added(&'s Alternative),
}

/// Which alternative follows a new version: the one that also follows its release.
fn choose<'s>(
    scanned: &Scanned<'_>,
    alternatives: &'s [Alternative],
    target: &Target,
    how: How,
) -> Result<Chosen<'s>, RewriteError> {
    let release = target.release(scanned.ecosystem);
    let release = release.as_ref().unwrap_or(target);
    let is_above = |alternative: &&Alternative| {
        alternative.clauses.iter().any(|clause| is_below(scanned.ecosystem, clause, target))
    };
    let mut following = None;
    for alternative in alternatives.iter().rev() {
        let alone = scanned.alone(alternative.clone());
        // What names this pre-release already is found again, though it no longer leads to the release: `1.* | 1`
        // became `1.* | 1a1`.
        let names_it = target.is_prerelease()
            && admission::admits(&alone, target)?
            && alternative_edits(scanned, alternative, target, how).is_ok_and(|edits| edits.is_empty());
        if names_it || admission::covers(&alone, release)? {
            following = Some(alternative);
            break;
        }
    }
    match following {
        Some(alternative) if !is_above(&alternative) => return Ok(Chosen::Existing(alternative)),
        // `^1 || 2.0.0-rc.1` names this one pre-release.
        _ if admission::admits(scanned, target)? => return Ok(Chosen::Nothing),
        Some(alternative) => return Ok(Chosen::Existing(alternative)),
        None => {}
    }
    let above = alternatives.iter().find(is_above);
    match (above, alternatives.last()) {
        (Some(above), _) if how.allow_lowering => Ok(Chosen::Existing(above)),
        (Some(above), _) => {
            check_bounds(scanned, &above.clauses, target)?;
            Ok(Chosen::Existing(above))
        }
        (None, Some(last)) => Ok(Chosen::Added(last)),
        (None, None) => {
            Err(RewriteError::Inexpressible { ecosystem: scanned.ecosystem, what: "no alternative" })
        }
    }
}

/// The insertion of a copy of the last alternative, rewritten, behind the separator that stands before it.
fn added(scanned: &Scanned<'_>, last: &Alternative, target: &Target) -> Result<Edit, RewriteError> {
    let before =
        scanned.alternatives.iter().rev().nth(1).map_or(scanned.inner.start, |before| before.span.end);
    let separator = scanned.slice(before..last.span.start);
    let mut copy = String::from(separator);
    let mut copied = last.span.start;
    // A new alternative raises every bound, also where the others are only loosened.
    for edit in alternative_edits(scanned, last, target, How::default())? {
        copy.push_str(scanned.slice(copied..edit.span.start));
        copy.push_str(&edit.new);
        copied = edit.span.end;
    }
    copy.push_str(scanned.slice(copied..last.span.end));
    Ok(Edit { span: last.span.end..last.span.end, old: String::new(), new: copy })
}

fn alternative_edits(
    scanned: &Scanned<'_>,
    alternative: &Alternative,
    target: &Target,
    how: How,
) -> Result<Vec<Edit>, RewriteError> {
    let mut edits = Vec::new();
    for clause in &alternative.clauses {
        let replacement = if how.shape == Shape::Loosen {
            loosened(scanned, alternative, clause, target)?
        } else {
            kept(scanned, alternative, clause, target, true)?
        };
        let Some((span, new)) = replacement else { continue };
        let old = scanned.slice(span.clone());
        if old != new {
            edits.push(Edit { span, old: old.to_owned(), new });
        }
    }
    Ok(edits)
}

type Replacement = Option<(Range<usize>, String)>;

/// What replaces the version of a clause, operators as they are wherever they leave the width as it is.
///
/// `rises` says whether the lower bounds of the alternative move as well.
fn kept(
    scanned: &Scanned<'_>,
    alternative: &Alternative,
    clause: &Clause,
    target: &Target,
    rises: bool,
) -> Result<Replacement, RewriteError> {
    let ecosystem = scanned.ecosystem;
    let written = &clause.version;
    if let Some(pair) = pair::needed(scanned, alternative, clause, target)? {
        return Ok(Some((clause.span.clone(), pair)));
    }
    let new = match clause.operator {
        Operator::Above if is_below(ecosystem, clause, target) => {
            let what = "a version that is admitted behind `>`";
            return Err(RewriteError::Inexpressible { ecosystem, what });
        }
        Operator::Above | Operator::Not | Operator::Any => return Ok(None),
        Operator::Maximum | Operator::Below => {
            match upper::bound(ecosystem, alternative, clause, target, rises)? {
                Some(new) => new,
                None => return Ok(None),
            }
        }
        Operator::Identical => target.text().to_owned(),
        // With the `+incompatible` that is part of a version there.
        Operator::Minimum if ecosystem == Ecosystem::Go => target.text().trim_start_matches('v').to_owned(),
        Operator::Exact => exact(ecosystem, clause, target),
        Operator::Minimum | Operator::Compatible | Operator::Tilde | Operator::Caret => {
            lower(ecosystem, written, target)
        }
    };
    Ok(Some((written.span.clone(), new)))
}

/// What replaces a clause so that it admits the version and everything that it admitted before.
fn loosened(
    scanned: &Scanned<'_>,
    alternative: &Alternative,
    clause: &Clause,
    target: &Target,
) -> Result<Replacement, RewriteError> {
    let ecosystem = scanned.ecosystem;
    if is_below(ecosystem, clause, target) {
        // Only where lowering is allowed.
        return kept(scanned, alternative, clause, target, false);
    }
    let alone = scanned.alone(Alternative { span: clause.span.clone(), clauses: vec![clause.clone()] });
    Ok(match clause.operator {
        Operator::Maximum | Operator::Below => kept(scanned, alternative, clause, target, false)?,
        Operator::Exact | Operator::Identical | Operator::Compatible | Operator::Tilde | Operator::Caret
            if !admission::admits(&alone, target)? =>
        {
            let written = scanned.slice(clause.version.span.clone());
            let bound = if clause.version.wildcard {
                spell(clause.version.epoch, &clause.version.numbers, "")
            } else {
                // `>=` takes no local part.
                written.split_once('+').map_or(written, |(public, _)| public).to_owned()
            };
            Some((clause.span.clone(), format!(">={bound}")))
        }
        _ => None,
    })
}

/// A version behind an operator that admits it and what follows.
fn lower(ecosystem: Ecosystem, written: &Written, target: &Target) -> String {
    let epoch = epoch(written, target);
    let count = written.numbers.len();
    if target.is_prerelease() {
        return spell(epoch, &prerelease_numbers(ecosystem, written, target), target.tail());
    }
    if written.wildcard {
        return spell(epoch, &target.numbers(count), &written.rest);
    }
    // A post-release is named where all of its numbers are.
    let tail = if count >= target.count() { target.tail() } else { "" };
    spell(epoch, &target.numbers(count), tail)
}

/// The numbers with which a pre-release is written in the place of another version.
pub(super) fn prerelease_numbers(ecosystem: Ecosystem, written: &Written, target: &Target) -> Vec<u64> {
    let needed = if ecosystem.is_python() { target.significant() } else { 3 };
    target.numbers(written.numbers.len().max(needed))
}

/// A version behind an operator that admits it alone, or everything that starts with its numbers.
fn exact(ecosystem: Ecosystem, clause: &Clause, target: &Target) -> String {
    let written = &clause.version;
    let epoch = epoch(written, target);
    let count = written.numbers.len();
    if clause.is_prefix(ecosystem) {
        return spell(epoch, &target.numbers(count), &written.rest);
    }
    let tail = format!("{}{}", target.tail(), target.local());
    spell(epoch, &target.numbers(count.max(target.significant())), &tail)
}

/// The epoch to write: that of the version where it has one, or a 0 where one stands.
pub(super) fn epoch(written: &Written, target: &Target) -> Option<u64> {
    (target.epoch() > 0 || written.epoch == Some(0)).then(|| target.epoch())
}
