mod error;

use std::{
    fmt,
    net::{Ipv4Addr, TcpListener},
    sync::{Arc, MutexGuard},
};

pub use self::error::SandboxError;
use crate::{
    Event, Fault, Options, Url, Webhook,
    server::{Context, Server, Shared, World, encoded},
    snapshot,
    storage::Storage,
};

/// A package index and a forge behind one loopback port, served by a thread of its own until dropped.
///
/// ```
/// use tminus_sandbox::{Options, RepositorySeed, Sandbox};
///
/// let sandbox = Sandbox::start(Options::default())?;
/// sandbox.add_repository(RepositorySeed::new("octo", "demo"))?;
/// assert_eq!(sandbox.repositories(), ["octo/demo"]);
/// assert!(sandbox.index_url().as_str().ends_with("/simple/"));
/// assert!(sandbox.events().is_empty());
/// # Ok::<(), tminus_sandbox::SandboxError>(())
/// ```
pub struct Sandbox {
    base: Url,
    shared: Arc<Shared>,
    server: Server,
}

impl Sandbox {
    /// Starts the server. When this returns, clients can connect; it does not matter whether the caller stands
    /// inside a tokio runtime.
    ///
    /// # Errors
    ///
    /// A port that is taken; a directory that cannot be written; a state in it that is damaged or of another version.
    pub fn start(options: Options) -> Result<Self, SandboxError> {
        let (storage, state, blobs) = Storage::open(options.dir.clone())?;
        let wanted = options.port;
        let start = |source| SandboxError::Start { port: wanted, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, wanted)).map_err(start)?;
        let port = listener.local_addr().map_err(start)?.port();
        let context = Context::new(options, port);
        let base = Url::parse(&context.base).map_err(|error| start(std::io::Error::other(error)))?;
        let shared = Arc::new(Shared::new(context, World::new(state, blobs, storage)));
        let server = Server::start(listener, Arc::clone(&shared)).map_err(start)?;
        Ok(Self { base, shared, server })
    }

    /// Stops the server, lets requests under way end for a moment, and writes the state down a last time. Dropping
    /// the sandbox stops it too, without the report.
    pub fn shutdown(self) -> Result<(), SandboxError> {
        let Self { shared, server, .. } = self;
        drop(server);
        let mut world = shared.world();
        world.save()
    }

    /// The root of everything, with a slash at its end.
    pub fn base_url(&self) -> Url {
        self.base.clone()
    }

    /// The index that installers read: `simple/`.
    pub fn index_url(&self) -> Url {
        self.at("/simple/")
    }

    /// Where files are uploaded: `legacy/`.
    pub fn upload_url(&self) -> Url {
        self.at("/legacy/")
    }

    /// The root of the forge's REST interface, `api/v3` as on a GitHub Enterprise server, without a slash at its end.
    pub fn forge_url(&self) -> Url {
        self.at("/api/v3")
    }

    /// The forge's GraphQL interface.
    pub fn graphql_url(&self) -> Url {
        self.at("/api/graphql")
    }

    /// A place that takes whatever is posted to it; see [`Sandbox::webhooks`].
    pub fn webhook_url(&self, name: &str) -> Url {
        self.at(&format!("/hooks/{}", encoded(name).replace('/', "%2F")))
    }

    /// The token that opens everything.
    pub fn token(&self) -> &str {
        &self.shared.context.token
    }

    /// Sets a fault beside those that are set.
    pub fn add_fault(&self, fault: Fault) {
        self.world().faults.add(fault);
    }

    /// Takes all faults away.
    pub fn clear_faults(&self) {
        self.world().faults.clear();
    }

    /// Every request so far, in the order in which they were answered. A request whose answer has reached its client
    /// is in it.
    pub fn events(&self) -> Vec<Event> {
        self.world().events.list()
    }

    /// Forgets the requests so far; the numbering goes on.
    pub fn clear_events(&self) {
        self.world().events.clear();
    }

    /// What arrived at the webhook of this name, in order.
    pub fn webhooks(&self, name: &str) -> Vec<Webhook> {
        self.world().state.webhooks.get(name).cloned().unwrap_or_default()
    }

    /// The state that a run leaves behind, in one form for equal states: no instants, ids, numbers or ports, and lists
    /// sorted by name, so that two runs that came to the same end compare equal.
    pub fn snapshot(&self) -> serde_json::Value {
        snapshot::take(&self.world().state, &self.shared.context.base)
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.shared.world()
    }

    /// Changes the state and writes it down.
    pub(crate) fn change<T>(
        &self,
        change: impl FnOnce(&mut World, &Context) -> Result<T, SandboxError>,
    ) -> Result<T, SandboxError> {
        let mut world = self.world();
        let value = change(&mut world, &self.shared.context)?;
        world.save()?;
        Ok(value)
    }

    fn at(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(path);
        url
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Sandbox").field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}
