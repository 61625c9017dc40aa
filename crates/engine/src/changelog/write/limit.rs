//! Texts no longer than a forge takes.

use tminus_forge::notes;

/// Where a text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The text of a release: 125,000 characters on GitHub.
    Release,
    /// The text of a pull request: 65,536 characters on GitHub, which counts code points there.
    PullRequest,
}

impl Place {
    /// How many characters it takes.
    pub fn limit(self) -> usize {
        match self {
            Self::Release => notes::BODY_LIMIT,
            Self::PullRequest => notes::PULL_REQUEST_BODY_LIMIT,
        }
    }
}

/// `text` in at most `limit` characters (Unicode code points); what does not fit is counted in a last line, which names
/// `link`, where everything is.
///
/// It is cut before a heading or a list item, never within a code block, a comment or the lines that continue an item.
///
/// ```
/// use tminus_engine::changelog::write::{Place, fit};
///
/// let text = "## News\n\n- One\n- Two, which is longer than the room that is left for it in this example\n- Three\n";
/// let short = fit(text, 84, "https://forge.example/log");
/// assert_eq!(short, "*This list is shortened by 3 entries. Full changelog: https://forge.example/log*");
/// assert_eq!(fit(text, Place::PullRequest.limit(), ""), text);
/// ```
pub fn fit(text: &str, limit: usize, link: &str) -> String {
    notes::shorten(text, limit, link)
}
