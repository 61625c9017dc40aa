//! Sections of patch releases, carried from the branch where they were written to the changelog of main.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ops::Range;

use tminus_manifests::MAX_FILE_BYTES;
use tminus_manifests::changelog::{Definition, Outcome, Outline, Part, PartKind, outline};
use tminus_versioning::{ReleaseVersion, Scheme};

/// A section was not carried.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CarryError {
    /// The branch has no such section.
    #[error("the changelog of the branch has no section {name:?}: write it there first, or name one of {}", known.join(", "))]
    NoSection {
        /// What was looked for.
        name: String,
        /// The newest sections that are there.
        known: Vec<String>,
    },
    /// A changelog is too large.
    #[error("a changelog is longer than {MAX_FILE_BYTES} bytes: move old releases to another file")]
    TooLarge,
    /// The section could not be found again.
    #[error(
        "with the section {name:?} the changelog of main would be read differently: close its code blocks and comments"
    )]
    Swallows {
        /// The section.
        name: String,
    },
}

/// What else carrying does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CarryOptions {
    /// Entries below `Unreleased` that the carried section has too, byte for byte, are taken out there.
    pub clear_unreleased: bool,
}

/// `main` with the section `name` of `branch`, a version or a day, at its place: before the first older section, below
/// what is unreleased and any placeholder.
///
/// - A section that is there is left as it is, whatever people made of it. Days are told apart by the headings of the
///   packages below them, as two releases can share one.
/// - The definition of the link in the heading comes along, where main has such definitions and lacks this one.
/// - Nothing else of `main` changes; the section gets its line ends.
///
/// ```
/// use tminus_engine::changelog::carry::{CarryOptions, carry_back};
/// use tminus_manifests::changelog::Outcome;
///
/// let main = "# News\n\n## [Unreleased]\n\n- Soon\n\n## [2.0.0] - 2026-02-02\n\n- Two\n\n## [1.0.0] - 2026-01-01\n";
/// let branch = "# News\n\n## [1.0.1] - 2026-03-03\n\n- Mended\n\n## [1.0.0] - 2026-01-01\n";
/// let Outcome::Changed(new) = carry_back(main, branch, "1.0.1", CarryOptions::default())? else { panic!() };
/// assert_eq!(new, main.replace("## [1.0.0]", "## [1.0.1] - 2026-03-03\n\n- Mended\n\n## [1.0.0]"));
/// assert_eq!(carry_back(&new, branch, "1.0.1", CarryOptions::default())?, Outcome::AlreadyThere);
/// # Ok::<(), tminus_engine::changelog::carry::CarryError>(())
/// ```
///
/// # Errors
///
/// - the branch has no section of that name
/// - the section does not close a code block or a comment
/// - a changelog beyond [`MAX_FILE_BYTES`]
pub fn carry_back(
    main: &str,
    branch: &str,
    name: &str,
    options: CarryOptions,
) -> Result<Outcome, CarryError> {
    if main.len().max(branch.len()) > MAX_FILE_BYTES {
        return Err(CarryError::TooLarge);
    }
    let theirs = outline(branch);
    let part = section(&theirs, name)?;
    let text = branch.get(part.span.clone()).unwrap_or_default().replace("\r\n", "\n");
    let text = text.trim_end();
    let mut new = main.to_owned();
    if !is_there(main, part, text) {
        new = inserted(&new, text, &part.name, part.kind);
        let found = outline(&new);
        let same = |other: &&Part| other.kind == part.kind && other.name == part.name;
        let kept = outline(main).parts.len() + 1 == found.parts.len();
        if !kept || !found.parts.iter().filter(same).any(|other| is_same(&new, other, text)) {
            return Err(CarryError::Swallows { name: part.name.clone() });
        }
        new = with_definition(&new, branch, &theirs, part);
    }
    if options.clear_unreleased {
        new = cleared(&new, text);
    }
    Ok(if new == main { Outcome::AlreadyThere } else { Outcome::Changed(new) })
}

fn section<'o>(outline: &'o Outline, name: &str) -> Result<&'o Part, CarryError> {
    let wanted = name.trim().trim_start_matches(['v', 'V']);
    let released = || outline.parts.iter().filter(|part| part.kind != PartKind::Unreleased);
    released().find(|part| part.name == wanted).ok_or_else(|| CarryError::NoSection {
        name: name.to_owned(),
        known: released().take(5).map(|part| part.name.clone()).collect(),
    })
}

