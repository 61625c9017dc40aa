//! Changelogs in Markdown: entries put in, releases made of what is unreleased, sections taken out.
//!
//! The text is never written anew. What was there stays, byte for byte and in its order, with the line ends of the
//! document; a heading or a placeholder within a code fence or an HTML comment is none.
//!
//! ```
//! use tminus_manifests::changelog::{self, Outcome, Release};
//!
//! let old = "# Changelog\n\n## [Unreleased]\n\n### Fixed\n\n- A crash\n\n## [1.1.0] - 2026-01-09\n";
//! let release = Release { version: "1.1.1", date: "2026-02-03", tag: "v1.1.1" };
//! let Outcome::Changed(new) = changelog::release(old, release)? else { panic!() };
//! assert_eq!(changelog::extract(&new, "1.1.1").map(|section| section.body).as_deref(), Some("### Fixed\n\n- A crash"));
//! # Ok::<(), changelog::ChangelogError>(())
//! ```

mod error;
mod extract;
mod insert;
mod keep;
mod outline;
mod scan;
#[cfg(test)]
mod tests;

pub use error::ChangelogError;
pub use extract::{Section, extract};
pub use insert::insert_after;
pub use keep::{ChangeKind, Release, insert_under_unreleased, release};
pub use outline::{Definition, Outline, Part, PartKind, outline};

/// What became of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Its new text.
    Changed(String),
    /// Everything was there before.
    AlreadyThere,
}
