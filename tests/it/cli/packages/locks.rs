//! Lock files stay in step, by their own tool's word; where that cannot be had, every file is as before.

use std::fs;

use super::bed::{Room, assert_same, found};
use super::{javascript, python, rust, skipped};

/// Crates that ask for each other, with the lock file that cargo makes of them.
fn crates(shared: bool) -> Room {
    let version = if shared { "version.workspace = true" } else { "version = \"0.1.0\"" };
    let root = "[workspace]\nresolver = \"2\"\nmembers = [\"core\", \"app\"]\n\n[workspace.package]\nversion = \"0.1.0\"\n\n[workspace.dependencies]\ndemo-core = { path = \"core\", version = \"0.1.0\" }\n";
    let member = |name: &str, needs: &str| {
        format!("[package]\nname = \"{name}\"\n{version}\nedition = \"2021\"\n\n[dependencies]\n{needs}")
    };
    let room = Room::with(&[
        ("Cargo.toml", root),
        ("core/Cargo.toml", &member("demo_core", "").replace("demo_core", "demo-core")),
        ("core/src/lib.rs", ""),
        ("app/Cargo.toml", &member("demo-app", "demo-core.workspace = true\n")),
        ("app/src/main.rs", "fn main() {}\n"),
    ]);
    room.tool("cargo".as_ref(), &room.work, &["generate-lockfile", "--offline"]);
    room.commit();
    room
}

#[track_caller]
fn cargo_agrees(room: &Room) {
    room.tool("cargo".as_ref(), &room.work, &["metadata", "--locked", "--offline", "--format-version", "1"]);
}

#[test]
fn cargo_locks() {
    for (shared, args, changed) in [
        (true, &["bump", "minor", "--all"][..], 2),
        (false, &["bump", "0.2.0", "--all"], 2),
        (false, &["bump", "minor", "demo-core"], 1),
        (false, &["bump", "0.2.0-rc.1", "demo-core"], 1),
    ] {
        let room = crates(shared);
        cargo_agrees(&room);
        let before = room.read("Cargo.lock");
        let planned = room.run(&[args, &["--json", "--dry-run"]].concat()).json();
        assert!(planned["locks"].to_string().contains("Cargo.lock"), "{planned:#}");
        let said = room.run(args);
        said.exits(0);
        cargo_agrees(&room);

        let after = room.read("Cargo.lock");
        let lines = before.lines().zip(after.lines()).filter(|(old, new)| old != new).count();
        assert_eq!((before.lines().count(), lines), (after.lines().count(), changed), "{after}\n{said}");
    }
}

/// Who inherits a constraint of the workspace follows when it changes.
#[test]
fn dependents_with_inherited_constraints() {
    let room = crates(false);
    let said = room.run(&["bump", "patch", "demo-core", "--dependents", "patch"]);
    said.exits(0);
    cargo_agrees(&room);
    assert!(room.read("app/Cargo.toml").contains("version = \"0.1.1\""), "{said}");
}

#[test]
fn pins_in_cargo_locks() {
    let room = crates(false);
    for shape in ["exact", "minimum", "next-minor", "caret"] {
        room.run(&["pin", "demo-core", "--shape", shape]).exits(0);
        cargo_agrees(&room);
    }
    // A constraint that the member does not meet is none that cargo could lock.
    let before = room.picture();
    let said = room.run(&["pin", "demo-core@0.7.0", "--shape", "exact"]);
    assert_ne!(said.code, 0, "{said}");
    said.explains(&["Cargo.lock"]);
    assert_same(&before, &room.picture(), &said);
}

#[test]
fn without_the_lock() {
    let room = crates(false);
    let lock = room.read("Cargo.lock");
    room.run(&["bump", "minor", "demo-core", "--no-lock"]).exits(0);
    assert_eq!(room.read("Cargo.lock"), lock);
    assert!(room.read("core/Cargo.toml").contains("0.2.0"));
}

