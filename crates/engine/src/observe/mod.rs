//! Looking at the world: git, version files, indexes, forge. Writes nothing.

mod world;

pub use world::{
    ForgeFacts, ForgeWorld, GitWorld, Published, RemoteBranch, Site, TagPlaces, Unreleased, World,
};

use std::collections::BTreeMap;

use tminus_forge::ForgeError;
use tminus_http::HttpError;
use tminus_registry::credentials::ResolvedDestination;
use tminus_registry::pypi::{Index, IndexError, ProjectName};
use tminus_vcs::{BranchName, CommitId, Git, GitError, RemoteRefs, Repository, RepositoryError, TagName};
use tminus_versioning::ReleaseVersion;

use crate::config::{Config, ReleaseRules, Train, VersionSite};
use crate::context::{Context, NoForge};
use crate::plan::{Find, Finding, Request, Target};
use crate::record::Record;
use crate::{Exit, build, edits};

/// The world cannot be looked at.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ObserveError {
    /// The repository.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
    /// git.
    #[error(transparent)]
    Git(#[from] GitError),
    /// The repository has no commit.
    #[error("the repository has no commit yet")]
    Empty,
    /// The main branch is not known.
    #[error(
        "the remote does not say which branch is the main one; write branches = {{ main = \"…\" }} under [train] in tminus.toml"
    )]
    NoMainBranch,
    /// An index.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The forge.
    #[error(transparent)]
    Forge(#[from] ForgeError),
    /// A package name that its registry cannot have.
    #[error("`{name}` cannot be the name of a package there: {why}")]
    PackageName {
        /// The name.
        name: String,
        /// Why.
        why: String,
    },
}

impl ObserveError {
    /// The exit code that this leads to.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Git(GitError::Unreachable { .. } | GitError::TimedOut { .. }) => Exit::World,
            Self::Forge(error) => forge_exit(error),
            Self::Index(error) => index_exit(error),
            Self::PackageName { .. } | Self::NoMainBranch => Exit::Usage,
            Self::Repository(_) | Self::Git(_) | Self::Empty => Exit::NoGo,
        }
    }
}

pub(crate) fn forge_exit(error: &ForgeError) -> Exit {
    match error {
        ForgeError::Http(error) => http_exit(error),
        ForgeError::RateLimited { .. } => Exit::World,
        _ => Exit::NoGo,
    }
}

pub(crate) fn index_exit(error: &IndexError) -> Exit {
    match error {
        IndexError::Http(error) => http_exit(error),
        _ => Exit::NoGo,
    }
}

pub(crate) fn http_exit(error: &HttpError) -> Exit {
    match error.status() {
        Some(429 | 500..) => Exit::World,
        None if error.is_passing() => Exit::World,
        _ => Exit::NoGo,
    }
}

/// Looks at everything that a release of `train` rests on. `open` is the record of a release that was begun and has
/// not left this machine.
///
/// # Errors
/// No repository, no remote, no network. What a person can mend is in [`World::findings`].
pub async fn observe(
    context: &Context,
    config: &Config,
    train_name: &str,
    train: &Train,
    request: &Request,
    open: Option<&Record>,
) -> Result<World, ObserveError> {
    let repository = Repository::open(&context.root)?;
    let git = context.git(&context.root);
    let mut findings = Vec::new();
    let remote_url = repository.remote_url(&config.project.remote)?;
    let refs = if remote_url.is_some() {
        remote_refs(&git, config)?
    } else {
        let remote = &config.project.remote;
        findings.push(Finding::new(
            Exit::NoGo,
            format!("there is no remote `{remote}` to release to"),
            format!("git remote add {remote} URL, or name another: project.remote in tminus.toml"),
        ));
        RemoteRefs::default()
    };
    let main = main_branch(config, train, &refs, &repository)?;
    let head = repository.head()?;
    let commit = head.commit.ok_or(ObserveError::Empty)?;
    let tags = tags(&repository, &refs, &commit)?;
    let sites = sites(&repository, &commit, config, train_name)?;
    let commits = released(&tags, open);
    // The same question as the plan asks, for what depends on its answer; the plan reports what is wrong with it.
    let target = target_of(train, request, &commits, &sites);
    let previous = match &target {
        Some(target) => target.previous.as_ref().map(|(_, tag)| tag.clone()),
        None => crate::plan::last_release(train, &commits),
    };
    let unreleased = unreleased(&repository, &commit, previous.as_ref().and_then(|tag| commits.get(tag)))?;
    let git_world = GitWorld {
        branch: head.branch.clone(),
        // On another branch there is nothing to compare: that it is another one is found elsewhere.
        remote: match &head.branch {
            Some(branch) if *branch == main => compare(&repository, &commit, refs.branches.get(&main))?,
            _ => RemoteBranch::Same,
        },
        head: commit,
        remote_tip: refs.branches.get(&main).cloned(),
        main,
        tags,
        changed: repository.status()?.changed,
        unreleased,
        shallow: repository.is_shallow()?,
    };
    if remote_url.is_some() {
        push_access(&git, config, &git_world, &mut findings);
    }
    build::preflight(context, config, train_name, &mut findings);
    let rules =
        target.as_ref().and_then(|target| train.release.get(&target.kind)).cloned().unwrap_or_default();
    let published = match published(context, config, train_name, target.as_ref(), &mut findings).await {
        Ok(published) => published,
        Err(error) => {
            findings.push(unknown(&error));
            Vec::new()
        }
    };
    let forge = forge(context, config, remote_url.as_deref(), &rules, target.as_ref(), &mut findings).await;
    let forge = forge.unwrap_or_else(|error| {
        findings.push(unknown(&error));
        ForgeWorld::Absent("it did not answer".to_owned())
    });
    let destinations = config.packages_of(train_name).flat_map(|package| &package.publish);
    let destinations = destinations.map(|publish| publish.to.as_str());
    let places = places(context, config, remote_url.as_deref(), destinations);
    Ok(World {
        request: request.clone(),
        date: context.today,
        git: git_world,
        sites,
        published,
        forge,
        places,
        findings,
    })
}

