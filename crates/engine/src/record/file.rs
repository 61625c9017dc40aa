use std::fs;
use std::path::{Path, PathBuf};

use super::{FORMAT, Record, RecordError, RecordStore, Revision};
use crate::files::{file_name, write_durably};

/// Records as files under the git directory: `records/TRAIN/VERSION.json`.
///
/// The compare-and-swap rests on the [lock](crate::lock) of the same directory: only its holder saves.
#[derive(Debug, Clone)]
pub struct FileRecords {
    dir: PathBuf,
}

impl FileRecords {
    /// Records below `dir`.
    pub fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned() }
    }

    fn path(&self, train: &str, version: &str) -> PathBuf {
        self.dir.join(file_name(train)).join(format!("{}.json", file_name(version)))
    }

    fn read(path: &Path) -> Result<Option<(Record, Revision)>, RecordError> {
        let shown = path.display().to_string();
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(RecordError::File { path: shown, source }),
        };
        let record: Record =
            serde_json::from_str(&text).map_err(|source| RecordError::Malformed { path: shown, source })?;
        if record.format != FORMAT {
            return Err(RecordError::Format { version: record.version, found: record.format });
        }
        Ok(Some((record, Revision(crate::store::digest(text.as_bytes())))))
    }
}

impl RecordStore for FileRecords {
    fn load(&self, train: &str, version: &str) -> Result<Option<(Record, Revision)>, RecordError> {
        Self::read(&self.path(train, version))
    }

    fn all(&self, train: &str) -> Result<Vec<(Record, Revision)>, RecordError> {
        let dir = self.dir.join(file_name(train));
        let entries = match fs::read_dir(&dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(RecordError::File { path: dir.display().to_string(), source }),
        };
        let mut found = Vec::new();
        for entry in entries {
            let path =
                entry.map_err(|source| RecordError::File { path: dir.display().to_string(), source })?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                found.extend(Self::read(&path)?);
            }
        }
        Ok(found)
    }

    fn save(&self, record: &Record, expected: Option<&Revision>) -> Result<Revision, RecordError> {
        let path = self.path(&record.train, &record.version);
        let current = Self::read(&path)?.map(|(_, revision)| revision);
        if current.as_ref() != expected {
            return Err(RecordError::Lost { version: record.version.clone() });
        }
        let mut text = serde_json::to_string_pretty(record)
            .map_err(|source| RecordError::Malformed { path: path.display().to_string(), source })?;
        text.push('\n');
        write_durably(&path, text.as_bytes())
            .map_err(|source| RecordError::File { path: path.display().to_string(), source })?;
        Ok(Revision(crate::store::digest(text.as_bytes())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::fixtures;

    #[test]
    fn a_save_must_name_the_revision_it_changes() {
        let dir = tempfile::tempdir().unwrap();
        let records = FileRecords::new(dir.path());
        let mut record = Record::open(&fixtures::plan(), "me");
        let first = records.save(&record, None).unwrap();
        assert!(matches!(records.save(&record, None), Err(RecordError::Lost { .. })), "there is one already");
        record.departed = true;
        let second = records.save(&record, Some(&first)).unwrap();
        assert!(matches!(records.save(&record, Some(&first)), Err(RecordError::Lost { .. })), "stale");
        let (loaded, revision) = records.load(&record.train, &record.version).unwrap().unwrap();
        assert_eq!((loaded, revision), (record, second));
    }

    #[test]
    fn names_cannot_leave_the_directory() {
        let dir = tempfile::tempdir().unwrap();
        let records = FileRecords::new(&dir.path().join("records"));
        let mut record = Record::open(&fixtures::plan(), "me");
        record.train = "../../x".to_owned();
        records.save(&record, None).unwrap();
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        assert_eq!(records.all("../../x").unwrap().len(), 1);
    }
}
