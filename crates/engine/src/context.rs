use std::path::{Path, PathBuf};
use std::sync::Arc;

use tminus_forge::{Forge, ForgeKind, GitHub, RepositoryId};
use tminus_http::{Client, Credential, Limits, Origin, Scheme, Secret, Timer, Transport, Url};
use tminus_registry::credentials::{
    CompiledEndpoints, EndpointError, Inputs, NamedEndpoints, ResolvedDestination, resolve_pypi,
};
use tminus_registry::pypi::{Endpoints, Index};
use tminus_vcs::{Git, GitOptions, Repository, Run};

use crate::build::Builder;
use crate::config::{Config, ForgeChoice};
use crate::environment::Environment;
use crate::events::Reporter;
use crate::fuse::{Fuse, FusedRunner, FusedTransport};

/// Everything that reaches the world, as arguments: nothing in this crate reads the environment, the clock or the
/// current directory by itself.
#[derive(Clone)]
pub struct Context {
    /// The work tree.
    pub root: PathBuf,
    /// The environment.
    pub environment: Environment,
    /// The user's own files that may name endpoints and credentials.
    pub files: UserFiles,
    /// The network.
    pub transport: Arc<dyn Transport>,
    /// How time passes.
    pub timer: Arc<dyn Timer>,
    /// How programs are started.
    pub runner: Arc<dyn Run>,
    /// How packages are built.
    pub builder: Arc<dyn Builder>,
    /// Where events go.
    pub reporter: Arc<dyn Reporter>,
    /// Where a test cuts the run; [`Fuse::endless`] otherwise.
    pub fuse: Arc<Fuse>,
    /// Today.
    pub today: jiff::civil::Date,
    /// Who runs this, for the record.
    pub user: String,
    /// The command, for the lock and the journal.
    pub command: String,
    /// What becomes of gates.
    pub gates: GatePolicy,
    /// How often the world is asked while a step waits for it.
    pub pace: Pace,
}

/// The user's own files, as text.
#[derive(Clone, Default)]
pub struct UserFiles {
    /// `~/.pypirc`.
    pub pypirc: Option<String>,
    /// `~/.netrc`, or what `NETRC` names.
    pub netrc: Option<String>,
}

/// What becomes of gates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GatePolicy {
    /// People decide.
    People,
    /// A rehearsal passes them, and says so.
    Rehearsal,
}

/// How often the world is asked while a step waits for it.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Between two looks at a commit's checks, at first, in seconds; it grows.
    pub checks_seconds: u64,
    /// Between two looks at an index, at first, in milliseconds; it grows.
    pub index_millis: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { checks_seconds: 10, index_millis: 1000 }
    }
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context")
            .field("root", &self.root)
            .field("command", &self.command)
            .finish_non_exhaustive()
    }
}

impl Context {
    /// The directory for state, below the git directory that all work trees share.
    pub(crate) fn state_dir(repository: &Repository) -> PathBuf {
        repository.common_dir().join("tminus")
    }

    pub(crate) fn client(&self) -> Client {
        let transport = FusedTransport { inner: Arc::clone(&self.transport), fuse: Arc::clone(&self.fuse) };
        let limits = Limits { timeout: ANSWER_WITHIN, ..Limits::default() };
        Client::new(Arc::new(transport)).with_timer(Arc::clone(&self.timer)).with_limits(limits)
    }

    pub(crate) fn runner(&self) -> Arc<dyn Run> {
        Arc::new(FusedRunner { inner: Arc::clone(&self.runner), fuse: Arc::clone(&self.fuse) })
    }

    pub(crate) fn git(&self, dir: &Path) -> Git {
        Git::new(
            self.runner(),
            GitOptions {
                program: "git".into(),
                dir: dir.to_owned(),
                environment: self.environment.for_git(),
                network_timeout: Some(NETWORK_TIMEOUT),
            },
        )
    }

    /// Where a destination is, and the credential for it.
    ///
    /// # Errors
    /// Nothing names the destination's endpoints.
    pub fn destination(&self, config: &Config, name: &str) -> Result<ResolvedDestination, EndpointError> {
        let configured = config.destinations.get(name);
        let environment = self.environment.variables().iter().collect();
        let configured = configured.map_or_else(NamedEndpoints::default, |destination| NamedEndpoints {
            upload: destination.upload.clone(),
            index: destination.index.clone(),
        });
        let compiled = match name {
            "pypi" => CompiledEndpoints {
                upload: option_env!("TMINUS_DEFAULT_PYPI_UPLOAD"),
                index: option_env!("TMINUS_DEFAULT_PYPI_INDEX"),
            },
            _ => CompiledEndpoints::default(),
        };
        resolve_pypi(
            name,
            &Inputs {
                flags: &NamedEndpoints::default(),
                environment: &environment,
                configured: &configured,
                pypirc: self.files.pypirc.as_deref(),
                netrc: self.files.netrc.as_deref(),
                ask: &|destination| crate::ask::ask(self, destination),
                compiled,
            },
        )
    }

