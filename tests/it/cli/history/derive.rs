//! `tminus version derive`. What is expected here is what setuptools-scm 10.3.4 prints of the same states.

use std::fs;

use super::Past;

/// The day of SOURCE_DATE_EPOCH in these tests.
const EPOCH: (&str, &str) = ("1760000000", "d20251009");

fn past() -> Past {
    let mut past = Past::empty();
    past.bed.set("SOURCE_DATE_EPOCH", EPOCH.0);
    past.bed.write("pyproject.toml", "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n");
    past.commit("Start");
    past
}

fn short(past: &Past) -> String {
    format!("g{}", &past.head()[..9])
}

#[track_caller]
fn derived(past: &Past, args: &[&str]) -> String {
    let answer = past.only_reads(&[&["version", "derive"], args].concat());
    answer.out.trim_end_matches('\n').to_owned()
}

#[test]
fn tags_and_distances() {
    let mut past = past();
    assert_eq!(derived(&past, &[]), format!("0.1.dev1+{}", short(&past)));
    for (tag, at, later) in [
        ("v1.0.0", "1.0.0", "1.0.1.dev1"),
        ("v1.1.0.dev0", "1.1.0.dev0", "1.1.0.dev1"),
        ("v1.2.0-dev", "1.2.0.dev0", "1.2.0.dev1"),
        ("v1.2.0rc1", "1.2.0rc1", "1.2.0rc2.dev1"),
        ("demo-1.3.0", "1.3.0", "1.3.1.dev1"),
        ("2.0", "2.0", "2.1.dev1"),
    ] {
        past.tag(tag);
        assert_eq!(derived(&past, &[]), at, "at {tag}");
        past.commit("go on");
        assert_eq!(derived(&past, &[]), format!("{later}+{}", short(&past)), "after {tag}");
    }
    past.bed.git(&["tag", "nightly"]);
    past.commit("go on");
    assert_eq!(derived(&past, &[]), format!("2.1.dev2+{}", short(&past)));
}

#[test]
fn dirty_states() {
    let mut past = past();
    past.tag("v1.0.0");
    past.commit_in("kept.py", "go on");
    let clean = format!("1.0.1.dev1+{}", short(&past));
    let dirty = format!("{clean}.{}", EPOCH.1);
    let reset = || drop(past.bed.git(&["reset", "--quiet", "--hard"]));
    past.bed.write("untracked.py", "x\n");
    assert_eq!(derived(&past, &[]), clean, "untracked");
    past.bed.git(&["add", "untracked.py"]);
    assert_eq!(derived(&past, &[]), dirty, "staged");
    reset();
    fs::remove_file(past.bed.work.join("kept.py")).unwrap();
    assert_eq!(derived(&past, &[]), dirty, "deleted");
    reset();
    past.bed.write("kept.py", "other\n");
    assert_eq!(derived(&past, &[]), dirty, "changed");
    assert_eq!(derived(&past, &["--rev", "HEAD"]), clean, "a revision is clean");
    reset();
    let file = past.bed.work.join("kept.py");
    let bytes = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    fs::write(&file, bytes).unwrap();
    assert_eq!(derived(&past, &[]), clean, "the same bytes in another file");
    past.bed.write(".gitignore", "built/\n");
    past.bed.write("built/x", "x\n");
    assert_eq!(derived(&past, &[]), clean, "ignored");
}

#[test]
fn tables_of_setuptools_scm() {
    for (table, expected) in [
        ("version_scheme = \"no-guess-dev\"", "1.0.0.post1.dev1+NODE"),
        ("version_scheme = \"release-branch-semver\"", "1.1.0.dev1+NODE"),
        ("version_scheme = \"only-version\"", "1.0.0+NODE"),
        ("version_scheme = \"post-release\"", "1.0.0.post1+NODE"),
        ("version_scheme = \"python-simplified-semver\"", "1.0.1.dev1+NODE"),
        ("local_scheme = \"no-local-version\"", "1.0.1.dev1"),
        ("local_scheme = \"dirty-tag\"", "1.0.1.dev1"),
        ("fallback_version = \"9.9\"", "1.0.1.dev1+NODE"),
    ] {
        let mut past = past();
        past.tag("v1.0.0");
        past.bed.write(
            "pyproject.toml",
            &format!("[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[tool.setuptools_scm]\n{table}\n"),
        );
        past.commit_all("go on");
        assert_eq!(derived(&past, &[]), expected.replace("NODE", &short(&past)), "{table}");
        assert_eq!(derived(&past, &["--defaults"]), format!("1.0.1.dev1+{}", short(&past)), "{table}");
        assert_eq!(derived(&past, &["--rev", "HEAD"]), derived(&past, &[]), "{table}");
    }
}

