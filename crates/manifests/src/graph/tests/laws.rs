use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::edge;
use crate::graph::{Graph, Kinds};
use crate::{DependencyKind, PackageId};

const KINDS: [DependencyKind; 3] = [DependencyKind::Normal, DependencyKind::Peer, DependencyKind::Dev];

fn name(node: usize) -> String {
    format!("n{node:04}")
}

fn id(node: usize) -> PackageId {
    PackageId::pypi(&name(node))
}

type Edges = Vec<(usize, usize, usize)>;

fn graph(nodes: usize, edges: &Edges) -> Graph {
    let edges = edges.iter().map(|&(from, to, kind)| edge(&name(from), &name(to), KINDS[kind].clone()));
    Graph::from_edges((0..nodes).map(id), edges)
}

/// For each node those that it needs, by the edges that count.
fn needs(edges: &Edges, kinds: Kinds) -> BTreeMap<usize, BTreeSet<usize>> {
    let mut needs: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for &(from, to, kind) in edges {
        if from != to && kinds.holds(&KINDS[kind]) {
            needs.entry(from).or_default().insert(to);
        }
    }
    needs
}

/// The distance of each node that reaches `target`, by asking every edge until nothing changes.
fn distances(needs: &BTreeMap<usize, BTreeSet<usize>>, targets: &[usize]) -> BTreeMap<usize, u32> {
    let mut known: BTreeMap<usize, u32> = targets.iter().map(|&target| (target, 0)).collect();
    let mut distance = 0;
    loop {
        let last: BTreeSet<usize> =
            known.iter().filter(|(_, at)| **at == distance).map(|(&node, _)| node).collect();
        let next = needs.iter().filter(|(node, to)| !known.contains_key(node) && !to.is_disjoint(&last));
        let next: Vec<usize> = next.map(|(&node, _)| node).collect();
        if next.is_empty() {
            known.retain(|_, distance| *distance > 0);
            return known;
        }
        distance += 1;
        known.extend(next.into_iter().map(|node| (node, distance)));
    }
}

fn any_graph(nodes: usize, edges: usize) -> impl Strategy<Value = (usize, Edges)> {
    (1..=nodes).prop_flat_map(move |nodes| {
        (Just(nodes), prop::collection::vec((0..nodes, 0..nodes, 0..KINDS.len()), 0..edges))
    })
}

/// Edges to lower numbers alone go round nowhere; the numbers are shuffled, so that the order of names says nothing.
fn without_circles(nodes: usize, edges: usize) -> impl Strategy<Value = (usize, Edges)> {
    let shuffled = Just((0..nodes).collect::<Vec<usize>>()).prop_shuffle();
    (shuffled, prop::collection::vec((0..nodes, 0..nodes, 0..KINDS.len()), 0..edges)).prop_map(
        move |(names, edges)| {
            let down = |(one, other, kind): (usize, usize, usize)| {
                (names[one.max(other)], names[one.min(other)], kind)
            };
            (nodes, edges.into_iter().map(down).collect())
        },
    )
}

/// The level of each node: one above the highest that it needs.
fn check_levels(nodes: usize, edges: &Edges, kinds: Kinds) -> Result<(), TestCaseError> {
    let graph = graph(nodes, edges);
    let levels = graph.levels(kinds).unwrap();
    let mut at: BTreeMap<&PackageId, usize> = BTreeMap::new();
    for (level, packages) in levels.iter().enumerate() {
        prop_assert!(packages.is_sorted() && !packages.is_empty());
        at.extend(packages.iter().map(|&package| (package, level)));
    }
    prop_assert_eq!(at.len(), nodes);
    prop_assert_eq!(levels.iter().map(Vec::len).sum::<usize>(), nodes);
    let needs = needs(edges, kinds);
    for node in 0..nodes {
        let needed = needs.get(&node).into_iter().flatten().map(|&to| at[&id(to)] + 1).max();
        prop_assert_eq!(at[&id(node)], needed.unwrap_or(0), "{}", node);
    }
    Ok(())
}

/// What reaches what is what an oracle finds by asking every edge again and again, and each chain is one.
fn check_reach(nodes: usize, edges: &Edges, from: &[usize], kinds: Kinds) -> Result<(), TestCaseError> {
    let graph = graph(nodes, edges);
    let needs = needs(edges, kinds);
    let starts: Vec<PackageId> = from.iter().map(|&node| id(node)).collect();
    let reach = graph.dependents(&starts, kinds);
    let found: BTreeMap<PackageId, u32> =
        reach.iter().map(|reached| (reached.id.clone(), reached.distance)).collect();
    let expected: BTreeMap<PackageId, u32> =
        distances(&needs, from).into_iter().map(|(node, distance)| (id(node), distance)).collect();
    prop_assert_eq!(&found, &expected);
    for (package, distance) in &found {
        let chain = reach.because(package);
        prop_assert_eq!(chain.len(), usize::try_from(*distance).unwrap());
        prop_assert_eq!(&chain[0].from, package);
        prop_assert!(chain.windows(2).all(|pair| pair[0].to == pair[1].from));
        prop_assert!(starts.contains(&chain.last().unwrap().to));
        prop_assert!(chain.iter().all(|edge| edge.reason(kinds).is_some()));
    }
    // The other way round: what needs is what is needed.
    if let [start] = starts.as_slice() {
        for reached in graph.dependencies(&starts, kinds).iter() {
            prop_assert!(graph.dependents(std::slice::from_ref(reached.id), kinds).contains(start));
        }
    }
    Ok(())
}

