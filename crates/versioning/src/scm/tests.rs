use proptest::prelude::*;

use super::*;
use crate::pep440::Version;
use crate::{Date, DateTime};

/// 2024-02-29 12:34:56.
fn now() -> DateTime {
    DateTime::from_unix_seconds(1_709_210_096).unwrap()
}

fn facts(describe: &str, branch: &str) -> Facts {
    Facts {
        branch: Some(branch.to_owned()),
        node_date: Date::new(2024, 2, 28).ok(),
        ..Facts::described(Describe::parse(describe).unwrap())
    }
}

fn settings(scheme: &str, locals: &str) -> Settings<'static> {
    Settings {
        version_scheme: scheme.parse().unwrap(),
        local_schemes: locals.split(',').map(|name| name.parse().unwrap()).collect(),
        ..Settings::default()
    }
}

/// The text, or `! ` and the name of the error.
fn answer(derived: Result<Derived, ScmError>) -> String {
    match derived {
        Ok(derived) => derived.to_string(),
        Err(error) => {
            let debug = format!("{error:?}");
            format!("! {}", debug.split(|next: char| !next.is_alphanumeric()).next().unwrap())
        }
    }
}

#[track_caller]
fn check(describe: &str, scheme: &str, branch: &str, expected: &str) {
    let derived = derive(&facts(describe, branch), &settings(scheme, "no-local-version"), now());
    assert_eq!(answer(derived), expected, "{describe} {scheme} {branch}");
}

/// What setuptools-scm 10.3.4 answers: describe, branch, version scheme, local schemes, whether normalised, answer.
///
/// The commits are of 2024-02-28, the time is 2024-02-29 12:34:56.
#[test]
fn setuptools_scm_agrees() {
    let mut rows = 0;
    for row in include_str!("table.tsv").lines() {
        let [describe, branch, scheme, locals, normalize, expected] =
            row.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let settings = Settings { normalize: normalize == "yes", ..settings(scheme, locals) };
        assert_eq!(answer(derive(&facts(describe, branch), &settings, now())), expected, "{row}");
        rows += 1;
    }
    assert_eq!(rows, 2582);
}

#[test]
fn the_schemes_do_as_the_module_says() {
    for (scheme, branch, expected) in [
        ("guess-next-dev", "main", ["1.2.1.dev3", "1.2rc2.dev3", "1.3.dev3", "1.2.post2.dev3"]),
        ("no-guess-dev", "main", ["1.2.0.post1.dev3", "1.2rc1.post1.dev3", "1.3.dev3", "! AlreadyPost"]),
        ("only-version", "main", ["1.2.0", "1.2rc1", "1.3.dev0", "1.2.post1"]),
        ("post-release", "main", ["1.2.0.post3", "1.2rc1.post3", "1.3.dev0.post3", "1.2.post1.post3"]),
        ("semver-pep440", "main", ["1.2.1.dev3", "1.2.1.dev3", "1.3.0.dev3", "1.2.1.dev3"]),
        ("semver-pep440", "my-feature", ["1.3.0.dev3"; 4]),
        ("semver-pep440-release-branch", "main", ["1.3.0.dev3"; 4]),
        (
            "semver-pep440-release-branch",
            "release/1.2",
            ["1.2.1.dev3", "1.3.0.dev3", "1.3.0.dev3", "1.2.post2.dev3"],
        ),
        ("calver-by-date", "main", ["24.2.28.0.dev3"; 4]),
    ] {
        for (tag, expected) in ["1.2.0", "1.2rc1", "1.3.dev0", "1.2.post1"].into_iter().zip(expected) {
            check(&format!("{tag}-3-g4060507"), scheme, branch, expected);
            check(&format!("{tag}-0-g4060507"), scheme, branch, tag);
        }
    }
    check("2024.2.28-3-g4060507", "calver-by-date", "main", "2024.2.28.1.dev3");
    check("2024.2.27-3-g4060507", "calver-by-date", "main", "2024.2.28.0.dev3");
    check("2024.2.27-3-g4060507", "calver-by-date", "release-24.02.01", "24.02.01");
    check("1.0.dev4-3-g4060507", "guess-next-dev", "main", "! CustomDevNumber");
}

