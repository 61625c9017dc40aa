//! The version of a pyproject.toml, and what a dynamic one comes from.

use tminus_versioning::constraint::pep508::Requirement;

use crate::locate::Failure;
use crate::tree::{Node, Value};
use crate::{Elsewhere, Site, Version};

/// What a file says about its version, and where it says so.
#[derive(Debug)]
pub(crate) struct Stated {
    pub(crate) version: Version,
    pub(crate) offset: Option<usize>,
}

/// Tools whose table says by itself that they set the version, and the key of what they take without tags.
const TAG_TOOLS: [(&str, &str); 6] = [
    ("setuptools_scm", "fallback_version"),
    ("setuptools-scm", "fallback_version"),
    ("vcs-versioning", "fallback_version"),
    ("versioningit", "default-version"),
    ("versioneer", ""),
    ("poetry-dynamic-versioning", ""),
];

/// Reads `[project] version`, else `[tool.poetry] version`, else where a dynamic version comes from.
pub(crate) fn version(root: &Node<'_>) -> Result<Stated, Failure> {
    if let Some(version) = root.at(&["project", "version"]) {
        return here(version);
    }
    // Poetry 2 accepts `dynamic = ["version"]` with the value in its own table, so that its table is asked first.
    if let Some(version) = root.at(&["tool", "poetry", "version"]) {
        // With poetry-dynamic-versioning the value is a dummy that the plugin replaces while it builds.
        let plugin = root.at(&["tool", "poetry-dynamic-versioning", "enable"]).and_then(Node::as_bool);
        return if plugin == Some(true) {
            let source = tags("poetry-dynamic-versioning");
            Ok(elsewhere(source, None, Some(version.span.start)))
        } else {
            here(version)
        };
    }
    if let Some(offset) = dynamic_offset(root) {
        let (source, fallback) = dynamic_source(root)?;
        return Ok(elsewhere(source, fallback, Some(offset)));
    }
    // A project that is described in setup.cfg or setup.py keeps only the settings of the tool here.
    if root.get("project").is_none() {
        for (tool, key) in TAG_TOOLS.into_iter().take(3) {
            if let Some(table) = root.at(&["tool", tool]) {
                return Ok(elsewhere(tags(tool), fallback(table, &[key])?, Some(table.span.start)));
            }
        }
    }
    Ok(Stated { version: Version::Absent, offset: None })
}

fn here(version: &Node<'_>) -> Result<Stated, Failure> {
    Ok(Stated { offset: Some(version.span.start), version: Version::Here(version.site()?) })
}

fn elsewhere(source: Elsewhere, fallback: Option<Site>, offset: Option<usize>) -> Stated {
    Stated { version: Version::Elsewhere { source, fallback }, offset }
}

/// The place of the list that declares the version as dynamic.
fn dynamic_offset(root: &Node<'_>) -> Option<usize> {
    let dynamic = root.at(&["project", "dynamic"])?;
    let names_version = dynamic.items().iter().any(|field| field.as_str() == Some("version"));
    names_version.then_some(dynamic.span.start)
}

fn tags(tool: &str) -> Elsewhere {
    Elsewhere::VersionControl { tool: tool.to_owned() }
}

fn file(path: &str) -> Elsewhere {
    Elsewhere::File { path: path.to_owned() }
}

/// What is taken where there are no tags; an empty text counts as none, as it does for the tools.
fn fallback(table: &Node<'_>, keys: &[&str]) -> Result<Option<Site>, Failure> {
    let found = table.at(keys).map(Node::site).transpose()?;
    Ok(found.filter(|site| !site.text().is_empty()))
}

/// What the build backend takes a dynamic version from, as far as the settings of the common ones tell.
fn dynamic_source(root: &Node<'_>) -> Result<(Elsewhere, Option<Site>), Failure> {
    if let Some(source) = from_setuptools(root) {
        return Ok((source, None));
    }
    for (tool, key) in TAG_TOOLS {
        if let Some(table) = root.at(&["tool", tool]) {
            return Ok((tags(tool), fallback(table, &[key])?));
        }
    }
    if let Some(hatch) = root.at(&["tool", "hatch", "version"])
        && let Some(found) = from_hatch(hatch)?
    {
        return Ok(found);
    }
    if let Some(pdm) = root.at(&["tool", "pdm", "version"]) {
        if pdm.text_at(&["source"]) == Some("scm") {
            return Ok((tags("pdm"), fallback(pdm, &["fallback_version"])?));
        }
        if let Some(path) = pdm.text_at(&["path"]) {
            return Ok((file(path), None));
        }
    }
    Ok((from_build_system(root), None))
}

fn from_setuptools(root: &Node<'_>) -> Option<Elsewhere> {
    let source = root.at(&["tool", "setuptools", "dynamic", "version"])?;
    if let Some(name) = source.text_at(&["attr"]) {
        return Some(Elsewhere::Attribute { name: name.to_owned() });
    }
    let files = source.get("file")?;
    let path = match &files.value {
        Value::List(files) => files.first()?.as_str(),
        _ => files.as_str(),
    };
    path.map(file)
}

fn from_hatch(hatch: &Node<'_>) -> Result<Option<(Elsewhere, Option<Site>)>, Failure> {
    if hatch.text_at(&["source"]) == Some("vcs") {
        let own = fallback(hatch, &["fallback-version"])?;
        let fallback = match own {
            Some(site) => Some(site),
            None => fallback(hatch, &["raw-options", "fallback_version"])?,
        };
        return Ok(Some((tags("hatch-vcs"), fallback)));
    }
    Ok(hatch.text_at(&["path"]).map(|path| (file(path), None)))
}

fn from_build_system(root: &Node<'_>) -> Elsewhere {
    let requirements = root.at(&["build-system", "requires"]).map(Node::items).unwrap_or_default();
    let parsed = requirements.iter().filter_map(|item| item.as_str()?.parse::<Requirement>().ok());
    let tool = parsed.map(|requirement| requirement.normalized_name()).find(|name| {
        matches!(
            name.as_str(),
            "setuptools-scm" | "hatch-vcs" | "versioningit" | "setuptools-git-versioning" | "pbr"
        )
    });
    if let Some(tool) = tool {
        return Elsewhere::VersionControl { tool };
    }
    let backend = root.text_at(&["build-system", "build-backend"]).unwrap_or_default();
    let module =
        root.text_at(&["tool", "flit", "module", "name"]).or_else(|| root.text_at(&["project", "name"]));
    match module {
        Some(module) if backend.starts_with("flit_core") => {
            Elsewhere::Attribute { name: format!("{}.__version__", module.replace(['-', '.'], "_")) }
        }
        _ => Elsewhere::BuildBackend,
    }
}
