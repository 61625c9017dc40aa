//! Where Python projects keep their versions by convention.

use super::Project;
use crate::locate::python::{Assignment, Scope, assignments};
use crate::{Elsewhere, Format, Pattern, RelPath, VersionFile};

/// The directories that hold packages, the root first.
const ROOTS: [&str; 4] = ["", "src/", "lib/", "python/"];

/// The modules of a package that state its version.
const MODULES: [&str; 4] = ["__init__.py", "__about__.py", "_version.py", "version.py"];

/// The names that a module which exists for the version may give it, beside `__version__`.
const NAMES: [&str; 3] = ["VERSION", "version", "__VERSION__"];

/// Directories whose packages are not the project's own.
const FOREIGN: [&str; 18] = [
    "test",
    "tests",
    "testing",
    "doc",
    "docs",
    "example",
    "examples",
    "sample",
    "samples",
    "vendor",
    "vendored",
    "_vendor",
    "third_party",
    "extern",
    "build",
    "dist",
    "scripts",
    "benchmarks",
];

/// The files to which a dynamic version refers.
pub(super) fn files_of(project: &Project<'_>, target: &Elsewhere) -> Vec<VersionFile> {
    match target {
        Elsewhere::Attribute { name } => attribute(project, name),
        Elsewhere::File { path } => {
            let Ok(path) = path.strip_prefix("./").unwrap_or(path).parse::<RelPath>() else {
                return Vec::new();
            };
            if Format::of(&path) == Some(Format::Python) {
                return source_file(project, path);
            }
            "{version}".parse().map(|pattern| VersionFile::with_pattern(path, pattern)).into_iter().collect()
        }
        Elsewhere::Workspace | Elsewhere::VersionControl { .. } | Elsewhere::BuildBackend => Vec::new(),
    }
}

/// The files that a reference can mean.
pub(super) fn candidates(target: &Elsewhere) -> Vec<String> {
    match target {
        Elsewhere::Attribute { name } => modules(name).map(|(paths, _)| paths).unwrap_or_default(),
        Elsewhere::File { path } => vec![path.strip_prefix("./").unwrap_or(path).to_owned()],
        _ => Vec::new(),
    }
}

/// The files that can hold the module of a variable, and the name of the variable.
fn modules(name: &str) -> Option<(Vec<String>, &str)> {
    let (module, variable) = name.rsplit_once('.')?;
    let module = module.replace('.', "/");
    let paths =
        ROOTS.iter().flat_map(|root| [format!("{root}{module}/__init__.py"), format!("{root}{module}.py")]);
    Some((paths.collect(), variable))
}

/// The module that assigns a variable: `demo.__version__` is in `demo/__init__.py` or `demo.py`.
fn attribute(project: &Project<'_>, name: &str) -> Vec<VersionFile> {
    let Some((paths, variable)) = modules(name) else { return Vec::new() };
    let Some(path) = paths.into_iter().find(|path| project.has(path)) else { return Vec::new() };
    let Ok(path) = path.parse::<RelPath>() else { return Vec::new() };
    if variable == "__version__" {
        return vec![VersionFile::auto(path)];
    }
    by_name(project, &path, variable, Scope::Statement).into_iter().collect()
}

/// A source file by its `__version__`, or by another name in a module that exists for the version.
pub(super) fn source_file(project: &Project<'_>, path: RelPath) -> Vec<VersionFile> {
    let text = project.text(path.as_str());
    let stated = text.and_then(|text| assignments(&text, "__version__", Scope::Statement).ok());
    if path.file_name() == "__init__.py" || stated.is_none_or(|stated| !stated.is_empty()) {
        return vec![VersionFile::auto(path)];
    }
    NAMES.iter().find_map(|name| by_name(project, &path, name, Scope::Statement)).into_iter().collect()
}

/// `setup.py` when its call states the version as a text, or as a constant of the same file: `version=VERSION`.
pub(super) fn setup_call(project: &Project<'_>) -> Option<VersionFile> {
    let path: RelPath = "setup.py".parse().ok()?;
    by_name(project, &path, "version", Scope::Argument).or_else(|| {
        let source = project.text(path.as_str())?;
        let constant = ["VERSION", "__version__", "version"].into_iter().find(|constant| {
            let squeezed = source.lines().map(|line| line.replace(' ', ""));
            squeezed
                .into_iter()
                .any(|line| line.trim_end_matches([',', ')']).ends_with(&format!("version={constant}")))
        })?;
        by_name(project, &path, constant, Scope::Statement)
    })
}

/// The text that a call in a source file gives to an argument.
pub(super) fn setup_argument(source: &str, name: &str) -> Option<String> {
    let assignments = assignments(source, name, Scope::Argument).ok()?;
    let text = assignments.into_iter().find_map(|assignment| assignment.value.ok())?;
    source.get(text.span).map(str::to_owned)
}

/// A file with a pattern that finds the only text assigned to a name, spelled as the file spells it.
fn by_name(project: &Project<'_>, path: &RelPath, name: &str, scope: Scope) -> Option<VersionFile> {
    let source = project.text(path.as_str())?;
    let found = assignments(&source, name, scope).ok()?;
    let [Assignment { whole, value: Ok(value) }] = found.as_slice() else { return None };
    let before = source.get(whole.start..value.span.start)?;
    let after = source.get(value.span.end..whole.end)?;
    let pattern: Pattern = format!("{before}{{version}}{after}").parse().ok()?;
    let file = VersionFile::with_pattern(path.clone(), pattern);
    // The same text may also stand in a comment, and then the pattern would be ambiguous.
    let place = file.locate(source.as_bytes()).ok()?;
    (place.span() == value.span).then_some(file)
}

/// The tracked modules that state versions by convention, in a stable order.
pub(super) fn conventional_paths(project: &Project<'_>, name: Option<&str>) -> Vec<String> {
    let mut paths: Vec<String> = project
        .names
        .iter()
        .filter(|path| {
            let Some((package, module)) = path.rsplit_once('/') else { return false };
            let inner = ROOTS.iter().rev().find_map(|root| package.strip_prefix(root)).unwrap_or(package);
            MODULES.contains(&module)
                && !inner.contains('/')
                && !inner.starts_with('.')
                && !FOREIGN.contains(&inner)
                && project.has(&format!("{package}/__init__.py"))
        })
        .map(|path| (*path).to_owned())
        .collect();
    let single = name.map(|name| name.replace(['-', '.'], "_").to_lowercase());
    for root in ROOTS {
        paths.extend(
            single.iter().map(|module| format!("{root}{module}.py")).filter(|path| project.has(path)),
        );
    }
    paths.sort();
    paths
}
