//! The filters of templates, beside those of minijinja.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::value::{Kwargs, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind};

use super::super::{inert, keep, links};
use crate::changelog::{Document, Issue};

/// The widest that lines may be moved or filled.
const MAX_WIDTH: usize = 1_000;

pub(super) fn add(environment: &mut Environment<'_>, document: Arc<Document>) {
    // Width and precision of the first, and padding of the second, have no limit.
    environment.remove_filter("format");
    environment.add_filter("indent", indent);
    environment.add_filter("inert", |text: &str| inert::line(text));
    environment.add_filter("one_line", |text: &str| inert::one_line(text));
    environment.add_filter("block", block);
    environment.add_filter("scope", |scope: Option<String>| {
        scope.map(|text| keep::scope(&text)).unwrap_or_default()
    });
    environment.add_filter("upper_first", |text: &str| first(text, |c| c.to_uppercase().collect()));
    environment.add_filter("lower_first", |text: &str| first(text, |c| c.to_lowercase().collect()));
    environment.add_filter("trim_message", trim_message);
    environment.add_filter("short", |id: &str| id.chars().take(7).collect::<String>());
    environment.add_filter("link", |text: &str, url: Option<String>| links::link(text, url.as_deref()));
    environment.add_filter("wrap", wrap);
    environment.add_filter("group_by", group_by);
    let own = Arc::clone(&document);
    environment.add_filter("pull_request_link", move |number: u64| links::pull_request(&own, number));
    environment.add_filter("issue_link", move |reference: &str| {
        links::issue(&document, &Issue { reference: reference.to_owned(), closes: false })
    });
}

fn first(text: &str, change: impl Fn(char) -> String) -> String {
    let mut rest = text.chars();
    rest.next().map(change).unwrap_or_default() + rest.as_str()
}

/// The first line of a message, without the number of a pull request at its end.
fn trim_message(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default().trim();
    let number = line.strip_suffix(')').and_then(|line| line.rsplit_once(" (#"));
    let plain = number.filter(|(_, number)| number.bytes().all(|byte| byte.is_ascii_digit()));
    plain.map_or(line, |(start, _)| start.trim_end()).to_owned()
}

fn width(width: usize) -> Result<usize, Error> {
    if width <= MAX_WIDTH { Ok(width) } else { Err(invalid(format!("{width} is wider than {MAX_WIDTH}"))) }
}

fn invalid(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that minijinja wants")]
/// The lines behind `count` spaces; the first one too with `first=true`.
fn indent(text: &str, count: usize, options: Kwargs) -> Result<String, Error> {
    let whole = options.get::<Option<bool>>("first")?.unwrap_or_default();
    options.assert_all_used()?;
    let space = " ".repeat(width(count)?);
    let moved = text.split('\n').enumerate().map(|(at, line)| {
        if line.is_empty() || (at == 0 && !whole) { line.to_owned() } else { format!("{space}{line}") }
    });
    Ok(moved.collect::<Vec<_>>().join("\n"))
}

fn block(text: &str, indent: Option<String>) -> Result<String, Error> {
    let indent = indent.unwrap_or_else(|| "  ".to_owned());
    width(indent.chars().count())?;
    if !indent.chars().all(|c| c == ' ' || c == '\t') {
        return Err(invalid("`block` takes spaces"));
    }
    Ok(inert::block(text, &indent))
}

/// The words of a text in lines of at most `most` characters, all but the first behind `indent` spaces.
fn wrap(text: &str, most: usize, indent: Option<usize>) -> Result<String, Error> {
    let (most, space) = (width(most)?, " ".repeat(width(indent.unwrap_or(0))?));
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let fits = |line: &&mut String| line.chars().count() + 1 + word.chars().count() <= most;
        if let Some(line) = lines.last_mut().filter(fits) {
            line.push_str(&format!(" {word}"));
        } else {
            let start = if lines.is_empty() { "" } else { &space };
            lines.push(format!("{start}{word}"));
        }
    }
    Ok(lines.join("\n"))
}

/// Changes by `kind`, `scope`, `section`, `level` or `package`: a list of `{name, changes}` in the order of the names, those
/// without one first, under `none`. With `package` a change stands under each of its packages.
fn group_by(changes: &Value, by: &str) -> Result<Value, Error> {
    let key = match by {
        "package" => "packages",
        "kind" | "scope" | "section" | "level" => by,
        other => {
            return Err(invalid(format!(
                "changes have no {other:?}: group by kind, scope, section, level or package"
            )));
        }
    };
    let mut groups: BTreeMap<Option<String>, Vec<Value>> = BTreeMap::new();
    for change in changes.try_iter()? {
        let value = change.get_attr(key)?;
        let names: Vec<Option<String>> = match value.kind() {
            ValueKind::Seq => value.try_iter()?.map(|name| name.as_str().map(str::to_owned)).collect(),
            _ => vec![value.as_str().map(str::to_owned)],
        };
        let names = if names.is_empty() { vec![None] } else { names };
        for name in names {
            groups.entry(name).or_default().push(change.clone());
        }
    }
    let listed = groups.into_iter().map(|(name, changes)| {
        Value::from_pairs([("name", Value::from(name)), ("changes", Value::from(changes))])
    });
    Ok(listed.collect())
}
