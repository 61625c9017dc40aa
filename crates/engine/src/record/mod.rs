//! The release record: what a release has decided and learnt so far.
//!
//! Apply writes it before it does anything else. It is one small document behind compare-and-swap
//! ([`RecordStore`]), so that it can live in a file today and in a git ref tomorrow. It is shared truth; the
//! [journal](crate::journal) is a log that may be lost.

mod file;

pub use file::FileRecords;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tminus_vcs::{BranchName, CommitId, TagName};

use crate::config::ReleaseKind;
use crate::plan::{Input, Plan, StepId};

/// The version of the record's format.
pub const FORMAT: u32 = 1;

/// One release on its way out, or out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// [`FORMAT`].
    pub format: u32,
    /// The train.
    pub train: String,
    /// What was asked for.
    pub kind: Option<ReleaseKind>,
    /// The version.
    pub version: String,
    /// The tag that it makes.
    pub tag: TagName,
    /// The branch.
    pub branch: BranchName,
    /// The commit that it started from.
    pub base: CommitId,
    /// [`Plan::digest`] of the plan that is carried out.
    pub plan: String,
    /// The day it was opened.
    pub opened: String,
    /// Whether it is still open.
    pub state: State,
    /// Whether something that others can see has begun. From then on the plan is fixed.
    pub departed: bool,
    /// The irreversible steps that have begun.
    #[serde(default)]
    pub begun: BTreeSet<StepId>,
    /// Whether the plan makes a commit; if not, it releases the base.
    pub commits: bool,
    /// Outputs of steps, by `step.name`. Bound once.
    pub bindings: BTreeMap<String, Value>,
    /// What people decided, by gate.
    pub gates: BTreeMap<String, Decision>,
    /// Gates that a run has come to: only these can be passed.
    #[serde(default)]
    pub asked: BTreeSet<String>,
    /// Where the once-steps stand.
    pub once: BTreeMap<StepId, Once>,
    /// Who carries it out. The counter grows with every taking.
    pub lease: Lease,
}

/// Whether a release is still on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It is.
    Open,
    /// Everything is done, since that day.
    Closed(String),
    /// Given up before anything left this machine; the reason.
    Dropped(String),
}

/// What a person decided about a gate or a precondition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Passed or waived.
    pub verdict: Verdict,
    /// Who.
    pub by: String,
    /// On which day.
    pub on: String,
    /// Why, where it was said.
    pub why: Option<String>,
}

/// The kinds of decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It is done, or it is good.
    Passed,
    /// It is not, and the release goes on.
    Waived,
}

/// Where a once-step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Once {
    /// Begun; whether it ended is not known.
    Begun,
    /// Known to have ended.
    Ended,
}

/// Who carries the release out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lease {
    /// The fencing counter: a run whose counter is not the record's has lost the lease.
    pub counter: u64,
    /// Who, for people.
    pub holder: String,
}

impl Record {
    /// The record of a release that is about to begin.
    pub fn open(plan: &Plan, holder: &str) -> Self {
        Self {
            format: FORMAT,
            train: plan.train.clone(),
            kind: plan.kind,
            version: plan.version.clone(),
            tag: plan.tag.clone(),
            branch: plan.branch.clone(),
            base: plan.base.clone(),
            plan: plan.digest(),
            opened: plan.date.clone(),
            state: State::Open,
            departed: false,
            begun: BTreeSet::new(),
            commits: plan.step(&StepId::new("commit")).is_some(),
            bindings: BTreeMap::new(),
            gates: BTreeMap::new(),
            asked: BTreeSet::new(),
            once: BTreeMap::new(),
            lease: Lease { counter: 0, holder: holder.to_owned() },
        }
    }

    /// Whether it is still open.
    pub fn is_open(&self) -> bool {
        self.state == State::Open
    }

    /// Whether a tag of that name at that commit is the one that this release makes.
    pub fn made_tag(&self, name: &TagName, commit: &CommitId) -> bool {
        let released = match self.text("commit", "id") {
            Some(id) => id,
            None if self.commits => return false,
            None => self.base.as_str(),
        };
        *name == self.tag && commit.as_str() == released
    }

    /// The output `name` of `step`.
    pub fn output(&self, step: &str, name: &str) -> Option<&Value> {
        self.bindings.get(&format!("{step}.{name}"))
    }

    /// The output `name` of `step`, where it is text.
    pub fn text(&self, step: &str, name: &str) -> Option<&str> {
        self.output(step, name).and_then(Value::as_str)
    }

    /// What an input stands for, `None` where its step has not bound it yet.
    pub fn resolve(&self, input: &Input) -> Option<Value> {
        match input.reference() {
            Some((step, name)) => self.output(step, name).cloned(),
            None => Some(Value::String(input.as_str().to_owned())),
        }
    }
}

/// What a store says of a stored record's state; a later save names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision(pub String);

/// Where records are kept. Saving is compare-and-swap: two writers cannot both win.
pub trait RecordStore: Send + Sync {
    /// The record of one version, and its revision.
    fn load(&self, train: &str, version: &str) -> Result<Option<(Record, Revision)>, RecordError>;

    /// Every record of a train, unordered.
    fn all(&self, train: &str) -> Result<Vec<(Record, Revision)>, RecordError>;

    /// Saves `record`. `expected` is the revision it was changed from; `None` for a new one.
    ///
    /// # Errors
    /// [`RecordError::Lost`] when somebody else saved in between.
    fn save(&self, record: &Record, expected: Option<&Revision>) -> Result<Revision, RecordError>;
}

/// A record that cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// The file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The file is no record.
    #[error("{path} is no release record: {source}; move it away to start over")]
    Malformed {
        /// The file.
        path: String,
        /// Why.
        source: serde_json::Error,
    },
    /// Somebody else saved in between.
    #[error("the record of {version} was changed by another run")]
    Lost {
        /// The version.
        version: String,
    },
    /// The record was written by another version of tminus.
    #[error("the record of {version} has format {found}, this tminus reads {FORMAT}")]
    Format {
        /// The version.
        version: String,
        /// Its format.
        found: u32,
    },
}
