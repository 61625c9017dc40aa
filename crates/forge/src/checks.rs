use crate::Answer;

/// One thing that was checked about a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its name.
    pub name: String,
    /// What it came to.
    pub state: CheckState,
    /// Its page for people.
    pub html_url: Option<String>,
}

/// What a check came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckState {
    /// It has not ended.
    Pending,
    /// It passed.
    Success,
    /// It did not, and why in the forge's word: `failure`, `cancelled`, `timed_out`, `error` and others.
    Failure(String),
    /// It ended and says neither.
    Neutral,
    /// It was left out.
    Skipped,
}

/// What is known about commits.
pub trait Checks: Send + Sync {
    /// Check runs and commit statuses of `commit`, the latest of each, by name.
    ///
    /// Two apps may use one name, and so may a check run and a status: both are then told. An empty list means that
    /// nothing has reported yet, not that all is well.
    fn checks<'a>(&'a self, commit: &'a str) -> Answer<'a, Vec<Check>>;
}
