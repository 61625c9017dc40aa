//! What a remote has, and fetching from it.

use std::collections::BTreeMap;

use super::call::Call;
use super::{Git, GitError};
use crate::names::{BranchName, CommitId, ObjectId, RefName, RemoteName, TagName};

/// The references of a remote at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemoteRefs {
    /// The branch the remote's HEAD is on; `None` if it is detached, or if the server does not say.
    pub head_branch: Option<BranchName>,
    /// The branches with their tips.
    pub branches: BTreeMap<BranchName, CommitId>,
    /// The tags.
    pub tags: BTreeMap<TagName, RemoteTag>,
    /// Everything else: `refs/pull/…`, `refs/tminus/…`, and branches and tags with names that git no longer allows.
    pub others: BTreeMap<RefName, ObjectId>,
}

/// A tag on a remote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteTag {
    /// What the reference holds: the tag object, or the commit of a light tag.
    pub object: ObjectId,
    /// What the tag leads to through any number of tag objects. That it is a commit is not checked, since that would take
    /// a fetch.
    pub commit: CommitId,
}

impl RemoteRefs {
    /// What a reference of the remote holds.
    pub fn get(&self, name: &RefName) -> Option<ObjectId> {
        if let Some(branch) = name.branch().and_then(|branch| self.branches.get(&branch)) {
            return Some(branch.into());
        }
        if let Some(tag) = name.tag().and_then(|tag| self.tags.get(&tag)) {
            return Some(tag.object.clone());
        }
        self.others.get(name).cloned()
    }
}

impl Git {
    /// Asks a remote for all its references, in one call that writes nothing.
    ///
    /// # Errors
    ///
    /// [`GitError::Unreachable`], [`GitError::AuthenticationFailed`], or [`GitError::TimedOut`] where git lets these be
    /// told apart from other failures.
    pub fn ls_remote(&self, remote: &RemoteName) -> Result<RemoteRefs, GitError> {
        let call = Call::new(["ls-remote", "--symref", "--end-of-options"]).arg(remote).network();
        let output = self.output(&call)?;
        if !output.success() {
            return Err(GitError::remote_failed(&call, &output));
        }
        let text = String::from_utf8_lossy(&output.stdout);
        parse(&text).map_err(|line| GitError::malformed(&call, format!("unexpected line `{line}`")))
    }
}

/// Reads `ls-remote --symref`; the error is the line that is not understood.
fn parse(text: &str) -> Result<RemoteRefs, String> {
    let mut refs = RemoteRefs::default();
    for line in text.lines() {
        let unexpected = || line.to_owned();
        let (value, name) = line.split_once('\t').ok_or_else(unexpected)?;
        if let Some(target) = value.strip_prefix("ref: ") {
            if name == "HEAD" {
                refs.head_branch = target.parse::<RefName>().ok().and_then(|target| target.branch());
            }
            continue;
        }
        let object: ObjectId = value.parse().map_err(|_| unexpected())?;
        if name == "HEAD" {
            continue;
        }
        // `NAME^{}` follows NAME and gives what the tag leads to.
        if let Some(tag) = name.strip_suffix("^{}") {
            let tag = tag.parse::<RefName>().ok().and_then(|tag| tag.tag());
            if let Some(tag) = tag.and_then(|tag| refs.tags.get_mut(&tag)) {
                tag.commit = value.parse().map_err(|_| unexpected())?;
            }
            continue;
        }
        // A name we refuse cannot be one that we made or would use.
        let Ok(name) = name.parse::<RefName>() else { continue };
        let commit = || value.parse::<CommitId>().map_err(|_| unexpected());
        if let Some(branch) = name.branch() {
            refs.branches.insert(branch, commit()?);
        } else if let Some(tag) = name.tag() {
            refs.tags.insert(tag, RemoteTag { object, commit: commit()? });
        } else {
            refs.others.insert(name, object);
        }
    }
    Ok(refs)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn every_kind_of_line() {
        let (a, b) = ("a".repeat(40), "b".repeat(40));
        let text = format!(
            "ref: refs/heads/main\tHEAD\n{a}\tHEAD\n{a}\trefs/heads/main\n{b}\trefs/heads/-odd\n\
             {a}\trefs/tags/light\n{b}\trefs/tags/v1\n{a}\trefs/tags/v1^{{}}\n{b}\trefs/pull/1/head\n"
        );
        let refs = parse(&text).unwrap();
        assert_eq!(refs.head_branch.as_ref().unwrap().as_str(), "main");
        assert_eq!(refs.branches.keys().map(ToString::to_string).collect::<Vec<_>>(), ["main"]);
        let tag = |name: &str| {
            let tag = &refs.tags[&name.parse().unwrap()];
            (tag.object.to_string(), tag.commit.to_string())
        };
        assert_eq!(tag("light"), (a.clone(), a.clone()));
        assert_eq!(tag("v1"), (b.clone(), a.clone()));
        let others: Vec<_> = refs.others.keys().map(ToString::to_string).collect();
        assert_eq!(others, ["refs/heads/-odd", "refs/pull/1/head"]);
        for (name, id) in [("refs/tags/v1", &b), ("refs/heads/main", &a), ("refs/heads/-odd", &b)] {
            assert_eq!(refs.get(&name.parse().unwrap()).unwrap().as_str(), id);
        }
        assert_eq!(refs.get(&"refs/heads/none".parse().unwrap()), None);
    }

    #[test]
    fn nonsense_is_refused() {
        assert_eq!(parse("warning: hello").unwrap_err(), "warning: hello");
        assert!(parse(&format!("{}\trefs/heads/x", "z".repeat(40))).is_err());
        assert!(parse(&format!("{}\trefs/heads/x", "a".repeat(50))).is_err());
    }
}
