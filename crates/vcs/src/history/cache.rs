//! Answers of [`History::split`](super::History::split) kept from one run to the next.
//!
//! A cache only ever saves time. What is not exactly as it was written is as good as absent; what cannot be written is not
//! written. Commits never change, so an answer belongs to the id of a commit, under a digest of what was asked.
//!
//! A file: a first line with the version of the format, the digest of the question, the answers, and the SHA-1 of all that.
//! An answer: the id of the commit (20 bytes), whether it touched what is nobody's (1), how many owners (4), the owners
//! (4 each, all little-endian).

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use gix::ObjectId;
use gix::hashtable::HashMap;

use super::changes::Merges;
use super::packages::Touched;
use super::path_map::PathMap;
use crate::names::CommitId;
use crate::repository::gix_id;

const FORMAT: &[u8] = b"tminus split 1\n";
const ID: usize = 20;
const START: usize = FORMAT.len() + ID;
/// The largest file.
const LARGEST: usize = 64 << 20;
/// The most files: one for each set of packages that was asked for lately.
const MOST_FILES: usize = 8;
/// Fewer new answers than this are not worth a new file.
const WORTHWHILE: usize = 256;
/// Temporary files this much older than a new one belong to nobody any more.
const ABANDONED: Duration = Duration::from_hours(1);

/// The answers to one question.
pub(super) struct Cache {
    dir: PathBuf,
    question: ObjectId,
    content: Vec<u8>,
    places: HashMap<ObjectId, usize>,
}

impl Cache {
    /// What is there; `None` if there can be no cache for this question.
    pub(super) fn open(dir: &Path, map: &PathMap, merges: Merges) -> Option<Self> {
        let question = question(map, merges)?;
        let path = dir.join(file_name(&question));
        let (content, places) = read(&path, &question).unwrap_or_default();
        Some(Self { dir: dir.to_owned(), question, content, places })
    }

    pub(super) fn get(&self, id: &ObjectId) -> Option<Touched> {
        let answer = Answer::read(self.content.get(*self.places.get(id)?..)?)?;
        Some(Touched {
            commit: CommitId::from_gix(id),
            owners: answer.owners().collect(),
            others: answer.others,
        })
    }

    /// Keeps new answers, if they are worth it.
    pub(super) fn keep(&self, answers: &[Touched]) {
        let with_ids = answers.iter().map(|answer| (gix_id(&(&answer.commit).into()), answer));
        let fresh: Vec<_> = with_ids.filter(|(id, _)| !self.places.contains_key(id)).collect();
        if fresh.len() >= WORTHWHILE {
            // Without it, all is computed again.
            let _ = self.write(&fresh);
        }
    }

    fn write(&self, fresh: &[(ObjectId, &Touched)]) -> Option<()> {
        let mut content = Vec::from(FORMAT);
        content.extend_from_slice(self.question.as_slice());
        let mut fresh_content = Vec::new();
        for (id, touched) in fresh {
            write_answer(&mut fresh_content, id, touched)?;
        }
        // The old answers make room for the new.
        let old = self.content.get(START..).unwrap_or_default();
        if START + old.len() + fresh_content.len() + ID <= LARGEST {
            content.extend_from_slice(old);
        }
        content.append(&mut fresh_content);
        content.extend_from_slice(digest(&content)?.as_slice());
        if content.len() > LARGEST {
            return None;
        }
        fs::create_dir_all(&self.dir).ok()?;
        let path = self.dir.join(file_name(&self.question));
        replace(&self.dir, &path, &content)?;
        tidy(&self.dir, &path)
    }
}

/// The content without the digest at its end, and where in it the answers are.
type Content = (Vec<u8>, HashMap<ObjectId, usize>);

