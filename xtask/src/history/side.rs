//! What can be asked, and who answers: git, git through another command, and we.

use std::collections::BTreeMap;
use std::fmt;

/// A question that a side has no answer to yet. It is reported, and is a failure of the task.
#[derive(Debug)]
pub(super) struct NotBuilt(pub(super) &'static str);

impl fmt::Display for NotBuilt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not built yet: {}", self.0)
    }
}

impl std::error::Error for NotBuilt {}

/// Options of `git describe`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Set {
    pub(super) name: &'static str,
    /// Also light tags.
    pub(super) tags: bool,
    pub(super) matches: &'static [&'static str],
    pub(super) excludes: &'static [&'static str],
    pub(super) first_parent: bool,
    /// How many tags are weighed; git's ten where nothing is said.
    pub(super) candidates: Option<usize>,
    pub(super) form: Form,
}

/// How the answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `v1.0-0-g…`, with the whole id.
    Long,
    /// The tag alone: `--abbrev=0`.
    Tag,
    /// `v1.0`, `v1.0-3-g1234567`: that many digits, or more where so few are ambiguous.
    Short(usize),
}

const PLAIN: Set = Set {
    name: "--tags",
    tags: true,
    matches: &[],
    excludes: &[],
    first_parent: false,
    candidates: None,
    form: Form::Long,
};

/// The sets that every commit is asked with.
pub(super) const SETS: [Set; 11] = [
    PLAIN,
    Set { name: "annotated", tags: false, ..PLAIN },
    Set { name: "--match v*", matches: &["v*"], ..PLAIN },
    Set { name: "--match twice", matches: &["v[0-9]*", "[0-9]*.[0-9]*"], ..PLAIN },
    Set { name: "--exclude", excludes: &["*rc*", "*-alpha*", "*[ab][0-9]"], ..PLAIN },
    Set { name: "--match --exclude", matches: &["*[0-9]*"], excludes: &["*0"], tags: false, ..PLAIN },
    Set { name: "--first-parent", first_parent: true, ..PLAIN },
    Set { name: "--candidates=1", candidates: Some(1), ..PLAIN },
    Set { name: "--candidates=40", candidates: Some(40), ..PLAIN },
    Set { name: "--abbrev=0", form: Form::Tag, ..PLAIN },
    Set { name: "--abbrev=7", form: Form::Short(7), ..PLAIN },
];

impl Set {
    /// The arguments of git. `--always`: a batch must not end at the first commit without a tag.
    pub(super) fn arguments(&self) -> Vec<String> {
        let mut arguments = vec!["describe".to_owned(), "--always".to_owned()];
        arguments.extend(self.tags.then(|| "--tags".to_owned()));
        arguments.extend(self.matches.iter().map(|glob| format!("--match={glob}")));
        arguments.extend(self.excludes.iter().map(|glob| format!("--exclude={glob}")));
        arguments.extend(self.first_parent.then(|| "--first-parent".to_owned()));
        arguments.extend(self.candidates.map(|number| format!("--candidates={number}")));
        match self.form {
            Form::Long => arguments.extend(["--long".to_owned(), "--abbrev=40".to_owned()]),
            Form::Tag => arguments.push("--abbrev=0".to_owned()),
            Form::Short(digits) => arguments.push(format!("--abbrev={digits}")),
        }
        arguments
    }

    /// The answer as git writes it. `short` is the abbreviated id, which is asked for where one is written.
    pub(super) fn text(&self, commit: &str, short: &str, found: Option<(&str, usize)>) -> String {
        match (self.form, found) {
            (Form::Long | Form::Tag, None) => commit.to_owned(),
            (Form::Short(_), None) => short.to_owned(),
            (Form::Long, Some((tag, distance))) => format!("{tag}-{distance}-g{commit}"),
            (Form::Tag, Some((tag, _))) | (Form::Short(_), Some((tag, 0))) => tag.to_owned(),
            (Form::Short(_), Some((tag, distance))) => format!("{tag}-{distance}-g{short}"),
        }
    }
}

/// Which commits of a history, and what is told of merges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) tip: String,
    pub(super) base: Option<String>,
    /// Only first parents, and a merge is compared with its own.
    pub(super) first_parent: bool,
}

/// A commit and, in bytes that are escaped, the paths it changes.
pub(super) type Logged = (String, String);

/// A commit that is to be picked onto another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pick {
    pub(super) commit: String,
    /// The parent that it is compared with.
    pub(super) parent: String,
    /// Its number, where there are several.
    pub(super) mainline: Option<usize>,
    pub(super) onto: String,
    /// The tree of `onto`: a pick that leaves it is empty.
    pub(super) tree: String,
}

/// What came of a pick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Picked {
    Clean(String),
    Empty,
    Conflict(Vec<String>),
    /// Git cannot say: this copy of the repository has not all files.
    Lacking,
}

impl Picked {
    /// The same, with one name for what is different by name only: a file that stands aside carries the name of its
    /// side, and each command has words of its own for that.
    pub(super) fn plain(&self, pick: &Pick) -> Self {
        let Self::Conflict(files) = self else { return self.clone() };
        let short = |id: &str| format!("~{}", id.get(..7).unwrap_or(id));
        let sides =
            [(short(&pick.commit), "~theirs"), (short(&pick.onto), "~ours"), ("~HEAD".to_owned(), "~ours")];
        let plain = |file: &String| {
            let found = sides.iter().find_map(|(mark, name)| file.find(mark).map(|at| (at, name)));
            found
                .and_then(|(at, name)| Some(format!("{}{name}", file.get(..at)?)))
                .unwrap_or_else(|| file.clone())
        };
        let mut files: Vec<String> = files.iter().map(plain).collect();
        files.sort_unstable();
        files.dedup();
        Self::Conflict(files)
    }
}

impl fmt::Display for Picked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clean(tree) => write!(f, "clean, tree {tree}"),
            Self::Empty => f.write_str("empty"),
            Self::Lacking => f.write_str("files are not there"),
            Self::Conflict(files) => write!(f, "conflict in {}", files.join(", ")),
        }
    }
}

/// Somebody who answers. A question without an answer yet is the error [`NotBuilt`].
pub(super) trait Side {
    /// For each reference below `refs/tags`: what it holds and what that leads to, `tag 12… commit 34…`.
    fn tags(&self) -> anyhow::Result<BTreeMap<String, String>>;

    /// One text for each commit, as [`Set::text`] writes it.
    fn describe(&self, set: &Set, commits: &[String]) -> anyhow::Result<Vec<String>>;

    /// The tag of exactly this commit; empty where it has none.
    fn exact(&self, commits: &[String]) -> anyhow::Result<Vec<String>>;

    /// All merge bases of each pair, sorted.
    fn merge_bases(&self, pairs: &[(String, String)]) -> anyhow::Result<Vec<String>>;

    /// The merge base that git names first, of each pair; empty where there is none.
    fn best_base(&self, pairs: &[(String, String)]) -> anyhow::Result<Vec<String>>;

    /// In the order of git.
    fn log(&self, stretch: &Stretch) -> anyhow::Result<Vec<Logged>>;

    /// The stable patch id of each; empty where there is no patch.
    fn patch_ids(&self, commits: &[String]) -> anyhow::Result<Vec<String>>;

    fn picks(&self, picks: &[Pick]) -> anyhow::Result<Vec<Picked>>;
}
