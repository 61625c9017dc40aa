//! Constraints taken apart into clauses that know where they stand.

use std::ops::Range;

use super::{Ecosystem, ParseConstraintError};

mod python;
mod semver;

/// A constraint with its clauses.
#[derive(Debug, Clone)]
pub(super) struct Scanned<'t> {
    pub(super) ecosystem: Ecosystem,
    /// The whole text, to which all spans refer.
    pub(super) text: &'t str,
    /// Where the range stands in it.
    pub(super) inner: Range<usize>,
    /// At least one; a version has to satisfy one of them.
    pub(super) alternatives: Vec<Alternative>,
}

/// Clauses that a version has to satisfy together.
#[derive(Debug, Clone)]
pub(super) struct Alternative {
    /// Without white space around it.
    pub(super) span: Range<usize>,
    /// None where everything is admitted.
    pub(super) clauses: Vec<Clause>,
}

/// An operator and a version.
#[derive(Debug, Clone)]
pub(super) struct Clause {
    /// From the operator to the end of the version.
    pub(super) span: Range<usize>,
    pub(super) operator: Operator,
    pub(super) version: Written,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Operator {
    /// `>=`, and the low end of `a - b`.
    Minimum,
    /// `>`
    Above,
    /// `<=`, and the high end of `a - b`.
    Maximum,
    /// `<`
    Below,
    /// `==`, `=`, and a bare version outside Cargo.
    Exact,
    /// `===`
    Identical,
    /// `!=`
    Not,
    /// `~=`
    Compatible,
    /// `~`, in npm also `~>`.
    Tilde,
    /// `^`, and a bare version in Cargo.
    Caret,
    /// A wildcard in the first place, whatever stands before it.
    Any,
}

/// A version as it stands in a clause, with as many numbers as it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    /// Without the `v` before it.
    pub(super) span: Range<usize>,
    /// Only where one is written.
    pub(super) epoch: Option<u64>,
    /// Up to the first wildcard; none for [`Operator::Any`] and for the free text of [`Operator::Identical`].
    pub(super) numbers: Vec<u64>,
    /// What follows the numbers: `.*`, `.x`, `rc1`, `-rc.1`.
    pub(super) rest: String,
    /// Whether `rest` is wildcards.
    pub(super) wildcard: bool,
}

impl Written {
    /// The version with a missing number counted as zero; canonical enough for the parsers of versions.
    pub(super) fn lowest(&self, ecosystem: Ecosystem) -> String {
        let rest = if self.wildcard { "" } else { self.rest.as_str() };
        let mut numbers = self.numbers.clone();
        if !ecosystem.is_python() {
            numbers.resize(3.max(numbers.len()), 0);
        }
        spell(self.epoch, &numbers, rest)
    }
}

impl Clause {
    /// Whether the clause means every version that starts with its numbers.
    ///
    /// What npm and Cargo leave out is a wildcard to them; Python takes zeros for it.
    pub(super) fn is_prefix(&self, ecosystem: Ecosystem) -> bool {
        self.version.wildcard || (!ecosystem.is_python() && self.version.numbers.len() < 3)
    }
}

/// The text of a version of these parts.
pub(super) fn spell(epoch: Option<u64>, numbers: &[u64], rest: &str) -> String {
    let epoch = epoch.map(|epoch| format!("{epoch}!")).unwrap_or_default();
    let numbers: Vec<String> = numbers.iter().map(u64::to_string).collect();
    format!("{epoch}{}{rest}", numbers.join("."))
}

/// What was found instead of a constraint, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) offset: usize,
    pub(super) expected: &'static str,
}

impl Problem {
    fn new(offset: usize, expected: &'static str) -> Self {
        Self { offset, expected }
    }
}

/// Finds what is wrong with the version specifiers in a part of a text.
pub(super) fn check_specifiers(text: &str, span: Range<usize>) -> Result<(), Problem> {
    let source = Source { ecosystem: Ecosystem::Python, text };
    python::specifiers(source, span).map(|_| ())
}

impl<'t> Scanned<'t> {
    /// Takes a part of a text apart.
    pub(super) fn read(
        ecosystem: Ecosystem,
        text: &'t str,
        inner: Range<usize>,
    ) -> Result<Self, ParseConstraintError> {
        let source = Source { ecosystem, text };
        let alternatives = match ecosystem {
            Ecosystem::Python => python::specifiers(source, inner.clone()).map(|only| vec![only]),
            Ecosystem::Poetry => python::poetry(source, inner.clone()),
            Ecosystem::Npm => semver::npm(source, inner.clone()),
            Ecosystem::Cargo => semver::cargo(source, inner.clone()).map(|only| vec![only]),
            Ecosystem::Go => semver::go(source, inner.clone()).map(|only| vec![only]),
        };
        match alternatives {
            Ok(alternatives) => Ok(Self { ecosystem, text, inner, alternatives }),
            Err(problem) => Err(ParseConstraintError::at(ecosystem, text, problem.offset, problem.expected)),
        }
    }

    pub(super) fn clauses(&self) -> impl Iterator<Item = &Clause> {
        self.alternatives.iter().flat_map(|alternative| &alternative.clauses)
    }

    /// One alternative as if it stood by itself.
    pub(super) fn alone(&self, alternative: Alternative) -> Self {
        Self {
            ecosystem: self.ecosystem,
            text: self.text,
            inner: alternative.span.clone(),
            alternatives: vec![alternative],
        }
    }

    /// The text of some bytes.
    pub(super) fn slice(&self, span: Range<usize>) -> &'t str {
        self.text.get(span).unwrap_or_default()
    }
}

/// A text whose parts are read.
#[derive(Debug, Clone, Copy)]
struct Source<'t> {
    ecosystem: Ecosystem,
    text: &'t str,
}

impl<'t> Source<'t> {
    fn slice(self, span: Range<usize>) -> &'t str {
        self.text.get(span).unwrap_or_default()
    }

    /// The span without the characters at both of its ends for which `is_space` holds.
    fn trim(self, span: Range<usize>, is_space: fn(char) -> bool) -> Range<usize> {
        let slice = self.slice(span.clone());
        let start = span.start + (slice.len() - slice.trim_start_matches(is_space).len());
        let end = span.start + slice.trim_end_matches(is_space).len();
        start..end.max(start)
    }

    /// The spans between the places where `separator` stands.
    fn split(self, span: Range<usize>, separator: &str) -> Vec<Range<usize>> {
        let mut at = span.start;
        let mut spans = Vec::new();
        for part in self.slice(span).split(separator) {
            spans.push(at..at + part.len());
            at += part.len() + separator.len();
        }
        spans
    }
}
