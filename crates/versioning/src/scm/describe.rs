use super::ScmError;
use super::tag::check_length;
use crate::pep440::is_python_space;

/// What `git describe --long --dirty` says.
///
/// ```
/// use tminus_versioning::scm::Describe;
///
/// let described = Describe::parse("v1.15.1rc1-37-g9bd1298-dirty\n")?;
/// assert_eq!(described.tag, "v1.15.1rc1");
/// assert_eq!(described.distance, 37);
/// assert_eq!(described.node.as_deref(), Some("g9bd1298"));
/// assert!(described.dirty);
/// # Ok::<(), tminus_versioning::scm::ScmError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Describe {
    /// The name of the tag.
    pub tag: String,
    /// How many commits follow the tag.
    pub distance: u64,
    /// The commit with git's `g` before it; describe says none for a bare tag.
    pub node: Option<String>,
    /// Whether tracked files have uncommitted changes.
    pub dirty: bool,
}

impl Describe {
    /// Reads the output of describe. Text of another form is a tag that `HEAD` has itself.
    ///
    /// # Errors
    ///
    /// - [`ScmError::BeyondLimits`]: more than 4096 bytes, a distance beyond 2⁶⁴ − 1
    pub fn parse(output: &str) -> Result<Self, ScmError> {
        check_length("the output of describe", output)?;
        let output = output.trim_matches(is_python_space);
        let (output, dirty) = match output.strip_suffix("-dirty") {
            Some(rest) => (rest, true),
            None => (output, false),
        };
        let Some((tag, distance, node)) = split(output) else {
            return Ok(Self { tag: output.to_owned(), distance: 0, node: None, dirty });
        };
        let distance = distance.parse().map_err(|_| ScmError::BeyondLimits {
            what: "the distance that describe states",
            text: distance.to_owned(),
        })?;
        Ok(Self { tag: tag.to_owned(), distance, node: Some(node.to_owned()), dirty })
    }
}

/// The tag, the distance and the node in `TAG-DISTANCE-gNODE`.
fn split(output: &str) -> Option<(&str, &str, &str)> {
    let output = output.strip_suffix('\n').unwrap_or(output);
    let (rest, node) = output.rsplit_once('-')?;
    let digits = node.strip_prefix('g')?;
    let (tag, distance) = rest.rsplit_once('-')?;
    let is_node = !digits.is_empty() && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let is_distance = !distance.is_empty() && distance.bytes().all(|byte| byte.is_ascii_digit());
    (is_node && is_distance && !tag.is_empty() && !tag.contains('\n')).then_some((tag, distance, node))
}

/// The command that finds the tag.
///
/// Run it in the root of the repository. Where it [is git's](Self::is_git), setuptools-scm adds `--git-dir` with the
/// repository's own. When the command fails, there is [no tag](super::Facts::untagged); what it says when it succeeds
/// goes to [`Describe::parse`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DescribeCommand {
    arguments: Vec<String>,
}

impl DescribeCommand {
    /// A command as a list of arguments, the program first.
    ///
    /// # Errors
    ///
    /// - an empty list
    pub fn from_arguments(arguments: Vec<String>) -> Result<Self, ParseCommandError> {
        if arguments.is_empty() {
            return Err(ParseCommandError::Empty);
        }
        Ok(Self { arguments })
    }

    /// A command as a line of text, split as a POSIX shell and Python's `shlex.split` do.
    ///
    /// ```
    /// use tminus_versioning::scm::DescribeCommand;
    ///
    /// let command = DescribeCommand::from_line("git describe --match 'v[0-9]*'")?;
    /// assert_eq!(command.arguments(), ["git", "describe", "--match", "v[0-9]*"]);
    /// # Ok::<(), tminus_versioning::scm::ParseCommandError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - a line without words
    /// - a quote that is not closed, a backslash at the end
    pub fn from_line(line: &str) -> Result<Self, ParseCommandError> {
        Self::from_arguments(split_words(line)?)
    }

    /// The default command for tags that match a pattern.
    pub(super) fn with_match(pattern: &str) -> Self {
        let fixed = ["git", "describe", "--dirty", "--tags", "--long", "--abbrev=40", "--match"];
        let arguments = fixed.into_iter().chain([pattern]).map(str::to_owned).collect();
        Self { arguments }
    }

    /// The program and its arguments.
    pub fn arguments(&self) -> &[String] {
        &self.arguments
    }

    /// Whether the program is git.
    pub fn is_git(&self) -> bool {
        self.arguments.first().is_some_and(|program| program == "git")
    }
}

/// The text is not a command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseCommandError {
    /// There is no word in it.
    #[error("a describe command must name a program")]
    Empty,
    /// A quotation does not end.
    #[error("the describe command has no closing {quote}")]
    OpenQuote {
        /// The quote that opens it.
        quote: char,
    },
    /// A backslash has nothing after it.
    #[error("the describe command ends in a backslash")]
    NothingEscaped,
}

fn split_words(line: &str) -> Result<Vec<String>, ParseCommandError> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = line.chars();
    while let Some(next) = characters.next() {
        match next {
            ' ' | '\t' | '\r' | '\n' => words.extend(word.take()),
            '\\' => {
                let escaped = characters.next().ok_or(ParseCommandError::NothingEscaped)?;
                word.get_or_insert_default().push(escaped);
            }
            quote @ ('\'' | '"') => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next().ok_or(ParseCommandError::OpenQuote { quote })? {
                        end if end == quote => break,
                        '\\' if quote == '"' => {
                            let escaped = characters.next().ok_or(ParseCommandError::NothingEscaped)?;
                            if !matches!(escaped, '"' | '\\') {
                                word.push('\\');
                            }
                            word.push(escaped);
                        }
                        inside => word.push(inside),
                    }
                }
            }
            plain => word.get_or_insert_default().push(plain),
        }
    }
    words.extend(word);
    Ok(words)
}
