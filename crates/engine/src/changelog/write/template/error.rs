use std::collections::BTreeSet;

use minijinja::{Error, ErrorKind};

use super::super::nearest;
use super::{FUEL, MAX_OUTPUT_BYTES};

/// A template cannot be read, or gives no text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {message}")]
pub struct TemplateError {
    /// The file of the template, or of one that it includes.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what to write.
    pub message: String,
}

impl TemplateError {
    pub(super) fn new(file: &str, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: 1, message: message.into() }
    }

    /// What minijinja says, of the innermost place; `names` are those that a template can use.
    pub(super) fn of(file: &str, error: &Error, names: &BTreeSet<String>) -> Self {
        // An error in an included file comes wrapped in that of the including one.
        let mut innermost = error;
        let mut source = std::error::Error::source(error);
        while let Some(inner) = source {
            let Some(inner) = inner.downcast_ref::<Error>() else { break };
            if inner.line().is_some() {
                innermost = inner;
            }
            source = std::error::Error::source(inner);
        }
        let file = innermost.name().unwrap_or(file);
        Self { file: file.to_owned(), line: innermost.line().unwrap_or(1), message: told(innermost, names) }
    }
}

fn told(error: &Error, names: &BTreeSet<String>) -> String {
    let detail = error.detail().unwrap_or_default();
    match error.kind() {
        ErrorKind::UndefinedError => undefined(error, names),
        ErrorKind::OutOfFuel => format!("the template takes more than {FUEL} steps: shorten its loops"),
        ErrorKind::WriteFailure => format!("the text is longer than {MAX_OUTPUT_BYTES} bytes: shorten it"),
        ErrorKind::TemplateNotFound => {
            format!("{detail}: included files stand in the directory of the template")
        }
        ErrorKind::UnknownFilter => format!("{detail}; see the list of filters"),
        kind if detail.is_empty() => kind.to_string(),
        kind => format!("{kind}: {detail}"),
    }
}

/// The expression that has no value, and the name that is most like the one in it.
fn undefined(error: &Error, names: &BTreeSet<String>) -> String {
    let spelled = error.range().zip(error.template_source()).and_then(|(range, source)| source.get(range));
    let Some(expression) = spelled.map(|text| text.split('|').next().unwrap_or(text).trim()) else {
        return error.to_string();
    };
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let words = expression.split(|c: char| !is_word(c)).filter(|word| !word.is_empty());
    let mut unknown: Vec<&str> = words.filter(|word| !names.contains(*word)).collect();
    let word = unknown.pop().unwrap_or_else(|| expression.rsplit('.').next().unwrap_or(expression));
    let help = nearest(word, names.iter().map(String::as_str).filter(|name| *name != word));
    let help = help.map_or_else(String::new, |near| format!(": did you mean `{near}`?"));
    format!("`{expression}` is not defined{help}")
}