#[test]
fn a_text_need_not_be_a_version() {
    let derived = derive(&facts("1.2.post1-3-gabc", "main"), &settings("post-release", "dirty-tag"), now());
    assert_eq!(derived.unwrap().version(), None);
    let derived =
        derive(&facts("v1.2-3-gabc", "main"), &settings("post-release", "dirty-tag"), now()).unwrap();
    assert_eq!(derived.version(), Some("1.2.post3".parse().unwrap()));
}

#[test]
fn fragments_raise_the_number_they_announce() {
    #[track_caller]
    fn check(tag: &str, scheme: &str, names: &[&str], expected: &str) {
        let fragments = Fragments::from_file_names(names.iter().copied());
        let settings = Settings { fragments, ..settings(scheme, "no-local-version") };
        let derived = derive(&facts(&format!("{tag}-3-gabc"), "main"), &settings, now());
        assert_eq!(answer(derived), expected, "{tag} {scheme} {names:?}");
    }
    check("1.2", "towncrier-fragments", &[], "1.3.dev3");
    check("1.2", "towncrier-fragments", &["1.doc"], "1.2.1.dev3");
    check("1.2", "towncrier-fragments", &["1.doc", "2.feature.md"], "1.3.0.dev3");
    check("1.2", "towncrier-fragments", &["1.doc", "3.removal.md"], "2.0.0.dev3");
    check("0.2", "towncrier-fragments", &["3.breaking.md"], "1.0.0.dev3");
    check("0.2", "towncrier-fragments-zerover", &["3.breaking.md"], "0.3.0.dev3");
    check("0.2", "towncrier-fragments-zerover", &["3.breaking.md", "4.major.md"], "1.0.0.dev3");
    check("1.2", "towncrier-fragments-zerover", &["3.breaking.md"], "2.0.0.dev3");
    check("1!1.2", "towncrier-fragments", &["4.major.md"], "! NoMajorNumber");
    check("1.2", "towncrier-fragments", &["README.md", "template.md", "feature", "1.x.feature"], "1.3.dev3");
}

#[test]
fn without_a_tag_the_fallback_version_stands_for_one() {
    let mut settings = Settings::default();
    let untagged = Facts::untagged("4060507deadbeef", 5, true);
    let text = |facts: &Facts, settings: &Settings<'_>| answer(derive(facts, settings, now()));
    assert_eq!(text(&untagged, &settings), "0.1.dev5+g4060507de.d20240229");
    assert_eq!(text(&Facts::unborn(), &settings), "0.1.dev0+d20240229");
    settings.fallback_version = Some(String::new());
    assert_eq!(text(&untagged, &settings), "0.1.dev5+g4060507de.d20240229");
    settings.fallback_version = Some("0.4.5.dev0".to_owned());
    assert_eq!(text(&untagged, &settings), "0.4.5.dev5+g4060507de.d20240229");
    settings.local_schemes = vec![LocalScheme::NoLocalVersion];
    assert_eq!(text(&untagged, &settings), "0.4.5.dev5");
    // It does not stand for a tag that is there and cannot be read.
    assert_eq!(text(&facts("pkg/v1.0-0-gabc", "main"), &settings), "! UnreadableTag");
    settings.fallback_version = Some("x".to_owned());
    assert_eq!(text(&untagged, &settings), "! Fallback");
}

#[test]
fn without_a_repository_texts_are_printed_as_they_are() {
    let mut settings = Settings::default();
    let text = |directory: &str, settings: &Settings<'_>| {
        let version = ScmVersion::without_repository(directory, settings, now()).unwrap()?;
        Some(version.format(settings).unwrap().to_string())
    };
    assert_eq!(text("demo-1.0", &settings), None);
    settings.fallback_version = Some("0.4.5-dev".to_owned());
    assert_eq!(text("demo-1.0", &settings).unwrap(), "0.4.5-dev");
    settings.parent_directory_prefix = Some("demo-".to_owned());
    assert_eq!(text("demo-1.0-rc1", &settings).unwrap(), "1.0rc1");
    assert_eq!(text("demo-x", &settings).unwrap(), "0.4.5-dev");
    let version = ScmVersion::without_repository("demo-x", &settings, now()).unwrap().unwrap();
    let warnings = version.format(&settings).unwrap().warnings().to_vec();
    let directory = "x".to_owned();
    assert_eq!(warnings, [ScmWarning::UnreadableDirectory { directory, problem: TagProblem::NoMatch }]);
}

