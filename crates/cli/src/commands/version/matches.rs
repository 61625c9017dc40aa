use tminus_engine::Exit;

use super::answer::{self, Answer};
use super::grammar::{Fault, Grammar};
use super::lines;
use crate::CommandError;
use crate::args::VersionMatch;
use crate::output::Output;

const FIELD: &str = "matches";

pub(super) fn run<G: Grammar>(output: &Output, options: &VersionMatch) -> Result<Exit, CommandError> {
    let (json, prereleases) = (output.json(), options.prereleases);
    G::has_requirements(prereleases).map_err(|why| CommandError::new(Exit::Usage, why))?;
    let (Some(requirement), Some(version)) = (&options.requirement, &options.version) else {
        lines::answer_each(|line, answers| {
            let pair = line.and_then(answer::pair);
            let matches =
                pair.and_then(|(requirement, version)| matches::<G>(requirement, version, prereleases));
            answer::put(answers, json, FIELD, matches.map(Answer::Truth));
        })?;
        return Ok(Exit::Done);
    };
    let matches =
        matches::<G>(requirement, version, prereleases).map_err(|why| CommandError::new(Exit::Usage, why))?;
    lines::write_line(&answer::shown(json, FIELD, Answer::Truth(matches)))?;
    Ok(if matches { Exit::Done } else { Exit::NoGo })
}

fn matches<G: Grammar>(requirement: &str, version: &str, prereleases: bool) -> Result<bool, Fault> {
    G::admits(&G::requirement(requirement, prereleases)?, version, prereleases)
}
