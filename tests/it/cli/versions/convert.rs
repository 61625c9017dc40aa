//! `version convert`: the same release as another scheme writes it, or what cannot be said there.

use serde_json::json;

use super::bed::Room;
use super::{SCHEMES, two_versions};

fn command<'a>(from: &'a str, to: &'a str) -> [&'a str; 5] {
    ["convert", "--from", from, "--to", to]
}

/// As a value and as lines.
#[track_caller]
fn check(from: &str, value: &str, to: &str, converted: &str) {
    let room = Room::empty();
    room.ask(&[&command(from, to)[..], &[value]].concat()).answers(&[converted]);
    room.ask_lines(&command(from, to), format!("{value}\n{value}\r\n{value}")).answers(&[converted; 3]);
}

/// There and back again.
#[track_caller]
fn check_both(from: &str, value: &str, to: &str, converted: &str) {
    check(from, value, to, converted);
    check(to, converted, from, value);
}

/// The conversions that are promised, and their reverse.
#[test]
fn the_promised_ones() {
    for (pep440, semver) in [
        ("0.4.0", "0.4.0"),
        ("0.4.0rc1", "0.4.0-rc.1"),
        ("1.0.0a2", "1.0.0-alpha.2"),
        ("1.0.0b10", "1.0.0-beta.10"),
        ("0.4.5.dev20260202", "0.4.5-dev.20260202"),
        ("0.4.5.dev0", "0.4.5-dev.0"),
    ] {
        let go = format!("v{semver}");
        for scheme in ["npm", "npm-loose", "semver", "cargo", "oci"] {
            check_both("pep440", pep440, scheme, semver);
            check_both("go", &go, scheme, semver);
        }
        check_both("pep440", pep440, "go", &go);
    }
}

/// What is written otherwise, and means the same.
#[test]
fn other_spellings() {
    for (from, value, to, converted) in [
        ("pep440", "v0.4.0-RC_1", "npm", "0.4.0-rc.1"),
        ("pep440", "1.2", "npm", "1.2.0"),
        ("pep440", "1.0-1", "pep440", "1.0.post1"),
        ("pep440", "1.2.3.4", "oci", "1.2.3.4"),
        ("pep440", "1.0.0+local.1", "semver", "1.0.0+local.1"),
        ("npm", "v0.4.0-rc.1", "pep440", "0.4.0rc1"),
        ("oci", "v0.4.0-rc.1", "pep440", "0.4.0rc1"),
        ("calver", "2026.11.20", "npm", "2026.11.20"),
        ("calver", "2026.11.20", "go", "v2026.11.20"),
        ("calver", "2026.01.02", "pep440", "2026.1.2"),
        ("pep440", "2026.11.20", "calver", "2026.11.20"),
    ] {
        check(from, value, to, converted);
    }
}

#[test]
fn every_pair_of_schemes() {
    let room = Room::empty();
    for from in SCHEMES {
        for to in SCHEMES {
            let value = if from == "go" { "v2026.11.20" } else { "2026.11.20" };
            let converted = if to == "go" { "v2026.11.20" } else { "2026.11.20" };
            room.ask(&[&command(from, to)[..], &[value]].concat()).answers(&[converted]);
        }
    }
}

/// A refusal names the version, the scheme, and the part that it cannot write.
#[test]
fn refusals() {
    let room = Room::empty();
    for (from, value, to, essentials) in [
        ("pep440", "1!2.0", "npm", &["1!2.0", "npm", "epoch"][..]),
        ("pep440", "1!2.0", "semver", &["1!2.0", "semver", "epoch"]),
        ("pep440", "1!2.0", "oci", &["1!2.0", "oci", "epoch"]),
        ("pep440", "1.0.post1", "npm", &["1.0.post1", "npm", "post"]),
        ("pep440", "1.0.post1", "semver", &["1.0.post1", "semver", "post"]),
        ("pep440", "1.0.post1", "cargo", &["1.0.post1", "cargo", "post"]),
        ("pep440", "1.0.post1", "go", &["1.0.post1", "go", "post"]),
        ("pep440", "1.2.3.4", "npm", &["1.2.3.4", "npm", "three numbers"]),
        ("pep440", "1.0.0+local", "go", &["1.0.0+local", "go", "local"]),
        ("pep440", "1.0.0+local", "oci", &["1.0.0+local", "oci", "local"]),
        ("pep440", "1.0.0a1.dev2", "npm", &["1.0.0a1.dev2", "phase"]),
        ("pep440", "0.4.0", "calver", &["0.4.0", "calver", "year"]),
        ("npm", "1.0.0-foo.1", "pep440", &["1.0.0-foo.1", "pre-release"]),
        ("npm", "1.0.0-rc.1.2", "pep440", &["1.0.0-rc.1.2", "pre-release"]),
        ("go", "v0.0.0-20191109021931-daa7c04131f5", "pep440", &["v0.0.0-20191109021931-daa7c04131f5"]),
        ("oci", "latest", "pep440", &["latest"]),
        ("oci", "1.2", "pep440", &["1.2", "three numbers"]),
        // What cannot be read is named too.
        ("npm", "1.2", "pep440", &["1.2", "npm"]),
        ("pep440", "thing-1.2", "npm", &["thing-1.2", "PEP 440"]),
        ("semver", "", "npm", &["empty"]),
    ] {
        room.ask(&[&command(from, to)[..], &[value]].concat()).refuses(2, essentials);
        let said = room.ask_lines(&command(from, to), format!("{value}\n{value}\n"));
        let lines = said.exits(0).lines();
        assert_eq!(lines.len(), 2, "{said}");
        assert!(lines[1].starts_with("error: "), "{said}");
        assert!(essentials.iter().all(|essential| lines[1].contains(essential)), "{said}");
        assert_eq!(said.err, "");
    }
}

