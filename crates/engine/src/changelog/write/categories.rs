//! The notes that GitHub generates, byte for byte, in the sections of `.github/release.yml`.

use super::inert::one_line;
use super::links::encoded;
use super::release_yml::ReleaseYml;
use crate::changelog::{Document, PullRequestFacts};

/// Notes in the form of GitHub's generated ones.
///
/// - Pull requests in the order in which they were merged. The first category that fits has it; what is excluded at the
///   top is in none.
/// - New contributors also where their pull request is excluded, as GitHub has it.
/// - Titles stand as they are, on one line: nothing else is escaped, as GitHub escapes nothing either.
/// - The text does not end with a line end.
///
/// ```
/// use tminus_engine::changelog::write::{Categories, examples};
///
/// let text = Categories::default().write(&examples::document());
/// let expected = "\
/// ### What's Changed
/// * feat: add a door by @ada in https://forge.example/demo/pull/7
/// * fix(core): a crash by @dependabot[bot] in https://forge.example/demo/pull/9
///
/// ### New Contributors
/// * @ada made their first contribution in https://forge.example/demo/pull/7
///
/// **Full Changelog**: https://forge.example/demo/compare/v1.1.0...v1.2.0";
/// assert_eq!(text, expected);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Categories {
    /// The settings, where the repository has the file.
    pub settings: Option<ReleaseYml>,
    /// The path of the file and the tag or branch that it was read from, for the comment in which GitHub names them.
    pub read_from: Option<(String, String)>,
    /// What becomes of a pull request that no category fits.
    pub unmatched: Unmatched,
}

/// What becomes of a pull request that no category fits, where there are categories.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Unmatched {
    /// It is not shown, as on GitHub.
    #[default]
    LeftOut,
    /// It is shown below `Other Changes`, behind the categories.
    OtherChanges,
}

/// The pull requests of a title; without a title where there are no categories.
pub(super) struct Section<'d> {
    pub(super) title: Option<&'d str>,
    pub(super) pull_requests: Vec<&'d PullRequestFacts>,
}

impl Categories {
    /// Writes the notes.
    pub fn write(&self, document: &Document) -> String {
        let mut text = self.notice().map(|notice| notice + "\n\n").unwrap_or_default();
        let sections = self.sections(document);
        if !sections.is_empty() {
            text.push_str("## What's Changed\n");
        }
        for section in sections {
            if let Some(title) = section.title {
                text.push_str(&format!("### {}\n", one_line(title)));
            }
            for facts in section.pull_requests {
                let by =
                    if facts.author.is_empty() { String::new() } else { format!(" by @{}", facts.author) };
                text.push_str(&format!("* {}{by} in {}\n", one_line(&facts.title), facts.url));
            }
        }
        let newcomers = newcomers(document);
        if !newcomers.is_empty() {
            let lines: Vec<String> = newcomers
                .iter()
                .map(|(login, url)| format!("\n* @{login} made their first contribution in {url}"))
                .collect();
            text.push_str(&format!("\n## New Contributors{}", lines.concat()));
        }
        if let Some(url) = full_changelog(document) {
            // Without any section before it, GitHub has nothing but this line.
            let gap = if text.is_empty() { "" } else { "\n\n" };
            text.push_str(&format!("{gap}**Full Changelog**: {url}"));
        }
        text
    }

    /// The comment in which GitHub names the settings.
    pub(super) fn notice(&self) -> Option<String> {
        let (path, reference) = self.read_from.as_ref()?;
        Some(format!("<!-- Release notes generated using configuration in {path} at {reference} -->"))
    }

    /// The sections that have something, in their order.
    pub(super) fn sections<'d>(&'d self, document: &'d Document) -> Vec<Section<'d>> {
        let excluded = |facts: &PullRequestFacts| {
            self.settings.as_ref().is_some_and(|settings| settings.exclude.fits(facts))
        };
        let shown = merged(document).into_iter().filter(|facts| !excluded(facts));
        let categories = self.settings.as_ref().map_or(&[][..], |settings| &settings.categories);
        let mut sections: Vec<Section<'_>> = categories
            .iter()
            .map(|category| Section { title: Some(&category.title), pull_requests: Vec::new() })
            .collect();
        let mut others = Vec::new();
        for facts in shown {
            let place = categories.iter().position(|category| category.fits(facts));
            match place.and_then(|place| sections.get_mut(place)) {
                Some(section) => section.pull_requests.push(facts),
                None => others.push(facts),
            }
        }
        if categories.is_empty() {
            sections.push(Section { title: None, pull_requests: others });
        } else if self.unmatched == Unmatched::OtherChanges {
            sections.push(Section { title: Some("Other Changes"), pull_requests: others });
        }
        sections.retain(|section| !section.pull_requests.is_empty());
        sections
    }
}

/// The pull requests in the order in which they were merged.
fn merged(document: &Document) -> Vec<&PullRequestFacts> {
    let mut all: Vec<&PullRequestFacts> = document.pull_requests.iter().collect();
    all.sort_by_key(|facts| (facts.merged_at_seconds.is_none(), facts.merged_at_seconds, facts.number));
    all.dedup_by_key(|facts| facts.number);
    all
}

/// The login and the address of the first pull request of each newcomer who has both.
pub(super) fn newcomers(document: &Document) -> Vec<(&str, String)> {
    let known = document.newcomers.iter().filter_map(|(author, number)| {
        let number = (*number)?;
        let facts = document.pull_requests.iter().find(|facts| facts.number == number);
        let url = facts
            .map(|facts| facts.url.clone())
            .or_else(|| document.release.repository_url.as_ref().map(|url| format!("{url}/pull/{number}")))?;
        let login = author.login.as_deref().or_else(|| facts.map(|facts| facts.author.as_str()))?;
        (!login.is_empty()).then_some((login, url))
    });
    known.collect()
}

/// The address of everything that a release has.
pub(super) fn full_changelog(document: &Document) -> Option<String> {
    let release = &document.release;
    if let Some(url) = &release.compare_url {
        return Some(url.clone());
    }
    let (url, tag) = (release.repository_url.as_ref()?, encoded(release.tag.as_ref()?));
    Some(match &release.previous_tag {
        Some(previous) => format!("{url}/compare/{}...{tag}", encoded(previous)),
        None => format!("{url}/commits/{tag}"),
    })
}
