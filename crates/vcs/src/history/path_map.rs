//! Whose a path is.

use std::collections::BTreeMap;

/// The longest path in bytes; longer ones no system can check out.
const LONGEST: usize = 4096;
/// The most directories and files that may be known by name.
const MOST_NODES: usize = 1 << 22;

/// Says for each path of a repository which owners (packages) it belongs to: the longest of the declared paths that lead to
/// it decides.
///
/// Owners are numbers that mean something to the caller. A path declared for two owners belongs to both.
///
/// ```
/// use tminus_vcs::PathMap;
///
/// let mut map = PathMap::new();
/// map.insert("packages/core", 0)?;
/// map.insert("packages/core/cli", 1)?;
/// map.exclude("packages/core/docs")?;
/// assert_eq!(map.owners(b"packages/core/src/lib.rs"), [0]);
/// assert_eq!(map.owners(b"packages/core/cli/main.rs"), [1]);
/// assert_eq!(map.owners(b"packages/core-other/main.rs"), [0_u32; 0]);
/// assert_eq!(map.owners(b"packages/core/docs/index.md"), [0_u32; 0]);
/// # Ok::<(), tminus_vcs::InvalidPath>(())
/// ```
#[derive(Clone, Debug)]
pub struct PathMap {
    /// The first is the top. A node comes after its parent.
    nodes: Vec<Node>,
}

#[derive(Clone, Debug, Default)]
struct Node {
    children: BTreeMap<Box<[u8]>, usize>,
    /// Sorted; `None` where nothing was declared.
    owners: Option<Vec<u32>>,
}

/// A path that cannot be one of a repository.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{path}` cannot be a path in a repository: {reason}")]
pub struct InvalidPath {
    path: String,
    reason: &'static str,
}

/// Where in the map a directory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    node: usize,
    /// The node whose owners hold here.
    decided: usize,
}

impl Default for PathMap {
    fn default() -> Self {
        Self::new()
    }
}

impl PathMap {
    /// A map in which every path is nobody's.
    pub fn new() -> Self {
        Self { nodes: vec![Node::default()] }
    }

    /// Gives a directory with all below it, or a file, to an owner; `""` and `.` are the whole repository.
    ///
    /// ```
    /// let mut map = tminus_vcs::PathMap::new();
    /// map.insert("./lib/", 3)?;
    /// map.insert("lib", 1)?;
    /// assert_eq!(map.owners(b"lib/x"), [1, 3]);
    /// assert!(map.insert("../lib", 1).is_err());
    /// # Ok::<(), tminus_vcs::InvalidPath>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `/absolute`, `a/../b`, `a//b`, a NUL, more than 4096 bytes, and paths beyond four million names in all.
    pub fn insert(&mut self, path: impl AsRef<[u8]>, owner: u32) -> Result<(), InvalidPath> {
        let owners = self.declare(path.as_ref())?.get_or_insert_default();
        if let Err(at) = owners.binary_search(&owner) {
            owners.insert(at, owner);
        }
        Ok(())
    }

    /// Takes a directory or file out: it is nobody's, except for what is declared below it. What was declared for the
    /// same path is forgotten.
    ///
    /// ```
    /// let mut map = tminus_vcs::PathMap::new();
    /// map.insert("", 0)?;
    /// map.exclude("docs")?;
    /// assert_eq!(map.owners(b"docs/a"), [0_u32; 0]);
    /// assert_eq!(map.owners(b"docs.md"), [0]);
    /// # Ok::<(), tminus_vcs::InvalidPath>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`PathMap::insert`].
    pub fn exclude(&mut self, path: impl AsRef<[u8]>) -> Result<(), InvalidPath> {
        *self.declare(path.as_ref())? = Some(Vec::new());
        Ok(())
    }

    /// The owners of a path in ascending order.
    ///
    /// ```
    /// assert_eq!(tminus_vcs::PathMap::new().owners(b"any"), [0_u32; 0]);
    /// ```
    pub fn owners(&self, path: &[u8]) -> &[u32] {
        let mut place = self.top();
        for name in path.split(|byte| *byte == b'/').filter(|name| !name.is_empty()) {
            match self.below(place, name) {
                Below::Same => break,
                Below::Leaf(leaf) => return self.owners_at(leaf),
                Below::Inside(inside) => place = inside,
            }
        }
        self.owners_at(place)
    }

