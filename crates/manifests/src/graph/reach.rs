use std::collections::BTreeMap;

use crate::PackageId;

use super::{Edge, Graph, Kinds};

/// The packages that some packages reach, with the shortest way to each.
///
/// The packages from which the search starts are not among them.
#[derive(Debug, Clone, Default)]
pub struct Reach<'g> {
    steps: BTreeMap<&'g PackageId, (u32, &'g Edge)>,
}

/// A package that is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached<'g> {
    /// The package.
    pub id: &'g PackageId,
    /// How many edges lie between it and the nearest start; at least 1.
    pub distance: u32,
    /// The edge between it and the package before it on its way.
    pub edge: &'g Edge,
}

impl<'g> Reach<'g> {
    /// Goes through the graph in the order of distance; of two ways of one length the one whose edges come first in
    /// the order of the graph counts.
    pub(super) fn search(graph: &'g Graph, from: &[PackageId], kinds: Kinds, direction: Direction) -> Self {
        let lists = match direction {
            Direction::Dependents => &graph.into,
            Direction::Dependencies => &graph.out,
        };
        let mut starts: Vec<usize> = from.iter().filter_map(|id| graph.ids.binary_search(id).ok()).collect();
        starts.sort_unstable();
        let mut seen = vec![false; graph.ids.len()];
        for &start in &starts {
            mark(&mut seen, start);
        }
        let mut reach = Self::default();
        let mut level = starts;
        let mut distance = 0;
        while !level.is_empty() {
            distance += 1;
            let mut next = Vec::new();
            for &edge in level.iter().filter_map(|&at| lists.get(at)).flatten() {
                let (Some(&(from, to)), Some(found)) = (graph.ends.get(edge), graph.edges.get(edge)) else {
                    continue;
                };
                let end = if direction == Direction::Dependents { from } else { to };
                if seen.get(end) == Some(&false) && found.reason(kinds).is_some() {
                    mark(&mut seen, end);
                    next.push(end);
                    reach.steps.extend(graph.ids.get(end).map(|id| (id, (distance, found))));
                }
            }
            next.sort_unstable();
            level = next;
        }
        reach
    }

    /// Whether a package is reached.
    pub fn contains(&self, id: &PackageId) -> bool {
        self.steps.contains_key(id)
    }

    /// The packages in the order of their identities.
    pub fn iter(&self) -> impl Iterator<Item = Reached<'g>> {
        self.steps.iter().map(|(&id, &(distance, edge))| Reached { id, distance, edge })
    }

    /// The shortest chain of edges between a package and a start, from the package on; empty for one that is not
    /// reached.
    pub fn because(&self, id: &PackageId) -> Vec<&'g Edge> {
        let mut chain = Vec::new();
        let mut at = id;
        while let Some(&(_, edge)) = self.steps.get(at) {
            chain.push(edge);
            at = if edge.from == *at { &edge.to } else { &edge.from };
        }
        chain
    }

    /// How many packages are reached.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

/// Which way edges are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Dependents,
    Dependencies,
}

fn mark(seen: &mut [bool], place: usize) {
    if let Some(seen) = seen.get_mut(place) {
        *seen = true;
    }
}
