mod laws;

use std::collections::BTreeMap;

use tminus_versioning::{ExistingVersions, Level, NextStep, ReleaseVersion, Scheme};

use super::{Asked, CurrentVersion, Group, GroupError, GroupKind, GroupMember, Groups, NextVersion};
use crate::PackageId;

type Next = Result<BTreeMap<PackageId, NextVersion>, GroupError>;

fn id(text: &str) -> PackageId {
    text.parse().unwrap()
}

fn group(name: &str, kind: GroupKind, members: &[&str]) -> Group {
    let members = members.iter().map(|member| member.parse().unwrap()).collect();
    Group { name: name.to_owned(), kind, members }
}

fn current(text: &str, scheme: Scheme, existing: &[&str]) -> CurrentVersion {
    let read = |text: &str| ReleaseVersion::parse(scheme, text).unwrap();
    let existing: ExistingVersions = existing.iter().map(|text| read(text)).collect();
    CurrentVersion { version: read(text), scheme, existing }
}

fn release(level: Level) -> Asked {
    Asked::Step(NextStep::Release(level))
}

fn exactly(text: &str) -> Asked {
    Asked::Version(text.parse().unwrap())
}

fn texts(next: Next) -> Vec<String> {
    next.unwrap().into_iter().map(|(id, next)| format!("{} {}", id.name(), next.text)).collect()
}

/// What `assemble-release-plan` 6 of changesets answered: the kind of the group, its packages, all versions, what was
/// asked, what came out. No package needs another one, so that nothing but the group joins them.
#[test]
fn fixed_and_linked_are_those_of_changesets() {
    let facts = include_str!("changesets.tsv");
    let pairs = |text: &str| -> Vec<(PackageId, String)> {
        let pair = |word: &str| {
            word.split_once('=').map(|(name, value)| (id(&format!("npm:{name}")), value.to_owned()))
        };
        text.split(' ').filter_map(pair).collect()
    };
    for line in facts.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let kind = if columns[0] == "fixed" { GroupKind::Fixed } else { GroupKind::Linked };
        let members: Vec<String> = columns[1].split(' ').map(|name| format!("npm:{name}")).collect();
        let members: Vec<&str> = members.iter().map(String::as_str).collect();
        let current: BTreeMap<PackageId, CurrentVersion> = pairs(columns[2])
            .into_iter()
            .map(|(id, version)| (id, current(&version, Scheme::Npm, &[])))
            .collect();
        let level = |word: &str| match word {
            "patch" => Level::Patch,
            "minor" => Level::Minor,
            "major" => Level::Major,
            _ => panic!("{line}"),
        };
        let asked = pairs(columns[3]).into_iter().map(|(id, word)| (id, release(level(&word)))).collect();
        let groups = Groups::resolve(&[group("g", kind, &members)], current.keys()).unwrap();
        let next = groups.next_versions(&current, &asked).unwrap();
        let next: Vec<(PackageId, String)> = next.into_iter().map(|(id, next)| (id, next.text)).collect();
        assert_eq!(next, pairs(columns[4]), "{line}");
    }
    assert_eq!(facts.lines().count(), 60);
}

#[test]
fn members_are_named_or_matched() {
    #[track_caller]
    fn check(member: &str, expected: &[&str]) {
        let packages =
            ["pypi:demo-core", "pypi:demo-cli", "pypi:other", "npm:@demo/ui", "npm:demo-core"].map(id);
        let member: GroupMember = member.parse().unwrap();
        let found: Vec<String> =
            packages.iter().filter(|id| member.matches(id)).map(ToString::to_string).collect();
        assert_eq!(found, expected, "{member}");
    }
    check("pypi:Demo_Core", &["pypi:demo-core"]);
    check("pypi:Demo_*", &["pypi:demo-core", "pypi:demo-cli"]);
    check("pypi:{demo-cli,other}", &["pypi:demo-cli", "pypi:other"]);
    check("npm:*", &["npm:demo-core"]);
    check("npm:@demo/*", &["npm:@demo/ui"]);
    check("npm:**", &["npm:@demo/ui", "npm:demo-core"]);
    check("pypi:demo", &[]);
    for text in ["demo-*", "conda:demo", "pypi:", "pypi:demo-{a", "pypi:[", "*:demo"] {
        let error = text.parse::<GroupMember>().unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("{text:?} names no packages: write `pypi:NAME`, or a pattern such as `npm:@demo/*`")
        );
    }
    assert_eq!(GroupMember::from(id("npm:@demo/ui")), "npm:@demo/ui".parse().unwrap());
}

#[test]
fn groups_that_make_no_sense_are_refused() {
    #[track_caller]
    fn check(groups: &[Group], expected: &str) {
        let packages = ["pypi:a", "pypi:b"].map(id);
        assert_eq!(Groups::resolve(groups, &packages).unwrap_err().to_string(), expected);
    }
    let fixed = |name: &str, members: &[&str]| group(name, GroupKind::Fixed, members);
    check(
        &[fixed("x", &["pypi:a"]), fixed("x", &["pypi:b"])],
        "there are two groups \"x\": rename one of them",
    );
    check(
        &[fixed("x", &["pypi:a", "pypi:c*"])],
        "group \"x\": no package of this repository is pypi:c*: mend or remove it",
    );
    check(
        &[fixed("x", &["pypi:a"]), fixed("y", &["pypi:*"])],
        "pypi:a is in the groups \"x\" and \"y\": take it out of one of them",
    );
    // Twice in one group is once.
    let packages = ["pypi:a", "pypi:b"].map(id);
    let groups = Groups::resolve(&[fixed("x", &["pypi:a", "pypi:*"])], &packages).unwrap();
    assert_eq!(groups.groups()[0].packages, packages);
    assert_eq!(groups.of(&packages[1]).map(|group| group.name.as_str()), Some("x"));
    assert_eq!(groups.of(&id("pypi:c")), None);
}

