//! `[tool.towncrier]`.

use toml_edit::{Document, Item, TableLike};

use super::super::super::place::FileError;
use super::super::{ChangeFile, split};

/// The longest file of settings that is read, in bytes.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// A type of fragments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FragmentType {
    /// The word in the names of fragments.
    pub directory: String,
    /// Its heading.
    pub name: String,
    /// Whether the content is told, and not the issue alone.
    pub shown: bool,
}

/// What `[tool.towncrier]` says about where fragments stand and how they are named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The file that was read.
    pub path: String,
    /// `directory`, where one is named.
    pub directory: Option<String>,
    /// `package`; by default the name of the project.
    pub package: String,
    /// `package_dir`.
    pub package_dir: String,
    /// The sections by name, each with its path.
    pub sections: Vec<(String, String)>,
    /// The types.
    pub types: Vec<FragmentType>,
    /// `ignore`.
    pub ignore: Vec<String>,
    /// `orphan_prefix`.
    pub orphan_prefix: String,
    /// `issue_format`.
    pub issue_format: Option<String>,
    /// The file name of the template, which is no fragment.
    pub template: Option<String>,
    /// The name of the project: `[project]`, `name` or `package`.
    pub project: Option<String>,
}

impl Settings {
    /// Reads `towncrier.toml` or `pyproject.toml`. Nothing for a `pyproject.toml` without `[tool.towncrier]`; a
    /// `towncrier.toml` without it has the defaults. `pyproject` is the text of the `pyproject.toml` beside a
    /// `towncrier.toml`, for the name of the project.
    ///
    /// # Errors
    ///
    /// - no TOML: `[tool.`
    /// - a value of the wrong kind: `directory = 1`, a `[[tool.towncrier.type]]` without `name`, a
    ///   `[[tool.towncrier.section]]` without `path`
    /// - a directory outside of the repository: `directory = "../news"`
    ///
    /// ```
    /// use tminus_engine::changelog::read::files::towncrier::Settings;
    ///
    /// let settings = Settings::parse("towncrier.toml", "", None)?.unwrap();
    /// assert_eq!(settings.directories(), [("", "newsfragments".to_owned())]);
    /// let error = Settings::parse("towncrier.toml", "[tool.towncrier]\ndirectory = 1\n", None).unwrap_err();
    /// assert_eq!(error.to_string(), "towncrier.toml:2:13: `directory` must be a text");
    /// # Ok::<(), tminus_engine::changelog::read::FileError>(())
    /// ```
    pub fn parse(path: &str, text: &str, pyproject: Option<&str>) -> Result<Option<Self>, FileError> {
        let fail = |at: usize, message: &str| FileError::at(path, text, at, message);
        if text.len() > MAX_BYTES {
            return Err(fail(0, "the file is larger than 4 MiB"));
        }
        let document = Document::parse(text).map_err(|error| {
            let message = error.message().lines().collect::<Vec<_>>().join(" ");
            fail(error.span().map_or(0, |span| span.start), &message)
        })?;
        let root = document.as_table();
        let table = root.get("tool").and_then(|tool| tool.get("towncrier"));
        if table.is_none() && split(path).1 != "towncrier.toml" {
            return Ok(None);
        }
        let reader = Table { path, text, table: table.and_then(Item::as_table_like) };
        if let (Some(item), None) = (table, reader.table) {
            return Err(fail(item.span().map_or(0, |span| span.start), "`tool.towncrier` must be a table"));
        }
        let project = match pyproject {
            None => project_name(root),
            Some(text) => Document::parse(text).ok().and_then(|document| project_name(document.as_table())),
        };
        reader.settings(project).map(Some)
    }

    /// The sections and the directories in which their fragments stand, from the top of the repository.
    ///
    /// ```
    /// use tminus_engine::changelog::read::files::towncrier::Settings;
    ///
    /// let text = "[tool.towncrier]\npackage = 'demo'\npackage_dir = 'src'\n";
    /// let settings = Settings::parse("lib/towncrier.toml", text, None)?.unwrap();
    /// assert_eq!(settings.directories(), [("", "lib/src/demo/newsfragments".to_owned())]);
    /// # Ok::<(), tminus_engine::changelog::read::FileError>(())
    /// ```
    pub fn directories(&self) -> Vec<(&str, String)> {
        let base = split(&self.path).0;
        let of = |section: &str| match &self.directory {
            Some(directory) => join(&[base, directory, section]),
            None => join(&[base, &self.package_dir, &self.package, section, "newsfragments"]),
        };
        let known = self.sections.iter().filter_map(|(name, path)| Some((name.as_str(), of(path)?)));
        known.collect()
    }

