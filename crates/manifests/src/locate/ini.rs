//! INI files as Python's `configparser` reads them: sections, `key = value` or `key: value`, continuation lines.

use std::ops::Range;

use super::{Elsewhere, Failure, Problem, Quoting, Site, not_found, several};
use crate::Format;

/// One value of an INI file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry<'a> {
    pub(crate) section: &'a str,
    /// As it is written.
    pub(crate) name: &'a str,
    /// In lower case, as `configparser` compares keys.
    pub(crate) key: String,
    /// The value on the line of its key, without white space around it; empty ones have a place too.
    pub(crate) value: Range<usize>,
    /// The next lines of the value, as far as they are neither blank nor comments.
    pub(crate) more: Vec<Range<usize>>,
    /// Whether the line has no delimiter, which is an error for `configparser`.
    pub(crate) stray: bool,
}

/// The text of a value that stands on one line.
pub(crate) fn value<'a>(text: &'a str, section: &str, key: &str) -> Option<&'a str> {
    let entries = entries(text).ok()?;
    let entry =
        entries.iter().find(|entry| entry.section == section && entry.key == key && entry.more.is_empty())?;
    text.get(entry.value.clone())
}

pub(crate) fn locate_version(text: &str) -> Result<Site, Failure> {
    let entries = entries(text)?;
    let versions: Vec<&Entry<'_>> =
        entries.iter().filter(|entry| entry.section == "metadata" && entry.key == "version").collect();
    let entry = match versions.as_slice() {
        [] => return Err(not_found(Format::SetupCfg)),
        [entry] => *entry,
        [first, ..] => {
            return Err(several(text, first.value.start, versions.iter().map(|entry| entry.value.start)));
        }
    };
    let start = entry.value.start;
    if !entry.more.is_empty() {
        return Err(Failure::at(start, Problem::Spelling { what: "a value on several lines" }));
    }
    let value = text.get(entry.value.clone()).unwrap_or_default();
    let target = if let Some(name) = value.strip_prefix("attr:") {
        Some(Elsewhere::Attribute { name: name.trim().to_owned() })
    } else {
        // Several files are read one after the other; the version stands in the first one.
        let files = value.strip_prefix("file:");
        files
            .map(|files| Elsewhere::File { path: files.split(',').next().unwrap_or(files).trim().to_owned() })
    };
    if let Some(target) = target {
        return Err(Failure::at(start, Problem::Elsewhere(target)));
    }
    if value.is_empty() {
        return Err(Failure::at(start, Problem::NotText));
    }
    let quote = value.chars().next().filter(|&first| value.len() > 2 && matches!(first, '"' | '\''));
    match quote {
        Some(quote) if value.ends_with(quote) => {
            let inner = value.get(1..value.len() - 1).unwrap_or_default();
            if inner.contains(quote) {
                return Err(Failure::at(start, Problem::Spelling { what: "several quoted texts" }));
            }
            let span = start + 1..entry.value.end - 1;
            Ok(Site { span, text: inner.to_owned(), quoting: Quoting::Quoted(quote) })
        }
        _ if value.starts_with(['"', '\'']) => {
            Err(Failure::at(start, Problem::Spelling { what: "a quote that does not close" }))
        }
        _ => Ok(Site { span: entry.value.clone(), text: value.to_owned(), quoting: Quoting::Line }),
    }
}

/// Every value of a file, in its order.
pub(crate) fn entries(text: &str) -> Result<Vec<Entry<'_>>, Failure> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    let mut section = "";
    // The indentation of the key whose value may go on; nothing after a section header.
    let mut key_indent: Option<usize> = None;
    for (start, line) in lines(text) {
        // Every editor that writes a byte order mark writes it once, at the start.
        let line_start = if start == 0 && line.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let line = line.get(line_start..).unwrap_or(line);
        let start = start + line_start;
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        if key_indent.is_some_and(|key_indent| indent > key_indent) {
            if let Some(entry) = entries.last_mut() {
                let start = start + indent;
                entry.more.push(start..start + trimmed.len());
            }
            continue;
        }
        if let Some(header) = trimmed.strip_prefix('[') {
            let Some((name, _)) = header.split_once(']') else {
                let message = "a section header has no `]`".to_owned();
                return Err(Failure::at(start, Problem::Malformed { message }));
            };
            section = name;
            key_indent = None;
            continue;
        }
        let Some(delimiter) = line.find(['=', ':']) else {
            let value = start + indent..start + indent + trimmed.len();
            let (key, more) = (String::new(), Vec::new());
            entries.push(Entry { section, name: "", key, value, more, stray: true });
            continue;
        };
        let (key, rest) = line.split_at_checked(delimiter).unwrap_or((line, ""));
        let rest = rest.get(1..).unwrap_or_default();
        let value = rest.trim();
        let value_start = start + delimiter + 1 + (rest.len() - rest.trim_start().len());
        key_indent = Some(indent);
        entries.push(Entry {
            section,
            name: key.trim(),
            key: key.trim().to_lowercase(),
            value: value_start..value_start + value.len(),
            more: Vec::new(),
            stray: false,
        });
    }
    Ok(entries)
}

/// The lines of a text without their ends, each with its first byte; LF, CRLF and a lone CR end a line.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split_inclusive(['\n', '\r']).map(move |line| {
        let place = start;
        start += line.len();
        (place, line.trim_end_matches(['\n', '\r']))
    })
}
