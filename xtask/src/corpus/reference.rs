//! What other readers say to the files that ours refuse: Python's, and Go's where it is.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use super::form::Form;

/// A file that was refused.
pub(super) struct Refused {
    pub(super) form: Form,
    pub(super) place: String,
    pub(super) reason: String,
    pub(super) bytes: Vec<u8>,
}

/// Those that a reference reader takes; `None` where there is none for the format.
pub(super) fn taken<'a>(
    refused: &'a [Refused],
    dir: &Path,
) -> anyhow::Result<Vec<(&'a Refused, Option<bool>)>> {
    let python = python(refused)?;
    let mut answers = Vec::with_capacity(refused.len());
    for (file, answer) in refused.iter().zip(python) {
        let answer = if file.form.name == "go.mod" { go(&file.bytes, dir)? } else { answer };
        answers.push((file, answer));
    }
    Ok(answers)
}

const SCRIPT: &str = r#"
import configparser, json, sys, tomllib
try:
    import yaml
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
except ImportError:
    yaml = None
read = sys.stdin.buffer
while line := read.readline():
    name, size = line.decode().split()
    data = read.read(int(size))
    answer = "yes"
    try:
        text = data.decode("utf-8")
        if name.endswith((".toml", ".lock")):
            tomllib.loads(text)
        elif name.endswith(".json"):
            json.loads(text)
        elif name.endswith(".cfg"):
            configparser.RawConfigParser().read_string(text)
        elif name.endswith(".yaml") and yaml:
            list(yaml.load_all(text, loader))
        else:
            answer = "unknown"
    except Exception:
        answer = "no"
    print(answer)
"#;

fn python(refused: &[Refused]) -> anyhow::Result<Vec<Option<bool>>> {
    let mut command = Command::new("python3");
    command.args(["-c", SCRIPT]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let Ok(mut child) = command.spawn() else { return Ok(vec![None; refused.len()]) };
    let Some(mut input) = child.stdin.take() else { bail!("python3 has no pipes") };
    std::thread::scope(|scope| {
        // Written from another thread: the program answers before it has read everything.
        let writer = scope.spawn(move || -> std::io::Result<()> {
            for file in refused {
                writeln!(input, "{} {}", file.form.name, file.bytes.len())?;
                input.write_all(&file.bytes)?;
            }
            Ok(())
        });
        let output = child.wait_with_output().context("python3 cannot be waited for")?;
        writer.join().map_err(|_| anyhow::anyhow!("python3 could not be asked"))??;
        let answers: Vec<Option<bool>> = String::from_utf8(output.stdout)?
            .lines()
            .map(|line| match line {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            })
            .collect();
        if answers.len() != refused.len() {
            bail!("python3 gives {} answers to {} files", answers.len(), refused.len());
        }
        Ok(answers)
    })
}

fn go(bytes: &[u8], dir: &Path) -> anyhow::Result<Option<bool>> {
    let path = dir.join("go.mod");
    std::fs::write(&path, bytes).with_context(|| path.display().to_string())?;
    let mut command = Command::new("go");
    command.args(["mod", "edit", "-json"]).arg(&path).stdin(Stdio::null()).stdout(Stdio::null());
    let status = command.stderr(Stdio::null()).status();
    Ok(status.ok().map(|status| status.success()))
}

#[cfg(test)]
mod tests {
    use super::{Refused, taken};
    use crate::corpus::form::Form;

    #[test]
    fn the_reference_tells_malformed_files_from_others() {
        let cases = [
            ("pyproject.toml", "[project]\nversion = 1\n", Some(true)),
            ("pyproject.toml", "[project\n", Some(false)),
            ("uv.lock", "version = 1\n", Some(true)),
            ("package.json", "[]", Some(true)),
            ("package.json", "{,}", Some(false)),
            ("setup.cfg", "no section\n", Some(false)),
        ];
        let refused: Vec<Refused> = cases
            .iter()
            .map(|(name, text, _)| Refused {
                form: Form::of(name).unwrap(),
                place: String::new(),
                reason: String::new(),
                bytes: text.as_bytes().to_vec(),
            })
            .collect();
        let dir = tempfile::tempdir().unwrap();
        let answers = taken(&refused, dir.path()).unwrap();
        for ((file, answer), (_, text, expected)) in answers.iter().zip(&cases) {
            // No Python, no answer.
            assert!(answer.is_none() || answer == expected, "{}: {text}", file.form.name);
        }
    }
}
