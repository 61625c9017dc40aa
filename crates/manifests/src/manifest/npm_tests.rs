use proptest::prelude::*;

use super::*;
use crate::splice;
use crate::tree::json_text::{Json, Style};

fn read_as(name: &str, source: &str) -> Result<Manifest, LocateError> {
    Manifest::read(&name.parse().unwrap(), source.as_bytes())
}

fn package(source: &str) -> Manifest {
    read_as("packages/x/package.json", source).unwrap_or_else(|error| panic!("{error}"))
}

fn workspace(source: &str) -> Manifest {
    read_as("pnpm-workspace.yaml", source).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn check_refused(name: &str, source: &str, message: &str) {
    assert_eq!(read_as(name, source).unwrap_err().to_string(), message);
}

/// A dependency in one line: list, name, range and source.
fn line(dependency: &Dependency) -> String {
    let range = dependency.constraint.as_ref().map_or("(none)", Site::text);
    format!("{:?} {} {range} {:?}", dependency.kind, dependency.name, dependency.source)
}

fn lines(manifest: &Manifest) -> Vec<String> {
    manifest.dependencies.iter().map(line).collect()
}

#[test]
fn a_package() {
    let source = r#"{"private": true, "version": "1.0\u002e0", "name": "@scope/demo",
        "devDependencies": {"b": "~2"}, "dependencies": {"a": "^1"}, "peerDependencies": {"c": ">=1 <3"},
        "optionalDependencies": {"d": ""}, "bundleDependencies": ["a"], "other": {"dependencies": {"e": "1"}}}"#;
    let manifest = package(source);
    assert_eq!(manifest.name.as_ref().unwrap().text(), "@scope/demo");
    let Version::Here(version) = &manifest.version else { panic!("{:?}", manifest.version) };
    assert_eq!((version.text(), &source[version.span()]), ("1.0.0", "1.0\\u002e0"));
    assert!(manifest.private && manifest.workspace.is_none());
    assert_eq!(manifest.id().unwrap().to_string(), "npm:@scope/demo");
    assert_eq!(manifest.directory(), Some("packages/x"));
    assert_eq!(
        lines(&manifest),
        ["Dev b ~2 Registry", "Normal a ^1 Registry", "Peer c >=1 <3 Registry", "Optional(\"\") d  Registry"]
    );
    assert!(source[manifest.dependencies[0].offset..].starts_with("\"b\""));
}

