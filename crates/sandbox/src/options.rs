use std::{fmt, path::PathBuf, sync::Arc};

use crate::{Checks, Url};

/// Where the server takes the time from, as RFC 3339 text.
pub type Clock = Arc<dyn Fn() -> String + Send + Sync>;

/// How a [`Sandbox`](crate::Sandbox) is started; every field has a default.
///
/// ```
/// use tminus_sandbox::Options;
///
/// let options = Options { token: "only-here".into(), ..Options::default() };
/// assert_eq!(options.port, 0);
/// assert!(!format!("{options:?}").contains("only-here"));
/// ```
#[derive(Clone)]
pub struct Options {
    /// The port on 127.0.0.1; 0 lets the system choose a free one.
    pub port: u16,
    /// The one token that opens everything: as the password of HTTP Basic, as a bearer token, or with GitHub's
    /// `token` scheme. An empty token opens nothing.
    pub token: String,
    /// The login that the token belongs to, as the forge sees it.
    pub login: String,
    /// The `simple/` root of another index, to which questions about projects not held here are redirected.
    pub passthrough: Option<Url>,
    /// Projects that are this sandbox's own: never redirected, also before their first upload.
    pub own_projects: Vec<String>,
    /// A directory that keeps the state, so that the next start goes on where this one ended. It belongs to one
    /// running sandbox at a time.
    pub dir: Option<PathBuf>,
    /// Register a repository on the first authorised question about it, instead of answering 404.
    pub auto_repositories: bool,
    /// Refuse to publish a release of a repository that has no git directory: its tag could not be checked.
    pub strict_tags: bool,
    /// What the forge says about the checks of a commit when nothing was set explicitly.
    pub checks: Checks,
    /// The git executable that reads repositories on disk.
    pub git: PathBuf,
    /// The time for creation and upload instants; by default it stands still, so that runs compare equal.
    pub clock: Clock,
    /// The largest request body, uploads included.
    pub max_body_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            token: "sandbox-token".into(),
            login: "sandbox".into(),
            passthrough: None,
            own_projects: Vec::new(),
            dir: None,
            auto_repositories: false,
            strict_tags: false,
            checks: Checks::None,
            git: PathBuf::from("git"),
            clock: Arc::new(|| "2026-01-01T00:00:00Z".to_owned()),
            max_body_bytes: 256 << 20,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Options")
            .field("port", &self.port)
            .field("login", &self.login)
            .field("passthrough", &self.passthrough.as_ref().and_then(Url::host_str))
            .field("own_projects", &self.own_projects)
            .field("dir", &self.dir)
            .field("auto_repositories", &self.auto_repositories)
            .field("strict_tags", &self.strict_tags)
            .field("checks", &self.checks)
            .field("git", &self.git)
            .field("max_body_bytes", &self.max_body_bytes)
            .finish_non_exhaustive()
    }
}
