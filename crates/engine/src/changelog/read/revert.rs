//! Subjects and bodies of reverts, as git and forges write them.

use super::super::Reverts;
use super::suffix::{self, leading};
use super::{fold, footers};

/// A subject that takes something back, or puts it back again.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Quoted<'a> {
    /// The innermost subject.
    pub(super) subject: &'a str,
    /// How often it was taken back: an even number puts it back.
    pub(super) times: usize,
    /// The subject inside the first quotes, which is what this one takes back.
    target: &'a str,
}

/// Reads `Revert "subject"` and `Reapply "subject"`, also one inside the other.
pub(super) fn quoted(subject: &str) -> Option<Quoted<'_>> {
    let (mut rest, _) = suffix::strip(subject);
    let mut times = 0;
    let mut target = None;
    while let Some((inner, count)) = unquote(rest) {
        times += count;
        target.get_or_insert(inner);
        rest = inner;
    }
    Some(Quoted { subject: rest, times, target: target? })
}

fn unquote(text: &str) -> Option<(&str, usize)> {
    let (rest, count) = match text.strip_prefix("Revert ").or_else(|| text.strip_prefix("revert ")) {
        Some(rest) => (rest, 1),
        None => (text.strip_prefix("Reapply ")?, 2),
    };
    let inner = rest.strip_prefix('"')?;
    // A subject that was cut has lost its last quote.
    let inner = inner.strip_suffix('"').unwrap_or(inner).trim();
    (!inner.is_empty()).then_some((inner, count))
}

impl Quoted<'_> {
    /// What it takes back, by the subject alone: the pull request that is named in it, else its words.
    pub(super) fn target(&self) -> Reverts {
        match suffix::strip(self.target).1.last() {
            Some(number) => Reverts::PullRequest(*number),
            None => Reverts::Subject(fold::line(self.target)),
        }
    }
}

/// What a body says is taken back: `This reverts commit ID.`, `Reverts owner/name#12`.
pub(super) fn targets(body: &str) -> Vec<Reverts> {
    let text = fold::line(body);
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    for (at, phrase) in lower.match_indices("reverts ") {
        let begins =
            at == 0 || lower.get(..at).is_some_and(|before| !before.ends_with(char::is_alphanumeric));
        let rest = lower.get(at + phrase.len()..).unwrap_or_default();
        if begins {
            add_targets(rest, &mut found);
        }
        if found.len() > 100 {
            break;
        }
    }
    found
}

fn add_targets(rest: &str, found: &mut Vec<Reverts>) {
    if let Some(ids) = rest.strip_prefix("commits ").or_else(|| rest.strip_prefix("commit ")) {
        for word in ids.split([' ', ',']).filter(|word| !word.is_empty() && *word != "and") {
            match footers::hashes(word).pop() {
                Some(id) => found.push(Reverts::Commit(id)),
                None => break,
            }
            if word.ends_with('.') {
                break;
            }
        }
        return;
    }
    let word = ["merge request ", "pull request ", "pr ", "mr "]
        .iter()
        .find_map(|what| rest.strip_prefix(what))
        .unwrap_or(rest)
        .split(' ')
        .next()
        .unwrap_or_default();
    if let Some((_, number)) = word.split_once(['#', '!'])
        && let (Some(number), after) = leading(number)
        && !after.starts_with(char::is_alphanumeric)
    {
        found.push(Reverts::PullRequest(number));
    }
}

/// The commits that the footers of `revert: …` name (`Refs: 676104e, a215868`).
pub(super) fn in_footers(body: &footers::Body) -> Vec<Reverts> {
    let named = body.footers.iter().filter(|footer| {
        ["refs", "ref", "reverts"].iter().any(|token| footer.token.eq_ignore_ascii_case(token))
    });
    named.flat_map(|footer| footers::hashes(&footer.value)).map(Reverts::Commit).collect()
}
