use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use toml_edit::{Document, Item, TableLike};

use super::de::{Fault, Node, unknown};
use super::{ChangelogRules, Config, Project, ReleaseKind, ReleaseRules, Scheme, Train, WorkspaceRules};

/// What is wrong with `tminus.toml`, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}:{line}:{column}: {message}{}{}", if hint.is_some() { "; " } else { "" }, hint.as_deref().unwrap_or(""))]
#[non_exhaustive]
pub struct ConfigError {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub hint: Option<String>,
}

const SECTIONS: [&str; 8] =
    ["project", "train", "release", "package", "destination", "workspace", "group", "changelog"];
const TRAIN_KEYS: [&str; 7] = ["scheme", "branches", "tag", "commit", "checks", "after", "release"];
const LIMIT_BYTES: usize = 4 * 1024 * 1024;

pub(super) fn parse(path: &str, text: &str) -> Result<Config, ConfigError> {
    let fail = |fault: Fault| place(path, text, fault);
    if text.len() > LIMIT_BYTES {
        return Err(fail(Fault::custom("the file is larger than 4 MiB")));
    }
    let document = Document::parse(text).map_err(|error| {
        let message = error.message().lines().collect::<Vec<_>>().join(" ");
        fail(Fault { span: error.span(), text: message, hint: None })
    })?;
    read(document.as_table()).map_err(fail)
}

fn read(root: &dyn TableLike) -> Result<Config, Fault> {
    let mut project = Project::default();
    let mut trains = None;
    let mut releases: BTreeMap<ReleaseKind, ReleaseRules> = BTreeMap::new();
    let mut release_span = None;
    let mut packages = Vec::new();
    let mut destinations = BTreeMap::new();
    let mut workspace = WorkspaceRules::default();
    let mut groups = Vec::new();
    let mut changelog = ChangelogRules::default();
    for (key, item) in root.iter() {
        let span = root.key(key).and_then(toml_edit::Key::span);
        match key {
            "project" => project = section(item)?,
            "train" => trains = Some(read_trains(item)?),
            "release" => {
                releases = section(item)?;
                release_span = span;
            }
            "package" => packages = section(item)?,
            "destination" => destinations = section(item)?,
            "workspace" => workspace = section(item)?,
            "group" => groups = section(item)?,
            "changelog" => changelog = section(item)?,
            other => return Err(Fault { span, ..unknown("section", other, &SECTIONS) }),
        }
    }
    let mut config =
        Config { project, trains: BTreeMap::new(), packages, workspace, groups, changelog, destinations };
    config.trains = match trains {
        Some(Trains::Named(trains)) if release_span.is_none() => trains,
        Some(Trains::Named(_)) => {
            let text = "with several trains, write [train.NAME.release.KIND]".to_owned();
            return Err(Fault { span: release_span, text, hint: None });
        }
        single => {
            let mut train = match single {
                Some(Trains::Single(train)) => *train,
                _ => section::<Train>(&Item::Table(toml_edit::Table::new()))?,
            };
            train.release.extend(releases);
            BTreeMap::from([(super::SHORTHAND.to_owned(), train)])
        }
    };
    check(&config, root)?;
    Ok(config)
}

enum Trains {
    Single(Box<Train>),
    Named(BTreeMap<String, Train>),
}

/// `[train]` is the shorthand of a single train as soon as it holds one of a train's own keys.
fn read_trains(item: &Item) -> Result<Trains, Fault> {
    let table = item.as_table_like().ok_or_else(|| Fault::custom("[train] must be a table"))?;
    let single = table.is_empty()
        || table.iter().any(|(key, item)| TRAIN_KEYS.contains(&key) || !item.is_table_like());
    if single {
        section(item).map(|train| Trains::Single(Box::new(train)))
    } else {
        section(item).map(Trains::Named)
    }
}

fn section<'a, T: Deserialize<'a>>(item: &'a Item) -> Result<T, Fault> {
    let node = Node::of(item).ok_or_else(|| Fault::custom("an empty section"))?;
    T::deserialize(node)
}

