//! A release from the outside: prepare, look, apply; resume; gates.

mod error;
mod gates;

pub use error::ReleaseError;
pub use gates::GateAction;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;
use tminus_policy::Outcome;
use tminus_vcs::{MINIMUM_GIT, Repository};

use crate::Exit;
use crate::apply::{Run, StepError, StepReport, people};
use crate::config::{Config, FILE_NAME, Train};
use crate::context::Context;
use crate::events::{Event, StepOutcome};
use crate::files::{file_name, write_durably};
use crate::journal::{Entry, Journal};
use crate::lock::{Holder, Lock};
use crate::observe::{World, observe};
use crate::plan::{Action, Finding, Plan, Planned, Request, Selection, StepId, plan};
use crate::record::{FileRecords, Record, RecordStore as _, Revision, State, Verdict};
use crate::store::Store;

/// What a run leads to: the plan, and how it relates to what was begun before.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// The plan.
    pub plan: Plan,
    /// Whether it was begun before.
    pub resumed: bool,
    /// A record that was begun, never left this machine, and gives way to this plan.
    supersedes: Option<(Record, Revision)>,
    /// The record that is gone on with.
    open: Option<(Record, Revision)>,
}

/// How a run ended.
#[derive(Debug, Clone)]
pub struct Report {
    /// The version.
    pub version: String,
    /// The exit code.
    pub exit: Exit,
    /// Every step.
    pub steps: Vec<StepReport>,
}

/// A project whose lock is held.
#[derive(Debug)]
pub struct Session<'a> {
    context: &'a Context,
    config: &'a Config,
    train: String,
    repository: Repository,
    state: PathBuf,
    records: FileRecords,
    lock: Lock,
}

/// How long a run waits for a program of a killed run to end.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(3);

/// Reads the configuration of the project in `root`; `path` overrides where it is.
pub fn read_config(root: &Path, path: Option<&Path>) -> Result<Config, ReleaseError> {
    let file = path.map_or_else(|| root.join(FILE_NAME), Path::to_owned);
    let shown = file.strip_prefix(root).unwrap_or(&file).display().to_string();
    let regular = |metadata: std::fs::Metadata| {
        if metadata.is_file() { Ok(()) } else { Err(std::io::Error::other("it is no regular file")) }
    };
    let text = match std::fs::metadata(&file).and_then(regular).and_then(|()| std::fs::read_to_string(&file))
    {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && path.is_none() => {
            return Err(ReleaseError::NoConfig { dir: root.display().to_string() });
        }
        Err(source) => return Err(ReleaseError::ConfigFile { path: shown, source }),
    };
    Ok(Config::parse(&shown, &text)?)
}

/// Plans a release without taking the lock and without writing anything.
///
/// # Errors
/// Whatever makes planning impossible. What stands against carrying it out is in [`Planned::findings`].
pub async fn dry_run(
    context: &Context,
    config: &Config,
    train: Option<&str>,
    request: &Request,
) -> Result<Planned, ReleaseError> {
    let (name, train) = config.train(train)?;
    let repository = Repository::open(&context.root)?;
    context.git(&context.root).require(MINIMUM_GIT)?;
    let records = FileRecords::new(&Context::state_dir(&repository).join("records"));
    let open = open_record(&records, name)?.map(|(record, _)| record);
    if let Some(record) = open.as_ref().filter(|record| record.departed) {
        if matches(record, request) {
            let plan = read_plan(&Context::state_dir(&repository), record)?;
            return Ok(Planned { plan, findings: Vec::new() });
        }
        return Err(ReleaseError::OtherOpen { version: record.version.clone() });
    }
    let mut world = observe(context, config, name, train, request, open.as_ref()).await?;
    let mut planned = plan_again(config, name, train, &mut world, open.as_ref())?;
    preconditions(context, config, &repository, open.as_ref(), &mut planned).await?;
    Ok(planned)
}

/// The plan; a release that was begun keeps the day it was begun on, as long as nothing else has changed.
fn plan_again(
    config: &Config,
    name: &str,
    train: &Train,
    world: &mut World,
    open: Option<&Record>,
) -> Result<Planned, ReleaseError> {
    let today = world.date;
    if let Some(record) = open {
        world.date = record.opened.parse().unwrap_or(today);
        let planned = plan(config, name, train, world, open)?;
        if planned.plan.digest() == record.plan {
            return Ok(planned);
        }
        world.date = today;
    }
    Ok(plan(config, name, train, world, open)?)
}

