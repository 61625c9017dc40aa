//! How git is called: the same settings and the same care each time.

use std::ffi::{OsStr, OsString};

use super::{Git, GitError};
use crate::process::{Invocation, Output};

/// Settings that hold for every call, before the subcommand.
const SETTINGS: [&str; 6] = [
    "core.quotePath=false",
    // A background process would outlive the call and hold the lock that tells whether a release is running.
    "gc.auto=0",
    "maintenance.auto=false",
    // Advice speaks of commands that the reader did not type.
    "advice.detachedHead=false",
    "advice.pushUpdateRejected=false",
    "advice.addIgnoredFile=false",
];

/// Variables that point git at another repository than the directory it runs in (`git rev-parse --local-env-vars`, without
/// the ones for configuration, which users and CI systems set on purpose).
const REPOSITORY_VARIABLES: [&str; 13] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// One call of git, without the settings that all have.
pub(super) struct Call {
    args: Vec<OsString>,
    stdin: Option<Vec<u8>>,
    environment: Vec<(OsString, OsString)>,
    network: bool,
}

impl Call {
    pub(super) fn new<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Self {
        let args = args.into_iter().map(|arg| arg.as_ref().to_owned()).collect();
        Self { args, stdin: None, environment: Vec::new(), network: false }
    }

    pub(super) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    pub(super) fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    pub(super) fn stdin(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.stdin = Some(text.into());
        self
    }

    /// A variable for this call alone. It is set after everything else, and may also name another object store.
    pub(super) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.environment.push((name.into(), value.as_ref().to_owned()));
        self
    }

    /// The call only asks, and runs no hook: it writes nothing, and downloads nothing in a partial clone (git 2.45 and newer
    /// obey), where a local question could otherwise wait for a remote without end.
    pub(super) fn question(self) -> Self {
        self.env("GIT_NO_LAZY_FETCH", "1").env("GIT_OPTIONAL_LOCKS", "0")
    }

    /// The call talks to a remote: it gets the time limit and an ssh that does not ask.
    pub(super) fn network(mut self) -> Self {
        self.network = true;
        self
    }

    /// The words a person would have typed, for errors.
    pub(super) fn shown(&self) -> String {
        let words = self.args.iter().map(|arg| arg.to_string_lossy());
        let text = words.fold(String::from("git"), |text, word| text + " " + &word);
        crate::redacted(&text).into_owned()
    }
}

impl Git {
    /// Runs a call and gives its output, whatever its exit code.
    pub(super) fn output(&self, call: &Call) -> Result<Output, GitError> {
        let command = self.invocation(call)?;
        let output =
            self.runner.run(&command).map_err(|source| GitError::from_io(&self.options, call, source))?;
        if output.truncated && output.success() {
            return Err(GitError::malformed(call, "it wrote more than is kept"));
        }
        Ok(output)
    }

    /// Runs a call that has failed unless its exit code is zero.
    pub(super) fn run(&self, call: &Call) -> Result<Output, GitError> {
        let output = self.output(call)?;
        if output.success() { Ok(output) } else { Err(GitError::failed(call, &output)) }
    }

    /// Runs a call that answers with text.
    pub(super) fn text(&self, call: &Call) -> Result<String, GitError> {
        let output = self.run(call)?;
        String::from_utf8(output.stdout).map_err(|_| GitError::malformed(call, "it did not write UTF-8"))
    }

    /// Runs a call that answers with one line.
    pub(super) fn line(&self, call: &Call) -> Result<String, GitError> {
        Ok(self.text(call)?.trim_end_matches(['\r', '\n']).to_owned())
    }

    fn invocation(&self, call: &Call) -> Result<Invocation, GitError> {
        let mut command = Invocation::new(&self.options.program, &self.options.dir);
        for setting in SETTINGS {
            command.args.extend(["-c".into(), setting.into()]);
        }
        command.args.extend(call.args.iter().cloned());
        command.environment = self.environment();
        command.environment.retain(|(name, _)| !call.environment.iter().any(|(own, _)| own == name));
        command.environment.extend(call.environment.iter().cloned());
        command.stdin.clone_from(&call.stdin);
        if call.network {
            command.timeout = self.options.network_timeout;
            if !self.has_own_ssh()? {
                command.environment.push(("GIT_SSH_COMMAND".into(), "ssh -oBatchMode=yes".into()));
            }
        }
        Ok(command)
    }

    fn environment(&self) -> Vec<(OsString, OsString)> {
        // Hooks inherit these, so nothing may stand here that changes what a hook's own git calls mean.
        const OURS: [(&str, &str); 3] = [
            ("LC_ALL", "C"),
            ("GIT_TERMINAL_PROMPT", "0"),
            // Git's own word for "no editor"; nothing we call opens one unless configuration says so.
            ("GIT_EDITOR", ":"),
        ];
        let replaced = |name: &OsStr| {
            REPOSITORY_VARIABLES.iter().any(|variable| name == *variable)
                || OURS.iter().any(|(variable, _)| name == *variable)
        };
        let kept = self.options.environment.iter().filter(|(name, _)| !replaced(name)).cloned();
        kept.chain(OURS.map(|(name, value)| (name.into(), value.into()))).collect()
    }

    /// Whether the user has chosen how to run ssh. `GIT_SSH_COMMAND` would win over the configuration, so that has to be
    /// asked before the variable may be set.
    fn has_own_ssh(&self) -> Result<bool, GitError> {
        let in_environment =
            self.options.environment.iter().any(|(name, _)| name == "GIT_SSH_COMMAND" || name == "GIT_SSH");
        Ok(in_environment || self.config("core.sshCommand")?.is_some())
    }

    /// Whether a setting is on, in any of git's words for it.
    pub(super) fn config_is_on(&self, key: &str) -> Result<bool, GitError> {
        let call = Call::new(["config", "--type=bool", "--get", key]).question();
        let output = self.output(&call)?;
        match output.status {
            Some(0) => Ok(output.stdout.trim_ascii() == b"true"),
            Some(1) => Ok(false),
            _ => Err(GitError::failed(&call, &output)),
        }
    }

    /// A value as git itself sees it, with the configuration its environment leads to.
    pub(super) fn config(&self, key: &str) -> Result<Option<String>, GitError> {
        let call = Call::new(["config", "--get", key]).question();
        let output = self.output(&call)?;
        match output.status {
            Some(0) => {
                let text = String::from_utf8_lossy(&output.stdout);
                Ok(Some(text.trim_end_matches('\n').to_owned()))
            }
            // Documented: the key does not exist.
            Some(1) => Ok(None),
            _ => Err(GitError::failed(&call, &output)),
        }
    }
}
