//! Requirements of Python packages, as [PEP 508](https://packaging.python.org/en/latest/specifications/dependency-specifiers/) defines them.
//!
//! A requirement is taken apart into places of its text, so that one part can be replaced without touching another byte.
//!
//! # Deviations
//!
//! - Markers are opaque: whatever stands behind the `;` is accepted as long as it is not blank.
//! - `===` without text behind it is refused. The reference implementation accepts it, and then it matches nothing.
//! - Numbers of versions stop at 2⁶⁴ − 1, and text at [`MAX_CONSTRAINT_BYTES`].

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use super::target::Target;
use super::{
    Ecosystem, Edit, How, MAX_CONSTRAINT_BYTES, Outcome, ParseConstraintError, Reference, RewriteError,
    Rewritten, Shape,
};
use crate::serde_text::serde_as_text;

mod error;
mod scanner;
#[cfg(test)]
mod tests;

pub use error::ParseRequirementError;

/// A requirement and where its parts stand.
///
/// ```
/// use tminus_versioning::constraint::pep508::Requirement;
///
/// let text = "Llama_Index.Core[extra] >=0.12.44,<0.13 ; python_version > '3.9'";
/// let requirement: Requirement = text.parse()?;
/// assert_eq!(requirement.normalized_name(), "llama-index-core");
/// assert_eq!(requirement.specifiers(), ">=0.12.44,<0.13");
/// assert_eq!(requirement.marker(), Some("python_version > '3.9'"));
///
/// let raised = requirement.with_specifiers(">=0.13.2,<0.14")?;
/// assert_eq!(raised.as_str(), "Llama_Index.Core[extra] >=0.13.2,<0.14 ; python_version > '3.9'");
/// # Ok::<(), tminus_versioning::constraint::pep508::ParseRequirementError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Requirement {
    text: String,
    parts: Parts,
}

/// The places of the parts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Parts {
    name: Range<usize>,
    extras: Vec<Range<usize>>,
    /// The end of the name or of the bracket behind the extras.
    subject_end: usize,
    /// Empty where no specifier stands, at the place for one.
    specifiers: Range<usize>,
    /// With the parentheses, where there are any.
    enclosed: Range<usize>,
    url: Option<Range<usize>>,
    marker: Option<Range<usize>>,
}

impl Requirement {
    /// The requirement as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The name of the package as it was written.
    pub fn name(&self) -> &str {
        self.slice(&self.parts.name)
    }

    /// The place of the name.
    pub fn name_span(&self) -> Range<usize> {
        self.parts.name.clone()
    }

    /// The name by which packages are told apart, see [`normalize_name`].
    pub fn normalized_name(&self) -> String {
        normalize_name(self.name())
    }

    /// The extras as they were written, in the order of the text.
    pub fn extras(&self) -> impl Iterator<Item = &str> {
        self.parts.extras.iter().map(|span| self.slice(span))
    }

    /// The places of the extras.
    pub fn extra_spans(&self) -> &[Range<usize>] {
        &self.parts.extras
    }

    /// The version specifiers without parentheses around them, empty when there are none.
    pub fn specifiers(&self) -> &str {
        self.slice(&self.parts.specifiers)
    }

    /// The place of the specifiers; an empty one where they would stand when there are none.
    pub fn specifiers_span(&self) -> Range<usize> {
        self.parts.specifiers.clone()
    }

    /// The address behind `@`.
    pub fn url(&self) -> Option<&str> {
        self.parts.url.as_ref().map(|span| self.slice(span))
    }

    /// The place of the address.
    pub fn url_span(&self) -> Option<Range<usize>> {
        self.parts.url.clone()
    }

    /// The marker behind `;`, without white space around it.
    pub fn marker(&self) -> Option<&str> {
        self.parts.marker.as_ref().map(|span| self.slice(span))
    }

    /// The place of the marker.
    pub fn marker_span(&self) -> Option<Range<usize>> {
        self.parts.marker.clone()
    }

