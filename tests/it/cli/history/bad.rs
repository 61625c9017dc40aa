//! Repositories that somebody made to do harm, and those that nobody meant to.

use std::fs;
use std::os::unix::ffi::OsStrExt as _;

use super::{Past, told};

/// Names that git takes and that no shell and no option parser may see.
const NAMES: [&str; 7] = [
    "it's-\"quoted\"",
    "$(touch${IFS}owned)",
    "`touch-owned`",
    "a;touch-owned|b&c",
    "--upload-pack=touch-owned",
    "ünï/日本",
    "%s%n{version}",
];

#[test]
fn names_of_tags_and_branches() {
    let mut past = Past::new();
    past.commit("feat: one");
    for name in NAMES {
        past.bed.git(&["update-ref", &format!("refs/tags/{name}"), "HEAD"]);
        past.bed.git(&["update-ref", &format!("refs/heads/{name}"), "HEAD~1"]);
    }
    assert_eq!(past.told(&["changelog"]), ["Added: one"]);
    assert_eq!(past.told(&["notes", "1.1.0"]), ["Added: one"]);
    past.only_reads(&["version", "derive"]);
    past.only_reads(&["explain", "demo"]);
    past.commit("feat: two");
    for name in NAMES {
        for since in [format!("refs/tags/{name}"), format!("--since={name}")] {
            let answer = match since.strip_prefix("--since=") {
                Some(_) => past.run(&["changelog", &since]),
                None => past.run(&["changelog", "--since", &since]),
            };
            assert!(matches!(answer.code, 0 | 2), "{answer}");
            if answer.code == 0 {
                assert_eq!(told(&answer.out), ["Added: two"], "{answer}");
            }
        }
    }
    assert!(!past.bed.work.join("owned").exists());
}

#[test]
fn releases_with_names_that_quote() {
    let mut past = Past::configured("[changelog]\ntags = \"r'*\"\n");
    past.commit("feat: one");
    past.bed.git(&["tag", "r'1.1.0\"", "HEAD"]);
    past.commit("feat: two");
    let answer = past.run(&["changelog"]);
    assert!(matches!(answer.code, 0 | 2), "{answer}");
}

#[test]
fn revisions_that_look_like_options() {
    let past = Past::new();
    for rev in [
        "--output=owned",
        "-Oowned",
        "--all",
        "",
        "a\nb",
        "HEAD\u{1b}[31m",
        "@{-1}",
        "HEAD^{/x",
        ":/x",
        "^HEAD",
    ] {
        let since = format!("--since={rev}");
        let answer = past.run(&["changelog", &since]);
        assert!(matches!(answer.code, 1 | 2), "`{rev}`: {answer}");
        assert!(!answer.err.contains('\u{1b}'), "{answer}");
        let answer = past.run(&["version", "derive", &format!("--rev={rev}")]);
        assert!(matches!(answer.code, 1 | 2), "`{rev}`: {answer}");
        assert!(!answer.err.contains('\u{1b}'), "{answer}");
    }
    assert!(!past.bed.work.join("owned").exists());
}

/// A message that is no UTF-8 is told as well as it can be.
#[test]
fn messages_in_other_encodings() {
    let mut past = Past::new();
    past.commit("fix: beside it");
    let file = past.bed.root().join("message");
    fs::write(&file, b"feat: caf\xe9 \xff\n\nbody \xfe\n").unwrap();
    let file = file.to_string_lossy().into_owned();
    past.tick();
    past.bed.write("src/latin.py", "x\n");
    past.bed.git(&["add", "--all"]);
    past.bed.git(&["commit", "--quiet", "--file", &file]);
    let all = past.told(&["changelog"]);
    assert!(all.iter().any(|line| line.starts_with("Added: caf")), "{all:?}");
}

/// git says in the commit which encoding the message has, and `git log` shows it so.
#[test]

fn messages_that_name_their_encoding() {
    let mut past = Past::new();
    past.commit("fix: beside it");
    fs::write(past.bed.root().join("message"), b"feat: caf\xe9\n").unwrap();
    past.bed.git(&["config", "i18n.commitEncoding", "ISO-8859-1"]);
    past.bed.write("src/latin.py", "x\n");
    past.bed.git(&["add", "--all"]);
    past.bed.git(&["commit", "--quiet", "--file", "../message"]);
    assert!(past.bed.git(&["log", "-1", "--encoding=UTF-8", "--format=%s"]).ends_with("café"));
    assert_eq!(past.told(&["changelog"]), ["Added: café", "Fixed: beside it"]);
}

