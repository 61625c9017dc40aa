//! Looking into an artifact before it is uploaded: is it what its name says, complete, and safe to unpack?

mod archive;
mod error;
mod sdist;
mod wheel;

use std::io::Read as _;
use std::path::Path;

use bytes::Bytes;
use tminus_versioning::pep440::Version;

use super::{CoreMetadata, FileName, Kind, ProjectName};
use crate::Sha256;

pub use error::{InspectError, Mismatch};

/// Bounds on what an artifact may be. The defaults are at or above what public indexes accept.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The artifact itself.
    pub file_bytes: u64,
    /// Entries of the archive.
    pub entries: u64,
    /// The sum of all entries, uncompressed.
    pub unpacked_bytes: u64,
    /// One metadata file (`METADATA`, `WHEEL`, `PKG-INFO`), uncompressed.
    pub metadata_bytes: u64,
    /// How many times larger than the artifact its content may be, once it is larger than `ratio_from_bytes`.
    pub ratio: u64,
    /// See `ratio`.
    pub ratio_from_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 2 << 30,
            entries: 200_000,
            unpacked_bytes: 16 << 30,
            metadata_bytes: 16 << 20,
            ratio: 50,
            ratio_from_bytes: 64 << 20,
        }
    }
}

/// What is known of an artifact after a look inside.
#[derive(Debug, Clone)]
pub struct Inspected {
    /// What its name says; its content agrees.
    pub filename: FileName,
    /// The metadata that is inside.
    pub metadata: CoreMetadata,
    /// The digest of the whole file.
    pub sha256: Sha256,
    /// The size of the whole file.
    pub size_bytes: u64,
}

impl Inspected {
    /// Wheel or sdist.
    pub fn kind(&self) -> Kind {
        self.filename.kind()
    }

    /// The project, as the metadata spells it.
    pub fn name(&self) -> &ProjectName {
        self.metadata.name()
    }

    /// The version, as the metadata spells it.
    pub fn version(&self) -> &Version {
        self.metadata.version()
    }

    /// The `Requires-Python` of the metadata.
    pub fn requires_python(&self) -> Option<&str> {
        self.metadata.requires_python()
    }

    /// A wheel's Python tag, or `source`.
    pub fn python_tag(&self) -> &str {
        self.filename.python_tag()
    }

    /// Whether this is the artifact of that project and version.
    ///
    /// # Errors
    /// Another project or another version; `1.0` and `1.0.0` are the same one.
    pub fn check(&self, name: &ProjectName, version: &Version) -> Result<(), Mismatch> {
        let filename = self.filename.as_str();
        if self.name() != name {
            let (expected, found) = (name.to_string(), self.name().to_string());
            return Err(Mismatch::Name { filename: filename.to_owned(), expected, found });
        }
        if self.version() != version {
            let (expected, found) = (version.to_string(), self.version().to_string());
            return Err(Mismatch::Version { filename: filename.to_owned(), expected, found });
        }
        Ok(())
    }
}

/// Looks into a wheel or sdist, with default limits.
///
/// Nothing is written and nothing is run.
///
/// # Errors
/// See [`InspectError`]: malformed name or archive, content that does not agree with the name, an incomplete or wrong
/// `RECORD`, paths or links that leave the archive, bombs.
pub fn inspect(bytes: &Bytes, filename: &str) -> Result<Inspected, InspectError> {
    inspect_within(bytes, filename, &Limits::default())
}

/// As [`inspect()`], with other limits.
///
/// # Errors
/// As [`inspect()`].
pub fn inspect_within(bytes: &Bytes, filename: &str, limits: &Limits) -> Result<Inspected, InspectError> {
    let name = FileName::parse(filename)?;
    let at = archive::At::new(filename);
    if bytes.len() as u64 > limits.file_bytes {
        return Err(at.too_large("the file", limits.file_bytes));
    }
    let metadata = match name.kind() {
        Kind::Wheel => wheel::inspect(bytes, &name, limits)?,
        Kind::Sdist if filename.ends_with(".tar.gz") => sdist::inspect(bytes, &name, limits)?,
        Kind::Sdist => return Err(at.malformed("an sdist is a .tar.gz (PEP 625)")),
    };
    if metadata.name() != name.project() || metadata.version() != name.version() {
        let found = format!("{} {}", metadata.name(), metadata.version());
        return Err(at.disagrees("name and version in its metadata", found));
    }
    Ok(Inspected { filename: name, metadata, sha256: Sha256::of(bytes), size_bytes: bytes.len() as u64 })
}

/// The bytes of an inspected distribution: what [`super::Index::upload`] takes, so that nothing else is uploaded.
#[derive(Debug, Clone)]
pub struct Artifact {
    bytes: Bytes,
    inspected: Inspected,
}

impl Artifact {
    /// Inspects `bytes` and keeps them.
    ///
    /// # Errors
    /// As [`inspect()`].
    pub fn new(bytes: Bytes, filename: &str) -> Result<Self, InspectError> {
        let inspected = inspect(&bytes, filename)?;
        Ok(Self { bytes, inspected })
    }

    /// Reads and inspects a file.
    ///
    /// # Errors
    /// As [`inspect()`], and a file that cannot be read or has a name that is no UTF-8.
    pub fn read(path: &Path) -> Result<Self, InspectError> {
        let filename = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        FileName::parse(filename)?;
        let limit = Limits::default().file_bytes;
        let unreadable = |source| InspectError::Read { path: path.display().to_string(), source };
        let file = std::fs::File::open(path).map_err(unreadable)?;
        let mut bytes = Vec::new();
        // One byte more than the limit, so that a larger file is refused and not cut.
        file.take(limit + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        Self::new(Bytes::from(bytes), filename)
    }

    /// The bytes.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// What is known of them.
    pub fn inspected(&self) -> &Inspected {
        &self.inspected
    }

    /// The file name.
    pub fn filename(&self) -> &str {
        self.inspected.filename.as_str()
    }

    /// The digest.
    pub fn sha256(&self) -> Sha256 {
        self.inspected.sha256
    }
}

#[cfg(test)]
pub(crate) mod tests;
