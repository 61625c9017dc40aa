//! Overrides that hold only for some versions of a package, or only below another package.

use std::collections::BTreeSet;

use crate::locate::json;
use crate::tree::{Node, Value, yaml};
use crate::{DependencyKind, Manifest, ManifestKind};

/// The places (first bytes) of the overrides of a manifest that have a condition.
pub(super) fn conditional(manifest: &Manifest, source: &str) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    if !manifest.dependencies.iter().any(|dependency| dependency.kind == DependencyKind::Override) {
        return found;
    }
    match manifest.kind {
        ManifestKind::PackageJson => {
            let Ok(document) = json::object(source) else { return found };
            let flat = [&["resolutions"][..], &["pnpm", "overrides"][..]];
            document.at(&["overrides"]).into_iter().for_each(|map| nested(map, None, &mut found));
            flat.iter().filter_map(|keys| document.at(keys)).for_each(|map| nested(map, None, &mut found));
        }
        ManifestKind::PnpmWorkspace => {
            let Ok(document) = yaml::parse(source) else { return found };
            document.get("overrides").into_iter().for_each(|map| nested(map, None, &mut found));
        }
        _ => {}
    }
    found
}

/// Below a package everything has a condition, but for the package itself (`.`), which has that of its own key.
fn nested(map: &Node<'_>, below: Option<bool>, found: &mut BTreeSet<usize>) {
    for entry in map.entries() {
        let conditional = match below {
            Some(parent) => parent || entry.key != ".",
            None => !is_plain(&entry.key),
        };
        if matches!(entry.value.value, Value::Map(_)) {
            nested(&entry.value, Some(conditional), found);
        } else if conditional {
            found.insert(entry.key_span.start);
        }
    }
}

/// Whether a key is the name of a package alone, which yarn also writes as `**/name`.
fn is_plain(key: &str) -> bool {
    let name = key.strip_prefix("**/").unwrap_or(key);
    let (slashes, rest) = name.strip_prefix('@').map_or((0, name), |rest| (1, rest));
    rest.matches('/').count() == slashes && !rest.contains(['@', '>'])
}
