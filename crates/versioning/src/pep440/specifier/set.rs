use std::borrow::Borrow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use super::super::{ParseVersionError, Version, trimmed};
use super::clause::{Clause, Clauses};
use super::error::ParseSpecifierError;
use super::{MAX_SPECIFIERS_BYTES, Prereleases, Specifier, admits, satisfiable, version_of};
use crate::serde_text::serde_as_text;
use crate::text::WideText;

/// What versions are wanted: clauses that must all hold, with a comma between them, or none at all.
///
/// `Display` gives the text that `packaging` gives: every clause without white space in it, in the order of their
/// texts, and of clauses that are equal only the first. [`as_written`](Self::as_written) gives the text as it was
/// given. Equality and hash compare the clauses in the order of `Display`.
///
/// ```
/// use tminus_versioning::pep440::{Prereleases, SpecifierSet, Version};
///
/// let wanted: SpecifierSet = ">= 1.2, < 2, != 1.5.*".parse()?;
/// assert_eq!(wanted.to_string(), "!=1.5.*,<2,>=1.2");
/// assert!(wanted.contains(&"1.4.1".parse()?, Prereleases::Default));
/// assert!(!wanted.contains(&"1.5.1".parse()?, Prereleases::Default));
///
/// // Pre-releases are taken when there is nothing else.
/// let listed: Vec<Version> = ["1.2", "1.9rc1", "2.0"].map(str::parse).into_iter().collect::<Result<_, _>>()?;
/// assert_eq!(wanted.filter(&listed, Prereleases::Default), [&listed[0]]);
/// assert_eq!(wanted.filter(&listed, Prereleases::Allow), [&listed[0], &listed[1]]);
/// assert_eq!(wanted.filter(&listed[1..], Prereleases::Default), [&listed[1]]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct SpecifierSet {
    written: WideText,
    clauses: Clauses,
}

impl SpecifierSet {
    /// The text as it was given, in which the spans of [`clauses`](Self::clauses) count.
    pub fn as_written(&self) -> &str {
        self.written.as_str()
    }

