use tminus_engine::versions::{Versions, versions};
use tminus_engine::{Exit, ReleaseError};
use tminus_versioning::{
    Date, ExistingVersions, Level, NextStep, ReleaseVersion, Scheme, TagVariables, calver,
};

use super::answer::{self, Answer};
use super::grammar::Fault;
use super::lines;
use crate::CommandError;
use crate::args::{Global, NextBump, NextKind, VersionNext};
use crate::output::Output;
use crate::world::World;

const FIELD: &str = "version";

/// What to do where there is no project to ask about.
const WITHOUT_A_PROJECT: &str = "without a project, say which scheme with --scheme";

pub(super) fn run(output: &Output, global: &Global, options: &VersionNext) -> Result<Exit, CommandError> {
    let json = output.json();
    let usage = |why: Fault| CommandError::new(Exit::Usage, why);
    let today = match global.now {
        Some(date) => date,
        None => World::today(),
    };
    let date = date(today).map_err(usage)?;
    let project =
        if options.scheme.is_none() { Some(of_project(global, &TagVariables::default())?) } else { None };
    let scheme = options.scheme.or(project.as_ref().map(|project| project.scheme)).unwrap_or(Scheme::Pep440);
    let mut existing: Vec<String> = options.existing.clone();
    if let Some(project) = &project {
        existing.extend(project.tagged.iter().filter_map(|version| version.render(scheme).ok()));
    }
    let towards_one = matches!(
        options.kind,
        NextKind::Alpha | NextKind::Beta | NextKind::Candidate | NextKind::Dev | NextKind::Nightly
    );
    if options.of.is_some() && !towards_one {
        return Err(usage("--of is for alpha, beta, candidate, dev and nightly".to_owned()));
    }
    let question: Box<dyn Question> = match (scheme, &options.format) {
        (Scheme::Calver, Some(format)) => {
            Box::new(Dated::new(options.kind, format, date, &existing).map_err(usage)?)
        }
        (_, Some(_)) => return Err(usage(format!("--format is for the scheme calver, not for {scheme}"))),
        (_, None) => Box::new(Counted::new(options, scheme, date, &existing).map_err(usage)?),
    };
    let current = match (&options.current, &project) {
        (Some(text), _) => text.clone(),
        (None, Some(project)) => current(options.kind, project)
            .and_then(|version| version.render(scheme).map_err(|error| error.to_string()))
            .map_err(|why| CommandError::new(Exit::NoGo, why))?,
        (None, None) => {
            lines::answer_each(|line, answers| {
                let next = line.and_then(|line| {
                    let mut fields = line.split('\t');
                    let current = fields.next().unwrap_or_default();
                    question.answer(current, &fields.collect::<Vec<_>>())
                });
                answer::put(answers, json, FIELD, next.map(|text| Answer::Text(text.into())));
            })?;
            return Ok(Exit::Done);
        }
    };
    question.read(&current).map_err(usage)?;
    let next = question.answer(&current, &[]).map_err(|why| CommandError::new(Exit::NoGo, why))?;
    lines::write_line(&answer::shown(json, FIELD, Answer::Text(next.into())))?;
    Ok(Exit::Done)
}

/// What the project in the current directory has.
pub(super) fn of_project(global: &Global, variables: &TagVariables<'_>) -> Result<Versions, CommandError> {
    let world = World::of_this_process(global)?;
    let hint = |error: CommandError| error.with_remedy(WITHOUT_A_PROJECT);
    let root = world.root().map_err(hint)?;
    let config = tminus_engine::read_config(&root, world.config.as_deref()).map_err(|error| match error {
        ReleaseError::NoConfig { .. } => hint(error.into()),
        error => error.into(),
    })?;
    Ok(versions(&root, &config, global.train.as_deref(), variables)?)
}

fn read(scheme: Scheme, text: &str) -> Result<ReleaseVersion, Fault> {
    ReleaseVersion::parse(scheme, text).map_err(|error| error.to_string())
}

fn nearest(scheme: Scheme, text: &str) -> Result<ReleaseVersion, Fault> {
    ReleaseVersion::parse_nearest(scheme, text).map_err(|error| error.to_string())
}

fn date(date: jiff::civil::Date) -> Result<Date, Fault> {
    date.to_string().parse().map_err(|error: tminus_versioning::DateError| error.to_string())
}

