//! The tag of a container image in YAML: `image: name:tag` (Kubernetes, Compose), a map with `repository` and `tag`
//! (values of Helm charts), a map with `name` and `newTag` (kustomize).
//!
//! The tag of one image may stand in many places, which all have to say the same.

use super::{Failure, Problem, Site, line_at};
use crate::tree::{Node, Value, yaml};

/// The first place of the tag, and the others in the order of the file.
pub(crate) fn locate(text: &str, name: &str) -> Result<(Site, Vec<Site>), Failure> {
    let mut sites = Vec::new();
    for document in yaml::parse_all(text)? {
        collect(text, &document, name, &mut sites)?;
    }
    sites.sort_by_key(|site| site.span.start);
    let mut sites = sites.into_iter();
    let Some(first) = sites.next() else {
        let looked_for = format!("tag of the image `{name}`");
        return Err(Failure::without_place(Problem::NotFound { looked_for }));
    };
    let others: Vec<Site> = sites.collect();
    match others.iter().find(|site| site.text != first.text) {
        None => Ok((first, others)),
        Some(other) => {
            let lines = [&first, other].map(|site| line_at(text.as_bytes(), site.span.start)).to_vec();
            Err(Failure::at(other.span.start, Problem::Differ { lines }))
        }
    }
}

fn collect(text: &str, node: &Node<'_>, name: &str, sites: &mut Vec<Site>) -> Result<(), Failure> {
    if let Some(image) = node.get("image").filter(|image| image.as_str().is_some()) {
        sites.extend(reference(text, image, name)?);
    }
    sites.extend(beside(node, name)?);
    for child in node.items().iter().chain(node.entries().iter().map(|entry| &entry.value)) {
        collect(text, child, name, sites)?;
    }
    Ok(())
}

/// The tag in `registry/name:tag`; nothing for another image, or for one without a tag.
fn reference(text: &str, node: &Node<'_>, name: &str) -> Result<Option<Site>, Failure> {
    let whole = node.as_str().unwrap_or_default();
    let digest = whole.find('@').unwrap_or(whole.len());
    let before = |end: usize| whole.get(..end).is_some_and(|written| is_same(written, name));
    // A registry may have a port, so that the first colon need not be the one before the tag.
    let is_tag = |at: usize| before(at) && whole.get(at..digest).is_some_and(|tag| !tag.contains('/'));
    let tag_start = whole.match_indices(':').map(|(at, _)| at).find(|&at| is_tag(at));
    let Some(at) = tag_start else {
        let pinned =
            whole.get(..digest).is_some_and(|written| is_same(written, name)) && digest < whole.len();
        return if pinned { Err(Failure::at(node.span.start, Problem::Pinned)) } else { Ok(None) };
    };
    if digest < whole.len() {
        return Err(Failure::at(node.span.start, Problem::Pinned));
    }
    let site = node.site()?;
    let tag = site.part(text, at + 1..whole.len());
    let unfit = Problem::Spelling { what: "a text with escapes" };
    checked(tag.ok_or_else(|| Failure::at(node.span.start, unfit))?).map(Some)
}

/// The tag in a map beside the name of the image.
fn beside(node: &Node<'_>, name: &str) -> Result<Option<Site>, Failure> {
    let said = |key: &str| node.text_at(&[key]).filter(|text| !text.is_empty());
    let helm = said("repository").map(|repository| match said("registry") {
        Some(registry) => format!("{registry}/{repository}"),
        None => repository.to_owned(),
    });
    let is_helm = helm.is_some_and(|written| is_same(&written, name));
    let is_kustomize =
        ["name", "newName"].iter().any(|key| said(key).is_some_and(|written| is_same(written, name)));
    let tag = match (is_helm, is_kustomize) {
        (true, _) if node.get("tag").is_some() => node.get("tag"),
        (_, true) => node.get("newTag"),
        _ => None,
    };
    // A chart takes its `appVersion` where its values give no tag.
    let Some(tag) = tag.filter(|tag| !says_nothing(tag)) else { return Ok(None) };
    if said("digest").is_some() || tag.as_str().is_some_and(|tag| tag.contains('@')) {
        return Err(Failure::at(tag.span.start, Problem::Pinned));
    }
    checked(tag.site()?).map(Some)
}

fn says_nothing(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Text { text, .. } => text.is_empty(),
        // An alias says something.
        Value::Other(spelled) => !spelled.starts_with('*'),
        Value::List(_) | Value::Map(_) => false,
    }
}

/// A tag by the grammar of registries; what is none is filled in by a program, such as `${TAG}`.
fn checked(site: Site) -> Result<Site, Failure> {
    let inner = |character: char| character.is_ascii_alphanumeric() || "_.-".contains(character);
    let tag = site.text.as_str();
    let is_tag =
        tag.len() <= 128 && tag.chars().all(inner) && !tag.is_empty() && !tag.starts_with(['.', '-']);
    if is_tag { Ok(site) } else { Err(Failure::at(site.span.start, Problem::Computed)) }
}

/// Whether two names are those of one image; the registry of Docker goes without saying.
fn is_same(one: &str, other: &str) -> bool {
    canonical(one) == canonical(other)
}

fn canonical(name: &str) -> &str {
    let name =
        name.strip_prefix("docker.io/").or_else(|| name.strip_prefix("index.docker.io/")).unwrap_or(name);
    name.strip_prefix("library/").unwrap_or(name)
}
