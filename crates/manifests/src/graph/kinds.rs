use crate::DependencyKind;

/// Which lists of dependencies count; what a package needs to run always does, and so do configured edges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Kinds {
    /// Extras and `optionalDependencies`.
    pub optional: bool,
    /// `peerDependencies`.
    pub peer: bool,
    /// What a build needs.
    pub build: bool,
    /// Dev-dependencies.
    pub dev: bool,
    /// Dependency groups (PEP 735, Poetry).
    pub group: bool,
    /// Overrides, resolutions and patches.
    pub overrides: bool,
}

impl Kinds {
    /// What has to be published before the package: all but dev-dependencies, groups and overrides, which are no part
    /// of what is published.
    pub const PUBLISHING: Self =
        Self { optional: true, peer: true, build: true, dev: false, group: false, overrides: false };

    /// Every list.
    pub const ALL: Self =
        Self { optional: true, peer: true, build: true, dev: true, group: true, overrides: true };

    /// Whether a list counts.
    ///
    /// ```
    /// use tminus_manifests::{DependencyKind, graph::Kinds};
    ///
    /// assert!(Kinds::PUBLISHING.holds(&DependencyKind::Build));
    /// assert!(!Kinds::PUBLISHING.holds(&DependencyKind::Dev));
    /// ```
    pub fn holds(self, kind: &DependencyKind) -> bool {
        match kind {
            DependencyKind::Normal => true,
            DependencyKind::Optional(_) => self.optional,
            DependencyKind::Peer => self.peer,
            DependencyKind::Build => self.build,
            DependencyKind::Dev => self.dev,
            DependencyKind::Group(_) => self.group,
            DependencyKind::Override => self.overrides,
            DependencyKind::Workspace => false,
        }
    }
}

impl Default for Kinds {
    fn default() -> Self {
        Self::PUBLISHING
    }
}
