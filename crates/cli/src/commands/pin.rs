use tminus_engine::Exit;
use tminus_engine::workspace::PinRequest;

use super::project;
use crate::CommandError;
use crate::args::Pin;
use crate::output::Output;
use crate::world::World;

pub(crate) fn run(world: &World, output: &Output, options: &Pin) -> Result<Exit, CommandError> {
    let request = PinRequest {
        packages: options.packages.clone(),
        only_in: options.only_in.clone(),
        shape: options.shape,
        staged: options.staged,
        without_locks: options.editing.no_lock,
        allow_lowering: options.editing.allow_lower,
    };
    if !options.editing.dry_run {
        project::recover(world, output)?;
    }
    let (project, config) = project::open(world)?;
    let branch = project::branch(&project, config.as_ref());
    let planned = project.pin(&branch, &request)?;
    if planned.outcome.pins.is_empty() && !request.packages.is_empty() {
        let names = request.packages.join(", ");
        return Err(CommandError::new(Exit::NoGo, format!("no constraint here is about {names}"))
            .with_remedy(
                "`tminus graph --explain` shows every constraint between packages of this project",
            ));
    }
    project::carry_out(world, output, &project, &planned, &options.editing)
}
