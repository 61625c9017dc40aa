//! Release notes inside the text of a pull request.

use super::fold;
use super::rules::NoteRules;
use super::skip;

/// The most notes that are taken from one text.
const MAX_NOTES: usize = 100;

/// One release note.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Note {
    /// The type behind `release-note:`, in lower case; empty without one.
    pub(super) word: String,
    /// What it says, without comments.
    pub(super) text: String,
    /// Whether it begins with `action required`, which is taken off.
    pub(super) action: bool,
}

/// What was found in a text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// The notes that say something.
    pub(super) notes: Vec<Note>,
    /// How many say that there is nothing to say.
    pub(super) nothing: usize,
    /// What was strange.
    pub(super) strange: Vec<String>,
    /// The text without comments and blocks of code, for what else stands in it.
    pub(super) rest: String,
}

/// Where the walk over the lines is.
enum State {
    Plain,
    /// In a block of code that is no note.
    Code {
        mark: char,
        length: usize,
    },
    /// In a note: its type, and the blocks of code that were opened inside.
    Note {
        word: String,
        mark: char,
        length: usize,
        text: String,
        inner: usize,
        begun: usize,
    },
}

/// Finds the notes of a text.
pub(super) fn find(body: &str, rules: &NoteRules) -> Found {
    let body = fold::clean(body);
    let mut walk = Walk { rules, lines: body.lines().collect(), found: Found::default(), rest: Vec::new() };
    walk.run();
    let mut found = walk.found;
    sections(&walk.rest, rules, &mut found);
    found.rest = walk.rest.iter().map(|line| format!("{}\n", line.text)).collect();
    found.notes = found.notes.into_iter().flat_map(items).take(MAX_NOTES).collect();
    found
}

/// A line outside of blocks and comments; with a marker, where a comment was one.
struct Line {
    text: String,
    marker: Option<bool>,
}

struct Walk<'a> {
    rules: &'a NoteRules,
    lines: Vec<&'a str>,
    found: Found,
    rest: Vec<Line>,
}

impl Walk<'_> {
    fn run(&mut self) {
        let mut state = State::Plain;
        let mut comment = false;
        let mut at = 0;
        while let Some(&line) = self.lines.get(at) {
            state = match state {
                State::Plain => self.plain(line, at, &mut comment),
                State::Code { mark, length } => match fold::fence(line) {
                    Some((closing, long, "")) if closing == mark && long >= length => State::Plain,
                    _ => State::Code { mark, length },
                },
                State::Note { .. } => self.note(state, line, &mut at),
            };
            at += 1;
        }
        if let State::Note { word, text, .. } = state {
            self.found
                .strange
                .push("the fence of a release note is not closed; the note is read to the end".into());
            self.end(&word, &text);
        }
    }

    fn plain(&mut self, line: &str, at: usize, comment: &mut bool) -> State {
        let (text, marker) = uncomment(line, comment);
        let quoted = text.trim_start().starts_with('>');
        if !quoted
            && let Some((mark, length, info)) = fold::fence(&text)
            && (mark != '`' || !info.contains('`'))
            && !self.is_indented_code(&text, at)
        {
            return match self.word(info) {
                Some(word) => State::Note { word, mark, length, text: String::new(), inner: 0, begun: at },
                None => State::Code { mark, length },
            };
        }
        self.rest.push(Line { text, marker });
        State::Plain
    }

    /// Whether four spaces make a line code; in the item of a list they do not.
    fn is_indented_code(&self, line: &str, at: usize) -> bool {
        let indent = line.len() - line.trim_start().len();
        if indent < 4 && !line.starts_with('\t') {
            return false;
        }
        let before = self.lines.get(..at).unwrap_or_default().iter().rev().take(50);
        let outer = before
            .map(|line| line.trim_end())
            .find(|line| !line.is_empty() && line.len() - line.trim_start().len() < indent);
        !outer.is_some_and(|line| {
            let line = line.trim_start();
            line.starts_with(['*', '-', '+']) || line.starts_with(|c: char| c.is_ascii_digit())
        })
    }

    /// The type of a note, where the words behind a fence name one.
    fn word(&self, info: &str) -> Option<String> {
        let first = info.split([' ', ',', '{', '\t']).next().unwrap_or_default().to_lowercase();
        let rest = first.strip_prefix(&self.rules.fence.to_lowercase())?;
        match rest.strip_prefix(':') {
            Some(word) => Some(word.trim().to_owned()),
            None => rest.is_empty().then(String::new),
        }
    }

    /// A line in a note. Inside, a fence with words opens a block of its own where that one is closed later.
    fn note(&mut self, state: State, line: &str, at: &mut usize) -> State {
        let State::Note { word, mark, length, mut text, mut inner, begun } = state else { return state };
        if let Some((closing, long, info)) = fold::fence(line) {
            if let Some(next) = self.word(info).filter(|_| inner == 0 && !info.is_empty()) {
                self.found.strange.push(
                    "the fence of a release note is not closed; the note is read to the next one".to_owned(),
                );
                self.end(&word, &text);
                return State::Note {
                    word: next,
                    mark: closing,
                    length: long,
                    text: String::new(),
                    inner: 0,
                    begun: *at,
                };
            }
            let same = closing == mark && long >= length;
            if same && info.is_empty() && inner == 0 {
                self.end(&word, &text);
                return State::Plain;
            }
            if same && info.is_empty() {
                inner -= 1;
            } else if same && self.closings_before_next(*at) > inner + 1 {
                inner += 1;
            }
        }
        text.push_str(line);
        text.push('\n');
        State::Note { word, mark, length, text, inner, begun }
    }

    /// How many bare fences follow before the next note begins.
    fn closings_before_next(&self, at: usize) -> usize {
        let after = self.lines.get(at + 1..).unwrap_or_default();
        let fences = after.iter().take(1000).filter_map(|line| fold::fence(line));
        fences
            .take_while(|(_, _, info)| self.word(info).is_none() || info.is_empty())
            .filter(|(_, _, info)| info.is_empty())
            .count()
    }

    fn end(&mut self, word: &str, text: &str) {
        take(word, text, &mut self.found);
    }
}

