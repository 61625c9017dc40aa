//! Uploading, and waiting until the index serves what was uploaded.

use std::time::Duration;

use serde_json::Value;
use tminus_registry::Sha256;
use tminus_registry::pypi::{Artifact, Index, ProjectName, Uploaded, Wait};

use super::{Probe, RecordedArtifact, Run, StepError};
use crate::plan::{Input, StepId};

impl Run<'_> {
    pub(super) fn index(&self, destination: &str, package: &str) -> Result<(Index, ProjectName), StepError> {
        let (index, _) = self
            .context
            .index(self.config, destination)
            .map_err(|error| StepError::Endpoint(error.to_string()))?;
        Ok((index, self.project_name(package)?))
    }

    fn artifacts(&self, input: &Input) -> Result<Vec<RecordedArtifact>, StepError> {
        let value = self.input(input)?;
        serde_json::from_value(value)
            .map_err(|error| StepError::NotDone(format!("{}: {error}", input.as_str())))
    }

    /// Which artifacts the index lacks. The same name with other content is a conflict.
    async fn lacking(
        &self,
        index: &Index,
        name: &ProjectName,
        artifacts: &[RecordedArtifact],
    ) -> Result<Vec<RecordedArtifact>, StepError> {
        let listing = index.listing(name).await?;
        let mut lacking = Vec::new();
        for artifact in artifacts {
            let Some(file) = listing.file(&artifact.filename) else {
                lacking.push(artifact.clone());
                continue;
            };
            let theirs = index.sha256_of(file).await?.to_string();
            if theirs != artifact.sha256 {
                return Err(StepError::Conflict {
                    what: format!(
                        "{} is on the index with other content: ours has sha256 {}, theirs {theirs}",
                        artifact.filename, artifact.sha256
                    ),
                    remedy: "what an index has served is never replaced: find out who published it, then choose another version".to_owned(),
                });
            }
        }
        Ok(lacking)
    }

    pub(super) async fn probe_publish(
        &mut self,
        package: &str,
        destination: &str,
        artifacts: &Input,
    ) -> Result<Probe, StepError> {
        let (index, name) = self.index(destination, package)?;
        let artifacts = self.artifacts(artifacts)?;
        let lacking = self.lacking(&index, &name, &artifacts).await?;
        if !lacking.is_empty() && lacking.iter().all(|artifact| self.was_uploaded(destination, artifact)) {
            // Accepted, and the listing lags behind: uploading again would be the second time.
            return Ok(Probe::Done("uploaded, not yet listed".to_owned()));
        }
        Ok(match lacking.len() {
            0 => Probe::Done(format!(
                "{} file{}",
                artifacts.len(),
                if artifacts.len() == 1 { "" } else { "s" }
            )),
            _ => Probe::ToDo,
        })
    }

    pub(super) async fn perform_publish(
        &mut self,
        package: &str,
        destination: &str,
        artifacts: &Input,
    ) -> Result<(), StepError> {
        let (index, name) = self.index(destination, package)?;
        let artifacts = self.artifacts(artifacts)?;
        for artifact in self.lacking(&index, &name, &artifacts).await? {
            if self.was_uploaded(destination, &artifact) {
                continue;
            }
            let bytes = self.stored(&artifact.sha256)?.ok_or_else(|| {
                StepError::NotDone(format!(
                    "the bytes of {} are not in the store any more; `tminus resume` finds or rebuilds them",
                    artifact.filename
                ))
            })?;
            let ready = Artifact::new(bytes, &artifact.filename)
                .map_err(|source| StepError::Inspect { filename: artifact.filename.clone(), source })?;
            self.progress(format!("uploading {} ({} bytes)", artifact.filename, artifact.size));
            let uploaded = index.upload(&ready).await?;
            let words = match uploaded {
                Uploaded::Accepted => "accepted",
                Uploaded::AlreadyThere => "there already",
            };
            let step = uploaded_step(destination);
            self.bind(&step, &artifact.sha256, Value::String(words.to_owned()))?;
        }
        Ok(())
    }

    fn was_uploaded(&self, destination: &str, artifact: &RecordedArtifact) -> bool {
        self.record.output(uploaded_step(destination).as_str(), &artifact.sha256).is_some()
    }

    pub(super) async fn probe_visible(
        &mut self,
        package: &str,
        destination: &str,
        artifacts: Option<&Input>,
    ) -> Result<Probe, StepError> {
        let (index, name) = self.index(destination, package)?;
        let Some(artifacts) = artifacts else {
            let listing = index.listing(&name).await?;
            let version = self.pep440_version()?;
            return Ok(Probe::done_if(listing.files_of(&version).next().is_some()));
        };
        let seen = format!("visible:{destination}:{package}");
        if self.record.output(&seen, "seen").is_none() {
            return Ok(Probe::ToDo);
        }
        let artifacts = self.artifacts(artifacts)?;
        Ok(Probe::done_if(self.lacking(&index, &name, &artifacts).await?.is_empty()))
    }

    pub(super) async fn perform_visible(
        &mut self,
        step: &StepId,
        package: &str,
        destination: &str,
        artifacts: Option<&Input>,
        timeout_minutes: u32,
    ) -> Result<(), StepError> {
        let (index, name) = self.index(destination, package)?;
        let deadline = Duration::from_secs(u64::from(timeout_minutes) * 60);
        let interval = Duration::from_millis(self.context.pace.index_millis);
        let Some(artifacts) = artifacts else {
            return self.wait_for_version(&index, &name, destination, interval, deadline).await;
        };
        let mut files = Vec::new();
        for artifact in self.artifacts(artifacts)? {
            let sha256: Sha256 = artifact
                .sha256
                .parse()
                .map_err(|error| StepError::NotDone(format!("{}: {error}", artifact.filename)))?;
            files.push((artifact.filename, sha256));
        }
        let wait = Wait { interval, deadline, answers: 2 };
        let reporter = &self.context.reporter;
        let mut on_poll = |poll: tminus_registry::pypi::Poll| {
            if !poll.missing.is_empty() {
                let text = format!("waiting for {} ({} s)", poll.missing.join(", "), poll.waited.as_secs());
                reporter.report(&crate::events::Event::Progress { step: step.clone(), text });
            }
        };
        index.wait_visible(&name, &files, wait, &mut on_poll).await?;
        self.bind(step, "seen", Value::Bool(true))
    }

    async fn wait_for_version(
        &self,
        index: &Index,
        name: &ProjectName,
        destination: &str,
        interval: Duration,
        deadline: Duration,
    ) -> Result<(), StepError> {
        let version = self.pep440_version()?;
        let mut waited = Duration::ZERO;
        let mut pause = interval;
        loop {
            if index.listing(name).await?.files_of(&version).next().is_some() {
                return Ok(());
            }
            if waited >= deadline {
                return Err(StepError::NotYet {
                    what: format!("{destination} does not serve {name} {version} yet"),
                });
            }
            self.progress(format!("waiting for {name} {version} ({} s)", waited.as_secs()));
            self.context.timer.sleep(pause).await;
            waited += pause;
            pause = (pause * 2).min(Duration::from_secs(30));
        }
    }
}

/// Where accepted uploads are bound, by the SHA-256 of the file.
fn uploaded_step(destination: &str) -> StepId {
    StepId::new(format!("uploaded:{destination}"))
}