/// Packages of npm with the lock file that npm makes of them.
fn npm_workspace() -> Option<Room> {
    if found("npm").is_none() {
        skipped("npm is not on PATH");
        return None;
    }
    let room = Room::with(&[
        (
            "package.json",
            "{\n  \"name\": \"root\",\n  \"version\": \"1.0.0\",\n  \"private\": true,\n  \"workspaces\": [\n    \"packages/*\"\n  ]\n}\n",
        ),
        ("packages/ui/package.json", &javascript("@demo/ui", "1.0.0", &["base ^1.0.0"])),
        ("packages/base/package.json", "{\n\t\"name\": \"base\",\n\t\"version\": \"1.0.0\"\n}\n"),
        ("packages/app/package.json", &javascript("app", "1.0.0", &["@demo/ui ^1.0.0", "base ~1.0.0"])),
        (".gitignore", "node_modules\n"),
    ]);
    npm(&room, &["install", "--package-lock-only"]);
    room.commit();
    Some(room)
}

#[track_caller]
fn npm(room: &Room, args: &[&str]) {
    let quiet = ["--offline", "--no-audit", "--no-fund", "--no-update-notifier"];
    room.tool("npm".as_ref(), &room.work, &[args, &quiet].concat());
}

#[test]
fn npm_locks() {
    for args in [
        &["bump", "2.0.0", "--all"][..],
        &["bump", "minor", "base"],
        &["bump", "1.1.0-rc.1", "base"],
        &["bump", "major", "base", "--dependents", "major"],
        &["bump", "major", "@demo/ui"],
        &["pin", "base", "--shape", "exact"],
        &["pin", "base", "--shape", "next-major"],
    ] {
        let Some(room) = npm_workspace() else { return };
        let before = room.picture();
        let said = room.run(args);
        said.exits(0);
        npm(&room, &["ci", "--dry-run"]);
        // What npm would write itself is what stands there.
        let ours = room.read("package-lock.json");
        npm(&room, &["install", "--package-lock-only"]);
        assert_eq!(room.read("package-lock.json"), ours, "{said}");
        assert_eq!(room.picture().len(), before.len(), "{said}");
    }
}

/// Entries of own packages are edited offline: no tool is needed for that.
#[test]
fn own_entries_need_no_tool() {
    let lock = |version: &str| {
        format!(
            "version = 1\nrevision = 2\nrequires-python = \">=3.9\" # kept\n\n[manifest]\nmembers = [\n    \"app\",\n    \"core\",\n]\n\n[[package]]\nname = \"app\"\nversion = \"3.0.0\"\nsource = {{ virtual = \".\" }}\ndependencies = [\n    {{ name = \"core\" }},\n]\n\n[package.metadata]\nrequires-dist = [{{ name = \"core\", editable = \"packages/core\" }}]\n\n[[package]]\nname = \"core\"\nversion = \"{version}\"\nsource = {{ editable = \"packages/core\" }}\n"
        )
    };
    let root = python("app", "3.0.0", &["core"])
        + "\n[tool.uv.workspace]\nmembers = [\"packages/*\"]\n\n[tool.uv.sources]\ncore = { workspace = true }\n";
    for style in [str::to_owned, |text: &str| text.replace('\n', "\r\n")] {
        let [before, after] = ["1.0.0", "1.1.0"].map(|version| style(&lock(version)));
        let mut room = Room::with(&[
            ("pyproject.toml", &root),
            ("packages/core/pyproject.toml", &python("core", "1.0.0", &[])),
            ("uv.lock", &before),
        ]);
        room.find_only(&["git"]);
        let core = python("core", "1.1.0", &[]);
        room.check(
            &["bump", "minor", "core"],
            &[("packages/core/pyproject.toml", &core), ("uv.lock", &after)],
        );
    }
}

