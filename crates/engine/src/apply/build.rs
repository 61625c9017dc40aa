//! Building once: what came out is inspected, stored and bound before anything leaves this machine.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tminus_registry::pypi::{ProjectName, inspect};
use tminus_versioning::{ReleaseVersion, pep440};

use super::{Probe, Run, StepError};
use crate::build::{BuildRequest, BuiltFile};
use crate::plan::{Action, StepId};
use crate::record::Record;

/// An artifact as the record has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedArtifact {
    /// Its file name.
    pub filename: String,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
}

/// What the record knows of a package's artifacts.
pub fn artifacts_of(record: &Record, package: &str) -> Vec<RecordedArtifact> {
    let value = record.output(&format!("build:{package}"), "artifacts").cloned();
    value.and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default()
}

impl Run<'_> {
    /// Done where every recorded artifact is in the store; what was published and lost here is fetched back.
    pub(super) async fn probe_build(&mut self, _: &StepId, package: &str) -> Result<Probe, StepError> {
        let recorded = artifacts_of(&self.record, package);
        if recorded.is_empty() {
            return Ok(Probe::ToDo);
        }
        let mut lost = Vec::new();
        for artifact in &recorded {
            if self.stored(&artifact.sha256)?.is_none() {
                lost.push(artifact);
            }
        }
        if !lost.is_empty() && !self.adopt(package, &lost).await? {
            return Ok(Probe::ToDo);
        }
        Ok(Probe::Done(
            recorded.iter().map(|artifact| artifact.filename.as_str()).collect::<Vec<_>>().join(", "),
        ))
    }

    /// Fetches lost artifacts from where they were published. False where one of them was not.
    async fn adopt(&self, package: &str, lost: &[&RecordedArtifact]) -> Result<bool, StepError> {
        if !self.record.departed {
            return Ok(false);
        }
        let destinations = self.plan.steps.iter().filter_map(|step| match &step.action {
            Action::Publish { package: other, destination, .. } if other == package => Some(destination),
            _ => None,
        });
        let mut missing = lost.to_vec();
        for destination in destinations {
            let (index, name) = self.index(destination, package)?;
            let listing = index.listing(&name).await?;
            let mut left = Vec::new();
            for artifact in missing {
                let same = match listing.file(&artifact.filename) {
                    Some(file) if index.sha256_of(file).await?.to_string() == artifact.sha256 => Some(file),
                    _ => None,
                };
                match same {
                    Some(file) => {
                        self.progress(format!("fetching {} back from {destination}", artifact.filename));
                        let bytes = index.download(file).await?;
                        self.store.put(&bytes).map_err(StepError::io("an artifact cannot be stored"))?;
                    }
                    None => left.push(artifact),
                }
            }
            missing = left;
        }
        Ok(missing.is_empty())
    }

    pub(super) fn perform_build(&mut self, step: &StepId, action: &Action) -> Result<(), StepError> {
        let Action::Build { package, commit, dir, command, artifacts, env } = action else { return Ok(()) };
        let commit = self.commit_input(commit)?;
        let made = self.repository.log(std::slice::from_ref(&commit), &[], false, 1)?;
        let commit_seconds = made.first().map_or(0, |commit| commit.time_seconds);
        let scratch = self.scratch(step.as_str());
        let runner = self.context.runner();
        let request = BuildRequest {
            commit: &commit,
            commit_seconds,
            dir: dir.as_deref(),
            command,
            artifacts,
            env,
            scratch: &scratch,
            git: &self.git,
            runner: runner.as_ref(),
            environment: &self.context.environment,
        };
        let built = self.context.builder.build(&request, &mut |line| self.progress(line))?;
        let name = self.project_name(package)?;
        let version = self.pep440_version()?;
        let before = artifacts_of(&self.record, package);
        let mut recorded = Vec::new();
        for BuiltFile { filename, bytes } in built {
            // What was built and recorded before is what is published, as long as its bytes are here.
            if let Some(earlier) = before.iter().find(|artifact| artifact.filename == filename)
                && self.stored(&earlier.sha256)?.is_some()
            {
                recorded.push(earlier.clone());
                continue;
            }
            let bytes = Bytes::from(bytes);
            let inspected = inspect(&bytes, &filename)
                .map_err(|source| StepError::Inspect { filename: filename.clone(), source })?;
            inspected
                .check(&name, &version)
                .map_err(|source| StepError::Mismatch { filename: filename.clone(), source })?;
            let sha256 = self.store.put(&bytes).map_err(StepError::io("an artifact cannot be stored"))?;
            recorded.push(RecordedArtifact { filename, sha256, size: bytes.len() as u64 });
        }
        let value = serde_json::to_value(&recorded).map_err(|error| StepError::NotDone(error.to_string()))?;
        self.bind(step, "artifacts", value)
    }

    pub(super) fn stored(&self, sha256: &str) -> Result<Option<Bytes>, StepError> {
        let bytes = self.store.get(sha256).map_err(StepError::io("the artifact store cannot be read"))?;
        Ok(bytes.map(Bytes::from))
    }

    pub(super) fn project_name(&self, package: &str) -> Result<ProjectName, StepError> {
        package.parse().map_err(|error| StepError::NotDone(format!("`{package}`: {error}")))
    }

    pub(super) fn pep440_version(&self) -> Result<pep440::Version, StepError> {
        let version: Result<ReleaseVersion, _> = self.plan.version.parse();
        let version =
            version.map_err(|error| StepError::NotDone(format!("{}: {error}", self.plan.version)))?;
        version.to_pep440().map_err(|error| StepError::NotDone(format!("{}: {error}", self.plan.version)))
    }
}
