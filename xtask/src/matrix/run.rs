//! Runs of tminus on a bed: to the end, to a kill, and on from there.

use std::fmt;

use anyhow::{Context as _, bail};
use serde_json::Value;

use crate::bed::{Bed, WEBHOOK};

/// A command line of tminus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line(Vec<String>);

/// What a kill left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Killed {
    /// The last line of the journal, in words.
    pub(super) journal: String,
}

/// A release that needs more commands than this goes in circles.
const MOST_COMMANDS: usize = 16;

/// The day of every run, so that one over midnight ends like the others.
const TODAY: &str = "2026-11-23";

/// A second kill falls among this many first places of the run that resumes.
const SECOND_KILL: u64 = 64;

impl Line {
    fn new(words: &[&str]) -> Self {
        Self(words.iter().map(|word| (*word).to_owned()).collect())
    }

    pub(super) fn release() -> Self {
        Self::new(&["release", "minor", "--yes"])
    }

    pub(super) fn resume() -> Self {
        Self::new(&["resume"])
    }

    /// Whether it carries out steps, rather than deciding about one.
    pub(super) fn is_run(&self) -> bool {
        *self == Self::release() || *self == Self::resume()
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

/// The exit code of one command, `None` where it was killed, and what it said last.
fn call(bed: &Bed, line: &Line, fuse: Option<usize>) -> anyhow::Result<(Option<i32>, String)> {
    let mut args: Vec<&str> = line.0.iter().map(String::as_str).collect();
    args.extend(["--now", TODAY]);
    let fuse: Vec<(&str, String)> =
        fuse.map(|place| ("TMINUS_FUSE", place.to_string())).into_iter().collect();
    let output = bed.tminus(&args, &fuse)?;
    Ok((output.status, String::from_utf8_lossy(&output.stderr).trim().to_owned()))
}

/// Runs a command that is known to end, with 0 or, before a gate, with 5.
pub(super) fn replay(bed: &Bed, line: &Line) -> anyhow::Result<()> {
    match call(bed, line, None)? {
        (Some(0 | 5), _) => Ok(()),
        (code, words) => bail!("`{line}` ended with {code:?} this time: {words}"),
    }
}

/// Kills a command at `place`; `None` where it has ended before.
pub(super) fn kill(bed: &Bed, line: &Line, place: usize) -> anyhow::Result<Option<Killed>> {
    match call(bed, line, Some(place))? {
        (None, _) => Ok(Some(Killed { journal: last_of_journal(bed)? })),
        (Some(0 | 5), _) => Ok(None),
        (Some(code), words) => bail!("`{line}` ended with {code} before place {place}: {words}"),
    }
}

/// Does what a person would do until nothing is on its way: begins with `line`, decides what is asked, goes on.
/// `second` kills the first of these commands once more.
///
/// # Errors
/// A command fails in a way that running again does not mend.
pub(super) fn finish(
    bed: &Bed,
    line: Line,
    mut second: Option<usize>,
    history: &mut Vec<(Line, String)>,
) -> anyhow::Result<()> {
    let mut next = line;
    while history.len() < MOST_COMMANDS {
        let fuse = second.take();
        let (code, words) = call(bed, &next, fuse)?;
        let told = code.map_or_else(|| "killed".to_owned(), |code| code.to_string());
        history.push((next.clone(), told));
        next = match code {
            None if fuse.is_some() => next,
            Some(0) if next.is_run() => return Ok(()),
            Some(0) => Line::resume(),
            // The kill came before there was anything to resume, or after everything was done.
            Some(1) if next == Line::resume() && open(bed)?.is_none() => Line::release(),
            Some(1) if next == Line::release() && open(bed)?.is_none() => return Ok(()),
            Some(5) => match open(bed)? {
                Some(gates) => decision(&gates, !bed.sandbox.webhooks(WEBHOOK).is_empty())
                    .with_context(|| format!("`{next}` ended with 5 and nothing waits: {gates}"))?,
                None => bail!("`{next}` ended with 5 and nothing is on its way"),
            },
            _ => bail!("`{next}` ended with {code:?}: {words}"),
        };
    }
    bail!("not at its end after {MOST_COMMANDS} commands")
}

/// The gates of the release on its way; `None` where none is.
fn open(bed: &Bed) -> anyhow::Result<Option<Value>> {
    let output = bed.tminus(&["status", "--json"], &[])?;
    let status: Value =
        serde_json::from_slice(&output.stdout).context("`tminus status --json` is no JSON")?;
    Ok(status.get("open").filter(|open| !open.is_null()).and_then(|open| open.get("gates")).cloned())
}

/// What a person decides: the first gate is passed; a message of unknown fate is settled by whether it `arrived`.
fn decision(gates: &Value, arrived: bool) -> Option<Line> {
    let of = |gate: &Value| {
        let field = |name: &str| Some(gate.get(name)?.as_str()?.to_owned());
        Some((field("name")?, field("state")?))
    };
    let gates: Vec<(String, String)> = gates.as_array()?.iter().filter_map(of).collect();
    let unknown = gates.iter().find(|(_, state)| state.contains("unknown"));
    if let Some((name, _)) = unknown {
        return Some(Line::new(&["gate", if arrived { "pass" } else { "retry" }, name]));
    }
    let (name, _) = gates.iter().find(|(_, state)| state == "open")?;
    Some(Line::new(&["gate", "pass", name]))
}

/// The last whole line of the journal in words; a killed run may not have come that far.
fn last_of_journal(bed: &Bed) -> anyhow::Result<String> {
    let dir = bed.demo.work.join(".git/tminus/journal");
    let Ok(entries) = std::fs::read_dir(&dir) else { return Ok("nothing".to_owned()) };
    let mut last = "nothing".to_owned();
    for entry in entries {
        let path = entry.context("the journal")?.path();
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        if let Some(line) = text.rsplit('\n').find_map(|line| serde_json::from_str::<Value>(line).ok()) {
            let field = |name: &str| line.get(name).and_then(Value::as_str).unwrap_or_default();
            let words = ["event", "step", "name", "command", "outcome"].map(field);
            last = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        }
    }
    Ok(last)
}

/// A place for the second kill, from the seed alone (SplitMix64).
pub(super) fn drawn(seed: u64, position: usize, place: usize) -> usize {
    let mut state = seed ^ ((position as u64) << 32) ^ place as u64;
    state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    usize::try_from((state ^ (state >> 31)) % SECOND_KILL).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{SECOND_KILL, decision, drawn};

    #[track_caller]
    fn check(gates: &Value, arrived: bool, expected: Option<&str>) {
        assert_eq!(decision(gates, arrived).map(|line| line.to_string()).as_deref(), expected);
    }

    #[test]
    fn the_first_open_gate_is_passed() {
        let gates = json!([
            { "name": "highlights", "state": "passed by me on 2026-11-23" },
            { "name": "announce", "state": "open" },
            { "name": "later", "state": "open" },
        ]);
        check(&gates, false, Some("gate pass announce"));
        check(&json!([{ "name": "highlights", "state": "passed by me on 2026-11-23" }]), false, None);
    }

    #[test]
    fn a_message_in_doubt_is_settled_by_whether_it_arrived() {
        let gates = json!([
            { "name": "later", "state": "open" },
            { "name": "announce", "state": "begun, outcome unknown" },
        ]);
        check(&gates, true, Some("gate pass announce"));
        check(&gates, false, Some("gate retry announce"));
    }

    #[test]
    fn the_same_seed_draws_the_same_places() {
        let places: Vec<usize> = (0..50).map(|place| drawn(7, 1, place)).collect();
        assert_eq!(places, (0..50).map(|place| drawn(7, 1, place)).collect::<Vec<_>>());
        assert_ne!(places, (0..50).map(|place| drawn(8, 1, place)).collect::<Vec<_>>());
        assert!(places.iter().all(|place| *place < usize::try_from(SECOND_KILL).unwrap()));
    }
}
