use serde::{Deserialize, Serialize};
use tminus_http::Safety;

use super::{Call, GitHub, decode};
use crate::{Answer, ForgeError, GeneratedNotes, NewRelease, Publish, Release, ReleaseChange, Releases};

/// A release brings its assets and up to 125,000 characters of text, so a page holds fewer of them.
const RELEASES_PER_PAGE: &str = "30";
const READ: &str = "Contents: read";
const WRITE: &str = "Contents: write";

#[derive(Deserialize)]
struct WireRelease {
    id: u64,
    tag_name: String,
    #[serde(default)]
    target_commitish: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    body: Option<String>,
    draft: bool,
    prerelease: bool,
    #[serde(default)]
    immutable: bool,
    html_url: String,
    #[serde(default)]
    discussion_url: Option<String>,
}

impl From<WireRelease> for Release {
    fn from(wire: WireRelease) -> Self {
        Self {
            id: wire.id,
            tag: wire.tag_name,
            target: wire.target_commitish,
            name: wire.name.unwrap_or_default(),
            body: wire.body.unwrap_or_default(),
            draft: wire.draft,
            prerelease: wire.prerelease,
            immutable: wire.immutable,
            html_url: wire.html_url,
            discussion_url: wire.discussion_url,
        }
    }
}

/// The one body of every request that makes or changes a release; what is `None` is not sent.
#[derive(Serialize, Default)]
struct WireChange<'a> {
    tag_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_commitish: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    draft: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prerelease: Option<bool>,
    /// A word, not a boolean, on the wire: `legacy` is the third value.
    #[serde(skip_serializing_if = "Option::is_none")]
    make_latest: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    discussion_category_name: Option<&'a str>,
}

#[derive(Serialize)]
struct WireNotesRequest<'a> {
    tag_name: &'a str,
    target_commitish: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_tag_name: Option<&'a str>,
}

#[derive(Deserialize)]
struct WireNotes {
    name: String,
    body: String,
}

impl GitHub {
    fn release_call(&self, tag: &str, needs: &'static str) -> Call {
        self.call(&format!("release {tag}"), needs)
    }

    async fn list_releases(&self) -> Result<Vec<Release>, ForgeError> {
        let mut url = self.url(&["releases"]);
        url.query_pairs_mut().append_pair("per_page", RELEASES_PER_PAGE);
        let releases = |page: Vec<WireRelease>| page.into_iter().map(Release::from).collect();
        self.list(url, &self.call("the releases", READ), releases).await
    }

    async fn published(&self, tag: &str) -> Result<Option<Release>, ForgeError> {
        let url = self.url(&["releases", "tags", tag]);
        match self.get::<WireRelease>(&url, &self.release_call(tag, READ)).await {
            Ok(found) => Ok(Some(Release::from(found)).filter(|release| !release.draft)),
            Err(ForgeError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn change(&self, id: u64, change: &WireChange<'_>, safety: Safety) -> Result<Release, ForgeError> {
        let url = self.url(&["releases", &id.to_string()]);
        let call = self.release_call(change.tag_name, WRITE);
        Ok(decode::<WireRelease>(&self.patch(&url, change, safety, &call).await?, &call)?.into())
    }
}

impl Releases for GitHub {
    fn releases(&self) -> Answer<'_, Vec<Release>> {
        Box::pin(self.list_releases())
    }

    fn release_by_tag<'a>(&'a self, tag: &'a str) -> Answer<'a, Option<Release>> {
        Box::pin(self.published(tag))
    }

    fn find_release<'a>(&'a self, tag: &'a str) -> Answer<'a, Option<Release>> {
        Box::pin(async move {
            if let Some(published) = self.published(tag).await? {
                return Ok(Some(published));
            }
            // Drafts have no address of their own by tag.
            let all = self.list_releases().await?;
            let ours = all.into_iter().filter(|release| release.tag == tag);
            Ok(ours.min_by_key(|release| (release.draft, release.id)))
        })
    }

    fn create_draft<'a>(&'a self, release: &'a NewRelease) -> Answer<'a, Release> {
        Box::pin(async move {
            let body = WireChange {
                tag_name: &release.tag,
                target_commitish: Some(&release.target),
                name: Some(&release.name),
                body: Some(&release.body),
                draft: Some(true),
                prerelease: Some(release.prerelease),
                ..WireChange::default()
            };
            let call = self.release_call(&release.tag, WRITE);
            let url = self.url(&["releases"]);
            let made = self.post(&url, &body, Safety::Once, &call).await?;
            Ok(decode::<WireRelease>(&made, &call)?.into())
        })
    }

    fn update_release<'a>(&'a self, id: u64, change: &'a ReleaseChange) -> Answer<'a, Release> {
        Box::pin(async move {
            let body = WireChange {
                tag_name: &change.tag,
                target_commitish: change.target.as_deref(),
                name: change.name.as_deref(),
                body: change.body.as_deref(),
                prerelease: change.prerelease,
                ..WireChange::default()
            };
            self.change(id, &body, Safety::Safe).await
        })
    }

    fn publish_release<'a>(&'a self, id: u64, publish: &'a Publish) -> Answer<'a, Release> {
        Box::pin(async move {
            let latest = publish.latest && !publish.prerelease;
            let body = WireChange {
                tag_name: &publish.tag,
                draft: Some(false),
                prerelease: Some(publish.prerelease),
                make_latest: Some(if latest { "true" } else { "false" }),
                discussion_category_name: publish.discussion_category.as_deref(),
                ..WireChange::default()
            };
            // People are notified, and a discussion may be opened: not a thing to send blindly twice.
            self.change(id, &body, Safety::Once).await
        })
    }

    fn generate_notes<'a>(
        &'a self,
        tag: &'a str,
        target: &'a str,
        previous_tag: Option<&'a str>,
    ) -> Answer<'a, GeneratedNotes> {
        Box::pin(async move {
            let body =
                WireNotesRequest { tag_name: tag, target_commitish: target, previous_tag_name: previous_tag };
            let call = self.call(&format!("the generated notes for {tag}"), WRITE);
            let url = self.url(&["releases", "generate-notes"]);
            // It computes and stores nothing, so it may be sent twice although it is a POST.
            let notes = self.post(&url, &body, Safety::Safe, &call).await?;
            let notes: WireNotes = decode(&notes, &call)?;
            Ok(GeneratedNotes { name: notes.name, body: notes.body })
        })
    }
}
