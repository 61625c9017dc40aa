use std::cmp::Ordering;

use tminus_engine::Exit;

use super::answer::{self, Answer};
use super::grammar::{Fault, Grammar};
use super::lines;
use crate::CommandError;
use crate::args::VersionCompare;
use crate::output::Output;

const FIELD: &str = "order";

pub(super) fn run<G: Grammar>(output: &Output, options: &VersionCompare) -> Result<Exit, CommandError> {
    let json = output.json();
    let (Some(left), Some(right)) = (&options.left, &options.right) else {
        lines::answer_each(|line, answers| {
            let pair = line.and_then(answer::pair);
            let order = pair.and_then(|(left, right)| compare::<G>(left, right));
            answer::put(answers, json, FIELD, order);
        })?;
        return Ok(Exit::Done);
    };
    let order = compare::<G>(left, right).map_err(|why| CommandError::new(Exit::Usage, why))?;
    lines::write_line(&answer::shown(json, FIELD, order))?;
    Ok(Exit::Done)
}

fn compare<G: Grammar>(left: &str, right: &str) -> Result<Answer, Fault> {
    let sign = match G::order(&G::version(left)?, &G::version(right)?) {
        Ordering::Less => "<",
        Ordering::Equal => "=",
        Ordering::Greater => ">",
    };
    Ok(Answer::Text(sign.into()))
}
