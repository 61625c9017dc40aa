use std::collections::HashSet;

use super::{Project, python};
use crate::{Elsewhere, RelPath, VersionFile};

/// The file that states the version of a package whose manifest refers to it: `attr = "demo.__version__"` of
/// setuptools, `path = "src/demo/__about__.py"` of hatch.
///
/// `directory` is the one of the package, empty for the root, and `read` gives the files below the root. Nothing where
/// the version comes from version control, or the reference leads to no file that states one.
///
/// ```
/// use tminus_manifests::discover::stated_elsewhere;
/// use tminus_manifests::Elsewhere;
///
/// let read = |path: &str| (path == "core/src/demo/__init__.py").then(|| b"__version__ = '0.4.0'\n".to_vec());
/// let source = Elsewhere::Attribute { name: "demo.__version__".to_owned() };
/// let file = stated_elsewhere("core", &source, &read).unwrap();
/// assert_eq!(file.path.as_str(), "core/src/demo/__init__.py");
/// ```
pub fn stated_elsewhere(
    directory: &str,
    source: &Elsewhere,
    read: &dyn Fn(&str) -> Option<Vec<u8>>,
) -> Option<VersionFile> {
    let below = |path: &str| {
        if directory.is_empty() { path.to_owned() } else { format!("{directory}/{path}") }
    };
    let files = |path: &str| read(&below(path));
    let candidates = python::candidates(source);
    let names: HashSet<&str> =
        candidates.iter().map(String::as_str).filter(|path| files(path).is_some()).collect();
    let project = Project { files: &files, names };
    let found = python::files_of(&project, source).into_iter().next()?;
    let path: RelPath = below(found.path.as_str()).parse().ok()?;
    let file = VersionFile { path, ..found };
    let bytes = read(file.path.as_str())?;
    file.locate(&bytes).is_ok().then_some(file)
}
