use super::{edge, graph, id};
use crate::graph::{Edge, ExtraEdge, Graph, Kinds, Reason};
use crate::workspace::{DiscoverOptions, Workspace};
use crate::{DependencyKind, PackageId};

fn workspace(files: &[(&str, &str)]) -> Workspace {
    let file = |(path, text): &(&str, &str)| (path.parse().unwrap(), text.as_bytes().to_vec());
    Workspace::from_files(files.iter().map(file), &DiscoverOptions::default()).unwrap()
}

fn lines(graph: &Graph) -> Vec<String> {
    let line = |edge: &Edge| {
        let reasons: Vec<String> = edge.reasons.iter().map(Reason::to_string).collect();
        format!("{} {}: {}", edge.from.name(), edge.to.name(), reasons.join(", "))
    };
    graph.edges().iter().map(line).collect()
}

fn levels(graph: &Graph, kinds: Kinds) -> Vec<Vec<&str>> {
    let levels = graph.levels(kinds).unwrap();
    levels.iter().map(|level| level.iter().map(|id| id.name()).collect()).collect()
}

#[test]
fn python_names_meet_in_their_normal_form() {
    let workspace = workspace(&[
        ("core/pyproject.toml", "[project]\nname = \"Demo_Core\"\nversion = \"1\"\n"),
        (
            "cli/pyproject.toml",
            "[project]\nname = \"demo-cli\"\nversion = \"1\"\ndependencies = [\n  \"click\",\n  \"demo.core>=1,<2\",\n]\n\
             [project.optional-dependencies]\nall = [\"demo-cli[x]\", \"demo-core[fast]\"]\n\
             [dependency-groups]\ntest = [\"demo-test\"]\n",
        ),
        (
            "test/pyproject.toml",
            "[project]\nname = \"demo-test\"\nversion = \"1\"\ndependencies = [\"demo-cli\"]\n",
        ),
        (
            "js/package.json",
            "{\"name\": \"demo-core\", \"version\": \"1.0.0\", \"dependencies\": {\"click\": \"1\"}}",
        ),
    ]);
    let graph = Graph::build(&workspace, &[]);
    // `tests` is a directory of test data, `test` another one.
    let graph = graph.unwrap();
    assert_eq!(
        lines(&graph),
        ["demo-cli demo-core: cli/pyproject.toml:6 demo.core>=1,<2, cli/pyproject.toml:9 demo-core[fast]"]
    );
    assert_eq!(graph.packages().len(), 3);
}

#[test]
fn a_reason_leads_to_the_place_that_is_edited() {
    let workspace = workspace(&[
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"*\"]\n[workspace.dependencies]\n\
             short = { package = \"demo-core\", path = \"core\", version = \"1.2\" }\n",
        ),
        ("core/Cargo.toml", "[package]\nname = \"demo-core\"\nversion = \"1.2.0\"\n"),
        (
            "a/Cargo.toml",
            "[package]\nname = \"a\"\nversion = \"0.1.0\"\n[dependencies]\nshort.workspace = true\n\
             [dev-dependencies]\nb = { path = \"../b\" }\n",
        ),
        (
            "b/Cargo.toml",
            "[package]\nname = \"b\"\nversion = \"0.1.0\"\n[dependencies]\na = { path = \"../a\", version = \"=0.1.0\" }\n\
             [build-dependencies]\nother = { package = \"demo_core\", version = \"1\" }\n",
        ),
    ]);
    let graph = Graph::build(&workspace, &[]).unwrap();
    assert_eq!(
        lines(&graph),
        [
            "a b: a/Cargo.toml:7",
            "a demo-core: a/Cargo.toml:5 1.2",
            "b a: b/Cargo.toml:5 =0.1.0",
            "b demo-core: b/Cargo.toml:7 1"
        ]
    );
    let Some(Reason::Stated(stated)) = graph.edges()[1].reasons.first() else {
        panic!("{:?}", graph.edges())
    };
    let place = stated.inherited.as_ref().unwrap();
    assert_eq!((place.manifest.as_str(), place.line), ("Cargo.toml", 4));
    let root = workspace.manifest(&place.manifest).unwrap();
    assert_eq!(root.dependencies[place.index].constraint.as_ref().unwrap().text(), "1.2");
    // Dev-dependencies may go round; they order nothing.
    assert_eq!(levels(&graph, Kinds::PUBLISHING), [vec!["demo-core"], vec!["a"], vec!["b"]]);
    let error = graph.levels(Kinds::ALL).unwrap_err();
    assert_eq!(
        error.to_string(),
        "packages need each other in a circle, so that none can be published first:\n  \
         cargo:a needs cargo:b (a/Cargo.toml:7)\n  cargo:b needs cargo:a (b/Cargo.toml:5 =0.1.0)\n\
         remove one of these dependencies, or make it a dev-dependency"
    );
}