#[test]
fn messages_that_steer_terminals_or_pages() {
    let mut past = Past::new();
    past.commit("feat: red \u{1b}[31m and \u{7}bell \u{202e}back");
    for args in
        [&["changelog"][..], &["explain", "demo"], &["notes", "1.1.0"], &["changelog", "--format", "github"]]
    {
        let answer = past.run(args);
        assert!(!answer.out.contains(['\u{1b}', '\u{7}']), "{answer}");
        assert!(!answer.err.contains(['\u{1b}', '\u{7}']), "{answer}");
    }
    let mut past = Past::new();
    past.commit("feat: <script>alert(1)</script> <!-- hidden");
    past.commit("fix: ## [9.9.9] - 2020-01-01");
    past.run(&["changelog", "--write"]).exits(0);
    let text = past.bed.read("CHANGELOG.md");
    assert!(
        !text.contains("\n<script>") && !text.contains(" <script>") && !text.contains(" <!-- hidden"),
        "{text}"
    );
    past.only_reads(&["changelog", "--write"]);
}

#[test]
fn empty_messages_and_empty_commits() {
    let mut past = Past::new();
    past.tick();
    past.bed.git(&["commit", "--quiet", "--allow-empty", "--allow-empty-message", "--message", ""]);
    past.commit_all("feat: nothing in it");
    past.commit("fix: one");
    let all = past.told(&["changelog"]);
    assert!(all.contains(&"Fixed: one".to_owned()), "{all:?}");
    assert!(all.contains(&"Added: nothing in it".to_owned()), "{all:?}");
    assert!(!all.iter().any(|line| line.ends_with(": ")), "{all:?}");
    past.only_reads(&["explain", "demo"]);
    past.only_reads(&["version", "derive"]);
}

#[test]
fn octopus_merges() {
    let mut past = Past::new();
    for name in ["a", "b", "c"] {
        past.branch(name, "v1.0.0");
        past.commit(&format!("feat: in {name}"));
    }
    past.switch("main");
    past.commit("fix: on main");
    past.tick();
    past.bed.git(&["merge", "--quiet", "--no-ff", "-m", "Merge branches 'a', 'b' and 'c'", "a", "b", "c"]);
    assert_eq!(past.told(&["changelog"]), ["Added: in a", "Added: in b", "Added: in c", "Fixed: on main"]);
    let expected = past.bed.git(&["rev-list", "--count", "v1.0.0..HEAD"]);
    let json = past.run(&["version", "derive", "--json"]).json();
    assert_eq!(json["distance"].to_string(), expected);
}

#[test]
fn histories_that_share_nothing() {
    let mut past = Past::new();
    past.bed.git(&["switch", "--quiet", "--orphan", "other"]);
    past.commit("feat: from elsewhere");
    past.tag("v3.0.0");
    past.switch("main");
    past.commit("fix: one");
    assert_eq!(past.told(&["changelog"]), ["Fixed: one"]);
    past.tick();
    past.bed.git(&["merge", "--quiet", "--allow-unrelated-histories", "-m", "Merge branch 'other'", "other"]);
    past.only_reads(&["changelog", "--since", "v1.0.0"]);
}

#[test]
fn paths_that_are_no_utf8() {
    let mut past = Past::new();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.py");
    fs::write(past.bed.work.join(name), "x\n").unwrap();
    past.bed.write("quote\"d\nfile.py", "x\n");
    past.commit_all("feat: strange names");
    assert_eq!(past.told(&["changelog"]), ["Added: strange names"]);
    past.only_reads(&["explain", "demo"]).says(&["strange names", "caf"]);
    past.only_reads(&["version", "derive"]);
}

/// Nothing that the repository's configuration names is run.
#[test]
fn programs_in_the_configuration() {
    let mut past = Past::new();
    let canary = past.bed.root().join("canary");
    let touch = format!("touch {}", canary.display());
    past.bed.write(".gitattributes", "*.py filter=evil diff=evil textconv=evil\n");
    past.commit("feat: one");
    for key in [
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "gpg.program",
        "filter.evil.clean",
        "diff.evil.textconv",
        "diff.external",
        "core.editor",
        "alias.log",
    ] {
        past.bed.git(&["config", key, &touch]);
    }
    past.run(&["changelog"]).exits(0);
    past.run(&["notes", "1.1.0"]).exits(0);
    past.run(&["explain", "demo"]).exits(0);
    past.run(&["version", "derive", "--rev", "HEAD"]).exits(0);
    assert!(!canary.exists());
}

#[test]
fn replaced_objects_and_grafts() {
    let mut past = Past::new();
    let one = past.commit("feat: one");
    past.commit("feat: two");
    past.branch("side", "v1.0.0");
    let other = past.commit_in("src/one.py", "feat: instead of one");
    past.switch("main");
    past.bed.git(&["replace", &one, &other]);
    let all = past.told(&["changelog"]);
    assert!(all == ["Added: instead of one", "Added: two"], "as git log has it: {all:?}");
    past.bed.git(&["replace", "--delete", &one]);
    fs::create_dir_all(past.bed.work.join(".git/info")).unwrap();
    fs::write(past.bed.work.join(".git/info/grafts"), format!("{}\n", past.head())).unwrap();
    past.refuses(&["changelog"], 1, &["graft", "git replace"]);
}

