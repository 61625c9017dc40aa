use std::fmt;

use crate::Exit;

/// Something that stands against a release, found before anything was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind of exit it leads to.
    pub exit: Exit,
    /// What is wrong, naming the thing.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
}

impl Finding {
    pub(crate) fn new(exit: Exit, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { exit, what: what.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

/// A release that cannot be planned: everything that stands against it, at once.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", findings.iter().map(|finding| finding.what.as_str()).collect::<Vec<_>>().join("; "))]
pub struct Refusal {
    /// All of it; never empty.
    pub findings: Vec<Finding>,
}

impl Refusal {
    /// A refusal for one reason.
    pub fn of(finding: Finding) -> Self {
        Self { findings: vec![finding] }
    }

    /// The exit code: a conflict counts most, then what the person can mend, then the outside world.
    pub fn exit(&self) -> Exit {
        let weight = |exit: Exit| match exit {
            Exit::Conflict => 4,
            Exit::Usage => 3,
            Exit::NoGo => 2,
            Exit::World => 1,
            Exit::Done | Exit::Incomplete | Exit::Interrupted => 0,
        };
        self.findings
            .iter()
            .map(|finding| finding.exit)
            .max_by_key(|exit| weight(*exit))
            .unwrap_or(Exit::NoGo)
    }
}
