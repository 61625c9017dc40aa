//! What is asked: every tag, and commits, pairs, stretches and picks that a seed draws.

use std::collections::{HashMap, HashSet};

use anyhow::Context as _;

use super::git::{Git, list};
use super::side::{Pick, Stretch};
use crate::conformance::Random;

/// Commits of one repository, and what was drawn.
pub(super) struct Sample {
    /// All commits that a reference leads to, newest first, with their parents.
    pub(super) commits: Vec<String>,
    pub(super) parents: HashMap<String, Vec<String>>,
    /// Commits that carry a tag, each once.
    pub(super) tagged: Vec<String>,
    /// How many references are tags.
    pub(super) tags: usize,
    pub(super) drawn: Vec<String>,
    pub(super) tip: String,
}

impl Sample {
    /// Reads a repository, and draws `count` of its commits.
    ///
    /// # Errors
    /// Git fails; the repository has no commits.
    pub(super) fn new(git: &Git, count: usize, random: &mut Random) -> anyhow::Result<Self> {
        let mut commits = Vec::new();
        let mut parents = HashMap::new();
        for line in git.text(&["rev-list", "--all", "--date-order", "--parents"])?.lines() {
            let mut words = line.split(' ').map(str::to_owned);
            let Some(id) = words.next() else { continue };
            commits.push(id.clone());
            parents.insert(id, words.collect());
        }
        let names = git.text(&["for-each-ref", "--format=%(objectname) %(*objectname)", "refs/tags"])?;
        let (mut tagged, mut seen) = (Vec::new(), HashSet::new());
        for line in names.lines() {
            let id = line.split_whitespace().last().unwrap_or_default();
            if parents.contains_key(id) && seen.insert(id.to_owned()) {
                tagged.push(id.to_owned());
            }
        }
        let newest = commits.first().with_context(|| format!("{}: no commits", git.dir.display()))?.clone();
        let tip = git.text(&["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]).unwrap_or(newest);
        let drawn = draw(&commits, count, random);
        Ok(Self { commits, parents, tagged, tags: names.lines().count(), drawn, tip })
    }

    /// The commits that are asked about: every tag's, and those drawn.
    pub(super) fn asked(&self) -> Vec<String> {
        let mut seen: HashSet<&String> = HashSet::new();
        self.tagged.iter().chain(&self.drawn).filter(|id| seen.insert(id)).cloned().collect()
    }

    /// Pairs of commits, of tags, and of a tag and a commit.
    pub(super) fn pairs(&self, count: usize, random: &mut Random) -> Vec<(String, String)> {
        let tags = if self.tagged.is_empty() { &self.commits } else { &self.tagged };
        let mut pairs = Vec::with_capacity(count);
        for at in 0..count {
            let (left, right) = match at % 3 {
                0 => (&self.commits, &self.commits),
                1 => (tags, tags),
                _ => (&self.commits, tags),
            };
            pairs.extend(one(left, random).zip(one(right, random)));
        }
        pairs
    }

    /// The whole history, the whole line of first parents, and stretches between two commits.
    pub(super) fn stretches(&self, count: usize, random: &mut Random) -> Vec<Stretch> {
        let whole = |first_parent| Stretch { tip: self.tip.clone(), base: None, first_parent };
        let mut stretches = vec![whole(false), whole(true)];
        for (at, (base, tip)) in self.pairs(count, random).into_iter().enumerate() {
            stretches.push(Stretch { tip, base: Some(base), first_parent: at % 4 == 3 });
        }
        stretches
    }

    /// Commits and places where they are to go: near by, where most fit, and anywhere.
    ///
    /// # Errors
    /// Git fails.
    pub(super) fn picks(&self, git: &Git, count: usize, random: &mut Random) -> anyhow::Result<Vec<Pick>> {
        let at: HashMap<&str, usize> =
            self.commits.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
        let mut places: Vec<usize> =
            self.tagged.iter().chain([&self.tip]).filter_map(|id| at.get(id.as_str()).copied()).collect();
        places.sort_unstable();
        let mut picks = Vec::with_capacity(count);
        for _ in 0..count.saturating_mul(4) {
            if picks.len() == count {
                break;
            }
            let Some((position, commit)) = drawn_at(&self.commits, random) else { break };
            let parents = self.parents.get(commit).map_or(&[][..], Vec::as_slice);
            // A root has nothing to be compared with; of merges, few are picked.
            let keep = parents.len() == 1 || (parents.len() > 1 && random.chance(1, 4));
            let (true, Some(parent)) = (keep, parents.first()) else { continue };
            let near = places.partition_point(|place| *place < position);
            let place = match random.below(4) {
                // Of the near ones more before than after: a fix goes to an older line.
                0 | 1 => places.get(near + usize::try_from(random.below(3)).unwrap_or(0)),
                2 => places.get(near.saturating_sub(1)),
                _ => drawn_at(&places, random).map(|(_, place)| place),
            };
            let Some(onto) = place.and_then(|place| self.commits.get(*place)) else { continue };
            let mainline = (parents.len() > 1).then_some(1);
            let (commit, parent, onto) = (commit.clone(), parent.clone(), onto.clone());
            picks.push(Pick { commit, parent, mainline, onto, tree: String::new() });
        }
        let onto: Vec<String> = picks.iter().map(|pick| format!("{}^{{tree}}", pick.onto)).collect();
        let trees = git.feed(&["cat-file", "--batch-check=%(objectname)"], list(&onto))?;
        for (pick, tree) in picks.iter_mut().zip(String::from_utf8(trees)?.lines()) {
            tree.clone_into(&mut pick.tree);
        }
        Ok(picks)
    }

    /// Those of the commits whose files are all there: a copy may lack the largest. Each commit comes with a parent.
    ///
    /// # Errors
    /// Git fails.
    pub(super) fn whole(&self, git: &Git, commits: &[String]) -> anyhow::Result<HashSet<String>> {
        let arguments =
            ["diff-tree", "--stdin", "--root", "-r", "-m", "--no-abbrev", "--raw", "--no-renames"];
        let mut files: Vec<String> = Vec::new();
        let mut owners: Vec<String> = Vec::new();
        let mut owner = String::new();
        for line in git.lines(&arguments, commits)? {
            let Some(raw) = line.strip_prefix(':') else {
                line.split_whitespace().next().unwrap_or_default().clone_into(&mut owner);
                continue;
            };
            let words: Vec<&str> = raw.split_whitespace().take(4).collect();
            if let [old_mode, new_mode, old, new] = words.as_slice() {
                for (mode, id) in [(old_mode, old), (new_mode, new)] {
                    // Neither what is not there nor the commit of a submodule is a file.
                    if !matches!(*mode, "000000" | "160000") {
                        files.push((*id).to_owned());
                        owners.push(owner.clone());
                    }
                }
            }
        }
        let answers = git.lines(&["cat-file", "--batch-check"], &files)?;
        let lacking: HashSet<&String> = answers
            .iter()
            .zip(&owners)
            .filter(|(line, _)| line.ends_with(" missing"))
            .map(|(_, id)| id)
            .collect();
        Ok(commits.iter().filter(|id| !lacking.contains(id)).cloned().collect())
    }
}

/// Some of them, each once, in their order.
pub(super) fn draw(all: &[String], count: usize, random: &mut Random) -> Vec<String> {
    if count >= all.len() {
        return all.to_vec();
    }
    let mut places = HashSet::new();
    while places.len() < count {
        places.insert(usize::try_from(random.below(all.len() as u64)).unwrap_or(0));
    }
    all.iter().enumerate().filter(|(at, _)| places.contains(at)).map(|(_, id)| id.clone()).collect()
}

fn drawn_at<'a, T>(all: &'a [T], random: &mut Random) -> Option<(usize, &'a T)> {
    let at = usize::try_from(random.below((all.len() as u64).max(1))).ok()?;
    Some((at, all.get(at)?))
}

fn one(all: &[String], random: &mut Random) -> Option<String> {
    drawn_at(all, random).map(|(_, id)| id.clone())
}
