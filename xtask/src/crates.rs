//! Every crate as its users get it: packaged, unpacked, built and tested from nothing but the package.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::arguments::Arguments;
use crate::command::{cargo, show_and_run};
use crate::workspace::{Member, Workspace};

pub(crate) fn run(arguments: Arguments) -> anyhow::Result<()> {
    arguments.end()?;
    check(&Workspace::find()?)
}

/// Packages every crate, unpacks it, and runs its unit tests there, each crate with its own features alone: in one
/// run for all of them, a feature that one crate forgot to ask for would be switched on by another.
///
/// # Errors
/// A crate cannot be packaged; one does not build or does not pass, after all were tried.
pub(crate) fn check(workspace: &Workspace) -> anyhow::Result<()> {
    let left_out = workspace.members.iter().filter(|member| !member.publishable);
    let left_out = left_out.flat_map(|member| ["--exclude", &member.name]);
    show_and_run(
        cargo(&workspace.root)
            .args(["package", "--workspace", "--no-verify", "--allow-dirty", "--quiet"])
            .args(left_out),
    )?;
    let place = workspace.target.join("unpacked");
    let members: Vec<&Member> = workspace.publishable().collect();
    for member in &members {
        unpack(&workspace.target.join("package"), &place, member)?;
    }
    fs::write(place.join("Cargo.toml"), manifest(&members))
        .context("the workspace of the unpacked crates")?;
    // The versions that everything else was tested with.
    fs::copy(workspace.root.join("Cargo.lock"), place.join("Cargo.lock")).context("Cargo.lock")?;

    let mut failed = Vec::new();
    for member in &members {
        let tested = show_and_run(
            cargo(&place)
                .args(["test", "--quiet", "--lib", "--bins", "--package", &member.name])
                .args(["--target-dir", "target"]),
        );
        if let Err(error) = tested {
            println!("  {error:#}");
            failed.push(member.name.as_str());
        }
    }
    if !failed.is_empty() {
        bail!("unpacked alone, these do not build or do not pass: {}", failed.join(", "));
    }
    println!("\n{} crates, each unpacked alone, build and pass their unit tests", members.len());
    Ok(())
}

fn directory(member: &Member) -> String {
    format!("{}-{}", member.name, member.version)
}

/// Replaces the unpacked crate in `place` by what its package holds.
fn unpack(packages: &Path, place: &Path, member: &Member) -> anyhow::Result<PathBuf> {
    let package = packages.join(format!("{}.crate", directory(member)));
    let target = place.join(directory(member));
    if target.exists() {
        fs::remove_dir_all(&target).with_context(|| target.display().to_string())?;
    }
    fs::create_dir_all(place).with_context(|| place.display().to_string())?;
    let file = fs::File::open(&package).with_context(|| package.display().to_string())?;
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(file));
    // Packages carry one date for every file; cargo would take a changed file for an old one.
    archive.set_preserve_mtime(false);
    archive.unpack(place).with_context(|| package.display().to_string())?;
    if !target.join("Cargo.toml").is_file() {
        bail!("{} holds no {}/Cargo.toml", package.display(), directory(member));
    }
    Ok(target)
}

/// A workspace of the unpacked crates, in which each finds its siblings unpacked as well, and not in the work tree.
fn manifest(members: &[&Member]) -> String {
    let mut text = "[workspace]\nresolver = \"3\"\nmembers = [\n".to_owned();
    for member in members {
        text.push_str(&format!("    \"{}\",\n", directory(member)));
    }
    text.push_str("]\n\n[patch.crates-io]\n");
    for member in members {
        text.push_str(&format!("{} = {{ path = \"{}\" }}\n", member.name, directory(member)));
    }
    text.push_str("\n[profile.dev]\ndebug = false\nincremental = false\n");
    text
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::{manifest, unpack};
    use crate::workspace::Member;

    fn member(name: &str) -> Member {
        Member {
            name: name.to_owned(),
            version: "0.1.0".to_owned(),
            manifest: format!("crates/{name}/Cargo.toml"),
            publishable: true,
            readme: true,
            description: true,
            license: true,
            dependencies: Vec::new(),
        }
    }

    #[test]
    fn unpacked_crates_find_each_other() {
        let (one, two) = (member("one"), member("two"));
        let text = manifest(&[&one, &two]);
        assert!(text.contains("members = [\n    \"one-0.1.0\",\n    \"two-0.1.0\",\n]\n"), "{text}");
        assert!(text.contains("[patch.crates-io]\none = { path = \"one-0.1.0\" }\n"), "{text}");
    }

    #[test]
    fn an_old_file_of_an_unpacked_crate_is_gone() {
        let dir = tempfile::tempdir().unwrap();
        let mut builder =
            tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
        let mut header = tar::Header::new_gnu();
        header.set_size(3);
        header.set_mode(0o644);
        builder.append_data(&mut header, "one-0.1.0/Cargo.toml", "a=1".as_bytes()).unwrap();
        let bytes = builder.into_inner().unwrap().finish().unwrap();
        std::fs::File::create(dir.path().join("one-0.1.0.crate")).unwrap().write_all(&bytes).unwrap();
        let place = dir.path().join("unpacked");
        std::fs::create_dir_all(place.join("one-0.1.0/src")).unwrap();

        let unpacked = unpack(dir.path(), &place, &member("one")).unwrap();
        assert_eq!(std::fs::read_to_string(unpacked.join("Cargo.toml")).unwrap(), "a=1");
        assert!(!unpacked.join("src").exists());
        assert!(
            unpack(dir.path(), &place, &member("two")).unwrap_err().to_string().ends_with("two-0.1.0.crate")
        );
    }
}
