use std::path::Path;

use tminus_vcs::Configuration;
use tminus_versioning::DateTime;

use super::{Derivation, DeriveError, Question, Revision, Source, derive};
use crate::Exit;

fn question(dir: &Path, variables: &[(&str, &str)]) -> Question {
    Question {
        dir: dir.to_owned(),
        defaults: false,
        variables: variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        now: DateTime::from_unix_seconds(1_709_210_096).unwrap(),
        configuration: Configuration::RepositoryOnly,
    }
}

/// The answer in a directory with these files.
fn ask(files: &[(&str, &str)], variables: &[(&str, &str)]) -> Result<Derivation, DeriveError> {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    derive(&question(dir.path(), variables), Revision::WorkTree)
}

// Without a repository; each version is what setuptools-scm prints.
#[test]
fn archives_stand_for_repositories() {
    #[track_caller]
    fn check(files: &[(&str, &str)], expected: &str, kind: &str) {
        let found = ask(files, &[]).unwrap();
        assert_eq!((found.version.as_str(), found.source.kind()), (expected, kind), "{files:?}");
    }
    const INFO: (&str, &str) = ("PKG-INFO", "Metadata-Version: 2.4\nName: demo\nVersion: 1.5\n");
    let archival = |text| (".git_archival.txt", text);
    check(&[INFO], "1.5", "file");
    check(&[archival("describe-name: v1.0-3-g4060507deadbeef\n"), INFO], "1.1.dev3+g4060507de", "file");
    check(&[archival("describe-name: v1.0\n")], "1.0", "file");
    check(&[archival("node: 4060507\ndescribe-name:\nref-names: HEAD -> main, tag: v2.0\n")], "2.0", "file");
    check(&[archival("node: 4060507\ndescribe-name:\n")], "0.0", "file");
    check(
        &[archival("node: $Format:%H$\ndescribe-name: $Format:%(describe:tags=true)$\n"), INFO],
        "1.5",
        "file",
    );
    let fallback = ("pyproject.toml", "[tool.setuptools_scm]\nfallback_version = \"7.0\"\n");
    check(&[fallback], "7.0", "settings");
    check(&[fallback, INFO], "1.5", "file");
}

#[test]
fn the_environment_wins() {
    let project = ("pyproject.toml", "[project]\nname = \"My.Demo\"\n[tool.setuptools_scm]\n");
    let named = ask(&[project], &[("SETUPTOOLS_SCM_PRETEND_VERSION_FOR_MY_DEMO", "1.0-rc1")]).unwrap();
    assert_eq!((named.version.as_str(), &named.source), ("1.0-rc1", &Source::Environment));
    let overridden =
        ask(&[project], &[("SETUPTOOLS_SCM_OVERRIDES", "{fallback_version = \"3.0\"}")]).unwrap();
    assert_eq!(overridden.version, "3.0");
    let metadata = ask(
        &[(".git_archival.txt", "describe-name: v1.0-3-g4060507deadbeef\n")],
        &[("SETUPTOOLS_SCM_PRETEND_METADATA", "{distance = 9, node = \"gabc\"}")],
    );
    assert_eq!(metadata.unwrap().version, "1.1.dev9+gabc");
}

#[test]
fn bad_keys_are_told_with_their_line() {
    #[track_caller]
    fn check(table: &str, expected: &str) {
        let error =
            ask(&[("pyproject.toml", &format!("[tool.setuptools_scm]\n{table}\n"))], &[]).unwrap_err();
        assert_eq!(error.exit(), Exit::Usage, "{error}");
        let text = format!("{error}; {}", error.remedies().join(" "));
        assert!(text.starts_with("pyproject.toml:2: ") && text.contains(expected), "{text}");
    }
    check("version_shceme = \"x\"", "did you mean `version_scheme`?");
    check("version_scheme = \"mine:scheme\"", "known are guess-next-dev");
    check("version_scheme = 3", "must be a text or a list of texts, it is a number");
    check("local_scheme = []", "an empty list");
    check("normalize = \"no\"", "must be true or false");
    check("tag_regex = \"v.*\"", "no group");
    check("tag_regex = \"(\"", "cannot be read");
    check("parse = \"a:b\"", "only Python can run");
    check("git_describe_command = \"./run.sh\"", "programs of a project are not run");
    check("tag = { regx = \"(1)\" }", "did you mean `tag.regex`?");
    check("scm.git.pre_parse = \"nothing\"", "warn_on_shallow");
    check("scm.git.distance_scope = true", "not done here");
    let broken = ask(&[("pyproject.toml", "[tool\n")], &[]).unwrap_err();
    assert!(matches!(broken, DeriveError::Toml { .. }) && broken.exit() == Exit::Usage);
    let nothing = ask(&[], &[]).unwrap_err();
    assert!(matches!(nothing, DeriveError::NoVersion { .. }) && nothing.exit() == Exit::NoGo);
}

#[test]
fn other_tools_have_tables_of_their_own() {
    let hatch = "[tool.hatch.version]\nsource = \"vcs\"\nfallback-version = \"4.0\"\nraw-options = { local_scheme = \"no-local-version\" }\n";
    let found = ask(&[("pyproject.toml", hatch)], &[]).unwrap();
    assert_eq!((found.version.as_str(), found.settings.unwrap().1), ("4.0", Some("hatch.version")));
    let pdm = "[tool.pdm.version]\nsource = \"scm\"\n";
    assert!(matches!(ask(&[("pyproject.toml", pdm)], &[]), Err(DeriveError::Setting { .. })));
}
