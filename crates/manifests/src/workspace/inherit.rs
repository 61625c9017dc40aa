//! What a dependency stands for whose constraint or place is stated in the table of its workspace.

use std::collections::BTreeMap;

use crate::tree::yaml;
use crate::{Dependency, DependencyKind, Ecosystem, Manifest, ManifestKind};

/// The table of a workspace: places in the dependencies of its root, by the key under which members inherit them.
#[derive(Debug, Default)]
pub(crate) struct Table {
    by_key: BTreeMap<Key, Vec<usize>>,
}

/// The catalog of pnpm, nothing in Cargo, and the key in it.
type Key = (String, String);

/// The catalog that `catalog:` means, and that the map `catalog` is.
const DEFAULT_CATALOG: &str = "default";

impl Table {
    /// The table of a root.
    pub(crate) fn of(manifest: &Manifest, source: &[u8]) -> Self {
        let mut by_key: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
        let mut catalogs = if manifest.kind == ManifestKind::PnpmWorkspace {
            std::str::from_utf8(source).map(catalogs).unwrap_or_default()
        } else {
            BTreeMap::new()
        };
        for (index, dependency) in manifest.dependencies.iter().enumerate() {
            if dependency.kind == DependencyKind::Workspace {
                let in_catalog = catalogs.remove(&dependency.offset);
                let key = in_catalog.unwrap_or_else(|| key(manifest, dependency, source));
                by_key.entry(key).or_default().push(index);
            }
        }
        Self { by_key }
    }

    /// The entry that a dependency of a member stands for; nothing where there are several.
    pub(crate) fn find(&self, member: &Manifest, dependency: &Dependency, source: &[u8]) -> Option<usize> {
        match self.by_key.get(&key(member, dependency, source))?.as_slice() {
            [index] => Some(*index),
            _ => None,
        }
    }
}

/// The keys of a pnpm-workspace.yaml by their first bytes. `npm:other@^1` names another package than its key.
fn catalogs(source: &str) -> BTreeMap<usize, Key> {
    let Ok(document) = yaml::parse(source) else { return BTreeMap::new() };
    let unnamed = document.get("catalog").map(|map| (DEFAULT_CATALOG, map));
    let named = document.get("catalogs").map(crate::tree::Node::entries).unwrap_or_default();
    let named = named.iter().map(|entry| (entry.key.as_ref(), &entry.value));
    let keys = unnamed.into_iter().chain(named).flat_map(|(catalog, map)| {
        let key = |entry: &crate::tree::Entry<'_>| (catalog.to_owned(), entry.key.to_string());
        map.entries().iter().map(move |entry| (entry.key_span.start, key(entry)))
    });
    keys.collect()
}

/// The key of a dependency. In Cargo `package` may say another name than the key, which is what members inherit by.
fn key(manifest: &Manifest, dependency: &Dependency, source: &[u8]) -> Key {
    let text = dependency.constraint.as_ref().map(|site| site.text().trim());
    if let Some(catalog) = text.and_then(|text| text.strip_prefix("catalog:")) {
        let catalog = Some(catalog.trim()).filter(|name| !name.is_empty()).unwrap_or(DEFAULT_CATALOG);
        return (catalog.to_owned(), dependency.name.clone());
    }
    if manifest.kind.ecosystem() == Ecosystem::Cargo
        && let Some(rest) = source.get(dependency.offset..)
        // A key does not go over the end of its line; the rest of the file need not be looked at for each of them.
        && let Ok(line) = std::str::from_utf8(rest.split(|&byte| byte == b'\n').next().unwrap_or_default())
        && let Some(spelled) = spelled_key(line)
    {
        return (String::new(), spelled.to_owned());
    }
    (String::new(), dependency.name.clone())
}

/// The key of TOML with which a text starts, bare or in quotes.
fn spelled_key(text: &str) -> Option<&str> {
    let key = match text.chars().next()? {
        quote @ ('"' | '\'') => text.get(1..)?.split(quote).next()?,
        _ => text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))).next()?,
    };
    Some(key).filter(|key| !key.is_empty())
}
