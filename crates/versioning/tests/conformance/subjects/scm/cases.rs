//! Cases for the subject: tags of every age, commits of every kind, settings of every kind.

use super::super::random::Random;

const SCHEMES: [&str; 11] = [
    "guess-next-dev",
    "no-guess-dev",
    "only-version",
    "post-release",
    "semver-pep440",
    "python-simplified-semver",
    "semver-pep440-release-branch",
    "release-branch-semver",
    "calver-by-date",
    "towncrier-fragments",
    "towncrier-fragments-zerover",
];

const LOCALS: [&str; 10] = [
    "node-and-date",
    "node-and-date",
    "node-and-timestamp",
    "dirty-tag",
    "no-local-version",
    "no-local-version-strict",
    "fail-on-uncommitted-changes",
    "fail-on-uncommitted-changes,node-and-date",
    "dirty-tag,node-and-date",
    "",
];

pub(crate) fn case(random: &mut Random) -> Vec<String> {
    match random.below(20) {
        0 => vec!["describe".to_owned(), describe(random)],
        1 => {
            let tag = tag(random);
            vec!["read".to_owned(), mutated(random, &tag)]
        }
        2 => vec!["words".to_owned(), words(random)],
        3 => environment(random),
        4 => {
            let strict = random.pick(&["none", "true", "false"]);
            vec!["pattern".to_owned(), prefix(random), strict.to_owned()]
        }
        _ => derive(random),
    }
}

fn derive(random: &mut Random) -> Vec<String> {
    let expression =
        if random.chance(3, 4) { "default" } else { random.pick(&["release", "single", "tilde", "suffix"]) };
    let prefix = if random.chance(7, 8) { String::new() } else { prefix(random) };
    let tag = tag_for(random, expression, &prefix);
    let node_date = day(random);
    let origin = match random.below(16) {
        0 => {
            let text = if random.chance(1, 8) { mutated(random, &tag) } else { version(random) };
            format!("pretended {text}")
        }
        1 => {
            let start = random.pick(&["proj-", "proj-", "proj", ""]);
            let name = format!("{start}{tag}").replace('/', "_");
            format!("directory {}", if matches!(name.as_str(), "" | "." | "..") { "x" } else { &name })
        }
        2 => format!("untagged {} {} {}", hex(random, 40), 1 + random.below(300), truth(random)),
        3 if random.chance(1, 4) => "unborn".to_owned(),
        _ => {
            let tag = if random.chance(1, 30) { mutated(random, &tag) } else { tag };
            // A tag that is this very day, so that the patch number counts.
            let tag = match random.below(36) {
                0..=2 => same_day(random, &node_date),
                3 => {
                    let day = day(random);
                    same_day(random, &day)
                }
                _ => tag,
            };
            let distance = if random.chance(1, 3) { 0 } else { random.below(40) };
            let length = if random.chance(3, 4) { 40 } else { 1 + random.below(14) };
            let dirty = if random.chance(1, 2) { "-dirty" } else { "" };
            if random.chance(1, 40) {
                format!("described {tag}{dirty}")
            } else {
                format!("described {tag}-{distance}-g{}{dirty}", hex(random, length))
            }
        }
    };
    let local = random.pick(&LOCALS);
    let local = if local.is_empty() && !random.chance(1, 10) { "node-and-date" } else { local };
    let fallback = match random.below(8) {
        0..=3 => "none".to_owned(),
        4 => "=".to_owned(),
        5 => "=0.4.5.dev0".to_owned(),
        _ => format!("={}", version(random)),
    };
    let branch = branch(random, &origin);
    let time =
        format!("{}T{:02}:{:02}:{:02}", day(random), random.below(24), random.below(60), random.below(60));
    let mut case = vec![
        "derive".to_owned(),
        origin,
        random.pick(&SCHEMES).to_owned(),
        local.to_owned(),
        expression.to_owned(),
        prefix,
        fallback,
        (if random.chance(1, 5) { "false" } else { "true" }).to_owned(),
        branch,
        if random.chance(1, 10) { "none".to_owned() } else { node_date },
        time,
        fragments(random),
    ];
    if random.chance(1, 20) {
        case.extend(overrides(random));
    }
    case
}

fn truth(random: &mut Random) -> &'static str {
    if random.chance(1, 2) { "true" } else { "false" }
}

