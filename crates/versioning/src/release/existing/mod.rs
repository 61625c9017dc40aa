use std::collections::BTreeSet;

use super::{Bump, NextVersionError, Phase, ReleaseVersion};
use crate::{Date, Scheme, semver};

#[cfg(test)]
mod tests;

/// The versions that a project has already, and which one comes next in view of them.
///
/// What exists is what the tags, the index and the files state together; a version that one of them misses is a
/// version that may be given twice. Versions that differ in their local part alone count as one.
///
/// ```
/// use tminus_versioning::{Date, ExistingVersions, Level, NextStep, ReleaseVersion, Scheme};
///
/// let current: ReleaseVersion = "0.3.9".parse()?;
/// let existing: ExistingVersions = [current.clone(), "0.4.0rc1".parse()?, "0.4.0rc2".parse()?].iter().collect();
/// let next = |step| existing.next(&current, step, Scheme::Pep440).map(|version| version.to_string());
///
/// assert_eq!(next(NextStep::Candidate(Some(Level::Minor)))?, "0.4.0rc3");
/// assert_eq!(next(NextStep::Hotfix)?, "0.3.10");
/// let today = Date::new(2026, 2, 2)?;
/// assert_eq!(next(NextStep::Nightly(today, Some(Level::Patch)))?, "0.3.10.dev20260202");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExistingVersions {
    /// All without a local part.
    versions: BTreeSet<ReleaseVersion>,
}

/// Which number of a finished release changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The third number.
    Patch,
    /// The second number.
    Minor,
    /// The first number.
    Major,
}

/// What kind of version is to come next.
///
/// A step towards a release takes a [`Level`]: the release that it leads to, as [`ReleaseVersion::next`] finds it.
/// Without one it goes on with the release that the current version is on the way to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NextStep {
    /// A finished release: `0.4.0`.
    Release(Level),
    /// An alpha, counted from 1: `0.4.0a1`.
    Alpha(Option<Level>),
    /// A beta, counted from 1: `0.4.0b1`.
    Beta(Option<Level>),
    /// A release candidate, counted from 1: `0.4.0rc1`.
    Candidate(Option<Level>),
    /// The release that the current version is on the way to.
    Final,
    /// The current release once more, counted from 1: `0.4.0.post1`.
    Post,
    /// A development version, counted from 0: `0.4.0.dev0`.
    Dev(Option<Level>),
    /// A development version numbered by its day: `0.4.0.dev20260202`.
    Nightly(Date, Option<Level>),
    /// A fix of the current release alone: the next patch in its line that nobody has begun.
    Hotfix,
}

impl ExistingVersions {
    /// Whether a version exists, its local part aside.
    pub fn contains(&self, version: &ReleaseVersion) -> bool {
        self.versions.contains(&public(version))
    }

    /// Adds a version.
    pub fn insert(&mut self, version: &ReleaseVersion) {
        self.versions.insert(public(version));
    }

