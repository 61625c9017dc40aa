use std::fmt;
use std::str::FromStr;

use url::Url;

/// Longest owner or name that is read.
const PART_LIMIT: usize = 100;

/// A repository on a forge: `owner/name`.
///
/// ```
/// use tminus_forge::RepositoryId;
///
/// let id: RepositoryId = "acme/demo".parse()?;
/// assert_eq!((id.owner(), id.name()), ("acme", "demo"));
///
/// let (host, same) = RepositoryId::from_remote_url("git@forge.example:acme/demo.git").unwrap();
/// assert_eq!((host.as_str(), same), ("forge.example", id));
/// # Ok::<(), tminus_forge::IdError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RepositoryId {
    owner: String,
    name: String,
}

impl RepositoryId {
    /// The account or organisation.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// The repository's name in it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Host and repository of a remote's URL: `https://`, `http://`, `ssh://`, `git://` or git's short form
    /// `user@host:owner/name`. Credentials and port are left out, so is `.git` at the end.
    ///
    /// `None` for anything that does not name a host and two parts: local paths, groups within groups.
    pub fn from_remote_url(remote: &str) -> Option<(String, Self)> {
        let remote = remote.trim();
        let (host, path) = if remote.contains("://") {
            let url = Url::parse(remote).ok()?;
            if !matches!(url.scheme(), "https" | "http" | "ssh" | "git" | "git+ssh" | "ssh+git") {
                return None;
            }
            (url.host_str()?.to_ascii_lowercase(), url.path().to_owned())
        } else {
            let (place, path) = remote.split_once(':')?;
            let host = place.rsplit_once('@').map_or(place, |(_, host)| host);
            // One letter before the colon is a drive.
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
            if host.len() < 2 || !host.chars().all(plain) {
                return None;
            }
            (host.to_ascii_lowercase(), path.to_owned())
        };
        let path = path.trim_matches('/');
        let path = path.strip_suffix(".git").unwrap_or(path);
        Some((host, path.parse().ok()?))
    }
}

impl FromStr for RepositoryId {
    type Err = IdError;

    /// Reads `owner/name`.
    ///
    /// # Errors
    /// Not exactly two parts; an empty part, `.`, `..` or one of more than 100 characters; characters other than
    /// ASCII letters, digits, `.`, `-`, `_`; a name that ends in `.git`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || IdError::Repository { text: shortened(text) };
        let (owner, name) = text.split_once('/').ok_or_else(refused)?;
        let fine = |part: &str| {
            let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
            !matches!(part, "" | "." | "..") && part.len() <= PART_LIMIT && part.chars().all(known)
        };
        let suffixed = name.len() >= 4 && name.get(name.len() - 4..).is_some_and(|end| end == ".git");
        if !fine(owner) || !fine(name) || suffixed {
            return Err(refused());
        }
        Ok(Self { owner: owner.to_owned(), name: name.to_owned() })
    }
}

impl fmt::Display for RepositoryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

/// Which API a forge speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ForgeKind {
    /// GitHub, on its own host or on an enterprise's.
    GitHub,
}

impl fmt::Display for ForgeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::GitHub => "github",
        })
    }
}

/// A forge and a repository on it, as `tminus.toml` names them: `github:owner/name`.
///
/// ```
/// use tminus_forge::{ForgeId, ForgeKind};
///
/// let id: ForgeId = "github:acme/demo".parse()?;
/// assert_eq!((id.kind, id.repository.owner()), (ForgeKind::GitHub, "acme"));
/// assert_eq!(id.to_string(), "github:acme/demo");
/// # Ok::<(), tminus_forge::IdError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ForgeId {
    /// Which API.
    pub kind: ForgeKind,
    /// Which repository.
    pub repository: RepositoryId,
}

impl FromStr for ForgeId {
    type Err = IdError;

    /// Reads `github:owner/name`.
    ///
    /// # Errors
    /// No kind before a colon, a kind that is not known, and what [`RepositoryId::from_str`] refuses.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (kind, repository) =
            text.split_once(':').ok_or_else(|| IdError::NoKind { text: shortened(text) })?;
        match kind {
            "github" => Ok(Self { kind: ForgeKind::GitHub, repository: repository.parse()? }),
            _ => Err(IdError::Kind { kind: shortened(kind) }),
        }
    }
}

impl fmt::Display for ForgeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.repository)
    }
}

/// A text that names no repository.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdError {
    /// Not `owner/name`.
    #[error("{text:?} is not owner/name")]
    Repository {
        /// The text, shortened.
        text: String,
    },
    /// No `github:` in front.
    #[error("{text:?} does not say which kind of forge; write github:owner/name")]
    NoKind {
        /// The text, shortened.
        text: String,
    },
    /// A kind that is not known here.
    #[error("{kind:?} is not a known kind of forge; known is github")]
    Kind {
        /// The kind, shortened.
        kind: String,
    },
}

fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(remote: &str, expected: Option<(&str, &str)>) {
        let found = RepositoryId::from_remote_url(remote).map(|(host, id)| (host, id.to_string()));
        assert_eq!(found, expected.map(|(host, id)| (host.to_owned(), id.to_owned())), "{remote}");
    }

    #[test]
    fn remotes_in_every_spelling() {
        let demo = Some(("forge.example", "acme/demo"));
        check("https://forge.example/acme/demo", demo);
        check("https://forge.example/acme/demo.git", demo);
        check("https://Forge.example/acme/demo.git/", demo);
        check("https://user:token@forge.example:8443/acme/demo.git", demo);
        check("ssh://git@forge.example/acme/demo.git", demo);
        check("ssh://git@forge.example:22/acme/demo", demo);
        check("git+ssh://git@forge.example/acme/demo", demo);
        check("git://forge.example/acme/demo.git", demo);
        check("git@forge.example:acme/demo.git", demo);
        check("git@forge.example:/acme/demo.git\n", demo);
        check("forge.example:acme/demo", demo);
        check("http://127.0.0.1:3000/acme/demo.js", Some(("127.0.0.1", "acme/demo.js")));
    }

    #[test]
    fn what_is_no_repository_on_a_forge() {
        for remote in [
            "",
            "/srv/git/acme/demo.git",
            "../acme/demo",
            "C:/acme/demo",
            "C:\\acme\\demo",
            "file:///srv/acme/demo",
            "https://forge.example/acme",
            "https://forge.example/group/acme/demo",
            "https://forge.example/acme/de mo",
            "https://forge.example/acme/.git",
            "git@forge.example:demo",
            "--upload-pack=x:acme/demo",
            "ftp://forge.example/acme/demo",
        ] {
            check(remote, None);
        }
    }

    #[test]
    fn ids_are_checked() {
        for good in ["acme/demo", "ServiceNow/Fast-LLM", "a_b/c.d", "acme/.github"] {
            assert_eq!(good.parse::<RepositoryId>().unwrap().to_string(), good);
        }
        let long = format!("acme/{}", "x".repeat(101));
        for bad in
            ["", "acme", "acme/", "/demo", "a/b/c", "acme/..", "acme/a b", "ac?me/x", "acme/demo.git", &long]
        {
            assert!(bad.parse::<RepositoryId>().is_err(), "{bad}");
        }
        for (bad, told) in [
            ("acme/demo", "\"acme/demo\" does not say which kind of forge; write github:owner/name"),
            ("tracker:acme/demo", "\"tracker\" is not a known kind of forge; known is github"),
            ("github:acme", "\"acme\" is not owner/name"),
        ] {
            assert_eq!(bad.parse::<ForgeId>().unwrap_err().to_string(), told);
        }
    }
}
