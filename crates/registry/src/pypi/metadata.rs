use tminus_versioning::pep440::Version;

use super::ProjectName;

/// Core metadata: the `METADATA` of a wheel, the `PKG-INFO` of an sdist
/// ([specification](https://packaging.python.org/en/latest/specifications/core-metadata/)).
///
/// ```
/// use tminus_registry::pypi::CoreMetadata;
///
/// let metadata = CoreMetadata::parse("Metadata-Version: 2.4\nName: Demo\nVersion: 1.0\n\nA demo.\n")?;
/// assert_eq!(metadata.name().normalized(), "demo");
/// assert_eq!(metadata.description(), Some("A demo.\n"));
/// # Ok::<(), tminus_registry::pypi::MetadataError>(())
/// ```
#[derive(Debug, Clone)]
pub struct CoreMetadata {
    metadata_version: (u32, u32),
    name: ProjectName,
    version: Version,
    headers: Headers,
    description: Option<String>,
}

/// Name in lower case and value unfolded, in the order of the file.
type Headers = Vec<(String, String)>;

/// Why a text is not core metadata.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MetadataError {
    /// A line before the first empty one that is neither `Field: value` nor the continuation of one.
    #[error("line {line} is neither `Field: value` nor a continuation")]
    Line {
        /// Counted from one.
        line: usize,
    },
    /// A required field is not there.
    #[error("{field} is missing")]
    Missing {
        /// The field.
        field: &'static str,
    },
    /// A field that may be there once is there again.
    #[error("{field} is there twice")]
    Twice {
        /// The field.
        field: &'static str,
    },
    /// A field has a value that it must not have.
    #[error("{field} {value:?}: {problem}")]
    Value {
        /// The field.
        field: &'static str,
        /// Its value, shortened.
        value: String,
        /// What is wrong with it.
        problem: String,
    },
}

/// How a field goes into the upload form.
struct FormField {
    header: &'static str,
    form: &'static str,
    many: bool,
}

const fn one(header: &'static str, form: &'static str) -> FormField {
    FormField { header, form, many: false }
}

const fn many(header: &'static str, form: &'static str) -> FormField {
    FormField { header, form, many: true }
}

/// Every field that an upload carries, with the name that the form has for it. Some are plural there, some are not.
const FORM_FIELDS: [FormField; 30] = [
    many("platform", "platform"),
    many("supported-platform", "supported_platform"),
    one("summary", "summary"),
    one("description-content-type", "description_content_type"),
    one("keywords", "keywords"),
    one("home-page", "home_page"),
    one("download-url", "download_url"),
    one("author", "author"),
    one("author-email", "author_email"),
    one("maintainer", "maintainer"),
    one("maintainer-email", "maintainer_email"),
    one("license", "license"),
    one("license-expression", "license_expression"),
    many("license-file", "license_file"),
    many("classifier", "classifiers"),
    many("requires-dist", "requires_dist"),
    one("requires-python", "requires_python"),
    many("requires-external", "requires_external"),
    many("provides-dist", "provides_dist"),
    many("obsoletes-dist", "obsoletes_dist"),
    many("project-url", "project_urls"),
    many("provides-extra", "provides_extra"),
    many("dynamic", "dynamic"),
    many("import-name", "import_name"),
    many("import-namespace", "import_namespace"),
    many("requires", "requires"),
    many("provides", "provides"),
    many("obsoletes", "obsoletes"),
    one("metadata-version", "metadata_version"),
    one("version", "version"),
];

