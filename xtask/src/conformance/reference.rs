//! The other side: installed below the target directory by its own package manager, and started.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::Context as _;

use super::subjects::{Reference, Subject};
use crate::command::{answer, answers, show_and_run};

/// A reference that can be asked.
pub(crate) struct Installed {
    pub(super) version: String,
    program: PathBuf,
    script: PathBuf,
    modules: PathBuf,
}

impl Installed {
    /// What it is, with its version.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// A program in its language that has it at hand.
    pub(crate) fn command(&self, script: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.arg(script).env("NODE_PATH", &self.modules).env("PYTHONIOENCODING", "utf-8");
        command
    }

    pub(super) fn start(&self) -> anyhow::Result<Child> {
        self.command(&self.script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| self.program.display().to_string())
    }
}

/// Installs what the subject is compared with, the newest there is. `None` where its language is missing.
pub(super) fn install(subject: &Subject, dir: &Path) -> anyhow::Result<Option<Installed>> {
    fs::create_dir_all(dir).with_context(|| dir.display().to_string())?;
    match &subject.reference {
        Reference::Python { packages, script } => python(packages, script, dir),
        Reference::Node { packages, script } => node(packages, script, dir),
        Reference::Go { script } => go(script, dir),
    }
}

fn python(packages: &[&str], text: &str, dir: &Path) -> anyhow::Result<Option<Installed>> {
    if !answers(Command::new("python3").arg("--version")) {
        return Ok(None);
    }
    let venv = dir.join("venv");
    let program = venv.join("bin/python");
    if !program.exists() {
        show_and_run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
    }
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade"];
    show_and_run(Command::new(&program).args(pip).args(packages))?;
    let ask = "import importlib.metadata, sys; print(importlib.metadata.version(sys.argv[1]))";
    let version = named(packages, |name| answer(Command::new(&program).args(["-c", ask, name])));
    let script = written(dir, "reference.py", text)?;
    Ok(Some(Installed { version, program, script, modules: PathBuf::new() }))
}

fn node(packages: &[&str], text: &str, dir: &Path) -> anyhow::Result<Option<Installed>> {
    if !answers(Command::new("node").arg("--version")) {
        return Ok(None);
    }
    let npm = ["install", "--silent", "--no-save", "--no-audit", "--no-fund", "--prefix"];
    show_and_run(Command::new("npm").args(npm).arg(dir).args(packages))?;
    let modules = dir.join("node_modules");
    let ask = "console.log(require(process.argv[1] + '/package.json').version)";
    let version = named(packages, |name| {
        answer(Command::new("node").env("NODE_PATH", &modules).args(["-e", ask, name]))
    });
    let script = written(dir, "reference.js", text)?;
    Ok(Some(Installed { version, program: "node".into(), script, modules }))
}

/// The modules that Go itself is built with are the reference; they come with its sources.
fn go(text: &str, dir: &Path) -> anyhow::Result<Option<Installed>> {
    let Some(root) = answer(Command::new("go").args(["env", "GOROOT"])) else { return Ok(None) };
    let vendored = Path::new(&root).join("src/cmd/vendor/golang.org/x/mod");
    if !vendored.join("semver").is_dir() {
        return Ok(None);
    }
    let module = dir.join("mod");
    for package in ["semver", "module", "internal/lazyregexp"] {
        let (from, to) = (vendored.join(package), module.join(package));
        fs::create_dir_all(&to).with_context(|| to.display().to_string())?;
        for file in fs::read_dir(&from).with_context(|| from.display().to_string())? {
            let file = file?;
            fs::copy(file.path(), to.join(file.file_name()))
                .with_context(|| file.path().display().to_string())?;
        }
    }
    written(&module, "go.mod", "module golang.org/x/mod\n\ngo 1.18\n")?;
    let build = "module reference\n\ngo 1.18\n\nrequire golang.org/x/mod v0.0.0\n\n\
                 replace golang.org/x/mod => ./mod\n";
    written(dir, "go.mod", build)?;
    let script = written(dir, "reference.go", text)?;
    let program = dir.join("reference");
    show_and_run(
        Command::new("go").current_dir(dir).env("GOFLAGS", "-mod=mod").env("GOPROXY", "off").args([
            "build",
            "-o",
            "reference",
            "reference.go",
        ]),
    )?;
    let version = answer(Command::new("go").arg("version")).unwrap_or_else(|| "go ?".to_owned());
    let version =
        version.split_whitespace().nth(2).map_or(version.clone(), |word| format!("x/mod of {word}"));
    Ok(Some(Installed { version, program, script, modules: PathBuf::new() }))
}

fn named(packages: &[&str], version: impl Fn(&str) -> Option<String>) -> String {
    let one = |name: &&str| format!("{name} {}", version(name).unwrap_or_else(|| "?".to_owned()));
    packages.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn written(dir: &Path, name: &str, text: &str) -> anyhow::Result<PathBuf> {
    let path = dir.join(name);
    fs::write(&path, text).with_context(|| path.display().to_string())?;
    Ok(path)
}
