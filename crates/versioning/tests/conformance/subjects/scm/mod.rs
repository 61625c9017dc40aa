//! Versions from git facts, judged by setuptools-scm.

mod cases;

use tminus_versioning::scm::{
    DefaultTagReader, Describe, DescribeCommand, Environment, Facts, Fragments, MetadataOverrides,
    ParseCommandError, ScmError, ScmVersion, ScmWarning, Settings, TagMatch, TagReader,
};

use tminus_versioning::{Date, DateTime};

use super::large::{self, Names};
use super::{Reference, Subject};

pub(crate) const SUBJECT: Subject = Subject {
    name: "scm",
    reference: Reference::Python {
        packages: &["setuptools-scm", "vcs-versioning", "packaging"],
        script: include_str!("reference.py"),
    },
    case: cases::case,
    answer,
    deviation,
    reasons: &[(LARGE, 300), (DIGITS, 8), (WORDS, 3)],
};

const LARGE: &str = "a number beyond 64 bits is refused";
const DIGITS: &str = "digits are those of ASCII";
const WORDS: &str = "combining vowels are word characters";

/// What Python reads in another text in the way that we read it in this one.
fn deviation(case: &[String], ours: &str, theirs: &str) -> Option<&'static str> {
    if is_large(case, ours, theirs) {
        return Some(LARGE);
    }
    let reads = |reason, replace: fn(&str) -> String| {
        let other: Vec<String> = case.iter().map(|text| replace(text)).collect();
        let (ours, theirs) = (answer(&other), replace(theirs));
        (other != case && (ours == theirs || is_large(&other, &ours, &theirs))).then_some(reason)
    };
    reads(DIGITS, |text| text.replace('٣', "3").replace('１', "1"))
        .or_else(|| reads(WORDS, |text| text.replace('ि', "?")))
        .or_else(|| reads(WORDS, |text| text.replace('٣', "3").replace('１', "1").replace('ि', "?")))
}

/// Whether ours is a refusal alone because of a large number: the answers are the same with a smaller one.
fn is_large(case: &[String], ours: &str, theirs: &str) -> bool {
    let is_foretold = |case: &[String]| {
        [Names::Kept, Names::Lowered].into_iter().any(|names| {
            let (lower, foretold) = large::lowered(case, theirs, names);
            answer(&lower) == foretold
        })
    };
    ours == BEYOND && (is_foretold(case) || without_prefix(case).is_some_and(|case| is_foretold(&case)))
}

/// The case without a prefix that is one number with what is behind it.
fn without_prefix(case: &[String]) -> Option<Vec<String>> {
    let mut case = case.to_vec();
    let [question, origin, _, _, _, prefix, _, _, branch, ..] = &mut case[..] else { return None };
    if question != "derive" || !prefix.ends_with(|last: char| last.is_ascii_digit()) {
        return None;
    }
    for text in [origin, branch] {
        let words = text.split_inclusive(['/', ' ', '=']);
        *text = words.map(|word| word.strip_prefix(prefix.as_str()).unwrap_or(word)).collect();
        *text = text.replace(&format!("proj-{prefix}"), "proj-");
    }
    prefix.clear();
    Some(case)
}

const BEYOND: &str = "error beyond";

fn answer(case: &[String]) -> String {
    let fields: Vec<&str> = case.iter().map(String::as_str).collect();
    match fields.as_slice() {
        ["derive", fields @ ..] => derive(fields),
        ["describe", output] => describe(output),
        ["read", tag] => match DefaultTagReader.read(tag) {
            Some(TagMatch { version, suffix }) => serde_json::to_string(&[version, suffix]).unwrap(),
            None => "nothing".to_owned(),
        },
        ["words", line] => match DescribeCommand::from_line(line) {
            Ok(command) => serde_json::to_string(command.arguments()).unwrap(),
            Err(ParseCommandError::Empty) => "[]".to_owned(),
            Err(ParseCommandError::OpenQuote { .. }) => "error No closing quotation".to_owned(),
            Err(_) => "error No escaped character".to_owned(),
        },
        ["environment", name, distribution, pairs @ ..] => environment(name, optional(distribution), pairs),
        ["pattern", prefix, strict] => {
            let tag_strict = strict.parse().ok();
            let settings = Settings { tag_prefix: (*prefix).to_owned(), tag_strict, ..Settings::default() };
            settings.describe_command().arguments().join(" ")
        }
        _ => panic!("no such question: {case:?}"),
    }
}

