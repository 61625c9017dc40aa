use std::ops::Range;

use super::{Alternative, Clause, Operator, Problem, Source, Written};
use crate::pep440::{self, is_python_space};

const OPERATORS: [(&str, Operator); 8] = [
    ("===", Operator::Identical),
    ("==", Operator::Exact),
    ("~=", Operator::Compatible),
    ("!=", Operator::Not),
    ("<=", Operator::Maximum),
    (">=", Operator::Minimum),
    ("<", Operator::Below),
    (">", Operator::Above),
];

/// Poetry adds these; longer ones first, as above.
const POETRY_OPERATORS: [(&str, Operator); 10] = [
    ("==", Operator::Exact),
    ("~=", Operator::Compatible),
    ("!=", Operator::Not),
    ("<=", Operator::Maximum),
    (">=", Operator::Minimum),
    ("<", Operator::Below),
    (">", Operator::Above),
    ("=", Operator::Exact),
    ("~", Operator::Tilde),
    ("^", Operator::Caret),
];

/// A specifier set of PEP 440: clauses between commas, of which some may be empty.
pub(super) fn specifiers(source: Source<'_>, span: Range<usize>) -> Result<Alternative, Problem> {
    let mut clauses = Vec::new();
    for part in source.split(span.clone(), ",") {
        let part = source.trim(part, is_python_space);
        if part.is_empty() {
            continue;
        }
        let slice = source.slice(part.clone());
        let Some(&(sign, operator)) = OPERATORS.iter().find(|(sign, _)| slice.starts_with(sign)) else {
            return Err(Problem::new(part.start, "expected an operator such as `>=`"));
        };
        let version = source.trim(part.start + sign.len()..part.end, is_python_space);
        let version = if operator == Operator::Identical {
            free_text(source, version)?
        } else {
            written(source, version, operator)?
        };
        clauses.push(Clause { span: part, operator, version });
    }
    Ok(Alternative { span: source.trim(span, is_python_space), clauses })
}

/// The version behind `===`, which need not be one.
fn free_text(source: Source<'_>, span: Range<usize>) -> Result<Written, Problem> {
    let slice = source.slice(span.clone());
    if slice.is_empty() {
        return Err(Problem::new(span.end, "expected a version after the operator"));
    }
    let is_end = |character: char| is_python_space(character) || matches!(character, ';' | ')');
    if let Some(end) = slice.find(is_end) {
        return Err(Problem::new(span.start + end, "expected a comma"));
    }
    Ok(Written { span, epoch: None, numbers: Vec::new(), rest: slice.to_owned(), wildcard: false })
}

/// A version behind an operator, without white space around it.
fn written(source: Source<'_>, span: Range<usize>, operator: Operator) -> Result<Written, Problem> {
    let slice = source.slice(span.clone());
    if slice.is_empty() {
        return Err(Problem::new(span.end, "expected a version after the operator"));
    }
    // Poetry also reads a wildcard for each number left out.
    let plain = if source.ecosystem.is_strict_pep440() {
        slice.strip_suffix(".*").unwrap_or(slice)
    } else {
        slice.trim_end_matches(".*")
    };
    let wildcards = slice.get(plain.len()..).unwrap_or_default();
    let wildcard = !wildcards.is_empty();
    let version: pep440::Version = plain.parse().map_err(|error: pep440::ParseVersionError| {
        Problem::new(span.start + error.offset().unwrap_or(0), "expected a version")
    })?;
    let start = span.start + usize::from(plain.starts_with(['v', 'V']));
    let public = source.slice(start..span.start + plain.len());
    let (epoch, release) = match public.split_once('!') {
        Some((_, release)) => (Some(version.epoch()), release),
        None => (None, public),
    };
    // The release ends at the first character that is no digit and no dot before a digit.
    let mut length =
        release.find(|next: char| !next.is_ascii_digit() && next != '.').unwrap_or(release.len());
    if release.get(..length).is_some_and(|numbers| numbers.ends_with('.')) {
        length -= 1;
    }
    let rest = release.get(length..).unwrap_or_default();
    let at = start + (public.len() - rest.len());
    if wildcard && !rest.is_empty() {
        return Err(Problem::new(at, "expected nothing but numbers before the wildcard"));
    }
    if wildcard && !matches!(operator, Operator::Exact | Operator::Not) {
        return Err(Problem::new(at, "expected no wildcard after this operator"));
    }
    if operator == Operator::Compatible && version.release().len() < 2 && source.ecosystem.is_strict_pep440()
    {
        return Err(Problem::new(span.end, "expected a second number after `~=`"));
    }
    if let Some(plus) = rest.find('+')
        && !matches!(operator, Operator::Exact | Operator::Not)
        && source.ecosystem.is_strict_pep440()
    {
        return Err(Problem::new(at + plus, "expected no local part after this operator"));
    }
    let rest = if wildcard { wildcards.to_owned() } else { rest.to_owned() };
    let numbers = version.release().to_vec();
    Ok(Written { span: start..span.end, epoch, numbers, rest, wildcard })
}

