//! Which directories hold packages: options first, then the workspace that a directory lies in, then its name.

use std::collections::{BTreeMap, BTreeSet};

use super::glob::Glob;
use super::members::{Rule, is_below};
use super::{DiscoverError, DiscoverOptions, Why, fixture};
use crate::{Ecosystem, Manifest, ManifestKind, RelPath, WorkspaceTool};

/// The root of a workspace.
#[derive(Debug)]
pub(super) struct Root {
    pub(super) path: RelPath,
    pub(super) tool: WorkspaceTool,
    rule: Rule,
    /// Cargo's members that no pattern names, by their directories from the root of the tree.
    pub(super) implied: BTreeSet<String>,
}

impl Root {
    pub(super) fn directory(&self) -> &str {
        self.path.parent().unwrap_or_default()
    }

    /// The path of a directory from the root of this workspace, for one that lies below it.
    fn inner<'d>(&self, directory: &'d str) -> &'d str {
        let rest = directory.strip_prefix(self.directory()).unwrap_or(directory);
        rest.strip_prefix('/').unwrap_or(rest)
    }

    pub(super) fn lists(&self, directory: &str) -> bool {
        self.rule.lists(self.inner(directory))
    }

    /// Whether a directory that a member reaches by its path is a member for that.
    pub(super) fn may_imply(&self, directory: &str) -> bool {
        is_below(directory, self.directory()) && !self.rule.takes_out(self.inner(directory))
    }

    pub(super) fn has(&self, directory: &str) -> bool {
        self.lists(directory) || self.implied.contains(directory)
    }
}

/// The roots of workspaces by their directories, and the ecosystems that have any.
#[derive(Debug, Default)]
pub(super) struct Roots(BTreeMap<(Ecosystem, String), Root>, BTreeSet<Ecosystem>);

impl Roots {
    /// The roots among some manifests.
    pub(super) fn new<'m>(manifests: impl Iterator<Item = &'m Manifest>) -> Result<Self, DiscoverError> {
        let mut roots = BTreeMap::new();
        for manifest in manifests {
            let Some(members) = &manifest.workspace else { continue };
            // A list without directories makes no workspace in npm and pnpm, where the file has settings as well.
            let is_node = matches!(members.tool, WorkspaceTool::Npm | WorkspaceTool::Pnpm);
            if is_node && members.include.is_empty() {
                continue;
            }
            let key = (manifest.kind.ecosystem(), manifest.directory().unwrap_or_default().to_owned());
            let rule = Rule::new(members).map_err(|(pattern, message)| DiscoverError::Pattern {
                file: Some(manifest.path.clone()),
                pattern,
                message,
            })?;
            let root =
                Root { path: manifest.path.clone(), tool: members.tool, rule, implied: BTreeSet::new() };
            // pnpm does not read the list of package.json.
            if manifest.kind == ManifestKind::PnpmWorkspace || !roots.contains_key(&key) {
                roots.insert(key, root);
            }
        }
        let ecosystems = roots.keys().map(|(ecosystem, _)| *ecosystem).collect();
        Ok(Self(roots, ecosystems))
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Root> {
        self.0.values_mut()
    }

    /// The root in a directory.
    pub(super) fn of(&self, ecosystem: Ecosystem, directory: &str) -> Option<&Root> {
        // A tuple of a borrowed text is no key of the map.
        self.0.get(&(ecosystem, directory.to_owned()))
    }

    /// The nearest root above a directory.
    pub(super) fn above(&self, ecosystem: Ecosystem, directory: &str) -> Option<&Root> {
        let has_any = self.1.contains(&ecosystem);
        let mut at = Some(directory).filter(|directory| has_any && !directory.is_empty());
        while let Some(inner) = at {
            let outer = inner.rsplit_once('/').map_or("", |(outer, _)| outer);
            if let Some(root) = self.of(ecosystem, outer) {
                return Some(root);
            }
            at = Some(outer).filter(|outer| !outer.is_empty());
        }
        None
    }

    /// The nearest root of a directory, also in itself.
    pub(super) fn nearest(&self, ecosystem: Ecosystem, directory: &str) -> Option<&Root> {
        self.of(ecosystem, directory).or_else(|| self.above(ecosystem, directory))
    }
}

/// The patterns of the options.
pub(super) struct Choice {
    include: Vec<Glob>,
    exclude: Vec<(String, Glob)>,
}

enum Chosen<'c> {
    In,
    Out(&'c str),
}

impl Choice {
    pub(super) fn new(options: &DiscoverOptions) -> Result<Self, DiscoverError> {
        let read = |pattern: &String| {
            Glob::of_option(pattern).map_err(|message| DiscoverError::Pattern {
                file: None,
                pattern: pattern.clone(),
                message,
            })
        };
        Ok(Self {
            include: options.include.iter().map(read).collect::<Result<_, _>>()?,
            exclude: options
                .exclude
                .iter()
                .map(|pattern| Ok((pattern.clone(), read(pattern)?)))
                .collect::<Result<_, _>>()?,
        })
    }

    fn of(&self, directory: &str) -> Option<Chosen<'_>> {
        if self.include.is_empty() && self.exclude.is_empty() {
            return None;
        }
        let mut at = directory;
        loop {
            if let Some((pattern, _)) = self.exclude.iter().find(|(_, glob)| glob.matches(at)) {
                return Some(Chosen::Out(pattern));
            }
            if self.include.iter().any(|glob| glob.matches(at)) {
                return Some(Chosen::In);
            }
            at = at.rsplit_once('/')?.0;
        }
    }
}

/// Whether the manifests in a directory count; the root of the workspace that has it as a member.
pub(super) fn verdict<'r>(
    roots: &'r Roots,
    choice: &Choice,
    ecosystem: Ecosystem,
    directory: &str,
) -> Result<Option<&'r Root>, Why> {
    let above = roots.above(ecosystem, directory);
    let own = roots.of(ecosystem, directory).or_else(|| above.filter(|root| root.has(directory)));
    match choice.of(directory) {
        Some(Chosen::Out(pattern)) => return Err(Why::Option { pattern: pattern.to_owned() }),
        Some(Chosen::In) => return Ok(own),
        None => {}
    }
    // A workspace counts if its root would: one in test data does not, whatever it lists.
    let mut at = directory;
    let mut root = above;
    while let Some(outer) = root {
        if !outer.has(at) {
            return Err(Why::NoMember { root: outer.path.clone() });
        }
        at = outer.directory();
        if matches!(choice.of(at), Some(Chosen::In)) {
            return Ok(own);
        }
        root = roots.above(ecosystem, at);
    }
    match fixture::part(at) {
        None => Ok(own),
        Some(name) if fixture::is_template(name) => Err(Why::Template),
        Some(name) => Err(Why::Directory { name: name.to_owned() }),
    }
}
