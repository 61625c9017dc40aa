//! The release of LlamaIndex, on a monorepo of that layout: umbrella and core in lockstep, everything else untouched.

use super::bed::{Room, assert_same};
use super::listed;

/// The umbrella's pyproject.toml, with comments and a style of its own.
fn umbrella(version: &str, core: &str) -> String {
    format!(
        "[build-system]\nbuild-backend = \"hatchling.build\"\nrequires = [\"hatchling\"]\n\n[dependency-groups]\ndev = [\n  \"ruff==0.11.11\",\n  \"pytest>=8.2.1\",\n]\n\n[project]\nauthors = [{{email = \"mary@example.org\", name = \"Mary Maintainer\"}}]\ndependencies = [\n  \"llama-index-cli>=0.4.2,<0.5\",\n  \"llama-index-core{core}\", # the same release\n  \"llama-index-llms-openai>=0.4.0,<0.5\",\n  \"nltk>3.8.1\"\n]\ndescription = \"Interface between language models and your data\"\nkeywords = ['LLM', \"NLP\"]\nlicense = \"MIT\"\nname = \"llama-index\"\nrequires-python = \">=3.9,<4.0\"\nversion = \"{version}\"\n\n[tool.hatch.build.targets.sdist]\ninclude = [\"_llama-index/llama_index\"]\n"
    )
}

fn core(version: &str) -> String {
    format!(
        "[build-system]\nrequires = [\"hatchling\"]\nbuild-backend = \"hatchling.build\"\n\n[project]\nname = \"llama-index-core\"\nversion = \"{version}\"\nrequires-python = \">=3.9,<4.0\"\ndependencies = [\n    \"SQLAlchemy[asyncio]>=1.4.49\",\n    \"dataclasses-json\",\n    'tenacity>=8.2.0,!=8.4.0,<10.0.0',\n]\n"
    )
}

/// One of the packages that are published by themselves.
fn integration(number: usize, name: &str) -> String {
    let style =
        ["llama-index-core>=0.12.0,<0.13", "llama-index-core>=0.12.44,<0.13.0", "llama-index-core==0.12.44"];
    let pin = style[number % style.len()];
    let marker = if number.is_multiple_of(4) { " ; python_version < \\\"3.12\\\"" } else { "" };
    format!(
        "[project]\nname = \"{name}\"\nversion = \"0.{}.{number}\"\ndependencies = [\n    \"{pin}{marker}\",\n    \"client-{number}>=1,<2\"\n]\n",
        number % 7
    )
}

/// Sixty packages in the layout of the monorepo; some have a lock file of their own.
fn monorepo(version: &str, pin: &str) -> Room {
    let room = Room::empty();
    room.git(&["init", "--quiet", "--initial-branch=main"]);
    room.write(".gitignore", "dist/\n.venv/\n");
    room.write("pyproject.toml", umbrella(version, pin));
    room.write("llama-index-core/pyproject.toml", core("0.12.44"));
    room.write("llama-index-core/tests/fixtures/x/pyproject.toml", core("0.12.44"));
    for number in 0..60 {
        let (dir, name) = match number % 5 {
            0 => ("llama-index-integrations/llms", format!("llama-index-llms-m{number}")),
            1 => {
                ("llama-index-integrations/storage/kvstore", format!("llama-index-storage-kvstore-s{number}"))
            }
            2 => ("llama-index-packs", format!("llama-index-packs-p{number}")),
            3 => ("llama-index-utils", format!("llama-index-utils-u{number}")),
            _ => ("llama-index-integrations/readers", format!("llama-index-readers-r{number}")),
        };
        let text = integration(number, &name);
        // Some of them were written on another system.
        let text = if number.is_multiple_of(11) { text.replace('\n', "\r\n") } else { text };
        room.write(&format!("{dir}/{name}/pyproject.toml"), text);
        room.write(&format!("{dir}/{name}/README.md"), "llama-index-core 0.12.44\n");
        if number.is_multiple_of(3) {
            let lock = format!(
                "version = 1\nrevision = 2\n\n[[package]]\nname = \"{name}\"\nversion = \"0.{}.{number}\"\nsource = {{ editable = \".\" }}\n",
                number % 7
            );
            room.write(&format!("{dir}/{name}/uv.lock"), lock);
        }
    }
    room.commit();
    room
}

const PREPARE: [&str; 7] =
    ["bump", "0.13.0", "llama-index", "llama-index-core", "--pins", "bumped", "--no-lock"];