    /// The requirement with other version specifiers; an empty text removes them and their parentheses.
    ///
    /// # Errors
    ///
    /// - specifiers that PEP 440 does not know
    /// - a requirement with an address, which takes no specifiers
    pub fn with_specifiers(&self, specifiers: &str) -> Result<Self, ParseRequirementError> {
        if self.parts.url.is_some() {
            return Err(ParseRequirementError::has_url(self.name()));
        }
        let specifiers = specifiers.trim_matches(crate::pep440::is_python_space);
        let span = if specifiers.is_empty() && !self.specifiers().is_empty() {
            self.parts.subject_end..self.parts.enclosed.end
        } else {
            self.specifiers_span()
        };
        let before = self.text.get(..span.start).unwrap_or_default();
        let after = self.text.get(span.end..).unwrap_or_default();
        let changed: Self = format!("{before}{specifiers}{after}").parse()?;
        if changed.specifiers() == specifiers {
            Ok(changed)
        } else {
            // Such as a marker in the text of the specifiers.
            Err(ParseRequirementError::not_specifiers(specifiers))
        }
    }

    /// The requirement with its specifiers rewritten for a version, see [`rewrite`](super::rewrite).
    ///
    /// The [text](Rewritten::text) is the whole requirement and the [edits](Rewritten::edits) are places in it; name, extras,
    /// marker, parentheses and white space stay. A requirement with an address names no versions, which is the
    /// [outcome](Outcome::Reference). [`Shape::Drop`] removes the specifiers with their parentheses.
    ///
    /// ```
    /// use tminus_versioning::constraint::{How, pep508::Requirement};
    ///
    /// let requirement: Requirement = "demo[extra] >=1,<2 ; python_version > \"3.8\"".parse()?;
    /// let raised = requirement.rewritten("2.3.0", How::default())?;
    /// assert_eq!(raised.text(), "demo[extra] >=2,<3 ; python_version > \"3.8\"");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`rewrite`](super::rewrite), which name the whole requirement.
    pub fn rewritten(&self, to: &str, how: How) -> Result<Rewritten, RewriteError> {
        let target = Target::parse(Ecosystem::Python, to)?;
        if self.parts.url.is_some() {
            return Ok(Rewritten::unchanged(&self.text, Outcome::Reference(Reference::Url)));
        }
        let span = self.specifiers_span();
        let rewritten = super::rewrite_range(Ecosystem::Python, &self.text, span, &target, how)?;
        let refused = |_| ParseConstraintError::refused(Ecosystem::Python, &self.text);
        let changed: Self = rewritten.text().parse().map_err(refused)?;
        if how.shape != Shape::Drop || !changed.specifiers().is_empty() || self.specifiers().is_empty() {
            return Ok(rewritten);
        }
        let span = self.parts.subject_end..self.parts.enclosed.end;
        let edit = Edit { old: self.slice(&span).to_owned(), span, new: String::new() };
        let (text, _) = super::apply(&self.text, self.specifiers_span(), std::slice::from_ref(&edit));
        Ok(Rewritten { text, edits: vec![edit], outcome: Outcome::Changed })
    }

    fn slice(&self, span: &Range<usize>) -> &str {
        self.text.get(span.clone()).unwrap_or_default()
    }
}

impl FromStr for Requirement {
    type Err = ParseRequirementError;

    /// Reads a requirement.
    ///
    /// # Errors
    ///
    /// - no name, or one that starts or ends with `-`, `_` or `.` (an `_` at the end is read): `-demo`, `demo->=1`
    /// - an extra without a name or a missing bracket: `demo[,]`, `demo[a`
    /// - anything else than specifiers, an address or a marker behind the name: `demo 1.0`
    /// - specifiers that PEP 440 does not know: `demo ^1.0`, `demo >=1.*`
    /// - a blank marker, or one behind an address without white space before its `;`
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > MAX_CONSTRAINT_BYTES {
            return Err(ParseRequirementError::too_long(text.len()));
        }
        let parts = scanner::scan(text)?;
        Ok(Self { text: text.to_owned(), parts })
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

serde_as_text!(Requirement, "a requirement by PEP 508, such as `demo>=1.2,<2`", |requirement| requirement
    .text
    .clone());

/// The name by which an index tells packages apart: lower case, with one `-` for each run of `-`, `_` and `.`
/// ([PEP 503](https://peps.python.org/pep-0503/#normalized-names)).
pub fn normalize_name(name: &str) -> String {
    let mut normalized = String::with_capacity(name.len());
    let mut separated = false;
    for character in name.chars() {
        if matches!(character, '-' | '_' | '.') {
            separated = true;
            continue;
        }
        if std::mem::take(&mut separated) {
            normalized.push('-');
        }
        normalized.extend(character.to_lowercase());
    }
    if separated {
        normalized.push('-');
    }
    normalized
}
