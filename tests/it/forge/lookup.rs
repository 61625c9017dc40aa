//! Pull requests by their numbers.

use tminus_forge::{ChangedFiles, ForgeError, Lookup, PullRequest};
use tminus_sandbox::{IssueSeed, MilestoneSeed, PullRequestSeed};

use super::bed::{Bed, MERGED_SECONDS, REPOSITORY, merged};

#[test]
fn three_hundred_come_in_few_requests() {
    let bed = Bed::new(true, None);
    let numbers = bed.add_merged(300);
    for (files, most) in [(false, 6), (true, 12)] {
        let found = bed.look_up(&numbers, files);
        let requests = bed.requests();
        assert_eq!(requests.len(), most, "{requests:?}");
        assert!(requests.iter().all(|request| *request == ("POST".into(), "/api/graphql".into(), 200)));
        assert_eq!(found.len(), 300);
        for (number, lookup) in &found {
            let pull = lookup.found().unwrap();
            assert_eq!((pull.number, pull.title.as_str()), (*number, format!("Change {number}").as_str()));
            let paths = vec![format!("src/{number}.rs")];
            assert_eq!(pull.files, files.then_some(ChangedFiles { paths, complete: true }));
        }
    }
    assert_eq!(bed.waited(), [0_u64; 0]);
}

/// Both ways to ask give the same, for everything there is to tell.
#[test]
fn a_pull_request_is_told_whole_with_and_without_a_token() {
    let seed = |number: u64| PullRequestSeed {
        number: Some(number),
        title: "Ünïcode: 数える \"quoted\" \\ {braces} 🎉".into(),
        body: Some("First line\r\n\n- [x] \u{1f600} `code`".into()),
        author: Some("renovate[bot]".into()),
        labels: vec!["größe: s".into(), "a, b".into()],
        milestone: Some("1.2.0".into()),
        base: Some("1.x".into()),
        head: Some("renovate/serde".into()),
        created_at: Some("2026-01-31T23:59:59Z".into()),
        files: vec!["src/ä.rs".into(), "b c.txt".into()],
        ..merged(number)
    };
    let expected = PullRequest {
        number: 7,
        title: "Ünïcode: 数える \"quoted\" \\ {braces} 🎉".into(),
        body: "First line\r\n\n- [x] \u{1f600} `code`".into(),
        author: "renovate[bot]".into(),
        is_bot: true,
        labels: vec!["größe: s".into(), "a, b".into()],
        merged: true,
        merged_at: Some(MERGED_SECONDS),
        created_at: MERGED_SECONDS - 1,
        merge_commit_sha: Some(format!("{:040x}", 7)),
        base: "1.x".into(),
        head: "renovate/serde".into(),
        html_url: String::new(),
        milestone: Some("1.2.0".into()),
        files: Some(ChangedFiles { paths: vec!["src/ä.rs".into(), "b c.txt".into()], complete: true }),
    };
    for token in [true, false] {
        let bed = Bed::new(token, None);
        let milestone = MilestoneSeed { title: "1.2.0".into(), ..MilestoneSeed::default() };
        bed.sandbox.add_milestone(REPOSITORY, milestone).unwrap();
        bed.add(seed(7));
        let found = bed.one(7, true);
        let html_url = format!("{}octo/demo/pull/7", bed.sandbox.base_url());
        assert_eq!(found, PullRequest { html_url, ..expected.clone() }, "token: {token}");
    }
}

