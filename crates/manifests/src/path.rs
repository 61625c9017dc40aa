use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The longest path in bytes, the usual limit of operating systems.
const MAX_BYTES: usize = 4096;

/// A path below the root of a project, with `/` between its parts on every system.
///
/// It cannot lead out of the root by itself, nor into git's own directory. A symbolic link on its way still can lead
/// elsewhere; [`EditSet::write`](crate::EditSet::write) looks at those.
///
/// ```
/// use tminus_manifests::RelPath;
///
/// let path: RelPath = "src/demo/__init__.py".parse()?;
/// assert_eq!(path.file_name(), "__init__.py");
/// assert_eq!(path.parent(), Some("src/demo"));
/// assert!("../elsewhere".parse::<RelPath>().is_err());
/// # Ok::<(), tminus_manifests::ParsePathError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelPath {
    text: String,
}

impl RelPath {
    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The last part.
    pub fn file_name(&self) -> &str {
        self.text.rsplit_once('/').map_or(self.text.as_str(), |(_, name)| name)
    }

    /// Everything before the last part; nothing for a file in the root.
    pub fn parent(&self) -> Option<&str> {
        self.text.rsplit_once('/').map(|(parent, _)| parent)
    }

    /// The path below a root directory.
    pub fn below(&self, root: &Path) -> PathBuf {
        let mut path = root.to_path_buf();
        path.extend(self.text.split('/'));
        path
    }
}

impl FromStr for RelPath {
    type Err = ParsePathError;

    /// Checks a path.
    ///
    /// # Errors
    ///
    /// - an empty path, or one beyond 4096 bytes
    /// - an absolute path: `/etc/x`, `C:/x`
    /// - an empty part, `.` or `..`: `a//b`, `./a`, `a/`
    /// - a part `.git`, in any case
    /// - a backslash or a control character
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match objection(text) {
            None => Ok(Self { text: text.to_owned() }),
            Some(reason) => Err(ParsePathError { path: text.chars().take(MAX_BYTES).collect(), reason }),
        }
    }
}

fn objection(text: &str) -> Option<&'static str> {
    let drive = text.as_bytes().get(1) == Some(&b':');
    if text.is_empty() {
        Some("it is empty")
    } else if text.len() > MAX_BYTES {
        Some("it is longer than 4096 bytes")
    } else if text.starts_with('/') || drive {
        Some("it must be relative to the root of the project")
    } else if text.chars().any(char::is_control) {
        Some("it holds a control character")
    } else if text.contains('\\') {
        Some("its parts are separated by `/`, not by a backslash")
    } else if text.split('/').any(|part| matches!(part, "" | "." | "..")) {
        Some("it must not have empty parts, `.` or `..`")
    } else if text.split('/').any(|part| part.eq_ignore_ascii_case(".git")) {
        Some("git's own directory is not part of the project")
    } else {
        None
    }
}

impl fmt::Display for RelPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// The text is not a path below the root of a project.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("path {path:?} is refused: {reason}")]
pub struct ParsePathError {
    path: String,
    reason: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_refused(text: &str) {
        assert!(text.parse::<RelPath>().is_err(), "{text:?}");
    }

    #[test]
    fn paths_below_the_root_are_accepted() {
        for text in ["a", "a/b.py", "é/ü", "..a/b..", ".github/x", ".gitignore", "a b/c", "-x", "@scope/x"]
        {
            assert_eq!(text.parse::<RelPath>().unwrap().as_str(), text);
        }
        let path: RelPath = "setup.cfg".parse().unwrap();
        assert_eq!((path.file_name(), path.parent()), ("setup.cfg", None));
        assert_eq!(path.below(Path::new("root")), Path::new("root").join("setup.cfg"));
    }

    #[test]
    fn everything_else_is_refused() {
        for text in ["", "/", "/a", "a/", "a//b", ".", "..", "./a", "a/./b", "a/../b", "C:/a", "c:a", "a\\b"]
        {
            check_refused(text);
        }
        for text in ["a\nb", "a\0b", "a\u{7f}", "a\u{85}b", ".git/config", "a/.GIT/hooks/x"] {
            check_refused(text);
        }
        check_refused(&"a/".repeat(3000));
    }
}
