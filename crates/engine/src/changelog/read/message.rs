//! The message of a commit as a whole: its subject, its body, and what both say.

use super::super::{About, Author, Change, Issue, Kind, Level, Origin, Reading, Reverts, Warning};
use super::conventional::{self, Header, Parsed};
use super::footers::{self, Body};
use super::revert::{self, Quoted};
use super::rules::{Rules, kind_of, usual_level};
use super::squash::{self, Entry};
use super::suffix::{self, Merge};
use super::{authors, fold, issues, skip};

/// Prefixes of commits that git folds into others.
const AUTOSQUASH: [&str; 3] = ["fixup! ", "squash! ", "amend! "];

/// A subject in the words of a change.
pub(super) struct Told {
    pub(super) kind: Kind,
    pub(super) level: Level,
    pub(super) scope: Option<String>,
    pub(super) text: String,
    pub(super) breaking: bool,
    pub(super) how: String,
    /// What is wrong with the header.
    pub(super) warning: Option<String>,
    /// Whether it is a revert, and of what, as far as the subject says it.
    pub(super) reverts: Option<Reverts>,
}

struct Reader<'a> {
    id: &'a str,
    author: &'a Author,
    rules: &'a Rules,
    warnings: Vec<Warning>,
}

/// Reads the message of a commit.
pub(super) fn read(message: &str, id: &str, author: &Author, rules: &Rules) -> Reading {
    let text = fold::clean(message);
    let (subject, rest) = fold::head_and_rest(&text);
    let mut reader = Reader { id, author, rules, warnings: Vec::new() };
    if subject.is_empty() {
        reader.warn("the message is empty; nothing is told of the commit");
        return reader.nothing("the message is empty", None);
    }
    if AUTOSQUASH.iter().any(|prefix| subject.starts_with(prefix)) {
        reader.warn(format!(
            "`{}` was never folded into its commit, and nothing is told of it; `git rebase --autosquash` folds it",
            fold::quote(subject)
        ));
        return reader.nothing("a commit that is meant to be folded into another", None);
    }
    match suffix::merge(subject, rest) {
        Some(merge) => reader.merge(merge, rest),
        None => reader.read(subject, rest, None),
    }
}

