//! Versions and requirements as they are found in the wild, by seed: mostly plain releases, some of everything.

/// SplitMix64, as the conformance cases use it.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From `low` to `high`, both included.
    fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    fn percent(&mut self) -> u64 {
        self.next() % 100
    }

    fn word(&mut self, words: &'static [&'static str]) -> &'static str {
        let index = usize::try_from(self.next() % words.len() as u64).unwrap_or(0);
        words.get(index).copied().unwrap_or_default()
    }

    fn major(&mut self) -> u64 {
        if self.percent() < 90 { self.next() % 6 } else { self.between(6, 60) }
    }

    fn minor(&mut self) -> u64 {
        if self.percent() < 90 { self.between(0, 60) } else { self.between(60, 400) }
    }

    fn date(&mut self) -> String {
        format!("2025{:02}{:02}", self.between(1, 12), self.between(1, 28))
    }
}

/// `count` lines of a kind; `None` for a kind that there is not.
pub(crate) fn lines(kind: &str, count: usize, seed: u64) -> Option<String> {
    let one: fn(&mut Random) -> String = match kind {
        "pep440" => pep440,
        "npm" => npm,
        "pep440-pairs" => |random| format!("{}\t{}", specifiers(random), pep440(random)),
        "npm-pairs" => |random| format!("{}\t{}", range(random), npm(random)),
        _ => return None,
    };
    let mut random = Random(seed);
    Some((0..count).map(|_| one(&mut random) + "\n").collect())
}

fn pep440(random: &mut Random) -> String {
    let (kind, hash) = (random.percent(), random.next() & 0x0fff_ffff);
    let (a, b, c, small) = (random.major(), random.minor(), random.between(0, 30), random.between(0, 9));
    match kind {
        0..56 => format!("{a}.{b}.{c}"),
        56..62 => format!("{a}.{b}"),
        62..65 => format!("{}.{}.{c}", random.between(2015, 2026), random.between(1, 12)),
        65..67 => format!("{a}.{b}.{c}.{small}"),
        67..80 => format!("{a}.{b}.{c}{}{small}", random.word(&["a", "b", "rc", "rc"])),
        80..84 => format!("{a}.{b}.{c}.dev{}", random.between(0, 400)),
        84..88 => format!("{a}.{b}.{c}.dev{}{:04}", random.date(), random.between(0, 2359)),
        88..91 => format!("{a}.{b}.{c}.post{small}"),
        91..95 => format!("{a}.{b}.{c}.dev{small}+g{hash:07x}"),
        95 => format!("{a}.{b}.{c}+cu{}", random.between(117, 126)),
        96 => format!("{a}.{b}{}{small}.dev{c}", random.word(&["a", "b", "rc"])),
        97 => format!("{a}.{b}.{c}-{}.{small}", random.word(&["alpha", "beta", "RC", "preview"])),
        98 => format!("v{a}.{b}.{c}"),
        _ => format!("1!{a}.{b}.{c}"),
    }
}

fn npm(random: &mut Random) -> String {
    let (kind, hash) = (random.percent(), random.next() & 0x0fff_ffff);
    let core = format!("{}.{}.{}", random.major(), random.minor(), random.between(0, 30));
    let small = random.between(0, 40);
    match kind {
        0..70 => core,
        70..80 => format!("{core}-{}.{small}", random.word(&["alpha", "beta", "rc", "next", "canary"])),
        80..88 => format!("{core}-canary-{hash:07x}-{}", random.date()),
        88..93 => format!("{core}-{}{small}", random.word(&["beta", "rc", "pre"])),
        93..96 => format!("{core}-dev.{}.{small}", random.date()),
        96..98 => format!("{core}+build.{small}"),
        _ => format!("{core}-alpha.{small}+sha.{hash:07x}"),
    }
}

fn specifiers(random: &mut Random) -> String {
    let kind = random.percent();
    let (a, b, c) = (random.between(0, 4), random.between(0, 60), random.between(0, 30));
    let (next, later) = (a + 1, b + random.between(1, 5));
    match kind {
        0..30 => format!(">={a}.{b}.{c},<{a}.{later}"),
        30..45 => format!(">={a}.{b}"),
        45..57 => format!(">={a}.{b}.{c},<{next}"),
        57..67 => format!("=={a}.{b}.{c}"),
        67..75 => format!("~={a}.{b}.{c}"),
        75..80 => format!("=={a}.{b}.*"),
        80..86 => format!(">={a}.{b}.{c},!={a}.{later}.{c},<{next}.0.0"),
        86..92 => format!("<{next}.{b}"),
        92..96 => format!(">={a}.{b}.{c}rc1"),
        96..98 => format!("!={a}.{b}.*,>={a}.{}", b.saturating_sub(3)),
        _ => format!(">{a}.{b},<={next}.{b}.{c}"),
    }
}

fn range(random: &mut Random) -> String {
    let kind = random.percent();
    let (a, b, c) = (random.between(0, 4), random.between(0, 60), random.between(0, 30));
    let next = a + 1;
    match kind {
        0..55 => format!("^{a}.{b}.{c}"),
        55..67 => format!("~{a}.{b}.{c}"),
        67..77 => format!("{a}.{b}.{c}"),
        77..82 => format!(">={a}.{b}.{c}"),
        82..87 => format!(">={a}.{b}.{c} <{next}.0.0"),
        87..91 => format!("^{a}.{b}.{c} || ^{next}.0.0"),
        91..94 => format!("{a}.x"),
        94..96 => format!("{a}.{b}.{c} - {next}.{b}.{c}"),
        96..98 => format!("^{a}.{b}.{c}-beta.{}", random.between(0, 9)),
        _ => "*".to_owned(),
    }
}
