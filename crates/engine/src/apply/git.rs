//! Commit, tag, push, and the user's own branch.

use serde_json::Value;
use tminus_vcs::{
    BranchName, CommitId, FastForward, GitError, NotPossible, ObjectId, PushError, PushMode, RefName,
    RefUpdate, RemoteRefs, TagName,
};

use super::{Probe, Run, StepError};
use crate::edits::{self, LIMIT_BYTES, Rule};
use crate::plan::{Input, PlannedEdit, StepId};

impl Run<'_> {
    /// Done where the bound commit is in the repository: its id says what it contains.
    pub(super) fn probe_commit(&mut self, step: &StepId, edits: &[PlannedEdit]) -> Result<Probe, StepError> {
        let Some(bound) = self.record.text(step.as_str(), "id").and_then(|id| id.parse::<CommitId>().ok())
        else {
            return Ok(Probe::ToDo);
        };
        if !self.repository.contains(&bound)? {
            return Ok(Probe::ToDo);
        }
        self.check_commit(&bound, edits, Rule::Exactly)?;
        Ok(Probe::Done(bound.short().to_owned()))
    }

    pub(super) fn perform_commit(
        &mut self,
        step: &StepId,
        edits: &[PlannedEdit],
        message: &str,
    ) -> Result<(), StepError> {
        let base = self.record.base.clone();
        let id = self.commit_on(&base, edits, Rule::Exactly, message)?;
        let id =
            id.ok_or_else(|| StepError::NotDone("the version files state the version already".to_owned()))?;
        self.check_commit(&id, edits, Rule::Exactly)?;
        self.bind(step, "id", Value::String(id.to_string()))
    }

    /// A commit on top of `parent`, made in a work tree of our own: hooks, identity, signing and line-end filters are the
    /// user's, the user's work tree is not touched. `None` where nothing had to be edited.
    pub(super) fn commit_on(
        &self,
        parent: &CommitId,
        edits: &[PlannedEdit],
        rule: Rule,
        message: &str,
    ) -> Result<Option<CommitId>, StepError> {
        let dir = self.scratch("commit");
        self.git.remove_worktree(&dir)?;
        self.git.add_worktree(&dir, parent)?;
        // Read from the work tree, not from the commit: a filter may have changed the line ends.
        let read = |path: &str| match std::fs::read(dir.join(path)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(format!("{path}: {error}")),
        };
        let set = edits::edit_set(edits, rule, &read).map_err(StepError::Edit)?;
        let id = if set.is_empty() {
            None
        } else {
            edits::write(&set, &dir).map_err(StepError::Edit)?;
            let paths: Vec<String> = set.files().map(|file| file.path.to_string()).collect();
            let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
            Some(self.git.commit_in(&dir, &paths, message)?)
        };
        self.git.remove_worktree(&dir)?;
        Ok(id)
    }

    /// A hook may rewrite what is committed; version and trailer must have survived it, before anybody else sees it.
    pub(super) fn check_commit(
        &self,
        id: &CommitId,
        edits: &[PlannedEdit],
        rule: Rule,
    ) -> Result<(), StepError> {
        let remedy = "a commit hook changed it? mend the hook, then `tminus resume`";
        for edit in edits {
            let bytes = self.repository.read_file(id, &edit.path, LIMIT_BYTES)?.unwrap_or_default();
            let found = edits::read_site(&edit.path, &edit.find, &bytes).map_err(StepError::Edit)?;
            let wrong = match rule {
                Rule::Exactly => found.text() != edit.to,
                Rule::Raise(scheme) => edits::is_below(scheme, found.text(), &edit.to),
            };
            if wrong {
                let what = format!(
                    "{} states {} in commit {}, not {}",
                    edit.path,
                    found.text(),
                    id.short(),
                    edit.to
                );
                return Err(StepError::Conflict { what, remedy: remedy.to_owned() });
            }
        }
        let commit = self.repository.log(std::slice::from_ref(id), &[], false, 1)?;
        let known = commit
            .iter()
            .flat_map(|commit| &commit.trailers)
            .any(|(key, _)| key.eq_ignore_ascii_case(crate::TRAILER));
        if known {
            return Ok(());
        }
        let what = format!(
            "commit {} has lost the trailer {} by which a release knows it again",
            id.short(),
            crate::TRAILER
        );
        Err(StepError::Conflict { what, remedy: remedy.to_owned() })
    }

    pub(super) fn probe_tag(
        &mut self,
        step: &StepId,
        name: &TagName,
        commit: &Input,
    ) -> Result<Probe, StepError> {
        let commit = self.commit_input(commit)?;
        let Some(found) = self.repository.tag(name)? else { return Ok(Probe::ToDo) };
        if found.tag.commit != commit {
            return Err(self.tag_conflict(name, &found.tag.commit, &commit, "in this repository"));
        }
        if !found.tag.annotated {
            return Err(StepError::Conflict {
                what: format!("the tag {name} exists at the right commit, but it is not annotated"),
                remedy: format!("delete it with `git tag -d {name}`, then `tminus resume`"),
            });
        }
        self.bind(step, "object", Value::String(found.tag.object.to_string()))?;
        Ok(Probe::done())
    }

    pub(super) fn perform_tag(
        &mut self,
        step: &StepId,
        name: &TagName,
        commit: &Input,
        message: &str,
    ) -> Result<(), StepError> {
        let commit = self.commit_input(commit)?;
        let object = match self.git.tag_annotated(name, &commit, message) {
            Ok(object) => object,
            // Made in between; the probe that follows says whether it is the same.
            Err(GitError::TagExists { .. }) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        self.bind(step, "object", Value::String(object.to_string()))
    }

    fn tag_conflict(&self, name: &TagName, found: &CommitId, ours: &CommitId, place: &str) -> StepError {
        StepError::Conflict {
            what: format!(
                "the tag {name} exists {place} at {}, and this release is {}",
                found.short(),
                ours.short()
            ),
            remedy: "a tag that others may have is never moved: choose another version".to_owned(),
        }
    }

    pub(super) fn probe_push(
        &mut self,
        branch: &BranchName,
        commit: &Input,
        tag: &TagName,
    ) -> Result<Probe, StepError> {
        let commit = self.commit_input(commit)?;
        let refs = self.remote_refs()?;
        if let Some(there) = refs.tags.get(tag).filter(|there| there.commit != commit) {
            let place = format!("on {}", self.plan.remote);
            return Err(self.tag_conflict(tag, &there.commit, &commit, &place));
        }
        let contained = self.remote_contains(&refs, branch, &commit)?;
        Ok(Probe::done_if(refs.tags.contains_key(tag) && contained))
    }

    /// Whether the remote's branch has the release commit: by id, or as a commit that was rebased or squashed on its
    /// way and still carries the trailer.
    fn remote_contains(
        &self,
        refs: &RemoteRefs,
        branch: &BranchName,
        commit: &CommitId,
    ) -> Result<bool, StepError> {
        let Some(tip) = refs.branches.get(branch) else { return Ok(false) };
        self.fetch(branch, tip)?;
        if self.repository.is_ancestor(commit, tip)? {
            return Ok(true);
        }
        Ok(self.ours_since_base(tip, "commit")?.is_some())
    }

    /// The commit of this release's `step` between the base and `tip`, by its trailer.
    pub(super) fn ours_since_base(&self, tip: &CommitId, step: &str) -> Result<Option<CommitId>, StepError> {
        let base = self.record.base.clone();
        let hidden = if self.repository.contains(&base)? { vec![base] } else { Vec::new() };
        let wanted = format!("{} {step}", self.plan.tag);
        let commits = self.repository.log(std::slice::from_ref(tip), &hidden, false, 10_000)?;
        let ours = |trailers: &[(String, String)]| {
            trailers.iter().any(|(key, value)| key.eq_ignore_ascii_case(crate::TRAILER) && *value == wanted)
        };
        Ok(commits.into_iter().find(|commit| ours(&commit.trailers)).map(|commit| commit.id))
    }

    pub(super) fn perform_push(
        &mut self,
        branch: &BranchName,
        commit: &Input,
        tag: &TagName,
        object: &Input,
    ) -> Result<(), StepError> {
        let commit = self.commit_input(commit)?;
        let object = self.input(object)?;
        let object: ObjectId = object
            .as_str()
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| StepError::NotDone("the tag has no object".to_owned()))?;
        let refs = self.remote_refs()?;
        let mut updates = Vec::new();
        if !self.remote_contains(&refs, branch, &commit)? {
            updates.push(RefUpdate {
                local: (&commit).into(),
                remote_ref: RefName::from(branch),
                expect: None,
            });
        }
        if !refs.tags.contains_key(tag) {
            updates.push(RefUpdate { local: object, remote_ref: RefName::from(tag), expect: None });
        }
        let mode = PushMode { atomic: true, dry_run: false, verify_hooks: true };
        match self.git.push(&self.plan.remote, &updates, mode) {
            Ok(_) => Ok(()),
            Err(error) => Err(self.push_refused(error, branch, tag)),
        }
    }

    /// A push that left nothing on the remote has not departed: the next run may plan anew.
    fn push_refused(&mut self, error: PushError, branch: &BranchName, tag: &TagName) -> StepError {
        if self.context.fuse.blown() {
            return error.into();
        }
        let definite = matches!(
            error,
            PushError::NotFastForward { .. }
                | PushError::LeaseLost { .. }
                | PushError::Rejected { .. }
                | PushError::HookRefused { .. }
        );
        // Only a refusal for certain, seen on the remote, takes back that something has left; and only where nothing else
        // has.
        let alone = self.record.begun.iter().all(|step| step.as_str() == "push");
        let arrived = !definite || self.arrived(branch, tag);
        if !arrived && alone {
            self.record.departed = false;
            self.record.begun.clear();
            if let Err(error) = self.save() {
                return error;
            }
        }
        match error {
            PushError::NotFastForward { .. } | PushError::LeaseLost { .. } => StepError::NoGo {
                reasons: vec![format!(
                    "{branch} has moved on {} while the release was prepared; nothing was pushed",
                    self.plan.remote
                )],
                remedy: format!(
                    "`git pull --rebase {} {branch}`, then `tminus resume`: it plans anew",
                    self.plan.remote
                ),
            },
            PushError::Rejected { .. } if !arrived => StepError::NoGo {
                reasons: vec![error.to_string()],
                remedy: format!(
                    "where {branch} is protected: `git push {} {}:refs/heads/release-{}`, merge that as a pull request and keep the trailer {}, `git pull`, then `tminus resume`",
                    self.plan.remote,
                    self.record.text("commit", "id").unwrap_or("COMMIT"),
                    self.plan.version,
                    crate::TRAILER,
                ),
            },
            other => other.into(),
        }
    }

    /// Whether the remote has anything of this release, or cannot say.
    fn arrived(&self, branch: &BranchName, tag: &TagName) -> bool {
        let Ok(refs) = self.remote_refs() else { return true };
        let Some(commit) = self.record.text("commit", "id").and_then(|id| id.parse().ok()) else {
            return refs.tags.contains_key(tag);
        };
        refs.tags.contains_key(tag) || self.remote_contains(&refs, branch, &commit).unwrap_or(true)
    }

    pub(super) fn probe_local(&mut self, step: &StepId, branch: &BranchName) -> Result<Probe, StepError> {
        if let Some(note) = self.record.text(step.as_str(), "left") {
            return Ok(Probe::Done(note.to_owned()));
        }
        let Some(target) = self.last_commit() else { return Ok(Probe::done()) };
        let Some(local) = self.repository.branch(branch)? else {
            return Ok(Probe::Done("there is no local branch".to_owned()));
        };
        Ok(Probe::done_if(
            self.repository.contains(&target)? && self.repository.is_ancestor(&target, &local)?,
        ))
    }

    pub(super) fn perform_local(&mut self, step: &StepId, branch: &BranchName) -> Result<(), StepError> {
        let Some(target) = self.last_commit() else { return Ok(()) };
        let why = match self.git.fast_forward(branch, &target)? {
            FastForward::Done | FastForward::AlreadyThere => return Ok(()),
            FastForward::NotPossible(NotPossible::NoSuchBranch) => "there is no local branch".to_owned(),
            FastForward::NotPossible(NotPossible::Diverged) => {
                "it has commits of its own; `git pull` when it suits you".to_owned()
            }
            FastForward::NotPossible(NotPossible::WorkTree(words)) => {
                let words = words.lines().next().unwrap_or_default().to_owned();
                format!("changes in the work tree are in the way ({words}); `git pull` when it suits you")
            }
            FastForward::NotPossible(_) => "it cannot be moved; `git pull` when it suits you".to_owned(),
        };
        self.bind(step, "left", Value::String(format!("left as it is: {why}")))
    }

    /// The last commit that this release put on its branch.
    fn last_commit(&self) -> Option<CommitId> {
        if let Some(next) = self.record.text("next", "commit") {
            return next.parse().ok();
        }
        self.record.text("commit", "id").and_then(|id| id.parse().ok())
    }
}
