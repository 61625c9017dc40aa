//! Carries a checked query out.

use serde_json::{Map, Value, json};

use super::{
    super::{
        RATE_LIMIT, changes,
        git::Git,
        pulls,
        scene::node_id,
        state::{ForgeState, Issue, IssueState, Repository, key},
    },
    parse::{Document, Field, Operation, Selection},
    schema,
    search::search,
    validate::Size,
};
use crate::server::Context;

/// What `rateLimit` speaks of.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    pub(super) used: u64,
    /// Seconds since 1970.
    pub(super) reset: i64,
    pub(super) size: Size,
}

/// The data and the errors of an operation.
pub(super) fn run(
    forge: &ForgeState,
    context: &Context,
    document: &Document,
    operation: &Operation,
    variables: &Map<String, Value>,
    limits: Limits,
) -> (Value, Vec<Value>) {
    let mut run = Run { forge, context, document, variables, limits, path: Vec::new(), errors: Vec::new() };
    let data = run.object(&Node::Query, &operation.selections);
    (Value::Object(data), run.errors)
}

/// Something that fields are asked of.
enum Node<'a> {
    Query,
    Repository(&'a Repository),
    /// An issue or a pull request.
    Item(&'a Repository, &'a Issue),
    Commit(&'a Repository, String),
    PullRequestCommit(&'a Repository, String),
    /// What has its fields ready.
    Ready(&'static str, Value),
    Page(Page<'a>),
}

/// A part of a connection.
struct Page<'a> {
    kind: &'static str,
    nodes: Vec<Node<'a>>,
    total: usize,
    /// How many nodes come before.
    start: usize,
}

/// What a field gave.
enum Found<'a> {
    Leaf(Value),
    One(Node<'a>),
    List(Vec<Node<'a>>),
    /// What was named is not there.
    Missing(String),
}

impl Node<'_> {
    fn kind(&self) -> String {
        match self {
            Self::Query => "Query".into(),
            Self::Repository(_) => "Repository".into(),
            Self::Item(_, issue) if issue.pull_request.is_some() => "PullRequest".into(),
            Self::Item(..) => "Issue".into(),
            Self::Commit(..) => "Commit".into(),
            Self::PullRequestCommit(..) => "PullRequestCommit".into(),
            Self::Ready(kind, _) => (*kind).into(),
            Self::Page(page) => format!("{}Connection", page.kind),
        }
    }
}

struct Run<'a> {
    forge: &'a ForgeState,
    context: &'a Context,
    document: &'a Document,
    variables: &'a Map<String, Value>,
    limits: Limits,
    path: Vec<Value>,
    errors: Vec<Value>,
}

impl<'a> Run<'a> {
    fn object(&mut self, node: &Node<'a>, selections: &'a [Selection]) -> Map<String, Value> {
        let mut answer = Map::new();
        self.select(node, selections, &mut answer);
        answer
    }

    fn select(&mut self, node: &Node<'a>, selections: &'a [Selection], answer: &mut Map<String, Value>) {
        let kind = node.kind();
        for selection in selections {
            match selection {
                Selection::Field(field) => {
                    self.path.push(json!(field.key()));
                    let value = self.field(node, &kind, field);
                    self.path.pop();
                    merge(answer, field.key(), value);
                }
                Selection::Inline { on, selections, .. } => {
                    if on.as_deref().is_none_or(|on| schema::is_a(&kind, on)) {
                        self.select(node, selections, answer);
                    }
                }
                Selection::Spread { name, .. } => {
                    let fragment = self.document.fragments.get(name);
                    if let Some(fragment) = fragment.filter(|fragment| schema::is_a(&kind, &fragment.on)) {
                        self.select(node, &fragment.selections, answer);
                    }
                }
            }
        }
    }

    fn field(&mut self, node: &Node<'a>, kind: &str, field: &'a Field) -> Value {
        if field.name == "__typename" {
            return json!(kind);
        }
        let variables = self.variables;
        let pairs = field.arguments.iter();
        let arguments: Map<String, Value> =
            pairs.filter_map(|(name, literal)| Some((name.clone(), literal.value(variables)?))).collect();
        match self.resolve(node, &field.name, &Arguments(arguments)) {
            Found::Leaf(value) => value,
            Found::One(node) => Value::Object(self.object(&node, &field.selections)),
            Found::List(nodes) => {
                let mut items = Vec::new();
                for (at, node) in nodes.iter().enumerate() {
                    self.path.push(json!(at));
                    items.push(Value::Object(self.object(node, &field.selections)));
                    self.path.pop();
                }
                Value::Array(items)
            }
            Found::Missing(text) => {
                let location = json!([{ "line": field.at.line, "column": field.at.column }]);
                let path = self.path.clone();
                self.errors.push(
                    json!({ "type": "NOT_FOUND", "path": path, "locations": location, "message": text }),
                );
                Value::Null
            }
        }
    }

    fn resolve(&self, node: &Node<'a>, name: &str, arguments: &Arguments) -> Found<'a> {
        match node {
            Node::Query => self.query(name, arguments),
            Node::Repository(repository) => self.repository(repository, name, arguments),
            Node::Item(repository, issue) => self.item(repository, issue, name, arguments),
            Node::Commit(repository, oid) => self.commit(repository, oid, name, arguments),
            Node::PullRequestCommit(repository, oid) => Found::One(Node::Commit(repository, oid.clone())),
            Node::Ready(_, value) => Found::Leaf(value.get(name).cloned().unwrap_or_default()),
            Node::Page(page) => page_field(page, name),
        }
    }

    fn query(&self, name: &str, arguments: &Arguments) -> Found<'a> {
        match name {
            "repository" => {
                let (owner, name) = (arguments.text("owner"), arguments.text("name"));
                match self.forge.repositories.get(&key(owner, name)) {
                    Some(repository) => Found::One(Node::Repository(repository)),
                    None => Found::Missing(format!(
                        "Could not resolve to a Repository with the name '{owner}/{name}'."
                    )),
                }
            }
            "search" if arguments.text("type") == "ISSUE" => {
                let found = search(self.forge, arguments.text("query"), |_| true);
                let nodes = found.into_iter().map(|(repository, issue)| Node::Item(repository, issue));
                arguments.page("SearchResultItem", nodes.collect())
            }
            "search" => arguments.page("SearchResultItem", Vec::new()),
            "viewer" => Found::One(self.actor(&self.context.login)),
            _ => Found::One(Node::Ready("RateLimit", self.rate_limit())),
        }
    }

    fn rate_limit(&self) -> Value {
        let Limits { used, reset, size } = self.limits;
        let reset = jiff::Timestamp::from_second(reset).map(|at| at.to_string()).unwrap_or_default();
        json!({
            "cost": size.cost(),
            "limit": RATE_LIMIT,
            "nodeCount": size.nodes,
            "remaining": RATE_LIMIT - used,
            "used": used,
            "resetAt": reset,
        })
    }

    fn git(&self, repository: &'a Repository) -> Option<Git<'a>> {
        Some(Git { program: &self.context.git, dir: repository.git_dir.as_deref()? })
    }

    fn url(&self, repository: &Repository) -> String {
        format!("{}/{}/{}", self.context.base, repository.owner, repository.name)
    }

    /// An account; GraphQL names a bot without the end that REST gives it.
    fn actor(&self, login: &str) -> Node<'a> {
        let (kind, login) = match login.strip_suffix("[bot]") {
            Some(app) => ("Bot", app),
            None => ("User", login),
        };
        Node::Ready(kind, json!({ "login": login, "url": format!("{}/{login}", self.context.base) }))
    }

    fn repository(&self, repository: &'a Repository, name: &str, arguments: &Arguments) -> Found<'a> {
        let number = arguments.number("number");
        let numbered = || repository.issues.iter().find(|issue| issue.number == number);
        let one = |found: Option<&'a Issue>, what: &str| match found {
            Some(issue) => Found::One(Node::Item(repository, issue)),
            None => Found::Missing(format!("Could not resolve to {what} with the number of {number}.")),
        };
        match name {
            "pullRequest" => one(numbered().filter(|issue| issue.pull_request.is_some()), "a PullRequest"),
            "issue" => one(numbered().filter(|issue| issue.pull_request.is_none()), "an Issue"),
            "issueOrPullRequest" => one(numbered(), "an issue or pull request"),
            "object" => self.git_object(repository, arguments),
            "pullRequests" => {
                let wanted = |issue: &&'a Issue| arguments.wants(issue);
                let nodes =
                    repository.issues.iter().filter(wanted).map(|issue| Node::Item(repository, issue));
                arguments.page("PullRequest", nodes.collect())
            }
            "discussionCategories" => {
                let shown = if repository.has_discussions { repository.categories.as_slice() } else { &[] };
                let ready = |known: &super::super::DiscussionCategory| {
                    let fields = json!({ "id": known.id, "name": known.name, "slug": known.slug });
                    Node::Ready("DiscussionCategory", fields)
                };
                arguments.page("DiscussionCategory", shown.iter().map(ready).collect())
            }
            "id" => Found::Leaf(json!(node_id("Repository", repository.id))),
            "name" => Found::Leaf(json!(repository.name)),
            "nameWithOwner" => Found::Leaf(json!(format!("{}/{}", repository.owner, repository.name))),
            "url" => Found::Leaf(json!(self.url(repository))),
            "isPrivate" => Found::Leaf(json!(repository.private)),
            _ => Found::Leaf(json!(repository.has_discussions)),
        }
    }

    /// A commit; what the repository does not have is `null` without an error.
    fn git_object(&self, repository: &'a Repository, arguments: &Arguments) -> Found<'a> {
        let (oid, expression) = (arguments.text("oid"), arguments.text("expression"));
        let found = match self.git(repository) {
            Some(git) if oid.is_empty() => git.resolve(expression),
            Some(git) => git.resolve(oid),
            None => Some(if oid.is_empty() { expression } else { oid }.to_owned()),
        };
        found.map_or(Found::Leaf(Value::Null), |oid| Found::One(Node::Commit(repository, oid)))
    }

    fn commit(&self, repository: &'a Repository, oid: &str, name: &str, arguments: &Arguments) -> Found<'a> {
        let message = || {
            self.git(repository).and_then(|git| git.message(oid)).unwrap_or_default().trim_end().to_owned()
        };
        match name {
            "associatedPullRequests" => {
                let found = pulls::that_brought(repository, oid);
                let nodes = found.into_iter().map(|issue| Node::Item(repository, issue));
                arguments.page("PullRequest", nodes.collect())
            }
            "message" => Found::Leaf(json!(message())),
            "messageHeadline" => Found::Leaf(json!(message().lines().next().unwrap_or_default())),
            "abbreviatedOid" => Found::Leaf(json!(oid.chars().take(7).collect::<String>())),
            _ => Found::Leaf(json!(oid)),
        }
    }

    fn item(
        &self,
        repository: &'a Repository,
        issue: &'a Issue,
        name: &str,
        arguments: &Arguments,
    ) -> Found<'a> {
        let kind = if issue.pull_request.is_some() { "PullRequest" } else { "Issue" };
        Found::Leaf(match name {
            "author" if issue.author.is_empty() => Value::Null,
            "author" => return Found::One(self.actor(&issue.author)),
            "labels" => {
                let known = |name: &String| {
                    repository.labels.iter().find(|label| label.name.eq_ignore_ascii_case(name))
                };
                let ready = |label: &super::super::Label| {
                    let id = node_id("Label", label.id);
                    let fields = json!({ "id": id, "name": label.name, "color": label.color, "description": label.description });
                    Node::Ready("Label", fields)
                };
                return arguments.page("Label", issue.labels.iter().filter_map(known).map(ready).collect());
            }
            "milestone" => match issue.milestone.and_then(|number| repository.milestone(number)) {
                Some(milestone) => {
                    let fields = json!({ "number": milestone.number, "title": milestone.title });
                    return Found::One(Node::Ready("Milestone", fields));
                }
                None => Value::Null,
            },
            "id" => json!(node_id(kind, issue.id)),
            "number" => json!(issue.number),
            "title" => json!(issue.title),
            "body" => json!(issue.body.as_deref().unwrap_or_default()),
            "url" => {
                let part = if issue.pull_request.is_some() { "pull" } else { "issues" };
                json!(format!("{}/{part}/{}", self.url(repository), issue.number))
            }
            "state" => json!(state(issue)),
            "closed" => json!(issue.state == IssueState::Closed),
            "createdAt" => json!(issue.created_at),
            "updatedAt" => json!(issue.updated_at),
            "closedAt" => json!(issue.closed_at),
            other => return self.pull_request(repository, issue, other, arguments),
        })
    }

    fn pull_request(
        &self,
        repository: &'a Repository,
        issue: &'a Issue,
        name: &str,
        arguments: &Arguments,
    ) -> Found<'a> {
        let Some(pull) = &issue.pull_request else { return Found::Leaf(Value::Null) };
        let git = self.git(repository);
        Found::Leaf(match name {
            "merged" => json!(pull.merged_at.is_some()),
            "mergedAt" => json!(pull.merged_at),
            "isDraft" => json!(pull.draft),
            "baseRefName" => json!(pull.base),
            "headRefName" => json!(pull.head),
            "headRefOid" => json!(pull.head_sha),
            "changedFiles" => json!(changes::files(git.as_ref(), pull).len()),
            "mergeCommit" => match pull.merge_commit_sha.as_ref().filter(|_| pull.merged_at.is_some()) {
                Some(oid) => return Found::One(Node::Commit(repository, oid.clone())),
                None => Value::Null,
            },
            "files" => {
                let mut files = changes::files(git.as_ref(), pull);
                files.truncate(changes::MAX_FILES);
                let ready = |file: changes::ChangedFile| {
                    let kind = file.status.to_ascii_uppercase();
                    let kind = if kind == "REMOVED" { "DELETED".to_owned() } else { kind };
                    Node::Ready("PullRequestChangedFile", json!({ "path": file.path, "changeType": kind }))
                };
                return arguments.page("PullRequestChangedFile", files.into_iter().map(ready).collect());
            }
            _ => {
                let commits = changes::commits(git.as_ref(), pull);
                let nodes = commits.into_iter().map(|oid| Node::PullRequestCommit(repository, oid));
                return arguments.page("PullRequestCommit", nodes.collect());
            }
        })
    }
}

fn state(issue: &Issue) -> &'static str {
    let merged = issue.pull_request.as_ref().is_some_and(|pull| pull.merged_at.is_some());
    match issue.state {
        _ if merged => "MERGED",
        IssueState::Open => "OPEN",
        IssueState::Closed => "CLOSED",
    }
}

fn page_field<'a>(page: &Page<'a>, name: &str) -> Found<'a> {
    let end = page.start + page.nodes.len();
    match name {
        "nodes" => Found::List(page.nodes.iter().map(copied).collect()),
        "totalCount" | "issueCount" => Found::Leaf(json!(page.total)),
        _ => {
            let some = !page.nodes.is_empty();
            Found::One(Node::Ready(
                "PageInfo",
                json!({
                    "hasNextPage": end < page.total,
                    "hasPreviousPage": page.start > 0,
                    "startCursor": some.then(|| cursor(page.start + 1)),
                    "endCursor": some.then(|| cursor(end)),
                }),
            ))
        }
    }
}

