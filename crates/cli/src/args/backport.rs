use tminus_engine::backport::Wanted;
use tminus_vcs::BranchName;

/// Bring changes of the main branch to the branches of older lines.
///
/// For each line a local branch `backport/WHAT/to/LINE` is made, with one `git cherry-pick -x` for each commit, without
/// touching the work tree. A conflict writes nothing and prints how to go on by hand. Running again does nothing twice.
#[derive(Debug, clap::Args)]
pub(crate) struct Backport {
    /// Pull requests (#12 or 12) and commits, in the order in which they are picked.
    #[arg(value_name = "PR|COMMIT", required_unless_present = "missing", conflicts_with = "missing")]
    pub(crate) what: Vec<Wanted>,
    /// The branch of a line (repeatable). Without it every line that tminus.toml names with `branches = { line = … }` and
    /// that is there, the newest first.
    #[arg(long, value_name = "BRANCH")]
    pub(crate) to: Vec<BranchName>,
    /// Show which changes of the main branch are missing on each line. Changes nothing.
    #[arg(long)]
    pub(crate) missing: bool,
    /// Say what would happen and change nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Push the branches to the remote, and open a pull request for each where the forge can be asked.
    #[arg(long, conflicts_with_all = ["missing", "dry_run"])]
    pub(crate) push: bool,
    /// A label for the pull requests (repeatable).
    #[arg(long, value_name = "LABEL", default_value = "backport", requires = "push")]
    pub(crate) label: Vec<String>,
    /// Ask no forge: what git knows is enough, and pull requests are not opened.
    #[arg(long)]
    pub(crate) no_forge: bool,
}
