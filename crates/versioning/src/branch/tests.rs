use proptest::prelude::*;

use super::*;
use crate::{ReleaseVersion, Scheme};

/// What a pattern makes of a branch: the line and the version, as text.
#[track_caller]
fn check(pattern: &str, branch: &str, expected: Option<(&str, Option<&str>)>) {
    let pattern: BranchPattern = pattern.parse().unwrap();
    let found = pattern.parse(branch, Scheme::Pep440);
    let actual =
        found.as_ref().map(|found| (found.line.to_string(), found.version.as_ref().map(ToString::to_string)));
    let expected = expected.map(|(line, version)| (line.to_owned(), version.map(str::to_owned)));
    assert_eq!(actual, expected, "{branch}");
    match found {
        Some(BranchMatch { version: Some(version), .. }) => {
            assert!(pattern.names_version());
            let back = pattern.format(&version, Scheme::Pep440).unwrap();
            assert_eq!(pattern.parse(back.as_str(), Scheme::Pep440).unwrap().version, Some(version));
        }
        Some(BranchMatch { line, version: None }) => {
            assert_eq!(pattern.format_line(line).unwrap().as_str(), branch);
        }
        None => {}
    }
}

#[track_caller]
fn check_refused(pattern: &str, expected: &str) {
    assert_eq!(pattern.parse::<BranchPattern>().unwrap_err().to_string(), expected);
}

#[test]
fn a_branch_is_read_whole_or_not_at_all() {
    check("release-{major}.{minor}.x", "release-0.4.x", Some(("0.4", None)));
    check("release-{major}.{minor}.x", "release-0.12.x", Some(("0.12", None)));
    for branch in [
        "release-0.4.0",
        "release-0.4",
        "release-0.2.10.1",
        "release-0.4.xy",
        "my-release-0.4.x",
        "release-00.4.x",
        "release-0.04.x",
        "release-+0.4.x",
        "release-0.4.x/fix",
        "release-a.4.x",
        "release-.4.x",
        "release-0..x",
        "Release-0.4.x",
        "release-99999999999999999999.4.x",
        "release-0.x",
        "",
    ] {
        check("release-{major}.{minor}.x", branch, None);
    }
    check("v{major}.{minor}", "v0.4", Some(("0.4", None)));
    check("v{major}.{minor}", "v0.4.1", None);
    check("releases/{major}", "releases/2", Some(("2", None)));
    check("releases/{major}", "releases/2.1", None);
    check("release-{major}.{minor}", "release-0.1", Some(("0.1", None)));
    check("release-{major}.{minor}", "release-0.2.10", None);
    check("{major}.x", "1.x", Some(("1", None)));
    check("{major}.{minor}", "1.2", Some(("1.2", None)));
    check("2.x-{major}", "2.x-1", Some(("1", None)));
}

#[test]
fn a_branch_can_be_of_one_version() {
    check("release/{version}", "release/0.4.0", Some(("0.4", Some("0.4.0"))));
    check("release-{version}", "release-0.2.10", Some(("0.2", Some("0.2.10"))));
    check("release-{version}", "release-0.1.5.1", Some(("0.1", Some("0.1.5.1"))));
    check("rc-{version}", "rc-0.2.24rc1", Some(("0.2", Some("0.2.24rc1"))));
    check("release/v{version}", "release/v1.1.2", Some(("1.1", Some("1.1.2"))));
    check("release-{version}-prep", "release-1.0-prep", Some(("1.0", Some("1.0"))));
    check("release-{version}", "release-0.2.x", None);
    check("release-{version}", "release-v0.2", None);
    check("release-{version}", "release- 0.2", None);
    check("release/{version}", "release/0.4.0/fix", None);
    check("{version}", "main", None);
    let go: BranchPattern = "release/v{version}".parse().unwrap();
    let found = go.parse("release/v0.4.0-rc.1", Scheme::Go).unwrap();
    assert_eq!(go.format(&found.version.unwrap(), Scheme::Go).unwrap().as_str(), "release/v0.4.0-rc.1");
}

