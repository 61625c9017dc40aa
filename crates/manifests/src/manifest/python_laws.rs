//! Laws of pyproject.toml and setup.cfg, over generated files: a value that is replaced reads back, and nothing else in
//! the file changes, neither its bytes nor what it says.

use proptest::prelude::*;
use tminus_versioning::constraint::pep508::Requirement;

use crate::locate::Failure;
use crate::lock::Locked;
use crate::{Manifest, Notation, Site, Version, splice};

/// What a manifest says, without places.
fn facts(manifest: &Manifest) -> Vec<String> {
    let text = |site: &Site| site.text().to_owned();
    let mut facts = vec![
        format!("name {:?}", manifest.name.as_ref().map(text)),
        match &manifest.version {
            Version::Here(site) => format!("version {}", site.text()),
            Version::Elsewhere { source, fallback } => {
                format!("version from {source:?} {:?}", fallback.as_ref().map(text))
            }
            Version::Absent => "no version".to_owned(),
        },
        format!("{} {:?}", manifest.private, manifest.workspace),
    ];
    for found in &manifest.dependencies {
        let constraint = found.constraint.as_ref().map(text);
        facts.push(format!(
            "{} {:?} {constraint:?} {:?} {:?}",
            found.name, found.kind, found.notation, found.source
        ));
    }
    facts
}

/// Every place of a manifest, with another value that it can hold.
fn places(manifest: &Manifest) -> Vec<(Site, String)> {
    let mut places: Vec<(Site, String)> = Vec::new();
    places.extend(manifest.name.iter().map(|site| (site.clone(), "renamed.pkg".to_owned())));
    match &manifest.version {
        Version::Here(site) | Version::Elsewhere { fallback: Some(site), .. } => {
            places.push((site.clone(), "7.1rc1".to_owned()));
        }
        _ => {}
    }
    for found in &manifest.dependencies {
        let Some(site) = &found.constraint else { continue };
        let new = match found.notation {
            Notation::Requirement => {
                let requirement: Requirement = site.text().parse().unwrap();
                requirement.with_specifiers(">=7.1, <8").unwrap().as_str().to_owned()
            }
            Notation::Range(_) => "^7.1 || ^8".to_owned(),
        };
        places.push((site.clone(), new));
    }
    places
}

fn read(path: &str, source: &str) -> Manifest {
    let path = path.parse().unwrap();
    Manifest::read(&path, source.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{source}"))
}

fn check_laws(path: &str, source: &str, at_least: usize) {
    let manifest = read(path, source);
    let places_found = places(&manifest);
    assert!(places_found.len() >= at_least, "{} places in\n{source}", places_found.len());
    for (index, (site, new)) in places_found.iter().enumerate() {
        let edit = site.replaced(new).unwrap();
        let edited = splice(source, std::slice::from_ref(&edit)).unwrap();
        let span = site.span();
        assert!(edited.starts_with(&source[..span.start]) && edited.ends_with(&source[span.end..]));
        assert_eq!(edited.len(), source.len() - span.len() + edit.new.len());

        let again = read(path, &edited);
        let (before, after) = (facts(&manifest), facts(&again));
        assert_eq!(before.len(), after.len());
        let changed = before.iter().zip(&after).filter(|(before, after)| before != after).count();
        assert_eq!(changed, usize::from(site.text() != new), "{new} in\n{edited}");
        let place = &places(&again)[index].0;
        assert_eq!(place.text(), new);
        let twice = splice(&edited, &[place.replaced(new).unwrap()]).unwrap();
        assert_eq!(twice, edited);
    }
}

/// A requirement without quotes, so that it fits both kinds of quotes.
fn requirement() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["one", "Two.Pkg", "three_x", "four-4"]);
    let extras = prop::sample::select(vec!["", "[a]", "[ a, B_c ]"]);
    let specifiers = prop::sample::select(vec!["", ">=1,<2", " ~= 1.0", " (==1.*)", "!=1.0 , >0"]);
    let marker = prop::sample::select(vec!["", " ; python_version > QQ3.9QQ"]);
    (name, extras, specifiers, marker).prop_map(|(name, extras, specifiers, marker)| {
        // A specifier stands behind extras with or without white space; `(` needs none.
        format!("{name}{extras}{specifiers}{marker}")
    })
}

