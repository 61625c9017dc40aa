//! `.github/release.yml`: which pull requests the notes of a release show, and under which titles.

use tminus_manifests::yaml::{self, Item, Value};

use crate::changelog::PullRequestFacts;

/// The settings of `.github/release.yml`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReleaseYml {
    /// What is shown nowhere.
    pub exclude: Exclusion,
    /// The sections, in their order; the first one that a pull request fits has it.
    pub categories: Vec<Category>,
}

/// Pull requests that are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exclusion {
    /// Those with one of these labels; `*` is every pull request.
    pub labels: Vec<String>,
    /// Those of one of these accounts, with or without `[bot]` at the end.
    pub authors: Vec<String>,
}

/// A section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its title.
    pub title: String,
    /// The labels that put a pull request here; `*` is every pull request, also one without labels.
    pub labels: Vec<String>,
    /// What does not come here in spite of that.
    pub exclude: Exclusion,
}

/// The file cannot be read as settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}:{line}: {message}")]
pub struct ReleaseYmlError {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// What is wrong, and what to write.
    pub message: String,
}

impl ReleaseYml {
    /// Reads the text of the file; `path` is for errors. Labels and authors may be one text in place of a list.
    ///
    /// ```
    /// use tminus_engine::changelog::write::ReleaseYml;
    ///
    /// let settings = ReleaseYml::parse("release.yml", "changelog:\n  categories:\n    - title: All\n      labels: ['*']\n")?;
    /// assert_eq!(settings.categories[0].title, "All");
    /// let error = ReleaseYml::parse("release.yml", "changelog:\n  category: []\n").unwrap_err();
    /// assert_eq!(error.to_string(), "release.yml:2: unknown key \"category\": did you mean `categories`?");
    /// # Ok::<(), tminus_engine::changelog::write::ReleaseYmlError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - what is no YAML, or has a key twice
    /// - no `changelog` at the top, a key that is none of the format: `changelog: {exclude: {label: [a]}}`
    /// - a category without `title` or without `labels`
    /// - a list where a text belongs, or the other way round: `title: [a]`
    pub fn parse(path: &str, text: &str) -> Result<Self, ReleaseYmlError> {
        read(text).map_err(|(line, message)| ReleaseYmlError { path: path.to_owned(), line, message })
    }
}

impl Exclusion {
    /// Whether a pull request is left out.
    pub fn fits(&self, facts: &PullRequestFacts) -> bool {
        let author = without_bot(&facts.author);
        let named = |wanted: &String| !author.is_empty() && without_bot(wanted).eq_ignore_ascii_case(author);
        has_label(facts, &self.labels) || self.authors.iter().any(named)
    }
}

impl Category {
    /// Whether a pull request may come here.
    pub fn fits(&self, facts: &PullRequestFacts) -> bool {
        has_label(facts, &self.labels) && !self.exclude.fits(facts)
    }
}

fn without_bot(login: &str) -> &str {
    let login = login.trim_start_matches('@');
    login.strip_suffix("[bot]").unwrap_or(login)
}

fn has_label(facts: &PullRequestFacts, wanted: &[String]) -> bool {
    let own = |wanted: &String| facts.labels.iter().any(|own| own.to_lowercase() == wanted.to_lowercase());
    wanted.iter().any(|wanted| wanted == "*" || own(wanted))
}

type Wrong = (u32, String);

fn read(text: &str) -> Result<ReleaseYml, Wrong> {
    let document = yaml::read(text).map_err(|error| (error.line, error.message))?;
    let top = Keys::of(&document, &["changelog"])?;
    let changelog =
        top.get("changelog").ok_or((document.line, "there is no `changelog`: add it".to_owned()))?;
    let keys = Keys::of(changelog, &["exclude", "categories"])?;
    let categories = match keys.get("categories").map(|item| (&item.value, item.line)) {
        None | Some((Value::Nothing, _)) => Vec::new(),
        Some((Value::List(items), _)) => items.iter().map(category).collect::<Result<_, _>>()?,
        Some((_, line)) => return Err((line, "`categories` must be a list".to_owned())),
    };
    Ok(ReleaseYml { exclude: exclusion(keys.get("exclude"))?, categories })
}

fn category(item: &Item) -> Result<Category, Wrong> {
    let keys = Keys::of(item, &["title", "labels", "exclude"])?;
    let required =
        |name: &str| keys.get(name).ok_or((item.line, format!("the category has no `{name}`: add it")));
    let title = required("title")?;
    let Value::Text(text) = &title.value else {
        return Err((title.line, "`title` must be a text".to_owned()));
    };
    let labels = texts("labels", Some(required("labels")?))?;
    Ok(Category { title: text.clone(), labels, exclude: exclusion(keys.get("exclude"))? })
}

fn exclusion(item: Option<&Item>) -> Result<Exclusion, Wrong> {
    let Some(item) = item.filter(|item| item.value != Value::Nothing) else {
        return Ok(Exclusion::default());
    };
    let keys = Keys::of(item, &["labels", "authors"])?;
    let list = |name: &str| texts(name, keys.get(name));
    Ok(Exclusion { labels: list("labels")?, authors: list("authors")? })
}

fn texts(name: &str, item: Option<&Item>) -> Result<Vec<String>, Wrong> {
    let wrong = |line| (line, format!("`{name}` must be a list of texts"));
    let text = |item: &Item| match &item.value {
        Value::Text(text) => Ok(text.clone()),
        // `- *` without quotes is an alias for YAML.
        Value::Nothing => {
            Err((item.line, format!("an entry of `{name}` is no text: put it in quotes, as \"*\"")))
        }
        _ => Err(wrong(item.line)),
    };
    match item.map(|item| (&item.value, item.line)) {
        None | Some((Value::Nothing, _)) => Ok(Vec::new()),
        Some((Value::List(items), _)) => items.iter().map(text).collect(),
        Some((Value::Text(one), _)) => Ok(vec![one.clone()]),
        Some((Value::Map(_), line)) => Err(wrong(line)),
    }
}

/// The entries of a map whose keys are all known.
struct Keys<'a>(&'a [(String, u32, Item)]);

impl<'a> Keys<'a> {
    fn of(item: &'a Item, known: &[&str]) -> Result<Self, Wrong> {
        let Value::Map(entries) = &item.value else {
            return Err((item.line, format!("here belong the keys {}", quoted(known))));
        };
        match entries.iter().find(|(key, _, _)| !known.contains(&key.as_str())) {
            None => Ok(Self(entries)),
            Some((key, line, _)) => {
                let near = super::nearest(key, known.iter().copied());
                let help = near.map_or_else(
                    || format!("known are {}", quoted(known)),
                    |near| format!("did you mean `{near}`?"),
                );
                Err((*line, format!("unknown key {key:?}: {help}")))
            }
        }
    }

    fn get(&self, name: &str) -> Option<&'a Item> {
        self.0.iter().find(|(key, _, _)| key == name).map(|(_, _, item)| item)
    }
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
