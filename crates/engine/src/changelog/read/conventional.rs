//! The header of a conventional commit: what the specification says, and what people write instead.

use super::super::{Kind, Level};
use super::fold;
use super::rules::{Rules, Unknown};

/// A header that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// The type in lower case.
    pub(super) word: String,
    /// The scope, with single spaces.
    pub(super) scope: Option<String>,
    /// Whether a `!` says that something breaks.
    pub(super) breaking: bool,
    /// The description.
    pub(super) text: String,
    /// What was not as the specification has it.
    pub(super) repairs: Vec<&'static str>,
}

/// What a subject is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Parsed {
    /// A conventional header.
    Header(Header),
    /// It looks like one that went wrong: what is wrong, and whether a `!` was meant.
    Attempt { remedy: String, breaking: bool },
    /// Ordinary words.
    Plain,
}

/// Known types that no sentence begins with, so that `feat x` is a header without its colon.
const NO_ENGLISH: [&str; 4] = ["feat", "perf", "chore", "deps"];

/// Words near a type that are likely areas, not slips.
const AREAS: [&str; 6] = ["core", "text", "site", "stale", "shore", "filed"];

/// The longest subject that is taken apart, in bytes.
const MAX_SUBJECT: usize = 8 * 1024;

/// Reads a subject.
pub(super) fn parse(subject: &str, rules: &Rules) -> Parsed {
    let subject = without_emoji(subject.trim());
    if subject.len() > MAX_SUBJECT {
        return parse_word(
            subject.get(..subject.floor_char_boundary(MAX_SUBJECT)).unwrap_or_default(),
            rules,
        );
    }
    bracketed(subject, rules).unwrap_or_else(|| parse_word(subject, rules))
}

impl Header {
    /// What the header asks, by the rules.
    pub(super) fn asks(&self, rules: &Rules) -> (Kind, Level) {
        let (kind, level) = match rules.types.get(&self.word) {
            Some(asks) => (asks.kind.clone(), asks.level),
            None => (Kind::Other(self.word.clone()), Level::None),
        };
        let of_scope = self.scope.as_ref().and_then(|scope| rules.scopes.get(&scope.to_lowercase()));
        match (of_scope, &kind) {
            (Some(special), Kind::Fixed | Kind::Other(_) | Kind::Changed) => (special.clone(), level),
            _ => (kind, level),
        }
    }

    /// The header without its description, as it should be written.
    pub(super) fn spelled(&self) -> String {
        let scope = self.scope.as_ref().map_or(String::new(), |scope| format!("({scope})"));
        format!("{}{scope}{}", self.word, if self.breaking { "!" } else { "" })
    }
}

/// `[feat] x` and `[scope] feat: x`.
fn bracketed(subject: &str, rules: &Rules) -> Option<Parsed> {
    let (inner, rest) = subject.strip_prefix('[')?.split_once(']')?;
    let word = inner.trim().to_lowercase();
    let rest = rest.trim_start();
    if rules.types.contains_key(&word) {
        let text = rest.strip_prefix(':').unwrap_or(rest).trim();
        return (!text.is_empty()).then(|| {
            let repairs = vec!["the type stands in brackets"];
            Parsed::Header(Header { word, scope: None, breaking: false, text: text.to_owned(), repairs })
        });
    }
    match parse_word(without_emoji(rest), rules) {
        Parsed::Header(mut header) if header.scope.is_none() && rules.types.contains_key(&header.word) => {
            header.scope = Some(fold::line(inner)).filter(|scope| !scope.is_empty());
            header.repairs.push("the scope stands before the type");
            Some(Parsed::Header(header))
        }
        _ => None,
    }
}

/// What stands behind the first word.
struct Scan<'a> {
    breaking: bool,
    group: Option<&'a str>,
    /// A bracket was opened and not closed.
    open: bool,
    repairs: Vec<&'static str>,
    /// The text behind the colon.
    text: Option<&'a str>,
}

fn parse_word(subject: &str, rules: &Rules) -> Parsed {
    let end = subject
        .char_indices()
        .find(|(_, c)| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '+')))
        .map_or(subject.len(), |(at, _)| at);
    let (written, rest) = subject.split_at_checked(end).unwrap_or((subject, ""));
    if !written.starts_with(char::is_alphabetic) {
        return Parsed::Plain;
    }
    let word = written.to_lowercase();
    let scan = scan(rest);
    let known = rules.types.contains_key(&word);
    match scan.text {
        Some(text) if known => Parsed::Header(header(word, &scan, text)),
        Some(text) => unknown(written, &word, &scan, text, rules),
        None if known => attempt(&word, &scan, rest),
        None => Parsed::Plain,
    }
}

fn header(word: String, scan: &Scan<'_>, text: &str) -> Header {
    let scope = scan.group.map(fold::line).filter(|scope| !scope.is_empty());
    Header {
        word,
        scope,
        breaking: scan.breaking,
        text: text.trim().to_owned(),
        repairs: scan.repairs.clone(),
    }
}

/// A word that is in no table, where the form is the specification's.
fn unknown(written: &str, word: &str, scan: &Scan<'_>, text: &str, rules: &Rules) -> Parsed {
    if !scan.repairs.is_empty() || text.trim().is_empty() {
        return Parsed::Plain;
    }
    if let Some(near) = near(word, rules) {
        let remedy = format!("unknown type `{written}`: write `{near}`, or name `{word}` among the types");
        return Parsed::Attempt { remedy, breaking: scan.breaking };
    }
    let lower = written.chars().all(|c| !c.is_uppercase() && !matches!(c, '.' | '/'));
    if scan.breaking || (lower && rules.unknown == Unknown::Type) {
        return Parsed::Header(header(word.to_owned(), scan, text));
    }
    Parsed::Plain
}

