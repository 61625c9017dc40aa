use tminus_engine::config::ReleaseKind;
use tminus_engine::events::Event;
use tminus_engine::plan::{Request, text};
use tminus_engine::{Context, Exit};

use crate::CommandError;
use crate::args::{Global, Rehearse};
use crate::output::{Output, clean};
use crate::rehearse::{Rehearsal, Stage, StageError, rehearse};
use crate::world::World;

pub(crate) async fn run(
    world: &World,
    output: &Output,
    global: &Global,
    options: &Rehearse,
) -> Result<Exit, CommandError> {
    let request = options.release.clone().unwrap_or(Request::Kind(ReleaseKind::Minor));
    let dir = tempfile::Builder::new()
        .prefix("tminus-rehearsal-")
        .tempdir()
        .map_err(|error| CommandError::new(Exit::NoGo, format!("no temporary directory: {error}")))?;
    let place = dir.path().to_owned();
    let failed = |error: StageError| CommandError::new(Exit::NoGo, error.to_string());
    let (stage, context) = if options.demo {
        output.note("making a demo project: history, pull requests, a milestone …");
        let path = world.environment.get("PATH").unwrap_or_default();
        let stage = Stage::demo(&place, path).map_err(failed)?;
        let context = world.context(&stage.work, output.reporter())?;
        (stage, context)
    } else {
        let root = world.root()?;
        let config = tminus_engine::read_config(&root, world.config.as_deref())?;
        let context = world.context(&root, output.reporter())?;
        output.note("cloning the project …");
        let stage = Stage::of(&place, &context, &config).map_err(failed)?;
        (stage, context)
    };
    let outcome = carry_out(output, &stage, context, global.train.as_deref(), &request, options.demo).await;
    if options.keep {
        output.note(&format!("kept: {}", dir.keep().display()));
    }
    outcome
}

async fn carry_out(
    output: &Output,
    stage: &Stage,
    context: Context,
    train: Option<&str>,
    request: &Request,
    demo: bool,
) -> Result<Exit, CommandError> {
    output.note("index and forge are in this process, on loopback; nothing outside is written to");
    if !demo {
        prepare_milestone(stage, &context, train, request).await?;
    }
    let reporter = std::sync::Arc::clone(&context.reporter);
    if !output.json() {
        let inner = stage.context(&context);
        let planned = tminus_engine::dry_run(&inner, &stage.config, train, request).await?;
        output.line("");
        output.text(&clean(&text(&planned.plan)));
        output.line("");
    }
    let rehearsal = rehearse(stage, context, train, request).await?;
    let summary = summary(&rehearsal);
    if output.json() {
        reporter.report(&Event::Ended { code: rehearsal.report.exit.code(), summary });
        return Ok(rehearsal.report.exit);
    }
    output.line("");
    for line in report(stage, &rehearsal) {
        output.line(&clean(&line));
    }
    output.line(&summary);
    Ok(rehearsal.report.exit)
}

/// The rehearsal's forge gets the milestone that the release asks for.
async fn prepare_milestone(
    stage: &Stage,
    context: &Context,
    train: Option<&str>,
    request: &Request,
) -> Result<(), CommandError> {
    let inner = stage.context(context);
    let planned = tminus_engine::dry_run(&inner, &stage.config, train, request).await?;
    for step in &planned.plan.steps {
        if let tminus_engine::plan::Action::CloseMilestone { title } = &step.action {
            stage.add_milestone(title).map_err(|error| CommandError::new(Exit::NoGo, error.to_string()))?;
        }
    }
    Ok(())
}

fn summary(rehearsal: &Rehearsal) -> String {
    let version = &rehearsal.plan.version;
    match rehearsal.report.exit {
        Exit::Done => format!("rehearsed: a release of {version} would go through"),
        exit => format!("the rehearsal of {version} ended early: {exit}"),
    }
}

fn report(stage: &Stage, rehearsal: &Rehearsal) -> Vec<String> {
    let mut lines = vec!["What the rehearsal left behind, all of it in the sandbox:".to_owned()];
    for tally in stage.sandbox.uploads() {
        lines.push(format!("  index      {} (uploaded {}×)", tally.filename, tally.accepted));
    }
    for repository in stage.sandbox.repositories() {
        for release in stage.sandbox.releases(&repository) {
            if release.tag_name == rehearsal.plan.tag.as_str() {
                lines.push(format!(
                    "  forge      release {}{}",
                    release.tag_name,
                    if release.draft { ", a draft" } else { "" }
                ));
            }
        }
        for discussion in stage.sandbox.discussions(&repository) {
            lines.push(format!("  forge      discussion \"{}\"", discussion.title));
        }
    }
    for sent in stage.sandbox.webhooks("announcements") {
        lines.push(format!("  webhook    {}", sent.body));
    }
    for installed in &rehearsal.installed {
        let modules = installed.modules.join(", ");
        lines.push(format!(
            "  pip        installed {} {}, imported {modules}",
            installed.package, installed.version
        ));
    }
    if !rehearsal.not_proven.is_empty() {
        lines.push("Not proven by a rehearsal:".to_owned());
        lines.extend(rehearsal.not_proven.iter().map(|what| format!("  {what}")));
    }
    lines
}
