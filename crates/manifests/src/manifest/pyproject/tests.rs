use tminus_versioning::constraint::Ecosystem;

use crate::{Dependency, DependencyKind, Elsewhere, Manifest, Notation, Source, Version, WorkspaceTool};

fn read(source: &str) -> Manifest {
    let path = "packages/demo/pyproject.toml".parse().unwrap();
    Manifest::read(&path, source.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn check_refused(source: &str, message: &str) {
    let path = "pyproject.toml".parse().unwrap();
    assert_eq!(Manifest::read(&path, source.as_bytes()).unwrap_err().to_string(), message);
}

type Row<'t> = (&'t str, DependencyKind, Option<&'t str>, Source);

/// The dependencies, each of whose places spells its text.
#[track_caller]
fn check(source: &str, expected: &[Row<'_>]) {
    let manifest = read(source);
    let found: Vec<Row<'_>> = manifest
        .dependencies
        .iter()
        .map(|dependency| {
            let constraint = dependency.constraint.as_ref();
            if let Some(site) = constraint {
                assert_eq!(source.get(site.span()), Some(site.text()));
            }
            (
                dependency.name.as_str(),
                dependency.kind.clone(),
                constraint.map(crate::Site::text),
                dependency.source.clone(),
            )
        })
        .collect();
    assert_eq!(found, expected);
    assert!(manifest.dependencies.is_sorted_by_key(|dependency| dependency.offset));
}

fn optional(name: &str) -> DependencyKind {
    DependencyKind::Optional(name.to_owned())
}

fn group(name: &str) -> DependencyKind {
    DependencyKind::Group(name.to_owned())
}

fn path(path: &str) -> Source {
    Source::Path(path.to_owned())
}

#[test]
fn the_project_table() {
    let manifest = read("[project]\nname = \"Demo.Pkg\"\nversion = '1.0'\n");
    assert_eq!(manifest.id().unwrap().to_string(), "pypi:demo-pkg");
    assert!(matches!(&manifest.version, Version::Here(site) if site.text() == "1.0"));
    assert_eq!((manifest.private, manifest.directory()), (false, Some("packages/demo")));

    let empty = read("[tool.other]\nx = 1\n");
    assert_eq!((empty.name, empty.version, empty.dependencies), (None, Version::Absent, Vec::new()));
}

#[test]
fn every_list_of_requirements() {
    use DependencyKind::{Build, Dev, Normal, Override};
    let source = r#"
[build-system]
requires = ["hatchling>=1", 'hatch-vcs']
[project]
name = "demo"
dependencies = [
  "one >=1,<2 ; python_version > '3.9'",  # "not-this>=1"
  'Two.Pkg[a,b]',
]
[project.optional-dependencies]
Net_X = ["three==3.*"]
all = ["demo[Net_X]"]
[dependency-groups]
test = ["four~=4.0", {include-group = "lint"}]
lint = ["five"]
[tool.uv]
dev-dependencies = ["six!=6"]
override-dependencies = ["seven==7"]
constraint-dependencies = ["eight<8"]
"#;
    let registry = || Source::Registry;
    check(
        source,
        &[
            ("hatchling", Build, Some("hatchling>=1"), registry()),
            ("hatch-vcs", Build, Some("hatch-vcs"), registry()),
            ("one", Normal, Some("one >=1,<2 ; python_version > '3.9'"), registry()),
            ("Two.Pkg", Normal, Some("Two.Pkg[a,b]"), registry()),
            ("three", optional("Net_X"), Some("three==3.*"), registry()),
            ("demo", optional("all"), Some("demo[Net_X]"), registry()),
            ("four", group("test"), Some("four~=4.0"), registry()),
            ("five", group("lint"), Some("five"), registry()),
            ("six", Dev, Some("six!=6"), registry()),
            ("seven", Override, Some("seven==7"), registry()),
            ("eight", Override, Some("eight<8"), registry()),
        ],
    );
    assert!(read(source).dependencies.iter().all(|found| found.notation == Notation::Requirement));
}

#[test]
fn sources_of_uv() {
    use DependencyKind::Normal;
    let source = r#"
[project]
dependencies = ["Core_Pkg==1", "side", "far", "indexed", "split", "direct @ https://me:secret@files.example/d.whl"]
optional-dependencies.gpu = ["torchlike", "other"]
[dependency-groups]
dev = ["torchlike"]
[tool.uv.sources]
core-pkg = { workspace = true }
Side = { path = "../side", editable = true }
far = { git = "https://token@git.example/far", tag = "v1" }
indexed = { index = "pypi.example" }
split = [{ index = "pypi.example", marker = "os_name == 'nt'" }, { workspace = true, marker = "os_name != 'nt'" }]
torchlike = { path = "../t", extra = "GPU" }
other = { workspace = false, url = "https://files.example/o.whl" }
"#;
    check(
        source,
        &[
            ("Core_Pkg", Normal, Some("Core_Pkg==1"), Source::Workspace),
            ("side", Normal, Some("side"), path("../side")),
            ("far", Normal, Some("far"), Source::Other("https://git.example/far".to_owned())),
            ("indexed", Normal, Some("indexed"), Source::Registry),
            ("split", Normal, Some("split"), Source::Workspace),
            (
                "direct",
                Normal,
                Some("direct @ https://me:secret@files.example/d.whl"),
                Source::Other("https://files.example/d.whl".to_owned()),
            ),
            ("torchlike", optional("gpu"), Some("torchlike"), path("../t")),
            (
                "other",
                optional("gpu"),
                Some("other"),
                Source::Other("https://files.example/o.whl".to_owned()),
            ),
            ("torchlike", group("dev"), Some("torchlike"), Source::Registry),
        ],
    );
}

#[test]
fn poetry() {
    use DependencyKind::{Dev, Normal};
    let source = r#"
[tool.poetry]
name = "demo"
version = "0.1.0"
[tool.poetry.dependencies]
python = "^3.11"
one = "^1.2"
Two = { version = ">=2,<3", extras = ["x"], optional = true }
here = { path = "../here", develop = true }
both = { path = "../both", version = "*" }
far = { git = "ssh://git@git.example/far", rev = "abc" }
many = [{ version = "^1", python = "<3.12" }, { version = "^2 || ^3", python = ">=3.12" }, { url = "https://files.example/m.whl" }]
indexed = { version = "1.*", source = "pypi.example" }
[tool.poetry.extras]
net = ["two"]
all = ["two", "one"]
[tool.poetry.dev-dependencies]
five = "~5.0"
[tool.poetry.group.docs]
optional = true
[tool.poetry.group.docs.dependencies]
six = "6"
"#;
    let registry = || Source::Registry;
    check(
        source,
        &[
            ("one", Normal, Some("^1.2"), registry()),
            ("Two", optional("net"), Some(">=2,<3"), registry()),
            ("here", Normal, None, path("../here")),
            ("both", Normal, Some("*"), path("../both")),
            ("far", Normal, None, Source::Other("ssh://git.example/far".to_owned())),
            ("many", Normal, Some("^1"), registry()),
            ("many", Normal, Some("^2 || ^3"), registry()),
            ("many", Normal, None, Source::Other("https://files.example/m.whl".to_owned())),
            ("indexed", Normal, Some("1.*"), registry()),
            ("five", Dev, Some("~5.0"), registry()),
            ("six", group("docs"), Some("6"), registry()),
        ],
    );
    let notation = Notation::Range(Ecosystem::Poetry);
    assert!(read(source).dependencies.iter().all(|found| found.notation == notation));
}

#[test]
fn poetry_beside_the_project_table() {
    let source = r#"
[project]
dependencies = ["demo.core>=1", "two"]
[dependency-groups]
dev = ["helper"]
[tool.poetry.group.dev.dependencies]
helper = { path = "../helper" }
[tool.poetry.dependencies]
demo-core = { path = "../core", develop = true }
two = { version = "^2", source = "pypi.example" }
"#;
    use DependencyKind::Normal;
    check(
        source,
        &[
            ("demo.core", Normal, Some("demo.core>=1"), path("../core")),
            ("two", Normal, Some("two"), Source::Registry),
            ("helper", group("dev"), Some("helper"), path("../helper")),
            ("two", Normal, Some("^2"), Source::Registry),
        ],
    );
}

#[test]
fn what_is_kept_from_the_index() {
    let private = |source: &str| read(source).private;
    assert!(private("[project]\nclassifiers = [\"Topic :: X\", \"Private :: Do Not Upload\"]\n"));
    assert!(private("[tool.poetry]\nclassifiers = [\"Private :: x\"]\n"));
    assert!(private("[tool.poetry]\npackage-mode = false\n"));
    assert!(!private("[project]\nclassifiers = [\"Privateer :: x\", \"Topic :: Private :: x\"]\n"));
    assert!(!private("[tool.poetry]\npackage-mode = true\n"));
}

#[test]
fn workspaces_of_uv() {
    let manifest = read("[tool.uv.workspace]\nmembers = ['packages/*', \"x\"]\nexclude = ['packages/old']\n");
    let members = manifest.workspace.unwrap();
    assert_eq!(members.tool, WorkspaceTool::Uv);
    assert_eq!(
        (members.include.as_slice(), members.exclude.as_slice()),
        (["packages/*".to_owned(), "x".to_owned()].as_slice(), ["packages/old".to_owned()].as_slice())
    );
    assert_eq!(read("[tool.uv.workspace]\n").workspace.unwrap().include, Vec::<String>::new());
}

#[track_caller]
fn check_dynamic(rest: &str, expected: &Elsewhere, expected_fallback: Option<&str>) {
    let source = format!("{rest}[project]\nname = \"a-b\"\ndynamic = [\"readme\", \"version\"]\n");
    let manifest = read(&source);
    let Version::Elsewhere { source: from, fallback } = &manifest.version else {
        panic!("{:?}", manifest.version)
    };
    assert_eq!(from, expected);
    assert_eq!(fallback.as_ref().map(crate::Site::text), expected_fallback);
    if let Some(site) = fallback {
        assert_eq!(source.get(site.span()), expected_fallback);
    }
}

#[test]
fn dynamic_versions_and_their_fallbacks() {
    let tags = |tool: &str| Elsewhere::VersionControl { tool: tool.to_owned() };
    let file = |path: &str| Elsewhere::File { path: path.to_owned() };
    let scm = "[tool.setuptools_scm]\nfallback_version = \"0.0.1\"\n";
    check_dynamic(scm, &tags("setuptools_scm"), Some("0.0.1"));
    let scm = "[tool.setuptools-scm]\nfallback_version = '0.0.1'\nroot = '..'\n";
    check_dynamic(scm, &tags("setuptools-scm"), Some("0.0.1"));
    check_dynamic("[tool.setuptools_scm]\n", &tags("setuptools_scm"), None);
    let hatch = "[tool.hatch.version]\nsource = \"vcs\"\n";
    check_dynamic(hatch, &tags("hatch-vcs"), None);
    check_dynamic(&format!("{hatch}fallback-version = \"2\"\n"), &tags("hatch-vcs"), Some("2"));
    let raw = format!("{hatch}raw-options = {{ fallback_version = '3' }}\n");
    check_dynamic(&raw, &tags("hatch-vcs"), Some("3"));
    // hatch-vcs takes its own key before the options of setuptools-scm, and an empty text for none.
    check_dynamic(&format!("{raw}fallback-version = \"2\"\n"), &tags("hatch-vcs"), Some("2"));
    check_dynamic(&format!("{raw}fallback-version = \"\"\n"), &tags("hatch-vcs"), Some("3"));
    check_dynamic("[tool.hatch.version]\npath = \"a.py\"\n", &file("a.py"), None);
    let versioningit = "[tool.versioningit]\ndefault-version = \"0+unknown\"\n";
    check_dynamic(versioningit, &tags("versioningit"), Some("0+unknown"));
    let pdm = "[tool.pdm.version]\nsource = \"scm\"\nfallback_version = \"0.1\"\n";
    check_dynamic(pdm, &tags("pdm"), Some("0.1"));
    check_dynamic("[tool.pdm.version]\nsource = \"file\"\npath = \"v.py\"\n", &file("v.py"), None);
    let attribute = Elsewhere::Attribute { name: "a.b".to_owned() };
    check_dynamic("[tool.setuptools.dynamic]\nversion = {attr = 'a.b'}\n", &attribute, None);
    check_dynamic("[tool.setuptools.dynamic]\nversion = {file = ['V']}\n", &file("V"), None);
    let flit = "[build-system]\nrequires = []\nbuild-backend = \"flit_core.buildapi\"\n";
    check_dynamic(flit, &Elsewhere::Attribute { name: "a_b.__version__".to_owned() }, None);
    check_dynamic("[build-system]\nrequires = [\"PBR>=6\"]\n", &tags("pbr"), None);
    check_dynamic("", &Elsewhere::BuildBackend, None);
}

#[test]
fn settings_of_a_tool_beside_setup_cfg() {
    let manifest = read("[tool.setuptools_scm]\nfallback_version = \"1.0\"\n");
    assert!(matches!(manifest.version, Version::Elsewhere { fallback: Some(_), .. }));
    assert_eq!(manifest.name, None);
    let poetry = "[tool.poetry]\nversion = \"0.0.0\"\n[tool.poetry-dynamic-versioning]\nenable = true\n";
    assert!(matches!(read(poetry).version, Version::Elsewhere { fallback: None, .. }));
}

#[test]
fn refusals() {
    check_refused(
        "[project]\ndependencies = [\n  \"ok\",\n  \"demo ^1.0\",\n]\n",
        "pyproject.toml:4: \"demo ^1.0\" is not a requirement: expected an operator such as `>=`, `@` or `;` at \
         character 6",
    );
    check_refused(
        "[project]\ndependencies = \"demo\"\n",
        "pyproject.toml:2: `dependencies` must be a list: write `[\"...\"]`",
    );
    check_refused(
        "[project]\ndependencies = [1]\n",
        "pyproject.toml:2: a requirement of `dependencies` must be a text: write it in quotes",
    );
    check_refused(
        "[project]\noptional-dependencies = []\n",
        "pyproject.toml:2: `optional-dependencies` must be a table",
    );
    check_refused(
        "[dependency-groups]\na = [\n{ path = 'x' }]\n",
        "pyproject.toml:3: group `a` holds a table that is not `{include-group = \"...\"}`",
    );
    check_refused(
        "[tool.poetry.dependencies]\ndemo = 1\n",
        "pyproject.toml:2: the constraint of `demo` must be a text: write it in quotes",
    );
    check_refused(
        "[project]\nname = 'de mo'\n",
        "pyproject.toml:2: \"de mo\" is not the name of a package: write letters, digits, `-`, `_` and `.`, a letter or \
         digit at both ends",
    );
    check_refused("[project]\nversion = 1\n", "pyproject.toml:2: the version must be a text in quotes");
    check_refused(
        "[tool.uv.workspace]\nmembers = [1]\n",
        "pyproject.toml:2: a directory of the workspace must be a text: write it in quotes",
    );
}

#[test]
fn what_is_not_edited_is_read() {
    let read = |text: &str| {
        let manifest = Manifest::read(&"pyproject.toml".parse().unwrap(), text.as_bytes()).unwrap();
        let said =
            |one: &Dependency| (one.name.clone(), one.constraint.as_ref().map(|site| site.text().to_owned()));
        manifest.dependencies.iter().map(said).collect::<Vec<_>>()
    };
    let expected = [("demo".to_owned(), None), ("other".to_owned(), Some("other>1".to_owned()))];
    assert_eq!(
        read("[project]\ndependencies = ['''\ndemo>=1 ; \npython_version > '3'''', 'other>1']\n"),
        expected
    );
    // Poetry's own manifest has parentheses.
    let range = "(>=20.4.3,<20.4.5 || >=20.4.7)";
    let text = format!("[tool.poetry.dependencies]\ndemo = \"{range}\"\n");
    assert_eq!(read(&text), [("demo".to_owned(), Some(range.to_owned()))]);
}
