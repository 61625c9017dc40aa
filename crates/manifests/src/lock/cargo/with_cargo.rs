//! What is edited here, against what the installed Cargo writes: byte for byte. Nothing is fetched; the registry is a
//! directory beside the workspace.

use std::path::Path;
use std::process::Command;

use super::*;
use crate::{Manifest, RelPath, Version, splice};

const SOURCE: &str = "sparse+https://registry.example/index/";

/// A workspace in a directory of its own.
struct Workspace {
    home: tempfile::TempDir,
}

impl Workspace {
    fn new(rust_version: &str) -> Self {
        let this = Self { home: tempfile::tempdir().unwrap() };
        this.write(
            ".cargo/config.toml",
            &format!(
                "[registries.example]\nindex = \"{SOURCE}\"\n[source.example]\nregistry = \"{SOURCE}\"\n\
                 replace-with = \"local\"\n[source.local]\ndirectory = \"vendor\"\n"
            ),
        );
        for (name, version) in [("dup", "0.9.0"), ("dup", "0.10.0"), ("leaf", "1.0.0"), ("leaf", "1.2.0")] {
            let directory = format!("vendor/{name}-{version}");
            this.package(&directory, &format!("name = \"{name}\"\nversion = \"{version}\"\n"));
            let checksums = format!("{{\"files\":{{}},\"package\":\"{}\"}}", "0".repeat(64));
            this.write(&format!("{directory}/.cargo-checksum.json"), &checksums);
        }
        this.write(
            "Cargo.toml",
            "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"2\"\n\n[workspace.package]\nversion = \"0.2.0\"\n",
        );
        let rust = format!("rust-version = \"{rust_version}\"\n");
        this.package("crates/dup", &format!("name = \"dup\"\nversion = \"0.2.0\"\n{rust}"));
        // `core` and `macros` need each other, one of them only for its tests.
        this.package(
            "crates/core",
            &format!(
                "name = \"core\"\nversion.workspace = true\n{rust}[dependencies]\nmacros = {{ path = \"../macros\" }}\n\
                 [target.'cfg(windows)'.dependencies]\nother = {{ package = \"dup\", path = \"../dup\" }}\n"
            ),
        );
        this.package(
            "crates/macros",
            &format!(
                "name = \"macros\"\nversion.workspace = true\n{rust}[dev-dependencies]\ncore = {{ path = \"../core\" }}\n"
            ),
        );
        this.package(
            "crates/app",
            &format!(
                "name = \"app\"\nversion = \"0.2.0\"\n{rust}[dependencies]\ncore = {{ path = \"../core\" }}\n\
                 dup = {{ path = \"../dup\" }}\ndup9 = {{ package = \"dup\", version = \"0.9\", registry = \"example\" }}\n\
                 dup10 = {{ package = \"dup\", version = \"0.10\", registry = \"example\" }}\n\
                 leaf = {{ version = \"1\", registry = \"example\" }}\n"
            ),
        );
        this
    }

