use std::fmt;

use crate::RelPath;

/// A kind of file whose version stands in a known place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Format {
    /// `pyproject.toml`: `[project] version`, else `[tool.poetry] version`.
    Pyproject,
    /// `setup.cfg`: `[metadata] version`.
    SetupCfg,
    /// A Python source file: the assignment of `__version__`.
    Python,
    /// `Cargo.toml`: `[workspace.package] version`, else `[package] version`.
    CargoToml,
    /// `package.json`: `"version"` at the top.
    PackageJson,
    /// `Chart.yaml` of Helm: `version` at the top.
    Chart,
    /// `CITATION.cff`: `version` at the top.
    Citation,
}

impl Format {
    /// The format of a file, by its name.
    pub fn of(path: &RelPath) -> Option<Self> {
        match path.file_name() {
            "pyproject.toml" => Some(Self::Pyproject),
            "setup.cfg" => Some(Self::SetupCfg),
            "Cargo.toml" => Some(Self::CargoToml),
            "package.json" => Some(Self::PackageJson),
            "Chart.yaml" => Some(Self::Chart),
            "CITATION.cff" => Some(Self::Citation),
            name => name.strip_suffix(".py").map(|_| Self::Python),
        }
    }

    /// The place where the version is looked for, for messages.
    pub fn looks_for(self) -> &'static str {
        match self {
            Self::Pyproject => "`version` in `[project]` or `[tool.poetry]`",
            Self::SetupCfg => "`version` in `[metadata]`",
            Self::Python => "`__version__ = \"...\"`",
            Self::CargoToml => "`version` in `[workspace.package]` or `[package]`",
            Self::PackageJson => "`\"version\"` at the top level",
            Self::Chart | Self::Citation => "`version` at the top level",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Pyproject => "pyproject.toml",
            Self::SetupCfg => "setup.cfg",
            Self::Python => "Python",
            Self::CargoToml => "Cargo.toml",
            Self::PackageJson => "package.json",
            Self::Chart => "Chart.yaml",
            Self::Citation => "CITATION.cff",
        })
    }
}
