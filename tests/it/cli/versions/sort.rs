//! `version sort`: the oldest first, equal ones as they were given, all or nothing.

use serde_json::json;

use super::bed::Room;

/// `sorted` as values and as lines, out of any order.
#[track_caller]
fn check(scheme: &str, sorted: &[&str]) {
    let room = Room::empty();
    let mut shuffled = sorted.to_vec();
    shuffled.rotate_left(sorted.len() / 2);
    shuffled.swap(0, sorted.len() - 1);
    let mut args = vec!["sort", "--scheme", scheme];
    room.ask_lines(&args, shuffled.join("\n")).answers(sorted);
    room.ask_lines(&args, shuffled.join("\r\n") + "\r\n").answers(sorted);
    args.extend(&shuffled);
    room.ask(&args).answers(sorted);
    for flag in ["--reverse", "-r"] {
        let backwards: Vec<_> = sorted.iter().rev().copied().collect();
        args[0] = flag;
        args.insert(0, "sort");
        room.ask(&args).answers(&backwards);
        args.remove(0);
        args[0] = "sort";
    }
}

#[test]
fn every_scheme() {
    check(
        "pep440",
        &[
            "v0.9",
            "1.0.dev3",
            "1.0a2",
            "1.0b1",
            "1.0-rc.1",
            "1.0",
            "1.0+l",
            "1.0.post1",
            "1.1",
            "1.10",
            "1!0.1",
        ],
    );
    let npm = [
        "0.9.0",
        "1.0.0-0",
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "v1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0",
        "1.10.0",
    ];
    check("npm", &npm);
    check("npm-loose", &npm);
    check("npm-loose", &["1.0.0-alpha", "1.0.0rc1", "01.0.0", "1.0.1"]);
    // The list of semver.org.
    let semver = [
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0",
        "2.0.0",
        "2.1.0",
        "2.1.1",
    ];
    check("semver", &semver);
    check("cargo", &semver);
    check("npm", &semver);
    check(
        "go",
        &[
            "v0.0.0-20191109021931-daa7c04131f5",
            "v0.9.0",
            "v1.0.0-rc.1",
            "v1.0.0",
            "v1.10.0",
            "v2.0.0+incompatible",
        ],
    );
    check("oci", &["0.4.0-rc.2", "v0.4.0-rc.10", "0.4.0", "v0.10.0"]);
    check("calver", &["22.10", "24.04", "24.10", "2025.1", "2026.2.3", "2026.11.20-rc.1", "2026.11.20"]);
}

#[test]
fn equal_ones_stay_as_they_were_given() {
    let room = Room::empty();
    let sort = ["sort", "--scheme", "pep440"];
    room.ask_lines(&sort, "1.0.0\n2\n1.0\n1\nv1.0\n").answers(&["1.0.0", "1.0", "1", "v1.0", "2"]);
    room.ask_lines(&sort, "v1.0\n1\n2\n1.0\n1.0.0\n").answers(&["v1.0", "1", "1.0", "1.0.0", "2"]);
}

/// The newest first does not turn around what is equal.
#[test]
fn equal_ones_stay_as_they_were_given_in_reverse() {
    let sort = ["sort", "--scheme", "pep440", "--reverse"];
    Room::empty().ask_lines(&sort, "1.0.0\n2\n1.0\n1\nv1.0\n").answers(&["2", "1.0.0", "1.0", "1", "v1.0"]);
}

#[test]
fn nothing_to_sort() {
    let room = Room::empty();
    room.ask(&["sort", "--scheme", "npm"]).answers(&[]);
    room.ask(&["sort", "--scheme", "npm", "--json"]).answers(&["[]"]);
}

#[test]
fn json() {
    let room = Room::empty();
    let said = room.ask_lines(&["sort", "--scheme", "npm", "--json"], "v1.0.0\n0.9.0\n");
    assert_eq!(said.documents(), [json!(["0.9.0", "v1.0.0"])]);
    let said = room.ask_lines(&["sort", "--scheme", "npm", "--json"], "1.0.0\nbad\n");
    said.exits(2);
    assert!(said.documents()[0].to_string().contains("bad"), "{said}");
}

/// One that is no version: all is refused, with the place, or that one is left out.
#[test]
fn what_is_no_version() {
    let room = Room::empty();
    let sort = ["sort", "--scheme", "npm"];
    room.ask_lines(&sort, "2.0.0\nbad\n1.0.0\n").refuses(2, &["line 2", "bad", "--skip-invalid"]);
    room.ask_lines(&sort, "2.0.0\n\n1.0.0\n").refuses(2, &["line 2", "empty"]);
    room.ask(&["sort", "--scheme", "npm", "2.0.0", "bad"]).refuses(2, &["bad", "2"]);
    let skip = ["sort", "--scheme", "npm", "--skip-invalid"];
    for input in ["2.0.0\nbad\n1.0.0\n", "2.0.0\r\nbad\r\n1.0.0"] {
        let said = room.ask_lines(&skip, input);
        said.exits(0).explains(&["bad"]);
        assert_eq!(said.lines(), ["1.0.0", "2.0.0"], "{said}");
    }
    let said = room.ask_lines(&skip, format!("2.0.0\n\n{}\n1.0.0\n", "1".repeat(100_000)));
    said.exits(0);
    assert_eq!(said.lines(), ["1.0.0", "2.0.0"], "{said}");
    assert!(said.err.len() < 2000, "the note must not hold the whole line");
    room.ask_lines(&["-q", "sort", "--scheme", "npm", "--skip-invalid"], "bad\n1.0.0\n").answers(&["1.0.0"]);
}

/// Bytes that are no text are no version either.
#[test]
fn what_is_no_text() {
    let room = Room::empty();
    room.ask_lines(&["sort", "--scheme", "npm"], b"2.0.0\n\xff\n1.0.0\n").refuses(2, &["line 2", "UTF-8"]);
    let said = room.ask_lines(&["sort", "--scheme", "npm", "--skip-invalid"], b"2.0.0\n\xff\n1.0.0\n");
    said.exits(0).explains(&["2", "UTF-8"]);
    assert_eq!(said.lines(), ["1.0.0", "2.0.0"], "{said}");
}

#[test]
fn a_hundred_thousand() {
    let versions: Vec<_> = (0..100_000).map(|n| format!("1.{}.{}", n / 100, n % 100)).collect();
    let input: String = versions.iter().rev().map(|version| format!("{version}\n")).collect();
    for scheme in ["pep440", "npm"] {
        let said = Room::empty().ask_lines(&["sort", "--scheme", scheme], &input);
        said.exits(0);
        assert!(said.lines() == versions, "sorted by {scheme}");
    }
}
