use std::fs;
use std::io;
use std::sync::Mutex;

use tminus_manifests::bump::PinFate;
use tminus_vcs::{Invocation, Output, Run};

use super::*;
use crate::Environment;

struct Bed {
    dir: tempfile::TempDir,
    config: Option<Config>,
}

impl Bed {
    fn new(config: &str, files: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self { dir, config: Some(Config::parse("tminus.toml", config).unwrap()) }
    }

    fn project(&self) -> Result<Project, WorkspaceError> {
        Project::discover(self.dir.path(), self.config.as_ref())
    }

    fn bump(&self, to: &str, packages: &[&str], change: impl FnOnce(&mut BumpRequest)) -> Vec<String> {
        let mut request = request(to, packages);
        change(&mut request);
        let planned = self.project().unwrap().bump(&branch("main"), &request).unwrap();
        let line = |edit: &tminus_manifests::bump::VersionEdit| format!("{} {}", edit.id, edit.new);
        planned.outcome.versions.iter().map(line).collect()
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.dir.path().join(path)).unwrap()
    }
}

fn request(to: &str, packages: &[&str]) -> BumpRequest {
    BumpRequest {
        to: to.parse().unwrap(),
        packages: packages.iter().map(ToString::to_string).collect(),
        all: false,
        dependents: None,
        pins: PinScope::All,
        without_locks: false,
        allow_lowering: false,
    }
}

fn branch(name: &str) -> Branch {
    Branch { name: name.to_owned(), main: "main".to_owned() }
}

fn package(name: &str, version: &str, dependencies: &str) -> String {
    format!("[project]\nname = \"{name}\"\nversion = \"{version}\"\ndependencies = [{dependencies}]\n")
}

fn three(config: &str) -> Bed {
    Bed::new(
        config,
        &[
            ("a/pyproject.toml", &package("a", "1.0.0", "")),
            ("b/pyproject.toml", &package("b", "1.2.0", "\"a>=1.0.0,<2\"")),
            ("c/pyproject.toml", &package("c", "3.0.0", "\"b==1.2.0\"")),
        ],
    )
}

#[test]
fn groups_take_their_members_along() {
    assert_eq!(three("").bump("minor", &["a"], |_| {}), ["pypi:a 1.1.0"]);
    let fixed = three("[[group]]\nname = 'g'\npackages = ['a', 'b']\n");
    assert_eq!(fixed.bump("minor", &["a"], |_| {}), ["pypi:a 1.3.0", "pypi:b 1.3.0"]);
    assert_eq!(fixed.bump("2.0.0", &["b"], |_| {}), ["pypi:a 2.0.0", "pypi:b 2.0.0"]);
    let linked = three("[[group]]\nname = 'g'\nkind = 'linked'\npackages = ['pypi:a', 'pypi:b']\n");
    assert_eq!(linked.bump("minor", &["a"], |_| {}), ["pypi:a 1.3.0"]);
    assert_eq!(linked.bump("patch", &["g"], |_| {}), ["pypi:a 1.2.1", "pypi:b 1.2.1"]);
}

#[test]
fn dependents_are_raised_as_far_as_constraints_change() {
    let patch = |request: &mut BumpRequest| request.dependents = Some("patch".parse().unwrap());
    let expected = ["pypi:a 1.1.0", "pypi:b 1.2.1", "pypi:c 3.0.1"];
    assert_eq!(three("").bump("minor", &["a"], patch), expected);
    // A group that moves has one version, whoever of it moves first.
    let linked = three("[[group]]\nname = 'g'\nkind = 'linked'\npackages = ['a', 'b']\n");
    let expected = ["pypi:a 1.3.0", "pypi:b 1.3.0", "pypi:c 3.0.1"];
    assert_eq!(linked.bump("minor", &["a"], patch), expected);
}

#[test]
fn a_rule_holds_on_its_branches() {
    let config = "[[package]]\nname = 'b'\npins = { \"pypi:a\" = { shape = \"exact\", on = \"line\" } }\n";
    let bed = three(config);
    let project = bed.project().unwrap();
    let fate = |name: &str| {
        let planned = project.bump(&branch(name), &request("minor", &["a"])).unwrap();
        planned.outcome.pins.iter().find(|pin| pin.to.name() == "a").unwrap().fate
    };
    assert_eq!(fate("release-1.x"), PinFate::Rewritten);
    assert_eq!(fate("main"), PinFate::Left);
    assert_eq!(fate(""), PinFate::Left);
}

#[test]
fn a_version_does_not_go_down_unless_it_may() {
    let bed = three("");
    let project = bed.project().unwrap();
    let error = project.bump(&branch("main"), &request("0.9", &["a"])).unwrap_err();
    assert_eq!((error.exit, error.what.as_str()), (Exit::Usage, "pypi:a is at 1.0.0, 0.9 is below it"));
    let allowed = bed.bump("0.9", &["a"], |request| request.allow_lowering = true);
    assert_eq!(allowed, ["pypi:a 0.9"]);
}

