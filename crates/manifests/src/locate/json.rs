//! JSON texts (RFC 8259) with the places of the strings at their top level.

use std::ops::Range;

use super::{Failure, Place, Problem, Quoting, not_found, several};
use crate::Format;

/// The deepest nesting that is read; the brackets are counted, not recursed into.
const MAX_DEPTH: usize = 512;

/// A member of the object at the top level.
struct Member {
    key: String,
    /// The value with its quotes or brackets.
    value: Range<usize>,
    /// The decoded text of a string.
    text: Option<String>,
}

pub(crate) fn locate_version(text: &str) -> Result<Place, Failure> {
    let members = members(text)?;
    let versions: Vec<&Member> = members.iter().filter(|member| member.key == "version").collect();
    match versions.as_slice() {
        [] => Err(not_found(Format::PackageJson)),
        [Member { value, text: Some(text), .. }] => {
            Ok(Place { span: value.start + 1..value.end - 1, text: text.clone(), quoting: Quoting::Escaped })
        }
        [member] => Err(Failure::at(member.value.start, Problem::NotText)),
        [first, ..] => {
            Err(several(text, first.value.start, versions.iter().map(|member| member.value.start)))
        }
    }
}

/// The text of a string at the top level.
pub(crate) fn string(text: &str, key: &str) -> Option<String> {
    members(text).ok()?.into_iter().find(|member| member.key == key)?.text
}

fn members(text: &str) -> Result<Vec<Member>, Failure> {
    let mut scanner =
        Scanner { text, at: if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 } };
    scanner.skip_space();
    let members = scanner.top_object()?;
    scanner.skip_space();
    if scanner.at < text.len() { Err(scanner.fail("nothing may follow the value")) } else { Ok(members) }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl Scanner<'_> {
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
        Failure::at(self.at, Problem::Malformed { message: format!("not JSON: {message}") })
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn top_object(&mut self) -> Result<Vec<Member>, Failure> {
        self.expect(b'{', "an object was expected")?;
        let mut members = Vec::new();
        self.skip_space();
        if self.take(b'}') {
            return Ok(members);
        }
        loop {
            let key = self.key()?;
            let start = self.at;
            let text = self.value()?;
            members.push(Member { key, value: start..self.at, text });
            self.skip_space();
            if self.take(b'}') {
                return Ok(members);
            }
            self.expect(b',', "`,` or `}` was expected")?;
            self.skip_space();
        }
    }

    /// A key, its colon and the white space around them.
    fn key(&mut self) -> Result<String, Failure> {
        let key = self.string()?;
        self.skip_space();
        self.expect(b':', "`:` was expected")?;
        self.skip_space();
        Ok(key)
    }

    /// Any value; the text of it when it is a string.
    fn value(&mut self) -> Result<Option<String>, Failure> {
        if self.peek() == Some(b'"') {
            return self.string().map(Some);
        }
        // The closing brackets that are still to come, innermost last.
        let mut open: Vec<u8> = Vec::new();
        loop {
            let opened = self.open_or_scalar(&mut open)?;
            if opened {
                continue;
            }
            // A value has ended; close what ends here, or go on to the next one.
            loop {
                let Some(&closing) = open.last() else { return Ok(None) };
                self.skip_space();
                if self.take(closing) {
                    open.pop();
                    continue;
                }
                self.expect(b',', "`,` or a closing bracket was expected")?;
                self.skip_space();
                if closing == b'}' {
                    self.key()?;
                }
                break;
            }
        }
    }

    /// Reads a scalar, an empty container, or the opening of a container; true if a value must follow.
    fn open_or_scalar(&mut self, open: &mut Vec<u8>) -> Result<bool, Failure> {
        let closing = match self.peek() {
            Some(b'{') => b'}',
            Some(b'[') => b']',
            Some(b'"') => return self.string().map(|_| false),
            Some(b't') => return self.word("true"),
            Some(b'f') => return self.word("false"),
            Some(b'n') => return self.word("null"),
            _ => return self.number().map(|()| false),
        };
        self.at += 1;
        self.skip_space();
        if self.take(closing) {
            return Ok(false);
        }
        if open.len() >= MAX_DEPTH {
            return Err(self.fail("it is nested too deeply"));
        }
        open.push(closing);
        if closing == b'}' {
            self.key()?;
        }
        Ok(true)
    }

    fn word(&mut self, word: &str) -> Result<bool, Failure> {
        if self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            self.at += word.len();
            return Ok(false);
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

    /// A string, decoded.
    fn string(&mut self) -> Result<String, Failure> {
        self.expect(b'"', "a text in `\"` was expected")?;
        let mut decoded = String::new();
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let Some(character) = rest.chars().next() else { return Err(self.fail("a text is not closed")) };
            if character < ' ' {
                return Err(self.fail("a control character stands in a text"));
            }
            self.at += character.len_utf8();
            match character {
                '"' => return Ok(decoded),
                '\\' => decoded.push(self.escape()?),
                other => decoded.push(other),
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
