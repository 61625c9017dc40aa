//! JSON texts in all kinds of spelling, for tests.

use proptest::prelude::*;

/// A value that is to be spelled.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    Text(String),
    /// A number, a truth value or nothing.
    Word(String),
    List(Vec<Self>),
    Map(Vec<(String, Self)>),
}

impl Json {
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    pub(crate) fn map(entries: &[(&str, Self)]) -> Self {
        Self::Map(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
    }

    pub(crate) fn texts(entries: &[(String, String)]) -> Self {
        Self::Map(entries.iter().map(|(key, value)| (key.clone(), Self::text(value))).collect())
    }
}

/// How a text is laid out and spelled.
#[derive(Debug, Clone)]
pub(crate) struct Style {
    has_mark: bool,
    line: &'static str,
    indent: &'static str,
    colon: &'static str,
    end: &'static str,
    /// Of how many characters one is escaped; none for 0.
    escaped: u32,
    seed: u32,
}

impl Style {
    /// Any style.
    pub(crate) fn any() -> impl Strategy<Value = Self> {
        let line =
            prop_oneof![Just(("\n", "  ")), Just(("\r\n", "    ")), Just(("\n", "\t")), Just(("", ""))];
        let colon = prop_oneof![Just(": "), Just(":"), Just(" :\t")];
        let end = prop_oneof![Just(""), Just("\n"), Just("\r\n"), Just("\n \t\n")];
        (any::<bool>(), line, colon, end, 0_u32..6, any::<u32>()).prop_map(
            |(has_mark, (line, indent), colon, end, escaped, seed)| Self {
                has_mark,
                line,
                indent,
                colon,
                end,
                escaped,
                seed,
            },
        )
    }

    /// The text of a value.
    pub(crate) fn spell(&self, value: &Json) -> String {
        let mut printer = Printer { style: self, state: self.seed | 1, text: String::new() };
        if self.has_mark {
            printer.text.push('\u{feff}');
        }
        printer.value(value, 0);
        printer.text + self.end
    }
}

struct Printer<'s> {
    style: &'s Style,
    state: u32,
    text: String,
}

impl Printer<'_> {
    fn chance(&mut self) -> bool {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 17;
        self.state ^= self.state << 5;
        self.style.escaped > 0 && self.state.is_multiple_of(self.style.escaped)
    }

    fn value(&mut self, value: &Json, depth: usize) {
        match value {
            Json::Text(text) => self.string(text),
            Json::Word(word) => self.text.push_str(word),
            Json::List(items) => self.nested(('[', ']'), items, depth, |printer, item| {
                printer.value(item, depth + 1);
            }),
            Json::Map(entries) => self.nested(('{', '}'), entries, depth, |printer, (key, value)| {
                printer.string(key);
                printer.text.push_str(printer.style.colon);
                printer.value(value, depth + 1);
            }),
        }
    }

    fn nested<T>(
        &mut self,
        (open, close): (char, char),
        parts: &[T],
        depth: usize,
        mut one: impl FnMut(&mut Self, &T),
    ) {
        self.text.push(open);
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                self.text.push(',');
            }
            self.new_line(depth + 1);
            one(self, part);
        }
        if !parts.is_empty() {
            self.new_line(depth);
        }
        self.text.push(close);
    }

    fn new_line(&mut self, depth: usize) {
        self.text.push_str(self.style.line);
        self.text.push_str(&self.style.indent.repeat(depth));
    }

    fn string(&mut self, text: &str) {
        self.text.push('"');
        for character in text.chars() {
            if matches!(character, '"' | '\\') || character < ' ' || self.chance() {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    self.text.push_str(&format!("\\u{unit:04x}"));
                }
            } else {
                self.text.push(character);
            }
        }
        self.text.push('"');
    }
}
