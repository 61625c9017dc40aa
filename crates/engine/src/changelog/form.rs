//! What a text looks like, and where in a file it belongs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use tminus_manifests::PackageId;
use tminus_manifests::RelPath;
use tminus_manifests::changelog::{ChangelogError, Outcome, insert_after};
use tminus_vcs::CommitId;

use super::scope::{Owner, Scope};
use super::tell::Telling;
use super::write::{ByPackage, Categories, Keep, Template, TemplateError};
use super::{ChangesError, Document, sources};
use crate::config::{ChangelogFormat, NameWord};

/// What a text looks like.
#[derive(Debug)]
pub enum Form {
    /// Keep a Changelog.
    Keep(Keep),
    /// By package.
    ByPackage(ByPackage),
    /// What GitHub generates.
    Categories(Categories),
    /// As a template says.
    Template(Box<Template>),
}

/// A text could not be made, or has no place.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FormError {
    /// What it is made of cannot be read.
    #[error(transparent)]
    Changes(#[from] ChangesError),
    /// The template.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The file.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// What stands against it.
        source: ChangelogError,
    },
    /// Nothing says where in the file an entry belongs.
    #[error("nothing says where in {path} an entry belongs")]
    NoPlace {
        /// The file.
        path: String,
    },
}

impl FormError {
    /// What to do about it.
    pub fn remedy(&self) -> Option<String> {
        match self {
            Self::Changes(error) => error.remedy().map(str::to_owned),
            Self::NoPlace { path } => Some(format!(
                "add a line such as `<!--- generated changelog --->` to {path}, and to tminus.toml: [changelog] \
                 placeholder = \"<!--- generated changelog --->\""
            )),
            _ => None,
        }
    }
}

/// The head of a new changelog.
const HEAD: &str = "# Changelog\n\nAll notable changes to this project are documented in this file. Its form is that of \
    [Keep a Changelog](https://keepachangelog.com/en/1.1.0/).\n\n## [Unreleased]\n";

impl Form {
    /// The form that a format names, with the settings that it reads in the repository.
    ///
    /// # Errors
    ///
    /// Settings or a template that cannot be read.
    pub fn load(
        scope: &Scope,
        commit: &CommitId,
        format: &ChangelogFormat,
        root: &Path,
    ) -> Result<Self, FormError> {
        Ok(match format {
            ChangelogFormat::KeepAChangelog => Self::Keep(Keep::default()),
            ChangelogFormat::ByPackage => Self::ByPackage(ByPackage {
                names: names(scope),
                left_out: frame(scope),
                ..ByPackage::default()
            }),
            ChangelogFormat::GitHub => {
                let settings = sources::release_yml(scope, commit)?.map(|(_, settings)| settings);
                Self::Categories(Categories { settings, ..Categories::default() })
            }
            ChangelogFormat::Template(path) => Self::template(&inside(root, path)?)?,
        })
    }

    /// The form of a template that somebody names by hand, wherever it lies.
    ///
    /// # Errors
    ///
    /// A template that cannot be read.
    pub fn template(path: &Path) -> Result<Self, FormError> {
        Ok(Self::Template(Box::new(Template::open(path)?)))
    }

    /// What its documents list.
    pub fn telling(&self) -> Telling {
        match self {
            Self::Keep(_) | Self::Template(_) => Telling::Changes,
            Self::ByPackage(_) | Self::Categories(_) => Telling::PullRequests,
        }
    }

    /// Whether it names first contributions.
    pub fn names_newcomers(&self) -> bool {
        matches!(self, Self::Categories(_) | Self::Template(_))
    }

    /// The text of a document; it ends with one line end.
    ///
    /// # Errors
    ///
    /// A template that cannot be rendered.
    pub fn text(&self, document: &Document) -> Result<String, FormError> {
        let text = match self {
            Self::Keep(keep) => keep.write(document),
            Self::ByPackage(list) => list.write(document),
            Self::Categories(categories) => categories.write(document),
            Self::Template(template) => template.render(document)?,
        };
        Ok(if text.is_empty() || text.ends_with('\n') { text } else { text + "\n" })
    }

    /// The text of a document for places that have a title of their own, such as the notes of a release.
    ///
    /// # Errors
    ///
    /// As for [`Form::text`].
    pub fn notes(&self, document: &Document) -> Result<String, FormError> {
        match self {
            Self::Keep(keep) => {
                let text = keep.body(document);
                Ok(if text.is_empty() { text } else { text + "\n" })
            }
            _ => self.text(document),
        }
    }

    /// A changelog with a document in it; a new one where there is none.
    ///
    /// # Errors
    ///
    /// A file that has no place for it, or would be read differently with it.
    pub fn update(
        &self,
        path: &str,
        existing: Option<&str>,
        placeholder: Option<&str>,
        document: &Document,
    ) -> Result<Outcome, FormError> {
        let file = |source| FormError::File { path: path.to_owned(), source };
        if let Self::Keep(keep) = self {
            return match existing {
                Some(text) => keep.update(text, document).map_err(file),
                None => match keep.update(HEAD, document).map_err(file)? {
                    Outcome::AlreadyThere => Ok(Outcome::Changed(HEAD.to_owned())),
                    changed @ Outcome::Changed(_) => Ok(changed),
                },
            };
        }
        let no_place = || FormError::NoPlace { path: path.to_owned() };
        let placeholder = placeholder.ok_or_else(no_place)?;
        let entry = self.text(document)?;
        let entry = entry.trim_end_matches('\n');
        let new;
        let existing = match existing {
            Some(text) => text,
            None => {
                new = format!("# Changelog\n\n{placeholder}\n");
                &new
            }
        };
        insert_after(existing, placeholder, entry).map_err(file)
    }
}

/// What packages are called, where it is not as their manifests say.
fn names(scope: &Scope) -> BTreeMap<PackageId, String> {
    let named = |owner: &Owner| {
        let name = owner.directory.rsplit('/').next().filter(|name| !name.is_empty())?;
        (owner.directory != scope.prefix).then(|| (owner.id.clone(), name.to_owned()))
    };
    match scope.config.names {
        NameWord::Package => BTreeMap::new(),
        NameWord::Directory => scope.owners.iter().filter_map(named).collect(),
    }
}

/// A file that tminus.toml names: what a pull request can write must not read what lies outside the project.
fn inside(root: &Path, path: &str) -> Result<PathBuf, FormError> {
    let fail =
        |reason: String| FormError::Changes(ChangesError::File { path: path.to_owned(), line: None, reason });
    let relative: RelPath = path.parse().map_err(|error| fail(format!("[changelog] format: {error}")))?;
    let full = root.join(relative.as_str());
    let real = full.canonicalize().map_err(|error| fail(format!("cannot be read: {error}")))?;
    let home = root.canonicalize().map_err(|error| fail(format!("cannot be read: {error}")))?;
    if real.starts_with(&home) { Ok(real) } else { Err(fail("it leads out of the project".to_owned())) }
}

/// The package at the top that only binds the others together: its directory holds all the others.
fn frame(scope: &Scope) -> BTreeSet<PackageId> {
    if scope.owners.len() < 2 {
        return BTreeSet::new();
    }
    scope
        .owners
        .iter()
        .filter(|owner| owner.directory == scope.prefix)
        .map(|owner| owner.id.clone())
        .collect()
}
