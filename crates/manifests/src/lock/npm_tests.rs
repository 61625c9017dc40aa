use std::fs;
use std::path::Path;

use super::npm_release::{release, run, write};
use super::testing::program;
use super::{LockEdits, LockUpdate, package_lock, pnpm};
use crate::splice;

const ROOT: &str = r#"{
  "name": "root",
  "version": "1.0.0",
  "private": true,
  "workspaces": ["packages/*"],
  "dependencies": {"core": "^1.0.0"}
}
"#;
const CORE: &str = "{\"name\": \"core\", \"version\": \"1.0.0\"}\n";
const WEB: &str = r#"{
	"name": "@x/web", "version": "1.0.0",
	"dependencies": {"core": "~1.0.0"},
	"peerDependencies": {"plug": ">=1.0.0 <2"},
	"devDependencies": {"plug": "file:../plug"}
}"#;
const PLUG: &str = r#"{
  "name": "plug",
  "version": "1.0.0",
  "optionalDependencies": {"core": "1.x"},
  "peerDependencies": {"core": ">=1.0.0"}
}
"#;
const FILES: [(&str, &str); 4] = [
    ("package.json", ROOT),
    ("packages/core/package.json", CORE),
    ("packages/plug/package.json", PLUG),
    ("packages/web/package.json", WEB),
];
const MANIFESTS: [&str; 4] = [FILES[0].0, FILES[1].0, FILES[2].0, FILES[3].0];

/// Packages and their new versions.
type Moves<'a> = &'a [(&'a str, &'a str)];

/// The releases that the tools are asked about.
const RELEASES: [Moves<'_>; 6] = [
    &[("core", "1.1.0")],
    &[("core", "2.0.0-rc.1"), ("plug", "1.0.1")],
    &[("core", "2.0.0"), ("plug", "2.1.0"), ("@x/web", "1.0.1"), ("root", "3.0.0")],
    &[("root", "1.0.1-dev.0")],
    &[("@x/web", "10.20.30")],
    &[],
];

fn spliced(source: &str, edits: LockEdits) -> String {
    match edits {
        LockEdits::Splices(splices) => splice(source, &splices).unwrap(),
        LockEdits::Tool { why, .. } => panic!("only the tool: {why}"),
    }
}

fn check_npm(program: &Path, name: &str, arguments: &[&str], to: Moves<'_>) {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("project");
    write(&root, &FILES);
    if name == "npm-shrinkwrap.json" {
        write(
            &root,
            &[(
                name,
                "{\"name\": \"root\", \"version\": \"1.0.0\", \"lockfileVersion\": 3, \"packages\": {}}",
            )],
        );
    }
    let npm = |root: &Path| {
        let fixed =
            ["install", "--package-lock-only", "--ignore-scripts", "--offline", "--no-audit", "--no-fund"];
        run(root, program, &[&fixed[..], arguments].concat());
    };
    npm(&root);
    let before = fs::read_to_string(root.join(name)).unwrap();
    let update = release(&root, &MANIFESTS, to);
    let ours = spliced(&before, package_lock::edits(&before, &update).unwrap());
    npm(&root);
    let theirs = fs::read_to_string(root.join(name)).unwrap();
    assert_eq!(ours, theirs, "{name} {to:?}");
    assert_eq!(to.is_empty(), before == theirs);
    if to.len() == MANIFESTS.len() && arguments.is_empty() {
        fs::write(root.join(name), &ours).unwrap();
        run(&root, program, &["ci", "--offline", "--ignore-scripts", "--no-audit", "--no-fund"]);
        run(&root, program, &["ls", "--all"]);
    }
    assert_eq!(package_lock::edits(&ours, &LockUpdate::default()).unwrap(), LockEdits::Splices(Vec::new()));
}

#[test]
fn npm_writes_the_same_bytes() {
    let Some(npm) = program("TMINUS_TEST_NPM", "npm") else { return };
    for to in RELEASES {
        check_npm(&npm, "package-lock.json", &[], to);
    }
    for to in &RELEASES[..3] {
        check_npm(&npm, "package-lock.json", &["--lockfile-version", "2"], to);
    }
    check_npm(&npm, "npm-shrinkwrap.json", &[], RELEASES[2]);
}

