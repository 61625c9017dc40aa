//! pyproject.toml: `[project] version`, else `[tool.poetry] version`, and what a dynamic version comes from.

use toml_edit::{Item, Table};

use super::{Elsewhere, Failure, Problem, Site, not_found, toml};
use crate::Format;

pub(crate) fn locate(source: &str) -> Result<Site, Failure> {
    let document = toml::parse(source)?;
    let root = document.as_table();
    if let Some(version) = toml::item(root, &["project", "version"]) {
        return toml::string_place(source, version);
    }
    // Poetry 2 accepts `dynamic = ["version"]` with the value in its own table, so that its table is asked first.
    if let Some(version) = toml::item(root, &["tool", "poetry", "version"]) {
        let place = toml::string_place(source, version)?;
        // With poetry-dynamic-versioning the value is a dummy that the plugin replaces while it builds.
        return match plugin(root) {
            None => Ok(place),
            Some(tool) => Err(Failure::at(place.span.start, elsewhere(tool))),
        };
    }
    match dynamic_entry(root) {
        Some(entry) => {
            Err(Failure { offset: toml::offset(entry), problem: Problem::Elsewhere(dynamic_source(root)) })
        }
        None => Err(not_found(Format::Pyproject)),
    }
}

fn plugin(root: &Table) -> Option<&'static str> {
    let settings = toml::item(root, &["tool", "poetry-dynamic-versioning"])?;
    let enabled = settings.get("enable").and_then(Item::as_bool).unwrap_or(false);
    enabled.then_some("poetry-dynamic-versioning")
}

fn elsewhere(tool: &str) -> Problem {
    Problem::Elsewhere(Elsewhere::VersionControl { tool: tool.to_owned() })
}

/// The list that declares the version as dynamic.
fn dynamic_entry(root: &Table) -> Option<&Item> {
    let dynamic = toml::item(root, &["project", "dynamic"])?;
    let names_version = dynamic.as_array()?.iter().any(|field| field.as_str() == Some("version"));
    names_version.then_some(dynamic)
}

/// What the build backend takes a dynamic version from, as far as the settings of the common ones tell.
fn dynamic_source(root: &Table) -> Elsewhere {
    let file = |path: &str| Elsewhere::File { path: path.to_owned() };
    let tags = |tool: &str| Elsewhere::VersionControl { tool: tool.to_owned() };

    let setuptools = ["tool", "setuptools", "dynamic", "version"];
    if let Some(source) = toml::item(root, &setuptools) {
        if let Some(name) = source.get("attr").and_then(Item::as_str) {
            return Elsewhere::Attribute { name: name.to_owned() };
        }
        if let Some(path) = source.get("file").and_then(first_text) {
            return file(path);
        }
    }
    for tool in
        ["setuptools_scm", "setuptools-scm", "versioningit", "versioneer", "poetry-dynamic-versioning"]
    {
        if toml::item(root, &["tool", tool]).is_some() {
            return tags(tool);
        }
    }
    if let Some(hatch) = toml::item(root, &["tool", "hatch", "version"]) {
        if hatch.get("source").and_then(Item::as_str) == Some("vcs") {
            return tags("hatch-vcs");
        }
        if let Some(path) = hatch.get("path").and_then(Item::as_str) {
            return file(path);
        }
    }
    if let Some(pdm) = toml::item(root, &["tool", "pdm", "version"]) {
        if pdm.get("source").and_then(Item::as_str) == Some("scm") {
            return tags("pdm");
        }
        if let Some(path) = pdm.get("path").and_then(Item::as_str) {
            return file(path);
        }
    }
    from_build_system(root)
}

fn from_build_system(root: &Table) -> Elsewhere {
    let requirements = toml::item(root, &["build-system", "requires"]).and_then(Item::as_array);
    for requirement in requirements.into_iter().flatten().filter_map(|requirement| requirement.as_str()) {
        let name: String = requirement
            .chars()
            .take_while(|&character| character.is_ascii_alphanumeric() || "-_.".contains(character))
            .map(|character| if "_.".contains(character) { '-' } else { character.to_ascii_lowercase() })
            .collect();
        if matches!(
            name.as_str(),
            "setuptools-scm" | "hatch-vcs" | "versioningit" | "setuptools-git-versioning" | "pbr"
        ) {
            return Elsewhere::VersionControl { tool: name };
        }
    }
    let backend = toml::text(root, &["build-system", "build-backend"]).unwrap_or_default();
    let module = toml::text(root, &["tool", "flit", "module", "name"])
        .or_else(|| toml::text(root, &["project", "name"]));
    match module {
        Some(module) if backend.starts_with("flit_core") => {
            Elsewhere::Attribute { name: format!("{}.__version__", module.replace(['-', '.'], "_")) }
        }
        _ => Elsewhere::BuildBackend,
    }
}

/// A text, or the first one of a list.
fn first_text(item: &Item) -> Option<&str> {
    item.as_str().or_else(|| item.as_array()?.get(0)?.as_str())
}
