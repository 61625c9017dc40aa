use super::scan::{Heading, Line, end_of_content, headings, is_release, lines, name, without_v};

/// The section of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The text of its heading: `[1.2.0] - 2026-11-20`.
    pub title: String,
    /// The line of its heading.
    pub line: usize,
    /// What follows, without blank lines around it and link definitions at its end.
    pub body: String,
}

/// Finds the section of a version, or of another title such as a date.
///
/// Titles such as `[1.2.0] - 2026-01-01`, `1.2.0 (2026-01-01)` and `v1.2.0` name the version, in a heading of any level
/// and either style. Versions compare as text, without a leading `v`.
///
/// The section goes on to the next heading of the same or a higher level, or of another version. A version on the third
/// level can have headings of that level in its section.
///
/// ```
/// use tminus_manifests::changelog::extract;
///
/// let text = "# News\n\n## v1.2.0 (2026-01-01)\n\n- New\n\n## 1.2.0-rc.1\n\n- Old\n";
/// let section = extract(text, "1.2.0").expect("there is one");
/// assert_eq!((section.line, section.body.as_str()), (3, "- New"));
/// assert_eq!(extract(text, "1.2"), None);
/// ```
pub fn extract(source: &str, version: &str) -> Option<Section> {
    let lines = lines(source);
    let headings = headings(&lines);
    let (index, heading) = find(&headings, version)?;
    let body = body(&lines, heading, headings.get(index + 1..).unwrap_or_default());
    let start = body.first().map_or(0, |first| first.start);
    let end = body.last().map_or(0, |last| last.start + last.text.len());
    Some(Section {
        title: heading.title.to_owned(),
        line: heading.line + 1,
        body: source.get(start..end).unwrap_or_default().to_owned(),
    })
}

/// The heading of a version and its place among all.
pub(super) fn find<'h, 'a>(headings: &'h [Heading<'a>], version: &str) -> Option<(usize, &'h Heading<'a>)> {
    let wanted = without_v(version.trim());
    let matches = |title: &str| !wanted.is_empty() && (name(title) == wanted || title == version);
    headings.iter().enumerate().find(|(_, heading)| matches(heading.title))
}

/// The lines of a section between its heading and the next one, without blank lines and definitions around.
pub(super) fn body<'l, 'a>(
    lines: &'l [Line<'a>],
    heading: &Heading<'a>,
    rest: &[Heading<'a>],
) -> &'l [Line<'a>] {
    // Some generators write the headings within a patch release at its own level, the third.
    let deep = heading.level > 2 && is_release(heading.title);
    let is_end = |next: &&Heading<'_>| {
        next.level < heading.level || (next.level == heading.level && !deep) || is_release(next.title)
    };
    let end = rest.iter().find(is_end).map_or(lines.len(), |next| next.line);
    let last = end_of_content(lines, heading.after, end);
    let whole = lines.get(heading.after..last).unwrap_or_default();
    let first = whole.iter().position(|line| !line.is_blank()).unwrap_or(0);
    whole.get(first..).unwrap_or_default()
}
