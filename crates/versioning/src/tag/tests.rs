use proptest::prelude::*;

use super::*;
use crate::{ReleaseVersion, Scheme};

const NONE: TagVariables<'_> = TagVariables { package: None, path: None };

fn rules(rules: &[(&str, Scheme, TagKind)], variables: &TagVariables<'_>) -> TagPatterns {
    let rules = rules.iter().map(|&(pattern, scheme, kind)| {
        let pattern = pattern.parse().unwrap();
        match kind {
            TagKind::Version => TagRule::version(pattern, scheme),
            TagKind::Development => TagRule::development(pattern, scheme),
        }
    });
    TagPatterns::new(rules, variables).unwrap()
}

fn python() -> TagPatterns {
    rules(
        &[
            ("v{version}", Scheme::Pep440, TagKind::Version),
            ("v{version}-dev", Scheme::Pep440, TagKind::Development),
            ("{version}", Scheme::Pep440, TagKind::Version),
        ],
        &NONE,
    )
}

/// The pattern and the version that a tag follows; a refusal as its message without its beginning.
#[track_caller]
fn check(patterns: &TagPatterns, tag: &str, pattern: &str, expected: &str) {
    match patterns.read(tag) {
        Ok(read) => {
            assert_eq!(
                (read.rule.pattern().as_str(), read.version.to_string().as_str()),
                (pattern, expected),
                "{tag}"
            );
        }
        Err(error) => {
            let message = error.to_string();
            let reason = message.strip_prefix(&format!("the tag {tag:?} states no version: ")).unwrap();
            assert_eq!(("-", reason), (pattern, expected), "{tag}");
        }
    }
}

#[test]
fn the_most_specific_pattern_reads() {
    let patterns = python();
    let order: Vec<&str> = patterns.rules().map(|rule| rule.pattern().as_str()).collect();
    assert_eq!(order, ["v{version}-dev", "v{version}", "{version}"]);
    check(&patterns, "v0.8.1", "v{version}", "0.8.1");
    check(&patterns, "v0.8.1-dev", "v{version}-dev", "0.8.1.dev0");
    check(&patterns, "v0.3.1-dev.20251022", "v{version}", "0.3.1.dev20251022");
    check(&patterns, "v0.1.4.dev3", "v{version}", "0.1.4.dev3");
    check(&patterns, "v0.1.5.1", "v{version}", "0.1.5.1");
    check(&patterns, "v0.2.0-RC1", "v{version}", "0.2.0rc1");
    check(&patterns, "0.0.1", "{version}", "0.0.1");
    check(&patterns, "1.2.2.post1", "{version}", "1.2.2.post1");
    check(&patterns, "stable", "-", "it follows none of `v{version}-dev`, `v{version}`, `{version}`");
    check(
        &patterns,
        "v0.3.2-with-fix",
        "-",
        "it follows `v{version}`, but \"0.3.2-with-fix\" is not a PEP 440 version: unexpected '-' at character 6",
    );
    check(
        &patterns,
        "v0.4.0rc1-dev",
        "-",
        "it follows `v{version}-dev`, but development starts towards a finished release, not towards 0.4.0rc1",
    );
    for tag in ["vv1.0", "v1.0 ", " v1.0", "release-v1.0", "v1.0/x", "V1.0", "test-v3.17.3", "v", "", "é"] {
        assert!(matches!(patterns.read(tag).unwrap_err().reason, UnreadReason::NoPattern { .. }), "{tag:?}");
    }
}

#[test]
fn a_development_tag_is_none_of_a_version() {
    let patterns = python();
    let tags = ["v0.8.0", "v0.8.1-dev", "v0.8.1rc1", "v0.8.1"];
    let index = TagIndex::new(&patterns, tags);
    let names: Vec<&str> = index.entries().iter().map(|entry| entry.tag.as_str()).collect();
    assert_eq!(names, ["v0.8.0", "v0.8.1-dev", "v0.8.1rc1", "v0.8.1"]);
    assert_eq!(index.duplicates().count(), 0);
    let versions: Vec<String> = index.versions().map(ToString::to_string).collect();
    assert_eq!(versions, ["0.8.0", "0.8.1rc1", "0.8.1"]);
}

