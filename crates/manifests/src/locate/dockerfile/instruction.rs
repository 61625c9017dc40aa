//! The instructions of a Dockerfile: lines that are continued are one, comments and here-documents are none.

use std::ops::Range;

use super::words::{closed_words, words};
use crate::locate::Failure;
use crate::tree::malformed;

/// An instruction with its continued lines in one.
pub(super) struct Instruction<'s> {
    text: String,
    /// The lines of the text: where each begins in the text, and where in the file.
    lines: Vec<(usize, usize)>,
    /// The character that escapes and continues.
    pub(super) escape: char,
    source: &'s str,
}

impl Instruction<'_> {
    /// The word it begins with, in small letters.
    pub(super) fn name(&self) -> String {
        self.slice(self.name_range()).to_ascii_lowercase()
    }

    /// An empty line that is continued may stand before the name.
    fn name_range(&self) -> Range<usize> {
        let name = self.text.trim_start_matches(is_space);
        let start = self.text.len() - name.len();
        start..start + name.find(is_space).unwrap_or(name.len())
    }

    /// The bytes behind its name, without white space around them.
    pub(super) fn arguments(&self) -> Range<usize> {
        let rest = self.text.get(self.name_range().end..).unwrap_or_default();
        let start = self.text.len() - rest.trim_start_matches(is_space).len();
        start..self.text.trim_end_matches(is_space).len().max(start)
    }

    pub(super) fn slice(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default()
    }

    /// Where a byte of the text stands in the file.
    pub(super) fn offset(&self, at: usize) -> usize {
        let line = self.lines.iter().rev().find(|(start, _)| *start <= at);
        line.map_or(0, |(start, file)| file + (at - start)).min(self.source.len())
    }

    /// Where bytes of the text stand in the file; nothing for those of several lines.
    pub(super) fn source_range(&self, range: Range<usize>) -> Option<Range<usize>> {
        let start = self.offset(range.start);
        let span = start..start + range.len();
        (self.source.get(span.clone())? == self.slice(range)).then_some(span)
    }

    fn push(&mut self, text: &str, offset: usize) {
        self.lines.push((self.text.len(), offset));
        self.text.push_str(text);
    }

    /// The ends of the here-documents that follow, in order: what ends each, and whether tabs may stand before it.
    fn documents(&self) -> Vec<(String, bool)> {
        let arguments = self.arguments();
        let takes = |name: &str| matches!(name, "run" | "copy" | "add");
        let triggered = || {
            let first = words(self, arguments.clone()).into_iter().next().unwrap_or_default();
            takes(&self.slice(first).to_ascii_lowercase())
        };
        let name = self.name();
        if !self.text.contains("<<") || !(takes(&name) || (name == "onbuild" && triggered())) {
            return Vec::new();
        }
        closed_words(self, arguments).into_iter().filter_map(|word| document(self.slice(word))).collect()
    }
}

/// The end of a here-document in a word such as `<<EOF`, `3<<-"EOF"`.
fn document(word: &str) -> Option<(String, bool)> {
    let rest = word.trim_start_matches(|character: char| character.is_ascii_digit()).strip_prefix("<<")?;
    let (name, tabs) = rest.strip_prefix('-').map_or((rest, false), |name| (name, true));
    let name: String = name.chars().filter(|character| !matches!(character, '"' | '\'' | '\\')).collect();
    (!name.is_empty() && !name.contains('<')).then_some((name, tabs))
}

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\u{b}' | '\u{c}')
}

/// The instructions of a file.
pub(super) fn instructions(source: &str) -> Result<Vec<Instruction<'_>>, Failure> {
    let mut lines =
        Lines { source, at: if source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 } };
    let escape = directives(&mut lines)?;
    let mut found = Vec::new();
    while let Some((offset, line)) = lines.next() {
        let trimmed = line.trim_start();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let mut instruction = Instruction { text: String::new(), lines: Vec::new(), escape, source };
        let mut next = Some((offset + (line.len() - trimmed.len()), trimmed));
        while let Some((offset, line)) = next {
            let continued = continued(line, escape);
            instruction.push(continued.unwrap_or(line), offset);
            // Comments and empty lines may stand between continued lines.
            next = continued.and_then(|_| {
                lines
                    .by_ref()
                    .find(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
            });
        }
        for (name, tabs) in instruction.documents() {
            let ends = |line: &str| if tabs { line.trim_start_matches('\t') == name } else { line == name };
            if !lines.any(|(_, line)| ends(line)) {
                return Err(malformed(
                    Some(offset),
                    format!("a here-document is not closed: there is no line `{name}`"),
                ));
            }
        }
        found.push(instruction);
    }
    Ok(found)
}

/// The lines of a file with their places, without what ends them.
struct Lines<'s> {
    source: &'s str,
    at: usize,
}

impl<'s> Iterator for Lines<'s> {
    type Item = (usize, &'s str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.source.get(self.at..).filter(|rest| !rest.is_empty())?;
        let offset = self.at;
        let line = rest.split('\n').next().unwrap_or(rest);
        self.at += line.len() + 1;
        Some((offset, line.strip_suffix('\r').unwrap_or(line)))
    }
}

/// Reads the directives at the top, and gives the character that escapes.
fn directives(lines: &mut Lines<'_>) -> Result<char, Failure> {
    let mut escape = '\\';
    loop {
        let at = lines.at;
        let Some((offset, line)) = lines.next() else { return Ok(escape) };
        let directive = line.trim_start().strip_prefix('#').and_then(|comment| comment.split_once('='));
        let Some((name, value)) =
            directive.map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim()))
        else {
            lines.at = at;
            return Ok(escape);
        };
        match (name.as_str(), value) {
            ("escape", "\\") => escape = '\\',
            ("escape", "`") => escape = '`',
            ("escape", _) => {
                return Err(malformed(
                    Some(offset),
                    "the escape character must be a backslash or a backquote",
                ));
            }
            ("syntax" | "check", _) => {}
            // Any other comment ends the directives.
            _ => return Ok(escape),
        }
    }
}

/// The line without the character that continues it, if there is one. Two of them continue nothing.
fn continued(line: &str, escape: char) -> Option<&str> {
    let head = line.trim_end_matches([' ', '\t']).strip_suffix(escape)?;
    (!head.ends_with(escape)).then_some(head)
}
