//! Git asked by other commands, or answered from the bare graph: what `--itself` compares git with. It shows that the
//! questions, the batches and the comparing are sound, without a line of what is judged.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::git::{Git, list};
use super::judge::{identified, one_by_one, push_path};
use super::side::{Form, Logged, NotBuilt, Pick, Picked, Set, Side, Stretch};

pub(super) struct Other<'a> {
    pub(super) git: Git,
    /// What leads to what, from the list of commits alone.
    pub(super) parents: &'a HashMap<String, Vec<String>>,
    /// Where picks are done as people do them.
    pub(super) checkout: Option<&'a super::checkout::Checkout>,
}

impl Side for Other<'_> {
    /// `git show-ref -d`, and the kinds from `git cat-file`.
    fn tags(&self) -> anyhow::Result<BTreeMap<String, String>> {
        if !self.git.is_well(&["show-ref", "--tags", "--quiet"]) {
            return Ok(BTreeMap::new());
        }
        let text = self.git.text(&["show-ref", "--tags", "-d"])?;
        let mut ids: BTreeMap<&str, (&str, Option<&str>)> = BTreeMap::new();
        for (id, name) in text.lines().filter_map(|line| line.split_once(' ')) {
            match name.strip_suffix("^{}") {
                None => {
                    ids.insert(name, (id, None));
                }
                Some(name) => {
                    ids.entry(name).and_modify(|(_, peeled)| *peeled = Some(id));
                }
            }
        }
        let all: Vec<String> =
            ids.values().flat_map(|(id, peeled)| [Some(*id), *peeled]).flatten().map(str::to_owned).collect();
        let answers = self.git.lines(&["cat-file", "--batch-check=%(objecttype)"], &all)?;
        let kinds: HashMap<&String, &String> = all.iter().zip(&answers).collect();
        let shown = |id: &str| format!("{} {id}", kinds.get(&id.to_owned()).map_or("", |kind| kind.as_str()));
        let tag = |(name, (id, peeled)): (&&str, &(&str, Option<&str>))| {
            let rest = peeled.map(|peeled| format!(" {}", shown(peeled))).unwrap_or_default();
            ((*name).to_owned(), format!("{}{rest}", shown(id)))
        };
        Ok(ids.iter().map(tag).collect())
    }

    /// One process for each commit, without `--always`.
    fn describe(&self, set: &Set, commits: &[String]) -> anyhow::Result<Vec<String>> {
        let arguments: Vec<String> = set.arguments().into_iter().filter(|word| word != "--always").collect();
        one_by_one(commits, |commit| {
            let output =
                self.git.command(&[&arguments[..], std::slice::from_ref(commit)].concat()).output()?;
            if output.status.success() {
                return Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned());
            }
            let short = match set.form {
                Form::Short(digits) => self.git.text(&["rev-parse", &format!("--short={digits}"), commit])?,
                Form::Long | Form::Tag => commit.clone(),
            };
            Ok(set.text(commit, &short, None))
        })
    }

    /// `--candidates=0` is the same.
    fn exact(&self, commits: &[String]) -> anyhow::Result<Vec<String>> {
        one_by_one(commits, |commit| {
            let output = self.git.command(&["describe", "--tags", "--candidates=0", commit]).output()?;
            Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
        })
    }

    /// Common ancestors of which no child is one: no dates, no clever walk.
    fn merge_bases(&self, pairs: &[(String, String)]) -> anyhow::Result<Vec<String>> {
        one_by_one(pairs, |(one, other)| Ok(bases(self.parents, one, other).join(" ")))
    }

    fn best_base(&self, pairs: &[(String, String)]) -> anyhow::Result<Vec<String>> {
        // Which of several git names first is its own affair; `git rev-parse A...B` lists them in its order.
        one_by_one(pairs, |(one, other)| {
            let text = self.git.text(&["rev-parse", &format!("{one}...{other}")])?;
            Ok(text.lines().find_map(|line| line.strip_prefix('^')).unwrap_or_default().to_owned())
        })
    }

    /// `git rev-list`, and `git diff-tree --stdin`.
    fn log(&self, stretch: &Stretch) -> anyhow::Result<Vec<Logged>> {
        let mut arguments = vec!["rev-list".to_owned()];
        arguments.extend(stretch.first_parent.then(|| "--first-parent".to_owned()));
        arguments.push(stretch.tip.clone());
        arguments.extend(stretch.base.as_ref().map(|base| format!("^{base}")));
        let commits: Vec<String> = self.git.text(&arguments)?.lines().map(str::to_owned).collect();
        if commits.is_empty() {
            return Ok(Vec::new());
        }
        let mut arguments = vec!["diff-tree", "--stdin", "--root", "-r", "-z", "--always", "--name-only"];
        arguments.push("--no-renames");
        arguments.extend(stretch.first_parent.then_some("--diff-merges=first-parent"));
        let output = self.git.feed(&arguments, list(&commits))?;
        let names: HashSet<&[u8]> = commits.iter().map(String::as_bytes).collect();
        let mut all: Vec<Logged> = Vec::new();
        for piece in output.split(|byte| *byte == 0) {
            if names.contains(piece) {
                all.push((String::from_utf8_lossy(piece).into_owned(), String::new()));
            } else if let Some((_, paths)) = all.last_mut() {
                push_path(paths, piece);
            }
        }
        Ok(all)
    }

    /// Through `git log -p`.
    fn patch_ids(&self, commits: &[String]) -> anyhow::Result<Vec<String>> {
        let mut arguments =
            vec!["log", "--no-walk=unsorted", "--stdin", "-p", "--full-index", "--no-renames"];
        arguments.extend(["--no-ext-diff", "--no-textconv"]);
        identified(commits, self.git.feed(&arguments, list(commits))?)
    }

    /// `git cherry-pick`, in a work tree of its own.
    fn picks(&self, picks: &[Pick]) -> anyhow::Result<Vec<Picked>> {
        let Some(checkout) = self.checkout else { return Err(NotBuilt("a work tree for picks").into()) };
        picks.iter().map(|pick| checkout.pick(pick)).collect()
    }
}

