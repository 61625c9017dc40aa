use std::fmt;
use std::str::FromStr;

use super::comparator::{self, Comparator, Comparators, Operator};
use super::desugar::{self, Reader, Word};
use super::error::{ParseRangeError, Problem};
use super::normalize::Shape;
use super::scan;
use super::{MAX_RANGE_BYTES, Mode, Options, Version};
use crate::serde_text::serde_as_text;
use crate::text::WideText;

/// A range of versions, with the spelling in which it was written.
///
/// A range is one or more alternatives of comparators. A version satisfies it when it satisfies all comparators of an
/// alternative. `Display` gives those, as node-semver's `range` does; it is empty where every version is meant.
///
/// ```
/// use tminus_versioning::npm::{Mode, Options, Range, Version};
///
/// let range: Range = "^1.2.3-beta.2 || 3.x".parse()?;
/// assert_eq!(range.to_string(), ">=1.2.3-beta.2 <2.0.0-0||>=3.0.0 <4.0.0-0");
/// assert!(range.satisfies(&"1.9.0".parse()?));
/// assert!(range.satisfies(&"1.2.3-beta.4".parse()?));
/// assert!(!range.satisfies(&"3.1.0-beta.4".parse()?));
///
/// let options = Options { mode: Mode::Strict, include_prerelease: true };
/// assert!(Range::parse("3.x", options)?.satisfies(&"3.1.0-beta.4".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Range {
    written: WideText,
    /// The comparators of all alternatives, none where every version is meant.
    comparators: Comparators,
    options: Options,
}

/// What an alternative of a range comes down to.
enum Alternative {
    /// Comparators, which are in the list.
    Comparators,
    Everything,
    /// No version at all.
    Null,
    /// No word of it could be read.
    Unread,
}

impl Range {
    /// Reads a range: comparators, `^`, `~`, wildcards, missing numbers, `1.2 - 2.3`, and `||` between alternatives.
    ///
    /// # Errors
    ///
    /// - a word that is none of those: `>=1.y`, `1.x.3`, `> = 1.2.3`; in loose mode when no other word is left
    /// - strict: a version that is no strict one: `1.2.3beta`, `01.2.3`, `>=vv1.2.3`
    /// - a number beyond 2⁵³ − 1, or a bound that would be: `^9007199254740991.0.0`
    /// - more than [`MAX_RANGE_BYTES`]
    #[inline]
    pub fn parse(text: &str, options: Options) -> Result<Self, ParseRangeError> {
        // Most ranges are one word, and most others two.
        if let Some(comparators) = desugar::usual(text, 0).or_else(|| desugar::usual_pair(text, options)) {
            return Ok(Self { written: WideText::new(text), comparators, options });
        }
        Self::parse_unusual(text, options)
    }

    #[inline(never)]
    fn parse_unusual(text: &str, options: Options) -> Result<Self, ParseRangeError> {
        if text.len() > MAX_RANGE_BYTES {
            return Err(ParseRangeError::too_long(text.len()));
        }
        match read(text, options) {
            Ok(comparators) => Ok(Self { written: WideText::new(text), comparators, options }),
            Err(problem) => Err(ParseRangeError::at(text, locate(text, options, problem), problem)),
        }
    }

    /// The text as it was given.
    pub fn as_written(&self) -> &str {
        self.written.as_str()
    }

    /// How the range was read.
    pub fn options(&self) -> Options {
        self.options
    }

    /// Whether every version is meant, as by `*`; pre-releases are still left out unless they are included.
    pub fn is_any(&self) -> bool {
        self.comparators().is_empty()
    }

    /// The comparators of each alternative; a range for every version has one alternative without any.
    ///
    /// ```
    /// use tminus_versioning::npm::{Operator, Range};
    ///
    /// let range: Range = "~1.2".parse()?;
    /// let alternative = range.alternatives().next().unwrap();
    /// assert_eq!(alternative[0].operator(), Operator::GreaterOrEqual);
    /// assert_eq!(alternative[1].version().to_string(), "1.3.0-0");
    /// # Ok::<(), tminus_versioning::npm::ParseRangeError>(())
    /// ```
    pub fn alternatives(&self) -> Alternatives<'_> {
        Alternatives { rest: Some(self.comparators()) }
    }

    /// Whether a version is in the range.
    #[inline]
    pub fn satisfies(&self, version: &Version) -> bool {
        self.alternatives()
            .any(|comparators| comparator::satisfies(comparators, version, self.options.include_prerelease))
    }

    pub(super) fn comparators(&self) -> &[Comparator] {
        self.comparators.as_slice()
    }
}

/// The alternatives of a range: [`Range::alternatives`].
#[derive(Debug, Clone)]
pub struct Alternatives<'r> {
    rest: Option<&'r [Comparator]>,
}

impl<'r> Iterator for Alternatives<'r> {
    type Item = &'r [Comparator];

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let all = self.rest.take()?;
        let [first, .., last] = all else { return Some(all) };
        if first.alternative == last.alternative {
            return Some(all);
        }
        let length = all.iter().take_while(|other| other.alternative == first.alternative).count();
        let (alternative, rest) = all.split_at_checked(length)?;
        self.rest = Some(rest);
        Some(alternative)
    }
}

