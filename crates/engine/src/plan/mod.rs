//! What a release will do, as data.
//!
//! A plan is the file format as well as the value: it is written, reviewed and applied unchanged, so these types
//! serialise as they are and [`FORMAT`] changes when they do. The same configuration, observed world and date give
//! the same bytes.

mod action;
mod build;
mod findings;
mod render;
mod select;
mod target;

pub use action::{Action, Class, Find, Input, PlannedEdit, Requirement, Step, StepId};
pub(crate) use build::edits_by_file;
pub use build::{Planned, plan};
pub use findings::{Finding, Refusal};
pub use render::{markdown, text};
pub use select::{Selection, SelectionError};
pub(crate) use target::last_release;
pub use target::{Request, Target, target};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tminus_vcs::{BranchName, CommitId, RemoteName, TagName};

use crate::config::ReleaseKind;

/// The version of the plan file format.
pub const FORMAT: u32 = 2;

/// A planned release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// [`FORMAT`].
    pub format: u32,
    /// The project.
    pub project: String,
    /// The train.
    pub train: String,
    /// What was asked for; `None` where a version was named.
    pub kind: Option<ReleaseKind>,
    /// The version, as the train spells it.
    pub version: String,
    /// The release before this one.
    pub previous: Option<String>,
    /// The tag.
    pub tag: TagName,
    /// The remote.
    pub remote: RemoteName,
    /// The branch that is released.
    pub branch: BranchName,
    /// The commit that the release starts from.
    pub base: CommitId,
    /// The day of the plan.
    pub date: String,
    /// Where it goes: remote, forge, each destination, without credentials. A run that would go elsewhere is refused.
    pub places: BTreeMap<String, String>,
    /// The steps, in an order in which they can be carried out.
    pub steps: Vec<Step>,
    /// What a release of this kind could have and this one has not, with the reason.
    pub not_applicable: Vec<NotApplicable>,
    /// What a reader should know.
    pub notes: Vec<String>,
}

/// A step that this plan does without.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotApplicable {
    /// What.
    pub what: String,
    /// Why not.
    pub why: String,
}

impl Plan {
    /// The plan as a file: JSON, a final newline, the same bytes for the same plan.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Reads a plan file.
    ///
    /// # Errors
    /// Text that is no plan, or one of another format.
    pub fn from_json(text: &str) -> Result<Self, PlanFileError> {
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let Format { format } = serde_json::from_str(text).map_err(PlanFileError::Malformed)?;
        if format != FORMAT {
            return Err(PlanFileError::Format { found: format });
        }
        serde_json::from_str(text).map_err(PlanFileError::Malformed)
    }

    /// SHA-256 of [`Plan::to_json`], in hexadecimal: the plan's identity.
    pub fn digest(&self) -> String {
        crate::store::hex(&Sha256::digest(self.to_json().as_bytes()))
    }

    /// The step of that name.
    pub fn step(&self, id: &StepId) -> Option<&Step> {
        self.steps.iter().find(|step| &step.id == id)
    }
}

/// A plan file that cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanFileError {
    /// No plan.
    #[error("not a plan: {0}")]
    Malformed(serde_json::Error),
    /// Another format.
    #[error("the plan has format {found}, this tminus reads format {FORMAT}: plan again")]
    Format {
        /// What it has.
        found: u32,
    },
}

#[cfg(test)]
pub(crate) mod fixtures;
#[cfg(test)]
mod tests;
