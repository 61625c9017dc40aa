//! What makes history other than the commits themselves say: replacements, and the ends of shallow clones. Grafts are refused.

use gix::ObjectId;
use gix::hashtable::{HashMap, HashSet};

use crate::repository::{RepositoryError, reading, refuse_grafts};

/// How often one replacement may lead to the next; git's own limit.
const REPLACEMENTS_IN_A_ROW: usize = 5;

/// Read anew for each question.
pub(super) struct Rules {
    replaced: HashMap<ObjectId, ObjectId>,
    cuts: HashSet<ObjectId>,
}

impl Rules {
    pub(super) fn read(repository: &gix::Repository) -> Result<Self, RepositoryError> {
        // They may have come since the repository was opened.
        refuse_grafts(repository.workdir().unwrap_or(repository.git_dir()), repository.common_dir())?;
        let cuts = repository.shallow_commits().map_err(reading("read", "the shallow file"))?;
        let store = repository.objects.store_ref();
        let replaced = if repository.objects.ignore_replacements {
            HashMap::default()
        } else {
            store.replacements().collect()
        };
        Ok(Self { replaced, cuts: cuts.iter().flat_map(|cuts| cuts.iter().copied()).collect() })
    }

    /// Whether the commits alone say who descends from whom and what they hold.
    pub(super) fn are_none(&self) -> bool {
        self.replaced.is_empty() && self.cuts.is_empty()
    }

    /// Whether what is computed from an object follows from its id.
    pub(super) fn ids_tell_all(&self) -> bool {
        self.replaced.is_empty()
    }

    pub(super) fn is_shallow(&self) -> bool {
        !self.cuts.is_empty()
    }

    /// Whether a shallow clone leaves out the parents of this commit.
    pub(super) fn is_cut(&self, id: &ObjectId) -> bool {
        self.cuts.contains(id)
    }

    /// The object to read in place of `id`; `None` if replacements lead in a circle or too far.
    pub(super) fn place(&self, id: ObjectId) -> Option<ObjectId> {
        let mut place = id;
        for _ in 0..=REPLACEMENTS_IN_A_ROW {
            match self.replaced.get(&place) {
                Some(next) => place = *next,
                None => return Some(place),
            }
        }
        None
    }
}
