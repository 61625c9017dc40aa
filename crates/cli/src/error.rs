use tminus_engine::plan::Refusal;
use tminus_engine::{Exit, ReleaseError};

/// A command that did not do what was asked: exit code, what happened, what to do.
///
/// This is the one place where errors of the libraries become exit codes and words.
#[derive(Debug)]
pub struct CommandError {
    /// The exit code.
    pub exit: Exit,
    /// What happened; several where several things stand against it.
    pub problems: Vec<Problem>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What.
    pub what: String,
    /// What to do.
    pub remedies: Vec<String>,
}

impl CommandError {
    /// An error of one problem.
    pub fn new(exit: Exit, what: impl Into<String>) -> Self {
        Self { exit, problems: vec![Problem { what: what.into(), remedies: Vec::new() }] }
    }

    /// With something to do about it.
    #[must_use]
    pub fn with_remedy(mut self, remedy: impl Into<String>) -> Self {
        if let Some(problem) = self.problems.last_mut() {
            problem.remedies.push(remedy.into());
        }
        self
    }
}

impl From<Refusal> for CommandError {
    fn from(refusal: Refusal) -> Self {
        let exit = refusal.exit();
        let problem = |finding: tminus_engine::plan::Finding| Problem {
            what: finding.what,
            remedies: vec![finding.remedy],
        };
        Self { exit, problems: refusal.findings.into_iter().map(problem).collect() }
    }
}

impl From<ReleaseError> for CommandError {
    fn from(error: ReleaseError) -> Self {
        match error {
            ReleaseError::Refused(refusal) => refusal.into(),
            error => {
                let problem = Problem { what: error.to_string(), remedies: error.remedies() };
                Self { exit: error.exit(), problems: vec![problem] }
            }
        }
    }
}