#[test]
fn words_mean_packages() {
    let bed = Bed::new(
        "[[group]]\nname = 'all'\npackages = ['*', '@demo/*']\n",
        &[
            ("py/pyproject.toml", &package("Demo_Core", "1.0", "")),
            ("js/package.json", "{\"name\": \"demo-core\", \"version\": \"1.0.0\"}"),
            ("ui/package.json", "{\"name\": \"@demo/ui\", \"version\": \"1.0.0\"}"),
        ],
    );
    let project = bed.project().unwrap();
    let select = |word: &str| {
        let chosen = project.select(&[word.to_owned()])?;
        Ok::<_, WorkspaceError>(chosen.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    assert_eq!(select("pypi:demo.core").unwrap(), ["pypi:demo-core"]);
    assert_eq!(select("@demo/ui").unwrap(), ["npm:@demo/ui"]);
    assert_eq!(select("demo-*").unwrap(), ["pypi:demo-core", "npm:demo-core"]);
    assert_eq!(select("all").unwrap().len(), 3);
    let several = select("demo-core").unwrap_err();
    assert_eq!(several.what, "`demo-core` is several packages: write `pypi:demo-core` or `npm:demo-core`");
    assert!(select("demo-cor").unwrap_err().what.contains("did you mean `demo-core`?"));
}

#[test]
fn a_table_about_several_packages_is_refused() {
    let files = [
        ("py/pyproject.toml", package("demo", "1.0", "")),
        ("js/package.json", "{\"name\": \"demo\", \"version\": \"1.0.0\"}".to_owned()),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let error = Bed::new("[[package]]\nname = 'demo'\n", &files).project().unwrap_err();
    assert!(error.what.contains("is several packages"), "{error}");
    assert!(Bed::new("[[package]]\nname = 'demo'\npath = 'js'\n", &files).project().is_ok());
}

/// A runner that plays the tools of lock files.
struct Tools {
    answers: Mutex<Vec<i32>>,
    asked: Mutex<Vec<String>>,
}

impl Run for Tools {
    fn run(&self, command: &Invocation) -> io::Result<Output> {
        self.asked.lock().unwrap().push(command.shown());
        let mut answers = self.answers.lock().unwrap();
        if answers.is_empty() {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(Output { status: Some(answers.remove(0)), stderr: b"no\n".to_vec(), ..Output::default() })
    }
}

const LOCK: &str = "version = 4\n\n[[package]]\nname = \"demo\"\nversion = \"0.1.0\"\n";

/// Raises a crate with a lock file while its tool answers with these exit codes.
fn write_with(answers: &[i32]) -> (Bed, Result<BTreeMap<RelPath, ToolReport>, WorkspaceError>) {
    let files = [("Cargo.toml", "[package]\nname = \"demo\"\nversion = \"0.1.0\"\n"), ("Cargo.lock", LOCK)];
    let bed = Bed::new("", &files);
    let project = bed.project().unwrap();
    let planned = project.bump(&branch("main"), &request("minor", &[])).unwrap();
    let runner = Tools { answers: Mutex::new(answers.to_vec()), asked: Mutex::default() };
    let environment = Environment::default();
    let result = project
        .write(&planned, &ToolRun { runner: &runner, environment: &environment, check: true, run: true });
    assert!(
        runner.asked.lock().unwrap().iter().all(|command| command.starts_with("cargo metadata --locked"))
    );
    (bed, result)
}

#[test]
fn a_lock_file_is_checked_before_and_after() {
    let (bed, result) = write_with(&[0, 0]);
    assert!(matches!(result.unwrap().values().next(), Some(ToolReport::InStep(_))));
    assert!(bed.text("Cargo.lock").contains("0.2.0"));

    // Whoever objected before says nothing about the edits; nor does a tool that is not there.
    for answers in [&[101][..], &[]] {
        let (bed, result) = write_with(answers);
        assert!(matches!(result.unwrap().values().next(), Some(ToolReport::NotAsked(_))));
        assert!(bed.text("Cargo.toml").contains("0.2.0"));
    }
}

#[test]
fn where_a_tool_objects_afterwards_everything_is_put_back() {
    let (bed, result) = write_with(&[0, 101]);
    let error = result.unwrap_err();
    assert!(error.what.contains("an objection after the edits: `cargo metadata"), "{error}");
    assert!(error.what.ends_with("every file that was edited is as it was before"), "{error}");
    assert_eq!(bed.text("Cargo.lock"), LOCK);
    assert!(bed.text("Cargo.toml").contains("0.1.0"));
}
