//! What is compared with which reference: cases by seed, our answers, and how to ask the other side.
//!
//! A case is a list of texts, the first of which names the question. The reference program reads one case a line from
//! standard input, as a JSON array of strings, and writes one answer a line, as a JSON string. An answer of ours that
//! starts with `deviates: ` names a deviation that the crate documents; it is counted apart and compared with nothing.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a case that its own subject cannot read is a mistake in the subject"
)]

pub(crate) mod go;
pub(crate) mod npm;
pub(crate) mod pep440;
pub(crate) mod random;
mod scm;
pub(crate) mod semver;

use self::random::Random;

/// Something of ours that another implementation judges.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    pub(crate) reference: Reference,
    /// The next case.
    pub(crate) case: fn(&mut Random) -> Vec<String>,
    /// What this crate answers.
    pub(crate) answer: fn(&[String]) -> String,
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
