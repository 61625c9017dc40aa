//! The lines and headings of a Markdown document, as far as a changelog needs them (CommonMark 0.31).

/// How a line is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// Within a code fence, or one of its ends.
    Code,
    /// Part of a comment of several lines.
    Comment,
}

/// A line without its end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) text: &'a str,
    /// `\n`, `\r\n`, or nothing at the end of the document.
    pub(super) end: &'a str,
    /// Where it begins in the document.
    pub(super) start: usize,
    pub(super) kind: Kind,
    /// Whether a code fence or a comment is open behind it.
    pub(super) open: bool,
}

impl Line<'_> {
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Where the next line begins.
    pub(super) fn after(&self) -> usize {
        self.start + self.text.len() + self.end.len()
    }
}

/// What is open at the end of a line.
#[derive(Clone, Copy)]
enum Open {
    Nothing,
    Fence { mark: char, length: usize },
    Comment,
}

pub(super) fn lines(source: &str) -> Vec<Line<'_>> {
    let bom = if source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut start = bom;
    let mut open = Open::Nothing;
    let mut lines = Vec::new();
    for whole in source.get(bom..).unwrap_or_default().split_inclusive('\n') {
        let text = whole.strip_suffix('\n').map_or(whole, |text| text.strip_suffix('\r').unwrap_or(text));
        let kind;
        (kind, open) = read(text, open);
        let end = whole.get(text.len()..).unwrap_or_default();
        let is_open = !matches!(open, Open::Nothing);
        lines.push(Line { text, end, start, kind, open: is_open });
        start += whole.len();
    }
    lines
}

fn read(text: &str, open: Open) -> (Kind, Open) {
    match open {
        Open::Comment if text.contains("-->") => (Kind::Comment, Open::Nothing),
        Open::Comment => (Kind::Comment, Open::Comment),
        Open::Fence { mark, length } => {
            let ends = fence(text).is_some_and(|(found, count, rest)| {
                found == mark && count >= length && rest.trim().is_empty()
            });
            (Kind::Code, if ends { Open::Nothing } else { open })
        }
        Open::Nothing => match fence(text) {
            // An info string with a backtick makes it code within a line.
            Some((mark, length, rest)) if mark == '~' || !rest.contains('`') => {
                (Kind::Code, Open::Fence { mark, length })
            }
            _ => match unindented(text).and_then(|text| text.strip_prefix("<!--")) {
                Some(rest) if !rest.contains("-->") => (Kind::Comment, Open::Comment),
                _ => (Kind::Text, Open::Nothing),
            },
        },
    }
}

/// A line with less than four spaces before it: four make it code.
fn unindented(text: &str) -> Option<&str> {
    let trimmed = text.trim_start_matches(' ');
    (text.len() - trimmed.len() < 4).then_some(trimmed)
}

/// The mark of a code fence, how often it stands there, and what follows.
fn fence(text: &str) -> Option<(char, usize, &str)> {
    let text = unindented(text)?;
    let mark = text.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let rest = text.trim_start_matches(mark);
    let length = text.len() - rest.len();
    (length >= 3).then_some((mark, length, rest))
}

/// A heading.
#[derive(Debug, Clone, Copy)]
pub(super) struct Heading<'a> {
    pub(super) level: usize,
    pub(super) title: &'a str,
    /// The index of its first line.
    pub(super) line: usize,
    /// The index of the line after it.
    pub(super) after: usize,
    /// The mark that it is underlined with.
    pub(super) underline: Option<char>,
}

pub(super) fn headings<'a>(lines: &[Line<'a>]) -> Vec<Heading<'a>> {
    let mut headings: Vec<Heading<'a>> = Vec::new();
    // Whether the line before is one that the next one could continue.
    let mut paragraph = false;
    for (index, line) in lines.iter().enumerate() {
        // The underline of the heading before.
        if headings.last().is_some_and(|heading| index < heading.after) {
            continue;
        }
        let plain = line.kind == Kind::Text;
        if let Some((level, title)) = plain.then(|| hashes(line.text)).flatten() {
            headings.push(Heading { level, title, line: index, after: index + 1, underline: None });
            paragraph = false;
            continue;
        }
        let can_be_title = plain && is_paragraph(line.text);
        let mark =
            lines.get(index + 1).filter(|next| next.kind == Kind::Text).and_then(|next| underline(next.text));
        if let Some(mark) = mark.filter(|_| can_be_title && !paragraph) {
            let level = if mark == '=' { 1 } else { 2 };
            let title = line.text.trim();
            headings.push(Heading { level, title, line: index, after: index + 2, underline: Some(mark) });
            paragraph = false;
            continue;
        }
        // A line after an item of a list or a quotation continues that.
        paragraph = plain && !line.is_blank() && !line.text.trim_start().starts_with("<!--");
    }
    headings
}

