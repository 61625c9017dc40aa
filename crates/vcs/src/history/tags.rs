//! All tags at once, without a look at objects whose answer stands in `packed-refs`.

use std::io::BufRead as _;

use gix::bstr::{BStr, BString, ByteSlice};
use gix::objs::Kind;
use gix::prelude::FindExt as _;

use super::History;
use crate::names::{ObjectId, TagName};
use crate::repository::{RepositoryError, reading};

/// The tags of a repository, as its references say it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags {
    /// In the order of their names.
    pub tags: Vec<TagTarget>,
    /// Names that git accepts and [`TagName`] refuses, such as `-x` or one that is not UTF-8: to be shown, never to be handed
    /// to a program. Control characters are escaped.
    pub refused: Vec<String>,
}

/// Where a tag leads. Nobody has looked at the target: it can be a tree, a file, or missing from this clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagTarget {
    /// Its name.
    pub name: TagName,
    /// What the reference holds: the tag object, or the target of a light tag.
    pub object: ObjectId,
    /// The object at the end, through any number of tag objects.
    pub target: ObjectId,
    /// Whether there is a tag object.
    pub annotated: bool,
}

impl History {
    /// All tags. Where they are packed, as `git pack-refs` and `git clone` leave them, no object is read.
    ///
    /// # Errors
    ///
    /// - a reference that cannot be read
    ///
    /// ```no_run
    /// # fn main() -> Result<(), tminus_vcs::RepositoryError> {
    /// let history = tminus_vcs::Repository::open(".".as_ref())?.history()?;
    /// for tag in history.tags()?.tags {
    ///     println!("{} {}", tag.name, tag.target.short());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn tags(&self) -> Result<Tags, RepositoryError> {
        let found = collect(&self.local(), Broken::Refuse, |_| true)?;
        let mut tags = Tags { tags: Vec::with_capacity(found.len()), refused: Vec::new() };
        for tag in found {
            match tag.name() {
                Some(name) => tags.tags.push(TagTarget {
                    name,
                    object: ObjectId::from_gix(&tag.object),
                    target: ObjectId::from_gix(&tag.target),
                    annotated: tag.is_annotated(),
                }),
                None => tags.refused.push(shown(tag.short.as_ref())),
            }
        }
        Ok(tags)
    }
}

/// A tag as it is stored.
#[derive(Clone, Debug)]
pub(crate) struct RawTag {
    /// The name without `refs/tags/`.
    pub(crate) short: BString,
    /// What the reference holds.
    pub(crate) object: gix::ObjectId,
    /// The end of the chain of tag objects.
    pub(crate) target: gix::ObjectId,
}

impl RawTag {
    pub(crate) fn name(&self) -> Option<TagName> {
        self.short.to_str().ok()?.parse().ok()
    }

    pub(crate) fn is_annotated(&self) -> bool {
        self.object != self.target
    }
}

/// A name of any bytes, safe to be shown.
pub(crate) fn shown(name: &BStr) -> String {
    name.to_str_lossy()
        .chars()
        .flat_map(|c| if c.is_control() { c.escape_debug().collect() } else { vec![c] })
        .collect()
}

/// What to do about a reference that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// Report it.
    Refuse,
    /// Pass over it, as `git describe` does.
    Skip,
}

const PREFIX: &str = "refs/tags/";