/// Asks the preconditions of a plan, as the release will.
async fn preconditions(
    context: &Context,
    config: &Config,
    repository: &Repository,
    open: Option<&Record>,
    planned: &mut Planned,
) -> Result<(), ReleaseError> {
    let remote_url = repository.remote_url(&planned.plan.remote)?;
    let access =
        context.forge(config, remote_url.as_deref()).ok().filter(|access| access.credential.is_some());
    // Without an answer so far, another question would only repeat the finding.
    let Some(access) = access.filter(|_| planned.findings.is_empty()) else { return Ok(()) };
    let forge = access.connect(context.client());
    for step in &planned.plan.steps {
        let Action::Require { requirement } = &step.action else { continue };
        if open.is_some_and(|record| people::is_waived(record, requirement)) {
            continue;
        }
        let verdict = match people::verdict(forge.as_ref(), repository, requirement).await {
            Ok(verdict) => verdict,
            Err(error) => {
                planned.findings.push(Finding::new(
                    error.exit(),
                    error.to_string(),
                    people::waive(requirement),
                ));
                continue;
            }
        };
        let reasons = match verdict.outcome {
            Outcome::Go | Outcome::Waived { .. } => continue,
            Outcome::NoGo { reasons } => reasons.iter().map(ToString::to_string).collect(),
            Outcome::Unknown { why } => vec![why],
        };
        let remedy = people::waive(requirement);
        planned
            .findings
            .extend(reasons.into_iter().map(|what: String| Finding::new(Exit::NoGo, what, remedy.clone())));
    }
    Ok(())
}

fn open_record(records: &FileRecords, train: &str) -> Result<Option<(Record, Revision)>, ReleaseError> {
    let mut open: Vec<_> = records.all(train)?.into_iter().filter(|(record, _)| record.is_open()).collect();
    // One that has left this machine comes before any that has not.
    open.sort_by_key(|(record, _)| !record.departed);
    Ok(open.into_iter().next())
}

fn matches(record: &Record, request: &Request) -> bool {
    match request {
        Request::Kind(kind) => record.kind == Some(*kind),
        Request::Version(version) => record.version == *version,
    }
}

fn plan_path(state: &Path, digest: &str) -> PathBuf {
    state.join("plans").join(format!("{}.json", file_name(digest)))
}

pub(crate) fn plan_of(state: &Path, record: &Record) -> Option<Plan> {
    read_plan(state, record).ok()
}

fn read_plan(state: &Path, record: &Record) -> Result<Plan, ReleaseError> {
    let path = plan_path(state, &record.plan);
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(&path)
        .map_err(|source| ReleaseError::File { path: shown.clone(), source })?;
    Plan::from_json(&text).map_err(|source| ReleaseError::Plan { path: shown, source })
}

impl<'a> Session<'a> {
    /// Takes the lock of a project.
    ///
    /// # Errors
    /// Another run holds it; the repository or git cannot be used.
    pub fn begin(
        context: &'a Context,
        config: &'a Config,
        train: Option<&str>,
    ) -> Result<Self, ReleaseError> {
        let (name, _) = config.train(train)?;
        let repository = Repository::open(&context.root)?;
        context.git(&context.root).require(MINIMUM_GIT)?;
        let state = Context::state_dir(&repository);
        let holder =
            Holder { pid: std::process::id(), user: context.user.clone(), command: context.command.clone() };
        let lock = Lock::take(&state, &holder, PATIENCE)?;
        let records = FileRecords::new(&state.join("records"));
        Ok(Self { context, config, train: name.to_owned(), repository, state, records, lock })
    }

    /// The run before this one, where it was killed.
    pub fn stale(&self) -> Option<&Holder> {
        self.lock.stale.as_ref()
    }

    /// What a release leads to: the plan of the open record where it has left this machine, else a new one.
    ///
    /// # Errors
    /// Everything that stands against it; nothing has been written then.
    pub async fn prepare(&self, request: &Request) -> Result<Prepared, ReleaseError> {
        let open = open_record(&self.records, &self.train)?;
        if let Some((record, _)) = open.as_ref().filter(|(record, _)| record.departed) {
            if !matches(record, request) {
                return Err(ReleaseError::OtherOpen { version: record.version.clone() });
            }
            let plan = read_plan(&self.state, record)?;
            return Ok(Prepared { plan, resumed: true, supersedes: None, open });
        }
        let (_, train) = self.config.train(Some(&self.train))?;
        let record = open.as_ref().map(|(record, _)| record);
        let mut world = observe(self.context, self.config, &self.train, train, request, record).await?;
        let planned = plan_again(self.config, &self.train, train, &mut world, record)?;
        let same = record.is_some_and(|record| record.plan == planned.plan.digest());
        let plan = planned.cleared()?;
        let (supersedes, open) = if same { (None, open) } else { (open, None) };
        Ok(Prepared { plan, resumed: same, supersedes, open })
    }

