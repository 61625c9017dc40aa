//! Programs at the other ends of the pipes.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

use super::bed::{Room, end};

/// Longer than any answer takes; a program that gets none must not hang this test.
const PATIENCE: Duration = Duration::from_mins(1);

/// A program that writes a line gets its answer before it writes the next one.
#[track_caller]
fn check_conversation(args: &[&str], lines: &[(&str, &str)]) {
    let room = Room::empty();
    let mut child = room.command(args).stdin(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let (sender, answers) = mpsc::channel();
    let output = BufReader::new(child.stdout.take().unwrap());
    let reader = std::thread::spawn(move || output.lines().for_each(|line| drop(sender.send(line.unwrap()))));
    for (line, answer) in lines {
        writeln!(input, "{line}").unwrap();
        let said = answers.recv_timeout(PATIENCE);
        if said.is_err() {
            child.kill().unwrap();
        }
        let said = said.unwrap_or_else(|_| panic!("{args:?}: no answer to `{line}`"));
        assert!(said.contains(answer), "{args:?}: `{said}` to `{line}`");
    }
    drop(input);
    assert_eq!(end(&mut child), 0);
    reader.join().unwrap();
}

#[test]
fn conversations() {
    check_conversation(
        &["parse", "--scheme", "pep440"],
        &[("1.0-rc.1", r#""canonical":"1.0rc1""#), ("bad", r#""error""#), ("2", r#""canonical":"2""#)],
    );
    check_conversation(
        &["compare", "--scheme", "npm"],
        &[("1.0.0\t2.0.0", "<"), ("x", "error: "), ("1.0.0\t1.0.0", "=")],
    );
    check_conversation(&["match", "--scheme", "npm"], &[("^1\t1.2.3", "true"), ("^1\t2.0.0", "false")]);
    check_conversation(
        &["convert", "--from", "pep440", "--to", "go"],
        &[("1.0rc1", "v1.0.0-rc.1"), ("1!1", "error: ")],
    );
    check_conversation(&["next", "minor", "--scheme", "npm"], &[("1.0.0", "1.1.0"), ("1.1.0", "1.2.0")]);
}

/// `tminus … | head -1` ends as soon as nobody listens, and quietly.
#[track_caller]
fn check_broken_pipe(args: &[&str], lines: &str) {
    let room = Room::empty();
    room.write("lines", lines);
    let mut command = room.command(args);
    let mut child = command.stdin(File::open(room.work.join("lines")).unwrap()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(!first.is_empty(), "{args:?}");
    // The reader is gone now.
    let code = end(&mut child);
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!(err, "", "{args:?} must end quietly");
    assert_eq!(code, 0, "{args:?}");
}

#[test]
fn nobody_listens_any_more() {
    let versions: String = (0..50_000).map(|n| format!("1.0.{n}\n")).collect();
    let pairs: String = (0..50_000).map(|n| format!("1.0.{n}\t1.0.{n}\n")).collect();
    check_broken_pipe(&["parse", "--scheme", "npm"], &versions);
    check_broken_pipe(&["sort", "--scheme", "npm"], &versions);
    check_broken_pipe(&["compare", "--scheme", "npm"], &pairs);
    check_broken_pipe(&["match", "--scheme", "npm"], &pairs);
    check_broken_pipe(&["convert", "--from", "npm", "--to", "go"], &versions);
    check_broken_pipe(&["next", "minor", "--scheme", "npm"], &versions);
    check_broken_pipe(&["list", "--stdin", "--scheme", "npm"], &versions);
    check_broken_pipe(&["parse", "--scheme", "npm"], &"bad\n".repeat(50_000));
}

/// A full disk is no success.
#[test]
fn answers_that_cannot_be_written() {
    let full = std::path::Path::new("/dev/full");
    if !full.exists() {
        return;
    }
    let room = Room::empty();
    let mut wrong = Vec::new();
    for args in [
        &["parse", "--scheme", "npm", "1.0.0"][..],
        &["sort", "--scheme", "npm", "1.0.0"],
        &["compare", "--scheme", "npm", "1.0.0", "1.0.0"],
        &["match", "--scheme", "npm", "*", "1.0.0"],
        &["convert", "--from", "npm", "--to", "go", "1.0.0"],
        &["next", "minor", "--scheme", "npm", "1.0.0"],
    ] {
        let output = room.command(args).stdout(File::create(full).unwrap()).output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        if output.status.code() != Some(3) || !err.starts_with("error: ") {
            wrong.push(format!("{args:?}: {}: {err}", output.status));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
