//! A whole release against an index and a forge in this process, and an installation of what it published.

mod install;
mod stage;

pub use install::{Installed, install};
pub use stage::{Stage, StageError};

use tminus_engine::plan::{Action, Plan, Request, Selection};
use tminus_engine::{Context, GatePolicy, Pace, Report, Session};

use crate::CommandError;

/// What a rehearsal came to.
#[derive(Debug)]
pub struct Rehearsal {
    /// The plan that was carried out.
    pub plan: Plan,
    /// How it ended.
    pub report: Report,
    /// What was installed from the index.
    pub installed: Vec<Installed>,
    /// What a rehearsal cannot show.
    pub not_proven: Vec<String>,
}

/// Rehearses a release on a stage.
///
/// # Errors
/// Whatever would stop the release, and an installation that fails.
pub async fn rehearse(
    stage: &Stage,
    context: Context,
    train: Option<&str>,
    request: &Request,
) -> Result<Rehearsal, CommandError> {
    let context = Context {
        gates: GatePolicy::Rehearsal,
        pace: Pace { checks_seconds: 0, index_millis: 50 },
        ..stage.context(&context)
    };
    let session = Session::begin(&context, &stage.config, train)?;
    let prepared = session.prepare(request).await?;
    let plan = prepared.plan.clone();
    let report = session.apply(prepared, &Selection::default()).await?;
    let mut not_proven = stage.not_proven(&plan);
    let mut installed = Vec::new();
    for step in &plan.steps {
        let Action::Publish { package, .. } = &step.action else { continue };
        match install(stage, &context, package, &plan.version)? {
            Ok(done) => installed.push(done),
            Err(why) => not_proven.push(why),
        }
    }
    Ok(Rehearsal { plan, report, installed, not_proven })
}
