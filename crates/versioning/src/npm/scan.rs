//! The grammar of versions, whole and partial, that every part of this module shares.
//!
//! node-semver reads with regular expressions whose repetitions are bounded. The bounds are kept here: in a range they
//! decide whether a long comparator is refused or, in loose mode, left out.

use super::{MAX_NUMBER, Mode};

/// The most digits of a number, or of the digits in front of an identifier, in one repetition.
const MAX_DIGITS: usize = 256;
/// The most characters of an identifier behind its first one that is no digit, and of one of the build metadata.
const MAX_IDENTIFIER: usize = 250;

/// One of the three numbers of a version.
#[derive(Debug, Clone, Copy)]
pub(super) enum Component<'t> {
    /// Not written.
    Missing,
    /// `x`, `X` or `*`.
    Any,
    /// A number; the value stops at the largest one, the text tells more.
    Number { value: u64, text: &'t str },
}

impl<'t> Component<'t> {
    pub(super) fn number(self) -> Option<(u64, &'t str)> {
        match self {
            Self::Number { value, text } => Some((value, text)),
            Self::Missing | Self::Any => None,
        }
    }

    /// Whether the number is written as exactly `0`.
    pub(super) fn is_zero(self) -> bool {
        matches!(self, Self::Number { text: "0", .. })
    }
}

/// A version in which numbers may be missing, without what stands in front of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Partial<'t> {
    pub(super) numbers: [Component<'t>; 3],
    /// Start and end of the pre-release part, without its hyphen.
    pub(super) pre: Option<(usize, usize)>,
    /// Start and end of the build metadata, without the `+`.
    pub(super) build: Option<(usize, usize)>,
}

/// Reads all of `text`, which starts with a number or a wildcard; the error is the offset where it stops to make sense.
pub(super) fn partial(text: &str, mode: Mode) -> Result<Partial<'_>, usize> {
    let bytes = text.as_bytes();
    let mut found = Partial { numbers: [Component::Missing; 3], pre: None, build: None };
    let mut at = 0;
    let mut complete = false;
    let [major, minor, patch] = &mut found.numbers;
    for (index, slot) in [major, minor, patch].into_iter().enumerate() {
        let start = at;
        match bytes.get(at) {
            Some(b'0'..=b'9') => {
                let (mut end, value) = number(bytes, at);
                let limit = if mode == Mode::Strict {
                    if bytes.get(at) == Some(&b'0') && end > at + 1 {
                        return Err(at + 1);
                    }
                    MAX_DIGITS + 1
                } else {
                    MAX_DIGITS
                };
                let mut value = value;
                if end - at > limit {
                    if index < 2 || mode == Mode::Strict {
                        return Err(at + limit);
                    }
                    end = at + limit;
                    value = u64::MAX;
                } else if mode == Mode::Loose && index == 2 && bytes.get(end) == Some(&b'.') && end > at + 1 {
                    // A pre-release part needs no hyphen: the last digit of `1.2.34.5` starts one.
                    end -= 1;
                    value = number(bytes.get(..end).unwrap_or_default(), at).1;
                }
                at = end;
                *slot = Component::Number { value, text: text.get(start..end).unwrap_or_default() };
            }
            Some(b'x' | b'X' | b'*') => {
                at += 1;
                *slot = Component::Any;
            }
            _ => return Err(at),
        }
        if index == 2 {
            complete = true;
        } else if bytes.get(at) == Some(&b'.') {
            at += 1;
        } else {
            break;
        }
    }
    if complete && at < bytes.len() {
        at = pre_release(bytes, at, mode, &mut found)?;
        if bytes.get(at) == Some(&b'+') {
            let end = build(bytes, at + 1)?;
            found.build = Some((at + 1, end));
            at = end;
        }
    }
    if at == bytes.len() { Ok(found) } else { Err(at) }
}

