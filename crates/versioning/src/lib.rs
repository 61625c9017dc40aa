#![doc = include_str!("../README.md")]

pub mod branch;
pub mod calver;
pub mod cargo;
pub mod constraint;
mod date;
pub mod go;
pub mod npm;
pub mod oci;
pub mod pep440;
mod placeholder;
mod release;
mod scheme;
pub mod scm;
pub mod semver;
mod serde_text;
pub mod tag;
pub mod template;
mod text;

pub use branch::{BranchName, BranchPattern, ParseLineError, ReleaseLine};
pub use date::{Date, DateError, DateTime};
pub use release::{
    Beyond, Bump, CannotExpress, ConvertError, ExistingVersions, Inexpressible, Level, LocalPart, NextStep,
    NextVersionError, ParseLocalError, ParseReleaseError, Phase, ReleaseVersion, convert,
};
pub use scheme::{ParseSchemeError, Scheme};
pub use tag::{TagEntry, TagIndex, TagKind, TagName, TagPattern, TagPatterns, TagRule, TagVariables};
pub use template::{Template, Values};

/// The longest version text that any parser of this crate accepts, in bytes.
///
/// The longest version ever uploaded to a public index is far below it; text beyond it is an accident or an attack.
pub const MAX_VERSION_BYTES: usize = 256;
