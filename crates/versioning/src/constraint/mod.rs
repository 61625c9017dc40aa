//! Dependency constraints, read and rewritten in their own style.
//!
//! [`rewrite`] takes the text of a constraint and a new version and gives the constraint that admits it, with the
//! operators, the order, the white space and the number of components that stand in the text: `>=0.12.44,<0.13`
//! becomes `>=0.13.2,<0.14`, and `>=0.12,<0.13` becomes `>=0.13,<0.14`. [`satisfies`] says whether a version is admitted.
//! [`pep508::Requirement`] finds the parts of a Python requirement, so that one of them can be replaced.
//!
//! # Rules of the style
//!
//! - **Lower bounds** (`>=`, `==`, `~=`, `^`, `~`, a bare version, the low end of `a - b`) move to the new version, with as
//!   many numbers as they had. `>` names a version that is not admitted and stays.
//! - **Precision grows** where less would not admit the version: `==0.12` to 0.13.2 is `==0.13.2`. A pre-release is written
//!   with all numbers that are not zero at its end, in SemVer with all three: `>=0.12` to 0.13.0rc1 is `>=0.13rc1`, `^1.2`
//!   to 2.0.0-rc.1 is `^2.0.0-rc.1`.
//! - **The width stays**: a pre-release leaves as much room above it as its release would, no less and no more. Where the
//!   operator would count in another place for the longer version, or has no place for a pre-release, a pair of bounds
//!   says the same: `~=1.4` to 2.0.1rc1 is `>=2.0.1rc1,<3`, `~1` to 2.0.1-rc.1 is `>=2.0.1-rc.1 <3`, `==1.4.*` to 1.5.0rc1
//!   is `>=1.5rc1,<1.6`. A pair stays one when the release follows. `*` has no width, and refuses a pre-release.
//! - **Upper bounds** move only when they exclude the new version, to the next number in the place of their last number
//!   that is not zero: `<2` and `<2.0.0` count majors, `<0.13` and `<0.13.0` minors, `<1.4.7` patches. The lower bound need
//!   not be asked: where the two first differ, the upper one is not zero. `<=` does the same where zeros follow
//!   (`1.2.3 - 2.0.0` to 2.3.4 is `2.3.4 - 3.0.0`), else it names the new version. `<1.5.post1` counts post-releases: for 1.6
//!   it is `<1.6.post1`. No upper bound moves down, also where lowering is allowed.
//! - **Upper bounds with a pre-release**: the lowest ones stay what they are (`<2.0.0-0`, `<0.13.dev0`, `<0.13a0`), others
//!   become final: `<2.0rc1` to 2.0 is `<3.0`. `>=1.0,<2.0rc1` does that for 2.0b1 too, since only pre-releases would be left
//!   otherwise; without a lower bound to move, `<2.0rc1` admits 2.0b1 and stays. A range within the pre-releases of one
//!   version (`>=2.0b1,<2.0rc1`) follows none that it excludes, which is an error.
//! - **Excluded versions** (`!=`) stay.
//! - **Alternatives** (`^1 || ^2`): the one that admits the new version follows it, the others stay. If none does and all lie
//!   below, a new one in the style of the last is added: `^1 || ^2 || ^3`. A pre-release goes where its release would go;
//!   if that one begins above it, or is none, a constraint that already admits the pre-release stays.
//! - **npm references**: what stands behind `workspace:` and `npm:name@` is rewritten, and what names no version
//!   (`workspace:^`, `file:`, `catalog:`, a tag such as `latest`) is left alone and [reported](Outcome::Reference).
//! - **Local parts and build metadata** of the new version are written only behind `==` and `===`.
//!
//! A pre-release counts as admitted when an installer would take it without being asked for pre-releases: in Python and
//! Poetry when a clause other than `!=` names a pre-release, in npm and Cargo by their own rules. Every result is
//! checked with the matcher of its ecosystem before it is returned. Only [`Shape::Drop`] is held to less in Python and
//! Poetry: without a constraint, an installer that is told to take a pre-release (`demo==2.0rc1` beside `demo`) takes it,
//! and that is how a dropped pin is used while a release is staged. npm and Cargo know no such thing.
//!
//! # Deviations
//!
//! - `===` without text behind it is refused, see [`pep508`].
//! - Poetry's library simplifies constraints before it matches, and so sometimes excludes a post-release that each clause
//!   by itself admits: `!=1.0,<2` does not admit 1.0.post1 there. Here the clauses decide.
//! - `<>1.0` is refused in a constraint of Poetry, whose library reads it as `==1.0`.

use std::fmt;
use std::ops::Range;

mod admission;
mod error;
mod keep;
mod pair;
pub mod pep508;
mod poetry;
mod reference;
mod scan;
mod shape;
mod target;
#[cfg(test)]
mod tests;
mod upper;

pub use error::{InvalidVersion, ParseConstraintError, Reference, RewriteError, SatisfiesError};

use reference::Content;
use scan::Scanned;
use target::Target;