    /// The clauses in the order in which they were written.
    pub fn clauses(&self) -> impl ExactSizeIterator<Item = Specifier<'_>> {
        let text = self.as_written();
        self.clauses.as_slice().iter().map(move |&clause| Specifier::new(text, clause))
    }

    /// Whether there is no clause, so that every version is wanted.
    pub fn is_empty(&self) -> bool {
        self.clauses.as_slice().is_empty()
    }

    /// Whether a clause asks for pre-releases, because its version is one.
    pub fn names_prerelease(&self) -> bool {
        self.clauses.as_slice().iter().any(|clause| clause.names_prerelease)
    }

    /// Whether a version is wanted. `===` looks at the canonical text of the version.
    #[inline]
    pub fn contains(&self, version: &Version, prereleases: Prereleases) -> bool {
        admits(version, prereleases) && self.matches(version)
    }

    /// Whether the version that a text holds is wanted.
    ///
    /// `===` looks at the text as it is, with its white space. A text that is no version is wanted when all clauses
    /// are `===` and have this text.
    ///
    /// # Errors
    ///
    /// The text may be a version, but goes beyond what is read here: see the deviations of [the module](crate::pep440).
    pub fn contains_text(&self, text: &str, prereleases: Prereleases) -> Result<bool, ParseVersionError> {
        let version = version_of(text)?;
        Ok(version.as_ref().is_none_or(|version| admits(version, prereleases))
            && self.matches_text(text, version.as_ref()))
    }

    /// The wanted ones of some versions, in the order in which they come.
    ///
    /// [`Prereleases::Default`] leaves out pre-releases when there is something else, unless a clause names one.
    pub fn filter<T: Borrow<Version>>(
        &self,
        versions: impl IntoIterator<Item = T>,
        prereleases: Prereleases,
    ) -> Vec<T> {
        let matching = versions
            .into_iter()
            .filter(|version| self.matches(version.borrow()))
            .map(|version| (Kind::of(version.borrow()), version));
        self.choose(matching, prereleases)
    }

    /// The wanted ones of some texts, in the order in which they come.
    ///
    /// Each is matched as by [`contains_text`](Self::contains_text). What is no version is never a pre-release, and
    /// does not count as something else to take.
    ///
    /// # Errors
    ///
    /// A text may be a version, but goes beyond what is read here: see the deviations of [the module](crate::pep440).
    pub fn filter_text<T: AsRef<str>>(
        &self,
        texts: impl IntoIterator<Item = T>,
        prereleases: Prereleases,
    ) -> Result<Vec<T>, ParseVersionError> {
        let mut matching = Vec::new();
        for text in texts {
            let version = version_of(text.as_ref())?;
            if self.matches_text(text.as_ref(), version.as_ref()) {
                matching.push((version.as_ref().map_or(Kind::Other, Kind::of), text));
            }
        }
        Ok(self.choose(matching, prereleases))
    }

    /// Whether no version can ever be wanted, as in `>2,<1`.
    ///
    /// With [`Prereleases::Exclude`] this also holds when nothing but pre-releases could be.
    ///
    /// ```
    /// use tminus_versioning::pep440::{Prereleases, SpecifierSet};
    ///
    /// let wanted: SpecifierSet = ">=1.0a1,<1.0".parse()?;
    /// assert!(wanted.is_unsatisfiable(Prereleases::Default));
    /// let wanted: SpecifierSet = ">=1.0a1,<=1.0rc1".parse()?;
    /// assert!(!wanted.is_unsatisfiable(Prereleases::Default));
    /// assert!(wanted.is_unsatisfiable(Prereleases::Exclude));
    /// # Ok::<(), tminus_versioning::pep440::ParseSpecifierError>(())
    /// ```
    pub fn is_unsatisfiable(&self, prereleases: Prereleases) -> bool {
        let clauses: Vec<_> = self.clauses().collect();
        !satisfiable::is_satisfiable(&clauses, prereleases)
    }

    /// Whether all clauses hold for a version.
    #[inline]
    fn matches(&self, version: &Version) -> bool {
        self.clauses.as_slice().iter().all(|clause| clause.matches(|| self.as_written(), version))
    }

    /// Whether all clauses hold for a text, with the version that it holds, if any.
    fn matches_text(&self, text: &str, version: Option<&Version>) -> bool {
        self.clauses.as_slice().iter().all(|clause| clause.matches_text(self.as_written(), text, version))
    }

    /// Leaves out the pre-releases that are not to be taken.
    fn choose<T>(&self, matching: impl IntoIterator<Item = (Kind, T)>, prereleases: Prereleases) -> Vec<T> {
        let mut final_found = false;
        let mut chosen: Vec<(Kind, T)> =
            matching.into_iter().inspect(|(kind, _)| final_found |= *kind == Kind::Final).collect();
        let take_all = match prereleases {
            Prereleases::Allow => true,
            Prereleases::Exclude => false,
            Prereleases::Default => !final_found || self.names_prerelease(),
        };
        if !take_all {
            chosen.retain(|(kind, _)| *kind != Kind::Prerelease);
        }
        chosen.into_iter().map(|(_, item)| item).collect()
    }

    /// The clauses in the order of their texts, each once.
    fn in_order(&self) -> Vec<Specifier<'_>> {
        let mut clauses: Vec<_> = self.clauses().collect();
        clauses.sort_by_cached_key(ToString::to_string);
        let mut seen = std::collections::HashSet::with_capacity(clauses.len());
        clauses.retain(|&clause| seen.insert(clause));
        clauses
    }
}

/// What is to be known of an item to choose it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Final,
    Prerelease,
    /// No version at all.
    Other,
}

impl Kind {
    fn of(version: &Version) -> Self {
        if version.is_prerelease() { Self::Prerelease } else { Self::Final }
    }
}

impl FromStr for SpecifierSet {
    type Err = ParseSpecifierError;

    /// Reads clauses with commas between them. Empty ones count for nothing: `>=1.0,` is `>=1.0`.
    ///
    /// # Errors
    ///
    /// What [`Specifier::parse`] refuses.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > MAX_SPECIFIERS_BYTES {
            return Err(ParseSpecifierError::too_long(text.len()));
        }
        let mut clauses = Clauses::default();
        let mut start = 0;
        while start < text.len() {
            let rest = text.as_bytes().get(start..).unwrap_or_default();
            let end = start + rest.iter().position(|&byte| byte == b',').unwrap_or(rest.len());
            let clause = trimmed(text, start..end);
            if !clause.is_empty() {
                clauses.push(Clause::parse(text, clause)?);
            }
            start = end + 1;
        }
        Ok(Self { written: WideText::new(text), clauses })
    }
}

impl fmt::Display for SpecifierSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, clause) in self.in_order().into_iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(formatter, "{comma}{clause}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for SpecifierSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SpecifierSet({:?})", self.as_written())
    }
}

impl PartialEq for SpecifierSet {
    fn eq(&self, other: &Self) -> bool {
        self.in_order() == other.in_order()
    }
}

impl Eq for SpecifierSet {}

impl Hash for SpecifierSet {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.in_order().hash(state);
    }
}

serde_as_text!(SpecifierSet, "version specifiers by PEP 440, such as `>=1.2,<2`", |set| set
    .as_written()
    .to_owned());