    /// How an issue is told: `#12` for a number, by `issue_format` where there is one; of a link, its address.
    pub(super) fn reference(&self, issue: &str) -> String {
        let number = !issue.is_empty() && issue.bytes().all(|byte| byte.is_ascii_digit());
        match &self.issue_format {
            None if number => format!("#{issue}"),
            None => issue.to_owned(),
            Some(format) => {
                let told = format.replace("{issue}", issue).replace("{{", "{").replace("}}", "}");
                let Some(at) = told.find("https://").or_else(|| told.find("http://")) else { return told };
                let url = told.get(at..).unwrap_or_default();
                url.split(['>', ')', '`', '"', ' ', ']']).next().unwrap_or(url).to_owned()
            }
        }
    }
}

/// The settings of a project and of the packages in it: each `towncrier.toml`, and each `pyproject.toml` with
/// `[tool.towncrier]` that has no `towncrier.toml` beside it. Each file that cannot be read is an error of its own.
///
/// ```
/// use tminus_engine::changelog::read::files::{ChangeFile, towncrier};
///
/// let file = ChangeFile { path: "a/pyproject.toml", bytes: b"[tool.towncrier]\n" };
/// assert_eq!(towncrier::find(&[file])[0].as_ref().unwrap().path, "a/pyproject.toml");
/// ```
pub fn find(files: &[ChangeFile<'_>]) -> Vec<Result<Settings, FileError>> {
    let text = |path: &str| {
        let file = files.iter().find(|file| file.path == path)?;
        Some(String::from_utf8_lossy(file.bytes).into_owned())
    };
    let mut paths: Vec<&str> = files.iter().map(|file| file.path).collect();
    paths.sort_unstable();
    let mut found = Vec::new();
    for path in paths {
        let (directory, name) = split(path);
        let beside =
            |name: &str| if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") };
        let own = match name {
            "towncrier.toml" => Some(text(&beside("pyproject.toml")).unwrap_or_default()),
            "pyproject.toml" if text(&beside("towncrier.toml")).is_none() => None,
            _ => continue,
        };
        let read = Settings::parse(path, &text(path).unwrap_or_default(), own.as_deref());
        found.extend(read.transpose());
    }
    found
}

fn project_name(root: &dyn TableLike) -> Option<String> {
    Some(root.get("project")?.get("name")?.as_str()?.to_owned())
}

/// A path of its parts, `.` and `..` resolved; nothing where it leaves the repository.
fn join(parts: &[&str]) -> Option<String> {
    let mut path: Vec<&str> = Vec::new();
    for part in parts.iter().flat_map(|part| part.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                path.pop()?;
            }
            part => path.push(part),
        }
    }
    Some(path.join("/"))
}

struct Table<'a> {
    path: &'a str,
    text: &'a str,
    table: Option<&'a dyn TableLike>,
}

