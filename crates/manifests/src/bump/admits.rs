//! What constraints admit before they follow.

use tminus_versioning::constraint::pep508::Requirement;
use tminus_versioning::constraint::{Ecosystem as Grammar, satisfies};
use tminus_versioning::{Phase, ReleaseVersion, Scheme};

use crate::{Dependency, Ecosystem, Notation, PackageId};

/// The spelling in which the versions of a package are compared.
pub(super) fn scheme(id: &PackageId) -> Scheme {
    if id.ecosystem() == Ecosystem::Pypi { Scheme::Pep440 } else { Scheme::Semver }
}

/// Whether the constraint of a dependency admits a version of a package; nothing where it asks for no version, or is
/// none. A pre-release counts as its release too, which comes next.
pub(super) fn admits(dependency: &Dependency, id: &PackageId, version: &str) -> Option<bool> {
    let text = dependency.constraint.as_ref()?.text();
    let strict = admits_strictly(dependency.notation, text, version);
    if strict == Some(true) {
        return strict;
    }
    let release = ReleaseVersion::parse_nearest(scheme(id), version).ok()?;
    let release = release.with_phase(Phase::Final).render(scheme(id)).ok()?;
    admits_strictly(dependency.notation, text, &release).or(strict)
}

fn admits_strictly(notation: Notation, text: &str, version: &str) -> Option<bool> {
    if is_unbounded(notation, text) {
        return Some(true);
    }
    match notation {
        Notation::Requirement => {
            let requirement: Requirement = text.parse().ok()?;
            if requirement.url().is_some() {
                return None;
            }
            satisfies(Grammar::Python, requirement.specifiers(), version).ok()
        }
        Notation::Range(grammar) => satisfies(grammar, text, version).ok(),
    }
}

/// Whether a constraint bounds nothing, so that pre-releases stand in no way either.
///
/// Not so in Cargo: `*` takes no pre-release, also from a directory.
pub(super) fn is_unbounded(notation: Notation, text: &str) -> bool {
    let text = text.trim();
    match notation {
        Notation::Requirement => text.parse::<Requirement>().is_ok_and(|requirement| {
            requirement.url().is_none() && requirement.specifiers().trim().is_empty()
        }),
        Notation::Range(Grammar::Npm) => {
            let range = text.strip_prefix("workspace:").or_else(|| text.strip_prefix("npm:"));
            let range = range.map_or(text, |rest| rest.rsplit_once('@').map_or(rest, |(_, range)| range));
            matches!(range.trim(), "" | "*" | "x" | "X")
        }
        Notation::Range(Grammar::Poetry) => text == "*",
        Notation::Range(_) => false,
    }
}
