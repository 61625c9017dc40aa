//! The describe command of a project, without running a program.

use tminus_vcs::DescribeOptions;
use tminus_versioning::scm::DescribeCommand;

/// The fewest digits of an abbreviated id.
const SHORTEST: usize = 4;

/// What a `git describe` command asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) options: DescribeOptions,
    /// How many digits of the commit are printed; 0 is none at all.
    pub(super) abbreviation: Option<usize>,
    pub(super) long: bool,
    pub(super) always: bool,
    /// What is printed after a commit with changes.
    pub(super) dirty: Option<String>,
}

impl Plan {
    /// Reads a command.
    pub(super) fn read(command: &DescribeCommand) -> Result<Self, String> {
        let mut words = command.arguments().iter().map(String::as_str);
        let program = words.next().unwrap_or_default();
        if program != "git" {
            return Err(format!(
                "programs of a project are not run, only `git describe` is understood, not `{program}`"
            ));
        }
        let mut words = words.skip_while(|word| *word == "--no-pager");
        match words.next() {
            Some("describe") => {}
            Some(other) => return Err(format!("only `git describe` is understood, not `git {other}`")),
            None => return Err("only `git describe` is understood".to_owned()),
        }
        let mut plan = Self {
            options: DescribeOptions::default(),
            abbreviation: None,
            long: false,
            always: false,
            dirty: None,
        };
        let mut revision = None;
        while let Some(word) = words.next() {
            let (name, value) = match word.split_once('=') {
                Some((name, value)) if name.starts_with("--") => (name, Some(value)),
                _ => (word, None),
            };
            let mut needed = || {
                let value = value.or_else(|| words.next());
                value.map(str::to_owned).ok_or_else(|| format!("`{name}` needs a value"))
            };
            match (name, value) {
                ("--match", _) => plan.options.matching.push(needed()?),
                ("--exclude", _) => plan.options.excluding.push(needed()?),
                ("--candidates", _) => plan.options.candidates = number(name, &needed()?)?,
                ("--abbrev", None) => plan.abbreviation = None,
                ("--abbrev", Some(value)) => {
                    let digits = number(name, value)?;
                    plan.abbreviation = Some(if digits == 0 { 0 } else { digits.max(SHORTEST) });
                }
                ("--no-abbrev", None) => plan.abbreviation = Some(0),
                ("--dirty", _) => plan.dirty = Some(value.unwrap_or("-dirty").to_owned()),
                ("--no-dirty", None) => plan.dirty = None,
                ("--tags", None) => plan.options.light = true,
                ("--no-tags", None) => plan.options.light = false,
                ("--long", None) => plan.long = true,
                ("--no-long", None) => plan.long = false,
                ("--always", None) => plan.always = true,
                ("--first-parent", None) => plan.options.first_parent = true,
                ("--exact-match", None) => plan.options.candidates = 0,
                ("HEAD" | "@", None) if revision.is_none() => revision = Some(word),
                _ => return Err(format!("`{word}` is not understood")),
            }
        }
        if revision.is_some() && plan.dirty.is_some() {
            return Err("git accepts no revision beside `--dirty`".to_owned());
        }
        if plan.long && plan.abbreviation == Some(0) {
            return Err("git accepts no `--long` beside `--abbrev=0`".to_owned());
        }
        Ok(plan)
    }
}

fn number(name: &str, text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| format!("`{name}` needs a number, not `{text}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn read(line: &str) -> Result<Plan, String> {
        Plan::read(&DescribeCommand::from_line(line).unwrap())
    }

    #[test]
    fn options_are_read_as_git_reads_them() {
        let plan = read("git describe --dirty --tags --long --abbrev=40 --match 'v*' --match=w --exclude x")
            .unwrap();
        assert_eq!(plan.options.matching, ["v*", "w"]);
        assert_eq!(plan.options.excluding, ["x"]);
        assert_eq!(plan.dirty.as_deref(), Some("-dirty"));
        assert_eq!(plan.abbreviation, Some(40));
        assert!(plan.long && plan.options.light && !plan.always);
        assert_eq!(read("git describe --abbrev=2").unwrap().abbreviation, Some(4));
        assert_eq!(read("git describe --abbrev").unwrap().abbreviation, None);
        assert_eq!(read("git describe --dirty=+x HEAD~1").map(|plan| plan.dirty).ok(), None);
        assert_eq!(read("git describe --exact-match HEAD").unwrap().options.candidates, 0);
        assert_eq!(read("git --no-pager describe --first-parent").unwrap().options.candidates, 10);
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for line in [
            "./version.sh",
            "git",
            "git tag --list",
            "git describe --contains",
            "git describe --all",
            "git describe v1.0",
            "git describe --match",
            "git describe --candidates=many",
            "git describe --long --abbrev=0",
        ] {
            assert!(read(line).is_err(), "{line}");
        }
    }
}
