use std::collections::BTreeMap;

use tminus_vcs::{CommitId, TagName};
use tminus_versioning::{Bump, ReleaseVersion, Scheme, TagPattern, TagVariables};

use super::Finding;
use crate::Exit;
use crate::config::{ReleaseKind, Train};

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// The next version of a kind.
    Kind(ReleaseKind),
    /// This version.
    Version(String),
}

impl Request {
    /// The kind whose rules apply.
    pub fn kind(&self) -> Option<ReleaseKind> {
        match self {
            Self::Kind(kind) => Some(*kind),
            Self::Version(_) => None,
        }
    }
}

impl std::fmt::Display for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Kind(kind) => kind.fmt(f),
            Self::Version(version) => f.write_str(version),
        }
    }
}

/// The version that a request leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The version.
    pub version: ReleaseVersion,
    /// As the train spells it.
    pub text: String,
    /// Which kind of release it is, for the rules.
    pub kind: ReleaseKind,
    /// Its tag.
    pub tag: TagName,
    /// The final release before it, with its tag.
    pub previous: Option<(ReleaseVersion, TagName)>,
}

/// The versions that the tags of a train state; a tag that does not fit the pattern, or states no version, is not
/// the train's.
pub(super) fn tagged<'a>(
    scheme: Scheme,
    pattern: &TagPattern,
    tags: impl Iterator<Item = &'a TagName>,
) -> BTreeMap<ReleaseVersion, TagName> {
    let Ok(patterns) = crate::tags::of_train(pattern, scheme, &TagVariables::default()) else {
        return BTreeMap::new();
    };
    tags.filter_map(|tag| Some((crate::tags::version(&patterns, tag.as_str())?, tag.clone()))).collect()
}

/// The tag of the last final release.
pub(crate) fn last_release(train: &Train, tags: &BTreeMap<TagName, CommitId>) -> Option<TagName> {
    let tagged = tagged(train.scheme, &train.tag.name, tags.keys());
    tagged.into_iter().rev().find(|(version, _)| version.is_final()).map(|(_, tag)| tag)
}

/// The version that `request` leads to, from the versions that are tagged and the one that the files state.
///
/// The next version counts from the last final release; without one, from what the files state. It never falls
/// behind the files: a project that stands at `0.4.0-dev` does not release `0.3.0` from there.
///
/// # Errors
/// A version that cannot be read, that is not above the last release, or that the files have passed.
pub fn target(
    train: &Train,
    request: &Request,
    tags: &BTreeMap<TagName, CommitId>,
    written: Option<&ReleaseVersion>,
) -> Result<Target, Finding> {
    let tagged = tagged(train.scheme, &train.tag.name, tags.keys());
    let (version, kind) = match request {
        Request::Version(text) => {
            let version = ReleaseVersion::parse_public(train.scheme, text).map_err(|error| {
                Finding::new(Exit::Usage, format!("`{text}` is no version: {error}"), "write it as 1.2.3")
            })?;
            let kind = kind_of(&version);
            (version, kind)
        }
        Request::Kind(kind) => (next(*kind, &tagged, written)?, *kind),
    };
    let previous = tagged.iter().rev().find(|(tagged, _)| tagged.is_final() && **tagged < version);
    let previous = previous.map(|(version, tag)| (version.clone(), tag.clone()));
    let text = version.render(train.scheme).map_err(|error| {
        Finding::new(
            Exit::Usage,
            format!("{version} cannot be written in this train's scheme: {error}"),
            "choose another version",
        )
    })?;
    if let Some(written) = written.filter(|written| **written > version) {
        return Err(Finding::new(
            Exit::NoGo,
            format!("{text} would lower the version: the files state {written}"),
            format!(
                "name the version, `tminus release {}`, or release {text} from a branch of its own line",
                above(written)
            ),
        ));
    }
    let bad_tag = |error: &dyn std::fmt::Display| {
        Finding::new(Exit::Usage, format!("{text} gives no tag name: {error}"), "mend `tag` in tminus.toml")
    };
    let tag = train.tag.name.format(&text, &TagVariables::default()).map_err(|error| bad_tag(&error))?;
    let tag: TagName = tag.as_str().parse().map_err(|error| bad_tag(&error))?;
    Ok(Target { version, text, kind, tag, previous })
}

fn next(
    kind: ReleaseKind,
    tagged: &BTreeMap<ReleaseVersion, TagName>,
    written: Option<&ReleaseVersion>,
) -> Result<ReleaseVersion, Finding> {
    let bump = match kind {
        ReleaseKind::Major => Bump::Major,
        ReleaseKind::Minor => Bump::Minor,
        ReleaseKind::Patch => Bump::Patch,
    };
    let last = tagged.keys().rev().find(|version| version.is_final());
    let Some(from) = last.or(written) else {
        return Err(Finding::new(
            Exit::NoGo,
            "there is no earlier release and no file states a version",
            "name the version: `tminus release 0.1.0`",
        ));
    };
    from.next(bump).map_err(|error| {
        Finding::new(Exit::NoGo, error.to_string(), "name the version: `tminus release VERSION`")
    })
}

fn kind_of(version: &ReleaseVersion) -> ReleaseKind {
    match (version.minor(), version.patch()) {
        (0, 0) => ReleaseKind::Major,
        (_, 0) => ReleaseKind::Minor,
        _ => ReleaseKind::Patch,
    }
}

fn above(written: &ReleaseVersion) -> String {
    written.next(Bump::Final).map_or_else(|_| written.to_string(), |version| version.to_string())
}
