use tminus_manifests::PackageId;

use super::super::super::{Kind, Level, Origin};
use super::super::Rules;
use super::{ChangeFile, Files, changesets, towncrier};

fn of<'a>(files: &'a [(&'a str, &'a str)]) -> Vec<ChangeFile<'a>> {
    files.iter().map(|(path, text)| ChangeFile { path, bytes: text.as_bytes() }).collect()
}

fn sets(files: &[(&str, &str)]) -> Files {
    changesets::read(&of(files), &[])
}

fn news(config: &str, files: &[(&str, &str)]) -> Files {
    let settings = towncrier::Settings::parse("towncrier.toml", config, None).unwrap().unwrap();
    towncrier::read(&settings, &of(files), None, &Rules::default())
}

fn told(files: &Files) -> Vec<(&str, &str)> {
    let changes = files.readings.iter().flat_map(|reading| &reading.changes);
    changes
        .map(|c| (c.text.as_str(), c.issues.first().map_or("", |issue| issue.reference.as_str())))
        .collect()
}

#[test]
fn changesets_are_read_by_package_and_level() {
    let text = "---\n\"@demo/core\": minor\ndemo: 'minor'\nother: patch\nquiet: none\n---\n\nAnswer faster\n\nMore: words\n";
    let files = sets(&[(".changeset/brave-lions.md", text)]);
    let reading = &files.readings[0];
    assert_eq!(reading.changes.len(), 2);
    let minor = &reading.changes[0];
    assert_eq!((minor.level, minor.packages.len(), minor.text.as_str()), (Level::Minor, 2, "Answer faster"));
    assert_eq!(minor.body, "More: words");
    assert_eq!(minor.origin, Origin::File(".changeset/brave-lions.md".into()));
    assert_eq!(reading.changes[1].level, Level::Patch);
    assert!(reading.how.contains("npm:quiet"));
    assert_eq!(files.consumed, [".changeset/brave-lions.md"]);
}

#[test]
fn what_authors_name_in_a_changeset() {
    let text = "---\na: patch\n---\npr: #12\nauthor: @ada\ncommit: 1f0c33a\nAnswer (fixes #3)\n";
    let files = sets(&[(".changeset/a.md", text)]);
    let change = &files.readings[0].changes[0];
    assert_eq!((change.pull_request, change.text.as_str()), (Some(12), "Answer (fixes #3)"));
    assert_eq!((change.authors[0].login.as_deref(), change.commits[0].as_str()), (Some("ada"), "1f0c33a"));
    assert_eq!(change.issues[0].reference, "#3");
}

#[test]
fn empty_changesets_and_files_of_others() {
    for text in ["---\n---\n", "---\n---", "\n---\n\n---\nwords", "---\n# a comment\n---\n", "---\n{}\n---\n"]
    {
        let files = sets(&[(".changeset/a.md", text)]);
        assert!(told(&files).is_empty() && files.readings[0].warnings.is_empty(), "{text}");
        assert_eq!(files.consumed.len(), 1, "{text}");
    }
    let others = [
        (".changeset/README.md", "x"),
        (".changeset/config.json", "{}"),
        (".changeset/.a.md", "x"),
        ("a.md", "x"),
    ];
    assert_eq!(sets(&others), Files::default());
    assert_eq!(sets(&[(".changeset/a.markdown", "x")]).readings[0].warnings.len(), 1);
    assert_eq!(sets(&[(".changeset/old/changes.json", "{}")]).readings[0].warnings.len(), 1);
}

#[test]
fn bad_changesets_are_warnings_with_a_place() {
    for (text, place) in [
        ("", "1:1: there is no front matter"),
        ("words", "1:1: there is no front matter"),
        ("---\na: patch\n", "1:1: there is no front matter"),
        ("---\na: huge\n---\n", "2:4: `huge` is no level"),
        ("---\na: Patch\n---\n", "2:4: `Patch` is no level"),
        ("---\na:\n  - patch\n---\n", "3:3: a list or a map"),
        ("---\n- a\n---\n", "2:1: a list or a map"),
        ("---\nwords\n---\n", "2:1: a text where a map"),
        ("---\na: patch\na: minor\n---\n", "3:1: `a` stands here twice"),
        ("---\n@demo/core: patch\n---\n", "2:1: "),
        ("---\n<<: patch\n---\n", "2:1: `<<` merges maps"),
        ("---\n\"\": patch\n---\n", "2:1: the name of a package is empty"),
    ] {
        let files = sets(&[(".changeset/a.md", text)]);
        let warning = &files.readings[0].warnings[0].text;
        assert!(warning.starts_with(&format!(".changeset/a.md:{place}")), "{warning}");
        assert!(files.consumed.is_empty(), "{text}");
    }
}

