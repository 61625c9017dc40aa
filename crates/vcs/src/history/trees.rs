//! What differs between two trees, in the order of git.

use std::cmp::Ordering;
use std::rc::Rc;

use gix::ObjectId;
use gix::bstr::ByteSlice;
use gix::hashtable::HashMap;

use super::objects::Objects;
use super::order::Cost;
use crate::repository::RepositoryError;

/// How deep directories may be; git's own `core.maxTreeDepth`.
const DEEPEST: usize = 2048;
/// Room for trees, for each thread and each of two halves.
const ROOM: usize = 8 << 20;

const KIND: u32 = 0o170_000;
const DIRECTORY: u32 = 0o040_000;
const FILE: u32 = 0o100_000;
const LINK: u32 = 0o120_000;
const SUBMODULE: u32 = 0o160_000;

/// Trees as they are read in one thread.
///
/// A commit differs little from its parent, so most trees are asked for twice in a row. What was not asked for since half
/// of the room was filled is forgotten.
pub(super) struct Trees {
    objects: Objects,
    buffer: Vec<u8>,
    young: HashMap<ObjectId, Rc<[u8]>>,
    old: HashMap<ObjectId, Rc<[u8]>>,
    used: usize,
}

/// Who wants to know.
pub(super) trait Visit {
    /// What is known of a directory.
    type Place: Copy;
    /// A directory that differs; `None` if nothing below it matters.
    fn directory(&mut self, parent: Self::Place, name: &[u8]) -> Option<Self::Place>;
    /// A file, link or submodule that differs, by its name and its whole path.
    fn file(&mut self, parent: Self::Place, name: &[u8], path: &[u8]);
}

/// Where in two trees the comparison is.
struct Frame<P> {
    before: Rc<[u8]>,
    after: Rc<[u8]>,
    /// How far each is read.
    at: (usize, usize),
    place: P,
    /// The length of the path of the directory with its final `/`.
    path: usize,
}

/// An entry of a tree.
#[derive(Clone, Copy)]
struct Line<'t> {
    mode: u32,
    name: &'t [u8],
    id: &'t [u8],
    length: usize,
}

impl Trees {
    pub(super) fn new(objects: Objects) -> Self {
        let (young, old) = (HashMap::default(), HashMap::default());
        Self { objects, buffer: Vec::new(), young, old, used: 0 }
    }

    /// What all reading until now has cost.
    pub(super) fn cost(&self) -> Cost {
        self.objects.cost()
    }

    /// Shows the visitor what differs; without a tree, that is everything in the other.
    pub(super) fn compare<V: Visit>(
        &mut self,
        before: Option<ObjectId>,
        after: Option<ObjectId>,
        place: V::Place,
        visit: &mut V,
    ) -> Result<(), RepositoryError> {
        if before == after {
            return Ok(());
        }
        let width = self.objects.id_length();
        let mut path = Vec::new();
        let mut frames = vec![self.frame(before, after, place, 0)?];
        while let Some(Frame { before, after, at, place, path: length }) = frames.last_mut() {
            path.truncate(*length);
            let difference = next_difference(before, after, at, width).map_err(|Damaged| damaged(&path))?;
            let Some((name, before, after)) = difference else {
                frames.pop();
                continue;
            };
            path.extend_from_slice(name);
            if before.or(after).is_some_and(|line| line.mode != DIRECTORY) {
                visit.file(*place, name, &path);
                continue;
            }
            let Some(place) = visit.directory(*place, name) else { continue };
            let (before, after) = (before.map(|line| line.id()), after.map(|line| line.id()));
            path.push(b'/');
            if frames.len() >= DEEPEST {
                return Err(too_deep(&path));
            }
            frames.push(self.frame(before, after, place, path.len())?);
        }
        Ok(())
    }

    fn frame<P>(
        &mut self,
        before: Option<ObjectId>,
        after: Option<ObjectId>,
        place: P,
        path: usize,
    ) -> Result<Frame<P>, RepositoryError> {
        let mut side = |id: Option<ObjectId>| id.map_or_else(|| Ok(Rc::default()), |id| self.tree(id));
        Ok(Frame { before: side(before)?, after: side(after)?, at: (0, 0), place, path })
    }

