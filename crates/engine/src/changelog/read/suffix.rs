//! The numbers of pull requests that forges put into subjects.

use super::fold;

/// A subject without the numbers at its end, and these, first to last: `mend it (#12) (#15)`.
pub(super) fn strip(subject: &str) -> (&str, Vec<u64>) {
    let mut rest = subject.trim();
    let mut numbers = Vec::new();
    while let Some((head, number)) = last(rest) {
        // A subject that is nothing but a number keeps it as its text.
        if head.is_empty() {
            break;
        }
        numbers.insert(0, number);
        rest = head;
    }
    (rest, numbers)
}

fn last(text: &str) -> Option<(&str, u64)> {
    let inner = text.strip_suffix(')')?;
    let (head, number) = inner.rsplit_once('(')?;
    let number = number.strip_prefix(['#', '!'])?;
    Some((head.trim_end(), digits(number)?))
}

/// A whole number without sign.
pub(super) fn digits(text: &str) -> Option<u64> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// What the subject of a merge commit says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Merge {
    /// A forge merged a pull request; a title, where the subject holds it.
    Request { number: Option<u64>, title: Option<String> },
    /// A branch, a tag or a commit was merged.
    Branch,
}

/// Reads the subject of a merge commit, as git, GitHub, GitLab, Bitbucket and Azure write them.
pub(super) fn merge(subject: &str, body: &str) -> Option<Merge> {
    if let Some(rest) = subject.strip_prefix("Merge pull request #") {
        let (number, rest) = leading(rest);
        // Bitbucket Server puts the title behind: `Merge pull request #3 in P/r from a to b`.
        let known = rest.trim_start();
        return (known.is_empty() || known.starts_with("from ") || known.starts_with("in "))
            .then_some(Merge::Request { number, title: None });
    }
    if let Some(rest) = subject.strip_prefix("Merged PR ") {
        let (number, rest) = leading(rest);
        let title = rest.trim_start().strip_prefix(':')?.trim();
        return Some(Merge::Request { number, title: Some(title.to_owned()) });
    }
    if subject.starts_with("Merged in ") && subject.contains("(pull request #") {
        let number = subject.rsplit_once("(pull request #").and_then(|(_, rest)| leading(rest).0);
        return Some(Merge::Request { number, title: None });
    }
    let merged = ["branch '", "branches '", "remote-tracking branch", "tag '", "commit '", "branch \""]
        .iter()
        .any(|what| subject.strip_prefix("Merge ").is_some_and(|rest| rest.starts_with(what)));
    // What people write by hand: `Merge main into feature`.
    let into = subject.strip_prefix("Merge ").is_some_and(|rest| {
        let words: Vec<&str> = rest.split_whitespace().collect();
        words.len() == 3 && words.get(1) == Some(&"into")
    });
    (merged || into).then(|| match request_of_gitlab(body) {
        Some(number) => Merge::Request { number: Some(number), title: None },
        None => Merge::Branch,
    })
}

/// `See merge request group/name!12`.
pub(super) fn request_of_gitlab(body: &str) -> Option<u64> {
    body.lines().find_map(|line| {
        let rest = fold::strip_prefix_ignoring_case(line.trim(), "See merge request ")?;
        digits(rest.rsplit_once('!')?.1.trim())
    })
}

/// The number at the beginning of a text, and the rest.
pub(super) fn leading(text: &str) -> (Option<u64>, &str) {
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at_checked(end).unwrap_or(("", text));
    (digits(number), rest)
}
