use std::process::Command;

use proptest::prelude::*;

use super::*;
use crate::locate::line_at;
use crate::splice;

/// The text is found on a line; another one in its place is found again, and nothing else changes.
#[track_caller]
fn check(source: &str, text: &str, line: u32) {
    let site = locate_key(source, "Version").unwrap_or_else(|failure| panic!("{failure:?}\n{source}"));
    assert_eq!((site.text(), line_at(source.as_bytes(), site.span.start)), (text, line), "{source}");
    let edited = splice(source, &[site.replaced("9.8.7-rc.1").unwrap()]).unwrap();
    let again = locate_key(&edited, "Version").unwrap();
    assert_eq!(again.text(), "9.8.7-rc.1");
    assert_eq!(splice(&edited, &[again.replaced(text).unwrap()]).unwrap(), source);
}

#[track_caller]
fn check_refused(source: &str, line: Option<u32>, message: &str) {
    let failure = locate_key(source, "Version").unwrap_err();
    let found = failure.offset.map(|offset| line_at(source.as_bytes(), offset));
    assert_eq!((found, failure.problem.to_string().as_str()), (line, message), "{source}");
}

/// Sources of package `main`, each with the value of `Version` and its line; the installed Go agrees on them.
const FOUND: &[(&str, &str, u32)] = &[
    ("const Version = \"1.2.3\"", "1.2.3", 1),
    ("var Version = \"1.2.3\" // \"9\"", "1.2.3", 1),
    ("const Version string = `1.2.3`", "1.2.3", 1),
    ("type T string\nvar Version T = \"1.2.3\"; var Other = 1", "1.2.3", 2),
    ("const (\n\tA = iota\n\tB\n\t// Version = \"0\"\n\tVersion = \"1.2.3\"\n\tC = 'x'\n)", "1.2.3", 5),
    ("const (Version = \"1.2.3\")", "1.2.3", 1),
    (
        "var (\r\n\tA, Version, B = f(1, 2), \"1.2.3\", \"x\"\r\n)\r\nfunc f(a, b int) int { return a }",
        "1.2.3",
        2,
    ),
    ("/* const Version = \"0\"\n*/ const /* x */ Version /* y */ = /* z */\n\"1.2.3\" /* end */", "1.2.3", 3),
    ("const\nVersion\t=\n\n\"1.2.3\"", "1.2.3", 4),
    ("var q = '\"'\nvar r = '\\''\nvar s = \"\\\"const Version = 1\"\nconst Version = \"1.2.3\"", "1.2.3", 4),
    ("var raw = `\nconst Version = \"0\"\n`\nconst Version = \"1.2.3\"", "1.2.3", 4),
    (
        "func f() {\n\tconst Version = \"0\"\n\tvar x = Version\n\t_ = x\n}\nconst Version = \"1.2.3\"",
        "1.2.3",
        6,
    ),
    ("var m = map[string]string{\n\t\"Version\": \"0\",\n}\nvar Version = \"1.2.3\"", "1.2.3", 4),
    ("type T struct {\n\tVersion string\n}\nvar t = T{Version: \"0\"}\nvar Version = \"1.2.3\"", "1.2.3", 5),
    ("var v struct { a, b int }\nvar Version, é = \"1.2.3\", 1.5e3", "1.2.3", 2),
    ("const Version = \"\"", "", 1),
];

#[test]
fn texts_are_found() {
    for (source, text, line) in FOUND {
        check(source, text, *line);
        check(&format!("\u{feff}package main\n{source}\n"), text, line + 1);
    }
}

#[test]
fn go_agrees() {
    let home = tempfile::tempdir().unwrap();
    let mut main = String::new();
    let mut expected = String::new();
    for (index, (source, text, _)) in FOUND.iter().enumerate() {
        let directory = home.path().join(format!("p{index}"));
        std::fs::create_dir(&directory).unwrap();
        std::fs::write(directory.join("p.go"), format!("package p{index}\n{source}\n")).unwrap();
        main.push_str(&format!("import p{index} \"m.example/m/p{index}\"\n"));
        expected.push_str(&format!("{text}\n"));
    }
    main.push_str("func main() {\n");
    (0..FOUND.len()).for_each(|index| main.push_str(&format!("println(p{index}.Version)\n")));
    std::fs::write(home.path().join("main.go"), format!("package main\n{main}}}\n")).unwrap();
    std::fs::write(home.path().join("go.mod"), "module m.example/m\n\ngo 1.19\n").unwrap();
    let run = Command::new("go")
        .args(["run", "."])
        .current_dir(home.path())
        .envs([("GOTOOLCHAIN", "local"), ("GOPROXY", "off"), ("GOFLAGS", "-mod=mod")])
        .output();
    // Without Go there is nobody to ask.
    let Ok(output) = run else { return };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stderr), expected);
}

