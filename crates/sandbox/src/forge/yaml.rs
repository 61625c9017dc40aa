use serde_json::{Map, Value};

/// Deeper nesting than this is not read.
const MAX_DEPTH: usize = 16;

/// Reads the part of YAML that configuration files of this size use: nested mappings and lists by indentation, plain
/// and quoted scalars, comments, and lists in brackets. All scalars are text. No anchors, tags or block scalars.
///
/// Returns `None` for everything else.
pub(crate) fn parse(text: &str) -> Option<Value> {
    let mut lines = Vec::new();
    for raw in text.lines() {
        let line = without_comment(raw).trim_end();
        let content = line.trim_start_matches(' ');
        if content.is_empty() || content == "---" {
            continue;
        }
        if content.starts_with('\t') {
            return None;
        }
        lines.push(Line { indent: line.len() - content.len(), content: content.to_owned() });
    }
    let mut reader = Reader { lines, next: 0 };
    let indent = reader.peek()?.indent;
    let value = reader.block(indent, 0)?;
    reader.peek().is_none().then_some(value)
}

struct Line {
    indent: usize,
    content: String,
}

struct Reader {
    lines: Vec<Line>,
    next: usize,
}

impl Reader {
    fn peek(&self) -> Option<&Line> {
        self.lines.get(self.next)
    }

    /// What stands at exactly this indentation.
    fn block(&mut self, indent: usize, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        if is_item(&self.peek()?.content) { self.list(indent, depth) } else { self.mapping(indent, depth) }
    }

    fn list(&mut self, indent: usize, depth: usize) -> Option<Value> {
        let mut items = Vec::new();
        while let Some(line) =
            self.lines.get_mut(self.next).filter(|line| line.indent == indent && is_item(&line.content))
        {
            let rest = line.content.trim_start_matches('-').trim_start().to_owned();
            let inner = indent + line.content.len() - rest.len();
            if rest.is_empty() {
                self.next += 1;
                let deeper = self.peek().map(|line| line.indent).filter(|inner| *inner > indent);
                items.push(match deeper {
                    Some(inner) => self.block(inner, depth + 1)?,
                    None => Value::Null,
                });
            } else if key_and_value(&rest).is_some() {
                // A mapping that begins on the line of its dash: read it as if the dash were a space.
                *line = Line { indent: inner, content: rest };
                items.push(self.mapping(inner, depth + 1)?);
            } else {
                self.next += 1;
                items.push(scalar(&rest)?);
            }
        }
        Some(Value::Array(items))
    }

    fn mapping(&mut self, indent: usize, depth: usize) -> Option<Value> {
        let mut map = Map::new();
        while let Some(line) = self.peek().filter(|line| line.indent == indent && !is_item(&line.content)) {
            let (key, rest) = key_and_value(&line.content)?;
            self.next += 1;
            let value = if rest.is_empty() {
                // A list may stand at the indentation of its key.
                match self.peek() {
                    Some(line)
                        if line.indent > indent || (line.indent == indent && is_item(&line.content)) =>
                    {
                        let inner = line.indent;
                        self.block(inner, depth + 1)?
                    }
                    _ => Value::Null,
                }
            } else {
                scalar(&rest)?
            };
            map.insert(key, value);
        }
        Some(Value::Object(map))
    }
}

fn is_item(content: &str) -> bool {
    content == "-" || content.starts_with("- ")
}

fn key_and_value(content: &str) -> Option<(String, String)> {
    if content.starts_with(['"', '\'', '[']) {
        return None;
    }
    let (key, rest) = content.split_once(':')?;
    (rest.is_empty() || rest.starts_with(' ')).then(|| (key.trim_end().to_owned(), rest.trim().to_owned()))
}

fn scalar(text: &str) -> Option<Value> {
    if let Some(inner) = text.strip_prefix('[') {
        let inner = inner.strip_suffix(']')?.trim();
        let items = if inner.is_empty() { Vec::new() } else { inner.split(',').map(str::trim).collect() };
        return items.into_iter().map(plain).collect::<Option<Vec<_>>>().map(Value::Array);
    }
    plain(text)
}

fn plain(text: &str) -> Option<Value> {
    let unquoted = if let Some(inner) = text.strip_prefix('"') {
        inner.strip_suffix('"')?.replace("\\\"", "\"")
    } else if let Some(inner) = text.strip_prefix('\'') {
        inner.strip_suffix('\'')?.replace("''", "'")
    } else if text.starts_with(['&', '*', '!', '|', '>', '{']) {
        return None;
    } else {
        text.to_owned()
    };
    Some(Value::String(unquoted))
}

/// A comment begins with a `#` at the start or after a space, outside quotes.
fn without_comment(line: &str) -> &str {
    let mut quote = None;
    let mut before = ' ';
    for (at, character) in line.char_indices() {
        match (quote, character) {
            (None, '#') if before.is_whitespace() => return line.get(..at).unwrap_or(line),
            // An apostrophe inside a word opens nothing.
            (None, '"' | '\'') if !before.is_alphanumeric() => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
        before = character;
    }
    line
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&Value>) {
        assert_eq!(parse(text).as_ref(), expected, "{text}");
    }

    #[test]
    fn usual_shapes() {
        check(
            "# comment\nchangelog:\n  exclude:\n    labels: [skip, \"no notes\"]\n  categories:\n    - title: Don't panic # why\n      labels:\n        - bug\n        - 'a # b'\n    - title: Other\n      labels: [\"*\"]\n",
            Some(&json!({ "changelog": {
                "exclude": { "labels": ["skip", "no notes"] },
                "categories": [
                    { "title": "Don't panic", "labels": ["bug", "a # b"] },
                    { "title": "Other", "labels": ["*"] },
                ],
            }})),
        );
        check(
            "a:\n- x\n- y: 1\n  z: 2\nb:\n",
            Some(&json!({ "a": ["x", { "y": "1", "z": "2" }], "b": null })),
        );
        check("-\n  a: 1\n- b\n", Some(&json!([{ "a": "1" }, "b"])));
    }

    #[test]
    fn beyond_it() {
        for text in ["", "a: [x", "a: |\n  x\n", "a: *b", "\ta: 1", "a: 1\n   b: 2\n"] {
            check(text, None);
        }
    }
}
