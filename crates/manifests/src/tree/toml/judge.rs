//! TOML 1.0 and 1.1, read by `toml_edit`; its spans count bytes of the original text, byte order mark and carriage
//! returns included.

use std::borrow::Cow;
use std::ops::Range;

use toml_edit::{Document, Item, TableLike};

use super::super::{Entry, Node, Value, malformed};
use crate::locate::Failure;
use crate::site::Quoting;

/// Reads a text.
pub(crate) fn parse(source: &str) -> Result<Node<'_>, Failure> {
    let document = Document::parse(source).map_err(|error| {
        // A parser's text may run over several lines; the first one says what is wrong.
        let message = error.message().lines().next().unwrap_or("not TOML").to_owned();
        malformed(error.span().map(|span| span.start), message)
    })?;
    Ok(table(source, document.as_table(), 0..source.len()))
}

fn table<'a>(source: &'a str, table: &dyn TableLike, span: Range<usize>) -> Node<'a> {
    let mut entries = Vec::with_capacity(table.len());
    for (key, found) in table.iter() {
        let key_span = table.key(key).and_then(toml_edit::Key::span).unwrap_or_default();
        let spelled = source.get(key_span.clone()).filter(|spelled| *spelled == key);
        let key = spelled.map_or_else(|| Cow::Owned(key.to_owned()), Cow::Borrowed);
        entries.push(Entry { key, key_span, value: item(source, found) });
    }
    Node { span, value: Value::Map(entries) }
}

fn item<'a>(source: &'a str, item: &Item) -> Node<'a> {
    let span = item.span().unwrap_or_default();
    match item {
        Item::Table(inner) => table(source, inner, span),
        Item::ArrayOfTables(tables) => {
            let items = tables.iter().map(|inner| table(source, inner, inner.span().unwrap_or_default()));
            Node { span, value: Value::List(items.collect()) }
        }
        Item::Value(inner) => value(source, inner),
        Item::None => Node { span, value: Value::Other("") },
    }
}

fn value<'a>(source: &'a str, value: &toml_edit::Value) -> Node<'a> {
    let span = value.span().unwrap_or_default();
    match value {
        toml_edit::Value::String(string) => text(source, span, string.value()),
        toml_edit::Value::Array(items) => {
            let items = items.iter().map(|inner| self::value(source, inner)).collect();
            Node { span, value: Value::List(items) }
        }
        toml_edit::Value::InlineTable(inner) => table(source, inner, span),
        _ => {
            let spelled = source.get(span.clone()).unwrap_or_default();
            Node { span, value: Value::Other(spelled) }
        }
    }
}

fn text<'a>(source: &'a str, span: Range<usize>, decoded: &str) -> Node<'a> {
    let spelled = source.get(span.clone()).unwrap_or_default();
    let (quoting, quotes) = match spelled {
        spelled if spelled.starts_with("\"\"\"") || spelled.starts_with("'''") => (None, 3),
        spelled if spelled.starts_with('"') => (Some(Quoting::Escaped), 1),
        _ => (Some(Quoting::Literal), 1),
    };
    let inner = span.start + quotes..span.end.saturating_sub(quotes);
    let text = match source.get(inner.clone()) {
        Some(spelled) if spelled == decoded => Cow::Borrowed(spelled),
        _ => Cow::Owned(decoded.to_owned()),
    };
    Node { span, value: Value::Text { text, inner, quoting } }
}
