//! One word of a range to the comparators that it stands for.

use super::comparator::Comparators;
use super::comparator::{Comparator, Operator};
use super::error::Problem;
use super::scan::{self, Component, Partial};
use super::{MAX_NUMBER, Mode, Options, Version};
use crate::MAX_VERSION_BYTES;
use crate::semver::usual::{self as semver, Usual};

/// What a word without comparators means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// It has comparators.
    Comparators,
    /// It is a wildcard: no text is left of it, so that it can vanish between two spaces.
    Nothing,
    /// Everything, written as the lowest version.
    Everything,
}

/// Reads the words of one alternative into a list of comparators.
pub(super) struct Reader<'l> {
    options: Options,
    list: &'l mut Comparators,
    /// Where the alternative starts in the list.
    start: usize,
    alternative: u16,
    /// Whether a comparator is `<0.0.0-0`, which makes the others meaningless.
    pub(super) is_null: bool,
    /// Whether a comparator is `>=0.0.0`, which is no comparator.
    everything: bool,
}

type Number<'t> = (u64, &'t str);

impl<'l> Reader<'l> {
    pub(super) fn new(options: Options, list: &'l mut Comparators, alternative: u16) -> Self {
        let start = list.as_slice().len();
        Self { options, list, start, alternative, is_null: false, everything: false }
    }

    #[inline]
    fn add(&mut self, comparator: Comparator) {
        self.is_null |= comparator.is_null();
        let known = self.list.as_slice().get(self.start..).unwrap_or_default();
        if !known.iter().any(|other| other.is_same(&comparator)) {
            self.list.push(comparator);
        }
    }

    /// Reads a word, which has no space.
    #[inline]
    pub(super) fn word(&mut self, word: &str) -> Result<Word, Problem> {
        match usual_word(word, self.alternative) {
            Some(comparators) => {
                for comparator in comparators.as_slice() {
                    self.add(comparator.clone());
                }
                Ok(Word::Comparators)
            }
            None => self.unusual(word),
        }
    }

    /// Reads any word, also a usual one.
    #[inline(never)]
    pub(super) fn unusual(&mut self, word: &str) -> Result<Word, Problem> {
        let outcome = match word.as_bytes().split_first() {
            None => return Ok(Word::Nothing),
            Some((b'^', _)) => self.hat(word, word.get(1..).unwrap_or_default(), Self::caret),
            Some((b'~', rest)) => {
                let skip = 1 + usize::from(rest.first() == Some(&b'>'));
                self.hat(word, word.get(skip..).unwrap_or_default(), Self::tilde)
            }
            Some(_) => self.plain(word),
        }?;
        Ok(if outcome == Word::Comparators && self.everything { Word::Everything } else { outcome })
    }

