use super::*;

#[track_caller]
fn refused(text: &str, expected: &str) {
    let error = Config::parse("tminus.toml", text).unwrap_err();
    assert_eq!(error.to_string(), expected);
}

/// The process of Fast-LLM, with every shorthand written out.
const FULL: &str = r#"
[project]
forge = "github:acme/demo"

[train]
scheme = "pep440"
branches = { main = "main" }
tag    = { name = "v{version}", message = "Release version {version}" }
commit = "Bump version to {version}"
checks = ["tests"]
after  = { version = "{next_patch}-dev", commit = "Start development on version {next_patch}" }

[release.minor]
milestone = { title = "{version}", next = "{next_minor}", due = "3 months", open = "defer" }
labels = ["bug", "enhancement"]
bugs = { label = "bug", decided = ["wontfix"] }
notes = { highlights = true, discussion = "Announcements" }
announce = { webhook = "CHAT" }

[release.patch]
notes = false

[[package]]
name = "demo"
path = "."
version = ["demo/__init__.py", { file = "docs/conf.py", pattern = 'release = "{version}"' }]
build = ["python", "-m", "build"]
publish = ["pypi", { to = "mirror", by = "ci" }]

[destination.mirror]
upload = "https://mirror.example/legacy/"
index = "https://mirror.example/simple/"
"#;

#[test]
fn a_whole_configuration_is_read() {
    let config = Config::parse("tminus.toml", FULL).unwrap();
    let (name, train) = config.train(None).unwrap();
    assert_eq!(name, SHORTHAND);
    assert_eq!(train.tag.name.as_str(), "v{version}");
    assert_eq!(train.checks.as_ref().unwrap().names, CheckNames::Named(vec!["tests".into()]));
    let minor = &train.release[&ReleaseKind::Minor];
    assert_eq!(minor.labels, Labels::OneOf(vec!["bug".into(), "enhancement".into()]));
    assert_eq!(minor.milestone.as_ref().unwrap().open, OpenIssues::Defer);
    assert_eq!(minor.notes.discussion.as_deref(), Some("Announcements"));
    assert!(minor.announce.as_ref().unwrap().gate, "a gate unless it is switched off");
    assert!(!train.release[&ReleaseKind::Patch].notes.release);
    let package = &config.packages[0];
    assert_eq!(package.version.len(), 2);
    assert_eq!(package.publish[1], Publish { to: "mirror".into(), by: Publisher::Ci });
    assert_eq!(
        config.destinations["mirror"].index.as_ref().unwrap().as_str(),
        "https://mirror.example/simple/"
    );
}

#[test]
fn every_default_parses() {
    let config = Config::parse("tminus.toml", "").unwrap();
    let (name, train) = config.train(None).unwrap();
    assert_eq!((name, train.commit.as_str()), (SHORTHAND, "Bump version to {version}"));
    assert_eq!(train.tag.message.as_str(), "Release version {version}");
    assert_eq!(config.project.remote.as_str(), "origin");
    let short = "[release.minor]\nmilestone = \"{version}\"\nlabels = true\nbugs = \"bug\"\nannounce = true\nnotes = true\n\
                 [train]\nafter = { version = \"{next_patch}.dev0\" }\ntag = \"{version}\"\nchecks = \"all\"\n";
    let config = Config::parse("tminus.toml", short).unwrap();
    let train = &config.trains[SHORTHAND];
    assert_eq!(train.after.as_ref().unwrap().commit.as_str(), "Start development on version {next_patch}");
    assert_eq!(
        train.release[&ReleaseKind::Minor].announce.as_ref().unwrap().text.as_str(),
        "{package} {version} is out."
    );
}

#[test]
fn several_trains_have_names() {
    let text = "[train.core]\ntag = \"core-{version}\"\n[train.core.release.minor]\nlabels = true\n[train.docs]\nscheme = \"semver\"\n\
                [[package]]\nname = \"a\"\ntrain = \"core\"\n";
    let config = Config::parse("tminus.toml", text).unwrap();
    assert_eq!(config.train(Some("core")).unwrap().1.release[&ReleaseKind::Minor].labels, Labels::Any);
    assert_eq!(
        config.train(None).unwrap_err().to_string(),
        "tminus.toml has several trains (core, docs): choose one with --train NAME"
    );
    assert!(config.train(Some("tools")).unwrap_err().to_string().contains("no train `tools`"));
}

