//! Indexes of the kind that Python's installers read: names, listings, uploads, artifacts.
//!
//! [`Index`] talks to one index; [`inspect()`] looks into an artifact before it goes there.

mod filename;
mod index;
pub mod inspect;
mod listing;
mod metadata;
mod name;

pub use filename::{FileName, Kind, ParseFileNameError, Tag};
pub use index::{
    CredentialCheck, Endpoints, Index, IndexError, Poll, UploadError, Uploaded, Visible, Wait, WaitError,
};
pub use inspect::{Artifact, InspectError, Inspected, Mismatch, inspect};
pub use listing::{File, Listing, Yanked};
pub use metadata::{CoreMetadata, MetadataError};
pub use name::{ParseNameError, ProjectName};
