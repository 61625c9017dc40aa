//! Commits as numbers, read once and from the commit-graph where there is one.

use gix::bstr::ByteSlice;
use gix::commitgraph::Position;
use gix::hashtable::HashMap;
use gix::prelude::FindExt as _;

use super::describe::seconds;
use crate::names::ObjectId;
use crate::repository::{RepositoryError, likely_remote, reading};

/// No such thing.
const NONE: u32 = u32::MAX;
/// Higher levels do not fit into a commit-graph.
const LARGEST_LEVEL: u32 = 0x3fff_ffff;

struct Node {
    id: gix::ObjectId,
    time: u64,
    /// Where it is in the commit-graph.
    position: u32,
    /// Where its parents begin among the links; `NONE` before somebody asked for them.
    first: u32,
    count: u32,
    marks: u32,
    queued: bool,
    /// Whether a shallow clone left its parents out.
    cut: bool,
}

/// What a commit object says beside its parents.
struct Said {
    time: u64,
    cut: bool,
}

/// A parent: its number once it was met.
#[derive(Clone, Copy)]
enum Link {
    Number(u32),
    Position(Position),
    Id(gix::ObjectId),
}

/// The commits that were met so far. It reads what git reads: through `git replace`, not beyond the end of a shallow clone.
pub(super) struct Nodes {
    graph: Option<gix::commitgraph::Graph>,
    shallow: Option<gix::shallow::Commits>,
    nodes: Vec<Node>,
    links: Vec<Link>,
    by_id: HashMap<gix::ObjectId, u32>,
    by_position: Vec<u32>,
    buffer: Vec<u8>,
}

impl Nodes {
    pub(super) fn new(repository: &gix::Repository) -> Result<Self, RepositoryError> {
        let shallow = repository.shallow_commits().map_err(reading("read", "the shallow file"))?;
        // git, too, leaves the commit-graph alone where commits have other parents than their own.
        let usable = shallow.is_none() && repository.objects.store_ref().replacements().next().is_none();
        // One that is damaged costs time only: everything in it stands in the commits as well.
        let graph = usable.then(|| repository.commit_graph_if_enabled().ok().flatten()).flatten();
        let length = graph.as_ref().map_or(0, |graph| graph.num_commits() as usize);
        Ok(Self {
            graph,
            shallow,
            nodes: Vec::new(),
            links: Vec::new(),
            by_id: HashMap::default(),
            by_position: vec![NONE; length],
            buffer: Vec::new(),
        })
    }

    /// The number of a commit.
    pub(super) fn find(
        &mut self,
        repository: &gix::Repository,
        id: &gix::ObjectId,
    ) -> Result<u32, RepositoryError> {
        if let Some(&number) = self.by_id.get(id) {
            return Ok(number);
        }
        // gix ends the process where an id has another hash than the repository.
        if id.kind() != repository.object_hash() {
            let reason = "its id is not of the kind that this repository has".to_owned();
            return Err(RepositoryError::Read { action: "read commit", what: id.to_string(), reason });
        }
        if let Some(position) = self.graph.as_ref().and_then(|graph| graph.lookup(id)) {
            return Ok(self.at(position));
        }
        let number = self.next_number();
        let first = self.next_link();
        let Said { time, cut } = self.read(repository, id)?;
        let count = self.next_link() - first;
        let (marks, queued) = (0, false);
        self.nodes.push(Node { id: *id, time, position: NONE, first, count, marks, queued, cut });
        self.by_id.insert(*id, number);
        Ok(number)
    }

    /// The number of a commit of the commit-graph.
    fn at(&mut self, position: Position) -> u32 {
        if let Some(&number) = self.by_position.get(position.0 as usize).filter(|number| **number != NONE) {
            return number;
        }
        let number = self.next_number();
        let Some(graph) = &self.graph else { return number };
        let commit = graph.commit_at(position);
        let (id, time) = (commit.id().to_owned(), commit.committer_timestamp());
        self.nodes.push(Node {
            id,
            time,
            position: position.0,
            first: NONE,
            count: 0,
            marks: 0,
            queued: false,
            cut: false,
        });
        if let Some(slot) = self.by_position.get_mut(position.0 as usize) {
            *slot = number;
        }
        number
    }

    /// Reads a commit object: its parents become links.
    fn read(&mut self, repository: &gix::Repository, id: &gix::ObjectId) -> Result<Said, RepositoryError> {
        let short = || id.to_hex_with_len(10);
        let object = repository.objects.find(id, &mut self.buffer).map_err(|error| {
            if error.is_not_found() {
                RepositoryError::MissingObject {
                    id: ObjectId::from_gix(id),
                    remote: likely_remote(repository),
                }
            } else {
                reading("read commit", short())(error)
            }
        })?;
        if object.kind != gix::objs::Kind::Commit {
            let reason = format!("it is a {}", object.kind);
            return Err(RepositoryError::Read { action: "read commit", what: short().to_string(), reason });
        }
        let is_cut = self.shallow.as_ref().is_some_and(|shallow| shallow.contains(id));
        let mut said = Said { time: 0, cut: false };
        for line in object.data.lines() {
            if let Some(parent) = line.strip_prefix(b"parent ") {
                if is_cut {
                    said.cut = true;
                } else {
                    self.links.extend(gix::ObjectId::from_hex(parent).ok().map(Link::Id));
                }
            } else if let Some(committer) = line.strip_prefix(b"committer ") {
                said.time = seconds(committer);
                break;
            } else if line.is_empty() {
                break;
            }
        }
        Ok(said)
    }

