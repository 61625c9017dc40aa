//! Help, and usage that makes no sense.

use super::bed::Room;
use super::{COMMANDS, SCHEMES, two_versions};

#[test]
fn help() {
    let room = Room::empty();
    let all = room.ask(&["--help"]);
    all.exits(0);
    assert_eq!(all.err, "");
    for word in COMMANDS.iter().chain(&SCHEMES).chain(&["standard input", "tab", "error:", "exit code"]) {
        assert!(all.out.contains(word), "`{word}` is missing in {all}");
    }
    for (command, words) in [
        ("parse", &["--scheme", "JSON"][..]),
        ("sort", &["--scheme", "--reverse", "--skip-invalid"]),
        ("compare", &["--scheme", "<TAB>", "`<`", "`=`", "`>`"]),
        ("match", &["--scheme", "--prereleases", "<TAB>", "exit code"]),
        ("convert", &["--from", "--to"]),
        ("next", &["--scheme", "--existing", "--of", "--now", "nightly", "hotfix", "candidate", "post"]),
        (
            "list",
            &[
                "--scheme",
                "--tag",
                "--stdin",
                "--line",
                "--finals",
                "--latest",
                "--rejected",
                "--package",
                "--path",
            ],
        ),
    ] {
        let long = room.ask(&[command, "--help"]);
        long.exits(0);
        assert_eq!(long.err, "");
        for word in words {
            assert!(long.out.contains(word), "`{word}` is missing in {long}");
        }
        room.ask(&[command, "-h"]).exits(0);
        let same = room.ask(&["help", command]);
        same.exits(0);
        assert_eq!(same.out, long.out);
    }
}

#[test]
fn unknown_schemes() {
    let room = Room::empty();
    for (typed, meant) in [
        ("pep44", "pep440"),
        ("PEP440", "pep440"),
        ("pep-440", "pep440"),
        ("nmp", "npm"),
        ("npm_loose", "npm-loose"),
        ("semvar", "semver"),
        ("crago", "cargo"),
        ("calvar", "calver"),
    ] {
        for command in ["parse", "sort", "compare", "match", "next", "list"] {
            let kind: &[&str] = if command == "next" { &["minor"] } else { &[] };
            room.ask(&[&[command], kind, &["--scheme", typed]].concat())
                .refuses(2, &[typed, "did you mean", &format!("`{meant}`")]);
        }
        room.ask(&["convert", "--from", typed, "--to", "npm", "1"]).refuses(2, &["--from", typed, meant]);
        room.ask(&["convert", "--from", "npm", "--to", typed, "1"]).refuses(2, &["--to", typed, meant]);
    }
    for typed in ["", "banana", "node"] {
        room.ask(&["parse", "--scheme", typed, "1"]).refuses(2, &SCHEMES);
    }
}

#[test]
fn unknown_commands_and_flags() {
    let room = Room::empty();
    room.ask(&["sotr"]).refuses(2, &["sotr", "'sort'"]);
    room.ask(&["sort", "--scheme", "npm", "--revers"]).refuses(2, &["--revers", "--reverse"]);
    room.ask(&["parse", "1.0.0"]).refuses(2, &["--scheme"]);
    room.ask(&["parse", "--scheme", "npm", "--scheme", "npm", "1.0.0"]).exits(2);
    for command in ["sort", "compare", "match"] {
        room.ask(&[command]).refuses(2, &["--scheme"]);
    }
    let nothing = room.ask(&[]);
    nothing.exits(2).explains(&["Usage", "parse", "sort"]);
}

/// Flags are flags behind values too, as everywhere on this command line.
#[track_caller]
fn check_order(flags: &[&str], command: &[&str], values: &[&str]) {
    let room = Room::empty();
    let before = room.ask(&[command, flags, values].concat());
    let behind = room.ask(&[command, values, flags].concat());
    assert_eq!(behind.out, before.out, "{behind}");
    assert_eq!((behind.code, &behind.err), (before.code, &before.err), "{behind}");
}

#[test]
fn flags_behind_values() {
    check_order(&["--scheme", "npm", "--reverse"], &["sort"], &["1.0.0", "2.0.0"]);
    check_order(&["--scheme", "npm", "--json"], &["sort"], &["1.0.0", "2.0.0"]);
    check_order(&["--scheme", "npm", "--json"], &["compare"], &["1.0.0", "2.0.0"]);
    check_order(&["--scheme", "npm", "--json"], &["match"], &["^1", "1.0.0"]);
    check_order(&["--scheme", "npm", "--prereleases"], &["match"], &["*", "1.0.0-rc.1"]);
    check_order(&["--from", "npm", "--to", "go"], &["convert"], &["1.0.0"]);
    check_order(&["--scheme", "npm", "--existing", "1.1.0"], &["next"], &["minor", "1.0.0"]);
}

#[test]
fn flags_behind_values_of_parse() {
    check_order(&["--json"], &["parse", "--scheme", "npm"], &["1.0.0"]);
    check_order(&["--scheme", "npm"], &["parse"], &["1.0.0", "2.0.0"]);
    let room = Room::empty();
    let help = room.ask(&["parse", "--scheme", "npm", "1.0.0", "--help"]);
    help.exits(0);
    assert!(help.out.contains("Usage"), "{help}");
}

/// What looks like a flag may be a value behind `--`.
#[test]
fn values_that_look_like_flags() {
    let room = Room::empty();
    for scheme in SCHEMES {
        let (good, _) = two_versions(scheme);
        let said = room.ask(&["parse", "--scheme", scheme, "--", "--help"]);
        assert!(said.exits(2).documents()[0]["error"].as_str().unwrap().contains("--help"), "{said}");
        room.ask(&["compare", "--scheme", scheme, "--", good, "-1"]).refuses(2, &["-1"]);
        room.ask(&["sort", "--scheme", scheme, "--", "-r"]).refuses(2, &["-r"]);
    }
}
