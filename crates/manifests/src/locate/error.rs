use std::fmt;

use crate::RelPath;

/// The version of a file cannot be found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {problem}", place(path, *line))]
pub struct LocateError {
    path: RelPath,
    line: Option<u32>,
    problem: Problem,
}

fn place(path: &RelPath, line: Option<u32>) -> String {
    line.map_or_else(|| path.to_string(), |line| format!("{path}:{line}"))
}

impl LocateError {
    pub(crate) fn new(path: RelPath, line: Option<u32>, problem: Problem) -> Self {
        Self { path, line, problem }
    }

    /// The file.
    pub fn path(&self) -> &RelPath {
        &self.path
    }

    /// The line that stands in the way, from 1.
    pub fn line(&self) -> Option<u32> {
        self.line
    }

    /// What is wrong.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }
}

/// Why the version of a file cannot be found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The file is larger than any file that states a version.
    #[error("the file is larger than the {limit} bytes that are read")]
    TooLarge {
        /// The size of the file.
        bytes: usize,
        /// The largest size that is read.
        limit: usize,
    },
    /// The file is not text in UTF-8.
    #[error("the file is not UTF-8 text")]
    NotUtf8,
    /// The file breaks the grammar of its format.
    #[error("{message}")]
    Malformed {
        /// What the parser says.
        message: String,
    },
    /// There is no version in the place.
    #[error("there is no {looked_for}")]
    NotFound {
        /// What was looked for.
        looked_for: String,
    },
    /// There is more than one version, and nothing says which one counts.
    #[error("the version stands there more than once, on lines {}", list(lines))]
    Several {
        /// The first ten lines.
        lines: Vec<u32>,
    },
    /// The places that have to say the same do not.
    #[error("the places say different versions, on lines {}: make them equal first", list(lines))]
    Differ {
        /// The line of the first place, and of the first that differs from it.
        lines: Vec<u32>,
    },
    /// A container image has a digest, which decides, whatever its tag says.
    #[error("the image is pinned by a digest, which another tag would contradict: remove the digest first")]
    Pinned,
    /// The value is something else than a text.
    #[error("the version must be a text in quotes")]
    NotText,
    /// The value is a text in a spelling that is not edited.
    #[error(
        "the version is spelled in a way that is not edited ({what}): write it on one line, in plain quotes"
    )]
    Spelling {
        /// The spelling.
        what: &'static str,
    },
    /// The program computes the value when it runs.
    #[error("the version is computed here: list the file that states it instead")]
    Computed,
    /// The value is taken from a variable of the same file.
    #[error("the version is taken from a variable here: name the place that sets it instead, `{key}`")]
    Variable {
        /// The key of that place.
        key: String,
    },
    /// The version is stated in another place.
    #[error("{0}")]
    Elsewhere(Elsewhere),
    /// The name of the file tells no format.
    #[error(
        "the name of the file does not tell where the version stands: give a pattern, such as `VERSION = \"{{version}}\"`"
    )]
    UnknownFormat,
}

fn list(lines: &[u32]) -> String {
    lines.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Where a version is stated when a file only refers to it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Elsewhere {
    /// In a variable of a Python module: `attr = "demo.__version__"`.
    Attribute {
        /// The module and the variable, with dots.
        name: String,
    },
    /// In another file: `file = "VERSION"`.
    File {
        /// The file, as it is written.
        path: String,
    },
    /// In the manifest of the workspace: `version.workspace = true`.
    Workspace,
    /// In the tags of the repository, read by a tool such as setuptools-scm.
    VersionControl {
        /// The tool.
        tool: String,
    },
    /// The build backend knows, and the file does not say how.
    BuildBackend,
}

impl fmt::Display for Elsewhere {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attribute { name } => {
                write!(formatter, "the version is taken from `{name}`: list the file that assigns it instead")
            }
            Self::File { path } => {
                write!(formatter, "the version is taken from `{path}`: list that file instead")
            }
            Self::Workspace => formatter.write_str(
                "the version is the one of the workspace: list the Cargo.toml at its root instead",
            ),
            Self::VersionControl { tool } => {
                write!(
                    formatter,
                    "{tool} takes the version from the tags of the repository: there is nothing to edit"
                )
            }
            Self::BuildBackend => formatter.write_str(
                "the version is dynamic: list the file from which the build backend takes it instead",
            ),
        }
    }
}
