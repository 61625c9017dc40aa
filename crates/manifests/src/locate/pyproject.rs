//! pyproject.toml: `[project] version`, else `[tool.poetry] version`, and what a dynamic version comes from.

use super::{Failure, Problem, Site, not_found};
use crate::manifest::pyproject::{Stated, version};
use crate::tree::toml;
use crate::{Format, Version};

pub(crate) fn locate(source: &str) -> Result<Site, Failure> {
    match version(&toml::parse(source)?)? {
        Stated { version: Version::Here(site), .. } => Ok(site),
        Stated { version: Version::Elsewhere { source, .. }, offset } => {
            Err(Failure { offset, problem: Problem::Elsewhere(source) })
        }
        Stated { version: Version::Absent, .. } => Err(not_found(Format::Pyproject)),
    }
}
