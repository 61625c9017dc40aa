//! What GitHub says about a query before it runs it: unknown names, missing arguments, pages without bounds, too many
//! nodes.

use serde_json::{Map, Value, json};

use super::{
    lexer::At,
    parse::{Document, Field, Literal, Operation, Selection},
    schema::{self, Shape},
};

/// The most nodes that one query may ask for.
const MAX_NODES: u64 = 500_000;
/// The most fields that are looked at: fragments inside fragments multiply.
const MAX_FIELDS: usize = 200_000;

/// What a query asks for at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) nodes: u64,
    /// Connections that must be read, each as often as its parents come.
    connections: u64,
}

impl Size {
    /// The points: a hundred connections cost one, and a query costs one at least.
    pub(super) fn cost(self) -> u64 {
        (self.connections / 100).max(1)
    }
}

/// Checks an operation; its size, or everything that stands against it.
pub(super) fn check(
    document: &Document,
    operation: &Operation,
    variables: &Map<String, Value>,
) -> Result<Size, Vec<Value>> {
    let root = operation
        .name
        .as_ref()
        .map_or_else(|| operation.kind.clone(), |name| format!("{} {name}", operation.kind));
    let mut judge = Judge {
        document,
        operation,
        variables,
        path: vec![root],
        used: Vec::new(),
        inside: Vec::new(),
        fields: 0,
        size: Size::default(),
        errors: Vec::new(),
    };
    judge.variables();
    judge.selections("Query", &operation.selections, 1);
    judge.unused();
    if judge.errors.is_empty() && judge.size.nodes > MAX_NODES {
        let text = format!(
            "This query requests up to {} possible nodes which exceeds the maximum limit of 500,000.",
            grouped(judge.size.nodes)
        );
        judge.errors.push(json!({ "type": "MAX_NODE_LIMIT_EXCEEDED", "message": text }));
    }
    if judge.errors.is_empty() { Ok(judge.size) } else { Err(judge.errors) }
}

/// A number with a comma after every three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

struct Judge<'a> {
    document: &'a Document,
    operation: &'a Operation,
    variables: &'a Map<String, Value>,
    path: Vec<String>,
    used: Vec<&'a str>,
    /// The fragments around what is looked at.
    inside: Vec<&'a str>,
    fields: usize,
    size: Size,
    errors: Vec<Value>,
}

impl<'a> Judge<'a> {
    fn refuse(&mut self, at: At, code: &str, details: &Value, text: &str) {
        let mut extensions = json!({ "code": code });
        if let (Some(all), Some(details)) = (extensions.as_object_mut(), details.as_object()) {
            all.extend(details.clone());
        }
        self.errors.push(json!({
            "path": self.path,
            "extensions": extensions,
            "locations": [{ "line": at.line, "column": at.column }],
            "message": text,
        }));
    }

    /// A refusal of another layer, which has a type and no code.
    fn bound(&mut self, at: At, kind: &str, text: &str) {
        let path: Vec<&String> = self.path.iter().skip(1).collect();
        self.errors.push(json!({
            "type": kind,
            "path": path,
            "locations": [{ "line": at.line, "column": at.column }],
            "message": text,
        }));
    }

    fn variables(&mut self) {
        for variable in &self.operation.variables {
            let given = self.variables.get(&variable.name);
            let fits = match given {
                None | Some(Value::Null) => !variable.kind.ends_with('!') || variable.default.is_some(),
                Some(value) => is_of(value, &variable.kind),
            };
            if !fits {
                let text = format!(
                    "Variable ${} of type {} was provided invalid value",
                    variable.name, variable.kind
                );
                let problem = json!({ "value": given, "problems": [] });
                let location = json!([{ "line": variable.at.line, "column": variable.at.column }]);
                self.errors.push(json!({ "extensions": problem, "locations": location, "message": text }));
            }
        }
    }

    fn unused(&mut self) {
        let name = self.operation.name.as_deref().unwrap_or("anonymous query");
        for variable in &self.operation.variables {
            if !self.used.contains(&variable.name.as_str()) {
                let text = format!("Variable ${} is declared by {name} but not used", variable.name);
                let details = json!({ "variableName": variable.name });
                self.refuse(variable.at, "variableNotUsed", &details, &text);
            }
        }
    }