#[test]
fn prereleases_use_a_changeset_once() {
    let one = (".changeset/one.md", "---\na: patch\n---\none");
    let two = (".changeset/two.md", "---\na: patch\n---\ntwo");
    let pre = r#"{"mode": "pre", "tag": "next", "initialVersions": {}, "changesets": ["one"]}"#;
    let files = sets(&[one, two, (".changeset/pre.json", pre)]);
    assert_eq!(told(&files), [("two", "")]);
    assert_eq!((files.consumed.len(), files.noted.as_slice()), (0, ["two".to_owned()].as_slice()));
    assert!(files.readings[0].how.contains("earlier prerelease"));
    let exit = pre.replace("\"pre\"", "\"exit\"");
    let files = sets(&[one, two, (".changeset/pre.json", &exit)]);
    assert_eq!((told(&files).len(), files.consumed.len()), (2, 3));
    assert_eq!(sets(&[one, (".changeset/pre.json", "{")]).readings[0].warnings.len(), 1);
}

#[test]
fn names_are_looked_for_among_the_packages_of_the_project() {
    let known = [PackageId::pypi("demo-core"), "npm:web".parse().unwrap(), "cargo:web".parse().unwrap()];
    let read = |name: &str| {
        let text = format!("---\n\"{name}\": patch\n---\nx");
        let files = changesets::read(&of(&[(".changeset/a.md", &text)]), &known);
        let reading = &files.readings[0];
        let id = reading.changes[0].packages.iter().next().unwrap().to_string();
        (id, reading.warnings.len())
    };
    assert_eq!(read("Demo_Core"), ("pypi:demo-core".into(), 0));
    assert_eq!(read("web"), ("npm:web".into(), 0));
    assert_eq!(read("cargo:web"), ("cargo:web".into(), 0));
    assert_eq!(read("none-of-it"), ("npm:none-of-it".into(), 1));
}

#[test]
fn names_of_fragments() {
    let types = ["feature", "bugfix", "misc"];
    for (name, wanted) in [
        ("12.feature", Some(("12", "feature", 0))),
        ("0012.feature.rst", Some(("12", "feature", 0))),
        ("12.feature.3.rst", Some(("12", "feature", 3))),
        ("12.feature.rst.3", Some(("12", "feature", 0))),
        ("fix-1.2.3.bugfix", Some(("fix-1.2.3", "bugfix", 0))),
        ("+anything.misc.md", Some(("", "misc", 0))),
        ("+.misc", Some(("", "misc", 0))),
        ("1.feature.bugfix", Some(("1.feature", "bugfix", 0))),
        ("feature", None),
        ("12.Feature", None),
        ("12.other.md", None),
        (".feature", Some(("", "feature", 0))),
    ] {
        let found = towncrier::name(name, &types, "+");
        let found = found.as_ref().map(|name| (name.issue.as_str(), name.category.as_str(), name.counter));
        assert_eq!(found, wanted, "{name}");
    }
}

#[test]
fn fragments_of_the_default_layout() {
    let files = news(
        "",
        &[
            ("newsfragments/1.feature.rst", "Answer in\nJSON.\n\nMore.\n"),
            ("newsfragments/2.bugfix", "Empty."),
            ("newsfragments/3.bugfix", "Empty."),
            ("newsfragments/+x.removal.md", "Gone."),
            ("newsfragments/4.misc", "Hidden."),
            ("newsfragments/5.misc", ""),
            ("newsfragments/README.rst", "How."),
            ("newsfragments/notes.txt", "What?"),
            ("newsfragments/deep/6.feature", "Deep."),
            ("elsewhere/7.feature", "No."),
        ],
    );
    assert_eq!(told(&files), [("Gone.", ""), ("Answer in JSON.", "#1"), ("Empty.", "#2"), ("#4, #5", "#4")]);
    let changes: Vec<_> = files.readings.iter().flat_map(|reading| &reading.changes).collect();
    assert_eq!(changes[1].body, "More.");
    assert_eq!(changes[2].issues.len(), 2);
    assert_eq!((&changes[0].kind, changes[0].level), (&Kind::Removed, Level::Major));
    assert_eq!(files.consumed.len(), 6);
    let warnings: Vec<_> = files.readings.iter().flat_map(|reading| &reading.warnings).collect();
    assert_eq!((warnings.len(), warnings[0].text.contains("notes.txt")), (1, true));
}

