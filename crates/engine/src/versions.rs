//! The versions of a train: those that its tags state, and the one that its files state.

use std::path::Path;

use tminus_vcs::{Repository, TagName};
use tminus_versioning::{ReleaseVersion, Scheme, TagPattern};

use crate::config::Config;
use crate::release::ReleaseError;

/// What is known about the versions of a train. Asks no network.
#[derive(Debug, Clone)]
pub struct Versions {
    /// How they are spelt.
    pub scheme: Scheme,
    /// What the tags of releases look like.
    pub pattern: TagPattern,
    /// The tagged ones, the oldest first.
    pub tagged: Vec<(ReleaseVersion, TagName)>,
    /// The one that the files of the checked-out commit state.
    pub written: Option<ReleaseVersion>,
}

impl Versions {
    /// The last final release.
    pub fn last_final(&self) -> Option<&ReleaseVersion> {
        self.tagged.iter().rev().map(|(version, _)| version).find(|version| version.is_final())
    }

    /// The version from which the next release is counted: the last final one, else what the files state.
    pub fn base(&self) -> Option<&ReleaseVersion> {
        self.last_final().or(self.written.as_ref())
    }

    /// The version that is under way: the highest pre-release above the last final release, else [`base`](Self::base).
    pub fn under_way(&self) -> Option<&ReleaseVersion> {
        let last = self.last_final();
        let above = |version: &&ReleaseVersion| last.is_none_or(|last| *version > last);
        let tagged = self.tagged.last().map(|(version, _)| version).filter(above);
        tagged.max(self.written.as_ref().filter(above)).or(last)
    }
}

/// Reads the versions of a train from the repository in `root`.
///
/// # Errors
/// No repository, no such train, no commit.
pub fn versions(root: &Path, config: &Config, train: Option<&str>) -> Result<Versions, ReleaseError> {
    let (name, train) = config.train(train)?;
    let repository = Repository::open(root)?;
    let tags = repository.tags()?;
    let tagged = crate::plan::tagged(train.scheme, &train.tag.name, tags.iter().map(|tag| &tag.name));
    let written = match repository.head()?.commit {
        Some(commit) => crate::observe::sites(&repository, &commit, config, name)?
            .iter()
            .filter_map(|site| site.stated.as_ref().ok())
            .find_map(|(_, text)| ReleaseVersion::parse_public(train.scheme, text).ok()),
        None => None,
    };
    Ok(Versions {
        scheme: train.scheme,
        pattern: train.tag.name.clone(),
        tagged: tagged.into_iter().collect(),
        written,
    })
}