/// The tags whose short names are wanted, in the order of their names.
pub(crate) fn collect(
    repository: &gix::Repository,
    broken: Broken,
    wanted: impl Fn(&BStr) -> bool,
) -> Result<Vec<RawTag>, RepositoryError> {
    let mut found = Vec::new();
    // Every loose name hides the packed one, also where its file is broken: git takes it for broken, too.
    let mut loose_names = Vec::new();
    let failed = || reading("list", "tags");
    let prefix = <&gix::path::RelativePath>::try_from(PREFIX).map_err(failed())?;
    let loose = match repository.refs.loose_iter_prefixed(prefix) {
        Ok(iterator) => Some(iterator),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(failed()(gix::Error::from_error(error))),
    };
    for reference in loose.into_iter().flatten() {
        let reference = match reference {
            Ok(reference) => reference,
            Err(_) if broken == Broken::Skip => continue,
            Err(error) => return Err(reading("read", "a tag")(error)),
        };
        let Some(short) = reference.name.as_bstr().strip_prefix(PREFIX.as_bytes()).map(BString::from) else {
            continue;
        };
        loose_names.push(short.clone());
        if !wanted(short.as_ref()) {
            continue;
        }
        let id = match reference.target {
            gix::refs::Target::Object(id) => Some(id),
            gix::refs::Target::Symbolic(name) => repository
                .try_find_reference(&name)
                .ok()
                .flatten()
                .and_then(|mut next| next.follow_to_object().ok())
                .map(gix::Id::detach),
        };
        if let Some(object) = id {
            let target = peeled(repository, object);
            found.push(RawTag { short, object, target });
        }
    }
    loose_names.sort_unstable();
    collect_packed(repository, broken, &loose_names, wanted, &mut found)?;
    // Both parts are sorted already, but by their paths, where `a-b` and `a/b` have another order.
    found.sort_by(|a, b| a.short.cmp(&b.short));
    Ok(found)
}

fn collect_packed(
    repository: &gix::Repository,
    broken: Broken,
    hidden: &[BString],
    wanted: impl Fn(&BStr) -> bool,
    found: &mut Vec<RawTag>,
) -> Result<(), RepositoryError> {
    let failed = || reading("read", "packed-refs");
    let Some(packed) = repository.refs.cached_packed_buffer().map_err(failed())? else { return Ok(()) };
    let peeled_all = says_what_is_peeled(&repository.refs.packed_refs_path());
    for reference in packed.iter_prefixed(PREFIX.into()).map_err(failed())? {
        let reference = match reference {
            Ok(reference) => reference,
            Err(_) if broken == Broken::Skip => continue,
            Err(error) => return Err(failed()(error)),
        };
        let Some(short) = reference.name.as_bstr().strip_prefix(PREFIX.as_bytes()) else { continue };
        let short = short.as_bstr();
        if !wanted(short)
            || (!hidden.is_empty() && hidden.binary_search_by(|name| name.as_bstr().cmp(short)).is_ok())
        {
            continue;
        }
        let object = reference.target();
        let target = match reference.object {
            Some(_) => reference.object(),
            None if peeled_all => object,
            None => peeled(repository, object),
        };
        found.push(RawTag { short: short.to_owned(), object, target });
    }
    Ok(())
}

/// Whether a tag without a peeled line is known to be light: git says so in the first line.
fn says_what_is_peeled(path: &std::path::Path) -> bool {
    let Ok(file) = std::fs::File::open(path) else { return false };
    let mut line = Vec::new();
    let read =
        std::io::BufReader::with_capacity(256, std::io::Read::take(file, 256)).read_until(b'\n', &mut line);
    read.is_ok()
        && line.starts_with(b"# pack-refs with:")
        && line.fields().any(|word| matches!(word, b"peeled" | b"fully-peeled"))
}

/// The end of a chain of tag objects; the object itself where the chain is broken, as git has it.
fn peeled(repository: &gix::Repository, id: gix::ObjectId) -> gix::ObjectId {
    let mut current = id;
    let mut buffer = Vec::new();
    loop {
        match repository.try_find_header(current) {
            Ok(Some(header)) if header.kind() == Kind::Tag => {}
            Ok(Some(_)) => return current,
            _ => return id,
        }
        // A tag object names an object that existed before it, so this cannot go round in circles.
        let Ok(tag) = repository.objects.find_tag_iter(&current, &mut buffer) else { return id };
        let Ok(next) = tag.target_id() else { return id };
        current = next;
    }
}
