//! Which crate may know which. Arrows go down, and no other way.

use super::{Files, Finding};
use crate::workspace::{Dependency, Kind, Member};

const FLOOR_1: &[&str] = &["tminus-versioning", "tminus-http"];
const FLOOR_2: &[&str] =
    &["tminus-manifests", "tminus-vcs", "tminus-registry", "tminus-forge", "tminus-policy"];
const FLOOR_3: &[&str] = &["tminus-sandbox", "tminus-engine"];
const CLI: &str = "tminus";

/// Third-party crates that stay inside one of ours, together with what belongs to them (`gix-*`, `clap_*`).
const OWNED: [(&str, &str); 4] =
    [("reqwest", "tminus-http"), ("gix", "tminus-vcs"), ("axum", "tminus-sandbox"), ("clap", CLI)];

/// The floors that a crate may know; `None` where it has no place in the building.
fn may_know(name: &str) -> Option<Vec<&'static str>> {
    Some(match name {
        name if FLOOR_1.contains(&name) => Vec::new(),
        name if FLOOR_2.contains(&name) => FLOOR_1.to_vec(),
        // An independent referee shares no code with what it judges.
        "tminus-sandbox" => Vec::new(),
        "tminus-engine" => [FLOOR_1, FLOOR_2].concat(),
        CLI => [FLOOR_1, FLOOR_2, FLOOR_3].concat(),
        "xtask" | "tminus-tests" => [FLOOR_1, FLOOR_2, FLOOR_3, &[CLI]].concat(),
        _ => return None,
    })
}

/// Checks every member. `files` are asked for the line of a finding.
pub(super) fn check(members: &[Member], files: &Files) -> Vec<Finding> {
    let mut findings = Vec::new();
    for member in members {
        let manifest = files.get(&member.manifest).map_or("", String::as_str);
        let mut report = |about: &str, what: String| {
            findings.push(Finding::new(&member.manifest, line_of(manifest, about), what));
        };
        let Some(known) = may_know(&member.name) else {
            report(
                "name",
                format!("{} has no floor: say in `cargo xtask tidy` what it may know", member.name),
            );
            continue;
        };
        for dependency in &member.dependencies {
            if members.iter().any(|other| other.name == dependency.name) {
                let upwards = !known.contains(&dependency.name.as_str());
                if upwards {
                    report(&dependency.name, format!("{} must not know {}", member.name, dependency.name));
                }
                if let Some(what) = form(member, dependency) {
                    report(&dependency.name, what);
                }
            } else if let Some(owner) = owner(&dependency.name).filter(|owner| *owner != member.name) {
                report(&dependency.name, format!("{} stays inside {owner}", dependency.name));
            }
        }
        if member.publishable {
            for (field, given) in [("readme", member.readme), ("description", member.description)] {
                if !given {
                    report("name", format!("{} has no {field}", member.name));
                }
            }
            let dir = member.manifest.trim_end_matches("Cargo.toml");
            if !files.contains_key(&format!("{dir}README.md")) {
                report("readme", format!("{} has no README.md", member.name));
            }
        }
        if !member.license {
            report("name", format!("{} has no license", member.name));
        }
    }
    findings
}

/// What is wrong with how a sibling is asked for. Packaging drops a dev-dependency that has a path alone; one with a
/// version would have to be published first, and a cycle could never be. What is never published may write either.
fn form(member: &Member, dependency: &Dependency) -> Option<String> {
    let Dependency { name, kind, by_path, by_version } = dependency;
    if !by_path {
        return Some(format!("{name} is in this workspace: give its path"));
    }
    match kind {
        Kind::Dev if *by_version && member.publishable => {
            Some(format!("{name} as a dev-dependency has a path and no version, so that packaging drops it"))
        }
        Kind::Normal | Kind::Build if !by_version && member.publishable => {
            Some(format!("{name} needs a version beside its path, or {} cannot be published", member.name))
        }
        _ => None,
    }
}

fn owner(name: &str) -> Option<&'static str> {
    let belongs = |family: &str| {
        name.strip_prefix(family).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
    };
    OWNED.into_iter().find(|(family, _)| belongs(family)).map(|(_, owner)| owner)
}

