//! Which way through neighbouring commits is the shorter one.

/// More steps to a known base than this, for each tree, are worth a try the other way.
const MANY: u64 = 3;

/// What reading has cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cost {
    /// Objects that were read.
    pub(super) objects: u64,
    /// Deltas that had to be followed for them.
    pub(super) deltas: u64,
}

impl Cost {
    fn since(self, before: Self) -> Self {
        Self { objects: self.objects - before.objects, deltas: self.deltas - before.deltas }
    }

    fn exceeds(self, other: Self) -> bool {
        u128::from(self.deltas) * u128::from(other.objects)
            > u128::from(other.deltas) * u128::from(self.objects)
    }
}

/// Trees are stored as what differs from others. `git gc` takes the newer for the base of the older, so going from new to
/// old finds each base just read; packs of `git fast-import` and small fetches are the other way round, and there going
/// the wrong way follows each chain to its end.
#[derive(Debug, Default)]
pub(super) struct Way {
    backwards: bool,
    /// What the way that was tried first has cost, once the other is tried too.
    first: Option<Cost>,
    before: Cost,
}

impl Way {
    /// Whether the next batch is better done from its end.
    pub(super) fn is_backwards(&self) -> bool {
        self.backwards
    }

    /// Learns from a batch, given what everything until now has cost.
    pub(super) fn learn(&mut self, now: Cost) {
        let cost = now.since(std::mem::replace(&mut self.before, now));
        match self.first {
            None if cost.deltas > cost.objects * MANY => {
                self.first = Some(cost);
                self.backwards = true;
            }
            // Only the first try decides.
            Some(first) if self.backwards && cost.exceeds(first) => self.backwards = false,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_that_costs_less_is_kept() {
        let run = |costs: &[u64]| {
            let mut way = Way::default();
            let mut now = Cost::default();
            let mut ways = Vec::new();
            for deltas in costs {
                ways.push(way.is_backwards());
                now.objects += 10;
                now.deltas += deltas;
                way.learn(now);
            }
            ways
        };
        assert_eq!(run(&[10, 30, 20, 10]), [false; 4]);
        assert_eq!(run(&[200, 20, 20, 20]), [false, true, true, true]);
        assert_eq!(run(&[200, 300, 200, 200]), [false, true, false, false]);
        assert_eq!(run(&[0, 0, 40, 20]), [false, false, false, true]);
    }
}