/// Adds a note, or counts that it says nothing.
fn take(word: &str, text: &str, found: &mut Found) {
    let text = dedent(&without_comments(text));
    // A template that nobody filled in says nothing, not even that there is nothing to tell.
    if word != "none" && text.trim().is_empty() {
        return;
    }
    if word == "none" || skip::means_nothing(&text) {
        found.nothing += 1;
        return;
    }
    let (action, text) = action(&text);
    if found.notes.len() < MAX_NOTES {
        found.notes.push(Note { word: word.to_owned(), text, action });
    }
}

/// Takes `action required` off a note.
fn action(text: &str) -> (bool, String) {
    let bare = text.trim_start_matches(['[', '(', '*', '_', ' ', '-']);
    let rest = fold::strip_prefix_ignoring_case(bare, "action required")
        .or_else(|| fold::strip_prefix_ignoring_case(bare, "action-required"));
    match rest {
        Some(rest) => {
            let rest = rest.trim_start_matches([']', ')', '*', '_', ':', ' ', '-', '\n']);
            let text = if rest.trim().is_empty() { text } else { rest };
            (true, text.trim().to_owned())
        }
        None => (false, text.to_owned()),
    }
}

/// The items of a note that is a list are notes of their own.
fn items(note: Note) -> Vec<Note> {
    let is_item = |line: &str| line.starts_with("- ") || line.starts_with("* ") || line.starts_with("+ ");
    let outer = note.text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with([' ', '\t']));
    let (lists, others): (Vec<&str>, Vec<&str>) = outer.partition(|line| is_item(line));
    if lists.is_empty() || !others.is_empty() {
        return vec![note];
    }
    let mut notes: Vec<Note> = Vec::new();
    for line in note.text.lines() {
        match notes.last_mut() {
            Some(last) if !is_item(line) => {
                last.text.push('\n');
                last.text.push_str(line.strip_prefix("  ").unwrap_or(line));
            }
            _ => {
                let text = line.get(2..).unwrap_or_default().trim().to_owned();
                notes.push(Note { word: note.word.clone(), text, action: note.action });
            }
        }
    }
    for note in &mut notes {
        let (required, text) = action(note.text.trim());
        note.action |= required;
        note.text = text;
    }
    notes.retain(|note| !skip::means_nothing(&note.text));
    notes
}

/// The notes below `<!-- release-notes -->` and below headings.
fn sections(lines: &[Line], rules: &NoteRules, found: &mut Found) {
    let mut open: Option<(String, usize)> = None;
    for line in lines {
        let heading = heading(&line.text);
        let ends = match (&open, line.marker, heading) {
            (Some(_), Some(_), _) => true,
            (Some((_, level)), None, Some((depth, _))) => depth <= *level,
            _ => false,
        };
        if ends && let Some((text, _)) = open.take() {
            take("", &text, found);
        }
        let begins = match (line.marker, heading) {
            (Some(true), _) if rules.comments => Some(6),
            (None, Some((depth, title))) if rules.headings.contains(&title.to_lowercase()) => Some(depth),
            _ => None,
        };
        match (&mut open, begins) {
            (None, Some(level)) => open = Some((String::new(), level)),
            (Some((text, _)), _) => text.push_str(&format!("{}\n", line.text)),
            (None, None) => {}
        }
    }
    if let Some((text, _)) = open {
        take("", &text, found);
    }
}

fn heading(line: &str) -> Option<(usize, &str)> {
    let line = line.trim();
    let rest = line.trim_start_matches('#');
    let depth = line.len() - rest.len();
    let title = rest.trim().trim_end_matches(['#', ':', ' ']).trim_matches('*');
    ((1..=6).contains(&depth) && rest.starts_with(' ')).then_some((depth, title))
}

/// A line without its comments, and whether one of them begins (`true`) or ends a section of notes.
fn uncomment(line: &str, inside: &mut bool) -> (String, Option<bool>) {
    let mut text = String::new();
    let mut marker = None;
    let mut rest = line;
    loop {
        if *inside {
            let Some((_, after)) = rest.split_once("-->") else { return (text, marker) };
            *inside = false;
            rest = after;
        }
        let Some((before, after)) = rest.split_once("<!--") else {
            text.push_str(rest);
            return (text, marker);
        };
        text.push_str(before);
        *inside = true;
        let words =
            after.split("-->").next().unwrap_or_default().trim().to_lowercase().replace([' ', '_'], "-");
        match words.as_str() {
            "release-notes" | "release-note" | "begin-release-notes" => marker = Some(true),
            "/release-notes" | "/release-note" | "end-release-notes" | "end-release-note" => {
                marker = Some(false);
            }
            _ => {}
        }
        rest = after;
    }
}

fn without_comments(text: &str) -> String {
    let mut inside = false;
    let mut kept = String::new();
    for line in text.lines() {
        let (bare, _) = uncomment(line, &mut inside);
        // A line that was nothing but a comment leaves no empty line.
        if bare.trim().is_empty() && !line.trim().is_empty() {
            continue;
        }
        kept.push_str(&bare);
        kept.push('\n');
    }
    kept
}

fn dedent(text: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let least = text.lines().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    let text: String =
        text.lines().map(|line| format!("{}\n", line.get(least..).unwrap_or_default())).collect();
    fold::body(&text)
}
