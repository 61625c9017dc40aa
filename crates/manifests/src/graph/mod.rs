//! Which packages of a workspace need which: the order in which they are published, and what a change of one of them
//! reaches.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::PackageId;
use crate::workspace::Workspace;

mod build;
mod cycle;
mod edge;
pub mod group;
mod kinds;
mod levels;
mod reach;
#[cfg(test)]
mod tests;

pub use cycle::{Cycle, Cycles};
pub use edge::{Edge, Place, Reason, Stated};
pub use kinds::Kinds;
pub use reach::{Reach, Reached};

/// The packages of a workspace and which of them needs which.
///
/// A dependency of a package on itself, as an extra that joins other extras (`demo[all]`), is no edge.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    /// In their order, each once.
    ids: Vec<PackageId>,
    /// In the order of both their ends, one between the same two.
    edges: Vec<Edge>,
    /// The ends of each edge, as places in `ids`.
    ends: Vec<(usize, usize)>,
    /// For each package the edges that start there.
    out: Vec<Vec<usize>>,
    /// For each package the edges that end there.
    into: Vec<Vec<usize>>,
}

/// An edge that no manifest states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtraEdge {
    /// The package that needs the other one.
    pub from: PackageId,
    /// The package that is needed.
    pub to: PackageId,
    /// Why, for a person to read.
    pub why: String,
}

/// A configured edge names a package that the workspace does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{id} is no package of this repository: mend the dependency of {from} on {to}")]
pub struct UnknownPackage {
    /// The package that is not there.
    pub id: PackageId,
    /// The start of the edge.
    pub from: PackageId,
    /// The end of the edge.
    pub to: PackageId,
}

impl Graph {
    /// Joins the packages of a workspace by what their manifests say, and by configured edges.
    ///
    /// # Errors
    ///
    /// A configured edge from or to a package that the workspace does not have.
    pub fn build(workspace: &Workspace, extra: &[ExtraEdge]) -> Result<Self, UnknownPackage> {
        let mut edges = build::stated(workspace);
        for ExtraEdge { from, to, why } in extra {
            for id in [from, to] {
                if workspace.package(id).is_none() {
                    return Err(UnknownPackage { id: id.clone(), from: from.clone(), to: to.clone() });
                }
            }
            let reasons = vec![Reason::Configured(why.clone())];
            edges.push(Edge { from: from.clone(), to: to.clone(), reasons });
        }
        Ok(Self::from_edges(workspace.packages().iter().map(|package| package.id.clone()), edges))
    }

    /// A graph of edges that are known; the ends of an edge are packages of it whether `ids` has them or not.
    ///
    /// Edges between the same two packages become one with the reasons of all; edges from a package to itself go.
    pub fn from_edges(
        ids: impl IntoIterator<Item = PackageId>,
        edges: impl IntoIterator<Item = Edge>,
    ) -> Self {
        let edges: Vec<Edge> = edges.into_iter().filter(|edge| edge.from != edge.to).collect();
        let mut ids: Vec<PackageId> = ids.into_iter().collect();
        ids.extend(edges.iter().flat_map(|edge| [edge.from.clone(), edge.to.clone()]));
        ids.sort_unstable();
        ids.dedup();
        let place = |id: &PackageId| ids.binary_search(id).unwrap_or_default();
        let mut joined: BTreeMap<(usize, usize), Edge> = BTreeMap::new();
        for edge in edges {
            match joined.entry((place(&edge.from), place(&edge.to))) {
                Entry::Vacant(free) => {
                    free.insert(edge);
                }
                Entry::Occupied(mut taken) => taken.get_mut().reasons.extend(edge.reasons),
            }
        }
        let (ends, edges): (Vec<(usize, usize)>, Vec<Edge>) = joined.into_iter().unzip();
        let (mut out, mut into) = (vec![Vec::new(); ids.len()], vec![Vec::new(); ids.len()]);
        for (edge, &(from, to)) in ends.iter().enumerate() {
            out.get_mut(from).into_iter().for_each(|edges: &mut Vec<usize>| edges.push(edge));
            into.get_mut(to).into_iter().for_each(|edges: &mut Vec<usize>| edges.push(edge));
        }
        Self { ids, edges, ends, out, into }
    }

    /// The packages, in their order.
    pub fn packages(&self) -> &[PackageId] {
        &self.ids
    }

    /// The edges, in the order of their packages.
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// What a package needs itself.
    pub fn edges_from(&self, id: &PackageId) -> impl Iterator<Item = &Edge> {
        self.edges_at(&self.out, id)
    }

    /// Who needs a package itself.
    pub fn edges_to(&self, id: &PackageId) -> impl Iterator<Item = &Edge> {
        self.edges_at(&self.into, id)
    }

    fn edges_at<'g>(&'g self, lists: &'g [Vec<usize>], id: &PackageId) -> impl Iterator<Item = &'g Edge> {
        let place = self.ids.binary_search(id).ok();
        let list = place.and_then(|place| lists.get(place)).map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(|&edge| self.edges.get(edge))
    }

    /// The packages in the order in which they can be published: those of a level need only packages of the levels
    /// before it, and stand in their own order.
    ///
    /// ```
    /// use tminus_manifests::PackageId;
    /// use tminus_manifests::graph::{Edge, Graph, Kinds, Reason};
    ///
    /// let id = PackageId::pypi;
    /// let because = || vec![Reason::Configured("the command calls it".to_owned())];
    /// let edges = [
    ///     Edge { from: id("cli"), to: id("core"), reasons: because() },
    ///     Edge { from: id("app"), to: id("cli"), reasons: because() },
    /// ];
    /// let graph = Graph::from_edges([id("docs")], edges);
    /// let levels = graph.levels(Kinds::PUBLISHING)?;
    /// assert_eq!(levels, [vec![&id("core"), &id("docs")], vec![&id("cli")], vec![&id("app")]]);
    /// # Ok::<(), tminus_manifests::graph::Cycles>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Packages that need each other in a circle, every one of the circles.
    pub fn levels(&self, kinds: Kinds) -> Result<Vec<Vec<&PackageId>>, Cycles> {
        levels::levels(self, kinds)
    }

    /// The packages that need one of `changed`, directly or not, each with its shortest way there.
    ///
    /// ```
    /// use tminus_manifests::PackageId;
    /// use tminus_manifests::graph::{Edge, Graph, Kinds, Reason};
    ///
    /// let id = PackageId::pypi;
    /// let because = || vec![Reason::Configured("the command calls it".to_owned())];
    /// let edges = [
    ///     Edge { from: id("cli"), to: id("core"), reasons: because() },
    ///     Edge { from: id("app"), to: id("cli"), reasons: because() },
    /// ];
    /// let graph = Graph::from_edges([id("docs")], edges);
    /// let reach = graph.dependents(&[id("core")], Kinds::PUBLISHING);
    /// assert_eq!(reach.iter().map(|reached| reached.distance).collect::<Vec<_>>(), [2, 1]);
    /// let chain: Vec<String> = reach.because(&id("app")).iter().map(|edge| edge.to.to_string()).collect();
    /// assert_eq!(chain, ["pypi:cli", "pypi:core"]);
    /// ```
    pub fn dependents(&self, changed: &[PackageId], kinds: Kinds) -> Reach<'_> {
        Reach::search(self, changed, kinds, reach::Direction::Dependents)
    }

    /// The packages that one of `of` needs, directly or not, each with its shortest way there.
    pub fn dependencies(&self, of: &[PackageId], kinds: Kinds) -> Reach<'_> {
        Reach::search(self, of, kinds, reach::Direction::Dependencies)
    }
}
