//! The grammar and the order of SemVer 2.0.0, for every module whose versions follow it.

use std::cmp::Ordering;
use std::fmt;

use super::key::Key;
use super::usual::usual;

/// What a version says, beside its text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    /// Decides nearly every comparison; the digits decide where it is saturated.
    key: Key,
    /// Where the numbers end. A text is at most 256 bytes long.
    core_end: u16,
    /// Where the pre-release part ends.
    pre_end: u16,
}

/// The value of a number that does not fit.
const BEYOND: u64 = u64::MAX;

/// A part of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Major,
    Minor,
    Patch,
    Pre,
    Build,
}

/// Why a text is not a version, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) what: What,
    /// The byte at which the text stops to make sense; the length of the text where something is missing at its end.
    pub(crate) offset: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    /// The text ends, or goes on with something else, where a number is due.
    NoNumber {
        part: Part,
        found: Option<char>,
    },
    LeadingZero {
        part: Part,
    },
    TooLarge {
        part: Part,
    },
    EmptyIdentifier {
        part: Part,
    },
    /// A character that cannot follow, or be in, a part.
    Unexpected {
        part: Part,
        found: char,
    },
    /// The text ends after a number that others have to follow.
    EndsAfter {
        part: Part,
    },
}

/// Whether `1` and `1.2` stand for `1.0.0` and `1.2.0`, as Go has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shorthand {
    Refused,
    Allowed,
}

/// Reads a version that fills all of `text`, which is at most 256 bytes long.
#[inline]
pub(crate) fn scan(text: &str, shorthand: Shorthand) -> Result<Layout, Fault> {
    let Some(found) = usual(text.as_bytes()) else { return scan_unusual(text, shorthand) };
    let pre_end = if found.pre.1 == 0 { found.core_end } else { found.pre.1 };
    Ok(Layout {
        key: Key::new(found.numbers, found.pre.1 == 0),
        core_end: narrow(found.core_end),
        pre_end: narrow(pre_end),
    })
}

/// Reads any version: as [`scan`], which must agree with this on the usual ones.
#[inline(never)]
pub(super) fn scan_unusual(text: &str, shorthand: Shorthand) -> Result<Layout, Fault> {
    let mut numbers = [0; 3];
    let mut at = 0;
    let mut before = None;
    for (part, number) in [Part::Major, Part::Minor, Part::Patch].into_iter().zip(&mut numbers) {
        if let Some(before) = before {
            match text.as_bytes().get(at) {
                Some(b'.') => at += 1,
                None if shorthand == Shorthand::Allowed => break,
                None => return Err(Fault { what: What::EndsAfter { part: before }, offset: at }),
                Some(_) => return Err(unexpected(text, at, before)),
            }
        }
        (*number, at) = scan_number(text, at, part)?;
        before = Some(part);
    }
    let core_end = at;
    let mut last = Part::Patch;
    let complete = before == Some(Part::Patch);
    if complete && text.as_bytes().get(at) == Some(&b'-') {
        at = scan_identifiers(text, at + 1, Part::Pre)?;
        last = Part::Pre;
    }
    let pre_end = at;
    if complete && text.as_bytes().get(at) == Some(&b'+') {
        at = scan_identifiers(text, at + 1, Part::Build)?;
        last = Part::Build;
    }
    if at < text.len() {
        return Err(unexpected(text, at, last));
    }
    Ok(Layout {
        key: Key::new(numbers, core_end == pre_end),
        core_end: narrow(core_end),
        pre_end: narrow(pre_end),
    })
}

fn narrow(at: usize) -> u16 {
    u16::try_from(at).unwrap_or(u16::MAX)
}

fn unexpected(text: &str, at: usize, part: Part) -> Fault {
    match char_at(text, at) {
        Some(found) => Fault { what: What::Unexpected { part, found }, offset: at },
        None => Fault { what: What::EndsAfter { part }, offset: at },
    }
}

pub(crate) fn char_at(text: &str, at: usize) -> Option<char> {
    text.get(at..).and_then(|rest| rest.chars().next())
}

