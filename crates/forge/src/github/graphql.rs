//! GraphQL queries: how they are sent, and what their errors mean.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tminus_http::{Response, Safety};
use url::Url;

use super::{Call, GitHub, decode, malformed, refusal};
use crate::ForgeError;

/// The longest wait that a query is repeated after; the same as a request's.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often a query waits.
const WAITS: usize = 2;
/// Words of one error that are shown.
const SHOWN: usize = 300;

#[derive(Serialize)]
struct Query<'a> {
    query: &'a str,
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
    data: Option<Value>,
    #[serde(default)]
    errors: Vec<QueryError>,
}

/// One error of an answer; the data beside it may be good.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct QueryError {
    #[serde(rename = "type", default)]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) message: String,
    #[serde(default)]
    path: Vec<Value>,
}

impl QueryError {
    /// The alias that it is about, directly below `parent` or at the root, and whether it is about all of it.
    pub(super) fn alias(&self, parent: Option<&str>) -> Option<(&str, bool)> {
        let path = match parent {
            Some(parent) if self.path.first().and_then(Value::as_str) == Some(parent) => {
                self.path.get(1..)?
            }
            Some(_) => return None,
            None => self.path.as_slice(),
        };
        Some((path.first()?.as_str()?, path.len() == 1))
    }

    /// Whether a smaller query may fare better, or the same one later.
    pub(super) fn is_passing(&self) -> bool {
        matches!(
            self.kind.as_str(),
            "" | "RESOURCE_LIMITS_EXCEEDED" | "MAX_NODE_LIMIT_EXCEEDED" | "SERVICE_UNAVAILABLE" | "INTERNAL"
        )
    }
}

/// An answer that has data; errors are about parts of it.
pub(super) struct Answered {
    pub(super) data: Map<String, Value>,
    pub(super) errors: Vec<QueryError>,
}

impl Answered {
    /// The repository of the answer, by the aliases that were asked for.
    pub(super) fn repository(&mut self) -> Map<String, Value> {
        match self.data.remove("repository") {
            Some(Value::Object(fields)) => fields,
            _ => Map::new(),
        }
    }
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

    /// Sends a query about the repository, which may use `$owner` and `$name`; both are declared by it.
    ///
    /// Short rate limits are waited for. Errors that are about a part of the data come with it.
    pub(super) async fn query(
        &self,
        query: &str,
        safety: Safety,
        call: &Call,
    ) -> Result<Answered, ForgeError> {
        let mut waits = 0;
        loop {
            let error = match self.query_once(query, safety, call).await {
                Err(error) => error,
                answered => return answered,
            };
            let delay = match &error {
                ForgeError::RateLimited { retry_after: Some(delay), .. } if *delay <= PATIENCE => *delay,
                _ => return Err(error),
            };
            waits += 1;
            if waits > WAITS {
                return Err(error);
            }
            self.client.timer().sleep(delay).await;
        }
    }

    async fn query_once(&self, query: &str, safety: Safety, call: &Call) -> Result<Answered, ForgeError> {
        let variables = Variables { owner: self.repository.owner(), name: self.repository.name() };
        let response = self.post(&self.graphql(), &Query { query, variables }, safety, call).await?;
        let mut answer: QueryAnswer = decode(&response, call)?;
        for error in &mut answer.errors {
            error.message = self.shown(&error.message);
        }
        let whole = answer
            .errors
            .iter()
            .find(|error| error.path.len() < 2 && !error.is_of_root_alias(answer.data.as_ref()));
        if let Some(error) = whole {
            return Err(self.query_refusal(error, &response, call));
        }
        match answer.data {
            Some(Value::Object(data)) => Ok(Answered { data, errors: answer.errors }),
            _ => Err(malformed(call, "neither data nor errors")),
        }
    }

    /// Words of the forge as they may be shown.
    fn shown(&self, words: &str) -> String {
        let credential = self.credential.as_ref();
        let clean = credential.map_or_else(|| words.to_owned(), |credential| credential.scrub(words));
        clean.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(SHOWN).collect()
    }

    /// GraphQL answers 200 to everything and puts a type beside the message.
    fn query_refusal(&self, error: &QueryError, response: &Response, call: &Call) -> ForgeError {
        let what = call.what.clone();
        let words = error.message.clone();
        match error.kind.as_str() {
            "NOT_FOUND" => ForgeError::NotFound { what },
            "FORBIDDEN" | "INSUFFICIENT_SCOPES" => {
                ForgeError::Refused { what, status: 200, words, remedy: refusal::remedy(self, 403, call) }
            }
            "RATE_LIMITED" | "RATE_LIMIT" => {
                ForgeError::RateLimited { what, retry_after: refusal::retry_after(response) }
            }
            // The secondary limit has no type of its own.
            _ if refusal::is_rate_limit(response) => {
                ForgeError::RateLimited { what, retry_after: refusal::retry_after(response) }
            }
            _ => ForgeError::Invalid { what, words, already_exists: false },
        }
    }
}

impl QueryError {
    /// Whether it is about one of several things that were asked for at the root.
    fn is_of_root_alias(&self, data: Option<&Value>) -> bool {
        let alias = self.path.first().and_then(Value::as_str).filter(|alias| *alias != "repository");
        alias.is_some_and(|alias| data.and_then(|data| data.get(alias)).is_some())
    }
}

/// A text as GraphQL writes it. Its escapes are those of JSON.
pub(super) fn quoted(text: &str) -> String {
    json!(text).to_string()
}
