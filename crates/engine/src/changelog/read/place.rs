//! Where in a file something is wrong.

/// A file of the project that cannot be read as what it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}:{line}:{column}: {message}{}{}", if hint.is_some() { "; " } else { "" }, hint.as_deref().unwrap_or(""))]
pub struct FileError {
    /// The path from the top of the repository.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl FileError {
    /// The error at a byte of a text.
    pub(super) fn at(path: &str, text: &str, byte: usize, message: impl Into<String>) -> Self {
        let (line, column) = line_and_column(text, byte);
        Self { path: path.to_owned(), line, column, message: message.into(), hint: None }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// The line and the column of a byte, both from 1.
pub(super) fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..text.floor_char_boundary(byte.min(text.len()))).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    (line, before.rsplit('\n').next().unwrap_or_default().chars().count() + 1)
}