/// Reads the digits from `at` on: their end and their value, which stops at the largest one.
#[inline]
fn number(bytes: &[u8], at: usize) -> (usize, u64) {
    let mut end = at;
    let mut value: u64 = 0;
    while let Some(digit @ b'0'..=b'9') = bytes.get(end) {
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
        end += 1;
    }
    if end - at > 19 {
        value = bytes.get(at..end).unwrap_or_default().iter().fold(0, |value: u64, digit| {
            value.saturating_mul(10).saturating_add(u64::from(digit.wrapping_sub(b'0')))
        });
    }
    (end, value)
}

fn pre_release(bytes: &[u8], at: usize, mode: Mode, found: &mut Partial<'_>) -> Result<usize, usize> {
    let start = match (bytes.get(at), mode) {
        (Some(b'-'), Mode::Strict) => at + 1,
        // A lonely hyphen can itself be the identifier.
        (Some(b'-'), Mode::Loose) if identifiers(bytes, at + 1, mode).is_ok() => at + 1,
        (Some(&byte), Mode::Loose) if is_identifier(byte) => at,
        _ => return Ok(at),
    };
    let end = identifiers(bytes, start, mode)?;
    found.pre = Some((start, end));
    Ok(end)
}

pub(super) fn is_identifier(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

/// Reads the identifiers of a pre-release part: their end, or the offset of what is wrong.
pub(super) fn identifiers(bytes: &[u8], start: usize, mode: Mode) -> Result<usize, usize> {
    let mut at = start;
    loop {
        let first = at;
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        let digits = at - first;
        while bytes.get(at).is_some_and(|&byte| is_identifier(byte)) {
            at += 1;
        }
        let rest = at - first - digits;
        if at == first {
            return Err(at);
        }
        if rest > 0 {
            if digits > MAX_DIGITS || rest > MAX_IDENTIFIER + 1 {
                return Err(first);
            }
        } else if mode == Mode::Strict {
            if digits > 1 && bytes.get(first) == Some(&b'0') {
                return Err(first + 1);
            }
            if digits > MAX_DIGITS + 1 {
                return Err(first);
            }
        } else if digits > MAX_DIGITS {
            return Err(first);
        }
        if bytes.get(at) != Some(&b'.') {
            return Ok(at);
        }
        at += 1;
    }
}

fn build(bytes: &[u8], start: usize) -> Result<usize, usize> {
    let mut at = start;
    loop {
        let first = at;
        while bytes.get(at).is_some_and(|&byte| is_identifier(byte)) {
            at += 1;
        }
        if at == first || at - first > MAX_IDENTIFIER {
            return Err(first);
        }
        if bytes.get(at) != Some(&b'.') {
            return Ok(at);
        }
        at += 1;
    }
}

/// Whether JavaScript's `\s` and `String.prototype.trim` count a character as white space.
pub(super) fn is_space(character: char) -> bool {
    match character {
        '\t'..='\r' | ' ' | '\u{feff}' => true,
        '\0'..='\u{9f}' => false,
        _ => character.is_whitespace(),
    }
}

/// The length of a text as JavaScript counts it.
pub(super) fn javascript_length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The identifiers of a pre-release part in the spelling of node-semver: numbers that it keeps as numbers lose their
/// leading zeros. `None` when nothing changes.
pub(super) fn canonical_identifiers(pre: &str) -> Option<String> {
    let is_padded = |identifier: &str| {
        identifier.len() > 1 && identifier.starts_with('0') && small_number(identifier).is_some()
    };
    if !pre.split('.').any(is_padded) {
        return None;
    }
    let plain =
        |identifier| small_number(identifier).map_or_else(|| String::from(identifier), |n| n.to_string());
    Some(pre.split('.').map(plain).collect::<Vec<_>>().join("."))
}

/// The value of an identifier that node-semver holds as a number.
pub(super) fn small_number(identifier: &str) -> Option<u64> {
    if identifier.is_empty() || !identifier.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    identifier.parse().ok().filter(|&value| value < MAX_NUMBER).or_else(|| {
        let significant = identifier.trim_start_matches('0');
        if significant.is_empty() {
            Some(0)
        } else {
            significant.parse().ok().filter(|&value| value < MAX_NUMBER)
        }
    })
}