    fn selections(&mut self, kind: &str, selections: &'a [Selection], times: u64) {
        for selection in selections {
            self.fields += 1;
            if self.fields > MAX_FIELDS {
                return;
            }
            match selection {
                Selection::Field(field) => {
                    self.path.push(field.key().to_owned());
                    self.field(kind, field, times);
                    self.path.pop();
                }
                Selection::Inline { on, selections, at } => {
                    let on = on.as_deref().unwrap_or(kind);
                    self.path.push(format!("... on {on}"));
                    self.fragment(on, selections, *at, times);
                    self.path.pop();
                }
                Selection::Spread { name, at } => self.spread(name, *at, times),
            }
        }
    }

    fn spread(&mut self, name: &'a str, at: At, times: u64) {
        let Some(fragment) = self.document.fragments.get(name) else {
            let details = json!({ "fragmentName": name });
            let text = format!("Fragment {name} was used, but not defined");
            return self.refuse(at, "useAndDefineFragment", &details, &text);
        };
        if self.inside.contains(&name) {
            let details = json!({ "fragmentName": name });
            return self.refuse(
                at,
                "infiniteLoop",
                &details,
                &format!("Fragment {name} contains an infinite loop"),
            );
        }
        self.inside.push(name);
        let outside = std::mem::replace(&mut self.path, vec![format!("fragment {name}")]);
        self.fragment(&fragment.on, &fragment.selections, fragment.at, times);
        self.path = outside;
        self.inside.pop();
    }

    fn fragment(&mut self, on: &str, selections: &'a [Selection], at: At, times: u64) {
        if schema::is_type(on) {
            self.selections(on, selections, times);
        } else {
            let text = format!("No such type {on}, so it can't be a fragment condition");
            self.refuse(at, "undefinedType", &json!({ "typeName": on }), &text);
        }
    }

    fn field(&mut self, kind: &str, field: &'a Field, times: u64) {
        let Some((shape, arguments)) = schema::field(kind, &field.name) else {
            let details = json!({ "typeName": kind, "fieldName": field.name });
            let text = format!("Field '{}' doesn't exist on type '{kind}'", field.name);
            return self.refuse(field.at, "undefinedField", &details, &text);
        };
        self.arguments(field, arguments);
        match shape {
            Shape::Leaf(leaf) if !field.selections.is_empty() => {
                let text =
                    format!("Selections can't be made on scalars (field '{}' returns {leaf})", field.name);
                self.refuse(field.at, "selectionMismatch", &json!({ "typeName": leaf }), &text);
            }
            Shape::Leaf(_) => {}
            Shape::One(inner) | Shape::List(inner) | Shape::Many(inner) if field.selections.is_empty() => {
                let many = matches!(shape, Shape::Many(_));
                let inner = if many { format!("{inner}Connection") } else { inner.to_owned() };
                let text = format!(
                    "Field must have selections (field '{0}' returns {inner} but has no selections. Did you mean '{0} {{ ... }}'?)",
                    field.name
                );
                self.refuse(field.at, "selectionMismatch", &json!({ "typeName": inner }), &text);
            }
            Shape::One(inner) | Shape::List(inner) => self.selections(inner, &field.selections, times),
            Shape::Many(inner) => {
                let count = times.saturating_mul(self.page(field));
                self.size.nodes = self.size.nodes.saturating_add(count);
                self.size.connections = self.size.connections.saturating_add(times);
                self.selections(&format!("{inner}Connection"), &field.selections, count);
            }
        }
    }

    /// How many nodes a connection is asked for; none where its bounds are refused.
    fn page(&mut self, field: &Field) -> u64 {
        let bound = |name: &str| {
            let literal = field.arguments.iter().find(|(known, _)| known == name)?;
            literal.1.value(self.variables)?.as_i64()
        };
        let (name, count) = match (bound("first"), bound("last")) {
            (Some(first), _) => ("first", first),
            (None, Some(last)) => ("last", last),
            (None, None) => {
                let text = format!(
                    "You must provide a `first` or `last` value to properly paginate the `{}` connection.",
                    field.name
                );
                self.bound(field.at, "MISSING_PAGINATION_BOUNDARIES", &text);
                return 0;
            }
        };
        if count > 100 {
            let text = format!(
                "Requesting {count} records on the `{}` connection exceeds the `{name}` limit of 100 records.",
                field.name
            );
            self.bound(field.at, "EXCESSIVE_PAGINATION", &text);
        } else if count < 1 {
            let text = format!("`{name}` on the `{}` connection cannot be less than 1.", field.name);
            self.bound(field.at, "INVALID_PAGINATION_BOUNDARIES", &text);
        }
        u64::try_from(count).unwrap_or(0)
    }

