use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use crate::RelPath;

mod diff;
#[cfg(test)]
mod tests;
mod write;

pub use write::WriteError;

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
    old: Vec<u8>,
    new: Vec<u8>,
}

/// One file of an [`EditSet`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileEdit<'a> {
    /// The file.
    pub path: &'a RelPath,
    /// Its bytes as they were read.
    pub old: &'a [u8],
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
            self.files.insert(path, Contents { old, new });
            return Ok(());
        };
        if old == known.new {
            known.new = new;
            return Ok(());
        }
        if old != known.old {
            return Err(ConflictError { path, reason: "they start from different texts" });
        }
        match merge(&known.old, &known.new, &new) {
            Some(merged) => {
                known.new = merged;
                Ok(())
            }
            None => Err(ConflictError { path, reason: "they change the same part in different ways" }),
        }
    }

    /// Whether nothing would be written.
    pub fn is_empty(&self) -> bool {
        self.files().next().is_none()
    }

    /// The files that change, in the order of their paths.
    pub fn files(&self) -> impl Iterator<Item = FileEdit<'_>> {
        self.files
            .iter()
            .filter(|(_, contents)| contents.old != contents.new)
            .map(|(path, contents)| FileEdit { path, old: &contents.old, new: &contents.new })
    }

    /// The edits as a unified diff with three lines of context.
    ///
    /// It is made for reading: bytes that are not UTF-8 are replaced, control characters are written as `^X`, and the
    /// carriage returns of a file whose lines all end with CRLF are left out.
    pub fn diff(&self) -> String {
        let mut text = String::new();
        for file in self.files() {
            diff::unified(&mut text, file.path.as_str(), file.old, file.new);
        }
        text
    }

    /// Writes all files below a root directory, or none.
    ///
    /// Every file is read again and compared before anything is written. The new contents are then written beside the
    /// files and synced, and moved over them one after the other; when that fails midway, the files that were moved
    /// are put back. Permissions stay. A symbolic link stays a link, and the file that it names is written.
    ///
    /// # Errors
    ///
    /// - a file has changed since it was read, is read-only, or is no regular file
    /// - a path leads out of the root through a symbolic link, or two paths lead to the same file
    /// - the file system refuses; [`WriteError::PutBack`] if even putting back failed
    pub fn write(&self, root: &Path) -> Result<(), WriteError> {
        let files: Vec<FileEdit<'_>> = self.files().collect();
        write::write(root, &files, write::persist)
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