/// The longest constraint or requirement that is read, in bytes.
pub const MAX_CONSTRAINT_BYTES: usize = 4096;

/// Whose grammar a constraint follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ecosystem {
    /// The version specifiers of [PEP 440](https://packaging.python.org/en/latest/specifications/version-specifiers/): `>=1.2,<2`.
    Python,
    /// The constraints of Poetry, over versions of PEP 440: `^1.2`, `~1.2`, `1.*`, `^1 || ^2`.
    Poetry,
    /// The ranges of npm, with what stands for a range in a `package.json`: `^1.2.3`, `workspace:^1.2.3`.
    Npm,
    /// The requirements of Cargo, where a bare version is a caret: `1.2`.
    Cargo,
    /// The minimum versions of a `go.mod`: `v1.2.3`.
    Go,
}

impl Ecosystem {
    /// Every ecosystem.
    pub const ALL: [Self; 5] = [Self::Python, Self::Poetry, Self::Npm, Self::Cargo, Self::Go];

    fn constraint_name(self) -> &'static str {
        match self {
            Self::Python => "a Python version specifier",
            Self::Poetry => "a Poetry constraint",
            Self::Npm => "an npm range",
            Self::Cargo => "a Cargo version requirement",
            Self::Go => "a Go version",
        }
    }

    /// Whether operators are held to what PEP 440 says about them; Poetry reads `~=1` and `>=1.0+local`.
    fn is_strict_pep440(self) -> bool {
        self == Self::Python
    }

    /// Whether versions are those of PEP 440.
    fn is_python(self) -> bool {
        matches!(self, Self::Python | Self::Poetry)
    }
}

impl fmt::Display for Ecosystem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Python => "Python",
            Self::Poetry => "Poetry",
            Self::Npm => "npm",
            Self::Cargo => "Cargo",
            Self::Go => "Go",
        })
    }
}

/// How a constraint is to be rewritten. The default keeps the style, raises and never lowers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct How {
    /// What the result looks like.
    pub shape: Shape,
    /// Whether a constraint that already admits the version is rewritten.
    pub when: When,
    /// Whether a lower bound may move down; otherwise that is [`RewriteError::WouldLower`].
    pub allow_lowering: bool,
}

/// What a rewritten constraint looks like, shown for version 1.2.3.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Shape {
    /// As before, by the [rules of the style](self#rules-of-the-style).
    #[default]
    Keep,
    /// This version alone: `==1.2.3`, in npm `1.2.3`, in Cargo `=1.2.3`.
    Exact,
    /// The same minor version: `~=1.2.3` or `~1.2.3`.
    Compatible,
    /// Up to the next breaking version: `^1.2.3`, in Cargo `1.2.3`, in Python `>=1.2.3,<2`.
    Caret,
    /// Anything from this version on: `>=1.2.3`, in Go `v1.2.3`.
    Minimum,
    /// Up to the next minor version: `>=1.2.3,<1.3`.
    NextMinor,
    /// Up to the next major version: `>=1.2.3,<2`.
    NextMajor,
    /// Any version: `*`, in Python no text at all. In Python and Poetry also for a pre-release.
    Drop,
    /// As before where that admits the version; else upper bounds move, and what bounds on both sides (`==1.1`, `~=1.1`,
    /// `^1.1`) becomes `>=1.1`. No lower bound rises.
    Loosen,
}

/// Whether a constraint that already admits the version is rewritten.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum When {
    /// Always: the lower bound moves to the version.
    #[default]
    Raise,
    /// Only when the constraint does not admit the version.
    OnlyIfNeeded,
}

/// One place of a text that was replaced.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Edit {
    /// The bytes of the old text that were replaced, empty where something was inserted.
    pub span: Range<usize>,
    /// What stood there.
    pub old: String,
    /// What stands there now.
    pub new: String,
}

/// What became of a constraint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The text is another one.
    Changed,
    /// The text already says it, or [`When::OnlyIfNeeded`] found nothing to do.
    Unchanged,
    /// The text names no versions and was left alone.
    Reference(Reference),
}

/// A constraint after [`rewrite`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Rewritten {
    text: String,
    edits: Vec<Edit>,
    outcome: Outcome,
}

impl Rewritten {
    /// The whole new text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The replaced places, in the order of the text.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// What became of the constraint.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Whether the new text admits the new version: always, except where it names no versions and nobody can say.
    ///
    /// Behind [`Shape::Drop`] it may take an installer that is told to take a pre-release.
    pub fn admits(&self) -> Option<bool> {
        match self.outcome {
            Outcome::Reference(_) => None,
            Outcome::Changed | Outcome::Unchanged => Some(true),
        }
    }

    fn unchanged(text: &str, outcome: Outcome) -> Self {
        Self { text: text.to_owned(), edits: Vec::new(), outcome }
    }
}

