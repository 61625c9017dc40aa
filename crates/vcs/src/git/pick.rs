//! The parts of a cherry-pick that only git can do as git does them.

use std::path::{Path, PathBuf};

use super::call::Call;
use super::{Git, GitError, GitVersion};
use crate::names::{CommitId, ObjectId};

/// The first git whose `merge-tree` takes the base of a merge.
const MERGE_BASE: GitVersion = GitVersion { major: 2, minor: 40, patch: 0 };
/// The first git that can be told from which tree to read `.gitattributes`.
const ATTRIBUTES: GitVersion = GitVersion { major: 2, minor: 41, patch: 0 };

/// A merge of trees, each wrapped in a commit, with an object store of its own for what comes out.
pub(crate) struct Merge<'a> {
    pub(crate) base: ObjectId,
    pub(crate) ours: ObjectId,
    pub(crate) theirs: ObjectId,
    /// Where new objects go.
    pub(crate) store: &'a Path,
    /// Where all others are.
    pub(crate) objects: &'a Path,
    /// The tree whose `.gitattributes` count.
    pub(crate) attributes: ObjectId,
}

/// One file of a merge that people have to finish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Conflicted {
    pub(crate) path: String,
    pub(crate) kind: String,
}

/// The author, message and encoding of a commit, as git would hand them on.
pub(crate) struct Authored {
    name: String,
    email: String,
    date: String,
    pub(crate) message: Vec<u8>,
}

impl Git {
    /// Merges trees as `git cherry-pick` does, into `store`. The inner result is the tree, or what stands against it.
    pub(crate) fn merge_into(
        &self,
        merge: &Merge<'_>,
    ) -> Result<Result<ObjectId, Vec<Conflicted>>, GitError> {
        let version = self.require(MERGE_BASE)?;
        let mut call = Call::new(Vec::<String>::new());
        if version >= ATTRIBUTES {
            call = call.arg(format!("--attr-source={}", merge.attributes));
        }
        let call = call
            .args(["merge-tree", "--write-tree", "-z", "--name-only", "--messages"])
            .arg(format!("--merge-base={}", merge.base))
            .args([&merge.ours, &merge.theirs])
            .env("GIT_OBJECT_DIRECTORY", merge.store)
            .env("GIT_ALTERNATE_OBJECT_DIRECTORIES", quoted(merge.objects));
        let output = self.output(&call)?;
        let text = String::from_utf8_lossy(&output.stdout);
        match output.status {
            Some(0) => {
                let tree = text.split('\0').next().unwrap_or_default();
                Ok(Ok(tree.parse().map_err(|_| GitError::malformed(&call, format!("`{tree}`")))?))
            }
            Some(1) => conflicts(&text)
                .map(Err)
                .ok_or_else(|| GitError::malformed(&call, "the list of conflicts ends too early")),
            _ => Err(GitError::failed(&call, &output)),
        }
    }

    /// The author and message of a commit in UTF-8.
    pub(crate) fn authored(&self, commit: &CommitId) -> Result<Authored, GitError> {
        let call = Call::new([
            "log",
            "-1",
            "--no-show-signature",
            "--no-notes",
            "--encoding=UTF-8",
            "--date=raw",
            "--format=tformat:%an%x00%ae%x00%ad%x00%B%x00",
            "--end-of-options",
        ]);
        let call = call.arg(commit);
        let output = self.run(&call)?;
        let mut fields = output.stdout.splitn(4, |byte| *byte == 0);
        let mut field = || fields.next().ok_or_else(|| GitError::malformed(&call, "a field is missing"));
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (name, email, date) = (text(field()?), text(field()?), text(field()?));
        let rest = field()?;
        let end = rest.iter().rposition(|byte| *byte == 0).unwrap_or(rest.len());
        let message = rest.get(..end).unwrap_or_default().to_vec();
        Ok(Authored { name, email, date, message })
    }

    /// Makes a commit of a tree with another commit's author. The committer is the user; it is signed if the user's
    /// configuration says so for commits.
    pub(crate) fn commit_as(
        &self,
        tree: &ObjectId,
        parent: &CommitId,
        authored: &Authored,
    ) -> Result<CommitId, GitError> {
        let message = self.cleaned(&authored.message)?;
        let mut call = Call::new(["-c", "i18n.commitEncoding=UTF-8", "commit-tree"]);
        if self.is_on("commit.gpgSign")? {
            call = call.arg("-S");
        }
        let call = call
            .arg("-p")
            .arg(parent)
            .arg(tree)
            .env("GIT_AUTHOR_NAME", &authored.name)
            .env("GIT_AUTHOR_EMAIL", &authored.email)
            .env("GIT_AUTHOR_DATE", format!("@{}", authored.date))
            .stdin(message);
        let id = self.line(&call)?;
        id.parse().map_err(|_| GitError::malformed(&call, format!("`{id}`")))
    }