fn quoted() -> impl Strategy<Value = String> {
    (requirement(), any::<bool>()).prop_map(|(text, single)| {
        let (outer, inner) = if single { ('\'', "\"") } else { ('"', "'") };
        format!("{outer}{}{outer}", text.replace("QQ", inner))
    })
}

fn blank() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", " ", "\t", "  ", "\n", "\n\t", " # a 'comment', \"here\"]\n  "])
}

/// A list with white space and comments around its members.
fn list() -> impl Strategy<Value = String> {
    let member =
        (blank(), quoted(), blank()).prop_map(|(before, text, after)| format!("{before}{text}{after}"));
    (prop::collection::vec(member, 1..4), any::<bool>(), blank()).prop_map(|(members, comma, after)| {
        format!("[{}{}{after}]", members.join(","), if comma { "," } else { "" })
    })
}

fn version_line() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "version = \"1.0\"",
        "version='1.0'  # \"2.0\"",
        "\"version\"\t= \"1\\u002e0\"",
        "dynamic = ['version']",
    ])
    .prop_map(str::to_owned)
}

fn constraint() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "\"^1.2\"",
        "'>=1,<2' # c",
        "{ version = \"~1.0\", path = '../x', develop = true }",
        "[{version='^1'}, {version = \"^2 || ^3\", python = '>=3.12'}]",
    ])
}

fn pyproject() -> impl Strategy<Value = String> {
    let project = (version_line(), list(), list(), list()).prop_map(|(version, normal, first, second)| {
        vec![
            "name = 'Demo.Pkg'".to_owned(),
            version,
            format!("dependencies = {normal}"),
            format!("optional-dependencies = {{ 'a-b' = {first}, c={second} }}"),
        ]
    });
    let project = project.prop_shuffle().prop_map(|lines| format!("[project]\n{}\n", lines.join("\n")));
    let tables = (project, list(), list(), list(), constraint(), constraint()).prop_map(
        |(project, build, group, dev, one, two)| {
            vec![
                project,
                format!("[ build-system ]  # first\nrequires = {build}\n"),
                format!("[dependency-groups]\nx = [{{include-group='y'}}]\ny = {group}\n"),
                format!("[tool.uv]\ndev-dependencies = {dev}\nsources.one = {{ workspace = true }}\n"),
                format!("[tool.poetry.dependencies]\npython = '^3'\nfive = {one}\n"),
                format!("[tool.poetry.group.docs.dependencies]\n\"six\" = {two}\n"),
                "[tool.setuptools_scm]\nfallback_version = \"0.0.1\"\n".to_owned(),
            ]
        },
    );
    (tables.prop_shuffle(), file_style()).prop_map(|(tables, style)| style.apply(&tables.concat()))
}

#[derive(Debug, Clone, Copy)]
struct Style {
    carriage_returns: bool,
    mark: bool,
    last_newline: bool,
}

impl Style {
    fn apply(self, text: &str) -> String {
        let text = if self.last_newline { text } else { text.trim_end() };
        let text = if self.carriage_returns { text.replace('\n', "\r\n") } else { text.to_owned() };
        if self.mark { format!("\u{feff}{text}") } else { text }
    }
}

fn file_style() -> impl Strategy<Value = Style> {
    any::<(bool, bool, bool)>().prop_map(|(carriage_returns, mark, last_newline)| Style {
        carriage_returns,
        mark,
        last_newline,
    })
}

/// The value of a list in setup.cfg.
fn lines() -> impl Strategy<Value = String> {
    let indent = prop::sample::select(vec!["  ", "\t", "\n    ", "# c\n  ", "  ; c\n\t", " \n "]);
    let comment = prop::sample::select(vec!["", "  # c", " #c", " "]);
    let line = (indent, requirement(), comment).prop_map(|(indent, text, comment)| {
        let text = text.replace("QQ", "'");
        // What stands before the text may end the line of the comment, never the value.
        format!("\n{indent}{text}{comment}")
    });
    prop::collection::vec(line, 1..4).prop_map(|lines| lines.concat())
}

