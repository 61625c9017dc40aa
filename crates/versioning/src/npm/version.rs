use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use super::error::ParseVersionError;
use super::scan::{self, Partial};
use super::{MAX_NUMBER, Mode, order};
use crate::MAX_VERSION_BYTES;
use crate::semver::key::Key;
use crate::semver::usual::{Usual, usual};
use crate::serde_text::serde_as_text;
use crate::text::WideText;

/// A version of an npm package, with the spelling in which it was written.
///
/// `Display` gives what node-semver calls `version`: the canonical form, without build metadata.
/// [`as_written`](Self::as_written) gives the text as it was given.
///
/// The order is total and agrees with equality, so that it also looks at build metadata, as node-semver's
/// `compareBuild` does. [`cmp_precedence`](Self::cmp_precedence) is its `compare`: use it to ask which of two versions
/// is newer.
///
/// `1.0.0-alpha < 1.0.0-alpha.1 < 1.0.0-beta.2 < 1.0.0-beta.11 < 1.0.0 < 1.0.0+build < 1.0.1`
///
/// ```
/// use std::cmp::Ordering;
/// use tminus_versioning::npm::{Mode, Version};
///
/// let version: Version = "v1.2.3-rc.1+build.5".parse()?;
/// assert_eq!(version.to_string(), "1.2.3-rc.1");
/// assert_eq!(version.as_written(), "v1.2.3-rc.1+build.5");
/// assert_eq!((version.major(), version.pre(), version.build()), (1, "rc.1", "build.5"));
///
/// let loose = Version::parse("=1.2.3rc.01", Mode::Loose)?;
/// assert_eq!(loose.to_string(), "1.2.3-rc.1");
/// assert_eq!(loose.cmp_precedence(&version), Ordering::Equal);
/// assert!(loose < version);
/// # Ok::<(), tminus_versioning::npm::ParseVersionError>(())
/// ```
#[derive(Clone)]
pub struct Version {
    /// The three numbers and whether this is a release, so that one comparison orders nearly every pair.
    key: Key,
    /// The written text, and behind it the canonical form where that is not a part of the written text.
    text: WideText,
    written: u16,
    pre_start: u16,
    build_start: u16,
    pre_length: u8,
    build_length: u8,
}

impl Version {
    /// Reads a version.
    ///
    /// White space around it is allowed in both modes, as is a leading `v`. [`Mode::Loose`] also reads more of `v` and
    /// `=`, leading zeros, and a pre-release part without its hyphen.
    ///
    /// # Errors
    ///
    /// - fewer or more than three numbers: `1.0`, `1.0.0.0`
    /// - strict: a leading zero or `=`: `01.0.0`, `1.0.0-rc.01`, `=1.0.0`
    /// - one of the three numbers beyond 2⁵³ − 1
    /// - more than 256 characters, as JavaScript counts them and with the white space
    #[inline]
    pub fn parse(text: &str, mode: Mode) -> Result<Self, ParseVersionError> {
        if let Some(found) = usual(text.as_bytes()) {
            return Ok(Self::usual(text, &found));
        }
        Self::parse_unusual(text, mode)
    }

    /// The version that `found` describes, which is all of `text`.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "measured: the key then is in a register where it is compared")]
    pub(super) fn usual(text: &str, found: &Usual) -> Self {
        let key = Key::new(found.numbers, found.pre.1 == 0);
        if key.is_saturated() {
            return Self::large(text, found);
        }
        Self {
            key,
            text: WideText::new(text),
            written: small(text.len()),
            pre_start: small(found.pre.0),
            build_start: small(found.build.0),
            pre_length: byte(found.pre.1 - found.pre.0),
            build_length: byte(found.build.1 - found.build.0),
        }
    }

    /// As [`usual`](Self::usual), with a number that the key does not hold.
    #[cold]
    #[inline(never)]
    fn large(text: &str, found: &Usual) -> Self {
        let part = |(from, to)| (from, text.get(from..to).unwrap_or_default());
        Self::stored(text.to_owned(), found.numbers, part(found.pre), part(found.build))
    }

