/// The three numbers of a version, and whether it is a release, in one number of the same order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key(u64);

impl Key {
    /// The largest value that a number has in a key; it also stands for everything above.
    const FIELD: u64 = (1 << 21) - 1;

    #[inline]
    pub(crate) fn new([major, minor, patch]: [u64; 3], is_release: bool) -> Self {
        Self(if major < Self::FIELD && minor < Self::FIELD && patch < Self::FIELD {
            major << 43 | minor << 22 | patch << 1 | u64::from(is_release)
        } else if major >= Self::FIELD {
            u64::MAX
        } else if minor >= Self::FIELD {
            major << 43 | ((1 << 43) - 1)
        } else {
            major << 43 | minor << 22 | ((1 << 22) - 1)
        })
    }

    /// Whether the key stands for more than one triple of numbers; it says nothing about releases then.
    #[inline]
    pub(crate) fn is_saturated(self) -> bool {
        self.0 >> 1 & Self::FIELD == Self::FIELD
    }

    #[inline]
    pub(crate) fn is_release(self) -> bool {
        self.0 & 1 == 1
    }

    /// Whether this is the key of a pre-release of `0.0.0`.
    pub(crate) fn is_zero(self) -> bool {
        self.0 == 0
    }

    #[inline]
    pub(crate) fn numbers(self) -> [u64; 3] {
        [self.0 >> 43, self.0 >> 22 & Self::FIELD, self.0 >> 1 & Self::FIELD]
    }

    #[inline]
    pub(crate) fn has_same_numbers(self, other: Self) -> bool {
        self.0 >> 1 == other.0 >> 1
    }
}
