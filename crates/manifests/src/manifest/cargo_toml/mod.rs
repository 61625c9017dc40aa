//! Cargo.toml, by the [manifest reference](https://doc.rust-lang.org/cargo/reference/manifest.html).
//!
//! # What a root says that is a package too
//!
//! The version of such a manifest is the one of its package: the literal of `[package]`, or the value of
//! `[workspace.package]` in the same file where the package inherits it. [`workspace_version`] is what the members
//! inherit, and differs where `[package]` states a version of its own.
//!
//! # Members
//!
//! Cargo also takes packages without naming them: the root package, and every directory below the root that a member
//! reaches by `path`, unless it is excluded. The lists hold only what is written; path dependencies carry
//! [`Source::Path`]. `default-members` chooses among members, and adds none.
//!
//! In Cargo `exclude` holds directories and not patterns, and everything below them is excluded, except what `members`
//! names without a wildcard.

use super::{
    Dependency, DependencyKind, Manifest, ManifestKind, Members, Notation, Source, Version, WorkspaceTool,
};
use crate::locate::{Elsewhere, Failure};
use crate::tree::{Entry, Node, Value, malformed, toml};
use crate::{RelPath, Site};

const RANGE: Notation = Notation::Range(tminus_versioning::constraint::Ecosystem::Cargo);

/// The tables of dependencies, each with the name that Cargo also takes where the first one is absent.
const TABLES: [(&str, &str, DependencyKind); 3] = [
    ("dependencies", "dependencies", DependencyKind::Normal),
    ("dev-dependencies", "dev_dependencies", DependencyKind::Dev),
    ("build-dependencies", "build_dependencies", DependencyKind::Build),
];

/// Reads a Cargo.toml.
pub(crate) fn read(path: &RelPath, text: &str) -> Result<Manifest, Failure> {
    let document = toml::parse(text)?;
    let mut manifest = Manifest::empty(path.clone(), ManifestKind::CargoToml);
    let package = document.get("package");
    if let Some(package) = package {
        manifest.name = package.get("name").map(Node::site).transpose()?;
        manifest.private = is_private(package);
    }
    manifest.version = version(&document)?;
    manifest.workspace = document.get("workspace").map(members).transpose()?;
    manifest.dependencies = dependencies(&document)?;
    manifest.dependencies.sort_by_key(|dependency| dependency.offset);
    Ok(manifest)
}

/// The version that members inherit: `[workspace.package] version`.
pub(crate) fn workspace_version(document: &Node<'_>) -> Result<Option<Site>, Failure> {
    document.at(&["workspace", "package", "version"]).map(Node::site).transpose()
}

/// Whether the version of `[package]` is `{ workspace = true }`.
pub(crate) fn inherits(version: &Node<'_>) -> bool {
    version.get("workspace").is_some()
}

fn version(document: &Node<'_>) -> Result<Version, Failure> {
    let of_workspace = workspace_version(document)?;
    let Some(package) = document.get("package") else {
        return Ok(of_workspace.map_or(Version::Absent, Version::Here));
    };
    Ok(match (package.get("version"), of_workspace) {
        (None, _) => Version::Absent,
        (Some(version), Some(site)) if inherits(version) => Version::Here(site),
        (Some(version), None) if inherits(version) => {
            Version::Elsewhere { source: Elsewhere::Workspace, fallback: None }
        }
        (Some(version), _) => Version::Here(version.site()?),
    })
}

/// Whether no registry takes the package. Without `publish`, Cargo publishes what has a version; what
/// `publish.workspace = true` inherits is not known here.
fn is_private(package: &Node<'_>) -> bool {
    match package.get("publish") {
        None => package.get("version").is_none(),
        Some(Node { value: Value::List(registries), .. }) => registries.is_empty(),
        Some(publish) => publish.as_bool() == Some(false),
    }
}