#[test]
fn what_is_no_text_is_refused() {
    let computed = "the version is computed here: list the file that states it instead";
    for source in [
        "const Version = \"1\" + b",
        "const Version = \"1\" +\n\"2\"",
        "var Version = fmt.Sprintf(\"%s\", x)",
        "const Version = other",
        "const Version = (\"1\")",
        "const Version = T(\"1\")",
        "const (\nA = \"1\"\nVersion\n)",
        "var Version, b = f()",
        "const Version = 'x'",
        "var Version = func() string {\n\tconst Version = \"0\"\n\treturn Version\n}()",
        "const Version = ",
    ] {
        let line = if source.contains("A =") { 3 } else { 1 };
        check_refused(source, Some(line), computed);
    }
    check_refused("const (\nVersion = iota\n)", Some(2), computed);
    for source in ["const Version = 12", "const Version = 1.5"] {
        check_refused(source, Some(1), "the version must be a text in quotes");
    }
    check_refused(
        "\nvar Version string\n",
        Some(2),
        "there is no value of `Version`: write `= \"...\"` behind it",
    );
    for (source, what) in [
        ("const Version = \"1\\x2e0\"", "a string with escapes"),
        ("const Version = `1\n`", "a string on several lines"),
    ] {
        let message = format!(
            "the version is spelled in a way that is not edited ({what}): write it on one line, in plain quotes"
        );
        check_refused(source, Some(1), &message);
    }
    for source in [
        "",
        "// const Version = \"1\"",
        "func f() {\n\tvar Version = \"1\"\n}",
        "const version = \"1\"",
        "const VersionX = \"1\"",
        "var x = Version",
        "Version = \"1\"",
        "func Version() {}",
        "type Version struct{}",
        "import Version \"x\"",
    ] {
        check_refused(source, None, "there is no constant or variable `Version` at the package level");
    }
    check_refused(
        "const Version = \"1\"\n\nvar (\nVersion = \"1\"\n)",
        Some(1),
        "the version stands there more than once, on lines 1, 4",
    );
    for (source, message) in [
        ("\nvar x = \"a\n\"", "a string is not closed"),
        ("\nvar x = `a", "a string is not closed"),
        ("\nvar x = 'a", "a string is not closed"),
        ("\n/* a", "a comment is not closed"),
    ] {
        check_refused(source, Some(2), message);
    }
    assert!(locate_key(&"(".repeat(1_000_000), "Version").is_err());
}

fn any_source() -> impl Strategy<Value = (String, String)> {
    let version = "v?[0-9]{1,2}(\\.[0-9]{1,2}){0,3}(-rc\\.[0-9])?";
    let parts = (
        prop_oneof![Just('"'), Just('`')],
        "[ \t]{0,2}",
        "( ?//[a-z'\"`é({]{0,6}| ?/\\*[a-z'\"`\n]{0,4}\\*/)?",
    );
    (0..4_u8, version, parts, any::<[bool; 3]>()).prop_map(
        |(form, version, (q, space, comment), [mark, crlf, end])| {
            let typed = if crlf { " string" } else { "" };
            let spec = format!("Version{typed}{space}={space}{q}{version}{q}{space}{comment}");
            let body = match form {
                0 => format!("const {spec}"),
                1 => format!("var{space}({comment}\nA{space}= 1{comment}\n{space}{spec}\n{space})"),
                2 => format!("const (\n{spec}\nVersions = \"0\"{comment}\n)"),
                _ => format!("var A, Version{space}={space}x(1, \"0\"),{space}{q}{version}{q}{comment}"),
            };
            let mut source = format!("package a{comment}\nfunc f() {{ const Version = \"0\" }}\n{body}");
            if end {
                source.push('\n');
            }
            if crlf {
                source = source.replace('\n', "\r\n");
            }
            if mark {
                source.insert(0, '\u{feff}');
            }
            (source, version)
        },
    )
}

proptest! {
    #[test]
    fn replacing_changes_nothing_else((source, version) in any_source(), new in "[0-9a-z.+-]{1,8}") {
        let site = locate_key(&source, "Version").unwrap();
        prop_assert_eq!(site.text(), version);
        let once = splice(&source, &[site.replaced(&new).unwrap()]).unwrap();
        prop_assert_eq!(&once[..site.span.start], &source[..site.span.start]);
        prop_assert_eq!(&once[site.span.start + new.len()..], &source[site.span.end..]);
        let again = locate_key(&once, "Version").unwrap();
        prop_assert_eq!(again.text(), &new);
        prop_assert_eq!(splice(&once, &[again.replaced(&new).unwrap()]).unwrap(), once);
    }

    #[test]
    fn no_value_escapes_its_place((source, _) in any_source(), new in "\\PC{1,8}|[0-9\"'`\\\\;/*]{1,6}") {
        let site = locate_key(&source, "Version").unwrap();
        if let Ok(edit) = site.replaced(&new) {
            let edited = splice(&source, &[edit]).unwrap();
            let again = locate_key(&edited, "Version").unwrap();
            prop_assert_eq!(again.text(), &new);
        }
    }

    #[test]
    fn no_text_panics(source in "(const|var|Version|func|[(){}=,;\"`' \n\r]|//|/\\*|\\*/|é|\\\\|1){0,20}") {
        if let Ok(site) = locate_key(&source, "Version") {
            prop_assert_eq!(&source[site.span()], site.text());
        }
    }
}