#[test]
fn schemes_of_every_age_read_one_list() {
    let go = rules(
        &[
            ("v{version}", Scheme::Go, TagKind::Version),
            ("v{version}", Scheme::Pep440, TagKind::Version),
            ("{version}", Scheme::Semver, TagKind::Version),
        ],
        &NONE,
    );
    let index = TagIndex::new(
        &go,
        [
            "v0.2.0",
            "v0.2.0-rc.2",
            "0.0.1",
            "v0.2.0-RC1",
            "sync-1.5-x",
            "v0.2.0-rc.1",
            "v0.3.2-with-fix",
            "v0.2.0",
        ],
    );
    let read: Vec<(&str, Scheme)> =
        index.entries().iter().map(|entry| (entry.tag.as_str(), entry.rule.scheme())).collect();
    assert_eq!(
        read,
        [
            ("0.0.1", Scheme::Semver),
            ("v0.2.0-RC1", Scheme::Pep440),
            ("v0.2.0-rc.1", Scheme::Go),
            ("v0.2.0-rc.2", Scheme::Go),
            ("v0.2.0", Scheme::Go),
        ]
    );
    let twice: Vec<Vec<&str>> =
        index.duplicates().map(|tags| tags.iter().map(|entry| entry.tag.as_str()).collect()).collect();
    assert_eq!(twice, [["v0.2.0-RC1", "v0.2.0-rc.1"]]);
    let unread: Vec<&str> = index.unread().iter().map(|unread| unread.tag.as_str()).collect();
    assert_eq!(unread, ["sync-1.5-x", "v0.3.2-with-fix"]);
    assert_eq!(index.of(&"0.2.0rc1".parse().unwrap()).len(), 2);
    assert_eq!(index.of(&"0.2.0".parse().unwrap()).len(), 1);
    assert_eq!(index.of(&"9.0".parse().unwrap()), []);
    assert_eq!(index.last_final().unwrap().tag, "v0.2.0");
}

#[test]
fn packages_and_paths_tell_tags_apart() {
    let demo = TagVariables { package: Some("demo"), path: Some("pkg/demo") };
    let patterns = rules(
        &[
            ("{path}/v{version}", Scheme::Go, TagKind::Version),
            ("{package}@{version}", Scheme::Npm, TagKind::Version),
            ("v{version}", Scheme::Semver, TagKind::Version),
        ],
        &demo,
    );
    check(&patterns, "pkg/demo/v1.2.0-rc.1", "{path}/v{version}", "1.2.0rc1");
    check(&patterns, "demo@1.2.0", "{package}@{version}", "1.2.0");
    check(&patterns, "v1.2.0", "v{version}", "1.2.0");
    for tag in ["demo-extra@1.2.0", "pkg/demo2/v1.2.0", "pkg/v1.2.0", "@scope/demo@1.2.0"] {
        assert!(patterns.read(tag).is_err(), "{tag}");
    }
    let rule = TagRule::version("{package}@{version}".parse().unwrap(), Scheme::Npm);
    assert_eq!(TagPatterns::new([rule], &NONE), Err(FormatTagError::Missing { name: "package" }));
}

#[test]
fn a_rule_forms_the_tags_that_it_reads() {
    let format = |rule: &TagRule, version: &str| {
        rule.format(&version.parse().unwrap(), &NONE)
            .map_or_else(|error| error.to_string(), |tag| tag.to_string())
    };
    let go = TagRule::version("v{version}".parse().unwrap(), Scheme::Go);
    assert_eq!(format(&go, "0.1.0rc1"), "v0.1.0-rc.1");
    let python = TagRule::version("v{version}".parse().unwrap(), Scheme::Pep440);
    assert_eq!(format(&python, "0.1.0rc1"), "v0.1.0rc1");
    let start = TagRule::development("v{version}-dev".parse().unwrap(), Scheme::Pep440);
    assert_eq!(format(&start, "0.8.1.dev0"), "v0.8.1-dev");
    for version in ["0.8.1", "0.8.1.dev1", "0.8.1rc1", "0.8.1.dev0+x"] {
        assert_eq!(
            format(&start, version),
            format!(
                "`v{{version}}-dev` marks where development starts: {version} is not the first development version"
            )
        );
    }
    assert_eq!(
        format(&go, "0.1.0.post1"),
        "version 0.1.0.post1 cannot be written in the scheme go, which has no post-releases: use the next patch version"
    );
}