fn optional(field: &str) -> Option<&str> {
    field.strip_prefix('=')
}

fn describe(output: &str) -> String {
    match Describe::parse(output) {
        Ok(Describe { tag, distance, node, dirty }) => {
            serde_json::to_string(&(tag, distance, node, dirty)).unwrap()
        }
        Err(_) => BEYOND.to_owned(),
    }
}

fn environment(name: &str, distribution: Option<&str>, pairs: &[&str]) -> String {
    let pairs = pairs.iter().map(|pair| pair.split_once('=').unwrap());
    let variables: Vec<_> = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let environment = Environment::new(&variables, distribution);
    let found = match name {
        "OVERRIDES" => environment.overrides(),
        _ => environment.pretended_metadata(),
    };
    found.map_or_else(|| "none".to_owned(), |found| format!("={}", found.value))
}

fn derive(fields: &[&str]) -> String {
    let [
        origin,
        scheme,
        local,
        expression,
        prefix,
        fallback,
        normalize,
        branch,
        node_date,
        time,
        names,
        overrides @ ..,
    ] = fields
    else {
        panic!("a case has eleven fields at least: {fields:?}")
    };
    let (kind, rest) = origin.split_once(' ').unwrap_or((origin, ""));
    let settings = Settings {
        version_scheme: scheme.parse().unwrap(),
        local_schemes: local
            .split(',')
            .filter(|name| !name.is_empty())
            .map(|name| name.parse().unwrap())
            .collect(),
        tag_reader: reader(expression),
        tag_prefix: (*prefix).to_owned(),
        fallback_version: optional(fallback).map(str::to_owned),
        parent_directory_prefix: (kind == "directory").then(|| "proj-".to_owned()),
        normalize: *normalize == "true",
        fragments: Fragments::from_file_names(names.split('/')),
        ..Settings::default()
    };
    let time = date_time(time);
    let facts = |facts: Facts| Facts {
        branch: optional(branch).map(str::to_owned),
        node_date: (*node_date != "none").then(|| date(node_date)),
        ..facts
    };
    let read = match kind {
        "pretended" => ScmVersion::pretended(rest, time).map(Some),
        "directory" => ScmVersion::without_repository(rest, &settings, time),
        "described" => Describe::parse(rest)
            .and_then(|described| {
                ScmVersion::from_facts(&facts(Facts::described(described)), &settings, time)
            })
            .map(Some),
        "untagged" => {
            let parts: Vec<&str> = rest.split(' ').collect();
            let untagged = Facts::untagged(parts[0], parts[1].parse().unwrap(), parts[2] == "true");
            ScmVersion::from_facts(&facts(untagged), &settings, time).map(Some)
        }
        _ => ScmVersion::from_facts(&facts(Facts::unborn()), &settings, time).map(Some),
    };
    let derived = read.and_then(|version| {
        let Some(mut version) = version else { return Ok(None) };
        version.override_with(&metadata(overrides))?;
        version.format(&settings).map(Some)
    });
    match derived {
        Ok(None) => "nothing".to_owned(),
        Ok(Some(derived)) => {
            let warnings: Vec<&str> = derived.warnings().iter().map(warning).collect();
            format!("{} [{}]", derived.as_str(), warnings.join(","))
        }
        Err(error) => refusal(&error),
    }
}

fn warning(warning: &ScmWarning) -> &'static str {
    match warning {
        ScmWarning::SuffixDropped { .. } => "suffix",
        ScmWarning::UnreadableDirectory { .. } => "directory",
        ScmWarning::TagIsNotADate { .. } => "not-a-date",
        ScmWarning::TagAheadOfCommit { .. } => "ahead",
        _ => panic!("not of deriving: {warning}"),
    }
}

