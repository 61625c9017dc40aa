//! Kills a release at every place that it passes, lets it be resumed, and compares how it ends.
//!
//! The kill is a true SIGKILL that the process sends itself (`TMINUS_FUSE`). The reference is a release that nobody
//! interrupted; its commands (release, and resume after each gate) are what is cut, one after the other.

mod end;
mod run;

use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, bail};
use serde_json::Value;

use self::run::{Killed, Line};
use crate::arguments::{Arguments, Usage};
use crate::bed::{Bed, Profile, build};
use crate::command::Took;
use crate::workspace::Workspace;

/// No run of the demo passes as many places; one that does has lost its way.
const MOST_PLACES: usize = 2000;

pub(crate) fn run(mut arguments: Arguments) -> anyhow::Result<()> {
    let seed: Option<u64> = arguments.value("--seed")?;
    let every: usize = arguments.value("--every")?.unwrap_or(1);
    arguments.end()?;
    if every == 0 {
        return Err(Usage("--every 0: every first place is the least".to_owned()).into());
    }
    let start = Instant::now();
    // A copy, so that a build beside this does not put another program in its place.
    let dir =
        tempfile::Builder::new().prefix("tminus-matrix-").tempdir().context("no temporary directory")?;
    let tminus = dir.path().join("tminus");
    std::fs::copy(build(&Workspace::find()?, Profile::Dev)?, &tminus)
        .context("the program cannot be copied")?;
    let (commands, reference) = reference(&tminus)?;
    let offset = seed.map_or(0, |seed| usize::try_from(seed % every as u64).unwrap_or(0));

    println!("\n| command | place | last in the journal | then | end |\n|---|---:|---|---|---|");
    let (mut tried, mut wrong) = (0_usize, 0_usize);
    for (position, command) in commands.iter().enumerate().filter(|(_, line)| line.is_run()) {
        let before = commands.get(..position).unwrap_or_default();
        let mut place = offset;
        loop {
            let second = seed.map(|seed| run::drawn(seed, position, place));
            let Some(row) = row(&tminus, &reference, before, command, place, second)? else { break };
            tried += 1;
            wrong += usize::from(!row.differences.is_empty());
            row.print();
            place += every;
            if place > MOST_PLACES {
                bail!("`{command}` passes more than {MOST_PLACES} places");
            }
        }
    }
    println!("\n{tried} kills, {wrong} of them with another end, {}", Took(start.elapsed()));
    if tried == 0 {
        bail!("nothing was killed: the program does not know TMINUS_FUSE, or --every is too large");
    }
    if wrong > 0 {
        bail!("{wrong} of {tried} kills led to another end");
    }
    Ok(())
}

/// The commands of a release that nobody interrupts, and how it ends.
fn reference(tminus: &Path) -> anyhow::Result<(Vec<Line>, Value)> {
    let bed = Bed::new(tminus)?;
    let mut history = Vec::new();
    run::finish(&bed, Line::release(), None, &mut history).context("a release that nobody interrupts")?;
    let commands = history.into_iter().map(|(line, _)| line).collect();
    let end = end::state(&bed)?;
    end::sound(&end).context("a release that nobody interrupts")?;
    Ok((commands, end))
}

/// One kill and what came of it.
struct Row {
    command: String,
    place: usize,
    killed: Killed,
    then: String,
    differences: Vec<String>,
}

impl Row {
    fn print(&self) {
        let end = if self.differences.is_empty() { "the same" } else { "**another**" };
        let Self { command, place, killed, then, .. } = self;
        println!("| {command} | {place} | {} | {then} | {end} |", killed.journal);
        for difference in &self.differences {
            println!("  {difference}");
        }
    }
}

/// Kills `command` at `place`; `None` where it has ended before it came there.
fn row(
    tminus: &Path,
    reference: &Value,
    before: &[Line],
    command: &Line,
    place: usize,
    second: Option<usize>,
) -> anyhow::Result<Option<Row>> {
    let bed = Bed::new(tminus)?;
    for line in before {
        run::replay(&bed, line)?;
    }
    let Some(killed) = run::kill(&bed, command, place)? else { return Ok(None) };
    let mut history = Vec::new();
    let finished = run::finish(&bed, Line::resume(), second, &mut history);
    let differences = match finished {
        Ok(()) => end::differences(reference, &end::state(&bed)?),
        Err(error) => vec![format!("it does not come to an end: {error:#}")],
    };
    let then: Vec<String> = history.iter().map(|(line, code)| format!("{line} {code}")).collect();
    Ok(Some(Row { command: command.to_string(), place, killed, then: then.join(", "), differences }))
}
