//! When a constraint is written: now, or only when the new version can be installed; here, or on another branch.

use super::bed::Room;
use super::python;

/// A project whose app asks for its core by a rule.
fn project(rule: &str) -> Room {
    Room::with(&[
        ("core/pyproject.toml", &core("1.0.0")),
        ("app/pyproject.toml", &app("3.0.0", ">=1.0.0")),
        ("tminus.toml", &format!("[[package]]\nname = \"app\"\npins = {{ \"pypi:core\" = {rule} }}\n")),
    ])
}

fn core(version: &str) -> String {
    python("core", version, &[])
}

fn app(version: &str, pin: &str) -> String {
    python("app", version, &[&format!("core{pin}"), "requests>=2"])
}

const CORE: &str = "core/pyproject.toml";
const APP: &str = "app/pyproject.toml";

#[test]
fn staged_constraints() {
    let room = project("{ shape = \"exact\", when = \"staged\" }");
    let said = room.check(&["bump", "1.1.0", "core"], &[(CORE, &core("1.1.0"))]);
    said.says(&["staged", "core", "app"]);
    // Also for a package that gets a version itself.
    let said = room
        .check(&["bump", "4.0.0", "app", "core"], &[(CORE, &core("4.0.0")), (APP, &app("4.0.0", ">=1.0.0"))]);
    said.says(&["staged"]);
    room.check(&["pin", "--staged"], &[(APP, &app("4.0.0", "==4.0.0"))]);
    // They are written once.
    room.check(&["pin", "--staged"], &[]);
}

#[test]
fn staged_constraints_in_the_document() {
    let room = project("{ shape = \"exact\", when = \"staged\" }");
    let document = room.run(&["bump", "1.1.0", "core", "--json"]).json();
    let pins = document["pins"].to_string();
    assert!(pins.contains("staged") && pins.contains("pypi:app"), "{document:#}");
}

/// Only those that are held back, and only of the packages that are named.
#[test]
fn writing_what_is_staged() {
    let toml =
        "[[package]]\nname = \"app\"\npins = { \"pypi:core\" = { shape = \"exact\", when = \"staged\" } }\n";
    let room = Room::with(&[
        (CORE, &core("1.1.0")),
        ("more/pyproject.toml", &python("more", "2.0.0", &[])),
        (APP, &python("app", "1.0", &["core>=1.0.0", "more>=1.0.0"])),
        ("tminus.toml", toml),
    ]);
    room.check(&["pin", "--staged"], &[(APP, &python("app", "1.0", &["core==1.1.0", "more>=1.0.0"]))]);
    room.check(
        &["pin", "--staged", "core@1.2.0"],
        &[(APP, &python("app", "1.0", &["core==1.2.0", "more>=1.0.0"]))],
    );
}

#[test]
fn on_lines_only() {
    let room = project("{ shape = \"exact\", on = \"line\" }");
    // On the main branch the constraint is left alone.
    room.check(&["bump", "1.1.0", "core"], &[(CORE, &core("1.1.0"))]);
    room.commit();
    room.git(&["switch", "--quiet", "--create", "release-1.1.x"]);
    room.check(&["bump", "1.1.1", "core"], &[(CORE, &core("1.1.1")), (APP, &app("3.0.0", "==1.1.1"))]);
}

#[test]
fn on_the_main_branch_only() {
    let room = project("{ shape = \"minimum\", on = \"main\" }");
    room.check(&["bump", "1.1.0", "core"], &[(CORE, &core("1.1.0")), (APP, &app("3.0.0", ">=1.1.0"))]);
    room.commit();
    room.git(&["switch", "--quiet", "--create", "release-1.1.x"]);
    room.check(&["bump", "1.1.1", "core"], &[(CORE, &core("1.1.1"))]);
}

#[test]
fn on_branches_of_a_pattern() {
    let room = project("{ shape = \"exact\", on = \"release-{major}.{minor}.x\" }");
    room.git(&["switch", "--quiet", "--create", "feature"]);
    room.check(&["bump", "1.1.0", "core"], &[(CORE, &core("1.1.0"))]);
    room.commit();
    room.git(&["switch", "--quiet", "--create", "release-1.1.x"]);
    room.check(&["bump", "1.1.1", "core"], &[(CORE, &core("1.1.1")), (APP, &app("3.0.0", "==1.1.1"))]);
}

/// The main branch has the name that the project gives it.
#[test]
fn another_main_branch() {
    let room = project("{ shape = \"minimum\", on = \"main\" }");
    let toml = room.read("tminus.toml");
    room.write(
        "tminus.toml",
        format!("[train]\nscheme = \"pep440\"\nbranches = {{ main = \"trunk\" }}\n\n{toml}"),
    );
    room.check(&["bump", "1.1.0", "core"], &[(CORE, &core("1.1.0"))]);
    room.commit();
    room.git(&["branch", "--move", "trunk"]);
    room.check(&["bump", "1.1.1", "core"], &[(CORE, &core("1.1.1")), (APP, &app("3.0.0", ">=1.1.1"))]);
}

/// On a branch, and only when the version is there.
#[test]
fn staged_on_lines() {
    let room = project("{ shape = \"exact\", when = \"staged\", on = \"line\" }");
    room.git(&["switch", "--quiet", "--create", "release-1.0.x"]);
    let said = room.check(&["bump", "1.0.1", "core"], &[(CORE, &core("1.0.1"))]);
    said.says(&["staged"]);
    room.check(&["pin", "--staged"], &[(APP, &app("3.0.0", "==1.0.1"))]);
    room.git(&["switch", "--quiet", "main"]);
    room.write(CORE, core("1.2.0"));
    room.check(&["pin", "--staged"], &[]);
}

#[test]
fn rules_that_make_no_sense() {
    for (rule, essential) in [
        ("\"exactly\"", "exact"),
        ("{ shape = \"exact\", when = \"later\" }", "staged"),
        ("{ shape = \"exact\", wen = \"staged\" }", "when"),
        ("{ shape = \"exact\", on = \"release-{majr}.x\" }", "majr"),
        ("{ when = \"staged\" }", "shape"),
    ] {
        let room = project(rule);
        room.refuses(&["bump", "1.1.0", "core"], &[2], &["tminus.toml:3", essential]);
    }
    // A rule for a package that nothing asks for may be a slip of the pen.
    let room = project("\"exact\"");
    room.write("tminus.toml", "[[package]]\nname = \"app\"\npins = { \"pypi\" = \"exact\" }\n");
    room.refuses(&["bump", "1.1.0", "core"], &[2], &["tminus.toml:3", "pypi"]);
}
