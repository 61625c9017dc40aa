//! All or nothing, also when the process is killed.

use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::bed::{Picture, Room, assert_same};
use super::python;

const PACKAGES: usize = 300;

/// How many times a run is killed.
const KILLS: u32 = 15;

fn path(number: usize) -> String {
    format!("packages/p{number:03}/pyproject.toml")
}

fn manifest(number: usize, version: &str) -> String {
    let needs: Vec<_> = (number > 0).then(|| format!("p{:03}=={version}", number / 2)).into_iter().collect();
    python(&format!("p{number:03}"), version, &needs.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Packages that ask for each other, all at one version.
fn files(version: &str) -> Picture {
    (0..PACKAGES).map(|number| (path(number), manifest(number, version).into_bytes())).collect()
}

fn room(repository: bool) -> Room {
    let room = Room::empty();
    for (path, bytes) in files("1.0.0") {
        room.write(&path, bytes);
    }
    if repository {
        room.git(&["init", "--quiet", "--initial-branch=main"]);
        room.commit();
    }
    room
}

/// Starts a bump of everything and kills it after some time; whether it was killed before it ended.
fn killed(room: &Room, version: &str, after: Duration) -> bool {
    let mut command = room.tminus(&["bump", version, "--all"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    sleep(after);
    child.kill().unwrap();
    child.wait().unwrap().code().is_none()
}

/// Kills at moments that are spread over a whole run, in a repository or in none; the next run finishes the work.
#[track_caller]
fn kills(repository: bool) {
    let room = room(repository);
    let start = Instant::now();
    let said = room.run(&["bump", "1.0.1", "--all"]);
    said.exits(0);
    let whole = start.elapsed();
    assert_same(&files("1.0.1"), &room.picture(), &said);
    let (mut old, mut cut) = ("1.0.1".to_owned(), 0);
    for number in 0..KILLS {
        let new = format!("1.{}.0", number + 1);
        // The last moments are the ones in which files are written; a run may also be faster than the first one.
        let share = f64::from(number + 1) / f64::from(KILLS + 1);
        cut += u32::from(killed(&room, &new, whole.mul_f64(share)));
        let (before, after, now) = (files(&old), files(&new), room.picture());
        // Each manifest is whole, whichever of the two it is.
        for path in before.keys() {
            let bytes = &now[path];
            assert!(*bytes == before[path] || *bytes == after[path], "{path} is half written");
        }
        // A look at the project does no harm in between.
        if number % 2 == 1 {
            room.run(&["packages", "--json"]).json();
        }
        let said = room.run(&["bump", &new, "--all"]);
        said.exits(0);
        assert_same(&after, &room.picture(), &said);
        old = new;
    }
    assert!(cut > 0, "no run was killed");
}

#[test]
fn killed_in_a_repository() {
    kills(true);
}

#[test]
fn killed_outside_a_repository() {
    kills(false);
}

/// A run that was killed, followed by a run with another version: the last word counts, and nothing is mixed.
#[test]
fn killed_and_then_changed_its_mind() {
    let room = room(true);
    let start = Instant::now();
    room.run(&["bump", "1.0.1", "--all"]).exits(0);
    let whole = start.elapsed();
    for number in 0..5_u32 {
        killed(&room, &format!("1.{}.0", 2 * number + 1), whole.mul_f64(0.5 + f64::from(number) * 0.1));
        let new = format!("1.{}.0", 2 * number + 2);
        let said = room.run(&["bump", &new, "--all"]);
        said.exits(0);
        assert_same(&files(&new), &room.picture(), &said);
    }
}

/// Kills a bump of everything as soon as one of its files has changed; whether others have not.
fn killed_midway(room: &Room, old: &str, new: &str) -> bool {
    let mut command = room.tminus(&["bump", new, "--all"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let before = files(old);
    let watched: Vec<_> = (0..PACKAGES).step_by(30).map(path).collect();
    let changed = |path: &String| room.bytes(path) != before[path];
    while child.try_wait().unwrap().is_none() {
        if watched.iter().any(changed) {
            child.kill().unwrap();
            break;
        }
    }
    child.wait().unwrap();
    before.keys().any(changed) && !before.keys().all(changed)
}

/// What somebody writes into a file between the kill and the next run is not lost, on either side of the cut.
#[test]
fn killed_and_edited_by_hand() {
    let comment = "# by hand\n";
    for repository in [true, false] {
        let room = room(repository);
        let mut old = "1.0.0".to_owned();
        let midway = (1..20).find(|number| {
            let new = format!("1.{number}.0");
            let midway = killed_midway(&room, &old, &new);
            if !midway {
                room.run(&["bump", &new, "--all"]).exits(0);
                old = new;
            }
            midway
        });
        let new = format!("1.{}.0", midway.expect("a run that is killed between two files"));
        let before = files(&old);
        let edited: Vec<_> = [true, false]
            .into_iter()
            .filter_map(|is_old| before.keys().find(|path| (room.bytes(path) == before[*path]) == is_old))
            .collect();
        assert_eq!(edited.len(), 2);
        for path in &edited {
            room.write(path, room.read(path) + comment);
        }
        let said = room.run(&["bump", &new, "--all"]);
        for path in &edited {
            assert!(room.read(path).ends_with(comment), "{path} was written over by {said}");
        }
        if said.code == 0 {
            assert!(
                (0..PACKAGES).all(|number| room.read(&path(number)).starts_with(&manifest(number, &new))),
                "{said}"
            );
        } else {
            assert!(edited.iter().any(|path| said.err.contains(*path)), "{said}");
            // There is a way on.
            said.explains(&["delete"]);
        }
    }
}

/// Two runs at once: one of them may be told to come back, and what stands there is the work of one.
#[test]
fn two_at_once() {
    let room = room(true);
    for number in 1..4 {
        let versions = [format!("{number}.1.0"), format!("{number}.2.0")];
        let children = versions.each_ref().map(|version| {
            let mut command = room.tminus(&["bump", version, "--all", "--allow-lower"]);
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
        });
        let codes = children.map(|mut child| child.wait().unwrap().code().unwrap());
        assert!(codes.contains(&0) && codes.iter().all(|code| [0, 1, 3].contains(code)), "{codes:?}");
        let now = room.picture();
        let outcome = versions.iter().find(|version| now == files(version));
        assert!(outcome.is_some(), "the work of two is mixed after {codes:?}");
    }
}
