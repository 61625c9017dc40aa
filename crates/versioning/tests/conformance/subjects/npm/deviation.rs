//! Which answers differ on purpose, as the module `npm` documents it.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use tminus_versioning::npm::{Mode, Operator, Options, Range, Version};

use super::answer;

pub(super) const REASONS: &[(&str, usize)] = &[
    (EXACT, 1),
    (BUILD, 1),
    (EXPONENT, 5),
    (HYPHEN, 1),
    (CARRY, 2),
    (IDENTIFIER, 2),
    (REREAD, 1),
    (STAYS, 150),
];

const EXACT: &str = "numbers beyond 2^53 compare exactly";
const BUILD: &str = "build metadata compares exactly";
const EXPONENT: &str = "numbers from 10^21 on are refused in loose mode too";
const HYPHEN: &str = "the hyphen makes a loose version too long";
const CARRY: &str = "nothing counts beyond 2^53 - 1";
const IDENTIFIER: &str = "an identifier to count with is one of strict mode";
const REREAD: &str = "a loose version with a large padded number is not read again";
const STAYS: &str = "a range that nothing satisfies stays";

/// The reason, if it foretells this very pair of answers.
pub(super) fn deviation(case: &[String], ours: &str, theirs: &str) -> Option<&'static str> {
    let texts: Vec<&str> = case.iter().map(String::as_str).collect();
    let [question, flags, rest @ ..] = &texts[..] else { return None };
    let is_loose = flags.contains('l');
    let reason = match (*question, rest) {
        ("inc", [_, _, identifier, _]) => {
            if ours == "too large" && theirs.lines().any(is_beyond) {
                Some(CARRY)
            } else {
                let is_strict =
                    ours == "invalid identifier" && !theirs.starts_with("invalid") && is_padded(identifier);
                let is_long =
                    ours == "too large" && theirs == "invalid identifier" && has_257_digits(identifier);
                (is_loose && (is_strict || is_long)).then_some(IDENTIFIER)
            }
        }
        ("compareBuild", [one, other]) => is_rounded_build(one, other, is_loose, theirs).then_some(BUILD),
        ("minVersion", [range]) => {
            let differs = theirs == "invalid" || is_beyond(theirs);
            (differs && has_no_next(range, flags)).then_some(CARRY)
        }
        ("simplify", [range, versions @ ..]) => {
            let differs = theirs.is_empty() && ours == *range;
            (differs && !satisfies_any(range, versions, flags)).then_some(STAYS)
        }
        _ => None,
    };
    let is_reread = || {
        let is_asked = ["outside", "minVersion", "subset"].contains(question)
            && theirs == "invalid"
            && ours != "invalid";
        is_asked && is_loose && rest.iter().any(|text| is_loose_only(text))
    };
    reason
        .or_else(|| is_reread().then_some(REREAD))
        .or_else(|| {
            let is_long = || rest.iter().any(|text| needs_too_long_a_hyphen(text));
            if !refuses_loose(question, is_loose, ours, theirs) {
                // It reads such a range, and fails over it in some modes.
                let fails = *question == "satisfies" && theirs == "error" && ours.ends_with("false");
                (fails && is_long()).then_some(HYPHEN)
            } else if rest.iter().any(|text| has_exponent(text)) {
                Some(EXPONENT)
            } else {
                is_long().then_some(HYPHEN)
            }
        })
        .or_else(|| [true, false].iter().any(|&ends| is_rounded(case, theirs, ends)).then_some(EXACT))
}

fn loose(text: &str) -> Result<Version, String> {
    Version::parse(text, Mode::Loose).map_err(|error| error.to_string())
}

fn is_limit(error: &str) -> bool {
    error.contains("exceeds") || error.contains("characters long")
}

/// Whether a limit alone makes a text no version.
fn is_beyond(text: &str) -> bool {
    loose(text).is_err_and(|error| is_limit(&error))
}

fn is_padded(identifier: &str) -> bool {
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    identifier.split('.').any(|part| part.len() > 1 && part.starts_with('0') && is_number(part))
}

