//! TOML 1.0 and 1.1, from the events of `toml_parser`, the parser under `toml_edit`.
//!
//! The tree of `toml_edit` also keeps white space and comments, which nothing here asks for; without them reading takes
//! a fraction of the time. Which tables may be opened again is decided here; `toml_edit` is the judge in tests.

mod build;
#[cfg(test)]
mod judge;
#[cfg(test)]
mod tests;

use toml_parser::decoder::Encoding;
use toml_parser::parser::{EventReceiver, RecursionGuard, ValidateWhitespace, parse_document};
use toml_parser::{ErrorSink, Expected, ParseError, Raw, Source, Span};

use self::build::Builder;
use super::{Node, malformed};
use crate::locate::Failure;

/// The deepest nesting of arrays and inline tables that is read, and of keys with dots; as in `toml_edit`.
const MAX_DEPTH: u32 = 80;

/// Reads a text; a byte order mark may stand before it.
pub(crate) fn parse(text: &str) -> Result<Node<'_>, Failure> {
    let source = Source::new(text);
    let tokens = source.lex().into_vec();
    let mut error: Option<ParseError> = None;
    let mut receiver = Receiver { source, builder: Builder::new(text) };
    {
        let mut guard = RecursionGuard::new(&mut receiver, MAX_DEPTH);
        let mut checked = ValidateWhitespace::new(&mut guard, source);
        parse_document(&tokens, &mut checked, &mut error);
    }
    if let Some(error) = error {
        let place = error.unexpected().or_else(|| error.context());
        return Err(malformed(place.map(|span| span.start()), message(&error)));
    }
    receiver.builder.finish()
}

/// What is wrong, and what was expected instead.
fn message(error: &ParseError) -> String {
    // A parser's text may run over several lines; the first one says what is wrong.
    let what = error.description().lines().next().unwrap_or("not TOML");
    let expected: Vec<String> = error
        .expected()
        .unwrap_or_default()
        .iter()
        .map(|expected| match expected {
            Expected::Literal(literal) => format!("`{}`", literal.escape_debug()),
            Expected::Description(description) => (*description).to_owned(),
            other => format!("{other:?}"),
        })
        .collect();
    if expected.is_empty() { what.to_owned() } else { format!("{what}, expected {}", expected.join(", ")) }
}

/// Turns the parser's events into steps of the builder.
struct Receiver<'a> {
    source: Source<'a>,
    builder: Builder<'a>,
}

impl<'a> Receiver<'a> {
    fn raw(&self, span: Span, encoding: Option<Encoding>) -> Raw<'a> {
        let text = self.source.input().get(span.start()..span.end()).unwrap_or_default();
        Raw::new_unchecked(text, encoding, span)
    }
}

impl EventReceiver for Receiver<'_> {
    fn std_table_open(&mut self, span: Span, _: &mut dyn ErrorSink) {
        self.builder.header_opens(span.start(), false);
    }

    fn std_table_close(&mut self, span: Span, _: &mut dyn ErrorSink) {
        self.builder.header_closes(span.end());
    }

    fn array_table_open(&mut self, span: Span, _: &mut dyn ErrorSink) {
        self.builder.header_opens(span.start(), true);
    }

    fn array_table_close(&mut self, span: Span, _: &mut dyn ErrorSink) {
        self.builder.header_closes(span.end());
    }

    fn inline_table_open(&mut self, span: Span, _: &mut dyn ErrorSink) -> bool {
        self.builder.inline_table_opens(span.start());
        true
    }

    fn inline_table_close(&mut self, span: Span, _: &mut dyn ErrorSink) {
        self.builder.closes(span.end());
    }

    fn array_open(&mut self, span: Span, _: &mut dyn ErrorSink) -> bool {
        self.builder.array_opens(span.start());
        true
    }

    fn array_close(&mut self, span: Span, _: &mut dyn ErrorSink) {
        self.builder.closes(span.end());
    }

    fn simple_key(&mut self, span: Span, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        let mut text = std::borrow::Cow::Borrowed("");
        self.raw(span, encoding).decode_key(&mut text, error);
        self.builder.key(text, span.start()..span.end());
    }

    fn scalar(&mut self, span: Span, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        let mut text = std::borrow::Cow::Borrowed("");
        // What kind of scalar it is without quotes is of no use here; decoding says whether it is one at all.
        let _kind = self.raw(span, encoding).decode_scalar(&mut text, error);
        self.builder.scalar(text, span.start()..span.end(), encoding);
    }
}
