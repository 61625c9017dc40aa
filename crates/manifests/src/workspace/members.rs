//! Which directories are members of a workspace, as its tool decides it.

use super::glob::{Dialect, Glob, normalized};
use crate::{Members, WorkspaceTool};

/// The members of a workspace, by directories from its root.
#[derive(Debug, Clone)]
pub(super) enum Rule {
    /// Every directory that a pattern names, but for those that another one names.
    Patterns { include: Vec<Glob>, exclude: Vec<Glob> },
    /// Cargo: `exclude` lists directories with all that is in them, and yields to a member that is named without
    /// wildcards.
    Cargo { include: Vec<Glob>, named: Vec<String>, exclude: Vec<String> },
}

/// A pattern that is none, and why.
pub(super) type BadPattern = (String, String);

impl Rule {
    pub(super) fn new(members: &Members) -> Result<Self, BadPattern> {
        let include = members.include.iter().map(String::as_str);
        let exclude = members.exclude.iter().map(String::as_str);
        match members.tool {
            WorkspaceTool::Uv => Ok(Self::Patterns {
                include: globs(include, Dialect::Rust)?,
                exclude: globs(exclude, Dialect::RustCrossing)?,
            }),
            WorkspaceTool::Pnpm => pnpm(include, exclude),
            WorkspaceTool::Npm => npm(include, exclude),
            WorkspaceTool::Cargo => Ok(Self::Cargo {
                include: globs(include.clone(), Dialect::Rust)?,
                named: include.map(normalized).collect(),
                exclude: exclude.map(|path| normalized(path.strip_suffix("/**").unwrap_or(path))).collect(),
            }),
        }
    }

    /// Whether a pattern names a directory as a member.
    pub(super) fn lists(&self, directory: &str) -> bool {
        let (Self::Patterns { include, .. } | Self::Cargo { include, .. }) = self;
        include.iter().any(|glob| glob.matches(directory)) && !self.takes_out(directory)
    }

    /// Whether a directory is taken out, also where a member needs it by its path.
    pub(super) fn takes_out(&self, directory: &str) -> bool {
        match self {
            Self::Patterns { exclude, .. } => exclude.iter().any(|glob| glob.matches(directory)),
            Self::Cargo { named, exclude, .. } => {
                let below = |path: &String| is_below(directory, path);
                exclude.iter().any(below) && !named.iter().any(below)
            }
        }
    }
}

/// Whether a path is another one or lies below it.
pub(super) fn is_below(path: &str, directory: &str) -> bool {
    directory.is_empty()
        || path.strip_prefix(directory).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn globs<'a>(patterns: impl Iterator<Item = &'a str>, dialect: Dialect) -> Result<Vec<Glob>, BadPattern> {
    patterns.map(|pattern| glob(pattern, dialect)).collect()
}

fn glob(pattern: &str, dialect: Dialect) -> Result<Glob, BadPattern> {
    Glob::new(pattern, dialect).map_err(|message| (pattern.to_owned(), message))
}

/// pnpm: what one pattern with `!` names is out, wherever that stands.
fn pnpm<'a>(
    include: impl Iterator<Item = &'a str>,
    exclude: impl Iterator<Item = &'a str>,
) -> Result<Rule, BadPattern> {
    let (mut taken, mut out) = (Vec::new(), globs(exclude, Dialect::Node)?);
    for pattern in include {
        match pattern.strip_prefix('!') {
            Some(negated) => out.push(glob(negated, Dialect::Node)?),
            None => taken.push(glob(pattern, Dialect::Node)?),
        }
    }
    Ok(Rule::Patterns { include: taken, exclude: out })
}

/// npm: a pattern takes back the ones with `!` before it that name the pattern itself, and what is left of those
/// strikes the patterns that it names.
fn npm<'a>(
    include: impl Iterator<Item = &'a str>,
    exclude: impl Iterator<Item = &'a str>,
) -> Result<Rule, BadPattern> {
    let (mut taken, mut out): (Vec<Glob>, Vec<Glob>) = (Vec::new(), Vec::new());
    for pattern in include {
        let bare = pattern.trim_start_matches('!');
        let is_negated = (pattern.len() - bare.len()) % 2 == 1;
        let found = glob(bare.strip_prefix('.').unwrap_or(bare).trim_start_matches('/'), Dialect::Node);
        let found =
            if bare.starts_with("./") || bare.starts_with('/') { found } else { glob(bare, Dialect::Node) }?;
        if is_negated {
            out.push(found);
        } else {
            out.retain(|negated| !negated.matches(found.text()));
            taken.push(found);
        }
    }
    out.extend(globs(exclude, Dialect::Node)?);
    taken.retain(|pattern| !out.iter().any(|negated| negated.matches(pattern.text())));
    Ok(Rule::Patterns { include: taken, exclude: out })
}
