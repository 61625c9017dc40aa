//! The least that a minor release of every package costs: every manifest is read, edited by scanning for quotes, and
//! written; nothing is understood, checked or kept from going wrong. Compiled alone, with the standard library only.
//!
//! `floor py|npm read|rename|sync`, in the root of a plain tree of `cargo xtask monorepo`.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{Result, Write as _};
use std::path::PathBuf;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (kind, mode) = match words.as_slice() {
        [kind @ ("py" | "npm"), mode @ ("read" | "rename" | "sync")] => (*kind, *mode),
        _ => return Err(std::io::Error::other("floor py|npm read|rename|sync")),
    };
    let npm = kind == "npm";
    let mut files = Vec::new();
    for path in paths(npm)? {
        let text = fs::read_to_string(&path)?;
        files.push((path, text));
    }
    if mode == "read" {
        return Ok(());
    }
    let mut releases = HashMap::new();
    let manifests = files.iter().filter(|(path, _)| !path.ends_with("package-lock.json"));
    for (_, text) in manifests {
        if let Some((name, version)) = release(text, npm) {
            releases.insert(name.to_owned(), next(version));
        }
    }
    let mut written = Vec::new();
    for (path, text) in files {
        let edited = if npm { edit_npm(&text, &releases) } else { edit_py(&text, &releases) };
        if edited != text {
            let temporary = path.with_extension("new");
            let mut file = File::create_new(&temporary)?;
            file.write_all(edited.as_bytes())?;
            if mode == "sync" {
                file.sync_data()?;
            }
            written.push((temporary, path));
        }
    }
    for (temporary, path) in written {
        fs::rename(temporary, path)?;
    }
    Ok(())
}

fn paths(npm: bool) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    if npm {
        for entry in fs::read_dir("packages")? {
            paths.push(entry?.path().join("package.json"));
        }
        paths.push("package-lock.json".into());
    } else {
        paths.extend(["pyproject.toml".into(), "core/pyproject.toml".into()]);
        for category in fs::read_dir("integrations")? {
            for entry in fs::read_dir(category?.path())? {
                paths.push(entry?.path().join("pyproject.toml"));
            }
        }
    }
    Ok(paths)
}

/// Name and version, the first ones in the file.
fn release(text: &str, npm: bool) -> Option<(&str, &str)> {
    let value = |key: &str| text.split_once(key)?.1.split('"').next();
    if npm {
        Some((value("\"name\": \"")?, value("\"version\": \"")?))
    } else {
        Some((value("\nname = \"")?, value("\nversion = \"")?))
    }
}

/// Major and minor of the next minor release.
fn next(version: &str) -> (u64, u64) {
    let mut numbers = version.split('.').map(|number| number.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0) + 1)
}

/// What stands between quotes is every second piece.
fn edit_py(text: &str, releases: &HashMap<String, (u64, u64)>) -> String {
    let mut edited = String::with_capacity(text.len() + 16);
    let own = release(text, false).and_then(|(name, _)| releases.get(name));
    let (mut before, mut done) = ("", false);
    for (at, piece) in text.split('"').enumerate() {
        if at > 0 {
            edited.push('"');
        }
        let pinned = piece.split_once(">=").and_then(|(name, _)| Some((name, releases.get(name)?)));
        match (pinned, own) {
            (Some((name, (major, minor))), _) if at % 2 == 1 => {
                edited.push_str(&format!("{name}>={major}.{minor}.0,<{major}.{}", minor + 1));
            }
            (_, Some((major, minor))) if !done && before.ends_with("\nversion = ") => {
                edited.push_str(&format!("{major}.{minor}.0"));
                done = true;
            }
            _ => edited.push_str(piece),
        }
        before = piece;
    }
    edited
}

/// A version belongs to the name before it, in a manifest as in the lock file.
fn edit_npm(text: &str, releases: &HashMap<String, (u64, u64)>) -> String {
    let mut edited = String::with_capacity(text.len() + 16);
    let (mut key, mut before) = ("", "");
    let mut own = None;
    for (at, piece) in text.split('"').enumerate() {
        if at > 0 {
            edited.push('"');
        }
        let is_value = at % 2 == 1 && before == ": ";
        let pin = releases.get(key).filter(|_| is_value && piece.starts_with('^'));
        if let Some((major, minor)) = pin {
            edited.push_str(&format!("^{major}.{minor}.0"));
        } else if let Some((major, minor)) = own.filter(|_| is_value && key == "version") {
            edited.push_str(&format!("{major}.{minor}.0"));
            own = None;
        } else {
            edited.push_str(piece);
        }
        if is_value && key == "name" {
            own = releases.get(piece).copied();
        }
        if at % 2 == 1 {
            key = piece;
        }
        before = piece;
    }
    edited
}