/// The merge bases of two commits, sorted.
pub(super) fn bases<'a>(parents: &'a HashMap<String, Vec<String>>, one: &str, other: &str) -> Vec<&'a str> {
    let (left, right) = (ancestors(parents, one), ancestors(parents, other));
    let common: HashSet<&str> = left.intersection(&right).copied().collect();
    let behind: HashSet<&str> =
        common.iter().flat_map(|id| parents.get(*id).into_iter().flatten()).map(String::as_str).collect();
    let mut bases: Vec<&str> = common.into_iter().filter(|id| !behind.contains(id)).collect();
    bases.sort_unstable();
    bases
}

/// A commit and all that lead to it.
pub(super) fn ancestors<'a>(parents: &'a HashMap<String, Vec<String>>, from: &str) -> HashSet<&'a str> {
    let mut seen = HashSet::new();
    let mut queue: Vec<&str> = parents.get_key_value(from).map(|(id, _)| id.as_str()).into_iter().collect();
    while let Some(id) = queue.pop() {
        if seen.insert(id) {
            queue.extend(parents.get(id).into_iter().flatten().map(String::as_str));
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::bases;

    #[test]
    fn a_criss_cross_has_two_bases_and_strangers_none() {
        let edges = [("r", ""), ("a", "r"), ("b", "r"), ("c", "a b"), ("d", "b a"), ("x", "")];
        let graph: HashMap<String, Vec<String>> = edges
            .map(|(id, parents)| (id.to_owned(), parents.split_whitespace().map(str::to_owned).collect()))
            .into();
        assert_eq!(bases(&graph, "c", "d"), ["a", "b"]);
        assert_eq!(bases(&graph, "a", "b"), ["r"]);
        assert_eq!(bases(&graph, "a", "c"), ["a"]);
        assert!(bases(&graph, "a", "x").is_empty());
    }
}
