//! The grammar and the order of SemVer 2.0.0, for every module whose versions follow it.

use std::cmp::Ordering;
use std::fmt;

/// Where the parts of a version are in its text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    /// The three numbers; [`BEYOND`] stands for every number that large, whose digits decide then.
    numbers: [u64; 3],
    /// Where major, minor, patch and pre-release end. A text is at most 256 bytes long.
    ends: [u16; 4],
}

/// The value of a number that does not fit, and of the one number that is equal to it.
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
pub(crate) fn scan(text: &str, shorthand: Shorthand) -> Result<Layout, Fault> {
    let mut numbers = [0; 3];
    let mut ends = [0_u16; 4];
    let mut at = 0;
    let mut before = None;
    for ((part, number), end) in
        [Part::Major, Part::Minor, Part::Patch].into_iter().zip(&mut numbers).zip(&mut ends)
    {
        if let Some(before) = before {
            match text.as_bytes().get(at) {
                Some(b'.') => at += 1,
                None if shorthand == Shorthand::Allowed => {
                    *end = narrow(at);
                    continue;
                }
                None => return Err(Fault { what: What::EndsAfter { part: before }, offset: at }),
                Some(_) => return Err(unexpected(text, at, before)),
            }
        }
        (*number, at) = scan_number(text, at, part)?;
        *end = narrow(at);
        before = Some(part);
    }
    let mut last = Part::Patch;
    let complete = before == Some(Part::Patch);
    if complete && text.as_bytes().get(at) == Some(&b'-') {
        at = scan_identifiers(text, at + 1, Part::Pre)?;
        last = Part::Pre;
    }
    let [.., pre_end] = &mut ends;
    *pre_end = narrow(at);
    if complete && text.as_bytes().get(at) == Some(&b'+') {
        at = scan_identifiers(text, at + 1, Part::Build)?;
        last = Part::Build;
    }
    if at < text.len() {
        return Err(unexpected(text, at, last));
    }
    Ok(Layout { numbers, ends })
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
    fn end(&self, part: Part) -> usize {
        let [major, minor, patch, pre] = self.ends;
        usize::from(match part {
            Part::Major => major,
            Part::Minor => minor,
            Part::Patch => patch,
            Part::Pre | Part::Build => pre,
        })
    }

    /// The text of a part, without the character in front of it.
    ///
    /// `text` is the one that was scanned. A number that a shorthand leaves out is empty.
    pub(crate) fn part<'a>(&self, text: &'a str, part: Part) -> &'a str {
        let range = match part {
            Part::Major => 0..self.end(Part::Major),
            Part::Minor => self.end(Part::Major) + 1..self.end(Part::Minor),
            Part::Patch => self.end(Part::Minor) + 1..self.end(Part::Patch),
            Part::Pre => self.end(Part::Patch) + 1..self.end(Part::Pre),
            Part::Build => self.end(Part::Pre) + 1..text.len(),
        };
        text.get(range).unwrap_or_default()
    }

    /// The numbers, `None` for one that exceeds 64 bits.
    pub(crate) fn number(&self, text: &str, part: Part) -> Option<u64> {
        let [major, minor, patch] = self.numbers;
        let number = match part {
            Part::Major => major,
            Part::Minor => minor,
            Part::Patch | Part::Pre | Part::Build => patch,
        };
        if number == BEYOND { self.part(text, part).parse().ok() } else { Some(number) }
    }

    /// Where the build metadata starts with its `+`; the end of the text when there is none.
    pub(crate) fn build_start(&self) -> usize {
        self.end(Part::Pre)
    }

    pub(crate) fn has_pre(&self) -> bool {
        self.end(Part::Patch) != self.end(Part::Pre)
    }
}

/// Compares by SemVer section 11, without build metadata.
pub(crate) fn compare_precedence(left: (&str, &Layout), right: (&str, &Layout)) -> Ordering {
    let (left_text, left) = left;
    let (right_text, right) = right;
    let parts = [Part::Major, Part::Minor, Part::Patch];
    for ((part, left_number), right_number) in parts.into_iter().zip(&left.numbers).zip(&right.numbers) {
        let ordering = match left_number.cmp(right_number) {
            Ordering::Equal if *left_number == BEYOND => {
                compare_digits(left.part(left_text, part), right.part(right_text, part))
            }
            ordering => ordering,
        };
        if ordering != Ordering::Equal {
            return ordering;
        }
    }
    match (left.has_pre(), right.has_pre()) {
        (false, false) => Ordering::Equal,
        (false, true) => Ordering::Greater,
        (true, false) => Ordering::Less,
        (true, true) => {
            compare_identifiers(left.part(left_text, Part::Pre), right.part(right_text, Part::Pre))
        }
    }
}

/// Compares digits without leading zeros as numbers; an empty text is 0, as a shorthand means it.
fn compare_digits(left: &str, right: &str) -> Ordering {
    let (left, right) =
        (if left.is_empty() { "0" } else { left }, if right.is_empty() { "0" } else { right });
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

/// Compares identifiers one by one; a text with more of them is larger than its beginning, and than none.
///
/// Leading zeros, which only build metadata can have, decide between numbers that are equal.
pub(crate) fn compare_identifiers(left: &str, right: &str) -> Ordering {
    let same = left.bytes().zip(right.bytes()).take_while(|(left, right)| left == right).count();
    let start = left.get(..same).and_then(|same| same.rfind('.')).map_or(0, |dot| dot + 1);
    let left_identifier = identifier_at(left, start);
    let right_identifier = identifier_at(right, start);
    let numeric = |identifier: &str| identifier.bytes().all(|byte| byte.is_ascii_digit());
    let ordering = match (numeric(left_identifier), numeric(right_identifier)) {
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (false, false) => left_identifier.cmp(right_identifier),
        (true, true) => {
            compare_digits(left_identifier.trim_start_matches('0'), right_identifier.trim_start_matches('0'))
                .then_with(|| left_identifier.len().cmp(&right_identifier.len()))
        }
    };
    // Where the identifiers are the same, one of the texts ends with them.
    ordering.then_with(|| left.len().cmp(&right.len()))
}

fn identifier_at(text: &str, start: usize) -> &str {
    let rest = text.get(start..).unwrap_or_default();
    let end = rest.bytes().position(|byte| byte == b'.').unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default()
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
