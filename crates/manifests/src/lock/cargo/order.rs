//! The order of packages of one name: by version.

use std::collections::BTreeSet;

use super::file::{File, Package};
use crate::locate::Failure;
use crate::tree::malformed;
use crate::{Splice, splice};
use tminus_versioning::cargo::Version;

/// The edits of all packages, where those of a name that changes are put in order.
pub(super) fn moved(
    source: &str,
    file: &File,
    versions: &[String],
    names: &BTreeSet<&str>,
    mut edits: Vec<Vec<Splice>>,
) -> Result<Vec<Splice>, Failure> {
    let mut moved = Vec::new();
    for name in names {
        let slots = file.named(name).filter(|(_, package)| package.block.is_some());
        let slots: Vec<usize> = slots.map(|(index, _)| index).collect();
        let order = order(file, &slots, versions);
        for (&slot, &package) in slots.iter().zip(&order).filter(|(slot, package)| slot != package) {
            let refused = || malformed(None, "the packages of Cargo.lock cannot be told apart");
            let text = block_after(source, file, package, &edits).ok_or_else(refused)?;
            let span =
                file.packages.get(slot).and_then(|package| package.block.clone()).ok_or_else(refused)?;
            moved.push(Splice { span, new: text });
        }
        for (&slot, _) in slots.iter().zip(&order).filter(|(slot, package)| slot != package) {
            if let Some(edits) = edits.get_mut(slot) {
                edits.clear();
            }
        }
    }
    moved.extend(edits.into_iter().flatten());
    moved.sort_by_key(|splice| splice.span.start);
    Ok(moved)
}

/// Which package comes into which slot. A list that was not in order keeps its own.
fn order(file: &File, slots: &[usize], versions: &[String]) -> Vec<usize> {
    let key = |index: usize, version: Option<&str>| {
        let package: Option<&Package> = file.packages.get(index);
        // A package without a source comes before one of a registry.
        Some((version?.parse::<Version>().ok()?, package?.source.is_some()))
    };
    let before: Option<Vec<_>> = slots
        .iter()
        .map(|&index| key(index, file.packages.get(index).map(|package| package.version.text())))
        .collect();
    let after: Option<Vec<_>> = slots
        .iter()
        .map(|&index| Some((key(index, versions.get(index).map(String::as_str))?, index)))
        .collect();
    match (before, after) {
        (Some(before), Some(mut after)) if before.is_sorted() => {
            after.sort_by(|(left, _), (right, _)| left.cmp(right));
            after.into_iter().map(|(_, index)| index).collect()
        }
        _ => slots.to_vec(),
    }
}

/// The text of a package with its edits made.
fn block_after(source: &str, file: &File, index: usize, edits: &[Vec<Splice>]) -> Option<String> {
    let block = file.packages.get(index)?.block.clone()?;
    let shifted: Vec<Splice> = edits
        .get(index)?
        .iter()
        .map(|splice| {
            let span = splice.span.start - block.start..splice.span.end - block.start;
            Splice { span, new: splice.new.clone() }
        })
        .collect();
    splice(source.get(block)?, &shifted)
}
