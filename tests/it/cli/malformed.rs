//! Usage and configuration that make no sense: exit 2, the place, a suggestion, nothing changed.

use super::bed::Bed;

#[track_caller]
fn check(bed: &Bed, args: &[&str], essentials: &[&str]) {
    let before = bed.picture();
    let answer = bed.run(args);
    answer.exits(2).says(essentials);
    assert!(!answer.err.is_empty(), "the reason belongs on standard error: {answer}");
    assert_eq!(bed.picture(), before, "changed by {answer}");
    assert!(!bed.notes().exists(), "notes left by {answer}");
    assert!(bed.sandbox.events().is_empty(), "nobody needs to be asked: {answer}");
}

/// The demo with one place of its tminus.toml changed.
#[track_caller]
fn with(old: &str, new: &str) -> Bed {
    let bed = Bed::demo();
    bed.replace("tminus.toml", old, new);
    bed
}

/// Where `text` begins in the file, as `tminus.toml:LINE:COLUMN`.
#[track_caller]
fn place(bed: &Bed, text: &str) -> String {
    let file = bed.read("tminus.toml");
    let (before, _) = file.split_once(text).unwrap();
    let line = before.lines().count().max(1) + usize::from(before.ends_with('\n'));
    let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
    format!("tminus.toml:{line}:{column}")
}

#[test]
fn unknown_keys() {
    for (old, new, meant) in [
        ("milestone = {", "milestoen = {", "milestone"),
        ("scheme = ", "schema = ", "scheme"),
        ("publish = [", "pubish = [", "publish"),
        ("forge = ", "froge = ", "forge"),
        ("highlights = true", "highlight = true", "highlights"),
    ] {
        let bed = with(old, new);
        let key = new.split(' ').next().unwrap();
        let place = place(&bed, key);
        for command in [&["plan", "minor"][..], &["release", "minor", "--yes"], &["status"]] {
            check(&bed, command, &[&place, key, "did you mean", &format!("`{meant}`")]);
        }
    }
}

#[test]
fn values_of_the_wrong_kind() {
    let bed = with("labels    = true", "labels    = 7");
    check(&bed, &["plan", "minor"], &["tminus.toml:"]);
    let bed = with(r#"scheme = "pep440""#, r#"scheme = "pep44""#);
    check(&bed, &["plan", "minor"], &["tminus.toml:", "pep44", "pep440"]);
    let bed = with("{next_patch}-dev", "{next_pach}-dev");
    check(&bed, &["plan", "minor"], &["tminus.toml:", "next_pach"]);
    let bed = with("3 months", "3 moons");
    check(&bed, &["plan", "minor"], &["tminus.toml:", "3 moons"]);
    let bed = with(r#"publish = ["pypi"]"#, r#"publish = ["pipy"]"#);
    check(&bed, &["plan", "minor"], &["tminus.toml", "pipy"]);
}

/// Names from a file never reach an option position, and paths never leave the repository.
#[test]
fn values_that_reach_too_far() {
    let bed = with(r#""setup.cfg"]"#, r#""../setup.cfg"]"#);
    check(&bed, &["plan", "minor"], &["tminus.toml", "../setup.cfg"]);
    let bed = with(r#""setup.cfg"]"#, r#""/etc/hostname"]"#);
    check(&bed, &["plan", "minor"], &["tminus.toml", "/etc/hostname"]);
    let bed = with(r#"name = "v{version}""#, r#"name = "--force{version}""#);
    check(&bed, &["plan", "minor"], &["tminus.toml"]);
    let bed = with("[project]\n", "[project]\nremote = \"--upload-pack=evil\"\n");
    check(&bed, &["plan", "minor"], &["tminus.toml"]);
}

#[test]
fn no_toml_at_all() {
    let bed = with("[project]\n", "[project\n");
    check(&bed, &["release", "minor", "--yes"], &["tminus.toml:3"]);
    bed.write("tminus.toml", "\u{0}\u{1}");
    check(&bed, &["release", "minor", "--yes"], &["tminus.toml"]);
}

#[test]
fn no_configuration() {
    let bed = Bed::demo();
    std::fs::remove_file(bed.work.join("tminus.toml")).unwrap();
    check(&bed, &["plan", "minor"], &["tminus.toml", "tminus init"]);
}

#[test]
fn unknown_release_words() {
    let bed = Bed::demo();
    for word in ["minr", "", "latest", "v0.2", "--force"] {
        check(&bed, &["release", word, "--yes"], &[]);
        check(&bed, &["plan", word], &[]);
    }
    check(&bed, &["release", "minr", "--yes"], &["minr", "minor"]);
    check(&bed, &["release"], &["release"]);
    check(&bed, &["relase", "minor"], &["relase", "release"]);
    check(&bed, &["release", "minor", "--dry-rum"], &["--dry-rum", "--dry-run"]);
    check(&bed, &["plan", "minor", "--train", "express"], &["express"]);
}

/// A version may be named outright; one that is not above the last release is no plan.
#[test]
fn versions_by_name() {
    let bed = Bed::demo();
    bed.run(&["plan", "0.2.0"]).exits(0).says(&["v0.2.0"]);
    let before = bed.picture();
    bed.run(&["release", "0.2.0.banana", "--yes"]).exits(2).says(&["0.2.0.banana"]);
    let old = bed.run(&["release", "0.0.9", "--yes"]);
    assert!([1, 2].contains(&old.code), "{old}");
    old.says(&["0.0.9"]);
    assert_eq!(bed.picture(), before);
    let taken = bed.run(&["release", "0.1.0", "--yes"]);
    assert!([1, 2, 4].contains(&taken.code), "{taken}");
    assert_eq!(bed.picture(), before);
}
