use std::{collections::HashSet, fmt::Write as _};

use serde_json::Value;

use super::{
    answers, issues,
    scene::Scene,
    state::{Issue, PullRequest, Release},
    yaml,
};
use crate::server::{Reply, encoded};

/// How many earlier releases are looked at to find the previous one.
const MAX_CANDIDATES: usize = 30;

/// What `generate-notes` answers.
pub(crate) struct Notes {
    pub(crate) name: String,
    pub(crate) body: String,
}

/// Writes the notes of a tag in GitHub's form: the merged pull requests since the previous one, in the sections of the
/// repository's `.github/release.yml`.
///
/// # Errors
///
/// 422 when there is a git directory and the target or the previous tag is not in it.
pub(crate) fn generate(
    scene: &Scene<'_>,
    tag: &str,
    target: Option<&str>,
    previous: Option<&str>,
    configuration_path: Option<&str>,
) -> Result<Notes, Reply> {
    let target = target.unwrap_or(&scene.repository.default_branch);
    let range = Range::find(scene, tag, target, previous)?;
    let configuration =
        range.end.as_ref().and_then(|end| Configuration::read(scene, end, configuration_path));
    let mut merged: Vec<(&Issue, &PullRequest)> = scene
        .repository
        .issues
        .iter()
        .filter_map(|issue| issue.pull_request.as_ref().map(|pull| (issue, pull)))
        .filter(|(_, pull)| range.brings(pull))
        .collect();
    merged.sort_by_key(|(issue, pull)| (pull.merged_at.as_deref().map(issues::instant), issue.number));

    let mut body = String::new();
    if let Some(configuration) = &configuration {
        let reference = if range.tag_exists { tag } else { target };
        let _ = writeln!(
            body,
            "<!-- Release notes generated using configuration in {} at {reference} -->\n",
            configuration.path
        );
    }
    let sections = sections(configuration.as_ref(), &merged);
    if sections.iter().any(|(_, issues)| !issues.is_empty()) {
        body.push_str("## What's Changed\n");
        for (title, issues) in sections.iter().filter(|(_, issues)| !issues.is_empty()) {
            if let Some(title) = title {
                let _ = writeln!(body, "### {title}");
            }
            for issue in issues {
                let author = if issue.author.is_empty() { "ghost" } else { &issue.author };
                let url = format!("{}/pull/{}", scene.html(), issue.number);
                let _ = writeln!(body, "* {} by @{} in {url}", issue.title, author);
            }
        }
        body.push_str("\n\n");
    }
    let _ = match &range.previous_tag {
        Some(previous) => {
            write!(
                body,
                "**Full Changelog**: {}/compare/{}...{}",
                scene.html(),
                encoded(previous),
                encoded(tag)
            )
        }
        None => write!(body, "**Full Changelog**: {}/commits/{}", scene.html(), encoded(tag)),
    };
    Ok(Notes { name: tag.to_owned(), body })
}

/// Which pull requests belong to a release.
struct Range {
    previous_tag: Option<String>,
    tag_exists: bool,
    /// The commit of the release, if there is a git directory.
    end: Option<String>,
    /// The commits that the previous release does not have, if there is a git directory.
    commits: Option<HashSet<String>>,
    /// When the previous release was published, to go by without a git directory.
    since: Option<String>,
}

impl Range {
    fn find(scene: &Scene<'_>, tag: &str, target: &str, previous: Option<&str>) -> Result<Self, Reply> {
        let invalid =
            |name: &str| answers::validation(&Value::from(vec![format!("Invalid {name} parameter")]));
        let published = scene.repository.releases.iter().filter(|release| !release.draft);
        let earlier: Vec<&Release> = published.rev().filter(|release| release.tag_name != tag).collect();
        let Some(git) = scene.git() else {
            let previous_tag = previous
                .map(str::to_owned)
                .or_else(|| earlier.first().map(|release| release.tag_name.clone()));
            let since = earlier
                .iter()
                .find(|release| Some(&release.tag_name) == previous_tag.as_ref())
                .map(|release| release.published_at.clone().unwrap_or_else(|| release.created_at.clone()));
            return Ok(Self { previous_tag, tag_exists: false, end: None, commits: None, since });
        };
        let tagged = git.tag(tag);
        let tag_exists = tagged.is_some();
        let end = tagged.or_else(|| git.resolve(target)).ok_or_else(|| invalid("target_commitish"))?;
        let start = match previous {
            Some(previous) => {
                Some((previous.to_owned(), git.tag(previous).ok_or_else(|| invalid("previous_tag"))?))
            }
            // Of the releases whose tags are in the history, the one with the fewest commits since.
            None => earlier
                .iter()
                .take(MAX_CANDIDATES)
                .filter_map(|release| Some((release.tag_name.clone(), git.tag(&release.tag_name)?)))
                .filter(|(_, commit)| git.is_ancestor(commit, &end))
                .min_by_key(|(_, commit)| git.range(Some(commit), &end).len()),
        };
        let (previous_tag, start) = start.unzip();
        let commits = git.range(start.as_deref(), &end);
        Ok(Self { previous_tag, tag_exists, end: Some(end), commits: Some(commits), since: None })
    }

