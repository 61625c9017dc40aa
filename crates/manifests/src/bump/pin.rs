//! How a constraint follows the version of the package that it names.

use std::fmt;
use std::str::FromStr;

use tminus_versioning::constraint::pep508::Requirement;
use tminus_versioning::constraint::{self, Edit, How, Outcome, RewriteError, Rewritten, Shape};

use super::{BumpError, admits};
use crate::{Dependency, DependencyKind, Manifest, Notation, RelPath, Site, Splice};

/// How a constraint follows.
///
/// ```
/// use tminus_manifests::bump::{Pin, PinTime, Strategy};
///
/// let pin = Pin { strategy: "next-minor".parse()?, ..Pin::default() };
/// assert_eq!((pin.strategy, pin.when), (Strategy::NextMinor, PinTime::Now));
/// assert!("newest".parse::<Strategy>().is_err());
/// # Ok::<(), tminus_manifests::bump::UnknownWord>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Pin {
    /// What it looks like afterwards.
    pub strategy: Strategy,
    /// When it is written.
    pub when: PinTime,
    /// Whether it may move to a lower version.
    pub allow_lowering: bool,
}

/// What a constraint looks like after it followed, shown for version 1.2.3 in Python's spelling.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Strategy {
    /// In its own style and precision: `>=1.1,<1.2` becomes `>=1.2,<1.3`.
    #[default]
    Keep,
    /// Not touched.
    Leave,
    /// `==1.2.3`
    Exact,
    /// `~=1.2.3`
    Compatible,
    /// `>=1.2.3`
    Minimum,
    /// `>=1.2.3,<1.3`
    NextMinor,
    /// `>=1.2.3,<2`
    NextMajor,
    /// `^1.2.3` where the ecosystem knows it.
    Caret,
    /// Any version.
    Drop,
    /// Only where it does not admit the version, and then by raising what bounds it above: `>=1.1,<1.2` becomes
    /// `>=1.1,<1.3`.
    Loosen,
}

impl Strategy {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Keep,
        Self::Leave,
        Self::Exact,
        Self::Compatible,
        Self::Minimum,
        Self::NextMinor,
        Self::NextMajor,
        Self::Caret,
        Self::Drop,
        Self::Loosen,
    ];

    /// The word in configuration and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Leave => "leave",
            Self::Exact => "exact",
            Self::Compatible => "compatible",
            Self::Minimum => "minimum",
            Self::NextMinor => "next-minor",
            Self::NextMajor => "next-major",
            Self::Caret => "caret",
            Self::Drop => "drop",
            Self::Loosen => "loosen",
        }
    }

    fn shape(self) -> Option<Shape> {
        Some(match self {
            Self::Leave => return None,
            Self::Keep => Shape::Keep,
            Self::Exact => Shape::Exact,
            Self::Compatible => Shape::Compatible,
            Self::Minimum => Shape::Minimum,
            Self::NextMinor => Shape::NextMinor,
            Self::NextMajor => Shape::NextMajor,
            Self::Caret => Shape::Caret,
            Self::Drop => Shape::Drop,
            Self::Loosen => Shape::Loosen,
        })
    }
}

/// When a constraint is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PinTime {
    /// With the version.
    #[default]
    Now,
    /// Later, once the new version can be installed.
    Staged,
}

impl PinTime {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Now, Self::Staged];

    /// The word in configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::Staged => "staged",
        }
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Display for PinTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Strategy {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let known = || Self::ALL.iter().map(|one| one.as_str()).collect();
        Self::ALL.into_iter().find(|one| one.as_str() == text).ok_or_else(|| UnknownWord::new(text, known()))
    }
}

impl FromStr for PinTime {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let known = || Self::ALL.iter().map(|one| one.as_str()).collect();
        Self::ALL.into_iter().find(|one| one.as_str() == text).ok_or_else(|| UnknownWord::new(text, known()))
    }
}

/// The word is none of those that are known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is not known here: write one of {}", known.join(", "))]
pub struct UnknownWord {
    word: String,
    known: Vec<&'static str>,
}

impl UnknownWord {
    fn new(word: &str, known: Vec<&'static str>) -> Self {
        Self { word: word.chars().take(64).collect(), known }
    }
}

/// What becomes of one constraint.
pub(super) enum Followed {
    /// It is replaced.
    Rewritten { new: String, splices: Vec<Splice> },
    /// It says it already, or asks for no version that could follow.
    Unchanged,
}

/// Rewrites the constraint of a dependency so that it follows a version.
pub(super) fn follow(
    manifest: &Manifest,
    source: &str,
    dependency: &Dependency,
    line: u32,
    to: &str,
    pin: Pin,
) -> Result<Followed, BumpError> {
    let (Some(site), Some(shape)) = (&dependency.constraint, pin.strategy.shape()) else {
        return Ok(Followed::Unchanged);
    };
    // Whoever provides a peer is asked to move only when that is needed.
    let is_peer = dependency.kind == DependencyKind::Peer;
    let when = if is_peer { constraint::When::OnlyIfNeeded } else { constraint::When::Raise };
    let how = How { shape, when, allow_lowering: pin.allow_lowering };
    let refused = |reason: String| BumpError::Pin {
        path: manifest.path.clone(),
        line,
        constraint: site.text().to_owned(),
        to: to.to_owned(),
        reason,
    };
    // A pre-release too: package managers take the packages of a workspace for such a range, whatever their version.
    let keeps = matches!(pin.strategy, Strategy::Keep | Strategy::Loosen);
    if keeps && admits::is_unbounded(dependency.notation, site.text()) {
        return Ok(Followed::Unchanged);
    }
    let rewritten: Rewritten = match dependency.notation {
        Notation::Requirement => {
            let requirement: Requirement =
                site.text().parse().map_err(|error| refused(format!("{error}")))?;
            // `demo` and `demo @ file:///…` bound nothing; only another shape than the present one says something.
            let says_nothing = requirement.url().is_some()
                || (requirement.specifiers().trim().is_empty() && (keeps || pin.strategy == Strategy::Drop));
            if says_nothing {
                return Ok(Followed::Unchanged);
            }
            requirement.rewritten(to, how)
        }
        Notation::Range(ecosystem) => constraint::rewrite(ecosystem, site.text(), to, how),
    }
    .map_err(|error| match error {
        RewriteError::WouldLower { .. } => BumpError::WouldLower(Box::new(refused(error.to_string()))),
        error => refused(error.to_string()),
    })?;
    match rewritten.outcome() {
        Outcome::Changed => {}
        _ => return Ok(Followed::Unchanged),
    }
    let splices = splices(&manifest.path, line, source, site, &rewritten)?;
    Ok(Followed::Rewritten { new: rewritten.text().to_owned(), splices })
}

/// The smallest replacements; of the whole value where escapes hide what stands where.
fn splices(
    path: &RelPath,
    line: u32,
    source: &str,
    site: &Site,
    rewritten: &Rewritten,
) -> Result<Vec<Splice>, BumpError> {
    let part = |edit: &Edit| site.part(source, edit.span.clone())?.replaced(&edit.new).ok();
    if let Some(splices) = rewritten.edits().iter().map(part).collect() {
        return Ok(splices);
    }
    let whole = site.replaced(rewritten.text());
    whole.map(|splice| vec![splice]).map_err(|reason| BumpError::Unfit {
        path: path.clone(),
        line,
        value: rewritten.text().to_owned(),
        reason,
    })
}