fn hex(random: &mut Random, length: u64) -> String {
    (0..length).map(|_| char::from_digit(u32::try_from(random.below(16)).unwrap(), 16).unwrap()).collect()
}

/// Few years, so that tags, commits and branches meet.
fn day(random: &mut Random) -> String {
    let year = if random.chance(1, 20) { 1000 + random.below(9000) } else { 2020 + random.below(6) };
    format!("{year:04}-{:02}-{:02}", 1 + random.below(12), 1 + random.below(28))
}

fn same_day(random: &mut Random, day: &str) -> String {
    let numbers: Vec<u32> = day.split('-').map(|part| part.parse().unwrap()).collect();
    let (year, month, day) = (numbers[0], numbers[1], numbers[2]);
    let prefix = random.pick(&["", "v", "V", "demo-"]);
    let patch = random.pick(&["", ".0", ".1", ".9", ".007", ".99999999999999999999"]);
    match random.below(4) {
        0 => format!("{prefix}{year}.{month}.{day}{patch}"),
        1 => format!("{prefix}{year}.{month:02}.{day:02}{patch}"),
        2 => format!("{prefix}{:02}.{month}.{day}{patch}", year % 100),
        _ => format!("{prefix}{:02}.{month:02}.{day:02}{patch}", year % 100),
    }
}

fn number(random: &mut Random) -> String {
    match random.below(40) {
        0..=11 => "0".to_owned(),
        12..=29 => random.below(12).to_string(),
        30..=33 => random.below(200).to_string(),
        34 => format!("0{}", random.below(100)),
        35 => "999".to_owned(),
        36 => u64::MAX.to_string(),
        37 if random.chance(1, 4) => "18446744073709551616".to_owned(),
        _ => (2000 + random.below(40)).to_string(),
    }
}

/// A version by PEP 440 in any spelling.
fn version(random: &mut Random) -> String {
    if random.chance(1, 8) {
        return calendar(random);
    }
    let mut text = String::new();
    if random.chance(1, 12) {
        text += random.pick(&["v", "V", "v", " ", "\u{a0}"]);
    }
    if random.chance(1, 15) {
        text += &format!("{}!", number(random));
    }
    text += &number(random);
    for _ in 0..random.below(5) {
        text += &format!(".{}", number(random));
    }
    let separator = |random: &mut Random| random.pick(&["", ".", "-", "_", "", "."]);
    if random.chance(1, 4) {
        text += separator(random);
        text += random.pick(&["a", "b", "rc", "c", "alpha", "BETA", "pre", "preview", "RC"]);
        text += separator(random);
        if random.chance(4, 5) {
            text += &number(random);
        }
    }
    if random.chance(1, 6) {
        if random.chance(1, 4) {
            text += &format!("-{}", number(random));
        } else {
            text += separator(random);
            text += random.pick(&["post", "rev", "r", "POST", "post"]);
            if random.chance(4, 5) {
                text += &number(random);
            }
        }
    }
    if random.chance(1, 4) {
        text += random.pick(&[".dev", "-dev", "dev", ".DEV", "_dev", ".dev"]);
        if random.chance(4, 5) {
            text += random.pick(&["0", "0", "0", "1", "12", "00", ".0"]);
        }
    }
    if random.chance(1, 6) {
        text += &local_part(random);
    }
    if random.chance(1, 40) {
        text += random.pick(&[" ", "\u{3000}", "\n", "\t", "\u{1c}", "\u{85}"]);
    }
    text
}

fn calendar(random: &mut Random) -> String {
    let year =
        random.pick(&["20", "24", "2024", "2021", "99", "69", "68", "1999", "02", "0024", "202", "0000"]);
    let month = random.pick(&["1", "01", "12", "13", "2", "02", "0", "00", "7", "011"]);
    let day = random.pick(&["1", "01", "28", "29", "30", "31", "32", "0", "9", "09"]);
    let patch = random.pick(&["", "", ".0", ".1", ".15", ".", ".1.2", "rc1", ".dev0", ".1.dev0"]);
    format!("{}{year}.{month}.{day}{patch}", random.pick(&["", "", "v", "V"]))
}

