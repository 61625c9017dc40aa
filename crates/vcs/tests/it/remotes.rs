use std::sync::{Arc, Mutex};
use std::time::Duration;

use tminus_vcs::{
    FetchMode, FetchTags, Git, GitError, GitOptions, GitVersion, Invocation, MINIMUM_GIT, Output, RemoteName,
    RemoteRefs, Run, SystemRunner,
};

use crate::fixture::Fixture;

fn origin() -> RemoteName {
    RemoteName::origin()
}

#[test]
fn references_of_a_remote() {
    let fixture = Fixture::with_origin();
    fixture.sh("git tag light; git tag -a -m one v1; git tag -a -m two nested v1; git branch release-0.4.x
         git push --quiet --tags origin main release-0.4.x HEAD:refs/tminus/record HEAD:refs/pull/1/head");
    let refs = fixture.git().ls_remote(&origin()).unwrap();
    assert_eq!(refs.head_branch.as_ref().unwrap().as_str(), "main");
    let head = fixture.commit("HEAD");
    let branches: Vec<_> = refs.branches.iter().map(|(name, id)| (name.as_str(), id)).collect();
    assert_eq!(branches, [("main", &head), ("release-0.4.x", &head)]);
    for (name, tag) in &refs.tags {
        assert_eq!((&tag.object, &tag.commit), (&fixture.object(&format!("refs/tags/{name}")), &head));
    }
    assert_eq!(refs.tags.keys().map(ToString::to_string).collect::<Vec<_>>(), ["light", "nested", "v1"]);
    let others: Vec<_> = refs.others.keys().map(ToString::to_string).collect();
    assert_eq!(others, ["refs/pull/1/head", "refs/tminus/record"]);
    assert_eq!(refs.get(&"refs/tminus/record".parse().unwrap()), Some(head.into()));
}

#[test]
fn an_empty_remote() {
    let fixture = Fixture::small();
    fixture.sh("git init --quiet --bare ../empty.git; git remote add origin ../empty.git");
    let refs = fixture.git().ls_remote(&origin()).unwrap();
    assert_eq!(RemoteRefs { head_branch: None, ..refs }, RemoteRefs::default());
}

#[test]
fn nobody_there() {
    let fixture = Fixture::small();
    let git = fixture.git();
    fixture.sh("git remote add origin ../none.git; git remote add closed http://127.0.0.1:1/x.git");
    fixture.sh("git remote add secret http://me:hush@127.0.0.1:1/x.git");
    for name in ["origin", "closed", "secret", "unknown"] {
        let remote = name.parse().unwrap();
        for error in [git.ls_remote(&remote).unwrap_err(), git.fetch(&remote, &[]).unwrap_err()] {
            let text = format!("{error} {error:?}");
            assert!(matches!(error, GitError::Unreachable { .. }), "{name}: {text}");
            assert!(!text.contains("hush"), "{text}");
        }
    }
}

#[test]
fn fetched_objects_are_seen() {
    let fixture = Fixture::with_origin();
    fixture.sh(
        "git clone --quiet ../origin.git ../other; cd ../other; git commit -q --allow-empty -m theirs; git tag -a -m t v1
         git push --quiet origin main v1; git push --quiet origin main:refs/tminus/record; cd ../work; : > .git/FETCH_HEAD",
    );
    let git = fixture.git();
    let theirs = git.ls_remote(&origin()).unwrap().branches[&"main".parse().unwrap()].clone();
    let repository = fixture.repository();
    assert!(!repository.contains(&theirs).unwrap());
    git.fetch(&origin(), &[]).unwrap();
    assert!(repository.contains(&theirs).unwrap());
    assert_eq!(repository.resolve("origin/main").unwrap(), Some(theirs.clone()));
    git.fetch(&origin(), &["refs/tminus/record:refs/tminus/theirs"]).unwrap();
    assert_eq!(repository.reference(&"refs/tminus/theirs".parse().unwrap()).unwrap(), Some((&theirs).into()));
    assert_eq!(fixture.sh("cat .git/FETCH_HEAD"), "");
    assert!(matches!(git.fetch(&origin(), &["refs/heads/none"]), Err(GitError::Failed { .. })));
}

#[test]
fn a_missing_or_old_git_is_named() {
    let fixture = Fixture::small();
    let mut options = GitOptions::new(fixture.work(), fixture.environment());
    options.program = "no-such-git".into();
    let error = Git::new(Arc::new(SystemRunner::default()), options).version().unwrap_err();
    assert_eq!(error.to_string(), "cannot find `no-such-git`; install git or put it on PATH");

    let git = fixture.git();
    let version = fixture.sh("git version");
    assert!(version.contains(&git.version().unwrap().to_string()), "{version}");
    assert_eq!(git.require(MINIMUM_GIT).unwrap(), git.version().unwrap());
    let error = git.require(GitVersion { major: 99, minor: 0, patch: 0 }).unwrap_err();
    assert!(error.to_string().ends_with("is too old; 99.0.0 or newer is needed"), "{error}");
    assert!(matches!(git.in_dir(&fixture.beside("none")).version(), Err(GitError::Io { .. })));
}

/// Remembers what is run and says how it ends.
struct Double {
    calls: Mutex<Vec<Invocation>>,
    ssh_command: Option<&'static str>,
    output: Output,
}

impl Double {
    fn new(ssh_command: Option<&'static str>, code: i32, stderr: &str) -> Arc<Self> {
        let output = Output { status: Some(code), stderr: stderr.into(), ..Output::default() };
        Arc::new(Self { calls: Mutex::default(), ssh_command, output })
    }
}

impl Run for Double {
    fn run(&self, command: &Invocation) -> std::io::Result<Output> {
        self.calls.lock().unwrap().push(command.clone());
        if command.args.iter().any(|arg| arg == "config") {
            let status = Some(i32::from(self.ssh_command.is_none()));
            return Ok(Output {
                status,
                stdout: self.ssh_command.unwrap_or_default().into(),
                ..Output::default()
            });
        }
        Ok(self.output.clone())
    }
}

fn options(environment: &[(&str, &str)]) -> GitOptions {
    let environment = environment.iter().map(|(name, value)| (name.into(), value.into())).collect();
    GitOptions { network_timeout: Some(Duration::from_secs(60)), ..GitOptions::new("/x", environment) }
}

#[test]
fn every_call_is_careful() {
    let double = Double::new(None, 0, "");
    let inherited = [
        ("HOME", "/h"),
        ("GIT_DIR", "/elsewhere"),
        ("GIT_INDEX_FILE", "/i"),
        ("LC_ALL", "de_DE"),
        ("GIT_ASKPASS", "a"),
    ];
    let git = Git::new(double.clone(), options(&inherited));
    git.ls_remote(&origin()).unwrap();
    let calls = double.calls.lock().unwrap();
    let call = calls.last().unwrap();
    let get = |name: &str| {
        let values: Vec<_> = call.environment.iter().filter(|(n, _)| n == name).collect();
        assert!(values.len() < 2, "{name} is given twice");
        values.first().map(|(_, value)| value.to_str().unwrap())
    };
    assert_eq!(get("HOME"), Some("/h"));
    assert_eq!(get("GIT_ASKPASS"), Some("a"));
    assert_eq!((get("GIT_DIR"), get("GIT_INDEX_FILE")), (None, None));
    assert_eq!(get("LC_ALL"), Some("C"));
    assert_eq!(get("GIT_TERMINAL_PROMPT"), Some("0"));
    assert_eq!(get("GIT_SSH_COMMAND"), Some("ssh -oBatchMode=yes"));
    assert_eq!(call.timeout, Some(Duration::from_secs(60)));
    let args: Vec<_> = call.args.iter().map(|arg| arg.to_str().unwrap()).collect();
    assert_eq!(args[args.len() - 4..], ["ls-remote", "--symref", "--end-of-options", "origin"]);
    assert!(args.windows(2).any(|pair| pair == ["-c", "maintenance.auto=false"]), "{args:?}");
}

#[test]
fn the_user_s_own_ssh_stays() {
    #[track_caller]
    fn check(environment: &[(&str, &str)], configured: Option<&'static str>, expected: Option<&str>) {
        let double = Double::new(configured, 0, "");
        Git::new(double.clone(), options(environment)).ls_remote(&origin()).unwrap();
        let calls = double.calls.lock().unwrap();
        let call = calls.last().unwrap();
        let ssh = call.environment.iter().find(|(name, _)| name == "GIT_SSH_COMMAND");
        assert_eq!(ssh.map(|(_, value)| value.to_str().unwrap()), expected);
    }
    check(&[], None, Some("ssh -oBatchMode=yes"));
    check(&[("GIT_SSH_COMMAND", "ssh -i key")], None, Some("ssh -i key"));
    check(&[("GIT_SSH", "/opt/ssh")], None, None);
    check(&[], Some("ssh -i key"), None);
}

#[test]
fn why_a_remote_did_not_answer() {
    #[track_caller]
    fn check(code: i32, stderr: &str, expected: &str) {
        let git = Git::new(Double::new(None, code, stderr), options(&[]));
        let kind = match git.ls_remote(&origin()).unwrap_err() {
            GitError::AuthenticationFailed { .. } => "authentication",
            GitError::Unreachable { .. } => "unreachable",
            GitError::Failed { .. } => "failed",
            other => panic!("{other:?}"),
        };
        assert_eq!(kind, expected, "{stderr}");
    }
    check(
        128,
        "git@forge.example: Permission denied (publickey).\nfatal: Could not read from remote repository.",
        "authentication",
    );
    check(128, "fatal: Authentication failed for 'https://forge.example/x.git/'", "authentication");
    check(
        128,
        "fatal: could not read Username for 'https://forge.example': terminal prompts disabled",
        "authentication",
    );
    check(
        128,
        "fatal: unable to access 'https://forge.example/x/': The requested URL returned error: 403",
        "authentication",
    );
    check(
        128,
        "fatal: unable to access 'https://forge.example/x/': Could not resolve host: forge.example",
        "unreachable",
    );
    check(
        128,
        "ssh: connect to host forge.example port 22: Connection refused\nfatal: Could not read from remote repository.",
        "unreachable",
    );
    check(128, "fatal: repository 'https://forge.example/x.git/' not found", "unreachable");
    check(128, "fatal: bad object", "failed");
    check(129, "usage: git ls-remote", "failed");
}

#[test]
fn time_runs_out() {
    struct Late;
    impl Run for Late {
        fn run(&self, _: &Invocation) -> std::io::Result<Output> {
            Err(std::io::ErrorKind::TimedOut.into())
        }
    }
    let mut options = options(&[("GIT_SSH", "ssh")]);
    options.network_timeout = Some(Duration::from_secs(3));
    let error = Git::new(Arc::new(Late), options).ls_remote(&origin()).unwrap_err();
    assert_eq!(error.to_string(), "`git ls-remote --symref --end-of-options origin` did not end within 3 s");
}

#[test]
fn a_fetch_takes_and_removes_only_what_was_asked_for() {
    let fixture = Fixture::with_origin();
    fixture.sh("git config fetch.prune true; git config fetch.pruneTags true; git config gc.auto 1
         git clone -q ../origin.git ../other; cd ../other; git push -q origin HEAD:refs/heads/gone
         cd ../work; git fetch -q; git tag mine; cd ../other
         git commit -q --allow-empty -m theirs; git tag along; git tag aside HEAD~1; git checkout -q --detach
         git commit -q --allow-empty -m far; git tag far
         git push -q origin main along far :gone");
    let git = fixture.git();
    let tags = || fixture.sh("git tag | tr '\\n' ' '");
    let gone = || fixture.output_in(&fixture.work(), "git rev-parse -q --verify origin/gone").success();
    let fetch = |mode| git.fetch_with(&origin(), &[], mode).unwrap();
    fetch(FetchMode { tags: FetchTags::None, ..FetchMode::default() });
    assert_eq!((tags().as_str(), gone()), ("mine ", true));
    fetch(FetchMode::default());
    assert_eq!((tags().as_str(), gone()), ("along mine ", true));
    fetch(FetchMode { tags: FetchTags::All, prune: true, ..FetchMode::default() });
    assert_eq!((tags().as_str(), gone()), ("along far mine ", false));
    // A tag that says something else here stays.
    fixture.sh("git tag -f far HEAD; git -C ../other push -q origin far");
    let mode = FetchMode { tags: FetchTags::All, ..FetchMode::default() };
    assert!(git.fetch_with(&origin(), &[], mode).is_err());
    assert_eq!(fixture.commit("far"), fixture.commit("HEAD"));
    for refspec in ["--upload-pack=x", "a b", "a\nb", "", "a:b:c"] {
        let error = git.fetch(&origin(), &[refspec]).unwrap_err();
        assert!(matches!(error, GitError::InvalidRefspec { .. }), "{error:?}");
    }
}
