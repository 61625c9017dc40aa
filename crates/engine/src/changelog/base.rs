//! With what a release is compared: the release before it, by ancestry and line, not by date.

use std::collections::BTreeSet;

use tminus_vcs::{Commit, CommitId, History, Range, RepositoryError};
use tminus_versioning::ReleaseVersion;

use super::dag::Dag;
use super::tags::ReleaseTag;

/// What a release is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    /// The release before it; `None` for the first one.
    pub tag: Option<ReleaseTag>,
    /// What was out before it.
    pub hidden: Vec<CommitId>,
    /// Whether it came out on a branch of its own, and so does not lead to what is compared with it.
    pub side: bool,
    /// Why it is this one, in a line.
    pub why: String,
}

/// Which releases count.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// Only releases below this version.
    pub(super) below: Option<&'a ReleaseVersion>,
    /// Whether candidates count as releases.
    pub(super) candidates: bool,
    /// Whether a release that was made on a branch of its own counts, if the branch left after the last release on the
    /// way here: true for the main branch.
    pub(super) side_branches: bool,
}

/// Finds the release before `tip` in each series of tags, the lowest version first, in one walk.
///
/// That is the highest version that leads to `tip`. Where releases are made on branches of their own, it is the highest
/// one whose branch left the way to `tip` after that.
///
/// # Errors
///
/// Unreadable or incomplete history.
pub(super) fn bases(
    history: &History,
    series: &[&[ReleaseTag]],
    tip: &CommitId,
    wanted: &Wanted<'_>,
) -> Result<Vec<Base>, RepositoryError> {
    let counts = |tag: &&ReleaseTag| {
        let below = match (wanted.below, &tag.version) {
            (Some(below), Some(version)) => version < below,
            _ => true,
        };
        below && (wanted.candidates || tag.is_final())
    };
    let series: Vec<Vec<&ReleaseTag>> =
        series.iter().map(|tags| tags.iter().rev().filter(counts).collect()).collect();
    let commits: Vec<Vec<CommitId>> =
        series.iter().map(|tags| tags.iter().map(|tag| tag.commit.clone()).collect()).collect();
    let (_, found) = history.way_to(tip, &commits)?;
    let of_one = |(tags, place): (&Vec<&ReleaseTag>, &Option<usize>)| {
        let ancestor = place.and_then(|place| tags.get(place)).copied();
        let above = tags.get(..place.unwrap_or(tags.len())).unwrap_or_default();
        let side = if wanted.side_branches { side_branch(history, above, tip, ancestor)? } else { None };
        Ok(chosen(ancestor, side))
    };
    series.iter().zip(&found).map(of_one).collect()
}

fn chosen(ancestor: Option<&ReleaseTag>, side: Option<&ReleaseTag>) -> Base {
    if let Some(side) = side {
        let hidden = [Some(side), ancestor].into_iter().flatten().map(|tag| tag.commit.clone()).collect();
        let why = format!("{} came out on a branch that left after {}", side.name, name(ancestor));
        return Base { tag: Some(side.clone()), hidden, side: true, why };
    }
    Base {
        tag: ancestor.cloned(),
        hidden: ancestor.iter().map(|tag| tag.commit.clone()).collect(),
        side: false,
        why: match ancestor {
            Some(tag) => format!("{} is the highest release before it", tag.name),
            None => "no release leads to it".to_owned(),
        },
    }
}

fn name(tag: Option<&ReleaseTag>) -> &str {
    tag.map_or("the first commit", |tag| tag.name.as_str())
}

/// The highest release above `ancestor` whose branch left the way to `tip` after it. `tags` are those before it, the
/// highest first.
///
/// A release that `tip` leads to is one of these only where `tip` is checked out: then everything is out. What came out
/// after an older commit is no base of it.
fn side_branch<'t>(
    history: &History,
    tags: &[&'t ReleaseTag],
    tip: &CommitId,
    ancestor: Option<&ReleaseTag>,
) -> Result<Option<&'t ReleaseTag>, RepositoryError> {
    let above = |tag: &&&ReleaseTag| match (ancestor, &tag.version) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(ancestor), version) => *version > ancestor.version,
    };
    let above: Vec<&&ReleaseTag> = tags.iter().filter(above).collect();
    if above.is_empty() {
        return Ok(None);
    }
    let tips: BTreeSet<CommitId> = above.iter().map(|tag| tag.commit.clone()).collect();
    let range = Range { tips: tips.into_iter().collect(), hidden: vec![tip.clone()], ..Range::default() };
    let beside = history.commits(&range)?;
    let dag = Dag::new(beside.iter().map(|commit| (&commit.id, commit.parents.as_slice())));
    let since: Option<BTreeSet<CommitId>> = match ancestor {
        Some(ancestor) => {
            let range = Range::since(ancestor.commit.clone(), tip.clone());
            Some(history.ids(&range)?.into_iter().collect())
        }
        None => None,
    };
    let leaves = |commit: &Commit| {
        let mut forks = commit.parents.iter().filter(|parent| dag.find(parent).is_none());
        forks.any(|fork| since.as_ref().is_none_or(|since| since.contains(fork)))
    };
    let after = dag.descendants(beside.iter().map(leaves).collect());
    let later = if history.repository().head()?.commit.as_ref() == Some(tip) {
        Vec::new()
    } else {
        dag.descendants(beside.iter().map(|commit| commit.parents.contains(tip)).collect())
    };
    let is = |flags: &[bool], place: u32| flags.get(place as usize).copied().unwrap_or_default();
    // A release on the way here is no part of the graph; it would have been found as an ancestor.
    let counts = |tag: &&&&ReleaseTag| {
        dag.find(&tag.commit).is_some_and(|place| is(&after, place) && !is(&later, place))
    };
    Ok(above.iter().find(counts).map(|tag| **tag))
}
