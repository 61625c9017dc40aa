use super::PreKind;
use super::parts::Parts;

/// What a version means as one number: a smaller number is an older version.
///
/// From the highest bit down:
///
/// | bits | holds |
/// |---|---|
/// | 3 | epoch |
/// | 25, 13, 13, 25 | the first four numbers of the release |
/// | 3 | phase: what follows the release |
/// | 45 | the numbers of the phase |
/// | 1 | 1 when the key says less than the version: see below |
///
/// A number that does not fit its bits is written as their greatest value, which no fitting number has, and everything
/// below it is left at zero. The order of two keys is then still the one of the versions, but two of them can be equal
/// while the versions differ; the last bit says so. It is also set for a local part, of which the key holds nothing
/// else, and so the public version comes before its local ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key(u128);

const EPOCH: Field = Field { low: 125, bits: 3 };
const RELEASE: [Field; 4] = [
    Field { low: 100, bits: 25 },
    Field { low: 87, bits: 13 },
    Field { low: 74, bits: 13 },
    Field { low: 49, bits: 25 },
];
const PHASE: Field = Field { low: 46, bits: 3 };

/// Phases. `dev` alone is older than `a`, and a post-release newer than the final one.
const DEV: u64 = 0;
const FINAL: u64 = 4;
const POST: u64 = 5;
/// A fifth number of the release follows that is not zero.
const MORE: u64 = 7;

/// The numbers of the phase, as widths: a number of a pre- or post-release, and what is left.
const DEV_BITS: u32 = 45;
const NUMBER_BITS: u32 = 25;
const POST_DEV_BITS: u32 = DEV_BITS - NUMBER_BITS;
/// After the number of a pre-release: 0 a dev number, 1 nothing, 2 post and dev numbers.
const PRE_REST_BITS: u32 = POST_DEV_BITS - 2;
const PRE_POST_BITS: u32 = PRE_REST_BITS / 2;

#[derive(Clone, Copy)]
struct Field {
    low: u32,
    bits: u32,
}

/// A part of the key, and whether all of it was written.
type Packed = (u64, bool);

const fn most(bits: u32) -> u64 {
    (1 << bits) - 1
}

/// A number followed by what its place leaves to the parts after it.
#[inline]
fn then(number: u64, bits: u32, rest_bits: u32, rest: Packed) -> Packed {
    if number < most(bits) {
        (number << rest_bits | rest.0, rest.1)
    } else {
        (most(bits) << rest_bits, false)
    }
}

/// A dev number that may be absent, which is newer than all of them.
#[inline]
fn dev_or_none(dev: Option<u64>, bits: u32) -> Packed {
    match dev {
        None => (most(bits), true),
        Some(number) if number < most(bits) - 1 => (number, true),
        Some(_) => (most(bits) - 1, false),
    }
}

impl Key {
    pub(super) const MIN: Self = Self(0);
    pub(super) const MAX: Self = Self(u128::MAX);

    /// The key of a version, and whether it holds all of it but the local part.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "measured: parts and key then stay in registers")]
    pub(super) fn of(parts: &Parts<'_>) -> (Self, bool) {
        let [first, second, third, fourth] = parts.head;
        let fits = parts.epoch < most(EPOCH.bits)
            && first < most(RELEASE[0].bits)
            && second < most(RELEASE[1].bits)
            && third < most(RELEASE[2].bits)
            && fourth < most(RELEASE[3].bits)
            && parts.count <= 4;
        if !fits {
            return Self::of_wide(*parts);
        }
        let release = u128::from(parts.epoch) << EPOCH.low
            | u128::from(first) << RELEASE[0].low
            | u128::from(second) << RELEASE[1].low
            | u128::from(third) << RELEASE[2].low
            | u128::from(fourth) << RELEASE[3].low;
        Self::with_phase(release, parts)
    }

    /// The key of a version whose epoch or release may not fit.
    #[cold]
    #[inline(never)]
    fn of_wide(parts: Parts<'_>) -> (Self, bool) {
        let mut release = 0;
        let fields = std::iter::once((EPOCH, parts.epoch)).chain(RELEASE.into_iter().zip(parts.head));
        for (field, number) in fields {
            if number >= most(field.bits) {
                return (Self(release | u128::from(most(field.bits)) << field.low | 1), false);
            }
            release |= u128::from(number) << field.low;
        }
        if parts.numbers().skip(RELEASE.len()).any(|number| number != 0) {
            return (Self(release | u128::from(MORE) << PHASE.low | 1), false);
        }
        Self::with_phase(release, &parts)
    }

