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

/// Runs a command with the grammar of a scheme.
macro_rules! with_grammar {
    ($scheme:expr, $command:ident, $($argument:expr),*) => {
        match $scheme {
            Scheme::Pep440 => $command::run::<grammar::Pep440>($($argument),*),
            Scheme::Npm => $command::run::<grammar::Npm>($($argument),*),
            Scheme::NpmLoose => $command::run::<grammar::NpmLoose>($($argument),*),
            Scheme::Semver => $command::run::<grammar::Semver>($($argument),*),
            Scheme::Cargo => $command::run::<grammar::Cargo>($($argument),*),
            Scheme::Go => $command::run::<grammar::Go>($($argument),*),
            Scheme::Oci => $command::run::<grammar::Oci>($($argument),*),
            Scheme::Calver => $command::run::<grammar::Calver>($($argument),*),
        }
    };
}

pub(crate) fn run(output: &Output, global: &Global, options: &Version) -> Result<Exit, CommandError> {
    match &options.command {
        VersionCommand::Parse(options) => with_grammar!(options.scheme, parse, output, options),
        VersionCommand::Sort(options) => with_grammar!(options.scheme, sort, output, options),
        VersionCommand::Compare(options) => with_grammar!(options.scheme, compare, output, options),
        VersionCommand::Match(options) => with_grammar!(options.scheme, matches, output, options),
        VersionCommand::Convert(options) => convert::run(output, options),
        VersionCommand::Next(options) => next::run(output, global, options),
        VersionCommand::List(options) => list::run(output, global, options),
    }
}
