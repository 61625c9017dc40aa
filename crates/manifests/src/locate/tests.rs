use proptest::prelude::*;

use super::*;
use crate::{EditError, Unfit, replace};

fn auto(path: &str) -> VersionFile {
    VersionFile::auto(path.parse().unwrap())
}

/// The version is found on a line, can be replaced, and nothing else changes.
#[track_caller]
fn check_file(file: &VersionFile, source: &str, text: &str, line: u32) {
    let found = locate(file, source.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((found.text(), found.line()), (text, line));
    let edited = replace(source.as_bytes(), &found, "9.8.7rc6").unwrap();
    let expected = format!("{}9.8.7rc6{}", &source[..found.span().start], &source[found.span().end..]);
    assert_eq!(String::from_utf8(edited).unwrap(), expected);
}

#[track_caller]
fn check(path: &str, source: &str, text: &str, line: u32) {
    check_file(&auto(path), source, text, line);
}

#[track_caller]
fn check_pattern(pattern: &str, source: &str, text: &str, line: u32) {
    let file = VersionFile::with_pattern("notes.txt".parse().unwrap(), pattern.parse().unwrap());
    check_file(&file, source, text, line);
}

#[track_caller]
fn check_refused(path: &str, source: &str, message: &str) {
    assert_eq!(locate(&auto(path), source.as_bytes()).unwrap_err().to_string(), message);
}

/// Only that the text is refused as malformed, for texts whose message is a parser's.
#[track_caller]
fn check_malformed(path: &str, source: &str) {
    let error = locate(&auto(path), source.as_bytes()).unwrap_err();
    assert!(matches!(error.problem(), Problem::Malformed { .. }), "{error}");
}

#[track_caller]
fn check_elsewhere(path: &str, source: &str, line: u32, expected: Elsewhere) {
    let error = locate(&auto(path), source.as_bytes()).unwrap_err();
    assert_eq!(error.problem(), &Problem::Elsewhere(expected));
    assert_eq!(error.line(), Some(line));
}

#[track_caller]
fn check_unfit(path: &str, source: &str, value: &str, expected: Unfit) {
    let found = locate(&auto(path), source.as_bytes()).unwrap();
    match replace(source.as_bytes(), &found, value) {
        Err(EditError::Unfit { reason, .. }) => assert_eq!(reason, expected),
        other => panic!("{other:?}"),
    }
}

fn attribute(name: &str) -> Elsewhere {
    Elsewhere::Attribute { name: name.to_owned() }
}

fn tags(tool: &str) -> Elsewhere {
    Elsewhere::VersionControl { tool: tool.to_owned() }
}

fn other_file(path: &str) -> Elsewhere {
    Elsewhere::File { path: path.to_owned() }
}

#[test]
fn pyproject() {
    let check = |source, line| check("pyproject.toml", source, "0.4.0", line);
    check("[project]\nname = \"x\"\nversion = \"0.4.0\"  # here\n", 3);
    check("[project]\r\nversion='0.4.0'\r\n", 2);
    check("\u{feff}[project]\r\n\tversion\t=\t\"0.4.0\"", 2);
    check("project.version = \"0.4.0\"", 1);
    check("project = { name = \"x\", version = \"0.4.0\" }\n", 1);
    check("[tool.poetry]\nversion = \"0.4.0\"\n", 2);
    check("[project]\nname = \"x\"\ndynamic = [\"version\"]\n[tool.poetry]\nversion = \"0.4.0\"\n", 5);
    check("[project]\nversion = \"0.4.0\"\n[tool.poetry]\nversion = \"0.1.0\"\n", 2);
    check("[tool.other]\nversion = \"1\"\n[project]\n\"version\" = \"0.4\\u002E0\"\n", 4);
}

#[test]
fn pyproject_refusals() {
    let path = "pyproject.toml";
    check_refused(path, "", "pyproject.toml: there is no `version` in `[project]` or `[tool.poetry]`");
    check_refused(path, "[project]\nversion = 1\n", "pyproject.toml:2: the version must be a text in quotes");
    check_refused(
        path,
        "[project]\nversion = \"\"\"1.0\"\"\"\n",
        "pyproject.toml:2: the version is spelled in a way that is not edited (a text on several lines): write it on \
         one line, in plain quotes",
    );
    check_malformed(path, "[project\n");
    check_malformed(path, "[project]\nversion = \"1\"\nversion = \"2\"\n");
    check_malformed(path, &format!("x = {}", "[".repeat(100_000)));
    check_malformed(path, &format!("x = {}", "{a=".repeat(100_000)));
    check_malformed(path, &format!("{} = 1", vec!["a"; 100_000].join(".")));
    check_malformed(path, &format!("[{}]", vec!["a"; 100_000].join(".")));
}

#[test]
fn pyproject_says_where_a_dynamic_version_is() {
    let check = |rest: &str, expected| {
        let source = format!("[project]\nname = \"a-b\"\ndynamic = [\"readme\", \"version\"]\n{rest}");
        check_elsewhere("pyproject.toml", &source, 3, expected);
    };
    check("", Elsewhere::BuildBackend);
    check(
        "[tool.setuptools.dynamic]\nversion = {attr = \"pkg.__version__\"}\n",
        attribute("pkg.__version__"),
    );
    check("[tool.setuptools.dynamic]\nversion = {file = \"VERSION\"}\n", other_file("VERSION"));
    check("[tool.setuptools.dynamic]\nversion = {file = [\"V\", \"W\"]}\n", other_file("V"));
    check("[tool.setuptools_scm]\nwrite_to = \"x\"\n", tags("setuptools_scm"));
    check(
        "[build-system]\nrequires = [\"setuptools>=64\", \"Setuptools_SCM[toml]>=8\"]\n",
        tags("setuptools-scm"),
    );
    check("[tool.hatch.version]\nsource = \"vcs\"\n", tags("hatch-vcs"));
    check("[tool.hatch.version]\npath = \"src/a/__about__.py\"\n", other_file("src/a/__about__.py"));
    check("[tool.pdm.version]\nsource = \"file\"\npath = \"a.py\"\n", other_file("a.py"));
    check("[tool.pdm.version]\nsource = \"scm\"\n", tags("pdm"));
    check("[build-system]\nbuild-backend = \"flit_core.buildapi\"\n", attribute("a_b.__version__"));
    check_elsewhere(
        "pyproject.toml",
        "[tool.poetry]\nversion = \"0.0.0\"\n[tool.poetry-dynamic-versioning]\nenable = true\n",
        2,
        tags("poetry-dynamic-versioning"),
    );
}

#[test]
fn cargo_toml() {
    let path = "crates/x/Cargo.toml";
    check(path, "[package]\nname = \"x\"\nversion = \"1.2.3\"\n", "1.2.3", 3);
    check(
        "Cargo.toml",
        "[package]\nversion.workspace = true\n[workspace.package]\nversion = '1.2.3'",
        "1.2.3",
        4,
    );
    check_elsewhere(path, "[package]\nversion.workspace = true\n", 2, Elsewhere::Workspace);
    check_elsewhere(
        path,
        "[package]\nname = \"x\"\nversion = { workspace = true }\n",
        3,
        Elsewhere::Workspace,
    );
    check_refused(
        "Cargo.toml",
        "[workspace]\n",
        "Cargo.toml: there is no `version` in `[workspace.package]` or `[package]`",
    );
    check_refused(
        "Cargo.toml",
        "[package]\nversion = true",
        "Cargo.toml:2: the version must be a text in quotes",
    );
}

#[test]
fn setup_cfg() {
    let check = |source, line| check("setup.cfg", source, "0.4.0", line);
    check("[metadata]\nname = x\nversion = 0.4.0\n", 3);
    check("[metadata]\r\nVersion:0.4.0\r\n[options]\r\nversion = 2\r\n", 2);
    check("\u{feff}[metadata]\nversion=0.4.0", 2);
    check("# version = 1\n[other]\nversion = 1\n\n[metadata]\n; version = 2\nversion\t= \"0.4.0\"  \n", 7);
    check("[metadata]\rversion = '0.4.0'\r", 2);
    check("[metadata]\ndescription = a\n  version = 7\nversion = 0.4.0\n", 4);
    check("[metadata]\nlong =\n\n    version = 7\n\n  [x]\nversion = 0.4.0\n", 7);
}

#[test]
fn setup_cfg_refusals() {
    let path = "setup.cfg";
    // Fast-LLM's setup.cfg after the field had moved: documentation still named it.
    let gone = "[metadata]\nname = fast-llm\n\n[options]\ninstall_requires =\n    version = 3\n";
    check_refused(path, gone, "setup.cfg: there is no `version` in `[metadata]`");
    check_elsewhere(path, "[metadata]\nversion = attr: a.b.__version__\n", 2, attribute("a.b.__version__"));
    check_elsewhere(path, "[metadata]\nversion = file: VERSION, X\n", 2, other_file("VERSION"));
    check_refused(
        path,
        "[metadata]\nversion = 1\nversion = 2\n",
        "setup.cfg:2: the version stands there more than once, on lines 2, 3",
    );
    check_refused(path, "[metadata]\nversion =\n", "setup.cfg:2: the version must be a text in quotes");
    let spelling = |what: &str| {
        format!(
            "setup.cfg:2: the version is spelled in a way that is not edited ({what}): write it on one line, in plain \
             quotes"
        )
    };
    check_refused(path, "[metadata]\nversion =\n  1.0\n", &spelling("a value on several lines"));
    check_refused(path, "[metadata]\nversion = \"1.0\n", &spelling("a quote that does not close"));
    check_refused(path, "[metadata]\nversion = \"1\" + \"0\"\n", &spelling("several quoted texts"));
    check_refused(path, "[metadata\n", "setup.cfg:1: a section header has no `]`");
}

#[test]
fn python() {
    let check = |source, line| check("demo/__init__.py", source, "0.4.0", line);
    check("__version__ = \"0.4.0\"\n", 1);
    check("\u{feff}import x\r\n__version__='0.4.0'  # comment\r\n", 2);
    check("__version__: str = \"0.4.0\"", 1);
    check("__version__: typing.Final[str] = u'0.4.0'; x = 1\n", 1);
    check("\"\"\"Docs.\n\n__version__ = \"1\"\n\"\"\"\n# __version__ = \"2\"\n__version__ = \"0.4.0\"\n", 6);
    check("x = 'it\\'s' # '\n__version__ \\\n = \\\n \"0.4.0\"\n", 4);
    check("if True:\n    __version__ = \"0.4.0\"\nprint(__version__ == \"1\")\n", 2);
    check(
        "f(__version__=\"1\")\n__version__ = \"0.4.0\"\nassert __version__ == \"1\"\n__version__ != \"2\"\n",
        2,
    );
    check("__version__: str\n__version__ = r\"0.4.0\"\nmy__version__ = \"2\"\nx.y = 1\n", 2);
    check("__version__ = '0.4.0'\nself.__version__ = '1'\nx . __version__ = y\n", 1);
    check("é = 1.0e5\nx = f'''{1}''' + b\"\\\"\"\n__version__ = '0.4.0'\n", 3);
}

#[test]
fn python_refusals() {
    let path = "demo/_version.py";
    let computed = "demo/_version.py:1: the version is computed here: list the file that states it instead";
    for source in [
        "__version__ = version(\"demo\")\n",
        "__version__ = version = '1.0'\n",
        "version = __version__ = '1.0'\n",
        "__version__ = '.'.join(x)\n",
        "__version__ = \"1\" \"0\"\n",
        "__version__ = (\"1.0\")\n",
        "__version__ = \"1.%d\" % 0\n",
        "__version__ += \"1\"\n",
        "__version__ = \n",
        "__version__ = VERSION\n",
    ] {
        check_refused(path, source, computed);
    }
    let none = "demo/_version.py: there is no `__version__ = \"...\"`";
    for source in [
        "",
        "version = \"1\"\n",
        "# __version__ = \"1\"\n",
        "x = '''\n__version__ = '1'\n'''\n",
        "__version__\n",
    ] {
        check_refused(path, source, none);
    }
    check_refused(
        path,
        "__version__ = \"1\"\ntry: pass\nexcept E:\n  __version__ = \"2\"\n",
        "demo/_version.py:1: the version stands there more than once, on lines 1, 4",
    );
    check_refused(path, "x = 1\ny = \"\n", "demo/_version.py:2: a string is not closed");
    for source in ["__version__ = f\"1\"\n", "__version__ = '''1'''\n", "__version__ = \"1\\x2e0\"\n"] {
        let error = locate(&auto(path), source.as_bytes()).unwrap_err();
        assert!(matches!(error.problem(), Problem::Spelling { .. }), "{error}");
    }
    check_refused(path, &format!("x = {}", "(".repeat(1_000_000)), none);
    check_refused(path, "x = 1 \\", none);
}

#[test]
fn package_json() {
    let check = |source, line| check("ui/package.json", source, "1.2.3", line);
    check("{\n  \"name\": \"x\",\n  \"version\": \"1.2.3\"\n}\n", 3);
    check("\u{feff}{\"a\":[1,-2.5e+3,{\"version\":\"9\"},[]],\"version\":\"1.2.3\",\"b\":{},\"c\":null}", 1);
    check(
        "{\r\n\t\"x\" : { \"version\" : \"9\", \"y\": [true, false] } ,\r\n\t\"version\" : \"1.2.3\"\r\n}",
        3,
    );
    check("{\"v\\u0065rsion\": \"1.2\\u002e3\", \"s\": \"\\ud83d\\ude00\\\"\\n\"}", 1);
}

#[test]
fn package_json_refusals() {
    let path = "package.json";
    check_refused(path, "{}", "package.json: there is no `\"version\"` at the top level");
    check_refused(
        path,
        "{\"x\": {\"version\": \"1\"}}",
        "package.json: there is no `\"version\"` at the top level",
    );
    check_refused(path, "{\n\"version\": 1}", "package.json:2: the version must be a text in quotes");
    check_refused(
        path,
        "{\"version\": \"1\",\n\"version\": \"2\"}",
        "package.json:1: the version stands there more than once, on lines 1, 2",
    );
    for source in [
        "",
        "[]",
        "{",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\":[1,]}",
        "{\"a\":01}",
        "{\"a\":1.}",
        "{\"a\":-}",
        "{\"a\":1e}",
        "{\"a\":tru}",
        "{a:1}",
        "{'a':1}",
        "{} x",
        "{\"a\":1 \"b\":2}",
        "{\"a\":[1}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12\"}",
        "{\"a\":\"\\u+123\"}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"",
        "// x\n{}",
        "{\"a\":\"\\ué\"}",
    ] {
        check_malformed(path, source);
    }
    check_malformed(path, &format!("{{\"a\":{}", "[".repeat(1_000_000)));
    check_malformed(path, &format!("{{\"a\":{}", "{\"a\":".repeat(1_000_000)));
    let nested = format!("{{\"a\":{}1{},\"version\":\"1\"}}", "[".repeat(500), "]".repeat(500));
    assert_eq!(locate(&auto(path), nested.as_bytes()).unwrap().text(), "1");
}

#[test]
fn patterns() {
    check_pattern("release = \"{version}\"", "x = 1\r\nrelease = \"0.4.0\"\r\n", "0.4.0", 2);
    check_pattern("{version}", "0.4.0", "0.4.0", 1);
    check_pattern("appVersion: v{version}", "version: 1\nappVersion: v0.4.0-rc.1\n", "0.4.0-rc.1", 2);
    let file = VersionFile::with_pattern("x".parse().unwrap(), "v{version}".parse().unwrap());
    let message = |source: &str| locate(&file, source.as_bytes()).unwrap_err().to_string();
    assert_eq!(message("version"), "x: there is no text like `v{version}`");
    assert_eq!(message("v1\n\nv1"), "x:1: the version stands there more than once, on lines 1, 3");
}

#[test]
fn what_is_not_text_is_refused() {
    let error = locate(&auto("a.py"), b"x\n__version__ = \"\xff\"").unwrap_err();
    assert_eq!((error.problem(), error.line()), (&Problem::NotUtf8, Some(2)));
    let large = vec![b' '; MAX_FILE_BYTES + 1];
    let error = locate(&auto("a.py"), &large).unwrap_err();
    assert_eq!(error.to_string(), "a.py: the file is larger than the 8388608 bytes that are read");
    let error = locate(&auto("VERSION"), b"1.0").unwrap_err();
    assert_eq!(error.problem(), &Problem::UnknownFormat);
}

#[test]
fn values_that_a_place_cannot_hold_are_refused() {
    let python = "__version__ = '1'\n";
    check_unfit("a.py", python, "", Unfit::Empty);
    check_unfit("a.py", python, &"1".repeat(257), Unfit::TooLong);
    for value in ["1 0", "1\n0", "1\r", "\t1", "1\u{0}", "1\u{a0}", "1\u{2028}"] {
        check_unfit("a.py", python, value, Unfit::White);
    }
    check_unfit("a.py", python, "1'", Unfit::Quote { quote: '\'' });
    check_unfit("a.py", python, "1\\", Unfit::Backslash);
    check_unfit("pyproject.toml", "[project]\nversion = '1'\n", "1'", Unfit::Quote { quote: '\'' });
    check_unfit("setup.cfg", "[metadata]\nversion = \"1\"\n", "1\"", Unfit::Quote { quote: '"' });
    check_unfit("setup.cfg", "[metadata]\nversion = 1\n", "\"1\"", Unfit::ReadsDifferently);
    check_unfit("setup.cfg", "[metadata]\nversion = 1\n", "attr:x", Unfit::ReadsDifferently);
    let file = VersionFile::with_pattern("x".parse().unwrap(), "v{version}.".parse().unwrap());
    let found = locate(&file, b"v1.").unwrap();
    for value in ["x", "1-", "1/2", "1\""] {
        assert!(matches!(replace(b"v1.", &found, value), Err(EditError::Unfit { .. })), "{value}");
    }
}

#[test]
fn escapes_are_written_where_the_format_has_them() {
    for (path, source) in
        [("package.json", "{\"version\": \"1\"}"), ("pyproject.toml", "[project]\nversion = \"1\"\n")]
    {
        let found = locate(&auto(path), source.as_bytes()).unwrap();
        let edited = replace(source.as_bytes(), &found, "a\"b\\c").unwrap();
        assert_eq!(locate(&auto(path), &edited).unwrap().text(), "a\"b\\c");
    }
}

#[test]
fn other_bytes_than_those_that_were_read_are_refused() {
    let file = auto("a.py");
    let found = locate(&file, b"__version__ = '1.0'\n").unwrap();
    for other in [&b"__version__ = '1.1'\n"[..], b"\n__version__ = '1.0'\n"] {
        assert_eq!(replace(other, &found, "2"), Err(EditError::Stale { path: file.path.clone() }));
    }
    assert!(matches!(replace(b"", &found, "2"), Err(EditError::Locate(_))));
}

/// One file of every format around a version; the parts around it vary in what editors like to normalise.
fn any_file() -> impl Strategy<Value = (VersionFile, String, String)> {
    let version = "[0-9]{1,2}(\\.[0-9]{1,2}){0,3}((a|b|rc|\\.dev|-dev)[0-9])?";
    let newline = prop_oneof![Just("\n"), Just("\r\n")];
    let quote = prop_oneof![Just("\""), Just("'")];
    let space = "[ \t]{0,3}";
    let comment = "(# [a-z'\" =é]{0,10})?";
    (0..6_usize, version, newline, quote, space, comment, any::<[bool; 2]>()).prop_map(
        |(format, version, newline, quote, space, comment, [mark, end])| {
            let (path, lines) = match format {
                0 => (
                    "pyproject.toml",
                    vec![
                        format!("[project]{space}{comment}"),
                        format!("version{space}={space}{quote}{version}{quote}{space}{comment}"),
                        "b.z = 1".to_owned(),
                        "a = [ # x".to_owned(),
                        "]".to_owned(),
                    ],
                ),
                1 => (
                    "Cargo.toml",
                    vec![
                        "[workspace.package]".to_owned(),
                        comment.clone(),
                        format!("{space}version={quote}{version}{quote}{comment}"),
                    ],
                ),
                2 => (
                    "setup.cfg",
                    vec![
                        comment.clone(),
                        "[metadata]".to_owned(),
                        format!("version{space}={space}{version}{space}"),
                        "x =".to_owned(),
                        "  version = 1".to_owned(),
                    ],
                ),
                3 => (
                    "a/__init__.py",
                    vec![
                        comment.clone(),
                        "\"\"\"__version__ = '1'\"\"\"".to_owned(),
                        format!("__version__{space}={space}{quote}{version}{quote}{space}{comment}"),
                    ],
                ),
                4 => (
                    "package.json",
                    vec![
                        format!("{{{space}\"x\":{space}[1,{{\"version\":\"1\"}}],"),
                        format!("\"version\"{space}:{space}\"{version}\"{space}}}"),
                    ],
                ),
                _ => ("docs/conf.py", vec![comment, format!("release{space}= {quote}{version}{quote}")]),
            };
            let mut source = lines.join(newline);
            if mark {
                source.insert(0, '\u{feff}');
            }
            if end {
                source.push_str(newline);
            }
            let path = path.parse().unwrap();
            let file = if format == 5 {
                let pattern = format!("release{space}= {quote}{{version}}{quote}");
                VersionFile::with_pattern(path, pattern.parse().unwrap())
            } else {
                VersionFile::auto(path)
            };
            (file, source, version)
        },
    )
}

proptest! {
    #[test]
    fn writing_the_same_version_changes_nothing((file, source, version) in any_file()) {
        let found = locate(&file, source.as_bytes()).unwrap();
        prop_assert_eq!(found.text(), &version);
        prop_assert_eq!(replace(source.as_bytes(), &found, &version).unwrap(), source.as_bytes());
    }

    #[test]
    fn an_edit_changes_only_its_span_and_reads_back(
        (file, source, _) in any_file(), new in "[0-9]{1,3}(\\.[0-9]{1,3}){0,3}((a|rc|\\.post|-dev)[0-9]{1,2})?",
    ) {
        let found = locate(&file, source.as_bytes()).unwrap();
        let once = replace(source.as_bytes(), &found, &new).unwrap();
        let span = found.span();
        prop_assert_eq!(&once[..span.start], &source.as_bytes()[..span.start]);
        prop_assert!(once.ends_with(&source.as_bytes()[span.end..]));
        prop_assert_eq!(once.len(), source.len() - span.len() + new.len());
        let again = locate(&file, &once).unwrap();
        prop_assert_eq!(again.text(), &new);
        prop_assert_eq!(again.line(), found.line());
        prop_assert_eq!(replace(&once, &again, &new).unwrap(), once);
    }

    #[test]
    fn no_value_escapes_its_place((file, source, _) in any_file(), new in "\\PC{0,12}|[0-9a\"'\\\\{},#;=]{1,6}") {
        let found = locate(&file, source.as_bytes()).unwrap();
        if let Ok(edited) = replace(source.as_bytes(), &found, &new) {
            let again = locate(&file, &edited).unwrap();
            prop_assert_eq!(again.text(), &new);
            prop_assert!(edited.starts_with(&source.as_bytes()[..found.span().start]));
            prop_assert!(edited.ends_with(&source.as_bytes()[found.span().end..]));
        }
    }

    #[test]
    fn no_bytes_panic(
        format in 0..6_usize,
        bytes in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..64),
            "[\\[\\]{}\"'=:,.#;\\\\\r\n a-z_0-9-]{0,60}".prop_map(String::into_bytes),
            "(\\[project\\]|\\[metadata\\]|version|__version__|[:= \"'\r\n]|1\\.0|\\[package\\]|workspace|true|\\{|\\}|,|\\\\u00){0,14}"
                .prop_map(String::into_bytes),
        ],
    ) {
        let file = match format {
            0 => auto("pyproject.toml"),
            1 => auto("Cargo.toml"),
            2 => auto("setup.cfg"),
            3 => auto("a.py"),
            4 => auto("package.json"),
            _ => VersionFile::with_pattern("x".parse().unwrap(), "={version}\"".parse().unwrap()),
        };
        if let Ok(found) = locate(&file, &bytes) {
            prop_assert!(std::str::from_utf8(&bytes[found.span()]).is_ok());
            prop_assert!(usize::try_from(found.line()).unwrap() <= bytes.len() + 1);
        }
    }
}
