//! Many packages in one repository.

use super::{Past, python, releases, told};

/// Two packages with tags of their own, and files that belong to none.
fn own_tags() -> Past {
    let mut past = Past::empty();
    past.bed.write("core/pyproject.toml", &python("core", "1.0.0"));
    past.bed.write("ui/package.json", "{\"name\": \"@demo/ui\", \"version\": \"2.0.0\"}\n");
    past.bed.write("README.md", "Demo\n");
    past.commit_all("Start");
    past.tag("core@1.0.0");
    past.tag("@demo/ui@2.0.0");
    past.commit_in("core/a.py", "feat: core thing");
    past.commit_in("ui/a.js", "fix: ui thing");
    past
}

#[test]
fn paths_tie_changes_to_packages() {
    let mut past = own_tags();
    past.commit_in("README.md", "feat: top");
    past.bed.write("core/b.py", "x\n");
    past.commit_in("ui/b.js", "fix: both");
    assert_eq!(past.told(&["changelog", "-p", "core"]), ["Added: core thing", "Fixed: both"]);
    assert_eq!(past.told(&["changelog", "-p", "npm:@demo/ui"]), ["Fixed: both", "Fixed: ui thing"]);
}

/// Two packages are two lists, each with its name, or one list; and no file has "Unreleased" twice.
#[test]

fn several_packages_that_are_chosen() {
    let mut past = own_tags();
    past.bed.write("core/b.py", "x\n");
    past.commit_in("ui/b.js", "fix: both");
    let chosen = ["changelog", "-p", "pypi:core", "-p", "@demo/ui"];
    let answer = past.only_reads(&chosen);
    let headings = releases(&answer.out);
    let named = answer.out.contains("core") && answer.out.contains("@demo/ui");
    assert!(headings.len() == 1 || named, "{answer}");
    past.run(&[&chosen[..], &["--write"]].concat()).exits(0);
    let text = past.bed.read("CHANGELOG.md");
    assert_eq!(text.matches("## [Unreleased]").count(), 1, "{text}");
    for word in ["core thing", "ui thing", "both"] {
        assert!(text.contains(word), "{word} in {text}");
    }
    past.only_reads(&[&chosen[..], &["--write"]].concat());
}

#[test]
fn packages_that_there_are_not() {
    let past = own_tags();
    for args in [
        &["changelog", "-p", "cor"][..],
        &["changelog", "-p", "npm:core", "--write"],
        &["notes", "1.1.0", "-p", "cor"],
        &["explain", "cor"],
    ] {
        past.refuses(args, 2, &["core"]);
    }
}

#[test]
fn each_package_is_compared_with_its_own_release() {
    let mut past = own_tags();
    past.tag("core@1.1.0");
    past.commit_in("core/c.py", "fix: core again");
    assert_eq!(past.told(&["changelog", "-p", "core"]), ["Fixed: core again"]);
    assert_eq!(past.told(&["changelog", "-p", "@demo/ui"]), ["Fixed: ui thing"]);
    assert_eq!(past.told(&["changelog"]), ["Fixed: core again", "Fixed: ui thing"]);
}

/// The tag of a package is the release of that package and of no other.
#[test]

fn notes_of_a_tag_are_of_its_package() {
    let past = own_tags();
    past.tag("core@2.0.0");
    for args in [&["notes", "core@2.0.0"][..], &["notes", "2.0.0", "-p", "core"]] {
        assert_eq!(past.told(args), ["Added: core thing"], "{args:?}");
    }
    assert_eq!(past.told(&["notes", "2.0.0", "-p", "@demo/ui"]), ["Changed: Start"]);
    // Both have a 2.0.0: each is told by its name, or the question is refused.
    let answer = past.run(&["notes", "2.0.0"]);
    assert!(answer.code == 2 || (answer.out.contains("core") && answer.out.contains("@demo/ui")), "{answer}");
}

#[test]

