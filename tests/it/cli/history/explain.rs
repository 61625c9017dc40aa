//! `tminus explain PACKAGE`: each commit, how it was read, what it weighs, which path tied it.

use super::{Past, python};

#[test]
fn each_commit_with_its_reading() {
    let mut past = Past::new();
    let feature = past.commit_in("src/weeks.py", "feat: count in weeks");
    let fix = past.commit_in("src/zero.py", "fix(cli): count from zero (#7)");
    let words = past.commit_in("src/words.py", "just words");
    let answer = past.only_reads(&["explain", "demo"]);
    answer.says(&["pypi:demo: minor", "v1.0.0", "src/weeks.py", "src/zero.py", "src/words.py", "#7"]);
    for commit in [&feature, &fix, &words] {
        assert!(answer.out.contains(&commit[..7]), "{commit}: {answer}");
    }
    let line = |word: &str| answer.out.lines().find(|line| line.contains(word)).unwrap().to_owned();
    assert!(line("count in weeks").contains("minor"), "{answer}");
    assert!(line("count from zero").contains("patch"), "{answer}");
}

#[test]
fn the_level_is_the_highest() {
    for (messages, level) in [
        (&["fix: a"][..], "patch"),
        (&["fix: a", "feat: b", "docs: c"], "minor"),
        (&["feat!: a", "fix: b"], "major"),
        (&["fix: a\n\nBREAKING CHANGE: b"], "major"),
        (&["docs: a", "chore: b"], "none"),
        (&[], "none"),
    ] {
        let mut past = Past::new();
        for message in messages {
            past.commit(message);
        }
        past.only_reads(&["explain", "demo"]).says(&[&format!("pypi:demo: {level}")]);
    }
}

#[test]
fn only_what_touches_the_package() {
    let mut past = Past::empty();
    past.bed.write("a/pyproject.toml", &python("a", "1.0.0"));
    past.bed.write("b/pyproject.toml", &python("b", "1.0.0"));
    past.commit_all("Start");
    past.tag("v1.0.0");
    past.commit_in("a/x.py", "feat: in a");
    past.commit_in("b/x.py", "fix: in b");
    let answer = past.only_reads(&["explain", "a"]);
    answer.says(&["pypi:a: minor", "feat: in a", "a/x.py"]);
    assert!(!answer.out.contains("in b"), "{answer}");
}

#[test]
fn what_was_taken_back_is_shown_with_its_reason() {
    let mut past = Past::new();
    let gone = past.commit("feat: come and go");
    past.tick();
    past.bed.git(&["revert", "--no-edit", "HEAD"]);
    let answer = past.only_reads(&["explain", "demo"]);
    answer.says(&["pypi:demo: none", "come and go", &gone[..7]]);
}

#[test]
fn since_and_all() {
    let mut past = Past::new();
    past.commit("feat: one");
    past.commit("fix: two");
    past.only_reads(&["explain", "demo", "--since", "HEAD~1"]).says(&["pypi:demo: patch", "two"]);
    let all = past.only_reads(&["explain", "demo", "--all"]);
    all.says(&["Start", "one", "two"]);
    past.refuses(&["explain", "demo", "--since", "nowhere"], 2, &["nowhere"]);
}

#[test]
fn json_has_the_same() {
    let mut past = Past::new();
    let commit = past.commit_in("src/weeks.py", "feat: count in weeks");
    let json = past.only_reads(&["explain", "demo", "--json"]).json().to_string();
    for word in [commit.as_str(), "minor", "src/weeks.py", "pypi:demo", "v1.0.0"] {
        assert!(json.contains(word), "{word} in {json}");
    }
}
