//! Which tag stands for a commit that has several.

use gix::bstr::{BString, ByteSlice};
use gix::hashtable::HashMap;
use gix::prelude::FindExt as _;

use super::DescribeOptions;
use crate::history::tags::{Broken, RawTag, collect};
use crate::repository::{RepositoryError, reading};

/// The tag of a commit.
pub(super) type Name = RawTag;

/// One tag for each commit that has one.
pub(super) struct Names {
    tags: Vec<RawTag>,
    by_target: HashMap<gix::ObjectId, u32>,
}

impl Names {
    /// Reads the tags that the patterns admit.
    ///
    /// Light ones are kept also where they do not count: an annotated one of the same commit is preferred anyway.
    pub(super) fn read(
        repository: &gix::Repository,
        options: &DescribeOptions,
    ) -> Result<Self, RepositoryError> {
        let any = |patterns: &[String], name: &gix::bstr::BStr| {
            patterns.iter().any(|pattern| {
                gix::glob::wildmatch(pattern.as_str().into(), name, gix::glob::wildmatch::Mode::empty())
            })
        };
        let tags = collect(repository, Broken::Skip, |name| {
            !any(&options.excluding, name) && (options.matching.is_empty() || any(&options.matching, name))
        })?;
        let mut names = Self {
            by_target: HashMap::with_capacity_and_hasher(tags.len(), gix::hashtable::hash::Builder),
            tags,
        };
        let mut dates = HashMap::default();
        for (index, new) in names.tags.iter().enumerate() {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            let Some(&old) = names.by_target.get(&new.target) else {
                names.by_target.insert(new.target, index);
                continue;
            };
            let old = names.tags.get(old as usize);
            if old.is_none_or(|old| replaces(repository, old, new, &mut dates)) {
                names.by_target.insert(new.target, index);
            }
        }
        Ok(names)
    }

    /// Whether there is a tag that counts at all.
    pub(super) fn has_any(&self, light: bool) -> bool {
        self.tags.iter().any(|tag| light || tag.is_annotated())
    }

    /// The tag of an object.
    pub(super) fn of(&self, id: &gix::ObjectId) -> Option<Name> {
        self.at(*self.by_target.get(id)?)
    }

    /// The tag of a number.
    pub(super) fn at(&self, index: u32) -> Option<Name> {
        self.tags.get(index as usize).cloned()
    }

    /// The number of the tag of an object, and whether it is annotated.
    pub(super) fn number_of(&self, id: &gix::oid) -> Option<(u32, bool)> {
        if self.by_target.is_empty() {
            return None;
        }
        let index = *self.by_target.get(id)?;
        Some((index, self.tags.get(index as usize)?.is_annotated()))
    }
}

/// Whether the later name takes the place of the earlier one: annotated before light, then the newer tagger. Of what is
/// equal the first name stays.
fn replaces(
    repository: &gix::Repository,
    old: &RawTag,
    new: &RawTag,
    dates: &mut HashMap<gix::ObjectId, Option<u64>>,
) -> bool {
    match (old.is_annotated(), new.is_annotated()) {
        (false, true) => true,
        (_, false) => false,
        (true, true) => {
            let mut date = |id| *dates.entry(id).or_insert_with(|| tagger_date(repository, id));
            match (date(old.object), date(new.object)) {
                (None, _) => true,
                (Some(_), None) => false,
                (Some(old), Some(new)) => old < new,
            }
        }
    }
}

/// When a tag object was made, 0 where it does not say; `None` where it cannot be read.
fn tagger_date(repository: &gix::Repository, id: gix::ObjectId) -> Option<u64> {
    let mut buffer = Vec::new();
    let tag = repository
        .objects
        .find(&id, &mut buffer)
        .ok()
        .filter(|object| object.kind == gix::objs::Kind::Tag)?;
    let header = tag.data.split_once_str("\n\n").map_or(tag.data, |(header, _)| header);
    let tagger = header.lines().find_map(|line| line.strip_prefix(b"tagger "));
    Some(tagger.map_or(0, seconds))
}

/// The time in `NAME <MAIL> SECONDS ZONE`, 0 where there is none.
pub(in crate::history) fn seconds(person: &[u8]) -> u64 {
    let after = person.rfind_byte(b'>').and_then(|at| person.get(at + 1..)).unwrap_or_default();
    let digits = after.trim_start();
    let end = digits.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(digits.len());
    digits.get(..end).and_then(|digits| digits.to_str().ok()?.parse().ok()).unwrap_or(0)
}

/// The object that a tag object names, and the name it gives itself.
pub(super) fn named_by(
    repository: &gix::Repository,
    id: gix::ObjectId,
) -> Result<(gix::ObjectId, BString), RepositoryError> {
    let mut buffer = Vec::new();
    let failed = || reading("read tag", id);
    let object = repository.objects.find_tag(&id, &mut buffer).map_err(failed())?;
    Ok((object.target(), object.name.to_owned()))
}
