//! Ids of changes: equal where two commits make the same change, wherever they make it.

use std::fmt;

use gix::attrs::StateRef;
use gix::bstr::{BStr, ByteSlice};
use gix::diff::blob::{Algorithm, Diff, InternedInput};
use gix::objs::tree::EntryKind;

use super::History;
use super::tree_changes::{Entry, FileChange, tree_changes};
use crate::names::{CommitId, ObjectId};
use crate::repository::{RepositoryError, commit_object, reading};

/// Lines of a file that are shown around a change and belong to it.
const CONTEXT: usize = 3;
/// A file with a zero byte among so many first ones is binary.
const BINARY_PROBE: usize = 8000;

/// The id of a change: 40 hexadecimal digits that do not depend on where in its files the change lies, on white space, and on
/// the order of files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PatchId(String);

impl PatchId {
    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which of git's two ids.
///
/// They differ where lines could be counted to a change in two ways: the printed patch decides by the indentation, the
/// comparison of `git cherry` does not. They also differ for files without lines and for files that become links.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PatchIdKind {
    /// `git diff-tree -p --full-index COMMIT | git patch-id --stable`, for comparison with ids from elsewhere.
    Printed,
    /// What `git cherry`, `git log --cherry-mark` and `git rebase` compare; git never shows it.
    #[default]
    Cherry,
}

impl History {
    /// The ids of what the commits change, each against its parent or against nothing for a first commit. `None` for a merge
    /// and for a commit that changes nothing.
    ///
    /// As for git, `.gitattributes` can say that a file is binary (`-diff`) or not (`diff`). No diff driver and no text
    /// conversion is run, and renames are not looked for.
    ///
    /// ```
    /// # use tminus_vcs::{CommitId, History, PatchIdKind, RepositoryError};
    /// # fn demo(history: &History, one: CommitId, picked: CommitId) -> Result<(), RepositoryError> {
    /// let ids = history.patch_ids(&[one, picked], PatchIdKind::Cherry)?;
    /// assert_eq!(ids[0], ids[1]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`RepositoryError::MissingObject`]: a commit has not been fetched.
    /// - [`RepositoryError::MissingHistory`]: a shallow clone left the parent of a commit out.
    /// - [`RepositoryError::Read`]: a tree or file is missing (a partial clone) or has more than 512 MiB.
    /// - [`RepositoryError::Unsupported`]: the repository has SHA-256 objects.
    ///
    /// # Deviations
    ///
    /// `core.bigFileThreshold` is not read. Where thousands of lines of one file change, as in lock files that are written
    /// anew, git gives up on the shortest difference at other places than this does; the ids then differ from git's, and
    /// equal changes still have equal ids here.
    pub fn patch_ids(
        &self,
        commits: &[CommitId],
        kind: PatchIdKind,
    ) -> Result<Vec<Option<PatchId>>, RepositoryError> {
        let repository = self.local();
        let mut patches = Patches::open(&repository, kind)?;
        commits
            .iter()
            .map(|id| match pair(&repository, id, None)? {
                Some((old, new)) => patches.id(old, new),
                None => Ok(None),
            })
            .collect()
    }
}

/// The trees before and after a commit; `None` for a merge without a mainline. A mainline counts from 1.
pub(super) fn pair(
    repository: &gix::Repository,
    id: &CommitId,
    mainline: Option<usize>,
) -> Result<Option<(gix::ObjectId, gix::ObjectId)>, RepositoryError> {
    let failed = || reading("read commit", id.short());
    let commit = commit_object(repository, id)?;
    let content = commit.decode().map_err(failed())?;
    let parents: Vec<_> = content.parents().collect();
    let parent = match (mainline, parents.as_slice()) {
        (None, []) => return Ok(Some((gix::ObjectId::empty_tree(repository.object_hash()), content.tree()))),
        (None, [parent]) => *parent,
        (Some(number), parents) => match number.checked_sub(1).and_then(|index| parents.get(index)) {
            Some(parent) => *parent,
            None => return Ok(None),
        },
        (None, _) => return Ok(None),
    };
    let cut = repository.shallow_commits().map_err(reading("read", "the shallow file"))?;
    if cut.is_some_and(|cut| cut.contains(&commit.id)) {
        return Err(RepositoryError::MissingHistory {
            id: ObjectId::from(id),
            remote: crate::repository::likely_remote(repository),
        });
    }
    let parent = commit_object(repository, &CommitId::from_gix(&parent))?;
    let old = parent.tree_id().map_err(failed())?.detach();
    Ok(Some((old, content.tree())))
}

