use std::{io, path::PathBuf};

/// Why a sandbox could not start, be filled or be saved.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SandboxError {
    /// The server could not be started.
    #[error("cannot serve on 127.0.0.1 port {port}; port 0 takes a free one")]
    Start {
        /// The port asked for.
        port: u16,
        /// What the system says.
        source: io::Error,
    },
    /// A file of the kept state cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The state cannot be written.
    #[error("cannot write {}", path.display())]
    Save {
        /// The file or directory.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The kept state is not what a sandbox writes.
    #[error("{} is not the state of a sandbox; choose another directory or remove it", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where it goes wrong.
        source: serde_json::Error,
    },
    /// The kept state is of another version of this program.
    #[error("{} has format {found}, which this version does not read; choose another directory", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// The version found.
        found: u32,
    },
    /// The content of a file on disk is not the one its name says.
    #[error("{} does not hold the content it is named after; choose another directory or remove it", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// A file would be refused by the index.
    #[error("the index refuses {filename}: {message}")]
    File {
        /// The file's name.
        filename: String,
        /// The index's words.
        message: String,
    },
    /// No such repository is registered.
    #[error("there is no repository {name}; add it first")]
    UnknownRepository {
        /// The name asked for.
        name: String,
    },
    /// No such milestone exists.
    #[error("there is no milestone {title:?}; add it first")]
    UnknownMilestone {
        /// The title asked for.
        title: String,
    },
    /// A milestone has this title.
    #[error("there is a milestone {title:?} already")]
    TitleTaken {
        /// The title asked for.
        title: String,
    },
    /// An issue, pull request or discussion has this number.
    #[error("number {number} is taken")]
    NumberTaken {
        /// The number asked for.
        number: u64,
    },
}
