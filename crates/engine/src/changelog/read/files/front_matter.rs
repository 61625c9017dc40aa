//! The front matter of a changeset: a map of names to words, in YAML, between two lines of dashes.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle};

/// The most entries that are read.
const MAX_ENTRIES: usize = 10_000;

/// A key and a value, each with the byte where it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) at: usize,
    pub(super) value: String,
    pub(super) value_at: usize,
}

/// What is wrong, and at which byte.
pub(super) type Fault = (usize, String);

/// The front matter and the text behind it, each with the byte where it begins.
///
/// The front matter begins at the first three dashes and ends at the next ones that begin a line and stand alone on it,
/// as the tool finds it.
pub(super) fn split(text: &str) -> Option<(usize, &str, &str)> {
    let start = text.find("---")? + 3;
    let mut from = start;
    loop {
        let line_end = from + text.get(from..)?.find('\n')?;
        let after = text.get(line_end..)?;
        let bare = after.trim_start_matches(is_space);
        let at = line_end + (after.len() - bare.len());
        let Some(rest) = bare.strip_prefix("---") else {
            from = at.max(line_end + 1);
            continue;
        };
        let space = rest.len() - rest.trim_start_matches(is_space).len();
        let blank = rest.get(..space)?;
        if space == rest.len() || blank.contains('\n') {
            return Some((start, text.get(start..line_end)?, rest));
        }
        from = at + 3;
    }
}

/// What JavaScript takes for white space.
fn is_space(letter: char) -> bool {
    (letter.is_whitespace() && letter != '\u{85}') || letter == '\u{feff}'
}

/// Reads a flat map of texts. Nothing, `null`, `false` and `0` are an empty one.
pub(super) fn read(text: &str) -> Result<Vec<Entry>, Fault> {
    if let Some(at) = text.find('\0') {
        return Err((at, "a NUL character".to_owned()));
    }
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let byte = |index: usize| starts.get(index).copied().unwrap_or(text.len());
    let mut reader = Reader::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| (byte(error.marker().index()), error.info().to_owned()))?;
        reader.take(event, byte(span.start.index()))?;
    }
    Ok(reader.entries)
}

#[derive(Default)]
struct Reader {
    documents: usize,
    inside: bool,
    key: Option<(String, usize)>,
    anchors: HashMap<usize, String>,
    entries: Vec<Entry>,
}

impl Reader {
    fn take(&mut self, event: Event<'_>, at: usize) -> Result<(), Fault> {
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 { Err((at, "a second document".to_owned())) } else { Ok(()) }
            }
            Event::MappingStart(..) if !self.inside => {
                self.inside = true;
                Ok(())
            }
            Event::MappingStart(..) | Event::SequenceStart(..) => {
                Err((at, "a list or a map where a word is wanted".to_owned()))
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor).cloned() {
                Some(text) => self.scalar(text, at),
                None => Err((at, "an alias without its anchor".to_owned())),
            },
            Event::Scalar(text, style, anchor, _) => {
                let text = text.into_owned();
                if anchor > 0 {
                    self.anchors.insert(anchor, text.clone());
                }
                if self.inside && self.key.is_none() && text == "<<" && style == ScalarStyle::Plain {
                    return Err((at, "`<<` merges maps, and there is none here".to_owned()));
                }
                if self.inside {
                    return self.scalar(text, at);
                }
                let falsy = ["", "~", "null", "Null", "NULL", "false", "False", "FALSE", "0"]
                    .contains(&text.as_str());
                if text.is_empty() || (falsy && style == ScalarStyle::Plain) {
                    return Ok(());
                }
                Err((at, "a text where a map of packages is wanted".to_owned()))
            }
            _ => Ok(()),
        }
    }

    fn scalar(&mut self, text: String, at: usize) -> Result<(), Fault> {
        let Some((key, key_at)) = self.key.take() else {
            self.key = Some((text, at));
            return Ok(());
        };
        if self.entries.len() >= MAX_ENTRIES {
            return Err((at, format!("more than {MAX_ENTRIES} packages")));
        }
        if self.entries.iter().any(|entry| entry.key == key) {
            return Err((key_at, format!("`{key}` stands here twice")));
        }
        self.entries.push(Entry { key, at: key_at, value: text, value_at: at });
        Ok(())
    }
}
