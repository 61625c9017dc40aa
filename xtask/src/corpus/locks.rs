//! What holds for every lock file that is read: a member gets another version, and nothing else changes.

use tminus_manifests::lock::{LockEdits, LockKind, LockUpdate, Locked, VersionChange, edits, read};
use tminus_manifests::{RelPath, Site, splice};

use super::laws::{Verdict, chosen};
use crate::conformance::Random;

/// A release that most ranges for the old one admit.
fn next(old: &str) -> String {
    let mut numbers = old.split('.').map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => format!("{major}.{}.7", u64::from(minor) + 91),
        _ => "9.8.7".to_owned(),
    }
}

/// The name as the lock file writes it; an identity has `-` where a crate may have `_`.
fn written<'a>(kind: LockKind, source: &'a str, member: &'a Locked) -> &'a str {
    let normal = member.id.name();
    let names = source.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
    let mut own = names.filter(|name| kind == LockKind::Cargo && name.replace('_', "-") == normal);
    own.next().unwrap_or(normal)
}

/// Checks one lock file that was read; of more than `limit` members, some are drawn.
pub(super) fn check(
    (kind, path): (LockKind, &RelPath),
    source: &str,
    locked: &[Locked],
    limit: usize,
    random: &mut Random,
) -> Verdict {
    let mut verdict = Verdict::default();
    let members: Vec<&Locked> =
        locked.iter().filter(|locked| locked.directory.is_some() && locked.version.is_some()).collect();
    for member in chosen(&members, limit, random) {
        verdict.sites += 1;
        match one((kind, path), source, locked, member) {
            Ok(None) => {}
            Ok(Some(why)) => verdict.left.push(why),
            Err(failure) => verdict.failures.push(format!("{}: {failure}", member.id)),
        }
    }
    verdict
}

fn change(member: &Locked, name: &str, old: &str, new: &str) -> LockUpdate {
    let change = VersionChange {
        id: member.id.clone(),
        name: name.to_owned(),
        directory: member.directory.clone().unwrap_or_default(),
        old: old.to_owned(),
        new: new.to_owned(),
    };
    LockUpdate { versions: vec![change], constraints: Vec::new() }
}

/// Why the lock file does not follow by itself, if it does not; what its tool must do is no failure.
fn one(
    (kind, path): (LockKind, &RelPath),
    source: &str,
    locked: &[Locked],
    member: &Locked,
) -> Result<Option<String>, String> {
    let old = member.version.as_ref().map(Site::text).unwrap_or_default();
    let (name, new) = (written(kind, source, member), next(old));
    let new = new.as_str();
    let update = change(member, name, old, new);
    let edit = |source: &str, update: &LockUpdate| {
        edits(kind, path, source.as_bytes(), update).map_err(|error| format!("is refused: {error}"))
    };
    let splices = match edit(source, &update)? {
        LockEdits::Splices(splices) => splices,
        LockEdits::Tool { why, .. } => return Ok(Some(why)),
        other => return Err(format!("what is this? {other:?}")),
    };
    // Packages of one name are sorted by their versions, so that an edit of one can move others.
    let alone = locked.iter().filter(|other| other.id == member.id).count() == 1;
    for splice in splices.iter().filter(|_| alone) {
        let before = source.get(splice.span.clone()).ok_or("an edit lies outside")?;
        // npm states the version of the root twice, and a file that was edited by hand says two things.
        let of_root = kind == LockKind::Npm && member.directory.as_deref() == Some("") && splice.new == new;
        if !of_root && (!before.contains(old) || before.replacen(old, new, 1) != splice.new) {
            return Err(format!("{before:?} becomes {:?}", splice.new));
        }
    }
    let changed = splice(source, &splices).ok_or("edits overlap")?;
    let again =
        read(kind, path, changed.as_bytes()).map_err(|error| format!("is not read again: {error}"))?;
    if again.len() != locked.len() {
        return Err(format!("{} packages became {}", locked.len(), again.len()));
    }
    let is_member = |other: &Locked| other.id == member.id && other.directory == member.directory;
    let expected = locked.iter().map(|other| said(other, is_member(other).then_some(new)));
    let (mut expected, mut found): (Vec<_>, Vec<_>) =
        (expected.collect(), again.iter().map(|other| said(other, None)).collect());
    expected.sort();
    found.sort();
    if let Some((expected, found)) = expected.iter().zip(&found).find(|(expected, found)| expected != found) {
        return Err(format!("{found:?} is read again instead of {expected:?}"));
    }
    for (what, update) in [("once more", &update), ("to itself", &change(member, name, new, new))] {
        match edit(&changed, update)? {
            LockEdits::Splices(splices) if splice(&changed, &splices).as_ref() == Some(&changed) => {}
            other => return Err(format!("{what}, it changes again: {other:?}")),
        }
    }
    Ok(None)
}

/// What an entry says, with another version where one is given.
fn said(locked: &Locked, version: Option<&str>) -> (String, Option<String>, Option<String>) {
    let own = locked.version.as_ref().map(Site::text);
    (locked.id.to_string(), locked.directory.clone(), version.or(own).map(str::to_owned))
}
