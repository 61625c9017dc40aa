//! `version match`: whether a requirement admits a version.

use serde_json::json;

use super::bed::Room;

/// A question asked as values (exit 1 for `false`) and as a line (exit 0), with and without `--prereleases`.
#[track_caller]
fn check(schemes: &[&str], requirement: &str, version: &str, usual: bool, prereleases: bool) {
    let room = Room::empty();
    for scheme in schemes {
        for (flag, matches) in [(None, usual), (Some("--prereleases"), prereleases)] {
            let mut args = vec!["match", "--scheme", scheme];
            args.extend(flag);
            let answer = matches.to_string();
            let line = format!("{requirement}\t{version}\n");
            room.ask_lines(&args, line.repeat(2)).answers(&[&answer, &answer]);
            args.extend(["--", requirement, version]);
            let said = room.ask(&args);
            assert_eq!(said.lines(), [answer], "{said}");
            said.exits(i32::from(!matches));
            assert_eq!(said.err, "");
        }
    }
}

#[test]
fn pep440() {
    for (requirement, version, usual, prereleases) in [
        (">=1", "2", true, true),
        (">=1", "0.1", false, false),
        ("", "1.0", true, true),
        (">=0.12.44,<0.13", "0.12.50", true, true),
        (">=0.12.44,<0.13", "0.13.2", false, false),
        ("~=1.4.2", "1.4.9", true, true),
        ("~=1.4.2", "1.5", false, false),
        ("==1.*", "1.9.post1", true, true),
        ("!=1.*", "1.9", false, false),
        ("==1.0", "1.0+local", true, true),
        ("==1.0+local", "1.0", false, false),
        ("===1.0", "1.0.0", false, false),
        ("===banana", "banana", true, true),
        (">1", "1.post1", false, false),
        (">1.0", "1.0+local", false, false),
        ("<1", "1rc1", false, false),
        ("<1rc2", "1rc1", true, true),
        (">=1", "1rc1", false, false),
        (">=1", "2rc1", true, true),
        (" >= 1 , != 1.5 ", "1.5", false, false),
        (">=1!1", "2", false, false),
        // As packaging says since it admits any text for `===`.
        (">=1", "banana", false, false),
    ] {
        check(&["pep440"], requirement, version, usual, prereleases);
    }
}

#[test]
fn npm() {
    for (requirement, version, usual, prereleases) in [
        ("^1.2.3", "1.9.0", true, true),
        ("^1.2.3", "2.0.0", false, false),
        ("^0.2.3", "0.3.0", false, false),
        ("~1.2.3", "1.2.9", true, true),
        ("~1.2.3", "1.3.0", false, false),
        ("1.2.x", "1.2.7", true, true),
        ("1", "1.99.0", true, true),
        ("1.2 - 2.3", "2.3.9", true, true),
        ("1.2 - 2.3", "2.4.0", false, false),
        ("<1.0.0 || >=2.3.1 <2.4.5", "2.4.4", true, true),
        ("<1.0.0 || >=2.3.1 <2.4.5", "2.4.5", false, false),
        ("", "1.2.3", true, true),
        ("*", "1.2.3-rc.1", false, true),
        (">1.2.3-alpha.3", "1.2.3-alpha.7", true, true),
        (">1.2.3-alpha.3", "3.4.5-alpha.9", false, true),
        ("^1.2.3", "2.0.0-rc.1", false, false),
        (">=1.2.3", "v1.2.3+build", true, true),
    ] {
        check(&["npm", "npm-loose"], requirement, version, usual, prereleases);
    }
    check(&["npm-loose"], ">=1.2.3", "1.3.0beta", false, true);
    check(&["npm-loose"], "^01.2.3", "1.3.0", true, true);
}

