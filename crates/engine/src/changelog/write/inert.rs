//! Text from outside made so that it can stand in a list item without changing what stands around it.

/// One line that begins no heading, list, quotation, code block or comment, and ends none.
///
/// | what | becomes |
/// |---|---|
/// | line ends, other control characters, several spaces | one space |
/// | characters that turn the direction of text | nothing |
/// | `#`, `>`, a mark of a list, a rule or a fence at the start | the same behind a `\` |
/// | `[label]:` at the start, which would say where links of the whole file lead | the same behind a `\` |
/// | `<!--`, `-->` | `&lt;!--`, `--&gt;` |
/// | `<` that could begin a tag, outside code | `&lt;`; addresses such as `<https://…>` stay |
/// | backticks without a partner | ``\` `` |
///
/// ```
/// use tminus_engine::changelog::write::inert;
///
/// assert_eq!(inert::line("# big\nnews <!-- tminus"), "\\# big news &lt;!-- tminus");
/// assert_eq!(inert::line("Fix `Vec<T>` of Box<T>"), "Fix `Vec<T>` of Box&lt;T>");
/// assert_eq!(inert::line("one ` tick"), "one \\` tick");
/// ```
pub fn line(text: &str) -> String {
    let text = one_line(text).replace("<!--", "&lt;!--").replace("-->", "--&gt;");
    let text = inline(&text);
    if begins_block(&text) { escaped_start(&text) } else { text }
}

/// The lines of a Markdown text behind `indent`, to stand below a list item: its headings and the targets of its links are
/// plain lines, its comments are visible, and a code block that is open at its end is closed.
///
/// ```
/// use tminus_engine::changelog::write::inert;
///
/// assert_eq!(inert::block("# One\r\n\n```\n# two", "  "), "  \\# One\n\n  ```\n  # two\n  ```");
/// ```
pub fn block(text: &str, indent: &str) -> String {
    let mut fence: Option<String> = None;
    let mut lines = Vec::new();
    for raw in text.trim_end().split('\n') {
        let raw = raw.trim_end();
        let visible: String = raw.chars().filter(|c| (*c == '\t' || !c.is_control()) && !turns(*c)).collect();
        let mut line = visible.replace("<!--", "&lt;!--").replace("-->", "--&gt;");
        let start = line.trim_start();
        let space = line.len() - start.len();
        // Four spaces before it make it code by themselves.
        let mark = fence_mark(start).filter(|_| space < 4 && !line.contains('\t'));
        match (&fence, mark) {
            (Some(open), Some(mark)) if mark.starts_with(open.as_str()) && start.trim_end() == mark => {
                fence = None;
                line = mark;
            }
            (None, Some(mark)) => {
                line = line.split_off(space);
                fence = Some(mark);
            }
            (None, None) if start.starts_with('#') || is_underline(start) || is_definition(start) => {
                line.insert(space, '\\');
            }
            _ => {}
        }
        lines.push(if line.is_empty() { line } else { format!("{indent}{line}") });
    }
    if let Some(mark) = fence {
        lines.push(format!("{indent}{mark}"));
    }
    lines.join("\n")
}

/// The text as one line, with nothing in it that moves the cursor or turns the direction.
pub(super) fn one_line(text: &str) -> String {
    let plain: String =
        text.chars().filter(|c| !turns(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Marks that turn the direction of the text after them, and invisible ones that lines may be broken at.
fn turns(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

fn fence_mark(start: &str) -> Option<String> {
    let mark = start.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let length = start.len() - start.trim_start_matches(mark).len();
    let info = start.get(length..).unwrap_or_default();
    (length >= 3 && (mark == '~' || !info.contains('`'))).then(|| mark.to_string().repeat(length))
}

fn is_underline(text: &str) -> bool {
    let text = text.trim_end();
    !text.is_empty() && (text.chars().all(|mark| mark == '=') || text.chars().all(|mark| mark == '-'))
}

/// Whether it could say where a link leads (CommonMark, section 4.7): that counts in the whole file, and the first one
/// wins.
fn is_definition(text: &str) -> bool {
    text.starts_with('[') && text.contains("]:")
}

/// Backticks and tags of one line.
fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\\' => {
                first.len_utf8()
                    + rest.chars().nth(1).filter(char::is_ascii_punctuation).map_or(0, char::len_utf8)
            }
            '`' => ticks(rest, &mut out),
            '<' if is_tag(rest) => {
                out.push_str("&lt;");
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
            _ => first.len_utf8(),
        };
        if first != '`' {
            out.push_str(rest.get(..length).unwrap_or_default());
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    // A backslash at the end would take the meaning from what is put behind it.
    if out.ends_with('\\') && !out.ends_with("\\\\") { out + "\\" } else { out }
}

/// Writes a span of code or escaped backticks, and says how much of the text that was.
fn ticks(rest: &str, out: &mut String) -> usize {
    let run = rest.len() - rest.trim_start_matches('`').len();
    let after = rest.get(run..).unwrap_or_default();
    let mut at = 0;
    while let Some(found) = after.get(at..).and_then(|text| text.find('`')) {
        let start = at + found;
        let tail = after.get(start..).unwrap_or_default();
        let length = tail.len() - tail.trim_start_matches('`').len();
        if length == run {
            let end = run + start + length;
            out.push_str(rest.get(..end).unwrap_or_default());
            return end;
        }
        at = start + length;
    }
    out.push_str(&"\\`".repeat(run));
    run
}

/// Whether a `<` could begin a tag; an address in angle brackets is a link.
fn is_tag(rest: &str) -> bool {
    let next = rest.chars().nth(1);
    let address = ["<http://", "<https://", "<mailto:"].iter().any(|start| rest.starts_with(start));
    !address && next.is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?'))
}

fn begins_block(text: &str) -> bool {
    let number = text.trim_start_matches(|digit: char| digit.is_ascii_digit());
    let numbered = number.len() < text.len() && number.starts_with(['.', ')']);
    let rule = text.len() >= 3
        && ['-', '*', '_', '='].iter().any(|mark| text.chars().all(|c| c == *mark || c == ' '));
    let item =
        ["- ", "* ", "+ "].iter().any(|mark| text.starts_with(mark)) || matches!(text, "-" | "*" | "+");
    numbered
        || rule
        || item
        || is_underline(text)
        || is_definition(text)
        || text.starts_with(['#', '>'])
        || text.starts_with("~~~")
}

fn escaped_start(text: &str) -> String {
    let digits = text.len() - text.trim_start_matches(|digit: char| digit.is_ascii_digit()).len();
    let (number, rest) = text.split_at_checked(digits).unwrap_or(("", text));
    // Three ticks that open a block have no partner in one line and are escaped already.
    format!("{number}\\{rest}")
}