/// Reads a number without leading zeros; its end comes second.
pub(crate) fn scan_number(text: &str, start: usize, part: Part) -> Result<(u64, usize), Fault> {
    let mut value = 0_u64;
    let mut at = start;
    while let Some(&byte) = text.as_bytes().get(at) {
        if !byte.is_ascii_digit() {
            break;
        }
        value = value.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
        at += 1;
    }
    // 19 digits always fit.
    if at - start > 19 {
        value = text.get(start..at).and_then(|digits| digits.parse().ok()).unwrap_or(BEYOND);
    }
    if at == start {
        return Err(Fault { what: What::NoNumber { part, found: char_at(text, at) }, offset: at });
    }
    if at - start > 1 && text.as_bytes().get(start) == Some(&b'0') {
        return Err(Fault { what: What::LeadingZero { part }, offset: start });
    }
    Ok((value, at))
}

/// Reads identifiers joined by dots and returns where they end: before the first character that cannot belong to them.
pub(crate) fn scan_identifiers(text: &str, start: usize, part: Part) -> Result<usize, Fault> {
    let mut identifier = start;
    let mut numeric = true;
    let mut at = start;
    loop {
        match text.as_bytes().get(at) {
            Some(b'0'..=b'9') => {}
            Some(b'A'..=b'Z' | b'a'..=b'z' | b'-') => numeric = false,
            boundary => {
                let boundary = boundary.copied();
                if at == identifier {
                    let closes = matches!(boundary, None | Some(b'.' | b'+'));
                    return Err(if closes {
                        Fault { what: What::EmptyIdentifier { part }, offset: at }
                    } else {
                        unexpected(text, at, part)
                    });
                }
                if part == Part::Pre
                    && numeric
                    && at - identifier > 1
                    && text.as_bytes().get(identifier) == Some(&b'0')
                {
                    return Err(Fault { what: What::LeadingZero { part }, offset: identifier });
                }
                if boundary != Some(b'.') {
                    return Ok(at);
                }
                identifier = at + 1;
                numeric = true;
            }
        }
        at += 1;
    }
}

impl Layout {
    /// The text of a part, without the character in front of it.
    ///
    /// `text` is the one that was scanned. A number that a shorthand leaves out is empty.
    pub(crate) fn part<'a>(&self, text: &'a str, part: Part) -> &'a str {
        let (core_end, pre_end) = (usize::from(self.core_end), usize::from(self.pre_end));
        let number = |index| {
            let core = text.get(..core_end).unwrap_or_default();
            core.split('.').nth(index).unwrap_or_default()
        };
        match part {
            Part::Major => number(0),
            Part::Minor => number(1),
            Part::Patch => number(2),
            Part::Pre => text.get(core_end + 1..pre_end).unwrap_or_default(),
            Part::Build => text.get(pre_end + 1..).unwrap_or_default(),
        }
    }

    /// The numbers, `None` for one that exceeds 64 bits.
    pub(crate) fn number(&self, text: &str, part: Part) -> Option<u64> {
        if self.key.is_saturated() {
            let digits = self.part(text, part);
            return if digits.is_empty() { Some(0) } else { digits.parse().ok() };
        }
        let [major, minor, patch] = self.key.numbers();
        Some(match part {
            Part::Major => major,
            Part::Minor => minor,
            Part::Patch | Part::Pre | Part::Build => patch,
        })
    }

    /// Where the build metadata starts with its `+`; the end of the text when there is none.
    pub(crate) fn build_start(&self) -> usize {
        usize::from(self.pre_end)
    }

    pub(crate) fn has_pre(&self) -> bool {
        self.core_end != self.pre_end
    }

    fn core<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        text.get(..usize::from(self.core_end)).unwrap_or_default()
    }

    /// The pre-release part, not empty, of the text that was scanned.
    #[inline]
    fn pre<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        text.get(usize::from(self.core_end) + 1..usize::from(self.pre_end)).unwrap_or_default()
    }
}

/// Compares by SemVer section 11, without build metadata.
#[inline]
pub(crate) fn compare_precedence(left: (&[u8], &Layout), right: (&[u8], &Layout)) -> Ordering {
    match left.1.key.cmp(&right.1.key) {
        Ordering::Equal => compare_same_key(left, right),
        ordering => ordering,
    }
}

