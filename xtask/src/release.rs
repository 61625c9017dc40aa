//! Releases this workspace with its own engine, called as a library: no other door than the one its users have.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use tminus_engine::build::SystemBuilder;
use tminus_engine::config::{Config, ReleaseKind};
use tminus_engine::events::{Event, Reporter};
use tminus_engine::fuse::Fuse;
use tminus_engine::plan::{Refusal, Request, Selection, text};
use tminus_engine::{Context, Environment, Exit, GatePolicy, Pace, ReleaseError, Session, UserFiles};
use tminus_http::{SystemTimer, SystemTransport};
use tminus_vcs::SystemRunner;

use crate::arguments::{Arguments, Usage};
use crate::workspace::Workspace;

pub(crate) fn run(mut arguments: Arguments) -> anyhow::Result<ExitCode> {
    let (dry_run, yes) = (arguments.flag("--dry-run"), arguments.flag("--yes"));
    let request = request(arguments.word().as_deref().unwrap_or("minor"))?;
    arguments.end()?;
    let workspace = Workspace::find()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("no runtime")?;
    let ended = runtime.block_on(async {
        let config = tminus_engine::read_config(&workspace.root, None)?;
        let context = context(&workspace.root)?;
        if dry_run {
            plan(&context, &config, &request).await
        } else {
            release(&context, &config, &request, yes).await
        }
    });
    let exit = match ended {
        Ok(exit) => exit,
        Err(error) => match error.downcast::<ReleaseError>() {
            Ok(error) => refused(&error),
            Err(error) => return Err(error),
        },
    };
    Ok(ExitCode::from(exit.code()))
}

fn request(word: &str) -> Result<Request, Usage> {
    if let Some(kind) = ReleaseKind::ALL.into_iter().find(|kind| kind.as_str() == word) {
        return Ok(Request::Kind(kind));
    }
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return Ok(Request::Version(word.to_owned()));
    }
    Err(Usage(format!("`{word}` is no release: major, minor, patch, or a version such as 1.2.3")))
}

/// What the engine is given: this process, as it is.
fn context(root: &Path) -> anyhow::Result<Context> {
    let variables = std::env::vars_os();
    let variables =
        variables.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let environment = Environment::new(variables);
    let home = environment.get("HOME").map(Path::new);
    let read = |name: &str| std::fs::read_to_string(home?.join(name)).ok();
    let user = ["USER", "LOGNAME", "GITHUB_ACTOR"].into_iter().find_map(|name| environment.get(name));
    Ok(Context {
        root: root.to_owned(),
        files: UserFiles { pypirc: read(".pypirc"), netrc: read(".netrc") },
        transport: SystemTransport::new(concat!("tminus-xtask/", env!("CARGO_PKG_VERSION")))?,
        timer: Arc::new(SystemTimer),
        runner: Arc::new(SystemRunner::default()),
        builder: Arc::new(SystemBuilder),
        reporter: Arc::new(Lines),
        fuse: Fuse::endless(),
        today: jiff::Zoned::now().date(),
        user: user.unwrap_or("somebody").to_owned(),
        command: "cargo xtask release".to_owned(),
        gates: GatePolicy::People,
        pace: Pace::default(),
        environment,
    })
}

/// Prints the plan and what stands against it.
async fn plan(context: &Context, config: &Config, request: &Request) -> anyhow::Result<Exit> {
    let planned = tminus_engine::dry_run(context, config, None, request).await?;
    print!("{}", text(&planned.plan));
    if planned.findings.is_empty() {
        return Ok(Exit::Done);
    }
    Ok(refused(&Refusal { findings: planned.findings }.into()))
}

/// Carries it out, or goes on with what was begun.
async fn release(context: &Context, config: &Config, request: &Request, yes: bool) -> anyhow::Result<Exit> {
    let session = Session::begin(context, config, None)?;
    if let Some(holder) = session.stale() {
        println!("an earlier run (`{}`, process {}) ended without finishing", holder.command, holder.pid);
    }
    let prepared = session.prepare(request).await?;
    if !prepared.resumed {
        println!("{}", text(&prepared.plan));
        if !yes {
            return Err(Usage("say --yes to carry this out; --dry-run only looks".to_owned()).into());
        }
    }
    let report = session.apply(prepared, &Selection::default()).await?;
    println!("{}: {}", report.version, report.exit);
    Ok(report.exit)
}

/// Prints what stands against it, and says which exit that is.
fn refused(error: &ReleaseError) -> Exit {
    if let ReleaseError::Refused(refusal) = error {
        for finding in &refusal.findings {
            eprintln!("error: {}\n  try: {}", finding.what, finding.remedy);
        }
    } else {
        eprintln!("error: {error}");
        for remedy in error.remedies() {
            eprintln!("  try: {remedy}");
        }
    }
    error.exit()
}

/// A line for each step that ends.
struct Lines;

impl Reporter for Lines {
    fn report(&self, event: &Event) {
        match event {
            Event::Performing { step, what } => println!("  …       {step}: {what}"),
            Event::Finished { step, what, outcome, detail } => {
                println!("  {:<12} {step}: {what}  {detail}", format!("{outcome:?}"));
            }
            Event::Note { text } => println!("  {text}"),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use tminus_engine::config::ReleaseKind;
    use tminus_engine::plan::Request;

    use super::request;

    #[test]
    fn a_release_is_a_kind_or_a_version() {
        assert_eq!(request("patch").unwrap(), Request::Kind(ReleaseKind::Patch));
        assert_eq!(request("1.2.3").unwrap(), Request::Version("1.2.3".to_owned()));
        assert!(request("huge").unwrap_err().to_string().contains("huge"));
    }
}