/// Whether main has the section, perhaps edited.
fn is_there(main: &str, part: &Part, text: &str) -> bool {
    let same = |other: &&Part| other.kind == part.kind && other.name == part.name;
    outline(main)
        .parts
        .iter()
        .filter(same)
        .any(|other| part.kind == PartKind::Version || is_same(main, other, text))
}

/// Whether two sections of one day tell of one release: they share the heading of a package, or an entry where there are
/// none.
fn is_same(main: &str, other: &Part, text: &str) -> bool {
    let theirs = main.get(other.span.clone()).unwrap_or_default();
    let marks = |text: &str| {
        let lines =
            || text.lines().skip(1).map(|line| line.trim_end().to_owned()).filter(|line| !line.is_empty());
        let headings: BTreeSet<String> = lines().filter(|line| line.starts_with("###")).collect();
        if headings.is_empty() { lines().collect() } else { headings }
    };
    let (one, two): (BTreeSet<String>, BTreeSet<String>) = (marks(theirs), marks(text));
    one == two || one.intersection(&two).next().is_some()
}

/// `text` with a section at its place among the others.
pub(crate) fn inserted(text: &str, section: &str, name: &str, kind: PartKind) -> String {
    let found = outline(text);
    let released: Vec<&Part> = found.parts.iter().filter(|part| part.kind == kind).collect();
    let older = |part: &Part| compared(&part.name, name, kind) == Some(Ordering::Less);
    let first = released.first().zip(released.last());
    // A file that begins with its oldest release goes on at its end.
    let ascending = released.len() > 1
        && first.is_some_and(|(one, last)| compared(&one.name, &last.name, kind) == Some(Ordering::Less));
    let before = if ascending {
        released.iter().find(|part| compared(&part.name, name, kind) == Some(Ordering::Greater))
    } else {
        released.iter().find(|part| older(part))
    };
    if let Some(part) = before {
        return put_before(text, part.span.start, section, found.line_end);
    }
    // Older than all of its kind: behind the last of them. The first of its kind: before sections of another kind.
    if let Some(last) = released.last() {
        return spliced(text, last.span.end, section, found.line_end);
    }
    let other = found.parts.iter().find(|part| part.kind != PartKind::Unreleased);
    match (other, found.parts.last(), found.definitions.first()) {
        (Some(part), _, _) => put_before(text, part.span.start, section, found.line_end),
        (None, Some(last), _) => spliced(text, last.span.end, section, found.line_end),
        (None, None, Some(first)) => put_before(text, first.span.start, section, found.line_end),
        (None, None, None) => spliced(text, text.trim_end().len(), section, found.line_end),
    }
}

fn compared(one: &str, other: &str, kind: PartKind) -> Option<Ordering> {
    if kind == PartKind::Day {
        return Some(one.cmp(other));
    }
    let read = |text: &str| {
        let schemes = [Scheme::Pep440, Scheme::Semver];
        schemes.into_iter().find_map(|scheme| ReleaseVersion::parse(scheme, text).ok())
    };
    Some(read(one)?.cmp(&read(other)?))
}

fn put_before(text: &str, at: usize, section: &str, line_end: &str) -> String {
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let gap = if before.is_empty() || ends_blank(before) { "" } else { line_end };
    let section = section.replace('\n', line_end);
    format!("{before}{gap}{section}{line_end}{line_end}{after}")
}

/// `text` with a section behind a place, with a blank line before it and after it.
pub(crate) fn spliced(text: &str, at: usize, section: &str, line_end: &str) -> String {
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let open = !before.is_empty() && !before.ends_with('\n');
    let ends = if open { line_end } else { "" };
    let gap = if before.is_empty() { "" } else { line_end };
    let section = section.replace('\n', line_end);
    // A text without a line end at its end keeps that.
    let last = if open && after.is_empty() { "" } else { line_end };
    let rest = if open { after.strip_prefix(line_end).unwrap_or(after) } else { after };
    let between = if rest.is_empty() || rest.starts_with(['\r', '\n']) { "" } else { line_end };
    format!("{before}{ends}{gap}{section}{last}{between}{rest}")
}

fn ends_blank(text: &str) -> bool {
    let mut lines = text.rsplit('\n');
    lines.next() == Some("") && lines.next().is_some_and(|line| line.trim().is_empty())
}

