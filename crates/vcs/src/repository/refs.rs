//! HEAD, branches, tags and other references.

use gix::bstr::{BStr, ByteSlice};
use gix::objs::Kind;

use super::integrity::intact;
use super::objects::gix_id;
use super::settings::identity;
use super::{Identity, Repository, RepositoryError, reading};
use crate::history::{Broken, collect, shown};
use crate::names::{BranchName, CommitId, ObjectId, RefName, RemoteName, TagName};

/// Where HEAD is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The branch that is checked out; `None` when HEAD is detached.
    pub branch: Option<BranchName>,
    /// The commit; `None` in a repository without commits.
    pub commit: Option<CommitId>,
}

/// A tag of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its name.
    pub name: TagName,
    /// What the reference holds: the tag object, or the commit of a light tag.
    pub object: ObjectId,
    /// The commit at the end, through any number of tag objects.
    pub commit: CommitId,
    /// Whether there is a tag object with a message.
    pub annotated: bool,
}

/// A tag with what its object says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagDetail {
    /// Name and target.
    pub tag: Tag,
    /// The message without the signature; empty for a light tag.
    pub message: String,
    /// Who made it; `None` for a light tag, and for annotated ones of git before 2005.
    pub tagger: Option<Identity>,
    /// When it was made, in seconds since 1970; `None` where there is no tagger.
    pub time_seconds: Option<i64>,
    /// Whether it carries a signature (nothing is said about its validity).
    pub signed: bool,
    /// What kind of signature that is.
    pub signature: Option<SignatureKind>,
    /// The name that the tag object gives itself, where it is not that of the reference: somebody renamed the tag, or put
    /// an old one in the place of a new one.
    pub inner_name: Option<String>,
}

/// What made a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SignatureKind {
    /// OpenPGP, as GnuPG makes it.
    OpenPgp,
    /// A key of SSH.
    Ssh,
    /// A certificate: X.509 in a CMS envelope, as gpgsm makes it.
    X509,
}

impl Repository {
    /// The branch and the commit that are checked out.
    ///
    /// # Errors
    ///
    /// HEAD is unreadable, or names a branch outside `refs/heads/`.
    pub fn head(&self) -> Result<Head, RepositoryError> {
        let repository = self.fresh()?;
        let mut head = repository.head().map_err(reading("read", "HEAD"))?;
        let branch = head.referent_name().and_then(|name| branch_name(name.as_bstr()));
        let commit =
            head.try_peel_to_id().map_err(reading("resolve", "HEAD"))?.map(|id| CommitId::from_gix(&id));
        Ok(Head { branch, commit })
    }

    /// The tip of a local branch, or `None` if there is no such branch.
    ///
    /// # Errors
    ///
    /// The reference is unreadable.
    pub fn branch(&self, name: &BranchName) -> Result<Option<CommitId>, RepositoryError> {
        // git keeps anything but commits out of refs/heads/, so what the reference holds is one.
        let object = self.reference(&RefName::from(name))?;
        Ok(object.map(|object| CommitId::from_gix(&gix_id(&object))))
    }

    /// All local branches with their tips, in the order of their names.
    ///
    /// # Errors
    ///
    /// A reference is unreadable.
    pub fn branches(&self) -> Result<Vec<(BranchName, CommitId)>, RepositoryError> {
        let repository = self.fresh()?;
        let platform = repository.references().map_err(reading("list", "branches"))?;
        let mut branches = Vec::new();
        for reference in platform.local_branches().map_err(reading("list", "branches"))? {
            let reference = reference.map_err(reading("read", "a branch"))?;
            let Some(name) = branch_name(reference.name().as_bstr()) else { continue };
            if let Some(id) = direct_target(reference)? {
                branches.push((name, CommitId::from_gix(&id)));
            }
        }
        branches.sort();
        Ok(branches)
    }

    /// The branches of a remote as last fetched, with their tips, in the order of their names.
    ///
    /// # Errors
    ///
    /// A reference is unreadable.
    pub fn remote_branches(
        &self,
        remote: &RemoteName,
    ) -> Result<Vec<(BranchName, CommitId)>, RepositoryError> {
        let repository = self.fresh()?;
        let start = format!("refs/remotes/{remote}/");
        let platform = repository.references().map_err(reading("list", "branches"))?;
        let mut branches = Vec::new();
        for reference in platform.prefixed(start.as_str()).map_err(reading("list", "branches"))? {
            let reference = reference.map_err(reading("read", "a branch"))?;
            // `HEAD` only says which one is the remote's own choice.
            let name = reference.name().as_bstr().strip_prefix(start.as_bytes());
            let Some(name) = name.filter(|name| *name != b"HEAD") else { continue };
            let Some(name) = name.to_str().ok().and_then(|name| name.parse().ok()) else { continue };
            if let Some(id) = direct_target(reference)? {
                branches.push((name, CommitId::from_gix(&id)));
            }
        }
        branches.sort();
        Ok(branches)
    }

    /// What a reference holds, without peeling tags; `None` if it does not exist.
    ///
    /// # Errors
    ///
    /// The reference is unreadable.
    pub fn reference(&self, name: &RefName) -> Result<Option<ObjectId>, RepositoryError> {
        let repository = self.fresh()?;
        let reference = repository.try_find_reference(name.as_str()).map_err(reading("read", name))?;
        let target = reference.map(direct_target).transpose()?.flatten();
        Ok(target.map(|id| ObjectId::from_gix(&id)))
    }

