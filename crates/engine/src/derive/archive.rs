//! What stands for a repository where there is none: the files of an unpacked archive.

use std::path::{Path, PathBuf};

use tminus_versioning::DateTime;
use tminus_versioning::scm::{Describe, Facts, ScmVersion, Settings};

use super::DeriveError;
use super::ground::Ground;

/// A version that a file states.
pub(super) struct Archived {
    pub(super) file: PathBuf,
    pub(super) version: ScmVersion,
    /// What is known of the commit, where the file says so.
    pub(super) facts: Option<Facts>,
}

/// Looks through directories for `.git_archival.txt` first, then for `PKG-INFO`; the nearest to the project wins.
pub(super) fn find(
    ground: &Ground,
    dirs: &[PathBuf],
    settings: &Settings<'_>,
    now: DateTime,
    warnings: &mut Vec<String>,
) -> Result<Option<Archived>, DeriveError> {
    let mut dirs: Vec<&PathBuf> = dirs.iter().collect();
    dirs.sort_by_key(|dir| std::cmp::Reverse(dir.components().count()));
    dirs.dedup();
    for dir in &dirs {
        if let Some(found) = archival(ground, dir, settings, now, warnings)? {
            return Ok(Some(found));
        }
    }
    for dir in &dirs {
        if let Some(found) = package_info(ground, dir, now)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The file that `git archive` fills in.
fn archival(
    ground: &Ground,
    dir: &Path,
    settings: &Settings<'_>,
    now: DateTime,
    warnings: &mut Vec<String>,
) -> Result<Option<Archived>, DeriveError> {
    let file = dir.join(".git_archival.txt");
    let Some(text) = ground.read(&file)? else { return Ok(None) };
    let headers = headers(&text);
    let field =
        |name: &str| headers.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let read = |facts: Facts| -> Result<Option<Archived>, DeriveError> {
        let version = ScmVersion::from_facts(&facts, settings, now)?;
        Ok(Some(Archived { file: file.clone(), version, facts: Some(facts) }))
    };
    match field("describe-name") {
        Some("") => {}
        Some(text) if !text.contains("%(describe") => {
            let described = Describe { dirty: false, ..Describe::parse(text)? };
            return read(Facts::described(described));
        }
        _ => warnings.push(format!("{}: git archive did not fill in describe-name", file.display())),
    }
    let clean =
        |tag: Option<String>, node: Option<String>| Facts { tag, node, dirty: false, ..Facts::unborn() };
    for tag in tags(field("ref-names").unwrap_or_default()) {
        let facts = clean(Some(tag), None);
        // One that cannot be read makes room for the next.
        if let Ok(version) = ScmVersion::from_facts(&facts, settings, now) {
            return Ok(Some(Archived { file, version, facts: Some(facts) }));
        }
    }
    match field("node") {
        None => Ok(None),
        Some(node) if node.to_uppercase().contains("$FORMAT") => {
            warnings.push(format!("{}: git archive did not fill it in", file.display()));
            Ok(None)
        }
        Some(node) => read(clean(Some("0.0".to_owned()), Some(node.to_owned()))),
    }
}

/// The tags in `HEAD -> main, tag: v1.0, origin/main`.
fn tags(names: &str) -> impl Iterator<Item = String> {
    names.split(',').filter_map(|part| {
        let (before, tag) = part.split_once("tag: ")?;
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let end = tag.rfind(is_word)?;
        let end = end + tag.get(end..)?.chars().next()?.len_utf8();
        (!before.ends_with(is_word)).then(|| tag.get(..end).map(str::to_owned))?
    })
}

/// The file that every source archive of a Python package has.
fn package_info(ground: &Ground, dir: &Path, now: DateTime) -> Result<Option<Archived>, DeriveError> {
    let file = dir.join("PKG-INFO");
    let Some(text) = ground.read(&file)? else { return Ok(None) };
    let headers = headers(&text);
    let version = headers.iter().rev().find(|(key, _)| key == "Version").map(|(_, value)| value.clone());
    let Some(text) = version.filter(|text| text != "UNKNOWN") else { return Ok(None) };
    match ScmVersion::pretended(&text, now) {
        Ok(version) => Ok(Some(Archived { file, version, facts: None })),
        Err(_) => Err(DeriveError::NotAVersion { path: file, text }),
    }
}

/// The headers of a mail: lines `NAME: VALUE`, continued by lines that begin with a space, up to the first other one.
fn headers(text: &str) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if line.starts_with([' ', '\t']) {
            match headers.last_mut() {
                Some((_, value)) => *value = format!("{value}\n{line}"),
                None => break,
            }
            continue;
        }
        let Some((name, value)) = line.split_once(':').filter(|(name, _)| is_name(name)) else { break };
        headers.push((name.to_owned(), value.trim_start_matches([' ', '\t']).to_owned()));
    }
    headers
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_in_the_names_of_a_commit() {
        let found: Vec<_> = tags("HEAD -> main, tag: v1.0, tag: demo/2.0 , origin/main").collect();
        assert_eq!(found, ["v1.0", "demo/2.0"]);
        assert_eq!(tags("heritag: v1").count(), 0);
        assert_eq!(tags("").count(), 0);
    }

    #[test]
    fn headers_end_where_the_text_begins() {
        let found = headers("Name: demo\nSummary: one\n two\nVersion: 1.0\n\nVersion: 2.0\n");
        let names: Vec<_> = found.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(names, [("Name", "demo"), ("Summary", "one\n two"), ("Version", "1.0")]);
    }
}
