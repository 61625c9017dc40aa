//! The journal: what this machine tried, in order, each line on disk before the next thing happens.
//!
//! It explains and it orders; it never decides. A journal that is lost costs nothing but history.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::files::{file_name, sync_dir};
use crate::plan::StepId;

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Entry {
    /// A run began.
    Run {
        /// The command.
        command: String,
        /// The fencing counter of its lease.
        lease: u64,
    },
    /// A step is about to act.
    Begin {
        /// Which.
        step: StepId,
    },
    /// An output was bound.
    Bind {
        /// `step.name`.
        name: String,
    },
    /// A step ended.
    End {
        /// Which.
        step: StepId,
        /// How.
        outcome: String,
    },
    /// A run ended.
    Close {
        /// How.
        outcome: String,
    },
}

/// An append-only file of [`Entry`] lines, fsynced after each.
#[derive(Debug)]
pub struct Journal {
    file: File,
    path: PathBuf,
}

impl Journal {
    /// Opens the journal of a release below `dir`; a line that a crash cut short is cut off.
    pub fn open(dir: &Path, train: &str, version: &str) -> io::Result<Self> {
        std::fs::create_dir_all(dir)?;
        let path = dir.join(format!("{}@{}.jsonl", file_name(train), file_name(version)));
        let existing = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error),
        };
        let whole = existing.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        let file = OpenOptions::new().append(true).create(true).open(&path)?;
        if whole < existing.len() {
            file.set_len(whole as u64)?;
        }
        file.sync_all()?;
        sync_dir(dir)?;
        Ok(Self { file, path })
    }

    /// Appends an entry. It is durable when this returns.
    pub fn append(&mut self, entry: &Entry) -> io::Result<()> {
        let mut line = serde_json::to_string(entry)?;
        line.push('\n');
        self.file.write_all(line.as_bytes())?;
        self.file.sync_data()
    }

    /// Everything written so far.
    pub fn read(&self) -> io::Result<Vec<Entry>> {
        let text = std::fs::read_to_string(&self.path)?;
        Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_was_cut_short_is_dropped() {
        let dir = tempfile::tempdir().unwrap();
        let begin = Entry::Begin { step: StepId::new("push") };
        Journal::open(dir.path(), "demo", "0.2.0").unwrap().append(&begin).unwrap();
        let path = dir.path().join("demo@0.2.0.jsonl");
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.extend_from_slice(b"{\"event\":\"en");
        std::fs::write(&path, &bytes).unwrap();

        let mut journal = Journal::open(dir.path(), "demo", "0.2.0").unwrap();
        let end = Entry::End { step: StepId::new("push"), outcome: "done".to_owned() };
        journal.append(&end).unwrap();
        assert_eq!(journal.read().unwrap(), [begin, end]);
    }
}
