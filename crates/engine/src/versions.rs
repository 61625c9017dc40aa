//! The versions of a train: those that its tags state, and the one that its files state.

use std::path::Path;

use tminus_vcs::Repository;
use tminus_versioning::{ReleaseVersion, Scheme, TagIndex, TagPattern, TagVariables};

use crate::config::Config;
use crate::release::ReleaseError;

/// What is known about the versions of a train. Asks no network.
#[derive(Debug, Clone)]
pub struct Versions {
    /// How they are spelt.
    pub scheme: Scheme,
    /// What the tags of releases look like.
    pub pattern: TagPattern,
    /// The one package of the train, which a pattern may name.
    pub package: Option<String>,
    /// The names of all tags.
    pub tags: Vec<String>,
    /// The versions that tags of the pattern state, the oldest first.
    pub tagged: Vec<ReleaseVersion>,
    /// The one that the files of the checked-out commit state.
    pub written: Option<ReleaseVersion>,
}

impl Versions {
    /// The last final release.
    pub fn last_final(&self) -> Option<&ReleaseVersion> {
        self.tagged.iter().rev().find(|version| version.is_final())
    }

    /// The version from which the next release is counted: the last final one, else what the files state.
    pub fn base(&self) -> Option<&ReleaseVersion> {
        self.last_final().or(self.written.as_ref())
    }

    /// The version that is under way: the highest pre-release above the last final release, else that release.
    pub fn under_way(&self) -> Option<&ReleaseVersion> {
        let last = self.last_final();
        let above = |version: &&ReleaseVersion| last.is_none_or(|last| *version > last);
        let tagged = self.tagged.last().filter(above);
        tagged.max(self.written.as_ref().filter(above)).or(last)
    }
}

/// Reads the versions of a train from the repository in `root`.
///
/// A variable of the tag pattern that is not given is the one package of the train, where it has one.
///
/// # Errors
/// No repository, no such train, no commit, a variable of the tag pattern without a value.
pub fn versions(
    root: &Path,
    config: &Config,
    train: Option<&str>,
    variables: &TagVariables<'_>,
) -> Result<Versions, ReleaseError> {
    let (name, train) = config.train(train)?;
    let mut packages = config.packages_of(name).map(|package| package.name.as_str());
    let package = match (packages.next(), packages.next()) {
        (Some(package), None) => Some(package),
        _ => None,
    };
    let variables = TagVariables { package: variables.package.or(package), ..*variables };
    let repository = Repository::open(root)?;
    let tags: Vec<String> = repository.tags()?.into_iter().map(|tag| tag.name.to_string()).collect();
    let patterns = crate::tags::of_train(&train.tag.name, train.scheme, &variables)?;
    let tagged = TagIndex::new(&patterns, &tags).versions().cloned().collect();
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
        package: variables.package.map(str::to_owned),
        tags,
        tagged,
        written,
    })
}
