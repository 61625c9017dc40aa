//! A GraphQL document as a tree: operations, fragments, fields with aliases, arguments and variables.
//!
//! Not here: directives, subscriptions, type definitions.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};

use super::lexer::{At, Token, tokens};

/// How deep selections and lists may be nested.
const MAX_DEPTH: usize = 30;

#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) operations: Vec<Operation>,
    pub(super) fragments: BTreeMap<String, Fragment>,
}

#[derive(Debug)]
pub(super) struct Operation {
    /// `query` or `mutation`.
    pub(super) kind: String,
    pub(super) name: Option<String>,
    pub(super) variables: Vec<Variable>,
    pub(super) selections: Vec<Selection>,
}

#[derive(Debug)]
pub(super) struct Variable {
    pub(super) name: String,
    /// As written: `String!`, `[Int!]`.
    pub(super) kind: String,
    pub(super) default: Option<Literal>,
    pub(super) at: At,
}

#[derive(Debug)]
pub(super) struct Fragment {
    pub(super) on: String,
    pub(super) selections: Vec<Selection>,
    pub(super) at: At,
}

#[derive(Debug)]
pub(super) enum Selection {
    Field(Field),
    /// `...name`
    Spread {
        name: String,
        at: At,
    },
    /// `... on Type { }`
    Inline {
        on: Option<String>,
        selections: Vec<Selection>,
        at: At,
    },
}

#[derive(Debug)]
pub(super) struct Field {
    pub(super) alias: Option<String>,
    pub(super) name: String,
    pub(super) arguments: Vec<(String, Literal)>,
    pub(super) selections: Vec<Selection>,
    pub(super) at: At,
}

impl Field {
    /// The key of the field in the answer.
    pub(super) fn key(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.name)
    }
}

/// A value as written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Literal {
    Variable(String),
    /// A bare word other than `true`, `false` and `null`.
    Enum(String),
    Plain(Value),
    List(Vec<Literal>),
    Object(Vec<(String, Literal)>),
}

impl Literal {
    /// The value with variables put in; an absent variable is `None`.
    pub(super) fn value(&self, variables: &Map<String, Value>) -> Option<Value> {
        match self {
            Self::Variable(name) => variables.get(name).cloned(),
            Self::Enum(word) => Some(Value::String(word.clone())),
            Self::Plain(value) => Some(value.clone()),
            Self::List(items) => {
                Some(items.iter().map(|item| item.value(variables).unwrap_or_default()).collect())
            }
            Self::Object(fields) => {
                let pair = |(name, literal): &(String, Self)| Some((name.clone(), literal.value(variables)?));
                Some(Value::Object(fields.iter().filter_map(pair).collect()))
            }
        }
    }
}

/// What is wrong with a document, and where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) text: String,
    pub(super) at: At,
}

pub(super) fn parse(text: &str) -> Result<Document, Problem> {
    let tokens = tokens(text).map_err(|(text, at)| Problem { text, at })?;
    let mut parser = Parser { tokens, next: 0, depth: 0 };
    let mut document = Document::default();
    while parser.peek().is_some() {
        parser.definition(&mut document)?;
    }
    if document.operations.is_empty() {
        return Err(parser.problem("A query attribute must be specified and must be a string."));
    }
    Ok(document)
}

struct Parser {
    tokens: Vec<(Token, At)>,
    next: usize,
    depth: usize,
}

