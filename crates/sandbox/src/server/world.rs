use std::{
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{Reply, Request, Upload};
use crate::{
    Checks, Clock, Options, SandboxError, Url, event::EventLog, fault::FaultTable, forge, index,
    storage::Blobs, storage::State, storage::Storage, webhook,
};

/// What does not change while the server runs.
pub(crate) struct Context {
    /// The server's own address, without a slash at the end.
    pub(crate) base: String,
    pub(crate) token: String,
    pub(crate) login: String,
    pub(crate) passthrough: Option<Url>,
    /// Normalised names.
    pub(crate) own_projects: Vec<String>,
    pub(crate) auto_repositories: bool,
    pub(crate) strict_tags: bool,
    pub(crate) checks: Checks,
    pub(crate) git: PathBuf,
    pub(crate) clock: Clock,
    pub(crate) max_body_bytes: usize,
}

impl Context {
    pub(crate) fn new(options: Options, port: u16) -> Self {
        Self {
            base: format!("http://127.0.0.1:{port}"),
            token: options.token,
            login: options.login,
            passthrough: options.passthrough,
            own_projects: options.own_projects.iter().map(|name| index::normalized(name)).collect(),
            auto_repositories: options.auto_repositories,
            strict_tags: options.strict_tags,
            checks: options.checks,
            git: options.git,
            clock: options.clock,
            max_body_bytes: options.max_body_bytes,
        }
    }

    pub(crate) fn now(&self) -> String {
        (self.clock)()
    }
}

/// Everything that requests and the Rust interface change, behind one lock.
pub(crate) struct World {
    pub(crate) state: State,
    pub(crate) blobs: Blobs,
    pub(crate) faults: FaultTable,
    pub(crate) events: EventLog,
    storage: Storage,
}

impl World {
    pub(crate) fn new(state: State, blobs: Blobs, storage: Storage) -> Self {
        Self { state, blobs, faults: FaultTable::default(), events: EventLog::default(), storage }
    }

    /// Writes the state down, if it is kept on disk.
    pub(crate) fn save(&mut self) -> Result<(), SandboxError> {
        self.storage.save(&self.state, &mut self.blobs)
    }

    /// Answers one request.
    pub(crate) fn answer(&mut self, context: &Context, request: &Request, upload: Option<Upload>) -> Reply {
        let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
        match segments.as_slice() {
            ["legacy" | "simple" | "files" | "pypi", ..] => {
                index::answer(self, context, request, &segments, upload)
            }
            ["api", ..] | [_, _, "releases", "download", ..] => {
                forge::answer(self, context, request, &segments)
            }
            ["hooks", name] if !name.is_empty() => webhook::answer(&mut self.state, request, name),
            [""] => Reply::text(200, "a sandbox: simple/ legacy/ api/v3 api/graphql hooks/NAME\n"),
            _ => Reply::text(404, "404 Not Found"),
        }
    }
}

/// What the server thread and the [`Sandbox`](crate::Sandbox) share.
pub(crate) struct Shared {
    pub(crate) context: Context,
    world: Mutex<World>,
}

impl Shared {
    pub(crate) fn new(context: Context, world: World) -> Self {
        Self { context, world: Mutex::new(world) }
    }

    /// The world. A panic elsewhere while it was held leaves it usable: every change is complete in itself.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
