//! A write that fails or ends at every step.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::*;
use crate::edit_set::state::{self, State};

/// Files that are replaced, one of them emptied, and new ones, two of them in a new directory.
const OLD: [(&str, &str); 3] = [("a", "old a"), ("d/b", "old b"), ("d/c", "old c")];
const NEW: [(&str, &str); 6] =
    [("a", "new a"), ("d/b", ""), ("d/c", "new c"), ("d/new", "1"), ("e/f/x", "2"), ("e/f/y", "")];

fn edits() -> EditSet {
    let old: BTreeMap<&str, &str> = OLD.into();
    let mut edits = EditSet::new();
    for (name, new) in NEW {
        match old.get(name) {
            Some(old) => edits.edit(path(name), old.as_bytes().into(), new.as_bytes().into()).unwrap(),
            None => edits.create(path(name), new.as_bytes().into()).unwrap(),
        }
    }
    edits
}

/// The files of the project, without git's directory.
fn tree(root: &TempDir) -> Vec<(String, String)> {
    contents(root.path()).into_iter().filter(|(name, _)| !name.starts_with(".git/")).collect()
}

fn expected(files: &[(&str, &str)]) -> Vec<(String, String)> {
    files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

fn run(root: &TempDir, edits: &EditSet, hook: disk::Hook<'_>) -> Result<(), WriteError> {
    let files: Vec<FileEdit<'_>> = edits.files().collect();
    write::write(root.path(), &files, Disk::hasty(hook))
}

/// The kinds of roots: one with a git directory, and one without.
fn roots() -> [TempDir; 2] {
    let with_git = directory(&OLD);
    fs::create_dir(with_git.path().join(".git")).unwrap();
    [with_git, directory(&OLD)]
}

/// The steps of a write that is not disturbed.
fn steps(edits: &EditSet, root: &TempDir) -> Vec<(Step, String)> {
    let steps = RefCell::new(Vec::new());
    let hook = |step, path: &Path| {
        steps.borrow_mut().push((step, path.display().to_string()));
        Ok(())
    };
    run(root, edits, &hook).unwrap();
    steps.into_inner()
}

/// Leaves half of a file, as a kill within a step would.
fn half(step: Step, path: &Path) {
    if step == Step::Create {
        let text = if path.ends_with("intent") { "tminus edits 1\nid\t00" } else { "ne" };
        fs::write(path, text).unwrap();
    }
}

/// Ends the write before each step, then lets the next run recover, which is itself ended at each of its steps.
#[test]
fn a_kill_at_any_step_leaves_all_or_nothing() {
    let counts = [0, 1].map(|kind| steps(&edits(), &roots()[kind]).len());
    assert!(counts.iter().all(|&count| count > 20), "{counts:?}");
    for killed in 0..counts[0].max(counts[1]) {
        for second in 0..40 {
            // Each kind of root, and whole and torn files, at every step with some step of recovery.
            let (kind, torn) = ((killed + second) % 2, (killed + second / 2) % 2 == 0);
            let root = &roots()[kind];
            kill(killed, torn, |hook| run(root, &edits(), hook).map_err(drop));
            let ended = kill(second, false, |hook| {
                write::recover(root.path(), Disk::hasty(hook)).map(drop).map_err(drop)
            });
            EditSet::recover(root.path()).unwrap();
            let found = tree(root);
            assert!(found == expected(&OLD) || found == expected(&NEW), "{killed} {second}: {found:?}");
            assert!(!root.path().join("e").exists() || found == expected(&NEW), "{killed} {second}");
            assert_eq!(EditSet::recover(root.path()).unwrap(), Recovered::Nothing);
            if ended && second > 3 {
                break;
            }
            assert!(second < 39, "recovery does not end");
        }
    }
}

/// Runs something that ends at a step and does nothing after it; whether it came to its end before.
fn kill(at: usize, torn: bool, run: impl Fn(disk::Hook<'_>) -> Result<(), ()>) -> bool {
    let count = Cell::new(0);
    let hook = |step, path: &Path| {
        let number = count.replace(count.get() + 1);
        if number == at && torn {
            half(step, path);
        }
        if number < at { Ok(()) } else { Err(io::Error::other("killed")) }
    };
    let _ = run(&hook);
    count.get() <= at
}

/// Lets one step fail, as a full disk does; putting back must not need the next run.
#[test]
fn a_failure_at_any_step_is_put_back() {
    for kind in 0..2 {
        let all = steps(&edits(), &roots()[kind]);
        for (failing, step) in all.iter().enumerate() {
            let root = &roots()[kind];
            let count = Cell::new(0);
            let hook = |_, _: &Path| {
                let number = count.replace(count.get() + 1);
                if number == failing { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
            };
            let result = run(root, &edits(), &hook);
            let found = tree(root);
            let wanted = if result.is_ok() { expected(&NEW) } else { expected(&OLD) };
            let found: Vec<_> =
                found.into_iter().filter(|(name, _)| !name.starts_with(".tminus-edits")).collect();
            assert_eq!(found, wanted, "{step:?}: {result:?}");
            EditSet::recover(root.path()).unwrap();
            assert_eq!(tree(root), wanted, "{step:?}");
        }
    }
}

/// A step fails, and the process ends while it puts back, or nothing works any more from a step on.
#[test]
fn a_kill_while_putting_back_leaves_all_or_nothing() {
    let all = steps(&edits(), &roots()[0]);
    for failing in 0..all.len() {
        // Every other end of each, since the one in between differs by one step only.
        for killed in (failing + 1 + failing % 2..failing + 40).step_by(2) {
            let root = &roots()[0];
            let count = Cell::new(0);
            let hook = |_, _: &Path| {
                let number = count.replace(count.get() + 1);
                if number == failing || number >= killed { Err(io::Error::other("killed")) } else { Ok(()) }
            };
            let result = run(root, &edits(), &hook);
            EditSet::recover(root.path()).unwrap();
            let found = tree(root);
            assert!(
                found == expected(&OLD) || found == expected(&NEW),
                "{failing} {killed}: {result:?} {found:?}"
            );
            if count.get() <= killed {
                break;
            }
        }
    }
}

/// The names of the files that are to be written, once.
fn names() -> Vec<RelPath> {
    NEW.iter().map(|(name, _)| path(name)).collect()
}

/// A write that ended before it replaced the second file.
fn interrupted() -> TempDir {
    let root = directory(&OLD);
    let all = steps(&edits(), &directory(&OLD));
    let first = all.iter().position(|(step, path)| *step == Step::Rename && path.ends_with("d/b")).unwrap();
    kill(first, false, |hook| run(&root, &edits(), hook).map_err(drop));
    root
}

#[test]
fn what_was_done_is_said() {
    let root = interrupted();
    assert_eq!(EditSet::recover(root.path()).unwrap(), Recovered::Finished(names()));
    assert_eq!(tree(&root), expected(&NEW));
    let root = directory(&OLD);
    let all = steps(&edits(), &directory(&OLD));
    let sync =
        all.iter().rposition(|(step, path)| *step == Step::Rename && path.ends_with("journal")).unwrap();
    kill(sync, false, |hook| run(&root, &edits(), hook).map_err(drop));
    assert_eq!(EditSet::recover(root.path()).unwrap(), Recovered::Undone(names()));
    assert_eq!(tree(&root), expected(&OLD));
}

#[test]
fn the_next_write_recovers_first() {
    let root = interrupted();
    set(&[("a", "new a", "newer")]).write(root.path()).unwrap();
    let mut wanted = NEW;
    wanted[0].1 = "newer";
    assert_eq!(tree(&root), expected(&wanted));
    // An empty write does as well.
    let root = interrupted();
    EditSet::new().write(root.path()).unwrap();
    assert_eq!(tree(&root), expected(&NEW));
}

#[test]
fn a_foreign_change_after_a_kill_is_never_overwritten() {
    type Change = fn(&Path);
    let changes: [(&str, Change); 5] = [
        ("d/c", |root| fs::write(root.join("d/c"), "mine!").unwrap()),
        ("a", |root| fs::write(root.join("a"), "mine!").unwrap()),
        ("d/b", |root| fs::remove_file(root.join("d/b")).unwrap()),
        ("d/new", |root| fs::write(root.join("d/new"), "mine").unwrap()),
        ("d/c", |root| {
            fs::remove_file(root.join("d/c")).unwrap();
            fs::create_dir(root.join("d/c")).unwrap();
        }),
    ];
    for (name, change) in changes {
        let root = interrupted();
        change(root.path());
        let before = contents(root.path());
        for _ in 0..2 {
            let error = EditSet::recover(root.path()).unwrap_err();
            assert!(
                matches!(&error, WriteError::Foreign { path, .. } if path.as_str() == name),
                "{name}: {error}"
            );
            assert_eq!(contents(root.path()), before);
        }
        // The remedy that the message names.
        fs::remove_file(state::directory(root.path()).0.join("journal")).unwrap();
        assert_eq!(EditSet::recover(root.path()).unwrap(), Recovered::Nothing);
    }
}

#[test]
fn files_that_were_put_back_by_hand_end_the_write() {
    let root = interrupted();
    fs::write(root.path().join("a"), "old a").unwrap();
    assert!(matches!(EditSet::recover(root.path()).unwrap(), Recovered::Undone(_)));
    assert_eq!(tree(&root), expected(&OLD));
}

/// An error was returned, so the next run must not write after all.
#[test]
fn what_was_given_up_is_not_finished_later() {
    let root = directory(&OLD);
    let failed = Cell::new(false);
    let hook = |step, path: &Path| {
        failed.set(failed.get() || (step == Step::SyncDirectories && path.join("journal").exists()));
        let works = !failed.get() || step == Step::Rename;
        if works { Ok(()) } else { Err(io::Error::other("broken")) }
    };
    run(&root, &edits(), &hook).unwrap_err();
    assert_eq!(EditSet::recover(root.path()).unwrap(), Recovered::Undone(names()));
    assert_eq!(tree(&root), expected(&OLD));
}

/// Putting back was interrupted, and its files were removed: the tree is mixed, which must not pass for undone.
#[test]
fn lost_contents_of_putting_back_are_named() {
    let root = directory(&OLD);
    let failed = Cell::new(0);
    let hook = |step, path: &Path| {
        if step == Step::Rename && path.ends_with("journal") {
            failed.set(failed.get() + 1);
        }
        let broken = match failed.get() {
            0 => false,
            // The second file cannot be replaced.
            1 => step == Step::Rename && path.ends_with("d/b"),
            // The process ends when putting back is committed.
            _ => !path.ends_with("journal"),
        };
        if broken { Err(io::Error::other("broken")) } else { Ok(()) }
    };
    run(&root, &edits(), &hook).unwrap_err();
    for (name, text) in contents(root.path()) {
        if name.starts_with(".tminus-") && text == "old a" {
            fs::remove_file(root.path().join(name)).unwrap();
        }
    }
    let error = EditSet::recover(root.path()).unwrap_err();
    assert!(matches!(&error, WriteError::Lost { path, .. } if path.as_str() == "a"), "{error}");
}

#[test]
fn lost_contents_are_named() {
    let root = interrupted();
    for entry in fs::read_dir(root.path().join("d")).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_str().unwrap().starts_with(".tminus-") {
            fs::remove_file(path).unwrap();
        }
    }
    let before = contents(root.path());
    let error = EditSet::recover(root.path()).unwrap_err();
    assert!(matches!(&error, WriteError::Lost { path, .. } if path.as_str() == "d/b"), "{error}");
    assert_eq!(contents(root.path()), before);
}

#[test]
fn a_damaged_journal_stops_everything() {
    for text in ["", "tminus edits 1\n", "\0\u{fffd}", "tminus edits 2\nend\t0\n"] {
        let root = interrupted();
        let journal = state::directory(root.path()).0.join("journal");
        fs::write(&journal, text).unwrap();
        let error = set(&[("a", "new a", "x")]).write(root.path()).unwrap_err();
        assert!(matches!(&error, WriteError::Journal { path, .. } if path.ends_with("journal")), "{error}");
        assert_eq!(fs::read_to_string(root.path().join("a")).unwrap(), "new a");
    }
}

#[test]
fn a_second_writer_is_told() {
    for root in &roots() {
        let real = root.path().canonicalize().unwrap();
        let held = State::open(&real, Disk::new(&|_, _| Ok(()))).unwrap();
        let error = edits().write(root.path()).unwrap_err();
        assert!(matches!(error, WriteError::Busy { .. }), "{error}");
        assert!(matches!(EditSet::recover(root.path()), Err(WriteError::Busy { .. })));
        held.close(Disk::new(&|_, _| Ok(())));
        edits().write(root.path()).unwrap();
        assert_eq!(tree(root), expected(&NEW));
    }
}

/// Each writer appends to both files what it finds there: a lost or mixed write would show.
#[test]
fn writers_at_the_same_time_never_mix() {
    let root = directory(&[("a", "-"), ("b", "-")]);
    std::thread::scope(|scope| {
        for mark in ["x", "y", "z"] {
            let root = root.path();
            scope.spawn(move || {
                let mut done = 0;
                while done < 10 {
                    let (a, b) = (fs::read(root.join("a")).unwrap(), fs::read(root.join("b")).unwrap());
                    let next = |text: &[u8]| [text, mark.as_bytes()].concat();
                    let mut edits = EditSet::new();
                    edits.edit(path("a"), a.clone(), next(&a)).unwrap();
                    edits.edit(path("b"), b.clone(), next(&b)).unwrap();
                    match edits.write(root) {
                        Ok(()) => done += 1,
                        Err(WriteError::Busy { .. } | WriteError::Changed { .. }) => {}
                        Err(error) => panic!("{error}"),
                    }
                }
            });
        }
    });
    let [a, b] = ["a", "b"].map(|name| fs::read_to_string(root.path().join(name)).unwrap());
    assert_eq!((a.len(), &a), (31, &b));
    assert_eq!(contents(root.path()).len(), 2);
}

#[test]
fn notes_are_kept_where_git_does_not_show_them() {
    let root = tempfile::tempdir().unwrap();
    let at = |name: &str| root.path().join(name);
    assert_eq!(state::directory(root.path()), (at(".tminus-edits"), true));
    fs::create_dir_all(at("real/worktrees/w")).unwrap();
    for (text, wanted) in [
        ("gitdir: real/worktrees/w\n".to_owned(), (at("real/worktrees/w/tminus/edits"), false)),
        (
            format!("gitdir: {}\r\n", at("real/worktrees/w").display()),
            (at("real/worktrees/w/tminus/edits"), false),
        ),
        ("gitdir: gone\n".to_owned(), (at(".tminus-edits"), true)),
        ("other".to_owned(), (at(".tminus-edits"), true)),
    ] {
        fs::write(at(".git"), text).unwrap();
        assert_eq!(state::directory(root.path()), wanted);
    }
    fs::remove_file(at(".git")).unwrap();
    fs::create_dir(at(".git")).unwrap();
    assert_eq!(state::directory(root.path()), (at(".git/tminus/edits"), false));
}

#[test]
fn a_new_file_must_be_new() {
    let root = directory(&[("a", "old"), ("dir/x", "x")]);
    for (name, text) in [("dir/x", "x"), ("dir", "")] {
        let mut edits = set(&[("a", "old", "new")]);
        edits.create(path(name), text.into()).unwrap();
        let error = edits.write(root.path()).unwrap_err();
        assert!(matches!(&error, WriteError::Exists { path } if path.as_str() == name), "{error}");
    }
    let mut edits = set(&[("a", "old", "new")]);
    edits.create(path("a/b/c"), Vec::new()).unwrap();
    let error = edits.write(root.path()).unwrap_err();
    assert!(matches!(&error, WriteError::Read { path, .. } if path.as_str() == "a/b/c"), "{error}");
    check_contents(&root, &[("a", "old"), ("dir/x", "x")]);

    // One that appears at the last moment stays, and the others are put back.
    let mut edits = set(&[("a", "old", "new")]);
    edits.create(path("n"), b"ours".into()).unwrap();
    for early in [Step::Rename, Step::Link] {
        let hook = |step, target: &Path| {
            if step == early && !target.ends_with("journal") {
                fs::write(root.path().join("n"), "theirs")?;
            }
            Ok(())
        };
        let error = run(&root, &edits, &hook).unwrap_err();
        assert!(matches!(&error, WriteError::Exists { path } if path.as_str() == "n"), "{error}");
        check_contents(&root, &[("a", "old"), ("dir/x", "x"), ("n", "theirs")]);
        fs::remove_file(root.path().join("n")).unwrap();
    }
    let mut edits = EditSet::new();
    edits.create(path("n"), b"1".into()).unwrap();
    edits.create(path("n"), b"1".into()).unwrap();
    edits.create(path("n"), b"2".into()).unwrap_err();
    edits.edit(path("n"), b"1".into(), b"3".into()).unwrap();
    edits.edit(path("n"), b"1".into(), b"4".into()).unwrap_err();
    assert_eq!(edits.files().next().unwrap(), FileEdit { path: &path("n"), old: None, new: b"3" });
}

#[cfg(unix)]
#[test]
fn odd_links_stop_everything() {
    use std::os::unix::fs::symlink;
    let root = directory(&[("a", "old")]);
    symlink("loop2", root.path().join("loop1")).unwrap();
    symlink("loop1", root.path().join("loop2")).unwrap();
    symlink("nowhere", root.path().join("dangling")).unwrap();
    for (name, new) in [("loop1", false), ("loop1/x", true), ("dangling", false), ("dangling/x", true)] {
        let mut edits = set(&[("a", "old", "new")]);
        if new {
            edits.create(path(name), b"x".into()).unwrap();
        } else {
            edits.edit(path(name), b"".into(), b"x".into()).unwrap();
        }
        let error = edits.write(root.path()).unwrap_err();
        assert!(matches!(&error, WriteError::Read { path, .. } if path.as_str() == name), "{name}: {error}");
        assert_eq!(fs::read_to_string(root.path().join("a")).unwrap(), "old");
    }
    let mut edits = EditSet::new();
    edits.create(path("dangling"), b"x".into()).unwrap();
    assert!(matches!(edits.write(root.path()).unwrap_err(), WriteError::Exists { .. }));
    // A link in place of the notes would let them be written elsewhere.
    let outside = tempfile::tempdir().unwrap();
    symlink(outside.path(), root.path().join(".tminus-edits")).unwrap();
    let error = set(&[("a", "old", "new")]).write(root.path()).unwrap_err();
    assert!(matches!(error, WriteError::State { .. }), "{error}");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
}

/// Beyond the number from which on the file system is synced as a whole.
#[test]
fn many_files_in_many_directories_are_written() {
    let names: Vec<String> = (0..100).map(|number| format!("p{number}/{}/f", number % 7)).collect();
    let old: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "old")).collect();
    let root = directory(&old);
    let edits: Vec<(&str, &str, &str)> = names.iter().map(|name| (name.as_str(), "old", "new")).collect();
    set(&edits).write(root.path()).unwrap();
    let found = contents(root.path());
    assert_eq!(found.len(), names.len());
    assert!(found.iter().all(|(_, text)| text == "new"));
}
