//! What the work costs when nothing but the work is done: one pass over the bytes into a key that compares as a number.
//!
//! These read the versions that `make` makes and little else; they keep no text, give no reason, and refuse what does
//! not fit the key. Nothing that has to be right in every case can be much quicker.
#![expect(clippy::indexing_slicing, reason = "the floor trusts its input, as the lines are made beside it")]

use std::cmp::Ordering;

/// Digits from `at` on.
fn number(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let (start, mut value) = (*at, 0_u64);
    while *at < bytes.len() && bytes[*at].is_ascii_digit() {
        value = value * 10 + u64::from(bytes[*at] - b'0');
        *at += 1;
    }
    (*at > start && *at - start <= 18).then_some(value)
}

/// Above every development number.
const NO_DEV: u64 = (1 << 44) - 1;

/// Epoch 4 bits, numbers 12, 12, 12 and 8, phase 3, pre-release 10, post-release 10, development 44.
#[derive(Clone, Copy)]
struct Parts {
    epoch: u64,
    release: [u64; 4],
    count: usize,
    phase: u64,
    pre: u64,
    post: u64,
    dev: u64,
}

const FINAL: u64 = 4;

impl Parts {
    fn key(&self) -> u128 {
        let [a, b, c, d] = self.release;
        let release = (((((self.epoch << 12) | a) << 12 | b) << 12) | c) << 8 | d;
        let phase = ((self.phase << 10) | self.pre) << 10 | self.post;
        u128::from(release) << 67 | u128::from(phase) << 44 | u128::from(self.dev)
    }

    fn is_prerelease(&self) -> bool {
        self.phase < FINAL || self.dev != NO_DEV
    }

    fn starts_as(&self, other: &Self, count: usize) -> bool {
        self.epoch == other.epoch && self.release[..count] == other.release[..count]
    }
}

fn parts(bytes: &[u8]) -> Option<(Parts, &[u8])> {
    let mut at = usize::from(bytes.first().is_some_and(|first| first | 32 == b'v'));
    let mut parts = Parts { epoch: 0, release: [0; 4], count: 1, phase: FINAL, pre: 0, post: 0, dev: NO_DEV };
    parts.release[0] = number(bytes, &mut at)?;
    if bytes.get(at) == Some(&b'!') {
        at += 1;
        parts.epoch = parts.release[0];
        parts.release[0] = number(bytes, &mut at)?;
    }
    while at + 1 < bytes.len() && bytes[at] == b'.' && bytes[at + 1].is_ascii_digit() {
        at += 1;
        *parts.release.get_mut(parts.count)? = number(bytes, &mut at)?;
        parts.count += 1;
    }
    let [a, b, c, d] = parts.release;
    if parts.epoch > 15 || a > 4095 || b > 4095 || c > 4095 || d > 255 {
        return None;
    }
    while at < bytes.len() {
        if bytes[at] == b'+' {
            return Some((settled(parts), &bytes[at + 1..]));
        }
        at += usize::from(matches!(bytes[at], b'.' | b'-' | b'_'));
        // The words are not checked, only told apart.
        let letter = |place: usize| bytes.get(at + place).map_or(0, |byte| byte | 32);
        let (kind, length) = match (letter(0), letter(1)) {
            (b'd', _) => (9, 3),
            (b'p', b'o') => (8, 4),
            (b'a', b'l') => (1, 5),
            (b'a', _) => (1, 1),
            (b'b', b'e') => (2, 4),
            (b'b', _) => (2, 1),
            (b'r', _) => (3, 2),
            (b'p', b'r') => (3, 7),
            (b'c', _) => (3, 1),
            _ => return None,
        };
        at += length;
        if at + 1 < bytes.len() && matches!(bytes[at], b'.' | b'-' | b'_') && bytes[at + 1].is_ascii_digit() {
            at += 1;
        }
        let digits = at < bytes.len() && bytes[at].is_ascii_digit();
        let value = if digits { number(bytes, &mut at)? } else { 0 };
        match kind {
            9 if value < NO_DEV => parts.dev = value,
            8 if value < 1000 => parts.post = value + 1,
            1..=3 if value < 1000 => (parts.phase, parts.pre) = (kind, value),
            _ => return None,
        }
    }
    Some((settled(parts), b""))
}

