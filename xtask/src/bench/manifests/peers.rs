//! Other programs for the same job, with the configuration that each needs, and scripts as people write them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use crate::command::{answers, show_and_run};
use crate::monorepo::{Kind, Style};

/// Files of tools, which may be there and change.
pub(super) const BESIDE_THE_POINT: [&str; 8] = [
    ".bumpversion.toml",
    ".changeset",
    "CHANGELOG.md",
    ".gitignore",
    "lerna.json",
    ".nx",
    "node_modules",
    "tminus.toml",
];

/// A program that is measured beside ours.
pub(super) struct Peer {
    pub(super) name: String,
    pub(super) program: PathBuf,
    pub(super) arguments: Vec<String>,
    /// Files that it needs in the tree.
    pub(super) files: Vec<(&'static str, String)>,
    /// Whether it works in a repository only.
    pub(super) repository: bool,
    /// Whether it takes much longer than the others.
    pub(super) slow: bool,
}

impl Peer {
    fn new(name: &str, program: impl Into<PathBuf>, arguments: &[&str]) -> Self {
        Self {
            name: name.to_owned(),
            program: program.into(),
            arguments: arguments.iter().map(|word| (*word).to_owned()).collect(),
            files: Vec::new(),
            repository: false,
            slow: false,
        }
    }
}

/// Everything that can do it, as far as it can be had.
pub(super) fn all(dir: &Path, kind: Kind, style: Style, tree: &Path, old: &str) -> anyhow::Result<Vec<Peer>> {
    let mut peers = Vec::new();
    let script = dir.join("bump.py");
    fs::write(&script, SCRIPT).with_context(|| script.display().to_string())?;
    let word = if kind == Kind::Npm { "npm" } else { "py" };
    peers.push(Peer::new("a Python script, regex", "python3", &[&script.display().to_string(), word]));
    match (kind, style) {
        (Kind::Py, Style::Lockstep) => {
            peers.push(sed(tree, old)?);
            peers.extend(bump_my_version(dir, old));
        }
        (Kind::Npm, _) => peers.extend(of_npm(dir, tree, style, old)?),
        _ => {}
    }
    Ok(peers)
}

/// The numbers of a version and of its next minor release, with the bound above each.
fn bounds(old: &str) -> anyhow::Result<[String; 4]> {
    let mut numbers = old.split('.').map(str::parse::<u64>);
    let (Some(Ok(major)), Some(Ok(minor))) = (numbers.next(), numbers.next()) else {
        bail!("{old} is no version of three numbers");
    };
    let next = minor + 1;
    Ok([
        old.to_owned(),
        format!("{major}.{next}"),
        format!("{major}.{next}.0"),
        format!("{major}.{}", next + 1),
    ])
}

pub(super) fn sed(tree: &Path, old: &str) -> anyhow::Result<Peer> {
    let [old, cap, new, new_cap] = bounds(old)?;
    let dotted = |text: &str| text.replace('.', "\\.");
    let version = format!("s/^version = \"{}\"/version = \"{new}\"/;t", dotted(&old));
    let pin =
        format!("s/\"\\(mono[a-z-]*\\)>={},<{}\"/\"\\1>={new},<{new_cap}\"/g", dotted(&old), dotted(&cap));
    let mut peer = Peer::new("sed -i", "sed", &["-i", "-e", &version, "-e", &pin]);
    peer.arguments.extend(["pyproject.toml".to_owned(), "core/pyproject.toml".to_owned()]);
    let integrations = tree.join("integrations");
    for category in fs::read_dir(&integrations).with_context(|| integrations.display().to_string())? {
        let category = category?;
        for package in fs::read_dir(category.path())? {
            let (category, package) = (category.file_name(), package?.file_name());
            peer.arguments.push(format!(
                "integrations/{}/{}/pyproject.toml",
                category.to_string_lossy(),
                package.to_string_lossy()
            ));
        }
    }
    Ok(peer)
}

fn bump_my_version(dir: &Path, old: &str) -> Option<Peer> {
    let venv = dir.join("peers-py");
    let program = venv.join("bin/bump-my-version");
    if !program.is_file() {
        let made = show_and_run(Command::new("python3").args(["-m", "venv"]).arg(&venv));
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "bump-my-version"];
        if let Err(error) = made.and_then(|()| show_and_run(Command::new(venv.join("bin/python")).args(pip)))
        {
            println!("note: bump-my-version is left out: {error:#}");
            return None;
        }
    }
    let [old, cap, _, new_cap] = bounds(old).ok()?;
    let mut config = format!("[tool.bumpversion]\ncurrent_version = \"{old}\"\nallow_dirty = true\n");
    for place in ["pyproject.toml", "core/pyproject.toml", "integrations/*/*/pyproject.toml"] {
        for (search, replace) in [
            ("\\nversion = \\\"{current_version}\\\"", "\\nversion = \\\"{new_version}\\\"".to_owned()),
            (&format!(">={{current_version}},<{cap}"), format!(">={{new_version}},<{new_cap}")),
        ] {
            config.push_str(&format!(
                "\n[[tool.bumpversion.files]]\nglob = \"{place}\"\nsearch = \"{search}\"\nreplace = \"{replace}\"\nignore_missing_version = true\n"
            ));
        }
    }
    let mut peer = Peer::new("bump-my-version", program, &["bump", "minor"]);
    peer.files.push((".bumpversion.toml", config));
    peer.slow = true;
    Some(peer)
}