    fn brings(&self, pull: &PullRequest) -> bool {
        let Some(merged_at) = &pull.merged_at else { return false };
        match &self.commits {
            Some(commits) => {
                pull.merge_commit_sha.iter().chain(&pull.commits).any(|sha| commits.contains(sha))
            }
            None => {
                self.since.as_ref().is_none_or(|since| issues::instant(merged_at) >= issues::instant(since))
            }
        }
    }
}

/// The pull requests by section, in the order of the sections; without a configuration all in one without a title.
fn sections<'a>(
    configuration: Option<&Configuration>,
    merged: &[(&'a Issue, &PullRequest)],
) -> Vec<(Option<String>, Vec<&'a Issue>)> {
    let Some(configuration) = configuration else {
        return vec![(None, merged.iter().map(|(issue, _)| *issue).collect())];
    };
    let mut sections: Vec<(Option<String>, Vec<&Issue>)> =
        configuration.categories.iter().map(|category| (Some(category.title.clone()), Vec::new())).collect();
    // What fits no category is shown all the same.
    let title = (!sections.is_empty()).then(|| "Other Changes".to_owned());
    let mut others = Vec::new();
    for (issue, _) in merged.iter().filter(|(issue, _)| !configuration.exclude.fits(issue)) {
        let category = configuration.categories.iter().position(|category| category.fits(issue));
        match category.and_then(|category| sections.get_mut(category)) {
            Some((_, issues)) => issues.push(issue),
            None => others.push(*issue),
        }
    }
    sections.push((title, others));
    sections
}

/// The settings of `.github/release.yml`.
struct Configuration {
    path: String,
    exclude: Exclusion,
    categories: Vec<Category>,
}

#[derive(Default)]
struct Exclusion {
    labels: Vec<String>,
    authors: Vec<String>,
}

struct Category {
    title: String,
    labels: Vec<String>,
    exclude: Exclusion,
}

impl Configuration {
    fn read(scene: &Scene<'_>, commit: &str, path: Option<&str>) -> Option<Self> {
        let git = scene.git()?;
        let defaults = [".github/release.yml", ".github/release.yaml"];
        let candidates = path.as_ref().map_or(&defaults[..], std::slice::from_ref);
        let (path, text) = candidates.iter().find_map(|path| Some((*path, git.file(commit, path)?)))?;
        let document = yaml::parse(&text)?;
        let changelog = document.get("changelog")?;
        let categories =
            changelog.get("categories").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let category = |value: &Value| {
            Some(Category {
                title: value.get("title")?.as_str()?.to_owned(),
                labels: texts(value.get("labels")),
                exclude: Exclusion::read(value.get("exclude")),
            })
        };
        Some(Self {
            path: path.to_owned(),
            exclude: Exclusion::read(changelog.get("exclude")),
            categories: categories.iter().filter_map(category).collect(),
        })
    }
}

impl Exclusion {
    fn read(value: Option<&Value>) -> Self {
        let list = |name: &str| texts(value.and_then(|value| value.get(name)));
        Self { labels: list("labels"), authors: list("authors") }
    }

    fn fits(&self, issue: &Issue) -> bool {
        let author = issue.author.trim_end_matches("[bot]");
        has_label(issue, &self.labels)
            || self
                .authors
                .iter()
                .any(|excluded| excluded.trim_end_matches("[bot]").eq_ignore_ascii_case(author))
    }
}

impl Category {
    fn fits(&self, issue: &Issue) -> bool {
        has_label(issue, &self.labels) && !self.exclude.fits(issue)
    }
}

fn has_label(issue: &Issue, wanted: &[String]) -> bool {
    wanted
        .iter()
        .any(|wanted| wanted == "*" || issue.labels.iter().any(|own| own.eq_ignore_ascii_case(wanted)))
}

/// A list of texts, or one text in place of a list.
fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(Value::String(text)) => vec![text.clone()],
        _ => Vec::new(),
    }
}