#[test]
fn a_package_may_say_little() {
    for source in
        ["{}", "\u{feff}{}\r\n", r#"{"private": 0, "dependencies": null, "workspaces": {"nohoist": []}}"#]
    {
        assert_eq!(
            package(source),
            Manifest::empty("packages/x/package.json".parse().unwrap(), ManifestKind::PackageJson)
        );
    }
}

#[test]
fn privacy_is_asked_as_javascript_does() {
    for (value, is_private) in [
        ("true", true),
        ("\"false\"", true),
        ("1", true),
        ("[]", true),
        ("{}", true),
        ("false", false),
        ("null", false),
        ("\"\"", false),
        ("0", false),
        ("-0.0", false),
        ("0e5", false),
    ] {
        assert_eq!(package(&format!("{{\"private\": {value}}}")).private, is_private, "{value}");
    }
}

#[test]
fn what_takes_the_place_of_a_range() {
    let path = |path: &str| Source::Path(path.to_owned());
    let other = |text: &str| Source::Other(text.to_owned());
    for (text, name, source) in [
        ("^1.2.3", "key", Source::Registry),
        (" >=1 <2 || 3.x ", "key", Source::Registry),
        ("*", "key", Source::Registry),
        ("", "key", Source::Registry),
        ("workspace:^", "key", Source::Workspace),
        ("workspace:~", "key", Source::Workspace),
        ("workspace:*", "key", Source::Workspace),
        ("workspace:^1.2.3", "key", Source::Workspace),
        ("workspace:../x", "key", Source::Workspace),
        ("workspace:real@^1", "real", Source::Workspace),
        ("workspace:@s/real@*", "@s/real", Source::Workspace),
        ("npm:real@^1", "real", Source::Registry),
        ("npm:@s/real@1.x", "@s/real", Source::Registry),
        ("npm:@s/real", "@s/real", Source::Registry),
        ("npm:real", "real", Source::Registry),
        ("npm:^1.2.3", "key", Source::Registry),
        ("npm:real@latest", "real", other("npm:real@latest")),
        ("catalog:", "key", Source::Inherited),
        ("catalog:old", "key", Source::Inherited),
        ("file:../x", "key", path("../x")),
        ("file:x.tgz", "key", path("x.tgz")),
        ("link:../x", "key", path("../x")),
        ("portal:../x", "key", path("../x")),
        ("../x", "key", path("../x")),
        ("./x", "key", path("./x")),
        ("/x", "key", other("/x")),
        ("file:/x", "key", other("file:/x")),
        ("~/x", "key", other("~/x")),
        ("latest", "key", other("latest")),
        ("user/repo#v1", "key", other("user/repo#v1")),
        (
            "git+ssh://git@host.example/x.git#semver:^1",
            "key",
            other("git+ssh://git@host.example/x.git#semver:^1"),
        ),
        ("https://host.example/x.tgz", "key", other("https://host.example/x.tgz")),
        ("jsr:@s/real@^1", "key", other("jsr:@s/real@^1")),
        ("patch:x@npm%3A1.0.0#./x.patch", "key", other("patch:x@npm%3A1.0.0#./x.patch")),
        ("not a range", "key", other("not a range")),
    ] {
        let manifest = package(&format!("{{\"dependencies\": {{\"key\": \"{text}\"}}}}"));
        let found = &manifest.dependencies[0];
        assert_eq!((found.name.as_str(), &found.source), (name, &source), "{text}");
        assert_eq!(found.constraint.as_ref().unwrap().text(), text);
        assert_eq!(found.notation, Notation::Range(tminus_versioning::constraint::Ecosystem::Npm));
    }
}

#[test]
fn overrides() {
    let manifest = package(
        r#"{
        "overrides": {"a": "1", "b@^2": {".": "2", "c": {"@s/d@>=1": "3"}}, "@s/e": "$e", "f": "npm:g@4"},
        "resolutions": {"h": "5", "**/i": "6", "j/**/@s/k@npm:^7": "7", "@s/l/m": "8", "@s/n": "9", "o@file:a/b": "10"},
        "pnpm": {"overrides": {"p": "11", "q@1>r@>=1 >2": "12", "@s/t>@s/u": "-", "v@>1": "catalog:"}, "other": 1}
    }"#,
    );
    let expected = [
        "a 1 Registry",
        "b 2 Registry",
        "@s/d 3 Registry",
        "@s/e (none) Inherited",
        "g npm:g@4 Registry",
        "h 5 Registry",
        "i 6 Registry",
        "@s/k 7 Registry",
        "m 8 Registry",
        "@s/n 9 Registry",
        "o 10 Registry",
        "p 11 Registry",
        "r 12 Registry",
        "@s/u (none) Other(\"-\")",
        "v catalog: Inherited",
    ];
    assert_eq!(lines(&manifest), expected.map(|text| format!("Override {text}")));
}

