//! `version next KIND` with a scheme, where no project is asked.

use serde_json::json;

use super::bed::Room;

/// The answer as a value and as a line.
#[track_caller]
fn check(scheme: &str, kind: &str, current: &str, more: &[&str], next: &str) {
    let room = Room::empty();
    let next_of = [&["next", kind, "--scheme", scheme], more].concat();
    room.ask(&[&next_of[..], &[current]].concat()).answers(&[next]);
    room.ask_lines(&next_of, format!("{current}\n{current}\r\n{current}")).answers(&[next; 3]);
    // It comes after, and it is written as the scheme writes it.
    room.ask(&["compare", "--scheme", scheme, current, next]).answers(&["<"]);
    let parsed = room.ask(&["parse", "--scheme", scheme, next]);
    assert_eq!(parsed.documents()[0]["canonical"], next, "{parsed}");
}

/// Why there is no answer: 1 for a release that cannot be, 2 for what cannot be read; a line that says so.
#[track_caller]
fn check_refusal(scheme: &str, kind: &str, current: &str, more: &[&str], code: i32, essentials: &[&str]) {
    let room = Room::empty();
    let next_of = [&["next", kind, "--scheme", scheme], more].concat();
    room.ask(&[&next_of[..], &[current]].concat()).refuses(code, essentials);
    let said = room.ask_lines(&next_of, format!("{current}\n"));
    let lines = said.lines();
    assert_eq!(lines.len(), 1, "{said}");
    assert!(lines[0].starts_with("error: "), "{said}");
    said.exits(0);
}

#[test]
fn from_a_finished_release() {
    for (kind, pep440, semver) in [
        ("major", "1.0.0", "1.0.0"),
        ("minor", "0.5.0", "0.5.0"),
        ("patch", "0.4.5", "0.4.5"),
        ("alpha", "0.5.0a1", "0.5.0-alpha.1"),
        ("beta", "0.5.0b1", "0.5.0-beta.1"),
        ("candidate", "0.5.0rc1", "0.5.0-rc.1"),
        ("dev", "0.4.5.dev0", "0.4.5-dev.0"),
        ("nightly", "0.4.5.dev20261120", "0.4.5-dev.20261120"),
        ("hotfix", "0.4.5", "0.4.5"),
    ] {
        check("pep440", kind, "0.4.4", &[], pep440);
        for scheme in ["npm", "npm-loose", "semver", "cargo", "oci"] {
            check(scheme, kind, "0.4.4", &[], semver);
        }
        check("go", kind, "v0.4.4", &[], &format!("v{semver}"));
    }
    check("pep440", "post", "0.4.4", &[], "0.4.4.post1");
    check("pep440", "post", "0.4.4.post1", &[], "0.4.4.post2");
}

#[test]
fn from_a_release_under_way() {
    for (scheme, kind, current, next) in [
        ("pep440", "candidate", "0.4.0rc1", "0.4.0rc2"),
        ("pep440", "final", "0.4.0rc1", "0.4.0"),
        ("pep440", "minor", "0.4.0rc1", "0.4.0"),
        ("pep440", "major", "0.4.0rc1", "1.0.0"),
        ("pep440", "alpha", "1.0.0a2", "1.0.0a3"),
        ("pep440", "beta", "1.0.0a2", "1.0.0b1"),
        ("pep440", "candidate", "1.0.0b3", "1.0.0rc1"),
        ("pep440", "final", "0.4.5.dev20260202", "0.4.5"),
        ("pep440", "candidate", "0.4.5.dev0", "0.4.5rc1"),
        ("pep440", "dev", "0.5.0.dev0", "0.5.0.dev1"),
        ("pep440", "nightly", "0.5.0.dev20261119", "0.5.0.dev20261120"),
        ("pep440", "patch", "0.4.5rc1", "0.4.5"),
        ("npm", "candidate", "0.4.0-rc.1", "0.4.0-rc.2"),
        ("npm", "candidate", "0.4.0-rc.9", "0.4.0-rc.10"),
        ("npm", "final", "v0.4.0-rc.1", "0.4.0"),
        ("semver", "beta", "1.0.0-alpha.2", "1.0.0-beta.1"),
        ("go", "candidate", "v0.4.0-rc.1", "v0.4.0-rc.2"),
        ("go", "final", "v0.4.0-rc.1", "v0.4.0"),
        ("oci", "candidate", "0.4.0-rc.1", "0.4.0-rc.2"),
    ] {
        check(scheme, kind, current, &[], next);
    }
}

