use crate::{Answer, State, StateFilter};

/// An issue, or a pull request seen as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Its number.
    pub number: u64,
    /// Its title.
    pub title: String,
    /// Whether it is open.
    pub state: State,
    /// Who opened it; `ghost` where the account is gone.
    pub author: String,
    /// The names of its labels.
    pub labels: Vec<String>,
    /// The title of its milestone.
    pub milestone: Option<String>,
    /// Who works on it.
    pub assignees: Vec<String>,
    /// Whether it is a pull request, which GitHub lists among the issues.
    pub is_pull_request: bool,
    /// Its page for people.
    pub html_url: String,
}

/// Which issues to list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IssueQuery {
    /// Those in the milestone with this number.
    pub milestone: Option<u64>,
    /// Those with every one of these labels.
    pub labels: Vec<String>,
    /// Open, closed or both.
    pub state: StateFilter,
}

/// Issues.
pub trait Issues: Send + Sync {
    /// The issues that `query` asks for, pull requests among them and marked as such.
    fn issues<'a>(&'a self, query: &'a IssueQuery) -> Answer<'a, Vec<Issue>>;
}
