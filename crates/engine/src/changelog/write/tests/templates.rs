use std::fs;

use super::*;

fn settings() -> ReleaseYml {
    let text = "changelog:\n  exclude:\n    labels: [skip]\n  categories:\n    - title: Bugs\n      labels: [bug]\n    - title: News\n      labels: [feature]\n";
    ReleaseYml::parse("release.yml", text).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_builtin_template_gives_the_bytes_of_its_writer(
        document in documents(), links: bool, bodies: bool, named: bool, others: bool, categories: bool,
    ) {
        let more = if links { BTreeSet::new() } else { Section::ALL.into_iter().collect() };
        let keep = Keep { links, bodies, more, bullet: if named { '*' } else { '-' }, ..Keep::default() };
        let notes = Categories {
            settings: categories.then(settings),
            read_from: named.then(|| ("release.yml".to_owned(), "main".to_owned())),
            unmatched: if others { Unmatched::OtherChanges } else { Unmatched::LeftOut },
        };
        let list = ByPackage::default();
        for builtin in Builtin::ALL {
            let template = Template::new("own", builtin.source()).unwrap();
            let template = template.with_writers(keep.clone(), list.clone(), notes.clone());
            let expected = match builtin {
                Builtin::KeepAChangelog => keep.write(&document),
                Builtin::ByPackage => list.write(&document),
                Builtin::GitHub => notes.write(&document),
            };
            prop_assert_eq!(template.render(&document).unwrap(), expected, "{}", builtin.as_str());
        }
    }
}

#[track_caller]
fn rendered(source: &str) -> Result<String, String> {
    let template = Template::new("own.j2", source).map_err(|error| error.to_string())?;
    template.render(&examples::document()).map_err(|error| error.to_string())
}

#[test]
fn filters() {
    for (source, expected) in [
        ("{{ 'ähm x' | upper_first }}{{ '' | upper_first }}{{ 'ABC' | lower_first }}", "Ähm xaBC"),
        ("{{ 'feat: x (#12)\\n\\nmore' | trim_message }}", "feat: x"),
        ("{{ 'x (no)' | trim_message }}", "x (no)"),
        ("{{ changes[0].commits[0] | short }}", "0000000"),
        ("{{ 'a' | link('https://x.example') }}{{ 'a' | link(none) }}", "[a](https://x.example)a"),
        (
            "{{ 7 | pull_request_link }} {{ 'PROJ-1' | issue_link }}",
            "[#7](https://forge.example/demo/pull/7) PROJ-1",
        ),
        ("{{ 'aa bb cc' | wrap(5, 2) }}", "aa bb\n  cc"),
        ("{{ 'a\\nb' | indent(2) }}|{{ 'a' | indent(1, first=true) }}", "a\n  b| a"),
        ("{{ '# a' | inert }}{{ 'a\\nb' | one_line }}", "\\# aa b"),
        ("{% for g in changes | group_by('scope') %}{{ g.name }};{% endfor %}", "None;core;"),
        (
            "{% for g in changes | group_by('kind') %}{{ g.name }}{{ g.changes | length }};{% endfor %}",
            "added1;fixed1;",
        ),
        (
            "{% for g in changes | group_by('package') %}{{ g.name }}{{ g.changes | length }};{% endfor %}",
            "demo2;demo-core1;",
        ),
        ("{{ '<b>' }}", "<b>"),
        ("{% if release.version is defined %}{{ release.level }}{% endif %}", "minor"),
    ] {
        assert_eq!(rendered(source).as_deref(), Ok(expected), "{source}");
    }
}

#[test]
fn mistakes_are_told_with_their_place() {
    for (source, expected) in [
        ("a\n{{ relaese.version }}", "own.j2:2: `relaese.version` is not defined: did you mean `release`?"),
        (
            "{% if release.versoin %}x{% endif %}",
            "own.j2:1: `release.versoin` is not defined: did you mean `version`?",
        ),
        (
            "{% for c in changes %}\n{{ c.txt }}{% endfor %}",
            "own.j2:2: `c.txt` is not defined: did you mean `text`?",
        ),
        (
            "{{ changes | group_by('day') }}",
            "own.j2:1: invalid operation: changes have no \"day\": group by kind, scope, section, level or package",
        ),
        ("{{ 'a' | indent(100000) }}", "own.j2:1: invalid operation: 100000 is wider than 1000"),
        (
            "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
            "own.j2:1: the template takes more than 5000000 steps: shorten its loops",
        ),
        (
            "{% for i in range(99999) %}{{ 'x' * 1000 }}{% endfor %}",
            "own.j2:1: the text is longer than 8388608 bytes: shorten it",
        ),
        (
            "{% include 'other' %}",
            "own.j2:1: tried to include non-existing template 'other': included files stand in the directory of the template",
        ),
    ] {
        assert_eq!(rendered(source), Err(expected.to_owned()), "{source}");
    }
    let endless = rendered("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}").unwrap_err();
    assert!(endless.contains("recursion"), "{endless}");
    let broken = Template::new("own.j2", "a\n{% for x in %}").unwrap_err();
    assert_eq!((broken.file.as_str(), broken.line), ("own.j2", 2));
    assert!(rendered("{{ '%99999999999d' | format(1) }}").is_err());
}

#[test]
fn files_are_included_from_the_directory_and_from_nowhere_else() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("templates");
    fs::create_dir_all(root.join("parts")).unwrap();
    fs::write(directory.path().join("secret"), "secret").unwrap();
    fs::write(root.join("parts/one"), "one {{ release.verison }}").unwrap();
    fs::write(root.join("parts/two"), "two {{ release.version }}").unwrap();
    std::os::unix::fs::symlink(directory.path().join("secret"), root.join("link")).unwrap();
    let main = root.join("main.j2");
    let document = examples::document();
    let told = |source: &str| {
        fs::write(&main, source).unwrap();
        Template::open(&main).unwrap().render(&document)
    };
    assert_eq!(told("{% include 'parts/two' %}").as_deref(), Ok("two 1.2.0"));
    let error = told("\n{% include 'parts/one' %}").unwrap_err().to_string();
    assert_eq!(error, "parts/one:1: `release.verison` is not defined: did you mean `version`?");
    for outside in ["../secret", "link", "/etc/passwd", "parts/../../secret", "./main.j2", "none"] {
        let error = told(&format!("{{% include '{outside}' %}}")).unwrap_err().to_string();
        assert!(
            error.contains("included files stand in the directory of the template"),
            "{outside}: {error}"
        );
    }
    assert!(told("{% include 'main.j2' %}").unwrap_err().to_string().contains("recursion"));
    assert!(Template::open(&root.join("absent")).is_err());
}