fn of_npm(dir: &Path, tree: &Path, style: Style, old: &str) -> anyhow::Result<Vec<Peer>> {
    let prefix = dir.join("peers-npm");
    let bin = prefix.join("node_modules/.bin");
    if !bin.join("lerna").exists() {
        if !answers(Command::new("npm").arg("--version")) {
            return Ok(Vec::new());
        }
        fs::create_dir_all(&prefix).with_context(|| prefix.display().to_string())?;
        let npm = ["install", "--silent", "--no-audit", "--no-fund", "@changesets/cli", "lerna", "--prefix"];
        if let Err(error) = show_and_run(Command::new("npm").args(npm).arg(&prefix)) {
            println!("note: changesets and lerna are left out: {error:#}");
            return Ok(Vec::new());
        }
    }
    let mut changesets = Peer::new("changeset version", bin.join("changeset"), &["version"]);
    let config = serde_json::json!({
        "changelog": false, "commit": false, "fixed": [], "linked": [], "access": "public",
        "baseBranch": "main", "updateInternalDependencies": "patch", "ignore": [],
    });
    changesets.files.push((".changeset/config.json", format!("{config:#}\n")));
    let mut set = "---\n".to_owned();
    let packages = tree.join("packages");
    for entry in fs::read_dir(&packages).with_context(|| packages.display().to_string())? {
        set.push_str(&format!("\"@mono/{}\": minor\n", entry?.file_name().to_string_lossy()));
    }
    changesets.files.push((".changeset/everything.md", set + "---\n\nA minor release of everything.\n"));
    changesets.slow = true;
    let arguments = ["version", "minor", "--no-git-tag-version", "--no-push", "--yes", "--force-publish"];
    let mut lerna = Peer::new("lerna version minor", bin.join("lerna"), &arguments);
    let version = if style == Style::Lockstep { old } else { "independent" };
    let config = serde_json::json!({
        "version": version, "npmClient": "npm", "packages": ["packages/*"], "useNx": false,
    });
    lerna.files.push(("lerna.json", format!("{config:#}\n")));
    lerna.files.push((".gitignore", "node_modules\n.nx\n".to_owned()));
    lerna.repository = true;
    lerna.slow = true;
    Ok(vec![changesets, lerna])
}

/// Makes a repository with one commit of everything.
pub(super) fn repository(dir: &Path) -> anyhow::Result<()> {
    for arguments in [
        &["init", "--quiet", "--initial-branch", "main"][..],
        &["add", "--all"],
        &[
            "-c",
            "user.name=Some Body",
            "-c",
            "user.email=body@mono.example",
            "commit",
            "--quiet",
            "-m",
            "All.",
        ],
    ] {
        let mut command = Command::new("git");
        let status = command.current_dir(dir).args(arguments).stdin(Stdio::null()).status();
        if !status.context("git cannot be started")?.success() {
            bail!("git {} failed", arguments.join(" "));
        }
    }
    Ok(())
}

pub(super) const SCRIPT: &str = r#"
import glob, re, sys
npm = sys.argv[1] == "npm"
if npm:
    names = glob.glob("packages/*/package.json")
    head = re.compile(r'"name": "(?P<name>[^"]+)",\s*"version": "(?P<major>\d+)\.(?P<minor>\d+)\.\d+"')
    pin = re.compile(r'"(@mono/[a-z-]+)": "\^\d+\.\d+\.\d+"')
else:
    names = ["pyproject.toml", "core/pyproject.toml", *glob.glob("integrations/*/*/pyproject.toml")]
    head = re.compile(r'name = "(?P<name>[^"]+)"\nversion = "(?P<major>\d+)\.(?P<minor>\d+)\.\d+"')
    pin = re.compile(r'"(mono[a-z-]*)>=\d+\.\d+\.\d+,<\d+\.\d+"')
texts = {}
for name in names + (["package-lock.json"] if npm else []):
    with open(name, newline="") as file:
        texts[name] = file.read()
new = {}
for name in names:
    found = head.search(texts[name])
    new[found["name"]] = (int(found["major"]), int(found["minor"]) + 1)

def version(match):
    if match["name"] not in new:
        return match[0]
    major, minor = new[match["name"]]
    end = match[0].rindex('"', 0, -1) + 1
    return f'{match[0][:end]}{major}.{minor}.0"'

def pinned(match):
    if match[1] not in new:
        return match[0]
    major, minor = new[match[1]]
    if npm:
        return f'"{match[1]}": "^{major}.{minor}.0"'
    return f'"{match[1]}>={major}.{minor}.0,<{major}.{minor + 1}"'

for name, text in texts.items():
    edited = pin.sub(pinned, head.sub(version, text))
    if edited != text:
        with open(name, "w", newline="") as file:
            file.write(edited)
"#;