#[test]
fn objects_that_are_missing_or_damaged() {
    let mut past = Past::new();
    let one = past.commit("feat: one");
    past.commit("feat: two");
    let object = past.bed.work.join(format!(".git/objects/{}/{}", &one[..2], &one[2..]));
    let bytes = fs::read(&object).unwrap();
    let mut permissions = fs::metadata(&object).unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o644);
    fs::set_permissions(&object, permissions).unwrap();
    for content in [None, Some(&bytes[..bytes.len() / 2]), Some(&b"garbage"[..]), Some(&b""[..])] {
        match content {
            Some(content) => fs::write(&object, content).unwrap(),
            None => fs::remove_file(&object).unwrap(),
        }
        for args in [&["changelog", "--write"][..], &["explain", "demo"], &["notes", "1.1.0"]] {
            let answer = past.run(args);
            assert!(matches!(answer.code, 1..=3), "{content:?}: {answer}");
            // By its id, or by its file.
            let all = answer.err.replace('/', "");
            assert!(all.contains(&one[..7]), "{answer}");
            assert_eq!(answer.out, "", "{answer}");
        }
        assert!(!past.bed.work.join("CHANGELOG.md").exists());
    }
    fs::write(&object, &bytes).unwrap();
    assert_eq!(past.told(&["changelog"]), ["Added: one", "Added: two"]);
}

/// The cache below the git directory only ever makes things faster.
#[test]
fn a_cache_that_lies() {
    let mut past = Past::new();
    past.commit("feat: one");
    let before = past.told(&["changelog"]);
    for file in super::super::bed::files_below(&past.bed.work.join(".git/tminus")) {
        fs::write(&file, b"\x00garbage").unwrap();
    }
    assert_eq!(past.told(&["changelog"]), before);
    past.bed.git(&["commit", "--quiet", "--amend", "-m", "fix: another"]);
    assert_eq!(past.told(&["changelog"]), ["Fixed: another"]);
}

#[test]
fn no_repository_and_no_commit() {
    let past = Past::new();
    let dir = past.bed.root().join("none");
    fs::create_dir(&dir).unwrap();
    let dir = dir.to_string_lossy().into_owned();
    for args in [&["changelog"][..], &["changelog", "--write"], &["notes", "1.0.0"], &["explain", "demo"]] {
        let answer = past.run(&[args, &["-C", &dir]].concat());
        assert!(matches!(answer.code, 1 | 2), "{answer}");
        assert!(answer.err.starts_with("error: "), "{answer}");
        assert_eq!(answer.out, "", "{answer}");
    }
    assert_eq!(fs::read_dir(&dir).unwrap().count(), 0);
    past.bed.git_in(past.bed.root(), &["init", "--quiet", "unborn"]);
    let dir = past.bed.root().join("unborn").to_string_lossy().into_owned();
    let answer = past.run(&["changelog", "-C", &dir]);
    assert!(matches!(answer.code, 1 | 2) && answer.err.starts_with("error: "), "{answer}");
}

/// A changelog that is no file of the project, or no text, is left alone.
#[test]
fn changelogs_that_are_no_files() {
    let mut past = Past::new();
    past.commit("feat: one");
    let secret = past.bed.root().join("secret.md");
    fs::write(&secret, "# Changelog\n\n## [Unreleased]\n").unwrap();
    let path = past.bed.work.join("CHANGELOG.md");
    std::os::unix::fs::symlink(&secret, &path).unwrap();
    past.refuses(&["changelog", "--write"], 1, &["CHANGELOG.md", "symbolic link"]);
    assert_eq!(fs::read_to_string(&secret).unwrap(), "# Changelog\n\n## [Unreleased]\n");
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    let answer = past.run(&["changelog", "--write"]);
    assert!(matches!(answer.code, 1 | 2) && answer.err.contains("CHANGELOG.md"), "{answer}");
    fs::remove_dir(&path).unwrap();
    fs::write(&path, b"# Changelog \xff\n").unwrap();
    let answer = past.run(&["changelog", "--write"]);
    assert!(matches!(answer.code, 1 | 2) && answer.err.contains("CHANGELOG.md"), "{answer}");
    assert_eq!(fs::read(&path).unwrap(), b"# Changelog \xff\n");
}

#[test]
fn options_that_exclude_each_other() {
    let mut past = Past::new();
    past.commit("feat: one");
    for args in [
        &["changelog", "--all", "--since", "v1.0.0"][..],
        &["changelog", "--format", "github", "--template", "x.j2"],
        &["changelog", "--nosuch"],
        &["explain"],
        &["explain", "demo", "--all", "--since", "v1.0.0"],
        &["version", "derive", "--rev"],
    ] {
        let before = past.picture();
        let answer = past.run(args);
        answer.exits(2);
        assert_eq!(answer.out, "", "{answer}");
        assert_eq!(past.picture(), before);
    }
}
