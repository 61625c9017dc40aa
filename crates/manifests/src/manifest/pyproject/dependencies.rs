//! What a pyproject.toml depends on, in the order of the file.

use std::collections::HashSet;

use super::sources::Sources;
use super::{entries, items, line_of_text, poetry, requirement};
use crate::locate::Failure;
use crate::site::{Quoting, Site};
use crate::tree::{Node, Value, malformed};
use crate::{Dependency, DependencyKind, PackageId};

pub(super) fn read(source: &str, root: &Node<'_>) -> Result<Vec<Dependency>, Failure> {
    let mut reader = Reader { source, sources: Sources::read(root), found: Vec::new() };
    reader.project(root)?;
    reader.groups(root)?;
    reader.uv(root)?;
    let in_project: HashSet<PackageId> =
        reader.found.iter().map(|dependency| PackageId::pypi(&dependency.name)).collect();
    for dependency in poetry::read(root)? {
        // Without a constraint of its own it only says where a requirement of `[project]` comes from.
        if dependency.constraint.is_some() || !in_project.contains(&PackageId::pypi(&dependency.name)) {
            reader.found.push(dependency);
        }
    }
    let mut found = reader.found;
    found.sort_by_key(|dependency| dependency.offset);
    Ok(found)
}

struct Reader<'n, 'a> {
    source: &'n str,
    sources: Sources<'n, 'a>,
    found: Vec<Dependency>,
}

impl Reader<'_, '_> {
    fn project(&mut self, root: &Node<'_>) -> Result<(), Failure> {
        if let Some(list) = root.at(&["project", "dependencies"]) {
            self.list(list, "`dependencies`", &DependencyKind::Normal)?;
        }
        if let Some(extras) = root.at(&["project", "optional-dependencies"]) {
            for extra in entries(extras, "`optional-dependencies`")? {
                let kind = DependencyKind::Optional(extra.key.to_string());
                self.list(&extra.value, &format!("extra `{}`", extra.key), &kind)?;
            }
        }
        if let Some(list) = root.at(&["build-system", "requires"]) {
            self.list(list, "`requires`", &DependencyKind::Build)?;
        }
        Ok(())
    }

    /// PEP 735.
    fn groups(&mut self, root: &Node<'_>) -> Result<(), Failure> {
        let Some(groups) = root.get("dependency-groups") else { return Ok(()) };
        for group in entries(groups, "`dependency-groups`")? {
            let kind = DependencyKind::Group(group.key.to_string());
            let what = format!("group `{}`", group.key);
            for item in items(&group.value, &what)? {
                match &item.value {
                    Value::Map(_) => include(item, &what)?,
                    _ => self.requirement(item, &what, &kind)?,
                }
            }
        }
        Ok(())
    }

    fn uv(&mut self, root: &Node<'_>) -> Result<(), Failure> {
        let lists = [
            ("dev-dependencies", DependencyKind::Dev),
            ("override-dependencies", DependencyKind::Override),
            ("constraint-dependencies", DependencyKind::Override),
        ];
        for (key, kind) in lists {
            if let Some(list) = root.at(&["tool", "uv", key]) {
                self.list(list, &format!("`{key}`"), &kind)?;
            }
        }
        Ok(())
    }

    fn list(&mut self, list: &Node<'_>, what: &str, kind: &DependencyKind) -> Result<(), Failure> {
        items(list, what)?.iter().try_for_each(|item| self.requirement(item, what, kind))
    }

    fn requirement(&mut self, item: &Node<'_>, what: &str, kind: &DependencyKind) -> Result<(), Failure> {
        let mut dependency = match (&item.value, item.site()) {
            // In triple quotes it is read, and not edited.
            (Value::Text { text, inner, .. }, Err(_)) => {
                let site =
                    Site { span: inner.clone(), text: text.trim().to_owned(), quoting: Quoting::Literal };
                let read = requirement::dependency(self.source, site, item.span.start, kind.clone())?;
                Dependency { constraint: None, ..read }
            }
            _ => {
                let site = line_of_text(item, &format!("a requirement of {what}"))?;
                requirement::dependency(self.source, site, item.span.start, kind.clone())?
            }
        };
        if dependency.source == crate::Source::Registry
            && let Some(source) = self.sources.of(&dependency.name, kind)
        {
            dependency.source = source;
        }
        self.found.push(dependency);
        Ok(())
    }
}

/// `{include-group = "..."}`: the other group is read by itself.
fn include(item: &Node<'_>, what: &str) -> Result<(), Failure> {
    match item.entries() {
        [entry] if entry.key == "include-group" && entry.value.as_str().is_some() => Ok(()),
        _ => Err(malformed(
            Some(item.span.start),
            format!("{what} holds a table that is not `{{include-group = \"...\"}}`"),
        )),
    }
}
