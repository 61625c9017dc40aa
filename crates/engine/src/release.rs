//! A release from the outside: prepare, look, apply; resume; gates.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;
use tminus_policy::Outcome;
use tminus_vcs::{GitError, MINIMUM_GIT, Repository, RepositoryError};

use crate::Exit;
use crate::apply::{Run, StepError, StepReport, people};
use crate::config::{Config, ConfigError, FILE_NAME, TrainError};
use crate::context::Context;
use crate::events::{Event, StepOutcome};
use crate::files::{file_name, write_durably};
use crate::journal::{Entry, Journal};
use crate::lock::{Holder, Lock, LockError};
use crate::observe::{ObserveError, observe};
use crate::plan::{
    Action, Finding, Plan, PlanFileError, Planned, Refusal, Request, Selection, SelectionError, StepId, plan,
};
use crate::record::{
    Decision, FileRecords, Once, Record, RecordError, RecordStore as _, Revision, State, Verdict,
};
use crate::store::Store;

/// Why a command of the engine did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReleaseError {
    /// tminus.toml.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// tminus.toml is not there.
    #[error("there is no {FILE_NAME} in {dir}")]
    NoConfig {
        /// Where it was looked for.
        dir: String,
    },
    /// The configuration cannot be read.
    #[error("{path}: {source}")]
    ConfigFile {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A train that cannot be chosen.
    #[error(transparent)]
    Train(#[from] TrainError),
    /// The repository.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
    /// git.
    #[error(transparent)]
    Git(#[from] GitError),
    /// The world could not be looked at.
    #[error(transparent)]
    Observe(#[from] ObserveError),
    /// Something stands against it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The lock.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// A record.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A plan file.
    #[error("{path}: {source}")]
    Plan {
        /// The file.
        path: String,
        /// What is wrong with it.
        source: PlanFileError,
    },
    /// Another release is on its way.
    #[error("release {version} is on its way and has left this machine; it comes first")]
    OtherOpen {
        /// Its version.
        version: String,
    },
    /// What was begun is not what would be released now.
    #[error(
        "release {begun} had begun and nothing has left this machine; since then the project has moved on, and what follows now is {now}"
    )]
    Overtaken {
        /// The version that was begun.
        begun: String,
        /// The version that would be released now.
        now: String,
    },
    /// The addresses that a plan rests on are others here.
    #[error("{what} of this release is {planned}, and here it is {here}")]
    Elsewhere {
        /// What.
        what: String,
        /// As the plan has it.
        planned: String,
        /// As it is here.
        here: String,
    },
    /// There is nothing to go on with.
    #[error("no release is on its way")]
    NoneOpen,
    /// No such gate.
    #[error("release {version} has no gate, precondition or once-step `{name}` (it has: {known})")]
    NoGate {
        /// The name.
        name: String,
        /// The version.
        version: String,
        /// The names there are.
        known: String,
    },
    /// A gate action that does not fit what it is about.
    #[error("{0}")]
    GateMisfit(String),
    /// A selector.
    #[error(transparent)]
    Selection(#[from] SelectionError),
    /// A step.
    #[error("{step}: {source}")]
    Step {
        /// Which.
        step: StepId,
        /// What happened.
        source: Box<StepError>,
    },
}

impl ReleaseError {
    /// The exit code that this leads to.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Config(_)
            | Self::ConfigFile { .. }
            | Self::NoConfig { .. }
            | Self::Train(_)
            | Self::Plan { .. }
            | Self::Selection(_)
            | Self::NoGate { .. }
            | Self::GateMisfit(_) => Exit::Usage,
            Self::Observe(error) => error.exit(),
            Self::Refused(refusal) => refusal.exit(),
            Self::Step { source, .. } => source.exit(),
            Self::File { .. }
            | Self::Repository(_)
            | Self::Git(_)
            | Self::Lock(_)
            | Self::Record(_)
            | Self::OtherOpen { .. }
            | Self::Overtaken { .. }
            | Self::Elsewhere { .. }
            | Self::NoneOpen => Exit::NoGo,
        }
    }

    /// What to do about it, a line each.
    pub fn remedies(&self) -> Vec<String> {
        match self {
            Self::NoConfig { .. } => vec!["`tminus init` writes one".to_owned()],
            Self::OtherOpen { version } => vec![
                format!("`tminus resume` finishes {version}"),
                "a step that cannot be finished is given up by `tminus gate waive STEP --why \"…\"`"
                    .to_owned(),
            ],
            Self::Overtaken { .. } => vec!["`tminus release KIND` begins what follows now".to_owned()],
            Self::Elsewhere { .. } => {
                vec!["a release goes on where it began: set the same addresses in the environment or your files".to_owned()]
            }
            Self::NoneOpen => vec!["`tminus release minor` begins one".to_owned()],
            Self::Lock(LockError::Held { .. } | LockError::HeldByUnknown) => {
                vec!["wait until it has ended".to_owned()]
            }
            Self::Step { step, source } if source.exit() == Exit::Conflict => {
                vec![
                    source.remedy(),
                    format!(
                        "or give this step up: `tminus gate waive {step} --why \"…\"`, then `tminus resume`"
                    ),
                ]
            }
            Self::Step { source, .. } => vec![source.remedy()],
            Self::Observe(error) if error.exit() == Exit::World => {
                vec!["nothing was changed; safe to run again".to_owned()]
            }
            _ => Vec::new(),
        }
    }
}

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