/// A Python package and the npm package of the same train.
fn pair(kind: GroupKind, asked: &[(&str, Asked)]) -> Next {
    let current = BTreeMap::from([
        (id("npm:ui"), current("1.2.0", Scheme::Npm, &["1.3.0"])),
        (id("pypi:core"), current("1.1.0", Scheme::Pep440, &["1.1.0", "1.2.1"])),
        (id("pypi:lone"), current("0.1.0", Scheme::Pep440, &[])),
    ]);
    let groups = Groups::resolve(&[group("train", kind, &["npm:ui", "pypi:core"])], current.keys()).unwrap();
    let asked = asked.iter().map(|(name, asked)| (id(name), asked.clone())).collect();
    groups.next_versions(&current, &asked)
}

#[test]
fn a_group_counts_on_from_what_exists_of_any_of_its_packages() {
    let patch = [("pypi:core", release(Level::Patch))];
    assert_eq!(texts(pair(GroupKind::Fixed, &patch)), ["core 1.2.2", "ui 1.2.2"]);
    assert_eq!(texts(pair(GroupKind::Linked, &patch)), ["core 1.2.2"]);
    assert_eq!(texts(pair(GroupKind::Independent, &patch)), ["core 1.1.1"]);
    let minor = [("npm:ui", release(Level::Patch)), ("pypi:core", release(Level::Minor))];
    assert_eq!(texts(pair(GroupKind::Linked, &minor)), ["core 1.4.0", "ui 1.4.0"]);
    let candidate = [("pypi:core", Asked::Step(NextStep::Candidate(Some(Level::Minor))))];
    assert_eq!(texts(pair(GroupKind::Fixed, &candidate)), ["core 1.4.0rc1", "ui 1.4.0-rc.1"]);
    let next =
        pair(GroupKind::Fixed, &[("pypi:core", release(Level::Patch)), ("pypi:lone", release(Level::Major))]);
    let next = next.unwrap();
    let said: Vec<(Option<&str>, bool)> =
        next.values().map(|next| (next.group.as_deref(), next.asked)).collect();
    assert_eq!(said, [(Some("train"), true), (None, true), (Some("train"), false)]);
    assert_eq!(pair(GroupKind::Fixed, &[]).unwrap().len(), 0);
}

#[test]
fn a_version_that_is_asked_for_is_taken_or_refused() {
    let one = [("npm:ui", exactly("2.0.0"))];
    assert_eq!(texts(pair(GroupKind::Fixed, &one)), ["core 2.0.0", "ui 2.0.0"]);
    let above = [("npm:ui", exactly("2.0.0")), ("pypi:core", release(Level::Minor))];
    assert_eq!(texts(pair(GroupKind::Linked, &above)), ["core 2.0.0", "ui 2.0.0"]);
    let same = [("npm:ui", exactly("2.0")), ("pypi:core", exactly("2.0.0"))];
    assert_eq!(texts(pair(GroupKind::Fixed, &same)), ["core 2.0.0", "ui 2.0.0"]);
    #[track_caller]
    fn check(asked: &[(&str, Asked)], expected: &str) {
        assert_eq!(pair(GroupKind::Linked, asked).unwrap_err().to_string(), expected);
    }
    check(
        &[("npm:ui", exactly("2.0.0")), ("pypi:core", exactly("3.0.0"))],
        "group \"train\": pypi:core asks for 3.0.0, npm:ui for 2.0.0: ask for one of them",
    );
    check(
        &[("npm:ui", exactly("1.2.5")), ("pypi:core", release(Level::Major))],
        "group \"train\": npm:ui asks for 1.2.5, pypi:core for 2.0.0: ask for one of them",
    );
    check(&[("pypi:core", exactly("1.2.0"))], "npm:ui: 1.2.0 is not above 1.2.0: ask for a later version");
    check(&[("pypi:core", exactly("1.3.0"))], "pypi:core: 1.3.0 exists already: ask for a later version");
    check(&[("pypi:nobody", release(Level::Patch))], "pypi:nobody has no version that could be changed");
    let error = pair(GroupKind::Fixed, &[("pypi:core", exactly("1.2.0.post1"))]).unwrap_err();
    assert!(matches!(&error, GroupError::CannotWrite { id, .. } if id.name() == "ui"), "{error}");
    assert!(pair(GroupKind::Independent, &[("pypi:core", exactly("1.2.0.post1"))]).is_ok());
    let error = pair(GroupKind::Fixed, &[("pypi:core", Asked::Step(NextStep::Final))]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "pypi:core: 1.2.0 is a finished release: say first whether a major, minor or patch release comes next"
    );
}