fn members(workspace: &Node<'_>) -> Result<Members, Failure> {
    let include = directories(workspace, "members")?;
    let named = |directory: &str| {
        include.iter().any(|member| {
            directory
                .strip_prefix(member.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    };
    // `exclude` holds no patterns but whole directories, and yields to what `members` names.
    let exclude = directories(workspace, "exclude")?;
    let exclude = exclude.into_iter().filter(|directory| !named(directory));
    let exclude = exclude.flat_map(|directory| [directory.clone(), format!("{directory}/**")]).collect();
    Ok(Members { tool: WorkspaceTool::Cargo, include, exclude })
}

/// A list of directories, without the `./` before them and the `/` behind them that mean nothing.
fn directories(workspace: &Node<'_>, key: &str) -> Result<Vec<String>, Failure> {
    let Some(list) = workspace.get(key) else { return Ok(Vec::new()) };
    if !matches!(list.value, Value::List(_)) {
        return Err(malformed(
            Some(list.span.start),
            format!("`{key}` of `[workspace]` must be a list of texts"),
        ));
    }
    let directory = |item: &Node<'_>| {
        let text = item
            .as_str()
            .map(|text| text.strip_prefix("./").unwrap_or(text).trim_end_matches('/').to_owned());
        text.ok_or_else(|| {
            malformed(Some(item.span.start), format!("`{key}` of `[workspace]` must be a list of texts"))
        })
    };
    list.items().iter().map(directory).collect()
}

fn dependencies(document: &Node<'_>) -> Result<Vec<Dependency>, Failure> {
    let mut found = Vec::new();
    tables(document, &mut found)?;
    for target in document.get("target").map(Node::entries).unwrap_or_default() {
        tables(&target.value, &mut found)?;
    }
    if let Some(table) = document.at(&["workspace", "dependencies"]) {
        add(table, &DependencyKind::Workspace, key_name, &mut found)?;
    }
    for registry in document.get("patch").map(Node::entries).unwrap_or_default() {
        add(&registry.value, &DependencyKind::Override, key_name, &mut found)?;
    }
    if let Some(table) = document.get("replace") {
        add(table, &DependencyKind::Override, replaced_name, &mut found)?;
    }
    Ok(found)
}

fn tables(node: &Node<'_>, found: &mut Vec<Dependency>) -> Result<(), Failure> {
    for (key, old, kind) in &TABLES {
        if let Some(table) = node.get(key).or_else(|| node.get(old)) {
            add(table, kind, key_name, found)?;
        }
    }
    Ok(())
}

/// A function that reads the name of a package out of a key.
type NameOf = fn(&str) -> &str;

fn key_name(key: &str) -> &str {
    key
}

/// The name in the key of `[replace]`, a package ID: `demo:0.1.0`, `registry+https://…#demo@0.1.0`.
fn replaced_name(key: &str) -> &str {
    let specification = key.rsplit_once('#').map_or(key, |(_, specification)| specification);
    specification.split(['@', ':']).next().unwrap_or(specification)
}

fn add(
    table: &Node<'_>,
    kind: &DependencyKind,
    name_of: NameOf,
    found: &mut Vec<Dependency>,
) -> Result<(), Failure> {
    if !matches!(table.value, Value::Map(_)) {
        return Err(malformed(Some(table.span.start), "dependencies must be a table"));
    }
    for entry in table.entries() {
        found.push(dependency(entry, kind, name_of(&entry.key))?);
    }
    Ok(())
}

fn dependency(entry: &Entry<'_>, kind: &DependencyKind, name: &str) -> Result<Dependency, Failure> {
    let node = &entry.value;
    let (name, constraint, source) = match &node.value {
        Value::Text { .. } => (name, Some(node.site()?), Source::Registry),
        Value::Map(_) => {
            let constraint = node.get("version").map(Node::site).transpose()?;
            (node.text_at(&["package"]).unwrap_or(name), constraint, source(node))
        }
        _ => {
            let message = format!("the dependency `{}` must be a text or a table", entry.key);
            return Err(malformed(Some(node.span.start), message));
        }
    };
    Ok(Dependency {
        name: name.to_owned(),
        kind: kind.clone(),
        constraint,
        notation: RANGE,
        source,
        offset: entry.key_span.start,
    })
}

/// Where a dependency is taken from. Cargo does so for what is built here, and by `version` for what is published.
fn source(node: &Node<'_>) -> Source {
    if node.get("workspace").and_then(Node::as_bool) == Some(true) {
        Source::Inherited
    } else if let Some(path) = node.text_at(&["path"]) {
        Source::Path(path.to_owned())
    } else if let Some(address) = node.text_at(&["git"]) {
        Source::Other(address.to_owned())
    } else {
        Source::Registry
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod with_cargo;
