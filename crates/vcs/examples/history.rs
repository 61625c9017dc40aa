//! Prints what the history of a repository holds, and how long it took to find out.
//!
//!     history REPOSITORY REVISION (ids | commits | changes | split | cached | list | first) [PATH...]
//!
//! `split` without paths takes every directory of the top, and of `packages`, `crates` and `libs`, for a package.

#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use tminus_vcs::{CommitId, Configuration, History, Merges, PathMap, Range, Repository};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [repository, revision, question, paths @ ..] = arguments.as_slice() else {
        return Err("history REPOSITORY REVISION QUESTION [PATH...]".into());
    };
    let repository = Repository::open_with(Path::new(repository), Configuration::RepositoryOnly)?;
    let tip = repository.resolve(revision)?.ok_or("no such revision")?;
    let map = packages(&repository, &tip, paths)?;
    let start = Instant::now();
    let mut history = repository.history()?;
    if question == "cached" {
        history = history.with_cache(repository.common_dir().join("tminus/history"));
    }
    let answer = answer(&history, &Range::all(tip), question, &map)?;
    let time = start.elapsed();
    println!("{answer} in {:.3} s", time.as_secs_f64());
    Ok(())
}

fn answer(history: &History, range: &Range, question: &str, map: &PathMap) -> Result<String, Box<dyn Error>> {
    Ok(match question {
        "ids" => format!("{} commits", history.ids(range)?.len()),
        "commits" => {
            let commits = history.commits(range)?;
            let bytes: usize = commits.iter().map(|commit| commit.message.len()).sum();
            format!("{} commits with {bytes} bytes", commits.len())
        }
        "changes" => {
            let changes = history.changes(range, Merges::Nothing)?;
            let paths: usize = changes.iter().map(|changes| changes.paths.len()).sum();
            format!("{} commits with {paths} paths", changes.len())
        }
        "split" | "cached" => {
            let split = history.split(range, map, Merges::Nothing)?;
            let ties: usize = split.iter().map(|touched| touched.owners.len()).sum();
            let others = split.iter().filter(|touched| touched.others).count();
            let owners = map.declared().len();
            format!("{} commits, {ties} ties to {owners} packages, {others} beside them", split.len())
        }
        // What git prints, to be compared.
        "list" | "first" => {
            let merges = if question == "first" { Merges::FirstParent } else { Merges::Nothing };
            let mut text = Vec::new();
            for changes in history.changes(range, merges)? {
                text.extend_from_slice(changes.commit.as_str().as_bytes());
                text.push(b'\0');
                for path in &changes.paths {
                    text.extend_from_slice(path.bytes());
                    text.push(b'\0');
                }
            }
            std::io::Write::write_all(&mut std::io::stderr(), &text)?;
            "listed".to_owned()
        }
        other => return Err(format!("no such question: {other}").into()),
    })
}

fn packages(repository: &Repository, tip: &CommitId, paths: &[String]) -> Result<PathMap, Box<dyn Error>> {
    let mut map = PathMap::new();
    let mut found: Vec<String> = paths.to_vec();
    if found.is_empty() {
        for file in repository.files(tip)? {
            let mut names = file.path.split('/');
            let Some(first) = names.next() else { continue };
            let grouped = ["packages", "crates", "libs", "src"].contains(&first);
            let package = match (grouped, names.next(), names.next()) {
                (true, Some(second), Some(_)) => format!("{first}/{second}"),
                (false, Some(_), _) => first.to_owned(),
                _ => continue,
            };
            found.push(package);
        }
    }
    found.sort();
    found.dedup();
    for (number, path) in found.iter().enumerate() {
        map.insert(path, u32::try_from(number)?)?;
    }
    Ok(map)
}
