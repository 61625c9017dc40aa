//! Git's own answers, by the commands that people use.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context as _, bail};

use super::checkout::lacks;
use super::git::{Git, fed, git, list, parallel};
use super::side::{Logged, Pick, Picked, Set, Side, Stretch};

/// Commits that one `git describe` is given as arguments.
const TOGETHER: usize = 500;

/// The installed git.
pub(super) struct Judge {
    pub(super) git: Git,
    /// The same repository with a directory of its own for the objects that picks write.
    pub(super) scratch: Git,
}

/// The format of tags: the reference, its kind, its object, and what an annotated tag leads to.
const TAGS: &str = "--format=%(refname)%00%(objecttype) %(objectname) %(*objecttype) %(*objectname)";

const MERGE_TREE: [&str; 4] = ["merge-tree", "--stdin", "--name-only", "--no-messages"];

/// How a stretch is asked for.
pub(super) fn log_arguments(stretch: &Stretch) -> Vec<String> {
    let mut arguments: Vec<String> =
        ["log", "-z", "--name-only", "--no-renames", "--format=%x01%H"].map(str::to_owned).to_vec();
    if stretch.first_parent {
        arguments.extend(["--first-parent".to_owned(), "--diff-merges=first-parent".to_owned()]);
    }
    arguments.push(stretch.tip.clone());
    arguments.extend(stretch.base.as_ref().map(|base| format!("^{base}")));
    arguments.push("--".to_owned());
    arguments
}

impl Side for Judge {
    fn tags(&self) -> anyhow::Result<BTreeMap<String, String>> {
        let output = self.git.ask(&["for-each-ref", TAGS, "refs/tags"])?;
        let mut tags = BTreeMap::new();
        for line in String::from_utf8_lossy(&output).lines() {
            let (name, rest) = line.split_once('\0').context("git for-each-ref leaves out a NUL")?;
            tags.insert(name.to_owned(), rest.trim_end().to_owned());
        }
        Ok(tags)
    }

    fn describe(&self, set: &Set, commits: &[String]) -> anyhow::Result<Vec<String>> {
        parallel(commits, |part| {
            let mut answers = Vec::with_capacity(part.len());
            for few in part.chunks(TOGETHER) {
                let arguments = [&set.arguments()[..], few].concat();
                let text = self.git.text(&arguments)?;
                answers.extend(text.lines().map(str::to_owned));
            }
            if answers.len() != part.len() {
                bail!("git describe answers {} of {} questions", answers.len(), part.len());
            }
            Ok(answers)
        })
    }

    fn exact(&self, commits: &[String]) -> anyhow::Result<Vec<String>> {
        one_by_one(commits, |commit| {
            let output = self.git.command(&["describe", "--tags", "--exact-match", commit]).output()?;
            Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
        })
    }

    fn merge_bases(&self, pairs: &[(String, String)]) -> anyhow::Result<Vec<String>> {
        one_by_one(pairs, |(one, other)| {
            let text = self.bases(&["merge-base", "--all", one, other])?;
            let mut bases: Vec<&str> = text.lines().collect();
            bases.sort_unstable();
            Ok(bases.join(" "))
        })
    }

    fn best_base(&self, pairs: &[(String, String)]) -> anyhow::Result<Vec<String>> {
        one_by_one(pairs, |(one, other)| self.bases(&["merge-base", one, other]))
    }

    fn log(&self, stretch: &Stretch) -> anyhow::Result<Vec<Logged>> {
        Ok(logged(&self.git.ask(&log_arguments(stretch))?))
    }

    fn patch_ids(&self, commits: &[String]) -> anyhow::Result<Vec<String>> {
        parallel(commits, |part| {
            let arguments =
                ["diff-tree", "--stdin", "--root", "-p", "--full-index", "--no-ext-diff", "--no-textconv"];
            identified(part, self.git.feed(&arguments, list(part))?)
        })
    }

    fn picks(&self, picks: &[Pick]) -> anyhow::Result<Vec<Picked>> {
        parallel(picks, |part| {
            let lines: Vec<String> =
                part.iter().map(|pick| format!("{} -- {} {}", pick.parent, pick.onto, pick.commit)).collect();
            match self.scratch.feed(&MERGE_TREE, list(&lines)) {
                Ok(output) => merged(part, &output),
                // One that misses a file ends the batch.
                Err(error) if lacks(&error.to_string()) => {
                    part.iter().zip(lines).map(|(pick, line)| self.merge(pick, line)).collect()
                }
                Err(error) => Err(error),
            }
        })
    }
}

