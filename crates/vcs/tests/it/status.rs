use std::path::Path;

use tminus_vcs::{RepositoryError, Status};

use crate::fixture::Fixture;

/// What the real git says, in our form.
fn reference(fixture: &Fixture, dir: &Path) -> Status {
    let output = fixture.output_in(
        dir,
        "git status --porcelain=v1 -z --no-renames --untracked-files=all --ignore-submodules=none",
    );
    assert!(output.success());
    let mut status = Status::default();
    for entry in output.stdout.split(|byte| *byte == 0).filter(|entry| !entry.is_empty()) {
        let path = String::from_utf8_lossy(&entry[3..]).into_owned();
        if entry.starts_with(b"??") { status.untracked.push(path) } else { status.changed.push(path) }
    }
    status.changed.sort();
    status.untracked.sort();
    status
}

/// The state a script makes, seen by us and by git; `dirty` guards against a script that does nothing.
#[track_caller]
fn check(script: &str, dirty: bool) {
    let fixture = Fixture::small();
    fixture.sh(script);
    check_in(&fixture, &fixture.work(), script, dirty);
}

#[track_caller]
fn check_in(fixture: &Fixture, dir: &Path, script: &str, dirty: bool) {
    let ours = fixture.repository_at(dir).status().unwrap();
    let theirs = reference(fixture, dir);
    assert_eq!(ours, theirs, "{script}");
    assert_eq!(!ours.is_clean(), dirty, "{script}");
}

#[test]
fn one_file() {
    check("true", false);
    check("echo more >> file", true);
    check("echo two > file", true); // same size as before
    check("echo more >> file; git add file", true);
    check("echo more >> file; git add file; echo yet >> file", true);
    check("echo more >> file; git add file; echo one > file", true);
    check("touch -d '2001-01-01' file", false);
    check("rm file", true);
    check("git rm --quiet file", true);
    check("git rm --quiet --cached file", true);
    check("git rm --quiet --cached file; echo other > file", true);
    check("chmod +x file", true);
    check("git config core.fileMode false; chmod +x file", false);
    check("rm file; ln -s run file", true);
    check("rm file; mkdir file; echo x > file/x", true);
    check("rm -r dir; echo x > dir", true);
    check("git mv file moved", true);
    check("mv file moved", true);
    check("cp file copied; git add copied", true);
    check("echo x > new", true);
    check("echo x > new; git add new", true);
    check("echo x > new; git add new; rm new", true);
    check("echo x > new; git add --intent-to-add new", true);
    check(": > new; git add --intent-to-add new", true);
}

#[test]
fn ignored_and_untracked() {
    check("mkdir -p a/b/c; echo x > a/b/c/d; echo y > a/e", true);
    check("mkdir -p a/b/c", false);
    check("echo '*.o' > .git/info/exclude; echo x > x.o", false);
    check("echo '*.o' > .git/info/exclude; echo x > x.o; git add -f x.o", true);
    check("printf '*.o\\n!keep.o\\n' > .gitignore; echo x > x.o; echo y > keep.o", true);
    check(
        "printf '/build/\\n' > .gitignore; git add .gitignore; git commit -qm i; mkdir build; echo x > build/x",
        false,
    );
    check(
        "printf 'build/*\\n!build/keep\\n' > .gitignore; mkdir build; echo x > build/x; echo y > build/keep",
        true,
    );
    check("mkdir sub; echo '*' > sub/.gitignore; echo x > sub/x", false);
    check("echo dir > .git/info/exclude; echo more >> dir/inner; echo new > dir/new", true);
    check("echo x > .git/info/other; git config core.excludesFile $PWD/.git/info/other; echo y > x", false);
    check("ln -s nowhere dangling; ln -s dir linked", true);
    check("mkfifo pipe", false);
}

#[test]
fn odd_names() {
    check(
        "echo x > 'a b'; echo x > \"q'uote\"; echo x > 'd\"ouble'; echo x > '-dash'; echo x > 'star*'",
        true,
    );
    check(
        "printf x > \"$(printf 'new\\nline')\"; printf x > 'back\\slash'; printf x > \"$(printf 'tab\\there')\"",
        true,
    );
    check("printf x > 'ünïcödé'; git add .; git commit -qm u; printf y > 'ünïcödé'", true);
    check("printf x > \"$(printf 'latin\\351')\"", true);
    check("printf x > \"$(printf 'latin\\351')\"; git add .", true);
    check("mkdir ' '; echo x > ' / '; git add .", true);
}

