//! A forge that answers as GitHub's REST interface does, for what a release needs.

mod answers;
mod assets;
mod changes;
mod checks;
mod found;
mod git;
mod graphql;
mod issues;
mod labels;
mod milestones;
mod notes;
mod opening;
mod pulls;
mod releases;
mod repositories;
mod sandbox;
mod scene;
mod seeds;
mod state;
mod yaml;

use serde_json::json;

use self::scene::Scene;
pub(crate) use self::state::ForgeState;
pub use self::{
    seeds::{IssueSeed, MilestoneSeed, PullRequestSeed, ReleaseSeed, RepositorySeed},
    state::{
        Asset, CheckRun, Checks, Comment, CommitStatus, Discussion, DiscussionCategory, Issue, IssueState,
        Label, Milestone, PullRequest, Release, User,
    },
};
use crate::{
    digest,
    server::{Access, Context, Reply, Request, World},
};

/// The hourly allowance that the headers speak of. Nothing is refused when it is spent: that is what faults are for.
const RATE_LIMIT: u64 = 5000;

/// Answers everything below `api/`, and downloads of assets.
pub(crate) fn answer(world: &mut World, context: &Context, request: &Request, segments: &[&str]) -> Reply {
    let reply = match request.access {
        Access::Wrong => answers::message(401, "Bad credentials"),
        _ => route(world, context, request, segments).unwrap_or_else(|refusal| refusal),
    };
    world.state.forge.requests += 1;
    rate_limited(world, context, conditional(request, reply))
}

/// Adds an `ETag` to what was read, and answers 304 when the reader has it already.
fn conditional(request: &Request, reply: Reply) -> Reply {
    if request.method != "GET" || reply.status != 200 {
        return reply;
    }
    let tag = format!("\"{}\"", digest::sha256(&reply.body));
    let known = request.header("if-none-match").unwrap_or_default();
    if known.split(',').any(|known| known.trim() == "*" || known.trim().trim_start_matches("W/") == tag) {
        return Reply::empty(304).header("etag", format!("W/{tag}"));
    }
    reply.header("etag", format!("W/{tag}"))
}

fn rate_limited(world: &World, context: &Context, reply: Reply) -> Reply {
    let (used, reset) = rate(world, context);
    reply
        .header("x-github-media-type", "github.v3; format=json")
        .header("x-github-api-version-selected", "2022-11-28")
        .header("x-ratelimit-limit", RATE_LIMIT.to_string())
        .header("x-ratelimit-remaining", (RATE_LIMIT - used).to_string())
        .header("x-ratelimit-used", used.to_string())
        .header("x-ratelimit-reset", reset.to_string())
        .header("x-ratelimit-resource", "core")
}

/// Requests counted against the allowance, and when it is renewed.
fn rate(world: &World, context: &Context) -> (u64, i64) {
    let now = issues::instant(&context.now()).map_or(0, jiff::Timestamp::as_second);
    (world.state.forge.requests.min(RATE_LIMIT), now + 3600)
}

fn route(world: &mut World, context: &Context, request: &Request, segments: &[&str]) -> Result<Reply, Reply> {
    let authorised = request.access == Access::Right;
    let credentials =
        || if authorised { Ok(()) } else { Err(answers::message(401, "Requires authentication")) };
    match (request.method.as_str(), segments) {
        ("GET", ["api", "v3"] | ["api", "v3", ""]) => {
            let root = format!("{}/api/v3", context.base);
            Ok(Reply::json(
                200,
                &json!({
                    "current_user_url": format!("{root}/user"),
                    "rate_limit_url": format!("{root}/rate_limit"),
                    "repository_url": format!("{root}/repos/{{owner}}/{{repo}}"),
                }),
            ))
        }
        ("GET", ["api", "v3", "rate_limit"]) => {
            let (used, reset) = rate(world, context);
            let rate =
                json!({ "limit": RATE_LIMIT, "used": used, "remaining": RATE_LIMIT - used, "reset": reset });
            Ok(Reply::json(200, &json!({ "resources": { "core": rate, "search": rate }, "rate": rate })))
        }
        ("GET", ["api", "v3", "user"]) => {
            credentials()?;
            Ok(repositories::viewer(context, world.state.forge.users.get(&context.login)))
        }
        ("POST", ["api", "graphql"] | ["api", "v3", "graphql"]) => {
            credentials()?;
            let rate = rate(world, context);
            graphql::answer(&mut world.state.forge, context, request, rate)
        }
        ("GET", ["api", "v3", "search", "issues"]) => {
            let readable = |known: &state::Repository| authorised || !known.private;
            Ok(found::answer(&world.state.forge, context, request, readable))
        }
        (_, ["api", "v3" | "uploads", "repos", owner, name, rest @ ..]) => {
            let mut scene = scene(world, context, request, owner, name)?;
            repository(&mut scene, rest)
        }
        ("GET", [owner, name, "releases", "download", tag @ .., file]) => {
            let scene = scene(world, context, request, owner, name)?;
            assets::download(&scene, &tag.join("/"), file)
        }
        _ => Err(answers::not_found()),
    }
}

