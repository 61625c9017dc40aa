//! The shape that nearly every version has, read quickly for all modules whose versions follow SemVer.

/// The most bytes of a version with more than its numbers: npm allows no longer identifier.
const MAX_BYTES: usize = 250;
/// The most digits of a number, all of which are numbers to every module.
const MAX_DIGITS: usize = 15;

/// A version in its usual spelling, which every module reads alike.
pub(crate) struct Usual {
    pub(crate) numbers: [u64; 3],
    /// Where the numbers end.
    pub(crate) core_end: usize,
    /// Start and end of the pre-release part, both 0 when there is none.
    pub(crate) pre: (usize, usize),
    /// Start and end of the build metadata, both 0 when there is none.
    pub(crate) build: (usize, usize),
}

/// Reads what nearly every version is: three short numbers without leading zeros, and strict identifiers.
///
/// `None` says nothing about the text; the grammar of the module has to judge it.
#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "the callers take its parts apart at once, in the hottest loops there are"
)]
pub(crate) fn usual(bytes: &[u8]) -> Option<Usual> {
    let (major, at) = number(bytes, 0)?;
    let (minor, at) = number(bytes, dot(bytes, at)?)?;
    let (patch, core_end) = number(bytes, dot(bytes, at)?)?;
    let mut found = Usual { numbers: [major, minor, patch], core_end, pre: (0, 0), build: (0, 0) };
    if core_end < bytes.len() {
        (found.pre, found.build) = identifiers(bytes, core_end)?;
    }
    Some(found)
}

/// A number from `start` on, and its end.
#[inline(always)]
#[expect(clippy::inline_always, reason = "as for what it is a part of")]
fn number(bytes: &[u8], start: usize) -> Option<(u64, usize)> {
    let (mut at, mut value) = (start, 0_u64);
    while let Some(&byte) = bytes.get(at) {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
        at += 1;
    }
    let is_usual = match at - start {
        1 => true,
        2..=MAX_DIGITS => bytes.get(start) != Some(&b'0'),
        _ => false,
    };
    is_usual.then_some((value, at))
}

/// The place behind a dot.
#[inline]
fn dot(bytes: &[u8], at: usize) -> Option<usize> {
    (bytes.get(at) == Some(&b'.')).then_some(at + 1)
}

type Span = (usize, usize);

/// Reads a pre-release part and build metadata up to the end of the text.
#[inline]
fn identifiers(bytes: &[u8], mut at: usize) -> Option<(Span, Span)> {
    if bytes.len() > MAX_BYTES {
        return None;
    }
    let (mut pre, mut build) = ((0, 0), (0, 0));
    if bytes.get(at) == Some(&b'-') {
        let start = at + 1;
        at = part(bytes, start, false)?;
        pre = (start, at);
    }
    if bytes.get(at) == Some(&b'+') {
        let start = at + 1;
        at = part(bytes, start, true)?;
        build = (start, at);
    }
    (at == bytes.len()).then_some((pre, build))
}

/// The end of identifiers joined by dots; those of build metadata may be numbers with leading zeros.
#[inline]
fn part(bytes: &[u8], start: usize, is_build: bool) -> Option<usize> {
    let (mut first, mut at) = (start, start);
    let mut has_letter = is_build;
    loop {
        match bytes.get(at) {
            Some(b'0'..=b'9') => {}
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'-') => has_letter = true,
            other => {
                if at == first || (!has_letter && at > first + 1 && bytes.get(first) == Some(&b'0')) {
                    return None;
                }
                if other != Some(&b'.') {
                    return Some(at);
                }
                first = at + 1;
                has_letter = is_build;
            }
        }
        at += 1;
    }
}
