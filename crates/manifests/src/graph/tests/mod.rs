mod edges;
mod laws;

use super::{Edge, Graph, Reason, Stated};
use crate::{DependencyKind, PackageId, Source};

fn id(name: &str) -> PackageId {
    PackageId::pypi(name)
}

/// An edge as a manifest states it.
fn edge(from: &str, to: &str, kind: DependencyKind) -> Edge {
    let place =
        super::Place { manifest: format!("{from}/pyproject.toml").parse().unwrap(), index: 0, line: 3 };
    let stated = Stated { place, kind, constraint: None, source: Source::Registry, inherited: None };
    Edge { from: id(from), to: id(to), reasons: vec![Reason::Stated(stated)] }
}

/// A graph of edges `a b`, each with what it needs to run.
fn graph(edges: &[(&str, &str)]) -> Graph {
    Graph::from_edges([], edges.iter().map(|(from, to)| edge(from, to, DependencyKind::Normal)))
}
