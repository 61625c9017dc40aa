//! What a release is compared with: by ancestry and version, not by date.

use super::Past;

/// 1.0.0, two candidates of 1.1.0, 1.1.0 and a commit after it.
fn candidates() -> Past {
    let mut past = Past::new();
    past.commit("feat: one");
    past.tag("v1.1.0rc1");
    past.commit("fix: two");
    past.tag("v1.1.0rc2");
    past.commit("feat: three");
    past.tag("v1.1.0");
    past.commit("fix: four");
    past
}

#[test]
fn candidates_and_finals() {
    let past = candidates();
    for (version, expected) in [
        ("1.1.0rc1", &["Added: one"][..]),
        ("1.1.0rc2", &["Fixed: two"]),
        ("v1.1.0rc2", &["Fixed: two"]),
        ("1.1.0-rc.2", &["Fixed: two"]),
        ("1.1.0", &["Added: one", "Added: three", "Fixed: two"]),
        ("v1.1.0", &["Added: one", "Added: three", "Fixed: two"]),
        ("1.1.1", &["Fixed: four"]),
        ("1.2.0", &["Fixed: four"]),
        ("1.2.0rc1", &["Fixed: four"]),
    ] {
        assert_eq!(past.told(&["notes", version]), expected, "{version}");
    }
}

/// Before the final is tagged: candidates have been told to those who tried them, the final is for everybody.
#[test]
fn what_comes_after_a_candidate() {
    let mut past = Past::new();
    past.commit("feat: one");
    past.tag("v1.1.0rc1");
    past.commit("fix: two");
    assert_eq!(past.told(&["notes", "1.1.0rc2"]), ["Fixed: two"]);
    assert_eq!(past.told(&["notes", "1.1.0"]), ["Added: one", "Fixed: two"]);
}

#[test]
fn notes_of_a_release_do_not_change_when_time_goes_on() {
    let mut past = candidates();
    let before = past.only_reads(&["notes", "1.1.0"]).out;
    past.tag("v1.1.1");
    past.commit("feat: five");
    past.tag("v2.0.0");
    assert_eq!(past.only_reads(&["notes", "1.1.0"]).out, before);
    assert_eq!(past.bed.run_on("2027-01-01", &["notes", "1.1.0"]).out, before);
}

/// main: 1.0.0, 1.1.0, 1.2.0; the line of 1.0 goes on after 1.1.0 and 1.2.0 were out.
fn lines() -> Past {
    let mut past = Past::new();
    past.commit("feat: one");
    past.tag("v1.1.0");
    past.commit("feat: two");
    past.tag("v1.2.0");
    past.branch("release-1.0.x", "v1.0.0");
    past.commit("fix: patched");
    past.tag("v1.0.1");
    past.commit("fix: patched again");
    past.tag("v1.0.2");
    past.switch("main");
    past.commit("feat: three");
    past
}

#[test]
fn the_release_before_is_of_the_line() {
    let mut past = lines();
    for (version, expected) in [
        ("1.0.1", &["Fixed: patched"][..]),
        ("1.0.2", &["Fixed: patched again"]),
        ("1.1.0", &["Added: one"]),
        ("1.2.0", &["Added: two"]),
        ("1.3.0", &["Added: three"]),
    ] {
        assert_eq!(past.told(&["notes", version]), expected, "{version}");
    }
    assert_eq!(past.told(&["changelog"]), ["Added: three"]);
    past.switch("release-1.0.x");
    past.commit("fix: and again");
    assert_eq!(past.told(&["changelog"]), ["Fixed: and again"]);
    assert_eq!(past.told(&["notes", "1.0.3"]), ["Fixed: and again"]);
}

/// A release branch with candidates of its own, cut before main went on.
#[test]
fn a_release_branch_with_candidates() {
    let mut past = Past::new();
    past.commit("feat: one");
    past.branch("release-1.1.x", "HEAD");
    past.commit("fix: on the branch");
    past.tag("v1.1.0rc1");
    past.commit("fix: late");
    past.tag("v1.1.0");
    past.switch("main");
    past.commit("feat: two");
    past.tag("v1.2.0rc1");
    assert_eq!(past.told(&["notes", "1.1.0rc1"]), ["Added: one", "Fixed: on the branch"]);
    assert_eq!(past.told(&["notes", "1.1.0"]), ["Added: one", "Fixed: late", "Fixed: on the branch"]);
    // 1.1.0 does not lead to it, yet what came out with 1.1.0 is not news.
    assert_eq!(past.told(&["notes", "1.2.0rc1"]), ["Added: two"]);
}