/// A question that got no answer, beside everything else that was found.
fn unknown(error: &ObserveError) -> Finding {
    let remedy = match error.exit() {
        Exit::World => "nothing was changed; safe to run again",
        _ => "mend it, then plan again",
    };
    Finding::new(error.exit(), error.to_string(), remedy)
}

/// Where remote, forge and destinations are, as text without credentials.
pub(crate) fn places<'a>(
    context: &Context,
    config: &Config,
    remote_url: Option<&str>,
    destinations: impl Iterator<Item = &'a str>,
) -> BTreeMap<String, String> {
    let mut places = BTreeMap::new();
    if let Some(url) = remote_url {
        places.insert("the remote".to_owned(), tminus_vcs::redacted(url).into_owned());
    }
    if let Ok(access) = context.forge(config, remote_url) {
        places.insert(
            "the forge".to_owned(),
            format!("{} at {}", access.repository, tminus_http::redacted(&access.api)),
        );
    }
    for name in destinations {
        if let Ok(found) = context.destination(config, name) {
            let (upload, index) =
                (tminus_http::redacted(&found.upload.value), tminus_http::redacted(&found.index.value));
            places.insert(format!("destination {name}"), format!("{upload}, read back at {index}"));
        }
    }
    places
}

/// Every version site of a train as `commit` has it.
pub(crate) fn sites(
    repository: &Repository,
    commit: &CommitId,
    config: &Config,
    train: &str,
) -> Result<Vec<Site>, ObserveError> {
    let mut sites = Vec::new();
    for package in config.packages_of(train) {
        for VersionSite(file) in &package.version {
            let find = Find::of(&file.locator);
            let path = file.path.as_str();
            let stated = match repository.read_file(commit, path, edits::LIMIT_BYTES)? {
                Some(bytes) => {
                    edits::read_site(path, &find, &bytes).map(|found| (found.line(), found.text().to_owned()))
                }
                None => Err(format!("{path}: there is no such file in the commit that is released")),
            };
            sites.push(Site { package: package.name.clone(), path: path.to_owned(), find, stated });
        }
    }
    Ok(sites)
}

fn target_of(
    train: &Train,
    request: &Request,
    tags: &BTreeMap<TagName, CommitId>,
    sites: &[Site],
) -> Option<Target> {
    let written = sites.iter().find_map(|site| {
        let (_, text) = site.stated.as_ref().ok()?;
        ReleaseVersion::parse_public(train.scheme, text).ok()
    });
    crate::plan::target(train, request, tags, written.as_ref()).ok()
}

pub(crate) fn remote_refs(git: &Git, config: &Config) -> Result<RemoteRefs, ObserveError> {
    let remote = &config.project.remote;
    Ok(git.ls_remote(remote)?)
}

pub(crate) fn main_branch(
    config: &Config,
    train: &Train,
    refs: &RemoteRefs,
    repository: &Repository,
) -> Result<BranchName, ObserveError> {
    if let Some(main) = &train.branches.main {
        return Ok(main.clone());
    }
    if let Some(main) = refs.head_branch.clone().filter(|branch| refs.branches.contains_key(branch)) {
        return Ok(main);
    }
    // A bare repository whose HEAD names a branch that was never pushed: what the local branch follows decides.
    let local = repository.head()?.branch.ok_or(ObserveError::NoMainBranch)?;
    match repository.tracking(&local)? {
        Some((remote, branch)) if remote == config.project.remote => Ok(branch),
        _ if refs.branches.contains_key(&local) || refs.branches.is_empty() => Ok(local),
        _ => Err(ObserveError::NoMainBranch),
    }
}