/// A development version of the release itself comes before its alphas.
fn settled(mut parts: Parts) -> Parts {
    if parts.dev != NO_DEV && parts.phase == FINAL && parts.post == 0 {
        parts.phase = 0;
    }
    parts
}

/// A version of PEP 440.
pub(crate) struct Pep440<'t> {
    key: u128,
    local: &'t [u8],
}

pub(crate) fn pep440(line: &str) -> Option<Pep440<'_>> {
    let (parts, local) = parts(line.as_bytes())?;
    Some(Pep440 { key: parts.key(), local })
}

impl Pep440<'_> {
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key).then_with(|| match (self.local, other.local) {
            (b"", b"") => Ordering::Equal,
            (left, right) if left.is_empty() || right.is_empty() => left.len().cmp(&right.len()),
            (left, right) => segments(left, right, |separator| matches!(separator, b'.' | b'-' | b'_'), true),
        })
    }
}

/// Compares part by part. Numbers stand above words in PEP 440 and below them in SemVer.
fn segments(left: &[u8], right: &[u8], separates: fn(&u8) -> bool, numbers_high: bool) -> Ordering {
    let (mut left, mut right) = (left.split(separates), right.split(separates));
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(left), Some(right)) => {
                let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
                match (digits(left), digits(right)) {
                    (true, true) => left.len().cmp(&right.len()).then_with(|| left.cmp(right)),
                    (false, false) => left.cmp(right),
                    (number, _) if number == numbers_high => Ordering::Greater,
                    _ => Ordering::Less,
                }
            }
        };
        if order.is_ne() {
            return order;
        }
    }
}

pub(crate) fn contains(specifiers: &str, version: &str) -> Option<bool> {
    let (version, _) = parts(version.as_bytes())?;
    let key = version.key();
    let mut all = true;
    for clause in specifiers.as_bytes().split(|byte| *byte == b',') {
        let length = clause.iter().take_while(|byte| b"<>=!~".contains(byte)).count();
        let (operator, text) = clause.split_at(length);
        let prefix = text.strip_suffix(b".*");
        let (wanted, _) = parts(prefix.unwrap_or(text))?;
        let floor = wanted.key();
        all &= match operator {
            b"==" if prefix.is_some() => version.starts_as(&wanted, wanted.count),
            b"!=" if prefix.is_some() => !version.starts_as(&wanted, wanted.count),
            b"==" => key == floor,
            b"!=" => key != floor,
            b">=" => key >= floor,
            b"<=" => key <= floor,
            b"~=" => key >= floor && version.starts_as(&wanted, wanted.count - 1),
            b"<" => {
                let sneaks_in =
                    version.is_prerelease() && !wanted.is_prerelease() && version.starts_as(&wanted, 4);
                key < floor && !sneaks_in
            }
            b">" => {
                let repeats = version.post > 0
                    && wanted.post == 0
                    && version.starts_as(&wanted, 4)
                    && (version.phase, version.pre) == (wanted.phase, wanted.pre);
                key > floor && !repeats
            }
            _ => return None,
        };
    }
    Some(all)
}

/// A version of SemVer.
pub(crate) struct Semver<'t> {
    key: u64,
    pre: &'t [u8],
}

pub(crate) fn semver(line: &str) -> Option<Semver<'_>> {
    let bytes = line.as_bytes();
    let mut at = 0;
    let major = number(bytes, &mut at)?;
    at += usize::from(bytes.get(at) == Some(&b'.'));
    let minor = number(bytes, &mut at)?;
    at += usize::from(bytes.get(at) == Some(&b'.'));
    let patch = number(bytes, &mut at)?;
    if major >= 1 << 21 || minor >= 1 << 21 || patch >= 1 << 20 {
        return None;
    }
    let pre = match bytes[at..].split_first() {
        Some((b'-', rest)) => rest.split(|byte| *byte == b'+').next()?,
        Some((b'+', _)) | None => b"",
        Some(_) => return None,
    };
    Some(Semver { key: major << 42 | minor << 21 | patch << 1 | u64::from(pre.is_empty()), pre })
}

impl Semver<'_> {
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key).then_with(|| match (self.pre, other.pre) {
            (b"", b"") => Ordering::Equal,
            (left, right) => segments(left, right, |separator| *separator == b'.', false),
        })
    }
}
