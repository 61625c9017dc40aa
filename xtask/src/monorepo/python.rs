//! Python packages: `pyproject.toml`, and `uv.lock` where the tree is LlamaIndex's.

use super::plan::{Kind, List, Package, When, World};
use super::{Files, Text};

/// Traits of a package that decide how its files are spelled.
mod look {
    pub(super) const BUILD_FIRST: u32 = 0;
    pub(super) const ONE_LINE: u32 = 1;
    pub(super) const COMMENTS: u32 = 2;
    pub(super) const SORTED: u32 = 3;
    pub(super) const LITERAL: u32 = 4;
    pub(super) const PADDED: u32 = 5;
    pub(super) const SPACED: u32 = 6;
    pub(super) const LOCKED: u32 = 7;
    /// Two of these, so that one package in sixteen has it.
    pub(super) const RETURNS: [u32; 2] = [8, 9];
    pub(super) const NO_LAST_LINE_END: [u32; 2] = [9, 10];
}

pub(super) fn files(world: &World, when: When, files: &mut Files) {
    for (at, package) in world.packages.iter().enumerate() {
        let module = package.name.replace('-', "_");
        files.insert(package.file("pyproject.toml"), Text::own(pyproject(world, package, when)));
        // The old version stands in both, and neither is a manifest.
        files.insert(package.file("README.md"), Text::own(readme(package)));
        files.insert(package.file(&format!("src/{module}/__init__.py")), Text::own(init(package)));
        let locked = at == 0 || at + 1 == world.packages.len() || package.has(look::LOCKED);
        if world.options.kind == Kind::LlamaIndex && locked {
            let text = Text { text: lock(world, package, when), by_tool: !package.needs.is_empty() };
            files.insert(package.file("uv.lock"), text);
        }
    }
}

fn readme(package: &Package) -> String {
    format!(
        "# {name}\n\nWritten for {name} {version}:\n\n    pip install {name}=={version}\n",
        name = package.name,
        version = package.version(When::Before)
    )
}

fn init(package: &Package) -> String {
    format!("\"\"\"{}, first made at {}.\"\"\"\n", package.name, package.version(When::Before))
}

fn pyproject(world: &World, package: &Package, when: When) -> String {
    let mut parts =
        vec![project(world, package, when), DEVELOPMENT.replace("{dev}", &dev(world, package, when))];
    let build = "[build-system]\nrequires = [\"hatchling\"]\nbuild-backend = \"hatchling.build\"\n";
    parts.insert(if package.has(look::BUILD_FIRST) { 0 } else { parts.len() }, build.to_owned());
    // Versions that are somebody else's. In a plain tree none of them begins a line: scripts are to have a chance.
    let checker = if world.options.plain { "" } else { CHECKER };
    let tools = format!("{TOOLS}{checker}");
    parts.push(tools.replace("{version}", &package.version(When::Before).to_string()));
    let mut text = parts.join("\n");
    if look::NO_LAST_LINE_END.into_iter().all(|feature| package.has(feature)) {
        text.truncate(text.trim_end().len());
    }
    if look::RETURNS.into_iter().all(|feature| package.has(feature)) {
        text = text.replace('\n', "\r\n");
    }
    text
}

fn project(world: &World, package: &Package, when: When) -> String {
    let version = package.version(when);
    let quote = if package.has(look::LITERAL) { '\'' } else { '"' };
    let comment = if package.has(look::COMMENTS) { "  # set by the release" } else { "" };
    let equals = if package.has(look::PADDED) { "         = " } else { " = " };
    let mut keys = vec![
        ("name", format!("name = \"{}\"", package.name)),
        ("version", format!("version{equals}{quote}{version}{quote}{comment}")),
        ("description", format!("description = \"generated package {}\"", package.name)),
        ("authors", "authors = [{name = \"Some Body\", email = \"body@mono.example\"}]".to_owned()),
        ("requires-python", "requires-python = \">=3.10,<4.0\"".to_owned()),
        ("readme", "readme = \"README.md\"".to_owned()),
        ("license", "license = \"MIT\"".to_owned()),
        ("keywords", "keywords = [\n    \"generated\",\n    \"tree\",\n]".to_owned()),
        ("dependencies", dependencies(world, package, when)),
    ];
    if package.has(look::SORTED) {
        keys.sort();
    }
    let mut text = "[project]\n".to_owned();
    for (_, line) in keys {
        text.push_str(&line);
        text.push('\n');
    }
    let extra = requirements(world, package, when, List::Extra);
    if let Some(extra) = extra.first() {
        text.push_str(&format!("\n[project.optional-dependencies]\nextra = [\"{extra}\", \"numpy<3\"]\n"));
    }
    text
}

/// Requirements of one list, in the order of the packages.
fn requirements(world: &World, package: &Package, when: When, list: List) -> Vec<String> {
    let space = if package.has(look::SPACED) { " " } else { "" };
    let pins = world.pins(package, when).into_iter().filter(|(_, need, _)| need.list == list);
    pins.map(|(target, _, text)| format!("{}{space}{text}", target.name)).collect()
}

