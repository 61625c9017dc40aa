//! The diff is the value and nothing beside it, in every format and whatever the file looks like.

use std::path::PathBuf;

use super::bed::{Room, assert_same};

/// A file before and after: the mark is where the version 1.2.3 becomes 1.3.0.
#[track_caller]
fn check(files: &[(&str, &str)]) {
    check_to(files, "1.2.3", "1.3.0");
}

/// Every file with the mark replaced by the old version, and by the new one after the bump.
#[track_caller]
fn check_to(files: &[(&str, &str)], old: &str, new: &str) {
    for style in STYLES {
        let styled = |version: &str| -> Vec<(&str, String)> {
            let text = |path: &str, text: &str| match path {
                "tminus.toml" => text.to_owned(),
                _ => style(&text.replace("@@", version)),
            };
            files.iter().map(|(path, file)| (*path, text(path, file))).collect()
        };
        let before = styled(old);
        let room = Room::with(&before.iter().map(|(path, text)| (*path, text.as_str())).collect::<Vec<_>>());
        let after = styled(new);
        let after: Vec<_> = after.iter().map(|(path, text)| (*path, text.as_str())).collect();
        room.check(&["bump", new, "demo"], &after);
        // Once more changes nothing.
        room.check(&["bump", new, "demo"], &[]);
        // And back again gives the first bytes.
        let before: Vec<_> = before.iter().map(|(path, text)| (*path, text.as_str())).collect();
        room.check(&["bump", old, "demo", "--allow-lower"], &before);
    }
}

/// Ways in which one text comes: as it is, with other line ends, with a byte order mark, without a last newline.
const STYLES: [fn(&str) -> String; 5] = [
    str::to_owned,
    |text| text.replace('\n', "\r\n"),
    |text| format!("\u{feff}{text}"),
    |text| text.trim_end_matches('\n').to_owned(),
    |text| format!("\u{feff}{}", text.replace('\n', "\r\n").trim_end_matches("\r\n")),
];

#[test]
fn pyproject() {
    check(&[(
        "pyproject.toml",
        "# top\n\n[ project ]\n\tname='demo'   # name\n  version = '@@' # \"1.2.3\" stays, and 'ünï'\n\ndependencies=[ # 1.2.3\n\t'requests >= 1.2.3',   # why\n\n  \"x\",]\n[tool.other]\nversion = \"1.2.3\"\n",
    )]);
    check(&[("pyproject.toml", "project.name = \"demo\"\nproject.version = \"@@\"\n")]);
    check(&[("pyproject.toml", "project = { name = \"demo\", version = '@@', dependencies = [] }\n")]);
    check(&[(
        "pyproject.toml",
        "[tool.poetry]\nname = \"demo\"\nversion    =     \"@@\"\n\n[tool.poetry.dependencies]\nx = \"1.2.3\"\n",
    )]);
}

#[test]
fn package_json() {
    check(&[(
        "package.json",
        "{\n\t\"version\"  :\"@@\" ,\n\t\"name\": \"demo\",\n\n\t\"x\": { \"version\": \"1.2.3\" },\n    \"scripts\": {\"v\": \"echo 1.2.3 \\u00e9 \\/\"}}\n",
    )]);
    check(&[("package.json", "{\"name\":\"demo\",\"version\":\"@@\"}\n")]);
}

#[test]
fn cargo_toml() {
    check(&[(
        "Cargo.toml",
        "[dependencies]\nserde = \"1.2.3\" # pinned\n\n[package]\nname = 'demo'\n\nversion\t=\t'@@'\t# one\nmetadata.x = { version = \"1.2.3\" }\n",
    )]);
    check(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"demo\"]\npackage.version = \"@@\"\n"),
        ("demo/Cargo.toml", "package = { name = \"demo\", version.workspace = true }\n"),
    ]);
}

#[test]
fn setup_cfg() {
    check(&[(
        "setup.cfg",
        "; top\n[metadata]\nname = demo\n# version = 0.0\nversion : @@  \ndescription = 1.2.3\n\n[bumpversion]\nversion = 1.2.3\n",
    )]);
}

