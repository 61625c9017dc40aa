//! Pull requests one by one, by REST: without a token there is no GraphQL.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::{StreamExt as _, stream};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use tminus_http::{BoxFuture, Safety};

use super::super::graphql::quoted;
use super::super::{GitHub, MAX_PAGES, PER_PAGE, malformed};
use super::nodes::{PageInfo, is_all};
use super::wire::WirePullRequest;
use super::{AT_ONCE, READ};
use crate::{ChangedFiles, ForgeError, Lookup, PullRequest, PullRequestCommit, Want};

/// Commits of a pull request that REST tells at most.
const MOST_COMMITS: usize = 250;

#[derive(Deserialize)]
struct WireFile {
    filename: String,
}

#[derive(Deserialize)]
struct WireCommit {
    sha: String,
    commit: Message,
}

#[derive(Deserialize)]
struct Message {
    message: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CommitPage {
    nodes: Vec<CommitNode>,
    page_info: PageInfo,
}

#[derive(Deserialize)]
struct CommitNode {
    commit: CommitFields,
}

#[derive(Deserialize)]
struct CommitFields {
    oid: String,
    message: String,
}

/// An error as what is known of one number.
pub(super) fn refused(error: &ForgeError) -> Lookup {
    Lookup::Refused { reason: error.to_string(), passing: error.is_passing() }
}

impl GitHub {
    pub(super) async fn look_up_singly(
        &self,
        numbers: &[u64],
        want: Want,
    ) -> Result<BTreeMap<u64, Lookup>, ForgeError> {
        let all: BTreeSet<u64> = numbers.iter().copied().collect();
        let limited = AtomicBool::new(false);
        let mut asked: Vec<BoxFuture<'_, (u64, Result<Lookup, ForgeError>)>> = Vec::new();
        for number in all {
            let limited = &limited;
            asked.push(Box::pin(async move { (number, self.number(number, want, limited).await) }));
        }
        let mut answers = stream::iter(asked).buffer_unordered(AT_ONCE);
        let mut settled = BTreeMap::new();
        while let Some((number, lookup)) = answers.next().await {
            settled.insert(number, lookup?);
        }
        drop(answers);
        if !settled.is_empty() && settled.values().all(|lookup| *lookup == Lookup::Missing) {
            // A repository that is hidden looks the same from below.
            let call = self.call("the repository", "Metadata: read");
            self.get::<IgnoredAny>(&self.url(&[]), &call).await?;
        }
        Ok(settled)
    }

    async fn number(&self, number: u64, want: Want, limited: &AtomicBool) -> Result<Lookup, ForgeError> {
        let what = self.call(&format!("pull request #{number}"), READ).what;
        if limited.load(Ordering::Relaxed) {
            return Ok(refused(&ForgeError::RateLimited { what, retry_after: None }));
        }
        match self.one(number, want).await {
            Err(error @ ForgeError::Refused { .. }) => Err(error),
            Err(error) => {
                let limit = matches!(error, ForgeError::RateLimited { .. });
                limited.fetch_or(limit, Ordering::Relaxed);
                Ok(refused(&error))
            }
            found => found,
        }
    }

    async fn one(&self, number: u64, want: Want) -> Result<Lookup, ForgeError> {
        let call = self.call(&format!("pull request #{number}"), READ);
        let number = number.to_string();
        let found = self.get::<WirePullRequest>(&self.url(&["pulls", &number]), &call).await;
        let mut wire = match found {
            Err(ForgeError::NotFound { .. }) => return self.other(&number).await,
            found => found?,
        };
        let changed = wire.changed_files.take();
        let mut pull = wire.read(&call)?;
        if want.files {
            let mut url = self.url(&["pulls", &number, "files"]);
            url.query_pairs_mut().append_pair("per_page", PER_PAGE);
            let files = self.list(url, &call, |page: Vec<WireFile>| page).await?;
            let paths: Vec<String> = files.into_iter().map(|file| file.filename).collect();
            pull.files = Some(ChangedFiles { complete: is_all(&paths, changed.unwrap_or(u64::MAX)), paths });
        }
        Ok(Lookup::Found(Box::new(pull)))
    }

