//! The lists of commits that forges and git put into the messages of squash commits.

use super::conventional::{self, Header, Parsed};
use super::fold;
use super::rules::Rules;

/// The most entries that are taken from one message.
const MAX_ENTRIES: usize = 500;

/// One commit of a squash commit that has a conventional header.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its header.
    pub(super) header: Header,
    /// What stands below it.
    pub(super) body: String,
}

/// Takes the entries out of a body: what is left of it, and the entries.
///
/// An entry is an item of a list, at any depth, whose text is a conventional header of a known type. Lists of GitHub
/// leave empty lines between their items; there, everything up to the next item or the line of dashes belongs to the
/// item. In tight lists only what is indented does.
pub(super) fn split(body: &str, rules: &Rules) -> (String, Vec<Entry>) {
    let lines = fold::fenced(body);
    if let Some(found) = of_git(&lines, rules) {
        return found;
    }
    let starts: Vec<Option<Header>> =
        lines.iter().map(|(line, fenced)| if *fenced { None } else { entry(line, rules) }).collect();
    let loose = is_loose(&lines, &starts);
    let mut own = String::new();
    let mut entries: Vec<Entry> = Vec::new();
    let mut inside = false;
    for ((line, fenced), start) in lines.iter().zip(starts) {
        match start {
            Some(header) if entries.len() < MAX_ENTRIES => {
                entries.push(Entry { header, body: String::new() });
                inside = true;
                continue;
            }
            _ if !*fenced => inside = inside && stays(line, loose),
            _ => {}
        }
        let entries_empty = entries.is_empty();
        let into = match entries.last_mut() {
            Some(entry) if inside => &mut entry.body,
            _ => &mut own,
        };
        if inside || entries_empty || !is_rule(line) {
            into.push_str(line);
            into.push('\n');
        }
    }
    for entry in &mut entries {
        entry.body = dedent(&entry.body);
    }
    (own, entries)
}

/// Whether a line that begins no entry belongs to the entry before it.
fn stays(line: &str, loose: bool) -> bool {
    if line.trim().is_empty() || line.starts_with([' ', '\t']) {
        return true;
    }
    // Another item without a header belongs to nobody: `* wip`.
    loose && !is_rule(line) && !line.starts_with("* ") && !is_person(line)
}

fn is_person(line: &str) -> bool {
    line.split_once(": ").is_some_and(|(token, _)| token.to_ascii_lowercase().ends_with("-by"))
}

fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 3 && line.bytes().all(|byte| byte == b'-')
}

fn is_loose(lines: &[(&str, bool)], starts: &[Option<Header>]) -> bool {
    let mut since: Option<bool> = None;
    for ((line, _), start) in lines.iter().zip(starts) {
        if start.is_some() {
            if since == Some(true) {
                return true;
            }
            since = Some(false);
        } else if line.trim().is_empty() {
            since = since.map(|_| true);
        } else if is_rule(line) && since.is_some() {
            return true;
        }
    }
    false
}

fn entry(line: &str, rules: &Rules) -> Option<Header> {
    let mut rest = line.trim_start();
    let mut depth = 0;
    while let Some(after) = ["* ", "- ", "+ ", "• "].iter().find_map(|mark| rest.strip_prefix(mark)) {
        rest = after.trim_start();
        depth += 1;
        if depth > 8 {
            return None;
        }
    }
    if depth == 0 {
        return None;
    }
    known(rest, rules)
}

fn known(subject: &str, rules: &Rules) -> Option<Header> {
    match conventional::parse(subject, rules) {
        Parsed::Header(header) if rules.types.contains_key(&header.word) && !header.text.is_empty() => {
            Some(header)
        }
        _ => None,
    }
}

/// The text without the white space that all its lines begin with.
fn dedent(text: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let least = text.lines().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    text.lines().map(|line| format!("{}\n", line.get(least..).unwrap_or_default())).collect()
}

/// What `git merge --squash` writes: `commit ID`, `Author:`, `Date:` and the message, indented by four spaces.
fn of_git(lines: &[(&str, bool)], rules: &Rules) -> Option<(String, Vec<Entry>)> {
    let is_commit = |line: &str| {
        let id = line.strip_prefix("commit ").unwrap_or_default();
        matches!(id.len(), 40 | 64) && id.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let first = lines.iter().position(|(line, _)| is_commit(line))?;
    lines.get(first + 1..)?.iter().take(2).find(|(line, _)| line.starts_with("Author:"))?;
    let mut own = String::new();
    let mut entries: Vec<Entry> = Vec::new();
    let mut fresh = false;
    let mut inside = false;
    for (at, (line, _)) in lines.iter().enumerate() {
        if is_commit(line) {
            (fresh, inside) = (true, false);
        } else if let Some(text) = line.strip_prefix("    ").filter(|_| at > first) {
            if fresh && entries.len() < MAX_ENTRIES {
                fresh = false;
                if let Some(header) = known(text, rules) {
                    entries.push(Entry { header, body: String::new() });
                    inside = true;
                    continue;
                }
            }
            let body = entries.last_mut().filter(|_| inside).map_or(&mut own, |entry| &mut entry.body);
            body.push_str(text);
            body.push('\n');
        } else if let Some(entry) = entries.last_mut().filter(|_| inside && line.trim().is_empty()) {
            entry.body.push('\n');
        } else if !(fresh
            && (line.starts_with("Author:") || line.starts_with("Date:") || line.starts_with("Merge:")))
        {
            own.push_str(line);
            own.push('\n');
        }
    }
    Some((own, entries))
}
