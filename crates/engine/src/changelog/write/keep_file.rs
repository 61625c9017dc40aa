//! A release put into a changelog that is there.

use tminus_manifests::changelog::{self as file, ChangeKind, ChangelogError, Outcome, PartKind, outline};

use super::keep::{Keep, Layout, Section};
use crate::changelog::Document;
use crate::changelog::carry;

impl Keep {
    /// `existing` with the changes of the document in it.
    ///
    /// - A document without a version goes below `Unreleased`.
    /// - With a version, what stands below `Unreleased` becomes that release, with the links that compare it, and the
    ///   changes join it. A file without `Unreleased` gets a section at its place by the order of versions.
    /// - Line ends and the mark of list items are those of the file. Nothing is put in twice.
    ///
    /// ```
    /// use tminus_engine::changelog::write::{Keep, examples};
    /// use tminus_manifests::changelog::Outcome;
    ///
    /// let old = "# Changelog\n\n## [Unreleased]\n\n### Fixed\n\n* By hand\n\n## [1.1.0] - 2026-01-01\n\n* First\n";
    /// let keep = Keep { links: false, ..Keep::default() };
    /// let Outcome::Changed(new) = keep.update(old, &examples::document())? else { panic!() };
    /// let expected = "# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - 2026-11-20\n\n### Added\n\n* Add a door\n\n\
    ///     #### Fixed\n\n* By hand\n* **core:** A crash\n\n## [1.1.0] - 2026-01-01\n\n* First\n";
    /// assert_eq!(new, expected);
    /// assert_eq!(keep.update(&new, &examples::document())?, Outcome::AlreadyThere);
    /// # Ok::<(), tminus_manifests::changelog::ChangelogError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - two headings `Unreleased`; none, and a document without a version
    /// - a section for the version is there, and something else is unreleased
    /// - a version that cannot be a title: `1 0`
    /// - a file that ends within a code block or a comment, or is too large
    pub fn update(&self, existing: &str, document: &Document) -> Result<Outcome, ChangelogError> {
        let own = Self { bullet: bullet_of(existing).unwrap_or(self.bullet), ..self.clone() };
        let parts = outline(existing).parts;
        let has_unreleased = parts.iter().any(|part| part.kind == PartKind::Unreleased);
        let Some(version) = document.release.version.as_deref() else {
            return own.join(existing, document);
        };
        let known = parts.iter().any(|part| part.kind == PartKind::Version && part.name == version);
        let (date, tag) =
            (document.release.date.to_string(), document.release.tag.as_deref().unwrap_or(version));
        let release = file::Release { version, date: &date, tag };
        if has_unreleased && !known {
            let filled = changed(existing, own.join(existing, document)?);
            return file::release(&filled, release);
        }
        if known {
            // A release that was written is people's; what is unreleased beside it is for them to sort out.
            return if has_unreleased { file::release(existing, release) } else { Ok(Outcome::AlreadyThere) };
        }
        let text = carry::inserted(existing, &own.write(document), version, PartKind::Version);
        Ok(Outcome::Changed(text))
    }

    /// The changes below `Unreleased`.
    fn join(&self, existing: &str, document: &Document) -> Result<Outcome, ChangelogError> {
        let simple = self.more.is_empty() && (self.layout == Layout::Flat || document.packages.len() < 2);
        if simple {
            let entries = self.entries(document);
            let borrowed: Vec<(ChangeKind, &str)> =
                entries.iter().map(|(kind, text)| (*kind, text.as_str())).collect();
            return file::insert_under_unreleased(existing, &borrowed);
        }
        let body = self.body(document);
        let found = outline(existing);
        let mut unreleased = found.parts.iter().filter(|part| part.kind == PartKind::Unreleased);
        let place = match (unreleased.next(), unreleased.next()) {
            (None, _) => return Err(ChangelogError::NoUnreleased),
            (Some(one), None) => one,
            (Some(one), Some(two)) => {
                return Err(ChangelogError::UnreleasedTwice { first: one.line, second: two.line });
            }
        };
        let there = existing.get(place.body.clone()).unwrap_or_default().replace("\r\n", "\n");
        if body.is_empty() || there.contains(&body) {
            return Ok(Outcome::AlreadyThere);
        }
        Ok(Outcome::Changed(carry::spliced(existing, place.span.end, &body, found.line_end)))
    }

    fn entries(&self, document: &Document) -> Vec<(ChangeKind, String)> {
        let all: Vec<_> = document.changes.iter().collect();
        let mut entries = Vec::new();
        for (section, kind) in Section::ALL.into_iter().zip(ChangeKind::ALL) {
            let own = self.in_section(&all, section);
            entries.extend(own.into_iter().map(|change| (kind, self.entry(document, change, ""))));
        }
        entries
    }
}

fn changed(existing: &str, outcome: Outcome) -> String {
    match outcome {
        Outcome::Changed(text) => text,
        Outcome::AlreadyThere => existing.to_owned(),
    }
}

/// The mark that most list items at the start of a line have.
fn bullet_of(text: &str) -> Option<char> {
    let count = |mark: char| {
        text.lines().filter(|line| line.strip_prefix(mark).is_some_and(|rest| rest.starts_with(' '))).count()
    };
    let counts = ['-', '*', '+'].map(|mark| (count(mark), mark));
    counts
        .into_iter()
        .rev()
        .max_by_key(|(count, _)| *count)
        .filter(|(count, _)| *count > 0)
        .map(|(_, mark)| mark)
}