#[test]
fn members() {
    let check = |value: &str, include: &[&str]| {
        let found = package(&format!("{{\"workspaces\": {value}}}")).workspace.unwrap();
        assert_eq!(found.tool, WorkspaceTool::Npm);
        assert_eq!(
            (found.include, found.exclude),
            (include.iter().map(ToString::to_string).collect(), vec![])
        );
    };
    check(
        r#"["packages/*", "./tools/", "!packages/old", "!!x", "!./y/**"]"#,
        &["packages/*", "tools", "!packages/old", "x", "!y/**"],
    );
    check(r#"{"packages": ["a"], "nohoist": ["b"]}"#, &["a"]);
    check(r#"[".", "./"]"#, &[]);
    check("[]", &[]);
}

#[test]
fn a_pnpm_workspace() {
    let manifest = workspace(
        "packages:\r\n  - 'packages/*' # all\r\n  - \"!packages/old\"\r\n  - .\r\ncatalog:\r\n  a: ^1.0.0\r\n  \"@s/b\": '2'\r\n\
         catalogs:\r\n  old: {c: 'npm:d@~3'}\r\n  empty:\r\noverrides:\r\n  e>f: 4.0.0\r\n  g: $a\r\n",
    );
    let members = manifest.workspace.as_ref().unwrap();
    assert_eq!(
        (members.tool, &members.include[..], &members.exclude[..]),
        (WorkspaceTool::Pnpm, &["packages/*".to_owned(), "!packages/old".to_owned()][..], &[][..])
    );
    let expected = [
        "Workspace a ^1.0.0 Registry",
        "Workspace @s/b 2 Registry",
        "Workspace d npm:d@~3 Registry",
        "Override f 4.0.0 Registry",
        "Override g (none) Inherited",
    ];
    assert_eq!(lines(&manifest), expected);
    assert_eq!((manifest.name.as_ref(), &manifest.version), (None, &Version::Absent));

    for source in ["", "# nothing\n", "packages:\n", "nodeLinker: hoisted\ncatalog:\n"] {
        assert_eq!(workspace(source).workspace, None);
    }
}

#[test]
fn refusals() {
    let check = |source: &str, message: &str| check_refused("package.json", source, message);
    check("[]", "package.json:1: not JSON: an object was expected");
    check("{\n\"name\": 1}", "package.json:2: the name must be a text in quotes");
    check("{\n\"version\": 1}", "package.json:2: the version must be a text in quotes");
    check(
        "{\"version\": \"1\",\n\n\"ver\\u0073ion\": \"2\"}",
        "package.json:1: the version stands there more than once, on lines 1, 3",
    );
    check(
        "{\"name\": \"a\",\n\"name\": \"a\"}",
        "package.json:2: `name` stands there more than once, on lines 1 and 2: keep the one that counts",
    );
    check(
        "{\"dependencies\": {\"a\": \"1\"},\n\"dependencies\": {}}",
        "package.json:2: `dependencies` stands there more than once, on lines 1 and 2: keep the one that counts",
    );
    check(
        "{\"dependencies\": {\"a\": \"1\",\n\"\\u0061\": \"1\"}}",
        "package.json:2: `a` stands there more than once, on lines 1 and 2: keep the one that counts",
    );
    check(
        "{\"overrides\": {\"b\": {\"a\": \"1\",\n\"a\": \"1\"}}}",
        "package.json:2: `a` stands there more than once, on lines 1 and 2: keep the one that counts",
    );
    check("{\"dependencies\": []}", "package.json:1: `dependencies` must map names to ranges");
    check("{\"devDependencies\": {\"a\": {}}}", "package.json:1: the range of `a` must be a text in quotes");
    check("{\"overrides\": {\"a\": 1}}", "package.json:1: the range of `a` must be a text in quotes");
    check(
        "{\"workspaces\": \"a\"}",
        "package.json:1: `workspaces` must be a list of directories, each a text in quotes",
    );
    check(
        "{\"workspaces\": [\n1]}",
        "package.json:2: `workspaces` must be a list of directories, each a text in quotes",
    );

    let check = |source: &str, message: &str| check_refused("pnpm-workspace.yaml", source, message);
    check("- a\n", "pnpm-workspace.yaml:1: the file must map settings to values");
    check(
        "packages: a\n",
        "pnpm-workspace.yaml:1: `packages` must be a list of directories, each a text in quotes",
    );
    check("catalog:\n  a: [1]\n", "pnpm-workspace.yaml:2: the range of `a` must be a text in quotes");
    check("catalogs:\n  a: 1\n", "pnpm-workspace.yaml:2: `catalogs` must map names to ranges");
    assert!(read_as("pnpm-workspace.yaml", "catalog:\n  a: '1'\n  a: '2'\n").is_err());
}

/// Every place of a manifest, with what it is.
fn sites(manifest: &Manifest) -> Vec<(String, &Site)> {
    let name = manifest.name.iter().map(|site| ("name".to_owned(), site));
    let version = match &manifest.version {
        Version::Here(site) => Some(("version".to_owned(), site)),
        _ => None,
    };
    let ranges = manifest.dependencies.iter().filter_map(|dependency| {
        Some((
            format!("{:?} {} {:?}", dependency.kind, dependency.name, dependency.source),
            dependency.constraint.as_ref()?,
        ))
    });
    name.chain(version).chain(ranges).collect()
}

/// A place is replaced: no other byte changes, it reads back, and everything else says what it said.
fn check_replaced(name: &str, source: &str, picked: usize, new: &str) {
    let manifest = read_as(name, source).unwrap_or_else(|error| panic!("{error}: {source}"));
    let all = sites(&manifest);
    let Some((what, site)) = all.get(picked % all.len().max(1)) else { return };
    let edit = site.replaced(new).unwrap();
    let edited = splice(source, std::slice::from_ref(&edit)).unwrap();
    assert_eq!(&edited[..site.span().start], &source[..site.span().start]);
    assert_eq!(&edited[site.span().start + edit.new.len()..], &source[site.span().end..]);

    let again = read_as(name, &edited).unwrap_or_else(|error| panic!("{error}: {edited}"));
    let read = sites(&again);
    assert_eq!(read.len(), all.len());
    for ((old_what, old), (new_what, found)) in all.iter().zip(&read) {
        if old == site {
            assert_eq!(found.text(), new, "{what} in {edited}");
        } else {
            assert_eq!((old_what, old.text()), (new_what, found.text()));
        }
    }
    assert_eq!((again.private, &again.workspace), (manifest.private, &manifest.workspace));
    assert_eq!(again.dependencies.len(), manifest.dependencies.len());
    let twice = read[picked % all.len()].1.replaced(new).unwrap();
    assert_eq!(splice(&edited, &[twice]).unwrap(), edited);
}

const NAME: &str = "(@[a-z]{1,4}/)?[a-z][a-z0-9._-]{0,6}";

fn range() -> impl Strategy<Value = String> {
    let place = prop_oneof![
        Just("^1.2.3"),
        Just(">=1 <2 || ~3.4"),
        Just("*"),
        Just("workspace:^"),
        Just("workspace:~1.0.0"),
        Just("npm:other@1.x"),
        Just("catalog:"),
        Just("file:../x"),
        Just("latest"),
        Just("user/repo"),
        Just("https://host.example/é#\"x\\")
    ];
    prop_oneof![3 => place.prop_map(str::to_owned), 1 => "\\^[0-9]\\.[0-9]{1,3}\\.[0-9](-rc\\.[0-9])?"]
}

fn ranges() -> impl Strategy<Value = Vec<(String, String)>> {
    prop::collection::btree_map(NAME, range(), 0..5)
        .prop_map(|map| map.into_iter().collect::<Vec<_>>())
        .prop_shuffle()
}

fn package_json() -> impl Strategy<Value = Json> {
    let lists = prop::collection::vec(ranges(), 6);
    let settings = (any::<bool>(), any::<bool>(), NAME, "[0-9]\\.[0-9]\\.[0-9](-[a-z]{1,3})?");
    (lists, settings).prop_flat_map(|(lists, (private, is_root, name, version))| {
        let mut lists = lists.into_iter();
        let mut next = || lists.next().unwrap_or_default();
        let mut entries = vec![
            ("name".to_owned(), Json::Text(name)),
            ("version".to_owned(), Json::Text(version)),
            ("private".to_owned(), Json::Word(private.to_string())),
            (
                "scripts".to_owned(),
                Json::texts(&[("version".to_owned(), "echo \"version\": \\1".to_owned())]),
            ),
            (
                "overrides".to_owned(),
                Json::map(&[
                    ("outer@1", Json::texts(&next())),
                    ("inner", Json::map(&[(".", Json::text("1"))])),
                ]),
            ),
            ("pnpm".to_owned(), Json::map(&[("overrides", Json::texts(&next()))])),
        ];
        for list in ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"] {
            entries.push((list.to_owned(), Json::texts(&next())));
        }
        if is_root {
            entries.push((
                "workspaces".to_owned(),
                Json::List(vec![Json::text("packages/*"), Json::text("!x")]),
            ));
        }
        Just(entries).prop_shuffle().prop_map(Json::Map)
    })
}

/// A scalar of YAML in a style that can hold it.
fn scalar(text: &str, style: usize) -> String {
    match style % 3 {
        0 if text.starts_with(|first: char| first.is_ascii_alphanumeric())
            && !text.contains([':', '#', '"']) =>
        {
            text.to_owned()
        }
        1 => format!("'{}'", text.replace('\'', "''")),
        _ => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('-', "\\x2d")),
    }
}

