//! Versions in YAML files, below keys and behind the names of images.

use super::*;
use crate::{EditError, Unfit, replace};

fn auto(path: &str) -> VersionFile {
    VersionFile::auto(path.parse().unwrap())
}

fn key(path: &str, key: &str) -> VersionFile {
    VersionFile::with_key(path.parse().unwrap(), key)
}

fn image(name: &str) -> VersionFile {
    VersionFile::with_image("deploy/app.yaml".parse().unwrap(), name)
}

/// The version is found on a line, and a new one gives this text.
#[track_caller]
fn check_one(file: &VersionFile, source: &str, text: &str, line: u32, new: &str, expected: &str) {
    let found = locate(file, source.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((found.text(), found.line()), (text, line));
    assert!(found.spans().next() == Some(found.span()));
    let edited = replace(source.as_bytes(), &found, new).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(String::from_utf8(edited).unwrap(), expected);
}

#[track_caller]
fn check_refused(file: &VersionFile, source: &str, message: &str) {
    let error = locate(file, source.as_bytes()).unwrap_err().to_string();
    assert_eq!(error, format!("{}{message}", file.path));
}

#[track_caller]
fn check_unfit(file: &VersionFile, source: &str, new: &str, expected: Unfit) {
    let found = locate(file, source.as_bytes()).unwrap();
    match replace(source.as_bytes(), &found, new) {
        Err(EditError::Unfit { reason, .. }) => assert_eq!(reason, expected),
        other => panic!("{other:?}"),
    }
}

#[test]
fn chart_and_citation() {
    let chart = auto("charts/demo/Chart.yaml");
    let source = "\u{feff}apiVersion: v2\r\nname: demo\r\nversion: 0.4.0 # ü\r\nappVersion: \"0.4.0\"";
    check_one(
        &chart,
        source,
        "0.4.0",
        3,
        "0.5.0-rc.1",
        &source.replace("version: 0.4.0", "version: 0.5.0-rc.1"),
    );
    let citation = auto("CITATION.cff");
    check_one(
        &citation,
        "cff-version: 1.2.0\nversion: '0.4'\n",
        "0.4",
        2,
        "0.5",
        "cff-version: 1.2.0\nversion: '0.5'\n",
    );
    check_one(&citation, "version: 1.9\n", "1.9", 1, "1.10", "version: \"1.10\"\n");
    check_one(&citation, "version: 2026-01-05\n", "2026-01-05", 1, "2026-02-05", "version: \"2026-02-05\"\n");
    check_unfit(&citation, "version: 'a'\n", "a b", Unfit::White);
}

#[test]
fn chart_and_citation_refusals() {
    let chart = auto("Chart.yaml");
    let spelling = |what| {
        format!(
            ":1: the version is spelled in a way that is not edited ({what}): write it on one line, in plain quotes"
        )
    };
    check_refused(&chart, "name: a\n", ": there is no `version` at the top level");
    check_refused(&auto("CITATION.cff"), "", ": there is no `version` at the top level");
    check_refused(&chart, "version:\n", ":1: the version must be a text in quotes");
    check_refused(&chart, "a: &x 1.0.0\nversion: *x\n", ":2: the version must be a text in quotes");
    check_refused(&chart, "version: &x 1.0.0\n", &spelling("with an anchor or a tag"));
    check_refused(
        &chart,
        "version: >-\n  1.0.0\n",
        ":2: the version is spelled in a way that is not edited (a text \
         on several lines): write it on one line, in plain quotes",
    );
    check_refused(&chart, "version: 1\nversion: 2\n", ":2: not YAML: the key \"version\" stands there twice");
    check_refused(
        &chart,
        "version: 1\n---\nversion: 2\n",
        ":3: there is more than one YAML document in the file",
    );
}

#[test]
fn keys() {
    let yaml = "image:\n  tag: \"1.0\"\na.b:\n- c: x\n- c: y # z\n'0': n\n";
    let check = |path, name, text, line, old: &str, new: &str| {
        check_one(&key(path, name), yaml, text, line, "2.0", &yaml.replace(old, new));
    };
    check("values.yaml", "image.tag", "1.0", 2, "\"1.0\"", "\"2.0\"");
    check("values.yml", "\"a.b\".1.c", "y", 5, "c: y", "c: \"2.0\"");
    check("x.cff", "'a.b'.0.c", "x", 4, "c: x", "c: \"2.0\"");
    check("x.yaml", "0", "n", 6, "0': n", "0': \"2.0\"");

    let check = |path, name, source: &str, expected: &str| {
        check_one(&key(path, name), source, "1.0", 1, "2.0", expected);
    };
    check("x.json", "a.0.b", "{\"a\": [{\"b\": \"1.0\"}]}", "{\"a\": [{\"b\": \"2.0\"}]}");
    check("x.toml", "a.0.b", "a = [{ b = '1.0' }] # c\n", "a = [{ b = '2.0' }] # c\n");
    check("x.toml", "tool.\"x.y\".v", "tool.\"x.y\".v = \"1.0\"\n", "tool.\"x.y\".v = \"2.0\"\n");
    check(
        "docs/conf.py",
        "release",
        "release = '1.0'\n__version__ = '0'\n",
        "release = '2.0'\n__version__ = '0'\n",
    );
}

#[test]
fn keys_are_looked_for_in_every_document() {
    let file = key("x.yaml", "spec.v");
    check_one(&file, "kind: a\n---\nspec: {v: a1}\n", "a1", 3, "a2", "kind: a\n---\nspec: {v: a2}\n");
    let message = ":1: the version stands there more than once, on lines 1, 3";
    check_refused(&file, "spec: {v: a1}\n---\nspec: {v: a1}\n", message);
}

#[test]
fn key_refusals() {
    let not_found = |name: &str| format!(": there is no key `{name}`");
    for name in ["b", "a.c", "a.b.2", "a.b.\"0\"", "a.b.x", "a.b.-1", "a.b.0.0"] {
        check_refused(&key("x.yaml", name), "a:\n  b: [x, y]\n", &not_found(name));
    }
    for name in ["", ".", "a.", ".a", "a..b", "\"a", "a\"b\"", "\"a\"b"] {
        let message = format!(": `{name}` is no key: write `a.b`, `\"a.b\".c` or `items.0.version`");
        check_refused(&key("x.toml", name), "", &message);
    }
    let twice = ":1: the version stands there more than once, on lines 1, 2";
    check_refused(&key("x.json", "a"), "{\"a\": \"1\",\n\"a\": \"2\"}", twice);
    check_refused(&key("x.json", "a"), "{\"a\": 1}", ":1: the version must be a text in quotes");
    check_refused(&key("x.toml", "a"), "a = 1\n", ":1: the version must be a text in quotes");
    check_refused(&key("x.yaml", "a"), "a: {b: c}\n", ":1: the version must be a text in quotes");
    check_refused(&key("x.py", "a"), "b = '1'\n", ": there is no `a = \"...\"`");
    let unknown = ": the name of the file does not tell where the version stands: give a pattern, such as `VERSION = \
                   \"{version}\"`";
    for path in ["x.lock", "x.txt", "Makefile"] {
        check_refused(&key(path, "a"), "a: 1\n", unknown);
    }
}

#[test]
fn other_languages_have_their_own_keys() {
    for path in
        ["Dockerfile", "a/Containerfile", "web.Dockerfile", "Dockerfile.web", "web.dockerfile", "v.go"]
    {
        let error = locate(&key(path, "VERSION"), b"").unwrap_err();
        assert!(matches!(error.problem(), Problem::NotFound { .. }), "{error}");
    }
}

#[test]
fn images() {
    let check = |name, source: &str, line, expected: &str| {
        check_one(&image(name), source, "1.9", line, "1.10", expected);
    };
    // Kubernetes and Compose.
    check("r.example:5000/a", "image: r.example:5000/a:1.9 # b\n", 1, "image: r.example:5000/a:1.10 # b\n");
    check("a", "x: {image: \"a:1.9\"}\n", 1, "x: {image: \"a:1.10\"}\n");
    check("a", "x: {image: a:1.9}\n", 1, "x: {image: a:1.10}\n");
    check("nginx", "image: docker.io/library/nginx:1.9\n", 1, "image: docker.io/library/nginx:1.10\n");
    check("docker.io/a/b", "- image: a/b:1.9\n", 1, "- image: a/b:1.10\n");
    // Helm.
    let helm = "image:\n  repository: b/a\n  tag: 1.9\n  digest: \"\"\n";
    check("b/a", helm, 3, &helm.replace("1.9", "\"1.10\""));
    let helm = "x:\n  registry: r.example\n  repository: b/a\n  tag: \"1.9\"\n";
    check("r.example/b/a", helm, 4, &helm.replace("1.9", "1.10"));
    // kustomize.
    let kustomize = "images:\n- name: a\n  newName: r.example/a\n  newTag: '1.9'\n";
    check("a", kustomize, 4, &kustomize.replace("1.9", "1.10"));
    check("r.example/a", kustomize, 4, &kustomize.replace("1.9", "1.10"));
}

#[test]
fn an_image_is_replaced_in_each_place() {
    let source = "\u{feff}é: 1\r\n---\r\nspec:\r\n  containers:\r\n  - image: a:1.9\r\n    name: a\r\n  - {image: 'a:1.9'}\r\n  - \
                  image: b:1.9\r\n  - image: a\r\n---\r\nimage: {tag: 1.9, repository: a} # a:1.9";
    let expected = source
        .replace(" a:1.9\r", " a:1.10\r")
        .replace("'a:1.9'", "'a:1.10'")
        .replace("tag: 1.9", "tag: \"1.10\"");
    check_one(&image("a"), source, "1.9", 5, "1.10", &expected);
    let found = locate(&image("a"), source.as_bytes()).unwrap();
    let lines: Vec<u32> = found.spans().map(|span| line_at(source.as_bytes(), span.start)).collect();
    assert_eq!(lines, [5, 7, 11]);
    assert!(found.spans().all(|span| &source[span] == "1.9"));
}

#[test]
fn image_refusals() {
    let pinned =
        ":1: the image is pinned by a digest, which another tag would contradict: remove the digest first";
    let computed = ":1: the version is computed here: list the file that states it instead";
    let not_found = ": there is no tag of the image `a`";
    for source in [
        "image: a:1.0@sha256:0\n",
        "image: a@sha256:0\n",
        "x: {repository: a, tag: '1', digest: 'sha256:0'}\n",
        "x: {repository: a, tag: '1@sha256:0'}\n",
        "- {name: a, newTag: v1, digest: 'sha256:0'}\n",
    ] {
        check_refused(&image("a"), source, pinned);
    }
    for source in
        ["image: a:${TAG:-1.0}\n", "image: 'a:{{ .Values.tag }}'\n", "image: 'a:'\n", "image: 'a:1.0 '\n"]
    {
        check_refused(&image("a"), source, computed);
    }
    for source in [
        "",
        "image: a\n",
        "image: b:1\n",
        "image: x/a:1\n",
        "image: a:5000/b:1\n",
        "# image: a:1\n",
        "text: a:1\n",
        "image: {repository: a}\n",
        "image: {repository: a, tag: ''}\n",
        "image: {repository: a, tag: }\n",
        "image: {registry: r.example, repository: a, tag: x}\n",
        "- {name: a, image: b}\n",
    ] {
        check_refused(&image("a"), source, not_found);
    }
    let differ = ":3: the places say different versions, on lines 1, 3: make them equal first";
    check_refused(&image("a"), "x: {image: a:1}\ny: {image: a:1}\nz: {image: a:2}\n", differ);
    let message = ":1: the version is spelled in a way that is not edited (with an anchor or a tag): write it on one line, \
                   in plain quotes";
    check_refused(&image("a"), "image: &x a:1\ny: {image: *x}\n", message);
    check_refused(
        &image("a"),
        "x: &x v1\nimage: {repository: a, tag: *x}\n",
        ":2: the version must be a text in quotes",
    );
    for new in ["1.0+build", "a/b", "é", "-1", ".1"] {
        check_unfit(&image("a"), "image: a:1.0\n", new, Unfit::ReadsDifferently);
    }
}
