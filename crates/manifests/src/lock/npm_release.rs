//! A release in a workspace of npm or pnpm on disk, as far as manifests and lock files go.

use std::fs;
use std::path::Path;
use std::process::Command;

use tminus_versioning::constraint::{How, Outcome, rewrite};

use super::{ConstraintChange, LockUpdate, VersionChange};
use crate::{Manifest, Notation, RelPath, Version, splice};

/// Gives packages new versions and lets every range on them follow; manifests are written, and what that means for the
/// lock file is returned. A package that is no member only has its ranges moved.
pub(super) fn release(root: &Path, manifests: &[&str], to: &[(&str, &str)]) -> LockUpdate {
    let mut update = LockUpdate::default();
    let read: Vec<(Manifest, String)> = manifests
        .iter()
        .map(|path| {
            let text = fs::read_to_string(root.join(path)).unwrap();
            let path: RelPath = path.parse().unwrap();
            (Manifest::read(&path, text.as_bytes()).unwrap_or_else(|error| panic!("{error}")), text)
        })
        .collect();
    let members: Vec<_> = read.iter().filter_map(|(manifest, _)| manifest.id()).collect();
    for (manifest, text) in &read {
        let mut splices = Vec::new();
        let directory = manifest.directory().unwrap_or_default().to_owned();
        if let (Some(name), Version::Here(version)) = (&manifest.name, &manifest.version)
            && let Some((_, new)) = to.iter().find(|(moved, _)| *moved == name.text())
        {
            splices.push(version.replaced(new).unwrap());
            update.versions.push(VersionChange {
                id: manifest.id().unwrap(),
                name: name.text().to_owned(),
                directory: directory.clone(),
                old: version.text().to_owned(),
                new: (*new).to_owned(),
            });
        }
        for dependency in &manifest.dependencies {
            let (Some((_, new)), Some(site)) =
                (to.iter().find(|(moved, _)| *moved == dependency.name), &dependency.constraint)
            else {
                continue;
            };
            let Notation::Range(ecosystem) = dependency.notation else { continue };
            let how = How { allow_lowering: true, ..How::default() };
            // Such as `*` for a pre-release, which no text of it admits.
            let Ok(rewritten) = rewrite(ecosystem, site.text(), new, how) else { continue };
            if rewritten.outcome() != Outcome::Changed {
                continue;
            }
            splices.push(site.replaced(rewritten.text()).unwrap());
            let id = crate::PackageId::new(manifest.kind.ecosystem(), &dependency.name);
            update.constraints.push(ConstraintChange {
                member: manifest.id().unwrap_or_else(|| id.clone()),
                directory: directory.clone(),
                is_member: members.contains(&id),
                dependency: id,
                name: dependency.name.clone(),
                kind: dependency.kind.clone(),
                old: site.text().to_owned(),
                new: rewritten.text().to_owned(),
            });
        }
        fs::write(root.join(manifest.path.as_str()), splice(text, &splices).unwrap()).unwrap();
    }
    update
}

/// Writes files below a directory.
pub(super) fn write(root: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// Runs a tool that may reach no registry and reads no settings of the machine.
pub(super) fn run(root: &Path, program: &Path, arguments: &[&str]) {
    let home = root.parent().unwrap().join("home");
    fs::create_dir_all(&home).unwrap();
    let output = Command::new(program)
        .args(arguments)
        .current_dir(root)
        .env("HOME", &home)
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env("XDG_DATA_HOME", home.join("data"))
        .env("npm_config_userconfig", home.join("npmrc"))
        .env("npm_config_globalconfig", home.join("global-npmrc"))
        .env("npm_config_cache", home.join("npm"))
        .env("npm_config_update_notifier", "false")
        .output()
        .expect("the tool starts");
    let said =
        String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{} {arguments:?}: {said}", program.display());
}
