use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use crate::RelPath;

mod diff;
mod disk;
mod error;
mod journal;
mod recover;
mod state;
mod target;
#[cfg(test)]
mod tests;
mod write;

use disk::Disk;
pub use error::{Recovered, WriteError};

/// Edits of several files that are shown first and then written all or none.
///
/// ```
/// use tminus_manifests::EditSet;
///
/// let mut edits = EditSet::new();
/// edits.edit("setup.cfg".parse()?, b"version = 1.0\n".to_vec(), b"version = 1.1\n".to_vec())?;
/// assert_eq!(edits.diff(), "\
/// --- a/setup.cfg
/// +++ b/setup.cfg
/// @@ -1 +1 @@
/// -version = 1.0
/// +version = 1.1
/// ");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EditSet {
    files: BTreeMap<RelPath, Contents>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Contents {
    /// Nothing where there was no file.
    old: Option<Vec<u8>>,
    new: Vec<u8>,
}

/// One file of an [`EditSet`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileEdit<'a> {
    /// The file.
    pub path: &'a RelPath,
    /// Its bytes as they were read; nothing for a file that is created.
    pub old: Option<&'a [u8]>,
    /// Its bytes as they are to be.
    pub new: &'a [u8],
}

impl EditSet {
    /// A set without edits.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an edit of a file: the bytes that were read, and the bytes that are to be written.
    ///
    /// A second edit of the same file joins the first one if it starts from the first one's result, or if it starts
    /// from the same original and changes another part of it.
    ///
    /// # Errors
    ///
    /// The two edits start from different texts, or change the same part in different ways.
    pub fn edit(&mut self, path: RelPath, old: Vec<u8>, new: Vec<u8>) -> Result<(), ConflictError> {
        let Some(known) = self.files.get_mut(&path) else {
            self.files.insert(path, Contents { old: Some(old), new });
            return Ok(());
        };
        if old == known.new {
            known.new = new;
            return Ok(());
        }
        let Some(original) = known.old.as_ref().filter(|original| **original == old) else {
            return Err(ConflictError { path, reason: "they start from different texts" });
        };
        match merge(original, &known.new, &new) {
            Some(merged) => {
                known.new = merged;
                Ok(())
            }
            None => Err(ConflictError { path, reason: "they change the same part in different ways" }),
        }
    }