#[test]
fn numbers_that_are_no_pull_request_are_told_apart() {
    for token in [true, false] {
        let bed = Bed::new(token, None);
        bed.add(PullRequestSeed { author: Some(String::new()), ..merged(1) });
        bed.sandbox.add_issue(REPOSITORY, IssueSeed { title: "i".into(), ..IssueSeed::default() }).unwrap();
        bed.add(PullRequestSeed { number: Some(3), closed: true, ..PullRequestSeed::default() });
        bed.add(PullRequestSeed {
            number: Some(4),
            merge_commit_sha: Some("trial".into()),
            ..PullRequestSeed::default()
        });
        let found = bed.look_up(&[4, 2, 3, 1, 99, 1, 0, 5_000_000_000], true);
        assert_eq!(found.keys().copied().collect::<Vec<_>>(), [0, 1, 2, 3, 4, 99, 5_000_000_000]);
        let ghost = found[&1].found().unwrap();
        assert_eq!((ghost.author.as_str(), ghost.is_bot), ("ghost", false));
        assert_eq!(found[&2], Lookup::Issue);
        for open_or_closed in [3, 4] {
            let pull = found[&open_or_closed].found().unwrap();
            assert!(!pull.merged && pull.merged_at.is_none() && pull.merge_commit_sha.is_none());
        }
        for missing in [0, 99, 5_000_000_000] {
            assert_eq!(found[&missing], Lookup::Missing, "{missing}");
        }
    }
}

#[test]
fn long_lists_of_files_are_read_to_their_end_or_marked() {
    let paths = |count: usize| (0..count).map(|at| format!("dir/{at:04}.txt")).collect::<Vec<_>>();
    for token in [true, false] {
        let bed = Bed::new(token, None);
        for (number, count) in [(1, 3001), (2, 3000), (3, 101), (4, 100)] {
            bed.add(PullRequestSeed { files: paths(count), ..merged(number) });
        }
        let found = bed.look_up(&[1, 2, 3, 4], true);
        for (number, count, complete) in [(1, 3000, false), (2, 3000, true), (3, 101, true), (4, 100, true)] {
            let files = found[&number].found().unwrap().files.clone().unwrap();
            assert_eq!((files.paths.len(), files.complete), (count, complete), "#{number}, token: {token}");
            assert_eq!(files.paths, paths(count)[..]);
        }
        let requests = bed.requests().len();
        // With a token, the lists are read on together: one query for all, then 29 for the longest.
        assert_eq!(requests, if token { 30 } else { 4 + 30 + 30 + 2 + 1 });
    }
}

#[test]
fn files_come_from_the_history_where_there_is_one() {
    let dir = tempfile::tempdir().unwrap();
    let git_dir = super::bed::repository(dir.path());
    super::bed::git(dir.path(), &["switch", "--quiet", "--create", "topic"]);
    super::bed::commit(dir.path(), "src/a.rs", "a");
    let last = super::bed::commit(dir.path(), "src/b.rs", "b");
    super::bed::git(dir.path(), &["switch", "--quiet", "main"]);
    super::bed::commit(dir.path(), "other.txt", "meanwhile");
    super::bed::git(dir.path(), &["merge", "--quiet", "--no-ff", "-m", "Merge", "topic"]);
    let merge = super::bed::git(dir.path(), &["rev-parse", "HEAD"]);
    let bed = Bed::new(true, Some(git_dir));
    let seed = PullRequestSeed { head_sha: Some(last), merge_commit_sha: Some(merge), ..merged(1) };
    bed.add(seed);
    let files = bed.one(1, true).files.unwrap();
    assert_eq!(files, ChangedFiles { paths: vec!["src/a.rs".into(), "src/b.rs".into()], complete: true });
}

#[test]
fn nothing_asked_for_asks_nothing() {
    for token in [true, false] {
        let bed = Bed::new(token, None);
        assert!(bed.look_up(&[], true).is_empty());
        assert!(bed.requests().is_empty());
    }
}

#[test]
fn a_repository_that_is_not_there_is_an_error() {
    for token in [true, false] {
        let bed = Bed::new(token, None);
        let hidden = tminus_sandbox::RepositorySeed::new("octo", "demo");
        bed.sandbox.add_repository(hidden).unwrap();
        bed.add(merged(1));
        let found = bed.try_look_up(&[1], false);
        if token {
            assert!(found.unwrap()[&1].found().is_some(), "a private repository is open to its token");
        } else {
            assert!(matches!(found.unwrap_err(), ForgeError::NotFound { .. }));
        }
    }
}
