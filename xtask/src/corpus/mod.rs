//! Files that people wrote: every version of every manifest and lock file in histories and packages, held to the laws
//! of editing.

mod fetch;
mod form;
mod laws;
mod locks;
mod reference;
mod report;
mod source;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, bail};
use tminus_manifests::{LocateError, Manifest, Problem, RelPath, lock};

pub(crate) use self::fetch::mirror;
use self::form::{Form, What};
use self::laws::Verdict;
use self::reference::Refused;
use self::report::{Figures, reason, table};
use self::source::{Item, Walk};
use crate::arguments::{Arguments, Usage};
use crate::command::Took;
use crate::conformance::Random;
use crate::workspace::Workspace;

/// Places of one file that are edited one by one; all of them are edited at once in any case.
const SITES: usize = 8;
const SEED: u64 = 1;

/// Failures that are printed, and refusals of one kind that the reference does not share.
const SHOWN: usize = 20;

/// Refused files whose text is kept for the reference.
const KEPT: usize = 20_000;

pub(crate) fn run(mut arguments: Arguments) -> anyhow::Result<()> {
    if let Some(dir) = arguments.value::<PathBuf>("--fetch")? {
        arguments.end()?;
        return fetch::run(&dir);
    }
    let sites = arguments.value("--sites")?.unwrap_or(SITES);
    let seed = arguments.value("--seed")?.unwrap_or(SEED);
    let every = arguments.value("--every")?.unwrap_or(1);
    let shown = arguments.value("--show")?.unwrap_or(SHOWN);
    let only = arguments.value::<String>("--only")?;
    let dirs: Vec<PathBuf> = std::iter::from_fn(|| arguments.word()).map(PathBuf::from).collect();
    arguments.end()?;
    if dirs.is_empty() {
        return Err(Usage("say in which directories the corpus is".to_owned()).into());
    }
    let out = Workspace::find()?.target.join("corpus");
    fs::create_dir_all(&out).with_context(|| out.display().to_string())?;
    let mut judge = Judge::new(sites, seed, shown, only, out);
    let mut walk = Walk::new(every);
    let start = Instant::now();
    for dir in &dirs {
        walk.directory(dir, &mut |item| judge.file(&item))?;
    }
    println!("\n{}\n", table(&judge.figures));
    println!("took {}", Took(start.elapsed()));
    judge.compare()?;
    let failures: usize = judge.figures.values().map(|figures| figures.failures).sum();
    if failures > 0 {
        bail!("{failures} failures; the files are in {}", judge.out.display());
    }
    Ok(())
}

/// Holds every file to the laws, and counts.
struct Judge {
    sites: usize,
    shown: usize,
    seed: u64,
    only: Option<String>,
    /// Where files go that break a law.
    out: PathBuf,
    figures: BTreeMap<&'static str, Figures>,
    seen: HashSet<(Form, u64)>,
    refused: Vec<Refused>,
}

impl Judge {
    fn new(sites: usize, seed: u64, shown: usize, only: Option<String>, out: PathBuf) -> Self {
        let (figures, seen, refused) = (BTreeMap::new(), HashSet::new(), Vec::new());
        Self { sites, shown, seed, only, out, figures, seen, refused }
    }

    fn file(&mut self, item: &Item) -> anyhow::Result<()> {
        if self.only.as_ref().is_some_and(|only| only != item.form.name) {
            return Ok(());
        }
        self.figures.entry(item.form.name).or_default().files += 1;
        let mut hasher = DefaultHasher::new();
        item.bytes.hash(&mut hasher);
        let hash = hasher.finish();
        if !self.seen.insert((item.form, hash)) {
            return Ok(());
        }
        let path = item.form.path(&item.path)?;
        let mut random = Random::new(self.seed ^ hash);
        let start = Instant::now();
        let judged =
            catch_unwind(AssertUnwindSafe(|| judged(item.form, &path, &item.bytes, self.sites, &mut random)));
        let figures = self.figures.entry(item.form.name).or_default();
        figures.distinct += 1;
        figures.bytes += item.bytes.len();
        figures.whole += start.elapsed();
        let place = format!("{}:{}", item.place, item.path);
        let failures = match judged {
            Err(_) => vec!["the reader panics".to_owned()],
            Ok((reading, Err(error))) => {
                figures.reading += reading;
                let reason = reason(&error.problem().to_string());
                *figures.refused.entry(reason.clone()).or_default() += 1;
                let needs_line = !matches!(error.problem(), Problem::TooLarge { .. });
                let failure = (needs_line && error.line().is_none())
                    .then(|| format!("refused without a line: {error}"));
                if self.refused.len() < KEPT {
                    let bytes = item.bytes.clone();
                    self.refused.push(Refused { form: item.form, place: place.clone(), reason, bytes });
                }
                failure.into_iter().collect()
            }
            Ok((reading, Ok(verdict))) => {
                figures.reading += reading;
                figures.read += 1;
                figures.sites += verdict.sites;
                figures.unfit += verdict.unfit;
                for why in &verdict.left {
                    *figures.left.entry(reason(why)).or_default() += 1;
                }
                verdict.failures
            }
        };
        self.failed(item.form, &place, &item.bytes, &failures)
    }

    /// Names a file that breaks a law, and keeps it.
    fn failed(&mut self, form: Form, place: &str, bytes: &[u8], failures: &[String]) -> anyhow::Result<()> {
        let Some(first) = failures.first() else { return Ok(()) };
        let figures = self.figures.entry(form.name).or_default();
        figures.failures += 1;
        if figures.failures <= self.shown {
            let name = format!("{}-{}", figures.failures, form.name);
            let path = self.out.join(&name);
            fs::write(&path, bytes).with_context(|| path.display().to_string())?;
            println!("{name} ({place}): {first}");
            for failure in failures.iter().skip(1).take(2) {
                println!("    {failure}");
            }
        }
        Ok(())
    }

    /// Lists the files that only we refuse.
    fn compare(&self) -> anyhow::Result<()> {
        let answers = reference::taken(&self.refused, &self.out)?;
        let mut lists: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
        let (mut both, mut unknown) = (0, 0);
        for (file, answer) in answers {
            match answer {
                Some(true) => {
                    lists.entry((file.form.name, &file.reason)).or_default().push(&file.place);
                }
                Some(false) => both += 1,
                None => unknown += 1,
            }
        }
        println!("\nrefused by the reference too: {both}; no reference: {unknown}");
        for ((name, reason), places) in lists {
            println!("{name}: {} that the reference takes: {reason}", places.len());
            for place in places.iter().take(self.shown) {
                println!("    {place}");
            }
        }
        Ok(())
    }
}

/// How long the first reading took, and what came of the file.
fn judged(
    form: Form,
    path: &RelPath,
    bytes: &[u8],
    limit: usize,
    random: &mut Random,
) -> (std::time::Duration, Result<Verdict, LocateError>) {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let start = Instant::now();
    match form.what {
        What::Manifest(_) => {
            let manifest = Manifest::read(path, bytes);
            let reading = start.elapsed();
            (reading, manifest.map(|manifest| laws::check(path, text, &manifest, limit, random)))
        }
        What::Lock(kind) => {
            let locked = lock::read(kind, path, bytes);
            let reading = start.elapsed();
            (reading, locked.map(|locked| locks::check((kind, path), text, &locked, limit, random)))
        }
    }
}

/// A directory that need not be there.
fn made(dir: &Path) -> anyhow::Result<&Path> {
    fs::create_dir_all(dir).with_context(|| dir.display().to_string())?;
    Ok(dir)
}