fn compare_same_key(left: (&[u8], &Layout), right: (&[u8], &Layout)) -> Ordering {
    let (left_text, left) = left;
    let (right_text, right) = right;
    if left.key.is_saturated() {
        let ordering = compare_numbers(left.core(left_text), right.core(right_text));
        if ordering.is_ne() {
            return ordering;
        }
    }
    match (left.has_pre(), right.has_pre()) {
        (true, true) => {
            compare_identifiers(left.pre(left_text), right.pre(right_text), |_, _| Ordering::Equal)
        }
        (left_has, right_has) => right_has.cmp(&left_has),
    }
}

/// Compares digits without leading zeros as numbers, with dots between them; what a shorthand leaves out is 0.
fn compare_numbers(left: &[u8], right: &[u8]) -> Ordering {
    let numbers = |core| {
        let core: &[u8] = core;
        core.split(|&byte| byte == b'.').chain(std::iter::repeat(&b"0"[..])).take(3)
    };
    let by_length = |digits| {
        let digits: &[u8] = digits;
        (digits.len(), digits)
    };
    numbers(left).map(by_length).cmp(numbers(right).map(by_length))
}

/// Compares identifiers one by one; a text with more of them is larger than its beginning.
///
/// `tie` decides between numbers of the same value and should look at their leading zeros, or call them equal.
#[inline]
pub(crate) fn compare_identifiers(
    left: &[u8],
    right: &[u8],
    tie: impl Fn(&[u8], &[u8]) -> Ordering,
) -> Ordering {
    // Most parts differ in an identifier near the start or in a number at the end, so that one pass does both.
    let mut left = left.split(|&byte| byte == b'.');
    let mut right = right.split(|&byte| byte == b'.');
    loop {
        match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(one), Some(other)) => {
                let ordering = compare_identifier(one, other).then_with(|| tie(one, other));
                if ordering.is_ne() {
                    return ordering;
                }
            }
        }
    }
}

/// Numbers are before texts and compare by value, however long they are.
#[inline]
pub(crate) fn compare_identifier(left: &[u8], right: &[u8]) -> Ordering {
    let is_number = |identifier: &[u8]| identifier.iter().all(u8::is_ascii_digit);
    match (is_number(left), is_number(right)) {
        (true, true) => {
            let (left, right) = (significant(left), significant(right));
            left.len().cmp(&right.len()).then_with(|| left.cmp(right))
        }
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (false, false) => left.cmp(right),
    }
}

fn significant(mut digits: &[u8]) -> &[u8] {
    while let [b'0', rest @ ..] = digits {
        digits = rest;
    }
    digits
}

impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Major => "the major number",
            Self::Minor => "the minor number",
            Self::Patch => "the patch number",
            Self::Pre => "the pre-release part",
            Self::Build => "the build metadata",
        })
    }
}

impl fmt::Display for What {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoNumber { part, found: None } => write!(formatter, "{part} is missing"),
            Self::NoNumber { part, found: Some(found) } => {
                write!(formatter, "{part} is missing, there is {found:?}")
            }
            Self::LeadingZero { part: Part::Pre } => {
                formatter.write_str("a number in the pre-release part starts with a zero")
            }
            Self::LeadingZero { part } => write!(formatter, "{part} starts with a zero"),
            Self::TooLarge { part } => write!(formatter, "{part} exceeds {}", u64::MAX),
            Self::EmptyIdentifier { part } => write!(formatter, "an identifier of {part} is empty"),
            Self::Unexpected { part: part @ (Part::Pre | Part::Build), found } => {
                write!(formatter, "{found:?} cannot be in {part}")
            }
            Self::Unexpected { part, found } => write!(formatter, "{found:?} cannot follow {part}"),
            Self::EndsAfter { part } => write!(formatter, "the text ends after {part}"),
        }
    }
}

/// The number of the character at a byte offset, from 1, as editors count.
pub(crate) fn column(text: &str, offset: usize) -> usize {
    text.get(..offset).map_or(0, |before| before.chars().count()) + 1
}