    fn hat(
        &mut self,
        word: &str,
        text: &str,
        read: fn(&mut Self, &Partial<'_>, &str) -> Result<Word, Problem>,
    ) -> Result<Word, Problem> {
        let body = text.trim_start_matches(['v', '=']);
        match scan::partial(body, self.options.mode) {
            Ok(found) => read(self, &found, body),
            Err(_) => self.without_star(word),
        }
    }

    fn caret(&mut self, found: &Partial<'_>, body: &str) -> Result<Word, Problem> {
        let zero = self.zero();
        let [major_number, minor_number, _] = found.numbers;
        let (major, minor, patch) = match found.numbers.map(Component::number) {
            [None, ..] => return Ok(Word::Nothing),
            [Some(major), None, _] => {
                self.lower(major, (0, "0"), (0, "0"), zero)?;
                return self.below_major(major);
            }
            [Some(major), Some(minor), None] => {
                self.lower(major, minor, (0, "0"), zero)?;
                if major_number.is_zero() {
                    return self.below_minor(major, minor);
                }
                return self.below_major(major);
            }
            [Some(major), Some(minor), Some(patch)] => (major, minor, patch),
        };
        self.lower_full(major, minor, patch, found, body)?;
        if !major_number.is_zero() {
            self.below_major(major)
        } else if !minor_number.is_zero() {
            self.below_minor(major, minor)
        } else {
            let next = next(patch)?;
            self.bound(Operator::Less, [major, minor, next], "0")
        }
    }

    fn tilde(&mut self, found: &Partial<'_>, body: &str) -> Result<Word, Problem> {
        let zero = self.zero();
        match found.numbers.map(Component::number) {
            [None, ..] => Ok(Word::Nothing),
            [Some(major), None, _] => {
                self.lower(major, (0, "0"), (0, "0"), zero)?;
                self.below_major(major)
            }
            [Some(major), Some(minor), None] => {
                self.lower(major, minor, (0, "0"), zero)?;
                self.below_minor(major, minor)
            }
            [Some(major), Some(minor), Some(patch)] => {
                self.lower_full(major, minor, patch, found, body)?;
                self.below_minor(major, minor)
            }
        }
    }

    /// A word without `^` and `~`: an x-range or a comparator.
    fn plain(&mut self, word: &str) -> Result<Word, Problem> {
        let (operator, rest) = split_operator(word);
        let body = rest.trim_start_matches(['v', '=']);
        let Ok(found) = scan::partial(body, self.options.mode) else {
            return self.without_star(word);
        };
        let zero = self.zero();
        let values = found.numbers.map(Component::number);
        let is_written_behind_wildcard =
            (values[0].is_none() && values[1].is_some()) || (values[1].is_none() && values[2].is_some());
        if is_written_behind_wildcard {
            return self.without_star(word);
        }
        match (values, operator) {
            ([Some(_), Some(_), Some(_)], _) => self.comparator(operator, rest, body, &found),
            ([None, ..], Some(Operator::Greater | Operator::Less)) => {
                self.bound(Operator::Less, [(0, "0"); 3], "0")
            }
            ([None, ..], _) => Ok(Word::Nothing),
            ([Some(major), None, _], None | Some(Operator::Equal)) => {
                self.lower(major, (0, "0"), (0, "0"), zero)?;
                self.below_major(major)
            }
            ([Some(major), Some(minor), None], None | Some(Operator::Equal)) => {
                self.lower(major, minor, (0, "0"), zero)?;
                self.below_minor(major, minor)
            }
            ([Some(major), minor, _], Some(Operator::GreaterOrEqual)) => {
                self.lower(major, minor.unwrap_or((0, "0")), (0, "0"), zero)
            }
            ([Some(major), minor, _], Some(Operator::Less)) => {
                self.bound(Operator::Less, [major, minor.unwrap_or((0, "0")), (0, "0")], "0")
            }
            ([Some(major), None, _], Some(Operator::Greater)) => {
                let next = next(major)?;
                self.bound(Operator::GreaterOrEqual, [next, (0, "0"), (0, "0")], zero)
            }
            ([Some(major), Some(minor), _], Some(Operator::Greater)) => {
                let next = next(minor)?;
                self.bound(Operator::GreaterOrEqual, [major, next, (0, "0")], zero)
            }
            ([Some(major), None, _], Some(Operator::LessOrEqual)) => self.below_major(major),
            ([Some(major), Some(minor), _], Some(Operator::LessOrEqual)) => self.below_minor(major, minor),
        }
    }

    /// Reads a word that is no x-range: node-semver takes out the first star and looks whether a version is left.
    fn without_star(&mut self, word: &str) -> Result<Word, Problem> {
        let without;
        let word = match word.split_once('*') {
            None => word,
            Some((before, after)) => {
                let before = before.strip_suffix('=').unwrap_or(before);
                let before = before.strip_suffix(['<', '>']).unwrap_or(before);
                without = [before, after].concat();
                &without
            }
        };
        let (operator, rest) = split_operator(word);
        let body = rest.trim_start_matches(['v', '=']);
        let found = scan::partial(body, self.options.mode).map_err(|_| Problem::Unreadable)?;
        self.comparator(operator, rest, body, &found)
    }

    fn comparator(
        &mut self,
        operator: Option<Operator>,
        rest: &str,
        body: &str,
        found: &Partial<'_>,
    ) -> Result<Word, Problem> {
        let [Some(major), Some(minor), Some(patch)] = found.numbers.map(Component::number) else {
            return Err(Problem::Unreadable);
        };
        let prefix = rest.len() - body.len();
        if self.options.mode == Mode::Strict && prefix > usize::from(rest.starts_with('v')) {
            return Err(Problem::Unreadable);
        }
        if rest.len() > MAX_VERSION_BYTES {
            return Err(Problem::TooLarge);
        }
        if operator == Some(Operator::GreaterOrEqual) && prefix == 0 {
            return self.lower_full(major, minor, patch, found, body);
        }
        let version = self.read(major, minor, patch, found, body)?;
        self.add(Comparator::new(operator.unwrap_or(Operator::Equal), version, self.alternative));
        Ok(Word::Comparators)
    }

    fn lower_full(
        &mut self,
        major: Number<'_>,
        minor: Number<'_>,
        patch: Number<'_>,
        found: &Partial<'_>,
        body: &str,
    ) -> Result<Word, Problem> {
        let pre = found.pre.map_or("", |(from, to)| body.get(from..to).unwrap_or_default());
        let is_lowest = [major, minor, patch].iter().all(|number| number.1 == "0") && pre == self.zero();
        if is_lowest && found.build.is_none() {
            self.everything = true;
            return Ok(Word::Comparators);
        }
        let version = self.read(major, minor, patch, found, body)?;
        self.add(Comparator::new(Operator::GreaterOrEqual, version, self.alternative));
        Ok(Word::Comparators)
    }

    fn read(
        &self,
        major: Number<'_>,
        minor: Number<'_>,
        patch: Number<'_>,
        found: &Partial<'_>,
        body: &str,
    ) -> Result<Version, Problem> {
        let pre = found.pre.map_or("", |(from, to)| body.get(from..to).unwrap_or_default());
        let numbers = [major.0, minor.0, patch.0];
        let length =
            major.1.len() + minor.1.len() + patch.1.len() + 2 + pre.len() + usize::from(!pre.is_empty());
        if length > MAX_VERSION_BYTES || numbers.iter().any(|&value| value > MAX_NUMBER) {
            return Err(Problem::TooLarge);
        }
        if self.options.mode == Mode::Strict && found.build.is_none() {
            return Ok(Version::assemble(body, 0, numbers, found, Mode::Strict));
        }
        let canonical = scan::canonical_identifiers(pre);
        Ok(Version::compose(numbers, canonical.as_deref().unwrap_or(pre), ""))
    }

    fn lower(
        &mut self,
        major: Number<'_>,
        minor: Number<'_>,
        patch: Number<'_>,
        pre: &str,
    ) -> Result<Word, Problem> {
        self.bound(Operator::GreaterOrEqual, [major, minor, patch], pre)
    }

    fn below_major(&mut self, major: Number<'_>) -> Result<Word, Problem> {
        let next = next(major)?;
        self.bound(Operator::Less, [next, (0, "0"), (0, "0")], "0")
    }

    fn below_minor(&mut self, major: Number<'_>, minor: Number<'_>) -> Result<Word, Problem> {
        let next = next(minor)?;
        self.bound(Operator::Less, [major, next, (0, "0")], "0")
    }

    fn bound(&mut self, operator: Operator, numbers: [Number<'_>; 3], pre: &str) -> Result<Word, Problem> {
        let length = numbers.iter().map(|number| number.1.len()).sum::<usize>() + 2 + pre.len();
        if length + usize::from(!pre.is_empty()) > MAX_VERSION_BYTES
            || numbers.iter().any(|number| number.0 > MAX_NUMBER)
        {
            return Err(Problem::TooLarge);
        }
        if operator == Operator::GreaterOrEqual
            && pre == self.zero()
            && numbers.iter().all(|number| number.1 == "0")
        {
            self.everything = true;
        } else {
            let numbers = numbers.map(|number| number.0);
            self.add(Comparator::plain(operator, numbers, !pre.is_empty(), self.alternative));
        }
        Ok(Word::Comparators)
    }

    /// The pre-release part of the lowest version that counts, which is a bound that a wildcard makes.
    fn zero(&self) -> &'static str {
        if self.options.include_prerelease { "0" } else { "" }
    }
}

/// Reads a word that is a version in its usual spelling behind an operator; `None` if it is not.
#[inline(always)]
#[expect(clippy::inline_always, reason = "measured: the keys then are in registers where they are compared")]
pub(super) fn usual(word: &str, alternative: u16) -> Option<Comparators> {
    let (operator, skip) = match word.as_bytes() {
        [b'^' | b'~', ..] => (Operator::GreaterOrEqual, 1),
        [b'>', b'=', ..] => (Operator::GreaterOrEqual, 2),
        [b'<', b'=', ..] => (Operator::LessOrEqual, 2),
        [b'>', ..] => (Operator::Greater, 1),
        [b'<', ..] => (Operator::Less, 1),
        [b'=', ..] => (Operator::Equal, 1),
        _ => (Operator::Equal, 0),
    };
    let (bound, [major, minor, patch]) = usual_bound(operator, word.get(skip..)?, alternative)?;
    let above = match (word.as_bytes().first(), major, minor) {
        (Some(b'^'), 0, 0) => [0, 0, patch + 1],
        (Some(b'^'), 0, _) | (Some(b'~'), ..) => [major, minor + 1, 0],
        (Some(b'^'), ..) => [major + 1, 0, 0],
        _ => return Some(Comparators::One([bound])),
    };
    Some(Comparators::Two([bound, Comparator::plain(Operator::Less, above, true, alternative)]))
}

/// As [`usual`], where it is not in the hottest loop.
#[inline(never)]
pub(super) fn usual_word(word: &str, alternative: u16) -> Option<Comparators> {
    usual(word, alternative)
}

/// Reads a version in its usual spelling for an operator that stands somewhere else.
#[inline(always)]
#[expect(clippy::inline_always, reason = "as for what it is a part of")]
fn usual_bound(operator: Operator, text: &str, alternative: u16) -> Option<(Comparator, [u64; 3])> {
    let found = semver::usual(text.as_bytes()).filter(|found| found.build.1 == 0)?;
    // The lowest version is no bound; that is rare enough to leave it to the other way.
    if operator == Operator::GreaterOrEqual && found.numbers == [0; 3] {
        return None;
    }
    let bound = if found.pre.1 == 0 {
        Comparator::plain(operator, found.numbers, false, alternative)
    } else {
        prerelease(operator, text, &found, alternative)
    };
    Some((bound, found.numbers))
}

#[inline(never)]
fn prerelease(operator: Operator, text: &str, found: &Usual, alternative: u16) -> Comparator {
    Comparator::new(operator, Version::usual(text, found), alternative)
}

/// Reads two words in their usual spelling: `>=1.2.3 <2.0.0`, `^1.2.3 || ^2.0.0`, `1.2.3 - 2.3.4`; `None` if they are not.
#[inline(never)]
pub(super) fn usual_pair(text: &str, options: Options) -> Option<Comparators> {
    // A loop over so few bytes is faster than a search.
    let space = text.bytes().position(|byte| byte == b' ')?;
    let (word, rest) = (text.get(..space)?, text.get(space + 1..)?);
    match rest.as_bytes() {
        [b'|', b'|', b' ', ..] => join(usual_word(word, 0)?, usual_word(rest.get(3..)?, 1)?),
        // The bounds are others where pre-releases count.
        [b'-', b' ', ..] if options.include_prerelease => None,
        [b'-', b' ', ..] => {
            let (low, _) = usual_bound(Operator::GreaterOrEqual, word, 0)?;
            let (high, _) = usual_bound(Operator::LessOrEqual, rest.get(2..)?, 0)?;
            Some(Comparators::Two([low, high]))
        }
        _ => join(usual_word(word, 0)?, usual_word(rest, 0)?),
    }
}

/// Puts the comparators of two words behind each other, unless one of them makes another meaningless.
fn join(mut list: Comparators, other: Comparators) -> Option<Comparators> {
    let is_known = |comparator: &Comparator| {
        let mut known = list.as_slice().iter();
        comparator.is_null()
            || known.any(|known| known.alternative == comparator.alternative && known.is_same(comparator))
    };
    if other.as_slice().iter().any(is_known) || list.as_slice().iter().any(Comparator::is_null) {
        return None;
    }
    match other {
        Comparators::None => {}
        Comparators::One(one) => one.into_iter().for_each(|comparator| list.push(comparator)),
        Comparators::Two(two) => two.into_iter().for_each(|comparator| list.push(comparator)),
        Comparators::Many(many) => many.into_iter().for_each(|comparator| list.push(comparator)),
    }
    Some(list)
}

/// The number behind another one. The length of its text counts beside a text of more than 200 zeros alone.
fn next((value, _): Number<'_>) -> Result<Number<'static>, Problem> {
    if value >= MAX_NUMBER {
        return Err(Problem::TooLarge);
    }
    let digits = (value + 1).checked_ilog10().map_or(1, |log| log as usize + 1);
    Ok((value + 1, "9999999999999999".get(..digits).unwrap_or_default()))
}

fn split_operator(word: &str) -> (Option<Operator>, &str) {
    let (operator, length) = match word.as_bytes() {
        [b'>', b'=', ..] => (Operator::GreaterOrEqual, 2),
        [b'<', b'=', ..] => (Operator::LessOrEqual, 2),
        [b'>', ..] => (Operator::Greater, 1),
        [b'<', ..] => (Operator::Less, 1),
        [b'=', ..] => (Operator::Equal, 1),
        _ => return (None, word),
    };
    (Some(operator), word.get(length..).unwrap_or_default())
}
