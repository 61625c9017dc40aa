//! Text of a project with the version and its relatives filled in: `Release version {version}`, `{next_patch}-dev`.

use std::fmt;
use std::str::FromStr;

pub use crate::placeholder::PlaceholderError as TemplateError;
use crate::placeholder::{self, Segment};
use crate::serde_text::serde_as_text;
use crate::{Bump, CannotExpress, Phase, ReleaseVersion, Scheme};

/// A text with placeholders, checked when it is read.
///
/// | placeholder | for `0.4.0rc1` |
/// |---|---|
/// | `{version}` | `0.4.0rc1`, or the spelling given with [`Values::version`] |
/// | `{major}`, `{minor}`, `{patch}` | `0`, `4`, `0` |
/// | `{next_major}`, `{next_minor}`, `{next_patch}` | `1.0.0`, `0.5.0`, `0.4.1`: after the release that it leads to |
/// | `{package}`, `{date}`, `{previous}` | as given |
///
/// `{{` and `}}` stand for braces. What stands around a placeholder stays as the project wrote it, so that
/// `{next_patch}-dev` gives `0.4.1-dev` and not its canonical form.
///
/// ```
/// use tminus_versioning::{ReleaseVersion, Scheme, Template, Values};
///
/// let template: Template = "Start development on {next_patch}-dev".parse()?;
/// let values = Values::of(&ReleaseVersion::new(0, 2, 0), Scheme::Pep440)?;
/// assert_eq!(template.render(&values)?, "Start development on 0.2.1-dev");
///
/// let error = "{verison}".parse::<Template>().unwrap_err();
/// assert_eq!(error.to_string(), "unknown placeholder `{verison}` at character 1: did you mean `{version}`?");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Template {
    text: String,
    segments: Vec<Segment<Placeholder>>,
}

/// A name that may stand in the braces of a [`Template`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Placeholder {
    /// The version as text.
    Version,
    /// The first release number.
    Major,
    /// The second release number.
    Minor,
    /// The third release number.
    Patch,
    /// The major release after this one.
    NextMajor,
    /// The minor release after this one.
    NextMinor,
    /// The patch release after this one.
    NextPatch,
    /// The name of a package.
    Package,
    /// The date of the release.
    Date,
    /// The version before this one.
    Previous,
}

impl Placeholder {
    /// Every placeholder, in the order in which they are documented.
    pub const ALL: [Self; 10] = [
        Self::Version,
        Self::Major,
        Self::Minor,
        Self::Patch,
        Self::NextMajor,
        Self::NextMinor,
        Self::NextPatch,
        Self::Package,
        Self::Date,
        Self::Previous,
    ];

    /// The name between the braces.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::Major => "major",
            Self::Minor => "minor",
            Self::Patch => "patch",
            Self::NextMajor => "next_major",
            Self::NextMinor => "next_minor",
            Self::NextPatch => "next_patch",
            Self::Package => "package",
            Self::Date => "date",
            Self::Previous => "previous",
        }
    }
}

/// What a [`Template`] is filled with.
///
/// Starts from a version with [`of`](Self::of), or empty with `default` for templates that need none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    version: Option<String>,
    numbers: Option<[u64; 3]>,
    next: [Option<String>; 3],
    package: Option<String>,
    date: Option<String>,
    previous: Option<String>,
}

impl Values {
    /// The values that follow from a version, spelled in a scheme.
    ///
    /// # Errors
    ///
    /// The scheme cannot say the version.
    pub fn of(version: &ReleaseVersion, scheme: Scheme) -> Result<Self, CannotExpress> {
        let release = version.clone().with_phase(Phase::Final);
        let next = |bump| release.next(bump).ok().and_then(|next| next.render(scheme).ok());
        Ok(Self {
            version: Some(version.render(scheme)?),
            numbers: Some([version.major(), version.minor(), version.patch()]),
            next: [next(Bump::Major), next(Bump::Minor), next(Bump::Patch)],
            ..Self::default()
        })
    }

