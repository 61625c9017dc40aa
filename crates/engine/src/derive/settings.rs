//! What a project says about its version, as setuptools-scm reads it.

use std::path::{Path, PathBuf};

use tminus_versioning::scm::{
    DescribeCommand, Fragments, LocalScheme, Settings, ShallowPolicy, VersionScheme,
};

use super::DeriveError;
use super::expression::Expression;
use super::table::{Entries, Entry, Setting};

/// The settings of a project.
#[derive(Debug, Default)]
pub(super) struct Configured {
    /// The directory of the file, or where the question was asked if there is none.
    pub(super) project: PathBuf,
    /// The file, if there is one.
    pub(super) file: Option<PathBuf>,
    /// Its table, if there is one.
    pub(super) table: Option<&'static str>,
    /// `root`, as it is written.
    pub(super) root: String,
    /// Whether the place of the project in the repository is compared with `project_path` or `root`.
    pub(super) project_path: Option<String>,
    pub(super) search_parents: bool,
    pub(super) distribution: Option<String>,
    pub(super) version_scheme: Option<VersionScheme>,
    pub(super) local_schemes: Option<Vec<LocalScheme>>,
    pub(super) expression: Option<Expression>,
    pub(super) tag_prefix: String,
    pub(super) tag_strict: Option<bool>,
    pub(super) describe_command: Option<DescribeCommand>,
    pub(super) fallback_version: Option<String>,
    pub(super) parent_directory_prefix: Option<String>,
    pub(super) normalize: Option<bool>,
    pub(super) on_shallow: Option<ShallowPolicy>,
    /// What there is to say about the settings themselves.
    pub(super) warnings: Vec<String>,
}

impl Configured {
    /// Whether the version depends on changelog fragments.
    pub(super) fn wants_fragments(&self) -> bool {
        matches!(
            self.version_scheme,
            Some(VersionScheme::TowncrierFragments | VersionScheme::TowncrierFragmentsZerover)
        )
    }

    /// The same for the rules.
    pub(super) fn settings(&self, fragments: Fragments) -> Settings<'_> {
        let mut settings = Settings {
            tag_prefix: self.tag_prefix.clone(),
            tag_strict: self.tag_strict,
            describe_command: self.describe_command.clone(),
            fallback_version: self.fallback_version.clone(),
            parent_directory_prefix: self.parent_directory_prefix.clone(),
            normalize: self.normalize.unwrap_or(true),
            fragments,
            ..Settings::default()
        };
        if let Some(scheme) = self.version_scheme {
            settings.version_scheme = scheme;
        }
        if let Some(schemes) = &self.local_schemes {
            settings.local_schemes.clone_from(schemes);
        }
        if let Some(expression) = &self.expression {
            settings.tag_reader = expression;
        }
        if let Some(policy) = self.on_shallow {
            settings.on_shallow = policy;
        }
        settings
    }

    /// The directory where the repository is looked for.
    pub(super) fn probe_root(&self) -> PathBuf {
        plain(&self.project.join(&self.root))
    }

    /// Takes over one table after the other: a later one wins key by key.
    pub(super) fn read(&mut self, entries: &Entries) -> Result<(), DeriveError> {
        if let (Some(_), Some(old)) =
            (entries.get("tag").and_then(|tag| tag.table("tag").ok()?.get("regex")), entries.get("tag_regex"))
        {
            return Err(refused(
                old,
                "`tag_regex` and `tag.regex` cannot both be given",
                "remove `tag_regex`",
            ));
        }
        let normalize = entries.get("normalize").map(|entry| entry.flag("normalize")).transpose()?;
        for (key, entry) in entries {
            self.read_key(key, entry)?;
        }
        self.normalize = normalize.or(self.normalize);
        Ok(())
    }

    fn read_key(&mut self, key: &str, entry: &Entry) -> Result<(), DeriveError> {
        let owned = |entry: &Entry| entry.text(key).map(str::to_owned);
        match key {
            "root" => self.root = owned(entry)?,
            "project_path" => self.project_path = Some(owned(entry)?),
            "search_parent_directories" => self.search_parents = entry.flag(key)?,
            "dist_name" => self.distribution = Some(owned(entry)?),
            "version_scheme" => self.version_scheme = version_scheme(entry)?,
            "local_scheme" => self.local_schemes = Some(local_schemes(entry)?),
            "tag_regex" => self.expression = Some(Expression::read(key, entry)?),
            "parentdir_prefix_version" => self.parent_directory_prefix = Some(owned(entry)?),
            "fallback_version" => self.fallback_version = Some(owned(entry)?),
            "git_describe_command" => self.describe_command = Some(command(key, entry)?),
            "tag" => self.read_tag(entry.table(key)?)?,
            "scm" => self.read_scm(entry.table(key)?)?,
            // Read above, with the rest of the table.
            "normalize" => drop(entry.flag(key)?),
            "relative_to" => self.warnings.push(format!(
                "{}: `relative_to` has no effect, paths are relative to the file itself",
                entry.place
            )),
            // What is written when a package is built, and what newer versions read no more.
            "write_to"
            | "write_to_template"
            | "version_file"
            | "version_file_template"
            | "write_to_source"
            | "fallback_root"
            | "parent" => {}
            "parse" | "version_cls" => return Err(only_python(key, entry)),
            _ => return Err(unknown("", key, entry, &KEYS)),
        }
        Ok(())
    }

    fn read_tag(&mut self, table: &Entries) -> Result<(), DeriveError> {
        (self.tag_prefix, self.tag_strict) = (String::new(), None);
        for (key, entry) in table {
            match key.as_str() {
                "prefix" => entry.text("tag.prefix")?.clone_into(&mut self.tag_prefix),
                "strict" => self.tag_strict = Some(entry.flag("tag.strict")?),
                "regex" => self.expression = Some(Expression::read("tag.regex", entry)?),
                _ => return Err(unknown("tag.", key, entry, &["prefix", "regex", "strict"])),
            }
        }
        Ok(())
    }

    fn read_scm(&mut self, table: &Entries) -> Result<(), DeriveError> {
        self.on_shallow = None;
        for (key, entry) in table {
            if key != "git" {
                return Err(unknown("scm.", key, entry, &["git"]));
            }
            for (key, entry) in entry.table("scm.git")? {
                match key.as_str() {
                    "describe_command" => {
                        self.describe_command = Some(command("scm.git.describe_command", entry)?);
                    }
                    "pre_parse" => {
                        let text = entry.text("scm.git.pre_parse")?;
                        let read = text
                            .parse()
                            .map_err(|error| refused(entry, &format!("{error}"), "take one of these"))?;
                        self.on_shallow = Some(read);
                    }
                    "distance_scope" => match entry.value {
                        Setting::Flag(false) => {}
                        _ => {
                            return Err(refused(
                                entry,
                                "`scm.git.distance_scope` counts commits by the paths they touch, which is not done here",
                                "ask setuptools-scm itself, or remove the key",
                            ));
                        }
                    },
                    // It has a meaning beside `distance_scope` only.
                    "distance_count" => drop(entry.text("scm.git.distance_count")?),
                    _ => return Err(unknown("scm.git.", key, entry, &GIT_KEYS)),
                }
            }
        }
        Ok(())
    }
}

