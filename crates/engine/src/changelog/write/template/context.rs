//! What a template sees of a document: every name is there, `none` where there is nothing.

use serde_json::{Map, Value, json};
use tminus_manifests::PackageId;

use super::super::keep::Section;
use super::super::{ByPackage, Categories, Keep, categories, keep, links};
use crate::changelog::{Author, Change, Document, Kind, PackageChanges, PullRequestFacts};

/// The context of a document, with what the three writers make of it.
pub(super) fn context(document: &Document, keep: &Keep, list: &ByPackage, notes: &Categories) -> Value {
    let changes = |indices: &[usize]| -> Vec<Value> {
        let found = indices.iter().filter_map(|at| document.changes.get(*at));
        found.map(|own| change(document, own, keep)).collect()
    };
    let all: Vec<&Change> = document.changes.iter().collect();
    let sections = Section::ALL.into_iter().filter_map(|section| {
        let own: Vec<Value> =
            keep.in_section(&all, section).into_iter().map(|own| change(document, own, keep)).collect();
        (!own.is_empty()).then(|| json!({ "title": section.title(), "changes": own }))
    });
    let listed = list.listed(document).into_iter().map(|package| {
        let pull_requests: Vec<Value> = package.pull_requests.into_values().map(facts).collect();
        json!({ "name": package.name, "version": package.version, "pull_requests": pull_requests })
    });
    let shown = notes.sections(document).into_iter().map(|section| {
        let pull_requests: Vec<Value> = section.pull_requests.into_iter().map(facts).collect();
        json!({ "title": section.title, "pull_requests": pull_requests })
    });
    let contributors =
        categories::newcomers(document).into_iter().map(|(login, url)| json!({ "login": login, "url": url }));
    let package = |own: &PackageChanges| {
        json!({
            "id": own.id.to_string(),
            "ecosystem": own.id.ecosystem().as_str(),
            "name": own.id.name(),
            "version": own.version,
            "changes": changes(&own.changes),
        })
    };
    let newcomer = |(own, number): &(Author, Option<u64>)| {
        let facts_of = document.pull_requests.iter().find(|facts| Some(facts.number) == *number);
        json!({ "author": author(own), "number": number, "pull_request": facts_of.map(facts) })
    };
    json!({
        "release": release(document),
        "changes": document.changes.iter().map(|own| change(document, own, keep)).collect::<Vec<_>>(),
        "packages": document.packages.iter().map(package).collect::<Vec<_>>(),
        "elsewhere": changes(&document.elsewhere),
        "pull_requests": document.pull_requests.iter().map(facts).collect::<Vec<_>>(),
        "newcomers": document.newcomers.iter().map(newcomer).collect::<Vec<_>>(),
        "bullet": keep.bullet.to_string(),
        "sections": sections.collect::<Vec<_>>(),
        "listed": listed.collect::<Vec<_>>(),
        "notice": notes.notice(),
        "categories": shown.collect::<Vec<_>>(),
        "contributors": contributors.collect::<Vec<_>>(),
    })
}

fn release(document: &Document) -> Value {
    let release = &document.release;
    json!({
        "version": release.version,
        "tag": release.tag,
        "previous_tag": release.previous_tag,
        "date": release.date.to_string(),
        "compare_url": release.compare_url,
        "repository_url": release.repository_url,
        "full_changelog": categories::full_changelog(document),
        "title": keep::title(document),
        "level": document.level().to_string(),
    })
}

fn change(document: &Document, own: &Change, keep: &Keep) -> Value {
    let issues = own.issues.iter().map(|issue| {
        let url = links::issue_url(document, &issue.reference);
        json!({ "reference": issue.reference, "closes": issue.closes, "url": url })
    });
    json!({
        "kind": kind(&own.kind),
        "level": own.level.to_string(),
        "section": keep.section_of(own).map(Section::title),
        "scope": own.scope,
        "text": own.text,
        "body": own.body,
        "breaking": own.breaking,
        "below": keep.below(own),
        "packages": own.packages.iter().map(PackageId::name).collect::<Vec<_>>(),
        "number": own.pull_request,
        "pull_request": document.pull_request(own).map(facts),
        "commits": own.commits,
        "authors": own.authors.iter().map(author).collect::<Vec<_>>(),
        "issues": issues.collect::<Vec<_>>(),
        "links": if keep.links { links::of_change(document, own) } else { Vec::new() },
    })
}

/// The kind in one word: that of the change itself where it has a type of its own.
fn kind(kind: &Kind) -> String {
    match kind {
        Kind::Other(own) => own.clone(),
        known => serde_json::to_value(known)
            .ok()
            .and_then(|value| value.as_str().map(str::to_owned))
            .unwrap_or_default(),
    }
}

fn author(own: &Author) -> Value {
    json!({ "name": own.name, "email": own.email, "login": own.login })
}

fn facts(own: &PullRequestFacts) -> Value {
    json!({
        "number": own.number,
        "title": own.title,
        "body": own.body,
        "url": own.url,
        "author": own.author,
        "is_bot": own.is_bot,
        "labels": own.labels,
        "files": own.files,
        "merge_commit": own.merge_commit,
        "merged_at_seconds": own.merged_at_seconds,
    })
}

/// Every name that a context has, at any depth.
pub(super) fn names(value: &Value, found: &mut std::collections::BTreeSet<String>) {
    let members = |map: &Map<String, Value>, found: &mut std::collections::BTreeSet<String>| {
        for (key, value) in map {
            found.insert(key.clone());
            names(value, found);
        }
    };
    match value {
        Value::Object(map) => members(map, found),
        Value::Array(items) => items.iter().for_each(|item| names(item, found)),
        _ => {}
    }
}