fn setup_cfg() -> impl Strategy<Value = String> {
    let delimiter = || prop::sample::select(vec!["=", " = ", ":", "\t=  "]);
    let metadata = (delimiter(), delimiter()).prop_map(|(one, two)| {
        vec![
            format!("name{one}Demo_Pkg "),
            format!("Version{two}1.0\t"),
            "description = a\n  version = 2".to_owned(),
        ]
    });
    let metadata = metadata
        .prop_shuffle()
        .prop_map(|lines| format!("[metadata]\n# version = 3\n{}\n", lines.join("\n")));
    let sections = (metadata, lines(), lines(), lines()).prop_map(|(metadata, normal, build, extra)| {
        vec![
            metadata,
            format!("[options]\nzip_safe = no\ninstall_requires ={normal}\nsetup_requires:{build}\n"),
            format!("\n[options.extras_require]\nall = one; two>=1 ;\nC_d ={extra}\n"),
            "[flake8]\nignore =\n  E1\nstray line\n".to_owned(),
        ]
    });
    (sections.prop_shuffle(), file_style()).prop_map(|(sections, style)| style.apply(&sections.concat()))
}

type Read = fn(&str) -> Result<Vec<Locked>, Failure>;

/// What a lock file lists, without places.
fn listed(locked: &[Locked]) -> Vec<(String, Option<String>, Option<String>)> {
    let version = |locked: &Locked| locked.version.as_ref().map(|site| site.text().to_owned());
    locked.iter().map(|locked| (locked.id.to_string(), version(locked), locked.directory.clone())).collect()
}

fn check_lock_laws(read: Read, source: &str) {
    let packages = read(source).unwrap();
    for (index, package) in packages.iter().enumerate() {
        let Some(site) = &package.version else { continue };
        let edited = splice(source, &[site.replaced("7.1rc1").unwrap()]).unwrap();
        let again = read(&edited).unwrap();
        let mut expected = listed(&packages);
        expected[index].1 = Some("7.1rc1".to_owned());
        assert_eq!(listed(&again), expected);
        let span = site.span();
        assert!(edited.starts_with(&source[..span.start]) && edited.ends_with(&source[span.end..]));
        let place = again[index].version.as_ref().unwrap();
        assert_eq!(splice(&edited, &[place.replaced("7.1rc1").unwrap()]).unwrap(), edited);
    }
}

#[test]
fn lock_files_change_only_where_they_are_replaced() {
    let files: [(Read, &str); 2] = [
        (crate::lock::uv::read, include_str!("../lock/uv/fixture.lock")),
        (crate::lock::poetry::read, include_str!("../lock/poetry/fixture.lock")),
    ];
    for (read, source) in files {
        assert!(!read(source).unwrap().is_empty());
        for number in 0..8 {
            let style = Style {
                carriage_returns: number & 1 > 0,
                mark: number & 2 > 0,
                last_newline: number & 4 > 0,
            };
            check_lock_laws(read, &style.apply(source));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_pyproject_changes_only_where_it_is_replaced(source in pyproject()) {
        check_laws("pyproject.toml", &source, 10);
    }

    #[test]
    fn a_setup_cfg_changes_only_where_it_is_replaced(source in setup_cfg()) {
        check_laws("setup.cfg", &source, 7);
    }

    #[test]
    fn no_text_makes_the_readers_panic(source in "(\\[(project|metadata|options|tool\\.poetry\\.dependencies)\\]|name|version|dependencies|install_requires|[=:\\[\\]{}\"',#;% \t\r\n]|[a-z0-9.<>]){0,40}") {
        for path in ["pyproject.toml", "setup.cfg"] {
            let _read = Manifest::read(&path.parse().unwrap(), source.as_bytes());
        }
        let _uv = crate::lock::uv::read(&source);
        let _poetry = crate::lock::poetry::read(&source);
    }
}
