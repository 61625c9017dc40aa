//! Repositories with SHA-256 objects, compared with the real git.

use tminus_vcs::{
    DescribeOptions, Expected, FastForward, FileChange, FileKind, Merges, NewCommit, PatchIdKind, PathMap,
    Pick, PushMode, Range, RefUpdate, RemoteName, RepositoryError, Source,
};

use crate::fixture::Fixture;

/// A work tree with SHA-256 objects and a bare `origin`.
fn fixture() -> Fixture {
    let fixture = Fixture::empty();
    fixture.sh("rm -rf .git; git init -q --object-format=sha256 --initial-branch=main .
         mkdir dir; echo one > file; echo two > dir/inner; git add .; git commit -qm first
         git commit -q --allow-empty -m second; git tag light; git tag -a -m t v1; git gc -q
         git checkout -q -b side HEAD~1; git commit -q --allow-empty -m side; git checkout -q main
         git merge -q --no-edit side; echo more >> file; git commit -qam loose
         git commit-graph write --reachable; git clone -q --bare . ../origin.git; git remote add origin ../origin.git
         git fetch -q origin");
    fixture
}

#[test]
fn read_as_git_reads_it() {
    let fixture = fixture();
    let repository = fixture.repository();
    let head = fixture.commit("HEAD");
    assert_eq!(head.as_str().len(), 64);
    assert_eq!(repository.head().unwrap().commit, Some(head.clone()));
    let log = repository.log(std::slice::from_ref(&head), &[], false, 100).unwrap();
    let ids: Vec<_> = log.iter().map(|commit| commit.id.to_string()).collect();
    assert_eq!(ids, fixture.sh("git log --format=%H").lines().collect::<Vec<_>>());
    let tags = repository.tags().unwrap();
    let shown: Vec<_> =
        tags.iter().map(|tag| (tag.name.as_str(), tag.object.clone(), tag.commit.clone())).collect();
    let expected = ["light", "v1"].map(|name| (name, fixture.object(name), fixture.commit(name)));
    assert_eq!(shown, expected);
    assert!(repository.status().unwrap().is_clean());
    fixture.sh("echo x >> dir/inner; echo n > new");
    let status = repository.status().unwrap();
    assert_eq!((status.changed, status.untracked), (vec!["dir/inner".to_owned()], vec!["new".to_owned()]));
    assert_eq!(repository.read_file(&head, "dir/inner", 10).unwrap().unwrap(), b"two\n");
    assert_eq!(repository.files(&head).unwrap().len(), 2);
    assert!(repository.is_ancestor(&fixture.commit("v1"), &head).unwrap());
    assert!(!repository.is_ancestor(&head, &fixture.commit("v1")).unwrap());
    assert_eq!(repository.resolve(head.short()).unwrap(), Some(head));
    let sha1 = "a".repeat(40).parse().unwrap();
    assert!(!repository.contains(&sha1).unwrap());
}

#[test]
fn the_history_is_walked_as_in_git() {
    let fixture = fixture();
    fixture
        .sh("git checkout -q -b line HEAD~1; echo x > dir/inner; git commit -qam line; git checkout -q main");
    // With and without what the commit-graph tells.
    for before in ["true", "rm -rf .git/objects/info/commit-graph*"] {
        fixture.sh(before);
        let history = fixture.repository().history().unwrap().with_cache(fixture.beside("cache"));
        let (head, v1, line) = (fixture.commit("HEAD"), fixture.commit("v1"), fixture.commit("line"));
        let range = Range::all(head.clone());
        let changes = history.changes(&range, Merges::FirstParent).unwrap();
        let ours: String = changes
            .iter()
            .flat_map(|change| {
                let paths =
                    change.paths.iter().map(|path| String::from_utf8_lossy(path.bytes()).into_owned());
                [change.commit.to_string()].into_iter().chain(paths).collect::<Vec<_>>()
            })
            .map(|line| line + "\n")
            .collect();
        let theirs = fixture.sh("git log --diff-merges=first-parent --name-only --format=%H");
        assert_eq!(ours.trim_end(), theirs.replace("\n\n", "\n"));
        let mut map = PathMap::new();
        map.insert("dir", 3).unwrap();
        let split = history.split(&range, &map, Merges::Nothing).unwrap();
        assert_eq!(split.iter().filter(|touched| touched.owners == [3]).count(), 1);
        let bases = history.merge_bases(&line, std::slice::from_ref(&head)).unwrap();
        assert_eq!(bases, [fixture.commit("HEAD~1")]);
        assert!(history.is_ancestor(&v1, &head).unwrap());
        let described = history.describer(&DescribeOptions::default()).unwrap().describe(&head).unwrap();
        let (short, described) =
            (history.abbreviated(&head.clone().into(), None).unwrap(), described.unwrap());
        assert_eq!(described.print(Some(&short), false), fixture.sh("git describe"));
    }
}

#[test]
fn picks_as_in_git_and_patch_ids_refused() {
    let fixture = fixture();
    fixture.sh("seq 1 30 > lines; git add lines; git commit -qm lines; git branch line
         sed -i 's/^3$/three/' lines; git commit -qam change; git tag change
         git checkout -q line; sed -i 's/^27$/late/' lines; git commit -qam other; git checkout -q main");
    let history = fixture.repository().history().unwrap();
    let source = Source::new(fixture.commit("change"));
    // Once decided here, once merged by git.
    for onto in ["change~1", "line"] {
        let theirs = fixture.sh(&format!(
            "rm -rf ../copy; cp -r . ../copy; cd ../copy; git checkout -q --detach {onto}
             git cherry-pick change >/dev/null; git rev-parse 'HEAD^{{tree}}'"
        ));
        let found = history.pick(&fixture.git(), &source, &fixture.commit(onto)).unwrap();
        assert_eq!(found, Pick::Clean { tree: theirs.parse().unwrap() });
    }
    let sources = std::slice::from_ref(&source);
    let picks = history.pick_all(&fixture.git(), sources, &fixture.commit("line")).unwrap();
    picks.write(&fixture.git(), &"picked".parse().unwrap(), &Expected::Absent).unwrap();
    assert_eq!(fixture.sh("git fsck --strict 2>&1; git show picked:lines | sed -n '3p;27p'"), "three\nlate");
    let error = history.patch_ids(&[fixture.commit("change")], PatchIdKind::Cherry).unwrap_err();
    assert!(matches!(error, RepositoryError::Unsupported { .. }), "{error:?}");
}

#[test]
fn written_by_git() {
    let fixture = fixture();
    let (git, head) = (fixture.git(), fixture.commit("HEAD"));
    fixture.sh("echo x > file");
    let made = git.commit_in(&fixture.work(), &["file"], "m").unwrap();
    let object = git.tag_annotated(&"v2".parse().unwrap(), &made, "t\n").unwrap();
    git.create_branch(&"release".parse().unwrap(), &head).unwrap();
    assert_eq!(git.fast_forward(&"release".parse().unwrap(), &made).unwrap(), FastForward::Done);
    let changes = [
        FileChange::Write { path: "a", kind: FileKind::Plain, content: b"y" },
        FileChange::Remove { path: "file" },
    ];
    let new =
        NewCommit { parents: std::slice::from_ref(&made), changes: &changes, message: "m", author: None };
    let computed = git.commit_files(&new).unwrap();
    assert_eq!(fixture.sh(&format!("git ls-tree -r --name-only {computed}")), "a\ndir/inner");
    let update = |local, name: &str, expect| RefUpdate { local, remote_ref: name.parse().unwrap(), expect };
    let updates = [
        update((&made).into(), "refs/heads/main", None),
        update(object.clone(), "refs/tags/v2", Some(Expected::Absent)),
        update((&computed).into(), "refs/heads/new", Some(Expected::Absent)),
    ];
    git.push(&RemoteName::origin(), &updates, PushMode::default()).unwrap();
    let refs = git.ls_remote(&RemoteName::origin()).unwrap();
    assert_eq!(refs.branches[&"new".parse().unwrap()], computed);
    assert_eq!(refs.tags[&"v2".parse().unwrap()].object, object);
    let dir = fixture.beside("build");
    git.clone_local(&dir, &made).unwrap();
    assert_eq!(fixture.sh_in(&dir, "git describe HEAD"), "v2");
}
