//! What a run tells while it goes on. Libraries do not print; whoever runs the engine renders these.

use serde::Serialize;

use crate::plan::StepId;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Event {
    /// A release began or goes on.
    Started {
        /// The project.
        project: String,
        /// The version.
        version: String,
        /// How many steps the plan has.
        steps: usize,
        /// Whether an earlier run began it.
        resumed: bool,
    },
    /// A step acts now.
    Performing {
        /// Which.
        step: StepId,
        /// What it does.
        what: String,
    },
    /// Something that a waiting or working step has to say.
    Progress {
        /// Which.
        step: StepId,
        /// What.
        text: String,
    },
    /// A step has ended, or did not need to begin.
    Finished {
        /// Which.
        step: StepId,
        /// What it does.
        what: String,
        /// How.
        outcome: StepOutcome,
        /// What there is to say about it.
        detail: String,
    },
    /// Something that a reader should know.
    Note {
        /// What.
        text: String,
    },
    /// The run has ended.
    Ended {
        /// The exit code.
        code: u8,
        /// In a sentence.
        summary: String,
    },
}

/// How a step stands at the end of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepOutcome {
    /// This run did it.
    Done,
    /// It was done before.
    AlreadyDone,
    /// It waits for a person or for time.
    Waiting,
    /// It waits for a step that is not done.
    Blocked,
    /// It was left out by `--only`, `--from` or `--skip`.
    LeftOut,
    /// It failed.
    Failed,
}

/// Where events go.
pub trait Reporter: Send + Sync {
    /// Takes an event.
    fn report(&self, event: &Event);
}

/// Nowhere.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Reporter for Silent {
    fn report(&self, _: &Event) {}
}
