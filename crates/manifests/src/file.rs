use crate::{Found, LocateError, Pattern, RelPath, locate};

/// A file that states a version, and how to find the version in it.
///
/// ```
/// use tminus_manifests::VersionFile;
///
/// let file = VersionFile::auto("demo/__init__.py".parse()?);
/// let found = file.locate(b"__version__ = \"0.4.0\"\n")?;
/// assert_eq!((found.text(), found.line()), ("0.4.0", 1));
///
/// let file = VersionFile::with_pattern("docs/conf.py".parse()?, "release = \"{version}\"".parse()?);
/// assert_eq!(file.locate(b"release = \"0.4.0\"\n")?.text(), "0.4.0");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VersionFile {
    /// The file.
    pub path: RelPath,
    /// How the version is found in it.
    pub locator: Locator,
}

/// How a version is found in a file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Locator {
    /// In the place that the format of the file has for it; the name of the file tells the format.
    Auto,
    /// Where a text around it says.
    Pattern(Pattern),
}

impl VersionFile {
    /// A file whose name tells where its version stands.
    pub fn auto(path: RelPath) -> Self {
        Self { path, locator: Locator::Auto }
    }

    /// A file whose version is found by the text around it.
    pub fn with_pattern(path: RelPath, pattern: Pattern) -> Self {
        Self { path, locator: Locator::Pattern(pattern) }
    }

    /// Finds the version in the bytes of the file: see [`locate`].
    pub fn locate(&self, bytes: &[u8]) -> Result<Found, LocateError> {
        locate(self, bytes)
    }
}
