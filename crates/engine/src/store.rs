//! Bytes by their SHA-256, so that what was built once is published as it was built.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::files::write_durably;

/// A content-addressed store below the git directory.
#[derive(Debug, Clone)]
pub struct Store {
    dir: PathBuf,
}

impl Store {
    /// A store below `dir`.
    pub fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned() }
    }

    /// Stores `bytes` and returns their SHA-256 in hexadecimal. They are durable when this returns.
    pub fn put(&self, bytes: &[u8]) -> io::Result<String> {
        let sha256 = digest(bytes);
        let path = self.path(&sha256);
        if self.get(&sha256)?.is_none() {
            write_durably(&path, bytes)?;
        }
        Ok(sha256)
    }

    /// The bytes with that SHA-256; `None` where they are not here, or here but damaged.
    pub fn get(&self, sha256: &str) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.path(sha256)) {
            Ok(bytes) => Ok((digest(&bytes) == sha256).then_some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn path(&self, sha256: &str) -> PathBuf {
        let (shelf, rest) = sha256.split_at_checked(2).unwrap_or(("00", sha256));
        self.dir.join(shelf).join(rest)
    }
}

/// SHA-256 in hexadecimal.
pub(crate) fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_is_got_and_damage_is_noticed() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::new(dir.path());
        let sha256 = store.put(b"wheel").unwrap();
        assert_eq!(store.get(&sha256).unwrap().unwrap(), b"wheel");
        fs::write(store.path(&sha256), b"whee").unwrap();
        assert_eq!(store.get(&sha256).unwrap(), None, "damaged bytes are no bytes");
        store.put(b"wheel").unwrap();
        assert_eq!(store.get(&sha256).unwrap().unwrap(), b"wheel", "putting again repairs");
    }
}
