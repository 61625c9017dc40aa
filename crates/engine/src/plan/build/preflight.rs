//! What stands against carrying a plan out, known before anything is written.

use std::collections::BTreeMap;

use tminus_vcs::{CommitId, TagName};
use tminus_versioning::ReleaseVersion;

use super::Builder;
use crate::Exit;
use crate::config::{Config, Train};
use crate::observe::{ForgeWorld, RemoteBranch, World};
use crate::plan::target::tagged;
use crate::plan::{Finding, Plan};
use crate::record::Record;

pub(super) fn findings(builder: &Builder<'_>, plan: &Plan, open: Option<&Record>) -> Vec<Finding> {
    let mut found = Vec::new();
    branch(builder, &mut found);
    tag(builder, plan, open, &mut found);
    indexes(builder, plan, open, &mut found);
    forge(builder, plan, &mut found);
    found
}

fn branch(builder: &Builder<'_>, found: &mut Vec<Finding>) {
    let git = &builder.world.git;
    let main = &git.main;
    let remote = &builder.config.project.remote;
    match &git.branch {
        Some(branch) if branch == main => {}
        Some(branch) => found.push(Finding::new(
            Exit::NoGo,
            format!("you are on branch {branch}; this release is made from {main}"),
            format!("git switch {main}"),
        )),
        None => found.push(Finding::new(
            Exit::NoGo,
            format!("no branch is checked out; this release is made from {main}"),
            format!("git switch {main}"),
        )),
    }
    if !git.changed.is_empty() {
        let shown: Vec<_> = git.changed.iter().take(5).map(String::as_str).collect();
        let more = git.changed.len().saturating_sub(shown.len());
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        found.push(Finding::new(
            Exit::NoGo,
            format!("the work tree has changes that are not committed: {}{more}", shown.join(", ")),
            "commit them, or put them aside with `git stash`",
        ));
    }
    if git.shallow {
        found.push(Finding::new(
            Exit::NoGo,
            "the clone is shallow: history that the release rests on is missing",
            format!("git fetch --unshallow --tags {remote}"),
        ));
    }
    match git.remote {
        RemoteBranch::Same | RemoteBranch::Ahead(_) | RemoteBranch::Absent => {}
        RemoteBranch::Behind => found.push(Finding::new(
            Exit::NoGo,
            format!("{main} is behind {remote}/{main}"),
            format!("git pull --ff-only {remote} {main}"),
        )),
        RemoteBranch::Diverged => found.push(Finding::new(
            Exit::NoGo,
            format!("{main} and {remote}/{main} have diverged"),
            format!("git pull --rebase {remote} {main}"),
        )),
    }
}

/// The tag must not exist, unless the open record made it at the commit that it bound.
fn tag(builder: &Builder<'_>, plan: &Plan, open: Option<&Record>, found: &mut Vec<Finding>) {
    let Some(places) = builder.world.git.tags.get(&plan.tag) else { return };
    let foreign = |commit: &&CommitId| open.is_none_or(|record| !record.made_tag(&plan.tag, commit));
    let here = places.local.as_ref().filter(foreign);
    let there = places.remote.as_ref().filter(foreign);
    let (at, commit) = match (here, there) {
        (None, None) => return,
        (_, Some(commit)) => (format!("on {}", plan.remote), commit),
        (Some(commit), None) => ("in this repository".to_owned(), commit),
    };
    found.push(Finding::new(
        Exit::Conflict,
        format!("the tag {} exists {at}, at {}", plan.tag, commit.short()),
        format!("choose another version, `tminus release VERSION`; a tag that others may have is never moved (a local mistake: `git tag -d {}`)", plan.tag),
    ));
}

