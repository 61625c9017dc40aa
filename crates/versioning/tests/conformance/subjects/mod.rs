//! What is compared with which reference: cases by seed, our answers, and how to ask the other side.
//!
//! A case is a list of texts, the first of which names the question. The reference program reads one case a line from
//! standard input, as a JSON array of strings, and writes one answer a line, as a JSON string. Every case is answered and
//! compared. Where the answers differ, the subject is asked for the deviation that foretells this very pair; there may be
//! few of each kind.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a case that its own subject cannot read is a mistake in the subject"
)]

pub(crate) mod go;
mod large;
pub(crate) mod npm;
pub(crate) mod pep440;
pub(crate) mod random;
mod scm;
pub(crate) mod semver;

use std::collections::BTreeMap;

use self::random::Random;

/// Something of ours that another implementation judges.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    pub(crate) reference: Reference,
    /// The next case.
    pub(crate) case: fn(&mut Random) -> Vec<String>,
    /// What this crate answers.
    pub(crate) answer: fn(&[String]) -> String,
    /// Why the answers to a case differ, ours first: `None` unless a documented deviation foretells exactly this pair.
    ///
    /// Asked where they differ alone.
    pub(crate) deviation: fn(&[String], &str, &str) -> Option<&'static str>,
    /// Every reason that there is, with the most of 10,000 cases that may have it.
    pub(crate) reasons: &'static [(&'static str, usize)],
}

/// What came of the cases of a subject.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    cases: usize,
    deviations: BTreeMap<&'static str, usize>,
}

impl Tally {
    /// Takes a case with the answer of the reference; ours comes back if the two may not differ.
    pub(crate) fn judge(&mut self, subject: &Subject, case: &[String], theirs: &str) -> Option<String> {
        self.cases += 1;
        let ours = (subject.answer)(case);
        if ours == theirs {
            return None;
        }
        let Some(reason) = (subject.deviation)(case, &ours, theirs) else { return Some(ours) };
        assert!(subject.reasons.iter().any(|(known, _)| *known == reason), "{reason}");
        *self.deviations.entry(reason).or_default() += 1;
        None
    }

    /// How many cases differ for each reason.
    pub(crate) fn deviations(&self, subject: &Subject) -> Vec<(&'static str, usize)> {
        let count = |reason| self.deviations.get(reason).copied().unwrap_or_default();
        subject.reasons.iter().map(|&(reason, _)| (reason, count(reason))).collect()
    }

    /// The reasons that explain more than they may: one that is too wide would hide mistakes.
    pub(crate) fn excess(&self, subject: &Subject) -> Vec<String> {
        // A handful more, as so few cases vary.
        let bound = |most: usize| 5 + (self.cases * most).div_ceil(10_000);
        let counted = subject.reasons.iter().zip(self.deviations(subject));
        counted
            .filter(|((_, most), (_, count))| *count > bound(*most))
            .map(|((_, most), (reason, count))| format!("{count} cases, at most {}: {reason}", bound(*most)))
            .collect()
    }
}

/// The program that knows the right answers.
pub(crate) enum Reference {
    /// A script for Python, with what `pip` installs for it.
    Python { packages: &'static [&'static str], script: &'static str },
    /// A script for Node, with what `npm` installs for it.
    Node { packages: &'static [&'static str], script: &'static str },
    /// A program for Go, with the `golang.org/x/mod/{semver,module}` that the toolchain carries for itself.
    ///
    /// They are under `$(go env GOROOT)/src/cmd/vendor/golang.org/x/mod`: copied with `internal/lazyregexp` and a `go.mod`
    /// that names the module `golang.org/x/mod`, they serve a `replace` in the `go.mod` of the program. Where Go is
    /// missing, the subject is left out.
    Go { script: &'static str },
}

/// Every subject.
pub(crate) const SUBJECTS: &[Subject] =
    &[go::SUBJECT, npm::SUBJECT, pep440::SUBJECT, scm::SUBJECT, semver::SUBJECT];
