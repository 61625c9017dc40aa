use std::path::{Path, PathBuf};
use std::sync::Arc;

use tminus_engine::config::{CheckNames, Config, ForgeChoice};
use tminus_engine::plan::{Action, Plan};
use tminus_engine::{Context, Environment};
use tminus_sandbox::{Checks, MilestoneSeed, Options, RepositorySeed, Sandbox, SandboxError};
use tminus_vcs::{Invocation, Repository, Run as _, SystemRunner};

use crate::demo::{Demo, DemoError};

/// Everything that a rehearsal happens on: a clone, its own remote, a sandbox.
#[derive(Debug)]
pub struct Stage {
    /// The clone that is released from.
    pub work: PathBuf,
    /// The clone's remote.
    pub remote: PathBuf,
    /// The configuration.
    pub config: Config,
    /// The index and the forge.
    pub sandbox: Sandbox,
    /// What was left out or replaced while the stage was set.
    notes: Vec<String>,
}

/// The stage could not be set.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StageError {
    /// The sandbox.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    /// The demo.
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// A clone.
    #[error("`git {command}` failed: {words}")]
    Git {
        /// Its arguments.
        command: String,
        /// Its words.
        words: String,
    },
    /// The repository.
    #[error(transparent)]
    Repository(#[from] tminus_vcs::RepositoryError),
    /// The configuration.
    #[error(transparent)]
    Config(#[from] tminus_engine::config::ConfigError),
}

impl Stage {
    /// A stage with the demo project below `dir`.
    ///
    /// # Errors
    /// git or the sandbox cannot be used.
    pub fn demo(dir: &Path, path: &str) -> Result<Self, StageError> {
        let demo = Demo::create(dir, path)?;
        let config = Config::parse("tminus.toml", include_str!("../../demo/tminus.toml"))?;
        let sandbox = start(&config, None)?;
        demo.seed(&sandbox)?;
        Ok(Self { work: demo.work, remote: demo.remote, config, sandbox, notes: Vec::new() })
    }

    /// A stage with clones of the project in `context.root` below `dir`.
    ///
    /// # Errors
    /// git or the sandbox cannot be used.
    pub fn of(dir: &Path, context: &Context, config: &Config) -> Result<Self, StageError> {
        let mut notes = Vec::new();
        let mut config = config.clone();
        let source = Repository::open(&context.root)?;
        if !source.status()?.is_clean() {
            notes.push("changes that are not committed (the last commit was rehearsed)".to_owned());
        }
        let (work, remote) = (dir.join("work"), dir.join("remote.git"));
        let root = context.root.to_string_lossy().into_owned();
        clone(context, dir, &["clone", "--quiet", "--bare", "--no-local", &root, &remote.to_string_lossy()])?;
        clone(
            context,
            dir,
            &["clone", "--quiet", "--no-local", &remote.to_string_lossy(), &work.to_string_lossy()],
        )?;
        for key in ["user.name", "user.email"] {
            let value = source.config(key)?.unwrap_or_else(|| format!("rehearsal@{}.example", config.name()));
            clone(context, &work, &["config", key, &value])?;
        }
        for key in ["commit.gpgSign", "tag.gpgSign"] {
            if source.config(key)?.is_some_and(|value| value == "true") {
                notes.push(format!("signing ({key} was switched off)"));
            }
            clone(context, &work, &["config", key, "false"])?;
        }
        let url = source.remote_url(&config.project.remote)?;
        let access = context.forge(&config, url.as_deref()).ok();
        config.project.remote = tminus_vcs::RemoteName::origin();
        let sandbox = start(&config, passthrough(context))?;
        match access {
            Some(access) => {
                let (owner, name) =
                    (access.repository.owner().to_owned(), access.repository.name().to_owned());
                let id = format!("github:{owner}/{name}");
                if let Ok(id) = id.parse() {
                    config.project.forge = ForgeChoice::Named(id);
                }
                let categories = config.trains.values().flat_map(|train| train.release.values());
                let categories: Vec<String> =
                    categories.filter_map(|rules| rules.notes.discussion.clone()).collect();
                sandbox.add_repository(RepositorySeed {
                    git_dir: Some(remote.clone()),
                    has_discussions: true,
                    discussion_categories: categories,
                    ..RepositorySeed::new(&owner, &name)
                })?;
                notes.push("milestones, labels and issues of the real forge (the rehearsal's forge has an empty milestone)".to_owned());
            }
            None => config.project.forge = ForgeChoice::None,
        }
        Ok(Self { work, remote, config, sandbox, notes })
    }

    /// Creates the milestone that a release of `version` asks for, where the forge has no milestone at all.
    ///
    /// # Errors
    /// The sandbox cannot keep its state.
    pub fn add_milestone(&self, title: &str) -> Result<(), StageError> {
        if let ForgeChoice::Named(id) = &self.config.project.forge {
            let repository = id.repository.to_string();
            if self.sandbox.milestones(&repository).is_empty() {
                self.sandbox.add_milestone(
                    &repository,
                    MilestoneSeed { title: title.to_owned(), ..MilestoneSeed::default() },
                )?;
            }
        }
        Ok(())
    }

    /// A context on this stage: its clone, its environment, none of the user's files.
    pub fn context(&self, outside: &Context) -> Context {
        Context {
            root: self.work.clone(),
            environment: self.environment(&outside.environment),
            files: tminus_engine::UserFiles::default(),
            ..outside.clone()
        }
    }

    /// The environment of a rehearsal: no tokens, every address on this stage.
    pub fn environment(&self, outside: &Environment) -> Environment {
        let words = ["TOKEN", "PASSWORD", "PASSWD", "SECRET", "CREDENTIAL"];
        let published = ["UV_PUBLISH_", "TWINE_", "GITHUB_", "GH_"];
        let kept = outside.variables().iter().filter(|(name, _)| {
            !words.iter().any(|word| name.to_ascii_uppercase().contains(word))
                && !published.iter().any(|prefix| name.starts_with(prefix))
        });
        let mut environment = Environment::new(kept.map(|(name, value)| (name.clone(), value.clone())))
            .with("NO_PROXY", "127.0.0.1,localhost")
            .with("no_proxy", "127.0.0.1,localhost")
            .with("GITHUB_API_URL", self.sandbox.forge_url())
            .with("GH_TOKEN", self.sandbox.token());
        let destinations = self.config.packages.iter().flat_map(|package| &package.publish);
        for destination in destinations {
            let name = destination.to.to_ascii_uppercase().replace('-', "_");
            environment = environment
                .with(&format!("TMINUS_{name}_UPLOAD_URL"), self.sandbox.upload_url())
                .with(&format!("TMINUS_{name}_INDEX_URL"), self.sandbox.index_url())
                .with(&format!("TMINUS_{name}_TOKEN"), self.sandbox.token());
        }
        let rules = self.config.trains.values().flat_map(|train| train.release.values());
        for webhook in rules.filter_map(|rules| rules.announce.as_ref()?.webhook.as_ref()) {
            environment = environment.with(webhook, self.sandbox.webhook_url("announcements"));
        }
        environment
    }

    /// What this rehearsal replaced by a double, or left out.
    pub(super) fn not_proven(&self, plan: &Plan) -> Vec<String> {
        let mut list = self.notes.clone();
        for step in &plan.steps {
            list.push(match &step.action {
                Action::Publish { destination, .. } => {
                    format!("{destination} itself: its address, your credential, its rules for this project")
                }
                Action::Push { .. } => {
                    "your right to push, hooks and protected branches of the real remote".to_owned()
                }
                Action::AwaitChecks { .. } => "the checks of your CI: a double played them".to_owned(),
                Action::Gate { name, .. } => format!("the gate `{name}`: the rehearsal passed it"),
                Action::Announce { .. } => "the announcement: it went to the sandbox".to_owned(),
                _ => continue,
            });
        }
        list
    }
}

fn start(config: &Config, passthrough: Option<url::Url>) -> Result<Sandbox, SandboxError> {
    let mut names: Vec<String> = config
        .trains
        .values()
        .filter_map(|train| train.checks.as_ref())
        .flat_map(|checks| match &checks.names {
            CheckNames::All => vec!["ci".to_owned()],
            CheckNames::Named(names) => names.clone(),
        })
        .collect();
    names.sort();
    names.dedup();
    let checks = if names.is_empty() { Checks::None } else { Checks::Auto { names, pending_polls: 1 } };
    Sandbox::start(Options {
        checks,
        passthrough,
        own_projects: config.packages.iter().map(|package| package.name.clone()).collect(),
        clock: Arc::new(|| jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
        ..Options::default()
    })
}

/// The index that pip reads here, for the dependencies of what is installed.
fn passthrough(context: &Context) -> Option<url::Url> {
    if let Some(url) = context.environment.get("PIP_INDEX_URL") {
        return url.parse().ok();
    }
    let code = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)";
    let run = |args: &[&str]| -> Option<url::Url> {
        let invocation = Invocation {
            args: args.iter().map(std::ffi::OsString::from).collect(),
            environment: context.environment.for_children(),
            timeout: Some(std::time::Duration::from_secs(30)),
            ..Invocation::new("python3", &context.root)
        };
        let output = SystemRunner::default().run(&invocation).ok().filter(tminus_vcs::Output::success)?;
        String::from_utf8_lossy(&output.stdout).trim().parse().ok()
    };
    run(&["-m", "pip", "config", "get", "global.index-url"]).or_else(|| run(&["-c", code]))
}

fn clone(context: &Context, dir: &Path, args: &[&str]) -> Result<(), StageError> {
    let invocation = Invocation {
        args: args.iter().map(std::ffi::OsString::from).collect(),
        environment: context.environment.for_git(),
        ..Invocation::new("git", dir)
    };
    let failed = |words: String| StageError::Git { command: args.join(" "), words };
    let output = SystemRunner::default().run(&invocation).map_err(|error| failed(error.to_string()))?;
    if output.success() {
        Ok(())
    } else {
        Err(failed(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
    }
}
