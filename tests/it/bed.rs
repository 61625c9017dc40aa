//! A demo project, a sandbox, and the engine in this process: what the kill runs need of a world.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use serde_json::Value;
use tminus_cli::demo::{PACKAGE, REPOSITORY};
use tminus_cli::rehearse::Stage;
use tminus_engine::build::{BuildError, BuildRequest, Builder, BuiltFile, SystemBuilder};
use tminus_engine::config::ReleaseKind;
use tminus_engine::events::Silent;
use tminus_engine::fuse::Fuse;
use tminus_engine::plan::{Request, Selection};
use tminus_engine::{
    Context, Environment, Exit, GateAction, GatePolicy, Pace, ReleaseError, Report, Session, UserFiles,
};
use tminus_http::{SystemTimer, SystemTransport};
use tminus_vcs::{CommitId, Git, GitOptions, RemoteName, Repository, SystemRunner};

/// A world of its own: demo project, remote, index, forge.
pub(crate) struct Bed {
    _dir: tempfile::TempDir,
    pub(crate) stage: Stage,
    builder: Arc<SaltedBuilder>,
}

impl Bed {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let stage = Stage::demo(dir.path(), &path()).unwrap();
        Self { _dir: dir, stage, builder: Arc::default() }
    }

    pub(crate) fn context(&self, fuse: Arc<Fuse>) -> Context {
        let outside = Environment::new([
            ("PATH".to_owned(), path()),
            ("HOME".to_owned(), self.stage.work.display().to_string()),
            ("GIT_CONFIG_GLOBAL".to_owned(), "/dev/null".to_owned()),
            ("GIT_CONFIG_NOSYSTEM".to_owned(), "1".to_owned()),
        ]);
        Context {
            root: self.stage.work.clone(),
            environment: self.stage.environment(&outside),
            files: UserFiles::default(),
            transport: SystemTransport::new("tminus-tests").unwrap(),
            timer: Arc::new(SystemTimer),
            runner: Arc::new(SystemRunner::default()),
            builder: self.builder.clone(),
            reporter: Arc::new(Silent),
            fuse,
            today: jiff::civil::date(2026, 11, 20),
            user: "maintainer".to_owned(),
            command: "release minor".to_owned(),
            gates: GatePolicy::Rehearsal,
            pace: Pace { checks_seconds: 0, index_millis: 1 },
        }
    }

    /// `tminus release minor`.
    pub(crate) fn release(&self, fuse: Arc<Fuse>) -> Result<Report, ReleaseError> {
        let context = self.context(fuse);
        block(async {
            let session = Session::begin(&context, &self.stage.config, None)?;
            let prepared = session.prepare(&Request::Kind(ReleaseKind::Minor)).await?;
            session.apply(prepared, &Selection::default()).await
        })
    }

    /// `tminus resume`.
    pub(crate) fn resume(&self, fuse: Arc<Fuse>) -> Result<Report, ReleaseError> {
        let context = self.context(fuse);
        block(async {
            let session = Session::begin(&context, &self.stage.config, None)?;
            let prepared = session.prepare_resume().await?;
            session.apply(prepared, &Selection::default()).await
        })
    }

    /// Settles a once-step of unknown outcome as the person would who looked whether it was sent.
    pub(crate) fn settle_announcement(&self) {
        let context = self.context(Fuse::endless());
        let session = Session::begin(&context, &self.stage.config, None).unwrap();
        let sent = !self.stage.sandbox.webhooks("announcements").is_empty();
        let action = if sent { GateAction::Pass } else { GateAction::Retry };
        session.gate(action, "announce:webhook", None).unwrap();
    }

    /// Runs again until the release is out, as a person would after a kill.
    pub(crate) fn finish(&self, with_resume: bool) {
        for _ in 0..3 {
            let again = |outcome: Result<Report, ReleaseError>| match outcome {
                Err(ReleaseError::NoneOpen) => self.release(Fuse::endless()),
                other => other,
            };
            let outcome =
                if with_resume { again(self.resume(Fuse::endless())) } else { self.release(Fuse::endless()) };
            match outcome {
                Ok(report) if report.exit == Exit::Done => return,
                Ok(report) => {
                    assert_eq!(report.exit, Exit::Incomplete);
                    let waits: Vec<_> = report
                        .steps
                        .iter()
                        .filter(|step| step.detail.contains("not known to have ended"))
                        .map(|step| step.id.as_str())
                        .collect();
                    assert_eq!(waits, ["announce:webhook"], "only a once-step may be in doubt");
                    self.settle_announcement();
                }
                // The run was killed after everything was done.
                Err(error) if error.to_string().contains("nothing to release") => return,
                Err(error) => panic!("running again failed: {error}"),
            }
        }
        panic!("not finished after three runs");
    }

    /// The end state: what others can see, without ids, instants and bytes that a rebuild may change.
    pub(crate) fn state(&self) -> BTreeMap<String, Value> {
        let sandbox = &self.stage.sandbox;
        let mut state = BTreeMap::new();
        let mut snapshot = sandbox.snapshot();
        forget(
            &mut snapshot,
            &[
                "sha256",
                "size",
                "size_bytes",
                "hashes",
                "blake2_256",
                "md5",
                "target_commitish",
                "target",
                "uploads",
                "base_url",
            ],
        );
        state.insert("sandbox".to_owned(), snapshot);
        let tallies: Vec<_> =
            sandbox.uploads().iter().map(|tally| (tally.filename.clone(), tally.accepted)).collect();
        state.insert("accepted uploads".to_owned(), serde_json::to_value(tallies).unwrap());
        state.insert("announcements".to_owned(), sandbox.webhooks("announcements").len().into());
        let remote = self.remote_refs();
        let repository = Repository::open(&self.stage.work).unwrap();
        for (name, commit) in remote {
            fetch(&self.stage.work, &name);
            let log = repository.log(&[commit], &[], false, 100).unwrap();
            let log: Vec<_> =
                log.iter().map(|commit| format!("{} {}", commit.tree, commit.message)).collect();
            state.insert(name, serde_json::to_value(log).unwrap());
        }
        state
    }

    /// Branches and tags of the remote.
    pub(crate) fn remote_refs(&self) -> BTreeMap<String, CommitId> {
        let git = git(&self.stage.work);
        let refs = git.ls_remote(&RemoteName::origin()).unwrap();
        let branches = refs.branches.into_iter().map(|(name, commit)| (format!("refs/heads/{name}"), commit));
        let tags = refs.tags.into_iter().map(|(name, tag)| (format!("refs/tags/{name}"), tag.commit));
        branches.chain(tags).collect()
    }

    /// What must hold after any release, however it came about.
    pub(crate) fn check_invariants(&self) {
        let sandbox = &self.stage.sandbox;
        for tally in sandbox.uploads() {
            assert_eq!(tally.accepted, 1, "{} was accepted more than once", tally.filename);
        }
        let files = sandbox.files(PACKAGE);
        assert_eq!(files.len(), 2, "one wheel and one sdist");
        let record = self.record();
        for artifact in record["bindings"][format!("build:{PACKAGE}.artifacts")].as_array().unwrap() {
            let file = files.iter().find(|file| file.filename == artifact["filename"]).unwrap();
            assert_eq!(
                file.sha256,
                artifact["sha256"].as_str().unwrap(),
                "the index has what the record says"
            );
        }
        assert!(record["state"]["closed"].is_string(), "{}", record["state"]);
        let releases: Vec<_> =
            sandbox.releases(REPOSITORY).into_iter().filter(|release| release.tag_name == "v0.2.0").collect();
        assert_eq!(releases.len(), 1, "one forge release");
        assert!(!releases[0].draft);
        assert_eq!(sandbox.discussions(REPOSITORY).len(), 1);
        assert_eq!(sandbox.webhooks("announcements").len(), 1, "said once");
        let refs = self.remote_refs();
        assert_eq!(refs.keys().filter(|name| name.starts_with("refs/tags/v0.2")).count(), 1);
        let local = Repository::open(&self.stage.work).unwrap();
        assert_eq!(
            local.head().unwrap().commit.as_ref(),
            refs.get("refs/heads/main"),
            "the local branch followed"
        );
        assert!(local.status().unwrap().is_clean());
    }

    pub(crate) fn record(&self) -> Value {
        let path = self.stage.work.join(".git/tminus/records/main/0.2.0.json");
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    }
}

