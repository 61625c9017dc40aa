//! Python source: texts that are assigned to a name, found among tokens and not among lines.
//!
//! Comments, docstrings and the arguments of calls hold look-alikes; a line pattern would find them too.

mod scan;
mod statement;
#[cfg(test)]
mod tests;

use std::ops::Range;

use self::scan::{Kind, Token, scan};
use super::{Failure, Problem, Quoting, Site, several};

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
    locate_name(source, "__version__")
}

/// The text that is assigned to a name.
pub(crate) fn locate_name(source: &str, name: &str) -> Result<Site, Failure> {
    let assignments = assignments(source, name, Scope::Statement)?;
    let assignment = match assignments.as_slice() {
        [] => {
            let looked_for = format!("`{name} = \"...\"`");
            return Err(Failure::without_place(Problem::NotFound { looked_for }));
        }
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
    Ok(match scope {
        Scope::Statement => statement::assignments(source, name, &tokens),
        Scope::Argument => arguments(source, name, &tokens),
    })
}

/// The arguments of calls by this name.
fn arguments(source: &str, name: &str, tokens: &[Token]) -> Vec<Assignment> {
    let mut found = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let here = token.kind == Kind::Name && source.get(token.span.clone()) == Some(name);
        // An attribute is not the name: `f(x.version == 1)`.
        let attribute = index
            .checked_sub(1)
            .and_then(|before| tokens.get(before))
            .is_some_and(|before| before.kind == Kind::Op(b'.'));
        if !here || attribute || token.depth == 0 {
            continue;
        }
        match tokens.get(index + 1..).unwrap_or_default() {
            // `==` compares.
            [Token { kind: Kind::Op(b'='), .. }, Token { kind: Kind::Op(b'='), .. }, ..] => {}
            [Token { kind: Kind::Op(b'='), .. }, value @ ..] => {
                let end = value.first().map_or(token.span.end, |value| value.span.end);
                let value = plain_text(source, value, |end| matches!(end, Kind::Op(b',' | b')')));
                found.push(Assignment { whole: token.span.start..end, value });
            }
            _ => {}
        }
    }
    found
}

/// The plain string that `tokens` starts with, if nothing but the end of the statement or argument follows it.
fn plain_text(source: &str, tokens: &[Token], is_end: impl Fn(Kind) -> bool) -> Result<Text, Problem> {
    let [Token { kind: Kind::Text { prefix, quotes }, span, .. }, rest @ ..] = tokens else {
        return Err(Problem::Computed);
    };
    if !rest.first().is_none_or(|token| token.kind == Kind::End || is_end(token.kind)) {
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
