//! `version list` of tags on standard input.

use serde_json::json;

use super::bed::Room;

/// The tags of a project that has changed its mind a few times.
const TAGS: &str = "v0.4.0\nv0.4.0rc1\nv0.4.0-rc.2\n0.3.0\nv0.4.5-dev\nv0.10.0\nv0.9.0\nlatest\nvfoo\nv0.4.1.post1\n\
                    thing@1.2.0\nlibs/core/v2.0.0\nv1!2.0\nrelease-2024\n";

#[track_caller]
fn check(args: &[&str], lines: &[&str]) {
    let list = [&["list", "--stdin"], args].concat();
    let room = Room::empty();
    room.ask_lines(&list, TAGS).lists(lines);
    room.ask_lines(&list, TAGS.replace('\n', "\r\n")).lists(lines);
    room.ask_lines(&list, TAGS.trim_end()).lists(lines);
}

#[test]
fn patterns() {
    let v = ["--scheme", "pep440", "--tag", "v{version}"];
    let with_v = [
        "0.4.0rc1\tv0.4.0rc1",
        "0.4.0rc2\tv0.4.0-rc.2",
        "0.4.0\tv0.4.0",
        "0.4.1.post1\tv0.4.1.post1",
        "0.4.5.dev0\tv0.4.5-dev",
        "0.9.0\tv0.9.0",
        "0.10.0\tv0.10.0",
        "1!2.0\tv1!2.0",
    ];
    check(&v, &with_v);
    check(&[&v[..], &["--tag", "{version}"]].concat(), &[&["0.3.0\t0.3.0"], &with_v[..]].concat());
    // Without a pattern and without a project: what most repositories do.
    check(&["--scheme", "pep440"], &[&["0.3.0\t0.3.0"], &with_v[..]].concat());
    check(&["--scheme", "pep440", "--tag", "v{version}-dev"], &["0.4.5\tv0.4.5-dev"]);
    check(
        &["--scheme", "npm", "--tag", "{package}@{version}", "--package", "thing"],
        &["1.2.0\tthing@1.2.0"],
    );
    check(&["--scheme", "npm", "--tag", "{package}@{version}", "--package", "other"], &[]);
    check(
        &["--scheme", "go", "--tag", "{path}/v{version}", "--path", "libs/core"],
        &["v2.0.0\tlibs/core/v2.0.0"],
    );
    check(
        &["--scheme", "semver", "--tag", "{path}/v{version}", "--path", "libs/core"],
        &["2.0.0\tlibs/core/v2.0.0"],
    );
    check(&["--scheme", "semver", "--tag", "{path}/v{version}", "--path", "core"], &[]);
}

#[test]
fn schemes() {
    let semver = ["0.4.0-rc.2\tv0.4.0-rc.2", "0.4.0\tv0.4.0"];
    for scheme in ["npm", "npm-loose", "semver", "cargo"] {
        let said = Room::empty().ask_lines(
            &["list", "--stdin", "--scheme", scheme, "--tag", "v{version}", "--line", "0.4"],
            TAGS,
        );
        for line in semver {
            assert!(said.exits(0).lines().contains(&line), "{said}");
        }
    }
    let said = Room::empty()
        .ask_lines(&["list", "--stdin", "--scheme", "calver"], "24.04\nv2026.11.20\nfoo\n24.10\n");
    assert_eq!(said.exits(0).lines().len(), 3, "{said}");
    Room::empty()
        .ask_lines(&["list", "--stdin", "--scheme", "go", "--tag", "v{version}"], "v1.10.0\nv1.9.0\nv1.9\n")
        .lists(&["v1.9.0\tv1.9.0", "v1.10.0\tv1.10.0"]);
}