#[test]
fn a_reader_of_the_caller_is_asked_about_tags_and_branches() {
    // tag.regex = "^demo@(?P<version>[^~]*)(?:~.*)?$"
    fn reader(tag: &str) -> Option<TagMatch<'_>> {
        let rest = tag.strip_prefix("demo@")?;
        let (version, suffix) = rest.split_at(rest.find('~').unwrap_or(rest.len()));
        Some(TagMatch { version, suffix })
    }
    let settings = Settings {
        tag_reader: &reader,
        tag_prefix: "pkg/".to_owned(),
        ..settings("semver-pep440-release-branch", "no-local-version")
    };
    let text = |tag: &str, branch: &str| answer(derive(&facts(tag, branch), &settings, now()));
    assert_eq!(text("pkg/demo@1.2-3-gabc", "main"), "1.3.0.dev3");
    assert_eq!(text("demo@1.2-3-gabc", "x/demo@1.2"), "1.3.dev3");
    assert_eq!(text("demo@1.2.5-3-gabc", "x/demo@1.2"), "1.2.6.dev3");
    assert_eq!(text("v1.2-3-gabc", "main"), "! UnreadableTag");
    assert_eq!(text("demo@-3-gabc", "main"), "! EmptyVersion");
    assert_eq!(text("demo@1.2-3-gabc", "demo@"), "! EmptyVersion");
    let derived = derive(&facts("demo@1.2~x-0-gabc", "main"), &settings, now()).unwrap();
    let warning = ScmWarning::SuffixDropped { tag: "demo@1.2~x".to_owned(), suffix: "~x".to_owned() };
    assert_eq!((derived.as_str(), derived.warnings()), ("1.2", [warning].as_slice()));
}

#[test]
fn dates_warn_and_fail() {
    let settings = settings("calver-by-date", "no-local-version");
    let warnings = |tag: &str| derive(&facts(tag, "main"), &settings, now()).unwrap().warnings().to_vec();
    assert_eq!(warnings("24.2.28-3-gabc"), []);
    let [tag, commit] = [(3, 1), (2, 28)].map(|(month, day)| Date::new(2024, month, day).unwrap());
    assert_eq!(warnings("2024.3.1-3-gabc"), [ScmWarning::TagAheadOfCommit { tag, commit }]);
    assert_eq!(warnings("1.0-3-gabc"), [ScmWarning::TagIsNotADate { version: "1.0".to_owned() }]);
    check("24.2.30-3-gabc", "calver-by-date", "main", "! NoSuchDay");
    check("24.13.1-3-gabc", "calver-by-date", "main", "! NoSuchDay");
}

#[test]
fn metadata_of_the_environment_replace_facts() {
    let settings = Settings::default();
    let text = |overrides: &MetadataOverrides| {
        let mut version = ScmVersion::from_facts(&facts("v1.0-1-gabc", "main"), &settings, now()).unwrap();
        version.override_with(overrides).unwrap();
        answer(version.format(&settings))
    };
    let none = MetadataOverrides::default;
    assert_eq!(text(&none()), "1.1.dev1+gabc");
    assert_eq!(text(&MetadataOverrides { distance: Some(4), ..none() }), "1.1.dev4+gabc");
    let node = Some("habcdef0123456789".to_owned());
    assert_eq!(text(&MetadataOverrides { node, ..none() }), "1.1.dev1+habcdef0123");
    let time = DateTime::from_unix_seconds(0);
    assert_eq!(text(&MetadataOverrides { time, dirty: Some(true), ..none() }), "1.1.dev1+gabc.d19700101");
    let tag = || Some("2.0".to_owned());
    assert_eq!(text(&MetadataOverrides { tag: tag(), ..none() }), "! PretendedTag");
    assert_eq!(text(&MetadataOverrides { tag: tag(), preformatted: Some(true), ..none() }), "2.0");
}