    /// Makes the parents of a commit known and says how many there are.
    pub(super) fn load_parents(
        &mut self,
        repository: &gix::Repository,
        number: u32,
    ) -> Result<usize, RepositoryError> {
        let Some(node) = self.nodes.get(number as usize) else { return Ok(0) };
        let (id, position) = (node.id, node.position);
        if node.first != NONE {
            return Ok(node.count as usize);
        }
        let first = self.next_link();
        if !self.link_from_graph(position) {
            self.links.truncate(first as usize);
            self.read(repository, &id)?;
        }
        let count = self.next_link() - first;
        if let Some(node) = self.nodes.get_mut(number as usize) {
            (node.first, node.count) = (first, count);
        }
        Ok(count as usize)
    }

    /// Links to the parents that the commit-graph tells; not so if it is damaged there.
    fn link_from_graph(&mut self, position: u32) -> bool {
        let Some(graph) = &self.graph else { return false };
        for parent in graph.commit_at(Position(position)).iter_parents() {
            match parent {
                Ok(parent) if (parent.0 as usize) < self.by_position.len() => {
                    self.links.push(Link::Position(parent));
                }
                _ => return false,
            }
        }
        true
    }

    /// The parent at a place, after [`Self::load_parents`].
    pub(super) fn parent(
        &mut self,
        repository: &gix::Repository,
        number: u32,
        at: usize,
    ) -> Result<u32, RepositoryError> {
        let index = self.nodes.get(number as usize).map_or(0, |node| node.first as usize) + at;
        let parent = match self.links.get(index) {
            Some(Link::Number(parent)) => return Ok(*parent),
            Some(&Link::Position(position)) => self.at(position),
            Some(&Link::Id(id)) => self.find(repository, &id)?,
            // Every link was counted when it was made.
            None => return Ok(number),
        };
        if let Some(link) = self.links.get_mut(index) {
            *link = Link::Number(parent);
        }
        Ok(parent)
    }

    /// How many commits lead to this one, itself included.
    pub(super) fn count(&mut self, repository: &gix::Repository, start: u32) -> Result<u64, RepositoryError> {
        let mut seen = vec![false; self.nodes.len()];
        let mut open = vec![start];
        let mut count = 0;
        while let Some(node) = open.pop() {
            let index = node as usize;
            if index >= seen.len() {
                seen.resize(self.nodes.len().max(index + 1), false);
            }
            match seen.get_mut(index) {
                Some(seen) if !*seen => *seen = true,
                _ => continue,
            }
            count += 1;
            for at in 0..self.load_parents(repository, node)? {
                open.push(self.parent(repository, node, at)?);
            }
        }
        Ok(count)
    }

    /// Whether a shallow clone left the parents of a commit out.
    pub(super) fn is_cut(&self, number: u32) -> bool {
        self.nodes.get(number as usize).is_some_and(|node| node.cut)
    }

    /// More than the level of each of its parents; the largest number where the commit-graph does not tell.
    pub(super) fn level(&self, number: u32) -> u32 {
        self.generation(number).filter(|level| (1..LARGEST_LEVEL).contains(level)).unwrap_or(u32::MAX)
    }

    /// A commit of a lower [level](Self::level) does not descend from this one.
    pub(super) fn floor(&self, number: u32) -> u32 {
        // What is in the commit-graph has all its parents there.
        self.generation(number).map_or(u32::MAX, |level| level.min(LARGEST_LEVEL))
    }

    /// The same of a commit that has no number, and may not be there.
    pub(super) fn floor_of(&self, id: &gix::oid) -> u32 {
        let level = self.graph.as_ref().and_then(|graph| graph.commit_by_id(id)).map(|it| it.generation());
        level.map_or(u32::MAX, |level| level.min(LARGEST_LEVEL))
    }

    /// What the commit-graph says; zero is what git did not compute.
    fn generation(&self, number: u32) -> Option<u32> {
        let position = self.nodes.get(number as usize).map(|node| node.position)?;
        let graph = self.graph.as_ref().filter(|_| position != NONE)?;
        Some(graph.commit_at(Position(position)).generation())
    }

    pub(super) fn id(&self, number: u32) -> Option<&gix::oid> {
        self.nodes.get(number as usize).map(|node| node.id.as_ref())
    }

    pub(super) fn time(&self, number: u32) -> u64 {
        self.nodes.get(number as usize).map_or(0, |node| node.time)
    }

    pub(super) fn marks(&self, number: u32) -> u32 {
        self.nodes.get(number as usize).map_or(0, |node| node.marks)
    }

    pub(super) fn is_queued(&self, number: u32) -> bool {
        self.nodes.get(number as usize).is_some_and(|node| node.queued)
    }

    pub(super) fn mark(&mut self, number: u32, marks: u32) {
        if let Some(node) = self.nodes.get_mut(number as usize) {
            node.marks |= marks;
        }
    }

    pub(super) fn set_queued(&mut self, number: u32, queued: bool) {
        if let Some(node) = self.nodes.get_mut(number as usize) {
            node.queued = queued;
        }
    }

    pub(super) fn clear(&mut self, number: u32) {
        if let Some(node) = self.nodes.get_mut(number as usize) {
            (node.marks, node.queued) = (0, false);
        }
    }

    fn next_number(&self) -> u32 {
        u32::try_from(self.nodes.len()).unwrap_or(NONE)
    }

    fn next_link(&self) -> u32 {
        u32::try_from(self.links.len()).unwrap_or(NONE)
    }
}
