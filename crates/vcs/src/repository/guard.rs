//! Repositories that are refused before anything in them is believed.

use std::fs;
use std::path::Path;

use gix::config::Source;

use super::{Repository, RepositoryError};

/// gix would say of these that a configuration value is wrong, when it is only newer than we can read.
pub(super) fn refuse_unreadable_formats(dir: &Path, common_dir: &Path) -> Result<(), RepositoryError> {
    let path = common_dir.join("config");
    let Ok(config) = gix::config::File::from_path_no_includes(path, Source::Local) else {
        return Ok(());
    };
    let unsupported =
        |what: &str| RepositoryError::Unsupported { dir: dir.to_owned(), what: what.to_owned() };
    let extension = |key: &str| config.string(key).map(|value| value.to_string().to_ascii_lowercase());
    match extension("extensions.objectFormat").as_deref() {
        None | Some("sha1" | "sha256") => {}
        Some(other) => return Err(unsupported(&format!("{other} objects"))),
    }
    match extension("extensions.refStorage").as_deref() {
        None | Some("files") => {}
        Some(other) => return Err(unsupported(&format!("{other} references"))),
    }
    // Before version 1 git passes over extensions that it does not know.
    if config.integer("core.repositoryFormatVersion").ok().flatten().is_none_or(|version| version < 1) {
        return Ok(());
    }
    let sections = config.sections_by_name("extensions").into_iter().flatten();
    let names = sections.flat_map(|section| section.value_names().collect::<Vec<_>>());
    match names.map(|name| name.to_ascii_lowercase()).find(|name| !EXTENSIONS.contains(&name.as_str())) {
        None => Ok(()),
        Some(other) => {
            Err(unsupported(&format!("data in the form of the extension `{}`", other.escape_debug())))
        }
    }
}

/// Those of `git help repository-version` that change nothing for a reader, or that gix can read.
const EXTENSIONS: [&str; 8] = [
    "noop",
    "noop-v1",
    "objectformat",
    "partialclone",
    "preciousobjects",
    "refstorage",
    "relativeworktrees",
    "worktreeconfig",
];

/// git honours `info/grafts` in `log` and `describe`, gix does not.
pub(crate) fn refuse_grafts(dir: &Path, common_dir: &Path) -> Result<(), RepositoryError> {
    let Ok(text) = fs::read(common_dir.join("info").join("grafts")) else { return Ok(()) };
    let says_something = |line: &[u8]| !line.trim_ascii().is_empty() && !line.starts_with(b"#");
    if text.split(|byte| *byte == b'\n').any(says_something) {
        return Err(RepositoryError::Grafts { dir: dir.to_owned() });
    }
    Ok(())
}

/// `safe.bareRepository`, as git reads it: only from where a repository cannot put it. A git directory of an ordinary
/// repository is no bare one, even if one stands in it.
pub(super) fn refuse_implicit_bare(repository: &Repository) -> Result<(), RepositoryError> {
    if !repository.is_bare() || repository.git_dir().components().any(|part| part.as_os_str() == ".git") {
        return Ok(());
    }
    let opened = repository.fresh()?;
    let config = opened.config_snapshot();
    let own = |source: Source| matches!(source, Source::Local | Source::Worktree);
    let value = config.plumbing().string_filter("safe.bareRepository", |meta| !own(meta.source));
    if value.is_some_and(|value| value.eq_ignore_ascii_case(b"explicit")) {
        return Err(RepositoryError::ImplicitBare { dir: repository.git_dir().to_owned() });
    }
    Ok(())
}
