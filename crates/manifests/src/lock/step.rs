//! How keeping a lock file in step can end.

use std::collections::HashMap;

use super::LockEdits;
use crate::Splice;
use crate::locate::{Failure, Site};
use crate::tree::malformed;

/// Why replacements alone do not bring a lock file in step.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The tool is needed, for this reason.
    Tool(String),
    /// The file is none that is edited.
    Broken(Failure),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Broken(failure)
    }
}

/// The outcome, with the command for the case that only the tool can do it.
pub(crate) fn outcome(result: Result<Vec<Splice>, Stop>, command: &[&str]) -> Result<LockEdits, Failure> {
    let tool = |why| Ok(LockEdits::Tool { why, command: command.iter().map(ToString::to_string).collect() });
    match result {
        // A package that stands in two lists of a manifest may stand in one place of the lock file.
        Ok(splices) if has_conflict(&splices) => {
            tool("two changes meet in one place of the lock file".to_owned())
        }
        Ok(splices) => Ok(LockEdits::Splices(splices)),
        Err(Stop::Tool(why)) => tool(why),
        Err(Stop::Broken(failure)) => Err(failure),
    }
}

/// The replacement of a value.
pub(crate) fn replaced(site: &Site, new: &str) -> Result<Splice, Failure> {
    site.replaced(new).map_err(|unfit| malformed(Some(site.span.start), unfit.to_string()))
}

fn has_conflict(splices: &[Splice]) -> bool {
    let mut seen = HashMap::with_capacity(splices.len());
    splices.iter().any(|edit| {
        let before = seen.insert(edit.span.start, &edit.new);
        before.is_some_and(|before| *before != edit.new)
    })
}
