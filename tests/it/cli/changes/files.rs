//! Change files as changesets and towncrier lay them out, from the directories to the changelog.

use super::super::bed::{Bed, TODAY};
use super::commit;

/// Two packages of npm with changesets, and one of Python with fragments.
fn bed() -> Bed {
    let bed = Bed::plain();
    bed.write("package.json", "{\"name\": \"top\", \"private\": true, \"workspaces\": [\"packages/*\"]}\n");
    bed.write("packages/core/package.json", "{\"name\": \"@demo/core\", \"version\": \"1.0.0\"}\n");
    bed.write("packages/ui/package.json", "{\"name\": \"@demo/ui\", \"version\": \"1.0.0\"}\n");
    bed.write(
        "packages/py/pyproject.toml",
        "[project]\nname = \"demo-py\"\nversion = \"1.0.0\"\n\n[tool.towncrier]\ndirectory = \"newsfragments\"\n",
    );
    bed.write(".changeset/config.json", "{}\n");
    bed.write(".changeset/README.md", "# Changesets\n");
    commit(&bed, "Begin");
    bed.git(&["tag", "--annotate", "--message", "1.0.0", "v1.0.0"]);
    bed
}

#[test]
fn a_release_tells_them_and_names_them() {
    let bed = bed();
    bed.write(".changeset/brave-lions.md", "---\n\"@demo/core\": minor\n---\n\nAnswer faster\n");
    bed.write(".changeset/calm-seas.md", "---\n\"@demo/ui\": patch\n---\n\nPaint once\n");
    bed.write("packages/py/newsfragments/12.bugfix.rst", "Close what was opened.\n");
    commit(&bed, "chore: files of changes");
    let shown = bed.run(&["changelog"]);
    shown.exits(0).says(&["Answer faster", "Paint once", "Close what was opened"]);
    let core = bed.run(&["changelog", "--package", "@demo/core"]);
    core.exits(0).says(&["Answer faster"]);
    assert!(!core.out.contains("Paint once") && !core.out.contains("Close what"), "{core}");
    let written = bed.run(&["changelog", "--write", "--release", "1.1.0"]);
    let used =
        [".changeset/brave-lions.md", ".changeset/calm-seas.md", "packages/py/newsfragments/12.bugfix.rst"];
    written.exits(0).says(&["delete them in the same commit"]).says(&used);
    assert!(!written.err.contains("README"), "{written}");
    let text = bed.read("CHANGELOG.md");
    let section = text.split(&format!("## [1.1.0] - {TODAY}\n")).nth(1).unwrap();
    for told in ["Answer faster", "Paint once", "Close what was opened"] {
        assert_eq!(section.matches(told).count(), 1, "{told} in\n{text}");
    }
    // Deleted with the release, they are told once and no more.
    let mut rm = vec!["rm", "--quiet", "--"];
    rm.extend(used);
    bed.git(&rm);
    commit(&bed, "chore: release 1.1.0");
    bed.git(&["tag", "--annotate", "--message", "1.1.0", "v1.1.0"]);
    bed.run(&["changelog"]).exits(1).says(&["nothing to tell since v1.1.0"]);
}

#[test]
fn one_that_cannot_be_read_is_named_and_the_others_are_told() {
    let bed = bed();
    bed.write(".changeset/bad.md", "---\n\"@demo/core\": sometimes\n---\n\nNever\n");
    bed.write(".changeset/good.md", "---\n\"@demo/core\": minor\n---\n\nAnswer faster\n");
    commit(&bed, "chore: files of changes");
    let answer = bed.run(&["changelog", "--write", "--release", "1.1.0"]);
    answer.exits(0).says(&[".changeset/bad.md", "sometimes", ".changeset/good.md"]);
    let note = answer.err.split("delete them").nth(1).unwrap();
    assert!(
        note.contains("good.md") && !note.contains("bad.md"),
        "what was not read is not used up: {answer}"
    );
}
