use serde_json::{Map, Value, json};

use super::{
    answers, assets, git, notes,
    scene::{Scene, node_id},
    state::{Discussion, DiscussionCategory, Release},
};
use crate::server::{Reply, encoded};

/// GitHub's own limit on the text of a release, in characters.
const MAX_BODY_CHARACTERS: usize = 125_000;

/// Answers `GET /releases`: newest first, drafts only for those who may push.
pub(crate) fn list(scene: &Scene<'_>) -> Reply {
    let rows: Vec<Value> = scene
        .repository
        .releases
        .iter()
        .rev()
        .filter(|release| !release.draft || scene.may_push())
        .map(|release| json(scene, release))
        .collect();
    answers::page(scene, &rows)
}

/// Answers `GET /releases/latest`.
pub(crate) fn latest(scene: &Scene<'_>) -> Result<Reply, Reply> {
    let full = |release: &&Release| !release.draft && !release.prerelease;
    let repository = &scene.repository;
    let pointed =
        repository.releases.iter().filter(full).find(|release| Some(release.id) == repository.latest_release);
    let newest =
        || repository.releases.iter().filter(full).max_by_key(|release| (&release.created_at, release.id));
    let release = pointed.or_else(newest).ok_or_else(answers::not_found)?;
    Ok(Reply::json(200, &json(scene, release)))
}

/// Answers `GET /releases/tags/TAG`, which finds no drafts.
pub(crate) fn by_tag(scene: &Scene<'_>, tag: &str) -> Result<Reply, Reply> {
    let release = published(scene, tag, None).ok_or_else(answers::not_found)?;
    Ok(Reply::json(200, &json(scene, release)))
}

/// Answers `GET /releases/ID`.
pub(crate) fn get(scene: &Scene<'_>, id: u64) -> Result<Reply, Reply> {
    Ok(Reply::json(200, &json(scene, visible(scene, id)?)))
}

/// The release with this id, unless it is a draft that is not for this reader.
pub(crate) fn visible<'a>(scene: &'a Scene<'_>, id: u64) -> Result<&'a Release, Reply> {
    scene
        .repository
        .releases
        .iter()
        .find(|release| release.id == id && (!release.draft || scene.may_push()))
        .ok_or_else(answers::not_found)
}

/// Answers `POST /releases`.
pub(crate) fn create(scene: &mut Scene<'_>) -> Result<Reply, Reply> {
    let fields = answers::object(scene.request)?;
    let changes = Changes::read(scene, &fields)?;
    let tag_name =
        changes.tag_name.clone().ok_or_else(|| answers::invalid("Release", "tag_name", "missing_field"))?;
    let now = scene.now();
    let mut release = Release {
        id: 0,
        tag_name,
        target_commitish: scene.repository.default_branch.clone(),
        name: None,
        body: None,
        draft: false,
        prerelease: false,
        author: scene.context.login.clone(),
        created_at: now.clone(),
        updated_at: now.clone(),
        published_at: None,
        assets: Vec::new(),
        discussion: None,
    };
    changes.apply(&mut release, &now);
    if answers::boolean(&fields, "generate_release_notes")? == Some(true) {
        let generated =
            notes::generate(scene, &release.tag_name, Some(&release.target_commitish), None, None)?;
        release.name = release.name.or(Some(generated.name));
        release.body = Some(match release.body {
            Some(body) if !body.is_empty() => format!("{body}\n\n{}", generated.body),
            _ => generated.body,
        });
    }
    if !release.draft {
        publish(scene, &mut release, &now)?;
    }
    release.id = scene.next_id();
    settle(scene, &mut release, &changes, changes.make_latest.unwrap_or(MakeLatest::Yes));
    let body = json(scene, &release);
    let location = format!("{}/releases/{}", scene.api(), release.id);
    scene.repository.releases.push(release);
    Ok(Reply::json(201, &body).header("location", location))
}