fn local_part(random: &mut Random) -> String {
    let mut text = "+".to_owned();
    for index in 0..=random.below(3) {
        if index > 0 {
            text += random.pick(&[".", "-", "_", ".."]);
        }
        text += random.pick(&[
            "local",
            "ABC",
            "007",
            "1",
            "d20240102",
            "dirty",
            "unknown",
            "1",
            "gabc",
            "",
            "é",
            "a+b",
            "20240229123456789012345",
        ]);
    }
    text
}

fn word(random: &mut Random) -> &'static str {
    random.pick(&[
        "release",
        "v",
        "my-pkg",
        "pkg",
        "a_b",
        "1",
        "2024",
        "x-1",
        "пакет",
        "漢字",
        "é",
        "²",
        "½",
        "a.b",
        "pkg/a",
        "-",
        "",
        "v1",
        "€",
        "𝒳",
        "v",
        "my-pkg",
    ])
}

fn prefix(random: &mut Random) -> String {
    random.pick(&["v", "pkg-", "pkg-v", "release/", "x", "1", "*", "пакет-"]).to_owned()
}

fn tag(random: &mut Random) -> String {
    let mut text = String::new();
    for _ in 0..random.below(3) / 2 * (1 + random.below(2)) {
        text += word(random);
        text += random.pick(&["-", "-", "-", "_", "/", ""]);
    }
    if random.chance(1, 3) {
        text += random.pick(&["v", "v", "v", "V", "vv", "r"]);
    }
    text += &version(random);
    if random.chance(1, 20) {
        text += random.pick(&["-final", "-2", "-1-gabc", ".x", "-dirty", "~1", "!", "+", "-0-g12", "１"]);
    }
    text
}

fn tag_for(random: &mut Random, expression: &str, prefix: &str) -> String {
    let version = version(random);
    let plain = match expression {
        "release" => format!("release/{version}"),
        "single" => format!("{}{version}", random.pick(&["", "pkg-", "v", "pkg-v"])),
        "tilde" => {
            let rest = random.pick(&["", "", "~", "~rc1", "~+local", "+x"]);
            let version = if random.chance(1, 10) { "" } else { &version };
            format!("pkg@{version}{rest}")
        }
        "suffix" => {
            let rest =
                random.pick(&["", "-final", ".post1", ".3", ".post", ".99999999999999999999", ".post007"]);
            format!("{}.{}{rest}", number(random), number(random))
        }
        _ => tag(random),
    };
    if random.chance(4, 5) { format!("{prefix}{plain}") } else { plain }
}

/// A branch, often one that bears upon the version.
fn branch(random: &mut Random, origin: &str) -> String {
    let like_tag = || {
        let text = origin.split_once(' ').map_or("1.0", |(_, text)| text);
        let numbers = text.trim_start_matches(|next: char| !next.is_ascii_digit());
        let parts: Vec<&str> = numbers.split(['.', '-', '+']).take(2).collect();
        parts.join(".")
    };
    let name = match random.below(12) {
        0 => return "none".to_owned(),
        1 => "main".to_owned(),
        2 => "HEAD".to_owned(),
        3 => random.pick(&["feature/x", "my-feature", "Feature", "features"]).to_owned(),
        4 => format!("release/{}", like_tag()),
        5 => format!("release/v{}.x", like_tag()),
        6 => format!("a/b/{}-{}", word(random), like_tag()),
        7 => format!("release-{}", calendar(random)),
        8 => format!("release-{}", version(random)),
        9 => format!("release-{}-{}", word(random), calendar(random)),
        10 => format!("{}{}", random.pick(&["", "v", "V", "release/", "pkg@", "pkg-"]), like_tag()),
        _ => tag(random),
    };
    format!("={name}")
}

fn fragments(random: &mut Random) -> String {
    let names = [
        "1.major.md",
        "2.breaking.md",
        "3.removal",
        "4.feature.md",
        "5.deprecation.rst",
        "6.bugfix.md",
        "7.doc.md",
        "+x.misc.md",
        "README.md",
        "template.md",
        ".gitkeep",
        "feature",
        "8.other.md",
        ".feature",
        "9.x.feature",
    ];
    let count = random.below(4);
    (0..count).map(|_| random.pick(&names)).collect::<Vec<_>>().join("/")
}

