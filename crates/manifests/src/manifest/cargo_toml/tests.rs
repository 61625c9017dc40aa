use proptest::prelude::*;

use super::*;
use crate::{LocateError, splice};

fn path() -> RelPath {
    "Cargo.toml".parse().unwrap()
}

fn manifest(source: &str) -> Manifest {
    Manifest::read(&path(), source.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{source}"))
}

fn refused(source: &str) -> LocateError {
    Manifest::read(&path(), source.as_bytes()).unwrap_err()
}

fn text(site: Option<&Site>) -> Option<&str> {
    site.map(Site::text)
}

/// The version as a word: its text, `elsewhere` or `absent`.
fn version_word(manifest: &Manifest) -> &str {
    match &manifest.version {
        Version::Here(site) => site.text(),
        Version::Elsewhere { source: Elsewhere::Workspace, fallback: None } => "elsewhere",
        Version::Absent => "absent",
        other @ Version::Elsewhere { .. } => panic!("{other:?}"),
    }
}

/// A dependency on one line.
fn line(dependency: &Dependency) -> String {
    let constraint = text(dependency.constraint.as_ref()).unwrap_or("-");
    format!("{} {:?} {constraint} {:?}", dependency.name, dependency.kind, dependency.source)
}

#[test]
fn versions() {
    for (source, name, version, private) in [
        ("[package]\nname = \"x\"\nversion = \"1.2.3\"\n", Some("x"), "1.2.3", false),
        ("[package]\nname = 'x'\nversion.workspace = true\n", Some("x"), "elsewhere", false),
        (
            "[package]\nname = 'x'\nversion = { workspace = true }\npublish = false",
            Some("x"),
            "elsewhere",
            true,
        ),
        ("[package]\nname = 'x'\n", Some("x"), "absent", true),
        ("[package]\nname = 'x'\npublish = true\n", Some("x"), "absent", false),
        ("[package]\nversion = '1.0.0'\npublish = []\n", None, "1.0.0", true),
        ("[package]\nversion = '1.0.0'\npublish = ['example']\n", None, "1.0.0", false),
        ("[package]\nversion = '1.0.0'\npublish.workspace = true\n", None, "1.0.0", false),
        ("[workspace.package]\nversion = '2.0.0'\n", None, "2.0.0", false),
        ("[workspace]\nmembers = []\n", None, "absent", false),
        // A root that is a package too: its own version, stated or inherited.
        (
            "[package]\nname='x'\nversion='1.0.0'\n[workspace.package]\nversion='2.0.0'\n",
            Some("x"),
            "1.0.0",
            false,
        ),
        (
            "[package]\nname='x'\nversion.workspace=true\n[workspace.package]\nversion='2.0.0'\n",
            Some("x"),
            "2.0.0",
            false,
        ),
        ("package = { name = \"x\", version = \"1.0.0\" }", Some("x"), "1.0.0", false),
        ("package.name = \"x\"\npackage.version = \"1.0.0\"", Some("x"), "1.0.0", false),
    ] {
        let manifest = manifest(source);
        assert_eq!(text(manifest.name.as_ref()), name, "{source}");
        assert_eq!(version_word(&manifest), version, "{source}");
        assert_eq!(manifest.private, private, "{source}");
    }
}

#[test]
fn members_of_a_workspace() {
    let source = "[workspace]\nmembers = [ # all\n  \"crates/*\", './xtask/',\n]\ndefault-members = [\"crates/cli\"]\nexclude = [\"crates/old\", \"xtask/sub\"]\n";
    let members = manifest(source).workspace.unwrap();
    assert_eq!(members.tool, WorkspaceTool::Cargo);
    assert_eq!(members.include, ["crates/*", "xtask"]);
    // What `members` names itself cannot be excluded, nor what lies in it.
    assert_eq!(members.exclude, ["crates/old", "crates/old/**"]);
    assert_eq!(manifest("[package]\nname = 'x'\n").workspace, None);
    assert_eq!(manifest("[workspace]\n").workspace.unwrap().include, Vec::<String>::new());
}

#[test]
fn dependencies_of_all_tables() {
    let source = r#"
dependencies.dotted.version = "0.1"
dependencies.dotted.features = ["x"]

[package]
name = "demo"

[target.'cfg(unix)'.dependencies]
unix = "0.2"
[target.x86_64-unknown-linux-gnu.dev-dependencies.linux]
version = "0.3"

[dev-dependencies]
plain = "1" # here
"quoted" = '1.1'
old_name = { package = "real-name", version = "1.2", optional = true }
[build-dependencies]
inherited.workspace = true
inherited2 = { workspace = true, features = ["x"] }
here = { path = "../here", version = "=1.3.0" }
only-path = { path = "../only" }
repo = { git = "https://git.example/repo", version = "1.4" }
named = { registry = "example", version = "1.5" }

[build-dependencies.table]
features = []
version = "1.6"

[workspace.dependencies]
shared = { version = "1.7", path = "crates/shared" }

[patch.crates-io]
patched = { path = "patched" }
[patch."https://git.example/repo"]
other = { package = "patched-too", git = "https://git.example/fork" }
[replace]
"replaced:0.1.0" = { path = "r" }
"https://git.example/index#again@0.1.0" = { git = "https://git.example/again" }
"#;
    let manifest = manifest(source);
    let found: Vec<String> = manifest.dependencies.iter().map(line).collect();
    let expected = r#"
dotted Normal 0.1 Registry
unix Normal 0.2 Registry
linux Dev 0.3 Registry
plain Dev 1 Registry
quoted Dev 1.1 Registry
real-name Dev 1.2 Registry
inherited Build - Inherited
inherited2 Build - Inherited
here Build =1.3.0 Path("../here")
only-path Build - Path("../only")
repo Build 1.4 Other("https://git.example/repo")
named Build 1.5 Registry
table Build 1.6 Registry
shared Workspace 1.7 Path("crates/shared")
patched Override - Path("patched")
patched-too Override - Other("https://git.example/fork")
replaced Override - Path("r")
again Override - Other("https://git.example/again")
"#;
    assert_eq!(found, expected.trim().lines().collect::<Vec<_>>());
    for dependency in &manifest.dependencies {
        assert_eq!(dependency.notation, RANGE);
        let (offset, line) = (dependency.offset, line(dependency));
        let keys = [
            "dotted",
            "linux",
            "\"quoted\"",
            "old_name",
            "table",
            "patched",
            "\"replaced",
            "other",
            "\"https",
        ];
        let known = source[offset..].starts_with(dependency.name.as_str());
        assert!(known || keys.iter().any(|key| source[offset..].starts_with(key)), "{line}");
        if let Some(site) = &dependency.constraint {
            assert_eq!(&source[site.span()], site.text());
        }
    }
}

#[test]
fn refusals_say_the_line() {
    for (source, message) in [
        ("[package]\nname = 1\n", "Cargo.toml:2: the version must be a text in quotes"),
        ("[package]\nversion = 1\n", "Cargo.toml:2: the version must be a text in quotes"),
        ("[dependencies]\nx = 1\n", "Cargo.toml:2: the dependency `x` must be a text or a table"),
        ("dependencies = []\n", "Cargo.toml:1: dependencies must be a table"),
        ("[workspace]\nmembers = 'x'\n", "Cargo.toml:2: `members` of `[workspace]` must be a list of texts"),
        (
            "[workspace]\nexclude = ['x',\n 1]\n",
            "Cargo.toml:3: `exclude` of `[workspace]` must be a list of texts",
        ),
        (
            "[dependencies]\nx = { version = \"\"\"1\"\"\" }\n",
            "Cargo.toml:2: the version is spelled in a way that is not edited (a text on several lines): write it on \
             one line, in plain quotes",
        ),
    ] {
        assert_eq!(refused(source).to_string(), message, "{source}");
    }
    assert!(matches!(refused("[package\n").problem(), crate::Problem::Malformed { .. }));
}

/// Every place of a manifest that can be replaced.
fn sites(manifest: &Manifest) -> Vec<Site> {
    let version = if let Version::Here(site) = &manifest.version { Some(site) } else { None };
    let constraints = manifest.dependencies.iter().filter_map(|dependency| dependency.constraint.as_ref());
    manifest.name.iter().chain(version).chain(constraints).cloned().collect()
}

/// What a manifest says, without places.
fn says(manifest: &Manifest) -> (Vec<String>, Vec<String>, Option<Members>) {
    let lines = manifest.dependencies.iter().map(line).collect();
    let sites = sites(manifest).iter().map(|site| site.text.clone()).collect();
    (lines, sites, manifest.workspace.clone())
}

fn any_manifest() -> impl Strategy<Value = String> {
    let quote = || prop_oneof![Just("\""), Just("'")];
    let parts = (quote(), quote(), "[ \t]{0,2}", "( # [a-z'\"é]{0,6})?", any::<bool>());
    let order = Just(vec![0_usize, 1, 2, 3, 4]).prop_shuffle();
    (parts, prop_oneof![Just("\n"), Just("\r\n")], any::<[bool; 2]>(), order).prop_map(
        |((q, p, space, comment, inline), newline, [mark, end], order)| {
            let real = if inline {
                format!("real = {{{space}package = {p}other{p},{space}version{space}= {q}1.1{q}}}{comment}")
            } else {
                format!("real.version = {q}1.1{q}{comment}{newline}real.package = {p}other{p}")
            };
            let tables = [
                format!("[package]{comment}{newline}version{space}={space}{q}0.1.0{q}{comment}{newline}name = {p}x{p}"),
                format!("[dependencies]{newline}{space}a = {q}1{q}{comment}{newline}{real}"),
                format!("[target.{q}cfg(a){q}.dev-dependencies.{p}b{p}]{newline}version = {q}=2{q}{comment}"),
                format!("[workspace]{newline}members = [{comment}{newline}{space}{q}c/*{q},{comment}{newline}]"),
                format!("[workspace.dependencies]{newline}c = {{ path = {q}c{q}, version = {p}3{p} }}"),
            ];
            let mut source = order.iter().map(|&index| tables[index].clone()).collect::<Vec<_>>().join(newline);
            if mark {
                source.insert(0, '\u{feff}');
            }
            if end {
                source.push_str(newline);
            }
            source
        },
    )
}

proptest! {
    #[test]
    fn replacing_a_place_changes_nothing_else(source in any_manifest(), new in "[0-9]{1,2}(\\.[0-9]{1,2}){0,2}") {
        let before = manifest(&source);
        let places = sites(&before);
        prop_assert_eq!(places.len(), 6);
        for (index, place) in places.iter().enumerate() {
            let once = splice(&source, &[place.replaced(&new).unwrap()]).unwrap();
            prop_assert_eq!(&once[..place.span.start], &source[..place.span.start]);
            prop_assert_eq!(&once[place.span.start + new.len()..], &source[place.span.end..]);
            let after = manifest(&once);
            let again = sites(&after);
            for (other, (old, now)) in places.iter().zip(&again).enumerate() {
                let expected = if other == index { new.as_str() } else { old.text() };
                prop_assert_eq!(now.text(), expected);
            }
            prop_assert_eq!(&before.workspace, &after.workspace);
            let twice = splice(&once, &[again[index].replaced(&new).unwrap()]).unwrap();
            prop_assert_eq!(twice, once);
            let back = splice(&source, &[place.replaced(place.text()).unwrap()]).unwrap();
            prop_assert_eq!(says(&manifest(&back)), says(&before));
        }
    }

    #[test]
    fn no_text_panics(source in "(\\[(package|dependencies|workspace|patch|target|replace)(\\.[a-z]{1,9})?\\]|[a-z]{1,9}|[:= \"'\r\n]|1\\.0|version|true|\\{|\\}|,|\\[|\\]){0,20}") {
        if let Ok(manifest) = Manifest::read(&path(), source.as_bytes()) {
            for site in sites(&manifest) {
                prop_assert!(source.get(site.span()).is_some());
            }
        }
    }
}