fn dependencies(world: &World, package: &Package, when: When) -> String {
    let mut all = vec!["httpx>=0.27,<1".to_owned()];
    all.extend(requirements(world, package, when, List::Normal));
    // A name that begins like ours, at a version like ours.
    let before = package.version(When::Before);
    all.push(format!("{}=={before}; python_version < '3.12'", contrib(world)));
    let quoted = all.iter().map(|text| format!("\"{text}\""));
    if package.has(look::ONE_LINE) {
        return format!("dependencies = [{}]", quoted.collect::<Vec<_>>().join(", "));
    }
    let comment = if package.has(look::COMMENTS) { "  # keep in step" } else { "" };
    let lines: String = quoted.map(|text| format!("    {text},{comment}\n")).collect();
    format!("dependencies = [\n{lines}]")
}

fn dev(world: &World, package: &Package, when: When) -> String {
    let dev = requirements(world, package, when, List::Dev);
    dev.iter().map(|text| format!("    \"{text}\",\n")).collect()
}

const DEVELOPMENT: &str = r#"[dependency-groups]
dev = [
    "black[jupyter]<=23.9.1,>=23.7.0",
    "codespell[toml]>=v2.2.6",
    "mypy==0.991",
{dev}    "types-setuptools==67.1.0.0",
]

[project.urls]
Repository = "https://forge.example/mono.git"  # not ours to move
"#;

const TOOLS: &str = r#"[tool.codespell]
check-filenames = true
skip = "*.csv,*.html,*.json,*.jsonl,*.pdf,*.txt,*.ipynb"

[tool.hatch.build.targets.sdist]
include = ["src/"]
exclude = ["**/BUILD"]

[tool.mypy]
# the checker is older than we are: version = "{version}"
disallow_untyped_defs = true
exclude = ["_static", "build", "examples", "notebooks", "venv"]
python_version = "3.10"
"#;

const CHECKER: &str = r#"
[tool.checker]
version = "{version}"
"#;

/// The lock file of one package alone: what it asks for comes from a registry.
fn lock(world: &World, package: &Package, when: When) -> String {
    let before = world.pins(package, When::Before);
    // A lock that its tool must write anew is the one from before.
    let when = if before.is_empty() { when } else { When::Before };
    let pins = world.pins(package, when);
    let mut text = "version = 1\nrevision = 2\nrequires-python = \">=3.10, <4.0\"\n".to_owned();
    let mut entries = vec![(package.name.clone(), own_entry(world, package, when))];
    let mut registry = |name: &str, version: &str| {
        entries.push((name.to_owned(), registry_entry(name, version)));
    };
    registry("httpx", "0.28.1");
    let contrib = contrib(world);
    registry(&contrib, &package.version(When::Before).to_string());
    let mut seen = Vec::new();
    for (target, _, _) in &pins {
        if !seen.contains(&&target.name) {
            seen.push(&target.name);
            registry(&target.name, &target.version(When::Before).to_string());
        }
    }
    entries.sort();
    for (_, entry) in entries {
        text.push('\n');
        text.push_str(&entry);
    }
    text
}

/// What the package itself asks for, its development left out.
fn own_entry(world: &World, package: &Package, when: When) -> String {
    let pins = world.pins(package, when);
    let before = package.version(When::Before);
    let contrib = contrib(world);
    let marked = format!("marker = \"python_full_version < '3.12'\", specifier = \"=={before}\"");
    let mut names: Vec<(&str, &str)> =
        vec![("httpx", ""), (&contrib, ", marker = \"python_full_version < '3.12'\"")];
    let mut asked = vec![("httpx", "specifier = \">=0.27,<1\"".to_owned()), (&contrib, marked)];
    for (target, need, text) in &pins {
        match need.list {
            List::Normal => {
                names.push((&target.name, ""));
                asked.push((&target.name, format!("specifier = \"{text}\"")));
            }
            List::Extra => {
                asked.push((&target.name, format!("marker = \"extra == 'extra'\", specifier = \"{text}\"")));
            }
            List::Dev => {}
        }
    }
    names.sort_unstable();
    names.dedup();
    asked.sort_unstable();
    let names: String =
        names.iter().map(|(name, marker)| format!("    {{ name = \"{name}\"{marker} }},\n")).collect();
    let asked: String =
        asked.iter().map(|(name, rest)| format!("    {{ name = \"{name}\", {rest} }},\n")).collect();
    format!(
        "[[package]]\nname = \"{}\"\nversion = \"{}\"\nsource = {{ editable = \".\" }}\n\
         dependencies = [\n{names}]\n\n[package.metadata]\nrequires-dist = [\n{asked}]\n",
        package.name,
        package.version(when)
    )
}

/// A name that begins like ours.
fn contrib(world: &World) -> String {
    format!("{}-contrib", world.packages.first().map_or("", |core| core.name.as_str()))
}

fn registry_entry(name: &str, version: &str) -> String {
    let file = format!("https://files.pypi.example/{name}-{version}.tar.gz");
    let digits = "0123456789abcdef".repeat(4);
    format!(
        "[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n\
         source = {{ registry = \"https://pypi.example/simple\" }}\n\
         sdist = {{ url = \"{file}\", hash = \"sha256:{digits}\", size = 1000 }}\n"
    )
}
