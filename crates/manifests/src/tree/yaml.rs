//! YAML 1.2, read by `saphyr-parser`, whose spans count characters; those here count bytes of the original text.
//!
//! - A plain scalar is a text, also where a reader would take it as a number or a truth value: in `version: 1.0` a
//!   version is meant. Nothing, `~` and `null` are no text.
//! - An alias is not resolved, a merge key (`<<`) is a key like any other.
//! - A value with an anchor or a tag is read, and is not edited: aliases elsewhere would change with it.
//! - A key is one scalar, and stands once in its map.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};

use super::yaml_style::{Style, is_null, reads_as_number};
use super::{Entry, Node, Value, malformed};
use crate::locate::Failure;
use crate::site::Quoting;

/// The deepest nesting that is read. The parser itself stops at 255 for what stands in `[` and `{`.
const MAX_DEPTH: usize = 512;

/// Reads a text that holds one document; nothing at all reads as a null.
pub(crate) fn parse(source: &str) -> Result<Node<'_>, Failure> {
    let mut documents = parse_all(source)?;
    match (documents.pop(), documents.pop()) {
        (None, _) => Ok(Node { span: source.len()..source.len(), value: Value::Other("") }),
        (Some(document), None) => Ok(document),
        (Some(second), Some(_)) => {
            Err(malformed(Some(second.span.start), "there is more than one YAML document in the file"))
        }
    }
}

/// Reads every document of a text.
pub(crate) fn parse_all(source: &str) -> Result<Vec<Node<'_>>, Failure> {
    // The parser takes it for the end of the text.
    if let Some(at) = source.find('\0') {
        return Err(fail(at, "a NUL character"));
    }
    let mut builder =
        Builder { source, positions: Positions::new(source), open: Vec::new(), documents: Vec::new() };
    for event in Parser::new_from_str(source) {
        let (event, span) = event.map_err(|error| fail(builder.byte(*error.marker()), error.info()))?;
        builder.take(event, span)?;
    }
    Ok(builder.documents)
}

fn fail(offset: usize, message: &str) -> Failure {
    malformed(Some(offset), format!("not YAML: {message}"))
}

/// Where the characters of a text start: the byte of every 64th one.
struct Positions(Vec<usize>);

const STEP: usize = 64;

impl Positions {
    fn new(source: &str) -> Self {
        // Without other characters than ASCII, both counts are the same.
        let marks = source.char_indices().step_by(STEP).map(|(byte, _)| byte);
        Self(if source.is_ascii() { Vec::new() } else { marks.collect() })
    }

    fn byte(&self, source: &str, character: usize) -> usize {
        if self.0.is_empty() {
            return character.min(source.len());
        }
        let Some(&start) = self.0.get(character / STEP) else { return source.len() };
        let rest = source.get(start..).unwrap_or_default();
        rest.char_indices().nth(character % STEP).map_or(source.len(), |(byte, _)| start + byte)
    }
}

/// A list or a map whose end is still to come.
struct Open<'a> {
    start: usize,
    /// The end of what was read in it.
    end: usize,
    /// In brackets, where a plain scalar cannot hold `,` or another bracket.
    flow: bool,
    children: Children<'a>,
}

