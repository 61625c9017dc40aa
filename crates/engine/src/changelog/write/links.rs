//! Addresses of pull requests and issues.

use crate::changelog::{Change, Document, Issue};

/// `[#12](…)` for a pull request, or `#12` where no address is known.
pub(super) fn pull_request(document: &Document, number: u64) -> String {
    let facts = document.pull_requests.iter().find(|facts| facts.number == number);
    let url = facts.map(|facts| facts.url.clone()).filter(|url| !url.is_empty() && !url.starts_with('#'));
    let url =
        url.or_else(|| document.release.repository_url.as_ref().map(|url| format!("{url}/pull/{number}")));
    link(&format!("#{number}"), url.as_deref())
}

/// A link to an issue; the reference alone where it has no address.
pub(super) fn issue(document: &Document, issue: &Issue) -> String {
    let reference = super::inert::one_line(&issue.reference);
    let label = label(document, &reference);
    link(&label, issue_url(document, &reference).as_deref())
}

/// What the change links to: its pull request, then its issues, each once.
pub(super) fn of_change(document: &Document, change: &Change) -> Vec<String> {
    let mut links: Vec<String> =
        change.pull_request.map(|number| pull_request(document, number)).into_iter().collect();
    let own = change.pull_request.map(|number| format!("#{number}"));
    for found in &change.issues {
        let text = issue(document, found);
        let label = label(document, &super::inert::one_line(&found.reference));
        if Some(&label) != own.as_ref() && !links.contains(&text) {
            links.push(text);
        }
    }
    links
}

/// The address of an issue that is written as `#12`, `owner/name#12` or a URL; others, such as `PROJ-7`, have none.
pub(super) fn issue_url(document: &Document, reference: &str) -> Option<String> {
    if reference.starts_with("https://") || reference.starts_with("http://") {
        return Some(reference.to_owned());
    }
    let home = document.release.repository_url.as_deref()?;
    let (repository, number) = reference.split_once('#')?;
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if repository.is_empty() {
        return Some(format!("{home}/issues/{number}"));
    }
    let scheme = home.find("://").map(|at| at + 3)?;
    let host = home.get(scheme..)?.find('/').map_or(home, |slash| home.get(..scheme + slash).unwrap_or(home));
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let parts: Vec<&str> = repository.split('/').collect();
    let named = parts.len() >= 2 && parts.iter().all(|part| !part.is_empty() && part.chars().all(plain));
    named.then(|| format!("{host}/{repository}/issues/{number}"))
}

/// `#12` for an address of this repository, `owner/name#12` for one of another.
fn label(document: &Document, reference: &str) -> String {
    let short = || {
        let (start, number) =
            ["/issues/", "/pull/"].into_iter().find_map(|mark| reference.split_once(mark))?;
        let number =
            number.split(['#', '?', '/']).next().filter(|n| n.bytes().all(|byte| byte.is_ascii_digit()))?;
        if Some(start) == document.release.repository_url.as_deref() {
            return Some(format!("#{number}"));
        }
        let path = start.split_once("://")?.1.split_once('/')?.1;
        Some(format!("{path}#{number}"))
    };
    let is_url = reference.contains("://");
    is_url.then(short).flatten().unwrap_or_else(|| reference.to_owned())
}

/// A Markdown link whose text and address cannot leave it.
pub(super) fn link(text: &str, url: Option<&str>) -> String {
    let text = super::inert::line(text);
    // It never stands at the start of a line.
    let text = text.strip_prefix("\\#").map_or(text.clone(), |rest| format!("#{rest}"));
    let Some(url) = url else { return text };
    let text = text.replace('[', "\\[").replace(']', "\\]");
    format!("[{text}]({})", address(url))
}

/// An address without the characters that end the brackets of a link.
pub(super) fn address(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for character in url.chars() {
        match character {
            '(' => out.push_str("%28"),
            ')' => out.push_str("%29"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            '\\' => out.push_str("%5C"),
            c if c.is_whitespace() || c.is_control() => out.push_str("%20"),
            c => out.push(c),
        }
    }
    out
}

/// A tag as a part of an address; `/` stays.
pub(super) fn encoded(tag: &str) -> String {
    let mut out = String::with_capacity(tag.len());
    for byte in tag.bytes() {
        let plain = byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'/' | b'+' | b'@' | b'!');
        if plain { out.push(char::from(byte)) } else { out.push_str(&format!("%{byte:02X}")) }
    }
    out
}