#[test]
fn selections() {
    let v = ["--scheme", "pep440", "--tag", "v{version}"];
    let with = |more: &[&'static str]| [&v[..], more].concat();
    check(
        &with(&["--line", "0.4"]),
        &[
            "0.4.0rc1\tv0.4.0rc1",
            "0.4.0rc2\tv0.4.0-rc.2",
            "0.4.0\tv0.4.0",
            "0.4.1.post1\tv0.4.1.post1",
            "0.4.5.dev0\tv0.4.5-dev",
        ],
    );
    check(&with(&["--line", "0.4", "--finals"]), &["0.4.0\tv0.4.0", "0.4.1.post1\tv0.4.1.post1"]);
    check(&with(&["--line", "0.4", "--latest"]), &["0.4.5.dev0\tv0.4.5-dev"]);
    check(&with(&["--line", "0.4", "--latest", "--finals"]), &["0.4.1.post1\tv0.4.1.post1"]);
    check(&with(&["--latest"]), &["1!2.0\tv1!2.0"]);
    check(&with(&["--line", "7.7"]), &[]);
    check(&with(&["--line", "7.7", "--latest"]), &[]);
    check(
        &with(&["--line", "0", "--finals"]),
        &["0.4.0\tv0.4.0", "0.4.1.post1\tv0.4.1.post1", "0.9.0\tv0.9.0", "0.10.0\tv0.10.0"],
    );
}

#[test]
fn rejected_ones() {
    let said = Room::empty()
        .ask_lines(&["list", "--stdin", "--scheme", "npm", "--tag", "v{version}", "--rejected"], TAGS);
    said.exits(0);
    for tag in
        ["0.3.0", "latest", "vfoo", "v0.4.0rc1", "v0.4.1.post1", "thing@1.2.0", "v1!2.0", "release-2024"]
    {
        said.explains(&[&format!("\"{tag}\"")]);
        assert!(said.lines().iter().all(|line| !line.ends_with(&format!("\t{tag}"))), "{said}");
    }
    assert!(!said.err.contains("\"v0.4.0\""), "{said}");
}

#[test]
fn json() {
    let said = Room::empty().ask_lines(
        &["list", "--stdin", "--scheme", "npm", "--json", "--line", "0.4", "--tag", "v{version}"],
        "v0.4.0\nv0.4.0-rc.1\nv0.5.0\n",
    );
    let listed = json!([
        {"version": "0.4.0-rc.1", "tag": "v0.4.0-rc.1", "prerelease": true},
        {"version": "0.4.0", "tag": "v0.4.0", "prerelease": false},
    ]);
    assert_eq!(said.exits(0).documents(), [listed]);
    let none = Room::empty().ask(&["list", "--stdin", "--scheme", "npm", "--json"]);
    assert_eq!(none.exits(0).documents(), [json!([])]);
}

/// Two tags of one version are worth a note, where they are listed.
#[test]
fn two_tags_of_one_version() {
    let room = Room::empty();
    let tags = "v1.0\nv1.0.0\nv0.4.0\n";
    let list = ["list", "--stdin", "--scheme", "pep440"];
    let said = room.ask_lines(&list, tags);
    said.exits(0).explains(&["v1.0", "v1.0.0"]);
    assert_eq!(said.lines(), ["0.4.0\tv0.4.0", "1.0\tv1.0", "1.0.0\tv1.0.0"]);
    room.ask_lines(&[&["-q"], &list[..]].concat(), tags).lists(&[
        "0.4.0\tv0.4.0",
        "1.0\tv1.0",
        "1.0.0\tv1.0.0",
    ]);
}

#[test]
fn no_note_on_what_is_not_listed() {
    let tags = "v1.0\nv1.0.0\nv0.4.0\n";
    let list = ["list", "--stdin", "--scheme", "pep440", "--line", "0.4"];
    Room::empty().ask_lines(&list, tags).lists(&["0.4.0\tv0.4.0"]);
}

/// Empty lines, endless lines and bytes that are no text are tags of no version; the rest is listed.
#[test]
fn odd_lines() {
    let room = Room::empty();
    let list = ["list", "--stdin", "--scheme", "npm"];
    room.ask_lines(&list, "v1.0.0\n\n\r\nv0.9.0").lists(&["0.9.0\tv0.9.0", "1.0.0\tv1.0.0"]);
    let long = format!("v1.0.0\nv{}\nv0.9.0\n", "1".repeat(60_000));
    room.ask_lines(&list, long).lists(&["0.9.0\tv0.9.0", "1.0.0\tv1.0.0"]);
}

#[test]
fn tags_that_are_no_text() {
    let list = ["list", "--stdin", "--scheme", "npm"];
    Room::empty().ask_lines(&list, b"v1.0.0\nv\xff\nv0.9.0\n").lists(&["0.9.0\tv0.9.0", "1.0.0\tv1.0.0"]);
}

#[test]
fn a_hundred_thousand_tags() {
    let tags: String = (0..100_000).rev().map(|n| format!("v1.{}.{}\n", n / 1000, n % 1000)).collect();
    let said = Room::empty().ask_lines(&["list", "--stdin", "--scheme", "pep440"], &tags);
    said.exits(0);
    let lines = said.lines();
    assert_eq!(lines.len(), 100_000);
    assert_eq!((lines[0], lines[99_999]), ("1.0.0\tv1.0.0", "1.99.999\tv1.99.999"));
    Room::empty()
        .ask_lines(&["list", "--stdin", "--scheme", "pep440", "--latest"], tags)
        .lists(&["1.99.999\tv1.99.999"]);
}

#[test]
fn usage() {
    let room = Room::empty();
    for (args, essentials) in [
        (&["--tag", "v{vers}"][..], &["--tag", "{vers}", "{version}"][..]),
        (&["--tag", "latest"], &["--tag", "latest", "{version}"]),
        (&["--tag", "{version}-{version}"], &["--tag", "{version}"]),
        (&["--tag", ""], &["--tag", "{version}"]),
        (&["--tag", "{package}@{version}"], &["{package}", "--package"]),
        (&["--tag", "{path}/v{version}"], &["{path}", "--path"]),
        (&["--line", "banana"], &["banana"]),
        (&["--line", ""], &["line"]),
        (&["--line", "0.4.x.y"], &["0.4.x.y"]),
    ] {
        room.ask(&[&["list", "--stdin", "--scheme", "npm"], args].concat()).refuses(2, essentials);
    }
}

/// Without a project somebody has to say the scheme; the way out is named.
#[test]
fn without_a_scheme() {
    let said = Room::empty().ask_lines(&["list", "--stdin"], "v1.0.0\n");
    assert!([1, 2].contains(&said.code), "{said}");
    said.explains(&["--scheme"]);
}