/// Answers `PATCH /releases/ID`.
pub(crate) fn update(scene: &mut Scene<'_>, id: u64) -> Result<Reply, Reply> {
    let mut release = visible(scene, id)?.clone();
    let fields = answers::object(scene.request)?;
    let changes = Changes::read(scene, &fields)?;
    let was = (release.draft, release.tag_name.clone());
    let now = scene.now();
    changes.apply(&mut release, &now);
    if !release.draft && was != (false, release.tag_name.clone()) {
        publish(scene, &mut release, &now)?;
    }
    // Only what is newly published becomes the latest unasked; an edit of an old release does not.
    let unasked = if was.0 { MakeLatest::Yes } else { MakeLatest::No };
    settle(scene, &mut release, &changes, changes.make_latest.unwrap_or(unasked));
    let body = json(scene, &release);
    if let Some(slot) = scene.repository.releases.iter_mut().find(|release| release.id == id) {
        *slot = release;
    }
    Ok(Reply::json(200, &body))
}

/// Answers `DELETE /releases/ID`; the tag and a linked discussion stay.
pub(crate) fn delete(scene: &mut Scene<'_>, id: u64) -> Result<Reply, Reply> {
    visible(scene, id)?;
    scene.repository.releases.retain(|release| release.id != id);
    Ok(Reply::empty(204))
}

fn published<'a>(scene: &'a Scene<'_>, tag: &str, except: Option<u64>) -> Option<&'a Release> {
    scene
        .repository
        .releases
        .iter()
        .find(|release| !release.draft && release.tag_name == tag && Some(release.id) != except)
}

/// Makes sure that the tag may have a release and that it exists.
fn publish(scene: &Scene<'_>, release: &mut Release, now: &str) -> Result<(), Reply> {
    let tag = &release.tag_name;
    if published(scene, tag, Some(release.id).filter(|id| *id != 0)).is_some() {
        return Err(answers::invalid("Release", "tag_name", "already_exists"));
    }
    match scene.git() {
        Some(git) if git.tag(tag).is_none() => {
            let commit = git
                .resolve(&release.target_commitish)
                .ok_or_else(|| answers::invalid("Release", "target_commitish", "invalid"))?;
            if !git.create_tag(tag, &commit) {
                return Err(answers::custom("Release", "tag_name", "tag_name could not be created"));
            }
        }
        None if scene.context.strict_tags => {
            return Err(answers::custom(
                "Release",
                "tag_name",
                "this repository has no git directory to hold the tag",
            ));
        }
        Some(_) | None => {}
    }
    release.published_at.get_or_insert_with(|| now.to_owned());
    Ok(())
}

/// What follows from the new state of a release: a discussion, and which release is the latest.
fn settle(scene: &mut Scene<'_>, release: &mut Release, changes: &Changes, make_latest: MakeLatest) {
    if release.draft {
        release.published_at = None;
        return;
    }
    if let (Some(category), None) = (&changes.category, release.discussion) {
        let number = scene.repository.next_number();
        scene.repository.discussions.push(Discussion {
            number,
            title: release.name.clone().unwrap_or_else(|| release.tag_name.clone()),
            category: category.name.clone(),
            body: release.body.clone().unwrap_or_default(),
            release_tag: Some(release.tag_name.clone()),
        });
        release.discussion = Some(number);
    }
    let latest = &mut scene.repository.latest_release;
    match make_latest {
        _ if release.prerelease => {}
        MakeLatest::Yes => *latest = Some(release.id),
        MakeLatest::ByDate => *latest = None,
        MakeLatest::No => {}
    }
}

#[derive(Clone, Copy)]
enum MakeLatest {
    Yes,
    No,
    ByDate,
}

/// What a request says about a release; `null` counts as nothing said.
struct Changes {
    tag_name: Option<String>,
    target_commitish: Option<String>,
    name: Option<String>,
    body: Option<String>,
    draft: Option<bool>,
    prerelease: Option<bool>,
    category: Option<DiscussionCategory>,
    make_latest: Option<MakeLatest>,
}

