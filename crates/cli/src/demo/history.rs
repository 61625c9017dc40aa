use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tminus_vcs::{CommitId, Invocation, Run as _, SystemRunner};

use super::{Demo, Merge};

/// The demo could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DemoError {
    /// git failed.
    #[error("`git {command}` failed: {words}")]
    Git {
        /// Its arguments.
        command: String,
        /// Its words.
        words: String,
    },
    /// A file cannot be written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
}

const CODE: &str = "\"\"\"Counts down.\"\"\"\n\n__version__ = \"{version}\"  # set by the release\n\n\n";

const CONFIG: &str = "\
[metadata]
name = countdown-demo
# quoted, as the project always had it
version = \"{version}\"
description = Counts down

[options]
packages = find:
";

/// Each merged pull request adds a function.
const MERGES: [(u64, &str, &str, &str, &str); 3] = [
    (5, "Count in hours", "ada", "enhancement", "def hours(n):\n    return list(range(n, 0, -1))\n"),
    (7, "Stop at zero, not at one", "grace", "bug", "def to_zero(n):\n    return list(range(n, -1, -1))\n"),
    (
        8,
        "Explain the countdown",
        "ada",
        "documentation",
        "def explain():\n    return \"numbers, backwards\"\n",
    ),
];

pub(super) fn create(dir: &Path, path: &str) -> Result<Demo, DemoError> {
    let work = dir.join("countdown");
    let remote = dir.join("countdown.git");
    fs::create_dir_all(&work)
        .map_err(|source| DemoError::File { path: work.display().to_string(), source })?;
    let mut git = Git { dir: work.clone(), path: path.to_owned(), minutes: 0 };
    git.run(&["init", "--quiet", "--bare", "--initial-branch=main", &remote.to_string_lossy()])?;
    git.run(&["init", "--quiet", "--initial-branch=main", "."])?;
    let identity = [
        ("user.name", "Demo Maintainer"),
        ("user.email", "maintainer@demo.example"),
        ("commit.gpgSign", "false"),
        ("tag.gpgSign", "false"),
    ];
    for (key, value) in identity {
        git.run(&["config", key, value])?;
    }
    git.run(&["remote", "add", "origin", &remote.to_string_lossy()])?;

    let mut code = CODE.to_owned();
    code.push_str("def seconds(n):\n    return list(range(n, 0, -1))\n");
    git.write("README.md", "# countdown\n\nCounts down.\n")?;
    git.write("tools/build.py", include_str!("../../demo/build.py"))?;
    git.write("tminus.toml", include_str!("../../demo/tminus.toml"))?;
    git.write(".github/release.yml", include_str!("../../demo/release.yml"))?;
    git.state(&code, "0.1.0")?;
    git.commit("Count down")?;
    git.run(&["tag", "--annotate", "--message=Release version 0.1.0", "v0.1.0"])?;
    git.state(&code, "0.1.1-dev")?;
    git.commit("Start development on version 0.1.1")?;
    let mut merges = Vec::new();
    for (number, title, author, label, function) in MERGES {
        code.push_str("\n\n");
        code.push_str(function);
        git.state(&code, "0.1.1-dev")?;
        let commit = git.commit(&format!("{title} (#{number})"))?;
        merges.push(Merge { number, title, author, label, commit });
    }
    git.run(&["push", "--quiet", "--set-upstream", "origin", "main", "v0.1.0"])?;
    Ok(Demo { work, remote, merges })
}

struct Git {
    dir: PathBuf,
    path: String,
    /// Commits are a minute apart, so that the same demo has the same commits.
    minutes: u32,
}

impl Git {
    fn state(&self, code: &str, version: &str) -> Result<(), DemoError> {
        self.write("countdown_demo/__init__.py", &code.replace("{version}", version))?;
        self.write("setup.cfg", &CONFIG.replace("{version}", version))
    }

    fn write(&self, path: &str, text: &str) -> Result<(), DemoError> {
        let file = self.dir.join(path);
        let failed = |source| DemoError::File { path: file.display().to_string(), source };
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        fs::write(&file, text).map_err(failed)
    }

    fn commit(&mut self, message: &str) -> Result<CommitId, DemoError> {
        self.minutes += 1;
        self.run(&["add", "--all"])?;
        self.run(&["commit", "--quiet", "--message", message])?;
        let head = self.run(&["rev-parse", "HEAD"])?;
        head.trim().parse().map_err(|_| DemoError::Git { command: "rev-parse HEAD".to_owned(), words: head })
    }

    fn run(&self, args: &[&str]) -> Result<String, DemoError> {
        let date = format!("2026-05-04T10:{:02}:00+00:00", self.minutes);
        let environment = [
            ("PATH", self.path.as_str()),
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ("GIT_AUTHOR_DATE", &date),
            ("GIT_COMMITTER_DATE", &date),
            ("LC_ALL", "C"),
        ];
        let invocation = Invocation {
            args: args.iter().map(OsString::from).collect(),
            environment: environment.map(|(name, value)| (name.into(), value.into())).to_vec(),
            ..Invocation::new("git", &self.dir)
        };
        let failed = |words: String| DemoError::Git { command: args.join(" "), words };
        let output = SystemRunner::default().run(&invocation).map_err(|error| failed(error.to_string()))?;
        if !output.success() {
            return Err(failed(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}