/// Without levels there are circles, and each package in one reaches every other one of it.
fn check_cycles(nodes: usize, edges: &Edges, kinds: Kinds) -> Result<(), TestCaseError> {
    let graph = graph(nodes, edges);
    let needs = needs(edges, kinds);
    let goes_round = |node: usize| {
        let inner = needs.get(&node).into_iter().flatten();
        inner.into_iter().any(|&to| to == node || distances(&needs, &[node]).contains_key(&to))
    };
    let expected: BTreeSet<PackageId> = (0..nodes).filter(|&node| goes_round(node)).map(id).collect();
    let cycles = graph.levels(kinds).err().map(|cycles| cycles.0).unwrap_or_default();
    let found: Vec<&PackageId> = cycles.iter().flat_map(|cycle| &cycle.packages).collect();
    prop_assert_eq!(found.len(), expected.len());
    prop_assert!(found.iter().all(|package| expected.contains(*package)));
    for cycle in &cycles {
        let edges = &cycle.edges;
        prop_assert_eq!(&edges[0].from, &cycle.packages[0]);
        prop_assert_eq!(&edges.last().unwrap().to, &cycle.packages[0]);
        prop_assert!(edges.windows(2).all(|pair| pair[0].to == pair[1].from));
        prop_assert!(edges.iter().all(|edge| edge.reasons.iter().all(|reason| reason.counts(kinds))));
        let first = std::slice::from_ref(&cycle.packages[0]);
        let around = graph.dependents(first, kinds);
        let down = graph.dependencies(first, kinds);
        let joined =
            cycle.packages[1..].iter().all(|package| around.contains(package) && down.contains(package));
        prop_assert!(joined);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn small_graphs_follow_the_laws(
        (nodes, edges) in any_graph(9, 24),
        start in 0usize..9,
        kinds in prop_oneof![Just(Kinds::PUBLISHING), Just(Kinds::ALL)],
    ) {
        check_cycles(nodes, &edges, kinds)?;
        check_reach(nodes, &edges, &[start % nodes], kinds)?;
        if graph(nodes, &edges).levels(kinds).is_ok() {
            check_levels(nodes, &edges, kinds)?;
        }
    }

    #[test]
    fn the_order_of_what_is_said_changes_nothing(
        (nodes, edges) in any_graph(9, 24),
        shuffle in any::<prop::sample::Index>(),
    ) {
        let mut turned = edges.clone();
        if !turned.is_empty() {
            turned.rotate_left(shuffle.index(edges.len()));
        }
        let (one, other) = (graph(nodes, &edges), graph(nodes, &turned));
        prop_assert_eq!(one.levels(Kinds::ALL).ok(), other.levels(Kinds::ALL).ok());
        let ways = |graph: &Graph| {
            let reach = graph.dependents(&[id(0)], Kinds::ALL);
            let way = |edge: &&crate::graph::Edge| (edge.from.clone(), edge.to.clone());
            reach.iter().map(|reached| reach.because(reached.id).iter().map(way).collect::<Vec<_>>()).collect::<Vec<_>>()
        };
        prop_assert_eq!(ways(&one), ways(&other));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]

    #[test]
    fn large_graphs_follow_the_laws((nodes, edges) in without_circles(2000, 4000), starts in prop::collection::vec(0usize..2000, 1..4)) {
        check_levels(nodes, &edges, Kinds::ALL)?;
        check_levels(nodes, &edges, Kinds::PUBLISHING)?;
        check_reach(nodes, &edges, &starts, Kinds::ALL)?;
    }
}

/// A chain of packages is as deep as it is long.
#[test]
fn a_long_chain_needs_no_deep_stack() {
    let nodes = 9_000;
    let mut edges: Edges = (1..nodes).map(|node| (node, node - 1, 0)).collect();
    assert_eq!(graph(nodes, &edges).levels(Kinds::ALL).unwrap().len(), nodes);
    edges.push((0, nodes - 1, 0));
    let graph = graph(nodes, &edges);
    let cycles = graph.levels(Kinds::ALL).unwrap_err().0;
    assert_eq!((cycles.len(), cycles[0].packages.len(), cycles[0].edges.len()), (1, nodes, nodes));
    assert_eq!(graph.dependents(&[id(0)], Kinds::ALL).because(&id(nodes - 1)).len(), nodes - 1);
}
