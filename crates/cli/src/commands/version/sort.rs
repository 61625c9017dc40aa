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
    let text;
    let given: Vec<&str> = if options.values.is_empty() {
        text = lines::read_all()?;
        text.lines().collect()
    } else {
        options.values.iter().map(String::as_str).collect()
    };
    let (sorted, refused) = sorted::<G>(&given);
    if let (Some(first), false) = (refused.first(), options.skip_invalid) {
        let place = if options.values.is_empty() { "standard input, line" } else { "value" };
        let mut error = CommandError::new(Exit::Usage, format!("{place} {}: {}", first.number, first.why));
        if refused.len() > 1 {
            error = error.with_remedy(format!("mend {} more like it", refused.len() - 1));
        }
        return Err(error.with_remedy("--skip-invalid leaves out what is no version"));
    }
    for line in &refused {
        output.note(&format!("note: left out {}: {}", line.number, line.why));
    }
    let mut ordered: Vec<&str> = sorted.iter().map(|(_, line)| *line).collect();
    // Taking a million values apart is work that nobody waits for with use.
    std::mem::forget(sorted);
    if options.reverse {
        ordered.reverse();
    }
    if output.json() {
        output.line(&serde_json::json!(ordered).to_string());
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

/// A line that is no version.
struct Refused {
    number: usize,
    why: String,
}

/// The versions in order, equal ones as they were given, and what is none.
fn sorted<'t, G: Grammar>(given: &[&'t str]) -> (Vec<Line<'t, G>>, Vec<Refused>) {
    if given.len() < WORTH_A_THREAD {
        return part::<G>(given, 0);
    }
    let (left, right) = given.split_at(given.len() / 2);
    let ((mut all, mut refused), (later, also_refused)) = std::thread::scope(|scope| {
        let right = scope.spawn(|| part::<G>(right, left.len()));
        let left = part::<G>(left, 0);
        (left, right.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    refused.extend(also_refused);
    // Both halves are in order: the sort finds that and merges them.
    all.extend(later);
    all.sort_by(|left, right| G::order(&left.0, &right.0));
    (all, refused)
}

fn part<'t, G: Grammar>(given: &[&'t str], before: usize) -> (Vec<Line<'t, G>>, Vec<Refused>) {
    let (mut versions, mut refused) = (Vec::with_capacity(given.len()), Vec::new());
    for (index, line) in given.iter().enumerate() {
        match G::version(line) {
            Ok(version) => versions.push((version, *line)),
            Err(why) => refused.push(Refused { number: before + index + 1, why }),
        }
    }
    versions.sort_by(|left, right| G::order(&left.0, &right.0));
    (versions, refused)
}