/// The tags of releases that this one builds on, with their commits. A tag that the open record made is no release
/// yet; one that is not in the history of what is released belongs to another line, or is a mistake.
pub(crate) fn released(
    tags: &BTreeMap<TagName, TagPlaces>,
    open: Option<&Record>,
) -> BTreeMap<TagName, CommitId> {
    tags.iter()
        .filter(|(_, places)| places.reachable)
        .filter_map(|(name, places)| {
            Some((name.clone(), places.local.clone().or_else(|| places.remote.clone())?))
        })
        .filter(|(name, commit)| open.is_none_or(|record| !record.made_tag(name, commit)))
        .collect()
}

fn tags(
    repository: &Repository,
    refs: &RemoteRefs,
    head: &CommitId,
) -> Result<BTreeMap<TagName, TagPlaces>, ObserveError> {
    let mut tags: BTreeMap<TagName, TagPlaces> = BTreeMap::new();
    for tag in repository.tags()? {
        tags.entry(tag.name).or_default().local = Some(tag.commit);
    }
    for (name, tag) in &refs.tags {
        tags.entry(name.clone()).or_default().remote = Some(tag.commit.clone());
    }
    let commits: Vec<CommitId> =
        tags.values().filter_map(|places| places.local.clone().or_else(|| places.remote.clone())).collect();
    let reachable = repository.ancestors_among(&commits, head)?;
    for places in tags.values_mut() {
        places.reachable =
            places.local.as_ref().or(places.remote.as_ref()).is_some_and(|at| reachable.contains(at));
    }
    Ok(tags)
}

fn compare(
    repository: &Repository,
    ours: &CommitId,
    theirs: Option<&CommitId>,
) -> Result<RemoteBranch, ObserveError> {
    let Some(theirs) = theirs else { return Ok(RemoteBranch::Absent) };
    if ours == theirs {
        return Ok(RemoteBranch::Same);
    }
    if !repository.contains(theirs)? {
        // Whether ours is an ancestor cannot be told without fetching, and observing does not fetch.
        return Ok(RemoteBranch::Behind);
    }
    if repository.is_ancestor(theirs, ours)? {
        let ahead =
            repository.log(std::slice::from_ref(ours), std::slice::from_ref(theirs), false, 10_000)?;
        return Ok(RemoteBranch::Ahead(ahead.len()));
    }
    Ok(if repository.is_ancestor(ours, theirs)? { RemoteBranch::Behind } else { RemoteBranch::Diverged })
}

const UNRELEASED_LIMIT: usize = 20_000;

pub(crate) fn unreleased(
    repository: &Repository,
    head: &CommitId,
    since: Option<&CommitId>,
) -> Result<Vec<Unreleased>, ObserveError> {
    let hidden: Vec<CommitId> = match since {
        Some(since) if repository.contains(since)? => vec![since.clone()],
        _ => Vec::new(),
    };
    let commits = repository.log(std::slice::from_ref(head), &hidden, false, UNRELEASED_LIMIT)?;
    Ok(commits
        .into_iter()
        .map(|commit| Unreleased {
            ours: commit.trailers.iter().any(|(key, _)| key.eq_ignore_ascii_case(crate::TRAILER)),
            id: commit.id,
            subject: commit.subject,
        })
        .collect())
}

/// Whether the remote would take a push from us, asked with a dry run.
fn push_access(git: &Git, config: &Config, world: &GitWorld, findings: &mut Vec<Finding>) {
    if matches!(world.remote, RemoteBranch::Behind | RemoteBranch::Diverged) {
        return;
    }
    let update =
        tminus_vcs::RefUpdate { local: (&world.head).into(), remote_ref: (&world.main).into(), expect: None };
    let mode = tminus_vcs::PushMode { atomic: false, dry_run: true, verify_hooks: false };
    if let Err(error) = git.push(&config.project.remote, std::slice::from_ref(&update), mode) {
        findings.push(Finding::new(
            Exit::NoGo,
            format!("{} would not take a push to {}: {error}", config.project.remote, world.main),
            "check your access: `git push --dry-run`",
        ));
    }
}

