//! What is noted about a write before it begins, so that it can be finished or undone.
//!
//! ```text
//! tminus edits 1
//! id<TAB>8f3a09c1d2e4b567
//! edit<TAB>120 cbf29ce484222325 121 af63dc4c8601ec8c<TAB>setup.cfg    what it holds, what it is to hold
//! edit<TAB>- - 5 85944171f73967e8<TAB>notes/new.md                   a file that is created
//! made<TAB>notes                                                     a directory, removed if this is undone
//! stray<TAB>src/.tminus-77aa…-3                                      a file, removed when this is finished
//! empty<TAB>notes                                                    a directory, removed when this is finished
//! end<TAB>4b0f…                                                      a hash of all before
//! ```

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::path::{Path, PathBuf};

use crate::RelPath;

/// The first line.
const FORMAT: &str = "tminus edits 1";

/// How the names of prepared files begin.
const PREFIX: &str = ".tminus-";

/// What contents are known by.
///
/// It tells old, new and foreign contents apart where nobody aims at a collision: whoever could place one could as
/// well write the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity {
    length: usize,
    hash: u64,
}

impl Identity {
    pub(super) fn of(contents: &[u8]) -> Self {
        Self { length: contents.len(), hash: fnv(contents) }
    }

    pub(super) fn length(self) -> usize {
        self.length
    }
}

/// FNV-1a with 64 bits.
fn fnv(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// One file: what it holds before and after, nothing where there is no file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) path: RelPath,
    pub(super) from: Option<Identity>,
    pub(super) to: Option<Identity>,
}

/// A whole write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plan {
    id: u64,
    pub(super) entries: Vec<Entry>,
    /// Directories that are made for new files, outer ones first.
    pub(super) made: Vec<RelPath>,
    /// Files of the write that this one takes back.
    pub(super) stray: Vec<PathBuf>,
    /// Directories of the write that this one takes back.
    pub(super) empty: Vec<RelPath>,
}

impl Plan {
    pub(super) fn new(entries: Vec<Entry>, made: Vec<RelPath>) -> Self {
        // The standard library's only source of chance.
        let id = RandomState::new().build_hasher().finish();
        Self { id, entries, made, stray: Vec::new(), empty: Vec::new() }
    }

    /// The files with the new contents, in the order of the entries.
    pub(super) fn prepared(&self, root: &Path) -> Vec<PathBuf> {
        let name = |index: usize| format!("{PREFIX}{:016x}-{index}", self.id);
        let entries = self.entries.iter().enumerate();
        entries.map(|(index, entry)| entry.path.below(root).with_file_name(name(index))).collect()
    }

    /// Whether this takes back what another write has done.
    pub(super) fn is_reverse(&self) -> bool {
        !self.stray.is_empty()
    }

    pub(super) fn to_text(&self, root: &Path) -> String {
        let mut text = format!("{FORMAT}\nid\t{:016x}\n", self.id);
        for Entry { path, from, to } in &self.entries {
            text.push_str(&format!("edit\t{} {}\t{path}\n", spell(*from), spell(*to)));
        }
        for path in &self.made {
            text.push_str(&format!("made\t{path}\n"));
        }
        for path in &self.stray {
            let inner = path.strip_prefix(root).unwrap_or(path).to_string_lossy();
            text.push_str(&format!("stray\t{}\n", inner.replace('\\', "/")));
        }
        for path in &self.empty {
            text.push_str(&format!("empty\t{path}\n"));
        }
        text.push_str(&format!("end\t{:016x}\n", fnv(text.as_bytes())));
        text
    }

    /// Reads what [`to_text`](Self::to_text) wrote; an error is a line and what is wrong there.
    ///
    /// A text that ends too early is `None`: writing it was interrupted.
    pub(super) fn parse(text: &str, root: &Path) -> Result<Option<Self>, (usize, &'static str)> {
        let Some(body) = complete(text) else { return Ok(None) };
        let mut lines = body.lines().enumerate().map(|(index, line)| (index + 1, line));
        if lines.next().is_none_or(|(_, line)| line != FORMAT) {
            return Err((1, "it is of another format"));
        }
        let id = lines.next().and_then(|(_, line)| hexadecimal(line.strip_prefix("id\t")?));
        let id = id.ok_or((2, "there is no id"))?;
        let mut plan =
            Self { id, entries: Vec::new(), made: Vec::new(), stray: Vec::new(), empty: Vec::new() };
        for (number, line) in lines {
            plan.read_line(line, root).ok_or((number, "the line is not understood"))?;
        }
        Ok(Some(plan))
    }

