//! The kinds of files that are collected, by their names.

use tminus_manifests::lock::LockKind;
use tminus_manifests::{ManifestKind, RelPath};

/// A kind of file and the name that it is always read under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Form {
    pub(super) name: &'static str,
    pub(super) what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum What {
    Manifest(ManifestKind),
    Lock(LockKind),
}

const NAMES: [&str; 13] = [
    "pyproject.toml",
    "setup.cfg",
    "package.json",
    "pnpm-workspace.yaml",
    "Cargo.toml",
    "go.mod",
    "Chart.yaml",
    "uv.lock",
    "poetry.lock",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "pnpm-lock.yaml",
    "Cargo.lock",
];

impl Form {
    /// The names that files can have.
    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        NAMES.into_iter().chain(["Cargo.toml.orig"])
    }

    /// The form of a file by its path. What cargo keeps of a manifest in a package counts as one.
    pub(super) fn of(path: &str) -> Option<Self> {
        let file = path.rsplit('/').next().unwrap_or(path);
        let file = file.strip_suffix(".orig").filter(|file| *file == "Cargo.toml").unwrap_or(file);
        let name = NAMES.into_iter().find(|name| *name == file)?;
        let manifest = ManifestKind::of_name(name).map(What::Manifest);
        let what = manifest.or_else(|| LockKind::of_name(name).map(What::Lock))?;
        Some(Self { name, what })
    }

    /// The path to read it under: its own where that is one, else its name alone.
    pub(super) fn path(self, path: &str) -> anyhow::Result<RelPath> {
        if let Ok(path) = path.parse::<RelPath>()
            && path.file_name() == self.name
        {
            return Ok(path);
        }
        Ok(self.name.parse()?)
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, NAMES};

    #[test]
    fn every_name_has_a_form_and_no_other_name_has() {
        for name in NAMES {
            assert_eq!(Form::of(&format!("a/b/{name}")).unwrap().name, name);
        }
        assert_eq!(Form::of("demo-1.0/Cargo.toml.orig").unwrap().name, "Cargo.toml");
        for name in ["Cargo.lock.orig", "my-package.json", "package.json/x", "cargo.toml", ""] {
            assert_eq!(Form::of(name), None, "{name}");
        }
    }

    #[test]
    fn a_path_that_is_none_is_read_under_its_name() {
        let form = Form::of("../Cargo.toml.orig").unwrap();
        assert_eq!(form.path("../Cargo.toml.orig").unwrap().as_str(), "Cargo.toml");
        assert_eq!(form.path("a/Cargo.toml").unwrap().as_str(), "a/Cargo.toml");
        assert_eq!(form.path("a/Cargo.toml.orig").unwrap().as_str(), "Cargo.toml");
    }
}
