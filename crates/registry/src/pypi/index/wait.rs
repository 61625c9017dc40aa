use std::collections::BTreeMap;
use std::time::Duration;

use super::{Index, IndexError};
use crate::Sha256;
use crate::pypi::ProjectName;

/// How long to wait for uploads to be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// The first pause between two polls; it grows by half, up to eight times this.
    pub interval: Duration,
    /// The most that all pauses together may last.
    pub deadline: Duration,
    /// How many answers in a row must show every file: one node of a cache says nothing about the others.
    pub answers: u32,
}

impl Default for Wait {
    fn default() -> Self {
        Self { interval: Duration::from_secs(2), deadline: Duration::from_secs(600), answers: 2 }
    }
}

/// One answer, while waiting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poll {
    /// How many times the index was asked, this time included.
    pub asked: u32,
    /// How many answers in a row, this one included, showed every file.
    pub good_answers: u32,
    /// The files that this answer did not show.
    pub missing: Vec<String>,
    /// The pauses so far.
    pub waited: Duration,
    /// Why there was no answer, if there was none and it may pass.
    pub problem: Option<String>,
}

/// Every file is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visible {
    /// How many times the index was asked.
    pub asked: u32,
    /// The pauses in all.
    pub waited: Duration,
}

/// Why the wait ended without every file seen.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WaitError {
    /// The deadline passed. Running again goes on waiting.
    #[error("not visible after {} s: {}{}", waited.as_secs(), missing.join(", "), because(problem.as_deref()))]
    NotYet {
        /// The files that were not seen in enough answers.
        missing: Vec<String>,
        /// The pauses in all.
        waited: Duration,
        /// Why the last question had no answer, if so.
        problem: Option<String>,
    },
    /// The index has another file of that name.
    #[error("{filename} is on the index with other content: ours has sha256 {ours}, theirs {theirs}")]
    Conflict {
        /// The file.
        filename: String,
        /// Our digest.
        ours: Sha256,
        /// The digest on the index.
        theirs: Sha256,
    },
    /// The index refused or gave an answer that no waiting will better.
    #[error(transparent)]
    Index(#[from] IndexError),
}

impl WaitError {
    /// The outside world failed or is slow in a way that may pass.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::NotYet { .. } => true,
            Self::Conflict { .. } => false,
            Self::Index(error) => error.is_passing(),
        }
    }
}

fn because(problem: Option<&str>) -> String {
    problem.map_or(String::new(), |problem| format!(" (last: {problem})"))
}

impl Index {
    /// Waits until the listing of `project` shows every file with its digest in enough answers in a row.
    ///
    /// The index is asked at least `wait.answers` times, whatever the deadline. `on_poll` hears of every answer.
    ///
    /// # Errors
    /// [`WaitError::NotYet`] when the pauses reach the deadline, [`WaitError::Conflict`] at once when a file has
    /// another digest, [`WaitError::Index`] for failures that will not pass.
    pub async fn wait_visible(
        &self,
        project: &ProjectName,
        files: &[(String, Sha256)],
        wait: Wait,
        on_poll: &mut (dyn FnMut(Poll) + Send),
    ) -> Result<Visible, WaitError> {
        let answers = wait.answers.max(1);
        // Pauses are what the deadline is counted in, so that there must be some.
        let first = wait.interval.max(Duration::from_millis(50));
        let longest = first.saturating_mul(8);
        let mut pause = first;
        let mut downloaded = BTreeMap::new();
        let (mut asked, mut good_answers, mut waited) = (0, 0, Duration::ZERO);
        if files.is_empty() {
            return Ok(Visible { asked, waited });
        }
        loop {
            asked += 1;
            let (missing, problem) = match self.missing(project, files, &mut downloaded).await {
                Ok(missing) => (missing, None),
                Err(WaitError::Index(error)) if error.is_passing() => {
                    let names = files.iter().map(|(filename, _)| filename.clone()).collect();
                    (names, Some(error.to_string()))
                }
                Err(error) => return Err(error),
            };
            good_answers = if missing.is_empty() { good_answers + 1 } else { 0 };
            on_poll(Poll { asked, good_answers, missing: missing.clone(), waited, problem: problem.clone() });
            if good_answers >= answers {
                return Ok(Visible { asked, waited });
            }
            let left = wait.deadline.saturating_sub(waited);
            // A good answer needs others beside it, and these may be beyond the deadline.
            if left.is_zero() && !missing.is_empty() {
                return Err(WaitError::NotYet { missing, waited, problem });
            }
            let sleep = if missing.is_empty() { first } else { pause.min(left) };
            self.client.timer().sleep(sleep).await;
            waited += sleep;
            pause = pause.saturating_add(pause / 2).min(longest);
        }
    }

    /// The files that the listing does not show now.
    async fn missing(
        &self,
        project: &ProjectName,
        files: &[(String, Sha256)],
        downloaded: &mut BTreeMap<String, Sha256>,
    ) -> Result<Vec<String>, WaitError> {
        let listing = self.listing(project).await?;
        let mut missing = Vec::new();
        for (filename, ours) in files {
            let Some(file) = listing.file(filename) else {
                missing.push(filename.clone());
                continue;
            };
            // Where an index states no digest, one download per file says what it is.
            let theirs = match (file.sha256, downloaded.get(filename)) {
                (Some(stated), _) => stated,
                (None, Some(known)) => *known,
                (None, None) => match self.sha256_of(file).await {
                    Ok(digest) => digest,
                    Err(IndexError::Http(error)) if error.status() == Some(404) => {
                        missing.push(filename.clone());
                        continue;
                    }
                    Err(error) => return Err(error.into()),
                },
            };
            downloaded.insert(filename.clone(), theirs);
            if theirs != *ours {
                return Err(WaitError::Conflict { filename: filename.clone(), ours: *ours, theirs });
            }
        }
        Ok(missing)
    }
}