/// A refusal names the version as it was given, not in a spelling of another scheme.
#[test]
fn refusals_name_what_was_given() {
    let (room, mut wrong) = (Room::empty(), Vec::new());
    for (from, value, to) in [
        ("npm", "0.4.0-rc.1", "calver"),
        ("go", "v0.4.0-alpha.2", "calver"),
        ("semver", "1.0.0-dev.3+local", "go"),
        ("oci", "1.0.0.post1", "npm"),
    ] {
        let said = room.ask(&[&command(from, to)[..], &[value]].concat());
        said.refuses(2, &[]);
        if !said.err.contains(value) {
            wrong.push(said.to_string());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is converted into its own scheme is what `parse` calls canonical: nothing is lost, nothing refused.
#[test]
fn into_its_own_scheme() {
    let (room, mut wrong) = (Room::empty(), Vec::new());
    for (scheme, value) in [
        ("pep440", "v1.0-RC1"),
        ("pep440", "1.0a1.dev2"),
        ("npm", "v1.0.0-rc.1"),
        ("npm", "1.0.0-alpha"),
        ("npm", "1.0.0-rc1"),
        ("npm", "1.0.0-foo.1"),
        ("npm-loose", "1.2.0rc1"),
        ("semver", "1.0.0-0.3.7"),
        ("cargo", "1.0.0-x.7.z.92"),
        ("go", "v2.0.0+incompatible"),
        ("go", "v0.0.0-20191109021931-daa7c04131f5"),
        ("calver", "24.04"),
        ("calver", "2026.11.20-rc.1"),
    ] {
        let parsed = room.ask(&["parse", "--scheme", scheme, value]);
        let documents = parsed.documents();
        let canonical = documents[0]["canonical"].as_str().unwrap();
        let said = room.ask(&[&command(scheme, scheme)[..], &[value]].concat());
        if said.out != format!("{canonical}\n") {
            wrong.push(format!("{canonical} expected: {said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every answer is canonical where it goes to.
#[test]
fn answers_are_canonical() {
    let (room, mut wrong) = (Room::empty(), Vec::new());
    for value in [
        "2026.11.20",
        "2026.11.20rc1",
        "2026.11.20a2",
        "2026.11.20.dev3",
        "2026.11.20.post1",
        "2026.11",
        "26.4",
    ] {
        for to in SCHEMES {
            let said = room.ask(&[&command("pep440", to)[..], &[value]].concat());
            if said.code == 0 {
                let parsed = room.ask(&["parse", "--scheme", to, said.line()]);
                if parsed.documents()[0]["canonical"] != said.line() {
                    wrong.push(format!("{said}\n{parsed}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Lossless, or refused: what comes back is equal to what was given.
#[test]
fn round_trips() {
    let (room, mut wrong) = (Room::empty(), Vec::new());
    for (from, value) in [
        ("pep440", "1.2"),
        ("pep440", "1.2.3.4"),
        ("pep440", "1.0.post1"),
        ("pep440", "1.0.0+local.1"),
        ("pep440", "1.0a0"),
        ("npm", "1.0.0-alpha"),
        ("npm", "1.0.0-alpha.0"),
        ("npm", "1.0.0-rc.1"),
        ("npm-loose", "1.2.0rc1"),
        ("npm-loose", "1.2.0-rc.1"),
        ("semver", "1.0.0-beta"),
        ("cargo", "1.0.0-dev"),
        ("go", "v1.0.0-rc"),
        ("oci", "v0.4.0-rc.1"),
        ("oci", "1.0.0.post1"),
        ("calver", "24.04"),
        ("calver", "2026.11.20-rc.1"),
    ] {
        for to in SCHEMES {
            let there = room.ask(&[&command(from, to)[..], &[value]].concat());
            if there.code != 0 {
                continue;
            }
            let back = room.ask(&[&command(to, from)[..], &[there.line()]].concat());
            let order = room.ask(&["compare", "--scheme", from, value, back.line()]);
            if order.line() != "=" {
                wrong.push(format!("{from} {value} -> {to} {} -> {}", there.line(), back.line()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What is older stays older. (`dev` is left out beside `alpha` and `beta`: SemVer orders words by their letters.)
#[test]
fn order_is_kept() {
    let room = Room::empty();
    for phases in [
        &[
            "2026.1.9",
            "2026.2.0a2",
            "2026.2.0a10",
            "2026.2.0b1",
            "2026.2.0rc1",
            "2026.2.0rc10",
            "2026.2.0",
            "2026.10.0",
        ][..],
        &["2026.2.0.dev2", "2026.2.0.dev10", "2026.2.0rc1", "2026.2.0"],
    ] {
        for to in SCHEMES {
            let converted: Vec<_> = phases
                .iter()
                .map(|value| room.ask(&[&command("pep440", to)[..], &[value]].concat()).line().to_owned())
                .collect();
            for pair in converted.windows(2) {
                let said = room.ask(&["compare", "--scheme", to, &pair[0], &pair[1]]);
                assert_eq!(said.line(), "<", "{said}");
            }
        }
    }
}

/// In the loose scheme `rc10` is below `rc2`: it is no tenth candidate, and a conversion must not make it one.
#[test]
fn order_is_kept_of_loose_versions() {
    let room = Room::empty();
    let [ten, two] = ["1.2.0rc10", "1.2.0rc2"];
    assert_eq!(room.ask(&["compare", "--scheme", "npm-loose", ten, two]).line(), "<");
    for to in ["npm", "pep440", "semver"] {
        let [ten, two] =
            [ten, two].map(|value| room.ask(&[&command("npm-loose", to)[..], &[value]].concat()));
        if ten.code == 0 && two.code == 0 {
            let said = room.ask(&["compare", "--scheme", to, ten.line(), two.line()]);
            assert_eq!(said.line(), "<", "{said}");
        }
    }
}

/// Where a scheme reads a version, the others agree that it can be read.
#[test]
fn parse_and_convert_read_the_same() {
    let room = Room::empty();
    for (scheme, value) in [
        ("calver", "0.4.0"),
        ("calver", "6.10"),
        ("calver", "26.4"),
        ("calver", "2026.1.2.3"),
        ("semver", "0.4.0"),
    ] {
        let parsed = room.ask(&["parse", "--scheme", scheme, value]);
        let converted = room.ask(&[&command(scheme, scheme)[..], &[value]].concat());
        assert_eq!(parsed.code, converted.code, "{parsed}\n{converted}");
    }
}

#[test]
fn json() {
    let room = Room::empty();
    let said = room.ask(&["convert", "--from", "pep440", "--to", "npm", "--json", "0.4.0rc1"]);
    assert_eq!(said.exits(0).documents(), [json!({"version": "0.4.0-rc.1"})]);
    let said = room.ask(&["convert", "--from", "pep440", "--to", "npm", "--json", "1!2"]);
    assert!(said.exits(2).documents()[0].to_string().contains("epoch"), "{said}");
    let said = room.ask_lines(&["convert", "--from", "pep440", "--to", "npm", "--json"], "0.4.0rc1\n1!2\n");
    let documents = said.exits(0).documents();
    assert_eq!(documents[0], json!({"version": "0.4.0-rc.1"}));
    assert!(documents[1]["error"].as_str().unwrap().contains("epoch"), "{said}");
}

#[test]
fn both_schemes_are_asked_for() {
    let room = Room::empty();
    let (value, _) = two_versions("pep440");
    room.ask(&["convert", "--from", "pep440", value]).refuses(2, &["--to"]);
    room.ask(&["convert", "--to", "pep440", value]).refuses(2, &["--from"]);
    room.ask(&["convert", "--from", "pep440", "--to", "npm", value, value]).refuses(2, &[]);
}
