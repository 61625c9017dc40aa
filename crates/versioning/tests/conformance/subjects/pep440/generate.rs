//! Versions and specifiers in every spelling, near misses of both, and such that lie close together.

use super::Random;

const SEPARATORS: &[&str] = &["", "", ".", "-", "_"];
const SPACES: &[&str] =
    &[" ", "  ", "\t", "\n", "\r\n", "\u{b}", "\u{1c}", "\u{1f}", "\u{85}", "\u{a0}", "\u{2003}", "\u{3000}"];
const OPERATORS: &[&str] = &["~=", "==", "!=", "<=", ">=", "<", ">", "==="];
const STRAY: &[&str] = &[
    ".", "-", "_", "+", "!", "*", ".*", "x", "v", "a", "rc", "dev", "post", "0", "1", "é", "ſ", "ı", "İ",
    "K", "\u{661}", "\u{0}", "\u{200b}", "😀", ";", ")", "(", ",", " ", "=", "~", "<", ">", "#", "\u{1d}",
    "ß", "Σ",
];

/// A version in any spelling, seldom one that is none.
pub(super) fn version(random: &mut Random) -> String {
    let simple = random.chance(1, 3);
    let text = valid_version(random, simple);
    let text = if random.chance(1, 8) { mutate(random, &text) } else { text };
    if random.chance(1, 12) { spaced(random, &text) } else { text }
}

/// Several versions that are close to each other, so that every part of the order is asked for.
pub(super) fn related_versions(random: &mut Random, count: u64) -> Vec<String> {
    let core = core(random);
    let mut last = on_core(random, &core);
    (0..count)
        .map(|_| {
            last = match random.below(9) {
                0 => version(random),
                1..=3 => neighbour(random, &last),
                _ => on_core(random, &core),
            };
            last.clone()
        })
        .collect()
}

/// A set that leaves little or nothing between its bounds.
pub(super) fn narrow_set(random: &mut Random) -> String {
    let core = core(random);
    let mut bound = on_core(random, &core);
    let mut texts = Vec::new();
    for operators in
        [&[">", ">", ">=", "==", "!="], &["<", "<", "<=", "==", "!="], &["!=", "!=", "==", "~=", "==="]]
    {
        if texts.len() < 2 || random.chance(1, 3) {
            let operator = random.pick(operators);
            texts.push(clause_of(random, operator, &bound));
            bound = neighbour(random, &bound);
        }
    }
    joined(random, &texts)
}

/// A set, and versions near the ones that it names.
pub(super) fn set_and_versions(random: &mut Random, count: u64) -> (String, Vec<String>) {
    let core = core(random);
    let clauses = match random.below(12) {
        0 => 0,
        1..=5 => 1,
        6..=8 => 2,
        9 | 10 => 3,
        _ => random.below(8),
    };
    let mut bound = on_core(random, &core);
    let mut texts: Vec<String> = (0..clauses)
        .map(|_| {
            bound = if random.chance(1, 2) { neighbour(random, &bound) } else { on_core(random, &core) };
            clause_with(random, &bound)
        })
        .collect();
    let mut versions: Vec<String> = (0..count)
        .map(|_| match random.below(20) {
            2..=7 => neighbour(random, &bound),
            0 => version(random),
            1 => random
                .pick(&["foobar", "1.0.x", "", " ", "lolwat", "1.0 beta", "STRASSE", "straße", "ὈΔΥΣΣΕΎΣ"])
                .to_owned(),
            _ => on_core(random, &core),
        })
        .collect();
    // `===` hardly ever matches by chance.
    if let Some(version) = versions.first_mut()
        && random.chance(1, 10)
    {
        let text = if random.chance(1, 2) { version.to_uppercase() } else { version.clone() };
        texts.push(format!("==={text}"));
        if random.chance(1, 4) {
            *version = spaced(random, version);
        }
    }
    (joined(random, &texts), versions)
}

/// A set in any spelling, seldom one that is none.
pub(super) fn set(random: &mut Random) -> String {
    let text = set_and_versions(random, 1).0;
    if random.chance(1, 6) { mutate(random, &text) } else { text }
}

/// A clause in any spelling, seldom one that is none.
pub(super) fn clause(random: &mut Random) -> String {
    let bound = version(random);
    let text = clause_with(random, &bound);
    let text = if random.chance(1, 5) { mutate(random, &text) } else { text };
    if random.chance(1, 8) { spaced(random, &text) } else { text }
}

/// A clause and a version near its own.
pub(super) fn clause_and_version(random: &mut Random) -> (String, String) {
    let core = core(random);
    let bound = on_core(random, &core);
    (clause_with(random, &bound), on_core(random, &core))
}