    /// What has a number that no pull request has.
    async fn other(&self, number: &str) -> Result<Lookup, ForgeError> {
        let call = self.call(&format!("issue #{number}"), "Issues: read");
        match self.get::<IgnoredAny>(&self.url(&["issues", number]), &call).await {
            Ok(_) => Ok(Lookup::Issue),
            Err(ForgeError::NotFound { .. }) => Ok(Lookup::Missing),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn of_commits_singly(
        &self,
        commits: &[&String],
    ) -> Result<Vec<PullRequest>, ForgeError> {
        let mut asked: Vec<BoxFuture<'_, Result<Vec<PullRequest>, ForgeError>>> = Vec::new();
        for commit in commits {
            asked.push(Box::pin(self.of_commit(commit)));
        }
        let mut answers = stream::iter(asked).buffered(AT_ONCE);
        let mut found = Vec::new();
        while let Some(pulls) = answers.next().await {
            found.extend(pulls?);
        }
        Ok(found)
    }

    async fn of_commit(&self, commit: &str) -> Result<Vec<PullRequest>, ForgeError> {
        let mut url = self.url(&["commits", commit, "pulls"]);
        url.query_pairs_mut().append_pair("per_page", PER_PAGE);
        let call = self.call(&format!("the pull requests with commit {commit}"), READ);
        let found = self.list(url, &call, |page: Vec<WirePullRequest>| page).await?;
        found.into_iter().map(|wire| wire.read(&call)).collect()
    }

    /// The commits of a pull request. GraphQL tells them all, REST 250.
    pub(super) async fn commits_of(&self, number: u64) -> Result<Vec<PullRequestCommit>, ForgeError> {
        let call = self.call(&format!("the commits of pull request #{number}"), READ);
        let mut all = Vec::new();
        if !self.has_credential() {
            let mut url = self.url(&["pulls", &number.to_string(), "commits"]);
            url.query_pairs_mut().append_pair("per_page", PER_PAGE);
            for wire in self.list(url, &call, |page: Vec<WireCommit>| page).await? {
                all.push(PullRequestCommit { id: wire.sha, message: wire.commit.message });
            }
            // There may be more, and nothing says so.
            let cut = all.len() >= MOST_COMMITS;
            return if cut { Err(ForgeError::TooMany { what: call.what, limit: 3 }) } else { Ok(all) };
        }
        if i32::try_from(number).is_err() {
            return Err(ForgeError::NotFound { what: call.what });
        }
        let mut after = String::new();
        for _ in 0..MAX_PAGES {
            let query = format!(
                "query($owner: String!, $name: String!) {{ repository(owner: $owner, name: $name) {{ \
                 pullRequest(number: {number}) {{ commits(first: 100{after}) {{ \
                 nodes {{ commit {{ oid message }} }} pageInfo {{ hasNextPage endCursor }} }} }} }} }}"
            );
            let mut answered = self.query(&query, Safety::Safe, &call).await?;
            let page = answered.repository().remove("pullRequest");
            let page = page.and_then(|mut pull| pull.get_mut("commits").map(Value::take));
            let Some(page) = page else { return Err(ForgeError::NotFound { what: call.what }) };
            let page: CommitPage = serde_json::from_value(page).map_err(|error| malformed(&call, error))?;
            let read =
                |node: CommitNode| PullRequestCommit { id: node.commit.oid, message: node.commit.message };
            all.extend(page.nodes.into_iter().map(read));
            match page.page_info.next() {
                None => return Ok(all),
                Some(next) => after = format!(", after: {}", quoted(&next)),
            }
        }
        Err(ForgeError::TooMany { what: call.what, limit: MAX_PAGES })
    }
}
