//! Finding the settings of a project.

use std::path::{Path, PathBuf};

use tminus_versioning::scm::Environment;

use super::ground::Ground;
use super::settings::{Configured, refused, unknown};
use super::table::{self, Entries, Entry, Place, Setting, at};
use super::{DeriveError, Question};

/// The tables that setuptools-scm looks for, in this order.
const TABLES: [&str; 2] = ["vcs-versioning", "setuptools_scm"];
const HATCH: &str = "hatch.version";

/// What hatch-vcs hands on: the arguments of `get_version`.
const HATCH_KEYS: [&str; 18] = [
    "dist_name",
    "fallback_root",
    "fallback_version",
    "git_describe_command",
    "local_scheme",
    "normalize",
    "parentdir_prefix_version",
    "parse",
    "relative_to",
    "root",
    "scm",
    "search_parent_directories",
    "tag_regex",
    "version_cls",
    "version_file",
    "version_file_template",
    "version_scheme",
    "write_to",
];

/// The keys that a variable of the environment can set.
const OVERRIDE_KEYS: [&str; 19] = [
    "dist_name",
    "fallback_root",
    "fallback_version",
    "git_describe_command",
    "local_scheme",
    "normalize",
    "parent",
    "parentdir_prefix_version",
    "parse",
    "root",
    "scm",
    "search_parent_directories",
    "tag_regex",
    "version_cls",
    "version_file",
    "version_file_template",
    "version_scheme",
    "write_to",
    "write_to_template",
];

/// The keys that the file at the top of a repository can set.
const CENTRAL_KEYS: [&str; 12] = [
    "dist_name",
    "fallback_root",
    "fallback_version",
    "local_scheme",
    "parentdir_prefix_version",
    "search_parent_directories",
    "tag_regex",
    "version_file",
    "version_file_template",
    "version_scheme",
    "write_to",
    "write_to_template",
];

/// The settings that hold in a directory.
pub(super) fn configure(ground: &Ground, dir: &Path, question: &Question) -> Result<Configured, DeriveError> {
    let mut configured =
        Configured { project: dir.to_owned(), root: ".".to_owned(), ..Configured::default() };
    if question.defaults {
        configured.search_parents = true;
        return Ok(configured);
    }
    let Some((file, text)) = find(ground, dir)? else { return Ok(configured) };
    let shown = file.strip_prefix(dir).unwrap_or(&file).display().to_string();
    let root = table::read(&shown, &text)?;
    file.parent().unwrap_or(dir).clone_into(&mut configured.project);
    configured.file = Some(file);
    let (table, section) = section(&root)?;
    configured.table = table;
    if table == Some(HATCH) {
        configured.read(&section)?;
        return Ok(configured);
    }
    let mut entries = section;
    if let (None, Some(name)) = (entries.get("dist_name"), name(&root)?) {
        entries.insert("dist_name".to_owned(), name.clone());
    }
    let central = central(ground, &configured, &entries)?;
    entries.extend(central);
    let overrides = overrides(question, &entries, &mut configured.warnings)?;
    entries.extend(overrides);
    configured.read(&entries)?;
    if configured.project_path.is_none() && configured.root != "." {
        configured.project_path = relative(&configured.probe_root(), &configured.project);
    }
    Ok(configured)
}

/// The nearest `pyproject.toml`, upwards.
fn find(ground: &Ground, dir: &Path) -> Result<Option<(PathBuf, String)>, DeriveError> {
    for dir in dir.ancestors().take_while(|dir| ground.contains(dir)) {
        let file = dir.join("pyproject.toml");
        if let Some(text) = ground.read(&file)? {
            return Ok(Some((file, text)));
        }
    }
    Ok(None)
}

fn name(root: &Entries) -> Result<Option<&Entry>, DeriveError> {
    let Some(name) = at(root, &["project"])?.and_then(|project| project.get("name")) else { return Ok(None) };
    name.text("project.name")?;
    Ok(Some(name))
}

/// The table that says how the version is made.
fn section(root: &Entries) -> Result<(Option<&'static str>, Entries), DeriveError> {
    let Some(tool) = at(root, &["tool"])? else { return Ok((None, Entries::new())) };
    let own = TABLES.into_iter().find_map(|name| Some((name, tool.get(name)?)));
    let backend = at(root, &["build-system"])?.and_then(|system| system.get("build-backend"));
    let backend = backend.and_then(|backend| backend.text("build-backend").ok()).unwrap_or_default();
    let source = |path: [&str; 2]| -> Result<Option<&Entry>, DeriveError> {
        Ok(at(tool, &path)?.and_then(|version| version.get("source")))
    };
    let is = |source: Option<&Entry>, name: &str| {
        source.is_some_and(|source| matches!(&source.value, Setting::Text(text) if text == name))
    };
    if is(source(["hatch", "version"])?, "vcs") && (own.is_none() || backend.starts_with("hatchling")) {
        return Ok((Some(HATCH), hatch(at(tool, &["hatch", "version"])?)?));
    }
    if let Some((name, entry)) = own {
        return Ok((Some(name), entry.table(&format!("tool.{name}"))?.clone()));
    }
    match source(["pdm", "version"])? {
        Some(entry) if is(Some(entry), "scm") => Err(refused(
            entry,
            "the version of this project is made by PDM, whose rules are not those of setuptools-scm",
            "ask PDM itself with `pdm show --version`, or leave the project's settings out with --defaults",
        )),
        _ => Ok((None, Entries::new())),
    }
}

