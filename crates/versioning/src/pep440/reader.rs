use super::PreKind;
use super::parts::Parts;

/// Why a text is not a version, as an offset into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// There is no number to begin with.
    NoNumber(usize),
    /// The text up to here is a version, and what follows does not belong to it.
    Unexpected(usize),
    /// The text is a version, but here a number goes beyond 64 bits.
    NumberTooLarge(usize),
}

impl<'a> Parts<'a> {
    /// Reads a version in any spelling, without white space around it.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "measured: the parts then stay in registers on their way to the key"
    )]
    pub(super) fn read(text: &'a [u8]) -> Result<Self, Stop> {
        let mut reader = Reader { text, at: 0, too_large: None };
        let mut parts = Parts::default();
        if reader.byte() | 0x20 == b'v' {
            reader.at = 1;
        }
        let mut start = reader.at;
        let mut number = reader.number().ok_or(Stop::NoNumber(start))?;
        if reader.byte() == b'!' {
            let mark = reader.at;
            parts.epoch = number;
            reader.at += 1;
            start = reader.at;
            number = reader.number().ok_or(Stop::Unexpected(mark))?;
        }
        parts.count = 1;
        // Four numbers that nothing indexes stay in registers.
        let mut next = || {
            let number = reader.dotted_number();
            parts.count += usize::from(number.is_some());
            number
        };
        let second = next();
        let third = second.and_then(|_| next());
        let fourth = third.and_then(|_| next());
        if fourth.is_some() {
            while next().is_some() {}
        }
        parts.head = [number, second.unwrap_or(0), third.unwrap_or(0), fourth.unwrap_or(0)];
        parts.release = text.get(start..reader.at).unwrap_or_default();
        if reader.at < text.len() {
            let suffix = reader.suffix()?;
            (parts.pre, parts.post, parts.dev) = (suffix.pre, suffix.post, suffix.dev);
            parts.local = suffix.local;
        }
        match reader.too_large {
            None => Ok(parts),
            Some(at) => Err(Stop::NumberTooLarge(at)),
        }
    }
}

/// What follows a release.
struct Suffix<'a> {
    pre: Option<(PreKind, u64)>,
    post: Option<u64>,
    dev: Option<u64>,
    local: &'a [u8],
}

/// The words that may follow a release.
enum Word {
    Pre(PreKind),
    Post,
    Dev,
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    /// Where the first number goes beyond 64 bits. Reading goes on: a text that is no version at all is told as such.
    too_large: Option<usize>,
}

impl<'a> Reader<'a> {
    /// The next byte. The end reads as NUL, which no version contains.
    #[inline]
    fn byte(&self) -> u8 {
        self.byte_after(0)
    }

    #[inline]
    fn byte_after(&self, distance: usize) -> u8 {
        self.text.get(self.at + distance).copied().unwrap_or(0)
    }

    /// Whether a word comes at a distance, in any case.
    #[inline]
    fn has(&self, distance: usize, word: &[u8]) -> bool {
        let start = self.at + distance;
        self.text.get(start..start + word.len()).is_some_and(|text| text.eq_ignore_ascii_case(word))
    }

    #[inline]
    fn number(&mut self) -> Option<u64> {
        let start = self.at;
        let mut value = 0u64;
        loop {
            let digit = self.byte().wrapping_sub(b'0');
            if digit > 9 {
                break;
            }
            value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
            self.at += 1;
        }
        match self.at - start {
            0 => None,
            // Nineteen digits always fit.
            1..=19 => Some(value),
            _ => Some(self.long_number(start)),
        }
    }

    /// A dot and a number behind it, if both are there.
    #[inline]
    fn dotted_number(&mut self) -> Option<u64> {
        if self.byte() != b'.' || !self.byte_after(1).is_ascii_digit() {
            return None;
        }
        self.at += 1;
        self.number()
    }

