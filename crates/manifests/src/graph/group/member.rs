use std::fmt;
use std::str::FromStr;

use crate::workspace::glob::Glob;
use crate::{Ecosystem, PackageId};

/// A package or several of them, as a configuration names them: `pypi:demo-core`, `npm:@demo/*`, `cargo:{a,b}`.
///
/// `*` stands for any part of a name but `/`, `?` for one character, `[ab]` and `{a,b}` for one of both, `**` for
/// anything. What is around them is compared in the normal form of the ecosystem.
///
/// ```
/// use tminus_manifests::{PackageId, graph::group::GroupMember};
///
/// let member: GroupMember = "pypi:Demo_*".parse()?;
/// assert!(member.matches(&PackageId::pypi("demo.core")));
/// assert!(!member.matches(&PackageId::pypi("other")));
/// # Ok::<(), tminus_manifests::graph::group::ParseMemberError>(())
/// ```
#[derive(Debug, Clone)]
pub struct GroupMember {
    text: String,
    ecosystem: Ecosystem,
    names: Names,
}

#[derive(Debug, Clone)]
enum Names {
    One(String),
    Pattern(Glob),
}

impl GroupMember {
    /// Whether a package is meant.
    pub fn matches(&self, id: &PackageId) -> bool {
        id.ecosystem() == self.ecosystem
            && match &self.names {
                Names::One(name) => name == id.name(),
                Names::Pattern(glob) => glob.matches(id.name()),
            }
    }
}

impl From<PackageId> for GroupMember {
    fn from(id: PackageId) -> Self {
        Self { text: id.to_string(), ecosystem: id.ecosystem(), names: Names::One(id.name().to_owned()) }
    }
}

impl PartialEq for GroupMember {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for GroupMember {}

impl fmt::Display for GroupMember {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl FromStr for GroupMember {
    type Err = ParseMemberError;

    /// Reads `ecosystem:name` with or without `*`.
    ///
    /// # Errors
    ///
    /// - what is no [`PackageId`]: `demo-*`, `conda:demo`
    /// - a pattern that is not closed: `pypi:demo-{a`
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || ParseMemberError { text: text.chars().take(256).collect() };
        let id: PackageId = text.parse().map_err(|_| refused())?;
        if !text.contains(['*', '?', '[', ']', '{', '}']) {
            return Ok(Self { text: text.to_owned(), ..Self::from(id) });
        }
        let glob = Glob::of_name(id.name()).map_err(|_| refused())?;
        Ok(Self { text: text.to_owned(), ecosystem: id.ecosystem(), names: Names::Pattern(glob) })
    }
}

/// The text names no packages.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} names no packages: write `pypi:NAME`, or a pattern such as `npm:@demo/*`")]
pub struct ParseMemberError {
    text: String,
}
