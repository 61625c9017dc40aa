use crate::{Dependency, DependencyKind, Elsewhere, Manifest, Version};

fn read(source: &str) -> Result<Manifest, String> {
    Manifest::read(&"setup.cfg".parse().unwrap(), source.as_bytes()).map_err(|error| error.to_string())
}

#[track_caller]
fn check(source: &str, expected: &[(&str, DependencyKind)]) {
    let manifest = read(source).unwrap();
    let found: Vec<(&str, DependencyKind)> = manifest
        .dependencies
        .iter()
        .map(|found| {
            let site = found.constraint.as_ref().unwrap();
            assert_eq!(source.get(site.span()), Some(site.text()));
            assert_eq!(found.offset, site.span().start);
            (site.text(), found.kind.clone())
        })
        .collect();
    assert_eq!(found, expected);
}

fn optional(name: &str) -> DependencyKind {
    DependencyKind::Optional(name.to_owned())
}

#[test]
fn metadata() {
    let manifest =
        read("[metadata]\nName: Demo.Pkg\nversion = 1.0\nclassifiers =\n  Private :: x\n").unwrap();
    assert_eq!(manifest.id().unwrap().to_string(), "pypi:demo-pkg");
    assert!(matches!(manifest.version, Version::Here(site) if site.text() == "1.0"));
    assert!(manifest.private);
    let elsewhere = |source: &str| match read(source).unwrap().version {
        Version::Elsewhere { source, fallback: None } => source,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        elsewhere("[metadata]\nversion = attr: a.b\n"),
        Elsewhere::Attribute { name: "a.b".to_owned() }
    );
    assert_eq!(elsewhere("[metadata]\nversion = file: V\n"), Elsewhere::File { path: "V".to_owned() });
    let other = read("[flake8]\nmax-line-length = 99\nversion = 1\n").unwrap();
    assert_eq!((other.name, other.version, other.private), (None, Version::Absent, false));
}

#[test]
fn lists_of_requirements() {
    use DependencyKind::{Build, Normal};
    check("[options]\ninstall_requires = one; two>=2 ;\n", &[("one", Normal), ("two>=2", Normal)]);
    check(
        "[options]\r\ninstall-requires =\r\n\tone >=1,<2 ; python_version > '3'\r\n# a comment\r\n\r\n  # another\r\n\ttwo  # why\r\n  ; third\r\nsetup_requires = wheel\r\n",
        &[("one >=1,<2 ; python_version > '3'", Normal), ("two", Normal), ("wheel", Build)],
    );
    check(
        "[options]\ninstall_requires = one; python_version\n  two\n",
        &[("one; python_version", Normal), ("two", Normal)],
    );
    check(
        "[options.extras_require]\nNet_X = three\nall =\n    demo[Net_X]\n  four\n[options]\n  install_requires=\n   five",
        &[
            ("three", optional("Net_X")),
            ("demo[Net_X]", optional("all")),
            ("four", optional("all")),
            ("five", Normal),
        ],
    );
    check("[options]\ninstall_requires = file: requirements.txt\nInstall_Requires = x\n", &[]);
    check("[options]\ninstall_requires =\n", &[]);
}

#[test]
fn refusals() {
    for (source, message) in [
        (
            "[options]\ninstall_requires =\n  one\n  two ^1\n",
            "setup.cfg:4: \"two ^1\" is not a requirement: expected an operator such as `>=`, `@` or `;` at character 5",
        ),
        (
            "[options]\ninstall_requires =\n  one\n\ninstall_requires = two\n",
            "setup.cfg:5: `install_requires` stands in `[options]` twice: keep one of them",
        ),
        (
            "[options]\ninstall_requires =\none\n",
            "setup.cfg:3: the line is neither `key = value` nor indented deeper than the key before it",
        ),
        (
            "[options.extras_require]\na = one\na = two\n",
            "setup.cfg:3: `a` stands in `[options.extras_require]` twice: keep one of them",
        ),
        (
            "[options]\ninstall_requires =\n  one==%(x)s\n",
            "setup.cfg:3: `%` starts an interpolation, which is not read: write the requirement out",
        ),
        ("[metadata]\nname =\n  demo\n", "setup.cfg:2: the name stands on several lines: write it on one"),
        (
            "[metadata]\nname = \"demo\"\n",
            "setup.cfg:2: \"\\\"demo\\\"\" is not the name of a package: write letters, digits, `-`, `_` and `.`, a letter \
             or digit at both ends",
        ),
        (
            "[metadata]\nversion = 1\nversion = 2\n",
            "setup.cfg:2: the version stands there more than once, on lines 2, 3",
        ),
    ] {
        assert_eq!(read(source).unwrap_err(), message);
    }
}

#[test]
fn a_requirement_on_several_lines_is_read_and_not_edited() {
    let text = "[options.extras_require]\ntesting =\n\tpytest>=6\n\tpytest-black >= 0.3.7; \\\n\t\t# a reason\n\t\tpython_implementation \
                != \"PyPy\"\n\tlast\n";
    let manifest = Manifest::read(&"setup.cfg".parse().unwrap(), text.as_bytes()).unwrap();
    let said =
        |one: &Dependency| (one.name.clone(), one.constraint.as_ref().map(|site| site.text().to_owned()));
    let found: Vec<_> = manifest.dependencies.iter().map(said).collect();
    let some = |text: &str| Some(text.to_owned());
    let expected = [("pytest", some("pytest>=6")), ("pytest-black", None), ("last", some("last"))];
    assert_eq!(found, expected.map(|(name, constraint)| (name.to_owned(), constraint)));
}
