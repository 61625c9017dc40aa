use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use sha2::Digest as _;
use zip::ZipArchive;

use super::archive::{At, Budget, keep, path_problem};
use super::{InspectError, Limits};
use crate::pypi::name::normalize;
use crate::pypi::{CoreMetadata, FileName, Tag};

/// Files in the `.dist-info` directory that `RECORD` does not hash (PEP 376, PEP 427).
const NOT_RECORDED: [&str; 3] = ["RECORD", "RECORD.jws", "RECORD.p7s"];

/// Of one file: what `RECORD` is compared with.
struct Content {
    size_bytes: u64,
    sha256: [u8; 32],
}

/// The files that are read, and a digest of every file.
struct Contents {
    kept: BTreeMap<String, Vec<u8>>,
    files: BTreeMap<String, Content>,
}

/// Everything about a wheel but the comparison of metadata and file name.
pub(super) fn inspect(bytes: &Bytes, name: &FileName, limits: &Limits) -> Result<CoreMetadata, InspectError> {
    let at = At::new(name.as_str());
    let mut zip = open(at, bytes, limits)?;
    let dist_info = dist_info_directory(at, &zip, name)?;
    let contents = unpack(at, &mut zip, &dist_info, limits, bytes.len() as u64)?;
    let kept = |file: &str| {
        let path = format!("{dist_info}/{file}");
        contents.kept.get(&path).ok_or_else(|| at.malformed(format!("{path} is missing")))
    };
    check_wheel_file(at, kept("WHEEL")?, name)?;
    check_record(at, kept("RECORD")?, &dist_info, &contents)?;
    at.metadata("METADATA", kept("METADATA")?)
}

fn open<'a>(
    at: At<'_>,
    bytes: &'a Bytes,
    limits: &Limits,
) -> Result<ZipArchive<Cursor<&'a [u8]>>, InspectError> {
    let damaged = |error: zip::result::ZipError| at.malformed(format!("no sound zip archive: {error}"));
    // The end record states the number of entries; the archive's own directory is what it costs to read them.
    let mut zip = ZipArchive::new(Cursor::new(bytes.as_ref())).map_err(damaged)?;
    if zip.len() as u64 > limits.entries {
        return Err(at.too_large("the number of entries", limits.entries));
    }
    if zip.has_duplicate_names() {
        return Err(at.malformed("two entries have the same name"));
    }
    // Local headers that say something else than the directory: readers would see different wheels.
    zip.validate_header_consistency().map_err(damaged)?;
    Ok(zip)
}

/// The one `NAME-VERSION.dist-info` of the wheel.
fn dist_info_directory(
    at: At<'_>,
    zip: &ZipArchive<Cursor<&[u8]>>,
    name: &FileName,
) -> Result<String, InspectError> {
    let mut found = BTreeSet::new();
    for path in zip.file_names() {
        let path = path.map_err(|error| at.malformed(format!("a name that cannot be read: {error}")))?;
        let top = path.split('/').next().unwrap_or_default();
        if top.ends_with(".dist-info") {
            found.insert(top.to_owned());
        }
    }
    let mut found = found.into_iter();
    let (Some(directory), None) = (found.next(), found.next()) else {
        return Err(at.malformed("there is not exactly one .dist-info directory"));
    };
    let stem = directory.strip_suffix(".dist-info").unwrap_or_default();
    let fits = stem.rsplit_once('-').is_some_and(|(project, version)| {
        let version = version.parse().or_else(|_| version.replace('_', "-").parse());
        normalize(project) == name.project().normalized() && version.as_ref() == Ok(name.version())
    });
    if fits { Ok(directory) } else { Err(at.disagrees("name and version of the directory", directory)) }
}

fn unpack(
    at: At<'_>,
    zip: &mut ZipArchive<Cursor<&[u8]>>,
    dist_info: &str,
    limits: &Limits,
    artifact_bytes: u64,
) -> Result<Contents, InspectError> {
    let wanted: Vec<String> =
        ["METADATA", "WHEEL", "RECORD"].iter().map(|file| format!("{dist_info}/{file}")).collect();
    let mut budget = Budget::new(at, limits, artifact_bytes);
    let mut contents = Contents { kept: BTreeMap::new(), files: BTreeMap::new() };
    for index in 0..zip.len() {
        budget.entry()?;
        let mut entry =
            zip.by_index(index).map_err(|error| at.malformed(format!("no sound zip archive: {error}")))?;
        let path = entry.name().map_err(|_| at.malformed("a name that cannot be read"))?.into_owned();
        if let Some(problem) = path_problem(&path) {
            return Err(at.not_safe(&path, problem));
        }
        // The file type bits of the Unix mode; zero where the archive was not made on Unix.
        let file_type = entry.unix_mode().unwrap_or(0) & 0o170_000;
        if entry.is_symlink() || !matches!(file_type, 0 | 0o100_000 | 0o040_000) {
            return Err(at.not_safe(&path, "is a link or a device"));
        }
        if entry.encrypted() {
            return Err(at.not_safe(&path, "is encrypted"));
        }
        if path.ends_with('/') {
            if entry.size() > 0 {
                return Err(at.not_safe(&path, "is a directory with content"));
            }
            continue;
        }
        let declared = entry.size();
        let keeps = wanted.contains(&path);
        let mut kept = Vec::new();
        let mut hash = sha2::Sha256::new();
        let size_bytes = budget.drain(&path, &mut entry, &mut |piece| {
            hash.update(piece);
            if keeps { keep(at, limits, &mut kept, piece) } else { Ok(()) }
        })?;
        if size_bytes != declared {
            return Err(at.not_safe(&path, "has another size than the archive says"));
        }
        if keeps {
            contents.kept.insert(path.clone(), kept);
        }
        contents.files.insert(path, Content { size_bytes, sha256: hash.finalize().into() });
    }
    Ok(contents)
}

