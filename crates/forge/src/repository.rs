use crate::{Answer, RepositoryId};

/// What a forge says about a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// The branch that a clone starts on.
    pub default_branch: String,
    /// Whether discussions are switched on.
    pub has_discussions: bool,
    /// Whether the token may push; `None` where the forge does not say, as for tokens of an app installation.
    pub can_push: Option<bool>,
    /// Whether it is read-only.
    pub archived: bool,
    /// Its page for people.
    pub html_url: String,
}

/// A category that discussions are sorted into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscussionCategory {
    /// Its name, as [`crate::Publish::discussion_category`] wants it.
    pub name: String,
    /// Its name as the web address spells it.
    pub slug: String,
}

/// Facts about the repository itself.
pub trait RepositoryFacts: Send + Sync {
    /// Which repository this is about.
    fn id(&self) -> &RepositoryId;

    /// What the forge says about it.
    fn repository(&self) -> Answer<'_, Repository>;

    /// The categories of its discussions.
    ///
    /// Tokens that may publish a release need not be allowed to ask this, so an error says only that it is not known
    /// whether a category exists.
    fn discussion_categories(&self) -> Answer<'_, Vec<DiscussionCategory>>;
}
