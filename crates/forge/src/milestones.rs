use jiff::civil::Date;

use crate::{Answer, State, StateFilter};

/// A milestone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestone {
    /// Its number.
    pub number: u64,
    /// Its title; a repository has each title once.
    pub title: String,
    /// Whether it is open.
    pub state: State,
    /// Open issues and pull requests in it.
    pub open_issues: u64,
    /// Closed issues and pull requests in it.
    pub closed_issues: u64,
    /// The day on which it is due.
    pub due_on: Option<Date>,
    /// Its description; empty where it has none.
    pub description: String,
    /// Its page for people.
    pub html_url: String,
}

/// Milestones: found, made, closed, given to issues.
pub trait Milestones: Send + Sync {
    /// Those in `state`.
    fn milestones(&self, state: StateFilter) -> Answer<'_, Vec<Milestone>>;

    /// The one with exactly this title, open or closed.
    fn milestone_by_title<'a>(&'a self, title: &'a str) -> Answer<'a, Option<Milestone>>;

    /// Makes one. Not sent twice; a second one of the same title is refused with
    /// [`crate::ForgeError::Invalid`], `already_exists`.
    fn create_milestone<'a>(
        &'a self,
        title: &'a str,
        due_on: Option<Date>,
        description: &'a str,
    ) -> Answer<'a, Milestone>;

    /// Closes one; closing a closed one changes nothing.
    fn close_milestone(&self, number: u64) -> Answer<'_, Milestone>;

    /// Puts an issue or pull request into a milestone, or with `None` out of any.
    fn set_milestone(&self, issue: u64, milestone: Option<u64>) -> Answer<'_, ()>;
}
