//! What happens to the text of a range before its comparators are read.
//!
//! node-semver rewrites the text step by step. In loose mode it leaves out what it cannot read, so that the exact
//! place of every space decides which words there are. Nothing here allocates for a range in its usual spelling.

use std::borrow::Cow;

use super::scan::{self, Component, Partial};
use super::{Mode, Options};

/// What a text contains, so that most steps can be left out.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Shape {
    /// White space other than single spaces inside.
    spaced: bool,
    pub(super) has_bar: bool,
    has_plus: bool,
    pub(super) has_space: bool,
    has_lone_hyphen: bool,
    /// A space behind an operator or another space.
    joins: bool,
}

impl Shape {
    #[inline]
    pub(super) fn of(text: &str) -> Self {
        let mut shape = Self::default();
        let mut before = b' ';
        for &byte in text.as_bytes() {
            match byte {
                b' ' => {
                    shape.has_space = true;
                    match before {
                        b' ' => shape.spaced = true,
                        b'<' | b'>' | b'=' | b'~' | b'^' => shape.joins = true,
                        b'-' => shape.has_lone_hyphen = true,
                        _ => {}
                    }
                }
                b'|' => shape.has_bar = true,
                b'+' => shape.has_plus = true,
                b'\t'..=b'\r' | 0x80.. => shape.spaced = true,
                _ => {}
            }
            before = byte;
        }
        shape.spaced |= before == b' ' && !text.is_empty();
        shape
    }

    /// The text without white space around it and with single spaces in it.
    pub(super) fn collapse<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        if !self.spaced {
            return Cow::Borrowed(text);
        }
        let words: Vec<&str> = text.split(scan::is_space).filter(|word| !word.is_empty()).collect();
        let collapsed = words.join(" ");
        *self = Self { spaced: false, ..Self::of(&collapsed) };
        Cow::Owned(collapsed)
    }

    /// Takes an alternative, which is trimmed, through all steps up to the words.
    pub(super) fn rewrite(self, alternative: &str, options: Options) -> Cow<'_, str> {
        if !self.has_space && !self.has_plus {
            return Cow::Borrowed(alternative);
        }
        let mut text = Cow::Borrowed(alternative);
        let mut joins = self.joins;
        if self.has_plus {
            text = without_builds(&text).map_or(text, |stripped| {
                joins = true;
                Cow::Owned(stripped)
            });
        }
        if self.has_lone_hyphen
            && let Some(bounds) = hyphen(&text, options)
        {
            joins = true;
            text = Cow::Owned(bounds);
        }
        if joins { Cow::Owned(join_hats(&join_comparators(&text))) } else { text }
    }
}

/// The alternative with a number as node-semver remembers it: two that are the same text are one to it.
pub(super) fn remembered(text: &str, number: u16) -> Option<String> {
    let words: Vec<&str> = text.split("||").nth(usize::from(number))?.split(scan::is_space).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let alternative = words.join(" ");
    Some(without_builds(&alternative).unwrap_or(alternative))
}

/// Takes off all build metadata, wherever it stands.
fn without_builds(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let is_identifier = |at: usize| bytes.get(at).is_some_and(|&byte| scan::is_identifier(byte));
    let mut kept = String::with_capacity(text.len());
    let (mut from, mut at) = (0, 0);
    while at < bytes.len() {
        if bytes.get(at) != Some(&b'+') || !is_identifier(at + 1) {
            at += 1;
            continue;
        }
        kept.push_str(text.get(from..at).unwrap_or_default());
        at += 1;
        while is_identifier(at) || (bytes.get(at) == Some(&b'.') && is_identifier(at + 1)) {
            at += 1;
        }
        from = at;
    }
    if from == 0 {
        return None;
    }
    kept.push_str(text.get(from..).unwrap_or_default());
    Some(kept)
}