/// A lock file of a package that is somewhere else says nothing about this one.
#[test]
fn entries_of_others_stay() {
    let lock = |version: &str| {
        format!(
            "{{\n  \"name\": \"demo\",\n  \"version\": \"{version}\",\n  \"lockfileVersion\": 3,\n  \"requires\": true,\n  \"packages\": {{\n    \"\": {{\n      \"name\": \"demo\",\n      \"version\": \"{version}\",\n      \"dependencies\": {{\n        \"demo2\": \"^1.0.0\"\n      }}\n    }},\n    \"node_modules/demo2\": {{\n      \"version\": \"1.0.0\",\n      \"resolved\": \"https://npm.example/demo2/-/demo2-1.0.0.tgz\",\n      \"integrity\": \"sha512-AAAA\"\n    }}\n  }}\n}}\n"
        )
    };
    let mut room = Room::with(&[
        ("package.json", &javascript("demo", "1.0.0", &["demo2 ^1.0.0"])),
        ("package-lock.json", &lock("1.0.0")),
    ]);
    room.find_only(&["git"]);
    room.check(
        &["bump", "1.1.0", "demo"],
        &[
            ("package.json", &javascript("demo", "1.1.0", &["demo2 ^1.0.0"])),
            ("package-lock.json", &lock("1.1.0")),
        ],
    );
    // Where a constraint on somebody else's package changes, npm has to be asked, and it is not there.
    let said = room.refuses(&["pin", "npm:demo2@2.0.0"], &[1, 3], &["npm", "package-lock.json"]);
    assert!(said.err.contains("--no-lock") || said.err.contains("install"), "a remedy in {said}");
    room.check(
        &["pin", "npm:demo2@2.0.0", "--no-lock"],
        &[("package.json", &javascript("demo", "1.1.0", &["demo2 ^2.0.0"]))],
    );
}

/// A range that follows in package.json follows in the lock file, also where the old range would do.
#[test]
fn specifiers_of_pnpm_follow() {
    let lock = |range: &str| {
        format!(
            "lockfileVersion: '9.0'\n\nsettings:\n  autoInstallPeers: true\n  excludeLinksFromLockfile: false\n\nimporters:\n\n  .: {{}}\n\n  app:\n    dependencies:\n      base:\n        specifier: workspace:^{range}\n        version: link:../base\n\n  base: {{}}\n"
        )
    };
    for version in ["1.0.1", "1.1.0", "2.0.0", "2.0.0-rc.1"] {
        let mut room = Room::with(&[
            ("package.json", "{ \"name\": \"root\", \"private\": true }\n"),
            ("pnpm-workspace.yaml", "packages:\n  - app\n  - base\n"),
            ("app/package.json", &javascript("app", "1.0.0", &["base workspace:^1.0.0"])),
            ("base/package.json", &javascript("base", "1.0.0", &[])),
            ("pnpm-lock.yaml", &lock("1.0.0")),
        ]);
        room.find_only(&["git"]);
        room.check(
            &["bump", version, "base"],
            &[
                ("app/package.json", &javascript("app", "1.0.0", &[&format!("base workspace:^{version}")])),
                ("base/package.json", &javascript("base", version, &[])),
                ("pnpm-lock.yaml", &lock(version)),
            ],
        );
    }
}

/// A lock file of many megabytes is in step afterwards, or it is said that it could not be read; it is never passed over.
#[test]
fn large_lock_files() {
    let lock = |version: &str, others: usize| {
        let mut text = format!(
            "version = 1\nrevision = 3\nrequires-python = \">=3.9\"\n\n[[package]]\nname = \"demo\"\nversion = \"{version}\"\nsource = {{ editable = \".\" }}\n"
        );
        for number in 0..others {
            text.push_str(&format!(
                "\n[[package]]\nname = \"x{number}\"\nversion = \"1.0.0\"\nsource = {{ registry = \"https://pypi.example/simple\" }}\n"
            ));
        }
        text
    };
    for others in [1000, 120_000, 1_000_000] {
        let before = lock("1.0.0", others);
        let mut room =
            Room::loose(&[("pyproject.toml", &python("demo", "1.0.0", &[])), ("uv.lock", &before)]);
        room.find_only(&["git"]);
        let said = room.run(&["bump", "2.0.0", "demo"]);
        if said.code == 0 {
            assert!(
                room.read("uv.lock") == lock("2.0.0", others),
                "{} bytes passed over: {said}",
                before.len()
            );
        } else {
            assert!(others > 1000, "{said}");
            said.explains(&["uv.lock"]);
            assert!(room.read("uv.lock") == before, "{said}");
            assert_eq!(room.read("pyproject.toml"), python("demo", "1.0.0", &[]), "{said}");
        }
    }
}

