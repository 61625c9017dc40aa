//! Sections as Keep a Changelog 1.1.0 has them.

use std::collections::BTreeSet;

use tminus_manifests::PackageId;

use super::{inert, links};
use crate::changelog::{Change, Document, Kind, Level, Origin, PackageChanges};

/// A heading that changes stand below, in the order in which headings stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// New features.
    Added,
    /// Changes in what was there, and everything that has no heading of its own.
    Changed,
    /// What will be removed.
    Deprecated,
    /// What was removed.
    Removed,
    /// Corrected errors.
    Fixed,
    /// Vulnerabilities.
    Security,
    /// What is faster or smaller; not of the standard.
    Performance,
    /// Documentation; not of the standard.
    Documentation,
    /// Dependencies; not of the standard.
    Dependencies,
}

impl Section {
    /// All of them, in their order.
    pub const ALL: [Self; 9] = [
        Self::Added,
        Self::Changed,
        Self::Deprecated,
        Self::Removed,
        Self::Fixed,
        Self::Security,
        Self::Performance,
        Self::Documentation,
        Self::Dependencies,
    ];

    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Added => "Added",
            Self::Changed => "Changed",
            Self::Deprecated => "Deprecated",
            Self::Removed => "Removed",
            Self::Fixed => "Fixed",
            Self::Security => "Security",
            Self::Performance => "Performance",
            Self::Documentation => "Documentation",
            Self::Dependencies => "Dependencies",
        }
    }
}

/// What stands for a change that has no text.
const NO_TEXT: &str = "(no description)";

/// How the changes of several packages are told apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Layout {
    /// Not at all: each change once.
    #[default]
    Flat,
    /// Below each section a list with an item for each package, and its changes below that.
    PackagesInSections,
    /// A heading for each package, and its sections below that.
    SectionsInPackages,
}

/// Keep a Changelog 1.1.0.
///
/// - `## [1.2.0] - 2026-11-20`, then a heading for each section that has something, then `- text`.
/// - Within a section what breaks something comes first, behind `**Breaking:**`; a scope stands as `**scope:**`.
/// - A change ends with links to its pull request and its issues.
/// - Documentation and dependencies without a section of their own are only shown where they ask for a version or break
///   something; everything else without one is under Changed.
/// - Texts, scopes and names of packages are made inert by [`inert::line`]; longer texts by [`inert::block`].
///
/// ```
/// use tminus_engine::changelog::write::{Keep, examples};
///
/// let text = Keep::default().write(&examples::document());
/// let expected = "\
/// ### [1.2.0] - 2026-11-20
///
/// #### Added
///
/// - Add a door ([#7](https://forge.example/demo/pull/7))
///
/// #### Fixed
///
/// - **core:** A crash ([#9](https://forge.example/demo/pull/9), [#8](https://forge.example/demo/issues/8))";
/// assert_eq!(text, expected);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keep {
    /// Sections that are not of the standard and are wanted all the same.
    pub more: BTreeSet<Section>,
    /// How the changes of several packages are told apart; with one package there is nothing to tell apart.
    pub layout: Layout,
    /// The mark of list items: `-`, `*` or `+`.
    pub bullet: char,
    /// Whether changes end with links.
    pub links: bool,
    /// Whether the longer text of a change stands below it.
    pub bodies: bool,
}

impl Default for Keep {
    fn default() -> Self {
        Self { more: BTreeSet::new(), layout: Layout::Flat, bullet: '-', links: true, bodies: false }
    }
}

impl Keep {
    /// Writes the section of the release with its heading. It does not end with a line end.
    pub fn write(&self, document: &Document) -> String {
        let body = self.body(document);
        let gap = if body.is_empty() { "" } else { "\n\n" };
        format!("## {}{gap}{body}", title(document))
    }

    /// Writes what stands below the heading of the release, for places that have a title of their own.
    pub fn body(&self, document: &Document) -> String {
        let several = document.packages.len() > 1;
        let blocks = match self.layout {
            Layout::SectionsInPackages if several => self.by_package(document),
            layout => {
                let nested = several && layout == Layout::PackagesInSections;
                let all: Vec<&Change> = document.changes.iter().collect();
                self.sections(document, &all, "###", nested)
            }
        };
        blocks.join("\n\n")
    }

    /// The section of a change; nothing where it is not shown.
    pub fn section_of(&self, change: &Change) -> Option<Section> {
        let (own, shown) = match &change.kind {
            Kind::Added => (Section::Added, true),
            Kind::Deprecated => (Section::Deprecated, true),
            Kind::Removed => (Section::Removed, true),
            Kind::Fixed => (Section::Fixed, true),
            Kind::Security => (Section::Security, true),
            Kind::Performance => (Section::Performance, true),
            Kind::Documentation => (Section::Documentation, false),
            Kind::Dependencies => (Section::Dependencies, false),
            // `chore`, `ci` and the like, unless they ask something of the version.
            Kind::Other(_) if change.level == Level::None && change.breaking.is_none() => return None,
            Kind::Changed | Kind::Reverted | Kind::Unknown | Kind::Other(_) => (Section::Changed, true),
        };
        let has_heading = own <= Section::Security || self.more.contains(&own);
        let notable = shown || change.breaking.is_some() || change.level > Level::None;
        if has_heading { Some(own) } else { notable.then_some(Section::Changed) }
    }

