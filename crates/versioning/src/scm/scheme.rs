use super::Fragments;
use super::calver;
use super::error::{ScmError, ScmWarning};
use super::settings::{Settings, VersionScheme};
use super::tag::{match_text, raise};
use crate::Date;
use crate::pep440::Version;

/// What a version scheme sees: the tag without its local part, and the commit.
pub(super) struct Base<'v> {
    pub(super) text: String,
    pub(super) version: &'v Version,
    pub(super) distance: u64,
    pub(super) exact: bool,
    pub(super) branch: Option<&'v str>,
    /// The day of the commit, else today.
    pub(super) head_date: Date,
    pub(super) fragments: Fragments,
}

/// How many numbers of a release stay, the last of them raised.
const MINOR: usize = 2;
const PATCH: usize = 3;

pub(super) fn apply(
    base: &Base<'_>,
    settings: &Settings<'_>,
    warnings: &mut Vec<ScmWarning>,
) -> Result<String, ScmError> {
    if base.exact || settings.version_scheme == VersionScheme::OnlyVersion {
        return Ok(base.text.clone());
    }
    let next = match settings.version_scheme {
        VersionScheme::OnlyVersion => return Ok(base.text.clone()),
        VersionScheme::PostRelease => return Ok(format!("{}.post{}", base.text, base.distance)),
        VersionScheme::GuessNextDev => guess_next(&base.text)?,
        VersionScheme::NoGuessDev => next_post(&base.text)?,
        VersionScheme::Semver => {
            let feature = base.branch.is_some_and(|branch| branch.contains("feature"));
            next_semver(base.version, if feature { MINOR } else { PATCH })
        }
        VersionScheme::SemverReleaseBranch if is_on_release_branch(base, settings)? => {
            guess_next(&base.text)?
        }
        VersionScheme::SemverReleaseBranch => next_semver(base.version, MINOR),
        VersionScheme::CalverByDate => {
            if let Some(version) = calver::version_of_branch(base.branch, settings)? {
                return Ok(version);
            }
            calver::next(base, settings, warnings)?
        }
        VersionScheme::TowncrierFragments => next_by_fragments(base, base.fragments)?,
        VersionScheme::TowncrierFragmentsZerover => {
            let Fragments { major, breaking, .. } = base.fragments;
            let lowered = !major && breaking && major_number(&base.text)?.trim_start_matches('0').is_empty();
            let minor = base.fragments.minor || lowered;
            next_by_fragments(base, Fragments { breaking: breaking && !lowered, minor, ..base.fragments })?
        }
    };
    Ok(format!("{next}.dev{}", base.distance))
}

/// The version without `.dev0`, else with its last number raised.
fn guess_next(version: &str) -> Result<String, ScmError> {
    match without_dev(version)? {
        Some(stripped) => Ok(stripped.to_owned()),
        None => raise_last_number(version),
    }
}

/// The version without `.dev0`, else a post-release of it.
fn next_post(version: &str) -> Result<String, ScmError> {
    match without_dev(version)? {
        Some(stripped) => Ok(stripped.to_owned()),
        None if version.contains("post") => Err(ScmError::AlreadyPost { version: version.to_owned() }),
        None => Ok(format!("{version}.post1")),
    }
}

fn without_dev(version: &str) -> Result<Option<&str>, ScmError> {
    match version.rsplit_once(".dev") {
        None => Ok(None),
        Some((before, "0")) => Ok(Some(before).filter(|before| !before.is_empty())),
        Some(_) => Err(ScmError::CustomDevNumber { version: version.to_owned() }),
    }
}

fn raise_last_number(version: &str) -> Result<String, ScmError> {
    let line = version.strip_suffix('\n').unwrap_or(version);
    let before = line.trim_end_matches(|last: char| last.is_ascii_digit());
    match line.get(before.len()..) {
        Some(number) if !number.is_empty() && !line.contains('\n') => {
            Ok(format!("{before}{}", raise(number)))
        }
        _ => Err(ScmError::NoNumberToRaise { version: version.to_owned() }),
    }
}

/// Three numbers of which the `retain`-th is raised; a `.dev0` was raised when it was tagged.
fn next_semver(version: &Version, retain: usize) -> String {
    let mut numbers: Vec<String> = version.release().iter().map(u64::to_string).collect();
    if version.dev() != Some(0) {
        numbers.resize(retain, "0".to_owned());
        if let Some(last) = numbers.last_mut() {
            *last = raise(last);
        }
    }
    numbers.resize(numbers.len().max(PATCH), "0".to_owned());
    let epoch = if version.epoch() == 0 { String::new() } else { format!("{}!", version.epoch()) };
    format!("{epoch}{}", numbers.join("."))
}

/// Whether the last part of the branch name is a version with the same major and minor number as the tag.
fn is_on_release_branch(base: &Base<'_>, settings: &Settings<'_>) -> Result<bool, ScmError> {
    let Some(name) = base.branch.and_then(|branch| branch.rsplit('/').next()) else {
        return Ok(false);
    };
    let Some(found) = match_text(name, settings)? else {
        return Ok(false);
    };
    let of_branch = found.version.strip_prefix('v').unwrap_or(found.version);
    Ok(of_branch.split('.').take(MINOR).eq(base.text.split('.').take(MINOR)))
}

fn next_by_fragments(base: &Base<'_>, fragments: Fragments) -> Result<String, ScmError> {
    match fragments {
        Fragments { major: true, .. } | Fragments { breaking: true, .. } => {
            Ok(format!("{}.0.0", raise(&major_number(&base.text)?)))
        }
        Fragments { minor: true, .. } => Ok(next_semver(base.version, MINOR)),
        Fragments { patch: true, .. } => Ok(next_semver(base.version, PATCH)),
        Fragments { .. } => guess_next(&base.text),
    }
}

/// The digits before the first dot.
fn major_number(version: &str) -> Result<String, ScmError> {
    let first = version.split('.').next().unwrap_or_default();
    // What Python's `int` takes for white space; `str.isspace` also knows the four separators of ASCII.
    let number = first.trim_start_matches('v').trim_matches(char::is_whitespace);
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ScmError::NoMajorNumber { version: version.to_owned() });
    }
    Ok(number.to_owned())
}