#[test]
fn semver_and_cargo() {
    for (requirement, version, matches) in [
        ("1.2.3", "1.3.0", true),
        ("^0.2.3", "0.3.0", false),
        ("~1.2", "1.2.9", true),
        ("~1.2", "1.3.0", false),
        ("=1.2.3", "1.2.4", false),
        (">=1.2, <1.5", "1.4.9", true),
        (">=1.2, <1.5", "1.5.0", false),
        ("1.*", "1.7.0", true),
        ("*", "0.0.1", true),
        (">=1.0.0-rc.1", "1.0.0-rc.2", true),
        ("^1.0.0", "1.1.0-rc.1", false),
        ("=1.2.3", "1.2.3+build", true),
    ] {
        let room = Room::empty();
        let answer = matches.to_string();
        for scheme in ["semver", "cargo"] {
            let args = ["match", "--scheme", scheme];
            room.ask_lines(
                &args,
                format!(
                    "{requirement}	{version}
"
                )
                .repeat(2),
            )
            .answers(&[&answer, &answer]);
            let said = room.ask(&[&args[..], &[requirement, version]].concat());
            assert_eq!(said.exits(i32::from(!matches)).lines(), [answer.as_str()], "{said}");
        }
    }
    // Cargo knows no such switch: it does, or it says that it does not.
    let said = Room::empty().ask(&["match", "--scheme", "cargo", "--prereleases", "^1.0.0", "1.1.0-rc.1"]);
    if said.code != 0 {
        said.refuses(2, &["--prereleases"]);
    }
}

/// These schemes have no requirements, and say so.
#[test]
fn schemes_without_requirements() {
    let room = Room::empty();
    for (scheme, version) in [("go", "v1.2.3"), ("oci", "1.2.3"), ("calver", "2026.11.20")] {
        room.ask(&["match", "--scheme", scheme, ">=1", version]).refuses(2, &[scheme, "requirement"]);
        let said = room.ask_lines(&["match", "--scheme", scheme], format!(">=1\t{version}\n"));
        // Said once and for all, or of the line.
        assert!([0, 2].contains(&said.code), "{said}");
        let said = format!("{}{}", said.out, said.err);
        assert!(said.starts_with("error: ") && said.contains(scheme), "{said}");
    }
}

#[test]
fn what_cannot_be_read() {
    let room = Room::empty();
    for (scheme, requirement) in [
        ("pep440", "banana"),
        ("pep440", "^1.0"),
        ("npm", ">=banana"),
        ("npm", ">=1.2.3, <2"),
        ("semver", "1 || 2"),
        ("cargo", ">=1.2 <2"),
    ] {
        room.ask(&["match", "--scheme", scheme, "--", requirement, "1.0.0"]).refuses(2, &[requirement]);
        let said =
            room.ask_lines(&["match", "--scheme", scheme], format!("{requirement}\t1.0.0\n*\t1.0.0\n"));
        let lines = said.exits(0).lines();
        assert_eq!(lines.len(), 2, "{said}");
        assert!(lines[0].starts_with("error: ") && lines[0].contains(requirement), "{said}");
    }
    for (scheme, version) in [("cargo", "banana"), ("semver", "v1.0.0")] {
        room.ask(&["match", "--scheme", scheme, "1", version]).refuses(2, &[version]);
    }
    // What the libraries of these answer for a text that is no version.
    for (scheme, version) in [("pep440", "banana"), ("npm", "1.2"), ("npm-loose", "banana")] {
        let requirement = if scheme == "pep440" { ">=1" } else { "1" };
        room.ask(&["match", "--scheme", scheme, requirement, version]).exits(1);
    }
    room.ask(&["match", "--scheme", "npm", "1"]).refuses(2, &["<VERSION>"]);
    let long = format!(">={}", "1".repeat(5000));
    room.ask(&["match", "--scheme", "pep440", &long, "1"]).refuses(2, &["4096"]);
}

#[test]
fn json() {
    let room = Room::empty();
    let said = room.ask(&["match", "--scheme", "npm", "--json", "^1", "1.2.3"]);
    assert_eq!(said.exits(0).documents(), [json!({"matches": true})]);
    let said = room.ask(&["match", "--scheme", "npm", "--json", "^1", "2.2.3"]);
    assert_eq!(said.exits(1).documents(), [json!({"matches": false})]);
    let said = room.ask_lines(&["match", "--scheme", "npm", "--json"], "^1\t1.2.3\n>=x.y\t1.2.3\n");
    let documents = said.exits(0).documents();
    assert_eq!(documents[0], json!({"matches": true}));
    assert!(documents[1]["error"].as_str().unwrap().contains(">=x.y"), "{said}");
}
