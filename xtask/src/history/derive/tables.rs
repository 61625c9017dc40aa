//! Tables of options, as projects write them into `[tool.setuptools_scm]`.

use crate::conformance::Random;

const SCHEMES: [&str; 11] = [
    "guess-next-dev",
    "no-guess-dev",
    "only-version",
    "post-release",
    "semver-pep440",
    "python-simplified-semver",
    "semver-pep440-release-branch",
    "release-branch-semver",
    "calver-by-date",
    "towncrier-fragments",
    "guess-next-dev",
];

const LOCALS: [&str; 9] = [
    "\"node-and-date\"",
    "\"node-and-timestamp\"",
    "\"dirty-tag\"",
    "\"no-local-version\"",
    "\"fail-on-uncommitted-changes\"",
    "[\"fail-on-uncommitted-changes\", \"node-and-date\"]",
    "[\"dirty-tag\", \"node-and-date\"]",
    "\"no-local-version-strict\"",
    "\"node-and-date\"",
];

const EXPRESSIONS: [&str; 6] = [
    r"^(?P<prefix>v)?(?P<version>[^\+]+)(?P<suffix>.*)?$",
    r"^release/(?P<version>.+)$",
    r"^(?:[\w-]+-)?(?P<version>[vV]?\d+(?:\.\d+){0,2}[^\+]*)(?:\+.*)?$",
    r"^v?(\d+\.\d+(?:\.\d+)?)",
    r"^(?P<version>[0-9]+\.[0-9]+)(\.post[0-9]+|-final|\.[0-9]+)?$",
    r"(?<![a-z])(?P<version>\d[\w.]*)$",
];

const COMMANDS: [&str; 5] = [
    "\"git describe --dirty --tags --long --match *[0-9]*\"",
    "\"git describe --dirty --tags --long --first-parent\"",
    "[\"git\", \"describe\", \"--dirty\", \"--tags\", \"--long\", \"--match\", \"v*\"]",
    "\"git describe --dirty --long\"",
    "\"git describe --dirty --tags --long --exclude *rc* --abbrev=40\"",
];

/// A `pyproject.toml` with a table that is drawn, for the repository in `root`; the first is that of nobody's wishes.
pub(super) fn table(root: &str, number: u64, random: &mut Random) -> String {
    let mut text = format!("[tool.setuptools_scm]\nroot = \"{root}\"\n");
    if number == 0 {
        return text;
    }
    if random.chance(2, 3) {
        text += &format!("version_scheme = \"{}\"\n", random.pick(&SCHEMES));
    }
    if random.chance(2, 3) {
        text += &format!("local_scheme = {}\n", random.pick(&LOCALS));
    }
    if random.chance(1, 4) {
        text += &format!("tag_regex = '{}'\n", random.pick(&EXPRESSIONS));
    }
    if random.chance(1, 6) {
        text += &format!("fallback_version = \"{}\"\n", random.pick(&["0.0", "1.2.dev3", "7!1"]));
    }
    if random.chance(1, 8) {
        text += "normalize = false\n";
    }
    if random.chance(1, 8) {
        text += "search_parent_directories = true\n";
    }
    match random.below(8) {
        0 | 1 => text += &format!("git_describe_command = {}\n", random.pick(&COMMANDS)),
        2 => {
            text +=
                &format!("\n[tool.setuptools_scm.scm.git]\ndescribe_command = {}\n", random.pick(&COMMANDS));
        }
        _ => {}
    }
    text
}

#[cfg(test)]
mod tests {
    use toml_edit::DocumentMut;

    use super::table;
    use crate::conformance::Random;

    #[test]
    fn every_table_is_toml_and_names_its_repository() {
        let mut random = Random::new(1);
        let mut keys = std::collections::BTreeSet::new();
        for number in 0..500 {
            let text = table("../work", number, &mut random);
            let read: DocumentMut = text.parse().unwrap_or_else(|error| panic!("{error}:\n{text}"));
            let table = read["tool"]["setuptools_scm"].as_table().unwrap();
            assert_eq!(table["root"].as_str(), Some("../work"));
            keys.extend(table.iter().map(|(key, _)| key.to_owned()));
        }
        assert_eq!(keys.len(), 9, "{keys:?}");
    }
}
