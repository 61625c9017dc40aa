//! Where the version of a package stands when its manifests are taken together.

use std::collections::BTreeMap;

use super::verdict::Root;
use super::{PackageVersion, Workspace};
use crate::tree::toml;
use crate::{Elsewhere, Manifest, ManifestKind, RelPath, Site, Version};

/// The versions that roots of Cargo workspaces state for their members; each root is read once.
#[derive(Default)]
pub(super) struct Inherited {
    of_root: BTreeMap<RelPath, Option<Site>>,
}

impl Inherited {
    /// The version of a package with these manifests, the most authoritative first.
    pub(super) fn of(
        &mut self,
        manifests: &[&Manifest],
        root: Option<&Root>,
        workspace: &Workspace,
    ) -> PackageVersion {
        let mut vague = PackageVersion::Absent;
        for manifest in manifests {
            match &manifest.version {
                Version::Here(site) => {
                    // A root that is a package too may inherit from itself.
                    let inherited = manifest.kind == ManifestKind::CargoToml
                        && manifest.workspace.is_some()
                        && self.stated(&manifest.path, workspace).is_some_and(|of_root| of_root == *site);
                    let path = manifest.path.clone();
                    return PackageVersion::Stated { path, site: site.clone(), inherited };
                }
                Version::Elsewhere { source, fallback } => {
                    let stated = root.filter(|_| *source == Elsewhere::Workspace).and_then(|root| {
                        let site = self.stated(&root.path, workspace)?;
                        Some(PackageVersion::Stated { path: root.path.clone(), site, inherited: true })
                    });
                    if let Some(stated) = stated {
                        return stated;
                    }
                    let found = PackageVersion::Elsewhere {
                        path: manifest.path.clone(),
                        source: source.clone(),
                        fallback: fallback.clone(),
                    };
                    // What the build backend knows may be what the next file says: setuptools reads setup.cfg.
                    if *source != Elsewhere::BuildBackend {
                        return found;
                    }
                    if vague == PackageVersion::Absent {
                        vague = found;
                    }
                }
                Version::Absent => {}
            }
        }
        vague
    }

    fn stated(&mut self, root: &RelPath, workspace: &Workspace) -> Option<Site> {
        if let Some(known) = self.of_root.get(root) {
            return known.clone();
        }
        let site = workspace.text(root).and_then(|text| {
            let document = toml::parse(text).ok()?;
            document.at(&["workspace", "package", "version"])?.site().ok()
        });
        self.of_root.insert(root.clone(), site.clone());
        site
    }
}
