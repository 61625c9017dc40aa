use super::{TagKind, TagPatterns, TagRule, UnreadTag};
use crate::ReleaseVersion;

/// The tags of a repository in the order of their versions, and those that state none.
///
/// ```
/// use tminus_versioning::{Scheme, TagIndex, TagPatterns, TagRule, TagVariables};
///
/// let rules = [
///     TagRule::version("v{version}".parse()?, Scheme::Pep440),
///     TagRule::version("{version}".parse()?, Scheme::Pep440),
/// ];
/// let patterns = TagPatterns::new(rules, &TagVariables::default())?;
/// let index = TagIndex::new(&patterns, ["v1.1.0", "stable", "v1.10.0", "v1.2.0rc1", "1.1.0"]);
///
/// let tags: Vec<&str> = index.entries().iter().map(|entry| entry.tag.as_str()).collect();
/// assert_eq!(tags, ["1.1.0", "v1.1.0", "v1.2.0rc1", "v1.10.0"]);
/// assert_eq!(index.last_final().unwrap().tag, "v1.10.0");
///
/// let twice = index.duplicates().next().unwrap();
/// assert_eq!(twice.iter().map(|entry| entry.tag.as_str()).collect::<Vec<_>>(), ["1.1.0", "v1.1.0"]);
/// assert_eq!(
///     index.unread()[0].to_string(),
///     "the tag \"stable\" states no version: it follows none of `v{version}`, `{version}`"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct TagIndex<'p> {
    entries: Vec<TagEntry<'p>>,
    unread: Vec<UnreadTag>,
}

/// A tag with the version that it states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagEntry<'p> {
    /// The name of the tag.
    pub tag: String,
    /// The version that it states.
    pub version: ReleaseVersion,
    /// The rule that it follows.
    pub rule: &'p TagRule,
}

impl<'p> TagIndex<'p> {
    /// Reads a list of tags, in any order; a name that stands in it twice counts once.
    pub fn new<T: AsRef<str>>(patterns: &'p TagPatterns, tags: impl IntoIterator<Item = T>) -> Self {
        let mut entries = Vec::new();
        let mut unread = Vec::new();
        for tag in tags {
            let tag = tag.as_ref();
            match patterns.read(tag) {
                Ok(read) => {
                    entries.push(TagEntry { tag: tag.to_owned(), version: read.version, rule: read.rule });
                }
                Err(reason) => unread.push(reason),
            }
        }
        entries
            .sort_by(|left, right| left.version.cmp(&right.version).then_with(|| left.tag.cmp(&right.tag)));
        entries.dedup_by(|left, right| left.tag == right.tag);
        Self { entries, unread }
    }

    /// The tags that state a version, the lowest version first; of one version by name.
    pub fn entries(&self) -> &[TagEntry<'p>] {
        &self.entries
    }

    /// The tags that state no version, as they came, with the reason.
    pub fn unread(&self) -> &[UnreadTag] {
        &self.unread
    }

    /// The tags of one version: none, one, or several by mistake or by a change of pattern.
    pub fn of(&self, version: &ReleaseVersion) -> &[TagEntry<'p>] {
        let start = self.entries.partition_point(|entry| entry.version < *version);
        let end = self.entries.partition_point(|entry| entry.version <= *version);
        self.entries.get(start..end).unwrap_or_default()
    }

    /// The versions with more than one tag, each with all of its tags.
    pub fn duplicates(&self) -> impl Iterator<Item = &[TagEntry<'p>]> {
        self.entries.chunk_by(|left, right| left.version == right.version).filter(|tags| tags.len() > 1)
    }

    /// The tag of the last final version.
    pub fn last_final(&self) -> Option<&TagEntry<'p>> {
        self.entries.iter().rfind(|entry| entry.version.is_final())
    }

    /// The versions that are tagged as versions; where development starts, nothing has come out.
    pub fn versions(&self) -> impl DoubleEndedIterator<Item = &ReleaseVersion> {
        self.entries.iter().filter(|entry| entry.rule.kind() == TagKind::Version).map(|entry| &entry.version)
    }
}
