//! The order of publishing, and the circles that prevent one. Nothing recurses: a chain may be as long as there are
//! packages.

use std::collections::VecDeque;

use super::{Cycle, Cycles, Edge, Graph, Kinds};
use crate::PackageId;

pub(super) fn levels(graph: &Graph, kinds: Kinds) -> Result<Vec<Vec<&PackageId>>, Cycles> {
    let counted = Counted::of(graph, kinds);
    let mut open: Vec<usize> = counted.out.iter().map(Vec::len).collect();
    let mut level: Vec<usize> = (0..open.len()).filter(|&at| open.get(at) == Some(&0)).collect();
    let mut levels = Vec::new();
    let mut placed = 0;
    while !level.is_empty() {
        placed += level.len();
        levels.push(level.iter().filter_map(|&at| graph.ids.get(at)).collect());
        let mut next = Vec::new();
        for &(dependent, _) in level.iter().filter_map(|&at| counted.into.get(at)).flatten() {
            let Some(left) = open.get_mut(dependent) else { continue };
            *left -= 1;
            if *left == 0 {
                next.push(dependent);
            }
        }
        next.sort_unstable();
        level = next;
    }
    if placed == graph.ids.len() { Ok(levels) } else { Err(counted.cycles(graph, kinds)) }
}

/// The edges of some kinds: for each package the other end and the edge.
struct Counted {
    out: Vec<Vec<(usize, usize)>>,
    into: Vec<Vec<(usize, usize)>>,
}

impl Counted {
    fn of(graph: &Graph, kinds: Kinds) -> Self {
        let counts: Vec<bool> = graph.edges.iter().map(|edge| edge.reason(kinds).is_some()).collect();
        let side = |lists: &[Vec<usize>], end: fn((usize, usize)) -> usize| {
            let list = |list: &Vec<usize>| {
                let edges = list.iter().filter(|&&edge| counts.get(edge) == Some(&true));
                edges.filter_map(|&edge| Some((end(*graph.ends.get(edge)?), edge))).collect()
            };
            lists.iter().map(list).collect()
        };
        Self { out: side(&graph.out, |(_, to)| to), into: side(&graph.into, |(from, _)| from) }
    }

    fn cycles(&self, graph: &Graph, kinds: Kinds) -> Cycles {
        let mut components: Vec<Vec<usize>> = self.components();
        components.retain(|component| component.len() > 1);
        components.sort_unstable();
        let cycle = |component: &Vec<usize>| Cycle {
            packages: component.iter().filter_map(|&at| graph.ids.get(at)).cloned().collect(),
            edges: self
                .shortest(component)
                .into_iter()
                .filter_map(|edge| counted(graph, edge, kinds))
                .collect(),
        };
        Cycles(components.iter().map(cycle).collect())
    }

    /// The strongly connected components, each in the order of its packages: Kosaraju's two passes.
    fn components(&self) -> Vec<Vec<usize>> {
        let mut seen = vec![false; self.out.len()];
        let mut order = Vec::with_capacity(self.out.len());
        for start in 0..self.out.len() {
            walk(&self.out, start, &mut seen, &mut order);
        }
        let mut seen = vec![false; self.out.len()];
        let mut components = Vec::new();
        for &start in order.iter().rev() {
            let mut component = Vec::new();
            walk(&self.into, start, &mut seen, &mut component);
            component.sort_unstable();
            if !component.is_empty() {
                components.push(component);
            }
        }
        components
    }

    /// The edges of a shortest circle through the first package of a component.
    fn shortest(&self, component: &[usize]) -> Vec<usize> {
        let Some(&first) = component.first() else { return Vec::new() };
        // Where each package was reached from, and by which edge.
        let mut came: Vec<Option<(usize, usize)>> = vec![None; self.out.len()];
        let mut queue = VecDeque::from([first]);
        while let Some(at) = queue.pop_front() {
            for &(to, edge) in self.out.get(at).into_iter().flatten() {
                if component.binary_search(&to).is_err() {
                    continue;
                }
                let Some(step @ None) = came.get_mut(to) else { continue };
                *step = Some((at, edge));
                if to == first {
                    return back(&came, first);
                }
                queue.push_back(to);
            }
        }
        Vec::new()
    }
}

/// The edges from a package round to itself.
fn back(came: &[Option<(usize, usize)>], first: usize) -> Vec<usize> {
    let mut edges = Vec::new();
    let mut at = first;
    while let Some(&Some((before, edge))) = came.get(at) {
        edges.push(edge);
        at = before;
        if at == first {
            break;
        }
    }
    edges.reverse();
    edges
}

/// Adds what is reached from a package and was not seen, each after everything reached from it.
fn walk(lists: &[Vec<(usize, usize)>], start: usize, seen: &mut [bool], order: &mut Vec<usize>) {
    let mut enter = |at: usize| match seen.get_mut(at) {
        Some(seen @ false) => {
            *seen = true;
            true
        }
        _ => false,
    };
    if !enter(start) {
        return;
    }
    let mut stack = vec![(start, 0)];
    while let Some((at, next)) = stack.last_mut() {
        match lists.get(*at).and_then(|list| list.get(*next)) {
            Some(&(to, _)) => {
                *next += 1;
                if enter(to) {
                    stack.push((to, 0));
                }
            }
            None => {
                order.push(*at);
                stack.pop();
            }
        }
    }
}

/// An edge with the reasons that count.
fn counted(graph: &Graph, edge: usize, kinds: Kinds) -> Option<Edge> {
    let mut edge = graph.edges.get(edge)?.clone();
    edge.reasons.retain(|reason| reason.counts(kinds));
    Some(edge)
}
