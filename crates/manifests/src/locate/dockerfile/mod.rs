//! Dockerfiles, by their [reference](https://docs.docker.com/reference/dockerfile/): the value of an `ARG`, `ENV` or
//! `LABEL`, and the tag of an image behind `FROM`.

mod instruction;
mod words;

use std::ops::Range;

use self::instruction::{Instruction, instructions};
use self::words::words;
use super::{Failure, Problem, Quoting, Site, several};

/// What a key names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key<'k> {
    /// `ARG NAME`, or `NAME` alone.
    Argument(&'k str),
    /// `ENV NAME`.
    Variable(&'k str),
    /// `LABEL name`.
    Label(&'k str),
    /// `FROM image`.
    Image(&'k str),
}

impl<'k> Key<'k> {
    fn parse(key: &'k str) -> Option<Self> {
        let words: Vec<&str> = key.split_ascii_whitespace().collect();
        match words.as_slice() {
            [name] => Some(Self::Argument(name)),
            [word, name] => match word.to_ascii_lowercase().as_str() {
                "arg" => Some(Self::Argument(name)),
                "env" => Some(Self::Variable(name)),
                "label" => Some(Self::Label(name)),
                "from" => Some(Self::Image(name)),
                _ => None,
            },
            _ => None,
        }
    }

    fn instruction(self) -> &'static str {
        match self {
            Self::Argument(_) => "arg",
            Self::Variable(_) => "env",
            Self::Label(_) => "label",
            Self::Image(_) => "from",
        }
    }
}

/// Finds the value that a key names: `ARG NAME` (or `NAME` alone), `ENV NAME`, `LABEL name`, or `FROM image` for the tag
/// of an image, where `image` is written as in the file.
pub(crate) fn locate_key(text: &str, key: &str) -> Result<Site, Failure> {
    let not_found = |looked_for| Problem::NotFound { looked_for };
    let Some(wanted) = Key::parse(key) else {
        let looked_for = format!("`{key}`: a key is `ARG NAME`, `ENV NAME`, `LABEL name` or `FROM image`");
        return Err(Failure::without_place(not_found(looked_for)));
    };
    let mut values = Vec::new();
    let mut without = None;
    for instruction in instructions(text)?.iter().filter(|found| found.name() == wanted.instruction()) {
        for value in declared(instruction, wanted) {
            match value {
                Declared::Value(range) => {
                    values.push((instruction.offset(range.start), instruction.site(range)));
                }
                Declared::Pinned(at) => {
                    let offset = instruction.offset(at);
                    values.push((offset, Err(Failure::at(offset, pinned()))));
                }
                Declared::Nothing(at) => without = without.or(Some(instruction.offset(at))),
            }
        }
    }
    match (values.len(), without) {
        (0, None) => Err(Failure::without_place(not_found(format!("`{key}`")))),
        (0, Some(offset)) => {
            let looked_for = match wanted {
                Key::Image(image) => format!("tag of `{image}`: write `{image}:TAG`"),
                Key::Argument(name) | Key::Variable(name) | Key::Label(name) => {
                    format!("value of `{name}`: write `{name}=VALUE`")
                }
            };
            Err(Failure::at(offset, not_found(looked_for)))
        }
        (1, _) => values.remove(0).1,
        _ => {
            let first = values.iter().map(|(offset, _)| *offset).min().unwrap_or_default();
            Err(several(text, first, values.iter().map(|(offset, _)| *offset)))
        }
    }
}

fn pinned() -> Problem {
    let message =
        "a digest pins this image, whatever its tag says: remove the `@` and the digest behind it first";
    Problem::Malformed { message: message.to_owned() }
}

/// What an instruction says about a name, by bytes of its text.
enum Declared {
    /// A value.
    Value(Range<usize>),
    /// The name alone.
    Nothing(usize),
    /// A tag with a digest behind it.
    Pinned(usize),
}

fn declared(instruction: &Instruction<'_>, wanted: Key<'_>) -> Vec<Declared> {
    let arguments = instruction.arguments();
    match wanted {
        Key::Argument(name) => arguments_named(instruction, arguments, name),
        Key::Variable(name) | Key::Label(name) => {
            let first = words(instruction, arguments.clone()).into_iter().next().unwrap_or_default();
            if instruction.slice(first.clone()).contains('=') {
                return arguments_named(instruction, arguments, name);
            }
            // The old form: one name, and the rest of the line.
            if unquoted(instruction.slice(first.clone())) != name {
                return Vec::new();
            }
            let rest = instruction.slice(first.end..arguments.end);
            let start = arguments.end - rest.trim_start().len();
            if start < arguments.end {
                vec![Declared::Value(start..arguments.end)]
            } else {
                vec![Declared::Nothing(first.start)]
            }
        }
        Key::Image(image) => {
            let reference = words(instruction, arguments)
                .into_iter()
                .find(|word| !instruction.slice(word.clone()).starts_with("--"));
            reference.and_then(|reference| tag(instruction, reference, image)).into_iter().collect()
        }
    }
}

/// The words `name=value` and `name` of one name.
fn arguments_named(instruction: &Instruction<'_>, arguments: Range<usize>, name: &str) -> Vec<Declared> {
    let of_word = |word: Range<usize>| {
        let text = instruction.slice(word.clone());
        let (found, value) = match text.find('=') {
            Some(equals) => (text.get(..equals)?, Declared::Value(word.start + equals + 1..word.end)),
            None => (text, Declared::Nothing(word.start)),
        };
        (unquoted(found) == name).then_some(value)
    };
    words(instruction, arguments).into_iter().filter_map(of_word).collect()
}

/// A name without quotes around it.
fn unquoted(name: &str) -> &str {
    let inner = |quote| name.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).unwrap_or(name)
}

/// The tag in `image:tag`, if it is this image.
fn tag(instruction: &Instruction<'_>, reference: Range<usize>, image: &str) -> Option<Declared> {
    let text = instruction.slice(reference.clone());
    // What stands in `${…}` is a matter of the variable.
    let mut braces = 0_u32;
    let (mut colon, mut digest) = (None, None);
    for (at, character) in text.char_indices() {
        match character {
            '{' => braces += 1,
            '}' => braces = braces.saturating_sub(1),
            _ if braces > 0 || digest.is_some() => {}
            '/' => colon = None,
            ':' => colon = Some(at),
            '@' => digest = Some(at),
            _ => {}
        }
    }
    let end = digest.unwrap_or(text.len());
    if text.get(..colon.unwrap_or(end))? != image {
        return None;
    }
    Some(match (colon, digest) {
        (_, Some(_)) => Declared::Pinned(reference.start),
        (Some(colon), None) => Declared::Value(reference.start + colon + 1..reference.start + end),
        (None, None) => Declared::Nothing(reference.start),
    })
}

impl Instruction<'_> {
    /// The place of a value, without quotes around it.
    fn site(&self, range: Range<usize>) -> Result<Site, Failure> {
        let offset = self.offset(range.start);
        let spelling = |what| Err(Failure::at(offset, Problem::Spelling { what }));
        let value = self.slice(range.clone());
        if value.contains(self.escape) {
            return spelling("a value with escapes");
        }
        let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''));
        let inner = quote.and_then(|quote| value.strip_prefix(quote)?.strip_suffix(quote));
        let (text, range, quoting) = match (quote, inner) {
            (Some(quote), Some(inner)) if !inner.contains(quote) => {
                (inner, range.start + 1..range.end - 1, Quoting::Shell(quote))
            }
            _ if value.contains(['"', '\'']) => return spelling("a value that is quoted in parts"),
            _ => (value, range, Quoting::Word),
        };
        // Single quotes keep a dollar sign.
        if let Some((_, variable)) = text.split_once('$').filter(|_| quote != Some('\'')) {
            let name: String = variable
                .trim_start_matches('{')
                .chars()
                .take_while(|character| character.is_ascii_alphanumeric() || *character == '_')
                .collect();
            return Err(Failure::at(offset, Problem::Variable { key: format!("ARG {name}") }));
        }
        match self.source_range(range) {
            Some(span) => Ok(Site { span, text: text.to_owned(), quoting }),
            None => spelling("a value on several lines"),
        }
    }
}

#[cfg(test)]
mod tests;