/// A known type without its colon.
fn attempt(word: &str, scan: &Scan<'_>, rest: &str) -> Parsed {
    let breaking = scan.breaking;
    if scan.open {
        let remedy = format!("the bracket behind `{word}` is not closed: write `{word}(scope): …`");
        return Parsed::Attempt { remedy, breaking };
    }
    if scan.group.is_some() && rest.starts_with(['(', '[', '!']) || breaking {
        let remedy = format!("there is no colon behind `{word}`: write `{word}(scope): …`");
        return Parsed::Attempt { remedy, breaking };
    }
    if NO_ENGLISH.contains(&word) && !rest.trim().is_empty() {
        return Parsed::Attempt {
            remedy: format!("there is no colon behind `{word}`: write `{word}: …`"),
            breaking,
        };
    }
    Parsed::Plain
}

fn scan(rest: &str) -> Scan<'_> {
    let mut scan = Scan { breaking: false, group: None, open: false, repairs: Vec::new(), text: None };
    let mut rest = bangs(rest, &mut scan);
    let trimmed = rest.trim_start();
    if trimmed.starts_with(['(', '[']) {
        if scan.breaking {
            scan.repairs.push("the `!` stands before the scope");
        }
        if trimmed.len() < rest.len() {
            scan.repairs.push("there is a space before the scope");
        }
        let Some((inner, after)) = group(trimmed) else {
            scan.open = true;
            return scan;
        };
        if trimmed.starts_with('[') {
            scan.repairs.push("the scope stands in square brackets");
        } else if inner.trim().is_empty() {
            scan.repairs.push("the scope is empty");
        }
        scan.group = Some(inner);
        rest = bangs(after, &mut scan);
    }
    let trimmed = bangs(rest.trim_start(), &mut scan).trim_start();
    if trimmed.len() < rest.len() && rest.starts_with(char::is_whitespace) {
        scan.repairs.push("there is a space before the colon");
    }
    let colon = trimmed.strip_prefix(':');
    if colon.is_none() && trimmed.starts_with('：') {
        scan.repairs.push("the colon is a wide one");
    }
    let Some(text) = colon.or_else(|| trimmed.strip_prefix('：')) else { return scan };
    // `word::path`, `https://…`: no header of anything.
    if text.starts_with(':') || text.starts_with("//") {
        return scan;
    }
    if !text.starts_with(char::is_whitespace) && !text.is_empty() {
        scan.repairs.push("there is no space behind the colon");
    }
    scan.text = Some(text);
    scan
}

fn bangs<'a>(rest: &'a str, scan: &mut Scan<'_>) -> &'a str {
    let after = rest.trim_start_matches('!');
    if rest.len() > after.len() {
        if scan.breaking || rest.len() - after.len() > 1 {
            scan.repairs.push("there are several `!`");
        }
        scan.breaking = true;
    }
    after
}

/// What stands in the bracket that a text begins with, and the rest; brackets inside may be nested.
fn group(text: &str) -> Option<(&str, &str)> {
    let (open, close) = if text.starts_with('(') { ('(', ')') } else { ('[', ']') };
    let mut depth = 0_usize;
    for (at, letter) in text.char_indices() {
        if letter == open {
            depth += 1;
        } else if letter == close {
            depth = depth.checked_sub(1)?;
            if depth == 0 {
                return Some((text.get(1..at)?, text.get(at + 1..)?));
            }
        }
    }
    None
}

/// The known type that an unknown one is a slip of.
fn near<'a>(word: &str, rules: &'a Rules) -> Option<&'a str> {
    if AREAS.contains(&word) {
        return None;
    }
    let slip = |known: &&String| {
        let inflected =
            word.strip_prefix(known.as_str()).is_some_and(|end| matches!(end, "s" | "es" | "ed" | "ing"));
        let first = word.chars().next() == known.chars().next();
        let length = known.len().min(word.len());
        let distance = strsim::osa_distance(word, known);
        let swapped = word.len() == known.len() && letters(word) == letters(known);
        inflected || (first && distance == 1 && (length >= 4 || (length == 3 && swapped)))
    };
    rules.types.keys().filter(slip).min_by_key(|known| strsim::osa_distance(word, known)).map(String::as_str)
}

fn letters(word: &str) -> Vec<char> {
    let mut letters: Vec<char> = word.chars().collect();
    letters.sort_unstable();
    letters
}

/// The text behind emoji and `:codes:` at its beginning.
fn without_emoji(text: &str) -> &str {
    let mut rest = text;
    loop {
        let before = rest.len();
        rest = rest.trim_start_matches(is_emoji).trim_start();
        if let Some((code, after)) = rest.strip_prefix(':').and_then(|rest| rest.split_once(':')) {
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '-');
            if !code.is_empty() && code.chars().all(plain) {
                rest = after.trim_start();
            }
        }
        if rest.len() == before {
            return rest;
        }
    }
}

fn is_emoji(letter: char) -> bool {
    matches!(u32::from(letter), 0x200D | 0x20E3 | 0x2190..=0x2BFF | 0xFE0F | 0x1_F000..=0x1_FAFF | 0xE_0020..=0xE_007F)
}
