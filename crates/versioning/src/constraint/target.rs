use std::cmp::Ordering;

use super::scan::spell;
use super::{Ecosystem, InvalidVersion};
use crate::{cargo, go, npm, pep440};

/// The version that a constraint has to admit.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// In the canonical spelling of its ecosystem, with local part or build metadata.
    text: String,
    point: Point,
    numbers: Vec<u64>,
    /// What follows the numbers: `rc1`, `.post1`, `-rc.1`; without local part and build metadata.
    tail: String,
}

/// A place in the order of versions, without local part and build metadata.
#[derive(Debug, Clone)]
pub(super) enum Point {
    Python(pep440::Version),
    Semver(cargo::Version),
}

impl Point {
    /// Reads canonical text.
    pub(super) fn read(ecosystem: Ecosystem, text: &str) -> Option<Self> {
        if ecosystem.is_python() {
            let version: pep440::Version = text.parse().ok()?;
            let public = version.to_string();
            let public = public.split_once('+').map_or(public.as_str(), |(public, _)| public);
            return Some(Self::Python(public.parse().ok()?));
        }
        let plain = text.strip_prefix('v').unwrap_or(text);
        let plain = plain.split_once('+').map_or(plain, |(plain, _)| plain);
        Some(Self::Semver(plain.parse().ok()?))
    }

    pub(super) fn is_prerelease(&self) -> bool {
        match self {
            Self::Python(version) => version.is_prerelease(),
            Self::Semver(version) => version.is_prerelease(),
        }
    }

    /// Whether it is below all other pre-releases of its numbers, by the habits of its ecosystem.
    pub(super) fn is_lowest(&self) -> bool {
        match self {
            Self::Python(version) => {
                matches!(python_tail(version).as_str(), ".dev0" | "a0" | "a0.dev0")
            }
            Self::Semver(version) => version.pre() == "0",
        }
    }

    /// Whether it is a post-release, and no pre-release of one.
    pub(super) fn is_postrelease(&self) -> bool {
        match self {
            Self::Python(version) => version.post().is_some() && !version.is_prerelease(),
            Self::Semver(_) => false,
        }
    }

    /// The order; both are of one ecosystem.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Python(one), Self::Python(other)) => one.cmp(other),
            (Self::Semver(one), Self::Semver(other)) => one.cmp_precedence(other),
            (Self::Python(_), Self::Semver(_)) => Ordering::Less,
            (Self::Semver(_), Self::Python(_)) => Ordering::Greater,
        }
    }
}

impl Target {
    pub(super) fn parse(ecosystem: Ecosystem, text: &str) -> Result<Self, InvalidVersion> {
        let invalid = |source| InvalidVersion {
            text: text.chars().take(crate::MAX_VERSION_BYTES).collect(),
            ecosystem,
            source,
        };
        let canonical = match ecosystem {
            Ecosystem::Python | Ecosystem::Poetry => {
                text.parse::<pep440::Version>().map_err(|error| invalid(Some(error.into())))?.to_string()
            }
            Ecosystem::Npm => {
                text.parse::<npm::Version>().map_err(|error| invalid(Some(error.into())))?.to_string()
            }
            Ecosystem::Cargo => {
                text.parse::<cargo::Version>().map_err(|error| invalid(Some(error.into())))?.to_string()
            }
            Ecosystem::Go => {
                text.parse::<go::Version>().map_err(|error| invalid(Some(error.into())))?.as_str().to_owned()
            }
        };
        let point = Point::read(ecosystem, &canonical).ok_or_else(|| invalid(None))?;
        let (numbers, tail) = match &point {
            Point::Python(version) => (version.release().to_vec(), python_tail(version)),
            Point::Semver(version) => {
                let tail =
                    if version.pre().is_empty() { String::new() } else { format!("-{}", version.pre()) };
                (vec![version.major(), version.minor(), version.patch()], tail)
            }
        };
        Ok(Self { text: canonical, point, numbers, tail })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn point(&self) -> &Point {
        &self.point
    }

    pub(super) fn epoch(&self) -> u64 {
        match &self.point {
            Point::Python(version) => version.epoch(),
            Point::Semver(_) => 0,
        }
    }

    pub(super) fn tail(&self) -> &str {
        &self.tail
    }

    /// The local part of Python with its `+`. Build metadata never takes part in a constraint.
    pub(super) fn local(&self) -> &str {
        match (&self.point, self.text.find('+')) {
            (Point::Python(_), Some(plus)) => self.text.get(plus..).unwrap_or_default(),
            _ => "",
        }
    }

    pub(super) fn is_prerelease(&self) -> bool {
        self.point.is_prerelease()
    }

    /// The version that the pre-releases lead to: 1.2.0 for 1.2.0rc1, 1.2.0.post1 for 1.2.0.post1.dev2; else itself.
    pub(super) fn release(&self, ecosystem: Ecosystem) -> Option<Self> {
        if !self.is_prerelease() {
            return Some(self.clone());
        }
        let epoch = (self.epoch() > 0).then(|| self.epoch());
        let text = spell(epoch, &self.numbers, &self.release_tail());
        let text = if ecosystem == Ecosystem::Go { format!("v{text}") } else { text };
        Self::parse(ecosystem, &text).ok()
    }

    /// What follows the numbers of the [release](Self::release).
    pub(super) fn release_tail(&self) -> String {
        if self.is_prerelease() {
            self.post().map(|post| format!(".post{post}")).unwrap_or_default()
        } else {
            self.tail.clone()
        }
    }

    /// The number of the post-release that the [release](Self::release) is.
    pub(super) fn post(&self) -> Option<u64> {
        match &self.point {
            // A post-release of a pre-release leads to the release itself.
            Point::Python(version) if version.pre().is_none() => version.post(),
            Point::Python(_) | Point::Semver(_) => None,
        }
    }

    pub(super) fn number(&self, index: usize) -> u64 {
        self.numbers.get(index).copied().unwrap_or(0)
    }

    /// The first `count` numbers, with zeros where the version has fewer.
    pub(super) fn numbers(&self, count: usize) -> Vec<u64> {
        (0..count).map(|index| self.number(index)).collect()
    }

    /// How many numbers were given.
    pub(super) fn count(&self) -> usize {
        self.numbers.len()
    }

    /// How many numbers are needed to name the version: without the zeros at its end.
    pub(super) fn significant(&self) -> usize {
        self.numbers.iter().rposition(|&number| number != 0).map_or(1, |last| last + 1)
    }

    /// The first number that an upper bound excludes which counts in place `index`; nothing on overflow.
    pub(super) fn next(&self, index: usize) -> Option<Vec<u64>> {
        let mut numbers = self.numbers(index + 1);
        let last = numbers.last_mut()?;
        *last = last.checked_add(1)?;
        Some(numbers)
    }
}

/// What stands behind the release numbers in canonical text.
fn python_tail(version: &pep440::Version) -> String {
    let text = version.to_string();
    let release = text.split_once('!').map_or(text.as_str(), |(_, release)| release);
    let length = release.find(|character: char| !character.is_ascii_digit() && character != '.');
    let tail = length.map_or("", |length| {
        // The dot of `.post1` and `.dev1` belongs to what follows it.
        let start = if release.get(..length).is_some_and(|before| before.ends_with('.')) {
            length - 1
        } else {
            length
        };
        release.get(start..).unwrap_or_default()
    });
    tail.split_once('+').map_or(tail, |(tail, _)| tail).to_owned()
}