    /// Replaces the spelling of the version, for projects with a spelling of their own.
    #[must_use]
    pub fn version(mut self, text: impl Into<String>) -> Self {
        self.version = Some(text.into());
        self
    }

    /// Sets the name of the package.
    #[must_use]
    pub fn package(mut self, name: impl Into<String>) -> Self {
        self.package = Some(name.into());
        self
    }

    /// Sets the date, in the spelling that the text is to have.
    #[must_use]
    pub fn date(mut self, date: impl Into<String>) -> Self {
        self.date = Some(date.into());
        self
    }

    /// Sets the version before this one.
    #[must_use]
    pub fn previous(mut self, version: impl Into<String>) -> Self {
        self.previous = Some(version.into());
        self
    }

    fn get(&self, placeholder: Placeholder) -> Option<String> {
        let [major, minor, patch] = self.numbers.map_or([None; 3], |numbers| numbers.map(Some));
        let [next_major, next_minor, next_patch] = &self.next;
        match placeholder {
            Placeholder::Version => self.version.clone(),
            Placeholder::Major => major.map(|number| number.to_string()),
            Placeholder::Minor => minor.map(|number| number.to_string()),
            Placeholder::Patch => patch.map(|number| number.to_string()),
            Placeholder::NextMajor => next_major.clone(),
            Placeholder::NextMinor => next_minor.clone(),
            Placeholder::NextPatch => next_patch.clone(),
            Placeholder::Package => self.package.clone(),
            Placeholder::Date => self.date.clone(),
            Placeholder::Previous => self.previous.clone(),
        }
    }
}

impl Template {
    /// The template as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The placeholders in the order in which they stand in the text.
    pub fn placeholders(&self) -> impl Iterator<Item = Placeholder> + '_ {
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Placeholder(placeholder) => Some(*placeholder),
            Segment::Literal(_) => None,
        })
    }

    /// Fills the template.
    ///
    /// # Errors
    ///
    /// A placeholder has no value here: `{previous}` before the first release, say.
    pub fn render(&self, values: &Values) -> Result<String, RenderError> {
        let mut text = String::new();
        for segment in &self.segments {
            match segment {
                Segment::Literal(literal) => text.push_str(literal),
                Segment::Placeholder(placeholder) => {
                    let value = values.get(*placeholder).ok_or_else(|| RenderError {
                        template: self.text.clone(),
                        placeholder: *placeholder,
                    })?;
                    text.push_str(&value);
                }
            }
        }
        Ok(text)
    }
}

impl FromStr for Template {
    type Err = TemplateError;

    /// Reads a template.
    ///
    /// # Errors
    ///
    /// - an unknown placeholder: `{verison}`, `{ version }`, `{}`
    /// - a brace without its counterpart: `{version`, `version}`
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Placeholder::ALL.map(|placeholder| (placeholder.as_str(), placeholder));
        Ok(Self { text: text.to_owned(), segments: placeholder::parse(text, &known)? })
    }
}

