//! TOML as values that know where they stand.

use std::collections::BTreeMap;
use std::rc::Rc;

use toml_edit::{Document, Item, TableLike, Value};

use super::DeriveError;

/// A file of settings is no larger.
pub(super) const LIMIT_BYTES: usize = 4 * 1024 * 1024;

/// Where a value stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file, or `$NAME` of a variable of the environment.
    pub file: Rc<str>,
    /// The line, from 1.
    pub line: usize,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// A value with its place.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) value: Setting,
    pub(super) place: Place,
}

/// What is written there.
#[derive(Debug, Clone)]
pub(super) enum Setting {
    Text(String),
    Flag(bool),
    Number(i64),
    Date(toml_edit::Datetime),
    List(Vec<Entry>),
    Table(Entries),
    Other,
}

pub(super) type Entries = BTreeMap<String, Entry>;

impl Setting {
    fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Flag(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Date(_) => "a date",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Other => "of another kind",
        }
    }
}

impl Entry {
    pub(super) fn text(&self, key: &str) -> Result<&str, DeriveError> {
        match &self.value {
            Setting::Text(text) => Ok(text),
            _ => Err(self.wrong(key, "a text")),
        }
    }

    pub(super) fn flag(&self, key: &str) -> Result<bool, DeriveError> {
        match self.value {
            Setting::Flag(flag) => Ok(flag),
            _ => Err(self.wrong(key, "true or false")),
        }
    }

    pub(super) fn table(&self, key: &str) -> Result<&Entries, DeriveError> {
        match &self.value {
            Setting::Table(table) => Ok(table),
            _ => Err(self.wrong(key, "a table")),
        }
    }

    /// A text, or a list of texts.
    pub(super) fn texts(&self, key: &str) -> Result<Vec<&str>, DeriveError> {
        match &self.value {
            Setting::Text(text) => Ok(vec![text]),
            Setting::List(list) => list.iter().map(|entry| entry.text(key)).collect(),
            _ => Err(self.wrong(key, "a text or a list of texts")),
        }
    }

    pub(super) fn wrong(&self, key: &str, expected: &str) -> DeriveError {
        DeriveError::Setting {
            place: self.place.clone(),
            what: format!("`{key}` must be {expected}, it is {}", self.value.kind()),
            remedy: format!("write {expected}"),
        }
    }
}

/// Reads a TOML text. `file` is what is shown as its place.
pub(super) fn read(file: &str, text: &str) -> Result<Entries, DeriveError> {
    let file: Rc<str> = file.into();
    let fail = |span: Option<std::ops::Range<usize>>, what: String| DeriveError::Toml {
        place: Place { file: Rc::clone(&file), line: line_at(text, span) },
        what,
    };
    if text.len() > LIMIT_BYTES {
        return Err(fail(None, "it is larger than 4 MiB".to_owned()));
    }
    let document = Document::parse(text).map_err(|error| {
        let what = error.message().lines().collect::<Vec<_>>().join(" ");
        fail(error.span(), what)
    })?;
    let reader = Reader { file: &file, lines: Lines::new(text) };
    Ok(reader.table(document.as_table()))
}

/// The place of something at a byte of a text.
fn line_at(text: &str, span: Option<std::ops::Range<usize>>) -> usize {
    let start = span.map_or(0, |span| span.start);
    1 + text.bytes().take(start).filter(|byte| *byte == b'\n').count()
}

/// Where the lines begin.
struct Lines(Vec<usize>);

impl Lines {
    fn new(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self(breaks.map(|(at, _)| at).collect())
    }

    fn of(&self, at: usize) -> usize {
        1 + self.0.partition_point(|end| *end < at)
    }
}

struct Reader<'t> {
    file: &'t Rc<str>,
    lines: Lines,
}

impl Reader<'_> {
    fn place(&self, span: Option<std::ops::Range<usize>>) -> Place {
        Place { file: Rc::clone(self.file), line: span.map_or(1, |span| self.lines.of(span.start)) }
    }

    fn table(&self, table: &dyn TableLike) -> Entries {
        let entries = table.iter().map(|(name, item)| {
            let span = table.key(name).and_then(toml_edit::Key::span).or_else(|| item.span());
            (name.to_owned(), Entry { value: self.item(item), place: self.place(span) })
        });
        entries.collect()
    }

    fn item(&self, item: &Item) -> Setting {
        match item {
            Item::Value(value) => self.value(value),
            Item::Table(table) => Setting::Table(self.table(table)),
            Item::ArrayOfTables(tables) => {
                let entry = |table: &toml_edit::Table| Entry {
                    value: Setting::Table(self.table(table)),
                    place: self.place(table.span()),
                };
                Setting::List(tables.iter().map(entry).collect())
            }
            Item::None => Setting::Other,
        }
    }

    fn value(&self, value: &Value) -> Setting {
        match value {
            Value::String(text) => Setting::Text(text.value().clone()),
            Value::Boolean(flag) => Setting::Flag(*flag.value()),
            Value::Integer(number) => Setting::Number(*number.value()),
            Value::Datetime(date) => Setting::Date(*date.value()),
            Value::Float(_) => Setting::Other,
            Value::InlineTable(table) => Setting::Table(self.table(table)),
            Value::Array(list) => {
                let entry =
                    |value: &Value| Entry { value: self.value(value), place: self.place(value.span()) };
                Setting::List(list.iter().map(entry).collect())
            }
        }
    }
}

/// The table at a path of keys; `None` where one of them is missing.
pub(super) fn at<'e>(entries: &'e Entries, path: &[&str]) -> Result<Option<&'e Entries>, DeriveError> {
    let mut current = entries;
    for key in path {
        let Some(entry) = current.get(*key) else { return Ok(None) };
        current = entry.table(key)?;
    }
    Ok(Some(current))
}
