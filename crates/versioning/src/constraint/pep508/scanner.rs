//! The grammar, as the reference implementation reads it: token by token, without looking back.

use std::ops::Range;

use super::{ParseRequirementError, Parts};
use crate::constraint::scan::check_specifiers;
use crate::pep440::is_python_space;

/// Finds the parts of a requirement.
pub(super) fn scan(text: &str) -> Result<Parts, ParseRequirementError> {
    let mut scanner = Scanner { text, at: 0 };
    scanner.skip_blanks();
    let Some(name) = scanner.identifier() else {
        return Err(scanner.error("expected the name of a package"));
    };
    let mut subject_end = scanner.at;
    scanner.skip_blanks();
    let mut extras = Vec::new();
    if scanner.eat('[') {
        extras = scanner.extras()?;
        subject_end = scanner.at;
        scanner.skip_blanks();
    }

    let nothing = subject_end..subject_end;
    let (specifiers, enclosed, url);
    if scanner.eat('@') {
        scanner.skip_blanks();
        let start = scanner.at;
        scanner.skip_while(|next| !is_blank(next));
        if scanner.at == start {
            return Err(scanner.error("expected an address after `@`"));
        }
        url = Some(start..scanner.at);
        (specifiers, enclosed) = (nothing.clone(), nothing);
    } else {
        (specifiers, enclosed) = scanner.specifiers(nothing)?;
        url = None;
    }

    scanner.skip_blanks();
    let mut marker = None;
    if scanner.eat(';') {
        let rest = scanner.rest();
        let start = text.len() - rest.trim_start_matches(is_blank).len();
        if start == text.len() {
            return Err(scanner.error("expected a marker after `;`"));
        }
        marker = Some(start..text.trim_end_matches(is_blank).len().max(start));
    } else if !scanner.rest().is_empty() {
        let problem = if url.is_some() {
            "expected `;`"
        } else if specifiers.is_empty() {
            "expected an operator such as `>=`, `@` or `;`"
        } else {
            "expected `,` or `;`"
        };
        return Err(scanner.error(problem));
    }
    Ok(Parts { name, extras, subject_end, specifiers, enclosed, url, marker })
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

/// What the grammar calls white space between tokens.
fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t')
}

impl<'t> Scanner<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn error(&self, problem: &'static str) -> ParseRequirementError {
        ParseRequirementError::at(self.text, self.at, problem)
    }

    fn skip_while(&mut self, skip: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(skip).len();
    }

    fn skip_blanks(&mut self) {
        self.skip_while(is_blank);
    }

    fn eat(&mut self, sign: char) -> bool {
        let found = self.rest().starts_with(sign);
        if found {
            self.at += sign.len_utf8();
        }
        found
    }

    /// A name: letters, digits, `-`, `_` and `.`, with a letter or digit first and no `-` or `.` last.
    ///
    /// The reference ends a name at the last word boundary, for which `_` is a letter.
    fn identifier(&mut self) -> Option<Range<usize>> {
        let rest = self.rest();
        if !rest.starts_with(|first: char| first.is_ascii_alphanumeric()) {
            return None;
        }
        let is_part = |next: char| next.is_ascii_alphanumeric() || matches!(next, '-' | '_' | '.');
        let length = rest.len() - rest.trim_start_matches(is_part).len();
        let name = rest.get(..length).unwrap_or_default().trim_end_matches(['-', '.']);
        let start = self.at;
        self.at += name.len();
        Some(start..self.at)
    }

    /// The names between brackets, behind the opening one.
    fn extras(&mut self) -> Result<Vec<Range<usize>>, ParseRequirementError> {
        let mut extras = Vec::new();
        self.skip_blanks();
        while let Some(extra) = self.identifier() {
            extras.push(extra);
            self.skip_blanks();
            if !self.eat(',') {
                break;
            }
            self.skip_blanks();
            if !self.rest().starts_with(|first: char| first.is_ascii_alphanumeric()) {
                return Err(self.error("expected the name of an extra"));
            }
        }
        if self.eat(']') {
            return Ok(extras);
        }
        let problem = if extras.is_empty() { "expected the name of an extra" } else { "expected `,` or `]`" };
        Err(self.error(problem))
    }

    /// The specifiers without and with their parentheses; `nothing` where there are none.
    fn specifiers(
        &mut self,
        nothing: Range<usize>,
    ) -> Result<(Range<usize>, Range<usize>), ParseRequirementError> {
        let open = self.at;
        let parenthesis = self.eat('(');
        self.skip_blanks();
        let start = self.at;
        let mut end = start;
        while self.specifier() {
            end = self.at;
            self.skip_blanks();
            if !self.eat(',') {
                break;
            }
            end = self.at;
            self.skip_blanks();
        }
        // Reported here rather than behind the set: this is where the mistake is.
        check_specifiers(self.text, start..end)
            .map_err(|problem| ParseRequirementError::at(self.text, problem.offset, problem.expected))?;
        if !parenthesis {
            let span = if start == end { nothing } else { start..end };
            return Ok((span.clone(), span));
        }
        self.skip_blanks();
        if !self.eat(')') {
            return Err(self.error("expected `,` or `)`"));
        }
        Ok((start..end, open..self.at))
    }

    /// Moves behind the next specifier, if one starts here. Whether its version is one is checked for the whole set.
    fn specifier(&mut self) -> bool {
        let rest = self.rest();
        let Some(sign) =
            ["===", "==", "~=", "!=", "<=", ">=", "<", ">"].iter().find(|sign| rest.starts_with(**sign))
        else {
            return false;
        };
        self.at += sign.len();
        self.skip_while(is_python_space);
        // Free text reaches over commas, which part it again later on.
        let free = *sign == "===";
        self.skip_while(|next| {
            !(is_python_space(next) || matches!(next, ';' | ')') || (next == ',' && !free))
        });
        true
    }
}