async fn published(
    context: &Context,
    config: &Config,
    train_name: &str,
    target: Option<&Target>,
    findings: &mut Vec<Finding>,
) -> Result<Vec<Published>, ObserveError> {
    let mut published = Vec::new();
    let mut checked = std::collections::BTreeSet::new();
    for package in config.packages_of(train_name) {
        for publish in &package.publish {
            let destination = match context.index(config, &publish.to) {
                Ok(destination) => destination,
                Err(error) => {
                    if checked.insert(publish.to.clone()) {
                        findings.push(Finding::new(Exit::NoGo, error.to_string(), "then plan again"));
                    }
                    continue;
                }
            };
            let name: ProjectName =
                package.name.parse().map_err(|error: tminus_registry::pypi::ParseNameError| {
                    ObserveError::PackageName { name: package.name.clone(), why: error.to_string() }
                })?;
            let (index, destination) = destination;
            if publish.by == crate::config::Publisher::Oneself && checked.insert(publish.to.clone()) {
                credential(&index, &publish.to, &destination, findings).await?;
            }
            let listing = index.listing(&name).await?;
            let files = match target {
                Some(target) => listing
                    .files_of(&target.version.to_pep440().map_err(|error| ObserveError::PackageName {
                        name: package.name.clone(),
                        why: error.to_string(),
                    })?)
                    .map(|file| (file.filename.clone(), file.sha256.map(|sha256| sha256.to_string())))
                    .collect(),
                None => BTreeMap::new(),
            };
            published.push(Published {
                destination: publish.to.clone(),
                package: package.name.clone(),
                files,
            });
        }
    }
    Ok(published)
}

async fn credential(
    index: &Index,
    destination: &str,
    resolved: &ResolvedDestination,
    findings: &mut Vec<Finding>,
) -> Result<(), ObserveError> {
    use tminus_registry::pypi::CredentialCheck;
    let refused = |what: String| {
        Finding::new(
            Exit::NoGo,
            what,
            format!(
                "set TMINUS_{}_TOKEN, or write username and password under [{destination}] in .pypirc",
                destination.to_uppercase().replace('-', "_")
            ),
        )
    };
    match index.check_credential().await? {
        CredentialCheck::Accepted { .. } => {}
        CredentialCheck::Refused { .. } if resolved.credential.is_none() => {
            findings.push(refused(format!("there is no credential for {destination}")));
        }
        CredentialCheck::Refused { status, words } => {
            let words = if words.is_empty() { String::new() } else { format!(": {words}") };
            let source = &resolved.credential_source;
            findings.push(refused(format!(
                "{destination} refuses the credential from {source} ({status}{words})"
            )));
        }
    }
    Ok(())
}

async fn forge(
    context: &Context,
    config: &Config,
    remote_url: Option<&str>,
    rules: &ReleaseRules,
    target: Option<&Target>,
    findings: &mut Vec<Finding>,
) -> Result<ForgeWorld, ObserveError> {
    let access = match context.forge(config, remote_url) {
        Ok(access) => access,
        Err(NoForge::Absent(why)) => return Ok(ForgeWorld::Absent(why)),
        Err(NoForge::Broken(why)) => {
            let remedy = "mend it, or write forge = \"none\" under [project]";
            findings.push(Finding::new(Exit::Usage, format!("the forge cannot be reached: {why}"), remedy));
            return Ok(ForgeWorld::Absent(why));
        }
    };
    let refused = |what: String| {
        Finding::new(
            Exit::NoGo,
            what,
            "set GH_TOKEN to a token with write access to contents, issues and pull requests, or write forge = \"none\" under [project]",
        )
    };
    let blank = |access: &crate::context::ForgeAccess| {
        ForgeWorld::Present(Box::new(ForgeFacts {
            repository: access.repository.to_string(),
            can_push: true,
            has_discussions: true,
            categories: None,
            release: None,
        }))
    };
    if access.credential.is_none() {
        findings.push(refused(format!("there is no token for the forge of {}", access.repository)));
        return Ok(blank(&access));
    }
    let forge = access.connect(context.client());
    let facts = match forge.repository().await {
        Ok(facts) => facts,
        Err(error @ (ForgeError::Refused { .. } | ForgeError::NotFound { .. })) => {
            findings.push(refused(error.to_string()));
            return Ok(blank(&access));
        }
        Err(error) => return Err(error.into()),
    };
    let categories = match &rules.notes.discussion {
        // Not knowing the categories is no reason to stop: publishing says whether the one that is wanted exists.
        Some(_) => {
            forge.discussion_categories().await.ok().map(|all| all.into_iter().map(|one| one.name).collect())
        }
        None => None,
    };
    let release = match target {
        Some(target) => forge.release_by_tag(target.tag.as_str()).await?,
        None => None,
    };
    Ok(ForgeWorld::Present(Box::new(ForgeFacts {
        repository: access.repository.to_string(),
        can_push: facts.can_push.unwrap_or(true) && !facts.archived,
        has_discussions: facts.has_discussions,
        categories,
        release,
    })))
}