/// What the computation of many ids shares.
pub(super) struct Patches<'r> {
    repository: &'r gix::Repository,
    attributes: gix::AttributeStack<'r>,
    found: gix::attrs::search::Outcome,
    kind: PatchIdKind,
    /// Whether bytes that are not ASCII are escaped in a printed name.
    quote_high: bool,
    /// Whether lines that could be counted to a change in two ways are placed by their indentation.
    by_indentation: bool,
}

impl<'r> Patches<'r> {
    pub(super) fn open(repository: &'r gix::Repository, kind: PatchIdKind) -> Result<Self, RepositoryError> {
        use gix::worktree::stack::state::attributes::Source;
        if repository.object_hash() != gix::hash::Kind::Sha1 {
            let dir = repository.workdir().unwrap_or(repository.git_dir()).to_owned();
            let what = "SHA-256 objects, whose patch ids".to_owned();
            return Err(RepositoryError::Unsupported { dir, what });
        }
        let failed = || reading("read", "the attributes of files");
        // In a bare repository git reads no `.gitattributes`, only `info/attributes` and the user's.
        let attributes = if repository.workdir().is_some() {
            let index = repository.index_or_empty().map_err(failed())?;
            repository.attributes_only(&index, Source::WorktreeThenIdMapping)
        } else {
            let index = gix::index::State::new(gix::hash::Kind::Sha1);
            repository.attributes_only(&index, Source::IdMapping)
        };
        let attributes = attributes.map_err(failed())?;
        let found = attributes.selected_attribute_matches(["diff"]);
        let on = |key: &str| repository.config_snapshot().boolean(key).unwrap_or(true);
        let quote_high = on("core.quotePath");
        let by_indentation = kind == PatchIdKind::Printed && on("diff.indentHeuristic");
        Ok(Self { repository, attributes, found, kind, quote_high, by_indentation })
    }

    pub(super) fn id(
        &mut self,
        old: gix::ObjectId,
        new: gix::ObjectId,
    ) -> Result<Option<PatchId>, RepositoryError> {
        let changes = tree_changes(self.repository, old, new)?;
        self.id_of(&changes)
    }

    pub(super) fn id_of(&mut self, changes: &[FileChange]) -> Result<Option<PatchId>, RepositoryError> {
        if changes.is_empty() {
            return Ok(None);
        }
        let sum = match self.kind {
            PatchIdKind::Cherry => self.compared(changes)?,
            PatchIdKind::Printed => self.printed(changes)?,
        };
        let hex = gix::ObjectId::try_from(sum.as_slice()).map(|id| id.to_string()).unwrap_or_default();
        Ok(Some(PatchId(hex)))
    }

    /// The id of which files are touched, without their contents: where these differ, the ids differ.
    pub(super) fn header(
        &mut self,
        old: gix::ObjectId,
        new: gix::ObjectId,
    ) -> Result<Option<PatchId>, RepositoryError> {
        let changes = tree_changes(self.repository, old, new)?;
        if changes.is_empty() {
            return Ok(None);
        }
        let mut text = Text::new();
        for change in &changes {
            text.header(change.path.as_bstr(), change.path.as_bstr());
            text.modes(change);
        }
        Ok(Some(PatchId(text.finish()?.to_string())))
    }

    fn compared(&mut self, changes: &[FileChange]) -> Result<Sum, RepositoryError> {
        let mut sum = Sum::default();
        for change in changes {
            let mut text = Text::new();
            text.header(change.path.as_bstr(), change.path.as_bstr());
            text.modes(change);
            match self.body(change)? {
                Body::Binary => text.objects(change),
                Body::Lines(before, after) => {
                    let path = change.path.as_bstr();
                    text.name(b"---", change.old.map(|_| (b"a/".as_slice(), path)));
                    text.name(b"+++", change.new.map(|_| (b"b/".as_slice(), path)));
                    lines(&before, &after, self.by_indentation, &mut |line| text.add(line));
                }
            }
            add(&mut sum, &text.finish()?);
        }
        Ok(sum)
    }

