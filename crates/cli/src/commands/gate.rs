use tminus_engine::{Exit, GateAction, Session};

use crate::CommandError;
use crate::args::{Gate, GateWord, Global};
use crate::output::Output;
use crate::world::World;

pub(crate) fn run(
    world: &World,
    output: &Output,
    global: &Global,
    options: &Gate,
) -> Result<Exit, CommandError> {
    let root = world.root()?;
    let config = tminus_engine::read_config(&root, world.config.as_deref())?;
    let context = world.context(&root, output.reporter())?;
    let session = Session::begin(&context, &config, global.train.as_deref())?;
    let action = match options.action {
        GateWord::Pass => GateAction::Pass,
        GateWord::Waive => GateAction::Waive,
        GateWord::Retry => GateAction::Retry,
    };
    let said = session.gate(action, &options.name, options.why.as_deref())?;
    if output.json() {
        output.line(&serde_json::json!({ "gate": options.name, "said": said }).to_string());
    } else {
        output.line(&format!("{said}; `tminus resume` goes on"));
    }
    Ok(Exit::Done)
}