    /// The versions in their order, without local parts.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &ReleaseVersion> {
        self.versions.iter()
    }

    /// The version that comes next after `current`, expressible in `scheme`.
    ///
    /// The result is above `current`, is none of the existing versions, and is above every existing version of its
    /// own kind and line: for a finished release the finished ones in its line (for a patch and a hotfix those with the
    /// same first two numbers, for a minor those with the same first), for any other kind those of the same release.
    ///
    /// | from `0.4.5` | existing | gives |
    /// |---|---|---|
    /// | patch | `0.4.6rc1` | `0.4.6`: the release that was begun |
    /// | hotfix | `0.4.6rc1` | `0.4.7`: 0.4.6 holds other changes |
    /// | hotfix | `0.4.6.dev0` | `0.4.6`: development versions claim nothing |
    /// | patch, hotfix | `0.4.6`, `0.4.7` | `0.4.8` |
    /// | minor | `0.5.0` | `0.6.0` |
    /// | candidate of a minor | `0.5.0rc1`, `0.5.0rc2` | `0.5.0rc3` |
    /// | candidate of a minor | `0.5.0rc1`, `0.5.0` | `0.6.0rc1` |
    /// | post | `0.4.5.post1` | `0.4.5.post2` |
    /// | development of a patch | `0.4.6.dev0` | `0.4.6.dev1` |
    /// | nightly of a patch on 2 February 2026 | `0.4.6.dev20260201` | `0.4.6.dev20260202` |
    ///
    /// The numbers count up; a scheme that starts with a year takes it from the day of the release, not from here.
    ///
    /// # Errors
    ///
    /// - a step without a level from a finished release: say what comes next
    /// - a step on the way to a release that exists: `0.4.0rc3` after `0.4.0` or `0.4.1`
    /// - a step back: an alpha when there is a candidate, counted development when there is an alpha, a nightly of an
    ///   earlier day;
    ///   in the schemes of SemVer, which sort `-dev.1` behind `-beta.1`, also an alpha or beta after development
    /// - a second nightly on one day
    /// - a counted development version where they are numbered by date
    /// - a post-release or a hotfix of what is not released
    /// - a version that the scheme cannot say: a post-release in SemVer
    /// - a number that would exceed 2⁶⁴ − 1
    pub fn next(
        &self,
        current: &ReleaseVersion,
        step: NextStep,
        scheme: Scheme,
    ) -> Result<ReleaseVersion, NextVersionError> {
        self.step(current, step, scheme).map_err(|error| error.spelt(scheme))
    }

    fn step(
        &self,
        current: &ReleaseVersion,
        step: NextStep,
        scheme: Scheme,
    ) -> Result<ReleaseVersion, NextVersionError> {
        let current = public(current);
        let next = match step {
            NextStep::Release(level) => self.release(&current, level)?,
            NextStep::Alpha(level) => self.counted(&current, level, Phase::Alpha)?,
            NextStep::Beta(level) => self.counted(&current, level, Phase::Beta)?,
            NextStep::Candidate(level) => self.counted(&current, level, Phase::Rc)?,
            NextStep::Final => self.under_way(&current)?,
            NextStep::Post => self.post(&current)?,
            NextStep::Dev(level) => self.dev(&current, level)?,
            NextStep::Nightly(date, level) => self.nightly(&current, date, level)?,
            NextStep::Hotfix => self.hotfix(&current)?,
        };
        next.render(scheme)?;
        let later = self.of_release(&next).rfind(|version| version.is_prerelease() && **version > next);
        let below = match (step, later) {
            // Development starts a release: it does not go on below what is tested already. A nightly is a picture of its
            // day, and is made also while candidates are tested.
            (NextStep::Dev(_), Some(later)) => Some(later),
            _ => Some(&current).filter(|current| next <= **current || !is_above(&next, current, scheme)),
        };
        match below {
            Some(existing) => {
                Err(NextVersionError::NotAbove { next: next.to_string(), existing: existing.to_string() })
            }
            None => Ok(next),
        }
    }

    /// The next finished release of a level.
    fn release(&self, current: &ReleaseVersion, level: Level) -> Result<ReleaseVersion, NextVersionError> {
        let bump = level.bump();
        let next = current.next(bump)?;
        match self.last_finished(&next, level.fixed_numbers()) {
            Some(last) if *last >= next => last.next(bump),
            _ => Ok(next),
        }
    }

    /// The release that a step leads to, final.
    fn target(
        &self,
        current: &ReleaseVersion,
        level: Option<Level>,
    ) -> Result<ReleaseVersion, NextVersionError> {
        match level {
            Some(level) => self.release(current, level),
            None => self.under_way(current),
        }
    }

    /// The release that the current version is on the way to, if its line has not gone past it.
    fn under_way(&self, current: &ReleaseVersion) -> Result<ReleaseVersion, NextVersionError> {
        let release = current.next(Bump::Final)?;
        // A fourth number makes a line of its own: 0.1.6 does not end the way to 0.1.5.1.
        let fixed = release.significant().len().saturating_sub(1).max(2);
        match self.last_finished(&release, fixed) {
            Some(last) if *last >= release => Err(NextVersionError::AlreadyReleased {
                release: release.to_string(),
                existing: last.to_string(),
            }),
            _ => Ok(release),
        }
    }

    fn counted(
        &self,
        current: &ReleaseVersion,
        level: Option<Level>,
        phase: fn(u64) -> Phase,
    ) -> Result<ReleaseVersion, NextVersionError> {
        let release = self.target(current, level)?;
        let next = match self.last_of_kind(&release, current, phase) {
            Some((last, number)) => release.with_phase(phase(last.increment(number)?)),
            None => release.with_phase(phase(1)),
        };
        let later = self.of_release(&next).rfind(|version| version.is_prerelease() && **version > next);
        match later {
            Some(later) => {
                Err(NextVersionError::NotAbove { next: next.to_string(), existing: later.to_string() })
            }
            None => Ok(next),
        }
    }

    fn post(&self, current: &ReleaseVersion) -> Result<ReleaseVersion, NextVersionError> {
        released(current)?;
        let next = match self.last_of_kind(current, current, Phase::Post) {
            Some((last, number)) => Phase::Post(last.increment(number)?),
            None => Phase::Post(1),
        };
        Ok(current.clone().with_phase(next))
    }

    fn dev(
        &self,
        current: &ReleaseVersion,
        level: Option<Level>,
    ) -> Result<ReleaseVersion, NextVersionError> {
        let release = self.target(current, level)?;
        let number = match self.last_of_kind(&release, current, Phase::Dev) {
            Some((last, number)) if Date::from_number(number).is_some() => {
                return Err(NextVersionError::NumberedByDate { existing: last.to_string() });
            }
            Some((last, number)) => last.increment(number)?,
            None => 0,
        };
        Ok(release.with_phase(Phase::Dev(number)))
    }

    fn nightly(
        &self,
        current: &ReleaseVersion,
        date: Date,
        level: Option<Level>,
    ) -> Result<ReleaseVersion, NextVersionError> {
        let release = self.target(current, level)?;
        let last = self.last_of_kind(&release, current, Phase::Dev);
        let next = release.with_phase(Phase::Dev(date.number()));
        match last {
            Some((last, _)) if *last == next || self.contains(&next) => {
                Err(NextVersionError::NightlyExists { version: next.to_string() })
            }
            Some((last, _)) if *last > next => {
                Err(NextVersionError::NotAbove { next: next.to_string(), existing: last.to_string() })
            }
            _ => Ok(next),
        }
    }

    fn hotfix(&self, current: &ReleaseVersion) -> Result<ReleaseVersion, NextVersionError> {
        released(current)?;
        let mut next = self.release(current, Level::Patch)?;
        while self.of_release(&next).any(|version| !matches!(version.phase(), Phase::Dev(_))) {
            next = next.next(Bump::Patch)?;
        }
        Ok(next)
    }

    /// The last existing version, or the current one, of a release and a counted phase, with its number.
    fn last_of_kind<'v>(
        &'v self,
        release: &ReleaseVersion,
        current: &'v ReleaseVersion,
        phase: fn(u64) -> Phase,
    ) -> Option<(&'v ReleaseVersion, u64)> {
        let number = |version: &ReleaseVersion| match version.phase() {
            Phase::Dev(number)
            | Phase::Alpha(number)
            | Phase::Beta(number)
            | Phase::Rc(number)
            | Phase::Post(number) => (version.phase() == phase(number)).then_some(number),
            Phase::Final => None,
        };
        self.of_release(release)
            .chain(Some(current).filter(|current| current.is_same_release(release)))
            .filter_map(|version| Some((version, number(version)?)))
            .max_by_key(|&(_, number)| number)
    }

    /// The existing versions of one release.
    fn of_release(&self, version: &ReleaseVersion) -> impl DoubleEndedIterator<Item = &ReleaseVersion> {
        let release = version.clone().with_local(None);
        let first = release.clone().with_phase(Phase::Dev(0));
        let last = release.with_phase(Phase::Post(u64::MAX));
        self.versions.range(first..=last)
    }

    /// The last finished version whose first `fixed` numbers are those of `version`.
    fn last_finished(&self, version: &ReleaseVersion, fixed: usize) -> Option<&ReleaseVersion> {
        let numbers: Vec<u64> = (0..fixed).map(|index| version.number(index)).collect();
        let first = ReleaseVersion {
            epoch: version.epoch,
            // An epoch has a first version too.
            release: if numbers.is_empty() { vec![0] } else { numbers.clone() },
            phase: Phase::Dev(0),
            local: None,
        };
        self.versions
            .range(first..)
            .take_while(|other| {
                other.epoch == version.epoch
                    && numbers.iter().enumerate().all(|(index, &number)| other.number(index) == number)
            })
            .filter(|other| !other.is_prerelease())
            .last()
    }
}

