//! Readers: each turns one source into [`Change`](super::Change)s, and says how it read it.
//!
//! They are pure: text in, [`Reading`] out. [`combine()`] puts what they read together, so that one change is told once.
//! Nothing that people write stops a reader: what cannot be read is a warning that names its place and the remedy.

mod authors;
mod block;
pub mod combine;
mod conventional;
pub mod files;
mod fold;
mod footers;
mod issues;
mod message;
pub mod overrides;
mod place;
mod pull_request;
mod revert;
mod rules;
mod skip;
mod squash;
mod suffix;

pub use combine::{Combined, Explained, Policy, Source, combine};
pub use overrides::Overrides;
pub use place::FileError;
pub use rules::{Asks, LabelRule, NoteRules, Rules, TitleRules, Types, Unknown, kind_of, level_of};

use super::{Author, PullRequestFacts, Reading};

/// Reads the message of a commit: Conventional Commits 1.0.0, and what people make of them.
///
/// The type is read in any case; a missing space behind the colon, a space before it, `[scope]` and an emoji before the
/// type are understood. A message that is no conventional commit is one change of [`Kind::Unknown`](super::Kind), and a
/// warning stands beside it only where it looks like a failed attempt. The lists that forges put into the messages of
/// squash commits are read too. No body, however strange, hides what the header says.
///
/// ```
/// use tminus_engine::changelog::read::{self, Rules};
/// use tminus_engine::changelog::{Author, Kind, Level};
///
/// let author = Author { name: "Ada".into(), email: None, login: None };
/// let reading = read::commit("feat(api)!: answer in JSON (#12)", "1f0c", &author, &Rules::default());
/// let change = &reading.changes[0];
/// assert_eq!((&change.kind, change.level, change.text.as_str()), (&Kind::Added, Level::Major, "answer in JSON"));
/// assert_eq!(change.pull_request, Some(12));
/// ```
pub fn commit(message: &str, id: &str, author: &Author, rules: &Rules) -> Reading {
    message::read(message, id, author, rules)
}

/// Reads a pull request: its title, its labels, and the release notes in its text.
///
/// ```
/// use tminus_engine::changelog::read::{self, Rules};
/// use tminus_engine::changelog::{Kind, PullRequestFacts};
///
/// let facts = PullRequestFacts {
///     number: 12,
///     title: "[WIP] Answer faster".into(),
///     labels: vec!["bug".into()],
///     ..PullRequestFacts::default()
/// };
/// let reading = read::pull_request(&facts, &Rules::default());
/// assert_eq!(reading.changes[0].kind, Kind::Fixed);
/// assert_eq!(reading.changes[0].text, "Answer faster");
/// ```
pub fn pull_request(facts: &PullRequestFacts, rules: &Rules) -> Reading {
    pull_request::read(facts, rules)
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