    /// The open release, prepared to go on.
    ///
    /// # Errors
    /// None is open, or it never left this machine and something stands against it now.
    pub async fn prepare_resume(&self) -> Result<Prepared, ReleaseError> {
        let (record, _) = open_record(&self.records, &self.train)?.ok_or(ReleaseError::NoneOpen)?;
        let request = match record.kind {
            Some(kind) => Request::Kind(kind),
            None => Request::Version(record.version.clone()),
        };
        let prepared = self.prepare(&request).await?;
        if prepared.plan.version != record.version {
            return Err(ReleaseError::Overtaken { begun: record.version, now: prepared.plan.version });
        }
        Ok(prepared)
    }

    /// Carries a plan out.
    ///
    /// # Errors
    /// The first step that fails. Everything before it stays done, and running again goes on from there.
    pub async fn apply(&self, prepared: Prepared, selection: &Selection) -> Result<Report, ReleaseError> {
        let Prepared { plan, resumed, supersedes, open } = prepared;
        let chosen = selection.choose(&plan)?;
        let git = self.context.git(&self.context.root);
        let remote_url = self.repository.remote_url(&plan.remote)?;
        let forge = match self.context.forge(self.config, remote_url.as_deref()) {
            Ok(access) if access.credential.is_some() => Some(access.connect(self.context.client())),
            _ => None,
        };
        self.same_places(&plan)?;
        self.keep_plan(&plan)?;
        let (record, revision) = match open {
            Some((record, revision)) => (record, Some(revision)),
            None => self.give_way(&plan, supersedes)?,
        };
        let journal = Journal::open(&self.state.join("journal"), &plan.train, &plan.version)
            .map_err(|source| ReleaseError::File { path: "journal".to_owned(), source })?;
        let mut run = Run {
            context: self.context,
            config: self.config,
            plan: &plan,
            repository: self.repository.clone(),
            git,
            state: self.state.clone(),
            records: self.records.clone(),
            record,
            revision,
            journal,
            store: Store::new(&self.state.join("store")),
            forge,
            current: None,
        };
        let mut steps = Vec::new();
        let ended = self.carry_out(&mut run, &chosen, resumed, &mut steps).await;
        let exit = match &ended {
            Ok(exit) => *exit,
            Err((_, error)) => error.exit(),
        };
        if !self.context.fuse.blown() {
            // The journal explains; failing to say how a run ended is no reason to call it failed.
            drop(run.journal(&Entry::Close { outcome: exit.to_string() }));
        }
        ended.map_err(|(step, source)| ReleaseError::Step { step, source: Box::new(source) })?;
        Ok(Report { version: plan.version.clone(), exit, steps })
    }

    async fn carry_out(
        &self,
        run: &mut Run<'_>,
        chosen: &BTreeSet<StepId>,
        resumed: bool,
        steps: &mut Vec<StepReport>,
    ) -> Result<Exit, (StepId, StepError)> {
        let outside = |error: StepError| (StepId::new("record"), error);
        run.record.lease.counter += 1;
        run.record.lease.holder.clone_from(&self.context.user);
        run.save().map_err(outside)?;
        let entry = Entry::Run { command: self.context.command.clone(), lease: run.record.lease.counter };
        run.journal(&entry).map_err(outside)?;
        self.context.reporter.report(&Event::Started {
            project: run.plan.project.clone(),
            version: run.plan.version.clone(),
            steps: run.plan.steps.len(),
            resumed,
        });
        run.steps(chosen, steps).await?;
        let open =
            steps.iter().any(|step| !matches!(step.outcome, StepOutcome::Done | StepOutcome::AlreadyDone));
        if !open {
            run.record.state = State::Closed(self.context.today.to_string());
            run.save().map_err(outside)?;
            // A killed run may have left its work tree behind; what cannot be removed is only disk space.
            let leftover = run.scratch("commit");
            if leftover.exists() {
                drop(run.git.remove_worktree(&leftover));
            }
            drop(std::fs::remove_dir_all(self.state.join("work")));
            return Ok(Exit::Done);
        }
        // A partial run is done when everything that was chosen is.
        let unfinished =
            |step: &&StepReport| !matches!(step.outcome, StepOutcome::Done | StepOutcome::AlreadyDone);
        let missed = steps.iter().filter(unfinished).any(|step| chosen.contains(&step.id));
        Ok(if missed { Exit::Incomplete } else { Exit::Done })
    }