/// The definition of the section's link, before that of the next older section.
fn with_definition(text: &str, branch: &str, theirs: &Outline, part: &Part) -> String {
    let found = outline(text);
    let named = |definition: &&Definition| label(definition) == part.name;
    let Some(wanted) = theirs.definitions.iter().find(named) else { return text.to_owned() };
    let versions: Vec<&Definition> = found
        .definitions
        .iter()
        .filter(|definition| compared(label(definition), label(definition), PartKind::Version).is_some())
        .collect();
    if found.definitions.iter().any(|definition| named(&definition)) || versions.is_empty() {
        return text.to_owned();
    }
    let line = branch.get(wanted.span.clone()).unwrap_or_default().trim_end();
    let older = |definition: &&&Definition| {
        compared(label(definition), &part.name, PartKind::Version) == Some(Ordering::Less)
    };
    let (at, after_last) = match (versions.iter().find(older), versions.last()) {
        (Some(older), _) => (older.span.start, false),
        (None, Some(last)) => (last.span.end, true),
        (None, None) => return text.to_owned(),
    };
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let end = found.line_end;
    if after_last && !before.ends_with('\n') {
        return format!("{before}{end}{line}{after}");
    }
    format!("{before}{line}{end}{after}")
}

fn label(definition: &Definition) -> &str {
    let label = definition.label.as_str();
    label.strip_prefix(['v', 'V']).unwrap_or(label)
}

/// `main` without the entries below `Unreleased` that the section has too, and without headings that are empty then.
fn cleared(main: &str, section: &str) -> String {
    let found = outline(main);
    let Some(part) = found.parts.iter().find(|part| part.kind == PartKind::Unreleased) else {
        return main.to_owned();
    };
    let carried: BTreeSet<String> =
        entries(section, 0..section.len()).into_iter().filter_map(|span| entry(section, span)).collect();
    let mut gone: Vec<Range<usize>> = entries(main, part.body.clone())
        .into_iter()
        .filter(|span| entry(main, span.clone()).is_some_and(|text| carried.contains(&text)))
        .collect();
    if gone.is_empty() {
        return main.to_owned();
    }
    gone.extend(emptied(main, part, &gone));
    gone.sort_by_key(|span| span.start);
    let mut text = String::with_capacity(main.len());
    let mut at = 0;
    for span in gone {
        text.push_str(main.get(at..span.start.max(at)).unwrap_or_default());
        at = span.end.max(at);
    }
    text.push_str(main.get(at..).unwrap_or_default());
    text
}

/// The headings below `Unreleased` that have nothing left, with the blank lines after them.
fn emptied(main: &str, part: &Part, gone: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut empty = Vec::new();
    let mut open: Option<(Range<usize>, bool)> = None;
    for line in spans(main, part.body.clone()) {
        let text = main.get(line.clone()).unwrap_or_default();
        let removed = gone.iter().any(|span| span.start <= line.start && line.end <= span.end);
        if text.starts_with('#') {
            empty.extend(open.take().filter(|(_, had)| *had).map(|(span, _)| span));
            open = Some((line, false));
        } else if removed {
            open = open.map(|(span, _)| (span.start..line.end, true));
        } else if text.trim().is_empty() {
            open = open.map(|(span, had)| (span.start..line.end, had));
        } else {
            open = None;
        }
    }
    empty.extend(open.filter(|(_, had)| *had).map(|(span, _)| span));
    empty
}

/// The list items at the start of a line, each with the lines that continue it.
fn entries(text: &str, within: Range<usize>) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let (mut open, mut gap) = (false, false);
    for line in spans(text, within) {
        let content = text.get(line.clone()).unwrap_or_default();
        let starts = ["- ", "* ", "+ "].iter().any(|mark| content.starts_with(mark));
        let continues = !content.starts_with('#') && (!gap || content.starts_with([' ', '\t']));
        if content.trim().is_empty() {
            gap = true;
            continue;
        }
        open = starts || (open && continues);
        if starts {
            found.push(line);
        } else if let Some(last) = found.last_mut().filter(|_| open) {
            last.end = line.end;
        }
        gap = false;
    }
    found
}

fn entry(text: &str, span: Range<usize>) -> Option<String> {
    let text = text.get(span)?.replace("\r\n", "\n");
    Some(text.trim_end().to_owned())
}

fn spans(text: &str, within: Range<usize>) -> Vec<Range<usize>> {
    let mut at = within.start;
    let lines = text.get(within).unwrap_or_default().split_inclusive('\n');
    lines
        .map(|line| {
            let start = at;
            at += line.len();
            start..at
        })
        .collect()
}
