use serde_json::json;
use tminus_engine::Exit;

use super::answer::one_line;
use super::grammar::Grammar;
use super::lines;
use crate::CommandError;
use crate::args::VersionParse;
use crate::output::Output;

pub(super) fn run<G: Grammar>(_: &Output, options: &VersionParse) -> Result<Exit, CommandError> {
    if options.values.is_empty() {
        lines::answer_each(|line, answers| match line {
            Ok(line) => drop(put::<G>(line, answers)),
            Err(why) => refuse(&why, answers),
        })?;
        return Ok(Exit::Done);
    }
    let mut exit = Exit::Done;
    for value in &options.values {
        let mut answer = Vec::new();
        if !put::<G>(value, &mut answer) {
            exit = Exit::Usage;
        }
        answer.push(b'\n');
        lines::write_all(&answer)?;
    }
    Ok(exit)
}

/// Writes the answer, always JSON, and says whether the text is a version.
fn put<G: Grammar>(text: &str, answers: &mut Vec<u8>) -> bool {
    match G::describe(text, answers) {
        Ok(()) => true,
        Err(why) => {
            refuse(&why, answers);
            false
        }
    }
}

fn refuse(why: &str, answers: &mut Vec<u8>) {
    answers.extend(json!({ "error": one_line(why) }).to_string().bytes());
}
