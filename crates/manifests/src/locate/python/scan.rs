//! Tokens of Python source, as far as finding an assignment needs them.
//!
//! Names, strings, brackets and the ends of statements are exact (Python language reference, chapter 2). Numbers and
//! operators are kept only to know that something else stands there. Two things are simpler than in Python: a string
//! that nests its own quote inside an f-string (PEP 701) is read as several strings, and indentation is ignored.

use std::ops::Range;

use super::super::{Failure, Problem};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Range<usize>,
    /// How many brackets are open around it.
    pub(super) depth: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    /// A string: how many letters stand before its opening quotes, and how many quotes there are.
    Text {
        prefix: usize,
        quotes: usize,
    },
    Number,
    Op(u8),
    /// The end of a statement: a line break outside brackets, or `;`.
    End,
}

pub(super) fn scan(source: &str) -> Result<Vec<Token>, Failure> {
    let mut scanner = Scanner { bytes: source.as_bytes(), at: 0, depth: 0, tokens: Vec::new() };
    if source.starts_with('\u{feff}') {
        scanner.at = '\u{feff}'.len_utf8();
    }
    while let Some(byte) = scanner.peek(0) {
        scanner.step(byte)?;
    }
    Ok(scanner.tokens)
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: usize,
    tokens: Vec<Token>,
}

impl Scanner<'_> {
    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn push(&mut self, kind: Kind, length: usize) {
        self.tokens.push(Token { kind, span: self.at..self.at + length, depth: self.depth });
        self.at += length;
    }

    fn step(&mut self, byte: u8) -> Result<(), Failure> {
        match byte {
            b' ' | b'\t' | b'\x0c' => self.at += 1,
            b'#' => self.at += self.count(0, |byte| !matches!(byte, b'\n' | b'\r')),
            // A backslash joins lines; anywhere else it is an error that the interpreter reports better.
            b'\\' => {
                self.at += if (self.peek(1), self.peek(2)) == (Some(b'\r'), Some(b'\n')) { 3 } else { 2 }
            }
            b'\n' | b'\r' if self.depth > 0 => self.at += 1,
            b'\n' | b'\r' | b';' => self.push(Kind::End, 1),
            b'"' | b'\'' => self.text(0)?,
            b'(' | b'[' | b'{' => {
                self.push(Kind::Op(byte), 1);
                self.depth += 1;
            }
            b')' | b']' | b'}' => {
                self.push(Kind::Op(byte), 1);
                self.depth = self.depth.saturating_sub(1);
            }
            b'0'..=b'9' => {
                let length = self.count(0, |byte| is_name_byte(byte) || byte == b'.');
                self.push(Kind::Number, length);
            }
            _ if is_name_byte(byte) => {
                let length = self.count(0, is_name_byte);
                if self.is_prefix(length) && matches!(self.peek(length), Some(b'"' | b'\'')) {
                    self.text(length)?;
                } else {
                    self.push(Kind::Name, length);
                }
            }
            _ => self.push(Kind::Op(byte), 1),
        }
        Ok(())
    }

    /// How many bytes from here on, after `skip`, satisfy a condition.
    fn count(&self, skip: usize, condition: impl Fn(u8) -> bool) -> usize {
        self.bytes
            .get(self.at + skip..)
            .unwrap_or_default()
            .iter()
            .take_while(|&&byte| condition(byte))
            .count()
    }

    /// Whether the name here is one that may stand before a string.
    fn is_prefix(&self, length: usize) -> bool {
        let name = self.bytes.get(self.at..self.at + length).unwrap_or_default();
        length <= 2 && name.iter().all(|byte| b"rubftRUBFT".contains(byte))
    }

    /// A string whose opening quote stands after `prefix` letters.
    fn text(&mut self, prefix: usize) -> Result<(), Failure> {
        let quote = self.peek(prefix).unwrap_or(b'"');
        let triple = self.peek(prefix + 1) == Some(quote) && self.peek(prefix + 2) == Some(quote);
        let quotes = if triple { 3 } else { 1 };
        let mut length = prefix + quotes;
        loop {
            match self.peek(length) {
                None => return Err(self.unclosed()),
                Some(b'\n' | b'\r') if !triple => return Err(self.unclosed()),
                // Also in a raw string a quote after a backslash does not close it.
                Some(b'\\') => {
                    let crlf = (self.peek(length + 1), self.peek(length + 2)) == (Some(b'\r'), Some(b'\n'));
                    length += if crlf { 3 } else { 2 };
                }
                Some(byte) if byte == quote => {
                    let closes = !triple
                        || (self.peek(length + 1) == Some(quote) && self.peek(length + 2) == Some(quote));
                    if closes {
                        self.push(Kind::Text { prefix, quotes }, length + quotes);
                        return Ok(());
                    }
                    length += 1;
                }
                Some(_) => length += 1,
            }
        }
    }

    fn unclosed(&self) -> Failure {
        Failure::at(self.at, Problem::Malformed { message: "a string is not closed".to_owned() })
    }
}

/// Whether a byte belongs to a name; bytes of other scripts do, without asking Unicode which.
fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
