//! What writing all or none costs beside writing without a net.
//!
//! ```text
//! write tminus|floor flat|nested DIRECTORY COUNT ROUNDS
//! ```
//!
//! Makes COUNT files of 1.3 KB in DIRECTORY, which must not be there yet, changes all of them ROUNDS times, prints the
//! microseconds of each round, and removes the directory. `floor` writes each new file beside its original, then
//! renames all: it reads nothing again and waits for nothing.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for another program")]

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use tminus_manifests::EditSet;

fn main() -> ExitCode {
    // cargo gives every benchmark `--bench`.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        [] => return ExitCode::SUCCESS,
        [who, shape, directory, count, rounds] => run(who, shape, Path::new(directory), count, rounds),
        _ => Err("not understood".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{words:?}: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(who: &str, shape: &str, root: &Path, count: &str, rounds: &str) -> Result<(), Box<dyn Error>> {
    let write = match who {
        "tminus" => tminus as fn(&Path, &[String], u8) -> Result<u128, Box<dyn Error>>,
        "floor" => floor,
        _ => return Err("neither tminus nor floor".into()),
    };
    let name =
        |number| if shape == "flat" { format!("f{number}") } else { format!("p{number}/package.json") };
    let names: Vec<String> = (0..count.parse::<usize>()?).map(name).collect();
    fs::create_dir(root)?;
    fs::create_dir(root.join(".git"))?;
    for name in &names {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap_or(root))?;
        fs::write(path, contents(0))?;
    }
    for round in 0..rounds.parse()? {
        fs::File::open(root)?.sync_all()?;
        println!("{}", write(root, &names, round)?);
    }
    fs::remove_dir_all(root)?;
    Ok(())
}

fn contents(round: u8) -> Vec<u8> {
    vec![b'a'.wrapping_add(round % 26); 1300]
}

/// One round, in microseconds.
fn tminus(root: &Path, names: &[String], round: u8) -> Result<u128, Box<dyn Error>> {
    let mut edits = EditSet::new();
    for name in names {
        edits.edit(name.parse()?, contents(round), contents(round + 1))?;
    }
    let start = Instant::now();
    edits.write(root)?;
    Ok(start.elapsed().as_micros())
}

fn floor(root: &Path, names: &[String], round: u8) -> Result<u128, Box<dyn Error>> {
    let new = contents(round + 1);
    let start = Instant::now();
    let paths: Vec<_> = names.iter().map(|name| root.join(name)).collect();
    let beside = |path: &Path| path.with_extension("new");
    for path in &paths {
        fs::write(beside(path), &new)?;
    }
    for path in &paths {
        fs::rename(beside(path), path)?;
    }
    Ok(start.elapsed().as_micros())
}
