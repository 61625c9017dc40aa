//! What the fuzz targets are fed: the committed corpus, and mutations of it, as many in every run and the same ones.
//!
//! `cargo xtask fuzz` goes on from here, guided by coverage.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what is not as it should be fails the test"
)]

#[path = "conformance/subjects/random.rs"]
mod random;
mod targets;

use std::fs;
use std::path::{Path, PathBuf};

use self::random::Random;

const MUTATIONS: u64 = 60;
const SHORT: usize = 600;

/// As many inputs for each seed go beyond the 4096 bytes that a range may have: they take their time.
const LONG_MUTATIONS: u64 = 2;
const LONG: usize = 4500;

/// What joins the copies of a line to a long one.
const JOINTS: [&str; 7] = ["", " ", ",", ".", "||", " || ", ", "];

/// What tends to matter to these grammars, put in at random places.
const TOKENS: [&str; 40] = [
    "0",
    "1",
    "9",
    "18446744073709551615",
    "18446744073709551616",
    "9007199254740991",
    "9007199254740992",
    ".",
    "-",
    "+",
    "_",
    "!",
    "*",
    "x",
    "X",
    " ",
    "\t",
    "\n",
    ",",
    "|",
    "||",
    "<",
    ">",
    "=",
    "~",
    "^",
    "v",
    "rc",
    "dev",
    "post",
    "a",
    "alpha",
    ".0",
    "-0",
    "\u{a0}",
    "é",
    "{",
    "}",
    "[",
    ";",
];

fn mutate(random: &mut Random, text: &[u8], longest: usize) -> Vec<u8> {
    let mut bytes = text.to_vec();
    let changes = if random.chance(1, 20) { 30 } else { 1 + random.below(4) };
    for _ in 0..changes {
        let at = usize::try_from(random.below(bytes.len() as u64 + 1)).unwrap();
        match random.below(5) {
            0 if at < bytes.len() => drop(bytes.remove(at)),
            1 if at < bytes.len() => bytes[at] = u8::try_from(random.below(256)).unwrap(),
            2 if at < bytes.len() => {
                let piece = bytes[at..].to_vec();
                bytes.extend(piece);
            }
            _ => drop(bytes.splice(at..at, random.pick(&TOKENS).bytes())),
        }
    }
    bytes.truncate(longest);
    bytes
}

/// The text with one of its first lines over and over again, up to about the longest that is read.
fn lengthened(random: &mut Random, text: &[u8]) -> Vec<u8> {
    let mut lines: Vec<Vec<u8>> = text.split(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect();
    let at = usize::try_from(random.below(lines.len().min(2) as u64)).unwrap();
    let piece = [random.pick(&JOINTS).as_bytes(), &lines[at]].concat();
    if piece.is_empty() {
        return text.to_vec();
    }
    let longest = usize::try_from(3900 + random.below(300)).unwrap();
    while lines[at].len() + piece.len() <= longest {
        lines[at].extend(&piece);
    }
    lines.join(&b'\n')
}

fn files(target: &str) -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(target);
    let entries = fs::read_dir(&dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn the_corpus_and_its_neighbours_hold_the_laws() {
    for (name, target) in targets::TARGETS {
        let files = files(name);
        assert!(files.len() >= 5, "{name} has {} seeds", files.len());
        let mut random = Random::new(files.len() as u64);
        for file in files {
            let seed = fs::read(&file).unwrap();
            target(&seed);
            for _ in 0..MUTATIONS {
                target(&mutate(&mut random, &seed, SHORT));
            }
            for _ in 0..LONG_MUTATIONS {
                let long = lengthened(&mut random, &seed);
                target(&long);
                target(&mutate(&mut random, &long, LONG));
            }
        }
    }
}

#[test]
fn every_directory_of_the_corpus_has_a_target() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut there: Vec<String> =
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    there.sort();
    let mut known: Vec<&str> = targets::TARGETS.iter().map(|(name, _)| *name).collect();
    known.sort_unstable();
    assert_eq!(there, known);
}