    /// Reads any version, also a usual one.
    #[inline(never)]
    pub(super) fn parse_unusual(text: &str, mode: Mode) -> Result<Self, ParseVersionError> {
        if text.len() > MAX_VERSION_BYTES
            && (text.len() > 3 * MAX_VERSION_BYTES || scan::javascript_length(text) > MAX_VERSION_BYTES)
        {
            return Err(ParseVersionError::too_long());
        }
        let (start, body) = without_prefix(text, mode);
        if body.is_empty() && start == 0 {
            return Err(ParseVersionError::empty());
        }
        let found = match scan::partial(body, mode) {
            Ok(found) => found,
            Err(offset) => return Err(ParseVersionError::unexpected(text, start + offset)),
        };
        let mut numbers = [0; 3];
        for (slot, component) in numbers.iter_mut().zip(found.numbers) {
            let Some((value, written)) = component.number() else {
                return Err(ParseVersionError::unexpected(text, start + missing_number(body)));
            };
            if value > MAX_NUMBER {
                let offset = body.find(written).unwrap_or_default();
                return Err(ParseVersionError::number_too_large(text, start + offset));
            }
            *slot = value;
        }
        let version = Self::assemble(text, start, numbers, &found, mode);
        // The hyphen that loose mode does not need can be one character too many.
        if mode == Mode::Loose
            && text.len() >= MAX_VERSION_BYTES
            && version.to_string().len() > MAX_VERSION_BYTES
        {
            return Err(ParseVersionError::too_long());
        }
        Ok(version)
    }

    /// The text as it was given, with the white space around it.
    pub fn as_written(&self) -> &str {
        self.text.as_str().get(..usize::from(self.written)).unwrap_or_default()
    }

    /// The first number.
    pub fn major(&self) -> u64 {
        self.numbers()[0]
    }

    /// The second number.
    pub fn minor(&self) -> u64 {
        self.numbers()[1]
    }

    /// The third number.
    pub fn patch(&self) -> u64 {
        self.numbers()[2]
    }

    /// The pre-release part in canonical form and without its `-`, empty when there is none.
    pub fn pre(&self) -> &str {
        let start = usize::from(self.pre_start);
        self.text.as_str().get(start..start + usize::from(self.pre_length)).unwrap_or_default()
    }

    /// The build metadata without its `+`, empty when there is none.
    pub fn build(&self) -> &str {
        let start = usize::from(self.build_start);
        self.text.as_str().get(start..start + usize::from(self.build_length)).unwrap_or_default()
    }

    /// Whether the version has a pre-release part.
    pub fn is_prerelease(&self) -> bool {
        self.pre_length > 0
    }

    /// Compares by SemVer section 11, without build metadata, as node-semver's `compare`.
    #[inline]
    pub fn cmp_precedence(&self, other: &Self) -> Ordering {
        match self.key.cmp(&other.key) {
            Ordering::Equal => self.cmp_same_key(other),
            different => different,
        }
    }

    fn cmp_same_key(&self, other: &Self) -> Ordering {
        if self.key.is_saturated() {
            match self.numbers().cmp(&other.numbers()) {
                Ordering::Equal => {}
                different => return different,
            }
        }
        match (self.is_prerelease(), other.is_prerelease()) {
            (true, true) => order::pre_releases(self.pre_bytes(), other.pre_bytes()),
            (is_pre, other_is_pre) => other_is_pre.cmp(&is_pre),
        }
    }

    pub(super) fn numbers(&self) -> [u64; 3] {
        if !self.key.is_saturated() {
            return self.key.numbers();
        }
        let canonical = self.text.as_str().get(usize::from(self.written)..).unwrap_or_default();
        let core = canonical.split_once('-').map_or(canonical, |(core, _)| core);
        let mut numbers = core.split('.').map(|number| number.parse().unwrap_or(MAX_NUMBER));
        std::array::from_fn(|_| numbers.next().unwrap_or_default())
    }

