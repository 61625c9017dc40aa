use tminus_vcs::{ChangesFrom, CommitId, DescribeOptions, RepositoryError, SignatureKind};

use crate::fixture::Fixture;

/// What the real git prints, without its warnings; `None` where it finds nothing.
fn reference(fixture: &Fixture, options: &str, commit: &CommitId) -> Option<String> {
    let output = fixture.output_in(&fixture.work(), &format!("git describe {options} {commit}"));
    output.success().then(|| String::from_utf8(output.stdout).unwrap().trim_end().to_owned())
}

/// The same options for us, how many digits are asked for if any are, and whether it is `--long`.
fn read(options: &str) -> (DescribeOptions, Option<usize>, bool) {
    let mut read = DescribeOptions::default();
    let (mut abbreviation, mut long) = (None, false);
    for word in options.split_whitespace() {
        let word = word.replace('\'', "");
        match word.split_once('=').unwrap_or((&word, "")) {
            ("--tags", _) => read.light = true,
            ("--long", _) => long = true,
            ("--first-parent", _) => read.first_parent = true,
            ("--exact-match", _) => read.candidates = 0,
            ("--candidates", number) => read.candidates = number.parse().unwrap(),
            ("--match", pattern) => read.matching.push(pattern.to_owned()),
            ("--exclude", pattern) => read.excluding.push(pattern.to_owned()),
            ("--abbrev", digits) => abbreviation = Some(digits.parse().unwrap()),
            other => unreachable!("{other:?}"),
        }
    }
    (read, abbreviation, long)
}

const OPTIONS: [&str; 14] = [
    "",
    "--tags",
    "--tags --long --abbrev=40",
    "--abbrev=0",
    "--abbrev=4",
    "--tags --first-parent",
    "--tags --exact-match",
    "--exact-match",
    "--tags --candidates=1",
    "--tags --candidates=2",
    "--tags --candidates=99",
    "--tags --match='v*' --match='a/*'",
    "--tags --match='v*' --exclude='*[13]'",
    "--tags --match='nothing*'",
];

/// Every commit of a fixture with every set of options.
#[track_caller]
fn check_all(fixture: &Fixture) {
    let commits = fixture.sh("git rev-list --branches");
    let history = fixture.repository().history().unwrap();
    for options in OPTIONS {
        let (asked, abbreviation, long) = read(options);
        let mut describer = history.describer(&asked).unwrap();
        for commit in commits.lines() {
            let commit: CommitId = commit.parse().unwrap();
            let found = describer.describe(&commit).unwrap();
            let ours = found.map(|found| {
                let short = (abbreviation != Some(0))
                    .then(|| history.abbreviated(&found.object, abbreviation).unwrap());
                found.print(short.as_deref(), long)
            });
            assert_eq!(ours, reference(fixture, options, &commit), "{options} {commit}");
        }
    }
}

#[test]
fn counts_and_times() {
    let fixture = Fixture::small();
    lines(&fixture, &[1200, 100, 1100, 200, 1000, 300, 900, 400, 800, 500, 700, 600]);
    for graph in ["true", "git commit-graph write --reachable"] {
        fixture.sh(graph);
        let mut describer =
            fixture.repository().history().unwrap().describer(&DescribeOptions::default()).unwrap();
        for commit in fixture.sh("git rev-list --all").lines() {
            let commit: CommitId = commit.parse().unwrap();
            let count = fixture.sh(&format!("git rev-list --count {commit}"));
            assert_eq!(describer.count(&commit).unwrap().to_string(), count);
            let time = fixture.sh(&format!("git show --no-patch --format=%ct {commit}"));
            assert_eq!(describer.time_seconds(&commit).unwrap().to_string(), time);
        }
    }
}

/// Twelve commits with merges between two lines, at these times.
fn lines(fixture: &Fixture, times: &[u32; 12]) {
    fixture.sh(
        "git checkout --quiet --orphan one; git commit --quiet --allow-empty --message=0; git branch two",
    );
    for (number, time) in times.iter().enumerate() {
        let branch = if number % 3 == 0 { "two" } else { "one" };
        let merge =
            if number % 4 == 3 { "git merge --quiet --no-ff --no-edit -X ours one two || true;" } else { "" };
        fixture.sh(&format!(
            "export GIT_COMMITTER_DATE='{} +0000'; git checkout --quiet {branch}
             git commit --quiet --allow-empty --message={number}; {merge} true",
            1_000_000_000 + time
        ));
    }
}

