//! People whose first change a release has.

use std::collections::{BTreeMap, BTreeSet};

use super::mailmap::Mailmap;
use crate::changelog::Author;

/// The people of a range who have no change before it, each once with the first pull request, in the order of the range.
///
/// `range` is what the range has, oldest first; `before` is everyone who has a change before it. Two authors are one
/// person by their logins where both have one, else by their mail addresses where both have one, else by their names;
/// names and addresses of `mailmap` count in place of the written ones. A `noreply` address of the forge says a login.
///
/// Accounts that end with `[bot]` are no people, nor are those named in `bots`.
///
/// ```
/// use std::collections::BTreeSet;
/// use tminus_engine::changelog::Author;
/// use tminus_engine::changelog::write::{Mailmap, newcomers};
///
/// let author = |login: &str| Author { name: String::new(), email: None, login: Some(login.to_owned()) };
/// let range = [(author("ada"), Some(7)), (author("eve"), Some(8)), (author("Eve"), Some(9)), (author("x[bot]"), None)];
/// let new = newcomers(&range, &[author("Ada")], &Mailmap::default(), &BTreeSet::new());
/// assert_eq!(new, [(author("eve"), Some(8))]);
/// ```
pub fn newcomers(
    range: &[(Author, Option<u64>)],
    before: &[Author],
    mailmap: &Mailmap,
    bots: &BTreeSet<String>,
) -> Vec<(Author, Option<u64>)> {
    let mut known = Known::default();
    for author in before {
        known.add(Keys::of(&mailmap.apply(author)), None);
    }
    let mut new: Vec<(Author, Option<u64>)> = Vec::new();
    for (author, number) in range {
        let author = mailmap.apply(author);
        let keys = Keys::of(&author);
        if keys.is_nobody() || is_bot(&author, bots) {
            continue;
        }
        match known.find(&keys) {
            Seen::Never => {
                known.add(keys, Some(new.len()));
                new.push((author, *number));
            }
            // A pull request can be learnt later than the commit that it brought.
            Seen::New(at) => {
                if let Some((_, first)) = new.get_mut(at).filter(|(_, first)| first.is_none()) {
                    *first = *number;
                }
                known.add(keys, Some(at));
            }
            Seen::Before => known.add(keys, None),
        }
    }
    new
}

/// Whether an author is a machine: its login or name ends with `[bot]`, or `bots` names it.
pub fn is_bot(author: &Author, bots: &BTreeSet<String>) -> bool {
    let login = author.login.as_deref().unwrap_or_default();
    let marked = |text: &str| text.ends_with("[bot]");
    let listed = |text: &str| bots.iter().any(|bot| !text.is_empty() && bot.eq_ignore_ascii_case(text));
    let mail = author.email.as_deref().unwrap_or_default();
    [login, &author.name].into_iter().any(|text| marked(text) || listed(text))
        || mail.contains("[bot]@")
        || listed(mail)
}

/// What a person is known by, in lower case.
#[derive(Debug, Clone)]
struct Keys {
    login: Option<String>,
    mail: Option<String>,
    name: Option<String>,
}

impl Keys {
    fn of(author: &Author) -> Self {
        let lower = |text: &str| Some(text.trim().to_lowercase()).filter(|text| !text.is_empty());
        let mail = author.email.as_deref().and_then(lower);
        let login = author.login.as_deref().and_then(lower).or_else(|| mail.as_deref().and_then(noreply));
        Self { login, mail, name: lower(&author.name) }
    }

    fn is_nobody(&self) -> bool {
        self.login.is_none() && self.mail.is_none() && self.name.is_none()
    }

    fn same(&self, other: &Self) -> bool {
        let levels = [(&self.login, &other.login), (&self.mail, &other.mail), (&self.name, &other.name)];
        levels.into_iter().find(|(one, other)| one.is_some() && other.is_some()).is_some_and(|(a, b)| a == b)
    }
}

/// The login in an address such as `12+ada@users.noreply.forge.example`.
fn noreply(mail: &str) -> Option<String> {
    let (local, host) = mail.split_once('@')?;
    let login = local.split_once('+').map_or(local, |(_, login)| login);
    (host.starts_with("users.noreply.") && !login.is_empty()).then(|| login.to_owned())
}

/// Whether a person was seen.
enum Seen {
    Never,
    /// Before the range.
    Before,
    /// In the range, as the new one at this place.
    New(usize),
}

/// Everyone seen so far, each with the place among the new ones.
#[derive(Default)]
struct Known {
    people: Vec<(Keys, Option<usize>)>,
    by_key: BTreeMap<(u8, String), Vec<usize>>,
}

impl Known {
    fn add(&mut self, keys: Keys, place: Option<usize>) {
        let at = self.people.len();
        for (level, key) in (0..).zip([&keys.login, &keys.mail, &keys.name]) {
            if let Some(key) = key {
                let found = self.by_key.entry((level, key.clone())).or_default();
                // The same person many times over is found by the first.
                if !found
                    .iter()
                    .any(|other| self.people.get(*other).is_some_and(|(other, _)| is_same(other, &keys)))
                {
                    found.push(at);
                }
            }
        }
        self.people.push((keys, place));
    }

    /// Whoever this is, if seen before; someone from before the range rather than a new one.
    fn find(&self, keys: &Keys) -> Seen {
        let levels = (0..).zip([&keys.login, &keys.mail, &keys.name]);
        let near = levels.filter_map(|(level, key)| self.by_key.get(&(level, key.clone()?))).flatten();
        let same = near.filter_map(|at| self.people.get(*at)).filter(|(other, _)| other.same(keys));
        match same.map(|(_, place)| *place).min() {
            None => Seen::Never,
            Some(None) => Seen::Before,
            Some(Some(at)) => Seen::New(at),
        }
    }
}

fn is_same(one: &Keys, other: &Keys) -> bool {
    (&one.login, &one.mail, &one.name) == (&other.login, &other.mail, &other.name)
}