/// Finds the repository and judges whether it may be read, and written if that is what is asked.
fn scene<'a>(
    world: &'a mut World,
    context: &'a Context,
    request: &'a Request,
    owner: &str,
    name: &str,
) -> Result<Scene<'a>, Reply> {
    let authorised = request.access == Access::Right;
    let forge = &mut world.state.forge;
    let key = state::key(owner, name);
    if context.auto_repositories && authorised {
        forge.register_unknown(owner, name, context.now());
    }
    let repository = forge.repositories.get_mut(&key).ok_or_else(answers::not_found)?;
    if !authorised && repository.private {
        return Err(answers::not_found());
    }
    if request.method != "GET" {
        if !authorised {
            return Err(answers::message(401, "Requires authentication"));
        }
        if !repository.push {
            return Err(answers::message(403, "Resource not accessible by personal access token"));
        }
    }
    Ok(Scene { context, request, repository, blobs: &mut world.blobs, ids: &mut forge.last_id })
}

/// Answers what lies below one repository.
fn repository(scene: &mut Scene<'_>, rest: &[&str]) -> Result<Reply, Reply> {
    let number = |text: &str| text.parse::<u64>().map_err(|_| answers::not_found());
    match (scene.request.method.as_str(), rest) {
        ("GET", [] | [""]) => Ok(repositories::get(scene)),

        ("GET", ["labels"]) => Ok(labels::list(scene)),
        ("POST", ["labels"]) => labels::create(scene),

        ("GET", ["milestones"]) => Ok(milestones::list(scene)),
        ("POST", ["milestones"]) => milestones::create(scene),
        ("GET", ["milestones", id]) => milestones::get(scene, number(id)?),
        ("PATCH", ["milestones", id]) => milestones::update(scene, number(id)?),
        ("DELETE", ["milestones", id]) => milestones::delete(scene, number(id)?),

        ("GET", ["issues"]) => issues::list(scene),
        ("POST", ["issues"]) => issues::create(scene),
        ("GET", ["issues", id]) => issues::get(scene, number(id)?),
        ("PATCH", ["issues", id]) => issues::update(scene, number(id)?),
        ("GET", ["issues", id, "labels"]) => labels::of_issue(scene, number(id)?),
        ("POST", ["issues", id, "labels"]) => issues::add_labels(scene, number(id)?),
        ("DELETE", ["issues", id, "labels", name @ ..]) => {
            labels::remove(scene, number(id)?, &name.join("/"))
        }
        ("GET", ["issues", id, "comments"]) => issues::comments(scene, number(id)?),
        ("POST", ["issues", id, "comments"]) => issues::add_comment(scene, number(id)?),

        ("GET", ["pulls"]) => Ok(pulls::list(scene)),
        ("POST", ["pulls"]) => opening::create(scene),
        ("GET", ["pulls", id]) => pulls::get(scene, number(id)?),
        ("PATCH", ["pulls", id]) => opening::update(scene, number(id)?),
        ("GET", ["pulls", id, "files"]) => pulls::files(scene, number(id)?),
        ("GET", ["pulls", id, "commits"]) => pulls::commits(scene, number(id)?),

        ("GET", ["commits", reference @ .., "pulls"]) => pulls::of_commit(scene, &reference.join("/")),
        ("GET", ["commits", reference @ .., "check-runs"]) => checks::list(scene, &reference.join("/")),
        ("GET", ["commits", reference @ .., "status"]) => {
            checks::combined_status(scene, &reference.join("/"))
        }
        ("POST", ["check-runs"]) => checks::create(scene),

        ("GET", ["releases"]) => Ok(releases::list(scene)),
        ("POST", ["releases"]) => releases::create(scene),
        ("POST", ["releases", "generate-notes"]) => releases::generate_notes(scene),
        ("GET", ["releases", "latest"]) => releases::latest(scene),
        ("GET", ["releases", "tags", tag @ ..]) => releases::by_tag(scene, &tag.join("/")),
        ("GET", ["releases", "assets", id]) => assets::get(scene, number(id)?),
        ("DELETE", ["releases", "assets", id]) => assets::delete(scene, number(id)?),
        ("GET", ["releases", id]) => releases::get(scene, number(id)?),
        ("PATCH", ["releases", id]) => releases::update(scene, number(id)?),
        ("DELETE", ["releases", id]) => releases::delete(scene, number(id)?),
        ("GET", ["releases", id, "assets"]) => assets::list(scene, number(id)?),
        ("POST", ["releases", id, "assets"]) => assets::upload(scene, number(id)?),

        _ => Err(answers::not_found()),
    }
}
