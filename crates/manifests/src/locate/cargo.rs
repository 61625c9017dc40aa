//! Cargo.toml: `[workspace.package] version`, else `[package] version`.

use super::{Elsewhere, Failure, Problem, Site, not_found};
use crate::Format;
use crate::manifest::cargo_toml::{inherits, workspace_version};
use crate::tree::toml;

pub(crate) fn locate(source: &str) -> Result<Site, Failure> {
    let document = toml::parse(source)?;
    if let Some(site) = workspace_version(&document)? {
        return Ok(site);
    }
    let Some(version) = document.at(&["package", "version"]) else {
        return Err(not_found(Format::CargoToml));
    };
    if let Some(switch) = version.get("workspace").filter(|_| inherits(version)) {
        return Err(Failure::at(switch.span.start, Problem::Elsewhere(Elsewhere::Workspace)));
    }
    version.site()
}