/// The same clauses in other words, or nearly the same.
pub(super) fn respell(random: &mut Random, text: &str) -> String {
    let mut clauses: Vec<String> = text.split(',').map(str::to_owned).collect();
    for _ in 0..random.below(3) {
        let index = usize::try_from(random.below(clauses.len() as u64)).unwrap();
        let clause = clauses[index].clone();
        clauses[index] = match random.below(7) {
            0 => clause + ".0",
            1 => clause.to_uppercase(),
            2 => clause.replace("=1", "=01"),
            3 => spaced(random, &clause),
            4 => clause.replace("rc", "c"),
            5 => clause.strip_suffix(".0").unwrap_or(&clause).to_owned(),
            _ => {
                clauses.push(clause.clone());
                clause
            }
        };
    }
    if random.chance(1, 2) {
        clauses.reverse();
    }
    clauses.join(",")
}

/// An epoch and a release.
fn core(random: &mut Random) -> (u64, Vec<u64>) {
    let epoch = if random.chance(1, 12) { number(random) } else { 0 };
    let length = match random.below(20) {
        0 => 4,
        1 => 5,
        2 => 1 + random.below(12),
        _ => 1 + random.below(3),
    };
    (epoch, (0..length).map(|_| number(random)).collect())
}

/// A version whose release is this one or a neighbour of it.
fn on_core(random: &mut Random, core: &(u64, Vec<u64>)) -> String {
    let (mut epoch, mut release) = core.clone();
    match random.below(16) {
        0 => release.push(0),
        1 => release.extend([0, 0, 0, 0]),
        2 => release.push(number(random)),
        3 => {
            release.pop();
            release.push(number(random));
        }
        4 => {
            let last = release.len() - 1;
            release[last] = release[last].saturating_add(1);
        }
        5 => {
            let last = release.len() - 1;
            release[last] = release[last].saturating_sub(1);
        }
        6 if release.len() > 1 => {
            release.pop();
        }
        7 => epoch = number(random),
        _ => {}
    }
    let simple = random.chance(2, 3);
    spell(random, epoch, &release, simple)
}

/// A version right beside another one, or that one.
fn neighbour(random: &mut Random, version: &str) -> String {
    let public = version.split('+').next().unwrap_or(version);
    let digits = public.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (start, last) = public.split_at(public.len() - digits);
    let step = random.below(3);
    let stepped = match last.parse::<u64>() {
        Ok(number) => format!("{start}{}", number.saturating_add(1).saturating_sub(step)),
        Err(_) => public.to_owned(),
    };
    let end = random.pick(&[
        "",
        "",
        ".dev0",
        ".post0",
        ".post0.dev0",
        ".post1",
        "a0",
        "a0.dev0",
        "+a",
        "+a.0",
        "+A.0a",
        ".0",
    ]);
    if random.chance(1, 6) { version.to_owned() } else { stepped + end }
}

fn valid_version(random: &mut Random, simple: bool) -> String {
    let (epoch, release) = core(random);
    spell(random, epoch, &release, simple)
}

/// A version with this release and anything after it. `simple` means the canonical spelling and small numbers.
fn spell(random: &mut Random, epoch: u64, release: &[u64], simple: bool) -> String {
    let mut text = String::new();
    if !simple && random.chance(1, 10) {
        text.push_str(random.pick(&["v", "V"]));
    }
    if epoch != 0 || random.chance(1, 60) {
        text += &format!("{epoch}!");
    }
    for (index, number) in release.iter().enumerate() {
        if index > 0 {
            text.push('.');
        }
        if !simple && random.chance(1, 12) {
            text.push_str(random.pick(&["0", "00"]));
        }
        text += &number.to_string();
    }
    if random.chance(1, 250) {
        text += &"9".repeat(usize::try_from(random.below(30)).unwrap());
    }
    if random.chance(1, 3) {
        let words: &[&str] = if simple {
            &["a", "b", "rc"]
        } else {
            &["a", "b", "c", "rc", "alpha", "beta", "pre", "preview", "RC", "Alpha", "BETA", "Pre", "C"]
        };
        text += &part(random, words, simple, "");
    }
    if random.chance(1, 4) {
        if !simple && random.chance(1, 4) {
            text += &format!("-{}", number(random));
        } else {
            let words: &[&str] = if simple { &["post"] } else { &["post", "rev", "r", "POST", "Rev", "R"] };
            text += &part(random, words, simple, ".");
        }
    }
    if random.chance(1, 4) {
        let words: &[&str] = if simple { &["dev"] } else { &["dev", "DEV", "Dev"] };
        text += &part(random, words, simple, ".");
    }
    if random.chance(1, 8) {
        let segments = 1 + random.below(3);
        for index in 0..segments {
            text.push_str(if index == 0 { "+" } else { random.pick(&[".", ".", "-", "_"]) });
            text += &local_segment(random);
        }
    }
    text
}

