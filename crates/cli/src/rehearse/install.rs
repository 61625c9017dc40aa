use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use tminus_engine::{Context, Exit};
use tminus_vcs::{Invocation, Output, Run as _, SystemRunner};

use super::Stage;
use crate::CommandError;

/// A package that pip installed from the rehearsal's index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// The package.
    pub package: String,
    /// The version that its metadata states.
    pub version: String,
    /// The modules that were imported.
    pub modules: Vec<String>,
}

/// Prints the installed version, then imports every top-level module that the package brought.
const CHECK: &str = r#"
import importlib, importlib.metadata, sys
dist = importlib.metadata.distribution(sys.argv[1])
print(dist.version)
tops = set()
for path in dist.files or []:
    first = path.parts[0]
    if first.endswith((".dist-info", ".data")) or first in ("..", "__pycache__", "bin"):
        continue
    if len(path.parts) == 1:
        if not first.endswith(".py"):
            continue
        first = first[:-3]
    elif not any(str(other) == f"{first}/__init__.py" for other in dist.files):
        continue
    if first.isidentifier():
        tops.add(first)
for name in sorted(tops):
    importlib.import_module(name)
    print(name)
"#;

/// Installs a package from the rehearsal's index into a fresh environment and imports it. `Ok(Err(why))` where this
/// machine has no Python that could.
///
/// # Errors
/// pip cannot install what was published, or it cannot be imported.
pub fn install(
    stage: &Stage,
    context: &Context,
    package: &str,
    version: &str,
) -> Result<Result<Installed, String>, CommandError> {
    let dir = stage.work.with_file_name(format!("install-{package}"));
    let run = |program: PathBuf, args: Vec<OsString>| {
        let invocation = Invocation {
            args,
            environment: context.environment.for_children(),
            timeout: Some(Duration::from_secs(900)),
            ..Invocation::new(program, std::env::temp_dir())
        };
        SystemRunner::default().run(&invocation)
    };
    let words = |list: &[&str]| list.iter().map(OsString::from).collect::<Vec<_>>();
    let mut venv = words(&["-m", "venv"]);
    venv.push(dir.clone().into());
    if !run("python3".into(), venv).is_ok_and(|output| output.success()) {
        return Ok(Err(format!(
            "that pip can install {package}: `python3 -m venv` does not work on this machine"
        )));
    }
    let python = dir.join("bin").join("python");
    let index = stage.sandbox.index_url().to_string();
    let wanted = format!("{package}=={version}");
    let pip = words(&[
        "-m",
        "pip",
        "--isolated",
        "--disable-pip-version-check",
        "install",
        "--no-cache-dir",
        "--quiet",
        "--index-url",
        &index,
        &wanted,
    ]);
    let failed = |what: &str, output: &Output| {
        let words = String::from_utf8_lossy(&output.stderr);
        let last: Vec<&str> = words.lines().rev().take(12).collect();
        let last: Vec<&str> = last.into_iter().rev().collect();
        CommandError::new(Exit::NoGo, format!("{what}:\n{}", last.join("\n")))
    };
    let broken = |error: std::io::Error| {
        CommandError::new(Exit::NoGo, format!("the fresh environment's Python cannot be run: {error}"))
    };
    let output = run(python.clone(), pip).map_err(broken)?;
    if !output.success() {
        return Err(failed(&format!("pip cannot install {wanted} from the rehearsal's index"), &output));
    }
    let mut check = words(&["-c", CHECK]);
    check.push(package.into());
    let output = run(python, check).map_err(broken)?;
    if !output.success() {
        return Err(failed(&format!("{wanted} is installed and cannot be imported"), &output));
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut lines = text.lines().map(str::to_owned);
    let version = lines.next().unwrap_or_default();
    Ok(Ok(Installed { package: package.to_owned(), version, modules: lines.collect() }))
}
