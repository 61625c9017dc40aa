//! The facts of a commit, from the repository.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::Path;

use tminus_vcs::{
    BranchName, ChangesFrom, CommitId, DescribeOptions, Describer, History, RefName, Repository,
};
use tminus_versioning::DateTime;
use tminus_versioning::scm::{Describe, Facts, Settings, ShallowPolicy};

use super::command::Plan;
use super::{DeriveError, Target};

/// How git calls a head that is on no branch.
const DETACHED: &str = "HEAD";

/// A repository that was opened once.
pub(super) struct Opened {
    pub(super) history: History,
    describers: HashMap<DescribeOptions, Describer>,
}

impl Opened {
    pub(super) fn new(repository: &Repository) -> Result<Self, DeriveError> {
        Ok(Self { history: repository.history()?, describers: HashMap::new() })
    }

    /// The directory of the work tree; of a bare repository its own.
    pub(super) fn top(&self) -> &Path {
        let repository = self.history.repository();
        repository.work_dir().unwrap_or(repository.git_dir())
    }

    /// The branch that a revision names, as git shows it; a detached head for anything else.
    pub(super) fn branch_of(&self, revision: &str) -> Result<String, DeriveError> {
        let head;
        let name = if revision == DETACHED || revision == "@" {
            head = self.history.repository().head()?;
            head.branch
        } else {
            let name = revision.strip_prefix("refs/heads/").unwrap_or(revision);
            name.parse::<BranchName>().ok().filter(|name| self.history.has_reference(&RefName::from(name)))
        };
        Ok(name.map_or_else(|| DETACHED.to_owned(), |name| self.shown(&name)))
    }

    /// The name of a branch as `git rev-parse --abbrev-ref` shows it: no shorter than is unambiguous.
    fn shown(&self, name: &BranchName) -> String {
        let others = ["refs/", "refs/tags/", "refs/remotes/"].map(|start| format!("{start}{name}"));
        let others = others.into_iter().chain([format!("refs/remotes/{name}/HEAD")]);
        let taken = others
            .filter_map(|name| name.parse::<RefName>().ok())
            .any(|name| self.history.has_reference(&name));
        if taken { format!("heads/{name}") } else { name.to_string() }
    }

    /// What is known of what is checked out, or of a commit.
    pub(super) fn facts(
        &mut self,
        settings: &Settings<'_>,
        target: Option<&Target>,
        warnings: &mut Vec<String>,
    ) -> Result<(Option<CommitId>, Facts), DeriveError> {
        let (commit, branch) = match target {
            Some(target) => (Some(target.commit.clone()), target.branch.clone()),
            None => {
                let head = self.history.repository().head()?;
                let branch = head.branch.map_or_else(|| DETACHED.to_owned(), |name| self.shown(&name));
                (head.commit, branch)
            }
        };
        let Some(commit) = commit else {
            return Ok((None, Facts { branch: Some(branch), ..Facts::unborn() }));
        };
        self.check(settings, &commit, target.is_none(), warnings)?;
        // A command of the project was read with its settings, and the default one can always be read.
        let plan = Plan::read(&settings.describe_command()).ok();
        let options = plan.as_ref().map(|plan| plan.options.clone()).unwrap_or_default();
        let described = match plan {
            Some(plan) => self.described(plan, &commit, target.is_none())?,
            None => None,
        };
        let facts = match described {
            Some(text) => Facts::described(Describe::parse(&text)?),
            None => {
                let count = self.describer(&options)?.count(&commit)?;
                let dirty =
                    target.is_none() && self.history.repository().has_changes(ChangesFrom::HeadOrIndex)?;
                Facts::untagged(commit.as_str(), count, dirty)
            }
        };
        let time = self.describer(&options)?.time_seconds(&commit)?;
        let node_date = DateTime::from_unix_seconds(time).map(DateTime::date);
        Ok((Some(commit), Facts { branch: Some(branch), node_date, ..facts }))
    }

    /// What is looked at before the tag is.
    fn check(
        &mut self,
        settings: &Settings<'_>,
        commit: &CommitId,
        checked_out: bool,
        warnings: &mut Vec<String>,
    ) -> Result<(), DeriveError> {
        let policy = settings.on_shallow;
        if policy == ShallowPolicy::FailOnMissingSubmodules {
            return if checked_out { self.check_submodules() } else { Ok(()) };
        }
        if !self.history.repository().is_shallow()? {
            return Ok(());
        }
        let exact = DescribeOptions { light: true, candidates: 0, ..DescribeOptions::default() };
        let is_tag = self.history.describe(commit, &exact)?.is_some();
        if policy == ShallowPolicy::Fetch && !is_tag {
            return Err(DeriveError::FetchNeeded);
        }
        if let Some(warning) = policy.check(true, is_tag)? {
            warnings.push(format!("{warning}; run `git fetch --unshallow`"));
        }
        Ok(())
    }

    fn check_submodules(&self) -> Result<(), DeriveError> {
        if !self.top().join(".gitmodules").exists() {
            return Ok(());
        }
        let submodules = self.history.repository().submodules()?;
        let missing = submodules.iter().filter(|submodule| !submodule.checked_out);
        let paths: Vec<String> = missing.map(|submodule| submodule.path.clone()).collect();
        if submodules.is_empty() {
            return Err(DeriveError::MissingSubmodules {
                paths: vec![".gitmodules names some, the index has none".to_owned()],
            });
        }
        if paths.is_empty() { Ok(()) } else { Err(DeriveError::MissingSubmodules { paths }) }
    }

    /// What the describe command prints; `None` where it finds nothing.
    fn described(
        &mut self,
        plan: Plan,
        commit: &CommitId,
        checked_out: bool,
    ) -> Result<Option<String>, DeriveError> {
        let found = self.describer(&plan.options)?.describe(commit)?;
        let id = found.as_ref().map_or_else(|| commit.clone().into(), |found| found.object.clone());
        let short = match plan.abbreviation {
            Some(0) => None,
            length => Some(self.history.abbreviated(&id, length)?),
        };
        let text = match found {
            Some(found) => found.print(short.as_deref(), plan.long),
            None if plan.always => short.unwrap_or_else(|| commit.to_string()),
            None => return Ok(None),
        };
        let mark = match plan.dirty {
            Some(mark) if checked_out && self.history.repository().has_changes(ChangesFrom::Head)? => mark,
            _ => String::new(),
        };
        Ok(Some(text + &mark))
    }

    fn describer(&mut self, options: &DescribeOptions) -> Result<&mut Describer, DeriveError> {
        Ok(match self.describers.entry(options.clone()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(self.history.describer(options)?),
        })
    }
}
