//! Every shape of a constraint, in the words of each registry.

use super::bed::Room;
use super::{javascript, python, rust};

/// What each shape makes of a constraint for 1.4.7; `leave` and `keep` of what stood there.
#[track_caller]
fn check(registry: &str, file: &str, text: &dyn Fn(&str) -> String, before: &str, shapes: &[(&str, &str)]) {
    for (shape, after) in shapes {
        let room = Room::with(&[(file, &text(before))]);
        let expected = text(after);
        let expected: &[_] = if *after == before { &[] } else { &[(file, &*expected)] };
        let pin = format!("{registry}:demo@1.4.7");
        room.check(&["pin", &pin, "--shape", shape], expected);
        // Once more changes nothing.
        if *shape != "drop" {
            room.check(&["pin", &pin, "--shape", shape], &[]);
        }
    }
}

#[test]
fn python_shapes() {
    let text = |pin: &str| python("app", "1.0", &["x", &format!("demo[e]{pin} ; python_version>'3'")]);
    check(
        "pypi",
        "pyproject.toml",
        &text,
        ">=1.3.0,<1.4",
        &[
            ("keep", ">=1.4.7,<1.5"),
            ("leave", ">=1.3.0,<1.4"),
            ("exact", "==1.4.7"),
            ("compatible", "~=1.4.7"),
            ("minimum", ">=1.4.7"),
            ("next-minor", ">=1.4.7,<1.5"),
            ("next-major", ">=1.4.7,<2"),
            ("caret", ">=1.4.7,<2"),
            ("drop", ""),
            ("loosen", ">=1.3.0,<1.5"),
        ],
    );
    // A requirement without a constraint gets one when a shape is asked for.
    check(
        "pypi",
        "pyproject.toml",
        &text,
        "",
        &[("exact", "==1.4.7"), ("keep", ""), ("drop", ""), ("next-minor", ">=1.4.7,<1.5")],
    );
}

#[test]
fn npm_shapes() {
    let text = |pin: &str| javascript("app", "1.0.0", &["x ^1.0.0", &format!("demo {pin}")]);
    check(
        "npm",
        "package.json",
        &text,
        "^1.3.0",
        &[
            ("keep", "^1.4.7"),
            ("leave", "^1.3.0"),
            ("exact", "1.4.7"),
            ("compatible", "~1.4.7"),
            ("minimum", ">=1.4.7"),
            ("next-minor", ">=1.4.7 <1.5.0"),
            ("next-major", ">=1.4.7 <2.0.0"),
            ("caret", "^1.4.7"),
            ("drop", "*"),
            ("loosen", "^1.3.0"),
        ],
    );
}

#[test]
fn cargo_shapes() {
    let text = |pin: &str| {
        rust("app", "1.0.0", &["x = \"1\"", &format!("demo = {{ version = \"{pin}\", features = [\"f\"] }}")])
    };
    check(
        "cargo",
        "Cargo.toml",
        &text,
        "1.3.0",
        &[
            ("keep", "1.4.7"),
            ("leave", "1.3.0"),
            ("exact", "=1.4.7"),
            ("compatible", "~1.4.7"),
            ("minimum", ">=1.4.7"),
            ("next-minor", ">=1.4.7, <1.5"),
            ("next-major", ">=1.4.7, <2"),
            ("caret", "1.4.7"),
            ("drop", "*"),
            ("loosen", "1.3.0"),
        ],
    );
}

#[test]
fn poetry_shapes() {
    let text = |pin: &str| {
        format!(
            "[tool.poetry]\nname = \"app\"\nversion = \"1.0\"\n\n[tool.poetry.dependencies]\npython = \"^3.9\"\ndemo = \"{pin}\"\n"
        )
    };
    check(
        "pypi",
        "pyproject.toml",
        &text,
        "^1.3.0",
        &[
            ("keep", "^1.4.7"),
            ("leave", "^1.3.0"),
            ("exact", "==1.4.7"),
            ("compatible", "~1.4.7"),
            ("minimum", ">=1.4.7"),
            ("next-minor", ">=1.4.7,<1.5"),
            ("next-major", ">=1.4.7,<2"),
            ("caret", "^1.4.7"),
            ("drop", "*"),
            ("loosen", "^1.3.0"),
        ],
    );
}

/// Before 1.0 a caret ends at the next minor version, and at the next patch before 0.1.
#[test]
fn carets_before_one() {
    for (version, python_pin) in [("0.4.7", ">=0.4.7,<0.5"), ("0.0.7", ">=0.0.7,<0.0.8")] {
        let room = Room::with(&[("pyproject.toml", &python("app", "1.0", &["demo"]))]);
        room.check(
            &["pin", &format!("pypi:demo@{version}"), "--shape", "caret"],
            &[("pyproject.toml", &python("app", "1.0", &[&format!("demo{python_pin}")]))],
        );
    }
}

/// A shape that tminus.toml gives, for all and for one; the command line comes before both.
#[test]
fn shapes_of_the_configuration() {
    let app =
        |core: &str, more: &str| python("app", "1.0", &[&format!("core{core}"), &format!("more{more}")]);
    let toml = "[workspace]\npins = \"next-minor\"\n\n[[package]]\nname = \"app\"\npins = { \"pypi:core\" = \"exact\" }\n";
    let room = Room::with(&[
        ("core/pyproject.toml", &python("core", "1.0.0", &[])),
        ("more/pyproject.toml", &python("more", "1.0.0", &[])),
        ("app/pyproject.toml", &app(">=1.0.0", ">=1.0.0")),
        ("tminus.toml", toml),
    ]);
    room.check(
        &["bump", "1.1.0", "core", "more"],
        &[
            ("core/pyproject.toml", &python("core", "1.1.0", &[])),
            ("more/pyproject.toml", &python("more", "1.1.0", &[])),
            ("app/pyproject.toml", &app("==1.1.0", ">=1.1.0,<1.2")),
        ],
    );
    room.check(&["pin", "core@1.2.0"], &[("app/pyproject.toml", &app("==1.2.0", ">=1.1.0,<1.2"))]);
    room.check(
        &["pin", "core@1.2.0", "--shape", "minimum"],
        &[("app/pyproject.toml", &app(">=1.2.0", ">=1.1.0,<1.2"))],
    );
}