/// Ways of a tool to fail, some with rubbish left behind.
const FAILURES: [&str; 4] = [
    "exit 1",
    "echo rubbish > package-lock.json; exit 7",
    "echo broken on purpose >&2; rm -f package-lock.json; exit 1",
    "kill -9 $$",
];

/// A tool that objects already before the edits says nothing about them, as the README has it; that is told.
#[test]
fn a_tool_that_fails_to_check() {
    for script in ["exit 1", "kill -9 $$"] {
        let Some(mut room) = npm_workspace() else { return };
        room.fake("npm", script);
        room.run(&["bump", "2.0.0", "--all"]).exits(0).says(&["package-lock.json: not checked", "npm"]);
    }
}

/// One that objects only afterwards has everything put back, byte for byte.
#[test]
fn a_tool_that_objects_to_the_edits() {
    let Some(mut room) = npm_workspace() else { return };
    room.fake("npm", "if grep -q 2.0.0 package-lock.json; then echo no such luck >&2; exit 1; fi");
    let before = room.picture();
    let said = room.run(&["bump", "2.0.0", "--all"]);
    said.exits(1).says(&["package-lock.json", "npm", "no such luck", "--no-check"]);
    assert!(before == room.picture(), "{said}");
    room.run(&["bump", "2.0.0", "--all", "--no-check"]).exits(0);
}

/// Asked to make the lock file; what it leaves behind is put back, byte for byte.
#[test]
fn a_tool_that_fails_to_lock() {
    for script in FAILURES {
        let Some(mut room) = npm_workspace() else { return };
        room.fake("npm", script);
        room.write("packages/app/package.json", javascript("app", "1.0.0", &["left ^1.0.0"]));
        room.refuses(&["pin", "npm:left@2.0.0"], &[1, 3], &["npm"]);
        room.refuses(&["pin", "npm:left@2.0.0", "--no-check"], &[1, 3], &["npm"]);
    }
    let Some(mut room) = npm_workspace() else { return };
    room.fake("npm", "echo why it is so >&2; exit 1");
    room.write("packages/app/package.json", javascript("app", "1.0.0", &["left ^1.0.0"]));
    room.refuses(&["pin", "npm:left@2.0.0"], &[1, 3], &["why it is so"]);
}

/// Where no tool is to be run, what only it could do is left and said, and everything else is written.
#[test]
fn tools_that_are_left_out() {
    let Some(mut room) = npm_workspace() else { return };
    room.fake("npm", "echo started > trace; exit 1");
    room.write("packages/app/package.json", javascript("app", "1.0.0", &["left ^1.0.0"]));
    let lock = room.read("package-lock.json");
    let said = room.run(&["pin", "npm:left@2.0.0", "--no-tool"]);
    said.exits(0).says(&["package-lock.json", "npm install --package-lock-only"]);
    assert!(room.read("packages/app/package.json").contains("^2.0.0"));
    assert_eq!(room.read("package-lock.json"), lock);
    assert!(!room.work.join("trace").exists());
}

/// Cargo too, which is asked in another way.
#[test]
fn cargo_that_fails() {
    let mut room = crates(false);
    room.fake("cargo", "if grep -q 0.2.0 Cargo.lock; then echo no such luck >&2; exit 101; fi");
    room.refuses(&["bump", "minor", "demo-core"], &[1], &["cargo", "no such luck"]);
    room.run(&["bump", "minor", "demo-core", "--no-check"]).exits(0);
    assert!(room.read("Cargo.lock").contains("0.2.0"));
}

