use std::ops::Range;

use super::{Alternative, Clause, Operator, Problem, Source, Written};
use crate::constraint::Ecosystem;
use crate::{cargo, go};

const NPM_OPERATORS: [(&str, Operator); 8] = [
    (">=", Operator::Minimum),
    ("<=", Operator::Maximum),
    (">", Operator::Above),
    ("<", Operator::Below),
    ("=", Operator::Exact),
    ("~>", Operator::Tilde),
    ("~", Operator::Tilde),
    ("^", Operator::Caret),
];

const CARGO_OPERATORS: [(&str, Operator); 7] = [
    (">=", Operator::Minimum),
    ("<=", Operator::Maximum),
    (">", Operator::Above),
    ("<", Operator::Below),
    ("=", Operator::Exact),
    ("~", Operator::Tilde),
    ("^", Operator::Caret),
];

/// A range of npm: alternatives between `||`, their clauses between blanks, or `low - high`.
pub(super) fn npm(source: Source<'_>, span: Range<usize>) -> Result<Vec<Alternative>, Problem> {
    source.split(span, "||").into_iter().map(|part| npm_alternative(source, part)).collect()
}

fn npm_alternative(source: Source<'_>, span: Range<usize>) -> Result<Alternative, Problem> {
    let span = source.trim(span, char::is_whitespace);
    if let Some((low, high)) = hyphen(source, span.clone()) {
        let clauses = [(low, Operator::Minimum), (high, Operator::Maximum)].into_iter().map(
            |(span, operator)| -> Result<Clause, Problem> {
                let version = written(source, span.clone())?;
                let operator = if version.numbers.is_empty() { Operator::Any } else { operator };
                Ok(Clause { span, operator, version })
            },
        );
        let clauses = clauses.collect::<Result<Vec<_>, _>>()?;
        return Ok(Alternative { span, clauses });
    }
    let mut clauses = Vec::new();
    let mut at = span.start;
    while at < span.end {
        let slice = source.slice(at..span.end);
        let (sign, operator) = NPM_OPERATORS
            .into_iter()
            .find(|(sign, _)| slice.starts_with(sign))
            .unwrap_or(("", Operator::Exact));
        // npm skips blanks, `v` and `=` here, in any number.
        let behind = slice.get(sign.len()..).unwrap_or_default();
        let version =
            behind.trim_start_matches(|next: char| next.is_whitespace() || matches!(next, 'v' | '='));
        let start = at + (slice.len() - version.len());
        let end = start + version.find(char::is_whitespace).unwrap_or(version.len());
        let version = written(source, start..end)?;
        let operator = if version.numbers.is_empty() { Operator::Any } else { operator };
        clauses.push(Clause { span: at..end, operator, version });
        let rest = source.slice(end..span.end);
        at = end + (rest.len() - rest.trim_start().len());
    }
    Ok(Alternative { span, clauses })
}

/// The two ends of `low - high`, without what stands before their numbers.
fn hyphen(source: Source<'_>, span: Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
    let slice = source.slice(span.clone());
    let sign = slice.match_indices('-').map(|(at, _)| at).find(|&at| {
        let before = slice.get(..at).and_then(|before| before.chars().next_back());
        let after = slice.get(at + 1..).and_then(|after| after.chars().next());
        before.is_some_and(char::is_whitespace) && after.is_some_and(char::is_whitespace)
    })?;
    let bare = |span: Range<usize>| {
        let span = source.trim(span, char::is_whitespace);
        let slice = source.slice(span.clone());
        let rest = slice.trim_start_matches(|next: char| next.is_whitespace() || matches!(next, 'v' | '='));
        span.end - rest.len()..span.end
    };
    Some((bare(span.start..span.start + sign), bare(span.start + sign + 1..span.end)))
}

