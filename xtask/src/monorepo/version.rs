//! Versions of generated packages: three numbers.

use std::fmt;

/// A release of three numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Triple {
    pub(super) major: u64,
    pub(super) minor: u64,
    pub(super) patch: u64,
}

impl Triple {
    pub(super) fn new(major: u64, minor: u64, patch: u64) -> Self {
        Self { major, minor, patch }
    }

    /// The next minor release.
    pub(super) fn next_minor(self) -> Self {
        Self::new(self.major, self.minor + 1, 0)
    }
}

impl fmt::Display for Triple {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// How a package asks for another one of the tree. Each kind of tree has its own notation for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// `>=0.12.3,<0.13`.
    Window,
    /// `>=0.12,<0.13`.
    Narrow,
    /// `>=0.12.3,<0.13.0`.
    Capped,
    /// Up to the next major release.
    Wide,
    /// This release alone.
    Exact,
    /// From this release on.
    Floor,
    /// This minor release: `~=0.12.3`, `~0.12.3`.
    Compatible,
    /// `^1.2.3`; in Cargo without the sign.
    Caret,
}

impl Shape {
    pub(super) const PYTHON: [Self; 7] =
        [Self::Window, Self::Narrow, Self::Capped, Self::Wide, Self::Exact, Self::Floor, Self::Compatible];
    pub(super) const NPM: [Self; 5] = [Self::Caret, Self::Compatible, Self::Exact, Self::Wide, Self::Floor];
    pub(super) const CARGO: [Self; 5] =
        [Self::Caret, Self::Narrow, Self::Exact, Self::Wide, Self::Compatible];

    /// As PEP 440 writes it.
    pub(super) fn python(self, version: Triple) -> String {
        let Triple { major, minor, .. } = version;
        let next = minor + 1;
        match self {
            Self::Window | Self::Caret => format!(">={version},<{major}.{next}"),
            Self::Narrow => format!(">={major}.{minor},<{major}.{next}"),
            Self::Capped => format!(">={version},<{major}.{next}.0"),
            Self::Wide => format!(">={version},<{}", major + 1),
            Self::Exact => format!("=={version}"),
            Self::Floor => format!(">={version}"),
            Self::Compatible => format!("~={version}"),
        }
    }

    /// As node-semver reads it.
    pub(super) fn npm(self, version: Triple) -> String {
        match self {
            Self::Compatible => format!("~{version}"),
            Self::Exact => version.to_string(),
            Self::Wide => format!(">={version} <{}", version.major + 1),
            Self::Floor => format!(">={version}"),
            Self::Caret | Self::Window | Self::Narrow | Self::Capped => format!("^{version}"),
        }
    }

    /// As Cargo reads it.
    pub(super) fn cargo(self, version: Triple) -> String {
        match self {
            Self::Narrow => format!("{}.{}", version.major, version.minor),
            Self::Exact => format!("={version}"),
            Self::Wide => format!(">={version}, <{}", version.major + 1),
            Self::Compatible => format!("~{version}"),
            Self::Caret | Self::Window | Self::Capped | Self::Floor => version.to_string(),
        }
    }
}
