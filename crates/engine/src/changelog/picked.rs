//! What a release of a side branch brought out already, though its commits are others: picks from the branch that is told of.

use std::collections::BTreeSet;

use tminus_vcs::{CommitId, History, Range};

use super::ChangesError;
use super::base::Base;

/// What `git cherry-pick -x` writes before the id.
const MARK: &str = "(cherry picked from commit ";
/// Further back than this, nobody looks whether a fix was picked.
const LIMIT: usize = 20_000;

/// The ids of commits that came out with `base` as picks, by the trailers of `git cherry-pick -x` on its branch.
///
/// # Errors
///
/// Unreadable history.
pub(super) fn picked(
    history: &History,
    tip: &CommitId,
    base: &Base,
) -> Result<BTreeSet<String>, ChangesError> {
    // Only a release of a side branch has commits that do not lead to the tip.
    let Some(side) = base.hidden.first().filter(|_| base.side) else {
        return Ok(BTreeSet::new());
    };
    let range = Range {
        tips: vec![side.clone()],
        hidden: vec![tip.clone()],
        first_parent: false,
        limit: Some(LIMIT),
    };
    let commits = history.commits(&range)?;
    Ok(commits.iter().flat_map(|commit| originals(&commit.message)).collect())
}

/// The ids that a message names as what it was picked from; of a pick of a pick, both.
fn originals(message: &str) -> impl Iterator<Item = String> {
    let ids = message.lines().filter_map(|line| line.trim().strip_prefix(MARK)?.strip_suffix(')'));
    let is_id = |id: &&str| matches!(id.len(), 40 | 64) && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    ids.filter(is_id).map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::originals;

    #[test]
    fn the_trailers_of_picks_name_what_was_picked() {
        let one = "a".repeat(40);
        let two = "B".repeat(64);
        let message = format!(
            "Fix\n\n(cherry picked from commit {one})\n(cherry picked from commit {two})\r\n(cherry picked from commit abc)\n"
        );
        let found: Vec<String> = originals(&message).collect();
        assert_eq!(found, [one, two.to_lowercase()]);
        assert_eq!(originals("no (cherry picked from commit \n").count(), 0);
    }
}
