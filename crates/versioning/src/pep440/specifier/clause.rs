use std::ops::Range;

use super::super::key::Key;
use super::super::parts::Parts;
use super::super::reader::Stop;
use super::super::{Version, is_python_space, trim};
use super::error::{ParseSpecifierError, Reason};
use super::{MAX_SPECIFIERS_BYTES, Operator};
use crate::MAX_VERSION_BYTES;

// Spans are kept in 16 bits.
const _: () = assert!(MAX_SPECIFIERS_BYTES <= u16::MAX as usize);

/// A clause apart from its text.
#[derive(Clone, Copy)]
pub(super) struct Clause {
    /// The keys of all versions that fulfil the clause, or with `outside` of all that do not.
    least: Key,
    greatest: Key,
    outside: bool,
    /// Whether the keys decide. They do not when they hold less than the version of the clause.
    decides: bool,
    pub(super) operator: Operator,
    pub(super) is_wildcard: bool,
    pub(super) names_prerelease: bool,
    pub(super) operator_at: u16,
    version_start: u16,
    version_end: u16,
}

/// How many clauses need no allocation, which is what nearly every set has.
const INLINE: usize = 2;

/// The clauses of a set.
#[derive(Clone)]
pub(super) enum Clauses {
    /// The first `count` of them; the others mean nothing.
    Few {
        count: usize,
        clauses: [Clause; INLINE],
    },
    Many(Vec<Clause>),
}

impl Clauses {
    #[inline]
    pub(super) fn as_slice(&self) -> &[Clause] {
        match self {
            Self::Few { count, clauses } => clauses.get(..*count).unwrap_or(clauses),
            Self::Many(clauses) => clauses,
        }
    }

    #[inline]
    pub(super) fn push(&mut self, clause: Clause) {
        match self {
            Self::Few { count, clauses } => {
                if let Some(slot) = clauses.get_mut(*count) {
                    *slot = clause;
                    *count += 1;
                } else {
                    let mut many = Vec::with_capacity(2 * INLINE);
                    many.extend(clauses.iter().copied().chain([clause]));
                    *self = Self::Many(many);
                }
            }
            Self::Many(clauses) => clauses.push(clause),
        }
    }
}

impl Default for Clauses {
    #[inline]
    fn default() -> Self {
        Self::Few { count: 0, clauses: [Clause::NONE; INLINE] }
    }
}

impl Clause {
    /// What stands in a place without a clause.
    const NONE: Self = Self {
        least: Key::MIN,
        greatest: Key::MAX,
        outside: false,
        decides: true,
        operator: Operator::Arbitrary,
        is_wildcard: false,
        names_prerelease: false,
        operator_at: 0,
        version_start: 0,
        version_end: 0,
    };

    /// Reads the clause that stands at `range` of `text`, without white space around it.
    #[inline]
    pub(super) fn parse(text: &str, range: Range<usize>) -> Result<Self, ParseSpecifierError> {
        let start = range.start;
        let clause = text.get(range).unwrap_or_default();
        let refuse = |at: usize, reason| ParseSpecifierError::new(clause, start, at, reason);

        let operator = match clause.as_bytes() {
            [b'=', b'=', b'=', ..] => Operator::Arbitrary,
            [b'=', b'=', ..] => Operator::Equal,
            [b'>', b'=', ..] => Operator::AtLeast,
            [b'<', b'=', ..] => Operator::AtMost,
            [b'!', b'=', ..] => Operator::NotEqual,
            [b'~', b'=', ..] => Operator::Compatible,
            [b'<', ..] => Operator::Less,
            [b'>', ..] => Operator::Greater,
            _ => return Err(refuse(0, Reason::NoOperator)),
        };
        let after = clause.get(operator.as_str().len()..).unwrap_or_default();
        let version = trim(after);
        let version_at = clause.len() - version.len();

        let is_wildcard = operator != Operator::Arbitrary && version.ends_with(".*");
        let mut parsed = Self {
            least: Key::MIN,
            greatest: Key::MAX,
            outside: operator == Operator::NotEqual,
            decides: true,
            operator,
            is_wildcard,
            names_prerelease: false,
            operator_at: narrow(start),
            version_start: narrow(start + version_at),
            version_end: narrow(start + clause.len()),
        };
        if operator == Operator::Arbitrary {
            let stray = |character: char| is_python_space(character) || matches!(character, ';' | ')');
            if let Some(at) = version.find(stray) {
                return Err(refuse(version_at + at, Reason::Stray));
            }
            if version.len() > MAX_VERSION_BYTES {
                return Err(refuse(version_at, Reason::VersionTooLong { bytes: version.len() }));
            }
            parsed.decides = false;
            parsed.names_prerelease = match Parts::read(version.as_bytes()) {
                Ok(parts) => parts.is_prerelease(),
                Err(stop @ Stop::NumberTooLarge(_)) => return Err(refuse(version_at, Reason::Stop(stop))),
                Err(_) => false,
            };
            return Ok(parsed);
        }

        let base = if is_wildcard { version.strip_suffix(".*").unwrap_or(version) } else { version };
        if base.len() > MAX_VERSION_BYTES {
            return Err(refuse(version_at, Reason::VersionTooLong { bytes: base.len() }));
        }
        if base.is_empty() {
            return Err(refuse(version_at, Reason::NoVersion));
        }
        let parts = match Parts::read(base.as_bytes()) {
            Ok(parts) => parts,
            Err(stop) => return Err(refuse(version_at, Reason::Stop(stop))),
        };
        let equality = matches!(operator, Operator::Equal | Operator::NotEqual);
        if !parts.local.is_empty() && !equality {
            return Err(refuse(version_at + base.len() - parts.local.len() - 1, Reason::Local));
        }
        if is_wildcard && !(equality && parts.is_plain()) {
            let reason = if equality { Reason::WildcardAfterMore } else { Reason::Wildcard };
            return Err(refuse(version_at + base.len(), reason));
        }
        if operator == Operator::Compatible && parts.count < 2 {
            return Err(refuse(version_at, Reason::OneNumber));
        }
        parsed.names_prerelease = operator != Operator::NotEqual && parts.is_prerelease();
        parsed.set_keys(&parts);
        Ok(parsed)
    }

