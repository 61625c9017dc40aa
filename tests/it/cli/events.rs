//! `--json`: one object a line, from the first event to the last.

use serde_json::Value;

use super::bed::{Answer, Bed};

/// The lines of standard output, each an object with the name of its event.
#[track_caller]
fn events(answer: &Answer) -> Vec<Value> {
    let lines: Vec<Value> = answer
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}\nin {answer}")))
        .collect();
    assert!(lines.iter().all(|line| line["event"].is_string()), "{answer}");
    lines
}

#[track_caller]
fn whole(answer: &Answer, code: i32) -> Vec<Value> {
    let lines = events(answer.exits(code));
    let (first, last) = (lines.first().unwrap(), lines.last().unwrap());
    assert_eq!(first["event"], "started", "{answer}");
    assert_eq!(first["version"], "0.2.0", "{answer}");
    assert_eq!(last["event"], "ended", "{answer}");
    assert_eq!(last["code"], code, "{answer}");
    lines
}

/// Each step and the outcome it ended with.
fn outcomes(lines: &[Value]) -> Vec<(&str, &str)> {
    let finished = lines.iter().filter(|line| line["event"] == "finished");
    finished.map(|line| (line["step"].as_str().unwrap(), line["outcome"].as_str().unwrap())).collect()
}

#[test]
fn of_a_release() {
    let bed = Bed::demo();
    let plan = bed.run(&["plan", "minor", "--json"]).json();
    let planned: Vec<&str> =
        plan["steps"].as_array().unwrap().iter().map(|step| step["id"].as_str().unwrap()).collect();

    let release = whole(&bed.run(&["release", "minor", "--yes", "--json"]), 5);
    assert_eq!(release[0]["steps"], planned.len());
    let stopped = outcomes(&release);
    assert_eq!(stopped.iter().map(|(step, _)| *step).collect::<Vec<_>>(), planned, "each step is told once");
    assert!(stopped.contains(&("push", "done")), "{stopped:#?}");
    assert!(stopped.contains(&("gate:highlights", "waiting")), "{stopped:#?}");
    assert!(!stopped.contains(&("release", "done")), "{stopped:#?}");

    bed.run(&["gate", "pass", "highlights"]).exits(0);
    let resumed = whole(&bed.run(&["resume", "--json"]), 5);
    let resumed = outcomes(&resumed);
    assert!(resumed.contains(&("push", "already-done")), "{resumed:#?}");
    assert!(resumed.contains(&("release", "done")), "{resumed:#?}");
}

/// An error is an event too, with its code.
#[test]
fn of_a_stop() {
    let bed = Bed::demo();
    bed.write("README.md", "# half\n");
    let before = bed.picture();
    let answer = bed.run(&["release", "minor", "--yes", "--json"]);
    answer.exits(1).says(&["README.md"]);
    let lines = events(&answer);
    assert_eq!(lines.last().unwrap()["code"], 1, "{answer}");
    assert_eq!(bed.picture(), before);
    let answer = bed.run(&["resume", "--json"]);
    assert_eq!(events(answer.exits(1)).last().unwrap()["code"], 1, "{answer}");
}

/// Plain lines where there is no terminal: no escape, no carriage return.
#[test]
fn plain_lines_without_a_terminal() {
    let bed = Bed::demo();
    let answer = bed.run(&["release", "minor", "--yes"]);
    for text in [&answer.out, &answer.err] {
        assert!(!text.contains(['\u{1b}', '\r']), "{answer}");
    }
}
