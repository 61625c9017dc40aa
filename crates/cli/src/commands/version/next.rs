use tminus_engine::Exit;
use tminus_engine::versions::{Versions, versions};
use tminus_versioning::{Date, ExistingVersions, Level, NextStep, ReleaseVersion, Scheme};

use super::answer::{self, Answer};
use super::grammar::Fault;
use super::lines;
use crate::CommandError;
use crate::args::{Global, NextBump, NextKind, VersionNext};
use crate::output::Output;
use crate::world::World;

const FIELD: &str = "version";

pub(super) fn run(output: &Output, global: &Global, options: &VersionNext) -> Result<Exit, CommandError> {
    let json = output.json();
    let usage = |why: Fault| CommandError::new(Exit::Usage, why);
    let today = match global.now {
        Some(date) => date,
        None => World::today(),
    };
    let project = if options.scheme.is_none() { Some(of_project(global)?) } else { None };
    let scheme = options.scheme.or(project.as_ref().map(|project| project.scheme)).unwrap_or(Scheme::Pep440);
    let question = Question { kind: options.kind, of: options.of, scheme, date: date(today).map_err(usage)? };
    let mut existing = ExistingVersions::default();
    existing
        .extend(project.iter().flat_map(|project| project.tagged.iter().map(|(version, _)| version.clone())));
    for text in &options.existing {
        existing.insert(&read(scheme, text).map_err(usage)?);
    }
    let current = match (&options.current, &project) {
        (Some(text), _) => read(scheme, text).map_err(usage)?,
        (None, Some(project)) => {
            question.current(project).map_err(|why| CommandError::new(Exit::NoGo, why))?
        }
        (None, None) => {
            lines::answer_each(|line, answers| {
                answer::put(answers, json, FIELD, question.answer_line(line, &existing));
            })?;
            return Ok(Exit::Done);
        }
    };
    let next = question.answer(&current, &existing).map_err(|why| CommandError::new(Exit::NoGo, why))?;
    output.line(&answer::shown(json, FIELD, next));
    Ok(Exit::Done)
}

/// What the project in the current directory has.
fn of_project(global: &Global) -> Result<Versions, CommandError> {
    let world = World::of_this_process(global)?;
    let root = world.root()?;
    let config = tminus_engine::read_config(&root, world.config.as_deref())?;
    Ok(versions(&root, &config, global.train.as_deref())?)
}

fn read(scheme: Scheme, text: &str) -> Result<ReleaseVersion, Fault> {
    ReleaseVersion::parse(scheme, text).map_err(|error| error.to_string())
}

fn date(date: jiff::civil::Date) -> Result<Date, Fault> {
    date.to_string().parse().map_err(|error: tminus_versioning::DateError| error.to_string())
}

/// What is asked of every version.
struct Question {
    kind: NextKind,
    of: NextBump,
    scheme: Scheme,
    date: Date,
}

impl Question {
    /// The version of a project from which this kind is counted.
    fn current(&self, project: &Versions) -> Result<ReleaseVersion, Fault> {
        let current = match self.kind {
            NextKind::Major | NextKind::Minor | NextKind::Patch => project.base(),
            NextKind::Post | NextKind::Hotfix => project.last_final(),
            NextKind::Alpha
            | NextKind::Beta
            | NextKind::Candidate
            | NextKind::Final
            | NextKind::Dev
            | NextKind::Nightly => project.under_way(),
        };
        current.cloned().ok_or_else(|| {
            "there is no release yet, and no file states a version: name the version to count from".to_owned()
        })
    }

    /// `CURRENT`, and the versions that exist as further fields.
    fn answer_line(&self, line: &str, existing: &ExistingVersions) -> Result<Answer, Fault> {
        let mut fields = line.split('\t');
        let current = read(self.scheme, fields.next().unwrap_or_default())?;
        let mut fields = fields.peekable();
        if fields.peek().is_none() {
            return self.answer(&current, existing);
        }
        let mut existing = existing.clone();
        for field in fields {
            existing.insert(&read(self.scheme, field)?);
        }
        self.answer(&current, &existing)
    }

    fn answer(&self, current: &ReleaseVersion, existing: &ExistingVersions) -> Result<Answer, Fault> {
        let step = self.step(current);
        let next = existing.next(current, step, self.scheme).map_err(|error| error.to_string())?;
        let text = next.render(self.scheme).map_err(|error| error.to_string())?;
        Ok(Answer::Text(text.into()))
    }

    fn step(&self, current: &ReleaseVersion) -> NextStep {
        // What is under way goes on to its own release; from a finished one, `--of` says which comes next.
        let level = match self.of {
            NextBump::Major => Level::Major,
            NextBump::Minor => Level::Minor,
            NextBump::Patch => Level::Patch,
        };
        let towards = (!current.is_prerelease()).then_some(level);
        // Development builds come before whatever is released next, and that is a patch at least.
        let daily = (!current.is_prerelease()).then_some(Level::Patch);
        match self.kind {
            NextKind::Major => NextStep::Release(Level::Major),
            NextKind::Minor => NextStep::Release(Level::Minor),
            NextKind::Patch => NextStep::Release(Level::Patch),
            NextKind::Alpha => NextStep::Alpha(towards),
            NextKind::Beta => NextStep::Beta(towards),
            NextKind::Candidate => NextStep::Candidate(towards),
            NextKind::Final => NextStep::Final,
            NextKind::Post => NextStep::Post,
            NextKind::Dev => NextStep::Dev(daily),
            NextKind::Nightly => NextStep::Nightly(self.date, daily),
            NextKind::Hotfix => NextStep::Hotfix,
        }
    }
}
