//! setup.cfg, as setuptools reads it through Python's `configparser`.
//!
//! A list is its lines; on one line, `;` parts its members. A line that starts with `#` or `;` is a comment, and so is what
//! follows ` #` in a requirement.

use std::collections::HashSet;
use std::ops::Range;

use super::pyproject::requirement::{check_name, dependency, is_private_classifier};
use super::{Dependency, DependencyKind, Manifest, ManifestKind};
use crate::locate::ini::{self, Entry};
use crate::locate::{Failure, Problem};
use crate::site::Quoting;
use crate::tree::malformed;
use crate::{RelPath, Site, Version};

#[cfg(test)]
mod tests;

/// Reads a manifest.
pub(crate) fn read(path: &RelPath, text: &str) -> Result<Manifest, Failure> {
    let entries = ini::entries(text)?;
    check(&entries)?;
    let file = File { text, entries: &entries };
    let mut manifest = Manifest::empty(path.clone(), ManifestKind::SetupCfg);
    manifest.name = file.name()?;
    manifest.version = version(text)?;
    manifest.private = file.is_private();
    manifest.dependencies = file.dependencies()?;
    Ok(manifest)
}

fn version(text: &str) -> Result<Version, Failure> {
    match ini::locate_version(text) {
        Ok(site) => Ok(Version::Here(site)),
        Err(Failure { problem: Problem::Elsewhere(source), .. }) => {
            Ok(Version::Elsewhere { source, fallback: None })
        }
        Err(Failure { problem: Problem::NotFound { .. }, .. }) => Ok(Version::Absent),
        Err(failure) => Err(failure),
    }
}

/// Refuses what `configparser` refuses in the sections that are read here; the others belong to other tools.
fn check(entries: &[Entry<'_>]) -> Result<(), Failure> {
    let mut seen = HashSet::new();
    let of_setuptools = |entry: &&Entry<'_>| {
        matches!(entry.section, "metadata" | "options") || entry.section.starts_with("options.")
    };
    for entry in entries.iter().filter(of_setuptools) {
        if entry.stray {
            let message = "the line is neither `key = value` nor indented deeper than the key before it";
            return Err(malformed(Some(entry.value.start), message));
        }
        // Several versions are reported with all their lines.
        let is_version = (entry.section, entry.key.as_str()) == ("metadata", "version");
        if !seen.insert((entry.section, entry.name)) && !is_version {
            let message = format!("`{}` stands in `[{}]` twice: keep one of them", entry.name, entry.section);
            return Err(malformed(Some(entry.value.start), message));
        }
    }
    Ok(())
}

struct File<'t> {
    text: &'t str,
    entries: &'t [Entry<'t>],
}

impl<'t> File<'t> {
    fn slice(&self, span: &Range<usize>) -> &'t str {
        self.text.get(span.clone()).unwrap_or_default()
    }

    /// The value of a key. In `[metadata]` alone capital letters mean small ones.
    fn entry(&self, section: &str, key: &str) -> Option<&'t Entry<'t>> {
        self.entries.iter().find(|entry| {
            let name = if section == "metadata" { &entry.key } else { entry.name };
            entry.section == section && name.replace('-', "_") == key
        })
    }

    fn name(&self) -> Result<Option<Site>, Failure> {
        let Some(entry) = self.entry("metadata", "name") else { return Ok(None) };
        let name = self.slice(&entry.value);
        let start = entry.value.start;
        if !entry.more.is_empty() {
            return Err(malformed(Some(start), "the name stands on several lines: write it on one"));
        }
        check_name(name).map_err(|message| malformed(Some(start), message))?;
        Ok(Some(Site { span: entry.value.clone(), text: name.to_owned(), quoting: Quoting::Line }))
    }

    fn is_private(&self) -> bool {
        let Some(entry) = self.entry("metadata", "classifiers") else { return false };
        self.members(entry, ',').iter().any(|span| is_private_classifier(self.slice(span)))
    }

    fn dependencies(&self) -> Result<Vec<Dependency>, Failure> {
        let mut found = Vec::new();
        for (key, kind) in
            [("install_requires", DependencyKind::Normal), ("setup_requires", DependencyKind::Build)]
        {
            if let Some(entry) = self.entry("options", key) {
                self.requirements(entry, &kind, &mut found)?;
            }
        }
        for entry in self.entries.iter().filter(|entry| entry.section == "options.extras_require") {
            self.requirements(entry, &DependencyKind::Optional(entry.name.to_owned()), &mut found)?;
        }
        found.sort_by_key(|dependency| dependency.offset);
        Ok(found)
    }

    fn requirements(
        &self,
        entry: &Entry<'_>,
        kind: &DependencyKind,
        found: &mut Vec<Dependency>,
    ) -> Result<(), Failure> {
        // `file: requirements.txt` names another file, which is no manifest.
        if self.slice(&entry.value).starts_with("file:") {
            return Ok(());
        }
        // Whether the last line went on behind a backslash, as setuptools reads it; comments may stand in between.
        let mut goes_on = false;
        for span in self.members(entry, ';') {
            let Some(span) = self.without_comment(span) else { continue };
            let text = self.slice(&span);
            let is_rest = goes_on;
            goes_on = text.ends_with('\\');
            if is_rest {
                continue;
            }
            if goes_on {
                let first = text.trim_end_matches('\\').trim_end().trim_end_matches(';').trim_end();
                let start = span.start;
                let site =
                    Site { span: start..start + first.len(), text: first.to_owned(), quoting: Quoting::Line };
                // On several lines it is read, and not edited.
                let read = dependency(self.text, site, start, kind.clone())?;
                found.push(Dependency { constraint: None, ..read });
                continue;
            }
            if text.contains('%') {
                let message = "`%` starts an interpolation, which is not read: write the requirement out";
                return Err(malformed(Some(span.start), message));
            }
            let start = span.start;
            let site = Site { span, text: text.to_owned(), quoting: Quoting::Line };
            found.push(dependency(self.text, site, start, kind.clone())?);
        }
        Ok(())
    }

    /// The members of a list: its lines, or the parts of its only line.
    fn members(&self, entry: &Entry<'_>, separator: char) -> Vec<Range<usize>> {
        if !entry.more.is_empty() {
            let lines = std::iter::once(&entry.value).chain(&entry.more);
            return lines.filter(|line| !line.is_empty()).cloned().collect();
        }
        let mut parts = Vec::new();
        let mut at = entry.value.start;
        for part in self.slice(&entry.value).split(separator) {
            let start = at + (part.len() - part.trim_start().len());
            if !part.trim().is_empty() {
                parts.push(start..start + part.trim().len());
            }
            at += part.len() + separator.len_utf8();
        }
        parts
    }

    fn without_comment(&self, span: Range<usize>) -> Option<Range<usize>> {
        let line = self.slice(&span);
        let kept = line.split(" #").next().unwrap_or_default().trim_end();
        (!kept.is_empty() && !kept.starts_with('#')).then(|| span.start..span.start + kept.len())
    }
}
