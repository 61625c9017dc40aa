//! The search for issues and pull requests, by the terms that GitHub's documentation gives.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

use super::super::{
    issues,
    state::{ForgeState, Issue, IssueState, Repository},
};

/// What a query finds, in the order of repositories and numbers.
///
/// `repo:`, `is:`, `type:`, `state:`, `author:`, `head:`, `base:`, `label:`, `merged:` and `created:` are understood; any
/// other word must stand in the title or the text.
pub(crate) fn search<'a>(
    forge: &'a ForgeState,
    query: &str,
    readable: impl Fn(&Repository) -> bool,
) -> Vec<(&'a Repository, &'a Issue)> {
    let terms: Vec<&str> = query.split_whitespace().collect();
    let mut found: Vec<(&Repository, &Issue)> = Vec::new();
    for repository in forge.repositories.values().filter(|repository| readable(repository)) {
        let name = format!("{}/{}", repository.owner, repository.name);
        let mut wanted = terms.iter().filter_map(|term| term.strip_prefix("repo:")).peekable();
        if wanted.peek().is_some() && !wanted.any(|wanted| wanted.eq_ignore_ascii_case(&name)) {
            continue;
        }
        let mut here: Vec<&Issue> =
            repository.issues.iter().filter(|issue| terms.iter().all(|term| fits(issue, term))).collect();
        here.sort_by_key(|issue| issue.number);
        found.extend(here.into_iter().map(|issue| (repository, issue)));
    }
    found
}

fn fits(issue: &Issue, term: &str) -> bool {
    let Some((name, value)) = term.split_once(':') else { return has_word(issue, term) };
    let value = value.trim_matches('"');
    let pull = issue.pull_request.as_ref();
    match name {
        // Judged with the repository.
        "repo" => true,
        "is" | "type" | "state" => match value {
            "pr" | "pull-request" => pull.is_some(),
            "issue" => pull.is_none(),
            "merged" => pull.is_some_and(|pull| pull.merged_at.is_some()),
            "unmerged" => pull.is_some_and(|pull| pull.merged_at.is_none()),
            "open" => issue.state == IssueState::Open,
            "closed" => issue.state == IssueState::Closed,
            _ => false,
        },
        "author" => match value.strip_prefix("app/") {
            Some(app) => issue.author.eq_ignore_ascii_case(&format!("{app}[bot]")),
            None => issue.author.eq_ignore_ascii_case(value),
        },
        "head" => pull.is_some_and(|pull| pull.head == value),
        "base" => pull.is_some_and(|pull| pull.base == value),
        "label" => issue.labels.iter().any(|label| label.eq_ignore_ascii_case(value)),
        "merged" => pull.and_then(|pull| pull.merged_at.as_deref()).is_some_and(|at| within(at, value)),
        "created" => within(&issue.created_at, value),
        _ => has_word(issue, term),
    }
}

fn has_word(issue: &Issue, word: &str) -> bool {
    let word = word.to_lowercase();
    let inside = |text: &str| text.to_lowercase().contains(&word);
    inside(&issue.title) || issue.body.as_deref().is_some_and(inside)
}

/// Whether an instant lies where `<DATE`, `<=DATE`, `>DATE`, `>=DATE`, `DATE` or `DATE..DATE` says.
fn within(at: &str, range: &str) -> bool {
    let Some(at) = issues::instant(at) else { return false };
    let compare = |bound: &str, inside: fn(Timestamp, (Timestamp, Timestamp)) -> bool| {
        span(bound).is_some_and(|span| inside(at, span))
    };
    if let Some(bound) = range.strip_prefix("<=") {
        compare(bound, |at, (_, last)| at <= last)
    } else if let Some(bound) = range.strip_prefix(">=") {
        compare(bound, |at, (first, _)| at >= first)
    } else if let Some(bound) = range.strip_prefix('<') {
        compare(bound, |at, (first, _)| at < first)
    } else if let Some(bound) = range.strip_prefix('>') {
        compare(bound, |at, (_, last)| at > last)
    } else if let Some((from, to)) = range.split_once("..") {
        (from == "*" || compare(from, |at, (first, _)| at >= first))
            && (to == "*" || compare(to, |at, (_, last)| at <= last))
    } else {
        compare(range, |at, (first, last)| first <= at && at <= last)
    }
}

/// The first and the last instant of a day, or an instant twice.
fn span(text: &str) -> Option<(Timestamp, Timestamp)> {
    if let Some(at) = issues::instant(text) {
        return Some((at, at));
    }
    let first = text.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp();
    Some((first, first.checked_add(SignedDuration::new(86_399, 0)).ok()?))
}