/// Rewrites a constraint so that it admits a version.
///
/// Both are text in the spelling of the ecosystem. Whatever is not replaced stays byte for byte.
///
/// ```
/// use tminus_versioning::constraint::{Ecosystem, How, Shape, rewrite};
///
/// let pin = rewrite(Ecosystem::Python, ">=0.12.44, <0.13", "0.13.2", How::default())?;
/// assert_eq!(pin.text(), ">=0.13.2, <0.14");
/// assert_eq!(pin.edits()[0].old, "0.12.44");
///
/// let exact = How { shape: Shape::Exact, ..How::default() };
/// assert_eq!(rewrite(Ecosystem::Cargo, "1.2", "1.4.0", exact)?.text(), "=1.4.0");
/// # Ok::<(), tminus_versioning::constraint::RewriteError>(())
/// ```
///
/// # Errors
///
/// - a malformed constraint or version
/// - a version below a lower bound, unless lowering is allowed
/// - a result that would not admit the version: `>=1.0,!=1.5` to 1.5, `1.x` to 2.0.0-rc.1
/// - a shape that the ecosystem cannot write: an upper bound in Go
pub fn rewrite(ecosystem: Ecosystem, text: &str, to: &str, how: How) -> Result<Rewritten, RewriteError> {
    let target = Target::parse(ecosystem, to)?;
    let inner = match reference::content(ecosystem, text)? {
        Content::Reference(reference) => {
            return Ok(Rewritten::unchanged(text, Outcome::Reference(reference)));
        }
        Content::Range(inner) => inner,
    };
    rewrite_range(ecosystem, text, inner, &target, how)
}

/// Rewrites the range in some bytes of a text.
fn rewrite_range(
    ecosystem: Ecosystem,
    text: &str,
    inner: Range<usize>,
    target: &Target,
    how: How,
) -> Result<Rewritten, RewriteError> {
    let scanned = Scanned::read(ecosystem, text, inner.clone())?;
    let admitted = admission::admits(&scanned, target)?;
    if admitted && how.when == When::OnlyIfNeeded {
        return Ok(Rewritten::unchanged(text, Outcome::Unchanged));
    }
    let edits = match how.shape {
        Shape::Loosen if admitted => Vec::new(),
        Shape::Keep | Shape::Loosen => keep::edits(&scanned, target, how)?,
        Shape::Exact
        | Shape::Compatible
        | Shape::Caret
        | Shape::Minimum
        | Shape::NextMinor
        | Shape::NextMajor
        | Shape::Drop => shape::edits(&scanned, target, how)?,
    };

    let (result, range) = apply(text, inner, &edits);
    let outcome = if result == text { Outcome::Unchanged } else { Outcome::Changed };
    let not_admitted = || RewriteError::NotAdmitted {
        text: text.to_owned(),
        result: result.clone(),
        version: target.text().to_owned(),
    };
    if result.len() > MAX_CONSTRAINT_BYTES {
        return Err(ParseConstraintError::too_long(result.len()).into());
    }
    // The result is read again from its text, so that what is checked is what a package manager will see.
    let Ok(again) = Scanned::read(ecosystem, &result, range) else {
        return Err(not_admitted());
    };
    let admits = match how.shape {
        Shape::Drop => admission::admits_told(&again, target),
        _ => admission::admits(&again, target),
    };
    if !admits.is_ok_and(|admits| admits) {
        return Err(not_admitted());
    }
    Ok(Rewritten { text: result, edits, outcome })
}

/// Whether a version satisfies a constraint, both as text in the spelling of the ecosystem.
///
/// ```
/// use tminus_versioning::constraint::{Ecosystem, satisfies};
///
/// assert!(satisfies(Ecosystem::Python, ">=0.12,<0.13", "0.12.44")?);
/// assert!(!satisfies(Ecosystem::Npm, "workspace:^1.2.3", "2.0.0")?);
/// # Ok::<(), tminus_versioning::constraint::SatisfiesError>(())
/// ```
///
/// # Errors
///
/// - a malformed constraint or version
/// - a constraint that names no versions: `workspace:^`, `file:../demo`, `latest`
pub fn satisfies(ecosystem: Ecosystem, text: &str, version: &str) -> Result<bool, SatisfiesError> {
    let target = Target::parse(ecosystem, version)?;
    match reference::content(ecosystem, text)? {
        Content::Reference(reference) => Err(SatisfiesError::Reference { text: text.to_owned(), reference }),
        Content::Range(inner) => Ok(admission::admits(&Scanned::read(ecosystem, text, inner)?, &target)?),
    }
}

/// The text with the edits made, and where its range now stands.
fn apply(text: &str, inner: Range<usize>, edits: &[Edit]) -> (String, Range<usize>) {
    let mut result = String::with_capacity(text.len());
    let mut copied = 0;
    for edit in edits {
        result.push_str(text.get(copied..edit.span.start).unwrap_or_default());
        result.push_str(&edit.new);
        copied = edit.span.end;
    }
    result.push_str(text.get(copied..).unwrap_or_default());
    // Edits lie within the range, so that what follows it is as long as before.
    let end = result.len().saturating_sub(text.len().saturating_sub(inner.end));
    (result, inner.start..end)
}
