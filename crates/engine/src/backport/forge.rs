//! What a forge knows of pull requests that are to be backported.

use tminus_forge::{Forge, Lookup, Opened, StateFilter, Want};
use tminus_vcs::{BranchName, CommitId, Repository};

use super::NewPullRequest;

/// The commits with which a pull request arrived on its base branch, oldest first; `None` if it is not merged, or if
/// its commits are not in the repository.
///
/// The forge names one commit: the merge, the squashed commit, or the last of those that a rebase has put there. It is a
/// rebase where the commits below it have the messages of the pull request's own commits.
///
/// # Errors
/// - the forge cannot be asked, or has no pull request of this number
/// - the repository cannot be read
pub async fn commits_of(
    forge: &dyn Forge,
    repository: &Repository,
    number: u64,
) -> Result<Option<Vec<CommitId>>, String> {
    let said = forge.pull_requests(&[number], Want::default()).await.map_err(|error| error.to_string())?;
    let pull = match said.get(&number) {
        Some(Lookup::Found(pull)) => pull,
        other => {
            let why = other.and_then(Lookup::problem).unwrap_or_default();
            return Err(format!("pull request #{number}: {why}"));
        }
    };
    let Some(end) = pull.merge_commit_sha.as_deref().filter(|_| pull.merged) else { return Ok(None) };
    let end: CommitId = end.parse().map_err(|_| format!("pull request #{number}: `{end}` is no commit"))?;
    if !repository.contains(&end).map_err(|error| error.to_string())? {
        return Ok(None);
    }
    let own = forge.pull_request_commits(number).await.map_err(|error| error.to_string())?;
    let messages: Vec<&str> = own.iter().map(|commit| commit.message.trim_end()).collect();
    arrived(repository, &end, &messages).map(Some).map_err(|error| error.to_string())
}

/// The commits from `end` downwards that have these messages in this order; `end` alone where it has none of them.
///
/// A rebase leaves out merges and what has become empty, so messages may be skipped.
fn arrived(
    repository: &Repository,
    end: &CommitId,
    messages: &[&str],
) -> Result<Vec<CommitId>, tminus_vcs::RepositoryError> {
    let below = repository.log(std::slice::from_ref(end), &[], true, messages.len().max(1))?;
    let mut left = messages;
    let mut found = Vec::new();
    for commit in &below {
        let place = left.iter().rposition(|message| *message == commit.message.trim_end());
        let Some(before) = place.and_then(|place| left.get(..place)) else { break };
        if commit.parents.len() > 1 {
            break;
        }
        left = before;
        found.push(commit.id.clone());
    }
    if found.is_empty() {
        found.push(end.clone());
    }
    found.reverse();
    Ok(found)
}

/// The page of the pull request from `head`, after opening one if there is none.
///
/// Where the branch is as it was (`moved` is false) a pull request that somebody has closed stays closed, and its page
/// is given.
///
/// # Errors
/// - the forge cannot be asked, or refuses
pub async fn open(
    forge: &dyn Forge,
    head: &BranchName,
    new: &NewPullRequest,
    moved: bool,
) -> Result<String, String> {
    if !moved {
        let known = forge.find_pull_request(head.as_str(), new.base.as_str(), StateFilter::All).await;
        if let Some(known) = known.map_err(|error| error.to_string())?.filter(|known| !known.merged) {
            return Ok(known.html_url);
        }
    }
    let wanted = tminus_forge::NewPullRequest {
        title: new.title.clone(),
        body: new.body.clone(),
        head: head.to_string(),
        base: new.base.to_string(),
        draft: false,
        labels: new.labels.clone(),
    };
    let opened = forge.create_pull_request(&wanted).await.map_err(|error| error.to_string())?;
    Ok(match opened {
        Opened::New(pull) | Opened::AlreadyThere(pull) => pull.html_url,
    })
}
