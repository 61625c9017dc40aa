//! Hosts of package registries, learnt from the installed clients: none is written in this repository.

use std::process::Command;

use tminus_http::Url;

use crate::command::answer;

/// A host and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Host {
    pub(super) name: String,
    pub(super) of: String,
}

/// pip knows the index, its test twin, and where each keeps its files.
const PIP: &str = "\
from pip._internal.models.index import PyPI, TestPyPI
for index in (PyPI, TestPyPI):
    print(index.netloc)
    print(index.file_storage_domain)
";

/// The hosts that this machine's tools know. A tool that is missing is noted.
pub(super) fn of_registries(lock_file: &str, notes: &mut Vec<String>) -> Vec<Host> {
    let mut hosts = Vec::new();
    let mut add = |of: &str, answers: Vec<String>| {
        let found: Vec<String> = answers.iter().flat_map(|text| text.lines()).filter_map(host).collect();
        if found.is_empty() {
            notes.push(format!("{of}: no installed tool names its host, so it was not looked for"));
        }
        for name in found {
            if !hosts.iter().any(|known: &Host| known.name == name) {
                hosts.push(Host { name, of: of.to_owned() });
            }
        }
    };
    add("the Cargo registry", lock_file.lines().filter_map(cargo_registry).collect());
    let python = answer(Command::new("python3").args(["-c", PIP]));
    add("the Python index", python.into_iter().collect());
    // What npm has built in, whatever this machine's configuration says.
    let npm = answer(
        Command::new("npm")
            .args([
                "config",
                "get",
                "registry",
                "--userconfig=/nowhere/npmrc",
                "--globalconfig=/nowhere/else",
            ])
            .env_remove("NPM_CONFIG_REGISTRY")
            .env_remove("npm_config_registry"),
    );
    add("the npm registry", npm.into_iter().collect());
    let sites = answer(Command::new("apt-get").args(["indextargets", "--format", "$(SITE)"]));
    add("the system's packages", sites.into_iter().collect());
    // A mirror of this machine is no better to name.
    let mirrors = [
        answer(Command::new("python3").args(["-m", "pip", "config", "get", "global.index-url"])),
        answer(Command::new("npm").args(["config", "get", "registry"])),
    ];
    for name in mirrors.into_iter().flatten().filter_map(|text| host(&text)) {
        if !hosts.iter().any(|known| known.name == name) {
            hosts.push(Host { name, of: "this machine's mirror".to_owned() });
        }
    }
    hosts
}

/// The host of a URL, or a bare host. Loopback and reserved names may be written.
fn host(text: &str) -> Option<String> {
    let text = text.trim();
    let url = if text.contains("://") { Url::parse(text) } else { Url::parse(&format!("https://{text}")) };
    let name = url.ok()?.host_str()?.to_ascii_lowercase();
    let reserved = ["localhost", "example", "invalid", "test"];
    let last = name.rsplit('.').next().unwrap_or_default();
    let free = !name.contains('.') || reserved.contains(&last) || last.chars().all(|c| c.is_ascii_digit());
    (!free).then_some(name)
}

/// The registry's name in a `source` line of Cargo.lock: its index is a repository called HOST-index.
fn cargo_registry(line: &str) -> Option<String> {
    let url = line.strip_prefix("source = \"registry+")?.strip_suffix('"')?;
    let name = url.rsplit('/').next()?.strip_suffix("-index")?;
    name.contains('.').then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{cargo_registry, host};

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(host(text).as_deref(), expected, "{text}");
    }

    #[test]
    fn a_host_is_taken_from_a_url_or_as_it_stands() {
        check("https://Registry.Mirror.net/npm/", Some("registry.mirror.net"));
        check("files.mirror.net", Some("files.mirror.net"));
        check("http://user:word@mirror.net:8080/simple", Some("mirror.net"));
        check("http://127.0.0.1:3141/simple/", None);
        check("http://localhost:4873", None);
        check("https://pypi.example/simple/", None);
        check("undefined", None);
        check("", None);
    }

    #[test]
    fn the_lock_file_names_the_cargo_registry() {
        let line = "source = \"registry+https://forge.example/team/crates.example-index\"";
        assert_eq!(cargo_registry(line).as_deref(), Some("crates.example"));
        assert_eq!(cargo_registry("source = \"git+https://forge.example/team/x\""), None);
    }
}
