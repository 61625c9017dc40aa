//! `tminus version`: versions read, compared, converted and counted up, one or a million.
//!
//! Nothing here needs a repository, but for `list`, `derive`, and for `next` where no version is given.

mod answer;
mod compare;
mod convert;
mod derive;
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

/// Calls a function with the grammar of a scheme.
macro_rules! with_grammar {
    ($scheme:expr, $($function:ident)::+, $($argument:expr),*) => {
        match $scheme {
            Scheme::Pep440 => $($function)::+::<grammar::Pep440>($($argument),*),
            Scheme::Npm => $($function)::+::<grammar::Npm>($($argument),*),
            Scheme::NpmLoose => $($function)::+::<grammar::NpmLoose>($($argument),*),
            Scheme::Semver => $($function)::+::<grammar::Semver>($($argument),*),
            Scheme::Cargo => $($function)::+::<grammar::Cargo>($($argument),*),
            Scheme::Go => $($function)::+::<grammar::Go>($($argument),*),
            Scheme::Oci => $($function)::+::<grammar::Oci>($($argument),*),
            Scheme::Calver => $($function)::+::<grammar::Calver>($($argument),*),
        }
    };
}

use with_grammar;

pub(crate) fn run(output: &Output, global: &Global, options: &Version) -> Result<Exit, CommandError> {
    match &options.command {
        VersionCommand::Parse(options) => with_grammar!(options.scheme, parse::run, output, options),
        VersionCommand::Sort(options) => with_grammar!(options.scheme, sort::run, output, options),
        VersionCommand::Compare(options) => with_grammar!(options.scheme, compare::run, output, options),
        VersionCommand::Match(options) => with_grammar!(options.scheme, matches::run, output, options),
        VersionCommand::Convert(options) => convert::run(output, options),
        VersionCommand::Next(options) => next::run(output, global, options),
        VersionCommand::List(options) => list::run(output, global, options),
        VersionCommand::Derive(options) => derive::run(output, global, options),
    }
}
