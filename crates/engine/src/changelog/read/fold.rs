//! Texts as readers take them: one kind of line end, nothing that is no text, no more than a person reads.

/// The longest body that a change keeps, in bytes.
pub(super) const MAX_BODY: usize = 64 * 1024;
/// The longest text that is looked at, in bytes.
const MAX_TEXT: usize = 4 * 1024 * 1024;

/// The text with LF for CRLF and CR, without NUL and byte order mark, cut at 4 MiB.
pub(super) fn clean(text: &str) -> String {
    let text = text.get(..text.floor_char_boundary(MAX_TEXT.min(text.len()))).unwrap_or_default();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "")
}

/// The text cut at the limit of bodies, without white space at its end and empty lines at its beginning.
pub(super) fn body(text: &str) -> String {
    let text = text.get(..text.floor_char_boundary(MAX_BODY.min(text.len()))).unwrap_or_default().trim_end();
    let mut rest = text;
    while let Some((line, after)) = rest.split_once('\n') {
        if !line.trim().is_empty() {
            break;
        }
        rest = after;
    }
    if rest.trim().is_empty() { String::new() } else { rest.to_owned() }
}

/// All white space between words as one space.
pub(super) fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first line that is not empty, and the rest.
pub(super) fn head_and_rest(text: &str) -> (&str, &str) {
    let mut rest = text;
    loop {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        if !line.trim().is_empty() || after.is_empty() {
            return (line.trim(), after);
        }
        rest = after;
    }
}

/// A word that two spellings of one text share: lower case, without marks at the end.
pub(super) fn same(text: &str) -> String {
    line(text).to_lowercase().trim_end_matches(['.', '!', ' ']).to_owned()
}

/// The rest of a text behind a prefix in any case.
pub(super) fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| text.get(prefix.len()..).unwrap_or_default())
}

/// A text as it stands in a message for people: one line, not longer than 60 characters.
pub(super) fn quote(text: &str) -> String {
    let text = line(text);
    if text.chars().count() <= 60 {
        return text;
    }
    text.chars().take(59).chain(['…']).collect()
}

/// The lines of a text, each with whether it stands in a closed fenced block (its fences included).
pub(super) fn fenced(text: &str) -> Vec<(&str, bool)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut marked = vec![false; lines.len()];
    let mut open: Option<(usize, char, usize)> = None;
    for (at, line) in lines.iter().enumerate() {
        let Some((mark, length, info)) = fence(line) else { continue };
        match open {
            None if mark != '`' || !info.contains('`') => open = Some((at, mark, length)),
            Some((from, opening, least)) if opening == mark && length >= least && info.is_empty() => {
                marked.iter_mut().take(at + 1).skip(from).for_each(|mark| *mark = true);
                open = None;
            }
            _ => {}
        }
    }
    lines.into_iter().zip(marked).collect()
}

/// The mark, the length and the words behind a fence of a code block.
pub(super) fn fence(line: &str) -> Option<(char, usize, &str)> {
    let line = line.trim();
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let rest = line.trim_start_matches(mark);
    let length = line.len() - rest.len();
    (length >= 3).then(|| (mark, length, rest.trim()))
}
