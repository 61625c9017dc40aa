use serde_json::json;
use tminus_engine::Exit;
use tminus_engine::changelog::Span;
use tminus_engine::changelog::write::fit;

use super::changelog::{builtin, nothing};
use super::changes::{Changes, warn};
use crate::CommandError;
use crate::args::{Global, Notes};
use crate::output::{Output, clean};
use crate::world::World;

pub(crate) async fn run(
    world: &World,
    output: &Output,
    global: &Global,
    options: &Notes,
) -> Result<Exit, CommandError> {
    if let Some(word) = options.shape.print_template {
        output.text(builtin(word).source());
        return Ok(Exit::Done);
    }
    let changes = Changes::open(world, global, !options.reading.no_forge)?;
    let gathered =
        changes.gather(world, &Span::Version(options.version.clone()), "HEAD", &options.reading.packages)?;
    let (mut facts, warnings) = changes.facts(output, &gathered).await?;
    warn(output, &warnings);
    let form = changes.form(world, &gathered, &options.shape)?;
    changes.newcomers(&mut facts, &gathered, &form).await?;
    let told = changes.tell(&gathered, &facts, form.telling(), &options.reading.packages)?;
    for told in &told {
        warn(output, &told.warnings);
    }
    let mut texts = Vec::new();
    for told in told.iter().filter(|told| !told.document.changes.is_empty()) {
        texts.push(form.notes(&told.document)?);
    }
    if texts.is_empty() {
        return Err(nothing(&gathered));
    }
    let link = told.first().and_then(|told| told.document.release.compare_url.clone()).unwrap_or_default();
    let mut text = texts.join("\n");
    if let Some(limit) = options.limit {
        text = fit(&text, limit, &link);
    }
    if output.json() {
        let documents: Vec<_> = told.iter().map(|told| &told.document).collect();
        let document = json!({ "version": options.version, "text": text, "releases": documents });
        output.line(&serde_json::to_string_pretty(&document).unwrap_or_default());
        return Ok(Exit::Done);
    }
    output.text(&clean(&text));
    Ok(Exit::Done)
}