    /// Finds the keys of the versions that the clause asks for.
    #[inline]
    fn set_keys(&mut self, parts: &Parts<'_>) {
        let (key, complete) = Key::of(parts);
        self.decides = complete && parts.local.is_empty();
        match self.operator {
            Operator::AtLeast => self.least = key,
            Operator::AtMost => self.greatest = key.with_locals(),
            Operator::Greater => {
                let family = if parts.post.is_some() || parts.dev.is_some() {
                    key.with_locals()
                } else {
                    key.with_posts(parts.pre.is_some())
                };
                self.least = family.next();
            }
            Operator::Less => {
                let bound = match (parts.is_prerelease(), parts.post) {
                    (true, _) => key,
                    (false, None) if complete => key.oldest(),
                    (false, _) => oldest(*parts),
                };
                match bound.previous() {
                    Some(greatest) => self.greatest = greatest,
                    // Nothing is older than the oldest version.
                    None => (self.least, self.greatest) = (Key::MAX, Key::MIN),
                }
            }
            Operator::Equal | Operator::NotEqual if !self.is_wildcard => {
                (self.least, self.greatest) = (key, key.with_locals());
            }
            Operator::Equal | Operator::NotEqual => match key.of_prefix(parts.count) {
                Some(range) => (self.least, self.greatest) = range,
                None => self.decides = false,
            },
            Operator::Compatible => match key.of_prefix(parts.count - 1) {
                Some((_, greatest)) => (self.least, self.greatest) = (key, greatest),
                None => self.decides = false,
            },
            Operator::Arbitrary => {}
        }
    }

    pub(super) fn version_span(&self) -> Range<usize> {
        usize::from(self.version_start)..usize::from(self.version_end)
    }

    pub(super) fn version<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.version_span()).unwrap_or_default()
    }

    /// The parts of the version, without a final `.*`; of no use after `===`.
    pub(super) fn parts<'a>(&self, text: &'a str) -> Parts<'a> {
        let version = self.version(text);
        let base = if self.is_wildcard { version.strip_suffix(".*").unwrap_or(version) } else { version };
        Parts::read(base.as_bytes()).unwrap_or_default()
    }

    /// Whether a version fulfils the clause, whose text is asked for only where the keys do not decide.
    #[inline]
    pub(super) fn matches<'t>(&self, text: impl FnOnce() -> &'t str, version: &Version) -> bool {
        if self.decides {
            let key = version.key();
            return (self.least <= key && key <= self.greatest) != self.outside;
        }
        self.matches_closely(text(), version)
    }

    #[cold]
    #[inline(never)]
    fn matches_closely(&self, text: &str, version: &Version) -> bool {
        if self.operator == Operator::Arbitrary {
            return same_text(self.version(text), &version.to_string());
        }
        self.matches_parts(text, &version.parts())
    }

    /// Whether a text fulfils the clause, with the version that it holds, if any.
    pub(super) fn matches_text(&self, text: &str, candidate: &str, version: Option<&Version>) -> bool {
        if self.operator == Operator::Arbitrary {
            return same_text(self.version(text), candidate);
        }
        version.is_some_and(|version| self.matches(|| text, version))
    }

    /// Whether a version fulfils the clause, by its parts: any version, and any clause but `===`.
    fn matches_parts(&self, text: &str, version: &Parts<'_>) -> bool {
        let bound = self.parts(text);
        let order = version.cmp_public(&bound);
        match self.operator {
            Operator::AtLeast => order.is_ge(),
            Operator::AtMost => order.is_le(),
            Operator::Less if bound.is_prerelease() => order.is_lt(),
            // Neither the pre-releases of the version itself, of which `.dev0` is the oldest.
            Operator::Less => version.cmp_public(&Parts { dev: Some(0), ..bound }).is_lt(),
            Operator::Greater if bound.post.is_some() || bound.dev.is_some() => order.is_gt(),
            // Nor the post-releases of the version itself.
            Operator::Greater => {
                let same_release = version.epoch == bound.epoch && version.cmp_release(&bound).is_eq();
                order.is_gt() && !(same_release && version.pre == bound.pre)
            }
            Operator::Compatible => order.is_ge() && version.same_prefix(&bound, bound.count - 1),
            Operator::Equal | Operator::NotEqual => {
                let equal = if self.is_wildcard {
                    version.same_prefix(&bound, bound.count)
                } else {
                    // Without a local part, all local versions are the same.
                    order.is_eq() && (bound.local.is_empty() || version.segments().eq(bound.segments()))
                };
                equal != self.outside
            }
            Operator::Arbitrary => false,
        }
    }
}

/// The key of the oldest pre-release of a version.
#[cold]
#[inline(never)]
fn oldest(parts: Parts<'_>) -> Key {
    Key::of(&Parts { dev: Some(0), ..parts }).0
}

/// Whether two texts are the same but for their case.
fn same_text(left: &str, right: &str) -> bool {
    if left.is_ascii() && right.is_ascii() {
        return left.eq_ignore_ascii_case(right);
    }
    left.to_lowercase() == right.to_lowercase()
}

/// A place in a text that is known to be short.
fn narrow(place: usize) -> u16 {
    u16::try_from(place).unwrap_or(u16::MAX)
}
