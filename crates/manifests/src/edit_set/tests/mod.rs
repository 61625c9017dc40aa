use std::cell::Cell;
use std::fs;
use std::io;

use proptest::prelude::*;
use tempfile::TempDir;

use super::disk::Step;
use super::*;

mod git;
mod kill;

fn path(text: &str) -> RelPath {
    text.parse().unwrap()
}

fn set(files: &[(&str, &str, &str)]) -> EditSet {
    let mut set = EditSet::new();
    for (name, old, new) in files {
        set.edit(path(name), old.as_bytes().to_vec(), new.as_bytes().to_vec()).unwrap();
    }
    set
}

fn diff(old: &str, new: &str) -> String {
    let text = set(&[("f", old, new)]).diff();
    text.strip_prefix("--- a/f\n+++ b/f\n").unwrap_or(&text).to_owned()
}

#[track_caller]
fn check_diff(old: &str, new: &str, expected: &str) {
    assert_eq!(diff(old, new), expected);
}

/// Joins two edits of one text in both orders.
#[track_caller]
fn check_merge(old: &str, first: &str, second: &str, expected: Option<&str>) {
    for (first, second) in [(first, second), (second, first)] {
        let mut edits = set(&[("f", old, first)]);
        let result = edits.edit(path("f"), old.into(), second.into());
        assert_eq!(result.is_ok(), expected.is_some(), "{first:?} {second:?}");
        let new = edits.files().next().map_or(old.as_bytes(), |file| file.new);
        assert_eq!(new, expected.unwrap_or(first).as_bytes());
    }
}

/// A directory with files in it.
fn directory(files: &[(&str, &str)]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    root
}