#[test]
fn conflicts() {
    let branches =
        "git checkout -q -b other; echo theirs > file; git commit -qam theirs; git checkout -q main";
    check(&format!("{branches}; echo ours > file; git commit -qam ours; ! git merge -q other"), true);
    check(&format!("{branches}; git rm -q file; git commit -qm gone; ! git merge -q other"), true);
    check(&format!("{branches}; git rm -q file; git commit -qm gone; ! git merge -q other; rm file"), true);
    check(
        "git checkout -q -b other; echo a > new; git add new; git commit -qm a; git checkout -q main
         echo b > new; git add new; git commit -qm b; ! git merge -q other",
        true,
    );
}

#[test]
fn index_flags() {
    check("git update-index --assume-unchanged file; echo x >> file", false);
    check("git update-index --skip-worktree file; rm file", false);
    check("git update-index --skip-worktree file; echo more >> run", true);
    check("git sparse-checkout set --no-cone '/file'; test ! -e run", false);
    check("git update-index --index-version 4; echo x >> file", true);
    check("git update-index --split-index; echo x >> file; echo y > new; git add new", true);
    check(
        "git config core.untrackedCache true; git update-index --untracked-cache; git status -s; echo x > new",
        true,
    );
    check("rm .git/index", true);
}

#[test]
fn conversions() {
    check(
        "git config core.autocrlf true; rm file; git checkout -q file; grep -q \"$(printf '\\r')\" file",
        false,
    );
    check("git config core.autocrlf input; printf 'one\\r\\n' > file", true); // git looks no further than the size
    check(
        "echo '* text eol=crlf' > .gitattributes; git add .; git commit -qm a; rm file; git checkout -q file",
        false,
    );
    check("echo 'file -text' > .gitattributes; git add .; git commit -qm a; printf 'one\\r\\n' > file", true);
    check(
        "git config filter.up.clean 'tr a-z A-Z'; git config filter.up.smudge 'tr A-Z a-z'
         echo 'loud filter=up' > .gitattributes; echo shout > loud; git add .; git commit -qm f; touch -d 2001-01-01 loud",
        false,
    );
    check(
        "git config filter.up.clean 'tr a-z A-Z'; echo 'loud filter=up' > .gitattributes
         echo shout > loud; git add .; git commit -qm f; echo louder > loud",
        true,
    );
}

#[test]
fn other_repositories_inside() {
    check("git init -q nested", true);
    check("git init -q nested; cd nested; echo x > x; git add x; git commit -qm x", true);
    check("mkdir deep; git init -q deep/nested; echo x > deep/file", true);
    check("git init -q --bare nested.git", true);
    let with_module = "git init -q ../module; (cd ../module; echo m > m; git add m; git commit -qm m)
         git -c protocol.file.allow=always submodule --quiet add ../module module; git commit -qm module";
    check(with_module, false);
    check(&format!("{with_module}; echo x >> module/m"), true);
    check(&format!("{with_module}; echo x > module/new"), true);
    check(&format!("{with_module}; cd module; echo x > m; git commit -qam moved"), true);
    check(
        &format!("{with_module}; cd module; echo x > m; git commit -qam moved; cd ..; git add module"),
        true,
    );
    check(&format!("{with_module}; git submodule --quiet deinit -f module"), false);
    check(&format!("{with_module}; rm -r module"), true);
}

#[test]
fn states_of_head() {
    check("git checkout -q --detach; echo x >> file", true);
    check("git checkout -q --orphan fresh", true);
    check("git checkout -q --orphan fresh; git rm -rq --cached .", true);
    let fixture = Fixture::empty();
    check_in(&fixture, &fixture.work(), "no commit", false);
    fixture.sh("echo x > x; echo y > y; git add x");
    check_in(&fixture, &fixture.work(), "no commit, one added", true);
}

#[test]
fn linked_work_tree() {
    let fixture = Fixture::small();
    fixture.sh("git worktree add --quiet --detach ../linked; echo x >> file; echo y > ../linked/new");
    check_in(&fixture, &fixture.beside("linked"), "linked", true);
    assert_eq!(fixture.repository_at(&fixture.beside("linked")).status().unwrap().untracked, ["new"]);
}

#[test]
fn bare_repositories_have_no_status() {
    let fixture = Fixture::with_origin();
    let bare = fixture.repository_at(&fixture.beside("origin.git"));
    assert!(matches!(bare.status(), Err(RepositoryError::Bare { .. })));
}