    /// What was declared, in the order of names: each path with its owners, none if it is excluded.
    ///
    /// ```
    /// let mut map = tminus_vcs::PathMap::new();
    /// map.insert("b", 1)?;
    /// map.exclude("a")?;
    /// assert_eq!(map.declared(), [(b"a".to_vec(), vec![]), (b"b".to_vec(), vec![1])]);
    /// # Ok::<(), tminus_vcs::InvalidPath>(())
    /// ```
    pub fn declared(&self) -> Vec<(Vec<u8>, Vec<u32>)> {
        let mut found = Vec::new();
        let mut next = vec![(0, Vec::new())];
        while let Some((node, path)) = next.pop() {
            let Some(node) = self.nodes.get(node) else { continue };
            for (name, child) in node.children.iter().rev() {
                let mut path = path.clone();
                if !path.is_empty() {
                    path.push(b'/');
                }
                path.extend_from_slice(name);
                next.push((*child, path));
            }
            found.extend(node.owners.clone().map(|owners| (path, owners)));
        }
        found
    }

    fn declare(&mut self, path: &[u8]) -> Result<&mut Option<Vec<u32>>, InvalidPath> {
        let names = names(path)?;
        let mut at = 0;
        for name in names {
            let new = self.nodes.len();
            let invalid = |reason| invalid(path, reason);
            let node = self.nodes.get_mut(at).ok_or_else(|| invalid("the map is damaged"))?;
            at = match node.children.get(name) {
                Some(child) => *child,
                None if new >= MOST_NODES => return Err(invalid("there are too many paths")),
                None => {
                    node.children.insert(name.into(), new);
                    self.nodes.push(Node::default());
                    new
                }
            };
        }
        self.nodes.get_mut(at).map(|node| &mut node.owners).ok_or_else(|| invalid(path, "the map is damaged"))
    }
}

/// What a name below a directory is.
pub(super) enum Below {
    /// Nothing is declared there: it is whose the directory is.
    Same,
    /// All below it is the same owners'.
    Leaf(Place),
    /// More is declared below it.
    Inside(Place),
}

impl PathMap {
    pub(super) fn top(&self) -> Place {
        Place { node: 0, decided: 0 }
    }

    pub(super) fn below(&self, place: Place, name: &[u8]) -> Below {
        let child = self.nodes.get(place.node).and_then(|node| node.children.get(name));
        let Some(node) = child.copied() else { return Below::Same };
        let Some(found) = self.nodes.get(node) else { return Below::Same };
        let decided = if found.owners.is_some() { node } else { place.decided };
        let below = Place { node, decided };
        if found.children.is_empty() { Below::Leaf(below) } else { Below::Inside(below) }
    }

    pub(super) fn owners_at(&self, place: Place) -> &[u32] {
        self.nodes.get(place.decided).and_then(|node| node.owners.as_deref()).unwrap_or_default()
    }

    /// Which nodes are, or have below them, something of an owner.
    pub(super) fn leading_to(&self, owner: u32) -> Vec<bool> {
        let mut leads: Vec<bool> = Vec::with_capacity(self.nodes.len());
        for node in self.nodes.iter().rev() {
            // From the end: a child comes after its parent, so its answer is already there.
            let own = node.owners.as_ref().is_some_and(|owners| owners.binary_search(&owner).is_ok());
            let child = |child: &usize| leads.get(self.nodes.len() - 1 - child).copied().unwrap_or(false);
            let below = node.children.values().any(child);
            leads.push(own || below);
        }
        leads.reverse();
        leads
    }
}

impl Place {
    /// Below here nothing more is declared.
    pub(super) fn undivided(self) -> Self {
        Self { node: usize::MAX, ..self }
    }

    pub(super) fn is_among(self, nodes: &[bool]) -> bool {
        nodes.get(self.node).copied().unwrap_or(false)
    }
}

/// The names that a path consists of.
fn names(path: &[u8]) -> Result<Vec<&[u8]>, InvalidPath> {
    if path.len() > LONGEST {
        return Err(invalid(path, "it is longer than 4096 bytes"));
    }
    if path.starts_with(b"/") {
        return Err(invalid(path, "it begins with `/`"));
    }
    if path.contains(&0) {
        return Err(invalid(path, "it contains a NUL"));
    }
    let mut rest = path.strip_suffix(b"/").unwrap_or(path);
    while let Some(after) = rest.strip_prefix(b"./") {
        rest = after;
    }
    if rest.is_empty() || rest == b"." {
        return Ok(Vec::new());
    }
    let names: Vec<_> = rest.split(|byte| *byte == b'/').collect();
    for name in &names {
        match *name {
            b"" => return Err(invalid(path, "it has `//`")),
            b"." | b".." => return Err(invalid(path, "it has `.` or `..` as a directory")),
            _ => {}
        }
    }
    Ok(names)
}

fn invalid(path: &[u8], reason: &'static str) -> InvalidPath {
    let shown = path.get(..200).unwrap_or(path);
    InvalidPath { path: String::from_utf8_lossy(shown).into_owned(), reason }
}
