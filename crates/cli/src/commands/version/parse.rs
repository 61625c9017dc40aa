use serde_json::{Map, Value, json};
use tminus_engine::Exit;

use super::answer::one_line;
use super::grammar::Grammar;
use super::lines;
use crate::CommandError;
use crate::args::VersionParse;
use crate::output::Output;

pub(super) fn run<G: Grammar>(output: &Output, options: &VersionParse) -> Result<Exit, CommandError> {
    if options.values.is_empty() {
        lines::answer_each(|line, answers| answers.extend(answer::<G>(line).0.bytes()))?;
        return Ok(Exit::Done);
    }
    let mut exit = Exit::Done;
    for value in &options.values {
        let (answer, is_version) = answer::<G>(value);
        output.line(&answer);
        if !is_version {
            exit = Exit::Usage;
        }
    }
    Ok(exit)
}

/// The answer, always JSON, and whether the text is a version.
fn answer<G: Grammar>(text: &str) -> (String, bool) {
    match G::describe(text) {
        Ok(parts) => (Value::Object(parts).to_string(), true),
        Err(why) => {
            let mut parts = Map::new();
            parts.insert("error".to_owned(), json!(one_line(&why)));
            (Value::Object(parts).to_string(), false)
        }
    }
}