    fn read_line(&mut self, line: &str, root: &Path) -> Option<()> {
        let (word, rest) = line.split_once('\t')?;
        let path = |text: &str| text.parse::<RelPath>().ok();
        match word {
            "edit" => {
                let (contents, name) = rest.split_once('\t')?;
                let words: Vec<&str> = contents.split(' ').collect();
                let [from_length, from_hash, to_length, to_hash] = words.as_slice() else { return None };
                let (from, to) = (read(from_length, from_hash)?, read(to_length, to_hash)?);
                self.entries.push(Entry { path: path(name)?, from, to });
            }
            "made" => self.made.push(path(rest)?),
            "empty" => self.empty.push(path(rest)?),
            // Nothing but a file of ours is ever removed.
            "stray" => {
                let path = path(rest).filter(|path| path.file_name().starts_with(PREFIX))?;
                self.stray.push(path.below(root));
            }
            _ => return None,
        }
        Some(())
    }
}

/// The text before its last line, if that is there and right.
fn complete(text: &str) -> Option<&str> {
    let start = text.strip_suffix('\n')?.rfind('\n')? + 1;
    let (body, last) = text.split_at_checked(start)?;
    let hash = hexadecimal(last.strip_suffix('\n')?.strip_prefix("end\t")?)?;
    (hash == fnv(body.as_bytes())).then_some(body)
}

fn hexadecimal(text: &str) -> Option<u64> {
    u64::from_str_radix(text, 16).ok()
}

fn spell(identity: Option<Identity>) -> String {
    identity.map_or_else(|| "- -".to_owned(), |known| format!("{} {:016x}", known.length, known.hash))
}

#[expect(clippy::option_option, reason = "the outer one is the error, as in the callers")]
fn read(length: &str, hash: &str) -> Option<Option<Identity>> {
    match (length, hash) {
        ("-", "-") => Some(None),
        _ => Some(Some(Identity { length: length.parse().ok()?, hash: hexadecimal(hash)? })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> Plan {
        let path = |text: &str| text.parse::<RelPath>().unwrap();
        let entry = |name: &str, from: Option<&[u8]>, to: Option<&[u8]>| Entry {
            path: path(name),
            from: from.map(Identity::of),
            to: to.map(Identity::of),
        };
        let mut plan = Plan::new(
            vec![
                entry("a b/é", Some(b"1"), Some(b"")),
                entry("n", None, Some(b"2")),
                entry("x", Some(b"3"), None),
            ],
            vec![path("d"), path("d/e")],
        );
        plan.stray = vec![Path::new("/project/d/.tminus-1-1").to_path_buf()];
        plan.empty = vec![path("d")];
        plan
    }

    #[test]
    fn the_hash_is_fnv_1a() {
        for (text, hash) in
            [("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8)]
        {
            assert_eq!(fnv(text.as_bytes()), hash);
        }
    }

    #[test]
    fn a_plan_survives_its_text_and_no_part_of_it_does() {
        let (plan, root) = (plan(), Path::new("/project"));
        let text = plan.to_text(root);
        assert_eq!(Plan::parse(&text, root), Ok(Some(plan)));
        for end in (0..text.len()).filter(|&end| text.is_char_boundary(end)) {
            assert_eq!(Plan::parse(&text[..end], root), Ok(None), "{end}");
        }
    }

    #[test]
    fn what_leads_elsewhere_is_not_understood() {
        for line in [
            "edit\t- - - -\t../x",
            "edit\t1 1 1\tx",
            "edit\tx - - -\tx",
            "stray\tsetup.cfg",
            "made\t/etc",
            "empty\t.git/hooks",
            "other\tx",
        ] {
            let mut text = format!("{FORMAT}\nid\t00000000000000ff\n{line}\n");
            text.push_str(&format!("end\t{:016x}\n", fnv(text.as_bytes())));
            assert_eq!(
                Plan::parse(&text, Path::new("/project")),
                Err((3, "the line is not understood")),
                "{line}"
            );
        }
    }
}
