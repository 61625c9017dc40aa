//! `init` on a project that has never heard of tminus.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::bed::Bed;

const PYPROJECT: &str = "\
# The metadata of the project; comments stay.
[build-system]
requires = [\"setuptools\"]
build-backend = \"setuptools.build_meta\"

[project]
name = \"lunar-module\"
version = \"1.4.2\"  # kept in step with lunar_module/__init__.py
description = \"Lands\"
requires-python = \">=3.8\"
";

const CODE: &str = "\"\"\"Lands.\"\"\"\n\n__version__ = '1.4.2'\n\n\ndef land():\n    return True\n";

/// Builds both files with the standard library alone, into the directory named last or after `--outdir`.
const BUILD: &str = r#"
import base64, hashlib, io, pathlib, re, sys, tarfile, zipfile

words = sys.argv[1:]
if "--outdir" in words:
    out = words[words.index("--outdir") + 1]
elif len(words) == 1 and not words[0].startswith("-") and words[0] != ".":
    out = words[0]
else:
    out = "dist"
out = pathlib.Path(out)
out.mkdir(parents=True, exist_ok=True)
version = re.search(r'^version = "(.*?)"', pathlib.Path("pyproject.toml").read_text(), re.M).group(1)
metadata = f"Metadata-Version: 2.1\nName: lunar-module\nVersion: {version}\nRequires-Python: >=3.8\n\n"
code = pathlib.Path("lunar_module/__init__.py").read_text()
info = f"lunar_module-{version}.dist-info"
files = {
    "lunar_module/__init__.py": code,
    f"{info}/METADATA": metadata,
    f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: own\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
}
record = ""
for name, text in files.items():
    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
    record += f"{name},sha256={digest},{len(text.encode())}\n"
files[f"{info}/RECORD"] = record + f"{info}/RECORD,,\n"
with zipfile.ZipFile(out / f"lunar_module-{version}-py3-none-any.whl", "w") as wheel:
    for name, text in files.items():
        wheel.writestr(name, text)
with tarfile.open(out / f"lunar_module-{version}.tar.gz", "w:gz") as sdist:
    for name, text in [("PKG-INFO", metadata), ("pyproject.toml", pathlib.Path("pyproject.toml").read_text())]:
        entry = tarfile.TarInfo(f"lunar_module-{version}/{name}")
        entry.size = len(text.encode())
        sdist.addfile(entry, io.BytesIO(text.encode()))
"#;

/// A Python project as they are: one tag, a commit since, no forge.
fn plain() -> Bed {
    let bed = Bed::plain();
    bed.write("pyproject.toml", PYPROJECT);
    bed.write("lunar_module/__init__.py", CODE);
    bed.write("tools/build.py", BUILD);
    bed.commit_and_push("Land");
    bed.git(&["tag", "--annotate", "--message=1.4.2", "v1.4.2"]);
    bed.git(&["push", "--quiet", "origin", "v1.4.2"]);
    bed.write("README.md", "# lunar-module\n");
    bed.commit_and_push("Say what it is");
    bed
}

/// The same on a machine whose Python has the module `build`, here a double that needs no network.
fn plain_with_build() -> Bed {
    let mut bed = plain();
    let (programs, modules) = (bed.root().join("programs"), bed.root().join("modules"));
    fs::create_dir_all(modules.join("build")).unwrap();
    fs::write(modules.join("build/__init__.py"), "").unwrap();
    fs::write(modules.join("build/__main__.py"), BUILD).unwrap();
    fs::create_dir_all(&programs).unwrap();
    let path = bed.variable("PATH").to_owned();
    let script = format!("#!/bin/sh\nPATH='{path}' PYTHONPATH='{}' exec python3 \"$@\"\n", modules.display());
    for name in ["python3", "python"] {
        let program = programs.join(name);
        fs::write(&program, &script).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    }
    bed.set("PATH", &format!("{}:{path}", programs.display()));
    bed
}

/// Lets the configuration build with the script of the tree, and changes nothing else in it.
#[track_caller]
fn build_with_script(bed: &Bed) {
    let text = bed.read("tminus.toml");
    let mut lines: Vec<String> = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("build ") && !line.trim_start().starts_with("build="))
        .map(str::to_owned)
        .collect();
    let package = lines.iter().position(|line| line.trim() == "[[package]]").expect("a package");
    lines.insert(package + 1, r#"build = ["python3", "tools/build.py", "{out}"]"#.to_owned());
    bed.write("tminus.toml", &(lines.join("\n") + "\n"));
}

#[test]
fn the_file_plans_without_edits() {
    let bed = plain_with_build();
    let remote = bed.git_remote(&["for-each-ref"]);
    let answer = bed.run(&["init"]);
    answer.exits(0).says(&["tminus.toml"]);
    let text = bed.read("tminus.toml");
    for essential in ["[train]", "[[package]]", "lunar-module", "pyproject.toml", "lunar_module/__init__.py"]
    {
        assert!(text.contains(essential), "`{essential}` is missing from\n{text}");
    }
    assert_eq!(bed.git(&["status", "--porcelain"]), "?? tminus.toml", "one new file, nothing else");
    assert_eq!(bed.git_remote(&["for-each-ref"]), remote);
    assert!(!bed.notes().exists());

    let plan = bed.run(&["plan", "minor"]);
    plan.exits(0).says(&["1.5.0", "pyproject.toml", "lunar_module/__init__.py", "v1.5.0"]);
    bed.commit_and_push("Release with tminus");
    bed.run(&["plan", "minor"]).exits(0).says(&["1.5.0"]);
    bed.run(&["plan", "patch"]).exits(0).says(&["1.4.3"]);
    bed.run(&["status"]).exits(0).says(&["1.4.2"]);
    released(&bed);
}

#[test]
fn a_file_that_exists_is_kept() {
    let bed = plain();
    bed.write("tminus.toml", "# mine\n");
    let before = bed.picture();
    bed.run(&["init"]).exits(1).says(&["tminus.toml"]);
    assert_eq!(bed.read("tminus.toml"), "# mine\n");
    assert_eq!(bed.picture(), before);
}

/// Printed instead of written, it is the same text.
#[test]
fn printed() {
    let bed = plain();
    let printed = bed.run(&["init", "--stdout"]);
    printed.exits(0);
    assert!(!bed.work.join("tminus.toml").exists());
    bed.run(&["init"]).exits(0);
    assert_eq!(printed.out.trim_end(), bed.read("tminus.toml").trim_end());
}

/// `tminus init && tminus release minor`, with nothing edited beyond tminus.toml, and no forge.
#[test]
fn init_and_release_without_a_forge() {
    let bed = plain();
    bed.run(&["init"]).exits(0);
    build_with_script(&bed);
    bed.commit_and_push("Release with tminus");
    released(&bed);
}

/// The same without a commit of tminus.toml in between, as the two commands one after the other have it.
#[test]
fn init_and_release_in_one_breath() {
    let bed = plain_with_build();
    bed.run(&["init"]).exits(0);
    let text = bed.read("tminus.toml");
    released(&bed);
    assert_eq!(bed.read("tminus.toml"), text, "tminus.toml is still there");
}

#[track_caller]
fn released(bed: &Bed) {
    let plan = bed.run(&["plan", "minor"]);
    plan.exits(0).says(&["1.5.0"]);
    bed.run(&["release", "minor", "--yes"]).exits(0).says(&["1.5.0"]);
    assert_eq!(bed.on_remote("v1.5.0", "pyproject.toml"), PYPROJECT.replace("1.4.2", "1.5.0"));
    assert_eq!(bed.on_remote("v1.5.0", "lunar_module/__init__.py"), CODE.replace("1.4.2", "1.5.0"));
    assert_eq!(bed.git_remote(&["cat-file", "-t", "v1.5.0"]), "tag");
    let names: Vec<_> = bed.sandbox.files("lunar-module").into_iter().map(|file| file.filename).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(names.iter().all(|name| name.starts_with("lunar_module-1.5.0")), "{names:?}");
    for tally in bed.sandbox.uploads() {
        assert_eq!((tally.accepted, tally.duplicate, tally.refused), (1, 0, 0), "{}", tally.filename);
    }
    assert_eq!(bed.git(&["rev-parse", "main"]), bed.git_remote(&["rev-parse", "main"]));
    bed.run(&["resume"]).exits(1).says(&["no release is on its way"]);
    bed.run(&["release", "minor", "--yes"]).exits(1).says(&["nothing"]);
}

/// No forge, no problem: what only a forge could do stands in the plan as not applicable, with the reason.
#[test]
fn forge_steps_without_a_forge() {
    let bed = plain();
    bed.run(&["init"]).exits(0);
    build_with_script(&bed);
    let text = bed.read("tminus.toml");
    assert!(!text.contains("[release.minor]"), "this test brings its own rules:\n{text}");
    bed.write("tminus.toml", &format!("{text}\n[train.release.minor]\nmilestone = \"{{version}}\"\n"));
    let nested = bed.run(&["plan", "minor"]);
    // `[release.KIND]` is the shorthand that the design gives.
    if nested.code == 2 {
        bed.write("tminus.toml", &format!("{text}\n[release.minor]\nmilestone = \"{{version}}\"\n"));
    }
    bed.commit_and_push("Release with tminus");
    bed.run(&["plan", "minor"]).exits(0).says(&["milestone", "not applicable", "forge"]);
    released(&bed);
}

/// Where there is nothing to find, that is said, and no file appears.
#[test]
fn nothing_to_release_here() {
    let bed = Bed::plain();
    bed.write("README.md", "# empty\n");
    bed.commit_and_push("Nothing");
    let answer = bed.run(&["init"]);
    answer.exits(1);
    assert!(!answer.err.is_empty(), "{answer}");
    assert!(!bed.work.join("tminus.toml").exists());
}
