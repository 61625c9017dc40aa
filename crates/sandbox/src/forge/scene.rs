use serde_json::{Value, json};

use super::{
    git::Git,
    state::{Repository, next},
};
use crate::{
    server::{Access, Context, Request},
    storage::Blobs,
};

/// What a handler of one repository works with.
pub(crate) struct Scene<'a> {
    pub(crate) context: &'a Context,
    pub(crate) request: &'a Request,
    pub(crate) repository: &'a mut Repository,
    pub(crate) blobs: &'a mut Blobs,
    pub(crate) ids: &'a mut u64,
}

impl Scene<'_> {
    pub(crate) fn now(&self) -> String {
        self.context.now()
    }

    pub(crate) fn next_id(&mut self) -> u64 {
        next(self.ids)
    }

    /// Whether whoever asks may change things, and see drafts.
    pub(crate) fn may_push(&self) -> bool {
        self.repository.push && self.request.access == Access::Right
    }

    pub(crate) fn git(&self) -> Option<Git<'_>> {
        let dir = self.repository.git_dir.as_deref()?;
        Some(Git { program: &self.context.git, dir })
    }

    /// The repository's address in the API.
    pub(crate) fn api(&self) -> String {
        format!("{}/api/v3/repos/{}/{}", self.context.base, self.repository.owner, self.repository.name)
    }

    /// The repository's address for people.
    pub(crate) fn html(&self) -> String {
        format!("{}/{}/{}", self.context.base, self.repository.owner, self.repository.name)
    }

    pub(crate) fn user(&self, login: &str) -> Value {
        user(&self.context.base, login)
    }
}

/// The short form of a user; an account that is gone is `null`.
pub(crate) fn user(base: &str, login: &str) -> Value {
    if login.is_empty() {
        return Value::Null;
    }
    let id = stable_id(login);
    let api = format!("{base}/api/v3/users/{login}");
    json!({
        "login": login,
        "id": id,
        "node_id": node_id("User", id),
        "avatar_url": format!("{base}/avatars/u/{id}"),
        "gravatar_id": "",
        "url": api,
        "html_url": format!("{base}/{login}"),
        "followers_url": format!("{api}/followers"),
        "following_url": format!("{api}/following{{/other_user}}"),
        "gists_url": format!("{api}/gists{{/gist_id}}"),
        "starred_url": format!("{api}/starred{{/owner}}{{/repo}}"),
        "subscriptions_url": format!("{api}/subscriptions"),
        "organizations_url": format!("{api}/orgs"),
        "repos_url": format!("{api}/repos"),
        "events_url": format!("{api}/events{{/privacy}}"),
        "received_events_url": format!("{api}/received_events"),
        "type": if login.ends_with("[bot]") { "Bot" } else { "User" },
        "site_admin": false,
    })
}

/// An opaque id in the older of GitHub's two forms.
pub(crate) fn node_id(kind: &str, id: u64) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};

    STANDARD.encode(format!("0{}:{kind}{id}", kind.len()))
}

/// A number for a login that needs no memory: FNV-1a, cut to 32 bits.
fn stable_id(login: &str) -> u64 {
    let hash = login.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash & 0xffff_ffff).max(1)
}
