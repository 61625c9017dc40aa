//! The list of pull requests by package, as LlamaIndex's release script writes it, byte for byte.

use std::collections::{BTreeMap, BTreeSet};

use tminus_manifests::PackageId;

use crate::changelog::{Document, PullRequestFacts};

/// The list by package: for each package, in the order of the names, its version and its pull requests by number.
///
/// - A pull request that touches several packages stands under each, once, whatever the number of its changes.
/// - What belongs to no package is not listed; neither is a change without a pull request, or with one whose facts are
///   not known.
/// - A package without a version has a heading without brackets.
/// - Titles and addresses stand as they are. Nothing is escaped, as the script does not either.
///
/// ```
/// use tminus_engine::changelog::write::{ByPackage, examples};
///
/// let text = ByPackage::default().write(&examples::document());
/// let expected = "\
/// ### [2026-11-20]
///
/// #### demo [1.2.0]
/// - feat: add a door ([#7](https://forge.example/demo/pull/7))
/// - fix(core): a crash ([#9](https://forge.example/demo/pull/9))
///
/// #### demo-core [0.4.0]
/// - fix(core): a crash ([#9](https://forge.example/demo/pull/9))";
/// assert_eq!(text, expected);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ByPackage {
    /// Names to show in place of those of the packages. The script shows the name of the directory; packages that come
    /// to have one name share a heading, with the version of the first.
    pub names: BTreeMap<PackageId, String>,
    /// Packages that are not listed, such as one at the root that only binds the others together.
    pub left_out: BTreeSet<PackageId>,
    /// Where blank lines stand.
    pub spacing: Spacing,
}

/// Where the list by package has blank lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Spacing {
    /// Before each heading, as the script writes it.
    #[default]
    Script,
    /// Before and after each heading, as formatters of Markdown leave it.
    Formatted,
}

/// A package of the list.
pub(super) struct Listed<'d> {
    pub(super) name: &'d str,
    pub(super) version: Option<&'d str>,
    pub(super) pull_requests: BTreeMap<u64, &'d PullRequestFacts>,
}

impl ByPackage {
    /// Writes the section of a day. It does not end with a line end, as what follows it in the file has one.
    pub fn write(&self, document: &Document) -> String {
        let mut text = format!("## [{}]", document.release.date);
        let gap = if self.spacing == Spacing::Formatted { "\n" } else { "" };
        for package in self.listed(document) {
            let version = package.version.map(|version| format!(" [{version}]")).unwrap_or_default();
            text.push_str(&format!("\n\n### {}{version}{gap}", package.name));
            for facts in package.pull_requests.values() {
                // Without a forge there is no page to link to.
                let link = match facts.url.strip_prefix('#') {
                    Some(number) => format!("#{number}"),
                    None => format!("[#{}]({})", facts.number, facts.url),
                };
                text.push_str(&format!("\n- {} ({link})", facts.title));
            }
        }
        text
    }

    pub(super) fn listed<'d>(&'d self, document: &'d Document) -> Vec<Listed<'d>> {
        let facts: BTreeMap<u64, _> =
            document.pull_requests.iter().rev().map(|facts| (facts.number, facts)).collect();
        let mut named: BTreeMap<&str, Listed<'d>> = BTreeMap::new();
        for package in document.packages.iter().filter(|package| !self.left_out.contains(&package.id)) {
            let changes = package.changes.iter().filter_map(|at| document.changes.get(*at));
            let numbers = changes.filter_map(|change| change.pull_request);
            let found = numbers.filter_map(|number| facts.get(&number).map(|facts| (number, *facts)));
            let found: BTreeMap<u64, _> = found.collect();
            if found.is_empty() {
                continue;
            }
            let name = self.names.get(&package.id).map_or(package.id.name(), String::as_str);
            let version = package.version.as_deref();
            let empty = Listed { name, version, pull_requests: BTreeMap::new() };
            named.entry(name).or_insert(empty).pull_requests.extend(found);
        }
        named.into_values().collect()
    }
}
