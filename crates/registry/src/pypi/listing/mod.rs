//! What an index lists under a project (PEP 503, PEP 691, PEP 700, PEP 592).

mod html;
mod json;

use tminus_http::{HttpError, Response, Url};
use tminus_versioning::pep440::Version;

use super::{FileName, Kind, ProjectName};
use crate::Sha256;

pub(crate) use html::plain_words;

/// What is asked for: JSON where the index has it, HTML otherwise.
pub(crate) const ACCEPT: &str = "application/vnd.pypi.simple.v1+json, \
     application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1";

/// The files of one project on one index.
#[derive(Debug, Clone)]
pub struct Listing {
    /// The project that was asked for.
    pub project: ProjectName,
    /// Whether the index knows the project at all.
    pub exists: bool,
    /// The files, in the order of the answer.
    pub files: Vec<File>,
}

/// One file of a [`Listing`].
#[derive(Debug, Clone)]
pub struct File {
    /// The name. It holds no `/`, `\` or control character; entries that do are not listed.
    pub filename: String,
    /// Where it is downloaded, without fragment.
    pub url: Url,
    /// The digest that the index states, if it states this one.
    pub sha256: Option<Sha256>,
    /// The size that the index states (PEP 700).
    pub size_bytes: Option<u64>,
    /// Whether the file was withdrawn.
    pub yanked: Yanked,
    /// When it was uploaded, RFC 3339, as the index says it (PEP 700).
    pub upload_time: Option<String>,
    /// The `Requires-Python` of the file.
    pub requires_python: Option<String>,
    parsed: Option<FileName>,
}

/// Whether a file was withdrawn (PEP 592).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Yanked {
    /// It is offered.
    #[default]
    No,
    /// It is offered to exact pins only.
    Yes {
        /// Why, where somebody said so.
        reason: Option<String>,
    },
}

impl Listing {
    /// The listing of a project that the index does not know.
    pub(crate) fn absent(project: &ProjectName) -> Self {
        Self { project: project.clone(), exists: false, files: Vec::new() }
    }

    /// Reads an answer of the simple API.
    ///
    /// # Errors
    /// A content type that is neither JSON nor HTML, malformed JSON, an API version other than 1.x.
    pub(crate) fn read(project: &ProjectName, response: &Response) -> Result<Self, HttpError> {
        let content_type = response.header(http::header::CONTENT_TYPE).unwrap_or("text/html");
        let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let files = match media_type.as_str() {
            "application/vnd.pypi.simple.v1+json" | "application/json" => json::files(project, response)?,
            "application/vnd.pypi.simple.v1+html" | "text/html" | "application/xhtml+xml" => {
                html::files(project, response)?
            }
            other => {
                let shown: String = other.chars().take(80).collect();
                return Err(response.malformed(format!("a listing of content type {shown:?}")));
            }
        };
        Ok(Self { project: project.clone(), exists: true, files })
    }

    /// The file of that name.
    pub fn file(&self, filename: &str) -> Option<&File> {
        self.files.iter().find(|file| file.filename == filename)
    }

    /// The wheels and sdists of `version`, however the index spells it.
    pub fn files_of<'a>(&'a self, version: &'a Version) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(move |file| file.version() == Some(version))
    }

    /// Every version that has a wheel or sdist, sorted.
    pub fn versions(&self) -> Vec<Version> {
        let mut versions: Vec<Version> =
            self.files.iter().filter_map(|file| file.version().cloned()).collect();
        versions.sort();
        versions.dedup();
        versions
    }
}

impl File {
    /// `None` for a name that must not be used as one.
    fn new(project: &ProjectName, filename: &str, mut url: Url) -> Option<Self> {
        let unsafe_char = |c: char| matches!(c, '/' | '\\') || c.is_control();
        if filename.is_empty() || matches!(filename, "." | "..") || filename.contains(unsafe_char) {
            return None;
        }
        url.set_fragment(None);
        Some(Self {
            filename: filename.to_owned(),
            url,
            sha256: None,
            size_bytes: None,
            yanked: Yanked::No,
            upload_time: None,
            requires_python: None,
            parsed: FileName::parse_for(filename, project).ok(),
        })
    }

    /// What its name says; `None` for eggs, installers and names of another project.
    pub fn name(&self) -> Option<&FileName> {
        self.parsed.as_ref()
    }

    /// The version in its name.
    pub fn version(&self) -> Option<&Version> {
        self.parsed.as_ref().map(FileName::version)
    }

    /// Wheel or sdist.
    pub fn kind(&self) -> Option<Kind> {
        self.parsed.as_ref().map(FileName::kind)
    }
}

#[cfg(test)]
mod tests;
