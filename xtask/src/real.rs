//! The tests that ask the real uv, poetry, pnpm and npm: what is missing is installed below `target/real`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};

use crate::arguments::Arguments;
use crate::command::{answer, cargo, show_and_run};
use crate::workspace::Workspace;

/// Programs of the real tools, as the tests are told of them.
const TOOLS: [(&str, &str, Source); 3] = [
    ("TMINUS_TEST_UV", "uv", Source::Pip),
    ("TMINUS_TEST_POETRY", "poetry", Source::Pip),
    ("TMINUS_TEST_PNPM", "pnpm", Source::Npm),
];

/// What installs a tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Pip,
    Npm,
}

pub(crate) fn run(arguments: Arguments) -> anyhow::Result<()> {
    arguments.end()?;
    let workspace = Workspace::find()?;
    let dir = workspace.target.join("real");
    let mut named = Vec::new();
    for (variable, name, source) in TOOLS {
        let given = std::env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from);
        let program = match given {
            Some(program) => program,
            None => installed(&dir, name, source)?,
        };
        let Some(version) = answer(Command::new(&program).arg("--version")) else {
            bail!(
                "{} does not say its version; remove {} to install it anew",
                program.display(),
                dir.display()
            );
        };
        println!("{variable}={} ({version})", program.display());
        named.push((variable, program));
    }
    let cargo = || {
        let mut command = cargo(&workspace.root);
        command.envs(named.iter().map(|(variable, program)| (*variable, program)));
        command
    };
    // The end-to-end tests run the program; it lies beside them.
    show_and_run(cargo().args(["build", "--package", "tminus"]))?;
    show_and_run(cargo().args(["test", "--package", "tminus-tests", "--", "packages::real", "--nocapture"]))?;
    show_and_run(cargo().args(["test", "--package", "tminus-manifests"]))
}

/// The program of a tool, installed where it is not yet there.
fn installed(dir: &Path, name: &str, source: Source) -> anyhow::Result<PathBuf> {
    let program = dir.join(source.programs()).join(name);
    if !program.is_file() {
        std::fs::create_dir_all(dir).with_context(|| dir.display().to_string())?;
        install(dir, name, source).with_context(|| format!("{name} cannot be installed"))?;
    }
    Ok(program)
}

fn install(dir: &Path, name: &str, source: Source) -> anyhow::Result<()> {
    match source {
        Source::Pip => {
            let python = dir.join("venv/bin/python");
            if !python.is_file() {
                show_and_run(Command::new("python3").args(["-m", "venv"]).arg(dir.join("venv")))?;
            }
            let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
            show_and_run(Command::new(python).args(pip).arg(name))
        }
        Source::Npm => {
            let npm = ["install", "--silent", "--no-save", "--no-audit", "--no-fund", "--prefix"];
            // Without a tag, a directory of that name would be taken for the package.
            show_and_run(Command::new("npm").args(npm).arg(dir).arg(format!("{name}@latest")))
        }
    }
}

impl Source {
    /// Where it puts programs.
    fn programs(self) -> &'static str {
        match self {
            Self::Pip => "venv/bin",
            Self::Npm => "node_modules/.bin",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Source, installed};

    #[test]
    fn what_is_there_is_not_installed_again() {
        let dir = tempfile::tempdir().unwrap();
        for (source, path) in [(Source::Pip, "venv/bin/uv"), (Source::Npm, "node_modules/.bin/uv")] {
            let program = dir.path().join(path);
            std::fs::create_dir_all(program.parent().unwrap()).unwrap();
            std::fs::write(&program, "").unwrap();
            assert_eq!(installed(dir.path(), "uv", source).unwrap(), program);
        }
    }
}