    /// `git patch-id` reads lines of text, and has peculiarities that are part of the ids it prints: a file without lines is
    /// hashed together with the next one, the `diff` line after a binary file is passed over, whatever is left at the end is
    /// hashed, also when nothing is, and a line ends at a zero byte.
    fn printed(&mut self, changes: &[FileChange]) -> Result<Sum, RepositoryError> {
        let mut sum = Sum::default();
        let mut text = Text::new();
        let (mut after_lines, mut after_binary) = (false, false);
        for change in changes.iter().flat_map(parts) {
            if std::mem::take(&mut after_lines) {
                add(&mut sum, &text.next()?);
            }
            let (old, new) = (self.quoted(b"a/", &change.path), self.quoted(b"b/", &change.path));
            if !std::mem::take(&mut after_binary) {
                text.add(b"diff--git");
                text.add(&old);
                text.add(&new);
            }
            text.modes(&change);
            if change.old.map(|(_, id)| id) == change.new.map(|(_, id)| id) {
                continue;
            }
            match self.body(&change)? {
                Body::Binary => {
                    text.objects(&change);
                    add(&mut sum, &text.next()?);
                    after_binary = true;
                }
                Body::Lines(before, after) if before != after => {
                    text.name(b"---", change.old.map(|_| (b"".as_slice(), old.as_slice().into())));
                    text.name(b"+++", change.new.map(|_| (b"".as_slice(), new.as_slice().into())));
                    lines(&before, &after, self.by_indentation, &mut |line| text.add(before_zero(line)));
                    after_lines = true;
                }
                Body::Lines(..) => {}
            }
        }
        add(&mut sum, &text.finish()?);
        Ok(sum)
    }

    /// A name as a patch shows it.
    fn quoted(&self, side: &[u8], path: &[u8]) -> Vec<u8> {
        let plain = |byte: u8| match byte {
            b'"' | b'\\' | 0x7f => false,
            0x80.. => !self.quote_high,
            _ => byte >= b' ',
        };
        if path.iter().all(|byte| plain(*byte)) {
            return [side, path].concat();
        }
        let mut text = [b"\"", side].concat();
        for byte in path {
            let letter = match byte {
                0x07 => b'a',
                0x08 => b'b',
                b'\t' => b't',
                b'\n' => b'n',
                0x0b => b'v',
                0x0c => b'f',
                b'\r' => b'r',
                b'"' | b'\\' => *byte,
                _ if plain(*byte) => {
                    text.push(*byte);
                    continue;
                }
                _ => {
                    text.extend_from_slice(format!("\\{byte:03o}").as_bytes());
                    continue;
                }
            };
            text.extend_from_slice(&[b'\\', letter]);
        }
        text.push(b'"');
        text
    }

    fn body(&mut self, change: &FileChange) -> Result<Body, RepositoryError> {
        let path = change.path.as_bstr();
        let (before, after) = (self.content(change.old)?, self.content(change.new)?);
        let binary =
            self.is_binary(path, change.old, &before)? || self.is_binary(path, change.new, &after)?;
        Ok(if binary { Body::Binary } else { Body::Lines(before, after) })
    }

    fn content(&self, entry: Option<Entry>) -> Result<Vec<u8>, RepositoryError> {
        let Some((mode, id)) = entry else { return Ok(Vec::new()) };
        if mode.is_commit() {
            return Ok(format!("Subproject commit {id}\n").into_bytes());
        }
        let mut blob = self.repository.find_blob(id).map_err(reading("read file", id))?;
        Ok(blob.take_data())
    }

    fn is_binary(
        &mut self,
        path: &BStr,
        entry: Option<Entry>,
        content: &[u8],
    ) -> Result<bool, RepositoryError> {
        let Some((mode, _)) = entry else { return Ok(false) };
        let by_content = || content.iter().take(BINARY_PROBE).any(|byte| *byte == 0);
        if !mode.is_blob() {
            return Ok(by_content());
        }
        let failed = || reading("read the attributes of", path);
        self.found.reset();
        let platform = self.attributes.at_entry(path, None).map_err(failed())?;
        if !platform.matching_attributes(&mut self.found) {
            return Ok(by_content());
        }
        let state = self.found.iter_selected().next().map(|found| found.assignment.state);
        Ok(match state {
            Some(StateRef::Set) => false,
            Some(StateRef::Unset) => true,
            Some(StateRef::Value(driver)) => {
                let driver = driver.as_bstr().to_str_lossy();
                let config = self.repository.config_snapshot();
                config.boolean(format!("diff.{driver}.binary").as_str()).unwrap_or_else(by_content)
            }
            _ => by_content(),
        })
    }
}

/// A printed patch removes a file and adds a link where one becomes the other.
fn parts(change: &FileChange) -> Vec<FileChange> {
    let plain = |(mode, _): Entry| match mode.kind() {
        EntryKind::BlobExecutable => EntryKind::Blob,
        kind => kind,
    };
    if change.old.is_none() || change.new.is_none() || change.old.map(plain) == change.new.map(plain) {
        return vec![change.clone()];
    }
    let (removed, added) =
        (FileChange { new: None, ..change.clone() }, FileChange { old: None, ..change.clone() });
    vec![removed, added]
}

