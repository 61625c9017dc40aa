use std::num::NonZeroU8;

/// How many bytes need no allocation.
const INLINE: usize = 15;

/// The text of a version as it was written.
///
/// Nine of ten versions fit into fifteen bytes, with which this is two words wide instead of the three that a plain
/// string and its length take: sorting a million versions moves it about.
#[derive(Clone)]
pub(super) struct Text(Repr);

#[derive(Clone)]
enum Repr {
    // One more than the length: never zero, which leaves the room to tell the two apart.
    Inline { length: NonZeroU8, bytes: [u8; INLINE] },
    // A plain `Box<str>` is two words wide and would make all texts wider.
    Boxed(Box<Box<str>>),
}

impl Text {
    #[inline]
    pub(super) fn new(text: &str) -> Self {
        let mut bytes = [0; INLINE];
        if let (Some(inline), Ok(length)) = (bytes.get_mut(..text.len()), u8::try_from(text.len())) {
            inline.copy_from_slice(text.as_bytes());
            return Self(Repr::Inline { length: NonZeroU8::MIN.saturating_add(length), bytes });
        }
        Self::boxed(text)
    }

    #[cold]
    #[inline(never)]
    fn boxed(text: &str) -> Self {
        Self(Repr::Boxed(Box::new(text.into())))
    }

    #[inline]
    pub(super) fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Inline { length, bytes } => {
                let bytes = bytes.get(..usize::from(length.get() - 1)).unwrap_or_default();
                // It came from a `str`, so that this is only the check that `unsafe` would save.
                std::str::from_utf8(bytes).unwrap_or_default()
            }
            Repr::Boxed(text) => text,
        }
    }
}

impl Default for Text {
    fn default() -> Self {
        Self::new("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_is_kept_and_a_short_text_is_two_words() {
        assert_eq!(size_of::<Text>(), 16);
        for length in 0..300 {
            let text = "é".repeat(length / 2) + &"1".repeat(length % 2);
            assert_eq!(Text::new(&text).as_str(), text);
            assert_eq!(Text::new(&text).clone().as_str(), text);
        }
        assert_eq!(Text::default().as_str(), "");
    }
}
