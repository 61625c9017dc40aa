use std::fmt;

use super::Version;

/// The end of a module path that names a major version: `/v2`, `.v2` and `.v2-unstable` at gopkg.in, or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct MajorSuffix<'a> {
    text: &'a str,
}

impl<'a> MajorSuffix<'a> {
    /// The suffix with its separator, empty when the path has none.
    pub fn as_str(self) -> &'a str {
        self.text
    }

    /// The major version that the suffix asks for, such as `v2`; without a suffix it is `v0` or `v1`.
    pub fn major(self) -> Option<&'a str> {
        let text = self.text.strip_prefix(['/', '.'])?;
        Some(text.strip_suffix("-unstable").unwrap_or(text))
    }
}

impl fmt::Display for MajorSuffix<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.text)
    }
}

/// Splits a module path before its major version, as `module.SplitPathVersion` does.
///
/// It looks at the last element alone and does not check the rest of the path.
///
/// ```
/// use tminus_versioning::go::split_path_version;
///
/// let (prefix, suffix) = split_path_version("host.example/tool/v2")?;
/// assert_eq!((prefix, suffix.as_str(), suffix.major()), ("host.example/tool", "/v2", Some("v2")));
/// let (prefix, suffix) = split_path_version("gopkg.in/yaml.v3")?;
/// assert_eq!((prefix, suffix.as_str(), suffix.major()), ("gopkg.in/yaml", ".v3", Some("v3")));
/// # Ok::<(), tminus_versioning::go::PathVersionError>(())
/// ```
///
/// # Errors
///
/// - `/v0`, `/v1`, and a number with a leading zero or with dots: `/v02`, `/v2.0`
/// - a path at gopkg.in that does not end with a major version: `gopkg.in/yaml`
pub fn split_path_version(path: &str) -> Result<(&str, MajorSuffix<'_>), PathVersionError> {
    if path.starts_with("gopkg.in/") {
        return split_gopkg_in(path);
    }
    let head = path.trim_end_matches(|character: char| character.is_ascii_digit() || character == '.');
    let Some(prefix) = head.strip_suffix("/v").filter(|_| head.len() < path.len()) else {
        return Ok((path, MajorSuffix::default()));
    };
    let digits = path.get(head.len()..).unwrap_or_default();
    let reason = if digits.contains('.') {
        "the major version at its end must be one number"
    } else if digits == "1" || digits.starts_with('0') {
        "its end names a major version only from `/v2` on, without leading zeros"
    } else {
        return Ok((prefix, MajorSuffix { text: path.get(prefix.len()..).unwrap_or_default() }));
    };
    Err(PathVersionError { path: path.to_owned(), reason, offset: prefix.len() })
}

fn split_gopkg_in(path: &str) -> Result<(&str, MajorSuffix<'_>), PathVersionError> {
    let stable = path.strip_suffix("-unstable").unwrap_or(path);
    let head = stable.trim_end_matches(|character: char| character.is_ascii_digit());
    let digits = stable.get(head.len()..).unwrap_or_default();
    let fault = |reason, offset| Err(PathVersionError { path: path.to_owned(), reason, offset });
    match head.strip_suffix(".v") {
        Some(_) if digits.is_empty() => {
            fault("a path at gopkg.in must end with a number behind `.v`", head.len())
        }
        Some(_) if digits.starts_with('0') && (digits != "0" || stable != path) => {
            fault("the major version at its end must have no leading zeros", head.len())
        }
        Some(prefix) => Ok((prefix, MajorSuffix { text: path.get(prefix.len()..).unwrap_or_default() })),
        None => fault("a path at gopkg.in must end with `.v` and a number", head.len()),
    }
}

/// Checks that a version can be one of a module whose path ends with a suffix, as `module.CheckPathMajor` does.
///
/// A path without suffix takes `v0`, `v1` and every `+incompatible` version. The first pseudo-versions at gopkg.in were
/// `v0.0.0-…` below `.v1` too, and still pass.
///
/// ```
/// use tminus_versioning::go::{check_path_major, split_path_version};
///
/// let (_, suffix) = split_path_version("host.example/tool")?;
/// assert!(check_path_major(&"v1.4.0".parse()?, suffix).is_ok());
/// assert!(check_path_major(&"v2.0.0+incompatible".parse()?, suffix).is_ok());
/// let error = check_path_major(&"v2.0.0".parse()?, suffix).unwrap_err();
/// assert_eq!(error.to_string(), "version v2.0.0 does not fit the module path: its major version should be v0 or v1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// The version has another major number than the path.
pub fn check_path_major(version: &Version, suffix: MajorSuffix<'_>) -> Result<(), MajorMismatch> {
    let fits = match suffix.major() {
        None => matches!(version.major_text(), "v0" | "v1") || version.is_incompatible(),
        Some(major) => {
            version.major_text() == major
                || (suffix.as_str().starts_with(".v")
                    && major == "v1"
                    && version.as_str().starts_with("v0.0.0-"))
        }
    };
    if fits {
        return Ok(());
    }
    let expected = suffix.major().unwrap_or("v0 or v1").to_owned();
    Err(MajorMismatch { version: version.clone(), expected })
}

/// A module path does not end as its major version asks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path:?} cannot be a module path: {reason}")]
pub struct PathVersionError {
    path: String,
    reason: &'static str,
    offset: usize,
}

impl PathVersionError {
    /// The place in the path where its end stops to make sense, as a byte offset from 0.
    pub fn offset(&self) -> usize {
        self.offset
    }
}

/// A version and a module path name different major versions.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("version {version} does not fit the module path: its major version should be {expected}")]
pub struct MajorMismatch {
    version: Version,
    expected: String,
}
