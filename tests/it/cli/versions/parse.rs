//! `version parse`: the canonical form and the parts, or the error.

use serde_json::{Value, json};

use super::SCHEMES;
use super::bed::Room;

#[track_caller]
fn check(scheme: &str, text: &str, parts: &Value) {
    let room = Room::empty();
    let said = room.ask(&["parse", "--scheme", scheme, text]);
    said.exits(0);
    assert_eq!(said.err, "");
    let documents = said.documents();
    assert_eq!(documents.len(), 1, "{said}");
    for (name, value) in parts.as_object().unwrap() {
        assert_eq!(documents[0].get(name), Some(value), "`{name}` of {said}");
    }
    assert_eq!(documents[0].get("error"), None, "{said}");
    // A line gets the same answer.
    assert_eq!(room.ask_lines(&["parse", "--scheme", scheme], format!("{text}\n")).out, said.out);
    // What is canonical stays as it is.
    let canonical = documents[0]["canonical"].as_str().unwrap();
    let again = room.ask(&["parse", "--scheme", scheme, canonical]);
    assert_eq!(again.documents()[0]["canonical"], canonical, "{again}");
}

#[test]
fn pep440() {
    for (text, parts) in [
        ("1.2.3", json!({"canonical": "1.2.3", "prerelease": false})),
        ("v1.2.3", json!({"canonical": "1.2.3"})),
        (
            "1.2.0rc1",
            json!({"canonical": "1.2.0rc1", "pre": ["rc", 1], "release": [1, 2, 0], "prerelease": true}),
        ),
        ("1.2.0-rc.1", json!({"canonical": "1.2.0rc1"})),
        ("1.2.0C1", json!({"canonical": "1.2.0rc1"})),
        ("1.2.0_preview_2", json!({"canonical": "1.2.0rc2"})),
        ("1.0-Alpha-3", json!({"canonical": "1.0a3", "pre": ["a", 3]})),
        ("1.0beta", json!({"canonical": "1.0b0", "pre": ["b", 0]})),
        ("1.0-1", json!({"canonical": "1.0.post1", "post": 1, "prerelease": false})),
        ("1.0.rev4", json!({"canonical": "1.0.post4"})),
        ("0.4.5-dev", json!({"canonical": "0.4.5.dev0", "dev": 0, "prerelease": true})),
        ("0.4.5.dev20260202", json!({"canonical": "0.4.5.dev20260202", "dev": 20_260_202})),
        ("1!2.0+Local_1", json!({"canonical": "1!2.0+local.1", "epoch": 1, "local": "local.1"})),
        (
            " 1.0a1.post2.dev3\t",
            json!({"canonical": "1.0a1.post2.dev3", "pre": ["a", 1], "post": 2, "dev": 3}),
        ),
        ("01.002", json!({"canonical": "1.2"})),
        ("1.2.3.4", json!({"canonical": "1.2.3.4", "release": [1, 2, 3, 4]})),
        ("2026.11", json!({"canonical": "2026.11"})),
    ] {
        check("pep440", text, &parts);
    }
}

#[test]
fn npm_strict_and_loose() {
    for scheme in ["npm", "npm-loose"] {
        for (text, parts) in [
            ("1.2.3", json!({"canonical": "1.2.3", "major": 1, "minor": 2, "patch": 3, "prerelease": false})),
            ("v1.2.3", json!({"canonical": "1.2.3"})),
            (" 1.2.3 ", json!({"canonical": "1.2.3"})),
            ("1.2.0-rc.1", json!({"canonical": "1.2.0-rc.1", "pre": "rc.1", "prerelease": true})),
            ("1.2.0-rc1", json!({"canonical": "1.2.0-rc1"})),
            ("1.2.3+build.5", json!({"canonical": "1.2.3", "build": "build.5", "prerelease": false})),
            ("1.0.0-foo.1", json!({"canonical": "1.0.0-foo.1"})),
        ] {
            check(scheme, text, &parts);
        }
    }
    check("npm-loose", "1.2.0rc1", &json!({"canonical": "1.2.0-rc1", "prerelease": true}));
    check("npm-loose", "=v1.2.3", &json!({"canonical": "1.2.3"}));
    check("npm-loose", "01.02.03", &json!({"canonical": "1.2.3"}));
}

#[test]
fn semver_and_cargo() {
    for scheme in ["semver", "cargo"] {
        for (text, parts) in [
            ("1.2.3", json!({"canonical": "1.2.3", "major": 1, "minor": 2, "patch": 3, "prerelease": false})),
            ("1.2.3-rc.1", json!({"canonical": "1.2.3-rc.1", "pre": "rc.1", "prerelease": true})),
            ("1.2.3-rc.1+b.7", json!({"canonical": "1.2.3-rc.1+b.7", "build": "b.7"})),
            ("1.0.0-0A.is.legal", json!({"canonical": "1.0.0-0A.is.legal"})),
        ] {
            check(scheme, text, &parts);
        }
    }
}