#[test]
fn shapes_are_kept() {
    for (kind, current, next) in [
        ("minor", "1.2", "1.3"),
        ("major", "1.2", "2.0"),
        ("minor", "1!2.0", "1!2.1"),
        ("minor", "1.2.3.4", "1.3.0.0"),
        ("patch", "1.0.post1", "1.0.1"),
        ("minor", "1.9", "1.10"),
    ] {
        check("pep440", kind, current, &[], next);
    }
}

/// A calendar version is counted by a date, in the format that is given.
#[test]
fn calendar_versions() {
    let format = |format: &'static str| ["--format", format, "--now", "2026-12-24"];
    check("calver", "patch", "2026.11.20", &format("YYYY.MM.DD"), "2026.12.24");
    check("calver", "patch", "24.04", &format("YY.0M"), "26.12");
    check("calver", "patch", "2026.12.4", &format("YYYY.0M.MICRO"), "2026.12.5");
    let room = Room::empty();
    room.ask(&["next", "patch", "--scheme", "calver", "2026.11.20"]).refuses(1, &["--format"]);
    room.ask(&["next", "minor", "--scheme", "calver", "--format", "YYYY.0M", "2026.11"])
        .refuses(2, &["patch"]);
    room.ask(&["next", "patch", "--scheme", "pep440", "--format", "YYYY.0M", "1.0"]).refuses(2, &["calver"]);
}

/// On the way to a release that has its number, the number stays.
#[test]
fn calendar_candidates() {
    check("calver", "candidate", "2026.11.20-rc.1", &[], "2026.11.20-rc.2");
    check("calver", "final", "2026.11.20-rc.1", &[], "2026.11.20");
    check("calver", "post", "2026.11.20", &[], "2026.11.20-post.1");
    Room::empty().ask(&["next", "candidate", "--scheme", "calver", "2026.11.20"]).refuses(1, &["--format"]);
}

/// The number of a version that exists is not given again.
#[test]
fn counters_from_what_exists() {
    for (scheme, kind, current, existing, next) in [
        ("pep440", "candidate", "0.4.4", &["0.5.0rc1", "0.5.0rc2"][..], "0.5.0rc3"),
        ("pep440", "candidate", "0.4.4", &["0.5.0rc9", "0.5.0rc1"], "0.5.0rc10"),
        ("pep440", "candidate", "0.4.4", &["v0.5.0-RC.1"], "0.5.0rc2"),
        ("pep440", "candidate", "0.4.4", &["0.5.0"], "0.6.0rc1"),
        ("pep440", "candidate", "0.5.0rc1", &["0.5.0rc1", "0.5.0rc4"], "0.5.0rc5"),
        ("pep440", "alpha", "0.4.4", &["0.5.0a1"], "0.5.0a2"),
        ("pep440", "post", "0.4.4", &["0.4.4.post1", "0.4.4.post2"], "0.4.4.post3"),
        ("pep440", "dev", "0.4.4", &["0.4.5.dev0", "0.4.5.dev3"], "0.4.5.dev4"),
        ("pep440", "hotfix", "0.4.4", &["0.4.5", "0.4.6", "0.5.0"], "0.4.7"),
        ("pep440", "patch", "0.4.4", &["0.4.5"], "0.4.6"),
        ("pep440", "minor", "0.4.4", &["0.5.0", "0.5.1"], "0.6.0"),
        ("pep440", "major", "0.4.4", &["1.0.0"], "2.0.0"),
        ("pep440", "minor", "0.4.4", &["0.3.0", "0.4.3", "0.4.4"], "0.5.0"),
        ("npm", "candidate", "0.4.4", &["0.5.0-rc.1", "v0.5.0-rc.2"], "0.5.0-rc.3"),
        ("go", "candidate", "v0.4.4", &["v0.5.0-rc.1"], "v0.5.0-rc.2"),
    ] {
        let flags: Vec<_> = existing.iter().flat_map(|version| ["--existing", version]).collect();
        check(scheme, kind, current, &flags, next);
        // The same as further fields of a line.
        let line = format!("{current}\t{}\n", existing.join("\t"));
        Room::empty().ask_lines(&["next", kind, "--scheme", scheme], line).answers(&[next]);
    }
}

