//! Python source: texts that are assigned to a name, found among tokens and not among lines.
//!
//! Comments, docstrings and the arguments of calls hold look-alikes; a line pattern would find them too.

mod scan;

use std::ops::Range;

use self::scan::{Kind, Token, scan};
use super::{Failure, Problem, Quoting, Site, not_found, several};
use crate::Format;

/// An assignment to a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assignment {
    /// From the name to the end of the value's first token.
    pub(crate) whole: Range<usize>,
    /// The value, if it is one plain string.
    pub(crate) value: Result<Text, Problem>,
}

/// A plain string of a source file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    /// Without its quotes.
    pub(crate) span: Range<usize>,
    pub(crate) quote: char,
}

/// Where a name stands that gets a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// A statement: `name = "..."`, `name: str = "..."`.
    Statement,
    /// An argument of a call: `setup(name="...")`.
    Argument,
}

pub(crate) fn locate_version(source: &str) -> Result<Site, Failure> {
    let assignments = assignments(source, "__version__", Scope::Statement)?;
    let assignment = match assignments.as_slice() {
        [] => return Err(not_found(Format::Python)),
        [assignment] => assignment,
        [first, ..] => {
            return Err(several(
                source,
                first.whole.start,
                assignments.iter().map(|found| found.whole.start),
            ));
        }
    };
    let text =
        assignment.value.as_ref().map_err(|problem| Failure::at(assignment.whole.start, problem.clone()))?;
    let value = source.get(text.span.clone()).unwrap_or_default();
    Ok(Site { span: text.span.clone(), text: value.to_owned(), quoting: Quoting::Python(text.quote) })
}

/// Every assignment to a name in a source file.
pub(crate) fn assignments(source: &str, name: &str, scope: Scope) -> Result<Vec<Assignment>, Failure> {
    let tokens = scan(source)?;
    let mut found = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let here = token.kind == Kind::Name && source.get(token.span.clone()) == Some(name);
        let in_scope = (scope == Scope::Argument) == (token.depth > 0);
        if here && in_scope {
            let before = index.checked_sub(1).and_then(|before| tokens.get(before));
            let after = tokens.get(index + 1..).unwrap_or_default();
            found.extend(assignment(source, token, before, after));
        }
    }
    Ok(found)
}

/// The assignment to the name in `token`, if what follows it is one.
fn assignment(source: &str, token: &Token, before: Option<&Token>, after: &[Token]) -> Option<Assignment> {
    // An attribute is not the variable: `module.__version__ = "..."`.
    if before.is_some_and(|before| before.kind == Kind::Op(b'.')) {
        return None;
    }
    let starts_statement = before.is_none_or(|before| matches!(before.kind, Kind::End | Kind::Op(b':')));
    let after = match after {
        [Token { kind: Kind::Op(b':'), .. }, annotation @ ..] if token.depth == 0 && starts_statement => {
            skip_annotation(annotation)?
        }
        other => other,
    };
    let whole = |end: usize| token.span.start..end;
    match after {
        // `==` compares; every other operator before `=` changes the value that the name had.
        [Token { kind: Kind::Op(b'='), .. }, Token { kind: Kind::Op(b'='), .. }, ..] => None,
        [Token { kind: Kind::Op(b'='), .. }, value @ ..] => {
            let end = value.first().map_or(token.span.end, |value| value.span.end);
            let chained = token.depth == 0 && !starts_statement;
            let value = if chained { Err(Problem::Computed) } else { plain_text(source, value) };
            Some(Assignment { whole: whole(end), value })
        }
        [Token { kind: Kind::Op(operator), .. }, Token { kind: Kind::Op(b'='), span, .. }, ..]
            if token.depth == 0 && starts_statement && !b"<>!=:".contains(operator) =>
        {
            Some(Assignment { whole: whole(span.end), value: Err(Problem::Computed) })
        }
        _ => None,
    }
}

/// The tokens from the `=` after an annotation on; nothing when the statement only annotates.
fn skip_annotation(tokens: &[Token]) -> Option<&[Token]> {
    let equals = tokens
        .iter()
        .take_while(|token| token.kind != Kind::End)
        .position(|token| token.kind == Kind::Op(b'='))?;
    tokens.get(equals..)
}

/// The plain string that `tokens` starts with, if nothing but the end of the statement or argument follows it.
fn plain_text(source: &str, tokens: &[Token]) -> Result<Text, Problem> {
    let [Token { kind: Kind::Text { prefix, quotes }, span, .. }, rest @ ..] = tokens else {
        return Err(Problem::Computed);
    };
    if !matches!(rest.first().map(|token| token.kind), None | Some(Kind::End | Kind::Op(b',' | b')'))) {
        return Err(Problem::Computed);
    }
    let letters = source.get(span.start..span.start + prefix).unwrap_or_default();
    if !matches!(letters, "" | "u" | "U" | "r" | "R") {
        return Err(Problem::Spelling { what: "a string with a prefix" });
    }
    if *quotes != 1 {
        return Err(Problem::Spelling { what: "a string in triple quotes" });
    }
    let inner = span.start + prefix + quotes..span.end.saturating_sub(*quotes);
    let quote = if source.as_bytes().get(span.start + prefix) == Some(&b'\'') { '\'' } else { '"' };
    if source.get(inner.clone()).is_none_or(|text| text.contains('\\')) {
        return Err(Problem::Spelling { what: "a string with escapes" });
    }
    Ok(Text { span: inner, quote })
}
