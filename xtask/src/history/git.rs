//! The installed git, asked in batches: one process answers a thousand questions.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

/// Variables that would lead git to another repository, as they are set inside hooks.
const ELSEWHERE: [&str; 6] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
];

/// Git, without the settings of a person or a machine.
pub(super) fn git() -> Command {
    let mut command = Command::new("git");
    for name in ELSEWHERE {
        command.env_remove(name);
    }
    for (name, value) in ENVIRONMENT {
        command.env(name, value);
    }
    command.stdin(Stdio::null());
    command
}

/// What git and the programs that start it are given.
pub(super) const ENVIRONMENT: [(&str, &str); 9] = [
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("GIT_CONFIG_NOSYSTEM", "1"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_ADVICE", "0"),
    ("GIT_AUTHOR_NAME", "A U Thor"),
    ("GIT_AUTHOR_EMAIL", "author@history.example"),
    ("GIT_COMMITTER_NAME", "C O Mitter"),
    ("GIT_COMMITTER_EMAIL", "committer@history.example"),
    ("LC_ALL", "C"),
];

/// One repository.
#[derive(Debug, Clone)]
pub(super) struct Git {
    /// Its git directory, or its work tree.
    pub(super) dir: PathBuf,
    /// Where new objects go, when they must not go into the repository, and where the others are.
    objects: Option<(PathBuf, PathBuf)>,
}

impl Git {
    pub(super) fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), objects: None }
    }

    /// The same repository; what is written goes to `dir` and is read from there too.
    ///
    /// # Errors
    /// It is no repository.
    pub(super) fn writing_to(&self, dir: &Path) -> anyhow::Result<Self> {
        let known = self.text(&["rev-parse", "--path-format=absolute", "--git-path", "objects"])?;
        Ok(Self { objects: Some((dir.to_owned(), PathBuf::from(known))), ..self.clone() })
    }

    pub(super) fn command<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Command {
        let mut command = git();
        command.arg("-C").arg(&self.dir).args(arguments);
        if let Some((new, known)) = &self.objects {
            command.env("GIT_OBJECT_DIRECTORY", new);
            command.env("GIT_ALTERNATE_OBJECT_DIRECTORIES", known);
        }
        command
    }

    /// How a person asks the same.
    pub(super) fn again(&self, arguments: &[&str]) -> String {
        format!("git -C {} {}", self.dir.display(), words(arguments))
    }

    /// What git prints.
    ///
    /// # Errors
    /// It fails; its own words are in the error.
    pub(super) fn ask<S: AsRef<OsStr>>(&self, arguments: &[S]) -> anyhow::Result<Vec<u8>> {
        self.feed(arguments, Vec::new())
    }

    /// What git prints, one trimmed text.
    ///
    /// # Errors
    /// As for [`Git::ask`], and text that is not UTF-8.
    pub(super) fn text<S: AsRef<OsStr>>(&self, arguments: &[S]) -> anyhow::Result<String> {
        Ok(String::from_utf8(self.ask(arguments)?)?.trim_end().to_owned())
    }

    /// What git prints, having read `input`.
    ///
    /// # Errors
    /// As for [`Git::ask`].
    pub(super) fn feed<S: AsRef<OsStr>>(&self, arguments: &[S], input: Vec<u8>) -> anyhow::Result<Vec<u8>> {
        fed(self.command(arguments), input)
    }

    /// The lines of what git prints for commits on its standard input.
    ///
    /// # Errors
    /// As for [`Git::ask`].
    pub(super) fn lines(&self, arguments: &[&str], commits: &[String]) -> anyhow::Result<Vec<String>> {
        let output = self.feed(arguments, list(commits))?;
        Ok(String::from_utf8_lossy(&output).lines().map(str::to_owned).collect())
    }

    /// Whether git ends with success.
    pub(super) fn is_well<S: AsRef<OsStr>>(&self, arguments: &[S]) -> bool {
        let status = self.command(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    }
}

/// One line for each.
pub(super) fn list(lines: &[String]) -> Vec<u8> {
    let mut input = lines.join("\n").into_bytes();
    if !input.is_empty() {
        input.push(b'\n');
    }
    input
}

/// Runs a command with that on its standard input.
///
/// # Errors
/// It cannot be started or fails; its own words are in the error.
pub(super) fn fed(mut command: Command, input: Vec<u8>) -> anyhow::Result<Vec<u8>> {
    let shown = format!("{command:?}");
    let shown: String = shown.chars().take(400).collect();
    command.stdin(if input.is_empty() { Stdio::null() } else { Stdio::piped() });
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.with_context(|| format!("{shown} cannot be started"))?;
    let stdin = child.stdin.take();
    // Written from another thread: git answers before it has read everything.
    let writer = std::thread::spawn(move || {
        if let Some(mut stdin) = stdin {
            // A git that ends early says why itself.
            let _ = stdin.write_all(&input);
        }
    });
    let output = child.wait_with_output().with_context(|| shown.clone())?;
    let _ = writer.join();
    if !output.status.success() {
        bail!("{shown}: {}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(output.stdout)
}

/// Arguments as a shell takes them.
pub(super) fn words(arguments: &[&str]) -> String {
    let plain = |word: &str| {
        !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_=./:@%+,~".contains(c))
    };
    let word = |word: &&str| {
        if plain(word) { (*word).to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
    };
    arguments.iter().map(word).collect::<Vec<_>>().join(" ")
}

/// The same work on every processor, in as many parts; the answers in the order of the questions.
///
/// # Errors
/// The first part that fails.
pub(super) fn parallel<Q: Sync, A: Send>(
    questions: &[Q],
    work: impl Fn(&[Q]) -> anyhow::Result<Vec<A>> + Sync,
) -> anyhow::Result<Vec<A>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let part = questions.len().div_ceil(threads).max(1);
    let work = &work;
    std::thread::scope(|scope| {
        let parts: Vec<_> = questions.chunks(part).map(|chunk| scope.spawn(move || work(chunk))).collect();
        let mut answers = Vec::with_capacity(questions.len());
        for part in parts {
            answers.extend(part.join().map_err(|_| anyhow::anyhow!("a thread that asks git failed"))??);
        }
        Ok(answers)
    })
}

#[cfg(test)]
mod tests {
    use super::{fed, git, parallel, words};

    #[test]
    fn words_are_quoted_for_a_shell() {
        assert_eq!(words(&["describe", "--match", "v*", "it's", ""]), r"describe --match 'v*' 'it'\''s' ''");
    }

    #[test]
    fn answers_keep_the_order_of_questions() {
        let questions: Vec<usize> = (0..101).collect();
        assert_eq!(parallel(&questions, |part| Ok(part.to_vec())).unwrap(), questions);
        assert!(
            parallel(&questions, |part| if part.contains(&7) { anyhow::bail!("no") } else { Ok(vec![0]) })
                .is_err()
        );
    }

    #[test]
    fn a_failure_carries_the_words_of_git() {
        let mut command = git();
        command.args(["cat-file", "-t", "no-such-thing-here"]);
        let error = fed(command, Vec::new()).unwrap_err().to_string();
        assert!(error.contains("cat-file") && error.contains("fatal"), "{error}");
    }
}
