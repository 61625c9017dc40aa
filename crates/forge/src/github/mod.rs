//! GitHub's REST API, version 2022-11-28, and GraphQL where one query takes the place of many requests.

mod checks;
mod graphql;
mod issues;
mod milestones;
mod paging;
mod pull_requests;
mod refusal;
mod releases;
mod repository;
mod wire;

use bytes::Bytes;
use http::{Method, Request, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tminus_http::{Client, Credential, HttpError, Origin, Problem, Response, Safety};
use url::Url;

use crate::{ForgeError, RepositoryId};

const ACCEPT: &str = "application/vnd.github+json";
const API_VERSION: &str = "2022-11-28";
/// Pages that are read of one list.
const MAX_PAGES: usize = 100;
/// Entries on a page, the most that GitHub gives.
const PER_PAGE: &str = "100";

/// One repository on GitHub, or on a host that speaks its REST API.
///
/// `api` is the root of the API: GitHub's own, or `https://HOST/api/v3` of an enterprise. The credential is sent to its
/// own origin only; without one, public repositories can be read.
#[derive(Debug, Clone)]
pub struct GitHub {
    client: Client,
    api: Url,
    credential: Option<Credential>,
    repository: RepositoryId,
}

/// What a request is about, for people who read the error.
struct Call {
    /// The thing.
    what: String,
    /// The permission of a fine-grained token that it takes.
    needs: &'static str,
}

impl GitHub {
    /// A client for one repository.
    pub fn new(
        client: Client,
        mut api: Url,
        credential: Option<Credential>,
        repository: RepositoryId,
    ) -> Self {
        // A user name or password in the URL would be shown by `Debug`; credentials come the other way.
        let _cannot_have_one = api.set_username("").and(api.set_password(None));
        Self { client, api, credential, repository }
    }

    fn call(&self, what: &str, needs: &'static str) -> Call {
        Call { what: format!("{what} of {}", self.repository), needs }
    }

    /// The URL of something in the repository; each part is escaped.
    fn url(&self, parts: &[&str]) -> Url {
        let mut all = vec!["repos", self.repository.owner(), self.repository.name()];
        all.extend(parts);
        self.root(&all)
    }

    fn root(&self, parts: &[&str]) -> Url {
        let mut url = self.api.clone();
        // The error case is a URL that no request can be sent to; sending says so.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(parts);
        }
        url
    }

    /// The credential, where it would be sent to the API at all.
    fn has_credential(&self) -> bool {
        self.credential.as_ref().is_some_and(|credential| credential.fits(&self.api))
    }

    async fn get<T: DeserializeOwned>(&self, url: &Url, call: &Call) -> Result<T, ForgeError> {
        let response = self.exchange(Method::GET, url, Bytes::new(), Safety::Safe, call).await?;
        decode(&response, call)
    }

    async fn post<B: Serialize + Sync>(
        &self,
        url: &Url,
        body: &B,
        safety: Safety,
        call: &Call,
    ) -> Result<Response, ForgeError> {
        let body = serde_json::to_vec(body).map_err(|error| unsendable(&Method::POST, url, &error))?;
        self.exchange(Method::POST, url, Bytes::from(body), safety, call).await
    }

    async fn patch<B: Serialize + Sync>(
        &self,
        url: &Url,
        body: &B,
        safety: Safety,
        call: &Call,
    ) -> Result<Response, ForgeError> {
        let body = serde_json::to_vec(body).map_err(|error| unsendable(&Method::PATCH, url, &error))?;
        self.exchange(Method::PATCH, url, Bytes::from(body), safety, call).await
    }

    /// Every entry of a list, over all its pages; `entries` takes them out of one page.
    async fn list<P, T, F>(&self, mut url: Url, call: &Call, entries: F) -> Result<Vec<T>, ForgeError>
    where
        P: DeserializeOwned,
        F: Fn(P) -> Vec<T>,
    {
        let mut all = Vec::new();
        for _ in 0..MAX_PAGES {
            let response = self.exchange(Method::GET, &url, Bytes::new(), Safety::Safe, call).await?;
            all.extend(entries(decode(&response, call)?));
            match paging::next(&response) {
                None => return Ok(all),
                Some(next) if Origin::of(&next) == Origin::of(&self.api) => url = next,
                Some(next) => {
                    let problem = format!("the next page is at {}", Origin::of(&next));
                    return Err(ForgeError::Malformed { what: call.what.clone(), problem });
                }
            }
        }
        Err(ForgeError::TooMany { what: call.what.clone(), limit: MAX_PAGES })
    }

    async fn exchange(
        &self,
        method: Method,
        url: &Url,
        body: Bytes,
        safety: Safety,
        call: &Call,
    ) -> Result<Response, ForgeError> {
        let mut request = Request::builder()
            .method(method.clone())
            .uri(url.as_str())
            .header(header::ACCEPT, ACCEPT)
            .header("x-github-api-version", API_VERSION);
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let request = request.body(body).map_err(|error| unsendable(&method, url, &error))?;
        let answer = self.client.send(request, self.credential.as_ref(), safety).await;
        let response = answer.map_err(|error| refusal::of_exchange(error, call))?;
        if response.status.is_success() { Ok(response) } else { Err(refusal::of(self, &response, call)) }
    }
}

fn decode<T: DeserializeOwned>(response: &Response, call: &Call) -> Result<T, ForgeError> {
    serde_json::from_slice(&response.body).map_err(|error| malformed(call, error))
}

fn malformed(call: &Call, problem: impl std::fmt::Display) -> ForgeError {
    ForgeError::Malformed { what: call.what.clone(), problem: problem.to_string() }
}

fn unsendable(method: &Method, url: &Url, error: &dyn std::fmt::Display) -> ForgeError {
    HttpError::new(method, url, Problem::Unsendable(error.to_string())).into()
}

#[cfg(test)]
mod tests;
