use serde::{Deserialize, Serialize};

use crate::{
    server::{Reply, Request},
    storage::State,
};

/// One message that arrived at `hooks/NAME`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Webhook {
    /// Its content type, empty when none was sent.
    pub content_type: String,
    /// Its body; bytes that are not UTF-8 are replaced.
    pub body: String,
}

/// Answers everything below `hooks/`.
pub(crate) fn answer(state: &mut State, request: &Request, name: &str) -> Reply {
    if request.method != "POST" {
        return Reply::text(405, "405 Method Not Allowed").header("allow", "POST");
    }
    let content_type = request.header("content-type").unwrap_or_default().to_owned();
    let body = String::from_utf8_lossy(&request.body).into_owned();
    state.webhooks.entry(name.to_owned()).or_default().push(Webhook { content_type, body });
    Reply::empty(204)
}
