//! `tminus sandbox`: the embedded index and forge as a program of its own.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use super::bed::Bed;

/// The servers say where they are, a plan goes there, and they end with the program that started them.
#[test]
fn a_plan_against_servers_of_their_own() {
    let mut bed = Bed::demo();
    let test = std::env::current_exe().unwrap();
    let program = test.parent().and_then(|deps| deps.parent()).unwrap().join("tminus");
    let mut servers = Command::new(program)
        .args(["sandbox", "--until-stdin-ends"])
        .env_clear()
        .env("PATH", bed.variable("PATH"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(servers.stdout.take().unwrap()).lines().take(5);
    let mut named = Vec::new();
    for line in lines {
        let line = line.unwrap();
        let (name, value) = line.strip_prefix("export ").unwrap().split_once('=').unwrap();
        bed.set(name, value);
        named.push(name.to_owned());
    }
    assert_eq!(
        named,
        [
            "TMINUS_PYPI_UPLOAD_URL",
            "TMINUS_PYPI_INDEX_URL",
            "TMINUS_PYPI_TOKEN",
            "GITHUB_API_URL",
            "GH_TOKEN"
        ]
    );
    let index = bed.variable("TMINUS_PYPI_INDEX_URL").to_owned();
    bed.run(&["plan", "minor"]).says(&[&index]);
    drop(servers.stdin.take());
    assert!(servers.wait().unwrap().success(), "they end when standard input does");
    bed.run(&["plan", "minor"]).exits(3);
}
