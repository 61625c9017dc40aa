//! Assignment statements (Python language reference, 7.2), found in the tokens of a file.

use super::scan::{Kind, Token};
use super::{Assignment, plain_text};
use crate::locate::Problem;

/// The words that begin a statement with a body; the body may follow its colon on the same line.
const HEADERS: [&str; 14] = [
    "if", "elif", "else", "for", "while", "try", "except", "finally", "with", "def", "class", "async",
    "match", "case",
];

/// The statements of a file that assign to a name.
pub(super) fn assignments(source: &str, name: &str, tokens: &[Token]) -> Vec<Assignment> {
    let statements = tokens.split(|token| token.kind == Kind::End && token.depth == 0);
    let reader = Reader { source, name };
    statements.filter_map(|statement| reader.assignment(reader.without_header(statement))).collect()
}

struct Reader<'t> {
    source: &'t str,
    name: &'t str,
}

impl Reader<'_> {
    fn word(&self, token: &Token) -> &str {
        if token.kind == Kind::Name { self.source.get(token.span.clone()).unwrap_or_default() } else { "" }
    }

    fn is_name(&self, token: &Token) -> bool {
        self.word(token) == self.name
    }

    /// The statement behind `if ...:` and its like.
    fn without_header<'k>(&self, statement: &'k [Token]) -> &'k [Token] {
        let Some(first) = statement.first() else { return statement };
        let word = self.word(first);
        let is_variable = matches!(word, "match" | "case")
            && statement.get(1).is_none_or(|next| matches!(next.kind, Kind::Op(b'=' | b':' | b'.' | b',')));
        if is_variable || !HEADERS.contains(&word) {
            return statement;
        }
        self.positions(statement, b':')
            .next()
            .and_then(|colon| statement.get(colon + 1..))
            .unwrap_or(statement)
    }

    /// Where an operator stands outside of brackets and of the arguments of a `lambda`.
    fn positions<'k>(&self, tokens: &'k [Token], operator: u8) -> impl Iterator<Item = usize> + 'k
    where
        Self: 'k,
    {
        let mut lambdas = 0_usize;
        let found: Vec<usize> = tokens
            .iter()
            .enumerate()
            .filter(|(_, token)| {
                if token.depth > 0 {
                    return false;
                }
                if self.word(token) == "lambda" {
                    lambdas += 1;
                }
                let is_inside = lambdas > 0;
                if is_inside && token.kind == Kind::Op(b':') {
                    lambdas -= 1;
                }
                !is_inside && token.kind == Kind::Op(operator)
            })
            .map(|(index, _)| index)
            .collect();
        found.into_iter()
    }

    fn assignment(&self, statement: &[Token]) -> Option<Assignment> {
        let equals: Vec<usize> = self
            .positions(statement, b'=')
            .filter(|&index| operator(statement, index) == Operator::Assign)
            .collect();
        let Some((&first, &last)) = equals.first().zip(equals.last()) else {
            return self.augmented(statement);
        };
        let value = statement.get(last + 1..).unwrap_or_default();
        let annotated = self.positions(statement.get(..first)?, b':').next();
        let targets = statement.get(..annotated.unwrap_or(last))?;
        let token = targets.iter().find(|token| self.is_name(token))?;
        let end = value.first().map_or(token.span.end, |value| value.span.end);
        let whole = token.span.start..end;
        match targets {
            [_] if equals.len() == 1 => {
                Some(Assignment { whole, value: plain_text(self.source, value, |_| false) })
            }
            _ if self.is_stored(targets) => Some(Assignment { whole, value: Err(Problem::Computed) }),
            _ => None,
        }
    }

    /// `name += ...` changes the value that the name had.
    fn augmented(&self, statement: &[Token]) -> Option<Assignment> {
        let index = self
            .positions(statement, b'=')
            .find(|&index| operator(statement, index) == Operator::Augmented)?;
        let [token, between @ ..] = statement.get(..index)? else { return None };
        // `name.attribute += 1` and `name[0] += 1` change something else.
        let is_sign = |token: &Token| matches!(token.kind, Kind::Op(sign) if b"+-*/%@&|^<>".contains(&sign));
        if !self.is_name(token) || !between.iter().all(is_sign) {
            return None;
        }
        let whole = token.span.start..statement.get(index)?.span.end;
        Some(Assignment { whole, value: Err(Problem::Computed) })
    }

    /// Whether one of several targets is the name itself, not a part of a subscript, a call or an attribute.
    fn is_stored(&self, targets: &[Token]) -> bool {
        let mut open: Vec<bool> = Vec::new();
        let mut before: Option<&Token> = None;
        for (index, token) in targets.iter().enumerate() {
            let after_value = before.is_some_and(|before| {
                matches!(before.kind, Kind::Name | Kind::Text { .. } | Kind::Op(b')' | b']' | b'}'))
            });
            match token.kind {
                Kind::Op(b'(' | b'[' | b'{') => open.push(after_value),
                Kind::Op(b')' | b']' | b'}') => {
                    open.pop();
                }
                Kind::Name if self.is_name(token) => {
                    let is_part = before.is_some_and(|before| before.kind == Kind::Op(b'.'));
                    let next = targets.get(index + 1);
                    let has_part = next.is_some_and(|next| matches!(next.kind, Kind::Op(b'.' | b'[' | b'(')));
                    if !is_part && !has_part && !open.contains(&true) {
                        return true;
                    }
                }
                _ => {}
            }
            before = Some(token);
        }
        false
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Assign,
    Augmented,
    Compare,
}

/// What the `=` at a place is, by the operators that it touches.
fn operator(tokens: &[Token], index: usize) -> Operator {
    let touching = |one: usize, other: usize| -> Option<u8> {
        let (one, other) = (tokens.get(one)?, tokens.get(other)?);
        match (one.span.end == other.span.start, one.kind) {
            (true, Kind::Op(operator)) => Some(operator),
            _ => None,
        }
    };
    let before = index.checked_sub(1).and_then(|before| touching(before, index));
    let twice = index.checked_sub(2).and_then(|twice| touching(twice, index - 1));
    let is_double = tokens.get(index + 1).is_some_and(|next| {
        next.kind == Kind::Op(b'=') && tokens.get(index).is_some_and(|here| here.span.end == next.span.start)
    });
    match before {
        Some(b'+' | b'-' | b'*' | b'/' | b'%' | b'@' | b'&' | b'|' | b'^') => Operator::Augmented,
        Some(sign @ (b'<' | b'>')) if twice == Some(sign) => Operator::Augmented,
        Some(b'=' | b'!' | b'<' | b'>') => Operator::Compare,
        _ if is_double => Operator::Compare,
        _ => Operator::Assign,
    }
}
