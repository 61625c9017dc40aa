//! The tags of releases, of the project as a whole and of single packages.

use std::collections::{BTreeMap, HashMap};

use globset::GlobBuilder;
use tminus_manifests::PackageId;
use tminus_vcs::{CommitId, Tag};
use tminus_versioning::{ReleaseVersion, Scheme, TagPattern, TagPatterns, TagVariables};

/// A tag that stands for a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseTag {
    /// Its name.
    pub name: String,
    /// The commit that it leads to.
    pub commit: CommitId,
    /// The version that it states; `None` where only its name fits a pattern.
    pub version: Option<ReleaseVersion>,
}

impl ReleaseTag {
    /// Whether it stands for a final release, or states no version that could say otherwise.
    pub fn is_final(&self) -> bool {
        self.version.as_ref().is_none_or(ReleaseVersion::is_final)
    }
}

/// What the tags of releases are called.
#[derive(Debug, Clone)]
pub enum TagNames {
    /// As a train says.
    Train {
        /// The pattern.
        pattern: TagPattern,
        /// How versions are spelt.
        scheme: Scheme,
    },
    /// Names that a pattern of git fits, such as `v[0-9]*`.
    Glob(String),
    /// What is usual: `v1.2.3`, `1.2.3`, and with the name of a package before it.
    Usual,
}

/// The tags of releases, the lowest version first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReleaseTags {
    /// Those of the project as a whole.
    pub project: Vec<ReleaseTag>,
    /// Those of single packages.
    pub packages: BTreeMap<PackageId, Vec<ReleaseTag>>,
}

/// A package as far as tags name it.
#[derive(Debug, Clone, Copy)]
pub struct TagOwner<'a> {
    /// Which it is.
    pub id: &'a PackageId,
    /// Its directory from the top of the repository; empty for the top itself.
    pub directory: &'a str,
}

/// What may stand between the name of a package and its version.
const SEPARATORS: [&str; 8] = ["@v", "@", "==", "-v", "/v", "_v", "/", "-"];

impl ReleaseTags {
    /// Sorts the tags of a repository out.
    ///
    /// # Errors
    ///
    /// A pattern that is none, with what is wrong with it.
    pub fn read(tags: &[Tag], names: &TagNames, owners: &[TagOwner<'_>]) -> Result<Self, String> {
        let mut found = Self::default();
        match names {
            TagNames::Train { pattern, scheme } if pattern.names_package() => {
                for owner in owners {
                    let variables =
                        TagVariables { package: Some(owner.id.name()), path: Some(owner.directory) };
                    let patterns = crate::tags::of_train(pattern, *scheme, &variables)
                        .map_err(|error| error.to_string())?;
                    let of_package = tags.iter().filter_map(|tag| stated(tag, &patterns)).collect();
                    found.packages.insert(owner.id.clone(), of_package);
                }
            }
            TagNames::Train { pattern, scheme } => {
                let patterns = crate::tags::of_train(pattern, *scheme, &TagVariables::default())
                    .map_err(|error| error.to_string())?;
                found.project = tags.iter().filter_map(|tag| stated(tag, &patterns)).collect();
            }
            TagNames::Glob(glob) => found.project = matching(tags, glob)?,
            TagNames::Usual => found.usual(tags, owners),
        }
        found.project.sort_by(order);
        for tags in found.packages.values_mut() {
            tags.sort_by(order);
        }
        found.packages.retain(|_, tags| !tags.is_empty());
        Ok(found)
    }

    fn usual(&mut self, tags: &[Tag], owners: &[TagOwner<'_>]) {
        let mut named: HashMap<&str, Option<&PackageId>> = HashMap::new();
        for owner in owners {
            for word in [owner.id.name(), owner.directory] {
                // A name that two packages have names neither.
                named
                    .entry(word)
                    .and_modify(|id| *id = id.filter(|id| *id == owner.id))
                    .or_insert(Some(owner.id));
            }
        }
        named.remove("");
        for tag in tags {
            let name = tag.name.as_str();
            let plain = name.strip_prefix('v').unwrap_or(name);
            if let Some(version) = version(plain) {
                self.project.push(release(tag, Some(version)));
            } else if let Some((id, version)) = of_package(name, &named) {
                self.packages.entry(id.clone()).or_default().push(release(tag, Some(version)));
            }
        }
    }
}

fn order(one: &ReleaseTag, other: &ReleaseTag) -> std::cmp::Ordering {
    (&one.version, &one.name).cmp(&(&other.version, &other.name))
}

fn release(tag: &Tag, version: Option<ReleaseVersion>) -> ReleaseTag {
    ReleaseTag { name: tag.name.to_string(), commit: tag.commit.clone(), version }
}

fn stated(tag: &Tag, patterns: &TagPatterns) -> Option<ReleaseTag> {
    crate::tags::version(patterns, tag.name.as_str()).map(|version| release(tag, Some(version)))
}

fn matching(tags: &[Tag], glob: &str) -> Result<Vec<ReleaseTag>, String> {
    let matcher = GlobBuilder::new(glob).build().map_err(|error| error.to_string())?.compile_matcher();
    let fits = tags.iter().filter(|tag| matcher.is_match(tag.name.as_str()));
    let release = |tag: &Tag| {
        let name = tag.name.as_str();
        let digit = name.find(|c: char| c.is_ascii_digit());
        release(tag, digit.and_then(|digit| version(name.get(digit..)?)))
    };
    Ok(fits.map(release).collect())
}

/// A version of any ecosystem, where development does not start with it.
fn version(text: &str) -> Option<ReleaseVersion> {
    if !text.starts_with(|c: char| c.is_ascii_digit()) || text.ends_with("-dev") {
        return None;
    }
    let parse = |scheme| ReleaseVersion::parse_public(scheme, text).ok();
    parse(Scheme::Semver).or_else(|| parse(Scheme::Pep440))
}

fn of_package<'a>(
    tag: &str,
    named: &HashMap<&str, Option<&'a PackageId>>,
) -> Option<(&'a PackageId, ReleaseVersion)> {
    for separator in SEPARATORS {
        for (place, _) in tag.match_indices(separator) {
            let (name, rest) = (tag.get(..place)?, tag.get(place + separator.len()..)?);
            let Some(Some(id)) = named.get(name) else { continue };
            if let Some(version) = version(rest) {
                return Some((id, version));
            }
        }
    }
    None
}