    fn by_package(&self, document: &Document) -> Vec<String> {
        let all =
            |indices: &[usize]| indices.iter().filter_map(|at| document.changes.get(*at)).collect::<Vec<_>>();
        let mut blocks = self.sections(document, &all(&document.elsewhere), "###", false);
        for package in &document.packages {
            let sections = self.sections(document, &all(&package.changes), "####", false);
            if !sections.is_empty() {
                blocks.push(format!("### {}", named(package)));
                blocks.extend(sections);
            }
        }
        blocks
    }

    /// The headings and lists of some changes.
    fn sections(&self, document: &Document, changes: &[&Change], hashes: &str, nested: bool) -> Vec<String> {
        let mut blocks = Vec::new();
        for section in Section::ALL {
            let own = self.in_section(changes, section);
            if own.is_empty() {
                continue;
            }
            blocks.push(format!("{hashes} {}", section.title()));
            let list = if nested { self.nested(document, &own) } else { self.list(document, &own, "") };
            blocks.push(list.join("\n"));
        }
        blocks
    }

    /// The changes of a section, those that break something first.
    pub(super) fn in_section<'d>(&self, changes: &[&'d Change], section: Section) -> Vec<&'d Change> {
        let own = |change: &&&Change| self.section_of(change) == Some(section);
        let mut own: Vec<&Change> = changes.iter().filter(own).copied().collect();
        own.sort_by_key(|change| change.breaking.is_none());
        own
    }

    fn nested(&self, document: &Document, own: &[&Change]) -> Vec<String> {
        let listed: BTreeSet<&PackageId> = document.packages.iter().map(|package| &package.id).collect();
        let homeless = |change: &&&Change| !change.packages.iter().any(|id| listed.contains(id));
        let free: Vec<&Change> = own.iter().filter(homeless).copied().collect();
        let mut lines = self.list(document, &free, "");
        for package in &document.packages {
            let of: Vec<&Change> =
                own.iter().filter(|change| change.packages.contains(&package.id)).copied().collect();
            if !of.is_empty() {
                lines.push(format!("{} {}", self.bullet, inert::line(package.id.name())));
                lines.extend(self.list(document, &of, "  "));
            }
        }
        lines
    }

    fn list(&self, document: &Document, changes: &[&Change], indent: &str) -> Vec<String> {
        changes.iter().map(|change| self.entry(document, change, indent)).collect()
    }

    /// The list item of a change, with the lines below it.
    pub fn entry(&self, document: &Document, change: &Change, indent: &str) -> String {
        let breaking = if change.breaking.is_some() { "**Breaking:** " } else { "" };
        let scope = change.scope.as_deref().map(scope).unwrap_or_default();
        let words = inert::line(&change.text);
        // An empty item would be read as the underline of what stands before it.
        let words = if words.is_empty() { NO_TEXT } else { &words };
        let mut text = format!("{indent}{} {breaking}{scope}{words}", self.bullet);
        let found = if self.links { links::of_change(document, change) } else { Vec::new() };
        if !found.is_empty() {
            text.push_str(&format!(" ({})", found.join(", ")));
        }
        let below = format!("{indent}  ");
        for more in self.below(change) {
            text.push_str(&format!("\n\n{}", inert::block(more, &below)));
        }
        text
    }

    /// What stands below the line of a change: what breaks where that is more than the line says, and its longer text.
    pub(super) fn below<'c>(&self, change: &'c Change) -> Vec<&'c str> {
        let says_more = |text: &&str| !text.trim().is_empty() && text.trim() != change.text.trim();
        let breaking = change.breaking.as_deref().filter(says_more);
        // Change files and release notes are written for readers, all of them.
        let is_told = self.bodies || matches!(change.origin, Origin::File(_) | Origin::ReleaseNote(_));
        let body = Some(change.body.trim()).filter(|body| is_told && !body.is_empty());
        // The text of a commit holds the footer that says what breaks.
        let breaking = breaking.filter(|text| !body.is_some_and(|body| body.contains(text.trim())));
        breaking.into_iter().chain(body).collect()
    }
}

/// `[1.2.0] - 2026-11-20`, or `[Unreleased]`.
pub(super) fn title(document: &Document) -> String {
    let release = &document.release;
    let package = release.package.as_deref().map(|name| inert::one_line(name) + " ").unwrap_or_default();
    match &release.version {
        Some(version) => format!("{package}[{}] - {}", inert::one_line(version), release.date),
        None => format!("{package}[Unreleased]"),
    }
}

/// `**scope:** `, or nothing where there is no scope.
pub(super) fn scope(scope: &str) -> String {
    let scope = inert::line(scope).replace('*', "\\*");
    if scope.is_empty() { scope } else { format!("**{scope}:** ") }
}

/// `demo [1.2.0]`, or `demo`.
pub(super) fn named(package: &PackageChanges) -> String {
    let version = package.version.as_deref().map(|version| format!(" [{}]", inert::one_line(version)));
    format!("{}{}", inert::line(package.id.name()), version.unwrap_or_default())
}