#[test]
fn what_the_first_candidate_leads_to() {
    for kind in ["alpha", "beta", "candidate"] {
        let letters = [("alpha", "a"), ("beta", "b"), ("candidate", "rc")];
        let (_, letters) = letters.into_iter().find(|(name, _)| *name == kind).unwrap();
        check("pep440", kind, "0.4.4", &["--of", "patch"], &format!("0.4.5{letters}1"));
        check("pep440", kind, "0.4.4", &["--of", "minor"], &format!("0.5.0{letters}1"));
        check("pep440", kind, "0.4.4", &["--of", "major"], &format!("1.0.0{letters}1"));
        // One that is under way goes on, unless another one is asked for.
        check("pep440", kind, &format!("0.7.0{letters}4"), &[], &format!("0.7.0{letters}5"));
        check("pep440", kind, &format!("0.7.0{letters}4"), &["--of", "major"], &format!("1.0.0{letters}1"));
    }
}

/// From a development version the candidate is the first one: it leads where it is told to lead.
#[test]
fn what_the_first_candidate_leads_to_from_a_development_version() {
    check("pep440", "candidate", "0.4.5.dev0", &[], "0.4.5rc1");
    check("pep440", "candidate", "0.4.5.dev0", &["--of", "patch"], "0.4.5rc1");
    check("pep440", "candidate", "0.4.5.dev0", &["--of", "major"], "1.0.0rc1");
    check("npm", "alpha", "0.4.5-dev.0", &["--of", "minor"], "0.5.0-alpha.1");
}

#[test]
fn nightlies_by_date() {
    for (now, scheme, current, next) in [
        ("2024-02-29", "pep440", "0.4.4", "0.4.5.dev20240229"),
        ("2027-01-01", "pep440", "0.4.5.dev20261231", "0.4.5.dev20270101"),
        ("2027-01-01", "npm", "0.4.4", "0.4.5-dev.20270101"),
    ] {
        let room = Room::empty();
        room.ask_on(now, &["next", "nightly", "--scheme", scheme, current]).answers(&[next]);
    }
    check_refusal("pep440", "nightly", "0.4.5.dev20261120", &[], 1, &["0.4.5.dev20261120", "exists"]);
    check_refusal(
        "pep440",
        "nightly",
        "0.4.4",
        &["--existing", "0.4.5.dev20261120"],
        1,
        &["0.4.5.dev20261120"],
    );
    check_refusal(
        "pep440",
        "nightly",
        "0.4.4",
        &["--existing", "0.4.5.dev20261121"],
        1,
        &["0.4.5.dev20261121"],
    );
}