impl Reader<'_> {
    fn warn(&mut self, text: impl Into<String>) {
        self.warnings.push(Warning { origin: self.origin(), text: text.into() });
    }

    fn origin(&self) -> Origin {
        Origin::Commit(self.id.to_owned())
    }

    fn nothing(self, how: &str, pull_request: Option<u64>) -> Reading {
        let about = self.about("", pull_request);
        Reading { warnings: self.warnings, how: how.to_owned(), about, ..Reading::default() }
    }

    fn about(&self, subject: &str, pull_request: Option<u64>) -> About {
        About { commits: vec![self.id.to_owned()], pull_request, subject: fold::line(subject) }
    }

    fn merge(self, merge: Merge, rest: &str) -> Reading {
        let Merge::Request { number, title } = merge else {
            return self.nothing("a merge of branches, which changes nothing by itself", None);
        };
        if let Some(title) = title.filter(|title| !title.is_empty()) {
            return self.read(&title, rest, number);
        }
        let (title, body) = fold::head_and_rest(rest);
        if title.is_empty() || suffix::request_of_gitlab(title).is_some() || title.starts_with("Approved-by:")
        {
            return self.nothing("the merge of a pull request, without its title", number);
        }
        self.read(title, body, number)
    }

    fn read(mut self, subject: &str, rest: &str, merged: Option<u64>) -> Reading {
        let skipped = skip::marked(subject)
            || rest.lines().any(|line| skip::marked(line) && line.trim().starts_with('['));
        let subject = skip::unmarked(subject);
        let (bare, numbers) = suffix::strip(&subject);
        let quoted = revert::quoted(&subject);
        let (own, entries) = match quoted {
            Some(_) => (rest.to_owned(), Vec::new()),
            None => squash::split(rest, self.rules),
        };
        let body = footers::parse(&own);
        let mut told = told(bare, quoted.as_ref(), self.rules);
        let pull_request = merged.or(numbers.last().copied()).or_else(|| suffix::request_of_gitlab(rest));
        let reverts = reverts(&told, rest, &body);
        self.trailer(&body, &mut told);
        let header = self.change(&told, &body, pull_request, issues_of(&subject, &numbers, pull_request));
        let silent = skipped || body.value("changelog").is_some_and(skip::means_nothing);
        let how = how(&told, &header, pull_request, entries.len());
        self.complaints(&told, &body);
        let mut changes = vec![header];
        for entry in &entries {
            self.entry(entry, &mut changes);
        }
        let about = self.about(&subject, pull_request);
        if silent {
            return self.silence(&changes, about);
        }
        Reading { changes, warnings: self.warnings, how, about, silent: None, reverts }
    }

    /// `Changelog: fixed`, as GitLab reads it.
    fn trailer(&mut self, body: &Body, told: &mut Told) {
        let Some(value) = body.value("changelog").filter(|value| !skip::means_nothing(value)) else { return };
        let kind = kind_of(value);
        if matches!(kind, Kind::Other(_)) && !value.eq_ignore_ascii_case("other") {
            self.warn(format!(
                "`Changelog: {}` names no kind of change and is not followed; write added, fixed, changed, deprecated, \
                 removed, security, performance, other or none",
                fold::quote(value)
            ));
            return;
        }
        told.level = told.level.max(usual_level(&kind));
        told.how = format!("{}; `Changelog: {value}` gives the kind", told.how);
        told.kind = kind;
    }

    fn silence(mut self, changes: &[Change], about: About) -> Reading {
        if changes.iter().any(|change| change.level == Level::Major) {
            self.warn(
                "the message says that nobody is told of it, and that something breaks; nobody is told",
            );
        }
        Reading {
            warnings: self.warnings,
            how: "the message says that nobody is told of it".to_owned(),
            about,
            silent: Some(Origin::Commit(self.id.to_owned())),
            ..Reading::default()
        }
    }

    fn complaints(&mut self, told: &Told, body: &Body) {
        if let Some(warning) = &told.warning {
            self.warn(warning.clone());
        }
        if let Some(line) = &body.near {
            self.warn(format!(
                "`{line}` does not count as a breaking change; write `BREAKING CHANGE: ` in capitals, with the colon"
            ));
        }
    }

    fn change(&self, told: &Told, body: &Body, pull_request: Option<u64>, mut found: Vec<Issue>) -> Change {
        body.issues(&mut found);
        let (text, rest) = if told.text.is_empty() {
            let (line, rest) = fold::head_and_rest(&body.text);
            (line.to_owned(), fold::body(rest))
        } else {
            (told.text.clone(), body.text.clone())
        };
        let said = body.breaking();
        let breaking =
            (told.breaking || !body.breaking.is_empty()).then(|| said.unwrap_or_else(|| text.clone()));
        let mut people = vec![self.author.clone()];
        authors::unite(&mut people, body.people(self.rules));
        Change {
            kind: told.kind.clone(),
            level: if breaking.is_some() { self.rules.breaking } else { told.level },
            scope: told.scope.clone(),
            text,
            body: rest,
            breaking,
            packages: std::collections::BTreeSet::new(),
            pull_request,
            commits: vec![self.id.to_owned()],
            authors: people,
            issues: found,
            origin: self.origin(),
        }
    }

    /// Adds an entry of a squash list, unless it says what the header or another entry says.
    fn entry(&self, entry: &Entry, changes: &mut Vec<Change>) {
        let (bare, numbers) = suffix::strip(&entry.header.text);
        let mut told = of_header(&entry.header, self.rules);
        bare.clone_into(&mut told.text);
        let Some(first) = changes.first() else { return };
        let pull_request = first.pull_request.or(numbers.last().copied());
        let found = issues_of(&entry.header.text, &numbers, pull_request);
        let mut change = self.change(&told, &footers::parse(&entry.body), pull_request, found);
        authors::unite(&mut change.authors, first.authors.iter().cloned());
        let same = |known: &&mut Change| {
            fold::same(&known.text) == fold::same(&change.text)
                && (known.kind == change.kind || known.kind == Kind::Unknown)
        };
        let Some(known) = changes.iter_mut().find(same) else {
            changes.push(change);
            return;
        };
        if known.kind == Kind::Unknown {
            known.kind = change.kind;
            known.scope = known.scope.take().or(change.scope);
        }
        known.level = known.level.max(change.level);
        known.breaking = known.breaking.take().or(change.breaking);
        issues::unite(&mut known.issues, change.issues);
    }
}

