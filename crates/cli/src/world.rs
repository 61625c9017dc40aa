//! The one door through which environment, clock, directory and user enter.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tminus_engine::build::SystemBuilder;
use tminus_engine::events::Reporter;
use tminus_engine::fuse::{Blow, Fuse, Limit};
use tminus_engine::{Context, Environment, Exit, GatePolicy, Pace, UserFiles};
use tminus_http::{SystemTimer, SystemTransport};
use tminus_vcs::SystemRunner;

use crate::CommandError;
use crate::args::Global;

/// What this process was given.
pub(crate) struct World {
    pub(crate) dir: PathBuf,
    pub(crate) config: Option<PathBuf>,
    pub(crate) environment: Environment,
    pub(crate) today: jiff::civil::Date,
    pub(crate) user: String,
    pub(crate) command: String,
}

/// Blows the fuse at that place: fault injection, described in CONTRIBUTING.md.
const FUSE: &str = "TMINUS_FUSE";

impl World {
    #[expect(clippy::disallowed_methods, reason = "the one place where environment and directory are read")]
    pub(crate) fn of_this_process(global: &Global) -> Result<Self, CommandError> {
        let here = std::env::current_dir().map_err(|error| {
            CommandError::new(Exit::NoGo, format!("the current directory cannot be read: {error}"))
        })?;
        let dir = global.dir.as_ref().map_or_else(|| here.clone(), |dir| here.join(dir));
        if !dir.is_dir() {
            return Err(CommandError::new(Exit::Usage, format!("{} is no directory", dir.display())));
        }
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        let environment = Environment::new(variables);
        let user = ["USER", "LOGNAME", "GITHUB_ACTOR"].into_iter().find_map(|name| environment.get(name));
        let words: Vec<String> = std::env::args().skip(1).collect();
        Ok(Self {
            config: global.config.as_ref().map(|config| dir.join(config)),
            today: global.now.unwrap_or_else(Self::today),
            user: user.map(str::to_owned).or_else(|| identity(&dir)).unwrap_or_else(|| "somebody".to_owned()),
            command: words.join(" "),
            environment,
            dir,
        })
    }

    /// The directory that is asked about, and the variables of the environment, for a question that needs nothing else.
    #[expect(clippy::disallowed_methods, reason = "the one place where environment and directory are read")]
    pub(crate) fn place(global: &Global) -> Result<(PathBuf, Vec<(String, String)>), CommandError> {
        let here = std::env::current_dir().map_err(|error| {
            CommandError::new(Exit::NoGo, format!("the current directory cannot be read: {error}"))
        })?;
        let dir = global.dir.as_ref().map_or_else(|| here.clone(), |dir| here.join(dir));
        if !dir.is_dir() {
            return Err(CommandError::new(Exit::Usage, format!("{} is no directory", dir.display())));
        }
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Ok((dir, variables.collect()))
    }

    /// The time where this process runs, in UTC.
    pub(crate) fn now() -> Option<tminus_versioning::DateTime> {
        tminus_versioning::DateTime::from_unix_seconds(jiff::Timestamp::now().as_second())
    }

    /// The date where this process runs.
    pub(crate) fn today() -> jiff::civil::Date {
        jiff::Zoned::now().date()
    }

    /// The work tree that the directory is in.
    pub(crate) fn root(&self) -> Result<PathBuf, CommandError> {
        let repository = tminus_vcs::Repository::discover(&self.dir).map_err(|error| {
            CommandError::new(Exit::NoGo, error.to_string())
                .with_remedy("run tminus inside a git repository, or name one with -C DIR")
        })?;
        repository.work_dir().map(Path::to_owned).ok_or_else(|| {
            CommandError::new(Exit::NoGo, "the repository has no work tree")
                .with_remedy("run tminus in a clone of it")
        })
    }

    /// The engine's context for the project in `root`.
    pub(crate) fn context(&self, root: &Path, reporter: Arc<dyn Reporter>) -> Result<Context, CommandError> {
        let transport = SystemTransport::new(concat!("tminus/", env!("CARGO_PKG_VERSION")))
            .map_err(|error| CommandError::new(Exit::World, error.to_string()))?;
        Ok(Context {
            root: root.to_owned(),
            environment: self.environment.clone(),
            files: self.files(),
            transport,
            timer: Arc::new(SystemTimer),
            runner: Arc::new(SystemRunner::default()),
            builder: Arc::new(SystemBuilder),
            reporter,
            fuse: self.fuse()?,
            today: self.today,
            user: self.user.clone(),
            command: self.command.clone(),
            gates: GatePolicy::People,
            pace: self.pace(),
        })
    }

    fn fuse(&self) -> Result<Arc<Fuse>, CommandError> {
        let Some(text) = self.environment.get(FUSE) else { return Ok(Fuse::endless()) };
        let limit: Limit = text
            .trim()
            .parse()
            .map_err(|error| CommandError::new(Exit::Usage, format!("{FUSE}={text}: {error}")))?;
        Ok(Fuse::new(limit, Blow::Kill))
    }

    fn pace(&self) -> Pace {
        let standard = Pace::default();
        let millis =
            self.environment.get("TMINUS_POLL_MILLIS").and_then(|text| text.trim().parse::<u64>().ok());
        match millis {
            Some(millis) => Pace { checks_seconds: millis / 1000, index_millis: millis },
            None => standard,
        }
    }

    /// The user's own files. One that cannot be read is as good as none.
    fn files(&self) -> UserFiles {
        let home = self.environment.get("HOME").map(PathBuf::from);
        let read = |path: Option<PathBuf>| std::fs::read_to_string(path?).ok();
        let at_home = |name: &str| home.as_ref().map(|home| home.join(name));
        let netrc = self.environment.get("NETRC").map(PathBuf::from).or_else(|| at_home(".netrc"));
        UserFiles { pypirc: read(at_home(".pypirc")), netrc: read(netrc) }
    }
}

/// Who git says that the user is: containers often set no user name.
fn identity(dir: &Path) -> Option<String> {
    let repository = tminus_vcs::Repository::discover(dir).ok()?;
    repository.user().ok().flatten().map(|user| user.name)
}
