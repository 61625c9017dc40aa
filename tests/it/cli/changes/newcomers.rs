//! `tminus notes --format github`: who is new is known by the account, which only the forge knows.

use super::super::bed::Bed;
use super::{commit, forged, merged, page};

/// A commit of somebody.
fn by(bed: &mut Bed, name: &str, mail: &str, message: &str) {
    bed.set("GIT_AUTHOR_NAME", name);
    bed.set("GIT_AUTHOR_EMAIL", mail);
    commit(bed, message);
}

#[test]
fn an_account_that_had_something_merged_is_not_new() {
    let mut bed = forged();
    bed.write("tminus.toml", "[project]\nforge = \"github:octo/demo\"\n");
    bed.write("pyproject.toml", "[project]\nname = \"demo\"\nversion = \"1.0.0\"\n");
    by(&mut bed, "Ada", "ada@example.org", "Begin (#1)");
    merged(&bed, 1, "Begin", "ada", "2026-01-01T00:00:00Z");
    by(&mut bed, "Bob", "bob@home.example", "More (#2)");
    merged(&bed, 2, "More", "bob", "2026-01-02T00:00:00Z");
    bed.git(&["tag", "--annotate", "--message", "1.0.0", "v1.0.0"]);
    by(&mut bed, "Ada", "ada@example.org", "A door (#3)");
    merged(&bed, 3, "A door", "ada", "2026-02-01T00:00:00Z");
    // Another name and another address, the same account.
    by(&mut bed, "Robert", "robert@work.example", "A window (#4)");
    merged(&bed, 4, "A window", "bob", "2026-02-02T00:00:00Z");
    by(&mut bed, "Eve", "eve@example.org", "A roof (#5)");
    merged(&bed, 5, "A roof", "eve", "2026-02-03T00:00:00Z");
    by(&mut bed, "renovate[bot]", "bot@example.org", "Bump (#6)");
    merged(&bed, 6, "Bump", "renovate[bot]", "2026-02-04T00:00:00Z");
    bed.git(&["push", "--quiet", "--tags", "origin", "main"]);
    bed.git(&["tag", "--annotate", "--message", "1.1.0", "v1.1.0"]);
    let pull = |number| page(&bed, number);
    let head = format!(
        "## What's Changed\n* A door by @ada in {}\n* A window by @bob in {}\n* A roof by @eve in {}\n\
         * Bump by @renovate[bot] in {}\n",
        pull(3),
        pull(4),
        pull(5),
        pull(6)
    );
    let new = format!("\n## New Contributors\n* @eve made their first contribution in {}\n", pull(5));
    let end = "\n**Full Changelog**: https://github.com/octo/demo/compare/v1.0.0...v1.1.0\n";
    let expected = format!("{head}{new}\n{}", end.trim_start());
    let notes = bed.run(&["notes", "1.1.0", "--format", "github"]);
    notes.exits(0);
    assert_eq!(notes.out, expected);
    bed.only_questions();
    // Before the tag is made the text is the same: a release is described before it is tagged.
    bed.git(&["tag", "--delete", "v1.1.0"]);
    let before = bed.run(&["notes", "1.1.0", "--format", "github"]);
    before.exits(0);
    assert_eq!(before.out, expected);
}
