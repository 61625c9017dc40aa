//! Cases: texts by grammar in every spelling, and texts that are nearly right.

use super::super::random::Random;

const KINDS: &[&str] =
    &["major", "minor", "patch", "premajor", "preminor", "prepatch", "prerelease", "pre", "release"];

/// What JavaScript takes for white space, and some of what it does not.
const SPACES: &[&str] = &[
    " ", " ", " ", "  ", "   ", "\t", "\n", "\r\n", "\u{b}", "\u{c}", "\u{a0}", "\u{1680}", "\u{2003}",
    "\u{2028}", "\u{2029}", "\u{202f}", "\u{205f}", "\u{3000}", "\u{feff}", "\u{85}", "\u{180e}", "\u{200b}",
    "\u{1c}", "\0",
];

const LARGE: &[&str] = &[
    "2097150",
    "2097151",
    "2097152",
    "4294967296",
    "9007199254740989",
    "9007199254740990",
    "9007199254740991",
    "9007199254740992",
    "9007199254740993",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "99999999999999999999",
    "999999999999999934463",
    "999999999999999934464",
    "1000000000000000000000",
    "123456789012345678901234567890",
    "00",
    "01",
    "007",
    "010",
    "0009007199254740991",
];

const IDENTIFIERS: &[&str] = &[
    "alpha",
    "beta",
    "rc",
    "pre",
    "a",
    "b",
    "A",
    "x",
    "X",
    "v",
    "-",
    "--",
    "a-",
    "-a",
    "0a",
    "1a",
    "01a",
    "1e5",
    "0x10",
    "0x",
    "0b1",
    "0b2",
    "0o7",
    "0o8",
    "Infinity",
    "-Infinity",
    "-1",
    "-1e3",
    "1e",
    "e1",
    "NaN",
    "00a",
    "1-1",
];

const BUILDS: &[&str] = &[
    "+build",
    "+1",
    "+01",
    "+1.2",
    "+1.3",
    "+01.5",
    "+a.b-c",
    "+build.5",
    "+20130313144700",
    "+-",
    "+0",
    "+a.1",
    "+",
    "+a..b",
    "+a.",
    "+a+b",
    "+é",
];

const ALPHABET: &[&str] = &[
    "0", "1", "2", "9", ".", ".", "x", "X", "*", "v", "=", "<", ">", "~", "^", "|", "||", "-", " - ", "+",
    " ", " ", "a", "b", "_", "\u{a0}", "é", "😀", "١", "\u{feff}", ",", "!", "&",
];

pub(super) fn case(random: &mut Random) -> Vec<String> {
    let flags = random.pick(&["", "", "l", "p", "lp"]);
    let question = random.pick(&[
        "version",
        "version",
        "version",
        "compare",
        "compare",
        "compareBuild",
        "diff",
        "inc",
        "inc",
        "truncate",
        "range",
        "range",
        "range",
        "range",
        "range",
        "satisfies",
        "satisfies",
        "satisfies",
        "satisfies",
        "intersects",
        "intersects",
        "subset",
        "subset",
        "subset",
        "minVersion",
        "maxSatisfying",
        "minSatisfying",
        "simplify",
        "outside",
        "outside",
    ]);
    let mut texts = match question {
        "version" => {
            let text = version(random);
            vec![near(random, text)]
        }
        "compare" | "compareBuild" | "diff" => {
            let one = any_version(random);
            let other = if random.chance(1, 2) { any_version(random) } else { mutated(random, &one) };
            let one = if random.chance(1, 4) { near(random, one) } else { one };
            vec![one, other]
        }
        "inc" => {
            let text = any_version(random);
            let kind = random.pick(KINDS).to_owned();
            vec![
                text,
                kind,
                wanted_identifier(random),
                random.pick(&["", "", "0", "1", "false", "2x"]).to_owned(),
            ]
        }
        "truncate" => vec![any_version(random), random.pick(KINDS).to_owned()],
        "range" => {
            let text = range(random);
            vec![near(random, text)]
        }
        "satisfies" => {
            let (text, range) = (plain_version(random), range(random));
            vec![near(random, text), near(random, range)]
        }
        "intersects" | "subset" => {
            let one = range(random);
            let other = if random.chance(1, 8) { mutated(random, &one) } else { range(random) };
            vec![one, other]
        }
        "minVersion" => vec![range(random)],
        "maxSatisfying" | "minSatisfying" | "simplify" => {
            let mut texts = vec![range(random)];
            for _ in 0..random.below(9) {
                texts.push(if random.chance(1, 60) { version(random) } else { plain_version(random) });
            }
            texts
        }
        _ => {
            let side = random.pick(&["<", ">"]).to_owned();
            vec![plain_version(random), range(random), side]
        }
    };
    let mut case = vec![question.to_owned(), flags.to_owned()];
    case.append(&mut texts);
    case
}

