//! The names and addresses that people go by, as git's `.mailmap` says them.

use crate::changelog::Author;

/// The lines of a `.mailmap`.
///
/// ```
/// use tminus_engine::changelog::Author;
/// use tminus_engine::changelog::write::Mailmap;
///
/// let map = Mailmap::parse("# people\nAda Lovelace <ada@demo.example> <ada@old.example>\n");
/// let old = Author { name: "ada".to_owned(), email: Some("ADA@old.example".to_owned()), login: None };
/// let new = map.apply(&old);
/// assert_eq!((new.name.as_str(), new.email.as_deref()), ("Ada Lovelace", Some("ada@demo.example")));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mailmap(Vec<Entry>);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Entry {
    name: Option<String>,
    mail: Option<String>,
    /// What has to be written for the line to count.
    old_name: Option<String>,
    old_mail: String,
}

impl Mailmap {
    /// Reads the text of a `.mailmap`. A line that is none counts for nothing, as git takes it.
    pub fn parse(text: &str) -> Self {
        Self(text.lines().filter_map(entry).collect())
    }

    /// The author under the name and address to go by. A line that names both counts before one that has the address
    /// only, and a later line before an earlier one.
    pub fn apply(&self, author: &Author) -> Author {
        let mut author = author.clone();
        let Some(mail) = author.email.as_deref() else { return author };
        let fits = |entry: &&Entry, named: bool| {
            entry.old_mail.eq_ignore_ascii_case(mail)
                && entry.old_name.is_some() == named
                && entry.old_name.as_deref().is_none_or(|name| name.eq_ignore_ascii_case(&author.name))
        };
        let find = |named: bool| self.0.iter().rfind(|entry| fits(entry, named));
        let Some(entry) = find(true).or_else(|| find(false)).cloned() else { return author };
        if let Some(name) = entry.name {
            author.name = name;
        }
        if let Some(mail) = entry.mail {
            author.email = Some(mail);
        }
        author
    }
}

/// `Name <mail>`, `<mail> <old>`, `Name <mail> <old>` or `Name <mail> Old <old>`.
fn entry(line: &str) -> Option<Entry> {
    let line = line.trim();
    if line.starts_with('#') {
        return None;
    }
    let (name, rest) = line.split_once('<')?;
    let (mail, rest) = rest.split_once('>')?;
    let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let (name, mail) = (text(name), text(mail)?);
    let Some((old_name, rest)) = rest.split_once('<') else {
        return Some(Entry { name: Some(name?), mail: None, old_name: None, old_mail: mail });
    };
    let old_mail = text(rest.split_once('>')?.0)?;
    Some(Entry { name, mail: Some(mail), old_name: text(old_name), old_mail })
}
