//! `tminus changelog` and `tminus notes` with a forge, and with files of the project beside the history.

mod by_package;
mod carry;
mod files;
mod newcomers;

use tminus_sandbox::{PullRequestSeed, RepositorySeed};

use super::bed::{Bed, TOKEN};

const FORGE: &str = "octo/demo";

/// An empty project with an empty remote, which a forge knows.
fn forged() -> Bed {
    let mut bed = Bed::plain();
    let api = bed.sandbox.forge_url().to_string();
    bed.set("GITHUB_API_URL", &api);
    bed.set("GH_TOKEN", TOKEN);
    let seed = RepositorySeed { git_dir: Some(bed.remote.clone()), ..RepositorySeed::new("octo", "demo") };
    bed.sandbox.add_repository(seed).unwrap();
    bed
}

/// The page of a pull request on the forge.
fn page(bed: &Bed, number: u64) -> String {
    let url = bed.sandbox.forge_url().to_string();
    let start = url.split("/api/").next().unwrap();
    format!("{start}/{FORGE}/pull/{number}")
}

/// A pull request that HEAD merges.
fn merged(bed: &Bed, number: u64, title: &str, author: &str, at: &str) {
    let seed = PullRequestSeed {
        number: Some(number),
        title: title.to_owned(),
        author: Some(author.to_owned()),
        merge_commit_sha: Some(bed.git(&["rev-parse", "HEAD"])),
        merged_at: Some(at.to_owned()),
        ..PullRequestSeed::default()
    };
    bed.sandbox.add_pull_request(FORGE, seed).unwrap();
}

/// Commits everything.
fn commit(bed: &Bed, message: &str) {
    bed.git(&["add", "--all"]);
    bed.git(&["commit", "--quiet", "--allow-empty", "--message", message]);
}
