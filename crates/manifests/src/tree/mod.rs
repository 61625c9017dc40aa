//! Structured texts (JSON, TOML, YAML) as one kind of tree, each value with the bytes that spell it.
//!
//! The tree is read, never printed: an edit replaces bytes of the original text.

use std::borrow::Cow;
use std::ops::Range;

use crate::locate::{Failure, Problem};
use crate::site::{Quoting, Site};
use yaml_style::Style;

pub(crate) mod json;
#[cfg(test)]
mod json_tests;
#[cfg(test)]
pub(crate) mod json_text;
pub(crate) mod toml;
pub(crate) mod yaml;
pub(crate) mod yaml_style;
#[cfg(test)]
mod yaml_tests;

/// A value and the bytes that spell it, quotes and brackets included.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node<'a> {
    pub(crate) span: Range<usize>,
    pub(crate) value: Value<'a>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value<'a> {
    /// A text, decoded. Without quoting where its spelling is one that is not edited, such as several lines.
    Text {
        text: Cow<'a, str>,
        inner: Range<usize>,
        quoting: Option<Quoting>,
    },
    /// A number, a date, a truth value or nothing, as it is spelled.
    Other(&'a str),
    List(Vec<Node<'a>>),
    Map(Vec<Entry<'a>>),
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry<'a> {
    pub(crate) key: Cow<'a, str>,
    /// The bytes that spell the key, quotes included.
    pub(crate) key_span: Range<usize>,
    pub(crate) value: Node<'a>,
}

impl<'a> Node<'a> {
    /// The value of a key; the last one, as the readers of JSON take it.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().rev().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// The value below a chain of keys.
    pub(crate) fn at(&self, keys: &[&str]) -> Option<&Self> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The entries of a map; none for anything else.
    pub(crate) fn entries(&self) -> &[Entry<'a>] {
        if let Value::Map(entries) = &self.value { entries } else { &[] }
    }

    /// The members of a list; none for anything else.
    pub(crate) fn items(&self) -> &[Self] {
        if let Value::List(items) = &self.value { items } else { &[] }
    }

    /// A text.
    pub(crate) fn as_str(&self) -> Option<&str> {
        if let Value::Text { text, .. } = &self.value { Some(text) } else { None }
    }

    /// A truth value; in YAML a plain `true` or `false`.
    pub(crate) fn as_bool(&self) -> Option<bool> {
        let spelled = match &self.value {
            Value::Other(spelled) => spelled,
            Value::Text { text, quoting: Some(Quoting::Yaml(Style::Plain { .. })), .. } => text.as_ref(),
            _ => return None,
        };
        match spelled {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// The text below a chain of keys.
    pub(crate) fn text_at(&self, keys: &[&str]) -> Option<&str> {
        self.at(keys)?.as_str()
    }

    /// Where a text can be replaced.
    pub(crate) fn site(&self) -> Result<Site, Failure> {
        match &self.value {
            Value::Text { quoting: Some(Quoting::Yaml(Style::Fixed)), .. } => {
                Err(Failure::at(self.span.start, Problem::Spelling { what: "with an anchor or a tag" }))
            }
            Value::Text { text, inner, quoting: Some(quoting) } => {
                Ok(Site { span: inner.clone(), text: text.clone().into_owned(), quoting: *quoting })
            }
            Value::Text { quoting: None, .. } => {
                Err(Failure::at(self.span.start, Problem::Spelling { what: "a text on several lines" }))
            }
            _ => Err(Failure::at(self.span.start, Problem::NotText)),
        }
    }
}

/// The failure of a text that breaks the grammar of its format.
pub(crate) fn malformed(offset: Option<usize>, message: impl Into<String>) -> Failure {
    Failure { offset, problem: Problem::Malformed { message: message.into() } }
}
