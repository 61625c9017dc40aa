//! The real installers against our index.

use std::{
    path::Path,
    process::{Command, Output},
};

use super::{client::upload, start};
use crate::Sandbox;

/// A wheel with one module, written by Python's own zipfile.
const MAKE_WHEEL: &str = r#"
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    wheel.writestr("sandbox_demo.py", "ANSWER = 42\n")
    wheel.writestr("sandbox_demo-1.2.dist-info/METADATA", "Metadata-Version: 2.1\nName: sandbox-demo\nVersion: 1.2\nRequires-Python: >=3.6\n")
    wheel.writestr("sandbox_demo-1.2.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    wheel.writestr("sandbox_demo-1.2.dist-info/RECORD", "sandbox_demo.py,,\nsandbox_demo-1.2.dist-info/METADATA,,\nsandbox_demo-1.2.dist-info/WHEEL,,\nsandbox_demo-1.2.dist-info/RECORD,,\n")
"#;
const WHEEL: &str = "sandbox_demo-1.2-py3-none-any.whl";

/// Runs a program with nothing of the user's own configuration; `None` when it is not installed.
fn run(home: &Path, program: &str, arguments: &[&str]) -> Option<Output> {
    Command::new(program)
        .args(arguments)
        .current_dir(home)
        .env("HOME", home)
        .env("XDG_CONFIG_HOME", home)
        .env("PIP_CONFIG_FILE", "/dev/null")
        .env("UV_NO_CONFIG", "1")
        .env("UV_CACHE_DIR", home.join("uv-cache"))
        .env("NO_PROXY", "127.0.0.1")
        .env("no_proxy", "127.0.0.1")
        .env_remove("PIP_INDEX_URL")
        .env_remove("PIP_EXTRA_INDEX_URL")
        .env_remove("UV_DEFAULT_INDEX")
        .env_remove("UV_INDEX_URL")
        .env_remove("UV_INDEX")
        .output()
        .ok()
}

fn serving_a_wheel(home: &Path) -> Option<Sandbox> {
    let path = home.join(WHEEL);
    let made = run(home, "python3", &["-c", MAKE_WHEEL, path.to_str()?])?;
    if !made.status.success() {
        return None;
    }
    let content = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let sandbox = start();
    let fields = [
        ("name", "sandbox-demo"),
        ("version", "1.2"),
        ("filetype", "bdist_wheel"),
        ("pyversion", "py3"),
        ("requires_python", ">=3.6"),
    ];
    assert_eq!(upload(&sandbox, &fields, WHEEL, &content).status, 200);
    Some(sandbox)
}

#[test]
fn pip_downloads_a_wheel() {
    let home = tempfile::tempdir().unwrap();
    let Some(sandbox) = serving_a_wheel(home.path()) else {
        println!("skipped: there is no python3");
        return;
    };
    if !run(home.path(), "python3", &["-m", "pip", "--version"]).is_some_and(|output| output.status.success())
    {
        println!("skipped: python3 has no pip");
        return;
    }
    let index = sandbox.index_url();
    let arguments = [
        "-m",
        "pip",
        "download",
        "--no-deps",
        "--isolated",
        "--no-cache-dir",
        "--disable-pip-version-check",
        "--index-url",
        index.as_str(),
        "--dest",
        ".",
        "sandbox-demo==1.2",
    ];
    let output = run(home.path(), "python3", &arguments).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let got = std::fs::read(home.path().join(WHEEL)).unwrap();
    assert_eq!(got, sandbox.file_content(WHEEL).unwrap());
    assert!(sandbox.events().iter().any(|event| event.path.starts_with("/files/sandbox-demo/")));
}

#[test]
fn uv_installs_a_wheel() {
    let home = tempfile::tempdir().unwrap();
    if !run(home.path(), "uv", &["--version"]).is_some_and(|output| output.status.success()) {
        println!("skipped: there is no uv");
        return;
    }
    let Some(sandbox) = serving_a_wheel(home.path()) else {
        println!("skipped: there is no python3");
        return;
    };
    let index = sandbox.index_url();
    let arguments = [
        "pip",
        "install",
        "--default-index",
        index.as_str(),
        "--target",
        "site",
        "--no-deps",
        "sandbox-demo",
    ];
    let output = run(home.path(), "uv", &arguments).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(home.path().join("site/sandbox_demo.py").exists());
}