/// The table of hatch-vcs in the words of setuptools-scm.
fn hatch(table: Option<&Entries>) -> Result<Entries, DeriveError> {
    let mut entries = Entries::new();
    let Some(table) = table else { return Ok(entries) };
    if let Some(options) = table.get("raw-options") {
        for (key, entry) in options.table("raw-options")? {
            match key.as_str() {
                "relative_to" => {
                    let path = Path::new(entry.text(key)?);
                    if path.parent().is_some_and(|parent| !parent.as_os_str().is_empty()) {
                        return Err(refused(
                            entry,
                            "`relative_to` names another directory than the project's",
                            "remove it, and write `root` relative to pyproject.toml",
                        ));
                    }
                }
                "write_to_template" => {}
                key if HATCH_KEYS.contains(&key) => {
                    entries.insert(key.to_owned(), entry.clone());
                }
                key => return Err(unknown("raw-options.", key, entry, &HATCH_KEYS)),
            }
        }
    }
    for (key, name) in [("tag-pattern", "tag_regex"), ("fallback-version", "fallback_version")] {
        if let Some(entry) = table.get(key)
            && !entry.text(key)?.is_empty()
        {
            entries.insert(name.to_owned(), entry.clone());
        }
    }
    // There an empty text means the default expression.
    if entries
        .get("tag_regex")
        .is_some_and(|entry| matches!(&entry.value, Setting::Text(text) if text.is_empty()))
    {
        entries.remove("tag_regex");
    }
    Ok(entries)
}

/// What `.config/python-vcs-versioning.toml` at the top of the repository says of this project.
fn central(ground: &Ground, configured: &Configured, entries: &Entries) -> Result<Entries, DeriveError> {
    let text = |key: &str| entries.get(key).map(|entry| entry.text(key)).transpose();
    let root = text("root")?.unwrap_or(".");
    let top = super::settings::plain(&configured.project.join(root));
    let file = top.join(".config/python-vcs-versioning.toml");
    let Some(content) = ground.read(&file)? else { return Ok(Entries::new()) };
    let path = match text("project_path")? {
        Some(path) => path.to_owned(),
        None if root == "." => String::new(),
        None => relative(&top, &configured.project).unwrap_or_default(),
    };
    let key = if path.is_empty() { "." } else { &path };
    let all = table::read(&file.display().to_string(), &content)?;
    let Some(found) = all.get(key) else { return Ok(Entries::new()) };
    let found = found.table(key)?;
    for (key, entry) in found {
        if !CENTRAL_KEYS.contains(&key.as_str()) {
            return Err(unknown("", key, entry, &CENTRAL_KEYS));
        }
    }
    Ok(found.clone())
}

/// What `SETUPTOOLS_SCM_OVERRIDES` sets.
fn overrides(
    question: &Question,
    entries: &Entries,
    warnings: &mut Vec<String>,
) -> Result<Entries, DeriveError> {
    let distribution = entries.get("dist_name").map(|entry| entry.text("dist_name")).transpose()?;
    let environment = Environment::new(&question.variables, distribution);
    let Some(variable) = environment.overrides() else { return Ok(Entries::new()) };
    warnings.extend(variable.warning.as_ref().map(ToString::to_string));
    let mut found = variable_table(variable.name, variable.value)?;
    let all = found.len();
    found.retain(|key, _| OVERRIDE_KEYS.contains(&key.as_str()));
    if found.len() < all {
        warnings.push(format!("${} sets keys that it cannot set; they are passed over", variable.name));
    }
    Ok(found)
}

/// The TOML of a variable: a document, or an inline table.
pub(super) fn variable_table(name: &str, value: &str) -> Result<Entries, DeriveError> {
    let shown = format!("${name}");
    if !value.starts_with('{') {
        return table::read(&shown, value);
    }
    let all = table::read(&shown, &format!("table={value}"))?;
    match at(&all, &["table"])? {
        Some(entries) if all.len() == 1 => Ok(entries.clone()),
        _ => Err(DeriveError::Toml {
            place: Place { file: shown.into(), line: 1 },
            what: "something follows the table".to_owned(),
        }),
    }
}

/// The way from one directory down to another.
pub(super) fn relative(from: &Path, to: &Path) -> Option<String> {
    let parts: Option<Vec<_>> =
        to.strip_prefix(from).ok()?.components().map(|part| part.as_os_str().to_str()).collect();
    Some(parts?.join("/"))
}
