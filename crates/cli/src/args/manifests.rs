use clap::ValueEnum;
use tminus_manifests::bump::Strategy;

/// List the packages of this project: what manifests in the tree describe, without what rules leave out.
///
/// Needs no tminus.toml; `[workspace]` there adds `include` and `exclude`.
#[derive(Debug, clap::Args)]
pub(crate) struct Packages {
    /// Also list the manifests that are left out, each with the reason.
    #[arg(long)]
    pub(crate) excluded: bool,
}

/// Show which packages depend on which, in the order in which they can be published.
///
/// With PACKAGES: what has to follow when they change.
#[derive(Debug, clap::Args)]
pub(crate) struct Graph {
    /// Packages that change: `pypi:demo`, `demo`, a pattern such as `demo-*`, or a group.
    #[arg(value_name = "PACKAGE")]
    pub(crate) packages: Vec<String>,
    /// Say for each one why: which line of which manifest asks for what.
    #[arg(long)]
    pub(crate) explain: bool,
    /// Show what the packages depend on, instead of what depends on them.
    #[arg(long, requires = "packages")]
    pub(crate) dependencies: bool,
    /// Also follow what is only needed to develop a package: dev-dependencies, dependency groups.
    #[arg(long)]
    pub(crate) dev: bool,
    /// How to print it.
    #[arg(long, value_enum, default_value_t = GraphFormat::Text)]
    pub(crate) format: GraphFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphFormat {
    /// Levels, for a terminal.
    Text,
    /// A diagram for Markdown.
    Mermaid,
    /// A graph for Graphviz.
    Dot,
}

/// Give packages a new version: in their manifests, in the constraints on them, in lock files.
///
/// All edits are computed and proven before the first file is written, and then written all or none. Files only: no
/// commit, no tag. A version that stands there already changes nothing.
#[derive(Debug, clap::Args)]
pub(crate) struct Bump {
    /// major, minor, patch, candidate, final, post, dev, or a version.
    #[arg(value_name = "LEVEL|VERSION")]
    pub(crate) to: String,
    /// What gets it: `pypi:demo`, `demo`, a pattern such as `demo-*`, or a group. Default: the packages of tminus.toml,
    /// or the only package there is.
    #[arg(value_name = "PACKAGE")]
    pub(crate) packages: Vec<String>,
    /// Every package of the project whose version stands in a file, but not the private root of a workspace.
    #[arg(long, conflicts_with = "packages")]
    pub(crate) all: bool,
    /// Also raise packages whose constraints change, by this much, and what depends on those.
    #[arg(long, value_name = "LEVEL")]
    pub(crate) dependents: Option<String>,
    /// Whose constraints follow.
    #[arg(long, value_enum, default_value_t = PinScope::All, value_name = "WHOSE")]
    pub(crate) pins: PinScope,
    #[command(flatten)]
    pub(crate) editing: Editing,
}

/// Whose constraints follow a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PinScope {
    /// Those of every package.
    All,
    /// Those of packages that get a new version too.
    Bumped,
    /// Nobody's.
    None,
}

/// Let constraints on a package follow a version, of a package of this project or of any other.
#[derive(Debug, clap::Args)]
pub(crate) struct Pin {
    /// The package, and the version to follow: `pypi:demo-core@0.13.0`, `@scope/ui@2.0.0`. Without a version, the one
    /// that the package has in this project.
    #[arg(value_name = "PACKAGE[@VERSION]", required_unless_present = "staged")]
    pub(crate) packages: Vec<String>,
    /// Only constraints of this package, pattern or group (repeatable).
    #[arg(long = "in", value_name = "PACKAGE")]
    pub(crate) only_in: Vec<String>,
    /// What the constraint is to look like; by default as tminus.toml says, else in its own style.
    #[arg(long, value_name = "SHAPE", value_parser = shape)]
    pub(crate) shape: Option<Strategy>,
    /// Write the constraints that tminus.toml holds back until the new version can be installed.
    #[arg(long)]
    pub(crate) staged: bool,
    #[command(flatten)]
    pub(crate) editing: Editing,
}

/// What editing commands have in common.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Editing {
    /// Show the edits as a unified diff and write nothing. Written to a file it is a patch that `git apply` takes.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Also show the edits that are written, as a unified diff.
    #[arg(long)]
    pub(crate) diff: bool,
    /// Leave lock files alone.
    #[arg(long)]
    pub(crate) no_lock: bool,
    /// Leave a lock file as it is where only its tool could bring it in step; which ones is said.
    #[arg(long)]
    pub(crate) no_tool: bool,
    /// Do not ask the tool of a lock file whether it is in step afterwards.
    #[arg(long)]
    pub(crate) no_check: bool,
    /// Let versions and constraints also go down.
    #[arg(long)]
    pub(crate) allow_lower: bool,
}

fn shape(text: &str) -> Result<Strategy, String> {
    text.parse().map_err(|error: tminus_manifests::bump::UnknownWord| error.to_string())
}
