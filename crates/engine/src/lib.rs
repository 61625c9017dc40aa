#![doc = include_str!("../README.md")]

pub mod apply;
mod ask;
pub mod backport;
pub mod build;
pub mod changelog;
pub mod config;
mod context;
pub mod derive;
mod edits;
mod environment;
pub mod events;
mod exit;
mod files;
pub mod fuse;
pub mod init;
pub mod journal;
pub mod lock;
pub mod observe;
pub mod plan;
pub mod record;
mod release;
pub mod status;
pub mod store;
pub mod tags;
pub mod versions;
pub mod workspace;

pub use context::{Context, ForgeAccess, GatePolicy, NoForge, Pace, UserFiles};
pub use environment::Environment;
pub use exit::Exit;
pub use release::{GateAction, Prepared, ReleaseError, Report, Session, dry_run, read_config};

/// The trailer by which a commit of a release is known again: `Tminus-Release: v0.2.0 commit`.
pub const TRAILER: &str = "Tminus-Release";