#[test]
fn the_table_of_hatch() {
    let mut past = past();
    past.tag("v1.0.0");
    past.bed.write(
        "pyproject.toml",
        "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[build-system]\nrequires = [\"hatchling\", \"hatch-vcs\"]\nbuild-backend = \"hatchling.build\"\n[tool.hatch.version]\nsource = \"vcs\"\nraw-options = { local_scheme = \"no-local-version\" }\n",
    );
    past.commit_all("go on");
    assert_eq!(derived(&past, &[]), "1.0.1.dev1");
    // Another source is none of ours.
    past.bed.replace("pyproject.toml", "\"vcs\"", "\"regex\"");
    past.commit_all("go on");
    assert_eq!(derived(&past, &[]), format!("1.0.1.dev2+{}", short(&past)));
}

#[test]
fn tables_that_are_wrong() {
    for (table, word) in [
        ("nosuch = 1", "nosuch"),
        ("version_scheme = \"nope\"", "nope"),
        ("version_scheme = 3", "version_scheme"),
        ("tag_regex = \"(\"", "tag_regex"),
        ("tag_regex = \"^nope\"", "tag_regex"),
    ] {
        let mut past = past();
        past.bed.write(
            "pyproject.toml",
            &format!("[project]\nname = \"demo\"\n[tool.setuptools_scm]\n{table}\n"),
        );
        past.commit_all("go on");
        past.refuses(&["version", "derive"], 2, &["pyproject.toml:4", word]);
        assert!(derived(&past, &["--defaults"]).starts_with("0.1.dev2+"));
    }
    let mut past = past();
    past.bed.write("pyproject.toml", "[tool\n");
    past.commit_all("go on");
    past.refuses(&["version", "derive"], 2, &["pyproject.toml:1"]);
}

#[test]
fn revisions_by_name_and_line_by_line() {
    let mut past = past();
    past.tag("v1.0.0");
    past.commit("two");
    past.branch("a branch".replace(' ', "-").as_str(), "HEAD");
    past.commit("three");
    let ours = |distance: u32, commit: &str| format!("1.0.1.dev{distance}+g{}", &commit[..9]);
    let (two, three) = (past.bed.git(&["rev-parse", "HEAD~1"]), past.head());
    assert_eq!(derived(&past, &["--rev", "v1.0.0"]), "1.0.0");
    assert_eq!(derived(&past, &["--rev", "main"]), ours(1, &two));
    assert_eq!(derived(&past, &["--rev", &three[..12]]), ours(2, &three));
    let (code, out, err) = past.feed(&["version", "derive", "--rev", "-"], &format!("v1.0.0\n{two}\nHEAD\n"));
    assert_eq!(
        (code, out.as_str()),
        (0, &*format!("1.0.0\n{}\n{}\n", ours(1, &two), ours(2, &three))),
        "{err}"
    );
    let (code, out, _) = past.feed(&["version", "derive", "--rev", "-"], "");
    assert_eq!((code, out.as_str()), (0, ""));
    past.refuses(&["version", "derive", "--rev", "nowhere"], 1, &["nowhere"]);
    past.refuses(&["version", "derive", "--rev", "HEAD:pyproject.toml"], 1, &["pyproject.toml"]);
}

/// Each line has its answer, so that they can be put side by side, as with the other commands of `version`.
#[test]
fn one_of_many_revisions_that_is_none() {
    let past = past();
    past.tag("v1.0.0");
    let (code, out, err) = past.feed(&["version", "derive", "--rev", "-"], "v1.0.0\nnowhere\nHEAD\n");
    let lines: Vec<_> = out.lines().collect();
    assert_eq!(lines.len(), 3, "{out}{err}");
    assert_eq!((lines[0], lines[2]), ("1.0.0", "1.0.0"), "{out}{err}");
    assert!(lines[1].starts_with("error: ") && lines[1].contains("nowhere"), "{out}{err}");
    assert_eq!(code, 0, "{out}{err}");
}

#[test]
fn json_and_explain() {
    let mut past = past();
    past.tag("v1.0.0");
    past.commit("two");
    let json = past.only_reads(&["version", "derive", "--json"]).json();
    assert_eq!(json["version"], format!("1.0.1.dev1+{}", short(&past)));
    assert_eq!(json["tag"], "v1.0.0");
    assert_eq!(json["distance"], 1);
    assert_eq!(json["dirty"], false);
    assert_eq!(json["branch"], "main");
    assert_eq!(json["commit"], past.head());
    past.only_reads(&["version", "derive", "--explain"]).says(&["v1.0.0", "distance 1", &past.head()[..7]]);
    let verbose = past.only_reads(&["version", "derive", "--verbose"]);
    assert_eq!(verbose.out.lines().count(), 1, "{verbose}");
    assert!(verbose.err.contains("v1.0.0"), "{verbose}");
}

