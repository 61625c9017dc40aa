//! Writers: a [`Document`](super::Document) becomes a text.
//!
//! | writer | what it writes | what it escapes |
//! |---|---|---|
//! | [`ByPackage`] | the list of pull requests by package, as LlamaIndex has it | nothing |
//! | [`Keep`] | Keep a Changelog 1.1.0 | texts by [`inert::line`], longer ones by [`inert::block`], addresses |
//! | [`Categories`] | GitHub's generated notes by `.github/release.yml` | line ends |
//! | [`Template`] | what a project's own template says | what its filters escape |
//!
//! Each of the first three can be printed as a template ([`Builtin`]) that gives the same bytes.
//! [`fit`] keeps a text below the limit of a forge; [`fold`] and [`since`] make documents out of those of candidates.

mod by_package;
mod categories;
pub mod examples;
mod fold;
pub mod inert;
mod keep;
mod keep_file;
mod limit;
mod links;
mod mailmap;
mod newcomers;
mod release_yml;
mod template;
#[cfg(test)]
mod tests;

pub use by_package::{ByPackage, Spacing};
pub use categories::{Categories, Unmatched};
pub use fold::{fold, since};
pub use keep::{Keep, Layout, Section};
pub use limit::{Place, fit};
pub use mailmap::Mailmap;
pub use newcomers::{is_bot, newcomers};
pub use release_yml::{Category, Exclusion, ReleaseYml, ReleaseYmlError};
pub use template::{Builtin, Template, TemplateError};

/// The name that is most like a word, if one is like it at all.
fn nearest<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let scored = names.map(|name| (strsim::jaro_winkler(word, name), name));
    scored
        .filter(|(score, _)| *score > 0.75)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, name)| name)
}
