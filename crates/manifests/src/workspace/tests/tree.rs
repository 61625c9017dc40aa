use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::{contents, directories};
use crate::workspace::{DiscoverError, DiscoverOptions, Workspace};

fn write(root: &Path, path: &str, text: &[u8]) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn write_all(root: &Path, files: super::Files<'_>) {
    for (path, text) in files {
        write(root, path, contents(path, text).as_bytes());
    }
}

fn discover(root: &Path) -> Workspace {
    Workspace::discover(root, &DiscoverOptions::default()).unwrap()
}

#[test]
fn the_walk_sees_what_git_sees() {
    let root = tempfile::tempdir().unwrap();
    write_all(
        root.path(),
        &[
            (".gitignore", "ignored/\n/build\n!kept\n"),
            (".git/info/exclude", "mine\n"),
            (".git/pyproject.toml", "@git"),
            ("a/pyproject.toml", "@a"),
            ("a/.gitignore", "inner\n"),
            ("a/inner/pyproject.toml", "@a-inner"),
            ("a/build/pyproject.toml", "@a-build"),
            ("ignored/pyproject.toml", "@ignored"),
            ("build/pyproject.toml", "@build"),
            ("mine/pyproject.toml", "@mine"),
            (".hidden/pyproject.toml", "@hidden"),
            ("node_modules/x/package.json", "@x"),
            ("a/bower_components/x/package.json", "@x2"),
            ("venv/lib/x/pyproject.toml", "@x3"),
            ("a/site-packages/x/pyproject.toml", "@x4"),
            ("a/__pycache__/pyproject.toml", "@x5"),
            ("target/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n"),
            ("target/package/x/Cargo.toml", "@x6"),
            ("a/target/pyproject.toml", "@a-target"),
        ],
    );
    assert_eq!(directories(&discover(root.path())), ["a", "a/build", "a/target"]);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let root = tempfile::tempdir().unwrap();
    for package in 0..120 {
        let path = format!("group-{}/package-{package}/pyproject.toml", package % 7);
        write(root.path(), &path, contents(&path, &format!("@demo-{package}")).as_bytes());
    }
    let print = |threads| {
        let options = DiscoverOptions { threads: Some(threads), ..DiscoverOptions::default() };
        let workspace = Workspace::discover(root.path(), &options).unwrap();
        assert_eq!(workspace.packages().len(), 120);
        format!("{workspace:?}")
    };
    let one = print(1);
    assert!([0, 2, 3, 8].into_iter().all(|threads| print(threads) == one));
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "a/pyproject.toml", b"[project]\nname = \"\xff\"\n");
    write(root.path(), "b/package.json", &vec![b' '; crate::MAX_FILE_BYTES + 1]);
    write(root.path(), "tests/a/pyproject.toml", b"\xff");
    let error = Workspace::discover(root.path(), &DiscoverOptions::default()).unwrap_err();
    let DiscoverError::Manifests(errors) = &error else { panic!("{error}") };
    let paths: Vec<&str> = errors.iter().map(|error| error.path().as_str()).collect();
    assert_eq!(paths, ["a/pyproject.toml", "b/package.json"]);
    assert!(error.to_string().starts_with("a/pyproject.toml:2: the file is not UTF-8 text"), "{error}");
    let nowhere = Workspace::discover(&root.path().join("nowhere"), &DiscoverOptions::default());
    assert!(matches!(nowhere, Err(DiscoverError::Root { .. })));
    let file = Workspace::discover(&root.path().join("a/pyproject.toml"), &DiscoverOptions::default());
    assert!(matches!(file, Err(DiscoverError::Root { .. })));
}

#[test]
fn a_lock_file_that_cannot_be_read_stays_with_a_note() {
    let root = tempfile::tempdir().unwrap();
    write_all(root.path(), &[("pyproject.toml", "@a"), ("tests/x/pyproject.toml", "@x")]);
    write(root.path(), "uv.lock", b"\xff");
    write(root.path(), "tests/x/uv.lock", b"\xff");
    let workspace = discover(root.path());
    assert_eq!(workspace.locks().len(), 1);
    assert_eq!(workspace.source(&"uv.lock".parse().unwrap()), None);
    let notes: Vec<String> = workspace.notes().iter().map(ToString::to_string).collect();
    assert_eq!(notes, ["uv.lock: the file is not UTF-8 text"]);
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    use std::os::unix::fs::symlink;

    let outside = tempfile::tempdir().unwrap();
    write_all(outside.path(), &[("pyproject.toml", "@outside")]);
    let root = tempfile::tempdir().unwrap();
    write_all(root.path(), &[("a/pyproject.toml", "@a"), ("b/readme.txt", "b")]);
    symlink(outside.path(), root.path().join("out")).unwrap();
    symlink(root.path().join("a"), root.path().join("again")).unwrap();
    symlink(root.path(), root.path().join("b/round")).unwrap();
    symlink(outside.path().join("pyproject.toml"), root.path().join("b/pyproject.toml")).unwrap();
    symlink("nowhere", root.path().join("broken")).unwrap();
    let workspace = discover(root.path());
    assert_eq!(directories(&workspace), ["a"]);
    let notes: Vec<String> = workspace.notes().iter().map(ToString::to_string).collect();
    assert_eq!(
        notes,
        [
            "b/pyproject.toml: a symbolic link, not followed",
            "broken: a symbolic link out of the tree, not followed",
            "out: a symbolic link out of the tree, not followed",
        ]
    );
    // The root itself may be reached by one.
    let linked = tempfile::tempdir().unwrap();
    symlink(root.path(), linked.path().join("root")).unwrap();
    assert_eq!(directories(&discover(&linked.path().join("root"))), ["a"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// A tree says the same from a disk and from memory.
    #[test]
    fn a_disk_and_memory_agree(
        places in prop::collection::btree_map(
            "(a|b|tests|libs)(/(a|x|fixtures|node_modules|[.]h)){0,2}",
            prop_oneof![Just("pyproject.toml"), Just("package.json"), Just("Cargo.toml"), Just("uv.lock")],
            0..12,
        ),
        members in prop::option::of("(a|libs|[*]{1,2})(/[*]{1,2})?"),
    ) {
        let mut files: Vec<(String, String)> = Vec::new();
        for (index, (directory, name)) in places.iter().enumerate() {
            let path = format!("{directory}/{name}");
            let text = if *name == "uv.lock" { String::new() } else { contents(&path, &format!("@demo-{index}")) };
            files.push((path, text));
        }
        if let Some(members) = members {
            files.push(("package.json".to_owned(), format!("{{\"workspaces\": [\"{members}\"]}}")));
        }
        let root = tempfile::tempdir().unwrap();
        for (path, text) in &files {
            write(root.path(), path, text.as_bytes());
        }
        let of_memory = files.iter().map(|(path, text)| (path.parse().unwrap(), text.clone().into_bytes()));
        let of_memory = Workspace::from_files(of_memory, &DiscoverOptions::default()).unwrap();
        prop_assert_eq!(format!("{:?}", discover(root.path())), format!("{of_memory:?}"));
    }
}
