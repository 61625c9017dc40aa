//! People, as trailers and forges name them.

use super::super::Author;
use super::fold;

/// The most people that are taken from one message.
const MAX_PEOPLE: usize = 200;

/// Reads `Ada Lovelace <ada@example.org>`, `@ada`, or a name alone.
pub(super) fn person(text: &str) -> Option<Author> {
    let text = fold::line(text);
    if let Some(login) = text.strip_prefix('@') {
        let login: String = login.chars().take_while(|c| !c.is_whitespace()).collect();
        return (!login.is_empty()).then(|| account(&login));
    }
    let (name, mail) = match text.split_once('<') {
        Some((name, rest)) => (name.trim(), rest.split('>').next().unwrap_or_default().trim()),
        None => (text.as_str(), ""),
    };
    let name = name.trim_matches('"').trim();
    if name.is_empty() && mail.is_empty() {
        return None;
    }
    let email = (!mail.is_empty()).then(|| mail.to_owned());
    let login = email.as_deref().and_then(login_of);
    Some(Author { name: name.to_owned(), email, login })
}

/// Somebody of whom only the account is known.
pub(super) fn account(login: &str) -> Author {
    Author { name: String::new(), email: None, login: Some(login.trim_start_matches('@').to_owned()) }
}

/// The account in an address that a forge gives to people who hide theirs: `12+ada@users.noreply.github.com`.
fn login_of(mail: &str) -> Option<String> {
    let (local, host) = mail.rsplit_once('@')?;
    let forge = host.to_ascii_lowercase();
    if !forge.starts_with("users.noreply.") {
        return None;
    }
    let login = match local.split_once('+') {
        Some((number, login)) if number.bytes().all(|byte| byte.is_ascii_digit()) => login,
        _ => local,
    };
    (!login.is_empty()).then(|| login.to_owned())
}

/// Adds people to others, each once, and completes those that are known by half.
pub(super) fn unite(into: &mut Vec<Author>, more: impl IntoIterator<Item = Author>) {
    for person in more {
        let full = into.len() >= MAX_PEOPLE;
        match into.iter_mut().find(|known| same(known, &person)) {
            Some(known) => {
                if known.name.is_empty() {
                    known.name = person.name;
                }
                known.email = known.email.take().or(person.email);
                known.login = known.login.take().or(person.login);
            }
            None if full => {}
            None => into.push(person),
        }
    }
}

/// Takes the first of others for the first of these, where one of them is known by the account and the other by the
/// name: who opened a pull request, and the author of its commit.
pub(super) fn unite_first(into: &mut [Author], more: &[Author]) {
    let (Some(first), Some(other)) = (into.first_mut(), more.first()) else { return };
    let account_only = |person: &Author| person.name.is_empty() && person.email.is_none();
    if account_only(first) && other.login.is_none() {
        first.name.clone_from(&other.name);
        first.email.clone_from(&other.email);
    } else if account_only(other) && first.login.is_none() {
        first.login.clone_from(&other.login);
    }
}

fn same(a: &Author, b: &Author) -> bool {
    let equal = |a: &Option<String>, b: &Option<String>| match (a, b) {
        (Some(a), Some(b)) => Some(a.eq_ignore_ascii_case(b)),
        _ => None,
    };
    match (equal(&a.login, &b.login), equal(&a.email, &b.email)) {
        (Some(true), _) | (_, Some(true)) => true,
        (Some(false), _) | (_, Some(false)) => false,
        (None, None) => {
            // One is known by the account and the other by the name: only equal names are taken for one person.
            !a.name.is_empty() && a.name.to_lowercase() == b.name.to_lowercase()
        }
    }
}
