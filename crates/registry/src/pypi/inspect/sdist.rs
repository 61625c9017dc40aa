use std::collections::BTreeSet;
use std::io::{self, Read};

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use tar::EntryType;

use super::archive::{At, Budget, keep, path_problem};
use super::{InspectError, Limits};
use crate::pypi::name::normalize;
use crate::pypi::{CoreMetadata, FileName};

/// Everything about an sdist but the comparison of metadata and file name.
pub(super) fn inspect(bytes: &Bytes, name: &FileName, limits: &Limits) -> Result<CoreMetadata, InspectError> {
    let at = At::new(name.as_str());
    let mut budget = Budget::new(at, limits, bytes.len() as u64);
    // Headers and padding count too: a bomb need not be in a file.
    let unpacked = Bounded { inner: MultiGzDecoder::new(bytes.as_ref()), left: budget.unpacked_limit() };
    let mut archive = tar::Archive::new(unpacked);
    let mut tree = Tree::default();
    let mut metadata = None;
    let entries = archive.entries().map_err(|error| budget.failed("the archive", &error))?;
    for entry in entries {
        let mut entry = entry.map_err(|error| budget.failed("the archive", &error))?;
        budget.entry()?;
        let entry_type = entry.header().entry_type();
        if entry_type == EntryType::XGlobalHeader {
            continue;
        }
        let path = utf8(at, &entry.path_bytes())?;
        let link = entry.link_name_bytes().map(|link| utf8(at, &link)).transpose()?;
        tree.add(at, &path, entry_type, link.as_deref())?;
        let keeps = path.split_once('/').is_some_and(|(_, inner)| inner == "PKG-INFO")
            && matches!(entry_type, EntryType::Regular | EntryType::Continuous);
        let mut kept = Vec::new();
        budget.drain(&path, &mut entry, &mut |piece| {
            if keeps { keep(at, limits, &mut kept, piece) } else { Ok(()) }
        })?;
        if keeps {
            metadata = Some(kept);
        }
    }
    // To the end, so that the checksum of the compression is compared as well.
    let rest = io::copy(&mut archive.into_inner(), &mut io::sink());
    rest.map_err(|error| budget.failed("the archive", &error))?;
    let top = tree.top.ok_or_else(|| at.malformed("the archive is empty"))?;
    check_top(at, &top, name)?;
    let metadata = metadata.ok_or_else(|| at.malformed(format!("{top}/PKG-INFO is missing")))?;
    at.metadata("PKG-INFO", &metadata)
}

/// What has been seen of the tree.
#[derive(Default)]
struct Tree {
    top: Option<String>,
    links: BTreeSet<String>,
    files: BTreeSet<String>,
}

impl Tree {
    fn add(
        &mut self,
        at: At<'_>,
        path: &str,
        entry_type: EntryType,
        link: Option<&str>,
    ) -> Result<(), InspectError> {
        if let Some(problem) = path_problem(path) {
            return Err(at.not_safe(path, problem));
        }
        let plain = path.trim_end_matches('/');
        let top = plain.split('/').next().unwrap_or_default();
        if *self.top.get_or_insert_with(|| top.to_owned()) != top {
            return Err(at.not_safe(path, "is outside of the one top directory"));
        }
        // Below a link, a path means what the link means.
        let parents = plain.match_indices('/').filter_map(|(end, _)| plain.get(..end));
        if parents.into_iter().any(|parent| self.links.contains(parent)) {
            return Err(at.not_safe(path, "is below a link"));
        }
        match entry_type {
            EntryType::Directory => {
                if self.files.contains(plain) {
                    return Err(at.not_safe(path, "is there twice"));
                }
                return Ok(());
            }
            _ if plain == top => return Err(at.not_safe(path, "is outside of the one top directory")),
            EntryType::Regular | EntryType::Continuous => {}
            EntryType::Symlink | EntryType::Link => {
                let from_root = entry_type == EntryType::Link;
                if !link.is_some_and(|link| stays_inside(plain, link, top, from_root)) {
                    return Err(at.not_safe(path, "is a link that leaves the archive"));
                }
                self.links.insert(plain.to_owned());
            }
            _ => return Err(at.not_safe(path, "is neither a file, a directory nor a link")),
        }
        if self.files.insert(plain.to_owned()) { Ok(()) } else { Err(at.not_safe(path, "is there twice")) }
    }
}

/// Whether a link stays below `top`: leading `..` only, as many as its directory is deep, since a later one could
/// step out through another link. The target of a hard link is a path of the archive.
fn stays_inside(path: &str, link: &str, top: &str, from_root: bool) -> bool {
    if from_root {
        return path_problem(link).is_none() && link.starts_with(&format!("{top}/"));
    }
    let mut up = 0;
    let mut rest = link;
    while let Some(after) = rest.strip_prefix("../") {
        up += 1;
        rest = after;
    }
    if rest == ".." {
        up += 1;
        rest = ".";
    }
    // `top/a/b`: two directories, one of which may be left.
    let depth = path.matches('/').count();
    up < depth && (rest == "." || path_problem(rest).is_none())
}

/// `NAME-VERSION`, as the file name has it, in whatever spelling.
fn check_top(at: At<'_>, top: &str, name: &FileName) -> Result<(), InspectError> {
    let fits = top.match_indices('-').any(|(dash, _)| {
        let (project, version) = top.split_at(dash);
        let version = version.get(1..).unwrap_or_default().parse();
        normalize(project) == name.project().normalized() && version.as_ref() == Ok(name.version())
    });
    if fits { Ok(()) } else { Err(at.disagrees("name and version of the top directory", top)) }
}

fn utf8(at: At<'_>, bytes: &[u8]) -> Result<String, InspectError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => Err(at.not_safe(&String::from_utf8_lossy(bytes), "has a name that is not UTF-8")),
    }
}

/// A reader that fails where a plain `take` would end as if the file were complete.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        match self.left.checked_sub(count as u64) {
            Some(left) => self.left = left,
            None => return Err(io::ErrorKind::FileTooLarge.into()),
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links() {
        for (path, link, expected) in [
            ("d-1/a", "b", true),
            ("d-1/x/a", "../b", true),
            ("d-1/x/a", "..", true),
            ("d-1/a", ".", true),
            ("d-1/a", "../b", false),
            ("d-1/a", "..", false),
            ("d-1/x/a", "../../b", false),
            ("d-1/a", "/etc/passwd", false),
            ("d-1/x/a", "y/../../..", false),
            ("d-1/x/y/a", "../b/../c", false),
            ("d-1/a", "", false),
        ] {
            assert_eq!(stays_inside(path, link, "d-1", false), expected, "{path} -> {link}");
        }
        assert!(stays_inside("d-1/a", "d-1/b", "d-1", true));
        assert!(!stays_inside("d-1/a", "b", "d-1", true));
        assert!(!stays_inside("d-1/a", "d-1/../b", "d-1", true));
    }
}