impl Judge {
    fn merge(&self, pick: &Pick, line: String) -> anyhow::Result<Picked> {
        match self.scratch.feed(&MERGE_TREE, list(&[line])) {
            Ok(output) => {
                merged(std::slice::from_ref(pick), &output)?.pop().context("git merge-tree is silent")
            }
            Err(error) if lacks(&error.to_string()) => Ok(Picked::Lacking),
            Err(error) => Err(error),
        }
    }

    /// Nothing where there is none, which is exit code 1 and no error.
    fn bases(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let output = self.git.command(arguments).output()?;
        if !matches!(output.status.code(), Some(0 | 1)) {
            bail!("{}: {}", self.git.again(arguments), String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
    }
}

/// A process for each question, as many at once as there are processors.
pub(super) fn one_by_one<Q: Sync, A: Send>(
    questions: &[Q],
    ask: impl Fn(&Q) -> anyhow::Result<A> + Sync,
) -> anyhow::Result<Vec<A>> {
    parallel(questions, |part| part.iter().map(&ask).collect())
}

/// The answer of `git log -z --name-only --format=%x01%H`: a commit, then its paths.
pub(super) fn logged(output: &[u8]) -> Vec<Logged> {
    let mut all: Vec<Logged> = Vec::new();
    for piece in output.split(|byte| *byte == 0) {
        if let Some(id) = piece.strip_prefix(b"\x01") {
            all.push((String::from_utf8_lossy(id).into_owned(), String::new()));
        } else if let Some((_, paths)) = all.last_mut() {
            let path = if paths.is_empty() { piece.strip_prefix(b"\n").unwrap_or(piece) } else { piece };
            push_path(paths, path);
        }
    }
    all
}

/// Adds a path to the text of a commit; without loss, and without line ends.
pub(super) fn push_path(paths: &mut String, path: &[u8]) {
    if !path.is_empty() {
        paths.push_str(&path.escape_ascii().to_string());
        paths.push('\n');
    }
}

/// The ids of patches that follow the names of their commits.
pub(super) fn identified(commits: &[String], patches: Vec<u8>) -> anyhow::Result<Vec<String>> {
    let mut command = git();
    command.args(["patch-id", "--stable"]);
    let output = String::from_utf8(fed(command, patches)?)?;
    let ids: HashMap<&str, &str> = output
        .lines()
        .filter_map(|line| line.split_once(' ').map(|(patch, commit)| (commit, patch)))
        .collect();
    let id = |commit: &String| ids.get(commit.as_str()).copied().unwrap_or_default().to_owned();
    Ok(commits.iter().map(id).collect())
}

/// The answers of `git merge-tree --stdin --name-only --no-messages`: whether it is clean, the tree, and the files that
/// are not, each ended by a NUL, and an empty one at the end.
fn merged(picks: &[Pick], output: &[u8]) -> anyhow::Result<Vec<Picked>> {
    let mut pieces = output.split(|byte| *byte == 0).map(|piece| piece.escape_ascii().to_string());
    let mut answers = Vec::with_capacity(picks.len());
    for pick in picks {
        let (Some(clean), Some(tree)) = (pieces.next(), pieces.next()) else {
            bail!("git merge-tree answers {} of {} questions", answers.len(), picks.len());
        };
        let files: Vec<String> = pieces.by_ref().take_while(|piece| !piece.is_empty()).collect();
        answers.push(match (clean.as_str(), files.is_empty()) {
            ("1", true) if tree == pick.tree => Picked::Empty,
            ("1", true) => Picked::Clean(tree),
            ("0", _) => Picked::Conflict(files),
            _ => bail!("git merge-tree answers {clean:?} {tree:?} {files:?}"),
        });
    }
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use super::super::side::{Pick, Picked};
    use super::{logged, merged};

    #[test]
    fn a_log_is_read_with_paths_of_every_kind() {
        let output = b"\x01aa\0\na b\0c\nd\0\xff\0\0\x01bb\0\x01cc\0\n\ne\0";
        let expected = [("aa", "a b\nc\\nd\n\\xff\n"), ("bb", ""), ("cc", "\\ne\n")];
        assert_eq!(logged(output), expected.map(|(id, paths)| (id.to_owned(), paths.to_owned())));
    }

    #[test]
    fn merges_are_read_one_after_the_other() {
        let pick = Pick {
            commit: "c".to_owned(),
            parent: "p".to_owned(),
            mainline: None,
            onto: "o".to_owned(),
            tree: "t2".to_owned(),
        };
        let answers = merged(&vec![pick.clone(); 3], b"0\0t1\0a\0b\0\x001\0t2\0\x001\0t3\0\0").unwrap();
        let conflict = Picked::Conflict(vec!["a".to_owned(), "b".to_owned()]);
        assert_eq!(answers, [conflict, Picked::Empty, Picked::Clean("t3".to_owned())]);
        assert!(merged(&[pick], b"").is_err());
    }
}
