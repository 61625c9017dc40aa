use tminus_engine::plan::text;
use tminus_engine::{Exit, Session};

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
    if !prepared.resumed {
        if !output.json() {
            output.text(&clean(&text(&prepared.plan)));
            output.line("");
        }
        if !global.yes {
            match output.confirm(&format!("Release {}?", prepared.plan.version)) {
                Some(true) => {}
                Some(false) => return Err(CommandError::new(Exit::NoGo, "not released: you said no")),
                None => {
                    return Err(CommandError::new(Exit::Usage, "nobody can be asked here whether to go on")
                        .with_remedy("`tminus release … --yes`, or `--dry-run` to look only"));
                }
            }
        }
    }
    carry_out(&context, &session, prepared, &options.selection.selection()).await
}
