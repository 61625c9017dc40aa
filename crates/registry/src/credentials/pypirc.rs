use tminus_http::Secret;

use super::MAX_FILE_BYTES;

/// A `.pypirc` file ([specification](https://packaging.python.org/en/latest/specifications/pypirc/)).
///
/// ```
/// use tminus_registry::credentials::Pypirc;
///
/// let file = Pypirc::parse("[staging]\nrepository = https://pypi.example/legacy/\npassword = pypi-AgEI\n")?;
/// let section = file.section("staging").expect("it is there");
/// assert_eq!(section.repository.as_deref(), Some("https://pypi.example/legacy/"));
/// assert!(!format!("{file:?}").contains("AgEI"));
/// # Ok::<(), tminus_registry::credentials::PypircError>(())
/// ```
///
/// # Deviations
/// `index` is ours: the read-back URL that belongs to `repository`. A section counts whether or not
/// `[distutils] index-servers` lists it. There is no interpolation and there are no built-in repositories.
#[derive(Debug, Clone, Default)]
pub struct Pypirc {
    index_servers: Option<Vec<String>>,
    sections: Vec<Section>,
}

/// A section of a [`Pypirc`].
#[derive(Debug, Clone, Default)]
pub struct Section {
    /// Its name.
    pub name: String,
    /// The upload URL.
    pub repository: Option<String>,
    /// The read-back URL that belongs to it.
    pub index: Option<String>,
    /// The user name.
    pub username: Option<String>,
    /// The password or token.
    pub password: Option<Secret>,
}

/// A `.pypirc` that cannot be read. The line is not quoted: it may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(".pypirc:{line}: {problem}")]
pub struct PypircError {
    /// Counted from one.
    pub line: usize,
    /// What is wrong.
    pub problem: &'static str,
}

impl Pypirc {
    /// Reads the text of a `.pypirc`.
    ///
    /// # Errors
    /// A line before any section, a line that is neither `[section]`, `key = value`, a continuation nor a comment, a
    /// section or key that is there twice, a file beyond 1 MiB.
    pub fn parse(text: &str) -> Result<Self, PypircError> {
        if text.len() > MAX_FILE_BYTES {
            return Err(PypircError { line: 1, problem: "the file is larger than 1 MiB" });
        }
        let mut file = Self::default();
        for raw in read_ini(text.strip_prefix('\u{feff}').unwrap_or(text))? {
            let value = |key: &str| {
                let found = raw.values.iter().find(|(name, _)| name == key).map(|(_, value)| value.trim());
                found.filter(|value| !value.is_empty()).map(str::to_owned)
            };
            if raw.name == "distutils" {
                let servers = value("index-servers");
                file.index_servers = servers.map(|text| text.split_whitespace().map(str::to_owned).collect());
                continue;
            }
            file.sections.push(Section {
                repository: value("repository"),
                index: value("index"),
                username: value("username"),
                password: value("password").map(Secret::new),
                name: raw.name,
            });
        }
        Ok(file)
    }

    /// `[distutils] index-servers`, where it is given.
    pub fn index_servers(&self) -> Option<&[String]> {
        self.index_servers.as_deref()
    }

    /// Every section but `[distutils]`, in the order of the file.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// The section of that name.
    pub fn section(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.name == name)
    }
}

struct RawSection {
    name: String,
    values: Vec<(String, String)>,
}

/// The dialect of Python's `configparser`: keys in any case, `=` or `:`, indented lines continue a value.
fn read_ini(text: &str) -> Result<Vec<RawSection>, PypircError> {
    let mut sections: Vec<RawSection> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let refuse = |problem| PypircError { line: index + 1, problem };
        let content = line.trim();
        if content.is_empty() || content.starts_with(['#', ';']) {
            continue;
        }
        if line.starts_with([' ', '\t'])
            && let Some((_, value)) = sections.last_mut().and_then(|section| section.values.last_mut())
        {
            value.push('\n');
            value.push_str(content);
            continue;
        }
        if let Some(inner) = content.strip_prefix('[') {
            let (name, _) = inner.split_once(']').ok_or_else(|| refuse("the section has no `]`"))?;
            if sections.iter().any(|section| section.name == name) {
                return Err(refuse("this section is there already"));
            }
            sections.push(RawSection { name: name.to_owned(), values: Vec::new() });
            continue;
        }
        let section = sections.last_mut().ok_or_else(|| refuse("this line belongs to no [section]"))?;
        let (key, value) =
            content.split_once(['=', ':']).ok_or_else(|| refuse("neither [section] nor `key = value`"))?;
        let key = key.trim().to_ascii_lowercase();
        if section.values.iter().any(|(name, _)| *name == key) {
            return Err(refuse("this key is there already"));
        }
        section.values.push((key, value.trim().to_owned()));
    }
    Ok(sections)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_file() {
        let file = Pypirc::parse(
            "\u{feff}# mine\n[distutils]\nindex-servers =\n  pypi\n  # not this\n  staging\n\n\
             [pypi]\nusername: __token__\nPassword = pypi-a=b:c%d\n\
             [staging]\r\nrepository = https://pypi.example/legacy/\r\nindex = https://pypi.example/simple/\r\n; end\n",
        )
        .unwrap();
        assert_eq!(file.index_servers().unwrap(), ["pypi", "staging"]);
        let names: Vec<&str> = file.sections().iter().map(|section| section.name.as_str()).collect();
        assert_eq!(names, ["pypi", "staging"]);
        let pypi = file.section("pypi").unwrap();
        assert_eq!(pypi.password.as_ref().unwrap().expose(), "pypi-a=b:c%d");
        assert_eq!((pypi.username.as_deref(), pypi.repository.as_deref()), (Some("__token__"), None));
        let staging = file.section("staging").unwrap();
        assert_eq!(staging.repository.as_deref(), Some("https://pypi.example/legacy/"));
        assert_eq!(staging.index.as_deref(), Some("https://pypi.example/simple/"));
    }

    #[track_caller]
    fn check_error(text: &str, expected: &str) {
        assert_eq!(Pypirc::parse(text).unwrap_err().to_string(), expected);
    }

    #[test]
    fn malformed_files_are_refused_without_quoting_them() {
        check_error("a = b\n", ".pypirc:1: this line belongs to no [section]");
        check_error("[a]\nhunter2\n", ".pypirc:2: neither [section] nor `key = value`");
        check_error("[a\n", ".pypirc:1: the section has no `]`");
        check_error("[a]\n[a]\n", ".pypirc:2: this section is there already");
        check_error("[a]\nx=1\nX=2\n", ".pypirc:3: this key is there already");
        check_error(&" ".repeat(MAX_FILE_BYTES + 1), ".pypirc:1: the file is larger than 1 MiB");
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(text in "(?s)[\\[\\]a=:# \n\t;]{0,60}") {
            drop(Pypirc::parse(&text));
        }
    }
}
