//! Short texts that need no allocation.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::num::NonZeroU8;
use std::ops::Deref;

#[cfg(test)]
mod tests;

/// A text that is two words wide, with up to fifteen bytes in them: for what is sorted by the million.
pub(crate) type NarrowText = Text<15, Thin>;

/// A text that is three words wide, with up to 23 bytes in them: nearly every version and range of a manifest.
pub(crate) type WideText = Text<23, Box<str>>;

/// An immutable text that lives in its owner while it is short, and in `Long` otherwise.
#[derive(Clone)]
pub(crate) struct Text<const INLINE: usize, Long>(Repr<INLINE, Long>);

#[derive(Clone)]
enum Repr<const INLINE: usize, Long> {
    // One more than the length: never zero, which leaves the room to tell the two apart.
    Inline { length: NonZeroU8, bytes: [u8; INLINE] },
    Long(Long),
}

/// What owns a text of any length.
pub(crate) trait Owner: for<'t> From<&'t str> + Deref<Target = str> {}

impl<T: for<'t> From<&'t str> + Deref<Target = str>> Owner for T {}

/// A text behind one pointer. A plain `Box<str>` is two words wide and would make [`NarrowText`] wider.
#[derive(Clone)]
pub(crate) struct Thin(Box<Box<str>>);

impl From<&str> for Thin {
    fn from(text: &str) -> Self {
        Self(Box::new(text.into()))
    }
}

impl Deref for Thin {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const INLINE: usize, Long: Owner> Text<INLINE, Long> {
    /// Four steps of eight bytes copy what is inline.
    const FITS: () = assert!(INLINE <= 32);

    #[inline]
    pub(crate) fn new(text: &str) -> Self {
        let () = Self::FITS;
        let mut bytes = [0; INLINE];
        match bytes.get_mut(..text.len()) {
            Some(part) => {
                copy(text.as_bytes(), part);
                Self::inline(bytes, text.len())
            }
            None => Self::long(text),
        }
    }

    /// The first `length` bytes of `bytes`, which are ASCII.
    #[inline]
    pub(crate) fn inline(bytes: [u8; INLINE], length: usize) -> Self {
        let length = NonZeroU8::MIN.saturating_add(u8::try_from(length).unwrap_or_default());
        Self(Repr::Inline { length, bytes })
    }

    #[inline(never)]
    fn long(text: &str) -> Self {
        Self(Repr::Long(text.into()))
    }

    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Repr::Inline { length, bytes } => bytes.get(..usize::from(length.get() - 1)).unwrap_or_default(),
            Repr::Long(text) => text.as_bytes(),
        }
    }

    #[inline]
    pub(crate) fn as_str(&self) -> &str {
        match &self.0 {
            // It came from a `str`, so that this is only the check that `unsafe` would save.
            Repr::Inline { .. } => std::str::from_utf8(self.as_bytes()).unwrap_or_default(),
            Repr::Long(text) => text,
        }
    }
}

impl<const INLINE: usize, Long: Owner> Default for Text<INLINE, Long> {
    fn default() -> Self {
        Self::new("")
    }
}

impl<const INLINE: usize, Long: Owner> PartialEq for Text<INLINE, Long> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl<const INLINE: usize, Long: Owner> Eq for Text<INLINE, Long> {}

impl<const INLINE: usize, Long: Owner> Hash for Text<INLINE, Long> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl<const INLINE: usize, Long: Owner> fmt::Debug for Text<INLINE, Long> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(formatter)
    }
}

/// Copies between slices of one length in four steps of fixed size, which is faster than a call for so little.
///
/// The usual lengths are on both sides of eight: they take the same way, which the processor need not guess.
#[inline]
fn copy(from: &[u8], into: &mut [u8]) {
    let length = from.len();
    match length {
        16.. => copy_steps::<8>(from, into, (length & 16) / 2),
        4.. => copy_steps::<4>(from, into, (length & 8) / 2),
        _ => from.iter().zip(into).for_each(|(from, into)| *into = *from),
    }
}

/// Copies `N` bytes at both ends, and as many each `step` bytes further inside: up to four times `N`.
#[inline]
fn copy_steps<const N: usize>(from: &[u8], into: &mut [u8], step: usize) {
    let last = from.len().saturating_sub(N);
    for at in [0, step, last.saturating_sub(step), last] {
        let from = from.get(at..).and_then(|from| from.first_chunk::<N>());
        let into = into.get_mut(at..).and_then(|into| into.first_chunk_mut::<N>());
        if let (Some(from), Some(into)) = (from, into) {
            *into = *from;
        }
    }
}
