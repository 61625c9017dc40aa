use std::io::Read as _;

use tminus_engine::Exit;
use tminus_sandbox::{Checks, Options, RepositorySeed, Sandbox};

use crate::CommandError;
use crate::args::Sandbox as Arguments;
use crate::output::Output;
use crate::world::World;

pub(crate) fn run(world: &World, output: &Output, options: &Arguments) -> Result<Exit, CommandError> {
    let everything = !options.pypi && !options.forge;
    let token = options.token.clone().unwrap_or_else(new_token);
    let checks = match options.check.as_slice() {
        [] => Checks::None,
        names => Checks::Auto { names: names.to_vec(), pending_polls: 1 },
    };
    let failed = |error: tminus_sandbox::SandboxError| CommandError::new(Exit::NoGo, error.to_string());
    let sandbox = Sandbox::start(Options {
        port: options.port,
        token: token.clone(),
        passthrough: options.passthrough.clone(),
        dir: options.dir.as_ref().map(|dir| world.dir.join(dir)),
        auto_repositories: true,
        checks,
        clock: std::sync::Arc::new(|| jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
        ..Options::default()
    })
    .map_err(failed)?;
    for text in &options.repository {
        let seed = repository(world, text)?;
        if !sandbox.repositories().contains(&format!("{}/{}", seed.owner, seed.name)) {
            sandbox.add_repository(seed).map_err(failed)?;
        }
    }
    let mut variables: Vec<(&str, String)> = Vec::new();
    if everything || options.pypi {
        variables.push(("TMINUS_PYPI_UPLOAD_URL", sandbox.upload_url().to_string()));
        variables.push(("TMINUS_PYPI_INDEX_URL", sandbox.index_url().to_string()));
        variables.push(("TMINUS_PYPI_TOKEN", token.clone()));
    }
    if everything || options.forge {
        variables.push(("GITHUB_API_URL", sandbox.forge_url().to_string()));
        variables.push(("GH_TOKEN", token));
    }
    if output.json() {
        let map: serde_json::Map<_, _> =
            variables.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        output.line(&serde_json::Value::Object(map).to_string());
    } else {
        for (name, value) in variables {
            output.line(&format!("export {name}={value}"));
        }
    }
    let until = if options.until_stdin_ends { "standard input ends" } else { "interrupted" };
    output.note(&format!("serving on loopback until {until}"));
    wait(options.until_stdin_ends);
    sandbox.shutdown().map_err(failed)?;
    Ok(Exit::Done)
}

/// Until standard input ends where that is wanted; else until a signal. Everything is saved as it changes.
fn wait(until_stdin_ends: bool) {
    if until_stdin_ends {
        let mut buffer = [0_u8; 256];
        while std::io::stdin().lock().read(&mut buffer).is_ok_and(|read| read > 0) {}
        return;
    }
    loop {
        std::thread::park();
    }
}

fn repository(world: &World, text: &str) -> Result<RepositorySeed, CommandError> {
    let wrong = || {
        CommandError::new(Exit::Usage, format!("`{text}`: write OWNER/NAME=DIR, DIR being a bare repository"))
    };
    let (id, dir) = text.split_once('=').ok_or_else(wrong)?;
    let (owner, name) = id.split_once('/').ok_or_else(wrong)?;
    let dir = world.dir.join(dir);
    if owner.is_empty() || name.is_empty() || !dir.is_dir() {
        return Err(wrong());
    }
    Ok(RepositorySeed {
        git_dir: Some(dir),
        has_discussions: true,
        discussion_categories: ["Announcements", "General"].map(str::to_owned).to_vec(),
        ..RepositorySeed::new(owner, name)
    })
}

/// A token for one run of a loopback server.
fn new_token() -> String {
    use std::hash::{BuildHasher as _, Hasher as _};
    let word = || std::collections::hash_map::RandomState::new().build_hasher().finish();
    format!("sandbox-{:016x}{:016x}", word(), word())
}