#[test]
fn odd_names_do_no_harm() {
    let patterns = python();
    let long = format!("v{}", "1.".repeat(50_000));
    let odd = [
        "stable",
        "tools-doc",
        "test-wheels-1",
        "test-v3.19.2",
        "latest",
        "nightly-2026-02-02",
        "2026-02-02",
        "release/1.0",
        "demo-1.0.0",
        "demo@1.0.0",
        "@scope/demo@1.0.0",
        "v1.0.0-alpha",
        "v1.0.0+build",
        "v1",
        "v1.x",
        "1.0.0.0.0",
        "v01.02",
        "v1!2.0",
        "v1.0.0^{}",
        "refs/tags/v1.0",
        "v1.0-",
        "-v1.0",
        "v1..0",
        "v1.0.0-rc.1.2",
        "v18446744073709551616",
        "v٣.١",
        "v1.0\u{200b}",
        "jdk-21+35",
        "r123",
        "20260202",
        "deadbeef",
        "1e5",
        long.as_str(),
    ];
    let index = TagIndex::new(&patterns, odd);
    assert_eq!(index.entries().len() + index.unread().len(), odd.len());
    let read: Vec<(&str, String)> =
        index.entries().iter().map(|entry| (entry.tag.as_str(), entry.version.to_string())).collect();
    let expected = [
        ("1.0.0.0.0", "1.0.0.0.0"),
        ("v1", "1"),
        ("v1.0.0+build", "1.0.0+build"),
        ("v01.02", "1.2"),
        ("20260202", "20260202"),
        ("v1!2.0", "1!2.0"),
    ];
    let mut expected: Vec<(&str, String)> =
        expected.iter().map(|&(tag, version)| (tag, version.to_owned())).collect();
    expected.insert(0, ("v1.0.0-alpha", "1.0.0a0".to_owned()));
    assert_eq!(read, expected);
    assert!(index.unread().iter().all(|unread| unread.to_string().len() < 1500));
}

#[test]
fn long_lists_are_read_whole() {
    let patterns = python();
    let tags: Vec<String> = (0..10_000)
        .map(|number| match number % 4 {
            0 => format!("v0.{number}.0"),
            1 => format!("v0.{number}.0rc1"),
            2 => format!("v0.{number}.1-dev"),
            _ => format!("other-{number}"),
        })
        .collect();
    let index = TagIndex::new(&patterns, &tags);
    assert_eq!((index.entries().len(), index.unread().len()), (7_500, 2_500));
    assert!(index.entries().is_sorted_by(|left, right| left.version <= right.version));
    assert_eq!(index.last_final().unwrap().tag, "v0.9996.0");
}

proptest! {
    #[test]
    fn every_tag_is_accounted_for(tags in prop::collection::vec("v?[0-9]\\.[0-9](rc[0-9])?(-dev)?x?", 0..12)) {
        let patterns = python();
        let index = TagIndex::new(&patterns, &tags);
        for tag in &tags {
            let entries = index.entries().iter().filter(|entry| entry.tag == *tag).count();
            let unread = index.unread().iter().filter(|unread| unread.tag == *tag).count();
            prop_assert!(entries == 1 && unread == 0 || entries == 0 && unread >= 1);
        }
        let several: usize = index.duplicates().map(<[_]>::len).sum();
        let alone = index.entries().iter().filter(|entry| index.of(&entry.version).len() == 1).count();
        prop_assert_eq!(several + alone, index.entries().len());
    }

    #[test]
    fn what_a_rule_forms_it_reads(major in 0..3_u64, minor in 0..30_u64, patch in 0..3_u64, scheme in 0..8_usize) {
        let version = ReleaseVersion::new(major, minor, patch);
        let rule = TagRule::version("v{version}".parse().unwrap(), Scheme::ALL[scheme]);
        if let Ok(tag) = rule.format(&version, &NONE) {
            let patterns = TagPatterns::new([rule], &NONE).unwrap();
            prop_assert_eq!(patterns.read(tag.as_str()).unwrap().version, version);
        }
    }
}