    /// Whether numbers and pre-release part are the same text.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.key == other.key
            && self.pre_bytes() == other.pre_bytes()
            && (!self.key.is_saturated() || self.numbers() == other.numbers())
    }

    pub(super) fn key(&self) -> Key {
        self.key
    }

    #[inline]
    pub(super) fn has_same_numbers(&self, other: &Self) -> bool {
        self.key.has_same_numbers(other.key)
            && (!self.key.is_saturated() || self.numbers() == other.numbers())
    }

    pub(super) fn pre_bytes(&self) -> &[u8] {
        let start = usize::from(self.pre_start);
        self.text.as_bytes().get(start..start + usize::from(self.pre_length)).unwrap_or_default()
    }

    fn build_bytes(&self) -> &[u8] {
        let start = usize::from(self.build_start);
        self.text.as_bytes().get(start..start + usize::from(self.build_length)).unwrap_or_default()
    }

    /// A version of parts that were checked; the pre-release part may be empty and is canonical.
    pub(super) fn compose(numbers: [u64; 3], pre: &str, build: &str) -> Self {
        let mut short = [0; 23];
        if let Some(length) = write_short(&mut short, numbers, pre).filter(|_| build.is_empty()) {
            let key = Key::new(numbers, pre.is_empty());
            if !key.is_saturated() {
                return Self {
                    key,
                    text: WideText::inline(short, length),
                    written: small(length),
                    pre_start: small(length - pre.len()),
                    build_start: 0,
                    pre_length: byte(pre.len()),
                    build_length: 0,
                };
            }
        }
        let mut text = canonical(numbers, pre);
        let pre_start = text.len() - pre.len();
        if !build.is_empty() {
            text.push('+');
            text.push_str(build);
        }
        let build_start = text.len() - build.len();
        Self::stored(text, numbers, (pre_start, pre), (build_start, build))
    }

    /// The version that `found` describes, which starts at `start` of `text`.
    pub(super) fn assemble(
        text: &str,
        start: usize,
        numbers: [u64; 3],
        found: &Partial<'_>,
        mode: Mode,
    ) -> Self {
        let (pre_start, pre_end) = found.pre.map_or((0, 0), |(from, to)| (start + from, start + to));
        let (build_start, build_end) = found.build.map_or((0, 0), |(from, to)| (start + from, start + to));
        let pre = text.get(pre_start..pre_end).unwrap_or_default();
        let build = text.get(build_start..build_end).unwrap_or_default();
        if mode == Mode::Loose
            && let Some(pre) = scan::canonical_identifiers(pre)
        {
            let mut written = text.to_owned();
            let length = written.len();
            written.push_str(&canonical(numbers, &pre));
            let mut version = Self::stored_behind(&written, length, numbers, &pre);
            (version.build_start, version.build_length) = (small(build_start), byte(build.len()));
            return version;
        }
        let key = Key::new(numbers, pre.is_empty());
        if key.is_saturated() {
            return Self::stored(text.to_owned(), numbers, (pre_start, pre), (build_start, build));
        }
        Self {
            key,
            text: WideText::new(text),
            written: small(text.len()),
            pre_start: small(pre_start),
            build_start: small(build_start),
            pre_length: byte(pre.len()),
            build_length: byte(build.len()),
        }
    }

    /// As [`assemble`](Self::assemble), with the numbers behind the text where the key does not hold them.
    fn stored(
        mut text: String,
        numbers: [u64; 3],
        (pre_start, pre): (usize, &str),
        (build_start, build): (usize, &str),
    ) -> Self {
        let key = Key::new(numbers, pre.is_empty());
        let written = small(text.len());
        if key.is_saturated() {
            text.push_str(&canonical(numbers, ""));
        }
        Self {
            key,
            text: WideText::new(&text),
            written,
            pre_start: small(pre_start),
            build_start: small(build_start),
            pre_length: byte(pre.len()),
            build_length: byte(build.len()),
        }
    }

    fn stored_behind(text: &str, written: usize, numbers: [u64; 3], pre: &str) -> Self {
        Self {
            key: Key::new(numbers, pre.is_empty()),
            text: WideText::new(text),
            written: small(written),
            pre_start: small(text.len() - pre.len()),
            build_start: 0,
            pre_length: byte(pre.len()),
            build_length: 0,
        }
    }
}

