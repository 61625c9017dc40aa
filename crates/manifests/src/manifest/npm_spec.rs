//! What stands behind a name in the lists of npm, yarn and pnpm: a range, or what takes its place.

use tminus_versioning::constraint::{self, Reference, SatisfiesError, satisfies};

use super::{Dependency, DependencyKind, Notation, Source};
use crate::locate::{Failure, line_at};
use crate::tree::{Entry, Node, Value, malformed};

/// The range of a dependency on what a workspace, a registry or a directory offers under a name.
const NOTATION: Notation = Notation::Range(constraint::Ecosystem::Npm);

/// A dependency by the key and the text of its entry.
pub(super) fn dependency(entry: &Entry<'_>, name: &str, kind: DependencyKind) -> Result<Dependency, Failure> {
    let Some(text) = entry.value.as_str() else {
        let message = format!("the range of `{}` must be a text in quotes", shorten(&entry.key));
        return Err(malformed(Some(entry.value.span.start), message));
    };
    let is_override = kind == DependencyKind::Override;
    // `$name` repeats the range of a dependency of the root, `-` removes a dependency: neither has a range to rewrite.
    let (constraint, source) = match text {
        text if is_override && text.starts_with('$') => (None, Source::Inherited),
        "-" if is_override => (None, Source::Other("-".to_owned())),
        text => (Some(entry.value.site()?), source(text)),
    };
    let name = real_name(name, text).to_owned();
    Ok(Dependency { name, kind, constraint, notation: NOTATION, source, offset: entry.key_span.start })
}

/// The package that a dependency is on: `npm:real@^1` and `workspace:real@^` name another one than their key.
pub(crate) fn real_name<'t>(key: &'t str, text: &'t str) -> &'t str {
    let text = text.trim();
    let named = if let Some(rest) = text.strip_prefix("npm:") {
        before_range(rest).or_else(|| (!is_range(text)).then_some(rest))
    } else {
        text.strip_prefix("workspace:").filter(|rest| !rest.starts_with(['.', '/'])).and_then(before_range)
    };
    named.filter(|name| !name.is_empty()).unwrap_or(key)
}

/// The name in `name@range` or `@scope/name@range`.
fn before_range(text: &str) -> Option<&str> {
    text.rfind('@').filter(|&sign| sign > 0).and_then(|sign| text.get(..sign))
}

fn is_range(text: &str) -> bool {
    satisfies(constraint::Ecosystem::Npm, text, "0.0.0").is_ok()
}

fn source(text: &str) -> Source {
    let trimmed = text.trim();
    if trimmed.starts_with("workspace:") {
        return Source::Workspace;
    }
    if let Some(path) = relative_path(trimmed) {
        return Source::Path(path.to_owned());
    }
    if trimmed.starts_with("jsr:") {
        return Source::Other(text.to_owned());
    }
    match satisfies(constraint::Ecosystem::Npm, text, "0.0.0") {
        Ok(_) | Err(SatisfiesError::Reference { reference: Reference::Package, .. }) => Source::Registry,
        Err(SatisfiesError::Reference { reference: Reference::Catalog, .. }) => Source::Inherited,
        // What is no range is a tag of the registry to npm.
        Err(_) => Source::Other(text.to_owned()),
    }
}

fn relative_path(text: &str) -> Option<&str> {
    let path = ["file:", "link:", "portal:"].into_iter().find_map(|prefix| text.strip_prefix(prefix));
    match path {
        Some(path) => (!path.starts_with(['/', '~'])).then_some(path),
        None => (text.starts_with("./") || text.starts_with("../")).then_some(text),
    }
}

/// The name that a key of `overrides` starts with: `name`, `name@range`.
pub(super) fn name_of_key(key: &str) -> &str {
    let sign = key.char_indices().skip(1).find(|&(_, character)| character == '@');
    sign.and_then(|(at, _)| key.get(..at)).unwrap_or(key)
}

