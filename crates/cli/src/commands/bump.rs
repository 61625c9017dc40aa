use tminus_engine::Exit;
use tminus_engine::workspace::{BumpRequest, PinScope, Target};

use super::project;
use crate::CommandError;
use crate::args::{Bump, PinScope as Whose};
use crate::output::Output;
use crate::world::World;

pub(crate) fn run(world: &World, output: &Output, options: &Bump) -> Result<Exit, CommandError> {
    let usage = |error: String| CommandError::new(Exit::Usage, error);
    let target = |text: &str| text.parse::<Target>().map_err(usage);
    let request = BumpRequest {
        to: target(&options.to)?,
        packages: options.packages.clone(),
        all: options.all,
        dependents: options.dependents.as_deref().map(target).transpose()?,
        pins: match options.pins {
            Whose::All => PinScope::All,
            Whose::Bumped => PinScope::Bumped,
            Whose::None => PinScope::None,
        },
        without_locks: options.editing.no_lock,
        allow_lowering: options.editing.allow_lower,
    };
    if matches!(request.dependents, Some(Target::Version(_))) {
        return Err(usage("--dependents takes a level such as patch, not a version".to_owned()));
    }
    if !options.editing.dry_run {
        project::recover(world, output)?;
    }
    let (project, config) = project::open(world)?;
    let branch = project::branch(&project, config.as_ref());
    let planned = project.bump(&branch, &request)?;
    project::carry_out(world, output, &project, &planned, &options.editing)
}
