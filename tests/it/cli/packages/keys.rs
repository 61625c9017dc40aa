//! Places that tminus.toml names by a key of a document, or by an image.

use super::bed::Room;

/// A package with one listed place beside its manifest, before and after a bump from 1.2.3 to 1.3.0.
#[track_caller]
fn check(site: &str, path: &str, text: &str) {
    for style in [str::to_owned, |text: &str| text.replace('\n', "\r\n")] {
        let toml = format!("[[package]]\nname = \"demo\"\nversion = [\"pyproject.toml\", {site}]\n");
        let [before, after] = ["1.2.3", "1.3.0"].map(|version| style(&text.replace("@@", version)));
        let [old, new] = ["1.2.3", "1.3.0"].map(|version| super::python("demo", version, &[]));
        let room = Room::with(&[("tminus.toml", &toml), ("pyproject.toml", &old), (path, &before)]);
        room.check(&["bump", "1.3.0", "demo"], &[("pyproject.toml", &new), (path, &after)]);
        room.check(&["bump", "1.3.0", "demo"], &[]);
    }
}

/// Why a listed place is refused; nothing is written, the manifest neither.
#[track_caller]
fn check_refusal(site: &str, path: &str, text: &str, essentials: &[&str]) {
    let toml = format!("[[package]]\nname = \"demo\"\nversion = [\"pyproject.toml\", {site}]\n");
    let room = Room::with(&[
        ("tminus.toml", &toml),
        ("pyproject.toml", &super::python("demo", "1.2.3", &[])),
        (path, text),
    ]);
    room.refuses(&["bump", "1.3.0", "demo"], &[1, 2], essentials);
}

#[test]
fn keys_of_documents() {
    check(
        "{ file = \"values.yaml\", key = \"image.tag\" }",
        "values.yaml",
        "# 1.2.3\nimage:\n  repository: demo   # where\n  tag: \"@@\"  # 1.2.3\nother:\n  tag: 1.2.3\n",
    );
    check(
        "{ file = \"values.yaml\", key = \"image.tag\" }",
        "values.yaml",
        "image: { repository: demo, tag: '@@' }\n",
    );
    check(
        "{ file = \"app.json\", key = \"expo.version\" }",
        "app.json",
        "{\n\t\"version\": \"1.2.3\",\n\t\"expo\": {\"name\": \"demo\",\"version\":\"@@\"}\n}\n",
    );
    check(
        "{ file = \"conf/settings.toml\", key = \"app.version\" }",
        "conf/settings.toml",
        "version = \"1.2.3\"\n\n[app] # demo\nversion = '@@' # here\n",
    );
}

#[test]
fn images() {
    check(
        "{ file = \"deploy/pod.yaml\", image = \"registry.example/demo\" }",
        "deploy/pod.yaml",
        "kind: Pod\nspec:\n  containers:\n    - name: demo\n      image: registry.example/demo:@@ # 1.2.3\n    - image: \"registry.example/other:1.2.3\"\n",
    );
    check(
        "{ file = \"compose.yaml\", image = \"registry.example:5000/team/demo\" }",
        "compose.yaml",
        "services:\n  demo:\n    image: 'registry.example:5000/team/demo:@@'\n  side:\n    image: registry.example:5000/team/demo-side:1.2.3\n",
    );
}

#[test]
fn places_that_are_not_there() {
    let values = "image:\n  repository: demo\n";
    check_refusal(
        "{ file = \"values.yaml\", key = \"image.tag\" }",
        "values.yaml",
        values,
        &["values.yaml", "image.tag"],
    );
    check_refusal(
        "{ file = \"a.yaml\", image = \"registry.example/demo\" }",
        "a.yaml",
        "x: 1\n",
        &["a.yaml", "registry.example/demo"],
    );
    check_refusal("{ file = \"gone.yaml\", key = \"x\" }", "values.yaml", values, &["gone.yaml"]);
    check_refusal("{ file = \"values.yaml\", key = \"image\" }", "values.yaml", values, &["values.yaml"]);
    check_refusal(
        "{ file = \"values.yaml\", key = \"image.tag\", pattern = \"{version}\" }",
        "values.yaml",
        values,
        &["tminus.toml:3"],
    );
    check_refusal(
        "{ file = \"values.yaml\", kee = \"image.tag\" }",
        "values.yaml",
        values,
        &["tminus.toml:3", "kee"],
    );
}
