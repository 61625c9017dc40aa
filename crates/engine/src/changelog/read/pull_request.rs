//! Pull requests: title, labels, and the release notes in the text.

use std::collections::BTreeSet;

use super::super::{
    About, Author, Change, Issue, Kind, Level, Origin, PullRequestFacts, Reading, Reverts, Warning,
};
use super::block::{self, Found, Note};
use super::footers::{self, Body};
use super::message::{self, Told, asked};
use super::rules::{Asks, LabelRule, Rules, fits, usual_level};
use super::{authors, fold, issues, revert, skip, suffix};

/// What the labels say together.
#[derive(Default)]
struct Labelled {
    is: Option<Asks>,
    level: Option<Level>,
    breaking: bool,
    nothing: bool,
    /// The labels that counted.
    names: Vec<String>,
}

/// Reads a pull request.
pub(super) fn read(facts: &PullRequestFacts, rules: &Rules) -> Reading {
    let labels = labels(facts, rules);
    let found = block::find(&facts.body, &rules.notes);
    let body = footers::parse(&found.rest);
    let title = fold::line(&fold::clean(&facts.title));
    let skipped = skip::marked(&title);
    let (area, bare) = stripped(&skip::unmarked(&title), rules);
    let quoted = revert::quoted(&bare);
    let (subject, numbers) = suffix::strip(&bare);
    let mut told = message::told(subject, quoted.as_ref(), rules);
    told.scope = told.scope.take().or(area);
    let mut reading = Reading {
        about: About {
            commits: facts.merge_commit.iter().cloned().collect(),
            pull_request: Some(facts.number),
            subject: bare.clone(),
        },
        warnings: warnings(facts, &found, &told, &body),
        reverts: reverts(&told, &found.rest),
        ..Reading::default()
    };
    let base = base(facts, rules, &told, &labels, &body, &numbers);
    if labels.nothing || skipped {
        silent(facts, reading, &labels, &base, &found)
    } else if found.notes.is_empty() && found.nothing > 0 {
        let origin = Origin::ReleaseNote(facts.number);
        "its release note says that there is nothing to tell".clone_into(&mut reading.how);
        if base.level == Level::Major {
            warn(&mut reading, origin.clone(), "the release note says nothing, though something breaks");
        }
        Reading { silent: Some(origin), ..reading }
    } else if found.notes.is_empty() {
        reading.how = how(&told, &base, &labels);
        Reading { changes: Vec::from_iter((!base.text.is_empty()).then_some(base)), ..reading }
    } else {
        noted(facts, reading, &found.notes, &base, rules)
    }
}

fn warn(reading: &mut Reading, origin: Origin, text: &str) {
    reading.warnings.push(Warning { origin, text: text.to_owned() });
}

fn silent(
    facts: &PullRequestFacts,
    mut reading: Reading,
    labels: &Labelled,
    base: &Change,
    found: &Found,
) -> Reading {
    let origin = Origin::PullRequest(facts.number);
    if !found.notes.is_empty() {
        warn(&mut reading, origin.clone(), "nobody is to be told of it, though it has a release note");
    }
    if base.level == Level::Major {
        warn(&mut reading, origin.clone(), "nobody is to be told of it, though something breaks");
    }
    reading.how = match labels.names.as_slice() {
        [] => "its title says that nobody is told of it".to_owned(),
        names => format!("its labels ({}) say that nobody is told of it", names.join(", ")),
    };
    Reading { silent: Some(origin), ..reading }
}

