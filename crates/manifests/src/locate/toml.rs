//! Values of a TOML file with their places.
//!
//! The immutable document of `toml_edit` keeps spans; they count bytes of the original text, byte order mark and
//! carriage returns included.

use toml_edit::{Document, Item, Table};

use super::{Failure, Problem, Quoting, Site};

/// Parses a text, or says on which byte it stops to be TOML.
pub(crate) fn parse(text: &str) -> Result<Document<&str>, Failure> {
    Document::parse(text).map_err(|error| Failure {
        offset: error.span().map(|span| span.start),
        // A parser's text may run over several lines; the first one says what is wrong.
        problem: Problem::Malformed {
            message: error.message().lines().next().unwrap_or("not TOML").to_owned(),
        },
    })
}

/// The item below a chain of keys.
pub(crate) fn item<'a>(table: &'a Table, keys: &[&str]) -> Option<&'a Item> {
    let (first, rest) = keys.split_first()?;
    rest.iter().try_fold(table.get(first)?, |item, key| item.get(key)).filter(|item| !item.is_none())
}

/// The text below a chain of keys.
pub(crate) fn text<'a>(table: &'a Table, keys: &[&str]) -> Option<&'a str> {
    item(table, keys)?.as_str()
}

/// The first byte of an item, as far as it has one.
pub(crate) fn offset(item: &Item) -> Option<usize> {
    item.span().map(|span| span.start)
}

/// The place of a string, without its quotes.
pub(crate) fn string_place(source: &str, item: &Item) -> Result<Site, Failure> {
    let offset = offset(item);
    let Some(value) = item.as_str() else { return Err(Failure { offset, problem: Problem::NotText }) };
    let spelled = item.span().and_then(|span| Some((span.clone(), source.get(span)?)));
    let Some((span, spelled)) = spelled else { return Err(Failure { offset, problem: Problem::NotText }) };
    let quoting = if spelled.starts_with("\"\"\"") || spelled.starts_with("'''") {
        return Err(Failure { offset, problem: Problem::Spelling { what: "a multi-line string" } });
    } else if spelled.starts_with('"') {
        Quoting::Escaped
    } else {
        Quoting::Literal
    };
    Ok(Site { span: span.start + 1..span.end.saturating_sub(1), text: value.to_owned(), quoting })
}