/// Whether strict mode alone reads a number of so many digits.
fn has_257_digits(identifier: &str) -> bool {
    identifier.split('.').any(|part| part.len() == 257 && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a lower bound of a range has no number behind it, or no text.
fn has_no_next(range: &str, flags: &str) -> bool {
    let Ok(range) = Range::parse(range, super::options(flags)) else { return false };
    range.alternatives().flatten().any(|comparator| {
        let version = comparator.version();
        let is_last = version.patch() == 9_007_199_254_740_991 && !version.is_prerelease();
        let is_long = version.is_prerelease() && version.to_string().len() + ".0".len() > 256;
        comparator.operator() == Operator::Greater && (is_last || is_long)
    })
}

fn satisfies_any(range: &str, versions: &[&str], flags: &str) -> bool {
    let options = super::options(flags);
    let Ok(range) = Range::parse(range, options) else { return false };
    let mut read = versions.iter().filter_map(|version| Version::parse(version, options.mode).ok());
    read.any(|version| range.satisfies(&version))
}

/// Whether the canonical form of a version, or of one in a range, is read in loose mode alone.
fn is_loose_only(text: &str) -> bool {
    let is_loose_only = |version: &Version| version.to_string().parse::<Version>().is_err();
    let range = Range::parse(text, Options { mode: Mode::Loose, ..Options::default() });
    loose(text).is_ok_and(|version| is_loose_only(&version))
        || range.is_ok_and(|range| range.alternatives().flatten().any(|one| is_loose_only(&one.version())))
}

/// Whether the answers differ alone where ours is a refusal in loose mode.
fn refuses_loose(question: &str, is_loose: bool, ours: &str, theirs: &str) -> bool {
    let (gap, refusal) = match question {
        "range" => ('\n', ""),
        "satisfies" => (' ', "false"),
        "maxSatisfying" | "minSatisfying" | "truncate" => return is_loose && ours == "null",
        _ => return is_loose && ours == "invalid",
    };
    let (ours, theirs): (Vec<&str>, Vec<&str>) = (ours.split(gap).collect(), theirs.split(gap).collect());
    // The second and the fourth answer are those of loose mode.
    let mut pairs = ours.iter().zip(&theirs).enumerate();
    ours.len() == theirs.len()
        && pairs.all(|(index, (ours, theirs))| ours == theirs || index % 2 == 1 && *ours == refusal)
}

/// Whether a text is refused that has a number which JavaScript writes with an exponent.
fn has_exponent(text: &str) -> bool {
    let is_refused = |text| Range::parse(text, Options { mode: Mode::Loose, ..Options::default() }).is_err();
    let mut numbers = text.split(|found: char| !found.is_ascii_digit());
    numbers.any(|digits| digits.parse::<f64>().is_ok_and(|value| value + 1.0 >= 1e21)) && is_refused(text)
}

/// Whether a word is one character too long with the hyphen that loose mode does not need.
fn needs_too_long_a_hyphen(text: &str) -> bool {
    let words = text.split(|found: char| found.is_whitespace() || matches!(found, '|' | '\u{feff}' | '+'));
    words.map(str::len).any(|length| (256..=262).contains(&length))
}

/// Whether `theirs` is the order of build metadata whose numbers are rounded, and end the comparison where they are equal.
fn is_rounded_build(one: &str, other: &str, is_loose: bool, theirs: &str) -> bool {
    let mode = if is_loose { Mode::Loose } else { Mode::Strict };
    let (Ok(one), Ok(other)) = (Version::parse(one, mode), Version::parse(other, mode)) else { return false };
    let value =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<f64>().ok())?;
    let mut pairs = one.build().split('.').zip(other.build().split('.'));
    let first = pairs.find(|(one, other)| one != other);
    let numbers = first.and_then(|(one, other)| value(one).zip(value(other)));
    let is_equal = numbers.is_some_and(|(one, other)| one.total_cmp(&other) == Ordering::Equal);
    one.cmp_precedence(&other) == Ordering::Equal && is_equal && theirs == "0"
}

/// Whether theirs is our answer to the rounded case: equal large numbers written alike, and with `ends` nothing behind them.
fn is_rounded(case: &[String], theirs: &str, ends: bool) -> bool {
    let mut groups: BTreeMap<u64, Vec<&str>> = BTreeMap::new();
    for text in case {
        for digits in text.split(|found: char| !found.is_ascii_digit()).filter(|digits| digits.len() >= 16) {
            let value: f64 = digits.parse().unwrap();
            let group = groups.entry(value.to_bits()).or_default();
            if value >= 9_007_199_254_740_991.0 && !group.contains(&digits) {
                group.push(digits);
            }
        }
    }
    groups.retain(|_, group| group.len() > 1);
    let other: Vec<String> = case.iter().map(|text| rounded(text, &groups, ends)).collect();
    other != case && answer(&other) == rounded(theirs, &groups, ends)
}

fn rounded(text: &str, groups: &BTreeMap<u64, Vec<&str>>, ends: bool) -> String {
    let is_identifier = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let bytes = text.as_bytes();
    let (mut out, mut at) = (String::new(), 0);
    while at < bytes.len() {
        let length = text[at..].bytes().take_while(u8::is_ascii_digit).count();
        if length == 0 {
            let length = text[at..].chars().next().map_or(1, char::len_utf8);
            out.push_str(&text[at..at + length]);
            at += length;
            continue;
        }
        let digits = &text[at..at + length];
        let value: f64 = digits.parse().unwrap();
        at += length;
        let group = groups.get(&value.to_bits());
        out.push_str(group.map_or(digits, |group| group[0].trim_start_matches('0')));
        if group.is_some() && ends {
            while at < bytes.len() && (is_identifier(bytes[at]) || bytes[at] == b'.') {
                at += 1;
            }
        }
    }
    out
}