fn the_whole_history_says_whose_release_it_is() {
    let past = own_tags();
    past.tag("core@1.1.0");
    let answer = past.only_reads(&["changelog", "--all"]);
    let headings = releases(&answer.out);
    let twice = headings.iter().any(|one| headings.iter().filter(|other| *other == one).count() > 1);
    assert!(!twice, "the same heading twice: {answer}");
    for heading in &headings {
        assert!(
            heading.contains("core") || heading.contains("ui") || heading.contains("Unreleased"),
            "{answer}"
        );
    }
    let core = past.only_reads(&["changelog", "--all", "-p", "core"]);
    assert_eq!(releases(&core.out).len(), 2, "{core}");
}

/// One tag for all.
#[test]
fn lockstep() {
    let mut past = Past::empty();
    for name in ["a", "b", "c"] {
        past.bed.write(&format!("{name}/pyproject.toml"), &python(name, "1.0.0"));
    }
    past.commit_all("Start");
    past.tag("v1.0.0");
    past.commit_in("a/x.py", "feat: in a");
    past.commit_in("b/x.py", "fix: in b");
    assert_eq!(past.told(&["changelog"]), ["Added: in a", "Fixed: in b"]);
    assert_eq!(past.told(&["changelog", "-p", "b"]), ["Fixed: in b"]);
    past.refuses(&["changelog", "-p", "c"], 1, &["nothing"]);
}

/// A package within another: the nearest one has the path.
#[test]
fn packages_within_packages() {
    let mut past = Past::empty();
    past.bed.write("pyproject.toml", &python("outer", "1.0.0"));
    past.bed.write("inner/pyproject.toml", &python("inner", "1.0.0"));
    past.bed.write("inner-more/pyproject.toml", &python("inner-more", "1.0.0"));
    past.commit_all("Start");
    past.tag("v1.0.0");
    past.commit_in("inner/x.py", "feat: in inner");
    past.commit_in("inner-more/x.py", "feat: in more");
    past.commit_in("x.py", "feat: in outer");
    assert_eq!(past.told(&["changelog", "-p", "inner"]), ["Added: in inner"]);
    assert_eq!(past.told(&["changelog", "-p", "inner-more"]), ["Added: in more"]);
    assert_eq!(past.told(&["changelog", "-p", "outer"]), ["Added: in outer"]);
}

/// A directory that moved still has its history.
#[test]
fn packages_that_moved() {
    let mut past = Past::empty();
    past.bed.write("old/pyproject.toml", &python("moved", "1.0.0"));
    past.bed.write("other/pyproject.toml", &python("other", "1.0.0"));
    past.commit_all("Start");
    past.tag("v1.0.0");
    past.commit_in("old/x.py", "feat: before");
    past.bed.git(&["mv", "old", "new"]);
    past.commit_all("chore: move");
    past.commit_in("new/y.py", "feat: after");
    let all = past.told(&["changelog", "-p", "moved"]);
    assert!(all.contains(&"Added: after".to_owned()), "{all:?}");
    assert!(!all.iter().any(|line| line.contains("other")), "{all:?}");
}

const PLACEHOLDER: &str =
    "# ChangeLog\n\n<!--- generated changelog --->\n\n## [2025-01-02]\n\n### `old` [0.1]\n";
const BY_PACKAGE: &str =
    "[changelog]\nformat = \"by-package\"\nplaceholder = \"<!--- generated changelog --->\"\n";

/// An umbrella with an integration, as LlamaIndex has them.
fn umbrella(toml: &str, changelog: &str) -> Past {
    let mut past = Past::empty();
    past.bed.write("tminus.toml", toml);
    past.bed.write("CHANGELOG.md", changelog);
    past.bed.write("core/pyproject.toml", &python("demo-core", "1.4.0"));
    past.bed.write("integrations/llms/a/pyproject.toml", &python("demo-llms-a", "0.3.1"));
    past.bed.write("docs/x.md", "x\n");
    past.commit_all("Start");
    past.tag("v1.4.0");
    past
}