#[test]
fn go() {
    for (text, parts) in [
        (
            "v1.2.3",
            json!({"canonical": "v1.2.3", "pseudo": false, "incompatible": false, "prerelease": false}),
        ),
        ("v0.4.0-rc.1", json!({"canonical": "v0.4.0-rc.1", "prerelease": true})),
        ("v2.0.0+incompatible", json!({"canonical": "v2.0.0+incompatible", "incompatible": true})),
        ("v0.0.0-20191109021931-daa7c04131f5", json!({"pseudo": true, "prerelease": true})),
    ] {
        check("go", text, &parts);
    }
}

#[test]
fn oci() {
    for (text, parts) in [
        ("1.2.3", json!({"canonical": "1.2.3", "version": "1.2.3"})),
        ("v0.4.0-rc.1", json!({"canonical": "v0.4.0-rc.1", "version": "0.4.0-rc.1", "prerelease": true})),
        // Good tags that name no release.
        ("latest", json!({"canonical": "latest", "version": null})),
        ("1.2", json!({"canonical": "1.2", "version": null})),
        (&"a".repeat(128), json!({"canonical": "a".repeat(128)})),
    ] {
        check("oci", text, &parts);
    }
}

#[test]
fn calver() {
    for (text, parts) in [
        ("2026.11.20", json!({"canonical": "2026.11.20", "year": 2026, "release": [2026, 11, 20]})),
        ("24.04", json!({"canonical": "24.4", "year": 24, "prerelease": false})),
        ("2026.11.20-rc.1", json!({"prerelease": true})),
        ("2026.11", json!({"canonical": "2026.11"})),
    ] {
        check("calver", text, &parts);
    }
}

/// One JSON object with nothing but the error: exit 2 for a value, 0 for a line.
#[track_caller]
fn check_error(scheme: &str, text: &str, essentials: &[&str]) {
    let room = Room::empty();
    let said = room.ask(&["parse", "--scheme", scheme, "--", text]);
    said.exits(2);
    let documents = said.documents();
    assert_eq!(documents.len(), 1, "{said}");
    assert_eq!(documents[0].as_object().unwrap().len(), 1, "{said}");
    let error = documents[0]["error"].as_str().unwrap();
    for essential in essentials {
        assert!(error.contains(essential), "`{essential}` is not said in {said}");
    }
    let line = room.ask_lines(&["parse", "--scheme", scheme], format!("{text}\n"));
    line.exits(0);
    assert_eq!(line.out, said.out);
    assert_eq!(line.err, "");
}

/// An error names the text and the character.
#[test]
fn errors() {
    for (scheme, text, place) in [
        ("pep440", "1.0+a!b", "character 6"),
        ("pep440", "1.2.3-4-5", "character 8"),
        ("pep440", "1é", "character 2"),
        ("pep440", "release-1.0", "start"),
        ("npm", "1.2.0rc1", "character 6"),
        ("npm", "1.2.3.4", "character 6"),
        ("npm", "1.2.3-é", "character 7"),
        ("npm", "1.2", "end"),
        ("npm-loose", "1.2", "end"),
        ("semver", "v1.2.3", "character 1"),
        ("semver", "01.2.3", "character 1"),
        ("semver", "1.2.3-01", "character 7"),
        ("cargo", "1.2", "character 4"),
        ("cargo", "1.2.3 ", "character 6"),
        ("go", "1.2.3", "start"),
        ("go", "v1.2.3+build", "character"),
        ("oci", "1.0+local", "character 4"),
        ("oci", "-1.0", "start"),
        ("calver", "v24.04", "character 1"),
        ("calver", "2026", "character"),
        ("calver", "2026.11.20-banana", "character 12"),
    ] {
        check_error(scheme, text, &[text, place]);
    }
}

/// Nothing is looked for inside a longer text.
#[test]
fn no_version_inside_a_longer_text() {
    for scheme in SCHEMES.into_iter().filter(|scheme| *scheme != "oci") {
        for text in
            ["thing-1.2.3", "1.2.3 and more", "v1.2.3/x", "1.2.3,1.2.4", "refs/tags/v1.2.3", "release 1.2.3"]
        {
            check_error(scheme, text, &[text]);
        }
    }
}

#[test]
fn empty_and_too_long() {
    for scheme in SCHEMES {
        check_error(scheme, "", &["empty"]);
        let limit = if scheme == "oci" { "128" } else { "256" };
        check_error(scheme, &"1".repeat(300), &[limit]);
    }
    check_error("npm", "99999999999999999999.0.0", &["99999999999999999999.0.0"]);
    check_error("cargo", "1.99999999999999999999.0", &["1.99999999999999999999.0"]);
}

/// Each value is answered, in order; one bad value decides the exit code.
#[test]
fn several_values() {
    let room = Room::empty();
    let said = room.ask(&["parse", "--scheme", "pep440", "1.0", "bad", "2.0"]);
    said.exits(2);
    let documents = said.documents();
    assert_eq!(documents.len(), 3, "{said}");
    assert_eq!(documents[0]["canonical"], "1.0");
    assert!(documents[1]["error"].as_str().unwrap().contains("bad"));
    assert_eq!(documents[2]["canonical"], "2.0");
    room.ask(&["parse", "--scheme", "npm", "1.0.0", "2.0.0"]).exits(0);
    // JSON with and without being asked for it.
    let plain = room.ask(&["parse", "--scheme", "npm", "1.0.0"]);
    assert_eq!(room.ask(&["--json", "parse", "--scheme", "npm", "1.0.0"]).out, plain.out);
}
