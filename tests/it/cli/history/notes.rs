//! `tminus notes`, and what the forge knows.

use tminus_cli::demo::REPOSITORY;
use tminus_sandbox::PullRequestSeed;

use super::super::bed::Bed;
use super::{Past, told};

/// The demo, with one commit for each of these pull requests, numbered from 20.
fn demo(pulls: &[(&str, PullRequestSeed)]) -> Bed {
    let bed = Bed::demo();
    for (index, (subject, pull)) in pulls.iter().enumerate() {
        let number = 20 + u64::try_from(index).unwrap();
        bed.write(&format!("src/file{number}.py"), "x\n");
        bed.git(&["add", "--all"]);
        bed.git(&["commit", "--quiet", "--message", &format!("{subject} (#{number})")]);
        let seed = PullRequestSeed {
            number: Some(number),
            merge_commit_sha: Some(bed.git(&["rev-parse", "HEAD"])),
            merged_at: Some("2026-11-01T10:00:00Z".to_owned()),
            ..pull.clone()
        };
        bed.sandbox.add_pull_request(REPOSITORY, seed).unwrap();
    }
    bed.git(&["push", "--quiet", "origin", "main"]);
    bed
}

fn pull(title: &str, labels: &[&str], body: &str) -> PullRequestSeed {
    PullRequestSeed {
        title: title.to_owned(),
        labels: labels.iter().map(|&label| label.to_owned()).collect(),
        body: Some(body.to_owned()),
        author: Some("ada".to_owned()),
        ..PullRequestSeed::default()
    }
}

/// The bullets of a text about this pull request, without links.
fn about(text: &str, number: u64) -> Vec<String> {
    let number = format!("#{number}");
    let of = |line: &String| line.contains(&number);
    told(text).into_iter().filter(of).collect()
}

#[test]
fn titles_and_labels_of_pull_requests() {
    let bed = demo(&[
        ("some words", pull("Count in weeks", &["enhancement"], "")),
        ("some words", pull("fix: count from zero", &[], "")),
        ("some words", pull("Count wrong", &["bug"], "")),
    ]);
    let answer = bed.run(&["changelog"]);
    answer.exits(0);
    for (number, start) in
        [(20, "Added: Count in weeks"), (21, "Fixed: count from zero"), (22, "Fixed: Count wrong")]
    {
        let lines = about(&answer.out, number);
        assert!(lines.len() == 1 && lines[0].starts_with(start), "{number}: {answer}");
    }
    bed.only_questions();
}

#[test]
fn release_note_blocks() {
    let block = |text: &str| format!("Words.\n\n```release-note\n{text}\n```\n\nMore.\n");
    let bed = demo(&[
        ("feat: one", pull("feat: one", &[], &block("Weeks can be counted."))),
        ("feat: two", pull("feat: two", &[], &block("none"))),
        ("feat: three", pull("feat: three", &[], &block("NONE"))),
    ]);
    let answer = bed.run(&["changelog"]);
    answer.exits(0);
    let one = about(&answer.out, 20);
    assert!(one.len() == 1 && one[0].contains("Weeks can be counted."), "{answer}");
    assert!(!answer.out.contains("two") && !answer.out.contains("three"), "{answer}");
}

/// The template of a pull request, left as it was: `none` was not said, and no body hides a feature.
#[test]

fn release_note_blocks_that_nobody_filled_in() {
    for body in
        ["```release-note\n\n```\n", "```release-note\r\n```\r\n", "```release-note\n<!-- say it -->\n```\n"]
    {
        let bed = demo(&[("feat: four", pull("feat: four", &[], body))]);
        let answer = bed.run(&["changelog"]);
        assert_eq!(about(&answer.out, 20).len(), 1, "{body:?}: {answer}");
    }
}

/// The tag does not exist yet, and will when the notes are read.
#[test]

fn the_whole_comparison_leads_to_the_tag() {
    let bed = demo(&[("one", pull("Count in weeks", &[], ""))]);
    let answer = bed.run(&["notes", "0.2.0", "--format", "github"]);
    answer.exits(0);
    assert!(answer.out.trim_end().ends_with("/compare/v0.1.0...v0.2.0"), "{answer}");
}

#[test]
fn the_forge_is_asked_in_batches_and_only_where_it_may_be() {
    let pulls: Vec<_> = (0..12).map(|_| ("feat: one", pull("feat: one", &[], ""))).collect();
    let bed = demo(&pulls);
    let before = bed.sandbox.events().len();
    bed.run(&["changelog"]).exits(0);
    let asked = bed.sandbox.events().len() - before;
    assert!((1..=8).contains(&asked), "{asked} requests for 12 pull requests");
    let before = bed.sandbox.events().len();
    bed.run(&["changelog", "--no-forge"]).exits(0);
    assert_eq!(bed.sandbox.events().len(), before);
}