fn copied<'a>(node: &Node<'a>) -> Node<'a> {
    match node {
        Node::Item(repository, issue) => Node::Item(repository, issue),
        Node::Repository(repository) => Node::Repository(repository),
        Node::Commit(repository, oid) => Node::Commit(repository, oid.clone()),
        Node::PullRequestCommit(repository, oid) => Node::PullRequestCommit(repository, oid.clone()),
        Node::Ready(kind, value) => Node::Ready(kind, value.clone()),
        // Pages and the query are in no list.
        Node::Page(_) | Node::Query => Node::Query,
    }
}

/// An opaque mark of a place in a list.
fn cursor(place: usize) -> String {
    node_id("Cursor", u64::try_from(place).unwrap_or(u64::MAX))
}

fn place(cursor: &str) -> Option<usize> {
    use base64::{Engine as _, engine::general_purpose::STANDARD};

    let text = String::from_utf8(STANDARD.decode(cursor).ok()?).ok()?;
    text.strip_prefix("06:Cursor")?.parse().ok()
}

struct Arguments(Map<String, Value>);

impl Arguments {
    fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    fn number(&self, name: &str) -> u64 {
        self.0.get(name).and_then(Value::as_u64).unwrap_or_default()
    }

    fn count(&self, name: &str) -> Option<usize> {
        usize::try_from(self.0.get(name)?.as_u64()?).ok()
    }