/// A text as it is, padded, or with a slip.
fn near(random: &mut Random, text: String) -> String {
    match random.below(12) {
        0 => mutated(random, &text),
        1 => {
            let once = mutated(random, &text);
            mutated(random, &once)
        }
        2 => [space(random), &text, space(random)].concat(),
        _ => text,
    }
}

fn mutated(random: &mut Random, text: &str) -> String {
    let mut parts: Vec<String> = text.chars().map(String::from).collect();
    let at = usize::try_from(random.below(parts.len() as u64 + 1)).unwrap();
    let new = random.pick(ALPHABET).to_owned();
    match random.below(4) {
        0 if at < parts.len() => {
            parts.remove(at);
        }
        1 if at < parts.len() => parts[at] = new,
        2 if at + 1 < parts.len() => parts.swap(at, at + 1),
        _ => parts.insert(at, new),
    }
    parts.concat()
}

fn space(random: &mut Random) -> &'static str {
    random.pick(SPACES)
}

fn repeated(random: &mut Random, what: &str, lengths: &[usize]) -> String {
    let index = usize::try_from(random.below(lengths.len() as u64)).unwrap();
    what.repeat(lengths[index])
}

fn number(random: &mut Random) -> String {
    match random.below(120) {
        0..=3 => random.pick(LARGE).to_owned(),
        4 if random.chance(1, 6) => {
            let digit = random.pick(&["0", "1", "9"]);
            repeated(random, digit, &[22, 240, 250, 252, 255, 256, 257, 258, 300, 512, 513])
        }
        5..=20 => random.below(40).to_string(),
        _ => random.below(4).to_string(),
    }
}

fn identifier(random: &mut Random) -> String {
    match random.below(40) {
        0 => random.pick(LARGE).to_owned(),
        1 if random.chance(1, 8) => {
            let letter = random.pick(&["a", "-", "1"]);
            repeated(random, letter, &[100, 244, 245, 249, 250, 251, 252, 256, 257, 258])
        }
        2..=9 => random.pick(IDENTIFIERS).to_owned(),
        10..=22 => random.below(4).to_string(),
        _ => random.pick(&["alpha", "beta", "rc", "0"]).to_owned(),
    }
}

fn identifiers(random: &mut Random) -> String {
    let count = 1 + random.below(3);
    (0..count).map(|_| identifier(random)).collect::<Vec<_>>().join(".")
}

fn wanted_identifier(random: &mut Random) -> String {
    match random.below(12) {
        0..=3 => String::new(),
        4 => {
            let text = identifiers(random);
            mutated(random, &text)
        }
        5 | 6 => identifiers(random),
        _ => identifier(random),
    }
}

/// A version that is often read and seldom far from others.
fn plain_version(random: &mut Random) -> String {
    let mut text = format!("{}.{}.{}", random.below(4), random.below(4), random.below(4));
    if random.chance(1, 3) {
        text.push('-');
        text.push_str(&identifiers(random));
    }
    if random.chance(1, 12) {
        text.push_str(random.pick(BUILDS));
    }
    if random.chance(1, 20) { version(random) } else { text }
}

fn any_version(random: &mut Random) -> String {
    if random.chance(3, 4) { plain_version(random) } else { version(random) }
}

fn version(random: &mut Random) -> String {
    let mut text = String::new();
    if random.chance(1, 6) {
        text.push_str(
            random.pick(&["v", "v", "=", "v=", "=v", "vv", "V", " v", "v ", "= ", "== ", "v\u{a0}"]),
        );
    }
    let count = if random.chance(1, 25) { 1 + random.below(5) } else { 3 };
    let numbers: Vec<String> = (0..count).map(|_| number(random)).collect();
    text.push_str(&numbers.join("."));
    if random.chance(2, 5) {
        text.push_str(if random.chance(1, 6) { "" } else { "-" });
        text.push_str(&identifiers(random));
    }
    if random.chance(1, 6) {
        text.push_str(random.pick(BUILDS));
    }
    match random.below(60) {
        0 => [space(random), &text, space(random)].concat(),
        1 => {
            // Near the limit on the length, in one unit of JavaScript or two.
            let room =
                254_usize.saturating_sub(text.chars().count()) + usize::try_from(random.below(5)).unwrap();
            let pad = random.pick(&[" ", "\u{3000}", "\u{a0}", "a", "0"]).repeat(room);
            if random.chance(1, 2) { text + &pad } else { pad + &text }
        }
        2 if random.chance(1, 4) => text + &"😀".repeat(130),
        _ => text,
    }
}