#[test]
fn types_sections_and_formats_of_a_project() {
    let config = "[tool.towncrier]\ndirectory = 'changes'\nissue_format = '`#{issue} <https://example.org/{issue}>`_'\n\
        ignore = ['*.TMP']\n\
        [[tool.towncrier.section]]\nname = ''\npath = ''\n\
        [[tool.towncrier.section]]\nname = 'Web'\npath = 'web'\n\
        [[tool.towncrier.type]]\nname = 'Security'\n\
        [[tool.towncrier.type]]\ndirectory = 'pkg'\nname = 'Packaging'\nshowcontent = false\n";
    let files = news(
        config,
        &[
            ("changes/1.security.md", "Closed."),
            ("changes/web/2.pkg", "Hidden."),
            ("changes/a.tmp", ""),
            ("changes/3.feature", "No type of the project."),
        ],
    );
    let changes: Vec<_> = files.readings.iter().flat_map(|reading| &reading.changes).collect();
    assert_eq!(changes[0].kind, Kind::Security);
    assert_eq!(changes[0].issues[0].reference, "https://example.org/1");
    assert_eq!((changes[1].scope.as_deref(), &changes[1].kind), (Some("Web"), &Kind::Other("pkg".into())));
    assert_eq!((changes.len(), files.consumed.len()), (2, 2));
    let table = news(
        "[tool.towncrier.fragment.chore]\nshowcontent = false\n[tool.towncrier.fragment.feat]\n",
        &[("newsfragments/1.chore", "x"), ("newsfragments/2.feat", "y")],
    );
    assert_eq!(told(&table), [("#1", "#1"), ("y", "#2")]);
}

#[test]
fn packages_of_a_monorepo_have_settings_of_their_own() {
    let files = of(&[
        ("pyproject.toml", "[project]\nname = 'root'\n"),
        (
            "a/pyproject.toml",
            "[project]\nname = 'Demo_A'\n[tool.towncrier]\npackage_dir = 'src'\npackage = 'demo_a'\n",
        ),
        ("b/towncrier.toml", ""),
        ("b/pyproject.toml", "[project]\nname = 'demo-b'\n[tool.towncrier]\ndirectory = 'ignored'\n"),
        ("a/src/demo_a/newsfragments/1.feature", "In A."),
        ("b/demo-b/newsfragments/2.feature", "In B."),
    ]);
    let settings: Vec<_> = towncrier::find(&files).into_iter().map(Result::unwrap).collect();
    assert_eq!(
        settings.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(),
        ["a/pyproject.toml", "b/towncrier.toml"]
    );
    for (settings, text, package) in
        [(&settings[0], "In A.", "pypi:demo-a"), (&settings[1], "In B.", "pypi:demo-b")]
    {
        let read = towncrier::read(settings, &files, None, &Rules::default());
        let change = &read.readings[0].changes[0];
        assert_eq!(change.text, text);
        assert_eq!(change.packages.iter().next().unwrap().to_string(), package);
    }
}

#[test]
fn bad_settings_and_fragments() {
    for (text, error) in [
        ("[tool.", "towncrier.toml:1:"),
        ("[tool.towncrier]\nissue_format = 1\n", "towncrier.toml:2:16: `issue_format` must be a text"),
        ("[tool.towncrier]\ndirectory = '../x'\n", "towncrier.toml:2:13: the directory"),
        ("[tool.towncrier]\ndirectory = '/x'\n", "towncrier.toml:2:13: the directory"),
        ("[[tool.towncrier.type]]\ndirectory = 'x'\n", "towncrier.toml:1:1: a type has no `name`"),
        ("[[tool.towncrier.section]]\nname = 'x'\n", "towncrier.toml:1:1: the section `x` has no `path`"),
        ("[tool.towncrier]\nignore = 'x'\n", "towncrier.toml:2:10: `ignore` must be"),
        ("[tool]\ntowncrier = 1\n", "towncrier.toml:2:13: `tool.towncrier` must be a table"),
    ] {
        let told = towncrier::Settings::parse("towncrier.toml", text, None).unwrap_err().to_string();
        assert!(told.starts_with(error), "{told}");
    }
    let twins = news("", &[("newsfragments/1.feature", "a"), ("newsfragments/01.feature.md", "b")]);
    let warnings: Vec<_> = twins.readings.iter().flat_map(|reading| &reading.warnings).collect();
    assert_eq!((told(&twins).len(), warnings.len()), (2, 1));
    let empty = news("", &[("newsfragments/1.feature", " \n"), ("newsfragments/+.feature", "")]);
    assert_eq!(empty.readings.iter().filter(|reading| reading.warnings.len() == 1).count(), 2);
}
