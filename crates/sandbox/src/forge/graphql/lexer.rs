//! The tokens of a GraphQL document (GraphQL specification, October 2021, section 2.1).

/// Where something stands in the document, counted from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct At {
    pub(super) line: usize,
    pub(super) column: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// One of `! $ & ( ) : = @ [ ] { | }`.
    Mark(char),
    /// `...`
    Spread,
    Name(String),
    Int(i64),
    Float(f64),
    Text(String),
}

/// The tokens of a document, or where it has a character that begins none.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, At)>, (String, At)> {
    let mut lexer = Lexer { rest: text, at: At { line: 1, column: 1 } };
    let mut tokens = Vec::new();
    while let Some((first, at)) = lexer.begin() {
        let token = lexer.token(first).map_err(|problem| (problem, at))?;
        tokens.push((token, at));
    }
    Ok(tokens)
}

struct Lexer<'a> {
    rest: &'a str,
    at: At,
}

impl Lexer<'_> {
    /// Skips what means nothing; the first character of the next token.
    fn begin(&mut self) -> Option<(char, At)> {
        loop {
            let first = self.rest.chars().next()?;
            match first {
                '#' => self.take(|c| c != '\n' && c != '\r'),
                ' ' | '\t' | '\n' | '\r' | ',' | '\u{feff}' => self.skip(1),
                _ => return Some((first, self.at)),
            };
        }
    }

    fn token(&mut self, first: char) -> Result<Token, String> {
        match first {
            '.' if self.rest.starts_with("...") => {
                self.skip(3);
                Ok(Token::Spread)
            }
            '!' | '$' | '&' | '(' | ')' | ':' | '=' | '@' | '[' | ']' | '{' | '|' | '}' => {
                self.skip(1);
                Ok(Token::Mark(first))
            }
            '"' if self.rest.starts_with("\"\"\"") => self.block(),
            '"' => self.text(),
            '-' | '0'..='9' => self.number(),
            '_' | 'a'..='z' | 'A'..='Z' => {
                Ok(Token::Name(self.take(|c| c == '_' || c.is_ascii_alphanumeric())))
            }
            other => Err(format!("Unexpected character {other:?}")),
        }
    }

    fn number(&mut self) -> Result<Token, String> {
        let text = self.take(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.'));
        if let Ok(number) = text.parse::<i64>() {
            return Ok(Token::Int(number));
        }
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
        number.map(Token::Float).ok_or_else(|| format!("{text:?} is not a number"))
    }

    fn text(&mut self) -> Result<Token, String> {
        self.skip(1);
        let mut value = String::new();
        loop {
            match self.skip(1).chars().next() {
                None | Some('\n' | '\r') => return Err("a string does not end on its line".into()),
                Some('"') => return Ok(Token::Text(value)),
                Some('\\') => value.push(self.escape()?),
                Some(other) => value.push(other),
            }
        }
    }

    fn escape(&mut self) -> Result<char, String> {
        let kind = self.skip(1);
        Ok(match kind.as_str() {
            "\"" | "\\" | "/" => kind.chars().next().unwrap_or_default(),
            "b" => '\u{8}',
            "f" => '\u{c}',
            "n" => '\n',
            "r" => '\r',
            "t" => '\t',
            "u" => {
                let first = self.unit()?;
                let surrogate = (0xd800..0xdc00).contains(&first) && self.rest.starts_with("\\u");
                let units = if surrogate {
                    self.skip(2);
                    vec![first, self.unit()?]
                } else {
                    vec![first]
                };
                let decoded = char::decode_utf16(units).next().and_then(Result::ok);
                decoded.ok_or("half a character in a string")?
            }
            other => return Err(format!("\\{other} is no escape")),
        })
    }

    fn unit(&mut self) -> Result<u16, String> {
        let digits = self.skip(4);
        u16::from_str_radix(&digits, 16).map_err(|_| format!("\\u{digits} is no escape"))
    }

    /// A block string. Indentation is kept: no query that is sent here needs it removed.
    fn block(&mut self) -> Result<Token, String> {
        self.skip(3);
        let end = self.rest.find("\"\"\"").ok_or("a block string does not end")?;
        let count = self.rest.get(..end).map_or(0, |text| text.chars().count());
        let value = self.skip(count);
        self.skip(3);
        Ok(Token::Text(value))
    }

    /// Takes the characters that fit.
    fn take(&mut self, fits: impl Fn(char) -> bool) -> String {
        let count = self.rest.chars().take_while(|c| fits(*c)).count();
        self.skip(count)
    }

    /// Takes so many characters, fewer at the end.
    fn skip(&mut self, count: usize) -> String {
        let mut taken = String::new();
        let mut characters = self.rest.chars();
        for character in characters.by_ref().take(count) {
            taken.push(character);
            if character == '\n' {
                self.at = At { line: self.at.line + 1, column: 1 };
            } else {
                self.at.column += 1;
            }
        }
        self.rest = characters.as_str();
        taken
    }
}
