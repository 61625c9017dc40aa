//! package.json: `"version"` at the top.

use super::{Failure, Site, not_found, several};
use crate::Format;
use crate::tree::{Node, json, malformed};

pub(crate) fn locate_version(text: &str) -> Result<Site, Failure> {
    let document = object(text)?;
    let versions: Vec<&Node<'_>> =
        document.entries().iter().filter(|entry| entry.key == "version").map(|entry| &entry.value).collect();
    match versions.as_slice() {
        [] => Err(not_found(Format::PackageJson)),
        [version] => version.site(),
        [first, ..] => {
            Err(several(text, first.span.start, versions.iter().map(|version| version.span.start)))
        }
    }
}

/// The text of a string at the top level.
pub(crate) fn string(text: &str, key: &str) -> Option<String> {
    object(text).ok()?.get(key)?.as_str().map(str::to_owned)
}

/// The object that a whole text is.
pub(crate) fn object(text: &str) -> Result<Node<'_>, Failure> {
    let document = json::parse(text)?;
    match document.value {
        crate::tree::Value::Map(_) => Ok(document),
        _ => Err(malformed(Some(document.span.start), "not JSON: an object was expected")),
    }
}