/// What a person decides about a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GateAction {
    /// It is done: a gate is passed, a once-step of unknown outcome was sent.
    Pass,
    /// It is not, and the release goes on.
    Waive,
    /// Forget the decision; a once-step of unknown outcome was not sent and may be tried again.
    Retry,
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
    let text = match std::fs::read_to_string(&file) {
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
    let world = observe(context, config, name, train, request, open.as_ref()).await?;
    let mut planned = plan(config, name, train, &world, open.as_ref())?;
    preconditions(context, config, &repository, open.as_ref(), &mut planned).await?;
    Ok(planned)
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
        let asked = people::verdict(forge.as_ref(), repository, requirement).await;
        let verdict =
            asked.map_err(|source| ReleaseError::Step { step: step.id.clone(), source: Box::new(source) })?;
        let verdict = match open {
            Some(record) => people::waived(verdict, record, context.today),
            None => verdict,
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
        // A release that was begun keeps the day it was begun on, as long as nothing else has changed.
        let today = world.date;
        world.date = record.and_then(|record| record.opened.parse().ok()).unwrap_or(today);
        let mut planned = plan(self.config, &self.train, train, &world, record)?;
        let mut same = record.is_some_and(|record| record.plan == planned.plan.digest());
        if !same && world.date != today {
            world.date = today;
            planned = plan(self.config, &self.train, train, &world, record)?;
            same = record.is_some_and(|record| record.plan == planned.plan.digest());
        }
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
            departing: false,
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
            let found = here.get(what).map_or("not known", String::as_str);
            if found != planned {
                return Err(ReleaseError::Elsewhere {
                    what: what.clone(),
                    planned: planned.clone(),
                    here: found.to_owned(),
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
        if old.made_tag(&plan.tag, &tag.tag.commit) {
            self.context.git(&self.context.root).delete_tag(&plan.tag, &tag.tag.object)?;
        }
        Ok(())
    }

    /// Records what a person decides.
    ///
    /// # Errors
    /// No release is open, or it has nothing of that name.
    pub fn gate(&self, action: GateAction, name: &str, why: Option<&str>) -> Result<String, ReleaseError> {
        let (mut record, revision) =
            open_record(&self.records, &self.train)?.ok_or(ReleaseError::NoneOpen)?;
        let plan = read_plan(&self.state, &record)?;
        let gates = Gates::of(&plan);
        let version = record.version.clone();
        let once = StepId::new(name);
        let said = if gates.once.contains(&once) {
            match (action, record.once.get(&once)) {
                (GateAction::Pass, Some(Once::Begun)) | (GateAction::Waive, _) => {
                    record.once.insert(once, Once::Ended);
                    format!("{name} of {version} counts as sent")
                }
                (GateAction::Retry, Some(Once::Begun)) => {
                    record.once.remove(&once);
                    format!("{name} of {version} will be sent when the release goes on")
                }
                (GateAction::Pass | GateAction::Retry, _) => {
                    let text = format!("{name} of {version} is not in doubt: there is nothing to settle");
                    return Err(ReleaseError::GateMisfit(text));
                }
            }
        } else if gates.people.iter().any(|gate| gate == name) {
            if action == GateAction::Pass && !record.asked.contains(name) {
                return Err(ReleaseError::GateMisfit(format!(
                    "the gate `{name}` of {version} is not reached yet: what it is about does not exist"
                )));
            }
            self.decide(&mut record, action, name, why)
        } else if gates.requirements.iter().any(|gate| gate == name) {
            if action == GateAction::Pass {
                let text = format!(
                    "`{name}` is a precondition: it holds or it is waived, with a reason: `tminus gate waive {name} --why \"…\"`"
                );
                return Err(ReleaseError::GateMisfit(text));
            }
            if action == GateAction::Waive && why.is_none_or(|why| why.trim().is_empty()) {
                return Err(ReleaseError::GateMisfit(format!(
                    "waiving `{name}` needs a reason: --why \"…\""
                )));
            }
            self.decide(&mut record, action, name, why)
        } else if plan.step(&once).is_some() {
            // Any step may be given up by a named person with a reason, so that no release is stuck for good.
            if action == GateAction::Pass {
                let text = format!(
                    "`{name}` is a step: the world says whether it is done; `tminus gate waive {name} --why \"…\"` gives it up"
                );
                return Err(ReleaseError::GateMisfit(text));
            }
            if action == GateAction::Waive && why.is_none_or(|why| why.trim().is_empty()) {
                return Err(ReleaseError::GateMisfit(format!(
                    "giving up `{name}` needs a reason: --why \"…\""
                )));
            }
            self.decide(&mut record, action, name, why)
        } else {
            return Err(ReleaseError::NoGate { name: name.to_owned(), version, known: gates.known() });
        };
        self.records.save(&record, Some(&revision))?;
        Ok(said)
    }

    fn decide(&self, record: &mut Record, action: GateAction, name: &str, why: Option<&str>) -> String {
        let version = record.version.clone();
        let (verdict, word) = match action {
            GateAction::Pass => (Verdict::Passed, "passed"),
            GateAction::Waive => (Verdict::Waived, "waived"),
            GateAction::Retry => {
                record.gates.remove(name);
                return format!("{name} of {version} is open again");
            }
        };
        let decision = Decision {
            verdict,
            by: self.context.user.clone(),
            on: self.context.today.to_string(),
            why: why.map(str::to_owned),
        };
        record.gates.insert(name.to_owned(), decision);
        format!("{name} of {version} is {word} by {}", self.context.user)
    }
}

/// What people can decide about in a plan.
struct Gates {
    people: Vec<String>,
    requirements: Vec<String>,
    once: Vec<StepId>,
}

impl Gates {
    fn of(plan: &Plan) -> Self {
        use crate::plan::Class;
        let mut gates = Self { people: Vec::new(), requirements: Vec::new(), once: Vec::new() };
        for step in &plan.steps {
            match &step.action {
                Action::Gate { name, .. } => gates.people.push(name.clone()),
                Action::Require { requirement } => gates.requirements.push(requirement.name().to_owned()),
                _ if step.class == Class::Once => gates.once.push(step.id.clone()),
                _ => {}
            }
        }
        gates
    }

    fn known(&self) -> String {
        let once = self.once.iter().map(StepId::as_str);
        let all: Vec<_> =
            self.people.iter().chain(&self.requirements).map(String::as_str).chain(once).collect();
        if all.is_empty() { "none".to_owned() } else { all.join(", ") }
    }
}
