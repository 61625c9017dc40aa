use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use tminus_http::{HttpError, Response};

use super::{File, Yanked};
use crate::pypi::ProjectName;

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    meta: Meta,
    files: Vec<Entry>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
struct Meta {
    api_version: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Entry {
    filename: String,
    url: String,
    #[serde(default)]
    hashes: BTreeMap<String, String>,
    requires_python: Option<String>,
    size: Option<u64>,
    upload_time: Option<String>,
    /// `false`, `true` or the reason (PEP 691).
    #[serde(default)]
    yanked: Value,
}

/// The files of a PEP 691 answer.
pub(super) fn files(project: &ProjectName, response: &Response) -> Result<Vec<File>, HttpError> {
    let page: Page = serde_json::from_slice(&response.body)
        .map_err(|error| response.malformed(format!("a listing in JSON: {error}")))?;
    if let Some(version) = page.meta.api_version.filter(|version| !is_version_1(version)) {
        return Err(response.malformed(format!("simple API version {version:.20}; 1.x is understood")));
    }
    let mut files = Vec::with_capacity(page.files.len());
    for entry in page.files {
        let url = response.url.join(&entry.url).map_err(|error| {
            response.malformed(format!("the URL of {:?} is malformed: {error}", entry.filename))
        })?;
        let Some(mut file) = File::new(project, &entry.filename, url) else { continue };
        file.sha256 = entry.hashes.get("sha256").and_then(|text| text.parse().ok());
        file.size_bytes = entry.size;
        file.upload_time = entry.upload_time;
        file.requires_python = entry.requires_python;
        file.yanked = match entry.yanked {
            Value::Bool(true) => Yanked::Yes { reason: None },
            Value::String(reason) => Yanked::Yes { reason: Some(reason).filter(|text| !text.is_empty()) },
            _ => Yanked::No,
        };
        files.push(file);
    }
    Ok(files)
}

/// PEP 629: another major version may mean anything.
pub(super) fn is_version_1(version: &str) -> bool {
    version.trim().split('.').next() == Some("1")
}