/// Places that tminus.toml lists beside the manifest.
#[test]
fn listed_places() {
    let toml = "[[package]]\nname = \"demo\"\nversion = [\n  \"pyproject.toml\",\n  \"src/demo/__init__.py\",\n  { file = \"docs/conf.py\", pattern = 'release = \"{version}\"' },\n  { file = \"Dockerfile\", pattern = 'ARG VERSION={version}' },\n  { file = \"Chart.yaml\", pattern = 'appVersion: \"{version}\"' },\n  { file = \"values.yaml\", pattern = 'tag: {version}' },\n]\n";
    check(&[
        ("tminus.toml", toml),
        ("pyproject.toml", "[project]\nname = \"demo\"\nversion = \"@@\"\n"),
        (
            "src/demo/__init__.py",
            "\"\"\"Demo, since 1.2.3.\"\"\"\n\n__version__: str = '@@' # keep\nOTHER = \"1.2.3\"\n",
        ),
        ("docs/conf.py", "project = 'demo'\nrelease = \"@@\"  # 1.2.3\nlanguage = 'en'\n"),
        ("Dockerfile", "FROM base:1.2.3\nARG VERSION=@@\nRUN echo 1.2.3\n"),
        ("Chart.yaml", "apiVersion: v2\nname: other\nversion: 1.2.3\nappVersion: \"@@\" # app\n"),
        ("values.yaml", "image:\n  repository: demo\n  tag: @@\nother: 1.2.3\n"),
    ]);
}

/// Constraints on the package, each in its own style.
#[test]
fn constraints() {
    check(&[
        ("a/pyproject.toml", "[project]\nname = \"demo\"\nversion = \"@@\"\n"),
        (
            "b/pyproject.toml",
            "[project]\nname = \"b\"\nversion = \"9\"\ndependencies = [\n  # demo==1.2.3\n  'Demo == @@ ; python_version >= \"3.9\"', \"demo-x==1.2.3\",\n]\n\n[project.optional-dependencies]\nall = [ \"demo[extra , other]>=@@\" ]   # extras\n\n[dependency-groups]\ntest = [\n\t\"demo>=@@, <2.0\"\n]\n",
        ),
        (
            "c/setup.cfg",
            "[metadata]\nname = c\nversion = 3\n\n[options]\ninstall_requires =\n    requests==1.2.3\n    # not the broken one\n    demo>=@@,!=1.2.9\n\n[options.extras_require]\nx = demo==@@\n",
        ),
        (
            "d/pyproject.toml",
            "[tool.poetry]\nname = \"d\"\nversion = \"4\"\n\n[tool.poetry.dependencies]\npython = \"^3.9\"\ndemo = { version = \"^@@\", extras = [\"x\"] }\n",
        ),
    ]);
    check(&[
        ("a/package.json", "{ \"name\": \"demo\", \"version\": \"@@\" }\n"),
        (
            "b/package.json",
            "{\n  \"name\": \"b\",\n  \"version\": \"9.0.0\",\n  \"dependencies\": {\"demo\": \"^@@\", \"demo2\": \"^1.2.3\"},\n  \"peerDependencies\":{ \"demo2\" :\">=1.2.3 <2\" },\n  \"devDependencies\": { \"demo\": \"~@@\" },\n  \"optionalDependencies\": { \"demo\": \"workspace:^@@\" },\n  \"overrides\": { \"demo\": \"@@\" }\n}\n",
        ),
    ]);
    check(&[
        ("a/Cargo.toml", "[package]\nname = \"demo\"\nversion = \"@@\"\n"),
        (
            "b/Cargo.toml",
            "[package]\nname = \"b\"\nversion = \"9.0.0\"\n\n[dependencies]\ndemo = { path = '../a', version = '@@' } # path\nother = \"1.2.3\"\n\n[dev-dependencies.renamed]\npackage = \"demo\"\npath = \"../a\"\nversion = \"=@@\"\n\n[target.'cfg(unix)'.build-dependencies]\ndemo.path = \"../a\"\ndemo.version = \"~@@\"\n",
        ),
    ]);
}

