//! The patterns of workspaces, each as its tool reads them, on top of one matcher.

use globset::{GlobBuilder, GlobMatcher};

/// How a pattern is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// uv's and Cargo's `members`: `*` stays within a directory, braces mean themselves.
    Rust,
    /// uv's `exclude`: as `Rust`, but `*` and `?` also stand for `/`.
    RustCrossing,
    /// npm's and pnpm's: `*` stays within a directory, `{a,b}` is one of both.
    Node,
}

/// A pattern for the path of a directory from the root of its workspace.
#[derive(Debug, Clone)]
pub(crate) struct Glob {
    text: String,
    matcher: GlobMatcher,
    /// In npm and pnpm `libs/**` also names `libs`.
    itself: Option<GlobMatcher>,
}

impl Glob {
    /// Reads a pattern.
    pub(super) fn new(pattern: &str, dialect: Dialect) -> Result<Self, String> {
        let text = normalized(pattern);
        let compiled = match dialect {
            Dialect::Rust => rust(&text, true)?,
            Dialect::RustCrossing => rust(&text, false)?,
            Dialect::Node => node(&text)?,
        };
        let itself = match (dialect, text.strip_suffix("/**")) {
            (Dialect::Node, Some(directory)) => Some(node(directory)?),
            _ => None,
        };
        Ok(Self { text, matcher: compiled, itself })
    }

    /// A pattern of the options.
    pub(super) fn of_option(pattern: &str) -> Result<Self, String> {
        Self::new(pattern, Dialect::Node)
    }

    /// A pattern for names that have no directories.
    pub(crate) fn of_name(pattern: &str) -> Result<Self, String> {
        Ok(Self { text: pattern.to_owned(), matcher: node(pattern)?, itself: None })
    }

    /// The pattern, without the parts that mean nothing.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether a directory is meant.
    pub(crate) fn matches(&self, directory: &str) -> bool {
        self.matcher.is_match(directory)
            || self.itself.as_ref().is_some_and(|itself| itself.is_match(directory))
    }
}

/// A path or pattern without `.`, empty parts and `..` that has something before it. One that leads out, or starts at
/// the root of the file system, keeps what no directory is called.
pub(crate) fn normalized(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    if path.starts_with('/') {
        parts.push("..");
    }
    for part in path.split('/') {
        match (part, parts.last()) {
            ("" | ".", _) => {}
            ("..", Some(&last)) if last != ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// The crate `glob`: classes, but no braces and no escapes; `**` is a whole part.
fn rust(pattern: &str, separated: bool) -> Result<GlobMatcher, String> {
    if pattern.split('/').any(|part| part.contains("**") && part != "**") {
        return Err("`**` must stand alone between two `/`".to_owned());
    }
    let escaped: String = literal_braces(pattern);
    compile(&escaped, separated)
}

fn literal_braces(pattern: &str) -> String {
    let mut escaped = String::with_capacity(pattern.len());
    let mut in_class = false;
    for character in pattern.chars() {
        match character {
            '{' | '}' if !in_class => escaped.extend(['[', character, ']']),
            _ => escaped.push(character),
        }
        in_class = character == '[' || (in_class && character != ']');
    }
    escaped
}

/// minimatch and its like, but for what few use, which is refused rather than taken for something else.
fn node(pattern: &str) -> Result<GlobMatcher, String> {
    let extended = ["@(", "+(", "?(", "*(", "!("].iter().any(|start| pattern.contains(start));
    if extended {
        return Err("extended patterns such as `@(a|b)` are not read: write `{a,b}`".to_owned());
    }
    if pattern.split('{').skip(1).any(|rest| rest.split('}').next().is_some_and(|inner| inner.contains("..")))
    {
        return Err("ranges such as `{1..3}` are not read: write `{1,2,3}`".to_owned());
    }
    compile(pattern, true)
}

fn compile(pattern: &str, separated: bool) -> Result<GlobMatcher, String> {
    let glob = GlobBuilder::new(pattern).literal_separator(separated).backslash_escape(false).build();
    glob.map(|glob| glob.compile_matcher()).map_err(|error| error.kind().to_string())
}