    /// Whether remote, forge and destinations are those that the plan was made for.
    fn same_places(&self, plan: &Plan) -> Result<(), ReleaseError> {
        let destinations = plan.places.keys().filter_map(|name| name.strip_prefix("destination "));
        let remote_url = self.repository.remote_url(&plan.remote)?;
        let here = crate::observe::places(self.context, self.config, remote_url.as_deref(), destinations);
        for (what, planned) in &plan.places {
            // What cannot be found here at all fails in the step that needs it, where there is one left.
            let Some(found) = here.get(what) else { continue };
            let plain = |text: &str| text.trim_end_matches('/').trim_end_matches(".git").to_owned();
            if plain(found) != plain(planned) {
                return Err(ReleaseError::Elsewhere {
                    what: what.clone(),
                    planned: planned.clone(),
                    here: found.clone(),
                });
            }
        }
        Ok(())
    }

    fn keep_plan(&self, plan: &Plan) -> Result<(), ReleaseError> {
        let path = plan_path(&self.state, &plan.digest());
        write_durably(&path, plan.to_json().as_bytes())
            .map_err(|source| ReleaseError::File { path: path.display().to_string(), source })
    }

    /// A new record. One that it supersedes never left this machine: its local tag goes, decisions of people stay.
    fn give_way(
        &self,
        plan: &Plan,
        supersedes: Option<(Record, Revision)>,
    ) -> Result<(Record, Option<Revision>), ReleaseError> {
        let mut record = Record::open(plan, &self.context.user);
        let Some((mut old, revision)) = supersedes else {
            // A dropped or closed record of the same version may be there: this one takes its place.
            let stored = self.records.load(&plan.train, &plan.version)?;
            return Ok((record, stored.map(|(_, revision)| revision)));
        };
        self.drop_tag(&old)?;
        let what = if old.version == plan.version { "planned anew" } else { "given up" };
        let text = format!("release {} had begun and nothing had left this machine: {what}", old.version);
        self.context.reporter.report(&Event::Note { text });
        record.lease.counter = old.lease.counter;
        if old.version == plan.version {
            record.bindings = self.still_valid(plan, &old);
            record.gates = old.gates;
            // What people saw does not exist any more; what they waived stays waived.
            record.gates.retain(|_, decision| decision.verdict == Verdict::Waived);
            record.once = old.once;
            return Ok((record, Some(revision)));
        }
        old.state = State::Dropped(format!("superseded by {}", plan.version));
        self.records.save(&old, Some(&revision))?;
        let stored = self.records.load(&plan.train, &plan.version)?;
        Ok((record, stored.map(|(_, revision)| revision)))
    }

    /// The bindings of steps that both plans have, with the same action and on the same ground.
    fn still_valid(&self, plan: &Plan, old: &Record) -> BTreeMap<String, Value> {
        let Ok(before) = read_plan(&self.state, old) else { return BTreeMap::new() };
        if before.base != plan.base {
            return BTreeMap::new();
        }
        let mut same: BTreeSet<&StepId> = BTreeSet::new();
        for step in &plan.steps {
            let earlier = before.step(&step.id).is_some_and(|earlier| earlier.action == step.action);
            if earlier && step.needs.iter().all(|need| same.contains(need)) {
                same.insert(&step.id);
            }
        }
        let kept = |key: &str| {
            key.rsplit_once('.').is_some_and(|(step, _)| same.iter().any(|id| id.as_str() == step))
        };
        old.bindings
            .iter()
            .filter(|(key, _)| kept(key))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    }

    fn drop_tag(&self, old: &Record) -> Result<(), ReleaseError> {
        let Ok(plan) = read_plan(&self.state, old) else { return Ok(()) };
        let Some(tag) = self.repository.tag(&plan.tag)? else { return Ok(()) };
        // Only what we certainly made: by its object, or by a commit that nobody else has.
        let object = old.text("tag", "object") == Some(tag.tag.object.as_str());
        let commit = old.commits && old.made_tag(&plan.tag, &tag.tag.commit);
        if object || commit {
            self.context.git(&self.context.root).delete_tag(&plan.tag, &tag.tag.object)?;
        }
        Ok(())
    }
}
