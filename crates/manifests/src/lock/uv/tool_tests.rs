//! The lock file against a real uv: what is written here is what uv would write, and uv takes it for current.

use super::super::testing::{Dice, Edited, Place, program};
use super::super::{LockEdits, LockUpdate};
use super::edits;
use crate::{DependencyKind, PackageId, splice};

/// Packages of a registry that is a directory, with their versions.
const WHEELS: [(&str, &str); 5] = [
    ("ext-alpha", "1.0.0"),
    ("ext-alpha", "1.5.0"),
    ("ext-alpha", "2.0.0"),
    ("ext-beta", "0.3.0"),
    ("Ext_Gamma.Kit", "4.1"),
];

const ROOT: &str = "# The root of the workspace.\r
[project]\r
name = 'Demo_Root'\r
version = \"0.1.0\"  # stated once\r
requires-python = \">=3.11\"\r
dependencies = [\r
\t'Demo.Core==0.2.0.dev0', # pinned to each other\r
\t\"demo-core[NET] >= 0.1\",\r
\t\"ext-alpha < 2, >= 1\",\r
]\r
[tool.uv.workspace]\r
members = [\"packages/*\"]\r
[tool.uv.sources]\r
demo_core = { workspace = true }\r
[tool.uv]\r
constraint-dependencies = ['EXT-alpha<9']\r
override-dependencies = ['ext-beta>=0.1']\r
";

const CORE: &str = "[project]
name = \"demo-core\"
version = '0.2.0-dev'
requires-python = \">=3.11\"
dependencies = [
    \"ext-alpha[fast]~=1.0 ; python_version >= '3.8'\",
    \"ext-alpha\",
    \"ext_gamma.kit(>=4)\",
]
[project.optional-dependencies]
Net = [\"ext-gamma-kit>=4.0\", \"Ext.Alpha >=1.0; sys_platform == 'linux'\", \"ext-alpha>=1.0\"]
all = [\"demo-core[net]\", \"ext-gamma-kit!=4.0,<5\"]
[dependency-groups]
dev = [\"ext-beta>=0.2\", {include-group = \"lint\"}]
lint = [\"ext-alpha>=1.1\"]
Docs_Site = [\"ext-beta\", \"ext-gamma-kit>=4.0.0\"]
";

/// Specifiers by package: the last ones do not admit the version that is locked.
const SPECIFIERS: [(&str, [&str; 7]); 4] = [
    ("demo-core", ["", ">=0.2", "==0.3.*", "== 0.2.0-RC1", "~=0.1", "<1,>=0.1", ">=7"]),
    ("ext-alpha", ["", ">=1,<2", "< 3,>=1.0", "==1.*", "~= 1.2,!=1.3", "<=V1.5.0", ">=2"]),
    ("ext-beta", ["", ">=0.1", "==0.3", "<1.0-dev,>=0.3.0", "!=0.1.*", ">=0.2.0-dev", "<0.3"]),
    ("ext-gamma-kit", ["", ">=4,<5", "==4.1", "~=4.0", "> 4.0 , <=4.1", "!=4.0", "==5.*"]),
];

const VERSIONS: [&str; 4] = ["0.2.0", "0.3.0rc1", "1.0-dev", "0.2.0.post1"];

/// A workspace that uv has made and locked.
fn workspace(place: &Place) {
    for (name, version) in WHEELS {
        let directory = format!("src/{name}-{version}");
        let init =
            ["init", "-q", "--lib", "--vcs", "none", "--no-workspace", "--name", name, directory.as_str()];
        place.must_run(".", &init);
        place.must_run(&directory, &["version", "-q", "--frozen", version]);
        place.must_run(".", &["build", "-q", "--wheel", "-o", "wheels", &directory]);
    }
    place.must_run(".", &["init", "-q", "--package", "--vcs", "none", "--no-workspace", "ws"]);
    place.write("ws/pyproject.toml", ROOT);
    for member in ["packages/demo-core", "packages/plain"] {
        place.must_run("ws", &["init", "-q", "--package", member]);
    }
    place.write("ws/packages/demo-core/pyproject.toml", CORE);
    // One member stays as uv itself writes it.
    let add = |arguments: &[&str]| {
        let common = ["add", "-q", "--no-sync", "--find-links", "../wheels", "--package", "plain"];
        place.must_run("ws", &[&common, arguments].concat());
    };
    add(&["ext-alpha>=1,<2"]);
    add(&["--dev", "ext-beta>=0.2"]);
    add(&["--optional", "net", "ext-gamma-kit"]);
    add(&["--group", "lint", "ext-gamma-kit<9"]);
    add(&["demo-core"]);
    lock(place);
}

fn lock(place: &Place) {
    place.must_run("ws", &["lock", "-q", "--find-links", "../wheels"]);
}

const MEMBERS: [&str; 3] = ["", "packages/demo-core", "packages/plain"];

fn file(member: &str) -> String {
    if member.is_empty() { "ws/pyproject.toml".to_owned() } else { format!("ws/{member}/pyproject.toml") }
}

/// Changes some versions and some constraints.
fn change(place: &Place, dice: &mut Dice) -> (Vec<Edited>, LockUpdate) {
    let mut update = LockUpdate::default();
    let mut projects: Vec<Edited> =
        MEMBERS.iter().map(|member| Edited::new(member, place.read(&file(member)))).collect();
    for project in &mut projects {
        if dice.below(2) == 0 {
            project.bump(&mut update, dice.one_of(&VERSIONS));
        }
        let dependencies = project.manifest.dependencies.clone();
        let chosen = dependencies.iter().filter(|dependency| dependency.kind != DependencyKind::Build);
        for dependency in chosen {
            let name = PackageId::pypi(&dependency.name);
            let known = SPECIFIERS.iter().find(|(known, _)| *known == name.name());
            if dice.below(6) == 0 {
                project.pin(&mut update, dependency, dice.one_of(&known.unwrap().1));
            }
        }
    }
    (projects, update)
}

#[test]
fn the_lock_file_is_the_one_that_uv_writes() {
    let Some(program) = program("TMINUS_TEST_UV", "uv") else { return };
    let place = Place::new(program);
    workspace(&place);
    let before = place.read("ws/uv.lock");
    let manifests: Vec<String> = MEMBERS.iter().map(|member| place.read(&file(member))).collect();

    let (mut done, mut asked) = (0, 0);
    let mut dice = Dice(508);
    for round in 0..24 {
        let (projects, update) = change(&place, &mut dice);
        for (member, project) in MEMBERS.iter().zip(&projects) {
            place.write(&file(member), &project.text());
        }
        match edits(&before, &update).unwrap() {
            LockEdits::Splices(splices) => {
                done += usize::from(!splices.is_empty());
                let after = splice(&before, &splices).unwrap();
                place.write("ws/uv.lock", &after);
                let (current, said) =
                    place.run("ws", &["lock", "--check", "--offline", "--find-links", "../wheels"]);
                assert!(current, "round {round}: {said}\n{update:#?}");
                place.write("ws/uv.lock", &before);
                lock(&place);
                assert_eq!(after, place.read("ws/uv.lock"), "round {round}: {update:#?}");
                assert_eq!(edits(&after, &update).unwrap(), LockEdits::Splices(Vec::new()), "round {round}");
            }
            LockEdits::Tool { why, command } => {
                asked += 1;
                assert_eq!(command, ["uv", "lock"]);
                assert!(!why.is_empty());
            }
        }
        place.write("ws/uv.lock", &before);
        for (member, manifest) in MEMBERS.iter().zip(&manifests) {
            place.write(&file(member), manifest);
        }
    }
    // Both happen often enough for the test to mean something.
    assert!(done >= 5 && asked >= 5, "{done} edited, {asked} asked");
}