    /// A destination, ready to be asked, and where its endpoints came from.
    ///
    /// # Errors
    /// Nothing names the destination's endpoints.
    pub fn index(&self, config: &Config, name: &str) -> Result<(Index, ResolvedDestination), EndpointError> {
        let resolved = self.destination(config, name)?;
        let endpoints =
            Endpoints { upload: Some(resolved.upload.value.clone()), simple: resolved.index.value.clone() };
        Ok((Index::new(self.client(), endpoints, resolved.credential.clone()), resolved))
    }

    /// The forge of a project that may have no tminus.toml.
    ///
    /// # Errors
    /// As for [`Context::forge`].
    pub fn forge_of(
        &self,
        config: Option<&Config>,
        remote_url: Option<&str>,
    ) -> Result<ForgeAccess, NoForge> {
        self.forge_with(config.map_or(&ForgeChoice::FromRemote, |config| &config.project.forge), remote_url)
    }

    /// A client for a forge.
    pub fn connect(&self, access: &ForgeAccess) -> Arc<dyn Forge> {
        access.connect(self.client())
    }

    /// The forge of a project, or why there is none.
    pub fn forge(&self, config: &Config, remote_url: Option<&str>) -> Result<ForgeAccess, NoForge> {
        self.forge_with(&config.project.forge, remote_url)
    }

    fn forge_with(&self, choice: &ForgeChoice, remote_url: Option<&str>) -> Result<ForgeAccess, NoForge> {
        let absent = |why: &str| NoForge::Absent(why.to_owned());
        let (repository, host) = match choice {
            ForgeChoice::None => return Err(absent("tminus.toml says forge = \"none\"")),
            ForgeChoice::Named(id) => match id.kind {
                ForgeKind::GitHub => (id.repository.clone(), None),
                _ => {
                    return Err(NoForge::Broken(format!(
                        "{id} is a kind of forge that this tminus does not know"
                    )));
                }
            },
            ForgeChoice::FromRemote => {
                let url = remote_url.ok_or_else(|| absent("the repository has no remote"))?;
                let (host, repository) = RepositoryId::from_remote_url(url).ok_or_else(|| {
                    absent("the remote is not on a forge (project.forge in tminus.toml names one)")
                })?;
                (repository, Some(host))
            }
        };
        let (api, source) = self.forge_api(host.as_deref())?;
        let token = ["GH_TOKEN", "GITHUB_TOKEN"]
            .into_iter()
            .find_map(|name| Some((name, self.environment.get(name)?)));
        let credential =
            token.map(|(_, token)| Credential::new(Origin::of(&api), Scheme::Bearer(Secret::new(token))));
        Ok(ForgeAccess { api, source, repository, credential })
    }

    /// The address of the forge's API: what the environment names, else the well-known one. tminus.toml cannot name
    /// it, so a pull request cannot send the token elsewhere.
    fn forge_api(&self, host: Option<&str>) -> Result<(Url, String), NoForge> {
        let parse = |text: &str, source: &str| match Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => Ok((url, source.to_owned())),
            Ok(_) => Err(NoForge::Broken(format!("{source}: `{text}` is neither http nor https"))),
            Err(error) => Err(NoForge::Broken(format!("{source}: `{text}` is no URL: {error}"))),
        };
        if let Some(url) = self.environment.get("GITHUB_API_URL") {
            return parse(url, "environment GITHUB_API_URL");
        }
        match (self.environment.get("GH_HOST"), host) {
            (Some(enterprise), _) if enterprise != GITHUB => {
                parse(&format!("https://{enterprise}/api/v3"), "environment GH_HOST")
            }
            (_, None | Some(GITHUB)) => parse("https://api.github.com", "built in"),
            (_, Some(other)) => Err(NoForge::Absent(format!(
                "the remote's host {other} is no forge that is known (set GH_HOST={other} for a GitHub Enterprise server, or name it: project.forge)"
            ))),
        }
    }
}

/// Why there is no forge to talk to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoForge {
    /// There is none, or it is not used: its steps do not apply.
    #[error("{0}")]
    Absent(String),
    /// Something names one that cannot be used: leaving its steps out would be a mistake.
    #[error("{0}")]
    Broken(String),
}

/// How long one answer of a registry or forge may take; files have limits of their own.
const ANSWER_WITHIN: std::time::Duration = std::time::Duration::from_secs(30);

/// How long one call of git may take with a remote.
const NETWORK_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(15 * 60);

const GITHUB: &str = "github.com";

/// A forge that can be talked to.
#[derive(Debug, Clone)]
pub struct ForgeAccess {
    /// The API.
    pub api: Url,
    /// Where its address came from.
    pub source: String,
    /// The repository.
    pub repository: RepositoryId,
    /// The token.
    pub credential: Option<Credential>,
}

impl ForgeAccess {
    /// The page of the repository for people, without `/` at the end.
    pub fn page(&self, remote_url: Option<&str>) -> String {
        let host = remote_url.and_then(RepositoryId::from_remote_url).map(|(host, _)| host);
        format!("https://{}/{}", host.as_deref().unwrap_or(GITHUB), self.repository)
    }

    pub(crate) fn connect(&self, client: Client) -> Arc<dyn Forge> {
        Arc::new(GitHub::new(client, self.api.clone(), self.credential.clone(), self.repository.clone()))
    }
}