#[test]
fn by_package_is_a_dated_list() {
    let mut past = umbrella(BY_PACKAGE, PLACEHOLDER);
    past.commit_in("integrations/llms/a/x.py", "Fix a (#12)");
    past.bed.write("core/y.py", "y\n");
    past.commit_in("integrations/llms/a/y.py", "feat: both (#9)");
    past.commit_in("docs/x.md", "docs only (#10)");
    past.commit_in("core/z.py", "no pull request");
    past.run(&["changelog", "--write"]).exits(0);
    let text = past.bed.read("CHANGELOG.md");
    let (head, tail) = PLACEHOLDER.split_once("\n\n## ").unwrap();
    assert!(text.starts_with(head) && text.ends_with(&format!("## {tail}")), "{text}");
    assert_eq!(releases(&text), ["[2026-11-20]", "[2025-01-02]"], "{text}");
    let lines: Vec<_> =
        text.lines().filter(|line| line.starts_with("- ") || line.starts_with("### ")).collect();
    assert_eq!(lines.len(), 6, "{text}");
    assert_eq!(lines[0], "### demo-core [1.4.0]");
    assert!(lines[1].starts_with("- feat: both (#9)"), "{text}");
    assert_eq!(lines[2], "### demo-llms-a [0.3.1]");
    assert!(lines[3].starts_with("- feat: both (#9)"), "{text}");
    assert!(lines[4].starts_with("- Fix a (#12)"), "{text}");
    past.only_reads(&["changelog", "--write"]);
}

/// Without an address there is no link, and none that leads nowhere.
#[test]
fn no_empty_links() {
    let mut past = umbrella(BY_PACKAGE, PLACEHOLDER);
    past.commit_in("core/x.py", "Fix a (#12)");
    for form in ["by-package", "github", "keep-a-changelog"] {
        let answer = past.only_reads(&["changelog", "--format", form]);
        assert!(!answer.out.contains("]()"), "{form}: {answer}");
        assert!(
            !answer.out.lines().any(|line| line.ends_with(" in ") || line.ends_with(" in")),
            "{form}: {answer}"
        );
        assert!(answer.out.replace('\\', "").contains("#12"), "{form}: {answer}");
    }
}

#[test]
fn by_package_without_a_pull_request() {
    let mut past = umbrella(BY_PACKAGE, PLACEHOLDER);
    past.commit_in("core/x.py", "no number");
    past.refuses(&["changelog"], 1, &["nothing"]);
    past.refuses(&["changelog", "--write"], 1, &["nothing"]);
}

#[test]
fn by_package_without_its_placeholder() {
    for (toml, text) in [
        (BY_PACKAGE, "# ChangeLog\n\n## [2025-01-02]\n"),
        ("[changelog]\nformat = \"by-package\"\n", "# ChangeLog\n\n## [2025-01-02]\n"),
    ] {
        let mut past = umbrella(toml, text);
        past.commit_in("core/x.py", "Fix a (#12)");
        past.refuses(&["changelog", "--write"], 2, &["CHANGELOG.md", "<!--- generated changelog --->"]);
        past.only_reads(&["changelog"]);
    }
}

#[test]
fn fifty_packages_in_one_run() {
    let mut past = Past::empty();
    for number in 0..50 {
        past.bed
            .write(&format!("packs/p{number:02}/pyproject.toml"), &python(&format!("p{number:02}"), "1.0.0"));
    }
    past.commit_all("Start");
    past.tag("v1.0.0");
    for number in 0..50 {
        past.bed.write(&format!("packs/p{number:02}/x.py"), "x\n");
    }
    past.commit_all("fix: everywhere (#3)");
    let answer = past.only_reads(&["changelog", "--format", "by-package"]);
    assert_eq!(answer.out.matches("### p").count(), 50, "{answer}");
    assert_eq!(answer.out.matches("(#3)").count(), 50, "{answer}");
    assert_eq!(told(&past.run(&["changelog"]).out), ["Fixed: everywhere (#3)"]);
}
