//! The laws of every format, over the committed sample and mutations of it, as many in every run and the same ones.
//!
//! The sample is ours and holds each oddity that was found in real files: line ends, a byte order mark, tabs, comments in
//! arrays, quotes, key order, no last line end. `cargo xtask fuzz` goes on from here, guided by coverage;
//! `cargo xtask corpus` asks real files the same.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what is not as it should be fails the test"
)]

mod targets;

use std::fs;
use std::path::{Path, PathBuf};

const MUTATIONS: u64 = 150;

/// What tends to matter to these grammars, put in at random places.
const TOKENS: [&str; 36] = [
    "\n",
    "\r\n",
    "\r",
    "\t",
    " ",
    "\"",
    "'",
    "\"\"\"",
    "'''",
    "#",
    "=",
    ":",
    ": ",
    "- ",
    ",",
    "[",
    "]",
    "{",
    "}",
    "[[",
    "]]",
    "\\",
    "\\u002d",
    "&a ",
    "*a",
    "|\n",
    ">\n",
    "---\n",
    "version",
    "dependencies",
    "1.2.3",
    "\u{feff}",
    "é",
    "\u{a0}",
    "\0",
    "demo>=1",
];

/// SplitMix64: one seed, one sequence.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(end).unwrap()).unwrap()
    }
}

fn mutate(random: &mut Random, text: &[u8]) -> Vec<u8> {
    let mut bytes = text.to_vec();
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len() + 1);
        match random.below(6) {
            0 if at < bytes.len() => drop(bytes.remove(at)),
            1 if at < bytes.len() => bytes[at] = u8::try_from(random.below(128)).unwrap(),
            2 => {
                // A piece of the text once more, somewhere else: keys that stand twice.
                let piece = bytes[at..(at + random.below(60)).min(bytes.len())].to_vec();
                let to = random.below(bytes.len() + 1);
                bytes.splice(to..to, piece);
            }
            3 => {
                // Some lines gone.
                let end = (at + random.below(120)).min(bytes.len());
                bytes.drain(at..end);
            }
            _ => {
                let token = TOKENS[random.below(TOKENS.len())];
                bytes.splice(at..at, token.bytes());
            }
        }
    }
    bytes
}

/// The text with its line ends turned to CRLF, with a byte order mark, without its last line end.
fn dressed(text: &[u8]) -> Vec<Vec<u8>> {
    let text = String::from_utf8_lossy(text).replace("\r\n", "\n");
    vec![
        text.replace('\n', "\r\n").into_bytes(),
        format!("\u{feff}{text}").into_bytes(),
        text.trim_end_matches('\n').as_bytes().to_vec(),
    ]
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
        assert!(!files.is_empty(), "{name} has no seeds");
        let mut random = Random(files.len() as u64);
        for file in files {
            let seed = fs::read(&file).unwrap();
            target(&seed);
            for dressed in dressed(&seed) {
                target(&dressed);
            }
            for _ in 0..MUTATIONS {
                target(&mutate(&mut random, &seed));
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
