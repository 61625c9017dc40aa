use serde::{Deserialize, Serialize};
use tminus_http::{Response, Safety};
use url::Url;

use super::{Call, GitHub, decode, refusal};
use crate::{Answer, DiscussionCategory, ForgeError, Repository, RepositoryFacts, RepositoryId};

/// A repository has 25 categories at most, so one page holds them.
const CATEGORIES: &str = "query($owner: String!, $name: String!) { repository(owner: $owner, name: $name) \
                          { discussionCategories(first: 100) { nodes { name slug } } } }";

#[derive(Deserialize)]
struct WireRepository {
    default_branch: String,
    #[serde(default)]
    has_discussions: bool,
    #[serde(default)]
    archived: bool,
    html_url: String,
    #[serde(default)]
    permissions: Option<Permissions>,
}

#[derive(Deserialize)]
struct Permissions {
    #[serde(default)]
    push: bool,
}

#[derive(Serialize)]
struct Query<'a> {
    query: &'static str,
    variables: Variables<'a>,
}

#[derive(Serialize)]
struct Variables<'a> {
    owner: &'a str,
    name: &'a str,
}

#[derive(Deserialize)]
struct QueryAnswer {
    #[serde(default)]
    data: Option<Data>,
    #[serde(default)]
    errors: Vec<QueryError>,
}

#[derive(Deserialize)]
struct QueryError {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    message: String,
}

#[derive(Deserialize)]
struct Data {
    #[serde(default)]
    repository: Option<Discussed>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Discussed {
    discussion_categories: Nodes,
}

#[derive(Deserialize)]
struct Nodes {
    nodes: Vec<Category>,
}

#[derive(Deserialize)]
struct Category {
    name: String,
    slug: String,
}

impl GitHub {
    /// GraphQL lies beside the REST API: `/graphql`, or `/api/graphql` where REST is `/api/v3`.
    pub(super) fn graphql(&self) -> Url {
        let mut url = self.api.clone();
        let path = url.path().trim_end_matches('/');
        let path = path.strip_suffix("/v3").unwrap_or(path);
        let path = format!("{path}/graphql");
        url.set_path(&path);
        url
    }

    /// An app's installation is told that it may not push whatever it may, so for one nothing is known.
    async fn is_installation(&self) -> Result<bool, ForgeError> {
        let mut url = self.root(&["installation", "repositories"]);
        url.query_pairs_mut().append_pair("per_page", "1");
        let call = self.call("the installation", "Metadata: read");
        match self.get::<serde::de::IgnoredAny>(&url, &call).await {
            Ok(_) => Ok(true),
            Err(ForgeError::Refused { .. } | ForgeError::NotFound { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

impl RepositoryFacts for GitHub {
    fn id(&self) -> &RepositoryId {
        &self.repository
    }

    fn repository(&self) -> Answer<'_, Repository> {
        Box::pin(async move {
            let call = Call { what: format!("repository {}", self.repository), needs: "Metadata: read" };
            let found: WireRepository = self.get(&self.url(&[]), &call).await?;
            let can_push = match found.permissions.map(|permissions| permissions.push) {
                Some(true) => Some(true),
                None if self.has_credential() => None,
                Some(false) if self.has_credential() && self.is_installation().await? => None,
                Some(false) | None => Some(false),
            };
            Ok(Repository {
                default_branch: found.default_branch,
                has_discussions: found.has_discussions,
                can_push,
                archived: found.archived,
                html_url: found.html_url,
            })
        })
    }

    fn discussion_categories(&self) -> Answer<'_, Vec<DiscussionCategory>> {
        Box::pin(async move {
            let call = self.call("the discussion categories", "Discussions: read");
            let variables = Variables { owner: self.repository.owner(), name: self.repository.name() };
            let query = Query { query: CATEGORIES, variables };
            // A query changes nothing, so it may be sent twice although it is a POST.
            let url = self.graphql();
            let response = self.post(&url, &query, Safety::Safe, &call).await?;
            let answer: QueryAnswer = decode(&response, &call)?;
            if let Some(error) = answer.errors.first() {
                return Err(query_refusal(self, &error.kind, &response, &call));
            }
            let found = answer.data.and_then(|data| data.repository);
            let found = found.ok_or_else(|| ForgeError::NotFound { what: call.what.clone() })?;
            let category = |node: Category| DiscussionCategory { name: node.name, slug: node.slug };
            Ok(found.discussion_categories.nodes.into_iter().map(category).collect())
        })
    }
}

/// GraphQL answers 200 to everything and puts a type beside the message.
fn query_refusal(forge: &GitHub, kind: &str, response: &Response, call: &Call) -> ForgeError {
    let what = call.what.clone();
    // The client's words: secrets are gone from them.
    let told = serde_json::from_str::<QueryAnswer>(response.words()).ok();
    let told = told.and_then(|answer| answer.errors.into_iter().next());
    let words = told.map_or_else(|| response.words().to_owned(), |error| error.message);
    match kind {
        "NOT_FOUND" => ForgeError::NotFound { what },
        "FORBIDDEN" | "INSUFFICIENT_SCOPES" => {
            ForgeError::Refused { what, status: 200, words, remedy: refusal::remedy(forge, 403, call) }
        }
        "RATE_LIMITED" => ForgeError::RateLimited { what, retry_after: None },
        _ => ForgeError::Invalid { what, words, already_exists: false },
    }
}
