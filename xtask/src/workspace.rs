//! This workspace, as `cargo metadata` describes it.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde_json::Value;

use crate::command::cargo;

/// Where things are, and what the members say about themselves.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
    pub(crate) members: Vec<Member>,
}

/// A crate of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) version: String,
    /// Its Cargo.toml, from the root.
    pub(crate) manifest: String,
    /// Whether it may be published.
    pub(crate) publishable: bool,
    pub(crate) readme: bool,
    pub(crate) description: bool,
    pub(crate) license: bool,
    pub(crate) dependencies: Vec<Dependency>,
}

/// What a crate asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// Whether it says where in the tree the other crate is.
    pub(crate) by_path: bool,
    /// Whether it also says which version it takes, so that it is kept when packaged.
    pub(crate) by_version: bool,
}

/// When a dependency is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Normal,
    Build,
    Dev,
}

impl Workspace {
    /// The workspace that the current directory is in.
    pub(crate) fn find() -> anyhow::Result<Self> {
        let here = std::env::current_dir().context("the current directory cannot be read")?;
        let output = cargo(&here)
            .args(["metadata", "--format-version", "1", "--no-deps"])
            .output()
            .context("cargo cannot be started")?;
        if !output.status.success() {
            bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        let metadata = serde_json::from_slice(&output.stdout).context("cargo metadata is no JSON")?;
        Self::read(&metadata)
    }

    /// Reads the answer of `cargo metadata`.
    ///
    /// # Errors
    /// A field is missing.
    pub(crate) fn read(metadata: &Value) -> anyhow::Result<Self> {
        let root = PathBuf::from(text(metadata, "workspace_root")?);
        let packages = metadata.get("packages").and_then(Value::as_array);
        let packages = packages.context("cargo metadata names no packages")?;
        let mut members =
            packages.iter().map(|package| member(&root, package)).collect::<anyhow::Result<Vec<_>>>()?;
        members.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(Self { target: PathBuf::from(text(metadata, "target_directory")?), root, members })
    }

    /// The members that go to a registry.
    pub(crate) fn publishable(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| member.publishable)
    }
}

fn member(root: &Path, package: &Value) -> anyhow::Result<Member> {
    let given =
        |field: &str| package.get(field).and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty());
    let manifest = PathBuf::from(text(package, "manifest_path")?);
    let dependencies = package.get("dependencies").and_then(Value::as_array).map(Vec::as_slice);
    Ok(Member {
        name: text(package, "name")?,
        version: text(package, "version")?,
        manifest: manifest.strip_prefix(root).unwrap_or(&manifest).display().to_string(),
        publishable: package.get("publish").and_then(Value::as_array).is_none_or(|to| !to.is_empty()),
        readme: given("readme"),
        description: given("description"),
        license: given("license"),
        dependencies: dependencies
            .unwrap_or_default()
            .iter()
            .map(dependency)
            .collect::<anyhow::Result<_>>()?,
    })
}

fn dependency(dependency: &Value) -> anyhow::Result<Dependency> {
    let kind = match dependency.get("kind").and_then(Value::as_str) {
        None => Kind::Normal,
        Some("build") => Kind::Build,
        Some("dev") => Kind::Dev,
        Some(other) => bail!("cargo metadata: unknown kind of dependency `{other}`"),
    };
    Ok(Dependency {
        name: text(dependency, "name")?,
        kind,
        by_path: dependency.get("path").is_some_and(Value::is_string),
        by_version: text(dependency, "req")? != "*",
    })
}

fn text(value: &Value, field: &str) -> anyhow::Result<String> {
    let text = value.get(field).and_then(Value::as_str);
    Ok(text.with_context(|| format!("cargo metadata has no `{field}`"))?.to_owned())
}
