//! Many pull requests in few queries.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Map, Value};
use tminus_http::Safety;

use super::super::graphql::{Answered, QueryError, quoted};
use super::super::{Call, GitHub, MAX_PAGES, malformed};
use super::nodes::{FILES, FilePage, Node, PageInfo, Read, fragment, is_all};
use super::{READ, single};
use crate::{ForgeError, Lookup, PullRequest, Want};

/// Pull requests in one query. GitHub allows 500,000 nodes and ten seconds; this many have 5,050.
const BATCH: usize = 50;
/// The same with their files, which GitHub works out from the repository.
const BATCH_WITH_FILES: usize = 25;
/// Lists of files that one query reads on.
const FILE_LISTS: usize = 10;
/// Commits in one query.
const COMMITS: usize = 50;
/// Pull requests of one commit; where there are more, REST is asked.
const OF_ONE_COMMIT: usize = 5;

/// What a look-up has come to.
#[derive(Default)]
struct Ledger {
    settled: BTreeMap<u64, Lookup>,
    /// Found, but with more files to come: the number of all, and where they go on.
    unfinished: Vec<(u64, u64, String)>,
    /// To be asked for once more, in a smaller query.
    again: Vec<(u64, Lookup)>,
}

impl GitHub {
    /// Looks numbers up. Errors are of the whole repository; what is wrong with one number stands beside it.
    pub(super) async fn look_up(
        &self,
        numbers: &[u64],
        want: Want,
    ) -> Result<BTreeMap<u64, Lookup>, ForgeError> {
        let all: BTreeSet<u64> = numbers.iter().copied().collect();
        let mut ledger = Ledger::default();
        // GraphQL's numbers have 32 bits, and one that is larger would spoil the whole query.
        let (asked, odd): (Vec<u64>, Vec<u64>) =
            all.into_iter().partition(|number| *number > 0 && i32::try_from(*number).is_ok());
        ledger.settled.extend(odd.into_iter().map(|number| (number, Lookup::Missing)));
        let size = if want.files { BATCH_WITH_FILES } else { BATCH };
        let mut chunks = asked.chunks(size);
        let mut stopped = None;
        // One after the other, as GitHub asks for; what several at once would cost is a secondary limit.
        for chunk in chunks.by_ref() {
            if let Err(error) = self.batch(chunk, want, &mut ledger).await {
                stopped = Some((chunk, settle_for_all(error)?));
                break;
            }
        }
        if let Some((chunk, lookup)) = stopped {
            for number in chunk.iter().chain(chunks.flatten()) {
                ledger.settled.entry(*number).or_insert_with(|| lookup.clone());
            }
        }
        self.read_on(&mut ledger).await?;
        Ok(ledger.settled)
    }

    /// One batch. What fails is asked for once more in halves; then it stays as it is.
    async fn batch(&self, chunk: &[u64], want: Want, ledger: &mut Ledger) -> Result<(), ForgeError> {
        // A batch that is too much for the forge fails the same way each time: halves are better than repeating it.
        let safety = if chunk.len() > 1 { Safety::Once } else { Safety::Safe };
        self.ask(chunk, want, safety, ledger).await?;
        let again: Vec<u64> = ledger.again.drain(..).map(|(number, _)| number).collect();
        for half in again.chunks(again.len().div_ceil(2).max(1)) {
            self.ask(half, want, Safety::Safe, ledger).await?;
            ledger.settled.extend(ledger.again.drain(..));
        }
        Ok(())
    }

    async fn ask(
        &self,
        chunk: &[u64],
        want: Want,
        safety: Safety,
        ledger: &mut Ledger,
    ) -> Result<(), ForgeError> {
        let call = self.call(&format!("pull requests {}", listed(chunk)), READ);
        let mut answered = match self.query(&numbers_query(chunk, want), safety, &call).await {
            Ok(answered) => answered,
            Err(error) if is_of_all(&error) => return Err(error),
            Err(error) => {
                let lookup = refused(&error);
                ledger.again.extend(chunk.iter().map(|number| (*number, lookup.clone())));
                return Ok(());
            }
        };
        let mut nodes = answered.repository();
        for number in chunk {
            let alias = format!("p{number}");
            match read_number(nodes.remove(&alias), &answered, &alias, &call) {
                Outcome::Settled(lookup) => {
                    ledger.settled.insert(*number, lookup);
                }
                Outcome::Again(lookup) => ledger.again.push((*number, lookup)),
                Outcome::Read(read) => {
                    let Read { pull, changed, next } = *read;
                    ledger.unfinished.extend(next.map(|next| (*number, changed, next)));
                    ledger.settled.insert(*number, Lookup::Found(Box::new(pull)));
                }
            }
        }
        Ok(())
    }