/// A constraint of Poetry: alternatives between `|` or `||`, their clauses between commas or blanks.
pub(super) fn poetry(source: Source<'_>, span: Range<usize>) -> Result<Vec<Alternative>, Problem> {
    let mut alternatives = Vec::new();
    let mut rest = span.clone();
    while let Some(bar) = source.slice(rest.clone()).find('|') {
        let end = rest.start + bar;
        alternatives.push(poetry_alternative(source, rest.start..end)?);
        let wide = usize::from(source.slice(end..rest.end).starts_with("||"));
        rest = end + 1 + wide..rest.end;
    }
    alternatives.push(poetry_alternative(source, rest)?);
    Ok(alternatives)
}

fn poetry_alternative(source: Source<'_>, span: Range<usize>) -> Result<Alternative, Problem> {
    let span = source.trim(span, is_python_space);
    let mut clauses = Vec::new();
    let mut at = span.start;
    let is_gap = |character: char| matches!(character, ' ' | ',');
    loop {
        let rest = source.slice(at..span.end);
        // A comma may end an alternative but not start it.
        let gap = rest.len() - rest.trim_start_matches(is_gap).len();
        if rest.len() == gap && !clauses.is_empty() {
            break;
        }
        if gap > 0 && clauses.is_empty() || rest.get(..gap).is_some_and(|gap| gap.matches(',').count() > 1) {
            return Err(Problem::new(at, "expected one comma between two clauses"));
        }
        at += gap;
        let clause = poetry_clause(source, at..span.end)?;
        at = clause.span.end;
        clauses.push(clause);
    }
    Ok(Alternative { span, clauses })
}

fn poetry_clause(source: Source<'_>, span: Range<usize>) -> Result<Clause, Problem> {
    let slice = source.slice(span.clone());
    let (sign, operator) = POETRY_OPERATORS
        .into_iter()
        .find(|(sign, _)| slice.starts_with(sign))
        .unwrap_or(("", Operator::Exact));
    let behind = slice.get(sign.len()..).unwrap_or_default();
    let version = behind.trim_start_matches(' ');
    let start = span.start + (slice.len() - version.len());
    let length = version.find([' ', ',']).unwrap_or(version.len());
    let end = start + length;
    let plain = source.slice(start..end);
    if sign.is_empty() && is_any(plain) {
        let version = Written {
            span: start..end,
            epoch: None,
            numbers: Vec::new(),
            rest: plain.to_owned(),
            wildcard: true,
        };
        return Ok(Clause { span: span.start..end, operator: Operator::Any, version });
    }
    let version = written(source, start..end, operator)?;
    Ok(Clause { span: span.start..end, operator, version })
}

/// Whether a text is wildcards alone: `*`, `x.x`, `v*`.
fn is_any(text: &str) -> bool {
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    !text.is_empty() && text.split('.').all(|part| matches!(part, "*" | "x" | "X"))
}