/// Reads any range, word by word.
pub(super) fn read(text: &str, options: Options) -> Result<Comparators, Problem> {
    let mut shape = Shape::of(text);
    let text = shape.collapse(text);
    let mut comparators = Comparators::None;
    let (mut is_any, mut is_null) = (false, false);
    let mut alternative = |text: &str, number: usize| {
        match read_alternative(text, number, shape, options, &mut comparators)? {
            Alternative::Everything => is_any = true,
            Alternative::Null => is_null = true,
            Alternative::Comparators | Alternative::Unread => {}
        }
        Ok(())
    };
    if shape.has_bar {
        let mut rest = Some(&*text);
        for number in 0.. {
            let Some(text) = rest else { break };
            // A loop over so few bytes is faster than a search.
            let end = text.as_bytes().windows(2).position(|pair| pair == b"||");
            alternative(text.get(..end.unwrap_or(text.len())).unwrap_or_default().trim_matches(' '), number)?;
            rest = end.and_then(|end| text.get(end + 2..));
        }
    } else {
        alternative(&text, 0)?;
    }
    if is_any {
        return Ok(Comparators::None);
    }
    if comparators.as_slice().is_empty() {
        if !is_null {
            return Err(Problem::Unreadable);
        }
        comparators.push(Comparator::plain(Operator::Less, [0; 3], true, 0));
    }
    Ok(comparators)
}

fn read_alternative(
    text: &str,
    number: usize,
    shape: Shape,
    options: Options,
    comparators: &mut Comparators,
) -> Result<Alternative, Problem> {
    let text = shape.rewrite(text, options);
    let before = comparators.as_slice().len();
    let mut reader = Reader::new(options, comparators, u16::try_from(number).unwrap_or(u16::MAX));
    let (mut is_any, mut is_first) = (false, true);
    let mut rest = Some(&*text);
    while let Some(words) = rest {
        // A loop over so few bytes is faster than a search.
        let end = words.bytes().position(|byte| byte == b' ').unwrap_or(words.len());
        let (word, behind) = (words.get(..end).unwrap_or_default(), words.get(end + 1..));
        match reader.word(word) {
            Ok(Word::Everything) => is_any = true,
            // Between two other words nothing remains of a wildcard, not even in loose mode.
            Ok(Word::Nothing) => is_any |= is_first || behind.is_none(),
            Ok(Word::Comparators) => {}
            Err(Problem::Unreadable) if options.mode == Mode::Loose => {}
            Err(problem) => return Err(problem),
        }
        is_first = false;
        rest = behind;
    }
    let is_null = reader.is_null;
    if is_null {
        comparators.truncate(before);
        Ok(Alternative::Null)
    } else if comparators.as_slice().len() > before {
        Ok(Alternative::Comparators)
    } else if is_any {
        Ok(Alternative::Everything)
    } else {
        Ok(Alternative::Unread)
    }
}

/// Finds the comparator at fault: the first part of the text that is no range alone.
fn locate(text: &str, options: Options, problem: Problem) -> usize {
    let fails = |part: &str| read(part, options).err() == Some(problem);
    let mut start = 0;
    for alternative in text.split("||") {
        let body = alternative.trim_start_matches(scan::is_space);
        let body_start = start + alternative.len() - body.len();
        if fails(body) {
            return body_start + locate_word(body, &fails);
        }
        start += alternative.len() + 2;
    }
    0
}

fn locate_word(alternative: &str, fails: &impl Fn(&str) -> bool) -> usize {
    let mut chunk_start = None;
    let mut at = 0;
    for word in alternative.split_inclusive(scan::is_space) {
        let start = *chunk_start.get_or_insert(at);
        at += word.len();
        let is_prefix = word.trim_end_matches(scan::is_space).bytes().all(|byte| b"<>=~^v".contains(&byte));
        // An operator belongs to the word behind it.
        if is_prefix && at < alternative.len() {
            continue;
        }
        if alternative.get(start..at).is_some_and(fails) {
            return start;
        }
        chunk_start = None;
    }
    0
}

impl FromStr for Range {
    type Err = ParseRangeError;

    /// Reads a range with the default options: [`Range::parse`].
    #[inline]
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text, Options::default())
    }
}

impl fmt::Display for Range {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, alternative) in self.alternatives().enumerate() {
            if number > 0 {
                formatter.write_str("||")?;
            }
            for (number, comparator) in alternative.iter().enumerate() {
                if number > 0 {
                    formatter.write_str(" ")?;
                }
                comparator.fmt(formatter)?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Range {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Range({:?})", self.as_written())
    }
}

/// The written text, or its comparators where it was read in another way than a range usually is.
fn default_text(range: &Range) -> String {
    if range.as_written().parse::<Range>().is_ok_and(|again| again.to_string() == range.to_string()) {
        range.as_written().to_owned()
    } else {
        range.to_string()
    }
}

serde_as_text!(Range, "an npm range, such as `^0.4.0`", default_text);
