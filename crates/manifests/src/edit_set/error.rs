use std::io;
use std::path::PathBuf;

use crate::{ParsePathError, RelPath};

/// The files were not written.
///
/// Except after [`PutBack`](Self::PutBack) and [`Foreign`](Self::Foreign) every file holds what it held before.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The root directory cannot be opened.
    #[error("cannot open the directory {}", root.display())]
    Root {
        /// The root.
        root: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Another process writes below this root.
    #[error("another process is writing files below {}: run again when it has ended", root.display())]
    Busy {
        /// The root.
        root: PathBuf,
    },
    /// The notes about an interrupted write cannot be kept.
    #[error("cannot use {}, which makes an interrupted write good", path.display())]
    State {
        /// The file or directory.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The notes about an interrupted write are not understood.
    #[error(
        "{}:{line} is damaged: {reason}; if the files of the project are in order, delete it", path.display()
    )]
    Journal {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// An interrupted write cannot be finished, since a file holds neither what it held nor what it was to hold.
    #[error(
        "an interrupted write cannot be finished, because {path} has been changed since: put it back as it was, or \
         delete {} to keep all files as they are, and run again", journal.display()
    )]
    Foreign {
        /// The file.
        path: RelPath,
        /// What is known about the interrupted write.
        journal: PathBuf,
    },
    /// An interrupted write cannot be finished, since what a file was to hold is gone.
    #[error(
        "an interrupted write cannot be finished, because the new contents of {path} are gone: put all files back as \
         they were, or delete {} to keep them as they are, and run again", journal.display()
    )]
    Lost {
        /// The file.
        path: RelPath,
        /// What is known about the interrupted write.
        journal: PathBuf,
    },
    /// A file cannot be read again.
    #[error("cannot read {path}")]
    Read {
        /// The file.
        path: RelPath,
        /// What the system says.
        source: io::Error,
    },
    /// A file has changed since it was read.
    #[error("{path} has changed since it was read: run again")]
    Changed {
        /// The file.
        path: RelPath,
    },
    /// A file that was to be created is there already.
    #[error("{path} is there already: run again")]
    Exists {
        /// The file.
        path: RelPath,
    },
    /// A path leads out of the root, or into git's own directory, through a symbolic link.
    #[error("{path} leads out of the project through a symbolic link")]
    Outside {
        /// The path.
        path: RelPath,
    },
    /// A symbolic link leads to a file whose name cannot be written down.
    #[error("{path} is a symbolic link to a file that cannot be edited")]
    Unsuitable {
        /// The path.
        path: RelPath,
        /// Why not.
        source: ParsePathError,
    },
    /// Two paths lead to one file.
    #[error("{path} and {other} are the same file: list only one of them")]
    SameFile {
        /// The second path.
        path: RelPath,
        /// The first path.
        other: RelPath,
    },
    /// A path leads to something else than a regular file.
    #[error("{path} is not a regular file")]
    NotAFile {
        /// The path.
        path: RelPath,
    },
    /// A file may not be written.
    #[error("{path} is read-only")]
    ReadOnly {
        /// The file.
        path: RelPath,
    },
    /// The new contents cannot be written beside a file.
    #[error("cannot write beside {path}")]
    Stage {
        /// The file.
        path: RelPath,
        /// What the system says.
        source: io::Error,
    },
    /// The disk does not confirm what was written.
    #[error("cannot wait until the files below {} are on the disk", root.display())]
    Sync {
        /// The root.
        root: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The new contents cannot be moved over a file.
    #[error("cannot replace {path}")]
    Move {
        /// The file.
        path: RelPath,
        /// What the system says.
        source: io::Error,
    },
    /// Writing failed midway, and so did putting back.
    ///
    /// Where it can be finished, the next write and [`EditSet::recover`](crate::EditSet::recover) finish it.
    #[error("writing failed midway ({cause}), and these files keep their new contents: {}", names(paths))]
    PutBack {
        /// The files that keep their new contents.
        paths: Vec<RelPath>,
        /// Why writing failed.
        cause: Box<WriteError>,
        /// Why putting back failed.
        source: io::Error,
    },
}

fn names(paths: &[RelPath]) -> String {
    paths.iter().map(RelPath::as_str).collect::<Vec<_>>().join(", ")
}

/// What had to be done about an interrupted write.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Recovered {
    /// There was none.
    Nothing,
    /// It had not begun to replace files: what it had prepared is removed, and all files are as they were.
    Undone(Vec<RelPath>),
    /// These files now hold what they were to hold, or, where writing had failed, what they held before.
    Finished(Vec<RelPath>),
}