/// Tags of the start of development are no releases.
#[test]
fn development_tags_on_main() {
    let mut past = Past::configured(
        "[train]\nscheme = \"pep440\"\ntag = \"v{version}\"\n\n[[package]]\nname = \"demo\"\nversion = [\"pyproject.toml\"]\n",
    );
    past.commit("feat: one");
    past.tag("v1.1.0.dev0");
    past.commit("feat: two");
    past.tag("v1.1.0-dev");
    past.commit("feat: three");
    assert_eq!(past.told(&["changelog"]), ["Added: one", "Added: three", "Added: two"]);
    assert_eq!(past.told(&["notes", "1.1.0"]), ["Added: one", "Added: three", "Added: two"]);
}

/// Tags that are no versions, light tags, and two on one commit.
#[test]
fn tags_of_every_kind() {
    let mut past = Past::new();
    past.commit("feat: one");
    for name in ["nightly", "v-next", "version", "v1", "x/v9.0.0", "deploy-2025-01-01"] {
        past.bed.git(&["tag", name]);
    }
    past.bed.git(&["tag", "v1.1.0"]);
    past.bed.git(&["tag", "v1.1.0rc1"]);
    past.commit("feat: two");
    past.bed.git(&["tag", "latest"]);
    assert_eq!(past.told(&["changelog"]), ["Added: two"]);
    assert_eq!(past.told(&["notes", "1.1.0"]), ["Added: one"]);
}

#[test]
fn tags_of_trees_and_blobs_and_of_tags() {
    let mut past = Past::new();
    past.commit("feat: one");
    past.tag("v1.1.0");
    past.bed.git(&["tag", "-a", "-m", "nested", "v1.1.1", "v1.1.0"]);
    past.bed.git(&["tag", "v1.4.0", "HEAD^{tree}"]);
    past.bed.git(&["tag", "v1.5.0", "HEAD:pyproject.toml"]);
    past.commit("feat: two");
    assert_eq!(past.told(&["changelog"]), ["Added: two"]);
}

/// Clocks that are wrong do not change what was released with what.
#[test]
fn clocks_that_go_backwards() {
    let mut past = Past::new();
    past.commit("feat: one");
    past.hours = 0;
    past.commit_in("src/two.py", "feat: two");
    past.tag("v1.1.0");
    past.commit_in("src/three.py", "feat: three");
    assert_eq!(past.told(&["notes", "1.1.0"]), ["Added: one", "Added: two"]);
    assert_eq!(past.told(&["changelog"]), ["Added: three"]);
}

#[test]
fn a_fix_that_was_picked_is_told_in_each_line() {
    let mut past = Past::new();
    let fix = past.commit("fix: the leak");
    past.branch("release-1.0.x", "v1.0.0");
    past.tick();
    past.bed.git(&["cherry-pick", "-x", &fix]);
    past.tag("v1.0.1");
    assert_eq!(past.told(&["notes", "1.0.1"]), ["Fixed: the leak"]);
}

#[test]
fn versions_that_are_none() {
    let past = candidates();
    for version in ["one", "", "1..0", "v", "--help-me"] {
        let answer = past.run(&["notes", version]);
        assert_eq!(answer.code, 2, "`{version}`: {answer}");
        assert_eq!(answer.out, "", "{answer}");
    }
    past.refuses(&["changelog", "--since", "v9.9.9"], 2, &["v9.9.9"]);
    past.refuses(&["changelog", "--to", "nowhere"], 2, &["nowhere"]);
    past.refuses(&["changelog", "--release", "one"], 2, &["one"]);
}

#[test]
fn a_detached_head_and_a_bare_repository() {
    let past = candidates();
    past.bed.git(&["checkout", "--quiet", "--detach", "main"]);
    assert_eq!(past.told(&["changelog"]), ["Fixed: four"]);
    past.bed.git(&["push", "--quiet", "--tags", "origin", "main"]);
    let remote = past.bed.remote.to_string_lossy().into_owned();
    assert_eq!(past.told(&["notes", "1.1.0rc2", "-C", &remote]), ["Fixed: two"]);
}