    fn arguments(&mut self, field: &'a Field, known: &[&str]) {
        let known: Vec<(&str, &str)> = known.iter().filter_map(|entry| entry.split_once(':')).collect();
        for (name, literal) in &field.arguments {
            let Some((_, kind)) = known.iter().find(|(known, _)| known == name) else {
                let details = json!({ "name": field.name, "typeName": "Field", "argumentName": name });
                let text = format!("Field '{}' doesn't accept argument '{name}'", field.name);
                self.refuse(field.at, "argumentNotAccepted", &details, &text);
                continue;
            };
            self.literal(field, name, kind, literal);
        }
        let given = |name: &str| field.arguments.iter().any(|(given, _)| given == name);
        let missing: Vec<&str> = known
            .iter()
            .filter(|(name, kind)| kind.ends_with('!') && !given(name))
            .map(|(name, _)| *name)
            .collect();
        if !missing.is_empty() {
            let missing = missing.join(", ");
            let details = json!({ "className": "Field", "name": field.name, "arguments": missing });
            let text = format!("Field '{}' is missing required arguments: {missing}", field.name);
            self.refuse(field.at, "missingRequiredArguments", &details, &text);
        }
    }

    fn literal(&mut self, field: &'a Field, name: &str, kind: &str, literal: &'a Literal) {
        let fits = match literal {
            Literal::Variable(variable) => {
                self.used.push(variable);
                if !self.operation.variables.iter().any(|declared| declared.name == *variable) {
                    let by = self.operation.name.as_deref().unwrap_or("anonymous query");
                    let details = json!({ "variableName": variable });
                    let text = format!("Variable ${variable} is used by {by} but not declared");
                    return self.refuse(field.at, "variableNotDefined", &details, &text);
                }
                true
            }
            Literal::Enum(word) => is_word(kind) && is_of(&json!(word), kind),
            // A text between quotes is no word.
            quoted if is_word(kind) && has_quotes(quoted) => false,
            plain => plain.value(self.variables).is_some_and(|value| is_of(&value, kind)),
        };
        if !fits {
            let text = format!(
                "Argument '{name}' on Field '{}' has an invalid value. Expected type '{kind}'.",
                field.name
            );
            let details = json!({ "typeName": "Field", "argumentName": name });
            self.refuse(field.at, "argumentLiteralsIncompatible", &details, &text);
        }
    }
}

fn has_quotes(literal: &Literal) -> bool {
    match literal {
        Literal::Plain(value) => value.is_string(),
        Literal::List(items) => items.iter().any(has_quotes),
        _ => false,
    }
}

/// Whether values of this type are bare words.
fn is_word(kind: &str) -> bool {
    kind.trim_matches(['!', '[', ']']).ends_with("Type") || kind.contains("State")
}

/// Whether a value is of this type; bare words are texts here, as in the variables.
fn is_of(value: &Value, kind: &str) -> bool {
    let (kind, required) = kind.strip_suffix('!').map_or((kind, false), |kind| (kind, true));
    if value.is_null() {
        return !required;
    }
    if let Some(inner) = kind.strip_prefix('[').and_then(|kind| kind.strip_suffix(']')) {
        let one = |item: &Value| is_of(item, inner);
        return value.as_array().map_or_else(|| one(value), |items| items.iter().all(one));
    }
    match kind {
        "Int" => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        "Boolean" => value.is_boolean(),
        "GitObjectID" => value.as_str().is_some_and(is_object_id),
        "SearchType" => matches!(value.as_str(), Some("ISSUE" | "REPOSITORY" | "USER" | "DISCUSSION")),
        "PullRequestState" => matches!(value.as_str(), Some("OPEN" | "CLOSED" | "MERGED")),
        kind if kind.ends_with("Order") => value.is_object(),
        _ => value.is_string(),
    }
}

/// Whether this is the whole id of an object, SHA-1 or SHA-256.
fn is_object_id(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