#[test]
fn a_pull_request_that_is_gone_is_a_warning() {
    let bed = Bed::demo();
    bed.write("src/a.py", "x\n");
    bed.commit_and_push("feat: of a lost one (#999)");
    let answer = bed.run(&["changelog"]);
    answer.exits(0);
    assert!(answer.err.contains("warning: ") && answer.err.contains("#999"), "{answer}");
    assert!(told(&answer.out).iter().any(|line| line.contains("of a lost one")), "{answer}");
}

#[test]

fn a_forge_that_cannot_be_reached() {
    let mut bed = demo(&[("feat: one", pull("feat: one", &[], ""))]);
    bed.set("GITHUB_API_URL", "http://127.0.0.1:1/");
    let before = bed.git(&["status", "--porcelain"]);
    for args in [&["changelog"][..], &["changelog", "--write"], &["notes", "9.0.0"]] {
        let answer = bed.run(args);
        answer.exits(3).says(&["--no-forge"]);
        assert_eq!(answer.out, "", "{answer}");
    }
    assert_eq!(bed.git(&["status", "--porcelain"]), before);
    bed.run(&["changelog", "--no-forge"]).exits(0).says(&["one"]);
}

#[test]
fn a_token_that_is_refused_is_not_printed() {
    let mut bed = demo(&[("feat: one", pull("feat: one", &[], ""))]);
    bed.set("GH_TOKEN", "tok-wrong-and-secret");
    let answer = bed.run(&["changelog"]);
    answer.exits(1);
    bed.no_token_anywhere(&answer, "tok-wrong-and-secret");
}

#[test]
fn what_github_generates() {
    let bed = demo(&[
        ("one", pull("Count in weeks", &["enhancement"], "")),
        (
            "two",
            PullRequestSeed { author: Some("newcomer".to_owned()), ..pull("Count from zero", &["bug"], "") },
        ),
        ("three", pull("Bump it", &["skip"], "")),
        ("four", PullRequestSeed { author: Some("robot[bot]".to_owned()), ..pull("By a robot", &[], "") }),
    ]);
    bed.write(
        ".github/release.yml",
        "changelog:\n  exclude:\n    labels: [skip]\n    authors: ['robot[bot]']\n  categories:\n    - title: New\n      labels: [enhancement]\n    - title: Rest\n      labels: ['*']\n",
    );
    bed.commit_and_push("categories");
    let answer = bed.run(&["notes", "9.0.0", "--format", "github"]);
    answer.exits(0);
    let (new, rest) = answer.out.split_once("### Rest\n").unwrap_or_else(|| panic!("{answer}"));
    assert!(new.starts_with("## What's Changed\n### New\n* "), "{answer}");
    assert!(new.contains("* Count in weeks by @ada in "), "{answer}");
    assert!(rest.contains("* Count from zero by @newcomer in "), "{answer}");
    assert!(!answer.out.contains("Bump it") && !answer.out.contains("robot"), "{answer}");
    assert!(answer.out.contains("**Full Changelog**: "), "{answer}");
    assert!(
        answer.out.contains("## New Contributors\n* @newcomer made their first contribution in "),
        "{answer}"
    );
}

#[test]
fn categories_that_are_wrong() {
    for (text, word) in
        [("changelog: [\n", ".github/release.yml"), ("changelog:\n  categories: 3\n", "categories")]
    {
        let bed = demo(&[("one", pull("Count in weeks", &[], ""))]);
        bed.write(".github/release.yml", text);
        bed.commit_and_push("categories");
        let answer = bed.run(&["notes", "9.0.0", "--format", "github"]);
        answer.exits(2).says(&[".github/release.yml", word]);
        assert_eq!(answer.out, "", "{answer}");
    }
}

#[test]
fn limits_cut_at_a_line_and_say_so() {
    let mut past = Past::new();
    for number in 0..60 {
        past.commit(&format!("feat: thing number {number} with some words"));
    }
    let whole = past.only_reads(&["notes", "1.1.0"]).out;
    for limit in [400, 1000] {
        let answer = past.only_reads(&["notes", "1.1.0", "--limit", &limit.to_string()]);
        assert!(answer.out.trim_end().chars().count() <= limit, "{answer}");
        let known: Vec<_> = whole.lines().collect();
        let kept = answer.out.lines().filter(|line| line.starts_with("- thing")).collect::<Vec<_>>();
        assert!(!kept.is_empty() && kept.iter().all(|line| known.contains(line)), "{answer}");
        assert!(
            answer.out.lines().any(|line| !line.is_empty() && !known.contains(&line)),
            "nothing says so: {answer}"
        );
    }
    assert_eq!(past.only_reads(&["notes", "1.1.0", "--limit", "100000"]).out, whole);
    assert_eq!(past.run(&["notes", "1.1.0", "--limit", "many"]).code, 2);
}

/// Notes stand below a title that the forge has, so that they have none of their own.
#[test]
fn notes_have_no_title_of_their_own() {
    let mut past = Past::new();
    past.commit("feat: one");
    let answer = past.only_reads(&["notes", "1.1.0"]);
    assert!(answer.out.starts_with("### Added\n"), "{answer}");
    assert!(answer.out.ends_with("- one\n"), "{answer}");
}