    fn path(&self, path: &str) -> std::path::PathBuf {
        self.home.path().join("w").join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    fn package(&self, directory: &str, package: &str) {
        self.write(&format!("{directory}/Cargo.toml"), &format!("[package]\nedition = \"2021\"\n{package}"));
        self.write(&format!("{directory}/src/lib.rs"), "");
    }

    /// Runs Cargo, which must agree, and gives the lock file that it leaves.
    fn cargo(&self, arguments: &[&str]) -> String {
        let output = Command::new(option_env!("CARGO").unwrap_or("cargo"))
            .args(arguments)
            .arg("--offline")
            .current_dir(self.path(""))
            // Neither the settings of the one who runs this nor a lock of a build have a say.
            .env("CARGO_HOME", self.home.path().join("home"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        self.read("Cargo.lock")
    }

    fn lock(&self) -> String {
        self.cargo(&["metadata", "--format-version", "1"])
    }

    /// Writes another version in the manifest that states it.
    fn set_version(&self, path: &str, new: &str) {
        let source = self.read(path);
        let relative: RelPath = path.parse().unwrap();
        let Version::Here(site) = Manifest::read(&relative, source.as_bytes()).unwrap().version else {
            panic!("{path} states no version");
        };
        self.write(path, &splice(&source, &[site.replaced(new).unwrap()]).unwrap());
    }

    /// Members get another version: in their manifest and in the lock file, by this crate.
    fn bump(&self, manifest: &str, members: &[&str], new: &str) -> (String, String) {
        let before = self.read("Cargo.lock");
        let old = |name: &str| {
            let package = format!("name = \"{name}\"\nversion = \"");
            // Of several packages of the name, the member is the one without a source.
            let mut blocks = before.split("[[package]]\n").filter(|block| !block.contains("source = "));
            let block = blocks.find_map(|block| block.strip_prefix(&package)).unwrap();
            block.split('"').next().unwrap().to_owned()
        };
        let versions = members.iter().map(|name| change(name, &old(name), new)).collect();
        self.set_version(manifest, new);
        let edited = edited(&before, &LockUpdate { versions, constraints: Vec::new() });
        (before, edited)
    }

    /// Cargo takes an edited lock file as it is, and writes the same one itself.
    #[track_caller]
    fn check(&self, before: &str, edited: &str) {
        self.write("Cargo.lock", edited);
        assert_eq!(self.cargo(&["metadata", "--format-version", "1", "--locked"]), edited);
        assert_eq!(self.lock(), edited);
        self.write("Cargo.lock", before);
        assert_eq!(self.lock(), edited);
        self.write("Cargo.lock", before);
        assert_eq!(self.cargo(&["update", "--workspace"]), edited);
    }
}

fn change(name: &str, old: &str, new: &str) -> VersionChange {
    VersionChange {
        id: PackageId::new(Ecosystem::Cargo, name),
        name: name.to_owned(),
        directory: format!("crates/{name}"),
        old: old.to_owned(),
        new: new.to_owned(),
    }
}

#[track_caller]
fn edited(source: &str, update: &LockUpdate) -> String {
    match edits(source, update).unwrap_or_else(|failure| panic!("{failure:?}")) {
        LockEdits::Splices(splices) => splice(source, &splices).unwrap(),
        LockEdits::Tool { why, .. } => panic!("{why}"),
    }
}

fn constraint_of_leaf(new: &str) -> LockUpdate {
    let constraint = ConstraintChange {
        member: PackageId::new(Ecosystem::Cargo, "app"),
        directory: "crates/app".to_owned(),
        dependency: PackageId::new(Ecosystem::Cargo, "leaf"),
        name: "leaf".to_owned(),
        kind: DependencyKind::Normal,
        old: "1".to_owned(),
        new: new.to_owned(),
        is_member: false,
    };
    LockUpdate { versions: Vec::new(), constraints: vec![constraint] }
}

#[test]
fn a_member_with_the_name_of_registry_packages_moves_as_cargo_moves_it() {
    let workspace = Workspace::new("1.85");
    assert!(workspace.lock().contains("\nversion = 4\n"));
    for new in ["0.9.0", "0.9.5", "0.10.0-rc.1", "0.10.0", "0.10.0+build.2", "1.0.0", "0.1.0", "0.1.0"] {
        let (before, edited) = workspace.bump("crates/dup/Cargo.toml", &["dup"], new);
        workspace.check(&before, &edited);
    }
}

#[test]
fn members_that_share_a_version_move_together() {
    let workspace = Workspace::new("1.70");
    assert!(workspace.lock().contains("\nversion = 3\n"));
    for new in ["0.3.0-alpha.1", "0.3.0", "10.0.0"] {
        let (before, edited) = workspace.bump("Cargo.toml", &["core", "macros"], new);
        assert_ne!(before, edited);
        workspace.check(&before, &edited);
        let (before, edited) = workspace.bump("crates/app/Cargo.toml", &["app"], new);
        workspace.check(&before, &edited);
    }
}

#[test]
fn cargo_takes_edited_lock_files_of_older_versions() {
    let workspace = Workspace::new("1.85");
    let old = workspace.lock();
    let (_, now) = workspace.bump("crates/dup/Cargo.toml", &["dup"], "0.11.0");
    let update = LockUpdate { versions: vec![change("dup", "0.2.0", "0.11.0")], constraints: Vec::new() };
    for older in [first_version, second_version, third_version] {
        let edited = edited(&older(&old), &update);
        assert_eq!(edited, older(&now));
        workspace.write("Cargo.lock", &edited);
        assert_eq!(workspace.cargo(&["metadata", "--format-version", "1", "--locked"]), edited);
    }
}

/// A lock file in the third version of the format.
fn third_version(lock: &str) -> String {
    lock.replace("\nversion = 4\n", "\nversion = 3\n")
}

/// A lock file in the second version of the format, which does not say so.
fn second_version(lock: &str) -> String {
    lock.replace("\nversion = 4\n\n", "\n")
}

/// A lock file in the first version of the format.
fn first_version(lock: &str) -> String {
    let file = File::parse(lock).unwrap();
    let mut text = lock.replace("version = 4\n\n", "");
    let mut metadata = "\n[metadata]\n".to_owned();
    for package in &file.packages {
        for (entry, site) in &package.entries {
            let target = &file.packages[file.target(entry).unwrap()];
            let version = Some(target.version.text.clone());
            let full = Entry { version, source: target.source.clone(), ..entry.clone() };
            let old = &lock[site.span.start - 1..=site.span.end];
            let block = package.block.clone().unwrap();
            let spelled = lock[block.clone()].to_owned();
            // One entry after the other, within the text of its package.
            let place = text.find(&spelled.split("dependencies").next().unwrap().to_owned()).unwrap();
            let (head, tail) = text.split_at(place);
            text = format!("{head}{}", tail.replacen(old, &format!("\"{full}\""), 1));
        }
        if let Some(source) = &package.source {
            let (name, version) = (&package.name, &package.version.text);
            metadata
                .push_str(&format!("\"checksum {name} {version} ({source})\" = \"{}\"\n", "0".repeat(64)));
        }
    }
    let checksum = format!("checksum = \"{}\"\n", "0".repeat(64));
    text.replace(&checksum, "") + &metadata
}

#[test]
fn a_constraint_that_the_locked_version_satisfies_changes_nothing() {
    let workspace = Workspace::new("1.85");
    std::fs::remove_dir_all(workspace.path("vendor/leaf-1.2.0")).unwrap();
    let before = workspace.lock();
    // A newer one appears, which nobody asks for yet.
    workspace.package("vendor/leaf-1.2.0", "name = \"leaf\"\nversion = \"1.2.0\"\n");
    let checksums = format!("{{\"files\":{{}},\"package\":\"{}\"}}", "0".repeat(64));
    workspace.write("vendor/leaf-1.2.0/.cargo-checksum.json", &checksums);

    let manifest = workspace.read("crates/app/Cargo.toml");
    for (new, stays) in [(">=1.0.0, <2", true), ("=1.0", true), ("1.1", false)] {
        workspace.write("Cargo.lock", &before);
        let with = manifest.replace("leaf = { version = \"1\"", &format!("leaf = {{ version = \"{new}\""));
        assert_ne!(with, manifest);
        workspace.write("crates/app/Cargo.toml", &with);
        match edits(&before, &constraint_of_leaf(new)).unwrap() {
            LockEdits::Splices(splices) => {
                assert!(stays && splices.is_empty(), "{new}");
                workspace.check(&before, &before);
            }
            LockEdits::Tool { command, .. } => {
                assert!(!stays, "{new}");
                let arguments: Vec<&str> = command[1..].iter().map(String::as_str).collect();
                assert_ne!(workspace.cargo(&arguments), before);
            }
        }
    }
}

#[test]
fn the_lock_file_of_this_project_is_read() {
    // The one of the workspace; of the crate alone, its own.
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let locks = ["../../Cargo.lock", "Cargo.lock"].map(|name| std::fs::read_to_string(here.join(name)));
    let source = locks.into_iter().find_map(Result::ok).unwrap();
    let file = File::parse(&source).unwrap();
    let versions: Vec<String> = file.packages.iter().map(|package| package.version.text.clone()).collect();
    for (index, package) in file.packages.iter().enumerate() {
        assert_eq!(source[package.block.clone().unwrap()].matches("name = ").count(), 1);
        assert!(package.block.clone().unwrap().contains(&package.version.span.start));
        // What Cargo has written is what would be written here.
        for (entry, _) in &package.entries {
            assert_eq!(file.entry(file.target(entry).unwrap(), &versions).as_ref(), Some(entry), "{index}");
        }
    }
}