/// A change for each release note.
fn noted(
    facts: &PullRequestFacts,
    mut reading: Reading,
    notes: &[Note],
    base: &Change,
    rules: &Rules,
) -> Reading {
    let origin = Origin::ReleaseNote(facts.number);
    for note in notes {
        let (line, rest) = fold::head_and_rest(&note.text);
        let text =
            line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")).unwrap_or(line).trim().to_owned();
        let mut change = Change { origin: origin.clone(), body: fold::body(rest), text, ..base.clone() };
        if !note.word.is_empty() {
            let own = Asks::new(Kind::Other(note.word.clone()), Level::Patch);
            let asks = rules.notes.types.get(&note.word).unwrap_or(&own);
            change.kind = asks.kind.clone();
            change.level = asks.level;
        }
        if note.action || change.level >= rules.breaking {
            change.level = rules.breaking;
            change.breaking = Some(note.text.clone());
        }
        reading.changes.push(change);
    }
    // What breaks by title, label or footer stays told where no note says it.
    let lost = base.breaking.is_some() && reading.changes.iter().all(|change| change.breaking.is_none());
    if let Some(first) = reading.changes.first_mut().filter(|_| lost) {
        first.level = base.level;
        first.breaking.clone_from(&base.breaking);
    }
    let count = notes.len();
    reading.how =
        if count == 1 { "its release note".to_owned() } else { format!("its {count} release notes") };
    reading
}

/// The change that title, labels and footers make.
fn base(
    facts: &PullRequestFacts,
    rules: &Rules,
    told: &Told,
    labels: &Labelled,
    body: &Body,
    numbers: &[u64],
) -> Change {
    let (kind, level) = kind_and_level(told, labels);
    let said = body.breaking();
    let breaking = (told.breaking || labels.breaking || !body.breaking.is_empty())
        .then(|| said.unwrap_or_else(|| told.text.clone()));
    let mut found: Vec<Issue> = Vec::new();
    issues::in_text(&told.text, true, &mut found);
    for number in numbers.iter().filter(|number| **number != facts.number) {
        issues::add(&mut found, format!("#{number}"), false);
    }
    body.issues(&mut found);
    let mut people: Vec<Author> = author(facts).into_iter().collect();
    authors::unite(&mut people, body.people(rules));
    Change {
        kind,
        level: if breaking.is_some() { rules.breaking } else { level },
        scope: told.scope.clone(),
        text: told.text.clone(),
        body: String::new(),
        breaking,
        packages: BTreeSet::new(),
        pull_request: Some(facts.number),
        commits: facts.merge_commit.iter().cloned().collect(),
        authors: people,
        issues: found,
        origin: Origin::PullRequest(facts.number),
    }
}

/// The title's type says the kind; labels do where it has none. The level is the higher one, unless a label names it.
fn kind_and_level(told: &Told, labels: &Labelled) -> (Kind, Level) {
    let (kind, level) = match &labels.is {
        Some(asks) if told.kind == Kind::Unknown => (asks.kind.clone(), asks.level),
        // A vulnerability is more than the mistake that its title speaks of.
        Some(asks) if asks.kind == Kind::Security => (Kind::Security, asks.level.max(told.level)),
        Some(asks) => (told.kind.clone(), told.level.max(asks.level)),
        None => (told.kind.clone(), told.level),
    };
    (kind, labels.level.unwrap_or(level))
}

fn labels(facts: &PullRequestFacts, rules: &Rules) -> Labelled {
    let mut labels = Labelled::default();
    for (pattern, rule) in &rules.labels {
        let pattern = pattern.to_lowercase();
        let Some(name) = facts.labels.iter().find(|name| label_fits(&pattern, name)) else { continue };
        match rule {
            LabelRule::Is(asks) if labels.is.is_none() => labels.is = Some(asks.clone()),
            LabelRule::Is(asks) => {
                labels.is.iter_mut().for_each(|first| first.level = first.level.max(asks.level));
            }
            LabelRule::Level(level) => labels.level = labels.level.max(Some(*level)),
            LabelRule::Breaking => labels.breaking = true,
            LabelRule::Nothing => labels.nothing = true,
        }
        if !labels.names.contains(name) {
            labels.names.push(name.clone());
        }
    }
    labels
}