/// The keys of `[tool.setuptools_scm]`.
const KEYS: [&str; 22] = [
    "dist_name",
    "fallback_root",
    "fallback_version",
    "git_describe_command",
    "local_scheme",
    "normalize",
    "parent",
    "parentdir_prefix_version",
    "parse",
    "project_path",
    "relative_to",
    "root",
    "scm",
    "search_parent_directories",
    "tag",
    "tag_regex",
    "version_cls",
    "version_file",
    "version_file_template",
    "version_scheme",
    "write_to",
    "write_to_template",
];

const GIT_KEYS: [&str; 4] = ["describe_command", "distance_count", "distance_scope", "pre_parse"];

pub(super) fn refused(entry: &Entry, what: &str, remedy: &str) -> DeriveError {
    DeriveError::Setting { place: entry.place.clone(), what: what.to_owned(), remedy: remedy.to_owned() }
}

fn only_python(key: &str, entry: &Entry) -> DeriveError {
    refused(
        entry,
        &format!("`{key}` names code of the project, which only Python can run"),
        "ask setuptools-scm itself, or leave the project's settings out with --defaults",
    )
}

pub(super) fn unknown(prefix: &str, key: &str, entry: &Entry, known: &[&str]) -> DeriveError {
    let near =
        known.iter().max_by(|a, b| strsim::jaro_winkler(key, a).total_cmp(&strsim::jaro_winkler(key, b)));
    let remedy = match near {
        Some(near) if strsim::jaro_winkler(key, near) > 0.8 => format!("did you mean `{prefix}{near}`?"),
        _ => format!("known are {}", known.join(", ")),
    };
    refused(entry, &format!("setuptools-scm has no key `{prefix}{key}`"), &remedy)
}

/// Of a list the first answers: none of the schemes ever passes the question on.
fn version_scheme(entry: &Entry) -> Result<Option<VersionScheme>, DeriveError> {
    let mut schemes = Vec::new();
    for text in entry.texts("version_scheme")? {
        schemes.push(text.parse().map_err(|error| scheme_error(entry, &error))?);
    }
    match schemes.first() {
        Some(scheme) => Ok(Some(*scheme)),
        None => Err(refused(entry, "`version_scheme` is an empty list", "name a scheme")),
    }
}

fn local_schemes(entry: &Entry) -> Result<Vec<LocalScheme>, DeriveError> {
    let texts = entry.texts("local_scheme")?;
    if texts.is_empty() {
        return Err(refused(entry, "`local_scheme` is an empty list", "name a scheme"));
    }
    texts.into_iter().map(|text| text.parse().map_err(|error| scheme_error(entry, &error))).collect()
}

fn scheme_error(entry: &Entry, error: &tminus_versioning::scm::ParseSchemeError) -> DeriveError {
    refused(
        entry,
        &error.to_string(),
        "take one of these; a scheme of the project's own is code that only Python can run",
    )
}

fn command(key: &str, entry: &Entry) -> Result<DescribeCommand, DeriveError> {
    let command = match &entry.value {
        Setting::Text(line) => DescribeCommand::from_line(line),
        _ => DescribeCommand::from_arguments(entry.texts(key)?.into_iter().map(str::to_owned).collect()),
    };
    let command =
        command.map_err(|error| refused(entry, &format!("`{key}`: {error}"), "correct the command"))?;
    // Refused here, where the place is known, and not when it is run.
    super::command::Plan::read(&command).map_err(|why| {
        refused(
            entry,
            &format!("`{key}`: {why}"),
            "ask setuptools-scm itself, or leave the project's settings out with --defaults",
        )
    })?;
    Ok(command)
}

/// A path without `.` and `..`, which need not exist: it may be one of a commit.
pub(super) fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}