    fn tree(&mut self, id: ObjectId) -> Result<Rc<[u8]>, RepositoryError> {
        if let Some(tree) = self.young.get(&id) {
            return Ok(Rc::clone(tree));
        }
        let tree = match self.old.remove(&id) {
            Some(tree) => tree,
            None => self.objects.tree(id, &mut self.buffer)?.into(),
        };
        self.used += tree.len();
        if self.used > ROOM {
            self.old = std::mem::take(&mut self.young);
            self.used = tree.len();
        }
        self.young.insert(id, Rc::clone(&tree));
        Ok(tree)
    }
}

/// A tree that is not in the format of trees.
struct Damaged;

type Difference<'t> = (&'t [u8], Option<Line<'t>>, Option<Line<'t>>);

/// The next entry that is not the same on both sides.
fn next_difference<'t>(
    before: &'t [u8],
    after: &'t [u8],
    at: &mut (usize, usize),
    width: usize,
) -> Result<Option<Difference<'t>>, Damaged> {
    loop {
        let (one, two) = match (line(before, at.0, width)?, line(after, at.1, width)?) {
            (None, None) => return Ok(None),
            (Some(one), Some(two)) => match one.order(&two) {
                Ordering::Equal => (Some(one), Some(two)),
                Ordering::Less => (Some(one), None),
                Ordering::Greater => (None, Some(two)),
            },
            one_of_them => one_of_them,
        };
        at.0 += one.map_or(0, |line| line.length);
        at.1 += two.map_or(0, |line| line.length);
        let same = one.zip(two).is_some_and(|(one, two)| one.id == two.id && one.mode == two.mode);
        if let (false, Some(line)) = (same, one.or(two)) {
            return Ok(Some((line.name, one, two)));
        }
    }
}

fn line(tree: &[u8], at: usize, width: usize) -> Result<Option<Line<'_>>, Damaged> {
    let rest = tree.get(at..).unwrap_or_default();
    if rest.is_empty() { Ok(None) } else { Line::read(rest, width).map(Some).ok_or(Damaged) }
}

impl<'t> Line<'t> {
    /// `width` is the length of an id.
    fn read(rest: &'t [u8], width: usize) -> Option<Self> {
        let mut mode = 0_u32;
        let mut space = 0;
        for byte in rest {
            match byte {
                b'0'..=b'7' if space < 8 => mode = mode << 3 | u32::from(byte - b'0'),
                b' ' if space > 0 => break,
                _ => return None,
            }
            space += 1;
        }
        let named = rest.get(space + 1..)?;
        let end = named.find_byte(0)?;
        let (name, id) = (named.get(..end)?, named.get(end + 1..end + 1 + width)?);
        (!name.is_empty()).then_some(Self {
            mode: canonical(mode),
            name,
            id,
            length: space + end + 2 + width,
        })
    }

    fn id(&self) -> ObjectId {
        ObjectId::try_from(self.id).unwrap_or(ObjectId::null(gix::hash::Kind::Sha1))
    }

    /// As git sorts them: a directory as if its name ended with `/`. So a file and a directory of one name are two entries.
    fn order(&self, other: &Self) -> Ordering {
        let common = self.name.len().min(other.name.len());
        let (one, two) = (self.name.split_at_checked(common), other.name.split_at_checked(common));
        let (Some((one, one_rest)), Some((two, two_rest))) = (one, two) else { return Ordering::Equal };
        let end = |line: &Self, rest: &[u8]| {
            rest.first().copied().unwrap_or(if line.mode == DIRECTORY { b'/' } else { 0 })
        };
        one.cmp(two).then_with(|| end(self, one_rest).cmp(&end(other, two_rest)))
    }
}

/// Old versions of git wrote more modes than these; git compares them as these.
fn canonical(mode: u32) -> u32 {
    match mode & KIND {
        FILE if mode & 0o100 != 0 => 0o100_755,
        FILE => 0o100_644,
        LINK => LINK,
        DIRECTORY => DIRECTORY,
        _ => SUBMODULE,
    }
}

fn damaged(directory: &[u8]) -> RepositoryError {
    let what = format!("the tree of /{}", directory.to_str_lossy());
    RepositoryError::Read { action: "read", what, reason: "it is damaged; run `git fsck`".into() }
}

fn too_deep(path: &[u8]) -> RepositoryError {
    let start = path.get(..60).unwrap_or(path).to_str_lossy().into_owned();
    let reason = format!("directories are more than {DEEPEST} deep");
    RepositoryError::Read { action: "compare", what: format!("/{start}…"), reason }
}