/// `Wheel-Version` 1.x, and tags and build number as in the file name (PEP 427).
fn check_wheel_file(at: At<'_>, bytes: &[u8], name: &FileName) -> Result<(), InspectError> {
    let text = std::str::from_utf8(bytes).map_err(|_| at.malformed("WHEEL is not UTF-8"))?;
    let mut tags = Vec::new();
    let mut build = None;
    let mut version = None;
    for line in text.lines() {
        let Some((field, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        match field.trim().to_ascii_lowercase().as_str() {
            "wheel-version" => version = Some(value),
            "build" => build = Some(value),
            "tag" => tags.extend(
                Tag::expand(value)
                    .ok_or_else(|| at.malformed(format!("WHEEL has a malformed tag {value:.80?}")))?,
            ),
            _ => {}
        }
    }
    if version.and_then(|version| version.split('.').next()) != Some("1") {
        let shown = version.unwrap_or("none");
        return Err(at.malformed(format!("Wheel-Version {shown:.20?}; 1.x is understood")));
    }
    tags.sort();
    tags.dedup();
    if tags != name.tags() {
        let shown: Vec<String> = tags.iter().take(8).map(ToString::to_string).collect();
        return Err(at.disagrees("the tags in WHEEL", shown.join(", ")));
    }
    if build.is_some_and(|build| Some(build) != name.build()) {
        return Err(at.disagrees("the build number in WHEEL", build.unwrap_or_default()));
    }
    Ok(())
}

/// Every file is in `RECORD` with its size and digest, and nothing else is (PEP 376, PEP 427).
fn check_record(at: At<'_>, bytes: &[u8], dist_info: &str, contents: &Contents) -> Result<(), InspectError> {
    let text = std::str::from_utf8(bytes).map_err(|_| at.malformed("RECORD is not UTF-8"))?;
    let exempt = |path: &str| {
        let inner = path.strip_prefix(dist_info).and_then(|rest| rest.strip_prefix('/'));
        inner.is_some_and(|inner| NOT_RECORDED.contains(&inner))
    };
    let mut listed = BTreeSet::new();
    for row in csv_rows(text) {
        let mut fields = row.into_iter();
        let (path, digest, size) = (
            fields.next().unwrap_or_default(),
            fields.next().unwrap_or_default(),
            fields.next().unwrap_or_default(),
        );
        if path.is_empty() {
            continue;
        }
        let Some(content) = contents.files.get(&path) else {
            // Signatures may be listed and added later.
            if exempt(&path) {
                continue;
            }
            return Err(at.record(&path, "is listed and not in the archive"));
        };
        if !exempt(&path) {
            check_digest(at, &path, &digest, content)?;
        }
        if !size.is_empty() && !exempt(&path) && size.parse() != Ok(content.size_bytes) {
            return Err(at.record(&path, "has another size"));
        }
        if !listed.insert(path.clone()) {
            return Err(at.record(&path, "is listed twice"));
        }
    }
    match contents.files.keys().find(|path| !listed.contains(*path) && !exempt(path)) {
        Some(path) => Err(at.record(path, "is in the archive and not listed")),
        None => Ok(()),
    }
}

fn check_digest(at: At<'_>, path: &str, stated: &str, content: &Content) -> Result<(), InspectError> {
    let Some((algorithm, value)) = stated.split_once('=') else {
        return Err(at.record(path, "has no digest"));
    };
    if !algorithm.eq_ignore_ascii_case("sha256") {
        return Err(at.record(path, "has a digest that is not sha256"));
    }
    let decoded = URL_SAFE_NO_PAD.decode(value.trim_end_matches('='));
    if decoded.is_ok_and(|decoded| decoded == content.sha256) {
        Ok(())
    } else {
        Err(at.record(path, "has another digest"))
    }
}

/// Rows of a comma-separated text, with quoted fields as Python's `csv` writes them.
fn csv_rows(text: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut field = String::new();
    let mut quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                field.push('"');
                characters.next();
            }
            '"' if quoted => quoted = false,
            '"' if field.is_empty() => quoted = true,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\r' if !quoted && characters.peek() == Some(&'\n') => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            other => field.push(other),
        }
    }
    if !field.is_empty() || !row.is_empty() {
        row.push(field);
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv() {
        for (text, expected) in [
            ("", vec![]),
            ("a,b,1\n", vec![vec!["a", "b", "1"]]),
            ("a,,\r\nb,,", vec![vec!["a", "", ""], vec!["b", "", ""]]),
            ("\"a,\"\"b\"\"\n\",x\n", vec![vec!["a,\"b\"\n", "x"]]),
            ("a\"b,\n", vec![vec!["a\"b", ""]]),
        ] {
            assert_eq!(csv_rows(text), expected, "{text:?}");
        }
    }
}
