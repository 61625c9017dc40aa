use std::cmp::Ordering;

use tminus_engine::Exit;

use super::grammar::Grammar;
use super::lines;
use crate::CommandError;
use crate::args::VersionSort;
use crate::output::Output;

/// Fewer are sorted sooner than a thread has started.
const WORTH_A_THREAD: usize = 20_000;

/// A version with the line that it was read from.
type Line<'t, G> = (<G as Grammar>::Version, &'t str);

pub(super) fn run<G: Grammar>(output: &Output, options: &VersionSort) -> Result<Exit, CommandError> {
    let bytes;
    let given: Vec<&[u8]> = if options.values.is_empty() {
        bytes = lines::read_all()?;
        lines::of(&bytes).collect()
    } else {
        options.values.iter().map(String::as_bytes).collect()
    };
    let order = if options.reverse { reversed::<G> } else { G::order };
    let (sorted, refused) = sorted::<G>(&given, order);
    if let (Some(first), false) = (refused.first(), options.skip_invalid) {
        let place = if options.values.is_empty() { "standard input, line" } else { "value" };
        let mut error = CommandError::new(Exit::Usage, format!("{place} {}: {}", first.number, first.why));
        if refused.len() > 1 {
            error = error.with_remedy(format!("look at {} more that are no versions", refused.len() - 1));
        }
        return Err(error.with_remedy("--skip-invalid leaves out what is no version"));
    }
    for line in &refused {
        output.note(&format!("note: left out {}: {}", line.number, line.why));
    }
    let ordered: Vec<&str> = sorted.iter().map(|(_, line)| *line).collect();
    // Taking a million values apart is work that nobody waits for with use.
    std::mem::forget(sorted);
    if output.json() {
        lines::write_line(&serde_json::json!(ordered).to_string())?;
    } else {
        let mut answer = Vec::with_capacity(ordered.iter().map(|line| line.len() + 1).sum());
        for line in ordered {
            answer.extend_from_slice(line.as_bytes());
            answer.push(b'\n');
        }
        lines::write_all(&answer)?;
    }
    Ok(Exit::Done)
}

/// How two versions are ordered.
type Order<G> = fn(&<G as Grammar>::Version, &<G as Grammar>::Version) -> Ordering;

fn reversed<G: Grammar>(left: &G::Version, right: &G::Version) -> Ordering {
    G::order(right, left)
}

/// A line that is no version.
struct Refused {
    number: usize,
    why: String,
}

/// The versions in order, equal ones as they were given, and what is none.
fn sorted<'t, G: Grammar>(given: &[&'t [u8]], order: Order<G>) -> (Vec<Line<'t, G>>, Vec<Refused>) {
    if given.len() < WORTH_A_THREAD {
        return part::<G>(given, 0, order);
    }
    let (left, right) = given.split_at(given.len() / 2);
    let ((mut all, mut refused), (later, also_refused)) = std::thread::scope(|scope| {
        let right = scope.spawn(|| part::<G>(right, left.len(), order));
        let left = part::<G>(left, 0, order);
        (left, right.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    refused.extend(also_refused);
    // Both halves are in order: the sort finds that and merges them.
    all.extend(later);
    all.sort_by(|left, right| order(&left.0, &right.0));
    (all, refused)
}

fn part<'t, G: Grammar>(
    given: &[&'t [u8]],
    before: usize,
    order: Order<G>,
) -> (Vec<Line<'t, G>>, Vec<Refused>) {
    let (mut versions, mut refused) = (Vec::with_capacity(given.len()), Vec::new());
    for (index, line) in given.iter().enumerate() {
        let read = lines::text(line).and_then(|line| Ok((G::version(line)?, line)));
        match read {
            Ok(read) => versions.push(read),
            Err(why) => refused.push(Refused { number: before + index + 1, why }),
        }
    }
    versions.sort_by(|left, right| order(&left.0, &right.0));
    (versions, refused)
}