#[test]
fn misspelt_keys_are_named_with_their_place() {
    refused("[project]\nforeg = \"none\"\n", "tminus.toml:2:1: unknown key `foreg`; did you mean `forge`?");
    refused("[trian]\n", "tminus.toml:1:2: unknown section `trian`; did you mean `train`?");
    refused("[train]\n  tga = \"v{version}\"\n", "tminus.toml:2:3: unknown key `tga`; did you mean `tag`?");
    refused(
        "[release.minro]\nlabels = true\n",
        "tminus.toml:1:10: unknown value `minro`; did you mean `minor`?",
    );
    refused(
        "[release.minor]\nmilestone = { titel = \"x\" }\n",
        "tminus.toml:2:15: unknown key `titel`; did you mean `title`?",
    );
    refused(
        "[[package]]\nname = \"a\"\nbiuld = []\n",
        "tminus.toml:3:1: unknown key `biuld`; did you mean `build`?",
    );
    refused("[project]\nzzz = 1\n", "tminus.toml:2:1: unknown key `zzz`; known here: name, forge, remote");
}

#[test]
fn wrong_values_are_named_with_their_place() {
    refused(
        "[train]\nscheme = \"calver\"\n",
        "tminus.toml:2:10: unknown value `calver`; known here: pep440, semver",
    );
    refused(
        "[train]\ntag = 7\n",
        "tminus.toml:2:7: invalid type: integer `7`, expected a tag pattern or a table with `name` and `message`",
    );
    let error = Config::parse("tminus.toml", "[train]\ntag = \"v{verison}\"\n").unwrap_err();
    assert_eq!((error.line, error.column), (2, 7), "{error}");
    let error = Config::parse("tminus.toml", "[train]\ncommit = \"Bump to {verison}\"\n").unwrap_err();
    assert_eq!((error.line, error.column), (2, 10), "{error}");
    assert!(error.message.contains("did you mean `{version}`?"), "{error}");
    let error =
        Config::parse("tminus.toml", "[[package]]\nname = \"a\"\nversion = [\"../x.py\"]\n").unwrap_err();
    assert_eq!((error.line, error.column), (3, 12), "{error}");
    let error =
        Config::parse("tminus.toml", "[release.minor]\nmilestone = { due = \"soon\" }\n").unwrap_err();
    assert_eq!((error.line, error.column), (2, 21), "{error}");
    let error = Config::parse("tminus.toml", "[[package]]\nname = \"a\"\nbuild = \"make\"\n").unwrap_err();
    assert!(error.message.contains("write the command as a list of words"), "{error}");
    refused("[[package]]\nversion = []\n", "tminus.toml:1:1: the key `name` is missing here");
    let error = Config::parse("tminus.toml", "[train\n").unwrap_err();
    assert_eq!(error.line, 1, "{error}");
}

#[test]
fn references_must_lead_somewhere() {
    let package = |rest: &str| format!("[[package]]\nname = \"a\"\n{rest}");
    refused(
        &package("build = [\"make\"]\npublish = [\"nowhere\"]\n"),
        "tminus.toml:4:11: `a` is published to `nowhere`, which is no known destination; use pypi or testpypi, or add [destination.nowhere]",
    );
    refused(
        &package("publish = [\"pypi\"]\n"),
        "tminus.toml:1:1: `a` is published but not built: add build = [\"python\", \"-m\", \"build\"]",
    );
    refused(&format!("{}{}", package(""), package("")), "tminus.toml:3:1: the package `a` stands here twice");
    refused(
        &package("train = \"mian\"\n[train.main]\n[train.x]\ntag = \"x{version}\"\n"),
        "tminus.toml:3:9: unknown train `mian`; did you mean `main`?",
    );
    refused(
        "[train.a]\n[train.b]\n",
        "tminus.toml:2:1: the trains `a` and `b` make the same tags, v{version}; for example tag = \"b-v{version}\"",
    );
}

#[test]
fn lines_and_names_are_read_or_refused_with_their_place() {
    let text =
        "[train]\nbranches = { line = 'release-{major}.{minor}.x' }\n[changelog]\nnames = 'directory'\n";
    let config = Config::parse("tminus.toml", text).unwrap();
    let line = config.trains[SHORTHAND].branches.line.as_ref().unwrap();
    assert_eq!(line.as_str(), "release-{major}.{minor}.x");
    assert!(config.trains[SHORTHAND].branches.main.is_none());
    assert_eq!(config.changelog.names, NameWord::Directory);
    assert_eq!(Config::parse("tminus.toml", "[train]\n").unwrap().changelog.names, NameWord::Package);
    let cases = [
        ("[train]\nbranches = { line = 'release' }\n", "tminus.toml:2:"),
        (
            "[train]\n\nbranches = { lines = 'release-{major}' }\n",
            "unknown key `lines`; did you mean `line`?",
        ),
        ("[changelog]\nnames = 'directories'\n", "tminus.toml:2:"),
    ];
    for (text, expected) in cases {
        let error = Config::parse("tminus.toml", text).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
}