/// The line of a manifest that begins with `key`; the first one where there is none.
fn line_of(manifest: &str, key: &str) -> usize {
    let is_key = |line: &str| {
        let rest = line.trim_start().strip_prefix(key);
        rest.is_some_and(|rest| {
            !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        })
    };
    manifest.lines().position(is_key).map_or(1, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::Files;
    use crate::workspace::Workspace;

    fn package(name: &str, dependencies: &[Value]) -> Value {
        json!({
            "name": name, "version": "0.1.0", "manifest_path": format!("/w/crates/{name}/Cargo.toml"),
            "publish": null, "readme": "README.md", "description": "A crate.", "license": "MIT",
            "dependencies": dependencies,
        })
    }

    fn sibling(name: &str, kind: &Value, req: &str) -> Value {
        json!({ "name": name, "kind": kind, "req": req, "path": format!("/w/crates/{name}") })
    }

    fn outsider(name: &str) -> Value {
        json!({ "name": name, "kind": null, "req": "^1" })
    }

    #[track_caller]
    fn check(packages: &[Value], expected: &[&str]) {
        let metadata =
            json!({ "workspace_root": "/w", "target_directory": "/w/target", "packages": packages });
        let workspace = Workspace::read(&metadata).unwrap();
        let mut files = Files::new();
        for member in &workspace.members {
            let mut text = "[package]\nname = \"x\"\n[dependencies]\n".to_owned();
            for dependency in &member.dependencies {
                text.push_str(&format!("{}.workspace = true\n", dependency.name));
            }
            files.insert(member.manifest.clone(), text);
            files.insert(member.manifest.replace("Cargo.toml", "README.md"), String::new());
        }
        let found: Vec<String> =
            super::check(&workspace.members, &files).iter().map(ToString::to_string).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn arrows_down_are_fine() {
        check(
            &[
                package("tminus-versioning", &[]),
                package("tminus-vcs", &[sibling("tminus-versioning", &Value::Null, "^0.1"), outsider("gix")]),
                package("tminus-engine", &[sibling("tminus-vcs", &Value::Null, "^0.1")]),
                package(
                    "tminus",
                    &[sibling("tminus-engine", &Value::Null, "^0.1"), outsider("clap_complete")],
                ),
            ],
            &[],
        );
    }

    #[test]
    fn a_wrong_arrow_is_found() {
        check(
            &[
                package("tminus-registry", &[]),
                package("tminus-vcs", &[outsider("url"), sibling("tminus-registry", &Value::Null, "^0.1")]),
            ],
            &["crates/tminus-vcs/Cargo.toml:5: tminus-vcs must not know tminus-registry"],
        );
    }

    #[test]
    fn the_referee_knows_nobody() {
        check(
            &[
                package("tminus-http", &[]),
                package("tminus-sandbox", &[sibling("tminus-http", &json!("dev"), "*")]),
            ],
            &["crates/tminus-sandbox/Cargo.toml:4: tminus-sandbox must not know tminus-http"],
        );
    }

    #[test]
    fn a_dev_dependency_on_a_sibling_has_a_path_alone() {
        check(
            &[
                package("tminus-http", &[]),
                package("tminus-forge", &[sibling("tminus-http", &json!("dev"), "^0.1")]),
                package("tminus-registry", &[sibling("tminus-http", &json!("dev"), "*")]),
            ],
            &[
                "crates/tminus-forge/Cargo.toml:4: tminus-http as a dev-dependency has a path and no version, so that packaging drops it",
            ],
        );
    }

    #[test]
    fn a_dependency_that_is_published_has_a_version() {
        check(
            &[
                package("tminus-http", &[]),
                package("tminus-forge", &[sibling("tminus-http", &Value::Null, "*")]),
                package("tminus-registry", &[outsider("tminus-http")]),
            ],
            &[
                "crates/tminus-forge/Cargo.toml:4: tminus-http needs a version beside its path, or tminus-forge cannot be published",
                "crates/tminus-registry/Cargo.toml:4: tminus-http is in this workspace: give its path",
            ],
        );
    }

    #[test]
    fn libraries_that_one_crate_owns_stay_there() {
        check(
            &[package("tminus-engine", &[outsider("gix-hash"), outsider("gixture"), outsider("reqwest")])],
            &[
                "crates/tminus-engine/Cargo.toml:4: gix-hash stays inside tminus-vcs",
                "crates/tminus-engine/Cargo.toml:6: reqwest stays inside tminus-http",
            ],
        );
    }

    #[test]
    fn a_crate_without_a_floor_or_a_description_is_found() {
        let mut bare = package("tminus-policy", &[]);
        bare["description"] = Value::Null;
        bare["license"] = Value::Null;
        check(
            &[bare, package("tminus-cellar", &[])],
            &[
                "crates/tminus-cellar/Cargo.toml:2: tminus-cellar has no floor: say in `cargo xtask tidy` what it may know",
                "crates/tminus-policy/Cargo.toml:2: tminus-policy has no description",
                "crates/tminus-policy/Cargo.toml:2: tminus-policy has no license",
            ],
        );
    }
}
