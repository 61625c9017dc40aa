//! What we want to reach, and whether this run does.

use super::super::sample::Sample;

/// One case takes at most so many times what another takes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Target {
    case: String,
    against: String,
    most: f64,
}

impl Target {
    pub(super) fn new(case: &str, against: &str, most: f64) -> Self {
        Self { case: case.to_owned(), against: against.to_owned(), most }
    }
}

/// One line for each target.
pub(super) fn verdicts(samples: &[Sample], targets: &[Target]) -> Vec<String> {
    let seconds = |name: &str| {
        samples.iter().find(|sample| sample.name() == name).map(|sample| sample.median().as_secs_f64())
    };
    let verdict = |target: &Target| {
        let Target { case, against, most } = target;
        let wanted = format!("target: {case} at most {most:.2} × {against}");
        match (seconds(case), seconds(against)) {
            (Some(ours), Some(theirs)) if theirs > 0.0 => {
                let ratio = ours / theirs;
                format!("{wanted}: {ratio:.2}, {}", if ratio <= *most { "met" } else { "MISSED" })
            }
            _ => format!("{wanted}: not measured"),
        }
    };
    targets.iter().map(verdict).collect()
}
