//! Our answers beside those of the real implementations: packaging, node-semver, setuptools-scm.
//!
//! What is asked, and how, is told by the crate that is judged: `crates/versioning/tests/conformance/subjects`. This
//! task installs the other side with its own package manager, asks it a million questions and compares. Both sides
//! make their cases anew from the same seed, so nothing is stored but the differences.

mod reference;
#[path = "../../../crates/versioning/tests/conformance/subjects/mod.rs"]
mod subjects;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;
use std::process::Child;
use std::time::Instant;

use anyhow::{Context as _, bail};

pub(crate) use self::reference::Installed;
pub(crate) use self::subjects::random::Random;
use self::subjects::{SUBJECTS, Subject, Tally};
use crate::arguments::{Arguments, Usage};
use crate::command::Took;
use crate::workspace::Workspace;

const CASES: usize = 1_000_000;
const SEED: u64 = 1;

/// How many cases of a subject are committed, with the answers of the reference.
const SAMPLE: usize = 3000;
const SAMPLES: &str = "crates/versioning/tests/conformance/samples";

/// Differences that are printed; more of one kind teach nothing.
const SHOWN: usize = 20;

pub(crate) fn run(mut arguments: Arguments) -> anyhow::Result<()> {
    let cases = arguments.value("--cases")?.unwrap_or(CASES);
    let seed = arguments.value("--seed")?.unwrap_or(SEED);
    let shown = arguments.value("--show")?.unwrap_or(SHOWN);
    let sample = arguments.flag("--sample");
    let name = arguments.word();
    arguments.end()?;
    let workspace = Workspace::find()?;
    let wanted = |subject: &&Subject| name.as_deref().is_none_or(|name| name == subject.name);
    let chosen: Vec<&Subject> = SUBJECTS.iter().filter(wanted).collect();
    if chosen.is_empty() {
        let known: Vec<&str> = SUBJECTS.iter().map(|subject| subject.name).collect();
        return Err(Usage(format!("there is only {}", known.join(", "))).into());
    }
    let mut differing = Vec::new();
    let mut asked = 0;
    for subject in chosen {
        let dir = workspace.target.join("conformance").join(subject.name);
        let Some(reference) = reference::install(subject, &dir)? else {
            if name.is_some() {
                bail!("{}: its reference is not on this machine", subject.name);
            }
            println!("{}: skipped, its reference is not on this machine", subject.name);
            continue;
        };
        asked += 1;
        if sample {
            write_sample(subject, &reference, seed, &workspace.root.join(SAMPLES))?;
        } else if !compare(subject, &reference, seed, cases, shown)? {
            differing.push(subject.name);
        }
    }
    if asked == 0 {
        bail!("no reference is on this machine");
    }
    if !differing.is_empty() {
        bail!("not the same answers: {}", differing.join(", "));
    }
    Ok(())
}

/// The reference of a subject, for those who want to measure it.
pub(crate) fn installed(workspace: &Workspace, name: &str) -> anyhow::Result<Option<Installed>> {
    let Some(subject) = SUBJECTS.iter().find(|subject| subject.name == name) else {
        bail!("no subject is called {name}");
    };
    reference::install(subject, &workspace.target.join("conformance").join(name))
}

/// Whether the answers are the same, but for deviations that are documented and few.
fn compare(
    subject: &Subject,
    reference: &Installed,
    seed: u64,
    cases: usize,
    shown: usize,
) -> anyhow::Result<bool> {
    let start = Instant::now();
    let mut differences = 0;
    let mut tally = Tally::default();
    let mut questions: BTreeMap<String, usize> = BTreeMap::new();
    ask(subject, reference, seed, cases, |case, theirs| {
        *questions.entry(case.first().cloned().unwrap_or_default()).or_default() += 1;
        if let Some(ours) = tally.judge(subject, case, theirs) {
            differences += 1;
            if differences <= shown {
                println!("  {case:?}\n    {}: {theirs:?}\n    ours: {ours:?}", reference.version);
            }
        }
        Ok(())
    })?;
    println!(
        "{}: {cases} cases (seed {seed}) against {}: {differences} differences, {}",
        subject.name,
        reference.version,
        Took(start.elapsed())
    );
    for (question, count) in questions {
        println!("  {count:>8} {question}");
    }
    for (reason, count) in tally.deviations(subject) {
        println!("  {count:>8} differ by a documented deviation: {reason}");
    }
    let excess = tally.excess(subject);
    for reason in &excess {
        println!("  too many deviations: {reason}");
    }
    Ok(differences == 0 && excess.is_empty())
}

/// Writes the first cases and the answers of the reference, for the ordinary tests.
fn write_sample(subject: &Subject, reference: &Installed, seed: u64, dir: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(dir).with_context(|| dir.display().to_string())?;
    let mut lines = vec![format!(
        "# {} cases of subject {}, seed {seed}, answered by {}; made by `cargo xtask conformance --sample`",
        SAMPLE, subject.name, reference.version
    )];
    ask(subject, reference, seed, SAMPLE, |case, theirs| {
        lines.push(format!("{}\t{}", serde_json::to_string(case)?, serde_json::to_string(theirs)?));
        Ok(())
    })?;
    let path = dir.join(format!("{}.tsv", subject.name));
    fs::write(&path, lines.join("\n") + "\n").with_context(|| path.display().to_string())?;
    println!("{}: {SAMPLE} cases written, answered by {}", subject.name, reference.version);
    Ok(())
}

/// Gives every case with the answer of the reference.
fn ask(
    subject: &Subject,
    reference: &Installed,
    seed: u64,
    cases: usize,
    mut each: impl FnMut(&[String], &str) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut child = reference.start()?;
    let (input, output) = (child.stdin.take(), child.stdout.take());
    let (Some(input), Some(output)) = (input, output) else { bail!("{} has no pipes", subject.name) };
    let case = subject.case;
    // Written from another thread: the program answers before it has read everything.
    let writer = std::thread::spawn(move || -> anyhow::Result<()> {
        let mut random = Random::new(seed);
        let mut input = BufWriter::with_capacity(1 << 16, input);
        for _ in 0..cases {
            serde_json::to_writer(&mut input, &case(&mut random))?;
            input.write_all(b"\n")?;
        }
        Ok(input.flush()?)
    });
    let mut random = Random::new(seed);
    let mut answers = BufReader::with_capacity(1 << 16, output).lines();
    let mut done = Ok(());
    for number in 1..=cases {
        let Some(line) = answers.next().transpose()? else {
            done = Err(anyhow::anyhow!("{} ended before case {number}", reference.version));
            break;
        };
        let case = case(&mut random);
        let answer: String = serde_json::from_str(&line)
            .with_context(|| format!("case {number}, {case:?}: the answer {line:?} is no JSON string"))?;
        each(&case, &answer)?;
    }
    if done.is_ok() && answers.next().is_some() {
        done = Err(anyhow::anyhow!("{} gives more answers than it was asked for", reference.version));
    }
    drop(answers);
    let written = writer.join().map_err(|_| anyhow::anyhow!("the generator of {} failed", subject.name))?;
    let ended = end(child)?;
    done?;
    written?;
    if !ended.success() {
        bail!("{} failed: {ended}", reference.version);
    }
    Ok(())
}

fn end(mut child: Child) -> anyhow::Result<std::process::ExitStatus> {
    child.wait().context("the reference cannot be waited for")
}
