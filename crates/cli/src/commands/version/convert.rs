use tminus_engine::Exit;
use tminus_versioning::convert;

use super::answer::{self, Answer};
use super::lines;
use crate::CommandError;
use crate::args::VersionConvert;
use crate::output::Output;

const FIELD: &str = "version";

pub(super) fn run(output: &Output, options: &VersionConvert) -> Result<Exit, CommandError> {
    let json = output.json();
    let converted = |text: &str| {
        convert(options.from, options.to, text)
            .map(|text| Answer::Text(text.into()))
            .map_err(|error| error.to_string())
    };
    let Some(value) = &options.value else {
        lines::answer_each(|line, answers| answer::put(answers, json, FIELD, line.and_then(converted)))?;
        return Ok(Exit::Done);
    };
    let answer = converted(value).map_err(|why| CommandError::new(Exit::Usage, why))?;
    lines::write_line(&answer::shown(json, FIELD, answer))?;
    Ok(Exit::Done)
}
