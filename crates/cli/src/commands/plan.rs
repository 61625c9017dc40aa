use std::sync::Arc;

use tminus_engine::Exit;
use tminus_engine::events::Silent;
use tminus_engine::plan::{Request, markdown, text};

use super::refused;
use crate::CommandError;
use crate::args::{Format, Global, Plan};
use crate::output::Output;
use crate::world::World;

pub(crate) async fn run(
    world: &World,
    output: &Output,
    global: &Global,
    options: &Plan,
) -> Result<Exit, CommandError> {
    let format = if output.json() { Format::Json } else { options.format };
    show(world, output, global, &options.release, format, options.out.as_deref()).await
}

/// Prints the plan of a release, then what stands against it.
pub(crate) async fn show(
    world: &World,
    output: &Output,
    global: &Global,
    request: &Request,
    format: Format,
    out: Option<&std::path::Path>,
) -> Result<Exit, CommandError> {
    let root = world.root()?;
    let config = tminus_engine::read_config(&root, world.config.as_deref())?;
    let context = world.context(&root, Arc::new(Silent))?;
    let planned = tminus_engine::dry_run(&context, &config, global.train.as_deref(), request).await?;
    let plan = &planned.plan;
    output.text(&match format {
        Format::Text => text(plan),
        Format::Json => plan.to_json(),
        Format::Markdown => markdown(plan),
    });
    if let Some(path) = out {
        let path = world.dir.join(path);
        std::fs::write(&path, plan.to_json())
            .map_err(|error| CommandError::new(Exit::NoGo, format!("{}: {error}", path.display())))?;
    }
    refused(planned.findings).map_or(Ok(Exit::Done), Err)
}
