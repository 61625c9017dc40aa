use tminus_engine::{Exit, Session};

use super::release::confirm;
use super::{carry_out, mention_stale};
use crate::CommandError;
use crate::args::{Global, Resume};
use crate::output::Output;
use crate::world::World;

pub(crate) async fn run(
    world: &World,
    output: &Output,
    global: &Global,
    options: &Resume,
) -> Result<Exit, CommandError> {
    let root = world.root()?;
    let config = tminus_engine::read_config(&root, world.config.as_deref())?;
    let context = world.context(&root, output.reporter())?;
    let session = Session::begin(&context, &config, global.train.as_deref())?;
    mention_stale(output, &session);
    let prepared = session.prepare_resume().await?;
    // Where nothing had left this machine and the project has changed since, this is another plan.
    confirm(output, global, &prepared)?;
    carry_out(&context, &session, prepared, &options.selection.selection()).await
}
