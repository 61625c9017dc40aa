use bytes::Bytes;

use super::{
    CheckRun, CommitStatus, Discussion, DiscussionCategory, Issue, IssueSeed, IssueState, Milestone,
    MilestoneSeed, PullRequest, PullRequestSeed, Release, ReleaseSeed, RepositorySeed, User, checks,
    state::{Repository, next},
};
use crate::{Sandbox, SandboxError, server::Context};

/// The forge. Repositories are named `OWNER/NAME`.
impl Sandbox {
    /// Registers a repository, or changes the settings of the one that has this name.
    pub fn add_repository(&self, seed: RepositorySeed) -> Result<(), SandboxError> {
        self.change(|world, context| {
            world.state.forge.register(seed, context.now());
            Ok(())
        })
    }

    /// The names of all repositories.
    pub fn repositories(&self) -> Vec<String> {
        let world = self.world();
        world
            .state
            .forge
            .repositories
            .values()
            .map(|known| format!("{}/{}", known.owner, known.name))
            .collect()
    }

    /// Makes a user known; any login works without it.
    pub fn add_user(&self, user: User) -> Result<(), SandboxError> {
        self.change(|world, _| {
            world.state.forge.users.insert(user.login.clone(), user);
            Ok(())
        })
    }

    /// Makes a milestone and returns its number.
    ///
    /// # Errors
    ///
    /// A title that is taken, an unknown repository.
    pub fn add_milestone(&self, repository: &str, seed: MilestoneSeed) -> Result<u64, SandboxError> {
        self.change_repository(repository, |repository, ids, context| {
            if repository.milestones.iter().any(|milestone| milestone.title == seed.title) {
                return Err(SandboxError::TitleTaken { title: seed.title });
            }
            let now = context.now();
            repository.last_milestone += 1;
            repository.milestones.push(Milestone {
                id: next(ids),
                number: repository.last_milestone,
                title: seed.title,
                description: seed.description,
                state: seed.state,
                due_on: seed.due_on,
                creator: context.login.clone(),
                created_at: now.clone(),
                updated_at: now.clone(),
                closed_at: (seed.state == IssueState::Closed).then_some(now),
            });
            Ok(repository.last_milestone)
        })
    }

    /// Opens an issue and returns its number.
    ///
    /// # Errors
    ///
    /// A number that is taken, a milestone that does not exist, an unknown repository.
    pub fn add_issue(&self, repository: &str, seed: IssueSeed) -> Result<u64, SandboxError> {
        self.change_repository(repository, |repository, ids, context| {
            let issue = Issue {
                title: seed.title,
                body: seed.body,
                author: seed.author.unwrap_or_else(|| context.login.clone()),
                labels: seed.labels,
                state: seed.state,
                ..Issue::default()
            };
            insert(repository, ids, context, issue, seed.number, seed.milestone)
        })
    }

    /// Opens a pull request, merges or closes it if the seed says so, and returns its number.
    ///
    /// # Errors
    ///
    /// A number that is taken, a milestone that does not exist, an unknown repository.
    pub fn add_pull_request(&self, repository: &str, seed: PullRequestSeed) -> Result<u64, SandboxError> {
        self.change_repository(repository, |repository, ids, context| {
            let open = seed.merged_at.is_none() && !seed.closed;
            let issue = Issue {
                title: seed.title,
                body: seed.body,
                author: seed.author.unwrap_or_else(|| context.login.clone()),
                labels: seed.labels,
                state: if open { IssueState::Open } else { IssueState::Closed },
                closed_at: seed.merged_at.clone(),
                created_at: seed.created_at.unwrap_or_default(),
                pull_request: Some(PullRequest {
                    base: seed.base.unwrap_or_else(|| repository.default_branch.clone()),
                    head: seed.head.unwrap_or_else(|| "topic".into()),
                    head_sha: seed.head_sha,
                    merge_commit_sha: seed.merge_commit_sha,
                    merged_at: seed.merged_at,
                    commits: seed.commits,
                    draft: false,
                    files: seed.files,
                }),
                ..Issue::default()
            };
            insert(repository, ids, context, issue, seed.number, seed.milestone)
        })
    }

    /// Adds a release without touching the git directory, and returns its id.
    pub fn add_release(&self, repository: &str, seed: ReleaseSeed) -> Result<u64, SandboxError> {
        self.change_repository(repository, |repository, ids, context| {
            let now = seed.published_at.unwrap_or_else(|| context.now());
            let release = Release {
                id: next(ids),
                tag_name: seed.tag_name,
                target_commitish: seed.target_commitish.unwrap_or_else(|| repository.default_branch.clone()),
                name: seed.name,
                body: seed.body,
                draft: seed.draft,
                prerelease: seed.prerelease,
                author: context.login.clone(),
                created_at: now.clone(),
                updated_at: now.clone(),
                published_at: (!seed.draft).then_some(now),
                assets: Vec::new(),
                discussion: None,
            };
            let id = release.id;
            if !release.draft && !release.prerelease {
                repository.latest_release = Some(id);
            }
            repository.releases.push(release);
            Ok(id)
        })
    }

