//! Whether a constraint admits a version, as the matcher of its ecosystem says.

use super::scan::{Operator, Scanned};
use super::target::{Point, Target};
use super::{Ecosystem, ParseConstraintError, RewriteError, poetry};
use crate::{cargo, go, npm, pep440};

/// Whether an installer would take the version for the constraint.
pub(super) fn admits(scanned: &Scanned<'_>, target: &Target) -> Result<bool, ParseConstraintError> {
    let ecosystem = scanned.ecosystem;
    let range = scanned.slice(scanned.inner.clone());
    let refused = || ParseConstraintError::refused(ecosystem, scanned.text);
    match ecosystem {
        Ecosystem::Python => {
            let set: pep440::SpecifierSet = range.parse().map_err(|_| refused())?;
            let version: pep440::Version = target.text().parse().map_err(|_| refused())?;
            let prereleases = if set.names_prerelease() {
                pep440::Prereleases::Allow
            } else {
                pep440::Prereleases::Exclude
            };
            Ok(set.contains(&version, prereleases))
        }
        Ecosystem::Poetry => {
            let version: pep440::Version = target.text().parse().map_err(|_| refused())?;
            Ok(asks_for_prerelease(scanned, target) && poetry::contains(scanned, &version))
        }
        Ecosystem::Npm => {
            let range = npm::Range::parse(range, npm::Options::default()).map_err(|_| refused())?;
            let version: npm::Version = target.text().parse().map_err(|_| refused())?;
            Ok(range.satisfies(&version))
        }
        Ecosystem::Cargo => {
            let requirement: cargo::VersionReq = range.parse().map_err(|_| refused())?;
            let version: cargo::Version = target.text().parse().map_err(|_| refused())?;
            Ok(requirement.matches(&version))
        }
        Ecosystem::Go => Ok(scanned.clauses().all(|clause| {
            let bound: Option<go::Version> = scanned.slice(clause.span.clone()).parse().ok();
            let version: Option<go::Version> = target.text().parse().ok();
            bound.zip(version).is_some_and(|(bound, version)| {
                module_major(&bound) == module_major(&version) && version.cmp_precedence(&bound).is_ge()
            })
        })),
    }
}

/// Whether an installer would take the version that is told to take this one, also where it is a pre-release.
///
/// npm and Cargo know no such thing.
pub(super) fn admits_told(scanned: &Scanned<'_>, target: &Target) -> Result<bool, ParseConstraintError> {
    let version = || {
        let refused = |_| ParseConstraintError::refused(scanned.ecosystem, scanned.text);
        target.text().parse::<pep440::Version>().map_err(refused)
    };
    match scanned.ecosystem {
        Ecosystem::Python => {
            let range = scanned.slice(scanned.inner.clone());
            let refused = |_| ParseConstraintError::refused(scanned.ecosystem, scanned.text);
            let set: pep440::SpecifierSet = range.parse().map_err(refused)?;
            Ok(set.contains(&version()?, pep440::Prereleases::Allow))
        }
        Ecosystem::Poetry => Ok(poetry::contains(scanned, &version()?)),
        Ecosystem::Npm | Ecosystem::Cargo | Ecosystem::Go => admits(scanned, target),
    }
}

/// Whether one alternative admits the version, where a pre-release counts as its release: to find the one that follows it.
pub(super) fn covers(scanned: &Scanned<'_>, target: &Target) -> Result<bool, ParseConstraintError> {
    let range = scanned.slice(scanned.inner.clone());
    let refused = || ParseConstraintError::refused(scanned.ecosystem, scanned.text);
    match scanned.ecosystem {
        Ecosystem::Npm => {
            let options = npm::Options { include_prerelease: true, ..npm::Options::default() };
            let range = npm::Range::parse(range, options).map_err(|_| refused())?;
            let version: npm::Version = target.text().parse().map_err(|_| refused())?;
            Ok(range.satisfies(&version))
        }
        Ecosystem::Poetry => {
            let version: pep440::Version = target.text().parse().map_err(|_| refused())?;
            Ok(poetry::contains(scanned, &version))
        }
        Ecosystem::Python | Ecosystem::Cargo | Ecosystem::Go => admits(scanned, target),
    }
}

/// Whether the version is final, or a clause names a pre-release: Poetry passes over the others.
fn asks_for_prerelease(scanned: &Scanned<'_>, target: &Target) -> bool {
    !target.is_prerelease()
        || scanned.clauses().any(|clause| {
            let names = || Point::read(scanned.ecosystem, &clause.version.lowest(scanned.ecosystem));
            !matches!(clause.operator, Operator::Not | Operator::Any)
                && names().is_some_and(|point| point.is_prerelease())
        })
}

/// Refuses to go from one Go module to another by its version alone.
pub(super) fn check_module(scanned: &Scanned<'_>, target: &Target) -> Result<(), RewriteError> {
    if scanned.ecosystem != Ecosystem::Go {
        return Ok(());
    }
    let to: Option<go::Version> = target.text().parse().ok();
    for clause in scanned.clauses() {
        let text = scanned.slice(clause.span.clone());
        let from: Option<go::Version> = text.parse().ok();
        if from.as_ref().and_then(module_major) != to.as_ref().and_then(module_major) {
            return Err(RewriteError::OtherModule { from: text.to_owned(), to: target.text().to_owned() });
        }
    }
    Ok(())
}

/// The major version in the path of the module of a Go version, 1 where the path has none.
fn module_major(version: &go::Version) -> Option<u64> {
    if version.is_incompatible() { Some(1) } else { version.major().map(|major| major.max(1)) }
}
