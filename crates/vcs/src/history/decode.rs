//! A commit from its bytes.

use gix::ObjectId;
use gix::bstr::ByteSlice;

use super::objects::{head, unreadable};
use crate::names::{CommitId, ObjectId as PublicId};
use crate::repository::{Commit, Identity, RepositoryError, subject, trailers};

/// Reads everything a commit says. People and dates that are damaged, as in some old histories, are read as far as they go:
/// git too lists such commits.
pub(super) fn commit(id: ObjectId, content: &[u8]) -> Result<Commit, RepositoryError> {
    let first = head(content, id.kind())
        .ok_or_else(|| unreadable("commit", id, "its first lines are damaged".into()))?;
    let end = content.find(b"\n\n");
    let (lines, message) = match end {
        Some(end) => (content.get(..end), content.get(end + 2..)),
        None => (Some(content), None),
    };
    let lines = lines.unwrap_or_default();
    let message = in_unicode(lines, message.unwrap_or_default());
    let (author, author_time_seconds) = person(lines, b"author ");
    let (_, time_seconds) = person(lines, b"committer ");
    Ok(Commit {
        id: CommitId::from_gix(&id),
        parents: first.parents.iter().map(|id| CommitId::from_gix(id)).collect(),
        tree: PublicId::from_gix(&first.tree).into(),
        subject: subject(&message),
        author,
        author_time_seconds,
        time_seconds,
        trailers: trailers(&message),
        message,
    })
}

/// The message, by the header `encoding` where there is one that is known; what fits no letter is replaced.
fn in_unicode(lines: &[u8], message: &[u8]) -> String {
    let name = lines.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(b"encoding "));
    let known = name.and_then(encoding_rs::Encoding::for_label);
    match known {
        Some(encoding) => encoding.decode_without_bom_handling(message).0.into_owned(),
        None => message.to_str_lossy().into_owned(),
    }
}

/// The first line `KEY NAME <EMAIL> SECONDS ZONE`.
fn person(lines: &[u8], key: &[u8]) -> (Identity, i64) {
    let line = lines.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(key)).unwrap_or_default();
    let text = |bytes: &[u8]| bytes.to_str_lossy().into_owned();
    let Some((name, rest)) = line.split_once_str(b"<") else {
        return (Identity { name: text(line.trim_ascii()), email: String::new() }, 0);
    };
    let email = rest.split(|byte| *byte == b'>').next().unwrap_or_default();
    let date = rest.rsplit(|byte| *byte == b'>').next().unwrap_or_default();
    let seconds = date.trim_ascii().split(|byte| *byte == b' ').next().unwrap_or_default();
    let seconds = seconds.to_str().ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(0);
    (Identity { name: text(name.trim_ascii()), email: text(email.trim_ascii()) }, seconds)
}
