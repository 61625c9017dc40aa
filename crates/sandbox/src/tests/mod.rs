//! The server as clients see it, over real connections.

mod client;
mod faults;
mod forge;
mod graphql;
mod index;
mod installers;
mod lifecycle;
mod notes;
mod pulls;
mod schemas;

use crate::{Options, RepositorySeed, Sandbox};

fn start() -> Sandbox {
    Sandbox::start(Options::default()).unwrap()
}

/// A sandbox with the repository `octo/demo`, which has discussions.
fn with_repository() -> Sandbox {
    let sandbox = start();
    let seed = RepositorySeed { has_discussions: true, ..RepositorySeed::new("octo", "demo") };
    sandbox.add_repository(seed).unwrap();
    sandbox
}
