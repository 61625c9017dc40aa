//! A serde deserializer over a parsed TOML document that knows where everything stands.
//!
//! toml_edit's own deserializer renders errors as text; ours keeps them typed, so that a misspelt key can be
//! answered with its place and the key that was meant.

use std::fmt;
use std::ops::Range;

use serde::de::{self, DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use toml_edit::{Item, TableLike, Value};

/// What is wrong with the document, and where.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) span: Option<Range<usize>>,
    pub(super) text: String,
    pub(super) hint: Option<String>,
}

impl Fault {
    fn at(mut self, span: Option<Range<usize>>) -> Self {
        self.span = self.span.or(span);
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { span: None, text: message.to_string(), hint: None }
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        unknown("key", field, expected)
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        unknown("value", variant, expected)
    }

    fn missing_field(field: &'static str) -> Self {
        Self { span: None, text: format!("the key `{field}` is missing here"), hint: None }
    }
}

pub(super) fn unknown(what: &str, word: &str, expected: &[&str]) -> Fault {
    let hint = match nearest(word, expected.iter().copied()) {
        Some(near) => Some(format!("did you mean `{near}`?")),
        None if expected.is_empty() => None,
        None => Some(format!("known here: {}", expected.join(", "))),
    };
    Fault { span: None, text: format!("unknown {what} `{word}`"), hint }
}

/// The candidate that a person most likely meant.
pub(crate) fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .map(|candidate| (strsim::osa_distance(&word.to_lowercase(), candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len().max(word.len()) / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// One node of the document.
pub(super) enum Node<'a> {
    Table(&'a dyn TableLike, Option<Range<usize>>),
    Tables(&'a toml_edit::ArrayOfTables),
    Value(&'a Value),
}

impl<'a> Node<'a> {
    pub(super) fn of(item: &'a Item) -> Option<Self> {
        match item {
            Item::None => None,
            Item::Value(value) => Some(Self::of_value(value)),
            Item::Table(table) => Some(Self::Table(table, table.span())),
            Item::ArrayOfTables(tables) => Some(Self::Tables(tables)),
        }
    }

    fn of_value(value: &'a Value) -> Self {
        match value {
            Value::InlineTable(table) => Self::Table(table, table.span()),
            other => Self::Value(other),
        }
    }

    fn span(&self) -> Option<Range<usize>> {
        match self {
            Self::Table(_, span) => span.clone(),
            Self::Tables(tables) => tables.span(),
            Self::Value(value) => value.span(),
        }
    }
}

impl<'de> de::Deserializer<'de> for Node<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let span = self.span();
        match self {
            Self::Table(table, _) => visitor.visit_map(Entries::new(table)),
            Self::Tables(tables) => visitor
                .visit_seq(Elements(Box::new(tables.iter().map(|table| Node::Table(table, table.span()))))),
            Self::Value(value) => match value {
                Value::String(text) => visitor.visit_str(text.value()),
                Value::Integer(number) => visitor.visit_i64(*number.value()),
                Value::Float(number) => visitor.visit_f64(*number.value()),
                Value::Boolean(flag) => visitor.visit_bool(*flag.value()),
                Value::Datetime(at) => visitor.visit_string(at.value().to_string()),
                Value::Array(array) => {
                    visitor.visit_seq(Elements(Box::new(array.iter().map(Node::of_value))))
                }
                Value::InlineTable(table) => visitor.visit_map(Entries::new(table)),
            },
        }
        .map_err(|fault| fault.at(span))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let span = self.span();
        match self {
            Self::Value(Value::String(text)) => visitor
                .visit_enum(text.value().as_str().into_deserializer())
                .map_err(|fault: Fault| fault.at(span)),
            _ => Err(<Fault as de::Error>::custom("a string is wanted here").at(span)),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}

struct Entries<'a> {
    table: &'a dyn TableLike,
    rest: Box<dyn Iterator<Item = (&'a str, &'a Item)> + 'a>,
    value: Option<&'a Item>,
}

impl<'a> Entries<'a> {
    fn new(table: &'a dyn TableLike) -> Self {
        Self { table, rest: Box::new(table.iter()), value: None }
    }
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        for (key, item) in self.rest.by_ref() {
            if item.is_none() {
                continue;
            }
            self.value = Some(item);
            let span = self.table.key(key).and_then(toml_edit::Key::span);
            return seed
                .deserialize(key.into_deserializer())
                .map(Some)
                .map_err(|fault: Fault| fault.at(span));
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let node = self.value.take().and_then(Node::of);
        let node = node.ok_or_else(|| <Fault as de::Error>::custom("a value is missing"))?;
        let span = node.span();
        seed.deserialize(node).map_err(|fault| fault.at(span))
    }
}

struct Elements<'a>(Box<dyn Iterator<Item = Node<'a>> + 'a>);

impl<'de> SeqAccess<'de> for Elements<'de> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        let Some(node) = self.0.next() else { return Ok(None) };
        let span = node.span();
        seed.deserialize(node).map(Some).map_err(|fault| fault.at(span))
    }
}
