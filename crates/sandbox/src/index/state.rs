use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::version::Version;

/// One file of a project on the index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IndexFile {
    /// The file's name, unique on the whole index.
    pub filename: String,
    /// The version as the upload spelt it.
    pub version: String,
    /// `sdist` or `bdist_wheel`.
    pub filetype: String,
    /// The Python tag of a wheel, `source` for a source distribution.
    pub python_version: String,
    /// The size in bytes.
    pub size: u64,
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: String,
    /// BLAKE2b with 256 bits, in lower-case hexadecimal.
    pub blake2_256: String,
    /// MD5 in lower-case hexadecimal.
    pub md5: String,
    /// `Requires-Python`, if stated.
    pub requires_python: Option<String>,
    /// `Summary`, if stated.
    pub summary: Option<String>,
    /// When it arrived, by the sandbox's clock.
    pub upload_time: String,
    /// The reason of a yank, possibly empty; `None` when it is not yanked (PEP 592).
    pub yanked: Option<String>,
    /// How many listings of its project still leave it out.
    pub hidden_listings: u32,
}

/// How often a file was sent, by what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UploadTally {
    /// The file's name as sent.
    pub filename: String,
    /// Uploads that added the file.
    pub accepted: u32,
    /// Uploads of the very same bytes again, answered 200 without effect.
    pub duplicate: u32,
    /// Uploads that were refused.
    pub refused: u32,
}

/// A project and its files, in the order of arrival.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Project {
    /// The name as the first upload spelt it.
    pub(crate) name: String,
    pub(crate) files: Vec<IndexFile>,
}

impl Project {
    /// The versions among these files, oldest first, each as its first file spelt it.
    pub(crate) fn versions(files: &[&IndexFile]) -> Vec<String> {
        let mut versions: Vec<(Option<Version>, &str)> = Vec::new();
        for file in files {
            let version = Version::parse(&file.version);
            if !versions.iter().any(|(known, spelling)| *known == version && *spelling == file.version) {
                versions.push((version, &file.version));
            }
        }
        versions.sort();
        versions.into_iter().map(|(_, spelling)| spelling.to_owned()).collect()
    }
}

/// The index without the contents of its files.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct IndexState {
    /// By normalised name.
    pub(crate) projects: BTreeMap<String, Project>,
    /// By the file's name.
    pub(crate) uploads: BTreeMap<String, UploadTally>,
}

impl IndexState {
    pub(crate) fn file(&self, filename: &str) -> Option<&IndexFile> {
        self.projects.values().flat_map(|project| &project.files).find(|file| file.filename == filename)
    }

    /// SHA-256 and size of every file.
    pub(crate) fn contents(&self) -> impl Iterator<Item = (&str, u64)> {
        self.projects
            .values()
            .flat_map(|project| &project.files)
            .map(|file| (file.sha256.as_str(), file.size))
    }
}

/// A project name in the one spelling that an index compares (PEP 503).
pub(crate) fn normalized(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    let mut gap = false;
    for character in name.chars() {
        if matches!(character, '-' | '_' | '.') {
            gap = true;
        } else {
            if gap {
                normal.push('-');
            }
            gap = false;
            normal.extend(character.to_lowercase());
        }
    }
    if gap {
        normal.push('-');
    }
    normal
}

/// Whether this is a project name at all: letters and digits, with `-`, `_` and `.` inside (PEP 508).
pub(crate) fn is_project_name(name: &str) -> bool {
    let ends = |character: Option<char>| character.is_some_and(|character| character.is_ascii_alphanumeric());
    ends(name.chars().next())
        && ends(name.chars().next_back())
        && name
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (name, normal) in [("Fast-LLM", "fast-llm"), ("a__b..c", "a-b-c"), ("x", "x"), ("a_", "a-")] {
            assert_eq!(normalized(name), normal);
        }
        for (name, valid) in
            [("a", true), ("A.b-c_9", true), ("", false), ("-a", false), ("a.", false), ("a/b", false)]
        {
            assert_eq!(is_project_name(name), valid, "{name}");
        }
    }
}
