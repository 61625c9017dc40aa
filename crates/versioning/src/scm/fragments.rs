/// Which changelog fragments wait for the next release; the `towncrier-` schemes ask for them.
///
/// ```
/// use tminus_versioning::scm::Fragments;
///
/// let fragments = Fragments::from_file_names(["12.bugfix.md", "13.feature.md", "README.md"]);
/// assert_eq!(fragments, Fragments { minor: true, patch: true, ..Fragments::default() });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Fragments {
    /// There is one of type `major`.
    pub major: bool,
    /// There is one of type `breaking` or `removal`.
    pub breaking: bool,
    /// There is one of type `feature` or `deprecation`.
    pub minor: bool,
    /// There is one of type `bugfix`, `doc` or `misc`.
    pub patch: bool,
}

impl Fragments {
    /// Sorts the names of the files that lie in the fragment directory itself. A name is `NUMBER.TYPE.SUFFIX`.
    ///
    /// The directory is what `tool.towncrier.directory` in `pyproject.toml`, else `directory` in `towncrier.toml`
    /// names, else `changelog.d`.
    pub fn from_file_names<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut found = Self::default();
        for name in names {
            match name.split('.').nth(1) {
                _ if matches!(name, "template.md" | "README.md" | ".gitkeep") => {}
                Some("major") => found.major = true,
                Some("breaking" | "removal") => found.breaking = true,
                Some("feature" | "deprecation") => found.minor = true,
                Some("bugfix" | "doc" | "misc") => found.patch = true,
                _ => {}
            }
        }
        found
    }
}
