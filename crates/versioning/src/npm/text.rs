//! A text that lives beside its owner while it is short.

/// What fits without an allocation: nearly every version and range of a manifest.
const SHORT: usize = 22;

/// An immutable text.
#[derive(Clone)]
pub(super) enum Text {
    Short { length: u8, bytes: [u8; SHORT] },
    Long(Box<str>),
}

impl Text {
    #[inline]
    pub(super) fn new(text: &str) -> Self {
        let mut bytes = [0; SHORT];
        match (bytes.get_mut(..text.len()), u8::try_from(text.len())) {
            (Some(part), Ok(length)) => {
                copy(text.as_bytes(), part);
                Self::Short { length, bytes }
            }
            _ => Self::Long(text.into()),
        }
    }

    #[inline]
    pub(super) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Short { length, bytes } => bytes.get(..usize::from(*length)).unwrap_or_default(),
            Self::Long(text) => text.as_bytes(),
        }
    }

    pub(super) fn as_str(&self) -> &str {
        match self {
            // The bytes came from a text, so that this never falls back.
            Self::Short { .. } => std::str::from_utf8(self.as_bytes()).unwrap_or_default(),
            Self::Long(text) => text,
        }
    }
}

/// Copies between slices of one length in few steps of fixed size, which is faster than a call for so little.
#[inline]
fn copy(from: &[u8], into: &mut [u8]) {
    if from.len() >= 8 {
        copy_steps::<8>(from, into);
    } else if from.len() >= 4 {
        copy_steps::<4>(from, into);
    } else {
        copy_steps::<1>(from, into);
    }
}

#[inline]
fn copy_steps<const N: usize>(from: &[u8], into: &mut [u8]) {
    for (from, into) in from.as_chunks::<N>().0.iter().zip(into.as_chunks_mut::<N>().0) {
        *into = *from;
    }
    if let (Some(from), Some(into)) = (from.last_chunk::<N>(), into.last_chunk_mut::<N>()) {
        *into = *from;
    }
}