fn overrides(random: &mut Random) -> Vec<String> {
    let mut fields = Vec::new();
    if random.chance(1, 8) {
        fields.push(format!("tag = \"{}\"", random.pick(&["2.0", "x y", "v1.0", ""])));
    }
    if random.chance(1, 3) {
        fields.push(format!("distance = {}", random.below(9)));
    }
    if random.chance(1, 3) {
        let nodes = [
            "",
            "h0123456789abcdef",
            "g0123456789abcdef",
            "0123456789abcdef",
            "+a.b+",
            "é²漢字пакет-abc",
            "a..a",
        ];
        fields.push(format!("node = \"{}\"", random.pick(&nodes)));
    }
    if random.chance(1, 3) {
        fields.push(format!("dirty = {}", truth(random)));
    }
    if random.chance(1, 3) {
        fields.push(format!("preformatted = {}", truth(random)));
    }
    if random.chance(1, 3) {
        fields.push(format!(
            "branch = \"{}\"",
            random.pick(&["feature", "release/1.2", "release-24.01.02", ""])
        ));
    }
    if random.chance(1, 3) {
        fields.push(format!("node_date = {}", day(random)));
    }
    if random.chance(1, 3) {
        fields.push(format!("time = {}T{:02}:03:04", day(random), random.below(24)));
    }
    fields
}

fn describe(random: &mut Random) -> String {
    let mut text = tag(random);
    for _ in 0..random.below(3) {
        text +=
            &format!("-{}-g{}", random.pick(&["0", "1", "37", "007", "99999999999999999999", "", "x"]), {
                let length = random.below(12);
                hex(random, length)
            });
    }
    text += random.pick(&["", "-dirty", "-dirty-dirty", "\n", "-dirty\n", "\n-dirty", " "]);
    if random.chance(1, 5) { mutated(random, &text) } else { text }
}

fn words(random: &mut Random) -> String {
    let parts = [
        "git",
        " ",
        " ",
        "  ",
        "describe",
        "--match",
        "'",
        "\"",
        "\\",
        "\t",
        "\n",
        "a b",
        "#x",
        "'v*'",
        "\"a\\\"b\"",
        "\\\\",
        "é",
        "''",
        "\"\"",
        "$x",
        "\u{a0}",
        "\r",
        "\u{b}",
    ];
    (0..random.below(10)).map(|_| random.pick(&parts)).collect()
}

fn environment(random: &mut Random) -> Vec<String> {
    let name = random.pick(&["PRETEND_METADATA", "OVERRIDES"]);
    let distribution =
        random.pick(&["none", "=my-pkg", "=My.Pkg", "=my__pkg", "=x", "=-", "=a.-_b", "=пакет"]);
    let mut case = vec!["environment".to_owned(), name.to_owned(), distribution.to_owned()];
    for _ in 0..random.below(6) {
        let tool = random.pick(&["SETUPTOOLS_SCM", "SETUPTOOLS_SCM", "VCS_VERSIONING", "HATCH_VCS"]);
        let suffix = random.pick(&[
            "",
            "_FOR_MY_PKG",
            "_FOR_my-pkg",
            "_FOR_My.Pkg",
            "_FOR_MY__PKG",
            "_FOR_X",
            "_FOR_x",
            "_FOR_A_B",
            "_FOR_",
            "_FOR__",
            "_FOR_-",
            "_FOR_ПАКЕТ",
            "_FOR_Пакет",
            "_for_X",
        ]);
        let variable = format!("{tool}_{}{suffix}", random.pick(&["PRETEND_METADATA", "OVERRIDES"]));
        // A process has each variable once.
        if !case.iter().any(|pair| pair.split('=').next() == Some(&variable)) {
            let value = random.pick(&["", "one", "two=2", "x\ny"]);
            case.push(format!("{variable}={value}"));
        }
    }
    case
}

fn mutated(random: &mut Random, text: &str) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..=random.below(2) {
        let place = usize::try_from(random.below(characters.len() as u64 + 1)).unwrap();
        let put = random
            .pick(&["-", ".", "+", "v", "1", "g", " ", "\n", "é", "_", "/", "!", "²", "+", ".", "٣", "ि"]);
        match random.below(3) {
            0 if place < characters.len() => {
                characters.remove(place);
            }
            1 if place < characters.len() => characters[place] = put.chars().next().unwrap(),
            _ => characters.splice(place..place, put.chars()).for_each(drop),
        }
    }
    characters.into_iter().collect()
}
