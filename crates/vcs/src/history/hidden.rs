//! Which commits are hidden.
//!
//! A commit-graph file gives levels, which are sure. Without one, dates have to tell when enough was seen, as in git, which
//! goes on for five commits behind the oldest that is listed. Here it is a thousand commits and a month: a clock that ran
//! backwards further than both, on just the commit that hides the others, would list commits that are hidden.

use std::collections::BinaryHeap;

use gix::ObjectId;
use gix::hashtable::HashSet;

use super::walk::{UNKNOWN_LEVEL, Walk};
use crate::repository::RepositoryError;

/// So many hidden commits in a row, all older by [`MARGIN`] than everything that is listed, are enough.
const ENOUGH: usize = 1_000;
/// 30 days, in seconds.
const MARGIN: u64 = 30 * 24 * 60 * 60;

/// What painting found.
pub(super) struct Colors {
    /// Hidden commits whose parents a shallow clone leaves out.
    cuts: Vec<ObjectId>,
}

/// A commit to be painted; those of a high level go first, of equal levels the newest.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Brush {
    level: u32,
    time: u64,
    id: ObjectId,
    /// Whether the painting may not end before it: it is listed, or of no known level.
    open: bool,
    listed: bool,
}

impl Colors {
    /// Marks the hidden commits, at least so far as listed ones could be among them.
    pub(super) fn paint(
        walk: &mut Walk,
        tips: &[ObjectId],
        hidden: &[ObjectId],
        first_parent: bool,
    ) -> Result<Self, RepositoryError> {
        let mut painter = Painter {
            queue: BinaryHeap::new(),
            open: 0,
            waiting: 0,
            oldest: u64::MAX,
            listed: HashSet::default(),
        };
        for id in hidden {
            painter.hide(walk, *id)?;
        }
        if painter.queue.is_empty() {
            return Ok(Self { cuts: Vec::new() });
        }
        for id in tips {
            painter.list(walk, *id)?;
        }
        let mut cuts = Vec::new();
        let mut patience = Patience::default();
        while let (true, Some(brush)) = (painter.open > 0, painter.queue.pop()) {
            painter.open -= usize::from(brush.open);
            painter.waiting -= usize::from(brush.listed);
            if patience.ends(brush.time, painter.oldest, painter.waiting) {
                break;
            }
            let facts = walk.facts(brush.id)?;
            let (parents, is_hidden) = (facts.parents.clone(), facts.hidden);
            if is_hidden && facts.cut {
                cuts.push(brush.id);
            }
            let followed = if first_parent && !is_hidden { 1 } else { usize::MAX };
            for parent in parents.iter().take(followed) {
                if is_hidden {
                    painter.hide(walk, *parent)?;
                } else {
                    painter.list(walk, *parent)?;
                }
            }
        }
        Ok(Self { cuts })
    }

    /// Behind a hidden commit at the end of a shallow clone, commits that were listed could come again. Not so if they
    /// descend from it; and here alone clocks are believed: not so either if all of them are newer.
    pub(super) fn check_cuts(&self, walk: &Walk, oldest: u64) -> Result<(), RepositoryError> {
        if !walk.is_shallow() {
            return Ok(());
        }
        for cut in &self.cuts {
            let Some(facts) = walk.known().get(cut) else { continue };
            if oldest <= facts.time && !all_descend_from(walk, *cut, facts.time) {
                return Err(walk.cut_at(*cut));
            }
        }
        Ok(())
    }
}

/// How many hidden commits that are much older than what is listed came in a row.
#[derive(Default)]
struct Patience(usize);

impl Patience {
    /// Whether enough was seen: with the commit of this date, while so many listed ones wait and `oldest` is the oldest date
    /// of those.
    fn ends(&mut self, time: u64, oldest: u64, waiting: usize) -> bool {
        let is_older = waiting == 0 && time.saturating_add(MARGIN) < oldest;
        self.0 = if is_older { self.0 + 1 } else { 0 };
        self.0 > ENOUGH
    }
}

/// Whether all listed commits that are not newer than `time` descend from `base`.
fn all_descend_from(walk: &Walk, base: ObjectId, time: u64) -> bool {
    let listed = walk.known().iter().filter(|(_, facts)| facts.seen && facts.time <= time);
    for (id, _) in listed {
        if !descends(walk, *id, base) {
            return false;
        }
    }
    true
}

fn descends(walk: &Walk, id: ObjectId, base: ObjectId) -> bool {
    let mut passed = HashSet::default();
    let mut next = vec![id];
    while let Some(id) = next.pop() {
        if id == base {
            return true;
        }
        if let (true, Some(facts)) = (passed.insert(id), walk.known().get(&id)) {
            next.extend(facts.parents.iter());
        }
    }
    false
}

struct Painter {
    queue: BinaryHeap<Brush>,
    open: usize,
    /// How many in the queue are listed.
    waiting: usize,
    /// The oldest date of what is listed.
    oldest: u64,
    listed: HashSet<ObjectId>,
}

impl Painter {
    fn hide(&mut self, walk: &mut Walk, id: ObjectId) -> Result<(), RepositoryError> {
        let facts = walk.facts(id)?;
        if !std::mem::replace(&mut facts.hidden, true) {
            let (level, time) = (facts.level, facts.time);
            self.push(Brush { level, time, id, open: level == UNKNOWN_LEVEL, listed: false });
        }
        Ok(())
    }

    fn list(&mut self, walk: &mut Walk, id: ObjectId) -> Result<(), RepositoryError> {
        let facts = walk.facts(id)?;
        if !facts.hidden && self.listed.insert(id) {
            let (level, time) = (facts.level, facts.time);
            self.oldest = self.oldest.min(time);
            self.push(Brush { level, time, id, open: true, listed: true });
        }
        Ok(())
    }

    fn push(&mut self, brush: Brush) {
        self.open += usize::from(brush.open);
        self.waiting += usize::from(brush.listed);
        self.queue.push(brush);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLDEST: u64 = 100 * MARGIN;
    const FAR: u64 = OLDEST - MARGIN - 1;

    /// How many commits are looked at, of a row of far older ones with another in between.
    fn seen(other: Option<(usize, u64, usize)>) -> usize {
        let mut patience = Patience::default();
        let mut row = (0..10 * ENOUGH).map(|at| match other {
            Some((place, time, waiting)) if at == place => (time, waiting),
            _ => (FAR, 0),
        });
        row.position(|(time, waiting)| patience.ends(time, OLDEST, waiting)).unwrap()
    }

    #[test]
    fn patience_ends_after_a_row_without_interruption() {
        assert_eq!(seen(None), ENOUGH);
        // One that is not so old, one at the margin, and one while a listed commit waits.
        for (time, waiting) in [(OLDEST, 0), (FAR + 1, 0), (u64::MAX, 0), (FAR, 1)] {
            for place in [0, 1, ENOUGH - 1] {
                assert_eq!(
                    seen(Some((place, time, waiting))),
                    place + 1 + ENOUGH,
                    "{place} {time} {waiting}"
                );
            }
            assert_eq!(seen(Some((ENOUGH + 1, time, waiting))), ENOUGH);
        }
    }

    #[test]
    fn without_anything_listed_everything_is_older() {
        let mut patience = Patience::default();
        assert_eq!((0..=ENOUGH).find(|_| patience.ends(5, u64::MAX, 0)), Some(ENOUGH));
    }
}