fn read(path: &Path, question: &ObjectId) -> Option<Content> {
    let found = fs::symlink_metadata(path).ok()?;
    if !found.is_file() || usize::try_from(found.len()).ok()? > LARGEST {
        return None;
    }
    let mut content = fs::read(path).ok()?;
    let end = content.len().checked_sub(ID)?;
    let (body, sum) = content.split_at_checked(end)?;
    let answers = body.strip_prefix(FORMAT)?.strip_prefix(question.as_slice())?;
    if digest(body)?.as_slice() != sum {
        return None;
    }
    let mut places = HashMap::default();
    let mut at = 0;
    while let Some(rest) = answers.get(at..).filter(|rest| !rest.is_empty()) {
        let answer = Answer::read(rest)?;
        places.insert(ObjectId::try_from(answer.id).ok()?, START + at);
        at += answer.length;
    }
    content.truncate(end);
    Some((content, places))
}

struct Answer<'a> {
    id: &'a [u8],
    others: bool,
    owners: &'a [u8],
    length: usize,
}

impl<'a> Answer<'a> {
    fn read(rest: &'a [u8]) -> Option<Self> {
        let (id, rest) = rest.split_at_checked(ID)?;
        let (others, rest) = rest.split_first()?;
        let (count, rest) = rest.split_first_chunk::<4>()?;
        let bytes = usize::try_from(u32::from_le_bytes(*count)).ok()?.checked_mul(4)?;
        let owners = rest.get(..bytes)?;
        Some(Self { id, others: *others == 1, owners, length: ID + 5 + bytes })
    }

    fn owners(&self) -> impl Iterator<Item = u32> {
        self.owners.as_chunks::<4>().0.iter().map(|bytes| u32::from_le_bytes(*bytes))
    }
}

fn write_answer(content: &mut Vec<u8>, id: &ObjectId, touched: &Touched) -> Option<()> {
    content.extend_from_slice(id.as_slice());
    content.push(u8::from(touched.others));
    content.extend_from_slice(&u32::try_from(touched.owners.len()).ok()?.to_le_bytes());
    for owner in &touched.owners {
        content.extend_from_slice(&owner.to_le_bytes());
    }
    Some(())
}

/// Writes beside the file and renames, so that nobody ever reads half of it.
fn replace(dir: &Path, path: &Path, content: &[u8]) -> Option<()> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let temporary = dir.join(format!("split-{}-{number}.tmp", std::process::id()));
    let mut file = OpenOptions::new().write(true).create_new(true).open(&temporary).ok()?;
    let written = file.write_all(content).and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written.ok()
}

/// Removes what is too much: the oldest files, and what killed processes left.
fn tidy(dir: &Path, newest: &Path) -> Option<()> {
    let modified = |path: &Path| fs::symlink_metadata(path).and_then(|found| found.modified()).ok();
    let now = modified(newest)?;
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).ok()?.filter_map(Result::ok) {
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| name.starts_with("split-")) else { continue };
        let path = entry.path();
        let Some(time) = modified(&path) else { continue };
        if name.ends_with(".bin") && path != newest {
            files.push((time, path));
        } else if name.ends_with(".tmp") && now.duration_since(time).is_ok_and(|age| age > ABANDONED) {
            let _ = fs::remove_file(path);
        }
    }
    files.sort();
    for (_, path) in files.iter().take((files.len() + 1).saturating_sub(MOST_FILES)) {
        let _ = fs::remove_file(path);
    }
    Some(())
}

fn file_name(question: &ObjectId) -> String {
    format!("split-{question}.bin")
}

/// A digest of everything but the commit that an answer follows from.
fn question(map: &PathMap, merges: Merges) -> Option<ObjectId> {
    let mut text = vec![match merges {
        Merges::Nothing => 0,
        Merges::FirstParent => 1,
    }];
    for (path, owners) in map.declared() {
        text.extend_from_slice(&path);
        // No path holds a NUL, so this ends it.
        text.push(0);
        text.extend_from_slice(&u32::try_from(owners.len()).ok()?.to_le_bytes());
        for owner in owners {
            text.extend_from_slice(&owner.to_le_bytes());
        }
    }
    digest(&text)
}

fn digest(bytes: &[u8]) -> Option<ObjectId> {
    let mut hasher = gix::hash::hasher(gix::hash::Kind::Sha1);
    hasher.update(bytes);
    hasher.try_finalize().ok()
}
