use std::ops::Range;

use super::scan::{Heading, Kind, definition, end_of_content, headings, is_release, lines, name};

/// The releases of a changelog and the definitions of its links, by their places in the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline {
    /// The sections, in the order of the text.
    pub parts: Vec<Part>,
    /// The definitions of links, in the order of the text.
    pub definitions: Vec<Definition>,
    /// How the lines of the text end: as the first of them.
    pub line_end: &'static str,
}

/// A section: a release, a day, or what is unreleased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What its heading names: `1.2.0`, `2026-11-20`, `Unreleased`.
    pub name: String,
    /// What kind of heading it has.
    pub kind: PartKind,
    /// The line of its heading, from 1.
    pub line: usize,
    /// From its heading to the end of its last line with content; link definitions at its end do not count.
    pub span: Range<usize>,
    /// From the line after its heading on, to the same end.
    pub body: Range<usize>,
}

/// What a section is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartKind {
    /// A version.
    Version,
    /// A day.
    Day,
    /// What has not been released.
    Unreleased,
}

/// The definition of a link: `[1.2.0]: https://…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// What stands in the brackets.
    pub label: String,
    /// The whole line with its end.
    pub span: Range<usize>,
}

/// Finds the sections of a changelog; headings within code and comments are none.
///
/// A section goes on to the next section, or to a heading of the same or a higher level that is no part of it.
///
/// ```
/// use tminus_manifests::changelog::{PartKind, outline};
///
/// let text = "# News\n\n## [Unreleased]\n\n## [2026-11-20]\n\n### demo [1.2.0]\n\n- New\n\n## Thanks\n";
/// let parts = outline(text).parts;
/// let day = &parts[1];
/// assert_eq!((day.name.as_str(), day.kind, day.line), ("2026-11-20", PartKind::Day, 5));
/// assert_eq!(&text[day.body.clone()], "\n### demo [1.2.0]\n\n- New\n");
/// assert_eq!(parts.len(), 2);
/// ```
pub fn outline(source: &str) -> Outline {
    let lines = lines(source);
    let headings = headings(&lines);
    let kinds: Vec<_> = headings.iter().map(|heading| kind_of(heading)).collect();
    // Headings of packages carry versions too; the sections are those of the highest level.
    let level =
        kinds.iter().zip(&headings).filter(|(kind, _)| kind.is_some()).map(|(_, found)| found.level).min();
    let dated = kinds.contains(&Some(PartKind::Day));
    let mut parts = Vec::new();
    for (index, (heading, kind)) in headings.iter().zip(&kinds).enumerate() {
        let Some(kind) = kind.filter(|_| Some(heading.level) == level || !dated) else { continue };
        let rest = headings.iter().zip(&kinds).skip(index + 1);
        let ends = |next: &Heading<'_>, kind: Option<PartKind>| {
            let deep = heading.level > 2 && kind.is_none();
            next.level < heading.level || (next.level == heading.level && !deep) || (kind.is_some() && !dated)
        };
        let end =
            rest.clone().find(|(next, kind)| ends(next, **kind)).map_or(lines.len(), |(next, _)| next.line);
        let last = end_of_content(&lines, heading.after, end);
        let after = |count: usize| {
            count.checked_sub(1).and_then(|at| lines.get(at)).map_or(0, super::scan::Line::after)
        };
        let start = lines.get(heading.line).map_or(0, |line| line.start);
        parts.push(Part {
            name: name(heading.title).to_owned(),
            kind,
            line: heading.line + 1,
            span: start..after(last),
            body: after(heading.after)..after(last),
        });
    }
    let texts = lines.iter().filter(|line| line.kind == Kind::Text);
    let definitions = texts.filter_map(|line| {
        let (label, _) = definition(line.text)?;
        Some(Definition { label: label.to_owned(), span: line.start..line.after() })
    });
    let line_end = if lines.first().is_some_and(|line| line.end == "\r\n") { "\r\n" } else { "\n" };
    Outline { parts, definitions: definitions.collect(), line_end }
}

fn kind_of(heading: &Heading<'_>) -> Option<PartKind> {
    let name = name(heading.title);
    if name.eq_ignore_ascii_case("unreleased") {
        Some(PartKind::Unreleased)
    } else if super::keep::is_date(name) {
        Some(PartKind::Day)
    } else if is_release(heading.title) {
        Some(PartKind::Version)
    } else {
        None
    }
}
