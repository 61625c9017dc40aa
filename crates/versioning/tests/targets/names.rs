//! Templates, and the small names and values that are kept as text.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use tminus_versioning::template::Placeholder;
use tminus_versioning::{
    BranchName, Date, DateTime, LocalPart, ReleaseLine, ReleaseVersion, Scheme, TagName, Template, Values,
};

/// A template on the first line and a version on the second one: it fills as its text says, and nothing else does.
pub(crate) fn template(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (first, second) = text.split_once('\n').unwrap_or((text, ""));
    let template = match first.parse::<Template>() {
        Ok(template) => template,
        Err(error) => {
            assert!(error.to_string().chars().count() < 500);
            return;
        }
    };
    assert_eq!(template.as_str(), first);
    assert_eq!(template.to_string().parse::<Template>().as_ref(), Ok(&template));
    let version: ReleaseVersion = second.parse().unwrap_or_else(|_| ReleaseVersion::new(0, 4, 0));
    let values = Values::of(&version, Scheme::Pep440).expect("PEP 440 says every version");
    let values = values.package("demo{version}").date("2026-02-02").previous("}");
    let next = [Placeholder::NextMajor, Placeholder::NextMinor, Placeholder::NextPatch];
    match template.render(&values) {
        Ok(filled) => assert_eq!(Some(filled), naive(first, &values)),
        Err(error) => {
            // Everything else has a value.
            assert!(next.contains(&error.placeholder()));
            assert!(template.placeholders().any(|placeholder| placeholder == error.placeholder()));
        }
    }
    match template.render(&Values::default()) {
        Ok(plain) => {
            assert_eq!(template.placeholders().count(), 0);
            assert_eq!(plain, first.replace("{{", "{").replace("}}", "}"));
        }
        Err(error) => assert_eq!(Some(error.placeholder()), template.placeholders().next()),
    }
}

/// Fills a template piece by piece, each value from a template of its own.
fn naive(text: &str, values: &Values) -> Option<String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some(behind) = rest.strip_prefix("{{").or_else(|| rest.strip_prefix("}}")) {
            filled.push(first);
            rest = behind;
        } else if first == '{' {
            let (name, behind) = rest[1..].split_once('}')?;
            let alone: Template = format!("{{{name}}}").parse().ok()?;
            filled.push_str(&alone.render(values).ok()?);
            rest = behind;
        } else {
            filled.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    Some(filled)
}

/// Lines: what is read is written so that it is read again to the same.
pub(crate) fn names(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for line in text.split('\n').take(32) {
        if let Some(tag) = reads_back::<TagName>(line) {
            assert_eq!(tag.as_str(), line);
            assert_eq!(tag.reference().strip_prefix("refs/tags/"), Some(line));
        }
        if let Some(branch) = reads_back::<BranchName>(line) {
            assert_eq!(branch.as_str(), line);
            assert!(line.parse::<TagName>().is_ok(), "branches follow the rules of tags");
        }
        if let Some(of_releases) = reads_back::<ReleaseLine>(line) {
            assert_eq!(of_releases.to_string(), line);
            let version = ReleaseVersion::new(of_releases.major, of_releases.minor.unwrap_or(7), 1);
            assert!(of_releases.contains(&version));
        }
        if let Some(local) = reads_back::<LocalPart>(line) {
            assert!((1..=LocalPart::MAX_BYTES).contains(&local.to_string().len()));
            let version = ReleaseVersion::new(1, 2, 3).with_local(Some(local));
            assert_eq!(version.to_string().parse::<ReleaseVersion>().as_ref(), Ok(&version));
        }
        if let Some(date) = reads_back::<Date>(line) {
            assert_eq!(Date::new(date.year(), date.month(), date.day()), Ok(date));
            assert_eq!(date.compact().parse(), Ok(date));
            assert!(Date::from_number(date.number()).is_none_or(|again| again == date));
        }
        if let Some(time) = reads_back::<DateTime>(line) {
            assert_eq!(time.to_string(), line);
            assert_eq!(DateTime::new(time.date(), time.hour(), time.minute(), time.second()), Ok(time));
            assert_eq!(DateTime::from_compact(&time.compact()), Some(time));
        }
    }
}

fn reads_back<T>(text: &str) -> Option<T>
where
    T: FromStr + Display + Debug + PartialEq,
    T::Err: Display + Debug,
{
    match text.parse::<T>() {
        Ok(value) => {
            assert_eq!(value.to_string().parse::<T>().expect("what is written is read"), value);
            Some(value)
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            None
        }
    }
}