    /// Sets one check run of a commit, in place of an earlier one of that name. From then on the commit has only
    /// the check runs set explicitly.
    pub fn set_check(
        &self,
        repository: &str,
        sha: &str,
        name: &str,
        status: &str,
        conclusion: Option<&str>,
    ) -> Result<(), SandboxError> {
        self.change_repository(repository, |repository, ids, context| {
            let run = CheckRun {
                id: next(ids),
                name: name.to_owned(),
                status: status.to_owned(),
                conclusion: conclusion.map(str::to_owned),
                reported_at: context.now(),
            };
            checks::put(repository.check_runs.entry(sha.to_owned()).or_default(), run);
            Ok(())
        })
    }

    /// Sets one status of a commit, in place of an earlier one of that context.
    pub fn set_status(
        &self,
        repository: &str,
        sha: &str,
        context: &str,
        state: &str,
    ) -> Result<(), SandboxError> {
        self.change_repository(repository, |repository, ids, settings| {
            let statuses = repository.statuses.entry(sha.to_owned()).or_default();
            statuses.retain(|known| known.context != context);
            statuses.push(CommitStatus {
                id: next(ids),
                context: context.to_owned(),
                state: state.to_owned(),
                reported_at: settings.now(),
            });
            Ok(())
        })
    }

    /// The releases of a repository, oldest first, drafts included.
    pub fn releases(&self, repository: &str) -> Vec<Release> {
        self.read_repository(repository, |repository| repository.releases.clone())
    }

    /// The bytes of a release's asset.
    pub fn asset_content(&self, repository: &str, tag: &str, name: &str) -> Option<Bytes> {
        let releases = self.releases(repository);
        let asset = releases
            .iter()
            .filter(|release| release.tag_name == tag)
            .flat_map(|release| &release.assets)
            .find(|asset| asset.name == name)?;
        self.world().blobs.get(&asset.sha256)
    }

    /// The milestones of a repository in the order of their numbers.
    pub fn milestones(&self, repository: &str) -> Vec<Milestone> {
        self.read_repository(repository, |repository| repository.milestones.clone())
    }

    /// The issues of a repository without its pull requests.
    pub fn issues(&self, repository: &str) -> Vec<Issue> {
        self.issues_where(repository, |issue| issue.pull_request.is_none())
    }

    /// The pull requests of a repository.
    pub fn pull_requests(&self, repository: &str) -> Vec<Issue> {
        self.issues_where(repository, |issue| issue.pull_request.is_some())
    }

    /// The discussions of a repository.
    pub fn discussions(&self, repository: &str) -> Vec<Discussion> {
        self.read_repository(repository, |repository| repository.discussions.clone())
    }

    /// The categories of discussions of a repository.
    pub fn discussion_categories(&self, repository: &str) -> Vec<DiscussionCategory> {
        self.read_repository(repository, |repository| repository.categories.clone())
    }

    fn issues_where(&self, repository: &str, wanted: impl Fn(&Issue) -> bool) -> Vec<Issue> {
        self.read_repository(repository, |repository| {
            repository.issues.iter().filter(|issue| wanted(issue)).cloned().collect()
        })
    }

    fn read_repository<T: Default>(&self, name: &str, read: impl FnOnce(&Repository) -> T) -> T {
        self.world().state.forge.repositories.get(&name.to_lowercase()).map(read).unwrap_or_default()
    }

    fn change_repository<T>(
        &self,
        name: &str,
        change: impl FnOnce(&mut Repository, &mut u64, &Context) -> Result<T, SandboxError>,
    ) -> Result<T, SandboxError> {
        self.change(|world, context| {
            let forge = &mut world.state.forge;
            let repository = forge
                .repositories
                .get_mut(&name.to_lowercase())
                .ok_or_else(|| SandboxError::UnknownRepository { name: name.to_owned() })?;
            change(repository, &mut forge.last_id, context)
        })
    }
}

/// Gives an issue its number, its milestone and its instants, and keeps it.
fn insert(
    repository: &mut Repository,
    ids: &mut u64,
    context: &Context,
    mut issue: Issue,
    number: Option<u64>,
    milestone: Option<String>,
) -> Result<u64, SandboxError> {
    if let Some(title) = milestone {
        let known = repository.milestones.iter().find(|milestone| milestone.title == title);
        issue.milestone = Some(known.ok_or(SandboxError::UnknownMilestone { title })?.number);
    }
    issue.number = match number {
        Some(number) if is_taken(repository, number) => return Err(SandboxError::NumberTaken { number }),
        Some(number) => {
            repository.last_number = repository.last_number.max(number);
            number
        }
        None => repository.next_number(),
    };
    let now = context.now();
    issue.id = next(ids);
    if issue.state == IssueState::Closed {
        issue.closed_at.get_or_insert_with(|| now.clone());
    }
    if issue.created_at.is_empty() {
        issue.created_at.clone_from(&now);
    }
    issue.updated_at = now;
    repository.ensure_labels(&issue.labels, ids);
    let number = issue.number;
    repository.issues.push(issue);
    Ok(number)
}

fn is_taken(repository: &Repository, number: u64) -> bool {
    repository.issues.iter().any(|issue| issue.number == number)
        || repository.discussions.iter().any(|discussion| discussion.number == number)
}
