//! Which packages a word means.

use std::collections::BTreeSet;

use tminus_manifests::graph::group::GroupMember;
use tminus_manifests::workspace::Workspace;
use tminus_manifests::{Ecosystem, PackageId};

use super::{Project, WorkspaceError};
use crate::config::nearest;

pub(super) fn select(project: &Project, words: &[String]) -> Result<Vec<PackageId>, WorkspaceError> {
    let mut chosen: BTreeSet<PackageId> = BTreeSet::new();
    for word in words {
        if let Some(group) = project.groups.groups().iter().find(|group| group.name == *word) {
            chosen.extend(group.packages.iter().cloned());
            continue;
        }
        if let Some(id) = project.beside.iter().find(|id| id.name() == word || id.to_string() == *word) {
            chosen.insert(id.clone());
            continue;
        }
        let members = members(&project.workspace, word).map_err(|why| {
            WorkspaceError::usage(why).with_remedy("`tminus packages` lists the packages of this project")
        })?;
        let ids = project.workspace.packages().iter().map(|package| &package.id);
        chosen.extend(ids.filter(|id| members.iter().any(|member| member.matches(id))).cloned());
    }
    Ok(chosen.into_iter().collect())
}

/// The members of a group that a word means: with an ecosystem before the name as it is, else in the one ecosystem
/// that has such a package.
pub(super) fn members(workspace: &Workspace, word: &str) -> Result<Vec<GroupMember>, String> {
    let packages = workspace.packages();
    let with_ecosystem = Ecosystem::ALL
        .iter()
        .any(|ecosystem| word.strip_prefix(ecosystem.as_str()).is_some_and(|rest| rest.starts_with(':')));
    let is_pattern = word.contains(['*', '?', '{', '[']);
    let candidates: Vec<String> = if with_ecosystem {
        vec![word.to_owned()]
    } else {
        Ecosystem::ALL.iter().map(|ecosystem| format!("{ecosystem}:{word}")).collect()
    };
    let mut found: Vec<GroupMember> = Vec::new();
    for text in candidates {
        let member: GroupMember = match text.parse() {
            Ok(member) => member,
            Err(error) if with_ecosystem => return Err(error.to_string()),
            Err(_) => continue,
        };
        if packages.iter().any(|package| member.matches(&package.id)) {
            found.push(member);
        }
    }
    match found.as_slice() {
        [] => {
            let names = packages.iter().map(|package| package.id.name());
            let meant = nearest(word.rsplit(':').next().unwrap_or(word), names);
            let meant = meant.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
            Err(format!("no package here is `{word}`{meant}"))
        }
        [_] => Ok(found),
        _ if is_pattern => Ok(found),
        several => {
            let named: Vec<String> = several.iter().map(|member| format!("`{member}`")).collect();
            Err(format!("`{word}` is several packages: write {}", named.join(" or ")))
        }
    }
}

impl Project {
    /// The packages of tminus.toml; without any the only one there is, or all of one fixed group.
    pub(super) fn default_packages(&self) -> Result<Vec<PackageId>, WorkspaceError> {
        if !self.listed.is_empty() {
            return Ok(self.listed.clone());
        }
        let packages: Vec<&PackageId> = self.workspace.packages().iter().map(|package| &package.id).collect();
        match packages.as_slice() {
            [] => Err(WorkspaceError::new(crate::Exit::NoGo, "there is no package here")
                .with_remedy("`tminus packages --excluded` lists what is left out, and why")),
            [only] => Ok(vec![(*only).clone()]),
            several => Err(WorkspaceError::usage(format!("there are {} packages here", several.len()))
                .with_remedy("name some of them, or take all of them with --all")
                .with_remedy("list those that are released in tminus.toml: [[package]]")),
        }
    }
}
