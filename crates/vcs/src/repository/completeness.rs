//! What a clone leaves out, and how to get it.

use gix::bstr::ByteSlice;

use super::settings::likely_remote;
use super::{Repository, RepositoryError, reading};
use crate::names::RemoteName;

/// What a repository leaves out of the history it was cloned from.
///
/// ```
/// use tminus_vcs::Completeness;
///
/// let shallow = Completeness { shallow: Some("origin".parse()?), partial: None };
/// assert_eq!(shallow.repair().as_deref(), Some("git fetch --unshallow origin"));
/// assert_eq!(shallow.to_string(), "a shallow clone");
/// assert!(Completeness::default().is_complete());
/// # Ok::<(), tminus_vcs::InvalidName>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completeness {
    /// History ends early (`git clone --depth`); the remote that probably has the rest.
    pub shallow: Option<RemoteName>,
    /// Files or directories are fetched only when they are needed (`git clone --filter`).
    pub partial: Option<Partial>,
}

/// A partial clone, see `git help partial-clone`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partial {
    /// The remote that promised to have what was left out.
    pub remote: RemoteName,
    /// What each fetch leaves out, such as `blob:none`.
    pub filter: String,
}

impl Completeness {
    /// Whether nothing is left out on purpose. Says nothing about damage.
    pub fn is_complete(&self) -> bool {
        self.shallow.is_none() && self.partial.is_none()
    }

    /// The commands that fetch what is left out, for a person to paste; `None` if nothing is.
    ///
    /// The filter goes last, so that a fetch that fails leaves the clone recognisable for what it is.
    pub fn repair(&self) -> Option<String> {
        let mut commands = Vec::new();
        if let Some(remote) = &self.shallow {
            commands.push(format!("git fetch --unshallow {}", word(remote.as_str())));
        }
        if let Some(Partial { remote, .. }) = &self.partial {
            let key = format!("remote.{remote}.partialclonefilter");
            commands.push(format!("git fetch --refetch --no-filter {}", word(remote.as_str())));
            commands.push(format!("git config --unset-all {}", word(&key)));
        }
        (!commands.is_empty()).then(|| commands.join(" && "))
    }
}

impl std::fmt::Display for Completeness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (&self.shallow, &self.partial) {
            (None, None) => f.write_str("a complete clone"),
            (Some(_), None) => f.write_str("a shallow clone"),
            (None, Some(partial)) => write!(f, "a partial clone without `{}`", partial.filter.escape_debug()),
            (Some(_), Some(partial)) => {
                write!(f, "a shallow and partial clone without `{}`", partial.filter.escape_debug())
            }
        }
    }
}

impl Repository {
    /// What this repository leaves out on purpose.
    ///
    /// A partial clone whose filter was removed counts as complete; what it should still lack is an error where it is read.
    ///
    /// # Errors
    ///
    /// The repository cannot be opened any more.
    pub fn completeness(&self) -> Result<Completeness, RepositoryError> {
        let repository = self.fresh()?;
        let shallow = repository.is_shallow().map_err(reading("read", "the shallow file"))?;
        let shallow = shallow.then(|| likely_remote(&repository));
        Ok(Completeness { shallow, partial: partial(&repository) })
    }

    /// Insists on a repository that leaves nothing out.
    ///
    /// # Errors
    ///
    /// [`RepositoryError::Incomplete`] with the commands that repair it.
    pub fn require_complete(&self) -> Result<(), RepositoryError> {
        let completeness = self.completeness()?;
        if completeness.is_complete() {
            return Ok(());
        }
        Err(RepositoryError::Incomplete { dir: self.top().to_owned(), completeness })
    }
}

/// The partial clone that the configuration speaks of. A remote without a filter gives everything, whatever it promised.
pub(super) fn partial(repository: &gix::Repository) -> Option<Partial> {
    let config = repository.config_snapshot();
    let text = |key: &str| config.string(key).and_then(|value| value.to_str().ok().map(str::to_owned));
    // Written by git before 2.25, with one filter for the only promisor remote.
    let old = text("extensions.partialClone");
    for name in repository.remote_names() {
        let Some(remote) = name.to_str().ok().and_then(|name| name.parse::<RemoteName>().ok()) else {
            continue;
        };
        let promisor = config.boolean(format!("remote.{remote}.promisor").as_str()).unwrap_or(false)
            || old.as_deref() == Some(remote.as_str());
        let filter = || {
            let own = text(&format!("remote.{remote}.partialclonefilter"));
            own.or_else(|| old.as_ref().and_then(|_| text("core.partialCloneFilter")))
        };
        if let (true, Some(filter)) = (promisor, filter()) {
            return Some(Partial { remote, filter });
        }
    }
    None
}

/// The remote that promised to have what this repository lacks, with or without a filter.
pub(super) fn promisor(repository: &gix::Repository) -> Option<RemoteName> {
    let config = repository.config_snapshot();
    let old = config.string("extensions.partialClone");
    repository.remote_names().iter().find_map(|name| {
        let remote = name.to_str().ok()?.parse::<RemoteName>().ok()?;
        let promised = config.boolean(format!("remote.{remote}.promisor").as_str()).unwrap_or(false);
        (promised || old.as_ref().is_some_and(|old| old == name)).then_some(remote)
    })
}

/// A word of a command as a shell takes it; names of remotes may contain `;` and quotes.
pub(super) fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._/-+@:".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::{Completeness, Partial};

    #[test]
    fn names_of_remotes_are_quoted_for_the_shell() {
        let partial = Partial { remote: "a;b'c".parse().unwrap(), filter: "blob:none".into() };
        let both = Completeness { shallow: Some("origin".parse().unwrap()), partial: Some(partial) };
        assert_eq!(
            both.repair().unwrap(),
            r"git fetch --unshallow origin && git fetch --refetch --no-filter 'a;b'\''c' && git config --unset-all 'remote.a;b'\''c.partialclonefilter'"
        );
        assert_eq!(both.to_string(), "a shallow and partial clone without `blob:none`");
        assert_eq!(Completeness::default().repair(), None);
    }
}
