//! SemVer 2.0.0 against `golang.org/x/mod/semver`, which knows no limit of numbers either.
//!
//! `baseline.tsv` holds answers of that package as Go 1.19 carries it: the answer, the question, and its arguments.

use std::cmp::Ordering;

use tminus_versioning::semver::Version;

use super::random::Random;
use super::{Reference, Subject};

pub(crate) const SUBJECT: Subject = Subject {
    name: "semver",
    reference: Reference::Go { script: include_str!("reference.go") },
    case,
    answer,
    deviation: |_, _, _| None,
    reasons: &[],
};

fn case(random: &mut Random) -> Vec<String> {
    if random.chance(1, 2) {
        return vec!["parse".to_owned(), spoiled(random)];
    }
    let left = version(random);
    let right = if random.chance(1, 2) { version(random) } else { near(random, &left) };
    vec!["compare".to_owned(), left, right]
}

fn answer(question: &[String]) -> String {
    let versions: Result<Vec<Version>, _> = question[1..].iter().map(|text| text.parse()).collect();
    match (question[0].as_str(), versions.as_deref()) {
        (_, Err(_)) => "invalid".to_owned(),
        ("parse", Ok([version])) => format!(
            "{} {} {} {} {}",
            version.major_text(),
            version.minor_text(),
            version.patch_text(),
            version.pre(),
            version.build()
        ),
        ("compare", Ok([left, right])) => match left.cmp_precedence(right) {
            Ordering::Less => "-1",
            Ordering::Equal => "0",
            Ordering::Greater => "1",
        }
        .to_owned(),
        _ => "unknown question".to_owned(),
    }
}

/// A version by the grammar.
pub(crate) fn version(random: &mut Random) -> String {
    let mut text = format!("{}.{}.{}", number(random), number(random), number(random));
    if random.chance(3, 5) {
        text.push('-');
        text.push_str(&identifiers(random, false));
    }
    if random.chance(1, 5) {
        text.push('+');
        text.push_str(&identifiers(random, true));
    }
    text
}

fn number(random: &mut Random) -> String {
    match random.below(12) {
        0 => random.next().to_string(),
        1 => format!("{}{}", random.below(9) + 1, random.next()),
        2 => random
            .pick(&[
                "18446744073709551615",
                "18446744073709551616",
                "18446744073709551614",
                "99999999999999999999999",
            ])
            .to_owned(),
        3 => random.below(1000).to_string(),
        _ => random.below(4).to_string(),
    }
}

fn identifiers(random: &mut Random, build: bool) -> String {
    let count = random.below(4) + 1;
    let parts: Vec<String> = (0..count).map(|_| identifier(random, build)).collect();
    parts.join(".")
}

fn identifier(random: &mut Random, build: bool) -> String {
    match random.below(10) {
        0..=2 => number(random),
        3 if build => format!("00{}", random.below(20)),
        3..=6 => random
            .pick(&["alpha", "beta", "rc", "rc1", "a", "A", "b", "-", "--", "0a", "-1", "1-"])
            .to_owned(),
        7 => format!("0{}-{}", random.below(10), random.below(10)),
        _ => {
            let length = random.below(5) + 1;
            let letters = (0..length).map(|_| random.pick(&["a", "Z", "z", "-", "0", "9", "1"]).to_owned());
            let text: String = letters.collect();
            let numeric = text.bytes().all(|byte| byte.is_ascii_digit());
            if numeric && !build { format!("{text}x") } else { text }
        }
    }
}

/// A version that differs in one place, or in none.
fn near(random: &mut Random, version: &str) -> String {
    match random.below(4) {
        0 => version.to_owned(),
        1 => format!("{version}.{}", identifier(random, false)),
        2 => version.split_once('-').map_or(version, |(numbers, _)| numbers).to_owned(),
        _ => spoil(random, version),
    }
}

/// A version, or something that is nearly one.
fn spoiled(random: &mut Random) -> String {
    let mut text = version(random);
    while random.chance(2, 5) {
        text = spoil(random, &text);
    }
    text
}

/// Takes out, puts in or doubles one piece.
pub(crate) fn spoil(random: &mut Random, text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let at = usize::try_from(random.below(characters.len() as u64 + 1)).unwrap();
    let (head, tail) = characters.split_at(at);
    let head: String = head.iter().collect();
    let rest: String = tail.iter().skip(1).collect();
    let tail: String = tail.iter().collect();
    let piece = random.pick(&[
        ".", "-", "+", "0", "1", "a", "v", " ", "_", "..", "٣", "é", "\0", "\n", "00", "x", "*", "!", "~",
    ]);
    match random.below(5) {
        0 => format!("{head}{rest}"),
        1 => format!("{head}{piece}{rest}"),
        2 => format!("{head}{head}{tail}"),
        3 => head,
        _ => format!("{head}{piece}{tail}"),
    }
    .chars()
    .take(200)
    .collect()
}

#[test]
fn the_answers_of_go_are_ours() {
    let mut count = 0;
    for line in include_str!("baseline.tsv").lines() {
        let mut fields = line.split('\t').map(str::to_owned);
        let expected = fields.next().unwrap();
        let question: Vec<String> = fields.collect();
        assert_eq!(answer(&question), expected, "{question:?}");
        count += 1;
    }
    assert!(count > 400, "{count}");
}
