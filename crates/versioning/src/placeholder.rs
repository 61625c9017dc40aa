//! Text with `{name}` in it: the syntax that tag patterns and templates share.

/// The longest text with placeholders, in bytes.
const MAX_BYTES: usize = 4096;

/// How much of an unknown name an error repeats, in characters.
const MAX_SHOWN: usize = 40;

/// A piece of a parsed text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Segment<P> {
    Literal(String),
    Placeholder(P),
}

/// The text with its placeholders is malformed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlaceholderError {
    /// The text is too long.
    #[error("the text is {bytes} bytes long, at most {MAX_BYTES} are allowed")]
    TooLong {
        /// The length of the text.
        bytes: usize,
    },
    /// A `{` has no `}` after it.
    #[error("the `{{` at character {column} is never closed (write `{{{{` for a brace)")]
    Unclosed {
        /// The place of the brace, counted in characters from 1.
        column: usize,
    },
    /// A `}` has no `{` before it.
    #[error("the `}}` at character {column} closes nothing (write `}}}}` for a brace)")]
    Unopened {
        /// The place of the brace, counted in characters from 1.
        column: usize,
    },
    /// The braces hold a name that means nothing here.
    #[error("unknown placeholder `{{{name}}}` at character {column}: {}", advice(*suggestion, known))]
    Unknown {
        /// The name between the braces, of a long one the first 40 characters.
        name: String,
        /// The place of its opening brace, counted in characters from 1.
        column: usize,
        /// The known name that was probably meant.
        suggestion: Option<&'static str>,
        /// Every name that is known here.
        known: Vec<&'static str>,
    },
}

fn advice(suggestion: Option<&'static str>, known: &[&'static str]) -> String {
    if let Some(name) = suggestion {
        return format!("did you mean `{{{name}}}`?");
    }
    let names: Vec<String> = known.iter().map(|name| format!("`{{{name}}}`")).collect();
    format!("there are {}", names.join(", "))
}

/// Splits a text at its placeholders; `{{` and `}}` stand for the braces themselves.
pub(crate) fn parse<P: Copy>(
    text: &str,
    known: &[(&'static str, P)],
) -> Result<Vec<Segment<P>>, PlaceholderError> {
    if text.len() > MAX_BYTES {
        return Err(PlaceholderError::TooLong { bytes: text.len() });
    }
    let mut segments = Vec::new();
    let mut literal = String::new();
    let mut characters = text.chars().enumerate().peekable();
    while let Some((index, character)) = characters.next() {
        let column = index + 1;
        match character {
            '{' | '}' if characters.next_if(|&(_, next)| next == character).is_some() => {
                literal.push(character);
            }
            '}' => return Err(PlaceholderError::Unopened { column }),
            '{' => {
                let mut name = String::new();
                loop {
                    match characters.next() {
                        Some((_, '}')) => break,
                        Some((_, '{')) | None => return Err(PlaceholderError::Unclosed { column }),
                        Some((_, other)) => name.push(other),
                    }
                }
                let Some(&(_, placeholder)) = known.iter().find(|(known, _)| *known == name) else {
                    return Err(unknown(&name, column, known.iter().map(|&(known, _)| known).collect()));
                };
                if !literal.is_empty() {
                    segments.push(Segment::Literal(std::mem::take(&mut literal)));
                }
                segments.push(Segment::Placeholder(placeholder));
            }
            other => literal.push(other),
        }
    }
    if !literal.is_empty() {
        segments.push(Segment::Literal(literal));
    }
    Ok(segments)
}

fn unknown(name: &str, column: usize, known: Vec<&'static str>) -> PlaceholderError {
    // Above this similarity a misspelling is more likely than another intention; `{Version}` must be caught too.
    const LIKELY: f64 = 0.75;
    let lower = name.to_lowercase();
    let suggestion = known
        .iter()
        .map(|known| (strsim::normalized_damerau_levenshtein(known, &lower), *known))
        .filter(|(similarity, _)| *similarity >= LIKELY)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, name)| name);
    let name = name.chars().take(MAX_SHOWN).collect();
    PlaceholderError::Unknown { name, column, suggestion, known }
}