#[test]
fn a_pretended_version_is_printed_as_it_is_written() {
    #[track_caller]
    fn check(variables: &[(&str, &str)], distribution: Option<&str>, expected: Option<&str>) {
        let variables: Vec<_> =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let environment = Environment::new(&variables, distribution);
        let version = environment
            .pretended_version(now())
            .map(|version| version.map(|version| version.format(&Settings::default()).unwrap().to_string()));
        match expected {
            Some("!") => assert!(matches!(version, Err(ScmError::Pretended { .. }))),
            _ => assert_eq!(version.unwrap().as_deref(), expected, "{variables:?}"),
        }
    }
    const NAME: &str = "SETUPTOOLS_SCM_PRETEND_VERSION";
    const FOR_DEMO: &str = "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_MY_DEMO";
    check(&[], Some("my-demo"), None);
    check(&[(NAME, "v1.0-RC1+X")], None, Some("v1.0-RC1+X"));
    check(&[(NAME, "x")], None, Some("!"));
    check(&[(NAME, "")], None, None);
    check(&[(NAME, "1"), (FOR_DEMO, "2")], Some("My.__Demo"), Some("2"));
    check(&[(NAME, "1"), (FOR_DEMO, "2")], Some("other"), Some("1"));
    check(&[(FOR_DEMO, "2")], None, None);
    // An empty variable hides those after it.
    check(&[(NAME, "1"), (FOR_DEMO, "")], Some("my-demo"), None);
    check(&[("VCS_VERSIONING_PRETEND_VERSION", "3")], None, Some("3"));
    check(&[(NAME, "1"), ("VCS_VERSIONING_PRETEND_VERSION_FOR_MY_DEMO", "3")], Some("my-demo"), Some("3"));
    // Another spelling counts only when nothing else is set.
    let misspelt = "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_my.demo";
    check(&[(misspelt, "4")], Some("my-demo"), Some("4"));
    check(&[(misspelt, "4"), (NAME, "1")], Some("my-demo"), Some("1"));

    let variables = [(misspelt.to_owned(), "4".to_owned())];
    let version = Environment::new(&variables, Some("my-demo")).pretended_version(now()).unwrap().unwrap();
    let expected = FOR_DEMO.to_owned();
    let warning = ScmWarning::VariableSpelling { found: misspelt.to_owned(), expected };
    assert_eq!(version.format(&Settings::default()).unwrap().warnings(), [warning]);
}

#[test]
fn values_of_variables_stay_out_of_logs() {
    let variables = [("SETUPTOOLS_SCM_OVERRIDES".to_owned(), "hidden".to_owned())];
    let environment = Environment::new(&variables, None);
    let found = environment.overrides().unwrap();
    assert_eq!(found.value, "hidden");
    assert!(!format!("{environment:?} {found:?}").contains("hidden"));
}

#[test]
fn commands_are_those_of_setuptools_scm() {
    let line = |settings: &Settings<'_>| settings.describe_command().arguments().join(" ");
    let mut settings = Settings::default();
    assert_eq!(line(&settings), "git describe --dirty --tags --long --abbrev=40 --match *[0-9]*");
    settings.tag_strict = Some(true);
    settings.tag_prefix = "demo-v".to_owned();
    assert_eq!(
        line(&settings),
        "git describe --dirty --tags --long --abbrev=40 --match demo-v*[0-9]*.*[0-9]*"
    );
    settings.describe_command = Some(DescribeCommand::from_line("'my tool' a\\ b \"c\\\"\\d\" ''").unwrap());
    assert_eq!(settings.describe_command().arguments(), ["my tool", "a b", "c\"\\d", ""]);
    assert!(!settings.describe_command().is_git());
    assert!(Settings::default().describe_command().is_git());

    assert_eq!(DescribeCommand::from_line(" "), Err(ParseCommandError::Empty));
    assert_eq!(DescribeCommand::from_arguments(Vec::new()), Err(ParseCommandError::Empty));
    assert_eq!(DescribeCommand::from_line("a 'b"), Err(ParseCommandError::OpenQuote { quote: '\'' }));
    assert_eq!(DescribeCommand::from_line("a \\"), Err(ParseCommandError::NothingEscaped));
}

#[test]
fn names_read_back() {
    for scheme in VersionScheme::ALL {
        assert_eq!(scheme.to_string().parse(), Ok(scheme));
    }
    for scheme in LocalScheme::ALL {
        assert_eq!(scheme.to_string().parse(), Ok(scheme));
    }
    for policy in ShallowPolicy::ALL {
        assert_eq!(policy.to_string().parse(), Ok(policy));
    }
    assert_eq!("release-branch-semver".parse(), Ok(VersionScheme::SemverReleaseBranch));
    assert_eq!("python-simplified-semver".parse(), Ok(VersionScheme::Semver));
    let error = "demo:scheme".parse::<LocalScheme>().unwrap_err();
    assert_eq!(error.name(), "demo:scheme");
    assert!(
        error
            .to_string()
            .starts_with("\"demo:scheme\" is not a local scheme of setuptools-scm; known are node-")
    );
}