pub(crate) fn path() -> String {
    std::env::var("PATH").unwrap()
}

pub(crate) fn block<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

fn git(dir: &Path) -> Git {
    let environment =
        [("PATH", path()), ("GIT_CONFIG_GLOBAL", "/dev/null".into()), ("GIT_CONFIG_NOSYSTEM", "1".into())];
    let environment = environment.map(|(name, value)| (name.into(), value.into())).to_vec();
    let options =
        GitOptions { program: "git".into(), dir: dir.to_owned(), environment, network_timeout: None };
    Git::new(Arc::new(SystemRunner::default()), options)
}

fn fetch(work: &Path, name: &str) {
    git(work).fetch(&RemoteName::origin(), &[&format!("+{name}:refs/check/{name}")]).unwrap();
}

/// Removes members of these names everywhere.
fn forget(value: &mut Value, names: &[&str]) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| !names.contains(&name.as_str()));
            members.values_mut().for_each(|member| forget(member, names));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| forget(item, names)),
        _ => {}
    }
}

/// Builds for real once per tree and command in this process, and salts each build, so that a rebuild gives other
/// bytes as real builds do.
#[derive(Default)]
struct SaltedBuilder {
    builds: AtomicU32,
}

type Built = HashMap<(String, Vec<String>), Vec<BuiltFile>>;

static MEMO: LazyLock<Mutex<Built>> = LazyLock::new(Mutex::default);

impl Builder for SaltedBuilder {
    fn build(
        &self,
        request: &BuildRequest<'_>,
        on_line: &mut dyn FnMut(&str),
    ) -> Result<Vec<BuiltFile>, BuildError> {
        let repository = Repository::open(request.git.dir()).unwrap();
        let commit = &repository.log(std::slice::from_ref(request.commit), &[], false, 1).unwrap()[0];
        let key = (commit.tree.clone(), request.command.to_vec());
        let mut memo = MEMO.lock().unwrap();
        let built = match memo.get(&key) {
            Some(built) => built.clone(),
            None => {
                let built = SystemBuilder.build(request, on_line)?;
                memo.insert(key, built.clone());
                built
            }
        };
        drop(memo);
        let salt = self.builds.fetch_add(1, Ordering::Relaxed);
        Ok(built.into_iter().map(|file| salted(file, salt)).collect())
    }
}

/// The same content in other bytes: a comment at the end of the zip, another time in the gzip header.
fn salted(mut file: BuiltFile, salt: u32) -> BuiltFile {
    if file.filename.ends_with(".whl") {
        let comment = format!("build {salt}");
        let length = u16::try_from(comment.len()).unwrap().to_le_bytes();
        let end = file.bytes.len();
        file.bytes[end - 2..].copy_from_slice(&length);
        file.bytes.extend_from_slice(comment.as_bytes());
    } else {
        file.bytes[4..8].copy_from_slice(&salt.to_le_bytes());
    }
    file
}