#[test]
fn npm_packages_are_found_by_their_real_names() {
    let workspace = workspace(&[
        ("package.json", "{\"name\": \"root\", \"workspaces\": [\"*\"], \"overrides\": {\"a\": \"1.0.0\"}}"),
        ("a/package.json", "{\"name\": \"a\", \"version\": \"1.0.0\"}"),
        (
            "b/package.json",
            "{\"name\": \"@x/b\", \"version\": \"1.0.0\",\n\"dependencies\": {\"alias\": \"npm:a@^1.0.0\"},\n\
             \"peerDependencies\": {\"a\": \"workspace:^\"}}",
        ),
        (
            "c/package.json",
            "{\"name\": \"c\", \"version\": \"1.0.0\",\n\"dependencies\": {\"named-so\": \"file:../b\", \
             \"a\": \"git+https://forge.example/a.git\"}}",
        ),
    ]);
    let graph = Graph::build(&workspace, &[]).unwrap();
    let pairs: Vec<String> =
        graph.edges().iter().map(|edge| format!("{} {}", edge.from.name(), edge.to.name())).collect();
    assert_eq!(pairs, ["@x/b a", "c @x/b", "root a"]);
    assert_eq!(graph.edges()[0].reasons.len(), 2);
    assert_eq!(levels(&graph, Kinds::PUBLISHING), [vec!["a", "root"], vec!["@x/b"], vec!["c"]]);
    assert_eq!(levels(&graph, Kinds::ALL), [vec!["a"], vec!["@x/b", "root"], vec!["c"]]);
}

#[test]
fn configured_edges_join_ecosystems() {
    let workspace = workspace(&[
        ("pyproject.toml", "[project]\nname = \"demo\"\nversion = \"1\"\n"),
        ("ui/package.json", "{\"name\": \"demo-ui\", \"version\": \"1.0.0\"}"),
    ]);
    let (demo, ui): (PackageId, PackageId) = (id("demo"), "npm:demo-ui".parse().unwrap());
    let extra = ExtraEdge { from: demo.clone(), to: ui.clone(), why: "the wheel holds the pages".to_owned() };
    let graph = Graph::build(&workspace, std::slice::from_ref(&extra)).unwrap();
    assert_eq!(graph.levels(Kinds::PUBLISHING).unwrap(), [vec![&ui], vec![&demo]]);
    assert_eq!(graph.edges()[0].to_string(), "pypi:demo needs npm:demo-ui (the wheel holds the pages)");
    assert_eq!(graph.edges_from(&demo).count(), 1);
    assert_eq!(graph.edges_to(&demo).count(), 0);
    let unknown = ExtraEdge { to: id("other"), ..extra };
    assert_eq!(
        Graph::build(&workspace, &[unknown]).unwrap_err().to_string(),
        "pypi:other is no package of this repository: mend the dependency of pypi:demo on pypi:other"
    );
}

#[test]
fn every_circle_is_named() {
    let graph = graph(&[
        ("a", "b"),
        ("b", "c"),
        ("c", "a"),
        ("b", "a"),
        ("c", "d"),
        ("x", "y"),
        ("y", "x"),
        ("x", "a"),
    ]);
    let cycles = graph.levels(Kinds::PUBLISHING).unwrap_err().0;
    let names = |ids: &[PackageId]| ids.iter().map(PackageId::name).collect::<String>();
    let found: Vec<(String, String)> = cycles
        .iter()
        .map(|cycle| (names(&cycle.packages), cycle.edges.iter().map(|edge| edge.from.name()).collect()))
        .collect();
    assert_eq!(found, [("abc".to_owned(), "ab".to_owned()), ("xy".to_owned(), "xy".to_owned())]);
}

#[test]
fn a_chain_of_reasons_is_a_shortest_one() {
    let mut edges = graph(&[("b", "a"), ("c", "b"), ("d", "c"), ("d", "b"), ("x", "y")]).edges().to_vec();
    edges.push(edge("e", "a", DependencyKind::Dev));
    let graph = Graph::from_edges([id("alone")], edges);
    let reach = graph.dependents(&[id("a")], Kinds::PUBLISHING);
    let found: Vec<(&str, u32)> = reach.iter().map(|reached| (reached.id.name(), reached.distance)).collect();
    assert_eq!(found, [("b", 1), ("c", 2), ("d", 2)]);
    let chain = reach.because(&id("d"));
    let chain: Vec<(&str, &str)> = chain.iter().map(|edge| (edge.from.name(), edge.to.name())).collect();
    assert_eq!(chain, [("d", "b"), ("b", "a")]);
    assert!(reach.because(&id("a")).is_empty() && reach.because(&id("x")).is_empty());
    assert!(graph.dependents(&[id("a")], Kinds::ALL).contains(&id("e")));
    let down = graph.dependencies(&[id("d"), id("x")], Kinds::PUBLISHING);
    assert_eq!(down.iter().map(|reached| reached.id.name()).collect::<String>(), "abcy");
    let chain = down.because(&id("a"));
    assert_eq!(chain.iter().map(|edge| edge.to.name()).collect::<Vec<_>>(), ["a", "b"]);
    assert!(graph.dependents(&[id("nobody")], Kinds::ALL).is_empty());
}
