use std::fmt;

use crate::{DependencyKind, PackageId, RelPath, Source};

use super::Kinds;

/// A package needs another package of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// The package that needs the other one.
    pub from: PackageId,
    /// The package that is needed.
    pub to: PackageId,
    /// Every place that says so, at least one: manifests in their order, then what is configured.
    pub reasons: Vec<Reason>,
}

/// Why a package needs another one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// A manifest says so.
    Stated(Stated),
    /// The configuration of the project says so, with these words.
    Configured(String),
}

/// A dependency as a manifest states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// The manifest and the dependency in it.
    pub place: Place,
    /// The list in which it stands.
    pub kind: DependencyKind,
    /// The constraint as it is written, here or in the table of the workspace; nothing where there is none.
    pub constraint: Option<String>,
    /// Where the package is taken from, as the manifest says.
    pub source: Source,
    /// The entry in the table of the workspace that an inherited dependency stands for, which holds the constraint.
    pub inherited: Option<Place>,
}

/// A dependency in a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The manifest.
    pub manifest: RelPath,
    /// The place in [`Manifest::dependencies`](crate::Manifest::dependencies).
    pub index: usize,
    /// The line, from 1.
    pub line: u32,
}

impl Edge {
    /// The first reason that counts among some kinds of dependencies.
    pub fn reason(&self, kinds: Kinds) -> Option<&Reason> {
        self.reasons.iter().find(|reason| reason.counts(kinds))
    }
}

impl Reason {
    /// Whether it counts among some kinds of dependencies.
    pub fn counts(&self, kinds: Kinds) -> bool {
        match self {
            Self::Stated(stated) => kinds.holds(&stated.kind),
            Self::Configured(_) => true,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stated(Stated { place, constraint, .. }) => {
                write!(formatter, "{}:{}", place.manifest, place.line)?;
                constraint.as_ref().map_or(Ok(()), |constraint| write!(formatter, " {constraint}"))
            }
            Self::Configured(why) => formatter.write_str(why),
        }
    }
}

impl fmt::Display for Edge {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} needs {}", self.from, self.to)?;
        self.reasons.first().map_or(Ok(()), |reason| write!(formatter, " ({reason})"))
    }
}