fn part(random: &mut Random, words: &[&str], simple: bool, separator: &str) -> String {
    let word = random.pick(words);
    if simple {
        return format!("{separator}{word}{}", number(random));
    }
    let (before, after) = (random.pick(SEPARATORS), random.pick(SEPARATORS));
    let number = if random.chance(1, 4) { String::new() } else { number(random).to_string() };
    format!("{before}{word}{after}{number}")
}

fn local_segment(random: &mut Random) -> String {
    match random.below(6) {
        0 | 1 => number(random).to_string(),
        2 => format!("0{}", number(random)),
        _ => random
            .pick(&["a", "A", "abc", "ABC", "ubuntu", "0a", "1a", "g1234567", "cu118", "z", "00a"])
            .to_owned(),
    }
}

/// Mostly small, sometimes a date, sometimes at an edge of what some width holds.
fn number(random: &mut Random) -> u64 {
    match random.below(40) {
        0 => random.below(3000),
        1 => 20_200_101 + random.below(100_000),
        2 => 202_501_010_101 + random.below(1_000_000),
        3 => {
            let width = 1 + random.below(64);
            let edge = u64::MAX >> (64 - width);
            [edge, edge - 1, edge.saturating_sub(2), edge.saturating_add(1), edge.saturating_add(2)]
                [usize::try_from(random.below(5)).unwrap()]
        }
        4 => {
            // Edges that lie near each other.
            let edge = 1 << random.pick(&["9", "12", "13", "18", "20", "25", "45"]).parse::<u32>().unwrap();
            edge + 1 - random.below(5)
        }
        _ => random.below(4),
    }
}

fn clause_with(random: &mut Random, version: &str) -> String {
    let operator = random.pick(OPERATORS);
    clause_of(random, operator, version)
}

fn clause_of(random: &mut Random, operator: &str, version: &str) -> String {
    let mut version = version.to_owned();
    let takes_local = matches!(operator, "==" | "!=" | "===");
    if !takes_local && !random.chance(1, 25) {
        version.truncate(version.find('+').unwrap_or(version.len()));
    }
    if matches!(operator, "==" | "!=") && random.chance(1, 3) || random.chance(1, 60) {
        if !random.chance(1, 20) {
            let plain =
                |character: char| !character.is_ascii_digit() && !matches!(character, '.' | '!' | 'v' | 'V');
            let mut cut = version.find(plain).unwrap_or(version.len());
            cut = version[..cut].trim_end_matches('.').len();
            version.truncate(cut);
        }
        version.push_str(".*");
    }
    if operator == "===" && random.chance(1, 6) {
        let texts = &["foobar", "LOLWAT", "", "1.0.*", "straße", "STRASSE", "1.0+\u{212a}", "Ὀδυσσεύς"];
        random.pick(texts).clone_into(&mut version);
    }
    let space = if random.chance(1, 10) { random.pick(SPACES) } else { "" };
    format!("{operator}{space}{version}")
}

fn joined(random: &mut Random, clauses: &[String]) -> String {
    let mut text = String::new();
    for (index, clause) in clauses.iter().enumerate() {
        if index > 0 || random.chance(1, 30) {
            text.push(',');
            if random.chance(1, 3) {
                text.push_str(if random.chance(1, 4) { random.pick(SPACES) } else { " " });
            }
            if random.chance(1, 30) {
                text.push(',');
            }
        }
        text += clause;
    }
    if random.chance(1, 25) {
        text.push_str(random.pick(&[",", " ,", ", ", ",,"]));
    }
    text
}

fn spaced(random: &mut Random, text: &str) -> String {
    let (before, after) = (random.pick(SPACES), random.pick(SPACES));
    match random.below(3) {
        0 => format!("{before}{text}"),
        1 => format!("{text}{after}"),
        _ => format!("{before}{text}{after}"),
    }
}

/// A small damage at some place.
fn mutate(random: &mut Random, text: &str) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..=random.below(2) {
        let place = usize::try_from(random.below(characters.len() as u64 + 1)).unwrap();
        // Take a character away, replace it, or put something in.
        let kind = random.below(3);
        if kind < 2 && place < characters.len() {
            characters.remove(place);
        }
        if kind > 0 {
            drop(characters.splice(place..place, random.pick(STRAY).chars()));
        }
    }
    characters.into_iter().collect()
}
