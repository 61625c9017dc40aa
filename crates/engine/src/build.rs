//! Building packages: a clean checkout, the project's own command, files out of one directory.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tminus_vcs::{Channel, CommitId, Git, GitError, Invocation, Run};

use crate::Exit;
use crate::config::Config;
use crate::context::Context;
use crate::environment::Environment;
use crate::plan::Finding;

/// What is to be built.
pub struct BuildRequest<'a> {
    /// The commit.
    pub commit: &'a CommitId,
    /// When it was made, in seconds since 1970: `SOURCE_DATE_EPOCH`, where the user has not set one.
    pub commit_seconds: i64,
    /// The directory of the package in the repository.
    pub dir: Option<&'a str>,
    /// Program and arguments.
    pub command: &'a [String],
    /// Where the artifacts appear, relative to the package.
    pub artifacts: &'a str,
    /// Additional variables.
    pub env: &'a BTreeMap<String, String>,
    /// A directory of its own, below which everything happens.
    pub scratch: &'a Path,
    /// git, in the repository.
    pub git: &'a Git,
    /// How programs are started.
    pub runner: &'a dyn Run,
    /// The environment.
    pub environment: &'a Environment,
}

/// A file that a build left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltFile {
    /// Its name.
    pub filename: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Builds packages. A trait so that tests of a hundred releases need not build a hundred times.
pub trait Builder: Send + Sync {
    /// Builds; `on_line` gets what the command prints.
    fn build(
        &self,
        request: &BuildRequest<'_>,
        on_line: &mut dyn FnMut(&str),
    ) -> Result<Vec<BuiltFile>, BuildError>;
}

/// A build that gave nothing usable.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The checkout.
    #[error(transparent)]
    Checkout(#[from] GitError),
    /// The program is not there.
    #[error("the build program `{program}` is not on PATH")]
    NoProgram {
        /// The program.
        program: String,
    },
    /// The command failed.
    #[error("`{command}` ended with {status}:\n{last}")]
    Failed {
        /// The command.
        command: String,
        /// How it ended.
        status: String,
        /// The last lines it printed.
        last: String,
    },
    /// It left no file.
    #[error("`{command}` left no file in {dir}")]
    Nothing {
        /// The command.
        command: String,
        /// Where files were looked for.
        dir: String,
    },
    /// A file cannot be read.
    #[error("{what}: {source}")]
    Io {
        /// What was done.
        what: String,
        /// Why it failed.
        source: io::Error,
    },
}

/// Runs the project's own command in a clean checkout of the commit.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemBuilder;

const BUILD_LIMIT: Duration = Duration::from_secs(2 * 60 * 60);
const ARTIFACT_LIMIT_BYTES: u64 = 2 * 1024 * 1024 * 1024;
const LAST_LINES: usize = 25;

impl Builder for SystemBuilder {
    fn build(
        &self,
        request: &BuildRequest<'_>,
        on_line: &mut dyn FnMut(&str),
    ) -> Result<Vec<BuiltFile>, BuildError> {
        let io = |what: &str| {
            let what = what.to_owned();
            move |source| BuildError::Io { what, source }
        };
        if request.scratch.exists() {
            fs::remove_dir_all(request.scratch).map_err(io("cannot clear the build directory"))?;
        }
        let source = request.scratch.join("source");
        fs::create_dir_all(request.scratch).map_err(io("cannot make the build directory"))?;
        request.git.clone_local(&source, request.commit)?;
        if source.join(".gitmodules").is_file() {
            submodules(request, &source)?;
        }
        let package = request.dir.map_or_else(|| source.clone(), |dir| source.join(dir));
        let asked = request.command.iter().any(|word| word.contains("{out}"));
        let out = if asked { request.scratch.join("out") } else { package.join(request.artifacts) };
        if asked {
            fs::create_dir_all(&out).map_err(io("cannot make the output directory"))?;
        }
        let before: BTreeSet<String> = names(&out).map_err(io("cannot read the output directory"))?;
        run(request, &package, &out, on_line)?;
        let mut built = Vec::new();
        for filename in names(&out).map_err(io("cannot read the output directory"))? {
            let path = out.join(&filename);
            let is_artifact = filename.ends_with(".whl") || filename.ends_with(".tar.gz");
            let metadata = fs::symlink_metadata(&path).map_err(io(&filename))?;
            if !is_artifact || before.contains(&filename) || !metadata.is_file() {
                continue;
            }
            if metadata.len() > ARTIFACT_LIMIT_BYTES {
                let source = io::Error::other("larger than 2 GiB");
                return Err(BuildError::Io { what: filename, source });
            }
            let bytes = fs::read(&path).map_err(io(&filename))?;
            built.push(BuiltFile { filename, bytes });
        }
        // What is left over is only disk space; the next build clears it too.
        drop(fs::remove_dir_all(request.scratch));
        if built.is_empty() {
            let dir = if asked { "{out}".to_owned() } else { request.artifacts.to_owned() };
            return Err(BuildError::Nothing { command: request.command.join(" "), dir });
        }
        Ok(built)
    }
}

