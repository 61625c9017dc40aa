//! The footers of a message, and what is left of its body without them.

use super::super::{Author, Issue};
use super::fold;
use super::rules::Rules;
use super::{authors, issues, skip};

/// The most footers that are read in one message.
const MAX_FOOTERS: usize = 2000;

/// `Token: value` or `Token #value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Footer {
    /// The token as it is written.
    pub(super) token: String,
    /// The value; its lines without white space around them.
    pub(super) value: String,
}

/// A body that was taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Body {
    /// What is no footer.
    pub(super) text: String,
    /// The footers but those that say what breaks.
    pub(super) footers: Vec<Footer>,
    /// What breaks.
    pub(super) breaking: Vec<String>,
    /// A line that looks like a breaking footer and is none.
    pub(super) near: Option<String>,
}

/// What a line can begin.
enum Start<'a> {
    Breaking(&'a str),
    /// A footer wherever it stands.
    Known(&'a str, &'a str),
    /// A footer at the end of a message.
    Other(&'a str, &'a str),
}

/// Takes a body apart.
///
/// `BREAKING CHANGE` begins a footer wherever it stands at the beginning of a line, and goes on over empty lines until
/// the next footer. Trailers that name people or issues are footers anywhere; other tokens only in the last paragraphs.
pub(super) fn parse(text: &str) -> Body {
    let lines = without_conflicts(text);
    let zone = zone(&lines);
    let mut body = Body::default();
    let mut own = String::new();
    let mut breaking: Option<String> = None;
    let mut open = false;
    for (at, (line, fenced)) in lines.iter().enumerate() {
        let start = if *fenced { None } else { start(line) };
        match start {
            Some(Start::Breaking(value)) => {
                body.breaking.extend(breaking.replace(value.to_owned()));
                open = false;
            }
            Some(Start::Known(token, value)) => {
                body.breaking.extend(breaking.take());
                open = body.push(token, value);
            }
            Some(Start::Other(token, value)) if at >= zone || breaking.is_some() => {
                body.breaking.extend(breaking.take());
                open = body.push(token, value);
            }
            _ if breaking.is_some() => {
                if let Some(value) = &mut breaking {
                    value.push_str(&format!("\n{line}"));
                }
            }
            _ if open && !line.trim().is_empty() => body.more(line),
            _ => {
                open = false;
                if body.near.is_none() && !fenced && looks_breaking(line) {
                    body.near = Some(fold::quote(line));
                }
                own.push_str(line);
                own.push('\n');
            }
        }
    }
    body.breaking.extend(breaking);
    body.breaking = body.breaking.iter().map(|value| fold::body(value).trim().to_owned()).collect();
    body.text = fold::body(&own);
    body
}

impl Body {
    /// What breaks, as one text.
    pub(super) fn breaking(&self) -> Option<String> {
        let said: Vec<&str> =
            self.breaking.iter().map(String::as_str).filter(|value| !value.is_empty()).collect();
        (!said.is_empty()).then(|| said.join("\n\n"))
    }

    /// The value of a footer, by its token in any case.
    pub(super) fn value(&self, token: &str) -> Option<&str> {
        let found = self.footers.iter().rev().find(|footer| footer.token.eq_ignore_ascii_case(token));
        found.map(|footer| footer.value.as_str())
    }

    /// The people that trailers name.
    pub(super) fn people(&self, rules: &Rules) -> Vec<Author> {
        let named = |token: &'static str| {
            let found = self.footers.iter().filter(move |footer| footer.token.eq_ignore_ascii_case(token));
            found.filter_map(|footer| authors::person(&footer.value))
        };
        let mut people: Vec<Author> = named("co-authored-by").collect();
        if rules.signed_off {
            people.extend(named("signed-off-by"));
        }
        people
    }

    /// The issues that footers and the text speak of.
    pub(super) fn issues(&self, into: &mut Vec<Issue>) {
        for footer in &self.footers {
            if issues::closing(&footer.token) {
                issues::in_footer(&footer.value, true, into);
            } else if issues::referring(&footer.token) {
                issues::in_footer(&footer.value, false, into);
            }
        }
        for (line, fenced) in fold::fenced(&self.text) {
            if !fenced && !line.trim_start().starts_with('>') {
                issues::in_text(line, false, into);
            }
        }
        for value in &self.breaking {
            issues::in_text(value, false, into);
        }
    }

    fn push(&mut self, token: &str, value: &str) -> bool {
        if self.footers.len() < MAX_FOOTERS {
            self.footers.push(Footer { token: token.to_owned(), value: value.trim().to_owned() });
        }
        true
    }

    fn more(&mut self, line: &str) {
        if let Some(footer) = self.footers.last_mut().filter(|footer| footer.value.len() < fold::MAX_BODY) {
            footer.value.push('\n');
            footer.value.push_str(line.trim());
        }
    }
}