#[test]
fn the_branch_of_a_version_follows_from_its_numbers() {
    let check = |pattern: &str, version: &str, expected: &str| {
        let pattern: BranchPattern = pattern.parse().unwrap();
        let branch = pattern.format(&version.parse().unwrap(), Scheme::Npm);
        assert_eq!(branch.map_or_else(|error| error.to_string(), |branch| branch.to_string()), expected);
    };
    check("release-{major}.{minor}.x", "0.4.5", "release-0.4.x");
    check("release-{major}.{minor}.x", "0.4.5.post1", "release-0.4.x");
    check("releases/{major}", "2.7.1rc1", "releases/2");
    check("release/{version}", "0.4.0rc1", "release/0.4.0-rc.1");
    check(
        "release/{version}",
        "0.4.0.post1",
        "version 0.4.0.post1 cannot be written in the scheme npm, which has no post-releases: use the next patch version",
    );
}

#[test]
fn lines_must_fit_their_pattern() {
    let minor = ReleaseLine { major: 0, minor: Some(4) };
    let major = ReleaseLine { major: 2, minor: None };
    let line = |pattern: &str, line| {
        pattern.parse::<BranchPattern>().unwrap().format_line(line).map_err(|error| error.to_string())
    };
    assert_eq!(line("releases/{major}", major).unwrap().as_str(), "releases/2");
    assert_eq!(
        line("v{major}.{minor}", major).unwrap_err(),
        "the branch pattern `v{major}.{minor}` does not name branches of lines such as 2"
    );
    assert!(line("releases/{major}", minor).is_err());
    assert!(line("release/{version}", minor).is_err());
    let version: ReleaseVersion = "0.4.5".parse().unwrap();
    assert_eq!(ReleaseLine::of(&version), minor);
    assert!(minor.contains(&version) && !major.contains(&version));
    assert!(major.contains(&"2.9".parse().unwrap()));
}

#[test]
fn malformed_patterns_are_refused() {
    let must = |pattern: &str| {
        format!(
            "branch pattern `{pattern}` must hold `{{major}}` once, perhaps with one `{{minor}}`, or `{{version}}` alone"
        )
    };
    for pattern in
        ["main", "{minor}", "{major}.{major}", "{version}/{version}", "{major}/{version}", "x{minor}.y", ""]
    {
        check_refused(pattern, &must(pattern));
    }
    for pattern in ["{major}{minor}", "v{major}0", "{major}.{minor}1.x"] {
        check_refused(
            pattern,
            &format!("branch pattern `{pattern}` must have other text than a digit after each placeholder"),
        );
    }
    check_refused("release {major}", "branch pattern `release {major}` gives names that git refuses");
    check_refused("-{major}", "branch pattern `-{major}` gives names that git refuses");
    check_refused("{major}.", "branch pattern `{major}.` gives names that git refuses");
    check_refused("v{majro}", "unknown placeholder `{majro}` at character 2: did you mean `{major}`?");
    let json = "\"release-{major}.{minor}.x\"";
    let pattern: BranchPattern = serde_json::from_str(json).unwrap();
    assert_eq!(serde_json::to_string(&pattern).unwrap(), json);
    assert!(serde_json::from_str::<BranchPattern>("\"main\"").is_err());
}

proptest! {
    #[test]
    fn lines_read_back(
        before in "[a-z/-]{0,8}[0-9]?", between in "[./-][a-z]{0,3}", after in "([./-][a-z0-9]{1,3})?",
        major in any::<u64>(), minor in prop::option::of(any::<u64>()),
    ) {
        let pattern = match minor {
            Some(_) => format!("{before}{{major}}{between}{{minor}}{after}"),
            None => format!("{before}{{major}}{after}"),
        };
        if let Ok(pattern) = pattern.parse::<BranchPattern>() {
            let line = ReleaseLine { major, minor };
            if let Ok(branch) = pattern.format_line(line) {
                let found = pattern.parse(branch.as_str(), Scheme::Pep440);
                prop_assert_eq!(found, Some(BranchMatch { line, version: None }));
            }
        }
    }

    #[test]
    fn what_is_read_formats_back(branch in "(release-)?[0-9.x/-]{0,10}") {
        let pattern: BranchPattern = "release-{major}.{minor}.x".parse().unwrap();
        if let Some(found) = pattern.parse(&branch, Scheme::Pep440) {
            let back = pattern.format_line(found.line).unwrap();
            prop_assert_eq!(back.as_str(), branch);
        }
    }
}