impl CoreMetadata {
    /// Reads a metadata file.
    ///
    /// # Errors
    /// A line that is no header; `Metadata-Version`, `Name` or `Version` missing, twice or malformed; another major
    /// metadata version than 1 and 2; another field of one value given twice.
    pub fn parse(text: &str) -> Result<Self, MetadataError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let (headers, body) = read_headers(text)?;
        for field in FORM_FIELDS.iter().filter(|field| !field.many) {
            if all(&headers, field.header).nth(1).is_some() {
                return Err(MetadataError::Twice { field: field.header });
            }
        }
        let value = single(&headers, "name")?;
        let name = value.parse().map_err(|error| wrong("name", value, &error))?;
        let value = single(&headers, "version")?;
        let version = value.parse().map_err(|error| wrong("version", value, &error))?;
        let value = single(&headers, "metadata-version")?;
        let metadata_version = value
            .split_once('.')
            .and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)))
            .filter(|(major, _)| matches!(major, 1 | 2))
            .ok_or_else(|| wrong("metadata-version", value, &"1.x and 2.x are understood"))?;
        let stated = all(&headers, "description").next().filter(|text| !text.is_empty());
        let description = stated.or(Some(body).filter(|body| !body.trim().is_empty())).map(str::to_owned);
        Ok(Self { metadata_version, name, version, headers, description })
    }

    /// `Name`.
    pub fn name(&self) -> &ProjectName {
        &self.name
    }

    /// `Version`.
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// `Requires-Python`.
    pub fn requires_python(&self) -> Option<&str> {
        self.all("Requires-Python").next()
    }

    /// The long description, from the body or the field.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// Every value of a field, its name in any case.
    pub fn all<'a>(&'a self, field: &str) -> impl Iterator<Item = &'a str> {
        let field = field.to_ascii_lowercase();
        self.headers.iter().filter(move |(name, _)| *name == field).map(|(_, value)| value.as_str())
    }

    /// The fields of the upload form that come from the metadata, fields of several values repeated.
    ///
    /// `requires_python` is there even when it is empty, as one kind of index insists on it. `license_file` is left
    /// out below metadata 2.4, which defined it: older builders wrote it too early and indexes refuse it then.
    pub fn form_fields(&self) -> Vec<(&'static str, &str)> {
        let mut fields = vec![("name", self.name.as_str())];
        for field in &FORM_FIELDS {
            if field.header == "license-file" && self.metadata_version < (2, 4) {
                continue;
            }
            let before = fields.len();
            let values = self.all(field.header).filter(|value| !value.is_empty() && *value != "UNKNOWN");
            fields.extend(values.map(|value| (field.form, value)));
            if field.header == "requires-python" && fields.len() == before {
                fields.push((field.form, ""));
            }
        }
        fields.extend(self.description().map(|description| ("description", description)));
        fields
    }
}