/// Writes `1.2.3 - 2.3` as `>=1.2.3 <2.4.0-0`.
fn hyphen(text: &str, options: Options) -> Option<String> {
    let is_prefix = |found: char| matches!(found, 'v' | '=' | ' ');
    // One space in front and behind belongs to neither side.
    let text = text.strip_prefix(' ').unwrap_or(text);
    let text = text.strip_suffix(' ').unwrap_or(text);
    let body = text.trim_start_matches(is_prefix);
    let (low_body, rest) = body.split_once(' ')?;
    let high = rest.strip_prefix("- ")?;
    let high_body = high.trim_start_matches(is_prefix);
    let low = text.get(..text.len() - rest.len() - 1)?;
    let low_found = scan::partial(low_body, options.mode).ok()?;
    let high_found = scan::partial(high_body, options.mode).ok()?;
    let mut bounds = lower(low, &low_found, options);
    let upper = upper(high, high_body, &high_found, options);
    if !bounds.is_empty() && !upper.is_empty() {
        bounds.push(' ');
    }
    bounds.push_str(&upper);
    Some(bounds)
}

fn lower(text: &str, found: &Partial<'_>, options: Options) -> String {
    let zero = if options.include_prerelease { "-0" } else { "" };
    match found.numbers.map(Component::number) {
        [None, ..] => String::new(),
        [Some((_, major)), None, _] => format!(">={major}.0.0{zero}"),
        [Some((_, major)), Some((_, minor)), None] => format!(">={major}.{minor}.0{zero}"),
        _ if found.pre.is_some() => format!(">={text}"),
        _ => format!(">={text}{zero}"),
    }
}

fn upper(text: &str, body: &str, found: &Partial<'_>, options: Options) -> String {
    match found.numbers.map(Component::number) {
        [None, ..] => String::new(),
        [Some(major), None, _] => format!("<{}.0.0-0", successor(major)),
        [Some((_, major)), Some(minor), None] => format!("<{major}.{}.0-0", successor(minor)),
        [Some((_, major)), Some((_, minor)), Some(patch)] => match found.pre {
            Some((from, to)) => {
                format!("<={major}.{minor}.{}-{}", patch.1, body.get(from..to).unwrap_or_default())
            }
            None if options.include_prerelease => format!("<{major}.{minor}.{}-0", successor(patch)),
            None => format!("<={text}"),
        },
    }
}

/// The number behind another one; the upper bound is refused later where that is too large for a version.
fn successor((value, _): (u64, &str)) -> u64 {
    value.saturating_add(1)
}

/// Takes out the space between an operator and its version: `> 1.2.3` is `>1.2.3`.
fn join_comparators(text: &str) -> String {
    let bytes = text.as_bytes();
    let is_space = |at: usize| bytes.get(at) == Some(&b' ');
    let is_start = |at: usize| matches!(bytes.get(at), Some(b'0'..=b'9' | b'x' | b'X' | b'*'));
    let is_prefix = |at: usize| matches!(bytes.get(at), Some(b'v' | b'=' | b' '));
    let mut joined = String::with_capacity(text.len());
    let (mut from, mut at) = (0, 0);
    while at < bytes.len() {
        let start = at;
        if matches!(bytes.get(at), Some(b'<' | b'>')) {
            at += 1;
        } else if !is_prefix(at) && !is_start(at) {
            at += 1;
            continue;
        }
        while is_prefix(at) {
            at += 1;
        }
        if !is_start(at) {
            continue;
        }
        let mut space = start + usize::from(is_space(start));
        space += usize::from(matches!(bytes.get(space), Some(b'<' | b'>')));
        space += usize::from(bytes.get(space) == Some(&b'='));
        if is_space(space) {
            joined.push_str(text.get(from..space).unwrap_or_default());
            from = space + 1;
        }
        at = version_end(bytes, at);
    }
    joined.push_str(text.get(from..).unwrap_or_default());
    joined
}

/// The end of the version that starts here, full and loose or else partial and strict.
fn version_end(bytes: &[u8], start: usize) -> usize {
    full_end(bytes, start).unwrap_or_else(|| partial_end(bytes, start))
}