#[test]
fn directories_and_none() {
    let mut past = past();
    past.tag("v1.0.0");
    past.bed.write("sub/pyproject.toml", "[project]\nname = \"sub\"\n[tool.setuptools_scm]\nroot = \"..\"\nlocal_scheme = \"no-local-version\"\n");
    past.commit_all("go on");
    assert_eq!(derived(&past, &["-C", "sub"]), "1.0.1.dev1");
    fs::create_dir(past.bed.root().join("none")).unwrap();
    let none = past.bed.root().join("none").to_string_lossy().into_owned();
    past.refuses(&["version", "derive", "-C", &none], 1, &["none"]);
    past.refuses(&["version", "derive", "-C", "nowhere"], 2, &["nowhere"]);
    past.bed.set("SETUPTOOLS_SCM_PRETEND_VERSION", "3.2.1");
    assert_eq!(derived(&past, &["-C", &none]), "3.2.1");
    assert_eq!(derived(&past, &[]), "3.2.1");
}

#[test]
fn places_without_a_repository_that_state_a_version() {
    let past = past();
    let dir = past.bed.root().join("loose");
    fs::create_dir(&dir).unwrap();
    let path = dir.to_string_lossy().into_owned();
    fs::write(dir.join("PKG-INFO"), "Metadata-Version: 2.1\nName: demo\nVersion: 4.5.6\n").unwrap();
    assert_eq!(derived(&past, &["-C", &path]), "4.5.6");
    fs::remove_file(dir.join("PKG-INFO")).unwrap();
    fs::write(dir.join(".git_archival.txt"), "node: 0123456789012345678901234567890123456789\nnode-date: 2025-01-01T00:00:00+00:00\ndescribe-name: v2.0.0-0-g012345678\n").unwrap();
    assert_eq!(derived(&past, &["-C", &path]), "2.0.0");
    fs::remove_file(dir.join(".git_archival.txt")).unwrap();
    fs::write(dir.join("pyproject.toml"), "[tool.setuptools_scm]\nfallback_version = \"0.9\"\n").unwrap();
    assert_eq!(derived(&past, &["-C", &path]), "0.9");
}

#[test]
fn shallow_clones() {
    let mut past = past();
    past.tag("v1.0.0");
    past.commit("two");
    past.commit("three");
    past.bed.git(&["push", "--quiet", "--tags", "origin", "main"]);
    let url = format!("file://{}", past.bed.remote.display());
    past.bed.git_in(past.bed.root(), &["clone", "--quiet", "--depth", "1", &url, "shallow"]);
    let dir = past.bed.root().join("shallow").to_string_lossy().into_owned();
    let answer = past.run(&["version", "derive", "-C", &dir]);
    answer.exits(0).says(&["git fetch --unshallow"]);
    // Where a changelog would be wrong it is refused, with the command that repairs it.
    past.refuses(&["changelog", "-C", &dir], 1, &["shallow", "git fetch --unshallow"]);
    past.refuses(&["notes", "1.0.1", "-C", &dir], 1, &["git fetch --unshallow"]);
    past.bed.git_in(&past.bed.root().join("shallow"), &["fetch", "--quiet", "--unshallow"]);
    let answer = past.run(&["version", "derive", "-C", &dir]);
    assert_eq!(answer.out.trim_end(), format!("1.0.1.dev2+{}", short(&past)), "{answer}");
    assert_eq!(answer.err, "", "{answer}");
}

#[test]
fn clones_without_blobs() {
    let mut past = past();
    past.tag("v1.0.0");
    past.commit("feat: two");
    past.bed.git(&["push", "--quiet", "--tags", "origin", "main"]);
    past.bed.git_remote(&["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", past.bed.remote.display());
    past.bed.git_in(past.bed.root(), &["clone", "--quiet", "--filter=blob:none", &url, "partial"]);
    let dir = past.bed.root().join("partial").to_string_lossy().into_owned();
    let answer = past.run(&["version", "derive", "-C", &dir]);
    assert_eq!(answer.out.trim_end(), format!("1.0.1.dev1+{}", short(&past)), "{answer}");
    let answer = past.run(&["changelog", "-C", &dir]);
    assert!(answer.code == 0 || answer.err.contains("git fetch"), "{answer}");
}

#[test]
fn work_trees_and_bare_repositories() {
    let mut past = past();
    past.tag("v1.0.0");
    past.commit("two");
    past.bed.git(&["worktree", "add", "--quiet", "../other", "v1.0.0"]);
    let dir = past.bed.root().join("other").to_string_lossy().into_owned();
    assert_eq!(derived(&past, &["-C", &dir]), "1.0.0");
    past.bed.git(&["push", "--quiet", "--tags", "origin", "main"]);
    let bare = past.bed.remote.to_string_lossy().into_owned();
    let answer = past.run(&["version", "derive", "-C", &bare, "--rev", "main"]);
    assert!(answer.out.starts_with("1.0.1.dev1+") || answer.code == 1, "{answer}");
}