/// Reads a subject without the number of its pull request.
pub(super) fn told(subject: &str, quoted: Option<&Quoted<'_>>, rules: &Rules) -> Told {
    if let Some(quoted) = quoted {
        return of_revert(quoted, rules);
    }
    match conventional::parse(subject, rules) {
        Parsed::Header(header) => of_header(&header, rules),
        Parsed::Attempt { remedy, breaking } => Told {
            breaking,
            warning: Some(format!("`{}` is no conventional header: {remedy}", fold::quote(subject))),
            how: "a header that went wrong, taken as it is".to_owned(),
            ..plain(subject)
        },
        Parsed::Plain => plain(subject),
    }
}

fn plain(subject: &str) -> Told {
    Told {
        kind: Kind::Unknown,
        level: Level::None,
        scope: None,
        text: fold::line(subject),
        breaking: false,
        how: "no conventional header; the subject is the text".to_owned(),
        warning: None,
        reverts: None,
    }
}

fn of_header(header: &Header, rules: &Rules) -> Told {
    let (kind, level) = header.asks(rules);
    let spelled = header.spelled();
    let mut warning = (!header.repairs.is_empty())
        .then(|| format!("{}; it is read as `{spelled}: …`", header.repairs.join(" and ")));
    if header.text.is_empty() {
        warning = Some(format!(
            "nothing stands behind `{spelled}:`; the first line of the body is taken as the text"
        ));
    }
    // `revert: feat: x` takes back `x`.
    let inner = match (&kind, conventional::parse(&header.text, rules)) {
        (Kind::Reverted, Parsed::Header(inner)) if rules.types.contains_key(&inner.word) => Some(inner),
        _ => None,
    };
    let text = fold::line(inner.as_ref().map_or(&header.text, |inner| &inner.text));
    let reverts = (kind == Kind::Reverted).then(|| Reverts::Subject(fold::line(&header.text)));
    Told {
        kind,
        level,
        scope: header.scope.clone().or(inner.and_then(|inner| inner.scope)),
        text,
        breaking: header.breaking,
        how: format!("conventional header `{spelled}:`"),
        warning,
        reverts,
    }
}

fn of_revert(quoted: &Quoted<'_>, rules: &Rules) -> Told {
    let (bare, _) = suffix::strip(quoted.subject);
    let mut inner = told(bare, None, rules);
    inner.warning = None;
    inner.reverts = Some(quoted.target());
    if quoted.times.is_multiple_of(2) {
        "a revert of a revert, which puts the change back".clone_into(&mut inner.how);
        return inner;
    }
    let (kind, level) = match rules.types.get("revert") {
        Some(asks) => (asks.kind.clone(), asks.level),
        None => (Kind::Reverted, Level::Patch),
    };
    Told { kind, level, breaking: false, how: "a revert, as git writes it".to_owned(), ..inner }
}

/// What is taken back: what body and footers name, else what the subject says.
fn reverts(told: &Told, rest: &str, body: &Body) -> Vec<Reverts> {
    let Some(subject) = &told.reverts else { return Vec::new() };
    let mut found = revert::targets(rest);
    found.extend(revert::in_footers(body));
    if found.is_empty() {
        found.push(subject.clone());
    }
    found.sort();
    found.dedup();
    found
}

/// The issues in a subject; of several numbers at its end the last is the pull request.
fn issues_of(subject: &str, numbers: &[u64], pull_request: Option<u64>) -> Vec<Issue> {
    let mut found = Vec::new();
    let (bare, _) = suffix::strip(subject);
    issues::in_text(bare, true, &mut found);
    for number in numbers.iter().filter(|number| Some(**number) != pull_request) {
        issues::add(&mut found, format!("#{number}"), false);
    }
    found
}

fn how(told: &Told, header: &Change, pull_request: Option<u64>, entries: usize) -> String {
    let mut how = format!("{}: {}", told.how, asked(&header.kind, header.level));
    match &header.breaking {
        Some(_) if !told.breaking => how.push_str("; a footer says what breaks"),
        Some(_) => how.push_str("; `!` says that it breaks something"),
        None => {}
    }
    if let Some(number) = pull_request {
        how.push_str(&format!("; pull request #{number}"));
    }
    if entries > 0 {
        how.push_str(&format!("; the body lists {entries} commits with headers of their own"));
    }
    how
}

/// The kind and the level in words.
pub(super) fn asked(kind: &Kind, level: Level) -> String {
    let kind = match kind {
        Kind::Other(word) => word.clone(),
        other => format!("{other:?}").to_lowercase(),
    };
    format!("{kind}, level {level}")
}