    /// Reads long lists of files to their ends, several at once.
    async fn read_on(&self, ledger: &mut Ledger) -> Result<(), ForgeError> {
        let mut unfinished = std::mem::take(&mut ledger.unfinished);
        for _ in 1..MAX_PAGES {
            if unfinished.is_empty() {
                break;
            }
            let mut next = Vec::new();
            for chunk in unfinished.chunks(FILE_LISTS) {
                match self.file_pages(chunk, &mut ledger.settled).await {
                    Ok(more) => next.extend(more),
                    Err(error) => {
                        let lookup = if is_of_all(&error) { settle_for_all(error)? } else { refused(&error) };
                        let failed = chunk.iter().map(|(number, ..)| (*number, lookup.clone()));
                        ledger.settled.extend(failed);
                    }
                }
            }
            unfinished = next;
        }
        Ok(())
    }

    /// One more page of each of these lists; which of them go on.
    async fn file_pages(
        &self,
        lists: &[(u64, u64, String)],
        settled: &mut BTreeMap<u64, Lookup>,
    ) -> Result<Vec<(u64, u64, String)>, ForgeError> {
        let numbers: Vec<u64> = lists.iter().map(|(number, ..)| *number).collect();
        let call = self.call(&format!("the files of pull requests {}", listed(&numbers)), READ);
        let mut answered = self.query(&files_query(lists), Safety::Safe, &call).await?;
        let mut nodes = answered.repository();
        let mut more = Vec::new();
        for (number, changed, _) in lists {
            let alias = format!("p{number}");
            let page = nodes.remove(&alias).and_then(|mut node| node.get_mut("files").map(Value::take));
            let page = page.and_then(|page| serde_json::from_value::<FilePage>(page).ok());
            let (Some(page), Some(Lookup::Found(pull))) = (page, settled.get_mut(number)) else {
                let error = part_error(&answered, &alias).map(|error| error.message.clone());
                let reason = error.unwrap_or_else(|| "the forge did not tell all of its files".to_owned());
                settled.insert(*number, Lookup::Refused { reason, passing: true });
                continue;
            };
            let (paths, next) = page.read();
            let files = pull.files.get_or_insert_default();
            files.paths.extend(paths);
            files.complete = is_all(&files.paths, *changed);
            more.extend(next.map(|next| (*number, *changed, next)));
        }
        Ok(more)
    }

    /// The pull requests of commits.
    pub(super) async fn of_commits(&self, commits: &[String]) -> Result<Vec<PullRequest>, ForgeError> {
        let mut seen = BTreeSet::new();
        let all: Vec<&String> = commits.iter().filter(|commit| seen.insert(commit.as_str())).collect();
        // Names and short ids are for REST: GraphQL knows whole ids.
        let (whole, mut others): (Vec<&String>, Vec<&String>) =
            all.into_iter().partition(|commit| self.has_credential() && is_whole_id(commit));
        let mut found = BTreeMap::new();
        for chunk in whole.chunks(COMMITS) {
            let safety = if chunk.len() > 1 { Safety::Once } else { Safety::Safe };
            match self.of_batch(chunk, safety).await {
                Err(error) if is_of_all(&error) || chunk.len() == 1 => return Err(error),
                Err(_) => {
                    for half in chunk.chunks(chunk.len().div_ceil(2)) {
                        take(self.of_batch(half, Safety::Safe).await?, &mut found, &mut others);
                    }
                }
                Ok(answer) => take(answer, &mut found, &mut others),
            }
        }
        for pull in self.of_commits_singly(&others).await? {
            found.entry(pull.number).or_insert(pull);
        }
        Ok(found.into_values().collect())
    }