/// Takes off what may stand in front of and behind a version: the start of the rest and the rest.
fn without_prefix(text: &str, mode: Mode) -> (usize, &str) {
    let trimmed = text.trim_end_matches(scan::is_space);
    let body = match mode {
        Mode::Strict => {
            let body = trimmed.trim_start_matches(scan::is_space);
            body.strip_prefix('v').unwrap_or(body)
        }
        Mode::Loose => {
            trimmed.trim_start_matches(|found| matches!(found, 'v' | '=') || scan::is_space(found))
        }
    };
    (trimmed.len() - body.len(), body)
}

/// Where a partial version that was read lacks a number.
fn missing_number(body: &str) -> usize {
    body.find(['x', 'X', '*']).unwrap_or(body.len())
}

fn canonical([major, minor, patch]: [u64; 3], pre: &str) -> String {
    let hyphen = if pre.is_empty() { "" } else { "-" };
    format!("{major}.{minor}.{patch}{hyphen}{pre}")
}

/// Writes the canonical form, if it fits.
#[inline]
fn write_short(into: &mut [u8; 23], [major, minor, patch]: [u64; 3], pre: &str) -> Option<usize> {
    let mut at = write_number(into, 0, major)?;
    *into.get_mut(at)? = b'.';
    at = write_number(into, at + 1, minor)?;
    *into.get_mut(at)? = b'.';
    at = write_number(into, at + 1, patch)?;
    if !pre.is_empty() {
        *into.get_mut(at)? = b'-';
        at += 1;
        for &byte in pre.as_bytes() {
            *into.get_mut(at)? = byte;
            at += 1;
        }
    }
    Some(at)
}

#[inline]
fn write_number(into: &mut [u8; 23], at: usize, number: u64) -> Option<usize> {
    if number < 10 {
        *into.get_mut(at)? = digit(number);
        return Some(at + 1);
    }
    let end = at + 1 + number.checked_ilog10()? as usize;
    let mut rest = number;
    for slot in into.get_mut(at..end)?.iter_mut().rev() {
        *slot = digit(rest % 10);
        rest /= 10;
    }
    Some(end)
}

#[expect(clippy::cast_possible_truncation, reason = "the number is below 10")]
fn digit(number: u64) -> u8 {
    b'0' + number as u8
}

/// Offsets and lengths stay below 1,100 by the limit on the text.
fn small(length: usize) -> u16 {
    u16::try_from(length).unwrap_or(u16::MAX)
}

/// A part of a version is at most 251 characters long by the limit on the text.
fn byte(length: usize) -> u8 {
    u8::try_from(length).unwrap_or(u8::MAX)
}

impl FromStr for Version {
    type Err = ParseVersionError;

    /// Reads a version in strict mode: [`Version::parse`].
    #[inline]
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text, Mode::Strict)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.numbers();
        write!(formatter, "{major}.{minor}.{patch}")?;
        if self.is_prerelease() {
            write!(formatter, "-{}", self.pre())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Version({:?})", self.as_written())
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other) && self.build_bytes() == other.build_bytes()
    }
}

impl Eq for Version {}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.cmp_precedence(other)
            .then_with(|| self.pre_bytes().cmp(other.pre_bytes()))
            .then_with(|| order::builds(self.build_bytes(), other.build_bytes()))
    }
}

impl Hash for Version {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
        self.pre_bytes().hash(state);
        self.build_bytes().hash(state);
    }
}

/// The written text, or a strict spelling of it where it was read in loose mode.
fn strict_text(version: &Version) -> String {
    if version.as_written().parse::<Version>().is_ok() {
        return version.as_written().to_owned();
    }
    let plus = if version.build().is_empty() { "" } else { "+" };
    format!("{version}{plus}{}", version.build())
}

serde_as_text!(Version, "an npm version, such as `0.4.0-rc.1`", strict_text);
