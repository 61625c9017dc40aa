use clap::{Subcommand, ValueEnum};
use tminus_versioning::{Scheme, TagPattern, calver};

/// Read, compare, convert and count up versions.
///
/// Where a command takes values and gets none it answers standard input line by line, the fields of a line with a tab
/// between them. A line that cannot be answered is answered with `error: ...`, and the exit code stays 0; a value on
/// the command line that cannot be read is an error with exit code 2.
///
/// SCHEME is one of pep440, npm, npm-loose, semver, cargo, go, oci, calver.
#[derive(Debug, clap::Args)]
pub(crate) struct Version {
    #[command(subcommand)]
    pub(crate) command: VersionCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum VersionCommand {
    /// Say whether a text is a version: one JSON object each, with the canonical form and its parts, or the error.
    Parse(VersionParse),
    /// Sort versions, the oldest first. Equal ones stay as they were given.
    Sort(VersionSort),
    /// Compare two versions: `<`, `=` or `>`. A line is `A<TAB>B`.
    ///
    /// Build metadata does not count, except for cargo, where it decides between versions that are equal otherwise.
    Compare(VersionCompare),
    /// Say whether a requirement admits a version. A line is `REQUIREMENT<TAB>VERSION`.
    ///
    /// Requirements are specifier sets for pep440, ranges for npm, Cargo's requirements for semver and cargo. A text that
    /// is no version is answered as packaging and node-semver answer: `false`, but for `===` of pep440, which compares
    /// texts. With values instead of lines the exit code is 1 where the answer is `false`.
    Match(VersionMatch),
    /// Write a version of one scheme as another scheme writes it, or say what cannot be said there.
    Convert(VersionConvert),
    /// Say which version comes next.
    ///
    /// Without CURRENT, and without --scheme, the question is about the train in tminus.toml: its tags and its files.
    /// With --scheme alone, a line is `CURRENT`, and further fields are versions that exist.
    Next(VersionNext),
    /// List the versions that the tags of this repository state, the oldest first: `VERSION<TAB>TAG`.
    ///
    /// Tags of commits, that is; a tag of a file or a tree is no release. With --scheme or --tag, tags are read by just
    /// these. As tminus.toml has it, a tag that ends with `-dev` marks where development starts and is not listed, and
    /// older spellings are listed as PEP 440 reads them.
    List(VersionList),
    /// Say which version a commit has, as setuptools-scm does: what `python -m setuptools_scm` prints here.
    ///
    /// It needs no tminus.toml. The project's own table counts: [tool.setuptools_scm] or [tool.vcs-versioning] of
    /// pyproject.toml, or [tool.hatch.version] where the source is `vcs`; and so do the variables SETUPTOOLS_SCM_* and
    /// SOURCE_DATE_EPOCH. No program is run, and nothing is written. Without a repository, .git_archival.txt, PKG-INFO,
    /// the name of the directory and the fallback version are asked. With --verbose, where the version comes from is told
    /// on standard error. Exit code 1: no repository, or no version in it; 2: a wrong key in the table.
    Derive(VersionDerive),
}

#[derive(Debug, clap::Args)]
pub(crate) struct VersionParse {
    /// The scheme to read by.
    #[arg(long)]
    pub(crate) scheme: Scheme,
    /// What to read.
    #[arg(value_name = "VALUE")]
    pub(crate) values: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct VersionSort {
    /// The scheme to read and to order by.
    #[arg(long)]
    pub(crate) scheme: Scheme,
    /// The newest first.
    #[arg(long, short)]
    pub(crate) reverse: bool,
    /// Leave out what is no version, with a note, instead of refusing all of it.
    #[arg(long)]
    pub(crate) skip_invalid: bool,
    /// What to sort.
    #[arg(value_name = "VERSION")]
    pub(crate) values: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct VersionCompare {
    /// The scheme to read and to order by.
    #[arg(long)]
    pub(crate) scheme: Scheme,
    /// The one.
    #[arg(value_name = "A", requires = "right")]
    pub(crate) left: Option<String>,
    /// The other.
    #[arg(value_name = "B")]
    pub(crate) right: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct VersionMatch {
    /// The scheme of both.
    #[arg(long)]
    pub(crate) scheme: Scheme,
    /// Admit pre-releases wherever they lie in the requirement: `prereleases=True` of Python's packaging,
    /// `includePrerelease` of npm. Without it each scheme's own rule holds; packaging's, since its release 26, is to
    /// admit them here too.
    #[arg(long)]
    pub(crate) prereleases: bool,
    /// What is asked for.
    #[arg(requires = "version")]
    pub(crate) requirement: Option<String>,
    /// What there is.
    pub(crate) version: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct VersionConvert {
    /// The scheme to read by.
    #[arg(long, value_name = "SCHEME")]
    pub(crate) from: Scheme,
    /// The scheme to write in.
    #[arg(long, value_name = "SCHEME")]
    pub(crate) to: Scheme,
    /// The version.
    pub(crate) value: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct VersionNext {
    /// Which kind.
    #[arg(value_enum)]
    pub(crate) kind: NextKind,
    /// The version to count from.
    pub(crate) current: Option<String>,
    /// The scheme to read and to write in. Default: the train's.
    #[arg(long)]
    pub(crate) scheme: Option<Scheme>,
    /// Which release an alpha, beta, candidate, development version or nightly leads to. Default: the one that is under
    /// way, else the next minor, for dev and nightly the next patch.
    #[arg(long, value_enum, value_name = "KIND")]
    pub(crate) of: Option<NextBump>,
    /// How versions are dated in the scheme calver, such as YYYY.0M.MICRO. There, `patch` is the next one of the day.
    #[arg(long)]
    pub(crate) format: Option<calver::Format>,
    /// A version that exists already (repeatable). Its number is not given again.
    #[arg(long, value_name = "VERSION")]
    pub(crate) existing: Vec<String>,
}

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum NextKind {
    /// The next release whose first number changes.
    Major,
    /// The next release whose second number changes.
    Minor,
    /// The next release whose third number changes.
    Patch,
    /// The next alpha, or the first one.
    Alpha,
    /// The next beta, or the first one.
    Beta,
    /// The next candidate, or the first one.
    Candidate,
    /// The release that is under way, final.
    Final,
    /// The same release again with corrected metadata.
    Post,
    /// The next development version.
    Dev,
    /// The development version of a date: --now, or today.
    Nightly,
    /// The next free patch in the line of CURRENT.
    Hotfix,
}

/// The release that a first pre-release leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum NextBump {
    /// The next major release.
    Major,
    /// The next minor release.
    Minor,
    /// The next patch release.
    Patch,
}

#[derive(Debug, clap::Args)]
pub(crate) struct VersionList {
    /// The scheme of the versions. Default: the train's.
    #[arg(long)]
    pub(crate) scheme: Option<Scheme>,
    /// What tags look like, such as `v{version}` (repeatable). Default: the train's; without a tminus.toml, `v{version}`
    /// and `{version}`.
    #[arg(long, value_name = "PATTERN")]
    pub(crate) tag: Vec<TagPattern>,
    /// What `{package}` stands for in the pattern. Default: the train's package, where it has one.
    #[arg(long, value_name = "NAME")]
    pub(crate) package: Option<String>,
    /// What `{path}` stands for in the pattern.
    #[arg(long, value_name = "DIR")]
    pub(crate) path: Option<String>,
    /// Read the tags from standard input, one a line, instead of from this repository.
    #[arg(long)]
    pub(crate) stdin: bool,
    /// Only the versions of this line, such as 0.4.
    #[arg(long, value_name = "LINE")]
    pub(crate) line: Option<String>,
    /// Leave out alphas, betas, candidates and development versions.
    #[arg(long)]
    pub(crate) finals: bool,
    /// Only the newest one.
    #[arg(long)]
    pub(crate) latest: bool,
    /// Also list, on standard error, the tags that state no version, with the reason.
    #[arg(long)]
    pub(crate) rejected: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct VersionDerive {
    /// The commit, tag, branch or other revision to ask about, as a clean check-out of it would be; `-` reads them from
    /// standard input, one a line, and answers each with a line. Default: what is checked out, with its changes.
    #[arg(long, value_name = "REV")]
    pub(crate) rev: Option<String>,
    /// Leave the settings of the project out.
    #[arg(long)]
    pub(crate) defaults: bool,
    /// Tell tag, distance and commit, too.
    #[arg(long)]
    pub(crate) explain: bool,
}
