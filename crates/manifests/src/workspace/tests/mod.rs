mod facts;
mod locks;
mod packages;
mod tree;

use super::{DiscoverError, DiscoverOptions, Workspace};

/// Files by path and text; a text that starts with `@` stands for a small manifest.
type Files<'a> = &'a [(&'a str, &'a str)];

/// `@NAME` as the manifest of a package of that name.
fn contents(path: &str, text: &str) -> String {
    let Some(name) = text.strip_prefix('@') else { return text.to_owned() };
    match path.rsplit('/').next().unwrap() {
        "pyproject.toml" => format!("[project]\nname = \"{name}\"\nversion = \"1.0\"\n"),
        "Cargo.toml" => format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\n"),
        "package.json" => format!("{{\"name\": \"{name}\", \"version\": \"1.0.0\"}}\n"),
        "Chart.yaml" => format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\n"),
        other => panic!("{other}"),
    }
}

fn read_with(files: Files<'_>, options: &DiscoverOptions) -> Result<Workspace, DiscoverError> {
    let file = |(path, text): &(&str, &str)| (path.parse().unwrap(), contents(path, text).into_bytes());
    Workspace::from_files(files.iter().map(file), options)
}

fn read(files: Files<'_>) -> Workspace {
    read_with(files, &DiscoverOptions::default()).unwrap()
}

fn options(include: &[&str], exclude: &[&str]) -> DiscoverOptions {
    let owned = |patterns: &[&str]| patterns.iter().map(|&pattern| pattern.to_owned()).collect();
    DiscoverOptions { include: owned(include), exclude: owned(exclude), threads: None }
}

fn directories(workspace: &Workspace) -> Vec<&str> {
    workspace.packages().iter().map(|package| package.directory.as_str()).collect()
}

fn excluded(workspace: &Workspace) -> Vec<String> {
    workspace.excluded().iter().map(ToString::to_string).collect()
}
