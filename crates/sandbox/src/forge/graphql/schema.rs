//! The part of GitHub's published schema that is answered here. What stands in it has its name, type and arguments
//! from there; nothing is added.

/// What a field gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A scalar or an enum, by its name.
    Leaf(&'static str),
    /// An object, by the name of its type.
    One(&'static str),
    /// A list of objects inside a connection.
    List(&'static str),
    /// A connection of objects of this type.
    Many(&'static str),
}

/// A field and its arguments, each `name:Type`.
pub(super) type Entry = (&'static str, Shape, &'static [&'static str]);

use Shape::{Leaf, Many, One};

const PAGES: &[&str] = &["after:String", "before:String", "first:Int", "last:Int"];

const QUERY: &[Entry] = &[
    ("repository", One("Repository"), &["owner:String!", "name:String!", "followRenames:Boolean"]),
    (
        "search",
        Many("SearchResultItem"),
        &["query:String!", "type:SearchType!", "after:String", "before:String", "first:Int", "last:Int"],
    ),
    ("rateLimit", One("RateLimit"), &["dryRun:Boolean"]),
    ("viewer", One("User"), &[]),
];

const REPOSITORY: &[Entry] = &[
    ("id", Leaf("ID"), &[]),
    ("name", Leaf("String"), &[]),
    ("nameWithOwner", Leaf("String"), &[]),
    ("url", Leaf("URI"), &[]),
    ("isPrivate", Leaf("Boolean"), &[]),
    ("hasDiscussionsEnabled", Leaf("Boolean"), &[]),
    ("pullRequest", One("PullRequest"), &["number:Int!"]),
    ("issue", One("Issue"), &["number:Int!"]),
    ("issueOrPullRequest", One("IssueOrPullRequest"), &["number:Int!"]),
    ("object", One("GitObject"), &["oid:GitObjectID", "expression:String"]),
    (
        "pullRequests",
        Many("PullRequest"),
        &[
            "states:[PullRequestState!]",
            "headRefName:String",
            "baseRefName:String",
            "labels:[String!]",
            "orderBy:IssueOrder",
            "after:String",
            "before:String",
            "first:Int",
            "last:Int",
        ],
    ),
    ("discussionCategories", Many("DiscussionCategory"), PAGES),
];

const ISSUE: &[Entry] = &[
    ("id", Leaf("ID"), &[]),
    ("number", Leaf("Int"), &[]),
    ("title", Leaf("String"), &[]),
    ("body", Leaf("String"), &[]),
    ("url", Leaf("URI"), &[]),
    ("state", Leaf("IssueState"), &[]),
    ("closed", Leaf("Boolean"), &[]),
    ("createdAt", Leaf("DateTime"), &[]),
    ("updatedAt", Leaf("DateTime"), &[]),
    ("closedAt", Leaf("DateTime"), &[]),
    ("author", One("Actor"), &[]),
    ("milestone", One("Milestone"), &[]),
    (
        "labels",
        Many("Label"),
        &["after:String", "before:String", "first:Int", "last:Int", "orderBy:LabelOrder"],
    ),
];

/// What a pull request has beyond what an issue has.
const PULL_REQUEST: &[Entry] = &[
    ("merged", Leaf("Boolean"), &[]),
    ("mergedAt", Leaf("DateTime"), &[]),
    ("isDraft", Leaf("Boolean"), &[]),
    ("baseRefName", Leaf("String"), &[]),
    ("headRefName", Leaf("String"), &[]),
    ("headRefOid", Leaf("GitObjectID"), &[]),
    ("changedFiles", Leaf("Int"), &[]),
    ("mergeCommit", One("Commit"), &[]),
    ("files", Many("PullRequestChangedFile"), PAGES),
    ("commits", Many("PullRequestCommit"), PAGES),
];

const COMMIT: &[Entry] = &[
    ("oid", Leaf("GitObjectID"), &[]),
    ("abbreviatedOid", Leaf("String"), &[]),
    ("message", Leaf("String"), &[]),
    ("messageHeadline", Leaf("String"), &[]),
    (
        "associatedPullRequests",
        Many("PullRequest"),
        &["after:String", "before:String", "first:Int", "last:Int", "orderBy:PullRequestOrder"],
    ),
];

const GIT_OBJECT: &[Entry] = &[("oid", Leaf("GitObjectID"), &[]), ("abbreviatedOid", Leaf("String"), &[])];

const ACTOR: &[Entry] = &[("login", Leaf("String"), &[]), ("url", Leaf("URI"), &[])];

const MILESTONE: &[Entry] = &[("number", Leaf("Int"), &[]), ("title", Leaf("String"), &[])];

const LABEL: &[Entry] = &[
    ("id", Leaf("ID"), &[]),
    ("name", Leaf("String"), &[]),
    ("color", Leaf("String"), &[]),
    ("description", Leaf("String"), &[]),
];

const CHANGED_FILE: &[Entry] = &[("path", Leaf("String"), &[]), ("changeType", Leaf("PatchStatus"), &[])];

const PULL_REQUEST_COMMIT: &[Entry] = &[("commit", One("Commit"), &[])];

const CATEGORY: &[Entry] =
    &[("id", Leaf("ID"), &[]), ("name", Leaf("String"), &[]), ("slug", Leaf("String"), &[])];

const RATE_LIMIT: &[Entry] = &[
    ("cost", Leaf("Int"), &[]),
    ("limit", Leaf("Int"), &[]),
    ("nodeCount", Leaf("Int"), &[]),
    ("remaining", Leaf("Int"), &[]),
    ("used", Leaf("Int"), &[]),
    ("resetAt", Leaf("DateTime"), &[]),
];

const PAGE_INFO: &[Entry] = &[
    ("hasNextPage", Leaf("Boolean"), &[]),
    ("hasPreviousPage", Leaf("Boolean"), &[]),
    ("startCursor", Leaf("String"), &[]),
    ("endCursor", Leaf("String"), &[]),
];

/// The types of which there are connections.
const LISTED: &[&str] = &[
    "DiscussionCategory",
    "Label",
    "PullRequest",
    "PullRequestChangedFile",
    "PullRequestCommit",
    "SearchResultItem",
];

fn entries(kind: &str) -> Option<Vec<&'static [Entry]>> {
    Some(match kind {
        "Query" => vec![QUERY],
        "Repository" => vec![REPOSITORY],
        "Issue" => vec![ISSUE],
        "PullRequest" => vec![ISSUE, PULL_REQUEST],
        "Commit" => vec![COMMIT],
        "GitObject" => vec![GIT_OBJECT],
        "Actor" | "User" | "Bot" => vec![ACTOR],
        "Milestone" => vec![MILESTONE],
        "Label" => vec![LABEL],
        "PullRequestChangedFile" => vec![CHANGED_FILE],
        "PullRequestCommit" => vec![PULL_REQUEST_COMMIT],
        "DiscussionCategory" => vec![CATEGORY],
        "RateLimit" => vec![RATE_LIMIT],
        "PageInfo" => vec![PAGE_INFO],
        // Unions have no fields of their own.
        "IssueOrPullRequest" | "SearchResultItem" => Vec::new(),
        _ => return None,
    })
}

/// Whether there is such a type.
pub(super) fn is_type(kind: &str) -> bool {
    entries(kind).is_some() || connected(kind).is_some()
}

/// The type of the nodes of a connection.
fn connected(kind: &str) -> Option<&'static str> {
    let inner = kind.strip_suffix("Connection")?;
    LISTED.iter().copied().find(|known| *known == inner)
}

/// A field of a type: what it gives and takes.
pub(super) fn field(kind: &str, name: &str) -> Option<(Shape, &'static [&'static str])> {
    if name == "__typename" {
        return Some((Leaf("String"), &[]));
    }
    if let Some(inner) = connected(kind) {
        let shape = match name {
            "nodes" => Shape::List(inner),
            "pageInfo" => One("PageInfo"),
            "issueCount" if inner == "SearchResultItem" => Leaf("Int"),
            "totalCount" if inner != "SearchResultItem" => Leaf("Int"),
            _ => return None,
        };
        return Some((shape, &[]));
    }
    let found = entries(kind)?.into_iter().flatten().find(|(known, ..)| *known == name)?;
    Some((found.1, found.2))
}

/// Whether an object of this type is one of that type, interface or union.
pub(super) fn is_a(object: &str, wanted: &str) -> bool {
    object == wanted
        || matches!(
            (object, wanted),
            ("User" | "Bot", "Actor")
                | ("Commit", "GitObject")
                | ("Issue" | "PullRequest", "IssueOrPullRequest" | "SearchResultItem")
        )
}
