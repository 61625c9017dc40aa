use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use super::key::Key;
use super::parts::{Parts, Release};
use super::{ParseVersionError, trim};
use crate::MAX_VERSION_BYTES;
use crate::serde_text::serde_as_text;
use crate::text::NarrowText;

/// A version by PEP 440, with the spelling in which it was written.
///
/// `Display` gives the canonical form, [`as_written`](Self::as_written) the text as it was given. Equality, order and
/// hash look at the meaning alone:
///
/// `1.0.dev1 < 1.0a1.dev1 < 1.0a1 < 1.0b1 < 1.0rc1 < 1.0 = 1.0.0 < 1.0+local < 1.0.post1 < 1.1 < 1!0.1`
///
/// A version is four words wide, and comparing two of them is nearly always one comparison of two numbers.
///
/// ```
/// use tminus_versioning::pep440::Version;
///
/// let version: Version = "v1.2-dev".parse()?;
/// assert_eq!(version.to_string(), "1.2.dev0");
/// assert_eq!(version.as_written(), "v1.2-dev");
/// assert!(version < "1.2a1".parse()?);
/// assert_eq!("1.0".parse::<Version>()?, "1.0.0".parse()?);
/// # Ok::<(), tminus_versioning::pep440::ParseVersionError>(())
/// ```
#[derive(Clone)]
pub struct Version {
    /// Decides nearly every comparison; the written text decides the others.
    key: Key,
    written: NarrowText,
}

/// The kind of a pre-release, in the order of PEP 440.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PreKind {
    /// `a`, also written `alpha`.
    Alpha,
    /// `b`, also written `beta`.
    Beta,
    /// `rc`, also written `c`, `pre` and `preview`.
    Rc,
}

impl Version {
    /// The text as it was given, without the white space around it.
    pub fn as_written(&self) -> &str {
        self.written.as_str()
    }

    /// The epoch: the `1` of `1!2.0`, else 0.
    pub fn epoch(&self) -> u64 {
        self.parts().epoch
    }

    /// The numbers of the release part, as many as were written and at least one.
    pub fn release(&self) -> Release {
        Release::of(&self.parts())
    }

    /// The pre-release part: the `rc1` of `1.0rc1`.
    pub fn pre(&self) -> Option<(PreKind, u64)> {
        self.parts().pre
    }

    /// The post-release number: the `1` of `1.0.post1`.
    pub fn post(&self) -> Option<u64> {
        self.parts().post
    }

    /// The development number: the `1` of `1.0.dev1`.
    pub fn dev(&self) -> Option<u64> {
        self.parts().dev
    }

    /// The local part in canonical form, without its `+`.
    pub fn local(&self) -> Option<String> {
        let parts = self.parts();
        if parts.local.is_empty() {
            return None;
        }
        Some(parts.segments().map(|segment| segment.to_string()).collect::<Vec<_>>().join("."))
    }

    /// Whether installers skip this version unless they are asked: it has a pre-release or a development part.
    pub fn is_prerelease(&self) -> bool {
        self.key.is_prerelease().unwrap_or_else(|| self.parts().is_prerelease())
    }

    /// Whether this is a final release: release numbers and perhaps an epoch, nothing else.
    pub fn is_final(&self) -> bool {
        self.parts().is_plain()
    }

    pub(super) fn key(&self) -> Key {
        self.key
    }

    /// Reads the text once more, which is always a version.
    pub(super) fn parts(&self) -> Parts<'_> {
        Parts::read(self.as_written().as_bytes()).unwrap_or_default()
    }

    /// The order of two versions with the same key.
    #[cold]
    #[inline(never)]
    fn cmp_parts(&self, other: &Self) -> Ordering {
        self.parts().cmp_all(&other.parts())
    }
}

impl FromStr for Version {
    type Err = ParseVersionError;

    /// Reads a version in any spelling that PEP 440 normalises.
    ///
    /// # Errors
    ///
    /// - an empty text, or one that starts with no number: ``, `x1`
    /// - anything after the version: `1.0 beta candidate`, `1.0.x`, `1.*`
    /// - a local part without text: `1.0+`
    /// - a number beyond 2⁶⁴ − 1, or a text beyond 256 bytes
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "measured: the key then is in registers where it is compared")]
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let written = trim(text);
        if written.len() > MAX_VERSION_BYTES {
            return Err(ParseVersionError::too_long(written.len()));
        }
        match Parts::read(written.as_bytes()) {
            Ok(parts) => Ok(Self { key: Key::of(&parts).0, written: NarrowText::new(written) }),
            Err(stop) => Err(ParseVersionError::at(text, stop)),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts().fmt(formatter)
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Version({:?})", self.as_written())
    }
}

impl PartialEq for Version {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Version {}

impl PartialOrd for Version {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        match self.key.cmp(&other.key) {
            Ordering::Equal if self.key.says_less() => self.cmp_parts(other),
            order => order,
        }
    }
}

impl Hash for Version {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Equal versions have equal keys.
        self.key.hash(state);
        if self.key.says_less() {
            self.parts().hash_rest(state);
        }
    }
}

serde_as_text!(Version, "a version by PEP 440, such as `0.4.0rc1`", |version| version
    .as_written()
    .to_owned());