/// `## title`, with or without marks after it.
fn hashes(text: &str) -> Option<(usize, &str)> {
    let text = unindented(text)?;
    let rest = text.trim_start_matches('#');
    let level = text.len() - rest.len();
    if !(1..=6).contains(&level) || !(rest.is_empty() || rest.starts_with([' ', '\t'])) {
        return None;
    }
    let title = rest.trim();
    let without = title.trim_end_matches('#');
    // Marks after the title count only behind a space.
    let closed = without.is_empty() || without.ends_with([' ', '\t']);
    Some((level, if closed { without.trim_end() } else { title }))
}

/// `-----` or `=====`.
fn underline(text: &str) -> Option<char> {
    let text = unindented(text)?.trim_end();
    let mark = text.chars().next().filter(|mark| matches!(mark, '-' | '='))?;
    text.chars().all(|other| other == mark).then_some(mark)
}

/// Whether a line can be a paragraph of its own, so that one below makes it a heading.
fn is_paragraph(text: &str) -> bool {
    let Some(text) = unindented(text).map(str::trim_end).filter(|text| !text.is_empty()) else {
        return false;
    };
    let number = text.trim_start_matches(|character: char| character.is_ascii_digit());
    let numbered = number.len() < text.len() && (number.starts_with(". ") || number.starts_with(") "));
    let item =
        ["- ", "* ", "+ "].iter().any(|mark| text.starts_with(mark)) || matches!(text, "-" | "*" | "+");
    let rule = text.chars().all(|mark| matches!(mark, '-' | '*' | '_' | '=' | ' ' | '\t'));
    !(numbered || item || rule || text.starts_with(['>', '<']) || definition(text).is_some())
}

/// A definition of a link: its label, and where its address begins and ends in the line.
pub(super) fn definition(text: &str) -> Option<(&str, std::ops::Range<usize>)> {
    let inner = unindented(text)?.strip_prefix('[')?;
    let (label, rest) = inner.split_once("]:")?;
    let address = rest.split_whitespace().next()?;
    if label.trim().is_empty() || label.contains(['[', ']']) || label.starts_with('^') {
        return None;
    }
    let start = text.len() - rest.trim_start().len();
    Some((label, start..start + address.len()))
}

/// The index behind the last line with content, of those in a range; definitions of links at its end do not count.
pub(super) fn end_of_content(lines: &[Line<'_>], start: usize, end: usize) -> usize {
    let is_content =
        |line: &Line<'_>| line.kind != Kind::Text || !(line.is_blank() || definition(line.text).is_some());
    let part = lines.get(start..end).unwrap_or_default();
    part.iter().rposition(is_content).map_or(start, |last| start + last + 1)
}

/// What a title names: the text in brackets, or the first word, without a `v` before a digit.
pub(super) fn name(title: &str) -> &str {
    let unescaped = title.strip_prefix('\\').unwrap_or(title);
    let word = match unescaped.strip_prefix('[') {
        Some(inner) => inner.split(']').next().unwrap_or(inner).trim_end_matches('\\'),
        None => title.split_whitespace().next().unwrap_or(title),
    };
    without_v(word.trim())
}

/// A version without a leading `v`.
pub(super) fn without_v(version: &str) -> &str {
    let rest = version.strip_prefix(['v', 'V']);
    rest.filter(|rest| rest.starts_with(|first: char| first.is_ascii_digit())).unwrap_or(version)
}

/// Whether a title is a version and at most a date or a link beside it.
pub(super) fn is_release(title: &str) -> bool {
    let name = name(title);
    let parts = name.split('.').take(2).filter(|part| part.starts_with(|first: char| first.is_ascii_digit()));
    let rest = title.split_once(name).map_or("", |(_, rest)| rest);
    let dated = rest.split([' ', '\t']).all(|word| {
        let word = word.trim_start_matches(['\\', ']']);
        let is_link = word.starts_with('(') && word.ends_with(')');
        let is_date =
            word.chars().all(|digit| digit.is_ascii_digit() || matches!(digit, '-' | '–' | '—' | '/'));
        is_link || is_date || word.eq_ignore_ascii_case("[yanked]")
    });
    parts.count() == 2 && dated
}
