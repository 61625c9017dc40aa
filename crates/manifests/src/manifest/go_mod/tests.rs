use std::process::Command;

use proptest::prelude::*;

use super::*;
use crate::{LocateError, splice};

fn path() -> RelPath {
    "api/go.mod".parse().unwrap()
}

fn manifest(source: &str) -> Manifest {
    Manifest::read(&path(), source.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{source}"))
}

fn refused(source: &str) -> LocateError {
    Manifest::read(&path(), source.as_bytes()).unwrap_err()
}

/// A dependency on one line.
fn line(dependency: &Dependency) -> String {
    let constraint = dependency.constraint.as_ref().map_or("-", Site::text);
    format!("{} {:?} {constraint} {:?}", dependency.name, dependency.kind, dependency.source)
}

const FULL: &str = r#"// Package doc.
module host.example/demo/v2 // the name

go 1.19

require host.example/single v1.0.0
require (
	host.example/a v1.2.3 // indirect
	// host.example/commented v0.0.1

	"host.example/quoted" "v0.1.0"//tight
	host.example/local v1.0.0-rc.1+incompatible
	host.example/pinned v1.4.0
)
require ()

exclude host.example/a v1.2.2
replace host.example/local => ../local
replace (
	host.example/pinned v1.4.0 => host.example/fork v1.4.1
	host.example/single v0.9.0 => ./unused
)
retract (
	v1.0.0 // bad
	[v1.1.0, v1.2.0]
)
"#;

#[test]
fn everything_that_names_a_module() {
    for source in [FULL.to_owned(), FULL.replace('\n', "\r\n"), format!("\u{feff}{}", FULL.trim_end())] {
        let manifest = manifest(&source);
        assert_eq!(manifest.name.as_ref().map(Site::text), Some("host.example/demo/v2"));
        let tags = Elsewhere::VersionControl { tool: "git tags".to_owned() };
        assert_eq!(manifest.version, Version::Elsewhere { source: tags, fallback: None });
        let found: Vec<String> = manifest.dependencies.iter().map(line).collect();
        let expected = r#"
host.example/single Normal v1.0.0 Registry
host.example/a Normal v1.2.3 Registry
host.example/quoted Normal v0.1.0 Registry
host.example/local Normal v1.0.0-rc.1+incompatible Path("../local")
host.example/pinned Normal v1.4.0 Other("host.example/fork")
host.example/local Override - Path("../local")
host.example/fork Override v1.4.1 Registry
host.example/single Override - Path("./unused")
"#;
        assert_eq!(found, expected.trim().lines().collect::<Vec<_>>());
        for site in sites(&manifest) {
            assert_eq!(&source[site.span()], site.text());
        }
    }
}

#[test]
fn other_directives_and_forms() {
    let source = "toolchain go1.21.0\ntool host.example/x\ngodebug ( \n a=b\n )\nmodule (\n\t`a.example/m`\n)\nrequire \"a.example/q\\\"\" v1.0.0";
    let manifest = manifest(source);
    assert_eq!(manifest.name.unwrap().text(), "a.example/m");
    assert_eq!(
        manifest.dependencies.iter().map(line).collect::<Vec<_>>(),
        ["a.example/q\" Normal v1.0.0 Registry"]
    );
    assert_eq!(self::manifest("").name, None);
}

#[test]
fn the_replacement_that_go_takes() {
    let source = "require a.example/x v1.0.0\nreplace a.example/x v1.0.0 => ./exact\nreplace a.example/x => ./first\nreplace a.example/x => ./last\n";
    let source_of = |source: &str| manifest(source).dependencies[0].source.clone();
    assert_eq!(source_of(source), Source::Path("./exact".to_owned()));
    assert_eq!(source_of(&source.replace("x v1.0.0 =>", "x v1.0.1 =>")), Source::Path("./last".to_owned()));
}

#[test]
fn refusals_say_the_line() {
    for (source, message) in [
        ("module a\nmodule b\n", "2: the module is named twice: remove one of the lines"),
        ("module\n", "1: `module` must be followed by one path"),
        ("\nrequire a\n", "2: `require` must be followed by a path and a version"),
        ("require (\na v1 x\n)\n", "2: `require` must be followed by a path and a version"),
        ("require (\na v1\n", "1: a block is not closed: `)` is missing"),
        ("require (\na v1\n) x\n", "3: a line must end behind the `)` of a block"),
        (
            "replace a b => c\n\nreplace a =>\n",
            "3: `replace` must read `replace OLD [VERSION] => NEW VERSION` or `replace OLD [VERSION] => ./DIRECTORY`",
        ),
        ("module \"a\n\"\n", "1: a text is not closed on its line"),
        ("module a\n/* x */\n", "2: a comment in a go.mod starts with `//`, not with `/*`"),
        ("module 'a'\n", "1: a quote stands within a word: quote the whole word"),
        ("module \"a\\x41\"\n", "1: an escape that is not read here: write the character itself"),
        ("require [ v1\n", "1: `[` stands where a path or a version must"),
        ("module a\u{1}\n", "1: a character that no go.mod may hold"),
    ] {
        assert_eq!(refused(source).to_string(), format!("api/go.mod:{message}"), "{source}");
    }
}

/// Every place of a manifest that can be replaced.
fn sites(manifest: &Manifest) -> Vec<Site> {
    let constraints = manifest.dependencies.iter().filter_map(|dependency| dependency.constraint.clone());
    manifest.name.iter().cloned().chain(constraints).collect()
}

/// What `go mod edit -json` says, as lines; nothing where no Go is installed.
fn lines_of_go(source: &str) -> Option<Result<Vec<String>, String>> {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("go.mod"), source).unwrap();
    let output = Command::new("go")
        .args(["mod", "edit", "-json"])
        .current_dir(home.path())
        .env("GOTOOLCHAIN", "local")
        .env("GOPROXY", "off")
        .output()
        .ok()?;
    if !output.status.success() {
        return Some(Err(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    let text = String::from_utf8(output.stdout).unwrap();
    let json = crate::tree::json::parse(&text).unwrap();
    let version = |node: &crate::tree::Node<'_>| node.text_at(&["Version"]).unwrap_or("-").to_owned();
    let mut lines = vec![format!(
        "module {}",
        json.text_at(&["Module", "Path"]).filter(|path| !path.is_empty()).unwrap_or("-")
    )];
    for require in json.get("Require").map(crate::tree::Node::items).unwrap_or_default() {
        lines.push(format!("require {} {}", require.text_at(&["Path"]).unwrap(), version(require)));
    }
    for replace in json.get("Replace").map(crate::tree::Node::items).unwrap_or_default() {
        let (old, new) = (replace.get("Old").unwrap(), replace.get("New").unwrap());
        let (old, new_path) = (old.text_at(&["Path"]).unwrap(), new.text_at(&["Path"]).unwrap());
        lines.push(match new.get("Version") {
            Some(_) => format!("replace => {new_path} {}", version(new)),
            None => format!("replace {old} => {new_path}"),
        });
    }
    Some(Ok(lines))
}

/// The same lines, as they are read here.
fn lines_of(manifest: &Manifest) -> Vec<String> {
    let mut lines = vec![format!("module {}", manifest.name.as_ref().map_or("-", Site::text))];
    let (overrides, required): (Vec<_>, Vec<_>) =
        manifest.dependencies.iter().partition(|dependency| dependency.kind == DependencyKind::Override);
    let constraint =
        |dependency: &Dependency| dependency.constraint.as_ref().map_or("-", Site::text).to_owned();
    for dependency in required {
        lines.push(format!("require {} {}", dependency.name, constraint(dependency)));
    }
    for dependency in overrides {
        lines.push(match &dependency.source {
            Source::Path(directory) => format!("replace {} => {directory}", dependency.name),
            _ => format!("replace => {} {}", dependency.name, constraint(dependency)),
        });
    }
    lines
}

/// Texts of which Go takes some and refuses others: what it takes is read here, and reads the same.
#[test]
fn go_reads_the_same() {
    for source in [
        FULL.to_owned(),
        FULL.replace('\n', "\r\n"),
        FULL.trim_end().to_owned(),
        "module a.example/m//comment\nrequire a.example/x v1.0.0//c\n".to_owned(),
        "module(\na.example/m\n)\n".to_owned(),
        "module \"a.example/m\"\nrequire ( // c\n\n\"a.example/x\" v1.0.0\n\n) // d\n".to_owned(),
        "module a.example/m\nrequire a.example/x v1.0.0 // indirect; why\n".to_owned(),
        "module a.example/m\nreplace a.example/x=>./y\n".to_owned(),
        "module a.example/m\nreplace a.example/x =>./y\n".to_owned(),
        "module a.example/m\nreplace a.example/x => \"./with space\"\n".to_owned(),
        "module a.example/m\n\trequire\ta.example/x\tv1.0.0\t\n".to_owned(),
        "module a.example/m\nrequire (\na.example/x v1.0.0 )\n".to_owned(),
        "module 'a.example/m'\n".to_owned(),
        "module a.example/m /* x */\n".to_owned(),
        "module a.example/m\nmodule a.example/n\n".to_owned(),
        "module a.example/m\nrequire a.example/x\n".to_owned(),
        "module a.example/m\nrequire a.example/x v1.0.0 v2.0.0\n".to_owned(),
        "module a.example/m\nrequire (\na.example/x v1.0.0\n".to_owned(),
        "module a.example/m\nrequire (\na.example/x v1.0.0\n) x\n".to_owned(),
        "module a.example/m\nreplace a.example/x\n".to_owned(),
        "module \"a.example/m\n\"".to_owned(),
    ] {
        let here = Manifest::read(&path(), source.as_bytes());
        match (lines_of_go(&source), here) {
            (None, _) | (Some(Err(_)), Err(_)) => {}
            (Some(Ok(go)), Ok(here)) => assert_eq!(go, lines_of(&here), "{source}"),
            (Some(go), here) => panic!("{source:?}\ngo: {go:?}\nhere: {here:?}"),
        }
    }
}

fn any_manifest() -> impl Strategy<Value = String> {
    let quote = || prop_oneof![Just(""), Just("\"")];
    let parts = (quote(), quote(), "[ \t]{1,2}", "[ \t]{0,2}", "( ?// ?[a-z'\"é;(]{0,6})?");
    let order = Just(vec![0_usize, 1, 2, 3]).prop_shuffle();
    (parts, prop_oneof![Just("\n"), Just("\r\n")], any::<[bool; 2]>(), order).prop_map(
        |((q, p, gap, space, comment), newline, [mark, end], order)| {
            let parts = [
                format!("{space}module{gap}{q}a.example/m{q}{comment}"),
                format!("require{gap}{p}a.example/s{p}{gap}{q}v1.0.0{q}{comment}"),
                format!(
                    "require{gap}({comment}{newline}{space}a.example/b{gap}{q}v0.1.0{q}{comment}{newline}{comment}{newline}{space})"
                ),
                format!("replace{gap}a.example/b{gap}=>{gap}{p}a.example/f{p}{gap}v0.2.0{comment}"),
            ];
            let mut source = order.iter().map(|&index| parts[index].clone()).collect::<Vec<_>>().join(newline);
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
    fn replacing_a_place_changes_nothing_else(source in any_manifest(), new in "v[0-9]{1,2}(\\.[0-9]{1,2}){2}(-rc\\.1)?") {
        let before = manifest(&source);
        let places = sites(&before);
        prop_assert_eq!(places.len(), 4);
        for (index, place) in places.iter().enumerate() {
            let once = splice(&source, &[place.replaced(&new).unwrap()]).unwrap();
            prop_assert_eq!(&once[..place.span.start], &source[..place.span.start]);
            prop_assert_eq!(&once[place.span.start + new.len()..], &source[place.span.end..]);
            let again = sites(&manifest(&once));
            for (other, (old, now)) in places.iter().zip(&again).enumerate() {
                prop_assert_eq!(now.text(), if other == index { new.as_str() } else { old.text() });
            }
            let twice = splice(&once, &[again[index].replaced(&new).unwrap()]).unwrap();
            prop_assert_eq!(twice, once);
        }
    }

    #[test]
    fn no_value_escapes_its_place(source in any_manifest(), new in "\\PC{1,8}|[0-9a\"'`\\\\{}()\\[\\],#;=>/* ]{1,6}") {
        for (index, place) in sites(&manifest(&source)).iter().enumerate() {
            if let Ok(edit) = place.replaced(&new) {
                let edited = splice(&source, &[edit]).unwrap();
                let again = sites(&manifest(&edited));
                prop_assert_eq!(again[index].text(), &new);
            }
        }
    }

    #[test]
    fn no_text_panics(source in "(module|require|replace|=>|[(),\"`\\[ \n\r]|//|/|v1\\.0|a\\.b|é|\\\\){0,20}") {
        if let Ok(manifest) = Manifest::read(&path(), source.as_bytes()) {
            for site in sites(&manifest) {
                prop_assert!(source.get(site.span()).is_some());
            }
        }
    }
}
