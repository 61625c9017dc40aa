//! Cases without numbers beyond 64 bits.

use std::collections::{BTreeMap, BTreeSet};

/// A case and an answer in which every number of 20 digits and more is one that fits into 64 bits.
///
/// Order, equality and succession stay, and so do leading zeros: where nothing but the limit keeps two answers apart, the
/// answer to this case is this answer.
pub(super) fn lowered(case: &[String], answer: &str, names: Names) -> (Vec<String>, String) {
    let texts = || case.iter().map(String::as_str).chain([answer]);
    let mut numbers: BTreeSet<(usize, &str)> = BTreeSet::new();
    for digits in texts().flat_map(|text| parts(text, names)).filter(|part| is_number(part)) {
        let digits = digits.trim_start_matches('0');
        if digits.len() >= 20 {
            numbers.insert((digits.len(), digits));
        }
    }
    let mut lower: BTreeMap<&str, u64> = BTreeMap::new();
    let mut value = 10_000_000_000_000_000_000;
    let mut before = None;
    for (_, digits) in numbers {
        let exact: Option<u128> = digits.parse().ok();
        let is_next = before.is_some() && before == exact.map(|exact| exact - 1);
        value += if is_next { 1 } else { 2 };
        before = exact;
        lower.insert(digits, value);
    }
    let replaced = |text: &str| -> String {
        let one = |part: &str| {
            let significant = part.trim_start_matches('0');
            match lower.get(significant) {
                Some(value) => format!("{}{value}", &part[..part.len() - significant.len()]),
                None => part.to_owned(),
            }
        };
        parts(text, names).map(one).collect()
    };
    (case.iter().map(|text| replaced(text)).collect(), replaced(answer))
}

/// What 40 hexadecimal digits are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// The name of a commit, which stays.
    Kept,
    /// Numbers and letters as any others.
    Lowered,
}

/// Whether a text holds a number beyond 64 bits.
pub(super) fn has_large(text: &str) -> bool {
    parts(text, Names::Lowered).any(|part| is_number(part) && part.parse::<u64>().is_err())
}

fn is_number(part: &str) -> bool {
    part.bytes().all(|byte| byte.is_ascii_digit())
}

/// The numbers of a text, the characters between them, and the names of commits.
fn parts(text: &str, names: Names) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let count = |is_one: fn(&u8) -> bool| rest.bytes().take_while(is_one).count();
        let hexadecimal = count(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let digits = count(u8::is_ascii_digit);
        let first = rest.chars().next()?.len_utf8();
        let length = if hexadecimal == 40 && names == Names::Kept { hexadecimal } else { digits.max(first) };
        let (part, behind) = rest.split_at(length);
        rest = behind;
        Some(part)
    })
}