    /// The tags of commits, in the order of their names. Tags of trees and blobs are left out, and so are names that
    /// [`TagName`] refuses.
    ///
    /// # Errors
    ///
    /// A reference or a tag object is unreadable.
    pub fn tags(&self) -> Result<Vec<Tag>, RepositoryError> {
        let repository = self.fresh()?;
        let graph = repository.commit_graph_if_enabled().map_err(reading("read", "the commit-graph"))?;
        let mut tags = Vec::new();
        for tag in collect(&repository, Broken::Refuse, |_| true)? {
            let Some(name) = tag.name() else { continue };
            let known = graph.as_ref().is_some_and(|graph| graph.lookup(tag.target).is_some());
            let kind = if known {
                Kind::Commit
            } else {
                repository.find_header(tag.target).map_err(reading("read tag", &name))?.kind()
            };
            match kind {
                Kind::Commit => tags.push(Tag {
                    name,
                    object: ObjectId::from_gix(&tag.object),
                    commit: CommitId::from_gix(&tag.target),
                    annotated: tag.is_annotated(),
                }),
                // The chain is broken; the error of its reader says where.
                Kind::Tag => tags.extend(peeled(&repository, name, tag.object)?),
                Kind::Tree | Kind::Blob => {}
            }
        }
        Ok(tags)
    }

    /// One tag with its message; `None` if it does not exist or does not lead to a commit.
    ///
    /// # Errors
    ///
    /// The reference or the tag object is unreadable.
    pub fn tag(&self, name: &TagName) -> Result<Option<TagDetail>, RepositoryError> {
        let repository = self.fresh()?;
        let reference =
            repository.try_find_reference(RefName::from(name).as_str()).map_err(reading("read", name))?;
        let Some(id) = reference.map(direct_target).transpose()?.flatten() else { return Ok(None) };
        let Some(tag) = peeled(&repository, name.clone(), id)? else { return Ok(None) };
        if !tag.annotated {
            return Ok(Some(TagDetail {
                tag,
                message: String::new(),
                tagger: None,
                time_seconds: None,
                signed: false,
                signature: None,
                inner_name: None,
            }));
        }
        // The message becomes release notes: it is worth the comparison with its hash.
        intact(&repository, id)?;
        let object = repository.find_tag(id).map_err(reading("read tag", name))?;
        let content = object.decode().map_err(reading("read tag", name))?;
        let tagger = content.tagger().map_err(reading("read the tagger of", name))?;
        let (message, signature) = without_signature(&object.data);
        let inner = content.name.to_str_lossy();
        Ok(Some(TagDetail {
            tag,
            message,
            time_seconds: tagger.as_ref().and_then(|tagger| tagger.time().ok()).map(|time| time.seconds),
            tagger: tagger.map(|tagger| identity(tagger.name, tagger.email)),
            signed: signature.is_some(),
            signature,
            inner_name: (inner != name.as_str()).then(|| shown(content.name)),
        }))
    }
}

fn branch_name(full: &BStr) -> Option<BranchName> {
    full.strip_prefix(b"refs/heads/")?.to_str().ok()?.parse().ok()
}

/// The id a reference holds, through symbolic references but not through tag objects.
fn direct_target(mut reference: gix::Reference<'_>) -> Result<Option<gix::ObjectId>, RepositoryError> {
    let name = reference.name().as_bstr().to_string();
    if let Some(id) = reference.try_id() {
        return Ok(Some(id.detach()));
    }
    match reference.follow_to_object() {
        Ok(id) => Ok(Some(id.detach())),
        // A symbolic reference to nothing, like HEAD of an empty repository.
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(reading("resolve", name)(error)),
    }
}

/// Follows tag objects to a commit; `None` where they end in something else.
fn peeled(
    repository: &gix::Repository,
    name: TagName,
    id: gix::ObjectId,
) -> Result<Option<Tag>, RepositoryError> {
    let mut current = id;
    loop {
        let header = repository.find_header(current).map_err(reading("read tag", &name))?;
        match header.kind() {
            Kind::Commit => break,
            Kind::Tag => {
                let object = repository.find_tag(current).map_err(reading("read tag", &name))?;
                // A tag object names an object that existed before it, so this cannot go round in circles.
                current = object.target_id().map_err(reading("read tag", &name))?.detach();
            }
            Kind::Tree | Kind::Blob => return Ok(None),
        }
    }
    Ok(Some(Tag {
        name,
        object: ObjectId::from_gix(&id),
        commit: CommitId::from_gix(&current),
        annotated: current != id,
    }))
}

/// The message of a tag object and the signature that follows it. gix knows the PGP form only.
fn without_signature(object: &[u8]) -> (String, Option<SignatureKind>) {
    const BEGINNINGS: [(&[u8], SignatureKind); 4] = [
        (b"-----BEGIN PGP SIGNATURE-----", SignatureKind::OpenPgp),
        (b"-----BEGIN PGP MESSAGE-----", SignatureKind::OpenPgp),
        (b"-----BEGIN SSH SIGNATURE-----", SignatureKind::Ssh),
        (b"-----BEGIN SIGNED MESSAGE-----", SignatureKind::X509),
    ];
    let message = object.split_once_str("\n\n").map(|(_, message)| message).unwrap_or_default();
    let mut offset = 0;
    let mut signature = None;
    for line in message.lines_with_terminator() {
        // The last beginning counts, as in git: the message may quote another signature.
        if let Some((_, kind)) = BEGINNINGS.iter().find(|(beginning, _)| line.starts_with(beginning)) {
            signature = Some((offset, *kind));
        }
        offset += line.len();
    }
    let text = message.get(..signature.map_or(message.len(), |(at, _)| at)).unwrap_or_default();
    (text.to_str_lossy().into_owned(), signature.map(|(_, kind)| kind))
}
