use crate::Answer;

/// A release on the forge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Its number on the forge; stays when tag or name change.
    pub id: u64,
    /// The tag that it belongs to. A draft names a tag that need not exist yet.
    pub tag: String,
    /// Branch or commit that the forge tags when it publishes and the tag is missing.
    pub target: String,
    /// Its name; empty where it has none.
    pub name: String,
    /// Its text; empty where it has none.
    pub body: String,
    /// Whether it is visible to maintainers only.
    pub draft: bool,
    /// Whether it is marked as not for production.
    pub prerelease: bool,
    /// Whether the forge has frozen its assets and its tag.
    pub immutable: bool,
    /// Its page for people. That of a draft changes when it is published.
    pub html_url: String,
    /// The discussion that belongs to it.
    pub discussion_url: Option<String>,
}

/// A draft to be made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewRelease {
    /// The tag.
    pub tag: String,
    /// Branch or commit for the tag; not used where the tag exists.
    pub target: String,
    /// The name.
    pub name: String,
    /// The text.
    pub body: String,
    /// Whether it is not for production.
    pub prerelease: bool,
}

/// What to change in a release; `None` leaves as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReleaseChange {
    /// The tag. Always sent: GitHub takes the tag off a release that is changed without naming it.
    pub tag: String,
    /// Another name.
    pub name: Option<String>,
    /// Another text.
    pub body: Option<String>,
    /// Another branch or commit for a tag that does not exist yet.
    pub target: Option<String>,
    /// Whether it is not for production.
    pub prerelease: Option<bool>,
}

/// How a draft becomes visible.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Publish {
    /// The tag. Always sent, as in [`ReleaseChange::tag`].
    pub tag: String,
    /// The name of an existing category to open a discussion in; ignored where the release has a discussion.
    pub discussion_category: Option<String>,
    /// Whether the forge shows it as the latest one. A prerelease never is, whatever this says.
    pub latest: bool,
    /// Whether it is not for production.
    pub prerelease: bool,
}

/// What a forge writes about the changes between two tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedNotes {
    /// A name for the release.
    pub name: String,
    /// The text.
    pub body: String,
}

/// Releases: found, drafted, changed, published.
pub trait Releases: Send + Sync {
    /// All of them, newest first; drafts only where the token may push.
    fn releases(&self) -> Answer<'_, Vec<Release>>;

    /// The published release of `tag`; `None` also where the forge hides the repository from this token.
    fn release_by_tag<'a>(&'a self, tag: &'a str) -> Answer<'a, Option<Release>>;

    /// The release of `tag`, drafts included: the published one, else the oldest draft.
    ///
    /// A run that was stopped between making a draft and hearing of it may leave two. All runs then agree on the one
    /// with the smallest id.
    fn find_release<'a>(&'a self, tag: &'a str) -> Answer<'a, Option<Release>>;

    /// Makes a draft. Not sent twice: after a network failure, [`Releases::find_release`] tells whether it exists.
    fn create_draft<'a>(&'a self, release: &'a NewRelease) -> Answer<'a, Release>;

    /// Changes a release.
    fn update_release<'a>(&'a self, id: u64, change: &'a ReleaseChange) -> Answer<'a, Release>;

    /// Publishes a draft. Not sent twice: after a network failure, [`Releases::release_by_tag`] tells whether it
    /// happened.
    fn publish_release<'a>(&'a self, id: u64, publish: &'a Publish) -> Answer<'a, Release>;

    /// What the forge would write about `tag`, made from `target` where the tag does not exist yet. Changes nothing.
    fn generate_notes<'a>(
        &'a self,
        tag: &'a str,
        target: &'a str,
        previous_tag: Option<&'a str>,
    ) -> Answer<'a, GeneratedNotes>;
}