/// What no single value can tell: references and names used twice.
fn check(config: &Config, root: &dyn TableLike) -> Result<(), Fault> {
    let mut tags: BTreeMap<&str, &str> = BTreeMap::new();
    for (name, train) in &config.trains {
        if let Some(other) = tags.insert(train.tag.name.as_str(), name) {
            let text =
                format!("the trains `{other}` and `{name}` make the same tags, {}", train.tag.name.as_str());
            let hint = Some(format!("for example tag = \"{name}-v{{version}}\""));
            let named = root.get("train").and_then(Item::as_table_like).and_then(|trains| trains.get(name));
            return Err(Fault { span: named.and_then(Item::span), text, hint });
        }
    }
    let mut names = BTreeSet::new();
    for (index, package) in config.packages.iter().enumerate() {
        let at = |text: String| {
            let table = root.get("package").and_then(Item::as_array_of_tables).and_then(|all| all.get(index));
            Fault { span: table.and_then(toml_edit::Table::span), text, hint: None }
        };
        let at_key = |key: &str, text: String| {
            let table = root.get("package").and_then(Item::as_array_of_tables).and_then(|all| all.get(index));
            let span = table.and_then(|table| table.get(key)).and_then(Item::span);
            Fault { span: span.or(at(String::new()).span), text, hint: None }
        };
        if package.name.trim().is_empty() {
            return Err(at("the package has no name".to_owned()));
        }
        if !names.insert(package.name.as_str()) {
            return Err(at(format!("the package `{}` stands here twice", package.name)));
        }
        if let Some(train) = package.train.as_deref().filter(|train| !config.trains.contains_key(*train)) {
            let known: Vec<_> = config.trains.keys().map(String::as_str).collect();
            return Err(Fault {
                span: at_key("train", String::new()).span,
                ..unknown("train", train, &known)
            });
        }
        if package.train.is_none() && config.trains.len() > 1 {
            return Err(at(format!(
                "there are several trains: say which one `{}` belongs to, train = \"…\"",
                package.name
            )));
        }
        if package.build.as_ref().is_some_and(|build| build.command.is_empty()) {
            return Err(at_key("build", format!("the build command of `{}` is empty", package.name)));
        }
        let uploads = package.publish.iter().any(|publish| publish.by == super::Publisher::Oneself);
        if uploads && package.build.is_none() {
            return Err(at(format!(
                "`{}` is published but not built: add build = [\"python\", \"-m\", \"build\"]",
                package.name
            )));
        }
        for (position, publish) in package.publish.iter().enumerate() {
            if package.publish.iter().take(position).any(|earlier| earlier.to == publish.to) {
                return Err(at(format!("`{}` is published to `{}` twice", package.name, publish.to)));
            }
            if !config.destinations.contains_key(&publish.to) && !well_known(&publish.to) {
                let text = format!(
                    "`{}` is published to `{}`, which is no known destination",
                    package.name, publish.to
                );
                let hint = format!("use pypi or testpypi, or add [destination.{}]", publish.to);
                return Err(Fault { hint: Some(hint), ..at_key("publish", text) });
            }
        }
    }
    Ok(())
}

/// Destinations that need no section: their endpoints are resolved from the environment and the user's files.
fn well_known(destination: &str) -> bool {
    matches!(destination, "pypi" | "testpypi")
}

fn place(path: &str, text: &str, fault: Fault) -> ConfigError {
    let start = fault.span.map_or(0, |span: Range<usize>| span.start);
    let before = text.get(..start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    ConfigError { path: path.to_owned(), line, column, message: fault.text, hint: fault.hint }
}

pub(super) fn from_text<'de, D: Deserializer<'de>, T: std::str::FromStr<Err: std::fmt::Display>>(
    deserializer: D,
) -> Result<T, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}

pub(super) fn optional_from_text<'de, D: Deserializer<'de>, T: std::str::FromStr<Err: std::fmt::Display>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    from_text(deserializer).map(Some)
}

pub(super) fn scheme<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Scheme, D::Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Word {
        Pep440,
        Semver,
    }
    Ok(match Word::deserialize(deserializer)? {
        Word::Pep440 => Scheme::Pep440,
        Word::Semver => Scheme::Semver,
    })
}

/// Implements `Deserialize` for a value that may be written as a text, a table, a list or a flag.
macro_rules! text_or_table {
    ($type:ty, $expected:literal, |$text:ident| $from_text:expr
        $(, table $table:ty => |$table_value:ident| $from_table:expr)?
        $(, list $list:ty => |$list_value:ident| $from_list:expr)?
        $(, flag |$flag:ident| $from_flag:expr)?) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Shapes;
                impl<'de> serde::de::Visitor<'de> for Shapes {
                    type Value = $type;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str($expected)
                    }

                    fn visit_str<E: serde::de::Error>(self, $text: &str) -> Result<$type, E> {
                        let read = |$text: &str| -> Result<$type, String> { $from_text };
                        read($text).map_err(E::custom)
                    }

                    $(fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<$type, A::Error> {
                        let $table_value = <$table as serde::Deserialize>::deserialize(
                            serde::de::value::MapAccessDeserializer::new(map),
                        )?;
                        Ok($from_table)
                    })?

                    $(fn visit_seq<A: serde::de::SeqAccess<'de>>(self, list: A) -> Result<$type, A::Error> {
                        let $list_value = <$list as serde::Deserialize>::deserialize(
                            serde::de::value::SeqAccessDeserializer::new(list),
                        )?;
                        Ok($from_list)
                    })?

                    $(fn visit_bool<E: serde::de::Error>(self, $flag: bool) -> Result<$type, E> {
                        Ok($from_flag)
                    })?
                }
                deserializer.deserialize_any(Shapes)
            }
        }
    };
}
pub(super) use text_or_table;