/// Fills the submodules of the checkout at the commits that it records.
fn submodules(request: &BuildRequest<'_>, source: &Path) -> Result<(), BuildError> {
    let args = ["submodule", "update", "--init", "--recursive", "--quiet"];
    let mut environment = request.environment.for_git();
    environment.push(("GIT_TERMINAL_PROMPT".into(), "0".into()));
    let invocation = Invocation {
        args: args.map(OsString::from).to_vec(),
        environment,
        timeout: Some(BUILD_LIMIT),
        ..Invocation::new("git", source)
    };
    let command = "git submodule update --init --recursive".to_owned();
    let output = request.runner.run(&invocation);
    let output =
        output.map_err(|source| BuildError::Io { what: format!("`{command}` cannot be run"), source })?;
    if output.success() {
        return Ok(());
    }
    let last = tminus_vcs::redacted(String::from_utf8_lossy(&output.stderr).trim()).into_owned();
    Err(BuildError::Failed { command, status: "an error".to_owned(), last })
}

fn run(
    request: &BuildRequest<'_>,
    dir: &Path,
    out: &Path,
    on_line: &mut dyn FnMut(&str),
) -> Result<(), BuildError> {
    let shown = request.command.join(" ");
    let (program, words) =
        request.command.split_first().ok_or_else(|| BuildError::NoProgram { program: String::new() })?;
    let found = find_program(request.environment, dir, program);
    let found = found.ok_or_else(|| BuildError::NoProgram { program: program.clone() })?;
    let mut environment = request.environment.for_children();
    let set = |environment: &mut Vec<(OsString, OsString)>, name: &str, value: &str| {
        environment.retain(|(existing, _)| existing != name);
        environment.push((name.into(), value.into()));
    };
    if request.environment.get("SOURCE_DATE_EPOCH").is_none() {
        set(&mut environment, "SOURCE_DATE_EPOCH", &request.commit_seconds.to_string());
    }
    for (name, value) in request.env {
        set(&mut environment, name, value);
    }
    let args = words.iter().map(|word| word.replace("{out}", &out.to_string_lossy()).into()).collect();
    let invocation =
        Invocation { args, environment, timeout: Some(BUILD_LIMIT), ..Invocation::new(found, dir) };
    let mut last: Vec<String> = Vec::new();
    let output = request
        .runner
        .run_with_lines(&invocation, &mut |_: Channel, line| {
            if last.len() == LAST_LINES {
                last.remove(0);
            }
            last.push(line.to_owned());
            on_line(line);
        })
        .map_err(|source| BuildError::Io { what: format!("`{shown}` cannot be run"), source })?;
    if output.success() {
        return Ok(());
    }
    let status = output.status.map_or_else(|| "a signal".to_owned(), |code| format!("code {code}"));
    Err(BuildError::Failed { command: shown, status, last: last.join("\n") })
}

/// The names of the regular files in a directory; none where there is no such directory.
fn names(dir: &Path) -> io::Result<BTreeSet<String>> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        Err(error) => return Err(error),
    };
    let mut found = BTreeSet::new();
    for entry in entries {
        if let Ok(name) = entry?.file_name().into_string() {
            found.insert(name);
        }
    }
    Ok(found)
}

/// The program that a word means: a path below `dir`, or a name on `PATH`. Where there is no `python`, `python3` is
/// what is meant.
pub(crate) fn find_program(environment: &Environment, dir: &Path, word: &str) -> Option<PathBuf> {
    if word.contains('/') {
        let path = dir.join(word);
        return path.is_file().then_some(path);
    }
    let on_path = |name: &str| {
        std::env::split_paths(environment.get("PATH")?)
            .filter(|dir| dir.is_absolute())
            .map(|dir| dir.join(name))
            .find(|path| path.is_file())
    };
    on_path(word).or_else(|| if word == "python" { on_path("python3") } else { None })
}

/// Missing build tools, found before anything is written.
pub(crate) fn preflight(context: &Context, config: &Config, train: &str, findings: &mut Vec<Finding>) {
    for package in config.packages_of(train) {
        let Some(build) = &package.build else { continue };
        let Some(program) = build.command.first().filter(|program| !program.contains('/')) else { continue };
        let Some(found) = find_program(&context.environment, &context.root, program) else {
            findings.push(Finding::new(
                Exit::NoGo,
                format!("the build program `{program}` of package {} is not on PATH", package.name),
                format!("install {program}, or change `build` in tminus.toml"),
            ));
            continue;
        };
        if let Some(module) = python_module(&build.command) {
            let code = "import importlib.util, sys; sys.exit(importlib.util.find_spec(sys.argv[1]) is None)";
            let invocation = Invocation {
                args: ["-c", code, module].map(OsString::from).to_vec(),
                environment: context.environment.for_children(),
                timeout: Some(Duration::from_secs(60)),
                ..Invocation::new(found, std::env::temp_dir())
            };
            // Asked outside of the fuse: it changes nothing.
            let missing = context.runner.run(&invocation).is_ok_and(|output| !output.success());
            if missing {
                findings.push(Finding::new(
                    Exit::NoGo,
                    format!("package {} is built with `{program} -m {module}`, and that Python has no module `{module}`", package.name),
                    format!("{program} -m pip install {module}"),
                ));
            }
        }
    }
}

fn python_module(command: &[String]) -> Option<&str> {
    match command {
        [program, flag, module, ..] if program.starts_with("python") && flag == "-m" => Some(module),
        _ => None,
    }
}
