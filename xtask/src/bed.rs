//! The demo project, a sandbox, and the program to try on them: nothing of the user's, nothing outside loopback.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, bail};
use tempfile::TempDir;
use tminus_cli::demo::Demo;
use tminus_sandbox::{Checks, Options, Sandbox};
use tminus_vcs::{Invocation, Output, Run as _, SystemRunner};

use crate::command::{cargo, show_and_run};
use crate::workspace::Workspace;

/// The webhook of the sandbox that the demo announces at.
pub(crate) const WEBHOOK: &str = "announcements";

/// No run of the program takes this long unless it hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// How the program is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    Dev,
    Release,
}

/// Builds `tminus` and says where it is.
pub(crate) fn build(workspace: &Workspace, profile: Profile) -> anyhow::Result<PathBuf> {
    let (name, dir) = match profile {
        Profile::Dev => ("dev", "debug"),
        Profile::Release => ("release", "release"),
    };
    show_and_run(cargo(&workspace.root).args([
        "build",
        "--quiet",
        "--package",
        "tminus",
        "--profile",
        name,
    ]))?;
    Ok(workspace.target.join(dir).join("tminus"))
}

/// One demo project with its sandbox.
pub(crate) struct Bed {
    pub(crate) demo: Demo,
    pub(crate) sandbox: Sandbox,
    program: PathBuf,
    environment: Vec<(String, String)>,
    // Dropped last: the project is in it.
    _dir: TempDir,
}

impl Bed {
    /// A fresh project, told to a fresh sandbox.
    pub(crate) fn new(program: &Path) -> anyhow::Result<Self> {
        let dir =
            tempfile::Builder::new().prefix("tminus-bed-").tempdir().context("no temporary directory")?;
        let path = std::env::var("PATH").context("PATH is not set")?;
        let home = dir.path().join("home");
        std::fs::create_dir(&home).with_context(|| home.display().to_string())?;
        let demo = Demo::create(dir.path(), &path)?;
        let names = ["tests", "docs"].map(str::to_owned).to_vec();
        let sandbox = Sandbox::start(Options {
            checks: Checks::Auto { names, pending_polls: 1 },
            ..Options::default()
        })?;
        demo.seed(&sandbox)?;
        let mut environment = vec![
            ("PATH".to_owned(), path),
            ("HOME".to_owned(), home.display().to_string()),
            ("TMINUS_PYPI_UPLOAD_URL".to_owned(), sandbox.upload_url().to_string()),
            ("TMINUS_PYPI_INDEX_URL".to_owned(), sandbox.index_url().to_string()),
            ("TMINUS_PYPI_TOKEN".to_owned(), sandbox.token().to_owned()),
            ("GITHUB_API_URL".to_owned(), sandbox.forge_url().to_string()),
            ("GH_TOKEN".to_owned(), sandbox.token().to_owned()),
            ("RELEASE_WEBHOOK".to_owned(), sandbox.webhook_url(WEBHOOK).to_string()),
        ];
        let fixed = [
            ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("GIT_AUTHOR_NAME", "Demo Maintainer"),
            ("GIT_AUTHOR_EMAIL", "maintainer@demo.example"),
            ("GIT_COMMITTER_NAME", "Demo Maintainer"),
            ("GIT_COMMITTER_EMAIL", "maintainer@demo.example"),
            ("LC_ALL", "C"),
            ("USER", "maintainer"),
            ("TMINUS_POLL_MILLIS", "20"),
            // Files are built from a commit whose date differs between runs; their bytes shall not.
            ("SOURCE_DATE_EPOCH", "1790000000"),
        ];
        environment.extend(fixed.map(|(name, value)| (name.to_owned(), value.to_owned())));
        Ok(Self { demo, sandbox, program: program.to_owned(), environment, _dir: dir })
    }

    /// A program in the work tree of the project, with the environment of the bed and nothing else.
    pub(crate) fn command(&self, program: &str, args: &[&str]) -> Command {
        let program = if program == "tminus" { self.program.as_path() } else { Path::new(program) };
        let mut command = Command::new(program);
        command.args(args).current_dir(&self.demo.work).env_clear();
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs tminus to its end, however that comes about; `extra` joins its environment.
    ///
    /// # Errors
    /// It cannot be started, or hangs.
    pub(crate) fn tminus(&self, args: &[&str], extra: &[(&str, String)]) -> anyhow::Result<Output> {
        let variables = self.environment.iter().map(|(name, value)| (name.as_str(), value));
        let extra = extra.iter().map(|(name, value)| (*name, value));
        let invocation = Invocation {
            args: args.iter().map(Into::into).collect(),
            environment: variables.chain(extra).map(|(name, value)| (name.into(), value.into())).collect(),
            timeout: Some(PATIENCE),
            ..Invocation::new(&self.program, &self.demo.work)
        };
        let shown = || format!("tminus {}", args.join(" "));
        SystemRunner::default().run(&invocation).with_context(shown)
    }

    /// What git says in `dir`.
    ///
    /// # Errors
    /// It fails.
    pub(crate) fn git(&self, dir: &Path, args: &[&str]) -> anyhow::Result<String> {
        let output = self.command("git", args).current_dir(dir).output().context("git cannot be started")?;
        if !output.status.success() {
            bail!("git {} failed: {}", args.join(" "), String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(String::from_utf8(output.stdout)?)
    }
}
