use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use super::PreKind;

/// How many numbers of the release are at hand without reading the text again.
pub(super) const HEAD: usize = 4;

/// What a version says, read in one pass over its text.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Parts<'a> {
    pub(super) epoch: u64,
    /// The first numbers of the release, padded with zeros.
    pub(super) head: [u64; HEAD],
    /// How many numbers the release has.
    pub(super) count: usize,
    /// The release as written: numbers and dots.
    pub(super) release: &'a [u8],
    pub(super) pre: Option<(PreKind, u64)>,
    pub(super) post: Option<u64>,
    pub(super) dev: Option<u64>,
    /// The local part as written, without its `+`; empty when there is none.
    pub(super) local: &'a [u8],
}

impl<'a> Parts<'a> {
    /// All numbers of the release.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u64> + 'a {
        self.release.split(|&byte| byte == b'.').map(number_of)
    }

    /// The segments of the local part; none when there is no local part.
    pub(super) fn segments(&self) -> impl Iterator<Item = Segment<'a>> {
        let local = self.local;
        local
            .split(|byte| matches!(byte, b'.' | b'-' | b'_'))
            .filter(|segment| !segment.is_empty())
            .map(Segment::of)
    }

    pub(super) fn is_prerelease(&self) -> bool {
        self.pre.is_some() || self.dev.is_some()
    }

    /// Whether there is nothing but epoch and release.
    pub(super) fn is_plain(&self) -> bool {
        !self.is_prerelease() && self.post.is_none() && self.local.is_empty()
    }

    /// The order of everything but the local part.
    pub(super) fn cmp_public(&self, other: &Self) -> Ordering {
        self.epoch
            .cmp(&other.epoch)
            .then_with(|| self.cmp_release(other))
            .then_with(|| self.suffix_rank().cmp(&other.suffix_rank()))
    }

    /// The whole order.
    pub(super) fn cmp_all(&self, other: &Self) -> Ordering {
        self.cmp_public(other).then_with(|| self.segments().cmp(other.segments()))
    }

    /// The order of the releases; missing numbers count as zero.
    pub(super) fn cmp_release(&self, other: &Self) -> Ordering {
        let (mut left, mut right) = (self.numbers(), other.numbers());
        loop {
            match (left.next(), right.next()) {
                (None, None) => return Ordering::Equal,
                (left, right) => match left.unwrap_or(0).cmp(&right.unwrap_or(0)) {
                    Ordering::Equal => {}
                    order => return order,
                },
            }
        }
    }

    /// Whether the first `count` numbers of the releases are the same; missing numbers count as zero.
    pub(super) fn same_prefix(&self, other: &Self, count: usize) -> bool {
        let zeros = std::iter::repeat(0);
        let own = self.numbers().chain(zeros.clone()).take(count);
        self.epoch == other.epoch && own.eq(other.numbers().chain(zeros).take(count))
    }

    /// Feeds everything that the order looks at to a hasher.
    pub(super) fn hash_rest<H: Hasher>(&self, state: &mut H) {
        let mut zeros = 0usize;
        for number in self.numbers() {
            // Zeros count only when another number follows.
            if number == 0 {
                zeros += 1;
            } else {
                (zeros, number).hash(state);
                zeros = 0;
            }
        }
        (self.epoch, self.suffix_rank()).hash(state);
        for segment in self.segments() {
            match segment {
                Segment::Number(number) => number.hash(state),
                Segment::Text(text) => text.to_ascii_lowercase().hash(state),
            }
        }
    }

    /// What follows the release, so that tuples compare as versions do.
    fn suffix_rank(&self) -> (u8, u64, Option<u64>, bool, u64) {
        let phase = match (self.pre, self.post, self.dev) {
            (None, None, Some(_)) => 0,
            (Some((PreKind::Alpha, _)), ..) => 1,
            (Some((PreKind::Beta, _)), ..) => 2,
            (Some((PreKind::Rc, _)), ..) => 3,
            (None, ..) => 4,
        };
        let number = self.pre.map_or(0, |(_, number)| number);
        (phase, number, self.post, self.dev.is_none(), self.dev.unwrap_or(0))
    }
}

