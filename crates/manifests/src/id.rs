use std::fmt;
use std::str::FromStr;

/// Where a package is published, and whose rules its name follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Ecosystem {
    /// Python packages.
    Pypi,
    /// JavaScript packages.
    Npm,
    /// Rust crates.
    Cargo,
    /// Go modules.
    Go,
    /// Helm charts.
    Helm,
    /// Container images.
    Oci,
}

impl Ecosystem {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Pypi, Self::Npm, Self::Cargo, Self::Go, Self::Helm, Self::Oci];

    /// The word before the colon of an identity.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pypi => "pypi",
            Self::Npm => "npm",
            Self::Cargo => "cargo",
            Self::Go => "go",
            Self::Helm => "helm",
            Self::Oci => "oci",
        }
    }
}

impl fmt::Display for Ecosystem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// The identity of a package, `ecosystem:name`; two registries may know different packages by one name.
///
/// The name is in the normal form of its ecosystem: of Python packages the one of PEP 503, so that `My.Demo_pkg` and
/// `my-demo-pkg` are one package; of crates with `-` for `_`.
///
/// ```
/// use tminus_manifests::PackageId;
///
/// let id: PackageId = "pypi:Demo.Core".parse()?;
/// assert_eq!(id.to_string(), "pypi:demo-core");
/// assert_eq!(id, PackageId::pypi("demo_core"));
/// # Ok::<(), tminus_manifests::ParseIdError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackageId {
    ecosystem: Ecosystem,
    name: String,
}

impl PackageId {
    /// The identity of a package by the name that its manifest or a dependency on it states.
    pub fn new(ecosystem: Ecosystem, name: &str) -> Self {
        let name = match ecosystem {
            Ecosystem::Pypi => tminus_versioning::constraint::pep508::normalize_name(name),
            Ecosystem::Cargo => name.replace('_', "-"),
            Ecosystem::Npm | Ecosystem::Go | Ecosystem::Helm | Ecosystem::Oci => name.to_owned(),
        };
        Self { ecosystem, name }
    }

    /// A Python package.
    pub fn pypi(name: &str) -> Self {
        Self::new(Ecosystem::Pypi, name)
    }

    /// The ecosystem.
    pub fn ecosystem(&self) -> Ecosystem {
        self.ecosystem
    }

    /// The name in its normal form.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for PackageId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.ecosystem, self.name)
    }
}

impl FromStr for PackageId {
    type Err = ParseIdError;

    /// Reads `ecosystem:name`.
    ///
    /// # Errors
    ///
    /// - no colon, or an unknown word before it: `demo`, `conda:demo`
    /// - an empty name, or one with white space or control characters
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || ParseIdError { text: text.chars().take(256).collect() };
        let (word, name) = text.split_once(':').ok_or_else(refused)?;
        let ecosystem = Ecosystem::ALL.into_iter().find(|ecosystem| ecosystem.as_str() == word);
        let named = !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c.is_control());
        match ecosystem {
            Some(ecosystem) if named => Ok(Self::new(ecosystem, name)),
            _ => Err(refused()),
        }
    }
}

/// The text is no identity of a package.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is not a package: write `pypi:NAME`, `npm:NAME`, `cargo:NAME`, `go:NAME`, `helm:NAME` or `oci:NAME`"
)]
pub struct ParseIdError {
    text: String,
}
