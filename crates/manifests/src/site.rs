//! A piece of text in a file that can be replaced, and nothing beside it.

use std::ops::Range;

use crate::Unfit;
use crate::tree::yaml_style::Style;

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

    /// Whether the spelling of a value here has quotes that are no part of it: a plain scalar of YAML gets them.
    pub(crate) fn gains_quotes(&self, spelled: &str, value: &str) -> bool {
        matches!(self.quoting, Quoting::Yaml(Style::Plain { .. })) && spelled != value
    }

    /// A part of the value, by its bytes in [`text`](Self::text); nothing behind the first escape, where bytes and
    /// text no longer run side by side.
    pub fn part(&self, source: &str, part: Range<usize>) -> Option<Self> {
        let spelled = source.get(self.span.clone())?;
        let text = self.text.get(part.clone())?;
        if spelled.get(..part.end) != self.text.get(..part.end) {
            return None;
        }
        let quoting = match self.quoting {
            Quoting::Yaml(style) => {
                Quoting::Yaml(style.part(self.text.get(..part.start)?, self.text.get(part.end..)?)?)
            }
            other => other,
        };
        let span = self.span.start + part.start..self.span.start + part.end;
        Some(Self { span, text: text.to_owned(), quoting })
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
    /// A YAML scalar.
    Yaml(Style),
    /// A text in this quote where a shell-like reader expands variables and knows an escape: a Dockerfile.
    Shell(char),
    /// A word without quotes, as in a go.mod or a Dockerfile.
    Word,
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
            Self::Python(quote) | Self::Quoted(quote) | Self::Shell(quote) if value.contains(quote) => {
                Err(Unfit::Quote { quote })
            }
            Self::Yaml(style) => style.spell(value),
            Self::Python(_) | Self::Shell(_) | Self::Word if value.contains('\\') => Err(Unfit::Backslash),
            Self::Shell(_) if value.contains(['$', '`']) => Err(Unfit::ReadsDifferently),
            Self::Word if !is_word(value) => Err(Unfit::ReadsDifferently),
            Self::Line if value.starts_with(['"', '\'']) => Err(Unfit::ReadsDifferently),
            Self::Literal
            | Self::Python(_)
            | Self::Quoted(_)
            | Self::Line
            | Self::Shell(_)
            | Self::Word
            | Self::Pattern => Ok(value.to_owned()),
        }
    }
}

/// Whether a value without quotes is one word, for every reader of words: no space, no quote, no bracket, no variable,
/// no comment (nor the half of one), nothing that divides a value.
fn is_word(value: &str) -> bool {
    let divides = |character: char| character.is_whitespace() || "\"'`$#()[]{},;<>|&=@:".contains(character);
    !value.is_empty()
        && !value.contains(divides)
        && !value.contains("//")
        && !value.contains("/*")
        && !value.ends_with('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(quoting: Quoting, value: &str, expected: Result<&str, Unfit>) {
        let site = Site { span: 0..0, text: String::new(), quoting };
        assert_eq!(site.replaced(value).map(|splice| splice.new), expected.map(str::to_owned), "{value}");
    }

    #[test]
    fn a_word_holds_one_word() {
        for value in ["1.2.3", "v1.2.3-rc.1+incompatible", "host.example/a/v2", "1.0.dev1", "^1", "~1"] {
            check(Quoting::Word, value, Ok(value));
        }
        for value in [
            "", "a b", "a\u{a0}b", "a//b", "a/", "a/*", "a#b", "$a", "a@1", "a:1", "=>", "(a", "a,b", "`a",
            "\"a",
        ] {
            check(Quoting::Word, value, Err(Unfit::ReadsDifferently));
        }
        check(Quoting::Word, "a\\", Err(Unfit::Backslash));
        check(Quoting::Word, "a\nb", Err(Unfit::White));
    }

    #[test]
    fn a_shell_text_holds_no_variable() {
        check(Quoting::Shell('"'), "1 it's", Ok("1 it's"));
        check(Quoting::Shell('"'), "1\"", Err(Unfit::Quote { quote: '"' }));
        check(Quoting::Shell('\''), "1'", Err(Unfit::Quote { quote: '\'' }));
        for value in ["$x", "`"] {
            check(Quoting::Shell('"'), value, Err(Unfit::ReadsDifferently));
        }
        check(Quoting::Shell('"'), "\\", Err(Unfit::Backslash));
    }
}
