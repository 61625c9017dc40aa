//! The text of an answer: one line, whatever the question was.

use std::borrow::Cow;

use serde_json::Value;

use super::grammar::Fault;
use crate::output::clean;

/// What an answer says when it is no error.
pub(super) enum Answer {
    Text(Cow<'static, str>),
    Truth(bool),
}

/// Writes an answer: as it is, or as a JSON object with this field.
pub(super) fn put(answers: &mut Vec<u8>, json: bool, field: &str, answer: Result<Answer, Fault>) {
    match answer {
        Ok(Answer::Text(text)) if !json => answers.extend_from_slice(text.as_bytes()),
        Ok(Answer::Truth(truth)) if !json => answers.extend(if truth { "true" } else { "false" }.bytes()),
        Err(why) if !json => answers.extend(format!("error: {}", one_line(&why)).bytes()),
        Ok(answer) => {
            let value = match answer {
                Answer::Text(text) => Value::from(text),
                Answer::Truth(truth) => truth.into(),
            };
            answers.extend(serde_json::json!({ field: value }).to_string().bytes());
        }
        Err(why) => answers.extend(serde_json::json!({ "error": one_line(&why) }).to_string().bytes()),
    }
}

/// An answer given to arguments instead of lines.
pub(super) fn shown(json: bool, field: &str, answer: Answer) -> String {
    let mut text = Vec::new();
    put(&mut text, json, field, Ok(answer));
    String::from_utf8_lossy(&text).into_owned()
}

/// An error quotes text from outside, which must not be able to end the line.
pub(super) fn one_line(text: &str) -> String {
    clean(text).replace('\n', " ")
}

/// The two fields of a line.
pub(super) fn pair(line: &str) -> Result<(&str, &str), Fault> {
    match line.split_once('\t') {
        Some((left, right)) if !right.contains('\t') => Ok((left, right)),
        Some(_) => Err("the line must have two fields with one tab between them, it has more".to_owned()),
        None => Err("the line must have two fields with a tab between them".to_owned()),
    }
}
