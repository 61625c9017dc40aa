use serde_json::{Value, json};
use tminus_engine::Exit;
use tminus_engine::derive::{Derivation, DeriveError, Deriver, Question, Revision, Source};
use tminus_vcs::Configuration;
use tminus_versioning::DateTime;

use super::{answer, lines};
use crate::CommandError;
use crate::args::{Global, VersionDerive};
use crate::output::Output;
use crate::world::World;

pub(super) fn run(output: &Output, global: &Global, options: &VersionDerive) -> Result<Exit, CommandError> {
    let question = question(global, options)?;
    let mut deriver = Deriver::new(question);
    let show = Show { json: output.json(), explain: options.explain };
    let revision = match options.rev.as_deref() {
        None => Revision::WorkTree,
        Some("-") => {
            lines::answer_each(|line, answers| {
                let revision = line.map(Revision::Named);
                let derived = revision.and_then(|rev| deriver.derive(rev).map_err(|error| error.to_string()));
                show.put(answers, derived.as_ref().map_err(String::as_str));
            })?;
            return Ok(Exit::Done);
        }
        Some(revision) => Revision::Named(revision),
    };
    let derived = deriver.derive(revision)?;
    if !output.json() {
        for warning in &derived.warnings {
            output.note(&format!("warning: {warning}"));
        }
        if global.verbose && !options.explain {
            output.note(&explained(&derived));
        }
    }
    let mut text = Vec::new();
    show.put(&mut text, Ok(&derived));
    text.push(b'\n');
    lines::write_all(&text)?;
    Ok(Exit::Done)
}

fn question(global: &Global, options: &VersionDerive) -> Result<Question, CommandError> {
    let (dir, variables) = World::place(global)?;
    let now = match global.now {
        Some(date) => date.to_string().parse::<tminus_versioning::Date>().ok(),
        None => None,
    };
    let now = now.and_then(|date| DateTime::new(date, 0, 0, 0).ok()).or_else(World::now);
    let now = now.ok_or_else(|| CommandError::new(Exit::World, "the clock tells no time"))?;
    Ok(Question { dir, defaults: options.defaults, variables, now, configuration: Configuration::User })
}

struct Show {
    json: bool,
    explain: bool,
}

impl Show {
    fn put(&self, answers: &mut Vec<u8>, derived: Result<&Derivation, &str>) {
        let text = match derived {
            Ok(derived) if self.json => to_json(derived).to_string(),
            Ok(derived) if self.explain => {
                answer::one_line(&format!("{}\t{}", derived.version, explained(derived)))
            }
            Ok(derived) => answer::one_line(&derived.version),
            Err(why) if self.json => json!({ "error": answer::one_line(why) }).to_string(),
            Err(why) => format!("error: {}", answer::one_line(why)),
        };
        answers.extend(text.bytes());
    }
}

fn explained(derived: &Derivation) -> String {
    let place = match &derived.source {
        Source::Repository(_) => String::new(),
        Source::File(file) => format!("from {}", file.display()),
        Source::Environment => "from the environment".to_owned(),
        Source::Settings => "from the settings of the project".to_owned(),
    };
    let Some(facts) = &derived.facts else { return place };
    let tag = facts.tag.as_ref().map_or_else(|| "no tag".to_owned(), |tag| format!("tag {tag}"));
    let mut parts = vec![tag, format!("distance {}", facts.distance)];
    parts.extend(facts.node.as_ref().map(|node| format!("node {node}")));
    parts.extend(facts.branch.as_ref().map(|branch| format!("branch {branch}")));
    parts.extend(facts.dirty.then(|| "with changes".to_owned()));
    parts.extend((!place.is_empty()).then_some(place));
    parts.join(", ")
}

fn to_json(derived: &Derivation) -> Value {
    let facts = derived.facts.as_ref();
    let place = match &derived.source {
        Source::Repository(path) | Source::File(path) => Some(path.display().to_string()),
        Source::Environment | Source::Settings => None,
    };
    let settings = derived.settings.as_ref();
    json!({
        "version": derived.version,
        "source": derived.source.kind(),
        "path": place,
        "commit": derived.commit.as_ref().map(ToString::to_string),
        "tag": facts.and_then(|facts| facts.tag.as_ref()),
        "distance": facts.map(|facts| facts.distance),
        "node": facts.and_then(|facts| facts.node.as_ref()),
        "dirty": facts.map(|facts| facts.dirty),
        "branch": facts.and_then(|facts| facts.branch.as_ref()),
        "date": facts.and_then(|facts| facts.node_date).map(|date| date.to_string()),
        "settings": settings.map(|(file, _)| file.display().to_string()),
        "table": settings.and_then(|(_, table)| *table).map(|table| format!("tool.{table}")),
        "warnings": derived.warnings,
    })
}

impl From<DeriveError> for CommandError {
    fn from(error: DeriveError) -> Self {
        let problem = crate::error::Problem { what: error.to_string(), remedies: error.remedies() };
        Self { exit: error.exit(), problems: vec![problem] }
    }
}
