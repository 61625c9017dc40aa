//! The state as it is kept in a directory: one JSON document, and one file for each distinct content.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::{SandboxError, Webhook, digest, forge::ForgeState, index::IndexState};

/// The version of the document; a document with another one is refused.
const FORMAT: u32 = 1;

/// The largest state document that is read.
const MAX_STATE_BYTES: u64 = 256 << 20;

/// All facts, without the contents of files.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct State {
    format: u32,
    pub(crate) index: IndexState,
    pub(crate) forge: ForgeState,
    pub(crate) webhooks: BTreeMap<String, Vec<Webhook>>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            format: FORMAT,
            index: IndexState::default(),
            forge: ForgeState::default(),
            webhooks: BTreeMap::new(),
        }
    }
}

/// The contents of files, by their SHA-256.
#[derive(Debug, Default)]
pub(crate) struct Blobs {
    contents: BTreeMap<String, Bytes>,
    unsaved: BTreeSet<String>,
}

impl Blobs {
    /// Keeps this content and returns its SHA-256.
    pub(crate) fn insert(&mut self, content: Bytes) -> String {
        let sha256 = digest::sha256(&content);
        if self.contents.insert(sha256.clone(), content).is_none() {
            self.unsaved.insert(sha256.clone());
        }
        sha256
    }

    pub(crate) fn get(&self, sha256: &str) -> Option<Bytes> {
        self.contents.get(sha256).cloned()
    }
}

/// Where the state is kept, if anywhere.
#[derive(Debug)]
pub(crate) struct Storage {
    dir: Option<PathBuf>,
}

impl Storage {
    /// Reads what an earlier run left in this directory, and makes it ready for saving.
    pub(crate) fn open(dir: Option<PathBuf>) -> Result<(Self, State, Blobs), SandboxError> {
        let Some(dir) = dir else { return Ok((Self { dir: None }, State::default(), Blobs::default())) };
        let blobs_dir = dir.join("blobs");
        fs::create_dir_all(&blobs_dir)
            .map_err(|source| SandboxError::Save { path: blobs_dir.clone(), source })?;
        let path = dir.join("state.json");
        let state = match read_limited(&path, MAX_STATE_BYTES) {
            Ok(document) => serde_json::from_slice::<State>(&document)
                .map_err(|source| SandboxError::Malformed { path: path.clone(), source })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => State::default(),
            Err(source) => return Err(SandboxError::Read { path, source }),
        };
        if state.format != FORMAT {
            return Err(SandboxError::Format { path, found: state.format });
        }
        let mut blobs = Blobs::default();
        for (sha256, size) in state.index.contents().chain(state.forge.contents()) {
            let path = blobs_dir.join(sha256);
            let content = read_limited(&path, size)
                .map_err(|source| SandboxError::Read { path: path.clone(), source })?;
            if digest::sha256(&content) != sha256 {
                return Err(SandboxError::Damaged { path });
            }
            blobs.contents.insert(sha256.to_owned(), Bytes::from(content));
        }
        Ok((Self { dir: Some(dir) }, state, blobs))
    }

    /// Writes new contents first and the document last, each in one piece, so that a kill leaves the old or the new.
    pub(crate) fn save(&self, state: &State, blobs: &mut Blobs) -> Result<(), SandboxError> {
        let Some(dir) = &self.dir else { return Ok(()) };
        while let Some(sha256) = blobs.unsaved.first().cloned() {
            if let Some(content) = blobs.contents.get(&sha256) {
                replace(&dir.join("blobs").join(&sha256), content)?;
            }
            blobs.unsaved.remove(&sha256);
        }
        let path = dir.join("state.json");
        let document = serde_json::to_vec_pretty(state)
            .map_err(|source| SandboxError::Malformed { path: path.clone(), source })?;
        replace(&path, &document)
    }
}

fn replace(path: &Path, content: &[u8]) -> Result<(), SandboxError> {
    let partial = path.with_extension("partial");
    fs::write(&partial, content)
        .and_then(|()| fs::rename(&partial, path))
        .map_err(|source| SandboxError::Save { path: path.to_owned(), source })
}

/// Reads a file that must not be larger than this.
fn read_limited(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    use std::io::Read as _;

    let mut content = Vec::new();
    fs::File::open(path)?.take(limit.saturating_add(1)).read_to_end(&mut content)?;
    if content.len() as u64 > limit {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("more than {limit} bytes")));
    }
    Ok(content)
}