/// The headers and the body after the first empty line.
fn read_headers(text: &str) -> Result<(Headers, &str), MetadataError> {
    let mut headers = Headers::new();
    let mut rest = text;
    let mut number = 0;
    while !rest.is_empty() {
        number += 1;
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        rest = after;
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.is_empty() {
            return Ok((headers, rest));
        }
        if line.starts_with([' ', '\t']) {
            let Some((name, value)) = headers.last_mut() else {
                return Err(MetadataError::Line { line: number });
            };
            continue_value(name, value, line);
            continue;
        }
        let (name, value) = line.split_once(':').ok_or(MetadataError::Line { line: number })?;
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if name.is_empty() || !name.chars().all(fits) {
            return Err(MetadataError::Line { line: number });
        }
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    Ok((headers, ""))
}

/// Unfolds a continuation line. Texts keep their lines: older builders indent them by eight columns, of which the
/// last may be a `|`. Everything else is one line.
fn continue_value(name: &str, value: &mut String, line: &str) {
    if matches!(name, "description" | "license") {
        let indent = ["       |", "        "];
        let text = indent.iter().find_map(|indent| line.strip_prefix(indent));
        value.push('\n');
        value.push_str(text.unwrap_or_else(|| line.trim_start()));
    } else {
        if !value.is_empty() {
            value.push(' ');
        }
        value.push_str(line.trim());
    }
}

fn all<'a>(headers: &'a [(String, String)], field: &'a str) -> impl Iterator<Item = &'a str> {
    headers.iter().filter(move |(name, _)| name == field).map(|(_, value)| value.as_str())
}

fn single<'a>(headers: &'a [(String, String)], field: &'static str) -> Result<&'a str, MetadataError> {
    let mut values = headers.iter().filter(|(name, _)| name == field).map(|(_, value)| value.as_str());
    let value = values.next().ok_or(MetadataError::Missing { field })?;
    if values.next().is_some() { Err(MetadataError::Twice { field }) } else { Ok(value) }
}

fn wrong(field: &'static str, value: &str, problem: &dyn std::fmt::Display) -> MetadataError {
    MetadataError::Value { field, value: value.chars().take(100).collect(), problem: problem.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: &str = "Metadata-Version: 2.4\nName: Demo_App\nVersion: 1.0rc1\n";

    #[track_caller]
    fn check(more: &str, expected: &[(&str, &str)]) {
        let metadata = CoreMetadata::parse(&format!("{START}{more}")).unwrap();
        let always = ["metadata_version", "name", "version"];
        let mut fields = metadata.form_fields();
        fields.retain(|(name, value)| !always.contains(name) && (*name, *value) != ("requires_python", ""));
        assert_eq!(fields, expected, "{more}");
    }

    #[test]
    fn fields_of_the_form() {
        check("", &[]);
        check(
            "Summary: A demo\nClassifier: A :: B\nClassifier: C\nProject-URL: Home, https://demo.example\n",
            &[
                ("summary", "A demo"),
                ("classifiers", "A :: B"),
                ("classifiers", "C"),
                ("project_urls", "Home, https://demo.example"),
            ],
        );
        check(
            "License-Expression: MIT OR Apache-2.0\nLicense-File: A\nLicense-File: B\n",
            &[("license_expression", "MIT OR Apache-2.0"), ("license_file", "A"), ("license_file", "B")],
        );
        check("Home-page: UNKNOWN\nX-Other: 1\nAuthor:\n", &[]);
        check("Author: One\r\n  Two\r\n\r\nText\r\n", &[("author", "One Two"), ("description", "Text\r\n")]);
        check(
            "Description-Content-Type: text/markdown\n\n# Hi\n\nName: no header\n",
            &[("description_content_type", "text/markdown"), ("description", "# Hi\n\nName: no header\n")],
        );
        check(
            "Description: One\n       |\n       |  Two\n        Three\n",
            &[("description", "One\n\n  Two\nThree")],
        );
        check("License: Line 1\n        Line 2\n", &[("license", "Line 1\nLine 2")]);
    }

    #[test]
    fn fields_that_depend() {
        let old =
            CoreMetadata::parse("Metadata-Version: 2.1\nName: a\nVersion: 1\nLicense-File: L\n").unwrap();
        let fields = [("name", "a"), ("requires_python", ""), ("metadata_version", "2.1"), ("version", "1")];
        assert_eq!(old.form_fields(), fields);
        let new = CoreMetadata::parse(&format!("{START}Requires-Python: >=3.9\n")).unwrap();
        assert_eq!(new.requires_python(), Some(">=3.9"));
        assert!(new.form_fields().contains(&("requires_python", ">=3.9")));
    }

    #[track_caller]
    fn check_error(text: &str, expected: &str) {
        assert_eq!(CoreMetadata::parse(text).unwrap_err().to_string(), expected);
    }

    #[test]
    fn malformed_metadata_is_refused() {
        check_error("", "name is missing");
        check_error("Name: a\nMetadata-Version: 2.1\n", "version is missing");
        check_error("Name: a\nName: b\n", "name is there twice");
        check_error(&format!("{START}Summary: a\nsummary: b\n"), "summary is there twice");
        check_error(" folded\n", "line 1 is neither `Field: value` nor a continuation");
        check_error("Name: a\nwords\n", "line 2 is neither `Field: value` nor a continuation");
        check_error("Name: a\nVersion: 1\n", "metadata-version is missing");
        check_error(
            "Name: a\nVersion: 1\nMetadata-Version: 3.0\n",
            "metadata-version \"3.0\": 1.x and 2.x are understood",
        );
        assert!(CoreMetadata::parse("Name: a b\n").unwrap_err().to_string().starts_with("name \"a b\": "));
    }
}
