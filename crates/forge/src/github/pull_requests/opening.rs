//! Pull requests found, opened and labelled.

use serde::Serialize;
use serde::de::IgnoredAny;
use tminus_http::Safety;

use super::super::wire::filter;
use super::super::{Call, GitHub, PER_PAGE, decode};
use super::wire::WirePullRequest;
use super::{READ, WRITE};
use crate::{ForgeError, NewPullRequest, Opened, PullRequest, StateFilter};

#[derive(Serialize)]
struct Opening<'a> {
    title: &'a str,
    body: &'a str,
    head: &'a str,
    base: &'a str,
    draft: bool,
}

#[derive(Serialize)]
struct Labels<'a> {
    labels: &'a [String],
}

impl GitHub {
    pub(super) async fn find(
        &self,
        head: &str,
        base: &str,
        state: StateFilter,
    ) -> Result<Option<PullRequest>, ForgeError> {
        let (owner, branch) = head.split_once(':').unwrap_or((self.repository.owner(), head));
        let mut url = self.url(&["pulls"]);
        url.query_pairs_mut()
            .append_pair("state", filter(state))
            .append_pair("head", &format!("{owner}:{branch}"))
            .append_pair("base", base)
            .append_pair("per_page", PER_PAGE);
        let call = self.call(&format!("the pull requests from {head} to {base}"), READ);
        let found = self.list(url, &call, |page: Vec<Listed>| page).await?;
        // A filter that the forge does not understand is one that it leaves out.
        let mut pulls = Vec::new();
        for listed in found {
            let open = listed.state == "open";
            let pull = listed.pull.read(&call)?;
            if pull.head == branch && pull.base == base {
                pulls.push((open, pull));
            }
        }
        pulls.sort_by_key(|(open, pull)| (*open, pull.number));
        Ok(pulls.pop().map(|(_, pull)| pull))
    }

    pub(super) async fn open(&self, new: &NewPullRequest) -> Result<Opened, ForgeError> {
        let opened = match self.find(&new.head, &new.base, StateFilter::Open).await? {
            Some(there) => Opened::AlreadyThere(there),
            None => self.post_pull_request(new).await?,
        };
        self.label(opened.pull_request().number, &new.labels).await?;
        Ok(opened)
    }

    async fn post_pull_request(&self, new: &NewPullRequest) -> Result<Opened, ForgeError> {
        let call = self.call(&format!("a pull request from {} to {}", new.head, new.base), WRITE);
        let NewPullRequest { title, body, head, base, draft, .. } = new;
        let body = Opening { title, body, head, base, draft: *draft };
        match self.post(&self.url(&["pulls"]), &body, Safety::Once, &call).await {
            Ok(response) => {
                let wire: WirePullRequest = decode(&response, &call)?;
                wire.read(&call).map(Opened::New)
            }
            Err(error) => self.after_failure(new, error).await,
        }
    }

    /// Looks whether there is one after all: the answer was lost, or another run was faster. GitHub gives the second
    /// case no code of its own, and its words are not read.
    async fn after_failure(&self, new: &NewPullRequest, error: ForgeError) -> Result<Opened, ForgeError> {
        let unsure = matches!(error, ForgeError::Invalid { .. }) || error.is_passing();
        if !unsure || matches!(error, ForgeError::RateLimited { .. }) {
            return Err(error);
        }
        match self.find(&new.head, &new.base, StateFilter::Open).await {
            Ok(Some(there)) => Ok(Opened::AlreadyThere(there)),
            // What went wrong first says more.
            Ok(None) | Err(_) => Err(error),
        }
    }

    pub(super) async fn label(&self, number: u64, labels: &[String]) -> Result<(), ForgeError> {
        if labels.is_empty() {
            return Ok(());
        }
        let call: Call = self.call(&format!("the labels of #{number}"), WRITE);
        let url = self.url(&["issues", &number.to_string(), "labels"]);
        // Labels that are there already stay as they are, so this may be sent twice.
        let response = self.post(&url, &Labels { labels }, Safety::Safe, &call).await?;
        decode::<IgnoredAny>(&response, &call).map(drop)
    }
}

#[derive(serde::Deserialize)]
struct Listed {
    state: String,
    #[serde(flatten)]
    pull: WirePullRequest,
}