type Parsed<T> = Result<T, Problem>;

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(token, _)| token)
    }

    fn at(&self) -> At {
        self.tokens.get(self.next).or(self.tokens.last()).map(|(_, at)| *at).unwrap_or_default()
    }

    fn problem(&self, text: &str) -> Problem {
        Problem { text: text.to_owned(), at: self.at() }
    }

    fn unexpected(&self, wanted: &str) -> Problem {
        let found = self.peek().map_or_else(|| "end of document".to_owned(), |token| format!("{token:?}"));
        self.problem(&format!("Expected {wanted}, actual: {found}"))
    }

    /// Steps over this mark, where it is the next token.
    fn eat(&mut self, mark: char) -> bool {
        let found = self.peek() == Some(&Token::Mark(mark));
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, mark: char) -> Parsed<()> {
        if self.eat(mark) { Ok(()) } else { Err(self.unexpected(&mark.to_string())) }
    }

    fn word(&self) -> Option<&str> {
        match self.peek() {
            Some(Token::Name(name)) => Some(name),
            _ => None,
        }
    }

    fn name(&mut self) -> Parsed<String> {
        let name = self.word().map(str::to_owned).ok_or_else(|| self.unexpected("a name"))?;
        self.next += 1;
        Ok(name)
    }

    /// Counts a level in, and out again.
    fn nested<T>(&mut self, inside: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.problem("the document is nested too deeply"));
        }
        let result = inside(self);
        self.depth -= 1;
        result
    }

    fn definition(&mut self, document: &mut Document) -> Parsed<()> {
        match self.word() {
            Some("fragment") => {
                let at = self.at();
                self.next += 1;
                let name = self.name()?;
                if self.name()? != "on" {
                    return Err(self.unexpected("on"));
                }
                let on = self.name()?;
                let selections = self.selections()?;
                document.fragments.insert(name, Fragment { on, selections, at });
            }
            Some("query" | "mutation") => {
                let kind = self.name()?;
                let name = if self.word().is_some() { Some(self.name()?) } else { None };
                let variables = self.variables()?;
                let selections = self.selections()?;
                document.operations.push(Operation { kind, name, variables, selections });
            }
            None if self.peek() == Some(&Token::Mark('{')) => {
                let selections = self.selections()?;
                let kind = "query".to_owned();
                document.operations.push(Operation { kind, name: None, variables: Vec::new(), selections });
            }
            _ => return Err(self.unexpected("a query or a fragment")),
        }
        Ok(())
    }

    fn variables(&mut self) -> Parsed<Vec<Variable>> {
        let mut variables = Vec::new();
        if !self.eat('(') {
            return Ok(variables);
        }
        while !self.eat(')') {
            let at = self.at();
            self.expect('$')?;
            let name = self.name()?;
            self.expect(':')?;
            let kind = self.nested(Self::kind)?;
            let default = if self.eat('=') { Some(self.nested(Self::literal)?) } else { None };
            variables.push(Variable { name, kind, default, at });
        }
        Ok(variables)
    }

    fn kind(&mut self) -> Parsed<String> {
        let inner = if self.eat('[') {
            let inner = self.nested(Self::kind)?;
            self.expect(']')?;
            format!("[{inner}]")
        } else {
            self.name()?
        };
        Ok(if self.eat('!') { inner + "!" } else { inner })
    }

    fn selections(&mut self) -> Parsed<Vec<Selection>> {
        self.nested(|parser| {
            parser.expect('{')?;
            let mut selections = Vec::new();
            while !parser.eat('}') {
                selections.push(parser.selection()?);
            }
            Ok(selections)
        })
    }

    fn selection(&mut self) -> Parsed<Selection> {
        let at = self.at();
        if self.peek() != Some(&Token::Spread) {
            return self.field(at).map(Selection::Field);
        }
        self.next += 1;
        match self.word() {
            Some("on") => {
                self.next += 1;
                let on = Some(self.name()?);
                Ok(Selection::Inline { on, selections: self.selections()?, at })
            }
            Some(_) => Ok(Selection::Spread { name: self.name()?, at }),
            None => Ok(Selection::Inline { on: None, selections: self.selections()?, at }),
        }
    }

    fn field(&mut self, at: At) -> Parsed<Field> {
        let first = self.name()?;
        let (alias, name) = if self.eat(':') { (Some(first), self.name()?) } else { (None, first) };
        let mut arguments = Vec::new();
        if self.eat('(') {
            while !self.eat(')') {
                let argument = self.name()?;
                self.expect(':')?;
                arguments.push((argument, self.nested(Self::literal)?));
            }
        }
        let selections = if self.peek() == Some(&Token::Mark('{')) { self.selections()? } else { Vec::new() };
        Ok(Field { alias, name, arguments, selections, at })
    }

    fn literal(&mut self) -> Parsed<Literal> {
        if self.eat('$') {
            return self.name().map(Literal::Variable);
        }
        if self.eat('[') {
            let mut items = Vec::new();
            while !self.eat(']') {
                items.push(self.nested(Self::literal)?);
            }
            return Ok(Literal::List(items));
        }
        if self.eat('{') {
            let mut fields = Vec::new();
            while !self.eat('}') {
                let name = self.name()?;
                self.expect(':')?;
                fields.push((name, self.nested(Self::literal)?));
            }
            return Ok(Literal::Object(fields));
        }
        let literal = match self.peek() {
            Some(Token::Int(number)) => Literal::Plain(Value::from(*number)),
            Some(Token::Float(number)) => {
                Literal::Plain(Number::from_f64(*number).map_or(Value::Null, Value::Number))
            }
            Some(Token::Text(text)) => Literal::Plain(Value::String(text.clone())),
            Some(Token::Name(word)) => match word.as_str() {
                "true" => Literal::Plain(Value::Bool(true)),
                "false" => Literal::Plain(Value::Bool(false)),
                "null" => Literal::Plain(Value::Null),
                other => Literal::Enum(other.to_owned()),
            },
            _ => return Err(self.unexpected("a value")),
        };
        self.next += 1;
        Ok(literal)
    }
}
