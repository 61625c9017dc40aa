//! Changelogs as Keep a Changelog 1.1.0 has them.

use super::extract::find;
use super::insert::{check_size, content, end_of, spliced};
use super::scan::{Heading, Kind, Line, definition, end_of_content, headings, is_release, lines, name};
use super::{ChangelogError, Outcome};

/// A kind of change, in the order of the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// New features.
    Added,
    /// Changes in what was there.
    Changed,
    /// What will be removed.
    Deprecated,
    /// What was removed.
    Removed,
    /// Corrected errors.
    Fixed,
    /// Vulnerabilities.
    Security,
}

impl ChangeKind {
    /// All kinds, in the order of the standard.
    pub const ALL: [Self; 6] =
        [Self::Added, Self::Changed, Self::Deprecated, Self::Removed, Self::Fixed, Self::Security];

    /// The title of its heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Added => "Added",
            Self::Changed => "Changed",
            Self::Deprecated => "Deprecated",
            Self::Removed => "Removed",
            Self::Fixed => "Fixed",
            Self::Security => "Security",
        }
    }

    fn of(title: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.title().eq_ignore_ascii_case(title))
    }
}

/// What is unreleased becomes this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Release<'a> {
    /// The version for the title, without a `v`.
    pub version: &'a str,
    /// The day, as `2026-11-20`.
    pub date: &'a str,
    /// The tag, for the addresses of comparisons.
    pub tag: &'a str,
}

/// The section of what is unreleased.
struct Unreleased<'l, 'a> {
    heading: Heading<'a>,
    /// The headings below it.
    inner: &'l [Heading<'a>],
    /// The index of the line after it.
    end: usize,
}

fn unreleased<'l, 'a>(
    lines: &[Line<'a>],
    headings: &'l [Heading<'a>],
) -> Result<Unreleased<'l, 'a>, ChangelogError> {
    let is_it = |heading: &Heading<'_>| name(heading.title).eq_ignore_ascii_case("unreleased");
    let index = headings.iter().position(is_it).ok_or(ChangelogError::NoUnreleased)?;
    let (heading, rest) =
        headings.get(index..).and_then(<[_]>::split_first).ok_or(ChangelogError::NoUnreleased)?;
    if let Some(second) = rest.iter().find(|other| is_it(other)) {
        return Err(ChangelogError::UnreleasedTwice { first: heading.line + 1, second: second.line + 1 });
    }
    let is_end = |next: &Heading<'_>| next.level <= heading.level || is_release(next.title);
    let count = rest.iter().position(is_end).unwrap_or(rest.len());
    let end = rest.get(count).map_or(lines.len(), |next| next.line);
    Ok(Unreleased { heading: *heading, inner: rest.get(..count).unwrap_or_default(), end })
}

/// Puts changes into the section of what is unreleased, each below the heading of its kind.
///
/// A heading that is missing is added in the order of the standard. Changes that stand below their heading already are
/// not put in again.
///
/// ```
/// use tminus_manifests::changelog::{ChangeKind, Outcome, insert_under_unreleased};
///
/// let old = "## [Unreleased]\n\n### Fixed\n\n- A crash\n\n## [1.0.0] - 2026-01-01\n";
/// let changes = [(ChangeKind::Fixed, "- A hang"), (ChangeKind::Added, "- A door")];
/// let new = "## [Unreleased]\n\n### Added\n\n- A door\n\n### Fixed\n\n- A crash\n- A hang\n\n## [1.0.0] - 2026-01-01\n";
/// assert_eq!(insert_under_unreleased(old, &changes)?, Outcome::Changed(new.to_owned()));
/// assert_eq!(insert_under_unreleased(new, &changes)?, Outcome::AlreadyThere);
/// # Ok::<(), tminus_manifests::changelog::ChangelogError>(())
/// ```
///
/// # Errors
///
/// - no heading `Unreleased`, or two of them
/// - a section that ends within a code fence or a comment
/// - a change that is empty, or does not close a code fence or a comment
/// - a document beyond [`MAX_FILE_BYTES`](crate::MAX_FILE_BYTES)
pub fn insert_under_unreleased(
    source: &str,
    entries: &[(ChangeKind, &str)],
) -> Result<Outcome, ChangelogError> {
    check_size(source)?;
    let lines = lines(source);
    let headings = headings(&lines);
    let section = unreleased(&lines, &headings)?;
    let mut texts: Vec<(usize, String)> = Vec::new();
    for kind in ChangeKind::ALL {
        let mut wanted: Vec<Vec<&str>> = Vec::new();
        for (_, text) in entries.iter().filter(|(other, _)| *other == kind) {
            let text = content(text).ok_or(ChangelogError::EmptyEntry)?;
            if !wanted.contains(&text) && !is_there(&lines, &section, kind, &text) {
                wanted.push(text);
            }
        }
        if !wanted.is_empty() {
            let (place, text) = placed(source, &lines, &section, kind, &wanted.concat());
            // Kinds without a heading can come to the same place: they stay in order.
            match texts.iter_mut().find(|(other, _)| *other == place) {
                Some((_, before)) => before.push_str(&text),
                None => texts.push((place, text)),
            }
        }
    }
    if texts.is_empty() {
        return Ok(Outcome::AlreadyThere);
    }
    texts.sort_by_key(|(place, _)| *place);
    spliced(source, &lines, &texts)
}

