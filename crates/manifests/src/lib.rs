#![doc = include_str!("../README.md")]

pub mod discover;
mod edit_set;
mod file;
mod format;
mod id;
mod locate;
pub mod lock;
mod manifest;
mod path;
mod pattern;
mod replace;
mod site;
mod tree;

pub use edit_set::{ConflictError, EditSet, FileEdit, WriteError};
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