fn refusal(error: &ScmError) -> String {
    let name = match error {
        ScmError::Fallback { text, .. } | ScmError::Pretended { text, .. } if large::has_large(text) => {
            return BEYOND.to_owned();
        }
        ScmError::BeyondLimits { .. } => return BEYOND.to_owned(),
        ScmError::UnreadableTag { .. } => "unreadable",
        ScmError::EmptyVersion { .. } => "empty",
        ScmError::Fallback { .. } | ScmError::Pretended { .. } => "invalid",
        ScmError::CustomDevNumber { .. } => "custom-dev",
        ScmError::AlreadyPost { .. } => "post",
        ScmError::NoNumberToRaise { .. } => "no-number",
        ScmError::NoSuchDay { .. } => "no-such-day",
        ScmError::NoMajorNumber { .. } => "no-major",
        ScmError::UncommittedChanges { .. } => "uncommitted",
        ScmError::NoLocalScheme => "no-local",
        ScmError::PretendedTag { .. } => "pretended-tag",
        _ => panic!("not of deriving: {error}"),
    };
    format!("error {name}")
}

fn metadata(fields: &[&str]) -> MetadataOverrides {
    let mut overrides = MetadataOverrides::default();
    for field in fields {
        let (key, value) = field.split_once(" = ").unwrap();
        let text = || Some(value.trim_matches('"').to_owned());
        match key {
            "tag" => overrides.tag = text(),
            "distance" => overrides.distance = value.parse().ok(),
            "node" => overrides.node = text(),
            "dirty" => overrides.dirty = value.parse().ok(),
            "preformatted" => overrides.preformatted = value.parse().ok(),
            "branch" => overrides.branch = text(),
            "node_date" => overrides.node_date = Some(date(value)),
            "time" => overrides.time = Some(date_time(value)),
            _ => panic!("no such field: {field}"),
        }
    }
    overrides
}

fn date(text: &str) -> Date {
    let numbers: Vec<u16> = text.split('-').map(|number| number.parse().unwrap()).collect();
    Date::new(numbers[0], u8::try_from(numbers[1]).unwrap(), u8::try_from(numbers[2]).unwrap()).unwrap()
}

fn date_time(text: &str) -> DateTime {
    let (day, time) = text.split_once('T').unwrap();
    let numbers: Vec<u8> = time.split(':').map(|number| number.parse().unwrap()).collect();
    DateTime::new(date(day), numbers[0], numbers[1], numbers[2]).unwrap()
}

/// The expressions of the reference program, by hand.
fn reader(expression: &str) -> &'static dyn TagReader {
    match expression {
        "release" => &release,
        "single" => &single,
        "tilde" => &tilde,
        "suffix" => &suffix,
        _ => &DefaultTagReader,
    }
}

fn release(tag: &str) -> Option<TagMatch<'_>> {
    let version = tag.strip_prefix("release/")?;
    let version = version.strip_suffix('\n').unwrap_or(version);
    (!version.is_empty() && !version.contains('\n')).then_some(TagMatch { version, suffix: "" })
}

fn single(tag: &str) -> Option<TagMatch<'_>> {
    let tag = tag.strip_prefix("pkg-").unwrap_or(tag);
    let tag = tag.strip_prefix('v').unwrap_or(tag);
    let rest = tag.trim_start_matches(|next: char| next.is_ascii_digit() || next == '.');
    let version = &tag[..tag.len() - rest.len()];
    (!version.is_empty()).then_some(TagMatch { version, suffix: "" })
}

fn tilde(tag: &str) -> Option<TagMatch<'_>> {
    let (name, rest) = tag.split_once('@')?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase());
    let end = rest.find(['+', '~']).unwrap_or(rest.len());
    let (version, suffix) = rest.split_at(end);
    let suffix = suffix.strip_suffix('\n').unwrap_or(suffix);
    let fits = is_name && !suffix.starts_with('+') && !suffix.contains('\n');
    fits.then_some(TagMatch { version, suffix })
}

fn suffix(tag: &str) -> Option<TagMatch<'_>> {
    let tag = tag.strip_suffix('\n').unwrap_or(tag);
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let major = digits(tag);
    let rest = tag[major..].strip_prefix('.')?;
    let minor = digits(rest);
    if major == 0 || minor == 0 {
        return None;
    }
    let (version, suffix) = tag.split_at(major + 1 + minor);
    let number = suffix.strip_prefix(".post").or(suffix.strip_prefix('.'));
    let is_number = number.is_some_and(|number| !number.is_empty() && digits(number) == number.len());
    (suffix.is_empty() || suffix == "-final" || is_number).then_some(TagMatch { version, suffix })
}