/// The lines below the heading of a kind, from the heading on.
fn parts(section: &Unreleased<'_, '_>, kind: ChangeKind) -> impl Iterator<Item = (usize, usize)> {
    let inner = section.inner.iter().enumerate();
    inner.filter(move |(_, heading)| ChangeKind::of(heading.title) == Some(kind)).map(|(index, heading)| {
        let rest = section.inner.get(index + 1..).unwrap_or_default();
        let end = rest.iter().find(|next| next.level <= heading.level).map_or(section.end, |next| next.line);
        (heading.after, end)
    })
}

fn is_there(lines: &[Line<'_>], section: &Unreleased<'_, '_>, kind: ChangeKind, text: &[&str]) -> bool {
    parts(section, kind).any(|(start, end)| {
        let part = lines.get(start..end).unwrap_or_default();
        part.windows(text.len()).any(|window| window.iter().zip(text).all(|(line, text)| line.text == *text))
    })
}

/// Where changes of a kind go, and the text that goes there.
fn placed(
    source: &str,
    lines: &[Line<'_>],
    section: &Unreleased<'_, '_>,
    kind: ChangeKind,
    wanted: &[&str],
) -> (usize, String) {
    let (start, end, heading) = match parts(section, kind).next() {
        Some((start, end)) => (start, end, false),
        None => {
            let later = section.inner.iter().find(|heading| ChangeKind::of(heading.title) > Some(kind));
            (section.heading.after, later.map_or(section.end, |later| later.line), true)
        }
    };
    let after = end_of_content(lines, start, end);
    // There is a line before, that of the heading at least.
    let Some(last) = after.checked_sub(1).and_then(|last| lines.get(last)) else {
        return (source.len(), String::new());
    };
    let eol = end_of(last, lines);
    let follows_heading = after == start;
    let mut text = Vec::new();
    let hashes = "#".repeat(section.heading.level + 1);
    let title = format!("{hashes} {}", kind.title());
    if heading {
        text.extend(["", title.as_str(), ""]);
    } else if follows_heading {
        text.push("");
    }
    text.extend_from_slice(wanted);
    if lines.get(after).is_some_and(|next| !next.is_blank()) {
        text.push("");
    }
    // The last line of the document keeps that it has no end.
    let joined = text.join(eol);
    let text = if last.end.is_empty() { format!("{eol}{joined}") } else { format!("{joined}{eol}") };
    (last.after(), text)
}

/// Makes what is unreleased a release: its heading goes above it, and the section of what is unreleased is empty.
///
/// Where the definition of the link `[unreleased]` compares a tag with a branch, it compares the new tag with it
/// afterwards, and the release gets a definition that compares its tag with the one before.
///
/// ```
/// use tminus_manifests::changelog::{Outcome, Release, release};
///
/// let old = "\
/// ## [Unreleased]
///
/// - A door
///
/// [unreleased]: https://forge.example/x/compare/v1.1.0...HEAD
/// ";
/// let new = "\
/// ## [Unreleased]
///
/// ## [1.2.0] - 2026-11-20
///
/// - A door
///
/// [unreleased]: https://forge.example/x/compare/v1.2.0...HEAD
/// [1.2.0]: https://forge.example/x/compare/v1.1.0...v1.2.0
/// ";
/// let this = Release { version: "1.2.0", date: "2026-11-20", tag: "v1.2.0" };
/// assert_eq!(release(old, this)?, Outcome::Changed(new.to_owned()));
/// assert_eq!(release(new, this)?, Outcome::AlreadyThere);
/// # Ok::<(), tminus_manifests::changelog::ChangelogError>(())
/// ```
///
/// # Errors
///
/// - no heading `Unreleased`, or two of them
/// - a section for the version is there, and something is unreleased
/// - a version or a tag such as `` or `1 0`, a date such as `20.11.2026` or `2026-02-30`
/// - a document beyond [`MAX_FILE_BYTES`](crate::MAX_FILE_BYTES)
pub fn release(source: &str, release: Release<'_>) -> Result<Outcome, ChangelogError> {
    check_size(source)?;
    check(release)?;
    let lines = lines(source);
    let headings = headings(&lines);
    let section = unreleased(&lines, &headings)?;
    if let Some((_, known)) = find(&headings, release.version) {
        let start = section.heading.after;
        if end_of_content(&lines, start, section.end) == start {
            return Ok(Outcome::AlreadyThere);
        }
        return Err(ChangelogError::VersionExists {
            version: release.version.to_owned(),
            line: known.line + 1,
        });
    }
    let mut texts = vec![titled(source, &lines, &headings, &section, release)];
    let links = links(&lines, release);
    let removed = links.as_ref().map(|links| links.old.clone());
    texts.extend(links.map(|links| (links.old.end, links.new)));
    texts.sort_by_key(|(place, _)| *place);
    let Outcome::Changed(new) = spliced(source, &lines, &texts)? else { return Ok(Outcome::AlreadyThere) };
    // The new definition stands behind the old one, which goes.
    let Some(removed) = removed else { return Ok(Outcome::Changed(new)) };
    let moved =
        texts.iter().filter(|(place, _)| *place <= removed.start).map(|(_, text)| text.len()).sum::<usize>();
    let (before, after) = (new.get(..removed.start + moved), new.get(removed.end + moved..));
    Ok(Outcome::Changed([before.unwrap_or_default(), after.unwrap_or_default()].concat()))
}

fn check(release: Release<'_>) -> Result<(), ChangelogError> {
    for version in [release.version, release.tag] {
        let is_odd = |character: char| {
            character.is_whitespace() || character.is_control() || "[]()<>\\".contains(character)
        };
        if version.is_empty() || version.contains(is_odd) {
            return Err(ChangelogError::BadVersion { version: version.to_owned() });
        }
    }
    if is_date(release.date) {
        Ok(())
    } else {
        Err(ChangelogError::BadDate { date: release.date.to_owned() })
    }
}

pub(super) fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let number = |text: &str, length: usize| {
        let right = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
        right.then(|| text.parse::<u32>().ok()).flatten()
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2)) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// The heading of the release, in the style of the one above it.
fn titled(
    source: &str,
    lines: &[Line<'_>],
    headings: &[Heading<'_>],
    section: &Unreleased<'_, '_>,
    release: Release<'_>,
) -> (usize, String) {
    let heading = section.heading;
    let Some(last) = heading.after.checked_sub(1).and_then(|last| lines.get(last)) else {
        return (source.len(), String::new());
    };
    let eol = end_of(last, lines);
    // The version is spelled as in the release before.
    let before = headings.iter().find(|other| other.line >= section.end && is_release(other.title));
    let with_v = before.is_some_and(|before| before.title.trim_start_matches(['\\', '[']).starts_with('v'));
    let version =
        if with_v && !release.version.starts_with('v') { "v" } else { "" }.to_owned() + release.version;
    let version = if heading.title.starts_with('[') { format!("[{version}]") } else { version };
    let title = format!("{version} - {}", release.date);
    let mut text = vec![String::new()];
    match heading.underline {
        Some(mark) => text.extend([title.clone(), mark.to_string().repeat(title.chars().count())]),
        None => text.push(format!("{} {title}", "#".repeat(heading.level))),
    }
    if lines.get(heading.after).is_some_and(|next| !next.is_blank()) {
        text.push(String::new());
    }
    let joined = text.join(eol);
    let text = if last.end.is_empty() { format!("{eol}{joined}") } else { format!("{joined}{eol}") };
    (last.after(), text)
}

/// The definition of the link of what is unreleased, and what takes its place.
struct Links {
    old: std::ops::Range<usize>,
    new: String,
}

fn links(lines: &[Line<'_>], release: Release<'_>) -> Option<Links> {
    let definitions = || {
        let texts = lines.iter().filter(|line| line.kind == Kind::Text);
        texts.filter_map(|line| definition(line.text).map(|(label, address)| (line, label, address)))
    };
    let (line, _, address) = definitions().find(|(_, label, _)| label.eq_ignore_ascii_case("unreleased"))?;
    let (base, range) = line.text.get(address.clone())?.split_once("/compare/")?;
    let (from, to) = range.split_once("...")?;
    // What these characters mean in an address, they do not mean in a tag.
    let tag = release.tag.replace('%', "%25").replace('#', "%23").replace('?', "%3F");
    let (before, after) = (line.text.get(..address.start)?, line.text.get(address.end..)?);
    let eol = end_of(line, lines);
    let mut new = format!("{before}{base}/compare/{tag}...{to}{after}");
    let version = release.version;
    if from != tag && !definitions().any(|(_, label, _)| label == version) {
        new.push_str(&format!("{eol}[{version}]: {base}/compare/{from}...{tag}"));
    }
    new.push_str(line.end);
    Some(Links { old: line.start..line.after(), new })
}