impl fmt::Display for Template {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

serde_as_text!(Template, "a text with placeholders, such as `{next_patch}-dev`", |template| template
    .text
    .clone());

/// A placeholder of a template has no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{template}` needs a value for `{{{}}}`, and there is none here", placeholder.as_str())]
pub struct RenderError {
    template: String,
    placeholder: Placeholder,
}

impl RenderError {
    /// The placeholder without a value.
    pub fn placeholder(&self) -> Placeholder {
        self.placeholder
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(version: &str, scheme: Scheme) -> Values {
        Values::of(&version.parse().unwrap(), scheme).unwrap()
    }

    #[track_caller]
    fn check(template: &str, values: &Values, expected: &str) {
        let template: Template = template.parse().unwrap();
        assert_eq!(template.render(values).as_deref(), Ok(expected));
    }

    #[track_caller]
    fn check_refused(template: &str, expected: &str) {
        assert_eq!(template.parse::<Template>().unwrap_err().to_string(), expected);
    }

    #[test]
    fn placeholders_are_filled() {
        let rc = values("0.4.0rc1", Scheme::Pep440);
        check("", &rc, "");
        check("Release version {version}", &rc, "Release version 0.4.0rc1");
        check("release-{major}.{minor}.x", &rc, "release-0.4.x");
        check("{next_major} {next_minor} {next_patch}", &rc, "1.0.0 0.5.0 0.4.1");
        check("{{{version}}} {{version}}", &rc, "{0.4.0rc1} {version}");
        check("{patch}{patch}", &rc, "00");
        check("{version}", &values("0.4.0rc1", Scheme::Semver), "0.4.0-rc.1");
    }

    #[test]
    fn the_spelling_of_the_project_is_kept() {
        check("{next_patch}-dev", &values("0.2.0", Scheme::Pep440), "0.2.1-dev");
        check("{next_patch}.dev0", &values("0.4.5", Scheme::Pep440), "0.4.6.dev0");
        check("v{version}", &values("1.0", Scheme::Pep440).version("1.0-final"), "v1.0-final");
        check("{next_minor}", &values("1.2", Scheme::Pep440), "1.3");
        check("{next_minor}", &values("1.2", Scheme::Semver), "1.3.0");
    }

    #[test]
    fn given_values_are_used_and_missing_ones_named() {
        let values = Values::default().package("demo").date("2026-11-20").previous("0.3.9");
        check("{package} {date} {previous}", &values, "demo 2026-11-20 0.3.9");
        let template: Template = "v{version}".parse().unwrap();
        let error = template.render(&values).unwrap_err();
        assert_eq!(error.placeholder(), Placeholder::Version);
        assert_eq!(error.to_string(), "`v{version}` needs a value for `{version}`, and there is none here");
    }

    #[test]
    fn a_number_that_cannot_grow_has_no_next() {
        let values = values("18446744073709551615.1", Scheme::Pep440);
        check("{next_minor}", &values, "18446744073709551615.2");
        let template: Template = "{next_major}".parse().unwrap();
        assert_eq!(template.render(&values).unwrap_err().placeholder(), Placeholder::NextMajor);
    }

    #[test]
    fn malformed_templates_are_refused_with_their_place() {
        check_refused(
            "é {nextpatch}",
            "unknown placeholder `{nextpatch}` at character 3: did you mean `{next_patch}`?",
        );
        check_refused(
            "{Version}",
            "unknown placeholder `{Version}` at character 1: did you mean `{version}`?",
        );
        check_refused(
            "{ version }",
            "unknown placeholder `{ version }` at character 1: did you mean `{version}`?",
        );
        check_refused("v{version", "the `{` at character 2 is never closed (write `{{` for a brace)");
        check_refused("{a{version}", "the `{` at character 1 is never closed (write `{{` for a brace)");
        check_refused("version}", "the `}` at character 8 closes nothing (write `}}` for a brace)");
        check_refused(&"x".repeat(5000), "the text is 5000 bytes long, at most 4096 are allowed");
        let long = format!("{{{}}}", "é".repeat(2000)).parse::<Template>().unwrap_err().to_string();
        assert!(
            long.starts_with(&format!("unknown placeholder `{{{}}}` at character 1: ", "é".repeat(40))),
            "{long}"
        );
        assert!(long.len() < 400, "{long}");
        let error = "{}".parse::<Template>().unwrap_err().to_string();
        assert!(
            error.starts_with("unknown placeholder `{}` at character 1: there are `{version}`, `{major}`"),
            "{error}"
        );
    }

    #[test]
    fn templates_list_their_placeholders_and_survive_json() {
        let template: Template = "{date}: v{version}".parse().unwrap();
        assert_eq!(template.placeholders().collect::<Vec<_>>(), [Placeholder::Date, Placeholder::Version]);
        let json = serde_json::to_string(&template).unwrap();
        assert_eq!(json, "\"{date}: v{version}\"");
        assert_eq!(serde_json::from_str::<Template>(&json).unwrap(), template);
        assert!(serde_json::from_str::<Template>("\"{verison}\"").is_err());
    }
}
