//! A piece of text in a file that can be replaced, and nothing beside it.

use std::ops::Range;

use crate::Unfit;

/// A value in the text of a file: the bytes that spell it, and what they say.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Site {
    pub(crate) span: Range<usize>,
    pub(crate) text: String,
    pub(crate) quoting: Quoting,
}

impl Site {
    /// The bytes that spell the value, without quotes around it.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The value, with the escapes of the format resolved.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The replacement of the value by another one, spelled as the place needs it.
    ///
    /// # Errors
    ///
    /// The place cannot hold the value: it has the quote that ends the text there, or a line break.
    pub fn replaced(&self, new: &str) -> Result<Splice, Unfit> {
        if new.chars().any(char::is_control) {
            return Err(Unfit::White);
        }
        Ok(Splice { span: self.span.clone(), new: self.quoting.spell(new)? })
    }

    /// A part of the value, by its bytes in [`text`](Self::text); nothing behind the first escape, where bytes and
    /// text no longer run side by side.
    pub fn part(&self, source: &str, part: Range<usize>) -> Option<Self> {
        let spelled = source.get(self.span.clone())?;
        let text = self.text.get(part.clone())?;
        if spelled.get(..part.end) != self.text.get(..part.end) {
            return None;
        }
        let span = self.span.start + part.start..self.span.start + part.end;
        Some(Self { span, text: text.to_owned(), quoting: self.quoting })
    }
}

/// A replacement of some bytes of a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Splice {
    /// The bytes that are replaced; empty where something is inserted.
    pub span: Range<usize>,
    /// What is put there.
    pub new: String,
}

/// A text with some of its bytes replaced; nothing where two replacements overlap or lie outside of it.
///
/// The same replacement twice counts once.
pub fn splice(source: &str, splices: &[Splice]) -> Option<String> {
    let mut order: Vec<&Splice> = splices.iter().collect();
    order.sort_by_key(|splice| (splice.span.start, splice.span.end));
    order.dedup();
    let mut result = String::with_capacity(source.len() + 64);
    let mut at = 0;
    for splice in order {
        result.push_str(source.get(at..splice.span.start)?);
        result.push_str(&splice.new);
        at = splice.span.end;
    }
    result.push_str(source.get(at..)?);
    Some(result)
}

/// How a value is delimited in its file, which decides what can be written there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Quoting {
    /// A TOML basic string or a JSON string: backslash escapes exist, and mean the same for what is written here.
    Escaped,
    /// A TOML literal string: no escapes, no `'`.
    Literal,
    /// A Python string in this quote, without escapes.
    Python(char),
    /// The rest of a line in an INI file.
    Line,
    /// An INI value in quotes that are a part of the value for its reader.
    Quoted(char),
    /// The text around it delimits it.
    Pattern,
}

impl Quoting {
    /// The spelling of a value in this place.
    ///
    /// Only text that could be a version in some ecosystem gets here, so that refusing is better than being clever.
    pub(crate) fn spell(self, value: &str) -> Result<String, Unfit> {
        match self {
            Self::Escaped => Ok(value.replace('\\', "\\\\").replace('"', "\\\"")),
            Self::Literal if value.contains('\'') => Err(Unfit::Quote { quote: '\'' }),
            Self::Python(quote) | Self::Quoted(quote) if value.contains(quote) => Err(Unfit::Quote { quote }),
            Self::Python(_) if value.contains('\\') => Err(Unfit::Backslash),
            Self::Line if value.starts_with(['"', '\'']) => Err(Unfit::ReadsDifferently),
            Self::Literal | Self::Python(_) | Self::Quoted(_) | Self::Line | Self::Pattern => {
                Ok(value.to_owned())
            }
        }
    }
}
