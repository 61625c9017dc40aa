use crate::MAX_FILE_BYTES;

/// A changelog was not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChangelogError {
    /// The document is too large.
    #[error("the changelog is longer than {MAX_FILE_BYTES} bytes: move old releases to another file")]
    TooLarge,
    /// The placeholder is not there.
    #[error("no line of the changelog is {placeholder:?}: add it where new entries belong")]
    NoPlaceholder {
        /// The line that was looked for.
        placeholder: String,
    },
    /// The placeholder is there, but in code or in a comment.
    #[error(
        "line {line} of the changelog is {placeholder:?}, but within a code block or a comment: put it outside"
    )]
    Hidden {
        /// The line that was looked for.
        placeholder: String,
        /// Its number.
        line: usize,
    },
    /// The placeholder is there more than once.
    #[error("lines {first} and {second} of the changelog are both {placeholder:?}: remove one of them")]
    PlaceholderTwice {
        /// The line that was looked for.
        placeholder: String,
        /// The number of the first one.
        first: usize,
        /// The number of the second one.
        second: usize,
    },
    /// The placeholder cannot be a line.
    #[error("{placeholder:?} cannot be a placeholder: give one line with text")]
    BadPlaceholder {
        /// What was given.
        placeholder: String,
    },
    /// There is nothing to put in.
    #[error("the entry is empty: give it a text")]
    EmptyEntry,
    /// An entry would make the next one impossible.
    #[error("line {line} of the entry is the placeholder itself: remove it there")]
    EntryHoldsPlaceholder {
        /// The line of the entry.
        line: usize,
    },
    /// An entry would change what follows it.
    #[error(
        "with the entry, line {line} of the changelog would be read differently: close its code blocks and comments"
    )]
    Swallows {
        /// The line of the document before the change.
        line: usize,
    },
    /// A section ends within code or a comment.
    #[error("a code block or comment of the changelog is still open behind line {line}: close it there")]
    Unclosed {
        /// The last line of the section.
        line: usize,
    },
    /// There is no section for what is unreleased.
    #[error(
        "the changelog has no heading \"Unreleased\": add a line \"## [Unreleased]\" above the newest release"
    )]
    NoUnreleased,
    /// There is more than one section for what is unreleased.
    #[error("lines {first} and {second} of the changelog are both headings \"Unreleased\": join them")]
    UnreleasedTwice {
        /// The line of the first one.
        first: usize,
        /// The line of the second one.
        second: usize,
    },
    /// The version has a section, and something is unreleased.
    #[error(
        "line {line} of the changelog is a section for {version} already: move what is unreleased into it, or release \
         another version"
    )]
    VersionExists {
        /// The version.
        version: String,
        /// The line of its heading.
        line: usize,
    },
    /// The version cannot be the title of a section.
    #[error("{version:?} cannot be the title of a section: it is empty or holds white space or brackets")]
    BadVersion {
        /// What was given.
        version: String,
    },
    /// The date is none.
    #[error("{date:?} is no date: write it as YYYY-MM-DD")]
    BadDate {
        /// What was given.
        date: String,
    },
}
