//! The diffs beside the real git.

use std::process::{Command, Output};

use super::*;

fn git(directory: &Path, arguments: &[&str]) -> Output {
    Command::new("git")
        .args(arguments)
        .current_dir(directory)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CEILING_DIRECTORIES", directory.parent().unwrap())
        .output()
        .unwrap()
}

/// Applies a patch with git to the old files; they then hold the new contents.
#[track_caller]
fn check_applies(edits: &EditSet, patch: &[u8]) {
    let root = tempfile::tempdir().unwrap();
    for file in edits.files() {
        let path = file.path.below(root.path());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        if let Some(old) = file.old {
            fs::write(path, old).unwrap();
        }
    }
    fs::write(root.path().join("patch"), patch).unwrap();
    for arguments in [
        ["apply", "--whitespace=nowarn", "--check", "patch"].as_slice(),
        &["apply", "--whitespace=nowarn", "patch"],
    ] {
        let output = git(root.path(), arguments);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{message}\n{}", String::from_utf8_lossy(patch));
    }
    for file in edits.files() {
        assert_eq!(fs::read(file.path.below(root.path())).unwrap(), file.new, "{}", file.path);
    }
}

/// Edits of odd files: empty ones, new ones, CRLF, no newline at the end, bytes that are no text, odd names.
#[test]
fn patches_apply() {
    let contents: [&[u8]; 9] = [
        b"",
        b"\n",
        b"a",
        b"a\n",
        b"a\r\nb\r\n",
        b"a\r\nb",
        b"1\n2\n3\n4\n5\n6\n7\n8\n9\n",
        b"1\n2\n3\n4\nx\n6\n7\n8\n9",
        b"\xff\xfe\x00\x1b\n\r\r\n",
    ];
    let mut edits = EditSet::new();
    for (left, old) in contents.iter().enumerate() {
        for (right, new) in contents.iter().enumerate() {
            edits.edit(path(&format!("{left}/{right}")), old.to_vec(), new.to_vec()).unwrap();
        }
        edits.create(path(&format!("new/{left}")), old.to_vec()).unwrap();
    }
    for name in ["a b", "a  c/c d ", "\"", "é/日本", "-x", "b/b", "a\"b c"] {
        edits.edit(path(&format!("names/{name}")), b"1\n".into(), b"2\n".into()).unwrap();
        edits.create(path(&format!("names/new {name}")), b"2\n".into()).unwrap();
    }
    check_applies(&edits, &edits.patch());
}

/// Git writes the same hunks where there is one way to write them.
#[test]
fn hunks_are_those_of_git() {
    let long = |text: &str| format!("1\n2\n3\n4\n5\n{text}\n7\n8\n9\n10\n11\n12\n13\n14\n15\n");
    for (old, new) in [
        ("a\n".to_owned(), "b\n".to_owned()),
        ("a".to_owned(), "b\n".to_owned()),
        ("a\n".to_owned(), "b".to_owned()),
        (long("6"), long("six")),
        (long("6").replace("14", "x"), long("six")),
        (String::new(), long("6")),
        (long("6"), String::new()),
        (long("6\r"), long("7\r")),
    ] {
        let root = directory(&[("x/f", &old), ("y/f", &new)]);
        let arguments = ["diff", "--no-index", "--no-color", "--text", "x/f", "y/f"];
        let theirs = String::from_utf8(git(root.path(), &arguments).stdout).unwrap();
        let ours = String::from_utf8(set(&[("f", &old, &new)]).patch()).unwrap();
        // What follows the second `@@` is a line that git takes for the name of a function.
        let body = |text: &str| {
            let start = text.find("\n@@").unwrap();
            let lines = text[start + 1..].lines().map(|line| match line.strip_prefix("@@ ") {
                Some(header) => header.split(" @@").next().unwrap_or(header),
                None => line,
            });
            lines.map(|line| format!("{line}\n")).collect::<String>()
        };
        assert_eq!(body(&ours), body(&theirs));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn generated_patches_apply(
        files in proptest::collection::vec(("([abc]\r?\n){0,14}[ab]?", "([abc]\r?\n){0,14}[ab]?"), 1..12),
    ) {
        let mut edits = EditSet::new();
        for (number, (old, new)) in files.iter().enumerate() {
            edits.edit(path(&format!("f{number}")), old.as_bytes().into(), new.as_bytes().into()).unwrap();
        }
        prop_assume!(!edits.is_empty());
        check_applies(&edits, &edits.patch());
    }

    /// For files with plain line ends the readable diff applies as well.
    #[test]
    fn generated_diffs_apply(old in "([abc]\n){1,14}[ab]?", new in "([abc]\n){1,14}[ab]?") {
        let mut edits = set(&[("f", &old, &new)]);
        edits.create(path("new/g"), new.as_bytes().into()).unwrap();
        check_applies(&edits, edits.diff().as_bytes());
    }
}
