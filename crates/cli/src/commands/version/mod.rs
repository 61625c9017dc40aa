//! `tminus version`: versions read, compared, converted and counted up, one or a million.
//!
//! Nothing here needs a repository, but for `list` and for `next` where no version is given.

mod answer;
mod compare;
mod convert;
mod grammar;
mod lines;
mod list;
mod matches;
mod next;
mod parse;
mod sort;

use tminus_engine::Exit;
use tminus_versioning::Scheme;

use crate::CommandError;
use crate::args::{Global, Version, VersionCommand};
use crate::output::Output;

/// Calls a function for the grammar of a scheme.
macro_rules! with_grammar {
    ($scheme:expr, $run:path, $($argument:expr),*) => {
        match $scheme {
            Scheme::Pep440 => $run::<grammar::Pep440>($($argument),*),
            Scheme::Npm => $run::<grammar::Npm>($($argument),*),
            Scheme::NpmLoose => $run::<grammar::NpmLoose>($($argument),*),
            Scheme::Semver => $run::<grammar::Semver>($($argument),*),
            Scheme::Cargo => $run::<grammar::Cargo>($($argument),*),
            Scheme::Go => $run::<grammar::Go>($($argument),*),
            Scheme::Oci => $run::<grammar::Oci>($($argument),*),
            Scheme::Calver => $run::<grammar::Calver>($($argument),*),
        }
    };
}

pub(crate) fn run(output: &Output, global: &Global, options: &Version) -> Result<Exit, CommandError> {
    match &options.command {
        VersionCommand::Parse(options) => with_grammar!(options.scheme, parse::run, output, options),
        VersionCommand::Sort(options) => with_grammar!(options.scheme, sort::run, output, options),
        VersionCommand::Compare(options) => with_grammar!(options.scheme, compare::run, output, options),
        VersionCommand::Match(options) => with_grammar!(options.scheme, matches::run, output, options),
        VersionCommand::Convert(options) => convert::run(output, options),
        VersionCommand::Next(options) => next::run(output, global, options),
        VersionCommand::List(options) => list::run(output, global, options),
    }
}
