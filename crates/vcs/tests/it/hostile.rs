//! Damaged and hostile repositories: the right answer or a clear error, no panic, and nothing run.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use tminus_vcs::{CommitId, Configuration, Repository, RepositoryError};

use crate::fixture::Fixture;

/// A repository that has one of everything: packed and loose objects and references, tags of each kind, a merge, deltas,
/// a commit-graph, an index and attributes.
fn one_of_everything() -> Fixture {
    let fixture = Fixture::small();
    fixture.sh("seq 1 400 > long; git add long; git commit -qm long; echo x >> long; git commit -qam longer
         git tag light; git tag -a -m t v1; git tag -a -m n nested v1; git branch side HEAD~1
         git checkout -q side; git commit -q --allow-empty -m side; git checkout -q main; git merge -q --no-edit side
         git gc -q; git pack-refs --all; git commit-graph write --reachable
         printf '*.txt text\\n' > .gitattributes; echo '*.o' > .gitignore; git add .; git commit -qm loose
         git tag -a -m l loose; git branch b/loose; rm -rf .git/hooks .git/logs .git/description");
    fixture
}

/// Every question there is, each answered by a text.
fn ask_everything(dir: &Path, ids: &[CommitId]) -> Vec<(String, Result<String, RepositoryError>)> {
    fn text<T: std::fmt::Debug>(result: Result<T, RepositoryError>) -> Result<String, RepositoryError> {
        result.map(|value| format!("{value:?}"))
    }
    let repository = match Repository::discover_with(dir, Configuration::RepositoryOnly) {
        Ok(repository) => repository,
        Err(error) => return vec![("open".into(), Err(error))],
    };
    let mut answers = Vec::new();
    let mut push = |name: &str, answer| answers.push((name.to_owned(), answer));
    push("head", text(repository.head()));
    push("branches", text(repository.branches()));
    push("tags", text(repository.tags()));
    for tag in ["v1", "nested", "light", "loose"] {
        push("tag", text(repository.tag(&tag.parse().unwrap())));
        push("reference", text(repository.reference(&format!("refs/tags/{tag}").parse().unwrap())));
    }
    push("status", text(repository.status()));
    push("shallow", text(repository.is_shallow()));
    push("remotes", text(repository.remotes()));
    push("user", text(repository.user()));
    push("config", text(repository.config("core.bare")));
    push("url", text(repository.remote_url(&"origin".parse().unwrap())));
    push("tracking", text(repository.tracking(&"main".parse().unwrap())));
    push("resolve", text(repository.resolve("HEAD~1")));
    push("short", text(repository.resolve(ids[0].short())));
    push("log", text(repository.log(&ids[..1], &[], false, 100)));
    push("log since", text(repository.log(&ids[..1], &ids[1..], true, 100)));
    push("among", text(repository.ancestors_among(ids, &ids[0])));
    for id in ids {
        push("contains", text(repository.contains(id)));
        push("ancestor", text(repository.is_ancestor(id, &ids[0])));
        push("files", text(repository.files(id)));
        for path in ["long", "dir/inner", "none"] {
            push("read", text(repository.read_file(id, path, 1 << 20)));
        }
    }
    answers
}

/// All files below a directory.
fn files_below(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut dirs = vec![dir.to_owned()];
    while let Some(dir) = dirs.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { dirs.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

/// The same numbers in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % limit.max(1)
    }
}

/// What a power cut, a bad disk or an enemy does to a file.
fn damaged(bytes: &[u8], numbers: &mut Numbers) -> (String, Vec<u8>) {
    let mut bytes = bytes.to_vec();
    let place = numbers.below(bytes.len());
    let what = match numbers.below(6) {
        0 => {
            bytes.truncate(place);
            "truncated at"
        }
        1 => {
            bytes.clear();
            "emptied"
        }
        2 => {
            let end = bytes.len().min(place + 16);
            bytes[place..end].fill(u8::try_from(numbers.below(2)).unwrap() * 255);
            "overwritten at"
        }
        3 => {
            let piece: Vec<_> =
                (0..numbers.below(40)).map(|_| u8::try_from(numbers.below(256)).unwrap()).collect();
            bytes.splice(place..place, piece);
            "garbage inserted at"
        }
        _ => {
            if let Some(byte) = bytes.get_mut(place) {
                *byte ^= 1 << numbers.below(8);
            }
            "bit changed at"
        }
    };
    (format!("{what} {place}"), bytes)
}

/// Damages one file at a time, asks everything, and repairs it.
fn damage_and_ask(seed: u64, rounds: usize) {
    let fixture = one_of_everything();
    let ids: Vec<_> = ["HEAD", "HEAD~1", "side", "light", "main~3"].map(|name| fixture.commit(name)).to_vec();
    let git_dir = fixture.work().join(".git");
    let files = files_below(&git_dir);
    let mut numbers = Numbers(seed);
    let mut wrong = Vec::new();
    let right = ask_everything(&fixture.work(), &ids);
    assert!(right.iter().all(|(_, answer)| answer.is_ok()), "{right:?}");
    for round in 0..rounds {
        let file = &files[numbers.below(files.len())];
        let shown = file.strip_prefix(&git_dir).unwrap().display().to_string();
        let bytes = fs::read(file).unwrap();
        let (what, changed) = damaged(&bytes, &mut numbers);
        fixture.sh_in(&git_dir, &format!("chmod u+w '{shown}'"));
        fs::write(file, changed).unwrap();
        let asked = catch_unwind(AssertUnwindSafe(|| ask_everything(&fixture.work(), &ids)));
        fs::write(file, bytes).unwrap();
        match asked {
            Err(_) => wrong.push(format!("{round}: panic: {shown} {what}")),
            Ok(answers) => {
                // git believes the commit-graph as well.
                let objects = shown.starts_with("objects") && !shown.ends_with("commit-graph");
                for ((name, answer), (_, expected)) in answers.iter().zip(&right) {
                    // gix compares a damaged tree as it is: the answer is "changed" then, which stops a release.
                    let checked = objects && name != "status";
                    if let (true, Ok(answer), Ok(expected)) = (checked, answer, expected)
                        && answer != expected
                    {
                        wrong.push(format!("{round}: {shown} {what}: {name} {answer} not {expected}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn damage_never_panics() {
    damage_and_ask(0x5eed, 100);
}

/// What a repository says when it is asked for its head and its tags.
#[track_caller]
fn refused(script: &str, expected: &str) {
    let fixture = one_of_everything();
    fixture.sh(script);
    let head = "main".parse().unwrap();
    let answer =
        Repository::discover_with(&fixture.work(), Configuration::RepositoryOnly).and_then(|repository| {
            repository.head()?;
            let tip = repository.branch(&head)?;
            repository.tags()?;
            tip.map(|tip| repository.files(&tip).map(drop)).transpose()?;
            let absent = "1".repeat(40).parse().unwrap();
            repository.contains(&absent)
        });
    let text = match answer {
        Ok(_) => "no error".to_owned(),
        Err(error) => format!("{error}"),
    };
    assert!(text.contains(expected), "{script}: {text}");
}

#[test]
fn what_is_broken_is_named() {
    refused("true", "no error");
    refused("echo nonsense > .git/HEAD", "HEAD");
    refused(": > .git/HEAD", "HEAD");
    refused("rm .git/HEAD", "not in a git repository");
    refused("echo 'zz refs/heads/main' > .git/packed-refs", "Invalid packed reference");
    refused("echo zzz > .git/refs/heads/main", "refs/heads/main");
    refused(": > .git/refs/heads/main", "refs/heads/main");
    refused("echo '[broken' > .git/config", "config");
    refused("cd .git/objects/pack; for f in *.idx; do chmod u+w $f; echo >> $f; done", "git fsck --full");
    refused(
        "cd .git/objects/$(git rev-parse HEAD | cut -c1-2); for f in *; do chmod u+w $f; : > $f; done",
        "git fsck --full",
    );
    refused(
        "cd .git/objects/$(git rev-parse HEAD^{tree} | cut -c1-2); rm -f *",
        "is not there; `git fsck --full`",
    );
    refused("echo /none/objects > .git/objects/info/alternates", "/none/objects");
    refused("echo ../objects > .git/objects/info/alternates", "form a cycle");
    refused("git rev-parse HEAD > .git/info/grafts", "run `git replace --convert-graft-file`");
    refused("printf '# nothing\\n\\n' > .git/info/grafts", "no error");
    refused(
        "git config core.repositoryFormatVersion 1; git config extensions.unheardOf true",
        "the extension `unheardof`",
    );
    refused("git config extensions.unheardOf true", "no error");
    refused("git config core.repositoryFormatVersion 99", "99");
    refused("mv .git ../moved; echo 'gitdir: ../none' > .git", "");
    refused("mv .git ../moved; echo 'gitdir: .git' > .git", "not in a git repository");
    refused("mv .git ../moved; ln -s .git .git", "not in a git repository");
    refused("mv .git ../moved; echo 'gitdir: ../moved' > .git", "no error");
    let long = "1".repeat(64);
    refused(&format!("echo {long} > .git/refs/heads/main"), "main");
    refused(&format!("echo {long} > .git/refs/tags/x"), "refs/tags/x");
    refused(&format!("echo {long} > .git/HEAD"), "HEAD");
    refused(&format!("echo {long} refs/tags/x >> .git/packed-refs"), "packed");
    refused(&format!("echo {long} > .git/shallow"), "");
    refused(&format!("mkdir -p .git/refs/replace; git rev-parse HEAD > .git/refs/replace/{long}"), "");
    refused(
        &format!("mkdir -p .git/refs/replace; echo {long} > .git/refs/replace/$(git rev-parse HEAD)"),
        "",
    );
    for kind in ["commit", "tag"] {
        let parent = format!(
            "tree $(git rev-parse HEAD^{{tree}})\nparent {long}\nauthor a <a> 1 +0000\ncommitter a <a> 1 +0000\n\nm"
        );
        let object = if kind == "tag" {
            format!("object {long}\ntype commit\ntag x\ntagger a <a> 1 +0000\n\nm")
        } else {
            parent
        };
        let write = format!("printf '%s\n' \"{object}\" | git hash-object --literally -t {kind} -w --stdin");
        refused(
            &format!("{write} > .git/refs/tags/x"),
            if kind == "tag" { "cannot read tag x" } else { "no error" },
        );
    }
    refused(
        "git symbolic-ref HEAD refs/heads/x; git symbolic-ref refs/heads/x refs/heads/y; git symbolic-ref refs/heads/y refs/heads/x",
        "HEAD",
    );
}

/// A loose object with the content of another one, as no hash would allow.
#[test]
fn content_with_another_hash_is_refused() {
    let fixture = Fixture::small();
    fixture.sh("a=$(git rev-parse HEAD:file) b=$(git rev-parse HEAD:run)
         path() { echo .git/objects/$(echo $1 | cut -c1-2)/$(echo $1 | cut -c3-); }
         chmod u+w $(path $a); cp -f $(path $b) $(path $a)");
    let head = fixture.commit("HEAD");
    let error = fixture.repository().read_file(&head, "file", 100).unwrap_err();
    let (file, run) = (fixture.object("HEAD:file"), fixture.object("HEAD:run"));
    let expected = format!("object {file} is damaged: its content has the hash {run}");
    assert!(error.to_string().starts_with(&expected), "{error}");
}

#[test]
fn replaced_objects_are_seen_as_git_sees_them() {
    let fixture = one_of_everything();
    fixture.sh("git replace HEAD~1 HEAD~2; git replace --graft side");
    let head = fixture.commit("HEAD");
    let repository = fixture.repository();
    let ours: Vec<_> = repository
        .log(std::slice::from_ref(&head), &[], false, 100)
        .unwrap()
        .iter()
        .map(|commit| format!("{} {}", commit.id, commit.subject))
        .collect();
    assert_eq!(ours, fixture.sh("git log --format='%H %s'").lines().collect::<Vec<_>>());
    assert_eq!(repository.read_file(&head, "file", 9).unwrap().unwrap(), b"one\n");
    let side = fixture.sh("git rev-parse side").parse().unwrap();
    let old = fixture.sh("git --no-replace-objects rev-parse side~1").parse().unwrap();
    let git_says = fixture.output_in(&fixture.work(), "git merge-base --is-ancestor HEAD~5 side").success();
    assert!(!git_says);
    assert!(!repository.is_ancestor(&old, &side).unwrap());
}

#[test]
fn names_and_messages_of_others() {
    let fixture = Fixture::small();
    // Names that git allows and ours do not, or that a shell would take apart.
    fixture.sh("head=$(git rev-parse HEAD)
         for name in \"a'b\" 'a\"b' 'a;touch${IFS}x' '$(touch${IFS}x)' 'a|b' 'a&b' 'a!b' 'ünï'; do
             git tag \"$name\"; git branch \"$name\"; done
         git update-ref refs/tags/-dash HEAD; git update-ref refs/heads/--upload-pack=x HEAD
         printf '%s refs/tags/new\\012line\\n' $head > ../odd
         printf '%s refs/tags/latin\\351\\n' $head >> ../odd
         git commit -q --allow-empty -m empty
         git -c i18n.commitEncoding=latin1 commit -q --allow-empty -m \"$(printf 'latin \\351')\"
         for i in 1 2 3; do git checkout -q -b o$i $head; git commit -q --allow-empty -m o$i; done
         git checkout -q main; git merge -q --no-edit -s ours o1 o2 o3; git pack-refs --all; cat ../odd >> .git/packed-refs");
    let repository = fixture.repository();
    // The line that is no reference makes packed-refs unreadable for git too.
    assert!(repository.tags().is_err());
    fixture.sh("grep -av -e '^line' -e 'tags/new' .git/packed-refs > p; mv p .git/packed-refs");
    let tags: Vec<_> = repository.tags().unwrap().iter().map(|tag| tag.name.to_string()).collect();
    assert_eq!(tags.len(), 8, "{tags:?}");
    assert_eq!(repository.branches().unwrap().len(), 12);
    let head = fixture.commit("HEAD");
    let log = repository.log(&[head], &[], false, 100).unwrap();
    assert_eq!(log[0].parents.len(), 4);
    assert_eq!(log.len(), 7);
    assert!(log.iter().any(|commit| commit.message.starts_with("latin ")));
    assert!(repository.resolve("--upload-pack=x").is_ok());
}

/// A script that leaves a mark, for every setting by which git starts a program.
const TRAPS: &str = "cat > ../trap <<'END'
#!/bin/sh
touch \"$(dirname \"$0\")/sprung-$1\"
cat
END
chmod +x ../trap; t=$PWD/../trap
git config core.fsmonitor \"$t fsmonitor\"; git config core.sshCommand \"$t ssh\"
git config diff.external \"$t external\"; git config diff.x.textconv \"$t textconv\"
git config diff.x.command \"$t command\"; git config merge.x.driver \"$t merge\"
git config credential.helper \"!$t credential\"; git config core.pager \"$t pager\"
git config core.editor \"$t editor\"; git config gpg.program \"$t\"; git config core.askPass \"$t\"
git config uploadpack.packObjectsHook \"$t hook\"; git config alias.status \"!$t alias\"
git config filter.f.clean \"$t clean\"; git config filter.f.smudge \"$t smudge\"
git config filter.p.process \"$t process\"; git config remote.origin.uploadpack \"$t upload\"
mkdir -p .git/hooks; for h in post-index-change post-checkout pre-commit reference-transaction fsmonitor-watchman; do
    printf '#!/bin/sh\\n%s %s\\n' \"$t\" $h > .git/hooks/$h; chmod +x .git/hooks/$h; done
printf 'file filter=f diff=x merge=x\\nrun filter=p\\n' > .gitattributes; touch -d 2001-01-01 file run";

/// The marks that were left, which are removed.
fn sprung(fixture: &Fixture) -> Vec<String> {
    let marks = fixture.sh("cd ..; ls | grep '^sprung-' || true; rm -f sprung-*");
    marks.lines().map(|mark| mark.trim_start_matches("sprung-").to_owned()).collect()
}

#[test]
fn nothing_runs_that_git_status_would_not_run() {
    let fixture = one_of_everything();
    let ids: Vec<_> = ["HEAD", "side"].map(|name| fixture.commit(name)).to_vec();
    fixture.sh(TRAPS);
    sprung(&fixture);
    for (name, answer) in ask_everything(&fixture.work(), &ids) {
        assert!(answer.is_ok() || name == "status", "{name}: {answer:?}");
    }
    let ours = sprung(&fixture);
    fixture.output_in(&fixture.work(), "git --no-pager status --porcelain; git --no-pager log --oneline");
    let theirs = sprung(&fixture);
    assert!(theirs.contains(&"clean".to_owned()), "the traps do not work: {theirs:?}");
    let more: Vec<_> = ours.iter().filter(|mark| !theirs.contains(mark)).collect();
    assert!(more.is_empty(), "{more:?} beside {theirs:?}");
}

/// Only the superuser can give a file away, so elsewhere there is nobody to distrust.
#[test]
#[cfg(unix)]
fn somebody_else_s_repository_runs_nothing() {
    for given in [".", ".git", ".git/config ../linked.git"] {
        let fixture = one_of_everything();
        if fixture.sh("id -u") != "0" {
            return;
        }
        let ids = [fixture.commit("HEAD")];
        fixture.sh(TRAPS);
        let opened = fixture.repository();
        fixture.sh(&format!("mkdir ../linked.git; chown -R 12345 {given}"));
        sprung(&fixture);
        let answers = ask_everything(&fixture.work(), &ids);
        let late = opened.status();
        if given.starts_with(".git/config") {
            // The file alone is not looked at by git either: the directory decides who could put it there.
            assert!(answers.len() > 1, "{given}");
            continue;
        }
        assert!(
            matches!(&answers[..], [(_, Err(RepositoryError::UntrustedOwner { .. }))]),
            "{given}: {answers:?}"
        );
        assert!(matches!(late, Err(RepositoryError::UntrustedOwner { .. })), "{given}: {late:?}");
        assert!(sprung(&fixture).is_empty(), "{given}");
    }
}

#[test]
#[cfg(unix)]
fn a_linked_work_tree_of_somebody_else_s_repository() {
    let fixture = one_of_everything();
    if fixture.sh("id -u") != "0" {
        return;
    }
    fixture.sh("git worktree add -q -b linked ../linked; chown -R 12345 .; chown -R 0 .git/worktrees/linked");
    let opened = Repository::discover_with(&fixture.beside("linked"), Configuration::RepositoryOnly);
    assert!(matches!(opened, Err(RepositoryError::UntrustedOwner { .. })), "{opened:?}");
}

#[test]
fn a_bare_repository_inside_a_work_tree_is_its_own() {
    let fixture = Fixture::small();
    fixture.sh("git init -q --bare fixtures/evil.git");
    let found =
        Repository::discover_with(&fixture.work().join("fixtures/evil.git"), Configuration::RepositoryOnly);
    assert!(found.unwrap().is_bare());
    let above = Repository::discover_with(&fixture.work().join("fixtures"), Configuration::RepositoryOnly);
    assert_eq!(above.unwrap().work_dir(), Some(fixture.work().as_path()));
}