fn before_zero(line: &[u8]) -> &[u8] {
    line.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// What a patch shows of a file.
enum Body {
    /// That it differs.
    Binary,
    /// Which lines, of these contents.
    Lines(Vec<u8>, Vec<u8>),
}

/// A sum of hashes.
type Sum = [u8; 20];

/// The part of a patch that counts for one file, on its way into the hash.
struct Text(gix::hash::Hasher);

impl Text {
    fn new() -> Self {
        Self(gix::hash::hasher(gix::hash::Kind::Sha1))
    }

    /// Adds what is not white space.
    fn add(&mut self, bytes: &[u8]) {
        // One update for each run of other bytes: most lines have few.
        for run in bytes.split(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) {
            if !run.is_empty() {
                self.0.update(run);
            }
        }
    }

    fn mode(&mut self, word: &str, mode: gix::objs::tree::EntryMode) {
        self.add(format!("{word}{:06o}", mode.value()).as_bytes());
    }

    fn header(&mut self, old: &BStr, new: &BStr) {
        self.add(b"diff--gita/");
        self.add(old);
        self.add(b"b/");
        self.add(new);
    }

    fn modes(&mut self, change: &FileChange) {
        match (change.old, change.new) {
            (None, Some((mode, _))) => self.mode("newfilemode", mode),
            (Some((mode, _)), None) => self.mode("deletedfilemode", mode),
            (Some((old, _)), Some((new, _))) if old != new => {
                self.mode("oldmode", old);
                self.mode("newmode", new);
            }
            _ => {}
        }
    }

    fn objects(&mut self, change: &FileChange) {
        let null = gix::ObjectId::null(gix::hash::Kind::Sha1);
        for entry in [change.old, change.new] {
            self.add(entry.map_or(null, |(_, id)| id).to_string().as_bytes());
        }
    }

    fn name(&mut self, mark: &[u8], path: Option<(&[u8], &BStr)>) {
        self.add(mark);
        match path {
            Some((side, path)) => {
                self.add(side);
                self.add(path);
            }
            None => self.add(b"/dev/null"),
        }
    }

    /// The hash of what was added, and a fresh start.
    fn next(&mut self) -> Result<gix::ObjectId, RepositoryError> {
        std::mem::replace(self, Self::new()).finish()
    }

    fn finish(self) -> Result<gix::ObjectId, RepositoryError> {
        self.0.try_finalize().map_err(reading("compute", "a patch id"))
    }
}

/// Adds the hash of one file to the sum, as numbers whose first byte counts least.
fn add(sum: &mut Sum, hash: &gix::ObjectId) {
    let mut carry = 0_u16;
    for (sum, byte) in sum.iter_mut().zip(hash.as_slice()) {
        let [low, high] = (carry + u16::from(*sum) + u16::from(*byte)).to_le_bytes();
        *sum = low;
        carry = u16::from(high);
    }
}

/// Gives the lines of a patch, each begun with its mark.
fn lines(before: &[u8], after: &[u8], by_indentation: bool, give: &mut impl FnMut(&[u8])) {
    let input = InternedInput::new(before, after);
    let mut diff = Diff::compute(Algorithm::Myers, &input);
    if by_indentation {
        diff.postprocess_lines(&input);
    } else {
        diff.postprocess_no_heuristic(&input);
    }
    let mut line = |mark: &[u8], token: Option<&gix::diff::blob::Token>| {
        if let Some(token) = token {
            give(mark);
            give(input.interner[*token]);
        }
    };
    // Up to where lines of the old file have been given.
    let mut done = 0;
    let mut hunks = diff.hunks().peekable();
    while let Some(hunk) = hunks.next() {
        let (start, end) = (hunk.before.start as usize, hunk.before.end as usize);
        for index in start.saturating_sub(CONTEXT).max(done)..start {
            line(b" ", input.before.get(index));
        }
        for index in start..end {
            line(b"-", input.before.get(index));
        }
        for index in hunk.after.start as usize..hunk.after.end as usize {
            line(b"+", input.after.get(index));
        }
        let next = hunks.peek().map_or(input.before.len(), |next| next.before.start as usize);
        done = (end + CONTEXT).min(next);
        for index in end..done {
            line(b" ", input.before.get(index));
        }
    }
}