#[test]
fn a_shallow_clone_matters_unless_head_is_a_tag() {
    assert_eq!(ShallowPolicy::Warn.check(true, false), Ok(Some(ScmWarning::Shallow)));
    assert_eq!(ShallowPolicy::Fail.check(true, false), Err(ScmError::Shallow));
    assert_eq!(ShallowPolicy::Fail.check(true, true), Ok(None));
    assert_eq!(ShallowPolicy::Fail.check(false, false), Ok(None));
    assert_eq!(ShallowPolicy::FailOnMissingSubmodules.check(true, false), Ok(None));
}

#[test]
fn limits_are_errors_and_never_another_version() {
    let text = |tag: &str| {
        let settings = settings("guess-next-dev", "no-local-version");
        answer(derive(&facts(tag, "main"), &settings, now()))
    };
    assert_eq!(text("1.18446744073709551615-1-gabc"), "1.18446744073709551616.dev1");
    assert_eq!(text("1.18446744073709551616-1-gabc"), "! BeyondLimits");
    assert_eq!(text("1.0+20240229123456789012345-0-gabc"), "1.0+20240229123456789012345");
    assert_eq!(text(&format!("1.{}", "0.".repeat(200))), "! BeyondLimits");
    assert!(matches!(Describe::parse(&"1".repeat(4097)), Err(ScmError::BeyondLimits { .. })));
    assert!(Describe::parse("v1-18446744073709551616-gabc").is_err());
    let long = ScmVersion::pretended(&format!("1+{}", "a".repeat(5000)), now()).unwrap_err();
    assert!(matches!(&long, ScmError::BeyondLimits { text, .. } if text.len() == 256));
}

proptest! {
    #[test]
    fn what_describe_prints_reads_back(tag in "[a-z0-9.+/-]{1,20}", distance: u64, node in "[0-9a-f]{4,40}", dirty: bool) {
        let suffix = if dirty { "-dirty" } else { "" };
        let described = Describe::parse(&format!("{tag}-{distance}-g{node}{suffix}\n")).unwrap();
        prop_assert_eq!(described, Describe { tag, distance, node: Some(format!("g{node}")), dirty });
    }

    #[test]
    fn nothing_panics(text in ".{0,40}", branch in ".{0,20}", scheme in 0_usize..9, local in 0_usize..6, normalize: bool) {
        let settings = Settings {
            version_scheme: VersionScheme::ALL[scheme],
            local_schemes: vec![LocalScheme::ALL[local]],
            normalize,
            ..Settings::default()
        };
        let _ = derive(&facts(&text, &branch), &settings, now());
    }

    #[test]
    fn every_scheme_gives_the_tag_on_the_tag(
        tag in "v?[0-9]{1,3}(\\.[0-9]{1,3}){0,3}((a|rc)[0-9])?(\\.post[0-9])?(-dev)?(\\+[a-z]{1,3})?",
    ) {
        let expected = tag.parse::<Version>().unwrap();
        for scheme in VersionScheme::ALL {
            let settings = Settings { version_scheme: scheme, ..Settings::default() };
            let derived = derive(&facts(&format!("{tag}-0-gabc"), "main"), &settings, now()).unwrap();
            prop_assert_eq!(derived.as_str(), expected.to_string());
        }
    }

    #[test]
    fn a_later_commit_has_a_later_version(
        tag in "v?[0-9]{1,3}(\\.[0-9]{1,3}){0,3}((a|rc)[0-9])?(\\.post[0-9])?(-dev)?",
        distance in 1_u64..9999,
    ) {
        let settings = settings("guess-next-dev", "no-local-version");
        let version = |distance| {
            derive(&facts(&format!("{tag}-{distance}-gabc"), "main"), &settings, now()).unwrap().version().unwrap()
        };
        prop_assert!(version(0) < version(distance));
        prop_assert!(version(distance) < version(distance + 1));
    }
}
