//! Settings in YAML, read with the line of every value, for files that belong to other tools.

use crate::locate::{Failure, line_at};
use crate::tree::{self, Node, Value as Tree};

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its line, from 1.
    pub line: u32,
    /// What it is.
    pub value: Value,
}

/// What stands in a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text; also a number or a truth value, as it is spelled.
    Text(String),
    /// A list.
    List(Vec<Item>),
    /// A map: each key once, with its line, in the order of the file.
    Map(Vec<(String, u32, Item)>),
    /// Nothing, `null`, or an alias, which is not resolved.
    Nothing,
}

/// The text is no YAML that is read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct YamlError {
    /// The line, from 1.
    pub line: u32,
    /// What is wrong.
    pub message: String,
}

/// Reads one document of YAML 1.2.
///
/// ```
/// use tminus_manifests::yaml::{Value, read};
///
/// let Value::Map(entries) = read("# settings\nname: demo\n")?.value else { panic!() };
/// let (key, line, item) = &entries[0];
/// assert_eq!((key.as_str(), *line, &item.value), ("name", 2, &Value::Text("demo".to_owned())));
/// # Ok::<(), tminus_manifests::yaml::YamlError>(())
/// ```
///
/// # Errors
///
/// - what is no YAML: `a: [x`
/// - two documents, a key twice: `{a: 1, a: 2}`
/// - nesting beyond 512 levels, a text beyond [`MAX_FILE_BYTES`](crate::MAX_FILE_BYTES)
pub fn read(source: &str) -> Result<Item, YamlError> {
    if source.len() > crate::MAX_FILE_BYTES {
        return Err(YamlError { line: 1, message: format!("longer than {} bytes", crate::MAX_FILE_BYTES) });
    }
    let lines = crate::lines::Lines::of(source.as_bytes());
    let node = tree::yaml::parse(source).map_err(|failure| told(source, &failure))?;
    Ok(item(&node, &lines))
}

fn told(source: &str, failure: &Failure) -> YamlError {
    let line = failure.offset.map_or(1, |offset| line_at(source.as_bytes(), offset));
    YamlError { line, message: failure.problem.to_string() }
}

fn item(node: &Node<'_>, lines: &crate::lines::Lines) -> Item {
    let value = match &node.value {
        Tree::Text { text, .. } => Value::Text(text.clone().into_owned()),
        Tree::Other(_) => Value::Nothing,
        Tree::List(items) => Value::List(items.iter().map(|node| item(node, lines)).collect()),
        Tree::Map(entries) => {
            let entry = |entry: &tree::Entry<'_>| {
                (entry.key.clone().into_owned(), lines.line(entry.key_span.start), item(&entry.value, lines))
            };
            Value::Map(entries.iter().map(entry).collect())
        }
    };
    Item { line: lines.line(node.span.start), value }
}
