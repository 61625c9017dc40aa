mod changelog;
mod manifests;
mod version;

pub(crate) use changelog::{Changelog, Explain, FormatWord, Notes, Shape};
mod backport;

pub(crate) use backport::Backport;
pub(crate) use manifests::{Bump, Editing, Graph, GraphFormat, Packages, Pin, PinScope};
pub(crate) use version::{
    NextBump, NextKind, Version, VersionCommand, VersionCompare, VersionConvert, VersionDerive, VersionList,
    VersionMatch, VersionNext, VersionParse, VersionSort,
};

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use tminus_engine::config::ReleaseKind;
use tminus_engine::plan::{Request, Selection};

/// Release management that a maintainer can trust.
///
/// A release process is a file, tminus.toml. tminus looks at the world, shows a plan, rehearses it against registries
/// that are part of the program, and carries it out so that a run killed anywhere can be run again.
///
/// Exit codes: 0 done; 1 no-go or findings; 2 wrong usage or configuration; 3 the outside world failed, safe to run
/// again; 4 conflict; 5 incomplete on purpose; 130 interrupted.
#[derive(Debug, Parser)]
#[command(name = "tminus", version, max_term_width = 100, arg_required_else_help = true)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Global {
    /// Run as if started in DIR.
    #[arg(short = 'C', long = "directory", value_name = "DIR", global = true)]
    pub(crate) dir: Option<PathBuf>,
    /// Read this file instead of tminus.toml.
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) config: Option<PathBuf>,
    /// The train, where the project has several.
    #[arg(long, value_name = "NAME", global = true)]
    pub(crate) train: Option<String>,
    /// Write JSON: one document, or one event a line while a release runs.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Say less.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say more: what programs print, while they print it.
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
    /// When to use colour.
    #[arg(long, value_enum, default_value_t = Color::Auto, global = true, value_name = "WHEN")]
    pub(crate) color: Color,
    /// No live progress, also on a terminal.
    #[arg(long, global = true)]
    pub(crate) no_progress: bool,
    /// Do not ask whether to go on. Passes no gate.
    #[arg(short, long, global = true)]
    pub(crate) yes: bool,
    /// Plan as if today were DATE (YYYY-MM-DD).
    #[arg(long, value_name = "DATE", global = true)]
    pub(crate) now: Option<jiff::civil::Date>,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal that can, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read the repository, write tminus.toml, say what was guessed.
    Init(Init),
    /// Show what a release would do. Changes nothing.
    Plan(Plan),
    /// Plan a release, ask, carry it out.
    Release(Release),
    /// Finish the release that is on its way.
    Resume(Resume),
    /// Decide what only people can decide.
    Gate(Gate),
    /// Show where the project stands. Asks no network.
    Status(Status),
    Version(Version),
    Packages(Packages),
    Graph(Graph),
    Bump(Bump),
    Pin(Pin),
    Changelog(Changelog),
    Notes(Notes),
    Explain(Explain),
    Backport(Backport),
    /// Carry out a whole release on a clone, against an index and a forge in this process.
    Rehearse(Rehearse),
    /// Run the embedded index and forge as servers on loopback.
    Sandbox(Sandbox),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Init {
    /// Replace a tminus.toml that is there.
    #[arg(long)]
    pub(crate) force: bool,
    /// Print it instead of writing it.
    #[arg(long)]
    pub(crate) stdout: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Plan {
    /// major, minor, patch, or a version.
    #[arg(value_parser = request)]
    pub(crate) release: Request,
    /// Also write the plan as JSON to FILE.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// How to print it.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// How to print a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a terminal.
    Text,
    /// The plan file.
    Json,
    /// For a pull request or an issue.
    Markdown,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Release {
    /// major, minor, patch, or a version.
    #[arg(value_parser = request)]
    pub(crate) release: Request,
    /// Print the plan and change nothing, exactly as `tminus plan` does.
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) selection: Select,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Resume {
    #[command(flatten)]
    pub(crate) selection: Select,
}

/// Which steps.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Select {
    /// Only this step, phase or package (repeatable).
    #[arg(long, value_name = "STEP")]
    only: Vec<String>,
    /// From this step or phase on.
    #[arg(long, value_name = "STEP")]
    from: Option<String>,
    /// Not this step, phase or package (repeatable).
    #[arg(long, value_name = "STEP")]
    skip: Vec<String>,
}

impl Select {
    pub(crate) fn selection(&self) -> Selection {
        Selection { only: self.only.clone(), from: self.from.clone(), skip: self.skip.clone() }
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct Gate {
    /// pass: it is done. waive: it is not, go on. retry: forget the decision, or send again what was in doubt.
    #[arg(value_enum)]
    pub(crate) action: GateWord,
    /// The gate, precondition or once-step, as `tminus status` names it.
    pub(crate) name: String,
    /// The reason, for the record. Waiving a precondition needs one.
    #[arg(long, value_name = "TEXT")]
    pub(crate) why: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GateWord {
    Pass,
    Waive,
    Retry,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Status {}

#[derive(Debug, clap::Args)]
pub(crate) struct Rehearse {
    /// major, minor, patch, or a version. Default: minor.
    #[arg(value_parser = request)]
    pub(crate) release: Option<Request>,
    /// Rehearse a demo project that is made for the occasion.
    #[arg(long)]
    pub(crate) demo: bool,
    /// Keep the directory of the rehearsal.
    #[arg(long)]
    pub(crate) keep: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Sandbox {
    /// Serve the package index. Without any of these flags everything is served.
    #[arg(long)]
    pub(crate) pypi: bool,
    /// Serve the forge.
    #[arg(long)]
    pub(crate) forge: bool,
    /// Listen on this port; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
    /// Keep state in DIR, so that it survives the server.
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// End when standard input ends, for a program that starts the servers and wants them to end with it.
    #[arg(long)]
    pub(crate) until_stdin_ends: bool,
    /// The token that is accepted; by default a new one.
    #[arg(long)]
    pub(crate) token: Option<String>,
    /// A repository of the forge, with its bare repository on disk (repeatable). Others appear when they are asked for.
    #[arg(long, value_name = "OWNER/NAME=DIR")]
    pub(crate) repository: Vec<String>,
    /// A check that every commit gets, and passes at the second look (repeatable).
    #[arg(long, value_name = "NAME")]
    pub(crate) check: Vec<String>,
    /// Names that are not here are answered with a redirect to this index.
    #[arg(long, value_name = "URL")]
    pub(crate) passthrough: Option<url::Url>,
}

fn request(text: &str) -> Result<Request, String> {
    if let Some(kind) = ReleaseKind::ALL.into_iter().find(|kind| kind.as_str() == text) {
        return Ok(Request::Kind(kind));
    }
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return Ok(Request::Version(text.to_owned()));
    }
    Err("expected major, minor, patch, or a version such as 1.2.3".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Args::command().debug_assert();
    }
}
