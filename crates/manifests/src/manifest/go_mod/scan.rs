//! The tokens of a go.mod.

use std::ops::Range;

use crate::locate::Failure;
use crate::tree::malformed;

/// A token and the bytes that spell it, quotes included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text without quotes.
    Word,
    /// A text in `"`, with escapes.
    Quoted,
    /// A text in backquotes.
    Raw,
    /// One of `()[]{},`.
    Mark(u8),
    /// `=>`.
    Arrow,
    /// The end of a line.
    End,
}

/// Splits a text into tokens, without comments; a byte order mark may stand before it.
pub(super) fn scan(text: &str) -> Result<Vec<Token>, Failure> {
    let mut tokens = Vec::new();
    let mut at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let (kind, length) = if rest.starts_with([' ', '\t', '\r']) {
            (None, 1)
        } else if rest.starts_with("//") {
            (None, rest.find('\n').unwrap_or(rest.len()))
        } else if rest.starts_with("/*") {
            return Err(malformed(Some(at), "a comment in a go.mod starts with `//`, not with `/*`"));
        } else {
            let (kind, length) = token(rest).map_err(|message| malformed(Some(at), message))?;
            (Some(kind), length)
        };
        tokens.extend(kind.map(|kind| Token { kind, span: at..at + length }));
        at += length;
    }
    Ok(tokens)
}

fn token(rest: &str) -> Result<(Kind, usize), &'static str> {
    match rest.as_bytes() {
        [b'\n', ..] => Ok((Kind::End, 1)),
        [b'=', b'>', ..] if word(rest) == 2 => Ok((Kind::Arrow, 2)),
        [mark @ (b'(' | b')' | b'[' | b']' | b'{' | b'}' | b','), ..] => Ok((Kind::Mark(*mark), 1)),
        [b'"', ..] => Ok((Kind::Quoted, quoted(rest, '"')?)),
        [b'`', ..] => Ok((Kind::Raw, quoted(rest, '`')?)),
        _ => match word(rest) {
            0 => Err("a character that no go.mod may hold"),
            length => Ok((Kind::Word, length)),
        },
    }
}

/// The length of a text with its quotes.
fn quoted(rest: &str, quote: char) -> Result<usize, &'static str> {
    let mut escaped = false;
    for (at, character) in rest.char_indices().skip(1) {
        match character {
            '\n' => break,
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            _ if character == quote => return Ok(at + 1),
            _ => {}
        }
    }
    Err("a text is not closed on its line")
}

/// The length of a word, which a comment ends too.
fn word(rest: &str) -> usize {
    let ends = |(at, character): &(usize, char)| {
        let comment = rest.get(*at..).is_some_and(|rest| rest.starts_with("//") || rest.starts_with("/*"));
        comment || "()[]{},".contains(*character) || character.is_whitespace() || character.is_control()
    };
    rest.char_indices().find(ends).map_or(rest.len(), |(at, _)| at)
}
