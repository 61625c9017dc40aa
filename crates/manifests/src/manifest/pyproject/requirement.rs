//! Requirements of PEP 508 in a manifest of any format.

use tminus_versioning::constraint::pep508::Requirement;

use crate::locate::Failure;
use crate::tree::malformed;
use crate::{Dependency, DependencyKind, Notation, Site, Source};

/// A dependency from the place of its requirement.
pub(crate) fn dependency(
    source: &str,
    site: Site,
    offset: usize,
    kind: DependencyKind,
) -> Result<Dependency, Failure> {
    let requirement: Requirement = site.text().parse().map_err(
        |error: tminus_versioning::constraint::pep508::ParseRequirementError| {
            // Behind an escape the text and its bytes no longer run side by side.
            let spelled = source.get(site.span()) == Some(site.text());
            let inside = error.offset().filter(|_| spelled).unwrap_or_default();
            malformed(Some(site.span().start + inside), error.to_string())
        },
    )?;
    let taken_from = match requirement.url() {
        Some(address) => Source::Other(without_credentials(address)),
        None => Source::Registry,
    };
    Ok(Dependency {
        name: requirement.name().to_owned(),
        kind,
        constraint: Some(site),
        notation: Notation::Requirement,
        source: taken_from,
        offset,
    })
}

/// An address without the user and the password that may stand in it, since it ends up in messages.
pub(crate) fn without_credentials(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    match authority.rsplit_once('@') {
        Some((user, _)) => format!("{scheme}://{}", rest.get(user.len() + 1..).unwrap_or_default()),
        None => address.to_owned(),
    }
}

/// Whether an index refuses a package with this classifier.
pub(crate) fn is_private_classifier(classifier: &str) -> bool {
    classifier.split("::").next().is_some_and(|top| top.trim_end() == "Private") && classifier.contains("::")
}

/// Whether a text is the name of a package, or what is wrong.
pub(crate) fn check_name(name: &str) -> Result<(), String> {
    let requirement = name.parse::<Requirement>();
    if requirement.is_ok_and(|requirement| requirement.name() == name) {
        return Ok(());
    }
    let shown: String = name.chars().take(64).collect();
    Err(format!(
        "{shown:?} is not the name of a package: write letters, digits, `-`, `_` and `.`, a letter or digit at both ends"
    ))
}
