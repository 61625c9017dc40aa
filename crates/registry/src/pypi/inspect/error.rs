use crate::pypi::{MetadataError, ParseFileNameError};

/// Why an artifact must not be uploaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InspectError {
    /// The name is not that of a wheel or sdist.
    #[error(transparent)]
    FileName(#[from] ParseFileNameError),
    /// The file cannot be read.
    #[error("cannot read {path}")]
    Read {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The archive is damaged or not what its name says.
    #[error("{filename}: {problem}")]
    Malformed {
        /// The artifact.
        filename: String,
        /// What is wrong.
        problem: String,
    },
    /// The metadata file inside is malformed.
    #[error("{filename}: {entry} is malformed")]
    Metadata {
        /// The artifact.
        filename: String,
        /// The metadata file.
        entry: String,
        /// Why.
        source: MetadataError,
    },
    /// Content and file name say different things.
    #[error("{filename}: {what} disagree with the file name: {found}")]
    Disagrees {
        /// The artifact.
        filename: String,
        /// What was compared.
        what: &'static str,
        /// What the content says.
        found: String,
    },
    /// `RECORD` is not the list of what is inside.
    #[error("{filename}: RECORD: {entry:?} {problem}")]
    Record {
        /// The artifact.
        filename: String,
        /// The file that it is about.
        entry: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// An entry that would be unpacked elsewhere or as something else than a file.
    #[error("{filename}: entry {entry:?} {problem}")]
    Unsafe {
        /// The artifact.
        filename: String,
        /// The entry.
        entry: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// More than any artifact needs.
    #[error("{filename}: {what} is beyond the limit of {limit}")]
    TooLarge {
        /// The artifact.
        filename: String,
        /// What is too large.
        what: &'static str,
        /// The limit, in bytes or pieces.
        limit: u64,
    },
}

/// A sound artifact that is not the one that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Mismatch {
    /// Another project.
    #[error("{filename} is of project {found}, not of {expected}")]
    Name {
        /// The artifact.
        filename: String,
        /// Asked for.
        expected: String,
        /// Found in its metadata.
        found: String,
    },
    /// Another version.
    #[error("{filename} is version {found}, not {expected}")]
    Version {
        /// The artifact.
        filename: String,
        /// Asked for.
        expected: String,
        /// Found in its metadata.
        found: String,
    },
}
