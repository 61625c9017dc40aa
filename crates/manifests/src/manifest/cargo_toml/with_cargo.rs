//! What is read here, against what the installed Cargo reads. Nothing is resolved, so that nothing is fetched.

use std::process::Command;

use super::*;
use crate::tree::json;

const SOURCE: &str = r#"
dev-dependencies.dotted = { version = "0.1" }

[package]
name = "demo"
edition = "2021"
publish = []
version = { workspace = true }

[workspace]
members = ["in/*", "./named/"]
exclude = ["in/out", "named"]

[workspace.package]
version = "1.2.3"

[workspace.dependencies]
shared = "0.2"

[dependencies]
plain = "0.3.0"
'quoted' = ">=0.4, <0.6"
key = { package = "real", version = "=0.5.0", optional = true }
shared.workspace = true
repo = { git = "https://git.example/repo", version = "0.6" }
member = { path = "in/member" }

[dev_dependencies]
shadowed = "0.7"
[build-dependencies.table]
version = "~0.8"
[target.'cfg(unix)'.build_dependencies]
unix = "*"
[target.x86_64-unknown-linux-gnu.dependencies]
linux = { version = "0.9", path = "named" }
"#;

/// What `cargo metadata --no-deps` says about all packages of the workspace.
fn metadata(home: &std::path::Path) -> String {
    let output = Command::new(option_env!("CARGO").unwrap_or("cargo"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(home)
        .env("CARGO_HOME", home.join("home"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn cargo_reads_the_same() {
    let home = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = home.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("Cargo.toml", SOURCE);
    write("src/lib.rs", "");
    for (directory, name) in [("in/member", "member"), ("in/out", "out"), ("named", "linux")] {
        write(
            &format!("{directory}/Cargo.toml"),
            &format!("[package]\nname = \"{name}\"\nedition = \"2021\"\n"),
        );
        write(&format!("{directory}/src/lib.rs"), "");
    }
    let text = metadata(home.path());
    let json = json::parse(&text).unwrap();
    let packages = json.get("packages").unwrap().items();
    let mut names: Vec<&str> = packages.iter().map(|package| package.text_at(&["name"]).unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["demo", "linux", "member"]);
    let package = packages.iter().find(|package| package.text_at(&["name"]) == Some("demo")).unwrap();

    let path: RelPath = "Cargo.toml".parse().unwrap();
    let manifest = Manifest::read(&path, SOURCE.as_bytes()).unwrap();
    let members = manifest.workspace.as_ref().unwrap();
    assert_eq!(members.include, ["in/*", "named"]);
    assert_eq!(members.exclude, ["in/out", "in/out/**"]);
    let Version::Here(version) = &manifest.version else { panic!("{:?}", manifest.version) };
    assert_eq!(package.text_at(&["version"]), Some(version.text()));
    assert!(manifest.private && package.get("publish").unwrap().items().is_empty());
    // Without a version of their own, packages go to no registry.
    for package in packages {
        assert!(
            matches!(&package.get("publish").unwrap().value, Value::List(registries) if registries.is_empty())
        );
    }

    let kind = |dependency: &Node<'_>| dependency.text_at(&["kind"]).unwrap_or("normal").to_owned();
    let mut of_cargo: Vec<String> = package
        .get("dependencies")
        .unwrap()
        .items()
        .iter()
        .map(|dependency| {
            // A bare version is a caret, and nothing is any version.
            let range = dependency.text_at(&["req"]).unwrap().trim_start_matches('^').trim_start_matches('*');
            let place = match (dependency.get("path"), dependency.text_at(&["source"])) {
                (Some(_), _) => "path",
                (None, Some(source)) if source.starts_with("git") => "git",
                _ => "registry",
            };
            format!("{} {} {range} {place}", dependency.text_at(&["name"]).unwrap(), kind(dependency))
        })
        .collect();
    let inherited = |name: &str| {
        manifest
            .dependencies
            .iter()
            .find(|shared| shared.kind == DependencyKind::Workspace && shared.name == name)
            .unwrap()
    };
    let mut here: Vec<String> = manifest
        .dependencies
        .iter()
        .filter(|dependency| dependency.kind != DependencyKind::Workspace)
        .map(|dependency| {
            let kind = match dependency.kind {
                DependencyKind::Dev => "dev",
                DependencyKind::Build => "build",
                _ => "normal",
            };
            let stated =
                if dependency.source == Source::Inherited { inherited(&dependency.name) } else { dependency };
            let place = match stated.source {
                Source::Path(_) => "path",
                Source::Other(_) => "git",
                _ => "registry",
            };
            let range = stated.constraint.as_ref().map_or("", Site::text).trim_start_matches('*');
            format!("{} {kind} {range} {place}", dependency.name)
        })
        .collect();
    of_cargo.sort_unstable();
    here.sort_unstable();
    assert_eq!(here, of_cargo);
}