impl fmt::Display for Parts<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.epoch != 0 {
            write!(formatter, "{}!", self.epoch)?;
        }
        for (index, number) in self.numbers().enumerate() {
            let dot = if index == 0 { "" } else { "." };
            write!(formatter, "{dot}{number}")?;
        }
        if let Some((kind, number)) = self.pre {
            let word = match kind {
                PreKind::Alpha => "a",
                PreKind::Beta => "b",
                PreKind::Rc => "rc",
            };
            write!(formatter, "{word}{number}")?;
        }
        if let Some(number) = self.post {
            write!(formatter, ".post{number}")?;
        }
        if let Some(number) = self.dev {
            write!(formatter, ".dev{number}")?;
        }
        for (index, segment) in self.segments().enumerate() {
            let mark = if index == 0 { '+' } else { '.' };
            write!(formatter, "{mark}{segment}")?;
        }
        Ok(())
    }
}

/// One segment of a local part. Numbers come after texts.
#[derive(Debug, Clone, Copy)]
pub(super) enum Segment<'a> {
    /// In the case in which it was written, which means nothing.
    Text(&'a [u8]),
    Number(u64),
}

impl<'a> Segment<'a> {
    fn of(text: &'a [u8]) -> Self {
        if text.iter().all(u8::is_ascii_digit) { Self::Number(number_of(text)) } else { Self::Text(text) }
    }
}

impl PartialEq for Segment<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Segment<'_> {}

impl PartialOrd for Segment<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Segment<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Text(left), Self::Text(right)) => {
                let lower = |byte: &u8| byte.to_ascii_lowercase();
                left.iter().map(lower).cmp(right.iter().map(lower))
            }
            (Self::Text(_), Self::Number(_)) => Ordering::Less,
            (Self::Number(_), Self::Text(_)) => Ordering::Greater,
            (Self::Number(left), Self::Number(right)) => left.cmp(right),
        }
    }
}

impl fmt::Display for Segment<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(formatter, "{number}"),
            Self::Text(text) => text
                .iter()
                .try_for_each(|byte| write!(formatter, "{}", char::from(byte.to_ascii_lowercase()))),
        }
    }
}

/// The numbers of the release part of a version: a slice that owns them.
#[derive(Clone)]
pub struct Release(Numbers);

#[derive(Clone)]
enum Numbers {
    Few { numbers: [u64; HEAD], count: usize },
    Many(Vec<u64>),
}

impl Release {
    pub(super) fn of(parts: &Parts<'_>) -> Self {
        if parts.count <= HEAD {
            Self(Numbers::Few { numbers: parts.head, count: parts.count })
        } else {
            Self(Numbers::Many(parts.numbers().collect()))
        }
    }
}

impl Deref for Release {
    type Target = [u64];

    fn deref(&self) -> &[u64] {
        match &self.0 {
            Numbers::Few { numbers, count } => numbers.get(..*count).unwrap_or(numbers),
            Numbers::Many(numbers) => numbers,
        }
    }
}

impl fmt::Debug for Release {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(formatter)
    }
}

impl PartialEq for Release {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Release {}

impl PartialEq<[u64]> for Release {
    fn eq(&self, other: &[u64]) -> bool {
        **self == *other
    }
}

impl<const N: usize> PartialEq<[u64; N]> for Release {
    fn eq(&self, other: &[u64; N]) -> bool {
        **self == *other
    }
}

/// The value of a run of digits that has been read before and is known to fit.
fn number_of(digits: &[u8]) -> u64 {
    digits
        .iter()
        .fold(0, |value: u64, digit| value.wrapping_mul(10).wrapping_add(u64::from(digit.wrapping_sub(b'0'))))
}
