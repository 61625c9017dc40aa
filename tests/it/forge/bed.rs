use std::collections::BTreeMap;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tminus_forge::{ForgeError, GitHub, Lookup, PullRequest, PullRequests as _, Want};
use tminus_http::{BoxFuture, Client, Credential, Origin, Scheme, Secret, SystemTransport, Timer};
use tminus_sandbox::{Options, PullRequestSeed, RepositorySeed, Sandbox};

pub(super) const REPOSITORY: &str = "octo/demo";
pub(super) const REST: &str = "/api/v3/repos/octo/demo";
/// When what was merged here was merged, and the same in seconds.
pub(super) const MERGED: &str = "2026-02-01T00:00:00Z";
pub(super) const MERGED_SECONDS: i64 = 1_769_904_000;

/// Notes how long it was to wait, and does not.
#[derive(Default)]
struct Notes(Mutex<Vec<Duration>>);

impl Timer for Notes {
    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        self.0.lock().unwrap().push(duration);
        Box::pin(async {})
    }
}

/// A client of a forge that runs in this process.
pub(super) struct Bed {
    pub(super) sandbox: Sandbox,
    pub(super) forge: GitHub,
    waits: Arc<Notes>,
    runtime: tokio::runtime::Runtime,
}

impl Bed {
    /// With a token or without one; a git directory makes branches and commits real.
    pub(super) fn new(token: bool, git_dir: Option<PathBuf>) -> Self {
        let sandbox = Sandbox::start(Options::default()).unwrap();
        let seed = RepositorySeed { private: false, git_dir, ..RepositorySeed::new("octo", "demo") };
        sandbox.add_repository(seed).unwrap();
        let waits = Arc::new(Notes::default());
        let client = Client::new(SystemTransport::new("tminus-tests").unwrap()).with_timer(waits.clone());
        let api = sandbox.forge_url();
        let secret = || Scheme::Bearer(Secret::new(sandbox.token()));
        let credential = token.then(|| Credential::new(Origin::of(&api), secret()));
        let forge = GitHub::new(client, api, credential, REPOSITORY.parse().unwrap());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { sandbox, forge, waits, runtime }
    }

    pub(super) fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    pub(super) fn add(&self, seed: PullRequestSeed) -> u64 {
        self.sandbox.add_pull_request(REPOSITORY, seed).unwrap()
    }

    /// Merged pull requests with the numbers from 1 on.
    pub(super) fn add_merged(&self, count: u64) -> Vec<u64> {
        (1..=count)
            .map(|number| {
                self.add(PullRequestSeed { files: vec![format!("src/{number}.rs")], ..merged(number) })
            })
            .collect()
    }

    pub(super) fn look_up(&self, numbers: &[u64], files: bool) -> BTreeMap<u64, Lookup> {
        self.try_look_up(numbers, files).unwrap()
    }

    pub(super) fn try_look_up(
        &self,
        numbers: &[u64],
        files: bool,
    ) -> Result<BTreeMap<u64, Lookup>, ForgeError> {
        self.wait(self.forge.pull_requests(numbers, Want { files }))
    }

    pub(super) fn one(&self, number: u64, files: bool) -> PullRequest {
        self.look_up(&[number], files)[&number].found().unwrap().clone()
    }

    /// The requests so far: method, path below the root, status; then they are forgotten.
    pub(super) fn requests(&self) -> Vec<(String, String, u16)> {
        let events = self.sandbox.events();
        self.sandbox.clear_events();
        events.into_iter().map(|event| (event.method, event.path, event.status)).collect()
    }

    /// How long the client waited, in seconds.
    pub(super) fn waited(&self) -> Vec<u64> {
        self.waits.0.lock().unwrap().iter().map(Duration::as_secs).collect()
    }
}

pub(super) fn merged(number: u64) -> PullRequestSeed {
    PullRequestSeed {
        number: Some(number),
        title: format!("Change {number}"),
        author: Some("ada".into()),
        merge_commit_sha: Some(format!("{number:040x}")),
        merged_at: Some(MERGED.into()),
        ..PullRequestSeed::default()
    }
}

/// A repository on disk with a commit on `main`, and its git directory.
pub(super) fn repository(dir: &Path) -> PathBuf {
    git(dir, &["init", "--quiet", "--initial-branch=main"]);
    commit(dir, "README.md", "start");
    dir.join(".git")
}

/// Writes a file and commits it; the commit's id.
pub(super) fn commit(dir: &Path, path: &str, message: &str) -> String {
    let file = dir.join(path);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, message).unwrap();
    git(dir, &["add", "--all"]);
    git(dir, &["commit", "--quiet", "--message", message]);
    git(dir, &["rev-parse", "HEAD"])
}

pub(super) fn git(dir: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@forge.example", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .current_dir(dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