    /// Whether a list of pull requests that is asked for so has this one.
    fn wants(&self, issue: &Issue) -> bool {
        let Some(pull) = &issue.pull_request else { return false };
        let states = match self.0.get("states") {
            Some(Value::Array(states)) => states.clone(),
            Some(Value::String(state)) => vec![json!(state)],
            _ => Vec::new(),
        };
        let text = |name: &str| Some(self.text(name)).filter(|text| !text.is_empty());
        (states.is_empty() || states.contains(&json!(state(issue))))
            && text("headRefName").is_none_or(|head| head == pull.head)
            && text("baseRefName").is_none_or(|base| base == pull.base)
    }

    /// The part of a list that is asked for.
    fn page<'a>(&self, kind: &'static str, nodes: Vec<Node<'a>>) -> Found<'a> {
        let total = nodes.len();
        let mut start = place(self.text("after")).unwrap_or(0).min(total);
        let before = place(self.text("before")).map_or(total, |place| place.saturating_sub(1));
        let mut end = before.clamp(start, total);
        match (self.count("first"), self.count("last")) {
            (Some(first), _) => end = end.min(start.saturating_add(first)),
            (None, Some(last)) => start = start.max(end.saturating_sub(last)),
            (None, None) => {}
        }
        let nodes = nodes.into_iter().skip(start).take(end - start).collect();
        Found::One(Node::Page(Page { kind, nodes, total, start }))
    }
}

/// Puts a field into an answer; what is asked for twice is put together.
fn merge(answer: &mut Map<String, Value>, key: &str, value: Value) {
    match (answer.get_mut(key), value) {
        (Some(Value::Object(known)), Value::Object(more)) => {
            for (key, value) in more {
                merge(known, &key, value);
            }
        }
        (Some(Value::Array(known)), Value::Array(more)) if known.len() == more.len() => {
            for (known, more) in known.iter_mut().zip(more) {
                if let (Some(known), Value::Object(more)) = (known.as_object_mut(), more) {
                    for (key, value) in more {
                        merge(known, &key, value);
                    }
                }
            }
        }
        (_, value) => {
            answer.insert(key.to_owned(), value);
        }
    }
}