/// A version in which numbers are missing or wild.
fn partial(random: &mut Random) -> String {
    if random.chance(1, 12) {
        return version(random);
    }
    let mut text = String::new();
    if random.chance(1, 20) {
        text.push_str(random.pick(&["v", "v", "=", "=v", "v=", "= ", "v "]));
    }
    let count = match random.below(10) {
        0 | 1 => 1,
        2 | 3 => 2,
        4 if random.chance(1, 4) => 4,
        _ => 3,
    };
    let mut is_wild = false;
    for index in 0..count {
        if index > 0 {
            text.push('.');
        }
        is_wild = random.chance(1, 9) || (is_wild && !random.chance(1, 6));
        if is_wild {
            text.push_str(random.pick(&["x", "x", "X", "*", "*"]));
        } else {
            text.push_str(&number(random));
        }
    }
    if count >= 3 && random.chance(1, 4) || random.chance(1, 60) {
        text.push_str(if random.chance(1, 10) { "" } else { "-" });
        text.push_str(&identifiers(random));
    }
    if random.chance(1, 20) {
        text.push_str(random.pick(BUILDS));
        if random.chance(1, 10) {
            text.push_str(&repeated(random, "b", &[248, 249, 250, 251, 252]));
        }
    }
    text
}

fn comparator(random: &mut Random) -> String {
    let operator = match random.below(60) {
        0 => {
            random.pick(&["==", "><", "<>", "=<", "=>", "^^", "~~", "~^", "~>=", "^>", "~<", ">>", "!=", "*"])
        }
        _ => random.pick(&["", "", "", ">", ">=", ">=", "<", "<", "<=", "=", "~", "~", "~>", "^", "^", "^"]),
    };
    let gap = match random.below(14) {
        0 => random.pick(&[" ", " ", "  ", "\t", "\u{a0}", " v", " =", "= ", "v "]),
        _ => "",
    };
    let version = match random.below(30) {
        0 => random.pick(&["*", "x", "X", "", "0", "0.0.0", "0.0.0-0", "0.0", "0.0.0-alpha"]).to_owned(),
        _ => partial(random),
    };
    let mut text = [operator, gap, &version].concat();
    if random.chance(1, 120) {
        let at = text.char_indices().map(|(at, _)| at).nth(usize::try_from(random.below(6)).unwrap());
        text.insert_str(at.unwrap_or(text.len()), random.pick(&["*", "=*", "<*", ">=*", "+*a", "*+a"]));
    }
    text
}

fn alternative(random: &mut Random) -> String {
    match random.below(40) {
        0 => String::new(),
        1 => random
            .pick(&["*", "x", "latest", "-", "v", "=", ">", "<", "~", "^", "~>", "+", "+a", "|"])
            .to_owned(),
        2..=5 => {
            let gap = if random.chance(1, 10) {
                random
                    .pick(&["-", " -", "- ", "  -  ", "\t-\t", " -- ", " - - ", " -\u{a0}", " - =", " - v "])
            } else {
                " - "
            };
            let text = [partial(random), partial(random)].join(gap);
            if random.chance(1, 12) { [text, comparator(random)].join(" ") } else { text }
        }
        _ => {
            let count = if random.chance(1, 2) { 1 } else { 1 + random.below(3) };
            let mut text = comparator(random);
            for _ in 1..count {
                let gap = if random.chance(1, 16) { space(random) } else { " " };
                text.push_str(random.pick(&[gap, gap, gap, gap, gap, gap, gap, ",", ""]));
                text.push_str(&comparator(random));
                if random.chance(1, 40) {
                    text.push_str(random.pick(&[" *", " x", " foo", " -", " +a", " >", " ^"]));
                }
            }
            text
        }
    }
}

fn range(random: &mut Random) -> String {
    let count = if random.chance(3, 5) { 1 } else { 1 + random.below(4) };
    let mut text = alternative(random);
    for _ in 1..count {
        text.push_str(random.pick(&["||", " || ", " || ", "|| ", " ||", "\t||\u{a0}", " | ", "|||"]));
        text.push_str(&alternative(random));
    }
    text
}
