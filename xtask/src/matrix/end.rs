//! How a release ended: everything that others can see, and the state of the clone.

use std::path::Path;

use anyhow::bail;
use serde_json::{Map, Value, json};

use crate::bed::{Bed, WEBHOOK};

/// Longer texts are cut when they are shown.
const SHOWN: usize = 200;

/// The end of a release, without what differs between two runs that ended alike: instants, and with them commit ids.
pub(super) fn state(bed: &Bed) -> anyhow::Result<Value> {
    let uploads = bed.sandbox.uploads().into_iter().map(|tally| (tally.filename, json!(tally.accepted)));
    let status = bed.tminus(&["status", "--json"], &[])?;
    let status: Value = serde_json::from_slice(&status.stdout).unwrap_or_default();
    let git = |args: &[&str]| bed.git(&bed.demo.work, args);
    Ok(json!({
        "sandbox": without_ids(bed, &bed.sandbox.snapshot())?,
        "uploads": uploads.collect::<Map<_, _>>(),
        "webhooks": bed.sandbox.webhooks(WEBHOOK).len(),
        "remote": refs(bed, &bed.demo.remote)?,
        "clone": {
            "refs": refs(bed, &bed.demo.work)?,
            "branch": git(&["symbolic-ref", "--short", "HEAD"])?,
            "changes": git(&["status", "--porcelain"])?,
            "worktrees": git(&["worktree", "list"])?.lines().count(),
        },
        "status": { "open": status.get("open"), "closed": status.get("closed") },
    }))
}

/// Branches and tags: what they are, what they say, and every commit below them by tree and subject.
fn refs(bed: &Bed, dir: &Path) -> anyhow::Result<Value> {
    let format = "--format=%(refname)%09%(objecttype)%09%(contents:subject)";
    let mut all = Map::new();
    for line in bed.git(dir, &["for-each-ref", format, "refs/heads", "refs/tags"])?.lines() {
        let mut parts = line.splitn(3, '\t');
        let (name, kind) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let commits = bed.git(dir, &["log", "--format=%T %s", name, "--"])?;
        let commits: Vec<&str> = commits.lines().collect();
        let says = parts.next().unwrap_or_default();
        all.insert(name.to_owned(), json!({ "kind": kind, "says": says, "commits": commits }));
    }
    Ok(Value::Object(all))
}

/// Puts trees in the place of commits: equal trees are equal releases, ids also hold the second of the commit.
fn without_ids(bed: &Bed, value: &Value) -> anyhow::Result<Value> {
    let mut text = value.to_string();
    for line in bed.git(&bed.demo.remote, &["log", "--all", "--format=%H %T"])?.lines() {
        if let Some((commit, tree)) = line.split_once(' ') {
            text = text.replace(commit, &format!("commit of tree {tree}"));
        }
    }
    Ok(serde_json::from_str(&text)?)
}

/// What holds for every release, and so for the one that others are compared with.
pub(super) fn sound(end: &Value) -> anyhow::Result<()> {
    let uploads = end.get("uploads").and_then(Value::as_object);
    if !uploads.is_some_and(|uploads| !uploads.is_empty() && uploads.values().all(|times| *times == json!(1)))
    {
        bail!("files were not accepted once each: {uploads:?}");
    }
    if end.get("webhooks") != Some(&json!(1)) {
        bail!("it was not announced once: {:?}", end.get("webhooks"));
    }
    if end.pointer("/status/open").is_some_and(|open| !open.is_null()) {
        bail!("it is still on its way: {:?}", end.pointer("/status/open"));
    }
    Ok(())
}

/// Where two ends differ, a line each.
pub(super) fn differences(expected: &Value, found: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    compare("", expected, found, &mut lines);
    lines
}

fn compare(at: &str, expected: &Value, found: &Value, lines: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(one), Value::Object(other)) => {
            let added = other.keys().filter(|key| !one.contains_key(*key));
            for key in one.keys().chain(added) {
                let (one, other) = (one.get(key), other.get(key));
                compare(
                    &format!("{at}/{key}"),
                    one.unwrap_or(&Value::Null),
                    other.unwrap_or(&Value::Null),
                    lines,
                );
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (index, (one, other)) in one.iter().zip(other).enumerate() {
                compare(&format!("{at}/{index}"), one, other, lines);
            }
        }
        _ if expected == found => {}
        _ => lines.push(format!("{at}: expected {}, found {}", shown(expected), shown(found))),
    }
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= SHOWN {
        return text;
    }
    text.chars().take(SHOWN).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{differences, sound};

    #[track_caller]
    fn check(expected: &Value, found: &Value, lines: &[&str]) {
        assert_eq!(differences(expected, found), lines);
    }

    #[test]
    fn equal_ends_have_no_difference() {
        let end = json!({ "a": [1, { "b": null }], "c": "x" });
        check(&end, &end, &[]);
    }

    #[test]
    fn a_difference_is_named_by_its_place() {
        check(
            &json!({ "a": [1, { "b": 2 }], "gone": true }),
            &json!({ "a": [1, { "b": 3 }], "new": "x" }),
            &[
                "/a/1/b: expected 2, found 3",
                "/gone: expected true, found null",
                "/new: expected null, found \"x\"",
            ],
        );
        check(&json!([1]), &json!([1, 1]), &[": expected [1], found [1,1]"]);
    }

    #[test]
    fn a_reference_that_uploaded_nothing_proves_nothing() {
        sound(&json!({ "uploads": { "a.whl": 1 }, "webhooks": 1, "status": { "open": null } })).unwrap();
        assert!(sound(&json!({ "uploads": {}, "webhooks": 1 })).is_err());
        assert!(sound(&json!({ "uploads": { "a.whl": 2 }, "webhooks": 1 })).is_err());
        assert!(sound(&json!({ "uploads": { "a.whl": 1 }, "webhooks": 0 })).is_err());
        let open = json!({ "uploads": { "a.whl": 1 }, "webhooks": 1, "status": { "open": {} } });
        assert!(sound(&open).is_err());
    }
}
