//! Standard input line by line: as many answers as lines, whatever the lines hold.

use super::bed::Room;
use super::{SCHEMES, two_versions};

/// The commands that answer line by line, with a good line for the scheme and what is answered to it.
fn questions(scheme: &str) -> Vec<(Vec<&str>, String, Option<String>)> {
    let (early, late) = two_versions(scheme);
    // A calendar version takes its number from a date.
    let counted = if scheme == "calver" { "post" } else { "major" };
    let mut questions = vec![
        (vec!["parse", "--scheme", scheme], early.to_owned(), None),
        (vec!["compare", "--scheme", scheme], format!("{early}\t{late}"), Some("<".to_owned())),
        (vec!["convert", "--from", scheme, "--to", scheme], early.to_owned(), Some(early.to_owned())),
        (vec!["next", counted, "--scheme", scheme], early.to_owned(), None),
    ];
    if !["go", "oci", "calver"].contains(&scheme) {
        let requirement = if scheme == "pep440" { "==1.*" } else { "1.*" };
        questions.push((
            vec!["match", "--scheme", scheme],
            format!("{requirement}\t{late}"),
            Some("true".to_owned()),
        ));
    }
    questions
}

/// A good line between bad ones of every kind, with every ending.
fn mess(good: &str) -> (Vec<u8>, usize) {
    let mut input = Vec::new();
    let bad: [&[u8]; 10] = [
        b"",
        b" ",
        b"\t",
        b"\t\t",
        b"?",
        b"?\t?",
        b"\xff\xfe",
        b"1.0\xc3",
        b"\0",
        "\u{feff}1.0.0\u{202e}".as_bytes(),
    ];
    for line in bad {
        input.extend([line, b"\n", good.as_bytes(), b"\n"].concat());
    }
    for long in [300, 5000, 70_000, 1_000_000] {
        input.extend([&b"1".repeat(long)[..], b"\r\n", good.as_bytes(), b"\r\n"].concat());
    }
    input.extend([&b"1\t".repeat(100_000)[..], b"\n", good.as_bytes()].concat());
    (input, bad.len() + 4 + 1)
}

#[track_caller]
fn check(scheme: &str, args: &[&str], good: &str, answer: Option<&str>) {
    let room = Room::empty();
    let (input, pairs) = mess(good);
    let said = room.ask_lines(args, input);
    said.exits(0);
    assert_eq!(said.err, "", "{scheme}");
    let lines = said.lines();
    assert_eq!(lines.len(), 2 * pairs, "as many answers as lines: {said}");
    for (number, line) in lines.iter().enumerate() {
        assert!(line.len() < 6000, "an answer does not hold the whole of an endless line");
        if number % 2 == 1 {
            assert!(!line.contains("error"), "line {}: {line}", number + 1);
            assert_eq!(*line, answer.unwrap_or(line));
            assert_eq!(*line, lines[1], "the neighbours of a line do not matter");
        } else if args[0] == "match" && ["true", "false"].contains(line) {
            // Some requirements can be asked about any text.
        } else {
            assert!(
                line.starts_with("error: ") || line.starts_with(r#"{"error":"#),
                "line {}: {line}",
                number + 1
            );
        }
    }
}

#[test]
fn every_command_and_every_scheme() {
    for scheme in SCHEMES {
        for (args, good, answer) in questions(scheme) {
            check(scheme, &args, &good, answer.as_deref());
        }
    }
}

/// Where JSON is asked for, every answer is JSON.
#[test]
fn errors_in_json() {
    let room = Room::empty();
    for scheme in SCHEMES {
        for (args, good, _) in questions(scheme) {
            let (input, pairs) = mess(&good);
            let mut lines = vec!["--json"];
            lines.extend(args);
            let documents = room.ask_lines(&lines, input).documents();
            assert_eq!(documents.len(), 2 * pairs);
        }
    }
}

/// `parse` answers in JSON without being asked for it: one object for each line.
#[test]
fn parse_is_always_json() {
    let room = Room::empty();
    for input in [&b"1.0\n\xff\n1.1\n"[..], &[&b"1".repeat(100_000)[..], b"\n"].concat()] {
        let said = room.ask_lines(&["parse", "--scheme", "pep440"], input);
        assert!(said.documents().iter().all(serde_json::Value::is_object), "{said}");
    }
}

/// A line is asked for its two fields, no more and no fewer.
#[test]
fn fields() {
    let room = Room::empty();
    for (command, good) in [("compare", "1.0.0\t1.0.0"), ("match", "1.0.0\t1.0.0")] {
        let args = [command, "--scheme", "npm"];
        let said = room.ask_lines(&args, format!("1.0.0\n{good}\t1.0.0\n1.0.0 1.0.0\n{good}\n"));
        let lines = said.exits(0).lines();
        assert_eq!(lines.len(), 4, "{said}");
        assert!(lines[..3].iter().all(|line| line.starts_with("error: ") && line.contains("tab")), "{said}");
        assert!(!lines[3].starts_with("error"), "{said}");
    }
}

#[test]
fn no_lines() {
    let room = Room::empty();
    for scheme in SCHEMES {
        for (args, _, _) in questions(scheme) {
            room.ask(&args).answers(&[]);
        }
    }
}

/// One line break is one line; the last one needs none.
#[test]
fn endings() {
    let room = Room::empty();
    let compare = ["compare", "--scheme", "pep440"];
    room.ask_lines(&compare, "1\t2").answers(&["<"]);
    room.ask_lines(&compare, "1\t2\r\n").answers(&["<"]);
    room.ask_lines(&compare, "1\t2\n2\t1\r\n1\t1").answers(&["<", ">", "="]);
    let said = room.ask_lines(&compare, "1\t2\n\n");
    assert_eq!(said.lines().len(), 2, "{said}");
}

#[test]
fn a_hundred_thousand_lines() {
    let room = Room::empty();
    for (scheme, commands) in [("pep440", 5), ("npm", 5), ("go", 1), ("oci", 1), ("calver", 1), ("cargo", 1)]
    {
        for (args, good, answer) in questions(scheme).into_iter().take(commands) {
            let input = format!("{good}\n").repeat(99_999) + "bad";
            let said = room.ask_lines(&args, input);
            said.exits(0);
            let lines = said.lines();
            assert_eq!(lines.len(), 100_000, "{args:?}");
            assert!(
                lines[..99_999].iter().all(|line| *line == answer.as_deref().unwrap_or(lines[0])),
                "{args:?}"
            );
            assert_ne!(lines[99_999], lines[0], "{args:?}");
        }
    }
}

/// Nothing but the program is needed: no git, no home, no repository, no configuration that makes sense.
#[test]
fn nothing_else_is_needed() {
    let room = Room::empty();
    room.write("tminus.toml", "[train\nscheme = 7");
    let mut all: Vec<_> =
        SCHEMES.into_iter().flat_map(questions).map(|(args, good, _)| (args, good)).collect();
    all.push((vec!["sort", "--scheme", "npm"], "1.0.0".to_owned()));
    all.push((vec!["list", "--stdin", "--scheme", "npm"], "v1.0.0".to_owned()));
    all.push((vec!["list", "--stdin", "--scheme", "npm", "--tag", "v{version}"], "v1.0.0".to_owned()));
    for (args, good) in all {
        let usual = room.ask_lines(&args, &good);
        usual.exits(0);
        let mut bare = room.command(&args);
        bare.env_clear().stdin(std::process::Stdio::piped());
        let mut child = bare.spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), good.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), usual.out, "{args:?}");
        assert_eq!(output.status.code(), Some(0), "{args:?}");
    }
}