impl Level {
    fn bump(self) -> Bump {
        match self {
            Self::Patch => Bump::Patch,
            Self::Minor => Bump::Minor,
            Self::Major => Bump::Major,
        }
    }

    /// How many numbers stay the same within a line of releases of this level.
    fn fixed_numbers(self) -> usize {
        match self {
            Self::Patch => 2,
            Self::Minor => 1,
            Self::Major => 0,
        }
    }
}

/// Whether a version is also above another one where its scheme orders by itself: SemVer compares words as text, and
/// puts development behind alphas and betas.
fn is_above(next: &ReleaseVersion, current: &ReleaseVersion, scheme: Scheme) -> bool {
    if matches!(scheme, Scheme::Pep440 | Scheme::Calver) {
        return true;
    }
    let read =
        |version: &ReleaseVersion| version.render(Scheme::Semver).ok()?.parse::<semver::Version>().ok();
    match (read(next), read(current)) {
        (Some(next), Some(current)) => next.cmp_precedence(&current).is_gt(),
        _ => true,
    }
}

fn public(version: &ReleaseVersion) -> ReleaseVersion {
    version.clone().with_local(None)
}

fn released(current: &ReleaseVersion) -> Result<(), NextVersionError> {
    if current.is_prerelease() {
        return Err(NextVersionError::NotReleased { version: current.to_string() });
    }
    Ok(())
}

impl FromIterator<ReleaseVersion> for ExistingVersions {
    fn from_iter<I: IntoIterator<Item = ReleaseVersion>>(versions: I) -> Self {
        Self { versions: versions.into_iter().map(|version| version.with_local(None)).collect() }
    }
}

impl<'a> FromIterator<&'a ReleaseVersion> for ExistingVersions {
    fn from_iter<I: IntoIterator<Item = &'a ReleaseVersion>>(versions: I) -> Self {
        Self { versions: versions.into_iter().map(public).collect() }
    }
}

impl Extend<ReleaseVersion> for ExistingVersions {
    fn extend<I: IntoIterator<Item = ReleaseVersion>>(&mut self, versions: I) {
        self.versions.extend(versions.into_iter().map(|version| version.with_local(None)));
    }
}
