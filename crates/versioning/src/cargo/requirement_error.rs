use super::requirement::MAX_BYTES;
use crate::semver::grammar::{self, Fault, Part, What, column};

/// The comparators that the `semver` crate, and so Cargo, reads at most.
const MAX_COMPARATORS: usize = 32;

/// The text is not a requirement of Cargo.
///
/// ```
/// use tminus_versioning::cargo::VersionReq;
///
/// let error = ">=1.0 <2.0".parse::<VersionReq>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "\">=1.0 <2.0\" is not a requirement of Cargo: write a comma between comparators, not '<', at character 7"
/// );
/// assert_eq!(error.offset(), Some(6));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct ParseVersionReqError {
    kind: Kind,
    offset: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Kind {
    #[error("a requirement is at most {MAX_BYTES} bytes long, this text has {bytes}")]
    TooLong { bytes: usize },
    #[error("a requirement must not be empty: write `*` for any version")]
    Empty,
    #[error("{text:?} is not a requirement of Cargo: {reason}, at character {column}")]
    Invalid { text: String, reason: Reason, column: usize },
    #[error("{text:?} is not a requirement that Cargo reads")]
    Unknown { text: String },
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Reason {
    #[error("{0}")]
    Version(What),
    #[error("write a comma between comparators, not {0:?}")]
    NoComma(char),
    #[error("a wildcard for the whole version must stand alone")]
    WildcardNotAlone,
    #[error("no number can follow a wildcard")]
    AfterWildcard,
    #[error("more than {MAX_COMPARATORS} comparators")]
    TooMany,
}

impl ParseVersionReqError {
    /// The place in the given text where the requirement stops to make sense, as a byte offset from 0.
    ///
    /// It is the length of the text where something is missing at its end.
    pub fn offset(&self) -> Option<usize> {
        self.offset
    }

    pub(super) fn too_long(bytes: usize) -> Self {
        Self { kind: Kind::TooLong { bytes }, offset: None }
    }

    /// Says where a text fails that the `semver` crate refuses without a position.
    pub(super) fn locate(text: &str) -> Self {
        if text.trim_matches(' ').is_empty() {
            return Self { kind: Kind::Empty, offset: None };
        }
        match check(text) {
            Err((reason, offset)) => {
                let column = column(text, offset);
                Self { kind: Kind::Invalid { text: text.to_owned(), reason, column }, offset: Some(offset) }
            }
            Ok(()) => Self { kind: Kind::Unknown { text: text.to_owned() }, offset: None },
        }
    }

    /// Whether the place of the error was found; a test holds that it always is.
    #[cfg(test)]
    pub(super) fn is_located(&self) -> bool {
        !matches!(self.kind, Kind::Unknown { .. })
    }
}

type Failure = (Reason, usize);

fn version_failure(fault: Fault) -> Failure {
    (Reason::Version(fault.what), fault.offset)
}

/// Reads a requirement as the `semver` crate does, for the place of the first error.
fn check(text: &str) -> Result<(), Failure> {
    let mut at = skip_spaces(text, 0);
    if is_wildcard(text, at) {
        let rest = skip_spaces(text, at + 1);
        return match text.as_bytes().get(rest) {
            None => Ok(()),
            Some(b',') => Err((Reason::WildcardNotAlone, at)),
            Some(_) => Err((Reason::AfterWildcard, rest)),
        };
    }
    for _ in 0..MAX_COMPARATORS {
        let end = match check_comparator(text, at) {
            Ok(end) => end,
            Err(failure) => {
                let rest = skip_spaces(text, at + 1);
                let alone = is_wildcard(text, at) && matches!(text.as_bytes().get(rest), None | Some(b','));
                return Err(if alone { (Reason::WildcardNotAlone, at) } else { failure });
            }
        };
        at = skip_spaces(text, end);
        match grammar::char_at(text, at) {
            None => return Ok(()),
            Some(',') => at = skip_spaces(text, at + 1),
            Some(found) => return Err((Reason::NoComma(found), at)),
        }
    }
    Err((Reason::TooMany, at))
}

/// Reads one comparator and returns where it ends.
fn check_comparator(text: &str, start: usize) -> Result<usize, Failure> {
    let rest = text.get(start..).unwrap_or_default();
    let operator =
        [">=", "<=", "=", ">", "<", "~", "^"].into_iter().find(|operator| rest.starts_with(operator));
    let mut at = skip_spaces(text, start + operator.map_or(0, str::len));
    at = check_number(text, at, Part::Major)?;
    let mut wildcard = false;
    let mut complete = false;
    for part in [Part::Minor, Part::Patch] {
        if text.as_bytes().get(at) != Some(&b'.') {
            break;
        }
        at += 1;
        if is_wildcard(text, at) {
            wildcard = true;
            at += 1;
        } else if wildcard {
            return Err((Reason::AfterWildcard, at));
        } else {
            at = check_number(text, at, part)?;
            complete = part == Part::Patch;
        }
    }
    for (mark, part) in [(b'-', Part::Pre), (b'+', Part::Build)] {
        if complete && text.as_bytes().get(at) == Some(&mark) {
            at = grammar::scan_identifiers(text, at + 1, part).map_err(version_failure)?;
        }
    }
    Ok(at)
}

fn check_number(text: &str, at: usize, part: Part) -> Result<usize, Failure> {
    let (_, end) = grammar::scan_number(text, at, part).map_err(version_failure)?;
    let fits = text.get(at..end).is_some_and(|digits| digits.parse::<u64>().is_ok());
    if fits { Ok(end) } else { Err((Reason::Version(What::TooLarge { part }), at)) }
}

fn is_wildcard(text: &str, at: usize) -> bool {
    matches!(text.as_bytes().get(at), Some(b'*' | b'x' | b'X'))
}

fn skip_spaces(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.len() - rest.trim_start_matches(' ').len()
}
