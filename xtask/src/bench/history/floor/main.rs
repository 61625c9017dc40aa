//! The least that our questions about a history cost: the library alone, one process, one answer. Compiled on its own,
//! as the workspace keeps the library inside one crate.
//!
//! `floor describe|since|log REPOSITORY`: the nearest tag of HEAD; what came since it; every commit, decoded.

use std::error::Error;

use gix::commit::describe::SelectRef;
use gix::revision::walk::Sorting;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [mode, path] = words.as_slice() else { return Err("floor describe|since|log REPOSITORY".into()) };
    let mut repository = gix::open(path)?;
    repository.object_cache_size_if_unset(32 << 20);
    match mode.as_str() {
        "describe" => println!("{}", nearest(&repository)?),
        "since" => {
            let tag = nearest(&repository)?;
            let id = repository.find_reference(&format!("refs/tags/{tag}"))?.peel_to_id()?.detach();
            println!("{}", read(&repository, Some(id))?);
        }
        "log" => println!("{}", read(&repository, None)?),
        other => return Err(format!("no mode is called {other}").into()),
    }
    Ok(())
}

fn nearest(repository: &gix::Repository) -> Result<String, Box<dyn Error>> {
    let head = repository.head_commit()?;
    let found = head.describe().names(SelectRef::AllTags).try_resolve()?.ok_or("no tag")?;
    Ok(found.outcome.name.ok_or("no name")?.to_string())
}

/// Reads message and author of every commit; the number of bytes is the answer.
fn read(repository: &gix::Repository, hidden: Option<gix::ObjectId>) -> Result<usize, Box<dyn Error>> {
    let walk = repository.rev_walk([repository.head_id()?.detach()]);
    let walk = walk.sorting(Sorting::ByCommitTime(Default::default())).with_hidden(hidden);
    let mut bytes = 0;
    for info in walk.all()? {
        let commit = info?.object()?;
        let read = commit.decode()?;
        bytes += read.message.len() + read.author()?.name.len();
    }
    Ok(bytes)
}