/// A requirement of Cargo: clauses between commas.
pub(super) fn cargo(source: Source<'_>, span: Range<usize>) -> Result<Alternative, Problem> {
    let is_blank = |character: char| character == ' ';
    let trimmed = source.trim(span.clone(), is_blank);
    let mut clauses = Vec::new();
    for part in source.split(span, ",") {
        let part = source.trim(part, is_blank);
        let slice = source.slice(part.clone());
        let found = CARGO_OPERATORS.into_iter().find(|(sign, _)| slice.starts_with(sign));
        let (sign, operator) = found.unwrap_or(("", Operator::Caret));
        let start = source.trim(part.start + sign.len()..part.end, is_blank).start;
        let version = written(source, start..part.end)?;
        let operator = match (found, version.wildcard) {
            _ if version.numbers.is_empty() => Operator::Any,
            (None, true) => Operator::Exact,
            _ => operator,
        };
        clauses.push(Clause { span: part, operator, version });
    }
    Ok(Alternative { span: trimmed, clauses })
}

/// The one version of a line in a `go.mod`.
pub(super) fn go(source: Source<'_>, span: Range<usize>) -> Result<Alternative, Problem> {
    let span = source.trim(span, char::is_whitespace);
    if let Err(error) = source.slice(span.clone()).parse::<go::Version>() {
        let offset = span.start + error.offset().unwrap_or(0);
        return Err(Problem::new(offset, "expected a version such as `v1.2.3`"));
    }
    let version = written(source, span.start + 1..span.end)?;
    Ok(Alternative {
        span: span.clone(),
        clauses: vec![Clause { span, operator: Operator::Minimum, version }],
    })
}

/// A version of up to three numbers, the last of which may be wildcards.
fn written(source: Source<'_>, span: Range<usize>) -> Result<Written, Problem> {
    let mut numbers = Vec::new();
    let mut at = span.start;
    let mut wildcard = false;
    // Where the numbers end; wildcards and the dots before them follow.
    let mut end = span.start;
    for place in 0..3 {
        let rest = source.slice(at..span.end);
        let digits = rest.find(|next: char| !next.is_ascii_digit()).unwrap_or(rest.len());
        if rest.starts_with(['x', 'X', '*']) {
            wildcard = true;
            at += 1;
        } else if digits == 0 {
            let problem = if place == 0 { "expected a version" } else { "expected a number" };
            return Err(Problem::new(at, problem));
        } else {
            let number = rest.get(..digits).unwrap_or_default();
            if digits > 1 && number.starts_with('0') {
                return Err(Problem::new(at, "expected a number without leading zero"));
            }
            let number: u64 = number.parse().map_err(|_| Problem::new(at, "expected a smaller number"))?;
            if source.ecosystem == Ecosystem::Npm && number > MAX_SAFE_INTEGER {
                return Err(Problem::new(at, "expected a smaller number"));
            }
            at += digits;
            if !wildcard {
                numbers.push(number);
                end = at;
            }
        }
        if place == 2 || !source.slice(at..span.end).starts_with('.') {
            break;
        }
        at += 1;
    }
    let tail = source.slice(at..span.end);
    if !tail.is_empty() {
        check_tail(at, tail)?;
        // Only a complete version has a tail; npm also reads one behind wildcards and ignores it.
        let places = source.slice(span.start..at).split('.').count();
        if places < 3 {
            return Err(Problem::new(at, "expected three numbers before this"));
        }
    }
    let rest = source.slice(end..span.end).to_owned();
    Ok(Written { span, epoch: None, numbers, rest, wildcard })
}

/// The largest number that npm reads: 2⁵³ − 1.
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// Pre-release and build metadata, as the parser of versions reads them.
fn check_tail(at: usize, tail: &str) -> Result<(), Problem> {
    if !tail.starts_with(['-', '+']) {
        return Err(Problem::new(at, "expected the end of the version"));
    }
    if format!("0.0.0{tail}").parse::<cargo::Version>().is_err() {
        return Err(Problem::new(at, "expected a pre-release such as `-rc.1`"));
    }
    Ok(())
}