impl Table<'_> {
    fn get(&self, key: &str) -> Option<&Item> {
        self.table?.get(key).filter(|item| !item.is_none())
    }

    fn fail(&self, item: Option<&Item>, message: impl Into<String>) -> FileError {
        let at = item.and_then(Item::span).map_or(0, |span| span.start);
        FileError::at(self.path, self.text, at, message)
    }

    fn string(&self, key: &str) -> Result<Option<String>, FileError> {
        match self.get(key) {
            None => Ok(None),
            Some(item) => match item.as_str() {
                Some(text) => Ok(Some(text.to_owned())),
                None => Err(self.fail(Some(item), format!("`{key}` must be a text"))),
            },
        }
    }

    fn settings(&self, project: Option<String>) -> Result<Settings, FileError> {
        let written = self.string("package")?.filter(|package| !package.is_empty());
        let name = self.string("name")?.filter(|name| !name.is_empty());
        let template = self.string("template")?.filter(|text| text.contains('/') || !text.contains(':'));
        let settings = Settings {
            path: self.path.to_owned(),
            directory: self.string("directory")?,
            package: written.clone().or_else(|| project.clone()).unwrap_or_default(),
            package_dir: self.string("package_dir")?.unwrap_or_else(|| ".".to_owned()),
            sections: self.sections()?,
            types: self.types()?,
            ignore: self.ignore()?,
            orphan_prefix: self.string("orphan_prefix")?.unwrap_or_else(|| "+".to_owned()),
            issue_format: self.string("issue_format")?,
            template: template.map(|path| split(&path).1.to_owned()),
            project: project.or(name).or(written),
        };
        self.check(&settings)?;
        Ok(settings)
    }

    /// Every directory is inside of the repository.
    fn check(&self, settings: &Settings) -> Result<(), FileError> {
        let written = [&settings.directory, &Some(settings.package_dir.clone())];
        let absolute = written.iter().any(|path| path.as_deref().is_some_and(|path| path.starts_with('/')));
        if !absolute && settings.directories().len() == settings.sections.len() {
            return Ok(());
        }
        let item = self.get("directory").or_else(|| self.get("package_dir")).or_else(|| self.get("section"));
        Err(self.fail(item, "the directory of the fragments is outside of the repository"))
    }

    /// The tables of an array of tables, or of a list of inline tables.
    fn tables(&self, key: &str) -> Result<Vec<&dyn TableLike>, FileError> {
        let Some(item) = self.get(key) else { return Ok(Vec::new()) };
        let wrong = || self.fail(Some(item), format!("`{key}` must be a list of tables"));
        match item {
            Item::ArrayOfTables(tables) => Ok(tables.iter().map(|table| table as &dyn TableLike).collect()),
            Item::Value(value) => {
                let list = value.as_array().ok_or_else(wrong)?;
                list.iter()
                    .map(|value| value.as_inline_table().map(|t| t as &dyn TableLike).ok_or_else(wrong))
                    .collect()
            }
            _ => Err(wrong()),
        }
    }

    fn sections(&self) -> Result<Vec<(String, String)>, FileError> {
        let Some(item) = self.get("section") else { return Ok(vec![(String::new(), String::new())]) };
        let mut sections: Vec<(String, String)> = Vec::new();
        for table in self.tables("section")? {
            let text = |key: &str| table.get(key).and_then(Item::as_str).map(str::to_owned);
            let name = text("name").unwrap_or_default();
            let path = text("path").ok_or_else(|| {
                self.fail(Some(item), format!("the section `{name}` has no `path`"))
                    .hint("`path = \"\"` is the top")
            })?;
            // The last of one name counts, at the place of the first.
            match sections.iter_mut().find(|(known, _)| *known == name) {
                Some(known) => known.1 = path,
                None => sections.push((name, path)),
            }
        }
        Ok(sections)
    }

    /// `fragment` wins over `type`, and both over the defaults.
    fn types(&self) -> Result<Vec<FragmentType>, FileError> {
        if let Some(item) = self.get("fragment") {
            let wrong = || self.fail(Some(item), "`fragment` must be a table of tables");
            let table = item.as_table_like().ok_or_else(wrong)?;
            if !table.is_empty() {
                let mut types: Vec<FragmentType> = table.iter().map(|(key, item)| named(key, item)).collect();
                types.sort_by(|a, b| a.directory.cmp(&b.directory));
                return Ok(types);
            }
        }
        let tables = self.tables("type")?;
        if tables.is_empty() {
            return Ok(defaults());
        }
        let mut types: Vec<FragmentType> = Vec::new();
        for table in tables {
            let kind = listed(table).ok_or_else(|| self.fail(self.get("type"), "a type has no `name`"))?;
            types.retain(|known| known.directory != kind.directory);
            types.push(kind);
        }
        Ok(types)
    }

    fn ignore(&self) -> Result<Vec<String>, FileError> {
        let Some(item) = self.get("ignore") else { return Ok(Vec::new()) };
        let wrong = || self.fail(Some(item), "`ignore` must be a list of texts");
        let list = item.as_array().ok_or_else(wrong)?;
        list.iter().map(|value| value.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
    }
}

/// `[tool.towncrier.fragment.KEY]`.
fn named(key: &str, item: &Item) -> FragmentType {
    let mut letters = key.chars();
    let capital =
        letters.next().map(|c| c.to_uppercase().chain(letters.flat_map(char::to_lowercase)).collect());
    let name = item.get("name").and_then(Item::as_str).map(str::to_owned);
    FragmentType {
        directory: key.to_owned(),
        name: name.or(capital).unwrap_or_default(),
        shown: item.get("showcontent").and_then(Item::as_bool).unwrap_or(true),
    }
}

/// `[[tool.towncrier.type]]`.
fn listed(table: &dyn TableLike) -> Option<FragmentType> {
    let name = table.get("name")?.as_str()?.to_owned();
    let directory =
        table.get("directory").and_then(Item::as_str).map_or_else(|| name.to_lowercase(), str::to_owned);
    Some(FragmentType {
        directory,
        name,
        shown: table.get("showcontent").and_then(Item::as_bool).unwrap_or(true),
    })
}

fn defaults() -> Vec<FragmentType> {
    let rows = [
        ("feature", "Features", true),
        ("bugfix", "Bugfixes", true),
        ("doc", "Improved Documentation", true),
        ("removal", "Deprecations and Removals", true),
        ("misc", "Misc", false),
    ];
    let row = |(directory, name, shown): (&str, &str, bool)| FragmentType {
        directory: directory.to_owned(),
        name: name.to_owned(),
        shown,
    };
    rows.into_iter().map(row).collect()
}