fn full_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    for index in 0..3 {
        let end = number_end(bytes, at, Mode::Loose);
        if end == at {
            return None;
        }
        at = end;
        if index < 2 {
            if bytes.get(at) != Some(&b'.') {
                return None;
            }
            at += 1;
        }
    }
    Some(build_end(bytes, pre_end(bytes, at, Mode::Loose)))
}

fn partial_end(bytes: &[u8], start: usize) -> usize {
    let component = |at: usize| match bytes.get(at) {
        Some(b'0'..=b'9') => number_end(bytes, at, Mode::Strict),
        Some(b'x' | b'X' | b'*') => at + 1,
        _ => at,
    };
    let mut at = component(start);
    for _ in 0..2 {
        if bytes.get(at) != Some(&b'.') {
            return at;
        }
        let end = component(at + 1);
        if end == at + 1 {
            return at;
        }
        at = end;
    }
    build_end(bytes, pre_end(bytes, at, Mode::Strict))
}

fn run_end(bytes: &[u8], start: usize, limit: usize, belongs: fn(u8) -> bool) -> usize {
    let rest = bytes.get(start..).unwrap_or_default();
    start + rest.iter().take(limit).take_while(|&&byte| belongs(byte)).count()
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit()
}

fn number_end(bytes: &[u8], start: usize, mode: Mode) -> usize {
    match mode {
        Mode::Strict if bytes.get(start) == Some(&b'0') => start + 1,
        Mode::Strict => run_end(bytes, start, 257, is_digit),
        Mode::Loose => run_end(bytes, start, 256, is_digit),
    }
}

fn identifier_end(bytes: &[u8], start: usize, mode: Mode) -> usize {
    let digits = run_end(bytes, start, 256, is_digit);
    if bytes.get(digits).is_some_and(|&byte| byte.is_ascii_alphabetic() || byte == b'-') {
        return run_end(bytes, digits + 1, 250, scan::is_identifier);
    }
    number_end(bytes, start, mode)
}

fn pre_end(bytes: &[u8], start: usize, mode: Mode) -> usize {
    let has_hyphen = bytes.get(start) == Some(&b'-');
    if mode == Mode::Strict && !has_hyphen {
        return start;
    }
    let first = start + usize::from(has_hyphen);
    let mut at = identifier_end(bytes, first, mode);
    if at == first {
        if mode == Mode::Strict || !has_hyphen {
            return start;
        }
        at = identifier_end(bytes, start, mode);
    }
    while bytes.get(at) == Some(&b'.') {
        let end = identifier_end(bytes, at + 1, mode);
        if end == at + 1 {
            break;
        }
        at = end;
    }
    at
}

fn build_end(bytes: &[u8], start: usize) -> usize {
    if bytes.get(start) != Some(&b'+') {
        return start;
    }
    let mut at = run_end(bytes, start + 1, 250, scan::is_identifier);
    if at == start + 1 {
        return start;
    }
    while bytes.get(at) == Some(&b'.') {
        let end = run_end(bytes, at + 1, 250, scan::is_identifier);
        if end == at + 1 {
            break;
        }
        at = end;
    }
    at
}

/// Takes out one space behind `~`, `~>` and `^`, and that `>` with it.
fn join_hats(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut joined = String::with_capacity(text.len());
    let (mut from, mut at) = (0, 0);
    while at < bytes.len() {
        let space = match bytes.get(at..) {
            Some([b'~' | b'^', b' ', ..]) => Some(at + 1),
            Some([b'~', b'>', b' ', ..]) => Some(at + 2),
            _ => None,
        };
        at += 1;
        if let Some(space) = space {
            joined.push_str(text.get(from..at).unwrap_or_default());
            at = space + 1;
            from = at;
        }
    }
    joined.push_str(text.get(from..).unwrap_or_default());
    joined
}