    #[cold]
    #[inline(never)]
    fn long_number(&mut self, start: usize) -> u64 {
        let mut value = 0u64;
        for (index, digit) in self.text.get(start..self.at).unwrap_or_default().iter().enumerate() {
            let next = value.checked_mul(10).and_then(|value| value.checked_add(u64::from(digit - b'0')));
            let Some(next) = next else {
                self.too_large.get_or_insert(start + index);
                return 0;
            };
            value = next;
        }
        value
    }

    /// Reads what follows the release.
    fn suffix(&mut self) -> Result<Suffix<'a>, Stop> {
        let mut suffix = Suffix { pre: None, post: None, dev: None, local: &[] };
        // Pre, post and dev come in this order, each at most once.
        let mut open_to = 0;
        while self.at < self.text.len() {
            if self.byte() == b'+' {
                let start = self.at + 1;
                self.local()?;
                suffix.local = self.text.get(start..).unwrap_or_default();
                return Ok(suffix);
            }
            let separator = usize::from(matches!(self.byte(), b'.' | b'-' | b'_'));
            // `1.0-1` is a post-release without its word.
            if open_to <= 1 && self.byte() == b'-' && self.byte_after(1).is_ascii_digit() {
                self.at += 1;
                suffix.post = self.number();
                open_to = 2;
                continue;
            }
            let (word, length) = self.word(separator, open_to == 0).ok_or(Stop::Unexpected(self.at))?;
            let place = match word {
                Word::Pre(_) => 0,
                Word::Post => 1,
                Word::Dev => 2,
            };
            if place < open_to {
                return Err(Stop::Unexpected(self.at));
            }
            open_to = place + 1;
            self.at += separator + length;
            if matches!(self.byte(), b'.' | b'-' | b'_') {
                self.at += 1;
            }
            let number = self.number().unwrap_or(0);
            match word {
                Word::Pre(kind) => suffix.pre = Some((kind, number)),
                Word::Post => suffix.post = Some(number),
                Word::Dev => suffix.dev = Some(number),
            }
        }
        Ok(suffix)
    }

    /// The word at a distance and its length. Where `pre` is no longer possible, `rc` is an `r` with something after it.
    #[inline]
    fn word(&self, distance: usize, pre: bool) -> Option<(Word, usize)> {
        let longest = |long: &[u8], short: usize| if self.has(distance, long) { long.len() } else { short };
        match self.byte_after(distance) | 0x20 {
            b'a' => Some((Word::Pre(PreKind::Alpha), longest(b"alpha", 1))),
            b'b' => Some((Word::Pre(PreKind::Beta), longest(b"beta", 1))),
            b'c' => Some((Word::Pre(PreKind::Rc), 1)),
            b'r' if pre && self.has(distance, b"rc") => Some((Word::Pre(PreKind::Rc), 2)),
            b'r' => Some((Word::Post, longest(b"rev", 1))),
            b'p' if self.has(distance, b"post") => Some((Word::Post, 4)),
            b'p' if self.has(distance, b"pre") => Some((Word::Pre(PreKind::Rc), longest(b"preview", 3))),
            b'd' if self.has(distance, b"dev") => Some((Word::Dev, 3)),
            _ => None,
        }
    }

    /// Reads a local part from its `+` to the end of the text.
    fn local(&mut self) -> Result<(), Stop> {
        loop {
            let mark = self.at;
            self.at += 1;
            let start = self.at;
            let mut digits = true;
            while self.byte().is_ascii_alphanumeric() {
                digits &= self.byte().is_ascii_digit();
                self.at += 1;
            }
            if self.at == start {
                return Err(Stop::Unexpected(mark));
            }
            if digits && self.at - start > 19 {
                self.long_number(start);
            }
            if self.at == self.text.len() {
                return Ok(());
            }
            if !matches!(self.byte(), b'.' | b'-' | b'_') {
                return Err(Stop::Unexpected(self.at));
            }
        }
    }
}