#[test]
fn every_package_is_found() {
    let room = monorepo("0.12.44", ">=0.12.44,<0.13");
    let all = listed(&room);
    assert_eq!(all.len(), 62, "{all:?}");
    assert!(all.contains(&"pypi:llama-index-storage-kvstore-s1 0.1.1 llama-index-integrations/storage/kvstore/llama-index-storage-kvstore-s1".to_owned()), "{all:?}");
    let said = room.run(&["graph", "llama-index-core", "--json"]);
    let document = said.json();
    assert_eq!(document["dependents"].as_array().unwrap().len(), 61, "{said}");
}

/// Exactly two files change, each by exactly its value; the same again changes nothing.
#[test]
fn prepare() {
    for (before, after) in [(">=0.12.44,<0.13", ">=0.13.0,<0.14"), (">=0.12.44,<0.13.0", ">=0.13.0,<0.14.0")]
    {
        let room = monorepo("0.12.44", before);
        let expected = [
            ("pyproject.toml", &*umbrella("0.13.0", after)),
            ("llama-index-core/pyproject.toml", &core("0.13.0")),
        ];
        let said = room.check(&PREPARE, &expected);
        assert_eq!(
            room.git(&["diff", "--numstat"]),
            "1\t1\tllama-index-core/pyproject.toml\n2\t2\tpyproject.toml\n",
            "{said}"
        );
        room.check(&PREPARE, &[]);
    }
}

/// The patch release; the core is behind, and gets the same version all the same.
#[test]
fn lockstep_of_a_core_that_is_behind() {
    let room = monorepo("0.12.45", ">=0.12.44,<0.13");
    let args = ["bump", "0.12.46", "llama-index", "llama-index-core", "--pins", "bumped", "--no-lock"];
    room.check(
        &args,
        &[
            ("pyproject.toml", &umbrella("0.12.46", ">=0.12.46,<0.13")),
            ("llama-index-core/pyproject.toml", &core("0.12.46")),
        ],
    );
}

/// The same as a rule of the project.
#[test]
fn by_a_group() {
    let room = monorepo("0.12.45", ">=0.12.44,<0.13");
    room.write(
        "tminus.toml",
        "[[group]]\nname = \"release\"\npackages = [\"llama-index\", \"llama-index-core\"]\n",
    );
    room.check(
        &["bump", "minor", "llama-index", "--pins", "bumped", "--no-lock"],
        &[
            ("pyproject.toml", &umbrella("0.13.0", ">=0.13.0,<0.14")),
            ("llama-index-core/pyproject.toml", &core("0.13.0")),
        ],
    );
}

/// The dry run shows what the real run writes.
#[test]
fn dry_run() {
    let [real, applied] = [(); 2].map(|()| monorepo("0.12.44", ">=0.12.44,<0.13"));
    let dry = applied.run(&[&PREPARE[..], &["--dry-run"]].concat());
    dry.exits(0);
    assert_same(&real.picture(), &applied.picture(), &dry);
    applied.apply(&dry.out);
    let said = real.run(&PREPARE);
    said.exits(0);
    assert_same(&real.picture(), &applied.picture(), &said);
}

/// With every constraint following, each of the sixty changes in its own style, and in nothing else.
#[test]
fn every_constraint() {
    let room = monorepo("0.12.44", ">=0.12.44,<0.13");
    let before = room.picture();
    let said = room.run(&["bump", "0.13.0", "llama-index-core", "--no-lock"]);
    said.exits(0);
    let mut expected = before;
    for (path, bytes) in &mut expected {
        let text = String::from_utf8(bytes.clone()).unwrap();
        if path == "llama-index-core/pyproject.toml" {
            *bytes = core("0.13.0").into_bytes();
        } else if path.ends_with("pyproject.toml") && !path.contains("fixtures") {
            // Two numbers stay two where they say enough; see the rules of the style.
            let text = text
                .replace("core>=0.12.44,<0.13.0\"", "core>=0.13.0,<0.14.0\"")
                .replace("core>=0.12.44,<0.13.0 ;", "core>=0.13.0,<0.14.0 ;")
                .replace("core>=0.12.44,<0.13\"", "core>=0.13.0,<0.14\"")
                .replace("core>=0.12.0,<0.13", "core>=0.13.0,<0.14")
                .replace("core==0.12.44", "core==0.13.0");
            *bytes = text.into_bytes();
        }
    }
    assert_same(&expected, &room.picture(), &said);
}
