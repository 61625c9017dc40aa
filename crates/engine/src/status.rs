//! Where a project stands, at a glance.

use serde::Serialize;
use tminus_vcs::Repository;
use tminus_versioning::{ReleaseVersion, TagVariables};

use crate::ReleaseError;
use crate::config::Config;
use crate::context::Context;
use crate::plan::{Action, Class, Plan};
use crate::record::{FileRecords, Once, RecordStore as _, State, Verdict};

/// Where a train stands. Read from this repository alone: no network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// The project.
    pub project: String,
    /// The train.
    pub train: String,
    /// The branch that is checked out.
    pub branch: Option<String>,
    /// Every version site with what it states, or what is wrong.
    pub sites: Vec<SiteStatus>,
    /// The last final release, by version.
    pub last_release: Option<String>,
    /// Commits since then that tminus did not make.
    pub unreleased: usize,
    /// The newest of them.
    pub newest: Vec<String>,
    /// Changed files that are not committed.
    pub changed: usize,
    /// The release on its way.
    pub open: Option<OpenStatus>,
    /// The last release that tminus carried out here.
    pub closed: Option<String>,
}

/// A version site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SiteStatus {
    /// File and line.
    pub place: String,
    /// What it states.
    pub version: Option<String>,
    /// What is wrong.
    pub problem: Option<String>,
}

/// A release on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenStatus {
    /// Its version.
    pub version: String,
    /// The day it was begun.
    pub opened: String,
    /// Whether others can see it already.
    pub departed: bool,
    /// What people decided, and what waits for them.
    pub gates: Vec<GateStatus>,
}

/// A gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GateStatus {
    /// Its name.
    pub name: String,
    /// How it stands, in words.
    pub state: String,
}

const NEWEST: usize = 5;

/// Where the train stands.
///
/// # Errors
/// No repository, no such train, a record that cannot be read.
pub fn status(context: &Context, config: &Config, train: Option<&str>) -> Result<Status, ReleaseError> {
    let (name, train) = config.train(train)?;
    let repository = Repository::open(&context.root)?;
    let head = repository.head()?;
    let commit = head.commit.clone();
    let sites = match &commit {
        Some(commit) => crate::observe::sites(&repository, commit, config, name)?,
        None => Vec::new(),
    };
    let state = Context::state_dir(&repository);
    let records = FileRecords::new(&state.join("records")).all(name)?;
    let open = records.iter().map(|(record, _)| record).find(|record| record.is_open());
    let begun = open.filter(|record| !record.departed);
    let patterns = crate::tags::of_train(&train.tag.name, train.scheme, &TagVariables::default()).ok();
    let last = repository
        .tags()?
        .into_iter()
        // A tag of a release that nobody else can see yet is no release.
        .filter(|tag| begun.is_none_or(|record| !record.made_tag(&tag.name, &tag.commit)))
        .filter_map(|tag| {
            let version = crate::tags::version(patterns.as_ref()?, tag.name.as_str())?;
            version.is_final().then_some((version, tag))
        })
        .max_by(|(one, _), (other, _)| one.cmp(other));
    let since = last.as_ref().map(|(_, tag)| tag.commit.clone());
    let unreleased = match &commit {
        Some(commit) => crate::observe::unreleased(&repository, commit, since.as_ref())?,
        None => Vec::new(),
    };
    let theirs: Vec<_> = unreleased.iter().filter(|commit| !commit.ours).collect();
    let closed = records
        .iter()
        .filter(|(record, _)| matches!(record.state, State::Closed(_)))
        .map(|(record, _)| record.version.clone())
        .max_by_key(|version| ReleaseVersion::parse_public(train.scheme, version).ok());
    Ok(Status {
        project: config.name().to_owned(),
        train: name.to_owned(),
        branch: head.branch.map(|branch| branch.to_string()),
        sites: sites
            .into_iter()
            .map(|site| match site.stated {
                Ok((line, text)) => {
                    SiteStatus { place: format!("{}:{line}", site.path), version: Some(text), problem: None }
                }
                Err(problem) => SiteStatus { place: site.path, version: None, problem: Some(problem) },
            })
            .collect(),
        last_release: last.map(|(version, _)| version.to_string()),
        unreleased: theirs.len(),
        newest: theirs
            .iter()
            .take(NEWEST)
            .map(|commit| format!("{} {}", commit.id.short(), commit.subject))
            .collect(),
        changed: repository.status()?.changed.len(),
        open: open.map(|record| OpenStatus {
            version: record.version.clone(),
            opened: record.opened.clone(),
            departed: record.departed,
            gates: crate::release::plan_of(&state, record)
                .map(|plan| gates(&plan, record))
                .unwrap_or_default(),
        }),
        closed,
    })
}

fn gates(plan: &Plan, record: &crate::record::Record) -> Vec<GateStatus> {
    let mut gates = Vec::new();
    for step in &plan.steps {
        match &step.action {
            Action::Gate { name, .. } => {
                let state = match record.gates.get(name) {
                    Some(decision) => {
                        let word = if decision.verdict == Verdict::Waived { "waived" } else { "passed" };
                        format!("{word} by {} on {}", decision.by, decision.on)
                    }
                    None => "open".to_owned(),
                };
                gates.push(GateStatus { name: name.clone(), state });
            }
            _ if step.class == Class::Once => {
                let state = match record.once.get(&step.id) {
                    None => "not sent",
                    Some(Once::Begun) => "begun, outcome unknown",
                    Some(Once::Ended) => "sent",
                };
                gates.push(GateStatus { name: step.id.to_string(), state: state.to_owned() });
            }
            _ => {}
        }
    }
    for (name, decision) in &record.gates {
        if decision.verdict == Verdict::Waived && !gates.iter().any(|gate| gate.name == *name) {
            let why = decision.why.clone().unwrap_or_default();
            gates.push(GateStatus {
                name: name.clone(),
                state: format!("waived by {} on {}: {why}", decision.by, decision.on),
            });
        }
    }
    gates
}