/// Labels fit in any case, with a space for `-`, and behind a `kind/`, `type: ` or the like.
fn label_fits(pattern: &str, name: &str) -> bool {
    let name = name.trim().to_lowercase();
    if fits(pattern, &name) || fits(pattern, &name.replace([' ', '_'], "-")) {
        return true;
    }
    let bare =
        ["kind/", "type/", "kind:", "type:", "c-", "t-"].iter().find_map(|prefix| name.strip_prefix(prefix));
    bare.is_some_and(|bare| fits(pattern, &bare.trim().replace([' ', '_'], "-")))
}

/// A title without the prefixes that the rules take off, and its area.
fn stripped(title: &str, rules: &Rules) -> (Option<String>, String) {
    let mut rest = title.trim();
    let mut area = None;
    loop {
        let before = rest.len();
        for word in &rules.titles.words {
            rest = without_word(rest, word);
        }
        if rules.titles.areas
            && area.is_none()
            && let Some((inner, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'))
            && !after.trim().is_empty()
            && !inner.trim().is_empty()
            && !rules.types.contains_key(&inner.trim().to_lowercase())
        {
            area = Some(fold::line(inner));
            rest = after.trim_start_matches([':', ' ']);
        }
        if rest.len() == before {
            return (area, rest.to_owned());
        }
    }
}

fn without_word<'a>(title: &'a str, word: &str) -> &'a str {
    let bracketed = title.strip_prefix(['[', '(']);
    let Some(after) = fold::strip_prefix_ignoring_case(bracketed.unwrap_or(title), word) else {
        return title;
    };
    let after = match bracketed {
        Some(_) => {
            after.trim_start().strip_prefix([']', ')']).map(|rest| rest.trim_start_matches([':', ' ']))
        }
        None => after.strip_prefix(':').or_else(|| after.strip_prefix(" - ")).map(str::trim_start),
    };
    after.filter(|rest| !rest.trim().is_empty()).unwrap_or(title)
}

/// Who opened it; the account of a bot ends with `[bot]`.
fn author(facts: &PullRequestFacts) -> Option<Author> {
    let login = facts.author.trim_start_matches('@');
    if login.is_empty() {
        return None;
    }
    let login = match login.strip_prefix("app/") {
        Some(app) => format!("{app}[bot]"),
        None if facts.is_bot && !login.ends_with("[bot]") => format!("{login}[bot]"),
        None => login.to_owned(),
    };
    Some(authors::account(&login))
}

fn reverts(told: &Told, body: &str) -> Vec<Reverts> {
    let Some(subject) = &told.reverts else { return Vec::new() };
    let mut found = revert::targets(body);
    if found.is_empty() {
        found.push(subject.clone());
    }
    found.sort();
    found.dedup();
    found
}

fn warnings(facts: &PullRequestFacts, found: &Found, told: &Told, body: &Body) -> Vec<Warning> {
    let note = |text: &String| Warning { origin: Origin::ReleaseNote(facts.number), text: text.clone() };
    let mut warnings: Vec<Warning> = found.strange.iter().map(note).collect();
    let origin = Origin::PullRequest(facts.number);
    warnings.extend(told.warning.clone().map(|text| Warning { origin: origin.clone(), text }));
    if let Some(line) = &body.near {
        let text = format!(
            "`{line}` does not count as a breaking change; write `BREAKING CHANGE: ` in capitals, with the colon"
        );
        warnings.push(Warning { origin: origin.clone(), text });
    }
    if told.text.is_empty() {
        warnings.push(Warning { origin, text: "the title is empty; nothing is told of it".to_owned() });
    }
    warnings
}

fn how(told: &Told, change: &Change, labels: &Labelled) -> String {
    let mut how = format!("its title ({}): {}", told.how, asked(&change.kind, change.level));
    if !labels.names.is_empty() {
        how.push_str(&format!("; labels: {}", labels.names.join(", ")));
    }
    if change.breaking.is_some() {
        how.push_str("; something breaks");
    }
    if told.kind == Kind::Unknown && change.kind != Kind::Unknown && change.level == usual_level(&change.kind)
    {
        how.push_str("; the labels give the kind");
    }
    how
}
