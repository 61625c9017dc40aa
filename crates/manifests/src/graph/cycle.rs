use crate::PackageId;

use super::Edge;

/// Packages that need each other in a circle, so that none can come first.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", describe(.0))]
pub struct Cycles(pub Vec<Cycle>);

/// Packages that all need each other, directly or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cycle {
    /// The packages, in their order.
    pub packages: Vec<PackageId>,
    /// A shortest circle through the first of them: each edge starts where the one before it ends. The reasons of an
    /// edge are those that count.
    pub edges: Vec<Edge>,
}

/// A message with thousands of lines helps nobody.
const SHOWN: usize = 20;

fn describe(cycles: &[Cycle]) -> String {
    let mut text = String::from("packages need each other in a circle, so that none can be published first:");
    for cycle in cycles.iter().take(SHOWN) {
        for edge in cycle.edges.iter().take(SHOWN) {
            text.push_str(&format!("\n  {edge}"));
        }
        if cycle.edges.len() > SHOWN {
            text.push_str(&format!("\n  and {} more steps", cycle.edges.len() - SHOWN));
        }
        let others = cycle.packages.len().saturating_sub(cycle.edges.len());
        if others > 0 {
            text.push_str(&format!("\n  and {others} more packages in the same circles"));
        }
    }
    text.push_str("\nremove one of these dependencies, or make it a dev-dependency");
    text
}
