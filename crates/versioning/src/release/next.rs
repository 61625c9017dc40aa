use crate::Scheme;

use super::{CannotExpress, MAX_RELEASE_BYTES, Phase, ReleaseVersion, text_length};

/// Which version comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bump {
    /// The next release whose first number changes.
    Major,
    /// The next release whose second number changes.
    Minor,
    /// The next release whose third number changes.
    Patch,
    /// The next candidate of the release that is under way.
    Candidate,
    /// The release that is under way, final.
    Final,
}

impl ReleaseVersion {
    /// The version that comes next, always above this one.
    ///
    /// A development version or candidate is on the way to a release. That release is the next one if it is of the
    /// kind asked for: the next patch after `0.2.1.dev0` is `0.2.1`, the next minor after `0.3.0rc1` is `0.3.0`.
    ///
    /// | from | major | minor | patch | candidate | final |
    /// |---|---|---|---|---|---|
    /// | `0.2.0` | `1.0.0` | `0.3.0` | `0.2.1` | refused | refused |
    /// | `0.2.1.dev0` | `1.0.0` | `0.3.0` | `0.2.1` | `0.2.1rc1` | `0.2.1` |
    /// | `0.3.0rc1` | `1.0.0` | `0.3.0` | `0.3.0` | `0.3.0rc2` | `0.3.0` |
    /// | `1.0.0a2` | `1.0.0` | `1.0.0` | `1.0.0` | `1.0.0rc1` | `1.0.0` |
    /// | `1.2` | `2.0` | `1.3` | `1.2.1` | refused | refused |
    ///
    /// The epoch stays, and so does the count of numbers unless the number asked for lies beyond it. A local part goes.
    ///
    /// Only this version is looked at; [`ExistingVersions`](super::ExistingVersions) also counts on from what exists.
    ///
    /// ```
    /// use tminus_versioning::{Bump, Phase, ReleaseVersion};
    ///
    /// let current: ReleaseVersion = "0.2.1-dev".parse()?;
    /// assert_eq!(current.next(Bump::Patch)?.to_string(), "0.2.1");
    /// assert_eq!(current.next(Bump::Minor)?.with_phase(Phase::Rc(1)).to_string(), "0.3.0rc1");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - a candidate or a final version when no release is under way: from `0.2.0`, `0.2.0.post1`
    /// - a number that would exceed 2⁶⁴ − 1, or make the text too long
    pub fn next(&self, bump: Bump) -> Result<Self, NextVersionError> {
        // A local part marks a build of this version; the next version has builds of its own.
        let public = self.clone().with_local(None);
        match bump {
            Bump::Major => public.next_at(0),
            Bump::Minor => public.next_at(1),
            Bump::Patch => public.next_at(2),
            Bump::Candidate => public.next_candidate(),
            Bump::Final if self.is_prerelease() => Ok(public.with_phase(Phase::Final)),
            Bump::Final => Err(NextVersionError::NothingUnderWay { version: self.to_string() }),
        }
    }

    fn next_candidate(&self) -> Result<Self, NextVersionError> {
        let number = match self.phase {
            Phase::Rc(number) => self.increment(number)?,
            Phase::Dev(_) | Phase::Alpha(_) | Phase::Beta(_) => 1,
            Phase::Final | Phase::Post(_) => {
                return Err(NextVersionError::NothingUnderWay { version: self.to_string() });
            }
        };
        Ok(self.clone().with_phase(Phase::Rc(number)))
    }

    /// The next release whose number at `index` changes and whose later numbers are zero.
    fn next_at(&self, index: usize) -> Result<Self, NextVersionError> {
        let mut next = self.clone().with_phase(Phase::Final);
        if self.is_prerelease() && self.significant().len() <= index + 1 {
            return Ok(next);
        }
        let length = next.release.len().max(index + 1);
        next.release.resize(length, 0);
        for (place, number) in next.release.iter_mut().enumerate().skip(index) {
            *number = if place == index { self.increment(*number)? } else { 0 };
        }
        if text_length(&next.release) > MAX_RELEASE_BYTES {
            return Err(NextVersionError::TooLarge { version: self.to_string() });
        }
        Ok(next)
    }

    pub(super) fn increment(&self, number: u64) -> Result<u64, NextVersionError> {
        number.checked_add(1).ok_or_else(|| NextVersionError::TooLarge { version: self.to_string() })
    }
}

impl NextVersionError {
    /// The same with its versions as a scheme writes them, where it can.
    pub(super) fn spelt(self, scheme: Scheme) -> Self {
        let spelt = |version: String| {
            let parsed = version.parse::<ReleaseVersion>().ok();
            parsed.and_then(|version| version.render(scheme).ok()).unwrap_or(version)
        };
        match self {
            Self::NothingUnderWay { version } => Self::NothingUnderWay { version: spelt(version) },
            Self::TooLarge { version } => Self::TooLarge { version: spelt(version) },
            Self::NotReleased { version } => Self::NotReleased { version: spelt(version) },
            Self::AlreadyReleased { release, existing } => {
                Self::AlreadyReleased { release: spelt(release), existing: spelt(existing) }
            }
            Self::NotAbove { next, existing } => {
                Self::NotAbove { next: spelt(next), existing: spelt(existing) }
            }
            Self::NightlyExists { version } => Self::NightlyExists { version: spelt(version) },
            Self::NumberedByDate { existing } => Self::NumberedByDate { existing: spelt(existing) },
            other @ Self::CannotExpress(_) => other,
        }
    }
}

/// There is no such next version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NextVersionError {
    /// A version of a release under way was asked for, but the current version is a finished release.
    #[error("{version} is a finished release: say first whether a major, minor or patch release comes next")]
    NothingUnderWay {
        /// The current version.
        version: String,
    },
    /// The number to raise is the largest that can be written.
    #[error("no version comes after {version}: its number cannot grow")]
    TooLarge {
        /// The current version.
        version: String,
    },
    /// A post-release or hotfix was asked for, but the current version is no finished release.
    #[error("{version} is not released yet: finish it first, or start from the release to mend")]
    NotReleased {
        /// The current version.
        version: String,
    },
    /// The release that is under way came out already, or its line has gone past it.
    #[error(
        "{release} cannot come any more, {existing} is released: start a new major, minor or patch release"
    )]
    AlreadyReleased {
        /// The release that was under way.
        release: String,
        /// The finished version that stands in the way.
        existing: String,
    },
    /// A later version of the same release exists.
    #[error("{next} would not come after {existing}: go on from {existing}, or start a new release")]
    NotAbove {
        /// The version that would have been next.
        next: String,
        /// The version that stands in the way.
        existing: String,
    },
    /// There is a nightly of this day.
    #[error("the nightly {version} exists already: there is one a day, wait for the next one")]
    NightlyExists {
        /// The version of the nightly.
        version: String,
    },
    /// The development versions of the release are numbered by date, so that there is nothing to count up.
    #[error("{existing} is numbered by its date: ask for a nightly, with today's date")]
    NumberedByDate {
        /// A development version of the release.
        existing: String,
    },
    /// The scheme has no spelling for the version.
    #[error(transparent)]
    CannotExpress(#[from] CannotExpress),
}
