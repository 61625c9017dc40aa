use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use super::source::{Item, Walk};
use super::{Judge, fetch};

fn git(dir: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=Some Body", "-c", "user.email=body@mono.example"];
    let output = Command::new("git").arg("-C").arg(dir).args(identity).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Path and text of everything that is found, in order.
fn found(dir: &Path, every: usize) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut walk = Walk::new(every);
    walk.directory(dir, &mut |item: Item| {
        found.push((item.path, String::from_utf8(item.bytes).unwrap()));
        Ok(())
    })
    .unwrap();
    found.sort();
    found
}

fn pair(path: &str, text: &str) -> (String, String) {
    (path.to_owned(), text.to_owned())
}

#[test]
fn a_history_gives_every_version_once_also_those_of_other_branches() {
    let dir = tempfile::tempdir().unwrap();
    let work = dir.path().join("work");
    fs::create_dir_all(work.join("a")).unwrap();
    git(&work, &["init", "--quiet", "--initial-branch", "main"]);
    let commit = |path: &str, text: &str| {
        fs::write(work.join(path), text).unwrap();
        git(&work, &["add", "--all"]);
        git(&work, &["commit", "--quiet", "--message", "x"]);
    };
    commit("a/package.json", "{}\n");
    commit("a/package.json", "{\"version\": \"1.0.0\"}\n");
    commit("a/other.json", "{}\n");
    git(&work, &["checkout", "--quiet", "-b", "side"]);
    commit("Cargo.toml", "[package]\n");
    commit("go.mod", "module side\n");
    git(&work, &["checkout", "--quiet", "main"]);
    commit("go.mod", "module main\n");
    let merged =
        Command::new("git").arg("-C").arg(&work).args(["merge", "--quiet", "side"]).output().unwrap();
    assert!(!merged.status.success());
    // Neither side had this version.
    commit("go.mod", "module merged\n");
    let mirror = dir.path().join("mirrors/own+er.git");
    git(dir.path(), &["clone", "--quiet", "--mirror", "work", mirror.to_str().unwrap()]);
    let expected = [
        pair("Cargo.toml", "[package]\n"),
        pair("a/package.json", "{\"version\": \"1.0.0\"}\n"),
        pair("a/package.json", "{}\n"),
        pair("go.mod", "module main\n"),
        pair("go.mod", "module merged\n"),
        pair("go.mod", "module side\n"),
    ];
    assert_eq!(found(&dir.path().join("mirrors"), 1), expected);
    assert_eq!(found(&dir.path().join("mirrors"), 3).len(), 2);
}

#[test]
fn archives_and_plain_files_are_read() {
    let dir = tempfile::tempdir().unwrap();
    let tar_of = |name: &str, path: &str, text: &str| {
        let file = fs::File::create(dir.path().join(name)).unwrap();
        let mut tar = tar::Builder::new(flate2::write::GzEncoder::new(file, flate2::Compression::fast()));
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        tar.append_data(&mut header, path, text.as_bytes()).unwrap();
        tar.into_inner().unwrap().finish().unwrap();
    };
    tar_of("demo-1.0.tar.gz", "demo-1.0/pyproject.toml", "a = 1\n");
    tar_of("demo-1.0.tgz", "package/package.json", "{}\n");
    tar_of("demo-1.0.crate", "demo-1.0/Cargo.toml.orig", "b = 1\n");
    let mut zip = zip::ZipWriter::new(fs::File::create(dir.path().join("demo.whl")).unwrap());
    zip.start_file("demo/setup.cfg", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(b"[metadata]\n").unwrap();
    zip.finish().unwrap();
    fs::write(dir.path().join("go.mod"), "module m\n").unwrap();
    fs::write(dir.path().join("broken.zip"), "no archive\n").unwrap();
    let expected = [
        pair("demo-1.0/Cargo.toml.orig", "b = 1\n"),
        pair("demo-1.0/pyproject.toml", "a = 1\n"),
        pair("demo/setup.cfg", "[metadata]\n"),
        pair("go.mod", "module m\n"),
        pair("package/package.json", "{}\n"),
    ];
    assert_eq!(found(dir.path(), 1), expected);
}

#[test]
fn what_is_found_twice_is_judged_once() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["a", "b"] {
        fs::create_dir(dir.path().join(name)).unwrap();
        fs::write(dir.path().join(name).join("package.json"), "{\"name\": \"demo\"}\n").unwrap();
    }
    let out = tempfile::tempdir().unwrap();
    let mut judge = Judge::new(8, 1, 1, None, out.path().to_owned());
    Walk::new(1).directory(dir.path(), &mut |item| judge.file(&item)).unwrap();
    let figures = judge.figures.get("package.json").unwrap();
    assert_eq!((figures.files, figures.distinct, figures.failures), (2, 1, 0));
}

#[test]
fn the_list_has_names_of_every_kind_and_none_twice() {
    for (kind, least) in [("repositories", 10), ("pypi", 200), ("npm", 200), ("crates", 200)] {
        let names = fetch::names(kind).unwrap();
        let distinct: BTreeSet<&String> = names.iter().collect();
        assert_eq!(names.len(), distinct.len(), "{kind}");
        assert!(names.len() >= least, "{kind}");
        let is_name = |name: &&String| {
            name.chars().all(|c| c.is_ascii_alphanumeric() || "-_./@".contains(c))
                && name.contains('/') == (kind == "repositories" || name.starts_with('@'))
        };
        assert!(names.iter().all(|name| is_name(&name)), "{kind}");
    }
}
