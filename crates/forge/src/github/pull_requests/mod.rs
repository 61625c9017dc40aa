//! Pull requests: read in batches by GraphQL, one by one where there is no token.

mod batches;
mod contributors;
mod nodes;
mod opening;
mod single;
mod wire;

use std::collections::BTreeMap;

use super::GitHub;
use crate::{
    Answer, Contributor, Lookup, NewPullRequest, Opened, PullRequest, PullRequestCommit, PullRequests,
    StateFilter, Want,
};

/// The permission that reading takes.
const READ: &str = "Pull requests: read";
/// The permission that writing takes.
const WRITE: &str = "Pull requests: write";
/// Requests that are under way at once where each is about one thing.
const AT_ONCE: usize = 8;

impl PullRequests for GitHub {
    fn pull_requests_of<'a>(&'a self, commits: &'a [String]) -> Answer<'a, Vec<PullRequest>> {
        Box::pin(self.of_commits(commits))
    }

    fn pull_requests<'a>(&'a self, numbers: &'a [u64], want: Want) -> Answer<'a, BTreeMap<u64, Lookup>> {
        Box::pin(async move {
            if self.has_credential() {
                self.look_up(numbers, want).await
            } else {
                self.look_up_singly(numbers, want).await
            }
        })
    }

    fn pull_request_commits(&self, number: u64) -> Answer<'_, Vec<PullRequestCommit>> {
        Box::pin(self.commits_of(number))
    }

    fn have_contributed<'a>(&'a self, people: &'a [Contributor]) -> Answer<'a, BTreeMap<String, bool>> {
        Box::pin(self.contributed(people))
    }

    fn find_pull_request<'a>(
        &'a self,
        head: &'a str,
        base: &'a str,
        state: StateFilter,
    ) -> Answer<'a, Option<PullRequest>> {
        Box::pin(self.find(head, base, state))
    }

    fn create_pull_request<'a>(&'a self, new: &'a NewPullRequest) -> Answer<'a, Opened> {
        Box::pin(self.open(new))
    }

    fn add_labels<'a>(&'a self, number: u64, labels: &'a [String]) -> Answer<'a, ()> {
        Box::pin(self.label(number, labels))
    }
}
