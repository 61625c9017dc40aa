use tminus_engine::Exit;
use tminus_engine::config::FILE_NAME;
use tminus_engine::events::Silent;

use crate::CommandError;
use crate::args::Init;
use crate::output::Output;
use crate::world::World;

pub(crate) fn run(world: &World, output: &Output, options: &Init) -> Result<Exit, CommandError> {
    let root = world.root()?;
    let path = root.join(FILE_NAME);
    let there = path.symlink_metadata();
    if there.as_ref().is_ok_and(std::fs::Metadata::is_symlink) && !options.stdout {
        return Err(CommandError::new(Exit::NoGo, format!("{FILE_NAME} is a symbolic link"))
            .with_remedy("remove it, or print with `tminus init --stdout`"));
    }
    if there.is_ok() && !options.force && !options.stdout {
        return Err(CommandError::new(Exit::NoGo, format!("there is a {FILE_NAME} already"))
            .with_remedy("`tminus init --stdout` prints a new one, `tminus init --force` replaces it"));
    }
    let context = world.context(&root, std::sync::Arc::new(Silent))?;
    let draft = tminus_engine::init::draft(&context)?;
    if output.json() {
        output.line(&serde_json::json!({ "text": draft.text, "guesses": draft.guesses }).to_string());
    }
    for guess in &draft.guesses {
        output.note(&format!("  {guess}"));
    }
    if options.stdout {
        if !output.json() {
            output.text(&draft.text);
        }
        return Ok(Exit::Done);
    }
    std::fs::write(&path, &draft.text)
        .map_err(|error| CommandError::new(Exit::NoGo, format!("{}: {error}", path.display())))?;
    output.note(&format!("wrote {FILE_NAME}; `tminus plan minor` shows what follows from it"));
    Ok(Exit::Done)
}
