//! One implementation, one job, one file: `cargo xtask bench versions` runs these programs in turn.
//!
//! ```text
//! versions make KIND COUNT SEED        pep440, npm, pep440-pairs, npm-pairs: lines on standard output
//! versions IMPLEMENTATION sort FILE    parse every line, sort, print a digest of the order
//! versions IMPLEMENTATION match FILE   REQUIREMENT<TAB>VERSION a line: parse both, match, print how many do
//! ```
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for another program")]

mod floor;
mod make;

use std::cmp::Ordering;
use std::io::Write as _;
use std::process::ExitCode;

use tminus_versioning::{npm, pep440};

fn main() -> ExitCode {
    // cargo gives every benchmark `--bench`.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        [] => return ExitCode::SUCCESS,
        ["make", kind, count, seed] => make(kind, count, seed),
        [implementation, "sort", file] => read(file).and_then(|text| sort(implementation, &text)),
        [implementation, "match", file] => read(file).and_then(|text| match_all(implementation, &text)),
        _ => None,
    };
    if done.is_none() {
        eprintln!("not understood: {words:?}");
        return ExitCode::from(2);
    }
    // The values are not taken apart: the system is quicker with it, and it is no part of the job.
    std::process::exit(0)
}

fn read(file: &str) -> Option<String> {
    std::fs::read_to_string(file).ok()
}

fn make(kind: &str, count: &str, seed: &str) -> Option<()> {
    let text = make::lines(kind, count.parse().ok()?, seed.parse().ok()?)?;
    std::io::stdout().write_all(text.as_bytes()).ok()
}

fn sort(implementation: &str, text: &str) -> Option<()> {
    match implementation {
        "tminus-pep440" => sorted(text, |line| line.parse::<pep440::Version>().ok(), Ord::cmp),
        "tminus-npm" => sorted(text, |line| line.parse::<npm::Version>().ok(), npm::Version::cmp_precedence),
        "tminus-semver" => sorted(
            text,
            |line| line.parse::<tminus_versioning::semver::Version>().ok(),
            tminus_versioning::semver::Version::cmp_precedence,
        ),
        "pep440_rs" => sorted(text, |line| line.parse::<pep440_rs::Version>().ok(), Ord::cmp),
        "semver" => sorted(text, |line| semver::Version::parse(line).ok(), semver::Version::cmp_precedence),
        "packed-pep440" => sorted(text, floor::pep440, floor::Pep440::order),
        "packed-npm" => sorted(text, floor::semver, floor::Semver::order),
        _ => return None,
    }
    Some(())
}

/// Sorts with their lines, as who sorts versions wants it, and prints what shows that the orders are the same.
fn sorted<'t, V>(text: &'t str, parse: impl Fn(&'t str) -> Option<V>, order: impl Fn(&V, &V) -> Ordering) {
    let mut versions: Vec<(V, &str)> = Vec::with_capacity(text.len() / 8);
    versions.extend(text.lines().filter_map(|line| Some((parse(line)?, line))));
    versions.sort_by(|left, right| order(&left.0, &right.0));
    let digest = versions.iter().flat_map(|(_, line)| line.bytes().chain([b'\n']));
    let digest = digest.fold(0xcbf2_9ce4_8422_2325_u64, |digest, byte| {
        (digest ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    });
    println!("{} versions, order {digest:016x}, {} bytes each", versions.len(), size_of::<V>());
    std::mem::forget(versions);
}

fn match_all(implementation: &str, text: &str) -> Option<()> {
    match implementation {
        "lines" => matched(text, |requirement, version| Some(requirement.len() + version.len() > 1_000_000)),
        "tminus-pep440" => matched(text, |requirement, version| {
            let requirement: pep440::SpecifierSet = requirement.parse().ok()?;
            Some(requirement.contains(&version.parse().ok()?, pep440::Prereleases::Allow))
        }),
        "tminus-npm" => matched(text, |requirement, version| {
            let range: npm::Range = requirement.parse().ok()?;
            Some(range.satisfies(&version.parse().ok()?))
        }),
        "pep440_rs" => matched(text, |requirement, version| {
            let requirement: pep440_rs::VersionSpecifiers = requirement.parse().ok()?;
            Some(requirement.contains(&version.parse().ok()?))
        }),
        "semver" => matched(text, |requirement, version| {
            let requirement = semver::VersionReq::parse(requirement).ok()?;
            Some(requirement.matches(&semver::Version::parse(version).ok()?))
        }),
        "packed-pep440" => matched(text, floor::contains),
        _ => return None,
    }
    Some(())
}

fn matched(text: &str, matches: impl Fn(&str, &str) -> Option<bool>) {
    let (mut all, mut yes, mut refused) = (0_u32, 0_u32, 0_u32);
    for line in text.lines() {
        all += 1;
        let answer = line.split_once('\t').and_then(|(requirement, version)| matches(requirement, version));
        match answer {
            Some(true) => yes += 1,
            Some(false) => {}
            None => refused += 1,
        }
    }
    println!("{all} pairs, {yes} match, {refused} refused");
}