#[test]
fn what_cannot_come_next() {
    for (kind, current, essentials) in [
        ("final", "0.4.4", &["0.4.4"][..]),
        ("post", "0.4.0rc1", &["0.4.0rc1"]),
        ("hotfix", "0.4.0rc1", &["0.4.0rc1"]),
        ("alpha", "0.4.0rc1", &["0.4.0rc1"]),
        ("beta", "0.4.0rc1", &["0.4.0rc1"]),
        ("dev", "0.4.0rc1", &["0.4.0rc1"]),
        ("nightly", "1.0.0a2", &["1.0.0a2"]),
        ("dev", "0.4.5.dev20260202", &["0.4.5.dev20260202", "nightly"]),
        ("patch", "1.0.18446744073709551615", &["18446744073709551615"]),
    ] {
        check_refusal("pep440", kind, current, &[], 1, essentials);
    }
    check_refusal("pep440", "final", "0.4.0rc1", &["--existing", "0.4.0"], 1, &["0.4.0"]);
    check_refusal("npm", "post", "0.4.4", &[], 1, &["npm", "post"]);
    check_refusal("semver", "post", "0.4.4", &[], 1, &["semver", "post"]);
    check_refusal("npm", "patch", "0.0.9007199254740991", &[], 1, &[]);
}

/// A refusal speaks of versions as the scheme in question writes them.
#[test]
fn refusals_speak_the_scheme() {
    let (room, mut wrong) = (Room::empty(), Vec::new());
    for (scheme, kind, current) in [
        ("npm", "post", "0.4.0-rc.1"),
        ("go", "hotfix", "v0.4.0-rc.1"),
        ("npm", "alpha", "0.4.0-rc.1"),
        ("semver", "nightly", "0.4.0-dev.20261120"),
        ("semver", "dev", "0.4.0-alpha.3"),
    ] {
        let said = room.ask(&["next", kind, "--scheme", scheme, current]);
        said.refuses(1, &[]);
        if !said.err.contains(current) {
            wrong.push(said.to_string());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_cannot_be_read() {
    for (scheme, current) in
        [("pep440", "bad"), ("npm", "1.2"), ("go", "1.2.3"), ("semver", "v1.2.3"), ("oci", "latest")]
    {
        check_refusal(scheme, "minor", current, &[], 2, &[current]);
    }
    check_refusal("pep440", "minor", "", &[], 2, &["empty"]);
    let room = Room::empty();
    for input in ["", "1.0\n"] {
        room.ask_lines(&["next", "minor", "--scheme", "pep440", "--existing", "bad"], input)
            .refuses(2, &["bad"]);
    }
    room.ask(&["next", "minor", "--scheme", "pep440", "--existing", "bad", "1.0"]).refuses(2, &["bad"]);
    room.ask(&["next", "minr", "--scheme", "npm", "1.0.0"]).refuses(2, &["minr", "'minor'"]);
    room.ask(&["next", "--scheme", "npm"]).refuses(2, &["<KIND>"]);
    room.ask(&["next", "candidate", "--of", "post", "--scheme", "npm", "1.0.0"]).refuses(2, &["post"]);
}

#[test]
fn dates_that_are_none() {
    for day in ["2026-02-30", "today", "20261120x", ""] {
        let said = Room::empty().ask_on(day, &["next", "nightly", "--scheme", "npm", "1.0.0"]);
        said.refuses(2, &["--now"]);
    }
}

#[test]
fn json() {
    let room = Room::empty();
    let said = room.ask(&["next", "minor", "--scheme", "npm", "--json", "0.4.4"]);
    assert_eq!(said.exits(0).documents(), [json!({"version": "0.5.0"})]);
    let said = room.ask(&["next", "final", "--scheme", "npm", "--json", "0.4.4"]);
    assert!(said.exits(1).documents()[0].to_string().contains("0.4.4"), "{said}");
    let said = room.ask_lines(&["next", "minor", "--scheme", "npm", "--json"], "0.4.4\nbad\n");
    let documents = said.exits(0).documents();
    assert_eq!(documents[0], json!({"version": "0.5.0"}));
    assert!(documents[1]["error"].as_str().unwrap().contains("bad"), "{said}");
}
