use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use serde_json::json;
use tminus_engine::backport::{
    Backport, BackportError, BackportForge, BackportOutcome, BackportRequest, InConflict, Missing,
    NewPullRequest, Pair, Wanted, backport, commits_of, missing, open, supported,
};
use tminus_engine::config::Config;
use tminus_engine::events::Silent;
use tminus_engine::{Exit, NoForge, ReleaseError};
use tminus_forge::Forge;
use tminus_vcs::{BranchName, CommitId, Git, GitOptions, RefName, RemoteName, Repository, SystemRunner};

use crate::CommandError;
use crate::args::{Backport as Options, Global};
use crate::output::{Output, clean};
use crate::world::World;

/// How long one call of git may take with the remote, as for a release.
const NETWORK_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(15 * 60);

pub(crate) fn run(
    world: &World,
    output: &Output,
    global: &Global,
    options: &Options,
) -> Result<Exit, CommandError> {
    let root = world.root()?;
    let config = match tminus_engine::read_config(&root, world.config.as_deref()) {
        Ok(config) => Some(config),
        Err(ReleaseError::NoConfig { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let repository =
        Repository::open(&root).map_err(|error| CommandError::new(Exit::NoGo, error.to_string()))?;
    let remote = config.as_ref().map_or_else(RemoteName::origin, |config| config.project.remote.clone());
    let main = main(&repository, config.as_ref(), &remote);
    let to = match &config {
        Some(config) if options.to.is_empty() => {
            let train = global.train.as_deref().map(|train| config.train(Some(train))).transpose();
            let train = train.map_err(|error| CommandError::new(Exit::Usage, error.to_string()))?;
            supported(&repository, &remote, config, train.map(|(name, _)| name))?
        }
        _ => options.to.clone(),
    };
    if options.missing {
        let found = missing(&repository, &remote, &main, &to)?;
        if output.json() {
            let document = json!({ "main": main.as_str(), "lines": found });
            output.line(&serde_json::to_string_pretty(&document).unwrap_or_default());
        } else {
            output.text(&clean(&found.iter().map(|line| ledger(&main, line)).collect::<String>()));
        }
        return Ok(Exit::Done);
    }
    let request = BackportRequest {
        wanted: options.what.clone(),
        to,
        remote,
        main,
        dry_run: options.dry_run,
        push: options.push,
        labels: options.label.clone(),
    };
    let with_limit = GitOptions {
        network_timeout: Some(NETWORK_TIMEOUT),
        ..GitOptions::new(&root, world.environment.for_git())
    };
    let git = Git::new(Arc::new(SystemRunner::default()), with_limit);
    let asked = options.push || options.what.iter().any(|wanted| matches!(wanted, Wanted::PullRequest(_)));
    let forge = if asked && !options.no_forge {
        Pages::open(world, output, &root, config.as_ref(), &repository, &request.remote)?
    } else {
        None
    };
    let forge = forge.as_ref().map(|forge| forge as &dyn BackportForge);
    let done = backport(&repository, &git, forge, &request)?;
    if output.json() {
        let document = json!({ "dry_run": options.dry_run, "backports": done });
        output.line(&serde_json::to_string_pretty(&document).unwrap_or_default());
    } else {
        output.text(&clean(&done.iter().map(|line| text(line, options.dry_run)).collect::<String>()));
    }
    let conflict = |line: &Backport| matches!(line.outcome, BackportOutcome::Conflict { .. });
    Ok(if done.iter().any(conflict) { Exit::NoGo } else { Exit::Done })
}

/// The forge, asked from code that waits for each answer.
struct Pages<'r> {
    forge: Arc<dyn Forge>,
    /// Only who has a token can open anything.
    may_open: bool,
    repository: &'r Repository,
    runtime: tokio::runtime::Runtime,
}

impl<'r> Pages<'r> {
    fn open(
        world: &World,
        output: &Output,
        root: &Path,
        config: Option<&Config>,
        repository: &'r Repository,
        remote: &RemoteName,
    ) -> Result<Option<Self>, CommandError> {
        let context = world.context(root, Arc::new(Silent))?;
        let url = repository.remote_url(remote).ok().flatten();
        let access = match context.forge_of(config, url.as_deref()) {
            Ok(access) => access,
            Err(NoForge::Absent(_)) => return Ok(None),
            Err(NoForge::Broken(why)) => {
                output.note(&clean(&format!("note: no forge: {why}")));
                return Ok(None);
            }
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime =
            runtime.map_err(|error| CommandError::new(Exit::World, format!("no runtime: {error}")))?;
        let may_open = access.credential.is_some();
        Ok(Some(Self { forge: context.connect(&access), may_open, repository, runtime }))
    }
}

impl BackportForge for Pages<'_> {
    fn commits_of(&self, number: u64) -> Result<Option<Vec<CommitId>>, String> {
        self.runtime.block_on(commits_of(self.forge.as_ref(), self.repository, number))
    }

    fn pull_request(
        &self,
        head: &BranchName,
        new: &NewPullRequest,
        moved: bool,
    ) -> Result<Option<String>, String> {
        if !self.may_open {
            return Ok(None);
        }
        self.runtime.block_on(open(self.forge.as_ref(), head, new, moved)).map(Some)
    }
}

/// The main branch: as tminus.toml says, else the remote's default branch, else `main` or `master`.
fn main(repository: &Repository, config: Option<&Config>, remote: &RemoteName) -> BranchName {
    let configured =
        config.and_then(|config| config.trains.values().find_map(|train| train.branches.main.clone()));
    let exists = |name: &str| {
        let names = [format!("refs/heads/{name}"), format!("refs/remotes/{remote}/{name}")];
        names.iter().any(|name| {
            let name = name.parse::<RefName>().ok();
            name.is_some_and(|name| repository.reference(&name).is_ok_and(|found| found.is_some()))
        })
    };
    let usual = || ["main", "master"].into_iter().find(|name| exists(name));
    configured.or_else(|| usual()?.parse().ok()).unwrap_or_else(|| {
        let head = repository.head().ok().and_then(|head| head.branch);
        head.unwrap_or_else(tminus_engine::backport::default_main)
    })
}

impl From<BackportError> for CommandError {
    fn from(error: BackportError) -> Self {
        let mut converted = Self::new(error.exit(), error.to_string());
        for remedy in error.remedies() {
            converted = converted.with_remedy(remedy);
        }
        converted
    }
}

fn short(id: &str) -> &str {
    id.get(..10).unwrap_or(id)
}

fn text(line: &Backport, dry_run: bool) -> String {
    let Backport { to, branch, outcome, already, pushed } = line;
    let mut text = String::new();
    let picked = |text: &mut String, commits: &[Pair]| {
        for Pair { commit, by } in commits {
            let by = by.as_deref().map(|by| format!(" as {}", short(by))).unwrap_or_default();
            let _ = writeln!(text, "  picked {}{by}", short(commit));
        }
    };
    let would = if dry_run { "would be " } else { "" };
    match outcome {
        BackportOutcome::AlreadyThere => {
            let _ = writeln!(text, "{to}: already there");
        }
        BackportOutcome::Created { commits } => {
            let _ = writeln!(text, "{to}: {branch} {would}made");
            picked(&mut text, commits);
        }
        BackportOutcome::Renewed { commits } => {
            let _ = writeln!(text, "{to}: {branch} {would}made anew, as {to} has moved");
            picked(&mut text, commits);
        }
        BackportOutcome::Unchanged => {
            let _ = writeln!(text, "{to}: {branch} is as it should be");
        }
        BackportOutcome::Kept => {
            let _ = writeln!(text, "{to}: {branch} was finished by hand and is left as it is");
        }
        BackportOutcome::Conflict { commit, files, commands } => {
            let _ = writeln!(text, "{to}: {} cannot be picked; nothing was written", short(commit));
            for InConflict { path, kind } in files {
                let _ = writeln!(text, "  conflict ({kind}): {path}");
            }
            let _ = writeln!(text, "  by hand:");
            for command in commands {
                let _ = writeln!(text, "    {command}");
            }
        }
    }
    for Pair { commit, by } in already {
        let by = by.as_deref().filter(|by| by != commit).map(|by| format!(" as {}", short(by)));
        let _ = writeln!(text, "  {} is there already{}", short(commit), by.unwrap_or_default());
    }
    if let Some(pushed) = pushed {
        let _ = writeln!(text, "  {}", if pushed.changed { "pushed" } else { "the remote has it already" });
        let _ = match &pushed.pull_request {
            Some(page) => writeln!(text, "  pull request: {page}"),
            None => writeln!(text, "  open a pull request from {branch} into {to}: {}", pushed.title),
        };
    }
    text
}

fn ledger(main: &BranchName, line: &Missing) -> String {
    let count = |state: &str| line.changes.iter().filter(|change| change.state == state).count();
    let mut text = format!(
        "{}: {} of {main} missing, {} landed, {} reverted\n",
        line.line,
        count("missing"),
        count("landed"),
        count("reverted")
    );
    for change in line.changes.iter().filter(|change| change.state == "missing") {
        let _ = writeln!(text, "  {}  {}", short(&change.commit), change.subject);
        if let Some(hint) = &change.hint {
            let _ = writeln!(
                text,
                "              perhaps there as {}: same subject, author and date",
                short(hint)
            );
        }
    }
    text
}
