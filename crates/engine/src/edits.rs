//! From planned edits to bytes.

use std::path::Path;

use tminus_manifests::{EditSet, Found, RelPath, VersionFile};
use tminus_versioning::{ReleaseVersion, Scheme};

use crate::plan::{Find, PlannedEdit, edits_by_file};

/// The largest file that may state a version, in bytes.
pub(crate) const LIMIT_BYTES: u64 = tminus_manifests::MAX_FILE_BYTES as u64;

/// The place of a version in a file, from the parts that a plan keeps.
pub(crate) fn version_file(path: &str, find: &Find) -> Result<VersionFile, String> {
    let path: RelPath = path.parse().map_err(|error| format!("{path}: {error}"))?;
    find.in_file(path).map_err(|error| error.to_string())
}

/// Where the version stands in `bytes`, a state of the file `path`.
pub(crate) fn read_site(path: &str, find: &Find, bytes: &[u8]) -> Result<Found, String> {
    version_file(path, find)?.locate(bytes).map_err(|error| {
        let text = error.to_string();
        if text.contains(path) { text } else { format!("{path}: {text}") }
    })
}

/// Which edits are made to what is found.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rule {
    /// What is found must be what the plan saw.
    Exactly,
    /// Only what is below the new version is raised.
    Raise(Scheme),
}

/// Gives the bytes of a file; `None` where there is no such file.
pub(crate) type ReadFile<'a> = dyn Fn(&str) -> Result<Option<Vec<u8>>, String> + 'a;

/// The edits of a plan, applied to the files that `read` gives.
pub(crate) fn edit_set(edits: &[PlannedEdit], rule: Rule, read: &ReadFile<'_>) -> Result<EditSet, String> {
    let mut set = EditSet::new();
    for (path, edits) in edits_by_file(edits) {
        let original = read(path)?.ok_or_else(|| format!("{path}: the file is not there any more"))?;
        let mut bytes = original.clone();
        for edit in edits {
            let found = read_site(path, &edit.find, &bytes)?;
            let wanted = match rule {
                Rule::Exactly if found.text() == edit.from || found.text() == edit.to => true,
                Rule::Exactly => {
                    let text = found.text();
                    return Err(format!(
                        "{path}:{}: states {text}, the plan saw {}",
                        found.line(),
                        edit.from
                    ));
                }
                Rule::Raise(scheme) => is_below(scheme, found.text(), &edit.to),
            };
            if wanted {
                bytes = tminus_manifests::replace(&bytes, &found, &edit.to)
                    .map_err(|error| format!("{path}: {error}"))?;
            }
        }
        if bytes != original {
            let path: RelPath = path.parse().map_err(|error| format!("{path}: {error}"))?;
            set.edit(path, original, bytes).map_err(|error| error.to_string())?;
        }
    }
    Ok(set)
}

/// Whether `found` is a lower version than `wanted`; text that is no version counts as lower.
pub(crate) fn is_below(scheme: Scheme, found: &str, wanted: &str) -> bool {
    let parse = |text| ReleaseVersion::parse_public(scheme, text).ok();
    match (parse(found), parse(wanted)) {
        (Some(found), Some(wanted)) => found < wanted,
        _ => found != wanted,
    }
}

/// Writes the edits into a work tree of our own.
pub(crate) fn write(set: &EditSet, dir: &Path) -> Result<(), String> {
    set.write(dir).map_err(|error| error.to_string())
}
