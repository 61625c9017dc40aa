//! A package index with PyPI's upload and read interfaces.

mod filename;
mod listing;
mod sandbox;
mod state;
mod upload;
mod version;

pub(crate) use self::state::IndexState;
pub(crate) use self::state::normalized;
pub use self::{
    state::{IndexFile, UploadTally},
    upload::FileSeed,
};
use crate::server::{Context, Reply, Request, Upload, World};

/// Answers everything below `legacy/`, `simple/`, `files/` and `pypi/`.
pub(crate) fn answer(
    world: &mut World,
    context: &Context,
    request: &Request,
    segments: &[&str],
    upload: Option<Upload>,
) -> Reply {
    match (request.method.as_str(), segments) {
        ("POST", ["legacy"]) => Reply::redirect(308, "/legacy/"),
        ("POST", ["legacy", ""]) => upload::answer(world, context, request, upload),
        (_, ["legacy", ..]) => Reply::text(405, "405 Method Not Allowed").header("allow", "POST"),
        ("GET", ["simple"]) => Reply::redirect(301, "/simple/"),
        ("GET", ["simple", ""]) => listing::root(request, world.state.index.projects.iter()),
        ("GET", ["simple", name] | ["simple", name, ""]) if state::is_project_name(name) => {
            let normal = normalized(name);
            if normal == *name && segments.len() == 3 {
                project_page(world, context, request, &normal)
            } else {
                Reply::redirect(301, format!("/simple/{normal}/"))
            }
        }
        ("GET", ["files", project, filename]) => file(world, project, filename),
        ("GET", ["pypi", name, "json"] | ["pypi", name, "json", ""]) => legacy(world, context, name, None),
        ("GET", ["pypi", name, version, "json"] | ["pypi", name, version, "json", ""]) => {
            legacy(world, context, name, Some(version))
        }
        ("GET", _) => not_found(),
        _ => Reply::text(405, "405 Method Not Allowed").header("allow", "GET, HEAD"),
    }
}

fn not_found() -> Reply {
    Reply::text(404, "404 Not Found")
}

/// One project's page. Every page asked for brings lagging files one step closer to being shown.
fn project_page(world: &mut World, context: &Context, request: &Request, normal: &str) -> Reply {
    let Some(project) = world.state.index.projects.get_mut(normal) else {
        let own = context.own_projects.iter().any(|own| own == normal);
        return match &context.passthrough {
            Some(root) if !own => {
                Reply::redirect(302, format!("{}/{normal}/", root.as_str().trim_end_matches('/')))
            }
            _ => not_found(),
        };
    };
    let shown: Vec<&IndexFile> = project.files.iter().filter(|file| file.hidden_listings == 0).collect();
    let reply = if shown.is_empty() { not_found() } else { listing::project(request, normal, &shown) };
    for file in &mut project.files {
        file.hidden_listings = file.hidden_listings.saturating_sub(1);
    }
    reply
}

fn file(world: &World, project: &str, filename: &str) -> Reply {
    let content = world
        .state
        .index
        .projects
        .get(project)
        .and_then(|project| project.files.iter().find(|file| file.filename == filename))
        .and_then(|file| world.blobs.get(&file.sha256));
    match content {
        Some(content) => Reply::bytes(200, "application/octet-stream", content)
            .header("cache-control", "max-age=365000000, immutable, public"),
        None => not_found(),
    }
}

fn legacy(world: &World, context: &Context, name: &str, version: Option<&str>) -> Reply {
    let normal = normalized(name);
    let missing = || Reply::json(404, &serde_json::json!({ "message": "Not Found" }));
    let Some(project) = world.state.index.projects.get(&normal) else { return missing() };
    let shown: Vec<&IndexFile> = project.files.iter().filter(|file| file.hidden_listings == 0).collect();
    listing::legacy(&context.base, &normal, &project.name, &shown, version).unwrap_or_else(missing)
}