/// The last package that a key of pnpm's `overrides` names: `parent@1>name@2`. A `>` behind a space, `|` or `@` belongs
/// to a range.
pub(crate) fn name_of_pnpm_key(key: &str) -> &str {
    let mut starts = key.match_indices('>').filter(|&(at, _)| {
        key.get(..at).is_some_and(|head| !head.is_empty() && !head.ends_with([' ', '|', '@']))
    });
    let start = starts.next_back().map_or(0, |(at, sign)| at + sign.len());
    name_of_key(key.get(start..).unwrap_or(key))
}

/// The last package that a key of yarn's `resolutions` names: `**/parent/@scope/name@range`.
pub(super) fn name_of_path(key: &str) -> &str {
    let mut rest = key;
    loop {
        let scoped = rest.starts_with('@');
        let name_end = rest.match_indices('/').nth(usize::from(scoped)).map(|(at, _)| at);
        let Some(end) = name_end else { return name_of_key(rest) };
        let name = rest.get(..end).unwrap_or(rest);
        if name_of_key(name) != name {
            // A range may hold a slash; nothing else follows it.
            return name_of_key(name);
        }
        rest = rest.get(end + 1..).unwrap_or_default();
    }
}

/// The value of a key that may stand there once: a reader would take the last of two, and an edit of the first would
/// change nothing.
pub(super) fn once<'n, 'a>(
    source: &str,
    map: &'n Node<'a>,
    key: &str,
) -> Result<Option<&'n Node<'a>>, Failure> {
    let mut found = map.entries().iter().filter(|entry| entry.key == key);
    let first = found.next();
    match (first, found.next()) {
        (Some(first), Some(second)) => Err(twice(source, first, second)),
        (first, _) => Ok(first.map(|entry| &entry.value)),
    }
}

/// The entries of a map in which no key stands twice; none where there is no map.
pub(super) fn entries<'n, 'a>(
    source: &str,
    map: Option<&'n Node<'a>>,
    what: &str,
) -> Result<&'n [Entry<'a>], Failure> {
    let Some(map) = map.filter(|map| !is_nothing(map)) else { return Ok(&[]) };
    let Value::Map(entries) = &map.value else {
        return Err(malformed(Some(map.span.start), format!("`{what}` must map names to ranges")));
    };
    let mut seen = std::collections::HashMap::with_capacity(entries.len());
    for entry in entries {
        if let Some(first) = seen.insert(entry.key.as_ref(), entry) {
            return Err(twice(source, first, entry));
        }
    }
    Ok(entries)
}

/// Whether a key is there and its value is not.
pub(super) fn is_nothing(node: &Node<'_>) -> bool {
    matches!(node.value, Value::Other("null" | "~" | ""))
}

fn twice(source: &str, first: &Entry<'_>, second: &Entry<'_>) -> Failure {
    let line = |entry: &Entry<'_>| line_at(source.as_bytes(), entry.key_span.start);
    let key = shorten(&first.key);
    let message = format!(
        "`{key}` stands there more than once, on lines {} and {}: keep the one that counts",
        line(first),
        line(second)
    );
    malformed(Some(second.key_span.start), message)
}

/// The patterns of a list of workspace directories, in their order: to npm a later one can take back what an earlier one
/// with `!` left out.
pub(super) fn patterns(list: &Node<'_>, what: &str) -> Result<Vec<String>, Failure> {
    let refused = |node: &Node<'_>| {
        malformed(
            Some(node.span.start),
            format!("`{what}` must be a list of directories, each a text in quotes"),
        )
    };
    if !matches!(list.value, Value::List(_)) {
        return Err(refused(list));
    }
    let mut patterns = Vec::new();
    for item in list.items() {
        let text = item.as_str().ok_or_else(|| refused(item))?;
        let pattern = text.trim_start_matches('!');
        let is_excluded = (text.len() - pattern.len()) % 2 == 1;
        let pattern = pattern.strip_prefix('.').filter(|rest| rest.starts_with('/')).unwrap_or(pattern);
        let pattern = pattern.trim_matches('/');
        // The directory of the file itself is its own package, not one of the list.
        if !matches!(pattern, "" | ".") {
            patterns.push(format!("{}{pattern}", if is_excluded { "!" } else { "" }));
        }
    }
    Ok(patterns)
}

/// A key of a file for a message, which nobody reads beyond some length.
pub(crate) fn shorten(text: &str) -> String {
    text.chars().take(214).collect()
}
