//! Chart.yaml of [Helm](https://helm.sh/docs/topics/charts/#the-chartyaml-file).
//!
//! Helm reads the constraint of a dependency with the Go package Masterminds/semver 3. It is taken as a range of npm
//! here, which differs in this:
//!
//! - `!=1.2.3`, a comma between parts (`>=1.2, <2`), `=>`, `=<` and `*-0` are no ranges of npm, and are an error when they
//!   are rewritten or compared.
//! - A part with a pre-release (`^1.2.3-0`) admits each pre-release in the range, in npm only those of 1.2.3 itself.
//! - An empty constraint is none of Helm's, and any version in npm.

use super::{Dependency, DependencyKind, Manifest, ManifestKind, Notation, Source, Version};
use crate::RelPath;
use crate::locate::Failure;
use crate::tree::{Node, Value, malformed, yaml};
use tminus_versioning::constraint::Ecosystem;

/// Reads a Chart.yaml.
pub(crate) fn read(path: &RelPath, text: &str) -> Result<Manifest, Failure> {
    let document = object(text)?;
    let mut manifest = Manifest::empty(path.clone(), ManifestKind::Chart);
    if let Some(name) = stated(&document, "name") {
        let unfit =
            |_| malformed(Some(name.span.start), "the name must be a text on one line, without an anchor");
        manifest.name = Some(name.site().map_err(unfit)?);
    }
    if let Some(version) = stated(&document, "version") {
        manifest.version = Version::Here(version.site()?);
    }
    match document.get("dependencies") {
        Some(Node { value: Value::List(items), .. }) => {
            manifest.dependencies = items.iter().map(dependency).collect::<Result<_, _>>()?;
        }
        Some(other) if !is_nothing(other) => {
            return Err(malformed(Some(other.span.start), "`dependencies` must be a list"));
        }
        _ => {}
    }
    Ok(manifest)
}

/// The map that the file is.
pub(crate) fn object(text: &str) -> Result<Node<'_>, Failure> {
    let document = yaml::parse(text)?;
    match document.value {
        Value::Map(_) => Ok(document),
        _ => Err(malformed(Some(document.span.start), "keys with values were expected")),
    }
}

/// The value of a key, if it says anything.
fn stated<'n, 'a>(node: &'n Node<'a>, key: &str) -> Option<&'n Node<'a>> {
    node.get(key).filter(|value| !is_nothing(value))
}

/// Nothing, `~` or `null`; an alias says something.
fn is_nothing(node: &Node<'_>) -> bool {
    matches!(node.value, Value::Other(spelled) if !spelled.starts_with('*'))
}

fn dependency(node: &Node<'_>) -> Result<Dependency, Failure> {
    let Some(name) = node.text_at(&["name"]) else {
        return Err(malformed(Some(node.span.start), "a dependency must have a `name` that is a text"));
    };
    let repository = match stated(node, "repository") {
        None => "",
        Some(repository) => repository
            .as_str()
            .ok_or_else(|| malformed(Some(repository.span.start), "`repository` must be a text"))?,
    };
    Ok(Dependency {
        name: name.to_owned(),
        kind: DependencyKind::Normal,
        constraint: stated(node, "version").map(Node::site).transpose()?,
        notation: Notation::Range(Ecosystem::Npm),
        source: source(name, repository),
        offset: node.span.start,
    })
}

fn source(name: &str, repository: &str) -> Source {
    let registry = ["https://", "http://", "oci://", "@", "alias:"];
    if repository.is_empty() {
        // Helm looks below the chart itself.
        Source::Path(format!("charts/{name}"))
    } else if let Some(path) = repository.strip_prefix("file://") {
        Source::Path(path.to_owned())
    } else if registry.iter().any(|prefix| repository.starts_with(prefix)) {
        Source::Registry
    } else {
        Source::Other(repository.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::splice;

    const CHART: &str = "apiVersion: v2\nname: demo\nversion: 0.4.0  # the chart\nappVersion: \"1.2\"\ndependencies:\n  \
                         - name: base\n    version: ^1.2.0\n    repository: file://../base\n  - name: db\n    alias: \
                         store\n    repository: \"oci://registry.example/charts\"\n    version: '>=2 <3'\n  - {name: own, \
                         version: 1.0}\n";

    fn chart(text: &str) -> Result<Manifest, String> {
        let path = "charts/demo/Chart.yaml".parse().unwrap();
        Manifest::read(&path, text.as_bytes()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_chart_is_read() {
        let manifest = chart(CHART).unwrap();
        assert_eq!(manifest.id().unwrap().to_string(), "helm:demo");
        let Version::Here(version) = &manifest.version else { panic!("{:?}", manifest.version) };
        assert_eq!((version.text(), &CHART[version.span()]), ("0.4.0", "0.4.0"));
        let read: Vec<_> = manifest
            .dependencies
            .iter()
            .map(|found| {
                (found.name.as_str(), found.constraint.as_ref().map(crate::Site::text), found.source.clone())
            })
            .collect();
        assert_eq!(
            read,
            [
                ("base", Some("^1.2.0"), Source::Path("../base".to_owned())),
                ("db", Some(">=2 <3"), Source::Registry),
                ("own", Some("1.0"), Source::Path("charts/own".to_owned())),
            ]
        );
    }

    #[test]
    fn a_constraint_is_replaced_in_its_own_quotes() {
        let manifest = chart(CHART).unwrap();
        let constraint = |index: usize| manifest.dependencies[index].constraint.clone().unwrap();
        let edits = [
            constraint(0).replaced("^1.3.0").unwrap(),
            constraint(1).replaced(">=3 <4").unwrap(),
            constraint(2).replaced("1.10").unwrap(),
        ];
        let expected = CHART
            .replace("^1.2.0", "^1.3.0")
            .replace(">=2 <3", ">=3 <4")
            .replace("version: 1.0}", "version: \"1.10\"}");
        assert_eq!(splice(CHART, &edits).unwrap(), expected);
    }

    #[test]
    fn what_is_missing_is_absent() {
        let manifest = chart("name: demo\nversion:\ndependencies:\n").unwrap();
        assert_eq!((manifest.version, manifest.dependencies), (Version::Absent, Vec::new()));
        let manifest =
            chart("dependencies:\n- name: a\n  repository: '@stable'\n- name: b\n  repository: x\n").unwrap();
        assert_eq!(manifest.name, None);
        assert_eq!(manifest.dependencies[0].constraint, None);
        assert_eq!(manifest.dependencies[0].source, Source::Registry);
        assert_eq!(manifest.dependencies[1].source, Source::Other("x".to_owned()));
    }

    #[test]
    fn other_shapes_are_refused_with_their_line() {
        let check = |text: &str, message: &str| {
            assert_eq!(chart(text).unwrap_err(), format!("charts/demo/Chart.yaml:{message}"));
        };
        check("- a\n", "1: keys with values were expected");
        check("name: a\nname: b\n", "2: not YAML: the key \"name\" stands there twice");
        check("name: [a]\n", "1: the name must be a text on one line, without an anchor");
        check("name: a\nversion: *b\n", "2: not YAML: while parsing node, found unknown anchor");
        check("version: [1]\n", "1: the version must be a text in quotes");
        check("a: &x 1.0\nversion: *x\n", "2: the version must be a text in quotes");
        check("name: a\ndependencies: {}\n", "2: `dependencies` must be a list");
        check("dependencies:\n- version: 1\n", "2: a dependency must have a `name` that is a text");
        check("dependencies:\n- name: a\n  repository: []\n", "3: `repository` must be a text");
        check("name: a\n---\nname: b\n", "3: there is more than one YAML document in the file");
    }
}
