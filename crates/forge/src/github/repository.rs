use serde::Deserialize;
use tminus_http::Safety;

use super::{Call, GitHub, malformed};
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
            // A query changes nothing, so it may be sent twice although it is a POST.
            let mut answered = self.query(CATEGORIES, Safety::Safe, &call).await?;
            let found = answered.data.remove("repository").unwrap_or_default();
            let found: Option<Discussed> =
                serde_json::from_value(found).map_err(|error| malformed(&call, error))?;
            let found = found.ok_or_else(|| ForgeError::NotFound { what: call.what.clone() })?;
            let category = |node: Category| DiscussionCategory { name: node.name, slug: node.slug };
            Ok(found.discussion_categories.nodes.into_iter().map(category).collect())
        })
    }
}
