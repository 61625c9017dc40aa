#![doc = include_str!("../README.md")]

pub mod bump;
pub mod changelog;
pub mod discover;
mod edit_set;
mod file;
mod format;
pub mod graph;
mod id;
mod lines;
mod locate;
pub mod lock;
mod manifest;
mod path;
mod pattern;
mod replace;
mod site;
mod tree;
pub mod workspace;
pub mod yaml;

pub use edit_set::{ConflictError, EditSet, FileEdit, Recovered, WriteError};
pub use file::{Locator, VersionFile};
pub use format::Format;
pub use id::{Ecosystem, PackageId, ParseIdError};
pub use locate::{Elsewhere, Found, LocateError, Problem, locate};
pub use manifest::{
    Dependency, DependencyKind, Manifest, ManifestKind, Members, Notation, Source, Version, WorkspaceTool,
};
pub use path::{ParsePathError, RelPath};
pub use pattern::{ParsePatternError, Pattern};
pub use replace::{EditError, Unfit, replace};
pub use site::{Site, Splice, splice};

/// The largest file that is read, in bytes.
pub const MAX_FILE_BYTES: usize = 8 * 1024 * 1024;
