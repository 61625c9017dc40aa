//! One command a file: from arguments to the engine and back.

pub(crate) mod backport;
pub(crate) mod bump;
pub(crate) mod changelog;
mod changes;
pub(crate) mod explain;
pub(crate) mod gate;
pub(crate) mod graph;
pub(crate) mod init;
pub(crate) mod notes;
pub(crate) mod packages;
pub(crate) mod pin;
pub(crate) mod plan;
mod project;
pub(crate) mod rehearse;
pub(crate) mod release;
pub(crate) mod resume;
pub(crate) mod sandbox;
pub(crate) mod status;
pub(crate) mod version;

use tminus_engine::events::{Event, StepOutcome};
use tminus_engine::plan::Refusal;
use tminus_engine::{Context, Exit, Prepared, ReleaseError, Report, Session};

use crate::CommandError;
use crate::output::Output;

/// Carries a prepared release out and says how it ended.
pub(crate) async fn carry_out(
    context: &Context,
    session: &Session<'_>,
    prepared: Prepared,
    selection: &tminus_engine::plan::Selection,
) -> Result<Exit, CommandError> {
    let version = prepared.plan.version.clone();
    let ended = session.apply(prepared, selection).await;
    let (exit, summary) = match &ended {
        Ok(report) => (report.exit, summary(report)),
        Err(error) => (error.exit(), format!("{version} is not finished: {}", error.exit())),
    };
    context.reporter.report(&Event::Ended { code: exit.code(), summary });
    ended.map(|report| report.exit).map_err(Into::into)
}

fn summary(report: &Report) -> String {
    let version = &report.version;
    let waits: Vec<&str> = report
        .steps
        .iter()
        .filter(|step| step.outcome == StepOutcome::Waiting)
        .map(|step| step.id.as_str())
        .collect();
    match report.exit {
        Exit::Done if report.steps.iter().any(|step| step.outcome == StepOutcome::LeftOut) => {
            format!("{version}: the chosen steps are done; `tminus resume` does the rest")
        }
        Exit::Done => format!("{version} is out: every step is done"),
        _ if waits.is_empty() => format!("{version} is not finished; `tminus resume` goes on"),
        _ => format!("{version} waits for {}; after that `tminus resume` goes on", waits.join(", ")),
    }
}

/// Says that an earlier run was killed.
pub(crate) fn mention_stale(output: &Output, session: &Session<'_>) {
    if let Some(holder) = session.stale() {
        output.note(&format!(
            "note: an earlier run (`tminus {}`, process {}) ended without finishing",
            holder.command, holder.pid
        ));
    }
}

/// Findings as an error, where there are any.
pub(crate) fn refused(findings: Vec<tminus_engine::plan::Finding>) -> Option<CommandError> {
    (!findings.is_empty()).then(|| ReleaseError::from(Refusal { findings }).into())
}