/// A dry run starts no tool that could write, and `--no-lock` starts none at all.
#[test]
fn tools_that_must_not_be_started() {
    for args in [
        &["bump", "2.0.0", "--all", "--no-lock"][..],
        &["bump", "2.0.0", "--all", "--dry-run"],
        &["packages"],
        &["graph"],
    ] {
        let Some(mut room) = npm_workspace() else { return };
        let trace = room.outside().join("trace");
        room.fake("npm", &format!("echo started >> {}; exit 1", trace.display()));
        room.run(args).exits(0);
        assert!(!trace.exists(), "{args:?} started npm: {}", fs::read_to_string(&trace).unwrap_or_default());
    }
}

/// A lock file that was not in step before.
#[test]
fn a_lock_that_is_out_of_step() {
    let Some(mut room) = npm_workspace() else { return };
    room.write("packages/ui/package.json", javascript("@demo/ui", "1.0.0", &["base ^1.0.0", "left ^1.0.0"]));
    room.fake("npm", "echo there is no network here >&2; exit 1");
    // Entries of its own packages follow all the same; that the lock file is stale was so before, and is told.
    room.run(&["bump", "2.0.0", "--all"])
        .exits(0)
        .says(&["package-lock.json: not checked", "there is no network"]);

    let Some(room) = npm_workspace() else { return };
    room.write("packages/ui/package.json", javascript("@demo/ui", "1.0.0", &["base ^1.0.0", "app ^1.0.0"]));
    room.run(&["bump", "2.0.0", "--all"]).exits(0);
    npm(&room, &["ci", "--dry-run"]);
}

#[test]
fn lock_files_that_cannot_be_read() {
    for (lock, text, place) in [
        ("uv.lock", "version = 1\n[[package]\n", "uv.lock:2"),
        ("poetry.lock", "[[package]]\nname = \"demo\"\nname = \"demo\"\n", "poetry.lock:3"),
        (
            "uv.lock",
            "version = 99\n\n[[package]]\nname = \"demo\"\nversion = \"1.0.0\"\nsource = { editable = \".\" }\n",
            "uv.lock",
        ),
    ] {
        let mut room = Room::with(&[("pyproject.toml", &python("demo", "1.0.0", &[])), (lock, text)]);
        room.find_only(&["git"]);
        room.refuses(&["bump", "2.0.0", "demo"], &[1, 2, 3], &[place]);
        room.check(
            &["bump", "2.0.0", "demo", "--no-lock"],
            &[("pyproject.toml", &python("demo", "2.0.0", &[]))],
        );
    }
    for (lock, text, place) in [
        ("package-lock.json", "{\n  \"lockfileVersion\": 3,\n}\n", "package-lock.json:3"),
        ("package-lock.json", "{\n  \"name\": \"demo\",\n  \"lockfileVersion\": 1\n}\n", "package-lock.json"),
        ("pnpm-lock.yaml", "lockfileVersion: '9.0'\nimporters:\n\t.: {}\n", "pnpm-lock.yaml:3"),
    ] {
        let mut room = Room::with(&[("package.json", &javascript("demo", "1.0.0", &[])), (lock, text)]);
        room.find_only(&["git"]);
        room.refuses(&["bump", "2.0.0", "demo"], &[1, 2, 3], &[place]);
    }
    let mut room = Room::with(&[
        ("Cargo.toml", &rust("demo", "1.0.0", &[])),
        ("src/lib.rs", ""),
        ("Cargo.lock", "[[package]]\nname = demo\n"),
    ]);
    room.find_only(&["git"]);
    room.refuses(&["bump", "2.0.0", "demo"], &[1, 2], &["Cargo.lock:2"]);
}
