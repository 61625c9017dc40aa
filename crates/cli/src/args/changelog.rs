use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Which commits a text is about, and how they are read.
#[derive(Debug, Clone, Args)]
pub(crate) struct Reading {
    /// Read no pull requests: what git knows is enough.
    #[arg(long)]
    pub(crate) no_forge: bool,
    /// Only this package (repeatable): `pypi:demo`, a name, a pattern, a group.
    #[arg(short, long = "package", value_name = "PACKAGE")]
    pub(crate) packages: Vec<String>,
}

/// Print what changed, or write it to the changelog.
///
/// Without options: everything since the last release that leads to HEAD. Changes are read in commits (Conventional
/// Commits), pull requests, release-note blocks and change files, whichever there are; `[changelog]` in tminus.toml says
/// what is different here.
#[derive(Debug, Args)]
pub(crate) struct Changelog {
    /// Since this tag or commit, instead of since the last release.
    #[arg(long, value_name = "REV", conflicts_with = "all")]
    pub(crate) since: Option<String>,
    /// The whole history, each release by itself.
    #[arg(long)]
    pub(crate) all: bool,
    /// Up to this commit instead of HEAD.
    #[arg(long, value_name = "REV", default_value = "HEAD")]
    pub(crate) to: String,
    /// The version that the changes come out with; without it they stand under "Unreleased".
    #[arg(long, value_name = "VERSION", conflicts_with = "all")]
    pub(crate) release: Option<String>,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) shape: Shape,
    /// Put the text into the changelog file instead of printing it.
    #[arg(long, conflicts_with_all = ["all", "json"])]
    pub(crate) write: bool,
    /// Put the sections of releases that another branch's changelog has, such as those of patch releases, into this one.
    #[arg(long, value_name = "REV", conflicts_with_all = ["since", "all", "release", "to"])]
    pub(crate) carry_from: Option<String>,
    /// Show what would be written, and write nothing.
    #[arg(long, requires = "write")]
    pub(crate) dry_run: bool,
}

/// What a text looks like.
#[derive(Debug, Clone, Args)]
pub(crate) struct Shape {
    /// The form, instead of the one that tminus.toml says.
    #[arg(long, value_enum, value_name = "FORMAT", conflicts_with = "template")]
    pub(crate) format: Option<FormatWord>,
    /// A template of minijinja, as a file.
    #[arg(long, value_name = "FILE")]
    pub(crate) template: Option<PathBuf>,
    /// Print the built-in template of a form, to start from, and end.
    #[arg(long, value_enum, value_name = "FORMAT", exclusive = true)]
    pub(crate) print_template: Option<FormatWord>,
}

/// The forms that are built in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatWord {
    /// Keep a Changelog 1.1.0.
    KeepAChangelog,
    /// A dated list by package, one line a pull request.
    ByPackage,
    /// What GitHub generates, by `.github/release.yml`.
    Github,
}

/// Print the notes of a release.
///
/// Of a version that is tagged: what came out with it. Of any other: what would come out with it now. A candidate is
/// compared with the candidate before it, a final release with the final one before it.
#[derive(Debug, Args)]
pub(crate) struct Notes {
    /// The version, or its tag.
    pub(crate) version: String,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) shape: Shape,
    /// At most so many characters; the rest is linked.
    #[arg(long, value_name = "CHARACTERS")]
    pub(crate) limit: Option<usize>,
}

/// Show what makes the next version of a package: each commit, how it was read, what it weighs, which path tied it to the
/// package.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The package: `pypi:demo`, or its name.
    pub(crate) package: String,
    /// Since this tag or commit, instead of since the last release.
    #[arg(long, value_name = "REV", conflicts_with = "all")]
    pub(crate) since: Option<String>,
    /// The whole history.
    #[arg(long)]
    pub(crate) all: bool,
    /// Read no pull requests.
    #[arg(long)]
    pub(crate) no_forge: bool,
}