enum Children<'a> {
    List(Vec<Node<'a>>),
    Map { entries: Vec<Entry<'a>>, seen: HashSet<Cow<'a, str>>, key: Option<(Cow<'a, str>, Range<usize>)> },
}

struct Builder<'a> {
    source: &'a str,
    positions: Positions,
    open: Vec<Open<'a>>,
    documents: Vec<Node<'a>>,
}

impl<'a> Builder<'a> {
    fn byte(&self, marker: Marker) -> usize {
        self.positions.byte(self.source, marker.index())
    }

    fn take(&mut self, event: Event<'a>, span: Span) -> Result<(), Failure> {
        let start = self.byte(span.start);
        match event {
            Event::Alias(_) => {
                let span = start..self.byte(span.end);
                let spelled = self.source.get(span.clone()).unwrap_or_default();
                self.value(Node { span, value: Value::Other(spelled) })
            }
            Event::Scalar(text, style, anchor, tag) => {
                let fixed = anchor > 0 || tag.is_some();
                let bare = if fixed { skip_properties(self.source, start) } else { start };
                let scalar = self.scalar(text, style, bare, self.byte(span.end), fixed);
                self.value(Node { span: start..scalar.span.end, value: scalar.value })
            }
            Event::SequenceStart(anchor, tag) => {
                self.begin(start, anchor > 0 || tag.is_some(), Children::List(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                let children = Children::Map { entries: Vec::new(), seen: HashSet::new(), key: None };
                self.begin(start, anchor > 0 || tag.is_some(), children)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
        }
    }

    fn begin(&mut self, start: usize, properties: bool, children: Children<'a>) -> Result<(), Failure> {
        if self.open.len() >= MAX_DEPTH {
            return Err(fail(start, "it is nested too deeply"));
        }
        let bare = if properties { skip_properties(self.source, start) } else { start };
        let bracket = matches!(self.source.as_bytes().get(bare), Some(b'[' | b'{'));
        let flow = bracket || self.open.last().is_some_and(|parent| parent.flow);
        self.open.push(Open { start, end: bare, flow, children });
        Ok(())
    }

    fn end(&mut self, span: Span) -> Result<(), Failure> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let at = self.byte(span.start);
        // The end of a block is only noticed where something else begins; a bracket stands there by itself.
        let bracket = !span.is_empty() && matches!(self.source.as_bytes().get(at), Some(b']' | b'}'));
        let end = if bracket { at + 1 } else { open.end };
        let value = match open.children {
            Children::List(items) => Value::List(items),
            Children::Map { entries, .. } => Value::Map(entries),
        };
        self.value(Node { span: open.start..end, value })
    }

    /// Puts a value where it belongs: a document, a member of a list, a key or what the key says.
    fn value(&mut self, node: Node<'a>) -> Result<(), Failure> {
        let Some(open) = self.open.last_mut() else {
            self.documents.push(node);
            return Ok(());
        };
        open.end = open.end.max(node.span.end);
        match &mut open.children {
            Children::List(items) => items.push(node),
            Children::Map { entries, seen, key } => match key.take() {
                Some((key, key_span)) => entries.push(Entry { key, key_span, value: node }),
                None => {
                    let start = node.span.start;
                    let found = key_of(node)?;
                    if !seen.insert(found.0.clone()) {
                        return Err(fail(start, &format!("the key {:?} stands there twice", found.0)));
                    }
                    *key = Some(found);
                }
            },
        }
        Ok(())
    }

    fn scalar(
        &self,
        text: Cow<'a, str>,
        style: ScalarStyle,
        start: usize,
        end: usize,
        fixed: bool,
    ) -> Node<'a> {
        let source = self.source;
        let span = match style {
            // The parser counts the space and the comment behind a quoted scalar to it.
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => start..closing_quote(source, start),
            ScalarStyle::Plain if text.is_empty() => start..start,
            _ => start..end.max(start),
        };
        let inner = match style {
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                span.start + 1..span.end.saturating_sub(1)
            }
            _ => span.clone(),
        };
        let spelled = source.get(inner.clone()).unwrap_or_default();
        if style == ScalarStyle::Plain && is_null(&text) {
            return Node { span, value: Value::Other(spelled) };
        }
        let flow = self.open.last().is_some_and(|open| open.flow);
        let style = match style {
            _ if spelled.contains(['\n', '\r']) => None,
            _ if fixed => Some(Style::Fixed),
            ScalarStyle::Plain if spelled == text => {
                Some(Style::Plain { flow, number: reads_as_number(&text) })
            }
            ScalarStyle::SingleQuoted => Some(Style::Single),
            ScalarStyle::DoubleQuoted => Some(Style::Double),
            ScalarStyle::Plain | ScalarStyle::Literal | ScalarStyle::Folded => None,
        };
        let text = if spelled == text { Cow::Borrowed(spelled) } else { text };
        Node { span, value: Value::Text { text, inner, quoting: style.map(Quoting::Yaml) } }
    }
}

fn key_of(node: Node<'_>) -> Result<(Cow<'_, str>, Range<usize>), Failure> {
    match node.value {
        Value::Text { text, .. } => Ok((text, node.span)),
        Value::Other(spelled) if !spelled.starts_with('*') => Ok((Cow::Borrowed(spelled), node.span)),
        _ => Err(fail(node.span.start, "a key that is no text is not read: write it out")),
    }
}

/// The first byte behind the anchor and the tag before a value, and behind the white space and comments after them.
fn skip_properties(source: &str, start: usize) -> usize {
    let bytes = source.as_bytes();
    let until = |from: usize, stop: &dyn Fn(u8) -> bool| {
        let rest = bytes.get(from..).unwrap_or_default();
        from + rest.iter().position(|&byte| stop(byte)).unwrap_or(rest.len())
    };
    let mut at = start;
    for _ in 0..2 {
        match (bytes.get(at), bytes.get(at + 1)) {
            (Some(b'!'), Some(b'<')) => at = until(at, &|byte| byte == b'>') + 1,
            (Some(b'!' | b'&'), _) => {
                at = until(at, &|byte| byte.is_ascii_whitespace() || b",[]{}".contains(&byte));
            }
            _ => break,
        }
        loop {
            at = until(at, &|byte| !byte.is_ascii_whitespace());
            if bytes.get(at) != Some(&b'#') {
                break;
            }
            at = until(at, &|byte| matches!(byte, b'\n' | b'\r'));
        }
    }
    at
}

/// The first byte behind a quoted scalar.
fn closing_quote(source: &str, start: usize) -> usize {
    let bytes = source.as_bytes();
    let quote = bytes.get(start).copied();
    let mut at = start + 1;
    while let Some(&byte) = bytes.get(at) {
        let escape = (byte == b'\\' && quote == Some(b'"'))
            || (byte == b'\'' && quote == Some(b'\'') && bytes.get(at + 1) == Some(&b'\''));
        if escape {
            at += 2;
        } else if Some(byte) == quote {
            return at + 1;
        } else {
            at += 1;
        }
    }
    source.len()
}
