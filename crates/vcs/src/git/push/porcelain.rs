//! What `git push --porcelain` prints, see the section OUTPUT of <https://git-scm.com/docs/git-push>.

use super::{RefOutcome, RefReport, Refusal};

/// Reads standard output; the error is the line that is not understood.
pub(super) fn parse(stdout: &str) -> Result<Vec<RefReport>, String> {
    let mut reports = Vec::new();
    for line in stdout.lines() {
        // `To URL` comes first and `Done` last; hooks and helpers may add lines of their own. Only the others have tabs.
        let Some((flag, rest)) = line.split_once('\t') else { continue };
        let unexpected = || line.to_owned();
        let (refspec, summary) = rest.split_once('\t').ok_or_else(unexpected)?;
        let (_, name) = refspec.split_once(':').ok_or_else(unexpected)?;
        let remote_ref = name.parse().map_err(|_| unexpected())?;
        let outcome = match flag {
            "*" => RefOutcome::Created,
            " " => RefOutcome::FastForward,
            "+" => RefOutcome::Forced,
            "-" => RefOutcome::Deleted,
            "=" => RefOutcome::UpToDate,
            "!" => RefOutcome::Refused(refusal(summary)),
            _ => return Err(unexpected()),
        };
        reports.push(RefReport { remote_ref, outcome });
    }
    Ok(reports)
}

/// `[rejected] (non-fast-forward)`: the bracket says who refused, the parentheses why. The manual documents the form; the
/// words are fixed in git's source (`transport.c`, `print_one_push_report`) and not translated under `LC_ALL=C`.
fn refusal(summary: &str) -> Refusal {
    let reason = summary.split_once(" (").map(|(_, reason)| reason.strip_suffix(')').unwrap_or(reason));
    let reason = reason.unwrap_or_default();
    if summary.starts_with("[remote rejected]") {
        return match reason {
            "atomic push failure" | "atomic transaction failed" | "transaction failed" => Refusal::WithOthers,
            "failed to update ref" | "incorrect old value provided" | "reference already exists" => {
                Refusal::LeaseLost
            }
            // The server took its own look at the reference and it had moved since git asked.
            _ if reason.starts_with("cannot lock ref") => Refusal::LeaseLost,
            _ => Refusal::ByRemote(reason.to_owned()),
        };
    }
    if summary.starts_with("[remote failure]") {
        return Refusal::ByRemote(reason.to_owned());
    }
    match reason {
        "non-fast-forward" | "fetch first" => Refusal::NotFastForward,
        "already exists" => Refusal::AlreadyExists,
        "stale info" | "remote ref updated since checkout" => Refusal::LeaseLost,
        "atomic push failed" => Refusal::WithOthers,
        _ => Refusal::Other(summary.to_owned()),
    }
}

/// The lines the server wrote; git marks each with `remote: ` and pads it with spaces.
pub(super) fn messages(stderr: &str) -> Vec<String> {
    let lines = stderr.lines().filter_map(|line| line.strip_prefix("remote:"));
    lines.map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}
