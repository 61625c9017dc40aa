//! Objects as they are read in one thread, and the few facts of a commit that a walk needs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use gix::ObjectId;
use gix::objs::{Find, Kind};
use gix::odb::pack::cache::DecodeEntry;
use gix::odb::pack::cache::lru::MemoryCappedHashmap;

use super::History;
use super::order::Cost;
use super::rules::Rules;
use crate::names::ObjectId as PublicId;
use crate::repository::{RepositoryError, likely_remote, reading};

/// Room for the bases of deltas, for each thread.
const DELTA_BASES: usize = 24 << 20;

/// A handle of one thread.
pub(super) struct Objects {
    repository: gix::Repository,
    rules: Arc<Rules>,
    read: AtomicU64,
    followed: Arc<AtomicU64>,
}

/// The bases of deltas, and how often one was not there.
struct Bases {
    kept: MemoryCappedHashmap,
    missed: Arc<AtomicU64>,
}

impl DecodeEntry for Bases {
    fn put(&mut self, pack: u32, offset: u64, data: &[u8], kind: Kind, compressed: usize) {
        self.kept.put(pack, offset, data, kind, compressed);
    }

    fn get(&mut self, pack: u32, offset: u64, out: &mut Vec<u8>) -> Option<(Kind, usize)> {
        let found = self.kept.get(pack, offset, out);
        self.missed.fetch_add(u64::from(found.is_none()), Ordering::Relaxed);
        found
    }
}

impl Objects {
    pub(super) fn new(history: &History, rules: Arc<Rules>) -> Self {
        let mut repository = history.shared.to_thread_local();
        // Whole objects are kept where they are used again, as trees are; here that would be copying for nothing.
        repository.objects.unset_object_cache();
        repository.objects.ignore_replacements = true;
        let followed = Arc::new(AtomicU64::new(0));
        let missed = Arc::clone(&followed);
        repository.objects.set_pack_cache(move || {
            Box::new(Bases { kept: MemoryCappedHashmap::new(DELTA_BASES), missed: Arc::clone(&missed) })
        });
        Self { repository, rules, read: AtomicU64::new(0), followed }
    }

    /// What all reading until now has cost.
    pub(super) fn cost(&self) -> Cost {
        let (objects, deltas) = (&self.read, &self.followed);
        Cost { objects: objects.load(Ordering::Relaxed), deltas: deltas.load(Ordering::Relaxed) }
    }

    pub(super) fn rules(&self) -> &Rules {
        &self.rules
    }

    pub(super) fn commit_graph(&self) -> Option<gix::commitgraph::Graph> {
        // It holds what the commits themselves say. One that cannot be read is not needed either.
        self.rules.are_none().then(|| self.repository.commit_graph_if_enabled().ok().flatten()).flatten()
    }

    /// How long ids are in trees.
    pub(super) fn id_length(&self) -> usize {
        self.repository.object_hash().len_in_bytes()
    }

    /// The content of a commit.
    pub(super) fn commit<'b>(
        &self,
        id: ObjectId,
        buffer: &'b mut Vec<u8>,
    ) -> Result<&'b [u8], RepositoryError> {
        let missing = || RepositoryError::MissingObject { id: public(id), remote: self.remote() };
        self.read(id, Kind::Commit, buffer)?.ok_or_else(missing)
    }

    /// The content of a tree.
    pub(super) fn tree<'b>(
        &self,
        id: ObjectId,
        buffer: &'b mut Vec<u8>,
    ) -> Result<&'b [u8], RepositoryError> {
        if id.is_empty_tree() {
            return Ok(&[]);
        }
        let missing = || {
            let remote = self.remote();
            unreadable(
                "tree",
                id,
                format!("it is not in this repository; run `git fetch --refetch --no-filter {remote}`"),
            )
        };
        self.read(id, Kind::Tree, buffer)?.ok_or_else(missing)
    }

    pub(super) fn remote(&self) -> crate::RemoteName {
        likely_remote(&self.repository)
    }

    fn read<'b>(
        &self,
        id: ObjectId,
        kind: Kind,
        buffer: &'b mut Vec<u8>,
    ) -> Result<Option<&'b [u8]>, RepositoryError> {
        self.read.fetch_add(1, Ordering::Relaxed);
        // gix ends the process where an id has another hash than the repository.
        if id.kind() != self.repository.object_hash() {
            return Ok(None);
        }
        let Some(place) = self.rules.place(id) else {
            return Err(unreadable(
                kind,
                id,
                "its replacements lead too far; see `git replace --list`".into(),
            ));
        };
        match self.repository.objects.try_find(&place, buffer).map_err(reading("read object", id))? {
            Some(object) if object.kind == kind => Ok(Some(object.data)),
            Some(object) => Err(unreadable(kind, id, format!("it is a {}", object.kind))),
            None => Ok(None),
        }
    }
}

pub(super) fn public(id: ObjectId) -> PublicId {
    PublicId::from_gix(&id)
}

pub(super) fn unreadable(kind: impl std::fmt::Display, id: ObjectId, reason: String) -> RepositoryError {
    RepositoryError::Read { action: "read", what: format!("{kind} {id}"), reason }
}

/// What a walk needs of a commit.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) tree: ObjectId,
    pub(super) parents: Box<[ObjectId]>,
    pub(super) time: u64,
}

/// Reads the first lines of a commit; as in git, all but the tree and the parents may be missing or damaged.
pub(super) fn head(content: &[u8], hash: gix::hash::Kind) -> Option<Head> {
    let (tree, mut rest) = id_line(content, b"tree ", hash)?;
    let mut parents = Vec::with_capacity(2);
    while let Some((parent, after)) = id_line(rest, b"parent ", hash) {
        parents.push(parent);
        rest = after;
    }
    Some(Head { tree, parents: parents.into(), time: commit_time(rest).unwrap_or(0) })
}

fn id_line<'c>(content: &'c [u8], key: &[u8], hash: gix::hash::Kind) -> Option<(ObjectId, &'c [u8])> {
    let (id, rest) = content.strip_prefix(key)?.split_at_checked(hash.len_in_hex())?;
    Some((ObjectId::from_hex(id).ok()?, rest.strip_prefix(b"\n")?))
}

/// The date of the committer as git orders by it: a number too large is the largest, one below zero wraps around.
fn commit_time(rest: &[u8]) -> Option<u64> {
    let mut lines = rest.splitn(3, |byte| *byte == b'\n');
    lines.next().filter(|line| line.starts_with(b"author"))?;
    let line = lines.next().filter(|line| line.starts_with(b"committer"))?;
    // Without a line end after it, there is no date.
    lines.next()?;
    let after = line.iter().rposition(|byte| *byte == b'>')? + 1;
    let text = line.get(after..)?.trim_ascii_start();
    let (negative, digits) = match text.split_first()? {
        (b'-', digits) => (true, digits),
        (b'+', digits) => (false, digits),
        _ => (false, text),
    };
    let mut number = 0_u64;
    for digit in digits.iter().take_while(|byte| byte.is_ascii_digit()) {
        let next = number.checked_mul(10).and_then(|ten| ten.checked_add(u64::from(digit - b'0')));
        match next {
            Some(next) => number = next,
            None => return Some(u64::MAX),
        }
    }
    Some(if negative { number.wrapping_neg() } else { number })
}
