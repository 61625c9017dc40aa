use std::{
    collections::HashSet,
    io::Read as _,
    path::Path,
    process::{Command, Stdio},
};

use super::changes::ChangedFile;

/// The most that one git command may print.
const MAX_OUTPUT_BYTES: u64 = 64 << 20;

/// Variables through which a surrounding git process could redirect ours.
const FOREIGN_VARIABLES: &[&str] = &[
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CONFIG",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_PARAMETERS",
    "GIT_REPLACE_REF_BASE",
    "GIT_TRACE",
];

/// A git directory on disk, read with the git executable: no shell, no hooks, no user configuration.
pub(crate) struct Git<'a> {
    pub(crate) program: &'a Path,
    pub(crate) dir: &'a Path,
}

impl Git<'_> {
    /// The commit that a tag points to.
    pub(crate) fn tag(&self, tag: &str) -> Option<String> {
        if !is_ref_name(tag) {
            return None;
        }
        self.commit(&format!("refs/tags/{tag}"))
    }

    /// The commit that a branch, a tag or a commit id stands for, in the order in which the forge tries them.
    pub(crate) fn resolve(&self, reference: &str) -> Option<String> {
        if !is_ref_name(reference) {
            return None;
        }
        let names = [format!("refs/heads/{reference}"), format!("refs/tags/{reference}")];
        names.iter().find_map(|name| self.commit(name)).or_else(|| {
            let hexadecimal = reference.len() >= 7 && reference.chars().all(|c| c.is_ascii_hexdigit());
            hexadecimal.then(|| self.commit(reference)).flatten()
        })
    }

    /// Makes a lightweight tag that does not exist yet; whether it did.
    pub(crate) fn create_tag(&self, tag: &str, commit: &str) -> bool {
        let name = format!("refs/tags/{tag}");
        let absent = "0".repeat(commit.len());
        is_ref_name(tag)
            && self.run(&["check-ref-format", &name]).is_some()
            && self.run(&["update-ref", &name, commit, &absent]).is_some()
    }

    /// The commits that `until` has and `since` has not.
    pub(crate) fn range(&self, since: Option<&str>, until: &str) -> HashSet<String> {
        let excluded = since.map(|since| format!("^{since}"));
        let mut arguments = vec!["rev-list", until];
        arguments.extend(excluded.as_deref());
        self.run(&arguments).map(|text| text.lines().map(str::to_owned).collect()).unwrap_or_default()
    }

    /// Whether the one commit is in the history of the other.
    pub(crate) fn is_ancestor(&self, ancestor: &str, commit: &str) -> bool {
        self.run(&["merge-base", "--is-ancestor", ancestor, commit]).is_some()
    }

    /// The commit at the tip of a branch.
    pub(crate) fn branch(&self, name: &str) -> Option<String> {
        if !is_ref_name(name) {
            return None;
        }
        self.commit(&format!("refs/heads/{name}"))
    }

    /// The first parent of a commit.
    pub(crate) fn parent(&self, commit: &str) -> Option<String> {
        self.commit(&format!("{commit}^1"))
    }

    /// Where two histories part.
    pub(crate) fn merge_base(&self, one: &str, other: &str) -> Option<String> {
        let output = self.run(&["merge-base", one, other])?;
        Some(output.trim().to_owned()).filter(|id| !id.is_empty())
    }

    /// The commits that `until` has and `since` has not, oldest first.
    pub(crate) fn list(&self, since: Option<&str>, until: &str) -> Vec<String> {
        let excluded = since.map(|since| format!("^{since}"));
        let mut arguments = vec!["rev-list", "--reverse", until];
        arguments.extend(excluded.as_deref());
        self.run(&arguments).map(|text| text.lines().map(str::to_owned).collect()).unwrap_or_default()
    }

    /// A commit's message.
    pub(crate) fn message(&self, commit: &str) -> Option<String> {
        self.run(&["log", "-1", "--format=%B", commit])
    }

    /// The files that differ between two commits; all there are, where there is no first one.
    pub(crate) fn changes(&self, from: Option<&str>, to: &str) -> Vec<ChangedFile> {
        let mut arguments = vec!["diff-tree", "-r", "-M", "-z", "--no-commit-id", "--name-status"];
        match from {
            Some(from) => arguments.extend([from, to]),
            None => arguments.extend(["--root", to]),
        }
        let output = self.run(&arguments).unwrap_or_default();
        let mut pieces = output.split('\0').filter(|piece| !piece.is_empty());
        let mut files = Vec::new();
        while let Some(status) = pieces.next() {
            let status = match status.chars().next() {
                Some('A') => "added",
                Some('D') => "removed",
                Some('R') => "renamed",
                Some('C') => "copied",
                Some('T') => "changed",
                _ => "modified",
            };
            if matches!(status, "renamed" | "copied") {
                pieces.next();
            }
            files.extend(pieces.next().map(|path| ChangedFile { path: path.to_owned(), status }));
        }
        files
    }

    /// The text of a file in a commit.
    pub(crate) fn file(&self, commit: &str, path: &str) -> Option<String> {
        self.run(&["cat-file", "blob", &format!("{commit}:{path}")])
    }

    fn commit(&self, name: &str) -> Option<String> {
        let output = self.run(&["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")])?;
        Some(output.trim().to_owned()).filter(|id| !id.is_empty())
    }

    /// What the command printed, if it ended well.
    fn run(&self, arguments: &[&str]) -> Option<String> {
        let mut command = Command::new(self.program);
        for variable in FOREIGN_VARIABLES {
            command.env_remove(variable);
        }
        let mut child = command
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_TERMINAL_PROMPT", "0")
            .args(["-c", "core.hooksPath=/dev/null", "-c", "core.logAllRefUpdates=false"])
            .arg("--git-dir")
            .arg(self.dir)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut output = Vec::new();
        let read = child.stdout.take().map(|stdout| stdout.take(MAX_OUTPUT_BYTES).read_to_end(&mut output));
        let status = child.wait().ok()?;
        (status.success() && matches!(read, Some(Ok(_))))
            .then(|| String::from_utf8_lossy(&output).into_owned())
    }
}

/// Whether this can be the name of a tag or branch, so that it means nothing else to git (git-check-ref-format).
pub(crate) fn is_ref_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 250
        && !name.starts_with(['-', '/', '.'])
        && !name.ends_with(['/', '.'])
        && !name.contains("..")
        && !name.contains("//")
        && !name.contains("/.")
        && !name.contains("@{")
        && name != "@"
        && !name.split('/').any(|piece| piece.rsplit_once('.').is_some_and(|(_, end)| end == "lock"))
        && !name
            .contains(|c: char| c.is_control() || matches!(c, ' ' | '~' | '^' | ':' | '?' | '*' | '[' | '\\'))
}

#[cfg(test)]
mod tests {
    use super::is_ref_name;

    #[test]
    fn ref_names() {
        for good in ["v1.0", "@scope/pkg@1.0", "release/1.x", "1.0+build"] {
            assert!(is_ref_name(good), "{good}");
        }
        for bad in
            ["", "-x", "a b", "a..b", "a~1", "a^", "a:b", "a.lock", "/a", "a/", "@", "a@{1}", "a\\b", "a\n"]
        {
            assert!(!is_ref_name(bad), "{bad}");
        }
    }
}
