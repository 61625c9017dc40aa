//! A project's own format, as a minijinja template.

mod context;
mod error;
mod filters;

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};

use super::{ByPackage, Categories, Keep};
use crate::changelog::Document;
use crate::files::read_limited;

pub use error::TemplateError;

/// How many steps a template may take.
const FUEL: u64 = 5_000_000;
/// How deep macros, loops and included files may go.
const MAX_DEPTH: usize = 120;
/// The longest text that a template may give.
const MAX_OUTPUT_BYTES: usize = 8 * 1024 * 1024;
/// The largest file of a template.
const MAX_SOURCE_BYTES: u64 = 256 * 1024;

/// A template that gives the same text as a writer, as a beginning for one's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Builtin {
    /// [`Keep`], each change once.
    KeepAChangelog,
    /// [`ByPackage`], with the blank lines of the script.
    ByPackage,
    /// [`Categories`].
    GitHub,
}

impl Builtin {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::KeepAChangelog, Self::ByPackage, Self::GitHub];

    /// Its name on a command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::KeepAChangelog => "keep-a-changelog",
            Self::ByPackage => "by-package",
            Self::GitHub => "github",
        }
    }

    /// Its text.
    ///
    /// ```
    /// use tminus_engine::changelog::write::{Builtin, Keep, Template, examples};
    ///
    /// let template = Template::new("notes.md.j2", Builtin::KeepAChangelog.source())?;
    /// let document = examples::document();
    /// assert_eq!(template.render(&document)?, Keep::default().write(&document));
    /// # Ok::<(), tminus_engine::changelog::write::TemplateError>(())
    /// ```
    pub fn source(self) -> &'static str {
        match self {
            Self::KeepAChangelog => include_str!("keep_a_changelog.md.j2"),
            Self::ByPackage => include_str!("by_package.md.j2"),
            Self::GitHub => include_str!("github.md.j2"),
        }
    }
}

/// A template.
///
/// It sees `release`, `changes`, `packages`, `elsewhere`, `pull_requests`, `newcomers`, and what the writers make of them:
/// `sections` and `bullet` of [`Keep`], `listed` of [`ByPackage`], `notice`, `categories` and `contributors` of
/// [`Categories`]. Every name is there, `none` where there is nothing, which prints as `None`; a name that is not is an
/// error.
///
/// Filters beside those of minijinja:
///
/// | filter | what it gives |
/// |---|---|
/// | `inert`, `one_line`, `block("  ")` | a text from outside that cannot change what stands around it |
/// | `upper_first`, `lower_first` | the text with its first letter changed |
/// | `trim_message` | the first line of a message without ` (#12)` |
/// | `short` | the first seven characters of a commit |
/// | `link(url)`, `pull_request_link`, `issue_link` | a Markdown link |
/// | `scope` | `**scope:** `, or nothing |
/// | `wrap(80, 2)`, `indent(2, first=true)` | lines of a width, lines moved to the right |
/// | `group_by("kind")` | a list of `{name, changes}`; also by `scope`, `section`, `level`, `package` |
///
/// Nothing is escaped by itself. Included files stand in the directory of the template or below it. Steps, depth and
/// the length of the text have limits.
///
/// ```
/// use tminus_engine::changelog::write::{Template, examples};
///
/// let source = "{% for group in changes | group_by('package') %}{{ group.name }}: {{ group.changes | length }}\n{% endfor %}";
/// assert_eq!(Template::new("a.j2", source)?.render(&examples::document())?, "demo: 2\ndemo-core: 1\n");
/// let error = Template::new("a.j2", "\n{{ release.versoin }}")?.render(&examples::document()).unwrap_err();
/// assert_eq!(error.to_string(), "a.j2:2: `release.versoin` is not defined: did you mean `version`?");
/// # Ok::<(), tminus_engine::changelog::write::TemplateError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Template {
    name: String,
    source: String,
    directory: Option<PathBuf>,
    keep: Keep,
    list: ByPackage,
    notes: Categories,
}

