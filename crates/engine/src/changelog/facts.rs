//! What is known beside the commits: asked of the tree of a commit, and of the forge in batches.

use std::collections::{BTreeMap, BTreeSet};

use tminus_forge::{Contributor, Forge, Lookup, PullRequest, Want};
use tminus_vcs::{CommitId, Merges, PathMap, Range};

use super::gather::{Gathered, Section};
use super::scope::Scope;
use super::tell::Facts;
use super::write::newcomers;
use super::{Author, ChangesError, Origin, PullRequestFacts, Warning, sources};

impl Facts {
    /// What stands in files of the commit.
    ///
    /// # Errors
    ///
    /// Overrides that cannot be read; an unreadable tree.
    pub fn of_tree(scope: &Scope, commit: &CommitId) -> Result<Self, ChangesError> {
        Ok(Self {
            files: sources::change_files(scope, commit)?,
            overrides: sources::overrides(scope, commit)?,
            ..Self::default()
        })
    }

    /// Ties each change file to the commit that brought it, so that one change is not told twice.
    ///
    /// # Errors
    ///
    /// Unreadable history.
    pub fn tie_files(&mut self, scope: &Scope, gathered: &Gathered) -> Result<(), ChangesError> {
        let Some(section) = gathered.sections.first().filter(|_| !self.files.readings.is_empty()) else {
            return Ok(());
        };
        let mut map = PathMap::new();
        let mut owners = Vec::new();
        for (place, reading) in self.files.readings.iter().enumerate() {
            let path = reading.changes.iter().find_map(|change| match &change.origin {
                Origin::File(path) => Some(path),
                _ => None,
            });
            let Some(path) = path else { continue };
            let number = u32::try_from(owners.len()).unwrap_or(u32::MAX);
            if map.insert(path, number).is_ok() {
                owners.push(place);
            }
        }
        let range = Range {
            tips: vec![gathered.tip.clone()],
            hidden: section.base.hidden.clone(),
            first_parent: scope.config.first_parent,
            limit: None,
        };
        let merges = if scope.config.first_parent { Merges::FirstParent } else { Merges::Nothing };
        // The newest first: the last one to be seen brought the file.
        for touched in scope.repository.history()?.split(&range, &map, merges)? {
            // A commit that brought several is about none of them more than about the others.
            let [owner] = touched.owners.as_slice() else { continue };
            let reading = owners.get(*owner as usize).and_then(|place| self.files.readings.get_mut(*place));
            if let Some(reading) = reading {
                reading.about.commits = vec![touched.commit.to_string()];
            }
        }
        Ok(())
    }

    /// Asks the forge for every pull request that the commits name, in batches. What cannot be had is a warning.
    ///
    /// # Errors
    ///
    /// A forge that refuses altogether.
    pub async fn ask(
        &mut self,
        forge: &dyn Forge,
        gathered: &Gathered,
    ) -> Result<Vec<Warning>, ChangesError> {
        let numbers = gathered.pull_requests();
        if numbers.is_empty() {
            return Ok(Vec::new());
        }
        let numbers: Vec<u64> = numbers.into_iter().collect();
        let mut warnings = Vec::new();
        let lookups = forge.pull_requests(&numbers, Want::default()).await?;
        if let Some(reason) = silence(&lookups) {
            return Err(ChangesError::NoAnswer { reason });
        }
        for (number, lookup) in lookups {
            match lookup {
                Lookup::Found(found) => {
                    self.pull_requests.insert(number, facts(*found));
                }
                other => {
                    self.unknown.insert(number);
                    let why = other.problem().unwrap_or_default();
                    let text = format!(
                        "#{number} could not be fetched: {why}; lists of pull requests leave it out, elsewhere what git \
                         knows stands for it"
                    );
                    warnings.push(Warning { origin: Origin::PullRequest(number), text });
                }
            }
        }
        Ok(warnings)
    }

    /// Finds out whose first change a section holds: by their accounts where the forge is asked, else by what git knows.
    ///
    /// # Errors
    ///
    /// Unreadable history.
    pub fn find_newcomers(
        &mut self,
        scope: &Scope,
        gathered: &Gathered,
        section: &Section,
    ) -> Result<(), ChangesError> {
        let mailmap = sources::mailmap(scope, &gathered.tip)?;
        let entries: Vec<_> =
            section.commits.iter().rev().filter_map(|place| gathered.entries.get(*place)).collect();
        let author = |entry: &super::Entry| {
            let login = entry.pull_request().and_then(|number| self.pull_requests.get(&number));
            let login = login.map(|facts| facts.author.clone());
            Author { login, ..entry.author.clone() }
        };
        let range: Vec<_> = entries.iter().map(|entry| (author(entry), entry.pull_request())).collect();
        let before = if section.base.hidden.is_empty() {
            Vec::new()
        } else {
            let range = Range { tips: section.base.hidden.clone(), ..Range::default() };
            let commits = scope.repository.history()?.commits(&range)?;
            let known: BTreeSet<(String, String)> =
                commits.into_iter().map(|commit| (commit.author.name, commit.author.email)).collect();
            let author = |(name, email)| Author { name, email: Some(email), login: None };
            known.into_iter().map(author).collect()
        };
        let bots = self.pull_requests.values().filter(|facts| facts.is_bot).map(|facts| facts.author.clone());
        self.newcomers = newcomers(&range, &before, &mailmap, &bots.collect());
        Ok(())
    }

    /// Takes back those newcomers whose account had something merged before: people change their addresses.
    ///
    /// # Errors
    ///
    /// A forge that refuses.
    pub async fn check_newcomers(&mut self, forge: &dyn Forge) -> Result<(), ChangesError> {
        let merged = |number: &Option<u64>| {
            number
                .and_then(|number| self.pull_requests.get(&number))
                .and_then(|facts| facts.merged_at_seconds)
        };
        let people: Vec<Contributor> = self
            .newcomers
            .iter()
            .filter_map(|(author, number)| {
                Some(Contributor { login: author.login.clone()?, before: merged(number)? })
            })
            .collect();
        if people.is_empty() {
            return Ok(());
        }
        let had = forge.have_contributed(&people).await?;
        let is_new = |login: &String| !had.get(login).copied().unwrap_or_default();
        self.newcomers.retain(|(author, _)| author.login.as_ref().is_none_or(is_new));
        Ok(())
    }
}

impl Gathered {
    /// The numbers of the pull requests that the commits name.
    pub fn pull_requests(&self) -> BTreeSet<u64> {
        let places = self.sections.iter().flat_map(|section| &section.commits);
        places.filter_map(|place| self.entries.get(*place)).filter_map(super::Entry::pull_request).collect()
    }
}

/// Why there is no answer at all, where there is none.
fn silence(lookups: &BTreeMap<u64, Lookup>) -> Option<String> {
    let mut reasons = lookups.values().map(|lookup| match lookup {
        Lookup::Refused { reason, passing: true } => Some(reason),
        _ => None,
    });
    let first = reasons.next()??;
    reasons.all(|reason| reason.is_some()).then(|| first.clone())
}

fn facts(found: PullRequest) -> PullRequestFacts {
    PullRequestFacts {
        number: found.number,
        title: found.title,
        body: found.body,
        url: found.html_url,
        author: found.author,
        is_bot: found.is_bot,
        labels: found.labels,
        files: found.files.map(|files| files.paths),
        merge_commit: found.merge_commit_sha,
        merged_at_seconds: found.merged_at,
    }
}
