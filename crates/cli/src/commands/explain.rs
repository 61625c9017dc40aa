use serde_json::json;
use tminus_engine::Exit;
use tminus_engine::changelog::{Explanation, Level, Origin, Span, Telling, explain};

use super::changes::{Changes, warn};
use crate::CommandError;
use crate::args::{Explain, Global};
use crate::output::{Output, clean};
use crate::world::World;

/// So many paths of a commit are shown to people.
const SHOWN: usize = 3;

pub(crate) async fn run(
    world: &World,
    output: &Output,
    global: &Global,
    options: &Explain,
) -> Result<Exit, CommandError> {
    let changes = Changes::open(world, global, !options.no_forge)?;
    let package = changes.package(&options.package)?;
    let everything = changes.scope.repository.resolve("HEAD").map_err(tminus_engine::ReleaseError::from)?;
    let span = match (&options.since, options.all) {
        (Some(revision), _) => Span::Since(revision.clone()),
        // One list from the first commit on, not one for each release.
        (None, true) if everything.is_some() => Span::Whole,
        _ => Span::Unreleased,
    };
    let gathered = changes.gather(world, &span, "HEAD", std::slice::from_ref(&options.package))?;
    let (facts, warnings) = changes.facts(output, &gathered).await?;
    warn(output, &warnings);
    let told = changes.tell(&gathered, &facts, Telling::Changes, &[])?;
    let own = |section: &tminus_engine::changelog::Section| section.package.as_ref() == Some(&package);
    let place = gathered.sections.iter().position(own).unwrap_or(0);
    let (Some(section), Some(told)) = (gathered.sections.get(place), told.get(place)) else {
        return Ok(Exit::Done);
    };
    warn(output, &told.warnings);
    let commits = explain(&changes.scope, &gathered, section, told, &package)?;
    let of_files: Vec<_> = told
        .document
        .changes
        .iter()
        .filter(|change| change.packages.contains(&package))
        .filter(|change| matches!(change.origin, Origin::File(_)))
        .collect();
    let weights = commits.iter().map(|commit| commit.level).chain(of_files.iter().map(|change| change.level));
    let level = weights.max().unwrap_or_default();
    let base = section.base.tag.as_ref().map(|tag| tag.name.as_str());
    if output.json() {
        let document = json!({
            "package": package.to_string(), "since": base, "why_since": section.base.why, "level": level,
            "commits": commits, "files": of_files, "warnings": told.warnings,
        });
        output.line(&serde_json::to_string_pretty(&document).unwrap_or_default());
        return Ok(Exit::Done);
    }
    let since = base.map_or_else(|| "since the first commit".to_owned(), |base| format!("since {base}"));
    output.line(&clean(&format!(
        "{package}: {level}, {} commits {since} ({})",
        commits.len(),
        section.base.why
    )));
    for commit in &commits {
        output.text(&clean(&shown(commit)));
    }
    for change in of_files {
        output.line(&clean(&format!("\n{} {}  {}", change.origin, change.level, change.text)));
    }
    Ok(Exit::Done)
}

fn shown(commit: &Explanation) -> String {
    let id: String = commit.commit.chars().take(10).collect();
    let level = if commit.level == Level::None { "-".to_owned() } else { commit.level.to_string() };
    let mut text = format!("\n{id} {level:<5}  {}\n", commit.subject);
    for how in &commit.how {
        text.push_str(&format!("    {how}\n"));
    }
    for path in commit.paths.iter().take(SHOWN) {
        text.push_str(&format!("    {path}\n"));
    }
    if let Some(more) = commit.paths.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        text.push_str(&format!("    and {more} more of its paths\n"));
    }
    text
}