/// The version of a project from which a kind is counted.
fn current(kind: NextKind, project: &Versions) -> Result<ReleaseVersion, Fault> {
    let current = match kind {
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

/// What is asked of every version.
trait Question {
    /// Whether a text is a version to count from.
    fn read(&self, text: &str) -> Result<(), Fault>;

    /// The version that comes next, where these exist as well.
    fn answer(&self, current: &str, existing: &[&str]) -> Result<String, Fault>;
}

/// Versions that are counted up.
struct Counted {
    kind: NextKind,
    of: Option<NextBump>,
    scheme: Scheme,
    date: Date,
    existing: ExistingVersions,
}

impl Counted {
    fn new(options: &VersionNext, scheme: Scheme, date: Date, existing: &[String]) -> Result<Self, Fault> {
        let mut known = ExistingVersions::default();
        for text in existing {
            known.insert(&nearest(scheme, text)?);
        }
        Ok(Self { kind: options.kind, of: options.of, scheme, date, existing: known })
    }

    /// The version to count from. A finished release follows on any version, whatever its pre-release part.
    fn current(&self, text: &str) -> Result<ReleaseVersion, Fault> {
        match self.kind {
            NextKind::Major | NextKind::Minor | NextKind::Patch | NextKind::Final => {
                nearest(self.scheme, text)
            }
            _ => read(self.scheme, text),
        }
    }

    fn step(&self, current: &ReleaseVersion) -> NextStep {
        // What is under way goes on to its own release; from a finished one, `--of` says which comes next.
        let towards = |usual: NextBump| {
            let level = match self.of.unwrap_or(usual) {
                NextBump::Major => Level::Major,
                NextBump::Minor => Level::Minor,
                NextBump::Patch => Level::Patch,
            };
            (self.of.is_some() || !current.is_prerelease()).then_some(level)
        };
        match self.kind {
            NextKind::Major => NextStep::Release(Level::Major),
            NextKind::Minor => NextStep::Release(Level::Minor),
            NextKind::Patch => NextStep::Release(Level::Patch),
            NextKind::Alpha => NextStep::Alpha(towards(NextBump::Minor)),
            NextKind::Beta => NextStep::Beta(towards(NextBump::Minor)),
            NextKind::Candidate => NextStep::Candidate(towards(NextBump::Minor)),
            NextKind::Final => NextStep::Final,
            NextKind::Post => NextStep::Post,
            // Development comes before whatever is released next, and that is a patch at least.
            NextKind::Dev => NextStep::Dev(towards(NextBump::Patch)),
            NextKind::Nightly => NextStep::Nightly(self.date, towards(NextBump::Patch)),
            NextKind::Hotfix => NextStep::Hotfix,
        }
    }
}

impl Question for Counted {
    fn read(&self, text: &str) -> Result<(), Fault> {
        self.current(text).map(drop)
    }

    fn answer(&self, current: &str, existing: &[&str]) -> Result<String, Fault> {
        // The `v` of an image tag is the project's habit, not part of the version.
        let v = if self.scheme == Scheme::Oci && current.starts_with('v') { "v" } else { "" };
        let current = self.current(current)?;
        let step = self.step(&current);
        if self.scheme == Scheme::Calver && takes_a_number(step) {
            return Err("calendar versions are counted by a date: say how they are dated, for example \
                        --format YYYY.0M.MICRO"
                .to_owned());
        }
        let next = if existing.is_empty() {
            self.existing.next(&current, step, self.scheme)
        } else {
            let mut all = self.existing.clone();
            for text in existing {
                all.insert(&nearest(self.scheme, text)?);
            }
            all.next(&current, step, self.scheme)
        };
        let next = next.map_err(|error| error.to_string())?;
        next.render(self.scheme).map(|text| format!("{v}{text}")).map_err(|error| error.to_string())
    }
}

/// Whether a step needs the number of a release that nobody has begun.
fn takes_a_number(step: NextStep) -> bool {
    match step {
        NextStep::Final | NextStep::Post => false,
        NextStep::Alpha(level)
        | NextStep::Beta(level)
        | NextStep::Candidate(level)
        | NextStep::Dev(level) => level.is_some(),
        _ => true,
    }
}

/// Versions that say when they were made.
struct Dated<'f> {
    format: &'f calver::Format,
    date: Date,
    existing: Vec<calver::DatedVersion>,
}

impl<'f> Dated<'f> {
    fn new(
        kind: NextKind,
        format: &'f calver::Format,
        date: Date,
        existing: &[String],
    ) -> Result<Self, Fault> {
        if kind != NextKind::Patch {
            return Err(
                "calendar versions are counted by their date: ask for `patch`, the next one of the day"
                    .to_owned(),
            );
        }
        let existing = existing.iter().map(|text| dated(format, text)).collect::<Result<_, _>>()?;
        Ok(Self { format, date, existing })
    }
}

impl Question for Dated<'_> {
    fn read(&self, text: &str) -> Result<(), Fault> {
        dated(self.format, text).map(drop)
    }

    fn answer(&self, current: &str, existing: &[&str]) -> Result<String, Fault> {
        let mut all = vec![dated(self.format, current)?];
        for text in existing {
            all.push(dated(self.format, text)?);
        }
        let next = self.format.next(self.date, self.existing.iter().chain(&all));
        next.map(|version| version.to_string()).map_err(|error| error.to_string())
    }
}

fn dated(format: &calver::Format, text: &str) -> Result<calver::DatedVersion, Fault> {
    format.parse(text).map_err(|error| error.to_string())
}