/// A version that is on an index without being recorded here was published by somebody else.
fn indexes(builder: &Builder<'_>, plan: &Plan, open: Option<&Record>, found: &mut Vec<Finding>) {
    for published in &builder.world.published {
        let recorded =
            open.map(|record| crate::apply::artifacts_of(record, &published.package)).unwrap_or_default();
        let foreign: Vec<_> = published
            .files
            .iter()
            .filter(|(name, sha256)| {
                !recorded
                    .iter()
                    .any(|artifact| artifact.filename == **name && Some(&artifact.sha256) == sha256.as_ref())
            })
            .map(|(name, _)| name.as_str())
            .collect();
        if !foreign.is_empty() {
            found.push(Finding::new(
                Exit::Conflict,
                format!(
                    "{} {} is on {} already, and not from this release: {}",
                    published.package, plan.version, published.destination, foreign.join(", ")
                ),
                "choose another version, `tminus release VERSION`; what an index has served is never replaced",
            ));
        }
    }
}

fn forge(builder: &Builder<'_>, plan: &Plan, found: &mut Vec<Finding>) {
    let ForgeWorld::Present(facts) = &builder.world.forge else { return };
    if !facts.can_push {
        found.push(Finding::new(
            Exit::NoGo,
            format!("the token may read {} but not write to it", facts.repository),
            "use a token with write access to contents, issues and pull requests",
        ));
    }
    if let Some(release) = &facts.release {
        found.push(Finding::new(
            Exit::Conflict,
            format!("the forge has a published release for {} already: {}", plan.tag, release.html_url),
            "choose another version, `tminus release VERSION`",
        ));
    }
    if let Some(category) = builder.rules.notes.discussion.as_deref().filter(|_| builder.rules.notes.release)
    {
        let known = facts.categories.as_deref();
        if !facts.has_discussions {
            found.push(Finding::new(
                Exit::NoGo,
                format!(
                    "{} has no discussions, and tminus.toml asks for one in `{category}`",
                    facts.repository
                ),
                "switch discussions on in the repository's settings, or take `discussion` out of `notes`",
            ));
        } else if let Some(known) = known.filter(|known| !known.iter().any(|name| name == category)) {
            found.push(Finding::new(
                Exit::NoGo,
                format!("{} has no discussion category `{category}`", facts.repository),
                format!("use one of: {}", known.join(", ")),
            ));
        }
    }
}

/// The last final release that the tags of this line state.
fn last_release(train: &Train, tags: &BTreeMap<TagName, CommitId>) -> Option<(ReleaseVersion, TagName)> {
    let tagged = tagged(train.scheme, &train.tag.name, tags.keys());
    tagged.into_iter().rev().find(|(version, _)| version.is_final())
}

/// Nothing but commits of our own since the last release.
pub(super) fn nothing_to_release(
    world: &World,
    train: &Train,
    tags: &BTreeMap<TagName, CommitId>,
) -> Option<Finding> {
    let (_, tag) = last_release(train, tags)?;
    let nothing = world.request.kind().is_some() && world.git.unreleased.iter().all(|commit| commit.ours);
    nothing.then(|| {
        Finding::new(
            Exit::NoGo,
            format!("nothing to release: {} has no change since {tag}", world.git.main),
            "commit something, or name a version: `tminus release VERSION`",
        )
    })
}

/// A release tag above what the files state: one of them is wrong, and counting on from either would be a guess.
pub(super) fn overtaken(
    config: &Config,
    world: &World,
    train: &Train,
    tags: &BTreeMap<TagName, CommitId>,
    written: Option<&ReleaseVersion>,
) -> Option<Finding> {
    let (last, tag) = last_release(train, tags)?;
    let written = written.filter(|written| **written < last && world.request.kind().is_some())?;
    let places = world.git.tags.get(&tag)?;
    let remote = &config.project.remote;
    let (place, undo) = match (&places.local, &places.remote) {
        (_, Some(at)) => {
            (format!("on {remote}, at {}", at.short()), format!("git push --delete {remote} {tag}"))
        }
        (Some(at), None) => (format!("in this repository, at {}", at.short()), format!("git tag -d {tag}")),
        (None, None) => return None,
    };
    Some(Finding::new(
        Exit::Conflict,
        format!("the tag {tag} exists {place}, and the files state {written}, which is lower"),
        format!(
            "if the tag is a mistake: `{undo}`; if not, raise the version in the files, or name one: `tminus release VERSION`"
        ),
    ))
}
