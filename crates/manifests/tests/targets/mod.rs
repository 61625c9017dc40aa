//! What every format must hold for any input, valid or not. Fed by `tests/corpus.rs` and by `cargo xtask fuzz`.
//!
//! Nothing panics; what is read can be replaced value by value: the edit changes only the bytes of the value, the result
//! reads back with that value and everything else as before, and the same edit once more changes nothing.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a law that does not hold stops the run")]

use tminus_manifests::lock::{self, LockEdits, LockKind, LockUpdate, VersionChange};
use tminus_manifests::{Manifest, RelPath, Site, Version, VersionFile, replace, splice};

/// A target: its name, which is also the directory of its corpus, and what is called with the input.
pub(crate) type Target = (&'static str, fn(&[u8]));

/// Every target.
pub(crate) const TARGETS: &[Target] = &[
    ("cargo_lock", |bytes| lock_file("Cargo.lock", bytes)),
    ("cargo_toml", |bytes| manifest("Cargo.toml", bytes)),
    ("chart", |bytes| manifest("Chart.yaml", bytes)),
    ("citation", |bytes| version_file(&VersionFile::auto(path("CITATION.cff")), bytes)),
    ("dockerfile", |bytes| version_file(&VersionFile::with_key(path("Dockerfile"), "ARG VERSION"), bytes)),
    ("go_constant", |bytes| version_file(&VersionFile::with_key(path("version.go"), "Version"), bytes)),
    ("go_mod", |bytes| manifest("go.mod", bytes)),
    ("image", |bytes| version_file(&VersionFile::with_image(path("values.yaml"), "demo"), bytes)),
    ("npm_lock", |bytes| lock_file("package-lock.json", bytes)),
    ("package_json", |bytes| manifest("package.json", bytes)),
    ("pnpm_lock", |bytes| lock_file("pnpm-lock.yaml", bytes)),
    ("pnpm_workspace", |bytes| manifest("pnpm-workspace.yaml", bytes)),
    ("poetry_lock", |bytes| lock_file("poetry.lock", bytes)),
    ("pyproject", |bytes| manifest("pyproject.toml", bytes)),
    ("python", |bytes| version_file(&VersionFile::auto(path("demo/__init__.py")), bytes)),
    ("setup_cfg", |bytes| manifest("setup.cfg", bytes)),
    ("uv_lock", |bytes| lock_file("uv.lock", bytes)),
    ("yaml_key", |bytes| version_file(&VersionFile::with_key(path("values.yaml"), "image.tag"), bytes)),
];

fn path(text: &str) -> RelPath {
    text.parse().unwrap()
}

/// Everything that a manifest says in a place of its own.
fn sites(manifest: &Manifest) -> Vec<&Site> {
    let version = match &manifest.version {
        Version::Here(site) => Some(site),
        Version::Elsewhere { fallback, .. } => fallback.as_ref(),
        _ => None,
    };
    let constraints = manifest.dependencies.iter().filter_map(|dependency| dependency.constraint.as_ref());
    manifest.name.iter().chain(version).chain(constraints).collect()
}

fn texts(manifest: &Manifest) -> Vec<String> {
    sites(manifest).into_iter().map(|site| site.text().to_owned()).collect()
}

fn manifest(name: &str, bytes: &[u8]) {
    let path = path(name);
    let Ok(read) = Manifest::read(&path, bytes) else { return };
    let source = std::str::from_utf8(bytes).unwrap();
    let before = texts(&read);
    for (index, site) in sites(&read).into_iter().enumerate().take(12) {
        // A value that is at home in every list: a version, a range and, behind a name, a requirement.
        let new = if before[index].contains(|c: char| c.is_ascii_digit()) { "9.8.7" } else { "demo-x" };
        let Ok(replacement) = site.replaced(new) else { continue };
        let edited = splice(source, std::slice::from_ref(&replacement)).unwrap();
        assert_eq!(edited[..site.span().start], source[..site.span().start]);
        assert_eq!(edited[edited.len() - (source.len() - site.span().end)..], source[site.span().end..]);
        // A value may make its neighbours wrong, such as a requirement with another name; that is refused.
        let Ok(again) = Manifest::read(&path, edited.as_bytes()) else { continue };
        let mut expected = before.clone();
        new.clone_into(&mut expected[index]);
        assert_eq!(texts(&again), expected, "{source}\n---\n{edited}");
        let twice = sites(&again)[index].replaced(new).unwrap();
        assert_eq!(splice(&edited, &[twice]).unwrap(), edited);
    }
}

fn version_file(file: &VersionFile, bytes: &[u8]) {
    let Ok(found) = file.locate(bytes) else { return };
    let Ok(edited) = replace(bytes, &found, "9.8.7") else { return };
    let again = file.locate(&edited).unwrap();
    assert_eq!(again.text(), "9.8.7");
    assert_eq!(replace(&edited, &again, "9.8.7").unwrap(), edited);
    // What stood there reads back too.
    let Ok(back) = replace(&edited, &again, found.text()) else { return };
    assert_eq!(file.locate(&back).unwrap().text(), found.text());
}

fn lock_file(name: &str, bytes: &[u8]) {
    let path = path(name);
    let kind = LockKind::of_name(name).unwrap();
    let Ok(listed) = lock::read(kind, &path, bytes) else { return };
    for locked in listed.iter().filter(|locked| locked.directory.is_some()).take(4) {
        let Some(version) = &locked.version else { continue };
        let update = LockUpdate {
            versions: vec![VersionChange {
                id: locked.id.clone(),
                name: locked.id.name().to_owned(),
                directory: locked.directory.clone().unwrap_or_default(),
                old: version.text().to_owned(),
                new: "9.8.7".to_owned(),
            }],
            constraints: Vec::new(),
        };
        let Ok(LockEdits::Splices(splices)) = lock::edits(kind, &path, bytes, &update) else { continue };
        let edited = splice(std::str::from_utf8(bytes).unwrap(), &splices).unwrap();
        let again = lock::read(kind, &path, edited.as_bytes()).unwrap();
        assert_eq!(again.len(), listed.len());
        let moved = again.iter().any(|one| {
            one.id == locked.id && one.version.as_ref().is_some_and(|version| version.text() == "9.8.7")
        });
        assert!(moved || splices.is_empty(), "{edited}");
    }
}
