use std::io::{self, Read};

use super::{InspectError, Limits};
use crate::pypi::{CoreMetadata, MetadataError};

/// Which artifact errors are about.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    filename: &'a str,
}

impl<'a> At<'a> {
    pub(super) fn new(filename: &'a str) -> Self {
        Self { filename }
    }

    fn filename(self) -> String {
        self.filename.to_owned()
    }

    pub(super) fn malformed(self, problem: impl Into<String>) -> InspectError {
        InspectError::Malformed { filename: self.filename(), problem: problem.into() }
    }

    pub(super) fn disagrees(self, what: &'static str, found: impl Into<String>) -> InspectError {
        InspectError::Disagrees { filename: self.filename(), what, found: found.into() }
    }

    pub(super) fn record(self, entry: &str, problem: &'static str) -> InspectError {
        InspectError::Record { filename: self.filename(), entry: shortened(entry), problem }
    }

    pub(super) fn not_safe(self, entry: &str, problem: &'static str) -> InspectError {
        InspectError::Unsafe { filename: self.filename(), entry: shortened(entry), problem }
    }

    pub(super) fn too_large(self, what: &'static str, limit: u64) -> InspectError {
        InspectError::TooLarge { filename: self.filename(), what, limit }
    }

    pub(super) fn metadata(self, entry: &str, bytes: &[u8]) -> Result<CoreMetadata, InspectError> {
        let text = std::str::from_utf8(bytes)
            .map_err(|_| self.malformed(format!("{} is not UTF-8", shortened(entry))))?;
        CoreMetadata::parse(text).map_err(|source: MetadataError| InspectError::Metadata {
            filename: self.filename(),
            entry: shortened(entry),
            source,
        })
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(200).collect()
}

/// What may still be unpacked.
pub(super) struct Budget<'a> {
    at: At<'a>,
    limits: Limits,
    artifact_bytes: u64,
    unpacked_bytes: u64,
    entries: u64,
}

impl<'a> Budget<'a> {
    pub(super) fn new(at: At<'a>, limits: &Limits, artifact_bytes: u64) -> Self {
        Self { at, limits: *limits, artifact_bytes, unpacked_bytes: 0, entries: 0 }
    }

    /// The most that all entries together may unpack to.
    pub(super) fn unpacked_limit(&self) -> u64 {
        let by_ratio =
            self.artifact_bytes.saturating_mul(self.limits.ratio).max(self.limits.ratio_from_bytes);
        by_ratio.min(self.limits.unpacked_bytes)
    }

    pub(super) fn entry(&mut self) -> Result<(), InspectError> {
        self.entries += 1;
        if self.entries > self.limits.entries {
            return Err(self.at.too_large("the number of entries", self.limits.entries));
        }
        Ok(())
    }

    pub(super) fn unpack(&mut self, bytes: u64) -> Result<(), InspectError> {
        self.unpacked_bytes = self.unpacked_bytes.saturating_add(bytes);
        if self.unpacked_bytes > self.unpacked_limit() {
            return Err(self.at.too_large("the unpacked size", self.unpacked_limit()));
        }
        Ok(())
    }

    /// Reads an entry piece by piece, counted as it is unpacked, whatever its header promised.
    pub(super) fn drain(
        &mut self,
        entry: &str,
        reader: &mut dyn Read,
        take: &mut dyn FnMut(&[u8]) -> Result<(), InspectError>,
    ) -> Result<u64, InspectError> {
        let mut buffer = vec![0; 64 * 1024];
        let mut total = 0;
        loop {
            let count = match reader.read(&mut buffer) {
                Ok(0) => return Ok(total),
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.failed(&shortened(entry), &error)),
            };
            total += count as u64;
            self.unpack(count as u64)?;
            take(buffer.get(..count).unwrap_or_default())?;
        }
    }

    /// Why a read ended: a bound on the reader, or damage.
    pub(super) fn failed(&self, what: &str, error: &io::Error) -> InspectError {
        if error.kind() == io::ErrorKind::FileTooLarge {
            return self.at.too_large("the unpacked size", self.unpacked_limit());
        }
        self.at.malformed(format!("{what} is damaged: {error}"))
    }
}

/// Appends a piece to a metadata file that is kept.
pub(super) fn keep(
    at: At<'_>,
    limits: &Limits,
    kept: &mut Vec<u8>,
    piece: &[u8],
) -> Result<(), InspectError> {
    kept.extend_from_slice(piece);
    if kept.len() as u64 > limits.metadata_bytes {
        return Err(at.too_large("a metadata file", limits.metadata_bytes));
    }
    Ok(())
}

/// Why a path of an entry must not be unpacked, if so. A directory's path may end with `/`.
pub(super) fn path_problem(path: &str) -> Option<&'static str> {
    let drive = path.as_bytes().get(1) == Some(&b':');
    if path.is_empty() {
        Some("has no name")
    } else if path.starts_with('/') || drive {
        Some("has an absolute path")
    } else if path.contains('\\') {
        Some("has a backslash in its path")
    } else if path.chars().any(char::is_control) {
        Some("has a control character in its path")
    } else {
        let parts = path.strip_suffix('/').unwrap_or(path).split('/');
        parts.into_iter().find_map(|part| match part {
            ".." => Some("leaves the archive"),
            "" | "." => Some("has an empty part in its path"),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        for (path, expected) in [
            ("a/b.py", None),
            ("a/b/", None),
            ("a..b/..c", None),
            ("a/\u{e9}t\u{e9}", None),
            ("", Some("has no name")),
            ("/", Some("has an absolute path")),
            ("/etc/passwd", Some("has an absolute path")),
            ("C:/x", Some("has an absolute path")),
            ("c:x", Some("has an absolute path")),
            ("a\\b", Some("has a backslash in its path")),
            ("a\nb", Some("has a control character in its path")),
            ("a\0b", Some("has a control character in its path")),
            ("../a", Some("leaves the archive")),
            ("a/../b", Some("leaves the archive")),
            ("a/..", Some("leaves the archive")),
            ("a//b", Some("has an empty part in its path")),
            ("./a", Some("has an empty part in its path")),
        ] {
            assert_eq!(path_problem(path), expected, "{path:?}");
        }
    }
}