    #[inline]
    fn with_phase(release: u128, parts: &Parts<'_>) -> (Self, bool) {
        let (phase, (numbers, complete)) = match (parts.pre, parts.post, parts.dev) {
            (None, None, None) => (FINAL, (0, true)),
            (None, None, Some(dev)) => (DEV, then(dev, DEV_BITS, 0, (0, true))),
            (None, Some(post), dev) => {
                (POST, then(post, NUMBER_BITS, POST_DEV_BITS, dev_or_none(dev, POST_DEV_BITS)))
            }
            (Some((kind, number)), post, dev) => {
                let (form, (rest, complete)) = match (post, dev) {
                    (None, Some(dev)) => (0, then(dev, PRE_REST_BITS, 0, (0, true))),
                    (None, None) => (1, (0, true)),
                    (Some(post), dev) => {
                        (2, then(post, PRE_POST_BITS, PRE_POST_BITS, dev_or_none(dev, PRE_POST_BITS)))
                    }
                };
                let rest = (form << PRE_REST_BITS | rest, complete);
                let phase = match kind {
                    PreKind::Alpha => 1,
                    PreKind::Beta => 2,
                    PreKind::Rc => 3,
                };
                (phase, then(number, NUMBER_BITS, POST_DEV_BITS, rest))
            }
        };
        let says_less = !complete || !parts.local.is_empty();
        let low = (phase << DEV_BITS | numbers) << 1 | u64::from(says_less);
        (Self(release | u128::from(low)), complete)
    }

    /// Whether versions with this key can differ.
    #[inline]
    pub(super) fn says_less(self) -> bool {
        self.0 & 1 == 1
    }

    /// Whether the version has a pre-release or a dev part, where the key says it.
    #[inline]
    pub(super) fn is_prerelease(self) -> Option<bool> {
        if self.says_less() {
            return None;
        }
        let phase = u64::try_from(self.0 >> PHASE.low & u128::from(most(PHASE.bits))).unwrap_or(MORE);
        let dev = self.0 >> 1 & u128::from(most(POST_DEV_BITS));
        Some(phase < FINAL || phase == POST && dev != u128::from(most(POST_DEV_BITS)))
    }

    /// The next key, if there is one.
    pub(super) fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The key before, if there is one.
    pub(super) fn previous(self) -> Option<Self> {
        self.0.checked_sub(1).map(Self)
    }

    /// The key of the oldest version with the release of this one, which holds all of its release.
    pub(super) fn oldest(self) -> Self {
        Self(self.0 >> (PHASE.low + PHASE.bits) << (PHASE.low + PHASE.bits))
    }

    /// The greatest key of a complete public version: the one of all its local versions.
    pub(super) fn with_locals(self) -> Self {
        Self(self.0 | 1)
    }

    /// The least and the greatest key of the versions whose releases start with the first `count` numbers of this one.
    ///
    /// Nothing when the key does not hold as many.
    pub(super) fn of_prefix(self, count: usize) -> Option<(Self, Self)> {
        let low = match count.checked_sub(1) {
            None => EPOCH.low,
            Some(last) => RELEASE.get(last)?.low,
        };
        let below = (1u128 << low) - 1;
        Some((Self(self.0 & !below), Self(self.0 | below)))
    }

    /// The greatest key of a complete final or pre-release and of all its post-releases.
    pub(super) fn with_posts(self, is_pre: bool) -> Self {
        if is_pre {
            // The third form below the number of the pre-release.
            let above = self.0 >> (POST_DEV_BITS + 1) << (POST_DEV_BITS + 1);
            return Self(above | u128::from((2 << PRE_REST_BITS | most(PRE_REST_BITS)) << 1 | 1));
        }
        let release = self.0 >> (PHASE.low + PHASE.bits) << (PHASE.low + PHASE.bits);
        Self(release | u128::from((POST << DEV_BITS | most(DEV_BITS)) << 1 | 1))
    }
}