/// Applying the diff of a dry run gives what the real run writes.
#[test]
fn the_diff_of_a_dry_run_is_what_is_written() {
    let files = [
        ("core/pyproject.toml", "[project]\nname = \"demo\"\nversion = \"1.2.3\"\n"),
        (
            "app/pyproject.toml",
            "[project]\nname = \"app\"\nversion = \"1.0\"\ndependencies = [\n  'demo>=1.2.3,<1.3',\n]",
        ),
        ("ui/package.json", "{ \"name\": \"demo\", \"version\": \"1.2.3\" }"),
        ("lib/Cargo.toml", "\n\n\n\n[package]\nname = \"demo\"\nversion = \"1.2.3\"\n\n\n\n\n[features]\n"),
        (
            "with space/setup.cfg",
            "[metadata]\nname = spaced\nversion = 1.0\n\n[options]\ninstall_requires =\n  demo==1.2.3\n",
        ),
        (
            "ünï/setup.cfg",
            "[metadata]\nname = uni\nversion = 1.0\n\n[options]\ninstall_requires =\n  demo==1.2.3\n",
        ),
    ];
    for args in [
        &["bump", "1.3.0", "pypi:demo", "npm:demo", "cargo:demo"][..],
        &["bump", "major", "--all"],
        &["pin", "pypi:demo@1.9"],
    ] {
        let (real, applied) = (Room::with(&files), Room::with(&files));
        let dry = applied.run(&[args, &["--dry-run"]].concat());
        dry.exits(0);
        let document = applied.run(&[args, &["--dry-run", "--json"]].concat()).json();
        assert_same(&real.picture(), &applied.picture(), &dry);
        let said = real.run(args);
        said.exits(0);
        assert_ne!(real.picture(), applied.picture(), "{said}");
        applied.apply(&dry.out);
        assert_same(&real.picture(), &applied.picture(), &dry);
        let again = Room::with(&files);
        again.apply(document["diff"].as_str().unwrap());
        assert_same(&real.picture(), &again.picture(), &dry);
    }
}

/// A tab is no control character that would have to be hidden: the diff could not be applied.
#[test]
fn the_diff_of_a_file_with_tabs() {
    let text = |version: &str| format!("{{\n\t\"name\": \"demo\",\n\t\"version\": \"{version}\"\n}}\n");
    let room = Room::with(&[("package.json", &text("1.2.3"))]);
    let dry = room.run(&["bump", "1.3.0", "demo", "--dry-run"]);
    room.apply(&dry.out);
    assert_eq!(room.read("package.json"), text("1.3.0"));
}

/// Permissions are no part of a version.
#[test]
fn permissions_stay() {
    use std::fs::{Permissions, metadata, set_permissions};
    use std::os::unix::fs::PermissionsExt as _;
    let room = Room::with(&[("pyproject.toml", "[project]\nname = \"demo\"\nversion = \"1.2.3\"\n")]);
    let path: PathBuf = room.work.join("pyproject.toml");
    for mode in [0o640, 0o755, 0o600] {
        set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        room.run(&["bump", "patch", "demo"]).exits(0);
        assert_eq!(metadata(&path).unwrap().permissions().mode() & 0o7777, mode);
    }
}

/// A listed place that is a link to a file of the tree: the link stays a link, and the file is written.
#[test]
fn a_link_stays_a_link() {
    let room = Room::with(&[
        ("pyproject.toml", "[project]\nname = \"demo\"\nversion = \"1.2.3\"\n"),
        (
            "tminus.toml",
            "[[package]]\nname = \"demo\"\nversion = [\"pyproject.toml\", \"demo/version.py\"]\n",
        ),
        ("shared/version.py", "__version__ = '1.2.3'\n"),
        ("demo/README", "x\n"),
    ]);
    std::os::unix::fs::symlink("../shared/version.py", room.work.join("demo/version.py")).unwrap();
    room.check(
        &["bump", "1.3.0", "demo"],
        &[
            ("pyproject.toml", "[project]\nname = \"demo\"\nversion = \"1.3.0\"\n"),
            ("shared/version.py", "__version__ = '1.3.0'\n"),
        ],
    );
    assert!(room.work.join("demo/version.py").is_symlink());
}

/// What a package asks of its host follows when the host's new version would be refused.
#[test]
fn peers() {
    let text = |peer: &str| {
        format!(
            "{{\n  \"name\": \"plugin\",\n  \"version\": \"1.0.0\",\n  \"peerDependencies\": {{ \"host\": \"{peer}\" }}\n}}\n"
        )
    };
    let host = |version: &str| format!("{{ \"name\": \"host\", \"version\": \"{version}\" }}\n");
    let room = Room::with(&[("host/package.json", &host("1.2.3")), ("plugin/package.json", &text("^1.2.3"))]);
    room.check(
        &["bump", "2.0.0", "host"],
        &[("host/package.json", &host("2.0.0")), ("plugin/package.json", &text("^2.0.0"))],
    );
}