impl Template {
    /// A template from its text; it cannot include files. `name` is for errors.
    ///
    /// # Errors
    ///
    /// - what is no template: `{% for x in %}`
    pub fn new(name: &str, source: &str) -> Result<Self, TemplateError> {
        let template = Self { name: name.to_owned(), source: source.to_owned(), ..Self::default() };
        let mut environment = template.environment(&Arc::new(super::examples::document()));
        let parsed = environment.add_template_owned(template.name.clone(), template.source.clone());
        parsed.map_err(|error| TemplateError::of(name, &error, &BTreeSet::new()))?;
        Ok(template)
    }

    /// The template in a file; it can include files of the same directory and below it.
    ///
    /// # Errors
    ///
    /// - no such file, no text, larger than 256 KiB
    /// - what is no template
    pub fn open(path: &Path) -> Result<Self, TemplateError> {
        let shown = path.display().to_string();
        let wrong = |error: io::Error| TemplateError::new(&shown, error.to_string());
        let source = read(path).map_err(wrong)?;
        let directory =
            path.parent().map(|parent| if parent.as_os_str().is_empty() { Path::new(".") } else { parent });
        let directory = directory.unwrap_or(Path::new(".")).canonicalize().map_err(wrong)?;
        Ok(Self { directory: Some(directory), ..Self::new(&shown, &source)? })
    }

    /// With writers that are set up in another way; what they make of the document is what the template sees of them.
    #[must_use]
    pub fn with_writers(mut self, keep: Keep, list: ByPackage, notes: Categories) -> Self {
        (self.keep, self.list, self.notes) = (keep, list, notes);
        self
    }

    /// The text of a document.
    ///
    /// # Errors
    ///
    /// - a name that is not there: `{{ release.versoin }}`
    /// - a file that is not there, or outside of the directory: `{% include "../x" %}`
    /// - more than five million steps, or a text longer than 8 MiB
    pub fn render(&self, document: &Document) -> Result<String, TemplateError> {
        let context = context::context(document, &self.keep, &self.list, &self.notes);
        let mut known = BTreeSet::new();
        context::names(&context, &mut known);
        let told = |error: &Error| TemplateError::of(&self.name, error, &known);
        let mut environment = self.environment(&Arc::new(document.clone()));
        environment
            .add_template_owned(self.name.clone(), self.source.clone())
            .map_err(|error| told(&error))?;
        let template = environment.get_template(&self.name).map_err(|error| told(&error))?;
        let mut text = Limited(Vec::new());
        template
            .render_captured_to(minijinja::Value::from(minijinja::value::Serde(&context)), &mut text)
            .map_err(|error| told(&error))?;
        String::from_utf8(text.0).map_err(|_| TemplateError::new(&self.name, "the text is not UTF-8"))
    }

    fn environment(&self, document: &Arc<Document>) -> Environment<'static> {
        let mut environment = Environment::new();
        environment.set_debug(true);
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_fuel(Some(FUEL));
        environment.set_recursion_limit(MAX_DEPTH);
        if let Some(directory) = self.directory.clone() {
            environment.set_loader(move |name| included(&directory, name));
        }
        filters::add(&mut environment, Arc::clone(document));
        environment
    }
}

/// The text of a file below a directory; links that lead out of it do not count.
fn included(directory: &Path, name: &str) -> Result<Option<String>, Error> {
    let outside = || {
        Error::new(
            ErrorKind::TemplateNotFound,
            format!("{name:?} is outside of the directory of the template"),
        )
    };
    let plain = |part: &str| !part.is_empty() && part != "." && part != "..";
    if name.contains(['\\', '\0']) || !name.split('/').all(plain) {
        return Err(outside());
    }
    let Ok(path) = directory.join(name).canonicalize() else { return Ok(None) };
    if !path.starts_with(directory) {
        return Err(outside());
    }
    let wrong = |error: io::Error| Error::new(ErrorKind::TemplateNotFound, format!("{name:?}: {error}"));
    read(&path).map(Some).map_err(wrong)
}

fn read(path: &Path) -> io::Result<String> {
    let bytes = read_limited(path, MAX_SOURCE_BYTES)?;
    String::from_utf8(bytes).map_err(|_| io::Error::other("the file is not UTF-8 text"))
}

/// Bytes up to the limit.
struct Limited(Vec<u8>);

impl Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MAX_OUTPUT_BYTES {
            return Err(io::Error::other("too long"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
