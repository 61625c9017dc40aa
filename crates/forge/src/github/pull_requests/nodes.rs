//! A pull request as GraphQL gives it.

use serde::Deserialize;

use super::super::Call;
use super::wire::seconds;
use crate::{ChangedFiles, ForgeError, PullRequest};

/// What is asked of every pull request. A pull request has 100 labels at most, so one page holds them.
const FIELDS: &str = "number title body url createdAt merged mergedAt baseRefName headRefName \
                      author { __typename login } labels(first: 100) { nodes { name } } \
                      milestone { title } mergeCommit { oid }";
/// What is asked of its files.
pub(super) const FILES: &str = "nodes { path } pageInfo { hasNextPage endCursor }";

/// The fragment `pull`.
pub(super) fn fragment(files: bool) -> String {
    let files = if files { format!(" changedFiles files(first: 100) {{ {FILES} }}") } else { String::new() };
    format!("fragment pull on PullRequest {{ {FIELDS}{files} }}")
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Node {
    number: u64,
    title: String,
    #[serde(default)]
    body: String,
    url: String,
    created_at: String,
    merged: bool,
    #[serde(default)]
    merged_at: Option<String>,
    base_ref_name: String,
    head_ref_name: String,
    #[serde(default)]
    author: Option<Actor>,
    #[serde(default)]
    labels: Option<Nodes<Named>>,
    #[serde(default)]
    milestone: Option<Titled>,
    #[serde(default)]
    merge_commit: Option<Object>,
    #[serde(default)]
    pub(super) changed_files: Option<u64>,
    #[serde(default)]
    pub(super) files: Option<FilePage>,
}

#[derive(Deserialize)]
struct Actor {
    #[serde(rename = "__typename")]
    kind: String,
    login: String,
}

/// Nodes that the token may not see are `null`.
#[derive(Deserialize)]
struct Nodes<T> {
    #[serde(default = "Vec::new")]
    nodes: Vec<Option<T>>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Titled {
    title: String,
}

#[derive(Deserialize)]
struct Object {
    oid: String,
}

/// A page of changed files.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FilePage {
    #[serde(default)]
    nodes: Option<Vec<Option<Path>>>,
    pub(super) page_info: PageInfo,
}

#[derive(Deserialize)]
struct Path {
    path: String,
}

/// Where a page ends.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PageInfo {
    pub(super) has_next_page: bool,
    #[serde(default)]
    pub(super) end_cursor: Option<String>,
}

impl PageInfo {
    /// Where the next page begins.
    pub(super) fn next(self) -> Option<String> {
        self.end_cursor.filter(|_| self.has_next_page)
    }
}

impl FilePage {
    /// The paths, and where the next page begins.
    pub(super) fn read(self) -> (Vec<String>, Option<String>) {
        let paths = self.nodes.unwrap_or_default().into_iter().flatten().map(|file| file.path).collect();
        (paths, self.page_info.next())
    }
}

/// A pull request, and where its files go on.
pub(super) struct Read {
    pub(super) pull: PullRequest,
    pub(super) changed: u64,
    pub(super) next: Option<String>,
}

impl Node {
    pub(super) fn read(self, call: &Call) -> Result<Read, ForgeError> {
        let (author, is_bot) = match self.author {
            None => ("ghost".to_owned(), false),
            // REST puts this end to the names of bots; one account has one name.
            Some(actor) if actor.kind == "Bot" && !actor.login.ends_with("[bot]") => {
                (format!("{}[bot]", actor.login), true)
            }
            Some(actor) => (actor.login, actor.kind == "Bot"),
        };
        let changed = self.changed_files.unwrap_or_default();
        let (files, next) = match self.files {
            Some(page) => {
                let (paths, next) = page.read();
                (Some(ChangedFiles { complete: is_all(&paths, changed), paths }), next)
            }
            // Files that GitHub cannot tell are `null`.
            None if self.changed_files.is_some() => (Some(ChangedFiles::default()), None),
            None => (None, None),
        };
        let labels = self.labels.map(|labels| labels.nodes).unwrap_or_default();
        let pull = PullRequest {
            number: self.number,
            title: self.title,
            body: self.body,
            author,
            is_bot,
            labels: labels.into_iter().flatten().map(|label| label.name).collect(),
            merged: self.merged,
            merged_at: self.merged_at.as_deref().map(|text| seconds(text, call)).transpose()?,
            created_at: seconds(&self.created_at, call)?,
            merge_commit_sha: self.merge_commit.filter(|_| self.merged).map(|commit| commit.oid),
            base: self.base_ref_name,
            head: self.head_ref_name,
            html_url: self.url,
            milestone: self.milestone.map(|milestone| milestone.title),
            files,
        };
        Ok(Read { pull, changed, next })
    }
}

/// Whether as many files were told as the forge has counted.
pub(super) fn is_all(paths: &[String], changed: u64) -> bool {
    u64::try_from(paths.len()).is_ok_and(|told| told >= changed)
}
