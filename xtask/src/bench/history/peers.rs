//! Tools for the same job, installed by pip into an environment of their own.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::contender::Contender;
use crate::command::{answers, show_and_run};

const PACKAGES: [&str; 3] = ["setuptools-scm", "dunamai", "git-cliff"];

/// What could be installed.
pub(super) struct Peers {
    venv: PathBuf,
}

impl Peers {
    /// Installs what can be had; a note for what cannot.
    pub(super) fn install(dir: &Path) -> Self {
        let venv = dir.join("venv");
        let python = venv.join("bin/python");
        if !python.is_file()
            && let Err(error) = show_and_run(Command::new("python3").args(["-m", "venv"]).arg(&venv))
        {
            println!("note: no Python tools: {error:#}");
        }
        for package in PACKAGES {
            let known = answers(Command::new(&python).args(["-m", "pip", "show", "--quiet", package]));
            let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", package];
            if !known && let Err(error) = show_and_run(Command::new(&python).args(pip)) {
                println!("note: {package}: {error:#}");
            }
        }
        Self { venv }
    }

    /// Something that Python runs.
    pub(super) fn python(&self, name: &str, arguments: &[&str]) -> Option<Contender> {
        self.program(name, "python", arguments)
    }

    /// A program of the environment, where it is there.
    pub(super) fn program(&self, name: &str, program: &str, arguments: &[&str]) -> Option<Contender> {
        let program = self.venv.join("bin").join(program);
        program.is_file().then(|| Contender::new(name, &program, arguments))
    }
}
