use tminus_engine::plan::text;
use tminus_engine::{Exit, Prepared, Session};

use super::{carry_out, mention_stale, plan};
use crate::CommandError;
use crate::args::{Format, Global, Release};
use crate::output::{Output, clean};
use crate::world::World;

pub(crate) async fn run(
    world: &World,
    output: &Output,
    global: &Global,
    options: &Release,
) -> Result<Exit, CommandError> {
    if options.dry_run {
        let format = if output.json() { Format::Json } else { Format::Text };
        return plan::show(world, output, global, &options.release, format, None).await;
    }
    let root = world.root()?;
    let config = tminus_engine::read_config(&root, world.config.as_deref())?;
    let context = world.context(&root, output.reporter())?;
    let session = Session::begin(&context, &config, global.train.as_deref())?;
    mention_stale(output, &session);
    let prepared = session.prepare(&options.release).await?;
    confirm(output, global, &prepared)?;
    carry_out(&context, &session, prepared, &options.selection.selection()).await
}

/// Shows a plan that nobody has agreed to yet, and asks.
pub(super) fn confirm(output: &Output, global: &Global, prepared: &Prepared) -> Result<(), CommandError> {
    if prepared.resumed {
        return Ok(());
    }
    // With --quiet and --yes nobody wants to read it; who is asked must have seen it.
    let unread = output.json() || (output.quiet() && global.yes);
    if !unread {
        output.text(&clean(&text(&prepared.plan)));
        output.line("");
    }
    if global.yes {
        return Ok(());
    }
    match output.confirm(&format!("Release {}?", prepared.plan.version)) {
        Some(true) => Ok(()),
        Some(false) => Err(CommandError::new(Exit::NoGo, "not released: you said no")),
        None => Err(CommandError::new(Exit::Usage, "nobody can be asked here whether to go on")
            .with_remedy("add --yes, or look only with `tminus plan`")),
    }
}
