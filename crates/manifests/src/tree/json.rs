//! JSON (RFC 8259).

use std::borrow::Cow;
use std::ops::Range;

use super::{Entry, Node, Value, malformed};
use crate::locate::Failure;
use crate::site::Quoting;

/// The deepest nesting that is read.
const MAX_DEPTH: usize = 512;

/// Reads a text; a byte order mark may stand before it.
pub(crate) fn parse(text: &str) -> Result<Node<'_>, Failure> {
    let mut scanner =
        Scanner { text, at: if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }, depth: 0 };
    scanner.skip_space();
    let value = scanner.value()?;
    scanner.skip_space();
    if scanner.at < text.len() { Err(scanner.fail("nothing may follow the value")) } else { Ok(value) }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Scanner<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let here = self.peek() == Some(byte);
        self.at += usize::from(here);
        here
    }

    fn expect(&mut self, byte: u8, message: &str) -> Result<(), Failure> {
        if self.take(byte) { Ok(()) } else { Err(self.fail(message)) }
    }

    fn fail(&self, message: &str) -> Failure {
        malformed(Some(self.at), format!("not JSON: {message}"))
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn value(&mut self) -> Result<Node<'a>, Failure> {
        let start = self.at;
        let value = match self.peek() {
            Some(b'{') => self.nested(Self::map)?,
            Some(b'[') => self.nested(Self::list)?,
            Some(b'"') => {
                let (text, inner) = self.string()?;
                Value::Text { text, inner, quoting: Some(Quoting::Escaped) }
            }
            other => {
                match other {
                    Some(b't') => self.word("true")?,
                    Some(b'f') => self.word("false")?,
                    Some(b'n') => self.word("null")?,
                    _ => self.number()?,
                }
                Value::Other(self.text.get(start..self.at).unwrap_or_default())
            }
        };
        Ok(Node { span: start..self.at, value })
    }

    fn nested(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<Value<'a>, Failure>,
    ) -> Result<Value<'a>, Failure> {
        if self.depth >= MAX_DEPTH {
            return Err(self.fail("it is nested too deeply"));
        }
        self.at += 1;
        self.depth += 1;
        self.skip_space();
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn map(&mut self) -> Result<Value<'a>, Failure> {
        let mut entries = Vec::new();
        if self.take(b'}') {
            return Ok(Value::Map(entries));
        }
        loop {
            let start = self.at;
            let (key, _) = self.string()?;
            let key_span = start..self.at;
            self.skip_space();
            self.expect(b':', "`:` was expected")?;
            self.skip_space();
            let value = self.value()?;
            entries.push(Entry { key, key_span, value });
            self.skip_space();
            if self.take(b'}') {
                return Ok(Value::Map(entries));
            }
            self.expect(b',', "`,` or `}` was expected")?;
            self.skip_space();
        }
    }

    fn list(&mut self) -> Result<Value<'a>, Failure> {
        let mut items = Vec::new();
        if self.take(b']') {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value()?);
            self.skip_space();
            if self.take(b']') {
                return Ok(Value::List(items));
            }
            self.expect(b',', "`,` or `]` was expected")?;
            self.skip_space();
        }
    }

    fn word(&mut self, word: &str) -> Result<(), Failure> {
        if self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            self.at += word.len();
            return Ok(());
        }
        Err(self.fail("a value was expected"))
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - start
    }

    fn number(&mut self) -> Result<(), Failure> {
        self.take(b'-');
        let leading_zero = self.peek() == Some(b'0');
        let whole = self.digits();
        if whole == 0 || (leading_zero && whole > 1) {
            return Err(self.fail("a value was expected"));
        }
        if self.take(b'.') && self.digits() == 0 {
            return Err(self.fail("a digit was expected"));
        }
        if self.take(b'e') || self.take(b'E') {
            let _sign = self.take(b'+') || self.take(b'-');
            if self.digits() == 0 {
                return Err(self.fail("a digit was expected"));
            }
        }
        Ok(())
    }

    /// A string: what it says, and the bytes between its quotes.
    fn string(&mut self) -> Result<(Cow<'a, str>, Range<usize>), Failure> {
        self.expect(b'"', "a text in `\"` was expected")?;
        let start = self.at;
        let mut decoded: Option<String> = None;
        loop {
            let plain = self.at;
            while self.peek().is_some_and(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
                self.at += 1;
            }
            let run = self.text.get(plain..self.at).unwrap_or_default();
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    let text = match decoded {
                        Some(decoded) => Cow::Owned(decoded + run),
                        None => Cow::Borrowed(run),
                    };
                    return Ok((text, start..self.at - 1));
                }
                Some(b'\\') => {
                    self.at += 1;
                    let character = self.escape()?;
                    let decoded = decoded.get_or_insert_default();
                    decoded.push_str(run);
                    decoded.push(character);
                }
                Some(_) => return Err(self.fail("a control character stands in a text")),
                None => return Err(self.fail("a text is not closed")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Failure> {
        let character = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.unicode();
            }
            _ => return Err(self.fail("unknown escape")),
        };
        self.at += 1;
        Ok(character)
    }

    /// The digits of `\uXXXX`; two of them make one character beyond the first plane. A lone half is legal JSON but
    /// no text, and stands here as the replacement character.
    fn unicode(&mut self) -> Result<char, Failure> {
        let first = self.hex()?;
        if !(0xd800..0xdc00).contains(&first) {
            return Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let after_first = self.at;
        if self.take(b'\\') && self.take(b'u') {
            let second = self.hex()?;
            if (0xdc00..0xe000).contains(&second) {
                let scalar = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Ok(char::from_u32(scalar).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
        self.at = after_first;
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn hex(&mut self) -> Result<u32, Failure> {
        let digits = self.text.get(self.at..self.at + 4).unwrap_or_default();
        if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(self.fail("four hexadecimal digits were expected"));
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).map_err(|_| self.fail("four hexadecimal digits were expected"))
    }
}
