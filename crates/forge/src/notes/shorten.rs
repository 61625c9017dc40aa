//! A text cut to a length, where it can be cut without harm.

/// `text` in at most `limit` characters: whole sections or list items from the start, and a last line that counts the
/// list items that are missing and names `link`, where everything is. A text that fits comes back as it is.
///
/// Characters are Unicode code points: what a forge says it counts, and what GitHub does count for pull requests.
/// A code block, a comment, `<details>` and the lines that continue a list item stay whole or go whole; a heading whose
/// items are all gone goes too. The last line is written even where `limit` has no room for it.
///
/// ```
/// use tminus_forge::notes::shorten;
///
/// let text = "### Fixed\n\n- One crash\n  in the parser\n- Another crash in quite another place, and more words\n";
/// let short = shorten(text, 90, "https://forge.example/log");
/// let end = "*This list is shortened by 2 entries. Full changelog: https://forge.example/log*";
/// assert_eq!(short, end);
/// assert_eq!(shorten(text, 200, ""), text);
/// ```
pub fn shorten(text: &str, limit: usize, link: &str) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let lines = read(text);
    let all = lines.iter().filter(|line| line.is_item).count();
    // The number of the missing is at most this long; two line ends stand before it.
    let reserved = pointer(all, link).chars().count() + 2;
    let kept = kept(text, &lines, limit.saturating_sub(reserved));
    let missing = lines.iter().filter(|line| line.is_item && line.start >= kept.len()).count();
    let space = if kept.is_empty() { "" } else { "\n\n" };
    format!("{kept}{space}{}", pointer(missing, link))
}

pub(super) fn pointer(missing: usize, link: &str) -> String {
    let by = match missing {
        0 => String::new(),
        1 => " by 1 entry".to_owned(),
        more => format!(" by {more} entries"),
    };
    // A link of several lines would leave the last line.
    let link = link.split_whitespace().collect::<Vec<_>>().join("%20");
    format!("*This list is shortened{by}. Full changelog: {link}*")
}

/// As much of the beginning as has at most `room` characters and ends where the text may be cut.
#[cfg(test)]
pub(super) fn first_part(text: &str, room: usize) -> &str {
    kept(text, &read(text), room)
}

fn kept<'a>(text: &'a str, lines: &[Line], room: usize) -> &'a str {
    let (mut used, mut end) = (0, 0);
    let bounds = lines.iter().skip(1).map(|line| (line.start, line.may_cut));
    // The end of the text is a place to cut only where nothing is open.
    for ((start, may_cut), line) in bounds.chain([(text.len(), true)]).zip(lines) {
        let own = text.get(line.start..start).unwrap_or_default();
        // The line end after the last kept line is cut off again below.
        if used + own.trim_end_matches(['\r', '\n']).chars().count() > room {
            break;
        }
        used += own.chars().count();
        if may_cut && !(start == text.len() && line.leaves_open) {
            end = start;
        }
    }
    // A heading without anything below it goes too.
    let whole = end == text.len();
    let shown = |line: &&Line| line.start < end && !line.is_blank && (whole || !line.is_heading);
    let content = lines.iter().rfind(shown).map_or(0, |line| line.end);
    text.get(..content).unwrap_or_default().trim_end()
}

/// A line, and how it stands in the text.
struct Line {
    start: usize,
    end: usize,
    is_blank: bool,
    is_heading: bool,
    is_item: bool,
    /// Whether something that must stay whole ends before it, and nothing is open there.
    may_cut: bool,
    /// Whether something is open behind it.
    leaves_open: bool,
}

#[derive(Default)]
struct Open {
    /// The mark of the code fence and how long it is.
    fence: Option<(char, usize)>,
    comment: bool,
    details: usize,
}

impl Open {
    fn any(&self) -> bool {
        self.fence.is_some() || self.comment || self.details > 0
    }

    fn read(&mut self, text: &str) {
        let start = text.trim_start();
        let mark = start.chars().next().filter(|mark| matches!(mark, '`' | '~'));
        let length = mark.map_or(0, |mark| start.len() - start.trim_start_matches(mark).len());
        let rest = start.get(length..).unwrap_or_default();
        match (self.fence, mark) {
            (Some((open, least)), Some(mark))
                if mark == open && length >= least && rest.trim().is_empty() =>
            {
                self.fence = None;
            }
            (Some(_), _) => {}
            (None, Some(mark)) if length >= 3 && !self.comment && (mark == '~' || !rest.contains('`')) => {
                self.fence = Some((mark, length));
            }
            (None, _) => self.read_html(text),
        }
    }

    fn read_html(&mut self, text: &str) {
        let last = |mark: &str| text.rfind(mark).map_or(-1, |at| i64::try_from(at).unwrap_or(i64::MAX));
        let (opens, closes) = (last("<!--"), last("-->"));
        if opens > closes {
            self.comment = true;
        } else if closes >= 0 {
            self.comment = false;
        }
        let opened = self.details + text.matches("<details").count();
        self.details = opened.saturating_sub(text.matches("</details>").count());
    }
}

fn read(text: &str) -> Vec<Line> {
    let mut open = Open::default();
    let (mut start, mut after_break, mut in_item) = (0, true, false);
    let mut lines = Vec::new();
    for whole in text.split_inclusive('\n') {
        let line = whole.trim_end_matches(['\r', '\n']);
        let was_open = open.any();
        open.read(line);
        let is_blank = line.trim().is_empty();
        let indented = line.starts_with([' ', '\t']);
        let is_item = !was_open && is_item(line);
        let is_heading = !was_open && line.starts_with('#');
        let continues = in_item && indented && !is_item;
        let may_cut = !was_open
            && !is_blank
            && !continues
            && (after_break || is_item || is_heading || open.fence.is_some());
        lines.push(Line {
            start,
            end: start + line.len(),
            is_blank,
            is_heading,
            is_item,
            may_cut,
            leaves_open: open.any(),
        });
        in_item = is_item || (in_item && (indented || is_blank || was_open || !after_break));
        after_break = is_blank || is_heading || (was_open && !open.any());
        start += whole.len();
    }
    lines
}

/// Whether a line begins an item of a list, at any depth.
fn is_item(line: &str) -> bool {
    let text = line.trim_start();
    let number = text.trim_start_matches(|digit: char| digit.is_ascii_digit());
    let numbered = number.len() < text.len() && (number.starts_with(". ") || number.starts_with(") "));
    numbered || ["- ", "* ", "+ "].iter().any(|mark| text.starts_with(mark))
}
