//! `tminus changelog --carry-from`: what came out on a line, on the main branch too.

use super::super::bed::Bed;
use super::commit;

const HEAD: &str = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A door\n";
const SECOND: &str = "\n## [1.1.0] - 2026-03-01\n\n### Added\n\n- A window\n";
const PATCH: &str = "\n## [1.0.1] - 2026-04-01\n\n### Fixed\n\n- A leak\n";
const FIRST: &str = "\n## [1.0.0] - 2026-02-01\n\n- Walls\n";

#[test]
fn a_patch_of_a_line_finds_its_place_once() {
    let bed = Bed::plain();
    bed.write("CHANGELOG.md", &format!("# Changelog\n\n## [Unreleased]\n{FIRST}"));
    commit(&bed, "Begin");
    bed.git(&["switch", "--quiet", "--create", "1.0.x"]);
    let line = format!("# Changelog\n\n## [Unreleased]\n\n- Not out yet\n{PATCH}{FIRST}");
    bed.write("CHANGELOG.md", &line);
    commit(&bed, "Release 1.0.1");
    bed.git(&["switch", "--quiet", "main"]);
    let main = format!("{HEAD}{SECOND}{FIRST}");
    bed.write("CHANGELOG.md", &main);
    commit(&bed, "Release 1.1.0");
    let shown = bed.run(&["changelog", "--carry-from", "1.0.x"]);
    shown.exits(0).says(&["1.0.1", "+- A leak"]);
    assert_eq!(bed.read("CHANGELOG.md"), main, "it is only shown without --write");
    bed.run(&["changelog", "--carry-from", "1.0.x", "--write"]).exits(0);
    let carried = bed.read("CHANGELOG.md");
    assert_eq!(carried, format!("{HEAD}{SECOND}{PATCH}{FIRST}"));
    bed.run(&["changelog", "--carry-from", "1.0.x", "--write"]).exits(0).says(&["there already"]);
    assert_eq!(bed.read("CHANGELOG.md"), carried);
    bed.run(&["changelog", "--carry-from", "2.0.x", "--write"]).exits(2).says(&["2.0.x"]);
    bed.git(&["rm", "--quiet", "--force", "CHANGELOG.md"]);
    commit(&bed, "Without it");
    bed.run(&["changelog", "--carry-from", "1.0.x", "--write"]).exits(1).says(&["CHANGELOG.md is not there"]);
}
