use super::{directories, read};
use crate::workspace::Workspace;

fn locks(workspace: &Workspace) -> Vec<String> {
    let line = |lock: &crate::workspace::Lock| {
        let names: Vec<&str> = lock.packages.iter().map(crate::PackageId::name).collect();
        format!("{}: {}", lock.path, names.join(" "))
    };
    workspace.locks().iter().map(line).collect()
}

#[test]
fn a_lock_file_governs_the_workspace_that_has_its_root_beside_it() {
    let workspace = read(&[
        ("Cargo.toml", "[workspace]\nmembers = [\"*\"]\n"),
        ("Cargo.lock", "version = 4\n"),
        ("a/Cargo.toml", "@a"),
        ("b/Cargo.toml", "@b"),
        // Cargo does not read it.
        ("b/Cargo.lock", "version = 4\n"),
        ("js/package.json", "{\"name\": \"root\", \"workspaces\": [\"c\"]}"),
        ("js/package-lock.json", "{}"),
        ("js/c/package.json", "@c"),
        ("alone/package.json", "@alone"),
        ("alone/pnpm-lock.yaml", "lockfileVersion: '9.0'\n"),
        ("tests/x/Cargo.lock", "version = 4\n"),
    ]);
    assert_eq!(
        locks(&workspace),
        ["Cargo.lock: a b", "alone/pnpm-lock.yaml: alone", "js/package-lock.json: root c"]
    );
    assert!(workspace.text(&"Cargo.lock".parse().unwrap()).is_some());
    assert!(workspace.text(&"b/Cargo.lock".parse().unwrap()).is_none());
}

#[test]
fn a_lock_file_has_what_is_taken_from_directories() {
    let uses = |name: &str, other: &str, path: &str| {
        format!(
            "[project]\nname = \"{name}\"\nversion = \"1\"\ndependencies = [\"{other}\"]\n\
             [tool.uv.sources]\n{other} = {{ path = \"{path}\", editable = true }}\n"
        )
    };
    let workspace = read(&[
        ("core/pyproject.toml", "@core"),
        ("core/uv.lock", "version = 1\n"),
        ("b/pyproject.toml", &uses("b", "core", "../core")),
        ("b/uv.lock", "version = 1\n"),
        ("c/pyproject.toml", &uses("c", "b", "../b/")),
        ("c/uv.lock", "version = 1\n"),
        ("c/poetry.lock", "\n"),
    ]);
    assert_eq!(directories(&workspace), ["b", "c", "core"]);
    assert_eq!(
        locks(&workspace),
        ["b/uv.lock: b core", "c/poetry.lock: b c core", "c/uv.lock: b c core", "core/uv.lock: core"]
    );
    let of = |id: &str| workspace.locks_of(&id.parse().unwrap()).count();
    assert_eq!((of("pypi:core"), of("pypi:b"), of("pypi:c")), (4, 3, 2));
}