    /// A message after `commit.cleanup`; where that is not set, `git cherry-pick -x` takes superfluous white space away.
    fn cleaned(&self, message: &[u8]) -> Result<Vec<u8>, GitError> {
        let strip = match self.config("commit.cleanup")?.as_deref() {
            Some("verbatim") => return Ok(message.to_vec()),
            Some("strip") => Call::new(["stripspace", "--strip-comments"]),
            _ => Call::new(["stripspace"]),
        };
        Ok(self.run(&strip.stdin(message))?.stdout)
    }

    /// Where the objects of the repository are.
    pub(crate) fn objects_dir(&self) -> Result<PathBuf, GitError> {
        let call = Call::new(["rev-parse", "--path-format=absolute", "--git-path", "objects"]);
        Ok(PathBuf::from(self.line(&call)?))
    }

    fn is_on(&self, key: &str) -> Result<bool, GitError> {
        let call = Call::new(["config", "--type=bool", "--get", key]);
        let output = self.output(&call)?;
        match output.status {
            Some(0) => Ok(output.stdout.starts_with(b"true")),
            Some(1) => Ok(false),
            _ => Err(GitError::failed(&call, &output)),
        }
    }
}

/// A path for a list of paths that are separated by colons: git takes one in quotes literally.
fn quoted(path: &Path) -> PathBuf {
    let Some(text) = path.to_str() else { return path.to_owned() };
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    PathBuf::from(format!("\"{text}\""))
}

/// Reads the part of the answer after the tree: the files up to an empty field, then messages, each with its paths.
///
/// What git would leave unmerged is what counts; messages say why, and where else something was in the way. Where nothing is
/// unmerged, as when nobody can tell where a directory went, they are all there is.
fn conflicts(text: &str) -> Option<Vec<Conflicted>> {
    let mut fields = text.split('\0').skip(1);
    let files: Vec<_> = fields.by_ref().take_while(|field| !field.is_empty()).collect();
    let mut found: Vec<Conflicted> = Vec::new();
    while let Some(count) = fields.next().filter(|field| !field.is_empty()) {
        let count: usize = count.parse().ok()?;
        let paths: Vec<_> = fields.by_ref().take(count).collect();
        let kind = fields.next()?;
        fields.next()?;
        let Some(kind) = conflict(kind) else { continue };
        let counts = |path: &&&str| files.is_empty() || files.contains(*path);
        let one = |path: &&str| Conflicted { path: (*path).to_owned(), kind: kind.to_owned() };
        found.extend(paths.iter().filter(counts).map(one));
    }
    for path in files {
        if !found.iter().any(|other| other.path == path) {
            found.push(Conflicted { path: path.to_owned(), kind: "contents".to_owned() });
        }
    }
    found.sort_by(|one, other| (&one.path, &one.kind).cmp(&(&other.path, &other.kind)));
    found.dedup();
    // git has said that there are conflicts.
    (!found.is_empty()).then_some(found)
}

/// git's short word for a conflict; one of them lacks the space.
fn conflict(kind: &str) -> Option<&str> {
    let kind = kind.strip_prefix("CONFLICT")?;
    kind.strip_prefix(' ').unwrap_or(kind).strip_prefix('(')?.strip_suffix(')')
}

#[cfg(test)]
mod tests {
    use super::conflicts;

    fn read(text: &str) -> Option<Vec<(String, String)>> {
        let found = conflicts(&text.replace('|', "\0"))?;
        Some(found.into_iter().map(|one| (one.path, one.kind)).collect())
    }

    fn expected(found: &[(&str, &str)]) -> Vec<(String, String)> {
        found.iter().map(|(path, kind)| ((*path).to_owned(), (*kind).to_owned())).collect()
    }

    #[test]
    fn unmerged_files_count_and_messages_say_why() {
        let renamed = "t|a|b|c||1|x|Auto-merging|Auto-merging x|3|a|b|gone|CONFLICT (rename/rename)|…|";
        let found = [("a", "rename/rename"), ("b", "rename/rename"), ("c", "contents")];
        assert_eq!(read(renamed).unwrap(), expected(&found));
        let in_the_way = "t|a||2|b|c|CONFLICT (file in way of directory rename)|…|1|a|CONFLICT (contents)|…|";
        assert_eq!(read(in_the_way).unwrap(), expected(&[("a", "contents")]));
    }

    #[test]
    fn a_conflict_without_unmerged_files_is_told_by_its_message() {
        let split = "t||1|f|Auto-merging|…|1|old/dir|CONFLICT(directory rename unclear split)|…|";
        assert_eq!(read(split).unwrap(), expected(&[("old/dir", "directory rename unclear split")]));
    }

    #[test]
    fn half_an_answer_is_none() {
        for text in
            ["", "t", "t|", "t||", "t||1|f|Auto-merging|…|", "t||x|f|CONFLICT (contents)|…|", "t||1|f|"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