#[test]
fn merges_and_clocks() {
    let steady = [100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1100, 1200];
    let equal = [100; 12];
    let backwards = [1200, 100, 1100, 200, 1000, 300, 900, 400, 800, 500, 700, 600];
    for times in [steady, equal, backwards] {
        let fixture = Fixture::small();
        lines(&fixture, &times);
        fixture
            .sh("git tag v1 one~3; git tag --annotate --message=x v2 two~2; git tag a/1 one~2; git tag b two
             git tag --annotate --message=x v3 one~4");
        check_all(&fixture);
        fixture.sh("git commit-graph write --reachable");
        check_all(&fixture);
        fixture.sh("git pack-refs --all; git tag later one~1; git tag --force b two~1");
        check_all(&fixture);
    }
}

#[test]
fn several_tags_of_one_commit() {
    let tag = |date: u32, name: &str| {
        format!("GIT_COMMITTER_DATE='{} +0000' git tag --annotate --message=x {name};", 1_000_000_000 + date)
    };
    for script in [
        "git tag b; git tag a; git tag c".to_owned(),
        format!("git tag a; {} git tag c", tag(5, "b")),
        format!("{} {} {}", tag(5, "a"), tag(7, "b"), tag(6, "c")),
        format!("{} {}", tag(5, "b"), tag(5, "a")),
        "git tag a-b; git tag a/b; git tag a.b".to_owned(),
    ] {
        let fixture = Fixture::small();
        fixture.sh(&script);
        fixture.advance("more");
        check_all(&fixture);
        fixture.sh("git pack-refs --all");
        check_all(&fixture);
    }
}

#[test]
fn odd_tags() {
    for script in [
        "git tag --annotate --message=x inner; git tag --annotate --message=x outer inner",
        "git tag --annotate --message=x old; git update-ref refs/tags/new old; git tag --delete old",
        "git tag tree HEAD^{tree}; git tag --annotate --message=x blob HEAD:file",
        "git update-ref refs/tags/-x HEAD",
        "git symbolic-ref refs/tags/v9 refs/heads/main",
        "git tag v1; echo broken > .git/refs/tags/v2",
        "echo $(printf '%040d' 1) > .git/refs/tags/v1",
    ] {
        let fixture = Fixture::small();
        fixture.sh(script);
        fixture.advance("more");
        check_all(&fixture);
    }
}

#[test]
fn a_renamed_tag_is_known() {
    let fixture = Fixture::small();
    fixture.sh("git tag --annotate --message=x old; git update-ref refs/tags/new old; git tag --delete old");
    let history = fixture.repository().history().unwrap();
    let found = history.describe(&fixture.commit("HEAD"), &DescribeOptions::default()).unwrap().unwrap();
    assert_eq!((found.text.as_str(), found.misnamed), ("old", true));
    assert_eq!(found.name, "new".parse().ok());
    let detail = fixture.repository().tag(&"new".parse().unwrap()).unwrap().unwrap();
    assert_eq!(detail.inner_name.as_deref(), Some("old"));
}

#[test]
fn shallow_and_replaced_histories() {
    let fixture = Fixture::small();
    fixture.sh("git tag --annotate --message=x v1");
    for content in ["a", "b", "c", "d"] {
        fixture.advance(content);
    }
    fixture.sh("git commit-graph write --reachable; git tag light HEAD~3; git replace --graft HEAD~2");
    check_all(&fixture);
    fixture.sh("git replace --delete HEAD~2; git clone --quiet --depth=2 file://$PWD ../shallow; git fetch --quiet --tags . ");
    let shallow = fixture.repository_at(&fixture.beside("shallow"));
    let history = shallow.history().unwrap();
    let options = DescribeOptions { light: true, ..DescribeOptions::default() };
    assert_eq!(history.describe(&fixture.commit("HEAD"), &options).unwrap(), None);
    assert_eq!(history.describer(&options).unwrap().count(&fixture.commit("HEAD")).unwrap(), 2);
    let missing = history.describe(&fixture.commit("HEAD~3"), &options);
    assert!(matches!(missing, Err(RepositoryError::MissingObject { .. })));
}

#[test]
fn all_tags_at_once() {
    let fixture = Fixture::small();
    fixture
        .sh("git tag light; git tag --annotate --message=x full; git tag --annotate --message=x outer full
         git tag tree HEAD^{tree}; git update-ref refs/tags/-x HEAD; git tag a/b; git tag a-b");
    for _ in 0..2 {
        let history = fixture.repository().history().unwrap();
        let tags = history.tags().unwrap();
        let names: Vec<&str> = tags.tags.iter().map(|tag| tag.name.as_str()).collect();
        assert_eq!(names, ["a-b", "a/b", "full", "light", "outer", "tree"]);
        assert_eq!(tags.refused, ["-x"]);
        for tag in &tags.tags {
            assert_eq!(tag.object, fixture.object(&format!("refs/tags/{}", tag.name)));
            assert_eq!(tag.target, fixture.object(&format!("refs/tags/{}^{{}}", tag.name)));
            assert_eq!(tag.annotated, ["full", "outer"].contains(&tag.name.as_str()));
        }
        let commits: Vec<_> = fixture.repository().tags().unwrap().into_iter().map(|tag| tag.name).collect();
        assert_eq!(
            commits.iter().map(AsRef::<str>::as_ref).collect::<Vec<_>>(),
            ["a-b", "a/b", "full", "light", "outer"]
        );
        // The same from packed references, and then from some that do not say what they peel to.
        fixture.sh("git pack-refs --all");
    }
    fixture.sh("sed -i -e '/^[#^]/d' .git/packed-refs");
    let plain = fixture.repository().history().unwrap().tags().unwrap();
    assert!(plain.tags.iter().find(|tag| tag.name.as_str() == "outer").unwrap().annotated);
}

#[test]
fn signatures_have_a_kind() {
    for (line, kind) in [
        ("-----BEGIN PGP SIGNATURE-----", SignatureKind::OpenPgp),
        ("-----BEGIN SSH SIGNATURE-----", SignatureKind::Ssh),
        ("-----BEGIN SIGNED MESSAGE-----", SignatureKind::X509),
    ] {
        let fixture = Fixture::small();
        fixture.sh(&format!(
            "printf 'object %s\\ntype commit\\ntag v1\\ntagger A <a@example.org> 5 +0000\\n\\nmessage\\n%s\\nx\\n' \\
             $(git rev-parse HEAD) '{line}' | git hash-object -t tag -w --stdin > ../id
             git update-ref refs/tags/v1 $(cat ../id)"
        ));
        let detail = fixture.repository().tag(&"v1".parse().unwrap()).unwrap().unwrap();
        assert_eq!((detail.signature, detail.signed), (Some(kind), true));
        assert_eq!(detail.message, "message\n");
    }
}

/// A script, and whether it makes `git describe --dirty` and `git status` of tracked files say so.
#[track_caller]
fn check_changes(script: &str) {
    let fixture = Fixture::small();
    fixture.sh(&format!("git tag v1; {script}"));
    let described = fixture.sh("git describe --tags --dirty=+");
    let status = fixture.sh("git status --porcelain --untracked-files=no");
    let repository = fixture.repository();
    assert_eq!(repository.has_changes(ChangesFrom::Head).unwrap(), described.ends_with('+'), "{script}");
    assert_eq!(repository.has_changes(ChangesFrom::HeadOrIndex).unwrap(), !status.is_empty(), "{script}");
}

#[test]
fn changes_of_tracked_files() {
    for script in [
        "true",
        "touch -d 2001-01-01 file",
        "echo x > new",
        "echo more >> file",
        "echo two > file",
        "rm file",
        "rm -r dir",
        "chmod +x file",
        "git config core.fileMode false; chmod +x file",
        "echo more >> file; git add file",
        "echo more >> file; git add file; echo one > file",
        "git rm --quiet --cached file",
        "git mv file moved",
        "echo x > new; git add new",
        "echo x > new; git add new; rm new",
        "echo x > new; git add new; rm new; echo more >> file",
        "echo x > new; git add --intent-to-add new",
        "echo x > new; git add --intent-to-add new; rm new",
        "rm file; ln -s run file",
        "rm file; mkdir file",
        "git update-index --assume-unchanged file; echo x >> file",
        "git update-index --skip-worktree file; rm file",
        "git checkout --quiet --detach; echo x >> file",
        "git config core.autocrlf true; rm file; git checkout --quiet file",
        "rm .git/index",
    ] {
        check_changes(script);
    }
}

#[test]
fn changes_in_submodules() {
    let module = "git init -q ../module; (cd ../module; echo m > m; git add m; git commit -qm m)
         git -c protocol.file.allow=always submodule --quiet add ../module module; git commit -qm module";
    for more in [
        "true",
        "echo x > module/new",
        "echo x >> module/m",
        "cd module; echo x > m; git commit -qam moved",
        "git config submodule.module.ignore dirty; echo x >> module/m",
        "git config submodule.module.ignore none; echo x > module/new",
        "git submodule --quiet deinit -f module",
    ] {
        check_changes(&format!("{module}; {more}"));
    }
    let fixture = Fixture::small();
    fixture.sh(module);
    let there = |fixture: &Fixture| fixture.repository().submodules().unwrap()[0].checked_out;
    assert!(there(&fixture));
    fixture.sh("git submodule --quiet deinit -f module");
    assert!(!there(&fixture));
}