fn pnpm_workspace(lists: &[Vec<(String, String)>], line: &str, indent: &str, style: usize) -> String {
    let mut text = format!("packages:{line}{indent}- 'packages/*'{line}# kept{line}");
    for (head, depth, list) in
        [("catalog", 1, &lists[0]), ("catalogs", 2, &lists[1]), ("overrides", 1, &lists[2])]
    {
        if list.is_empty() {
            continue;
        }
        text.push_str(&format!("{head}:{line}"));
        if depth == 2 {
            text.push_str(&format!("{indent}old: # kept{line}"));
        }
        for (index, (name, range)) in list.iter().enumerate() {
            let (key, value) = (scalar(name, style + index), scalar(range, style / 3 + index));
            text.push_str(&format!("{}{key}:  {value}  # {index}{line}", indent.repeat(depth)));
        }
    }
    text
}

proptest! {
    #[test]
    fn one_place_of_a_package_is_replaced_alone(
        value in package_json(),
        style in Style::any(),
        picked in any::<usize>(),
        new in prop_oneof![Just("9.8.7".to_owned()), Just("^9.8.7-rc.1 || \"x\\".to_owned()), range()],
    ) {
        check_replaced("package.json", &style.spell(&value), picked, &new);
    }

    #[test]
    fn one_place_of_a_pnpm_workspace_is_replaced_alone(
        lists in prop::collection::vec(ranges(), 3),
        (line, end) in prop_oneof![Just(("\n", "\n")), Just(("\r\n", "\r\n")), Just(("\n", ""))],
        (mark, indent) in prop_oneof![Just(("", "  ")), Just(("\u{feff}", " ")), Just(("", "    "))],
        (style, picked) in (0_usize..9, any::<usize>()),
        new in prop_oneof![Just("9.8.7".to_owned()), Just(">=9 <10".to_owned()), range()],
    ) {
        let text = pnpm_workspace(&lists, line, indent, style);
        let source = format!("{mark}{}{end}", text.trim_end());
        check_replaced("pnpm-workspace.yaml", &source, picked, &new);
    }
}
