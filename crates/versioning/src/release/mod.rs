use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use crate::serde_text::serde_as_text;
use crate::{MAX_VERSION_BYTES, Scheme, pep440};

mod existing;
mod local;
mod next;
mod spelling;
#[cfg(test)]
mod tests;

pub use existing::{ExistingVersions, Level, NextStep};
pub use local::{LocalPart, ParseLocalError};
pub use next::{Bump, NextVersionError};
pub use spelling::{Beyond, CannotExpress, ConvertError, Inexpressible, ParseReleaseError, convert};

/// The version of a release, independent of how an ecosystem spells it.
///
/// One release has one value of this type and as many spellings as it has packages: `0.4.0rc1` on a Python index is
/// `0.4.0-rc.1` on an npm registry and `v0.4.0-rc.1` for a Go module. [`parse`](Self::parse) and
/// [`render`](Self::render) go between the schemes and refuse what the other side cannot say. `Display` and `FromStr`
/// use PEP 440, the scheme that can say everything. The type of each scheme converts with `TryFrom`.
///
/// The order is the one of PEP 440, total, with missing numbers as zeros:
///
/// `1.0.0.dev3 < 1.0.0a1 < 1.0.0b1 < 1.0.0rc1 < 1.0.0 = 1.0 < 1.0.0+cu118 < 1.0.0.post1 < 1.0.1.dev0`
///
/// # Deviations
///
/// - SemVer compares pre-release words as text, and so sorts `-dev` after `-beta`. Here a development version comes
///   before everything else of its release, in every scheme.
/// - SemVer gives versions that differ in build metadata no order. Here the local part counts, as in PEP 440.
/// - PEP 440 sets no limit to the count of release numbers. Here their text has at most 112 bytes, room for five numbers of
///   any size, so that every version fits [`MAX_VERSION_BYTES`](crate::MAX_VERSION_BYTES) whatever is added to it.
///
/// ```
/// use tminus_versioning::{Bump, Phase, ReleaseVersion, Scheme};
///
/// let version = ReleaseVersion::parse(Scheme::Pep440, "0.4.0rc1")?;
/// assert_eq!(version.render(Scheme::Semver)?, "0.4.0-rc.1");
/// assert_eq!(version.phase(), Phase::Rc(1));
/// assert_eq!(version.next(Bump::Final)?.to_string(), "0.4.0");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct ReleaseVersion {
    epoch: u64,
    /// Never empty, and as text never above `MAX_RELEASE_BYTES`.
    release: Vec<u64>,
    phase: Phase,
    local: Option<LocalPart>,
}

/// How far a release has come, in the order in which its versions sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// A development version: `.dev3`.
    Dev(u64),
    /// An alpha: `a1`.
    Alpha(u64),
    /// A beta: `b1`.
    Beta(u64),
    /// A release candidate: `rc1`.
    Rc(u64),
    /// The release itself.
    Final,
    /// A release repeated with corrected metadata: `.post1`.
    Post(u64),
}

/// The most bytes that the release numbers have as text.
///
/// An epoch takes 21 bytes, a phase 25, a local part 97 with its sign.
const MAX_RELEASE_BYTES: usize = 112;
const _: () = assert!(21 + MAX_RELEASE_BYTES + 25 + 1 + LocalPart::MAX_BYTES <= MAX_VERSION_BYTES);

/// The bytes of numbers with dots between them.
fn text_length(numbers: &[u64]) -> usize {
    let digits = |number: &u64| number.checked_ilog10().map_or(1, |log| log as usize + 1);
    numbers.iter().map(digits).sum::<usize>() + numbers.len().saturating_sub(1)
}

impl ReleaseVersion {
    /// A version of parts that were read, unless its text would be too long.
    fn bounded(
        epoch: u64,
        release: Vec<u64>,
        phase: Phase,
        local: Option<LocalPart>,
    ) -> Result<Self, Beyond> {
        if text_length(&release) > MAX_RELEASE_BYTES {
            return Err(Beyond::Length);
        }
        Ok(Self { epoch, release, phase, local })
    }

    /// A final version of three numbers.
    pub fn new(major: u64, minor: u64, patch: u64) -> Self {
        Self { epoch: 0, release: vec![major, minor, patch], phase: Phase::Final, local: None }
    }

    /// The same release in another phase.
    #[must_use]
    pub fn with_phase(mut self, phase: Phase) -> Self {
        self.phase = phase;
        self
    }

    /// The same version with another local part, or without one.
    #[must_use]
    pub fn with_local(mut self, local: Option<LocalPart>) -> Self {
        self.local = local;
        self
    }

    /// The epoch of PEP 440, nearly always 0.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// The release numbers, as many as were written and at least one.
    pub fn release(&self) -> &[u64] {
        &self.release
    }

    /// The first release number.
    pub fn major(&self) -> u64 {
        self.number(0)
    }

    /// The second release number, 0 when it is not written.
    pub fn minor(&self) -> u64 {
        self.number(1)
    }

    /// The third release number, 0 when it is not written.
    pub fn patch(&self) -> u64 {
        self.number(2)
    }

    /// How far the release has come.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// The local part: the `cu118` of `2.1.0+cu118`.
    pub fn local(&self) -> Option<&LocalPart> {
        self.local.as_ref()
    }

    /// Whether the version comes before its final release.
    pub fn is_prerelease(&self) -> bool {
        self.phase < Phase::Final
    }

    /// Whether this is the release itself, neither before nor after it nor a local build of it.
    pub fn is_final(&self) -> bool {
        self.phase == Phase::Final && self.local.is_none()
    }

    /// Whether both are versions of one release: `1.0rc1` and `1.0.0.post1` are.
    pub fn is_same_release(&self, other: &Self) -> bool {
        self.epoch == other.epoch && self.significant() == other.significant()
    }

    /// The version as PEP 440, which can say all of them.
    ///
    /// # Errors
    ///
    /// None that a version could cause: its parts are bounded so that PEP 440 reads its text.
    pub fn to_pep440(&self) -> Result<pep440::Version, pep440::ParseVersionError> {
        self.to_string().parse()
    }

    fn number(&self, index: usize) -> u64 {
        self.release.get(index).copied().unwrap_or(0)
    }

    /// The release numbers without the zeros at the end, which do not count in comparisons.
    fn significant(&self) -> &[u64] {
        let length = self.release.iter().rposition(|&number| number != 0).map_or(0, |last| last + 1);
        self.release.get(..length).unwrap_or_default()
    }
}

impl fmt::Display for ReleaseVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        spelling::write_pep440(self, formatter)
    }
}

impl FromStr for ReleaseVersion {
    type Err = ParseReleaseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(Scheme::Pep440, text)
    }
}

impl PartialEq for ReleaseVersion {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for ReleaseVersion {}

impl PartialOrd for ReleaseVersion {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ReleaseVersion {
    fn cmp(&self, other: &Self) -> Ordering {
        // Without the zeros at their end the numbers compare as slices: a longer one has a number above zero where
        // the other one has none.
        self.epoch
            .cmp(&other.epoch)
            .then_with(|| self.significant().cmp(other.significant()))
            .then_with(|| self.phase.cmp(&other.phase))
            .then_with(|| self.local.cmp(&other.local))
    }
}

impl Hash for ReleaseVersion {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.epoch.hash(state);
        self.significant().hash(state);
        self.phase.hash(state);
        self.local.hash(state);
    }
}

serde_as_text!(ReleaseVersion, "a release version by PEP 440, such as `0.4.0rc1`", ToString::to_string);
