//! Go source: the text of a constant or variable of a package, by the [language
//! specification](https://go.dev/ref/spec#Constant_declarations).
//!
//! Comments, functions and other strings hold look-alikes, so that tokens are read and not lines.

mod scan;

use self::scan::{Kind, Token, scan};
use super::{Failure, Problem, Quoting, Site, several};

/// Finds the text of the constant or variable `key` of a package.
pub(crate) fn locate_key(text: &str, key: &str) -> Result<Site, Failure> {
    let tokens = scan(text)?;
    let source = Source { text, tokens: &tokens };
    let declarations = source.declarations(key);
    match declarations.as_slice() {
        [] => Err(Failure::without_place(Problem::NotFound {
            looked_for: format!("constant or variable `{key}` at the package level"),
        })),
        [(name, value)] => source.site(name, *value, key),
        [(first, _), ..] => {
            Err(several(text, first.span.start, declarations.iter().map(|(name, _)| name.span.start)))
        }
    }
}

/// What a declaration gives its name.
#[derive(Debug, Clone, Copy)]
enum Value<'t> {
    /// An expression.
    Expression(&'t [Token]),
    /// What the line above gave, as constants have it, or a call that gives several.
    Computed,
    /// Nothing.
    None,
}

struct Source<'t> {
    text: &'t str,
    tokens: &'t [Token],
}

impl<'t> Source<'t> {
    fn word(&self, token: &Token) -> Option<&'t str> {
        self.text.get(token.span.clone()).filter(|_| token.kind == Kind::Word)
    }

    /// Every declaration of a name at the package level, with its value.
    fn declarations(&self, key: &str) -> Vec<(&'t Token, Value<'t>)> {
        let mut found = Vec::new();
        for (index, token) in self.tokens.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|before| self.tokens.get(before));
            let starts = token.depth == 0 && before.is_none_or(|before| before.kind == Kind::End);
            let is_constant = match self.word(token).filter(|_| starts) {
                Some("const") => true,
                Some("var") => false,
                _ => continue,
            };
            let rest = self.tokens.get(index + 1..).unwrap_or_default();
            let (depth, body) = match rest {
                [Token { kind: Kind::Op(b'('), .. }, body @ ..] => (1, until(body, |token| token.depth == 0)),
                _ => (0, until(rest, |token| token.depth == 0 && token.kind == Kind::End)),
            };
            let ends = |token: &Token| token.kind == Kind::End && token.depth == depth;
            for specification in body.split(ends) {
                found.extend(self.specification(specification, depth, is_constant, key));
            }
        }
        found
    }

    /// `A, B string = "a", "b"`: the value of one of the names.
    fn specification(
        &self,
        tokens: &'t [Token],
        depth: u32,
        is_constant: bool,
        key: &str,
    ) -> Option<(&'t Token, Value<'t>)> {
        let mut names = 1;
        while matches!(tokens.get(names * 2 - 1), Some(Token { kind: Kind::Op(b','), .. })) {
            names += 1;
        }
        let position =
            (0..names).find(|name| tokens.get(name * 2).and_then(|token| self.word(token)) == Some(key))?;
        let name = tokens.get(position * 2)?;
        let top = |byte: u8| move |token: &Token| token.kind == Kind::Op(byte) && token.depth == depth;
        let Some(equals) = tokens.iter().position(top(b'=')) else {
            return Some((name, if is_constant { Value::Computed } else { Value::None }));
        };
        let values: Vec<&[Token]> = tokens.get(equals + 1..)?.split(top(b',')).collect();
        let value = values.get(position).filter(|_| values.len() == names);
        Some((name, value.map_or(Value::Computed, |value| Value::Expression(value))))
    }

    /// Whether an expression is a number, such as `12` and `1.5`.
    fn is_number(&self, tokens: &[Token]) -> bool {
        let digit = |word: &str| word.starts_with(|character: char| character.is_ascii_digit());
        tokens.first().and_then(|token| self.word(token)).is_some_and(digit)
            && tokens.iter().all(|token| matches!(token.kind, Kind::Word | Kind::Op(b'.')))
    }

    fn site(&self, name: &Token, value: Value<'_>, key: &str) -> Result<Site, Failure> {
        let refused = |problem| Err(Failure::at(name.span.start, problem));
        let token = match value {
            Value::Expression(tokens) if self.is_number(tokens) => return refused(Problem::NotText),
            Value::Expression([token]) => token,
            Value::Expression(_) | Value::Computed => return refused(Problem::Computed),
            Value::None => {
                return refused(Problem::NotFound {
                    looked_for: format!("value of `{key}`: write `= \"...\"` behind it"),
                });
            }
        };
        let span = token.span.start + 1..token.span.end.saturating_sub(1);
        let text = self.text.get(span.clone()).unwrap_or_default();
        let (quoting, refusal) = match token.kind {
            Kind::Interpreted => {
                (Quoting::Python('"'), text.contains('\\').then_some("a string with escapes"))
            }
            Kind::Raw => {
                (Quoting::Quoted('`'), text.contains(['\n', '\r']).then_some("a string on several lines"))
            }
            Kind::Word | Kind::Rune | Kind::Op(_) | Kind::End => return refused(Problem::Computed),
        };
        match refusal {
            Some(what) => refused(Problem::Spelling { what }),
            None => Ok(Site { span, text: text.to_owned(), quoting }),
        }
    }
}

/// The tokens before the first one of a kind.
fn until(tokens: &[Token], ends: impl Fn(&Token) -> bool) -> &[Token] {
    let end = tokens.iter().position(ends).unwrap_or(tokens.len());
    tokens.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests;
