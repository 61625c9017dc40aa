use std::sync::Arc;

use tminus_engine::Exit;
use tminus_engine::events::Silent;
use tminus_engine::status::Status as Facts;

use crate::CommandError;
use crate::args::{Global, Status};
use crate::output::{Output, clean};
use crate::world::World;

pub(crate) fn run(world: &World, output: &Output, global: &Global, _: &Status) -> Result<Exit, CommandError> {
    let root = world.root()?;
    let config = tminus_engine::read_config(&root, world.config.as_deref())?;
    let context = world.context(&root, Arc::new(Silent))?;
    let status = tminus_engine::status::status(&context, &config, global.train.as_deref())?;
    if output.json() {
        let json = serde_json::to_string_pretty(&status)
            .map_err(|error| CommandError::new(Exit::NoGo, error.to_string()))?;
        output.line(&json);
    } else {
        output.text(&clean(&text(&status)));
    }
    Ok(Exit::Done)
}

fn text(status: &Facts) -> String {
    let mut lines =
        vec![format!("{} on {}", status.project, status.branch.as_deref().unwrap_or("no branch"))];
    let mut row = |label: &str, value: String| lines.push(format!("  {label:<13} {value}"));
    for site in &status.sites {
        match (&site.version, &site.problem) {
            (Some(version), _) => row("version", format!("{version}  ({})", site.place)),
            (None, problem) => row("version", format!("?  {}", problem.as_deref().unwrap_or_default())),
        }
    }
    row("last release", status.last_release.clone().unwrap_or_else(|| "none".to_owned()));
    row(
        "unreleased",
        format!("{} commit{}", status.unreleased, if status.unreleased == 1 { "" } else { "s" }),
    );
    for commit in &status.newest {
        row("", commit.clone());
    }
    if status.changed > 0 {
        row(
            "work tree",
            format!("{} changed file{}", status.changed, if status.changed == 1 { "" } else { "s" }),
        );
    }
    match &status.open {
        None => row("on its way", "nothing".to_owned()),
        Some(open) => {
            let seen = if open.departed { "others can see it" } else { "nothing has left this machine" };
            row(
                "on its way",
                format!("{} since {}; {seen}; `tminus resume` goes on", open.version, open.opened),
            );
            for gate in &open.gates {
                row("", format!("{}: {}", gate.name, gate.state));
            }
        }
    }
    let mut text = lines.join("\n");
    text.push('\n');
    text
}
