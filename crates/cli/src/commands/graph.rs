use serde_json::json;
use tminus_engine::Exit;
use tminus_engine::workspace::Project;
use tminus_manifests::PackageId;
use tminus_manifests::graph::{Edge, Kinds, Reach};

use super::project;
use crate::CommandError;
use crate::args::{Graph, GraphFormat};
use crate::output::{Output, clean};
use crate::world::World;

pub(crate) fn run(world: &World, output: &Output, options: &Graph) -> Result<Exit, CommandError> {
    let (project, _) = project::open(world)?;
    let kinds = if options.dev { Kinds::ALL } else { Kinds::PUBLISHING };
    if options.packages.is_empty() {
        return whole(&project, kinds, output, options);
    }
    let chosen = project.select(&options.packages)?;
    let reach = if options.dependencies {
        project.graph.dependencies(&chosen, kinds)
    } else {
        project.graph.dependents(&chosen, kinds)
    };
    if output.json() {
        let reached: Vec<_> = reach
            .iter()
            .map(|reached| {
                let because = reach.because(reached.id);
                json!({
                    "package": reached.id.to_string(),
                    "distance": reached.distance,
                    "because": because.iter().map(|edge| edge_document(edge, kinds)).collect::<Vec<_>>(),
                })
            })
            .collect();
        let of: Vec<_> = chosen.iter().map(ToString::to_string).collect();
        let key = if options.dependencies { "dependencies" } else { "dependents" };
        output.line(&serde_json::to_string_pretty(&json!({ "of": of, key: reached })).unwrap_or_default());
        return Ok(Exit::Done);
    }
    let inside = |id: &PackageId| chosen.contains(id) || reach.contains(id);
    match options.format {
        GraphFormat::Text => {
            output.text(&clean(&reached(&reach, kinds, options.explain)));
            if reach.is_empty() {
                output.note(if options.dependencies {
                    "nothing here is needed"
                } else {
                    "nothing here needs it"
                });
            }
        }
        GraphFormat::Mermaid => output.text(&mermaid(&project, kinds, &inside)),
        GraphFormat::Dot => output.text(&dot(&project, kinds, &inside)),
    }
    Ok(Exit::Done)
}

/// The whole graph, in the order of publishing.
fn whole(project: &Project, kinds: Kinds, output: &Output, options: &Graph) -> Result<Exit, CommandError> {
    match options.format {
        GraphFormat::Mermaid => {
            output.text(&mermaid(project, kinds, &|_| true));
            return Ok(Exit::Done);
        }
        GraphFormat::Dot => {
            output.text(&dot(project, kinds, &|_| true));
            return Ok(Exit::Done);
        }
        GraphFormat::Text => {}
    }
    let levels =
        project.graph.levels(kinds).map_err(|cycles| CommandError::new(Exit::NoGo, cycles.to_string()))?;
    if output.json() {
        let levels: Vec<Vec<String>> =
            levels.iter().map(|level| level.iter().map(ToString::to_string).collect()).collect();
        let edges = project.graph.edges().iter().filter(|edge| edge.reason(kinds).is_some());
        let edges: Vec<_> = edges.map(|edge| edge_document(edge, kinds)).collect();
        let document = json!({ "levels": levels, "edges": edges });
        output.line(&serde_json::to_string_pretty(&document).unwrap_or_default());
        return Ok(Exit::Done);
    }
    let mut text = String::new();
    for (number, level) in levels.iter().enumerate() {
        for id in level {
            text.push_str(&format!("{} {id}\n", number + 1));
            if options.explain {
                for edge in project.graph.edges_from(id) {
                    text.push_str(&explained(edge, kinds));
                }
            }
        }
    }
    output.text(&clean(&text));
    Ok(Exit::Done)
}

fn reached(reach: &Reach<'_>, kinds: Kinds, explain: bool) -> String {
    let mut all: Vec<_> = reach.iter().collect();
    all.sort_by(|left, right| left.distance.cmp(&right.distance).then_with(|| left.id.cmp(right.id)));
    let mut text = String::new();
    for reached in all {
        text.push_str(&format!("{} {}\n", reached.distance, reached.id));
        if explain {
            for edge in reach.because(reached.id) {
                text.push_str(&explained(edge, kinds));
            }
        }
    }
    text
}

/// Every reason of an edge that counts.
fn explained(edge: &Edge, kinds: Kinds) -> String {
    let reasons = edge.reasons.iter().filter(|reason| reason.counts(kinds));
    reasons.map(|reason| format!("    {} needs {}: {reason}\n", edge.from, edge.to)).collect()
}

fn edge_document(edge: &Edge, kinds: Kinds) -> serde_json::Value {
    let reasons = edge.reasons.iter().filter(|reason| reason.counts(kinds));
    json!({
        "from": edge.from.to_string(),
        "to": edge.to.to_string(),
        "reasons": reasons.map(ToString::to_string).collect::<Vec<_>>(),
    })
}

/// A flowchart of Mermaid; an arrow goes from a package to what it needs.
fn mermaid(project: &Project, kinds: Kinds, inside: &dyn Fn(&PackageId) -> bool) -> String {
    let ids: Vec<&PackageId> = project.graph.packages().iter().filter(|id| inside(id)).collect();
    let number = |id: &PackageId| ids.binary_search(&id).unwrap_or_default();
    let mut text = String::from("flowchart LR\n");
    for (index, id) in ids.iter().enumerate() {
        text.push_str(&format!("    p{index}[\"{}\"]\n", id.to_string().replace('"', "#quot;")));
    }
    for edge in edges(project, kinds, inside) {
        text.push_str(&format!("    p{} --> p{}\n", number(&edge.from), number(&edge.to)));
    }
    text
}

/// The same for Graphviz.
fn dot(project: &Project, kinds: Kinds, inside: &dyn Fn(&PackageId) -> bool) -> String {
    let quoted =
        |id: &PackageId| format!("\"{}\"", id.to_string().replace('\\', "\\\\").replace('"', "\\\""));
    let mut text = String::from("digraph packages {\n    rankdir=LR;\n");
    for id in project.graph.packages().iter().filter(|id| inside(id)) {
        text.push_str(&format!("    {};\n", quoted(id)));
    }
    for edge in edges(project, kinds, inside) {
        text.push_str(&format!("    {} -> {};\n", quoted(&edge.from), quoted(&edge.to)));
    }
    text.push_str("}\n");
    text
}

fn edges<'p>(project: &'p Project, kinds: Kinds, inside: &dyn Fn(&PackageId) -> bool) -> Vec<&'p Edge> {
    let counts = |edge: &&Edge| edge.reason(kinds).is_some() && inside(&edge.from) && inside(&edge.to);
    project.graph.edges().iter().filter(counts).collect()
}