    async fn of_batch<'c>(
        &self,
        commits: &[&'c String],
        safety: Safety,
    ) -> Result<(Vec<PullRequest>, Vec<&'c String>), ForgeError> {
        let call = self.call(&format!("the pull requests of {} commits", commits.len()), READ);
        let mut answered = self.query(&commits_query(commits), safety, &call).await?;
        let mut nodes = answered.repository();
        let (mut found, mut longer) = (Vec::new(), Vec::new());
        for (at, commit) in commits.iter().enumerate() {
            let alias = format!("c{at}");
            if let Some(error) = part_error(&answered, &alias) {
                return Err(malformed(&call, format!("commit {commit}: {}", error.message)));
            }
            let pulls = nodes.remove(&alias).and_then(|mut node| {
                let pulls = node.get_mut("associatedPullRequests").map(Value::take);
                pulls.filter(Value::is_object)
            });
            let what = || self.call(&format!("commit {commit}"), READ).what;
            let pulls = pulls.ok_or_else(|| ForgeError::NotFound { what: what() })?;
            let page: Associated = serde_json::from_value(pulls).map_err(|error| malformed(&call, error))?;
            if page.page_info.next().is_some() {
                longer.push(*commit);
            }
            for node in page.nodes.into_iter().flatten() {
                found.push(node.read(&call)?.pull);
            }
        }
        Ok((found, longer))
    }
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Associated {
    #[serde(default)]
    nodes: Vec<Option<Node>>,
    page_info: PageInfo,
}

fn take<'c>(
    (pulls, longer): (Vec<PullRequest>, Vec<&'c String>),
    found: &mut BTreeMap<u64, PullRequest>,
    others: &mut Vec<&'c String>,
) {
    others.extend(longer);
    for pull in pulls {
        found.entry(pull.number).or_insert(pull);
    }
}

fn is_whole_id(commit: &str) -> bool {
    matches!(commit.len(), 40 | 64) && commit.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether an error says the same about everything that is asked of the repository.
fn is_of_all(error: &ForgeError) -> bool {
    matches!(error, ForgeError::Refused { .. } | ForgeError::NotFound { .. } | ForgeError::RateLimited { .. })
}

/// What an error of everything means for what was not asked for yet: a rate limit may pass, the others are told.
fn settle_for_all(error: ForgeError) -> Result<Lookup, ForgeError> {
    if matches!(error, ForgeError::RateLimited { .. }) { Ok(refused(&error)) } else { Err(error) }
}

fn refused(error: &ForgeError) -> Lookup {
    single::refused(error)
}

/// `#1, #2, #3 and 4 more`.
fn listed(numbers: &[u64]) -> String {
    let names: Vec<String> = numbers.iter().take(3).map(|number| format!("#{number}")).collect();
    match numbers.len().saturating_sub(names.len()) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

fn repository_query(fields: &str, fragment: &str) -> String {
    let head = "query($owner: String!, $name: String!)";
    format!("{head} {{ repository(owner: $owner, name: $name) {{ {fields}}} }} {fragment}")
}

fn numbers_query(numbers: &[u64], want: Want) -> String {
    let mut fields = String::new();
    for number in numbers {
        let _ = write!(fields, "p{number}: issueOrPullRequest(number: {number}) {{ __typename ...pull }} ");
    }
    repository_query(&fields, &fragment(want.files))
}

fn files_query(lists: &[(u64, u64, String)]) -> String {
    let mut fields = String::new();
    for (number, _, after) in lists {
        let after = quoted(after);
        let _ = write!(
            fields,
            "p{number}: pullRequest(number: {number}) {{ files(first: 100, after: {after}) {{ {FILES} }} }} "
        );
    }
    repository_query(&fields, "")
}

fn commits_query(commits: &[&String]) -> String {
    let mut fields = String::new();
    for (at, commit) in commits.iter().enumerate() {
        let _ = write!(fields, "c{at}: object(oid: {}) {{ ...brought }} ", quoted(commit));
    }
    let brought = format!(
        "fragment brought on Commit {{ associatedPullRequests(first: {OF_ONE_COMMIT}) {{ nodes {{ ...pull }} \
         pageInfo {{ hasNextPage endCursor }} }} }} {}",
        fragment(false)
    );
    repository_query(&fields, &brought)
}

enum Outcome {
    Settled(Lookup),
    Again(Lookup),
    Read(Box<Read>),
}

/// The error about this alias or something below it.
fn part_error<'a>(answered: &'a Answered, alias: &str) -> Option<&'a QueryError> {
    let about = |error: &&QueryError| error.alias(Some("repository")).is_some_and(|(name, _)| name == alias);
    answered.errors.iter().find(about)
}

/// What one number of an answer came to. A part that is missing makes all of it unknown.
fn read_number(node: Option<Value>, answered: &Answered, alias: &str, call: &Call) -> Outcome {
    if let Some(error) = part_error(answered, alias) {
        let whole = error.alias(Some("repository")).is_some_and(|(_, whole)| whole);
        if whole && error.kind == "NOT_FOUND" {
            return Outcome::Settled(Lookup::Missing);
        }
        let passing = error.is_passing();
        let lookup = Lookup::Refused { reason: error.message.clone(), passing };
        return if passing { Outcome::Again(lookup) } else { Outcome::Settled(lookup) };
    }
    let Some(Value::Object(fields)) = node else { return Outcome::Settled(Lookup::Missing) };
    if kind(&fields) == Some("Issue") {
        return Outcome::Settled(Lookup::Issue);
    }
    let read = serde_json::from_value::<Node>(Value::Object(fields)).map_err(|error| malformed(call, error));
    match read.and_then(|node| node.read(call)) {
        Ok(read) => Outcome::Read(Box::new(read)),
        Err(error) => Outcome::Settled(refused(&error)),
    }
}

fn kind(fields: &Map<String, Value>) -> Option<&str> {
    fields.get("__typename").and_then(Value::as_str)
}