/// What stands in a directory, links not followed, so that a forgotten file shows.
fn contents(root: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut directories = vec![root.to_path_buf()];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_dir() {
                directories.push(entry.path());
            } else {
                let name = entry.path().strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.push((name, fs::read_to_string(entry.path()).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[track_caller]
fn check_contents(root: &TempDir, expected: &[(&str, &str)]) {
    let expected: Vec<(String, String)> =
        expected.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    assert_eq!(contents(root.path()), expected);
}

#[test]
fn diffs_have_context_and_ranges() {
    check_diff("a\n", "b\n", "@@ -1 +1 @@\n-a\n+b\n");
    check_diff("", "a\n", "@@ -0,0 +1 @@\n+a\n");
    check_diff("a\nb\n", "", "@@ -1,2 +0,0 @@\n-a\n-b\n");
    check_diff(
        "1\n2\n3\n4\n5\n6\n7\n8\n9\n",
        "1\n2\n3\n4\nfive\n6\n7\n8\n9\n",
        "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n",
    );
    check_diff("a\nb\nc\n", "a\nx\nb\ny\nc\n", "@@ -1,3 +1,5 @@\n a\n+x\n b\n+y\n c\n");
}

#[test]
fn far_changes_are_hunks_of_their_own() {
    let text = |first: &str, last: &str| {
        let middle = "0\n1\n2\n3\n4\n5\n6\n";
        format!("{first}\n{middle}{last}\n")
    };
    check_diff(
        &text("a", "b"),
        &text("x", "y"),
        "@@ -1,4 +1,4 @@\n-a\n+x\n 0\n 1\n 2\n@@ -6,4 +6,4 @@\n 4\n 5\n 6\n-b\n+y\n",
    );
    check_diff(
        "a\n1\n2\n3\n4\n5\n6\nb\n",
        "x\n1\n2\n3\n4\n5\n6\ny\n",
        "@@ -1,8 +1,8 @@\n-a\n+x\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+y\n",
    );
}

#[test]
fn ends_of_lines_are_shown() {
    check_diff("a", "b", "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n");
    check_diff("a", "a\n", "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
    check_diff("a\r\nb\r\n", "a\r\nc\r\n", "@@ -1,2 +1,2 @@\n a\n-b\n+c\n");
    check_diff("a\r\nb\r\n", "a\nb\r\n", "@@ -1,2 +1,2 @@\n-a^M\n+a\n b^M\n");
    check_diff("a\n", "\u{1b}[2Kb\tc\u{9b}\rd\n", "@@ -1 +1 @@\n-a\n+^[[2Kb\tc\u{fffd}^Md\n");
}

#[test]
fn unchanged_files_do_not_count() {
    let edits = set(&[("a", "x", "x"), ("c", "x", "y"), ("b", "x", "y")]);
    assert_eq!(edits.files().map(|file| file.path.as_str()).collect::<Vec<_>>(), ["b", "c"]);
    assert!(!edits.is_empty());
    assert!(set(&[("a", "x", "x")]).is_empty() && EditSet::new().is_empty());
    assert_eq!(set(&[("a", "x", "x")]).diff(), "");
}

#[test]
fn large_differences_are_one_block() {
    let lines =
        |mark: &str| (0..2000).map(|number| [mark, &number.to_string(), "\n"].concat()).collect::<String>();
    let (old, new) = (lines(""), lines("x"));
    let text = diff(&old, &new);
    assert!(text.starts_with("@@ -1,2000 +1,2000 @@\n-0\n-1\n"), "{text}");
    assert_eq!(text.lines().count(), 4001);
}

#[test]
fn edits_of_one_file_join() {
    check_merge("a=1\nb=1\n", "a=2\nb=1\n", "a=1\nb=33\n", Some("a=2\nb=33\n"));
    check_merge("a=1\n", "a=2\n", "a=2\n", Some("a=2\n"));
    check_merge("a=1\n", "a=2\n", "a=3\n", None);
    check_merge("abc", "xbc", "axc", None);
    check_merge("abc", "xbc", "abx", Some("xbx"));
    check_merge("abc", "1abc", "2abc", None);
    let mut chained = set(&[("f", "1", "2"), ("f", "2", "3")]);
    assert_eq!(chained.files().next().unwrap(), FileEdit { path: &path("f"), old: Some(b"1"), new: b"3" });
    let error = chained.edit(path("f"), b"7".to_vec(), b"8".to_vec()).unwrap_err();
    assert_eq!(error.to_string(), "two edits of f do not go together: they start from different texts");
    assert_eq!(error.path(), &path("f"));
}

#[test]
fn files_are_written() {
    let root = directory(&[("a/b.txt", "1\r\n"), ("c", "x"), ("d", "same")]);
    set(&[("a/b.txt", "1\r\n", "2\r\n"), ("c", "x", ""), ("d", "same", "same")]).write(root.path()).unwrap();
    check_contents(&root, &[("a/b.txt", "2\r\n"), ("c", ""), ("d", "same")]);
    EditSet::new().write(root.path()).unwrap();
}

#[test]
fn a_file_that_has_changed_stops_everything() {
    for (name, text) in [("a", "changed"), ("z", "longer than it was"), ("z", "")] {
        let root = directory(&[("a", "old a"), ("z", "old z")]);
        fs::write(root.path().join(name), text).unwrap();
        let before = contents(root.path());
        let edits = set(&[("a", "old a", "new"), ("z", "old z", "new")]);
        let error = edits.write(root.path()).unwrap_err();
        assert!(matches!(&error, WriteError::Changed { path } if path.as_str() == name), "{error}");
        assert_eq!(contents(root.path()), before);
        // Not even for a moment.
        let files: Vec<FileEdit<'_>> = edits.files().collect();
        let hook = |step, target: &Path| match step {
            Step::Create | Step::Rename if !target.starts_with(root.path().join(".tminus-edits")) => {
                panic!("{} is written", target.display())
            }
            _ => Ok(()),
        };
        write::write(root.path(), &files, Disk::new(&hook)).unwrap_err();
    }
}

#[test]
fn missing_and_special_files_stop_everything() {
    let root = directory(&[("a", "old"), ("b/c", "x")]);
    let error = set(&[("a", "old", "new"), ("missing", "", "new")]).write(root.path()).unwrap_err();
    assert!(matches!(&error, WriteError::Read { path, .. } if path.as_str() == "missing"), "{error}");
    let error = set(&[("a", "old", "new"), ("b", "", "new")]).write(root.path()).unwrap_err();
    assert!(matches!(error, WriteError::NotAFile { .. }), "{error}");
    let error = set(&[("a", "old", "new")]).write(&root.path().join("none")).unwrap_err();
    assert!(matches!(error, WriteError::Root { .. }), "{error}");
    check_contents(&root, &[("a", "old"), ("b/c", "x")]);
}

#[test]
fn a_failure_midway_puts_everything_back() {
    for failing in 0..3 {
        let root = directory(&[("a", "old a"), ("b", "old b"), ("c", "old c")]);
        let edits = set(&[("a", "old a", "new a"), ("b", "old b", "new b"), ("c", "old c", "new c")]);
        let files: Vec<FileEdit<'_>> = edits.files().collect();
        let count = Cell::new(0);
        let hook = |step, target: &Path| {
            if step != Step::Rename || target.ends_with("journal") {
                return Ok(());
            }
            let number = count.replace(count.get() + 1);
            if number == failing { Err(io::Error::other("full")) } else { Ok(()) }
        };
        let error = write::write(root.path(), &files, Disk::new(&hook)).unwrap_err();
        assert!(
            matches!(&error, WriteError::Move { path, .. } if path.as_str() == ["a", "b", "c"][failing]),
            "{error}"
        );
        check_contents(&root, &[("a", "old a"), ("b", "old b"), ("c", "old c")]);
    }
}

#[test]
fn a_file_that_changes_midway_is_left_and_named() {
    let root = directory(&[("a", "old a"), ("b", "old b")]);
    let edits = set(&[("a", "old a", "new a"), ("b", "old b", "new b")]);
    let files: Vec<FileEdit<'_>> = edits.files().collect();
    // Somebody saves the second file right before the first one is replaced.
    let hook = |step, target: &Path| {
        if step == Step::Rename && target.ends_with("a") {
            fs::write(root.path().join("b"), "theirs b")?;
        }
        Ok(())
    };
    let error = write::write(root.path(), &files, Disk::new(&hook)).unwrap_err();
    assert_eq!(error.to_string(), "b has changed since it was read: run again");
    check_contents(&root, &[("a", "old a"), ("b", "theirs b")]);

    let root = directory(&[("a", "old a"), ("b", "old b"), ("c", "old c")]);
    let edits = set(&[("a", "old a", "new a"), ("b", "old b", "new b"), ("c", "old c", "new c")]);
    let files: Vec<FileEdit<'_>> = edits.files().collect();
    let hook = |step, target: &Path| {
        if step == Step::Rename && target.ends_with("b") {
            fs::write(root.path().join("a"), "theirs a")?;
            fs::write(root.path().join("c"), "theirs c")?;
        }
        Ok(())
    };
    let error = write::write(root.path(), &files, Disk::new(&hook)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "writing failed midway (c has changed since it was read: run again), and these files keep their new contents: a"
    );
    check_contents(&root, &[("a", "theirs a"), ("b", "old b"), ("c", "theirs c")]);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn permissions_stay() {
        let root = directory(&[("run", "old")]);
        let file = root.path().join("run");
        for mode in [0o755, 0o640, 0o600] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            let old = fs::read_to_string(&file).unwrap();
            let new = format!("{mode:o}");
            set(&[("run", &old, &new)]).write(root.path()).unwrap();
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o7777, mode);
        }
        fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).unwrap();
        let error = set(&[("run", "600", "new")]).write(root.path()).unwrap_err();
        assert!(matches!(error, WriteError::ReadOnly { .. }), "{error}");
        check_contents(&root, &[("run", "600")]);
    }

    #[test]
    fn links_within_the_root_stay_links() {
        let root = directory(&[("real/file", "old")]);
        symlink("real/file", root.path().join("link")).unwrap();
        set(&[("link", "old", "new")]).write(root.path()).unwrap();
        assert!(fs::symlink_metadata(root.path().join("link")).unwrap().is_symlink());
        check_contents(&root, &[("link", "new"), ("real/file", "new")]);
        let error = set(&[("link", "new", "1"), ("real/file", "new", "1")]).write(root.path()).unwrap_err();
        assert!(matches!(error, WriteError::SameFile { .. }), "{error}");
    }

    #[test]
    fn links_out_of_the_root_are_refused() {
        let outside = directory(&[("file", "old")]);
        let root = directory(&[("a", "old")]);
        symlink(outside.path().join("file"), root.path().join("file")).unwrap();
        symlink(outside.path(), root.path().join("sub")).unwrap();
        fs::create_dir(root.path().join(".git")).unwrap();
        fs::write(root.path().join(".git/config"), "old").unwrap();
        symlink(".git/config", root.path().join("config")).unwrap();
        for name in ["file", "sub/file", "config"] {
            let error = set(&[("a", "old", "new"), (name, "old", "new")]).write(root.path()).unwrap_err();
            assert!(matches!(error, WriteError::Outside { .. }), "{error}");
        }
        check_contents(&outside, &[("file", "old")]);
        assert_eq!(fs::read_to_string(root.path().join("a")).unwrap(), "old");
    }
}

/// Applies a diff of a file whose lines hold no control characters.
fn apply(old: &str, diff: &str) -> String {
    let old_lines: Vec<&str> = old.split_inclusive('\n').collect();
    let mut new = String::new();
    let mut at = 0;
    for line in diff.lines() {
        if let Some(header) = line.strip_prefix("@@ -") {
            let range = header.split(' ').next().unwrap();
            let (start, length) = range.split_once(',').unwrap_or((range, "1"));
            let before: usize = start.parse::<usize>().unwrap() - usize::from(length != "0");
            new.push_str(&old_lines[at..before].concat());
            at = before;
        } else if line.starts_with('\\') {
            new.pop();
        } else {
            let (sign, text) = line.split_at(1);
            if sign != "+" {
                assert_eq!(old_lines[at].trim_end_matches('\n'), text);
                at += 1;
            }
            if sign != "-" {
                new.push_str(text);
                new.push('\n');
            }
        }
    }
    new.push_str(&old_lines[at..].concat());
    new
}

proptest! {
    #[test]
    fn a_diff_applies(old in "([abc]\n){0,12}[ab]?", new in "([abc]\n){0,12}[ab]?") {
        let text = diff(&old, &new);
        // The marker for a missing newline follows a removed line too, where there is nothing to take back.
        let mut cleaned = String::new();
        let mut removed = false;
        for line in text.lines() {
            if !(removed && line.starts_with('\\')) {
                cleaned.push_str(line);
                cleaned.push('\n');
            }
            removed = line.starts_with('-');
        }
        prop_assert_eq!(apply(&old, &cleaned), new);
    }

    #[test]
    fn joined_edits_hold_both(old in "[ab]{8,20}", first in 0..3_usize, second in 5..8_usize) {
        let change = |at: usize, text: &str| format!("{}{text}{}", &old[..at], &old[at + 1..]);
        let mut edits = set(&[("f", &old, &change(first, "XX"))]);
        edits.edit(path("f"), old.clone().into(), change(second, "").into()).unwrap();
        let expected = format!("{}XX{}{}", &old[..first], &old[first + 1..second], &old[second + 1..]);
        prop_assert_eq!(edits.files().next().unwrap().new, expected.as_bytes());
    }
}
