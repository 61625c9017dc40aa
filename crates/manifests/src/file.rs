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
    /// Below a chain of keys: see [`VersionFile::with_key`].
    Key(String),
    /// Behind the name of a container image: see [`VersionFile::with_image`].
    Image(String),
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

    /// A file whose version is the value of a key.
    ///
    /// In TOML, JSON and YAML, told by the extension, the key is a chain with dots: `image.tag`, `"a.b".c`; a number counts
    /// the members of a list from 0: `items.0.version`. In a Dockerfile and in Go and Python source it is a name.
    ///
    /// ```
    /// use tminus_manifests::{VersionFile, replace};
    ///
    /// let file = VersionFile::with_key("values.yaml".parse()?, "image.tag");
    /// let found = file.locate(b"image:\n  tag: 1.9 # latest\n")?;
    /// assert_eq!((found.text(), found.line()), ("1.9", 2));
    /// // Without quotes, a reader of YAML would take it for the number 1.1.
    /// let new = replace(b"image:\n  tag: 1.9 # latest\n", &found, "1.10")?;
    /// assert_eq!(new, b"image:\n  tag: \"1.10\" # latest\n");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_key(path: RelPath, key: impl Into<String>) -> Self {
        Self { path, locator: Locator::Key(key.into()) }
    }

    /// A YAML file whose version is the tag of a container image, in each place where it stands.
    ///
    /// The name is written as in the file, with its registry; `docker.io/` and `library/` go without saying. Found are
    /// `image: name:tag`, `repository` with `tag` (and `registry`) in a map, and `name` with `newTag`.
    ///
    /// ```
    /// use tminus_manifests::{VersionFile, replace};
    ///
    /// let file = VersionFile::with_image("compose.yaml".parse()?, "registry.example/demo");
    /// let old = b"services: {a: {image: registry.example/demo:0.4.0}, b: {image: 'registry.example/demo:0.4.0'}}\n";
    /// let new = replace(old, &file.locate(old)?, "0.5.0")?;
    /// let expected =
    ///     b"services: {a: {image: registry.example/demo:0.5.0}, b: {image: 'registry.example/demo:0.5.0'}}\n";
    /// assert_eq!(new, expected);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_image(path: RelPath, name: impl Into<String>) -> Self {
        Self { path, locator: Locator::Image(name.into()) }
    }

    /// Finds the version in the bytes of the file: see [`locate`].
    pub fn locate(&self, bytes: &[u8]) -> Result<Found, LocateError> {
        locate(self, bytes)
    }
}