const PNPM_ROOT: &str = r#"{
  "name": "zz-root",
  "version": "1.0.0",
  "private": true,
  "dependencies": {"zz-core": "workspace:^"},
  "devDependencies": {"zz-plug": "workspace:1.0.0"}
}
"#;
const PNPM_WEB: &str = r#"{
	"name": "@zz/web", "version": "1.0.0",
	"dependencies": {"zz-core": "workspace:~1.0.0", "same": "workspace:zz-plug@^1.0.0"},
	"optionalDependencies": {"zz-plug": "link:../plug"}
}"#;
const PNPM_PLUG: &str = r#"{
  "name": "zz-plug",
  "version": "1.0.0",
  "devDependencies": {"zz-core": "workspace:>=1.0.0"},
  "peerDependencies": {"zz-core": "^1.0.0"}
}
"#;
const PNPM_FILES: [(&str, &str); 5] = [
    ("package.json", PNPM_ROOT),
    ("packages/core/package.json", "{\"name\": \"zz-core\", \"version\": \"1.0.0\"}\n"),
    ("packages/plug/package.json", PNPM_PLUG),
    ("packages/web/package.json", PNPM_WEB),
    ("pnpm-workspace.yaml", "packages:\n  - packages/*\n"),
];
const PNPM_MANIFESTS: [&str; 5] =
    [PNPM_FILES[0].0, PNPM_FILES[1].0, PNPM_FILES[2].0, PNPM_FILES[3].0, PNPM_FILES[4].0];

const PNPM_RELEASES: [Moves<'_>; 4] = [
    &[("zz-core", "1.1.0")],
    &[("zz-core", "2.0.0"), ("zz-plug", "2.1.0"), ("@zz/web", "1.0.1"), ("zz-root", "3.0.0")],
    &[("zz-plug", "1.0.1")],
    &[("@zz/web", "10.20.30")],
];

#[test]
fn pnpm_writes_the_same_bytes() {
    let Some(program) = program("TMINUS_TEST_PNPM", "pnpm") else { return };
    for to in PNPM_RELEASES {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().join("project");
        write(&root, &PNPM_FILES);
        let lock = ["install", "--lockfile-only", "--ignore-scripts", "--offline", "--no-frozen-lockfile"];
        run(&root, &program, &lock);
        let before = fs::read_to_string(root.join("pnpm-lock.yaml")).unwrap();
        let update = release(&root, &PNPM_MANIFESTS, to);
        let ours = spliced(&before, pnpm::edits(&before, &update).unwrap());
        run(&root, &program, &lock);
        assert_eq!(ours, fs::read_to_string(root.join("pnpm-lock.yaml")).unwrap(), "{to:?}");
        fs::write(root.join("pnpm-lock.yaml"), &ours).unwrap();
        run(&root, &program, &["install", "--frozen-lockfile", "--offline"]);
    }
}

/// Workspaces with packages of a registry, and what npm 11.19, pnpm 12.21 and pnpm 8.15 wrote into the lock file after
/// the manifests had changed.
#[test]
fn fixtures_follow_as_the_tools_wrote() {
    let members = [
        "package.json",
        "packages/core/package.json",
        "packages/plug/package.json",
        "packages/web/package.json",
    ];
    let npm = [
        ("core", "1.1.0"),
        ("plug", "1.2.0"),
        ("@x/web", "3.0.0"),
        ("root", "2.0.0"),
        ("ms", "2.1.3"),
        ("is-odd", "3.0.0"),
    ];
    let pnpm_6 = [("zz-core", "2.0.0"), ("zz-plug", "2.0.0"), ("ms", "2.1.2")];
    let pnpm_9 = [&pnpm_6[..], &[("@zzx/web", "1.1.0"), ("is-odd", "3.0.0"), ("kind-of", "6.0.3")]].concat();
    let cases: [(&str, &str, Moves<'_>); 4] = [
        ("npm-2", "json", &npm),
        ("npm-3", "json", &npm),
        ("pnpm-9", "yaml", &pnpm_9),
        ("pnpm-6", "yaml", &pnpm_6),
    ];
    for (name, kind, to) in cases {
        let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
        let text = |path: &str| fs::read_to_string(fixture.join(path)).unwrap();
        let directory = tempfile::tempdir().unwrap();
        let mut manifests = members.to_vec();
        manifests.extend(fixture.join("pnpm-workspace.yaml").exists().then_some("pnpm-workspace.yaml"));
        for path in &manifests {
            write(directory.path(), &[(*path, text(path).as_str())]);
        }
        let update = release(directory.path(), &manifests, to);
        let (before, edits) = if kind == "json" {
            let before = text("package-lock.json");
            (before.clone(), package_lock::edits(&before, &update))
        } else {
            let before = text("pnpm-lock.yaml");
            (before.clone(), pnpm::edits(&before, &update))
        };
        let ours = spliced(&before, edits.unwrap());
        assert_ne!(ours, before);
        assert_eq!(ours, text(&format!("after.{kind}")), "{name}");
    }
}
