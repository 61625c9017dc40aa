use serde_json::{Value, json};

use super::{
    answers, releases,
    scene::{Scene, node_id},
    state::{Asset, Release},
};
use crate::server::{Reply, encoded};

/// Answers `GET /releases/ID/assets`.
pub(crate) fn list(scene: &Scene<'_>, release: u64) -> Result<Reply, Reply> {
    let release = releases::visible(scene, release)?;
    let rows: Vec<Value> = release.assets.iter().map(|asset| json(scene, release, asset)).collect();
    Ok(answers::page(scene, &rows))
}

/// Answers `POST` to a release's `upload_url`: the body is the asset.
pub(crate) fn upload(scene: &mut Scene<'_>, release: u64) -> Result<Reply, Reply> {
    let known = releases::visible(scene, release)?;
    let name = scene
        .request
        .parameter("name")
        .filter(|name| !name.is_empty())
        .ok_or_else(|| answers::invalid("ReleaseAsset", "name", "missing_field"))?
        .to_owned();
    if name.contains(['/', '\\']) || name.starts_with('.') {
        return Err(answers::invalid("ReleaseAsset", "name", "invalid"));
    }
    if known.assets.iter().any(|asset| asset.name == name) {
        return Err(answers::invalid("ReleaseAsset", "name", "already_exists"));
    }
    if scene.request.body.is_empty() {
        return Err(answers::message(400, "Bad Content-Length: an asset must not be empty"));
    }
    let content_type = scene.request.header("content-type").unwrap_or("application/octet-stream").to_owned();
    let asset = Asset {
        id: scene.next_id(),
        name,
        label: scene.request.parameter("label").map(str::to_owned),
        content_type,
        size: scene.request.body.len() as u64,
        sha256: scene.blobs.insert(scene.request.body.clone()),
        uploader: scene.context.login.clone(),
        created_at: scene.now(),
    };
    let body = json(scene, releases::visible(scene, release)?, &asset);
    let location = format!("{}/releases/assets/{}", scene.api(), asset.id);
    if let Some(release) = scene.repository.releases.iter_mut().find(|known| known.id == release) {
        release.assets.push(asset);
    }
    Ok(Reply::json(201, &body).header("location", location))
}

/// Answers `GET /releases/assets/ID`: the bytes when they are asked for as such, else the description.
pub(crate) fn get(scene: &Scene<'_>, id: u64) -> Result<Reply, Reply> {
    let (release, asset) = find(scene, |_, asset| asset.id == id)?;
    if scene.request.header("accept") == Some("application/octet-stream") {
        return content(scene, asset);
    }
    Ok(Reply::json(200, &json(scene, release, asset)))
}

/// Answers `DELETE /releases/assets/ID`.
pub(crate) fn delete(scene: &mut Scene<'_>, id: u64) -> Result<Reply, Reply> {
    find(scene, |_, asset| asset.id == id)?;
    for release in &mut scene.repository.releases {
        release.assets.retain(|asset| asset.id != id);
    }
    Ok(Reply::empty(204))
}

/// Answers `GET /OWNER/NAME/releases/download/TAG/FILE`, outside the API.
pub(crate) fn download(scene: &Scene<'_>, tag: &str, name: &str) -> Result<Reply, Reply> {
    let (_, asset) =
        find(scene, |release, asset| release.tag_name == tag && !release.draft && asset.name == name)?;
    content(scene, asset)
}

fn content(scene: &Scene<'_>, asset: &Asset) -> Result<Reply, Reply> {
    let bytes = scene.blobs.get(&asset.sha256).ok_or_else(answers::not_found)?;
    Ok(Reply::bytes(200, &asset.content_type, bytes))
}

fn find<'a>(
    scene: &'a Scene<'_>,
    wanted: impl Fn(&Release, &Asset) -> bool,
) -> Result<(&'a Release, &'a Asset), Reply> {
    scene
        .repository
        .releases
        .iter()
        .filter(|release| !release.draft || scene.may_push())
        .flat_map(|release| release.assets.iter().map(move |asset| (release, asset)))
        .find(|(release, asset)| wanted(release, asset))
        .ok_or_else(answers::not_found)
}

pub(crate) fn json(scene: &Scene<'_>, release: &Release, asset: &Asset) -> Value {
    let address = format!("{}/{}", encoded(&release.tag_name), encoded(&asset.name));
    json!({
        "url": format!("{}/releases/assets/{}", scene.api(), asset.id),
        "id": asset.id,
        "node_id": node_id("ReleaseAsset", asset.id),
        "name": asset.name,
        "label": asset.label,
        "uploader": scene.user(&asset.uploader),
        "content_type": asset.content_type,
        "state": "uploaded",
        "size": asset.size,
        "digest": format!("sha256:{}", asset.sha256),
        "download_count": 0,
        "created_at": asset.created_at,
        "updated_at": asset.created_at,
        "browser_download_url": format!("{}/releases/download/{address}", scene.html()),
    })
}