    /// The edits that undo these. Files that these create are not among them.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let turned = |(path, contents): (&RelPath, &Contents)| {
            let old = contents.old.clone()?;
            Some((path.clone(), Contents { old: Some(contents.new.clone()), new: old }))
        };
        Self { files: self.files.iter().filter_map(turned).collect() }
    }

    /// Each edit by itself, to be written without the others.
    pub fn singly(&self) -> impl Iterator<Item = Self> {
        let alone = |(path, contents): (&RelPath, &Contents)| Self {
            files: BTreeMap::from([(path.clone(), contents.clone())]),
        };
        self.files.iter().map(alone)
    }

    /// Takes the edit of a file out.
    pub fn forget(&mut self, path: &RelPath) {
        self.files.remove(path);
    }

    /// Adds a file that is not there yet. Directories that it needs are made with it.
    ///
    /// ```
    /// use tminus_manifests::EditSet;
    ///
    /// let mut edits = EditSet::new();
    /// edits.create("notes/1.1.md".parse()?, b"First\n".to_vec())?;
    /// assert_eq!(edits.diff(), "--- /dev/null\n+++ b/notes/1.1.md\n@@ -0,0 +1 @@\n+First\n");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The set edits this file, or creates it with other contents.
    pub fn create(&mut self, path: RelPath, new: Vec<u8>) -> Result<(), ConflictError> {
        let contents = Contents { old: None, new };
        if self.files.get(&path).is_some_and(|known| *known != contents) {
            return Err(ConflictError { path, reason: "they start from different texts" });
        }
        self.files.insert(path, contents);
        Ok(())
    }

    /// Whether nothing would be written.
    pub fn is_empty(&self) -> bool {
        self.files().next().is_none()
    }

    /// The files that change, in the order of their paths.
    pub fn files(&self) -> impl Iterator<Item = FileEdit<'_>> {
        self.files
            .iter()
            .filter(|(_, contents)| contents.old.as_ref() != Some(&contents.new))
            .map(|(path, contents)| FileEdit { path, old: contents.old.as_deref(), new: &contents.new })
    }

    /// The edits as a unified diff with three lines of context.
    ///
    /// It is made for reading: bytes that are not UTF-8 are replaced, control characters are written as `^X`, and the
    /// carriage returns of a file whose lines all end with CRLF are left out. [`patch`](Self::patch) is exact.
    pub fn diff(&self) -> String {
        let mut text = String::new();
        for file in self.files() {
            diff::readable(&mut text, file);
        }
        text
    }

    /// The edits as a patch for `git apply`, with the exact bytes of the files.
    ///
    /// ```
    /// use tminus_manifests::EditSet;
    ///
    /// let mut edits = EditSet::new();
    /// edits.edit("f".parse()?, b"1\r\n".to_vec(), b"2\r\n".to_vec())?;
    /// assert_eq!(edits.patch(), b"diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-1\r\n+2\r\n");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn patch(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for file in self.files() {
            diff::exact(&mut bytes, file);
        }
        bytes
    }

    /// Writes all files below a root directory, or none.
    ///
    /// Every file is read again and compared before anything is written. The new contents are then written beside the
    /// files and synced, and moved over them one after the other; when that fails midway, the files that were moved
    /// are put back. Permissions stay. A symbolic link stays a link, and the file that it names is written.
    ///
    /// What is about to be done is noted below `.git/tminus/edits`, or in `.tminus-edits` where the root has no git
    /// directory. After a kill midway the next write, or [`recover`](Self::recover), ends it.
    ///
    /// # Errors
    ///
    /// - a file has changed since it was read, is read-only, or is no regular file
    /// - a file that is to be created is there
    /// - a path leads out of the root through a symbolic link, or two paths lead to the same file
    /// - another process writes below this root
    /// - what [`recover`](Self::recover) refuses
    /// - the file system refuses; [`WriteError::PutBack`] if even putting back failed
    pub fn write(&self, root: &Path) -> Result<(), WriteError> {
        let files: Vec<FileEdit<'_>> = self.files().collect();
        write::write(root, &files, Disk::new(&|_, _| Ok(())))
    }

    /// Ends a write that was interrupted: all files then hold what they held before, or all what they were to hold.
    ///
    /// ```
    /// use tminus_manifests::{EditSet, Recovered};
    ///
    /// # let root = tempfile::tempdir()?;
    /// # let root = root.path();
    /// assert_eq!(EditSet::recover(root)?, Recovered::Nothing);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - [`WriteError::Foreign`]: a file was changed after the interruption; nothing is done
    /// - [`WriteError::Lost`]: the new contents of a file were removed; nothing is done
    /// - [`WriteError::Journal`]: the notes about the write are damaged
    /// - another process writes below this root, or the file system refuses
    pub fn recover(root: &Path) -> Result<Recovered, WriteError> {
        write::recover(root, Disk::new(&|_, _| Ok(())))
    }
}

/// Joins two edits of one text that change different parts of it.
fn merge(old: &[u8], first: &[u8], second: &[u8]) -> Option<Vec<u8>> {
    if first == second {
        return Some(first.to_vec());
    }
    let (first_range, first_text) = changed(old, first)?;
    let (second_range, second_text) = changed(old, second)?;
    let (early, early_text, late, late_text) = if first_range.start <= second_range.start {
        (first_range, first_text, second_range, second_text)
    } else {
        (second_range, second_text, first_range, first_text)
    };
    // Parts that touch could each claim the place between them.
    if early.end >= late.start {
        return None;
    }
    let mut merged = Vec::with_capacity(first.len().max(second.len()));
    merged.extend_from_slice(old.get(..early.start)?);
    merged.extend_from_slice(early_text);
    merged.extend_from_slice(old.get(early.end..late.start)?);
    merged.extend_from_slice(late_text);
    merged.extend_from_slice(old.get(late.end..)?);
    Some(merged)
}

/// The part of `old` that an edit replaces, and what it puts there.
fn changed<'a>(old: &[u8], new: &'a [u8]) -> Option<(Range<usize>, &'a [u8])> {
    let head = old.iter().zip(new).take_while(|(left, right)| left == right).count();
    let (old_rest, new_rest) = (old.get(head..)?, new.get(head..)?);
    let tail =
        old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(left, right)| left == right).count();
    Some((head..old.len() - tail, new_rest.get(..new_rest.len() - tail)?))
}

/// Two edits of one file do not go together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("two edits of {path} do not go together: {reason}")]
pub struct ConflictError {
    path: RelPath,
    reason: &'static str,
}

impl ConflictError {
    /// The file.
    pub fn path(&self) -> &RelPath {
        &self.path
    }
}
