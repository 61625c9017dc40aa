//! Cargo.toml: `[workspace.package] version`, else `[package] version`.

use super::{Elsewhere, Failure, Problem, Site, not_found, toml};
use crate::Format;

pub(crate) fn locate(source: &str) -> Result<Site, Failure> {
    let document = toml::parse(source)?;
    let root = document.as_table();
    if let Some(version) = toml::item(root, &["workspace", "package", "version"]) {
        return toml::string_place(source, version);
    }
    let Some(version) = toml::item(root, &["package", "version"]) else {
        return Err(not_found(Format::CargoToml));
    };
    if version.get("workspace").is_some() {
        return Err(Failure {
            offset: toml::offset(version).or_else(|| source.find("workspace")),
            problem: Problem::Elsewhere(Elsewhere::Workspace),
        });
    }
    toml::string_place(source, version)
}
