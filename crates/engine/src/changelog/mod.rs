//! What changed, for whom, since when: from commits, pull requests, release notes and change files to a text.
//!
//! The pieces, each pure and usable alone:
//!
//! - readers turn a commit message, the title, labels and body of a pull request, or a change file into [`Change`]s and
//!   say how they read it ([`Reading`]);
//! - a [`Document`] gathers the changes of a release by package;
//! - writers turn a document into text: Keep a Changelog, the list by package that monorepos keep, the categories of a
//!   forge's generated notes, a template of the project's own.

mod base;
#[cfg(test)]
mod base_tests;
pub mod carry;
#[cfg(test)]
mod carry_tests;
mod dag;
mod error;
mod explain;
mod facts;
mod form;
mod gather;
mod model;
mod picked;
pub mod read;
mod scope;
mod sources;
pub mod tags;
mod tell;
pub mod write;

pub use base::Base;
pub use error::ChangesError;
pub use explain::{Explanation, explain};
pub use form::{Form, FormError};
pub use gather::{Entry, Gathered, Section, Span, gather};
pub use model::{
    About, Author, Change, Document, Issue, Kind, Level, Origin, PackageChanges, PullRequestFacts, Reading,
    Release, Reverts, Warning,
};
pub use scope::{Owner, Scope};
pub use tell::{Facts, Telling, Told, tell};
