//! The tokens of Go source, as far as declarations of the package level need them.

use std::ops::Range;

use crate::locate::Failure;
use crate::tree::malformed;

/// A token, the bytes that spell it, and the brackets around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Range<usize>,
    pub(super) depth: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name, a keyword or a number.
    Word,
    /// A string in `"`.
    Interpreted,
    /// A string in backquotes.
    Raw,
    /// A character in `'`.
    Rune,
    /// One byte of an operator, or a bracket.
    Op(u8),
    /// A semicolon, or the end of a line that stands for one.
    End,
}

/// Splits a text into tokens, without comments; a byte order mark may stand before it.
pub(super) fn scan(source: &str) -> Result<Vec<Token>, Failure> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut depth = 0_u32;
    let mut at = if source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    while let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty()) {
        let (kind, length) = token(rest).map_err(|message| malformed(Some(at), message))?;
        if matches!(kind, Some(Kind::Op(b')' | b']' | b'}'))) {
            depth = depth.saturating_sub(1);
        }
        let counts = match kind {
            Some(Kind::End) => {
                rest.starts_with(';') || tokens.last().is_some_and(|last| ends_line(source, last))
            }
            _ => true,
        };
        if let Some(kind) = kind.filter(|_| counts) {
            tokens.push(Token { kind, span: at..at + length, depth });
        }
        if matches!(kind, Some(Kind::Op(b'(' | b'[' | b'{'))) {
            depth = depth.saturating_add(1);
        }
        at += length;
    }
    Ok(tokens)
}

/// The kind and the length of the first token; no kind where it is white space or a comment on one line.
fn token(rest: &str) -> Result<(Option<Kind>, usize), &'static str> {
    let bytes = rest.as_bytes();
    Ok(match bytes {
        [b' ' | b'\t' | b'\r', ..] => (None, 1),
        [b'\n' | b';', ..] => (Some(Kind::End), 1),
        [b'/', b'/', ..] => (None, rest.find('\n').unwrap_or(rest.len())),
        [b'/', b'*', ..] => {
            let length = rest.get(2..).and_then(|body| body.find("*/")).ok_or("a comment is not closed")? + 4;
            // A comment over several lines ends its line.
            let lines = rest.get(..length).is_some_and(|comment| comment.contains('\n'));
            (lines.then_some(Kind::End), length)
        }
        [b'"', ..] => (Some(Kind::Interpreted), quoted(bytes, b'"')?),
        [b'\'', ..] => (Some(Kind::Rune), quoted(bytes, b'\'')?),
        [b'`', ..] => {
            let body = rest.get(1..).and_then(|body| body.find('`')).ok_or("a string is not closed")?;
            (Some(Kind::Raw), body + 2)
        }
        [first, ..] if is_word(*first) => {
            (Some(Kind::Word), bytes.iter().take_while(|byte| is_word(**byte)).count())
        }
        [first, ..] => (Some(Kind::Op(*first)), 1),
        [] => (None, 0),
    })
}

/// The length of a text with its quotes.
fn quoted(bytes: &[u8], quote: u8) -> Result<usize, &'static str> {
    let mut escaped = false;
    for (at, &byte) in bytes.iter().enumerate().skip(1) {
        match byte {
            b'\n' => break,
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            _ if byte == quote => return Ok(at + 1),
            _ => {}
        }
    }
    Err("a string is not closed")
}

/// Bytes of other scripts belong to names, without asking Unicode which.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Whether the end of a line behind a token stands for a semicolon.
fn ends_line(source: &str, token: &Token) -> bool {
    match token.kind {
        Kind::Word => !matches!(source.get(token.span.clone()), Some("const" | "var")),
        Kind::Interpreted | Kind::Raw | Kind::Rune => true,
        Kind::Op(byte) => matches!(byte, b')' | b']' | b'}'),
        Kind::End => false,
    }
}