/// The lines without what git notes about conflicts and below its scissors.
fn without_conflicts(text: &str) -> Vec<(&str, bool)> {
    let mut inside = false;
    let kept = |line: &str| {
        if matches!(line.trim_end(), "# Conflicts:" | "Conflicts:") {
            inside = true;
            return false;
        }
        inside = inside && (line.starts_with("#\t") || line.starts_with('\t') || line.starts_with("# "));
        !inside
    };
    let lines = fold::fenced(text).into_iter().take_while(|(line, _)| !line.contains(">8 ----"));
    let mut kept = kept;
    lines.filter(|(line, fenced)| *fenced || kept(line)).collect()
}

/// The first line of the last paragraphs that all begin with a footer.
fn zone(lines: &[(&str, bool)]) -> usize {
    let mut zone = lines.len();
    let mut paragraph = lines.len();
    for (at, (line, fenced)) in lines.iter().enumerate().rev() {
        if line.trim().is_empty() {
            continue;
        }
        let first = at
            .checked_sub(1)
            .and_then(|before| lines.get(before))
            .is_none_or(|(line, _)| line.trim().is_empty());
        if first {
            if *fenced || start(line).is_none() {
                return zone;
            }
            zone = at;
        }
        paragraph = paragraph.min(at);
    }
    zone.min(paragraph)
}

fn start(line: &str) -> Option<Start<'_>> {
    let bare = line.trim_start_matches(' ');
    if line.len() - bare.len() <= 3
        && let Some(value) = breaking(bare)
    {
        return Some(Start::Breaking(value));
    }
    let end = line.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
    let (token, rest) = line.split_at_checked(end)?;
    if !token.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let value = match rest.strip_prefix(": ").or_else(|| rest.strip_prefix(":\t")) {
        Some(value) => value,
        // The `#` stays: it is part of what the value refers to.
        None if rest.starts_with(" #") => rest.get(1..)?,
        None if is_known(token) => rest.strip_prefix(':')?,
        None => return None,
    };
    Some(if is_known(token) && fits(token, value) {
        Start::Known(token, value)
    } else {
        Start::Other(token, value)
    })
}

/// The value behind `BREAKING CHANGE:`, `BREAKING-CHANGE:` or `BREAKING CHANGE #`.
fn breaking(line: &str) -> Option<&str> {
    let bold = line.strip_prefix("**");
    let rest = bold.unwrap_or(line);
    let rest = rest.strip_prefix("BREAKING CHANGE").or_else(|| rest.strip_prefix("BREAKING-CHANGE"))?;
    let rest = rest.strip_prefix('S').unwrap_or(rest);
    let rest = if bold.is_some() { rest.strip_prefix("**").unwrap_or(rest) } else { rest };
    if let Some(value) = rest.trim_start_matches(' ').strip_prefix(':') {
        return Some(value.strip_prefix("**").filter(|_| bold.is_some()).unwrap_or(value).trim_start());
    }
    rest.strip_prefix(' ').filter(|rest| rest.starts_with('#'))
}

/// Whether a line outside of footers was likely meant to say that something breaks.
fn looks_breaking(line: &str) -> bool {
    let line = line.trim_end().trim_start_matches(['#', '*', ' ']);
    let Some(rest) = fold::strip_prefix_ignoring_case(line, "breaking change")
        .or_else(|| fold::strip_prefix_ignoring_case(line, "breaking-change"))
        .or_else(|| fold::strip_prefix_ignoring_case(line, "breaking changes"))
    else {
        return false;
    };
    let rest = rest.strip_prefix(['s', 'S']).unwrap_or(rest).trim_start_matches(['*', ' ']);
    let value = rest.trim_start_matches([':', '*', ' ']);
    rest.is_empty() || (rest.starts_with(':') && (value.is_empty() || !skip::means_nothing(value)))
}

/// Tokens that are footers wherever they stand.
fn is_known(token: &str) -> bool {
    let lower = token.to_ascii_lowercase();
    lower.ends_with("-by") || lower == "changelog" || issues::closing(token) || issues::referring(token)
}

/// Whether the value of a known token is of its sort: `Fixes: the build` is a sentence.
fn fits(token: &str, value: &str) -> bool {
    if issues::closing(token) || issues::referring(token) {
        let mut found = Vec::new();
        issues::in_footer(value, false, &mut found);
        let words = value.split([' ', ',', ';']).filter(|word| !word.is_empty()).count();
        let hashes = hashes(value).len();
        return words > 0 && found.len() + hashes == words;
    }
    if token.eq_ignore_ascii_case("changelog") {
        return value.split_whitespace().count() == 1;
    }
    true
}

/// The ids of commits among the words of a text, in lower case.
pub(super) fn hashes(text: &str) -> Vec<String> {
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '.' | '(' | ')'))
        .filter(|word| (7..=64).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .map(str::to_ascii_lowercase)
        .collect()
}
