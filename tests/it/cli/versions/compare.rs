//! `version compare`: `<`, `=` or `>`.

use serde_json::json;

use super::bed::Room;
use super::{SCHEMES, two_versions};

#[track_caller]
fn check(scheme: &str, a: &str, order: &str, b: &str) {
    let room = Room::empty();
    let compare = ["compare", "--scheme", scheme];
    let opposite = match order {
        "<" => ">",
        ">" => "<",
        equal => equal,
    };
    room.ask(&[&compare[..], &[a, b]].concat()).answers(&[order]);
    let lines = format!("{a}\t{b}\n{b}\t{a}\r\n{a}\t{a}");
    room.ask_lines(&compare, lines).answers(&[order, opposite, "="]);
}

#[test]
fn every_scheme() {
    for scheme in SCHEMES {
        let (early, late) = two_versions(scheme);
        check(scheme, early, "<", late);
        check(scheme, late, ">", early);
    }
}

#[test]
fn pep440() {
    for (a, order, b) in [
        ("1.0", "=", "v1.0.0"),
        ("1.0rc1", "=", "1.0-c.1"),
        ("1.0.dev1", "<", "1.0a1"),
        ("1.0a1.dev1", "<", "1.0a1"),
        ("1.0", "<", "1.0+local"),
        ("1.0+9", ">", "1.0+abc"),
        ("1.0", "<", "1.0.post1"),
        ("2.0", "<", "1!1.0"),
        ("1.0.0.0.0", "=", "1"),
        ("1.0-1", "=", "1.0.post1"),
        ("99999999999999999999.0", ">", "99999999999999999998.9"),
    ] {
        // A number beyond 64 bits may be refused, but not misjudged.
        if a.len() > 20 {
            let said = Room::empty().ask(&["compare", "--scheme", "pep440", a, b]);
            assert!(said.out == format!("{order}\n") || said.code == 2, "{said}");
        } else {
            check("pep440", a, order, b);
        }
    }
}

#[test]
fn the_others() {
    for (scheme, a, order, b) in [
        ("npm", "1.0.0-rc.10", ">", "1.0.0-rc.9"),
        ("npm", "1.0.0-rc10", "<", "1.0.0-rc9"),
        ("npm", "1.0.0+b1", "=", "1.0.0+b2"),
        ("npm-loose", "v1.0.0", "=", "=1.0.0"),
        ("npm-loose", "1.2.0rc1", "=", "1.2.0-rc1"),
        ("npm-loose", "1.2.0beta", "<", "01.2.0"),
        ("semver", "1.0.0+b1", "=", "1.0.0+b2"),
        ("semver", "1.0.0-alpha", "<", "1.0.0-alpha.1"),
        ("cargo", "1.0.0-rc.1", "<", "1.0.0"),
        ("go", "v0.0.0-20191109021931-daa7c04131f5", "<", "v0.0.1"),
        ("go", "v1.9.9", "<", "v2.0.0+incompatible"),
        ("oci", "v1.2.0", "=", "1.2.0"),
        ("oci", "1.0.0", "<", "1.0.0.post1"),
        ("calver", "24.04", "=", "24.4"),
        ("calver", "24.04", "<", "24.10"),
        ("calver", "2026.11.20", "<", "2026.11.20.1"),
    ] {
        check(scheme, a, order, b);
    }
}

#[test]
fn json() {
    let room = Room::empty();
    let said = room.ask(&["compare", "--scheme", "npm", "--json", "1.0.0", "2.0.0"]);
    assert_eq!(said.exits(0).documents(), [json!({"order": "<"})]);
    let said = room.ask_lines(&["compare", "--scheme", "npm", "--json"], "2.0.0\t1.0.0\nbad\t1.0.0\n");
    let documents = said.exits(0).documents();
    assert_eq!(documents[0], json!({"order": ">"}));
    assert!(documents[1]["error"].as_str().unwrap().contains("bad"), "{said}");
    let said = room.ask(&["compare", "--scheme", "npm", "--json", "bad", "2.0.0"]);
    assert!(said.exits(2).documents()[0].to_string().contains("bad"), "{said}");
}

#[test]
fn what_cannot_be_read() {
    let room = Room::empty();
    for scheme in SCHEMES {
        let (good, _) = two_versions(scheme);
        room.ask(&["compare", "--scheme", scheme, good, "what?"]).refuses(2, &["what?"]);
        room.ask(&["compare", "--scheme", scheme, "what?", good]).refuses(2, &["what?"]);
        room.ask(&["compare", "--scheme", scheme, "", good]).refuses(2, &[]);
        room.ask(&["compare", "--scheme", scheme, good]).refuses(2, &["<B>"]);
        room.ask(&["compare", "--scheme", scheme, good, good, good]).refuses(2, &[]);
    }
}