impl Changes {
    fn read(scene: &Scene<'_>, fields: &Map<String, Value>) -> Result<Self, Reply> {
        let tag_name = answers::text(fields, "tag_name")?;
        match tag_name.as_deref() {
            Some("") => return Err(answers::invalid("Release", "tag_name", "missing_field")),
            Some(tag) if !git::is_ref_name(tag) => {
                return Err(answers::custom("Release", "tag_name", "tag_name is not well-formed"));
            }
            _ => {}
        }
        let body = answers::text(fields, "body")?;
        if body.as_ref().is_some_and(|body| body.chars().count() > MAX_BODY_CHARACTERS) {
            let text = format!("body is too long (maximum is {MAX_BODY_CHARACTERS} characters)");
            return Err(answers::custom("Release", "body", &text));
        }
        // A category that does not exist is a 404, as GitHub documents it.
        let category = match answers::text(fields, "discussion_category_name")? {
            None => None,
            Some(name) => {
                let known = scene.repository.categories.iter().find(|category| category.name == name);
                let known = known.filter(|_| scene.repository.has_discussions);
                Some(known.cloned().ok_or_else(answers::not_found)?)
            }
        };
        let make_latest = match answers::text(fields, "make_latest")?.as_deref() {
            None => None,
            Some("true") => Some(MakeLatest::Yes),
            Some("false") => Some(MakeLatest::No),
            Some("legacy") => Some(MakeLatest::ByDate),
            Some(_) => return Err(answers::invalid("Release", "make_latest", "invalid")),
        };
        Ok(Self {
            tag_name,
            target_commitish: answers::text(fields, "target_commitish")?.filter(|target| !target.is_empty()),
            name: answers::text(fields, "name")?,
            body,
            draft: answers::boolean(fields, "draft")?,
            prerelease: answers::boolean(fields, "prerelease")?,
            category,
            make_latest,
        })
    }

    fn apply(&self, release: &mut Release, now: &str) {
        let put = |to: &mut String, from: &Option<String>| {
            if let Some(from) = from {
                to.clone_from(from);
            }
        };
        put(&mut release.tag_name, &self.tag_name);
        put(&mut release.target_commitish, &self.target_commitish);
        release.name = self.name.clone().or(release.name.take());
        release.body = self.body.clone().or(release.body.take());
        release.draft = self.draft.unwrap_or(release.draft);
        release.prerelease = self.prerelease.unwrap_or(release.prerelease);
        now.clone_into(&mut release.updated_at);
    }
}

/// Answers `POST /releases/generate-notes`.
pub(crate) fn generate_notes(scene: &Scene<'_>) -> Result<Reply, Reply> {
    let fields = answers::object(scene.request)?;
    let tag = answers::text(&fields, "tag_name")?
        .filter(|tag| !tag.is_empty())
        .ok_or_else(|| answers::invalid("Release", "tag_name", "missing_field"))?;
    let notes = notes::generate(
        scene,
        &tag,
        answers::text(&fields, "target_commitish")?.as_deref(),
        answers::text(&fields, "previous_tag_name")?.as_deref(),
        answers::text(&fields, "configuration_file_path")?.as_deref(),
    )?;
    Ok(Reply::json(200, &json!({ "name": notes.name, "body": notes.body })))
}

fn json(scene: &Scene<'_>, release: &Release) -> Value {
    let url = format!("{}/releases/{}", scene.api(), release.id);
    let upload = url.replacen("/api/v3/", "/api/uploads/", 1);
    let html = scene.html();
    // A draft has no page under its tag yet.
    let page =
        if release.draft { format!("untagged-{:020x}", release.id) } else { encoded(&release.tag_name) };
    let archive =
        |kind: &str| (!release.draft).then(|| format!("{}/{kind}/{}", scene.api(), release.tag_name));
    let assets: Vec<Value> = release.assets.iter().map(|asset| assets::json(scene, release, asset)).collect();
    let mut document = json!({
        "url": url,
        "assets_url": format!("{url}/assets"),
        "upload_url": format!("{upload}/assets{{?name,label}}"),
        "html_url": format!("{html}/releases/tag/{page}"),
        "id": release.id,
        "author": scene.user(&release.author),
        "node_id": node_id("Release", release.id),
        "tag_name": release.tag_name,
        "target_commitish": release.target_commitish,
        "name": release.name,
        "draft": release.draft,
        "immutable": false,
        "prerelease": release.prerelease,
        "created_at": release.created_at,
        "updated_at": release.updated_at,
        "published_at": release.published_at,
        "assets": assets,
        "tarball_url": archive("tarball"),
        "zipball_url": archive("zipball"),
        "body": release.body,
    });
    if let (Some(number), Some(document)) = (release.discussion, document.as_object_mut()) {
        document.insert("discussion_url".into(), json!(format!("{html}/discussions/{number}")));
    }
    document
}
